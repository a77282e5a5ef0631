"""Lines of lists and cards: a code and its name, a code alone under a heading, what a digit stands for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.billing import HEADING
from nlp_coder.claims.factcheck.names import features, title
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import Answer, absent, named, on_card
from nlp_coder.claims.factcheck.tokens import Token, meant, tokens

_LISTED = re.compile(r"^[\s•*\-–—·▪◦○●►>→]*(?:[\w -]{2,30}: )?$")
_SEPARATED = re.compile(r"^ ?(?P<sign>—|–|:|-|=|\.{3,}|(?:-|=)>|→|⇒|➔|➜) *(?P<name>[A-Za-z“\"][^(\n]{2,120})")
_OFFERING = frozenset("—–:-")  # a dash or a colon lists a code for use, an arrow or = only tells of it
_GONE = re.compile(
    r"\b(?:retired|deleted|invalid|dead|old|former|obsolete|discontinued|non-?billable|not billable|headers?|expired"
    r"|no longer)\b",
    re.I,
)
"""Headings of lists of codes that cannot be billed."""
NO_NAME = re.compile(
    rf"^(?:add|append|finish|ends?|use|see|bill|report|takes?|needs?|requires?|valid|first|since|new|never|do not|don"
    rf"|was|is|are|replaced|retired|deleted|non-?billable|not|no longer|billable|split|became|excludes|header|only)\b"
    rf"|\bcharacters?\b|\b(?:4th|fourth|5th|fifth|6th|sixth|7th|seventh)\b|{told.DATE.pattern}",
    re.I,
)
"""What follows a code and a dash, and is no name of it: an order, a day, a length."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|can|may|must|should|will|would|do|does|did|use|used|uses|report\w*"
    r"|code[ds]?|bill\w*"
    r"|need\w*|requires?|means?|became?|comes?|goes?|gets?|covers?|applies|replac\w*|effective|since|until|from|if"
    r"|when"
    r"|not|never|no|excludes ?[12]|x|vs|plus|see|or|and [A-Z]\d)\b|[?!→=]|n['’]t|->",
    re.I,
)
_DIGIT = re.compile(
    r"(?<![\d.\w/])(?P<digit>\d) ?(?:=|is|means|for|:|->|→|–|—|stands for)? ?(?:the )?(?P<what>[a-z][a-z -]{2,45}?)"
    r"(?= ?(?:[,;/|.)]|and \d|or \d|$))"
    r"|\b(?P<named>right|left|bilateral)(?: side)? ?(?:=|is|:|->|→) ?(?P<of>\d)(?![\d.])",
    re.I,
)
_DATED = re.compile(r"^\W*(?:on |since |as of |from |eff\w*\.? )?$", re.I)
_SIDE_BEFORE = re.compile(
    r"(?:^|[\s,;:(/])(?P<side>right|left|bilateral|both sides)(?: side| leg)? ?(?:=|:|->|→|is|gets|takes) ?$",
    re.IGNORECASE,
)
_SIDE_AFTER = re.compile(
    r"^ ?(?:[-=:–—]|->|→|(?:on|for|at|is) the\b)? ?\(?(?P<side>right|left|bilateral)"
    r"(?: side| leg)?\)? ?(?=[,;.)]|and\b|$)",
    re.IGNORECASE,
)
_UNSAID = re.compile(r"\b(?:never|not|avoid|instead of)\b|n['’]t\b", re.IGNORECASE)
_LETTER_AFTER = re.compile(r"^ ?\((?P<side>[RL])\)")
_LETTER_BEFORE = re.compile(r"(?:^|[\s,;:(/])(?P<side>[RL])(?: ?[:=–—-])? ?$")
_OFFICIAL = re.compile(
    r"^(?:['’]s (?:official |full |exact |tabular )?(?:title|descriptor|official name)(?: is| reads)?:?"
    r"| is (?:officially(?: titled| called| named)?|titled)) [“\"](?P<name>[A-Za-z][^”\"]{2,120})[”\"]",
    re.IGNORECASE,
)
_TITLE_OF = re.compile(r"\b(?:title|descriptor|official name) (?:of|for) $", re.IGNORECASE)
_READS = re.compile(r"^ (?:is|reads):? [“\"](?P<name>[A-Za-z][^”\"]{2,120})[”\"]", re.IGNORECASE)
_QUOTED = re.compile(
    r"^,? ?(?:is |as |means |reads |says |is (?:called|titled|labell?ed|named|described as) )?"
    r"[“\"](?P<name>[A-Za-z][^”\"]{2,120})[”\"]"
)
_LABELLED = re.compile(
    r"^\W*(?:(?P<billable>billable|valid|ok to bill)|(?P<side>laterality|sides?|has (?:a side|laterality))"
    r"|(?:7th|seventh) character)(?: required| needed)? ?[?:–—-] ?(?=[A-Z]\d)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"^ ?[:=–—-]? ?(?P<said>yes|no|y|n|✓|✔|✗|✘)(?=[\s,;.]|$)", re.IGNORECASE)
_GATHERED = re.compile(
    r"^\W*(?:(?P<count>four|five|six|seven|[4-7])[- ]character codes?"
    r"|(?:(?:codes? )?(?P<none>without|no|lacking) |(?:codes? )?(?:with|having) )?(?:laterality|a side"
    r"|sides?)(?: codes?)?) ?[:→–—] ?",
    re.IGNORECASE,
)
_CODES_ONLY = re.compile(r"(?:[A-Z]\d[0-9A-Z.]*-?(?:, | and |, and |; ?| ?/ ?)?)+\.?\s*")
_MOST = 14  # words of a name


def listed(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``• M54.2 — Cervicalgia``: a list gives the title and offers the code for use."""
    separated = _SEPARATED.match(sentence.after(token))
    if not _LISTED.fullmatch(sentence.before(token)) or not separated or tokens(separated["name"][:9]):
        return
    name = re.split(r"\.\s|;|, for |, use ", separated["name"])[0]
    if NO_NAME.search(name):
        return
    yield "title", token, (token,), named(name, token, day, slot=True)
    offered = separated["sign"] in _OFFERING and not HEADING.search(sentence.text)
    if offered and not token.icd9 and not token.family and title(token.code):
        claimed = not _GONE.search(sentence.heading)
        answer = told.billable(token, day, claimed=claimed)
        if answer[0] == "contradicted":
            yield "billable", token, (token,), answer


def run_on(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.50 Low back pain, unspecified``: a line of a code and its name, without a verb; or a code alone, dated."""
    after, own = sentence.after(token), title(token.code)
    if own and not token.family and after.strip().casefold().startswith(own.casefold()):
        yield "title", token, (token,), ("supported", f"{token.code} {own}", "tabular")
        return
    if not re.fullmatch(r"[^\w(]*", sentence.before(token)) or len(sentence.tokens) > 1 or token.icd9:
        return
    if _GONE.search(sentence.heading) and (not re.search(r"[A-Za-z]", after) or _dated(after)):
        yield _gone(token, after, day)
        return
    name = re.split(r"\s*[(|;]| [—–-] ", after.strip(" .\t"))[0]
    if not re.match(r",?\s+[A-Za-z]", after) or _VERB.search(name) or not 0 < len(name.split()) <= _MOST:
        return
    stated = features(name)
    if own and (stated.says or stated.exactness or stated.denied):
        yield "title", token, (token,), named(name, token, day, slot=True)


def _dated(after: str) -> bool:
    when = told.DATE.search(after)
    return bool(when and _DATED.match(after[: when.start()]))


def _gone(token: Token, after: str, day: datetime.date | None) -> Said:
    """A code in a list of codes that cannot be billed, with or without the day."""
    date = told.day_in(after)
    answer = told.ended(token, date, day) if date else told.billable(token, day, claimed=False)
    return ("validity" if date else "billable"), token, (token,), answer


def beside(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``right = M54.31, left = M54.32``; ``M54.31 right, M54.32 left``; a code and a name in quotation marks."""
    if _UNSAID.search(sentence.before(token)[-20:]):
        return
    before, after = _SIDE_BEFORE.search(sentence.before(token)), _SIDE_AFTER.match(sentence.after(token))
    letter = _LETTER_AFTER.match(sentence.after(token)) or _LETTER_BEFORE.search(sentence.before(token))
    if letter and not token.family and features(title(token.code)).sides:
        yield "title", token, (token,), named({"R": "right", "L": "left"}[letter["side"]], token, day)
    side = before or after
    if before and not features(title(token.code)).sides:
        side = after  # "Right: R52 …" may say that it is true
    shared = side and side["side"].casefold() not in {"right", "left"} and len(sentence.tokens) > 1
    if side and not shared and title(token.code) and not token.family:
        yield "title", token, (token,), named(side["side"], token, day)
    official = _OFFICIAL.match(sentence.after(token)) or (
        _TITLE_OF.search(sentence.before(token)) and _READS.match(sentence.after(token))
    )
    if official and title(token.code) and not token.family:
        yield "title", token, (token,), on_card(official["name"].rstrip(",."), token)
        return
    quoted = _QUOTED.match(sentence.after(token))
    more = sentence.after(token)[quoted.end() :] if quoted else ""
    if (
        quoted
        and quoted[0].startswith((", “", ', "'))
        and re.match(r"\s*(?:→|-|=|:|maps?|goes|codes?|is |belongs)", more)
    ):
        return
    if quoted and not NO_NAME.search(quoted["name"]) and not tokens(quoted["name"]):
        yield "title", token, (token,), named(quoted["name"], token, day, slot=True)


def answered(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``Billable? M54.3 yes, M54.31 yes`` and ``Laterality: M54.16 no``: a label, codes, and an answer for each."""
    label, said = _LABELLED.match(sentence.text), _ANSWERED.match(sentence.after(token))
    if label is None or said is None or token.icd9:
        return
    claimed = said["said"].casefold() in {"yes", "y", "✓", "✔"}
    if label["billable"]:
        yield "billable", token, (token,), told.billable(token, day, claimed=claimed)
    elif label["side"]:
        yield "side", token, (token,), told.sided(token, day, claimed=claimed)
    else:
        yield "form", token, (token,), told.seventh(token, day, claimed=claimed)


def gathered(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``Codes with laterality: M54.31, M54.2`` and ``four-character codes: M54.2, M54.6``: a label and a list."""
    label = _GATHERED.match(sentence.text)
    if label is None or token.icd9 or not _CODES_ONLY.fullmatch(sentence.text[label.end() :]):
        return
    if label["count"]:
        length = told.NUMBERS[label["count"].casefold()]
        yield "form", token, (token,), told.long(token, length, exactly=True)
    else:
        yield "side", token, (token,), told.sided(token, day, claimed=label["none"] is None)


def digits(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.3x: 1 = right, 2 = left``: what the next character of a family stands for."""
    if len(token.stems) > 1 or len(sentence.tokens) > 1 or (meant(token, day) == token.stems and not token.family):
        return
    beyond = sentence.before(token) if re.match(r"\W*$", sentence.after(token)) else sentence.after(token)
    for match in _DIGIT.finditer(beyond.rstrip(" (")):
        said, digit = (match["what"] or match["named"]).casefold(), match["digit"] or match["of"]
        below = replace(token, stems=(token.code + digit,), family=False)
        stated = features(said)
        if not (stated.says or "multiple" in said) or re.match(
            r"(?:new|codes?|more|other|characters?|digits?)\b", said
        ):
            continue
        if meant(below, day):
            side = stated.sides and not stated.kinds and not stated.regions
            answer = _of_digit(said, below) if side else named(said, below, day)
            yield "side" if side else "title", token, (token,), answer
        elif meant(token, day):
            yield "code", token, (below,), absent(below, day)


def _of_digit(said: str, below: Token) -> Answer:
    own = title(below.code)
    right = features(said).sides <= features(own).sides
    return "supported" if right else "contradicted", f"{below.code} {own}", "tabular"
