"""A candidate code and the note around it → readable numbers, each with the words that explain it to a person."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nlp_coder.types import Alert, Candidate, Context, Evidence, Fact, Reading, Sentence, SetAside

Features = Mapping[str, float]
"""Feature name → number; what is missing is 0."""

_FAMILIES = {
    "pain of the spine": ("M54.2", "M54.5", "M54.6", "M54.8", "M54.9"),
    "sciatica or radiculopathy": ("M54.1", "M54.3", "M54.4"),
    "panniculitis": ("M54.0",),
    "a disc": ("M50", "M51"),
    "spondylosis or stenosis": ("M47", "M48.0", "M99", "M43"),
    "an injury or collapsed vertebra": ("S", "M48.5", "M80"),
    "chronic pain": ("G89", "F45"),
    "a pregnancy": ("O", "Z3A"),
}
_CALLED = {
    "standing assessed": "the assessment states it",
    "standing planned": "the plan names it",
    "standing complaint": "it is the complaint",
    "standing presenting": "only the history tells it",
    "standing finding": "only a study shows it",
    "standing sign": "only the examination shows it",
    "standing background": "it stands in the past history",
    "standing education": "it stands in instructions",
    "kind clinic": "the note has an assessment",
    "kind fragment": "the note has no assessment",
    "kind imaging report": "the note is a study's report",
    "kind operative report": "the note is an operative report",
    "set aside": "a guideline turned it down",
    "hedged": "the note hedges it",
    "denied": "the note denies it",
    "past": "it is told as past",
    "authority index": "the index leads to it",
    "authority guideline": "a guideline gives it",
    "authority article": "an article gives it",
    "authority house": "a house rule gives it",
    "to confirm": "the rules ask to confirm it",
    "unspecified": "the note leaves open what a more exact code needs",
    "contradiction": "the note contradicts itself",
    "also denied": "the same problem is denied elsewhere",
    "also hedged": "the same problem is hedged elsewhere",
    "listed alone": "the assessment lists it by itself",
    "listed with others": "the assessment lists it under another",
    "outweighed": "other codes rest on weightier parts of the note",
    "only told": "it rests on the history of a note without an assessment",
    "denial near": "a word of denial stands wherever it is said",
    "doubt near": "a word of doubt stands wherever it is said",
    "past near": "a word of the past stands wherever it is said",
    "another near": "another person or record is named wherever it is said",
    "condition near": "a condition or a warning stands wherever it is said",
    "not the only one": "another problem of the spine is assessed",
    "words borrowed": "its side, region or level is said in another sentence",
    "several places": "the same problem is told of several places",
    "said once": "the note says it once",
}
_GRADED = {
    "times said": ("the note says it often", "the note says it seldom"),
    "words around": ("it is said in long sentences", "it is said in short sentences"),
    "far apart": ("its words stand far apart", "its words stand together"),
    "first said": ("it is first said late in the note", "it is said early in the note"),
    "last said": ("it is said near the end of the note", "it is said only early in the note"),
    "length of note": ("the note is long", "the note is short"),
    "codes beside": ("many codes stand beside it", "few codes stand beside it"),
    "same problem beside": ("the same problem is told in several ways", "the problem is told in one way"),
    "other levels": ("the same problem is coded at other levels too", "the problem is coded at one level"),
    "denied beside": ("much else is denied", "little else is denied"),
}
"""Graded features in words: above and below what is usual."""
NAMES = (*_CALLED, *_GRADED, *(f"about {family}" for family in _FAMILIES))
"""All features, in the order in which a model has their weights."""
_NEAR = {
    "denial near": (
        r"\b(?:no|not|never|without|w/o|den(?:y|ies|ied|ying)|neg(?:ative)?|neither|nor|none|nothing|absent|free|ruled"
        r"|excluded?|cannot|unlikely|hardly|except|than|rather|instead)\b|n't\b|\(-\)"
    ),
    "doubt near": (
        r"[?\"]|\b(?:possibl[ey]|probabl[ey]|likely|may|might|could|suspect\w*|question\w*|whether|thinks?|thought"
        r"|believe[sd]?|versus|vs|seems?|appears?|told|according|feels|maybe|perhaps|concern\w*|consider\w*|wonder\w*"
        r"|asks?|asked|unclear|label\w*|calls|called)\b"
    ),
    "past near": (
        r"\b(?:ago|was|were|had|previous\w*|prior|earlier|old|history|hx|h/o|resolved|(?:19|20)\d\d|healed|since|last"
        r"|past|former\w*|used to|remote|childhood|settled|cleared|gone|then|s/p|after|when)\b"
    ),
    "another near": (
        r"\b(?:mother|father|sister|brother|husband|wife|son|daughter|mom|dad|aunt|uncle|family|friend|neighbou?r"
        r"|partner|parents?|grand\w+|cousin|dr|doctor|physician|chiropractor|surgeon|clinic|outside|records?|form|list"
        r"|report\w*|chart|insur\w*|claim\w*|referr\w+|provider)\b"
    ),
    "condition near": (
        r"\b(?:if|unless|should|warn\w*|return|risks?|would|avoid\w*|call|precaution\w*|in case|prevent\w*|educat\w*"
        r"|handout|instruct\w*|explain\w*|discuss\w*|come|go to|er|signs? of|watch|told)\b"
    ),
}
"""Words that often mean that a problem is not this patient's now, even where no cue of ours says so."""
_WORDS_NEAR = {name: re.compile(words, re.IGNORECASE) for name, words in _NEAR.items()}
_NO_PROBLEM = {"other diagnosis", "fracture", "flank pain", "osteoporosis"}
_WEIGHT = {"assessed": 3, "planned": 2, "complaint": 2, "presenting": 1}


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision is about: a note's candidates, those turned down, its facts, reading and sentences."""

    reading: Reading
    facts: tuple[Fact, ...]
    candidates: tuple[Candidate, ...]
    set_aside: tuple[SetAside, ...]
    alerts: tuple[Alert, ...]
    text: str
    sentences: tuple[Sentence, ...] = ()

    @property
    def length(self) -> int:
        """Of the note, in code points."""
        return len(self.text)

    def sentences_at(self, places: Collection[int]) -> list[str]:
        """The sentences that hold some places of the note, in words and in order."""
        before = [(place, bisect_right(self.sentences, place, key=lambda s: s.start) - 1) for place in places]
        inside = {number for place, number in before if number >= 0 and place < self.sentences[number].end}
        return [self.text[s.start : s.end] for s in map(self.sentences.__getitem__, sorted(inside))]


def called(name: str, value: float, usual: float) -> str:
    """A feature in plain words; empty where it says nothing: a thing that is not so."""
    if name in _GRADED:
        return _GRADED[name][value < usual]
    return (_CALLED.get(name) or f"it is a code {name}") if value else ""


def features(item: Candidate | SetAside, case: Case) -> Features:
    """The features of a candidate, or of one that a guideline turned down."""
    fact = item.fact
    found: dict[str, float] = {
        **_of_evidence(item.evidence, case.length),
        **_of_sentences(item.evidence, case),
        "set aside": float(isinstance(item, SetAside)),
        "length of note": math.log1p(case.length / 500),
        f"kind {case.reading.kind}": 1.0,
        "codes beside": math.log1p(len({c.code for c in case.candidates} - {item.code})),
        "contradiction": float(bool(case.alerts)),
    }
    family = next((name for name, starts in _FAMILIES.items() if item.code.startswith(starts)), "")
    if family:
        found[f"about {family}"] = 1.0
    if isinstance(item, Candidate):
        found[f"authority {item.authority.value}"] = 1.0
        found["to confirm"] = float(bool(item.confirm))
        found["unspecified"] = float(bool(item.absent))
    if fact is not None:
        found |= _of_fact(fact, case)
    return {name: found.get(name, 0.0) for name in NAMES}


def _of_fact(fact: Fact, case: Case) -> dict[str, float]:
    same = [f for f in case.facts if f is not fact and f.problem == fact.problem]
    best = max((_WEIGHT.get(c.fact.standing, 0) for c in case.candidates), default=0)
    return {
        f"standing {fact.standing}": 1.0,
        f"listed {fact.listed}": 1.0,
        "hedged": float(fact.context is Context.UNCERTAIN),
        "denied": float(fact.context is Context.NEGATED),
        "past": float(fact.context in {Context.HISTORICAL, Context.FAMILY, Context.HYPOTHETICAL}),
        "times said": math.log1p(sum(e.slot == "problem" for e in fact.evidence)),
        "same problem beside": math.log1p(len(same)),
        "also denied": float(any(f.context is Context.NEGATED for f in same)),
        "also hedged": float(any(f.context is Context.UNCERTAIN for f in same)),
        "outweighed": float(_WEIGHT.get(fact.standing, 0) < best),
        "not the only one": float(any(_is_assessed(f) for f in case.facts if f is not fact)),
        "only told": float(case.reading.kind == "fragment" and fact.standing == "presenting"),
        "other levels": math.log1p(sum(c.fact is not fact and c.fact.problem == fact.problem for c in case.candidates)),
        "several places": float(len({(f.region, f.level) for f in (fact, *same) if f.context is Context.PRESENT}) > 1),
        "said once": float(sum(e.slot == "problem" for e in fact.evidence) == 1),
        "denied beside": math.log1p(sum(s.reason == "negated" for s in case.set_aside)),
    }


def _is_assessed(fact: Fact) -> bool:
    assessed = fact.standing in {"assessed", "planned"} and fact.context is Context.PRESENT
    return assessed and fact.problem not in _NO_PROBLEM


def _of_sentences(evidence: Sequence[Evidence], case: Case) -> dict[str, float]:
    """What stands in every sentence that says the problem, and how long the shortest is."""
    problems = {e.start for e in evidence if e.slot == "problem"} or {e.start for e in evidence}
    said = case.sentences_at(problems)
    if not said:
        return {}
    found = {name: float(all(map(words.search, said))) for name, words in _WORDS_NEAR.items()}
    return {**found, "words around": math.log1p(min(len(s.split()) for s in said))}


def _of_evidence(evidence: Sequence[Evidence], length: int) -> dict[str, float]:
    if not evidence:
        return {}
    starts = [e.start for e in evidence]
    problems = [e.start for e in evidence if e.slot == "problem"] or starts
    others = [e.start for e in evidence if e.slot != "problem"]
    apart = max((min(abs(place - p) for p in problems) for place in others), default=0)
    return {
        "far apart": math.log1p(apart / 20),
        "words borrowed": float(apart > 150),
        "first said": min(starts) / max(length, 1),
        "last said": max(starts) / max(length, 1),
    }
