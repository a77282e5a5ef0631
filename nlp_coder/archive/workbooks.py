"""Excel workbooks (.xlsx) → drafts: every sheet with a column for the text, row by row."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from nlp_coder.archive import faults
from nlp_coder.archive.columns import Columns, Draft, draft, no_column, places, plain
from nlp_coder.archive.faults import BrokenError
from nlp_coder.errors import InputError

_LONGEST_CELL = 32_767
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, IndexError, TypeError)
"""What openpyxl raises on a damaged workbook (an XML error is a SyntaxError)."""


def check(path: Path, columns: Columns, input: str) -> None:
    """InputError if it is no workbook, or no sheet has the columns wanted."""
    book = _book(path, input)
    with closing(book):
        headers = [header for sheet in book.worksheets if (header := next(_rows(sheet), ()))]
        fitting = [header for header in headers if _has_text(header, columns)]
        for header in fitting:
            places(columns, _names(header), input)
        if not fitting:
            there = [name for header in headers for name in _names(header)]
            raise InputError(f"{input}: {no_column({'text': columns.text}, there)}")


def drafts(path: Path, columns: Columns, input: str) -> Iterator[Draft]:
    """A draft of each row that is not blank, sheet by sheet. Raises InputError as ``check`` does, or BrokenError."""
    book = _book(path, input)
    with closing(book):
        for sheet in book.worksheets:
            rows = _rows(sheet)
            header = next(rows, ())
            if not _has_text(header, columns):
                continue
            at = places(columns, _names(header), input)
            for row in rows:
                yield _draft({part: row[index] if index < len(row) else None for part, index in at.items()})


def _book(path: Path, input: str) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (*_DAMAGE, InvalidFileException):
        raise InputError(
            f"{input}: it cannot be read as an Excel workbook (.xlsx). Open it in Excel and save it again, "
            "without a password."
        ) from None


def _rows(sheet: Any) -> Iterator[Sequence[object]]:
    """The rows that are not blank; a workbook's own word on its size is often wrong."""
    sheet.reset_dimensions()
    try:
        for row in sheet.iter_rows(values_only=True):
            if any(cell is not None for cell in row):
                yield row
    except _DAMAGE:
        raise BrokenError from None


def _names(header: Sequence[object]) -> list[str]:
    return ["" if name is None else str(name) for name in header]


def _has_text(header: Sequence[object], columns: Columns) -> bool:
    return plain(columns.text) in {plain(name) for name in _names(header)}


def _draft(cells: dict[str, object]) -> Draft:
    """A row's draft; a text as long as a cell can be was cut, and a carriage return is written ``_x000D_``."""
    written = cells.get("text")
    if isinstance(written, str):
        cut = len(written) >= _LONGEST_CELL
        cells["text"] = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), written)
        found = draft(cells)
        return Draft(found.id, failure=faults.CUT_BY_EXCEL) if cut and found.note else found
    return draft(cells)
