"""The exact code for one condition: the vaguer, the caused, the out-of-scope give way (I.A.9.b, policy section 5)."""

from __future__ import annotations

from collections.abc import Sequence

from nlp_coder.guidelines.docket import PAIN, Docket, area, aside, together
from nlp_coder.types import NOT_STATED, Candidate, Context, SetAside

_NO_SITE = {
    "M54.10": "M54.1", "M47.819": "M47.81", "M47.899": "M47.89", "M47.10": "M47.1", "M47.20": "M47.2",
    "M48.00": "M48.0", "M43.00": "M43.0", "M43.10": "M43.1", "M48.50XA": "M48.5", "M99.69": "M99.6",
}  # fmt: skip
"""A code without a site → the codes of the same condition with one."""
DISC_CODES = ("M50", "M51")


def collapsed_vertebra(docket: Docket) -> Docket:
    """I.C.13.d.2 and Excludes1 at M48.5: with osteoporosis it is M80, with trauma an S code; both out of scope here."""
    bones = [
        f
        for f in docket.facts
        if f.problem == "osteoporosis" and f.context is Context.PRESENT and f.standing != "education"
    ]
    gone = []
    for c in docket.candidates:
        if not c.code.startswith("M48.5"):
            continue
        words = [e for f in bones for e in f.evidence if e.slot == "problem"]
        words += [e for e in c.evidence if e.slot == "problem" and "osteopor" in e.text.lower()]
        if words:
            gone.append(
                aside(
                    c,
                    "superseded",
                    "Osteoporotic fracture is M80.-, which is out of scope.",
                    "tabular: Excludes1 at M48.5",
                    words,
                )
            )
        elif c.fact.cause in {"trauma", "fall", "motor vehicle accident", "assault", "sports", "work injury"}:
            cause = [e for e in c.fact.evidence if e.slot == "cause"]
            gone.append(
                aside(
                    c,
                    "superseded",
                    "Fracture by injury is S12, S22 or S32, which are out of scope.",
                    "tabular: Excludes1 at M48.5",
                    cause,
                )
            )
    return docket.without([*gone, *_pain_of_fractures([c for c, _ in gone], docket)])


def _pain_of_fractures(fractures: Sequence[Candidate], docket: Docket) -> list[tuple[Candidate, SetAside]]:
    """I.B.5: a pain at a fracture that is coded elsewhere is integral to it, unless listed as a problem of its own."""
    gone = []
    for c in docket.candidates:
        cause = next((f for f in fractures if area(f.fact.region) & area(c.fact.region)), None)
        if cause and c.code.startswith(PAIN) and c.fact.listed != "alone":
            why = "The vertebral fracture, coded outside this program's scope, explains it."
            gone.append(aside(c, "superseded", why, "guideline I.B.5", together(c.evidence, cause.evidence)))
    return gone


def same_level_discs(docket: Docket) -> Docket:
    """Policy section 5: degeneration of a displaced disc, or without a level of its own, is the displacement."""
    moved = [c for c in docket.candidates if c.fact.problem == "disc displacement"]
    gone = []
    for c in docket.candidates:
        if c.fact.problem not in {"disc degeneration", "disc disorder", "disc disruption"}:
            continue
        for d in moved:
            near = area(d.fact.region) & area(c.fact.region) or NOT_STATED in (d.fact.region, c.fact.region)
            levels = c.fact.level, d.fact.level
            if near and (NOT_STATED in levels or levels[0] == levels[1]):
                gone.append(
                    aside(
                        c,
                        "superseded",
                        f"The same disc is displaced: {d.code}.",
                        "house: policy section 5",
                        d.evidence,
                        by=d.code,
                    )
                )
                break
    return docket.without(gone)


def caused_foraminal_stenosis(docket: Docket) -> Docket:
    """Policy section 5: a foraminal stenosis that a coded disc causes is left out."""
    discs = [c for c in docket.candidates if c.code.startswith(DISC_CODES)]
    gone = []
    for c in docket.candidates:
        if c.fact.problem == "foraminal stenosis" and c.fact.listed != "alone":
            near = [d for d in discs if area(d.fact.region) & area(c.fact.region)]
            if near:
                gone.append(
                    aside(
                        c,
                        "superseded",
                        "The coded disc causes it.",
                        "house: policy section 5",
                        near[0].evidence,
                        by=near[0].code,
                    )
                )
    return docket.without(gone)


def specificity(docket: Docket) -> Docket:
    """I.A.9.b and policy section 3: an unspecified code gives way to an exact one for the same condition."""
    gone = []
    codes = {c.code: c for c in docket.candidates}
    regional = [c for c in docket.candidates if c.code.startswith(("M54.5", "M54.6", "M54.4")) or c.code == "M54.2"]
    back = [c for c in regional if c.code != "M54.2"]
    for c in docket.candidates:
        if c.code in {"M54.50", "M54.59"} and "M54.51" in codes:
            gone.append(
                aside(c, "less specific", "M54.51 says more of the same pain.", "guideline I.A.9.b", by="M54.51")
            )
        elif c.code in {"M54.9", "M54.89"} and back:
            gone.append(
                aside(
                    c,
                    "less specific",
                    f"{back[0].code} names the region of the pain.",
                    "guideline I.A.9.b; policy section 3",
                    by=back[0].code,
                )
            )
        elif c.code == "M54.9" and "M54.89" in codes:
            gone.append(
                aside(c, "less specific", "M54.89 says more of the same pain.", "guideline I.A.9.b", by="M54.89")
            )
        elif (nerve := _nerve_of_spondylosis(c, docket.candidates)) is not None:
            gone.append(
                aside(
                    c,
                    "less specific",
                    f"{nerve.code} names the spondylosis of this region with its nerve or cord.",
                    "guideline I.A.9.b",
                    by=nerve.code,
                )
            )
        elif c.code in _NO_SITE and any(k.startswith(_NO_SITE[c.code]) and k not in _NO_SITE for k in codes):
            gone.append(aside(c, "less specific", "Another code names the region.", "guideline I.A.9.b"))
        elif c.code in {"M51.9", "M50.90"} and any(k.startswith(c.code[:3]) and k != c.code for k in codes):
            gone.append(aside(c, "less specific", "Another code names the disc disorder.", "guideline I.A.9.b"))
    return docket.without(gone)


def _nerve_of_spondylosis(c: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """The code of spondylosis with myelopathy or radiculopathy at the region of one without: one code a region."""
    if not c.code.startswith("M47.8"):
        return None
    return next(
        (o for o in candidates if o.code.startswith(("M47.1", "M47.2")) and o.fact.region == c.fact.region), None
    )
