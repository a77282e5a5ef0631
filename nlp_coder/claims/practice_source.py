"""A DuckDB file of a batch run, or a CSV of claims, as the tables an audit asks: visits, lines, facts, evidence."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nlp_coder.errors import InputError, NlpCoderError
from nlp_coder.icd10cm import entry, normalise

if TYPE_CHECKING:
    import duckdb

_CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_WANTED: Final = ("notes", "codes", "facts", "evidence")
_NAMES: Final = {
    "patient": ("patient", "patient_id", "mrn"),
    "day": ("date_of_service", "date", "dos", "service_date"),
    "code": ("code", "codes", "icd10", "icd_10", "diagnosis", "dx"),
    "provider": ("provider", "provider_id", "rendering_provider"),
    "id": ("id", "claim", "claim_id", "visit", "visit_id"),
}
"""Columns of a CSV of claims, by the names they may have."""
_CLEAN: Final = """
CREATE TABLE visits AS
SELECT number, id, coalesce(patient, '') AS patient, coalesce(provider, '') AS provider, date_of_service AS day,
       characters, sha256, row_number() OVER (PARTITION BY patient ORDER BY date_of_service, number) AS nth
FROM results.notes;
CREATE TABLE lines AS SELECT DISTINCT number, code, unspecified FROM results.codes;
CREATE VIEW facts AS SELECT * FROM results.facts;
CREATE VIEW evidence AS SELECT * FROM results.evidence;
"""


class Visits:
    """The open tables; ``documented`` says whether facts and evidence are among them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, documented: bool) -> None:
        """Hold an open connection."""
        self._connection = connection
        self.documented = documented

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a question; NlpCoderError if the file is not sound."""
        import duckdb

        try:
            return self._connection.execute(statement, values).fetchall()
        except duckdb.Error as error:
            raise NlpCoderError(f"the file cannot be audited ({type(error).__name__}). Make it anew.") from None


@contextmanager
def opened(path: Path) -> Iterator[Visits]:
    """The tables of a file, by its ending; the file itself is only read."""
    import duckdb

    if not path.is_file():
        raise InputError("there is no such file. Give the .duckdb of a batch run, or a CSV of claims.")
    connection = duckdb.connect(":memory:", config=_CONFIG)
    try:
        csv_given = path.suffix.lower() in {".csv", ".tsv"}
        _claims(connection, path) if csv_given else _results(connection, path)
        yield Visits(connection, documented=not csv_given)
    finally:
        connection.close()


def _results(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    import duckdb

    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS results (READ_ONLY)")
        there = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    except duckdb.Error:
        raise InputError(
            "this is no DuckDB file, or a run is writing it. Give a finished .duckdb, or a .csv."
        ) from None
    missing = [table for table in _WANTED if table not in there]
    if missing:
        raise InputError(f"this DuckDB file has no table {missing[0]}. Make it with nlp-coder batch … -o OUT.duckdb.")
    try:
        connection.execute(_CLEAN)
    except duckdb.Error:
        raise InputError("the tables of this file are of another version. Make it anew with nlp-coder batch.") from None


def _claims(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """One visit for each id, or for each patient, day and provider where there is no id; a line for each code."""
    visits: dict[tuple[str, ...], int] = {}
    rows, lines = [], []
    for given, patient, day, provider, codes in _read(path):
        key = (given,) if given else (patient, day.isoformat(), provider)
        if key not in visits:
            visits[key] = len(visits)
            rows.append((visits[key], given or f"#{visits[key]}", patient, provider, day))
        lines += [(visits[key], code, _unspecified(code)) for code in codes]
    if not lines:
        raise InputError("the CSV holds no claim. Give a line for each code, below a line of column names.")
    connection.execute("CREATE TABLE given (number BIGINT, id VARCHAR, patient VARCHAR, provider VARCHAR, day DATE)")
    connection.execute("CREATE TABLE named (number BIGINT, code VARCHAR, unspecified BOOLEAN)")
    for table, found, kinds in (
        ("given", rows, "BIGINT VARCHAR VARCHAR VARCHAR DATE"),
        ("named", lines, "BIGINT VARCHAR BOOLEAN"),
    ):
        unnested = ", ".join(f"unnest(?::{kind}[])" for kind in kinds.split())
        connection.execute(
            f"INSERT INTO {table} SELECT {unnested}",
            [list(column) for column in zip(*found, strict=True)],
        )
    connection.execute("CREATE TABLE lines AS SELECT DISTINCT * FROM named")
    numbered = "row_number() OVER (PARTITION BY patient ORDER BY day, number) AS nth"
    connection.execute(f"CREATE TABLE visits AS SELECT *, {numbered} FROM given")  # noqa: S608  # our own text


def _read(path: Path) -> Iterator[tuple[str, str, datetime.date, str, list[str]]]:
    """Each row of a CSV as id, patient, day, provider and codes; InputError names the line, never its content."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError("the CSV cannot be read. Save it as UTF-8.") from None
    if not text.strip():
        raise InputError("the CSV is empty. Give a line of column names and a line for each code.")
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=max(",;\t|", key=first.count), strict=True)
    at: dict[str, int] = {}
    try:
        at = _columns(next(reader, []))
        for cells in reader:
            if any(map(str.strip, cells)):
                yield _row(cells, at, reader.line_num)
    except csv.Error:
        raise InputError(f"line {reader.line_num} of the CSV is damaged (a quote is not closed). Mend it.") from None


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [name.strip().casefold().replace(" ", "_") for name in header]
    at = {part: names.index(name) for part, allowed in _NAMES.items() for name in reversed(allowed) if name in names}
    for part in ("patient", "day", "code"):
        if part not in at:
            raise InputError(
                f"the CSV has no column {_NAMES[part][0]}. Its first line names the columns: patient, date_of_service, "
                "code, and if there are any provider and id."
            )
    return at


def _row(cells: Sequence[str], at: dict[str, int], line: int) -> tuple[str, str, datetime.date, str, list[str]]:
    if len(cells) <= max(at.values()):
        raise InputError(f"line {line} of the CSV has too few cells. Mend it.")
    given = {part: cells[index].strip() for part, index in at.items()}
    try:
        day = datetime.date.fromisoformat(given["day"])
    except ValueError:
        raise InputError(f"line {line} of the CSV has no day of the calendar. Write it as 2026-05-12.") from None
    words = given["code"].replace(";", " ").replace(",", " ").split()
    try:
        codes = [normalise(word) for word in words]
    except NlpCoderError:
        raise InputError(f"line {line} of the CSV has a code that is none. Write it as M54.50.") from None
    return given.get("id", ""), given["patient"], day, given.get("provider", ""), codes


@cache
def _unspecified(code: str) -> bool:
    """Does the title of a code say so?"""
    found = entry(code)
    return found is not None and "unspecified" in found.title.lower()
