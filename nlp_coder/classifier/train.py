"""Labelled candidates → the candidate model: three kinds compared out of fold, the simplest that is as good wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from nlp_coder.classifier.candidates import CandidateModel
from nlp_coder.classifier.features import NAMES
from nlp_coder.classifier.labelled import Labelled

FOLDS = 10
BUDGET = 0.02
"""Share of wrong codes among those with the outcome ``code`` that a threshold may leave, out of fold."""
DECIDED = 0.9
"""Share of our own notes to be left without a code for review: our rules know them better than they know others."""
ROOM = 1.25
"""A note may be longer than the longest of the training by this factor before its codes are for review."""
_STEP = 0.0005
_LEAST = 1e-9
_STRENGTH = 0.01
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


def train(
    candidates: Sequence[Labelled], withheld: Sequence[Labelled] = (), kept_out: Collection[str] = (), notes: int = 0
) -> Trained:
    """The model of some labelled candidates; the same for the same candidates in the same order.

    Kinds are compared and the threshold is chosen out of fold over all ``candidates``, which are of so many ``notes``;
    the weights are those of all but the groups ``kept_out``. Candidates of readings with words ``withheld`` are
    learnt from and not predicted: they hold the errors that rules make in a note nobody has mended them for. What is
    learnt from both is then brought to the shares right of the first (Platt's scaling, itself out of fold).
    """
    kinds = _kinds()
    y = np.array([c.right for c in candidates])
    folds = list(GroupKFold(FOLDS).split(y, y, [c.group for c in candidates]))
    raw = {name: _out_of_fold(kind, candidates, withheld, folds) for name, kind in kinds.items()}
    verdict = _columns(candidates)[0][:, _VERDICT]
    guesses = {name: _scaled(np.column_stack([odds, verdict]), y, folds) for name, odds in raw.items()}
    guesses["constant"] = 1 / (1 + np.exp(-raw["constant"]))
    losses = {name: (guess - y) ** 2 for name, guess in guesses.items()}
    best = min(losses, key=lambda name: losses[name].mean())
    limit = losses[best].mean() + losses[best].std(ddof=1) / np.sqrt(len(y))
    chosen = next(name for name in kinds if losses[name].mean() <= limit)
    guess = guesses["linear"]
    last = _platt(np.column_stack([raw["linear"], verdict]), y)
    guesses["rules"] = _by_authority(candidates, folds)
    model = CandidateModel(
        **_fitted(kinds["linear"], [c for c in (*candidates, *withheld) if c.group not in kept_out], last),
        code_from=threshold(candidates, guess, notes),
        review_from=0.5,
        longest=round(ROOM * max(c.length for c in candidates if c.group not in kept_out)),
        budget=BUDGET,
    )
    return Trained(model, {name: [float(p) for p in guess] for name, guess in guesses.items()}, chosen)


def _kinds() -> dict[str, Any]:
    """The kinds of model, the simplest first."""
    regression = LogisticRegression(C=_STRENGTH, solver="newton-cholesky", tol=1e-8)
    return {
        "constant": DummyClassifier(strategy="prior"),
        "linear": make_pipeline(StandardScaler(), FunctionTransformer(_freed), regression),
        "boosted": HistGradientBoostingClassifier(max_depth=3, max_iter=150, learning_rate=0.05, random_state=0),
    }


def _fitted(linear: Any, used: Sequence[Labelled], last: LogisticRegression) -> dict[str, Any]:
    """Names, means, scales, weights and intercept of the linear kind and the scaling after it, in one."""
    scaler, _, regression = linear.fit(*_columns(used))
    slope, of_verdict = last.coef_[0]
    weights = slope * _freed(regression.coef_)[0]
    weights[_VERDICT] += of_verdict * scaler.scale_[_VERDICT]
    shift = last.intercept_[0] + of_verdict * scaler.mean_[_VERDICT]
    return {
        "names": NAMES,
        "mean": _rounded(scaler.mean_),
        "scale": _rounded(scaler.scale_),
        "weights": _rounded(weights),
        "intercept": round(float(slope * regression.intercept_[0] + shift), 6),
    }


def _columns(some: Sequence[Labelled]) -> tuple[Any, Any]:
    """Features (candidates × names) and whether each is right."""
    return np.array([[c.found[name] for name in NAMES] for c in some]), np.array([c.right for c in some])


def _out_of_fold(
    kind: Any, candidates: Sequence[Labelled], withheld: Sequence[Labelled], folds: Sequence[tuple[Any, Any]]
) -> Any:
    """The log odds of each candidate by a model that has seen no candidate of its scenario, withheld or not."""
    x, y = _columns([*candidates, *withheld])
    groups = np.array([c.group for c in (*candidates, *withheld)])
    odds = np.zeros(len(candidates))
    for _, asked in folds:
        seen = ~np.isin(groups, groups[asked])
        found = np.clip(kind.fit(x[seen], y[seen]).predict_proba(x[asked])[:, 1], _LEAST, 1 - _LEAST)
        odds[asked] = np.log(found / (1 - found))
    return odds


def _scaled(columns: Any, y: Any, folds: Sequence[tuple[Any, Any]]) -> Any:
    """Log odds and the rules' verdict → probabilities, each fold's scaled by what the others show."""
    found = np.zeros(len(y))
    for known, asked in folds:
        found[asked] = _platt(columns[known], y[known]).predict_proba(columns[asked])[:, 1]
    return found


def _platt(columns: Any, y: Any) -> LogisticRegression:
    """What brings log odds to what was seen, apart for what the rules assign and what they turn down."""
    return LogisticRegression(C=10.0, solver="newton-cholesky", tol=1e-8).fit(columns, y)


def threshold(candidates: Sequence[Labelled], guess: Sequence[float], notes: int = 0) -> float:
    """The strictest least probability that leaves enough notes decided; stricter where more would be wrong."""
    steps = [round(step * _STEP, 4) for step in range(1, round(1 / _STEP))]
    undecided = {step: len(_left(candidates, guess, step)) for step in steps}
    of = notes or len({c.note for c in candidates})
    enough = [step for step in steps if 1 - undecided[step] / of >= DECIDED]
    return max(max(enough, default=steps[0]), _within_budget(candidates, guess, steps))


def _left(candidates: Sequence[Labelled], guess: Sequence[float], least: float) -> set[str]:
    """The notes with a code for review."""
    pairs = zip(candidates, guess, strict=True)
    return {c.note for c, p in pairs if c.assigned and (c.to_confirm or p < least)}


def _within_budget(candidates: Sequence[Labelled], guess: Sequence[float], steps: Sequence[float]) -> float:
    """The least probability from which on, and from every higher one, at most the budget's share is wrong."""
    best = 1.0
    for least in reversed(steps):
        pairs = zip(candidates, guess, strict=True)
        through = [c for c, p in pairs if c.assigned and not c.to_confirm and p >= least]
        if through and sum(not c.right for c in through) > BUDGET * len(through):
            continue
        best = least if through else best
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
