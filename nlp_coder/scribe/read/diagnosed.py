"""Condition, Claim and Encounter of a FHIR input → the proposed ICD-10-CM codes, in the order of the claim."""

from __future__ import annotations

from typing import Any

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Proposed
from nlp_coder.scribe.read.loads import pointer
from nlp_coder.scribe.read.resources import Found

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
_SYSTEMS = frozenset({ICD10CM, "urn:oid:2.16.840.1.113883.6.90"})
_WHO = frozenset({"http://hl7.org/fhir/sid/icd-10", "urn:oid:2.16.840.1.113883.6.3"})
_REFUTED = frozenset({"refuted", "entered-in-error"})
_PAST = frozenset({"inactive", "resolved", "remission"})
_LAST = 1_000_000


def proposed(found: list[Found]) -> list[Proposed]:
    """Codes of the Claim by sequence, of the Encounter by rank, then of every Condition of this encounter.

    A refuted or past Condition proposes nothing, one of the problem list only if a Claim or an Encounter names it.
    """
    conditions = {name: one for one in found if one.kind == "Condition" for name in one.names}
    codes: list[Proposed] = []
    for one in found:
        if one.kind == "Claim":
            codes += _diagnoses(one, "sequence", "diagnosisCodeableConcept", "diagnosisReference", conditions)
    for one in found:
        if one.kind == "Encounter":
            codes += _diagnoses(one, "rank", "", "condition", conditions)
    for one in found:
        if one.kind == "Condition" and not _is_listed_only(one.resource):
            codes += _condition(one)
    return codes


def _diagnoses(one: Found, order: str, concept: str, link: str, conditions: dict[str, Found]) -> list[Proposed]:
    """The diagnoses of a Claim or an Encounter, each a concept or a reference to a Condition."""
    codes: list[Proposed] = []
    numbered = sorted(enumerate(one.resource.get("diagnosis") or []), key=lambda item: item[1].get(order) or _LAST)
    for at, diagnosis in numbered:
        if concept and diagnosis.get(concept):
            codes += _coded(diagnosis[concept], one.path + pointer("diagnosis", at, concept))
        said = str((diagnosis.get(link) or {}).get("reference") or "")
        referred = conditions.get(said) or conditions.get("/".join(said.split("/")[-2:]))
        codes += _condition(referred) if referred else []
    return codes


def _condition(one: Found) -> list[Proposed]:
    resource = one.resource
    if _said(resource.get("verificationStatus")) & _REFUTED or _said(resource.get("clinicalStatus")) & _PAST:
        return []
    return _coded(resource.get("code") or {}, one.path + pointer("code"))


def _is_listed_only(resource: dict[str, Any]) -> bool:
    categories = [_said(one) for one in resource.get("category") or []]
    return bool(categories) and all("problem-list-item" in one for one in categories)


def _said(concept: dict[str, Any] | None) -> set[str]:
    return {str(coding.get("code")) for coding in (concept or {}).get("coding") or []}


def _coded(concept: dict[str, Any], path: str) -> list[Proposed]:
    """The ICD-10-CM codes of a concept. NoteError if it has WHO's ICD-10 in their place."""
    codings = list(enumerate(concept.get("coding") or []))
    codes = [
        Proposed(str(coding["code"]).strip(), path + pointer("coding", at, "code"))
        for at, coding in codings
        if coding.get("system") in _SYSTEMS and coding.get("code")
    ]
    wrong = [at for at, coding in codings if coding.get("system") in _WHO]
    if wrong and not codes:
        raise NoteError(
            f"the code at {path + pointer('coding', wrong[0])} is of WHO's ICD-10, not of ICD-10-CM. "
            f"Its system must be {ICD10CM}."
        )
    return codes
