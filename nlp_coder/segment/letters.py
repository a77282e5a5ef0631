"""Sections of a note → the same, with the body of a letter, and what is copied from an earlier note, set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp_coder.segment.sections import ASSESSED, BEFORE, Part, Piece

PAST = "past medical history"
_LETTER = re.compile(r"^[ \t]*(?:My )?Dear [A-Z]|\bYours (?:sincerely|faithfully|truly)\b", re.MULTILINE)
_GREETING = re.compile(r"(?:My )?Dear [A-Z][^\n:;]{0,50}[,:;]?|To whom (?:it|this) may concern[,:.]?")
_NARRATES = re.compile(
    r"(?:Many thanks|Thank you|Thanks) (?:very much |so much |again |indeed )?for\b"
    r"|I (?:have |today |again )*(?:saw|seen|reviewed|met|was (?:asked|pleased)"
    r"|had the (?:pleasure|opportunity|privilege))\b"
    r"|It (?:was|is) (?:a|my) (?:great )?pleasure\b|I am (?:writing|pleased|grateful)\b"
)
_LISTS = ASSESSED | {"medications", PAST, "past surgical history", "allergies"}
"""Sections that stand as lists above the body of a letter."""
_COPY = re.compile(
    r"[ \t]*[-–—=*~_<\[(#>]{1,12}[ \t]*(?P<words>(?:[\w'’/.,:#-]{1,30}[ \t]+){0,8}?"
    r"(?:copied|pasted|copy|paste|imported|carried forward)\b[^\n]{0,120})",
    re.IGNORECASE,
)
_COPY_ENDS = re.compile(
    r"[-–—=*~_<\[(#]{1,12}[ \t]*(?:end|/)[ \t]*(?:of[ \t]+)?(?:the[ \t]+)?"
    r"(?:copy|copied|paste|pasted|import|imported|quote)\b"
    r"(?:[ \t]+(?:text|note|section|forward))?[.:]?(?:[ \t]*[-–—=*~_>\])#]{1,12})?",
    re.IGNORECASE,
)
_MARK = 160
"""A line that says a copy begins is no longer."""
_CLOSERS = " \t-–—=*~_>])#:."


def set_apart(plain: str, found: Sequence[Part]) -> list[Part]:
    """Sections → the same with copies of earlier notes made past history and a letter's body begun where it begins."""
    return _as_letter(plain, _copies(plain, found))


def _as_letter(plain: str, found: list[Part]) -> list[Part]:
    """The body of a letter begins after the greeting, or after the lists of diagnoses and drugs above it."""
    if not ("Dear " in plain or "Yours " in plain) or not _LETTER.search(plain):
        return found
    greeted = next(
        (place for place in _places(found) if _GREETING.fullmatch(plain, place[2].start, place[2].end)), None
    )
    if greeted and found[greeted[0]].name != BEFORE:
        found = _split(found, greeted[0], greeted[1], greeted[2].start)
    for number, index, piece in _places(found):
        at = _narrative(plain, piece)
        if at is not None:
            return _split(found, number, index, at) if found[number].name in _LISTS else found
    return found


def _places(found: list[Part]) -> Iterator[tuple[int, int, Piece]]:
    """Each piece of text with the number of its section and its own."""
    for number, part in enumerate(found):
        for index, piece in enumerate(part.pieces):
            if piece.start < piece.end:
                yield number, index, piece


def _split(found: list[Part], number: int, index: int, at: int) -> list[Part]:
    """Sections → the same, one cut in two at ``at``, which lies in its piece ``index``; the rest has no heading."""
    part = found[number]
    piece = part.pieces[index]
    before = [piece._replace(end=at)] if piece.start < at else []
    head = replace(part, pieces=[*part.pieces[:index], *before])
    tail = Part(BEFORE, at, None, [piece._replace(start=at), *part.pieces[index + 1 :]])
    return [*found[:number], head, tail, *found[number + 1 :]]


def _narrative(plain: str, piece: Piece) -> int | None:
    """Where a piece begins to tell ("I saw this lady …") rather than to list, if it does."""
    at, end = piece.start, piece.end
    while at < end:
        if _NARRATES.match(plain, at, end):
            return at
        stop = plain.find(". ", at, end)
        if stop < 0:
            return None
        at = stop + 2
        while at < end and plain[at] in " \t":
            at += 1
    return None


def _copies(plain: str, found: Sequence[Part]) -> list[Part]:
    """``-- copied from 2/6 --`` … ``-- end copy --``: what stands between is past, whatever its own headings say."""
    if not _COPY_ENDS.search(plain):
        return list(found)
    parts, outer, closes = list[Part](), BEFORE, (-1, -1)
    last = max(match.end() for match in _COPY_ENDS.finditer(plain))
    for part in found:
        if part.start >= closes[1]:
            parts.append(replace(part, pieces=[]))
        else:
            parts[-1].pieces.append(Piece(part.start, part.start, 0))
        for piece in part.pieces:
            mark = _mark(plain, piece) if closes[1] <= piece.start < last else None
            if mark:
                outer, closes = parts[-1].name, mark[2]
                parts.append(Part(PAST, mark[0], mark[:2]))
            elif piece.end < closes[1] or piece.start >= closes[1]:
                parts[-1].pieces.append(piece)
            else:
                parts[-1].pieces.append(piece._replace(end=max(piece.start, closes[0])))
                parts.append(Part(outer, closes[1], None, [piece._replace(start=closes[1])]))
    return [part for part in parts if part.heading or any(plain[p.start : p.end].strip() for p in part.pieces)]


def _mark(plain: str, piece: Piece) -> tuple[int, int, tuple[int, int]] | None:
    """Where the words stand that say a copy begins, and where the mark stands that ends it; None without either."""
    match = _COPY.fullmatch(plain, piece.start, piece.end) if piece.end - piece.start < _MARK else None
    if not match or _COPY_ENDS.match(plain, piece.start, piece.end):
        return None
    closes = _COPY_ENDS.search(plain, piece.end)
    if not closes:
        return None
    start = match.start("words")
    return start, start + len(match["words"].rstrip(_CLOSERS)), closes.span()
