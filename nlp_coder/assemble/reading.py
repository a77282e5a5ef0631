"""What kind of note is this, and how much does a statement count by where it stands (coding-policy section 1)?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp_coder.assemble.places import SPINE, region_of_level
from nlp_coder.assemble.purpose import purpose_of
from nlp_coder.assemble.said import Said
from nlp_coder.assemble.sections import ASSESSED, BACKGROUND, EXAM, PLANNED, STUDIES, TAUGHT
from nlp_coder.assemble.statement import Statement
from nlp_coder.types import NOT_STATED, Context, Evidence, Mention, Note, Reading, Section, Sentence

_SHOWS = re.compile(
    r"\b(?:mri|ct|x-?rays?|radiographs?|films?|scan|myelogram|imaging|study|studies|emg|report)\b[^.;]{0,80}?"
    r"\b(?:show|reveal|demonstrat|indicat|confirm|note|read|report|consistent)\w*",
    re.IGNORECASE,
)
_LETTER = re.compile(r"^[ \t]{0,20}dear\b", re.IGNORECASE | re.MULTILINE)
_STUDY_LABEL = re.compile(r"\W*(?:mri|ct|x-?rays?|plain films?|films?|emg|dexa)\b[^.;:\n]{0,60}:\s", re.IGNORECASE)
"""``MRI lumbar spine (yours, January): …`` in a letter that has no headings."""
_STUDY_TITLE = re.compile(
    r"\W*(?:EXAM\w*:?\s*|STUDY:?\s*|PROCEDURE:?\s*)?(?:MRI|MR|CT|CAT|X-?RAYS?|RADIOGRAPHS?|EMG|NCV|NCS"
    r"|NERVE CONDUCTION|ELECTRODIAG\w+|MYELOGRAM|LUMBAR SPINE|CERVICAL SPINE|THORACIC SPINE)\b[^\n]{0,80}\n",
    re.IGNORECASE,
)
_SUMS_UP = re.compile(
    r"(?:in (?:summary|conclusion)|to summari[sz]e|(?:it is )?my (?:impression|assessment|diagnosis|opinion))\b",
    re.IGNORECASE,
)
_JUDGED = re.compile(
    r"(?:^[ \t]{0,20}|[.;]\s{1,3})(?:in summary,? )?(?:my|our|the|final|working)"
    r" (?:diagnosis|diagnoses|impression|assessment) (?:is|are|remains?)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""A letter without headings that says what the diagnosis is has an assessment; the rest is told."""
_TIED_TO_COMPLAINT = re.compile(
    r"\b(?:which|this|that|and)\b[^.;\n]{0,40}\b(?:explain|account|is (?:the )?(?:cause|source|reason)|responsible"
    r"|correlat|caus(?:es|ing))"
    r"|\bin my opinion\b|\bcause of (?:her|his|the patient)",
    re.IGNORECASE,
)
_VISITED = {
    "chief complaint", "history of present illness", "subjective", "physical exam", "review of systems", "findings",
    "technique", "hospital course", "admission diagnosis", "problem list", "imaging",
}  # fmt: skip
"""Sections that a mere procedure note does not have."""
_ASKED_ABOUT = {"pain", "sciatica", "muscle spasm", "sacroiliac pain", "coccyx pain", "sacral pain", "radicular pain"}
_FELT = {"radiculopathy", "sciatica", "myelopathy", "neurogenic claudication", "chronic pain syndrome"}
"""Conditions of the patient that no film shows."""
_STUDY_BEFORE = re.compile(r"\b(?:MRI|CT|x-?rays?|films|myelogram|scan|imaging|EMG)\b", re.IGNORECASE)
_DESCRIBES = re.compile(r"(?:at (?:the )?)?[CTLS]-?\d|there (?:is|are|was|were)\b", re.IGNORECASE)
_INCIDENTAL = re.compile(r"\b(?:incidental(?:ly)?|incid)\b", re.IGNORECASE)
_SAME = re.compile(r"(?:the )?same\b|as above\b|see above\b|unchanged\b", re.IGNORECASE)
_BESIDE = re.compile(r"(?:secondary|additional|other|associated|comorbid)\b", re.IGNORECASE)
"""Headings of diagnoses that stand beside the chief one."""
_REASON = re.compile(
    r"\b(?:chief complaint|present(?:s|ed|ing)|evaluation of|complain(?:s|ed|ing|ts?)"
    r"|here (?:today )?(?:for|with|because)"
    r"|comes? in|came in|referred|seen (?:today )?for|follow-?\s?up|because of|reason for)\b",
    re.IGNORECASE,
)


def read(
    note: Note,
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    masked: str,
) -> Reading:
    """The kind of note, the purpose of the encounter, and what its assessment and plan touch."""
    purpose, evidence = purpose_of(note, sections, sentences, mentions, masked)
    names = {s.name for s in sections}
    if {"procedure", "indication"} <= names:  # the discussion of a procedure is how it went, no assessment
        names = {s.name for s in sections if not (s.heading and s.heading.text.lower() == "discussion")}
    if _LETTER.search(masked) and not names & {"technique", "impression"}:
        names = names - {"findings"}  # a clinician's, on examination
    if "impression" in names and _STUDY_TITLE.match(masked):
        names |= {"findings"}  # a study's report, its findings unheaded
    here = [m for m in mentions if m.section in ASSESSED | PLANNED]
    told = [s for s in statements if s.section in ASSESSED | PLANNED]
    treated = any(s.problem == "pain" and s.region in {NOT_STATED, "back"} for s in told)
    treated = treated or any(m.get("procedure") for m in here)
    hedged = any(m.get("problem") and m.context is Context.UNCERTAIN for m in here)
    regions = {
        m.get("region") or region_of_level(m.get("level") or "L4-L5") for m in here if m.get("region") or m.get("level")
    }
    return Reading(
        kind="clinic" if (kind := _kind(names)) == "fragment" and _JUDGED.search(masked) else kind,
        purpose=purpose,
        purpose_evidence=evidence,
        touched=tuple(sorted(regions & {*SPINE, "back", "sacroiliac", "coccyx"}))
        if not (treated or hedged)
        else ("any",),
        impression="impression" in names,
    )


def _kind(names: set[str]) -> str:
    if "postoperative diagnosis" in names or {"preoperative diagnosis", "procedure"} <= names:
        return "operative report"
    if {"procedure", "indication"} <= names and not names & (ASSESSED | PLANNED | _VISITED):
        return "operative report"
    spoken = {"subjective", "plan", "assessment", "assessment and plan", "medications", "review of systems", "vitals"}
    if names & {"findings", "technique"} and names & {"impression", "findings"} and not names & spoken:
        return "imaging report"
    if names & ASSESSED or "admission diagnosis" in names or {"problem list", "plan"} <= names:
        return "clinic"
    return "fragment"


def standing(statement: Statement, reading: Reading, sentences: Sequence[Sentence], masked: str) -> str:
    """Where the note makes this statement, as a key of RANK."""
    section = statement.section
    sentence = sentences[statement.sentence]
    before = masked[sentence.start : statement.start]
    if section in TAUGHT:
        return "education"
    if section in {"problem list", "admission diagnosis"} and not _diagnosed(sentences, masked):
        return "assessed"  # it is all the assessment the note has
    if section in BACKGROUND or (section == "referral" and statement.problem not in _ASKED_ABOUT):
        return "background"  # a diagnosis in the reason of a referral is another's
    if _SUMS_UP.match(masked, sentence.start):
        return "assessed"
    if section in EXAM:
        return "finding" if _SHOWS.search(before) else "sign"
    if section in STUDIES and statement.problem == "pain":
        return "presenting"  # a symptom is felt, not found
    if section in STUDIES:
        return (
            "assessed"
            if reading.kind == "imaging report" and section == "findings" and not _has(sentences, "impression")
            else "finding"
        )
    if _INCIDENTAL.search(masked, sentence.start, sentence.end) and statement.problem not in _ASKED_ABOUT:
        return "assessed" if reading.kind == "imaging report" and section in ASSESSED else "finding"
    if reading.kind == "operative report":
        return _operative(section, sentences, masked)
    if section in ASSESSED:
        return "assessed"
    if section in PLANNED:
        return "planned"
    if section == "chief complaint":
        return "complaint"
    return _told(statement, sentence, sentences, masked)


def by_referral(said: Sequence[Said], reading: Reading) -> list[Said]:
    """A therapist whose assessment names no problem treats that of the referral, restated without a doubt."""
    concluded = any(s.statement.section in ASSESSED and s.statement.context is Context.PRESENT for s in said)
    if reading.purpose != "therapy" or concluded:
        return list(said)
    return [replace(s, standing="assessed") if s.statement.section == "admission diagnosis" else s for s in said]


def _told(statement: Statement, sentence: Sentence, sentences: Sequence[Sentence], masked: str) -> str:
    """In the history: what a study shows is a finding, why the patient comes a complaint, the rest is told."""
    shown = shows_a_study(statement, sentence, masked)
    if statement.problem != "pain" and shown and not _TIED_TO_COMPLAINT.search(masked, sentence.start, sentence.end):
        return "finding"
    return (
        "complaint"
        if _REASON.search(masked, sentence.start, statement.start) and _opens(statement.sentence, sentences)
        else "presenting"
    )


def shows_a_study(statement: Statement, sentence: Sentence, masked: str) -> bool:
    """Does the sentence say that a study shows it, or go on reading the films?"""
    if _SHOWS.search(masked, sentence.start, statement.start):
        return True
    label = _STUDY_LABEL.match(masked, sentence.start, statement.start)
    if label and statement.problem not in _FELT:
        return True
    return statement.problem not in _FELT and _describes_a_study(sentence, masked)


def _describes_a_study(sentence: Sentence, masked: str) -> bool:
    """``At L5-S1 there is …`` in the paragraph of ``I reviewed his MRI`` goes on reading the films."""
    if not _DESCRIBES.match(masked, sentence.start):
        return False
    paragraph = masked.rfind("\n\n", 0, sentence.start)
    return bool(_STUDY_BEFORE.search(masked, max(0, paragraph, sentence.start - 400), sentence.start))


def _diagnosed(sentences: Sequence[Sentence], masked: str) -> bool:
    """Does any section of diagnoses say more than ``same as above``?"""
    return any(
        s.section.name in ASSESSED
        and not _SAME.match(masked, s.start)
        and not (s.section.heading and _BESIDE.match(s.section.heading.text))
        for s in sentences
    )


def _opens(number: int, sentences: Sequence[Sentence]) -> bool:
    """Is it one of the first three sentences of its section, where a note says why the patient comes?"""
    return number < 3 or sentences[number - 3].section is not sentences[number].section


def _operative(section: str, sentences: Sequence[Sentence], masked: str) -> str:
    """The post-operative diagnosis decides, without one the pre-operative; the rest may only specify."""
    if section == "postoperative diagnosis":
        return "assessed"
    if section == "preoperative diagnosis":
        return "background" if _own_diagnosis(sentences, masked) else "assessed"
    if section == "indication":
        return "finding" if _has(sentences, "preoperative diagnosis", "postoperative diagnosis") else "assessed"
    return "assessed" if section in {"assessment", "assessment and plan", "discharge diagnosis"} else "finding"


def _own_diagnosis(sentences: Sequence[Sentence], masked: str) -> bool:
    """Does the post-operative diagnosis say more than ``same``?"""
    said = " ".join(masked[s.start : s.end] for s in sentences if s.section.name == "postoperative diagnosis")
    return bool(said.strip()) and not _SAME.match(said.strip())


def _has(sentences: Iterable[Sentence], *names: str) -> bool:
    return any(s.section.name in names for s in sentences)


def at_studied_region(statements: Sequence[Statement], mentions: Sequence[Mention]) -> tuple[Statement, ...]:
    """In a report, ``mild degenerative changes`` are of the region studied, if the report names just one."""
    places = {m.get("region"): m for m in mentions if m.get("region") in SPINE and not m.get("problem")}
    levels = {region_of_level(v) for m in mentions for s, v in m.means if s == "level"}
    if len(set(places) | (levels if not places else set())) != 1 or not places:
        return tuple(statements)
    ((region, mention),) = places.items()
    return tuple(
        replace(s, region=region or "", evidence=(*s.evidence, Evidence("region", mention.span)))
        if s.region == NOT_STATED and s.problem != "pain"
        else s
        for s in statements
    )
