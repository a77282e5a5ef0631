"""Cues → ConText rules, and what ConText found → the context of one mention, with the words that give it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Span as DocSpan

from nlp_coder.extract.cues import GROUP, CueMatcher, means, parts_of
from nlp_coder.extract.quiet import ConText, ConTextRule
from nlp_coder.lexicon import Cue
from nlp_coder.types import Context, Span

STOPPED_BY = {
    "negated": {"PRESENT", "CAUSE", "UNCERTAIN"},
    "uncertain": {"PRESENT"},
    "historical": {"PRESENT", "CURRENT"},
    "hypothetical": {"CAUSE"},
    "family": {"SUBJECT"},
    "past": {"PRESENT"},
}
CONTEXTS = {"negated", "uncertain", "historical", "hypothetical", "family"}
Places = Sequence[tuple[int, int, int]]
"""Of each token of a Doc: start and end in the note, and the number of its sentence."""
_INJURIES = {"whiplash", "strain", "sprain", "strain and sprain", "back injury"}
_LASTING = {"chronic", "longstanding", "ongoing", "persistent", "persisting", "continuing", "continued"}
"""Words of what has not ended, though it stands in a list of the patient's history."""
_FAR = 8
"""Tokens: a condition further away than this does not reach a problem spoken of as known ("his back pain")."""
_STRONGEST_FIRST = (
    Context.FAMILY,
    Context.HYPOTHETICAL,
    Context.NEGATED,
    Context.HISTORICAL,
    Context.UNCERTAIN,
)


def cue_reader(nlp: Language) -> Any:
    """MedspaCy's ConText without rules, over the span group, with our way to choose among cues that overlap."""
    reader = ConText(
        nlp, rules=None, phrase_matcher_attr="ORTH", span_attrs=None, input_span_type="group", span_group_name=GROUP
    )
    reader._ConText__matcher = CueMatcher(nlp.vocab)  # it has no other door
    return reader


def context_rule(cue: Cue) -> Any:
    """A cue as medspaCy takes it.

    A cue that only stops others reaches one token: medspaCy 1.3.1 does not see that a scope lies strictly
    inside the stop's own, so a stop over the whole sentence would end no cue of limited reach.
    """
    speaks = cue.category in STOPPED_BY or cue.category in {"definite", "alive", "past", "dated", "surgery"}
    stops = {stop.upper() for stop in cue.stops} | STOPPED_BY.get(cue.category, set())
    direction = {"both": "BIDIRECTIONAL"}.get(cue.direction, cue.direction.upper())
    return ConTextRule(
        " ".join(cue.tokens),
        cue.category.upper(),
        direction=direction,
        max_scope=cue.reach if speaks else 1,
        terminated_by=stops | ({"FAMILY"} if cue.category == "definite" else set()),
        metadata={"parts": parts_of(cue)},
    )


def context_of(span: DocSpan, text: str, places: Places) -> tuple[Context, tuple[Span, ...]]:
    """The strongest context that a cue gives the span, with the words of those cues."""
    names = {m.category.lower() for m in span._.modifiers}
    injury = any(slot == "problem" and value in _INJURIES for slot, value in means(span))
    dated = "dated" in names and ("past" in names or injury)  # "had sciatica in 2012", "whiplash in 2022"
    if "current" not in names and (dated or ("past" in names and _reason_of_surgery(span))):
        bounds = [m.modifier_span for m in span._.modifiers if m.category.lower() in {"past", "dated", "surgery"}]
        return Context.HISTORICAL, _quoted(bounds, text, places)
    for context in _STRONGEST_FIRST:
        bounds = [
            m.modifier_span
            for m in span._.modifiers
            if m.category.lower() == context and not _overruled(context, m, span, names, places)
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


def _quoted(bounds: Sequence[tuple[int, int]], text: str, places: Places) -> tuple[Span, ...]:
    quotes = [(places[a][0], places[b - 1][1]) for a, b in bounds]
    return tuple(sorted(Span(a, b, text[a:b]) for a, b in quotes))


def _asks_otherwise(mark: int, span: DocSpan, places: Places) -> bool:
    """``herniation? Stenosis`` asks of what stands before the mark, ``?herniation`` of what follows it closely."""
    before = mark > 0 and places[mark - 1][1] == places[mark][0]
    after = mark + 1 < len(places) and places[mark][1] == places[mark + 1][0]
    if span.end <= mark:
        return not before or span.end < mark - 1
    return before or (not after and span.start > mark + 2)


def _new_clause(between: Sequence[str]) -> bool:
    """``without deficit, and chronic neck pain``, ``no trauma, …, with radiculopathy``: a new statement begins."""
    for here, word in enumerate(between):
        if word == "," and between[here + 1 : here + 2] == ["with"]:
            return True
        if word == "," and between[here + 1 : here + 2] == ["and"]:
            return bool(_LASTING & set(between[here + 2 :]))
    return False


def _overruled(context: Context, cue: Any, span: DocSpan, names: set[str], places: Places) -> bool:
    """Is the cue not about this span: a problem spoken of as known, or as alive after a comma, or a level in doubt?"""
    start, end = cue.modifier_span
    if span.start <= start and end <= span.end:
        return True  # medspaCy lets "non" of "mechanical, non-specific" negate the whole
    if "definite" in names and any(slot == "problem" for slot, _ in means(span)):
        if context in {Context.NEGATED, Context.UNCERTAIN, Context.FAMILY}:
            joined = span.doc[end - 1].text in {"to", "from", "by"} and span.start - end <= 2
            return bool(start < span.start and not joined)  # "possibly related to the UTI" doubts it all the same
        if context is Context.HYPOTHETICAL:
            given_for = span.doc[max(end, span.start - 2)].text == "for"  # "the handout was given for her neck pain"
            return bool(span.start - end > _FAR or (given_for and start < span.start))
    between = span.doc[min(end, span.end) : max(start, span.start)].text.split()
    if span.doc[start].text == "?" and end - start == 1:
        return _asks_otherwise(start, span, places)
    if context is Context.NEGATED and end <= span.start and _new_clause(between):
        return True
    if "alive" in names and context in {Context.NEGATED, Context.UNCERTAIN} and end <= span.start:
        return bool({",", "\u2013", "-"} & set(between)) and "or" not in between
    if context is Context.HISTORICAL and span.doc[end - 1].text == "of" and start < span.start:
        return (
            span.doc[span.start - 1].text in _LASTING or span[0].text in _LASTING
        )  # "a history of …, chronic back pain"
    if context is Context.UNCERTAIN and span.doc[start].text in {"versus", "vs"}:
        left = [s for s in span.doc.spans[GROUP] if s.end <= start and span.doc[s.start].sent == span.doc[start].sent]
        last = max(left, key=lambda s: s.end, default=None)
        return bool(last and last.label_ == "QUANTITY" and span.label_ != "QUANTITY")
    return False
