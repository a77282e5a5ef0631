"""The whole check of a claim on one page: each code, each pair, the order, the note, the procedures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.claims.claimed import Claim, ClaimFinding, ranked
from nlp_coder.claims.codes import code_alone, duplicates, procedures, shown, sides, standing
from nlp_coder.claims.documented import against_note
from nlp_coder.claims.order import sequence
from nlp_coder.claims.pairs import together
from nlp_coder.claims.payers import Policy, alerts
from nlp_coder.types import Authority, CodedNote

_SETTLED = ("excludes1", "symptom-beside-cause", "less-specific-beside", "g89-beside-cause", "side-not-stated")
"""What the note may answer: is a symptom a problem of its own, are two conditions unrelated, is a side stated."""


def check_claim(
    claim: Claim, coded: CodedNote | None = None, policies: Sequence[Policy] = ()
) -> tuple[ClaimFinding, ...]:
    """A claim, perhaps its note as coded and payers' policies → what is wrong with it, worst first.

    Codes are normalised (m5450 is M54.50). No error is raised for a bad code: it is a finding.
    """
    found: list[ClaimFinding] = []
    codes: list[str] = []
    for typed in claim.codes:
        code, refused = standing(typed)
        if refused:
            found.append(refused)
        else:
            codes.append(code)
    if not claim.codes:
        fix = "Give the codes in claim order."
        found.append(ClaimFinding("no-codes", "error", "The claim has no code.", Authority.HOUSE, "house", fix))
    for code in dict.fromkeys(codes):
        found += (f for f in code_alone(code, claim.day) if coded is None or f.id != "unspecified-code")
    found += procedures(claim.cpt)
    found += duplicates(codes)
    found += sides(codes)
    found += together(codes, claim.day)
    found += sequence(codes, claim.purpose or (_purpose(coded) if coded else None))
    if coded:
        found = [*(_beside_note(finding, coded) for finding in found), *against_note(codes, coded)]
    found += alerts(claim, codes, policies, coded)
    return ranked(found)


def _beside_note(finding: ClaimFinding, coded: CodedNote) -> ClaimFinding:
    """A finding that a note settles: the note was read as giving every code it is about."""
    earned = {candidate.code for candidate in coded.codes}
    if finding.id not in _SETTLED or not finding.codes or not earned.issuperset(finding.codes):
        return finding
    given = f"{finding.text} The note was read as giving {'each of them' if len(finding.codes) > 1 else 'no side'}."
    return replace(finding, text=given, severity="warning" if finding.id == "excludes1" else "info")


def as_written(claim: Claim) -> tuple[str, ...]:
    """The claim's codes as the book writes them; what cannot be one as typed, if it is short and plain."""
    return tuple(standing(typed)[0] or shown(typed) for typed in claim.codes)


def _purpose(coded: CodedNote) -> str | None:
    """What the encounter is for by its note: pain management if a G89 code leads, else unknown."""
    return "pain-management" if coded.codes and coded.codes[0].code.startswith("G89") else coded.note.purpose
