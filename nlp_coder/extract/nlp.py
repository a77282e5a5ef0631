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
from spacy.util import filter_spans  # noqa: E402

if sys.modules["quickumls"] is _standin:
    del sys.modules["quickumls"]  # whoever wants the real one may still import it

from nlp_coder.extract.quantities import quantities  # noqa: E402
from nlp_coder.lexicon import Cue, Term, Token, load_cues, load_spellings, load_terms, tokens  # noqa: E402
from nlp_coder.types import Context, Mention, Section, Sentence, Span  # noqa: E402

SENTENCES_A_DOC = 40
"""ConText pairs every cue with every target of a Doc, so long notes are read in pieces."""

END_OF_SENTENCE = "¶"
"""An empty token after each sentence: a cue may ask for the end of the sentence, and no term crosses it."""

_GROUP = "mentions"
_STOPPED_BY = {
    "negated": {"PRESENT", "CAUSE", "UNCERTAIN"},
    "uncertain": {"PRESENT"},
    "historical": {"PRESENT", "CURRENT"},
    "hypothetical": {"CAUSE"},
    "family": {"SUBJECT"},
}
_SPOKEN_BY_HEADING = {"family history": Context.FAMILY, "education": Context.HYPOTHETICAL}
_FAR = 8
"""Tokens: a condition further away than this does not reach a problem spoken of as known ("his back pain")."""
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
        self._terms = TargetMatcher(self._nlp, rules=None, result_type="group", span_group_name=_GROUP, prune=False)
        self._terms.add([_target_rule(term) for term in load_terms()])
        self._context = ConText(
            self._nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name=_GROUP
        )
        cues = load_cues()
        self._context.add([_context_rule(cue) for cue in cues])
        self._leads = {cue.tokens: cue.category for cue in cues if cue.direction == "forward" and cue.category in _STOPPED_BY}
        self._headings: dict[tuple[str, ...], Context | None] = {}

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
        led = False
        for number, sentence in enumerate(piece, first):
            here = tokens(masked[sentence.start : sentence.end], self._spellings)
            while here and here[-1].norm == ".":
                here.pop()
            led = number > first and self._goes_on(masked, piece[number - first - 1], sentence, here, led)
            if led and words[-2:-1] == ["?"]:
                words.pop(), starts.pop(), places.pop()  # "Any neck pain? No." is one statement
            for position, token in enumerate([*here, Token(END_OF_SENTENCE, len(masked), len(masked))]):
                words.append(token.norm)
                starts.append(position == 0 and not led)
                end = min(sentence.end, sentence.start + token.end)
                places.append((min(sentence.end, sentence.start + token.start), end, number))
        doc = Doc(self._nlp.vocab, words=words, sent_starts=starts)
        self._terms(doc)
        doc.spans[_GROUP] = filter_spans(doc.spans[_GROUP])  # medspaCy's own pruning loses "lumbar" of "lumbar strain/sprain"
        _add_quantities(doc, masked, piece, first, places)
        self._context(doc)
        for span in doc.spans[_GROUP]:
            yield self._mention(span, text, piece, first, places)

    def _goes_on(self, masked: str, last: Sentence, this: Sentence, here: Sequence[Token], led: bool) -> bool:
        """Is this line said under the one before: an answer to its question, or an item of ``Denies:``?"""
        gap = masked[last.end : this.start]
        if masked[last.end - 1] == "?":
            return bool(here) and here[0].norm in {"no", "yes", "none"}
        if gap.count("\n") > 1 or last.section is not this.section:
            return False
        if masked[last.end - 1] == ":" or gap.strip().startswith(":"):
            lead = [t.norm for t in tokens(masked[last.start : last.end], self._spellings)]
            return self._speaks(lead) is not None
        return led and "\n" in gap

    def _speaks(self, words: Sequence[str]) -> Context | None:
        """The context that a lead-in or heading gives to all below it, if its last words are a forward cue."""
        last = tuple(w for w in words if w != ":")
        for first in range(max(0, len(last) - 6), len(last)):
            if last[first:] in self._leads:
                return Context(self._leads[last[first:]])
        return None

    def _mention(
        self, span: DocSpan, text: str, piece: Sequence[Sentence], first: int, places: list[tuple[int, int, int]]
    ) -> Mention:
        start, end, number = places[span.start][0], places[span.end - 1][1], places[span.start][2]
        sentence = piece[number - first]
        context, cues = _context_of(span, text, places)
        if sentence.ticked is not None:
            context = Context.PRESENT if sentence.ticked else Context.NEGATED
            cues = ()
        elif context is Context.PRESENT:
            context, cues = self._by_heading(sentence.section)
        return Mention(
            means=tuple(span._.target_rule.metadata["means"]),
            span=Span(start, end, text[start:end]),
            sentence=number,
            section=sentence.section.name,
            context=context,
            cues=cues,
        )

    def _by_heading(self, section: Section) -> tuple[Context, tuple[Span, ...]]:
        """``Family history:``, ``Working diagnosis:``, ``Pertinent negatives:`` speak for all that stands below."""
        if section.heading is None:
            return Context.PRESENT, ()
        words = tuple(t.norm for t in tokens(section.heading.text, self._spellings) if t.norm != ":")
        if words not in self._headings:
            spoken = _SPOKEN_BY_HEADING.get(section.name) or self._speaks(words)
            self._headings[words] = None if spoken is Context.HISTORICAL else spoken
        context = self._headings[words]
        return (context, (section.heading,)) if context else (Context.PRESENT, ())


def _target_rule(term: Term) -> Any:
    return TargetRule(" ".join(term.tokens), "TERM", metadata={"means": term.means})


def _context_rule(cue: Cue) -> Any:
    """A cue as medspaCy takes it.

    A cue that only stops others reaches one token: medspaCy 1.3.1 does not see that a scope lies strictly
    inside the stop's own, so a stop over the whole sentence would end no cue of limited reach.
    """
    speaks = cue.category in _STOPPED_BY or cue.category in {"definite", "alive"}
    stops = {stop.upper() for stop in cue.stops} | _STOPPED_BY.get(cue.category, set())
    direction = {"both": "BIDIRECTIONAL"}.get(cue.direction, cue.direction.upper())
    return ConTextRule(
        " ".join(cue.tokens),
        cue.category.upper(),
        direction=direction,
        max_scope=cue.reach if speaks else 1,
        terminated_by=stops | ({"FAMILY"} if cue.category == "definite" else set()),
    )


def _add_quantities(
    doc: Doc, masked: str, piece: Sequence[Sentence], first: int, places: list[tuple[int, int, int]]
) -> None:
    """Put levels, roots, durations and weeks beside the terms; a quantity inside a term is part of the term."""
    terms = list(doc.spans[_GROUP])
    begin = {start: i for i, (start, end, _) in enumerate(places) if end > start}
    finish = {end: i + 1 for i, (start, end, _) in enumerate(places) if end > start}
    extra = []
    for sentence in piece:
        for quantity in quantities(masked[sentence.start : sentence.end]):
            start = begin.get(sentence.start + quantity.start)
            end = finish.get(sentence.start + quantity.end)
            if start is None or end is None:
                continue
            crossed = [t for t in terms if t.start < end and start < t.end]
            if any(t.start < start or end < t.end or (t.start, t.end) == (start, end) for t in crossed):
                continue  # part of a term; a term that is part of the quantity gives way
            terms = [t for t in terms if t not in crossed]
            span = DocSpan(doc, start, end, label="QUANTITY")
            span._.target_rule = TargetRule("quantity", "QUANTITY", metadata={"means": quantity.means})
            extra.append(span)
    doc.spans[_GROUP] = [*terms, *extra]


def _context_of(
    span: DocSpan, text: str, places: list[tuple[int, int, int]]
) -> tuple[Context, tuple[Span, ...]]:
    """The strongest context that a cue gives the span, with the words of those cues."""
    names = {m.category.lower() for m in span._.modifiers}
    for context in _STRONGEST_FIRST:
        bounds = [
            m.modifier_span
            for m in span._.modifiers
            if m.category.lower() == context and not _overruled(context, m, span, names)
        ]
        if bounds:
            quotes = [(places[a][0], places[b - 1][1]) for a, b in bounds]
            return context, tuple(sorted(Span(a, b, text[a:b]) for a, b in quotes))
    return Context.PRESENT, ()


def _overruled(context: Context, cue: Any, span: DocSpan, names: set[str]) -> bool:
    """Is the cue not about this span: a problem spoken of as known, or as alive after a comma, or a level in doubt?"""
    start, end = cue.modifier_span
    if span.start <= start and end <= span.end:
        return True  # medspaCy lets "without" of "spondylosis without myelopathy" negate the whole
    if "definite" in names and any(slot == "problem" for slot, _ in span._.target_rule.metadata["means"]):
        if context in {Context.NEGATED, Context.UNCERTAIN, Context.FAMILY}:
            return start < span.start
        if context is Context.HYPOTHETICAL:
            return span.start - end > _FAR
    between = span.doc[min(end, span.end) : max(start, span.start)].text.split()
    if "alive" in names and context in {Context.NEGATED, Context.UNCERTAIN} and end <= span.start:
        return bool({",", "\u2013", "-"} & set(between)) and "or" not in between
    if context is Context.UNCERTAIN and span.doc[start].text in {"versus", "vs"}:
        left = [s for s in span.doc.spans[_GROUP] if s.end <= start and span.doc[s.start].sent == span.doc[start].sent]
        return bool(left) and left[-1].label_ == "QUANTITY" and span.label_ != "QUANTITY"
    return False
