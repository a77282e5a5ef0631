"""Sides: the one side that a sentence tells beside the one code that has a side, and what 1 and 2 are said to mean."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder.claims.factcheck.names import features, title
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.tokens import Token, meant

_TOLD = re.compile(
    r"\b(?P<noun>right|left)(?:-sided| side| leg| limb| sciatica| buttock| lower limb| foot| calf)\b"
    r"|\b(?:on|to|of|in|down) the (?P<place>right|left)(?= ?[,.;:)]|$| and nothing| with| without)",
    re.I,
)
_UNCLEAR = re.compile(
    r"\b(?:not|never|wrong\w*|instead|rather|denied|denials?|mistakes?|mistaken\w*|errors?|but|however|except|unless"
    r"|whether"
    r"|ask|check|watch|slip|audit\w*|change[ds]?|move[ds]?|correct(?:ed|ing)|fix\w*|swap\w*|before|from|handed"
    r"|column|margin)\b|n['’]t\b|\?",
    re.I,
)
"""Words that may turn what a sentence says of a side, or tell of another thing."""
_DIGIT = re.compile(
    r"\b(?P<digit>[12]|one|two)\b(?:(?: |-)?(?:at the end|in the last place"
    r"|as the last character)(?: of)?[^.;]{0,25}?)?"
    r" (?:=|is|means|stands for|points to|says|tells|indicates|for) (?:the )?(?P<side>right|left)\b",
    re.I,
)
_NUMBERS = {"one": "1", "two": "2"}


def by_side(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """``The chart said right leg, so we sent M54.32``: one code, one side, and nothing that turns it; else digits."""
    yield from _digits(sentence, day)
    coded = [token for token in sentence.tokens if not token.icd9]
    sides = {(match["noun"] or match["place"]).casefold() for match in _TOLD.finditer(sentence.text)}
    if len(coded) != 1 or len(sides) != 1 or coded[0].family or _UNCLEAR.search(sentence.text):
        return
    token, own = coded[0], features(title(coded[0].code)).sides
    if own in ({"right"}, {"left"}) and meant(token, day):
        entry = f"{token.code} {title(token.code)}"
        told = "" if sides == own else f": not {next(iter(sides))}"
        yield "title", token, (token,), ("contradicted" if told else "supported", entry + told, "tabular")


def _digits(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """``In M54.3 and M54.4 the digit 1 means left``."""
    families = [token for token in sentence.tokens if len(token.stems) == 1 and _has_sides(token, day)]
    if (
        not families
        or len(families) != len(sentence.tokens)
        or re.search(r"\b(?:not|never|no)\b|n['’]t\b", sentence.text, re.I)
    ):
        return
    for match in _DIGIT.finditer(sentence.text):
        code = families[0].code + _NUMBERS.get(match["digit"].casefold(), match["digit"])
        own = title(code)
        right = features(own).sides == {match["side"].casefold()}
        answer = ("supported" if right else "contradicted", f"{code} {own}", "tabular")
        yield "side", families[0], tuple(families), answer  # type: ignore[misc]


def _has_sides(token: Token, day: datetime.date | None) -> bool:
    return bool(features(title(token.code + "1")).sides) and token.code not in meant(token, day)
