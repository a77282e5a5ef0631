"""Labels and styled text in, rows of a calm page out; and rows as terminal text. Shared by all text output.

Styles are bold, underline and three 256-colour tones whose contrast is 4 to 1 or more on white and on black.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlp_coder.render.visible import Piece, cells, fold

WIDTH = 80
MARGIN = 3
LABEL = 11
"""Columns a label takes, its trailing blank included."""

STYLES = {
    "bold": "1",
    "code": "1;4",
    "other": "4",
    "certain": "1;38;5;29",
    "confirm": "1;38;5;130",
    "error": "1;38;5;161",
}
"""Style names and their SGR parameters."""

Row = list[Piece]


def page(blocks: Iterable[Iterable[Row]], *, styled: bool) -> str:
    """Blocks of rows as text, a blank line between blocks; ``styled`` adds SGR escapes, nothing else does."""
    texts = ("\n".join(_text(row, styled=styled) for row in block) for block in blocks)
    return "\n\n".join(text for text in texts if text) + "\n"


def heading(head: str, text: str, width: int, *, style: str = "", lead: str = "") -> list[Row]:
    """A bold word (a code, an id) and what it is, hanging under itself."""
    return hanging([(lead, ""), (head, "bold"), ("  " if text else "", "")], [(text, style)], width)


def labelled(label: str, text: str | list[Piece], width: int) -> list[Row]:
    """A label and its text in a column of its own; no text, no row."""
    pieces = [(text, "")] if isinstance(text, str) else text
    if not any(part for part, _ in pieces):
        return []
    gutter = " " * MARGIN + label
    if cells(label) < LABEL:
        return hanging([(gutter.ljust(MARGIN + LABEL), "")], pieces, width)
    rest = hanging([(" " * (MARGIN + LABEL), "")], pieces, width)
    return [[(gutter, "")], *rest]


def hanging(head: Row, pieces: list[Piece], width: int) -> list[Row]:
    """A row that begins with ``head``; what does not fit goes on below, under the text."""
    indent = sum(cells(part) for part, _ in head)
    folded = fold(pieces, max(width - indent, 16))
    return [[*(head if number == 0 else [(" " * indent, "")]), *row] for number, row in enumerate(folded)]


def section(title: str, rows: Iterable[Row]) -> list[Row]:
    """A bold title over rows; no rows, no title."""
    found = list(rows)
    return [[(title, "bold")], *found] if found else []


def spaced(items: Iterable[list[Row]]) -> Iterator[Row]:
    """The rows of several items with a blank line between items."""
    for number, rows in enumerate(items):
        if number:
            yield []
        yield from rows


def _text(row: Row, *, styled: bool) -> str:
    parts = (f"\x1b[{STYLES[style]}m{part}\x1b[0m" if styled and style in STYLES else part for part, style in row)
    return "".join(parts).rstrip(" ")
