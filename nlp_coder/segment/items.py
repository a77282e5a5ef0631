"""A line of a section → where the list items, the fields and the dictated sentences on it begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp_coder.segment.headings import Opening
from nlp_coder.segment.sections import ASSESSED, Piece
from nlp_coder.segment.spoken import spoken_sentences

_NUMBER = re.compile(r"(?<=\s)(?:\(?\#?(?=\d{1,2}[.)])|\#)(\d{1,2})[.):]{0,2}[ \t]+(?=[A-Za-z\"(])")
_COUNTED = frozenset(
    "grade type stage level class phase number no axis day week one two three four five six seven eight nine"
    " ten".split()
)
"""Words whose number begins no item: "grade 2.", "two (2) hours"."""
_BARE = re.compile(r"(?<![^\s])(\d{1,2})[ \t]+(?=[A-Za-z])([A-Za-z]+)")
_UNITS = frozenset(
    "d h hr hrs hour hours min mins day days w wk wks week weeks mo mos month months y yr yrs year years x mg mcg g"
    " kg ml cc cm mm lb lbs tab tabs tablet tablets cap caps times of or to and level levels more view views visits"
    " pm am puffs drops units sessions beats".split()
)
"""What a number counts: "2 weeks" begins no item."""
_LETTER = re.compile(r"(?<=[.;,)][ \t])\(?([A-H])[.)][ \t]+(?=[A-Z\d])")
_FIELD = re.compile(r"(?<![ \t])(?=[ ]{3}|[ ]?\t)[ \t]+(?=([A-Z][^:\t\n]{0,40}):(?=\s|\Z))")


class Cut(NamedTuple):
    """Where the text before ends and the text after begins; ``item``: it is the next of a list; its own label."""

    end: int
    start: int
    item: bool = False
    label: str = ""


def cuts(plain: str, section: str, piece: Piece, at: Opening) -> list[Cut]:
    """A piece of a line → the places within it where a new item or statement begins, in order."""
    if piece.spoken:
        return [
            Cut(end, start, item=bool(number) and section in ASSESSED)
            for end, start, number in spoken_sentences(plain, at.start, piece.end)
        ]
    found: list[Cut] = []
    if at.number is not None or section in ASSESSED:
        found += _numbered(plain, piece, at)
    if section in ASSESSED and not found:
        found += _lettered(plain, piece, at) or _bare(plain, piece, at)
    return found or list(_fields(plain, piece, at))


def _numbered(plain: str, piece: Piece, at: Opening) -> Iterator[Cut]:
    """``1. Strain 2) Gout (3) Rash``, counted without a gap."""
    expected = (at.number or 0) + 1
    for match in _NUMBER.finditer(plain, at.start, piece.end):
        if int(match[1]) == expected and _starts_item(plain, at, match):
            expected += 1
            yield Cut(match.start(), match.end(), item=True)


def _starts_item(plain: str, at: Opening, match: re.Match[str]) -> bool:
    """Whether a number within a line begins an item: not "grade 2." or a figure that ends a sentence."""
    before = plain[max(at.start, match.start() - 40) : match.start()].rstrip()
    if not before or before[-1] in ".;:,":
        return True
    counted = at.number is not None or int(match[1]) > 1
    return counted and before.split()[-1].lower() not in _COUNTED


def _bare(plain: str, piece: Piece, at: Opening) -> list[Cut]:
    """``1 strain, 2 gout``: numbers without a mark, if the line begins with 1 and 2 follows."""
    found: list[Cut] = []
    for match in _BARE.finditer(plain, at.start, piece.end):
        if int(match[1]) != len(found) + 1 or match[2].lower() in _UNITS:
            continue
        if not found and match.start() != at.start:
            return []
        before = plain[max(at.start, match.start() - 20) : match.start()].rstrip()
        if not before or before[-1] in ".;,)" or match[2][0].isupper():
            found.append(Cut(match.start(), match.start(2), item=True))
    return found if len(found) > 1 else []


def _lettered(plain: str, piece: Piece, at: Opening) -> list[Cut]:
    """``A. Strain. B. Gout``, if the line begins with A."""
    found: list[Cut] = []
    if not at.lettered or plain[piece.start : at.start].strip(" \t(.)").upper() != "A":
        return found
    for match in _LETTER.finditer(plain, at.start, piece.end):
        if ord(match[1]) == ord("B") + len(found):
            found.append(Cut(match.start(), match.end(), item=True))
    return found


def _fields(plain: str, piece: Piece, at: Opening) -> Iterator[Cut]:
    """``Back pain: No     Neck pain: No``: fields of a form on one line."""
    if plain.find("   ", at.start, piece.end) < 0 and plain.find("\t", at.start, piece.end) < 0:
        return
    for match in _FIELD.finditer(plain, at.start, piece.end):
        yield Cut(match.start(), match.end(), label=match[1])
