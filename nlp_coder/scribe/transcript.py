"""The transcript guard: what the note says of the spine and the conversation contradicts, or never mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.answers import Told, told
from nlp_coder.scribe.compared import contradiction
from nlp_coder.scribe.heard import Heard, hear
from nlp_coder.scribe.laterality import Side, heard_sides, noted_sides, other_side
from nlp_coder.scribe.nouns import Finding
from nlp_coder.scribe.places import NAMES, elsewhere, said_as, unsaid, unspoken
from nlp_coder.scribe.results import Result, examined, results, side_in
from nlp_coder.scribe.said import LIMBS, PARTS, TOPICS, Said, Sided, by_sentence, sides, topics
from nlp_coder.scribe.support import Spoken, borne_out, spoken
from nlp_coder.segment import Outline, outline
from nlp_coder.talk import load_spoken
from nlp_coder.types import Candidate, CodedNote, Evidence, Mention, Sentence, Span

_NOT_TODAY = {
    "family history", "social history", "past medical history", "past surgical history", "medications", "allergies",
    "education", "instructions", "administrative", "labs", "technique", "procedure", "referral",
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
_UNASKED = {
    "family history", "social history", "medications", "allergies", "education", "instructions", "plan",
    "assessment and plan", "referral", "administrative", "labs", "procedure", "technique", "vitals",
}  # fmt: skip
"""Sections whose other topics (fever, surgery, manoeuvres) are plans, or need not come from the conversation."""
_FELT = {"numbness", "tingling", "weakness", "strength", "sensation", "leg spread", "arm spread", "below knee"}
"""Topics of a limb whose nerve is ill."""
_STORY = {
    "fever", "night sweats", "weight loss", "fall", "injury", "prior trouble", "surgery", "night pain", "cancer",
    "morning stiffness",
}  # fmt: skip
"""What is told, not examined."""
_COMPLAINTS = {"low back pain", "mid back pain", "neck pain", "leg spread", "arm spread", "spread"}
"""On examination these are elicited, not complained of."""
_OVER = re.compile(
    r"\b(?:gone|resolved|cleared|no longer|went away|has been free|previous|prior|before)\b",
    re.IGNORECASE,
)
"""A sentence that says a complaint is over."""
_PRESSED = {"midline tenderness", "paraspinal tenderness", "si tenderness"}
"""What only an examination finds."""
_AGO = re.compile(
    r"\byears (?:ago|after)\b|\bas a (?:child|kid|teenager)\b|\bin (?:19|20)\d\d\b|\bat (?:the )?age\b",
    re.IGNORECASE,
)
_EVENTS = {"fall", "trip", "injury", "fracture", "head injury"}
_DENIAL = re.compile(r"\b(?:no|not|never|nothing|without|denies)\b|n't\b", re.IGNORECASE)
_LIMB = re.compile(
    r"\b(?:legs?|thighs?|cal(?:f|ves)|shins?|foot|feet|toes?|arms?|forearms?|hands?|fingers?|thumbs?|extremit(?:y|ies))\b",
    re.IGNORECASE,
)
_WAS_FOR = re.compile(r"(?:ectomy|surgery|fusion|operation|decompression) for (?:\w+ ){0,3}\Z", re.IGNORECASE)
"""Before what an operation was for."""
_MOTIONS = {"neck motion", "back motion"}
"""On examination not what the patient told of turning the head at home."""
_BY_RESULT = {"numbness", "tingling", "weakness"}
"""Signs that ``results`` compares."""
_OPPOSITE = {"left": "right", "right": "left"}


def guard(coded: CodedNote, transcript: str, extractor: Extractor | None = None) -> tuple[Finding, ...]:
    """Findings for a coded note and its dialogue, each with both quotations, in order of the note.

    ``contradicted``: the dialogue says the other side, or denies what the note affirms, or the reverse; an error
    where an assigned code rests on the sentence, else a warning. ``never-mentioned``: nothing in the dialogue
    speaks of an assigned code's problem, or of the part of the spine that a sentence puts a problem in.
    """
    if not coded.facts or not transcript.strip():
        return ()
    extractor = extractor or _extractor()
    heard = hear(transcript, extractor)
    understood = told(heard.clauses)
    known = _Known(heard, understood, heard_sides(heard.clauses), spoken(heard.clauses, understood))
    form = outline(coded.note.text)
    mentions = extractor.mentions(form.text, form.masked, form.sentences)
    grouped = by_sentence(mentions, form.sentences, form.masked)
    found: list[Finding] = []
    for here, sentence in zip(grouped, form.sentences, strict=True):
        code = _resting(coded.codes, sentence.start, sentence.end)
        clash = next(_clashes(form, sentence, here, known, coding=bool(code)), None)
        if clash:
            found.append(_contradicted(clash, code, form))
        elif nowhere := _unspoken(sentence, here, known):
            found.append(_nowhere(*nowhere, code))
    flagged = {f.code for f in found}
    return (*found, *_unmentioned([c for c in coded.codes if c.code not in flagged], heard))


def _clashes(form: Outline, sentence: Sentence, here: list[Mention], known: _Known, *, coding: bool) -> Iterator[Clash]:
    """What the dialogue says against a sentence of the note: its sides, its problems, its other topics."""
    name = sentence.section.name
    words = form.masked[sentence.start : sentence.end].replace("’", "'")
    exam = name in _EXAMS or (None if name not in _TOLD else False)
    if here and (coding or name not in _NOT_TODAY):
        by_part = {s.span.start: s for s in sides(here, words, offset=sentence.start, exam=exam)}
        if not exam or any(m.get(slot) for m in here for slot in ("region", "problem", "sign")):
            yield from _sides(sentence, words, known, by_part, exam=bool(exam))
        for said in _stated([] if _OVER.search(words) else list(topics(here, words)), bool(exam)):
            if clash := _other_way(said, words, known.heard):
                yield clash
    if name not in _UNASKED and not any(load_spoken()[other].search(words) for other in ("maybe", "family")):
        yield from _results(sentence, words, known)


def _sides(sentence: Sentence, words: str, known: _Known, by_part: dict[int, Sided], *, exam: bool) -> Iterator[Clash]:
    for s in () if _AGO.search(words) else noted_sides(words):
        at = sentence.start + s.start
        if against := other_side(s, words, exam=exam, heard=known.sides):
            text, side = against
            yield "side", text, Span(at, sentence.start + s.end, ""), known.heard.quotation(side.clause)
        elif at in by_part and s.found is not False and not (exam and _found_there(s, known)):
            yield from filter(None, [_other_side(by_part[at], known.heard)])


def _found_there(s: Side, known: _Known) -> bool:
    """Whether no word tells what a note's sign is, or the examination found something on that side too."""
    return not s.found or any(h.side == s.side and h.exam and h.found for h in known.sides)


def _results(sentence: Sentence, words: str, known: _Known) -> Iterator[Clash]:
    exam = sentence.section.name in _EXAMS
    stated = [examined(r) if exam else r for r in results(words)]
    for r in stated:
        if _WAS_FOR.search(words[: r.start]):
            continue
        if not exam and (r.topic in _PRESSED | _MOTIONS or (_AGO.search(words) and r.topic in _EVENTS)):
            continue  # "midline" as the place of the pain; a fall of years ago
        if any(o.topic == r.topic and o.denied is not r.denied and not (o.side and r.side) for o in stated):
            continue  # "leaks when she sneezes, no trouble starting"
        told = [t for t in known.told if not (exam and t.clause.by_patient and r.topic in _MOTIONS)]
        against = None if exam and r.topic in _COMPLAINTS | _STORY else contradiction(r, told)
        if against and _elsewhere(r, words, against):
            continue
        if against and not borne_out(r, against, known.spoken):
            note, conversation = ("denies", "affirms") if r.denied else ("says", "denies")
            text = f"The note {note} it ({r.topic}), the conversation {conversation} it."
            span = Span(sentence.start + r.start, sentence.start + r.end, "")
            yield "context", text, span, known.heard.quoted(against.clause)


def _elsewhere(r: Result, words: str, against: Told) -> bool:
    """Whether tenderness is of another part of the spine in the note than in what was heard against it."""
    parts = [{p for p in NAMES if load_spoken()[p].search(text)} for text in (words, against.clause.span.text)]
    return r.topic in _PRESSED and bool(parts[0] and parts[1]) and not parts[0] & parts[1]


def _unspoken(sentence: Sentence, here: list[Mention], known: _Known) -> tuple[str, Mention] | None:
    """A part of the spine, or a diagnosis, of a sentence that no word of the dialogue speaks of."""
    if sentence.section.name in _UNASKED - {"assessment and plan"}:
        return None
    transcript = known.heard.transcript
    return unspoken(here, transcript) or unsaid(here, transcript, felt=known.felt)


def _nowhere(text: str, m: Mention, code: str) -> Finding:
    evidence = (Evidence("problem", m.span),)
    return Finding("never-mentioned", "warning", code, text, "transcript", "", evidence)


@cache
def _extractor() -> Extractor:
    return Extractor()


@dataclass(frozen=True, slots=True)
class _Known:
    """All that was heard: problems, results, sides."""

    heard: Heard
    told: tuple[Told, ...]
    sides: tuple[Side, ...]
    spoken: tuple[Spoken, ...]

    @property
    def felt(self) -> bool:
        """Whether a limb was said to hurt, tingle, be numb or weak."""
        said = any(
            h.topic == "pain" and h.part in {"leg", "arm", "limb"} and h.denied is False for h in self.heard.said
        )
        return said or any(t.result.topic in _FELT and not t.result.denied for t in self.told)


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
        if (
            not both
            and s.topic not in _BY_RESULT
            and not (exam and s.topic == "pain")
            and s.span.text.lower() != "hurt"
        ):
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


def _other_way(s: Said, words: str, heard: Heard) -> Clash | None:
    """What the note affirms and the dialogue only denies, or the reverse; pain denied of one side is of that side."""
    if s.denied is None:
        return None
    same = [h for h in heard.said if h.topic == s.topic and h.denied is not None and _same_place(s, h)]
    if s.denied and s.topic == "pain":
        same = [h for h in same if "spine" not in h.span.text.lower()]  # "up here between the spine"
    if s.denied:
        same = [h for h in same if not _DENIAL.search(heard.clauses[h.sentence].span.text)]
    elif s.topic == "pain" and s.part in LIMBS and (_DENIAL.search(words) or not _LIMB.search(words)):
        return None  # pain of the buttock or the heel is none down the leg
    side = side_in(words)
    if s.denied and s.topic == "pain" and side in _OPPOSITE:
        same = [h for h in same if side_in(heard.clauses[h.sentence].span.text) == side]
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
    said = [h for h in heard.said if h.denied is not True]
    if topic == "pain" and where:
        if not elsewhere(c.fact.region, heard.transcript):
            return True  # a visit that names no part of the spine at all is about the known one
        return any(h.topic == "pain" and _meet(h.part, where) for h in said)
    if any(h.topic == topic for h in said):
        return True
    if topic in _FELT_IN_A_LIMB:
        felt = {"pain", "numbness", "tingling", "weakness", *_FELT_IN_A_LIMB}
        nerves = {"low": {"leg", "limb"}, "neck": {"arm", "limb"}, "mid": {"back", "mid", "limb"}}.get(
            where, {"leg", "arm", "limb"}
        )
        return any(h.topic in felt and (h.part in nerves or (not h.part and h.topic != "pain")) for h in said)
    words = said_as(c.fact.problem)
    return not words or bool(words.search(heard.transcript))
