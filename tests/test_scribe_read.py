"""Reading what scribes deliver: every shape with its text, its codes and the way back; and what is refused."""

from __future__ import annotations

import datetime
import json
from html import escape
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st
from scribe_sources import (
    CCDA,
    DIV,
    ENCOUNTER,
    FHIR_XML,
    FLAT,
    ICD,
    MAPPING,
    NESTED,
    ODD,
    PATIENT,
    SPLIT,
    TITLED,
    bundle,
    composition,
    concept,
    condition,
    document_reference,
    encoded,
    misquoted,
    source_text,
)

from nlp_coder import Coder, Note
from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Part, ScribeDocument
from nlp_coder.scribe.read import read
from nlp_coder.scribe.read.loads import LARGEST
from nlp_coder.segment import outline

WHO = "http://hl7.org/fhir/sid/icd-10"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"


def raw(source: Any) -> str:
    """A source as it is delivered."""
    return source if isinstance(source, str) else json.dumps(source)


def sections(document: ScribeDocument) -> list[tuple[str, str]]:
    """The sections the coder sees, with their headings."""
    return [(one.name, one.heading.text if one.heading else "") for one in outline(document.text).sections]


def codes(document: ScribeDocument) -> list[str]:
    """The proposed codes as written."""
    return [one.code for one in document.proposed]


# ------------------------------------------------------------------ JSON


def test_flat_keys() -> None:
    """Each key a section; the codes apart; id, date and patient from their keys."""
    document = read(raw(FLAT))
    assert document.text == (
        "## Chief complaint\nLow back pain.\n\n"
        "## HPI\nTwo weeks of pain after lifting. No leg pain.\n\n"
        "## Physical exam\nTender left of L4.\n\n"
        "## Assessment and plan\n1. Low back pain.\n- Ibuprofen.\n2. Hypertension, stable.\n"
    )
    assert [(one.code, one.path) for one in document.proposed] == [
        ("M54.50", "/icd10_codes/0"),
        ("I10", "/icd10_codes/1"),
    ]
    assert (document.id, document.date_of_service, document.patient) == ("visit-31", datetime.date(2026, 3, 4), "p-7")
    assert misquoted(raw(FLAT), document) == []
    assert document.parts[1] == Part(42, 87, "/hpi", 0, "hpi")


def test_titled_sections_with_loinc_and_diagnoses() -> None:
    """A section that is a problem goes under the heading its LOINC code names; a CPT code is none of ours."""
    document = read(raw(TITLED))
    assert document.text == (
        "## History\nNeck pain since Monday.\n\n"
        "## Assessment and plan\n1. Neck pain\nHeat and rest.\n2. Asthma\nRefill.\n"
    )
    assert [(one.code, one.path) for one in document.proposed] == [
        ("M54.2", "/sections/1/diagnosis/codes/0/code"),
        ("J45.909", "/sections/2/diagnosis/codes/1/code"),
    ]
    assert "Cervicalgia" not in document.text  # a code's title is no word of the note
    assert misquoted(raw(TITLED), document) == []
    assert sections(document) == [
        ("history of present illness", "History"),
        ("assessment and plan", "Assessment and plan"),
    ]


def test_sections_split_by_problem() -> None:
    """Problems are numbered, their paragraphs and bullets listed beneath."""
    document = read(raw(SPLIT))
    assert document.text == (
        "## Subjective\nPain down the right leg.\n\n"
        "## Assessment\n1. Right sciatica\n- Worse this week.\n- MRI ordered.\n"
        "2. Neck pain\nStatus: improving\n- Heat\n- Stretching\n"
    )
    assert codes(document) == ["M54.31"]
    assert misquoted(raw(SPLIT), document) == []
    items = [(one.item, document.text[one.start : one.end]) for one in outline(document.text).sentences][1:4]
    assert items == [(1, "Right sciatica"), (1, "Worse this week."), (1, "MRI ordered.")]


def test_nested_objects() -> None:
    """Known names inside are headings, others labels; a problem of one line is a problem; the dialogue is kept."""
    document = read(raw(NESTED))
    assert document.text == (
        "## Subjective\n\n## Chief complaint\nBack pain.\n\n## HPI\nSince Sunday.\n\n"
        "## Objective\n\n## Vitals\nPulse: 72\n\n## Exam\nLumbar spine: Tender.\n\n"
        "## Assessment\n1. Lumbago\n2. Sciatica ruled out\n\n"
        "## Plan\n- Physical therapy.\n- Return in six weeks.\n"
    )
    assert codes(document) == ["M54.50"]
    assert document.transcript == "[doctor] Where does it hurt?\n[patient] My back."
    assert misquoted(raw(NESTED), document) == []


def test_a_mapping_reads_what_no_name_tells() -> None:
    """Paths of a mapping.toml, with * for each member; without it the document is refused with a hint."""
    document = read(raw(ODD), mapping=MAPPING)
    assert document.text == (
        "## Chief complaint\nMid back pain for a day.\n\n"
        "## Assessment and plan\n1. Thoracic pain\nNo red flags.\n- Heat\n- Walk\n2. Gout\nQuiet.\n"
    )
    assert [(one.code, one.path) for one in document.proposed] == [("M54.6", "/bill/0/v"), ("M10.9", "/bill/1/v")]
    assert (document.id, document.date_of_service) == ("4711", datetime.date(2026, 2, 3))
    assert misquoted(raw(ODD), document) == []
    with pytest.raises(NoteError, match=r"no section of a note .* --map mapping\.toml\.$"):
        read(raw(ODD))


def test_a_mapping_of_titles_alone() -> None:
    """Problems without a word more are problems."""
    rules = "[[section]]\nheading = 'Assessment'\npath = '/blob/list/*'\ntitle = '/n'\n"
    assert read(raw(ODD), mapping=rules).text == "## Assessment\n1. Thoracic pain\n2. Gout\n"


def test_keys_are_spelled_and_titles_trimmed() -> None:
    """A scribe's own way to write a key is no heading; blanks around a title are no words of it."""
    source = raw({"SOAP_PLAN": "Heat", "assessment": [{"problem": "  Gout ", "note": "Quiet."}]})
    document = read(source)
    assert document.text == "## Plan\nHeat\n\n## Assessment\n1. Gout\nQuiet.\n"
    assert misquoted(source, document) == []


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("[[section]\n", "the mapping is no TOML"),
        ("id = '/a'\n", r"it has no \[\[section\]\]"),
        ("[[section]]\nheading = 'Plan'\n", "section 1 has no path"),
        ("[[section]]\npath = '/a'\n", "section 1 has no heading"),
        ("[[section]]\nheading = 'Plan'\npath = '/a'\nwhere = 1\n", "section 1 does not know where; use heading,"),
        ("titel = '/a'\n[[section]]\nheading = 'Plan'\npath = '/a'\n", "it does not know titel; use date_of_service,"),
        ("proposed = '/a'\n[[section]]\nheading = 'Plan'\npath = '/a'\n", "proposed takes a list of paths"),
        ("[[section]]\nheading = 'Plan'\npath = '/blob/s9'\n", "the mapping's path /blob/s9 leads to nothing"),
        ("[[section]]\nheading = 'Plan'\npath = '/blob/s9'\noptional = true\n", "that the mapping names are empty"),
    ],
)
def test_an_unsound_mapping_is_refused(mapping: str, message: str) -> None:
    """Each fault in its words."""
    with pytest.raises(NoteError, match=message):
        read(raw(ODD), mapping=mapping)


SHORT = "## S:\nPain\n\n## A/P\nGout\n\n## Dx\nRest\n\n## Codes\nNone yet\n"
"""One letter is a heading by its colon; what no code is under a key for codes is not lost."""


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"note": "CC: pain\nA: Gout", "codes": ["M54.2"]}, "CC: pain\nA: Gout\n"),
        ({"title": "Visit", "content": "A: Gout"}, "A: Gout\n"),
        ({"S": "Pain", "a_p": "Gout", "dx": "Rest", "codes": "None yet"}, SHORT),
        ({"note": {"title": "Visit", "sections": {"plan": {"text": "Rest"}}}}, "## Plan\nRest\n"),
        (
            [{"title": "HPI", "content": "Pain"}, {"heading": "Plan", "bullets": ["Rest"]}],
            "## HPI\nPain\n\n## Plan\n- Rest\n",
        ),
        (
            {"assessment": {"L4-L5 pain": "Rest.", "Gout": ["a", "b"]}},
            "## Assessment\n1. L4-L5 pain\nRest.\nGout:\n- a\n- b\n",
        ),
        (
            {
                "assessment": [
                    {
                        "problem": "Gout",
                        "plan": ["Rest"],
                        "icd10_code": "M10.9",
                        "icd10_description": "Gout, unspecified",
                    }
                ]
            },
            "## Assessment\n1. Gout\nPlan:\n- Rest\n",
        ),
        (
            {
                "Sections": [
                    {
                        "SectionName": "PLAN",
                        "Summary": [{"EvidenceLinks": [{"SegmentId": "a b"}], "SummarizedSegment": "Rest"}],
                    }
                ]
            },
            "## Plan\nRest\n",
        ),
    ],
)
def test_other_ways_to_say_the_same(source: Any, text: str) -> None:
    """A whole note in one string, problems as keys, segments with links: each as its reader would see it."""
    document = read(raw(source))
    assert document.text == text
    assert misquoted(raw(source), document) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            {"assessment": "Gout", "diagnoses": [{"description": "Pain", "icd_10": "M54.50", "status": "active"}]},
            ["M54.50"],
        ),
        ({"assessment": "Gout", "codes": ["M54.50", "m5416", "99213"]}, ["M54.50", "m5416"]),
        ({"assessment": "Gout", "icd10": "lumbago"}, ["lumbago"]),
        ({"assessment": "Gout", "diagnoses": [{"code": "M54.2", "display": "Cervicalgia"}]}, ["M54.2"]),
        ({"assessment": "Gout", "codes": [{"system": "CPT", "code": "M54.2"}]}, []),
        ({"assessment": "Gout", "codes": [{"system": "http://snomed.info/sct", "code": "M54.2"}]}, []),
        ({"assessment": "Gout", "codes": ["M54.2", "M54.50", "M54.2"]}, ["M54.2", "M54.50"]),
        ({"assessment": ["Gout"], "diagnosis": "Gout"}, []),
        ({"dx": "Left sciatica", "codes": "see the plan"}, []),
    ],
)
def test_which_values_are_codes(source: dict[str, Any], expected: list[str]) -> None:
    """What is shaped like a code, or stands where only a code can stand, once; not those of other systems."""
    assert codes(read(raw(source))) == expected


def test_a_title_beats_no_loinc_code_that_says_otherwise() -> None:
    """A section called Problems that is coded as a problem list is background, no assessment."""
    listed = {"sections": [{"title": "Problems", "loinc_code": "11450-4", "content": "Lumbago."}]}
    assert sections(read(raw(listed))) == [("problem list", "Problem list")]


# ------------------------------------------------------------------ FHIR


@pytest.mark.parametrize("form", ["auto", "fhir"])
def test_fhir_as_xml(form: str) -> None:
    """Read as the same resources in JSON; the day is the one told where the visit was; pointers are those of JSON."""
    document = read(FHIR_XML, form)
    assert document.text == "## Assessment\n\nNeck pain & stiffness.\n"
    assert (document.form, document.id, document.patient) == ("fhir", "c7", "p7")
    assert document.date_of_service == datetime.date(2026, 5, 12)
    assert [(one.code, one.path) for one in document.proposed] == [("M54.2", "/entry/2/resource/code/coding/0/code")]
    assert document.parts[1].path == "/entry/1/resource/section/0/text/div#/*/*[1]/text()[1]"


@pytest.mark.parametrize("kind", ["Bundle", "Composition", "DocumentReference"])
def test_xml_and_json_of_a_resource_are_one_document(kind: str) -> None:
    """The models of the library write the XML; text, places, codes, day, patient and dialogue are those of the JSON."""
    said = document_reference("[patient] My back hurts.", "text/plain", id="r2", description="Transcript")
    sources = {
        "Bundle": bundle(composition(), PATIENT, ENCOUNTER, condition("d2", "M54.50"), condition("d1", "M54.32"), said),
        "Composition": composition(),
        "DocumentReference": document_reference("A: Neck pain.", "text/plain"),
    }
    source = json.loads(raw(sources[kind]).replace("&nbsp;", "&#160;"))
    written = get_fhir_model_class(kind).model_validate(source).model_dump_xml(pretty_print=True)
    assert read(written) == read(raw(source))


def test_a_composition_in_a_bundle() -> None:
    """Sections in order; narratives as their reader sees them; codes by the Encounter's rank; its day."""
    resolved = condition("d3", "M54.2", clinicalStatus=concept(CLINICAL, "resolved"))
    source = bundle(composition(), PATIENT, ENCOUNTER, condition("d2", "M54.50"), condition("d1", "M54.32"), resolved)
    document = read(raw(source))
    assert document.text == (
        "## Story\n\nLow back pain & leg pain\nsince May.\n\n"
        "## Assessment\n1. Details\n\n1. Left sciatica\n2. Gout\xa0flare\n"
    )
    assert [(one.code, one.path) for one in document.proposed] == [
        ("M54.32", "/entry/4/resource/code/coding/1/code"),
        ("M54.50", "/entry/3/resource/code/coding/1/code"),
    ]
    assert (document.patient, document.date_of_service) == ("p1", datetime.date(2026, 4, 1))
    assert (document.form, document.setting, document.id) == ("fhir", "outpatient", "c1")
    assert misquoted(raw(source), document) == []
    assert document.parts[1].path == "/entry/0/resource/section/0/text/div#/*/*[1]/text()[1]"


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        ("CC: Neck pain.\r\nA: Neck pain.", "text/plain", "CC: Neck pain.\r\nA: Neck pain.\n"),
        ("A: Neck pain.\n", None, "A: Neck pain.\n"),
        (
            "<html><body><h2>Plan</h2><p>Heat\n and  rest</p></body></html>",
            "text/html; charset=utf-8",
            "## Plan\n\nHeat and rest\n",
        ),
    ],
)
def test_an_attachment(data: str, content_type: str | None, text: str) -> None:
    """Plain text stays as it is; HTML is read as its reader sees it."""
    source = document_reference(data, content_type)
    document = read(raw(source))
    assert document.text == text
    assert misquoted(raw(source), document) == []


def test_of_several_formats_the_first_that_is_text() -> None:
    """A PDF and a text of the one note: the text is read."""
    source = document_reference("A: Neck pain.", "text/plain")
    source["content"].insert(0, {"attachment": {"contentType": "application/pdf", "data": encoded("%PDF-1.7")}})
    document = read(raw(source))
    assert [part.path for part in document.parts] == ["/content/1/attachment/data"]


def test_a_transcript_beside_the_note() -> None:
    """A DocumentReference that says it is a transcript is the dialogue and no second note."""
    said = document_reference("[patient] My neck hurts.", "text/plain", id="r2", description="Visit transcript")
    document = read(raw(bundle(document_reference("A: Neck pain.", "text/plain"), said)))
    assert (document.text, document.transcript) == ("A: Neck pain.\n", "[patient] My neck hurts.\n")


def test_the_claim_leads_the_order() -> None:
    """Diagnoses of a Claim by sequence; those of the problem list alone, or refuted, are not proposed."""
    claim = {
        "resourceType": "Claim",
        "id": "k1",
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "claim",
        "patient": {"reference": "Patient/p1"},
        "created": "2026-04-03",
        "provider": {"display": "Clinic"},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "Plan"}}],
        "diagnosis": [
            {"sequence": 2, "diagnosisCodeableConcept": concept(ICD, "M54.2")},
            {"sequence": 1, "diagnosisReference": {"reference": "Condition/d1"}},
        ],
    }
    listed = condition("d2", "I10", category=[concept(CATEGORY, "problem-list-item")])
    refuted = condition("d3", "M54.12", verificationStatus=concept(VERIFICATION, "refuted"))
    source = bundle(composition(), claim, condition("d1", "M54.32"), listed, refuted)
    assert codes(read(raw(source))) == ["M54.32", "M54.2"]


def test_an_inpatient() -> None:
    """The Encounter's class says the setting."""
    admitted = ENCOUNTER | {"class": ENCOUNTER["class"] | {"code": "IMP"}}
    assert read(raw(bundle(composition(), admitted))).setting == "inpatient"


# ------------------------------------------------------------------ C-CDA, HTML, text


def test_ccda() -> None:
    """Sections under their names, lists and tables as lines; codes of what is assessed, translations too."""
    document = read(CCDA)
    assert document.text == (
        "## History of present illness\n\nLow back pain since May.\n\n"
        "## Assessment\n\n1. Sciatica, left\n2. Gout\n\nProblem | Status\nNeck pain | resolved\n\n"
        "## Problem list\nHypertension\n"
    )
    assert [(one.code, source_text(CCDA, one.path)) for one in document.proposed] == [("M54.32", "M54.32")]
    assert (document.id, document.patient, document.form) == ("1.2.3^doc9", "1.2.4^p1", "ccda")
    assert document.date_of_service == datetime.date(2026, 2, 5)
    assert misquoted(CCDA, document) == []
    assert [name for name, _ in sections(document)] == ["history of present illness", "assessment", "problem list"]


def test_deleted_words_of_a_ccda() -> None:
    """Content that a revision deletes is gone."""
    revised = CCDA.replace("Low back pain", '<content revised="delete">Left sciatica</content>Low back pain')
    assert read(revised).text == read(CCDA).text


def test_ccda_as_an_attachment() -> None:
    """The same text; paths lead through the attachment into the document."""
    source = document_reference(CCDA, "application/xml")
    document = read(raw(source))
    assert document.text == read(CCDA).text
    assert misquoted(raw(source), document) == []


def test_an_html_page() -> None:
    """Hidden text and comments are no words of the note."""
    page = (
        "<!DOCTYPE html><html><head><title>EHR</title><style>p{}</style></head><body><h1>Assessment</h1>"
        "<ul><li>Neck <i>pain</i></li><li><p>Gout</p></li></ul><p hidden>Sciatica</p>"
        '<p style="display: none">Lumbago</p><!-- Torticollis --></body></html>'
    )
    document = read(page)
    assert document.text == "## Assessment\n\n- Neck pain\n- Gout\n"
    assert misquoted(page, document) == []


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<p><input type='checkbox'>Sciatica <input type='checkbox' checked>Gout</p>", "☐ Sciatica ☑ Gout\n"),
        ("<p>Side: <select><option>left</option><option selected>right</option></select></p>", "Side:\nright\n"),
        (
            "<p>Neck <del>Sciatica</del><s>left</s> pain<span style='text-decoration:line-through'>x</span></p>",
            "Neck pain\n",
        ),
        ("Heat<br><br>Rest<br>Walk", "Heat\n\nRest\nWalk\n"),
        (
            "<ul><li>a<ul><li>b</li></ul></li></ul>c<table><tr><th>d</th><td><p>e</p></td></tr></table>",
            "- a\n- b\n\nc\n\nd | e\n",
        ),
    ],
)
def test_forms_and_strikes_of_a_page(inner: str, text: str) -> None:
    """Boxes keep their tick; what is not chosen or is struck out is no word of the note; breaks are breaks."""
    page = f"<html><body>{inner}</body></html>"
    document = read(page)
    assert document.text == text
    assert misquoted(page, document) == []


def test_an_unticked_box_earns_nothing(coder: Coder) -> None:
    """The ticks of a page are read as those of a text."""
    boxes = "<p><input type='checkbox'>Sciatica</p><p><input type='checkbox' checked>Neck pain</p>"
    page = f"<html><body><h2>Assessment</h2>{boxes}</body></html>"
    assert [code.code for code in coder.code(Note(read(page).text)).codes] == ["M54.2"]


def test_preformatted_text_keeps_its_lines() -> None:
    """An export in <pre>, and the bare text of a C-CDA section, have lines that count."""
    page = "<html><body><pre>CC: neck pain\nA:\n\n  Torticollis\n</pre><p>Signed\nhere</p></body></html>"
    document = read(page)
    assert document.text == "CC: neck pain\nA:\n\nTorticollis\n\nSigned here\n"
    assert misquoted(page, document) == []
    bare = CCDA.replace("<text>Hypertension</text>", "<text>1. Gout\n2. Asthma</text>")
    assert read(bare).text.endswith("## Problem list\n1. Gout\n2. Asthma\n")


WORDS = st.text(st.sampled_from("ab \n\t\r.,&<>'\"\u00a0é\U0001f9b5"), max_size=40)


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_any_words_of_json_keep_their_place(words: list[str]) -> None:
    """Whatever a string holds, parts quote it, in order, and no word is lost."""
    source = json.dumps({"plan": words, "hpi": words[0], "assessment": [{"problem": "Gout", "note": words[-1]}]})
    document = read(source)
    assert misquoted(source, document) == []
    quoted = "".join(document.text[part.start : part.end] for part in document.parts)
    assert "".join(quoted.split()) == "".join("".join([*words, words[0], "Gout", words[-1]]).split())


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_any_words_of_markup_keep_their_place(words: list[str]) -> None:
    """The same for a narrative, where blanks run together: every other character is there, quoted by its path."""
    tags = ("p", "li", "b", "td", "pre")
    inner = "".join(f"<{tag}>{escape(one)}</{tag}>" for tag, one in zip(tags, words, strict=False))
    source = json.dumps(
        composition(section=[{"title": "Plan", "text": {"status": "generated", "div": DIV.format(inner)}}])
    )
    if not "".join(words).strip():
        return
    document = read(source)
    assert misquoted(source, document) == []
    quoted = "".join(document.text[part.start : part.end] for part in document.parts)
    assert "".join(quoted.split()) == "Plan" + "".join("".join(words).split())


@pytest.mark.parametrize("text", ["S: Back pain.\r\nA: Lumbago.", "# Plan\n\n* heat", "[Dr Hill] Back pain", "{pain}"])
def test_plain_text_is_untouched(text: str) -> None:
    """One part, the whole text."""
    document = read(text.encode())
    assert (document.text, document.parts, document.form) == (text, (Part(0, len(text)),), "text")


# ------------------------------------------------------------------ what is refused

ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x SYSTEM "https://evil.example/x.dtd">'
OTHER = {"resourceType": "Patient", "id": "p2"}

REFUSED: list[tuple[str, Any, str]] = [
    ("nothing", " \n", "the document is empty. Give"),
    ("JSON cut off", '{"assessment": "Lumbago', "the document is malformed JSON at line 1, column 16. Export"),
    ("JSON with a doubled key", '{"plan": "a", "plan": "b"}', "the document's JSON has the same key twice"),
    ("JSON with NaN", '{"plan": NaN}', "the document's JSON holds NaN"),
    ("JSON too deep", '{"plan": ' + "[" * 200_000, "the document's JSON is nested too deeply"),
    ("JSON of several notes", [FLAT, FLAT], "the document's JSON is a list of several notes. Give one"),
    ("JSON of paperwork", {"subject": "Gout", "data": {"reference": "a b"}}, "the document's JSON has no section of a"),
    (
        "JSON of several notes inside",
        {"notes": [NESTED["soap"], FLAT]},
        "the document's JSON is a list of several notes.",
    ),
    ("JSON of empty sections", {"plan": "", "hpi": " "}, "the document's sections are empty. Give"),
    ("JSON of titled empty sections", {"sections": [{"title": "Plan", "content": ""}]}, "the document's sections are"),
    ("a day that is none", FLAT | {"date_of_service": "2026-02-30"}, "the document's date of service is no day"),
    ("JSON with a script", {"plan": "<script>a()</script>Heat"}, "the document holds a script"),
    ("text with a script", "Plan: heat <SCRIPT src='x'>", "the document holds a script"),
    ("XML with entities", CCDA.replace("?>", f"?>{ENTITY}", 1), "the document has a DOCTYPE"),
    (
        "XML with entities used",
        CCDA.replace("?>", f"?>{ENTITY}", 1).replace("Gout", "&b;"),
        "the document has a DOCTYPE",
    ),
    ("XML with an external DTD", CCDA.replace("?>", f"?>{EXTERNAL}", 1), "the document has a DOCTYPE"),
    ("XML cut off", CCDA[:900], "the document is malformed XML at line"),
    ("another XML", "<note>Back pain.</note>", "the document is XML, but no ClinicalDocument of urn:hl7-org:v3. Give"),
    (
        "XML of FHIR without its type",
        '<Bundle xmlns="http://hl7.org/fhir"/>',
        "the FHIR XML is not of FHIR R4: type has",
    ),
    (
        "XML of R5",
        '<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><issues><OperationOutcome/></issues></Bundle>',
        "the FHIR XML is not of FHIR R4. Export it as R4 (STU3 and R5 are not read), or as JSON.",
    ),
    ("XML of another resource", '<Observation xmlns="http://hl7.org/fhir"/>', "the FHIR input is neither a Bundle nor"),
    ("XML of FHIR with entities", f'{ENTITY}<Bundle xmlns="http://hl7.org/fhir"/>', "the document has a DOCTYPE"),
    (
        "XML of FHIR as an attachment",
        document_reference('<Bundle xmlns="http://hl7.org/fhir"/>', "text/xml"),
        "the attachment at /content/0/attachment/data is XML, but no ClinicalDocument of urn:hl7-org:v3. It is FHIR: ",
    ),
    (
        "a script in XML of FHIR",
        FHIR_XML.replace("<p>Neck", "<script>x</script><p>Neck"),
        "the narrative at /entry/1/resource/section/0/text/div holds a script",
    ),
    (
        "C-CDA of two",
        CCDA.replace(
            "</recordTarget>",
            "</recordTarget><recordTarget><patientRole><id root='1'/></patientRole></recordTarget>",
            1,
        ),
        "the document is of two patients or more. Give",
    ),
    (
        "C-CDA without text",
        CCDA.replace("<text>", "<text nullFlavor='NI'/><x>").replace("</text>", "</x>"),
        "the document has no text",
    ),
    ("HTML with a script", "<html><body><p>Gout</p><script>a()</script></body></html>", "the document holds a script"),
    ("HTML with a handler", "<p onclick='a()'>Gout</p>", "the document holds a script"),
    ("HTML of nothing", "<html><body><p> </p></body></html>", "the HTML page has no text. Give"),
    ("RTF", "{\\rtf1 Gout}", "the document is RTF, which is not read. Save its text as plain text or HTML"),
    ("a PDF", "%PDF-1.7", "the document is a PDF, which is not read. Save"),
    ("Windows-1252", "Gout caf\xe9".encode("cp1252"), "the document is not UTF-8. Save it as UTF-8."),
    ("NUL", "Gout\0", "the document is not text: it holds NUL"),
    ("20 MB", b"a" * 20_000_000, "the document is over 10 MB. Give"),
    (
        "STU3 Composition",
        composition(**{"class": {"text": "note"}}),
        "the Composition at the top is not of FHIR R4: class is no field of it.",
    ),
    (
        "STU3 Condition",
        bundle(composition(), condition("d1", "M54.2", clinicalStatus="active")),
        "the Condition at /entry/1/resource is not of FHIR R4: clinicalStatus has not its shape.",
    ),
    (
        "R5 Encounter",
        bundle(composition(), ENCOUNTER | {"class": [ENCOUNTER["class"]]}),
        "the Encounter at /entry/1/resource is not of FHIR R4: class has not its shape.",
    ),
    (
        "R5 DocumentReference",
        document_reference("Gout", "text/plain", version="1"),
        "the DocumentReference at the top is not of FHIR R4: version is no field of it.",
    ),
    (
        "R5 Bundle",
        bundle(composition()) | {"issues": {"resourceType": "OperationOutcome"}},
        "the Bundle at the top is not of FHIR R4: issues is no field of it.",
    ),
    ("two Patients", bundle(composition(), PATIENT, OTHER), "the FHIR input is of two patients or more. Give one"),
    (
        "two subjects",
        bundle(composition(), condition("d1", "M54.2", subject={"reference": "Patient/p2"})),
        "the FHIR input is of two patients or more. Give one",
    ),
    ("two notes", bundle(composition(), composition(id="c2")), "the FHIR input holds several notes. Give"),
    ("no note", bundle(PATIENT), "the FHIR input holds no note: a Composition or a DocumentReference. Give"),
    ("a void note", bundle(composition(status="entered-in-error")), "the FHIR input holds no note"),
    (
        "an empty note",
        composition(section=[{"title": "Plan", "emptyReason": {"text": "none"}}]),
        "the FHIR note is empty",
    ),
    ("a Bundle in a Bundle", bundle(bundle()), "the Bundle holds a Bundle at /entry/0/resource. Give"),
    ("another resource", {"resourceType": "Observation"}, "the FHIR input is neither a Bundle nor a Composition nor"),
    ("a resourceType that is none", {"resourceType": ["Bundle"]}, "the document's resourceType is no word. Give"),
    (
        "a DocumentReference of nothing",
        {"resourceType": "DocumentReference", "status": "current", "content": []},
        "the DocumentReference at the top has no content. Put",
    ),
    (
        "an attachment that is none",
        document_reference("", "") | {"content": [{"attachment": None}]},
        "the attachment at /content/0/attachment/data has no data",
    ),
    ("a list of resources", [PATIENT, composition()], "the document is a list of FHIR resources. Put them into one"),
    (
        "a narrative with a script",
        composition(
            section=[{"title": "Plan", "text": {"status": "generated", "div": DIV.format("<script>a()</script>")}}]
        ),
        "the narrative at /section/0/text/div holds a script",
    ),
    (
        "a narrative cut off",
        composition(
            section=[
                {
                    "title": "Plan",
                    "text": {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'><p>Gout</div>"},
                }
            ]
        ),
        "the narrative at /section/0/text/div is malformed XML",
    ),
    (
        "an RTF attachment",
        document_reference("{\\rtf1 Gout}", "application/rtf"),
        "the attachment at /content/0/attachment/data is RTF, which is not read. Save its text as plain text or HTML",
    ),
    (
        "RTF without its type",
        document_reference("{\\rtf1 Gout}", None),
        "the attachment at /content/0/attachment/data is RTF",
    ),
    (
        "an image",
        document_reference("GIF87a", "image/gif"),
        "the attachment at /content/0/attachment/data is of a type",
    ),
    (
        "a link",
        document_reference("", "text/plain") | {"content": [{"attachment": {"url": "https://ehr.example/1"}}]},
        "the attachment at /content/0/attachment/data has no data",
    ),
    (
        "WHO's ICD-10",
        bundle(composition(), condition("d1", "M54.5") | {"code": concept(WHO, "M54.5")}),
        "the code at /entry/1/resource/code/coding/0 is of WHO's ICD-10, not of ICD-10-CM. Its system must be http",
    ),
]


@pytest.mark.parametrize(("source", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_refused(source: Any, message: str) -> None:
    """One line that says what to do and repeats nothing of the note."""
    with pytest.raises(NoteError) as refusal:
        read(source if isinstance(source, bytes) else raw(source))
    line = str(refusal.value)
    assert line.startswith(message)
    assert "\n" not in line
    assert not any(word in line for word in ("Gout", "Lumbago", "pain", "evil"))


def test_the_limit_itself_is_read() -> None:
    """A document of exactly the limit is no fault."""
    assert len(read(b"a" * LARGEST).text) == LARGEST
    with pytest.raises(NoteError, match="over 10 MB"):
        read(b"a" * (LARGEST + 1))


@pytest.mark.parametrize(
    ("source", "form", "message"),
    [
        (raw(FLAT), "fhir", "the document is JSON without a resourceType"),
        (raw(FLAT), "ccda", "the document is malformed XML"),
        (CCDA, "fhir", "the document is XML without the namespace http://hl7.org/fhir, so no FHIR"),
        (CCDA, "soap-json", "the document is malformed JSON"),
        (
            FHIR_XML,
            "ccda",
            "the document is XML, but no ClinicalDocument of urn:hl7-org:v3. It is FHIR: give it by itself",
        ),
        ("Back pain.", "soap-json", "the document is malformed JSON"),
        ("Back pain.", "docx", "the form of the document must be auto, text, soap-json, fhir or ccda"),
    ],
)
def test_a_form_that_is_said_is_held_to(source: str, form: str, message: str) -> None:
    """No guess where the caller says what it is."""
    with pytest.raises(NoteError, match=message):
        read(source, form)


def test_a_mapping_for_a_text_is_refused() -> None:
    """It has no paths."""
    with pytest.raises(NoteError, match="a mapping is for JSON"):
        read("Back pain.", mapping=MAPPING)
