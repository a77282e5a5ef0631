"""Files of claims → claims one by one: CSV, JSONL, FHIR Claim (JSON); a row that cannot be used costs itself only."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp_coder.claims.claimed import Claim
from nlp_coder.errors import InputError
from nlp_coder.icd10cm import FIRST_DAY

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_APART = re.compile(r"[\s,;|]+")
_NUMBERED = re.compile(r"(?:dx|diagnosis|code|icd)[_ -]?([0-9]{1,2})", re.IGNORECASE)
_PURPOSES = ("evaluation", "pain-management", "therapy")
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """One row or object of a file: its number from 1, and the claim, or why there is none."""

    number: int
    claim: Claim | None
    fault: str = ""


def read_claims(path: Path) -> Iterator[Read]:
    """The claims of a file by its ending: .csv, .jsonl or .ndjson, .json; InputError if it cannot be used as a whole.

    CSV needs a column ``codes`` (parted by blanks or semicolons), or ``dx1``, ``dx2`` …; ``id``, ``date``, ``purpose``,
    ``cpt``, ``payer`` and ``visit`` may be there. JSONL has the same names, ``codes`` and ``cpt`` as lists. An object
    whose ``resourceType`` is Claim (or a Bundle of them) is read as FHIR.
    """
    ending = path.suffix.lower()
    if ending not in {".csv", ".jsonl", ".ndjson", ".json"}:
        raise InputError("the claims must be a .csv, .jsonl, .ndjson or .json file.")
    if not path.is_file():
        raise InputError("there is no such file of claims. Check the path.")
    reader = {".csv": _of_csv, ".json": _of_json}.get(ending, _of_lines)
    empty = True
    try:
        for read in reader(path):
            empty = False
            yield read
    except UnicodeDecodeError:
        raise InputError("the claims are not UTF-8. Save the file as UTF-8.") from None
    except OSError as error:
        raise InputError(f"the claims cannot be read: {error.strerror or 'it failed'}.") from None
    if empty:
        raise InputError("the file of claims is empty. CSV needs a line of column names and a row for each claim.")


def _of_csv(path: Path) -> Iterator[Read]:
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        names = {name.strip().casefold(): name for name in reader.fieldnames or () if name}
        numbered = sorted((int(match[1]), name) for key, name in names.items() if (match := _NUMBERED.fullmatch(key)))
        if reader.fieldnames and "codes" not in names and not numbered:
            raise InputError("the claims have no column of codes. Name one codes, or several dx1, dx2 …")
        try:
            for number, row in enumerate(reader, 1):
                cells: dict[str, Any] = {key: row.get(name) or "" for key, name in names.items()}
                if numbered:
                    cells["codes"] = [row.get(name) or "" for _, name in numbered]
                yield _claim(number, cells)
        except csv.Error:
            raise InputError(f"line {reader.line_num} of the claims is no CSV. Look at its quotes.") from None


def _of_lines(path: Path) -> Iterator[Read]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    found = json.loads(line)
                except ValueError:
                    yield Read(number, None, "the line is not JSON")
                    continue
                yield from _of_object(number, found)


def _of_json(path: Path) -> Iterator[Read]:
    text = path.read_text(encoding="utf-8-sig")
    if not text.strip():
        return
    try:
        found = json.loads(text)
    except ValueError:
        raise InputError("the claims are not JSON. One object a line belongs into a .jsonl file.") from None
    for number, one in enumerate(found if isinstance(found, list) else [found], 1):
        yield from _of_object(number, one)


def _of_object(number: int, found: Any) -> Iterator[Read]:
    if not isinstance(found, dict):
        yield Read(number, None, "it is no object with codes")
    elif found.get("resourceType") == "Bundle":
        inside = [_mapping(entry).get("resource") for entry in _list(found.get("entry"))]
        claims = [one for one in inside if _mapping(one).get("resourceType") == "Claim"]
        yield from (_claim(number, _of_fhir(_mapping(one))) for one in claims)
        if not claims:
            yield Read(number, None, "the bundle holds no Claim")
    elif found.get("resourceType") == "Claim":
        yield _claim(number, _of_fhir(found))
    elif "resourceType" in found:
        yield Read(number, None, "it is another FHIR resource; only Claim is read")
    else:
        yield _claim(number, found)


def _of_fhir(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Diagnoses by their sequence, procedures of the items, the day of service of an item or of the period."""
    diagnoses = sorted(map(_mapping, _list(claim.get("diagnosis"))), key=_sequence)
    items = [_mapping(item) for item in _list(claim.get("item"))]
    days = [str(item.get("servicedDate") or _mapping(item.get("servicedPeriod")).get("start") or "") for item in items]
    days.append(str(_mapping(claim.get("billablePeriod")).get("start") or ""))
    return {
        "id": claim.get("id", ""),
        "codes": [_coded(diagnosis.get("diagnosisCodeableConcept"), "icd-10") for diagnosis in diagnoses],
        "cpt": [_coded(item.get("productOrService"), "cpt") for item in items],
        "date": next((day[:10] for day in days if day), ""),
    }


def _sequence(diagnosis: Mapping[str, Any]) -> int:
    place = diagnosis.get("sequence")
    return place if isinstance(place, int) else 999


def _coded(concept: Any, system: str) -> str:
    """The code of a CodeableConcept, of the wanted system if it has several."""
    codings = [_mapping(coding) for coding in _list(_mapping(concept).get("coding"))]
    wanted = [coding for coding in codings if system in str(coding.get("system", "")).lower()]
    return next((str(coding["code"]) for coding in (*wanted, *codings) if coding.get("code")), "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _claim(number: int, cells: Mapping[str, Any]) -> Read:
    """One claim of its named parts; a day, purpose or visit that cannot be used is a fault of the row."""
    day, purpose, visit = (str(cells.get(name) or "").strip() for name in ("date", "purpose", "visit"))
    date = _day(day)
    if day and date is None:
        return Read(number, None, "date is no day of the calendar; write it as 2026-05-12")
    if date and date < FIRST_DAY:
        return Read(number, None, f"date is before {FIRST_DAY}, when ICD-10-CM began")
    if purpose and purpose not in _PURPOSES:
        return Read(number, None, f"purpose is none of {', '.join(_PURPOSES)}")
    if visit and not visit.isdecimal():
        return Read(number, None, "visit is no whole number")
    id_, payer = (str(cells.get(name) or "").strip() for name in ("id", "payer"))
    return Read(
        number,
        Claim(
            _parted(cells.get("codes")),
            id_ or str(number),
            date,
            purpose or None,
            _parted(cells.get("cpt")),
            payer,
            int(visit) if visit else None,
        ),
    )


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _parted(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else _APART.split(str(value or ""))
    return tuple(text for part in parts if (text := str(part).strip()))
