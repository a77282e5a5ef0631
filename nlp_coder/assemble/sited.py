"""Words that speak of the spine only where a place says so: a bare stenosis may be of an artery, a sprain of a knee."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.counting import counts
from nlp_coder.assemble.places import NOT_SPINE, SPINE
from nlp_coder.assemble.told import mentions_beside, mentions_of, problem_starts, told_in
from nlp_coder.types import NOT_STATED, Context, Evidence, Fact, Mention, Sentence
from nlp_coder.vocabulary import SPINE_NOUN

NEEDS_PLACE = {
    "stenosis", "foraminal stenosis", "sprain", "strain", "strain and sprain", "muscle spasm", "contusion",
    "disc displacement", "spondylosis", "panniculitis", "compression fracture", "myositis", "myofascial pain",
    "cord compression", "nerve root compression", "somatic dysfunction",
}  # fmt: skip
_BACK_MUSCLE = re.compile(
    r"\btraps?\b|trapez|levator|rhomb|paraspin|scapul|splenius|multifid|quadratus|QL\b|glute(?:al|us)|piriformis",
    re.IGNORECASE,
)
_INJURIES = {"strain", "sprain", "strain and sprain", "contusion"}


_BELIEVED = re.compile(
    r"\b(?:believe|think|feel|felt)\b[^.;\n]{0,90}\b(?:related to|due to|caused by|coming from|from)\b[^.;\n]{0,30}$",
    re.IGNORECASE,
)


def sited(facts: Sequence[Fact], mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str) -> list[Fact]:
    """The facts without those that may be of any organ; an injury is where the one pain of the visit is.

    An injury that says its own place keeps it, with the pain's words for the same place.
    """
    out = []
    for fact in (_believed(f, sentences, masked) for f in facts):
        placed = _at_the_pain(fact, facts) if fact.problem in _INJURIES else None
        if placed and fact.region in {NOT_STATED, placed.region}:
            out.append(placed)
        elif (
            fact.problem not in NEEDS_PLACE
            or fact.region != NOT_STATED
            or _names_the_spine(fact, mentions)
            or _listed_among(fact, facts)
        ):
            out.append(fact)
    return out


def _believed(fact: Fact, sentences: Sequence[Sentence], masked: str) -> Fact:
    """``I believe his symptoms are related to a strain`` names a diagnosis, to be confirmed (policy section 1)."""
    told = told_in(fact, sentences)
    if len(told) != 1 or fact.problem == "pain" or not counts(fact):
        return fact
    begin = sentences[told[0]].start
    if not _BELIEVED.search(masked[begin : min(start for start in problem_starts(fact) if start >= begin)]):
        return fact
    doubt = "that this is the provider's diagnosis: the symptoms are only believed to be related to it"
    return replace(fact, confirm=(*fact.confirm, doubt))


def _names_the_spine(fact: Fact, mentions: Sequence[Mention]) -> bool:
    if any(SPINE_NOUN.search(e.text) for e in fact.evidence if e.slot == "problem"):
        return True
    here = mentions_beside(mentions_of(fact, mentions), mentions)
    if fact.problem == "myofascial pain" and any(_BACK_MUSCLE.search(m.span.text) for m in here):
        return True
    return any(m.get("region") in {*SPINE, "back"} for m in here)


def _listed_among(fact: Fact, facts: Sequence[Fact]) -> bool:
    """A myofascial pain without a place that is assessed beside problems of the spine, and of nothing else."""
    if fact.problem != "myofascial pain" or fact.standing != "assessed":
        return False
    others = [f for f in facts if f is not fact and f.standing == "assessed" and f.context is Context.PRESENT]
    return any(f.region in SPINE for f in others) and all(f.region not in NOT_SPINE for f in others)


def _at_the_pain(fact: Fact, facts: Sequence[Fact]) -> Fact | None:
    """``I believe this is a muscle strain`` of a visit for one pain is where the pain is."""
    pains = [f for f in facts if f.problem == "pain" and counts(f)]
    if fact.context is not Context.PRESENT or not pains or any(f.region not in {*SPINE, NOT_STATED} for f in pains):
        return None
    regions = {f.region for f in pains}
    if len(regions) != 1:
        return None
    words = tuple(Evidence("region", e.span) for e in pains[0].evidence if e.slot in {"region", "problem"})
    return replace(fact, region=regions.pop(), evidence=(*fact.evidence, *words))
