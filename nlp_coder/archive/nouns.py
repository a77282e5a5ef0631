"""The nouns of an archive run: an entry read, a failure, a result; all cross processes, none holds a Doc."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp_coder.types import Note


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a note was not coded, and what to do about it; neither quotes the note."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One note of an archive as read: the note to code, or why there is none.

    ``number`` counts entries over all inputs from 0, in input order, the same on every reading; ``id`` is the
    caller's (column, or the file's path below the folder given), or ``#<number>`` where there is none.
    """

    number: int
    id: str
    note: Note | None = None
    provider: str = ""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an entry: its rows by table (in the tables' column order) and its JSON line, or a failure."""

    number: int
    id: str
    rows: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    json: str = ""
    failure: Failure | None = None
