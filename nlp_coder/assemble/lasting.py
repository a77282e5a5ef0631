"""How long a problem had lasted on the day of service, where the note says since when."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from nlp_coder.types import Fact

_SINCE = re.compile(r"since (\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def with_length(fact: Fact, day: datetime.date | None) -> Fact:
    """The fact; ``since 2024-03-04`` becomes ``8 weeks, since 2024-03-04`` on 2024-05-01, without a day it stays."""
    begun = _SINCE.fullmatch(fact.duration)
    if begun is None or day is None:
        return fact
    year, month, date = (int(part) if part else 0 for part in begun.groups())
    try:
        first = datetime.date(year, month or 1, date or 1)
    except ValueError:
        return fact
    length = _length((day - first).days, exact=bool(date), months=bool(month))
    return replace(fact, duration=f"{length}, {fact.duration}") if length else fact


def _length(days: int, *, exact: bool, months: bool) -> str:
    """Days as the largest unit that fits at least twice; a beginning said by month or year is counted in those."""
    if days < 0:
        return ""
    if days >= 730 or not months:
        return f"{days // 365} years" if days >= 365 else ""
    if days >= 61 or not exact:
        return f"{days // 30} months" if days >= 30 else ""
    return f"{days // 7} weeks" if days >= 14 else f"{days} days"
