"""Statements → facts: mentions of one problem across the note become one fact, its best statement decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp_coder.assemble.conflicts import contradictions
from nlp_coder.assemble.places import NOT_SPINE, SPINE
from nlp_coder.assemble.said import Said
from nlp_coder.assemble.sections import RANK
from nlp_coder.assemble.statement import Statement
from nlp_coder.types import NOT_STATED, Alert, Context, Evidence, Fact, Mention, Span
from nlp_coder.vocabulary import OTHER_PARTS

_SAME_PROBLEM = {
    "disc bulge": "disc displacement",
    "disc osteophyte complex": "disc degeneration",
    "arthritis": "spondylosis",
}
_PLACELESS = {
    "chronic pain syndrome",
    "postlaminectomy syndrome",
    "occipital neuralgia",
    "psychological factors",
    "psychogenic pain",
    "muscle spasm",
    "myofascial pain",
    "myositis",
    "sciatica",
    "ankylosing spondylitis",
    "sacroiliitis",
    "sacroiliac pain",
    "coccyx pain",
    "sacral pain",
    "other diagnosis",
    "osteoporosis",
    "flank pain",
    "torticollis",
    "multifidus dysfunction",
    "sciatic nerve lesion",
    "polyradiculopathy",
}
"""Problems that are one problem wherever they are said to be."""

_ONE_CODE = {"ankylosing spondylitis": "multiple", "polyradiculopathy": NOT_STATED}
"""Problems of several regions that have one code for all, and the region that leads to it."""
_CURRENT = {"assessed", "planned", "complaint", "presenting"}
_COURSES = ("acute on chronic", "chronic", "recurrent", "subacute", "acute", "persistent", "intermittent")
_CHARACTERS = (
    "vertebrogenic",
    "discogenic",
    "facetogenic",
    "mechanical",
    "myofascial",
    "muscular",
    "musculoskeletal",
    "axial",
    "postural",
    "nonspecific",
)
_PHASES = ("sequela", "subsequent", "initial")


def merge(said: Iterable[Said], signs: Sequence[Mention]) -> tuple[list[Fact], tuple[Alert, ...]]:
    """One fact for each problem and place, in the order of the assessment, and what the sections contradict.

    ``signs`` are regions of the examination: they may place a back pain.
    """
    groups: dict[tuple[str, str], list[Said]] = {}
    for one in _placed_by_item([one for one in map(_settle, said) if one is not None]):
        groups.setdefault(_key(one.statement), []).append(one)
    for problem in {problem for problem, _ in groups}:
        _absorb(problem, groups, signs)
    facts = [_fact(group) for group in groups.values() if group]
    return sorted(facts, key=lambda f: f.order), contradictions(groups.values())


def _settle(said: Said) -> Said | None:
    """The same thing under its one name, or None where it is no problem of the spine."""
    s = said.statement
    problem, region = s.problem, s.region
    if problem == "disc bulge" and said.standing not in {"assessed", "planned"}:
        said = Said(said.statement, "finding" if RANK[said.standing] > RANK["finding"] else said.standing)
    if problem == "arthritis" and region not in {*SPINE, "back", "sacroiliac"}:
        return None
    if problem == "somatic dysfunction" and region in NOT_SPINE - {"elsewhere"}:
        problem, region = f"somatic dysfunction of the {region}", NOT_STATED
    elif region in NOT_SPINE and problem not in {"pain", "other diagnosis", "fracture"}:
        if problem not in _PLACELESS | {"radiculopathy", "radicular pain"}:
            return None
        region = NOT_STATED
    if region == "sacroiliac" and problem in {"pain", "arthritis", "spondylosis"}:
        problem, region = "sacroiliac pain", NOT_STATED
    elif region in {"sacral", "coccyx"} and problem == "pain":
        problem = "sacral pain" if region == "sacral" else "coccyx pain"
    elif problem == "pain":
        region = {"lumbosacral": "lumbar", "cervicothoracic": "cervical"}.get(region, region)
    level = NOT_STATED if problem == "pain" else s.level
    return Said(replace(s, problem=_SAME_PROBLEM.get(problem, problem), region=region, level=level), said.standing)


def _placed_by_item(said: Sequence[Said]) -> list[Said]:
    """``1. Cervical spondylosis. … Narrow canal.``: what an item names without a place is where its diagnosis is."""
    regions: dict[tuple[str, int], dict[str, Statement]] = {}
    for one in said:
        s = one.statement
        if s.item and one.standing == "assessed" and s.region in SPINE and s.context is Context.PRESENT:
            regions.setdefault((s.section, s.item), {}).setdefault(s.region, s)
    out = []
    for one in said:
        s = one.statement
        homes = regions.get((s.section, s.item), {}) if one.standing == "assessed" else {}
        bare = s.region in {NOT_STATED, "back"} and s.level == NOT_STATED and s.problem not in _PLACELESS | {"pain"}
        if bare and len(homes) == 1:
            ((region, home),) = homes.items()
            words = tuple(e for e in home.evidence if e.slot == "region")
            one = Said(replace(s, region=region, evidence=(*s.evidence, *words)), one.standing)
        out.append(one)
    return out


def _key(s: Statement) -> tuple[str, str]:
    if s.problem in _PLACELESS:
        return s.problem, NOT_STATED
    return s.problem, s.level if s.level != NOT_STATED else s.region


def _absorb(problem: str, groups: dict[tuple[str, str], list[Said]], signs: Sequence[Mention]) -> None:
    """What is said without a place, or with a region only, belongs to the more exact statements of the problem."""
    keys = [key for key in groups if key[0] == problem]
    vague = [key for key in keys if key[1] in {NOT_STATED, "back"}]
    exact = [key for key in keys if key not in vague]
    if problem == "pain":
        _place_back_pain(groups, exact, signs)
        _place_bare_pain(groups)
        return
    for key in vague:
        homes = [k for k in exact if _counts_as_place(groups[k], groups[key])]
        if any(s.standing == "assessed" for s in groups[key]):  # "multilevel …" beside levels of the same list
            homes = [k for k in homes if any(s.standing == "assessed" for s in groups[k])] or homes
        if homes:
            _pour(groups, key, homes)
    levels = [k for k in exact if "-" in k[1] or k[1][-1:].isdigit()]
    for key in [k for k in exact if k not in levels and groups[k]]:
        homes = [k for k in levels if groups[k] and _refines(groups[k], groups[key], key[1])]
        if homes:
            _pour(groups, key, homes)


def _pour(groups: dict[tuple[str, str], list[Said]], source: tuple[str, str], homes: Sequence[tuple[str, str]]) -> None:
    for home in homes:
        groups[home] = [*groups[home], *groups[source]]
    groups[source] = []


def _counts_as_place(exact: Sequence[Said], vague: Sequence[Said]) -> bool:
    """A present statement with a place gives it to the same problem said without, whatever its standing but history."""
    wanted = {s.statement.context for s in vague}
    weighty = any(s.standing == "assessed" for s in vague)
    judged = [s for s in exact if s.standing == "assessed" or not weighty] or exact  # "strain, resolved. … The strains"
    return any(s.statement.context in wanted and s.standing != "education" for s in judged)


def _refines(exact: Sequence[Said], wide: Sequence[Said], region: str) -> bool:
    """A level takes the place of its region when it counts as much, or when only levels have codes (cervical discs)."""
    inside = [s for s in exact if s.statement.region == region]
    if not inside:
        return False
    best = max(RANK[s.standing] for s in wide)
    weight = max(RANK[s.standing] for s in inside)
    disc = inside[0].statement.problem.startswith("disc") and region == "cervical"
    return inside[0].statement.context in {s.statement.context for s in wide} and (
        weight >= best or disc or weight >= RANK["finding"]
    )


def _place_back_pain(
    groups: dict[tuple[str, str], list[Said]], exact: Sequence[tuple[str, str]], signs: Sequence[Mention]
) -> None:
    """``Back pain`` is the pain that another sentence places in the thoracic or lumbar region, or the exam does.

    Where both are told, it is the low back's: each region keeps what is said of it by name.
    """
    back = ("pain", "back")
    if not groups.get(back):
        return
    present = [s for s in groups[back] if s.statement.context is Context.PRESENT]
    homes = [
        key for key in exact
        if key[1] in {"thoracic", "thoracolumbar", "lumbar"}
        and any(s.statement.context is Context.PRESENT and s.standing in _CURRENT | {"sign"} for s in groups[key])
    ]  # fmt: skip
    if homes and present:
        weight = {
            key: max(RANK[s.standing] for s in groups[key] if s.statement.context is Context.PRESENT) for key in homes
        }
        homes = [key for key in homes if weight[key] == max(weight.values())]
        homes = [key for key in homes if key[1] == "lumbar"] or homes
        _pour(groups, back, homes)
        return
    places = {m.get("region"): m for m in signs if m.get("region") in {"thoracic", "thoracolumbar", "lumbar"}}
    if present and len(places) == 1:
        ((region, mention),) = places.items()
        placed = [_placed(s, region or "", mention) for s in groups[back]]
        groups[back] = []
        groups.setdefault(("pain", region or ""), []).extend(placed)


def _place_bare_pain(groups: dict[tuple[str, str], list[Said]]) -> None:
    """``The pain started after lifting``: of the one pain of the note; a ``chronic pain`` of none is kept apart."""
    bare = groups.pop(("pain", NOT_STATED), [])
    present = [s for s in bare if s.statement.context is Context.PRESENT and s.standing != "sign"]
    pains = [
        key for key, group in groups.items()
        if key[0] == "pain"
        and any(s.statement.context is Context.PRESENT and s.standing != "background" for s in group)
    ]  # fmt: skip
    spine = [key for key in pains if key[1] not in NOT_SPINE]
    if len(pains) == len(spine) == 1 and any("chronic" in s.statement.get("course") for s in present):
        lasting = [s for s in present if "chronic" in s.statement.get("course")]
        groups[spine[0]] = [*groups[spine[0]], *lasting]  # the only pain of the note is the one called chronic
        present = []
    elif len(spine) == 1 and OTHER_PARTS.isdisjoint(key[1] for key in pains):
        known = max(RANK[s.standing] for s in groups[spine[0]] if s.statement.context is Context.PRESENT)
        groups[spine[0]] = [*groups[spine[0]], *(s for s in present if RANK[s.standing] <= known)]
        present = [s for s in present if RANK[s.standing] > known]
    kinds = [
        s for s in present
        if ("chronic" in s.statement.get("course") or s.statement.get("cause") == "neoplasm")
        and RANK[s.standing] >= RANK["planned"]
    ]  # fmt: skip
    if kinds:
        unplaced = [Said(replace(s.statement, problem="unplaced pain"), s.standing) for s in kinds]
        groups["unplaced pain", NOT_STATED] = unplaced


def _placed(said: Said, region: str, sign: Mention) -> Said:
    evidence = (*said.statement.evidence, Evidence("region", sign.span))
    return Said(replace(said.statement, region=region, evidence=evidence), said.standing)


def _fact(group: Sequence[Said]) -> Fact:
    """The fact of one problem at one place: context by its weightiest statements, attributes from all that agree."""
    context, standing = _decide(group)
    same = [s for s in group if s.statement.context is context and s.standing != "education"] or [
        s for s in group if s.statement.context is context
    ]
    if any(s.standing in _CURRENT for s in same):
        same = [s for s in same if s.standing != "background"]
    first = min(same, key=lambda s: (-RANK[s.standing], s.statement.start))
    statement = first.statement
    side = _side(same)
    region = {"back": NOT_STATED}.get(statement.region, statement.region)
    if region == NOT_STATED:  # also where the best statement is one about "the pain"
        region = next((s.statement.region for s in same if s.statement.region in SPINE), NOT_STATED)
    if statement.problem in _ONE_CODE and len(_regions(same, first)) > 1:
        region = _ONE_CODE[statement.problem]
    level = next((s.statement.level for s in same if s.statement.level != NOT_STATED), NOT_STATED)
    if level != NOT_STATED:
        region = next(s.statement.region for s in same if s.statement.level == level)
    return Fact(
        problem=statement.problem,
        region=region,
        level=level,
        side=side,
        course=_best(same, "course", _COURSES),
        character=_best(same, "character", _CHARACTERS),
        cause=next((v for s in same for v in s.statement.values.get("cause", ())), NOT_STATED),
        phase=_best(same, "phase", _PHASES),
        duration=next((v for s in same for v in s.statement.values.get("duration", ())), NOT_STATED),
        context=context,
        standing=standing,
        order=_order(statement) + (0 if RANK[standing] >= RANK["planned"] else 10_000_000),
        evidence=_gather(same, side),
        cues=tuple(dict.fromkeys(c for s in same for c in s.statement.head.cues)),
    )


def _regions(same: Sequence[Said], first: Said) -> set[str]:
    """The regions of the spine that statements as weighty as the first name."""
    weighty = [s.statement.region for s in same if RANK[s.standing] >= RANK[first.standing]]
    return {region for region in weighty if region in SPINE}


def _order(statement: Statement) -> int:
    """Where the words of a statement begin: ``neck and back pain`` names the neck first."""
    return min(e.start for e in statement.evidence if e.slot in {"problem", "region", "level"})


def _decide(group: Sequence[Said]) -> tuple[Context, str]:
    """Context and standing of a fact: the assessment wins, there a certain statement wins over a hedge."""
    assessed = [s for s in group if s.standing in {"assessed", "planned"}]
    tiers: list[Sequence[Said]] = [assessed, [s for s in group if s.standing == "complaint"]]
    tiers += [[s for s in group if s.standing == name] for name in ("presenting", "finding", "sign", "background")]
    verdicts = [t for t in tiers if t]
    for number, tier in enumerate(verdicts):
        present = [s for s in tier if s.statement.context is Context.PRESENT]
        if present:
            best = max(present, key=lambda s: RANK[s.standing])
            return Context.PRESENT, best.standing
        contexts = {s.statement.context for s in tier}
        if number == 0 and contexts <= {Context.HYPOTHETICAL, Context.FAMILY}:
            continue
        if contexts <= {Context.UNCERTAIN, Context.HYPOTHETICAL} and _established(group):
            return Context.PRESENT, "complaint"
        if group[0].statement.problem in {"pain", "sciatica"} and tier is not assessed and len(verdicts) > number + 1:
            continue
        strongest = Context.UNCERTAIN if Context.UNCERTAIN in contexts else sorted(contexts)[0]
        return strongest, tier[0].standing
    first = max(group, key=lambda s: RANK[s.standing])
    return first.statement.context, first.standing


def _established(group: Sequence[Said]) -> bool:
    return any(s.standing == "complaint" and s.statement.context is Context.PRESENT for s in group)


def _side(same: Sequence[Said]) -> str:
    """Right, left or bilateral, by the weightiest statements that name a side; limbs count for sciatica."""
    problem = same[0].statement.problem
    slots = ("side", "limb side") if problem in {"sciatica", "radiculopathy", "radicular pain"} else ("side",)
    for rank in sorted({RANK[s.standing] for s in same}, reverse=True):
        for slot in slots:
            values = {v for s in same if RANK[s.standing] == rank for v in s.statement.values.get(slot, ())}
            if values:
                return "bilateral" if len(values) > 1 or "bilateral" in values else values.pop()
    return NOT_STATED


def _best(same: Sequence[Said], slot: str, order: Sequence[str]) -> str:
    values = {v for s in same for v in s.statement.values.get(slot, ())}
    if slot == "course" and {"acute", "chronic"} <= values:
        return "acute on chronic"
    return next((v for v in order if v in values), NOT_STATED)


def _gather(same: Sequence[Said], side: str) -> tuple[Evidence, ...]:
    """All the evidence of a fact, but for sides that the weightier statements contradict."""
    found = {e for s in same for e in s.statement.evidence if not _contradicts(s.statement, e.slot, side)}
    problem = same[0].statement.problem
    if problem in {"sciatica", "radiculopathy", "radicular pain"}:
        found |= {Evidence("side", e.span) for e in found if e.slot == "limb side"}
    spans: dict[tuple[str, Span], Evidence] = {(e.slot, e.span): e for e in found}
    return tuple(sorted(spans.values(), key=lambda e: (e.start, e.end, e.slot)))


def _contradicts(statement: Statement, slot: str, side: str) -> bool:
    said = statement.values.get(slot, ())
    return slot in {"side", "limb side"} and side in {"right", "left"} and side not in said
