"""A note as read in, its seven elements out: what a back or neck pain note says, denies, or leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nlp_coder.claims.events import ELSEWHERE as ORGANS
from nlp_coder.claims.events import GOALS, TASKS
from nlp_coder.claims.redflags import RedFlag, red_flags
from nlp_coder.claims.timing import FIELD, INJURED_ON, manners, onsets, season, timely
from nlp_coder.claims.visits import ASKED, INTENTS, ORDERED, TITLE
from nlp_coder.claims.wording import (
    BELLY,
    EXAMINED,
    HURT,
    NEAR,
    NO_FLAGS,
    NORMAL,
    PLACES,
    SIDE_FIELD,
    SIDES,
    SIGNS,
    SKULL,
    TYPED,
    USUAL,
    failed,
    grades,
    said,
    within,
)
from nlp_coder.types import Context, Evidence, Fact, Mention, Parsed, Span
from nlp_coder.vocabulary import ELSEWHERE, OTHER_PARTS, SPINE

NAMES: Final = (
    "region",
    "side",
    "onset and duration",
    "cause or type",
    "objective findings",
    "encounter intent",
    "red flags",
)
"""The elements, in the order they are shown."""

_BACKGROUND: Final = frozenset({
    "past medical history", "past surgical history", "family history", "social history", "medications", "allergies",
    "problem list", "education", "instructions", "labs", "vitals",
})  # fmt: skip
_EXAM: Final = frozenset({"physical exam", "objective"})
_UNHEADED: Final = frozenset({"none", "other", "review of systems", "vitals"})
"""Where an examination may stand that has no heading of its own."""
_STUDIES: Final = frozenset({"imaging", "studies", "findings"})
_NAMED: Final = SPINE - {"back"}
"""Regions that a coder can use: the back alone is none."""
_STANDING: Final = ("assessed", "planned", "complaint", "presenting", "stated", "finding", "sign")
_NOW: Final = tuple(standing for standing in _STANDING if standing != "planned")
_TIMELESS: Final = _BACKGROUND | _STUDIES | _EXAM | {"plan", "assessment", "assessment and plan", "technique"}
_SIDED_SIGNS: Final = frozenset({"slr", "spurling", "sensory loss", "weakness", "tenderness", "spasm"})
_STRUCTURAL: Final = frozenset({
    "disc displacement", "disc bulge", "disc degeneration", "disc disruption", "disc osteophyte complex", "spondylosis",
    "facet arthropathy", "stenosis", "foraminal stenosis", "spondylolisthesis", "spondylolysis", "compression fracture",
    "sacroiliitis",
})  # fmt: skip
_LIMBS: Final = frozenset({"leg", "arm"})
_TITLE: Final = 80
"""Code points of a first sentence in which it may be a title."""
_MOST: Final = 6
"""Quotations of one element; more say nothing new."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: ``status`` is found, denied or absent; ``evidence`` quotes the most telling words first."""

    name: str
    status: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """The seven elements of one note, and its red flags one by one."""

    elements: tuple[Element, ...]
    flags: tuple[RedFlag, ...]

    @property
    def completeness(self) -> float:
        """The share of the seven elements that the note speaks of, 0 to 1."""
        return sum(e.status != "absent" for e in self.elements) / len(self.elements)


def chart(parsed: Parsed) -> Chart:
    """The elements and red flags of a note as ``Coder.read`` gives it; every span quotes the untouched note."""
    flags = red_flags(parsed)
    finders: tuple[Callable[[Parsed], Iterator[Span]], ...] = (_region, _side, _onset, _cause)
    found = [_element(name, "found", finder(parsed)) for name, finder in zip(NAMES[:4], finders, strict=True)]
    return Chart(
        (*found, _objective(parsed), _element(NAMES[5], "found", _intent(parsed)), _flagged(parsed, flags)), flags
    )


def _element(name: str, status: str, spans: Iterable[Span]) -> Element:
    kept = tuple(Evidence(name, span) for span in list(dict.fromkeys(spans))[:_MOST])
    return Element(name, status if kept else "absent", kept)


def _facts(parsed: Parsed) -> list[Fact]:
    """Present statements about the spine, the assessed ones first."""
    mine = [
        f for f in parsed.facts
        if f.context in {Context.PRESENT, Context.UNCERTAIN} and f.problem not in ELSEWHERE and f.standing in _STANDING
        and (f.region in SPINE or (f.problem != "pain" and f.region == "not stated"))
    ]  # fmt: skip
    return sorted(mine, key=lambda f: (f.context is not Context.PRESENT, _STANDING.index(f.standing)))


def _spans(facts: Iterable[Fact], *slots: str) -> Iterator[Span]:
    for fact in facts:
        yield from (e.span for e in fact.evidence if e.slot in slots)


def _current(parsed: Parsed) -> list[Mention]:
    return [m for m in parsed.mentions if m.section not in _BACKGROUND]


def _present(m: Mention) -> bool:
    return m.context is Context.PRESENT


def _placed(m: Mention) -> bool:
    return m.get("region") in _NAMED or bool(m.get("level") or m.get("root"))


def _region(parsed: Parsed) -> Iterator[Span]:
    named = [f for f in _facts(parsed) if f.region in _NAMED]
    told = [span for span in _spans(named, "region", "level", "root") if not _vague(parsed, span)]
    yield from sorted(told, key=lambda span: PLACES.search(span.text) is None)  # words before levels
    mentioned = [m.span for m in _current(parsed) if _present(m) and _placed(m) and m.section != "plan"]
    yield from mentioned
    if not told and not mentioned:
        yield from (s for sentence in parsed.sentences for s, there in said(parsed, SKULL, sentence) if there)


def _vague(parsed: Parsed, span: Span) -> bool:
    """Do the words name the back and no region of it?"""
    here = [m for m in parsed.mentions if m.span.start < span.end and span.start < m.span.end]
    return any(m.get("region") == "back" for m in here) and not any(map(_placed, here))


def _side(parsed: Parsed) -> Iterator[Span]:
    yield from within(parsed, SIDE_FIELD, 0, len(parsed.masked))
    facts = _facts(parsed)
    limbs = [f for f in parsed.facts if f.context is Context.PRESENT and f.region in _LIMBS and f.standing in _NOW]
    for chosen in (facts, limbs if facts else []):
        yield from _spans(chosen, "side")
        yield from _spans(chosen, "limb side")
    by_sentence: dict[int, list[Mention]] = {}
    for m in _current(parsed):
        by_sentence.setdefault(m.sentence, []).append(m)
    for here in by_sentence.values():
        if any(map(_sided, here)):
            for m in here:
                if _present(m) and (_placed(m) or m.get("region") in _LIMBS or _sided(m)) and m.section != "plan":
                    yield from _sides_beside(parsed, m, here)


def _sides_beside(parsed: Parsed, m: Mention, here: Sequence[Mention]) -> Iterator[Span]:
    """Sides in the clause of a mention, unless that speaks of a joint; ``bilaterally`` of an examination is none."""
    sentence, words = parsed.sentences[m.sentence], parsed.masked
    start = max(sentence.start, *(words.rfind(mark, sentence.start, m.span.start) + 1 for mark in ",;("))
    stops = [at for mark in ",;)" if (at := words.find(mark, m.span.end, sentence.end)) >= 0]
    end = min([sentence.end, *stops])
    away = (o for o in here if o.get("region") in OTHER_PARTS and start <= o.span.start < end)
    if all(NEAR.search(o.span.text) for o in away):
        found = within(parsed, SIDES, start, end)
        usual = m.section in _EXAM or USUAL.search(words, start, end)
        yield from (s for s in found if not (usual and s.text.lower().startswith("b")))


def _sided(m: Mention) -> bool:
    """A problem or sign that has a side where one is given."""
    problem = m.get("problem") or "other diagnosis"
    limb = m.get("side") and m.get("region") in _LIMBS
    return bool(limb or m.get("sign") in _SIDED_SIGNS or problem not in ELSEWHERE | {"arthritis"})


def _onset(parsed: Parsed) -> Iterator[Span]:
    yield from within(parsed, INJURED_ON, 0, len(parsed.masked))
    yield from within(parsed, FIELD, 0, len(parsed.masked))
    for span in _spans(_facts(parsed), "duration"):
        here = next((s for s in parsed.sentences if s.start <= span.start < s.end), None)
        if here is None or timely(parsed, span, here):
            yield span
    hurts = {
        m.sentence for m in _current(parsed)
        if m.get("problem") not in {None, "other diagnosis"} or m.get("sign") or m.get("region") in SPINE | _LIMBS
    }  # fmt: skip
    for near in (hurts, {number + 1 for number in hurts} - hurts, {number - 1 for number in hurts} - hurts):
        for number in sorted(near & set(range(len(parsed.sentences)))):
            if parsed.sentences[number].section.name not in _TIMELESS:
                yield from onsets(parsed, parsed.sentences[number])
    for number in sorted(hurts & set(range(len(parsed.sentences)))):
        if parsed.sentences[number].section.name not in _TIMELESS:
            yield from manners(parsed, parsed.sentences[number])


def _cause(parsed: Parsed) -> Iterator[Span]:
    facts, current = _facts(parsed), [m for m in _current(parsed) if _present(m)]
    pregnant = [m.span for m in parsed.mentions if m.get("pregnancy") not in {None, "related"}]
    spans = [
        *_spans([f for f in facts if f.problem != "pain"], "problem"),
        *_spans(facts, "character"),
        *(
            m.span
            for m in current
            if (m.get("character") and m.section not in _EXAM) or m.get("pregnancy") == "related"
        ),
        *_spans(facts, "cause", "imaging"),
        *(
            m.span
            for m in current
            if m.get("cause") and m.section not in _STUDIES and not season(parsed, m.span) and not _hoped(parsed, m)
        ),
    ]
    yield from (s for s in spans if not any(s.start < p.end and p.start < s.end for p in pregnant))
    for sentence in parsed.sentences:
        if sentence.section.name not in _BACKGROUND | {"plan"}:
            for pattern in (HURT, TASKS, TYPED, ORGANS):
                yield from (span for span, there in said(parsed, pattern, sentence) if there)


def _hoped(parsed: Parsed, m: Mention) -> bool:
    """Is an activity one to come back to, or to leave: ``goals: resume rowing``, ``avoid lifting``?"""
    return any(True for _ in within(parsed, GOALS, parsed.sentences[m.sentence].start, m.span.start))


def _objective(parsed: Parsed) -> Element:
    """Signs of the examination and findings of studies; denied when all that was looked for was normal."""
    report = parsed.reading.kind == "imaging report"
    examined = _EXAM | _STUDIES | ({"indication", "technique", "impression"} if report else frozenset())
    spoken = examined | _UNHEADED
    elsewhere = _elsewhere(parsed)
    lines = {number for number, s in enumerate(parsed.sentences) if EXAMINED.match(parsed.masked, s.start)}
    seen = [
        s for number, s in enumerate(parsed.sentences)
        if number in lines or (s.section.name in spoken and number not in elsewhere)
    ]  # fmt: skip
    signs = [
        m for m in parsed.mentions if m.get("sign") and m.section in spoken and not _felt(m) and not _belly(parsed, m)
    ]
    power = [
        g for n, s in enumerate(parsed.sentences) if n in lines or s.section.name in spoken for g in grades(parsed, s)
    ]
    words = [(s.section.name, *one) for s in seen for one in said(parsed, SIGNS, s)]
    there = [(m.section, m.span) for m in signs if _present(m) and not failed(parsed, m.span)] + [
        (name, span) for name, span, ok in words if ok
    ]
    studied = [
        e.span for f in parsed.findings for e in f.evidence
        if f.context is Context.PRESENT and f.source != "patient" and e.slot == "problem"
    ]  # fmt: skip
    studied += _seen(parsed)
    first = [span for name, span in there if name in examined]
    if found := [*first, *(g.span for g in power if g.weak), *studied, *(span for _, span in there)]:
        return _element(NAMES[4], "found", found)
    usual = [
        span for s in seen for span in within(parsed, NORMAL, s.start, s.end) if s.section.name != "review of systems"
    ]
    normal = [m.span for m in signs if m.section != "review of systems"]
    return _element(NAMES[4], "denied", [*(g.span for g in power), *normal, *usual, *(span for _, span, _ in words)])


def _seen(parsed: Parsed) -> list[Span]:
    """Changes of structure told in a sentence about a study, or just after one; in a report without headings, all."""
    told = {m.sentence for m in parsed.mentions if m.get("study")}
    near = {number + step for number in told for step in range(3)}
    report = any(s.name == "indication" for s in parsed.sections)
    changes = (m for m in parsed.mentions if m.get("problem") in _STRUCTURAL or m.get("imaging"))
    return [
        m.span for m in changes
        if _present(m) and m.section not in _BACKGROUND | {"plan"} and (report or m.sentence in near)
    ]  # fmt: skip


def _elsewhere(parsed: Parsed) -> set[int]:
    """Numbers of the sentences that speak of other parts of the body and not of the spine or a limb."""
    other = {m.sentence for m in parsed.mentions if m.get("region") in OTHER_PARTS}
    return other - {
        m.sentence for m in parsed.mentions if m.get("region") in SPINE | _LIMBS or m.get("sign") or _placed(m)
    }


def _belly(parsed: Parsed, m: Mention) -> bool:
    """Is it found in the belly or the flank?"""
    sentence = parsed.sentences[m.sentence]
    other = any(True for _ in within(parsed, BELLY, sentence.start, sentence.end))
    return other and not any(o.get("region") in SPINE for o in parsed.mentions if o.sentence == m.sentence)


def _felt(m: Mention) -> bool:
    """What the patient feels rather than the examiner finds, unless the examination says it."""
    symptom = m.get("sign") in {"sensory loss", "weakness"} or m.span.text.lower().startswith("stiff")
    return symptom and m.section not in _EXAM


def _intent(parsed: Parsed) -> Iterator[Span]:
    silent = _BACKGROUND - {"vitals"} | {"plan", "procedure", "review of systems", "physical exam"}
    end = min(parsed.sentences[0].end, _TITLE) if parsed.sentences else 0
    formal, plain = INTENTS
    for pattern in (formal, ASKED):
        yield from within(parsed, pattern, 0, end)
        for section in parsed.sections:
            if section.heading:
                yield from within(parsed, pattern, section.heading.start, section.heading.end + 1)
            if section.name not in silent:
                yield from within(parsed, pattern, section.start, section.end)
    yield from within(parsed, TITLE, 0, end)
    reported = parsed.reading.kind == "imaging report"
    for section in parsed.sections:
        if section.name not in silent:
            yield from within(parsed, ORDERED if reported else plain, section.start, section.end)
    yield from (e.span for e in parsed.reading.purpose_evidence)


def _flagged(parsed: Parsed, flags: tuple[RedFlag, ...]) -> Element:
    """Red flags as one element: found when one is present, denied when those spoken of are all denied."""
    present = [e.span for flag in flags if flag.status == "present" for e in flag.evidence]
    if present:
        return _element(NAMES[6], "found", present)
    spoken = [s for s in parsed.sentences if s.section.name not in {"education", "instructions"}]
    waved = [span for s in spoken for span in within(parsed, NO_FLAGS, s.start, s.end)]
    return _element(NAMES[6], "denied", [*waved, *(e.span for flag in flags for e in flag.evidence)])
