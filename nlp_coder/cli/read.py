"""What the user gives in, the text of one note out.

Whatever cannot be used is refused with one line that says what to do. What was typed is repeated only where
it looks like a path, because it may be the note itself.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

from nlp_coder.cli.write import say
from nlp_coder.errors import NoteError

MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF87a": "a GIF image",
    b"GIF89a": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
"""How files that are no plain text begin, and what they are."""

_CONTROLS_ALLOWED = "\t\n\v\f\r"
_PASTE = "Paste the note, then press Ctrl-D on a line of its own (Ctrl-C stops)."


def read_note(file: str | None, text: str | None) -> str:
    """The note of ``--text``, of a file, or of stdin (no file, or ``-``)."""
    if file is not None and text is not None:
        raise NoteError("two notes were given: a file and --text. Give one of them.")
    if text is not None:
        data = os.fsencode(text)
    elif file is None or file == "-":
        data = _stdin()
    else:
        data = _file(file)
    return decoded(data)


def decoded(data: bytes) -> str:
    """A note's bytes as text: UTF-8 (a BOM is no part of the text), else Windows-1252, said on stderr."""
    _refuse_binary(data)
    try:
        text = data.decode("utf-8-sig")
        legacy = False
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        legacy = True
    controls = sum(unicodedata.category(c) == "Cc" and c not in _CONTROLS_ALLOWED for c in text)
    if controls * 10 > len(text):
        raise NoteError("this is not text: more than a tenth of it is control characters. Give a text file.")
    if all(unicodedata.category(c)[0] in "ZC" for c in text):
        raise NoteError('the note is empty. Give a file, pipe a note in, or write --text "…".')
    if legacy:
        say("not UTF-8, read as Windows-1252; look at letters with accents.")
    return text


def _refuse_binary(data: bytes) -> None:
    for magic, what in MAGIC.items():
        if data.startswith(magic):
            wanted = "Save it as UTF-8" if what == "UTF-16 text" else "Save its text as a .txt file"
            raise NoteError(f"this is {what}, not a plain text note. {wanted} and give that.")


def _stdin() -> bytes:
    if sys.stdin is None:
        raise NoteError('there is no note: stdin is closed. Give a file, or write --text "…".')
    if sys.stdin.isatty():
        sys.stderr.write(_PASTE + "\n")
        sys.stderr.flush()
    return sys.stdin.buffer.read()


def _file(name: str) -> bytes:
    shown = name if len(name) <= 200 and not any(c.isspace() for c in name) else "the file"
    try:
        return Path(name).read_bytes()
    except IsADirectoryError:
        raise NoteError(f"{shown} is a directory. Give the file of one note.") from None
    except FileNotFoundError:
        what = f"there is no file {shown}" if shown == name else "there is no such file"
        raise NoteError(f'{what}. Check the path; to code the words themselves, write --text "…".') from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no file name"
        raise NoteError(f"cannot read {shown}: {reason}. Give a text file you may read.") from None
