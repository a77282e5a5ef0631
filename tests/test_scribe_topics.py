"""Topics of a note and a dialogue: how they are named, denied, answered, examined; sides; parts never spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp_coder import talk
from nlp_coder.errors import KnowledgeError
from nlp_coder.scribe.answers import reply, told
from nlp_coder.scribe.compared import contradiction
from nlp_coder.scribe.dialogue import as_read, clauses
from nlp_coder.scribe.laterality import heard_sides, noted_sides, other_side
from nlp_coder.scribe.results import results


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He denies any change in bladder or bowel control.", {("bladder", "", True), ("bowel", "", True)}),
        ("Bladder and bowel function are normal.", {("bladder", "", True), ("bowel", "", True)}),
        ("Bladder incontinence for two weeks.", {("bladder", "", False)}),
        ("No fever, chills or night sweats.", {("fever", "", True), ("night sweats", "", True)}),
        ("No slippage, fracture of L4.", {("slip", "", True), ("fracture", "", False)}),
        ("No slippage, fracture.", {("slip", "", True)}),
        ("Nothing has slipped.", {("slip", "", True)}),
        ("She fell twice but did not hit her head.", {("fall", "", False), ("head injury", "", True)}),
        ("The foot falls asleep.", {("numbness", "", False)}),
        ("Night pain is absent.", {("night pain", "", True)}),
        ("The back wakes him at night.", {("night pain", "", False)}),
        ("The pain does not go into the legs.", {("leg spread", "", True)}),
        ("It does not spread into the legs.", {("leg spread", "", True)}),
        ("Spurling test negative.", {("spurling", "", True)}),
        (
            "Straight leg raise positive on the left, negative on the right.",
            {("slr", "left", False), ("slr", "right", True)},
        ),
        ("Crossed straight leg raise negative.", {("crossed slr", "", True)}),
        ("SLR positive, strength is five out of five.", {("slr", "", False), ("weakness", "", True)}),
        ("Left foot dorsiflexion 4/5, right 5/5.", {("strength", "left", False), ("strength", "right", True)}),
        ("Flu shot in the fall.", set()),
    ],
)
def test_what_a_sentence_says_of_its_topics(sentence: str, expected: set[tuple[str, str, bool]]) -> None:
    """Topic, side, denied or not: lists, verbs that deny, results before and behind, other things in the same words."""
    assert {(r.topic, r.side, r.denied) for r in results(sentence)} == expected


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("no", "no"),
        ("nope i was at home all day with the kids and the dog", "no"),
        ("Mm-mm. No.", "no"),
        ("uh no sir", "no"),
        ("I work in a kitchen, so, no.", "no"),
        ("yeah", "yes"),
        ("Right.", "yes"),
        ("Oh, that's fine. That's never been an issue.", "fine"),
        ("yeah yeah no problem there", "fine"),
        ("I sleep like a log", "fine"),
        ("yeah it's okay", "mixed"),
        ("ow ow ow", "pain"),
        ("not as bad", "open"),
        ("I could not say", "open"),
    ],
)
def test_what_a_reply_says(answer: str, kind: str) -> None:
    """A word at its beginning, or that all is well; what says neither is left open."""
    assert reply(answer) == kind


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        ("[doctor] and the bladder\n[patient] same old once a night", {("bladder", "", True)}),
        ("[doctor] peeing and pooping okay\n[patient] yeah", {("bladder", "", True), ("bowel", "", True)}),
        ("[doctor] any trouble peeing\n[patient] yeah", {("bladder", "", False)}),
        ("[doctor] ever had surgery on your back\n[patient] never", {("surgery", "", True)}),
        ("[doctor] we might do surgery\n[patient] okay", set()),
        ("[doctor] no numbness\n[patient] correct", {("numbness", "", True)}),
        ("[doctor] fever or night sweats\n[patient] yes", set()),
        ("[doctor] have you fallen\n[wife] no thank god", {("fall", "", True)}),
        ("[doctor] have you fallen\n[patient] huh\n[wife] no", {("fall", "", True)}),
        ("[doctor] does it wake you\n[patient] I sleep like a log", {("night pain", "", True)}),
        ("[doctor] what time does it wake you up\n[patient] four in the morning", {("night pain", "", False)}),
        ("[doctor] the incontinence is it any different\n[patient] same as always", {("bladder", "", False)}),
        ("[doctor] problem to pee\n[patient] is normal", {("bladder", "", True)}),
        ("[doctor] i'm lifting the left leg\n[patient] ow\n[doctor] and the right\n[patient] that's fine",
         {("slr", "left", False), ("slr", "right", True)}),
        ("[doctor] okay left straight leg raise is positive\n[patient] okay", {("slr", "left", False)}),
        ("[doctor] bones down the middle does that hurt? no? good. squeeze my hands",
         {("midline tenderness", "", True)}),
        ("[doctor] if the leg gets weak you come right back\n[patient] okay", set()),
        ("[patient] i used to get numb years ago", set()),
    ],
)  # fmt: skip
def test_what_a_dialogue_says_of_its_topics(dialogue: str, expected: set[tuple[str, str, bool]]) -> None:
    """A question with its answer, a statement, a manoeuvre with its response; nothing of plans and old times."""
    found = told(clauses(as_read(dialogue)))
    assert {(t.result.topic, t.result.side, t.result.denied) for t in found} == expected


@pytest.mark.parametrize(
    ("sentence", "dialogue", "contradicted"),
    [
        ("Denies fever.", "[doctor] fever\n[patient] yes", True),
        ("Denies fever.", "[doctor] fever\n[patient] no", False),
        ("Fever.", "[doctor] cough\n[patient] no", False),
        ("It spreads into the legs.", "[doctor] does it go anywhere\n[patient] no it stays put", True),
        ("Numbness in the hands.", "[doctor] any numbness in the feet\n[patient] no", False),
        ("SLR positive on the right.", "[doctor] straight leg raise is positive on the left", True),
        ("SLR positive on the right.", "[doctor] straight leg raise is positive on both sides", False),
        ("Reports weakness.", "[doctor] do you feel weak\n[patient] no\n[doctor] your grip is weak", False),
    ],
)
def test_what_contradicts_a_sentence(sentence: str, dialogue: str, contradicted: bool) -> None:
    """Only what is heard the other way and nowhere the same; of the same limb and side."""
    heard = told(clauses(as_read(dialogue)))
    assert any(contradiction(r, heard) for r in results(sentence)) is contradicted


@pytest.mark.parametrize(
    ("sentence", "dialogue", "expected"),
    [
        ("Neck pain on the left side.", "[doctor] which side\n[patient] Right. all up the right of my neck", "right"),
        ("Neck pain on the right side.", "[doctor] which side\n[patient] Right. all up the right of my neck", None),
        ("Pain down the right leg.", "[patient] this one the left one\n[doctor] and the right\n[patient] fine", "left"),
        ("Pain in the left thigh.", "[patient] right thigh, left's been a good soldier", "right"),
        ("Right-sided, never central.", "[doctor] middle or one side\n[patient] smack in the middle", "the middle"),
        ("Symptoms on the right side only.", "[patient] my legs ache, both of them the same", "both sides"),
        ("Neck pain worse on the right.", "[patient] neck both sides but the left is worse", "left"),
        ("Pain down the right arm.", "[patient] down my left leg", None),
        ("The right leg is fine.", "[patient] down my left leg", None),
        ("Pain right at the tip.", "[patient] it hurts on the left", None),
        ("Pain down the left leg.", "[patient] it runs right down the leg", None),
    ],
)
def test_a_side_never_heard(sentence: str, dialogue: str, expected: str | None) -> None:
    """Agreement is no side; a sound side, another limb, and what both texts leave open raise nothing."""
    heard = heard_sides(clauses(as_read(dialogue)))
    wrong = [found for s in noted_sides(sentence) if (found := other_side(s, sentence, exam=False, heard=heard))]
    assert [text.rpartition("conversation ")[2].rstrip(".") for text, _ in wrong] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("topics.csv", "topic,kind\n", "topics.csv, line 1: the first line must be: topic,kind,words,hides,note"),
        ("topics.csv", "topic,kind,words,hides,note\nfall,bad,fell,,\n", "line 2: 'bad' is no kind. Use: trouble"),
        ("topics.csv", "topic,kind,words,hides,note\nfall,trouble,f[e]ll,,\n", "line 2: 'f[e]ll' cannot be read."),
        ("topics.csv", "topic,kind,words,hides,note\nfall,trouble,fell ..,,\n", "line 2: begin and end with a word."),
        ("topics.csv", "topic,kind,words,hides,note\nfall,trouble,fell,trip,\n", "hides 'trip', which is no topic"),
        (
            "topics.csv",
            "topic,kind,words,hides,note\nfall,trouble,,,\n",
            "line 2: fill topic, kind, words; a line",
        ),
        (
            "topics.csv",
            "topic,kind,words,hides,note\nfall,trouble,fell,,\nfall,trouble,fall,,\n",
            "line 3: is not in order, or twice.",
        ),
        ("spoken.csv", "kind,words,note\nmaybe,perhaps,\n", "spoken.csv: has no words of the kind 'denies'."),
    ],
)
def test_faults_of_the_word_lists(tmp_path: Path, file: str, text: str, fault: str) -> None:
    """File, line, and what to write instead."""
    (tmp_path / file).write_text(text, encoding="utf-8")
    load = talk.load_topics if file == "topics.csv" else talk.load_spoken
    with pytest.raises(KnowledgeError) as error:
        load(tmp_path)
    assert any(fault in one for one in error.value.faults), error.value.faults


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """Said once, with what to do."""
    with pytest.raises(KnowledgeError) as error:
        talk.load_topics(tmp_path)
    assert [one.partition(":")[0] for one in error.value.faults] == ["topics.csv"]
