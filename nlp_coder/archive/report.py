"""A store in, one self-contained HTML page with plots out: no network, no script, no word of any note."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp_coder.archive.files import refusals, replacing
from nlp_coder.archive.store import Store
from nlp_coder.archive.summary import Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 20
"""How many codes, months or providers a plot shows."""

_CODES = """
SELECT code, any_value(title), count(*) AS many, count(*) FILTER (status <> 'certain')
FROM codes GROUP BY code ORDER BY many DESC, code
"""
_BY_MONTH = """
SELECT strftime(n.date_of_service, '%Y-%m') AS month, avg(c.unspecified::INTEGER), count(*)
FROM codes c JOIN notes n ON n.number = c.number WHERE n.date_of_service IS NOT NULL
GROUP BY month ORDER BY month DESC LIMIT 24
"""
_BY_PROVIDER = """
SELECT n.provider, avg(c.unspecified::INTEGER), count(*) AS many
FROM codes c JOIN notes n ON n.number = c.number WHERE n.provider IS NOT NULL
GROUP BY n.provider ORDER BY many DESC, n.provider LIMIT 20
"""
_STATUS = "SELECT status, count(*) FROM codes GROUP BY status ORDER BY status"
_CONFIDENCE = "SELECT confidence FROM codes WHERE confidence IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Plot:
    """A heading, a drawing, and what there is to say of it."""

    title: str
    svg: str
    note: str = ""


def write_report(store: Store, summary: Summary, out: Path) -> None:
    """Write the page, readable by its owner only."""
    with refusals(), replacing(out) as stream:
        stream.write(as_html(store, summary).encode())


def as_html(store: Store, summary: Summary) -> str:
    """The page of all that the store holds."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files("nlp_coder.archive").joinpath("report.html.j2").read_text(encoding="utf-8")
    codes = store.rows(_CODES)
    return environment.from_string(template).render(
        summary=summary,
        figures=_figures(summary),
        plots=list(_plots(store, codes)),
        codes=codes,
        run=store.last_run() or {"program": "", "knowledge": "", "release": ""},
    )


def _figures(summary: Summary) -> list[tuple[str, str]]:
    return [
        ("notes with a code", f"{summary.coded:,}"),
        ("codes", f"{summary.assigned:,}"),
        ("unspecified codes", f"{summary.unspecified_share:.1%}"),
        ("notes with a question", f"{summary.questioned:,}"),
        ("failures", f"{summary.failed:,}"),
        ("notes a second", f"{summary.rate:,.0f}"),
    ]


def _plots(store: Store, codes: Sequence[tuple[Any, ...]]) -> Iterator[Plot]:
    if not codes:
        return
    rest = f"The {MOST} most frequent of {len(codes)}." if len(codes) > MOST else ""
    yield Plot("Codes by count", bars([row[0] for row in codes[:MOST]], [row[2] for row in codes[:MOST]]), rest)
    months = store.rows(_BY_MONTH)[::-1]
    if months:
        yield Plot("Unspecified share by month", shares(months), "Of the codes assigned; the last 24 months.")
    providers = store.rows(_BY_PROVIDER)
    if providers:
        yield Plot("Unspecified share by provider", shares(providers), "The 20 providers with the most codes.")
    confidences = [value for (value,) in store.rows(_CONFIDENCE)]
    if confidences:
        yield Plot("Confidence", _histogram(confidences))
    else:
        status = store.rows(_STATUS)
        yield Plot("Certain, or for a person to confirm", bars([row[0] for row in status], [row[1] for row in status]))


def bars(names: Sequence[str], counts: Sequence[int]) -> str:
    """Counts as horizontal bars, the drawing as SVG text."""
    figure, axes = _canvas(len(names))
    bars = axes.barh(_plain(names), counts, color="#3b6ea8")
    axes.bar_label(bars, [f"{count:,}" for count in counts], padding=3)
    axes.invert_yaxis()
    axes.set_xlim(0, max(counts) * 1.12)
    axes.xaxis.get_major_locator().set_params(integer=True)
    return _svg(figure)


def shares(rows: Sequence[tuple[Any, ...]]) -> str:
    """Rows of name, share (0 to 1) and the count it is of, as horizontal bars; the drawing as SVG text."""
    figure, axes = _canvas(len(rows))
    shares = [100 * row[1] for row in rows]
    bars = axes.barh(_plain([row[0] for row in rows]), shares, color="#b8722c")
    axes.bar_label(bars, [f"{share:.0f} % of {row[2]:,}" for share, row in zip(shares, rows, strict=True)], padding=3)
    axes.invert_yaxis()
    axes.set_xlim(0, 125)
    axes.set_xticks([0, 25, 50, 75, 100])
    return _svg(figure)


def _histogram(values: Sequence[float]) -> str:
    figure, axes = _canvas(8)
    axes.hist(values, bins=20, range=(0, 1), color="#3b6ea8")
    return _svg(figure)


def _plain(names: Sequence[str]) -> list[str]:
    """Names as they are drawn: not as mathematics, and not longer than the margin."""
    return [name[:40].replace("$", r"\$") for name in names]


def _canvas(rows: int) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.8 + 0.32 * rows), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> str:
    """The drawing alone, without date or outside reference, the same bytes each time."""
    from matplotlib import rc_context

    stream = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with rc_context({"svg.hashsalt": "nlp-coder", "svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata=nothing)
    drawing = stream.getvalue()
    return drawing[drawing.index("<svg") :]
