"""A candidate whose code is known to be right or wrong."""

from __future__ import annotations

from dataclasses import dataclass

from nlp_coder.classifier.features import Features


@dataclass(frozen=True, slots=True)
class Labelled:
    """A candidate of an annotated note: its features, whether its code is in the gold, and whose it is.

    ``assigned``: by the rules; else a guideline turned it down. ``to_confirm``: the rules ask to confirm it.
    ``group`` is the scenario that the note was written from: no scenario is in two folds.
    """

    note: str
    group: str
    code: str
    found: Features
    right: bool
    assigned: bool
    to_confirm: bool
    authority: str
    length: int
