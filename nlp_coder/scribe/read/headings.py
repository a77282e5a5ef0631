"""Names of sections as sources write them (keys, titles, LOINC codes) → the heading to put into the text."""

from __future__ import annotations

import re

from nlp_coder.scribe.read.written import Writer
from nlp_coder.segment.headings import LABEL, section_of

LOINC = {
    "10154-3": "Chief complaint",
    "29299-5": "Reason for visit",
    "46239-0": "Chief complaint",
    "10164-2": "History of present illness",
    "11348-0": "Past medical history",
    "10167-5": "Past surgical history",
    "47519-4": "Procedures",
    "10157-6": "Family history",
    "29762-2": "Social history",
    "10160-0": "Medications",
    "48765-2": "Allergies",
    "10187-3": "Review of systems",
    "8716-3": "Vital signs",
    "29545-1": "Physical exam",
    "10210-3": "Physical exam",
    "30954-2": "Results",
    "18748-4": "Imaging",
    "11450-4": "Problem list",
    "51848-0": "Assessment",
    "51847-2": "Assessment and plan",
    "18776-5": "Plan",
    "61150-9": "Subjective",
    "61149-1": "Objective",
    "69730-0": "Instructions",
    "10183-2": "Discharge medications",
    "8648-8": "Hospital course",
    "11535-2": "Discharge diagnosis",
}
"""LOINC codes of a document's sections (C-CDA 2.1 and US Core) and what they are called in a note."""

_RESULTS = "30954-2"
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|&|/")
_ABBREVIATIONS = frozenset("cc hpi pmh psh fh sh ros pe ap mdm rfv".split())


def spelled(key: str) -> str:
    """A key as words: ``historyOfPresentIllness`` and ``HISTORY_OF_PRESENT_ILLNESS`` are the same heading."""
    if " " in key.strip():
        return " ".join(key.split())
    words: list[str] = [word.lower() for word in _WORDS.findall(key)]
    if len(words) > 1 and words[0] == "soap":
        words = words[1:]
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "/".join(words).upper()
    if len(words) == 1 and words[0] in _ABBREVIATIONS:
        return words[0].upper()
    return " ".join(words).capitalize()


def is_known(words: str) -> bool:
    """Whether the words head a section of a note."""
    section, exact = section_of(words)
    return exact and section not in (None, LABEL)


def is_clinical(words: str) -> bool:
    """Whether they head a section that tells of the patient: "Subject" or "Reference" is paperwork."""
    return is_known(words) and section_of(words)[0] not in ("administrative", "other")


def heading_of(title: str, loinc: str) -> str:
    """The heading for a section with a title and a LOINC code, "" if neither tells one.

    The title stands where notes know it and the code does not say otherwise: "Problems" of 11450-4 is a problem list.
    """
    named = LOINC.get(loinc, "")
    if is_known(title) and (not named or loinc == _RESULTS or section_of(title)[0] == section_of(named)[0]):
        return title
    return named


def write_heading(writer: Writer, title: str, loinc: str, path: str, *, inner: bool) -> None:
    """A section's heading; within a section a title that notes do not know is a problem of it, such as "Left knee"."""
    words = heading_of(title, loinc)
    if words or not inner:
        writer.head(words or title or "Section", section=title, title=title, path=path)
    elif title.strip():
        writer.item()
        writer.section = title
        writer.quote(title, path)
        writer.line()
