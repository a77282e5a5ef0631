"""``nlp-coder excludes``: two codes in, the note that keeps them apart out, or that there is none."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import Annotated, Any

import typer

from nlp_coder.claims.codes import known_absent
from nlp_coder.claims.pairs import EXCEPTION, resolves
from nlp_coder.cli.options import Date, Output, TextOrJson, day, examples
from nlp_coder.cli.write import guard, put_answer
from nlp_coder.errors import NoteError
from nlp_coder.icd10cm import (
    entry,
    excludes1,
    excludes2,
    in_force,
    newest_release,
    normalise,
    release_on,
    suggest,
)
from nlp_coder.render.layout import Row, hanging, labelled, section

EXAMPLES = examples("nlp-coder excludes M54.50 M54.41 --date 2026-05-12")
SCHEMA = "nlp-coder/excludes/1"


def excludes(
    a: Annotated[str, typer.Argument(metavar="A", help="A code.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another code.")],
    date: Date = None,
    form: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Show which note keeps two codes apart, or that none does."""
    on = day(date)
    guard(output)
    first, second = normalise(a), normalise(b)
    for code in (first, second):
        if known_absent(code):
            near = ", ".join(suggest(code, on)[:6]) or "look the diagnosis up in the Alphabetic Index"
            raise NoteError(f"{code} does not exist in ICD-10-CM. Nearest: {near}.")
    if first == second:
        raise NoteError("these are one code. Give two different ones.")
    answer = _answer(first, second, on)
    put_answer(answer, lambda width: _blocks(answer, width), form, output)


def _answer(first: str, second: str, on: datetime.date | None) -> dict[str, Any]:
    """All there is to say of a pair, for text and JSON alike."""
    standing = {code: in_force(code, on) or code for code in (first, second)}
    pair = (standing[first], standing[second])
    proofs = excludes1(pair[0], pair[1], on)
    allowing = excludes2(pair[0], pair[1], on)
    return {
        "schema": SCHEMA,
        "codes": [first, second],
        "date_of_service": on.isoformat() if on else None,
        "release": (release_on(on) if on else newest_release()).name,
        "standing": standing,
        "titles": {code: found.title for code in pair if (found := entry(code))},
        "unknown": [code for code in pair if entry(code) is None],
        "excludes1": bool(proofs),
        "proofs": [{**asdict(proof), "resolves": resolves(proof)} for proof in proofs],
        "excludes2": [asdict(proof) for proof in allowing],
        "exception": EXCEPTION if proofs else "",
    }


def _blocks(answer: dict[str, Any], width: int) -> list[list[Row]]:
    first, second = answer["standing"].values()
    release = f"ICD-10-CM {answer['release']}"
    verdict = (
        f"{first} and {second} exclude each other ({release})."
        if answer["excludes1"]
        else f"No Excludes1 note between {first} and {second} ({release})."
    )
    head = hanging([], [(verdict, "bold")], width)
    for code, then in answer["standing"].items():
        if code != then:
            head += hanging([("   ", "")], [(f"On that day {then} stood for {code}.", "")], width)
    for code, title in answer["titles"].items():
        head += labelled(code, title, width)
    for code in answer["unknown"]:
        head += labelled(code, "not in the table, so only what other notes say of it is known", width)
    blocks = [head, *(_proof(proof, width) for proof in answer["proofs"])]
    allowed = [row for proof in answer["excludes2"] for row in labelled(proof["at"], proof["text"], width)]
    blocks.append(section("Excludes2: both may be billed when both are documented", allowed))
    if answer["exception"]:
        blocks.append(labelled("unless", answer["exception"], width))
    return blocks


def _proof(proof: dict[str, Any], width: int) -> list[Row]:
    place = "itself" if proof["at"] == proof["under"] else f"the {proof['level']} above {proof['under']}"
    rows = labelled("note", [(f"{proof['kind']}: {proof['text']}", "bold")], width)
    rows += labelled("at", f"{proof['at']}, {place}", width)
    rows += labelled("reaches", f"{proof['against']}, by {proof['names']}", width)
    rows += labelled("resolves", proof["resolves"], width)
    return rows + labelled("open", proof["unsettled"], width)
