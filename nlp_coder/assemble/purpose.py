"""What the encounter is for: evaluation, pain management performed at this visit, or therapy (policy section 6)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp_coder.assemble.places import NOT_SPINE
from nlp_coder.assemble.sections import BACKGROUND, STUDIES, TAUGHT
from nlp_coder.types import Context, Evidence, Mention, Note, Section, Sentence, Span

_EXAMINER = re.compile(r"\b(?:independent medical|IME\b|disability evaluation|permanent and stationary)", re.IGNORECASE)
_THERAPY_NOTE = re.compile(
    r"\b(?:physical|occupational) therapy\b|\bPT (?:daily|progress|discharge|visit)", re.IGNORECASE
)
_THERAPY_TITLE = re.compile(
    r"\s*[^\n]{0,40}\b((?:physical|occupational) therapy)\b[^\n]{0,60}(?<!referral)\n"
    r"|\s*[^\n]{0,30}\b((?-i:PT))\b[^\n]{0,20}\b(?:note|report|progress|daily|discharge|recertification)\b"
    r"|\s*[^\n]{0,30}\b(progress (?:note|report))\b[^\n]{0,10}\bvisits? ?(?:no\.?|#)? ?\d",
    re.IGNORECASE,
)
_HERE_FOR = re.compile(
    r"\b(?:(?:here|presents?|returns?) (?:today )?for|encounter for|visit for|scheduled for)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:today|performed|was (?:placed|injected|advanced|given|administered)|were (?:injected|performed)|injected|"
    r"administered|tolerated|proceed)\b",
    re.IGNORECASE,
)
_TARGETED = re.compile(
    r"epidural steroid|epidural injection|esi\b|block|ablation|rhizotomy|radiofrequency|\brf|trigger|\btp|facet"
    r"|sacroiliac|\bsij?\b|medial branch|mbb|pump|botox|steroid|cortisone|transforaminal|caudal|discogra"
    r"|spinal cord stim",
    re.IGNORECASE,
)
_REFERRED = re.compile(r"\b(?:refer|consult|consider|recommend|may need|would need|discuss)\w*\b", re.IGNORECASE)
_PAIN_CLINIC = re.compile(
    r"\b(?:interventional )?pain (?:clinic|center|centre|medicine|management|consult|follow)"
    r"|\bopioid (?:medication )?(?:management|follow)|\bmedication management\b",
    re.IGNORECASE,
)
_MANAGED = re.compile(
    r"\b(?:refill\w*|renew\w*|titrat\w*|PDMP|UDS|urine drug|opioid (?:agreement|contract)|reprogram\w*"
    r"|prescription monitoring|(?:increas|decreas|continu|start)\w* (?:oxycodone|hydrocodone|morphine|methadone"
    r"|buprenorphine|tapentadol|fentanyl|MS Contin|OxyContin|Percocet|Norco|tramadol"
    r"|gabapentin|pregabalin|duloxetine|opioid))",
    re.IGNORECASE,
)
_INTERVENTIONS = {"injection", "block", "ablation", "pump"}
_TITLE = 250
"""Code points in which a note says what kind of visit it is."""
_TOLD_BEFORE = {"history of present illness", "subjective", "referral", "hospital course", "none", "other"}


def purpose_of(
    note: Note,
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    masked: str,
) -> tuple[str, tuple[Evidence, ...]]:
    """The caller's word, else what the note performs or says of itself; with the words that say so."""
    if note.purpose:
        return note.purpose, ()
    current = [
        m for m in mentions
        if m.context is Context.PRESENT and m.section not in BACKGROUND | STUDIES | TAUGHT
    ]  # fmt: skip
    for m in current:
        sentence = sentences[m.sentence]
        line = masked[sentence.start : sentence.end]
        here_for_it = m.get("purpose") == "pain management" and not _REFERRED.search(line)
        if here_for_it or _treats_today(m, line, mentions):
            return "pain-management", (Evidence("purpose", m.span),)
    clinic = _PAIN_CLINIC.search(masked, 0, _TITLE)
    if clinic and _MANAGED.search(masked):
        return "pain-management", (Evidence("purpose", Span(clinic.start(), clinic.end(), clinic[0])),)
    for m in current:
        ordered = m.section in {"plan", "assessment", "assessment and plan", "impression"}  # "PT eval and treat"
        if m.get("purpose") == "independent examination" or (m.get("purpose") == "therapy" and not ordered):
            return "therapy", (Evidence("purpose", m.span),)
    title = _THERAPY_TITLE.match(masked)
    if title:
        group = title.lastindex or 0
        return "therapy", (Evidence("purpose", Span(title.start(group), title.end(group), title[group])),)
    for section in sections:
        if section.heading and (_EXAMINER.search(section.heading.text) or _THERAPY_NOTE.search(section.heading.text)):
            return "therapy", (Evidence("purpose", section.heading),)
    return "evaluation", ()


def _treats_today(m: Mention, line: str, mentions: Sequence[Mention]) -> bool:
    """Is a treatment of spinal pain performed at this encounter, not told of the past nor merely planned?"""
    if m.get("procedure") == "medication management":
        return m.section in {"assessment", "plan", "assessment and plan", "impression"} and "refill" not in line.lower()
    if m.get("procedure") not in _INTERVENTIONS:
        return False
    if not _spine_in_line(m, mentions) and (_elsewhere_in_line(m, mentions) or not _TARGETED.search(m.span.text)):
        return False
    if m.section in {"procedure", "postoperative diagnosis"}:
        return True
    if _HERE_FOR.search(line):
        return True
    return bool(_DONE.search(line)) and (m.section not in _TOLD_BEFORE or "today" in line.lower())


def _elsewhere_in_line(m: Mention, mentions: Sequence[Mention]) -> bool:
    return any(o.sentence == m.sentence and o.get("region") in NOT_SPINE for o in mentions)


def _spine_in_line(m: Mention, mentions: Sequence[Mention]) -> bool:
    here = [o for o in mentions if o.sentence == m.sentence]
    return any(o.get("level") or (o.get("region") or "arm") not in NOT_SPINE for o in here)
