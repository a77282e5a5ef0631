"""Does the assessment list this problem on its own, or under another diagnosis' heading (policy sections 3 to 5)?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.explained import given_back
from nlp_coder.assemble.sections import ASSESSED
from nlp_coder.assemble.told import problem_starts, sentence_at, told_in
from nlp_coder.types import Context, Fact, Sentence

_APART = re.compile(
    r"\b(?:unrelated|not (?:causally )?related|pre-?existing|non-?industrial|separate (?:from|problem|issue)"
    r"|distinct from|independent of|apart from)\b",
    re.IGNORECASE,
)
_TIED = re.compile(
    r"\b(?:with|due|secondary|from|caused?|causing|related|is|are|was|has|have|had|and|who|which|the)\b", re.IGNORECASE
)
_GIVEN = re.compile(r"\b(?:due to|d/t|2/2|secondary to|from|caused by|related to|explained by)\b", re.IGNORECASE)
"""Between semicolons: the problem is told as another's, not as one of its own."""
_SYMPTOMS = {"pain", "sciatica", "muscle spasm", "chronic pain syndrome", "pregnancy", "pregnancy pain"}


def listed(facts: Sequence[Fact], sentences: Sequence[Sentence], masked: str) -> list[Fact]:
    """The facts, ``listed`` being ``alone``, ``with others`` or ``unrelated`` (in words) for those assessed."""
    places = [_places(f, sentences, masked) for f in facts]
    named = Counter(
        place
        for fact, theirs in zip(facts, places, strict=True)
        if fact.problem not in _SYMPTOMS and fact.context is Context.PRESENT
        for place in theirs
    )
    out = []
    for fact, mine in zip(facts, places, strict=True):
        if not mine or fact.context is not Context.PRESENT:
            out.append(fact)
            continue
        heading = fact.problem not in _SYMPTOMS
        alone = any(named[place] == heading for place in mine)  # named by no other fact
        word = "unrelated" if _called_unrelated(fact, sentences, masked) else "alone" if alone else "with others"
        out.append(replace(fact, listed=word))
    return out


def _called_unrelated(fact: Fact, sentences: Sequence[Sentence], masked: str) -> bool:
    """Does the provider call it a condition apart (I.A.12.a exception)?"""
    told = [sentences[number] for number in told_in(fact, sentences)]
    return any(_APART.search(masked, s.start, s.end) for s in told if s.section.name in ASSESSED)


def _places(fact: Fact, sentences: Sequence[Sentence], masked: str) -> set[tuple[int, int, int]]:
    """Items (or, in prose, sentences) of the assessment that name the fact's problem as one of its own."""
    found: set[tuple[int, int, int]] = set()
    for start in problem_starts(fact):
        number = sentence_at(start, sentences)
        if number is None or sentences[number].section.name not in ASSESSED:
            continue
        if fact.problem != "pain" or not given_back(sentences[number], start, start, masked):
            found.add(_place(sentences[number], number, start, masked))
    return found


def _place(sentence: Sentence, number: int, start: int, masked: str) -> tuple[int, int, int]:
    """A list item; in prose the part between semicolons, and in a bare line of diagnoses between its commas."""
    if sentence.item:
        return (sentence.section.start, sentence.item, 0)
    before, after = masked[sentence.start : start], masked[start : sentence.end]
    mine = before.rpartition(";")[2] + after.partition(";")[0]
    if _GIVEN.search(mine):
        return (-1, number, 0)
    marks = ";" if _TIED.search(before + after) else ",;"
    return (-1, number, sum(before.count(mark) for mark in marks))
