"""A CodedNote in, a versioned JSON document out, and back again; described by docs/schema-coded-note.json."""

from __future__ import annotations

import datetime
import json
from dataclasses import fields
from typing import Any

from nlp_coder.errors import NlpCoderError
from nlp_coder.types import (
    NOT_STATED,
    Alert,
    Authority,
    Candidate,
    CodedNote,
    Context,
    Evidence,
    Fact,
    Finding,
    Note,
    Question,
    SetAside,
    Span,
)

SCHEMA = "nlp-coder/coded-note/1"

Json = dict[str, Any]

_FACT_WORDS = tuple(
    field.name for field in fields(Fact) if field.name not in ("context", "evidence", "cues", "confirm")
)


def to_json(coded: CodedNote, *, with_text: bool = True) -> str:
    """The document as ASCII text, keys in a fixed order, two blanks of indent, a line feed at the end."""
    text = json.dumps(to_dict(coded, with_text=with_text), indent=2, ensure_ascii=True)
    return text.replace("\x7f", "\\u007f") + "\n"


def to_dict(coded: CodedNote, *, with_text: bool = True) -> Json:
    """The document; ``with_text=False`` leaves the note's text out (null), quotations stay."""
    note = coded.note
    return {
        "schema": SCHEMA,
        "release": coded.release,
        "knowledge": coded.knowledge,
        "note": {
            "id": note.id,
            "date_of_service": note.date_of_service.isoformat() if note.date_of_service else None,
            "setting": note.setting,
            "purpose": note.purpose,
            "patient": note.patient,
            "text": note.text if with_text else None,
        },
        "codes": [_candidate(code) for code in coded.codes],
        "set_aside": [_set_aside(item) for item in coded.set_aside],
        "questions": [_question(item) for item in coded.questions],
        "alerts": [_alert(item) for item in coded.alerts],
        "notices": list(coded.notices),
        "facts": [_fact(fact) for fact in coded.facts],
        "findings": [_finding(finding) for finding in coded.findings],
    }


def from_dict(document: Json) -> CodedNote:
    """The CodedNote a document of this schema was made from; a note left out comes back with empty text."""
    if document.get("schema") != SCHEMA:
        raise NlpCoderError(f"This is not a document of the schema {SCHEMA}.")
    note: Json = document["note"]
    day = note["date_of_service"]
    return CodedNote(
        note=Note(
            text=note["text"] or "",
            id=note["id"],
            date_of_service=datetime.date.fromisoformat(day) if day else None,
            setting=note["setting"],
            patient=note["patient"],
            purpose=note["purpose"],
        ),
        codes=tuple(map(_to_candidate, document["codes"])),
        set_aside=tuple(map(_to_set_aside, document["set_aside"])),
        questions=tuple(
            Question(**{**_with_evidence(item), "options": tuple(item["options"])}) for item in document["questions"]
        ),
        alerts=tuple(Alert(**_with_evidence(item)) for item in document["alerts"]),
        facts=tuple(map(_to_fact, document["facts"])),
        findings=tuple(map(_to_finding, document["findings"])),
        release=document["release"],
        knowledge=document["knowledge"],
        notices=tuple(document["notices"]),
    )


def _span(span: Span) -> Json:
    return {"start": span.start, "end": span.end, "text": span.text}


def _evidence(evidence: tuple[Evidence, ...]) -> list[Json]:
    return [{"slot": item.slot, **_span(item.span)} for item in evidence]


def _to_evidence(items: list[Json]) -> tuple[Evidence, ...]:
    return tuple(Evidence(item["slot"], Span(item["start"], item["end"], item["text"])) for item in items)


def _with_evidence(item: Json) -> Json:
    return item | {"evidence": _to_evidence(item["evidence"])}


def _fact(fact: Fact) -> Json:
    """Only what is stated: a field that is not there is ``not stated``."""
    words = {name: getattr(fact, name) for name in _FACT_WORDS}
    return {
        **{name: value for name, value in words.items() if value != NOT_STATED or name == "problem"},
        "context": fact.context.value,
        "evidence": _evidence(fact.evidence),
        "cues": [_span(cue) for cue in fact.cues],
        "confirm": list(fact.confirm),
    }


def _to_fact(item: Json) -> Fact:
    rest: Json = {
        "context": Context(item["context"]),
        "cues": tuple(Span(cue["start"], cue["end"], cue["text"]) for cue in item["cues"]),
        "confirm": tuple(item["confirm"]),
    }
    return Fact(**{**_with_evidence(item), **rest})


def _finding(finding: Finding) -> Json:
    """Only what is stated, as in a fact."""
    words = {name: getattr(finding, name) for name in ("what", "region", "level", "side", "type", "size", "source")}
    return {
        **{name: value for name, value in words.items() if value != NOT_STATED},
        "context": finding.context.value,
        "evidence": _evidence(finding.evidence),
    }


def _to_finding(item: Json) -> Finding:
    return Finding(**{**_with_evidence(item), "context": Context(item["context"])})


def _candidate(code: Candidate) -> Json:
    return {
        "code": code.code,
        "title": code.title,
        "role": code.role,
        "status": code.status,
        "confirm": list(code.confirm),
        "confidence": code.confidence,
        "outcome": code.outcome,
        "weighed": list(code.weighed),
        "rule": code.rule,
        "says": code.says,
        "authority": code.authority.value,
        "source": code.source,
        "evidence": _evidence(code.evidence),
        "absent": list(code.absent),
        "remarks": list(code.remarks),
        "fact": _fact(code.fact),
    }


def _to_candidate(item: Json) -> Candidate:
    known = {name: value for name, value in item.items() if name != "status"}
    lists: Json = {name: tuple(item[name]) for name in ("confirm", "absent", "remarks", "weighed")}
    rest: Json = {"authority": Authority(item["authority"]), "fact": _to_fact(item["fact"])}
    return Candidate(**{**_with_evidence(known), **lists, **rest})


def _set_aside(item: SetAside) -> Json:
    return {
        "code": item.code,
        "title": item.title,
        "reason": item.reason,
        "why": item.why,
        "by": item.by,
        "rule": item.rule,
        "source": item.source,
        "confidence": item.confidence,
        "outcome": item.outcome,
        "weighed": list(item.weighed),
        "evidence": _evidence(item.evidence),
    }


def _to_set_aside(item: Json) -> SetAside:
    return SetAside(**{**_with_evidence(item), "weighed": tuple(item["weighed"])})


def _question(item: Question) -> Json:
    return {
        "id": item.id,
        "text": item.text,
        "options": list(item.options),
        "code": item.code,
        "evidence": _evidence(item.evidence),
    }


def _alert(item: Alert) -> Json:
    return {
        "id": item.id,
        "severity": item.severity,
        "text": item.text,
        "source": item.source,
        "evidence": _evidence(item.evidence),
    }
