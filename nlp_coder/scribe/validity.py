"""Can a proposed code be billed at all on the date of service: not a code, header, retired, not yet in force."""

from __future__ import annotations

import datetime

from nlp_coder import icd10cm
from nlp_coder.icd10cm import Entry

_WHOLE = ("M43", "M45", "M46", "M47", "M48", "M50", "M51", "M53", "M54", "G89")
"""Categories that the table holds whole: a code of theirs that it lacks does not exist."""
_LONGEST = len("S39.012A")


def invalid(code: str, day: datetime.date) -> tuple[str, str]:
    """Why a code of the table cannot be billed on a day: the finding's id and its words; both empty if it can.

    A code outside the table is only called unknown where the table holds its category whole.
    """
    entry = icd10cm.entry(code)
    if entry is None:
        unknown = code[:3] in _WHOLE
        return ("unknown-code", f"{code} is no code of ICD-10-CM.") if unknown else ("", "")
    if icd10cm.billable_on(code, day):
        return "", ""
    return _not_billable(entry, day)


def _not_billable(entry: Entry, day: datetime.date) -> tuple[str, str]:
    below = [e.code for e in icd10cm.children(entry.code)]
    if entry.valid_to and entry.valid_to < day:
        return "retired", f"{entry.code} could be billed until {entry.valid_to}, not on {day}."
    if entry.valid_from and day < entry.valid_from:
        return "not-yet-valid", f"{entry.code} can be billed from {entry.valid_from}, not on {day}."
    if below and all(len(code) == _LONGEST for code in below):
        return "missing-character", f"{entry.code} lacks its 7th character."
    return "header", f"{entry.code} is a header: the code beneath it is billed."


def outside(code: str) -> bool:
    """Whether the table holds neither the code nor its category: the program says nothing of it."""
    return icd10cm.entry(code) is None and code[:3] not in _WHOLE
