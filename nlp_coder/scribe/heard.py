"""A dialogue → all that was heard in it: topics affirmed and denied, sides of each part, and where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.dialogue import Clause, as_read, as_sentences, clauses
from nlp_coder.scribe.results import AT_A_TIME
from nlp_coder.scribe.said import LIMBS, NOT_LIMB, Said, Sided, by_sentence, part, sides, topics
from nlp_coder.talk import load_spoken
from nlp_coder.types import Context, Mention, Span

_FINE = re.compile(r"\b(?:fine|okay|ok|good|great|wonderful|perfect|all right|alright|normal)\b", re.IGNORECASE)
_IS_FINE = re.compile(
    r"(?:'s| is| are|'re| feels?)(?: \w+){0,2} (?:fine|okay|ok|good|great|wonderful|perfect|all right|alright"
    r"|normal)\b",
    re.IGNORECASE,
)
"""After a part: "the neck is also fine"."""
_SPOKEN_NO = re.compile(
    r"\b(?:have|has|do|does|did|is|was|would)n't\s+(?!know|think|sure|want|care|remember|matter)"
    r"(?:(?!more\b)[\w']+\s+){0,6}\Z",
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
_ELICITED = re.compile(r"\s+(?:with|to|on|when)\b", re.IGNORECASE)
"""Pain "with flexion", "to palpation": elicited on examination; to deny it denies no complaint."""
_JOINT = re.compile(r"\b(?:groin|heels?|hips?|knees?|ankles?|shoulders?|elbows?|wrists?)\b", re.IGNORECASE)
"""Pain of these denied denies none of the limb."""
_MANEUVER = re.compile(
    r"\b(?:at night|wake you|keep you up|sleep|if you|when i|when you|bend|press|push|lift|twist|touch)\w*\b",
    re.IGNORECASE,
)
_HURT_ONESELF = re.compile(
    r"\b(?:did|have|has|had)(?:n't)? (?:you|he|she|they)(?: ever)? (?:hurt|injured?)\b", re.IGNORECASE
)
"""A question after an injury, not after pain."""
_TAKES = re.compile(r"(?:(?:and|so|okay|now)\W+)*(?:when|where|how|why|which|what time)\b(?! about)", re.IGNORECASE)
"""A question that takes it for granted: "when did the neck start hurting?" "not right then"."""
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
        return self.quoted(self.clauses[number])

    def quoted(self, clause: Clause) -> tuple[Span, ...]:
        """A clause as it stands in the transcript, with the patient's answer."""
        spans = (clause.span, clause.reply) if clause.reply else (clause.span,)
        return tuple(Span(s.start, s.end, self.transcript[s.start : s.end]) for s in spans)


_Turn = list[tuple[Clause, list[Mention]]]


def hear(transcript: str, extractor: Extractor) -> Heard:
    """Read a dialogue turn by turn: a clinician's question and the patient's answer are one statement."""
    read = as_read(transcript)
    found = clauses(read)
    sentences = as_sentences(found, len(read))
    grouped = by_sentence(extractor.mentions(transcript, read, sentences), sentences, read)
    turns = defaultdict[int, _Turn](list)
    for clause, mentions in zip(found, grouped, strict=True):
        turns[clause.turn].append((clause, mentions))
    said, sided = list[Said](), list[Sided]()
    for clause, mentions in zip(found, grouped, strict=True):
        if mentions:
            before = turns[clause.turn - 1] if clause.by_patient else []
            said += _said(clause, mentions, before, turns[clause.turn + 1])
            sided += _sided(clause, mentions, before)
    return Heard(transcript, found, tuple(said), tuple(sided))


def _said(clause: Clause, mentions: list[Mention], before: _Turn, after: _Turn) -> Iterator[Said]:
    """What a clause says, by its answer where it asks; ``before`` and ``after`` are the turns next to it."""
    words = clause.span.text
    said = [replace(s, denied=True) if _not_so(s, clause) else s for s in topics(mentions, words)]
    if clause.answer and _HURT_ONESELF.search(words):
        return
    if not said:
        yield from _implied(clause, mentions, before)
        return
    if not clause.answer:
        yield from said
        return
    restated = {s.topic for c, found in after for s in topics(found, c.span.text) if s.denied is False}
    several = len({s.topic for s in said}) > 1
    for s in said:
        denied = {"yes": s.denied is True, "no": True}.get(clause.answer)  # "no numbness?" "correct"
        if (denied and s.topic in restated and s.topic != "pain") or (denied is False and several):
            denied = None  # "any weakness?" "no, well, my legs are weak": the answer's own words count
        moved = bool(_ELICITED.match(words, s.span.end - clause.span.start) or _MANEUVER.search(words))
        elicited = moved or bool(_JOINT.search(s.span.text) or AT_A_TIME.search(words))
        unsure = (s.topic == "pain" and elicited) or bool(_TAKES.match(words))
        yield replace(s, denied=None if denied and unsure else denied)


def _not_so(s: Said, clause: Clause) -> bool:
    """Is it denied in a spoken way: "my back doesn't hurt", "i haven't had any weakness"?"""
    return s.denied is False and bool(_SPOKEN_NO.search(clause.span.text[: s.span.start - clause.span.start]))


def _implied(clause: Clause, mentions: list[Mention], before: _Turn) -> Iterator[Said]:
    """A part named with no topic: "does it go into your legs?", "my back is fine", "where does it hurt?" "my neck"."""
    words = clause.span.text
    sided = any(m.get("side") for m in mentions)
    asked = " ".join(c.span.text for c, _ in before)
    for m in mentions:
        where = part(m)
        if not where or m.get("level") or m.get("root") or NOT_LIMB.search(words):
            continue
        denied: bool | None = None
        short = len(words.split()) < _SHORT_ANSWER
        well = (short and _FINE.search(words)) or _IS_FINE.match(words, m.span.end - clause.span.start)
        whole = where not in LIMBS or m.span.text.endswith("s")  # "the hip is fine" says nothing of the leg
        fine = clause.by_patient and bool(well) and whole
        spread = (_GOES if where in LIMBS else _BOTHERS).search(words)
        if not sided and (fine or (clause.answer == "no" and spread)):
            denied = True
        elif clause.by_patient and m.context is Context.PRESENT and not load_spoken()["denies"].search(words):
            named = len(words.split()) <= _BARE and "my " in words
            asked_for = where not in LIMBS and (named or _WHAT_HURTS.search(asked))
            denied = False if asked_for or _HURTS.search(words) else None
        yield Said("pain", where, denied, m.span, m.sentence)


def _sided(clause: Clause, mentions: list[Mention], before: _Turn) -> Iterator[Sided]:
    reply = clause.reply.text if clause.reply else ""
    if clause.answer == "no" or (clause.answer == "open" and _FINE.search(reply)):
        return
    words = clause.span.text
    short = clause.by_patient and len(words.split()) < _SHORT_ANSWER
    of_side = short or any(_WHICH_SIDE.search(c.span.text) for c, _ in before)
    exam = False if clause.by_patient else None
    for s in sides(mentions, words, offset=clause.span.start, exam=exam, spoken=True):
        if s.part:
            yield s
        elif of_side and (s.side != "right" or _OF_TWO.search(words[: s.span.start - clause.span.start])):
            yield replace(s, part=_asked_about(before) or _EITHER)


def _asked_about(before: _Turn) -> str:
    """The part that the clinician's turn before speaks of last ("which leg is it?" "the right")."""
    parts = [part(m) for _, mentions in before for m in mentions if part(m)]
    return parts[-1] if parts else ""
