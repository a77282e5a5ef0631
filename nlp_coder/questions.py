"""What the note does not say, and the neutral question that would settle it (ACDIS/AHIMA compliant query practice)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from nlp_coder.errors import KnowledgeError
from nlp_coder.types import NOT_STATED, Candidate, Context, Evidence, Fact, Question, Reading, SetAside, Span

_INJURY_CAUSES = {
    "lifting",
    "twisting",
    "bending",
    "fall",
    "motor vehicle accident",
    "work injury",
    "sports",
    "trauma",
}
_KEYS = frozenset({"id", "text", "options"})
_ALWAYS_OFFERED = ("other", "unable to determine")
ASKED = (
    "side-of-sciatica", "region-of-back-pain", "region-of-radiculopathy", "meaning-of-radiation", "modic-and-pain",
    "injury-or-pain", "course-of-pain", "kind-of-pain-treated", "disc-region", "certainty", "trimester",
    "finding-or-diagnosis", "possibly-missed",
)  # fmt: skip
"""Every question the program knows when to ask; questions.toml words each."""
_STRUCTURAL = ("M43", "M47", "M48", "M50", "M51")


@cache
def wordings(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Every question of questions.toml of a knowledge folder (None: ours) by its id; KnowledgeError with all faults."""
    root = folder or resources.files("nlp_coder").joinpath("knowledge")
    text = root.joinpath("questions.toml").read_text(encoding="utf-8")
    try:
        entries = tomllib.loads(text).get("question", [])
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([f"questions.toml: not valid TOML: {error}"]) from None
    faults = [fault for entry in entries for fault in _faults(entry, text)]
    given = [entry.get("id") for entry in entries]
    if not faults:
        faults = [f"questions.toml: the question '{id_}' is missing." for id_ in ASKED if id_ not in given]
    if faults:
        raise KnowledgeError(faults)
    return {entry["id"]: entry for entry in entries}


def _faults(entry: dict[str, Any], text: str) -> Iterator[str]:
    """What is wrong with one question, with its line and what to write."""
    id_ = str(entry.get("id", ""))
    line = text[: max(0, text.find(f'"{id_}"'))].count("\n") + 1
    place = f"questions.toml:{line} [{id_}]"
    if id_ not in ASKED:
        close = get_close_matches(id_, ASKED, n=1)
        meant = f" Did you mean '{close[0]}'?" if close else ""
        yield f"{place}: unknown id.{meant} Use: {', '.join(ASKED)}."
    for key in sorted(set(entry) - _KEYS):
        yield f"{place}: unknown key '{key}'. Use: {', '.join(sorted(_KEYS))}."
    for key in sorted(_KEYS - set(entry)):
        yield f"{place}: '{key}' is missing."
    for option in _ALWAYS_OFFERED:
        if option not in entry.get("options", ()):
            yield f"{place}: the options must offer '{option}'."


def ask(
    facts: Sequence[Fact], codes: Sequence[Candidate], set_aside: Sequence[SetAside], reading: Reading
) -> tuple[Question, ...]:
    """The questions that this note's silence raises; each quotes its clinical indicators."""
    asked: dict[str, Question] = {}
    for id_, evidence, code in _raised(facts, codes, set_aside, reading):
        wording = wordings()[id_]
        known = asked.get(id_)
        words = tuple(dict.fromkeys((*(known.evidence if known else ()), *evidence)))
        asked[id_] = Question(id_, wording["text"], tuple(wording["options"]), words, code)
    return tuple(asked.values())


def possibly_missed(sentences: Sequence[Span]) -> tuple[Question, ...]:
    """One question that quotes the sentences which may speak of the spine and were not read; none for no sentence."""
    wording = wordings()["possibly-missed"]
    words = tuple(Evidence("sentence", span) for span in sentences)
    return (Question("possibly-missed", wording["text"], tuple(wording["options"]), words),) if words else ()


def _raised(
    facts: Sequence[Fact], codes: Sequence[Candidate], set_aside: Sequence[SetAside], reading: Reading
) -> Iterator[tuple[str, tuple[Evidence, ...], str]]:
    for c in codes:
        yield from _of_code(c, reading)
    assigned = {c.code for c in codes}
    if any(c.code.startswith(("M54", "M51.36", "M51.37", "M51.2")) for c in codes):
        for fact in facts:
            if (
                fact.problem == "pain"
                and fact.context is Context.PRESENT
                and any(e.slot == "radiation" for e in fact.evidence)
            ):
                if not any(k.startswith(("M54.1", "M54.3", "M54.4", "M51.1", "M50.1", "M47.2")) for k in assigned):
                    yield "meaning-of-radiation", _words(fact, "radiation", "problem"), ""
                break
    for s in set_aside:
        if s.reason == "uncertain":
            yield "certainty", s.evidence, ""
        elif s.reason == "not this provider's diagnosis" and s.code.startswith(_STRUCTURAL) and codes:
            yield "finding-or-diagnosis", s.evidence, ""
    if reading.purpose == "pain-management" and codes and not any(k.startswith("G89") for k in assigned):
        yield "kind-of-pain-treated", reading.purpose_evidence or codes[0].evidence, ""


def _of_code(c: Candidate, reading: Reading) -> Iterator[tuple[str, tuple[Evidence, ...], str]]:
    """What one assigned code leaves open."""
    fact, words = c.fact, c.evidence
    if c.code in {"M54.30", "M54.40"}:
        yield "side-of-sciatica", words, c.code
    if c.code == "M54.9":
        yield "region-of-back-pain", words, c.code
    if c.code == "M54.10":
        yield "region-of-radiculopathy", words, c.code
    if c.code in {"M51.9", "M50.90"}:
        yield "disc-region", words, c.code
    if c.code in {"M54.50", "M54.59", "M54.5"} and fact.imaging == NOT_STATED and _words(fact, "imaging"):
        yield "modic-and-pain", _words(fact, "imaging", "problem"), c.code
    if c.code.startswith("M54") and fact.problem == "pain" and fact.cause in _INJURY_CAUSES:
        yield "injury-or-pain", _words(fact, "cause", "problem"), c.code
    if c.code.startswith("M54") and fact.problem == "pain" and fact.course == NOT_STATED and _long(fact.duration):
        yield "course-of-pain", _words(fact, "duration", "problem"), c.code
    if c.code.startswith("O") and fact.trimester == NOT_STATED and not c.code.startswith("O99"):
        yield "trimester", words, c.code


def _words(fact: Fact, *slots: str) -> tuple[Evidence, ...]:
    return tuple(e for e in fact.evidence if e.slot in slots)


def _long(duration: str) -> bool:
    """Three months or more: long enough that the course is worth asking for (never enough to code it, I.C.6.b.4)."""
    count, _, unit = duration.partition(",")[0].partition(" ")
    months = {"months": 1.0, "years": 12.0, "decades": 120.0, "weeks": 0.25}.get(unit, 0.0)
    number = float(count) if count.replace(".", "").isdigit() else 1.0
    return number * months >= 3
