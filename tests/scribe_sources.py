"""Documents of our own in every shape a scribe delivers, and an independent way back from a part to its source."""

from __future__ import annotations

import base64
import json
from typing import Any

from lxml import etree

from nlp_coder.scribe.nouns import ScribeDocument

FLAT = {
    "note_id": "visit-31",
    "date_of_service": "2026-03-04T10:15:00Z",
    "patient_id": "p-7",
    "model": "draft-2",
    "chief_complaint": "Low back pain.",
    "hpi": "Two weeks of pain after lifting. No leg pain.",
    "physicalExam": "Tender left of L4.",
    "assessment_and_plan": "1. Low back pain.\n- Ibuprofen.\n2. Hypertension, stable.",
    "icd10_codes": ["M54.50", "I10"],
}
TITLED = {
    "sessionId": "s-1",
    "sections": [
        {"title": "History", "loinc_code": "10164-2", "content": "Neck pain since Monday."},
        {
            "title": "Neck pain",
            "loinc_code": "51847-2",
            "content": "Heat and rest.",
            "diagnosis": {"codes": [{"code": "M54.2", "type": "ICD10", "description": "Cervicalgia"}]},
        },
        {
            "title": "Asthma",
            "loinc_code": "51847-2",
            "content": "Refill.",
            "diagnosis": {"codes": [{"code": "99213", "type": "CPT"}, {"code": "J45.909", "type": "ICD-10-CM"}]},
        },
    ],
}
SPLIT = {
    "note": {
        "sections": [
            {"key": "SOAP_SUBJECTIVE", "title": "Subjective", "text": "Pain down the right leg."},
            {
                "key": "SOAP_ASSESSMENT",
                "title": "Assessment",
                "problems": [
                    {
                        "problem": "Right sciatica",
                        "icd10": "M54.31",
                        "paragraphs": ["Worse this week.", "MRI ordered."],
                    },
                    {"name": "Neck pain", "status": "improving", "bullets": ["Heat", "Stretching"]},
                ],
            },
        ]
    }
}
NESTED = {
    "soap": {
        "subjective": {"chief_complaint": "Back pain.", "hpi": "Since Sunday."},
        "objective": {"vitals": {"pulse": "72"}, "exam": {"lumbarSpine": "Tender."}},
        "assessment": [
            {"diagnosis": "Lumbago", "code": "M54.50", "description": "Low back pain, unspecified"},
            {"diagnosis": "Sciatica ruled out"},
        ],
        "plan": ["Physical therapy.", "Return in six weeks."],
    },
    "transcript": [{"speaker": "Doctor", "text": "Where does it hurt?"}, {"speaker": "Patient", "text": "My back."}],
}
ODD = {
    "meta": {"when": "2026-02-03", "ref": 4711},
    "blob": {
        "s1": "Mid back pain for a day.",
        "list": [
            {"n": "Thoracic pain", "txt": "No red flags.", "todo": ["Heat", "Walk"]},
            {"n": "Gout", "txt": "Quiet."},
        ],
    },
    "bill": [{"v": "M54.6"}, {"v": "M10.9"}],
}
MAPPING = """
id = "/meta/ref"
date_of_service = "/meta/when"
proposed = ["/bill/*/v"]

[[section]]
heading = "Chief complaint"
path = "/blob/s1"

[[section]]
heading = "Assessment and plan"
path = "/blob/list/*"
title = "/n"
text = ["/txt", "/todo"]

[[section]]
heading = "Addendum"
path = "/blob/addendum"
optional = true
"""


def encoded(text: str) -> str:
    """Base64 of UTF-8."""
    return base64.b64encode(text.encode()).decode()


def concept(system: str, code: str) -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": code}]}


ICD = "http://hl7.org/fhir/sid/icd-10-cm"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def composition(**more: Any) -> dict[str, Any]:
    """A Composition with three sections, one of them in a section."""
    return {
        "resourceType": "Composition",
        "id": "c1",
        "status": "final",
        "type": concept("http://loinc.org", "11488-4"),
        "subject": {"reference": "Patient/p1"},
        "date": "2026-04-02T09:00:00Z",
        "author": [{"display": "A scribe"}],
        "title": "Visit",
        "section": [
            {
                "title": "Story",
                "code": concept("http://loinc.org", "10164-2"),
                "text": {
                    "status": "generated",
                    "div": DIV.format("<p>Low back   pain &amp; leg pain<br/>since\n May.</p>"),
                },
            },
            {
                "title": "Assessment",
                "section": [
                    {
                        "title": "Details",
                        "text": {
                            "status": "generated",
                            "div": DIV.format("<ol><li>Left <b>sciatica</b></li><li><p>Gout&nbsp;flare</p></li></ol>"),
                        },
                    }
                ],
            },
            {"title": "Plan", "emptyReason": {"text": "none"}},
        ],
    } | more


def bundle(*resources: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    """A Bundle of resources, each with the URL that its type and id give."""
    entries = [
        {"fullUrl": f"https://ehr.example/fhir/{one['resourceType']}/{one.get('id', at)}", "resource": one}
        for at, one in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


PATIENT = {"resourceType": "Patient", "id": "p1"}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
    "subject": {"reference": "https://ehr.example/fhir/Patient/p1"},
    "period": {"start": "2026-04-01T08:00:00Z"},
    "diagnosis": [
        {"condition": {"reference": "Condition/d2"}, "rank": 2},
        {"condition": {"reference": "Condition/d1"}, "rank": 1},
    ],
}


def condition(id_: str, code: str, **more: Any) -> dict[str, Any]:
    """A Condition with an ICD-10-CM code beside a SNOMED one."""
    codings = [{"system": "http://snomed.info/sct", "code": "23056005"}, {"system": ICD, "code": code}]
    subject = {"reference": "Patient/p1"}
    return {"resourceType": "Condition", "id": id_, "subject": subject, "code": {"coding": codings}} | more


def document_reference(data: str, content_type: str | None, **more: Any) -> dict[str, Any]:
    """A DocumentReference whose attachment is the text given."""
    attachment = {"data": encoded(data)} | ({"contentType": content_type} if content_type else {})
    return {
        "resourceType": "DocumentReference",
        "id": "r1",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": attachment}],
    } | more


FHIR_XML = """<?xml version="1.0" encoding="UTF-8"?>
<Bundle xmlns="http://hl7.org/fhir">
  <type value="document"/>
  <entry><resource><Observation><is><of value="R6"/></is></Observation></resource></entry>
  <entry>
    <resource>
      <Composition>
        <!-- exported -->
        <id value="c7"/>
        <status value="final"/>
        <type><text value="Note"/></type>
        <subject><reference value="Patient/p7"/></subject>
        <date value="2026-05-12T23:30:00-05:00"/>
        <author><display value="A scribe"/></author>
        <title value="Visit"/>
        <section>
          <title value="Assessment"/>
          <text>
            <status value="generated"/>
            <div xmlns="http://www.w3.org/1999/xhtml"><p>Neck<!-- x --> pain &amp; <b>stiffness</b>.</p></div>
          </text>
        </section>
      </Composition>
    </resource>
  </entry>
  <entry>
    <resource>
      <Condition>
        <subject><reference value="Patient/p7"/></subject>
        <code><coding><system value="http://hl7.org/fhir/sid/icd-10-cm"/><code value="M54.2"/></coding></code>
      </Condition>
    </resource>
  </entry>
</Bundle>
"""
CCDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <id root="1.2.3" extension="doc9"/>
  <effectiveTime value="20260206090000"/>
  <recordTarget><patientRole><id root="1.2.4" extension="p1"/></patientRole></recordTarget>
  <componentOf><encompassingEncounter>
    <effectiveTime><low value="20260205"/></effectiveTime>
  </encompassingEncounter></componentOf>
  <component><structuredBody>
    <component><section>
      <code code="10164-2" codeSystem="2.16.840.1.113883.6.1"/>
      <title>Story of the illness</title>
      <text><paragraph>Low back pain <!-- c -->since May.</paragraph></text>
    </section></component>
    <component><section>
      <code code="51848-0" codeSystem="2.16.840.1.113883.6.1"/>
      <title>Assessment</title>
      <text>
        <list listType="ordered"><item>Sciatica, <content styleCode="Bold">left</content></item><item>Gout</item></list>
        <table><thead><tr><th>Problem</th><th>Status</th></tr></thead>
          <tbody><tr><td><paragraph>Neck pain</paragraph></td><td>resolved</td></tr></tbody></table>
      </text>
      <entry><observation classCode="OBS" moodCode="EVN">
        <value code="23056005" codeSystem="2.16.840.1.113883.6.96">
          <translation code="M54.32" codeSystem="2.16.840.1.113883.6.90"/></value>
      </observation></entry>
      <entry><observation classCode="OBS" moodCode="EVN" negationInd="true">
        <value code="M54.12" codeSystem="2.16.840.1.113883.6.90"/></observation></entry>
    </section></component>
    <component><section nullFlavor="NI"><title>Plan</title><text>No information</text></section></component>
    <component><section>
      <code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/>
      <title>Problems</title><text>Hypertension</text>
      <entry><observation classCode="OBS" moodCode="EVN">
        <value code="I10" codeSystem="2.16.840.1.113883.6.90"/></observation></entry>
    </section></component>
  </structuredBody></component>
</ClinicalDocument>
"""


def source_text(raw: str, path: str) -> str:
    """The text of the element that a path names in a source, found without the program's help."""
    if not path:
        return raw
    where, _, xpath = path.partition("#") if not raw.lstrip().startswith("<") else ("", "", path)
    text = raw
    if where:
        value: Any = json.loads(raw)
        for step in where.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            value = value[int(step)] if isinstance(value, list) else value[step]
        text = base64.b64decode(value).decode() if where.endswith("/data") else value
    if not xpath:
        return str(text)
    parser = etree.HTMLParser(encoding="utf-8") if xpath.startswith("/html") else etree.XMLParser()
    found = etree.fromstring(text.replace("&nbsp;", "&#160;").encode(), parser).xpath(xpath)
    assert len(found) == 1, path
    return str(found[0])


def misquoted(raw: str, document: ScribeDocument) -> list[str]:
    """The paths of parts that do not quote their element, or stand out of order."""
    at, wrong = 0, []
    for part in document.parts:
        size = part.end - part.start
        there = source_text(raw, part.path)[part.offset : part.offset + size]
        if part.start < at or size < 1 or document.text[part.start : part.end] != there:
            wrong.append(part.path)
        at = part.end
    return wrong
