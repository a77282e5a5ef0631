"""A complete store in, its tables out: a folder of Parquet files, or the sheets of an Excel workbook."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from nlp_coder.archive.files import beside, owner_only, refusals, replace_folder, replacing
from nlp_coder.archive.store import Store
from nlp_coder.archive.tables import TABLES, key

ROWS = 1_048_575
"""How many rows an Excel sheet takes below its heading; what is more goes on a further sheet."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""


def write_parquet(store: Store, out: Path) -> None:
    """A folder with one file for each table; it takes its name once it is complete."""
    new = beside(out, ".new")
    with refusals(), owner_only():
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        store.run("SET memory_limit = '128MB'")  # enough to sort two million notes by way of the disk
        for table in TABLES:
            file = str(new / f"{table}.parquet").replace("'", "''")
            store.run(
                f"COPY (SELECT * FROM {table} ORDER BY {key(table)}) "  # noqa: S608  # our own names
                f"TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
            )
        replace_folder(new, out)


def write_xlsx(store: Store, out: Path) -> None:
    """A workbook with one sheet for each table; text that begins like a formula stays text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table, columns in TABLES.items():
        rows = store.in_order(
            f"SELECT * FROM {table} WHERE number BETWEEN $1 AND $2 ORDER BY {key(table)}"  # noqa: S608  # our own names
        )
        for title, part in _sheets(table, rows):
            sheet = book.create_sheet(title)
            sheet.append(list(columns))
            for row in part:
                sheet.append([_cell(sheet, value) for value in row])
    with refusals(), replacing(out) as stream:
        book.save(stream)


def _sheets(table: str, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
    """Title and rows of each sheet; a table without rows still has one."""
    first = next(rows, None)
    number = 1
    while first is not None or number == 1:
        taken = [first] if first is not None else []
        yield (table if number == 1 else f"{table} {number}", chain(taken, islice(rows, ROWS - 1)))
        first = next(rows, None)
        number += 1


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, _ILLEGAL.sub("\ufffd", value))
    cell.data_type = "s"
    return cell
