"""``nlp-coder code``: a note in, its codes with the words that earn them out."""

from __future__ import annotations

from typing import Annotated

import typer

from nlp_coder.cli.options import SETTINGS, Date, Output, Purpose, choice, day, examples
from nlp_coder.cli.read import read_note
from nlp_coder.cli.write import columns, guard, put, styled
from nlp_coder.types import CodedNote

EXAMPLES = examples(
    "nlp-coder code visit.txt --date 2026-05-12",
    "nlp-coder code visit.txt --format html -o visit.html",
    'nlp-coder code --text "Low back pain with right sciatica."',
)

File = Annotated[str | None, typer.Argument(metavar="FILE", help="The note's file; - or nothing reads stdin.")]
Text = Annotated[
    str | None,
    typer.Option(
        metavar="NOTE", help="The note itself. Shells keep a history of what is typed: not for real patients."
    ),
]
Setting = Annotated[str, choice("--setting", SETTINGS, "Inpatients' uncertain diagnoses are coded as if they existed.")]
Form = Annotated[str, choice("--format", ("text", "json", "html"), "How to answer.")]
SecondReader = Annotated[
    bool,
    typer.Option(
        "--second-reader/--no-second-reader",
        help="Ask about sentences that may speak of the spine in words that no list knows.",
    ),
]


def code(
    file: File = None,
    text: Text = None,
    date: Date = None,
    setting: Setting = "outpatient",
    purpose: Purpose = None,
    form: Form = "text",
    output: Output = None,
    second_reader: SecondReader = True,
) -> None:
    """Code one note.

    On a terminal with nothing given, paste the note and end it with Ctrl-D.
    """
    date_of_service = day(date)
    guard(output, source=file)
    words = read_note(file, text)

    from nlp_coder import Coder, Note

    note = Note(words, date_of_service=date_of_service, setting=setting, purpose=purpose)
    put(_rendered(Coder(second_reader=second_reader).code(note), form, output), output)


def _rendered(coded: CodedNote, form: str, output: str | None) -> str:
    if form == "json":
        from nlp_coder.render.as_json import to_json

        return to_json(coded)
    if form == "html":
        from nlp_coder.render.as_html import as_html

        return as_html(coded)
    from nlp_coder.render.as_text import as_text

    return as_text(coded, width=columns(output), styled=styled(output))
