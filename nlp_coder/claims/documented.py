"""A claim beside its note: what the note says more exactly, what it does not support, what it earns besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp_coder import icd10cm
from nlp_coder.claims.claimed import ClaimFinding
from nlp_coder.types import Authority, Candidate, CodedNote, SetAside

_SIDED = ("M54.3", "M54.4", "G57.0")


def against_note(codes: Sequence[str], coded: CodedNote) -> Iterator[ClaimFinding]:
    """Each claimed code the note does not earn, with why; then each code it earns that is not claimed."""
    earned = {candidate.code: candidate for candidate in coded.codes}
    aside = {turned.code: turned for turned in sorted(coded.set_aside, key=lambda turned: bool(turned.by))}
    answered: set[str] = set()
    for code in codes:
        if code in earned or icd10cm.entry(code) is None:
            continue
        better = _better(code, [c for c in coded.codes if c.code not in codes])
        if better:
            answered.add(better.code)
            yield _exact(code, better)
        elif code in aside:
            yield _turned_down(aside[code])
        elif icd10cm.billable_on(code, coded.note.date_of_service):
            text = f"{code} was claimed, and nothing was found in the note that earns it."
            fix = "Look it up in the note, or drop it."
            yield ClaimFinding("not-documented", "warning", text, Authority.GUIDELINE, "guideline I.A.19", fix, (code,))
    for code, candidate in earned.items():
        if code not in codes and code not in answered:
            text = f"The note earns {code} ({candidate.title}), and it is not claimed."
            yield ClaimFinding(
                "documented-not-claimed",
                "warning",
                text,
                candidate.authority,
                candidate.source,
                f"Add {code}, after looking at the words.",
                (code,),
                candidate.evidence,
            )


def _better(code: str, earned: Sequence[Candidate]) -> Candidate | None:
    """The code of the same condition that the note earns instead: another side, region or character."""
    for candidate in earned:
        same = candidate.code[:5] == code[:5] and len(code) > len("M54")
        whole = code == "M54.9" and candidate.code.startswith(("M54.2", "M54.5", "M54.6", "M54.4"))
        vaguer = candidate.code == "M54.9" and code.startswith(("M54.2", "M54.5", "M54.6", "M54.8"))
        if same or whole or vaguer or (code[:3] == candidate.code[:3] == "M54" and "unspecified" in _title(code)):
            return candidate
    return None


def _title(code: str) -> str:
    entry = icd10cm.entry(code)
    return entry.title if entry else ""


def _exact(code: str, better: Candidate) -> ClaimFinding:
    """I.A.9.b, I.B.13: the note says more than the claimed code, or another side."""
    other_side = code.startswith(_SIDED) and code[-1] in "12" and better.code[-1] in "12"
    said = f"{better.code} ({better.title})"
    if other_side:
        text = f"{code} was claimed, and the note says the other side: {said}."
        return _wrong("side-differs", text, "guideline I.B.13", code, better)
    if "unspecified" in _title(code):
        text = f"{code} says that the record says no more, and it does: {said}."
        return _wrong("unspecified-though-documented", text, "guideline I.A.9.b", code, better)
    text = f"{code} was claimed, and the note earns {said}."
    return _wrong("differs-from-note", text, "guideline I.A.19", code, better)


def _wrong(id_: str, text: str, source: str, code: str, better: Candidate) -> ClaimFinding:
    fix = f"Use {better.code}, after looking at the words."
    return ClaimFinding(id_, "error", text, Authority.GUIDELINE, source, fix, (code, better.code), better.evidence)


def _turned_down(turned: SetAside) -> ClaimFinding:
    text = f"{turned.code} was claimed, and the note's words for it were turned down: {turned.why}"
    fix = f"Use {turned.by}, after looking at the words." if turned.by else f"Drop {turned.code}, or query."
    authority = Authority.TABULAR if turned.reason == "Excludes1" else Authority.GUIDELINE
    return ClaimFinding(
        "set-aside-by-note", "error", text, authority, turned.source, fix, (turned.code,), turned.evidence
    )
