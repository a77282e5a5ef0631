"""The medspaCy pipeline, built from our own word lists: sentences in, mentions with their context out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from loguru import logger

logger.disable("PyRuSH")  # as installed it logs every token of a note to stderr

_standin = ModuleType("quickumls")  # medspaCy imports QuickUMLS and with it nltk (1.4 s); we use neither
_standin.spacy_component = None  # type: ignore[attr-defined]  # the one name medspaCy asks for
sys.modules.setdefault("quickumls", _standin)

import spacy  # noqa: E402  # after the stand-in
from medspacy.context import ConText, ConTextRule  # noqa: E402
from medspacy.target_matcher import TargetMatcher, TargetRule  # noqa: E402
from spacy.tokens import Doc, Span as DocSpan  # noqa: E402

if sys.modules["quickumls"] is _standin:
    del sys.modules["quickumls"]  # whoever wants the real one may still import it

from nlp_coder.extract.quantities import quantities  # noqa: E402
from nlp_coder.lexicon import Cue, Term, Token, load_cues, load_spellings, load_terms, tokens  # noqa: E402
from nlp_coder.types import Context, Mention, Sentence, Span  # noqa: E402

SENTENCES_A_DOC = 40
"""ConText pairs every cue with every target of a Doc, so long notes are read in pieces."""

END_OF_SENTENCE = "¶"
"""An empty token after each sentence: a cue may ask for the end of the sentence, and no term crosses it."""

_GROUP = "mentions"
_STOPPED_BY = {
    "negated": {"PRESENT", "CAUSE"},
    "uncertain": {"PRESENT"},
    "historical": {"PRESENT", "CURRENT"},
    "hypothetical": set(),
    "family": {"SUBJECT", "PRESENT"},
}
_STRONGEST_FIRST = (
    Context.FAMILY,
    Context.HYPOTHETICAL,
    Context.NEGATED,
    Context.HISTORICAL,
    Context.UNCERTAIN,
)


class Extractor:
    """Loads the word lists into medspaCy once; ``mentions`` may then be called for any number of notes."""

    def __init__(self) -> None:
        """Build the pipeline: our tokens, TargetMatcher with our terms, quantities, ConText with our cues."""
        self._nlp = spacy.blank("en")
        self._spellings = load_spellings()
        self._nlp.tokenizer = self._plain_doc
        self._terms = TargetMatcher(self._nlp, rules=None, result_type="group", span_group_name=_GROUP)
        self._terms.add([_target_rule(term) for term in load_terms()])
        self._context = ConText(
            self._nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name=_GROUP
        )
        self._context.add([_context_rule(cue) for cue in load_cues()])

    def mentions(self, text: str, masked: str, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Every mention of the sentences, in order of place; spans quote ``text``, words are read in ``masked``."""
        found: list[Mention] = []
        for first in range(0, len(sentences), SENTENCES_A_DOC):
            piece = sentences[first : first + SENTENCES_A_DOC]
            found.extend(self._read(text, masked, piece, first))
        return tuple(sorted(found, key=lambda m: (m.span.start, m.span.end)))

    def _plain_doc(self, words: str) -> Doc:
        return Doc(self._nlp.vocab, words=[w for w in words.split(" ") if w])

    def _read(self, text: str, masked: str, piece: Sequence[Sentence], first: int) -> Iterator[Mention]:
        words: list[str] = []
        starts: list[bool] = []
        places: list[tuple[int, int, int]] = []
        for number, sentence in enumerate(piece, first):
            here = tokens(masked[sentence.start : sentence.end], self._spellings)
            for position, token in enumerate([*here, Token(END_OF_SENTENCE, len(masked), len(masked))]):
                words.append(token.norm)
                starts.append(position == 0)
                end = min(sentence.end, sentence.start + token.end)
                places.append((min(sentence.end, sentence.start + token.start), end, number))
        doc = Doc(self._nlp.vocab, words=words, sent_starts=starts)
        self._terms(doc)
        _add_quantities(doc, masked, piece, first, places)
        self._context(doc)
        for span in doc.spans[_GROUP]:
            yield _mention(span, text, piece, first, places)


def _target_rule(term: Term) -> Any:
    return TargetRule(" ".join(term.tokens), "TERM", metadata={"means": term.means})


def _context_rule(cue: Cue) -> Any:
    direction = {"both": "BIDIRECTIONAL"}.get(cue.direction, cue.direction.upper())
    return ConTextRule(
        " ".join(cue.tokens),
        cue.category.upper(),
        direction=direction,
        max_scope=cue.reach,
        terminated_by={stop.upper() for stop in cue.stops} | _STOPPED_BY.get(cue.category, set()),
    )


def _add_quantities(
    doc: Doc, masked: str, piece: Sequence[Sentence], first: int, places: list[tuple[int, int, int]]
) -> None:
    """Put levels, roots, durations and weeks beside the terms; a quantity inside a term is part of the term."""
    taken = {i for span in doc.spans[_GROUP] for i in range(span.start, span.end)}
    begin = {start: i for i, (start, end, _) in enumerate(places) if end > start}
    finish = {end: i + 1 for i, (start, end, _) in enumerate(places) if end > start}
    extra = []
    for sentence in piece:
        for quantity in quantities(masked[sentence.start : sentence.end]):
            start = begin.get(sentence.start + quantity.start)
            end = finish.get(sentence.start + quantity.end)
            if start is None or end is None or taken.intersection(range(start, end)):
                continue
            span = DocSpan(doc, start, end, label="QUANTITY")
            span._.target_rule = TargetRule("quantity", "QUANTITY", metadata={"means": quantity.means})
            extra.append(span)
    doc.spans[_GROUP] = [*doc.spans[_GROUP], *extra]


def _mention(
    span: DocSpan, text: str, piece: Sequence[Sentence], first: int, places: list[tuple[int, int, int]]
) -> Mention:
    start, end, number = places[span.start][0], places[span.end - 1][1], places[span.start][2]
    context, cues = _context_of(span, text, places)
    sentence = piece[number - first]
    if sentence.ticked is not None:
        context = Context.PRESENT if sentence.ticked else Context.NEGATED
        cues = ()
    return Mention(
        means=tuple(span._.target_rule.metadata["means"]),
        span=Span(start, end, text[start:end]),
        sentence=number,
        section=sentence.section.name,
        context=context,
        cues=cues,
    )


def _context_of(
    span: DocSpan, text: str, places: list[tuple[int, int, int]]
) -> tuple[Context, tuple[Span, ...]]:
    """The strongest context that a cue gives the span, with the words of those cues."""
    modifiers = [(Context(m.category.lower()), m.modifier_span) for m in span._.modifiers if m.category.lower() in _STOPPED_BY]
    for context in _STRONGEST_FIRST:
        spans = [bounds for category, bounds in modifiers if category is context]
        if spans:
            quotes = [(places[a][0], places[b - 1][1]) for a, b in spans]
            return context, tuple(sorted(Span(a, b, text[a:b]) for a, b in quotes))
    return Context.PRESENT, ()
