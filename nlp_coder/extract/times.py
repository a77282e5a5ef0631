"""How long and since when, in a sentence: "x 3 wks", "for the past 2 years", "since last Tuesday", "onset 3/4/2024"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": "1", "an": "1", "several": "several", "few": "few", "couple": "2"}

UNITS = "day|week|month|year|hour|decade|wk|mo|mth|yr|hr"
_UNIT = f"(?:{UNITS}|d|w|y)"
_COUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(NUMBER_WORDS)})"
_DURATION = re.compile(
    rf"(?<![A-Za-z0-9])(?:x\s?|for(?:\s+the)?(?:\s+(?:past|last|about|approximately|over|nearly|almost))*\s+)?"
    rf"({_COUNT})(?:\s?(?:to|-|or)\s?({_COUNT}))?(?:\s+of)?[\s-]?({_UNIT}s?)\b"
    r"(?:\s+(?:history|ago|duration|now))?",
    re.IGNORECASE,
)
_DAYS_SHORT = re.compile(r"(?<![A-Za-z0-9])x\s?(\d+)\s?([dwmy])(?![A-Za-z])", re.IGNORECASE)
_SINCE = re.compile(
    r"\bsince\s+(?:last\s+|this\s+|early\s+|late\s+|the\s+)?"
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|yesterday|week|month|year|night|(?:19|20)\d\d"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?)"
    r"(?:\s+(?:19|20)\d\d)?\b",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ONSET = re.compile(
    r"\b(?:onset(?: date)?|date of onset|began|begun|started|starting|beginning|dating (?:back )?to|since"
    r"(?: (?:the|her|his|their|a) (?:accident|injury|fall|crash|collision|mva|surgery|delivery))?)"
    r"[\s:,]*(?:(?:of|was|is|on|in|about|around|approximately)\s+){0,2}"
    rf"(?:(?P<iso>(?:19|20)\d\d-\d\d-\d\d)|(?P<us>\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d))(?!\d)"
    rf"|(?P<month>{_MONTH})\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<year>(?:19|20)\d\d)"
    r"|(?P<only>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


class Time(NamedTuple):
    """A length (``3 weeks``) or a beginning (``since 2024-03-04``, ``since 2024-03``), and where it is said."""

    duration: str
    start: int
    end: int


def times(text: str, *, beginnings: bool = True, lengths: bool = True) -> Iterator[Time]:
    """Every beginning and length of time in a sentence (or only one kind of them); offsets are the sentence's."""
    if beginnings:
        yield from _beginnings(text)
    if lengths:
        yield from _lengths(text)


def _lengths(text: str) -> Iterator[Time]:
    for match in _DURATION.finditer(text):
        count = (match[2] or match[1]).lower()
        unit = match[3].lower()
        if len(unit) == 1 and not match[0].lower().startswith("x"):
            continue
        if text[match.end() :].lstrip(" -").lower().startswith(("old", "y/o", "post")):
            continue
        yield Time(f"{NUMBER_WORDS.get(count, count)} {_unit(unit)}", match.start(), match.end())
    for match in _DAYS_SHORT.finditer(text):
        yield Time(f"{match[1]} {_unit(match[2].lower())}", match.start(), match.end())


def _beginnings(text: str) -> Iterator[Time]:
    for match in _ONSET.finditer(text):
        begun = _begun(match)
        if begun:
            yield Time(f"since {begun}", match.start(), match.end())
    for match in _SINCE.finditer(text):
        yield Time(match[0].lower(), match.start(), match.end())


def _begun(match: re.Match[str]) -> str:
    """A beginning as year, year-month or ISO date, as exact as it is written; empty for a day that never was."""
    if match["iso"] or match["us"]:
        shape = "%Y-%m-%d" if match["iso"] else "%m/%d/%Y" if len(match["us"].rsplit("/", 1)[1]) == 4 else "%m/%d/%y"
        try:
            return datetime.datetime.strptime(match["iso"] or match["us"], shape).date().isoformat()
        except ValueError:
            return ""
    if match["only"]:
        return match["only"]
    month = f"{match['year']}-{_MONTHS.index(match['month'][:3].lower()) + 1:02}"
    return f"{month}-{int(match['day']):02}" if match["day"] and 1 <= int(match["day"]) <= 31 else month


def _unit(word: str) -> str:
    names = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
    return "hours" if word[0] == "h" else "decades" if word.startswith("de") else names[word[0]]
