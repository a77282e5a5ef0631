"""Many notes: an iterator of entries in, an iterator of results out; and the resumable run that stores them.

``code_entries`` is the door for programs; ``nlp_coder.archive.read.entries`` reads files, tables and databases,
``nlp_coder.archive.batch.run_batch`` is what ``nlp-coder batch`` calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlp_coder.archive.nouns import Entry, Failure, Result

__all__ = ["Entry", "Failure", "Result", "code_entries"]


def code_entries(
    entries: Iterable[Entry],
    *,
    workers: int = 1,
    with_text: bool = True,
    sieve: bool = True,
    second_reader: bool = False,
) -> Iterator[Result]:
    """The result of each entry, lazily and in input order: its table rows and JSON line, or its failure.

    ``workers`` above 1 codes in that many processes and reads a few chunks of 64 notes ahead. A note that cannot
    be coded is a failure, never an exception. Raises KnowledgeError if the knowledge is unsound.
    """
    from nlp_coder.archive.run import results
    from nlp_coder.archive.work import Way

    return results(entries, Way(with_text=with_text, sieve=sieve, second_reader=second_reader), workers)
