"""A section's pieces of lines → blocks of running text, each with its place in a list and its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nlp_coder.segment.headings import LABEL, Opening, opening, section_of
from nlp_coder.segment.items import cuts
from nlp_coder.segment.markup import TICKED, UNTICKED
from nlp_coder.segment.sections import ASSESSED, EXAMINED, STUDIED, Part, Piece
from nlp_coder.segment.sentences import abbreviated

BOX = re.compile(
    rf"\[[ \t]?(?P<square>[xX✓✔]?)[ \t]{{0,3}}\]|\([ \t]?(?P<round>[xX✓✔])[ \t]?\)|\([ \t]{{1,3}}\)"
    rf"|(?P<sign>[{TICKED}])|[{UNTICKED}]|(?<!\w)(?P<line>_{{1,3}}[xX✓✔]_{{1,3}})(?!\w)"
)
"""A tick-box; it is ticked if one of its groups holds something."""
_BOX_BEGINS = re.compile(rf"[\[(_{TICKED}{UNTICKED}](?:(?<![\[(])|[ \t]?[xX✓✔ \t\]])")
LINED = re.compile(BOX.pattern + r"|(?<!\w)_{1,4}(?=\s)")
"""The same where ``_x_`` is used, so that ``__`` is a box left open."""
_WRAPPED = 50
"""A line this long that ends without an end mark is taken to be wrapped."""
_TELEGRAM = 40
_LEVELS = re.compile(
    r"(?:[CTLS]-?\d{1,2}\s?[-_/\u2013]\s?[CTLS]?-?\d{1,2}(?:\s|[,&:.]|and\b|levels?\b|disc\b|space\b)*)+\Z",
    re.IGNORECASE,
)
"""A line that only names levels heads the lines below it."""
"""Lines shorter than this that begin in lower case, or with a negation, are statements of their own."""
_PROBLEM = 80
_STARTERS = re.compile(
    r"(?:no|denie[sd]|neg|negative|pos|positive|without|w/o|\+|\(\+\)|\(-\)|-)(?![a-z])", re.IGNORECASE
)
_LABEL = re.compile(r"[A-Z][^:\n.;?!\"]{0,60}:(?=\s|\Z)")
_NO_LABEL = frozenset("he she they we i it the this that these there his her patient pt if".split())
_CLOSING = " \t\"'”’)]*_"


class Block(NamedTuple):
    """Running text within one section: half-open offsets, list item (0: none), label."""

    start: int
    end: int
    item: int = 0
    label: str = ""


class _Line(NamedTuple):
    """A piece, its marks, the next one that is not blank, and whether blank lines stand around it."""

    piece: Piece
    at: Opening
    below: _Line | None
    blank_before: bool
    blank_after: bool
    more_numbers: bool


@dataclass(slots=True)
class _List:
    """Where a list stands: the last item given out, the one now open, what opened it and how far in."""

    count: int = 0
    item: int = 0
    kind: str = ""
    indent: int = 0
    filled: bool = False
    label: str = ""
    sticky: bool = False
    named: bool = False

    def open(self, kind: str, indent: int) -> None:
        """Begin the next item."""
        self.count += 1
        self.item, self.kind, self.indent, self.filled = self.count, kind, indent, False

    def close(self) -> None:
        """What follows belongs to no item."""
        self.item, self.kind, self.filled = 0, "", False


def blocks(plain: str, part: Part) -> Iterator[Block]:
    """A section → its blocks in order."""
    state, block, before = _List(), None, None
    margin = max((piece.width for piece in part.pieces), default=0)
    for line in _lines(plain, part.pieces):
        if block and before and not line.blank_before and _goes_on(plain, before, line, margin):
            block, before = block._replace(end=line.piece.end), line
            continue
        if block:
            yield block
        _place(plain, part.name, line, state)
        _name(plain, part.name, line, state)
        *done, block = _itemised(plain, part.name, line, state)
        yield from done
        before = line
    if block:
        yield block


def _lines(plain: str, pieces: list[Piece]) -> list[_Line]:
    """The pieces that hold text, each knowing what stands around it."""
    found: list[_Line] = []
    below, more = None, False
    for index in range(len(pieces) - 1, -1, -1):
        piece = pieces[index]
        if piece.start == piece.end:
            continue
        before = index == 0 or pieces[index - 1].start == pieces[index - 1].end
        after = index + 1 == len(pieces) or pieces[index + 1].start == pieces[index + 1].end
        below = _Line(piece, opening(plain, piece.start, piece.end), below, before, after, more)
        more = more or below.at.number is not None
        found.append(below)
    return found[::-1]


def _place(plain: str, section: str, line: _Line, state: _List) -> None:
    """Say which item a new line belongs to."""
    at, piece = line.at, line.piece
    whole = piece.width == piece.end - piece.start
    indent = at.start - piece.start if whole else 0
    nested = state.kind == "number" and at.number == 1 and indent > state.indent + 2
    if at.number is not None and not nested:
        state.open("number", indent)
    elif at.listed:
        kind = "letter" if at.lettered else "bullet"
        deeper = state.kind == "bullet" and (indent > state.indent or at.lettered)
        if state.kind not in ("number", "problem") and not deeper:
            state.open(kind, indent)
        state.filled = True
    elif section in ASSESSED and _is_problem(plain, line, state):
        state.open("problem", indent)
    elif line.blank_before and not line.more_numbers and (state.kind != "problem" or state.filled):
        state.close()
    else:
        state.filled = True


def _name(plain: str, section: str, line: _Line, state: _List) -> None:
    """Say under which label a new line stands: its own, or one that stood alone above it."""
    apart = line.blank_before and state.named
    if not state.sticky or line.at.number is not None or apart:
        state.label, state.sticky = "", False
    label, state.named = _label(plain, line, section in EXAMINED | STUDIED), True
    if label:
        rest = plain[line.at.start + len(label) : line.piece.end]
        state.label, state.sticky = label, not rest.strip(" \t:*_")
        state.named = not state.sticky


def _is_problem(plain: str, line: _Line, state: _List) -> bool:
    """A short line that heads bullets or lines below it, or is marked up as a heading."""
    if line.at.hashed:
        return True
    words = plain[line.at.start : line.piece.end].rstrip(" \t*_")
    if line.below is None or not words or len(words) > _PROBLEM or words[-1] in ",;?!" or ". " in words:
        return False
    marks = line.below.at
    bullets = marks.bullet or marks.lettered
    if not (line.blank_before or (state.filled and bullets)) or section_of(words.rstrip(".:"))[0]:
        return False
    if bullets:
        return True
    if line.blank_after or marks.number is not None or plain[marks.start].islower():
        return False
    text = line.below.piece.end - marks.start > _TELEGRAM
    return words[-1] == ":" or (text and (words[-1] == "." or line.at.bold))


def _goes_on(plain: str, before: _Line, line: _Line, margin: int) -> bool:
    """Whether a line carries on the sentence of the line before it; ``margin`` is the width of the widest line."""
    piece, start, width = before.piece, line.at.start, before.piece.width
    words = plain[piece.start : piece.end].rstrip(_CLOSING)
    if line.at.listed or not words or start >= line.piece.end:
        return False
    if _boxed(plain, piece) or _boxed(plain, line.piece):
        return False
    first = plain[start]
    if words[-1] in ".:?!":
        return words[-1] == "." and abbreviated(plain, piece.start, piece.start + len(words), first)
    if _label(plain, line, False) or _LEVELS.match(plain, start, line.piece.end):
        return False
    if words[-1] == ",":
        return True
    if _STARTERS.match(plain, start, start + 12):
        return first.islower() and width >= _TELEGRAM
    if first.islower():
        return width >= _TELEGRAM or not plain[before.at.start].islower()
    return width >= _WRAPPED and not _broken_early(plain, width, line, margin)


def _broken_early(plain: str, width: int, line: _Line, margin: int) -> bool:
    """Would the first word of a line have had room on the line before it? Then its author began a new one."""
    word = plain[line.at.start : line.piece.end].split(maxsplit=1)[0]
    return width + 1 + len(word) <= margin


def _boxed(plain: str, piece: Piece) -> bool:
    return any(True for _ in boxes(plain, piece.start, piece.end))


def boxes(plain: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The tick-boxes of a range; hardly a range has a sign that a box begins with."""
    first = _BOX_BEGINS.search(plain, start, end)
    return BOX.finditer(plain, first.start(), end) if first else iter(())


def _label(plain: str, line: _Line, examined: bool) -> str:
    """The lead-in at the beginning of a line (``MSK`` of ``MSK: …``), or nothing."""
    start, end = line.at.start, line.piece.end
    match = _LABEL.match(plain, start, min(end, start + 70))
    if match:
        words = match.group()[:-1].rstrip(" *_")
        plainly = len(words.split()) <= 6 and words.split()[0].lower() not in _NO_LABEL
        return words if plainly or section_of(words)[0] else ""
    words = plain[start:end].strip(" \t*_:") if end - start <= _PROBLEM else ""
    return words if examined and words[:1].isupper() and section_of(words) == (LABEL, True) else ""


def _itemised(plain: str, section: str, line: _Line, state: _List) -> list[Block]:
    """A line → its block, or several if items, fields or dictated sentences follow each other on it."""
    end = line.piece.end
    found = [Block(line.at.start, end, state.item, state.label)]
    for cut in cuts(plain, section, line.piece, line.at):
        if cut.item:
            state.open("number", state.indent)
            state.label = ""
        label = cut.label or ("" if cut.item else found[-1].label)
        found[-1] = found[-1]._replace(end=cut.end)
        found.append(Block(cut.start, end, state.item, label))
    return found
