"""The options all commands share, one vocabulary: what is typed in, what it means out; and their examples.

What cannot be used is refused with a line that says what to write and repeats nothing that was typed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Annotated, Any

import typer

from nlp_coder.errors import NoteError
from nlp_coder.icd10cm import release_on

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str | None) -> datetime.date | None:
    """A date of service; one that is not of the calendar or before ICD-10-CM is refused."""
    if text is None:
        return None
    try:
        date = datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        date = None
    if date is None:
        raise NoteError("--date takes a day of the calendar, written as 2026-05-12.")
    release_on(date)
    return date


def one_of(option: str, *allowed: str) -> Callable[[str | None], str | None]:
    """A check for an option that takes one of a few words."""

    def checked(value: str | None) -> str | None:
        if value is not None and value not in allowed:
            raise NoteError(f"{option} takes {', '.join(allowed[:-1])} or {allowed[-1]}.")
        return value

    return checked


def examples(*lines: str) -> str:
    """The end of a command's help: real commands, each on a line of its own."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def choice(option: str, allowed: tuple[str, ...], says: str) -> Any:
    """An option that takes one of a few words, checked as it is read; ``says`` is its line of help."""
    return typer.Option(option, metavar="|".join(allowed), callback=one_of(option, *allowed), help=says)


SETTINGS = ("outpatient", "inpatient")

Date = Annotated[str | None, typer.Option(metavar="DAY", help="Date of service, written as 2026-05-12.")]
Output = Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here, not to the terminal.")]
TextOrJson = Annotated[str, choice("--format", ("text", "json"), "How to answer.")]
_PURPOSES = ("evaluation", "pain-management", "therapy")
Purpose = Annotated[str | None, choice("--purpose", _PURPOSES, "What the encounter is for; left out, the note tells.")]
