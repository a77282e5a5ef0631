"""A dialogue → all that was heard in it: topics affirmed and denied, sides of each part, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.dialogue import Clause, as_read, as_sentences, clauses
from nlp_coder.scribe.said import LIMBS, NOT_LIMB, Said, Sided, by_sentence, part, sides, topics
from nlp_coder.types import Context, Mention, Span

_FINE = re.compile(r"\b(?:fine|okay|ok|good|great|wonderful|perfect|all right|alright|normal)\b", re.IGNORECASE)
_SPOKEN_NO = re.compile(
    r"\b(?:have|has|do|does|did|is|was|would)n't (?!know|think|sure|want|care|remember|matter)"
    r"(?:\s*(?!more\b)[\w']+){0,5}\s*\Z",
    re.IGNORECASE,
)
_WHICH_SIDE = re.compile(r"\b(?:sides?|left|right|which|where)\b", re.IGNORECASE)
_OF_TWO = re.compile(r"\b(?:the|your|my|his|her|on|or)\s+\Z", re.IGNORECASE)
"""Before "right" as a side: by itself it is a word of agreement."""
_GOES = re.compile(
    r"\b(?:go(?:es|ing)?|travel\w*|radiat\w*|spread\w*|shoot\w*|down|anything (?:in|into|down|going)"
    r"|any of it|symptoms?)\b",
    re.IGNORECASE,
)
_BOTHERS = re.compile(r"\bbother\w*\b|\b(?:is|does) (?:it|that|the pain)\b.* in\b", re.IGNORECASE)
_HURTS = re.compile(
    r"\b(?:go(?:es)?|went|started|starts|shoots?|runs?|kill\w*|sore|aches?|aching|stiff|seized|bother\w*|across"
    r"|worse|pull\w*)\b",
    re.IGNORECASE,
)
_WHAT_HURTS = re.compile(
    r"\b(?:hurts?|pain|sore|bother\w*|where|brings?|brought|wrong|going on|what can i do|happen(?:ed|s)"
    r"|main thing|ache)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\bnot\b|n't\b|\bno\b", re.IGNORECASE)
_ELICITED = re.compile(r"\s+(?:with|to|on|when)\b", re.IGNORECASE)
"""Pain "with flexion", "to palpation": elicited on examination; to deny it denies no complaint."""
_MANEUVER = re.compile(r"\b(?:if you|when i|when you|bend|press|push|lift|twist|touch)\w*\b", re.IGNORECASE)
_BARE = 5
"""Words: a patient who only names a part ("it's my neck") complains of it."""
_SHORT_ANSWER = 8
_EITHER = "either"
"""The part of a side that names none: it speaks for any part, and against none."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a transcript says. ``said`` are topics, ``sided`` sides; a statement's ``sentence`` numbers its clause."""

    transcript: str
    clauses: tuple[Clause, ...]
    said: tuple[Said, ...]
    sided: tuple[Sided, ...]

    def quotation(self, number: int) -> tuple[Span, ...]:
        """The clause, and the patient's answer where it is a question."""
        clause = self.clauses[number]
        spans = (clause.span, clause.reply) if clause.reply else (clause.span,)
        return tuple(Span(s.start, s.end, self.transcript[s.start : s.end]) for s in spans)


def hear(transcript: str, extractor: Extractor) -> Heard:
    """Read a dialogue turn by turn: a clinician's question and the patient's answer are one statement."""
    read = as_read(transcript)
    found = clauses(read)
    sentences = as_sentences(found, len(read))
    grouped = by_sentence(extractor.mentions(transcript, read, sentences), sentences, read)
    said, sided = list[Said](), list[Sided]()
    for number, (clause, mentions) in enumerate(zip(found, grouped, strict=True)):
        if mentions:
            said += _said(number, clause, mentions, found, grouped)
            sided += _sided(number, clause, mentions, found, grouped)
    return Heard(transcript, found, tuple(said), tuple(sided))


def _said(
    number: int, clause: Clause, mentions: list[Mention], found: Sequence[Clause], grouped: Sequence[list[Mention]]
) -> Iterator[Said]:
    said = [replace(s, denied=True) if _not_so(s, clause) else s for s in topics(mentions, clause.span.text)]
    if not said:
        yield from _implied(number, clause, mentions, found)
        return
    if not clause.answer:
        yield from said
        return
    restated = {s.topic for s in _of_turn(clause.turn + 1, found, grouped) if s.denied is False}
    several = len({s.topic for s in said}) > 1
    for s in said:
        denied = {"yes": s.denied is True, "no": True}.get(clause.answer)  # "no numbness?" "correct"
        if (denied and s.topic in restated and s.topic != "pain") or (denied is False and several):
            denied = None  # "any weakness?" "no, well, my legs are weak": the answer's own words count
        words = clause.span.text
        moved = _ELICITED.match(words, s.span.end - clause.span.start) or _MANEUVER.search(words)
        elicited = s.topic == "pain" and bool(moved)
        yield replace(s, denied=None if denied and elicited else denied)


def _not_so(s: Said, clause: Clause) -> bool:
    """Is it denied in a spoken way: "my back doesn't hurt", "i haven't had any weakness"?"""
    return s.denied is False and bool(_SPOKEN_NO.search(clause.span.text[: s.span.start - clause.span.start]))


def _of_turn(turn: int, found: Sequence[Clause], grouped: Sequence[list[Mention]]) -> Iterator[Said]:
    for clause, mentions in zip(found, grouped, strict=True):
        if clause.turn == turn:
            yield from topics(mentions, clause.span.text)


def _implied(number: int, clause: Clause, mentions: list[Mention], found: Sequence[Clause]) -> Iterator[Said]:
    """A part named with no topic: "does it go into your legs?", "my back is fine", "where does it hurt?" "my neck"."""
    words = clause.span.text
    sided = any(m.get("side") for m in mentions)
    for m in mentions:
        where = part(m)
        if not where or m.get("level") or m.get("root") or NOT_LIMB.search(words):
            continue
        denied: bool | None = None
        fine = clause.by_patient and _FINE.search(words) and len(words.split()) < _SHORT_ANSWER
        fine = fine and (where not in LIMBS or m.span.text.endswith("s"))  # "the hip is fine" says nothing of the leg
        spread = (_GOES if where in LIMBS else _BOTHERS).search(words)
        if not sided and (fine or (clause.answer == "no" and spread)):
            denied = True
        elif clause.by_patient and m.context is Context.PRESENT and not _NOT.search(words):
            asked = " ".join(c.span.text for c in found if c.turn == clause.turn - 1)
            named = len(words.split()) <= _BARE and "my " in words
            asked_for = where not in LIMBS and (named or _WHAT_HURTS.search(asked))
            denied = False if asked_for or _HURTS.search(words) else None
        yield Said("pain", where, denied, m.span, number)


def _sided(
    number: int, clause: Clause, mentions: list[Mention], found: Sequence[Clause], grouped: Sequence[list[Mention]]
) -> Iterator[Sided]:
    reply = clause.reply.text if clause.reply else ""
    if clause.answer == "no" or (clause.answer == "open" and _FINE.search(reply)):
        return
    exam = False if clause.by_patient else None
    asked = " ".join(c.span.text for c in found if c.turn == clause.turn - 1) if clause.by_patient else ""
    short = clause.by_patient and len(clause.span.text.split()) < _SHORT_ANSWER
    of_side = short or bool(_WHICH_SIDE.search(asked))
    for s in sides(mentions, clause.span.text, offset=clause.span.start, exam=exam, spoken=True):
        if s.part:
            yield s
        elif of_side and (s.side != "right" or _OF_TWO.search(clause.span.text[: s.span.start - clause.span.start])):
            yield replace(s, part=_asked_about(clause, found, grouped) or _EITHER)


def _asked_about(clause: Clause, found: Sequence[Clause], grouped: Sequence[list[Mention]]) -> str:
    """The part that the clinician's turn before speaks of last ("which leg is it?" "the right")."""
    parts = [
        part(m)
        for other, mentions in zip(found, grouped, strict=True)
        if other.turn == clause.turn - 1 and clause.by_patient
        for m in mentions
        if part(m)
    ]
    return parts[-1] if parts else ""
