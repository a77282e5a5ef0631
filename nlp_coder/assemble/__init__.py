"""Mentions → facts: which region, which side, since when, due to what; and what kind of note it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.bind import bind
from nlp_coder.assemble.explained import explained
from nlp_coder.assemble.lasting import with_length
from nlp_coder.assemble.link import link
from nlp_coder.assemble.listed import listed
from nlp_coder.assemble.merge import merge
from nlp_coder.assemble.operated import operated_on
from nlp_coder.assemble.phase import with_phase
from nlp_coder.assemble.reading import at_studied_region, by_referral, read, standing
from nlp_coder.assemble.said import Said
from nlp_coder.assemble.sections import EXAM
from nlp_coder.assemble.sited import sited
from nlp_coder.types import Context, Evidence, Fact, Mention, Note, Reading, Section, Sentence, Span

__all__ = ["assemble"]
_OTHERS = re.compile(
    r"\b(?:earlier|previous(?:ly)?|first|former|elsewhere|outside|told|blamed|mistook|taken|took|lists?|chart|form"
    r"|insurance|claims?|codes?|dr|referr\w+)\b",
    re.IGNORECASE,
)
"""Words of a doubt that is another's: guideline II.H speaks of what the provider still holds for likely."""


def assemble(
    note: Note,
    masked: str,
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
) -> tuple[tuple[Fact, ...], Reading]:
    """One fact for each problem and place of the note, with all its evidence, and the kind of note."""
    statements = bind(mentions, sentences, masked)
    reading = read(note, sections, sentences, mentions, statements, masked)
    if reading.kind == "imaging report":
        statements = at_studied_region(statements, mentions)
    said = by_referral([Said(s, standing(s, reading, sentences, masked)) for s in statements], reading)
    facts, alerts = merge(said, _placing(mentions))
    if note.setting == "inpatient":
        facts = [_as_if_it_existed(f) for f in facts]
    facts = operated_on(facts, reading, sentences, masked)
    facts = link(facts, reading, mentions, sentences, masked)
    facts = sited(facts, mentions, sentences, masked)
    facts = explained(facts, reading, mentions, sentences, masked)
    facts = with_phase(facts, reading, mentions, sentences, masked)
    facts = [with_length(f, note.date_of_service) for f in listed(facts, sentences, masked)]
    alerts = tuple(replace(a, evidence=tuple(_quote(e, note.text) for e in a.evidence)) for a in alerts)
    return tuple(_quoted(f, note.text) for f in facts), replace(reading, alerts=alerts)


def _as_if_it_existed(fact: Fact) -> Fact:
    """Guideline II.H: an inpatient's diagnosis still uncertain at discharge is coded as if it existed."""
    if fact.context is not Context.UNCERTAIN or fact.standing not in {"assessed", "planned"}:
        return fact
    if any(_OTHERS.search(cue.text) for cue in fact.cues):
        return fact
    words = "that the diagnosis, worded as uncertain, still stood at discharge (guideline II.H)"
    return replace(fact, context=Context.PRESENT, confirm=(*fact.confirm, words))


def _placing(mentions: Sequence[Mention]) -> list[Mention]:
    """Regions which the examination finds something at: they place a back pain that nothing else places."""
    felt = {m.sentence for m in mentions if m.section in EXAM and (m.get("sign") or m.get("problem") == "pain")}
    return [
        m for m in mentions
        if m.section in EXAM and m.sentence in felt and m.get("region") and m.context is Context.PRESENT
    ]  # fmt: skip


def _quote(evidence: Evidence, text: str) -> Evidence:
    """The evidence with its span quoting the untouched note."""
    return replace(evidence, span=Span(evidence.start, evidence.end, text[evidence.start : evidence.end]))


def _quoted(fact: Fact, text: str) -> Fact:
    """The fact with every span quoting the untouched note."""
    cues = tuple(Span(c.start, c.end, text[c.start : c.end]) for c in fact.cues)
    return replace(fact, evidence=tuple(_quote(e, text) for e in fact.evidence), cues=cues)
