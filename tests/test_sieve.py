"""The sieve: what it stops could not have been answered, and what it lets through is answered the same."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from nlp_coder import Coder, Note
from nlp_coder.sieve import load_sieve

NOTES = Path(__file__).parent.parent / "annotations" / "notes.jsonl"

THROUGH = (
    "Low back pain.",
    "low-back\n  pain",
    "Pain in the right side of his neck.",
    "Pain at L4-5.",
    "L2 compression fracture.",
    "t five radiculopathy",
    "A fragment compressing the left S1 root.",
    "Lumbar spinal stensois.",
    "Her l\u00adumbago is back.",
    "CHRONIC PAIN SYNDROME",
    "Degenerative arthritis of the neck.",
)
STOPPED = (
    "Sore throat since Monday.",
    "Chest pain. The neck is supple.",
    "Aortic stenosis, an ankle sprain.",
    "Arthritis of the knee. Back to work on Monday.",
    "Compression stockings for the left leg.",
    "",
    "\U0001f600",
)


@pytest.mark.parametrize("text", THROUGH)
def test_what_may_speak_of_the_spine_goes_through(text: str) -> None:
    """Terms, misspelt and dictated ones, pain with a place in one sentence, pressed roots."""
    assert load_sieve().passes(text) is True


@pytest.mark.parametrize("text", STOPPED)
def test_what_cannot_is_stopped(text: str) -> None:
    """Pain and place in different sentences, other organs, other senses."""
    assert load_sieve().passes(text) is False


def test_answers_are_the_same_without_it(coder: Coder) -> None:
    """Over every annotated note, whole answers."""
    plain = Coder(sieve=False)
    different = []
    for line in NOTES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = datetime.date.fromisoformat(row["date_of_service"])
        note = Note(id=row["id"], text=row["text"], setting=row["setting"], date_of_service=day)
        if coder.code(note) != plain.code(note):
            different.append(row["id"])
    assert different == []


def test_a_term_that_names_the_spine_is_not_lost_between_the_sieve_and_the_coder() -> None:
    """``Degenerative changes of the spine`` has no region, and a place elsewhere in the note lets the note pass."""
    note = Note(text="She came back for her abdominal pain.\nCT: Degenerative changes of the spine.")
    coded = Coder().code(note)
    assert coded == Coder(sieve=False).code(note)
    assert [finding.what for finding in coded.findings] == ["spondylosis"]
