"""Candidates → codes and set-asides: one function per guideline section, applied in a visible order."""

from __future__ import annotations

from collections.abc import Callable

from nlp_coder import icd10cm
from nlp_coder.guidelines.claim import (
    date_of_service,
    obstetric_companions,
    once,
    searched_in_vain,
    sequence,
    without_effect,
)
from nlp_coder.guidelines.docket import Docket
from nlp_coder.guidelines.documented import (
    counted_statements,
    explained_elsewhere,
    present_conditions,
    uncertain_diagnoses,
)
from nlp_coder.guidelines.exact import (
    caused_foraminal_stenosis,
    collapsed_vertebra,
    same_level_discs,
    specificity,
)
from nlp_coder.guidelines.pain import (
    chronic_pain,
    endplate_evidence,
    integral_symptoms,
    neoplasm_pain,
    psychological_pain,
    sciatica_and_root,
    sciatica_with_spondylosis,
    untied_modic,
)
from nlp_coder.guidelines.pairs import excludes1
from nlp_coder.types import Candidate, Fact, Note, Reading

__all__ = ["GUIDELINES", "judge"]

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
    sciatica_with_spondylosis,
    date_of_service,
    excludes1,
    endplate_evidence,
    obstetric_companions,
    once,
    searched_in_vain,
    without_effect,
    sequence,
)
"""In the order they are applied: what counts, what explains, what is exact, what is in force, pairs, sequence."""


def judge(note: Note, reading: Reading, facts: tuple[Fact, ...], candidates: tuple[Candidate, ...]) -> Docket:
    """The guidelines in their order; what is left on the docket is assigned, in claim order."""
    day = note.date_of_service or icd10cm.newest_release().valid_from
    docket = Docket(note, reading, day, facts, candidates, alerts=reading.alerts)
    for guideline in GUIDELINES:
        docket = guideline(docket)
    return docket
