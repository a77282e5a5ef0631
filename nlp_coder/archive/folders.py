"""Folders of .txt and .md files → drafts: one file is one note, in sorted order, at any depth."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from nlp_coder.archive import faults
from nlp_coder.archive.columns import Draft, decoded
from nlp_coder.archive.faults import RefusedError
from nlp_coder.archive.packed import PACKINGS, breaks, is_packed_so, packing, unpacked
from nlp_coder.types import Note

_NOTES = tuple(ending + packed for ending in (".txt", ".md") for packed in ("", *PACKINGS))


def is_note(name: str) -> bool:
    """Whether a file of this name is one note."""
    return name.lower().endswith(_NOTES)


def walk(folder: Path) -> Iterator[Path | tuple[Path, OSError]]:
    """The notes below a folder, sorted by the parts of their paths; an unreadable folder with its error.

    Hidden files are left out. A link to a folder is followed unless it leads to one that is or will be walked.
    """
    yield from _walk(folder, folder.resolve(), set())


def _walk(folder: Path, root: Path, walked: set[tuple[int, int]]) -> Iterator[Path | tuple[Path, OSError]]:
    try:
        known = folder.stat()
        with os.scandir(folder) as found:
            entries = sorted((entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink()) for entry in found)
    except OSError as error:
        yield folder, error
        return
    if (known.st_dev, known.st_ino) in walked:
        return
    walked.add((known.st_dev, known.st_ino))
    for name, is_folder, is_link in entries:
        path = folder / name
        if name.startswith("."):
            continue
        if is_folder or (is_link and path.is_dir() and root not in (path.resolve(), *path.resolve().parents)):
            yield from _walk(path, root, walked)
        elif is_note(name) and not (is_link and path.is_dir()):
            yield path


def draft(path: Path, id: str, root: Path | None = None) -> Draft:
    """The note of one file, or why there is none; ``root`` is the folder that is walked, if one is."""
    try:
        return Draft(id, Note(_text(path, root), id=id))
    except RefusedError as refused:
        return Draft(id, failure=refused.failure)


def _text(path: Path, root: Path | None) -> str:
    try:
        size = _size(path, root)
        if not is_packed_so(path):
            raise RefusedError(faults.NOT_PACKED)
        with unpacked(path) as stream:
            data = b"" if size > faults.LARGEST else stream.read(faults.LARGEST + 1)
    except OSError as error:
        raise RefusedError(faults.unreadable(error, "file") if error.strerror else faults.BROKEN_OFF) from None
    except breaks():
        raise RefusedError(faults.BROKEN_OFF) from None
    if size > faults.LARGEST:
        raise RefusedError(faults.TOO_LARGE)
    return decoded(data)


def _size(path: Path, root: Path | None) -> int:
    """The file's bytes, 0 for a packed one. RefusedError if it is none, or a second way to one of the same folder."""
    known = path.stat()
    if not stat.S_ISREG(known.st_mode):
        raise RefusedError(faults.NO_FILE)
    if (
        root is not None
        and path.is_symlink()
        and root.resolve() in path.resolve().parents
        and is_note(path.resolve().name)
    ):
        raise RefusedError(faults.TWICE_BY_LINK)
    return 0 if packing(path.name) else known.st_size
