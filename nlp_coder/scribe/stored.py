"""Answers of a JSONL file in, a file of them out that grows line by line; a run that was cut off goes on with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from nlp_coder.archive.files import beside, owner_only, refusals, sync_folder
from nlp_coder.archive.packed import breaks, unpacked
from nlp_coder.archive.read import fingerprint
from nlp_coder.coder import knowledge_version
from nlp_coder.errors import NlpCoderError, NoteError
from nlp_coder.icd10cm import newest_release
from nlp_coder.scribe.batch import Way, audits

_MARK = 12
"""Hex digits of the binding in the name of an unfinished answer."""


def answers(source: Path, way: Way, workers: int = 1, first: int = 0) -> Iterator[str]:
    """A line of JSON for each document from number ``first`` on, as soon as it is audited; also from a .gz.

    Raises NoteError where the file cannot be read, or breaks off; what came before it has been answered.
    """
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(unpacked(source))
            for result in audits(stream, way, workers=workers, first=first):
                yield result.json
        except breaks():
            raise NoteError("the input cannot be read, or its packing is damaged. Check the file.") from None


def stored(source: Path, way: Way, workers: int, output: Path, *, resume: bool) -> Iterator[str]:
    """The same lines, each written first; the output takes its name when all are there.

    Until then they stand in ``<output>.<binding>.part``, which ``resume`` goes on with: the binding is of the
    input, the way, the knowledge and the release, so no two answers are mixed. Raises NlpCoderError where there
    is nothing to go on with.
    """
    part = part_of(source, way, output)
    if resume and not part.exists():
        raise NlpCoderError("no unfinished run of this input with the same options and knowledge. Leave --resume out.")
    with refusals(), owner_only(), part.open("r+b" if resume else "w+b") as file:
        first = 0
        while (line := file.readline()).endswith(b"\n"):
            first += 1
            yield line.decode()
        file.truncate(file.tell() - len(line))
        file.seek(0, 2)
        for text in answers(source, way, workers, first):
            file.write(text.encode())
            file.flush()
            yield text
    with refusals():
        part.replace(output)
        sync_folder(output.parent)


def part_of(source: Path, way: Way, output: Path) -> Path:
    """Where the unfinished answer of this input and way stands beside its output."""
    told = (fingerprint([str(source)]), way, knowledge_version(), newest_release().name)
    return beside(output, f".{hashlib.sha256(repr(told).encode()).hexdigest()[:_MARK]}.part")
