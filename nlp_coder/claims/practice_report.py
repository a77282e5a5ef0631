"""An audit in, one self-contained HTML page with plots out: no network, no script."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path

from nlp_coder.archive.files import refusals, replacing
from nlp_coder.archive.report import Plot, bars, shares
from nlp_coder.claims.practice import CHECKS, Audit

MOST = 500
"""Rows of the worklist on the page; JSON has all."""
_PROVIDERS = 20


def write_report(found: Audit, out: Path, by: str = "provider") -> None:
    """Write the page, readable by its owner only; it names patients and visits by the ids given."""
    with refusals(), replacing(out) as stream:
        stream.write(as_html(found, by).encode())


def as_html(found: Audit, by: str = "provider") -> str:
    """The page: what was found, plots, the summary by provider, patient or month, the worklist."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files("nlp_coder.claims").joinpath("audit.html.j2").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        audit=found, checks=CHECKS, counts=_counts(found), plots=_plots(found), by=by, groups=found.by(by), most=MOST
    )


def _counts(found: Audit) -> list[tuple[str, int]]:
    """How many items each check has, in the order of weight; those without any too."""
    counted = Counter(item.check for item in found.items)
    return [(check, counted[check]) for check in CHECKS]


def _plots(found: Audit) -> list[Plot]:
    made = []
    counts = [(check, number) for check, number in _counts(found) if number]
    if counts:
        made.append(Plot("Worklist by check", bars([c for c, _ in counts], [n for _, n in counts])))
    months = [(month, share, number) for month, number, share in found.months[-24:]]
    if months:
        note = "Of the codes billed; the counts are visits. The last 24 months."
        made.append(Plot("Unspecified share by month", shares(months), note))
    providers = [(name, share, number) for name, number, share in found.providers[:_PROVIDERS]]
    if providers:
        note = f"Of the codes billed; the counts are visits. The {_PROVIDERS} providers with the most."
        made.append(Plot("Unspecified share by provider", shares(providers), note))
    return made
