"""A CodedNote in, its table rows and its JSON line out; without text, offsets and hashes stand for quotations."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from nlp_coder.archive.nouns import Entry, Failure, Result
from nlp_coder.archive.tables import FACT_WORDS
from nlp_coder.render.as_json import to_dict
from nlp_coder.types import NOT_STATED, Candidate, CodedNote, Evidence, Fact, SetAside

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

WITHOUT_TEXT = "nlp-coder/coded-note-without-text/1"
"""The schema of a JSON line whose spans hold ``start``, ``end`` and ``sha256`` instead of the words."""
FAILURE = "nlp-coder/failure/1"
"""The schema of a JSON line of a note that was not coded."""

_QUOTING = re.compile("[«»]")


def coded_result(entry: Entry, coded: CodedNote, *, with_text: bool = True, with_json: bool = True) -> Result:
    """The rows of every table, and the JSON line unless it is not wanted."""
    line = json_line(coded, with_text=with_text) if with_json else ""
    return Result(entry.number, entry.id, rows=rows(entry, coded, with_text=with_text), json=line)


def failed_result(entry: Entry, failure: Failure) -> Result:
    """The row of the table failures, and its JSON line."""
    line = {
        "schema": FAILURE,
        "number": entry.number,
        "id": entry.id,
        "reason": failure.reason,
        "hint": failure.hint,
    }
    row = (entry.number, storable(entry.id), failure.reason, failure.hint)
    return Result(entry.number, entry.id, rows={"failures": [row]}, json=_dumped(line), failure=failure)


def json_line(coded: CodedNote, *, with_text: bool = True) -> str:
    """The document of render.as_json in one line of ASCII that ends with a line feed."""
    document = to_dict(coded, with_text=with_text)
    if not with_text:
        document = _hashed(document)
        document["schema"] = WITHOUT_TEXT
        document["notices"] = _unquoting(document["notices"])
    return _dumped(document)


def rows(entry: Entry, coded: CodedNote, *, with_text: bool = True) -> Rows:
    """One row each for note, facts, codes, set-asides, questions and alerts, and for every span they rest on."""
    head = (entry.number, storable(entry.id))
    found: Rows = {"notes": [(*head, *_note(entry, coded, with_text))]}
    for number, fact in enumerate(coded.facts, 1):
        found.setdefault("facts", []).append((*head, number, *_fact(fact)))
    for number, code in enumerate(coded.codes, 1):
        found.setdefault("codes", []).append((*head, number, *_code(code)))
    for number, item in enumerate(coded.set_aside, 1):
        found.setdefault("set_aside", []).append((*head, number, *_set_aside(item)))
    for number, question in enumerate(coded.questions, 1):
        row = (*head, number, question.id, question.text, _joined(question.options), question.code or None)
        found.setdefault("questions", []).append(row)
    for number, alert in enumerate(coded.alerts, 1):
        row = (*head, number, alert.id, alert.severity, alert.text, alert.source or None)
        found.setdefault("alerts", []).append(row)
    spans = [(*head, *row) for row in _evidence(coded, with_text)]
    return {**found, "evidence": spans} if spans else found


def storable(text: str | None) -> str | None:
    """Text that every format can hold: half characters (lone surrogates) are written out as escapes."""
    return text and text.encode("utf-8", "backslashreplace").decode()


def _note(entry: Entry, coded: CodedNote, with_text: bool) -> Row:
    note = coded.note
    return (
        storable(note.patient),
        storable(entry.provider) or None,
        note.date_of_service,
        note.setting,
        note.purpose,
        len(note.text),
        hashlib.sha256(note.text.encode()).hexdigest(),
        coded.release,
        len(coded.codes),
        len(coded.set_aside),
        len(coded.questions),
        len(coded.alerts),
        len(coded.facts),
        _joined(coded.notices if with_text else _unquoting(coded.notices)),
    )


def _fact(fact: Fact) -> Row:
    words = (getattr(fact, name) for name in FACT_WORDS)
    stated = (None if word == NOT_STATED else word for word in words)
    return (*stated, fact.context.value, fact.order, _joined(fact.confirm))


def _code(code: Candidate) -> Row:
    return (
        code.code,
        code.title,
        code.role,
        code.status,
        _joined(code.confirm),
        code.confidence,
        _joined(code.weighed),
        "unspecified" in code.title.lower(),
        code.rule,
        code.says,
        code.authority.value,
        code.source,
        _joined(code.absent),
        _joined(code.remarks),
    )


def _set_aside(item: SetAside) -> Row:
    return (item.code, item.title, item.reason, item.why, item.by or None, item.rule or None, item.source)


def _evidence(coded: CodedNote, with_text: bool) -> Iterable[Row]:
    for of in ("facts", "codes", "set_aside", "questions", "alerts"):
        for number, item in enumerate(getattr(coded, of), 1):
            cues = tuple(Evidence("cue", cue) for cue in item.cues) if of == "facts" else ()
            for place, span in enumerate((*item.evidence, *cues), 1):
                words = span.text if with_text else None
                yield (of, number, place, span.slot, span.start, span.end, words, _sha256(span.text))


@lru_cache(maxsize=4096)
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _joined(words: Iterable[str]) -> str | None:
    return "\n".join(words) or None


def _unquoting(sentences: Iterable[str]) -> list[str]:
    """The sentences that quote nothing of the note."""
    return [sentence for sentence in sentences if not _QUOTING.search(sentence)]


def _hashed(value: Any) -> Any:
    """A document whose spans name a hash instead of their words; a finding's size, as written, goes too."""
    if isinstance(value, list):
        return [_hashed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if {"start", "end", "text"} <= value.keys():
        rest = {name: item for name, item in value.items() if name != "text"}
        return {**rest, "sha256": _sha256(value["text"])}
    return {name: _hashed(item) for name, item in value.items() if not (name == "size" and "what" in value)}


def _dumped(document: dict[str, Any]) -> str:
    """One line of ASCII."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).replace("\x7f", "\\u007f") + "\n"
