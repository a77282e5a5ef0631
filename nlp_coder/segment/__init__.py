"""Raw note text → masked text, sections and sentences, in one pass and without spaCy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp_coder.segment.headings import LABEL, section_of
from nlp_coder.segment.letters import set_apart
from nlp_coder.segment.lists import LINED, Block, blocks, boxes
from nlp_coder.segment.markup import markup
from nlp_coder.segment.roles import in_their_roles
from nlp_coder.segment.sections import ASSESSED, Part, parts
from nlp_coder.segment.sentences import ends
from nlp_coder.types import Section, Sentence, Span
from nlp_coder.vocabulary import SECTIONS

__all__ = ["ASSESSED", "SECTIONS", "Outline", "outline"]

_LEAD_IN = re.compile(r"[A-Z][A-Za-z /,&'-]{0,30}:(?=\s)")
_YES = frozenset({"yes", "y"})
_STRAY = " \t\n\r\u00a0-–—.,;"
_TRIM = re.compile(r"(?:[\s:;,.|]|[-–—](?=\s))+")


@dataclass(frozen=True, slots=True)
class Outline:
    """A note laid out: its text, the same with all marks blanked, its sections and sentences in order."""

    text: str
    masked: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]


def outline(text: str) -> Outline:
    """Raw note text → its outline; every offset counts code points of ``text``."""
    plain, masked = markup(text)
    found = in_their_roles(plain, set_apart(plain, parts(plain)))
    sections, sentences = list[Section](), list[Sentence]()
    for index, part in enumerate(found):
        stop = found[index + 1].start if index + 1 < len(found) else len(text)
        section = _section(text, part, stop)
        sections.append(section)
        for block in blocks(plain, part):
            sentences += _sentences(plain, masked, block, section)
    return Outline(text, masked, tuple(sections), tuple(sentences))


def _section(text: str, part: Part, stop: int) -> Section:
    if part.heading is None:
        return Section(part.name, None, part.start, stop)
    start, end = part.heading
    return Section(part.name, Span(start, end, text[start:end]), part.start, stop)


def _sentences(plain: str, masked: str, block: Block, section: Section) -> Iterator[Sentence]:
    """A block → its sentences; tick-boxes cut it first."""
    for start, end, label, ticked in _ticked(plain, block):
        begin = start
        for stop in ends(masked, start, end):
            trimmed = _trim(masked, begin, stop)
            begin = stop
            if trimmed is None:
                continue
            label = _known_label(masked, *trimmed) or label
            yield Sentence(*trimmed, section, block.item, label, ticked)


def _trim(masked: str, start: int, end: int) -> tuple[int, int] | None:
    """A range without blanks and stray marks at its ends; None if no letter or digit is in it."""
    match = _TRIM.match(masked, start, end)
    if match:
        start = match.end()
    words = masked[start:end].rstrip()
    return (start, start + len(words)) if any(map(str.isalnum, words)) else None


def _known_label(masked: str, start: int, end: int) -> str:
    match = _LEAD_IN.match(masked, start, end)
    words = match.group()[:-1] if match else ""
    return words if words and section_of(words)[0] == LABEL else ""


def _ticked(plain: str, block: Block) -> Iterator[tuple[int, int, str, bool | None]]:
    """A block → its stretches between tick-boxes: start, end, label, ticked.

    A box stands before its words, or after them if the line ends with one. What stands before the first box
    ("Sciatica: ☐ yes ☑ no") is ticked as its "yes" is.
    """
    found = list(boxes(plain, block.start, block.end))
    if not found:
        yield block.start, block.end, block.label, None
        return
    if any(box["line"] for box in found):
        found = list(LINED.finditer(plain, block.start, block.end))
    marks = [any(box.groups()) for box in found]
    lead = plain[block.start : found[0].start()].strip(_STRAY)
    if lead and not plain[found[-1].end() : block.end].strip(_STRAY):
        starts = [block.start, *(box.end() for box in found[:-1])]
        spans = list(zip(starts, (box.start() for box in found), strict=True))
        lead = ""
    else:
        stops = [*(box.start() for box in found[1:]), block.end]
        spans = list(zip((box.end() for box in found), stops, strict=True))
    label = block.label
    if lead:
        answers = [plain[start:end].strip(_STRAY).lower() for start, end in spans]
        yes = next((mark for mark, word in zip(marks, answers, strict=True) if word in _YES), None)
        yield block.start, found[0].start(), label, yes
        label = lead.rstrip(":") if lead.endswith(":") else label
    for (start, end), mark in zip(spans, marks, strict=True):
        yield start, end, label, mark
