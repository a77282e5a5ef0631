"""A section's pieces of lines → blocks of running text, each with its place in a list and its label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp_coder.segment.headings import LABEL, Opening, opening, section_of
from nlp_coder.segment.markup import TICKED, UNTICKED
from nlp_coder.segment.sections import ASSESSED, EXAMINED, Part, Piece
from nlp_coder.segment.sentences import abbreviated

BOX = re.compile(
    rf"\[[ \t]?(?P<square>[xX✓✔]?)[ \t]{{0,3}}\]|\([ \t]?(?P<round>[xX✓✔])[ \t]?\)|\([ \t]{{1,3}}\)"
    rf"|(?P<sign>[{TICKED}])|[{UNTICKED}]|(?<!\w)(?P<line>_{{1,3}}[xX✓✔]_{{1,3}})(?!\w)"
)
_WRAPPED = 50
_TELEGRAM = 40
_PROBLEM = 80
_STARTERS = re.compile(r"(?:no|denie[sd]|neg|negative|pos|positive|without|w/o|\+|\(\+\)|\(-\)|-)(?![a-z])", re.I)
_LABEL = re.compile(r"[A-Z][^:\n.;?!\"]{0,60}:(?=\s|\Z)")
_SENTENCE_LIKE = frozenset("he she they we i it the this that these there his her patient pt if".split())
_INLINE = re.compile(r"(?<=\s)\(?\#?(\d{1,2})[.)]{1,2}[ \t]+(?=[A-Za-z\"(])")
_COUNTED = frozenset("grade type stage level class phase number no axis day week".split())


@dataclass(frozen=True, slots=True)
class Block:
    """Running text within one section: half-open offsets, list item (0: none), label."""

    start: int
    end: int
    item: int = 0
    label: str = ""


@dataclass(slots=True)
class _List:
    """Where a list stands: last item given out, the one now open and what opened it."""

    count: int = 0
    item: int = 0
    kind: str = ""
    number: int = 0
    indent: int = 0
    filled: bool = False
    label: str = ""
    sticky: bool = False

    def open(self, kind: str, indent: int, number: int = 0) -> None:
        """Begin the next item."""
        self.count += 1
        self.item, self.kind, self.indent, self.number, self.filled = self.count, kind, indent, number, False

    def close(self) -> None:
        """What follows belongs to no item."""
        self.item, self.kind, self.filled = 0, "", False


def blocks(plain: str, part: Part) -> Iterator[Block]:
    """A section → its blocks in order."""
    state, block, before = _List(), None, None
    pieces = part.pieces
    last_number = max((i for i, p in enumerate(pieces) if opening(plain, p.start, p.end).number), default=-1)
    blank = True
    for index, piece in enumerate(pieces):
        if piece.start == piece.end:
            if block:
                yield block
            if not (state.sticky and before is not None and block and block.end - block.start <= _PROBLEM):
                state.label = ""
            block, blank = None, True
            continue
        at = opening(plain, piece.start, piece.end)
        if block and before and not at.listed and _goes_on(plain, before, piece, at.start):
            block, before = replace(block, end=piece.end), piece
            continue
        if block:
            yield block
        _place(plain, part.name, pieces, index, at, blank, state, index < last_number)
        yield from (inner := _itemised(plain, part.name, at, piece, state))[:-1]
        block, before, blank = inner[-1], piece, False
    if block:
        yield block


def _place(
    plain: str, section: str, pieces: Sequence[Piece], index: int, at: Opening, blank: bool, state: _List, more: bool
) -> None:
    """Say which item a new line belongs to."""
    piece = pieces[index]
    indent = at.start - plain.rfind("\n", 0, at.start)
    if at.number is not None and not (state.kind == "number" and indent > state.indent + 2 and at.number == 1):
        state.open("number", indent, at.number)
    elif at.listed:
        deeper = state.kind == "bullet" and indent > state.indent
        if state.kind not in ("number", "problem") and not deeper and not (at.lettered and state.item):
            state.open("bullet", indent)
        state.filled = True
    elif section in ASSESSED and _is_problem(plain, pieces, index, at, blank):
        state.open("problem", indent)
    elif blank and not more and (state.kind != "problem" or state.filled):
        state.close()
    else:
        state.filled = True
    if at.listed and not state.sticky:
        state.label = ""
    label = _label(plain, at.start, piece.end, section in EXAMINED)
    if label:
        state.label, state.sticky = label, _stands_alone(plain, at.start, piece.end, label)


def _is_problem(plain: str, pieces: Sequence[Piece], index: int, at: Opening, blank: bool) -> bool:
    """A short line after a blank one that heads bullets or lines below it, or is marked up as a heading."""
    piece = pieces[index]
    if at.hashed:
        return True
    words = plain[at.start : piece.end].rstrip(" \t*_")
    if not blank or len(words) > _PROBLEM or not words or words[-1] in ",;?!" or ". " in words:
        return False
    if section_of(words.rstrip(".:"))[0] is not None:
        return False
    below = next((p for p in pieces[index + 1 :] if p.start < p.end), None)
    if below is None:
        return False
    near = pieces[index + 1].start < pieces[index + 1].end
    marks = opening(plain, below.start, below.end)
    follows = marks.bullet or (near and marks.number is None and not plain[marks.start].islower())
    return follows and (words[-1] in ".:" or marks.bullet or at.bold)


def _goes_on(plain: str, before: Piece, piece: Piece, start: int) -> bool:
    """Whether a line carries on the sentence of the line before it."""
    line = plain[before.start : before.end].rstrip(" \t\"'”’)]*_")
    words, first = plain[start : start + 12], plain[start]
    if not line or BOX.search(plain, piece.start, piece.end) or BOX.search(plain, before.start, before.end):
        return False
    if line[-1] in ".:?!":
        return line[-1] == "." and abbreviated(plain, before.start, before.start + len(line), first)
    if _label(plain, start, piece.end, False):
        return False
    if line[-1] == ",":
        return True
    if _STARTERS.match(words) and before.width < _TELEGRAM:
        return False
    if first.islower():
        return not (plain[before.start].islower() and before.width < _TELEGRAM)
    return before.width >= _WRAPPED and not _STARTERS.match(words)


def _label(plain: str, start: int, end: int, examined: bool) -> str:
    """The lead-in at the beginning of a line (``MSK`` of ``MSK: …``), or nothing."""
    match = _LABEL.match(plain, start, min(end, start + 70))
    if match:
        words = match.group()[:-1].rstrip(" *_")
        if len(words.split()) <= 6 and words.split()[0].lower() not in _SENTENCE_LIKE:
            return words
        return ""
    words = plain[start:end].strip(" \t*_:") if end - start <= _PROBLEM else ""
    if examined and words[:1].isupper() and section_of(words)[0] == LABEL:
        return words
    return ""


def _stands_alone(plain: str, start: int, end: int, label: str) -> bool:
    return not plain[start + len(label) : end].strip(" \t:*_")


def _itemised(plain: str, section: str, at: Opening, piece: Piece, state: _List) -> list[Block]:
    """A line → its block, or several if numbered items follow each other on it."""
    expected = (at.number or 0) + 1
    found = [Block(at.start, piece.end, state.item, state.label)]
    if at.number is None and section not in ASSESSED:
        return found
    for match in _INLINE.finditer(plain, at.start, piece.end):
        if int(match[1]) != expected or not _starts_item(plain, at.start, match, at.number is not None):
            continue
        state.open("number", state.indent, expected)
        expected += 1
        state.label = ""
        found[-1] = replace(found[-1], end=match.start())
        found.append(Block(match.end(), piece.end, state.item))
    return found


def _starts_item(plain: str, start: int, match: re.Match[str], listed: bool) -> bool:
    before = plain[max(start, match.start() - 40) : match.start()].rstrip()
    if not before or before[-1] in ".;:,":
        return True
    if before.split()[-1].lower() in _COUNTED:
        return False
    return listed and (")" in match.group() or plain[match.start() - 2 : match.start()].isspace())
