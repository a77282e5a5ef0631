"""Levels, roots, durations and weeks of pregnancy: what one sentence says of them, all of it and nothing else."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_coder.extract.quantities import quantities, signal
from nlp_coder.lexicon import raw_words


class Quoted(NamedTuple):
    """A text and every quantity in it: the words, and what they mean."""

    text: str
    found: tuple[tuple[str, str], ...]


class Meant(NamedTuple):
    """A text and what each quantity in it means; how many of the words around the number belong to it is open."""

    text: str
    means: tuple[str, ...]


def said(text: str) -> tuple[tuple[str, str], ...]:
    """Every quantity of a text as its words and ``slot value, slot value``."""
    return tuple(
        (text[q.start : q.end], ", ".join(f"{slot} {value}" for slot, value in q.means)) for q in quantities(text)
    )


LEVELS = (
    Quoted("L4-5", (("L4-5", "level L4-L5"),)),
    Quoted("L4-L5", (("L4-L5", "level L4-L5"),)),
    Quoted("L4/5", (("L4/5", "level L4-L5"),)),
    Quoted("L4/L5", (("L4/L5", "level L4-L5"),)),
    Quoted("l4-5", (("l4-5", "level L4-L5"),)),
    Quoted("L 4-5", (("L 4-5", "level L4-L5"),)),
    Quoted("L4 - L5", (("L4 - L5", "level L4-L5"),)),
    Quoted("L4\u20135", (("L4\u20135", "level L4-L5"),)),
    Quoted("L4\u2014L5", (("L4\u2014L5", "level L4-L5"),)),
    Quoted("L5S1", (("L5S1", "level L5-S1"),)),
    Quoted("L5-s1", (("L5-s1", "level L5-S1"),)),
    Quoted("L5/S1", (("L5/S1", "level L5-S1"),)),
    Quoted("L5 on S1", (("L5 on S1", "level L5-S1"),)),
    Quoted("C2-3", (("C2-3", "level C2-C3"),)),
    Quoted("C7-T1", (("C7-T1", "level C7-T1"),)),
    Quoted("T11-12", (("T11-12", "level T11-T12"),)),
    Quoted("T12-L1", (("T12-L1", "level T12-L1"),)),
    Quoted("T1-T2", (("T1-T2", "level T1-T2"),)),
    Quoted("(L4-5)", (("L4-5", "level L4-L5"),)),
    Quoted("narrowing at L4-5.", (("L4-5", "level L4-L5"),)),
    Quoted("L4-5: bulge", (("L4-5", "level L4-L5"),)),
)

SEVERAL_LEVELS = (
    Quoted("C5-6 and C6-7", (("C5-6", "level C5-C6"), ("C6-7", "level C6-C7"))),
    Quoted("C5-6, C6-7", (("C5-6", "level C5-C6"), ("C6-7", "level C6-C7"))),
    Quoted("L4-5 & L5-S1", (("L4-5", "level L4-L5"), ("L5-S1", "level L5-S1"))),
    Quoted("L4/5 & L5/S1", (("L4/5", "level L4-L5"), ("L5/S1", "level L5-S1"))),
    Quoted("L3-4, 4-5", (("L3-4", "level L3-L4"), ("4-5", "level L4-L5"))),
    Quoted(
        "L3-4, 4-5 and L5-S1",
        (("L3-4", "level L3-L4"), ("4-5", "level L4-L5"), ("L5-S1", "level L5-S1")),
    ),
    Quoted(
        "L3-L4, L4-L5, and L5-S1",
        (("L3-L4", "level L3-L4"), ("L4-L5", "level L4-L5"), ("L5-S1", "level L5-S1")),
    ),
    Quoted("T6-7, T7-8", (("T6-7", "level T6-T7"), ("T7-8", "level T7-T8"))),
)

RANGES = (
    Quoted("L3-L5", (("L3-L5", "level L3-L4, level L4-L5"),)),
    Quoted("L3 to L5", (("L3 to L5", "level L3-L4, level L4-L5"),)),
    Quoted("L3 through S1", (("L3 through S1", "level L3-L4, level L4-L5, level L5-S1"),)),
    Quoted("L4-S1", (("L4-S1", "level L4-L5, level L5-S1"),)),
    Quoted("C4-C7", (("C4-C7", "level C4-C5, level C5-C6, level C6-C7"),)),
    Quoted("C6-T2", (("C6-T2", "level C6-C7, level C7-T1, level T1-T2"),)),
    Quoted("T6-8", (("T6-8", "level T6-T7, level T7-T8"),)),
    Quoted("T11-L2", (("T11-L2", "level T11-T12, level T12-L1, level L1-L2"),)),
    Quoted("C4-5-6", (("C4-5-6", "level C4-C5, level C5-C6"),)),
    Quoted("C5/6/7", (("C5/6/7", "level C5-C6, level C6-C7"),)),
    Quoted("L4-5-S1", (("L4-5-S1", "level L4-L5, level L5-S1"),)),
    Quoted("L4\u2013L5\u2013S1", (("L4\u2013L5\u2013S1", "level L4-L5, level L5-S1"),)),
)

ROOTS = (
    Quoted("S1 radiculopathy", (("S1", "root S1"),)),
    Quoted("the L5 nerve root", (("L5", "root L5"),)),
    Quoted("C8", (("C8", "root C8"),)),
    Quoted("C8/T1", (("C8/T1", "root C8, root T1"),)),
    Quoted("C7/8", (("C7/8", "root C7, root C8"),)),
    Quoted("S1-2", (("S1-2", "root S1, root S2"),)),
    Quoted("C5, C6, and C7", (("C5", "root C5"), ("C6", "root C6"), ("C7", "root C7"))),
    Quoted("L5 versus S1", (("L5", "root L5"), ("S1", "root S1"))),
    Quoted("L4 vs L5", (("L4", "root L4"), ("L5", "root L5"))),
    Quoted("strength 5/5 in L4", (("L4", "root L4"),)),
)


@pytest.mark.parametrize("case", [*LEVELS, *SEVERAL_LEVELS, *RANGES, *ROOTS], ids=lambda case: case.text)
def test_levels_and_roots_in_one_normal_form(case: Quoted) -> None:
    """However it is written: a disc level between two vertebrae, every level of a range, or a root."""
    assert said(case.text) == case.found


DURATIONS = (
    Meant("3 weeks", ("duration 3 weeks",)),
    Meant("x 3 wks", ("duration 3 weeks",)),
    Meant("x3d", ("duration 3 days",)),
    Meant("x 4d", ("duration 4 days",)),
    Meant("x 2 mos", ("duration 2 months",)),
    Meant("x1yr", ("duration 1 years",)),
    Meant("for 6 months", ("duration 6 months",)),
    Meant("for the past 2 weeks", ("duration 2 weeks",)),
    Meant("over the past 2 weeks", ("duration 2 weeks",)),
    Meant("for the last several months", ("duration several months",)),
    Meant("for a few days", ("duration few days",)),
    Meant("for about three years", ("duration 3 years",)),
    Meant("for a couple of weeks", ("duration 2 weeks",)),
    Meant("for a year", ("duration 1 years",)),
    Meant("2.5 years", ("duration 2.5 years",)),
    Meant("48 hrs", ("duration 48 hours",)),
    Meant("two decades", ("duration 2 decades",)),
    Meant("5-year history", ("duration 5 years",)),
    Meant("10 yr h/o", ("duration 10 years",)),
    Meant("three-week history", ("duration 3 weeks",)),
    Meant("6 months ago", ("duration 6 months",)),
    Meant("2-3 weeks", ("duration 3 weeks",)),
    Meant("2 to 3 wks", ("duration 3 weeks",)),
    Meant("two or three days", ("duration 3 days",)),
    Meant("since Monday", ("duration since monday",)),
    Meant("since last week", ("duration since last week",)),
    Meant("since 2019", ("duration since 2019",)),
    Meant("since March 2024", ("duration since 2024-03",)),
    Meant("since 3/12/24", ("duration since 2024-03-12",)),
    Meant("onset 3/4/2024", ("duration since 2024-03-04",)),
    Meant("began on March 4th, 2024", ("duration since 2024-03-04",)),
    Meant("date of onset: 2024-03-04", ("duration since 2024-03-04",)),
    Meant("since the accident on 2/1/2024", ("duration since 2024-02-01",)),
    Meant("onset 13/45/2024", ()),
    Meant("hurt for 2 days, worse in the last 6 hours", ("duration 2 days", "duration 6 hours")),
)

WEEKS = (
    Meant("28 weeks pregnant", ("weeks 28, pregnancy trimester 3",)),
    Meant("28 wks gestation", ("weeks 28, pregnancy trimester 3",)),
    Meant("28 weeks' gestation", ("weeks 28, pregnancy trimester 3",)),
    Meant("28w3d", ("weeks 28, pregnancy trimester 3",)),
    Meant("28 3/7 weeks pregnant", ("weeks 28, pregnancy trimester 3",)),
    Meant("28+3 weeks pregnant", ("weeks 28, pregnancy trimester 3",)),
    Meant("28 weeks and 3 days pregnant", ("weeks 28, pregnancy trimester 3",)),
    Meant("IUP at 32 weeks", ("weeks 32, pregnancy trimester 3",)),
    Meant("32 wk IUP", ("weeks 32, pregnancy trimester 3",)),
    Meant("EGA 20 weeks", ("weeks 20, pregnancy trimester 2",)),
    Meant("GA: 20+4", ("weeks 20, pregnancy trimester 2",)),
    Meant("pregnant, 20 weeks", ("weeks 20, pregnancy trimester 2",)),
    Meant("at 30 weeks of pregnancy", ("weeks 30, pregnancy trimester 3",)),
    Meant("G2P1 at 20 weeks", ("weeks 20, pregnancy trimester 2",)),
    Meant("13w6d", ("weeks 13, pregnancy trimester 1",)),
    Meant("13 weeks 6 days pregnant", ("weeks 13, pregnancy trimester 1",)),
    Meant("14w0d", ("weeks 14, pregnancy trimester 2",)),
    Meant("27w6d", ("weeks 27, pregnancy trimester 2",)),
    Meant("28w0d", ("weeks 28, pregnancy trimester 3",)),
)

MIXED = (
    Meant("L4-5 pain for 3 weeks", ("level L4-L5", "duration 3 weeks")),
    Meant("C5-C6 and L4-L5 since 2020", ("level C5-C6", "level L4-L5", "duration since 2020")),
    Meant(
        "36 weeks pregnant, hurting for 2 weeks, S1 root",
        ("weeks 36, pregnancy trimester 3", "duration 2 weeks", "root S1"),
    ),
)


@pytest.mark.parametrize("case", [*DURATIONS, *WEEKS, *MIXED], ids=lambda case: case.text)
def test_durations_and_weeks_in_one_normal_form(case: Meant) -> None:
    """The longer of two numbers counts; weeks of pregnancy say the trimester (chapter 15) and are no duration."""
    assert tuple(means for _, means in said(case.text)) == case.means


LOOK_ALIKES = (
    "35-year-old man",
    "35 year old man",
    "a 35 y/o",
    "35yo",
    "24 y.o.",
    "6-week-old infant",
    "strength 5/5",
    "reflexes 2+/4",
    "4/5 strength of the grip",
    "12/03/2024",
    "2024-05-01",
    "BP 120/80",
    "T 98.6",
    "A1c 7.2",
    "2.5 cm",
    "B12 and D3",
    "H1N1",
    "COVID-19",
    "T2DM",
    "T4N0M0",
    "S1Q3T3",
    "L6",
    "T13",
    "C9",
    "M54.50",
    "L40.50",
    "C50.9",
    "43w0d",
    "28w7d",
    "day by day",
)


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_looks_like_a_quantity_is_none(text: str) -> None:
    """Ages, strength, dates, doses, other people's codes and vertebrae nobody has."""
    assert said(text) == ()


@given(st.lists(st.sampled_from("C L T S 1 4 5 12 28 - / , and x weeks pregnant since May L4-5 w 3d".split())))
def test_quantities_come_in_order_and_apart(words: list[str]) -> None:
    """Whatever stands in a sentence, no two quantities share a character, and none is empty."""
    text = " ".join(words)
    ends = [0, *(q.end for q in quantities(text))]
    starts = [*(q.start for q in quantities(text)), len(text)]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    assert all(q.start < q.end for q in quantities(text))


def signals(text: str) -> int:
    """What all words of a text signal, together."""
    found = 0
    for word in raw_words(text):
        found |= signal(word)
    return found


@pytest.mark.parametrize(
    "text",
    [
        *(case.text for case in (*LEVELS, *SEVERAL_LEVELS, *RANGES, *ROOTS, *DURATIONS, *WEEKS, *MIXED)),
        "A fragment compressing the left S1 root.",
        "There is mass effect upon the exiting nerve root.",
        "The cord is flattened.",
    ],
)
def test_words_signal_every_quantity_they_are_part_of(text: str) -> None:
    """A sentence is searched only for what its words signal; nothing is lost by it."""
    assert quantities(text, signals(text)) == quantities(text)


def test_a_sentence_that_signals_nothing_is_not_searched() -> None:
    """Hardly a sentence signals all kinds; most signal none."""
    assert signals("He walks well and sleeps through.") == 0
