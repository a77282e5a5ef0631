"""Notes whose headings stand in capitals on lines of their own → what the sections must be, in any style."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

from nlp_coder.evaluate.report import Bar, Table, figure
from nlp_coder.types import Section, Sentence

_SMALL = frozenset({"and", "of", "or", "the", "to", "in", "for", "with"})
_BULLETS = ("•", "-", "*")
_UNNAMED = frozenset({"other", "none"})
_CLOSING = "\nPatient Agreements:"
_LINE = re.compile(r"[^\r\n]+")


def _title_case(heading: str) -> str:
    words = [word if word in _SMALL else word.capitalize() for word in heading.lower().split(" ")]
    return " ".join(words)


STYLES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "CAPITALS": str,
        "Title Case": _title_case,
        "**BOLD**": lambda heading: f"**{heading}**",
        "COLON:": lambda heading: f"{heading.rstrip(':')}:",
        "BLANKS   ": lambda heading: f"{heading}   ",
    }
)
"""How a heading may be written → the heading so written."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A note and where its headings, the lines of its problems, and its assessments stand.

    An assessment is (start of its heading, end of its heading, where it ends).
    """

    text: str
    headings: tuple[tuple[int, int], ...]
    problems: tuple[tuple[int, int], ...]
    assessments: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the sections of notes came out: counts, each of ``missed``, ``taken`` and ``strayed`` a fault."""

    headings: int = 0
    missed: int = 0
    named: int = 0
    problems: int = 0
    taken: int = 0
    sentences: int = 0
    strayed: int = 0

    def __add__(self, other: Reading) -> Reading:
        """The counts of both."""
        return Reading(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Reading)))


def is_heading(line: str) -> bool:
    """A line in capitals, without a digit, that does not end in a full stop."""
    words = line.strip()
    return words.isupper() and not words.endswith(".") and not any(map(str.isdigit, words))


def styled(text: str, style: str) -> str:
    """The note with every heading written in the style."""
    return _LINE.sub(lambda line: STYLES[style](line[0].strip()) if is_heading(line[0]) else line[0], text)


def layout(original: str, style: str) -> Layout:
    """A note with its headings in capitals, rewritten in the style, and where everything stands then."""
    text = styled(original, style)
    before = [match.span() for match in _LINE.finditer(original)]
    lines = [match.span() for match in _LINE.finditer(text)]
    flags = [is_heading(original[slice(*line)]) for line in before]
    headings = [line for line, flag in zip(lines, flags, strict=True) if flag]
    stops = [*(start for start, _ in headings[1:]), len(text)][: len(headings)]  # no heading, no stop
    assessed = [
        (start, end, _closed(text, end, stop))
        for (start, end), stop in zip(headings, stops, strict=True)
        if "assessment" in text[start:end].lower()
    ]
    problems = [line for line, was in zip(lines, before, strict=True) if _is_problem(original[slice(*was)].strip())]
    return Layout(text, tuple(headings), tuple(problems), tuple(assessed))


def _closed(text: str, start: int, stop: int) -> int:
    """Where an assessment ends: at the next heading, or at the line that closes the note under a title of its own."""
    closing = text.find(_CLOSING, start, stop)
    return stop if closing < 0 else closing + 1


def _is_problem(words: str) -> bool:
    """``GERD.``: a line of one sentence with its full stop, no bullet, no colon; a problem or not, it is no heading."""
    return words.endswith(".") and not words.startswith(_BULLETS) and ":" not in words and ". " not in words


def read(note: Layout, sections: Sequence[Section], sentences: Sequence[Sentence]) -> tuple[Reading, tuple[str, ...]]:
    """A laid-out note and what the program made of it → the counts, and a line for each fault.

    A line that becomes a label of sentences (``MSK:``) is a heading, but names no section.
    """
    headed = [s for s in sections if s.heading]
    own = [_at(line, headed) for line in note.headings]
    named = [s is not None and s.name not in _UNNAMED for s in own]
    missed = [
        line for line, s in zip(note.headings, own, strict=True) if not s and not _is_label(note, line, sentences)
    ]
    taken = [line for line in note.problems if _at(line, headed)]
    owners = [(_at((start, end), headed), end, stop) for start, end, stop in note.assessments]
    inside = [(s, owner) for owner, end, stop in owners for s in sentences if end <= s.start < stop]
    strayed = [s for s, owner in inside if s.section != owner]
    faults = [
        *(f"missed heading  {_words(note, line)}" for line in missed),
        *(f"unnamed heading  {_words(note, line)}" for line, n in zip(note.headings, named, strict=True) if not n),
        *(f"problem taken for a section  {_words(note, line)}" for line in taken),
        *(f"in {s.section.name}, not the assessment  {note.text[s.start : s.end]}" for s in strayed),
    ]
    counts = Reading(len(own), len(missed), sum(named), len(note.problems), len(taken), len(inside), len(strayed))
    return counts, tuple(faults)


def _is_label(note: Layout, line: tuple[int, int], sentences: Sequence[Sentence]) -> bool:
    """Does the first sentence on the line or below it bear the line's words as label?"""
    first = next((s for s in sentences if s.start >= line[0]), None)
    return first is not None and first.label.casefold() == _words(note, line).strip("*: ").casefold()


def _words(note: Layout, line: tuple[int, int]) -> str:
    return note.text[slice(*line)].strip()


def _at(line: tuple[int, int], headed: Sequence[Section]) -> Section | None:
    """The section whose heading begins within the line."""
    start, end = line
    return next((s for s in headed if s.heading and start <= s.heading.start < end), None)


def table(readings: Mapping[str, Reading]) -> Table:
    """Style → its counts, as a row each."""
    names = tuple(f.name for f in fields(Reading))
    rows = [(style, *(figure(getattr(reading, name)) for name in names)) for style, reading in readings.items()]
    return Table("Headings of scribe notes", ("style", *names), tuple(rows))


def bars(readings: Mapping[str, Reading]) -> tuple[Bar, ...]:
    """Style → counts: nothing missed, taken or strayed in any, and 99 of 100 headings named."""
    worst = sum(readings.values(), Reading())
    named = min((r.named / r.headings for r in readings.values() if r.headings), default=None)
    return (
        Bar("headings missed", worst.missed, 0, most=True),
        Bar("headings named, worst style", named, 0.99),
        Bar("problems taken for sections", worst.taken, 0, most=True),
        Bar("sentences of the assessment elsewhere", worst.strayed, 0, most=True),
    )
