"""A note as read in, its red flags out: present, denied or not documented. An alert for a clinician, never a code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlp_coder.claims.flagwords import CLEARED, DENIABLE, FLAGGED, excused, list_denied, listed_as_denied
from nlp_coder.claims.timing import season
from nlp_coder.claims.wording import column, cord_signs, grades, said, within
from nlp_coder.types import Alert, Context, Evidence, Mention, Parsed

FLAGS = (
    "cauda equina signs",
    "fever",
    "weight loss",
    "cancer history",
    "trauma",
    "steroid use or immune suppression",
    "intravenous drug use",
    "night pain",
    "neurological deficit",
)
"""The flags in the order of the list a clinician goes through."""
_OF_WORD = {
    "cauda equina": "cauda equina signs",
    "incontinence": "cauda equina signs",
    "saddle anesthesia": "cauda equina signs",
    "fever": "fever",
    "weight loss": "weight loss",
    "cancer": "cancer history",
    "trauma": "trauma",
    "steroid use": "steroid use or immune suppression",
    "iv drug use": "intravenous drug use",
    "night pain": "night pain",
    "neurological deficit": "neurological deficit",
}
_INJURING = {"fall", "motor vehicle accident", "assault", "trauma"}
_VAGUE = {"injury", "injuries", "injured", "accident"}
_STUDIES = {"imaging", "studies", "labs", "findings", "impression"}
_EVER = {"cancer history", "intravenous drug use"}
"""Flags that a person's past raises as well."""
_PAST = {"past medical history", "past surgical history", "social history", "problem list"}
_UNSPOKEN = {"education", "instructions", "family history", "allergies", "procedure", "technique", "plan"}


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One flag of the list: ``status`` is present, denied or not documented; ``evidence`` quotes who says so."""

    name: str
    status: str
    evidence: tuple[Evidence, ...] = ()


def red_flags(parsed: Parsed) -> tuple[RedFlag, ...]:
    """Every flag of the list once, in its order; one presence outweighs any denial."""
    present: dict[str, list[Evidence]] = {}
    denied: dict[str, list[Evidence]] = {}
    for name, there, evidence in sorted(_said(parsed), key=lambda one: one[2].start):
        (present if there else denied).setdefault(name, []).append(evidence)
    return tuple(_flag(name, present.get(name, []), denied.get(name, [])) for name in FLAGS)


def alerts(flags: tuple[RedFlag, ...]) -> tuple[Alert, ...]:
    """What a clinician should look at: one alert for each flag that is present."""
    return tuple(
        Alert(
            "red-flag",
            "warning",
            f"Red flag documented: {flag.name}. For clinical review; it assigns no code.",
            "house: red flags",
            flag.evidence,
        )
        for flag in flags
        if flag.status == "present"
    )


def _flag(name: str, present: list[Evidence], denied: list[Evidence]) -> RedFlag:
    status = "present" if present else "denied" if denied else "not documented"
    return RedFlag(name, status, tuple(present or denied))


def _said(parsed: Parsed) -> Iterator[tuple[str, bool, Evidence]]:
    """Each statement of a flag: its name, whether it is there, and the words."""
    studied = {m.sentence for m in parsed.mentions if m.get("study")}
    for m in parsed.mentions:
        name = "" if m.section in _UNSPOKEN else _name(m, parsed)
        if not name or (name == "cancer history" and (m.section in _STUDIES or m.sentence in studied)):
            continue  # a clean film denies a tumor, not a history of one
        there, sentence = _there(m, name), parsed.sentences[m.sentence]
        if there and excused(parsed, name, m.span, sentence):
            continue
        answer = column(parsed, m.span) if there else None
        if there and answer is None and listed_as_denied(parsed, m.span, sentence):
            answer = False
        if there is not None:
            yield name, there if answer is None else answer, Evidence("red flag", m.span)
    for sentence in parsed.sentences:
        section = sentence.section.name
        if section in _UNSPOKEN:
            continue
        for name, pattern in FLAGGED:
            if name == "trauma" and section in _PAST:
                continue
            for span, there in said(parsed, pattern, sentence):
                if not excused(parsed, name, span, sentence):
                    yield name, there and not list_denied(parsed, span, sentence), Evidence("red flag", span)
        for name, pattern in DENIABLE:
            for span, there in said(parsed, pattern, sentence):
                if not there or list_denied(parsed, span, sentence):
                    yield name, False, Evidence("red flag", span)
        for name, pattern in CLEARED:
            for span in within(parsed, pattern, sentence.start, sentence.end):
                yield name, False, Evidence("red flag", span)
        if section not in _PAST:
            for grade in grades(parsed, sentence):
                yield "neurological deficit", grade.weak, Evidence("red flag", grade.span)
            for span in cord_signs(parsed, sentence):
                if excused(parsed, "neurological deficit", span, sentence):
                    continue
                yield "neurological deficit", True, Evidence("red flag", span)


def _name(m: Mention, parsed: Parsed) -> str:
    """The flag a mention speaks of, weakness and violence among them; ``last fall`` and a bare ``injury`` are none."""
    if m.get("sign") == "weakness":
        return "neurological deficit"
    if m.get("cause") in _INJURING:
        return "" if season(parsed, m.span) or m.span.text.lower() in _VAGUE else "trauma"
    return _OF_WORD.get(m.get("redflag") or "", "")


def _there(m: Mention, name: str) -> bool | None:
    """Is the flag there, denied (False), or is nothing said of this patient now (None)?"""
    if m.context is Context.NEGATED:
        return None if name in _EVER and m.section in _PAST and m.get("sign") else False
    if m.context is Context.PRESENT:
        return True if m.section not in _PAST or name in _EVER or name.startswith("steroid") else None
    return True if m.context is Context.HISTORICAL and name in _EVER else None
