"""Sentences that say whether a code can be billed, or offer one for use."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.names import title
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.tokens import Token

_USE = re.compile(
    r"\b(?:codes?|maps?|goes|coded) (?:to|as) $|\b(?:use|assign|report|look at|bill|submit|choose|pick|go with"
    r"|enter)(?: code)? $|\bcode\b.*\b(?:is|are) $",
    re.I,
)
_NOT = re.compile(
    r"n['’]t\b|\b(?:not|never|avoid|without|instead of|no longer|retired|deleted|old|nobody|no one|none)\b", re.I
)
HEADING = re.compile(
    r"categor|header|parent|block|chapter|famil|subcategor|retired|\bwas\b|until|before|range|incomplete|legacy", re.I
)
_BILLABLE = re.compile(
    r"^[^.;]{0,12}? ?(?:is|are|remains|=)(?: \w+ly)?(?P<not> not| NOT| no longer)?(?: also| still| now"
    r"| only)*(?: an?)?"
    r"(?: \w+ly)? (?:billable|headers?|ready (?:to bill|for billing|for (?:the|a) claim)|(?:accepted|fine|acceptable"
    r"|good|valid|okay|ok) (?:as (?:it stands|is|printed"
    r"|written)|by itself|on its own|for (?:billing|claims?|submission)|without (?:a |any )?further))(?P<yes>)",
    re.I,
)
_CAN = re.compile(
    r"^ (?:can|may)(?P<not>not| not|['’]t)?(?: still)? (?:be (?:billed|reported|submitted|used)|go (?:out|on (?:the"
    r"|a) claim))"
    r"(?= ?(?:[.;,!]|$)| on a claim| as (?:it stands|it is|is|written)| as printed| by itself| on its own| alone"
    r"| when\b| if\b)",
    re.I,
)
_VALID = re.compile(
    r"^ (?:existed(?= in 20)|(?:is|are|remains?|was(?=.* in 20))(?P<not> not| no longer)?(?: still| already)?(?: an?)?"
    r" (?:valid|active|in force))\b"
    r"(?! (?:category|header|parent|family|since|from|without|before|until|through))"
    r"(?: (?:in|for) (?P<year>20\d\d))?"
    r"|^ (?:is|are)(?P<off> not| no longer)?(?: still)? (?:on|in) the [^.;]{0,20}?(?:list of (?:billable"
    r"|valid) codes|code set)",
    re.I,
)
_STILL = re.compile(
    r"^ (?:remains|stays|(?:is|are) (?P<not>no longer|not|n't)? ?(?:still )?) ?(?:an? )?"
    r"(?:payable|accepted|usable|reportable|good|current|okay|ok|fine|alive|open)"
    r"(?= ?(?:[.;,!]|$)| for (?:claims?|billing))",
    re.I,
)
_ENOUGH = re.compile(
    r"^,? (?:alone |by itself |as (?:it stands|is) )?(?:will do|suffices|does (?:it|the job)|works"
    r"|(?:is|are)(?P<not> not|n['’]t)? (?:enough|sufficient|all you need))\b(?! to (?:earn|prove|show))",
    re.I,
)
_LABEL = re.compile(
    r"^\W*(?:(?P<no>headers?|categories|parents?|not billable|non-?billable|never bill(?:able)?|do not bill"
    r"|don['’]t bill"
    r"|retired|deleted|invalid|dead|gone|obsolete|inactive|expired)|(?P<yes>billable|valid|complete|final|bill these"
    r"|ok to bill))(?: codes?| now)?"
    r"(?:, (?:never|do not|don['’]t) (?:bill|use))?(?: \([^()]*\))? ?(?::|→|->|=>|=|—|–|-) ?$",
    re.I,
)
"""``Headers, never bill → M54, M54.1``."""
_ACTIVE = re.compile(r"\bactive in (?:the )?FY ?(20\d\d)", re.I)
_DATED = re.compile(r"\bsince\b|\bfrom\b|\bthrough\b|\bon or after\b", re.I)
_OFFERED = re.compile(
    r"^ (?:is|=) (?:(?:good|right|fine|correct|used|what (?:you|we) use) (?:for|when|if)"
    r"|(?:the|your|our) (?:right |correct |best |go-to )?(?:code|choice|pick) (?:for|when|if))\b",
    re.I,
)
_DETAIL = re.compile(r"\b(?:character|digit|subdivi|below|under it|specif|was|used to|before|until|split|family)", re.I)
"""What tells that a header is meant as one."""
_LISTED = re.compile(r"(?:[A-Z]\d[0-9A-Z.]*(?:, | and |, and | ?/ ?| & |; ?)?)*")
_SPECIFIC = re.compile(r"^ (?:is|are) (?P<not>not )?(?:specific|complete|detailed) enough (?:to|for)\b", re.I)
_VISIT = re.compile(r"\b(?:visits?|encounters?|claims?|services?|dos|seen)\b", re.I)
_FROM = re.compile(
    r"\b(?:codes?|one|any|something) (?:from|under|within|in|of|below|beneath) (?:the )?(?:\w+ )?$", re.I
)
_PERIOD = re.compile(r"\b(?:up to|until|through|before|dates of service)\b", re.I)
_YEAR = re.compile(r"\b(?:in|during|throughout|for|of|back in) (20\d\d)\b", re.I)
_ASKED = re.compile(
    r"\b(?:is|are|can|may|was)\b[^?]{0,20}$",
    re.I,
)
_ASKS = re.compile(
    r"^ (?:still |now |today )?(?:an? )?(?:billable|valid|accepted|reportable|be (?:billed|reported|used"
    r"|submitted))\b"
    r"[^?]{0,30}\?",
    re.I,
)


def used(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``the code is M48.06``, ``goes to O99.89``: a header offered for use."""
    before = sentence.before(token)
    after = sentence.after(token)
    dated = told.DATE.search(after[:40]) or _PERIOD.search(after[:60])
    if dated or token.family or token.icd9 or not _USE.search(before) or _NOT.search(before[-25:]):
        return
    if HEADING.search(after[:40]) or not title(token.code) or told.only_encounter_missing(token, day):
        return
    earlier = [other.end for other in sentence.tokens if other.end <= token.start]
    before = before[max(earlier, default=0) :]
    then, served = _YEAR.search(before), _VISIT.search(before)
    when = (
        told.when_in(re.split(r", (?:and |but )?(?=for |in )", before)[-1])
        if served
        else int(then[1])
        if then
        else None
    )
    service = datetime.date(when, 7, 1) if isinstance(when, int) else when
    answer = told.billable(token, service or day, claimed=True)
    if answer[0] == "contradicted":
        yield "billable", token, (token,), answer


def billable(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.9 is a billable code``, ``M54 by itself is not billable``; not ``a code from M54.5 can be used``."""
    if _FROM.search(sentence.before(token)):
        return
    match = _BILLABLE.match(sentence.predicate(token))
    if match:
        header = match[0].casefold().endswith(("header", "headers"))
        claimed = (match["not"] is None) != header
        yield "billable", token, (token,), told.billable(token, day, claimed=claimed)
    elif (match := _VALID.match(sentence.predicate(token))) and not _DATED.search(sentence.predicate(token)):
        when = datetime.date(int(match["year"]), 7, 1) if match["year"] else day
        yield "validity", token, (token,), told.billable(token, when, claimed=(match["not"] or match["off"]) is None)
    elif match := _SPECIFIC.match(sentence.predicate(token)):
        yield "billable", token, (token,), told.billable(token, day, claimed=match["not"] is None)
    said = sentence.predicate(token)
    if match := _CAN.match(said) or (None if _DATED.search(said) else _STILL.match(said)):
        yield "billable", token, (token,), told.billable(token, day, claimed=match["not"] is None)
    yield from _offered(sentence, token, day)
    if (match := _ENOUGH.match(said)) and not token.family and title(token.code):
        yield "billable", token, (token,), told.billable(token, day, claimed=match["not"] is None)
    listed = sentence.before(sentence.tokens[0])
    answered = re.match(r" ?[:=–-]? ?(?:yes|no|y|n)\b", said, re.I)
    if not answered and (match := _LABEL.match(listed)) and _LISTED.fullmatch(sentence.text[len(listed) : token.start]):
        yield "billable", token, (token,), told.billable(token, day, claimed=match["no"] is None)
    if match := _ACTIVE.search(sentence.after(token)[:60]):
        yield "validity", token, (token,), told.billable(token, told.day_in(f"FY{match[1]}"), claimed=True)


def _offered(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M48.06 is the code for …``: a header offered for use, unless the sentence says what it is."""
    exact = not token.family and title(token.code) and _OFFERED.match(sentence.predicate(token))
    if not exact or HEADING.search(sentence.text) or _DETAIL.search(sentence.text):
        return
    answer = told.billable(token, day, claimed=True)
    if answer[0] == "contradicted":
        yield "billable", token, (token,), answer


def asked(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """``Is M54.5 still billable?`` with the yes or no that follows."""
    for token in sentence.tokens:
        if sentence.answer and _ASKED.search(sentence.before(token)) and _ASKS.match(sentence.after(token)):
            yield "billable", token, (token,), told.billable(token, day, claimed=sentence.answer == "yes")
