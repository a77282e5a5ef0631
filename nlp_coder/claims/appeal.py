"""A denied code and its coded note in, what the record says for the code out: words with places, citations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nlp_coder import icd10cm
from nlp_coder.claims.claimed import Claim
from nlp_coder.claims.codes import standing
from nlp_coder.errors import NoteError
from nlp_coder.render.marks import lines_of
from nlp_coder.render.words import by_slot, citation
from nlp_coder.types import Candidate, CodedNote, Evidence

_ALWAYS = (
    ("I.A.19", "the provider's statement that the patient has the condition suffices for the code"),
    ("I.B.18", "an encounter is coded to the level of certainty known for it"),
)


def appeal(claim: Claim, coded: CodedNote) -> dict[str, Any]:
    """For each claimed code: title, the record's words for it by slot with their lines, who says so; or that none are.

    Nothing is argued that the record does not say. Keys: ``codes``, ``day``, ``release``, ``guidelines``.
    Raises NoteError for an entry that is no code.
    """
    codes = []
    for typed in claim.codes:
        code, refused = standing(typed)
        if refused:
            raise NoteError(f"{refused.text} {refused.fix}")
        codes.append(code)
    earned = {candidate.code: candidate for candidate in coded.codes}
    return {
        "codes": [_supported(earned[code], coded) if code in earned else _bare(code, coded) for code in codes],
        "day": coded.note.date_of_service.isoformat() if coded.note.date_of_service else "not stated",
        "release": coded.release,
        "guidelines": [{"section": section, "says": says} for section, says in _ALWAYS],
    }


def _supported(candidate: Candidate, coded: CodedNote) -> dict[str, Any]:
    return {
        "code": candidate.code,
        "title": candidate.title,
        "supported": True,
        "says": candidate.says,
        "authority": citation(candidate.source, candidate.authority),
        "confirm": list(candidate.confirm),
        "slots": _slots(candidate.evidence, coded),
    }


def _bare(code: str, coded: CodedNote) -> dict[str, Any]:
    """A code the note does not earn: what turned it down, so that nobody appeals in vain."""
    turned = next((aside for aside in coded.set_aside if aside.code == code), None)
    entry = icd10cm.entry(code)
    others = ", ".join(candidate.code for candidate in coded.codes)
    why = f"Turned down: {turned.why}" if turned else "Nothing in the note was found that earns it."
    return {
        "code": code,
        "title": entry.title if entry else "",
        "supported": False,
        "says": f"{why} The note earns {others or 'no code'}: correct the claim rather than appeal it.",
        "authority": citation(turned.source) if turned else "ICD-10-CM Official Guidelines: I.A.19",
        "confirm": [],
        "slots": _slots(turned.evidence, coded) if turned else [],
    }


def _slots(evidence: Sequence[Evidence], coded: CodedNote) -> list[dict[str, Any]]:
    """The words by slot (or slots, where the same words fill several), each with its line and the whole line."""
    lines = lines_of(coded.note.text)
    found: list[dict[str, Any]] = []
    for slot, cited in by_slot(evidence).items():
        places = []
        for item in cited:
            start, end = lines.bounds(lines.at(item.start))
            places.append(
                {
                    "text": item.text,
                    "start": item.start,
                    "end": item.end,
                    "line": lines.at(item.start),
                    "context": " ".join(coded.note.text[start:end].split())[:240],
                }
            )
        same = next((one for one in found if one["places"] == places), None)
        if same:
            same["slot"] += f", {slot}"
        else:
            found.append({"slot": slot, "places": places})
    return found
