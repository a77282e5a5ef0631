"""Text in, written out: to the terminal, a pipe, or a file that is replaced whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nlp_coder.errors import NoteError
from nlp_coder.render.layout import WIDTH, Row, page
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


def guard(output: str | None, source: str | None = None) -> None:
    """Refuse, before any work is done, an output that cannot be written or is the note itself."""
    if output in (None, "-"):
        return
    with _refusals():
        target = Path(output or "").resolve()
        if target.is_dir():
            raise NoteError("the output is a directory. Give -o a file.")
        if source and source != "-" and target.exists() and target.samefile(source):
            raise NoteError("the output is the note itself. Give -o another file.")
        if not target.parent.is_dir():
            raise NoteError("the output's folder does not exist. Make it, or give -o another file.")


def put(text: str, output: str | None = None) -> None:
    """Write UTF-8 to stdout, or to a file by way of a neighbour that then takes its name."""
    if output not in (None, "-"):
        with _refusals():
            _replace(Path(output or "").resolve(), text.encode())
        return
    terminal = sys.stdout.isatty()
    data = text.encode(sys.stdout.encoding, "replace") if terminal else text.encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def put_answer(
    answer: dict[str, Any], blocks: Callable[[int], Iterable[list[Row]]], form: str, output: str | None
) -> None:
    """An answer as an indented JSON object, or as the blocks that it makes at so many columns."""
    if form == "json":
        put(json.dumps(answer, indent=2, ensure_ascii=True) + "\n", output)
    else:
        put(page(blocks(columns(output)), styled=styled(output)), output)


@contextmanager
def _refusals() -> Iterator[None]:
    """An OSError as a line that says what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "it failed"
        raise NoteError(f"cannot write the output: {reason}. Give -o a file you may write to.") from None


def _replace(target: Path, data: bytes) -> None:
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        target.write_bytes(data)  # a device or a named pipe has no neighbour that could take its place
        return
    neighbour = target.with_name(f".nlp-coder-{secrets.token_hex(8)}.tmp")
    try:
        neighbour.write_bytes(data)
        if target.exists():
            shutil.copymode(target, neighbour)
        neighbour.replace(target)
    finally:
        neighbour.unlink(missing_ok=True)
