"""Excludes1: which of two codes gives way, with the proof (I.A.12.a)."""

from __future__ import annotations

import datetime

from nlp_coder import icd10cm
from nlp_coder.guidelines.docket import PAIN, Docket, area, aside, proof
from nlp_coder.types import Candidate, SetAside

_WEAKEST_FIRST = (
    "R52", "M54.9", "M54.89", "M54.5", "M54.6", "M54.2", "M54.3", "M54.4", "M54.1", "M54", "G89.29", "G89",
    "M62", "M79", "M60", "M53", "M43.0", "M43.1", "M99", "M47.8", "M47", "M48", "M51.3", "M50.3", "M51.9", "M50.9",
    "M51.2", "M50.2", "M51", "M50", "M46", "M45", "M96", "G57", "S", "F45", "O",
)  # fmt: skip
"""Which of two codes gives way when an Excludes1 note parts them: symptom before cause, vague before exact."""


def excludes1(docket: Docket) -> Docket:
    """I.A.12.a: two codes that an Excludes1 note parts are not used together; the vaguer gives way, with the proof."""
    gone: dict[int, tuple[Candidate, SetAside]] = {}
    for i, a in enumerate(docket.candidates):
        for b in docket.candidates[i + 1 :]:
            if id(a) in gone or id(b) in gone or a.code == b.code or not _parted(a, b, docket.day):
                continue
            loser, winner = (a, b) if _strength(a.code) < _strength(b.code) else (b, a)
            why = f"{proof(a.code, b.code, docket.day)}. Both stand only if the provider calls them unrelated."
            gone[id(loser)] = aside(loser, "Excludes1", why, "guideline I.A.12.a", winner.evidence, by=winner.code)
    return docket.without(list(gone.values()))


def _parted(a: Candidate, b: Candidate, day: datetime.date) -> bool:
    """Does an Excludes1 note part the two, unrelated conditions and sequelae under the block note apart?"""
    proofs = icd10cm.excludes1(a.code, b.code, day)
    if {a.code[0], b.code[0]} == {"S", "M"} and not area(a.fact.region) & area(b.fact.region):
        return False  # an injury of the neck says nothing of a pain of the low back
    if "unrelated" in {a.fact.listed, b.fact.listed} and "S" in {a.code[0], b.code[0]}:
        return False  # I.A.12.a exception, in the provider's words
    if {a.code[0], b.code[0]} == {"S", "M"} and not any(c.code.startswith(PAIN) for c in (a, b)):
        return False  # an injury and a disease of its own; both are diagnoses, not one named twice
    if "M54.81" in {a.code, b.code} and not area(a.fact.region) & area(b.fact.region) & {"neck"}:
        return False  # I.A.12.a exception: occipital neuralgia and a pain of the back are unrelated
    if all(p.level == "block" and p.text.startswith("current injury") for p in proofs):
        return any(c.code.startswith(PAIN) and not p.unsettled for c in (a, b) for p in proofs)  # the same condition
    return bool(proofs)


def _strength(code: str) -> int:
    ranks = [(len(prefix), rank) for rank, prefix in enumerate(_WEAKEST_FIRST) if code.startswith(prefix)]
    return max(ranks)[1] if ranks else len(_WEAKEST_FIRST)
