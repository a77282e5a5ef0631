"""A question in, the query a provider gets out: indicators quoted with their place, then neutral choices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp_coder.claims.lint import SPOKEN_CODE, supported
from nlp_coder.types import CodedNote, Evidence, Parsed, Question, Sentence

_LONGEST = 160
"""Code points of a quotation; of a longer sentence the words around the evidence are quoted."""
_MOST = 4
"""Indicators of one query; more hide the question."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the note says and where: the quotation with its offsets, its section and its line, counted from 1."""

    text: str
    section: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be sent: no code, no payment, no choice without an indicator."""

    id: str
    question: str
    indicators: tuple[Indicator, ...]
    options: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole query as plain text."""
        said = [f"{i.section}, line {i.line}: \u00ab{i.text}\u00bb" for i in self.indicators]
        choices = [f"[ ] {option}" for option in self.options]
        return "\n".join(["The note says:", *said, "", self.question, *choices]) + "\n"


def queries(coded: CodedNote, parsed: Parsed) -> tuple[Query, ...]:
    """A query for each question that the note raises and that something in it speaks for."""
    made = (_query(question, parsed) for question in coded.questions)
    return tuple(query for query in made if query.indicators)


def _query(question: Question, parsed: Parsed) -> Query:
    found = dict[str, Indicator]()
    for evidence in sorted(question.evidence, key=lambda e: e.start):
        indicator = _indicator(evidence, parsed)
        found.setdefault(indicator.text.casefold(), indicator)
    indicators = tuple(found.values())[:_MOST]
    quoted = "\n".join(i.text for i in indicators)
    options = tuple(o for o in question.options if supported(o, quoted))
    if len(options) <= len(("one choice", "other", "unable to determine")):
        options = ()  # one choice alone leads: the question is left open
    return Query(question.id, question.text, indicators, options)


def _indicator(evidence: Evidence, parsed: Parsed) -> Indicator:
    """The sentence of a piece of evidence; only the evidence itself where the sentence names a code."""
    text = parsed.note.text
    here = next((s for s in parsed.sentences if s.start <= evidence.start < s.end), None)
    start, end = _around(evidence, here, text) if here else (evidence.start, evidence.end)
    if SPOKEN_CODE.search(text[start:end]):
        start, end = evidence.start, evidence.end
    quoted = re.sub(r"[\s\u00ab\u00bb]+", " ", text[start:end]).strip()
    name = here.section.name if here else "none"
    section = "Note" if name in {"none", "other"} else name.capitalize()
    line = len(re.findall(r"\r\n|\r|\n", text[:start])) + 1
    return Indicator(quoted, section, line, start, end)


def _around(evidence: Evidence, sentence: Sentence, text: str) -> tuple[int, int]:
    """The sentence, or of a long one whole words around the evidence."""
    start, end = sentence.start, max(sentence.end, evidence.end)
    if end - start <= _LONGEST:
        return start, end
    room = max(0, _LONGEST - (evidence.end - evidence.start)) // 2
    first, last = max(start, evidence.start - room), min(end, evidence.end + room)
    blank = re.search(r"\s", text[first : evidence.start]) if first > start else None
    first = first + blank.end() if blank else first if first == start else evidence.start
    cut = text[evidence.end : last].rfind(" ") if last < end else -1
    return first, last if last == end else evidence.end + cut if cut >= 0 else evidence.end
