"""Sentences that say since or until when a code counts, what replaced it, how many codes a year brought."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token, tokens

_GAP = (
    r"(?![^;]*\b(?:and (?:then )?(?:the|its|was|were|replaced|new|became|came)|but|while|whereas|started|began"
    r"|introduced|added"
    r"|until|through|before|prior)\b)(?:[\s,:(/]*[\w'’-]+){0,8}?[\s,:(/]*$"
)
"""Words between what is said and its day that say nothing else."""
_COUNTS = r"(?:billable|valid|accepted|reportable|payable|usable|active|in force|complete|good)"
_OVER = re.compile(
    r"\b(?:retired?|deleted?|eliminated|discontinued|invalid(?:ated)?|expired?|ended|ends|died|dead|gone|phased out"
    r"|cut off|went away|dropped|removed|obsolete|terminated?|sunset|replaced|superseded|split"
    rf"|(?:stop(?:ped|s)?|ceased?|quit) (?:being|to be|counting as) (?:an? )?{_COUNTS}(?: codes?)?"
    rf"|stopped \w+ing|quit \w+ing|no longer(?: been)?(?: an?)? (?:{_COUNTS}|in use)(?: codes?)?|non-?billable"
    rf"|(?:not|n['’]t|never)(?: been)?(?: an?)? {_COUNTS}(?: codes?)?"
    r"|(?:cannot|can['’]t|can not|could not|may not|must not) (?:longer )?be (?:billed|used|reported|submitted|coded)"
    r"(?: as is)?|(?:became|becomes|turned into|is|has been|was made) (?:only )?an? (?:\w+ )?(?:header|parent"
    r"|category)"
    r"(?: code)?|(?:became|become|turned into) (?:headers|categories|parents|invalid|non-?billable)"
    r"|(?:end|term|termination|expiration) date|lost its \w+|disappeared|vanished|lapsed|withdrawn|abolished"
    r"|scrapped|struck|pulled|inactivated|deactivated"
    r"|out of (?:use|date)|broken (?:up|into|down|out)|divided|expanded|turned off)\b" + _GAP,
    re.I,
)
_UNTIL = re.compile(
    rf"\b(?:{_COUNTS}|(?:could|can|may) (?:still )?be (?:billed|used|reported|submitted))\b[^.;]{{0,50}}?"
    r"\b(?:until|till|through|thru|up to(?: and including)?|before)(?: the end of| midnight (?:of|on))? $",
    re.I,
)
_NOT_BEFORE = re.compile(r"\b(?:not|n['’]t|never)\b[^.;]{0,40}\b(?:until|before|prior to) $", re.I)
_BEGAN = re.compile(
    r"\b(?:introduced|released|issued|published|became (?:effective|available|valid|billable)"
    r"|effective|(?:took|takes) effect|went into effect|been around since|joined|created|added|new"
    rf"|first (?:valid|billable|used)|{_COUNTS} (?:since|from|as of|starting|beginning|effective)"
    r"|came (?:in|out|into (?:force|effect|being|use))|arrived|born|debuted|launched|went live|starts?|started"
    r"|begins?"
    r"|began|exists? since|existed since)\b" + _GAP,
    re.I,
)
_THROUGH = re.compile(r"^\W*(?:until|till|through|thru|up to(?: and including)?|before)(?: the end of)? $", re.I)
_BILLING = re.compile(
    r"\b(?:(?:could|can|may|might)(?: still)? (?:bill|use|report|submit)|billed|used|reported)\W*$", re.I
)
_EDITION = re.compile(r"\b(?:edition|versions?|code set|revision)\b", re.I)  # that of the book, not of the code
_LEADING = re.compile(
    r"^[^A-Za-z]*(?:since|as of|from|effective|starting|beginning|on|with|after|in|by)\b|^\W*20\d\d: ?$", re.I
)
_LABEL = re.compile(r"^\W*(?:(?P<new>new|added|introduced|valid)|retired|deleted|gone|dropped|invalid)\b", re.I)
_BROUGHT = re.compile(
    r"^\W*(?:on |in |since )?[\w ,/.-]{4,30}? (?:brought|introduced|added|created|gave)(?: us| in)?(?: the)? $", re.I
)
_VISIT = re.compile(r"\b(?:visits?|encounters?|dates? of service|dos|services?|claims?|seen)\b", re.I)
_ENDED = re.compile(
    r"\b(?:retired?|deleted?|ended|expanded|split|dropped|killed|invalidated|broke up|removed|discontinued"
    r"|eliminated)"
    r"(?: the)?(?: old)?(?: code)? $",
    re.I,
)
_ADDED = re.compile(
    r"\b(?:introduced|added|created|brought|released|launched|issued|gave us|rolled out|unveiled)(?: us"
    r"| in)?(?: the)?"
    r"(?: new)?(?: codes?)? $",
    re.I,
)
_GONE = re.compile(
    r"^ (?:was|were|is|are|has been|have been|got)(?: now| since| \w+ly)? (?:retired|deleted|eliminated|discontinued"
    r"|withdrawn|phased out|sunset|removed from|taken out of|dropped from|no longer (?:valid|active|in use"
    r"|in the book"
    r"|a valid code))\b|^ (?:no longer exists|does not exist any ?more|went away|is gone|disappeared)\b"
    r"|^ lost its (?:billable )?(?:status|validity)\b|^ (?:became|turned into|was made) (?:only )?an? (?:header"
    r"|category|parent)\b",
    re.I,
)
_SERVED = re.compile(
    r"\b(?:visits?|encounters?|claims?|dates? of service|services?|dos|seen)\b[^.;]{0,25}?$",
    re.I,
)
_BILLED = re.compile(
    r"^[^.;]{0,45}?\b(?:bill|code|report|use|submit|put"
    r"|take|get"
    r"|need|go|goes|carr|is|was|be)\w*\b[^.;]{0,40}$",
    re.I,
)
_LAST = re.compile(
    r"\b(?:last|final)(?: billable| valid)? (?:day|date|claims?)(?: of service)? (?:for|of|to (?:bill|use|report)"
    r"|with|under) $",
    re.I,
)
_INSTEAD = re.compile(r"^ (?:in place of|instead of|rather than)(?: the)?(?: old| retired)?(?: code)? $", re.I)
_LASTED = re.compile(r"^\W*(?:until|through|till|thru|up to(?: and including)?)\b", re.I)
_BILLED_IT = re.compile(r"\b(?:can|could|may) (?:still )?(?:bill|use|report|submit)(?: code)? $", re.I)
_REFUSED = re.compile(
    r"\b(?:cannot|not|never|no longer|denied|rejected|refused|bounced?|bounces|fails?|failed|wrong\w*|instead)\b"
    r"|n['’]t\b",
    re.I,
)
_THEN = re.compile(
    rf"^,? (?:is|are|was|were|remains?)(?P<not> not| no longer|n['’]t)?(?: still| already| yet)*(?: an?| the)?"
    rf"(?: [a-z]+,)? (?:(?P<over>in|non-?|un)?{_COUNTS}|right|correct|(?P<gone>retired|dead|deleted|rejected|denied"
    rf"|gone"
    r"|an? header))\b|^,? (?P<cannot>cannot|can['’]t|can not|may not|must not)? ?(?:can |may |could |must )?be"
    r" (?:billed|used|reported|coded|submitted)\b",
    re.I,
)
_REPLACED = re.compile(r"^ replace[sd] (?:the )?(?:retired |old |former )?(?:code )?$", re.I)
_BY = re.compile(r"\b(?:replac\w+|split|successors?|became|turned into|divided)\b", re.I)
_NEWS = re.compile(
    r"\b(?P<count>no|one|two|three|four|five|six|\d{1,2}) (?:new|added|additional) (?:\w+ )?codes?\b[^.;]{0,20}?"
    r"\b(?:in|under|within|to|for) $",
    re.I,
)
_NUMBERED = re.compile(
    r"\b(?P<count>one|two|three|four|five|six|\d{1,2}) (?:new |other )?codes?"
    r" (?:replaced|came of|succeeded|grew out of) (?:the )?(?:old )?$",
    re.I,
)
_COUNT = "no one two three four five six".split()


def dated(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.51 became effective on …``, ``M48.06 no longer billable since …``, ``Since …, M54.5 is a header``."""
    near = re.split(r"[;]|\.(?!\d)|\band the FY", _until_code(sentence.predicate(token)))[0]
    when, date = told.DATE.search(near) or told.YEAR.search(near), told.when_in(near)
    verb = near[: when.start()] if when else ""
    before = sentence.before(token)
    leading = told.when_in(before) if not date else None
    answer = None
    if date:
        answer = _by_verb(verb, before, token, date, day, sentence.text)
    elif leading and (match := _THEN.match(near)) and _VISIT.search(before) and not _LASTED.match(before):
        turned = [match[name] for name in ("not", "over", "gone", "cannot")].count(None) % 2
        answer = told.billable(token, _service(before, leading), claimed=not turned)
    elif leading and _ENDED.search(before) and not _SERVED.search(before):
        answer = told.ended(token, leading, day)
    elif leading and _LEADING.match(before) and _INSTEAD.match(_until_code(sentence.after(token))):
        answer = told.began(token, leading, day)
    elif leading and _LEADING.match(before) and not _VISIT.search(before):
        answer = _by_verb(near[:60].rstrip(" .!") + " on ", "", token, leading, day, sentence.text)
    elif leading and _BROUGHT.search(sentence.before(sentence.tokens[0])):
        answer = told.began(token, leading, day)
    elif leading and re.search(r":\s*$", before) and (match := _LABEL.match(before)):
        answer = told.began(token, leading, day) if match["new"] else told.ended(token, leading, day)
    elif leading and _LASTED.match(before) and (_THEN.match(near) or _BILLED_IT.search(before)):
        answer = told.ended(token, leading, day)
    elif leading and not token.family and (served := _visited(before)) is not None:
        answer = told.billable(token, _service(before, leading), claimed=served)
    elif not date and _GONE.match(sentence.predicate(token)) and not token.icd9:
        answer = told.over(token)
    if answer:
        yield "validity", token, (token,), answer
    yield from _succession(sentence, token, day)
    yield from _news(sentence, token)


def _service(before: str, when: told.When) -> datetime.date:
    """The day of service meant by ``in June 2021``, ``after 10/1/2022``, ``before October 2021``."""
    if isinstance(when, int):
        return datetime.date(when, 7, 1)
    earlier = re.search(r"\b(?:before|prior to|earlier than)\b", before, re.I)
    return when - datetime.timedelta(days=1) if earlier else when


def _visited(before: str) -> bool | None:
    """``A visit in March 2023 cannot be billed with`` a code: whether it can; None if nothing of a visit is said."""
    when = told.DATE.search(before) or told.YEAR.search(before)
    if when is None or before.endswith(("is ", "are ")):
        return None
    if not (
        _SERVED.search(before[: when.start()]) or re.match(r" (?:visit|claim|encounter)s?\b", before[when.end() :])
    ):
        return None
    between = before[when.end() :]
    return _REFUSED.search(between) is None if _BILLED.match(between) else None


def _by_verb(
    verb: str, before: str, token: Token, date: told.When, day: datetime.date | None, text: str
) -> Answer | None:
    """What the words between a code and a date say of both; nothing if they say neither beginning nor end."""
    if _NOT_BEFORE.search(verb):
        return told.began(token, date, day)
    if _UNTIL.search(verb):
        return told.ended(token, date, day)
    if _THROUGH.search(verb) and _BILLING.search(before):
        return told.ended(token, date, day)
    introduced = _ADDED.search(before)
    if isinstance(date, int) and re.search(r"\bend of $", verb):
        date = datetime.date(date, 12, 31)
    if re.search(r"\beffective (?:date )?(?:of|for) $", before, re.I) and re.match(r"\W*(?:is |was )?$", verb):
        return told.began(token, date, day)
    if _LAST.search(before) and re.match(r" (?:was|is)(?: on)? $", verb):
        return told.ended(token, date, day)
    if not introduced and (_OVER.search(verb) or _ENDED.search(before)):
        return told.ended(token, date, day)
    began = _BEGAN.search(verb)
    if began and re.search(r"\w.*\b(?:codes|replacements|successors)\b", verb[: began.start()], re.I):
        return None  # of others, not of this one
    if (introduced or began) and not re.search(r"\bthrough\b|\buntil\b", text, re.I):
        return None if _EDITION.search(text) else told.began(token, date, day)
    return None


def _succession(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    rest = tuple(t for t in sentence.tokens if t.start > token.start)
    between = sentence.text[token.end : rest[0].start] if rest else ""
    if rest and _REPLACED.match(between) and rest[0].code[: len("M54.5")] == token.code[: len("M54.5")]:
        yield "validity", token, (token, rest[0]), told.came_of(token, rest[0])
    elif _BY.search(between) and not _REPLACED.match(between) and "replaced the" not in sentence.text:
        yield "validity", token, (token, *rest), told.replaced(token, rest, day)


def _news(sentence: Sentence, token: Token) -> Iterator[Said]:
    """``FY2027: two new codes in M54``, ``no new codes under M54 for FY2026``."""
    if number := _NUMBERED.search(sentence.before(token)):
        yield "validity", token, (token,), told.successors(token, _number(number["count"]))
    match, date = _NEWS.search(sentence.before(token)), told.day_in(sentence.text)
    if match and date:
        yield "validity", token, (token,), told.news(token, date, _number(match["count"]))


def _number(count: str) -> int:
    return int(count) if count.isdigit() else _COUNT.index(count.casefold())


def _until_code(text: str) -> str:
    """The text up to its first code."""
    found = tokens(text)
    return text[: found[0].start] if found else text
