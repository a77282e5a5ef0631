"""One problem with what a sentence gives it → statements, one for each place it is said to be at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from nlp_coder.assemble.line import Line, places_of
from nlp_coder.assemble.places import (
    NOT_SPINE,
    level_below,
    region_of_level,
    region_of_root,
    region_of_roots,
    region_of_vertebra,
)
from nlp_coder.types import NOT_STATED, Context, Evidence, Mention, Sentence, Span

CARRIED = ("side", "course", "character", "cause", "imaging", "phase", "duration", "radiation")
_ASKED = re.compile(r".*\?|rule out|r/o|may\b|might\b|could\b|possible\b|to exclude", re.IGNORECASE)
"""Hedges that doubt even that a pain is felt: a question, or what may come."""
LIMB_PROBLEMS = {"sciatica", "radiculopathy", "radicular pain", "polyradiculopathy"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a sentence says of one problem at one place; several places make several statements."""

    problem: str
    head: Mention
    context: Context
    sentence: int
    item: int
    section: str
    region: str = NOT_STATED
    level: str = NOT_STATED
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def start(self) -> int:
        """Where the problem's own words begin."""
        return self.head.span.start

    def get(self, slot: str) -> str:
        """The first value said for a slot, or ``not stated``."""
        return self.values.get(slot, (NOT_STATED,))[0]


def make(line: Line, head: Mention, sentence: Sentence, number: int) -> list[Statement]:
    """The statements of one problem: one for each place it is said to be at."""
    problem = head.get("problem") or ""
    here = [m for m in line.mentions if m.get("sign")]
    if problem == "muscle spasm" and here and not head.get("region"):
        problem = "sign of spasm"
    values: dict[str, tuple[str, ...]] = {}
    evidence = [Evidence("problem", head.span)]
    for slot, value in head.means:
        if slot in CARRIED:
            values[slot] = (value,)
            evidence.append(Evidence(slot, head.span))
    context = _context(line, head)
    for m in sorted(line.owned[id(head)], key=lambda m: m.span.start):
        if m.context is not Context.PRESENT and m.context is not context:
            continue
        if m.get("region") in NOT_SPINE and id(m) in line.limb_side:
            values["limb side"] = (*values.get("limb side", ()), line.limb_side[id(m)])
            evidence.append(Evidence("limb side", _with_side(line, m)))
            continue
        for slot, value in m.means:
            if slot in CARRIED:
                values[slot] = (*values.get(slot, ()), value)
                evidence.append(Evidence(slot, m.span))
    base = Statement(
        problem,
        head,
        context,
        number,
        sentence.item,
        sentence.section.name,
        values=values,
        evidence=tuple(evidence),
    )
    return at_places(base, line, head)


def _context(line: Line, head: Mention) -> Context:
    """The head's own context; of pain a hedge doubts the place or the cause, not that it is felt."""
    if head.context is Context.UNCERTAIN and head.get("problem") == "pain":
        asked = any(_ASKED.match(c.text) for c in head.cues)
        return head.context if asked else Context.PRESENT
    return head.context


def _with_side(line: Line, limb: Mention) -> Span:
    side = next((m for m in line.mentions if line.owner.get(id(m)) is limb), None)
    start = min(limb.span.start, side.span.start) if side else limb.span.start
    offset = line.masked  # the quotation is cut from the note by the caller's text, which has the same offsets
    return Span(start, limb.span.end, offset[start : limb.span.end])


def at_places(base: Statement, line: Line, head: Mention) -> list[Statement]:
    """The statement at each level, root or region the problem owns; levels before roots before regions."""
    levels: list[tuple[str, Span]] = []
    roots: list[tuple[str, Span]] = []
    regions: list[tuple[str, Span]] = [(v, head.span) for s, v in head.means if s == "region"]
    levels += [(v, head.span) for s, v in head.means if s == "level"]
    roots += [(v, head.span) for s, v in head.means if s == "root"]
    for m in sorted(places_of(line, head), key=lambda m: m.span.start):
        doubted = m.context is Context.UNCERTAIN and head.context is not Context.UNCERTAIN
        if doubted and not {c.text.lower() for c in m.cues} <= {"versus", "vs"}:
            continue  # "L5 versus S1" still says where: the region common to both
        if m.context is Context.NEGATED and head.context is Context.PRESENT:
            continue  # "chest pain that does not go to the back"
        if _SITE.search(line.masked, max(0, m.span.start - 30), m.span.start):
            continue  # "soreness at the puncture site L3": the skin, at whatever height
        levels += [(v, m.span) for s, v in m.means if s == "level"]
        if _names_a_nerve(m, line) and base.problem not in LIMB_PROBLEMS | {"nerve root compression"}:
            continue  # "adjacent to the L5 nerve root", "L5 laminectomy": no place of the disc
        roots += [(v, m.span) for s, v in m.means if s == "root" and not (base.problem == "pain" and v[0] == "S")]
        if not (m.get("region") in NOT_SPINE and base.problem in LIMB_PROBLEMS):
            regions += [(v, m.span) for s, v in m.means if s == "region"]
    out = [
        replace(base, region=region_of_level(v), level=v, evidence=(*base.evidence, Evidence("level", s)))
        for v, s in dict(levels).items()
    ]
    regions = _as_named(regions, line)
    if not levels and roots and not (base.problem == "panniculitis" and regions):
        out = _at_roots(base, roots)  # "occipito-atlanto-axial region (occiput to C2)": the region has the code
    area = tuple(Evidence("region", s) for r, s in regions if r != "back")
    if out:
        return [replace(s, evidence=(*s.evidence, *area)) for s in out]
    return [
        replace(base, region=v, evidence=(*base.evidence, *(Evidence("region", s) for r, s in regions if r == v)))
        for v in dict(regions)
    ] or [base]


def _as_named(regions: list[tuple[str, Span]], line: Line) -> list[tuple[str, Span]]:
    """``neck and back, multiple sites (…)``, ``upper back, cervicothoracic region``: what is named as the region."""
    named = [
        (r, s) for r, s in regions
        if r == "multiple" or (r in _JUNCTIONS and _REGION.match(line.masked, s.end))
    ]  # fmt: skip
    return named or regions


_JUNCTIONS = {"cervicothoracic", "thoracolumbar", "lumbosacral", "occipito-atlanto-axial"}
_REGION = re.compile(r"\s+region\b", re.IGNORECASE)
_NERVE_OR_BONE = re.compile(
    r"\W{0,2}(?:spinal )?(?:nerve|root|hemilaminect|laminect|pedicle|screw|vertebral bod|bod(?:y|ies)|fusion"
    r"|transverse|dermatom)",
    re.IGNORECASE,
)


_SITE = re.compile(
    r"\b(?:needle|puncture|injection|insertion|entry|catheter|epidural) sites?,?\s*(?:at|of|over)?\s*\Z", re.I
)


def _names_a_nerve(m: Mention, line: Line) -> bool:
    """Is the root followed by a word that makes it a nerve, a bone or an operation?"""
    return bool(m.get("root")) and bool(_NERVE_OR_BONE.match(line.masked, m.span.end))


def _at_roots(base: Statement, roots: list[tuple[str, Span]]) -> list[Statement]:
    """Roots of a radiculopathy (one process: one region), or the vertebrae of another problem."""
    where = tuple(Evidence("level", span) for _, span in roots)
    names = list(dict(roots))
    if base.problem in LIMB_PROBLEMS | {"nerve root compression"}:
        joined = len({span for _, span in roots}) == 1 or "S1" in names
        if joined or len({region_of_root(n) for n in names}) == 1:
            return [replace(base, region=region_of_roots(names), level=names[0], evidence=(*base.evidence, *where))]
        return [
            replace(base, region=region_of_root(n), level=n, evidence=(*base.evidence, Evidence("level", s)))
            for n, s in dict(roots).items()
        ]
    out = []
    for name, span in dict(roots).items():
        below = level_below(name) if base.problem == "spondylolisthesis" else ""  # L5 slips on S1
        region = region_of_level(below) if below else region_of_vertebra(name)
        out.append(
            replace(base, region=region, level=below or name, evidence=(*base.evidence, Evidence("level", span)))
        )
    return out
