"""The second reader: sentences that speak of a spine problem which no mention covers, for a person to look at.

A linear model over n-grams of letters and words. It assigns no code and proposes none: it only asks. Its weights are
plain numbers in ``models/second-reader.json``, so it needs no scikit-learn; ``models/README.md`` is its card.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import sqrt
from typing import Any

from nlp_coder.classifier.ngrams import GUESSED, Guesser, concepts, lookup, mended, parts, phrases, words
from nlp_coder.classifier.store import load_json
from nlp_coder.types import Context, Fact, Mention, Sentence
from nlp_coder.vocabulary import AREAS, ELSEWHERE, PLACED, SITED, SPINE

MODEL = "second-reader.json"
_REMEMBERED = 200_000
_LONGEST = 400
"""Characters: what goes on for longer is no sentence, but a table or a text without marks."""
_UNREAD = frozenset({
    "past medical history", "past surgical history", "family history", "social history", "review of systems",
    "medications", "allergies", "vitals", "physical exam", "objective", "labs", "instructions", "education",
    "procedure", "technique", "administrative",
})  # fmt: skip
"""Sections whose statements are of no current problem: nothing there could earn a code."""
_UNASKED = frozenset({"imaging", "studies", "findings", "plan"})
"""Sections that are not asked about either once the note has a code: the complaint would stand elsewhere, too."""
_OF_NOBODY = frozenset({Context.NEGATED, Context.FAMILY})
_CURRENT = frozenset({Context.PRESENT, Context.UNCERTAIN})
_WELL = re.compile(
    r"\b(?:fine|ok|okay|normal|well|good|clear|intact|unremarkable|no|not|never|without)\b", re.IGNORECASE
)
_SAYS_WHAT = ("problem", "procedure", "study", "imaging")


class SecondReader:
    """Holds the weights; ``suspects`` may be asked of any number of notes."""

    def __init__(self, model: Mapping[str, Any] | None = None) -> None:
        """Take the weights of a model (None: ours); ModelError if ours is missing or not the one of the MANIFEST."""
        given = load_json(MODEL) if model is None else model
        self._weights: dict[str, float] = given["weights"]
        self._bias: float = given["bias"]
        self._threshold: float = given["threshold"]
        self._guesser = Guesser(given["targets"], given["known"])
        self._classes, self._places = lookup(given["classes"]), frozenset(given["places"])
        self._words: dict[str, tuple[str, float, int, tuple[str, ...]]] = {}
        self._met: dict[frozenset[str], tuple[float, int]] = {}

    def suspects(self, masked: str, sentences: Sequence[Sentence]) -> list[Sentence]:
        """The sentences of a note that seem to speak of a current spine problem, each wording once.

        ``masked`` is the note's text with its marks blanked. Whether mentions cover them, ``covered_by`` tells.
        """
        found: dict[str, Sentence] = {}
        for sentence in sentences:
            said = masked[sentence.start : sentence.end]
            if _is_read(sentence) and self.score(said) >= self._threshold:
                found.setdefault(" ".join(said.lower().split()), sentence)
        return list(found.values())

    def score(self, sentence: str) -> float:
        """How much a sentence sounds like a spine problem, in log odds of the training sentences; no probability."""
        read, total, count = [], 0.0, 0
        classes: set[str] = set()
        for word in words(sentence):
            as_read, weight, size, within = self._words.get(word) or self._learn(word)
            read.append(as_read)
            classes.update(within)
            total += weight
            count += size
        for weight, size in (self._sum(phrases(read)), self._together(frozenset(classes))):
            total += weight
            count += size
        return self._bias + total / sqrt(count or 1)

    def mended(self, sentence: str) -> str:
        """The sentence with each misspelt word as it is read, for the word lists to read again."""
        return mended(sentence, self._guesser)

    def _sum(self, grams: Iterable[str]) -> tuple[float, int]:
        """What n-grams weigh together, and how many they are."""
        weights = [self._weights.get(gram, 0.0) for gram in grams]
        return sum(weights), len(weights)

    def _together(self, classes: frozenset[str]) -> tuple[float, int]:
        """The same of classes of words that stand in one sentence; most sentences share theirs with many others."""
        entry = self._met.get(classes)
        if entry is None:
            if len(self._met) > _REMEMBERED:
                self._met.clear()
            entry = self._met[classes] = self._sum(concepts(classes, self._places))
        return entry

    def _learn(self, word: str) -> tuple[str, float, int, tuple[str, ...]]:
        """What a word is read as; what it and its letters weigh, how many n-grams they are; its classes."""
        if len(self._words) > _REMEMBERED:
            self._words.clear()
        read = self._guesser.read(word)
        within = self._classes.get(read.removeprefix(GUESSED), ())
        entry = self._words[word] = (read, *self._sum(parts(word, read)), within)
        return entry


def covered_by(mentions: Sequence[Mention], regions: Collection[str] = ()) -> Iterator[int]:
    """The numbers of the sentences that the word lists have read: they name a spine problem, however it is meant.

    A problem of the spine alone; a place of the spine with a problem, procedure or study; in a note that has
    facts of these ``regions``, also a place they speak of already: that is told again, not missed.
    """
    for number, group in groupby(mentions, key=lambda m: m.sentence):
        here = list(group)
        places = {m.get("region") for m in here} & SPINE
        level = any(m.get("level") or m.get("root") for m in here)
        told = bool(regions) and (level or bool(places & {"back", *regions}))
        says_what = any(m.get(slot) for m in here for slot in _SAYS_WHAT)
        if told or ((places or level) and says_what) or any(_is_spinal(m) for m in here):
            yield number


def unread_by(mentions: Sequence[Mention]) -> Iterator[int]:
    """The numbers of the sentences that name a current problem and a place of the spine, but no study or procedure.

    In a note that earned no fact the word lists saw both there and could not put them together.
    """
    for number, group in groupby(mentions, key=lambda m: m.sentence):
        here = list(group)
        current = [m for m in here if m.context in _CURRENT]
        placed = any(m.get("region") in SPINE for m in current)
        problem = any(m.get("problem") in PLACED | SITED for m in current)
        if placed and problem and not any(m.get("study") or m.get("procedure") for m in here):
            yield number


def told_areas(facts: Sequence[Fact]) -> frozenset[str]:
    """The parts of the back that facts speak of: neck, mid, low; of an unnamed place mid and low, of several all."""
    unnamed, several = frozenset({"mid", "low"}), frozenset({"neck", "mid", "low"})
    return frozenset[str]().union(
        *(several if fact.region == "multiple" else AREAS.get(fact.region, unnamed) for fact in facts)
    )


def is_denied(mentions: Sequence[Mention]) -> bool:
    """Is all that a sentence says of the spine, once mended, denied or told of a relative?"""
    meant = {m.context for m in mentions if m.get("region") in SPINE or _is_spinal(m)}
    return bool(meant) and meant <= _OF_NOBODY


def is_news(sentence: Sentence, mended: str, mentions: Sequence[Mention], told: Collection[str]) -> bool:
    """In a note that has a code: does a sentence tell of a part of the back that is in none of its facts?

    ``mentions`` are those of the sentence once ``mended``, ``told`` the areas of the facts. What names no place is
    taken to speak of the coded problem, and a place that is well or seen in a study only is no complaint.
    """
    if sentence.section.name in _UNASKED or _WELL.search(mended):
        return False
    places = [AREAS.get(m.get("region") or "") for m in mentions if m.context not in _OF_NOBODY]
    return any(place.isdisjoint(told) for place in places if place)


def _is_spinal(mention: Mention) -> bool:
    """Does it name a problem or finding that only the spine has?"""
    problem = mention.get("problem")
    return bool(mention.get("imaging") or (problem and problem not in PLACED | ELSEWHERE | SITED))


def _is_read(sentence: Sentence) -> bool:
    """Could a statement there earn a code?"""
    return (
        sentence.section.name not in _UNREAD
        and sentence.ticked is not False
        and sentence.end - sentence.start <= _LONGEST
    )
