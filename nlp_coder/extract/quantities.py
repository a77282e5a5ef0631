"""Levels, roots, durations and weeks of pregnancy in a sentence, each brought to one normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp_coder.extract.times import NUMBER_WORDS, UNITS, Time, times

_CHAIN = "C2 C3 C4 C5 C6 C7 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3 L4 L5 S1".split()
_PLACE = {vertebra: number for number, vertebra in enumerate(_CHAIN)}
_ROOTS = {*_CHAIN, "C1", "C8", "S2", "S3", "S4", "S5"}

_LEVEL = re.compile(
    r"(?<![A-Za-z0-9])([CTLSctls])[ -]?(\d{1,2})"
    r"(\s?[-_/\u2010-\u2015&]\s?"
    r"|\s(?:to|through|thru|and|on|over|upon|relative to|with respect to)\s(?:the\s)?|(?=[Ss]1\b))"
    r"([CTLSctls]?)[ -]?(\d{1,2})(?![0-9])"
    r"(?:\s?[-/\u2010-\u2015]\s?([CTLSctls]?)(\d{1,2})(?![0-9]))?"
)
_ONE = re.compile(
    r"(?<![A-Za-z0-9])(?<!free )([CTLSctls])[ -]?(\d{1,2})(?![0-9A-Za-z])"
    r"(?![- ]?(?:weighted|images?|signal|hyper|hypo|sequence|flair|fat|stir|shorten|prolong|complement|level of))",
    re.IGNORECASE,
)
_SAID = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_SPOKEN = re.compile(
    rf"(?<![\w'\u2019])([ctls]) ({_SAID})\b(?:(?: to| and)? (?:([ctls]) )?({_SAID})\b)?(?! (?:cc|mg|ml|of)\b)",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"\s?(?:,|and|&|,\s?and)\s?(\d{1,2})\s?[-/]\s?(\d{1,2})(?![0-9/])")

_WEEKS = re.compile(
    r"\b(\d{1,2})\s?(?:w(?:ee)?ks?'?|w)?\s?(?:and\s)?(?:(\d)\s?d(?:ays?)?|[+&]\s?(\d)|(\d)/7)?\s?"
    r"(?:weeks?'?\s+)?(?:pregnant|gestation(?:al age)?|gestational|intrauterine|iup|ega|ga\b|of pregnancy)",
    re.IGNORECASE,
)
_WEEKS_SHORT = re.compile(r"\b(\d{1,2})w([0-6])d\b", re.IGNORECASE)
_WEEKS_AFTER = re.compile(
    r"\b(?:iup|ega|ga|gestational age|pregnan(?:t|cy)|g\d\s?p\d{1,4})\s?(?:at|of|is|:|,|=)?\s?"
    r"(?:about\s|approximately\s)?"
    r"(\d{1,2})(?:\s?(?:w(?:ee)?ks?\b|w\b)|[+/]\d|\s\d/7)",
    re.IGNORECASE,
)


_STEMS = "compress|imping|displac|effac|encroach|pinch|tent|flatten|deform|indent|abut|obliterat|narrow"
_PRESSED = rf"(?:{_STEMS})\w*"
_WHOSE = (
    r"(?:(?:on|upon|of|against|over|the|both|all|left|right|rt|lt|r|l|\(r\)|\(l\)|bilateral|ventral|anterior|cervical"
    r"|thoracic|lumbar|descending|exiting|exite?|exited|traversing|adjacent|crossing|spinal|neural|its|each)\s+)*"
)
_ROOT_NAME = r"(?:[CTLS]-?\d{1,2}\s)?"
_NERVE = r"(?:nerve(?:\sroots?|s)?|roots?)\b"
_OBJECT = re.compile(
    rf"(?P<join>\s*(?:(?:,|&|/|\band\b|\bor\b|\bwith\b|\balso\b|\bas\swell\sas\b)\s*)*)(?P<what>{_WHOSE}"
    rf"(?:(?P<root>{_ROOT_NAME}{_WHOSE}{_NERVE})|(?P<cord>cord\b)"
    r"|(?P<foramen>(?<=exit )canals?\b|(?<=exiting )canals?\b|(?<=neural )canals?\b|(?:neuro)?foram(?:en|ina)\b"
    r"|lateral recess(?:es)?\b)|(?P<sac>(?:thecal |dural |theca )?sac\b|theca\b|dura\b)))",
    re.IGNORECASE,
)
"""One thing that is pressed on, and how it is joined to the one before."""
_PRESSES = re.compile(rf"\b{_PRESSED}(?=\s)", re.IGNORECASE)
_IS_PRESSED = re.compile(
    rf"\b{_ROOT_NAME}(?:(?:spinal |neural )?{_NERVE})\s(?:is\s|was\s|are\s|were\s|appears\s)?"
    rf"(?:(?:found|seen|noted|to|be|being|severely|markedly|mildly|clearly|visibly|somewhat)\s){{0,4}}{_PRESSED}"
    rf"|\b(?P<cord>(?:spinal )?cord\s(?:is\s)?(?:compress|flatten|deform)\w*)"
    rf"|\bmass effect (?:up)?on the (?:left |right |r |l |exiting |traversing )*{_ROOT_NAME}{_NERVE}",
    re.IGNORECASE,
)
_PRESSED_THING = {"root": "nerve root compression", "cord": "cord compression", "foramen": "foraminal stenosis"}
_TOUCHES = re.compile(r"abut|indent|narrow|obliterat|deform|flatten", re.IGNORECASE)
"""Verbs that say enough of one thing only: a cord is flattened, a sac indented, a root abutted is not yet pressed."""
_THROUGH = re.compile(r"\s+(through|thru|to)\s+", re.IGNORECASE)


DIGITS, NUMBER, VERTEBRA, UNIT, SINCE, ONSET, PREGNANT, PRESSING = (1 << bit for bit in range(8))
"""What a word may be part of: a number, a spoken one, a level, a length of time, a beginning, weeks, a pressed root."""
_SIGNALS = (
    (VERTEBRA, re.compile(r"[ctls]\Z")),
    (UNIT, re.compile(rf"(?:(?:{'|'.join(NUMBER_WORDS)})?(?:{UNITS})|[dwmy])s?\Z")),
    (SINCE, re.compile("since")),
    (ONSET, re.compile("onset|date|dating|beg[aiu]n|start")),
    (PREGNANT, re.compile(r".*(?:pregnan|gestation|intrauterine|iup|ega|ga\Z)|[gw]\Z")),
    (PRESSING, re.compile(rf"(?:{_STEMS})|mass\Z")),
)


class Quantity(NamedTuple):
    """A slot-value list and where it stands in the text that was searched."""

    means: tuple[tuple[str, str], ...]
    start: int
    end: int


def signal(word: str) -> int:
    """Which kinds of quantity a raw word may be part of: a sentence is searched for no others."""
    if word[0].isdecimal():
        return DIGITS
    folded = word.casefold()
    found = NUMBER if folded in NUMBER_WORDS else 0
    for kind, pattern in _SIGNALS:
        if pattern.match(folded):
            found |= kind
    return found


def quantities(text: str, signals: int = -1) -> list[Quantity]:
    """Every level, root, duration and gestational age of one sentence, in order; offsets are the sentence's.

    ``signals`` is what its words signal, together (by default everything): the answer is the same, sooner.
    """
    found: list[Quantity] = []
    if signals & PRESSING:
        found += _pressed(text)
    if signals & VERTEBRA and signals & DIGITS:
        found += _ranges(text, list(_levels(text)))
    if signals & VERTEBRA and signals & NUMBER:
        found += _spoken(text)
    beginnings = bool(signals & SINCE or (signals & ONSET and signals & DIGITS))
    lengths = bool(signals & UNIT and signals & (DIGITS | NUMBER))
    if beginnings or lengths:
        found += [_lasting(time) for time in times(text, beginnings=beginnings, lengths=lengths)]
    if signals & PREGNANT and signals & DIGITS:
        found += _weeks(text)
    found.sort(key=lambda q: (q.start, -q.end))
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _pressed(text: str) -> Iterator[Quantity]:
    """A nerve root, foramen or the cord that something presses on; a named root is its place.

    Of ``compressing the thecal sac and both exit nerve roots`` each thing has its own words, the first the verb's too.
    """
    for match in _IS_PRESSED.finditer(text):
        yield _press("cord" if match["cord"] else "root", match[0], match.start(), match.end())
    for verb in _PRESSES.finditer(text):
        start = place = verb.end()
        first = True
        while (thing := _OBJECT.match(text, place)) and (first or thing["join"].strip()):
            start = verb.start() if first else thing.start("what")
            place, first = thing.end(), False
            kind = next(name for name in ("root", "cord", "foramen", "sac") if thing[name])
            if kind != "sac" and _presses(verb[0], kind):
                yield _press(kind, thing["what"], start, place)


def _presses(verb: str, kind: str) -> bool:
    """Is it said that the thing is pressed, rather than touched: ``indents the cord``, ``narrows the foramen``?"""
    light = _TOUCHES.match(verb)
    if light is None:
        return True
    return {"abut": "", "inde": "cord", "narr": "foramen", "obli": "foramen", "defo": "cord", "flat": "cord"}[
        light[0].lower()[:4]
    ] == kind


def _press(kind: str, words: str, start: int, end: int) -> Quantity:
    named = _ONE.search(words) if kind == "root" else None
    root = (("root", f"{named[1].upper()}{named[2]}"),) if named else ()
    return Quantity((("problem", _PRESSED_THING[kind]), *root), start, end)


def _ranges(text: str, levels: list[Quantity]) -> Iterator[Quantity]:
    """The levels, ``C4-5 through C6-7`` with those between."""
    for number, quantity in enumerate(levels):
        yield quantity
        following = levels[number + 1] if number + 1 < len(levels) else None
        joint = _THROUGH.fullmatch(text, quantity.end, following.start) if following else None
        if following is None or joint is None:
            continue
        top, bottom = quantity.means[-1][1].split("-")[-1], following.means[0][1].split("-")[0]
        if top in _PLACE and bottom in _PLACE and _PLACE[top] < _PLACE[bottom]:
            between = tuple(("level", f"{_CHAIN[i]}-{_CHAIN[i + 1]}") for i in range(_PLACE[top], _PLACE[bottom]))
            yield Quantity(between, joint.start(1), joint.end(1))


def _levels(text: str) -> Iterator[Quantity]:
    taken = 0
    for match in _LEVEL.finditer(text):
        letter, first, joint, second_letter, second, _, third = match.groups()
        above, below = f"{letter.upper()}{first}", f"{(second_letter or letter).upper()}{second}"
        means = _pair(above, below, joint)
        if not means:
            continue
        end = match.end(5)
        if third and means[0][0] == "level":
            more = _pair(below, f"{(match.group(6) or below[0]).upper()}{third}", "-")
            means, end = (means + more, match.end()) if more else (means, end)
        yield Quantity(means, match.start(), end)
        taken = end
        more_levels = _AND_MORE.match(text, end)
        while more_levels and means[0][0] == "level":
            again = _pair(f"{letter.upper()}{more_levels[1]}", f"{letter.upper()}{more_levels[2]}", "-")
            if not again:
                break
            yield Quantity(again, more_levels.start(1), more_levels.end())
            taken = more_levels.end()
            more_levels = _AND_MORE.match(text, taken)
    for match in _ONE.finditer(text):
        vertebra = f"{match[1].upper()}{match[2]}"
        if vertebra in _ROOTS and not (match[1].islower() and match[1] in "ts"):
            yield Quantity((("root", vertebra),), match.start(), match.end())


def _spoken(text: str) -> Iterator[Quantity]:
    """``l four five``, ``c six c seven``: a level as dictated; ``t five``: a root."""
    for match in _SPOKEN.finditer(text):
        letter, first, second_letter, second = match.groups()
        above = f"{letter.upper()}{NUMBER_WORDS[first.lower()]}"
        means: tuple[tuple[str, str], ...] = (("root", above),) if above in _ROOTS else ()
        end = match.end(2)
        if second:
            pair = _pair(above, f"{(second_letter or letter).upper()}{NUMBER_WORDS[second.lower()]}", "-")
            means, end = (pair, match.end()) if pair else (means, end)
        if means:
            yield Quantity(means, match.start(), end)


def _pair(above: str, below: str, joint: str) -> tuple[tuple[str, str], ...]:
    """The level between two vertebrae, every level of a range, or two roots; () when it is none of them."""
    joined = joint.strip().lower() in {"and", "&", "on"}
    if {above, below} & {"C8", "C1", "S2", "S3", "S4"} and {above, below} <= _ROOTS:
        return (("root", above), ("root", below))
    if above not in _PLACE or below not in _PLACE:
        return ()
    top, bottom = _PLACE[above], _PLACE[below]
    if bottom == top + 1:
        return (("level", f"{above}-{below}"),)
    if joined or bottom <= top:
        return ()
    return tuple(("level", f"{_CHAIN[i]}-{_CHAIN[i + 1]}") for i in range(top, bottom))


def _lasting(time: Time) -> Quantity:
    return Quantity((("duration", time.duration),), time.start, time.end)


def _weeks(text: str) -> Iterator[Quantity]:
    for pattern in (_WEEKS, _WEEKS_SHORT, _WEEKS_AFTER):
        for match in pattern.finditer(text):
            weeks = int(match[1])
            if 1 <= weeks <= 42:
                yield Quantity(
                    (("weeks", str(weeks)), ("pregnancy", f"trimester {_trimester(weeks)}")),
                    match.start(),
                    match.end(),
                )


def _trimester(weeks: int) -> int:
    """ICD-10-CM chapter 15: first < 14 weeks 0 days, second < 28 weeks 0 days, third from then."""
    return 1 if weeks < 14 else 2 if weeks < 28 else 3
