"""``nlp-coder``: its commands, and the one place where errors become a line on stderr and an exit code.

Exit codes: 0 done, 1 findings or failures, 2 bad input. No message ever holds text of a note: what was
typed is not repeated, and of an unexpected error only its kind and place are told.
"""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from nlp_coder.cli.check import check
from nlp_coder.cli.code import code
from nlp_coder.cli.excludes import excludes
from nlp_coder.cli.lookup import lookup
from nlp_coder.cli.rules import rules
from nlp_coder.cli.write import say
from nlp_coder.errors import KnowledgeError, NlpCoderError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
app.command()(code)
app.command()(lookup)
app.command()(excludes)
app.add_typer(rules, name="rules")
app.command()(check)


def main() -> NoReturn:
    """Run the command line and exit."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # a library's warning may quote the note
    logging.getLogger().addHandler(logging.NullHandler())  # and so may what it logs
    sys.exit(_run())


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print package, knowledge hash, release and model hash.")
    ] = False,
) -> None:
    """Code a back or neck pain note to ICD-10-CM M54, each code with the words that earn it.

    Exit codes: 0 done, 1 findings or failures, 2 bad input.
    """
    if version:
        sys.stdout.write(_versions())
    elif context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")


def _versions() -> str:
    from importlib.metadata import version

    from nlp_coder import Coder
    from nlp_coder.icd10cm import newest_release

    return (
        f"nlp-coder  {version('nlp-coder')}\n"
        f"knowledge  {Coder().knowledge}\n"
        f"release    {newest_release().name}\n"
        "model      none\n"
    )


def _run() -> int:
    try:
        done = typer.main.get_command(app).main(prog_name="nlp-coder", standalone_mode=False)
    except KnowledgeError as error:
        say(str(error))
        return 1
    except NlpCoderError as error:
        say(str(error))
        return 2
    except (typer.Abort, KeyboardInterrupt):
        say("stopped")
        return 130
    except BrokenPipeError:
        return 1
    except Exception as error:
        if hasattr(error, "format_message"):
            say(_misused(error))
            return 2
        say(
            f"this is a fault of the program: {type(error).__name__} at {_place(error)}. Please report that line."
        )
        return 1
    return done if isinstance(done, int) else 0


def _misused(error: Exception) -> str:
    """What is wrong with the command line, in one line that repeats nothing of it."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "nlp-coder"
    name = type(error).__name__
    if name in ("MissingParameter", "BadOptionUsage"):
        wrong = str(getattr(error, "format_message")()).rstrip(".")
    elif name == "NoSuchOption":
        wrong = "there is no such option"
    elif hasattr(context and context.command, "commands"):
        wrong = f"there is no such command; use {', '.join(context.command.commands)}"
    else:
        wrong = "more words than expected; put a text with blanks in quotes"
    return f"{wrong}. See {command} --help"


def _place(error: Exception) -> str:
    """Module and line where an unexpected error arose, the innermost of ours."""
    package = Path(__file__).resolve().parent.parent
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if package in Path(frame.filename).parents
    ]
    if not frames:
        return "the command line"
    return f"{Path(frames[-1].filename).relative_to(package)}:{frames[-1].lineno}"
