"""JSONL → drafts: one object a line, its keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from nlp_coder.archive import faults
from nlp_coder.archive.columns import Columns, Draft, draft, no_column, plain
from nlp_coder.archive.lines import Line, lines
from nlp_coder.archive.nouns import Failure
from nlp_coder.archive.packed import breaks, unpacked
from nlp_coder.errors import InputError

_LONGEST_LINE = 32_000_000  # JSON may write a letter in six bytes
_OBJECT = 'one JSON object is wanted, as {"id": …, "text": …}'


def check(path: Path, columns: Columns, input: str) -> None:
    """InputError if no line has the text, or a column that the user named; as a rule the first line settles it."""
    missing = columns.wanted()
    keys: dict[str, None] = {}
    with unpacked(path) as stream:
        try:
            for line in lines(stream, _LONGEST_LINE):
                found = _parsed(line) if line.data and line.data.strip() else {}
                if isinstance(found, Mapping):
                    keys.update(dict.fromkeys(found))
                    there = {plain(key) for key in found}
                    missing = {part: name for part, name in missing.items() if plain(name) not in there}
                if not missing:
                    return
        except breaks():
            pass
    if keys:
        raise InputError(f"{input}: {no_column(missing, tuple(keys))}")


def drafts(stream: BinaryIO, columns: Columns) -> Iterator[Draft]:
    """A draft of each line that is not blank, as soon as the line is there."""
    named = columns.named()
    for line in lines(stream, _LONGEST_LINE):
        if line.data is not None and not line.data.strip():
            continue
        found = _parsed(line)
        if isinstance(found, Failure):
            yield Draft(failure=found)
        else:
            yield draft(_cells(found, named))


def _parsed(line: Line) -> Mapping[str, object] | Failure:
    """The object of a line, or why there is none."""
    if line.data is None:
        return faults.long_row(line.number, line.number)
    try:
        found = json.loads(line.data.decode())
    except UnicodeDecodeError as error:
        return faults.not_utf8(line.offset + error.start, f"the input (line {line.number})")
    except (ValueError, RecursionError):
        return faults.bad_line(line.number, _OBJECT)
    if not isinstance(found, dict):
        return faults.bad_line(line.number, _OBJECT)
    return found


def _cells(found: Mapping[str, object], named: Mapping[str, str]) -> dict[str, object]:
    """Part of the note → value, by the exact key, else by one that differs in letter case or blanks."""
    if all(name in found for name in named.values()):
        return {part: found[name] for part, name in named.items()}
    loosely = {plain(key): value for key, value in found.items()}
    return {part: found.get(name, loosely.get(plain(name))) for part, name in named.items()}
