"""The medspaCy pipeline, built from our own word lists: sentences in, mentions with their context out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from loguru import logger

logger.disable("PyRuSH")  # as installed it logs every token of a note to stderr

_standin = ModuleType("quickumls")  # medspaCy imports QuickUMLS and with it nltk (1.4 s); we use neither
_standin.spacy_component = None  # type: ignore[attr-defined]  # the one name medspaCy asks for
sys.modules.setdefault("quickumls", _standin)

from medspacy.context import ConText, ConTextRule  # noqa: E402  # after the stand-in
from medspacy.target_matcher import TargetMatcher, TargetRule  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402
from spacy.tokens import Span as DocSpan  # noqa: E402  # after the stand-in
from spacy.util import filter_spans  # noqa: E402
from spacy.vocab import Vocab  # noqa: E402

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
    "past": {"PRESENT"},
}
_CONTEXTS = {"negated", "uncertain", "historical", "hypothetical", "family"}
_CLASSES = {
    "<year>": r"^(?:19|20)\d\d$",
    "<number>": r"^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|several|many|few)$",
}
"""Words of a cue that stand for a class of words."""
_SPOKEN_BY_HEADING = {"family history": Context.FAMILY, "education": Context.HYPOTHETICAL}
_EVERYWHERE = frozenset(
    "the a an of in on at to for with and or is was were are be it her his he she no not has had have from by".split()
)
"""Words of every text: a key word should be none of them."""
_FAR = 8
"""Tokens: a condition further away than this does not reach a problem spoken of as known ("his back pain")."""
_STRONGEST_FIRST = (
    Context.FAMILY,
    Context.HYPOTHETICAL,
    Context.NEGATED,
    Context.HISTORICAL,
    Context.UNCERTAIN,
)


class _Line(NamedTuple):
    """A sentence by its number in the note, its tokens, and whether it is said under the one before it."""

    number: int
    tokens: list[Token]
    led: bool


class Extractor:
    """Holds the word lists and the medspaCy pipeline; ``mentions`` may be called for any number of notes."""

    def __init__(self) -> None:
        """Build the pipeline: our tokens, TargetMatcher with our terms, quantities, ConText with our cues."""
        self._nlp = Language(Vocab())  # no word attributes: our tokens are in normal form already
        self._spellings = load_spellings()
        self._nlp.tokenizer = self._plain_doc
        self._terms = TargetMatcher(
            self._nlp,
            rules=None,
            phrase_matcher_attr="ORTH",
            result_type="group",
            span_group_name=_GROUP,
            prune=False,
        )
        terms = load_terms()
        common = Counter(word for term in terms for word in set(term.tokens))
        self._waiting_terms: dict[str, list[Term]] = {}
        for term in terms:
            self._waiting_terms.setdefault(_key_word(term.tokens, common), []).append(term)
        self._words = frozenset(self._waiting_terms)
        self._problem_words = frozenset(
            word
            for word, terms in self._waiting_terms.items()
            if any(slot == "problem" for t in terms for slot, _ in t.means)
        )
        self._context = ConText(
            self._nlp,
            rules=None,
            phrase_matcher_attr="ORTH",
            span_attrs=None,
            input_span_type="group",
            span_group_name=_GROUP,
        )
        cues = load_cues()
        plain = [cue for cue in cues if not {"|", "*", "<"} & set(cue.text)]
        self._waiting_cues: dict[str, list[Cue]] = {}
        known = Counter(word for cue in plain for word in set(cue.tokens))
        for cue in plain:
            self._waiting_cues.setdefault(_key_word(cue.tokens, known), []).append(cue)
        self._context.add([_context_rule(cue) for cue in cues if {"|", "*", "<"} & set(cue.text)])
        self._leads = {
            cue.tokens: cue.category for cue in plain if cue.direction == "forward" and cue.category in _CONTEXTS
        }
        self._headings: dict[tuple[str, ...], Context | None] = {}

    def mentions(self, text: str, masked: str, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Every mention of the sentences, in order of place; spans quote ``text``, words are read in ``masked``.

        A sentence that holds no word of any term, and no number, holds no mention and is not read; the
        answer is the same with and without this sieve.
        """
        lines = self._lines(masked, sentences)
        if not any(self._problem_words.intersection(t.norm for t in line.tokens) for line in lines):
            return ()
        self._make_ready(lines)
        found: list[Mention] = []
        piece: list[_Line] = []
        for line in self._worth_reading(lines):
            if len(piece) >= SENTENCES_A_DOC and not line.led:
                found.extend(self._read(text, masked, sentences, piece))
                piece = []
            piece.append(line)
        found.extend(self._read(text, masked, sentences, piece))
        return tuple(sorted(found, key=lambda m: (m.span.start, m.span.end)))

    def _make_ready(self, lines: Sequence[_Line]) -> None:
        """Give the matchers the terms and cues whose key word the note holds; no others could match.

        Loading all ten thousand at the start would double the time to a first answer.
        """
        words = {t.norm for line in lines for t in line.tokens} | {END_OF_SENTENCE}
        for word in sorted(words & self._waiting_terms.keys()):
            self._terms.add([_target_rule(term) for term in self._waiting_terms.pop(word)])
        for word in sorted(words & self._waiting_cues.keys()):
            self._context.add([_context_rule(cue) for cue in self._waiting_cues.pop(word)])

    def _lines(self, masked: str, sentences: Sequence[Sentence]) -> list[_Line]:
        """Each sentence's tokens, and whether it is said under the one before it."""
        lines: list[_Line] = []
        for number, sentence in enumerate(sentences):
            here = tokens(masked[sentence.start : sentence.end], self._spellings)
            while here and here[-1].norm == ".":
                here.pop()
            led = number > 0 and self._goes_on(masked, sentences[number - 1], sentence, here, lines[-1].led)
            lines.append(_Line(number, here, led))
        return lines

    def _worth_reading(self, lines: Sequence[_Line]) -> Iterator[_Line]:
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            leads = following is not None and following.led
            if line.led or leads or any(t.norm in self._words or t.norm.isdigit() for t in line.tokens):
                yield line

    def _plain_doc(self, words: str) -> Doc:
        return Doc(self._nlp.vocab, words=[w for w in words.split(" ") if w])

    def _read(self, text: str, masked: str, sentences: Sequence[Sentence], piece: Sequence[_Line]) -> Iterator[Mention]:
        words: list[str] = []
        starts: list[bool | int | None] = []
        places: list[tuple[int, int, int]] = []
        for line in piece:
            sentence = sentences[line.number]
            if line.led and words[-2:-1] == ["?"]:
                words.pop(), starts.pop(), places.pop()  # "Any neck pain? No." is one statement
            for position, token in enumerate([*line.tokens, Token(END_OF_SENTENCE, len(masked), len(masked))]):
                words.append(token.norm)
                starts.append(position == 0 and not line.led)
                end = min(sentence.end, sentence.start + token.end)
                places.append((min(sentence.end, sentence.start + token.start), end, line.number))
        doc = Doc(self._nlp.vocab, words=words, sent_starts=starts)
        self._terms(doc)
        doc.spans[_GROUP] = filter_spans(
            doc.spans[_GROUP]
        )  # medspaCy's own pruning loses "lumbar" of "lumbar strain/sprain"
        _add_quantities(doc, masked, [sentences[line.number] for line in piece], places)
        self._context(doc)
        for span in doc.spans[_GROUP]:
            yield self._mention(span, text, sentences, places)

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
        self, span: DocSpan, text: str, sentences: Sequence[Sentence], places: list[tuple[int, int, int]]
    ) -> Mention:
        start, end, number = places[span.start][0], places[span.end - 1][1], places[span.start][2]
        sentence = sentences[number]
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


def _key_word(words: Sequence[str], common: Counter[str]) -> str:
    """The word of a term or cue to look for first: the one that fewest others share."""
    return min(words, key=lambda word: (word in _EVERYWHERE, common[word], word))


def _target_rule(term: Term) -> Any:
    return TargetRule(" ".join(term.tokens), "TERM", metadata={"means": term.means})


def _context_rule(cue: Cue) -> Any:
    """A cue as medspaCy takes it.

    A cue that only stops others reaches one token: medspaCy 1.3.1 does not see that a scope lies strictly
    inside the stop's own, so a stop over the whole sentence would end no cue of limited reach.
    """
    speaks = cue.category in _STOPPED_BY or cue.category in {"definite", "alive", "past", "dated", "surgery"}
    stops = {stop.upper() for stop in cue.stops} | _STOPPED_BY.get(cue.category, set())
    direction = {"both": "BIDIRECTIONAL"}.get(cue.direction, cue.direction.upper())
    choices = [part for part in cue.text.split() if "|" in part or part.endswith("*") or part in _CLASSES]
    return ConTextRule(
        " ".join(cue.tokens),
        cue.category.upper(),
        pattern=[_one_of(part) for part in cue.text.split()] if choices else None,
        direction=direction,
        max_scope=cue.reach if speaks else 1,
        terminated_by=stops | ({"FAMILY"} if cue.category == "definite" else set()),
    )


def _one_of(part: str) -> dict[str, Any]:
    """A word of a cue as a token pattern: ``er|ed`` is either, ``the*`` may be missing."""
    if part in _CLASSES:
        return {"TEXT": {"REGEX": _CLASSES[part]}}
    one = {"ORTH": {"IN": part.removesuffix("*").split("|")}}
    return {**one, "OP": "?"} if part.endswith("*") else one


def _add_quantities(doc: Doc, masked: str, piece: Sequence[Sentence], places: list[tuple[int, int, int]]) -> None:
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
            start = max([start, *(t.end for t in terms if t.start < start < t.end < end)])
            crossed = [t for t in terms if t.start < end and start < t.end]
            if any(t.start < start or end < t.end or (t.start, t.end) == (start, end) for t in crossed):
                continue  # part of a term; a term that is part of the quantity gives way
            terms = [t for t in terms if t not in crossed]
            span = DocSpan(doc, start, end, label="QUANTITY")
            span._.target_rule = TargetRule("quantity", "QUANTITY", metadata={"means": quantity.means})
            extra.append(span)
    doc.spans[_GROUP] = [*terms, *extra]


def _context_of(span: DocSpan, text: str, places: list[tuple[int, int, int]]) -> tuple[Context, tuple[Span, ...]]:
    """The strongest context that a cue gives the span, with the words of those cues."""
    names = {m.category.lower() for m in span._.modifiers}
    if "past" in names and "current" not in names and ("dated" in names or _reason_of_surgery(span)):
        bounds = [m.modifier_span for m in span._.modifiers if m.category.lower() in {"past", "dated", "surgery"}]
        return Context.HISTORICAL, _quoted(bounds, text, places)
    for context in _STRONGEST_FIRST:
        bounds = [
            m.modifier_span
            for m in span._.modifiers
            if m.category.lower() == context and not _overruled(context, m, span, names)
        ]
        if bounds:
            return context, _quoted(bounds, text, places)
    return Context.PRESENT, ()


def _reason_of_surgery(span: DocSpan) -> bool:
    """``a fusion at C5-6 in 2016 for radiculopathy``: what a past operation was done for."""
    for m in span._.modifiers:
        if m.category.lower() == "surgery":
            between = {t.text for t in span.doc[m.modifier_span[1] : span.start]}
            if between & {"for", "due"} or span.doc[m.modifier_span[1] - 1].text in {"for", "to"}:
                return True
    return False


def _quoted(bounds: Sequence[tuple[int, int]], text: str, places: list[tuple[int, int, int]]) -> tuple[Span, ...]:
    quotes = [(places[a][0], places[b - 1][1]) for a, b in bounds]
    return tuple(sorted(Span(a, b, text[a:b]) for a, b in quotes))


def _overruled(context: Context, cue: Any, span: DocSpan, names: set[str]) -> bool:
    """Is the cue not about this span: a problem spoken of as known, or as alive after a comma, or a level in doubt?"""
    start, end = cue.modifier_span
    if span.start <= start and end <= span.end:
        return True  # medspaCy lets "without" of "spondylosis without myelopathy" negate the whole
    if "definite" in names and any(slot == "problem" for slot, _ in span._.target_rule.metadata["means"]):
        if context in {Context.NEGATED, Context.UNCERTAIN, Context.FAMILY}:
            joined = span.doc[end - 1].text in {"to", "from", "by"} and span.start - end <= 2
            return bool(start < span.start and not joined)  # "possibly related to the UTI" doubts it all the same
        if context is Context.HYPOTHETICAL:
            return bool(span.start - end > _FAR)
    between = span.doc[min(end, span.end) : max(start, span.start)].text.split()
    if "alive" in names and context in {Context.NEGATED, Context.UNCERTAIN} and end <= span.start:
        return bool({",", "\u2013", "-"} & set(between)) and "or" not in between
    if context is Context.UNCERTAIN and span.doc[start].text in {"versus", "vs"}:
        left = [s for s in span.doc.spans[_GROUP] if s.end <= start and span.doc[s.start].sent == span.doc[start].sent]
        return bool(left and left[-1].label_ == "QUANTITY" and span.label_ != "QUANTITY")
    return False
