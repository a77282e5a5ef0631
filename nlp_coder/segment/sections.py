"""Plain text of a note → its sections, each with the pieces of lines that stand under its heading."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from nlp_coder.segment.headings import LABEL, Lead
from nlp_coder.segment.inline import leads
from nlp_coder.segment.spoken import is_spoken

BEFORE = "none"
"""The section of what stands before any heading."""
OTHER = "other"
ASSESSED = frozenset({
    "assessment", "assessment and plan", "plan", "impression", "preoperative diagnosis", "problem list",
    "postoperative diagnosis", "admission diagnosis", "discharge diagnosis",
})  # fmt: skip
"""Sections that list problems: a short line of its own is a problem there, whatever it is written like."""
EXAMINED = frozenset({"physical exam", "review of systems", "vitals", "objective"})
STUDIED = frozenset({"imaging", "studies", "labs", "findings", "technique"})
_DETAILED = ASSESSED | EXAMINED | STUDIED | {"procedure"}
"""Sections with headings of their own inside, which do not end them."""
_MAJOR = frozenset({
    "assessment", "plan", "assessment and plan", "impression", "family history", "history of present illness",
    "past medical history", "review of systems", "physical exam", "objective", "subjective", "social history",
})  # fmt: skip
_MINOR = frozenset({
    "procedure", "instructions", "education", "social history", "past medical history", "administrative",
    "history of present illness", OTHER,
})  # fmt: skip
"""Sections whose words also describe what is seen ("Dressing: dry", "Activity: normal")."""
_OPERATED = frozenset({"preoperative diagnosis", "postoperative diagnosis"})
_TAUGHT = frozenset({"instructions", "education"})
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_RULE = re.compile(r"[ \t]*(?:={3,}|-{3,}|_{3,}|~{3,}|\*{3,})[ \t]*")
_SHOUTING = 0.3
_CAPITALS, _SMALL = string.ascii_uppercase.encode(), string.ascii_lowercase.encode()
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SHORTEST = 3


class Piece(NamedTuple):
    """A line, or what headings left of it; ``width`` is the whole line's length. Empty: a blank line.

    ``spoken``: the line is dictation without punctuation.
    """

    start: int
    end: int
    width: int
    spoken: bool = False


@dataclass(slots=True)
class Part:
    """A section in the making: where its heading stands (None: before any) and the pieces under it."""

    name: str
    start: int
    heading: tuple[int, int] | None
    pieces: list[Piece] = field(default_factory=list)


_ENDS_LIST = frozenset({
    "patient instructions", "discharge instructions", "return precautions", "home instructions", "educated",
    "education", "patient education", "pt education",
})  # fmt: skip
"""Headings that end a list of problems even without a blank line: they are said to the patient, of no one problem."""


class _Around(NamedTuple):
    """What stands around a line, and what kind of heading it stands under.

    ``numbered`` and ``level`` are those of that heading; ``last``: no line follows; ``closing``: an
    assessment or the like has been; ``shouting``: the note is in capitals.
    """

    blank_before: bool
    underlined: bool
    in_list: bool
    numbered: bool
    level: int
    last: bool
    closing: bool
    shouting: bool


def parts(plain: str) -> list[Part]:
    """Plain text → sections in order; the first has no heading if text stands before any."""
    lines = list(_lines(plain))
    shouting, closing = _is_shouting(plain), False
    last = max((i for i, (start, end) in enumerate(lines) if start < end), default=0)
    found = [Part(BEFORE, 0, None)]
    blank, in_list, numbered, level = True, False, False, 0
    for index, (start, end) in enumerate(lines):
        if start == end or _RULE.fullmatch(plain, start, end):
            found[-1].pieces.append(Piece(end, end, 0))
            blank, in_list = True, False
            continue
        under = lines[index + 1] if index + 1 < len(lines) else (0, 0)
        underlined = bool(_RULE.fullmatch(plain, *under)) and plain[under[0] : under[1]].strip()[0] in "=-~"
        begin, spoken = start, is_spoken(plain, start, end)
        for lead in leads(plain, start, end):
            inside = in_list and plain[lead.start : lead.end].lower() not in _ENDS_LIST
            around = _Around(blank, underlined, inside, numbered, level, index == last, closing, shouting)
            name = _opens(lead, found[-1].name, around)
            if not lead.inner:
                in_list = (in_list or lead.opening.listed) and not name
            if name is None:
                continue
            _add(plain, found[-1], begin, lead.start if lead.inner else begin, end - start, spoken)
            closing = closing or name in ASSESSED or name == "administrative"
            found.append(Part(name, lead.start, (lead.start, lead.end)))
            numbered, level = lead.opening.number is not None and not lead.inner, lead.opening.hashed
            begin = lead.body if lead.section not in (None, LABEL) and lead.exact else lead.start
        _add(plain, found[-1], begin, end, end - start, spoken)
        blank = False
    return found if any(p.start < p.end for p in found[0].pieces) else found[1:]


def _lines(plain: str) -> Iterator[tuple[int, int]]:
    """Where each line begins and where its words end; both are the same for a blank line."""
    for match in _LINE.finditer(plain):
        yield match.start(), match.start() + len(match.group().rstrip())


def _add(plain: str, part: Part, start: int, end: int, width: int, spoken: bool) -> None:
    if plain[start:end].strip():
        part.pieces.append(Piece(start, end, width, spoken))


def _is_shouting(plain: str) -> bool:
    """Whether the note is written in capitals, so that capitals alone make no heading."""
    ascii_only = plain.encode("ascii", "ignore")
    beyond = _BEYOND_ASCII.findall(plain)
    upper = len(ascii_only) - len(ascii_only.translate(None, _CAPITALS)) + sum(map(str.isupper, beyond))
    lower = len(ascii_only) - len(ascii_only.translate(None, _SMALL)) + sum(map(str.islower, beyond))
    return lower < _SHOUTING * (upper + lower)


def _opens(lead: Lead, current: str, around: _Around) -> str | None:
    """The section a heading opens where it stands, or None if it is a label, a problem or plain text."""
    at, section = lead.opening, lead.section
    strong = lead.capitals or at.hashed or at.bold or around.underlined
    said = around.blank_before and (current in _OPERATED or section in _TAUGHT)
    apart = lead.colon and (current not in _DETAILED or said)
    if section is None or not (lead.exact or strong or apart):
        return _opens_other(lead, current, around)
    if section == LABEL:
        resumes = current == "vitals" and lead.colon and not lead.measured
        return "physical exam" if resumes else None
    if section == current and not lead.exact:
        return None
    if _nested(section, current) and lead.colon and not lead.alone:
        return None
    if lead.inner:
        return _opens_within(lead, section, current, around)
    if at.number is not None and not (around.numbered or current in (BEFORE, OTHER, "administrative")):
        return section if at.hashed else None
    if (at.bullet or at.lettered) and current in _DETAILED:
        return None
    if current in EXAMINED and section in _MINOR and not (strong or lead.alone or around.blank_before):
        return None
    if current in ASSESSED and around.in_list and not strong and not around.blank_before:
        return None
    if section == "chief complaint" and around.closing and lead.end - lead.start == len("cc"):
        return "administrative"
    return section if strong or lead.colon or around.blank_before or lead.alone else None


def _opens_within(lead: Lead, section: str, current: str, around: _Around) -> str | None:
    """The section a heading within a line opens; in a list of problems only one in capitals or a chief one does."""
    if current in ASSESSED and section == "medications" and lead.end - lead.start == len("Rx"):
        return None if around.in_list else "plan"
    taught = current != "assessment and plan" and section in _TAUGHT
    fits = not around.in_list and (current not in ASSESSED or section in _MAJOR or taught)
    return section if fits or lead.capitals else None


def _nested(section: str, current: str) -> bool:
    """Vital signs are a part of the examination, the comparison of a radiologist's findings."""
    return (current in ("physical exam", "objective") and section == "vitals") or (
        current == "findings" and section == "technique"
    )


def _opens_other(lead: Lead, current: str, around: _Around) -> str | None:
    """An unknown heading opens ``other`` if it is written like a section's and does not stand inside one."""
    if lead.inner or lead.opening.listed or (lead.alone and around.last):
        return None
    if around.in_list and not around.blank_before and not lead.opening.hashed:
        return None
    if lead.alone and (around.underlined or 0 < lead.opening.hashed <= around.level):
        return OTHER
    if current in _DETAILED or around.shouting:
        return None
    long = lead.end - lead.start >= _SHORTEST
    if lead.opening.hashed:
        return OTHER if lead.alone else None
    return OTHER if long and lead.capitals and (lead.colon or lead.alone) else None
