"""Own notes read as if some of our words were not known: what rules do to a note that nobody has mended them for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nlp_coder.classifier.labelled import Labelled
from nlp_coder.coder import Coder
from nlp_coder.evaluate.candidates import labelled_notes
from nlp_coder.extract.context import CONTEXTS
from nlp_coder.extract.nlp import Extractor
from nlp_coder.lexicon import Term, load_cues, load_terms

READINGS = 4
"""How often each note is read, each time without other words."""
_CUES, _OTHER_THINGS, _TERMS = 0.3, 0.3, 0.1
"""Shares withheld: of the cues that say how something is meant, of the words for other things, of all other terms."""


def withheld_readings(notes: Iterable[Mapping[str, Any]]) -> list[Labelled]:
    """Annotated notes, as ``labelled_notes`` takes them → the candidates of each reading with words withheld.

    Which words a reading lacks depends on its number and the word alone: new words change no other's lot.
    """
    notes = list(notes)
    return [one for number in range(READINGS) for one in labelled_notes(notes, _reader(number))]


def _reader(number: int) -> Coder:
    cues = [c for c in load_cues() if c.category not in CONTEXTS or not _lacks(number, f"cue {c.text}", _CUES)]
    return Coder(model=False, extractor=Extractor(list(_terms(number)), cues, spine_only=True))


def _terms(number: int) -> Iterator[Term]:
    for term in load_terms():
        means = dict(term.means)
        other = means.get("problem") == "other diagnosis" or "nothing" in means
        if not _lacks(number, f"term {term.text}", _OTHER_THINGS if other else _TERMS):
            yield term


def _lacks(number: int, word: str, share: float) -> bool:
    """Does a reading lack a word? By chance, always the same."""
    lot = hashlib.sha256(f"{number} {word}".encode()).digest()
    return int.from_bytes(lot[:4], "big") < share * 2**32
