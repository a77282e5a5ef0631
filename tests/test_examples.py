"""Every example of every rule, run through the whole program: its codes, in claim order, and the proof of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp_coder import CodedNote, Coder, Note
from nlp_coder.check import earned
from nlp_coder.rules import Example, load_rules
from nlp_coder.segment import outline
from nlp_coder.types import Candidate

CASES = [
    pytest.param(example, id=f"{rule.id}-{number}")
    for rule in load_rules()
    for number, example in enumerate(rule.examples, 1)
]


def coded(coder: Coder, example: Example, text: str) -> CodedNote:
    """The answer for a text on the example's day, in its setting."""
    return coder.code(Note(text=text, date_of_service=example.date, setting=example.setting, purpose=example.purpose))


def without(text: str, code: Candidate, slot: str) -> str:
    """The note with all spans of one slot of a code deleted."""
    spans = sorted({(e.start, e.end) for e in code.evidence if e.slot == slot}, reverse=True)
    for start, end in spans:
        text = text[:start] + text[end:]
    return text


def cited_alone(text: str, code: Candidate) -> str:
    """The sentences that hold a code's evidence, each section under its own heading."""
    form = outline(text)
    parts: list[str] = []
    last = None
    headings = (s.heading for s in form.sections if s.heading)
    parts += [h.text for h in headings if any(h.start <= e.start and e.end <= h.end for e in code.evidence)]
    for sentence in form.sentences:
        if not any(sentence.start <= e.start and e.end <= sentence.end for e in code.evidence):
            continue
        if sentence.section is not last and sentence.section.heading:
            parts.append(f"{sentence.section.heading.text.strip(': ')}:")
        parts.append(text[sentence.start : sentence.end])
        last = sentence.section
    return "\n".join(parts)


@pytest.mark.parametrize("example", CASES)
def test_example_earns_its_codes(coder: Coder, example: Example) -> None:
    """An example states all the codes of its note, first-listed first."""
    assert earned(coder, example) == example.codes


@pytest.mark.parametrize("example", CASES)
def test_each_slot_is_necessary(coder: Coder, example: Example) -> None:
    """Deleting all the words of a slot changes or clears the code that cites them."""
    useless = [
        (code.code, slot)
        for code in coded(coder, example, example.note).codes
        for slot in sorted({e.slot for e in code.evidence})
        if code.code in {c.code for c in coded(coder, example, without(example.note, code, slot) or "-").codes}
    ]
    assert useless == []


@pytest.mark.parametrize("example", CASES)
def test_cited_sentences_suffice(coder: Coder, example: Example) -> None:
    """The cited sentences alone, under their headings, earn the same code."""
    lost = [
        code.code
        for code in coded(coder, example, example.note).codes
        if code.code not in {c.code for c in coded(coder, example, cited_alone(example.note, code)).codes}
    ]
    assert lost == []


@pytest.mark.parametrize("example", CASES)
def test_no_span_crosses_a_sentence(coder: Coder, example: Example) -> None:
    """Each quotation lies within one sentence, or is a heading."""
    form = outline(example.note)
    bounds = [(s.start, s.end) for s in form.sentences]
    bounds += [(s.heading.start, s.heading.end) for s in form.sections if s.heading]
    crossing = [
        e.text
        for code in coded(coder, example, example.note).codes
        for e in code.evidence
        if not any(start <= e.start and e.end <= end for start, end in bounds)
    ]
    assert crossing == []


def test_a_slot_that_is_not_needed_would_be_seen(coder: Coder) -> None:
    """The necessity check can fail: a side cited for low back pain changes nothing when deleted."""
    text = "Left low back pain."
    code = coder.code(Note(text=text)).codes[0]
    side = replace(code.evidence[0], slot="side", span=replace(code.evidence[0].span, start=0, end=4, text="Left"))
    cited = replace(code, evidence=(*code.evidence, side))
    assert [c.code for c in coder.code(Note(text=without(text, cited, "side"))).codes] == ["M54.50"]
