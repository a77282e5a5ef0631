"""Labelled elements of notes and those found in, precision and recall of each out; spans count, not status alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp_coder.evaluate.report import Bar, Table, figure, prf

BAR = 0.92
Found = tuple[str, tuple[int, int] | None]
"""A status (found, denied, absent) and the offsets of the first quotation."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One element of one note: what was labelled (status, quotes), what was found, and whether it is the same."""

    note: str
    element: str
    wanted: str
    got: str
    right: bool


def labels(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, tuple[str, tuple[str, ...]]]]:
    """Rows of elements.csv → note id → element → status and quotes; elements without a row are absent."""
    found: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for row in rows:
        found.setdefault(row["id"], {})[row["element"]] = (row["status"], tuple(row["quotes"].split(" | ")))
    return found


def scored(
    note: str, text: str, wanted: Mapping[str, tuple[str, tuple[str, ...]]], got: Mapping[str, Found]
) -> list[Scored]:
    """Each element of a note. It is right when the status is, and the first quotation overlaps a labelled one."""
    made = []
    for element, (status, span) in got.items():
        label, quotes = wanted.get(element, ("absent", ()))
        same = status == label and (status == "absent" or (span is not None and _overlaps(text, quotes, span)))
        made.append(Scored(note, element, label, status, same))
    return made


def _overlaps(text: str, quotes: Iterable[str], span: tuple[int, int]) -> bool:
    folded = text.lower()
    for quote in quotes:
        at = folded.find(quote.lower())
        while at >= 0:
            if at < span[1] and span[0] < at + len(quote):
                return True
            at = folded.find(quote.lower(), at + 1)
    return False


def _counts(rows: Sequence[Scored]) -> tuple[int, int, int]:
    right = sum(r.right and r.wanted != "absent" for r in rows)
    extra = sum(not r.right and r.got != "absent" for r in rows)
    missed = sum(not r.right and r.wanted != "absent" for r in rows)
    return right, extra, missed


def table(rows: Sequence[Scored]) -> Table:
    """Every element in its order, then all together."""
    names = (*dict.fromkeys(r.element for r in rows), "all")
    lines = []
    for name in names:
        right, extra, missed = _counts([r for r in rows if name in (r.element, "all")])
        lines.append((name, figure(right + missed), *map(figure, prf(right, extra, missed))))
    number = len({r.note for r in rows})
    return Table(f"Elements of {number} notes, with spans", ("element", "labelled", "P", "R", "F1"), tuple(lines))


def bars(rows: Sequence[Scored]) -> tuple[Bar, ...]:
    """F1 over all elements of all notes."""
    return (Bar("F1", prf(*_counts(rows))[2], BAR),)


def faults(rows: Iterable[Scored]) -> tuple[str, ...]:
    """A line for each element read wrong."""
    return tuple(f"{r.note}  {r.element}: {r.wanted}, read as {r.got}" for r in rows if not r.right)
