"""Any text in, text that is safe to show out: nothing moves a cursor, hides or reorders; and its width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that no reader is handed raw: controls, format (bidi, zero-width), surrogates …"""

Piece = tuple[str, str]
"""Some text and the name of its style ("" for none)."""


def visible(text: str) -> str:
    """One line of text: tabs and odd blanks as blanks, what cannot be seen written out (``<U+202E>``)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\r\n" or category == "Zs":
        return " "
    if category not in ESCAPED:
        return character
    return f"<U+{ord(character):04X}>"


def cells(text: str) -> int:
    """How many terminal columns a visible text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def fold(pieces: Iterable[Piece], width: int) -> list[list[Piece]]:
    """Styled text as lines of at most ``width`` columns, broken at blanks where there are any."""
    characters = [(character, style) for text, style in pieces for character in visible(text)]
    lines = []
    start = 0
    while start < len(characters):
        end, resume = _line_end(characters, start, width)
        lines.append(_joined(characters[start:end]))
        start = resume
        while start < len(characters) and characters[start][0] == " ":
            start += 1
    return lines or [[]]


def _line_end(characters: list[Piece], start: int, width: int) -> tuple[int, int]:
    """Where the line that begins at ``start`` ends, and where the next one begins."""
    used = 0
    blank = -1
    for at in range(start, len(characters)):
        character = characters[at][0]
        used += _cells(character)
        if character == " ":
            blank = at
        if used > width and at > start:
            if blank > start and any(c != " " for c, _ in characters[start:blank]):
                return blank, blank + 1
            return at, at
    return len(characters), len(characters)


def _joined(characters: list[Piece]) -> list[Piece]:
    """Neighbours of one style as one piece."""
    joined: list[Piece] = []
    for character, style in characters:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + character, style)
        else:
            joined.append((character, style))
    return joined
