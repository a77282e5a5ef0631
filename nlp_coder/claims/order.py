"""The sequence of a claim: obstetric codes first, G89 where allowed, what a sequela left before the injury."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp_coder.claims.claimed import ClaimFinding
from nlp_coder.types import Authority

_DEFINITIVE = ("M43", "M45", "M46", "M47", "M48", "M50", "M51", "M80", "S13", "S16", "S23", "S29", "S33", "S39")


def sequence(codes: Sequence[str], purpose: str | None) -> Iterator[ClaimFinding]:
    """Everything that is about the order of the codes, and about what must accompany a code."""
    yield from _obstetric(codes)
    yield from _chronic(codes, purpose)
    yield from _sequela(codes)
    yield from _injury(codes)


def _finding(id_: str, severity: str, text: str, source: str, fix: str, *codes: str) -> ClaimFinding:
    return ClaimFinding(id_, severity, text, Authority.GUIDELINE, f"guideline {source}", fix, codes)


def _obstetric(codes: Sequence[str]) -> Iterator[ClaimFinding]:
    """I.C.15.a.1: chapter 15 first; Z3A tells the weeks and never leads."""
    obstetric = [code for code in codes if code.startswith("O")]
    before = [code for code in codes if not code.startswith("O")]
    if obstetric and not codes[0].startswith("O"):
        text = f"{codes[0]} stands before {obstetric[0]}: obstetric codes come first."
        yield _finding(
            "obstetric-first", "error", text, "I.C.15.a.1", f"Begin with {obstetric[0]}.", obstetric[0], before[0]
        )
    if any(code.startswith("Z3A") for code in codes) and not obstetric:
        text = "Weeks of pregnancy (Z3A) stand without an obstetric code."
        yield _finding("weeks-alone", "error", text, "I.C.15.a.1", "Add the obstetric code, first.", "Z3A")


def _chronic(codes: Sequence[str], purpose: str | None) -> Iterator[ClaimFinding]:
    """I.C.6.b: G89 leads at pain management only; elsewhere it follows the site, and not beside its cause."""
    pains = [code for code in codes if code.startswith("G89")]
    if not pains:
        if "F45.42" in codes:
            text = "F45.42 stands without a code from G89."
            fix = "Add the G89 code that the record supports, or query."
            yield _finding("f45.42-without-g89", "warning", text, "I.C.5.a", fix, "F45.42")
        return
    pain, others = pains[0], [code for code in codes if not code.startswith(("G89", "F45.42", "O", "Z3A"))]
    causes = [code for code in others if code.startswith(_DEFINITIVE) and not code.endswith("S")]
    leads = bool(others) and codes.index(pain) < codes.index(others[0])
    if leads and purpose != "pain-management":
        known = purpose is not None
        text = f"{pain} stands before {others[0]}: G89 leads only where pain control is the reason for the encounter."
        fix = f"Put {others[0]} first" + ("." if known else ", or say --purpose pain-management if that is the reason.")
        yield _finding("g89-first", "error" if known else "warning", text, "I.C.6.b.1.b.ii", fix, pain, others[0])
    if others and not leads and purpose == "pain-management" and pain != "G89.3":
        text = f"The encounter is for pain management, and {pain} does not lead."
        yield _finding("g89-not-first", "error", text, "I.C.6.b.1.b.ii", f"Put {pain} first.", pain, others[0])
    if causes and purpose != "pain-management" and pain.startswith(("G89.1", "G89.2")):
        text = f"{pain} stands beside its definitive cause, {causes[0]}."
        fix = f"Drop {pain}, unless the encounter is for pain management, not for {causes[0]}."
        yield _finding("g89-beside-cause", "warning", text, "I.C.6.b.1", fix, pain, causes[0])
    if not others and pain in {"G89.21", "G89.28", "G89.29"}:
        text = f"{pain} stands without a code for the site of the pain."
        yield _finding(
            "g89-without-site", "info", text, "I.C.6.b.1.b.i", "Add the site, if it says more than the cause.", pain
        )


def _sequela(codes: Sequence[str]) -> Iterator[ClaimFinding]:
    """I.B.10: first the condition that was left, then the injury with S."""
    for place, code in enumerate(codes):
        if not (code.startswith(("S", "T")) and len(code) == len("S39.012S") and code.endswith("S")):
            continue
        others = [other for other in codes if not other.startswith(("S", "T"))]
        if not others:
            text = f"{code} stands alone: a sequela is coded with the condition that it left."
            yield _finding("sequela-alone", "error", text, "I.B.10", "Put that condition first.", code)
        elif place < codes.index(others[0]):
            text = f"{code} stands before {others[0]}: the condition comes first, the sequela code second."
            yield _finding("sequela-first", "error", text, "I.B.10", f"Put {others[0]} first.", code, others[0])


def _injury(codes: Sequence[str]) -> Iterator[ClaimFinding]:
    """I.C.19.a and I.C.20.a.6: one phase of care for one injury; an external cause never leads."""
    stems: dict[str, list[str]] = {}
    for code in codes:
        if code.startswith("S") and len(code) == len("S39.012A"):
            stems.setdefault(code[:-1], []).append(code)
    for found in stems.values():
        if len(set(found)) > 1:
            text = f"{' and '.join(found)}: one injury has one phase of care at an encounter."
            yield _finding("two-phases", "error", text, "I.C.19.a", "Keep the 7th character of this visit.", *found)
    if codes and codes[0][0] in "VWXY":
        text = f"{codes[0]} is an external cause and stands first."
        yield _finding("external-cause-first", "error", text, "I.C.20.a.6", "Put the condition first.", codes[0])
