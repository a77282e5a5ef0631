"""What stands beside a problem: pain beside a disc or sciatica, the leg's side, Modic changes, a pregnancy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.counting import borrow, counts, merged
from nlp_coder.assemble.places import NOT_SPINE
from nlp_coder.assemble.told import told_in
from nlp_coder.types import NOT_STATED, Context, Evidence, Fact, Mention, Sentence, Span

_TIES = re.compile(
    r"\b(?:concordant|correspond\w*|correlat\w*|due to|d/t|2/2|arising from|arises from|secondary to|attribut\w*"
    r"|caused by|responsible for|explain\w*|account\w* for|source of|originat\w*|generator"
    r"|from these|matching|matches)\b",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"pain[^.;\n]{0,25}\b(?:due to|d/t|2/2|from|secondary to|caused by|related to|because of)\b[^.;\n]{0,40}"
    r"(?:strain|sprain|facet|sacroiliac|\bSI\b|stenosis|fracture|myofasc|spondylolisth)",
    re.IGNORECASE,
)
_ITS_BACK_PAIN = re.compile(
    r"[^.;\n]{0,40}?\b(?:with|causing|and associated|associated with)\s+(?:\w+\s){0,2}?"
    r"(?:axial (?:low(?:er)? )?(?:back )?|(?:low(?:er)? )?back |lumbar |discogenic (?:low(?:er)? )?(?:back )?)pain\b"
    r"(?![^.;\n]*\b(?:legs?|thighs?|radi|sciatica|buttocks?))",
    re.IGNORECASE,
)
"""After a disc degeneration: the back pain that the provider lays to it, and no pain of the leg."""
_SILENT_DISC = re.compile(r"\b(?:asymptomatic|incidental(?:ly)?)\b", re.IGNORECASE)
_SIDES = {
    "r": "right",
    "l": "left",
    "right": "right",
    "rt": "right",
    "rle": "right",
    "left": "left",
    "lt": "left",
    "lle": "left",
}
_LEG = re.compile(
    r"\b(?:legs?|thighs?|calf|calves|foot|feet|buttocks?|lower ext\w*|[rlb]le|toes?|ankle)\b", re.IGNORECASE
)
_NOT_RELATED = re.compile(r"\b(?:not|isn't|nor|never|no)\b(?:\W+\w+){0,6}\W*$", re.IGNORECASE)


def vertebrogenic(
    facts: list[Fact], mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """Modic changes are the pain's own imaging only where a sentence ties the two; else they are kept to ask about."""
    modic = [m for m in mentions if (m.get("imaging") or "").startswith("modic") and m.context is Context.PRESENT]
    if not modic:
        return facts
    found: tuple[Mention, Span] | None = None
    for m in modic:
        sentence = sentences[m.sentence]
        tie = _TIES.search(masked, sentence.start, sentence.end)
        pain = any(
            o.sentence == m.sentence and o.get("problem") == "pain" and o.context is Context.PRESENT for o in mentions
        )
        if tie and pain:
            found = (m, Span(tie.start(), tie.end(), tie[0]))
            break
    out = []
    for fact in facts:
        if fact.problem == "pain" and fact.region == "lumbar" and counts(fact):
            words = tuple(Evidence("imaging", m.span) for m in modic)
            fact = replace(fact, evidence=merged(fact.evidence, words))
            if found:
                words = (Evidence("imaging", found[1]),)
                fact = replace(fact, imaging=found[0].get("imaging") or "", evidence=merged(fact.evidence, words))
        out.append(fact)
    return out


def pain_beside(fact: Fact, facts: Sequence[Fact], masked: str) -> Fact:
    """Low back pain beside sciatica; back and leg pain of the same encounter beside a lumbar disc degeneration."""
    if fact.problem == "sciatica" and counts(fact):
        back = [f for f in facts if f.problem == "pain" and f.region == "lumbar" and counts(f)]
        back += [
            f
            for f in facts
            if f.problem == "pain" and f.region == "lumbar" and f.context is Context.PRESENT and f.standing == "sign"
        ]
        return replace(fact, pain="back", evidence=borrow(fact, back[0], "pain")) if back else fact
    if fact.problem != "disc degeneration" or fact.region not in {"lumbar", "lumbosacral"}:
        return fact
    back = [f for f in facts if f.problem == "pain" and f.region in {"lumbar", NOT_STATED} and counts(f)]
    leg = [f for f in facts if f.problem == "pain" and f.region == "leg" and counts(f)]
    back = [f for f in back if not _given_elsewhere(f, masked)]
    if any(_ITS_BACK_PAIN.match(masked, e.end) for e in fact.evidence if e.slot == "problem"):
        leg = []  # the provider names the pain of this disc
    if any(_SILENT_DISC.search(masked, e.start - 25, e.end + 40) for e in fact.evidence if e.slot == "problem"):
        return fact
    pain = {(True, True): "back and leg", (True, False): "back", (False, True): "leg"}.get((bool(back), bool(leg)))
    if pain is None:
        return fact
    for other in (*back[:1], *leg[:1]):
        fact = replace(fact, evidence=borrow(fact, other, "pain"))
    return replace(fact, pain=pain)


def _given_elsewhere(pain: Fact, masked: str) -> bool:
    """Does the note give this pain to something else (policy section 5: pain not attributed elsewhere)?"""
    starts = [e.start for e in pain.evidence if e.slot == "problem"]
    return any(_ATTRIBUTED.search(masked, max(0, s - 20), s + 110) for s in starts)


def side_of_leg(fact: Fact, facts: Sequence[Fact], mentions: Sequence[Mention]) -> Fact:
    """A sciatica without a side has that of the leg the pain goes to; that of a raised leg needs confirming (house)."""
    if fact.problem not in {"sciatica", "sciatic nerve lesion"} or fact.side != NOT_STATED or not counts(fact):
        return fact
    pains = [f for f in facts if f.problem == "pain" and f.context is Context.PRESENT and f.standing != "background"]
    told = [e for f in pains for e in f.evidence if e.slot == "limb side" and _LEG.search(e.text)]
    told += [e for f in pains if f.region == "leg" for e in f.evidence if e.slot == "side"]
    raised = {m.sentence for m in mentions if m.get("sign") == "slr" and m.context is Context.PRESENT}
    seen = [Evidence("side", m.span) for m in mentions if m.sentence in raised and m.get("side") in {"right", "left"}]
    for words, doubt in ((told, ""), (seen, "the side: it is that of the straight leg raise, the note gives no other")):
        sides = {_SIDES[w] for e in words for w in re.findall(r"[a-z]+", e.text.lower()) if w in _SIDES}
        if len(sides) == 1:
            evidence = merged(fact.evidence, [Evidence("side", e.span) for e in words])
            confirm = (*fact.confirm, doubt) if doubt else fact.confirm
            return replace(fact, side=sides.pop(), evidence=evidence, confirm=confirm)
        if sides:
            return fact
    return fact


_PAST_PREGNANCY = re.compile(
    r"\b(?:when|while|since) (?:she|the patient) (?:was|were)\W*$"
    r"|\b(?:last|previous|prior|first|second|after|before|that|her past|recent) $"
    r"|\b(?:daughter|granddaughter|sister|wife|girlfriend|partner|niece|neighbor|friend|contacts?)\b[^.;]{0,40}$",
    re.IGNORECASE,
)

_ANOTHERS = re.compile(
    r"\W{0,2}(?:of (?:that|the last|the first) (?:one|pregnancy)|DIL\b|daughter|wife|sister|relative|contact"
    r"|wom[ae]n|people|colleague)",
    re.IGNORECASE,
)
"""After the word: another's pregnancy, or an earlier one."""


def pregnancy(facts: list[Fact], mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str) -> list[Fact]:
    """A spine problem of a pregnant patient: a pregnancy fact beside it, ``pregnancy pain`` when said to be related."""

    def before(m: Mention) -> str:
        return masked[sentences[m.sentence].start : m.span.start]

    past = {"past medical history", "family history"}
    said = [m for m in mentions if m.get("pregnancy") and m.context is Context.PRESENT and m.section not in past]
    said = [m for m in said if not _PAST_PREGNANCY.search(before(m)) and not _ANOTHERS.match(masked, m.span.end)]
    spinal = {"pain", "sciatica", "radiculopathy", "sacroiliac pain"}
    pains = [f for f in facts if counts(f) and f.problem in spinal and f.region not in NOT_SPINE]
    if not said or not pains:
        return facts
    told = {number for f in pains for number in told_in(f, sentences)}
    related = [m for m in said if m.get("pregnancy") == "related" and told & {m.sentence, m.sentence - 1}]
    related = [m for m in related if m.span.text[:2].lower() != "un" and not _NOT_RELATED.search(before(m))]
    caused = [e for f in pains if f.cause == "pregnancy" for e in f.evidence if e.slot == "cause"]
    return [_pregnancy_fact(said, pains[0], bool(related or caused), () if related else caused), *facts]


def _pregnancy_fact(said: Sequence[Mention], pain: Fact, tied: bool, caused: Sequence[Evidence]) -> Fact:
    trimesters = [m for m in said if (m.get("pregnancy") or "").startswith("trimester")]
    weeks = next((m for m in said if m.get("weeks")), None)
    evidence = [Evidence("problem", m.span) for m in said]
    evidence += [Evidence("trimester", m.span) for m in trimesters]  # weeks say the trimester too
    evidence += [Evidence("weeks", weeks.span)] if weeks else []
    evidence += [Evidence("pain", e.span) for e in pain.evidence if e.slot == "problem"]
    return Fact(
        problem="pregnancy pain" if tied else "pregnancy",
        trimester=(trimesters[0].get("pregnancy") or "")[-1] if trimesters else NOT_STATED,
        weeks=(weeks.get("weeks") or NOT_STATED) if weeks else NOT_STATED,
        standing="assessed",
        order=-1,
        evidence=merged(evidence, caused),
    )
