"""An operative report that ends with a symptom: the disease the surgeon says was operated on (policy section 1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.counting import DISC, SPONDYLOSIS
from nlp_coder.assemble.told import problem_starts, sentence_at
from nlp_coder.types import Context, Fact, Reading, Sentence

_SYMPTOMS = {"pain", "muscle spasm", "sciatica", "unplaced pain"}
_DISEASES = {*DISC, *SPONDYLOSIS, "stenosis", "foraminal stenosis", "spondylolisthesis", "nerve root compression"}
_SURGERY = re.compile(
    r"\b\w*(?:discectomy|laminectomy|laminotomy|foraminotomy|corpectomy|decompression|fusion|arthrodesis|kyphoplasty"
    r"|vertebroplasty)\b",
    re.IGNORECASE,
)
_STUDY = re.compile(r"\b(?:MRI|MR|CT|x-?rays?|scans?|films?|myelogram|imaging)\b", re.IGNORECASE)
_FROM = re.compile(r"\b(?:secondary to|due to|d/t|2/2|caused by|from|because of)\b", re.IGNORECASE)
_DONE = {"procedure", "findings", "technique", "other", "none"}
"""Sections of an operative report that tell what was found and done; an unknown heading is one of them."""


def operated_on(facts: Sequence[Fact], reading: Reading, sentences: Sequence[Sentence], masked: str) -> list[Fact]:
    """The facts; where the report's diagnoses are symptoms only, the diseases operated on count as assessed."""
    stated = [f for f in facts if f.standing == "assessed" and f.context is Context.PRESENT]
    if reading.kind != "operative report" or not stated or any(f.problem not in _SYMPTOMS for f in stated):
        return list(facts)
    surgery = bool(_SURGERY.search(masked))
    return [
        replace(f, standing="assessed")
        if f.problem in _DISEASES and f.context is Context.PRESENT and _named(f, sentences, masked, surgery)
        else f
        for f in facts
    ]


def _named(fact: Fact, sentences: Sequence[Sentence], masked: str, surgery: bool) -> bool:
    """Does the surgeon name it as what he found at surgery, or as what the pain comes from?"""
    for start in problem_starts(fact):
        number = sentence_at(start, sentences)
        if number is None:
            continue
        sentence = sentences[number]
        before = masked[sentence.start : start]
        if _STUDY.search(before):
            continue
        if _FROM.search(before) or (surgery and sentence.section.name in _DONE):
            return True
    return False
