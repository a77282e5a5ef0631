"""Sentences that say two codes exclude each other, or may stand together."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.disowned import DISOWNED
from nlp_coder.claims.factcheck.polarity import loosely, marked, turned, wondered
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.tokens import Token

_APART = re.compile(
    r"\b[A-Z]\d\S* excludes? (?=[A-Z]\d)|\bconflicts? with\b|\bclash(?:es)? with\b|\bincompatible\b"
    r"|\bis (?:not|never) (?:acceptable|allowed|permitted|ok|fine)\b"
    r"|excludes ?1(?! notes)|mutually exclusive|exclude each other"
    r"|(?:can(?:no|['’])t|cannot|must not|may not|should not|never|do not|don['’]t)\b.{0,60}?"
    r"\b(?:together|same claim|alongside|beside|simultaneously|same encounter|same time"
    r"|with each other|with(?= (?:\w+ ){0,3}[\W]?[A-Z]\d| (?:an?|the) \w+ \())\b"
    r"|(?:pair|report|cod|bill)(?:ed|ing)\b.*\b(?:with|alongside|beside)\b.*\b(?:denial|denied|violat\w+)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"excludes ?2|\bno excludes ?1|dual coding is allowed"
    r"|\b(?:may|can|could|fine|ok(?:ay)?|safe|allowed|permitted|possible|acceptable|free|legitimate)\b(?:[^.;]|\.\d)*"
    r"\b(?:bill|cod|report|us|submit|list|add|combin|pair|go|stand|appear|coexist|put)\w*\b(?:[^.;]|\.\d)*"
    r"\b(?:together|with|along|alongside|beside|side by side|next to|same (?:claim|visit|encounter|day)|one claim"
    r"|both)\b"
    r"|\b(?:plus|\+|with|beside) [A-Z]\d\S+ (?:is|are)"
    r" (?:acceptable|fine|ok(?:ay)?|allowed|permitted|legal|a (?:good|valid) pair)\b"
    r"|\b(?:bill|code|report|list|use|submit|assign) (?:them )?both\b"
    r"|\b(?:may|can) both be (?:billed|reported|coded)\b|\b(?:may|can) be (?:combined|paired)\b",
    re.IGNORECASE,
)
_HEADS_APART = re.compile(
    r"\b(?:never|not|don['’]t|cannot|can['’]t|no)\b.*"
    r"\b(?:together|one claim|same claim|same visit|combine[ds]?|pair(?:ed|s)?|mix(?:ed)?|both)\b"
    r"|\b(?:conflicting|incompatible|forbidden|prohibited|illegal|bad) (?:pairs?|combinations?|codes?)?\b"
    r"|^\W*conflicts?\b|excludes ?1|mutually exclusive|choose one|either[ /-]or",
    re.IGNORECASE,
)
_HEADS_BESIDE = re.compile(
    r"\b(?:fine|ok(?:ay)?|allowed|safe|permitted|good|legal|may go|can go|go(?:es)?|bill|code|report|both)\b.*"
    r"\b(?:together|combinations?|pairs?|same claim|one claim|both)\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*(?:x|×|✕|\+|&|/|vs\.?|v\.|with|and|plus|<->|↔|⇄|—|–|-|,|;|\|)\s*", re.IGNORECASE)
_VERB = re.compile(r"\b(?:excludes?|conflicts?|clash(?:es)?|bars?|blocks?|forbids?)\b", re.IGNORECASE)
_LABEL = 6  # words of ``OK to pair:``
_APART_IF = re.compile(r"\bunrelated\b|\bdifferent\b|\bseparate\b|\bdistinct\b|\bexcept|\bunless\b|\bindependent", re.I)
_REPORTED = re.compile(
    r"\b(?:reported|coded|billed|listed|written|submitted"
    r"|(?:we|you|they|please|then|to|and|[:,;]) ?(?:report|code|bill|list|use))\b"
    r"(?: as| with| it as| both)?(?: codes?)? $",
    re.IGNORECASE,
)
_NEEDS = re.compile(r"\b(?:needs|gets|takes|requires)(?: both)?(?: codes?)? $", re.IGNORECASE)
_PLUS = re.compile(r"\s*(?:plus|\+|along with|together with|followed by)\s+(?:the |an? |code )*", re.IGNORECASE)
_NO_NOTE = re.compile(
    r"\b(?:no|not an?|in no|never an?|isn['’]t an?|without an?)\b[^.;,]{0,20}excludes ?1", re.IGNORECASE
)
_NOT_EXCLUDED = re.compile(r"\b(?:do|does)(?: not|n['’]t) exclude\b|\bnever excludes?\b", re.IGNORECASE)
_WRONG = re.compile(
    r"\b(?:mistakes?|errors?|wrong|den(?:ied|ials?)|avoid|never|not|violat\w*|audit\w*)\b", re.IGNORECASE
)
_TOGETHER = re.compile(r"[A-Z]\d\S+ (?:and|plus|\+|with) [A-Z]\d\S+ together\W*$")
_NO_MATTER = re.compile(
    r"\bnot (?:because|due|on account)\b|\bno such note\b|\bno note\b|\bneither\b|^\W*no [A-Z]\d", re.IGNORECASE
)
_NOTE = re.compile(r"excludes ?[12]", re.IGNORECASE)
_LIST = re.compile(
    r"\)?[\s,/&]*(?:and|or|nor)?\s*(?:\([^()]*\))?\s*,?\s*(?:and|or|nor)?\s*"
    r"|\),? (?:(?:and|or|nor) )?(?:[a-z-]+ ){1,8}\(",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\b(?:alongside|along with|beside|next to|against|together with|paired with|combined with|in addition to"
    r"|relationship with|excludes ?[12] with)\b",
    re.I,
)
_WITH = re.compile(r"^\s*(?:\([^)]*\)\s*)?with\b", re.IGNORECASE)


def pairs(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """The pairs a sentence speaks of, each with the table's answer; questions count by the answer that follows."""
    if DISOWNED.search(sentence.text):
        return
    for clause in _clauses(sentence):
        yield from _paired(clause, day)


def _clauses(sentence: Sentence) -> Iterator[Sentence]:
    """The parts of a sentence between semicolons, each with its codes; its offsets stay those of the sentence."""
    if ";" not in sentence.text or sentence.text.rstrip().endswith("?"):
        yield sentence
        return
    at = 0
    label = re.match(r"[^;:]{3,40}: ?(?=[A-Z]\d)", sentence.text)
    for part in sentence.text.split(";"):
        if label and at and headed(label[0]) is not None:
            sentence = replace(sentence, heading=label[0])
        mine = tuple(token for token in sentence.tokens if at <= token.start < at + len(part))
        yield replace(sentence, text=" " * at + part, tokens=mine)
        at += len(part) + 1


def _paired(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    found = [token for token in sentence.tokens if not token.icd9]
    label = re.match(r"[^:]{3,40}: ?(?=[A-Z]\d)", sentence.text)
    if label and headed(label[0]) is not None and _coupled(sentence, found):
        yield from _listed(sentence, found, day)
        return
    barred = _barred(sentence)
    if len(found) == 2 and BETWEEN.fullmatch(sentence.text[found[0].end : found[1].start]):
        mark = marked(sentence.after(found[1])) if not re.search(r"\w{2}", sentence.before(found[0])) else None
        barred = barred if mark is None else mark
    if barred is None:
        yield from _listed(sentence, found, day)
        yield from _reported(sentence, found, day)
    if barred is False and _APART_IF.search(sentence.text):
        return
    if barred is None or len(found) < 2:
        return
    left, right = _sides(sentence.text, found)
    for a in left:
        for b in right:
            if not (a.code.startswith(b.code) or b.code.startswith(a.code)):
                yield "pair", b, (a, b), told.pair(a, b, day, barred=barred, billed=not _NOTE.search(sentence.text))


def _listed(sentence: Sentence, found: list[Token], day: datetime.date | None) -> Iterator[Said]:
    """``M54.6 x M54.89`` in a list, under a heading that says what its pairs are."""
    label = sentence.before(found[0]) if found else ""
    own = headed(label) if re.search(r"[:→–—] *$", label) and len(label.split()) <= _LABEL else None
    barred = headed(sentence.heading) if own is None else own
    if barred is None or len(found) < 2 or (own is None and re.search(r"\w", label)):
        return
    if not barred and _APART_IF.search(sentence.text + sentence.heading):
        return
    if couples := _coupled(sentence, found):
        for one, other in couples:
            yield "pair", other, (one, other), told.pair(one, other, day, barred=barred)
        return
    for place, token in enumerate(found[1:], 1):
        if not BETWEEN.fullmatch(sentence.text[found[place - 1].end : token.start]):
            return
        yield (
            "pair",
            token,
            (found[0], token),
            told.pair(found[0], token, day, barred=barred, billed=not _NOTE.search(sentence.heading)),
        )


def _coupled(sentence: Sentence, found: list[Token]) -> list[tuple[Token, Token]]:
    """``A/B, C/D``: the pairs of a list of pairs; none where the codes are not written so."""
    gaps = [sentence.text[one.end : other.start].strip() for one, other in pairwise(found)]
    tight = all(re.fullmatch(r"/|\+|&|x|×|with|and|vs\.?", gap) for gap in gaps[::2])
    loose = all(re.fullmatch(r"[,;]|, and|and", gap) for gap in gaps[1::2])
    return (
        list(zip(found[::2], found[1::2], strict=True))
        if len(found) > 2 and len(found) % 2 == 0 and tight and loose
        else []
    )


def headed(heading: str) -> bool | None:
    """What a heading says of the pairs below it: True, they exclude each other; False, they may stand together."""
    if not heading:
        return None
    if re.search(r"excludes ?2", heading, re.IGNORECASE):
        return False
    if _HEADS_APART.search(heading):
        return True
    return False if _HEADS_BESIDE.search(heading) else None


def _reported(sentence: Sentence, found: list[Token], day: datetime.date | None) -> Iterator[Said]:
    """``… is reported as M54.2 plus the M50 code``: two codes offered for one claim."""
    if re.search(r"\b(?:not|never|wrong\w*|instead|or)\b|n['’]t\b", sentence.text, re.I) or _APART_IF.search(
        sentence.text
    ):
        return
    for a, b in pairwise(found):
        between = sentence.text[a.end : b.start]
        offered = _REPORTED.search(sentence.before(a)) and _PLUS.fullmatch(between)
        if offered or (_NEEDS.search(sentence.before(a)) and between == " and "):
            yield "pair", b, (a, b), told.pair(a, b, day, barred=False, billed=True)


def _barred(sentence: Sentence) -> bool | None:
    """True: the codes exclude each other; False: they may stand together; None: nothing of that is said."""
    text = sentence.text
    if text.rstrip().endswith("?"):
        way = wondered(text)
        return None if way is None or not sentence.answer else (sentence.answer == "no") == way
    if (
        _NO_MATTER.search(text)
        or re.search(r"\b(?:confuse|mix up|mistake|swap)\b", text, re.I)
        or len(_JOINED.findall(text)) > 1
    ):
        return None
    if (
        _NOT_EXCLUDED.search(text)
        or turned(text)
        or re.search(r"excludes ?2", text, re.IGNORECASE)
        or _NO_NOTE.search(text)
    ):
        return False
    if _APART.search(text):
        return True
    beside = _BESIDE.search(text) or (_TOGETHER.search(text) and not _WRONG.search(text + sentence.heading))
    return False if beside else loosely(text)


def _sides(text: str, found: list[Token]) -> tuple[list[Token], list[Token]]:
    """What stands on each side of ``with``, ``alongside`` or ``Excludes1``; without such a word the first and the rest.

    Of each side only the codes listed with the nearest one count: a long sentence speaks of others, too.
    """
    places = range(len(found) - 1)
    split = next((at for at in places if _joined(text, found, at)), None)
    split = next((at for at in places if _noted(text, found, at)), None) if split is None else split
    if split is None and len(found) > 2:
        split = next((at for at in places if _VERB.search(text[found[at].end : found[at + 1].start])), None)
    if split is not None:
        return _run(text, found[split::-1]), _run(text, found[split + 1 :])
    if len(found) > 2:
        found = [token for token in found if token.family or len(token.code) > len("M54")]
    note = _NOTE.search(text, 0, found[0].start) if found else None
    if (
        len(found) > 2
        and note
        and not re.search(r"\b(?:under|at|beneath|below|of|on|for|to) \W*$", text[: found[0].start])
    ):
        return [], []
    return found[:1], _run(text, found[1:])


def _joined(text: str, found: list[Token], place: int) -> bool:
    after, between = text[found[place].end :], text[found[place].end : found[place + 1].start]
    return bool(
        _WITH.match(after) or re.search(rf"(?:{_JOINED.pattern})(?:[^()]{{0,40}}|[^()]{{0,25}}\()$", between, re.I)
    )


def _noted(text: str, found: list[Token], place: int) -> bool:
    return _NOTE.search(text, found[place].end, found[place + 1].start) is not None


def _run(text: str, group: list[Token]) -> list[Token]:
    """The first of a group and those listed with it, in the order of the text."""
    kept = group[:1]
    for token in group[1:]:
        last, first = sorted((kept[-1], token), key=lambda t: t.start)
        if not _LIST.fullmatch(text[last.end : first.start]):
            break
        kept.append(token)
    return sorted(kept, key=lambda t: t.start)
