"""Findings of a report's studies → (level, what) as the readers label them, and how the two compare."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from nlp_coder.evaluate.report import Table, figure, prf
from nlp_coder.types import NOT_STATED, Context, Finding

Labels = frozenset[tuple[str, str]]
"""Findings as (level, what); the level is empty if the report names none."""

_WHAT = {"disc height loss": "disc degeneration", "stenosis": "canal stenosis"}
_UNLABELLED = {"edema"}
"""What the readers' list does not have."""
_MODIC = re.compile(
    r"\bmod[a-z]{0,2}c\b(?:[ \t,]*(?:changes?[ \t,]*)?types?[ \t]*(?P<type>I{1,3}|[1-3])\b)?"
    r"|\btype[ \t]+(?P<bare>I{1,3}|[1-3])[ \t]+end[ -]?plate\b",
    re.IGNORECASE,
)
"""Modic changes by name, misspelt too, or by their type alone."""


def labelled(findings: Iterable[Finding]) -> Labels:
    """What is stated as present, in the readers' words; hedged and denied findings fall."""
    present = [f for f in findings if f.context is Context.PRESENT and f.what not in _UNLABELLED]
    return frozenset(("" if f.level == NOT_STATED else f.level, _named(f)) for f in present)


def _named(finding: Finding) -> str:
    if finding.what == "disc displacement" and finding.type != NOT_STATED:
        return f"disc {finding.type}"
    return _WHAT.get(finding.what, finding.what)


def modic_mentions(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where a report speaks of Modic changes and what they are: ``modic`` or, with their type, ``modic 2``."""
    found = []
    for match in _MODIC.finditer(text):
        written = (match["type"] or match["bare"] or "").upper()
        kind = str(len(written)) if written.startswith("I") else written
        found.append((match.start(), match.end(), f"modic {kind}".rstrip()))
    return tuple(found)


def modic_missed(text: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The mentions of Modic changes that no finding of that type quotes, in the report's words."""
    spans = [(e.start, e.end, f.what) for f in findings for e in f.evidence]
    return tuple(
        text[start:end]
        for start, end, what in modic_mentions(text)
        if not any(what == name and begin < end and start < stop for begin, stop, name in spans)
    )


def table(pairs: Sequence[tuple[Labels, Labels]]) -> tuple[Table, float]:
    """(wanted, got) of each report → precision, recall and F1 by kind of finding and over all, and that F1."""
    right, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    for wanted, got in pairs:
        right.update(what for _, what in wanted & got)
        extra.update(what for _, what in got - wanted)
        missed.update(what for _, what in wanted - got)
    kinds = sorted(set(right) | set(extra) | set(missed))
    counts = [(kind, right[kind], extra[kind], missed[kind]) for kind in kinds]
    over_all = (right.total(), extra.total(), missed.total())
    rows = [
        (name, figure(hits + lost), *map(figure, prf(hits, more, lost)), figure(more), figure(lost))
        for name, hits, more, lost in [("all", *over_all), *counts]
    ]
    columns = ("finding", "labelled", "P", "R", "F1", "extra", "missed")
    return Table(f"Level and finding, {len(pairs)} lumbar MRI reports", columns, tuple(rows)), prf(*over_all)[2]
