"""Mentions of one sentence → statements: which place, side, course and character belong to which problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from nlp_coder.assemble.places import (
    NOT_SPINE,
    level_below,
    region_of_level,
    region_of_root,
    region_of_roots,
    region_of_vertebra,
)
from nlp_coder.types import NOT_STATED, Context, Evidence, Mention, Sentence, Span

_WORD = re.compile(r"[a-z']+|\d+|[^\s\w]")
_LIST = {",", "and", "or", "&", "/", "+", "as", "well", "the", "both", "his", "her", "also", "plus"}
_JOINT = _LIST - {"the", "his", "her", "both"}
_PREPOSITIONS = {
    "of",
    "in",
    "at",
    "over",
    "across",
    "along",
    "around",
    "near",
    "involving",
    "within",
    "affecting",
    "on",
}
_TOWARDS = {"to", "into", "down", "towards", "toward", "through", "from"}
_DETERMINERS = {
    "the",
    "his",
    "her",
    "their",
    "my",
    "your",
    "a",
    "an",
    "this",
    "that",
    "patient",
    "s",
    "'s",
    "region",
    "area",
}
_FILLERS = {
    "level",
    "levels",
    "disc",
    "space",
    "spine",
    "side",
    "sided",
    "both",
    "mild",
    "moderate",
    "severe",
    "especially",
    "mostly",
    "lesser",
    "extent",
    "degree",
}
_VERBS = set(
    "is are was were has have had be been being located localized localised locates localizes mostly primarily mainly "
    "predominantly principally chiefly worse worst felt feels present more most pain symptoms which that in over to at "
    "remains continues it began begins started starts beginning".split()
)
_BREAKERS = (
    _PREPOSITIONS
    | _TOWARDS
    | set(
        "with without and or is are was were has have had be been that which who but for by due than as not no "
        "from after before because while when if secondary caused related , . ; : ( ) ? / & +".split()
    )
)
_ONSET = set(
    "after following from while when since due caused because started began resulting sustained status post to".split()
)
_PLACE_SLOTS = ("region", "level", "root")
_CARRIED = ("side", "course", "character", "cause", "imaging", "phase", "duration", "radiation")
_LIMB_PROBLEMS = {"sciatica", "radiculopathy", "radicular pain", "polyradiculopathy"}


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


class _Line:
    """The mentions of one sentence, with the words that stand between them."""

    def __init__(self, masked: str, mentions: Sequence[Mention]) -> None:
        self.masked = masked
        self.mentions = [m for m in mentions if not m.get("nothing")]
        self.heads = [m for m in self.mentions if m.get("problem")]
        self.owned: dict[int, list[Mention]] = {id(h): [] for h in self.heads}
        self.owner: dict[int, Mention] = {}
        self.limb_side: dict[int, str] = {}

    def gap(self, start: int, end: int) -> list[str]:
        """Lower-case words and marks between two places, mentions left out."""
        text = self.masked[start:end]
        for m in self.mentions:
            a, b = max(m.span.start, start) - start, min(m.span.end, end) - start
            if a < b:
                text = text[:a] + " " * (b - a) + text[b:]
        return _WORD.findall(text.lower().replace("-", " "))

    def before(self, place: int) -> str:
        """The last word before a place, determiners skipped."""
        words = self.gap(max(0, place - 40), place)
        line_start = self.mentions[0].span.start if self.mentions else 0
        words = self.gap(max(line_start - 20, 0, place - 40), place)
        while words and words[-1] in _DETERMINERS:
            words.pop()
        return words[-1] if words else ""

    def own(self, attribute: Mention, head: Mention) -> None:
        """Give an attribute to a problem."""
        self.owned[id(head)].append(attribute)
        self.owner.setdefault(id(attribute), head)


def bind(mentions: Iterable[Mention], sentences: Sequence[Sentence], masked: str) -> tuple[Statement, ...]:
    """All statements of a note, in order; a mention that is no problem and binds to none is not lost to callers."""
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    found: list[Statement] = []
    label: tuple[Mention, ...] = ()
    for number in range(len(sentences)):
        here = by_sentence.get(number, [])
        same_line = number > 0 and "\n" not in masked[sentences[number - 1].end : sentences[number].start]
        label = _level_label(here, sentences[number], masked) or (label if same_line else ())
        if here:
            found.extend(_statements(_Line(masked, here), sentences[number], number, label))
    return tuple(found)


def _level_label(mentions: Sequence[Mention], sentence: Sentence, masked: str) -> tuple[Mention, ...]:
    """Levels that open a line as its label (``L4-5: …``): they hold for the sentences that follow on the line."""
    lead = []
    position = sentence.start
    for m in mentions:
        if not m.get("level") or masked[position : m.span.start].strip(" ,-&") not in {"", "and", "At", "at"}:
            break
        lead.append(m)
        position = m.span.end
    return tuple(lead) if lead and masked[position:].lstrip()[:1] in {":", "-"} else ()


def _statements(line: _Line, sentence: Sentence, number: int, label: tuple[Mention, ...]) -> list[Statement]:
    _sides_of_limbs(line)
    for head in line.heads:
        _take_before(line, head)
    for head in line.heads:
        _take_after(line, head)
    _share_in_lists(line)
    for head in line.heads:
        if not _places(line, head) and not head.get("region"):
            _reach_out(line, head, label)
    out: list[Statement] = []
    for head in line.heads:
        out.extend(_make(line, head, sentence, number))
    return out


def _sides_of_limbs(line: _Line) -> None:
    """``left`` of ``left knee`` belongs to the knee; remember it with the limb."""
    for one, other in zip(line.mentions, line.mentions[1:], strict=False):
        tight = not set(line.gap(one.span.end, other.span.start)) - {"lower", "upper", "sided", "side"}
        if one.get("side") and not one.get("problem") and other.get("region") in NOT_SPINE and tight:
            line.limb_side[id(other)] = one.get("side") or ""
            line.owner[id(one)] = other
        elif one.get("region") in NOT_SPINE and one.get("side"):
            line.limb_side[id(one)] = one.get("side") or ""


def _take_before(line: _Line, head: Mention) -> None:
    """Modifiers right before a problem: ``chronic left``, ``C4-5, C5-6 and``, ``neck, mid-back and``."""
    position = head.span.start
    in_list = False
    for m in reversed([m for m in line.mentions if m.span.end <= head.span.start]):
        words = line.gap(m.span.end, position)
        tight = len(words) <= 3 and not set(words) & _BREAKERS
        listed = bool(words) and set(words) <= _LIST
        if m.get("problem"):
            break
        if m.get("radiation") or m.get("study") or m.get("procedure") or m.get("sign"):
            break
        is_place = any(m.get(slot) for slot in _PLACE_SLOTS)
        if (m.get("phase") and set(words) <= _DETERMINERS | {"of", "from", "for"}) or (
            tight and not (in_list and not is_place and not m.get("course") and not m.get("side"))
        ):
            line.own(m, head)
        elif listed and is_place and not _has_other_home(line, head, m):
            in_list = True
            line.own(m, head)
        elif listed and m.get("course"):
            line.own(m, head)
        else:
            break
        position = m.span.start


def _has_other_home(line: _Line, head: Mention, place: Mention) -> bool:
    """``pain in the neck and low back pain``: the neck is where the first pain is."""
    bare = [h for h in line.heads if h.span.end <= place.span.start and not h.get("region") and h is not head]
    return bool(bare) and line.before(place.span.start) in _PREPOSITIONS | _TOWARDS


def _take_after(line: _Line, head: Mention) -> None:
    """What follows a problem: ``at L4-5 and L5-S1``, ``in the neck and lower back``, ``, left side``, ``, chronic``."""
    position = head.span.end
    radiating = False
    for m in [m for m in line.mentions if m.span.start >= head.span.end]:
        words = set(line.gap(position, m.span.start))
        if m.get("sign") or m.get("procedure") or m.get("study"):
            break
        if m.get("problem"):
            placed = head.get("region") or _places(line, head)
            if words <= _JOINT and m.get("problem") != "pain" and not radiating and not placed:
                position = m.span.end
                continue
            break
        if (
            m.get("radiation")
            or words & {"radiating", "radiates", "shooting", "extending", "spreading"}
            or (words & {"down", "into"} and head.get("problem") == "pain" and m.get("region") in NOT_SPINE)
        ):
            radiating = True
        taken = id(m) in line.owner and line.owner[id(m)] is not head
        if taken and not (words & _PREPOSITIONS and line.owner[id(m)].span.start - m.span.end > 1):
            if m.get("side"):
                position = (
                    m.span.end
                    if line.owner[id(m)] in line.mentions and not line.owner[id(m)].get("problem")
                    else position
                )
                continue
            break
        if radiating and (m.get("region") or m.get("side")):
            if m.get("region") in NOT_SPINE and id(m) in line.limb_side:
                line.own(m, head)
            position = m.span.end
            continue
        if m.get("cause"):
            if len(words) <= 8 and (words & _ONSET or not words):
                line.own(m, head)
        elif _follows(words, m, head):
            line.own(m, head)
        elif words & {"with", "without", "but", "who", "and"}:
            break
        position = m.span.end


def _follows(words: set[str], m: Mention, head: Mention) -> bool:
    """May the mention after these words belong to the problem before them?"""
    if any(m.get(slot) for slot in _PLACE_SLOTS):
        allowed = _PREPOSITIONS | _TOWARDS | _DETERMINERS | _FILLERS | _LIST | {"(", ")", "-", ":", "\u2013"}
        if head.get("problem") == "pain" and not head.get("region"):
            allowed = allowed | _VERBS
        return words <= allowed
    return len(words) <= 6 and not words & {"with", "without", "but", "who", ";", "from"}


def _share_in_lists(line: _Line) -> None:
    """``spondylolisthesis and stenosis at L4-5``: coordinated problems share places and course said once."""
    for one, other in zip(line.heads, line.heads[1:], strict=False):
        words = line.gap(one.span.end, other.span.start)
        if not words or not set(words) <= _LIST | {"with", "associated", "disc"} or one.get("problem") == "pain":
            continue
        mine, theirs = _places(line, one), _places(line, other)
        if mine and not theirs and not other.get("region"):
            for m in mine:
                if m.span.start < one.span.start:
                    line.own(m, other)
        elif theirs and not mine and not one.get("region") and "with" not in words:
            for m in theirs:
                if m.span.start > other.span.start:
                    line.own(m, one)


def _places(line: _Line, head: Mention) -> list[Mention]:
    return [m for m in line.owned[id(head)] if any(m.get(slot) for slot in _PLACE_SLOTS)]


def _reach_out(line: _Line, head: Mention, label: tuple[Mention, ...]) -> None:
    """A problem without a place takes the nearest one of its sentence, or the label of its line."""
    best: tuple[int, Mention] | None = None
    limit = 8 if head.get("problem") == "pain" else 12
    for m in line.mentions:
        if not any(m.get(slot) for slot in _PLACE_SLOTS) or m.get("problem"):
            continue
        if m.get("region") in NOT_SPINE and head.get("problem") != "pain":
            continue
        if head.get("problem") == "pain" and m.get("region") == "back" and "back" not in m.span.text.lower():
            continue  # "decompression of the spinal cord and improvement of her pain"
        owner = line.owner.get(id(m))
        if owner is not None and owner.get("problem") and m.get("region") in NOT_SPINE | {None}:
            continue
        after = m.span.start >= head.span.end
        words = line.gap(*((head.span.end, m.span.start) if after else (m.span.end, head.span.start)))
        crossed = [
            h for h in line.heads if min(head.span.end, m.span.end) <= h.span.start < max(head.span.start, m.span.start)
        ]
        if len(words) > limit or set(words) & {";", "but", "with", "without"} or (after and crossed):
            continue
        distance = len(words) + (0 if after else 2)
        if best is None or distance < best[0]:
            best = (distance, m)
    if best is None and head.get("problem") == "arthritis":
        pains = [h for h in line.heads if h.get("problem") == "pain" and h.get("region") not in NOT_SPINE | {None}]
        best = (0, pains[0]) if pains else None  # "neck pain in the setting of arthritis"
    if best is not None:
        line.own(best[1], head)
    elif label:
        for m in label:
            line.own(m, head)


def _make(line: _Line, head: Mention, sentence: Sentence, number: int) -> list[Statement]:
    """The statements of one problem: one for each place it is said to be at."""
    problem = head.get("problem") or ""
    here = [m for m in line.mentions if m.get("sign")]
    if problem == "muscle spasm" and here and not head.get("region"):
        problem = "sign of spasm"
    values: dict[str, tuple[str, ...]] = {}
    evidence = [Evidence("problem", head.span)]
    for slot, value in head.means:
        if slot in _CARRIED:
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
            if slot in _CARRIED:
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
    return _at_places(base, line, head)


def _context(line: _Line, head: Mention) -> Context:
    """The head's own context; of pain a hedge doubts the place or the cause, not that it is felt."""
    if head.context is Context.UNCERTAIN and head.get("problem") == "pain":
        asked = any("?" in c.text or c.text.lower() in {"rule out", "r/o"} for c in head.cues)
        return head.context if asked else Context.PRESENT
    return head.context


def _with_side(line: _Line, limb: Mention) -> Span:
    side = next((m for m in line.mentions if line.owner.get(id(m)) is limb), None)
    start = min(limb.span.start, side.span.start) if side else limb.span.start
    offset = line.masked  # the quotation is cut from the note by the caller's text, which has the same offsets
    return Span(start, limb.span.end, offset[start : limb.span.end])


def _at_places(base: Statement, line: _Line, head: Mention) -> list[Statement]:
    levels: list[tuple[str, Span]] = []
    roots: list[tuple[str, Span]] = []
    regions: list[tuple[str, Span]] = [(v, head.span) for s, v in head.means if s == "region"]
    levels += [(v, head.span) for s, v in head.means if s == "level"]
    for m in sorted(_places(line, head), key=lambda m: m.span.start):
        doubted = m.context is Context.UNCERTAIN and head.context is not Context.UNCERTAIN
        if doubted and not {c.text.lower() for c in m.cues} <= {"versus", "vs"}:
            continue  # "L5 versus S1" still says where: the region common to both
        levels += [(v, m.span) for s, v in m.means if s == "level"]
        roots += [(v, m.span) for s, v in m.means if s == "root" and not (base.problem == "pain" and v[0] == "S")]
        if not (m.get("region") in NOT_SPINE and base.problem in _LIMB_PROBLEMS):
            regions += [(v, m.span) for s, v in m.means if s == "region"]
    out = [
        replace(base, region=region_of_level(v), level=v, evidence=(*base.evidence, Evidence("level", s)))
        for v, s in dict(levels).items()
    ]
    if not levels and roots:
        out = _at_roots(base, roots)
    area = tuple(Evidence("region", s) for _, s in regions)
    if out:
        return [replace(s, evidence=(*s.evidence, *area)) for s in out]
    return [
        replace(base, region=v, evidence=(*base.evidence, *(Evidence("region", s) for r, s in regions if r == v)))
        for v in dict(regions)
    ] or [base]


def _at_roots(base: Statement, roots: list[tuple[str, Span]]) -> list[Statement]:
    """Roots of a radiculopathy (one process: one region), or the vertebrae of another problem."""
    where = tuple(Evidence("level", span) for _, span in roots)
    names = list(dict(roots))
    if base.problem in _LIMB_PROBLEMS | {"nerve root compression"}:
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
