"""Sentences → lines: the normal form of each sentence's words, and which lines are said under the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nlp_coder.extract.quantities import signal
from nlp_coder.lexicon import Spellings, normal_form, raw_places, raw_words, tokens
from nlp_coder.types import Context, Sentence

_REMEMBERED = 200_000
_ANSWERS = ("no", "yes", "none")
_LONGEST_LEAD = 6
_JOINED = 1 << 16
"""Signals that a word is two typed together; the lower bits are those of ``quantities``."""


class Found(NamedTuple):
    """Words of a line that mean something: a half-open range of its tokens, and whether they count something."""

    start: int
    end: int
    means: tuple[tuple[str, str], ...]
    quantity: bool = False


@dataclass(slots=True)
class Line:
    """A sentence by its number in the note: its normal words with blanks between, and what they may count.

    ``led``: it is said under the line before it. ``found`` are the terms and quantities in it, in order; ``places``
    say where its words stand in the sentence, once asked for.
    """

    number: int
    words: str
    signals: int
    led: bool = False
    found: list[Found] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)


class LineReader:
    """Knows words and lead-ins; remembers every word it was asked about."""

    def __init__(self, spellings: Spellings, leads: Mapping[tuple[str, ...], Context]) -> None:
        """``leads`` are the words that speak for all that follows them: ``denies``, ``no evidence of``."""
        self._spellings = spellings
        self._leads = leads
        self._normal: dict[str, str] = {}
        self._signals: dict[str, int] = {}

    def lines(self, masked: str, sentences: Sequence[Sentence]) -> list[Line]:
        """Every sentence as a line, in order."""
        if len(self._normal) > _REMEMBERED:  # an archive has no end of names and numbers
            self._normal.clear()
            self._signals.clear()
        lines: list[Line] = []
        for number, sentence in enumerate(sentences):
            words, signals = self._read(masked[sentence.start : sentence.end])
            while words and words[-1] == ".":
                words.pop()
            line = Line(number, " ".join(words), signals)
            line.led = number > 0 and self._goes_on(masked, sentences[number - 1], sentence, lines[-1], line)
            lines.append(line)
        return lines

    def place(self, line: Line, text: str) -> None:
        """Find out where the words of a line stand in its sentence's text."""
        if not line.places and line.signals & _JOINED:
            line.places = [(token.start, token.end) for token in tokens(text, self._spellings)]
        elif not line.places:
            line.places = raw_places(text)

    def _read(self, text: str) -> tuple[list[str], int]:
        """Normal words (two with a blank where they were typed together), and what they signal."""
        raw, normal, signals = raw_words(text), self._normal, 0
        try:
            words = [normal[word] for word in raw]
        except KeyError:
            words = [normal[word] if word in normal else self._learn(word) for word in raw]
        for word in self._signals.keys() & raw:
            signals |= self._signals[word]
        return words, signals

    def _learn(self, raw: str) -> str:
        """The normal form of a raw word; remember it, and what the word signals if anything."""
        normal = self._normal[raw] = normal_form(raw, self._spellings)
        signals = signal(raw) | (_JOINED if " " in normal else 0)
        if signals:
            self._signals[raw] = signals
        return normal

    def _goes_on(self, masked: str, last: Sentence, this: Sentence, before: Line, line: Line) -> bool:
        """Is this line said under the one before: an answer to its question, or an item of ``Denies:``?"""
        mark = masked[last.end - 1]
        if mark == "?":
            return line.words.split(" ", 1)[0] in _ANSWERS
        if last.section is not this.section:
            return False
        gap = masked[last.end : this.start]
        if gap.count("\n") > 1:
            return False
        if mark == ":" or gap.lstrip().startswith(":"):
            return self._speaks(before.words) is not None
        return before.led and "\n" in gap

    def said_by(self, heading: str) -> Context | None:
        """The context that a heading gives to all that stands below it."""
        return self._speaks(" ".join(self._read(heading)[0]))

    def _speaks(self, words: str) -> Context | None:
        """The context that a lead-in gives to all that follows it, if its last words are a forward cue."""
        last = tuple(w for w in words.split(" ") if w != ":")
        for first in range(max(0, len(last) - _LONGEST_LEAD), len(last)):
            if last[first:] in self._leads:
                return self._leads[last[first:]]
        return None
