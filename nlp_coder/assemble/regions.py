"""A problem said without a place is where its neighbours are, a radiculopathy also where its limb says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.counting import DISC, SPONDYLOSIS, counts, merged
from nlp_coder.assemble.places import SPINE, same_area
from nlp_coder.assemble.told import mentions_beside, mentions_of
from nlp_coder.types import NOT_STATED, Evidence, Fact, Mention
from nlp_coder.vocabulary import LIMBS

_SPINE = frozenset(SPINE)
_ROOT_NEIGHBOURS = (*DISC, *SPONDYLOSIS, "stenosis", "foraminal stenosis", "spondylolisthesis", "spondylolysis", "pain")
_BORROWS = (
    *DISC,
    "spondylosis",
    "facet arthropathy",
    "facet syndrome",
    "stenosis",
    "foraminal stenosis",
    "spondylolisthesis",
    "spondylolysis",
    "strain",
    "sprain",
    "strain and sprain",
    "compression fracture",
)


def neighbour_region(fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]) -> Fact:
    """A spine diagnosis said without a place is where the other problems of its sentence are, if they agree.

    One that has a place keeps it, with the words of the neighbours that say the same.
    """
    if fact.problem not in _BORROWS:
        return fact
    spans = {m.span for m in mentions_beside(mentions_of(fact, mentions), mentions)}
    near = [
        f for f in facts
        if f is not fact and f.region in _SPINE and any(e.slot == "problem" and e.span in spans for e in f.evidence)
    ]  # fmt: skip
    if fact.level != NOT_STATED:
        near = [f for f in near if f.problem != fact.problem]  # another level of the same says nothing of this one
    if len({f.region for f in near}) != 1 or fact.region not in {NOT_STATED, near[0].region}:
        return fact
    place = tuple(e for f in near for e in f.evidence if e.slot in {"region", "level"} and e.span in spans)
    return replace(fact, region=near[0].region, evidence=merged(fact.evidence, place))


def root_region(fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]) -> Fact:
    """A radiculopathy without region or root: that of the spine problem beside it, else by its limb (house).

    One that states its region keeps it, with the words that would have said the same.
    """
    if fact.problem not in {"radiculopathy", "radicular pain", "nerve root compression"}:
        return fact
    region, words, by_limb = _likely_region(fact, facts, mentions)
    if not region or fact.region not in {NOT_STATED, region}:
        return fact
    evidence = merged(fact.evidence, words)
    if fact.region == NOT_STATED and by_limb:
        doubt = f"the {region} region: the note names the limb only"
        return replace(fact, region=region, evidence=evidence, confirm=(*fact.confirm, doubt))
    return replace(fact, region=region, evidence=evidence)


def _likely_region(
    fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]
) -> tuple[str, tuple[Evidence, ...], bool]:
    """The region a radiculopathy would be given, the words for it, and whether only its limb says so."""
    here = mentions_beside(mentions_of(fact, mentions), mentions)
    limbs = [m for m in here if m.get("region") in LIMBS and not m.get("sign")]
    near = [
        f
        for f in facts
        if f is not fact and counts(f) and f.region in _SPINE - {"thoracic"} and f.problem in _ROOT_NEIGHBOURS
    ]
    if limbs:
        side = "lumbar" if limbs[0].get("region") == "leg" else "cervical"
        near = [f for f in near if same_area(f.region, side)]
    if near:
        places = tuple(e for e in near[0].evidence if e.slot in {"region", "level"})
        own = tuple(Evidence("region", e.span) for e in near[0].evidence if e.slot == "problem")
        return near[0].region, (*(places or own), *(Evidence("region", m.span) for m in limbs)), False
    if limbs:
        words = tuple(Evidence("region", m.span) for m in limbs)
        return ("lumbar" if limbs[0].get("region") == "leg" else "cervical"), words, True
    return "", (), False
