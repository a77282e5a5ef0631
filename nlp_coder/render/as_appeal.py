"""What a record says for a denied code in, as a letter's enclosure out: text or one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from nlp_coder.render.layout import Row, hanging, heading, labelled, page, section
from nlp_coder.render.visible import visible


def appeal_html(answer: Mapping[str, Any]) -> str:
    """The page for an answer with codes, day, release and guidelines; every text of the note is escaped."""
    return _template().render(answer=answer)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if isinstance(value, str) else value,
    )
    return environment.from_string(files("nlp_coder.render").joinpath("appeal.html.j2").read_text("utf-8"))


def appeal_text(answer: Mapping[str, Any], width: int, *, styled: bool) -> str:
    """The same as plain text of so many columns."""
    day = f"Date of service: {answer['day']}. Code set: ICD-10-CM {answer['release']}."
    head = hanging([], [("What the record says", "bold")], width) + hanging([], [(day, "")], width)
    said = [f"ICD-10-CM Official Guidelines {each['section']}: {each['says']}." for each in answer["guidelines"]]
    closing = (row for text in said for row in hanging([("   - ", "")], [(text, "")], width))
    blocks = [head, *(_code(code, width) for code in answer["codes"]), section("Guidelines", closing)]
    return page(blocks, styled=styled)


def _code(code: Mapping[str, Any], width: int) -> list[Row]:
    rows = heading(code["code"], code["title"], width, style="bold")
    verdict = [("supported", "certain")] if code["supported"] else [("not supported by this note", "error")]
    rows += labelled("record", verdict, width)
    rows += labelled("because", code["says"], width)
    for slot in code["slots"]:
        for number, place in enumerate(slot["places"]):
            words = f"«{visible(place['text'])}» line {place['line']}: {visible(place['context'])}"
            rows += labelled("" if number else slot["slot"], " ".join(words.split()), width)
    rows += labelled("authority", code["authority"], width)
    return rows + [row for what in code["confirm"] for row in labelled("confirm", what, width)]
