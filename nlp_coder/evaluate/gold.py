"""Gold notes and the codes the program gave them → the figures, by slice and over all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_coder.evaluate.quoted import places
from nlp_coder.evaluate.report import Bar, Table, figure, prf, share

Coded = Sequence[tuple[str, Sequence[tuple[int, int]]]]
"""Each code assigned, with the (start, end) of every span it cites."""

_SCOPE = re.compile(
    r"M4[3578]|M46\.1|M5[0134]|M60|M62\.83|M62\.85|M79\.18|M96\.1|M99\.[067]|G57\.0|G89|F45\.4|O26\.89|O99\.89"
    r"|S13\.[49]|S16\.1|S23\.3|S29\.012|S33\.[569]|S39\.(?:012|92)"
)
_UNLISTED = re.compile(r"M60|M99\.[67]|S39\.92")
"""Right by the index, but the readers' brief does not name them: never counted as extra."""
_LONGEST = 160
"""Characters: a longer citation points at nothing in particular."""
BARS = {
    "exact": 0.93, "exact+": 0.84, "F1": 0.90, "all-exact": 0.70, "all-F1": 0.82, "full-F1": 0.75,
    "evidence": 0.97, "traps": 0.97,
}  # fmt: skip
COLUMNS = ("notes", "exact", "exact+", "P", "R", "F1", "all-exact", "all-F1", "full-F1", "evidence", "traps")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Codes that are right, extra or missed; arguable ones are in none of the three."""

    right: frozenset[str]
    extra: frozenset[str]
    missed: frozenset[str]

    @property
    def exact(self) -> bool:
        """Whether nothing is extra and nothing missed."""
        return not (self.extra or self.missed)


@dataclass(frozen=True, slots=True)
class Scored:
    """One note: its M54 codes, all its codes at the subcategory, all its codes whole; (hits, of) evidence and traps."""

    id: str
    slice: str
    has_m54: bool
    m54: Comparison
    families: Comparison
    full: Comparison
    evidence: tuple[int, int]
    traps: tuple[int, int]


def in_scope(code: str) -> bool:
    """Is it a code of the spine families that gold notes are labelled for?"""
    return _SCOPE.match(code) is not None


def compare(sure: Iterable[str], arguable: Iterable[str], got: Iterable[str]) -> Comparison:
    """What must be, what may be, and what is → what is right, extra and missed."""
    sure, arguable, got = set(sure), set(arguable), set(got)
    return Comparison(frozenset(got & sure), frozenset(got - sure - arguable), frozenset(sure - got))


def family(code: str) -> str:
    """The code as families are compared: M54 and G89 whole, the others at the subcategory (``M51.3``)."""
    return code if code.startswith(("M54", "G89")) else code[:5]


def scored(note: Mapping[str, Any], coded: Coded) -> Scored:
    """A gold note (id, slice, text, codes, turned_down) and the codes it got → how they compare."""
    sure = {c["code"] for c in note["codes"] if c["certainty"] == "sure"}
    arguable = {c["code"] for c in note["codes"] if c["certainty"] != "sure"}
    got = {code for code, _ in coded if code in sure or (_SCOPE.match(code) and not _UNLISTED.match(code))}
    m54 = compare(*({code for code in codes if code.startswith("M54")} for codes in (sure, arguable, got)))
    quoted = m54.right & {c["code"] for c in note["codes"] if "evidence" in c}
    tempting = [t["code"] for t in note.get("turned_down", []) if t["code"] not in sure | arguable]
    return Scored(
        id=note["id"],
        slice=note.get("slice", "?"),
        has_m54=any(code.startswith("M54") for code in sure),
        m54=m54,
        families=compare(*(map(family, codes) for codes in (sure, arguable, got))),
        full=compare(sure, arguable, got),
        evidence=(sum(_cited(note, code, dict(coded)[code]) for code in quoted), len(quoted)),
        traps=(sum(code not in got for code in tempting), len(tempting)),
    )


def _cited(note: Mapping[str, Any], code: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Does a span of the code, short enough, overlap a quote that the readers gave for it?"""
    quotes = [quote for c in note["codes"] if c["code"] == code for quote in c["evidence"]]
    wanted = [place for quote in quotes for place in places(note["text"], quote)]
    short = [(start, end) for start, end in spans if end - start <= _LONGEST]
    return any(start < stop and begin < end for start, end in short for begin, stop in wanted)


def figures(notes: Sequence[Scored]) -> dict[str, float | None]:
    """Scored notes → the figures by the names of ``COLUMNS``; None where nothing was to be measured."""
    with_m54 = [n for n in notes if n.has_m54]
    precision, recall, f1 = _micro([n.m54 for n in notes])
    return {
        "notes": len(notes),
        "exact": share(sum(n.m54.exact for n in notes), len(notes)),
        "exact+": share(sum(n.m54.exact for n in with_m54), len(with_m54)),
        "P": precision,
        "R": recall,
        "F1": f1,
        "all-exact": share(sum(n.families.exact for n in notes), len(notes)),
        "all-F1": _micro([n.families for n in notes])[2],
        "full-F1": _micro([n.full for n in notes])[2],
        "evidence": share(sum(n.evidence[0] for n in notes), sum(n.evidence[1] for n in notes)),
        "traps": share(sum(n.traps[0] for n in notes), sum(n.traps[1] for n in notes)),
    }


def _micro(comparisons: Sequence[Comparison]) -> tuple[float, float, float]:
    right, extra, missed = (sum(len(getattr(c, part)) for c in comparisons) for part in ("right", "extra", "missed"))
    return prf(right, extra, missed)


def table(notes: Sequence[Scored]) -> Table:
    """Scored notes → a row over all, then one for each slice."""
    slices = sorted({n.slice for n in notes})
    parts = [("all", list(notes)), *((name, [n for n in notes if n.slice == name]) for name in slices)]
    rows = [(name, *(figure(figures(part)[column]) for column in COLUMNS)) for name, part in parts]
    return Table("Codes of gold notes", ("slice", *COLUMNS), tuple(rows))


def bars(notes: Sequence[Scored]) -> tuple[Bar, ...]:
    """Scored notes → the figures over all that have a bar."""
    over_all = figures(notes)
    return tuple(Bar(name, over_all[name], bar) for name, bar in BARS.items())


def faults(notes: Iterable[Scored], coded: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[str, ...]:
    """Scored notes, and the words quoted for each code by note id → a line for each code extra or missed."""
    lines = []
    for note in notes:
        for kind, codes in (("extra", note.full.extra), ("missed", note.full.missed)):
            for code in sorted(codes):
                words = "; ".join(dict.fromkeys(coded[note.id].get(code, ())))
                lines.append(f"{note.id}  {kind} {code}  {words}".rstrip())
    return tuple(lines)
