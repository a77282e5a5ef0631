"""Is it a code, is it billable on that date, what stood before it, what excludes it: the code table.

Codes come in and go out with their dot ("M54.50"); ``normalise`` takes what people type. A day is a date of
service; None means the newest release. Chapters and blocks are entries too, named by their span ("M50-M54").
The table holds the codes in scope and all above them. A code outside it may well exist: no claim is made.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from nlp_coder.errors import KnowledgeError, NlpCoderError, NoteError

FIRST_DAY = datetime.date(2015, 10, 1)  # ICD-10-CM came into force; earlier dates of service take ICD-9-CM

KINDS: tuple[str, ...] = ("Includes", "Inclusion term", "Excludes1", "Excludes2", "Code first")
KINDS += ("Use additional code", "Code also", "Note", "7th character")

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_PLACE = rf"{_CODE}(?:-{_CODE})?"
_TYPED = re.compile(r"([A-Z][0-9][0-9A-Z])\.?([0-9A-Z]{1,4})?")
_SEQUELA = (
    "the injury code is a sequela (7th character S): guideline I.B.10 wants it beside the condition it left, "
    "the note does not say whether it means sequelae too"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the Tabular List. ``billable`` is true of the newest release.

    ``level`` is code, subcategory, category, block or chapter.
    ``valid_from`` and ``valid_to`` are the days on which it can be billed (no end: None); a header that
    never could has neither. ``before`` is the code that stood before it, ``icd9`` its ICD-9-CM ancestor.
    """

    code: str
    title: str
    level: str
    parent: str
    billable: bool
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    before: str
    icd9: str


@dataclass(frozen=True, slots=True)
class TabularNote:
    """A note of the Tabular List, where it sits, and the codes it names: "M51.2" and below, "M50-M51"."""

    at: str
    level: str
    kind: str
    text: str
    names: tuple[str, ...]
    valid_from: datetime.date | None
    valid_to: datetime.date | None


@dataclass(frozen=True, slots=True)
class ExcludesProof:
    """Why two codes exclude each other: the note that says so, at ``under`` or above it, about ``against``.

    ``names`` is the reference that reached ``against``. ``unsettled`` says in words what the note leaves
    open; it is empty where the note is plain. Guideline I.A.12.a (unrelated conditions) applies to all.
    """

    kind: str
    at: str
    level: str
    text: str
    names: str
    under: str
    against: str
    release: str
    unsettled: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A year's code set: its days, the stored text that serves them, and a notice where it only stands in."""

    name: str
    valid_from: datetime.date
    valid_to: datetime.date
    text: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    entries: dict[str, Entry]
    children: dict[str, list[Entry]]
    notes: dict[str, list[TabularNote]]
    injuries: tuple[str, ...]


def normalise(text: str) -> str:
    """The code as the book writes it: ``m5450``, ``M54.50``, ``M54.5-`` → M54.50, M54.50, M54.5.

    Raises NlpCoderError, with a hint, for what cannot be an ICD-10-CM code.
    """
    typed = "".join(text.split()).upper().rstrip("-.")
    if match := _TYPED.fullmatch(typed):
        return ".".join(part for part in match.groups() if part)
    hint = "write a letter, two digits, a dot and up to four more characters, as in M54.50 or S39.012A"
    if re.fullmatch(r"[0-9]{5}", typed):
        hint = "five digits are a procedure (CPT), and a diagnosis begins with a letter, as in M54.50"
    elif icd9 := re.fullmatch(r"([0-9]{3})(?:\.?([0-9]{1,2}))?", typed):
        near = ", ".join(came_of_icd9(".".join(filter(None, icd9.groups()))))
        hint = "it looks like ICD-9-CM, and ICD-10-CM codes begin with a letter" + (near and f"; nearest: {near}")
    shown = typed if re.fullmatch(r"[0-9A-Z.]{1,10}", typed) else "This"
    raise NlpCoderError(f"{shown} cannot be an ICD-10-CM code: {hint}.")


def came_of_icd9(icd9: str) -> tuple[str, ...]:
    """The billable codes that an ICD-9-CM code is mapped to, approximately: a start, not an answer."""
    return tuple(code for code in billable_codes() if icd9 in _table().entries[code].icd9.split())


def entry(code: str) -> Entry | None:
    """The line of the Tabular List for a code, a header, a block or a chapter; None if the table has none."""
    return _table().entries.get(code)


def children(code: str) -> tuple[Entry, ...]:
    """What stands directly under it, in book order: 7th-character codes under their stem."""
    return tuple(_table().children.get(code, ()))


def ancestors(code: str) -> tuple[Entry, ...]:
    """What stands above it, nearest first: subcategories, category, block, chapter."""
    return tuple(_table().entries[at] for at in _above(code) if at != code)


def billable_on(code: str, day: datetime.date | None = None) -> bool:
    """Whether it can be billed on that date of service."""
    found = entry(code)
    return found is not None and found.valid_from is not None and _holds(found, day or newest_release().valid_from)


@cache
def billable_codes(day: datetime.date | None = None) -> tuple[str, ...]:
    """Every code of the table that can be billed on that date of service, in book order."""
    return tuple(code for code in _table().entries if billable_on(code, day))


def in_force(code: str, day: datetime.date | None = None) -> str | None:
    """The code that stood for it on that date of service: itself, or the one before it; None if neither did.

    This is the one place that maps a code back: M54.50 on 2021-09-30 is M54.5. It never maps forward: a
    header that was split has no single successor (``suggest`` lists them).
    """
    found = entry(code)
    while found and not billable_on(found.code, day):
        found = entry(found.before)
    return found.code if found else None


def suggest(code: str, day: datetime.date | None = None) -> tuple[str, ...]:
    """What to use instead: the code that stood then, or the billable codes of the (nearest) header.

    Nothing for a category outside the table; of a category held in part (S39) the book may have better ones.
    """
    standing = in_force(code, day)
    if standing:
        return (standing,)
    billable, stem = billable_codes(day), code
    found = [other for other in billable if other.startswith(stem)]
    while not found and len(stem) > len("M54") and entry(code) is None:
        stem = stem[:-1]
        found = [other for other in billable if other.startswith(stem)]
    same_seventh = [other for other in found if len(other) == len("S39.012A") and other[-1] == code[-1]]
    return tuple(same_seventh or found)


def excludes1(a: str, b: str, day: datetime.date | None = None) -> tuple[ExcludesProof, ...]:
    """Every Excludes1 note in force that keeps the two codes apart, from either side, from any level above.

    Of a code outside the table only the notes of others are known: no proof is then no statement.
    """
    return _proofs("Excludes1", a, b, day)


def excludes2(a: str, b: str, day: datetime.date | None = None) -> tuple[ExcludesProof, ...]:
    """The same for Excludes2, which allows both codes; empty where an Excludes1 note bars the pair anyway."""
    return () if excludes1(a, b, day) else _proofs("Excludes2", a, b, day)


def notes_for(code: str, day: datetime.date | None = None) -> tuple[TabularNote, ...]:
    """All notes in force over a code: its own first, then the inherited ones up to the chapter's."""
    if entry(code) is None:
        return ()
    when = day or newest_release().valid_from
    return tuple(note for at in _above(code) for note in _table().notes.get(at, ()) if _holds(note, when))


def release_on(day: datetime.date) -> Release:
    """The code set of a date of service; past the last one stored the last one stands in and says so."""
    if day < FIRST_DAY:
        raise NoteError(f"Date of service {day}: ICD-10-CM begins on {FIRST_DAY}; give a later date.")
    for release in reversed(_releases()):
        if release.valid_from <= day:
            break
    if day <= release.valid_to:
        return release
    notice = f"No code set is stored for {day}; {release.name}, the nearest earlier one, is used."
    return replace(release, notice=notice)


def newest_release() -> Release:
    """The last code set stored."""
    return _releases()[-1]


def _proofs(kind: str, a: str, b: str, day: datetime.date | None) -> tuple[ExcludesProof, ...]:
    when = day or newest_release().valid_from
    release, open_point = release_on(when).name, _SEQUELA if _is_sequela(a) or _is_sequela(b) else ""
    return tuple(
        ExcludesProof(kind, note.at, note.level, note.text, name, under, against, release, open_point)
        for under, against in ((a, b), (b, a))
        if a != b
        for note in _naming(under, kind, against[:3])
        if _holds(note, when)
        for name in [next((name for name in _names(note) if _covers(name, against)), "")]
        if name
    )


def _is_sequela(code: str) -> bool:
    return len(code) == len("S39.012S") and code[-1] == "S" and code.startswith(_table().injuries)


@cache
def _naming(under: str, kind: str, category: str) -> tuple[TabularNote, ...]:
    """The notes of a kind, at a code or above it, that name something of a category."""
    notes = (note for at in _above(under) for note in _table().notes.get(at, ()) if note.kind == kind)
    spans = ((note, name[:3], name.rpartition("-")[2][:3]) for note in notes for name in _names(note))
    return tuple(dict.fromkeys(note for note, first, last in spans if first <= category <= last))


def _names(note: TabularNote) -> tuple[str, ...]:
    """What a note names; "current injury - see injury of spine" has no code and means injuries.csv."""
    return _table().injuries if note.text.lower().startswith("current injury - see injury") else note.names


def _covers(name: str, code: str) -> bool:
    first, _, last = name.partition("-")
    last = last or first
    return first <= code[: len(first)] and code[: len(last)] <= last


def _holds(what: Entry | TabularNote, day: datetime.date) -> bool:
    first, last = what.valid_from, what.valid_to
    return (first is None or first <= day) and (last is None or day <= last)


@cache
def _above(code: str) -> tuple[str, ...]:
    """The code and all above it, nearest first; a code outside the table begins at its nearest header."""
    entries, at = _table().entries, code
    while at and at not in entries:
        at = at[:-1].rstrip(".")
    chain = []
    while at:
        chain.append(at)
        at = entries[at].parent
    return tuple(chain)


@cache
def _table() -> _Table:
    entries: dict[str, Entry] = {}
    below: dict[str, list[Entry]] = {}
    notes: dict[str, list[TabularNote]] = {}
    try:
        for _, row in _rows(_folder(), "codes.csv"):
            code, title, level, parent, flag, first, last, before, icd9 = row.values()
            found = Entry(code, title, level, parent, flag == "yes", _day(first), _day(last), before, icd9)
            entries[code] = found
            below.setdefault(parent, []).append(found)
        for _, row in _rows(_folder(), "notes.csv"):
            at, kind, text, names, first, last = row.values()
            level, named = entries[at].level, tuple(names.split())
            note = TabularNote(at, level, kind, text, named, _day(first), _day(last))
            notes.setdefault(at, []).append(note)
        injuries = tuple(row["prefix"] for _, row in _rows(_folder(), "injuries.csv"))
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(list(faults())) from error
    return _Table(entries, below, notes, injuries)


@cache
def _releases() -> tuple[Release, ...]:
    read = datetime.date.fromisoformat
    try:
        return tuple(
            Release(row["name"], read(row["valid_from"]), read(row["valid_to"]), row["text"])
            for _, row in _rows(_folder(), "releases.csv")
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(list(faults())) from error


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _folder() -> Traversable:
    return resources.files("nlp_coder") / "knowledge" / "icd10cm"


def _rows(folder: Traversable, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of a CSV file; comment lines stand above its heading."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(lines[start:])
    for row in reader:
        yield start + reader.line_num, row


_Files = dict[str, list[tuple[int, dict[str, str]]]]
_A_CODE = (_PLACE, "a code such as M54.50")
_A_DAY = (r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?", "a day such as 2024-10-01, or nothing")
_CELLS = {
    "code": _A_CODE,
    "at": _A_CODE,
    "prefix": _A_CODE,
    "parent": (rf"(?:{_PLACE})?", "the code above it"),
    "before": (rf"(?:{_CODE})?", "the code that stood before, or nothing"),
    "names": (rf"(?:{_PLACE}(?: {_PLACE})*)?", "codes such as M51.2 M50-M51, or nothing"),
    "kind": ("|".join(KINDS), " | ".join(KINDS)),
    "what": ("|".join(("code", *KINDS)), " | ".join(("code", *KINDS))),
    "valid_from": _A_DAY,
    "valid_to": _A_DAY,
    "icd9": (r"(?:[0-9]{3}(?:\.[0-9]{1,2})?)?", "an ICD-9-CM code such as 724.2"),
    "name": (r"FY[0-9]{4}", "a fiscal year such as FY2027"),
}
_COLUMNS = {
    "codes.csv": "code title level parent billable valid_from valid_to before icd9",
    "notes.csv": "at kind text names valid_from valid_to",
    "changes.csv": "what code valid_from valid_to before names text source",
    "releases.csv": "name valid_from valid_to text",
    "injuries.csv": "prefix title",
    "icd9.csv": "code icd9",
}


def faults(folder: Traversable | None = None) -> tuple[str, ...]:
    """What is wrong in the files of the code table: file, line, what was found, what to write."""
    tables = {name: list(_rows(folder or _folder(), name)) for name in _COLUMNS}
    return tuple(_misfits(tables)) or tuple(_disagreements(tables))


def _misfits(tables: _Files) -> Iterator[str]:
    for name, columns in _COLUMNS.items():
        for line, row in tables[name]:
            fits = list(row) == columns.split() and None not in row.values()
            if not fits:
                yield f"icd10cm/{name}:{line}: the columns must be {columns.replace(' ', ',')}."
            for column, cell in row.items() if fits else ():
                if not _is_well_formed(column, cell):
                    yield f"icd10cm/{name}:{line}: {column} '{cell}'. Write {_CELLS[column][1]}."


def _is_well_formed(column: str, cell: str) -> bool:
    try:
        if column.startswith("valid"):
            _day(cell)
    except ValueError:
        return False
    return column not in _CELLS or bool(re.fullmatch(_CELLS[column][0], cell))


def _disagreements(tables: _Files) -> Iterator[str]:
    """Where the files contradict each other: unknown codes, an import not run, a gap between years."""
    codes = {row["code"]: row for _, row in tables["codes.csv"]}
    for cell in ("codes.csv parent", "codes.csv before", "notes.csv at", "icd9.csv code", "changes.csv code"):
        name, column = cell.split()
        for line, row in tables[name]:
            if row[column] and row[column] not in codes:
                yield f"icd10cm/{name}:{line}: {column} {row[column]} is not in codes.csv."
    for line, row in tables["changes.csv"]:
        now = codes.get(row["code"], row)
        if row["what"] == "code" and (now["valid_to"], now["before"]) != (row["valid_to"], row["before"]):
            yield f"icd10cm/changes.csv:{line}: codes.csv differs. Run scripts/import_icd10cm.py."
    day = FIRST_DAY
    for line, row in tables["releases.csv"]:
        if row["valid_from"] != str(day) or row["valid_to"] <= row["valid_from"]:
            yield f"icd10cm/releases.csv:{line}: {row['name']} must begin on {day}, no day left out."
        day = datetime.date.fromisoformat(row["valid_to"]) + datetime.timedelta(days=1)
