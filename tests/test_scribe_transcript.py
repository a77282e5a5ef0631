"""The transcript guard: questions and answers, spoken sides and denials, what is contradicted and what is not."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import pytest

from nlp_coder import Coder, Note
from nlp_coder.extract.nlp import Extractor
from nlp_coder.scribe.dialogue import as_read, clauses
from nlp_coder.scribe.heard import hear
from nlp_coder.scribe.transcript import guard

LOW_BACK = "\n[doctor] so it's low back pain"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """The extraction as the guard loads it."""
    return Extractor()


@pytest.mark.parametrize(
    ("transcript", "expected"),
    [
        ("[doctor] any numbness\n[patient] no", [("D", "any numbness", "no"), ("P", "no", "")]),
        ("Doctor: Any numbness?\nPatient: Yes.", [("D", "Any numbness", "yes"), ("P", "Yes", "")]),
        ("DR: Weakness?\nPT: Well, it depends.", [("D", "Weakness", "open"), ("P", "Well, it depends", "")]),
        (
            "[doctor] numbness or pins and needles\n[patient] nope",
            [("D", "numbness or pins and needles", "no"), ("P", "nope", "")],
        ),
        ("[doctor] you have a strain\n[patient] okay", [("D", "you have a strain", ""), ("P", "okay", "")]),
        ("[patient] no it stays in my back", [("P", "it stays in my back", "")]),
        ("[patient] no numbness", [("P", "no numbness", "")]),
        (
            "[doctor] does it\ngo down the leg\n[patient] no",
            [("D", "does it", "no"), ("D", "go down the leg", "no"), ("P", "no", "")],
        ),
        ("my back hurts", [("D", "my back hurts", "")]),
        ("", []),
    ],
)
def test_turns_clauses_and_answers(transcript: str, expected: list[tuple[str, str, str]]) -> None:
    """Who speaks, what is said, and how a question is answered; a line without a speaker goes on."""
    found = clauses(transcript)
    assert [("P" if c.by_patient else "D", c.span.text, c.answer) for c in found] == expected
    assert [transcript[c.span.start : c.span.end] for c in found] == [text for _, text, _ in expected]


def test_speech_is_read_without_its_fillers_and_keeps_its_length() -> None:
    """Offsets hold; "do n't" is one word, "little toe" no denial."""
    said = "i do n't , um , feel my little toe a little bit"
    assert as_read(said) == "i don't         feel my        toe             "
    assert len(as_read(said)) == len(said)


@pytest.mark.parametrize(
    ("transcript", "said"),
    [
        ("[doctor] any numbness\n[patient] no", {("numbness", "", True)}),
        (
            "[doctor] any numbness or tingling in the leg\n[patient] no",
            {("numbness", "leg", True), ("tingling", "leg", True)},
        ),
        (
            "[doctor] any weakness\n[patient] no well my legs are weak",
            {("weakness", "", None), ("weakness", "leg", False)},
        ),
        ("[doctor] is your leg numb\n[patient] every once in a while yeah", {("numbness", "leg", False)}),
        ("[doctor] any numbness\n[patient] i could not say", {("numbness", "", None)}),
        ("[doctor] no numbness\n[patient] correct", {("numbness", "", True)}),
        ("[doctor] any numbness or weakness\n[patient] yes", {("numbness", "", None), ("weakness", "", None)}),
        ("[doctor] does it go into your legs\n[patient] no", {("pain", "leg", True)}),
        ("[doctor] does it go into the right leg\n[patient] no", {("pain", "leg", None)}),
        ("[doctor] does your back bother you\n[patient] no", {("pain", "back", True)}),
        ("[doctor] where does it hurt\n[patient] my neck", {("pain", "neck", False), ("pain", "", None)}),
        ("[patient] my low back is killing me", {("pain", "low", False)}),
        ("[patient] my back is fine", {("pain", "back", True)}),
        ("[patient] my lower back doesn't hurt", {("pain", "low", True)}),
        ("[patient] i have n't had any back pain", {("pain", "back", True)}),
        ("[patient] it shoots down the back of my leg", {("pain", "leg", False)}),
        ("[doctor] if you bend does your back hurt\n[patient] no", {("pain", "back", None)}),
        ("[doctor] any numbness when you wipe\n[patient] no", {("wipe numbness", "", True)}),
    ],
)
def test_topics_heard(extractor: Extractor, transcript: str, said: set[tuple[str, str, bool | None]]) -> None:
    """Topic, part of the body, denied or not; None where nobody says."""
    assert {(s.topic, s.part, s.denied) for s in hear(transcript, extractor).said} == said


@pytest.mark.parametrize(
    ("transcript", "sided"),
    [
        ("[patient] it goes down my left leg", {("left", "leg", False)}),
        ("[patient] and my left foot", {("left", "leg", False)}),
        ("[doctor] which leg is it\n[patient] the right", {("right", "leg", False)}),
        ("[doctor] so low back pain with sciatica on the right", {("right", "leg", False)}),
        ("[doctor] that's sciatica on the right with low back pain", {("right", "leg", False)}),
        ("[doctor] raising your right leg is positive", {("right", "leg", True)}),
        ("[doctor] straight leg raise is positive on the left, negative on the right", {("left", "leg", True)}),
        ("[patient] it runs right down to the foot", set()),
        ("[patient] it goes from the back right into the heel", set()),
        ("[patient] the right leg's perfect", set()),
        ("[patient] my right leg was operated on", set()),
        ("[patient] the right leg is fine", set()),
        ("[doctor] and the right leg\n[patient] that one's fine", set()),
        ("[doctor] is that right", set()),
        ("[patient] both legs hurt", {("bilateral", "leg", False)}),
        ("[patient] no pain in the left leg", set()),
    ],
)
def test_sides_heard(extractor: Extractor, transcript: str, sided: set[tuple[str, str, bool]]) -> None:
    """Side, part of the body, found on examination or not; agreement, old operations and sound sides are none."""
    assert {(s.side, s.part, s.exam) for s in hear(transcript, extractor).sided} == sided


class Pair(NamedTuple):
    """A note and its dialogue; each finding as (id, severity, code, the note's words, what was heard)."""

    name: str
    note: str
    transcript: str
    findings: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = ()


LEFT = "[patient] my low back hurts and it goes down my left leg\n[doctor] low back pain with left sciatica"
PAIRS = (
    Pair("the same side", "Assessment: Low back pain with left sciatica.", LEFT),
    Pair(
        "the other side",
        "Assessment: Low back pain with right sciatica.",
        LEFT,
        (("contradicted", "error", "M54.41", "right", ("low back pain with left sciatica",)),),
    ),
    Pair(
        "a side not spoken of", "Assessment: Low back pain with right sciatica.", "[doctor] low back pain with sciatica"
    ),
    Pair("both sides heard", "Assessment: Right sciatica.", "[patient] sciatica in both legs, worse in the left leg"),
    Pair(
        "affirmed and denied",
        "Subjective: Reports numbness in the foot.\n\nAssessment: Low back pain.",
        f"[doctor] any numbness\n[patient] no{LOW_BACK}",
        (("contradicted", "warning", "", "numbness", ("any numbness", "no")),),
    ),
    Pair(
        "denied and affirmed",
        "Subjective: Denies numbness.\n\nAssessment: Low back pain.",
        f"[doctor] any numbness\n[patient] yes in my foot{LOW_BACK}",
        (("contradicted", "warning", "", "numbness", ("any numbness", "yes in my foot")),),
    ),
    Pair(
        "asked and left open",
        "Subjective: Denies numbness.\n\nAssessment: Low back pain.",
        f"[doctor] any numbness\n[patient] hard to say{LOW_BACK}",
    ),
    Pair(
        "a diagnosis denied",
        "Assessment: Lumbar radiculopathy.",
        "[doctor] you have low back pain but there is no radiculopathy",
        (("contradicted", "error", "M54.16", "radiculopathy", ("no radiculopathy",)),),
    ),
    Pair(
        "the complaint denied",
        "HPI: No low back pain.\n\nAssessment: Left sciatica.",
        LEFT,
        (("contradicted", "warning", "", "low back pain", ("my low back hurts",)),),
    ),
    Pair(
        "denied of another limb",
        "HPI: Denies numbness in the hands.\n\nAssessment: Low back pain.",
        f"[patient] my foot is numb{LOW_BACK}",
    ),
    Pair(
        "another region",
        "Assessment: Neck pain.",
        "[patient] my low back hurts\n[doctor] low back pain",
        (("never-mentioned", "warning", "M54.2", "Neck pain", ()),),
    ),
    Pair(
        "never mentioned",
        "Assessment: Lumbar spondylolisthesis.",
        "[patient] my knee hurts",
        (("never-mentioned", "warning", "M43.16", "spondylolisthesis", ()),),
    ),
    Pair("spoken in other words", "Assessment: Lumbar disc herniation.", "[doctor] this disk here bulges"),
    Pair(
        "past history", "Past medical history: Right sciatica.\n\nAssessment: Low back pain with left sciatica.", LEFT
    ),
    Pair(
        "a sign of the other side may be true",
        "Physical exam:\nStraight leg raise positive on the right.\n\nAssessment: Low back pain with left sciatica.",
        LEFT,
    ),
    Pair(
        "a movement without pain is no complaint denied",
        "Physical exam:\nMoves the low back without low back pain.\n\nAssessment: Low back pain with left sciatica.",
        LEFT,
    ),
    Pair(
        "once so and now otherwise",
        "Subjective: Tingling in the foot until Sunday, denies tingling today.\n\nAssessment: Low back pain.",
        f"[patient] my foot tingles{LOW_BACK}",
    ),
    Pair(
        "what may bear it out",
        "Subjective: Low back pain goes down the leg.\n\nAssessment: Low back pain.",
        "[doctor] does it shoot down the legs at night\n[patient] no\n[doctor] so where\n[patient] my leg is sore",
    ),
    Pair("family history", "Family history: right sciatica.\n\nAssessment: Low back pain with left sciatica.", LEFT),
    Pair("no statement of the spine", "Right knee pain.", "[patient] my left knee"),
    Pair("no transcript", "Assessment: Low back pain.", "  \n"),
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_note_against_the_dialogue(coder: Coder, extractor: Extractor, pair: Pair) -> None:
    """Every finding with both quotations, and none where the two agree or one is silent."""
    coded = coder.code(Note(pair.note, date_of_service=datetime.date(2026, 3, 3)))
    found = guard(coded, pair.transcript, extractor)
    assert (
        tuple((f.id, f.severity, f.code, f.evidence[0].text, tuple(h.text for h in f.heard)) for f in found)
        == pair.findings
    )
    for f in found:
        assert [pair.note[e.start : e.end] for e in f.evidence] == [e.text for e in f.evidence]
        assert [pair.transcript[h.start : h.end] for h in f.heard] == [h.text for h in f.heard]
