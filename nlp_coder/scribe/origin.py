"""A quotation of a document's text → the places of its source that hold the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlp_coder.scribe.nouns import ScribeDocument


@dataclass(frozen=True, slots=True)
class Origin:
    """Words of a source element: code points ``start`` to ``end`` of the text of the element at ``path``."""

    path: str
    start: int
    end: int
    section: str = ""


def origins(document: ScribeDocument, start: int, end: int) -> Iterator[Origin]:
    """Where ``document.text[start:end]`` stands in the source, in order; what the reader put in stands nowhere."""
    for part in document.parts:
        first, last = max(start, part.start), min(end, part.end)
        if first < last:
            shift = part.offset - part.start
            yield Origin(part.path, first + shift, last + shift, part.section)
