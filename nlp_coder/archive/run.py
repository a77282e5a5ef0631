"""Entries in, results out in the same order: chunks over worker processes, and what happens when one dies."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import resource_tracker

from nlp_coder.archive.nouns import Entry, Failure, Result
from nlp_coder.archive.rows import failed_result
from nlp_coder.archive.work import Load, begin_worker, code_chunk
from nlp_coder.errors import NlpCoderError

CHUNK_NOTES = 64
CHUNK_CHARACTERS = 256_000
AHEAD = 2
"""Chunks in flight for each worker: enough to keep it busy, few enough that memory stays flat."""
STARTS = 3
"""How often a pool is started for one chunk before the run gives up."""

KILLER = Failure(
    "killed its worker twice",
    "Coding it ends the process that does it, perhaps for want of memory: make room, then run with --retry-failures.",
)
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def results(entries: Iterable[Entry], load: Load, workers: int = 1) -> Generator[Result]:
    """The result of each entry, lazily and in input order; one worker codes in this process.

    More workers read ahead a bounded number of chunks. An error of ``load`` (KnowledgeError) is raised.
    """
    if workers == 1:
        code = load()
        for entry in entries:
            yield code(entry)
        return
    with closing(_over_processes(chunks(entries), load, workers)) as found:
        for chunk in found:
            yield from chunk


def chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries in runs of about 64 notes or 256,000 characters."""
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        chunk.append(entry)
        size += len(entry.note.text) if entry.note else 0
        if len(chunk) == CHUNK_NOTES or size >= CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _over_processes(source: Iterator[list[Entry]], load: Load, workers: int) -> Generator[list[Result]]:
    pool = _Pool(load, workers)
    flight: deque[tuple[list[Entry], Future[list[Result]]]] = deque()
    try:
        for chunk in source:
            flight.append((chunk, pool.submit(chunk)))
            if len(flight) >= workers * AHEAD:
                yield _landed(*flight.popleft(), pool)
        while flight:
            yield _landed(*flight.popleft(), pool)
    finally:
        pool.close()


def _landed(chunk: list[Entry], future: Future[list[Result]], pool: _Pool) -> list[Result]:
    """A chunk's results; where its worker died (or another one, which takes the whole pool along), again."""
    try:
        found = future.result()
    except BrokenProcessPool:
        return pool.again(chunk)
    pool.recovered()
    return found


class _Pool:
    """Worker processes that are replaced when they die."""

    def __init__(self, load: Load, workers: int) -> None:
        self._load = load
        self._workers = workers
        self._executor: Executor | None = None
        self._alone: _Pool | None = None

    def submit(self, chunk: list[Entry]) -> Future[list[Result]]:
        """The chunk on its way; a broken pool is replaced first."""
        for _ in range(STARTS):
            if self._executor is None:
                self._executor = _executor(self._workers)
            try:
                with _uninterrupted():
                    return self._executor.submit(code_chunk, self._load, chunk)
            except BrokenProcessPool:
                self.close()
        raise NlpCoderError("the worker processes die as soon as they start. Give --workers 1 to see why.")

    def again(self, chunk: list[Entry]) -> list[Result]:
        """The results of a chunk whose worker died: once more in a process by itself, then note by note."""
        if self._alone is None:
            self._alone = _Pool(self._load, 1)
        found = self._alone.tried(chunk)
        return found if found is not None else [self._alone.last_try(entry) for entry in chunk]

    def recovered(self) -> None:
        """All that was in flight when a worker died has landed: the extra process may go."""
        if self._alone is not None:
            self._alone.close()
            self._alone = None

    def tried(self, chunk: list[Entry]) -> list[Result] | None:
        """The chunk's results, or None when the worker died of it."""
        try:
            return self.submit(chunk).result()
        except BrokenProcessPool:
            self.close()
            return None

    def last_try(self, entry: Entry) -> Result:
        """One entry by itself, twice if need be; what kills its worker both times is a failure."""
        found = self.tried([entry]) or self.tried([entry])
        return found[0] if found else failed_result(entry, KILLER)

    def close(self) -> None:
        """End the processes, also those at work."""
        self.recovered()
        if self._executor is not None:
            self._executor.shutdown(kill_workers=True)  # type: ignore[call-arg]  # loky's own word
            self._executor = None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back meanwhile; processes that start in it never hear of one, which is the parent's business."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _executor(workers: int) -> Executor:
    """Fresh processes of loky (joblib), each on one thread; its import waits until somebody wants processes."""
    from joblib.externals.loky import ProcessPoolExecutor

    resource_tracker.ensure_running()  # started later, it would let Ctrl-C through while workers start
    executor: Executor = ProcessPoolExecutor(
        workers, env=_ONE_THREAD, initializer=begin_worker, initargs=(os.getpid(),)
    )
    return executor
