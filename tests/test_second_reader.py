"""The second reader: what it asks about, what it leaves alone, and that it never touches a code."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from nlp_coder import Coder, Note
from nlp_coder.classifier import store
from nlp_coder.classifier.ngrams import Guesser, concepts, lookup, mended, parts, phrases, words
from nlp_coder.classifier.second_reader import SecondReader
from nlp_coder.classifier.second_training import Example, Writer, grams
from nlp_coder.questions import wordings
from nlp_coder.types import CodedNote

ANNOTATIONS = Path(__file__).parent.parent / "annotations"
PATTERNS = {
    key: found
    for name in ("patterns", "wordings")
    for key, found in tomllib.loads((ANNOTATIONS / f"second-reader-{name}.toml").read_text(encoding="utf-8")).items()
}


def rows(name: str) -> list[dict[str, object]]:
    """The objects of a JSONL file of annotations/."""
    return [json.loads(line) for line in (ANNOTATIONS / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def reader() -> Coder:
    """The program with the second reader."""
    return Coder(second_reader=True)


def missed(coded: CodedNote) -> list[str]:
    """What the question quotes."""
    return [e.text for q in coded.questions if q.id == "possibly-missed" for e in q.evidence]


ASKED = (
    ("Complains of neckk painn since Tuesday.", ["Complains of neckk painn since Tuesday."]),
    ("His back goes out when he lifts.", ["His back goes out when he lifts."]),
    ("Assessment: Otitis media.\nAlso trouble with the lwr bacj agian.", ["Also trouble with the lwr bacj agian."]),
    ("Assessment: Knee pain.\nAlso trouble with the knee again.", []),
    ("Low back pain. Neckk painn since Tuesday.", ["Neckk painn since Tuesday."]),
    ("Low back pain. Neck pain since Tuesday.", []),
    ("Denies low back pain.", []),
    ("Family history: Neckk painn since Tuesday.", []),
    ("Physical exam:\nNeckk painn since Tuesday.", []),
    ("☐ Neckk painn since Tuesday.", []),
    ("The patient came back from vacation.", []),
    ("MRI T-spine, was unremarkable.", []),
    ("Sciatica. Pain shoots from the left buttock down the leg.", []),
    (
        "Otitis media. Pain shoots from the left buttock down the leg.",
        ["Pain shoots from the left buttock down the leg."],
    ),
    ("Lower bakc is stiff every morning.", ["Lower bakc is stiff every morning."]),
    ("Low back pain. The low back went out again.", []),
    ("Neck pain. The low back went out again.", ["The low back went out again."]),
    ("His mother complains of neckk painn.", []),
    ("Low back pain. He got stuck bent over picking up laundry.", []),
    ("Otitis media. He got stuck bent over picking up laundry.", ["He got stuck bent over picking up laundry."]),
    ("Low back pain. Neckk painn is never there.", []),
    ("Low back pain.\nPlan:\nHeat for neckk painn.", []),
    ("Otitis media.\nPlan:\nHeat for neckk painn.", ["Heat for neckk painn."]),
    ("Neckk painn today.\n\nPlan: rest.\n\nNeckk painn today.", ["Neckk painn today."]),
    ("His spine pops and aches after plowing.", ["His spine pops and aches after plowing."]),
    ("Low back pain. His spine pops and aches after plowing.", []),
    ("She hurt her back at work. The spine pops and aches after plowing.", []),
    ("No aches where the ribs meet the spine.", []),
    ("The aches he used to have in the spine years ago.", []),
    ("Spine injection for the arm pain.", []),
    ("Cannot get vertical since baling hay.", ["Cannot get vertical since baling hay."]),
    ("Cannot get the jar open since breaking a thumb.", []),
    ("Fire from the rump to the ankle whenever he hiccups.", ["Fire from the rump to the ankle whenever he hiccups."]),
    ("Fire from the nose to the forehead whenever he hiccups.", []),
    ("C/S stiff, ROM dec, HEP.", ["C/S stiff, ROM dec, HEP."]),
    ("Knee stiff, ROM dec, HEP.", []),
)


@pytest.mark.parametrize(("text", "quoted"), ASKED)
def test_it_asks_about_what_no_list_knows_and_nothing_else(reader: Coder, text: str, quoted: list[str]) -> None:
    """The whole sentence is quoted, each wording once, in the order of the note."""
    coded = reader.code(Note(text=text))
    assert missed(coded) == quoted
    assert all(text[e.start : e.end] == e.text for q in coded.questions for e in q.evidence)


def test_the_question_is_the_one_of_the_file_and_about_no_code(reader: Coder) -> None:
    """It names no code, and its evidence fills no slot of a fact."""
    (question,) = reader.code(Note(text="Complains of neckk painn since Tuesday.")).questions
    wording = wordings()["possibly-missed"]
    assert (question.id, question.text, list(question.options), question.code) == (
        "possibly-missed",
        wording["text"],
        wording["options"],
        "",
    )
    assert [e.slot for e in question.evidence] == ["sentence"]


def test_all_else_is_the_same_without_it(reader: Coder, coder: Coder) -> None:
    """Own notes: codes, set-asides, alerts, facts, notices; and the other questions, in their order."""
    for row in rows("notes.jsonl")[::12]:
        note = Note(text=str(row["text"]))
        read = reader.code(note)
        others = tuple(q for q in read.questions if q.id != "possibly-missed")
        assert replace(read, questions=others) == coder.code(note)


def test_the_sieve_changes_nothing(reader: Coder) -> None:
    """It reads the notes that the sieve stops; what mentions cover does not depend on it."""
    plain = Coder(sieve=False, second_reader=True)
    for text, _ in ASKED:
        assert reader.code(Note(text=text)) == plain.code(Note(text=text))


def test_without_its_model_the_rules_go_on_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed model: the codes stand, and a notice names the file."""
    shutil.copytree(store.folder(), tmp_path / "models")
    (tmp_path / "models" / "second-reader.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "models")
    coded = Coder(second_reader=True).code(Note(text="Sciatica, right side. Neckk painn."))
    assert [code.code for code in coded.codes] == ["M54.31"]
    assert missed(coded) == []
    assert coded.notices[-1] == (
        "The second reader did not run: the model second-reader.json is not the one of the MANIFEST.json: it has been "
        "changed. Install nlp-coder again, or train it anew with scripts/train."
    )


def test_recall_of_own_sentences_that_no_list_knows(reader: Coder) -> None:
    """150 written before any model, 96 by an author who saw neither: at least 85 in 100. Of the others, no fewer."""
    asked: dict[object, list[bool]] = {1: [], 2: [], 3: [], 4: [], 5: []}
    for row in rows("second-reader-test.jsonl"):
        coded = reader.code(Note(text=str(row["text"])))
        asked[row["round"]].append(bool(missed(coded) or coded.facts))  # what the rules read by now is not missed
    assert {name: len(those) for name, those in asked.items()} == {1: 150, 2: 123, 3: 50, 4: 75, 5: 96}
    assert sum(asked[1]) >= 128
    assert sum(asked[2]) >= 113
    assert sum(asked[3]) >= 40
    assert sum(asked[4]) >= 60
    assert sum(asked[5]) >= 82


def test_no_test_sentence_is_trained_on() -> None:
    """Neither word for word nor as a pattern."""
    trained = {" ".join(words(str(row["text"]))) for row in rows("second-reader-train.jsonl")}
    trained |= {" ".join(words(line)) for lines in PATTERNS.values() if isinstance(lines, list) for line in lines}
    assert [row["id"] for row in rows("second-reader-test.jsonl") if " ".join(words(str(row["text"]))) in trained] == []


# --- n-grams --------------------------------------------------------------------------------------


def test_words_of_a_sentence() -> None:
    """Small letters, numbers alike, no apostrophes, the parts of the spine in one word however they are cut short."""
    assert words("Pt's L4-5 'hurts' 10/10, Être") == ["pts", "l", "0", "0", "hurts", "0", "0", "être"]
    assert words("C/S, T-sp and L-spine; vitamin C, s.c.") == [
        "cspine",
        "tspine",
        "and",
        "lspine",
        "vitamin",
        "c",
        "s",
        "c",
    ]


def test_parts_of_a_word() -> None:
    """Four and five letters in a row, the ends marked, each once; and the word as it is read."""
    assert parts("bak", "~back") == ["<bak", "bak>", "<bak>", "=~back"]
    assert parts("aaaaa", "aaaaa") == ["<aaa", "aaaa", "aaa>", "<aaaa", "aaaaa", "aaaa>", "=aaaaa"]


def test_phrases_of_a_sentence() -> None:
    """A guess is taken for granted in a row."""
    assert list(phrases(["my", "~back", "hurts"])) == [
        "<s> my", "my back", "back hurts", "hurts </s>",
        "<s> my back", "my back hurts", "back hurts </s>",
        "my * hurts",
    ]  # fmt: skip


def test_classes_of_a_sentence() -> None:
    """Each class once and each pair once, in one order; where none of them is a place, ``nowhere`` is one."""
    classes = lookup({"pain": "aches hurts", "leg": "calf", "slipped": "calf popped"})
    assert classes == {"aches": ("pain",), "hurts": ("pain",), "calf": ("leg", "slipped"), "popped": ("slipped",)}
    assert list(concepts(["pain", "leg", "cough", "pain"], {"leg"})) == [
        "#cough", "#leg", "#pain",
        "#cough #leg", "#cough #pain", "#leg #pain",
    ]  # fmt: skip
    assert list(concepts(["pain"], {"leg"})) == ["#nowhere", "#pain", "#nowhere #pain"]
    assert list(concepts([], {"leg"})) == ["#nowhere"]


def test_it_scores_as_it_was_trained() -> None:
    """The stored weights of the n-grams that training counts, by the root of their number."""
    model = store.load_json("second-reader.json")
    guesser = Guesser(model["targets"], model["known"])
    for text in ("His spine pops and aches.", "Fire from the rump to the heel.", "Neckk painn.", "C/S stiff", "Cough."):
        found = grams(text, guesser, lookup(model["classes"]), model["places"])
        expected = model["bias"] + sum(model["weights"].get(gram, 0.0) for gram in found) / sqrt(len(found))
        assert SecondReader(model).score(text) == pytest.approx(expected)
        assert any(gram.startswith("#") and gram in model["weights"] for gram in found)


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("back", "back"),
        ("bakc", "~back"),
        ("bck", "~back"),
        ("nexk", "~neck"),
        ("lumbarr", "~lumbar"),
        ("stenoosis", "~stenosis"),
        ("next", "next"),
        ("deck", "deck"),
        ("bak2", "bak2"),
        ("b", "b"),
        ("tolerates", "tolerates"),
    ],
)
def test_a_word_nobody_knows_is_read_as_the_nearest(word: str, read: str) -> None:
    """Known words stand for themselves, and what is far from all targets too."""
    assert Guesser(("back", "neck", "lumbar", "stenosis"), ("next",)).read(word) == read


def test_a_sentence_is_mended_and_otherwise_kept() -> None:
    """Case, marks and words that stand for themselves stay."""
    assert mended("Her BAKC, next to L4-5: «lumbarr».", Guesser(("back", "lumbar"), ("next",))) == (
        "Her back, next to L4-5: «lumbar»."
    )


def test_in_coded_notes_it_hardly_asks(reader: Coder) -> None:
    """Of our own notes with a code, at most one in a hundred gets the question."""
    answers = [reader.code(Note(text=str(row["text"]))) for row in rows("notes.jsonl")]
    coded = [answer for answer in answers if answer.codes]
    assert len(coded) > 350
    assert sum(bool(missed(answer)) for answer in coded) <= len(coded) // 100


def test_the_same_seed_writes_the_same_sentences() -> None:
    """Another one writes others."""
    given = [Example("Neck pain.", True), Example("Cough.", False)]
    first = Writer(PATTERNS).examples(given)
    assert first == Writer(PATTERNS).examples(given)
    assert first != Writer(PATTERNS, seed=7).examples(given)
    assert [one for one in first if "{" in one.text] == []
