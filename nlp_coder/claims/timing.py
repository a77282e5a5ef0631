"""Since when and how long a complaint lasts: moments, lengths and days in a sentence; no ages, no appointments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlp_coder.claims.wording import phrases, within
from nlp_coder.types import Parsed, Sentence, Span

_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR: Final = r"(?:19|20)\d\d"
_DAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_FEAST: Final = (
    r"(?:new year(?:'?s)?|labor day|memorial day|christmas|thanksgiving|easter|halloween|july 4th|4th of july"
    r"|the holidays"
    r"|the weekend)"
)
_SEASON: Final = (
    rf"(?:(?:early|late|mid|last|this|the)[ -]?)?(?:spring|summer|fall|autumn|winter|{_FEAST}|childhood|birth"
    r"|(?:her|his|their|the) (?:teens|twenties|thirties|forties|fifties|sixties|childhood))"
)
_COUNT: Final = (
    r"(?:\d+(?:\.\d+)?(?:\s?(?:-|to|or)\s?\d+)?\+?|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|several|few|many|(?:a )?couple(?: of)?|some|half an?|a dozen)"
)
_UNIT: Final = (
    r"(?:days?|weeks?|weks?|wks?|months?|mos?|mths?|years?|yrs?|hours?|hrs?|decades?|fortnights?|mornings|nights)"
)
_MOMENT: Final = phrases(
    rf"since {_SEASON}(?: {_YEAR})?",
    rf"since (?:(?:about|approx\.?|approximately|roughly|around|early|late|mid|last|this|the) ?)*(?:{_MONTH}|{_YEAR}"
    rf"|{_DAY}|yesterday"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)(?: {_YEAR})?",
    rf"(?:(?:ever )?since|after) (?:the|her|his|a|an)? ?[\w-]+ (?:[\w-]+ ){{0,3}}in {_YEAR}",
    rf"(?:since|after) (?:the |her |his |an? )?(?:[\w-]+ ){{1,4}}{_YEAR}",
    r"(?:the )?(?:day|morning|night|week) after (?:an? |the |his |her )?(?:[\w-]+ ){0,2}(?:flight|drive|fall|game"
    r"|workout|shift|delivery|trip)",
    r"(?:injured|hurt|fell|accident|crash|mvc|mva|lifted|twisted"
    r"|slipped)(?: [\w-]+){0,3} \d{1,2}/\d{1,2}(?:/\d{2,4})?",
    r"since (?:[\w-]+ ){1,5}last (?:spring|summer|fall|autumn|winter|year|month|week)|since (?:age )?\d{1,2} ?y/?o"
    r"|now (?:in )?week \d{1,2}",
    r"(?:went out|gave out|locked up|seized|popped|woke up|awoke|began|started|happened|occurred|fell|lifted|hurt"
    r"|injured|twisted|came on)"
    rf"(?: [\w-]+){{0,3}} {_DAY}",
    r"(?:rear-ended|fell|hurt|injured|lifted|twisted|began|started|awoke|crash|accident|mvc|mva) today",
    r"(?:in|since|during|from) (?:the |her )?(?:first|second|third|1st|2nd|3rd|early|late) (?:trimester|pregnancy)",
    rf"(?:last|this|on|since) (?:last )?{_DAY}|(?:this|yesterday) (?:morning|afternoon|evening)|yesterday|last night",
    rf"(?:at|since|around|back at|over) {_FEAST}",
    rf"(?:from|since|after) (?:the|her|his|an?|that) (?!epidural|injection|block|visit|appointment|mri|last"
    rf"|ct\\b)(?:[\w-]+ ){{1,3}}(?:on|of|in) (?:the )?(?:{_MONTH} ?)?\d{{1,2}}(?:st|nd|rd|th)?",
    r"(?:ever )?since (?:the |her |his |an? |that |this |my )?(?:[\w-]+ )?(?:accident|crash|fall|injury|incident"
    r"|collision|surgery"
    r"|fusion|operation|delivery|pregnancy|mvc|mva|wreck|move|work injury|car wreck|waking|then)",
    r"(?:began|started|crept in|came on|built up|developed|worsened|appeared|noticed|flared(?: up)?)"
    rf" (?:again )?(?:in|over|during|around|at|sometime|early|late|this|last|the|about)[\w ]{{0,12}} (?:{_SEASON}"
    rf"|season|{_FEAST}"
    r"|holidays?|weekend|college|high school|night|am|morning|week|month|year|weeks?|\d+ weeks)",
    r"(?:over|during) the (?:summer|winter|spring|fall|autumn|holidays?|weekend|season)(?: season| months)?"
    r"|overnight|this weekend"
    r"|this am|this week|(?:on and off|off and on|intermittent\w*) for (?:many |some |several )?(?:years|months"
    r"|weeks)",
    r"for as long as (?:he|she|they|i) can remember|(?:most|all) of (?:her|his|their|my) (?:adult )?life|for years"
    r"|for decades"
    r"|for ages|lifelong|dat(?:es?|ing) back (?:to )?[\w ]{2,15}|(?:going on|nearly|almost) \w+ (?:years?|months?"
    r"|weeks?)",
    r"(?:since|in|during) (?:college|high school|the service|the army|the military|his youth|her youth)",
    rf"onset[:,]? (?:date |approx\.? |about |around |was |is |of )?(?:{_MONTH}(?: \d{{1,2}})?"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)",
    r"longstanding|long-standing|date of injury:? [\d/]+|doi:? [\d/]+|onset (?:at|of|on|in) [\w/]+",
)
_LENGTH: Final = phrases(
    rf"(?:(?:for|x|over|past|last|these|about|nearly|almost|the) ?)*{_COUNT}[- ]?{_UNIT}(?: (?:ago|now|duration"
    rf"|history))?",
    rf"for (?:about )?an? {_UNIT}|past {_UNIT}|an? {_UNIT} ago",
    r"x ?\d+ ?[dwmy]|\d+ (?:d|w|y)(?: (?:ago|of)(?= ))?|\d{1,2}/(?:7|52|12)|x?\d+(?:wks?|mo|d)",
    rf"over the (?:past|last) {_UNIT}|about a {_UNIT}|a {_UNIT} (?:or so|and a half|back)",
)
_MANNER: Final = phrases(
    r"(?:sudden|abrupt|gradual|slow|insidious|rapid)(?:ly)? (?:in )?onset|came on (?:suddenly|gradually)|subacute"
    r"|day \d{1,2}(?! to)"
)
"""How it began, where nothing tells when."""
_BEGAN: Final = re.compile(
    r"\b(?:began|begun|start\w*|onset|came (?:on|back)|lift\w*|fell|slipp\w*|injur\w*|hurt|sustained|after"
    r"|return of|worse|slid|crash\w*|accident|struck|rear-ended|tripped|twist\w*|developed|noticed|flared)\b",
    re.I,
)
_DATED: Final = phrases(
    rf"(?:in|on|since|from) (?:early |late |mid-?)?(?:{_MONTH}(?: \d{{1,2}})?(?:,? {_YEAR})?|{_YEAR}"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)"
)
_FUTURE: Final = re.compile(
    r"(?:\bin|\bat|\bfor the next|\bwithin|\breturns?|\brtc|\brto|\bfollow[ -]?up|\bf/u|\bfu|\bevery|\bq|\brecheck"
    r"|\bif not better(?: in| by)?"
    r"|\bpt|\btherapy|\bphysio\w*|\bnsaids?|\bfirst|\bage|\bper|\bquit(?: \w+)?"
    r"|\b(?:last (?:seen|visit)|married|retired|widowed|divorced|employed|mammo\w*|colonoscop\w*|repair|replacement"
    r"|hysterectomy"
    r"|appendectomy|dexa)[^.;,]{0,15}?|\brest|\bage of|\blasts?|(?:takes?"
    r"|taking|uses?|prescribed|course of|trial of|supply)[^.;,]{0,25}? (?:for|x)?|(?:mrs?|ms"
    r"|dr)\.?\s[\w.]+\s?,|[a-z]+ is a)[\s.:,]*$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"[\s-]*(?:old\b|y/?o\b|/o\b|chronic\s\w+\sf/u|[fm]\b|f/?u\b|follow|recheck|later|mg\b|male|female|per\b"
    r"|an?\s(?:day|week|month)|of age|wo?man\b|gentleman"
    r"|of (?:morning )?stiffness|history of (?:smok|diab)|post|free|nicotine)",
    re.IGNORECASE,
)
INJURED_ON: Final = phrases(
    r"(?:date of (?:the |alleged |industrial |reported )?(?:injury|accident|loss|incident|onset)|do[il]|onset date):?"
    rf" (?:[\d/-]+|{_MONTH} \d{{1,2}},? {_YEAR})"
)
"""The day of an injury, wherever a form has it."""
FIELD: Final = phrases(
    r"(?:duration|onset|how long|length of symptoms|symptoms? (?:began|started)|time course"
    r"|date of onset)(?: [\w/]+)?"
    rf" ?[.:…_][ .:…_-]{{0,40}}(?:since |for |about |approx\.? |~ ?)*(?:{_COUNT}[- ]?{_UNIT}"
    rf"|{_MONTH}(?: \d{{1,2}})?(?:,? {_YEAR})?|{_YEAR}"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?)"
)
"""A field of a form that asks for it."""
_SEASONAL: Final = re.compile(r"\b(?:last|this|next|every|the|in|since|each)\s+$", re.IGNORECASE)


def timely(parsed: Parsed, span: Span, sentence: Sentence) -> bool:
    """Is a time that of a complaint, rather than an age, an appointment or a dose?"""
    before, after = parsed.masked[sentence.start : span.start], parsed.masked[span.end : sentence.end]
    return not (_FUTURE.search(before) or _AFTER.match(after))


def season(parsed: Parsed, span: Span) -> bool:
    """Is ``fall`` the time of the year?"""
    return bool(_SEASONAL.search(parsed.masked[max(0, span.start - 12) : span.start]))


def onsets(parsed: Parsed, sentence: Sentence) -> Iterator[Span]:
    """Beginnings and lengths in a sentence that are neither an age, an appointment nor a dose; moments first."""
    words = parsed.masked[sentence.start : sentence.end]
    patterns = (_MOMENT, _LENGTH, _DATED) if _BEGAN.search(words) else (_MOMENT, _LENGTH)
    for pattern in patterns:
        for span in within(parsed, pattern, sentence.start, sentence.end):
            if timely(parsed, span, sentence):
                yield span


def manners(parsed: Parsed, sentence: Sentence) -> Iterator[Span]:
    """How a complaint began: ``sudden onset``."""
    return within(parsed, _MANNER, sentence.start, sentence.end)
