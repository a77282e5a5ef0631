"""Sentences that claim something of codes: what each pattern of speech claims, and the table's answer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.dates import dated
from nlp_coder.claims.factcheck.form import named_sides, shapes, sides
from nlp_coder.claims.factcheck.guided import guided
from nlp_coder.claims.factcheck.names import DENIED, names, title, words
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import NOTHING_SAID, OPEN_KIND, absent, exists, named, without_region
from nlp_coder.claims.factcheck.tokens import Token, tokens

_NAMED_SO = re.compile(
    r"^[\s,]*(?:is|=)? ?(?:the |a |an )?(?:[a-z-]+ )?(?:icd-10(?:-cm)? )?(?:diagnosis )?code"
    r" (?:exclusively )?(?:for|of) ",
    re.I,
)
_COVERS = re.compile(
    r"^ (?:covers?|captures|handles|serves|describes|denotes|represents|identifies|reports|signifies|stands for"
    r"|applies to|refers to|is for|are for|for"
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
_VALID = re.compile(
    r"^ (?:is|are|remains?)(?P<not> not| no longer)?(?: still)? (?:valid|active|in force)\b(?! since| from)"
    r"(?: (?:in|for) (?P<year>20\d\d))?",
    re.I,
)
_IS = re.compile(r"\bcodes? for (?P<what>[^.;:]{3,90}?) (?:is|are) $", re.I)
_USE = re.compile(
    r"\b(?:codes?|maps?|goes|coded) (?:to|as) $|\b(?:use|assign|report|look at)(?: code)? $|\bcode\b.*\b(?:is|are) $",
    re.I,
)
_NOT = re.compile(r"\b(?:not|n't|never|avoid|without|instead of|no longer|retired|deleted|old)\b", re.I)
_OFTEN = re.compile(r"\b(?:most|more) (?:common|frequent)", re.IGNORECASE)  # how often is no matter of the table
_HEADING = re.compile(
    r"categor|header|parent|block|chapter|famil|subcategor|retired|\bwas\b|until|before|range|incomplete|legacy", re.I
)
_CUT = re.compile(
    r"[,;:.()\[\]—–]|\b(?:for|is|are|like|as|from|by|when|if|between|than|under|or|use|the|an?|to|that)\b", re.I
)
_STOP = re.compile(r"[,;:.()—–]|\band [A-Z]\d|\bor [A-Z]\d|\bwhen\b|\bif\b", re.I)
_PAREN = re.compile(r"^ ?\(([^()]{3,90})\)")
_LISTED = re.compile(r"^[\s•*\-]*(?:[\w -]{2,30}: )?$")
_SEPARATED = re.compile(r"^ ?(?P<sign>—|–|:|-|=|\.{3,}|(?:-|=)>|→|⇒|➔|➜) *(?P<name>[A-Za-z“\"][^(\n]{2,120})")
_OFFERING = frozenset("—–:-")  # a dash or a colon lists a code for use, an arrow or = only tells of it
_GONE = re.compile(
    r"\b(?:retired|deleted|invalid|dead|old|former|obsolete|discontinued|non-?billable|not billable|headers?|expired"
    r"|no longer)\b",
    re.I,
)
"""Headings of lists of codes that cannot be billed."""
_NO_NAME = re.compile(
    rf"^(?:add|append|finish|ends?|use|see|bill|report|takes?|needs?|requires?|valid|first|since|new|never|do not|don"
    rf"|was|is|are|replaced|retired|deleted|non-?billable|not|no longer|billable|split|became|excludes|header|only)\b"
    rf"|\bcharacters?\b|\b(?:4th|fourth|5th|fifth|6th|sixth|7th|seventh)\b|{told.DATE.pattern}",
    re.I,
)
"""What follows a code and a dash, and is no name of it: an order, a day, a length."""
_BILLABLE = re.compile(
    r"^[^.;]{0,12}? ?(?:is|are|remains)(?: \w+ly)?(?P<not> not| NOT| no longer| n't)?(?: also| still)?(?: an?)?"
    r"(?: \w+ly)? (?:billable|header|(?:accepted|fine|acceptable|good|valid|okay|ok) (?:as (?:it stands|is|printed"
    r"|written)|by itself|on its own|without (?:a |any )?further))(?P<yes>)",
    re.I,
)
_CAN = re.compile(
    r"^ (?:can|may)(?P<not>not| not|['’]t)?(?: still)? be (?:billed|reported|submitted|used)"
    r"(?= ?(?:[.;,!]|$)| on a claim| as (?:it stands|is|written)| by itself| on its own| alone)",
    re.I,
)
_ACTIVE = re.compile(r"\bactive in (?:the )?FY ?(20\d\d)", re.I)
_DATED = re.compile(r"\bsince\b|\bfrom\b|\bthrough\b|\bon or after\b", re.I)
_WANTS = re.compile(r"^ (?:requires?|needs?) (?!an? (?:7th|sixth|fifth|[ADS]\b)|[ADS]\b|the (?:7th|seventh))", re.I)
_BARRED = re.compile(
    r"\b(?:may|can|must|should|do)(?: ?not|n['’]t) (?:be )?(?:assign|use|report|cod|bill|pick|choose)\w*\b"
    r".*\b(?:until|unless|without|before)\b",
    re.I,
)
_PAYS = re.compile(r"\b(?:payers?|medicare|cms only|ncd|lcd|coverage|reimburse\w*|den(?:y|ies|ied|ials?))\b", re.I)


def claims(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """Every claim of a sentence, by each way of speaking."""
    if sentence.text.rstrip().endswith("?"):
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


def _listed(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``• M54.2 — Cervicalgia``: a list gives the title and offers the code for use."""
    separated = _SEPARATED.match(sentence.after(token))
    if not _LISTED.fullmatch(sentence.before(token)) or not separated or tokens(separated["name"][:9]):
        return
    name = re.split(r"\.\s|;|, for |, use ", separated["name"])[0]
    if _NO_NAME.search(name):
        return
    yield "title", token, (token,), named(name, token, day, slot=True)
    offered = separated["sign"] in _OFFERING and not _HEADING.search(sentence.text)
    if offered and not token.icd9 and not token.family and title(token.code):
        claimed = not _GONE.search(sentence.heading)
        answer = told.billable(token, day, claimed=claimed)
        if answer[0] == "contradicted":
            yield "billable", token, (token,), answer


def _headed(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.50 Low back pain, unspecified …``: a line that goes on with the title."""
    own = title(token.code)
    if own and not token.family and sentence.after(token).strip().casefold().startswith(own.casefold()):
        yield "title", token, (token,), ("supported", f"{token.code} {own}", "tabular")


def _paren(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.50 (low back pain, unspecified)``."""
    match = _PAREN.match(sentence.after(token))
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
    elif (match := _REVERSED.match(clause)) and re.match(r"\W*$|\s*[(,;]", sentence.after(token)):
        phrase, naming = match["name"], True
    elif match := _IS.search(before) or _FOR.match(clause) or _BARE.match(clause):
        phrase = re.sub(r"\bicd-10\S*", "", match["what"])
    elif _apposed(sentence.after(token), token):
        phrase, naming = re.split(r"[.;(]", sentence.after(token)[2:])[0], True
    if phrase.strip() and not _NEVER.search(OPEN_KIND.sub(" ", phrase)) and not tokens(phrase):
        answer = named(phrase, token, day, naming=naming)
        if naming or answer[0] != "not checkable":
            yield "title", token, (token,), answer


def _apposed(after: str, token: Token) -> bool:
    """Whether a comma and a name of the code's own words follow: ``M54.6, Pain in thoracic spine``."""
    match = re.match(r", ([A-Za-z-]+)", after)
    return bool(match and any(words(match[1]) & words(name) for name in names(token.code)))


def _used(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``the code is M48.06``, ``goes to O99.89``: a header offered for use."""
    before = sentence.before(token)
    if token.family or token.icd9 or not _USE.search(before) or _NOT.search(before[-25:]):
        return
    if _HEADING.search(sentence.after(token)[:40]) or not title(token.code):
        return
    answer = told.billable(token, day, claimed=True)
    if answer[0] == "contradicted":
        yield "billable", token, (token,), answer


def _billable(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.9 is a billable code``, ``M54 by itself is not billable``."""
    match = _BILLABLE.match(sentence.predicate(token))
    if match:
        header = match[0].casefold().endswith("header")
        claimed = (match["not"] is None) != header
        yield "billable", token, (token,), told.billable(token, day, claimed=claimed)
    elif (match := _VALID.match(sentence.predicate(token))) and not _DATED.search(sentence.predicate(token)):
        when = datetime.date(int(match["year"]), 7, 1) if match["year"] else day
        yield "validity", token, (token,), told.billable(token, when, claimed=match["not"] is None)
    if match := _CAN.match(sentence.predicate(token)):
        yield "billable", token, (token,), told.billable(token, day, claimed=match["not"] is None)
    if match := _ACTIVE.search(sentence.after(token)[:60]):
        yield "validity", token, (token,), told.billable(token, told.day_in(f"FY{match[1]}"), claimed=True)


def _wanted(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.51 requires MRI evidence``: documentation or coverage, of which no code table speaks."""
    if _WANTS.match(sentence.predicate(token)) or (len(sentence.tokens) == 1 and _BARRED.search(sentence.text)):
        why = "what must be documented is no matter of the table; the provider's statement suffices for the code"
        yield "title", token, (token,), ("not checkable", why, "guideline I.A.19")


_WAYS: tuple[Callable[[Sentence, Token, datetime.date | None], Iterator[Said]], ...] = (
    _listed, _headed, _paren, _in_paren, _told, _used, _billable, dated, sides, _wanted,
)  # fmt: skip
