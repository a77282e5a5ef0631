"""Values of JSON that propose codes → the codes as written, each once."""

from __future__ import annotations

import re
from typing import Any

from nlp_coder.scribe.nouns import Proposed
from nlp_coder.scribe.read.loads import pointer

KEYS = frozenset(
    "code codes icd icd10 icd10cm icd10code icd10codes icd10cmcode icd10cmcodes icdcode icdcodes icds coding codings"
    " diagnosiscode diagnosiscodes dxcode dxcodes billingcode billingcodes proposedcode proposedcodes"
    " suggestedcode suggestedcodes claimcodes normalizeddata".split()
)
"""Keys that hold codes and nothing else, letters and digits run together in small letters."""
_SURE = re.compile(r"icd|(?:diagnosis|dx)code")
_SYSTEMS = frozenset({"system", "type", "codesystem", "codetype", "vocabulary", "terminology", "codingsystem"})
_LABELS = frozenset({"description", "desc", "display", "displayname", "label", "text", "codedescription", "longname"})
_TITLE = re.compile(r"(?:icd\w*|code|dx|diagnosis)(?:description|desc|display|displayname|name|title|label)")
_SHAPE = re.compile(r"[A-TV-Za-tv-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?")


def plain(key: str) -> str:
    """A key's letters and digits, small: ``icd10_codes``, ``ICD10Codes`` and ``icd-10 codes`` are one key."""
    return "".join(filter(str.isalnum, key)).lower()


def is_code(value: object) -> bool:
    """Whether a string is shaped like an ICD-10-CM code, with or without its point."""
    return isinstance(value, str) and bool(_SHAPE.fullmatch(value.strip()))


def holds_codes(key: str, value: Any) -> bool:
    """Whether a member holds codes: its key says so, and it is not prose all the same."""
    prose = isinstance(value, str) and len(value.split()) > 1
    return (plain(key) in KEYS and not prose) or only_codes(value)


def own_code(item: dict[str, Any]) -> bool:
    """Whether an object names a code, so that its ``description`` is the code's title and no word of the note."""
    return any(plain(key) in KEYS and value for key, value in item.items())


def is_label(key: str, item: dict[str, Any]) -> bool:
    """Whether a key of an object with a code holds the code's title (``description``, ``icd10_description``)."""
    return own_code(item) and (plain(key) in _LABELS or bool(_TITLE.fullmatch(plain(key))))


def only_codes(value: Any) -> bool:
    """Whether a value is codes alone: strings of their shape, or objects that have a code and its title."""
    if isinstance(value, list):
        return bool(value) and all(map(only_codes, value))
    if isinstance(value, dict):
        known = (
            KEYS
            | _LABELS
            | _SYSTEMS
            | {"rank", "sequence", "confidence", "score", "id", "primary", "laterality", "status"}
        )
        return own_code(value) and all(plain(key) in known for key in value)
    return is_code(value)


def proposed(value: Any, path: str, key: str = "") -> list[Proposed]:
    """The codes of a value at ``path``: strings, lists, objects with ``code``; those of CPT and the like left out."""
    sure = bool(_SURE.search(plain(key)))
    if isinstance(value, str):
        return [Proposed(value.strip(), path)] if value.strip() and (sure or is_code(value)) else []
    if isinstance(value, list):
        return [code for at, one in enumerate(value) for code in proposed(one, path + pointer(at), key)]
    if not isinstance(value, dict):
        return []
    systems = [str(one) for name, one in value.items() if plain(name) in _SYSTEMS and isinstance(one, str)]
    if any(_is_other(system) for system in systems):
        return []
    inner = key if sure or not any(_SURE.search(plain(system)) for system in systems) else "icd"
    return [
        code
        for name, one in value.items()
        if plain(name) in KEYS or isinstance(one, list | dict)
        for code in proposed(one, path + pointer(name), inner if plain(name) == "code" else f"{inner} {name}")
    ]


def _is_other(system: str) -> bool:
    """Whether a code system is named and is not ICD-10-CM."""
    return bool(re.search(r"snomed|sct|cpt|hcpcs|loinc|rxnorm|icd-?9|icd-?10-?pcs|procedure", system, re.IGNORECASE))


def once(codes: list[Proposed]) -> tuple[Proposed, ...]:
    """Each code at its first place."""
    found: dict[str, Proposed] = {}
    for one in codes:
        found.setdefault(one.code.upper().replace(".", ""), one)
    return tuple(found.values())
