"""Words cited by the program and by the readers → how well the one meets the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp_coder.evaluate.report import Table, figure, prf, share

Place = tuple[int, int]
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """One right code: is a citation just a quote, do any overlap; tokens in both, cited only, quoted only."""

    exact: bool
    overlap: bool
    right: int
    extra: int
    missed: int


def places(text: str, quote: str) -> list[Place]:
    """Where a quote stands in a text, also where it overlaps itself."""
    found, start = [], text.find(quote)
    while start >= 0:
        found.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    return found


def compared(text: str, cited: Sequence[Place], quotes: Iterable[str]) -> Quoted:
    """A note, what the program cites and what the readers quote for the same code → how they compare.

    A quote that stands at several places counts where the program cites it, else where it stands first.
    """
    wanted: list[Place] = []
    for quote in quotes:
        found = places(text, quote)
        wanted += [place for place in found if _meets(place, cited)] or found[:1]
    mine, theirs = tokens(text, cited), tokens(text, wanted)
    return Quoted(
        exact=bool(set(cited) & set(wanted)),
        overlap=any(_meets(place, cited) for place in wanted),
        right=len(mine & theirs),
        extra=len(mine - theirs),
        missed=len(theirs - mine),
    )


def _meets(place: Place, spans: Iterable[Place]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in spans)


def tokens(text: str, spans: Iterable[Place]) -> set[int]:
    """Where the words begin that lie in the spans, whole or in part."""
    return {match.start() for match in _TOKEN.finditer(text) for a, b in spans if match.start() < b and a < match.end()}


def table(parts: Mapping[str, Sequence[Quoted]]) -> Table:
    """Right codes, all and by slot → shares with an exact and an overlapping citation; token precision, recall, F1."""
    columns = ("evidence", "right codes", "exact", "overlap", "token P", "token R", "token F1")
    return Table("Evidence of codes that are right", columns, tuple(_row(name, found) for name, found in parts.items()))


def _row(name: str, found: Sequence[Quoted]) -> tuple[str, ...]:
    scores = prf(sum(q.right for q in found), sum(q.extra for q in found), sum(q.missed for q in found))
    shares = (share(sum(q.exact for q in found), len(found)), share(sum(q.overlap for q in found), len(found)))
    return (name, figure(len(found)), *map(figure, shares), *map(figure, scores if found else (None,) * 3))
