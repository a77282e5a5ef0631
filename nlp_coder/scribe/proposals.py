"""The codes that a scribe proposes: those it delivers as data, and those it printed in the note's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp_coder import icd10cm
from nlp_coder.errors import NlpCoderError
from nlp_coder.scribe.nouns import Proposed, ScribeDocument
from nlp_coder.types import Span

_DOTTED = re.compile(
    r"(?<![\w.])[A-TV-Z][0-9][0-9A-Z]\.(?:[0-9][0-9A-Z]{0,3}|A[0-9AB]?)(?![\w])(?!\s?(?:mg|mcg|ml|mm|cm|%))",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w.-])[A-TV-Z][0-9][0-9A-Z][0-9X][0-9A-Z]{0,3}(?![\w-])")
_CATEGORY = re.compile(r"(?<![\w.-])[A-TV-Z][0-9][0-9A-Z](?![\w.]|-[A-Z0-9])")
_SAYS_CODE = re.compile(r"(?:\bICD\b|\bcodes?\b|\bDx\b|\bdiagnos[ei]s\b)[^.;\n]{0,20}\Z|[\[(]\s*\Z", re.IGNORECASE)
"""What stands before a bare category: "ICD-10: M54", "(G89)"; a 54-year-old man is written M54 too."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One code proposed, once: ``code`` as the book writes it, ``fault`` why it cannot be one (then as written).

    ``proposed`` are all the places that propose it, in order; ``delivered`` is False if it is only printed.
    """

    code: str
    proposed: tuple[Proposed, ...]
    fault: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the scribe delivers it as a code, not only in its text."""
        return any(p.span is None for p in self.proposed)

    @property
    def printed(self) -> tuple[Span, ...]:
        """Where the text prints it."""
        return tuple(p.span for p in self.proposed if p.span is not None)


def proposals(document: ScribeDocument) -> tuple[Proposal, ...]:
    """Every code of a document once, in the order proposed: those delivered first, then those only printed."""
    found: dict[tuple[str, str], list[Proposed]] = {}
    given = {p.span for p in document.proposed}
    for proposed in (*document.proposed, *(p for p in printed(document.text) if p.span not in given)):
        found.setdefault(_read(proposed.code), []).append(proposed)
    return tuple(Proposal(code, tuple(places), fault) for (code, fault), places in found.items())


def _read(written: str) -> tuple[str, str]:
    """A code as written → as the book writes it, and what is wrong if it cannot be one."""
    try:
        return icd10cm.normalise(written), ""
    except NlpCoderError as error:
        return written.strip(), str(error)


def printed(text: str) -> tuple[Proposed, ...]:
    """The ICD-10-CM codes printed in a text, in order of place.

    With its dot a code is known by its form; without one it must be of the table ("M5450"), and a bare
    category ("M54") must be announced as a code: T12, L45 and C56 are levels, M54 may be a man of 54.
    """
    spans = sorted(set(_spans(text)))
    return tuple(Proposed(text[start:end], span=Span(start, end, text[start:end])) for start, end in spans)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _DOTTED.finditer(text):
        if match.group()[0].isupper() or icd10cm.entry(icd10cm.normalise(match.group())):
            yield match.span()
    for match in _BARE.finditer(text):
        if icd10cm.entry(icd10cm.normalise(match.group())):
            yield match.span()
    for match in _CATEGORY.finditer(text):
        announced = _SAYS_CODE.search(text, max(0, match.start() - 40), match.start())
        if announced and icd10cm.entry(match.group()):
            yield match.span()
