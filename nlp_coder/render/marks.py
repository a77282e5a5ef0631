"""A CodedNote in, the places of its note that the answer cites out: lines, marks, disjoint segments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from nlp_coder.types import CodedNote, Evidence

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the note and what cites it: ``code-1`` is the first code, and so on."""

    start: int
    end: int
    key: str
    slot: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the note cited throughout by the same marks, in the order of the answer."""

    start: int
    end: int
    marks: tuple[Mark, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What cites it, each once."""
        return tuple(dict.fromkeys(mark.key for mark in self.marks))


@dataclass(frozen=True, slots=True)
class Lines:
    """Where each line of a text starts and ends (without its line end); lines count from 1."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def at(self, offset: int) -> int:
        """The number of the line an offset stands in."""
        return bisect_right(self.starts, offset)

    def bounds(self, number: int) -> tuple[int, int]:
        """First offset of a line and the offset of its end."""
        return self.starts[number - 1], self.ends[number - 1]


def lines_of(text: str) -> Lines:
    """The lines of a text as an editor numbers them; CRLF, LF and CR end one, none stands after the last."""
    breaks = [match.span() for match in _LINE_END.finditer(text)]
    end = breaks.pop()[0] if breaks and breaks[-1][1] == len(text) else len(text)
    starts = (0, *(end for _, end in breaks))
    ends = (*(start for start, _ in breaks), end)
    return Lines(starts, ends)


def marks_of(coded: CodedNote) -> tuple[Mark, ...]:
    """Every citation of the answer, in its order: codes, set-asides, questions, alerts."""
    groups: Iterable[tuple[str, Iterable[tuple[Evidence, ...]]]] = (
        ("code", (item.evidence for item in coded.codes)),
        ("set-aside", (item.evidence for item in coded.set_aside)),
        ("question", (item.evidence for item in coded.questions)),
        ("alert", (item.evidence for item in coded.alerts)),
    )
    return tuple(
        Mark(evidence.start, evidence.end, f"{group}-{number}", evidence.slot)
        for group, items in groups
        for number, evidences in enumerate(items, start=1)
        for evidence in evidences
        if evidence.start < evidence.end
    )


def segments_of(marks: tuple[Mark, ...]) -> tuple[Segment, ...]:
    """Marks, overlapping as they may, as disjoint segments in the order of the note."""
    edges = sorted(set(chain.from_iterable((mark.start, mark.end) for mark in marks)))
    opening: dict[int, list[int]] = {}
    for number, mark in enumerate(marks):
        opening.setdefault(mark.start, []).append(number)
    segments = []
    running: list[int] = []
    for start, end in pairwise(edges):
        running = sorted([n for n in running if marks[n].end > start] + opening.get(start, []))
        if running:
            segments.append(Segment(start, end, tuple(marks[n] for n in running)))
    return tuple(segments)


def within(segments: Iterable[Segment], start: int, end: int) -> Iterator[Segment]:
    """The parts of segments that lie in a stretch of the note."""
    for segment in segments:
        if segment.start < end and segment.end > start:
            yield Segment(max(segment.start, start), min(segment.end, end), segment.marks)
