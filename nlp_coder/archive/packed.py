"""Plain, .gz and .zst files → one stream of bytes that says where it breaks off."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from nlp_coder.archive.faults import BrokenError

PACKINGS = (".gz", ".zst")

_STARTS = {".gz": (b"\x1f\x8b",), ".zst": (b"\x28\xb5\x2f\xfd", *(bytes([n]) + b"\x2a\x4d\x18" for n in range(80, 96)))}
_PIECE = 4096  # small: a few bytes of zstd may unfold to many


def packing(name: str) -> str:
    """``.gz``, ``.zst`` or nothing: how a file of this name is packed."""
    return next((ending for ending in PACKINGS if name.lower().endswith(ending)), "")


def is_packed_so(path: Path) -> bool:
    """Whether the file begins as its name says; an unpacked one always does. Raises OSError."""
    starts = _STARTS.get(packing(path.name))
    if not starts:
        return True
    with path.open("rb") as file:
        return file.read(4).startswith(starts)


def unpacked(path: Path) -> BinaryIO:
    """The file's bytes, unpacked as they are read. Raises OSError; reading may raise what ``broken`` names."""
    kind = packing(path.name)
    if kind == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    if kind == ".zst":
        return io.BufferedReader(_Zstandard(path))
    return path.open("rb")


def breaks() -> tuple[type[Exception], ...]:
    """What reading a damaged file raises."""
    return (OSError, EOFError, zlib.error, BrokenError)


class _Zstandard(io.RawIOBase):
    """A .zst file, frame after frame; EOFError where the last is cut short (zstandard's own reader just ends)."""

    def __init__(self, path: Path) -> None:
        import zstandard

        self._module = zstandard
        self._file = path.open("rb")
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._input = b""
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self._output:
            if not self._input:
                self._input = self._file.read(_PIECE)
            if not self._input:
                if self._begun:
                    raise EOFError
                return 0
            self._output = memoryview(self._unfold())
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self._output))
        view[:size] = self._output[:size]
        self._output = self._output[size:]
        return size

    def _unfold(self) -> bytes:
        """What the next piece of input unfolds to; a new frame begins where one ends."""
        if not self._begun:
            self._frame = self._module.ZstdDecompressor().decompressobj()
        try:
            found = self._frame.decompress(self._input)
        except self._module.ZstdError:
            raise BrokenError from None
        self._begun = not self._frame.eof
        self._input = self._frame.unused_data if self._frame.eof else b""
        return found
