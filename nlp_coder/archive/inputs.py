"""What the user names → the sources to read, each of one kind, all checked before any is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlp_coder.archive import delimited, folders, jsonl, parquet, queried, workbooks
from nlp_coder.archive.columns import Columns
from nlp_coder.archive.packed import breaks, is_packed_so, packing, unpacked
from nlp_coder.errors import InputError

STDIN = "-"

_KINDS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
    ".parquet": "parquet",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".duckdb": "database",
    ".ddb": "database",
    ".db": "database",
    ".sqlite": "database",
    ".sqlite3": "database",
}
_PACKED = frozenset({"note", "jsonl", "delimited"})
_WANTED = "Give .txt, .md, .jsonl, .csv, .tsv (each also .gz or .zst), .parquet, .xlsx, .duckdb, .sqlite or a folder."
_MAGIC = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip",
    b"\x28\xb5\x2f\xfd": "a zstandard file",
    b"PAR1": "Parquet",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: its kind (stdin, folder, note, jsonl, delimited, parquet, workbook, database) and where.

    ``base`` is the folder its notes' ids are relative to; ``input`` is what the user named.
    """

    kind: str
    path: Path
    base: Path
    input: str


def sources(inputs: Sequence[str], query: str) -> list[Source]:
    """What the inputs name, in order, patterns expanded. InputError if one is not there or cannot be read at all."""
    if not inputs:
        raise InputError("there is no input. Give a file, a folder, or - for JSONL on stdin.")
    if list(inputs).count(STDIN) > 1:
        raise InputError("stdin (-) is given twice. Give it once.")
    found = [source for input in inputs for source in _named(input)]
    database = any(source.kind == "database" for source in found)
    if query.strip() and not database:
        raise InputError("a query is given and no database. Give the DuckDB or SQLite file it is for.")
    if database and not query.strip():
        raise InputError(f"a database needs a query that yields its notes, as: {queried.EXAMPLE}.")
    return _with_one_base(found)


def check(source: Source, columns: Columns, query: str) -> None:
    """InputError if the source as a whole cannot be read, as far as its start tells."""
    if source.kind in ("stdin", "note"):
        return
    try:
        if source.kind == "folder":
            _check_folder(source)
            return
        with source.path.open("rb"):
            pass
        if source.kind in _PACKED:
            _check_start(source)
        if source.kind == "jsonl":
            jsonl.check(source.path, columns, source.input)
        elif source.kind == "delimited":
            delimited.check(source.path, columns, source.input)
        elif source.kind == "parquet":
            parquet.check(source.path, columns, source.input)
        elif source.kind == "workbook":
            workbooks.check(source.path, columns, source.input)
        else:
            queried.check(source.path, columns, query, source.input)
    except OSError as error:
        raise InputError(f"{source.input}: it cannot be read: {(error.strerror or 'damaged').lower()}.") from None


def _named(input: str) -> Iterator[Source]:
    if input == STDIN:
        yield Source("stdin", Path(), Path(), STDIN)
        return
    path = Path(input)
    try:
        there = path.exists() or path.is_symlink()
    except (OSError, ValueError):
        there = False
    if there:
        yield _source(path, input, None)
    elif any(sign in input for sign in "*?["):
        yield from _matches(path, input)
    else:
        raise InputError(f"there is no file or folder {_shown(input)}. Check the path.")


def _matches(pattern: Path, input: str) -> Iterator[Source]:
    """What a pattern names, sorted, hidden names left out."""
    magic = next(index for index, part in enumerate(pattern.parts) if any(sign in part for sign in "*?["))
    base = Path(*pattern.parts[:magic])
    try:
        found = sorted(base.glob(str(Path(*pattern.parts[magic:]))), key=lambda path: path.parts)
    except (OSError, ValueError):
        found = []
    seen = [path for path in found if not any(part.startswith(".") for part in path.parts[len(base.parts) :])]
    if not seen:
        raise InputError(f"nothing matches the pattern {_shown(input)}. Check it.")
    for path in seen:
        yield _source(path, input, base)


def _source(path: Path, input: str, base: Path | None) -> Source:
    if path.is_dir():
        return Source("folder", path, base or path, input)
    kind = "note" if folders.is_note(path.name) else _kind(path.name)
    if not kind:
        what = "this kind of file" if base is None else "some of the files it matches"
        raise InputError(f"{input}: {what} cannot be read. {_WANTED}")
    return Source(kind, path, base or path.parent, input)


def _kind(name: str) -> str:
    """The kind of table a file's name says, or nothing."""
    packed = packing(name)
    kind = _KINDS.get(Path(name[: len(name) - len(packed)] if packed else name).suffix.lower(), "")
    return "" if packed and kind not in _PACKED else kind


def _with_one_base(found: list[Source]) -> list[Source]:
    """Ids of files are paths below the folder given; of several folders or files, below the one they share."""
    bases = {os.path.normpath(source.base.absolute()) for source in found if source.kind in ("folder", "note")}
    if not bases:
        return found
    base = Path(os.path.commonpath(bases))
    return [replace(source, base=base) if source.kind in ("folder", "note") else source for source in found]


def _check_folder(source: Source) -> None:
    found = next(folders.walk(source.path), None)
    if isinstance(found, tuple) and found[0] == source.path:
        raise found[1]
    if found is None and Path(source.input) == source.path:
        raise InputError(
            f"{source.input}: there is no .txt or .md file in this folder. Files of other kinds are given by name, "
            "or by a pattern as 'folder/*.jsonl'."
        )


def _check_start(source: Source) -> None:
    """The first bytes belong to the kind of file that the name says."""
    kind = packing(source.path.name)
    if not is_packed_so(source.path):
        raise InputError(f"{source.input}: it is no {kind} file, or empty. Get it again, or take {kind} off its name.")
    try:
        with unpacked(source.path) as stream:
            start = stream.read(4)
    except breaks():
        raise InputError(f"{source.input}: it breaks off at its start. Get it again, whole.") from None
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{source.input}: it is UTF-16. Save it as UTF-8.")
    for magic, what in _MAGIC.items():
        if start.startswith(magic):
            raise InputError(f"{source.input}: it is {what}, not text. Give it the ending that says so, or unpack it.")


def _shown(input: str) -> str:
    """A path, unless what was typed may be a note."""
    return input if len(input) <= 200 and not any(sign.isspace() for sign in input) else "of that name"
