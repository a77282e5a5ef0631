"""Which sentences tell a fact, and what else they mention; by bisection, since a long note has thousands of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from nlp_coder.types import Fact, Mention, Sentence


def problem_starts(fact: Fact) -> list[int]:
    """Where the words of the fact's problem begin."""
    return [e.start for e in fact.evidence if e.slot == "problem"]


def told_in(fact: Fact, sentences: Sequence[Sentence]) -> list[int]:
    """The numbers of the sentences that name the fact's problem, in order."""
    return sorted({number for start in problem_starts(fact) if (number := sentence_at(start, sentences)) is not None})


def sentence_at(place: int, sentences: Sequence[Sentence]) -> int | None:
    """The number of the sentence that holds a place of the note, None between two."""
    number = bisect_right(sentences, place, key=_start_of_sentence) - 1
    return number if number >= 0 and place < sentences[number].end else None


def mentions_of(fact: Fact, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that are the fact's problem; ``mentions`` are in order of place."""
    found = []
    for span in sorted({e.span for e in fact.evidence if e.slot == "problem"}):
        number = bisect_left(mentions, span.start, key=_start_of_mention)
        while number < len(mentions) and mentions[number].span.start == span.start:
            if mentions[number].span == span:
                found.append(mentions[number])
            number += 1
    return found


def mentions_beside(some: Iterable[Mention], mentions: Sequence[Mention]) -> list[Mention]:
    """All mentions of the sentences that some of them stand in; ``mentions`` are in order of place."""
    found: list[Mention] = []
    for sentence in sorted({m.sentence for m in some}):
        first = bisect_left(mentions, sentence, key=_sentence_of_mention)
        found += mentions[first : bisect_right(mentions, sentence, lo=first, key=_sentence_of_mention)]
    return found


def _start_of_sentence(sentence: Sentence) -> int:
    return sentence.start


def _start_of_mention(mention: Mention) -> int:
    return mention.span.start


def _sentence_of_mention(mention: Mention) -> int:
    return mention.sentence
