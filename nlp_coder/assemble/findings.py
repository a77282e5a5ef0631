"""What the studies of a note show: one finding for each thing and level, and whose statement it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.bind import bind
from nlp_coder.assemble.counting import merged
from nlp_coder.assemble.places import SPINE
from nlp_coder.assemble.reading import shows_a_study, standing
from nlp_coder.assemble.sections import EXAM, STUDIES
from nlp_coder.assemble.sited import NEEDS_PLACE
from nlp_coder.assemble.statement import Statement
from nlp_coder.types import NOT_STATED, Evidence, Finding, Mention, Reading, Sentence, Span
from nlp_coder.vocabulary import SPINE_NOUN

_SEEN = {
    "disc displacement", "disc bulge", "disc degeneration", "disc osteophyte complex", "disc disruption", "stenosis",
    "foraminal stenosis", "nerve root compression", "cord compression", "spondylosis", "facet arthropathy", "arthritis",
    "spondylolisthesis", "spondylolysis", "compression fracture", "sacroiliitis", "muscle spasm",
}  # fmt: skip
"""Problems that a study can show."""
_EFFECTS = {"nerve root compression", "cord compression", "foraminal stenosis", "stenosis"}
_ANYWHERE = {"muscle spasm", "compression fracture", "spondylolisthesis", "edema"}
"""Findings that the level of a disc named before them says nothing of."""
_SIZE = re.compile(
    r"\b(\d{1,2}(?:\.\d)?)(?:\s?[x\u00d7]\s?(\d{1,2}(?:\.\d)?))?\s?-?\s?(mm|cm)\b|\bgrade\s(IV|I{1,3}|[1-4])\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:patient|pt|he|she|complain\w*|denies|reports|pain|year-?old|y/?o|presents?|exam|assessment|plan)\b",
    re.IGNORECASE,
)
"""Words of a clinician; a fragment without them is a study's text."""
_SAME = {"disc bulge": "disc displacement", "arthritis": "spondylosis", "disc osteophyte complex": "disc degeneration"}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_OWN_READING = re.compile(
    r"\bI (?:have |had )?(?:personally |independently |also )*(?:review|read|look|interpret|see|saw)"
    r"|\b(?:my|our) (?:own )?(?:review|read|interpretation|reading)\b"
    r"|\b(?:personally|independently) (?:reviewed|interpreted)",
    re.IGNORECASE,
)
_RETOLD = re.compile(
    r"\b(?:(?:he|she|patient|pt|mother|father|daughter|son|wife|husband|spouse) (?:states|reports|says|tells|was told"
    r"|recalls|believes|understands)|was told|reportedly|by (?:her|his|patient) report|per (?:the )?patient)\b",
    re.IGNORECASE,
)


def findings(
    text: str, mentions: Sequence[Mention], reading: Reading, sentences: Sequence[Sentence], masked: str
) -> tuple[Finding, ...]:
    """The findings of the note in order of place, quoting ``text``; denied and hedged ones too, with that context."""
    seen = [_as_head(m) for m in mentions]
    if not any(map(_can_be_seen, seen)):
        return ()
    bare = reading.kind == "fragment" and not _SPOKEN.search(masked)
    of_spine = (bare or reading.kind == "imaging report") and any(_names_spine(m) for m in mentions)
    found: dict[tuple[str, ...], Finding] = {}
    for statement in _with_effects(bind(seen, sentences, masked, _can_be_seen)):
        if statement.problem not in _SEEN and not _imaged(statement):
            continue
        if not (of_spine or _is_spinal(statement)):
            continue  # a stenosis may be of an artery, a degeneration of a knee
        source = _source(statement, reading, sentences, masked) or ("report" if bare else "")
        if not source:
            continue
        finding = _finding(statement, source, masked)
        finding = replace(finding, evidence=tuple(_quote(e, text) for e in finding.evidence))
        key = (finding.what, finding.level, finding.region, finding.type, finding.context.value)
        old = found.get(key)
        found[key] = finding if old is None else replace(old, evidence=merged(old.evidence, finding.evidence))
    typed = {f.level for f in found.values() if f.what.startswith("modic ")}
    kept = [f for f in found.values() if f.what != "modic" or f.level not in typed]  # "Modic, type 1" is one finding
    return tuple(sorted(kept, key=_place))


def _can_be_seen(mention: Mention) -> bool:
    """Is it something that a study can show?"""
    return mention.get("problem") in _SHOWN


def _names_spine(mention: Mention) -> bool:
    return bool(mention.get("level")) or mention.get("region") in {*SPINE, "back"}


def _is_spinal(statement: Statement) -> bool:
    """Does the statement say by a place, or by its own words, that it is about the spine?"""
    placed = statement.region in SPINE or statement.level != NOT_STATED
    return (
        placed
        or statement.problem not in NEEDS_PLACE | {"arthritis"}
        or bool(SPINE_NOUN.search(statement.head.span.text))
    )


def _place(finding: Finding) -> tuple[int, int]:
    """Where a finding is named, and its level if one word names several."""
    return next(e.start for e in finding.evidence if e.slot == "problem"), finding.evidence[0].start


def _quote(evidence: Evidence, text: str) -> Evidence:
    return Evidence(evidence.slot, Span(evidence.start, evidence.end, text[evidence.start : evidence.end]))


def _as_head(mention: Mention) -> Mention:
    """Modic changes, an osteophyte, a spasm on the films bind to levels as problems do."""
    imaging = "muscle spasm" if mention.get("sign") == "spasm" else mention.get("imaging")
    if imaging is None or mention.get("problem"):
        return mention
    return replace(
        mention, means=(("problem", imaging), *(pair for pair in mention.means if pair[0] not in {"imaging", "sign"}))
    )


def _imaged(statement: Statement) -> bool:
    return any(slot == "problem" and value == statement.problem for slot, value in statement.head.means) and (
        statement.problem in _IMAGED
    )


_IMAGED = {
    "modic", "modic 1", "modic 2", "modic 3", "endplate change", "annular fissure", "disc height loss", "edema",
    "osteophyte", "ligamentum flavum hypertrophy",
}  # fmt: skip
_SHOWN = _SEEN | _IMAGED


def _with_effects(statements: Sequence[Statement]) -> list[Statement]:
    """``bulges at L3-4 and L4-5 with an annular tear compressing both roots``: at each level of the disc before."""
    out: list[Statement] = []
    for s in statements:
        causes = [
            c for c in out
            if c.sentence == s.sentence and c.start < s.start and c.level != NOT_STATED
            and c.context is s.context and c.problem.startswith("disc")
        ]  # fmt: skip
        own = any(e.slot == "level" and (e.start > s.start or s.problem not in _EFFECTS) for e in s.evidence)
        if s.problem in _ANYWHERE or not causes or own:
            out.append(s)
            continue
        last = max(c.start for c in causes)
        for c in (c for c in causes if c.start == last):
            words = tuple(e for e in c.evidence if e.slot == "level")
            mine = tuple(e for e in s.evidence if e.slot not in {"level", "region"})
            out.append(replace(s, level=c.level, region=c.region, evidence=merged(mine, words)))
    return out


def _source(statement: Statement, reading: Reading, sentences: Sequence[Sentence], masked: str) -> str:
    """Whose statement it is, or nothing where no study is spoken of."""
    sentence = sentences[statement.sentence]
    where = standing(statement, reading, sentences, masked)
    line = masked[sentence.start : sentence.end]
    of_study = (
        reading.kind == "imaging report" or statement.section in STUDIES or shows_a_study(statement, sentence, masked)
    )
    if not of_study and where != "finding":
        return ""
    if statement.section in EXAM and not shows_a_study(statement, sentence, masked):
        return ""
    if _RETOLD.search(line):
        return "patient"
    own = _OWN_READING.search(masked, max(0, sentence.start - 200), sentence.end)
    return "provider" if own and reading.kind != "imaging report" else "report"


def _finding(statement: Statement, source: str, masked: str) -> Finding:
    start, end = statement.head.span.start, statement.head.span.end
    size = _SIZE.search(masked, max(masked.rfind(".", 0, start) + 1, start - 30), end + 50)
    evidence = statement.evidence
    if size:
        evidence = merged(evidence, (Evidence("size", Span(size.start(), size.end(), size[0])),))
    kind = statement.head.get("type") or NOT_STATED
    return Finding(
        what=_SAME.get(statement.problem, statement.problem),
        region=statement.region,
        level=statement.level,
        side=statement.get("side"),
        type=kind,
        size=_measure(size) if size else NOT_STATED,
        source=source,
        context=statement.context,
        evidence=evidence,
    )


def _measure(size: re.Match[str]) -> str:
    if size[4]:
        return f"grade {_ROMAN.get(size[4].lower(), size[4])}"
    second = f" x {size[2]}" if size[2] else ""
    return f"{size[1]}{second} {size[3].lower()}"
