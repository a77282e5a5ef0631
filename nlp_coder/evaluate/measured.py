"""Answers to gold notes → every figure of the report: codes, slices, contexts, evidence, traps, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nlp_coder.evaluate import answers as ask
from nlp_coder.evaluate import assertions, gold, quoted
from nlp_coder.evaluate.answers import Answered, Confusion, Weighed
from nlp_coder.evaluate.bootstrap import Draws
from nlp_coder.evaluate.candidates import aurc, brier, ece, upper_limit
from nlp_coder.evaluate.gold import Comparison, Scored
from nlp_coder.evaluate.report import Table, figure, plain, prf, share

BINS = 10
"""Of the reliability plot; each holds as many codes."""
STEPS = 10
FEWEST = 5
"""Notes: of fewer an interval would only look like knowledge."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """Tables by name, confusions, the reliability and risk-coverage curves, and what a reader must know.

    ``reliability`` is (mean confidence, share right) of each bin, ``risk`` (coverage, share wrong) from the most
    confident code on; both empty where the program has no model.
    """

    notes: int
    tables: Mapping[str, Table]
    confusions: tuple[Confusion, ...]
    reliability: tuple[Point, ...]
    risk: tuple[Point, ...]
    notices: tuple[str, ...]


def measured(answers: Sequence[Answered]) -> Measured:
    """Answers to gold notes, at least one → everything that can be measured on them."""
    scored = [answer.scored() for answer in answers]
    codes = ask.weighed(answers)
    draws = Draws(len(answers))
    views = {"rules alone": scored}
    decided = any(c.outcome for answer in answers for c in answer.coded.codes)
    if decided:
        views["rules and model: outcome code"] = [answer.scored(sure=True) for answer in answers]
    tables = {
        "codes": _whole(views, draws),
        "slices": gold.table(scored),
        "by_code": _by_code(scored, draws),
        "evidence": quoted.table(ask.evidence(answers)),
        "traps": _traps(answers),
    }
    if any(answer.gold.get("mentions") for answer in answers):
        tables["contexts"] = assertions.by_context(ask.contexts(answers))
    if decided:
        tables["outcomes"] = _outcomes(answers)
    if codes:
        tables |= {"calibration": _calibration(codes), "risk": _risk(codes)}
    without = sorted({n for a in answers for n in a.coded.notices if n.startswith("The rules decide alone")})
    return Measured(
        len(answers), tables, ask.confusions(answers), reliability(codes), risk_coverage(codes), tuple(without)
    )


def _whole(views: Mapping[str, Sequence[Scored]], draws: Draws) -> Table:
    rows = []
    for name, scored in views.items():
        exact = dict(enumerate((int(n.full.exact), 1) for n in scored))
        counts = dict(enumerate(map(_counts, (n.full for n in scored))))
        cells = [figure(sum(n.full.exact for n in scored) / len(scored)), _interval(draws, exact, share)]
        rows.append((name, figure(len(scored)), *cells, *_prf(counts, draws)))
    columns = ("codes", "notes", "exact", "95 %", "P", "95 %", "R", "95 %", "F1", "95 %")
    return Table("Whole codes, arguable ones neither right nor wrong", columns, tuple(rows))


def _by_code(scored: Sequence[Scored], draws: Draws) -> Table:
    """Each code that is wanted or assigned; its notes alone are counted, the draws are of all."""
    codes = sorted({code for n in scored for code in n.full.right | n.full.extra | n.full.missed})
    rows = []
    for code in codes:
        one = {number: _counts(n.full, code) for number, n in enumerate(scored)}
        counts = {number: found for number, found in one.items() if any(found)}
        right, extra, missed = map(sum, zip(*counts.values(), strict=True))
        rows.append((code, *map(figure, (right + missed, extra, missed)), *_prf(counts, draws)))
    columns = ("code", "wanted", "extra", "missed", "P", "95 %", "R", "95 %", "F1", "95 %")
    return Table("By code", columns, tuple(rows))


def _counts(found: Comparison, code: str | None = None) -> tuple[int, int, int]:
    """Right, extra, missed: of all codes, or of one."""
    parts = (found.right, found.extra, found.missed)
    return tuple(len(part) if code is None else int(code in part) for part in parts)  # type: ignore[return-value]  # three


def _prf(counts: Mapping[int, tuple[int, ...]], draws: Draws) -> tuple[str, ...]:
    """Precision, recall and F1, each with its interval; a dash where there is nothing to say."""
    sums = tuple(map(sum, zip(*counts.values(), strict=True))) if counts else (0, 0, 0)
    cells = []
    for which in (_precision, _recall, _f1):
        value = which(*sums)
        few = value is None or len(counts) < FEWEST
        cells += [figure(value), "-" if few else _interval(draws, counts, which)]
    return tuple(cells)


def _precision(right: int, extra: int, _: int) -> float | None:
    return share(right, right + extra)


def _recall(right: int, _: int, missed: int) -> float | None:
    return share(right, right + missed)


def _f1(right: int, extra: int, missed: int) -> float | None:
    return prf(right, extra, missed)[2] if right + extra + missed else None


def _interval(draws: Draws, counts: Mapping[int, tuple[int, ...]], which: Callable[..., float | None]) -> str:
    low, high = draws.interval(counts, which)
    return f"{low:.3f}-{high:.3f}"


def _traps(answers: Sequence[Answered]) -> Table:
    """Codes that the readers turned down: how often they tempt, how often the program falls for them."""
    tempting, fallen = Counter[str](), Counter[str]()
    for answer in answers:
        given = {c["code"] for c in answer.gold["codes"]}
        got = {c.code for c in answer.coded.codes}
        traps = {t["code"] for t in answer.gold.get("turned_down", ())} - given
        tempting.update(traps)
        fallen.update(traps & got)
    rows = [("all", tempting.total(), fallen.total()), *((c, tempting[c], n) for c, n in sorted(fallen.items()))]
    cells = tuple((name, figure(of), figure(n), figure(share(of - n, of))) for name, of, n in rows)
    return Table("Codes turned down by the readers", ("code", "tempts", "assigned", "resisted"), cells)


def _outcomes(answers: Sequence[Answered]) -> Table:
    """By slice: the codes let through without a person, those of them wrong, the notes that need no person."""
    slices = sorted({a.gold.get("slice", "?") for a in answers})
    parts = [("all", list(answers)), *((s, [a for a in answers if a.gold.get("slice", "?") == s]) for s in slices)]
    rows = []
    for name, part in parts:
        through = [w for w in ask.weighed(part) if w.through]
        wrong = sum(not w.right for w in through)
        limit = upper_limit(wrong, len(through)) if through else None
        figures = (len(through), wrong, share(wrong, len(through)), limit, share(ask.fully_decided(part), len(part)))
        rows.append((name, figure(len(part)), *map(figure, figures)))
    columns = ("slice", "notes", "codes", "wrong", "share", "upper 95 %", "fully decided")
    return Table("Codes of outcome code", columns, tuple(rows))


def _calibration(codes: Sequence[Weighed]) -> Table:
    guess, right = [w.confidence for w in codes], [w.right for w in codes]
    constant = [sum(right) / len(right)] * len(right)
    rows = [
        (name, figure(len(right)), figure(ece(g, right)), figure(brier(g, right)), figure(aurc(g, right)))
        for name, g in (("model", guess), ("constant", constant))
    ]
    return Table("Calibration of the codes assigned", ("confidence", "codes", "ECE", "Brier", "AURC"), tuple(rows))


def _risk(codes: Sequence[Weighed]) -> Table:
    ranked = sorted(codes, key=lambda w: -w.confidence)
    rows = []
    for step in range(1, STEPS + 1):
        some = ranked[: max(1, len(ranked) * step // STEPS)]
        wrong = sum(not w.right for w in some)
        rows.append((f"{step / STEPS:.0%}", *map(figure, (len(some), some[-1].confidence, wrong, wrong / len(some)))))
    columns = ("coverage", "codes", "least confidence", "wrong", "share wrong")
    return Table("Risk and coverage, the most confident codes first", columns, tuple(rows))


def reliability(codes: Sequence[Weighed], bins: int = BINS) -> tuple[Point, ...]:
    """Codes in bins of equal mass → (mean confidence, share right) of each."""
    ranked = sorted(codes, key=lambda w: w.confidence)
    edges = [len(ranked) * number // bins for number in range(bins + 1)]
    parts = [ranked[a:b] for a, b in pairwise(edges) if a < b]
    return tuple((sum(w.confidence for w in p) / len(p), sum(w.right for w in p) / len(p)) for p in parts)


def risk_coverage(codes: Sequence[Weighed]) -> tuple[Point, ...]:
    """Codes → (coverage, share wrong) at each confidence, from the most confident on; equal ones come together."""
    ranked = sorted(codes, key=lambda w: -w.confidence)
    points, wrong = [], 0
    for number, code in enumerate(ranked, 1):
        wrong += not code.right
        if number == len(ranked) or ranked[number].confidence < code.confidence:
            points.append((number / len(ranked), wrong / number))
    return tuple(points)


def as_text(found: Measured) -> str:
    """The tables, then a line for each code missed or extra, with the words it rests on."""
    lines = [f"{c.id}  {c.kind} {c.code}  {'; '.join(' '.join(w.split()) for w in c.words)}" for c in found.confusions]
    parts = [*found.notices, *map(plain, found.tables.values()), "\n".join(["Missed and extra", *lines])]
    return "\n\n".join(parts) + "\n"


def as_dict(found: Measured) -> dict[str, Any]:
    """All figures as numbers, null where nothing was to be measured; the same names as in the tables."""
    return {
        "notes": found.notes,
        "notices": list(found.notices),
        "tables": {name: records(table) for name, table in found.tables.items()},
        "reliability": [list(point) for point in found.reliability],
        "risk_coverage": [list(point) for point in found.risk],
        "confusions": [
            {"id": c.id, "slice": c.slice, "kind": c.kind, "code": c.code, "words": list(c.words), "said": c.said}
            for c in found.confusions
        ],
    }


def records(table: Table) -> list[dict[str, Any]]:
    """The rows of a table by column; an interval stands as ``F1 95 %``: [low, high]."""
    found = []
    for row in table.rows:
        record: dict[str, Any] = {table.columns[0]: row[0]}
        for before, column, cell in zip(table.columns, table.columns[1:], row[1:], strict=False):
            if column == "95 %":
                record[f"{before} 95 %"] = None if cell == "-" else [float(edge) for edge in cell.split("-")]
            else:
                record[column] = None if cell == "-" else int(cell) if cell.isdigit() else float(cell)
        found.append(record)
    return found
