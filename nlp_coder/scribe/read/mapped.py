"""JSON of any shape and a mapping.toml that says where things stand in it → the document."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Proposed, ScribeDocument
from nlp_coder.scribe.read.codes import once
from nlp_coder.scribe.read.loads import pointer, shown
from nlp_coder.scribe.read.shaped import day, spoken
from nlp_coder.scribe.read.written import Writer

_FACTS = ("id", "date_of_service", "patient", "setting", "transcript")
_TOP = frozenset({*_FACTS, "proposed", "section"})
_SECTION = frozenset({"heading", "path", "title", "text", "optional"})


def read(top: Any, mapping: str) -> ScribeDocument:
    """The document a mapping finds; ``mapping`` is the TOML itself.

    NoteError if the mapping is unsound, or if one of its paths finds nothing in the document.
    """
    rules = _mapping(mapping)
    writer = Writer()
    for section in rules["section"]:
        _write(writer, top, section)
    if not writer.said:
        raise NoteError("the sections that the mapping names are empty. Give a note with text.")
    facts = {name: _fact(top, rules[name], name) for name in _FACTS if name in rules}
    codes = [
        Proposed(str(value).strip(), path)
        for step in rules.get("proposed", [])
        for path, value in _found(top, step)
        if isinstance(value, str) and value.strip()
    ]
    return ScribeDocument(
        text=writer.text,
        parts=writer.parts,
        proposed=once(codes),
        id=facts.get("id") or "",
        date_of_service=day(facts.get("date_of_service")),
        patient=facts.get("patient"),
        setting=facts.get("setting") or "outpatient",
        transcript=facts.get("transcript"),
        form="soap-json",
    )


def _mapping(text: str) -> dict[str, Any]:
    try:
        rules = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoteError(f"the mapping is no TOML: {error}.") from None
    if unknown := sorted(rules.keys() - _TOP):
        raise _unsound(f"it does not know {', '.join(unknown)}; use {', '.join(sorted(_TOP))}")
    sections = rules.get("section")
    if not isinstance(sections, list) or not sections or not all(isinstance(one, dict) for one in sections):
        raise _unsound("it has no [[section]] with a heading and a path")
    for name in _FACTS:
        if name in rules and not _is_path(rules[name]):
            raise _unsound(f'{name} takes a path such as "/visit/{name}"')
    proposed = rules.get("proposed", [])
    if not isinstance(proposed, list) or not all(map(_is_path, proposed)):
        raise _unsound('proposed takes a list of paths such as ["/codes/*/value"]')
    for number, section in enumerate(sections, start=1):
        _check(section, number)
    return rules


def _check(section: dict[str, Any], number: int) -> None:
    if unknown := sorted(section.keys() - _SECTION):
        raise _unsound(f"section {number} does not know {', '.join(unknown)}; use {', '.join(sorted(_SECTION))}")
    if not isinstance(section.get("heading"), str) or not section["heading"].strip():
        raise _unsound(f"section {number} has no heading")
    if not _is_path(section.get("path")):
        raise _unsound(f'section {number} has no path such as "/note/assessment" or "/problems/*"')
    if not isinstance(section.get("optional", False), bool):
        raise _unsound(f"section {number}: optional takes true or false")
    texts = section.get("text", [])
    if not isinstance(texts, list) or not all(map(_is_path, [*texts, section.get("title", "/")])):
        raise _unsound(f"section {number}: title takes a path below path, text a list of them")


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/")


def _unsound(what: str) -> NoteError:
    return NoteError(f"the mapping is unsound: {what}. See docs/scribe.md.")


def _write(writer: Writer, top: Any, section: dict[str, Any]) -> None:
    """A section: words, lists of words, or (with ``title``) problems, each numbered with what is said of it."""
    found = _found(top, section["path"], must=not section.get("optional", False))
    listed = "title" in section or "text" in section
    steps = [*section.get("text", []), *([section["title"]] if "title" in section else [])]
    below = [one for _, value in found for step in steps for one in _found(value, step, must=False)]
    if any(_strings(value, path) for path, value in (below if listed else found)):
        writer.head(section["heading"])
    for path, value in found:
        if not listed:
            _lines(writer, value, path)
            continue
        titles = [one for at, one in _below(value, path, section.get("title")) for one in _strings(one, at)]
        if titles:
            writer.item()
            writer.quote(titles[0][1], titles[0][0])
        for step in section.get("text", []):
            for at, one in _found(value, step, must=False):
                _lines(writer, one, path + at)


def _below(value: Any, path: str, step: str | None) -> Iterator[tuple[str, Any]]:
    if step:
        yield from ((path + at, one) for at, one in _found(value, step, must=False))


def _lines(writer: Writer, value: Any, path: str) -> None:
    for at, words in _strings(value, path):
        writer.line()
        if isinstance(value, list):
            writer.add("- ")
        writer.quote(words, at)


def _strings(value: Any, path: str) -> list[tuple[str, str]]:
    """The strings of a value that hold words, with their paths; objects are not opened."""
    if isinstance(value, str):
        return [(path, value)] if value.strip() else []
    if isinstance(value, list):
        return [one for at, item in enumerate(value) for one in _strings(item, path + pointer(at))]
    return []


def _fact(top: Any, path: str, name: str) -> str | None:
    for _, value in _found(top, path):
        if name == "transcript":
            return spoken(value) or None
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()
    return None


def _found(top: Any, path: str, *, must: bool = True) -> list[tuple[str, Any]]:
    """What a pointer leads to; ``*`` is each member. NoteError if it leads to nothing and must not."""
    found: list[tuple[str, Any]] = [("", top)]
    for raw in path.split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        found = [(at + pointer(key), one) for at, value in found for key, one in _members(value, step)]
    if must and not found:
        raise NoteError(f"the mapping's path /{shown(path)} leads to nothing in this document. Correct the path.")
    return found


def _members(value: Any, step: str) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items()) if step == "*" else [(step, value[step])] if step in value else []
    if isinstance(value, list):
        numbered: list[tuple[str | int, Any]] = list(enumerate(value))
        return numbered if step == "*" else [one for one in numbered if str(one[0]) == step]
    return []
