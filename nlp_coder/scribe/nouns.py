"""The nouns of a scribe's audit: a document read, a code proposed, a finding, the audit."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from nlp_coder.types import Candidate, CodedNote, Evidence, Span


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document's text, and where it came from.

    ``document.text[start:end]`` is the element's text from its code point ``offset`` on; ``path`` is the
    element in its source (a JSON pointer, a FHIRPath, an XPath; empty for plain text); ``section`` is the
    heading under which it was put into the text, as the source names it.
    """

    start: int
    end: int
    path: str = ""
    offset: int = 0
    section: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A code that the scribe proposes, as written; ``span`` where it is printed in the text, else None."""

    code: str
    path: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ScribeDocument:
    """One encounter as a scribe delivers it, made one text.

    ``transcript`` is the doctor-patient dialogue; ``previous`` are earlier notes of the same patient.
    """

    text: str
    parts: tuple[Part, ...] = ()
    proposed: tuple[Proposed, ...] = ()
    id: str = ""
    date_of_service: datetime.date | None = None
    patient: str | None = None
    setting: str = "outpatient"
    purpose: str | None = None
    transcript: str | None = None
    previous: tuple[str, ...] = ()
    form: str = "text"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong or worth a look: ``id`` names the kind, ``severity`` is error, warning or info.

    ``instead`` is the code to use in place of ``code``; ``evidence`` quotes the document's text,
    ``heard`` the transcript.
    """

    id: str
    severity: str
    code: str
    text: str
    source: str = ""
    instead: str = ""
    evidence: tuple[Evidence, ...] = ()
    heard: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ScribeAudit:
    """The document, what the program codes in it, what it says of the scribe's codes, and the codes to bill in order.

    ``confirmed`` are the proposed codes that the note earns, as proposed.
    """

    document: ScribeDocument
    coded: CodedNote
    findings: tuple[Finding, ...] = ()
    confirmed: tuple[str, ...] = ()
    codes: tuple[Candidate, ...] = field(default=())
