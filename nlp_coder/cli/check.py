"""``nlp-coder check``: is the knowledge sound."""

from __future__ import annotations

import sys

import typer

from nlp_coder.cli.options import examples

EXAMPLES = examples("nlp-coder check")


def check() -> None:
    """Check that the knowledge is sound; print each fault of it."""
    from nlp_coder.check import check_knowledge

    faults = check_knowledge()
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)
    sys.stdout.write("The knowledge is sound.\n")
