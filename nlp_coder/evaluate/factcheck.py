"""The fact checker over pages whose errors are known: planted ones found, and nothing else contradicted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nlp_coder.evaluate.report import Bar, Table

_CODE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?|\d{3}\.\d{1,2}")


class Claimed(Protocol):
    """What the fact checker says of one claim of a page."""

    @property
    def line(self) -> int: ...  # noqa: D102 - the line of the file, from 1
    @property
    def kind(self) -> str: ...  # noqa: D102 - title, billable, pair …
    @property
    def codes(self) -> tuple[str, ...]: ...  # noqa: D102 - as the page writes them
    @property
    def verdict(self) -> str: ...  # noqa: D102 - supported, contradicted or not checkable


@dataclass(frozen=True, slots=True)
class Scored:
    """One page: errors planted and found, what was missed, and what was contradicted though right."""

    page: str
    planted: int
    missed: tuple[str, ...]
    false: tuple[str, ...]


def scored(page: str, text: str, planted: Sequence[Mapping[str, str]], found: Sequence[Claimed]) -> Scored:
    """A page's text, its planted errors (``words`` of the page, ``what`` kind) and the claims found → the score.

    An error is found if a contradicted claim of its kind stands on its lines and is about all its codes.
    """
    used: set[int] = set()
    missed = []
    for row in planted:
        at = text.index(row["words"])
        first = text.count("\n", 0, at) + 1
        last = text.count("\n", 0, at + len(row["words"])) + 1
        codes = set(_CODE.findall(row["words"]))
        hits = [
            place
            for place, claim in enumerate(found)
            if claim.verdict == "contradicted" and claim.kind == row["what"] and first <= claim.line <= last
            if codes <= {code.rstrip("-x.") for code in claim.codes}
        ]
        used.update(hits)
        if not hits:
            missed.append(f"{page}:{first}  missed {row['what']}: {' '.join(sorted(codes))}")
    false = [
        f"{page}:{claim.line}  contradicted though right: {claim.kind} {' '.join(claim.codes)}"
        for place, claim in enumerate(found)
        if claim.verdict == "contradicted" and place not in used
    ]
    return Scored(page, len(planted), tuple(missed), tuple(false))


def table(pages: Iterable[Scored]) -> Table:
    """One row a page."""
    rows = tuple((p.page, str(p.planted), str(p.planted - len(p.missed)), str(len(p.false))) for p in pages)
    return Table("Pages of our own with planted errors", ("page", "planted", "found", "false"), rows)


def judged(rows: Sequence[Mapping[str, str]], found: Mapping[str, Sequence[Claimed]]) -> tuple[str, ...]:
    """Rows of seed-claims.csv and the claims found in each article → a line for each row that comes out otherwise."""
    wrong = []
    for row in rows:
        against = [
            claim
            for claim in found[row["article"]]
            if claim.line == int(row["line"]) and claim.verdict == "contradicted"
        ]
        codes = row["codes"].split()
        if row["expected"] == "right" and against:
            wrong.append(f"{row['row']}  right, and contradicted: {' '.join(against[0].codes)}")
        elif row["expected"] == "contradicted" and not all(any(code in c.codes for c in against) for code in codes):
            wrong.append(f"{row['row']}  wrong, and not contradicted")
    return tuple(wrong)


def bars(pages: Sequence[Scored], articles: Sequence[str] | None) -> tuple[Bar, ...]:
    """Nothing missed and nothing falsely contradicted, on our pages and, where they are there, in the articles."""
    own = (
        Bar("planted errors missed", sum(len(page.missed) for page in pages), 0, most=True),
        Bar("right claims contradicted", sum(len(page.false) for page in pages), 0, most=True),
    )
    if articles is None:
        return own
    return (*own, Bar("rows of the five articles that come out otherwise", len(articles), 0, most=True))
