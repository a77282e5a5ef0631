"""A CodedNote in, the lines of its note that hold cited words out, marked and numbered; the rest left out."""

from __future__ import annotations

from collections.abc import Iterator

from nlp_coder.render.marks import Lines, Segment, lines_of, marks_of, segments_of, within
from nlp_coder.render.visible import Piece, fold
from nlp_coder.types import CodedNote

SHORT_NOTE = 12
"""A note of no more lines than this is shown whole."""
MOST_LINES = 60
"""More cited lines than this are counted, not shown."""
LONG_LINE = 320
"""A longer line is shown as the words around its citations."""
AROUND = 60

_SUPERSCRIPTS = str.maketrans("0123456789,", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺")


def note_lines(coded: CodedNote, width: int, *, styled: bool) -> Iterator[list[Piece]]:
    """The cited lines as rows of pieces; a short note whole; nothing when nothing is cited."""
    text = coded.note.text
    lines = lines_of(text)
    segments = _merged(text, segments_of(marks_of(coded)))
    if not segments:
        return
    cited = sorted({lines.at(at) for segment in segments for at in (segment.start, segment.end - 1)})
    shown = cited[:MOST_LINES]
    if len(lines.starts) <= SHORT_NOTE:
        shown = list(range(1, len(lines.starts) + 1))
    several = len(coded.codes) > 1
    gutter = len(str(shown[-1])) + 3
    before = 0
    for number in shown:
        if number > before + 1:
            yield [("⋮".rjust(gutter), "")]
        before = number
        pieces = _line_pieces(text, lines, number, segments, styled=styled, several=several)
        for row, folded in enumerate(fold(pieces, max(width - gutter - 2, 16))):
            yield [((str(number) if row == 0 else "").rjust(gutter) + "  ", ""), *folded]
    if len(cited) > len(shown):
        yield [("⋮".rjust(gutter) + f"  {len(cited) - len(shown)} more cited lines; JSON lists them all", "")]


def _merged(text: str, segments: tuple[Segment, ...]) -> list[Segment]:
    """Neighbours that the same codes cite, with at most blanks of one line between them, as one."""
    merged: list[Segment] = []
    for segment in segments:
        last = merged[-1] if merged else None
        if last and _numbers(last) == _numbers(segment) and not text[last.end : segment.start].strip(" \t"):
            merged[-1] = Segment(last.start, segment.end, last.marks)
        else:
            merged.append(segment)
    return merged


def _numbers(segment: Segment) -> tuple[str, ...]:
    """Which assigned codes cite it; none: only set-asides, questions or alerts do."""
    return tuple(key.removeprefix("code-") for key in segment.keys if key.startswith("code-"))


def _line_pieces(
    text: str, lines: Lines, number: int, segments: list[Segment], *, styled: bool, several: bool
) -> list[Piece]:
    """One line of the note, its citations marked, long silence cut out."""
    start, end = lines.bounds(number)
    pieces: list[Piece] = []
    at = start
    cited = list(within(segments, start, end))
    for segment in cited:
        numbers = _numbers(segment)
        pieces += _silence(text, at, segment.start, start, end)
        label = ",".join(numbers).translate(_SUPERSCRIPTS) if several else ""
        quoted = text[segment.start : segment.end]
        if styled:
            pieces += [(quoted, "code" if numbers else "other"), (label, "")]
        else:
            pieces.append((f"«{quoted}»{label}" if numbers else f"‹{quoted}›", ""))
        at = segment.end
    return [*pieces, *_silence(text, at, end, start, end)]


def _silence(text: str, at: int, until: int, start: int, end: int) -> list[Piece]:
    """The words between two citations of a line; of a long line only those next to one."""
    between = text[at:until]
    before, after = at > start, until < end
    if end - start <= LONG_LINE or len(between) <= AROUND * 2:
        return [(between, "")]
    head = between[:AROUND].rpartition(" ")[0] if before else ""
    tail = between[-AROUND:].partition(" ")[2] if after else ""
    return [(f"{head} … {tail}", "")]
