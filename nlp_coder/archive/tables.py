"""The tables of an archive's answer: names, columns, types and keys; docs/batch.md describes each column."""

from __future__ import annotations

from dataclasses import fields

from nlp_coder.types import Fact

Kinds = dict[str, str]
"""A table's columns in order, each with its SQL type."""

FACT_WORDS = tuple(f.name for f in fields(Fact) if f.name not in ("context", "order", "evidence", "cues", "confirm"))
"""The fields of a fact that are one word of the vocabulary; NULL in the table where the note does not say."""

_NOTE: Kinds = {"number": "BIGINT", "id": "VARCHAR"}
_ITEM: Kinds = {**_NOTE, "item": "INTEGER"}

TABLES: dict[str, Kinds] = {
    "notes": {
        **_NOTE,
        "patient": "VARCHAR",
        "provider": "VARCHAR",
        "date_of_service": "DATE",
        "setting": "VARCHAR",
        "purpose": "VARCHAR",
        "characters": "INTEGER",
        "sha256": "VARCHAR",
        "release": "VARCHAR",
        "codes": "INTEGER",
        "set_aside": "INTEGER",
        "questions": "INTEGER",
        "alerts": "INTEGER",
        "facts": "INTEGER",
        "notices": "VARCHAR",
    },
    "facts": {
        **_ITEM,
        **dict.fromkeys(FACT_WORDS, "VARCHAR"),
        "context": "VARCHAR",
        "list_order": "INTEGER",
        "confirm": "VARCHAR",
    },
    "codes": {
        **_ITEM,
        "code": "VARCHAR",
        "title": "VARCHAR",
        "role": "VARCHAR",
        "status": "VARCHAR",
        "confirm": "VARCHAR",
        "confidence": "DOUBLE",
        "weighed": "VARCHAR",
        "unspecified": "BOOLEAN",
        "rule": "VARCHAR",
        "says": "VARCHAR",
        "authority": "VARCHAR",
        "source": "VARCHAR",
        "absent": "VARCHAR",
        "remarks": "VARCHAR",
    },
    "evidence": {
        **_NOTE,
        "of": "VARCHAR",
        "item": "INTEGER",
        "place": "INTEGER",
        "slot": "VARCHAR",
        "start_at": "INTEGER",
        "end_at": "INTEGER",
        "quotation": "VARCHAR",
        "sha256": "VARCHAR",
    },
    "set_aside": {
        **_ITEM,
        "code": "VARCHAR",
        "title": "VARCHAR",
        "reason": "VARCHAR",
        "why": "VARCHAR",
        "by_code": "VARCHAR",
        "rule": "VARCHAR",
        "source": "VARCHAR",
    },
    "questions": {
        **_ITEM,
        "question": "VARCHAR",
        "wording": "VARCHAR",
        "options": "VARCHAR",
        "code": "VARCHAR",
    },
    "alerts": {
        **_ITEM,
        "alert": "VARCHAR",
        "severity": "VARCHAR",
        "wording": "VARCHAR",
        "source": "VARCHAR",
    },
    "failures": {**_NOTE, "reason": "VARCHAR", "hint": "VARCHAR"},
}
"""What is kept of each note; ``number`` and ``id`` tie the tables together, ``item`` counts from 1 within a note."""

RUNS: Kinds = {
    "run": "INTEGER",
    "started": "TIMESTAMP",
    "finished": "TIMESTAMP",
    "what": "VARCHAR",
    "input": "VARCHAR",
    "columns": "VARCHAR",
    "knowledge": "VARCHAR",
    "release": "VARCHAR",
    "program": "VARCHAR",
    "with_text": "BOOLEAN",
    "second_reader": "VARCHAR",
    "sieve": "BOOLEAN",
    "workers": "INTEGER",
    "notes": "BIGINT",
    "seconds": "DOUBLE",
}
"""One row for each start of the program on this output."""


def key(table: str) -> str:
    """The columns that order a table's rows, as SQL."""
    order = ("number", "of", "item", "place") if table == "evidence" else ("number", "item")
    return ", ".join(f'"{name}"' for name in order if name in TABLES[table])
