"""Does the assessment list this problem on its own, or under another diagnosis' heading (policy sections 3 to 5)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.reading import ASSESSED
from nlp_coder.types import Context, Fact, Sentence

_SYMPTOMS = {"pain", "sciatica", "muscle spasm", "chronic pain syndrome", "pregnancy", "pregnancy pain"}


def listed(facts: Sequence[Fact], sentences: Sequence[Sentence]) -> list[Fact]:
    """The facts, ``listed`` being ``alone`` or ``with others`` for those the assessment lists."""
    places = [_places(f, sentences) for f in facts]
    out = []
    for fact, mine in zip(facts, places, strict=True):
        if not mine or fact.context is not Context.PRESENT:
            out.append(fact)
            continue
        others = {
            place
            for other, theirs in zip(facts, places, strict=True)
            if other is not fact and other.problem not in _SYMPTOMS and other.context is Context.PRESENT
            for place in theirs
        }
        out.append(replace(fact, listed="alone" if mine - others else "with others"))
    return out


def _places(fact: Fact, sentences: Sequence[Sentence]) -> set[tuple[int, int]]:
    """Items (or, in prose, sentences) of the assessment in which the fact's problem is named."""
    found = set()
    starts = [e.start for e in fact.evidence if e.slot == "problem"]
    for number, sentence in enumerate(sentences):
        if sentence.section.name in ASSESSED and any(sentence.start <= s < sentence.end for s in starts):
            found.add((sentence.section.start, sentence.item) if sentence.item else (-1, number))
    return found
