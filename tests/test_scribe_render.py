"""An audit written out: FHIR with every required binding, JSON by its schema, text and page."""

from __future__ import annotations

import base64
import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B import get_fhir_model_class
from scribe_sources import ENCOUNTER, PATIENT, TITLED, bundle, composition, condition

from nlp_coder import Coder
from nlp_coder.scribe.as_fhir import to_bundle, to_fhir
from nlp_coder.scribe.as_html import as_html
from nlp_coder.scribe.as_json import to_dict, to_json, to_line
from nlp_coder.scribe.as_text import as_text
from nlp_coder.scribe.nouns import Finding, Proposed, ScribeAudit, ScribeDocument
from nlp_coder.scribe.origin import Origin, origins
from nlp_coder.scribe.read import read
from nlp_coder.scribe.told import headline, verdicts
from nlp_coder.types import Authority, Candidate, CodedNote, Evidence, Fact, Note, Span

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "docs" / "schema-scribe-audit.json").read_text("utf-8"))
RECORDED = datetime.datetime(2026, 5, 12, 15, 30, tzinfo=datetime.UTC)

# The required value sets of FHIR R4 (hl7.org/fhir/R4), written out: the library checks shapes only.
BINDINGS: dict[tuple[str, str], frozenset[str]] = {
    ("Bundle", "type"): frozenset(
        "document message transaction transaction-response batch batch-response history searchset collection".split()
    ),
    ("Device", "status"): frozenset("active inactive entered-in-error unknown".split()),
    ("Device", "deviceName.type"): frozenset(
        "udi-label-name user-friendly-name patient-reported-name manufacturer-name model-name other".split()
    ),
    ("DocumentReference", "status"): frozenset("current superseded entered-in-error".split()),
    ("DocumentReference", "docStatus"): frozenset("preliminary final amended entered-in-error".split()),
    ("Condition", "clinicalStatus.coding.code"): frozenset(
        "active recurrence relapse inactive remission resolved".split()
    ),
    ("Condition", "verificationStatus.coding.code"): frozenset(
        "unconfirmed provisional differential confirmed refuted entered-in-error".split()
    ),
    ("DetectedIssue", "status"): frozenset(
        "registered preliminary final amended corrected cancelled entered-in-error unknown".split()
    ),
    ("DetectedIssue", "severity"): frozenset({"high", "moderate", "low"}),
    ("Provenance", "entity.role"): frozenset("derivation revision quotation source removal".split()),
}


def document_of(source: Any) -> ScribeDocument:
    """A source read."""
    return read(json.dumps(source))


def made() -> ScribeAudit:
    """An audit made by hand: a code to confirm, three findings, quotations of a note in two parts."""
    document = document_of(TITLED | {"patient_id": "mrn 9", "visit_date": "2026-05-12"})

    def at(slot: str, words: str) -> Evidence:
        start = document.text.index(words)
        return Evidence(slot, Span(start, start + len(words), words))

    pain = Fact("pain", region="cervical", evidence=(at("problem", "Neck pain"),))
    code = Candidate(
        "M54.2",
        "neck-pain",
        "Neck pain is M54.2.",
        Authority.TABULAR,
        "tabular: M54.2",
        pain,
        pain.evidence,
        title="Cervicalgia",
        role="first-listed",
        confirm=("that it is not injury",),
    )
    findings = (
        Finding("retired", "error", "M54.5", "It ended in 2021.", "tabular: FY2026", "M54.50"),
        Finding(
            "review", "warning", "M54.2", "Look.", "house", "", (at("problem", "Neck pain"),), (Span(3, 7, "neck"),)
        ),
        Finding("not-checked", "info", "J45.909", "Not of the spine."),
    )
    note = Note(document.text, date_of_service=document.date_of_service, patient=document.patient)
    coded = CodedNote(note, (code,), release="FY2026", knowledge="abc123")
    document = replace(document, proposed=(*document.proposed, Proposed("M54.5"), Proposed("m545")))
    return ScribeAudit(document, coded, findings, ("M54.2",), (code,))


@pytest.fixture(scope="module")
def real(coder: Coder) -> ScribeAudit:
    """The audit of a FHIR bundle, as the program makes it: two proposed codes, one of them vague."""
    from nlp_coder.scribe.audit import audit

    source = bundle(composition(), PATIENT, ENCOUNTER, condition("d2", "M54.50"), condition("d1", "M54.30"))
    return audit(document_of(source), coder)


AUDITS = ["made", "real"]


@pytest.fixture
def audited(request: pytest.FixtureRequest) -> ScribeAudit:
    """One of the two audits by its name."""
    return made() if request.param == "made" else request.getfixturevalue("real")


def resources(one: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The resources of a type in a Bundle."""
    return [entry["resource"] for entry in one["entry"] if entry["resource"]["resourceType"] == kind]


def values(resource: Any, steps: list[str]) -> list[Any]:
    """All values at a path, through lists."""
    if isinstance(resource, list):
        return [value for item in resource for value in values(item, steps)]
    if not steps:
        return [resource]
    return values(resource[steps[0]], steps[1:]) if steps[0] in resource else []


# ------------------------------------------------------------------ FHIR


@pytest.mark.parametrize("audited", AUDITS, indirect=True)
def test_every_resource_validates(audited: ScribeAudit) -> None:
    """By the models of R4B, the Bundle as a whole and each entry by itself."""
    one = to_bundle(audited, recorded=RECORDED)
    get_fhir_model_class("Bundle").model_validate(one)
    for entry in one["entry"]:
        resource = entry["resource"]
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    kinds = [entry["resource"]["resourceType"] for entry in one["entry"]]
    found = ["Condition"] * len(audited.codes) + ["DetectedIssue"] * len(audited.findings)
    assert kinds == ["Device", "DocumentReference", *found, "Provenance"]


@pytest.mark.parametrize("audited", AUDITS, indirect=True)
@pytest.mark.parametrize(("kind", "path"), BINDINGS)
def test_required_bindings(audited: ScribeAudit, kind: str, path: str) -> None:
    """Every status word stands in its value set's literal list, and none is missing."""
    one = to_bundle(audited, recorded=RECORDED)
    found = [one] if kind == "Bundle" else resources(one, kind)
    said = [values(resource, path.split(".")) for resource in found]
    assert said
    assert all(words and set(words) <= BINDINGS[kind, path] for words in said)


@pytest.mark.parametrize("audited", AUDITS, indirect=True)
def test_codes_are_provisional_and_of_icd_10_cm(audited: ScribeAudit) -> None:
    """Never confirmed; the code system is exactly the one of ICD-10-CM, in Conditions and in findings."""
    one = to_bundle(audited, recorded=RECORDED)
    conditions, issues = resources(one, "Condition"), resources(one, "DetectedIssue")
    assert values(conditions, ["verificationStatus", "coding", "code"]) == ["provisional"] * len(audited.codes)
    assert values(conditions, ["code", "coding", "code"]) == [code.code for code in audited.codes]
    systems = values(conditions, ["code", "coding", "system"]) + values(issues, ["extension", "valueCoding", "system"])
    assert set(systems) == {"http://hl7.org/fhir/sid/icd-10-cm"}
    assert 'sid/icd-10"' not in json.dumps(one)


@pytest.mark.parametrize("audited", AUDITS, indirect=True)
def test_evidence_quotes_the_note_of_the_bundle(audited: ScribeAudit) -> None:
    """Offsets count in the text the Bundle carries; each evidence names its slot."""
    one = to_bundle(audited, recorded=RECORDED)
    attachment = resources(one, "DocumentReference")[0]["content"][0]["attachment"]
    text = base64.b64decode(attachment["data"]).decode()
    assert text == audited.document.text
    quoted = []
    for entry in one["entry"]:
        for item in entry["resource"].get("extension", []):
            if item["url"] == "urn:nlp-coder:fhir:evidence":
                parts = {part["url"]: part for part in item["extension"] if part["url"] != "origin"}
                start, end = parts["start"]["valueInteger"], parts["end"]["valueInteger"]
                assert text[start:end] == parts["quotation"]["valueString"]
                quoted.append((parts["slot"]["valueString"], start, end))
    told = [item for code in audited.codes for item in code.evidence]
    told += [item for finding in audited.findings for item in finding.evidence]
    assert quoted == [(item.slot, item.start, item.end) for item in told]


def test_provenance_names_program_knowledge_and_release() -> None:
    """Its agent is the Device that says the three versions; its targets are all Conditions and DetectedIssues."""
    one = to_bundle(made(), recorded=RECORDED)
    provenance, device = resources(one, "Provenance")[0], resources(one, "Device")[0]
    urls = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in one["entry"]}
    assert [(item["type"]["text"], item["value"]) for item in device["version"]] == [
        ("program", "0.1.0"),
        ("knowledge", "abc123"),
        ("ICD-10-CM release", "FY2026"),
    ]
    assert urls[provenance["agent"][0]["who"]["reference"]] == "Device"
    assert urls[provenance["entity"][0]["what"]["reference"]] == "DocumentReference"
    assert [urls[target["reference"]] for target in provenance["target"]] == ["Condition"] + ["DetectedIssue"] * 3
    assert provenance["recorded"] == "2026-05-12T15:30:00+00:00"


def test_a_detected_issue_tells_its_finding() -> None:
    """Kind, severity, code, what to use instead, the Conditions it is about, and what was heard."""
    one = to_bundle(made(), recorded=RECORDED)
    retired, review, _ = resources(one, "DetectedIssue")
    coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm"}
    assert retired["extension"] == [
        {"url": "urn:nlp-coder:fhir:code", "valueCoding": coding | {"code": "M54.5"}},
        {"url": "urn:nlp-coder:fhir:instead", "valueCoding": coding | {"code": "M54.50"}},
    ]
    assert (retired["severity"], retired["code"]["text"], retired["detail"]) == ("high", "retired", "It ended in 2021.")
    assert "implicated" not in retired
    assert review["implicated"] == [{"reference": one["entry"][2]["fullUrl"]}]
    assert review["extension"][-1]["extension"][2] == {"url": "quotation", "valueString": "neck"}


def test_the_bundle_reads_back() -> None:
    """Out and in again: the same text, the final codes proposed in order, the same day."""
    audit = made()
    back = read(to_fhir(audit, recorded=RECORDED))
    assert (back.text, back.date_of_service) == (audit.document.text, audit.document.date_of_service)
    assert [one.code for one in back.proposed] == ["M54.2"]


def test_the_same_audit_gives_the_same_bundle() -> None:
    """Byte for byte; another note has other ids."""
    assert to_fhir(made(), recorded=RECORDED) == to_fhir(made(), recorded=RECORDED)
    other = replace(made(), document=replace(made().document, text=made().document.text + "x"))
    ids = [entry["fullUrl"] for audit in (made(), other) for entry in to_bundle(audit, recorded=RECORDED)["entry"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("form", "patient", "expected"),
    [
        ("soap-json", "mrn 9", {"identifier": {"value": "mrn 9"}}),
        ("fhir", "p1", {"reference": "Patient/p1"}),
        ("soap-json", "p1", {"identifier": {"value": "p1"}}),
        ("text", None, {"display": "The patient of the note"}),
    ],
)
def test_who_it_is_about(form: str, patient: str | None, expected: dict[str, Any]) -> None:
    """A reference only where the document's own world has such a Patient."""
    audit = made()
    audit = replace(audit, document=replace(audit.document, form=form, patient=patient))
    assert resources(to_bundle(audit, recorded=RECORDED), "Condition")[0]["subject"] == expected


def test_control_characters_are_no_fhir() -> None:
    """They are shown; the Bundle still validates."""
    audit = made()
    odd = replace(audit.findings[0], text="bell\x07", code="M54\t.5")
    one = to_bundle(replace(audit, findings=(odd,)), recorded=RECORDED)
    get_fhir_model_class("Bundle").model_validate(one)
    issue = resources(one, "DetectedIssue")[0]
    assert (issue["detail"], issue["extension"][0]["valueCoding"]["code"]) == ("bell\ufffd", "M54 .5")


def test_an_audit_without_codes_has_a_provenance_all_the_same() -> None:
    """Its target is the note."""
    audit = replace(made(), codes=(), findings=())
    one = to_bundle(audit, recorded=RECORDED)
    get_fhir_model_class("Bundle").model_validate(one)
    assert resources(one, "Provenance")[0]["target"] == [{"reference": one["entry"][1]["fullUrl"]}]


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize("audited", AUDITS, indirect=True)
def test_json_fits_its_schema(audited: ScribeAudit) -> None:
    """Whole, without the text, and as one line; every quotation stands in the text."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(to_json(audited))
    jsonschema.validate(document, SCHEMA)
    assert json.loads(to_line(audited)) == document == to_dict(audited)
    assert to_line(audited).count("\n") == 1
    bare = to_dict(audited, with_text=False)
    jsonschema.validate(bare, SCHEMA)
    assert bare["document"].pop("text") is None
    text = document["document"].pop("text")
    assert bare == document
    told = [item for group in ("codes", "findings", "set_aside") for one in document[group] for item in one["evidence"]]
    assert told
    assert [item["text"] for item in told] == [text[item["start"] : item["end"]] for item in told]


@pytest.mark.parametrize("path", [(), ("document",), ("proposed", 0), ("findings", 0), ("codes", 0)])
def test_the_schema_refuses_what_it_does_not_know(path: tuple[str | int, ...]) -> None:
    """An unknown field anywhere is an error."""
    document = to_dict(made())
    target: Any = document
    for step in path:
        target = target[step]
    target["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_json_leads_back_to_the_source() -> None:
    """Evidence names element and offsets of the document as delivered."""
    document = to_dict(made())
    assert document["codes"][0]["evidence"][0]["origin"] == [{"path": "/sections/0/content", "start": 0, "end": 9}]
    assert [one["code"] for one in document["proposed"]] == ["M54.2", "J45.909", "M54.5", "m545"]


def test_a_printed_code_is_proposed_with_its_place() -> None:
    """The note's own text claims it; the path is that of the section."""
    source = TITLED | {"sections": [{"title": "Plan", "content": "Heat for M54.2."}]}
    audit = replace(made(), document=document_of(source), findings=(), codes=())
    proposed = to_dict(audit)["proposed"]
    span = {"start": 17, "end": 22, "text": "M54.2", "origin": [{"path": "/sections/0/content", "start": 9, "end": 14}]}
    assert proposed == [{"code": "M54.2", "path": "", "span": span}]


def test_origins() -> None:
    """A quotation over two parts has two origins; what the reader put in has none."""
    document = document_of(TITLED)
    assert list(origins(document, 0, 3)) == []
    start, end = document.text.index("Neck pain\nHeat"), document.text.index(" and rest")
    assert list(origins(document, start + 5, end)) == [
        Origin("/sections/1/title", 5, 9, "Neck pain"),
        Origin("/sections/1/content", 0, 4, "Neck pain"),
    ]
    page = read("<p>Gout\n  flare</p>")
    assert list(origins(page, 6, 8)) == [Origin("/html/body[1]/p[1]/text()[1]", 8, 10)]


# ------------------------------------------------------------------ text and page


def test_the_verdicts() -> None:
    """The gravest finding decides; a code said twice, with and without its point, is one."""
    audit = made()
    more = Finding("cloned", "warning", "M54.5", "Copied.")
    audit = replace(audit, findings=(more, *audit.findings))
    told = [(one.code, one.word, one.severity, one.instead) for one in verdicts(audit)]
    assert told == [
        ("M54.2", "review", "warning", ""),
        ("J45.909", "not-checked", "info", ""),
        ("M54.5", "retired", "error", "M54.50"),
    ]
    assert headline(made()) == "3 codes proposed, 1 confirmed, 1 error, 1 warning."


def test_text() -> None:
    """First the scribe's codes and the findings, then the answer for the note; 80 columns."""
    told = as_text(made())
    assert told.startswith(
        "3 codes proposed, 1 confirmed, 1 error, 1 warning.\n\n"
        "Proposed\n"
        "   M54.2      review\n"
        "   J45.909    not-checked\n"
        "   M54.5      retired, use M54.50\n\n"
        "Findings\n"
        "   M54.5 retired, use M54.50\n"
        "   severity   error\n"
        "   because    It ended in 2021.\n"
        "   authority  ICD-10-CM Tabular List: FY2026\n\n"
        "   M54.2 review\n"
        "   severity   warning\n"
        "   because    Look.\n"
        "   the note   «Neck pain» line 2\n"
        "   heard      «neck»\n"
        "   authority  house rule, no official source decides\n\n"
    )
    assert "\nBill M54.2 (confirm)\n" in told
    assert max(map(len, told.splitlines())) <= 80
    assert "\x1b" not in told
    assert "\x1b[" in as_text(made(), styled=True)


def test_page() -> None:
    """The scribe's codes stand before the answer; what the document says is escaped."""
    audit = made()
    bad = replace(audit.findings[0], text="<script>alert(1)</script>")
    page = as_html(replace(audit, findings=(bad, *audit.findings[1:])))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    lead, answer = page.index("3 codes proposed, 1 confirmed"), page.index("Codes in claim order")
    assert lead < answer
    assert re.findall(r"<h3>(.*?)</h3>", page)[:2] == ["The scribe's codes", "The codes the note earns"]
    assert "<b>error</b> retired, use M54.50" in page
    assert "heard: <q>neck</q>" in page
