"""``nlp-coder rules``: the coding rules, listed or shown whole."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import groupby
from typing import Annotated

import typer

from nlp_coder.cli.write import columns, put, styled
from nlp_coder.errors import NlpCoderError, NoteError
from nlp_coder.icd10cm import entry, normalise
from nlp_coder.render.layout import Row, heading, labelled, page, section, spaced
from nlp_coder.render.words import citation
from nlp_coder.rules import Example, Rule, load_rules

rules = typer.Typer(
    help="List the coding rules, or show one whole.", rich_markup_mode=None, no_args_is_help=True
)


@rules.command("list")
def list_rules() -> None:
    """List every rule: its id and what it says, file by file."""
    width = columns()
    blocks = [
        section(file, (row for rule in found for row in _line(rule, width)))
        for file, found in groupby(load_rules(), key=lambda rule: rule.file)
    ]
    put(page(blocks, styled=styled()))


@rules.command()
def show(
    what: Annotated[
        str, typer.Argument(metavar="ID|CODE", help="A rule's id, or a code: all rules that give it.")
    ],
) -> None:
    """Show a rule: what it asks, what it answers, who says so, and its examples."""
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
    raise NoteError(f"no rule gives {code}. See nlp-coder lookup {code}, nlp-coder rules list.")


def _line(rule: Rule, width: int) -> list[Row]:
    return labelled(rule.id, rule.says, width)


def _rule(rule: Rule, width: int) -> list[Row]:
    rows = heading(rule.id, rule.says, width)
    for field, values in rule.when.items():
        rows += labelled(field, " or ".join(values), width)
    for code in rule.code:
        rows += _answer("gives", code, width)
    for value, codes in rule.code_by.items():
        for code in codes:
            rows += _answer(value, code, width)
    rows += labelled("confirm", rule.confirm, width)
    rows += labelled("authority", citation(rule.source, rule.authority), width)
    rows += labelled("why", " ".join(rule.rationale.split()), width)
    rows += labelled("file", rule.file, width)
    rows.append([])
    return rows + list(spaced(_example(example, width) for example in rule.examples))


def _answer(label: str, code: str, width: int) -> list[Row]:
    found = entry(code)
    return labelled(label, [(code, "bold"), (f"  {found.title}" if found else "", "")], width)


def _example(example: Example, width: int) -> list[Row]:
    circumstances = (
        example.date.isoformat() if example.date else "",
        example.setting if example.setting != "outpatient" else "",
        example.purpose or "",
    )
    rows = labelled("example", " ".join(example.note.split()), width)
    rows += labelled("visit", " · ".join(part for part in circumstances if part), width)
    rows += labelled("codes", [(", ".join(example.codes) or "none", "bold")], width)
    return rows + labelled("because", example.because, width)
