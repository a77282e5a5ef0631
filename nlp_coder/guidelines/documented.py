"""What counts as documented: by this provider, of this patient, now, and how surely (policy section 1)."""

from __future__ import annotations

from nlp_coder.guidelines.docket import Docket, area, aside, together
from nlp_coder.types import NOT_STATED, Candidate, Context, Evidence, Reading


def _said(c: Candidate) -> tuple[Evidence, ...]:
    """The words that decide a context: the cues, and the problem they speak of."""
    cues = tuple(Evidence("context", cue) for cue in c.fact.cues)
    return (*cues, *(e for e in c.evidence if e.slot == "problem"))


def present_conditions(docket: Docket) -> Docket:
    """IV.J, I.B.14: only what is documented of this patient now; not the negated, past, conditional or another's."""
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
            source = {"historical": "guideline IV.J", "negated": "guideline I.A.19"}.get(reason, "guideline I.B.14")
            gone.append(aside(c, reason, words, source, _said(c)))
    return docket.without(gone)


def uncertain_diagnoses(docket: Docket) -> Docket:
    """IV.H: outpatient, an uncertain diagnosis is not coded (II.H, inpatient at discharge, was settled by assembly)."""
    gone = []
    for c in docket.candidates:
        if c.fact.context is Context.UNCERTAIN:
            why = "Uncertain diagnosis: code the symptom or what is certain."
            gone.append(aside(c, "uncertain", why, "guideline IV.H", _said(c)))
    return docket.without(gone)


def counted_statements(docket: Docket) -> Docket:
    """I.A.19, policy section 1: a diagnosis counts where the provider states it; findings and history do not."""
    counted = {
        "clinic": {"assessed", "planned", "complaint"},
        "fragment": {"assessed", "planned", "complaint", "presenting"},
        "imaging report": {"assessed"},
        "operative report": {"assessed"},
    }[docket.reading.kind]
    answered = any(c.fact.standing == "assessed" and c.fact.context is Context.PRESENT for c in docket.candidates)
    if docket.reading.kind == "imaging report" and not answered:
        counted = counted | {"complaint", "presenting"} | (set() if docket.reading.impression else {"finding"})
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
        aside(
            c,
            "not this provider's diagnosis" if c.fact.standing == "finding" else "not assessed",
            why[c.fact.standing],
            "guideline I.A.19, I.B.14; policy section 1",
        )
        for c in docket.candidates
        if c.fact.standing not in counted or (c.fact.standing == "complaint" and _left_alone(c, docket.reading))
    ]
    return docket.without(gone)


def _left_alone(c: Candidate, reading: Reading) -> bool:
    """Do assessment and plan leave the complaint alone: nothing there speaks of its part of the spine or of pain?"""
    if reading.kind != "clinic" or "any" in reading.touched:
        return False
    mine = area(c.fact.region)
    return not any(mine & area(NOT_STATED if region == "back" else region) for region in reading.touched)


def explained_elsewhere(docket: Docket) -> Docket:
    """I.B.4, I.B.5: a symptom that the note ties to a certain diagnosis outside the spine is not coded."""
    gone = []
    for c in docket.candidates:
        by = tuple(e for e in c.fact.evidence if e.slot == "explained by")
        if by:
            why = "The note gives the symptom to another diagnosis, or renames it."
            gone.append(aside(c, "superseded", why, "guideline I.B.4; policy section 1", together(c.evidence, by)))
    return docket.without(gone)
