"""``nlp-coder check``: is the knowledge sound."""

from __future__ import annotations

import sys

import typer


def check() -> None:
    """Check rules, word lists and code table; print each fault, exit 1 if there is one."""
    from nlp_coder.check import check_knowledge

    faults = check_knowledge()
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)
    sys.stdout.write("The knowledge is sound.\n")
