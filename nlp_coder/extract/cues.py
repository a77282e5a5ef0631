"""Cues in, a trie of their words; a Doc in, the cues it holds: what medspaCy's ConText is given to reason with.

spaCy's token matcher tries every pattern at every token; here a token leads only to the cues that go on with it.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp_coder.lexicon import Cue, normal_tokens

_CLASSES = {
    "<year>": re.compile(r"(?:19|20)\d\d"),
    "<number>": re.compile(
        r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|several|many|few"
    ),
}
"""Words of a cue that stand for a class of words."""
_FORWARD, _BACKWARD = {"FORWARD", "BIDIRECTIONAL"}, {"BACKWARD", "BIDIRECTIONAL"}
END_OF_SENTENCE = "¶"
"""An empty token after each sentence: a cue may ask for the end of the sentence, and no term crosses it."""
SPEAKING = {"NEGATED", "UNCERTAIN", "HISTORICAL", "HYPOTHETICAL", "FAMILY", "PAST", "DATED", "SURGERY"}
"""Categories of cues that say how something is meant; the others only stop or overrule these."""


class Part(NamedTuple):
    """A word of a cue: which words it may be, or a class of words, and whether it may be missing."""

    words: tuple[str, ...]
    kind: str
    optional: bool


@cache
def parts_of(cue: Cue) -> tuple[Part, ...]:
    """The words of a cue: ``er|ed`` is either, ``the*`` may be missing, ``<year>`` is any year."""
    if not {"|", "*", "<"} & set(cue.text):
        return tuple(Part((word,), "", False) for word in cue.tokens)
    found = []
    for word in cue.text.split():
        if word in _CLASSES:
            found.append(Part((), word, False))
        else:
            choices = word.removesuffix("*").split("|")
            found.append(Part(tuple(_normal(choice) for choice in choices), "", word.endswith("*")))
    return tuple(found)


def _normal(word: str) -> str:
    norms = normal_tokens(word)
    return norms[0] if len(norms) == 1 else word


@lru_cache(maxsize=65_536)
def _classes_of(word: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _CLASSES.items() if pattern.fullmatch(word))


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    classes: list[tuple[str, _Node]] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    def step(self, word: str) -> list[_Node]:
        """Where a word leads from here."""
        child = self.next.get(word)
        if not self.classes:
            return [child] if child else []
        found = [node for kind, node in self.classes if kind in _classes_of(word)]
        return [child, *found] if child else found


class CueMatcher:
    """Stands where medspaCy's ConText has its own matcher: rules in, then of each Doc the cues that count."""

    def __init__(self, vocab: Vocab) -> None:
        """Hold no rule yet."""
        self._strings = vocab.strings
        self._root = _Node()
        self.rule_map: dict[str, Any] = {}
        self.labels: set[str] = set()

    @property
    def rules(self) -> list[Any]:
        """All rules added."""
        return list(self.rule_map.values())

    def add(self, rules: Iterable[Any]) -> None:
        """Add ConText rules whose metadata hold the ``parts`` of their cue."""
        for rule in rules:
            rule._rule_id = f"{rule.category} {rule.literal}"
            self.rule_map[rule._rule_id] = rule
            self.labels.add(rule.category)
            ends = [self._root]
            for part in rule.metadata["parts"]:
                ends = [*_extend(ends, part), *(ends if part.optional else ())]
            for node in ends:
                node.ends.append(rule._rule_id)

    def __call__(self, doc: Doc) -> list[tuple[int, int, int]]:
        """The cues that ``find`` found in the words of the Doc, as ConText wants them."""
        return [(self._strings.add(name), start, end) for name, start, end in doc.user_data["cues"]]

    def reaches(self, cue: tuple[str, int, int], things: Iterable[tuple[int, int, Any]]) -> bool:
        """May a cue say how one of the things is meant: does it speak, and one stand on its side and near enough?"""
        name, start, end = cue
        rule = self.rule_map[name]
        if rule.category not in SPEAKING:
            return False
        far = rule.max_scope if rule.max_scope is not None else sys.maxsize
        forward, backward = rule.direction in _FORWARD, rule.direction in _BACKWARD
        return any((forward and 0 <= a - end <= far) or (backward and 0 <= start - b <= far) for a, b, _ in things)

    def find(self, words: Sequence[str], inside: AbstractSet[int]) -> list[tuple[str, int, int]]:
        """Of cues that overlap the longest; none that cuts a term in two: of "no acute fracture" the cue is "no".

        ``inside`` are the places between two words of a term. Nothing where no cue denies, doubts, dates or attributes.
        """
        found = [m for m in self._all(words) if m[1] not in inside and m[2] not in inside]
        found = _where_one_speaks(found, words)
        kept: list[tuple[str, int, int]] = []
        taken: set[int] = set()
        for name, start, end in sorted(found, key=lambda m: (m[1] - m[2], m[1], m[0])):
            here = range(start, end)
            if taken.isdisjoint(here):  # of "she has had no" both "she has had" and "no" are left
                kept.append((name, start, end))
                taken.update(here)
        return sorted(kept, key=lambda m: m[1])

    def _all(self, words: Sequence[str]) -> list[tuple[str, int, int]]:
        """Every cue at every place: its rule, where it starts and ends."""
        found: list[tuple[str, int, int]] = []
        for start, word in enumerate(words):
            nodes, end = self._root.step(word), start + 1
            while nodes:
                for node in nodes:
                    found += [(name, start, end) for name in node.ends]
                if end == len(words):
                    break
                following = words[end]
                nodes = nodes[0].step(following) if len(nodes) == 1 else [n for m in nodes for n in m.step(following)]
                end += 1
        return found


def _where_one_speaks(found: list[tuple[str, int, int]], words: Sequence[str]) -> list[tuple[str, int, int]]:
    """The cues of sentences in which at least one denies, doubts, dates or attributes; elsewhere nothing is to stop."""
    if not any(name.split(" ", 1)[0] in SPEAKING for name, _, _ in found):
        return []
    ends = [i for i, word in enumerate(words) if word == END_OF_SENTENCE]
    speaking = {bisect_left(ends, start) for name, start, _ in found if name.split(" ", 1)[0] in SPEAKING}
    return [m for m in found if bisect_left(ends, m[1]) in speaking]


def _extend(nodes: Sequence[_Node], part: Part) -> list[_Node]:
    """The nodes that a part of a cue leads to from each of the given ones."""
    if not part.kind:
        return [node.next.setdefault(word, _Node()) for node in nodes for word in part.words]
    found = []
    for node in nodes:
        child = next((child for kind, child in node.classes if kind == part.kind), None)
        if child is None:
            child = _Node()
            node.classes.append((part.kind, child))
        found.append(child)
    return found
