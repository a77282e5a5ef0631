"""A statement and where the note makes it."""

from __future__ import annotations

from dataclasses import dataclass

from nlp_coder.assemble.statement import Statement


@dataclass(frozen=True, slots=True)
class Said:
    """A statement and its standing, a key of ``reading.RANK``."""

    statement: Statement
    standing: str
