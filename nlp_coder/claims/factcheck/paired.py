"""Sentences that say two codes exclude each other, or may stand together."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.spoken import Said, Sentence
from nlp_coder.claims.factcheck.tokens import Token

_APART = re.compile(
    r"excludes ?1(?! notes)|mutually exclusive|exclude each other"
    r"|(?:can(?:no|['’])t|cannot|must not|may not|should not|never|do not|don['’]t)\b.{0,60}?"
    r"\b(?:together|same claim|alongside|beside|simultaneously|with|same encounter|same time)\b"
    r"|(?:pair|report|cod|bill)(?:ed|ing)\b.*\b(?:with|alongside|beside)\b.*\b(?:denial|denied|violat\w+)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"excludes ?2|\bno excludes ?1\b|(?:may|can) (?:both )?be (?:billed|reported|coded|used)"
    r" (?:together|with|alongside|beside)|dual coding is allowed"
    r"|\b(?:may|can) both be (?:billed|reported|coded)\b"
    r"|\b(?:may|can) (?:bill|code|report|use|pair)\b.*\b(?:together|with|alongside|beside)\b"
    r"|\b(?:safe|allowed|fine|okay|possible|acceptable) to (?:bill|code|report|use)",
    re.IGNORECASE,
)
_USE_WHEN = re.compile(r"do not use|don['’]t use", re.IGNORECASE)
_JOINED = re.compile(
    r"\b(?:alongside|beside|against|together with|paired with|relationship with|excludes ?[12] with)\b", re.I
)
_WITH = re.compile(r"^\s*(?:\([^)]*\)\s*)?with\b", re.IGNORECASE)


def pairs(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """The pairs a sentence speaks of, each with the table's answer; questions count by the answer that follows."""
    found = [token for token in sentence.tokens if not token.icd9]
    barred = _barred(sentence)
    if len(found) > 2:
        found = [token for token in found if token.family or len(token.code) > len("M54")]
    if barred is None or len(found) < 2:
        return
    left, right = _sides(sentence.text, found)
    for a in left:
        for b in right:
            if a.stems != b.stems:
                yield "pair", b, (a, b), told.pair(a, b, day, barred=barred)


def _barred(sentence: Sentence) -> bool | None:
    """True: the codes exclude each other; False: they may stand together; None: nothing of that is said."""
    text = sentence.text
    if text.rstrip().endswith("?"):
        together = re.search(r"\btogether\b|same claim", text)
        return {"no": True, "yes": False}.get(sentence.answer) if together else None
    if re.search(r"excludes ?2|\bno excludes ?1", text, re.IGNORECASE):
        return False
    if _APART.search(text):
        return True
    return False if _BESIDE.search(text) else None


def _sides(text: str, found: list[Token]) -> tuple[list[Token], list[Token]]:
    """What stands on each side of ``with`` or ``alongside``; without such a word the first against the rest."""
    for place, token in enumerate(found[:-1]):
        between = text[token.end : found[place + 1].start]
        if not _USE_WHEN.search(text) and (_WITH.match(text[token.end :]) or _JOINED.search(between)):
            return found[: place + 1], found[place + 1 :]
    return found[:1], found[1:]
