"""The mentions of one sentence and the words between them: who may own what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp_coder.types import Mention

_WORD = re.compile(r"[a-z']+|\d+|[^\s\w]")
LIST = {",", "and", "or", "&", "/", "+", "as", "well", "the", "both", "his", "her", "also", "plus"}
PREPOSITIONS = {
    "of",
    "in",
    "at",
    "over",
    "across",
    "along",
    "around",
    "near",
    "involving",
    "within",
    "affecting",
    "on",
}
TOWARDS = {"to", "into", "down", "towards", "toward", "through", "from"}
DETERMINERS = {
    "the",
    "his",
    "her",
    "their",
    "my",
    "your",
    "a",
    "an",
    "this",
    "that",
    "patient",
    "s",
    "'s",
    "region",
    "area",
}
PLACE_SLOTS = ("region", "level", "root")


class Line:
    """The mentions of one sentence, with the words that stand between them."""

    def __init__(self, masked: str, mentions: Sequence[Mention]) -> None:
        """Words in another sense are left out; nothing is owned yet."""
        self.masked = masked
        self.mentions = [m for m in mentions if not m.get("nothing")]
        self.heads = [m for m in self.mentions if m.get("problem")]
        self.owned: dict[int, list[Mention]] = {id(h): [] for h in self.heads}
        self.owner: dict[int, Mention] = {}
        self.limb_side: dict[int, str] = {}

    def gap(self, start: int, end: int) -> list[str]:
        """Lower-case words and marks between two places, mentions left out."""
        text = self.masked[start:end]
        for m in self.mentions:
            a, b = max(m.span.start, start) - start, min(m.span.end, end) - start
            if a < b:
                text = text[:a] + " " * (b - a) + text[b:]
        words = _WORD.findall(text.lower().replace("-", " "))
        return ["with" if word == "c" else word for word in words]  # "PIVD C6-7 c C7 radiculopathy": c for cum

    def before(self, place: int) -> str:
        """The last word before a place, determiners skipped."""
        words = self.gap(max(0, place - 40), place)
        line_start = self.mentions[0].span.start if self.mentions else 0
        words = self.gap(max(line_start - 20, 0, place - 40), place)
        while words and words[-1] in DETERMINERS:
            words.pop()
        return words[-1] if words else ""

    def own(self, attribute: Mention, head: Mention) -> None:
        """Give an attribute to a problem."""
        self.owned[id(head)].append(attribute)
        self.owner.setdefault(id(attribute), head)


def places_of(line: Line, head: Mention) -> list[Mention]:
    """The regions, levels and roots that a problem owns."""
    return [m for m in line.owned[id(head)] if any(m.get(slot) for slot in PLACE_SLOTS)]
