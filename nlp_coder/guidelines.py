"""Candidates → codes and set-asides: one function per guideline section, applied in a visible order."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nlp_coder import icd10cm
from nlp_coder.types import NOT_STATED, Alert, Candidate, Context, Evidence, Fact, Note, Reading, SetAside


@dataclass(frozen=True, slots=True)
class Docket:
    """What is on the table while the guidelines are applied: candidates still standing, and those set aside."""

    note: Note
    reading: Reading
    day: datetime.date
    facts: tuple[Fact, ...]
    candidates: tuple[Candidate, ...]
    set_aside: tuple[SetAside, ...] = ()
    alerts: tuple[Alert, ...] = ()

    def without(self, gone: Sequence[tuple[Candidate, SetAside]]) -> Docket:
        """The docket with some candidates moved to the set-asides."""
        ids = {id(c) for c, _ in gone}
        kept = tuple(c for c in self.candidates if id(c) not in ids)
        return replace(self, candidates=kept, set_aside=(*self.set_aside, *(s for _, s in gone)))


def judge(note: Note, reading: Reading, facts: tuple[Fact, ...], candidates: tuple[Candidate, ...]) -> Docket:
    """The guidelines in their order; what is left on the docket is assigned, in claim order."""
    day = note.date_of_service or icd10cm.newest_release().valid_from
    docket = Docket(note, reading, day, facts, candidates, alerts=reading.alerts)
    for guideline in GUIDELINES:
        docket = guideline(docket)
    return docket


DISC_CODES = ("M50", "M51")
_DEFINITIVE = ("M43", "M45", "M46", "M47", "M48", "M50", "M51", "M62.85", "M96.1", "M80", "S1", "S2", "S3")
_ALWAYS_EXPLAINS = ("M50", "M51", "M48.5", "S13", "S16", "S23", "S29", "S33", "S39", "M96.1", "M45", "M62.85")
_INTEGRAL_UNLESS_LISTED = ("M43", "M47", "M48.0", "M54.1", "M99.6", "M99.7", "M53.3", "M46.1")
_SOFT_TISSUE = ("M79.18", "M62.830")
_PAIN = ("M54.2", "M54.5", "M54.6", "M54.8", "M54.9")
_SYMPTOMS = {"pain", "sciatica"}

_WEAKEST_FIRST = (
    "R52", "M54.9", "M54.89", "M54.5", "M54.6", "M54.2", "M54.3", "M54.4", "M54.1", "M54", "G89.29", "G89",
    "M62", "M79", "M60", "M53", "M43.0", "M43.1", "M99", "M47.8", "M47", "M48", "M51.3", "M50.3", "M51.9", "M50.9",
    "M51.2", "M50.2", "M51", "M50", "M46", "M45", "M96", "G57", "S", "F45", "O",
)  # fmt: skip
"""Which of two codes gives way when an Excludes1 note parts them: symptom before cause, vague before exact."""


def _aside(c: Candidate, reason: str, why: str, source: str, evidence: Sequence[Evidence] = (), by: str = "") -> tuple[Candidate, SetAside]:
    return c, SetAside(c.code, reason, why, source, tuple(evidence) or c.evidence, rule=c.rule, by=by)


def present_conditions(docket: Docket) -> Docket:
    """IV.J and I.B.14: code what this provider documents of this patient now; negated, past, conditional, other people's conditions are not."""
    why = {
        Context.NEGATED: ("negated", "The note denies it."),
        Context.HISTORICAL: ("historical", "Past: the note does not state it as present."),
        Context.HYPOTHETICAL: ("hypothetical", "Conditional: a warning, risk or instruction, not a finding."),
        Context.FAMILY: ("family", "Another person's condition."),
    }
    gone = []
    for c in docket.candidates:
        if c.fact.context in why:
            reason, words = why[c.fact.context]
            cues = tuple(Evidence("context", cue) for cue in c.fact.cues)
            gone.append(_aside(c, reason, words, "guideline IV.J: do not code conditions that no longer exist", (*cues, *c.evidence)))
    return docket.without(gone)


def uncertain_diagnoses(docket: Docket) -> Docket:
    """IV.H: outpatient, an uncertain diagnosis is not coded (II.H, inpatient at discharge, was settled by assembly)."""
    gone = []
    for c in docket.candidates:
        if c.fact.context is Context.UNCERTAIN:
            cues = tuple(Evidence("context", cue) for cue in c.fact.cues)
            why = "Uncertain diagnosis: code the symptom or what is certain."
            gone.append(_aside(c, "uncertain", why, "guideline IV.H", (*cues, *c.evidence)))
    return docket.without(gone)


def counted_statements(docket: Docket) -> Docket:
    """I.A.19 and policy section 1: a diagnosis counts where the provider states it; findings, history and boilerplate do not."""
    counted = {
        "clinic": {"assessed", "planned", "complaint"},
        "fragment": {"assessed", "planned", "complaint", "presenting"},
        "imaging report": {"assessed"},
        "operative report": {"assessed"},
    }[docket.reading.kind]
    answered = any(c.fact.standing == "assessed" and c.fact.context is Context.PRESENT for c in docket.candidates)
    if docket.reading.kind == "imaging report" and not answered:
        counted = counted | {"complaint", "presenting", "finding"} if not _has_impression(docket) else counted | {"complaint", "presenting"}
    why = {
        "finding": "A study's finding, not the treating provider's diagnosis.",
        "sign": "A sign found on examination, not a diagnosis.",
        "background": "Past history, medication list or system review only: not assessed or treated at this visit.",
        "education": "Patient education or instructions, not documentation of a condition.",
        "presenting": "Told in the history, but neither assessed nor treated at this visit.",
        "complaint": "The symptom that led to the study; the report answers it.",
        "planned": "Not in the diagnosis of this report.",
    }
    gone = [
        _aside(c, "not this provider's diagnosis" if c.fact.standing == "finding" else "not assessed", why[c.fact.standing], "guideline I.A.19, I.B.14; policy section 1")
        for c in docket.candidates
        if c.fact.standing not in counted
    ]
    return docket.without(gone)


def _has_impression(docket: Docket) -> bool:
    return any(f.standing == "assessed" for f in docket.facts)


def explained_elsewhere(docket: Docket) -> Docket:
    """I.B.4 and I.B.5: a complaint that the assessment explains by a certain diagnosis outside the spine is not coded."""
    others = [
        f for f in docket.facts
        if f.problem in {"other diagnosis", "flank pain", "fracture", "compression fracture"} and f.context is Context.PRESENT and f.standing == "assessed"
    ]  # fmt: skip
    if not others:
        return docket
    words = tuple(e for e in others[0].evidence if e.slot == "problem")
    gone = [
        _aside(c, "superseded", "The assessment explains or renames the complaint.", "guideline I.B.4; policy section 1", words)
        for c in docket.candidates
        if c.fact.problem == "pain"
        and c.fact.region != "cervical"
        and (c.fact.standing in {"complaint", "presenting"} or c.fact.listed == "with others")
    ]
    return docket.without(gone)


def date_of_service(docket: Docket) -> Docket:
    """I.B.2 and policy section 8: the code that stood on the day of service, or none."""
    gone, kept = [], []
    for c in docket.candidates:
        code = icd10cm.in_force(c.code, docket.day)
        if code is None:
            gone.append(_aside(c, "not in force", f"{c.code} was not in force on {docket.day}, and no code stood before it.", "tabular: release of the day"))
        else:
            kept.append(c if code == c.code else _as_it_stood(c, code, docket.day))
    docket = docket.without(gone)
    return replace(docket, candidates=tuple(kept))


def _as_it_stood(c: Candidate, code: str, day: datetime.date) -> Candidate:
    """The candidate with the code of its day, without the words that only the later split asks for."""
    evidence = tuple(e for e in c.evidence if e.slot not in {"pain", "character", "imaging", "nerve"})
    return replace(c, code=code, evidence=evidence, remarks=(*c.remarks, f"{c.code} came later: on {day} it was {code}"))


def untied_modic(docket: Docket) -> Docket:
    """Policy section 3: Modic changes that nobody ties to the pain do not make it vertebrogenic; say so."""
    if any(c.code == "M54.51" for c in docket.candidates):
        return docket
    for c in docket.candidates:
        seen = tuple(e for e in c.fact.evidence if e.slot == "imaging")
        if c.fact.problem == "pain" and c.fact.region == "lumbar" and seen and c.code.startswith("M54.5"):
            why = "Modic changes are reported, but nobody says that the pain comes from them."
            aside = SetAside("M54.51", "not documented", why, "guideline I.A.19; policy section 3", seen, rule=c.rule, by=c.code)
            return replace(docket, set_aside=(*docket.set_aside, aside))
    return docket


def psychological_pain(docket: Docket) -> Docket:
    """I.C.5.a: F45.42 goes with a G89 code; F45.41 never does."""
    pains = [c for c in docket.candidates if c.code.startswith("G89")]
    if pains:
        words = tuple(Evidence("pain", e.span) for e in pains[0].evidence)
        beside = (replace(c, evidence=_together(c.evidence, words)) if c.code == "F45.42" else c for c in docket.candidates)
        return replace(docket, candidates=tuple(beside))
    gone = [
        _aside(c, "superseded", "F45.42 is used beside a code from G89, and the note earns none.", "guideline I.C.5.a")
        for c in docket.candidates
        if c.code == "F45.42"
    ]
    return docket.without(gone)


def chronic_pain(docket: Docket) -> Docket:
    """I.C.6.b: G89 beside the site code, but not where the cause is coded, unless the encounter is for pain management."""
    g89 = [c for c in docket.candidates if c.code.startswith("G89.2") or c.code.startswith("G89.1")]
    if not g89:
        return docket
    gone = []
    kept: dict[int, Candidate] = {}
    syndrome = [c for c in docket.candidates if c.code == "G89.4"]
    causes = [c for c in docket.candidates if c.code.startswith(_DEFINITIVE) and not c.code.startswith("M54")]
    managed = docket.reading.purpose == "pain-management"
    for c in g89:
        cause = [k for k in causes if _area(k.fact.region) & _area(c.fact.region)]
        if syndrome:
            gone.append(_aside(c, "superseded", "Chronic pain syndrome is documented.", "tabular: G89.2 Excludes1 G89.4", by="G89.4"))
        elif c.fact.problem == "unplaced pain" and managed and causes:
            kept[id(c)] = replace(c, evidence=_together(c.evidence, docket.reading.purpose_evidence, [Evidence("cause", e.span) for e in causes[0].evidence]))
        elif c.fact.problem == "unplaced pain":
            gone.append(_aside(c, "not assessed", "The chronic pain is not tied to the spine.", "policy section 6"))
        elif c.fact.problem == "myofascial pain" and not managed:
            gone.append(_aside(c, "superseded", "Myofascial pain takes no code for its course outside pain management.", "policy section 6"))
        elif cause and cause[0].code.startswith("S") and c.fact.listed == "alone":
            continue  # an acute injury beside a chronic pain that is a problem of its own
        elif cause and not managed:
            why = "The cause of the pain is coded and the encounter is not for pain management."
            gone.append(_aside(c, "superseded", why, "guideline I.C.6.b.1", c.evidence, by=cause[0].code))
    docket = docket.without(gone)
    return replace(docket, candidates=tuple(kept.get(id(c), c) for c in docket.candidates))


def _together(*evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(dict.fromkeys(e for some in evidence for e in some), key=lambda e: (e.start, e.end, e.slot)))


_AREAS = {
    "occipito-atlanto-axial": {"neck"},
    "cervical": {"neck"},
    "cervicothoracic": {"neck", "mid"},
    "thoracic": {"mid"},
    "thoracolumbar": {"mid", "low"},
    "lumbar": {"low"},
    "lumbosacral": {"low"},
    "sacral": {"low"},
    "sacroiliac": {"low"},
    "coccyx": {"low"},
}


def _area(region: str) -> set[str]:
    return _AREAS.get(region, {"mid", "low"} if region == NOT_STATED else set())


def _cause_area(c: Candidate) -> set[str]:
    """Where a diagnosis explains pain: its region, the low back for sacroiliac and post-surgical ones, else anywhere."""
    if c.code.startswith(("M46.1", "M53.3", "S33.6")):
        return {"low"}
    return _AREAS.get(c.fact.region, {"neck", "mid", "low"})


def integral_symptoms(docket: Docket) -> Docket:
    """I.B.4, I.B.5: pain that a coded diagnosis of its region explains is left out, unless listed as a problem of its own."""
    gone = []
    for c in docket.candidates:
        if not c.code.startswith(_PAIN) or c.code == "M54.81":
            continue
        for cause in docket.candidates:
            if cause is c or not (_cause_area(cause) & _area(c.fact.region)) or _is_sequela(cause.code):
                continue
            always = cause.code.startswith(_ALWAYS_EXPLAINS)
            unlisted = c.fact.listed != "alone"
            if cause.code.startswith(_SOFT_TISSUE):
                always, unlisted = False, c.fact.listed == "with others"
            if always or (unlisted and cause.code.startswith((*_INTEGRAL_UNLESS_LISTED, *_SOFT_TISSUE))):
                why = f"Explained by {cause.code}: a symptom of a coded diagnosis is not coded beside it."
                source = "guideline I.B.5"
                if icd10cm.excludes1(c.code, cause.code, docket.day):
                    source += f"; and {_proof(c.code, cause.code, docket.day)}"
                gone.append(_aside(c, "superseded", why, source, cause.evidence, by=cause.code))
                break
    return docket.without(gone)


def _is_sequela(code: str) -> bool:
    return code.endswith("S") and code.startswith(("S", "M48"))


def neoplasm_pain(docket: Docket) -> Docket:
    """I.C.6.b.5: neoplasm-related pain is G89.3; the site need not be coded beside it."""
    facts = [c.fact for c in docket.candidates if c.code == "G89.3"]
    gone = [
        _aside(c, "superseded", "Neoplasm-related pain is coded; its site need not be.", "guideline I.C.6.b.5", by="G89.3")
        for c in docket.candidates
        if c.code != "G89.3" and any(c.fact is f for f in facts)
    ]
    return docket.without(gone)


def collapsed_vertebra(docket: Docket) -> Docket:
    """I.C.13.d.2 and Excludes1 at M48.5: with osteoporosis it is M80, with trauma an S code; both out of scope here."""
    bones = [f for f in docket.facts if f.problem == "osteoporosis" and f.context is Context.PRESENT and f.standing != "education"]
    gone = []
    for c in docket.candidates:
        if not c.code.startswith("M48.5"):
            continue
        words = [e for f in bones for e in f.evidence if e.slot == "problem"]
        words += [e for e in c.evidence if e.slot == "problem" and "osteopor" in e.text.lower()]
        if words:
            gone.append(_aside(c, "superseded", "Osteoporotic fracture is M80.-, which is out of scope.", "tabular: Excludes1 at M48.5", words))
        elif c.fact.cause in {"trauma", "fall", "motor vehicle accident", "assault", "sports", "work injury"}:
            cause = [e for e in c.fact.evidence if e.slot == "cause"]
            gone.append(_aside(c, "superseded", "Fracture by injury is S12, S22 or S32, which are out of scope.", "tabular: Excludes1 at M48.5", cause))
    return docket.without(gone)


def caused_foraminal_stenosis(docket: Docket) -> Docket:
    """Policy section 5: a foraminal stenosis that a coded disc causes is left out."""
    discs = [c for c in docket.candidates if c.code.startswith(DISC_CODES)]
    gone = []
    for c in docket.candidates:
        if c.fact.problem == "foraminal stenosis" and c.fact.listed != "alone":
            near = [d for d in discs if _area(d.fact.region) & _area(c.fact.region)]
            if near:
                gone.append(_aside(c, "superseded", "The coded disc causes it.", "house: policy section 5", near[0].evidence, by=near[0].code))
    return docket.without(gone)


def sciatica_and_root(docket: Docket) -> Docket:
    """Policy section 4 (house): radiculopathy names the cause of a sciatica of the same leg."""
    roots = [c for c in docket.candidates if c.code.startswith("M54.1") and _area(c.fact.region) & {"low"}]
    if not roots:
        return docket
    gone = [
        _aside(c, "superseded", f"{roots[0].code} names the cause of the sciatica.", "house: policy section 4", roots[0].evidence, by=roots[0].code)
        for c in docket.candidates
        if c.code.startswith(("M54.3", "M54.4")) and c.fact.listed != "alone"
    ]
    return docket.without(gone)


def specificity(docket: Docket) -> Docket:
    """I.A.9.b and policy section 3: an unspecified code gives way to an exact one for the same condition."""
    gone = []
    codes = {c.code: c for c in docket.candidates}
    regional = [c for c in docket.candidates if c.code.startswith(("M54.5", "M54.6", "M54.4")) or c.code == "M54.2"]
    back = [c for c in regional if c.code != "M54.2"]
    for c in docket.candidates:
        if c.code in {"M54.50", "M54.59"} and "M54.51" in codes:
            gone.append(_aside(c, "less specific", "M54.51 says more of the same pain.", "guideline I.A.9.b", by="M54.51"))
        elif c.code in {"M54.9", "M54.89"} and back:
            gone.append(_aside(c, "less specific", f"{back[0].code} names the region of the pain.", "guideline I.A.9.b; policy section 3", by=back[0].code))
        elif c.code == "M54.9" and "M54.89" in codes:
            gone.append(_aside(c, "less specific", "M54.89 says more of the same pain.", "guideline I.A.9.b", by="M54.89"))
        elif c.code == "M54.10" and any(k.startswith("M54.1") and k != c.code for k in codes):
            gone.append(_aside(c, "less specific", "Another code names the region.", "guideline I.A.9.b"))
        elif c.code in {"M51.9", "M50.90"} and any(k.startswith(c.code[:3]) and k != c.code for k in codes):
            gone.append(_aside(c, "less specific", "Another code names the disc disorder.", "guideline I.A.9.b"))
    return docket.without(gone)


def same_level_discs(docket: Docket) -> Docket:
    """Policy section 5: degeneration beside a displacement of the same level, or without a level of its own, is the displacement."""
    moved = [c for c in docket.candidates if c.fact.problem == "disc displacement"]
    gone = []
    for c in docket.candidates:
        if c.fact.problem not in {"disc degeneration", "disc disorder", "disc disruption"}:
            continue
        for d in moved:
            near = _area(d.fact.region) & _area(c.fact.region) or NOT_STATED in (d.fact.region, c.fact.region)
            levels = c.fact.level, d.fact.level
            if near and (NOT_STATED in levels or levels[0] == levels[1]):
                gone.append(_aside(c, "superseded", f"The same disc is displaced: {d.code}.", "house: policy section 5", d.evidence, by=d.code))
                break
    return docket.without(gone)


def excludes1(docket: Docket) -> Docket:
    """I.A.12.a: two codes that an Excludes1 note parts are not used together; the vaguer gives way, with the proof."""
    gone: dict[int, tuple[Candidate, SetAside]] = {}
    for i, a in enumerate(docket.candidates):
        for b in docket.candidates[i + 1 :]:
            if id(a) in gone or id(b) in gone or a.code == b.code or not _parted(a, b, docket.day):
                continue
            loser, winner = (a, b) if _strength(a.code) < _strength(b.code) else (b, a)
            why = f"{_proof(a.code, b.code, docket.day)}. Both stand only if the provider says the conditions are unrelated."
            gone[id(loser)] = _aside(loser, "Excludes1", why, "guideline I.A.12.a", winner.evidence, by=winner.code)
    return docket.without(list(gone.values()))


def _parted(a: Candidate, b: Candidate, day: datetime.date) -> bool:
    """Does an Excludes1 note part the two, unrelated conditions and sequelae under the block note apart?"""
    proofs = icd10cm.excludes1(a.code, b.code, day)
    if "M54.81" in {a.code, b.code} and not _area(a.fact.region) & _area(b.fact.region) & {"neck"}:
        return False  # I.A.12.a exception: occipital neuralgia and a pain of the back are unrelated
    if all(p.level == "block" and p.text.startswith("current injury") for p in proofs):
        return any(c.code.startswith(_PAIN) and not p.unsettled for c in (a, b) for p in proofs)  # the same condition
    return bool(proofs)


def _proof(a: str, b: str, day: datetime.date) -> str:
    proof = icd10cm.excludes1(a, b, day)[0]
    return f"Excludes1 at {proof.at}: {proof.text} ({proof.release})"


def _strength(code: str) -> int:
    ranks = [(len(prefix), rank) for rank, prefix in enumerate(_WEAKEST_FIRST) if code.startswith(prefix)]
    return max(ranks)[1] if ranks else len(_WEAKEST_FIRST)


def once(docket: Docket) -> Docket:
    """I.B.12: each code only once an encounter; the same code twice is one code with the evidence of both."""
    merged: dict[str, Candidate] = {}
    for c in docket.candidates:
        if c.code in merged:
            first = merged[c.code]
            evidence = _together(first.evidence, _one_slot(first, c) if first.fact is c.fact else c.evidence)
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


def sequence(docket: Docket) -> Docket:
    """IV.G, I.C.15.a.1, I.C.6.b.1: obstetric codes first, G89 first for pain management, then the order of the assessment."""
    managed = docket.reading.purpose == "pain-management"

    def place(c: Candidate) -> tuple[int, int, int]:
        chapter = 0 if c.code.startswith("O") else 1
        if c.code.startswith("Z3A"):
            return (3, 0, 0)
        g89 = c.code.startswith(("G89", "F45.42"))
        if g89:
            rank = 0 if managed else 2
            return (chapter, rank, 1 if c.code.startswith("F45") else 0)
        return (chapter, 1, c.fact.order)

    ordered = sorted(docket.candidates, key=place)
    return replace(docket, candidates=tuple(ordered))


GUIDELINES: tuple[Callable[[Docket], Docket], ...] = (
    present_conditions,
    uncertain_diagnoses,
    counted_statements,
    explained_elsewhere,
    collapsed_vertebra,
    same_level_discs,
    caused_foraminal_stenosis,
    neoplasm_pain,
    chronic_pain,
    psychological_pain,
    sciatica_and_root,
    integral_symptoms,
    specificity,
    untied_modic,
    date_of_service,
    excludes1,
    once,
    sequence,
)
"""In the order they are applied: what counts, what is explained, what is exact, what is in force, what pairs, what comes first."""
