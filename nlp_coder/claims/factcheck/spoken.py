"""Sentences that claim something of codes: what each pattern of speech claims, and the table's answer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from nlp_coder.claims.factcheck.billing import asked, billable, used
from nlp_coder.claims.factcheck.dates import dated
from nlp_coder.claims.factcheck.form import named_sides, places, shapes, sides
from nlp_coder.claims.factcheck.guided import guided
from nlp_coder.claims.factcheck.lines import NO_NAME, beside, digits, listed, run_on
from nlp_coder.claims.factcheck.names import DENIED, names, words
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import NOTHING_SAID, OPEN_KIND, absent, exists, named, without_region
from nlp_coder.claims.factcheck.tokens import Token, tokens

_DISOWNED = re.compile(
    r"^\W*(?:myth|false|wrong|incorrect|mistake|error|misconception|fiction|rumou?r|not true|bad|denied)\b"
    r"[^:.]{0,15}[:\-–—]"
    r"|\b(?:it is|it['’]s|is|are) (?:not true|untrue|false|wrong|a (?:myth|mistake|error|misconception))\b"
    r"|\b(?:myth|misconception|rumou?r)s?\b[^.]{0,15} (?:is|that|was|:)|\bcontrary to\b"
    r"|\b(?:incorrectly|wrongly|mistakenly|erroneously|falsely)"
    r" (?:say|call|describe|list|claim|label|show|give|state)\w*\b"
    r"|\b(?:some|many|people|others) (?:\w+ )?(?:say|claim|think|believe|assume)\b"
    r"|\b(?:don['’]t|do not) (?:assume|believe)\b",
    re.I,
)
"""A page that repeats what it calls wrong does not claim it."""
_MYTH = re.compile(r"^(?:common |popular )?(?:myths?|misconceptions?|errors?)\b", re.I)
_NAMED_SO = re.compile(
    r"^[\s,]*(?:is|=)? ?(?:the |a |an )?(?:[a-z-]+ )?(?:icd-10(?:-cm)? )?(?:diagnosis )?code"
    r" (?:exclusively )?(?:for|of) ",
    re.I,
)
_COVERS = re.compile(
    r"^ (?:covers?|captures|handles|serves|describes|denotes|represents|identifies|reports|signifies|stands for"
    r"|applies to|refers to|is for|are for|for"
    r"|(?:may|can|should|must|is to|will) be (?:used|reported|coded|chosen|assigned|billed|picked|selected)"
    r" (?:for|when|if|in)"
    r"|is (?:used|meant|intended|reserved|kept|right|correct|made|the one) (?:in|for)"
    r"|is (?:called|titled|named)|is|=|means|when)(?: the)? ",
    re.I,
)
_FOR = re.compile(
    r"^\W*(?:for|with|(?:when|if) (?:the )?(?:chart|note|provider|record|documentation|patient)s?"
    r" (?:documents?|says|states|shows|writes|has)) (?P<what>[^.;:]{3,90}?),?"
    r" (?:use|report|code|bill|assign|submit|choose)(?: code)? $",
    re.I,
)
_BARE = re.compile(r"^(?P<what>[A-Za-z][^.;:,()]{3,60}) is $")
_SENT = re.compile(
    r"\b(?:(?:codes?|maps?|indexes|goes|go|points|belongs?|falls?|sits?|lives?|files?|lands?)(?: \w+ly| back)?"
    r" (?:to|as|under|in|on)|gets?|takes"
    r"|(?:is|are|must be) (?:coded|reported|billed|described|filed|listed|captured) (?:to|as|with|under|by)) $",
    re.I,
)
_NEVER = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.I)
_REVERSED = re.compile(
    r"^[\s•*\-☐\d.)]*(?P<name>[A-Za-z][^:=—–→>]{2,80}?)(?::| ?=| ?—| ?–| -|\.{3,}| ?(?:-|=|—|–)>| ?→| ?⇒| ?➔| ?➜)"
    r" ?(?:use |code |bill |report )?$"
)
_IS = re.compile(r"\bcodes? for (?P<what>[^.;:]{3,90}?) (?:is|are) $", re.I)
_NOT = re.compile(r"\b(?:not|n't|never|avoid|without|instead of|no longer|retired|deleted|old)\b", re.I)
_OFTEN = re.compile(r"\b(?:most|more) (?:common|frequent)", re.IGNORECASE)  # how often is no matter of the table
_CUT = re.compile(
    r"[,;:.()\[\]—–]|\b(?:for|is|are|like|as|from|by|when|if|between|than|under|or|use|the|an?|to|that)\b", re.I
)
_STOP = re.compile(
    r"[,;:.()—–]|\b(?:while|whereas|but|because|although|unlike|so)\b|\band [A-Z]\d|\bor [A-Z]\d|\bwhen\b|\bif\b", re.I
)
_REMARK = re.compile(
    r":|\b(?:unrelated|different|separate|lists?|see|index|guidelines?|notes?|per|since|from|until|says?|if|when|unless)\b",
    re.I,
)
_PAREN = re.compile(r"^ ?\(([^()]{3,90})\)")
_WANTS = re.compile(
    r"^ (?:requires?|needs?) (?!an? (?:7th|sixth|fifth|[ADS]\b)|[\w ]{0,12}\bcharacter|[ADS]\b|the (?:7th|seventh))",
    re.I,
)
_BARRED = re.compile(
    r"\b(?:may|can|must|should|do)(?: ?not|n['’]t) (?:be )?(?:assign|use|report|cod|bill|pick|choose)\w*\b"
    r".*\b(?:until|unless|without|before)\b",
    re.I,
)
_PAYS = re.compile(r"\b(?:payers?|medicare|cms only|ncd|lcd|coverage|reimburse\w*|den(?:y|ies|ied|ials?))\b", re.I)


def claims(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """Every claim of a sentence, by each way of speaking."""
    if _DISOWNED.search(sentence.text) or _MYTH.search(sentence.heading):
        return
    if sentence.text.rstrip().endswith("?"):
        yield from asked(sentence, day)
        return
    found: list[Said] = []
    for token in sentence.tokens:
        if not token.family and not exists(token, day):
            found.append(("code", token, (token,), absent(token, day)))
            continue
        found += [said for way in _WAYS for said in way(sentence, token, day) if said[3][1] != NOTHING_SAID]
    found += (*shapes(sentence, day), *named_sides(sentence, day))
    if not found and sentence.tokens and _PAYS.search(sentence.text):
        why = "what payers do is no matter of the code table"
        found.append(("coverage", sentence.tokens[0], sentence.tokens, ("not checkable", why, "payer")))
    yield from (*found, *guided(sentence))


def _paren(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.50 (low back pain, unspecified)``."""
    match = _PAREN.match(sentence.after(token))
    if match and (_REMARK.search(match[1]) or _NOT.search(sentence.before(token)[-12:])):
        return
    if match and not _NOT.search(match[1]) and not tokens(match[1]) and "exclude" not in match[1].casefold():
        yield "title", token, (token,), named(match[1], token, day)


def _in_paren(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``lumbar strain (S39.012-)``: one or several codes alone in brackets after a name."""
    before, after = sentence.before(token), sentence.after(token)
    if not before.endswith("(") or ")" not in after:
        return
    inside = token.text + after[: after.index(")")]
    codes = tokens(inside)
    if re.sub(r"[\s,/&]|and|or", "", "".join(re.split("|".join(re.escape(c.text) for c in codes), inside))):
        return
    phrase = _tail(re.sub(r"\bcodes?\s*$", "", before[:-1].strip()))
    if not phrase or _NOT.search(phrase):
        return
    several = replace(token, stems=tuple(s for c in codes for s in c.stems), family=token.family or len(codes) > 1)
    answer = without_region(phrase, several) or named(phrase, several, day)
    yield "title", token, tuple(codes), answer


def _tail(text: str) -> str:
    """The last words of a clause, what it denies left out: what a bracket or a verb after them is about."""
    text = DENIED.sub(" ", text)
    cuts = [match.end() for match in _CUT.finditer(text)]
    return text[cuts[-1] if cuts else 0 :].strip()


def _told(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.31 for left``, ``M54.51 is the code for …``, ``… codes to M53.3``, ``the code for … is M54.2``."""
    before, after = sentence.before(token), sentence.predicate(token)
    if token.icd9 or _NOT.search(re.split(r"[;,:]", before)[-1][-25:]) or _OFTEN.search(before):
        return
    clause = re.split(r";\s*", before)[-1]
    phrase, naming = "", False
    if match := _NAMED_SO.match(after):
        phrase, naming = _STOP.split(after[match.end() :])[0], True
    elif match := _COVERS.match(after):
        phrase = _STOP.split(after[match.end() :])[0]
        phrase = phrase if len(phrase.split()) <= 12 else ""
    elif match := _SENT.search(before):
        phrase = _tail(before[: match.start()].strip())
    elif _apposed(sentence.after(token), token):
        phrase, naming = re.split(r"[.;(]", sentence.after(token)[2:])[0], True
    elif (match := _REVERSED.match(clause)) and re.match(r"\W*$|\s*[(,;]", sentence.after(token)):
        phrase, naming = match["name"], True
    elif match := _IS.search(before) or _FOR.match(clause) or _BARE.match(re.split(r":\s+", clause)[-1]):
        phrase = re.sub(r"\bicd-10\S*", "", match["what"])
    if NO_NAME.search(phrase):
        return
    if phrase.strip() and not _NEVER.search(OPEN_KIND.sub(" ", phrase)) and not tokens(phrase):
        answer = named(phrase, token, day, naming=naming)
        if naming or answer[0] != "not checkable":
            yield "title", token, (token,), answer


def _apposed(after: str, token: Token) -> bool:
    """Whether a comma and a name of the code's own words follow: ``M54.6, Pain in thoracic spine``."""
    match = re.match(r", ([A-Za-z-]+)", after)
    return bool(match and any(words(match[1]) & words(name) for name in names(token.code)))


def _wanted(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.51 requires MRI evidence``: documentation or coverage, of which no code table speaks."""
    if _WANTS.match(sentence.predicate(token)) or (len(sentence.tokens) == 1 and _BARRED.search(sentence.text)):
        why = "what must be documented is no matter of the table; the provider's statement suffices for the code"
        yield "title", token, (token,), ("not checkable", why, "guideline I.A.19")


_WAYS: tuple[Callable[[Sentence, Token, datetime.date | None], Iterator[Said]], ...] = (
    listed, run_on, beside, digits, _paren, _in_paren, _told, used, billable, dated, sides, places, _wanted,
)  # fmt: skip
