"""Is an entry of a rule file sound? Each fault with the word to look for, and what to write instead."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from nlp_coder.rules.nouns import FIELDS, Source
from nlp_coder.types import Authority

_SCALES = ("level", "weeks")  # too many values for a rule to answer every one
_DECIDING = tuple(a for a in Authority if a not in (Authority.MODEL, Authority.PAYER))
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
# The keys of each kind of entry: what each must be (one of a few words, or a type), "?" if it may be absent.
Shape = Mapping[str, Any]
_RULE: Shape = {
    "id": str, "says": str, "when": dict, "code?": object, "split_by?": str, "code_by?": dict,
    "authority": _DECIDING, "source": str, "rationale": str, "confirm?": str, "example": list,
}  # fmt: skip  # in the order a rule is written
_EXAMPLE: Shape = {
    "note": str, "codes": list, "because": str, "date?": datetime.date,
    "setting?": ("outpatient", "inpatient"), "purpose?": ("evaluation", "pain-management", "therapy"),
}  # fmt: skip  # in the order an example is written
_SOURCE: Shape = {
    "key": str, "title": str, "publisher": str, "edition": str, "authority": tuple(Authority),
    "sections?": dict,
}  # fmt: skip  # in the order a source is written
_RETIRED: Shape = {"id": str, "date": datetime.date, "reason": str}
SHAPES = {"rule": _RULE, "source": _SOURCE, "retired": _RETIRED}
_SAY = {
    str: "a text in quotes",
    object: "a code or a list of codes",
    dict: "a table in braces",
    list: "a list in brackets",
    datetime.date: "a date without quotes, such as 2025-03-14",
}
Table = dict[str, Any]  # what tomllib returns for one entry: anything, until checked
Fault = tuple[str, str]  # what is wrong, and the word to look for when naming the line
Sources = Mapping[str, "Source"]
Check = Callable[[Table, str], Iterable[Fault]]  # an entry and its file in, faults out


def check_shape(raw: Table, shape: Shape) -> Iterator[Fault]:
    """Known keys only, none missing, each of its kind."""
    kinds = {key.rstrip("?"): kind for key, kind in shape.items()}
    for key, value in raw.items():
        kind = kinds.get(key)
        if kind is None:
            yield f"unknown key '{key}'.{use(key, kinds)}", key
        elif isinstance(kind, tuple) and value not in kind:
            yield f"unknown {key} '{value}'.{use(str(value), kind)}", key
        elif isinstance(kind, type) and (not isinstance(value, kind) or value == ""):
            yield f"'{key}' must be {_SAY[kind]}.", key
    yield from ((f"'{key}' is missing.", "") for key in shape if key not in raw and not key.endswith("?"))


def check_id(raw: Table, name: str, taken: dict[str, str]) -> Iterator[Fault]:
    """An id (of a source: key) is words joined by hyphens, used once and never again; kept in ``taken``."""
    id_ = raw.get("id", raw.get("key"))
    if id_ and not _ID.fullmatch(id_):
        yield f"'{id_}' must be lower-case words joined by hyphens.", id_
    if id_ in taken:
        yield f"'{id_}' is already used in {taken[id_]}; ids are never used twice.", id_
    elif id_:
        taken[id_] = name


def check_rule(raw: Table, name: str, taken: dict[str, str], sources: Sources) -> Iterator[Fault]:
    """What a rule is called, asks, answers, cites and shows; what is missing has been said before."""
    yield from check_id(raw, name, taken)
    if "when" in raw:
        yield from _check_when(raw["when"])
    yield from _check_answer(raw)
    if "source" in raw:
        yield from _check_source(raw, sources)
    if "example" in raw:
        yield from _check_examples(raw)


def _check_when(when: Table) -> Iterator[Fault]:
    """Fields that facts have, values those fields can have, and always a problem."""
    if "problem" not in when:
        yield "'when' must name a problem.", "when"
    for name, value in when.items():
        if name not in FIELDS:
            yield f"'when' asks about '{name}', which no fact has.{use(name, FIELDS)}", name
            continue
        for word in words(value) or (str(value),):
            if word not in FIELDS[name]:
                yield f"'when' asks for {name} '{word}', which no fact has.{use(word, FIELDS[name])}", word


def _check_answer(raw: Table) -> Iterator[Fault]:
    """Either one answer, or one for each value of a field that ``when`` lets through."""
    if ("code" in raw) == ("code_by" in raw) or ("split_by" in raw) != ("code_by" in raw):
        yield "write either 'code', or 'split_by' together with 'code_by'.", "code"
        return
    for value, answer in raw.get("code_by", {"code": raw.get("code")}).items():
        if not words(answer) and ("code" in raw or answer != []):
            yield f"'{value}' must be a code or a list of codes.", value
        for word in words(answer):
            if not _CODE.fullmatch(word):
                yield f"'{word}' is not shaped like an ICD-10-CM code.", word
    if "code" in raw:
        return
    name, by = raw["split_by"], raw["code_by"]
    if name not in FIELDS:
        yield f"'split_by' asks about '{name}', which no fact has.{use(name, FIELDS)}", name
        return
    expected = words(raw.get("when", {}).get(name)) or FIELDS[name]
    for word in by:
        if word not in expected:
            yield f"'code_by' answers for {name} '{word}', which never comes.{use(word, expected)}", word
    for word in expected if name not in _SCALES else ():
        if word not in by:
            yield f"'code_by' lacks {name} '{word}'. Write its code, [] for none, or limit 'when'.", "code_by"


def _check_source(raw: Table, sources: Sources) -> Iterator[Fault]:
    """``key: place``: a key of sources.toml, the rule's own authority and, where listed, a place there."""
    key, _, place = raw["source"].partition(": ")
    if key not in sources or not place.strip():
        yield f"'source' must be a key of sources.toml, ': ' and the place.{use(key, sources)}", "source"
        return
    source = sources[key]
    if raw.get("authority", source.authority) != source.authority:
        yield f"authority is '{raw['authority']}', but '{key}' is '{source.authority}'.", "authority"
    section = place.split()[0].rstrip(",;")
    if source.sections and section not in source.sections:
        yield f"the source '{key}' has no section '{section}'.{use(section, source.sections)}", "source"


def _check_examples(raw: Table) -> Iterator[Fault]:
    """Examples are whole; one gets the rule's code, and one is a near miss."""
    examples = [example for example in raw["example"] if isinstance(example, dict)]
    for example in examples:
        yield from ((f"example: {message}", word) for message, word in check_shape(example, _EXAMPLE))
        codes = example["codes"] if isinstance(example.get("codes"), list) else []
        wrong = [str(code) for code in codes if not _CODE.fullmatch(str(code))]
        yield from ((f"example: '{code}' is not shaped like an ICD-10-CM code.", code) for code in wrong)
    answers = (raw.get("code"), *raw.get("code_by", {}).values())
    own = [code for answer in answers for code in words(answer)]
    # A code that stood before (M54.5) counts as the ones that came of it (M54.50 …).
    hits = [any(mine.startswith(code) for code in words(e.get("codes")) for mine in own) for e in examples]
    if not any(hits):
        yield "no example gets this rule's code.", "example"
    if all(hits):
        yield "no near miss: add an example, one word away, without this rule's codes.", "example"


def words(value: object) -> tuple[str, ...]:
    """One text or a list of texts as a tuple; anything else as none."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) and all(isinstance(word, str) for word in value) else ()


def use(word: str, allowed: Iterable[str]) -> str:
    """The end of a message: what was probably meant, and everything allowed."""
    allowed = tuple(allowed)
    close = get_close_matches(word, allowed, n=1)
    return (f" Did you mean '{close[0]}'?" if close else "") + f" Use: {', '.join(allowed)}"
