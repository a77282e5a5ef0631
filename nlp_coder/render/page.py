"""What all HTML pages are made of: the template's rules, the package's files, the note's lines with their marks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from nlp_coder.render.marks import Lines, Segment
from nlp_coder.render.visible import visible
from nlp_coder.render.words import places
from nlp_coder.types import Evidence

Pieces = tuple[tuple[str, Segment | None, str], ...]
"""A line of the note: pieces of text, the segment that cites each, an id on a segment's first piece."""


@cache
def template(source: str) -> Template:
    """A template's text → the template: everything escaped, an unknown name an error."""
    environment = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    return environment.from_string(source)


def _shown(value: Any) -> Any:
    """What an expression puts on the page: made visible, unless it is marked as markup already."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@cache
def asset(name: str) -> str:
    """A package file as it goes into the page; ours, holds no text of a note."""
    return files("nlp_coder.render").joinpath(name).read_text("utf-8")


def digest(content: str) -> str:
    """The hash of a style or script as the page's content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def note_lines(text: str, lines: Lines, segments: tuple[Segment, ...]) -> Iterator[Pieces]:
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


def anchors_of(segments: tuple[Segment, ...]) -> dict[str, str]:
    """The id of the first segment each code, set-aside, question or alert cites, and of each quotation."""
    anchors: dict[str, str] = {}
    for segment in segments:
        for mark in segment.marks:
            anchors.setdefault(mark.key, f"w{segment.start}")
            anchors.setdefault(f"{mark.key} {mark.start}", f"w{segment.start}")
    return anchors


def quotes(
    key: str, evidence: Iterable[Evidence], lines: Lines, anchors: dict[str, str]
) -> list[tuple[str, list[tuple[str, int]]]]:
    """The distinct quotations in order, each with the id and the line of all its places."""
    return [
        (text, [(anchors.get(f"{key} {item.start}", ""), lines.at(item.start)) for item in items])
        for text, items in places(evidence).items()
    ]
