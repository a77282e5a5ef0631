"""Gold notes and a coder in, each note with its answer out, and what the two say differently."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_coder.coder import Coder
from nlp_coder.errors import NoteError
from nlp_coder.evaluate.assertions import NOT_FOUND, Decided
from nlp_coder.evaluate.gold import Scored, in_scope, scored
from nlp_coder.evaluate.goldfile import Gold, unsound
from nlp_coder.evaluate.quoted import Place, Quoted, compared, places
from nlp_coder.types import CodedNote, Context, Fact, Finding, Note

CODE = "code"
"""The outcome of a code that the model is sure of."""
_SLOT = {"level": "region"}
"""Slots of the program that the readers call otherwise."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A gold note and what the program says of it; the model adds confidences, never a code."""

    gold: Gold
    coded: CodedNote

    def scored(self, *, sure: bool = False) -> Scored:
        """How the codes compare with the readers'; with ``sure`` only those of outcome ``code``."""
        cited = [(c.code, [(e.start, e.end) for e in c.evidence]) for c in self.coded.codes]
        kept = {c.code for c in self.coded.codes if not sure or c.outcome == CODE}
        return scored(self.gold, [(code, spans) for code, spans in cited if code in kept])


@dataclass(frozen=True, slots=True)
class Confusion:
    """A code missed or extra: the words it rests on (extra) or should (missed), and what the program says of it."""

    id: str
    slice: str
    kind: str
    code: str
    spans: tuple[Place, ...]
    words: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """An assigned code: its note, confidence, whether it is right, whether its outcome is ``code``."""

    id: str
    confidence: float
    right: bool
    through: bool


def answered(notes: Iterable[tuple[int, Gold]], coder: Coder) -> tuple[Answered, ...]:
    """Gold notes with their lines → answers; InputError names the line of a note that cannot be coded."""
    found = []
    for number, gold in notes:
        day = datetime.date.fromisoformat(gold["date_of_service"]) if gold.get("date_of_service") else None
        note = Note(gold["text"], gold["id"], day, gold.get("setting", "outpatient"))
        try:
            found.append(Answered(gold, coder.code(note)))
        except NoteError as error:
            raise unsound(number, str(error).rstrip(".")) from None
    return tuple(found)


def confusions(answers: Iterable[Answered]) -> tuple[Confusion, ...]:
    """Answers → every code missed or extra, in the order of the notes."""
    found = []
    for answer in answers:
        full = answer.scored().full
        for kind, codes in (("missed", full.missed), ("extra", full.extra)):
            found += [_confusion(answer, kind, code) for code in sorted(codes)]
    return tuple(found)


def _confusion(answer: Answered, kind: str, code: str) -> Confusion:
    text = answer.gold["text"]
    if kind == "extra":
        candidate = next(c for c in answer.coded.codes if c.code == code)
        spans = [(e.start, e.end) for e in candidate.evidence]
        said = f"{candidate.says} ({candidate.source})"
        if candidate.confidence is not None:
            said += f" Confidence {candidate.confidence:.3f}, outcome {candidate.outcome}."
    else:
        quotes = next(c.get("evidence", []) for c in answer.gold["codes"] if c["code"] == code)
        spans = [places(text, quote)[0] for quote in quotes]
        aside = next((s for s in answer.coded.set_aside if s.code == code), None)
        said = f"Turned down: {aside.why}" if aside else "Never proposed."
    spans = list(dict.fromkeys(spans))
    words = tuple(text[start:end] for start, end in spans)
    return Confusion(answer.gold["id"], answer.gold.get("slice", "?"), kind, code, tuple(spans), words, said)


def evidence(answers: Iterable[Answered]) -> dict[str, tuple[Quoted, ...]]:
    """Answers → the evidence of each code that is right, arguable ones too, beside the readers' quotes; then by slot.

    A slot is compared where both fill it: the readers with words of the note, the program with a citation.
    """
    found: dict[str, list[Quoted]] = {"all": []}
    for answer in answers:
        text, wanted = answer.gold["text"], {c["code"]: c for c in answer.gold["codes"]}
        for c in answer.coded.codes:
            gold = wanted.get(c.code, {})
            cited = [(e.slot, (e.start, e.end)) for e in c.evidence]
            if gold.get("evidence"):
                found["all"].append(compared(text, [place for _, place in cited], gold.get("evidence", [])))
            for slot, words in gold.get("slots", {}).items():
                mine = [place for name, place in cited if _SLOT.get(name, name) == slot]
                theirs = [word for word in words if word in text]
                if mine and theirs:
                    found.setdefault(slot, []).append(compared(text, mine, theirs))
    return {name: tuple(some) for name, some in found.items()}


def contexts(answers: Iterable[Answered]) -> tuple[Decided, ...]:
    """Answers → each marked mention with the context in which the program takes it, ``not found`` where it has none."""
    return tuple(
        Decided(
            answer.gold["id"], mention["words"], mention["context"], _taken(answer.coded, *_place(answer, mention)), ()
        )
        for answer in answers
        for mention in answer.gold.get("mentions", ())
    )


def _place(answer: Answered, mention: Mapping[str, Any]) -> Place:
    start = answer.gold["text"].index(mention["within"]) + mention["within"].index(mention["words"])
    return start, start + len(mention["words"])


def _taken(coded: CodedNote, start: int, end: int) -> str:
    """The context of the fact whose problem these words name, else of the finding of a study that cites them."""
    facts: list[Fact | Finding] = [
        f for f in coded.facts for e in f.evidence if e.slot == "problem" and e.start < end and start < e.end
    ]
    finds: list[Fact | Finding] = [f for f in coded.findings for e in f.evidence if e.start < end and start < e.end]
    if not (facts or finds):
        return NOT_FOUND
    first = (facts or finds)[0]
    background = isinstance(first, Fact) and first.standing == "background" and first.context is Context.PRESENT
    return Context.HISTORICAL.value if background else first.context.value


def weighed(answers: Iterable[Answered]) -> tuple[Weighed, ...]:
    """Answers → each assigned code of the scope that has a confidence; an arguable one is right."""
    found = []
    for answer in answers:
        granted = {c["code"] for c in answer.gold["codes"]}
        found += [
            Weighed(answer.gold["id"], c.confidence, c.code in granted, c.outcome == CODE)
            for c in answer.coded.codes
            if c.confidence is not None and (c.code in granted or in_scope(c.code))
        ]
    return tuple(found)


def fully_decided(answers: Sequence[Answered]) -> int:
    """How many notes have no code left for review."""
    return sum(all(c.outcome == CODE for c in answer.coded.codes) for answer in answers)
