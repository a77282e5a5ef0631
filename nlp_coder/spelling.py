"""A word of a note in, the word it stands for out: listed variants, near misses of long words, words typed together.

Bounded and explainable: only the words of ``misspelt.csv`` are ever read into a typing error, only from a word that
no word list knows and that is no real word, only with the same first letter, and only where one of them is nearest.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import OSA

from nlp_coder.lexicon import load_cues, load_headings, load_misspelt, load_spellings, load_terms, tokens

SHORTEST = 6
"""Letters: shorter words have too many neighbours."""
LONG = 9
"""Letters from which on a word may be two edits away, not one."""
_REMEMBERED = 200_000
_JOINS = {"problem", "imaging"}
_OTHER = ("problem", "other diagnosis")
_JOINED_FIRST, _JOINED = 4, 8
"""Letters of the first and of both words typed together."""


class Speller:
    """What a word of a note stands for; remembers every word it was asked about."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the word lists of a knowledge folder (None: ours); KnowledgeError if one is unsound."""
        where = (folder,) if folder else ()  # the loaders remember what they have read, by how they are asked
        self._listed = load_spellings(*where)
        self._targets = load_misspelt(*where)
        terms = [term.tokens for term in load_terms(*where)]
        entries = [*terms, *(h.tokens for h in load_headings(*where))]
        known = {word for entry in entries for word in entry}
        known |= {part for cue in load_cues(*where) for word in cue.tokens for part in word.strip("*").split("|")}
        self._real = known | {word for words in self._targets.values() for word in words} | self._targets.keys()
        spinal = [
            term.tokens for term in load_terms(*where) if _JOINS & dict(term.means).keys() and _OTHER not in term.means
        ]
        self._joined = {
            first + second: f"{first} {second}"
            for entry in spinal
            for first, second in pairwise(entry)
            if len(first) >= _JOINED_FIRST and len(first + second) >= _JOINED and (first + second).isalpha()
        }
        self._answers: dict[str, str] = {}

    def get(self, word: str, default: str, /) -> str:
        """The word that a lower-case word stands for (two with a blank, if typed together), else the default."""
        answer = self._answers.get(word)
        if answer is None:
            if len(self._answers) > _REMEMBERED:
                self._answers.clear()  # an archive has no end of names
            answer = self._answers[word] = self._stands_for(word)
        return answer or default

    def _stands_for(self, word: str) -> str:
        """What a word stands for, empty for itself."""
        listed = self._listed.get(word)
        if listed is not None:
            return listed
        if len(word) < SHORTEST or word in self._real or not word.isalpha():
            return ""
        return self._joined.get(word) or self._nearest(word)

    def mistyped(self, text: str) -> list[tuple[str, str]]:
        """Each word of a quotation that was read as another by its letters alone, and that other."""
        words = [token.norm for token in tokens(text, {})]
        return [
            (word, self.get(word, word)) for word in words if word not in self._listed and self.get(word, word) != word
        ]

    def _nearest(self, word: str) -> str:
        """The one target nearest to a word, by optimal string alignment (a swap of neighbours is one edit)."""
        found: dict[int, list[str]] = {}
        for target in self._targets:
            most = 2 if len(target) >= LONG else 1
            if target[0] == word[0] and abs(len(target) - len(word)) <= most:
                edits = OSA.distance(word, target, score_cutoff=most)
                if edits <= most:
                    found.setdefault(edits, []).append(target)
        best = found[min(found)] if found else []
        return best[0] if len(best) == 1 else ""


@cache
def load_speller() -> Speller:
    """The speller of our own word lists."""
    return Speller()
