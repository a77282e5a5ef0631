"""A line of a note → the headings in it: which words, which section they name, how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from nlp_coder.lexicon import load_headings, normal_tokens
from nlp_coder.segment.markup import BULLET

LABEL = "none"
"""The section of a heading that starts none (``MSK:``): it becomes the label of the sentences below it."""

_BEFORE = frozenset(
    "brief interval interim current today todays updated update pertinent relevant initial focused"
    " detailed complete comprehensive general limited additional my the our patient patients clinical"
    " significant other final overall new present admission outpatient summary physician provider pt"
    " targeted formal preliminary further".split()
)
_AFTER = frozenset(
    "today note notes reviewed section continued contd cont summary details detail list update updated"
    " discussed printed given provided done is are was were include includes including reveals revealed shows"
    " follows showed as below"
    " s".split()
)
_CUTS = frozenset("of for on at from to prior during by in with after before per since pulled imported copied".split())
_VAGUE = frozenset("test tests testing study studies".split())
_STUDIES = ("imaging", "studies")
_HEADS = frozenset(
    "history medications diagnosis diagnoses findings symptoms recommendations instructions examination exam"
    " impression plan complaint complaints procedure procedures results".split()
)
"""Last words that name the section whatever stands before them ("work history", "spine medications")."""
WORDS = 8
"""A heading has no more words than this."""
_LONGEST = 90
_BRIEF = 5
"""Only abbreviations head ordinary words that two blanks part from them ("PMHx  mono")."""
_OPENINGS = re.compile(
    r"(?P<rule>[-=~_*]{3,}[ \t]*(?=[A-Z]))|(?P<quote>>{1,3}(?=[ \t]*(?:[^\W\d]|[#*])))|(?P<hash>\#{1,6}(?![\#\d]))"
    r"|(?P<bold>\*{1,3}(?=\S)|__(?=[^\W_]))"
    rf"|(?P<bullet>{BULLET}|-(?=[A-Z][a-z]))|(?P<pipe>\|)"
    r"|(?P<letter>\(?[a-hA-H][.)](?=[ \t])|o(?=[ \t]+[A-Z]))"
    r"|(?:(?i:problem|diagnosis|dx|issue)[ \t]*\#?[ \t]*|\#[ \t]?)(?P<hashed>\d{1,2})(?:[.):]+|(?=[ \t]))"
    r"|\(?(?P<number>\d{1,2})(?:[.)]+(?=\s|[A-Za-z\"(\[*]|\Z)|:(?=\s)|(?=[ \t][-–][ \t]+[A-Za-z]))"
    r"|(?P<roman>VI{0,3}|I{1,3}|I[VX]|XI{0,2})[.)](?=[ \t])"
)
_BLANKS = " \t\u00a0"
_PULSE = re.compile(r"\d{2,3}(?![)\d])(?!\.\d)")
_NUMBERS = ("number", "hashed", "roman", "letter")
_MARKS = " \t\u00a0*_#:=-–—|"
_ROMAN = {numeral: value for value, numeral in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), 1)}
_SEPARATOR = re.compile(r"[ \t]+[-–—]{1,2}[ \t]+|[ \t]*(?:\t|[ ]{2}|\|)[ \t]*")
_CHIEF = re.compile(r"(?:Opinion|Impressions?|Assessment|Plan|Diagnos[ie]s|Conclusions?|Findings)\.(?=\s|\Z)")
"""Headings that letters close with a full stop; of others nobody could tell them from a problem ("GERD.")."""
_CAPITALS = re.compile(r"[A-Z][A-Z/&'()-]*(?: [A-Z/&'()-]+){0,5}")
_BRACKETS = re.compile(r"\([^)]{0,40}\)")
_CLOSED = re.compile(r"[.;!?]\s")
_BOLD_END = re.compile(r"\*\*|__")
_TEXT = re.compile(r"[ \t]+(?:[A-Z][a-z]|[AI] [a-z\d]|\d{1,2}[.)]\s|[-•*] )")
_CLAUSE = re.compile(r"[^.,;(\n]{1,60}")


class Opening(NamedTuple):
    """What stands before the words of a line: list number, bullet, Markdown marks.

    ``start`` is the first word; ``hashed`` is the level of a Markdown heading (``##``: 2), 0 if it is none.
    """

    start: int
    number: int | None = None
    bullet: bool = False
    lettered: bool = False
    hashed: int = 0
    bold: bool = False

    @property
    def listed(self) -> bool:
        """Whether the line is one of a list."""
        return self.bullet or self.lettered or self.number is not None


class Lead(NamedTuple):
    """Words that may be a heading, ``plain[start:end]``; what they head begins at ``body``.

    ``section`` is that of sections.csv, None if unknown; ``exact`` is False if the table has only a part of
    the words ("MRI lumbar spine"). ``alone``: nothing follows on the line; ``measured``: a figure follows.
    ``inner``: other text stands before it.
    """

    start: int
    end: int
    body: int
    section: str | None
    exact: bool
    capitals: bool
    colon: bool
    alone: bool
    measured: bool
    opening: Opening
    inner: bool = False


def opening(plain: str, start: int, end: int) -> Opening:
    """A line's range → the marks at its beginning and where its words begin."""
    number, level, seen = None, 0, set[str]()
    while True:
        while start < end and plain[start] in _BLANKS:
            start += 1
        match = _OPENINGS.match(plain, start, end)
        if not match or (number is not None and match.lastgroup in _NUMBERS):
            break
        kind = match.lastgroup or ""
        if kind == "roman":
            number = _ROMAN[match["roman"]]
        elif kind in ("number", "hashed"):
            number = int(match[kind])
        elif kind == "hash":
            level = len(match["hash"])
        seen.add(kind)
        start = match.end()
        if kind == "number" and plain[start : start + 2] in (" -", " –"):
            start += 2
    return Opening(start, number, "bullet" in seen, "letter" in seen, level, "bold" in seen)


def first_lead(plain: str, at: Opening, end: int) -> Lead | None:
    """The words at the beginning of a line up to a colon, the end of bold, a dash, a gap or its end."""
    limit = min(end, at.start + _LONGEST)
    colon = plain.find(":", at.start, limit)
    unknown = None
    chief = _CHIEF.match(plain, at.start, limit)
    if chief:
        return _lead(plain, at, chief.end() - 1, chief.end(), end, colon=True)
    if colon > 0:
        lead = _lead(plain, at, colon, colon + 1, end, colon=True)
        if lead and lead.section and lead.exact:
            return lead
        unknown = lead
    for stop, body, marked in _stops(plain, at, end, limit):
        lead = _lead(plain, at, stop, body, end, colon=marked)
        if lead and lead.section and lead.exact:
            return lead
        unknown = unknown or (lead if lead and (lead.section or lead.alone) else None)
    return unknown


def _stops(plain: str, at: Opening, end: int, limit: int) -> Iterator[tuple[int, int, bool]]:
    """Where a heading without colon may end, what it heads begins, and whether a dash or gap is between."""
    if at.bold:
        close = _BOLD_END.search(plain, at.start, limit)
        if close:
            yield close.start(), close.end(), False
    if end - at.start <= _LONGEST:
        yield end, end, False
    for match in _SEPARATOR.finditer(plain, at.start, min(limit, at.start + 60)):
        narrow = match.group() == "  " and plain[match.end() : match.end() + 1].islower()
        if not narrow or match.start() - at.start <= _BRIEF:
            yield match.start(), match.end(), True
    capitals = _CAPITALS.match(plain, at.start, limit)
    stop = capitals.end() if capitals else at.start
    while stop > at.start + 2:
        if _TEXT.match(plain, stop, end):
            yield stop, stop, False
        stop = plain.rfind(" ", at.start, stop)


def _lead(plain: str, at: Opening, stop: int, body: int, end: int, colon: bool = False) -> Lead | None:
    words = plain[at.start : stop]
    shown = words.rstrip(_MARKS)
    if (
        not shown
        or not shown[0].isalpha()
        or len(shown.split()) > WORDS + 2
        or _CLOSED.search(_BRACKETS.sub("", shown))
    ):
        return None
    colon = colon or ":" in words[len(shown) :]
    if shown[-1] in ".,;?!" and not (colon and plain[stop : stop + 1] == ":"):
        return None
    while body < end and plain[body] in "*_":
        body += 1
    rest = plain[body : min(end, body + 200)].strip(_MARKS)
    alone = not rest and not plain[body + 200 : end].strip()
    section, exact = section_of(shown)
    letter = len(shown) == 1 and not (colon and shown.isupper() and not (shown == "P" and is_pulse(rest)))
    if letter or not (colon or alone or shown[0].isupper()):
        section = None
    elif section == "physical exam" and (clause := _CLAUSE.match(rest)) and _is_study(clause.group()):
        section = "technique"
    capitals = shown.isupper() and not any(map(str.isdigit, shown))
    stop = at.start + len(shown)
    return Lead(at.start, stop, body, section, exact, capitals, colon, alone, rest[:1].isdigit(), at)


def is_pulse(words: str) -> bool:
    """Whether the words after ``P:`` are a figure ("P: 72")."""
    return _PULSE.match(words) is not None


def _is_study(words: str) -> bool:
    """Whether the words name a study ("EXAM: MRI lumbar spine" in a radiologist's report)."""
    return section_of(words)[0] in _STUDIES


@lru_cache(maxsize=4096)
def section_of(words: str) -> tuple[str | None, bool]:
    """Words of a heading → (section or None, whether the table has them all).

    Qualifiers ("brief", "today's", "reviewed") and headings joined by "and" need no row of their own; what
    the heading is about ("exam of the back", "MRI lumbar spine") is no part of it.
    """
    if len(words) > _LONGEST:
        return None, False
    parts = _parts(_BRACKETS.sub(" ", words))
    if not parts or len(parts) > WORDS + 4:
        return None, False
    found = _known(parts)
    if found or len(parts) - parts.count("and") > WORDS:
        return found, True
    return _composed(parts), False


def _known(parts: list[str]) -> str | None:
    table = _table()
    if found := table.get("".join(parts)) or table.get("".join(parts).removesuffix("s")):
        return found
    first, last = 0, len(parts)
    while first < last - 1 and parts[first] in _BEFORE:
        first += 1
        if found := table.get("".join(parts[first:last])):
            return found
    while last > first + 1 and parts[last - 1] in _AFTER:
        last -= 1
        if found := table.get("".join(parts[first:last])) or table.get("".join(parts[:last])):
            return found
    return _joined(parts[first:last])


def _composed(parts: list[str]) -> str | None:
    """A heading with what it is about, a study with what it shows, or what ends with a telling word."""
    table = _table()
    cut = next((i for i in range(1, len(parts)) if parts[i] in _CUTS), 0)
    if parts[:2] == ["summary", "of"]:
        return _known(parts[2:]) or "history of present illness"
    if cut and (found := _known(parts[:cut]) or LABEL) != LABEL:
        return found
    for cut in range(len(parts) - 1, 0, -1):
        for some in (parts[:cut], parts[-cut:]):
            study = table.get("".join(some))
            if study in _STUDIES and some[0] not in _VAGUE:
                return study
    if parts[0] in ("exam", "examination", "precautions", "aftercare"):
        return table.get(parts[0])
    if parts[:2] == ["reason", "for"]:
        return "chief complaint"
    return table.get(parts[-1]) if parts[-1] in _HEADS else None


def _joined(parts: list[str]) -> str | None:
    """Headings joined by "and", their last word said once or each time ("family and social history").

    Assessment with plan is its own section; with the family's history it is that; a diagnosis before and after
    a procedure is the one after; else it is the first one's.
    """
    if "and" not in parts:
        return None
    table, names, one = _table(), list[str](), list[str]()
    for part in [*parts, "and"]:
        if part != "and":
            one.append(part)
        elif one:
            names.append(table.get("".join(one)) or table.get("".join([*one, parts[-1]]), ""))
            one = []
    if not all(names):
        return None
    if "plan" in names and {"assessment", "impression"} & set(names):
        return "assessment and plan"
    if "postoperative diagnosis" in names:
        return "postoperative diagnosis"
    if "family history" in names and "past medical history" not in names:
        return "family history"
    return next((name for name in names if name != LABEL), LABEL)


def _parts(words: str) -> list[str]:
    """Normal words; ``&``, ``/``, ``+`` and commas are "and"."""
    parts: list[str] = []
    for norm in normal_tokens(words):
        part = "and" if norm in "&/+," else "".join(filter(str.isalnum, norm))
        if part and (part != "and" or (parts and parts[-1] != "and")):
            parts.append(part)
    return parts


@cache
def _table() -> dict[str, str]:
    """Letters of a heading, run together ("pre-op dx", "PREOP DX") → its section."""
    return {"".join(_parts(heading.text)): heading.section for heading in load_headings()}
