"""Plots: a height in, an empty figure out; a figure in, SVG text to set into a page out.

matplotlib is loaded when the first plot is drawn, not before.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY = "#3b6ea8", "#b8722c", "#8b949e"
_LONGEST = 40
"""Code points: a longer name would fill the drawing."""


def canvas(height: float) -> tuple[Figure, Any]:
    """A figure of eight inches by ``height`` inches, and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def height_of(rows: int) -> float:
    """Inches for so many horizontal bars."""
    return 0.8 + 0.32 * rows


def plain(names: Iterable[str]) -> list[str]:
    """Names as they are drawn: not as mathematics, and not longer than the margin."""
    return [name[:_LONGEST].replace("$", r"\$") for name in names]


def svg(figure: Figure) -> str:
    """The drawing alone, without date or outside reference, the same bytes each time."""
    from matplotlib import rc_context

    stream = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with rc_context({"svg.hashsalt": "nlp-coder", "svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata=nothing)
    drawing = stream.getvalue()
    return drawing[drawing.index("<svg") :]
