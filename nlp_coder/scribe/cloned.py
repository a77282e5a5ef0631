"""Sentences copied from an earlier note of the same patient, and codes that rest on nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from nlp_coder.scribe.nouns import Finding
from nlp_coder.segment import outline
from nlp_coder.types import CodedNote, Evidence, Span

_WORDS = re.compile(r"\w+(?:['./-]\w+)*")
_LONG = 8
"""Words: a shorter run of sentences ("Low back pain. No fever.") is the same in many notes without a copy."""

_Said = tuple[str, ...]


def copied(text: str, previous: Sequence[str]) -> tuple[Span, ...]:
    """The sentences of a text that stand word for word in an earlier one, in order of place.

    Case, blanks and marks do not count. A run of neighbouring sentences that are neighbours there too counts as
    one, and must have at least eight words together. The time grows with the length of the texts.
    """
    known: set[_Said] = set()
    neighbours: set[tuple[_Said, _Said]] = set()
    for earlier in previous:
        said = [words for words, _ in _sentences(earlier)]
        known.update(said)
        neighbours.update(pairwise(said))
    found: list[Span] = []
    for run in _runs(_sentences(text), known, neighbours):
        if sum(len(words) for words, _ in run) >= _LONG:
            found += [span for _, span in run]
    return tuple(found)


def _sentences(text: str) -> list[tuple[_Said, Span]]:
    spans = (Span(s.start, s.end, text[s.start : s.end]) for s in outline(text).sentences)
    return [(tuple(_WORDS.findall(span.text.casefold())), span) for span in spans]


def _runs(
    sentences: Sequence[tuple[_Said, Span]], known: set[_Said], neighbours: set[tuple[_Said, _Said]]
) -> Iterator[list[tuple[_Said, Span]]]:
    """Stretches of known sentences that follow each other in an earlier text as they do here."""
    run: list[tuple[_Said, Span]] = []
    for words, span in sentences:
        if run and (run[-1][0], words) not in neighbours:
            yield run
            run = []
        if words in known:
            run.append((words, span))
    if run:
        yield run


def clones(coded: CodedNote, previous: Sequence[str]) -> Iterator[Finding]:
    """``cloned`` marks the copied sentences of a note, ``only-cloned`` a code that rests on them alone."""
    spans = copied(coded.note.text, previous)
    if not spans:
        return
    marks = tuple(Evidence("cloned", span) for span in spans)
    number = "1 sentence stands" if len(spans) == 1 else f"{len(spans)} sentences stand"
    yield Finding("cloned", "info", "", f"{number} word for word in an earlier note.", evidence=marks)
    for c in coded.codes:
        if c.evidence and all(any(s.start <= e.start and e.end <= s.end for s in spans) for e in c.evidence):
            text = f"{c.code} rests only on text copied from an earlier note: confirm that it holds today."
            yield Finding("only-cloned", "warning", c.code, text, "guideline IV.J", "", c.evidence)
