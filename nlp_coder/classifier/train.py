"""Labelled candidates → the candidate model: three kinds compared out of fold, the simplest that is as good wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from nlp_coder.classifier.candidates import CandidateModel
from nlp_coder.classifier.features import NAMES
from nlp_coder.classifier.labelled import Labelled

FOLDS = 10
BUDGET = 0.02
"""Share of wrong codes among those with the outcome ``code`` that a threshold may leave, out of fold."""
ROOM = 1.25
"""A note may be longer than the longest of the training by this factor before its codes are for review."""
_STEP = 0.005
_STRENGTH = 0.1
"""Inverse strength of the logistic regression's L2 penalty, chosen out of fold."""
_FREE = 5.0
"""The rules' own verdict is penalised less than the other features by the square of this factor."""
_VERDICT = NAMES.index("set aside")


@dataclass(frozen=True, slots=True)
class Trained:
    """The model, each kind's probabilities out of fold (in the order of the candidates), and which kind won."""

    model: CandidateModel
    out_of_fold: Mapping[str, Sequence[float]]
    chosen: str


def train(candidates: Sequence[Labelled], kept_out: Collection[str] = ()) -> Trained:
    """The model of some labelled candidates; the same for the same candidates in the same order.

    Kinds are compared and the threshold is chosen out of fold over all; the weights are those of all but the
    groups ``kept_out``.
    """
    x = np.array([[c.found[name] for name in NAMES] for c in candidates])
    y = np.array([c.right for c in candidates])
    folds = list(GroupKFold(FOLDS).split(x, y, [c.group for c in candidates]))
    kinds: dict[str, Any] = {
        "constant": DummyClassifier(strategy="prior"),
        "linear": make_pipeline(
            StandardScaler(), FunctionTransformer(_freed), LogisticRegression(C=_STRENGTH, max_iter=5000, tol=1e-8)
        ),
        "boosted": HistGradientBoostingClassifier(max_depth=3, max_iter=150, learning_rate=0.05, random_state=0),
    }
    guesses = {
        name: cross_val_predict(kind, x, y, cv=folds, method="predict_proba")[:, 1] for name, kind in kinds.items()
    }
    losses = {name: (guess - y) ** 2 for name, guess in guesses.items()}
    best = min(losses, key=lambda name: losses[name].mean())
    limit = losses[best].mean() + losses[best].std(ddof=1) / np.sqrt(len(y))
    chosen = next(name for name in kinds if losses[name].mean() <= limit)
    used = np.array([c.group not in kept_out for c in candidates])
    linear = kinds["linear"].fit(x[used], y[used])
    scaler, regression = linear[0], linear[-1]
    guess = guesses["linear"]
    guesses["rules"] = _by_authority(candidates, folds)
    model = CandidateModel(
        names=NAMES,
        mean=_rounded(scaler.mean_),
        scale=_rounded(scaler.scale_),
        weights=_rounded(_freed(regression.coef_)[0]),
        intercept=round(float(regression.intercept_[0]), 6),
        code_from=threshold(candidates, guess),
        review_from=0.5,
        longest=round(ROOM * max(c.length for c in candidates if c.group not in kept_out)),
        budget=BUDGET,
    )
    return Trained(model, {name: [float(p) for p in guess] for name, guess in guesses.items()}, chosen)


def threshold(candidates: Sequence[Labelled], guess: Sequence[float]) -> float:
    """The least probability from which on at most the budget's share of the codes is wrong."""
    best = 1.0
    for step in range(round(1 / _STEP), 0, -1):
        least = round(step * _STEP, 3)
        let_through = [
            c for c, p in zip(candidates, guess, strict=True) if c.assigned and not c.to_confirm and p >= least
        ]
        if let_through and sum(not c.right for c in let_through) > BUDGET * len(let_through):
            continue
        best = least if let_through else best
    return best


def _freed(x: Any) -> Any:
    freed = x.copy()
    freed[:, _VERDICT] *= _FREE
    return freed


def _by_authority(candidates: Sequence[Labelled], folds: Sequence[tuple[Any, Any]]) -> Any:
    """What rules alone can say, out of fold: the share right of each authority, and of what was turned down."""
    guess = np.zeros(len(candidates))
    for known, asked in folds:
        shares: dict[str, list[bool]] = {}
        for number in known:
            shares.setdefault(candidates[number].authority, []).append(candidates[number].right)
        for number in asked:
            guess[number] = np.mean(shares.get(candidates[number].authority, [True]))
    return guess


def _rounded(values: Any) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
