"""Chronic, neoplasm-related and psychological pain (I.C.5, I.C.6), and pain that its cause explains (I.B.5)."""

from __future__ import annotations

from dataclasses import replace

from nlp_coder import icd10cm
from nlp_coder.guidelines.docket import PAIN, Docket, area, aside, is_sequela, proof, together
from nlp_coder.types import NOT_STATED, Alert, Candidate, Context, Evidence, SetAside
from nlp_coder.vocabulary import AREAS

DEFINITIVE = ("M43", "M45", "M46", "M47", "M48", "M50", "M51", "M62.85", "M96.1", "M80", "S1", "S2", "S3")
_ALWAYS_EXPLAINS = ("M50", "M51", "M48.5", "S13", "S16", "S23", "S29", "S33", "S39", "M96.1", "M45")
_INTEGRAL_UNLESS_LISTED = ("M43", "M47", "M48.0", "M54.1", "M99.6", "M99.7", "M53.3", "M46.1")
_SOFT_TISSUE = ("M79.18", "M60", "M62.830")


def neoplasm_pain(docket: Docket) -> Docket:
    """I.C.6.b.5: neoplasm-related pain is G89.3; the site need not be coded beside it."""
    spinal = [
        f for f in docket.facts
        if f.problem == "pain" and f.context is Context.PRESENT and (area(f.region) or f.region in AREAS)
    ]  # fmt: skip
    kept, loose = [], []
    for c in docket.candidates:
        if c.code == "G89.3" and c.fact.problem == "unplaced pain" and not spinal:
            loose.append(aside(c, "not assessed", "It is not tied to the spine.", "house: policy section 6"))
        elif c.code == "G89.3" and c.fact.problem == "unplaced pain":
            place = [Evidence("region", e.span) for e in spinal[0].evidence if e.slot in {"problem", "region"}]
            kept.append(replace(c, evidence=together(c.evidence, place)))
        else:
            kept.append(c)
    docket = replace(docket.without(loose), candidates=tuple(kept))
    facts = [c.fact for c in docket.candidates if c.code == "G89.3"]
    gone = [
        aside(
            c,
            "superseded",
            "Neoplasm-related pain is coded; its site need not be.",
            "guideline I.C.6.b.5",
            by="G89.3",
        )
        for c in docket.candidates
        if c.code != "G89.3" and any(c.fact is f for f in facts)
    ]
    return docket.without(gone)


def chronic_pain(docket: Docket) -> Docket:
    """I.C.6.b: G89 beside the site code, but not where the cause is coded, unless to manage the pain."""
    causes = [c for c in docket.candidates if c.code.startswith(DEFINITIVE)]
    managed = docket.reading.purpose == "pain-management"
    syndrome = any(c.code == "G89.4" for c in docket.candidates)
    gone = []
    kept: dict[int, Candidate] = {}
    for c in docket.candidates:
        if not c.code.startswith(("G89.1", "G89.2")):
            continue
        near = [k for k in causes if area(k.fact.region) & area(c.fact.region)]
        explaining = [k for k in near if not is_sequela(k.code)]
        if syndrome:
            why = "Chronic pain syndrome is documented."
            gone.append(aside(c, "superseded", why, "tabular: Excludes1 at G89.2", by="G89.4"))
        elif c.fact.problem == "unplaced pain" and managed and causes:
            cause = [Evidence("cause", e.span) for e in causes[0].evidence]
            kept[id(c)] = replace(c, evidence=together(c.evidence, docket.reading.purpose_evidence, cause))
        elif c.fact.problem == "unplaced pain":
            gone.append(
                aside(c, "not assessed", "The chronic pain is not tied to the spine.", "house: policy section 6")
            )
        elif not managed and (why := _no_course_code(c, explaining)):
            gone.append(aside(c, "superseded", why, "guideline I.C.6.b.1", by=explaining[0].code if explaining else ""))
    docket = docket.without(gone)
    return replace(docket, candidates=tuple(kept.get(id(c), c) for c in docket.candidates))


def _no_course_code(c: Candidate, explaining: list[Candidate]) -> str:
    """Why a chronic pain takes no G89 code outside pain management; empty if it does."""
    if c.fact.problem == "myofascial pain":
        return "Myofascial pain takes no code for its course outside pain management (house: policy section 6)."
    if not explaining or (explaining[0].code.startswith("S") and c.fact.listed in {"alone", "unrelated"}):
        return ""  # no cause; or an acute injury beside a chronic pain that is a problem of its own
    return "The cause of the pain is coded and the encounter is not for pain management."


def psychological_pain(docket: Docket) -> Docket:
    """I.C.5.a: F45.42 goes with a G89 code; F45.41 never does."""
    pains = [c for c in docket.candidates if c.code.startswith("G89")]
    if pains:
        words = tuple(Evidence("pain", e.span) for e in pains[0].evidence)
        beside = (
            replace(c, evidence=together(c.evidence, words)) if c.code == "F45.42" else c for c in docket.candidates
        )
        return replace(docket, candidates=tuple(beside))
    gone = [
        aside(
            c,
            "superseded",
            "F45.42 is used beside a code from G89, and the note earns none.",
            "guideline I.C.5.a",
        )
        for c in docket.candidates
        if c.code == "F45.42"
    ]
    return docket.without(gone)


def integral_symptoms(docket: Docket) -> Docket:
    """I.B.4, I.B.5: pain that a coded diagnosis of its region explains is left out, unless listed on its own."""
    gone = []
    for c in docket.candidates:
        if not c.code.startswith(PAIN) or c.code == "M54.81":
            continue
        for cause in docket.candidates:
            if c.fact.listed == "unrelated" and cause.code.startswith("S"):
                continue  # the provider calls it apart from the injury: guideline I.A.12.a, exception
            if cause is c or not (_cause_area(cause) & area(c.fact.region)) or is_sequela(cause.code):
                continue
            always = cause.code.startswith(_ALWAYS_EXPLAINS) or (
                cause.code == "M62.85" and c.code in {"M54.50", "M54.59"}
            )
            operated = docket.reading.kind == "operative report" and cause.fact.listed == NOT_STATED
            unlisted = (
                c.fact.listed not in {"alone", "unrelated"} or operated
            )  # the disease operated on stands for its symptom
            if cause.code.startswith(_SOFT_TISSUE):
                always, unlisted = False, c.fact.listed == "with others"
            if always or (unlisted and cause.code.startswith((*_INTEGRAL_UNLESS_LISTED, *_SOFT_TISSUE))):
                why = f"Explained by {cause.code}: a symptom of a coded diagnosis is not coded beside it."
                source = "guideline I.B.5"
                if icd10cm.excludes1(c.code, cause.code, docket.day):
                    source += f"; and {proof(c.code, cause.code, docket.day)}"
                gone.append(aside(c, "superseded", why, source, cause.evidence, by=cause.code))
                break
    return docket.without(gone)


def _cause_area(c: Candidate) -> frozenset[str]:
    """Where a diagnosis explains pain: its region, the low back for sacroiliac ones, else anywhere."""
    if c.code.startswith(("M46.1", "M53.3", "S33.6")):
        return frozenset({"low"})
    return AREAS.get(c.fact.region, frozenset({"neck", "mid", "low"}))


def sciatica_and_root(docket: Docket) -> Docket:
    """Policy section 4 (house): radiculopathy names the cause of a sciatica of the same leg."""
    roots = [c for c in docket.candidates if c.code.startswith("M54.1") and area(c.fact.region) & {"low"}]
    if not roots:
        return docket
    gone = [
        aside(
            c,
            "superseded",
            f"{roots[0].code} names the cause of the sciatica.",
            "house: policy section 4",
            roots[0].evidence,
            by=roots[0].code,
        )
        for c in docket.candidates
        if c.code.startswith(("M54.3", "M54.4")) and c.fact.listed != "alone"
    ]
    return docket.without(gone)


def endplate_evidence(docket: Docket) -> Docket:
    """I.A.19: the provider's word suffices for M54.51; payers may want endplate changes on imaging, so say it."""
    for c in docket.candidates:
        if c.code == "M54.51" and not any(e.slot == "imaging" for e in c.fact.evidence):
            words = (
                "No endplate or Modic change on imaging is documented: some payers ask for it. The code stands without."
            )
            problem = tuple(e for e in c.evidence if e.slot in {"problem", "character"})
            alert = Alert("endplate-evidence", "info", words, "payer", problem)
            return replace(docket, alerts=(*docket.alerts, alert))
    return docket


def sciatica_with_spondylosis(docket: Docket) -> Docket:
    """Policy section 4: the index ties radiculopathy, not sciatica, to spondylosis; both stand, for review."""
    low = [c for c in docket.candidates if c.code.startswith("M47.81") and "low" in area(c.fact.region)]
    doubt = "that the sciatica is not the spondylosis' own radiculopathy (M47.2-)"
    kept = (
        replace(c, confirm=(*c.confirm, doubt)) if low and c.code.startswith(("M54.3", "M54.4")) else c
        for c in docket.candidates
    )
    return replace(docket, candidates=tuple(kept))


def untied_modic(docket: Docket) -> Docket:
    """Policy section 3: Modic changes that nobody ties to the pain do not make it vertebrogenic; say so."""
    if any(c.code == "M54.51" for c in docket.candidates):
        return docket
    for c in docket.candidates:
        seen = tuple(e for e in c.fact.evidence if e.slot == "imaging")
        if c.fact.problem == "pain" and c.fact.region == "lumbar" and seen and c.code.startswith("M54.5"):
            why = "Modic changes are reported, but nobody says that the pain comes from them."
            aside = SetAside(
                "M54.51",
                "not documented",
                why,
                "guideline I.A.19; policy section 3",
                seen,
                rule=c.rule,
                by=c.code,
                fact=c.fact,
            )
            return replace(docket, set_aside=(*docket.set_aside, aside))
    return docket
