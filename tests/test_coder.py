"""The whole program by its public face: the ten scenarios, the day of service, what is refused, and awkward text."""

from __future__ import annotations

import datetime
import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import pytest

import nlp_coder
from nlp_coder import Coder, Note, NoteError
from nlp_coder.types import CodedNote

TODAY = datetime.date(2026, 11, 22)
KNOWLEDGE = Path(nlp_coder.__file__).parent / "knowledge"


class Scenario(NamedTuple):
    """A note, its codes in claim order, the questions it raises, and what kind of encounter it is if not said in it."""

    name: str
    note: str
    codes: tuple[str, ...]
    questions: tuple[str, ...] = ()
    purpose: str | None = None


SCENARIOS = (
    Scenario("low back discomfort", "Two weeks of low back discomfort, no cause found.", ("M54.50",)),
    Scenario(
        "Modic type 2 with concordant pain",
        "MRI: Modic type 2 changes at L4-L5, and her low back pain is concordant with these changes.",
        ("M54.51",),
    ),
    Scenario(
        "mechanical, right-sided",
        "Right-sided mechanical low back pain. No sign of disc or nerve involvement.",
        ("M54.59",),
    ),
    Scenario("with right leg sciatica", "Low back pain with sciatica of the right leg.", ("M54.41",)),
    Scenario(
        "herniation with radiculopathy",
        "MRI shows a herniated disc at L4-L5.\n\nAssessment:\nL4-L5 disc herniation with radiculopathy.",
        ("M51.16",),
    ),
    Scenario(
        "injection for chronic pain",
        "Chronic low back pain. Here today for a lumbar facet injection for pain management.",
        ("G89.29", "M54.50"),
    ),
    Scenario(
        "injection for chronic pain, purpose given",
        "Chronic low back pain.",
        ("G89.29", "M54.50"),
        purpose="pain-management",
    ),
    Scenario("mid-back pain", "Mid-back pain after prolonged sitting at her desk.", ("M54.6",)),
    Scenario("back pain", "Back pain.", ("M54.9",), ("region-of-back-pain",)),
    Scenario("strain", "Acute lumbar strain from lifting crates at work.", ("S39.012A",)),
    Scenario("no strain named", "Low back pain after lifting crates at work.", ("M54.50",), ("injury-or-pain",)),
    Scenario("pregnancy-related", "Pregnancy-related low back pain in the second trimester.", ("O26.892", "M54.50")),
    Scenario(
        "documentation example",
        "Chronic low back pain, left-sided, of vertebrogenic origin, confirmed by MRI: Modic type 1 changes at L4-L5.",
        ("M54.51", "G89.29"),
    ),
)


def codes(coded: CodedNote) -> tuple[str, ...]:
    """The codes of an answer, in claim order."""
    return tuple(c.code for c in coded.codes)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_ten_scenarios(coder: Coder, scenario: Scenario) -> None:
    """As the careful coder has them: exact codes in claim order, and the questions, no more."""
    coded = coder.code(Note(text=scenario.note, date_of_service=TODAY, purpose=scenario.purpose))
    assert codes(coded) == scenario.codes
    assert tuple(q.id for q in coded.questions) == scenario.questions


def test_left_is_noted_as_without_effect(coder: Coder) -> None:
    """M54.51 has no side."""
    note = Note(text=SCENARIOS[-1].note, date_of_service=TODAY)
    assert "side (left) noted: it has no effect on this code" in coder.code(note).codes[0].remarks


def test_an_assigned_code_carries_all_that_is_needed_to_check_it(coder: Coder) -> None:
    """Title, role, rule, authority, source, its words by slot; and what to confirm, if anything."""
    first, second = coder.code(Note(text="Chronic neck pain, chronic low back pain.", date_of_service=TODAY)).codes[:2]
    assert (first.code, first.title, first.role) == ("M54.2", "Cervicalgia", "first-listed")
    assert (second.code, second.title, second.role) == ("M54.50", "Low back pain, unspecified", "additional")
    assert (str(first.authority), bool(first.rule), bool(first.source), first.confirm) == ("index", True, True, ())
    assert {(e.slot, e.start, e.end, e.text) for e in first.evidence} == {
        ("problem", 8, 17, "neck pain"),
        ("region", 8, 17, "neck pain"),
    }
    assert second.absent == ("a character of the pain (mechanical, vertebrogenic …)", "a cause")


def test_a_code_turned_down_says_why_by_which_words_and_for_which_code(coder: Coder) -> None:
    """The Excludes1 note between sciatica with low back pain and low back pain."""
    text = "Low back pain with left sciatica. Denies neck pain."
    gone = {s.code: s for s in coder.code(Note(text=text, date_of_service=TODAY)).set_aside}
    assert set(gone) == {"M54.50", "M54.2"}
    assert (gone["M54.50"].reason, gone["M54.50"].by) == ("Excludes1", "M54.42")
    assert gone["M54.50"].title == "Low back pain, unspecified"
    assert (gone["M54.2"].reason, [e.text for e in gone["M54.2"].evidence]) == ("negated", ["Denies", "neck pain"])


# --- the day of service ---------------------------------------------------------------------------


class Day(NamedTuple):
    """A day, the code set of that day, and the codes two notes earn on it."""

    day: str
    release: str
    pain: str
    disc: str


DAYS = (
    Day("2015-10-01", "FY2016", "M54.5", "M51.36"),
    Day("2021-09-30", "FY2021", "M54.5", "M51.36"),
    Day("2021-10-01", "FY2022", "M54.50", "M51.36"),
    Day("2024-09-30", "FY2024", "M54.50", "M51.36"),
    Day("2024-10-01", "FY2025", "M54.50", "M51.360"),
    Day("2026-11-22", "FY2027", "M54.50", "M51.360"),
)


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.day)
def test_the_same_note_gets_the_codes_of_its_day(coder: Coder, day: Day) -> None:
    """M54.5 until 2021-09-30, M51.36 until 2024-09-30; the answer names the release, and needs no notice."""
    on = datetime.date.fromisoformat(day.day)
    pain = coder.code(Note(text="Low back pain.", date_of_service=on))
    disc = coder.code(Note(text="Lumbar degenerative disc disease with low back pain.", date_of_service=on))
    assert (codes(pain), codes(disc)) == ((day.pain,), (day.disc,))
    assert (pain.release, pain.notices, disc.release) == (day.release, (), day.release)


def test_no_day_means_the_newest_release_and_a_notice(coder: Coder) -> None:
    """A person should know which book was used."""
    coded = coder.code(Note(text="Low back pain."))
    assert codes(coded) == ("M54.50",)
    assert coded.release == "FY2027"
    assert coded.notices == ("No date of service: coded by the newest release, FY2027.",)


def test_a_day_without_a_stored_release_uses_the_nearest_earlier_one_and_says_so(coder: Coder) -> None:
    """Policy section 8."""
    coded = coder.code(Note(text="Low back pain.", date_of_service=datetime.date(2027, 12, 1)))
    assert coded.release == "FY2027"
    assert coded.notices == ("No code set is stored for 2027-12-01; FY2027, the nearest earlier one, is used.",)


# --- what is refused ------------------------------------------------------------------------------

CANARY = "Quackenbush has low back pain."
REFUSED = (
    (Note(text=""), "The note is empty: give its text."),
    (Note(text=" \r\n\t\u00a0"), "The note is empty: give its text."),
    (Note(text=CANARY, setting="Quackenbush"), "The setting must be outpatient or inpatient."),
    (Note(text=CANARY, purpose="Quackenbush"), "The purpose must be evaluation, pain-management or therapy."),
    (
        Note(text=CANARY, date_of_service=datetime.date(2015, 9, 30)),
        "The date of service is before 2015-10-01, when ICD-10-CM came into force.",
    ),
)


@pytest.mark.parametrize(("note", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_note_that_cannot_be_coded_is_refused_in_one_line(coder: Coder, note: Note, message: str) -> None:
    """It says what to do, and holds nothing of the note."""
    with pytest.raises(NoteError) as caught:
        coder.code(note)
    assert str(caught.value) == message
    assert "Quackenbush" not in repr(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("text", ["Sore throat since Monday, left ear pain.", "...", "\U0001f600", "7", "x" * 5000])
def test_a_note_without_a_spine_problem_has_an_empty_answer(coder: Coder, text: str) -> None:
    """No code, nothing turned down, nothing to ask."""
    coded = coder.code(Note(text=text, date_of_service=TODAY))
    assert (coded.codes, coded.set_aside, coded.questions, coded.alerts) == ((), (), (), ())


# --- the answer as a whole ------------------------------------------------------------------------


def test_the_answer_holds_the_untouched_note(coder: Coder) -> None:
    """The very object that was given, its text as it was."""
    text = "  HPI:\r\n Low  back pain \u2013 right\u00adsided.\r\n\r\n<b>Plan</b>: rest. "
    note = Note(text=text, id="n-7", date_of_service=TODAY, patient="p-1")
    coded = coder.code(note)
    assert coded.note is note
    assert coded.note == Note(text=text, id="n-7", date_of_service=TODAY, patient="p-1")


def test_the_same_note_gives_the_same_answer(coder: Coder) -> None:
    """Whatever was coded in between."""
    note = Note(text=SCENARIOS[-1].note, date_of_service=TODAY)
    first = coder.code(note)
    coder.code(Note(text="Possible sciatica. Neck pain.", date_of_service=TODAY))
    assert coder.code(note) == first


def test_the_knowledge_version_is_a_hash_over_every_knowledge_file(coder: Coder) -> None:
    """Names and contents of all tables and rules, in order: 12 hex digits of the SHA-256."""
    digest = hashlib.sha256()
    files = [f for f in KNOWLEDGE.rglob("*") if f.suffix in {".csv", ".toml"}]
    for name, file in sorted((f.relative_to(KNOWLEDGE).as_posix(), f) for f in files):
        digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    coded = coder.code(Note(text="Low back pain.", date_of_service=TODAY))
    assert coded.knowledge == coder.knowledge == digest.hexdigest()[:12]
    assert re.fullmatch("[0-9a-f]{12}", coded.knowledge)


def test_setting_decides_whether_a_hedged_discharge_diagnosis_counts(coder: Coder) -> None:
    """Guideline II.H against IV.H."""
    text = "Discharge diagnosis:\nProbable lumbar radiculopathy."
    inpatient = coder.code(Note(text=text, date_of_service=TODAY, setting="inpatient"))
    outpatient = coder.code(Note(text=text, date_of_service=TODAY))
    assert (codes(inpatient), codes(outpatient)) == (("M54.16",), ())
    assert [(s.code, s.reason) for s in outpatient.set_aside] == [("M54.16", "uncertain")]


# --- awkward text ---------------------------------------------------------------------------------


class Quoted(NamedTuple):
    """A text that holds ``left`` and ``sciatica`` in some disguise, and where they stand."""

    name: str
    text: str
    words: tuple[tuple[int, str], ...]


AWKWARD = (
    Quoted("CRLF", "HPI:\r\nWell.\r\n\r\nAssessment:\r\nLeft sciatica.\r\n", ((28, "Left"), (33, "sciatica"))),
    Quoted("CR alone", "HPI:\rWell.\r\rAssessment:\rLeft sciatica.", ((24, "Left"), (29, "sciatica"))),
    Quoted("CRLF inside", "She has had some trouble with left\r\nsciatica for days.", ((30, "left"), (36, "sciatica"))),
    Quoted("byte-order mark", "\ufeffLeft sciatica.", ((1, "Left"), (6, "sciatica"))),
    Quoted("stray NUL", "Left \x00sciatica.", ((0, "Left"), (6, "sciatica"))),
    Quoted("zero-width space", "Left\u200b sciatica\u200b.", ((0, "Left"), (6, "sciatica"))),
    Quoted("hidden in words", "Le\u200bft sci\u00adatica.", ((0, "Le\u200bft"), (6, "sci\u00adatica"))),
    Quoted("no-break space", "Left\u00a0sciatica.", ((0, "Left"), (5, "sciatica"))),
    Quoted("non-BMP", "\U0001f600\U0001f9b4 Left sciatica.", ((3, "Left"), (8, "sciatica"))),
    Quoted("grows in lower case", "\u0130\u0130\u0130 Left sciatica.", ((4, "Left"), (9, "sciatica"))),
    Quoted("combining accents", "Se\u0301vere Left sciatica.", ((8, "Left"), (13, "sciatica"))),
    Quoted("markup", "<p>Left <b>sciatica</b> &amp; rest</p>", ((3, "Left"), (11, "sciatica"))),
    Quoted("Markdown", "- **Left** *sciatica*", ((4, "Left"), (12, "sciatica"))),
)


@pytest.mark.parametrize("case", AWKWARD, ids=lambda case: case.name)
def test_awkward_characters_shift_no_offset(coder: Coder, case: Quoted) -> None:
    """Spans count code points of the text as given, and quote it."""
    (code,) = coder.code(Note(text=case.text, date_of_service=TODAY)).codes
    assert code.code == "M54.32"
    assert tuple((e.start, e.text) for e in code.evidence) == case.words
    assert all(case.text[e.start : e.end] == e.text for e in code.evidence)


BIRDS = "Birds sang loudly, many boats sailed past. "
LONG = (
    ("a megabyte", "Subjective:\n" + (BIRDS * 5 + "\n") * 4650 + "\nAssessment:\n"),
    ("a line of 100,000 characters", BIRDS * 2326),
    ("a sentence of 100,000 characters", "birds " * 16667),
    ("a word of 100,000 characters", "b" * 100_000 + " "),
    ("a hundred thousand blanks", " " * 100_000),
    ("a hundred thousand line ends", "\n" * 100_000),
)


@pytest.mark.parametrize("before", [text for _, text in LONG], ids=[name for name, _ in LONG])
def test_a_long_note_is_coded_with_right_offsets(coder: Coder, before: str) -> None:
    """What stands at its very end is found and quoted there."""
    assert len(before) >= 100_000
    (code,) = coder.code(Note(text=before + "Left sciatica.", date_of_service=TODAY)).codes
    assert (code.code, [(e.start - len(before), e.text) for e in code.evidence]) == (
        "M54.32",
        [(0, "Left"), (5, "sciatica")],
    )
