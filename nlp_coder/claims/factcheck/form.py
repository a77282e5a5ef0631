"""Sentences about the form of a code: how many characters, a 7th one, a side, whether it is complete."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.names import condition, title
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token, meant

_SIDE = re.compile(
    r"^ (?:has|have|carries|carry|takes?|needs?|requires?|demands?|wants?|gets?|bears?|asks for)"
    r"(?P<no> no| neither)?(?: an?)? (?:laterality|side)\b",
    re.I,
)
_SIDED = re.compile(
    r"\b(?:has|have|comes? in|(?:is|are) (?:split|divided|separated)|splits? into|offers?|needs?|requires?"
    r"|exists? in)"
    r"\b(?: an? side\b|[^.;]{0,30}?\blaterality\b"
    r"|[^.;]{0,30}?\b(?:an? )?(?:right\b[^.;]{0,20}\bleft|left\b[^.;]{0,20}\bright)\b[^.;]{0,25}"
    r"\b(?:codes?|versions?|options?|forms?|variants?|flavou?rs?)"
    r"|[^.;]{0,30}?\b(?:right[- ]and[- ]left|right/left|right or left|left or right|sides)\b)"
    r"|\b(?:distinguish(?:es)?|tells?|separates?) (?:right from left|left from right|the sides)\b"
    r"|\b(?:is|are) (?:split|divided|separated|broken (?:down|out)|sorted) by (?:side|laterality)\b",
    re.I,
)
_SIDE_FOR = re.compile(
    r"(?:\b(?:no|neither)\b )?\b(?:laterality|side|sides)\b (?:(?:does|do|is|are)(?: not|n['’]t) |only "
    r"|also )?(?:applies|apply|is required|is needed"
    r"|required|needed|matters?|counts|exists?) (?:to|for|with|in|under|on) $"
    r"|\b(?:there (?:is|are)(?: not|n['’]t| no)? )(?:separate |an? )?(?:right (?:and|or) (?:an? )?left|left (?:and"
    r"|or) (?:an? )?right)"
    r" (?:codes?|versions?) (?:for|of|under|in) $",
    re.I,
)
_DENIES = re.compile(r"\b(?:no|none|not|never|neither|without|nor)\b|n['’]t\b", re.I)
_UNSPECIFIED = re.compile(r"\bunspecified\b\W{0,2} (?:in|of|on|at|under) $", re.I)
_SIDE_WORD = re.compile(r"\b(?:side|laterality|left or right|right or left)\b", re.I)
_LENGTH = re.compile(r"\b(three|four|five|six|seven|[3-7])[- ]?(?:characters?|digits?)\b(?! detail)", re.I)
_WHOLE = re.compile(
    r"^ (?:is|are)(?P<not> not)?(?: already)?(?: an?)? (?:complete|finished|done|full)(?: code)?"
    r"(?: at (three|four|five|six|seven|[3-7]))?(?! (?:of|for|list))",
    re.I,
)
_SHORT = re.compile(
    r"^ (?:needs|requires|wants|is missing|lacks|is short of) (?:one more|another|an? (?:extra |further "
    r"|additional )?) ?"
    r"(?:digit|character)\b",
    re.I,
)
_NEEDED = re.compile(
    r"\b(?P<count>three|four|five|six|seven|[3-7]) characters? (?:are|is) (?:needed|required|necessary)"
    r" (?:for|in|with) $",
    re.I,
)
_PLACE = re.compile(r"\b(4th|fourth|5th|fifth|6th|sixth|7th|seventh)[- ](?:character|digit)s?\b", re.I)
_TELLS = re.compile(
    r"\b(?:4th|fourth|5th|fifth|6th|sixth|last|final|next)[- ](?:character|digit)\b(?:[^.;]|\.\d){0,40}?"
    r"\b(?:tells?|gives?|shows?|names?|marks?|states?|indicates?|stands? for|identifies|is|means)"
    r"(?: you)?(?: the| its| which)? (?:anatomic(?:al)? )?(side|laterality|region|site|level)\b",
    re.I,
)
_WANTING = re.compile(
    r"^ (?:still |also |always |now )?(?P<not>(?:does|do)(?: not|n['’]t) |never )?"
    r"(?:needs?|requires?|wants?|must have|has to have|takes?|gets?|is missing|lacks?|calls? for|demands?|asks? for"
    r"|has"
    r"|(?:must|should|has to) be (?:reported|coded|extended|completed|billed) (?:with|to)|is (?:not "
    r"|in)complete without)"
    r"(?P<no> no)?(?: an?| the| its| one| another| any)?(?: extra| additional| further)?"
    r" (?P<nth>4th|fourth|5th|fifth|6th|sixth|7th|seventh)(?: and \w+)?[- ](?:character|digit)",
    re.I,
)
_SHOWN = re.compile(
    r"\b(?:shown|given|told|indicated|marked|expressed|carried|identified|reported) (?:by|in|with|as) (?:an? |the "
    r"|its )?"
    r"(?P<nth>4th|fourth|5th|fifth|6th|sixth|7th|seventh)[- ](?:character|digit)|"
    r"\b(?:7th|seventh)[- ](?:character|digit)\b[^.;]{0,20}\b(?:shows?|tells?|gives?|marks?|indicates?|names?"
    r"|identifies)\b",
    re.I,
)
_NEAR = 30  # how far before "7th character" a denial of it stands
_SIDES = frozenset({"side", "laterality"})
_MISSING = re.compile(
    r"\b(?:without|missing|lacks?|needs?|requires?|add|wants?|until|becomes?|became|turns?|turned|splits?)\b", re.I
)
_SEVENTH = re.compile(
    r"^\W*(?:(?:->|→|always|must|please|you|then|code|also|should|never|not|do)\W+)*"
    r"(?:(?:adds?|append(?:s|ed)?|attach(?:es)?|finish(?:es)?|ends?|plus)"
    r" (?:with |in |an? |the )?[“\"'’]?(?-i:[ADS])[”\"'’]?(?=[ ,/.;)]|$)(?! \w+ note)"
    r"|(?:\w+ ){1,4}?(?:an? |the |its |no |any )(?:7th|seventh)[- ](?:character|digit))",
    re.I,
)
_APPENDED = re.compile(
    r"\b(?:add|append|attach|put|place|stick|use)(?:ed|ing|s)? (?:an? |the )?(?:letter )?[“\"'’]?(?-i:[ADS])[”\"'’]?"
    r" (?:to|onto|on|after|behind|with) $|\b(?-i:[ADS]) (?:goes|belongs) (?:at the end of|on|after|behind|to) $",
    re.I,
)
_GIVEN = re.compile(
    r"\b(?:add|append|attach|put|give|place)(?:ed|ing|s)?(?: an?| the)? (?:7th|seventh)[- ](?:character"
    r"|digit)(?: [ADS])?"
    r" (?:to|on|onto|after|behind) $",
    re.I,
)
_CLAUSE = re.compile(
    r"[;:]|, (?:when|where|which|while|whereas|because|so|but|and)\b|\b(?:while|whereas)\b|\.(?= )", re.I
)


def shapes(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """``five-character codes``; ``the 7th character of O26.892``; ``M54.16: add A``; ``M54.2 is complete at four``."""
    exact = [
        token
        for token in sentence.tokens
        if not token.family and not token.icd9 and (title(token.code) or meant(token, day))
        if len(token.code) > len("M54") or not re.match(r" codes?\b", sentence.after(token))
    ]
    yield from _lengths(sentence, exact)
    shown = _SHOWN.search(sentence.text)
    if shown and len(sentence.tokens) == 1 and not _DENIES.search(sentence.text):
        token, number = sentence.tokens[0], told.NUMBERS[(shown["nth"] or "seventh").casefold()]
        yield "form", token, (token,), told.long(token, number, exactly=False)
    for token in sentence.tokens:
        nth = None if token.icd9 or token in exact else _WANTING.match(sentence.predicate(token))
        if nth and told.NUMBERS[nth["nth"].casefold()] == told.NUMBERS["seventh"]:
            yield "form", token, (token,), _nth(token, nth, day)
    for token in exact:
        after = sentence.predicate(token)
        if nth := _WANTING.match(after):
            yield "form", token, (token,), _nth(token, nth, day)
        elif wanted := _SEVENTH.match(after):
            yield "form", token, (token,), told.seventh(token, day, claimed=_affirmed(wanted[0]))
        elif _APPENDED.search(sentence.before(token)) or _GIVEN.search(sentence.before(token)):
            claimed = not re.search(r"\b(?:not|never|no)\b(?! (?:forget|fail|omit))", sentence.before(token), re.I)
            yield "form", token, (token,), told.seventh(token, day, claimed=claimed)
        elif (whole := _WHOLE.match(after)) and not told.DATE.search(sentence.text):
            yield "billable", token, (token,), told.billable(token, day, claimed=whole["not"] is None)
        elif _SHORT.match(after):
            yield "billable", token, (token,), told.billable(token, day, claimed=False)
        elif needed := _NEEDED.search(sentence.before(token)):
            yield "form", token, (token,), told.complete(token, told.NUMBERS[needed["count"].casefold()])


def _affirmed(text: str) -> bool:
    """Whether a wish for a character stands: ``cannot go without`` one does, ``takes no`` one does not."""
    return len(_DENIES.findall(text.replace("cannot", "can not"))) % 2 == 0


def _nth(token: Token, said: re.Match[str], day: datetime.date | None) -> Answer:
    """Whether a code needs a character more, or none."""
    number = told.NUMBERS[said["nth"].casefold()]
    claimed = not (said["not"] or said["no"])
    if number == told.NUMBERS["seventh"]:
        return told.seventh(token, day, claimed=claimed)
    return told.long(token, number, exactly=False) if claimed else told.shorter(token, number)


def _lengths(sentence: Sentence, exact: list[Token]) -> Iterator[Said]:
    """A number of characters is said of the code it stands beside, or of those before it in its clause."""
    for match in _LENGTH.finditer(sentence.text):
        start = max((cut.end() for cut in _CLAUSE.finditer(sentence.text, 0, match.start())), default=0)
        stated = sentence.text[start : match.end()]
        wanted = re.search(
            r"\b(?:needs?|requires?)(?: only| just| exactly| all)? $", sentence.text[: match.start()], re.I
        )
        if (_MISSING.search(stated) and not wanted) or _DENIES.search(stated):
            continue
        beside = [token for token in exact if re.fullmatch(r" codes? ", sentence.text[match.end() : token.start])]
        mine = [token for token in exact if start <= token.start < match.start()]
        if start and not mine and re.search(r": ?$", sentence.text[:start]):
            mine = [token for token in exact if token.end <= start]
        number = told.NUMBERS[match[1].casefold()]
        for token in beside or mine:
            answer = told.complete(token, number) if wanted else told.long(token, number, exactly=True)
            yield "form", token, (token,), answer
    placed = _PLACE.search(sentence.text)
    if placed and not _MISSING.search(sentence.text) and not re.search(r"\bnone\b", sentence.text):
        for token in exact:
            if _SEVENTH.match(sentence.predicate(token)) or _WANTING.match(sentence.predicate(token)):
                continue
            length = told.NUMBERS[placed[1].casefold()]
            if _DENIES.search(sentence.text, max(0, placed.start() - _NEAR), placed.start()):
                yield "form", token, (token,), told.shorter(token, length)
            else:
                yield "form", token, (token,), told.long(token, length, exactly=False)


def places(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``The fifth character of M54.3 tells the side``: what the characters below a header tell apart."""
    match = _TELLS.search(sentence.text)
    if match and not _DENIES.search(sentence.text) and len(sentence.tokens) == 1 and not token.icd9:
        yield "side", token, (token,), told.parted(token, day, by="side" if match[1].casefold() in _SIDES else "region")


def sides(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.16 has no laterality``; the ``unspecified`` of a code said to be its side."""
    said = _CLAUSE.split(sentence.predicate(token))[0]
    if match := _SIDE.match(said):
        yield "side", token, (token,), told.sided(token, day, claimed=match["no"] is None)
    elif _SIDED.match(said.lstrip()) and not _DENIES.search(said):
        yield "side", token, (token,), told.sided(token, day, claimed=True)
    if match := _SIDE_FOR.search(sentence.before(token)):
        yield "side", token, (token,), told.sided(token, day, claimed=not _DENIES.search(match[0]))
    after = re.sub(r"\b(?:not|never) (?=\w+ed\b|known|written|given)", "", sentence.after(token))
    if _UNSPECIFIED.search(sentence.before(token)) and _SIDE_WORD.search(after) and not _DENIES.search(after):
        yield "side", token, (token,), told.unsided(token)


def named_sides(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """``Lumbar radiculopathy is split into right and left codes``: a condition by name, no code beside it."""
    match = _SIDED.search(sentence.text)
    if sentence.tokens or not match or re.search(r"\bpain (?:on|in) (?:the|both)\b", sentence.text, re.I):
        return
    clause = re.split(r"[:;,.]", sentence.text[: match.start()])[-1]
    code = condition(clause)
    if code and len(clause.split()) <= 8:
        token = Token(0, 0, code, (code,), family=True)
        claimed = not _DENIES.search(sentence.text[max(0, match.start() - len("do not ")) : match.end()])
        yield "side", token, (token,), told.sided(token, day, claimed=claimed)
