"""A line of a note → the headings in it: the one it begins with, and those further on ("… Meds aspirin. A: gout.")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nlp_coder.segment.headings import LABEL, WORDS, Lead, Opening, first_lead, is_pulse, opening, section_of
from nlp_coder.segment.spoken import is_spoken, spoken_headings

_INNER = re.compile(r"[: ](?:(?<=:)|(?<=[A-Z]{2} )(?=[A-Z][a-z]|\(?\d{1,2}[.)] ))")
"""Where a heading within a line may end: at a colon, or after capitals that ordinary words or an item follow."""
_BOUNDARY = re.compile(r".*(?:(?<!\bDr)[.;!?)\]][\"'”]?[ \t]+|[ \t]{2,})", re.DOTALL)
_BETWEEN = re.compile(r"[,)] +")
_FRESH = r"(?:(?<=[.;,!?)\]\"'”][ \t])|(?<=[ \t]{2}))"
_SOAP = re.compile(r"(?P<letter>[SOAP](?:(?<=A)[/&]P)?)(?P<mark>:| [-–])(?=\s)")
_BARE = re.compile(r"^[ \t]*([SOAP])(/?)[ \t]+(?=\S)", re.MULTILINE)
"""A letter of SOAP that begins a line without colon."""
_FRESHLY = re.compile(_FRESH)
_NUMBERED = (
    r"(?:(?:assessment|impression)(?: ?(?:and|&|/) ?plan)?|conclusion|opinion|plan|diagnos[ei]s|dx|imp)"
    r"(?=[ \t]+(?:[-–][ \t]*)?(?:\(?1[.)]|\#1\b))"
    r"|A ?[/&+] ?P(?=[ \t]+(?:\(?1[.)]|\#1\b|[A-Z]))"
)
_ABBREVIATED = (
    r"PMHx?|PSHx?|FHx?|SHx?|fam(?:ily)?[ ]hx|soc(?:ial)?[ ]hx|past[ ]hx|ROS|O/E|VS|hx|allg|DHx?"
    r"|fam|meds?|medications?|allerg(?:y|ies)|(?:D/C )meds|rx|imp|dx|ex|exam|PE"
)
_SHORT = re.compile(rf"(?P<numbered>{_NUMBERED})|(?P<words>{_ABBREVIATED})(?P<colon>:?)(?=[ \t]+\S)", re.IGNORECASE)
"""What heads the words after it with or without colon, where a sentence or line begins."""
_SHORT_INNER = re.compile(rf"[ \t](?:(?<=[.;!?].)|(?<=[ \t].))(?=(?:{_SHORT.pattern}))", re.IGNORECASE)
_NEXT = re.compile(r"[ \t]+([^\s.,;:]*)")
_LONGER = re.compile(r"((?:[ \t]+[A-Za-z/&-]{1,20}){1,4}):")
"""Words before a colon that make the heading longer ("Medication history: none")."""
_SUBJECTS = ("med", "alle", "rx", "imp", "dx")
_BRIEF = 5
"""Longer words are no abbreviations: they begin with a capital where they head something."""
_VERBS = frozenset(
    "is are was were has have had do does did can could will would should may might that which for with by in on"
    " at to and or of not help helped list listed reconciled given sent filled refilled written changed adjusted"
    " reviewed today from if since after before management provided as per".split()
)
"""Words that make the word before them the subject of a sentence: "Meds have helped." heads nothing."""
_TESTED = re.compile(
    r"[^.;\n]{0,60}?\b(?:block|inj|injection|tap|us|mri|ct|scope|laparoscop|cath|codes?)\b", re.IGNORECASE
)
"""What follows ``Dx`` if it says "diagnostic" ("Dx C2 root block")."""
_SOMETHING = re.compile(r"\s*\S")
_CHIEF = frozenset(
    "subjective objective assessment impression plan diagnosis diagnoses exam examination conclusion".split()
) | {"assessment and plan", "assessment/plan", "physical exam", "past medical history", "family history"}
"""Headings that are headings in lower case too, before a colon where a sentence begins."""
_FIGURES = re.compile(r"\d{2,3}[/.]\d|\d{4}(?!\d)")


def leads(plain: str, start: int, end: int) -> Iterator[Lead]:
    """A line's range → what may be a heading at its beginning, then the known ones further on."""
    at = opening(plain, start, end)
    bare = at.start in _bare_letters(plain)
    body = at.start + 1 + (plain[at.start + 1 : at.start + 2] == "/")
    first = _made(plain, at.start, at.start + 1, body, end, at) if bare else first_lead(plain, at, end)
    if not (first and first.section):
        first = _short(plain, at.start, end, at) or first
    if first:
        yield first
    begin = first.body if first and first.section else at.start
    if is_spoken(plain, start, end):
        for place, stop in spoken_headings(plain, begin, end):
            yield _made(plain, place, stop, stop, end)
        return
    soap = _soap(plain, begin, end, first)
    short = {match.end() for match in _SHORT_INNER.finditer(plain, max(begin - 1, start), end)}
    stops = {match.end() - 1 for match in _INNER.finditer(plain, begin, end)}
    for place in sorted(short | stops | soap.keys()):
        if place < begin:
            continue
        inner = _made(plain, place, *soap[place], end) if place in soap else None
        inner = inner or (_short(plain, place, end, None) if place in short else None)
        inner = inner or (_inner(plain, begin, place, end) if place in stops else None)
        if inner:
            yield inner
            begin = inner.body


@lru_cache(maxsize=4)
def _bare_letters(plain: str) -> frozenset[int]:
    """Where the letters of SOAP head lines without a colon: each once at most, in their order, A and P among three.

    Before a slash (``A/ sciatica``) two are enough.
    """
    found = list(_BARE.finditer(plain))
    letters = "".join(match[1] for match in found)
    slashed = letters == "AP" and all(match[2] for match in found)
    return frozenset(m.start(1) for m in found) if slashed or letters in {"SOAP", "OAP", "SAP"} else frozenset()


def _soap(plain: str, begin: int, end: int, first: Lead | None) -> dict[int, tuple[int, int]]:
    """Where single letters head parts of the line (``O:`` ``A:`` ``P:``) → where each ends and its text begins.

    They do so if the line begins with one, or if an assessment is among them: a ``P:`` alone may be a pulse, an
    ``O:`` a blood group. In the middle of a sentence they do if assessment and plan are both there.
    """
    letters = first is not None and first.section is not None and first.end - first.start <= len("A/P")
    marks = [
        match for match in _SOAP.finditer(plain, begin, end)
        if plain[match.start() - 1 : match.start()].isspace() and not _pulse_at(plain, match)
    ]  # fmt: skip
    said = {match["letter"] for match in marks}
    if letters and first is not None:
        said.add(plain[first.start : first.end])
    both = {"A", "P"} <= said
    if not (letters or both or any(match["letter"][0] == "A" and _is_fresh(plain, match) for match in marks)):
        return {}
    return {
        match.start("letter"): (match.end("letter"), match.end())
        for match in marks
        if (both or _is_fresh(plain, match)) and (letters or match["mark"] == ":")
    }


def _is_fresh(plain: str, match: re.Match[str]) -> bool:
    """Whether a sentence, or words that blanks part from those before, begin here."""
    return _FRESHLY.match(plain, match.start()) is not None


def _pulse_at(plain: str, match: re.Match[str]) -> bool:
    return match["letter"] == "P" and is_pulse(plain[match.end() : match.end() + 8].lstrip())


def _short(plain: str, start: int, end: int, at: Opening | None) -> Lead | None:
    """The abbreviation that heads what follows here, if it does ("PMH asthma", "Ex 128/76", "A/P 1) strain").

    ``at`` is how the line opens, None within a line. What can be the subject of a sentence must not be one.
    """
    match = _SHORT.match(plain, start, end)
    if not match:
        return None
    words = match["numbered"] or match["words"]
    stop = start + len(words)
    colon = plain[stop] == ":"
    if not colon and not match["numbered"] and not _heads(plain, words, stop, end):
        return None
    return _made(plain, start, stop, stop + colon, end, at)


def _heads(plain: str, words: str, stop: int, end: int) -> bool:
    """Whether an abbreviation without colon heads what follows."""
    longer = _LONGER.match(plain, stop, end)
    if longer and section_of(words + longer[1])[0] not in (None, LABEL):
        return False
    found = _NEXT.match(plain, stop, min(end, stop + 60))
    follows = found[1] if found else ""
    word = words.lower()
    if word in ("ex", "exam", "pe"):
        known = section_of(follows) if follows.isalpha() else (None, False)
        return bool(found and (_FIGURES.match(plain, found.start(1), end) or known == (LABEL, True)))
    if word in ("dx", "imp") and not (words[0].isupper() and not _TESTED.match(plain, stop, end)):
        return False
    if len(word) > _BRIEF and not words[0].isupper():
        return False
    return not (word.startswith(_SUBJECTS) and follows.lower() in _VERBS)


def _made(plain: str, start: int, stop: int, body: int, end: int, at: Opening | None = None) -> Lead:
    """The words ``plain[start:stop]`` as a heading that the table has; ``hx`` within a line is that of the past."""
    words = plain[start:stop]
    section = section_of(words)[0]
    if at is None and words.lower() == "hx":
        section = "past medical history"
    alone = not _SOMETHING.match(plain, body, end)
    return Lead(
        start, stop, body, section, True, words.isupper(), plain[stop : stop + 1] == ":", alone, False,
        at or Opening(start), inner=at is None,
    )  # fmt: skip


def _inner(plain: str, begin: int, stop: int, end: int) -> Lead | None:
    """The heading within a line that ends here: in capitals, or where a sentence begins."""
    colon = plain[stop] == ":"
    if colon and stop + 1 < end and not plain[stop + 1].isspace() and not plain[stop - 2 : stop].isupper():
        return None
    low = max(begin, stop - 70)
    boundary = _BOUNDARY.match(plain[low:stop]) if colon else None
    fresh = low + boundary.end() if boundary else low if low == begin and colon else -1
    for start in (fresh, *_capital_starts(plain, low, stop)):
        words = plain[max(start, 0) : stop].rstrip()
        plainly = words[:1].isupper() or (start == fresh and words.lower() in _CHIEF)
        if start < 0 or not plainly or len(words.split()) > WORDS:
            continue
        capitals, shortest = words.isupper(), 2 if start == fresh else 4 if colon else 8
        if len(words) < shortest or (start != fresh and not capitals):
            continue
        section, exact = section_of(words)
        if section and section != LABEL and (exact or start == fresh):
            body, at = stop + colon, Opening(start)
            alone = not _SOMETHING.match(plain, body, end)
            stop = start + len(words)
            return Lead(start, stop, body, section, exact, capitals, colon, alone, False, at, inner=True)
    return None


def _capital_starts(plain: str, low: int, stop: int) -> list[int]:
    """Where a heading in capitals that ends here may begin: with the capitals, or after a mark."""
    start = stop
    while start > low and (plain[start - 1].isupper() or plain[start - 1] in "/&'() ,-"):
        start -= 1
    whole = start == 0 or not plain[start - 1].isalnum()
    while start < stop and not plain[start].isalpha():
        start += 1
        whole = True
    inside = [match.end() for match in _BETWEEN.finditer(plain, start, stop)]
    return [start, *inside] if whole else inside
