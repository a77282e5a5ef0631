"""A ScribeAudit in, a versioned JSON document out; described by docs/schema-scribe-audit.json."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from nlp_coder.render.as_json import to_dict as coded_to_dict
from nlp_coder.scribe.nouns import Finding, Proposed, ScribeAudit, ScribeDocument
from nlp_coder.scribe.origin import origins
from nlp_coder.scribe.proposals import proposals
from nlp_coder.types import Evidence, Span

SCHEMA = "nlp-coder/scribe-audit/1"

Json = dict[str, Any]


def to_json(audit: ScribeAudit, *, with_text: bool = True) -> str:
    """The document as ASCII text, keys in a fixed order, two blanks of indent, a line feed at the end."""
    return _ascii(json.dumps(to_dict(audit, with_text=with_text), indent=2, ensure_ascii=True))


def to_line(audit: ScribeAudit) -> str:
    """The document in one line of ASCII that ends with a line feed."""
    return _ascii(json.dumps(to_dict(audit), ensure_ascii=True, separators=(",", ":")))


def to_dict(audit: ScribeAudit, *, with_text: bool = True) -> Json:
    """The document; ``with_text=False`` leaves the note's text out (null), quotations stay."""
    coded = coded_to_dict(replace(audit.coded, codes=audit.codes), with_text=False)
    return {
        "schema": SCHEMA,
        "release": audit.coded.release,
        "knowledge": audit.coded.knowledge,
        "document": _document(audit.document, with_text=with_text),
        "proposed": [_proposed(place, audit.document) for code in proposals(audit.document) for place in code.proposed],
        "confirmed": list(audit.confirmed),
        "findings": [_finding(one, audit.document) for one in audit.findings],
        **{name: _with_origins(coded[name], audit.document) for name in ("codes", "set_aside", "questions", "alerts")},
        "notices": coded["notices"],
    }


def _ascii(text: str) -> str:
    return text.replace("\x7f", "\\u007f") + "\n"


def _document(document: ScribeDocument, *, with_text: bool) -> Json:
    return {
        "id": document.id,
        "form": document.form,
        "date_of_service": document.date_of_service.isoformat() if document.date_of_service else None,
        "setting": document.setting,
        "purpose": document.purpose,
        "patient": document.patient,
        "text": document.text if with_text else None,
        "parts": [
            {"start": part.start, "end": part.end, "path": part.path, "offset": part.offset, "section": part.section}
            for part in document.parts
        ],
    }


def _proposed(one: Proposed, document: ScribeDocument) -> Json:
    return {"code": one.code, "path": one.path, "span": _span(one.span, document) if one.span else None}


def _finding(one: Finding, document: ScribeDocument) -> Json:
    return {
        "id": one.id,
        "severity": one.severity,
        "code": one.code,
        "instead": one.instead,
        "text": one.text,
        "source": one.source,
        "evidence": [_evidence(item, document) for item in one.evidence],
        "heard": [{"start": span.start, "end": span.end, "text": span.text} for span in one.heard],
    }


def _evidence(item: Evidence, document: ScribeDocument) -> Json:
    return {"slot": item.slot, **_span(item.span, document)}


def _span(span: Span, document: ScribeDocument) -> Json:
    return {"start": span.start, "end": span.end, "text": span.text, "origin": _origin(document, span.start, span.end)}


def _origin(document: ScribeDocument, start: int, end: int) -> list[Json]:
    return [{"path": one.path, "start": one.start, "end": one.end} for one in origins(document, start, end)]


def _with_origins(items: Iterable[Json], document: ScribeDocument) -> list[Json]:
    """Codes, set-asides, questions and alerts, their quotations with the place in the source."""
    return [
        {**item, "evidence": [{**e, "origin": _origin(document, e["start"], e["end"])} for e in item["evidence"]]}
        for item in items
    ]
