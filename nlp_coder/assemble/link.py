"""Facts → facts that know of each other: ICD-10-CM's "with" (guideline I.A.15), pain beside discs, pregnancy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.places import LIMBS, SPINE, same_area
from nlp_coder.types import NOT_STATED, Context, Evidence, Fact, Mention, Reading, Sentence, Span

DISC = ("disc displacement", "disc degeneration", "disc disorder", "disc disruption")
_SPONDYLOSIS = ("spondylosis", "facet arthropathy")
_ROOT_DISEASE = ("radiculopathy", "radicular pain", "nerve root compression", "sciatica")
_CORD_DISEASE = ("myelopathy", "cord compression")
_SPINE = frozenset(SPINE)
_DISC_OF_ROOT = {"C4": "C3-C4", "C5": "C4-C5", "C6": "C5-C6", "C7": "C6-C7", "C8": "C7-T1"}
_COUNTED = {"assessed", "planned", "complaint", "presenting"}
_TIES = re.compile(
    r"\b(?:concordant|correspond\w*|correlat\w*|due to|arising from|arises from|secondary to|attribut\w*|caused by"
    r"|responsible for|explain\w*|account\w* for|source of|originat\w*|generator|from these|matching|matches)\b",
    re.IGNORECASE,
)
_STENOSIS_TIE = re.compile(
    r"stenosis[^.;\n]{0,60}\b(?:with|causing|resulting in|producing|and)\b[^.;\n]{0,60}radicul"
    r"|radicul\w*[^.;\n]{0,40}\b(?:due to|from|secondary to|related to|caused by)\b[^.;\n]{0,50}stenosis",
    re.IGNORECASE,
)

_CAUSED_STENOSIS = re.compile(
    r"stenosis[^.;\n]{0,20}\b(?:due to|secondary to|from|caused by)\b[^.;\n]{0,30}(?:facet|spondyl)",
    re.IGNORECASE,
)


def link(
    facts: Sequence[Fact], reading: Reading, mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """The facts again, their ``nerve``, ``pain``, ``character`` and region filled from one another."""
    out = [_neighbour_region(f, facts, mentions) for f in facts]
    out = [_root_region(f, out, mentions) for f in out]
    out = _vertebrogenic(out, mentions, sentences, masked)
    out = _cord(out)
    out = _roots(out, masked)
    out = _claudication(out)
    if reading.kind != "imaging report":  # the indication of a study is no mention of pain (policy section 5)
        out = [_pain_beside(f, out, masked) for f in out]
    out = [_side_of_leg(f, out, mentions) for f in out]
    return _pregnancy(out, mentions, sentences, masked)


def counts(fact: Fact) -> bool:
    """Present, and stated as this patient's condition now rather than as a finding or in the past history."""
    return fact.context is Context.PRESENT and fact.standing in _COUNTED


def _borrow(fact: Fact, other: Fact, slot: str) -> tuple[Evidence, ...]:
    """The words of another fact's problem, as evidence for a slot of this one."""
    words = [Evidence(slot, e.span) for e in other.evidence if e.slot == "problem"]
    return tuple(dict.fromkeys((*fact.evidence, *words)))


_ROOT_NEIGHBOURS = (*DISC, *_SPONDYLOSIS, "stenosis", "foraminal stenosis", "spondylolisthesis", "pain")


def _root_region(fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]) -> Fact:
    """A radiculopathy without region or root: that of the spine problem beside it, else by its limb (house).

    One that states its region keeps it, with the words that would have said the same.
    """
    if fact.problem not in {"radiculopathy", "radicular pain", "nerve root compression"}:
        return fact
    region, words, by_limb = _likely_region(fact, facts, mentions)
    if not region or fact.region not in {NOT_STATED, region}:
        return fact
    evidence = _merge(fact.evidence, words)
    if fact.region == NOT_STATED and by_limb:
        doubt = f"the {region} region: the note names the limb only"
        return replace(fact, region=region, evidence=evidence, confirm=(*fact.confirm, doubt))
    return replace(fact, region=region, evidence=evidence)


def _likely_region(
    fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]
) -> tuple[str, tuple[Evidence, ...], bool]:
    """The region a radiculopathy would be given, the words for it, and whether only its limb says so."""
    lines = {m.sentence for m in mentions if any(e.slot == "problem" and e.span == m.span for e in fact.evidence)}
    limbs = [m for m in mentions if m.sentence in lines and m.get("region") in LIMBS and not m.get("sign")]
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


def _neighbour_region(fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]) -> Fact:
    """A spine diagnosis said without a place is where the other problems of its sentence are, if they agree.

    One that has a place keeps it, with the words of the neighbours that say the same.
    """
    if fact.problem not in _BORROWS:
        return fact
    lines = {m.sentence for m in mentions if any(e.slot == "problem" and e.span == m.span for e in fact.evidence)}
    spans = {m.span for m in mentions if m.sentence in lines}
    near = [
        f for f in facts
        if f is not fact and f.region in _SPINE and any(e.slot == "problem" and e.span in spans for e in f.evidence)
    ]  # fmt: skip
    if len({f.region for f in near}) != 1 or fact.region not in {NOT_STATED, near[0].region}:
        return fact
    place = tuple(e for f in near for e in f.evidence if e.slot in {"region", "level"} and e.span in spans)
    return replace(fact, region=near[0].region, evidence=_merge(fact.evidence, place))


def _merge(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(dict.fromkeys((*one, *other)), key=lambda e: (e.start, e.end, e.slot)))


def _vertebrogenic(
    facts: list[Fact], mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """Modic changes are the pain's own imaging only where a sentence ties the two; else they are kept to ask about."""
    modic = [m for m in mentions if (m.get("imaging") or "").startswith("modic") and m.context is Context.PRESENT]
    if not modic:
        return facts
    found: tuple[Mention, Span] | None = None
    for m in modic:
        sentence = sentences[m.sentence]
        tie = _TIES.search(masked, sentence.start, sentence.end)
        pain = any(
            o.sentence == m.sentence and o.get("problem") == "pain" and o.context is Context.PRESENT for o in mentions
        )
        if tie and pain:
            found = (m, Span(tie.start(), tie.end(), tie[0]))
            break
    out = []
    for fact in facts:
        if fact.problem == "pain" and fact.region == "lumbar" and counts(fact):
            words = tuple(Evidence("imaging", m.span) for m in modic)
            fact = replace(fact, evidence=_merge(fact.evidence, words))
            if found:
                words = (Evidence("imaging", found[1]),)
                fact = replace(fact, imaging=found[0].get("imaging") or "", evidence=_merge(fact.evidence, words))
        out.append(fact)
    return out


def _cord(facts: list[Fact]) -> list[Fact]:
    """Myelopathy or cord compression goes to the disc, without a disc to the spondylosis."""
    cords = [f for f in facts if f.problem in _CORD_DISEASE and counts(f)]
    for cord in cords:
        for family in (DISC, _SPONDYLOSIS):
            homes = [f for f in facts if f.problem in family and counts(f) and same_area(f.region, cord.region)]
            homes = [f for f in homes if cord.level == NOT_STATED or f.level in {cord.level, NOT_STATED}] or homes
            if homes:
                facts = [_give(f, cord, "myelopathy") if any(f is h for h in homes) else f for f in facts]
                break
    return facts


def _give(fact: Fact, nerve: Fact, value: str) -> Fact:
    both = fact.nerve not in {NOT_STATED, value}
    if both and {fact.nerve, value} == {"myelopathy", "radiculopathy"} and fact.problem in DISC:
        return fact
    filled = "myelopathy and radiculopathy" if both else value
    gained = replace(fact, nerve=filled, evidence=_borrow(fact, nerve, "nerve"))
    root = _DISC_OF_ROOT.get(nerve.level)
    if root and gained.level == NOT_STATED and fact.problem in DISC and fact.region in {"cervical", NOT_STATED}:
        words = tuple(Evidence("level", e.span) for e in nerve.evidence if e.slot == "level")
        region = "cervicothoracic" if root == "C7-T1" else "cervical"
        gained = replace(gained, level=root, region=region, evidence=_merge(gained.evidence, words))
    if nerve.region != NOT_STATED and gained.region in {NOT_STATED, nerve.region}:
        places = tuple(e for e in nerve.evidence if e.slot in {"region", "level"})
        gained = replace(gained, region=nerve.region, level=gained.level, evidence=_merge(gained.evidence, places))
    return gained


def _roots(facts: list[Fact], masked: str) -> list[Fact]:
    """Radiculopathy and sciatica belong to a matching disc; radiculopathy without a disc to spondylosis."""
    for root in [f for f in facts if f.problem in _ROOT_DISEASE and counts(f)]:
        if _tied_to_stenosis(root, facts, masked):
            continue
        for family in (DISC[:1], DISC[1:], _SPONDYLOSIS):
            if family is _SPONDYLOSIS and root.problem in {"sciatica", "nerve root compression"}:
                continue
            homes = [f for f in facts if f.problem in family and counts(f) and _matches(f, root)]
            homes = _nearest(homes, root)
            if homes:
                facts = [_give(f, root, "radiculopathy") if any(f is h for h in homes) else f for f in facts]
                break
    return facts


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
    """Same region, and no level that contradicts the root."""
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


def _claudication(facts: list[Fact]) -> list[Fact]:
    words = [f for f in facts if f.problem == "neurogenic claudication" and counts(f)]
    if not words:
        return facts
    return [
        replace(f, nerve="neurogenic claudication", evidence=_borrow(f, words[0], "nerve"))
        if f.problem == "stenosis" and f.region in {"lumbar", NOT_STATED} and counts(f)
        else f
        for f in facts
    ]


_ATTRIBUTED = re.compile(
    r"pain[^.;\n]{0,25}\b(?:due to|from|secondary to|caused by|related to|because of)\b[^.;\n]{0,40}"
    r"(?:strain|sprain|facet|sacroiliac|\bSI\b|stenosis|fracture|myofasc|spondylolisth)",
    re.IGNORECASE,
)
_SILENT_DISC = re.compile(r"\b(?:asymptomatic|incidental(?:ly)?)\b", re.IGNORECASE)


def _pain_beside(fact: Fact, facts: Sequence[Fact], masked: str) -> Fact:
    """Low back pain beside sciatica; back and leg pain of the same encounter beside a lumbar disc degeneration."""
    if fact.problem == "sciatica" and counts(fact):
        back = [f for f in facts if f.problem == "pain" and f.region == "lumbar" and counts(f)]
        back += [
            f
            for f in facts
            if f.problem == "pain" and f.region == "lumbar" and f.context is Context.PRESENT and f.standing == "sign"
        ]
        return replace(fact, pain="back", evidence=_borrow(fact, back[0], "pain")) if back else fact
    if fact.problem != "disc degeneration" or fact.region not in {"lumbar", "lumbosacral"}:
        return fact
    back = [f for f in facts if f.problem == "pain" and f.region in {"lumbar", NOT_STATED} and counts(f)]
    leg = [f for f in facts if f.problem == "pain" and f.region == "leg" and counts(f)]
    back = [f for f in back if not _given_elsewhere(f, masked)]
    if any(_SILENT_DISC.search(masked, e.start - 25, e.end + 40) for e in fact.evidence if e.slot == "problem"):
        return fact
    pain = {(True, True): "back and leg", (True, False): "back", (False, True): "leg"}.get((bool(back), bool(leg)))
    if pain is None:
        return fact
    for other in (*back[:1], *leg[:1]):
        fact = replace(fact, evidence=_borrow(fact, other, "pain"))
    return replace(fact, pain=pain)


def _given_elsewhere(pain: Fact, masked: str) -> bool:
    """Does the note give this pain to something else (policy section 5: pain not attributed elsewhere)?"""
    starts = [e.start for e in pain.evidence if e.slot == "problem"]
    return any(_ATTRIBUTED.search(masked, max(0, s - 20), s + 110) for s in starts)


_SIDES = {"right": "right", "rt": "right", "rle": "right", "left": "left", "lt": "left", "lle": "left"}


def _side_of_leg(fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]) -> Fact:
    """A sciatica without a side has that of the leg the pain goes to; that of a raised leg needs confirming (house)."""
    if fact.problem != "sciatica" or fact.side != NOT_STATED or not counts(fact):
        return fact
    pains = [f for f in facts if f.problem == "pain" and f.context is Context.PRESENT and f.standing != "background"]
    told = [e for f in pains for e in f.evidence if e.slot == "limb side" or (f.region == "leg" and e.slot == "side")]
    raised = {m.sentence for m in mentions if m.get("sign") == "slr" and m.context is Context.PRESENT}
    seen = [Evidence("side", m.span) for m in mentions if m.sentence in raised and m.get("side") in {"right", "left"}]
    for words, doubt in ((told, ""), (seen, "the side: it is that of the straight leg raise, the note gives no other")):
        sides = {_SIDES[w] for e in words for w in re.findall(r"[a-z]+", e.text.lower()) if w in _SIDES}
        if len(sides) == 1:
            evidence = _merge(fact.evidence, [Evidence("side", e.span) for e in words])
            confirm = (*fact.confirm, doubt) if doubt else fact.confirm
            return replace(fact, side=sides.pop(), evidence=evidence, confirm=confirm)
        if sides:
            return fact
    return fact


_NOT_RELATED = re.compile(r"\b(?:not|isn't|nor|never|no)\b(?:\W+\w+){0,6}\W*$", re.IGNORECASE)


def _pregnancy(
    facts: list[Fact], mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """A spine problem of a pregnant patient: a pregnancy fact beside it, ``pregnancy pain`` when said to be related."""
    said = [
        m
        for m in mentions
        if m.get("pregnancy")
        and m.context is Context.PRESENT
        and m.section not in {"past medical history", "family history"}
    ]
    pains = [
        f
        for f in facts
        if counts(f)
        and f.problem in {"pain", "sciatica", "radiculopathy", "sacroiliac pain"}
        and f.region not in {"leg", "arm", "elsewhere"}
    ]
    if not said or not pains:
        return facts
    related = [
        m for m in said
        if m.get("pregnancy") == "related"
        and not m.span.text.lower().startswith("un")
        and not _NOT_RELATED.search(masked[sentences[m.sentence].start : m.span.start])
    ]  # fmt: skip
    tied = bool(related) or any(f.cause == "pregnancy" for f in pains)
    trimesters = [m for m in said if (m.get("pregnancy") or "").startswith("trimester")]
    weeks = next((m for m in said if m.get("weeks")), None)
    evidence = [Evidence("problem", m.span) for m in said]
    evidence += [Evidence("trimester", m.span) for m in trimesters]  # weeks say the trimester too
    evidence += [Evidence("weeks", weeks.span)] if weeks else []
    evidence += [Evidence("pain", e.span) for e in pains[0].evidence if e.slot == "problem"]
    if not related and tied:
        evidence += [e for f in pains for e in f.evidence if e.slot == "cause"]
    fact = Fact(
        problem="pregnancy pain" if tied else "pregnancy",
        trimester=(trimesters[0].get("pregnancy") or "")[-1] if trimesters else NOT_STATED,
        weeks=(weeks.get("weeks") or NOT_STATED) if weeks else NOT_STATED,
        standing="assessed",
        order=-1,
        evidence=_merge(evidence, ()),
    )
    return [fact, *facts]
