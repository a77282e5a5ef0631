"""Codes as people write them: M54.50, M54.5x, M51.16/17, M54.40 through M54.42, M51.x4, M54.50, .51 and .59, 724.5."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from nlp_coder import icd10cm

_CODE = re.compile(
    r"(?<![\w.])(?:([A-TV-Z]\d[0-9A-Z]\.[0-9A-Zx]{1,4}(?:/\d{1,2}|(?: ?/ ?|, (?:and |or )?| and | or )\.\d{1,3})*)(-"
    r"|_{1,3}|\*)?"
    r"|([MGFSORZ]\d[0-9A-Z])(\.-|-(?![A-Z])|x)?"
    r"|([A-TV-Z]\d[0-9A-Z]\.-)|(\d{3}\.\d{1,2}))(?![\w%])"
)
_PARTS = re.compile(r" ?/ ?|, (?:and |or )?| and | or ")
_THROUGH = re.compile(r"\s*(?:through|to|–)\s*")
_LONGEST_RANGE = 40
_CARELESS = re.compile(
    r"(?<![\w./-])(?:[mgsorf]\d[0-9a-z]\.[0-9a-z]{1,4}|[MGSORFmgsorf]\d{2}[0-9][0-9A-Za-z]{0,3})(?![\w.]*\d|\w)"
)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPOKEN = rf"(?:\d+|oh|{'|'.join((*_ONES, *_TENS))})"
_SAID = re.compile(
    rf"\b(?P<letter>[MGSORF])[ -]?(?P<category>{_SPOKEN}(?:[ -]{_SPOKEN})?)[ -](?:point|dot)[ -]"
    rf"(?P<rest>{_SPOKEN}(?:[ -]{_SPOKEN}){{0,2}})\b",
    re.IGNORECASE,
)
"""A code as it is read aloud."""
_SHORT = re.compile(r"(?<![\w.])\.\d{1,2}(?![\d%]|\s?(?:mg|cm|mm|inch))")
_LISTED = re.compile(
    r"[A-Z]\d[0-9A-Z]\.\w+(?:(?: ?/ ?|, (?:and |or )?| and | or )\.\d{1,3})*(?: ?/ ?|, (?:and |or )?| and | or )$"
)
_MOSTLY = 0.6
"""How much of a page's codes are of the category that its short codes leave out."""


@dataclass(frozen=True, slots=True)
class Token:
    """A code in a text: offsets, as written, and the stems it stands for.

    ``family`` says that it is written as more than one code (a dash or an x). ``icd9`` is an ICD-9-CM code.
    """

    start: int
    end: int
    text: str
    stems: tuple[str, ...]
    family: bool = False
    icd9: bool = False

    @property
    def code(self) -> str:
        """The one code meant, or the first of them."""
        return self.stems[0]


def tokens(text: str) -> list[Token]:
    """Every code of a text in its order; a range of two codes is one token with all codes between."""
    found = [_token(match) for match in _CODE.finditer(text)]
    joined: list[Token] = []
    for token in found:
        last = joined[-1] if joined else None
        if last and _THROUGH.fullmatch(text[last.end : token.start]) and _range(last, token):
            stems = _range(last, token)
            joined[-1] = Token(last.start, token.end, text[last.start : token.end], stems, family=True)
        else:
            joined.append(token)
    return joined


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Every code of the table and every header above one, without the dot."""
    codes = {code.replace(".", "") for code in icd10cm.billable_codes()}
    return frozenset(code[:length] for code in codes for length in range(len("M54"), len(code) + 1))


def dotted(text: str) -> str:
    """A page with ``m5450``, ``M5450`` and ``m54.50`` written as M54.50; lines stay as they are."""

    def written(match: re.Match[str]) -> str:
        typed = match[0].replace(".", "")
        plain = typed.upper()
        stem = plain if plain in _known() else plain.rstrip("X")
        if stem not in _known() and not ("." in match[0] and plain[:3] in _known()):
            return match[0]
        body = stem + typed[len(stem) :] if stem in _known() else plain
        return f"{body[:3]}.{body[3:]}" if len(body) > len("M54") else body

    return _CARELESS.sub(written, _SAID.sub(_typed, text))


def _typed(match: re.Match[str]) -> str:
    """``M54 point three one`` and ``M fifty-four dot 31`` as M54.31; what gives no known code stays."""
    digits = []
    for part in (match["category"], match["rest"]):
        spoken = re.findall(r"[a-z]+|\d+", part.casefold())
        digits.append("".join(_digits(word, spoken[at + 1 :]) for at, word in enumerate(spoken)))
    plain = match["letter"].upper() + "".join(digits)
    return f"{plain[:3]}.{plain[3:]}" if plain[:3] in _known() and len(digits[0]) == 2 else match[0]


def _digits(word: str, following: list[str]) -> str:
    """The digits of a spoken number: fifty is 5 before one to nine, else 50; oh is 0."""
    if word.isdigit():
        return word
    if word in _TENS:
        tens = str(_TENS.index(word) + 2)
        return tens if following and following[0] in _ONES[1:10] else f"{tens}0"
    return "0" if word == "oh" else str(_ONES.index(word))


def in_full(text: str) -> str:
    """A page with ``.50`` written as M54.50, if nearly all of its codes are of one category; lines stay as they are."""
    text = dotted(text)
    found = [token.code[:3] for token in tokens(text) if not token.icd9]
    category = max(set(found), key=found.count) if found else ""
    if not category or found.count(category) < _MOSTLY * len(found):
        return text
    known = {code[len(category) :] for code in icd10cm.billable_codes() if code.startswith(category)}

    def written(match: re.Match[str]) -> str:
        listed = _LISTED.search(text, max(0, match.start() - 40), match.start())
        return match[0] if listed or match[0] not in known else category + match[0]

    return _SHORT.sub(written, text)


def _token(match: re.Match[str]) -> Token:
    text = match[0]
    if match[6]:
        return Token(match.start(), match.end(), text, (text,), icd9=True)
    if match[1]:
        first, *others = _PARTS.split(match[1])
        stems = [first]
        stems += [first[: first.index(".")] + o if o[0] == "." else first[: -len(o)] + o for o in others]
        family = bool(match[2]) or first.endswith("x") or "x" in first or bool(others)
    else:
        stem = (match[3] or match[5] or "").rstrip("-.x")
        stems, family = [stem], text != stem
    padding = "xX." if match[2] else "x."
    return Token(match.start(), match.end(), text, tuple(stem.rstrip(padding) for stem in stems), family)


def _range(first: Token, last: Token) -> tuple[str, ...]:
    """The billable codes from one to the other; none if they are not of one category."""
    if first.code[:3] != last.code[:3] or first.icd9 or first.code >= last.code or len(first.code) != len(last.code):
        return ()
    codes = tuple(code for code in icd10cm.billable_codes() if first.code <= code <= last.code)
    return codes if len(codes) <= _LONGEST_RANGE else ()


def meant(token: Token, day: datetime.date | None) -> tuple[str, ...]:
    """The billable codes of a day that a token stands for; an x inside stands for any character."""
    return () if token.icd9 else _below(token.stems, day)


@lru_cache(maxsize=4096)
def _below(stems: tuple[str, ...], day: datetime.date | None) -> tuple[str, ...]:
    patterns = [re.compile(re.escape(stem).replace("x", "[0-9A-Z]")) for stem in stems]
    codes = icd10cm.billable_codes(day)
    return tuple(code for pattern in patterns for code in codes if pattern.match(code))
