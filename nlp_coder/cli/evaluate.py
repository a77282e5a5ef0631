"""``nlp-coder evaluate``: gold notes in, how well the program codes them out."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from nlp_coder.cli.options import Output, TextOrJson, examples
from nlp_coder.cli.write import guard, put
from nlp_coder.errors import NoteError

EXAMPLES = examples(
    "nlp-coder evaluate gold.jsonl",
    "nlp-coder evaluate gold.jsonl --html report.html",
    "nlp-coder evaluate gold.jsonl --format json -o figures.json",
)

File = Annotated[str, typer.Argument(metavar="GOLD", help="JSON lines as in annotations/notes.jsonl.")]
Html = Annotated[
    str | None,
    typer.Option("--html", metavar="FILE", help="Also write a report with plots; it quotes the notes it got wrong."),
]


def evaluate(gold: File, html: Html = None, form: TextOrJson = "text", output: Output = None) -> None:
    """Code gold notes and compare the answers with them.

    Codes with intervals, evidence, contexts, traps, calibration, risk and coverage, and all that is missed or extra.
    """
    guard(output, source=gold)
    guard(html, source=gold)
    if html == "-" or (html is not None and output is not None and Path(html).resolve() == Path(output).resolve()):
        raise NoteError("--html takes a file of its own.")
    from nlp_coder.evaluate.goldfile import read_gold

    notes = read_gold(Path(gold))

    from nlp_coder.coder import Coder
    from nlp_coder.evaluate.answers import answered
    from nlp_coder.evaluate.measured import as_dict, as_text, measured

    coder = Coder()
    answers = answered(notes, coder)
    found = measured(answers)
    os.umask(0o077)  # what is written quotes notes
    if html is not None:
        from nlp_coder.evaluate.page import as_html

        put(as_html(found, answers, coder.knowledge), html)
    said = json.dumps(as_dict(found), indent=1, ensure_ascii=False) + "\n" if form == "json" else as_text(found)
    put(said, output)
