"""A rule, its examples and its source; and everything a rule may ask of a fact."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from nlp_coder.types import NOT_STATED, Authority, Fact
from nlp_coder.vocabulary import LIMBS, MEANINGS, OTHER_PARTS

_BONES = [f"{part}{n + 1}" for part, count in (("C", 7), ("T", 12), ("L", 5), ("S", 5)) for n in range(count)]
_SPINE_ONLY = tuple(r for r in MEANINGS["region"] if r not in {"back", *LIMBS, *OTHER_PARTS})
_MADE = (
    "pregnancy", "pregnancy pain", "unplaced pain",
    *(f"somatic dysfunction of the {part}" for part in sorted((LIMBS | OTHER_PARTS) - {"elsewhere"})),
)  # fmt: skip
"""Problems that no word means: assembly makes them."""


def _said(slot: str) -> tuple[str, ...]:
    """A field whose values are the words' own, and silence."""
    return (*MEANINGS[slot], NOT_STATED)


FIELDS: Mapping[str, tuple[str, ...]] = {
    "problem": (*MEANINGS["problem"], *_MADE),
    "region": (*_SPINE_ONLY, NOT_STATED),
    "level": (*(f"{a}-{b}" for a, b in pairwise(["C0", *_BONES])), *_BONES, "C8", NOT_STATED),
    "side": _said("side"),
    "course": _said("course"),
    "character": _said("character"),
    "nerve": ("radiculopathy", "myelopathy", "myelopathy and radiculopathy", "neurogenic claudication", NOT_STATED),
    "pain": ("back", "leg", "back and leg", NOT_STATED),
    "cause": _said("cause"),
    "phase": _said("phase"),
    "imaging": _said("imaging"),
    "trimester": ("1", "2", "3", NOT_STATED),
    "weeks": ("<8", *(str(n) for n in range(1, 46)), NOT_STATED),
}
"""What a rule may ask about, and the values each field can have."""


@dataclass(frozen=True, slots=True)
class Example:
    """A note and all its codes, in claim order: a test and a line of the rule's page at once."""

    note: str
    codes: tuple[str, ...]
    because: str
    date: datetime.date | None = None
    setting: str = "outpatient"
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One coding rule: what it asks of a fact, the codes it answers, and who says so.

    ``when`` holds the accepted values of each field. Either ``code`` is the answer, or ``code_by``
    gives one for each value of the field ``split_by``.
    """

    id: str
    says: str
    when: Mapping[str, tuple[str, ...]]
    authority: Authority
    source: str
    rationale: str
    examples: tuple[Example, ...]
    code: tuple[str, ...] = ()
    split_by: str = ""
    code_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: str = ""
    file: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code this rule can give, once each."""
        return tuple(dict.fromkeys([*self.code, *(code for each in self.code_by.values() for code in each)]))

    def codes_for(self, fact: Fact) -> tuple[str, ...]:
        """The codes a fact earns by this rule; none if the rule does not match."""
        for name, values in self.when.items():
            if getattr(fact, name) not in values:
                return ()
        return self.code_by.get(getattr(fact, self.split_by), ()) if self.split_by else self.code


@dataclass(frozen=True, slots=True)
class Source:
    """A book, guide or page that rules cite; ``sections`` are the only places a citation may name, if any."""

    key: str
    title: str
    publisher: str
    edition: str
    authority: Authority
    sections: Mapping[str, str] = field(default_factory=dict)
