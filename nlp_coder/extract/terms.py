"""Lines → what their words mean: the terms of the word lists and the quantities, the longest of those that overlap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from nlp_coder.extract.lines import Found, Line
from nlp_coder.extract.quantities import Quantity
from nlp_coder.lexicon import Term

BETWEEN = " ¶ "
"""Stands between two lines, so that no term crosses a sentence."""


class TermMatcher:
    """Finds all terms of all lines of a note in one pass over its words."""

    def __init__(self, terms: Sequence[Term]) -> None:
        """One automaton of all terms; a term's words are in normal form."""
        self._means = [term.means for term in terms]
        self._lengths = [len(term.tokens) for term in terms]
        self._search = AhoCorasick([f" {' '.join(term.tokens)} " for term in terms])

    def find(self, lines: Sequence[Line]) -> None:
        """Give each line its terms: of those that overlap the longest, of equally long ones the first."""
        words = [f" {line.words}{BETWEEN}" for line in lines]
        begins = [0, *accumulate(map(len, words))]
        found: dict[int, list[tuple[int, int, int]]] = {}
        for term, start, _ in self._search.find_matches_as_indexes("".join(words), overlapping=True):
            line = bisect_right(begins, start) - 1
            first = words[line].count(" ", 0, start - begins[line])
            found.setdefault(line, []).append((-self._lengths[term], first, term))
        for number, matches in found.items():
            lines[number].found = self._longest(matches)

    def _longest(self, matches: list[tuple[int, int, int]]) -> list[Found]:
        if len(matches) == 1:
            length, start, term = matches[0]
            return [Found(start, start - length, self._means[term])]
        kept: list[Found] = []
        taken: set[int] = set()
        for length, start, term in sorted(matches):
            here = range(start, start - length)
            if taken.isdisjoint(here):
                kept.append(Found(start, start - length, self._means[term]))
                taken.update(here)
        return sorted(kept)


def add_quantities(line: Line, counted: Sequence[Quantity]) -> None:
    """Put levels, roots, durations and weeks beside the terms of a line whose places are known.

    A quantity inside a term is part of the term.
    """
    begin = {start: i for i, (start, _) in enumerate(line.places)}
    finish = {end: i + 1 for i, (_, end) in enumerate(line.places)}
    terms, extra = line.found, list[Found]()
    for quantity in counted:
        start, end = begin.get(quantity.start), finish.get(quantity.end)
        if start is None or end is None:
            continue
        start = max([start, *(t.end for t in terms if t.start < start < t.end < end)])
        crossed = [t for t in terms if t.start < end and start < t.end]
        if any(t.start < start or end < t.end or (t.start, t.end) == (start, end) for t in crossed):
            continue  # part of a term; a term that is part of the quantity gives way
        terms = [t for t in terms if t not in crossed]
        extra.append(Found(start, end, quantity.means, quantity=True))
    line.found = sorted([*terms, *extra])
