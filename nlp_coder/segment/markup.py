"""Raw text → the same, code point for code point, as plain Markdown and with all marks blanked."""

from __future__ import annotations

import html
import re
from html.entities import html5

TICKED = "☑☒✓✔🗹🗸\uf0fe\uf052\uf0fc"
UNTICKED = "☐□▢◻❏❑\uf0a8\uf06f\uf071"
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figure footer form"
    " h1 h2 h3 h4 h5 h6 head header hr html item legend li list main nav ol option p paragraph pre section"
    " select summary table tbody tfoot thead title tr ul".split()
)
_INLINE = frozenset(
    "a abbr acronym b base bdi bdo big button cite code col colgroup content del dfn em font i img input ins"
    " kbd label link mark meta noscript o:p q s samp script small span strike strong style sub sup svg td"
    " textarea th time tt u var wbr".split()
)
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_INVISIBLE = "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u202a-\u202e\u2065-\u206f"
_ZERO_WIDTH = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"  # inside a word they stay: the lexicon reads past them
_MARKUP = re.compile(
    r"<!--|<[!?][a-z][^<>]{0,2000}>"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9:]{0,12})(?P<rest>(?:\s[^<>]{0,2000})?)/?>"
    rf"|&(?:\#\d{{1,7}}|\#x[0-9a-f]{{1,6}}|[a-z][a-z0-9]{{1,30}});|&nbsp\b|(?P<line>[{_BREAKS}])|[{_INVISIBLE}]"
    rf"|[{_ZERO_WIDTH}](?:(?![^\W\d_{_ZERO_WIDTH}])|(?<![^\W\d_].))",
    re.IGNORECASE,
)
_SUSPECT = re.compile(f"[<&{_BREAKS}{_INVISIBLE}{_ZERO_WIDTH}]")
"""What every mark of ``_MARKUP`` begins with: found far sooner than the marks themselves."""
_HIDDEN_END = re.compile(r"</(?:script|style)\s*>", re.IGNORECASE)
_BULLETS = "•◦▪▫■●○‣⁃∙·➢➤►▶❖✦\uf0b7\uf0a7\uf0d8"
BULLET = rf"[{_BULLETS}]|(?<!\*)[-*–—](?=[ \t\u00a0])"
_LINE_MARKS = re.compile(
    rf"[\r\n](?:(?:[ \t]*(?:\#{{1,6}}(?![\#\d])|>{{1,3}}(?=[ \t]*(?:[^\W\d]|[\#*]))|{BULLET}))+"
    r"|[ \t]*[-=_*~]{3,}[ \t]*(?=[\r\n]|\Z))"
)
_MARKS = re.compile(
    rf"[*_~`|{TICKED}{UNTICKED}](?:(?<=\*)(?:(?<!\d.)\**|\**(?!\d))|(?<=_)_+|(?<=~)~|(?<=`)``|(?<=[|{TICKED}{UNTICKED}]))"
)


def markup(text: str) -> tuple[str, str]:
    """Raw text → (plain, masked), both as long as the text.

    In ``plain`` tags have become Markdown (``<h2>`` a ``##``, ``<b>`` a ``**``, ``<li>`` a bullet, a checkbox
    ``☑`` or ``☐``), entities their character, so one grammar reads all formats. In ``masked`` all marks are
    blanks.
    """
    plain: list[str] = []
    bare: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while match := _next_mark(text, at):
        plain.append(text[at : match.start()])
        bare.append(text[at : match.start()])
        at = _hidden_end(text, match, unclosed)
        shown = _shown(match)
        if shown is None:
            plain.append(match.group())
            bare.append(match.group())
            continue
        width = at - match.start()
        plain.append(shown.rjust(width) if shown == "**" and not match["close"] else shown.ljust(width))
        bare.append(("\n" if shown.startswith("\n") else "").ljust(width))
    plain.append(text[at:])
    bare.append(text[at:])
    masked = _LINE_MARKS.sub(_blank_line_mark, "\n" + "".join(bare))[1:]
    return "".join(plain), _MARKS.sub(_blank, masked)


def _next_mark(text: str, at: int) -> re.Match[str] | None:
    while suspect := _SUSPECT.search(text, at):
        if match := _MARKUP.match(text, suspect.start()):
            return match
        at = suspect.end()
    return None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _blank_line_mark(match: re.Match[str]) -> str:
    return match.group()[0].ljust(len(match.group()))


def _hidden_end(text: str, match: re.Match[str], unclosed: set[str]) -> int:
    """Where the mark ends; a comment, script or style takes its content along if it is ever closed."""
    name = (match["name"] or "").lower()
    if match.group() == "<!--":
        end = -1 if "comment" in unclosed else text.find("-->", match.end())
        if end >= 0:
            return end + 3
        unclosed.add("comment")
    elif name in ("script", "style") and not match["close"] and name not in unclosed:
        if closing := _HIDDEN_END.search(text, match.end()):
            return closing.end()
        unclosed.add(name)
    return match.end()


def _shown(match: re.Match[str]) -> str | None:
    """What stands for the mark in ``plain``, never longer than it; None if it is no mark."""
    mark, name = match.group(), (match["name"] or "").lower()
    if match["line"]:
        return "\n"
    if mark.startswith("&"):
        return _character(mark)
    if not name:
        return ""
    rest = match["rest"].strip(" /\t\r\n")
    if name not in _BLOCKS | _INLINE or (rest and "=" not in rest):
        return None
    if match["close"]:
        return "**" if name in ("b", "strong") else "\n" if name in _BLOCKS else ""
    if name == "input" and "checkbox" in rest.lower():
        return "☑" if re.search(r"\bchecked\b", rest, re.IGNORECASE) else "☐"
    if name in ("b", "strong"):
        return "**"
    if name in _BLOCKS:
        level = int(name[1]) if re.fullmatch("h[1-6]", name) else 0
        return "\n" + ("- " if name == "li" else "#" * min(level, 3))
    return ""


def _character(entity: str) -> str | None:
    """The one character an entity stands for, a blank if more than one; None if there is no such entity."""
    if entity[1] != "#" and entity[1:].rstrip(";") + ";" not in html5:
        return None
    shown = html.unescape(entity)
    return shown if len(shown) == 1 and shown.isprintable() else " "
