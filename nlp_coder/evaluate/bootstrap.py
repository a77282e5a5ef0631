"""Counts of notes in, 95 % intervals out: notes are drawn again with replacement, the same draws every time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping

REPLICATES = 1000
_SEED = 54
_TAIL = 0.025
Interval = tuple[float, float]


class Draws:
    """A thousand draws of as many notes as there are; drawn once, so that all figures of a report rest on the same."""

    def __init__(self, notes: int) -> None:
        """How often each note, by number from 0, stands in each draw."""
        draw = random.Random(_SEED)  # noqa: S311  anyone can draw the same again, no secret
        self._draws = [Counter(draw.choices(range(notes), k=notes)) for _ in range(REPLICATES)]

    def interval(self, counts: Mapping[int, tuple[int, ...]], statistic: Callable[..., float | None]) -> Interval:
        """The middle 95 % of a statistic of summed counts; ``counts`` are by note, notes left out count nothing.

        A draw for which the statistic is None (nothing to measure) is left out; (0, 1) where all are.
        """
        values = []
        for times in self._draws:
            sums = zip(*([times[note] * count for count in found] for note, found in counts.items()), strict=True)
            value = statistic(*map(sum, sums))
            if value is not None:
                values.append(value)
        values.sort()
        edge = int(_TAIL * len(values))
        return (values[edge], values[-1 - edge]) if values else (0.0, 1.0)
