"""What is on the table while the guidelines are applied, and how a candidate leaves it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp_coder import icd10cm
from nlp_coder.types import NOT_STATED, Alert, Candidate, Evidence, Fact, Note, Reading, SetAside
from nlp_coder.vocabulary import AREAS

PAIN = ("M54.2", "M54.5", "M54.6", "M54.8", "M54.9")
"""Codes for pain of the back or neck without a known cause."""


@dataclass(frozen=True, slots=True)
class Docket:
    """What is on the table while the guidelines are applied: candidates still standing, and those set aside."""

    note: Note
    reading: Reading
    day: datetime.date
    facts: tuple[Fact, ...]
    candidates: tuple[Candidate, ...]
    set_aside: tuple[SetAside, ...] = ()
    alerts: tuple[Alert, ...] = ()

    def without(self, gone: Sequence[tuple[Candidate, SetAside]]) -> Docket:
        """The docket with some candidates moved to the set-asides."""
        ids = {id(c) for c, _ in gone}
        kept = tuple(c for c in self.candidates if id(c) not in ids)
        return replace(self, candidates=kept, set_aside=(*self.set_aside, *(s for _, s in gone)))


def aside(
    c: Candidate, reason: str, why: str, source: str, evidence: Sequence[Evidence] = (), by: str = ""
) -> tuple[Candidate, SetAside]:
    """The candidate and the set-aside it becomes; without words of their own, those of the candidate decide."""
    return c, SetAside(c.code, reason, why, source, tuple(evidence) or c.evidence, rule=c.rule, by=by, fact=c.fact)


def together(*evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """All the evidence once, in order of place."""
    return tuple(sorted(dict.fromkeys(e for some in evidence for e in some), key=lambda e: (e.start, e.end, e.slot)))


def area(region: str) -> frozenset[str]:
    """Neck, mid or low: the parts of the back a region lies in; an unstated region is the back below the neck."""
    unstated = frozenset({"mid", "low"} if region == NOT_STATED else ())
    return AREAS.get(region, unstated)


def is_sequela(code: str) -> bool:
    """Is it an injury or collapse code with 7th character S?"""
    return code.endswith("S") and code.startswith(("S", "M48"))


def proof(a: str, b: str, day: datetime.date) -> str:
    """The Excludes1 note between two codes, in words; call it only where there is one."""
    proof = icd10cm.excludes1(a, b, day)[0]
    return f"Excludes1 at {proof.at}: {proof.text} ({proof.release})"
