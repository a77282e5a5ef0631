"""What can be wrong with one note of an archive, and what to do about it; no failure quotes the note."""

from __future__ import annotations

from nlp_coder.archive.nouns import Failure

LARGEST = 5_000_000
"""Bytes of the largest note that is coded (UTF-8)."""


class RefusedError(Exception):
    """A note cannot be coded; carries the failure, and no text."""

    def __init__(self, failure: Failure) -> None:
        """Keep the failure."""
        super().__init__(failure.reason)
        self.failure = failure


class BrokenError(Exception):
    """An input breaks off while it is read: what came before stands, what comes after is lost."""


EMPTY = Failure("empty", "There is no text in it: give the note's words, or leave it out.")
NO_TEXT = Failure("no text", "Its text is missing or null: fill it in, or leave the note out.")
TOO_LARGE = Failure("over 5 MB", "One note may have 5,000,000 bytes: split a file of many notes into single ones.")
BINARY = Failure("binary", "It holds NUL bytes or other control characters: give the plain text, in UTF-8.")
UTF_16 = Failure("UTF-16", "Save it as UTF-8.")
HALF_A_CHARACTER = Failure("half a character", "It holds a lone surrogate: export it again, as UTF-8.")
BAD_DATE = Failure("bad date", "Write the date of service as 2026-05-12, a day of the calendar; or leave it empty.")
BAD_SETTING = Failure("unknown setting", "The setting is outpatient or inpatient; empty means outpatient.")
BAD_PURPOSE = Failure(
    "unknown purpose", "The purpose is evaluation, pain-management or therapy; empty: the note tells."
)
LONG_ID = Failure("id too long", "An id may have 200 characters: name the column that holds it (--id-column).")
TWICE = Failure("duplicate id", "An earlier note has this id: give every note its own.")
TWICE_BY_LINK = Failure("duplicate file", "It is a link to a file of the same folder: remove the link.")
NO_FILE = Failure("not a file", "It is a device, a socket or a pipe: give a plain text file.")
CUT_BY_EXCEL = Failure(
    "cut off by Excel", "An Excel cell ends at 32,767 characters: give the note by CSV, JSONL or Parquet."
)
NOT_PACKED = Failure("not packed", "It is no .gz or .zst file, or empty: take that ending off its name, or pack it.")
NOT_READ = Failure("row not read", "DuckDB cannot read this row (a text that is no UTF-8, or damage): write it again.")
BROKEN_OFF = Failure(
    "input breaks off",
    "The input is cut short or damaged here; what stands before was read. Get it again, whole.",
)


def not_utf8(offset: int, of: str) -> Failure:
    """The first byte that is no UTF-8, counted from 0; ``of`` says in what."""
    return Failure(
        "not UTF-8", f"The byte at offset {offset} of {of} is no UTF-8 (perhaps Windows-1252): save it as UTF-8."
    )


def unreadable(error: OSError, what: str) -> Failure:
    """A file or folder that the system does not open, with the system's reason."""
    said = (error.strerror or "no reason given").lower()
    return Failure(f"unreadable {what}", f"The system says: {said}. Make it readable, or take it out.")


def wrong_type(name: str, wanted: str) -> Failure:
    """A value of another type than its column's."""
    return Failure("wrong type", f"Its {name} must be {wanted}.")


def bad_line(line: int, wanted: str) -> Failure:
    """A line of JSONL that is not one object."""
    return Failure("not JSON", f"Line {line}: {wanted}.")


def ragged(line: int, cells: int, wanted: int) -> Failure:
    """A row with another number of cells than the header."""
    return Failure(
        "ragged row",
        f"Line {line} begins a row of {cells} cells, the header has {wanted}: put a cell with a delimiter or a line "
        "break in quotes.",
    )


def bad_quotes(first: int, last: int) -> Failure:
    """A row whose quotes do not pair, and the lines left out for it."""
    return Failure(
        "quote not closed",
        f"The quotes of the row on {_lines(first, last)} do not pair: double each quote inside a quoted cell.",
    )


def long_row(first: int, last: int) -> Failure:
    """A line or row too long to hold one note, and the lines left out for it."""
    closed = "" if first == last else " Or close its quotes."
    return Failure(TOO_LARGE.reason, f"It is on {_lines(first, last)}. {TOO_LARGE.hint}{closed}")


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"
