"""A stretch of running text → where its sentences begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NEVER = frozenset("dr drs mr mrs ms mx prof st vs v e.g i.e eg ie cf approx fig figs al viz rev hon incl excl".split())
"""Abbreviations that no sentence ends with."""
_SELDOM = frozenset(
    "p.r.n prn p.o po b.i.d bid t.i.d tid q.i.d qid q.d qd q.h.s qhs h.s a.m p.m q.a.m q.p.m q.o.d"
    " mg mcg ml cc cm mm gm kg lb lbs oz in ft min mins hr hrs wk wks mo mos yr yrs sec tab tabs cap caps"
    " vol pp p ave blvd jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs"
    " fri sat sun etc pt pts y.o yo s.p c.o r.o h.o w.o f.u d.c lat bilat rt lt l r hx dx tx sx rx fx neg"
    " pos abd ext med meds temp wt ht bp hgb mod sl sig m.d d.o p.a ph.d n.p r.n p.t inc jr sr ltd co corp"
    " u.s assoc cont dept ref resp esp ca".split()
)
"""Abbreviations that end a sentence only before a capital letter."""
_KINDS = frozenset("vitamin vitamins hepatitis type grade class group category stage plan and or".split())
_END = re.compile(
    r"[.?!](?:(?<![.?!].)[.?!]{0,5}[\"'”’)\]]{0,3}(?=\s)|(?:(?<=[a-z]{2}.)|(?<=[a-z]\)\.))(?=[A-Z][a-z]))"
)
_NEXT = re.compile(r"\s*[\"'“‘(\[*]{0,3}(.?)", re.DOTALL)
_LONGEST_WORD = 40


def ends(masked: str, start: int, end: int) -> Iterator[int]:
    """A range → one past the end mark of each sentence in it, then the end of the range."""
    for match in _END.finditer(masked, start, end):
        after = _NEXT.match(masked, match.end(), end)
        following = after[1] if after else ""
        if following and _is_end(masked, start, match, following):
            yield match.end()
    yield end


def abbreviated(masked: str, start: int, end: int, following: str) -> bool:
    """Whether a line that ends with a full stop ends with an abbreviation, so that the sentence goes on."""
    word = _word(masked, start, end - 1)
    return word in _NEVER or (following.islower() and (word in _SELDOM or "." in word))


def _is_end(masked: str, start: int, match: re.Match[str], following: str) -> bool:
    at, mark = match.start(), masked[match.start()]
    if at == start or masked[at - 1].isspace():
        return mark == "." and not following.islower()
    wide = masked[match.end() : match.end() + 2] in ("  ", " \n")
    if mark != ".":
        return not following.islower() or wide
    word = _word(masked, start, at)
    if word in _NEVER or (word == "no" and following.isdigit()):
        return False
    if word in {"r", "l"} and masked[start : at - 1].rstrip().endswith(","):
        return not following.islower()  # "radiculopathy, R." names a side
    if len(word) == 1 and word.isalpha() and masked[at - 1].isupper():
        return not following.islower() and _lettered(masked, start, at - 1)
    known = word in _SELDOM or "." in word
    if following.isupper() or (not following.isalnum() and not known):
        return True
    return not known and (len(word) > 1 or wide)


def _word(masked: str, start: int, end: int) -> str:
    """The word that ends here, in lower case, without opening brackets."""
    words = masked[max(start, end - _LONGEST_WORD) : end].split()
    return words[-1].lstrip("(\"'[“").lower() if words and not masked[end - 1].isspace() else ""


def _lettered(masked: str, start: int, end: int) -> bool:
    """Whether the letter after this place names a kind of thing ("vitamin D") and is no initial."""
    words = masked[max(start, end - _LONGEST_WORD) : end].split()
    return bool(words) and words[-1].lower() in _KINDS
