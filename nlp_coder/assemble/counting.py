"""Which facts count as this patient's condition now, and how one fact lends its words to another."""

from __future__ import annotations

from collections.abc import Sequence

from nlp_coder.assemble.places import SPINE
from nlp_coder.types import NOT_STATED, Context, Evidence, Fact

_OTHERS = {
    "other diagnosis", "fracture", "flank pain", "osteoporosis", "unplaced pain", "pregnancy", "pregnancy pain",
}  # fmt: skip
DISC = ("disc displacement", "disc degeneration", "disc disorder", "disc disruption")
SPONDYLOSIS = ("spondylosis", "facet arthropathy")
_COUNTED = {"assessed", "planned", "complaint", "presenting"}


def counts(fact: Fact) -> bool:
    """Present, and stated as this patient's condition now rather than as a finding or in the past history."""
    return fact.context is Context.PRESENT and fact.standing in _COUNTED


def is_spinal(fact: Fact) -> bool:
    """Is the fact about the spine, rather than about something that may only explain or accompany it?"""
    if fact.problem in _OTHERS:
        return False
    if fact.problem in {"pain", "arthritis"}:
        return fact.region in SPINE or (fact.region == NOT_STATED and any(e.slot == "region" for e in fact.evidence))
    return True


def borrow(fact: Fact, other: Fact, slot: str) -> tuple[Evidence, ...]:
    """The words of another fact's problem, as evidence for a slot of this one."""
    words = [Evidence(slot, e.span) for e in other.evidence if e.slot == "problem"]
    return tuple(dict.fromkeys((*fact.evidence, *words)))


def merged(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence of both, each once, in order of place."""
    return tuple(sorted(dict.fromkeys((*one, *other)), key=lambda e: (e.start, e.end, e.slot)))
