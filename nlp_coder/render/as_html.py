"""A CodedNote in, one self-contained HTML page out: no network, no framework, readable without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from nlp_coder.render.marks import Lines, Segment, lines_of, marks_of, segments_of
from nlp_coder.render.visible import visible
from nlp_coder.render.words import bill, by_slot, circumstances, citation, places, shown, studied, verdict
from nlp_coder.types import CodedNote, Evidence

_PIECES = tuple[tuple[str, Segment | None, str], ...]


def as_html(coded: CodedNote) -> str:
    """The page; every text of the note is escaped, and what cannot be seen is written out (``<U+202E>``)."""
    lines = lines_of(coded.note.text)
    segments = segments_of(marks_of(coded))
    anchors = _anchors(segments)
    return _template().render(
        coded=coded,
        bill=bill(coded),
        circumstances=circumstances(coded),
        style=_asset("note.css"),
        style_hash=_hash("note.css"),
        script=_asset("note.js"),
        script_hash=_hash("note.js"),
        note_lines=list(_note_lines(coded.note.text, lines, segments)),
        quotes=lambda key, evidence: _quotes(key, evidence, lines, anchors),
        by_slot=by_slot,
        citation=citation,
        verdict=verdict,
        shown=shown,
        studied=studied(coded),
        line_of=lambda item: lines.at(item.evidence[0].start),
        hint=lambda segment: _hint(coded, segment),
        anchor=lambda key: anchors.get(key, ""),
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    return environment.from_string(_asset("note.html.j2"))


def _shown(value: Any) -> Any:
    """What an expression puts on the page: made visible, unless it is marked as markup already."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@cache
def _asset(name: str) -> str:
    """A package file as it goes into the page; ours, holds no text of a note."""
    return files("nlp_coder.render").joinpath(name).read_text("utf-8")


@cache
def _hash(name: str) -> str:
    """The file's hash as the page's content security policy names it."""
    digest = hashlib.sha256(_asset(name).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _note_lines(text: str, lines: Lines, segments: tuple[Segment, ...]) -> Iterator[_PIECES]:
    """Each line as pieces of text with the segment that cites them, and an id on a segment's first piece."""
    todo = iter(segments)
    segment = next(todo, None)
    for start, end in zip(lines.starts, lines.ends, strict=True):
        pieces: list[tuple[str, Segment | None, str]] = []
        at = start
        while segment and segment.start < end:
            cited = max(segment.start, start)
            pieces.append((text[at:cited], None, ""))
            at = min(segment.end, end)
            pieces.append((text[cited:at], segment, f"w{segment.start}" if cited == segment.start else ""))
            if segment.end > end:
                break
            segment = next(todo, None)
        yield (*pieces, (text[at:end], None, ""))
        while segment and segment.end <= end:
            segment = next(todo, None)


def _anchors(segments: tuple[Segment, ...]) -> dict[str, str]:
    """The id of the first segment each code, set-aside, question or alert cites, and of each quotation."""
    anchors: dict[str, str] = {}
    for segment in segments:
        for mark in segment.marks:
            anchors.setdefault(mark.key, f"w{segment.start}")
            anchors.setdefault(f"{mark.key} {mark.start}", f"w{segment.start}")
    return anchors


def _quotes(
    key: str, evidence: Iterable[Evidence], lines: Lines, anchors: dict[str, str]
) -> list[tuple[str, list[tuple[str, int]]]]:
    """The distinct quotations in order, each with the id and the line of all its places."""
    return [
        (text, [(anchors.get(f"{key} {item.start}", ""), lines.at(item.start)) for item in items])
        for text, items in places(evidence).items()
    ]


def _hint(coded: CodedNote, segment: Segment) -> str:
    """What a segment says for whom: ``region of M54.50, side of M54.41``."""
    assigned, turned_down = [item.code for item in coded.codes], [item.code for item in coded.set_aside]
    codes = {"code": assigned, "set-aside": turned_down}
    words = []
    for mark in segment.marks:
        group, _, number = mark.key.rpartition("-")
        if group in codes:
            words.append(f"{mark.slot} of {codes[group][int(number) - 1]}")
        else:
            words.append(f"{mark.slot}, cited by {'a question' if group == 'question' else 'an alert'}")
    return "; ".join(dict.fromkeys(words))
