"""Files, folders, tables, databases or a stream → the entries of an archive, one by one."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from nlp_coder.archive import delimited, faults, folders, jsonl, parquet, queried, workbooks
from nlp_coder.archive.columns import Columns, Draft
from nlp_coder.archive.ids import Seen
from nlp_coder.archive.inputs import STDIN, Source, check, sources
from nlp_coder.archive.nouns import Entry
from nlp_coder.archive.packed import breaks, unpacked

__all__ = ["Columns", "entries", "fingerprint"]


def entries(
    inputs: Sequence[str],
    columns: Columns | None = None,
    *,
    query: str = "",
    limit: int | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Entry]:
    """Every note of the inputs in order, or why it cannot be coded; read as it is asked for, nothing loaded whole.

    An input is a folder, a pattern, a file (.txt, .md, .jsonl, .csv, .tsv, each also .gz or .zst; .parquet, .xlsx),
    a DuckDB or SQLite file with a ``query``, or ``-``: JSONL on ``stdin``. InputError at once, before the first
    entry, for an input that cannot be read as a whole.
    """
    names = columns or Columns()
    found = sources(inputs, query)
    for source in found:
        check(source, names, query)
    stream = stdin or sys.stdin.buffer
    drafts = (draft for source in found for draft in _whole(source, names, query, stream))
    return islice(_counted(drafts), limit)


def fingerprint(inputs: Sequence[str], columns: Columns | None = None, query: str = "") -> str:
    """64 hex digits that change with the columns, the query, or any file's name, size or time; stdin is a constant.

    Raises InputError if an input is not there.
    """
    digest = hashlib.sha256(repr((columns or Columns(), query.strip())).encode())
    for source in sources(inputs, query):
        if source.kind == "stdin":
            known = STDIN
        elif source.kind == "folder":
            known = "folder"
            for path in folders.walk(source.path):
                digest.update(_known(path[0] if isinstance(path, tuple) else path, source.base).encode())
        else:
            known = _known(source.path, source.base)
            if source.kind == "database":
                known += "".join(_known(Path(f"{source.path}{log}"), source.base) for log in ("-wal", ".wal"))
        digest.update(f"{source.kind}\0{known}\0".encode())
    return digest.hexdigest()


def _known(path: Path, base: Path) -> str:
    """A file's name, size and time of last change; an empty or missing file has no time."""
    try:
        known = path.stat()
        told = f"{known.st_size}\0{known.st_mtime_ns}" if known.st_size else "empty"
    except OSError:
        told = "empty"
    return f"{_id(path, base)}\0{told}\0"


def _id(path: Path, base: Path) -> str:
    """A file's path below the base; bytes that are no UTF-8 are written out."""
    return os.fsencode(os.path.relpath(path, base)).decode("utf-8", "backslashreplace")


def _counted(drafts: Iterator[Draft]) -> Iterator[Entry]:
    """Drafts with their numbers; the second and later notes of one id are failures."""
    seen = Seen()
    for number, draft in enumerate(drafts):
        note, failure = draft.note, draft.failure
        id = draft.id or f"#{number}"
        if note and not seen.new(id):
            note, failure = None, faults.TWICE
        yield Entry(number, id, replace(note, id=id) if note else None, draft.provider if note else "", failure)


def _whole(source: Source, columns: Columns, query: str, stdin: BinaryIO) -> Iterator[Draft]:
    """The drafts of one source; where it breaks off, one more that says so."""
    try:
        yield from _drafts(source, columns, query, stdin)
    except breaks():
        yield Draft(failure=faults.BROKEN_OFF)


def _drafts(source: Source, columns: Columns, query: str, stdin: BinaryIO) -> Iterator[Draft]:
    if source.kind == "stdin":
        yield from jsonl.drafts(stdin, columns)
    elif source.kind == "folder":
        yield from _of_folder(source)
    elif source.kind == "note":
        yield folders.draft(source.path, _id(source.path, source.base))
    elif source.kind == "parquet":
        yield from parquet.drafts(source.path, columns, source.input)
    elif source.kind == "workbook":
        yield from workbooks.drafts(source.path, columns, source.input)
    elif source.kind == "database":
        yield from queried.drafts(source.path, columns, query, source.input)
    else:
        with unpacked(source.path) as stream:
            if source.kind == "jsonl":
                yield from jsonl.drafts(stream, columns)
            else:
                yield from delimited.drafts(stream, columns, source.input)


def _of_folder(source: Source) -> Iterator[Draft]:
    for found in folders.walk(source.path):
        if isinstance(found, tuple):
            path, error = found
            yield Draft(_id(path, source.base), failure=faults.unreadable(error, "folder"))
        else:
            yield folders.draft(found, _id(found, source.base), source.path)
