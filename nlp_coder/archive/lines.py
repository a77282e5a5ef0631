"""A stream of bytes → its lines, one at a time, none longer than allowed in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end, its number from 1 and the offset of its first byte; ``data`` is None if it is too long."""

    number: int
    offset: int
    data: bytes | None


def lines(stream: BinaryIO, longest: int) -> Iterator[Line]:
    """Every line of the stream, each as soon as it is there; a byte order mark is no part of the first."""
    number = offset = 0
    while data := stream.readline(longest + 1):
        number += 1
        length = len(data)
        rest = data
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = stream.readline(longest + 1)
            length += len(rest)
        mark = len(BOM) if number == 1 and data.startswith(BOM) else 0
        yield Line(number, offset + mark, data[mark:] if length <= longest else None)
        offset += length
