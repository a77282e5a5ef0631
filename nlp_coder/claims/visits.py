"""What kind of visit or study a note is of, and what it is for, as titles, headings and sentences say it."""

from __future__ import annotations

from typing import Final

from nlp_coder.claims.wording import phrases

_PLACE: Final = r"(?:clinic|department|center|office)"
_KIND: Final = r"(?:visit|note|consult\w*|evaluation|recheck|report|summary|follow[ -]?up|appt|appointment|study)"
INTENTS: Final = (
    phrases(
        rf"return (?:patient|pt)|(?:return|initial|new patient|acute"
        rf"|follow[ -]?up|monthly|routine|preventive|prenatal|annual|emergency"
        rf"|telehealth|telephone|video|ltc|ob|urgent|wellness|treatment|tx"
        rf"|progress|procedure|operative|pain management|neurosurgical|medication|discharge|surgery"
        rf"|spine)(?: [\w/]+){{0,2}} {_KIND}",
        r"review of imaging|(?:medication )?(?:follow[ -]?up(?: visit)?|followup|f/u)(?! (?:in|with|\d|one|two"
        r"|three|four|six|prn|as))|operative note|procedure note"
        r"|new patient|consultation|(?:visit|care|comp) recheck|recheck (?:visit|exam)",
        r"established (?:pt|patient)|yearly physical|(?:annual|yearly) (?:wellness|physical|exam\w*|check\w*)"
        r"|wellness (?:visit|exam\w*)|awv",
        r"(?:triage|nurse|phone|telephone|advice|after[- ]hours) (?:call|line|encounter|contact|message)",
        r"(?:visit|session|treatment) (?:#|no\.? )?\d{1,2}(?![\d/-]|\.\d)(?: of \d+)?",
        r"(?:med(?:ication)?s?|rx|prescription|opioid|pain med) refills?(?: (?:visit|request))?|refill (?:visit"
        r"|request)|med(?:ication)? check"
        r"|walk-?in|sick visit|same[- ]day (?:visit|appointment|appt)|second opinion|e-?visit|house call|home visit"
        r"|curbside"
        r"|(?:well[- ](?:child|woman|baby|man)|health) (?:check|maintenance|visit|exam)(?:-?up)?|annual exam"
        r"|physical exam visit",
        r"(?:pre-?op\w*|post-?op\w*|surgical|medical|cardiac|peri-?op\w*|dental)(?: medical)? (?:clearance"
        r"|evaluation|eval|check|consult\w*"
        r"|assessment|visit|risk assessment|note)|independent medical (?:exam\w*|evaluation)|(?-i:IME)"
        r"|impairment rating|fitness for duty"
        r"|(?:return[- ]to[- ](?:work|duty|play|sport)|disability|functional capacity|work status) (?:eval\w*"
        r"|exam\w*|assessment|visit|note)",
        r"(?:initial|re-?|annual|nursing|intake|new[- ]patient|physical therapy|pt|ot) ?(?:evaluation|eval"
        r"|assessment|intake)"
        r"|start of care|plan of care|re-?certification|(?:daily|treatment|soap|intake|admission|transfer|sign-?out"
        r"|triage|nursing) note"
        r"|h ?& ?p|history and physical|discharge (?:summary|note|instructions)|injection (?:visit|note|clinic)"
        r"|(?:comp|work comp|wc|workers['’]? comp\w*) (?:follow[ -]?up|visit|recheck|exam|eval\w*|injury)",
        r"(?:first|new|initial|repeat) (?:visit|appointment|appt|encounter|consult\w*)(?: for this)?"
        r"|establish(?:ing)? care"
        r"|new (?:problem|complaint|issue)(?=[,.;: ])|seen for the first time",
        r"(?:pre-?employment|sports|dot|school|camp|work|annual) physical|post-?op(?:erative)? (?:week|day|month"
        r"|visit|check) ?#?\d*"
        r"|pod ?#?\d+",
        r"date of procedure|electively admitted|(?:\d(?:st|nd|rd|th)|first|second|third|fourth|fifth"
        r"|\w+ practitioner) visit",
    ),
    phrases(
        r"urgent care|emergency department|pain clinic|headache cl",
        r"(?:pt )?here (?:today )?(?:for|w/|with|c/o|to)|(?:presents?|presented)(?: today)? (?:to|for|with"
        r"|stating)|presents",
        r"comes in(?: with| for)?|comes for|came in today|returns? (?:to|for|today)|seen today|is seen in"
        r"|was seen in|have seen today|seen (?:at|by)|back in (?:the )?clinic|thank you for (?:your letter"
        r"|referring|asking|sending|send)|saw (?:this|him|her|mrs?)|referred (?:for|by)|reviewed",
        r"(?:comes?|came|here|in|back|calls?|called|presents?|seen|asks?|asking|wants?|requests?|requesting)(?: in"
        r"| back| today)?"
        r" (?:today )?(?:to|for) (?:(?:discuss|review|go over|get|have|obtain|establish|recheck|follow up)\b|an? "
        r"|the |her |his )?"
        r"(?:mri |imaging |test |lab )?(?:results?|recheck|refills?|follow[ -]?up|check-?up|second opinion"
        r"|evaluation|injection"
        r"|clearance|form|paperwork|note|letter|exam\w*)",
        r"for (?:an? |the )?(?:re-?check|follow[ -]?up|re-?evaluation|check-?up)|(?:in|for) consultation",
        r"(?:wants?|needs?|requests?|asks for|asking for) (?:an? |the |her |his )?(?:refills?|work note"
        r"|note for work|letter|form"
        r"|paperwork|clearance|results?)|seen (?:today )?for",
        rf"well known to this {_PLACE}|go over (?:her|his|the)|requested by|c/o",
    ),
)
"""What an encounter, or a study, is for: as a title or heading says it; else as a sentence does."""
ASKED: Final = phrases(
    r"reason for (?:visit|consult\w*|exam\w*|study|referral|test)|referring question|chief complaint|cc(?=:)"
    r"|(?-i:CC)(?= )"
    r"|indications?(?=:)|ordering dx|clinical (?:history|hx|information|indication|data)"
    r"|indications? for (?:surgery|procedure|study)"
)
"""Headings under which it is said what the encounter is for."""
TITLE: Final = phrases(
    r"visit|consult\w*|report|note|recheck|r/v|review|evaluation|f/u|follow[ -]?up|clinic|cl|department|care|summary"
)
"""A word of the first line that makes it the title of a visit."""
ORDERED: Final = phrases(r"history(?=:)|evaluate for|rule out|r/o")
"""What a study is for, in a report."""
