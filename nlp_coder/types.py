"""The nouns: what goes in, what is found, what is decided. One word per thing, everywhere."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

NOT_STATED = "not stated"
"""The value of a fact's field when the note is silent; rules may ask for it like any other value."""


class Authority(StrEnum):
    """Who says so, strongest first. A payer's rule raises alerts and never decides a code."""

    TABULAR = "tabular"
    INDEX = "index"
    GUIDELINE = "guideline"
    ARTICLE = "article"
    HOUSE = "house"
    MODEL = "model"
    PAYER = "payer"


class Context(StrEnum):
    """How a mention is meant. Everything but PRESENT (and, for inpatients, UNCERTAIN) earns no code."""

    PRESENT = "present"
    NEGATED = "negated"
    UNCERTAIN = "uncertain"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    FAMILY = "family"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A quotation: ``note.text[start:end] == text``, in code points of the untouched note."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What we are asked to code: one encounter's documentation.

    ``setting`` is ``outpatient`` or ``inpatient`` (guideline IV.H against II.H).
    ``purpose`` is ``evaluation``, ``pain-management`` or ``therapy``; None: read it from the note.
    """

    text: str
    id: str = ""
    date_of_service: datetime.date | None = None
    setting: str = "outpatient"
    patient: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the note under one heading; ``name`` comes from sections.csv, ``none`` before any."""

    name: str
    heading: Span | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or list line: half-open offsets, its section, and where it stands in a list.

    ``item`` numbers the problem or list item it belongs to within its section (0: none); a numbered
    problem and the bullets below it share one. ``label`` is a lead-in such as ``MSK`` of ``MSK: …``.
    ``ticked`` is True or False for a tick-box line, else None.
    """

    start: int
    end: int
    section: Section
    item: int = 0
    label: str = ""
    ticked: bool | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mean something: ``means`` holds slot-value pairs of the lexicon, as ``(("problem", "pain"), …)``."""

    means: tuple[tuple[str, str], ...]
    span: Span
    sentence: int
    section: str
    context: Context = Context.PRESENT
    cues: tuple[Span, ...] = ()

    def get(self, slot: str) -> str | None:
        """The value this mention gives to a slot, or None."""
        for name, value in self.means:
            if name == slot:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span and the slot of the fact it fills (problem, side, region, level, course, cause …)."""

    slot: str
    span: Span

    @property
    def start(self) -> int:
        """First code point of the quotation."""
        return self.span.start

    @property
    def end(self) -> int:
        """One past its last code point."""
        return self.span.end

    @property
    def text(self) -> str:
        """The quotation itself."""
        return self.span.text


@dataclass(frozen=True, slots=True)
class Fact:
    """One clinical statement put together from mentions, each attribute with its own evidence.

    Rules ask about the fields below ``problem`` by name; a field the note does not fill is ``not stated``.
    ``standing`` says where the note makes the statement: assessed, planned, complaint, presenting, finding
    (of a study), sign (of the exam), background (past history, medication, system review) or education.
    ``listed`` is ``alone`` when the assessment lists it as a problem of its own; ``order`` is its place there.
    """

    problem: str
    region: str = NOT_STATED
    level: str = NOT_STATED
    side: str = NOT_STATED
    course: str = NOT_STATED
    character: str = NOT_STATED
    nerve: str = NOT_STATED
    pain: str = NOT_STATED
    cause: str = NOT_STATED
    phase: str = NOT_STATED
    imaging: str = NOT_STATED
    trimester: str = NOT_STATED
    weeks: str = NOT_STATED
    context: Context = Context.PRESENT
    standing: str = "stated"
    duration: str = NOT_STATED
    listed: str = NOT_STATED
    order: int = 0
    evidence: tuple[Evidence, ...] = ()
    cues: tuple[Span, ...] = ()
    confirm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a study of the spine shows at one level, and whose statement it is.

    ``what`` is a problem or imaging word of the vocabulary; ``type`` says how a disc is displaced (bulge,
    protrusion, extrusion, sequestration, herniation); ``size`` is as written ("6 mm", "grade 2"). ``source``
    is report (a radiologist's words, or quoted ones), provider (the author read the study himself, or states
    it as his own assessment) or patient (retold). A finding is no diagnosis: policy section 1 says when it becomes one.
    """

    what: str
    region: str = NOT_STATED
    level: str = NOT_STATED
    side: str = NOT_STATED
    type: str = NOT_STATED
    size: str = NOT_STATED
    source: str = "report"
    context: Context = Context.PRESENT
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What kind of note this is, before any code: policy section 1 counts statements by it.

    ``kind`` is clinic, imaging report, operative report or fragment (no assessment: every current
    statement counts). ``purpose`` is evaluation, pain-management or therapy. ``touched`` are the
    regions of the spine that assessment or plan speak of (``any``: pain of no named place, or a hedged
    explanation); ``impression`` says whether there is one. ``alerts`` are contradictions that assembly settled.
    """

    kind: str
    purpose: str
    purpose_evidence: tuple[Evidence, ...] = ()
    touched: tuple[str, ...] = ()
    impression: bool = False
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the program reads in a note before any code: ``Coder.read`` answers with it.

    ``masked`` is the text with its marks blanked, offset for offset. ``mentions`` are all there are, also in
    sentences that can change no code (a fever denied in the review of systems).
    """

    note: Note
    masked: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code, who proposes it and on which authority, and the words it rests on.

    Assigned ones also carry ``title``, ``role`` (first-listed or additional), ``absent`` (what was
    searched for and not found), ``confirm`` (what a person must confirm; empty means certain) and
    ``remarks`` (what was noted and has no effect on the code). The model, where there is one, adds
    ``confidence`` (the probability that the code is right; None in a note longer than the model knows),
    ``outcome`` (code or review) and ``weighed`` (the strongest reasons for and against).
    """

    code: str
    rule: str
    says: str
    authority: Authority
    source: str
    fact: Fact
    evidence: tuple[Evidence, ...]
    confidence: float | None = None
    title: str = ""
    role: str = ""
    absent: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    outcome: str = ""
    weighed: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """``confirm`` where a person must confirm something, ``review`` where the model doubts, else ``certain``."""
        return "confirm" if self.confirm else "review" if self.outcome == "review" else "certain"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A candidate turned down: why, by which guideline or table entry, by which words, for which code, of what fact.

    The model, where there is one, adds ``confidence``, ``outcome`` (turned down, or review where the note may
    earn the code all the same) and ``weighed``.
    """

    code: str
    reason: str
    why: str
    source: str
    evidence: tuple[Evidence, ...] = ()
    title: str = ""
    rule: str = ""
    by: str = ""
    fact: Fact | None = field(default=None, compare=False)
    confidence: float | None = None
    outcome: str = ""
    weighed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the note does not say, worded without leading; ``evidence`` holds the clinical indicators."""

    id: str
    text: str
    options: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What a person should know; ``severity`` is error, warning or info."""

    id: str
    severity: str
    text: str
    source: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CodedNote:
    """The answer for one note: codes in claim order and everything needed to check them."""

    note: Note
    codes: tuple[Candidate, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    questions: tuple[Question, ...] = ()
    alerts: tuple[Alert, ...] = ()
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    release: str = ""
    knowledge: str = ""
    notices: tuple[str, ...] = field(default=())
