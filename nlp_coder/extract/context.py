"""Cues → ConText rules, and what ConText found → the context of one mention, with the words that give it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.vocab import Vocab

from nlp_coder.extract.cues import END_OF_SENTENCE, SPEAKING, CueMatcher, parts_of
from nlp_coder.extract.lines import Line
from nlp_coder.extract.quiet import ConText, ConTextRule
from nlp_coder.lexicon import Cue
from nlp_coder.types import Context, Sentence, Span

GROUP = "mentions"
"""The span group that we and ConText share."""

STOPPED_BY = {
    "negated": {"PRESENT", "CAUSE", "UNCERTAIN"},
    "uncertain": {"PRESENT"},
    "historical": {"PRESENT", "CURRENT"},
    "hypothetical": {"CAUSE"},
    "family": {"SUBJECT"},
    "past": {"PRESENT"},
    "surgery": {"PRESENT"},
}
CONTEXTS = {"negated", "uncertain", "historical", "hypothetical", "family"}
Places = Sequence[tuple[int, int]]
"""Of each token of a Doc: start and end in the note."""
Said = tuple[Context, tuple[Span, ...]]
"""How a mention is meant, and the words that say so."""
_WHOLE = {"problem", "nothing"}
"""Slots of the terms that a cue must leave whole; "history of" may well begin in "3 years' history of"."""
_INJURIES = {"whiplash", "strain", "sprain", "strain and sprain", "back injury"}
_STRUCTURAL = {
    "disc displacement", "disc degeneration", "disc disorder", "disc disruption", "stenosis", "foraminal stenosis",
    "spondylosis", "facet arthropathy", "spondylolisthesis", "spondylolysis",
}  # fmt: skip
"""Diseases that outlast the symptoms they gave."""
_DASHES = {"-", "\u2013", "\u2014", ":"}
_LASTING = {"chronic", "longstanding", "ongoing", "persistent", "persisting", "continuing", "continued"}
"""Words of what has not ended, though it stands in a list of the patient's history."""
_VERBS = {"hurt", "hurts", "hurting", "ache", "aches"}
"""Problems told by a verb: of "at no point did his neck hurt" the neck is the patient's, the hurting is denied."""
_FAR = 8
"""Tokens: a condition further away than this does not reach a problem spoken of as known ("his back pain")."""
_BEHIND = re.compile(r"\b(?:post|postop|postoperative|s / p|pod|after|following|out from|out of)\b")
"""Words before the name of an operation that is done."""
_EVERYWHERE = frozenset(
    "the a an of in on at to for with and or is was were are be it her his he she no not has had have from by".split()
)
"""Words of every text: a key word should be none of them."""
_STRONGEST_FIRST = (
    Context.FAMILY,
    Context.HYPOTHETICAL,
    Context.NEGATED,
    Context.HISTORICAL,
    Context.UNCERTAIN,
)


class ContextReader:
    """MedspaCy's ConText with our cues, over Docs of a few lines; cues are given to it when a note has their words."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        """Hold the cues; none is ready yet: all at once would double the time to a first answer."""
        self._vocab = Vocab()  # no word attributes: our words are in normal form already
        self._cues = CueMatcher(self._vocab)
        self._waiting = _by_key_word(cues)
        self._speaking = telling_words(cues)
        self._known: set[str] = set()
        self._context = ConText(
            Language(self._vocab), rules=None, phrase_matcher_attr="ORTH", span_attrs=None, input_span_type="group",
            span_group_name=GROUP,
        )  # fmt: skip
        self._context._ConText__matcher = self._cues  # it has no other door

    def make_ready(self, words: AbstractSet[str]) -> None:
        """Get ready the cues whose key word is among the words of a note; no others could match."""
        for word in sorted(self._waiting.keys() & words):
            new = [cue for cue in self._waiting.pop(word) if cue.text not in self._known]
            self._context.add([context_rule(cue) for cue in new])
            self._known.update(cue.text for cue in new)

    def contexts(self, lines: Sequence[Line], text: str, sentences: Sequence[Sentence]) -> list[list[Said]] | None:
        """How each thing found in a line and the lines said under it is meant; None: nothing says, all is present."""
        words, starts = _joined(lines)
        if self._speaking.isdisjoint(words):
            return None
        terms = [
            (f.start + start, f.end + start, f)
            for line, start in zip(lines, starts, strict=True) for f in line.found
        ]  # fmt: skip
        whole = [t for t in terms if any(slot in _WHOLE for slot, _ in t[2].means)]
        cues = self._cues.find(words, {i for start, end, _ in whole for i in range(start + 1, end)})
        if not any(self._cues.reaches(cue, terms) for cue in cues):
            return None
        begins: list[bool | int | None] = [n == 0 for n in range(len(words))]
        meanings = {(start, end): f.means for start, end, f in terms}
        doc = Doc(self._vocab, words=words, sent_starts=begins, user_data={"cues": cues, "means": meanings})
        doc.spans[GROUP] = [DocSpan(doc, a, b, label="QUANTITY" if f.quantity else "TERM") for a, b, f in terms]
        self._context(doc)
        places = _places(lines, starts, len(words), sentences)
        said = iter([context_of(span, text, places) for span in doc.spans[GROUP]])
        return [[next(said) for _ in line.found] for line in lines]


def _joined(lines: Sequence[Line]) -> tuple[list[str], list[int]]:
    """The words of a line and those said under it, and where each line begins."""
    words, starts = list[str](), list[int]()
    for line in lines:
        if starts and words[-2:-1] == ["?"]:
            words.pop()  # "Any neck pain? No." is one statement
        starts.append(len(words))
        words += line.words.split()
        words.append(END_OF_SENTENCE)
    return words, starts


def _places(
    lines: Sequence[Line], starts: Sequence[int], length: int, sentences: Sequence[Sentence]
) -> list[tuple[int, int]]:
    """Where in the note each word of some lines stands; the mark at the end of a line stands at the sentence's end."""
    places = [(0, 0)] * length
    for line, start in zip(lines, starts, strict=True):
        sentence = sentences[line.number]
        words = len(line.words.split())
        for number, (begin, end) in enumerate(line.places[:words], start):
            places[number] = sentence.start + begin, sentence.start + end
        places[start + words] = sentence.end, sentence.end
    return places


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


def context_of(span: DocSpan, text: str, places: Places) -> Said:
    """The strongest context that a cue gives the span, with the words of those cues."""
    modifiers = span._.modifiers
    if not modifiers:
        return Context.PRESENT, ()
    names = {m.category.lower() for m in modifiers}
    injury = any(slot == "problem" and value in _INJURIES for slot, value in means(span))
    dated = "dated" in names and ("past" in names or injury)  # "had sciatica in 2012", "whiplash in 2022"
    if "current" not in names and (dated or _reason_of_surgery(span, "past" in names)):
        bounds = [m.modifier_span for m in modifiers if m.category.lower() in {"past", "dated", "surgery"}]
        return Context.HISTORICAL, _quoted(bounds, text, places)
    for context in _STRONGEST_FIRST:
        bounds = [
            m.modifier_span
            for m in modifiers
            if m.category.lower() == context and not _overruled(context, m, span, names, places)
        ]
        if bounds:
            return context, _quoted(bounds, text, places)
    return Context.PRESENT, ()


def _reason_of_surgery(span: DocSpan, past: bool) -> bool:
    """``a fusion in 2016 for radiculopathy``, ``s/p fusion for a disc with radiculopathy``: why a past one was done."""
    for m in span._.modifiers:
        if m.category.lower() == "surgery" and (past or _is_done(span.doc, m.modifier_span[0])):
            between = {t.text for t in span.doc[m.modifier_span[1] : span.start]}
            if between & {"for", "due"} or span.doc[m.modifier_span[1] - 1].text in {"for", "to"}:
                return True
    return False


def _is_done(doc: Doc, surgery: int) -> bool:
    """Is the operation said to lie behind the patient (``status post``), not far before its name?"""
    before = " ".join(t.text for t in doc[max(doc[surgery].sent.start, surgery - 12) : surgery])
    return bool(_BEHIND.search(before))


def _quoted(bounds: Sequence[tuple[int, int]], text: str, places: Places) -> tuple[Span, ...]:
    quotes = [(places[a][0], places[b - 1][1]) for a, b in bounds]
    return tuple(sorted(Span(a, b, text[a:b]) for a, b in quotes))


def _asks_otherwise(mark: int, span: DocSpan, places: Places) -> bool:
    """``herniation? Stenosis`` asks of what stands before the mark, ``?herniation`` of what follows it closely."""
    before = mark > 0 and places[mark - 1][1] == places[mark][0] and span.doc[mark - 1].text not in {"(", "["}
    after = mark + 1 < len(places) and places[mark][1] == places[mark + 1][0]
    if span.end <= mark:
        return not before or span.end < mark - 1
    taken = {i for s in span.doc.spans[GROUP] for i in range(s.start, s.end)}
    loose = len(set(range(mark + 1, span.start)) - taken)  # "? L5 radiculopathy" asks of the radiculopathy
    return before or (not after and loose > 1)


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
    if (span.start <= start and end <= span.end) or _is_felt_all_the_same(context, cue, span):
        return True  # medspaCy lets "non" of "mechanical, non-specific" negate the whole
    named = any(slot == "problem" for slot, _ in means(span)) and span.text not in _VERBS
    if "definite" in names and named:
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
    if context is Context.HISTORICAL and _another_resolved(cue, span):
        return True
    if context is Context.HISTORICAL and span.doc[end - 1].text == "of" and start < span.start:
        return (
            span.doc[span.start - 1].text in _LASTING or span[0].text in _LASTING
        )  # "a history of …, chronic back pain"
    if context is Context.UNCERTAIN and span.doc[start].text in {"versus", "vs"}:
        left = [s for s in span.doc.spans[GROUP] if s.end <= start and span.doc[s.start].sent == span.doc[start].sent]
        last = max(left, key=lambda s: s.end, default=None)
        return bool(last and last.label_ == "QUANTITY" and span.label_ != "QUANTITY")
    return False


def _is_felt_all_the_same(context: Context, cue: Any, span: DocSpan) -> bool:
    """``Her back pain does not explain the fever``: a disease may be dismissed so, a pain is there."""
    start, end = cue.modifier_span
    accounts = not {"account", "explain"}.isdisjoint(t.text for t in span.doc[start:end])
    return context is Context.NEGATED and start >= span.end and accounts and ("problem", "pain") in means(span)


def _another_resolved(cue: Any, span: DocSpan) -> bool:
    """``Disc protrusion - the leg pain has resolved``: what resolved is named between a dash and the verb."""
    start, _ = cue.modifier_span
    between = span.doc[span.end : max(start, span.end)]
    dash = next((t.i for t in between if t.text in _DASHES), None)
    if dash is None or not any(slot == "problem" and value in _STRUCTURAL for slot, value in means(span)):
        return False
    return any(dash < s.start and s.end <= start and _is_felt(means(s)) for s in span.doc.spans[GROUP])


def _is_felt(meanings: Sequence[tuple[str, str]]) -> bool:
    """Is it what a patient feels or shows, rather than a disease of the spine?"""
    return any(slot == "sign" or (slot == "problem" and value not in _STRUCTURAL) for slot, value in meanings)


def means(span: DocSpan) -> tuple[tuple[str, str], ...]:
    """What the term or quantity of a span means."""
    found: tuple[tuple[str, str], ...] = span.doc.user_data["means"][span.start, span.end]
    return found


def _by_key_word(cues: Sequence[Cue]) -> dict[str, list[Cue]]:
    """Cues by the words to look for first: all that one part may be, where that part must be there and is rare."""
    common = Counter(word for cue in cues for words in _musts(cue) for word in words)
    found: dict[str, list[Cue]] = {}
    for cue in cues:
        key = min(_musts(cue), key=lambda words: (_how_common(words), sum(common[w] for w in words), words))
        for word in key:
            found.setdefault(word, []).append(cue)
    return found


def telling_words(cues: Sequence[Cue]) -> frozenset[str]:
    """Words of which a sentence has at least one if a cue in it says how something is meant: as few as will do."""
    speaking = sorted((_musts(cue) for cue in cues if cue.category.upper() in SPEAKING), key=len)
    told: set[str] = set()
    for parts in speaking:
        if not any(told.issuperset(part) for part in parts):
            rarest = min(parts, key=lambda part: (_how_common(part), len(part), part))
            told.update(rarest)
    return frozenset(told)


def _musts(cue: Cue) -> list[tuple[str, ...]]:
    """The words that each part of a cue may be, of the parts that must be there."""
    return [part.words for part in parts_of(cue) if not part.optional and not part.kind]


def _how_common(words: tuple[str, ...]) -> int:
    """Every sentence has an end and most have marks; hardly one is without a word of every text."""
    return 2 if any(not word.isalnum() for word in words) else 1 if not _EVERYWHERE.isdisjoint(words) else 0
