"""Each code of a claim on its own: is it one, does it exist, can it be billed on that day, is it there once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from nlp_coder import icd10cm
from nlp_coder.claims.claimed import ClaimFinding
from nlp_coder.errors import NlpCoderError
from nlp_coder.types import Authority

_CPT = re.compile(r"[0-9]{5}|[0-9]{4}[FTU]")
_PROCEDURE = re.compile(r"[0-9]{5}|[0-9]{4}[FTUM]|[A-V][0-9]{4}")
_ICD9 = re.compile(r"[0-9]{3}(?:\.[0-9]{1,2})?")
HELD_WHOLE = ("M43", "M45", "M46", "M47", "M48", "M50", "M51", "M53", "M54", "M99", "G89", "R52")
"""Categories of which the table holds every code; of others (M62, S39) the book may have more."""
_ENCOUNTER = "A active treatment, D routine care in recovery, S sequela"
_UNSPECIFIED = ("unspecified", "site unspecified", "unspecified side")


def standing(typed: str) -> tuple[str, ClaimFinding | None]:
    """A code as typed → as the book writes it, or what is wrong with it: then the code is empty."""
    text = "".join(typed.split()).upper()
    if _CPT.fullmatch(text):
        return "", _refused(
            text, "is a procedure code (CPT), not a diagnosis", "Give it as --cpt, and an ICD-10-CM code here."
        )
    if _ICD9.fullmatch(text):
        return "", _refused(text, "is an ICD-9-CM code; claims since 2015-10-01 take ICD-10-CM", _descendants(text))
    try:
        return icd10cm.normalise(typed), None
    except NlpCoderError:
        fix = "Write a letter, two characters, a dot and up to four more, as in M54.50 or S39.012A."
        return "", _refused(shown(typed), "is not shaped like an ICD-10-CM code", fix)


def shown(typed: str) -> str:
    """A typed entry as it may be repeated: only what is short and plain, for the rest may be words of a note."""
    text = "".join(typed.split()).upper()
    return text if re.fullmatch(r"[0-9A-Z.-]{1,10}", text) else "(one entry)"


def procedures(numbers: Sequence[str]) -> Iterator[ClaimFinding]:
    """A procedure is a number of its own kind: five digits, four and a letter, or a letter and four."""
    for typed in numbers:
        if not _PROCEDURE.fullmatch(typed.strip().upper()):
            text = f"{shown(typed)} is not shaped like a procedure code (CPT or HCPCS)."
            fix = "Write five digits, as in 97110; diagnoses stand without --cpt."
            yield ClaimFinding("not-a-procedure", "error", text, Authority.HOUSE, "house", fix, (shown(typed),))


def _refused(entry: str, wrong: str, fix: str) -> ClaimFinding:
    return ClaimFinding("not-a-code", "error", f"{entry} {wrong}.", Authority.TABULAR, "tabular", fix, (entry,))


def _descendants(icd9: str) -> str:
    """What came of an ICD-9-CM code, by the last mappings: a start, not an answer."""
    found = icd10cm.came_of_icd9(icd9)
    if not found:
        return "Look the diagnosis up in the Alphabetic Index."
    return f"Mapped approximately to {', '.join(found)} (mappings of FY2018): code from the documentation."


def code_alone(code: str, day: datetime.date | None) -> Iterator[ClaimFinding]:
    """I.B.2 and the table: unknown, header, 7th character missing, not in force on the day; unspecified."""
    entry = icd10cm.entry(code)
    if entry is None:
        yield _unknown(code, day)
    elif not icd10cm.billable_on(code, day):
        yield _not_billable(entry, day)
    elif entry.title.rpartition(", ")[2] in _UNSPECIFIED and code.startswith("M54"):
        text = f"{code} ({entry.title}) says that the record says no more."
        fix = "Look whether the record names region, side or cause; if it does not, the code is right (I.B.18)."
        yield ClaimFinding(
            "unspecified-code", "info", text, Authority.GUIDELINE, "guideline I.A.9.b, I.B.18", fix, (code,)
        )


def known_absent(code: str) -> bool:
    """Whether the book has no such code: the table holds its whole category, or the whole row of 7th characters."""
    if icd10cm.entry(code):
        return False
    above = next((code[:end] for end in range(len(code) - 1, 2, -1) if icd10cm.entry(code[:end].rstrip("."))), "")
    below = icd10cm.children(above)
    seventh = bool(below) and all(len(child.code) == len("S39.012A") for child in below)
    return code.startswith(HELD_WHOLE) or seventh


def _unknown(code: str, day: datetime.date | None) -> ClaimFinding:
    if known_absent(code):
        near = icd10cm.suggest(code, day)[:6]
        fix = f"Nearest: {', '.join(near)}." if near else "Look the diagnosis up in the Alphabetic Index."
        text = f"{code} does not exist in ICD-10-CM."
        return ClaimFinding("unknown-code", "error", text, Authority.TABULAR, f"tabular: {code[:3]}", fix, (code,))
    text = f"{code} is outside the table of spine codes: only what other codes' notes say of it was checked."
    return ClaimFinding(
        "outside-the-table", "info", text, Authority.HOUSE, "house", "Check it with another tool.", (code,)
    )


def _not_billable(entry: icd10cm.Entry, day: datetime.date | None) -> ClaimFinding:
    """A header, a code that has ended, a code that had not begun; each with what to bill instead."""
    code, use = entry.code, icd10cm.suggest(entry.code, day)
    source = f"tabular: {code}; guideline I.B.2"
    fix = f"Use {_listed(use)}." if use else "Look the diagnosis up in the Alphabetic Index."
    if use and all(len(other) == len("S39.012A") for other in use):
        text = f"{code} ({entry.title}) is incomplete: the 7th character is missing."
        return ClaimFinding(
            "missing-7th-character",
            "error",
            text,
            Authority.TABULAR,
            source,
            f"{fix} {_ENCOUNTER}.".replace("..", "."),
            (code,),
        )
    when = day or icd10cm.newest_release().valid_from
    if entry.valid_to and entry.valid_to < when:
        text = f"{code} ({entry.title}) could be billed until {entry.valid_to}; since then it is a header."
        return ClaimFinding("retired-code", "error", text, Authority.TABULAR, source, fix, (code,))
    if entry.valid_from and when < entry.valid_from:
        text = f"{code} came into force on {entry.valid_from}, after the date of service."
        return ClaimFinding("not-yet-in-force", "error", text, Authority.TABULAR, source, fix, (code,))
    text = f"{code} ({entry.title}) is a header and cannot be billed: it lacks characters."
    return ClaimFinding("header-code", "error", text, Authority.TABULAR, source, fix, (code,))


def _listed(codes: Sequence[str]) -> str:
    """Codes with their titles; of many, the codes alone."""
    if len(codes) > 4:
        return ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")
    return ", ".join(f"{code} ({entry.title})" for code in codes if (entry := icd10cm.entry(code)))


def duplicates(codes: Sequence[str]) -> Iterator[ClaimFinding]:
    """I.B.12: each code once an encounter."""
    for code in dict.fromkeys(codes):
        if (count := codes.count(code)) > 1:
            text = f"{code} stands on the claim {count} times."
            fix = "Report it once, also where the condition is on both sides and the code has no side."
            yield ClaimFinding("duplicate-code", "error", text, Authority.GUIDELINE, "guideline I.B.12", fix, (code,))


def sides(codes: Sequence[str]) -> Iterator[ClaimFinding]:
    """I.B.13: an unspecified side beside a stated one; both sides are two codes."""
    for stem, unspecified in (("M54.3", "M54.30"), ("M54.4", "M54.40"), ("G57.0", "G57.00")):
        sided = [code for code in (f"{stem}1", f"{stem}2", f"{stem}3") if code in codes]
        source = "guideline I.B.13"
        if sided and unspecified in codes:
            text = f"{unspecified} (side not stated) stands beside {' and '.join(sided)}."
            both = (unspecified, *sided)
            yield ClaimFinding(
                "side-stated-and-not", "error", text, Authority.GUIDELINE, source, f"Drop {unspecified}.", both
            )
        elif len(sided) > 1 and stem != "G57.0":
            text = f"{' and '.join(sided)}: both sides, coded each, as there is no bilateral code."
            fix = "Right if the record says both sides."
            yield ClaimFinding("both-sides", "info", text, Authority.GUIDELINE, source, fix, tuple(sided))
        elif unspecified in codes:
            text = f"{unspecified} says that no side is documented."
            yield ClaimFinding(
                "side-not-stated",
                "warning",
                text,
                Authority.GUIDELINE,
                source,
                f"Look for the side; if it is stated, use {stem}1 (right) or {stem}2 (left).",
                (unspecified,),
            )
