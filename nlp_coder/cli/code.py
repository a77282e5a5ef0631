"""``nlp-coder code``: a note in, its codes with the words that earn them out."""

from __future__ import annotations

from typing import Annotated

import typer

from nlp_coder.cli.read import day, one_of, read_note
from nlp_coder.cli.write import columns, put, styled


def code(
    file: Annotated[str | None, typer.Argument(help="The note's file; - or nothing reads stdin.")] = None,
    text: Annotated[
        str | None,
        typer.Option(help="The note itself. Shells keep a history of what is typed: not for real patients."),
    ] = None,
    date: Annotated[str | None, typer.Option(metavar="DAY", help="Date of service, as 2026-05-12.")] = None,
    setting: Annotated[
        str,
        typer.Option(
            metavar="outpatient|inpatient",
            callback=one_of("--setting", "outpatient", "inpatient"),
            help="Inpatient codes uncertain diagnoses as if they existed.",
        ),
    ] = "outpatient",
    purpose: Annotated[
        str | None,
        typer.Option(
            metavar="evaluation|pain-management|therapy",
            callback=one_of("--purpose", "evaluation", "pain-management", "therapy"),
            help="What the encounter is for; not given: read from the note.",
        ),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="text|json|html",
            callback=one_of("--format", "text", "json", "html"),
            help="How to answer.",
        ),
    ] = "text",
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here, not to the terminal.")
    ] = None,
) -> None:
    """Code one note.

    On a terminal with nothing given, paste the note and end it with Ctrl-D.
    """
    date_of_service = day(date)
    note_text = read_note(file, text)

    from nlp_coder import Coder, Note

    note = Note(note_text, date_of_service=date_of_service, setting=setting, purpose=purpose)
    coded = Coder().code(note)
    if form == "json":
        from nlp_coder.render.as_json import to_json

        answer = to_json(coded)
    elif form == "html":
        from nlp_coder.render.as_html import as_html

        answer = as_html(coded)
    else:
        from nlp_coder.render.as_text import as_text

        answer = as_text(coded, width=columns(output), styled=styled(output))
    put(answer, output, source=file)
