"""Parquet → drafts: DuckDB streams the row groups; a row it cannot read costs itself and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp_coder.archive.columns import Columns, Draft, draft, places
from nlp_coder.archive.faults import NOT_READ, BrokenError
from nlp_coder.errors import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROWS = 64
_FIRST_STEP = 2048
_HOPELESS = 200
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",  # memory, and one order of rows
    "temp_directory": "",  # text of notes is not spilt to the disk
}
_TABLE = "read_parquet(?, file_row_number = true, hive_partitioning = false)"


def check(path: Path, columns: Columns, input: str) -> None:
    """InputError if it is no Parquet file or the columns are not those wanted."""
    with _connection() as connection:
        _columns(connection, path, columns, input)


def drafts(path: Path, columns: Columns, input: str) -> Iterator[Draft]:
    """A draft of each row. Raises InputError as ``check`` does, BrokenError where nothing more can be read."""
    with _connection() as connection:
        names = _columns(connection, path, columns, input)
        chosen = ", ".join(_quoted(name) for name in names.values())
        for row in _rows(connection, path, chosen):
            yield Draft(failure=NOT_READ) if row is None else draft(dict(zip(names, row, strict=True)))


def _connection() -> DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("SET enable_progress_bar = false")
    return connection


def _columns(connection: DuckDBPyConnection, path: Path, columns: Columns, input: str) -> dict[str, str]:
    """Part of the note → name of its column in the file."""
    import duckdb

    try:
        # S608: nothing of the user's is in the statement
        described = connection.execute(f"SELECT * FROM {_TABLE} LIMIT 0", [_literal(path)]).description  # noqa: S608
    except duckdb.Error:
        raise InputError(f"{input}: it cannot be read as Parquet. Get it again, whole; or give CSV or JSONL.") from None
    header = [column[0] for column in described or [] if column[0] != "file_row_number"]
    return {part: header[index] for part, index in places(columns, header, input).items()}


def _rows(connection: DuckDBPyConnection, path: Path, chosen: str) -> Iterator[tuple[Any, ...] | None]:
    """Every row in order, None for one that cannot be read: what fails is read again in ever shorter stretches.

    DuckDB gives up a whole file for one value that is no UTF-8; a row that it filters out it does not look at.
    """
    import duckdb

    counted = connection.execute(f"SELECT count(*) FROM {_TABLE}", [_literal(path)]).fetchmany(1)  # noqa: S608  # as above
    stretches = [(0, int(counted[0][0]))]
    failed = 0
    while stretches:
        begin, end = stretches.pop()
        try:
            for row in _stretch(connection, path, chosen, begin, end):
                yield row
                begin += 1
                failed = 0
        except duckdb.Error:
            if end - begin > 1:
                middle = begin + min(_FIRST_STEP, (end - begin) // 2)
                stretches += [(middle, end), (begin, middle)]
                continue
            yield None
            failed += 1
            if failed == _HOPELESS:
                raise BrokenError from None


def _stretch(
    connection: DuckDBPyConnection, path: Path, chosen: str, begin: int, end: int
) -> Iterator[tuple[Any, ...]]:
    # S608: the names are quoted, the values are parameters
    statement = f"SELECT {chosen} FROM {_TABLE} WHERE file_row_number >= ? AND file_row_number < ?"  # noqa: S608
    cursor = connection.execute(statement, [_literal(path), begin, end])
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(path: Path) -> str:
    """The path with the signs DuckDB takes for a pattern in brackets."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
