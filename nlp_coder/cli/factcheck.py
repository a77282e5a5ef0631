"""``nlp-coder factcheck``: an article, superbill or cheat sheet in, its claims about codes against the table out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nlp_coder.cli.options import Date, Output, TextOrJson, day, examples
from nlp_coder.cli.write import guard, put_answer
from nlp_coder.errors import InputError
from nlp_coder.icd10cm import newest_release, release_on
from nlp_coder.render.layout import Row, hanging, labelled
from nlp_coder.render.visible import visible

EXAMPLES = examples("nlp-coder factcheck superbill.csv", "nlp-coder factcheck article.html --all --date 2026-05-12")
SCHEMA = "nlp-coder/factcheck/1"
_LARGEST = 20_000_000
_STYLE = {"contradicted": "error", "supported": "certain", "not checkable": "confirm"}


def factcheck(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text, Markdown, HTML or CSV file (UTF-8).")],
    date: Date = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List supported and uncheckable claims, too, not only contradicted ones.")
    ] = False,
    form: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Check what a page says of codes; 1 if the table contradicts it."""
    from nlp_coder.claims.factcheck.read import factcheck as read
    from nlp_coder.claims.factcheck.statements import VERDICTS

    on = day(date)
    guard(output, source=file)
    found = read(_text(file), Path(file).suffix.lower(), on)
    counts = {str(verdict): sum(item.verdict == verdict for item in found) for verdict in VERDICTS}
    release = release_on(on) if on else newest_release()
    answer = {"schema": SCHEMA, "release": release.name, "counts": counts, "claims": [asdict(c) for c in found]}
    rows = [asdict(item) for item in found if everything or item.verdict == "contradicted"]
    put_answer(answer, lambda width: _blocks(rows, counts, release.name, width), form, output)
    raise typer.Exit(1 if counts["contradicted"] else 0)


def _text(file: str) -> str:
    path = Path(file)
    if not path.is_file():
        raise InputError("there is no such file. Give an article, superbill or cheat sheet.")
    if path.stat().st_size > _LARGEST:
        raise InputError("the file is larger than 20 MB. Give the page alone.")
    data = path.read_bytes()
    if b"\0" in data[:4096] or data.startswith(b"%PDF"):
        raise InputError("the file is no text. Save the page as .txt, .md, .html or .csv in UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8. Save it as UTF-8.") from None
    if not text.strip():
        raise InputError("the file is empty. Give an article, superbill or cheat sheet.")
    return text


def _blocks(rows: Sequence[dict[str, object]], counts: dict[str, int], release: str, width: int) -> Iterator[list[Row]]:
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    yield hanging([], [(told, "bold"), (f" · ICD-10-CM {release}", "")], width)
    if not any(counts.values()):
        none = "No claim about a code was recognised. That approves nothing: see docs/claims.md for what is."
        yield hanging([], [(none, "")], width)
    for row in rows:
        verdict = str(row["verdict"])
        head = [(f"line {row['line']}  ", ""), (verdict, _STYLE[verdict]), (f"  {row['kind']}", "")]
        block = hanging([], head, width)
        block += labelled("page says", visible(str(row["words"])), width)
        block += labelled("table", str(row["entry"]), width)
        yield block + labelled("source", str(row["source"]), width)
