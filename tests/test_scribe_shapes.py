"""One note in every shape is one note: the same codes, the same words in the same sections, all traced back."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import jsonschema
import pytest
from fhir.resources.R4B import get_fhir_model_class
from scribe_sources import DIV, bundle, composition, condition, document_reference, misquoted, source_text

from nlp_coder import Coder, Note
from nlp_coder.scribe.as_fhir import to_bundle
from nlp_coder.scribe.as_json import to_dict
from nlp_coder.scribe.audit import audit
from nlp_coder.scribe.nouns import ScribeDocument
from nlp_coder.scribe.origin import origins
from nlp_coder.scribe.read import read
from nlp_coder.segment import outline

PAIRS = Path(__file__).resolve().parent.parent / "annotations" / "scribe-pairs.jsonl"
SCHEMA = json.loads((PAIRS.parent.parent / "docs" / "schema-scribe-audit.json").read_text("utf-8"))
NOTES = [json.loads(line)["text"] for line in PAIRS.read_text("utf-8").splitlines()]

Sections = list[tuple[str, str]]


def cut(text: str) -> Sections:
    """A note as its sections: heading and what stands under it."""
    found = []
    for section in outline(text).sections:
        start = section.heading.end if section.heading else section.start
        found.append((section.heading.text if section.heading else "Note", text[start : section.end].lstrip(": \n")))
    return found


def paragraphs(body: str, tag: str) -> str:
    """Text as markup: a paragraph at each blank line, a break at each line end."""
    parts = re.split(r"\n\s*\n", body)
    return "".join(f"<{tag}>" + "<br/>".join(map(escape, part.split("\n"))) + f"</{tag}>" for part in parts)


def as_titled(sections: Sections) -> str:
    """A list of titles and contents."""
    return json.dumps({"note": {"sections": [{"title": title, "content": body} for title, body in sections]}})


def as_flat(sections: Sections) -> str:
    """A key for each section, in snake case."""
    return json.dumps({re.sub(r"\W+", "_", title).strip("_").lower(): body for title, body in sections})


def as_composition(sections: Sections) -> str:
    """A FHIR Composition with narratives."""
    texts = [(title, {"status": "generated", "div": DIV.format(paragraphs(body, "p"))}) for title, body in sections]
    return json.dumps(composition(section=[{"title": title, "text": text} for title, text in texts]))


def as_ccda(sections: Sections) -> str:
    """A C-CDA document."""
    inner = "".join(
        f"<component><section><title>{escape(title)}</title>"
        f"<text>{paragraphs(body, 'paragraph')}</text></section></component>"
        for title, body in sections
    )
    body = f"<component><structuredBody>{inner}</structuredBody></component>"
    return f'<ClinicalDocument xmlns="urn:hl7-org:v3">{body}</ClinicalDocument>'


def as_page(sections: Sections) -> str:
    """An HTML page."""
    inner = "".join(f"<h2>{escape(title)}</h2>{paragraphs(body, 'p')}" for title, body in sections)
    return f"<html><body>{inner}</body></html>"


def as_attachment(sections: Sections) -> str:
    """The page in a DocumentReference."""
    return json.dumps(document_reference(as_page(sections), "text/html"))


SHAPES: list[Callable[[Sections], str]] = [as_titled, as_flat, as_composition, as_ccda, as_page, as_attachment]


def answer(coder: Coder, text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The codes of a text in order, each with its evidence: the words, and the section they stand in."""
    sections = outline(text).sections
    return [
        (
            code.code,
            [
                (" ".join(e.text.split()), next(s.name for s in reversed(sections) if s.start <= e.start))
                for e in code.evidence
            ],
        )
        for code in coder.code(Note(text)).codes
    ]


def traced(raw: str, document: ScribeDocument, start: int, end: int) -> str:
    """The words of a quotation, fetched from the source by its origins."""
    found = origins(document, start, end)
    return "".join("".join(source_text(raw, one.path)[one.start : one.end].split()) for one in found)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_changes_an_answer(coder: Coder, shape: Callable[[Sections], str]) -> None:
    """All pairs: codes, order, evidence and its sections as in the plain note; each quotation found in the source."""
    wrong, spans = [], 0
    for number, text in enumerate(NOTES):
        raw = shape(cut(text))
        document = read(raw)
        codes = coder.code(Note(document.text)).codes
        if misquoted(raw, document) or answer(coder, text) != answer(coder, document.text):
            wrong.append(number)
        for item in (item for code in codes for item in code.evidence):
            spans += 1
            assert traced(raw, document, item.start, item.end) == "".join(item.text.split())
    assert wrong == []
    assert spans > len(NOTES)


def test_every_note_goes_in_and_out_as_fhir(coder: Coder) -> None:
    """Right codes and a retired one proposed: no error on the right ones; the Bundle validates and reads back."""
    model, schema = get_fhir_model_class("Bundle"), jsonschema.Draft202012Validator(SCHEMA)
    recorded = datetime.datetime(2026, 5, 12, tzinfo=datetime.UTC)
    wrong = []
    for number, text in enumerate(NOTES):
        right = [code.code for code in coder.code(Note(text, date_of_service=recorded.date())).codes]
        note = json.loads(as_composition(cut(text))) | {"date": "2026-05-12"}
        conditions = [condition(f"d{at}", code) for at, code in enumerate([*right, "M54.5"])]
        audited = audit(read(json.dumps(bundle(note, *conditions))), coder)
        errors = [(finding.id, finding.code) for finding in audited.findings if finding.severity == "error"]
        out = to_bundle(audited, recorded=recorded)
        model.model_validate(out)
        schema.validate(to_dict(audited))
        back = read(json.dumps(out))
        same = (back.text, [one.code for one in back.proposed]) == (audited.document.text, right)
        if not same or errors != [("retired", "M54.5")] or list(audited.confirmed) != right:
            wrong.append((number, errors))
    assert wrong == []
