"""Questions: which silence of a note raises which one, on which words, and that their wording leads nobody."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from nlp_coder import Coder, Note
from nlp_coder.questions import ask, wordings
from nlp_coder.types import Evidence, Reading, SetAside, Span


class Raised(NamedTuple):
    """A question, the note that raises it alone, the words quoted, the code it is about, and a near miss."""

    id: str
    note: str
    words: tuple[str, ...]
    code: str
    near: str


RAISED = (
    Raised("side-of-sciatica", "Sciatica.", ("Sciatica",), "M54.30", "Left sciatica."),
    Raised("region-of-back-pain", "Back pain.", ("Back pain",), "M54.9", "Mid back pain."),
    Raised("region-of-radiculopathy", "Radiculopathy.", ("Radiculopathy",), "M54.10", "Lumbar radiculopathy."),
    Raised("disc-region", "Herniated disc.", ("Herniated disc",), "M51.9", "Herniated lumbar disc."),
    Raised(
        "meaning-of-radiation",
        "Low back pain radiating to the leg.",
        ("Low back pain", "radiating"),
        "",
        "Low back pain with left sciatica, radiating to the leg.",
    ),
    Raised(
        "modic-and-pain",
        "Low back pain. MRI shows Modic type 2 changes at L4-5.",
        ("Low back pain", "Modic type 2"),
        "M54.50",
        "Low back pain, due to Modic type 2 changes at L4-5.",
    ),
    Raised(
        "injury-or-pain",
        "Low back pain after lifting a box.",
        ("Low back pain", "lifting"),
        "M54.50",
        "Lumbar strain with low back pain after lifting a box.",
    ),
    Raised(
        "course-of-pain",
        "Low back pain for 6 months, worse in the morning.",
        ("Low back pain", "for 6 months"),
        "M54.50",
        "Low back pain for 6 weeks, worse in the morning.",
    ),
    Raised(
        "kind-of-pain-treated",
        "Lumbar epidural injection performed today for low back pain.",
        ("Lumbar epidural",),
        "",
        "Lumbar epidural injection performed today for chronic low back pain.",
    ),
    Raised(
        "certainty", "Low back pain, possible sciatica.", ("possible", "sciatica"), "", "Low back pain, no sciatica."
    ),
    Raised(
        "trimester",
        "Pregnancy-related low back pain.",
        ("Pregnancy-related",),
        "O26.899",
        "Pregnancy-related low back pain, second trimester.",
    ),
    Raised(
        "finding-or-diagnosis",
        "Imaging:\nL4-5 disc herniation.\n\nAssessment:\nLow back pain.",
        ("L4-5", "disc herniation"),
        "",
        "Imaging:\nL4-5 disc herniation.\n\nAssessment:\nLow back pain from L4-5 disc herniation.",
    ),
)


def test_every_question_is_raised_by_a_note_here() -> None:
    """A new wording brings its note and its near miss; the second reader's has them in test_second_reader.py."""
    assert {case.id for case in RAISED} | {"possibly-missed"} == set(wordings())


@pytest.mark.parametrize("case", RAISED, ids=lambda case: case.id)
def test_a_silence_raises_its_question(coder: Coder, case: Raised) -> None:
    """That one alone, on the words of the note that are its clinical indicators."""
    (question,) = coder.code(Note(text=case.note)).questions
    assert (question.id, question.code) == (case.id, case.code)
    assert tuple(e.text for e in question.evidence) == case.words
    assert all(case.note[e.start : e.end] == e.text for e in question.evidence)
    assert (question.text, list(question.options)) == (wordings()[case.id]["text"], wordings()[case.id]["options"])


@pytest.mark.parametrize("case", RAISED, ids=lambda case: case.id)
def test_a_near_miss_raises_none(coder: Coder, case: Raised) -> None:
    """What the note says need not be asked."""
    assert coder.code(Note(text=case.near)).questions == ()


def test_a_side_is_asked_for_sciatica_with_low_back_pain_too(coder: Coder) -> None:
    """M54.40 is as unspecified as M54.30."""
    asked = coder.code(Note(text="Low back pain with sciatica.")).questions
    assert [(q.id, q.code) for q in asked] == [("side-of-sciatica", "M54.40")]


def test_several_silences_raise_several_questions_each_once(coder: Coder) -> None:
    """In the order of the codes they are about."""
    note = "Sciatica, possible lumbar stenosis, possible lumbar spondylosis. Neck pain after a fall."
    assert [q.id for q in coder.code(Note(text=note)).questions] == [
        "side-of-sciatica",
        "injury-or-pain",
        "certainty",
    ]


def test_one_question_gathers_the_words_of_all_that_raise_it() -> None:
    """Two doubtful diagnoses are one question about certainty."""
    first = Evidence("problem", Span(0, 8, "stenosis"))
    second = Evidence("problem", Span(20, 31, "spondylosis"))
    doubted = [
        SetAside("M48.061", "uncertain", "", "", (first,)),
        SetAside("M47.816", "uncertain", "", "", (second,)),
        SetAside("M54.31", "negated", "", "", (Evidence("problem", Span(40, 48, "sciatica")),)),
    ]
    (question,) = ask((), (), doubted, Reading("clinic", "evaluation"))
    assert (question.id, question.evidence) == ("certainty", (first, second))


def test_a_note_without_spine_problem_raises_none(coder: Coder) -> None:
    """Nothing to ask about."""
    assert coder.code(Note(text="Sore throat for two years, worse after a fall.")).questions == ()


# --- the wording ----------------------------------------------------------------------------------

_CODE = re.compile(r"\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b")
_OFF_LIMITS = re.compile(
    r"\b(?:cod(?:e|es|ed|ing|er)|icd|bill\w*|pa(?:y|id|ys|yer|yment|yments)|reimburs\w*|insur\w*|cost\w*|cover\w*"
    r"|claims?|revenue|money|audit\w*|denial|drg|hcc|severity level)\b|\$",
    re.IGNORECASE,
)


@pytest.mark.parametrize("id_", wordings())
def test_every_wording_is_open(id_: str) -> None:
    """It asks, offers at least two clinical answers and the two ways out, and says each once."""
    wording = wordings()[id_]
    assert wording["text"].endswith("?")
    assert wording["options"][-2:] == ["other", "unable to determine"]
    assert len(set(wording["options"])) == len(wording["options"]) >= 4


@pytest.mark.parametrize("id_", wordings())
def test_no_wording_names_a_code_or_a_payment(id_: str) -> None:
    """ACDIS/AHIMA: a query is about the patient."""
    for words in (wordings()[id_]["text"], *wordings()[id_]["options"]):
        assert _CODE.search(words) is None
        assert _OFF_LIMITS.search(words) is None


@pytest.mark.parametrize(
    "words", ["Is it M54.31?", "Is it S39?", "What may we bill?", "the payer covers it", "a higher DRG"]
)
def test_the_search_for_codes_and_payments_can_fail(words: str) -> None:
    """It finds what no wording may say."""
    assert _CODE.search(words) or _OFF_LIMITS.search(words)


def test_a_purpose_given_by_the_caller_still_has_an_indicator(coder: Coder) -> None:
    """No question without a quotation: the words of the first code stand in for a title."""
    coded = coder.code(Note("Assessment: Low back pain.", purpose="pain-management"))
    assert [(q.id, [e.text for e in q.evidence]) for q in coded.questions] == [
        ("kind-of-pain-treated", ["Low back pain", "Low back pain"])
    ]
