"""An output and what a run is bound to in, the store to go on with out; or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from nlp_coder.archive.files import beside
from nlp_coder.archive.nouns import Entry
from nlp_coder.archive.store import Store, create
from nlp_coder.errors import NlpCoderError

FORMS = ("duckdb", "parquet", "jsonl", "csv", "xlsx")


class Mode(Enum):
    """How to treat what an earlier run left."""

    NEW = "new"
    RESUME = "resume"
    RESTART = "restart"
    RETRY = "retry-failures"


@dataclass(frozen=True, slots=True)
class Binding:
    """What decides a run's answers: going on with another of these would mix two answers in one output."""

    input: str
    columns: str
    knowledge: str
    release: str
    program: str
    with_text: bool
    second_reader: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """An output: its form by its suffix, and the store that holds the run until it is complete."""

    out: Path
    form: str

    @property
    def store(self) -> Path:
        """The .duckdb itself, or the file beside any other output."""
        return self.out if self.form == "duckdb" else beside(self.out, ".progress")


_CHANGED = {
    "input": "its input has changed",
    "columns": "its columns were others",
    "knowledge": "the knowledge has changed",
    "release": "the newest ICD-10-CM release was another",
    "program": "the program's version was another",
    "with_text": "it was made with the other choice of --no-text",
    "second_reader": "it was made with the other choice of --second-reader, or with another model",
}


def target_of(out: str) -> Target:
    """The output by its suffix; NlpCoderError for a suffix that is none of ours, or a folder that is missing."""
    path = Path(out).absolute()
    form = path.suffix.removeprefix(".").lower() or "duckdb"
    if form not in FORMS:
        raise NlpCoderError(f"-o takes a file that ends in {', '.join(f'.{name}' for name in FORMS)}; or - for stdout.")
    if not path.parent.is_dir():
        raise NlpCoderError("the output's folder does not exist. Make it, or give -o another file.")
    if path.is_dir() != (form == "parquet") and path.exists():
        kind = "file" if form == "parquet" else "folder"
        raise NlpCoderError(f"the output is there and is a {kind}. Give another -o.")
    return Target(path, form)


def opened(target: Target, mode: Mode, binding: Binding) -> Store:
    """The store to write to, new or gone on with; NlpCoderError with the reason where that may not be."""
    if mode is Mode.RESTART or not (target.store.exists() or target.out.exists()):
        if mode is Mode.RETRY:
            raise NlpCoderError("there is no such output yet, so nothing to retry. Leave --retry-failures out.")
        return create(target.store, with_json=target.form == "jsonl")
    if mode is Mode.NEW:
        state = "the output exists" if target.out.exists() else "an unfinished run of this output exists"
        raise NlpCoderError(f"{state}. Give --resume to go on with it, --restart to make it anew, or another -o.")
    if not target.store.exists():
        raise NlpCoderError("this output is complete and no note of it failed. Give --restart to make it anew.")
    store = Store(target.store)
    try:
        _check(store, mode, binding)
    except BaseException:
        store.__exit__()
        raise
    return store


def _check(store: Store, mode: Mode, binding: Binding) -> None:
    if not (store.has("runs") and store.has("evidence")):
        raise NlpCoderError("the output is no output of nlp-coder batch. Give another -o.")
    last = store.last_run()
    if last is None:  # killed before its first note
        return
    if mode is Mode.RETRY and last["finished"] is None:
        raise NlpCoderError("this run is not finished. Give --resume first, then --retry-failures.")
    now = asdict(binding)
    changed = [why for name, why in _CHANGED.items() if last[name] != now[name]]
    if mode is Mode.RETRY and _CHANGED["input"] in changed:
        changed.remove(_CHANGED["input"])  # mending the input is what a retry is for
    if changed:
        raise NlpCoderError(
            f"this run cannot go on: {'; '.join(changed)}. Give --restart to code all anew, or another -o."
        )


def still_to_do(entries: Iterator[Entry], store: Store, mode: Mode) -> Iterator[Entry]:
    """The entries that have no row yet; of a retry those that failed, unless another note stands there now."""
    if mode is not Mode.RETRY:
        first = store.next_number()
        yield from (entry for entry in entries if entry.number >= first)
        return
    failed = store.failed()
    last = max(failed, default=-1)
    for entry in entries:
        if entry.number > last:
            return
        if entry.number in failed and (entry.failure or not store.is_coded(entry.id)):
            yield entry
