"""``nlp-coder questions``: what a note says of the seven elements, and what to ask; or a check of a written query."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp_coder.cli.options import Date, Output, TextOrJson, day, examples
from nlp_coder.cli.read import read_note
from nlp_coder.cli.write import columns, guard, put, styled
from nlp_coder.errors import NoteError

if TYPE_CHECKING:
    from nlp_coder.claims.asking import Query
    from nlp_coder.claims.elements import Chart
    from nlp_coder.claims.lint import Breach
    from nlp_coder.types import Evidence

EXAMPLES = examples("nlp-coder questions visit.txt", "nlp-coder questions lint queries.txt --format json")
SCHEMA = "nlp-coder/questions/1"
LINT_SCHEMA = "nlp-coder/query-lint/1"

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[lint] [FILE]",
        help="A note's file (- or nothing: stdin); after lint, queries set apart by lines of ---, or .jsonl.",
    ),
]


def questions(words: Words = None, date: Date = None, form: TextOrJson = "text", output: Output = None) -> None:
    """Show what a note documents and what to ask its provider; with lint, check written queries.

    Exit codes: 0 done, 1 a query breaks a rule, 2 bad input.
    """
    given = list(words or [])
    checking = given[:1] == ["lint"]
    files = given[1:] if checking else given
    if len(files) > 1:
        raise NoteError("more than one file was given. Give one: nlp-coder questions FILE, or questions lint FILE.")
    file = files[0] if files else None
    on = day(date)
    guard(output, source=file)
    if checking:
        _lint(file, form, output)
    else:
        _ask(file, on, form, output)


def _ask(file: str | None, on: Any, form: str, output: str | None) -> None:
    text = read_note(file, None)

    from nlp_coder import Coder, Note
    from nlp_coder.claims.asking import queries
    from nlp_coder.claims.elements import chart
    from nlp_coder.render.as_chart import as_chart

    coder, note = Coder(), Note(text, date_of_service=on)
    parsed = coder.read(note)
    found, asked = chart(parsed), queries(coder.code(note), parsed)
    if form == "json":
        put(json.dumps(_document(found, asked), indent=2, ensure_ascii=True) + "\n", output)
        return
    elements = [(e.name, e.status, e.evidence) for e in found.elements]
    flags = [(f.name, f.status, f.evidence) for f in found.flags]
    width, marked = columns(output), styled(output)
    put(as_chart(text, elements, flags, [q.text for q in asked], width=width, styled=marked), output)


def _document(found: Chart, asked: tuple[Query, ...]) -> dict[str, Any]:
    from nlp_coder.claims.redflags import alerts

    return {
        "schema": SCHEMA,
        "completeness": round(found.completeness, 3),
        "elements": [{"element": e.name, "status": e.status, "evidence": _spans(e.evidence)} for e in found.elements],
        "red_flags": [{"flag": f.name, "status": f.status, "evidence": _spans(f.evidence)} for f in found.flags],
        "alerts": [{"id": a.id, "severity": a.severity, "text": a.text} for a in alerts(found.flags)],
        "queries": [{**asdict(query), "text": query.text} for query in asked],
    }


def _spans(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [{"start": e.start, "end": e.end, "text": e.text} for e in evidence]


def _lint(file: str | None, form: str, output: str | None) -> None:
    """Check each query of a file; a breach of any makes exit code 1."""
    from nlp_coder.claims.lint import SOURCE, lint, queries

    text = read_note(file, None)
    checked = [(query.name, lint(query.text)) for query in queries(text, lines=bool(file and file.endswith(".jsonl")))]
    if form == "json":
        numbered = enumerate(checked, 1)
        rows = [{"query": n, "name": name, "breaches": [asdict(b) for b in found]} for n, (name, found) in numbered]
        document = {"schema": LINT_SCHEMA, "source": SOURCE, "queries": rows}
        put(json.dumps(document, indent=2, ensure_ascii=True) + "\n", output)
    else:
        put(_verdicts(checked, f"Rules: {SOURCE}.", output), output)
    if any(found for _, found in checked):
        raise typer.Exit(1)


def _verdicts(checked: list[tuple[str, tuple[Breach, ...]]], source: str, output: str | None) -> str:
    from nlp_coder.render.layout import hanging, heading, labelled, page

    width = columns(output)
    blocks = []
    for number, (name, found) in enumerate(checked, 1):
        rows = heading(f"query {number}", name, width)
        for breach in found:
            rows += labelled(breach.rule, _told(breach), width)
        blocks.append(rows if found else rows + labelled("keeps", "every rule", width))
    return page([*blocks, hanging([], [(source, "")], width)], styled=styled(output))


def _told(breach: Breach) -> str:
    words = f" \u00ab{breach.words}\u00bb" if breach.words else ""
    return f"{breach.says}{words} {breach.fix}"
