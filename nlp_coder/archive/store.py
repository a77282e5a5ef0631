"""The DuckDB file that holds a run: results in by transactions, each note once; tables and progress out."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp_coder.archive.files import FULL, beside, owner_only, refusals, sync_folder
from nlp_coder.archive.nouns import Result
from nlp_coder.archive.tables import RUNS, TABLES, Kinds
from nlp_coder.errors import NlpCoderError

if TYPE_CHECKING:
    import duckdb

LINES: Kinds = {"number": "BIGINT", "json": "VARCHAR"}
"""The JSON lines, kept only while a .jsonl output is made."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "memory_limit": "32MB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def create(path: Path, *, with_json: bool) -> Store:
    """An empty store under this name, replacing any; a kill in between leaves the old one or none."""
    new = beside(path, ".new")
    with refusals(), owner_only():
        _remove(new)
        with _clear(), Store(new) as store:
            for table, columns in {**TABLES, "runs": RUNS, **({"lines": LINES} if with_json else {})}.items():
                named = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
                store.run(f"CREATE TABLE {table} ({named})")
            store.run("CHECKPOINT")
        _remove(path)
        new.rename(path)
        sync_folder(path.parent)
    return Store(path)


def remove(path: Path) -> None:
    """A store and what DuckDB puts beside it, gone."""
    with refusals():
        _remove(path)


def _remove(path: Path) -> None:
    shutil.rmtree(beside(path, ".tmp"), ignore_errors=True)
    beside(path, ".wal").unlink(missing_ok=True)  # first: left behind, it would be replayed into another file
    path.unlink(missing_ok=True)


class Store:
    """An open store; a context manager, since the file is locked while it is open."""

    def __init__(self, path: Path) -> None:
        """Open it, whatever a killed run left; NlpCoderError if it is none or another run has it."""
        import duckdb

        with refusals(), owner_only():
            try:
                self._connection = duckdb.connect(str(path), config=_CONFIG)
            except duckdb.Error as error:
                raise NlpCoderError(_unopened(error)) from None
            shutil.rmtree(beside(path, ".tmp"), ignore_errors=True)  # what a killed run had put aside

    def __enter__(self) -> Store:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close; what was committed is safe whatever happens here."""
        with suppress(Exception):
            self._connection.close()

    def run(self, sql: str, values: Sequence[Any] = ()) -> duckdb.DuckDBPyConnection:
        """One statement; NlpCoderError when the disk is full or the file unsound."""
        with _clear():
            return self._connection.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, for answers that are small."""
        with _clear():
            return self._connection.execute(sql, values).fetchall()

    def add(self, results: Sequence[Result], *, with_json: bool = False, again: bool = False) -> None:
        """The rows of some results in one transaction; ``again``: in place of the failures they had."""
        with self._transaction():
            if again:
                numbers = [result.number for result in results]
                self.run("DELETE FROM failures WHERE number IN (SELECT unnest(?::BIGINT[]))", [numbers])
                if with_json:
                    self.run("DELETE FROM lines WHERE number IN (SELECT unnest(?::BIGINT[]))", [numbers])
            for table, columns in TABLES.items():
                self._insert(table, columns, [row for result in results for row in result.rows.get(table, ())])
            if with_json:
                self._insert("lines", LINES, [(result.number, result.json) for result in results])

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        return bool(self.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]))

    def next_number(self) -> int:
        """The number of the first entry that is neither coded nor failed: results come in order, without gaps."""
        coded, failed = self.rows("SELECT (SELECT max(number) FROM notes), (SELECT max(number) FROM failures)")[0]
        return max(-1 if number is None else int(number) for number in (coded, failed)) + 1

    def failed(self) -> frozenset[int]:
        """The numbers of the entries that failed."""
        return frozenset(number for (number,) in self.rows("SELECT number FROM failures"))

    def is_coded(self, id: str) -> bool:
        """Whether a note of this id is coded."""
        return bool(self.rows("SELECT 1 FROM notes WHERE id = ? LIMIT 1", [id]))

    def begin_run(self, values: dict[str, Any]) -> int:
        """Note that a run began, and with what; its number."""
        with self._transaction():
            number = int(self.rows("SELECT count(*) + 1 FROM runs")[0][0])
            row = {"run": number, "started": _now(), **values}
            self._insert("runs", RUNS, [tuple(row.get(name) for name in RUNS)])
        return number

    def end_run(self, number: int, notes: int, seconds: float) -> None:
        """Note that it came to its end."""
        with self._transaction():
            self.run(
                "UPDATE runs SET finished = ?, notes = ?, seconds = ? WHERE run = ?",
                [_now(), notes, round(seconds, 3), number],
            )

    def last_run(self) -> dict[str, Any] | None:
        """The latest run that went through the input; retries only mend what it left."""
        found = self.rows("SELECT * FROM runs WHERE what <> 'retry-failures' ORDER BY run DESC LIMIT 1")
        return dict(zip(RUNS, found[0], strict=True)) if found else None

    def in_order(self, sql: str, each: int = 1024) -> Iterator[tuple[Any, ...]]:
        """The rows of a query with ``number BETWEEN ? AND ?``, some notes at a time, so that memory stays flat."""
        for first in range(0, self.next_number(), each):
            yield from self.rows(sql, [first, first + each - 1])

    def _insert(self, table: str, columns: Kinds, rows: Iterable[tuple[Any, ...]]) -> None:
        """By whole columns: a row at a time is 150 times slower."""
        lists = [list(column) for column in zip(*rows, strict=True)]
        if lists:
            unnested = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
            self.run(f"INSERT INTO {table} SELECT {unnested}", lists)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.run("BEGIN")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(Exception):
                self._connection.rollback()
            raise


@contextmanager
def _clear() -> Iterator[None]:
    """A DuckDB error as one line; its own message may quote a value."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if "No space left" in str(error) or "disk full" in str(error).lower() or "Disk quota" in str(error):
            raise NlpCoderError(FULL) from None
        raise NlpCoderError(
            f"the output's database failed ({type(error).__name__}). Run again with --resume."
        ) from None


def _unopened(error: Exception) -> str:
    if "lock" in str(error):
        return "another run is writing this output. Wait for it, or give another -o."
    if "No space left" in str(error):
        return FULL
    return "the output is there and is no DuckDB file. Give another -o, or --restart to replace it."


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0, tzinfo=None)
