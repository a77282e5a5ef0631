"""What must hold for any text, however odd: offsets, repetition, blank lines, other people, the code table."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp_coder import CodedNote, Coder, Note, icd10cm
from nlp_coder.render.as_json import from_dict, to_dict
from nlp_coder.rules import load_rules

SEVERAL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = [
    "Low back pain", "left sciatica", "No radiculopathy", "ASSESSMENT:", "PLAN", "HPI:", "L4-5 disc herniation",
    "x 3 wks", "chronic", "Denies neck pain", "r/o stenosis", "\r\n", "\n",
    "\n\n", ". ", ", ", "\u200b", "\ufeff", "\x00",
    "😀", "İ", "é", "[x] sciatica", "[ ] radiculopathy", "1. ", "- ", "S: ", "A/P: ", "<b>back pain</b>",
    "&nbsp;", "pain in the",
    "right knee", "mother with", "if", "? ", "28 weeks pregnant", "MRI shows Modic type 2 changes at L4-L5",
]  # fmt: skip
NOTES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=14).map(" ".join)
EXAMPLES = st.sampled_from(sorted({example.note for rule in load_rules() for example in rule.examples}))
ANY_NOTE = st.one_of(NOTES, EXAMPLES).filter(lambda text: bool(text.strip()))


def codes(coded: CodedNote) -> list[str]:
    """The assigned codes in claim order."""
    return [c.code for c in coded.codes]


@SEVERAL
@given(text=ANY_NOTE)
def test_every_span_quotes_the_note(coder: Coder, text: str) -> None:
    """Offsets are code points of the untouched note, whatever it holds."""
    coded = coder.code(Note(text=text))
    spans = [e for c in coded.codes for e in c.evidence]
    spans += [e for s in coded.set_aside for e in s.evidence] + [e for q in coded.questions for e in q.evidence]
    assert all(text[e.start : e.end] == e.text for e in spans)


@SEVERAL
@given(text=ANY_NOTE)
def test_coding_twice_gives_the_same(coder: Coder, text: str) -> None:
    """A note is a pure question."""
    assert coder.code(Note(text=text)) == coder.code(Note(text=text))


@SEVERAL
@given(text=ANY_NOTE)
def test_a_blank_line_around_the_note_changes_nothing(coder: Coder, text: str) -> None:
    """Before, after, or doubled where one stands already."""
    plain = codes(coder.code(Note(text=text)))
    assert codes(coder.code(Note(text="\n\n" + text))) == plain
    assert codes(coder.code(Note(text=text + "\n\n"))) == plain
    assert codes(coder.code(Note(text=text.replace("\n\n", "\n\n\n")))) == plain


@SEVERAL
@given(text=ANY_NOTE)
def test_another_person_adds_no_code(coder: Coder, text: str) -> None:
    """Someone else's sciatica, told in a sentence of its own, earns nothing."""
    before = codes(coder.code(Note(text=text)))
    after = codes(coder.code(Note(text=text + "\n\nMother had sciatica.")))
    assert set(after) <= set(before)


@SEVERAL
@given(text=ANY_NOTE)
def test_json_brings_the_answer_back(coder: Coder, text: str) -> None:
    """Nothing is lost on the way to JSON and back."""
    coded = coder.code(Note(text=text, date_of_service=datetime.date(2025, 3, 3)))
    assert from_dict(to_dict(coded)) == coded


@SEVERAL
@given(text=ANY_NOTE, day=st.dates(datetime.date(2015, 10, 1), datetime.date(2027, 9, 30)))
def test_every_code_is_billable_on_its_day(coder: Coder, text: str, day: datetime.date) -> None:
    """No code outside the table in force."""
    coded = coder.code(Note(text=text, date_of_service=day))
    assert [c for c in codes(coded) if not icd10cm.billable_on(c, day)] == []


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_do_not_matter(coder: Coder, end: str) -> None:
    """The three line ends give the same codes with their own offsets."""
    text = end.join(["ASSESSMENT:", "1. Chronic low back pain.", "2. Left sciatica.", "", "PLAN: therapy"])
    coded = coder.code(Note(text=text))
    assert codes(coded) == ["M54.42", "G89.29"]
