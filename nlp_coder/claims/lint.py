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

from nlp_coder.claims.choices import ASKS, OTHER, UNABLE, Parts, parts_of, unquoted
from nlp_coder.errors import InputError, KnowledgeError

SOURCE: Final = "AHIMA and ACDIS, Guidelines for Achieving a Compliant Query Practice (2022 update), in our words"

RULES: Final = ("indicators", "leading", "options", "option-support", "yes-no", "code", "payment", "question")
"""Every rule the linter knows how to check; queries.toml words each."""

_KEYS: Final = ("rule", "words", "shapes", "diagnosis", "places")
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
    r"|how|when|where|etiology|aetiology|level|levels|phase|stage|severity|extent|nature|status|location|duration"
    r"|onset"
    r"|relationship|association|reason|origin)\b",
    re.IGNORECASE,
)
_WOULD: Final = re.compile(
    r"\bwould (?:also |much )?(?:better |more \w+ly |best )?(?:reflect|capture|describe|explain|fit|convey|show)\b",
    re.IGNORECASE,
)
"""A diagnosis praised: ``a diagnosis of … would better reflect …``."""
_SUPPOSES: Final = re.compile(
    r"\b(?:whether|if any|suspected|possible|conflict\w*|differ\w*|unclear|not clear|is documented|is recorded"
    r"|not (?:stated|specified|documented|given|described|named|mentioned)|missing|lists?|listed|mentions?|states?"
    r"|notes?|noted"
    r"|reads|says|documents|describes|according to|history of"
    r"|without (?:an? |its )?(?:side|region|level|type|cause))\b",
    re.IGNORECASE,
)
"""A sentence that leaves a diagnosis open."""
_SINCE: Final = re.compile(
    r"\b(?:since|because|as|given that|now that|knowing that) (?:the |this |your |we "
    r"|it )?(?P<what>[^,.?!\n]{3,60}),",
    re.IGNORECASE,
)
"""``Since the patient has radiculopathy, …``"""
_EMPHASIS: Final = re.compile(r"\*\*|__(?=\w)|(?<=\w)__")
_NEGATIVE: Final = re.compile(
    r"\b(?:would|is|should|do|does|are|wo|could|has|have|did|was|ca)n?['\u2019]t (?:this|it|that|you|he|she|they"
    r"|these|we|the|chronic"
    r"|acute|there)\b[^.?!\n]*\?|(?:^|(?<=[.?!:\n]))\s*(?:is|would|should|does|do|are|was|could) (?:it|this|that|you"
    r"|they|he|she|the \w+)"
    r" not\b[^.?!\n]*\?",
    re.IGNORECASE,
)
"""``Wouldn't chronic be more accurate?``"""
_TAG: Final = re.compile(
    r",\s*(?:right|correct|no|yes|ok(?:ay)?|true|agreed?|is(?:n['\u2019]t| not) (?:it|that so)"
    r"|don['\u2019]t you think)\s*\?",
    re.IGNORECASE,
)
_SETTLED: Final = re.compile(
    r"\b(?:this|it|the pain|the course|her pain|his pain) (?:is|has become|should be called|qualifies as|counts as"
    r"|must be)"
    r" (?:now |really |in fact |certainly )?(?:chronic|acute|mechanical|neuropathic)\b(?! or\b| and\b"
    r"|[^.?!\n]*\?)[^.?!\n]*",
    re.IGNORECASE,
)
_PRESUMED: Final = re.compile(
    r"\b(?:which|what) (?:type|kind|form|stage|degree|cause|level|grade|severity"
    r"|acuity) of (?:the )?(?P<what>[^.?!\n]{3,60})",
    re.IGNORECASE,
)
"""``Which type of radiculopathy …`` where the record has named none."""
_MARKED: Final = re.compile(
    r"\((?:[^)]*\b)?(?:recommended|preferred|suggested|best|most likely|likely|correct|default|favou?red|our choice"
    r"|usual|fits|matches)\b[^)]*\)|\u2605|\u2190"
    r"|\b(?:recommended|preferred|best supported|best fit)\b",
    re.IGNORECASE,
)
_NO_SHAPE: Final = frozenset({"diagnosis", "prognosis", "diaphoresis", "basis"})
_COURSES: Final = ("chronic", "acute")
_DENIED: Final = re.compile(
    r"\b(?:normal|intact|full|symmetric|steady) (?:[\w-]+ )?[\w-]+|\b(?:denies|denied|negative for|neg for|without"
    r"|absence of|free of|no evidence of|no signs? of)\b"
    r"(?:(?!\b(?:but|however|except|has|have|reports|admits|with|radiat\w*|shoots|goes|worse|since|yet)\b)[^.;\n])*"
    r"|\b(?:no|not)\b(?! (?:relief|better|improv|resolv|gone|sure|excluded"
    r"|able|been able|voided|urinat|bowel movement))(?:(?!\b(?:but|however|except|yet)\b)[^,.;\n])*"
    r"|\b[\w-]+(?: (?:test|sign|raise|leg raise))?:? (?:is |are |was |were )?(?:neg(?:ative)?|normal|intact"
    r"|unremarkable)\b",
    re.IGNORECASE,
)
"""What a quotation denies speaks for no choice."""
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


def lint(text: str) -> tuple[Breach, ...]:
    """Every rule that a query breaks, each once, in the order of queries.toml; () for a query that keeps them all."""
    parts = parts_of(_EMPHASIS.sub("", text))
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


def _broken(text: str, parts: Parts) -> Iterator[tuple[str, str]]:
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
    if not (field or ASKS.search(unquoted(parts.stem))):
        yield "question", ""


def _leading(parts: Parts, pressing: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pressed in _any(tuple(pressing)).finditer(parts.plain):
        if parts.plain[pressed.end() :].lower().startswith(" or disagree"):
            continue
        if not (pressed[0].lower().endswith(" add") and _OPEN.search(_after(parts.plain, pressed.end()))):
            yield "leading", pressed[0]
    yield from (("leading", words) for words in _pressed(parts))
    for order in (*_ORDERS.finditer(parts.plain), *_CLAIMS.finditer(parts.plain)):
        if not _OPEN.search(order["what"]) and (named := _diagnosis(order["what"])):
            yield "leading", named
    for sentence in re.split(r"(?<=[.?!;])\s|\n", unquoted(parts.stem)):
        named = _diagnosis(sentence)
        left_open = _OPEN.search(sentence) and not _WOULD.search(sentence)
        if named and not (
            left_open or _SUPPOSES.search(sentence) or _YES_NO.search(sentence) or _holds(parts.quoted, named)
        ):
            yield "leading", named
    for order in _ORDERS.finditer(parts.plain):
        shape = _shaped(order["what"])
        if shape and not _OPEN.search(order["what"]) and not _holds(parts.quoted, shape):
            yield "leading", shape
    for title in _TITLE.finditer(parts.plain):
        if (named := _diagnosis(title[1])) and not _holds(parts.quoted, named):
            yield "leading", named


def _pressed(parts: Parts) -> Iterator[str]:
    """What expects one answer by its form: negative questions, tags, a diagnosis taken as given, a marked choice."""
    for pattern in (_NEGATIVE, _TAG, _SETTLED):
        yield from (match[0].strip(" ,.\n") for match in pattern.finditer(parts.plain))
    for asked in (*_PRESUMED.finditer(parts.plain), *_SINCE.finditer(parts.plain)):
        if (named := _diagnosis(asked["what"])) and not _holds(parts.quoted, named):
            yield named
    yield from (match[0] for option in parts.options if (match := _MARKED.search(option)))
    own = [o for o in parts.options if not OTHER.match(o) and not UNABLE.search(o)]
    for word in _COURSES:
        if len(own) > 1 and all(_first([word], option) for option in own) and not _holds(parts.quoted, word):
            yield word


def _after(text: str, at: int) -> str:
    """The rest of the sentence from an offset."""
    return re.split(r"[.?!\n]", text[at:])[0]


def _shaped(text: str) -> str:
    """A word that is a diagnosis by its ending or its kind (``-itis``, fracture), the list set aside."""
    shapes = _knowledge()["shapes"]
    endings, kinds = "|".join(map(re.escape, shapes["endings"])), "|".join(map(re.escape, shapes["kinds"]))
    match = re.search(rf"\b(?:\w{{3,}}(?:{endings})|(?:{kinds}))\b", text, re.IGNORECASE)
    return match[0] if match and match[0].lower() not in _NO_SHAPE else ""


def _choices(parts: Parts) -> Iterator[tuple[str, str]]:
    if not parts.options:
        return
    own = [o for o in parts.options if not OTHER.match(o) and not UNABLE.search(o)]
    if len(own) < 2:
        yield "options", own[0] if own else ""
    if not any(OTHER.match(o) for o in parts.options) or not any(UNABLE.search(o) for o in parts.options):
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
    said = _DENIED.sub(" ", quoted).lower()
    return any(
        re.search(rf"(?<!\w){re.escape(stem.lower())}", said) for stem in (*entry["indicators"], *entry["named"])
    )


def _new_by_yes_no(parts: Parts) -> Iterator[tuple[str, str]]:
    plain = {o.lower() for o in parts.options}
    if parts.options and not {"yes", "no"} <= plain:
        return
    for match in _YES_NO.finditer(unquoted(parts.stem)):
        named = _diagnosis(match["rest"])
        if (
            named
            and not _RELATION.search(match["rest"])
            and not _WHICH.search(match["rest"])
            and not (UNABLE.search(match["rest"]) and "," in match["rest"])
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
