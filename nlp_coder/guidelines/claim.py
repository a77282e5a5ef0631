"""The codes as a claim: of the day of service, each once, in order, with what was noted in vain."""

from __future__ import annotations

import datetime
from dataclasses import replace

from nlp_coder import icd10cm
from nlp_coder.guidelines.docket import PAIN, Docket, aside, is_sequela, together
from nlp_coder.types import NOT_STATED, Candidate, Evidence

_SEARCHED = {
    "M54.50": ("a character of the pain (mechanical, vertebrogenic …)", "a cause"),
    "M54.5": ("a cause",),
    "M54.9": ("a region", "a character of the pain", "a cause"),
    "M54.30": ("a side",),
    "M54.40": ("a side",),
    "M54.10": ("a region or root",),
    "M54.00": ("a region",),
    "M51.9": ("a region", "a type of disc disorder"),
    "M51.369": ("low back pain", "leg pain"),
    "M51.379": ("low back pain", "leg pain"),
    "M47.819": ("a region",),
    "M48.00": ("a region",),
    "M43.10": ("a region",),
    "M43.00": ("a region",),
    "O26.899": ("weeks of pregnancy", "a trimester"),
}
"""What was searched for and not found before an unspecified code was assigned."""
_NO_LEVEL = ("M50.00", "M50.10", "M50.20", "M50.30", "M50.80", "M50.90")
_NO_SIDE = ("M54.1", "M54.2", "M54.5", "M54.6", "M54.8", "M54.9")


def date_of_service(docket: Docket) -> Docket:
    """I.B.2 and policy section 8: the code that stood on the day of service, or none."""
    gone, kept = [], []
    for c in docket.candidates:
        code = icd10cm.in_force(c.code, docket.day)
        if code is None:
            gone.append(
                aside(
                    c,
                    "not in force",
                    f"{c.code} was not in force on {docket.day}, and no code stood before it.",
                    "tabular: release of the day",
                )
            )
        else:
            kept.append(c if code == c.code else _as_it_stood(c, code, docket.day))
    docket = docket.without(gone)
    asides = tuple(replace(s, code=_then(s.code, docket.day), by=_then(s.by, docket.day)) for s in docket.set_aside)
    return replace(docket, candidates=tuple(kept), set_aside=asides)


def _then(code: str, day: datetime.date) -> str:
    """The code that stood on the day, for what was turned down; itself if none did."""
    return (icd10cm.in_force(code, day) or code) if code else code


def _as_it_stood(c: Candidate, code: str, day: datetime.date) -> Candidate:
    """The candidate with the code of its day, without the words that only the later split asks for."""
    evidence = tuple(e for e in c.evidence if e.slot not in {"pain", "character", "imaging", "nerve"})
    return replace(
        c, code=code, evidence=evidence, remarks=(*c.remarks, f"{c.code} came later: on {day} it was {code}")
    )


def obstetric_companions(docket: Docket) -> Docket:
    """I.C.15.a.1 and policy section 5: the O code of a spine problem goes with that problem's code, or not at all."""
    if any(not c.code.startswith(("O", "Z3A")) for c in docket.candidates):
        return docket
    why = "No spine problem is coded that the pregnancy could be said to go with."
    gone = [
        aside(c, "not assessed", why, "guideline I.C.15.a.1; policy section 5")
        for c in docket.candidates
        if c.code.startswith(("O", "Z3A"))
    ]
    return docket.without(gone)


def once(docket: Docket) -> Docket:
    """I.B.12: each code only once an encounter; the same code twice is one code with the evidence of both."""
    merged: dict[str, Candidate] = {}
    for c in docket.candidates:
        if c.code in merged:
            first = merged[c.code]
            evidence = together(first.evidence, _one_slot(first, c) if first.fact is c.fact else c.evidence)
            confirm = tuple(dict.fromkeys((*first.confirm, *c.confirm))) if first.confirm and c.confirm else ()
            merged[c.code] = replace(first, evidence=evidence, confirm=confirm)
        else:
            merged[c.code] = c
    return replace(docket, candidates=tuple(merged.values()))


def _one_slot(first: Candidate, second: Candidate) -> tuple[Evidence, ...]:
    """Two rules that reach one code from one fact by different slots: either would do, so they are one slot."""
    mine = {e.slot for e in first.evidence} - {e.slot for e in second.evidence}
    name = min(mine, default="")
    known = {e.slot for e in first.evidence}
    return tuple(e if e.slot in known or not name else replace(e, slot=name) for e in second.evidence)


def searched_in_vain(docket: Docket) -> Docket:
    """I.A.9.b: an unspecified code says what the record was searched for and does not hold."""
    levels = dict.fromkeys(_NO_LEVEL, ("a level",))
    kept = (replace(c, absent=_SEARCHED.get(c.code, levels.get(c.code, ()))) for c in docket.candidates)
    return replace(docket, candidates=tuple(kept))


def without_effect(docket: Docket) -> Docket:
    """I.B.13 and policy section 3: what was noted and changes nothing is said, so that nobody looks for it."""
    kept = []
    for c in docket.candidates:
        said = []
        if c.code.startswith(_NO_SIDE) and c.fact.side != NOT_STATED:
            said.append(f"side ({c.fact.side}) noted: it has no effect on this code")
        if c.code.startswith(PAIN) and c.fact.course in {"acute", "subacute"}:
            said.append(f"course ({c.fact.course}) noted: it has no effect on this code")
        if c.code.startswith("M54") and c.fact.duration != NOT_STATED and c.fact.course == NOT_STATED:
            chronic = "; length alone is not chronic (guideline I.C.6.b.4)" if "year" in c.fact.duration else ""
            said.append(f"duration ({c.fact.duration}) noted: it has no effect on this code{chronic}")
        kept.append(replace(c, remarks=(*c.remarks, *said)))
    return replace(docket, candidates=tuple(kept))


def sequence(docket: Docket) -> Docket:
    """IV.G, I.C.15.a.1, I.C.6.b.1, I.B.10: obstetric, G89 if pain is managed, then as assessed, sequelae last."""
    managed = docket.reading.purpose == "pain-management"

    def place(c: Candidate) -> tuple[int, int, int]:
        chapter = 0 if c.code.startswith("O") else 1
        if c.code.startswith("Z3A"):
            return (3, 0, 0)
        if is_sequela(c.code):  # I.B.10: what is left comes first, then what left it
            return (2, 0, c.fact.order)
        g89 = c.code.startswith(("G89", "F45.42"))
        if g89:
            rank = 0 if managed else 2
            return (chapter, rank, 1 if c.code.startswith("F45") else 0)
        return (chapter, 1, c.fact.order)

    ordered = sorted(docket.candidates, key=place)
    return replace(docket, candidates=tuple(ordered))
