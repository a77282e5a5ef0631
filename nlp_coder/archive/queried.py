"""A SQL query on a SQLite or DuckDB file → drafts, a row at a time; the file is opened for reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from nlp_coder.archive.columns import Columns, Draft, draft, places
from nlp_coder.archive.faults import BrokenError
from nlp_coder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLE = "SELECT id, text FROM notes ORDER BY id"

_ROWS = 64
_SQLITE = b"SQLite format 3\0"
_DUCKDB = b"DUCK"
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",  # the query reads this file and no other
    "threads": "1",  # one order of rows
}


class _Cursor(Protocol):
    @property
    def description(self) -> Any: ...
    def fetchmany(self, size: int = ...) -> Sequence[tuple[Any, ...]]: ...


def check(path: Path, columns: Columns, query: str, input: str) -> None:
    """InputError if it is no database, the query does not fit it, or the columns are not those wanted."""
    # S608: the query is the user's own, and the file is opened for reading only
    described = f"SELECT * FROM (\n{_bare(query)}\n) LIMIT 0"  # noqa: S608
    with _asked(path, described, input) as cursor:
        places(columns, [column[0] for column in cursor.description or ()], input)


def drafts(path: Path, columns: Columns, query: str, input: str) -> Iterator[Draft]:
    """A draft of each row of the answer. Raises InputError as ``check`` does, BrokenError where no more can be read."""
    with _asked(path, _bare(query), input) as cursor:
        at = places(columns, [column[0] for column in cursor.description or ()], input)
        for row in _rows(cursor):
            yield draft({part: row[index] for part, index in at.items()})


def _bare(query: str) -> str:
    return query.strip().rstrip(";")


def _rows(cursor: _Cursor) -> Iterator[tuple[Any, ...]]:
    while rows := _some(cursor):
        yield from rows


def _some(cursor: _Cursor) -> Sequence[tuple[Any, ...]]:
    try:
        return cursor.fetchmany(_ROWS)
    except Exception as error:  # the errors of two drivers; their messages may quote a value
        if isinstance(error, sqlite3.Error) or type(error).__module__.endswith("duckdb"):
            raise BrokenError from None
        raise


@contextmanager
def _asked(path: Path, query: str, input: str) -> Iterator[_Cursor]:
    """The answer to a query; InputError if there is none."""
    with path.open("rb") as file:
        start = file.read(16)
    if start == _SQLITE:
        with _sqlite(path, query, input) as cursor:
            yield cursor
    elif start[8:12] == _DUCKDB:
        with _duckdb(path, query, input) as cursor:
            yield cursor
    else:
        raise InputError(f"{input}: it is neither a SQLite nor a DuckDB file. Check the path.")


@contextmanager
def _sqlite(path: Path, query: str, input: str) -> Iterator[_Cursor]:
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise InputError(f"{input}: SQLite cannot open it: {error}.") from None
    with closing(connection):
        connection.text_factory = _text
        try:
            cursor = connection.execute(query)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise InputError(_refused(input, error)) from None
        cursor.arraysize = _ROWS
        yield cursor


def _text(data: bytes) -> str | bytes:
    """A value as text, or its bytes, so that the note alone fails and not the query."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


@contextmanager
def _duckdb(path: Path, query: str, input: str) -> Iterator[_Cursor]:
    import duckdb

    try:
        connection = duckdb.connect(str(path), read_only=True, config=_SETTINGS)
    except duckdb.Error:
        raise InputError(
            f"{input}: DuckDB cannot open it: another program writes to it, or another version wrote it."
        ) from None
    with closing(connection):
        connection.execute("SET enable_progress_bar = false")
        try:
            cursor = connection.execute(query)
        except duckdb.Error as error:
            raise InputError(_refused(input, error)) from None
        yield cursor


def _refused(input: str, error: Exception) -> str:
    """Why there is no answer. A message about the query's words is passed on; one about values may quote a note."""
    spoken = isinstance(error, sqlite3.OperationalError) or type(error).__name__ in (
        "BinderException",
        "CatalogException",
        "ParserException",
    )
    reason = str(error).splitlines()[0] if spoken and str(error) else type(error).__name__
    return (
        f"{input}: the query cannot be answered: {reason.rstrip('.!')}. Give one that yields the notes, as: {EXAMPLE}."
    )
