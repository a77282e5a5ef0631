"""A batch run as it goes, for a terminal: a bar with rate, remaining time, codes and failures; and its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from nlp_coder.archive.batch import Batch
    from nlp_coder.archive.summary import Summary, Tally

SHOWN = 10
"""How many codes the figures name."""


@contextmanager
def watching(job: Batch) -> Iterator[Callable[[Tally], None]]:
    """A bar on stderr; what is yielded takes the tally. The input is read once before, to know how much there is."""
    from nlp_coder.archive.batch import count
    from nlp_coder.archive.resume import Mode

    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[found]}"),
    )
    known = "-" not in job.inputs and job.mode is not Mode.RETRY
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, rate="counting", found="")
        if known:
            progress.update(task, total=count(job))

        def watch(tally: Tally) -> None:
            failures = sum(tally.reasons.values())
            found = f"{sum(tally.codes.values()):,} codes, {failures:,} failed"
            speed = progress.tasks[0].finished_speed or progress.tasks[0].speed or 0
            progress.update(task, completed=tally.before + tally.done, rate=f"{speed:,.0f} notes/s", found=found)

        yield watch


def told(summary: Summary) -> str:
    """The figures of a run in a few lines, without a word of any note."""
    lines = [
        f"{summary.notes:,} notes: {summary.coded:,} with codes, {summary.questioned:,} with questions, "
        f"{summary.failed:,} failed; {summary.rate:,.0f} notes/s",
        f"{summary.assigned:,} codes, {summary.unspecified_share:.1%} of them unspecified",
    ]
    lines += [f"   {count:>9,}  {code}" for code, count in list(summary.codes.items())[:SHOWN]]
    if len(summary.codes) > SHOWN:
        lines.append(f"              and {len(summary.codes) - SHOWN} more")
    lines += [f"failed: {count:,}  {reason}" for reason, count in summary.failures.items()]
    return "\n".join(lines) + "\n"
