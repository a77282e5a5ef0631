"""Visits of many patients in, a ranked worklist out: what a practice should look at before a payer does."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from nlp_coder.claims import practice_sql as sql
from nlp_coder.claims.practice_source import opened
from nlp_coder.icd10cm import excludes1

if TYPE_CHECKING:
    from nlp_coder.claims.practice_source import Visits

VISITS: Final = 3
"""An unspecified code on this many visits of one patient is looked at."""
ENOUGH: Final = 30
"""Visits with a code that a provider needs to be compared, and to be compared with."""
_PEERS: Final = 3
_EXCESS, _Z = 0.10, 3.0


class Check(NamedTuple):
    """What is looked for: severity (error, warning, info), why it matters, who says so, what to do."""

    severity: str
    says: str
    authority: str
    fix: str


CHECKS: Final[dict[str, Check]] = {
    "excludes1-pair": Check(
        "error",
        "M54.50 or M54.3- stands on one claim beside a code that an Excludes1 note keeps it from.",
        "tabular: Excludes1 at M54.3, M54.4 and M54.5; guideline I.A.12.a",
        "Keep the code that says more; both only if the record says that the two are unrelated (guideline I.A.12.a).",
    ),
    "symptom-beside-cause": Check(
        "warning",
        "M54.50 stands on one claim beside a disc disorder; no Excludes1 note names the pair.",
        "guideline I.B.5",
        "Leave the pain out if the disc explains it; keep both if the provider lists the pain as a problem of its own.",
    ),
    "copied-forward": Check(
        "warning",
        "The words a code rests on stand where they stood at an earlier visit.",
        "house: copied documentation",
        "Read both notes side by side; code only what was examined and said at this visit.",
    ),
    "code-unchanged": Check(
        "warning",
        "The documentation names something new, the codes are those of the visit before.",
        "guideline IV.J; guideline I.A.19",
        "Code the visit anew from its own note.",
    ),
    "m549-follow-up": Check(
        "warning",
        "M54.9 is used on a visit that is not the patient's first for the spine: the region should be known by then.",
        "article-m549-reference: quarterly audit; guideline I.B.18",
        "Look for the region in the note; if it is not there, ask the provider.",
    ),
    "unspecified-after-imaging": Check(
        "warning",
        "An unspecified code is kept although a study of the same region is on record.",
        "guideline I.B.18; guideline I.A.9.b",
        "Ask the provider what the study means for the diagnosis; a finding alone is none.",
    ),
    "unspecified-kept": Check(
        "warning",
        "An unspecified code is kept visit after visit.",
        "guideline I.B.18; guideline I.A.9.b",
        "Look for side, region or type in the notes; if they are not there, ask the provider.",
    ),
    "chronicity-unstated": Check(
        "info",
        "The pain has lasted three months or more, and its course is not stated.",
        "guideline I.C.6.b.4",
        "Ask the provider for the course; the time alone makes no pain chronic.",
    ),
    "provider-unspecified": Check(
        "info",
        "A provider's share of unspecified codes is well above that of the peers.",
        "house: comparison with peers",
        "Review a sample of the notes with the provider; unspecified codes are right where nothing more is known.",
    ),
}
"""Every check, by its id, in the order of weight."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: a check, whom it concerns, on which visits, and what shows it.

    ``weight`` orders items of one check (visits, days or points of share); ``day`` is the last visit's.
    """

    check: str
    patient: str
    provider: str
    day: datetime.date | None
    visits: tuple[str, ...]
    codes: tuple[str, ...]
    evidence: tuple[str, ...]
    weight: float
    rank: int = 0

    @property
    def severity(self) -> str:
        """error, warning or info."""
        return CHECKS[self.check].severity


@dataclass(frozen=True, slots=True)
class Audit:
    """The worklist in order of rank, and what was looked at: visits, patients, providers, shares by month."""

    items: tuple[Item, ...]
    visits: int
    patients: int
    months: tuple[tuple[str, int, float], ...]
    providers: tuple[tuple[str, int, float], ...]
    documented: bool

    def by(self, what: str) -> tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]:
        """Items by provider, patient or month: its name, how many, and how many of each check; most first."""
        groups: dict[str, dict[str, int]] = {}
        for item in self.items:
            month = item.day.strftime("%Y-%m") if item.day else ""
            key = {"provider": item.provider, "patient": item.patient, "month": month}[what]
            if key:
                checks = groups.setdefault(key, {})
                checks[item.check] = checks.get(item.check, 0) + 1
        rows = [(key, sum(checks.values()), tuple(sorted(checks.items()))) for key, checks in groups.items()]
        return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))


def audit(path: Path, since: datetime.date | None = None, visits: int = VISITS) -> Audit:
    """A DuckDB file of ``nlp-coder batch``, or a CSV of claims → the audit.

    Items whose last visit is before ``since`` are left out; visits before it still count as history. A CSV has no
    documentation: three checks need a DuckDB file and find nothing in it. InputError if the file is neither, or a
    row of it cannot be used.
    """
    with opened(path) as source:
        found = [item for check in _FINDERS for item in check(source, visits)]
        kept = [item for item in found if since is None or item.day is None or item.day >= since]
        (number, patients), *_ = source.rows(sql.SIZE)
        months = tuple((m, n, s) for m, n, s in source.rows(sql.MONTHS))
        providers = tuple((p, n, s) for p, n, s in source.rows(sql.PROVIDERS))
    return Audit(_ranked(kept), number, patients, months, providers, source.documented)


def _ranked(items: Sequence[Item]) -> tuple[Item, ...]:
    """Errors, warnings, notes; within each by weight, then by check and patient, so the order is always the same."""
    severities, checks = ("error", "warning", "info"), list(CHECKS)
    ordered = sorted(
        items, key=lambda i: (severities.index(i.severity), -i.weight, checks.index(i.check), i.patient, i.provider)
    )
    return tuple(replace(item, rank=number) for number, item in enumerate(ordered, 1))


def _beside(source: Visits, _: int) -> Iterator[Item]:
    for patient, provider, day, visit, code, other in source.rows(sql.BESIDE):
        proofs = excludes1(code, other, day)
        why = (
            f"{proofs[0].kind} at {proofs[0].at}: {proofs[0].text}"
            if proofs
            else f"{code} beside {other}: low back pain is integral to a disc disorder that explains it."
        )
        check = "excludes1-pair" if proofs else "symptom-beside-cause"
        yield Item(check, patient, provider, day, (visit,), (code, other), (why,), 1.0)


def _unspecified(source: Visits, visits: int) -> Iterator[Item]:
    imaged = set[tuple[str, str]]()
    if source.documented:
        for patient, provider, day, ids, code, studied, what in source.rows(sql.AFTER_IMAGING):
            imaged.add((patient, code))
            said = f"{what} on record since {studied}; {code} on {_times(len(ids))} from then on."
            yield Item(
                "unspecified-after-imaging", patient, provider, day, tuple(ids), (code,), (said,), float(len(ids))
            )
    for patient, provider, day, ids, code, first in source.rows(sql.KEPT, [visits]):
        if (patient, code) not in imaged:
            said = f"{code} on {_times(len(ids))} from {first} to {day}."
            yield Item("unspecified-kept", patient, provider, day, tuple(ids), (code,), (said,), float(len(ids)))


def _times(number: int) -> str:
    return "1 visit" if number == 1 else f"{number} visits"


def _follow_ups(source: Visits, _: int) -> Iterator[Item]:
    for patient, provider, day, ids, first in source.rows(sql.FOLLOW_UP):
        said = f"First visit {first}; M54.9 on {_times(len(ids))} after it."
        yield Item("m549-follow-up", patient, provider, day, tuple(ids), ("M54.9",), (said,), float(len(ids)))


def _unchanged(source: Visits, _: int) -> Iterator[Item]:
    if source.documented:
        for patient, provider, day, visit, before, codes, new in source.rows(sql.UNCHANGED):
            said = f"New since visit {before}: {', '.join(' '.join(n.split('|')).strip() for n in new)}."
            yield Item(
                "code-unchanged", patient, provider, day, (before, visit), tuple(codes), (said,), float(len(new))
            )


def _copied(source: Visits, _: int) -> Iterator[Item]:
    if source.documented:
        for patient, provider, day, visit, before, same, shared, whole, codes in source.rows(sql.COPIED):
            said = "The whole note is that of" if same else f"{shared} of {whole} quotations stand in the place of"
            words = (f"{said} visit {before}.",)
            yield Item(
                "copied-forward", patient, provider, day, (before, visit), tuple(codes or ()), words, float(shared)
            )


def _chronic(source: Visits, _: int) -> Iterator[Item]:
    statement = sql.CHRONIC_STATED if source.documented else sql.CHRONIC_CLAIMED
    for patient, provider, day, visit, code, months, said in source.rows(statement):
        yield Item("chronicity-unstated", patient, provider, day, (visit,), (code,), (said,), min(float(months), 60.0))


def _peers(source: Visits, _: int) -> Iterator[Item]:
    rows = [(p, n, u) for p, n, u in source.rows(sql.PEERS, [ENOUGH])]
    for provider, number, unspecified in rows:
        others, theirs = sum(n for p, n, _ in rows if p != provider), sum(u for p, _, u in rows if p != provider)
        if len(rows) <= _PEERS or not others:
            continue
        mine, peers = unspecified / number, theirs / others
        spread = (peers * (1 - peers) / number) ** 0.5
        if mine - peers >= _EXCESS and mine - peers >= _Z * spread:
            share = f"{mine:.0%} of {number} visits have an unspecified code"
            said = f"{share}, {peers:.0%} of {others} visits of {len(rows) - 1} peers."
            yield Item("provider-unspecified", "", provider, None, (), (), (said,), 100 * (mine - peers))


_FINDERS: Final[tuple[Callable[[Visits, int], Iterator[Item]], ...]] = (
    _beside, _unspecified, _follow_ups, _unchanged, _copied, _chronic, _peers,
)  # fmt: skip
