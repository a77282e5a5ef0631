"""A complete store in, one text file out: JSON lines, or a CSV of codes that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nlp_coder.archive.files import refusals, replacing
from nlp_coder.archive.store import Store

CODES = (
    "number id date_of_service patient provider item code title role status unspecified rule authority source "
    "confirm absent remarks evidence"
).split()
FAILURES = "number id reason hint".split()

_CODES = """
SELECT c.number, c.id, n.date_of_service, n.patient, n.provider, c.item, c.code, c.title, c.role, c.status,
       c.unspecified, c.rule, c.authority, c.source, c.confirm, c.absent, c.remarks, e.words
FROM codes c JOIN notes n ON n.number = c.number
LEFT JOIN (
    SELECT number, item,
           string_agg(slot || ' ' || start_at || '-' || end_at || coalesce(' «' || quotation || '»', ''), '; '
                      ORDER BY place) AS words
    FROM evidence WHERE "of" = 'codes' AND number BETWEEN $1 AND $2 GROUP BY number, item
) e ON e.number = c.number AND e.item = c.item
WHERE c.number BETWEEN $1 AND $2 AND n.number BETWEEN $1 AND $2
ORDER BY c.number, c.item
"""
_FAILURES = "SELECT number, id, reason, hint FROM failures WHERE number BETWEEN $1 AND $2 ORDER BY number"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_jsonl(store: Store, out: Path) -> None:
    """One line for each entry, coded or failed, in input order."""
    lines = store.in_order("SELECT json FROM lines WHERE number BETWEEN $1 AND $2 ORDER BY number", each=64)
    with refusals(), replacing(out) as stream:
        for (line,) in lines:
            stream.write(line.encode())


def write_csv(store: Store, out: Path) -> None:
    """The codes, one row each, with the words that earn them; failures, where there are any, beside them."""
    failures = failures_beside(out)
    with refusals():
        if store.failed():
            _write(failures, FAILURES, store.in_order(_FAILURES))
        else:
            failures.unlink(missing_ok=True)
        _write(out, CODES, store.in_order(_CODES))


def failures_beside(out: Path) -> Path:
    """Where a CSV's failures go: ``visits.csv`` has ``visits.failures.csv``."""
    return out.with_name(f"{out.stem}.failures{out.suffix}")


def cell(value: Any) -> str:
    """A value as a spreadsheet shows it; text that it would take for a formula is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _write(out: Path, header: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with replacing(out) as stream:
        for line in _lines(header, rows):
            stream.write(line.encode())


def _lines(header: list[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(map(cell, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
