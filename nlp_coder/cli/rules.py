"""``nlp-coder rules``: the coding rules, listed or shown whole."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import groupby
from typing import Annotated

import typer

from nlp_coder.cli.options import examples
from nlp_coder.cli.write import columns, put, styled
from nlp_coder.errors import NlpCoderError, NoteError
from nlp_coder.icd10cm import entry, normalise
from nlp_coder.render.layout import Row, heading, labelled, page, section, spaced
from nlp_coder.render.words import citation, either
from nlp_coder.rules import Example, Rule, load_rules

app = typer.Typer(
    help="List the coding rules, or show one whole.",
    rich_markup_mode=None,
    epilog=examples("nlp-coder rules list", "nlp-coder rules show sciatica", "nlp-coder rules show M54.41"),
)


@app.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """List the coding rules, or show one whole."""
    if context.invoked_subcommand is None:
        put(context.get_help() + "\n")


@app.command("list", epilog=examples("nlp-coder rules list"))
def list_rules() -> None:
    """List every rule: its id and what it says, file by file."""
    width = columns()
    blocks = [
        section(file, (row for rule in found for row in labelled(rule.id, rule.says, width)))
        for file, found in groupby(load_rules(), key=lambda rule: rule.file)
    ]
    put(page(blocks, styled=styled()))


@app.command(epilog=examples("nlp-coder rules show sciatica", "nlp-coder rules show M54.41"))
def show(
    what: Annotated[str, typer.Argument(metavar="ID|CODE", help="A rule's id, or a code: all rules that give it.")],
) -> None:
    """Show a rule: what it asks, what it gives, who says so, examples."""
    width = columns()
    put(page([_rule(rule, width) for rule in _found(what)], styled=styled()))


def _found(what: str) -> list[Rule]:
    every = load_rules()
    if named := [rule for rule in every if rule.id == what]:
        return named
    try:
        code = normalise(what)
    except NlpCoderError:
        close = get_close_matches(what, [rule.id for rule in every], n=3)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise NoteError(f"no rule has that id.{hint} See nlp-coder rules list.") from None
    if given := [rule for rule in every if any(own.startswith(code) for own in rule.codes)]:
        return given
    raise NoteError(f"no rule gives {code}. See nlp-coder rules list.")


def _rule(rule: Rule, width: int) -> list[Row]:
    rows = heading(rule.id, rule.says, width)
    for field, values in rule.when.items():
        rows += labelled(field, either(values), width)
    given = [(code, "") for code in rule.code]
    given += [(code, f"{rule.split_by} {value}") for value, codes in rule.code_by.items() for code in codes]
    for number, (code, when) in enumerate(given):
        rows += _given("" if number else "gives", code, when, width)
    rows += labelled("confirm", rule.confirm, width)
    rows += labelled("authority", citation(rule.source, rule.authority), width)
    rows += labelled("why", " ".join(rule.rationale.split()), width)
    rows += labelled("file", rule.file, width)
    return [*rows, [], *spaced(_example(example, width) for example in rule.examples)]


def _given(label: str, code: str, when: str, width: int) -> list[Row]:
    """A code the rule gives: by which value of the field it splits by, or else what it is."""
    found = entry(code)
    words = when or (found.title if found else "")
    return labelled(label, [(code, "bold"), (f"  {words}", "")], width)


def _example(example: Example, width: int) -> list[Row]:
    circumstances = (
        example.date.isoformat() if example.date else "",
        example.setting if example.setting != "outpatient" else "",
        example.purpose or "",
    )
    rows: list[Row] = []
    for number, line in enumerate(example.note.strip().splitlines()):
        rows += labelled("" if number else "example", line, width)
    rows += labelled("visit", " · ".join(part for part in circumstances if part), width)
    rows += labelled("codes", [(", ".join(example.codes) or "none", "bold")], width)
    return rows + labelled("because", example.because, width)
