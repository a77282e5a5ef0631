"""``nlp-coder audit``: the visits of a practice in, a ranked worklist out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp_coder.cli.options import Output, TextOrJson, choice, day, examples
from nlp_coder.cli.write import columns, guard, put, styled
from nlp_coder.errors import NoteError

if TYPE_CHECKING:
    from nlp_coder.claims.practice import Audit, Item
    from nlp_coder.render.layout import Row

EXAMPLES = examples(
    "nlp-coder audit visits.duckdb --since 2026-04-01 --html audit.html",
    "nlp-coder audit claims.csv --by provider --format json",
)
SCHEMA = "nlp-coder/audit/1"
_GROUPS = 10

File = Annotated[str, typer.Argument(metavar="RESULTS", help="The .duckdb of nlp-coder batch, or a CSV of claims.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Only what was still so on or after this day; earlier visits stay history."),
]
By = Annotated[str, choice("--by", ("provider", "patient", "month"), "How to sum up.")]
Html = Annotated[str | None, typer.Option("--html", metavar="FILE", help="Also write an HTML report with plots.")]
Many = Annotated[
    int, typer.Option("--visits", min=2, metavar="N", help="Visits from which an unspecified code is looked at.")
]
Limit = Annotated[int, typer.Option(min=0, metavar="N", help="Items that the text shows; JSON has all.")]


def audit(
    file: File,
    since: Since = None,
    by: By = "provider",
    html: Html = None,
    visits: Many = 3,
    limit: Limit = 20,
    form: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Audit the visits of a practice: a ranked worklist with its evidence.

    Exit codes: 0 done, whatever was found; 2 bad input.
    """
    from nlp_coder.claims.practice import audit as audited

    try:
        first = day(since)
    except NoteError:
        raise NoteError("--since takes a day of the calendar, written as 2026-05-12.") from None
    for out in (output, html):
        guard(out, source=file)
    found = audited(Path(file), first, visits)
    if html:
        from nlp_coder.claims.practice_report import write_report

        write_report(found, Path(html), by)
    if form == "json":
        put(json.dumps(_document(found, by), indent=2, ensure_ascii=True) + "\n", output)
    else:
        put(_text(found, by, limit, output), output)


def _document(found: Audit, by: str) -> dict[str, Any]:
    from nlp_coder.claims.practice import CHECKS

    items = [{**asdict(i), "severity": i.severity, "day": i.day.isoformat() if i.day else None} for i in found.items]
    return {
        "schema": SCHEMA,
        "visits": found.visits,
        "patients": found.patients,
        "documented": found.documented,
        "checks": {name: check._asdict() for name, check in CHECKS.items()},
        "by": {"what": by, "groups": [{"name": n, "items": c, "checks": dict(p)} for n, c, p in found.by(by)]},
        "items": items,
    }


def _text(found: Audit, by: str, limit: int, output: str | None) -> str:
    from nlp_coder.render.layout import hanging, labelled, page, section, spaced

    width = columns(output)
    head = f"{len(found.items):,} things to look at in {found.visits:,} visits of {found.patients:,} patients."
    groups = [
        row
        for name, count, parts in found.by(by)[:_GROUPS]
        for row in labelled(name, f"{count}: " + ", ".join(f"{check} {many}" for check, many in parts), width)
    ]
    shown = found.items[:limit]
    silent = "A CSV has no documentation: copied words, unchanged codes and studies were not looked for."
    rest = len(found.items) - len(shown)
    blocks = [
        hanging([], [(head, "bold")], width),
        hanging([], [("" if found.documented else silent, "")], width),
        section(f"By {by}", groups),
        section("Worklist", spaced(_item(item, width) for item in shown)),
        hanging([], [(f"{rest} more; --limit shows them, --format json has all." if rest else "", "")], width),
    ]
    return page([block for block in blocks if any(part for row in block for part, _ in row)], styled=styled(output))


def _item(item: Item, width: int) -> list[Row]:
    from nlp_coder.claims.practice import CHECKS
    from nlp_coder.render.layout import heading, labelled

    check = CHECKS[item.check]
    rows = heading(f"{item.rank}  {item.check}", item.severity, width)
    rows += labelled("patient", item.patient, width)
    rows += labelled("provider", item.provider, width)
    rows += labelled("codes", ", ".join(item.codes), width)
    rows += labelled("visits", ", ".join(item.visits) + (f" (last {item.day})" if item.day else ""), width)
    rows += labelled("evidence", " ".join(item.evidence), width)
    rows += labelled("because", f"{check.says} ({check.authority})", width)
    return rows + labelled("do", check.fix, width)
