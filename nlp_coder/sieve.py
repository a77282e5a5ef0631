"""Can a note hold a statement about the spine at all? A note that cannot is never segmented nor read by spaCy.

The sieve works on the raw text and lets through too much rather than too little: what it stops has no term that
means a spine problem, no pain or arthritis in a sentence with a place of the spine, and no pressed root or cord.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from nlp_coder.lexicon import Term, load_terms
from nlp_coder.spelling import Speller, load_speller
from nlp_coder.vocabulary import ELSEWHERE, PLACED, SITED, SPINE

_ASCII = bytes.maketrans(
    bytes(range(256)), bytes(c if 48 <= c < 58 or 97 <= c < 123 else c + 32 if 65 <= c < 91 else 32 for c in range(256))
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_CUT = re.compile(r"(?<=[a-z\d)]{2})[.?!]\s+(?=[A-Z])|\n[ \t\r]*\n")
"""Where a sentence surely ends; between two of these may stand several."""
_LEVEL = re.compile(
    r"\b[CTLS][ -]?(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![a-z0-9])",
    re.IGNORECASE,
)
_PRESSED = re.compile(
    r"\b(?:compress|imping|displac|effac|encroach|pinch|tent|flatten|deform|indent|abut|obliterat|narrow)\w*",
    re.IGNORECASE,
)
_PAIN, _PLACE, _SPINAL, _NEEDS_PLACE, _ROOT = 1, 2, 4, 8, 16
_REMEMBERED = 200_000
_ROOTS = ("root", "roots", "cord", "foramen", "foramina", "canal", "canals", "recess", "recesses", "neuroforamen")


class _Word(NamedTuple):
    """What a word stands for, and what it may mean alone."""

    normal: str
    kinds: int


class Sieve:
    """Knows what each word and phrase may mean; ``passes`` may be asked of any number of notes."""

    def __init__(self, terms: Iterable[Term], speller: Speller) -> None:
        """Sort words and phrases of the terms by what a note that holds them may be about."""
        self._speller = speller
        self._kinds: dict[str, int] = {}
        phrases: dict[str, int] = {}
        for term in terms:
            kind = _kind(dict(term.means))
            words = [w for token in term.tokens for w in _words(token)]
            if kind and len(words) == 1:
                self._kinds[words[0]] = self._kinds.get(words[0], 0) | kind
            elif kind and words:
                phrase = f" {' '.join(words)} "
                phrases[phrase] = phrases.get(phrase, 0) | kind
        for word in _ROOTS:
            self._kinds[word] = self._kinds.get(word, 0) | _ROOT
        self._phrase_kinds = tuple(phrases.values())
        self._phrases = AhoCorasick(list(phrases))
        self._known: dict[str, _Word] = {}
        self._plain: set[str] = set()

    def passes(self, text: str) -> bool:
        """May the note hold a statement about the spine?"""
        kinds = self._meant(text)
        if kinds & _SPINAL or (kinds & _NEEDS_PLACE and (kinds & _PLACE or _LEVEL.search(text))):
            return True
        if kinds & _ROOT and _PRESSED.search(text):
            return True
        if not kinds & _PAIN or not (kinds & _PLACE or _LEVEL.search(text)):
            return False
        return any(self._hurts_there(part) for part in _CUT.split(text))

    def _hurts_there(self, part: str) -> bool:
        kinds = self._meant(part)
        return bool(kinds & _PAIN and (kinds & _PLACE or _LEVEL.search(part)))

    def _meant(self, text: str) -> int:
        """What the words and phrases of a text may mean, together."""
        words = _words(text)
        kinds, misspelt = 0, False
        for word in set(words) - self._plain:
            entry = self._known.get(word) or self._learn(word)
            kinds |= entry.kinds
            misspelt = misspelt or entry.normal != word
        if kinds & _SPINAL:
            return kinds
        plain = f" {' '.join(self._look_up(word).normal for word in words) if misspelt else ' '.join(words)} "
        for found, _, _ in self._phrases.find_matches_as_indexes(plain, overlapping=True):
            kinds |= self._phrase_kinds[found]
        return kinds

    def _learn(self, word: str) -> _Word:
        """What a word stands for; remember it, those that mean nothing apart from the others."""
        if len(self._known) + len(self._plain) > _REMEMBERED:
            self._known.clear()  # an archive has no end of names and numbers
            self._plain.clear()
        entry = self._look_up(word)
        if entry.kinds or entry.normal != word:
            self._known[word] = entry
        else:
            self._plain.add(word)
        return entry

    def _look_up(self, word: str) -> _Word:
        normal = self._speller.get(word, word)
        kinds = 0
        for part in normal.split():
            kinds |= self._kinds.get(part, 0)
        return _Word(normal, kinds)


def _kind(means: dict[str, str]) -> int:
    """What a note that holds the term may be about."""
    problem, region = means.get("problem"), means.get("region")
    kind = _PLACE if region in SPINE or "level" in means else 0
    if problem in PLACED:
        return _SPINAL if kind else _PAIN
    if problem in ELSEWHERE:
        return kind
    if problem in SITED:
        return _SPINAL if kind else _NEEDS_PLACE
    if problem or means.get("imaging"):
        return _SPINAL
    return kind


def _words(text: str) -> list[str]:
    """The words of a text in small letters, without marks; hyphens and apostrophes part words."""
    if not text.isascii():
        plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).lower()
        return re.findall(r"[^\W_]+", plain)
    return text.encode("ascii").translate(_ASCII).decode("ascii").split()


@cache
def load_sieve() -> Sieve:
    """The sieve of our own word lists."""
    return Sieve(load_terms(), load_speller())
