"""Measured figures in, one self-contained HTML page with plots out: no network, no script.

It shows the notes with a code missed or extra whole, so it is to be kept as the notes are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise

from nlp_coder.evaluate.answers import Answered, Confusion
from nlp_coder.evaluate.measured import Measured, Point
from nlp_coder.evaluate.report import Table
from nlp_coder.render.plot import BLUE, GREY, ORANGE, canvas, height_of, plain, svg

MOST = 30
"""How many codes a plot shows."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A heading, a drawing, and how to read it."""

    title: str
    svg: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a note: the numbers of the confusions that begin here, and whether any rests on it."""

    text: str
    anchors: tuple[int, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A note with something missed or extra, in pieces; ``number`` is its place among those shown."""

    number: int
    id: str
    pieces: tuple[Piece, ...]


def as_html(found: Measured, answers: Sequence[Answered], knowledge: str) -> str:
    """The page of a measurement, of the answers it was made of, and the knowledge they rest on."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files("nlp_coder.evaluate").joinpath("page.html.j2").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        found=found,
        plots=list(_plots(found)),
        confusions=list(enumerate(found.confusions)),
        notes=list(shown(found.confusions, answers)),
        program=version("nlp-coder"),
        knowledge=knowledge,
    )


def shown(confusions: Sequence[Confusion], answers: Sequence[Answered]) -> Iterator[Shown]:
    """Each note that has a confusion, in the order of the answers, cut where the words of one begin or end."""
    by_note: dict[str, list[tuple[int, Confusion]]] = {}
    for number, confusion in enumerate(confusions):
        by_note.setdefault(confusion.id, []).append((number, confusion))
    texts = {answer.gold["id"]: answer.gold["text"] for answer in answers}
    for number, (id_, some) in enumerate(by_note.items()):
        yield Shown(number, id_, tuple(_pieces(texts[id_], some)))


def _pieces(text: str, confusions: Sequence[tuple[int, Confusion]]) -> Iterator[Piece]:
    spans = [(start, end, number, c.kind) for number, c in confusions for start, end in c.spans]
    first = {number: min((start for start, _ in c.spans), default=0) for number, c in confusions}
    edges = sorted({0, len(text), *(edge for start, end, *_ in spans for edge in (start, end))})
    for start, end in pairwise(edges):
        anchors = tuple(number for number, begin in first.items() if begin == start)
        kinds = sorted({kind for a, b, _, kind in spans if a < end and start < b})
        yield Piece(text[start:end], anchors, tuple(kinds))


def _plots(found: Measured) -> Iterator[Plot]:
    if found.reliability:
        yield Plot(
            "Reliability", _curve(found.reliability, ("mean confidence", "share right"), diagonal=True),
            "Each point is a tenth of the codes assigned. On the dashed line confidence is what it promises.",
        )  # fmt: skip
        yield Plot(
            "Risk and coverage", _curve(found.risk, ("share of codes let through", "share of them wrong")),
            "The most confident codes first; at the right edge all are let through.",
        )  # fmt: skip
    slices = found.tables["slices"]
    yield Plot("F1 of whole codes by slice", _bars(_column(slices, "full-F1"), {}))
    imperfect = [pair for pair in _column(found.tables["by_code"], "F1") if pair[1] < 1]
    worst = sorted(imperfect, key=lambda pair: (pair[1], pair[0]))[:MOST]
    if worst:
        note = f"The {len(worst)} lowest of {len(found.tables['by_code'].rows)} codes; lines are 95 % intervals."
        yield Plot("F1 by code", _bars(worst, _intervals(found.tables["by_code"])), note)


def _column(table: Table, name: str) -> list[tuple[str, float]]:
    place = table.columns.index(name)
    return [(row[0], float(row[place])) for row in table.rows if row[place] != "-"]


def _intervals(table: Table) -> dict[str, tuple[float, float]]:
    """The interval after F1, by the name of the row."""
    place = table.columns.index("F1") + 1
    cells = [(row[0], row[place].split("-")) for row in table.rows if row[place] != "-"]
    return {name: (float(low), float(high)) for name, (low, high) in cells}


def _bars(pairs: Sequence[tuple[str, float]], intervals: dict[str, tuple[float, float]]) -> str:
    figure, axes = canvas(height_of(len(pairs)))
    axes.barh(range(len(pairs)), [value for _, value in pairs], color=BLUE)
    axes.set_yticks(range(len(pairs)), plain(name for name, _ in pairs))
    for row, (name, value) in enumerate(pairs):
        if name in intervals:
            axes.plot(intervals[name], [row, row], color=ORANGE, linewidth=2)
        axes.text(1.02, row, f"{value:.3f}", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    return svg(figure)


def _curve(points: Sequence[Point], labels: tuple[str, str], *, diagonal: bool = False) -> str:
    figure, axes = canvas(4)
    if diagonal:
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
    axes.plot([x for x, _ in points], [y for _, y in points], color=BLUE, marker="o" if diagonal else "", linewidth=2)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.set_xlim(0, 1.02)
    axes.set_ylim(bottom=0)
    return svg(figure)
