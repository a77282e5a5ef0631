"""One claim of a page about codes, and what the table says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supported", "contradicted", "not checkable"]
VERDICTS: tuple[Verdict, ...] = ("contradicted", "supported", "not checkable")
KINDS = ("title", "code", "billable", "validity", "pair", "side", "form", "guideline", "coverage")
"""What a page can claim: a code's name, that it exists, that it can be billed, since or until when, that two codes
exclude each other or may stand together, that a code has a side, how many characters it has, what the guidelines say,
what payers do."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim: the line of the file (from 1), the page's words, the codes as written; and the answer of the table."""

    line: int
    kind: str
    words: str
    codes: tuple[str, ...]
    verdict: Verdict
    entry: str
    source: str
