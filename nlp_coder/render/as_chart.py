"""The elements, red flags and queries of a note in, text for a reader out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp_coder.render.layout import WIDTH, Row, hanging, labelled, page, section, spaced
from nlp_coder.render.marks import Lines, lines_of
from nlp_coder.types import Evidence

_MARKS = {"found": "[x]", "denied": "[-]", "absent": "[ ]", "present": "[!]", "not documented": "[ ]"}
_ELEMENTS = "Elements: [x] found, [-] denied, [ ] absent"
_FLAGS = "Red flags: [!] present, [-] denied, [ ] not documented"
_SHOWN = 3
Said = tuple[str, str, tuple[Evidence, ...]]
"""A name, its status and the words that say so."""


def as_chart(
    note: str,
    elements: Sequence[Said],
    flags: Sequence[Said],
    queries: Sequence[str],
    *,
    width: int = WIDTH,
    styled: bool = False,
) -> str:
    """Elements, red flags and queries (whole texts) as text that ends with a line feed."""
    lines = lines_of(note)
    spoken = sum(status != "absent" for _, status, _ in elements)
    head = hanging(
        [], [(f"{spoken} of {len(elements)} elements documented ({spoken / len(elements):.0%})", "bold")], width
    )
    raised = [flag for flag in flags if flag[1] == "present"]
    warned = "For clinical review: " + ", ".join(name for name, _, _ in raised) + ". A red flag assigns no code."
    blocks = [
        head,
        section(_ELEMENTS, _list(elements, lines, width)),
        section(_FLAGS, _list(flags, lines, width)),
        labelled("alert", warned if raised else "", width),
        section("Ask the provider", spaced(_query(text, width) for text in queries)),
    ]
    return page(blocks, styled=styled)


def _list(said: Sequence[Said], lines: Lines, width: int) -> Iterator[Row]:
    """A row each, its words behind the longest name."""
    longest = max((len(name) for name, _, _ in said), default=0)
    for name, status, evidence in said:
        words = ["\u00ab" + " ".join(e.text.split()) + f"\u00bb line {lines.at(e.start)}" for e in evidence[:_SHOWN]]
        label = f"   {_MARKS[status]} {name.ljust(longest)}  "
        yield from hanging([(label, "")], [("; ".join(words) or status, "")], width)


def _query(text: str, width: int) -> list[Row]:
    return [
        row
        for line in text.rstrip("\n").split("\n")
        for row in (hanging([("   ", "")], [(line, "")], width) if line else [[]])
    ]
