"""What kind of note is this, and how much does a statement count by where it stands (coding-policy section 1)?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp_coder.assemble.places import SPINE, region_of_level
from nlp_coder.assemble.statement import Statement
from nlp_coder.types import NOT_STATED, Context, Evidence, Mention, Note, Reading, Section, Sentence

ASSESSED = {
    "assessment",
    "assessment and plan",
    "impression",
    "postoperative diagnosis",
    "discharge diagnosis",
}
PLANNED = {"plan"}
BACKGROUND = {
    "past medical history",
    "past surgical history",
    "family history",
    "social history",
    "review of systems",
    "medications",
    "allergies",
    "problem list",
    "administrative",
}
EXAM = {"physical exam", "objective", "vitals"}
STUDIES = {"imaging", "labs", "studies", "findings", "technique"}
TAUGHT = {"instructions", "education"}
UNCOUNTED = {"procedure", "preoperative diagnosis", "indication", "admission diagnosis"}

RANK = {
    "assessed": 7,
    "planned": 6,
    "complaint": 5,
    "presenting": 4,
    "finding": 3,
    "sign": 2,
    "background": 1,
    "education": 0,
}
"""How much each standing weighs when sections contradict each other; the assessment wins."""

_SHOWS = re.compile(
    r"\b(?:mri|ct|x-?rays?|radiographs?|films?|scan|myelogram|imaging|study|studies|emg|report)\b[^.;]{0,80}?"
    r"\b(?:show|reveal|demonstrat|indicat|confirm|note|read|report|consistent)\w*",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:chief complaint|present(?:s|ed|ing)|evaluation of|complain(?:s|ed|ing|ts?)"
    r"|here (?:today )?(?:for|with|because)"
    r"|comes? in|came in|referred|seen (?:today )?for|follow-?\s?up|because of|reason for)\b",
    re.IGNORECASE,
)
_EXAMINER = re.compile(r"\b(?:independent medical|IME\b|disability evaluation|permanent and stationary)", re.IGNORECASE)
_PAIN_MANAGEMENT = {"pain management"}
_DONE_TODAY = re.compile(
    r"\b(?:today|performed|underwent|was (?:placed|injected|advanced)|injected|procedure|administered|tolerated|"
    r"here for|presents for|encounter for|visit for|scheduled)\b",
    re.IGNORECASE,
)
_INTERVENTIONS = {"injection", "block", "ablation", "pump"}


def read(
    note: Note,
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    masked: str,
) -> Reading:
    """The kind of note and the purpose of the encounter."""
    purpose, evidence = _purpose(note, sections, sentences, mentions, masked)
    names = {s.name for s in sections}
    if any(m.get("study") and m.section == "physical exam" for m in mentions):
        names -= {"physical exam"}  # a radiologist's "EXAM:" names the study
    return Reading(kind=_kind(names), purpose=purpose, purpose_evidence=evidence)


def _kind(names: set[str]) -> str:
    if "postoperative diagnosis" in names or {"preoperative diagnosis", "procedure"} <= names:
        return "operative report"
    spoken = {
        "subjective",
        "plan",
        "assessment",
        "assessment and plan",
        "physical exam",
        "medications",
        "review of systems",
    }
    if names & {"findings", "technique"} and names & {"impression", "findings"} and not names & spoken:
        return "imaging report"
    return "clinic" if names & ASSESSED else "fragment"


def _purpose(
    note: Note,
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    masked: str,
) -> tuple[str, tuple[Evidence, ...]]:
    """Given by the caller, or pain-management when pain treatment is performed at this encounter, or therapy."""
    if note.purpose:
        return note.purpose, ()
    current = [
        m for m in mentions
        if m.context is Context.PRESENT and m.section not in BACKGROUND | STUDIES | TAUGHT
    ]  # fmt: skip
    for m in current:
        if m.get("purpose") in _PAIN_MANAGEMENT:
            return "pain-management", (Evidence("purpose", m.span),)
    for m in current:
        sentence = sentences[m.sentence]
        if m.get("procedure") in _INTERVENTIONS and m.section == "procedure":
            return "pain-management", (Evidence("purpose", m.span),)
        if m.get("procedure") in _INTERVENTIONS and _DONE_TODAY.search(masked[sentence.start : sentence.end]):
            return "pain-management", (Evidence("purpose", m.span),)
    for m in current:
        if m.get("purpose") in {"therapy", "independent examination"}:
            return "therapy", (Evidence("purpose", m.span),)
    for section in sections:
        if section.heading and _EXAMINER.search(section.heading.text):
            return "therapy", (Evidence("purpose", section.heading),)
    return "evaluation", ()


def standing(statement: Statement, reading: Reading, sentences: Sequence[Sentence], masked: str) -> str:
    """Where the note makes this statement, as a key of RANK."""
    section = statement.section
    sentence = sentences[statement.sentence]
    before = masked[sentence.start : statement.start]
    if section in TAUGHT:
        return "education"
    if section in BACKGROUND:
        return "background"
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
    if reading.kind == "operative report":
        return _operative(section, sentences)
    if section in ASSESSED:
        return "assessed"
    if section in PLANNED:
        return "planned"
    if section == "chief complaint":
        return "complaint"
    if statement.problem != "pain" and _SHOWS.search(before):
        return "finding"
    return (
        "complaint"
        if _REASON.search(masked, sentence.start, statement.start) and _opens(sentence, sentences)
        else "presenting"
    )


def _opens(sentence: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Is it one of the first three sentences of its section, where a note says why the patient comes?"""
    mine = [s for s in sentences if s.section is sentence.section]
    return sentence in mine[:3]


def _operative(section: str, sentences: Sequence[Sentence]) -> str:
    """The post-operative diagnosis decides, without one the pre-operative; the rest may only specify."""
    if section == "postoperative diagnosis":
        return "assessed"
    if section == "preoperative diagnosis":
        return "background" if _has(sentences, "postoperative diagnosis") else "assessed"
    return "assessed" if section in {"assessment", "discharge diagnosis"} else "finding"


def _has(sentences: Iterable[Sentence], section: str) -> bool:
    return any(s.section.name == section for s in sentences)


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
