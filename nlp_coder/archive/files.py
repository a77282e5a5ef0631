"""Paths in, files that only their owner reads out; each replaced whole or not at all, and on the disk for sure."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nlp_coder.errors import NlpCoderError

FULL = "the disk is full. Make room, then run the same command with --resume: what is coded so far is kept."


@contextmanager
def owner_only() -> Iterator[None]:
    """Everything this process creates meanwhile is for its owner alone: files 0600, folders 0700."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def refusals() -> Iterator[None]:
    """An OSError as one line that says what to do; it names no file, since file names carry names."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NlpCoderError(FULL) from None
        reason = error.strerror or "it failed"
        raise NlpCoderError(f"cannot write the output: {reason}. Give -o a place you may write to.") from None


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """A binary file that takes the target's name once it is complete and on the disk."""
    neighbour = beside(target, ".new")
    neighbour.unlink(missing_ok=True)
    try:
        with owner_only(), neighbour.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        neighbour.replace(target)
        sync_folder(target.parent)
    finally:
        neighbour.unlink(missing_ok=True)


def beside(target: Path, suffix: str) -> Path:
    """The neighbour of a file whose name has a suffix more."""
    return target.with_name(target.name + suffix)


def replace_folder(new: Path, target: Path) -> None:
    """A complete folder takes the target's name; every file of it is on the disk first."""
    for file in new.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    sync_folder(new)
    old = beside(target, ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    sync_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Have the folder's names on the disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
