"""The candidate model: a candidate's features in, a calibrated probability, an outcome and its reasons out.

It is a logistic regression, inferred from its coefficients: scikit-learn is needed to train it, not to ask it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from nlp_coder.classifier.features import NAMES, Case, Features, called, features
from nlp_coder.errors import ModelError
from nlp_coder.types import Candidate, SetAside

FORM = "nlp_coder candidate model 1"
REASONS = 3
"""How many features explain a decision."""
Item = TypeVar("Item", Candidate, SetAside)
_TELLING = 0.05
"""Log odds: a feature that moves them less explains nothing."""
_LONGER = "no figure: the note is longer than those the model knows"


@dataclass(frozen=True, slots=True)
class Decision:
    """Probability that the code is right, what becomes of it (code, review, turned down), the strongest reasons.

    In a note longer than those the model knows the probability is None: there a figure would promise too much.
    """

    probability: float | None
    outcome: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateModel:
    """Coefficients by feature, and the thresholds that keep the error budget.

    ``mean`` and ``scale`` are those of the training candidates; ``code_from`` is the least probability of an
    outcome ``code``, ``review_from`` that of a turned-down candidate worth a look; a note of more than
    ``longest`` code points is longer than what the model was trained on, so its codes are for review, without a figure.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    code_from: float
    review_from: float
    longest: int
    budget: float

    def probability(self, found: Features) -> float:
        """The calibrated probability that a candidate with these features is right."""
        return self._after(self._pushes(found))

    def decide(self, item: Candidate | SetAside, case: Case) -> Decision:
        """The decision about a candidate, or about one that a guideline turned down; never a code for the latter."""
        found = features(item, case)
        pushes = self._pushes(found)
        probability = self._after(pushes)
        if isinstance(item, SetAside):
            outcome = "review" if probability >= self.review_from and item.evidence else "turned down"
        else:
            sure = probability >= self.code_from and not item.confirm and case.length <= self.longest
            outcome = "code" if sure else "review"
        reasons = self._reasons(found, pushes)
        if case.length > self.longest:
            return Decision(None, outcome, (_LONGER, *reasons[: REASONS - 1]))
        return Decision(probability, outcome, reasons)

    def _after(self, pushes: Sequence[tuple[float, str]]) -> float:
        return 1 / (1 + math.exp(-self.intercept - sum(push for push, _ in pushes)))

    def _pushes(self, found: Features) -> list[tuple[float, str]]:
        """How far each feature moves the log odds from those of an average candidate."""
        columns = zip(self.names, self.mean, self.scale, self.weights, strict=True)
        return [(weight * (found[name] - mean) / scale, name) for name, mean, scale, weight in columns]

    def _reasons(self, found: Features, pushes: Sequence[tuple[float, str]]) -> tuple[str, ...]:
        usual = dict(zip(self.names, self.mean, strict=True))
        words: list[str] = []
        for push, name in sorted(pushes, key=lambda pair: -abs(pair[0])):
            if abs(push) < _TELLING or len(words) == REASONS:
                break
            if said := called(name, found[name], usual[name]):
                words.append(f"{said} ({'for' if push > 0 else 'against'})")
        return tuple(words)


def weighed(case: Case, model: CandidateModel) -> tuple[tuple[Candidate, ...], tuple[SetAside, ...]]:
    """The candidates and set-asides of a case, each with probability, outcome and reasons."""
    codes = tuple(_weighed(c, case, model) for c in case.candidates)
    return codes, tuple(_weighed(s, case, model) for s in case.set_aside)


def _weighed(item: Item, case: Case, model: CandidateModel) -> Item:
    found = model.decide(item, case)
    return replace(item, confidence=found.probability, outcome=found.outcome, weighed=found.reasons)


def document(model: CandidateModel) -> dict[str, Any]:
    """The model as plain numbers and words."""
    return {"form": FORM, **asdict(model)}


def from_document(found: Mapping[str, Any]) -> CandidateModel:
    """The model of a document; ModelError if it is none, or of other features than this program's."""
    try:
        given = dict(found)
        if given.pop("form") != FORM:
            raise ValueError
        lists = {name: tuple(given[name]) for name in ("names", "mean", "scale", "weights")}
        model = CandidateModel(**{**given, **lists})
    except (KeyError, TypeError, ValueError):
        raise ModelError("the candidate model is no model of this program: train it anew with scripts/train.") from None
    if model.names != NAMES:
        raise ModelError("the candidate model has other features than this program: train it anew with scripts/train.")
    return model
