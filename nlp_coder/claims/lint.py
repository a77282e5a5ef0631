"""A query to a provider in, the rules of compliant query practice it breaks out, each with the words that break it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

from nlp_coder.errors import InputError, KnowledgeError

SOURCE: Final = "AHIMA and ACDIS, Guidelines for Achieving a Compliant Query Practice (2022 update), in our words"

RULES: Final = ("indicators", "leading", "options", "option-support", "yes-no", "code", "payment", "question")
"""Every rule the linter knows how to check; queries.toml words each."""

_KEYS: Final = ("rule", "words", "shapes", "diagnosis", "places")
_QUOTED: Final = re.compile(r'"([^"\n]{2,})"|\u201c([^\u201d\n]{2,})\u201d|\u00ab([^\u00bb\n]{2,})\u00bb')
_BOX: Final = r"(?:\[[ xX_]{0,3}\]|[\u25a0-\u25ff\u2610-\u2612\u2b1c])"
_BULLET: Final = re.compile(
    rf"^\s*(?:[-*\u2022\u00b7\u2013\u2014]|_{{2,}}|{_BOX}|\([ xX]?\)|\(?(?:\d{{1,2}}|[a-hA-H]|[ivIV]{{1,3}})[.)])"
    r"\s+(.*\S)\s*$"
)
_BOXED: Final = re.compile(rf"{_BOX}\s*([^\[\]\u25a0-\u25ff\u2610-\u2612\u2b1c]+)")
_SLASHED: Final = re.compile(r"[?:]\s*(?P<list>[^?:/\n\"]+(?:\s/\s[^?:/\n\"]+)+)[.?]?\s*$")
_OFFERED: Final = re.compile(
    r"\b(?:options|choices|possible answers|answers)(?:\s+(?:are|include))?\s*:?\s+(?P<list>[^\n]+)", re.IGNORECASE
)
_CUT: Final = re.compile(r"\s*(?:[/;,]\s*(?:or\s+)?|\sor\s)\s*", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"\?|\b(?:please|kindly)\s+(?:document|clarify|specify|indicate|describe|state|provide|name|add|amend|update"
    r"|revise|select|choose|check|circle|mark|tick|advise|confirm|respond|answer|explain|elaborate)\b"
    r"|(?:^|(?<=[.!?]))\s*(?:is|are|was|were|do|does|which|what|can|how|where|when)\b[^.?\n]*:\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER: Final = re.compile(r"^(?:other|another|something else|none of (?:these|the above))\b", re.IGNORECASE)
_UNABLE: Final = re.compile(
    r"\b(?:unable|not able|undetermined|(?:cannot|can['\u2019]t|can not|could not) (?:be )?(?:\w+ )?determined?"
    r"|indeterminate|not (?:\w+ )?determinable|undeterminable|unsure|unknown"
    r"|(?:cannot|can['\u2019]t|can not) (?:say|tell)|(?:don['\u2019]t|do not) know|not sure)\b",
    re.IGNORECASE,
)
_ORDERS: Final = re.compile(
    r"\b(?:please|kindly|(?:could|can|would|will) you(?: please)?)\s+"
    r"(?:document|add|state|write|include|record|note|amend|update|revise|change|list"
    r"|consider\s+\w+ing)\s+(?P<what>[^.?\n]*)",
    re.IGNORECASE,
)
_CLAIMS: Final = re.compile(
    r"\b(?:patient|he|she|this|it|these|findings|they)\s+(?:clearly\s+)?(?:has|have|is|are|shows?|represents?"
    r"|means?|indicates?)\s"
    r"(?P<what>[^.?!\n]*)[.!]",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(
    r"\b(?:what|which|whether|if|any|cause|causes|type|relation|side|site|region|suspected|acuity|course|significance"
    r"|how|when|where|etiology|aetiology|level|levels|phase|stage|severity|extent|nature|status|location|duration|onset"
    r"|relationship|association|reason|origin)\b",
    re.IGNORECASE,
)
_YES_NO: Final = re.compile(
    r"(?:^|(?<=[.?!:\n]))\s*(?:does|do|did|is|are|was|were|has|have|could|would"
    r"|can)\b(?!\s+you\b)(?P<rest>[^?\n]*)\?",
    re.IGNORECASE,
)
_RELATION: Final = re.compile(
    r"\b(?:present\s+on\s+admission|related\s+to|due\s+to|caused\s+by|relation)\b", re.IGNORECASE
)
_WHICH: Final = re.compile(r"\b(?:what|which|how|where)\b", re.IGNORECASE)
SPOKEN_CODE: Final = re.compile(
    r"(?<![\w-])(?:[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}|[MGSORFZ]\d{3}[0-9A-Z]{0,4}|M[0-9]{2}|G89|R52|O26|O99"
    r"|Z79)(?![\w])"
)
_CPT: Final = re.compile(r"(?<![\w.-])[0-9]{5}(?![\w-])")
_MONEY: Final = re.compile(r"\$\s?\d")
_DATE: Final = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?|(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov"
    r"|dec)[a-z]* \d{1,2})\b",
    re.I,
)
_TITLE: Final = re.compile(r"^\s*(?:query|re|subject)\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_RULE: Final = re.compile(r"^\s*(?:-{3,}|={3,}|\*{3,})\s*$", re.MULTILINE)
_NAMED: Final = re.compile(r"^== (.*)$", re.MULTILINE)


class Query(NamedTuple):
    """A query as written, and what it is called in the file (empty: by its number)."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule broken: its id, what it asks for, the words at fault (empty: something is missing), and the fix."""

    rule: str
    says: str
    words: str
    fix: str


class _Parts(NamedTuple):
    """A query taken apart: what is asked, the choices, the quotations, and the text without quotations."""

    stem: str
    options: tuple[str, ...]
    quoted: str
    plain: str


def lint(text: str) -> tuple[Breach, ...]:
    """Every rule that a query breaks, each once, in the order of queries.toml; () for a query that keeps them all."""
    parts = _parts(text)
    found = dict[str, str]()
    for rule, words in _broken(text, parts):
        found.setdefault(rule, words)
    rules = _knowledge()["rule"]
    return tuple(Breach(r["id"], r["says"], found[r["id"]], r["fix"]) for r in rules if r["id"] in found)


def supported(option: str, quoted: str) -> bool:
    """Does a choice name no diagnosis, or one that the quoted words speak for?"""
    return not any(True for _ in _unsupported(option, quoted))


def queries(text: str, *, lines: bool = False) -> list[Query]:
    """The queries of a file: JSON lines of ``id`` and ``text``, else texts set apart by ``---`` or ``== name`` lines.

    InputError when there is none, or a line is no such object.
    """
    found = list(_of_lines(text)) if lines else list(_of_text(text))
    if not found:
        raise InputError("there is no query in the file. Write one, or several set apart by lines of ---.")
    return found


def _of_lines(text: str) -> Iterator[Query]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f'line {number} is no query. Each line is an object like {{"id": "q1", "text": "…"}}.')
        yield Query(row["text"], str(row.get("id", "")))


def _of_text(text: str) -> Iterator[Query]:
    heads = list(_NAMED.finditer(text))
    if heads:
        ends = [*(head.start() for head in heads[1:]), len(text)]
        yield from (Query(text[h.end() : end].strip(), h[1].strip()) for h, end in zip(heads, ends, strict=True))
    else:
        yield from (Query(part.strip()) for part in _RULE.split(text) if part.strip())


def _parts(text: str) -> _Parts:
    """Choices are the list below the last question, boxes of a line, or what follows ``Options:``."""
    rows = text.split("\n")
    asking = (n for n, row in enumerate(rows) if _ASKS.search(_unquoted(row)) and not _BULLET.match(row))
    asked = max(asking, default=-1)
    options, stem = list[str](), list[str]()
    for number, row in enumerate(rows):
        bullet = _BULLET.match(row)
        boxes = _BOXED.findall(row)
        offered = _OFFERED.search(row)
        if len(boxes) > 1:
            options += boxes
            stem.append(re.split(_BOX, row)[0])
        elif (slashed := _SLASHED.search(row)) and number >= asked:
            options += re.split(r"\s/\s", slashed["list"])
            stem.append(row[: slashed.start() + 1] + ("?" if row.rstrip().endswith("?") else ""))
        elif offered and number >= asked:
            options += _CUT.split(offered["list"].rstrip(" ."))
            stem.append(row[: offered.start()])
        elif bullet and number > asked and not _QUOTED.search(row):
            options.append(bullet[1])
        else:
            stem.append(row)
    quoted = "\n".join("".join(match.groups("")) for match in _QUOTED.finditer(text))
    return _Parts("\n".join(stem), tuple(o.strip(" :_.") for o in options if o.strip(" :_.")), quoted, _unquoted(text))


def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", text)


def _broken(text: str, parts: _Parts) -> Iterator[tuple[str, str]]:
    """Each breach as rule and words; a rule may come more than once."""
    words = _knowledge()["words"]
    if not parts.quoted or not (_first(_knowledge()["places"]["words"], parts.plain) or _DATE.search(parts.plain)):
        yield "indicators", ""
    yield from _leading(parts, words["leading"])
    yield from _choices(parts)
    yield from _new_by_yes_no(parts)
    code = SPOKEN_CODE.search(text) or _CPT.search(text)
    if named := (code[0] if code else _first(words["code"], parts.plain)):
        yield "code", named
    money = _MONEY.search(parts.plain)
    if named := (money[0] if money else _first(words["payment"], parts.plain)):
        yield "payment", named
    field = parts.options and re.search(r":\s*$", parts.stem, re.MULTILINE)
    if not (field or _ASKS.search(_unquoted(parts.stem))):
        yield "question", ""


def _leading(parts: _Parts, pressing: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pressed in _any(tuple(pressing)).finditer(parts.plain):
        if not (pressed[0].lower().endswith(" add") and _OPEN.search(_after(parts.plain, pressed.end()))):
            yield "leading", pressed[0]
    for order in (*_ORDERS.finditer(parts.plain), *_CLAIMS.finditer(parts.plain)):
        if not _OPEN.search(order["what"]) and (named := _diagnosis(order["what"])):
            yield "leading", named
    for sentence in re.split(r"(?<=[.?!;])\s|\n", _unquoted(parts.stem)):
        named = _diagnosis(sentence)
        if named and not (_OPEN.search(sentence) or _YES_NO.search(sentence) or _holds(parts.quoted, named)):
            yield "leading", named
    for order in _ORDERS.finditer(parts.plain):
        shape = _shaped(order["what"])
        if shape and not _OPEN.search(order["what"]) and not _holds(parts.quoted, shape):
            yield "leading", shape
    for title in _TITLE.finditer(parts.plain):
        if (named := _diagnosis(title[1])) and not _holds(parts.quoted, named):
            yield "leading", named


def _after(text: str, at: int) -> str:
    """The rest of the sentence from an offset."""
    return re.split(r"[.?!\n]", text[at:])[0]


def _shaped(text: str) -> str:
    """A word that is a diagnosis by its ending or its kind (``-itis``, fracture), the list set aside."""
    shapes = _knowledge()["shapes"]
    endings, kinds = "|".join(map(re.escape, shapes["endings"])), "|".join(map(re.escape, shapes["kinds"]))
    match = re.search(rf"\b(?:\w{{3,}}(?:{endings})|(?:{kinds}))\b", text, re.IGNORECASE)
    return match[0] if match else ""


def _choices(parts: _Parts) -> Iterator[tuple[str, str]]:
    if not parts.options:
        return
    own = [o for o in parts.options if not _OTHER.match(o) and not _UNABLE.search(o)]
    if len(own) < 2:
        yield "options", own[0] if own else ""
    if not any(_OTHER.match(o) for o in parts.options) or not any(_UNABLE.search(o) for o in parts.options):
        yield "options", ""
    for option in own:
        yield from (("option-support", named) for named in _unsupported(option, parts.quoted))


def _unsupported(option: str, quoted: str) -> Iterator[str]:
    """Diagnoses that a choice brings in and nothing quoted speaks for."""
    for entry in _knowledge()["diagnosis"]:
        named = _first(entry["named"], option)
        if named and not _denies(option, named) and not _speaks_for(entry, quoted):
            yield named


def _denies(option: str, named: str) -> bool:
    """``pain without spasm``, ``no fracture`` bring nothing in."""
    before = option[: option.lower().find(named.lower())]
    return bool(re.search(r"\b(?:no|not|without)\b[^,;]*$", before, re.IGNORECASE))


def _speaks_for(entry: dict[str, Any], quoted: str) -> bool:
    said = quoted.lower()
    return any(
        re.search(rf"(?<!\w){re.escape(stem.lower())}", said) for stem in (*entry["indicators"], *entry["named"])
    )


def _new_by_yes_no(parts: _Parts) -> Iterator[tuple[str, str]]:
    plain = {o.lower() for o in parts.options}
    if parts.options and not {"yes", "no"} <= plain:
        return
    for match in _YES_NO.finditer(_unquoted(parts.stem)):
        named = _diagnosis(match["rest"])
        if (
            named
            and not _RELATION.search(match["rest"])
            and not _WHICH.search(match["rest"])
            and not _holds(parts.quoted, named)
        ):
            yield "yes-no", named


def _diagnosis(text: str) -> str:
    """The first diagnosis of the list that a text names."""
    return next((named for e in _knowledge()["diagnosis"] if (named := _first(e["named"], text))), "")


def _holds(text: str, phrase: str) -> bool:
    return bool(_first([phrase], text))


def _first(phrases: Sequence[str], text: str) -> str:
    """The first of some phrases that stands in a text as whole words, as it is written there."""
    match = _any(tuple(phrases)).search(text)
    return match[0] if match else ""


@cache
def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def _knowledge() -> dict[str, Any]:
    return load_queries()


@cache
def load_queries(folder: Path | None = None) -> dict[str, Any]:
    """The queries.toml of a knowledge folder (None: ours), as read; KnowledgeError with all faults."""
    root = folder or resources.files("nlp_coder").joinpath("knowledge")
    text = root.joinpath("queries.toml").read_text(encoding="utf-8")
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([f"queries.toml: not valid TOML: {error}"]) from None
    if faults := list(_faults(read, text)):
        raise KnowledgeError(faults)
    return read


def _faults(read: dict[str, Any], text: str) -> Iterator[str]:
    """What is wrong, with its line where there is one, and what to write."""
    yield from (f"queries.toml: '{key}' is missing." for key in _KEYS if not read.get(key))
    given = [str(rule.get("id", "")) for rule in read.get("rule", ())]
    unknown = [id_ for id_ in given if id_ not in RULES]
    for id_ in unknown:
        line = text[: max(0, text.find(f'"{id_}"'))].count("\n") + 1
        close = get_close_matches(id_, RULES, n=1)
        meant = f" Did you mean '{close[0]}'?" if close else ""
        yield f"queries.toml:{line} [{id_}]: unknown rule.{meant} Use: {', '.join(RULES)}."
    if not unknown:
        yield from (f"queries.toml: the rule '{id_}' is missing." for id_ in RULES if id_ not in given)
    for entry, wanted in (("rule", ("says", "fix")), ("diagnosis", ("named", "indicators"))):
        for number, row in enumerate(read.get(entry, ()), 1):
            yield from (f"queries.toml, {entry} {number}: '{key}' is missing." for key in wanted if not row.get(key))
