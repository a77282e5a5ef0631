"""Two readings of the same notes, made apart → how far they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_coder.evaluate.report import Bar, Report, Table, figure, share

NO = "no"
"""What a reader says of a code that he does not give."""
BARS = {"kappa": 0.9, "same sure codes": 0.95}
Pair = tuple[Mapping[str, str], Mapping[str, str]]
"""The codes of the first and of the second reader, each with its certainty."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A code of which two readers say different things: sure, arguable or no."""

    id: str
    code: str
    first: str
    second: str


def pairs(notes: Iterable[Mapping[str, Any]], readings: Iterable[Mapping[str, Any]]) -> dict[str, Pair]:
    """Annotated notes and second readings (id and codes) → both readings of each note that was read twice."""
    first = {note["id"]: _said(note) for note in notes}
    return {reading["id"]: (first[reading["id"]], _said(reading)) for reading in readings}


def as_first_said(read: Mapping[str, Pair], said: Iterable[Difference]) -> dict[str, Pair]:
    """Both readings by note, the first with what it said of these codes before its label was corrected."""
    found = {id_: (dict(first), second) for id_, (first, second) in read.items()}
    for one in said:
        if one.id in found:
            found[one.id][0].pop(one.code, None)
            if one.first != NO:
                found[one.id][0][one.code] = one.first
    return dict(found)


def _said(reading: Mapping[str, Any]) -> dict[str, str]:
    return {c["code"]: c["certainty"] for c in reading["codes"]}


def differences(read: Mapping[str, Pair]) -> tuple[Difference, ...]:
    """Both readings by note → every code on which they differ, also in how sure they are."""
    return tuple(
        Difference(id_, code, first.get(code, NO), second.get(code, NO))
        for id_, (first, second) in read.items()
        for code in sorted({*first, *second})
        if first.get(code) != second.get(code)
    )


def kappa(both: int, first: int, second: int, neither: int) -> float | None:
    """Cohen's kappa of yes-or-no decisions: both said yes, only one did, neither; None where chance explains all."""
    total = both + first + second + neither
    if not total:
        return None
    seen = (both + neither) / total
    chance = ((both + first) * (both + second) + (second + neither) * (first + neither)) / total**2
    return (seen - chance) / (1 - chance) if chance < 1 else None


def counts(read: Sequence[Pair], codes: Iterable[str]) -> tuple[int, int, int, int]:
    """Both, first only, second only, neither: is this code sure for this note, asked of every note and code."""
    found = [0, 0, 0, 0]
    for code in codes:
        for first, second in read:
            found[2 * (first.get(code) != "sure") + (second.get(code) != "sure")] += 1
    return found[0], found[1], found[2], found[3]


def table(read: Mapping[str, Pair]) -> Table:
    """Both readings by note → decisions and kappa over all codes that either reader gave, and by category."""
    given = sorted({code for pair in read.values() for reading in pair for code in reading})
    categories = sorted({code[:3] for code in given})
    parts = [("all", given), *((name, [code for code in given if code.startswith(name)]) for name in categories)]
    rows = []
    for name, codes in parts:
        both, first, second, neither = counts(list(read.values()), codes)
        decisions = map(figure, (len(codes), both, first, second, neither))
        rows.append((name, *decisions, figure(kappa(both, first, second, neither))))
    title = f"Is a code sure: two readers, {len(read)} notes"
    return Table(title, ("category", "codes", "both", "first only", "second only", "neither", "kappa"), tuple(rows))


def report(read: Mapping[str, Pair], resolved: Mapping[tuple[str, str], str]) -> Report:
    """Both readings, and by (id, code) how a difference was resolved → agreement; a line for each difference."""
    found = differences(read)
    given = {code for pair in read.values() for reading in pair for code in reading}
    exact = sum(_sure(first) == _sure(second) for first, second in read.values())
    said = Table(
        "Sets of sure codes", ("notes", "read twice", "same set", "share"),
        (("all", str(len(read)), str(exact), figure(share(exact, len(read)))),),
    )  # fmt: skip
    bars = (
        Bar("kappa", kappa(*counts(list(read.values()), given)), BARS["kappa"]),
        Bar("same sure codes", share(exact, len(read)), BARS["same sure codes"]),
        Bar("differences not resolved in writing", sum((d.id, d.code) not in resolved for d in found), 0, most=True),
    )
    lines = (f"{d.id}  {d.code}  {d.first} / {d.second}  {resolved.get((d.id, d.code), 'open')}" for d in found)
    return Report((said, table(read)), bars, tuple(lines))


def _sure(reading: Mapping[str, str]) -> set[str]:
    return {code for code, certainty in reading.items() if certainty == "sure"}
