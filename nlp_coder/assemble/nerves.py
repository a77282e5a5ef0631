"""ICD-10-CM's "with" (guideline I.A.15): which disc, spondylosis or stenosis a root or cord disease belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.counting import DISC, SPONDYLOSIS, borrow, counts, merged
from nlp_coder.assemble.places import same_area
from nlp_coder.types import NOT_STATED, Context, Evidence, Fact, Reading

_ANY = {"assessed", "planned", "complaint", "presenting"}
_SENTENCE_END = re.compile(r"[.;](?:\s|$)")
_ROOT_DISEASE = ("radiculopathy", "radicular pain", "nerve root compression", "sciatica")
_CORD_DISEASE = ("myelopathy", "cord compression")
_DISC_OF_ROOT = {"C4": "C3-C4", "C5": "C4-C5", "C6": "C5-C6", "C7": "C6-C7", "C8": "C7-T1"}
_OVER = re.compile(r"resolv|gone|settled|subsided|cleared|disappeared|abated|no longer|\bover\b", re.IGNORECASE)
_STENOSIS_TIE = re.compile(
    r"stenosis[^.;\n]{0,60}\b(?:with|causing|resulting in|producing|and)\b[^.;\n]{0,60}radicul"
    r"|radicul\w*[^.;\n]{0,40}\b(?:due to|d/t|2/2|from|secondary to|related to|caused by)\b[^.;\n]{0,50}stenosis",
    re.IGNORECASE,
)
_SPONDYLOTIC = re.compile(r"\bspondylotic (?:\w+ )?\Z", re.IGNORECASE)
_CAUSED_STENOSIS = re.compile(
    r"stenosis[^.;\n]{0,20}\b(?:due to|d/t|2/2|secondary to|from|caused by)\b[^.;\n]{0,30}(?:facet|spondyl)",
    re.IGNORECASE,
)


def cord(facts: list[Fact], masked: str) -> list[Fact]:
    """Myelopathy or cord compression goes to the disc, without a disc to the spondylosis."""
    cords = [f for f in facts if f.problem in _CORD_DISEASE and counts(f)]
    facts = _at_cord_levels(facts, cords, masked)
    for cord in cords:
        for family in (SPONDYLOSIS, DISC) if _called_spondylotic(cord, masked) else (DISC, SPONDYLOSIS):
            homes = [f for f in facts if f.problem in family and counts(f) and same_area(f.region, cord.region)]
            homes = [f for f in homes if cord.level == NOT_STATED or f.level in {cord.level, NOT_STATED}] or homes
            homes = [f for f in homes if _in_one_sentence(f, cord, masked)] or homes
            if homes:
                facts = [_give(f, cord, "myelopathy") if any(f is h for h in homes) else f for f in facts]
                break
    return facts


def _called_spondylotic(cord: Fact, masked: str) -> bool:
    """``Spondylotic myelopathy`` names its own cause."""
    return any(_SPONDYLOTIC.search(masked, max(0, e.start - 40), e.start) for e in cord.evidence if e.slot == "problem")


def _at_cord_levels(facts: list[Fact], cords: Sequence[Fact], masked: str) -> list[Fact]:
    """A disc disorder without a level is at each level at which the same sentence has the cord compressed."""
    out: list[Fact] = []
    for fact in facts:
        at = list[Fact]()
        if fact.problem in DISC and fact.level == NOT_STATED:
            at = [c for c in cords if "-" in c.level and same_area(fact.region, c.region)]
            at = [c for c in at if _in_one_sentence(fact, c, masked)]
        if not at:
            out.append(fact)
        for c in at:
            words = tuple(Evidence("level", e.span) for e in c.evidence if e.slot == "level")
            out.append(replace(fact, level=c.level, region=c.region, evidence=merged(fact.evidence, words)))
    return out


def _in_one_sentence(fact: Fact, other: Fact, masked: str) -> bool:
    """Are the two named within one sentence or list item?"""
    named = sorted((e for e in other.evidence if e.slot == "problem"), key=lambda e: e.start)
    for a in (e for e in fact.evidence if e.slot == "problem"):
        after = bisect_left(named, a.start, key=lambda e: e.start)
        for b in named[max(0, after - 1) : after + 1]:  # if the nearest before and after are not, no other is
            end, start = min(a.end, b.end), max(a.start, b.start)
            if masked.find("\n", end, start) < 0 and not _SENTENCE_END.search(masked, end, start):
                return True
    return False


def _give(fact: Fact, nerve: Fact, value: str) -> Fact:
    both = fact.nerve not in {NOT_STATED, value}
    if both and {fact.nerve, value} == {"myelopathy", "radiculopathy"} and fact.problem in DISC:
        return fact
    filled = "myelopathy and radiculopathy" if both else value
    gained = replace(fact, nerve=filled, evidence=borrow(fact, nerve, "nerve"))
    root = _DISC_OF_ROOT.get(nerve.level)
    if root and gained.level == NOT_STATED and fact.problem in DISC and fact.region in {"cervical", NOT_STATED}:
        words = tuple(Evidence("level", e.span) for e in nerve.evidence if e.slot == "level")
        region = "cervicothoracic" if root == "C7-T1" else "cervical"
        gained = replace(gained, level=root, region=region, evidence=merged(gained.evidence, words))
    if nerve.region != NOT_STATED and gained.region in {NOT_STATED, nerve.region}:
        places = tuple(e for e in nerve.evidence if e.slot in {"region", "level"})
        gained = replace(gained, region=nerve.region, level=gained.level, evidence=merged(gained.evidence, places))
    return gained


def roots(facts: list[Fact], reading: Reading, masked: str) -> list[Fact]:
    """Radiculopathy and sciatica belong to a matching disc; radiculopathy without a disc to spondylosis."""
    told = (
        {"assessed"} if reading.kind in {"imaging report", "operative report"} else _ANY
    )  # an indication links nothing
    for root in [f for f in facts if f.problem in _ROOT_DISEASE and counts(f) and f.standing in told]:
        if _quiet(root, facts) or _tied_to_stenosis(root, facts, masked):
            continue
        for family in (DISC[:1], DISC[1:], SPONDYLOSIS):
            if family is SPONDYLOSIS and root.problem in {"sciatica", "nerve root compression"}:
                continue
            homes = [f for f in facts if f.problem in family and counts(f) and _matches(f, root)]
            homes = _nearest(homes, root)
            if homes and family is not SPONDYLOSIS and all(f.nerve == "myelopathy" for f in homes):
                facts = [_in_cord_code(f, homes[0]) if f is root else f for f in facts]  # M50.0-, M51.0- say it
                break
            if homes:
                facts = [_give(f, root, "radiculopathy") if any(f is h for h in homes) else f for f in facts]
                break
    return facts


def _quiet(root: Fact, facts: Sequence[Fact]) -> bool:
    """A root is compressed or was ill, and the provider finds its symptoms resolved (house: policy section 5)."""
    if root.problem != "nerve root compression" and root.standing != "presenting":
        return False
    told = [f for f in facts if f.problem in _ROOT_DISEASE and f.problem != "nerve root compression"]
    over = [
        f for f in told
        if f.context is Context.HISTORICAL and f.standing == "assessed" and any(_OVER.search(c.text) for c in f.cues)
    ]  # fmt: skip
    alive = (f for f in told if counts(f) and f.standing != "presenting")
    return bool(over) and not any(same_area(f.region, root.region) for f in alive)


def _in_cord_code(root: Fact, disc: Fact) -> Fact:
    """The root disease of a disc that compresses the cord, explained by that disc (house: policy section 5)."""
    words = tuple(Evidence("explained by", e.span) for e in disc.evidence if e.slot == "problem")
    return replace(root, evidence=merged(root.evidence, words))


def _tied_to_stenosis(root: Fact, facts: Sequence[Fact], masked: str) -> bool:
    """The provider gives the root symptoms to the stenosis in so many words."""
    if not any(f.problem in {"stenosis", "foraminal stenosis"} and counts(f) for f in facts):
        return False
    if any(
        _CAUSED_STENOSIS.search(masked, max(0, e.start - 120), e.start) for e in root.evidence if e.slot == "problem"
    ):
        return False  # the stenosis has its own cause, to which the index's "with" ties the root
    return any(
        match.start() - 5 <= e.start and e.end <= match.end() + 40
        for e in root.evidence
        if e.slot == "problem"
        for match in _STENOSIS_TIE.finditer(masked, max(0, e.start - 160), min(len(masked), e.end + 160))
    )


def _matches(fact: Fact, root: Fact) -> bool:
    """Same region, and neither a level nor a side that contradicts the root."""
    if {fact.side, root.side} == {"right", "left"}:
        return False  # a left protrusion presses no right root
    if root.problem == "sciatica":
        return fact.region in {"lumbar", "lumbosacral", NOT_STATED}
    if fact.level != NOT_STATED and root.level != NOT_STATED:
        if "-" in root.level:
            return fact.level == root.level
        if root.level in _DISC_OF_ROOT:
            return fact.level == _DISC_OF_ROOT[root.level]
        above, below = fact.level.split("-") if "-" in fact.level else (fact.level, fact.level)
        return root.level in {above, below} or (root.level == "C8" and fact.level == "C7-T1")
    if NOT_STATED in (fact.region, root.region):
        return True
    if fact.region == root.region:
        return True
    loose = {"lumbar", "lumbosacral"}, {"cervical", "cervicothoracic"}
    return (root.level == NOT_STATED or fact.level == NOT_STATED) and any(
        {fact.region, root.region} <= pair for pair in loose
    )


def _nearest(homes: list[Fact], root: Fact) -> list[Fact]:
    """Of several discs the one in the same sentence or of the very region, else all."""
    if len(homes) < 2:
        return homes
    places = [e.start for e in root.evidence if e.slot == "problem"]
    close = [f for f in homes if any(abs(e.start - p) < 90 for e in f.evidence if e.slot == "problem" for p in places)]
    exact = [f for f in (close or homes) if f.region == root.region]
    return exact or close or homes


def claudication(facts: list[Fact]) -> list[Fact]:
    """A lumbar stenosis with neurogenic claudication documented beside it (index: with neurogenic claudication)."""
    words = [f for f in facts if f.problem == "neurogenic claudication" and counts(f)]
    if not words:
        return facts
    return [
        replace(f, nerve="neurogenic claudication", evidence=borrow(f, words[0], "nerve"))
        if f.problem == "stenosis" and f.region in {"lumbar", NOT_STATED} and counts(f)
        else f
        for f in facts
    ]
