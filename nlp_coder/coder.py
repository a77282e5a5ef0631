"""The whole pipeline on one page: segment → extract → assemble → propose → judge → weigh → questions."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from nlp_coder import icd10cm
from nlp_coder.assemble import assemble
from nlp_coder.assemble.counting import is_spinal
from nlp_coder.assemble.findings import findings
from nlp_coder.classifier.candidates import CandidateModel, weighed
from nlp_coder.classifier.features import Case
from nlp_coder.classifier.load import load_candidate_model
from nlp_coder.classifier.second_reader import (
    MODEL,
    SecondReader,
    covered_by,
    is_denied,
    is_news,
    told_areas,
    unread_by,
)
from nlp_coder.classifier.store import manifest
from nlp_coder.errors import ModelError, NoteError
from nlp_coder.extract.nlp import Extractor
from nlp_coder.guidelines import judge
from nlp_coder.lexicon import load_headings
from nlp_coder.questions import ask, possibly_missed, wordings
from nlp_coder.rules import load_rules, propose
from nlp_coder.segment import Outline, outline
from nlp_coder.sieve import load_sieve
from nlp_coder.spelling import load_speller
from nlp_coder.types import Candidate, CodedNote, Finding, Note, Parsed, Sentence, Span

_FIRST_DAY = datetime.date(2015, 10, 1)


class Coder:
    """Codes notes: word lists, rules and the medspaCy pipeline are loaded once, then every note is a pure function."""

    def __init__(
        self, *, sieve: bool = True, model: bool = True, second_reader: bool = False, extractor: Extractor | None = None
    ) -> None:
        """Load the knowledge; KnowledgeError if a file of it is unsound.

        With the sieve a note that cannot speak of the spine is never read by spaCy; the answers are the same without.
        With the model each code has a confidence. The second reader adds one question, "possibly missed", and reads
        every note. Where the file of either cannot be used the rules go on alone, and a notice says so.
        Another extractor than that of our own word lists may be given: one of fewer words, to train the model.
        """
        self._sieve = load_sieve() if sieve else None
        load_headings(), wordings()  # a fault of any file shows here, not at some later note
        self._rules = load_rules()
        self._extractor = extractor or Extractor(spine_only=sieve)
        self._model, self._without = _model() if model else (None, ())
        self._second, self._warning = _second_reader() if second_reader else (None, ())
        self.knowledge = knowledge_version()

    def code(self, note: Note) -> CodedNote:
        """The codes the note earns, each with its words; what was turned down; what the note does not say.

        Raises NoteError for a note without text, an unknown setting or purpose, or a date before ICD-10-CM.
        """
        _check(note)
        release = icd10cm.release_on(note.date_of_service) if note.date_of_service else icd10cm.newest_release()
        notices = (*_notices(note, release), *self._warning)
        nothing = CodedNote(note, release=release.name, knowledge=self.knowledge, notices=notices)
        passes = not self._sieve or self._sieve.passes(note.text)
        if not passes and not self._second:
            return nothing
        form = outline(note.text)
        coded = self._answered(nothing, form) if passes else nothing
        if not self._second:
            return coded
        return replace(coded, questions=(*coded.questions, *possibly_missed(self._missed(form, coded, self._second))))

    def _answered(self, nothing: CodedNote, form: Outline) -> CodedNote:
        """The answer of rules and model to a note laid out; the one given if it does not speak of the spine."""
        case, found = self._judged(nothing.note, form)
        if case is None:
            return nothing
        candidates, turned_down = weighed(case, self._model) if self._model else (case.candidates, case.set_aside)
        codes = _as_claim(candidates)
        set_aside = tuple(replace(s, title=_title(s.code)) for s in turned_down)
        return replace(
            nothing,
            codes=codes,
            set_aside=set_aside,
            questions=ask(case.facts, codes, set_aside, case.reading),
            alerts=case.alerts,
            facts=case.facts,
            findings=found,
            notices=(*nothing.notices, *self._without, *_mistyped(codes)),
        )

    def case(self, note: Note) -> Case | None:
        """What the model is asked about in a note, to train and to measure it; None for a note not about the spine."""
        _check(note)
        passes = not self._sieve or self._sieve.passes(note.text)
        return self._judged(note, outline(note.text))[0] if passes else None

    def read(self, note: Note) -> Parsed:
        """What is read in a note before any code, all its mentions among it; for questions about the documentation.

        Codes nothing and is not needed by ``code``. Raises NoteError as ``code`` does.
        """
        _check(note)
        form = outline(note.text)
        laid = (note.text, form.masked, form.sentences)
        mentions = self._extractor.mentions(*laid)
        facts, reading = assemble(note, form.masked, form.sections, form.sentences, mentions)
        found = findings(note.text, mentions, reading, form.sentences, form.masked)
        every = self._extractor.mentions(*laid, every=True)
        return Parsed(note, form.masked, form.sections, form.sentences, every, facts, found, reading)

    def _judged(self, note: Note, form: Outline) -> tuple[Case | None, tuple[Finding, ...]]:
        """The candidates of a note, judged, with all that they rest on; and what its studies show."""
        mentions = self._extractor.mentions(note.text, form.masked, form.sentences)
        facts, reading = assemble(note, form.masked, form.sections, form.sentences, mentions)
        found = findings(note.text, mentions, reading, form.sentences, form.masked)
        if not (found or any(map(is_spinal, facts))):
            return None, ()
        docket = judge(note, reading, facts, propose(facts, self._rules))
        told = (reading, facts, docket.candidates, docket.set_aside, docket.alerts)
        return Case(*told, note.text, form.sentences), found

    def _missed(self, form: Outline, coded: CodedNote, reader: SecondReader) -> list[Span]:
        """The sentences that the second reader suspects, on which neither a mention nor a fact rests, worth asking."""
        suspects = reader.suspects(form.masked, form.sentences)
        if not suspects:
            return []
        mentions = self._extractor.mentions(form.text, form.masked, suspects, every=True)
        covered = set(covered_by(mentions, {fact.region for fact in coded.facts}))
        if not coded.facts:
            covered -= set(unread_by(mentions))
        starts = {e.start for fact in coded.facts for e in fact.evidence}
        starts |= {e.start for finding in coded.findings for e in finding.evidence}
        open_ = [
            sentence
            for number, sentence in enumerate(suspects)
            if number not in covered and starts.isdisjoint(range(sentence.start, sentence.end))
        ]
        return [
            Span(sentence.start, sentence.end, form.text[sentence.start : sentence.end])
            for sentence in open_
            if self._is_worth_asking(sentence, reader.mended(form.masked[sentence.start : sentence.end]), coded)
        ]

    def _is_worth_asking(self, sentence: Sentence, mended: str, coded: CodedNote) -> bool:
        """Read again without its typing errors: does it say something that the note's codes do not rest on already?"""
        form = outline(mended)
        mentions = self._extractor.mentions(mended, form.masked, form.sentences, every=True)
        if is_denied(mentions):
            return False
        return not coded.codes or is_news(sentence, mended, mentions, told_areas(coded.facts))


def _model() -> tuple[CandidateModel | None, tuple[str, ...]]:
    """The candidate model, or why there is none."""
    try:
        return load_candidate_model(), ()
    except ModelError as error:
        return None, (f"The rules decide alone, without a confidence: {error}",)


def _second_reader() -> tuple[SecondReader | None, tuple[str, ...]]:
    """The second reader, or why there is none."""
    try:
        return SecondReader(), ()
    except ModelError as error:
        return None, (f"The second reader did not run: {error}",)


def _check(note: Note) -> None:
    try:
        note.text.encode()
    except UnicodeEncodeError:
        raise NoteError("The note holds half a character (a lone surrogate): decode it as UTF-8.") from None
    if not note.text.strip():
        raise NoteError("The note is empty: give its text.")
    if note.setting not in {"outpatient", "inpatient"}:
        raise NoteError("The setting must be outpatient or inpatient.")
    if note.purpose not in {None, "evaluation", "pain-management", "therapy"}:
        raise NoteError("The purpose must be evaluation, pain-management or therapy.")
    if note.date_of_service and note.date_of_service < _FIRST_DAY:
        raise NoteError("The date of service is before 2015-10-01, when ICD-10-CM came into force.")


def _as_claim(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    return tuple(
        replace(c, title=_title(c.code), role="additional" if number else "first-listed")
        for number, c in enumerate(candidates)
    )


def _title(code: str) -> str:
    entry = icd10cm.entry(code)
    return entry.title if entry else ""


def _notices(note: Note, release: icd10cm.Release) -> tuple[str, ...]:
    said = [] if note.date_of_service else [f"No date of service: coded by the newest release, {release.name}."]
    return (*said, release.notice) if release.notice else tuple(said)


def _mistyped(codes: tuple[Candidate, ...]) -> tuple[str, ...]:
    """What was read through a typing error, so that a person can object."""
    words = [pair for c in codes for e in c.evidence for pair in load_speller().mistyped(e.text)]
    return tuple(f"Read «{written}» as {word}." for written, word in dict.fromkeys(words))


@cache
def knowledge_version() -> str:
    """The first 12 hex digits of the SHA-256 over every knowledge file, names and contents, in order."""
    digest = hashlib.sha256()
    for name, content in sorted(_files(resources.files("nlp_coder").joinpath("knowledge"), "")):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


def model_version(name: str) -> str:
    """The first 12 hex digits of a model file's SHA-256 as the MANIFEST says; "none" if there is no such model."""
    try:
        return str(manifest()[name]["sha256"])[:12]
    except (ModelError, KeyError, TypeError):
        return "none"


def second_reader_version() -> str:
    """The version of the second reader's model."""
    return model_version(MODEL)


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _files(item, f"{prefix}{item.name}/")
        elif item.name.endswith((".csv", ".toml")):
            found.append((prefix + item.name, item.read_bytes()))
    return found
