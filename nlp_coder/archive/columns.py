"""One record of a table → a draft of its note, by the names of the columns."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from uuid import UUID

from nlp_coder.archive import faults
from nlp_coder.archive.faults import RefusedError
from nlp_coder.archive.nouns import Failure
from nlp_coder.errors import InputError
from nlp_coder.types import Note

_LONGEST_ID = 200
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?", re.ASCII)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_NAME = re.compile(r"[^\W\d][\w .\-/()#]{0,39}")
_SETTINGS = frozenset({"outpatient", "inpatient"})
_PURPOSES = frozenset({"evaluation", "pain-management", "therapy"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold the parts of a note; only ``text`` must be there.

    A name other than the default is the user's own, so its column must be there too.
    """

    id: str = "id"
    text: str = "text"
    date_of_service: str = "date_of_service"
    patient: str = "patient"
    provider: str = "provider"
    setting: str = "setting"
    purpose: str = "purpose"

    def named(self) -> dict[str, str]:
        """Part of the note → name of its column."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def wanted(self) -> dict[str, str]:
        """The parts whose column must be there: the text, and what the user named."""
        return {part: name for part, name in self.named().items() if part == "text" or name != getattr(_USUAL, part)}


_USUAL = Columns()


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as read, not yet counted; without an id of its own ``id`` is empty."""

    id: str = ""
    note: Note | None = None
    provider: str = ""
    failure: Failure | None = None


def places(columns: Columns, header: Sequence[str], input: str) -> dict[str, int]:
    """Part of the note → index of its column; letter case and blanks around a name do not matter.

    InputError, with the columns there are, if the text or a column the user named is missing, or stands twice.
    """
    clean = [plain(name) for name in header]
    found: dict[str, int] = {}
    for part, name in columns.named().items():
        exact = [index for index, there in enumerate(header) if there == name]
        at = exact or [index for index, there in enumerate(clean) if there == plain(name)]
        if len(at) > 1:
            raise InputError(f"{input}: the column {name} stands there {len(at)} times. Rename all but one.")
        if at:
            found[part] = at[0]
    missing = {part: name for part, name in columns.wanted().items() if part not in found}
    if missing:
        raise InputError(f"{input}: {no_column(missing, header)}")
    return found


def no_column(missing: Mapping[str, str], there: Sequence[str]) -> str:
    """What to say of columns that are not there; what does not look like a name is not repeated."""
    options = ", ".join(f"--{part.removesuffix('_of_service').replace('_', '-')}-column" for part in missing)
    wrong = f"there is no column {' and no column '.join(missing.values())}."
    names = [name.strip() for name in there if name.strip()]
    if not names or len(names) > 200 or not all(_NAME.fullmatch(name) for name in names):
        return f"{wrong} Its first line does not look like names of columns: put them there, then use {options}."
    return f"{wrong} Name it with {options}; there are: {', '.join(names)}."


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().casefold()


def draft(cells: Mapping[str, object]) -> Draft:
    """The cells of one record by part of the note → its draft, which holds the note or a failure."""
    id = ""
    try:
        id = identity(cells.get("id"))
        provider = _word("provider", cells.get("provider"))
        note = Note(
            text=text(cells.get("text")),
            id=id,
            date_of_service=_day(cells.get("date_of_service")),
            setting=_one_of(_SETTINGS, _word("setting", cells.get("setting")), faults.BAD_SETTING) or "outpatient",
            patient=_word("patient", cells.get("patient")) or None,
            purpose=_one_of(_PURPOSES, _word("purpose", cells.get("purpose")), faults.BAD_PURPOSE),
        )
    except RefusedError as refused:
        return Draft(id, failure=refused.failure)
    return Draft(id, note, provider)


def identity(value: object) -> str:
    """The id a cell gives, empty if none; RefusedError if it is too long or of another type."""
    id = _word("id", value)
    if len(id) > _LONGEST_ID:
        raise RefusedError(faults.LONG_ID)
    return id


def text(value: object) -> str:
    """The note's text as it stands; RefusedError if it is null, no text, too large, binary or empty."""
    if value is None:
        raise RefusedError(faults.NO_TEXT)
    if isinstance(value, bytes | bytearray):
        return decoded(bytes(value))
    if not isinstance(value, str):
        raise RefusedError(faults.wrong_type("text", "text"))
    return readable(value, _size(value))


def decoded(data: bytes) -> str:
    """A note's bytes as text (a byte order mark is no part of it); RefusedError if they cannot be read."""
    if len(data) > faults.LARGEST:
        raise RefusedError(faults.TOO_LARGE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError(faults.UTF_16)
    if b"\0" in data or data.startswith((b"%PDF", b"{\\rtf")):
        raise RefusedError(faults.BINARY)
    try:
        found = data.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(faults.not_utf8(error.start, "the note")) from None
    return readable(found.removeprefix("\ufeff"), len(data))


def readable(found: str, size: int) -> str:
    """A text of so many bytes that may be coded; RefusedError otherwise."""
    if size > faults.LARGEST:
        raise RefusedError(faults.TOO_LARGE)
    if "\0" in found or (_CONTROL.search(found) and len(_CONTROL.findall(found)) * 10 > len(found)):
        raise RefusedError(faults.BINARY)
    if all(unicodedata.category(character)[0] in "ZC" for character in found):
        raise RefusedError(faults.EMPTY)
    return found


def _size(value: str) -> int:
    try:
        return len(value.encode())
    except UnicodeEncodeError:
        raise RefusedError(faults.HALF_A_CHARACTER) from None


def _word(part: str, value: object) -> str:
    """A short cell as a word: text, or a number without fraction; NaN is nothing."""
    if value is None or value != value:
        return ""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError as error:
            raise RefusedError(faults.not_utf8(error.start, f"its {part}")) from None
    if isinstance(value, str):
        _size(value)
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float | Decimal) and value % 1 == 0:
        return str(int(value))
    if isinstance(value, UUID):
        return str(value)
    raise RefusedError(faults.wrong_type(part, "text or a whole number"))


def _day(value: object) -> datetime.date | None:
    """A date of service: a date, a moment, or its ISO form; None if empty."""
    if value is None or value != value:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        raise RefusedError(faults.BAD_DATE)
    written = value.strip()
    if not written:
        return None
    match = _DAY.fullmatch(written)
    try:
        if not match:
            raise ValueError
        return datetime.datetime.fromisoformat(written).date()
    except ValueError:
        raise RefusedError(faults.BAD_DATE) from None


def _one_of(allowed: frozenset[str], word: str, failure: Failure) -> str | None:
    """One of a few words, in any letter case; None if empty."""
    if not word:
        return None
    if word.lower() not in allowed:
        raise RefusedError(failure)
    return word.lower()
