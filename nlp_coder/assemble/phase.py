"""The 7th character's phase of an injury or collapsed vertebra: active treatment, follow-up, sequela (I.C.19.a)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.types import NOT_STATED, Evidence, Fact, Mention, Reading, Sentence, Span

PHASED = {
    "strain",
    "sprain",
    "strain and sprain",
    "whiplash",
    "back injury",
    "contusion",
    "compression fracture",
}


_SEEN_BEFORE = re.compile(
    r"(?<!\w)(?<!routine )(?<!regular )(?<!annual )(?<!scheduled )(?<!monthly )"
    r"(?:f/?u|follow(?:ing)?[- ]?up|followup|re-?check|reck|returns?"
    r"|(?:second|third|fourth|2nd|3rd|4th) visit)\b",
    re.IGNORECASE,
)
_COMES_AGAIN = re.compile(
    r"\b(?:he|she|patient|pt|who)\W+(?:is (?:here|seen) (?:today )?(?:for|in) (?:follow|re-?check)|return(?:s|ed)\b)"
    r"|\bhere for (?:\w+ ){0,2}(?:re-?check|follow|(?:second|third|fourth) visit)|\bseen (?:today )?in follow",
    re.IGNORECASE,
)
_HEALING = re.compile(
    r"\b(?:healing|recovering|not yet (?:healed|recovered)|still recovering)\b(?! (?:touch|hands))", re.IGNORECASE
)
"""Words of the healing phase, told with the injury (I.C.19.a)."""
_TITLE = 60
"""Code points: a first line no longer than this is the visit's title."""
_VISIT_TOLD = {"chief complaint", "history of present illness", "subjective", "none", "administrative", "assessment"}


def with_phase(
    facts: Sequence[Fact], reading: Reading, mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """The facts, injuries and compression fractures with their phase filled; the default is ``initial``."""
    examined = [m for m in mentions if m.get("purpose") == "independent examination"]
    out = []
    for fact in facts:
        if fact.problem not in PHASED:
            out.append(fact)
            continue
        phase, evidence = fact.phase, fact.evidence
        if phase == NOT_STATED or (phase == "initial" and examined):
            seen = _seen_before(fact, sentences, masked)
            if seen:
                phase = "subsequent"
                evidence = (*evidence, Evidence("phase", seen))
            elif reading.purpose == "therapy" or examined:
                phase = "subsequent"
                words = [Evidence("phase", m.span) for m in examined[:1]] or [
                    Evidence("phase", e.span) for e in reading.purpose_evidence
                ]
                evidence = (*evidence, *words)
            else:
                phase = "initial"
        out.append(replace(fact, phase=phase, evidence=evidence))
    return out


def _seen_before(fact: Fact, sentences: Sequence[Sentence], masked: str) -> Span | None:
    """``F/u lumbar strain``, ``here for recheck``: before the injury, or alone in the chief complaint or title."""
    if fact.problem == "compression fracture":
        return None  # its treatment often begins at the second visit
    starts = [e.start for e in fact.evidence if e.slot == "problem"]
    first_line = masked[: masked.find("\n") + 1]
    opening = [s for s in sentences if s.section.name in _VISIT_TOLD][:2]
    title = _SEEN_BEFORE.search(first_line) if len(first_line) <= _TITLE else None
    if title:
        return Span(title.start(), title.end(), title[0])
    for sentence in sentences:
        mine = [start for start in starts if sentence.start <= start < sentence.end]
        told = sentence.section.name in _VISIT_TOLD
        words = _SEEN_BEFORE if mine or sentence.section.name == "chief complaint" else _COMES_AGAIN
        if mine and (healing := _HEALING.search(masked, sentence.start, sentence.end)):
            return Span(healing.start(), healing.end(), healing[0])
        if told and (mine or sentence in opening or words is _SEEN_BEFORE):
            found = words.search(masked, sentence.start, min(mine, default=sentence.end))
            if found:
                return Span(found.start(), found.end(), found[0])
    titles = [s.section.heading for s in sentences if s.section.heading and s.section.name == "administrative"]
    for heading in dict.fromkeys(titles):
        if _SEEN_BEFORE.search(heading.text):
            return heading
    return None
