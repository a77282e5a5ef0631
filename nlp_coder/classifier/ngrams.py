"""A sentence in, the n-grams of its letters and words out; a misspelt word is read as the one it is nearest to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SPINE = re.compile(r"\b([clt])[/-]s(?:p(?:ine)?)?\b")
_APOSTROPHES = str.maketrans("", "", "'’")
_VOWELS = re.compile(r"[aeiouyh]+")
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDS = (("ck", "k"), ("ph", "f"), ("c", "k"), ("q", "k"), ("z", "s"), ("x", "ks"))
_LETTERS = (4, 5)
"""Lengths of the n-grams within a word."""
_LONG = 6
"""Letters from which on a word may have lost or gained two letters, not one."""
_SHORTEST = 4
"""Letters: of shorter words only the consonants are compared."""
_REMEMBERED = 200_000
GUESSED = "~"
"""Stands before a word that was read through a typing error."""


def words(text: str) -> list[str]:
    """The words of a text in small letters; a number is ``0``, C/S and C-spine are ``cspine``, no apostrophes."""
    found = _WORD.findall(_SPINE.sub(r"\1spine", text.lower().translate(_APOSTROPHES)))
    return ["0" if word.isdigit() else word for word in found]


def parts(word: str, read: str) -> list[str]:
    """The n-grams of a word's letters, its ends marked, each once; and the word as it is read."""
    marked = f"<{word}>"
    return [*dict.fromkeys(marked[i : i + n] for n in _LETTERS for i in range(len(marked) - n + 1)), f"={read}"]


def phrases(read: Sequence[str]) -> Iterator[str]:
    """Two and three words in a row, and two with one between; the ends of the sentence count as words."""
    row = ["<s>", *(word.removeprefix(GUESSED) for word in read), "</s>"]
    yield from (f"{one} {two}" for one, two in pairwise(row))
    yield from (f"{one} {two} {three}" for one, two, three in zip(row, row[1:], row[2:], strict=False))
    yield from (f"{one} * {two}" for one, two in zip(row[1:], row[3:-1], strict=False))


def concepts(classes: Iterable[str], places: Collection[str]) -> Iterator[str]:
    """The classes that a sentence's words belong to, and each two of them in any order; no place is ``nowhere``."""
    named = set(classes)
    found = sorted(named if not named.isdisjoint(places) else {*named, "nowhere"})
    yield from (f"#{one}" for one in found)
    yield from (f"#{one} #{two}" for one, two in combinations(found, 2))


def lookup(classes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Class → its words, to word → its classes."""
    found: dict[str, tuple[str, ...]] = {}
    for name, members in classes.items():
        for word in members.split():
            found[word] = (*found.get(word, ()), name)
    return found


class Guesser:
    """Reads a word that nobody knows as the target it is nearest to; remembers every word it was asked about."""

    def __init__(self, targets: Iterable[str], known: Iterable[str]) -> None:
        """``targets`` may be guessed, in order of preference; ``known`` are words that stand for themselves."""
        self.targets = tuple(targets)
        self._known = {*known, *self.targets}
        self._cut: dict[str, list[str]] = {}
        self._bare: dict[str, str] = {}
        for target in self.targets:
            self._bare.setdefault(_consonants(target), target)
            for form in _shortened(target):
                self._cut.setdefault(form, []).append(target)
        self._answers: dict[str, str] = {}

    def read(self, word: str) -> str:
        """The word itself, or ``~`` and the target it is read as."""
        answer = self._answers.get(word)
        if answer is None:
            if len(self._answers) > _REMEMBERED:
                self._answers.clear()  # an archive has no end of names
            nearest = "" if word in self._known or not word.isalpha() else self.nearest(word)
            answer = self._answers[word] = GUESSED + nearest if nearest else word
        return answer

    def nearest(self, word: str) -> str:
        """The target with the same consonants, else the one that the fewest letters part from the word; or nothing."""
        same = self._bare.get(_consonants(word)) if len(word) > 1 else None
        if same and len(same) <= len(word) + 3:
            return same
        if len(word) < _SHORTEST:
            return ""
        apart: dict[str, int] = {}
        for form in _shortened(word):
            for target in self._cut.get(form, ()):
                if target[0] == word[0] or (len(word) >= _LONG and target[:3] == word[1:4]):
                    edits = max(len(target), len(word)) - len(form)
                    apart[target] = min(edits, apart.get(target, edits))
        return min(self.targets, key=lambda t: apart.get(t, len(word))) if apart else ""


def mended(text: str, guesser: Guesser) -> str:
    """The text with each word that is read through a typing error as it is read; all else is kept."""

    def right(found: re.Match[str]) -> str:
        read = guesser.read(found[0].lower())
        return read.removeprefix(GUESSED) if read.startswith(GUESSED) else found[0]

    return _WORD.sub(right, text)


def _consonants(word: str) -> str:
    """The first letter and the consonants after it, as they sound, doubles once: ``bakc`` is ``bk``."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _DOUBLED.sub(r"\1", word[0] + _VOWELS.sub("", word[1:]))


def _shortened(word: str) -> set[str]:
    """The word, and the word less one letter; less two if it is long."""
    found = {word}
    for _ in range(1 if len(word) < _LONG else 2):
        found |= {form[:i] + form[i + 1 :] for form in found for i in range(len(form))}
    return found
