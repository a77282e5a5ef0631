"""One entry in, its result out: what a worker process does, and how it loads the Coder once."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp_coder.archive.nouns import Entry, Failure, Result
from nlp_coder.archive.rows import coded_result, failed_result
from nlp_coder.errors import NoteError

if TYPE_CHECKING:
    from nlp_coder.coder import Coder

Code = Callable[[Entry], Result]
"""Codes one entry; raises nothing that is the note's fault."""
Load = Callable[[], Code]
"""Loads what coding needs; crosses to the worker process, so it is small and can be pickled."""

_loaded: list[Code] = []
"""What this worker process codes with; a process belongs to one run."""


@dataclass(frozen=True, slots=True)
class Way:
    """How entries become results: which sieve, a second reader or none, with which text, a JSON line or rows alone."""

    with_text: bool = True
    with_json: bool = True
    sieve: bool = True
    second_reader: bool = False

    def __call__(self) -> Code:
        """Load the Coder; KnowledgeError if the knowledge is unsound."""
        from nlp_coder.coder import Coder

        coder = Coder(sieve=self.sieve, second_reader=self.second_reader)
        return lambda entry: code_entry(coder, entry, self)


def code_entry(coder: Coder, entry: Entry, way: Way) -> Result:
    """The entry's rows, or why there are none; of an unexpected error only its type is told."""
    if entry.note is None:
        return failed_result(entry, entry.failure or Failure("no note", "Look at the input."))
    try:
        return coded_result(entry, coder.code(entry.note), with_text=way.with_text, with_json=way.with_json)
    except NoteError as error:
        return failed_result(entry, Failure("refused", str(error)))
    except Exception as error:
        reason = f"fault of the program ({type(error).__name__})"
        return failed_result(entry, Failure(reason, "Please report it, without the note."))


def code_chunk(load: Load, entries: Sequence[Entry]) -> list[Result]:
    """The results of some entries, in order; runs in a worker process, which loads at its first chunk."""
    if not _loaded:
        _loaded.append(load())
    code = _loaded[0]
    return [code(entry) for entry in entries]


def begin_worker(parent: int) -> None:
    """What a worker process does first: it keeps silent, and it will not outlive the parent.

    No library's warning or log line, which may quote a note, leaves it; Ctrl-C is the parent's to hear.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent is gone: it would wait for work for ever, with notes in its memory."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
