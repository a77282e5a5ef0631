"""What the table says of billing, of days, of pairs, of sides and of length: a claim in, an answer out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from nlp_coder import icd10cm
from nlp_coder.claims.codes import HELD_WHOLE
from nlp_coder.claims.factcheck.names import features, title
from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token, meant
from nlp_coder.claims.pairs import together

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DATE = re.compile(
    rf"(?P<month>{_MONTH})(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?)?,?(?: of)? (?P<year>20\d\d)"
    rf"|(?P<before>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<named>{_MONTH}),? (?P<in>20\d\d)"
    r"|(?:FY|fiscal year) ?(?P<fiscal>20\d\d|\d\d\b)|(?P<iso>20\d\d-\d\d-\d\d)"
    r"|\b(?P<slashed>\d{1,2}[/-]\d{1,2}[/-](?:20)?\d\d)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\d/.-])20[12]\d(?![\d/-])")
When = datetime.date | int
"""A day, or a year of which the month is not told."""
NUMBERS = {
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "4th": 4, "fourth": 4, "5th": 5, "fifth": 5,
    "6th": 6, "sixth": 6, "7th": 7, "seventh": 7, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7,
}  # fmt: skip


def day_in(text: str) -> datetime.date | None:
    """The first day that a text names (10/1/2021 as in the US): a month is its first, a fiscal year its 1 October."""
    match = DATE.search(text)
    if match is None:
        return None
    try:
        if match["fiscal"]:
            return datetime.date(int(match["fiscal"][-2:]) + 1999, 10, 1)
        if match["iso"]:
            return datetime.date.fromisoformat(match["iso"])
        if match["slashed"]:
            month, day, year = (int(part) for part in match["slashed"].replace("-", "/").split("/"))
            return datetime.date(year % 2000 + 2000, month, day)
        named = match["month"] or match["named"]
        year, day = int(match["year"] or match["in"]), int(match["day"] or match["before"] or 1)
        return datetime.date(year, _MONTHS.index(named[:3].casefold()) + 1, day)
    except ValueError:
        return None


def when_in(text: str) -> When | None:
    """The first day that a text names; else the first year."""
    day = day_in(text)
    year = None if day else YEAR.search(text)
    return int(year[0]) if year else day


def _same(told: When, began: datetime.date) -> bool:
    """A year may be that of the calendar or the fiscal year of the code set."""
    return told in {began.year, began.year + (began.month >= 10)} if isinstance(told, int) else told == began


def billable(token: Token, day: datetime.date | None, *, claimed: bool) -> Answer:
    """Whether a code can be billed on a day, against what is claimed; a family can if a code of it can."""
    entry = icd10cm.entry(token.code)
    if entry is None and not token.family:
        return "not checkable", "the code is outside the table", "table"
    can = bool(meant(token, day)) if token.family else icd10cm.billable_on(token.code, day)
    if can == claimed:
        return "supported", f"{token.code} {title(token.code)}: billable: {'yes' if can else 'no'}", "tabular"
    if can:
        return "contradicted", f"{token.code} is billable", "tabular"
    use = ", ".join(icd10cm.suggest(token.code, day)[:6])
    ended = f" since {entry.valid_to + datetime.timedelta(days=1)}" if entry and entry.valid_to else ""
    return "contradicted", f"{token.code} is a header, not billable{ended}; billable: {use}", "tabular; I.B.2"


def began(token: Token, since: When, day: datetime.date | None) -> Answer:
    """Whether a code (or all of a family) can be billed from that day on."""
    entries = [icd10cm.entry(code) for code in (meant(token, day) if token.family else token.stems)]
    first = {entry.valid_from for entry in entries if entry and entry.valid_from}
    if not first:
        return "not checkable", f"{token.text}: no day is in the table", "table"
    told = " and ".join(sorted(str(date) for date in first))
    return (
        "supported" if len(first) == 1 and _same(since, min(first)) else "contradicted",
        f"{token.text} is valid since {told}",
        "tabular",
    )


def ended(token: Token, since: When, day: datetime.date | None) -> Answer:
    """Whether a code could be billed until the day before."""
    entry = icd10cm.entry(token.code)
    if entry is None or entry.valid_from is None:
        return "not checkable", f"{token.code}: no day is in the table", "table"
    if entry.valid_to is None:
        return "contradicted", f"{token.code} {entry.title} is in force", "tabular"
    told = f"{token.code} {entry.title} could be billed until {entry.valid_to}"
    right = since == entry.valid_to or _same(since, entry.valid_to + datetime.timedelta(days=1))
    return "supported" if right else "contradicted", told, "tabular"


def over(token: Token) -> Answer:
    """Whether a code is no longer in force, on a day that is not told."""
    entry = icd10cm.entry(token.code)
    if entry is None or token.family:
        return "not checkable", f"{token.code}: no day is in the table", "table"
    if entry.valid_to is None and icd10cm.billable_on(token.code, None):
        return "contradicted", f"{token.code} {entry.title} is in force", "tabular"
    return "supported", f"{token.code} {entry.title}: not billable", "tabular"


def replaced(token: Token, by: Sequence[Token], day: datetime.date | None) -> Answer:
    """Whether these codes are all that came of a code."""
    came = {code for code in icd10cm.billable_codes(day) if (e := icd10cm.entry(code)) and e.before == token.code}
    if not came:
        return "not checkable", f"the table holds no successor of {token.code}", "table"
    named = {code for other in by for code in meant(other, day)}
    told = f"{token.code} was replaced by {', '.join(sorted(came))}"
    return "supported" if named == came else "contradicted", told, "tabular"


def successors(token: Token, number: int) -> Answer:
    """Whether so many codes came of a code."""
    came = [code for code in icd10cm.billable_codes() if (e := icd10cm.entry(code)) and e.before == token.code]
    if not came:
        return "not checkable", f"the table holds no successor of {token.code}", "table"
    told = f"{token.code} was replaced by {', '.join(came)}"
    return "supported" if len(came) == number else "contradicted", told, "tabular"


def came_of(token: Token, before: Token) -> Answer:
    """Whether a code came of another that stood before it."""
    entry = icd10cm.entry(token.code)
    if entry is None:
        return "not checkable", "the code is outside the table", "table"
    right = entry.before == before.code
    was = entry.before or "none"
    return "supported" if right else "contradicted", f"before {token.code} stood {was}", "tabular"


def pair(a: Token, b: Token, day: datetime.date | None, *, barred: bool, billed: bool = False) -> Answer:
    """Whether an Excludes1 note parts all that the one means from all that the other means.

    ``billed``: both are said to go on one claim, so a combination code contradicts it, too (I.B.9).
    """
    left, right = meant(a, day) or a.stems, meant(b, day) or b.stems
    pairs = [(one, other) for one in left for other in right if one != other]
    apart = [(one, other) for one, other in pairs if icd10cm.excludes1(one, other, day)]
    if apart:
        proof = icd10cm.excludes1(*apart[0], day)[0]
        note = f"Excludes1 at {proof.at}: {proof.text}"
    source = "tabular; guideline I.A.12.a"
    if barred and pairs and len(apart) == len(pairs):
        return "supported", note, source
    if billed and not barred and not apart and len(pairs) == 1 and (one_code := _combined(pairs[0], day)):
        return "contradicted", one_code, "guideline I.B.9"
    if not barred and not apart:
        notes = [n for one, other in pairs[:40] for n in icd10cm.excludes2(one, other, day)]
        allowed = f"Excludes2 at {notes[0].at}: {notes[0].text}" if notes else f"no Excludes1 note: {a.text}, {b.text}"
        return "supported", allowed, "tabular; guideline I.A.12.b"
    if not barred and len(apart) == len(pairs):
        return "contradicted", note, source
    if not barred:
        return "not checkable", f"for some of these codes only: {note}", source
    if apart:
        some = sorted({other if len(right) > 1 else one for one, other in apart})
        return "contradicted", f"only {', '.join(some[:6])} of it: {note}", source
    return "contradicted", f"no Excludes1 note parts {a.text} from {b.text}{_reason(pairs, day)}", source


def _combined(pair: tuple[str, str], day: datetime.date | None) -> str:
    """What is wrong with two codes that one combination code replaces; empty if none does."""
    found = (f"{finding.text} {finding.fix}" for finding in together(pair, day) if finding.id == "combination-code")
    return next(found, "")


def _reason(pairs: Sequence[tuple[str, str]], day: datetime.date | None) -> str:
    """The real reason to leave one of the two out, if there is one."""
    found = [finding for one in pairs[:20] for finding in together(one, day) if finding.severity != "info"]
    return f" (the reason to drop one is {found[0].source}: {found[0].fix})" if found else ""


def sided(token: Token, day: datetime.date | None, *, claimed: bool) -> Answer:
    """Whether any title of a family names a side."""
    codes = meant(token, day)
    if not codes:
        return "not checkable", "the code is outside the table", "table"
    has = any(features(title(code)).sides - {"unspecified"} for code in codes)
    if not has and "unspecified side" in title(token.code):
        return "not checkable", f"{token.code} {title(token.code)}", "tabular"
    told = f"{token.text}: {'a side is in the title' if has else 'no title names a side'}"
    return "supported" if has == claimed else "contradicted", told, "tabular"


def unsided(token: Token) -> Answer:
    """Whether the "unspecified" of a title is its side."""
    own = title(token.code)
    if "unspecified" not in own:
        return "not checkable", f"{token.code} {own}", "tabular"
    right = "unspecified side" in own
    return "supported" if right else "contradicted", f"{token.code} {own}: the title names no side", "tabular"


def parted(token: Token, day: datetime.date | None, *, by: str) -> Answer:
    """Whether the codes of a family differ by side, or by region."""
    codes = meant(token, day)
    if len(codes) < 2:
        return "not checkable", f"{token.code} has no codes below it in the table", "table"
    held = [features(title(code)) for code in codes]
    differ = len({f.sides if by == "side" else f.regions for f in held}) > 1
    told = "; ".join(f"{code} {title(code)}" for code in codes[:2])
    return "supported" if differ else "contradicted", told, "tabular"


def seventh(token: Token, day: datetime.date | None, *, claimed: bool) -> Answer:
    """Whether a code, or what stands below it, has a 7th character."""
    codes = meant(token, day) or (token.code,)
    if icd10cm.entry(token.code) is None and not meant(token, day):
        return "not checkable", "the code is outside the table", "table"
    takes = any(len(code) == len("S39.012A") for code in codes)
    told = f"{token.code} {'takes a' if takes else 'has no'} 7th character"
    return "supported" if takes == claimed else "contradicted", told, "tabular"


def only_encounter_missing(token: Token, day: datetime.date | None) -> bool:
    """Whether nothing but the 7th character of the encounter is missing, which running text often leaves out."""
    codes = meant(token, day)
    filled = len("S39012")
    return bool(codes) and all(len(code.replace(".", "")) > filled for code in codes) and token.code not in codes


def news(token: Token, date: datetime.date, number: int) -> Answer:
    """Whether so many codes of a category began on a day; only for categories of which the table holds all."""
    if token.code[:3] not in HELD_WHOLE or date > icd10cm.newest_release().valid_from:
        return "not checkable", "the table does not hold all of it", "table"
    every = {code for code in icd10cm.billable_codes(date) if any(code.startswith(stem) for stem in token.stems)}
    began = sorted(code for code in every if (e := icd10cm.entry(code)) and e.valid_from == date)
    told = f"codes of {token.text} that began on {date}: {', '.join(began) or 'none'}"
    return "supported" if len(began) == number else "contradicted", told, "tabular"


def shorter(token: Token, length: int) -> Answer:
    """Whether neither a code nor one below it has so many characters."""
    verdict, told, source = long(token, length, exactly=False)
    return "supported" if verdict == "contradicted" else "contradicted", told, source


def complete(token: Token, length: int) -> Answer:
    """Whether a code, or what stands below it, is complete with so many characters."""
    lengths = {len(code.replace(".", "")) for code in meant(token, None)}
    if not lengths:
        return "not checkable", "the code is outside the table", "table"
    told = f"complete codes of {token.code} have {' or '.join(str(number) for number in sorted(lengths))} characters"
    return "supported" if length in lengths else "contradicted", told, "tabular"


def long(token: Token, length: int, *, exactly: bool) -> Answer:
    """Whether a code has so many characters (its dot does not count), or at least so many."""
    own = len(token.code.replace(".", ""))
    below = max((len(code.replace(".", "")) for code in meant(token, None)), default=own)
    right = own == length if exactly else below >= length
    told = f"{token.code} has {own} characters" + (f", codes below it {below}" if below > own else "")
    return "supported" if right else "contradicted", told, "tabular"
