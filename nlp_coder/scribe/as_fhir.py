"""A ScribeAudit in, a FHIR R4 Bundle out: the note, its codes as provisional Conditions, a DetectedIssue a finding.

What is written is R4 as R4B reads it. Status words come from required value sets of R4, named beside them.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
import uuid
from importlib.metadata import version
from typing import Any

from nlp_coder.scribe.nouns import Finding, ScribeAudit
from nlp_coder.scribe.origin import origins
from nlp_coder.types import Candidate, Evidence, Span

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
"""The code system of ICD-10-CM; ``…/icd-10`` is WHO's ICD-10, another one."""
EXTENSION = "urn:nlp-coder:fhir"
"""Our extensions: evidence, rank, code, instead, heard; docs/scribe.md describes them."""
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
_ACTIVITY = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_SEVERITIES = {"error": "high", "warning": "moderate", "info": "low"}
"""Severity of a finding → detectedissue-severity."""
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_NOT_FHIR = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Json = dict[str, Any]


def to_fhir(audit: ScribeAudit, *, recorded: datetime.datetime) -> str:
    """The Bundle as JSON, two blanks of indent; ``recorded`` (with time zone) is when the audit was made."""
    return json.dumps(to_bundle(audit, recorded=recorded), indent=2, ensure_ascii=True) + "\n"


def to_bundle(audit: ScribeAudit, *, recorded: datetime.datetime) -> Json:
    """The Bundle: Device, DocumentReference, Conditions in claim order, DetectedIssues, Provenance.

    Ids follow from the document and the knowledge, so the same audit gives the same Bundle.
    """
    made = _Made(audit)
    device = made.add("device", _device(audit))
    note = made.add("note", _note(audit))
    conditions = {
        c.code: made.add(f"code {c.code}", _condition(audit, c, rank)) for rank, c in enumerate(audit.codes, 1)
    }
    issues = [
        made.add(f"finding {number}", _issue(audit, finding, device, conditions))
        for number, finding in enumerate(audit.findings, 1)
    ]
    made.add("provenance", _provenance([*conditions.values(), *issues], note, device, recorded))
    return {"resourceType": "Bundle", "type": "collection", "timestamp": _instant(recorded), "entry": made.entries}


class _Made:
    """The entries of a Bundle in the making; each resource has a name of its own that follows from the audit."""

    def __init__(self, audit: ScribeAudit) -> None:
        key = json.dumps([audit.document.id, audit.document.text, audit.coded.knowledge, audit.coded.release])
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"{EXTENSION} {key}")
        self.entries: list[Json] = []

    def add(self, name: str, resource: Json) -> str:
        """Take a resource in; its URL, by which others refer to it."""
        id_ = str(uuid.uuid5(self._space, name))
        url = f"urn:uuid:{id_}"
        kind, *rest = resource.items()
        self.entries.append({"fullUrl": url, "resource": dict([kind, ("id", id_), *rest])})
        return url


def _device(audit: ScribeAudit) -> Json:
    """The program: its version, the knowledge's, the code set's release."""
    known = {
        "program": version("nlp-coder"),
        "knowledge": audit.coded.knowledge,
        "ICD-10-CM release": audit.coded.release,
    }
    return {
        "resourceType": "Device",
        "status": "active",  # device-status
        "deviceName": [{"name": "nlp-coder", "type": "model-name"}],  # device-nametype
        "version": [{"type": {"text": name}, "value": value} for name, value in known.items() if value],
    }


def _note(audit: ScribeAudit) -> Json:
    """The text that offsets count in."""
    document = audit.document
    day = {"period": {"start": document.date_of_service.isoformat()}} if document.date_of_service else None
    return {
        "resourceType": "DocumentReference",
        "status": "current",  # document-reference-status
        "docStatus": "preliminary",  # composition-status
        **_member("identifier", [{"value": _string(document.id)}] if document.id.strip() else None),
        "subject": _patient(audit),
        "description": "The note as it was audited; start and end of the evidence count its code points.",
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "data": base64.b64encode(document.text.encode()).decode(),
                }
            }
        ],
        **_member("context", day),
    }


def _condition(audit: ScribeAudit, code: Candidate, rank: int) -> Json:
    """A code the note earns, provisional: a person decides."""
    day = audit.document.date_of_service
    said = ". ".join(part.rstrip(".") for part in (code.says, code.source) if part)
    confirm = [f"To confirm: {text}" for text in code.confirm]
    return {
        "resourceType": "Condition",
        "extension": [
            {"url": f"{EXTENSION}:rank", "valuePositiveInt": rank},
            *(_evidence(audit, item) for item in code.evidence),
        ],
        "clinicalStatus": _concept(_CLINICAL, "active"),  # condition-clinical
        "verificationStatus": _concept(_VERIFICATION, "provisional"),  # condition-ver-status
        "category": [_concept(_CATEGORY, "encounter-diagnosis")],
        "code": {"coding": [_coding(code.code, code.title)]},
        "subject": _patient(audit),
        **_member("recordedDate", day.isoformat() if day else None),
        **_member("note", [{"text": _string(text)} for text in [said, *confirm] if text.strip()] or None),
    }


def _issue(audit: ScribeAudit, finding: Finding, device: str, conditions: dict[str, str]) -> Json:
    """A finding; what it is about is named by its code, what it quotes by its evidence."""
    about = [conditions[code] for code in dict.fromkeys((finding.code, finding.instead)) if code in conditions]
    named = [("code", finding.code), ("instead", finding.instead)]
    extensions = [
        *({"url": f"{EXTENSION}:{name}", "valueCoding": _coding(code)} for name, code in named if code.strip()),
        *(_evidence(audit, item) for item in finding.evidence),
        *(_heard(span) for span in finding.heard if span.text.strip()),
    ]
    return {
        "resourceType": "DetectedIssue",
        **_member("extension", extensions or None),
        "status": "preliminary",  # observation-status
        "code": {"coding": [{"system": f"{EXTENSION}:finding", "code": finding.id}], "text": finding.id},
        "severity": _SEVERITIES[finding.severity],
        "patient": _patient(audit),
        "author": {"reference": device},
        **_member("implicated", [{"reference": url} for url in about] or None),
        "detail": _string(finding.text),
    }


def _provenance(targets: list[str], note: str, device: str, recorded: datetime.datetime) -> Json:
    return {
        "resourceType": "Provenance",
        "target": [{"reference": url} for url in targets or [note]],
        "recorded": _instant(recorded),
        "activity": _concept(_ACTIVITY, "CREATE"),
        "agent": [{"type": _concept(_AGENT, "assembler"), "who": {"reference": device}}],
        "entity": [{"role": "source", "what": {"reference": note}}],  # provenance-entity-role
    }


def _evidence(audit: ScribeAudit, item: Evidence) -> Json:
    """A quotation: its slot, its code points in the note, its words, and where the source holds them."""
    places = [
        {
            "url": "origin",
            "extension": [
                {"url": "path", "valueString": _string(one.path)},
                {"url": "start", "valueInteger": one.start},
                {"url": "end", "valueInteger": one.end},
            ],
        }
        for one in origins(audit.document, item.start, item.end)
        if one.path
    ]
    return {
        "url": f"{EXTENSION}:evidence",
        "extension": [{"url": "slot", "valueString": item.slot}, *_quotation(item.span), *places],
    }


def _heard(span: Span) -> Json:
    return {"url": f"{EXTENSION}:heard", "extension": _quotation(span)}


def _quotation(span: Span) -> list[Json]:
    return [
        {"url": "start", "valueInteger": span.start},
        {"url": "end", "valueInteger": span.end},
        {"url": "quotation", "valueString": _string(span.text)},
    ]


def _patient(audit: ScribeAudit) -> Json:
    """Who it is about: a reference if the document is FHIR's, the identifier it gives, or words."""
    patient = (audit.document.patient or "").strip()
    if not patient:
        return {"display": "The patient of the note"}
    if audit.document.form == "fhir" and _ID.fullmatch(patient):
        return {"reference": f"Patient/{patient}"}
    if patient.startswith("urn:"):
        return {"reference": patient}
    return {"identifier": {"value": _string(patient)}}


def _coding(code: str, title: str = "") -> Json:
    return {"system": ICD10CM, "code": " ".join(code.split()), **_member("display", title.strip() or None)}


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _member(name: str, value: Any) -> Json:
    """A member, unless there is nothing to say: FHIR knows no null and no empty list."""
    return {} if value is None else {name: value}


def _string(text: str) -> str:
    """Text as FHIR's string: control characters, which it does not know, are shown as U+FFFD."""
    return _NOT_FHIR.sub("\ufffd", text)


def _instant(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="seconds")
