"""``nlp-coder lookup``: a code in, what the Tabular List and our rules say of it out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Annotated, Any

import typer

from nlp_coder.cli.options import Date, Output, TextOrJson, day, examples
from nlp_coder.cli.write import guard, put_answer
from nlp_coder.errors import NoteError
from nlp_coder.icd10cm import (
    Entry,
    ancestors,
    billable_codes,
    billable_on,
    children,
    entry,
    excludes1,
    excludes2,
    newest_release,
    normalise,
    notes_for,
    release_on,
    suggest,
)
from nlp_coder.render.layout import Row, hanging, heading, labelled, section, spaced
from nlp_coder.render.words import citation, either
from nlp_coder.rules import Rule, load_rules

EXAMPLES = examples("nlp-coder lookup M54.50 --date 2026-05-12")
SCHEMA = "nlp-coder/lookup/1"

_TERMS = ("Inclusion term", "Includes")
_EXCLUDES = {
    "Excludes1": "Excludes1: never together, unless the two are unrelated (guideline I.A.12.a)",
    "Excludes2": "Excludes2: not part of it, may be billed beside it",
}


def lookup(
    code: Annotated[str, typer.Argument(metavar="CODE", help="A code, with or without its dot.")],
    date: Date = None,
    form: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Show a code: billable, Excludes, validity, what to document."""
    on = day(date)
    guard(output)
    found = _found(normalise(code), on)
    answer = _answer(found, on)
    put_answer(answer, lambda width: _blocks(answer, width), form, output)


def _found(code: str, on: datetime.date | None) -> Entry:
    found = entry(code)
    if found:
        return found
    if nearest := suggest(code, on):
        raise NoteError(f"{code} is not a code of the table. Nearest: {', '.join(nearest[:6])}.")
    raise NoteError(f"{code} is not in the table, which holds codes of spine pain and their neighbours.")


def _answer(found: Entry, on: datetime.date | None) -> dict[str, Any]:
    """All there is to say of a code, for text and JSON alike."""
    billable = billable_on(found.code, on)
    notes = notes_for(found.code, on)
    return {
        "schema": SCHEMA,
        "code": found.code,
        "title": found.title,
        "level": found.level,
        "date_of_service": on.isoformat() if on else None,
        "release": (release_on(on) if on else newest_release()).name,
        "billable": billable,
        "use_instead": [] if billable else [_titled(code) for code in suggest(found.code, on)],
        "valid_from": found.valid_from.isoformat() if found.valid_from else None,
        "valid_to": found.valid_to.isoformat() if found.valid_to else None,
        "before": found.before or None,
        "after": [_titled(code) for code in billable_codes(on) if _came_of(code, found.code)],
        "icd9": found.icd9 or None,
        "notes": [
            {
                "kind": note.kind,
                "at": note.at,
                "level": note.level,
                "text": note.text,
                "names": list(note.names),
            }
            for note in notes
        ],
        "named_by": _named_by(found.code, on),
        "documentation": [_required(rule, found.code) for rule in load_rules() if _reaches(rule, found.code)],
        "related": [_titled(other.code) for other in _related(found, on)],
    }


def _named_by(code: str, on: datetime.date | None) -> list[dict[str, Any]]:
    """The Excludes notes of other codes that reach this one, in book order, each once."""
    above = {code, *(header.code for header in ancestors(code))}
    proofs = (
        proof
        for other in billable_codes(on)
        for proof in (*excludes1(code, other, on), *excludes2(code, other, on))
        if proof.under == other and proof.at not in above
    )
    places = {(proof.at, proof.kind, proof.text): proof for proof in proofs}
    return [
        {"kind": proof.kind, "at": proof.at, "level": proof.level, "text": proof.text, "names": [proof.names]}
        for proof in places.values()
    ]


def _titled(code: str) -> dict[str, str]:
    found = entry(code)
    return {"code": code, "title": found.title if found else ""}


def _came_of(code: str, before: str) -> bool:
    found = entry(code)
    return found is not None and found.before == before


def _related(found: Entry, on: datetime.date | None) -> Iterable[Entry]:
    """The billable codes below a header, or beside a code."""
    below = children(found.code) or children(found.parent)
    return (other for other in below if other.code != found.code and billable_on(other.code, on))


def _reaches(rule: Rule, code: str) -> bool:
    """Whether a rule gives a code, or one that came of it."""
    return any(own == code or in_force_before(own) == code for own in rule.codes)


def in_force_before(code: str) -> str:
    """The code that stood before, or nothing."""
    found = entry(code)
    return found.before if found else ""


def _required(rule: Rule, code: str) -> dict[str, Any]:
    """What a rule asks the documentation to say for a code."""
    asks = {field: list(values) for field, values in rule.when.items()}
    answers = [value for value, codes in rule.code_by.items() if code in {*codes, *map(in_force_before, codes)}]
    if rule.split_by:
        asks[rule.split_by] = answers
    return {
        "rule": rule.id,
        "says": rule.says,
        "asks": asks,
        "authority": rule.authority.value,
        "source": rule.source,
        "confirm": rule.confirm,
    }


def _blocks(answer: dict[str, Any], width: int) -> list[list[Row]]:
    head = heading(answer["code"], answer["title"], width, style="bold") + _standing(answer, width)
    notes = answer["notes"]
    terms = dict.fromkeys(note["text"] for note in notes if note["kind"] in _TERMS)
    head += labelled("includes", "; ".join(terms), width)
    rest = [note for note in notes if note["kind"] not in (*_TERMS, *_EXCLUDES)]
    return [
        head,
        *(
            section(title, _by_place([note for note in notes if note["kind"] == kind], width))
            for kind, title in _EXCLUDES.items()
        ),
        section("Notes elsewhere that name it", _by_place(answer["named_by"], width, kinds=True)),
        section("Instructions", _by_place(rest, width, kinds=True)),
        section("What the documentation must say", spaced(_rule(rule, width) for rule in answer["documentation"])),
        section("Related codes", _list(answer["related"], width)),
    ]


def _standing(answer: dict[str, Any], width: int) -> list[Row]:
    """Where and when, billable or not, what stood before and what came after."""
    on = answer["date_of_service"]
    rows = labelled("level", f"{answer['level']}, ICD-10-CM {answer['release']}", width)
    if answer["billable"]:
        rows += labelled("billable", [("yes", "certain"), (f" on {on}" if on else "", "")], width)
    else:
        rows += labelled("billable", [("no", "error"), (f" on {on}" if on else "", "")], width)
    for number, other in enumerate(answer["use_instead"]):
        words = [(other["code"], "bold"), (f"  {other['title']}", "")]
        rows += labelled("" if number else "use", words, width)
    if answer["valid_from"]:
        until = f" to {answer['valid_to']}" if answer["valid_to"] else ""
        rows += labelled("valid", f"from {answer['valid_from']}{until}", width)
    rows += labelled("before", answer["before"] or "", width)
    rows += labelled("after", ", ".join(other["code"] for other in answer["after"]), width)
    return rows + labelled("ICD-9-CM", answer["icd9"] or "", width)


def _by_place(notes: list[dict[str, Any]], width: int, *, kinds: bool = False) -> Iterator[Row]:
    """Notes under the place they sit at, with its level: what is not the code's own is inherited."""
    for (at, level), found in groupby(notes, key=lambda note: (note["at"], note["level"])):
        yield from hanging([("   ", "")], [(f"at {at}, {level}", "")], width)
        for note in found:
            text = f"{note['kind']}: {note['text']}" if kinds else note["text"]
            yield from hanging([("      - ", "")], [(text, "")], width)


def _rule(rule: dict[str, Any], width: int) -> list[Row]:
    rows = hanging([("   ", "")], [(rule["says"], "bold")], width)
    for field, values in rule["asks"].items():
        rows += labelled(field, either(values), width)
    rows += labelled("confirm", rule["confirm"], width)
    rows += labelled("authority", citation(rule["source"], rule["authority"]), width)
    return rows + labelled("rule", rule["rule"], width)


def _list(codes: list[dict[str, str]], width: int) -> Iterable[Row]:
    return (row for other in codes for row in labelled(other["code"], other["title"], width))
