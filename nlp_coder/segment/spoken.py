"""A dictated line without punctuation → where the headings in it stand, and where its sentences begin."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONG = 60
"""Fewer words than this are no dictation, however they are written."""
_APART = 60
"""A dictated line has fewer marks than one in so many words."""
_MARKS = re.compile(r"[.,;:!?](?=\s)")
_HEADINGS = re.compile(
    r"(?<=\s)(?:(?:my|our) (?:assessment|impression|diagnosis|plan) (?:is|are|would be)"
    r"|assessment and plan|assessment|impression|diagnos[ei]s|plan|conclusion"
    r"|past (?:medical |surgical )?history|family history|social history|(?:current )?medications|allergies"
    r"|review of systems|(?:on )?(?:physical )?exam(?:ination)?|history of present illness|chief complaint)(?=\s)",
    re.IGNORECASE,
)
_NOT_AFTER = frozenset(
    "a an the this that these those our my his her their your its no any each every same first new old initial"
    " treatment care action pain stress eye breast neck back spine spinal pelvic rectal neuro neurologic"
    " neurological repeat further prior previous treatment the we i you they he she to of with under by for from"
    " current other another in on birth clinical working differential primary secondary discharge final physical"
    " medical and or without taking takes took his all is was strong remarkable".split()
)
"""Words after which the word is no heading ("the plan", "we plan to", "treatment plan", "his exam")."""
_NOT_BEFORE = frozenset(
    "to of was were is that which for from with by and or on at he had has have will would shows showed"
    " revealed reveals under in as".split()
)
_MINE = re.compile(r"(?:my|our) ", re.IGNORECASE)
_AS_PHRASE = re.compile(r"(?:my|our|past|family|social|history of|review|on |chief)", re.IGNORECASE)
"""Headings of several words may be followed by "of" and the like: they are headings all the same."""
_BEGINS = re.compile(
    r"(?<=\s)(?:(?:and )?(?P<number>(?:problem )?number (?P<which>one|two|three|four|five|six|seven|eight))(?=\s)"
    r"|(?P<close>thank you|end of dictation|end dictation)(?=\s|\Z)"
    r"|(?:he|she|they|i|we|there|patient|it) (?:also )?(?:is|was|has|had|does|did|do|denies|denied|reports|takes|took"
    r"|feels|will|can|could|were|are|have|says|states|went|walks|lives|works|came|comes|looks|get|gets)(?=\s))",
    re.IGNORECASE,
)
_BOUND = frozenset(
    "that which who whom because but when while if as since although though where what how and or nor than so"
    " until before after whether says said thinks thought told asked states feels knows sure clear the a no ever"
    " once unless like case".split()
)
"""Words after which a pronoun begins a clause of the same sentence, or no clause at all."""
_WHICH = {word: value for value, word in enumerate("one two three four five six seven eight".split(), 1)}


def is_spoken(plain: str, start: int, end: int) -> bool:
    """Whether a line runs on for long with hardly a mark, as speech recognition writes it."""
    if end - start < 5 * _LONG:
        return False
    words = plain.count(" ", start, end)
    return words >= _LONG and sum(1 for _ in _MARKS.finditer(plain, start, end - 1)) * _APART < words


def spoken_headings(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A dictated line → where each heading said in it begins and ends."""
    for match in _HEADINGS.finditer(plain, start, end):
        words = match.group()
        before = plain[max(start, match.start() - 20) : match.start()].split()
        after = plain[match.end() : min(end, match.end() + 20)].split()
        if before and not _MINE.match(words) and before[-1].lower() in _NOT_AFTER:
            continue
        if after and after[0].lower() in _NOT_BEFORE and not _AS_PHRASE.match(words):
            continue
        skipped = len("on ") if words.lower().startswith("on ") else 0
        yield match.start() + skipped, match.end()


def spoken_sentences(plain: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Dictated text → where each sentence begins, where its words do, and the number said before them (0: none)."""
    for match in _BEGINS.finditer(plain, start, end):
        before = plain[max(start, match.start() - 20) : match.start()].split()
        if match["number"]:
            yield match.start(), match.end(), _WHICH[match["which"].lower()]
        elif match["close"] or not (before and before[-1].lower() in _BOUND):
            yield match.start(), match.start(), 0
