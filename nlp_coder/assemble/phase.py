"""The 7th character's phase of an injury or collapsed vertebra: active treatment, follow-up, sequela (I.C.19.a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.types import NOT_STATED, Evidence, Fact, Mention, Reading

PHASED = {
    "strain",
    "sprain",
    "strain and sprain",
    "whiplash",
    "back injury",
    "contusion",
    "compression fracture",
}


def with_phase(facts: Sequence[Fact], reading: Reading, mentions: Sequence[Mention]) -> list[Fact]:
    """The facts, injuries and compression fractures with their phase filled; the default is ``initial``."""
    examined = [m for m in mentions if m.get("purpose") == "independent examination"]
    out = []
    for fact in facts:
        if fact.problem not in PHASED:
            out.append(fact)
            continue
        phase, evidence = fact.phase, fact.evidence
        if phase == NOT_STATED or (phase == "initial" and examined):
            if reading.purpose == "therapy" or examined:
                phase = "subsequent"
                words = [Evidence("phase", m.span) for m in examined[:1]] or [
                    Evidence("phase", e.span) for e in reading.purpose_evidence
                ]
                evidence = (*evidence, *words)
            else:
                phase = "initial"
        out.append(replace(fact, phase=phase, evidence=evidence))
    return out
