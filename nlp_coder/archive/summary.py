"""What a run came to, in figures without a word of any note; from a store, or counted along a stream."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from nlp_coder.archive.nouns import Result
from nlp_coder.archive.store import Store
from nlp_coder.archive.tables import TABLES

_CODE = list(TABLES["codes"]).index("code")
_UNSPECIFIED = list(TABLES["codes"]).index("unspecified")


@dataclass(slots=True)
class Tally:
    """Counted along: what this run has done so far. ``before`` entries were done by an earlier one."""

    before: int = 0
    done: int = 0
    coded: int = 0
    questioned: int = 0
    unspecified: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def count(self, result: Result) -> None:
        """One result more."""
        self.done += 1
        rows = result.rows.get("codes", ())
        self.coded += bool(rows)
        self.questioned += "questions" in result.rows
        self.codes.update(row[_CODE] for row in rows)
        self.unspecified += sum(row[_UNSPECIFIED] for row in rows)
        if result.failure:
            self.reasons[result.failure.reason] += 1


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole output in figures; ``seconds`` and ``rate`` (notes a second) are this run's alone."""

    notes: int
    coded: int
    questioned: int
    unspecified: int
    codes: dict[str, int]
    failures: dict[str, int]
    seconds: float
    rate: float

    @property
    def failed(self) -> int:
        """How many notes failed."""
        return sum(self.failures.values())

    @property
    def assigned(self) -> int:
        """How many codes were assigned."""
        return sum(self.codes.values())

    @property
    def unspecified_share(self) -> float:
        """The share of unspecified codes among those assigned, 0 to 1."""
        return self.unspecified / self.assigned if self.assigned else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For a JSON line: what a program wants to know of a run."""
        return {
            "schema": "nlp-coder/batch-summary/1",
            "notes": self.notes,
            "failures": self.failed,
            "notes_with_codes": self.coded,
            "notes_with_questions": self.questioned,
            "codes": self.assigned,
            "unspecified_share": round(self.unspecified_share, 4),
            "by_code": self.codes,
            "by_failure": self.failures,
            "seconds": round(self.seconds, 3),
            "notes_per_second": round(self.rate, 1),
        }


def of_tally(tally: Tally, seconds: float) -> Summary:
    """The figures of a stream, which keeps no store."""
    return Summary(
        notes=tally.done,
        coded=tally.coded,
        questioned=tally.questioned,
        unspecified=tally.unspecified,
        codes=_sorted(tally.codes),
        failures=_sorted(tally.reasons),
        seconds=seconds,
        rate=tally.done / max(seconds, 1e-9),
    )


def of_store(store: Store, tally: Tally, seconds: float) -> Summary:
    """The figures of all that the output holds."""
    notes, coded, questioned, unspecified = store.rows(
        "SELECT count(*) + (SELECT count(*) FROM failures), count(*) FILTER (codes > 0), "
        "count(*) FILTER (questions > 0), (SELECT count(*) FROM codes WHERE unspecified) FROM notes"
    )[0]
    return Summary(
        notes=notes,
        coded=coded,
        questioned=questioned,
        unspecified=unspecified,
        codes=_sorted(dict(store.rows("SELECT code, count(*) FROM codes GROUP BY code"))),
        failures=_sorted(dict(store.rows("SELECT reason, count(*) FROM failures GROUP BY reason"))),
        seconds=seconds,
        rate=tally.done / max(seconds, 1e-9),
    )


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    """The most frequent first, equals by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
