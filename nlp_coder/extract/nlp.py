"""The medspaCy pipeline, built from our own word lists: sentences in, mentions with their context out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.util import filter_spans
from spacy.vocab import Vocab

from nlp_coder.extract.context import CONTEXTS, context_of, context_rule, cue_reader
from nlp_coder.extract.cues import END_OF_SENTENCE, GROUP, means, parts_of
from nlp_coder.extract.quantities import quantities
from nlp_coder.extract.quiet import TargetMatcher, TargetRule
from nlp_coder.extract.times import NUMBER_WORDS
from nlp_coder.lexicon import Cue, Term, Token, load_cues, load_terms, tokens
from nlp_coder.spelling import load_speller
from nlp_coder.types import Context, Mention, Section, Sentence, Span
from nlp_coder.vocabulary import ELSEWHERE, PLACED, SITED, SPINE, SPINE_NOUN

SENTENCES_A_DOC = 4
"""ConText pairs every cue with every target of a Doc, so long notes are read in pieces."""

_ALONE = {"problem", "imaging", "sign", "procedure", "purpose", "pregnancy"}
_VERTEBRAE = {"c", "t", "l", "s"}
_SPOKEN_BY_HEADING = {"family history": Context.FAMILY, "education": Context.HYPOTHETICAL}
_EVERYWHERE = frozenset(
    "the a an of in on at to for with and or is was were are be it her his he she no not has had have from by".split()
)
"""Words of every text: a key word should be none of them."""


class _Line(NamedTuple):
    """A sentence by its number in the note, its tokens, and whether it is said under the one before it."""

    number: int
    tokens: list[Token]
    led: bool


class Extractor:
    """Holds the word lists and the medspaCy pipeline; ``mentions`` may be called for any number of notes."""

    def __init__(self, terms: Sequence[Term] | None = None, *, spine_only: bool = False) -> None:
        """Build the pipeline: our tokens, TargetMatcher with our terms (or those given), quantities, our cues.

        With ``spine_only`` a note whose mentions could make no statement about the spine answers with none.
        """
        self._spine_only = spine_only
        self._nlp = Language(Vocab())  # no word attributes: our tokens are in normal form already
        self._spellings = load_speller()
        self._nlp.tokenizer = self._plain_doc
        self._terms = TargetMatcher(
            self._nlp,
            rules=None,
            phrase_matcher_attr="ORTH",
            result_type="group",
            span_group_name=GROUP,
            prune=False,
        )
        self._waiting_terms = _by_key_word(load_terms() if terms is None else terms)
        self._all_words = frozenset(self._waiting_terms)
        self._words = frozenset(
            word for word, terms in self._waiting_terms.items() if any(_matters(term) for term in terms)
        )
        self._context = cue_reader(self._nlp)
        cues = load_cues()
        self._waiting_cues = _cues_by_key_word(cues)
        self._known_cues: set[str] = set()
        self._leads = {
            cue.tokens: cue.category for cue in cues if cue.direction == "forward" and cue.category in CONTEXTS
        }
        self._headings: dict[tuple[str, ...], Context | None] = {}

    def mentions(self, text: str, masked: str, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Every mention of the sentences, in order of place; spans quote ``text``, words are read in ``masked``.

        A sentence that holds no word of any term, and no number, holds no mention and is not read; the
        answer is the same with and without this sieve.
        """
        lines = self._lines(masked, sentences)
        self._make_ready(lines)
        read = [self._read(masked, sentences, piece) for piece in self._pieces(lines)]
        if self._spine_only and not _about_the_spine([doc for doc, _ in read]):
            return ()
        found: list[Mention] = []
        for doc, places in read:
            self._context(doc)
            found.extend(self._mention(span, text, sentences, places) for span in doc.spans[GROUP])
        return tuple(sorted(found, key=lambda m: (m.span.start, m.span.end)))

    def _pieces(self, lines: Sequence[_Line]) -> Iterator[list[_Line]]:
        """The lines worth reading, a few at a time; a line stays with the one it is said under."""
        piece: list[_Line] = []
        for line in self._worth_reading(lines):
            if len(piece) >= SENTENCES_A_DOC and not line.led:
                yield piece
                piece = []
            piece.append(line)
        if piece:
            yield piece

    def _make_ready(self, lines: Sequence[_Line]) -> None:
        """Give the matchers the terms and cues whose key word the note holds; no others could match.

        Loading all ten thousand at the start would double the time to a first answer.
        """
        words = {t.norm for line in lines for t in line.tokens} | {END_OF_SENTENCE}
        for word in sorted(words & self._waiting_terms.keys()):
            self._terms.add([_target_rule(term) for term in self._waiting_terms.pop(word)])
        for word in sorted(words & self._waiting_cues.keys()):
            new = [cue for cue in self._waiting_cues.pop(word) if cue.text not in self._known_cues]
            self._context.add([context_rule(cue) for cue in new])
            self._known_cues.update(cue.text for cue in new)

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
        before = False
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            leads = following is not None and following.led
            if before:
                before = any(t.norm in self._all_words or t.norm.isdigit() for t in line.tokens)
            before = before or any(t.norm in self._words for t in line.tokens) or _counts(line.tokens)
            if line.led or leads or before:
                yield line

    def _plain_doc(self, words: str) -> Doc:
        return Doc(self._nlp.vocab, words=[w for w in words.split(" ") if w])

    def _read(
        self, masked: str, sentences: Sequence[Sentence], piece: Sequence[_Line]
    ) -> tuple[Doc, list[tuple[int, int, int]]]:
        """A Doc of some lines with its terms and quantities, their meanings by place; and where each token stands."""
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
        doc = Doc(self._nlp.vocab, words=words, sent_starts=starts, user_data={"words": words})
        self._terms(doc)
        doc.spans[GROUP] = filter_spans(
            doc.spans[GROUP]
        )  # medspaCy's own pruning loses "lumbar" of "lumbar strain/sprain"
        _add_quantities(doc, masked, [sentences[line.number] for line in piece], places)
        doc.user_data["means"] = {(s.start, s.end): tuple(s._.target_rule.metadata["means"]) for s in doc.spans[GROUP]}
        return doc, places

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
        context, cues = context_of(span, text, places)
        if sentence.ticked is False:
            context, cues = Context.NEGATED, ()
        elif context is Context.PRESENT and sentence.ticked is None:
            context, cues = self._by_heading(sentence.section)
        return Mention(
            means=means(span),
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


def _about_the_spine(docs: Sequence[Doc]) -> bool:
    """Do the Docs of a note hold any meaning that could become a statement about the spine?"""
    sited = placed = pain = level = False
    for doc in docs:
        here, hurts = False, False
        for (start, end), meaning in doc.user_data["means"].items():
            for slot, value in meaning:
                if slot == "problem" and value in SITED and SPINE_NOUN.search(doc[start:end].text):
                    return True
                if slot == "imaging" or (slot == "problem" and value not in PLACED | ELSEWHERE | SITED):
                    return True
                sited = sited or (slot == "problem" and value in SITED)
                hurts = hurts or (slot == "problem" and value in PLACED)
                level = level or slot in {"level", "root"}
                here = here or slot in {"level", "root"} or (slot == "region" and value in SPINE)
        if hurts and here:
            return True
        placed, pain = placed or here, pain or hurts
    return (sited and placed) or (pain and level)


def _matters(term: Term) -> bool:
    """May the term change an answer in a sentence that holds nothing else: sides, courses and studies do not."""
    return any(slot in _ALONE or (slot == "region" and value in SPINE) for slot, value in term.means)


def _counts(here: Sequence[Token]) -> bool:
    """May the sentence hold a level, a root or weeks of pregnancy: a number after C, T, L or S, or before weeks?"""
    for before, token in zip([None, *here], here, strict=False):
        number = token.norm.isdigit() or token.norm in NUMBER_WORDS
        if number and before is not None and before.norm in _VERTEBRAE:
            return True
        if before is not None and before.norm.isdigit() and token.norm[0] in "w+/":
            return True
    return False


def _cues_by_key_word(cues: Sequence[Cue]) -> dict[str, list[Cue]]:
    """Cues by the words to look for first: all that one part may be, where that part must be there and is rare."""
    plain = {cue.text: [p.words for p in parts_of(cue) if not p.optional and not p.kind] for cue in cues}
    common = Counter(word for parts in plain.values() for words in parts for word in words)
    found: dict[str, list[Cue]] = {}
    for cue in cues:
        key = min(
            plain[cue.text], key=lambda words: (bool(_EVERYWHERE & {*words}), sum(common[w] for w in words), words)
        )
        for word in key:
            found.setdefault(word, []).append(cue)
    return found


def _by_key_word(entries: Sequence[Term]) -> dict[str, list[Term]]:
    """Terms by the word to look for first: the one that fewest others share."""
    common = Counter(word for entry in entries for word in set(entry.tokens))
    found: dict[str, list[Term]] = {}
    for entry in entries:
        key = min(entry.tokens, key=lambda word: (word in _EVERYWHERE, common[word], word))
        found.setdefault(key, []).append(entry)
    return found


def _target_rule(term: Term) -> Any:
    return TargetRule(" ".join(term.tokens), "TERM", metadata={"means": term.means})


def _add_quantities(doc: Doc, masked: str, piece: Sequence[Sentence], places: list[tuple[int, int, int]]) -> None:
    """Put levels, roots, durations and weeks beside the terms; a quantity inside a term is part of the term."""
    terms = list(doc.spans[GROUP])
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
    doc.spans[GROUP] = [*terms, *extra]
