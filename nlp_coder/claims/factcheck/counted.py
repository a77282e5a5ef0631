"""Sentences that count: how many codes a category has, what came of a code, how long all of its codes are."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder import icd10cm
from nlp_coder.claims.codes import HELD_WHOLE
from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token, meant

_SMALL = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_NUMBER = rf"(?P<count>{'|'.join(_SMALL)}|thirty(?:-\w+)?|forty(?:-\w+)?|\d{{1,2}})"
_KIND = r"(?:billable |valid |specific |active |complete |distinct )?"
_HAS = re.compile(
    r"^ (?:has|have|holds?|contains?|comprises?|counts?|is made up of|consists of) (?:exactly |only |a total of "
    r"|just |all of )?"
    rf"{_NUMBER} {_KIND}(?:codes?|subdivisions|children)(?! (?:for|with|that|without|and)\b)",
    re.I,
)
_IN = re.compile(rf"\b{_NUMBER} (?:billable|valid) codes? (?:in|under|within|of|below)(?: category| the)? $", re.I)
_AFTER = re.compile(rf"^ (?:has|had|got) {_NUMBER} (?:replacements?|successors?)\b", re.I)
_PARTS = re.compile(
    r"^ (?:was|were|got|has been|is)(?: \w+ly)? (?:split|divided|expanded|broken|cut)(?: up| out"
    r"| down)? in(?:to)? (?:its )?"
    rf"{_NUMBER}(?: (?:new |separate |more |other )?(?:[\w-]+ )?(?:codes?|successors|parts))?(?= ?[.,;:(]|$| in\b"
    rf"| on\b)",
    re.I,
)
_EVERY = re.compile(
    r"^ codes? (?:have|has|are|is|consists? of|runs? to) (?P<least>at least )?(?P<count>four|five|six|seven"
    r"|[4-7])[- ]characters?\b",
    re.I,
)
_ALL = re.compile(r"\b(?:all|every|each|all of the|all the) $", re.I)


def counted(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.3 has three billable codes``, ``M54.5 was split in three``, ``all M54 codes have five characters``."""
    after, before = sentence.predicate(token), sentence.before(token)
    if token.icd9:
        return
    if (match := _HAS.match(after) or _IN.search(before)) and len(token.stems) == 1:
        yield "validity", token, (token,), _below(token, _number(match["count"]), day)
    if match := _AFTER.match(after) or _PARTS.match(after):
        yield "validity", token, (token,), told.successors(token, _number(match["count"]))
    if (match := _EVERY.match(sentence.after(token))) and _ALL.search(before):
        length = told.NUMBERS[match["count"].casefold()]
        yield "form", token, (token,), _all_long(token, length, day, least=bool(match["least"]))


def _number(count: str) -> int:
    word = count.casefold()
    if word.isdigit():
        return int(word)
    if word in _SMALL:
        return _SMALL.index(word)
    tens, _, ones = word.partition("-")
    return {"thirty": 30, "forty": 40}[tens] + (_SMALL.index(ones) if ones in _SMALL else 0)


def _below(token: Token, number: int, day: datetime.date | None) -> Answer:
    if token.code[:3] not in HELD_WHOLE:
        return "not checkable", "the table does not hold all of it", "table"
    codes = [code for code in icd10cm.billable_codes(day) if code.startswith(token.code) and code != token.code]
    if not codes:
        return "not checkable", f"{token.code} has no codes below it", "table"
    entry = f"{token.code} has {len(codes)} billable codes below it"
    return "supported" if len(codes) == number else "contradicted", entry, "tabular"


def _all_long(token: Token, length: int, day: datetime.date | None, *, least: bool) -> Answer:
    codes = meant(token, day)
    if not codes or token.code[:3] not in HELD_WHOLE:
        return "not checkable", "the table does not hold all of it", "table"
    lengths = {code: len(code.replace(".", "")) for code in codes}
    other = next((code for code, own in lengths.items() if (own < length if least else own != length)), "")
    if other:
        return "contradicted", f"{other} has {lengths[other]} characters", "tabular"
    return "supported", f"all codes of {token.code} have {length} characters", "tabular"
