"""Copied sentences: what counts as a copy, what is too short to, and codes that rest on nothing else."""

from __future__ import annotations

import datetime

import pytest

from nlp_coder import Coder, Note
from nlp_coder.scribe.cloned import clones, copied

COPY = "Low back pain for three weeks after moving heavy boxes at work."
SHOUTED = "LOW BACK PAIN for three  weeks, after moving\nheavy boxes at work"
EARLIER = f"""Subjective:
{COPY}
No fever.

Assessment:
Low back pain."""


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (COPY, [COPY]),
        (SHOUTED, [SHOUTED]),
        ("Low back pain for four weeks after moving heavy boxes at work.", []),
        ("Low back pain.", []),
        ("No fever. Low back pain.", []),
        (
            f"{COPY} No fever.",
            [COPY, "No fever."],
        ),
        (
            f"No fever. {COPY}",
            [COPY],
        ),
        ("Neck pain.", []),
    ],
)
def test_what_is_a_copy(text: str, sentences: list[str]) -> None:
    """Word for word, and eight words with the neighbours that are neighbours there too."""
    found = copied(text, [EARLIER])
    assert [span.text for span in found] == sentences
    assert [text[span.start : span.end] for span in found] == sentences


def test_any_earlier_note_counts_and_none_is_needed() -> None:
    """The notes are not joined: a neighbour across two of them is none."""
    sentence = "She walks two miles a day with her dog in the park."
    assert [span.text for span in copied(sentence, ["Neck pain.", sentence])] == [sentence]
    assert copied(sentence, []) == ()
    assert copied("Low back pain today. No leg pain or fever.", ["Low back pain today.", "No leg pain or fever."]) == ()


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (EARLIER, [("cloned", "info", ""), ("only-cloned", "warning", "M54.50")]),
        (EARLIER.replace("Low back pain.", "Low back pain, better."), [("cloned", "info", "")]),
        ("Assessment: Low back pain.", []),
    ],
)
def test_a_code_that_rests_on_copies_alone_is_flagged(
    coder: Coder, text: str, findings: list[tuple[str, str, str]]
) -> None:
    """One word of its own day is enough."""
    coded = coder.code(Note(text, date_of_service=datetime.date(2026, 3, 3)))
    assert [(f.id, f.severity, f.code) for f in clones(coded, [EARLIER])] == findings


def test_the_marks_quote_the_note(coder: Coder) -> None:
    """The copied sentences as evidence, and how many they are."""
    coded = coder.code(Note(EARLIER))
    marked = next(clones(coded, [EARLIER]))
    assert marked.text == "3 sentences stand word for word in an earlier note."
    assert [(e.slot, EARLIER[e.start : e.end]) for e in marked.evidence] == [
        ("cloned", COPY),
        ("cloned", "No fever."),
        ("cloned", "Low back pain."),
    ]
