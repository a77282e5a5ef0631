"""JSON lines, one document each → their audits in the same order, over the archive's runner; no line is lost."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import BinaryIO

from nlp_coder.archive import faults
from nlp_coder.archive.lines import lines
from nlp_coder.archive.nouns import Entry, Failure, Result
from nlp_coder.archive.rows import failed_result
from nlp_coder.archive.run import results
from nlp_coder.archive.work import Code
from nlp_coder.errors import NoteError
from nlp_coder.scribe.as_json import to_line
from nlp_coder.scribe.read import read
from nlp_coder.scribe.read.loads import LARGEST
from nlp_coder.types import Note

REASON = "not audited"
"""The reason of a failure whose hint is the refusal of the one document."""

TOO_LARGE = Failure("over 10 MB", "The line has more than 10,000,000 bytes: give one encounter's document a line.")


def audits(stream: BinaryIO, way: Way, *, workers: int = 1, first: int = 0) -> Generator[Result]:
    """The result of each line that is not blank: its audit as a line of JSON, or a failure and what to do.

    An entry's id is ``line N``; the audit itself names the document's own id. Documents are counted from 0;
    those before ``first`` are passed over.
    """
    with closing(results((e for e in _entries(stream) if e.number >= first), way, workers)) as found:
        yield from found


def _entries(stream: BinaryIO) -> Iterator[Entry]:
    number = 0
    for line in lines(stream, LARGEST):
        if line.data is not None and not line.data.strip():
            continue
        id_ = f"line {line.number}"
        if line.data is None:
            yield Entry(number, id_, failure=TOO_LARGE)
        else:
            yield _entry(number, id_, line.data)
        number += 1


def _entry(number: int, id_: str, data: bytes) -> Entry:
    try:
        return Entry(number, id_, Note(data.decode(), id=id_))
    except UnicodeDecodeError as error:
        return Entry(number, id_, failure=faults.not_utf8(error.start, id_))


@dataclass(frozen=True, slots=True)
class Way:
    """How an entry, whose note's text is the document as delivered, becomes an audit; small, it crosses processes.

    ``setting`` takes the place of the document's own.
    """

    form: str = "auto"
    mapping: str | None = None
    setting: str | None = None

    def __call__(self) -> Code:
        """Load the Coder; KnowledgeError if the knowledge is unsound."""
        from nlp_coder.coder import Coder
        from nlp_coder.scribe.audit import audit

        coder = Coder()

        def code(entry: Entry) -> Result:
            if entry.note is None:
                return failed_result(entry, entry.failure or faults.NO_TEXT)
            try:
                document = read(entry.note.text, self.form, self.mapping)
                document = replace(document, setting=self.setting or document.setting)
                return Result(entry.number, entry.id, json=to_line(audit(document, coder)))
            except NoteError as error:
                return failed_result(entry, Failure(REASON, str(error)))
            except Exception as error:
                return failed_result(entry, Failure(REASON, f"A fault of the program: {type(error).__name__}."))

        return code
