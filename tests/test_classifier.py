"""The candidate model: features, decisions and reasons, training, and the figures that judge it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nlp_coder import Coder, Note
from nlp_coder.classifier.candidates import CandidateModel, document, from_document, weighed
from nlp_coder.classifier.features import NAMES, Case, features
from nlp_coder.classifier.labelled import Labelled
from nlp_coder.classifier.train import BUDGET, threshold, train
from nlp_coder.errors import ModelError
from nlp_coder.evaluate.candidates import aurc, brier, ece, labelled, let_through, upper_limit
from nlp_coder.render.as_text import as_text
from nlp_coder.types import Authority, Candidate, Context, Evidence, Fact, Reading, SetAside, Span

NOTES = Path(__file__).parent.parent / "annotations" / "notes.jsonl"


def words(slot: str, start: int, text: str) -> Evidence:
    """Evidence of a text of a thousand code points."""
    return Evidence(slot, Span(start, start + len(text), text))


SCIATICA = Fact(
    "sciatica",
    side="left",
    standing="assessed",
    listed="alone",
    evidence=(words("problem", 100, "Sciatica"), words("side", 480, "left")),
)
PAIN = Fact(
    "pain", region="lumbar", context=Context.NEGATED, standing="presenting", evidence=(words("problem", 0, "LBP"),)
)
CODE = Candidate("M54.32", "sciatica", "", Authority.TABULAR, "tabular: M54.3-", SCIATICA, SCIATICA.evidence)
ASIDE = SetAside("M54.50", "negated", "The note denies it.", "guideline I.A.19", PAIN.evidence, fact=PAIN)
CASE = Case(Reading("clinic", "evaluation"), (SCIATICA, PAIN), (CODE,), (ASIDE,), (), 1000)


def model(**weights: float) -> CandidateModel:
    """A model of a few weights; the others are nothing. Its mean is 0, its scale 1."""
    given = {name.replace("_", " "): weight for name, weight in weights.items()}
    assert given.keys() <= set(NAMES)
    n = len(NAMES)
    return CandidateModel(
        NAMES, (0.0,) * n, (1.0,) * n, tuple(given.get(name, 0.0) for name in NAMES), 0.0, 0.9, 0.5, 2000, 0.02
    )


def test_the_features_of_a_code() -> None:
    """All that are not 0, exactly."""
    found = {name: round(value, 3) for name, value in features(CODE, CASE).items() if value}
    assert found == {
        "standing assessed": 1.0,
        "kind clinic": 1.0,
        "listed alone": 1.0,
        "times said": 0.693,
        "said once": 1.0,
        "far apart": 2.996,
        "words borrowed": 1.0,
        "first said": 0.1,
        "last said": 0.48,
        "length of note": 1.099,
        "denied beside": 0.693,
        "about sciatica or radiculopathy": 1.0,
    }


def test_the_features_of_what_was_turned_down() -> None:
    """A guideline's verdict and the context are features; the authority of a rule is none."""
    found = {name: round(value, 3) for name, value in features(ASIDE, CASE).items() if value}
    assert found == {
        "standing presenting": 1.0,
        "kind clinic": 1.0,
        "set aside": 1.0,
        "denied": 1.0,
        "outweighed": 1.0,
        "times said": 0.693,
        "said once": 1.0,
        "length of note": 1.099,
        "codes beside": 0.693,
        "denied beside": 0.693,
        "about pain of the spine": 1.0,
    }


@pytest.mark.parametrize(
    ("item", "case", "weight", "outcome"),
    [
        (CODE, CASE, 3.0, "code"),
        (CODE, CASE, 2.0, "review"),
        (replace(CODE, confirm=("the side",)), CASE, 3.0, "review"),
        (CODE, replace(CASE, length=2001), 3.0, "review"),
        (ASIDE, CASE, -1.0, "turned down"),
        (ASIDE, CASE, 9.0, "review"),
        (replace(ASIDE, evidence=()), CASE, 9.0, "turned down"),
    ],
)
def test_what_becomes_of_a_candidate(item: Candidate | SetAside, case: Case, weight: float, outcome: str) -> None:
    """Sure, doubted, to be confirmed, too long a note; and what was turned down is never a code."""
    assert model(kind_clinic=weight).decide(item, case).outcome == outcome


def test_a_decision_tells_its_strongest_reasons() -> None:
    """Three at most, the strongest first, each for or against; what is not so and what hardly counts is no reason."""
    found = model(kind_clinic=1.0, listed_alone=2.0, times_said=-4.0, first_said=0.3, denied=9.0).decide(CODE, CASE)
    assert found.reasons == (
        "the note says it often (against)",
        "the assessment lists it by itself (for)",
        "the note has an assessment (for)",
    )
    assert found.probability == pytest.approx(0.564, abs=0.001)


def test_what_is_not_found_is_not_always_a_place() -> None:
    """M54.50 may lack a cause alone: the reason says no more than that something is left open."""
    found = model(unspecified=-9.0).decide(replace(CODE, absent=("a cause",)), CASE)
    assert found.reasons == ("the note leaves open what a more exact code needs (against)",)
    assert model(unspecified=-9.0).decide(CODE, CASE).reasons == ()


def test_a_note_longer_than_any_it_knows_gets_no_figure() -> None:
    """A likely code is for review there, so 99 % beside it would mislead; the length is the first reason."""
    likely = model(kind_clinic=3.0, listed_alone=2.0)
    longer = "no figure: the note is longer than those the model knows"
    decided = [likely.decide(item, replace(CASE, length=length)) for length in (2000, 2001) for item in (CODE, ASIDE)]
    assert [(d.outcome, d.probability is None, longer in d.reasons) for d in decided] == [
        ("code", False, False), ("review", False, False), ("review", True, True), ("review", True, True),
    ]  # fmt: skip
    assert decided[2].reasons == (longer, *decided[0].reasons[:2])


def test_the_answer_of_a_long_note_says_review_and_no_per_cent() -> None:
    """As a reader sees it, beside the same note without its length."""
    note = "Assessment:\n1. Left sciatica.\n"
    told = [as_text(Coder().code(Note(text))) for text in (note, note + "\nThe weather was discussed.\n" * 1000)]
    found = [
        [line.split(";")[0].strip() for line in text.splitlines() if "status" in line or "no figure" in line]
        for text in told
    ]
    assert ["certain (" in line and "%)" in line for line in found[0]] == [True]
    assert found[1] == [
        "status     review · first-listed",
        "weighed    no figure: the note is longer than those the model knows",
    ]


def test_codes_and_set_asides_carry_their_decision() -> None:
    """Nothing else of them changes."""
    codes, asides = weighed(CASE, model(kind_clinic=3.0))
    assert [(c.code, c.outcome, c.status, len(c.weighed)) for c in codes] == [("M54.32", "code", "certain", 1)]
    assert [(s.code, s.outcome) for s in asides] == [("M54.50", "review")]
    assert replace(codes[0], confidence=None, outcome="", weighed=()) == CODE


def test_a_model_comes_back_whole_and_another_is_refused() -> None:
    """A document of another form, or of features this program does not know, is no model."""
    kept = model(kind_clinic=0.25)
    assert from_document(json.loads(json.dumps(document(kept)))) == kept
    for broken in ({**document(kept), "form": "other"}, {**document(kept), "names": ["x"]}, {}):
        with pytest.raises(ModelError, match=r"scripts/train"):
            from_document(broken)


def candidates(number: int) -> list[Labelled]:
    """Candidates of which one in ten is wrong: those of notes without an assessment."""
    found = []
    for i in range(number):
        wrong = i % 10 == 0
        features_ = dict.fromkeys(NAMES, 0.0) | {"kind fragment": float(wrong), "kind clinic": float(not wrong)}
        found.append(Labelled(f"n{i}", f"g{i // 2}", "M54.2", features_, not wrong, True, False, "index", 100 + i))
    return found


def test_training_is_repeatable_and_keeps_the_budget() -> None:
    """The same model for the same candidates; at its threshold at most the budget's share is wrong."""
    some = candidates(200)
    trained = train(some)
    assert document(train(some).model) == document(trained.model)
    assert trained.model.longest == round(1.25 * 299)
    codes, wrong, decided = let_through(some, trained.out_of_fold["linear"], trained.model, 200)
    assert (codes, wrong, decided) == (180, 0, pytest.approx(0.9))
    assert trained.model.budget == BUDGET


def test_the_threshold_is_the_least_that_keeps_the_budget() -> None:
    """Of 100 codes two wrong ones are within 2 %, a third is not."""
    some = candidates(100)
    right = [replace(c, right=True) for c in some]
    guess = [0.5 + i / 1000 for i in range(100)]
    three_wrong = [replace(c, right=i not in {10, 50, 60}) for i, c in enumerate(right)]
    assert threshold(right, guess) == pytest.approx(0.005)
    assert threshold(three_wrong, guess) == pytest.approx(0.565)


def guesses(*pairs: tuple[float, bool]) -> tuple[Sequence[float], Sequence[bool]]:
    """Probabilities, and what was right."""
    return [p for p, _ in pairs], [r for _, r in pairs]


def test_the_figures_by_hand() -> None:
    """Brier, expected calibration error in two bins, area under the risk-coverage curve, with and without ties."""
    found = guesses((0.9, True), (0.8, True), (0.3, False), (0.2, True))
    assert brier(*found) == pytest.approx((0.01 + 0.04 + 0.09 + 0.64) / 4)
    assert ece(*found, bins=2) == pytest.approx((0.3 + 0.5) / 4)
    assert aurc(*found) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)
    assert aurc(*guesses((0.5, True), (0.5, False))) == pytest.approx(0.5)


@pytest.mark.parametrize(("wrong", "of", "limit"), [(0, 100, 0.026), (2, 100, 0.059), (10, 100, 0.161), (0, 0, 1.0)])
def test_the_upper_limit_of_a_share(wrong: int, of: int, limit: float) -> None:
    """Wilson's one-sided 95 % limit; of nothing nothing is known."""
    assert upper_limit(wrong, of) == pytest.approx(limit, abs=0.001)


def test_candidates_are_labelled_by_the_gold() -> None:
    """A sure code is right, an assigned arguable one too; an arguable one turned down is left out; a code once."""
    note = {
        "id": "x", "scenario": "s",
        "codes": [{"code": "M54.32", "certainty": "sure"}, {"code": "M54.50", "certainty": "arguable"}],
    }  # fmt: skip
    twice = replace(CASE, set_aside=(ASIDE, replace(ASIDE, code="M54.2"), replace(ASIDE, code="M54.2")))
    found = [(c.code, c.right, c.assigned, c.authority, c.group) for c in labelled(note, twice)]
    assert found == [("M54.32", True, True, "tabular", "s"), ("M54.2", False, False, "", "s")]


def test_the_model_changes_no_code() -> None:
    """Over notes of ours: codes, set-asides and questions are those of the rules alone, each now with a confidence."""
    sure, plain = Coder(), Coder(model=False)
    for line in NOTES.read_text(encoding="utf-8").splitlines()[::7]:
        note = Note(text=json.loads(line)["text"])
        with_model, without = sure.code(note), plain.code(note)
        assert [c.code for c in with_model.codes] == [c.code for c in without.codes]
        assert [s.code for s in with_model.set_aside] == [s.code for s in without.set_aside]
        assert with_model.questions == without.questions
        assert all(c.confidence is not None and c.outcome in {"code", "review"} for c in with_model.codes)
        assert all(c.confidence is None and not c.outcome for c in without.codes)
