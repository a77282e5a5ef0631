"""Which pain does the note give to a diagnosis outside the spine: by a sentence, a heading, or another name?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_coder.assemble.counting import counts
from nlp_coder.assemble.sections import ASSESSED, BACKGROUND, PLANNED, TAUGHT
from nlp_coder.assemble.told import mentions_of
from nlp_coder.types import Context, Evidence, Fact, Mention, Reading, Sentence, Span

_TIE = re.compile(
    r"\b(?:due to|from|secondary to|caus(?:e|es|ed|ing)\b|(?:source|origin|reason) (?:of|for)"
    r"|related to|because of|explain\w*|attribut\w*"
    r"|result(?:ing|s)? (?:of|from)"
    r"|in the setting of|responsible for|account\w* for|referred from|part (?:and parcel )?of|go(?:es|ing)? with"
    r"|belongs? to|come(?:s)? (?:of|with)|explanation (?:for|of)"
    r"|(?:feature|symptom|manifestation|expression) of|in the context of|present\w* (?:as|with)|manifest\w* (?:as|with)"
    r"|hence|thus|(?:this|that|which) is why|d/t|b/c of)\b|\b2/2\b|->|\u2192",
    re.IGNORECASE,
)
_AS_FAR = re.compile(
    r"(?:as (?:far as|for|to)|regarding|concerning|with (?:regards?|respect) to|in regards? to"
    r"|in terms of)\b[^,;.]{0,40}$",
    re.IGNORECASE,
)
_IS_THIS = re.compile(
    r"\b(?:due to|d/t|2/2|(?<!separate )(?<!distinct )(?<!different )(?<!apart )from|caused by|explained by"
    r"|accounted for by|because of|secondary to|part (?:and parcel )?of"
    r"|go(?:es)? with|belongs? to|comes? (?:with|of|from)|attribut\w+ to|ascribed to|down to)"
    r"\s+(?:this|that|it|these|the same|the above)\b"
    r"|\b(?:part and parcel|integral|no separate (?:problem|issue|diagnosis)|explained)(?=\s*(?:[.;,]|\Z|by this))",
    re.IGNORECASE,
)
"""Said after the pain: it is given to what the sentence before names."""
_IS = re.compile(
    r"\s*(?:is|was|=|:|(?:turned out|proved|proves|found) to be|in fact)\s*(?:the |an? |his |her )?", re.IGNORECASE
)
_IS_CAUSE = re.compile(
    r"\b(?:is|are)\s+(?:the )?(?:whole |sole |only |full |entire )?(?:explanation|cause|source|reason)\b", re.IGNORECASE
)
_CAUSES = re.compile(
    r"(?:this|that|it|these|which)\b(?: (?:is|alone|fully|also))* ?"
    r"(?:what )?(?:the )?(?:caus(?:e|es|ed)\b|explain|account|source|origin|reason|behind|responsible)",
    re.IGNORECASE,
)
_NO_ILLNESS = re.compile(
    r"\b(?:he|she|they|we|i|you|pt|patient|work\w*|job|desk|chair|bed|mattress|pillow|shoes?|driv\w+|lift\w*|sit\w*"
    r"|stand\w*|sleep\w*|posture|weight|fell|fall|crash|collision|accident|mvc|mva|injury|moved|moving|garden\w*|sport"
    r"|exercis\w+|gym|bag|backpack|breasts?|age|stress|pregnan\w*)\b",
    re.IGNORECASE,
)
"""Words of a mechanism or a story: what the pain is given to is no diagnosis."""
_POINTS_BACK = re.compile(
    r"(?:this|that|it|these|which|the (?:infection|illness|disease|disorder|process|stone|tumou?r|mass|lesion|cyst"
    r"|abscess|rash|virus|aneurysm|clot|condition|syndrome))\b",
    re.IGNORECASE,
)
_PUT = re.compile(r"\b(?:put|attribute|ascribe|lay|credit)\b[^.;]{0,20}\Z", re.IGNORECASE)
_DOWN_TO = re.compile(r"[^.;]{0,20}\bto (?:this|that|it|the same|the above)\b", re.IGNORECASE)
_NEOPLASM = re.compile(r"metasta|cancer|carcinom|tumou?r|malignan|myeloma|lymphoma|neoplas", re.IGNORECASE)
_SPINAL_INFECTION = re.compile(r"osteomyelitis|dis[ck]itis|epidural abscess", re.IGNORECASE)
_SYMPTOMS = {"pain", "coccyx pain", "sacral pain", "sacroiliac pain"}
_OTHERS = {"other diagnosis", "flank pain", "fracture", "compression fracture"}


def explained(
    facts: Sequence[Fact], reading: Reading, mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """The facts, a pain that another diagnosis explains with the words of that diagnosis (slot ``explained by``)."""
    others = [
        m for m in mentions
        if m.get("problem") in _OTHERS and m.context is Context.PRESENT
        and (m.section in ASSESSED | PLANNED or (reading.kind == "fragment" and m.section not in BACKGROUND | TAUGHT))
    ]  # fmt: skip
    facts = [_given_to_unlisted(f, mentions, sentences, masked) if f.problem in _SYMPTOMS else f for f in facts]
    if not others:
        return facts
    suspected = any(
        m.context is Context.UNCERTAIN and m.section in ASSESSED and m.get("problem") not in {None, "pain", *_OTHERS}
        for m in mentions
    )  # a doubted radiculopathy leaves the back pain to be coded, whatever else is found
    return [
        _with_cause(f, others, mentions, sentences, masked, suspected) if f.problem in _SYMPTOMS else f for f in facts
    ]


def _given_to_unlisted(fact: Fact, mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str) -> Fact:
    """The fact, explained by an illness that no word list holds, if the assessment names it and gives it the pain."""
    for m in mentions_of(fact, mentions):
        if m.section not in ASSESSED or m.context is not Context.PRESENT:
            continue
        start, end = _named_before(m, sentences, masked)
        told = max(end + 1, sentences[m.sentence].start)
        named = masked[start:end].strip()
        gives = _CAUSES.match(masked[told : m.span.start].lstrip())
        gives = gives or _IS_THIS.search(masked, m.span.end, sentences[m.sentence].end)
        if not gives or not named or _NO_ILLNESS.search(named) or _of_the_spine(start, end, mentions):
            continue
        begin = masked.index(named, start)
        return replace(
            fact, evidence=(*fact.evidence, Evidence("explained by", Span(begin, begin + len(named), named)))
        )
    return fact


def _named_before(m: Mention, sentences: Sequence[Sentence], masked: str) -> tuple[int, int]:
    """What the sentence names before its last colon or semicolon, else the sentence before of the same section."""
    mine = sentences[m.sentence]
    mark = max(masked.rfind(mark, mine.start, m.span.start) for mark in ":;")
    if mark > 0:
        return mine.start, mark
    before = sentences[m.sentence - 1] if m.sentence else mine
    return (before.start, before.end) if before is not mine and before.section is mine.section else (0, 0)


def _of_the_spine(start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Does a stretch of the note speak of the spine or of a diagnosis the word lists hold?"""
    return any(start <= m.span.start < end and (m.get("problem") or m.get("region")) for m in mentions)


def _with_cause(
    fact: Fact, others: Sequence[Mention], mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str,
    suspected: bool,
) -> Fact:  # fmt: skip
    mine = mentions_of(fact, mentions)
    assessed = [m for m in mine if m.section in ASSESSED and m.context is Context.PRESENT]
    for other in others:
        tied = any(_tied(m, other, sentences, masked) for m in mine)
        judged = other.section in ASSESSED | PLANNED and other.get("problem") != "fracture"
        unnamed = judged and not suspected and counts(fact) and not assessed
        unnamed = unnamed and fact.problem == "pain" and fact.region != "cervical"
        if tied or unnamed:
            if tied and _NEOPLASM.search(other.span.text):  # its pain has a code of its own (I.C.6.b.5)
                return replace(fact, cause="neoplasm", evidence=(*fact.evidence, Evidence("cause", other.span)))
            return replace(fact, evidence=(*fact.evidence, Evidence("explained by", other.span)))
    return fact


def given_back(sentence: Sentence, start: int, end: int, masked: str) -> bool:
    """Does the sentence give the pain told from ``start`` to ``end`` to what was named before it?

    "This is the cause of her back pain", "The back pain comes from this".
    """
    if _POINTS_BACK.match(masked, sentence.start) and _TIE.search(masked, sentence.start, start):
        return True
    if _PUT.search(masked[sentence.start : start]) and _DOWN_TO.match(masked, end, sentence.end):
        return True  # "I put the back pain down to it"
    return bool(_IS_CAUSE.search(masked, sentence.start, start) or _IS_THIS.search(masked, end, sentence.end))


def _tied(pain: Mention, other: Mention, sentences: Sequence[Sentence], masked: str) -> bool:
    """In one sentence with words of cause between them, or the pain told under the diagnosis' own heading."""
    if pain.sentence == other.sentence:
        first, last = sorted((pain, other), key=lambda m: m.span.start)
        if _SPINAL_INFECTION.search(other.span.text):
            return True  # the pain of a spinal infection is integral to it, whatever joins the two
        if first is pain and _AS_FAR.match(masked[sentences[pain.sentence].start : pain.span.start].lstrip()):
            return True  # "As far as the back pain, she has metastases"
        if first is other and masked[other.span.end : pain.span.start] == " ":
            return True  # "it is zoster pain"
        if first is pain and _IS.fullmatch(masked, pain.span.end, other.span.start):
            return True  # "her back pain is zoster"
        if first is pain and _IS_CAUSE.match(masked, last.span.end + 1, sentences[pain.sentence].end):
            return True  # "back pain: an abscess is the cause"
        if first is other and _IS_THIS.search(masked, pain.span.end, sentences[pain.sentence].end):
            return True  # "pseudocyst: the pain through to the back is from it"
        return bool(_TIE.search(masked, first.span.end, last.span.start))
    mine, theirs = sentences[pain.sentence], sentences[other.sentence]
    follows = pain.sentence == other.sentence + 1 and mine.section is theirs.section
    if follows and given_back(mine, pain.span.start, pain.span.end, masked):
        return True
    same_item = mine.section is theirs.section and mine.item == theirs.item and mine.item > 0
    return same_item and other.sentence < pain.sentence
