"""Labelled candidates and their probabilities → how well they are calibrated, and what a threshold lets through."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nlp_coder.classifier.candidates import CandidateModel
from nlp_coder.classifier.features import Case, features
from nlp_coder.classifier.labelled import Labelled
from nlp_coder.coder import Coder
from nlp_coder.evaluate.gold import in_scope
from nlp_coder.evaluate.report import Bar, Report, Table, figure
from nlp_coder.types import Candidate, Note, SetAside

BINS = 15
BARS = {"ECE": 0.03, "wrong": 0.02, "decided": 0.85, "wrong, gold": 0.04, "decided, gold": 0.70}


def labelled_notes(notes: Iterable[Mapping[str, Any]], coder: Coder) -> list[Labelled]:
    """Annotated notes (id, text, codes, perhaps setting, date and scenario) → every candidate, judged by the rules."""
    found: list[Labelled] = []
    for note in notes:
        day = datetime.date.fromisoformat(note["date_of_service"]) if note.get("date_of_service") else None
        case = coder.case(Note(text=note["text"], setting=note.get("setting", "outpatient"), date_of_service=day))
        found += labelled(note, case) if case else ()
    return found


def labelled(note: Mapping[str, Any], case: Case) -> Iterable[Labelled]:
    """The candidates of an annotated note, each code once; an arguable one is right if assigned, else left out."""
    sure = {c["code"] for c in note["codes"] if c["certainty"] == "sure"}
    arguable = {c["code"] for c in note["codes"]} - sure
    seen: set[str] = set()
    items: tuple[Candidate | SetAside, ...] = (*case.candidates, *case.set_aside)
    for item in items:
        assigned = isinstance(item, Candidate)
        outside = assigned and item.code not in sure | arguable and not in_scope(item.code)
        if item.code in seen or outside or item.fact is None or (item.code in arguable and not assigned):
            continue
        seen.add(item.code)
        yield Labelled(
            note=note["id"],
            group=note.get("scenario") or note["id"],
            code=item.code,
            found=features(item, case),
            right=item.code in sure | arguable,
            assigned=assigned,
            to_confirm=isinstance(item, Candidate) and bool(item.confirm),
            authority=item.authority.value if isinstance(item, Candidate) else "",
            length=case.length,
        )


def brier(guess: Sequence[float], right: Sequence[bool]) -> float:
    """Mean squared difference of probability and truth."""
    return sum((p - r) ** 2 for p, r in zip(guess, right, strict=True)) / len(right)


def ece(guess: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Expected calibration error in bins of equal mass: mean distance of mean probability and share right."""
    pairs = sorted(zip(guess, right, strict=True), key=lambda pair: pair[0])
    total = 0.0
    for number in range(bins):
        some = pairs[len(pairs) * number // bins : len(pairs) * (number + 1) // bins]
        if some:
            total += abs(sum(p for p, _ in some) - sum(r for _, r in some))
    return total / len(pairs)


def aurc(guess: Sequence[float], right: Sequence[bool]) -> float:
    """Area under the risk-coverage curve: the mean share wrong among the k most probable, over all k; ties share."""
    groups: dict[float, list[bool]] = {}
    for p, r in zip(guess, right, strict=True):
        groups.setdefault(p, []).append(r)
    wrong = seen = area = 0.0
    for p in sorted(groups, reverse=True):
        some = groups[p]
        each = sum(not r for r in some) / len(some)
        for _ in some:  # the expected order within a tie
            wrong, seen = wrong + each, seen + 1
            area += wrong / seen
    return area / seen


def upper_limit(wrong: int, of: int) -> float:
    """The upper 95 % limit of a share by Wilson's score, one-sided."""
    if not of:
        return 1.0
    z, share = 1.645, wrong / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle + spread) / (1 + z * z / of)


def let_through(
    candidates: Sequence[Labelled], guess: Sequence[float], model: CandidateModel, notes: int
) -> tuple[int, int, float]:
    """At the model's threshold: codes let through, those of them wrong, and the share of notes fully decided."""
    through = [
        c.assigned and not c.to_confirm and p >= model.code_from and c.length <= model.longest
        for c, p in zip(candidates, guess, strict=True)
    ]
    codes = [c for c, passed in zip(candidates, through, strict=True) if passed]
    undecided = {c.note for c, passed in zip(candidates, through, strict=True) if c.assigned and not passed}
    return len(codes), sum(not c.right for c in codes), 1 - len(undecided) / notes


def report(
    own: Sequence[Labelled], guesses: Mapping[str, Sequence[float]], shipped: CandidateModel, *,
    own_notes: int, gold: Sequence[Labelled], gold_notes: int,
) -> Report:  # fmt: skip
    """All own candidates with each kind's probabilities out of fold, and gold ones asked of the shipped model."""
    right = [c.right for c in own]
    rows = [
        (name, figure(ece(p, right)), f"{brier(p, right):.5f}", f"{aurc(p, right):.4f}") for name, p in guesses.items()
    ]
    title = f"{len(own):,} candidates of our own, out of fold"
    calibration = Table(title, ("model", "ECE", "Brier", "AURC"), tuple(rows))
    mine = let_through(own, guesses["linear"], shipped, own_notes)
    theirs = let_through(gold, [shipped.probability(c.found) for c in gold], shipped, gold_notes)
    outcomes = Table(
        f"Outcome code from {shipped.code_from:.3f} on",
        ("notes", "codes", "wrong", "share", "upper 95 %", "fully decided"),
        (_outcome("our own, out of fold", mine), _outcome("gold_dev", theirs)),
    )
    linear, rules = guesses["linear"], guesses["rules"]
    bars = (
        Bar("ECE", ece(linear, right), BARS["ECE"], most=True),
        Bar("Brier, constant's", brier(linear, right), brier(guesses["constant"], right), most=True),
        Bar("Brier, rules'", brier(linear, right), brier(rules, right), most=True),
        Bar("AURC, rules'", aurc(linear, right), aurc(rules, right), most=True),
        Bar("wrong among code", mine[1] / mine[0], BARS["wrong"], most=True),
        Bar("notes fully decided", mine[2], BARS["decided"]),
        Bar("wrong among code, gold_dev", theirs[1] / theirs[0], BARS["wrong, gold"], most=True),
        Bar("notes fully decided, gold_dev", theirs[2], BARS["decided, gold"]),
    )
    return Report((calibration, outcomes), bars)


def _outcome(name: str, found: tuple[int, int, float]) -> tuple[str, ...]:
    codes, wrong, decided = found
    share, limit = f"{wrong / codes:.3f}", f"{upper_limit(wrong, codes):.3f}"
    return name, str(codes), str(wrong), share, limit, f"{decided:.3f}"
