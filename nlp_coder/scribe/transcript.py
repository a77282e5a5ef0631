"""The transcript guard: what the note says of the spine and the conversation contradicts, or never mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.heard import Heard, hear
from nlp_coder.scribe.nouns import Finding
from nlp_coder.scribe.said import PARTS, TOPICS, Said, Sided, by_sentence, sides, topics
from nlp_coder.segment import Outline, outline
from nlp_coder.types import Candidate, CodedNote, Evidence, Span

_NOT_TODAY = {
    "family history", "social history", "past medical history", "past surgical history", "medications", "allergies",
    "education", "instructions", "administrative", "imaging", "labs", "studies", "technique", "procedure", "referral",
}  # fmt: skip
"""Sections that need not come from the conversation."""
_TOLD = {"history of present illness", "subjective", "chief complaint", "review of systems"}
_EXAMS = {"physical exam", "objective"}
_NEAR = (
    frozenset({"low", "back"}), frozenset({"mid", "back"}), frozenset({"leg", "limb"}), frozenset({"arm", "limb"}),
)  # fmt: skip
"""Parts that may be one: "my back" of the low back."""
_NERVES = (frozenset({"low", "leg", "back", "limb"}), frozenset({"neck", "arm", "limb"}), frozenset({"mid", "back"}))
"""The limb whose nerves leave there."""
_FELT_IN_A_LIMB = {"sciatica", "radiculopathy", "nerve root compression"}
_WORD = re.compile(r"[A-Za-z]{4,}")
_STEM = 6
_SPOKEN = {
    "disc": "dis[ck]",
    "lumbar": "low(?:er)? back|lumbar",
    "cervical": "neck|cervic",
    "thoracic": "thorac|mid back",
}
"""Words of a diagnosis and how they are spoken; any other is looked for by its first letters."""
_OPPOSITE = {"left": "right", "right": "left"}


def guard(coded: CodedNote, transcript: str, extractor: Extractor | None = None) -> tuple[Finding, ...]:
    """Findings for a coded note and its dialogue, each with both quotations, in order of the note.

    ``contradicted``: the dialogue says the other side, or denies what the note affirms, or the reverse; an error
    where an assigned code rests on the sentence, else a warning. ``never-mentioned``: nothing in the dialogue
    speaks of an assigned code's problem.
    """
    if not coded.facts or not transcript.strip():
        return ()
    extractor = extractor or _extractor()
    heard = hear(transcript, extractor)
    form = outline(coded.note.text)
    mentions = extractor.mentions(form.text, form.masked, form.sentences)
    grouped = by_sentence(mentions, form.sentences, form.masked)
    found: list[Finding] = []
    for number, sentence in enumerate(form.sentences):
        here = grouped[number]
        code = _resting(coded.codes, sentence.start, sentence.end)
        if not here or (sentence.section.name in _NOT_TODAY and not code):
            continue
        exam = sentence.section.name in _EXAMS or (None if sentence.section.name not in _TOLD else False)
        words = form.masked[sentence.start : sentence.end]
        wrong = [_other_side(s, heard) for s in sides(here, words, offset=sentence.start, exam=exam)]
        denied = [_other_way(s, heard) for s in _stated(list(topics(here, words)), bool(exam))]
        clashes = [clash for clash in (*wrong, *denied) if clash]
        if clashes:
            found.append(_contradicted(clashes[0], code, form))
    return (*found, *_unmentioned(coded.codes, heard))


@cache
def _extractor() -> Extractor:
    return Extractor()


Clash = tuple[str, str, Span, tuple[Span, ...]]
"""Slot, what is wrong in words, the note's words, what was heard."""


def _contradicted(clash: Clash, code: str, form: Outline) -> Finding:
    slot, text, span, heard = clash
    quoted = Span(span.start, span.end, form.text[span.start : span.end])
    severity = "error" if code else "warning"
    return Finding("contradicted", severity, code, text, "transcript", "", (Evidence(slot, quoted),), heard)


def _resting(codes: Sequence[Candidate], start: int, end: int) -> str:
    """The first assigned code with evidence in a stretch of the note; empty for none."""
    return next((c.code for c in codes if any(start <= e.start < end for e in c.evidence)), "")


def _stated(said: Sequence[Said], exam: bool) -> Iterator[Said]:
    """What a sentence says one way only; pain elicited on examination is no complaint."""
    for s in said:
        both = len({o.denied for o in said if o.topic == s.topic and _one_place(o, s)}) > 1
        if not both and not (exam and s.topic == "pain"):
            yield s


def _other_side(s: Sided, heard: Heard) -> Clash | None:
    """A right or left of the note, where the dialogue knows only the opposite for that part."""
    opposite = _OPPOSITE.get(s.side)
    if not opposite or not s.part:
        return None
    of_part = [h for h in heard.sided if h.exam == s.exam and _meet(h.part, s.part)]
    either = {h.side for h in heard.sided if h.exam == s.exam and h.part == "either"}
    known = {h.side for h in of_part}
    if known & {s.side, "bilateral"} or either & {s.side, "bilateral"} or opposite not in known:
        return None
    said = next(h for h in of_part if h.side == opposite)
    text = f"The note says {s.side}, the conversation {opposite}."
    return "side", text, s.span, heard.quotation(said.sentence)


def _other_way(s: Said, heard: Heard) -> Clash | None:
    """What the note affirms and the dialogue only denies, or the reverse."""
    if s.denied is None:
        return None
    same = [h for h in heard.said if h.topic == s.topic and h.denied is not None and _same_place(s, h)]
    if not same or any(h.denied is s.denied for h in same):
        return None
    text = (
        "The note denies it, the conversation affirms it."
        if s.denied
        else "The note says it, the conversation denies it."
    )
    return "context", text, s.span, heard.quotation(same[0].sentence)


def _one_place(a: Said, b: Said) -> bool:
    return a.part == b.part or _meet(a.part, b.part)


def _same_place(a: Said, b: Said) -> bool:
    if a.topic in {"pain", "spasm", "strain"}:
        return _meet(a.part, b.part)
    if not a.part or not b.part:
        return True
    return any({a.part, b.part} <= nerves for nerves in _NERVES)


def _meet(a: str, b: str) -> bool:
    return bool(a) and (a == b or any({a, b} <= near for near in _NEAR))


def _unmentioned(codes: Sequence[Candidate], heard: Heard) -> Iterator[Finding]:
    """Assigned codes whose problem no word of the dialogue speaks of, each under its first words."""
    for c in codes:
        evidence = tuple(e for e in c.evidence if e.slot == "problem") or c.evidence
        if not _speaks_of(c, evidence, heard):
            text = f"The conversation never speaks of what {c.code} rests on."
            yield Finding("never-mentioned", "warning", c.code, text, "transcript", "", evidence)


def _speaks_of(c: Candidate, evidence: Sequence[Evidence], heard: Heard) -> bool:
    """Whether the dialogue speaks of the problem, or of pain where its nerves go, or uses one of its words."""
    topic = TOPICS.get(c.fact.problem, c.fact.problem)
    where = PARTS.get(c.fact.region, "")
    if topic == "pain" and where:
        return any(h.topic == "pain" and _meet(h.part, where) for h in heard.said)
    if topic in _FELT_IN_A_LIMB and any(h.topic in {"pain", "numbness", *_FELT_IN_A_LIMB} for h in heard.said):
        return True
    if any(h.topic == topic for h in heard.said):
        return True
    words = {word.lower() for e in evidence for word in _WORD.findall(e.text)}
    stems = {_SPOKEN.get(word, word[:_STEM]) for word in words}
    spoken = heard.transcript.lower()
    return any(re.search(rf"\b(?:{stem})", spoken) for stem in stems)
