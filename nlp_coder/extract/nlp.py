"""Sentences → mentions: terms and quantities of each sentence, and how medspaCy's ConText says they are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp_coder.extract.context import CONTEXTS, ContextReader, Said
from nlp_coder.extract.lines import Found, Line, LineReader
from nlp_coder.extract.quantities import quantities
from nlp_coder.extract.terms import TermMatcher, add_quantities
from nlp_coder.lexicon import Cue, Term, load_cues, load_terms
from nlp_coder.spelling import load_speller
from nlp_coder.types import Context, Mention, Section, Sentence, Span
from nlp_coder.vocabulary import ELSEWHERE, PLACED, SITED, SPINE, SPINE_NOUN

_ALONE = {"problem", "imaging", "sign", "procedure", "purpose", "pregnancy", "level", "root"}
"""Slots that mean something in a sentence that holds nothing else: sides, courses and studies do not."""
_LONGEST_GROUP = 32
"""Lines: ConText pairs all cues with all things of a group, so a longer list is read in pieces, each under its lead."""
_MOST_LEADS = 4
_OTHER_CERVIX = re.compile(
    r"\b(?:cervix|endocervi\w+|cervical (?:os|intraepithelial|smear|biops\w+|dysplasia|insufficiency|dilat\w+|length)"
    r"|colposcop\w*|hysteroscop\w*)\b",
    re.IGNORECASE,
)
_NECK = re.compile(
    r"\bneck\b|\bC-?spine|\bc/s\b|cervical (?:spine|spondyl|disc|disk|radicul|myelo|lordosis)|\bC[2-7]\b", re.IGNORECASE
)
"""A note that speaks of the one and not of the other means the neck of the womb by "cervical"."""
_PRESENT: Said = (Context.PRESENT, ())
_SPOKEN_BY_HEADING = {"family history": Context.FAMILY, "education": Context.HYPOTHETICAL}


class Extractor:
    """Holds the word lists and the medspaCy pipeline; ``mentions`` may be called for any number of notes."""

    def __init__(
        self, terms: Sequence[Term] | None = None, cues: Sequence[Cue] | None = None, *, spine_only: bool = False
    ) -> None:
        """Build the pipeline: our words, our terms and cues (or those given), quantities, ConText.

        With ``spine_only`` a note whose mentions could make no statement about the spine answers with none.
        """
        self._spine_only = spine_only
        cues = load_cues() if cues is None else cues
        leads = {c.tokens: Context(c.category) for c in cues if c.direction == "forward" and c.category in CONTEXTS}
        self._lines = LineReader(load_speller(), leads)
        self._terms = TermMatcher(load_terms() if terms is None else terms)
        self._context = ContextReader(cues)
        self._headings: dict[str, Context | None] = {}

    def mentions(
        self, text: str, masked: str, sentences: Sequence[Sentence], *, every: bool = False
    ) -> tuple[Mention, ...]:
        """Every mention of the sentences, in order of place; spans quote ``text``, words are read in ``masked``.

        What stands in a sentence that can change no code is left out; with ``every`` it is there too.
        """
        lines = self._lines.lines(masked, sentences)
        self._terms.find(lines)
        for line in lines:
            sentence = sentences[line.number]
            words = masked[sentence.start : sentence.end]
            if line.signals and (counted := quantities(words, line.signals)):
                self._lines.place(line, words)
                add_quantities(line, counted)
        if self._spine_only and not every and not _about_the_spine(lines):
            return ()
        if _OTHER_CERVIX.search(masked) and not _NECK.search(masked):
            for line in lines:
                line.found = [f for f in line.found if ("region", "cervical") not in f.means]
        self._context.make_ready({word for line in lines for word in line.words.split()})
        found: list[Mention] = []
        for group in _groups(lines, every):
            for line in group:
                sentence = sentences[line.number]
                self._lines.place(line, masked[sentence.start : sentence.end])
            meant = self._context.contexts(group, text, sentences)
            for number, line in enumerate(group):
                here = meant[number] if meant else [_PRESENT] * len(line.found)
                sentence = sentences[line.number]
                found += [
                    self._mention(f, line, sentence, text, said) for f, said in zip(line.found, here, strict=True)
                ]
        return tuple(found)

    def _mention(self, found: Found, line: Line, sentence: Sentence, text: str, said: Said) -> Mention:
        start = sentence.start + line.places[found.start][0]
        end = sentence.start + line.places[found.end - 1][1]
        context, cues = said
        if sentence.ticked is False:
            context, cues = Context.NEGATED, ()
        elif context is Context.PRESENT and sentence.ticked is None:
            context, cues = self._by_heading(sentence.section)
        return Mention(
            means=found.means,
            span=Span(start, end, text[start:end]),
            sentence=line.number,
            section=sentence.section.name,
            context=context,
            cues=cues,
        )

    def _by_heading(self, section: Section) -> Said:
        """``Family history:``, ``Working diagnosis:``, ``Pertinent negatives:`` speak for all that stands below."""
        if section.heading is None:
            return _PRESENT
        words = section.heading.text
        if words not in self._headings:
            spoken = _SPOKEN_BY_HEADING.get(section.name) or self._lines.said_by(words)
            self._headings[words] = None if spoken is Context.HISTORICAL else spoken
        context = self._headings[words]
        return (context, (section.heading,)) if context else _PRESENT


def _groups(lines: Sequence[Line], every: bool) -> Iterator[list[Line]]:
    """Each line with those said under it, where what is found in them may change an answer.

    It may if one thing matters by itself, or if the lines just before it matter: "Worse on the left." after a sciatica.
    With ``every`` all lines in which something is found.
    """
    group, follows = list[Line](), False
    for line in [*lines, None]:
        full = len(group) >= _LONGEST_GROUP
        if group and (line is None or not line.led or full):
            found = [f for one in group for f in one.found]
            follows = bool(found) and (
                every or follows or any(_matters(slot, value) for f in found for slot, value in f.means)
            )
            if follows:
                yield group
            leads = [replace(one, found=[]) for one in group if one.words.endswith(":")]
            group = leads[-_MOST_LEADS:] if line is not None and line.led else []
        if line is not None:
            group.append(line)


def _matters(slot: str, value: str) -> bool:
    """May it change an answer in a sentence that holds nothing else? Sides, courses and studies do not."""
    return slot in _ALONE or (slot == "region" and value in SPINE)


def _about_the_spine(lines: Sequence[Line]) -> bool:
    """Do the lines of a note hold any meaning that could become a statement about the spine?"""
    sited = placed = pain = level = False
    for line in lines:
        here = hurts = False
        for found in line.found:
            for slot, value in found.means:
                if slot == "problem" and value in SITED and SPINE_NOUN.search(_words_of(line, found)):
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


def _words_of(line: Line, found: Found) -> str:
    return " ".join(line.words.split(" ")[found.start : found.end])
