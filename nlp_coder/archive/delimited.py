"""CSV and TSV → drafts, row by row; a row with faults costs itself and no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nlp_coder.archive import faults
from nlp_coder.archive.columns import Columns, Draft, draft, identity, places, plain
from nlp_coder.archive.faults import RefusedError
from nlp_coder.archive.lines import Line, lines
from nlp_coder.archive.packed import breaks, unpacked
from nlp_coder.errors import InputError

_DELIMITERS = ",;\t|"
_LONGEST = 6_000_000


class _TooLongError(Exception):
    """A row has no end within the longest allowed."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a row of this file looks like: delimiter, number of cells, where the parts stand, blanks at their start."""

    delimiter: str
    width: int
    at: Mapping[str, int]
    blanks: bool


class _Feed:
    """The lines that csv.reader pulls for one row; a row that failed can be given back but for its first line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._coming = lines(stream, _LONGEST)
        self._back: deque[Line] = deque()
        self.row: list[Line] = []
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self.take()
        self.row.append(line)
        self._size += len(line.data or b"")
        if line.data is None or self._size > _LONGEST:
            raise _TooLongError
        return line.data.decode("utf-8", "surrogateescape")

    def begin(self) -> None:
        """The next line is the first of a row."""
        self.row, self._size = [], 0

    def take(self) -> Line:
        """The next line, outside any row; StopIteration at the end."""
        return self._back.popleft() if self._back else next(self._coming)

    def give_back(self, given: list[Line]) -> None:
        """Take these lines again next."""
        self._back.extendleft(reversed(given))


def check(path: Path, columns: Columns, input: str) -> None:
    """InputError if there is no line of column names, or the columns are not those wanted."""
    with unpacked(path) as stream:
        try:
            _header(_Feed(stream), columns, input)
        except breaks():
            raise InputError(f"{input}: it breaks off before its first row. Get it again, whole.") from None


def drafts(stream: BinaryIO, columns: Columns, input: str) -> Iterator[Draft]:
    """A draft of each row; blank lines are none. Raises InputError as ``check`` does."""
    feed = _Feed(stream)
    shape = _header(feed, columns, input)
    while True:
        feed.begin()
        try:
            cells = next(_reader(feed, shape.delimiter))
        except StopIteration:
            return
        except (csv.Error, _TooLongError) as error:
            id = _id_of(_roughly(feed.row[0], shape.delimiter), shape.at)
            wrong = faults.long_row if isinstance(error, _TooLongError) else faults.bad_quotes
            yield Draft(id, failure=wrong(*_passed_over(feed, shape)))
            continue
        if cells:
            yield _draft(cells, feed.row, shape)


def _reader(feed: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """A strict reader: what does not pair is an error, not a guess. The size limit is the process's, so only raised."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    return csv.reader(feed, delimiter=delimiter, strict=True)


def _header(feed: _Feed, columns: Columns, input: str) -> _Shape:
    """The shape that the names of the columns give; of , ; tab | the delimiter that yields the text's column."""
    first = None
    try:
        while first is None or not (first.data or b"x").strip():
            first = feed.take()
    except StopIteration:
        raise InputError(f"{input}: it is empty. Its first line must name the columns.") from None
    feed.give_back([first])
    delimiter = max(
        _DELIMITERS, key=lambda sign: _fitness((first.data or b"").decode("utf-8", "replace"), sign, columns)
    )
    feed.begin()
    try:
        header = next(_reader(feed, delimiter))
    except (csv.Error, _TooLongError, StopIteration):
        raise InputError(f"{input}: its first line must name the columns, and does not.") from None
    blanks = any(name.startswith((" ", "\t")) for name in header)
    return _Shape(delimiter, len(header), places(columns, header, input), blanks)


def _fitness(line: str, delimiter: str, columns: Columns) -> tuple[bool, int]:
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        names = []
    return plain(columns.text) in {plain(name) for name in names}, len(names)


def _draft(cells: list[str], row: list[Line], shape: _Shape) -> Draft:
    """One row's draft, or why there is none: its cells are too many or few, or not UTF-8."""
    if len(cells) != shape.width:
        return Draft(_id_of(cells, shape.at), failure=faults.ragged(row[0].number, len(cells), shape.width))
    used = {part: cells[index] for part, index in shape.at.items()}
    if any(not cell.isascii() and _escaped(cell) for cell in used.values()):
        data = b"".join(line.data or b"" for line in row)
        try:
            data.decode()
        except UnicodeDecodeError as error:
            wrong = faults.not_utf8(row[0].offset + error.start, f"the input (line {row[0].number})")
            return Draft(_id_of(cells, shape.at), failure=wrong)
    return draft(used)


def _escaped(cell: str) -> bool:
    """Whether a byte that is no UTF-8 stands in for itself here."""
    return any("\udc80" <= character <= "\udcff" for character in cell)


def _id_of(cells: list[str], at: Mapping[str, int]) -> str:
    """The id of a row with a fault, if it stands before the text and can be one."""
    index = at.get("id", len(cells))
    if index >= len(cells) or index > at["text"]:
        return ""
    try:
        return identity(cells[index])
    except RefusedError:
        return ""


def _roughly(line: Line, delimiter: str) -> list[str]:
    """The cells of a line, whatever its quotes; none if it cannot be told."""
    try:
        return next(csv.reader([(line.data or b"").decode("utf-8", "surrogateescape")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _passed_over(feed: _Feed, shape: _Shape) -> tuple[int, int]:
    """Leave out a row without an end, up to the next line that looks like a row; the first and last line left out."""
    first, *swallowed = feed.row
    if first.data is None:
        return first.number, first.number
    feed.give_back(swallowed)
    last = first
    while True:
        try:
            line = feed.take()
        except StopIteration:
            break
        if _looks_like_a_row(line, shape, within=line.number <= first.number + len(swallowed)):
            feed.give_back([line])
            break
        last = line
    return first.number, last.number


def _looks_like_a_row(line: Line, shape: _Shape, *, within: bool) -> bool:
    """Prose may seem to have cells too: ``within`` the cell that never closes the id must be one word."""
    data = line.data
    if data is None or (b'"' not in data and data.count(shape.delimiter.encode()) + 1 != shape.width):
        return False
    written = [data.decode("utf-8", "surrogateescape")]
    cells: list[str] = []
    try:
        cells = next(csv.reader(written, delimiter=shape.delimiter), [])
        next(_reader(iter(written), shape.delimiter), [])
        fits = len(cells) == shape.width
    except csv.Error as error:
        fits = "unexpected end" in str(error) and len(cells) <= shape.width  # the last cell goes on in the next line
    if not fits or (shape.width == 1 and not written[0].startswith('"')):
        return False
    index = shape.at.get("id", shape.width)
    id = cells[index] if index < len(cells) else "none"
    if '"' in id or not id.strip() or (within and len(id.split()) > 1):
        return False
    return shape.blanks or not any(cell.startswith((" ", "\t")) for cell in cells)
