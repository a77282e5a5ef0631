"""What a measurement found: tables, bars kept or missed, and what was wrong, as plain text or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under a title; every row has as many cells as there are columns, the first names it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and what it must reach, or must not pass if ``most`` is True; None: there was nothing to measure."""

    what: str
    value: float | None
    bar: float
    most: bool = False

    @property
    def kept(self) -> bool:
        """Whether the figure is on the right side of its bar; the bar itself is."""
        if self.value is None:
            return False
        return self.value <= self.bar if self.most else self.value >= self.bar


@dataclass(frozen=True, slots=True)
class Report:
    """One measurement: its tables, its bars, and a line for each thing that is wrong."""

    tables: tuple[Table, ...]
    bars: tuple[Bar, ...]
    wrong: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether every bar is kept."""
        return all(bar.kept for bar in self.bars)


def share(part: int, whole: int) -> float | None:
    """A part of a whole, None if there is no whole."""
    return part / whole if whole else None


def prf(right: int, extra: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 1.0 where nothing was to be found and nothing was."""
    precision = right / (right + extra) if right + extra else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def figure(value: float | None) -> str:
    """A share to three places, a count as it is, a dash for nothing."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def plain(table: Table) -> str:
    """The table for a terminal: its title, then columns in line, the first flush left, the others right."""
    lines = [table.columns, *table.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.columns))]
    laid = [_laid(line, widths) for line in lines]
    return "\n".join([table.title, *laid])


def _laid(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    return "  ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]).rstrip()


def markdown(table: Table) -> str:
    """The table as Markdown, its title a sentence above it."""
    rule = ["---", *["---:"] * (len(table.columns) - 1)]
    lines = [table.columns, rule, *([cell.replace("|", "\\|") for cell in row] for row in table.rows)]
    return "\n".join([f"{table.title}:", "", *(f"| {' | '.join(line)} |" for line in lines)])


def said(bar: Bar) -> str:
    """A bar in a line: the figure, what it had to be, whether it was."""
    sign = "at most" if bar.most else "at least"
    verdict = "kept" if bar.kept else "MISSED"
    return f"{bar.what} {figure(bar.value)}, {sign} {bar.bar:g}: {verdict}"
