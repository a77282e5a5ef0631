"""A scribe's document → its audit: each proposed code judged by what the note earns, what is missing, the order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp_coder import icd10cm
from nlp_coder.coder import Coder
from nlp_coder.scribe.cloned import clones
from nlp_coder.scribe.nouns import Finding, ScribeAudit, ScribeDocument
from nlp_coder.scribe.proposals import proposals
from nlp_coder.scribe.transcript import guard
from nlp_coder.scribe.verdicts import conflicts, verdict
from nlp_coder.types import Candidate, Note

_SEVERITIES = ("error", "warning", "info")
_OBSTETRIC = "guideline I.C.15.a.1"
_PAIN_FIRST = "guideline I.C.6.b.1"
_CHIEFLY = "guideline IV.G"


def audit(document: ScribeDocument, coder: Coder | None = None) -> ScribeAudit:
    """Audit one document: what the note supports of the proposed codes, what it earns instead, what is missing.

    The findings stand in order of severity, then of place among the proposed codes. Raises NoteError for a
    document without text or with a date of service before ICD-10-CM, as ``Coder.code`` does.
    """
    coder = coder or Coder()
    coded = coder.code(_note(document))
    day = document.date_of_service or icd10cm.newest_release().valid_from
    found = proposals(document)
    earned = {c.code for c in coded.codes}
    confirmed = tuple(p.code for p in found if p.code in earned)
    findings = [finding for p in found for finding in verdict(p, coded, day)]
    findings += conflicts(found, coded, day)
    named = {f.instead for f in findings}
    findings += _missing(coded.codes, {p.code for p in found}, named)
    delivered = [p.code for p in found if p.delivered] or [p.code for p in found]
    findings += _sequence([code for code in delivered if code in earned], coded.codes)
    findings += clones(coded, document.previous)
    findings += guard(coded, document.transcript) if document.transcript else ()
    return ScribeAudit(document, coded, _in_order(findings), confirmed, coded.codes)


def _note(document: ScribeDocument) -> Note:
    return Note(
        text=document.text,
        id=document.id,
        date_of_service=document.date_of_service,
        setting=document.setting,
        patient=document.patient,
        purpose=document.purpose,
    )


def _missing(codes: Sequence[Candidate], proposed: set[str], named: set[str]) -> Iterator[Finding]:
    """Codes that the note earns and nobody proposes; only information where another finding names it already."""
    for c in codes:
        if c.code not in proposed:
            severity = "info" if c.code in named else "warning"
            yield Finding("missing", severity, c.code, f"The note earns {c.code}: {c.title}.", c.source, "", c.evidence)


def _sequence(proposed: Sequence[str], codes: Sequence[Candidate]) -> Iterator[Finding]:
    """Confirmed codes that stand in another order than the guidelines give them; a wrong first one is a warning."""
    wanted = [c.code for c in codes if c.code in proposed]
    if list(proposed) == wanted:
        return
    first = next(code for code, other in zip(wanted, proposed, strict=True) if code != other)
    source = _OBSTETRIC if first.startswith("O") else _PAIN_FIRST if first.startswith("G89") else _CHIEFLY
    evidence = next(c.evidence for c in codes if c.code == first)
    severity = "warning" if proposed[0] != wanted[0] else "info"
    yield Finding("sequence", severity, first, f"The claim's order is {', '.join(wanted)}.", source, "", evidence)


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: _SEVERITIES.index(f.severity)))
