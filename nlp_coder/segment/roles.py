"""Sections in order → the same, named by what they are for in this note: their words alone do not always tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp_coder.segment.sections import ASSESSED, BEFORE, EXAMINED, STUDIED, Part

_CONCLUDES = frozenset({"assessment", "assessment and plan", "discharge diagnosis"})
"""Where a clinician concludes; an impression may be a radiologist's."""
_REPORTED = frozenset({"findings", "technique"})
_TELLS = EXAMINED | {"history of present illness", "subjective"}
"""Where a note tells of today; what stands above it was known before."""
_STUDY = frozenset({"indication", "technique", "findings", "imaging"})
_STUDIES = re.compile(r"\b(?:MRIs?|CTs?|EMG|X-?rays?|XRs?|radiographs?|radiolog\w+)\b", re.IGNORECASE)
_AFTER = frozenset({"impression", "instructions", "education", "plan", "referral", "labs", "studies", "procedure"})
"""What else a report of a study may hold."""
_EVALUATION = re.compile(r"\beval", re.IGNORECASE)
_TITLED = frozenset({BEFORE, "administrative", "other"})
_TITLE = 200
"""A title stands within so many characters of the note's beginning."""


def in_their_roles(plain: str, found: Sequence[Part]) -> list[Part]:
    """The sections of a note, with these renamed: a title, a pasted report's impression, a list that concludes."""
    return _concluded(_reported(plain, _studied(_opening(plain, _untitled(plain, found)))))


def _names(found: Iterable[Part]) -> set[str]:
    return {part.name for part in found}


def _untitled(plain: str, found: Sequence[Part]) -> list[Part]:
    """``FOLLOW-UP`` or ``EVALUATION & PLAN OF CARE`` over a note is its title, if an assessment comes later."""
    parts = list(found)
    for index, part in enumerate(parts):
        title = index == 0 or (
            part.heading is not None and plain[part.heading[1] : part.heading[1] + 1] != ":" and part.start < _TITLE
        )
        said = part.name == "plan" or (part.heading is not None and _EVALUATION.search(plain, *part.heading))
        if part.name in ASSESSED and said and title and _names(parts[index + 1 :]) & ASSESSED:
            parts[index] = replace(part, name=BEFORE)
        if part.name not in _TITLED:
            break
    return parts


def _opening(plain: str, found: list[Part]) -> list[Part]:
    """A ``SUMMARY`` above the history or examination sums up what was before, if a conclusion stands below."""
    parts, told = list(found), next((i for i, part in enumerate(found) if part.name in _TELLS), 0)
    if not _names(found[told:]) & (ASSESSED - {"plan"}):
        return parts
    for index, part in enumerate(parts[:told]):
        words = plain[slice(*part.heading)].lower() if part.heading else ""
        if part.name == "assessment" and words.startswith("summary"):
            parts[index] = replace(part, name="history of present illness")
    return parts


def _studied(found: list[Part]) -> list[Part]:
    """In a report of a study whatever stands under a heading of its own before the impression is a finding."""
    names = [part.name for part in found]
    if "impression" not in names or not set(names) & _STUDY or set(names) - _STUDY - _TITLED - _AFTER:
        return found
    first = next(index for index, name in enumerate(names) if name in _STUDY)
    until = names.index("impression")
    return [
        replace(part, name="findings") if part.name == "other" and first < index < until else part
        for index, part in enumerate(found)
    ]


def _reported(plain: str, found: list[Part]) -> list[Part]:
    """The impression of a report pasted into a clinician's note stays with the study: a conclusion comes later."""
    parts, concludes = list(found), _later(found)
    for index in range(1, len(parts)):
        part, before = parts[index], parts[index - 1]
        pasted = before.name in STUDIED or _names_a_study(plain, before, part)
        if part.name != "impression" or not pasted or not concludes[index]:
            continue
        apart = plain[max(0, part.start - 8) : part.start].rstrip(" \t*_#>").endswith(("\n\n", "\r\n\r\n", "\r\r"))
        if before.name in _REPORTED or not apart:
            as_study = before.name in STUDIED - _REPORTED
            parts[index] = replace(part, name=before.name if as_study else "imaging")
    return parts


def _names_a_study(plain: str, before: Part, part: Part) -> bool:
    """Does the paragraph that leads to the heading name a study, in a section that concludes nothing?"""
    leading = re.split(r"\n[ \t]*\r?\n", plain[before.start : part.start])[-1]
    return before.name not in ASSESSED and bool(_STUDIES.search(leading))


def _later(found: list[Part]) -> list[bool]:
    """For each section whether a clinician concludes after it: in an assessment, or an impression of no study."""
    later, concludes = [False] * len(found), False
    for index in range(len(found) - 1, -1, -1):
        later[index] = concludes
        name, before = found[index].name, found[index - 1].name if index else BEFORE
        concludes = concludes or name in _CONCLUDES
        concludes = concludes or (name == "impression" and before not in STUDIED | {"impression"})
    return later


def _concluded(found: list[Part]) -> list[Part]:
    """A list of problems after the examination is the assessment of a note that has no other."""
    names = [part.name for part in found]
    if set(names) & (ASSESSED - {"plan", "problem list"}) or "problem list" not in names:
        return found
    index = len(names) - 1 - names[::-1].index("problem list")
    if not set(names[:index]) & (EXAMINED | STUDIED | {"subjective"}):
        return found
    return [*found[:index], replace(found[index], name="assessment"), *found[index + 1 :]]
