"""A query to a provider taken apart: what is asked, the choices in all their shapes, the quotations."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

QUOTED: Final = re.compile(r'"([^"\n]{2,})"|\u201c([^\u201d\n]{2,})\u201d|\u00ab([^\u00bb\n]{2,})\u00bb')
BOX: Final = r"(?:\[[ xX_]{0,3}\]|[\u25a0-\u25ff\u2610-\u2612\u2b1c])"
_BULLET: Final = re.compile(
    rf"^\s*(?:[-*+>\u2022\u00b7\u2013\u2014\u2192\u25b8\u00bb]|[-=]+>|_{{2,}}|{BOX}|\([ xX]?\)"
    r"|\(?(?:\d{1,2}|[a-hA-H]|[ivIV]{1,3})(?:[.):]|\s[-\u2013\u2014:=]))"
    r"\s+(.*\S)\s*$"
)
_BOXED: Final = re.compile(rf"{BOX}\s*([^\[\]\u25a0-\u25ff\u2610-\u2612\u2b1c]+)")
_SLASHED: Final = re.compile(r"[?:]\s*(?P<list>[^?:/\n\"]+(?:\s/\s[^?:/\n\"]+)+)[.?]?\s*$")
_OFFERED: Final = re.compile(
    r"\b(?:options|choices|possible answers|answers)(?:\s+(?:are|include))?\s*:?\s+(?P<list>[^\n]+)", re.IGNORECASE
)
_CUT: Final = re.compile(r"\s*(?:[/;,]\s*(?:or\s+)?|\sor\s)\s*", re.IGNORECASE)
ASKS: Final = re.compile(
    r"\?|\b(?:please|kindly)\s+(?:document|clarify|specify|indicate|describe|state|provide|name|add|amend|update"
    r"|revise|select|choose|check|circle|mark|tick|advise|confirm|respond|answer|explain|elaborate|comment|resolve|review|pick"
    r"|give|reply)\b"
    r"|(?:^|(?<=[.!?:]))\s*(?:reply|respond|answer|select|check|choose|circle|mark|tick|indicate|clarify|specify"
    r"|describe|name"
    r"|state|document|provide|identify|advise|pick)\b(?!\s*(?::|the box was))"
    r"|\((?:check|select|choose|circle|mark|tick|pick) (?:one|all that apply|any)[^)]*\)"
    r"|(?:^|(?<=[.!?]))\s*(?:is|are|was|were|do|does|which|what|can|how|where|when)\b[^.?\n]*:\s*$",
    re.IGNORECASE | re.MULTILINE,
)
OTHER: Final = re.compile(r"^(?:other|another|something else|none of (?:these|the above))\b", re.IGNORECASE)
UNABLE: Final = re.compile(
    r"\b(?:unable|not able|undetermined|(?:cannot|can['\u2019]t|can not|could not) (?:be )?(?:\w+ )?determined?"
    r"|no (?:further|more|additional|other) (?:detail|information|specificity)|(?:cannot|can['\u2019]t|can not"
    r"|could not) (?:be )?(?:further )?"
    r"(?:clarif|specif)\w+|no opinion|n/a|not applicable"
    r"|indeterminate|not (?:\w+ )?determinable|undeterminable|unsure|unknown"
    r"|(?:cannot|can['\u2019]t|can not) (?:say|tell)|(?:don['\u2019]t|do not) know|not sure)\b",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r",\s*(?:or\s+)?|\s+or\s+(?=other|unable|undetermined|cannot|none)", re.IGNORECASE)
_LEAD: Final = re.compile(
    r"^.*?(?:[:\u2013\u2014]|\s-\s|\b(?:is|are|was|be|as|being|represents?|describes?|it"
    r"|pain)\b(?= \w))\s*(?!.*[:\u2013\u2014])",
    re.IGNORECASE,
)
_FEWEST: Final = 3  # items of a list within a sentence


class Parts(NamedTuple):
    """A query taken apart: what is asked, the choices, the quotations, and the text without quotations."""

    stem: str
    options: tuple[str, ...]
    quoted: str
    plain: str


def parts_of(text: str) -> Parts:
    """Choices are the list below the last question, boxes of a line, or what follows ``Options:``."""
    rows = text.split("\n")
    asking = (n for n, row in enumerate(rows) if ASKS.search(unquoted(row)) and not _BULLET.match(row))
    asked = max(asking, default=-1)
    options, stem = list[str](), list[str]()
    for number, row in enumerate(rows):
        bullet = _BULLET.match(row)
        boxes = _BOXED.findall(row)
        offered = _OFFERED.search(row)
        if len(boxes) > 1:
            options += boxes
            stem.append(re.split(BOX, row)[0])
        elif (slashed := _SLASHED.search(row)) and number >= asked:
            options += re.split(r"\s/\s", slashed["list"])
            stem.append(row[: slashed.start() + 1] + ("?" if row.rstrip().endswith("?") else ""))
        elif offered and number >= asked:
            options += _CUT.split(offered["list"].rstrip(" ."))
            stem.append(row[: offered.start()])
        elif number >= asked and not bullet and (listed := _inline(row)):
            options += listed[1]
            stem.append(listed[0])
        elif bullet and number > asked and not QUOTED.search(row):
            options.append(bullet[1])
        else:
            stem.append(row)
    quoted = "\n".join("".join(match.groups("")) for match in QUOTED.finditer(text))
    kept = tuple(option.strip(" :_.") for option in options if option.strip(" :_."))
    if all(OTHER.match(option) or UNABLE.search(option) for option in kept):
        kept = ()  # ways out of an open question are no choices
    return Parts("\n".join(stem), kept, quoted, unquoted(text))


def unquoted(text: str) -> str:
    """A text without its quotations."""
    return QUOTED.sub(" ", text)


def _inline(row: str) -> tuple[str, list[str]] | None:
    """``Is the pain acute, chronic, other, or unable to determine?``: the stem and the choices of a sentence."""
    plain = unquoted(row)
    last = re.split(r"(?<=[.?!])\s+", plain.strip())[-1]
    items = [item.strip(" .?") for item in _LISTED.split(last) if item.strip(" .?")]
    open_ended = [bool(OTHER.match(item) or UNABLE.search(item)) for item in items]
    if len(items) < _FEWEST or sum(open_ended[-2:]) < len(open_ended[-2:]) or all(open_ended):
        return None
    items[0] = _LEAD.sub("", items[0])
    at = plain.rfind(last)
    return plain[:at] + re.split(r",", last)[0] + "?", [item for item in items if item]
