"""A gold file in, its notes out, each line checked; what is wrong is named by its line, never quoted.

The form is that of ``annotations/notes.jsonl``: one JSON object a line with ``id``, ``text`` and ``codes`` (code,
certainty, evidence, slots), perhaps ``setting``, ``date_of_service``, ``slice``, ``turned_down`` (code) and
``mentions`` (words, within, context).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp_coder.errors import InputError
from nlp_coder.types import Context

CERTAINTIES = ("sure", "arguable")
_CONTEXTS = frozenset(context.value for context in Context)
Gold = Mapping[str, Any]


def read_gold(path: Path) -> tuple[tuple[int, Gold], ...]:
    """The notes of a gold file, each with the number of its line, from 1; InputError for the first that is unsound."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        reason = error.strerror or "it failed"
        raise InputError(f"cannot read the gold file: {reason}. Give a file of JSON lines.") from None
    found: list[tuple[int, Gold]] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.strip():
            note = _note(number, line)
            if note["id"] in seen:
                raise unsound(number, "its id is that of an earlier line. Give each note its own")
            seen.add(note["id"])
            found.append((number, note))
    if not found:
        raise InputError("the gold file holds no note. Give one JSON object a line, as in annotations/notes.jsonl.")
    return tuple(found)


def unsound(number: int, what: str) -> InputError:
    """The refusal of a line, to be raised."""
    return InputError(f"line {number} of the gold file: {what}.")


def _note(number: int, line: bytes) -> Gold:
    try:
        note = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise unsound(number, "it is no JSON. Write one object a line, in UTF-8") from None
    if not isinstance(note, dict):
        raise unsound(number, "it is no JSON object. Write one object a line")
    for fault in _faults(note):
        raise unsound(number, fault)
    return note


def _faults(note: Gold) -> Iterator[str]:
    """What is wrong with a note; each check may rely on those before it."""
    for name in ("id", "text"):
        if not isinstance(note.get(name), str) or not note[name].strip():
            yield f"it needs {name}, in words"
    for name in ("slice", "setting"):
        if not isinstance(note.get(name, ""), str):
            yield f"its {name} must be words"
    for name, keys in (("codes", ("code", "certainty")), ("turned_down", ("code",)), ("mentions", _MENTION)):
        if not _objects(note.get(name, None if name == "codes" else ()), keys):
            yield f"its {name} must be a list of objects with {', '.join(keys)}"
    if not _is_day(note.get("date_of_service")):
        yield "its date_of_service must be a day, written as 2026-05-12"
    yield from _code_faults(note)
    for mention in note.get("mentions", ()):
        if note["text"].count(mention["within"]) != 1 or mention["words"] not in mention["within"]:
            yield "the words around a mention must stand once in its text, the mention within them"
        if mention["context"] not in _CONTEXTS:
            yield f"the context of a mention must be one of {', '.join(sorted(_CONTEXTS))}"


_MENTION = ("words", "within", "context")


def _code_faults(note: Gold) -> Iterator[str]:
    codes = [code["code"] for code in note["codes"]]
    if len(set(codes)) != len(codes):
        yield "a code stands twice in its codes"
    for code in note["codes"]:
        quotes = code.get("evidence", [])
        if code["certainty"] not in CERTAINTIES:
            yield f"the certainty of a code must be {' or '.join(CERTAINTIES)}"
        if not _are_words(quotes) or not all(quote in note["text"] for quote in quotes):
            yield "the evidence of a code must be a list of quotes that stand in its text, letter for letter"
        slots = code.get("slots", {})
        if not isinstance(slots, dict) or not all(_are_words(words) for words in slots.values()):
            yield "the slots of a code must be an object of lists of words"


def _are_words(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(item, str) and item for item in found)


def _objects(found: Any, keys: Sequence[str]) -> bool:
    return isinstance(found, list | tuple) and all(
        isinstance(item, dict) and all(isinstance(item.get(key), str) and item[key] for key in keys) for item in found
    )


def _is_day(day: Any) -> bool:
    try:
        return day is None or datetime.date.fromisoformat(day).isoformat() == day
    except (TypeError, ValueError):
        return False
