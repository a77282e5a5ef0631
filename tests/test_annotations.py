"""The annotated notes are sound: quotes stand in their notes, codes in the table of the day, ids once."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

from nlp_coder import icd10cm

FILE = Path(__file__).parent.parent / "annotations" / "notes.jsonl"
NOTES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_every_quote_stands_in_its_note() -> None:
    """Evidence and temptations are quoted letter for letter."""
    missing = [
        (note["id"], quote)
        for note in NOTES
        for quote in [
            *(q for code in note["codes"] for q in code["evidence"]),
            *(t["quote"] for t in note["turned_down"] if t.get("quote")),
        ]
        if quote not in note["text"]
    ]
    assert missing == []


def test_every_code_is_billable_on_its_day() -> None:
    """Gold codes within the table can be billed on the note's date of service."""
    wrong = [
        (note["id"], code["code"])
        for note in NOTES
        for code in note["codes"]
        if icd10cm.entry(code["code"])
        and not icd10cm.billable_on(code["code"], datetime.date.fromisoformat(note["date_of_service"]))
    ]
    assert wrong == []


def test_ids_are_used_once() -> None:
    """Two notes never share an id, nor a text."""
    twice = [id_ for id_, count in Counter(note["id"] for note in NOTES).items() if count > 1]
    assert twice == []
    assert len({note["text"] for note in NOTES}) == len(NOTES)
