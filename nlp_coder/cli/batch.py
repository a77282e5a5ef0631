"""``nlp-coder batch``: an archive of notes in, tables or JSON lines out; killed and resumed as you like."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp_coder.cli.options import examples
from nlp_coder.cli.write import say
from nlp_coder.errors import NoteError

if TYPE_CHECKING:
    from nlp_coder.archive.batch import Batch
    from nlp_coder.archive.resume import Mode
    from nlp_coder.archive.summary import Summary

EXAMPLES = examples(
    "nlp-coder batch visits.csv -o visits.duckdb --text-column note",
    "nlp-coder batch notes/ -o codes.csv --workers 2 --report codes.html",
    "nlp-coder batch visits.csv -o visits.duckdb --text-column note --resume",
)

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT…",
        help="Folder or glob of .txt and .md, .jsonl, .csv, .tsv, .parquet, .xlsx, each also .gz or .zst; a .duckdb "
        "or SQLite file with --query; - for JSON lines on stdin.",
    ),
]
Out = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="OUT",
        help="Ends in .duckdb, .parquet (a folder), .jsonl, .csv or .xlsx; - for JSON lines on stdout.",
    ),
]
Column = Annotated[str, typer.Option(metavar="NAME", help="The column's name.")]
Query = Annotated[str, typer.Option(metavar="SQL", help="What to read of a DuckDB or SQLite file.")]
Workers = Annotated[
    int, typer.Option(min=0, metavar="N", help="Processes that code; 0: one for each core, for stdin one.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier run ended.")]
Restart = Annotated[bool, typer.Option("--restart", help="Replace what an earlier run made.")]
Retry = Annotated[bool, typer.Option("--retry-failures", help="Code the failed notes once more.")]
NoSieve = Annotated[bool, typer.Option("--no-sieve", help="Read every note in full; the answer is the same.")]
SecondReader = Annotated[
    bool,
    typer.Option("--second-reader", help="Also ask about sentences in words that no list knows; reads every note."),
]
NoText = Annotated[bool, typer.Option("--no-text", help="Keep no words of a note: offsets and hashes instead.")]
Limit = Annotated[int | None, typer.Option(min=0, metavar="N", help="Only the first N notes.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Neither progress nor summary.")]
Report = Annotated[str | None, typer.Option(metavar="FILE", help="Also write an HTML report with plots.")]


def batch(
    inputs: Inputs,
    output: Out,
    id_column: Column = "id",
    text_column: Column = "text",
    date_column: Column = "date_of_service",
    patient_column: Column = "patient",
    provider_column: Column = "provider",
    setting_column: Column = "setting",
    purpose_column: Column = "purpose",
    query: Query = "",
    workers: Workers = 0,
    resume: Resume = False,
    restart: Restart = False,
    retry_failures: Retry = False,
    no_sieve: NoSieve = False,
    second_reader: SecondReader = False,
    no_text: NoText = False,
    limit: Limit = None,
    quiet: Quiet = False,
    report: Report = None,
) -> None:
    """Code an archive of notes.

    Exit codes: 0 all coded, 1 some notes failed (the run went on to its end), 2 unusable input or output.
    """
    how = {"with_text": not no_text, "sieve": not no_sieve, "second_reader": second_reader}
    job = _job(
        inputs,
        output,
        (id_column, text_column, date_column, patient_column, provider_column, setting_column, purpose_column),
        mode=_mode(resume, restart, retry_failures),
        workers=workers or (1 if "-" in inputs else len(os.sched_getaffinity(0))),
        options={"query": query, "limit": limit, "report": report, **how},
    )
    summary = _stream(job) if output == "-" else _stored(job, quiet)
    if not quiet:
        _tell(summary)
    if summary.failed:
        raise typer.Exit(1)


def _job(
    inputs: list[str], out: str, names: tuple[str, ...], *, mode: Mode, workers: int, options: dict[str, Any]
) -> Batch:
    """All that was asked for; a stream that should keep something is refused."""
    from nlp_coder.archive.batch import Batch
    from nlp_coder.archive.columns import Columns
    from nlp_coder.icd10cm import newest_release

    if out == "-" and (mode.value != "new" or options["report"]):
        raise NoteError("a stream keeps nothing: --resume, --restart, --retry-failures and --report need an -o FILE.")
    return Batch(
        inputs,
        out,
        Columns(*names),
        mode=mode,
        workers=workers,
        release=newest_release().name,
        program=version("nlp-coder"),
        **options,
    )


def _mode(resume: bool, restart: bool, retry: bool) -> Mode:
    from nlp_coder.archive.resume import Mode

    if resume + restart + retry > 1:
        raise NoteError("--resume, --restart and --retry-failures exclude each other. Give one of them.")
    return Mode.RESUME if resume else Mode.RESTART if restart else Mode.RETRY if retry else Mode.NEW


def _stored(job: Batch, quiet: bool) -> Summary:
    from nlp_coder.archive.batch import run_batch
    from nlp_coder.cli.progress import watching

    shown = not quiet and sys.stderr.isatty()
    try:
        with watching(job) if shown else nullcontext(lambda _: None) as watch:
            return run_batch(job, watch)
    except KeyboardInterrupt:
        say("stopped. The same command with --resume goes on.")
        raise typer.Exit(130) from None


def _stream(job: Batch) -> Summary:
    from nlp_coder.archive.batch import run_stream

    def write(line: str) -> None:
        try:
            sys.stdout.buffer.write(line.encode())
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at exit
            raise NoteError(f"cannot write to stdout: {error.strerror}. What was written so far stands.") from None

    return run_stream(job, write)


def _tell(summary: Summary) -> None:
    """Figures on stderr: for people on a terminal, else one line of JSON."""
    if not sys.stderr.isatty():
        sys.stderr.write(json.dumps(summary.as_dict()) + "\n")
        return
    from nlp_coder.cli.progress import told

    sys.stderr.write(told(summary))
