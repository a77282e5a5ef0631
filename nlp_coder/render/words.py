"""Terms of the code's own vocabulary in, the words a coder reads out; shared by terminal and page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields

from nlp_coder.types import NOT_STATED, Candidate, CodedNote, Context, Evidence, Fact, Finding, SetAside

AUTHORITIES = {
    "tabular": "ICD-10-CM Tabular List",
    "index": "ICD-10-CM Alphabetic Index",
    "guideline": "ICD-10-CM Official Guidelines",
    "article": "coding article",
    "house": "house rule, no official source decides",
    "model": "trained model",
    "payer": "payer's rule, never decides a code",
}
"""Authority keys in full; every key of ``nlp_coder.types.Authority`` is here."""

_KEY = re.compile(rf"(?:{'|'.join(AUTHORITIES)})(?=[: ]|$)")

_ORDER = {field.name: place for place, field in enumerate(fields(Fact))}

NOTHING = "No codable spine problem in this note."


def shown(finding: Finding) -> str:
    """A finding in words: ``L4-L5 disc protrusion, left, 6 mm``; a denied one with ``no``, a hedged one with ``?``."""
    name = finding.what.replace("modic ", "Modic type ").replace("modic", "Modic changes")
    if finding.what == "disc displacement" and finding.type != NOT_STATED:
        name = f"disc {finding.type}"
    place = finding.level if finding.level != NOT_STATED else finding.region if finding.region != NOT_STATED else ""
    mark = {Context.NEGATED: "no ", Context.UNCERTAIN: "? "}.get(finding.context, "")
    rest = [value for value in (finding.side, finding.size) if value != NOT_STATED]
    return ", ".join([f"{place} {mark}{name}".strip(), *rest])


def studied(coded: CodedNote) -> list[Finding]:
    """The findings a coder needs to see: those stated or hedged, not the denied ones."""
    return [f for f in coded.findings if f.context in {Context.PRESENT, Context.UNCERTAIN}]


def citation(source: str, authority: str = "") -> str:
    """A source such as ``tabular: M54.3-; guideline I.B.9`` in plain words, led by its authority's name."""
    words = "; ".join(_cited(part.strip()) for part in source.split(";") if part.strip())
    if words.startswith(tuple(AUTHORITIES.values())) or not authority:
        return words
    name = AUTHORITIES.get(authority, authority)
    key, colon, place = words.partition(": ")
    if colon and " " not in key:
        return f"{name} ({key}): {place}"
    return f"{name}: {words}" if words else name


def _cited(part: str) -> str:
    """One citation with its key, the first word, in full."""
    match = _KEY.match(part)
    return AUTHORITIES[match[0]] + part[match.end() :] if match else part


def verdict(code: Candidate) -> str:
    """``certain``, or ``confirm`` or ``review`` where a person must look first; with the figure if there is one."""
    return code.status if code.confidence is None else f"{code.status} ({_percent(code.confidence)})"


def _percent(confidence: float) -> str:
    """A probability in whole per cent; nothing is 100 % sure: it ends at 99 %."""
    return f"{min(confidence, 0.99):.0%}"


def turned_down(item: SetAside) -> str:
    """Why, in a word; which code stands instead; and ``worth a look`` where the model thinks the note may earn it."""
    look = f" ({_percent(item.confidence)})" if item.confidence is not None else ""
    return (
        item.reason
        + (f", {item.by} stands" if item.by else "")
        + (f"; worth a look{look}" if item.outcome == "review" else "")
    )


def bill(coded: CodedNote) -> str:
    """The answer in one line: the codes in claim order, or why there is none."""
    if coded.codes:
        return "Bill " + ", ".join(_to_bill(code) for code in coded.codes)
    if coded.set_aside:
        return "Bill nothing: each spine problem of this note was set aside."
    return NOTHING


def _to_bill(code: Candidate) -> str:
    return code.code if code.status == "certain" else f"{code.code} ({code.status})"


def circumstances(coded: CodedNote) -> str:
    """How many codes, for which day and setting, by which release."""
    count = len(coded.codes)
    day = coded.note.date_of_service
    return " · ".join(
        part
        for part in (
            "1 code" if count == 1 else f"{count} codes",
            day.isoformat() if day else "no date of service",
            coded.note.setting,
            (coded.note.purpose or "").replace("-", " "),
            f"ICD-10-CM {coded.release}" if coded.release else "",
            coded.note.id,
        )
        if part
    )


def places(evidence: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """Evidence under its words as first written; case, blanks and line breaks aside; each place once."""
    found: dict[str, tuple[str, dict[int, Evidence]]] = {}
    for item in evidence:
        words = " ".join(item.text.split())
        found.setdefault(words.casefold(), (words, {}))[1].setdefault(item.start, item)
    return {words: list(items.values()) for words, items in found.values()}


def either(values: Iterable[str]) -> str:
    """Alternatives as they are spoken: ``a, b or c``."""
    *first, last = values
    return f"{', '.join(first)} or {last}" if first else last


def by_slot(evidence: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """Evidence under the slot it fills: slots in the order of a fact's fields, then others as they come."""
    slots: dict[str, list[Evidence]] = {}
    for item in sorted(evidence, key=lambda item: _ORDER.get(item.slot, len(_ORDER))):
        slots.setdefault(item.slot, []).append(item)
    return slots
