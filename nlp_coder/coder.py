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
from nlp_coder.errors import ModelError, NoteError
from nlp_coder.extract.nlp import Extractor
from nlp_coder.guidelines import judge
from nlp_coder.lexicon import load_headings
from nlp_coder.questions import ask, wordings
from nlp_coder.rules import load_rules, propose
from nlp_coder.segment import outline
from nlp_coder.sieve import load_sieve
from nlp_coder.spelling import load_speller
from nlp_coder.types import Candidate, CodedNote, Finding, Note, Parsed

_FIRST_DAY = datetime.date(2015, 10, 1)


class Coder:
    """Codes notes: word lists, rules and the medspaCy pipeline are loaded once, then every note is a pure function."""

    def __init__(self, *, sieve: bool = True, model: bool = True) -> None:
        """Load the knowledge; KnowledgeError if a file of it is unsound.

        With the sieve a note that cannot speak of the spine is never read by spaCy; the answers are the same without.
        With the model each code has a confidence; where its file cannot be used, a notice of every answer says so.
        """
        self._sieve = load_sieve() if sieve else None
        load_headings(), wordings()  # a fault of any file shows here, not at some later note
        self._rules = load_rules()
        self._extractor = Extractor(spine_only=sieve)
        self._model, self._without = _model() if model else (None, ())
        self.knowledge = knowledge_version()

    def code(self, note: Note) -> CodedNote:
        """The codes the note earns, each with its words; what was turned down; what the note does not say.

        Raises NoteError for a note without text, an unknown setting or purpose, or a date before ICD-10-CM.
        """
        _check(note)
        release = icd10cm.release_on(note.date_of_service) if note.date_of_service else icd10cm.newest_release()
        nothing = CodedNote(note, release=release.name, knowledge=self.knowledge, notices=_notices(note, release))
        case, found = self._judged(note)
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
        return self._judged(note)[0]

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

    def _judged(self, note: Note) -> tuple[Case | None, tuple[Finding, ...]]:
        """The candidates of a note, judged, with all that they rest on; and what its studies show."""
        if self._sieve and not self._sieve.passes(note.text):
            return None, ()
        form = outline(note.text)
        mentions = self._extractor.mentions(note.text, form.masked, form.sentences)
        facts, reading = assemble(note, form.masked, form.sections, form.sentences, mentions)
        found = findings(note.text, mentions, reading, form.sentences, form.masked)
        if not (found or any(map(is_spinal, facts))):
            return None, ()
        docket = judge(note, reading, facts, propose(facts, self._rules))
        return Case(reading, facts, docket.candidates, docket.set_aside, docket.alerts, len(note.text)), found


def _model() -> tuple[CandidateModel | None, tuple[str, ...]]:
    """The candidate model, or why there is none."""
    try:
        return load_candidate_model(), ()
    except ModelError as error:
        return None, (f"The rules decide alone, without a confidence: {error}",)


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


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _files(item, f"{prefix}{item.name}/")
        elif item.name.endswith((".csv", ".toml")):
            found.append((prefix + item.name, item.read_bytes()))
    return found
