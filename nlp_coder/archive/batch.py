"""A whole archive in, its stored answers out, whatever interrupts the run: what ``nlp-coder batch`` calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nlp_coder.archive.columns import Columns
from nlp_coder.archive.files import owner_only
from nlp_coder.archive.nouns import Entry, Result
from nlp_coder.archive.resume import Binding, Mode, Target, opened, still_to_do, target_of
from nlp_coder.archive.run import results
from nlp_coder.archive.store import Store, remove
from nlp_coder.archive.store_tables import write_parquet, write_xlsx
from nlp_coder.archive.store_text import write_csv, write_jsonl
from nlp_coder.archive.summary import Summary, Tally, of_store, of_tally
from nlp_coder.archive.work import Way
from nlp_coder.errors import NlpCoderError

TOGETHER = 512
"""How many notes a transaction takes at most …"""
SECONDS = 1.0
"""… how long it waits for them: a kill costs no more work than that …"""
CHARACTERS = 4_000_000
"""… and how long their JSON lines may be."""

_WRITERS: dict[str, Callable[[Store, Path], None]] = {
    "parquet": write_parquet,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "xlsx": write_xlsx,
}


@dataclass(frozen=True, slots=True)
class Batch:
    """What to read, how to code it, where to. ``release`` and ``program`` bind the run, as knowledge and input do."""

    inputs: Sequence[str]
    out: str
    columns: Columns = field(default_factory=Columns)
    query: str = ""
    limit: int | None = None
    workers: int = 1
    with_text: bool = True
    sieve: bool = True
    second_reader: bool = False
    mode: Mode = Mode.NEW
    release: str = ""
    program: str = ""
    report: str | None = None
    together: int = TOGETHER
    seconds: float = SECONDS


def run_batch(batch: Batch, watch: Callable[[Tally], None] = lambda _: None) -> Summary:
    """Code what is still to code, store it, complete the output; ``watch`` sees the tally after each transaction.

    Raises NlpCoderError when input or output cannot be used, and when the disk is full; what is stored by then
    is safe, and ``Mode.RESUME`` goes on from there.
    """
    target = target_of(batch.out)
    _check(batch, target)
    binding = _binding(batch)
    with owner_only(), opened(target, batch.mode, binding) as store:
        began = time.perf_counter()
        tally = Tally(before=0 if batch.mode is Mode.RETRY else store.next_number())
        run = store.begin_run(_run_row(batch, binding))
        with closing(_results(batch, target, store)) as found:  # whatever happens, its processes end here
            for some in _gathered(found, batch.together, batch.seconds):
                store.add(some, with_json=target.form == "jsonl", again=batch.mode is Mode.RETRY)
                for result in some:
                    tally.count(result)
                watch(tally)
        seconds = time.perf_counter() - began
        store.end_run(run, tally.done, seconds)
        if target.form in _WRITERS:
            _WRITERS[target.form](store, target.out)
        summary = of_store(store, tally, seconds)
        if batch.report:
            _report(store, summary, Path(batch.report))
    if target.form in _WRITERS and not summary.failed:
        remove(target.store)
    return summary


def run_stream(batch: Batch, write: Callable[[str], None]) -> Summary:
    """One JSON line written for each entry as soon as it is coded; nothing is stored, nothing can be resumed."""
    began = time.perf_counter()
    tally = Tally()
    for result in results(_entries(batch), _way(batch, with_json=True), batch.workers):
        write(result.json)
        tally.count(result)
    return of_tally(tally, time.perf_counter() - began)


def count(batch: Batch) -> int:
    """How many entries the input has; reads it once through."""
    return sum(1 for _ in _entries(batch))


def _entries(batch: Batch) -> Iterator[Entry]:
    from nlp_coder.archive.read import entries

    return iter(entries(batch.inputs, batch.columns, query=batch.query, limit=batch.limit))


def _results(batch: Batch, target: Target, store: Store) -> Generator[Result]:
    todo = still_to_do(_entries(batch), store, batch.mode)
    return results(todo, _way(batch, with_json=target.form == "jsonl"), batch.workers)


def _way(batch: Batch, *, with_json: bool) -> Way:
    return Way(with_text=batch.with_text, with_json=with_json, sieve=batch.sieve, second_reader=batch.second_reader)


def _gathered(found: Iterable[Result], together: int, seconds: float) -> Iterator[list[Result]]:
    """The results in transactions: so many notes, so much text, or what so many seconds bring."""
    some: list[Result] = []
    size, began = 0, time.monotonic()
    for result in found:
        some.append(result)
        size += len(result.json)
        if len(some) >= together or size > CHARACTERS or time.monotonic() - began > seconds:
            yield some
            some, size, began = [], 0, time.monotonic()
    if some:
        yield some


def _check(batch: Batch, target: Target) -> None:
    """Refuse what could not end well, before any work is done."""
    places = [target.out, target.store, *([Path(batch.report).absolute()] if batch.report else [])]
    for name in batch.inputs:
        if name != "-" and any(place.exists() and Path(name).exists() and place.samefile(name) for place in places):
            raise NlpCoderError("an output is one of the inputs. Give another -o or --report.")
    if batch.report and not Path(batch.report).absolute().parent.is_dir():
        raise NlpCoderError("the report's folder does not exist. Make it, or give --report another file.")
    if "-" in batch.inputs and batch.mode is Mode.RETRY:
        raise NlpCoderError("notes from stdin cannot be read again. Give --retry-failures the files they came from.")
    if "-" in batch.inputs and batch.mode is Mode.RESUME and target.store.exists():
        raise NlpCoderError("a run from stdin cannot go on: nothing shows that it is the same input. Give --restart.")


def _binding(batch: Batch) -> Binding:
    from nlp_coder.archive.read import fingerprint
    from nlp_coder.coder import knowledge_version, second_reader_version

    return Binding(
        input=fingerprint(batch.inputs, batch.columns, batch.query),
        columns=repr(asdict(batch.columns)),
        knowledge=knowledge_version(),
        release=batch.release,
        program=batch.program,
        with_text=batch.with_text,
        second_reader=second_reader_version() if batch.second_reader else "",
    )


def _run_row(batch: Batch, binding: Binding) -> dict[str, object]:
    return {**asdict(binding), "what": batch.mode.value, "sieve": batch.sieve, "workers": batch.workers}


def _report(store: Store, summary: Summary, out: Path) -> None:
    from nlp_coder.archive.report import write_report

    write_report(store, summary, out)
