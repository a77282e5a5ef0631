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
        r"reason for (?:visit|consult\w*|exam\w*|study|referral|test)|referring question|established (?:pt"
        r"|patient)|chief complaint|cc(?=:)|indications?(?=:)|ordering dx"
        r"|clinical (?:history|hx|information|indication|data)|indications? for (?:surgery|procedure|study)"
        r"|yearly physical|(?:annual|yearly) (?:wellness|physical|exam\w*|check\w*)|wellness (?:visit|exam\w*)|awv",
        r"(?:triage|nurse|phone|telephone|advice|after[- ]hours) (?:call|line|encounter|contact|message)|(?-i:CC)(?= )",
        r"(?:visit|session|treatment) (?:#|no\.? )?\d{1,2}(?![\d/-]|\.\d)(?: of \d+)?",
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
        rf"well known to this {_PLACE}|go over (?:her|his|the)|requested by|c/o",
    ),
)
"""What an encounter, or a study, is for: as a title or heading says it; else as a sentence does."""
TITLE: Final = phrases(
    r"visit|consult\w*|report|note|recheck|r/v|review|evaluation|f/u|follow[ -]?up|clinic|cl|department|care|summary"
)
"""A word of the first line that makes it the title of a visit."""
ORDERED: Final = phrases(r"history(?=:)|evaluate for|rule out|r/o")
"""What a study is for, in a report."""
