"""A dialogue → all that was heard in it: topics affirmed and denied, sides of each part, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.dialogue import Clause, as_read, as_sentences, clauses
from nlp_coder.scribe.said import NOT_LIMB, Said, Sided, by_sentence, part, sides, topics
from nlp_coder.types import Mention, Span

_FINE = re.compile(r"\b(?:fine|okay|ok|good|all right|alright|normal)\b", re.IGNORECASE)
_SPOKEN_NO = re.compile(
    r"\b(?:have|has|do|does|did|is|was|would)n't (?!know|think|sure|want|care|remember|matter)(?:\s*[\w']+){0,3}\s*\Z",
    re.IGNORECASE,
)
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
    here = said or list(_implied(number, clause, mentions))
    if not clause.answer:
        yield from here
        return
    restated = {s.topic for s in _of_turn(clause.turn + 1, found, grouped) if s.denied is False}
    several = len({s.topic for s in here}) > 1
    for s in here:
        denied = {"yes": False, "no": True}.get(clause.answer)
        if (denied and s.topic in restated and s.topic != "pain") or (denied is False and several):
            denied = None  # "any weakness?" "no, well, my legs are weak": the answer's own words count
        yield replace(s, denied=denied)


def _not_so(s: Said, clause: Clause) -> bool:
    """Is it denied in a spoken way: "my back doesn't hurt", "i haven't had any weakness"?"""
    return s.denied is False and bool(_SPOKEN_NO.search(clause.span.text[: s.span.start - clause.span.start]))


def _of_turn(turn: int, found: Sequence[Clause], grouped: Sequence[list[Mention]]) -> Iterator[Said]:
    for clause, mentions in zip(found, grouped, strict=True):
        if clause.turn == turn:
            yield from topics(mentions, clause.span.text)


def _implied(number: int, clause: Clause, mentions: list[Mention]) -> Iterator[Said]:
    """A part named with no topic: "does it go into your legs?", "my back is fine", "it's my left leg"."""
    for m in mentions:
        where = part(m)
        if where and not (m.get("level") or m.get("root") or NOT_LIMB.search(clause.span.text)):
            fine = (
                clause.by_patient and _FINE.search(clause.span.text) and len(clause.span.text.split()) < _SHORT_ANSWER
            )
            denied = True if fine or m.context.value == "negated" else None
            yield Said("pain", where, denied, m.span, number)


def _sided(
    number: int, clause: Clause, mentions: list[Mention], found: Sequence[Clause], grouped: Sequence[list[Mention]]
) -> Iterator[Sided]:
    if clause.answer == "no":
        return
    for s in sides(mentions, clause.span.text, offset=clause.span.start):
        yield s if s.part else replace(s, part=_asked_about(clause, found, grouped) or _EITHER)


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
