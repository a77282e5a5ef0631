"""Text in, written out: to the terminal, a pipe, or a file that is replaced whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
from pathlib import Path

from nlp_coder.errors import NoteError
from nlp_coder.render.layout import WIDTH
from nlp_coder.render.visible import visible


def say(message: str) -> None:
    """One message on stderr, led by the program's name; each of its lines safe on a terminal."""
    for line in message.split("\n"):
        sys.stderr.write(f"nlp-coder: {visible(line)}\n")


def styled(output: str | None = None) -> bool:
    """Whether styles are wanted: a terminal reads along and NO_COLOR is not set."""
    if output not in (None, "-") or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def columns(output: str | None = None) -> int:
    """How wide to write: 80, or less on a narrow terminal."""
    if output not in (None, "-") or not sys.stdout.isatty():
        return WIDTH
    return max(min(shutil.get_terminal_size().columns, WIDTH), 40)


def put(text: str, output: str | None = None, *, source: str | None = None) -> None:
    """Write UTF-8 to stdout, or to a file by way of a neighbour that then takes its name.

    ``source`` is the file the note was read from: it is never overwritten.
    """
    data = text.encode()
    if output in (None, "-"):
        if sys.stdout.isatty():
            data = text.encode(sys.stdout.encoding, "replace")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        _replace(Path(output or "").resolve(), data, source)
    except OSError as error:
        reason = error.strerror or "it failed"
        raise NoteError(f"cannot write the output: {reason}. Give -o a file you may write to.") from None


def _replace(target: Path, data: bytes, source: str | None) -> None:
    if target.exists():
        if source not in (None, "-") and Path(source or "").exists() and target.samefile(source or ""):
            raise NoteError("the output file is the note itself. Give -o another file.")
        if target.is_dir():
            raise NoteError("the output is a directory. Give -o a file.")
        if not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(data)  # a device or a named pipe has no neighbour to be replaced by
            return
    neighbour = target.with_name(f".nlp-coder-{secrets.token_hex(8)}.tmp")
    try:
        neighbour.write_bytes(data)
        if target.exists():
            shutil.copymode(target, neighbour)
        neighbour.replace(target)
    finally:
        neighbour.unlink(missing_ok=True)
