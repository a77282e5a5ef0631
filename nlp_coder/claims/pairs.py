"""Two codes of a claim together: Excludes1 with its proof, Excludes2, a symptom beside its cause, one said twice."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import combinations

from nlp_coder import icd10cm
from nlp_coder.claims.claimed import ClaimFinding
from nlp_coder.icd10cm import ExcludesProof
from nlp_coder.types import Authority

EXCEPTION = (
    "if the two conditions are unrelated to each other, both may be billed; if the record does not make "
    "that clear, ask the provider (guideline I.A.12.a)."
)
_PAIN = {
    "M54.2": "neck", "M54.6": "mid", "M54.5": "low", "M54.3": "low", "M54.4": "low", "M54.9": "", "M54.89": "",
}  # fmt: skip
"""Codes that name a symptom, and where; an empty place is anywhere."""
_CAUSES = ("M43.0", "M43.1", "M45", "M46", "M47", "M48", "M50", "M51", "M80", "M96.1")
_OF_NERVES = ("M50", "M51", "M47.2", "M54.1")
_NECK, _MID, _LOW = frozenset({"neck"}), frozenset({"mid"}), frozenset({"low"})
_SITES = {
    **dict.fromkeys("12", _NECK), "3": _NECK | _MID, "4": _MID, "5": _MID | _LOW, **dict.fromkeys("678", _LOW),
}  # fmt: skip
"""The site digit that M43 to M54 share → where it is."""
_INJURED = {"S13": _NECK, "S16": _NECK, "S23": _MID, "S29": _MID, "S33": _LOW, "S39": _LOW}
_ANYWHERE = _NECK | _MID | _LOW


def area(code: str) -> frozenset[str]:
    """Which parts of the spine a code can speak of: neck, mid, low; all of them where it names none."""
    if code[:3] in _INJURED:
        return _INJURED[code[:3]]
    for stem, place in _PAIN.items():
        if code.startswith(stem):
            return frozenset({place}) if place else _ANYWHERE
    if code.startswith(("M50", "M43.6")):
        return _NECK
    if code.startswith(("M51.36", "M51.37", "M48.06", "M46.1", "M53.3", "M62.85")):
        return _LOW
    if code.startswith(("M43", "M45", "M46", "M47", "M48", "M51", "M53", "M54.1")):
        digits = code.partition(".")[2]
        site = digits[-1:] if len(digits) < 4 else digits[1]
        return _SITES.get(site, _ANYWHERE)
    return _ANYWHERE


def resolves(proof: ExcludesProof) -> str:
    """Which of two codes stands, by the words of the note that parts them."""
    if "NOS" in proof.text.split():
        return f"{proof.against} means nothing more is known; {proof.under}, once documented, stands."
    if "current injury" in proof.text:
        return f"Where the condition is a current injury, {proof.against} stands alone."
    return f"Where the record says what the note names, {proof.against} stands and {proof.under} is left out."


def together(codes: Sequence[str], day: datetime.date | None) -> Iterator[ClaimFinding]:
    """Every pair of different codes, in claim order."""
    for a, b in combinations(dict.fromkeys(codes), 2):
        if proofs := icd10cm.excludes1(a, b, day):
            yield _barred(a, b, proofs)
        elif finding := _combined(a, b) or _vague(a, b) or _integral(a, b):
            yield finding
        elif allowed := icd10cm.excludes2(a, b, day):
            note = allowed[0]
            text = f"{a} and {b} may stand together: Excludes2 at {note.at}, «{note.text}»."
            fix = "Nothing, if both are documented."
            yield ClaimFinding(
                "excludes2-allowed", "info", text, Authority.TABULAR, "tabular; guideline I.A.12.b", fix, (a, b)
            )


def _barred(a: str, b: str, proofs: Sequence[ExcludesProof]) -> ClaimFinding:
    """I.A.12.a: an Excludes1 note; a warning where the note leaves open whether it means these two."""
    proof = proofs[0]
    by_block = all("current injury" in other.text for other in proofs)
    elsewhere = (by_block and not area(a) & area(b)) or "M54.81" in {a, b}
    disease = by_block and not any(code.startswith(tuple(_PAIN)) for code in (a, b))
    open_point = next((other.unsettled for other in proofs if other.unsettled), "")
    text = f"{a} and {b} exclude each other: Excludes1 at {proof.at}, «{proof.text}»."
    if elsewhere:
        text += " They name different places, so the exception for unrelated conditions is likely."
    elif disease:
        text += " An injury and a disease of its own may both be present, so the exception may apply."
    elif open_point:
        text += f" Open: {open_point}."
    return ClaimFinding(
        "excludes1",
        "warning" if elsewhere or disease or open_point else "error",
        text,
        Authority.TABULAR,
        f"tabular: {proof.at}; guideline I.A.12.a",
        _fix(proof, open_point if not (elsewhere or disease) else ""),
        (a, b),
    )


def _fix(proof: ExcludesProof, open_point: str) -> str:
    """Which code to keep; where the note leaves open whether it means these two, nothing is dropped unasked."""
    if open_point:
        return "Keep both, the condition first, or settle it with the payer: no official source decides."
    return f"{resolves(proof)} Exception: {EXCEPTION}".replace("..", ".")


def _combined(a: str, b: str) -> ClaimFinding | None:
    """I.B.9: sciatica and low back pain of one encounter are one code."""
    pair = sorted((a, b))
    if not (pair[0].startswith("M54.3") and pair[1].startswith("M54.5")):
        return None
    one = f"M54.4{pair[0][-1]}"
    text = f"{pair[0]} and {pair[1]}: low back pain with sciatica is one code."
    return ClaimFinding(
        "combination-code", "error", text, Authority.GUIDELINE, "guideline I.B.9", f"Use {one} alone.", (a, b)
    )


def _vague(a: str, b: str) -> ClaimFinding | None:
    """I.A.9.b: a pain of no stated place beside one whose place is stated."""
    for vague, exact in ((a, b), (b, a)):
        of_site = exact.startswith(("M54.2", "M54.5", "M54.6", "M54.3", "M54.4")) or exact == "M54.89"
        less = (vague == "M54.9" and of_site) or (vague == "M54.50" and exact in {"M54.51", "M54.59"})
        if less:
            text = f"{vague} says less than {exact} of the same pain. No Excludes1 note parts them."
            return ClaimFinding(
                "less-specific-beside",
                "warning",
                text,
                Authority.GUIDELINE,
                "guideline I.A.9.b",
                f"Drop {vague}, unless the record describes another pain.",
                (a, b),
            )
    return None


def _integral(a: str, b: str) -> ClaimFinding | None:
    """I.B.5: a symptom of a coded cause; no Excludes1 note is needed to leave it out."""
    for symptom, cause in ((a, b), (b, a)):
        pain = any(symptom.startswith(stem) for stem in _PAIN)
        root = symptom.startswith("M54.1") and cause.startswith(("M50.1", "M51.1", "M47.2"))
        nerve = symptom.startswith(("M54.3", "M54.4"))  # with stenosis or spondylosis a nerve pain is coded too
        routine = cause.startswith(_OF_NERVES if nerve else (*_CAUSES, "M54.1"))
        if not (pain or root) or not routine or not area(symptom) & area(cause):
            continue
        text = (
            f"{symptom} names a symptom, {cause} what can cause it. No Excludes1 note parts them: the reason to "
            "leave the symptom out is that it is a routine part of the cause."
        )
        fix = f"Drop {symptom}, unless the provider documents it as a problem of its own (guideline I.B.6)."
        return ClaimFinding(
            "symptom-beside-cause", "warning", text, Authority.GUIDELINE, "guideline I.B.5", fix, (a, b)
        )
    return None
