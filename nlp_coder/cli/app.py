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

from nlp_coder.cli import (
    audit,
    batch,
    check,
    claim,
    code,
    evaluate,
    excludes,
    factcheck,
    lookup,
    questions,
    rules,
    scribe,
)
from nlp_coder.cli.options import examples
from nlp_coder.cli.write import put, say
from nlp_coder.errors import KnowledgeError, NlpCoderError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=examples("nlp-coder code visit.txt --date 2026-05-12"),
)
app.command(epilog=code.EXAMPLES)(code.code)
app.command(epilog=batch.EXAMPLES)(batch.batch)
app.command(epilog=scribe.EXAMPLES)(scribe.scribe)
app.command(epilog=claim.EXAMPLES)(claim.claim)
app.command(epilog=factcheck.EXAMPLES)(factcheck.factcheck)
app.command(epilog=lookup.EXAMPLES)(lookup.lookup)
app.command(epilog=excludes.EXAMPLES)(excludes.excludes)
app.command(epilog=questions.EXAMPLES)(questions.questions)
app.command(epilog=audit.EXAMPLES)(audit.audit)
app.add_typer(rules.app, name="rules")
app.command(epilog=check.EXAMPLES)(check.check)
app.command(epilog=evaluate.EXAMPLES)(evaluate.evaluate)


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
    """Code back and neck pain notes to ICD-10-CM, each code with the words that earn it.

    Exit codes: 0 done, 1 findings or failures, 2 bad input.
    """
    if version:
        put(_versions())
    elif context.invoked_subcommand is None:
        put(context.get_help() + "\n")


def _versions() -> str:
    from importlib.metadata import version

    from nlp_coder.coder import knowledge_version, model_version
    from nlp_coder.icd10cm import newest_release

    return (
        f"nlp-coder  {version('nlp-coder')}\n"
        f"knowledge  {knowledge_version()}\n"
        f"release    {newest_release().name}\n"
        f"models     {model_version('candidates.json')} {model_version('second-reader.json')}\n"
    )


def _run() -> int:
    try:
        done = typer.main.get_command(app).main(prog_name="nlp-coder", standalone_mode=False)
    except NlpCoderError as error:
        say(str(error))
        return 1 if isinstance(error, KnowledgeError) else 2
    except (typer.Abort, KeyboardInterrupt):
        say("stopped.")
        return 130
    except BrokenPipeError:
        return 1
    except Exception as error:
        if hasattr(error, "format_message"):
            say(_misused(error, error.format_message()))
            return 2
        say(f"a fault of the program: {type(error).__name__} at {_place(error)}. Please report this line.")
        return 1
    return done if isinstance(done, int) else 0


def _misused(error: Exception, message: str) -> str:
    """What is wrong with the command line, in one line that repeats no word of the user's."""
    context: typer.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context else "nlp-coder"
    commands: dict[str, object] = getattr(context.command, "commands", {}) if context else {}
    name = type(error).__name__
    if name in ("MissingParameter", "BadOptionUsage"):
        wrong = message.rstrip(".")
    elif name == "NoSuchOption":
        wrong = "there is no such option"
    elif name == "BadParameter" and (options := getattr(getattr(error, "param", None), "opts", None)):
        wrong = f"{options[-1]} does not take that value"
    elif commands:
        wrong = f"there is no such command; use {', '.join(commands)}"
    else:
        wrong = "more words than expected; put a text with blanks in quotes"
    return f"{wrong}. See {command} --help"


def _place(error: Exception) -> str:
    """Module and line where an unexpected error arose, the innermost of ours."""
    package = Path(__file__).resolve().parent.parent
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if package in Path(frame.filename).parents]
    return f"{Path(ours[-1].filename).relative_to(package)}:{ours[-1].lineno}" if ours else "the start"
