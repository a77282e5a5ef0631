"""A store in, one self-contained HTML page with plots out: no network, no script, no word of any note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from nlp_coder.archive.files import refusals, replacing
from nlp_coder.archive.store import Store
from nlp_coder.archive.summary import Summary
from nlp_coder.render.plot import BLUE, ORANGE, canvas, height_of, plain, svg

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
_SAID = "confirm: a rule asks a person to confirm something; review: the model doubts the code."
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
    status = store.rows(_STATUS)
    yield Plot("Certain, or for a person", bars([row[0] for row in status], [row[1] for row in status]), _SAID)
    if confidences := [value for (value,) in store.rows(_CONFIDENCE)]:
        yield Plot("Confidence", _histogram(confidences))


def bars(names: Sequence[str], counts: Sequence[int]) -> str:
    """Counts as horizontal bars, the drawing as SVG text."""
    figure, axes = canvas(height_of(len(names)))
    bars = axes.barh(plain(names), counts, color=BLUE)
    axes.bar_label(bars, [f"{count:,}" for count in counts], padding=3)
    axes.invert_yaxis()
    axes.set_xlim(0, max(counts) * 1.12)
    axes.xaxis.get_major_locator().set_params(integer=True)
    return svg(figure)


def shares(rows: Sequence[tuple[Any, ...]]) -> str:
    """Rows of name, share (0 to 1) and the count it is of, as horizontal bars; the drawing as SVG text."""
    figure, axes = canvas(height_of(len(rows)))
    shares = [100 * row[1] for row in rows]
    bars = axes.barh(plain([row[0] for row in rows]), shares, color=ORANGE)
    axes.bar_label(bars, [f"{share:.0f} % of {row[2]:,}" for share, row in zip(shares, rows, strict=True)], padding=3)
    axes.invert_yaxis()
    axes.set_xlim(0, 125)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel("% of the codes")
    return svg(figure)


def _histogram(values: Sequence[float]) -> str:
    figure, axes = canvas(height_of(8))
    axes.hist(values, bins=20, range=(0, 1), color=BLUE)
    axes.set_xlabel("probability that the code is right, by the model")
    axes.set_ylabel("codes")
    return svg(figure)
