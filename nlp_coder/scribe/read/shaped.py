"""JSON of a scribe in any of the common shapes → one text under headings, the proposed codes, the encounter's facts."""

from __future__ import annotations

import datetime
import re
from typing import Any

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Proposed, ScribeDocument
from nlp_coder.scribe.read.codes import holds_codes, is_label, once, plain, proposed
from nlp_coder.scribe.read.headings import LOINC, heading_of, is_clinical, is_known, spelled
from nlp_coder.scribe.read.loads import pointer
from nlp_coder.scribe.read.written import Writer

_TITLES = (
    "title",
    "heading",
    "sectionname",
    "sectiontitle",
    "section",
    "name",
    "problem",
    "condition",
    "diagnosis",
    "key",
)
_NAMES = frozenset({"title", "name", "heading"})
_LOINC = frozenset({"loinc", "loinccode"})
_WRAPPERS = frozenset(
    "note notes data result response output document payload encounter visit soap soapnote clinicalnote"
    " clinicaldocumentation sections contents structurednote generatednote body summary".split()
)
_WHOLE = frozenset(
    "note text content body notetext notecontent clinicalnote soapnote fulltext plaintext markdown"
    " generatednote".split()
)
"""Keys whose string is a whole note with headings of its own."""
_ABOUT = (
    frozenset(
        "id noteid encounterid sessionid documentid visitid uuid version model language locale template templateid"
        " createdat updatedat generatedat timestamp type format specialty status provider providerid author clinician"
        " metadata meta audio audiourl url schema transcript transcripts dialogue conversation evidencelinks citations"
        " confidence score order rank index segmentid startoffset endoffset patient patientid patientname dateofservice"
        " encounterdate visitdate servicedate date dos encountertype laterality primary key".split()
    )
    | _LOINC
)
"""Keys that tell of a document or of a section and are no words of the note."""
_IDS = ("noteid", "encounterid", "visitid", "documentid", "sessionid", "id")
_DATES = ("dateofservice", "servicedate", "encounterdate", "visitdate", "dos", "date")
_DIALOGUES = ("transcript", "transcripts", "dialogue", "conversation")
_INLINE = frozenset({"status", "type", "order", "laterality"})
"""Keys that are words of the note where they stand at a problem."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|T|\s)")
_HINT = "Say where they stand with --map mapping.toml."


def read(top: Any) -> ScribeDocument:
    """A JSON document of a scribe, read. NoteError if no section of a note can be told in it."""
    shape = _Shape()
    shape.group(top, "")
    if not shape.found:
        raise NoteError(f"the document's JSON has no section of a note that can be told by its name. {_HINT}")
    text = shape.writer.text
    if not shape.writer.said:
        raise NoteError("the document's sections are empty. Give a note with text.")
    facts = _facts(top)
    return ScribeDocument(
        text=text,
        parts=shape.writer.parts,
        proposed=once(shape.codes),
        id=facts.get("id", ""),
        date_of_service=day(facts.get("date")),
        patient=facts.get("patient"),
        transcript=facts.get("transcript"),
        form="soap-json",
    )


class _Shape:
    """The walk through one JSON value: what it writes, which codes it meets, whether a section was known."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.codes: list[Proposed] = []
        self.found = False

    def group(self, value: Any, path: str) -> None:
        """Sections: objects of a list, members of an object."""
        if isinstance(value, list):
            several = [one for one in value if isinstance(one, dict) and len(one) > 1 and not _title(one)]
            if len(several) > 1:
                raise NoteError("the document's JSON is a list of several notes. Give one, or a JSONL file to batch.")
            for at, one in enumerate(value):
                self._member(one, path + pointer(at))
            return
        if not isinstance(value, dict):
            raise NoteError("the document's JSON is neither an object nor a list of sections. Give the note's object.")
        for key, one in value.items():
            self._keyed(key, one, path + pointer(key))

    def _member(self, one: Any, path: str) -> None:
        if isinstance(one, dict) and _title(one):
            self._titled(one, path)
        elif isinstance(one, dict):
            self.group(one, path)
        elif isinstance(one, str) and one.strip():
            self.writer.line()
            self.writer.quote(one, path)

    def _keyed(self, key: str, value: Any, path: str) -> None:
        """A member of an object of sections: a section by its key, codes, a wrapper, or a fact of the encounter."""
        name = plain(key)
        if holds_codes(key, value):
            self.codes += proposed(value, path, key)
        elif name in _WRAPPERS and isinstance(value, list | dict):
            self.group(value, path)
        elif name in _WHOLE and isinstance(value, str):
            self.found = True
            self.writer.blank()
            self.writer.quote(value, path)
        elif name in _ABOUT or name in _NAMES or not _has_words(value):
            self.found = self.found or (is_clinical(spelled(key)) and name not in _ABOUT)
        else:
            words = spelled(key)
            self.found = self.found or is_clinical(words)
            self.writer.head(words, section=key)
            self._content(value, path)

    def _titled(self, item: dict[str, Any], path: str) -> None:
        """A section as an object: its heading is its title, or what its LOINC code or its diagnosis says it is."""
        key = _title(item) or ""
        title = str(item[key]).strip()
        loinc = next((str(value).strip() for name, value in item.items() if plain(name) in _LOINC), "")
        known = spelled(title) if plain(key) == "key" or re.fullmatch(r"[A-Z_]+|[a-z_]+", title) else title
        coded = any(holds_codes(name, value) for name, value in item.items())
        self.found = True
        if is_known(known) or not (loinc in LOINC or coded or plain(key) in ("problem", "condition", "diagnosis")):
            words = heading_of(known, loinc) or known
            self.writer.head(words, section=title, title=item[key], path=path + pointer(key))
            self._fields(item, path, skip=(key,))
            return
        heading = LOINC.get(loinc, "Assessment and plan")
        if self.writer.heading != heading:
            self.writer.head(heading)
        self.writer.section = title
        self._problem(item, key, path)

    def _content(self, value: Any, path: str) -> None:
        """What stands under a heading."""
        if isinstance(value, str):
            self.writer.line()
            self.writer.quote(value, path)
        elif isinstance(value, list):
            for at, one in enumerate(value):
                self._entry(one, path + pointer(at))
        elif isinstance(value, dict):
            key = _title(value)
            if key and not is_known(str(value[key])):
                self._problem(value, key, path)
            else:
                self._fields(value, path)

    def _entry(self, one: Any, path: str) -> None:
        """One of a list under a heading: a bullet, or a problem with what is said of it."""
        if isinstance(one, str) and one.strip():
            self.writer.line()
            self.writer.add("- ")
            self.writer.quote(one, path)
        elif isinstance(one, dict) and (key := _title(one, alone=True)):
            if is_known(str(one[key])):
                self._titled(one, path)
            else:
                self._problem(one, key, path)
        elif isinstance(one, dict):
            self._fields(one, path)
        elif isinstance(one, list):
            self._content(one, path)

    def _problem(self, item: dict[str, Any], key: str, path: str) -> None:
        """A numbered problem, its title first."""
        self.writer.item()
        self.writer.quote(str(item[key]).strip(), path + pointer(key), _indent(item[key]))
        self._fields(item, path, skip=(key,), problem=True)

    def _fields(self, item: dict[str, Any], path: str, *, skip: tuple[str, ...] = (), problem: bool = False) -> None:
        """The other members of an object: words, lists, labelled words, codes."""
        for key, value in item.items():
            name, at = plain(key), path + pointer(key)
            if key in skip or (name in _ABOUT and not (problem and name in _INLINE)):
                continue
            if holds_codes(key, value):
                self.codes += proposed(value, at, key)
            elif is_label(key, item) or not _has_words(value):
                continue
            elif name in _CONTENTS:
                self._content(value, at)
            elif not problem and is_known(spelled(key)):
                self.writer.head(spelled(key), section=key)
                self._content(value, at)
            else:
                self._labelled(key, value, at)

    def _labelled(self, key: str, value: Any, path: str) -> None:
        """Words under a key: its words are a label; a key of several words as people write them is a problem."""
        if " " in key.strip():
            self.writer.item()
            self.writer.add(f"{spelled(key)}\n")
            self._content(value, path)
            return
        self.writer.line()
        self.writer.add(f"{spelled(key)}:")
        if isinstance(value, str):
            self.writer.add(" ")
            self.writer.quote(value, path)
        else:
            self._content(value, path)


_CONTENTS = frozenset(
    "content contents text body value summary paragraph paragraphs bullets bulletpoints items problems entries"
    " sentences sections subsections details narrative summarizedsegment note notes children".split()
)
"""Keys whose value is what stands under a section's or a problem's title."""


def _title(item: dict[str, Any], *, alone: bool = False) -> str | None:
    """The key of an object's title, if it has a title and something under it, or may stand alone."""
    names = {plain(key): key for key in item if isinstance(item[key], str) and item[key].strip()}
    key = next((names[name] for name in _TITLES if name in names), None)
    return key if key and (alone or len(item) > 1) else None


def _has_words(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, dict):
        return any(map(_has_words, value.values()))
    return isinstance(value, list) and any(map(_has_words, value))


def _indent(value: str) -> int:
    return len(value) - len(value.lstrip())


def _facts(top: Any) -> dict[str, str]:
    """Id, date, patient and dialogue, from the document's object or one that wraps or heads it."""
    found: dict[str, str] = {}
    levels = [top] if isinstance(top, dict) else []
    for level in levels:
        names = {plain(key): value for key, value in level.items()}
        for fact, keys in (("id", _IDS), ("date", _DATES), ("patient", ("patientid", "patient"))):
            value = next((names[key] for key in keys if isinstance(names.get(key), str) and names[key].strip()), None)
            if value and fact not in found:
                found[fact] = value.strip()
        if isinstance(names.get("patient"), dict) and isinstance(names["patient"].get("id"), str):
            found.setdefault("patient", names["patient"]["id"])
        said = next((spoken(names[key]) for key in _DIALOGUES if names.get(key)), "")
        if said:
            found.setdefault("transcript", said)
        below = (value for name, value in names.items() if name in _WRAPPERS | {"metadata", "meta"})
        levels += [value for value in below if isinstance(value, dict)]
    return found


def spoken(value: Any) -> str:
    """A dialogue as text, a turn a line: a string, or a list of turns with a speaker and words."""
    if isinstance(value, str):
        return value
    lines: list[str] = []
    for turn in value if isinstance(value, list) else []:
        if isinstance(turn, dict):
            names = {plain(key): one for key, one in turn.items() if isinstance(one, str)}
            who = next((names[key] for key in ("speaker", "role", "speakertype", "participant") if key in names), "")
            said = next(
                (names[key] for key in ("text", "content", "words", "utterance", "transcript") if key in names), ""
            )
            lines.append(f"[{who.lower()}] {said}" if who else said)
        elif isinstance(turn, str):
            lines.append(turn)
    return "\n".join(lines)


def transcript_of(top: Any) -> str:
    """The dialogue of a JSON document: turns in a list, or below a key such as ``transcript``; "" without any."""
    return spoken(top) if isinstance(top, list) else _facts(top).get("transcript", "")


def day(text: str | None) -> datetime.date | None:
    """The day a date or an instant begins with; None without one. NoteError if it is not of the calendar."""
    if not text:
        return None
    match = _DAY.match(text.strip())
    try:
        return datetime.date.fromisoformat(match.group()) if match else _refuse_day()
    except ValueError:
        return _refuse_day()


def _refuse_day() -> datetime.date:
    raise NoteError("the document's date of service is no day of the calendar, written as 2026-05-12. Correct it.")
