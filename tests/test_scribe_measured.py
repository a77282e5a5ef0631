"""Measuring the audit and the guard: what is planted, how facts are turned round, and the pairs it is measured on."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from nlp_coder import icd10cm
from nlp_coder.evaluate import scribe as measure
from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.dialogue import clauses
from nlp_coder.segment import outline
from nlp_coder.types import Mention, Sentence

DAY = datetime.date(2026, 3, 3)
PAIRS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "annotations" / "scribe-pairs.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


FLIPS: list[dict[str, str]] = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "annotations" / "scribe-flips.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def parted(a: str, b: str) -> bool:
    """Whether an Excludes1 note parts two codes on the day of these tests."""
    return bool(icd10cm.excludes1(a, b, DAY))


@pytest.mark.parametrize(
    ("right", "planted"),
    [
        (
            ["M54.42"],
            [
                ("M54.5", "retired M54.5"),
                ("M54.41", "wrong side"),
                ("M54.9", "M54.9 for the region"),
                ("M54.50", "Excludes1 pair"),
                ("M54.16", "unsupported radiculopathy"),
            ],
        ),
        (
            ["M54.16"],
            [
                ("M54.5", "retired M54.5"),
                ("M54.9", "M54.9 for the region"),
                ("M51.16", "Excludes1 pair"),
                ("M54.12", "unsupported radiculopathy"),
            ],
        ),
        (
            ["M54.31", "M54.32"],
            [
                ("M54.5", "retired M54.5"),
                ("M54.9", "M54.9 for the region"),
                ("M54.42", "Excludes1 pair"),
                ("M54.16", "unsupported radiculopathy"),
            ],
        ),
        (
            ["M54.9"],
            [
                ("M54.5", "retired M54.5"),
                ("F45.41", "Excludes1 pair"),
                ("M54.16", "unsupported radiculopathy"),
            ],
        ),
        (
            [],
            [
                ("M54.5", "retired M54.5"),
                ("M54.9", "M54.9 for the region"),
                ("M54.41", "Excludes1 pair"),
                ("M54.50", "its partner"),
                ("M54.16", "unsupported radiculopathy"),
            ],
        ),
    ],
)
def test_what_is_planted(right: list[str], planted: list[tuple[str, str]]) -> None:
    """One of each kind, none of them right; a side only where one can be wrong."""
    assert [(p.code, p.kind) for p in measure.plants(right, parted)] == planted


def read(text: str) -> tuple[tuple[Sentence, ...], tuple[Mention, ...]]:
    """Sentences and mentions of a note."""
    form = outline(text)
    return form.sentences, Extractor().mentions(text, form.masked, form.sentences)


@pytest.mark.parametrize(
    ("text", "sides", "negations"),
    [
        (
            "HPI: Low back pain with left sciatica.",
            ["Low back pain with right sciatica."],
            ["no Low back pain with left sciatica."],
        ),
        ("HPI: Denies numbness.", [], ["reports numbness."]),
        ("HPI: She has no weakness.", [], ["She has weakness."]),
        ("HPI: No tingling.", [], ["tingling."]),
        ("HPI: The left knee was replaced.", [], []),
        ("HPI: SLR + L leg.", ["SLR + R leg."], []),
    ],
)
def test_how_facts_are_turned(text: str, sides: list[str], negations: list[str]) -> None:
    """Right for left in the whole sentence; a denial loses its cue, an affirmation takes "no"."""
    sentences, mentions = read(text)
    found = [list(turn(text, sentences, mentions)) for turn in (measure.side_flips, measure.negation_flips)]
    assert [[flip.text[flip.start : flip.end] for flip in flips] for flips in found] == [sides, negations]


@pytest.mark.parametrize(("turned", "holds"), [("No low back pain.", True), ("Low back pain.", False)])
def test_a_flip_that_turns_nothing_is_not_counted(turned: str, holds: bool) -> None:
    """The sentence read again must say the opposite; a side always does."""
    before, after = read("HPI: Low back pain.")[1], read(f"HPI: {turned}")[1]
    flip = measure.Flip("negation", 0, turned, 0, 1)
    assert measure.holds(flip, before, after) is holds
    assert measure.holds(measure.Flip("side", 0, turned, 0, 1), before, after)


def test_figures_by_hand() -> None:
    """Two of three mistakes found, one error on a right code; three of four flips, one false flag in four notes."""
    plant = measure.Plant("M54.5", "retired M54.5", frozenset({"retired"}))
    audited = [
        measure.Audited("a", ((plant, True), (plant, False)), 1, ("M54.2 unsupported",), 4, ()),
        measure.Audited("b", ((plant, True),), 1, (), 2, ("M54.2 «neck» in family history",)),
    ]
    assert measure.audit_table(audited).rows == (
        ("retired M54.5", "3", "2", "0.667"),
        ("errors on right codes", "2", "1", "-"),
        ("evidence outside its sections", "6", "1", "-"),
    )
    assert [(bar.value, bar.kept) for bar in measure.audit_bars(audited)] == [
        (pytest.approx(2 / 3), False),
        (1, False),
        (1, False),
    ]
    assert measure.audit_faults(audited) == (
        "a  missed retired M54.5: M54.5",
        "a  error on right code: M54.2 unsupported",
        "b  evidence outside its sections: M54.2 «neck» in family history",
    )
    turned = [measure.Turned("a", kind, "", hit) for kind, hit in
              (("side", True), ("side", False), ("negation", True), ("negation", True))]  # fmt: skip
    assert measure.guard_table(turned, ["x"], 4).rows == (
        ("side flipped", "2", "1", "0.500"),
        ("negation flipped", "2", "2", "1.000"),
        ("as written: false flags", "4", "1", "0.250"),
    )
    assert [(bar.value, bar.kept) for bar in measure.guard_bars(turned, ["x"], 4)] == [(0.75, False), (0.25, False)]


def test_there_are_sixty_pairs_thirty_of_them_sided() -> None:
    """Each with an id of its own and the same fields."""
    assert len(PAIRS) >= 60
    assert sum(any(measure.SIDED.match(c["code"]) for c in pair["codes"]) for pair in PAIRS) >= 30
    assert len({pair["id"] for pair in PAIRS}) == len({pair["text"] for pair in PAIRS}) == len(PAIRS)
    fields = ("id", "specialty", "setting", "date_of_service", "text", "dialogue", "codes", "turned_down")
    assert {tuple(pair) for pair in PAIRS} == {fields}


def test_every_quote_of_a_pair_stands_in_its_note_once_found_in_a_section_that_counts() -> None:
    """Gold evidence is quoted letter for letter, and not from family history or instructions."""
    untold = {"family history", "past medical history", "education", "instructions", "medications"}
    wrong = []
    for pair in PAIRS:
        sections = outline(pair["text"]).sections
        for code in pair["codes"]:
            for quote in code["evidence"]:
                at = pair["text"].find(quote)
                name = next((s.name for s in sections if s.start <= at < s.end), "")
                if at < 0 or name in untold:
                    wrong.append((pair["id"], code["code"], quote, name))
    assert wrong == []


def test_every_code_of_a_pair_is_billable_on_its_day_and_no_two_exclude_each_other() -> None:
    """Realistic days, codes in force, no Excludes1 pair among them."""
    for pair in PAIRS:
        day = datetime.date.fromisoformat(pair["date_of_service"])
        codes = [code["code"] for code in pair["codes"]]
        assert datetime.date(2022, 1, 1) <= day <= datetime.date(2026, 12, 31), pair["id"]
        assert [code for code in codes if not icd10cm.billable_on(code, day)] == [], pair["id"]
        assert [(a, b) for a in codes for b in codes if icd10cm.excludes1(a, b, day)] == [], pair["id"]


def test_every_dialogue_has_both_speakers_and_no_code() -> None:
    """People do not speak in codes."""
    for pair in PAIRS:
        assert {clause.by_patient for clause in clauses(pair["dialogue"])} == {True, False}, pair["id"]
        assert not re.search(r"[A-Z][0-9]{2}\.[0-9]", pair["dialogue"]), pair["id"]


def test_every_fact_rewritten_by_hand_stands_once_in_its_note() -> None:
    """What is replaced is there once, and the new words are others; kinds are four."""
    texts = {pair["id"]: pair["text"] for pair in PAIRS}
    assert [flip for flip in FLIPS if texts[flip["id"]].count(flip["find"]) != 1] == []
    assert [flip for flip in FLIPS if flip["find"] == flip["replace"]] == []
    assert {flip["kind"] for flip in FLIPS} <= {"side", "negation", "region", "problem"}


def test_a_fact_rewritten_by_hand_and_its_sentences() -> None:
    """The first place is replaced; what counts as found is the sentences the new words stand in."""
    text = "HPI: Back pain. No fever. No falls."
    flip = measure.rewritten(text, "No fever.", "Fever.", "negation")
    assert (flip.text, flip.text[flip.start : flip.end]) == ("HPI: Back pain. Fever. No falls.", "Fever.")
    two = measure.rewritten(text, "fever. No", "fever. Two", "negation")
    start, end = measure.widened(two, outline(text).sentences)
    assert text[start:end] == "No fever. No falls."
