"""Mentions: which words of a note mean something, what, and how the note means them; whatever stands around."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import pytest

from nlp_coder.extract.context import telling_words
from nlp_coder.extract.cues import SPEAKING, parts_of
from nlp_coder.extract.nlp import Extractor
from nlp_coder.lexicon import load_cues
from nlp_coder.segment import outline
from nlp_coder.types import Mention, Span


class Case(NamedTuple):
    """A note and each mention in it: its words, what they mean, and its context."""

    text: str
    mentions: tuple[tuple[str, str, str], ...]


LUMBAR_PAIN = "problem pain, region lumbar"
NECK_PAIN = "problem pain, region cervical"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """The medspaCy pipeline alone."""
    return Extractor()


def read(extractor: Extractor, text: str) -> tuple[Mention, ...]:
    """The mentions of a note."""
    form = outline(text)
    return extractor.mentions(text, form.masked, form.sentences)


def told(mentions: tuple[Mention, ...]) -> tuple[tuple[str, str, str], ...]:
    """Each mention as its words, ``slot value, slot value`` and its context."""
    return tuple(
        (m.span.text, ", ".join(f"{slot} {value}" for slot, value in m.means), m.context.value) for m in mentions
    )


WORDS = (
    Case("Low back pain.", (("Low back pain", LUMBAR_PAIN, "present"),)),
    Case("LBP w/o sciatica.", (("LBP", LUMBAR_PAIN, "present"), ("sciatica", "problem sciatica", "negated"))),
    Case(
        "Chronic low back pain, right-sided.",
        (
            ("Chronic", "course chronic", "present"),
            ("low back pain", LUMBAR_PAIN, "present"),
            ("right-sided", "side right", "present"),
        ),
    ),
    Case(
        "Neck pain x 3 wks after an MVA.",
        (
            ("Neck pain", NECK_PAIN, "present"),
            ("x 3 wks", "duration 3 weeks", "present"),
            ("MVA", "cause motor vehicle accident", "present"),
        ),
    ),
    Case(
        "Disk herniation, L5-S1 level.",
        (
            ("Disk herniation", "problem disc displacement, type herniation", "present"),
            ("L5-S1", "level L5-S1", "present"),
        ),
    ),
    Case(
        "Right C6 radiculopathy.",
        (
            ("Right", "side right", "present"),
            ("C6", "root C6", "present"),
            ("radiculopathy", "problem radiculopathy", "present"),
        ),
    ),
    Case(
        "20 weeks pregnant with low back pain.",
        (
            ("20 weeks pregnant", "weeks 20, pregnancy trimester 2", "present"),
            ("low back pain", LUMBAR_PAIN, "present"),
        ),
    ),
    Case(
        "She left the clinic with neck pain.",
        (("left the clinic", "nothing yes", "present"), ("neck pain", NECK_PAIN, "present")),
    ),
    Case(
        "He went back to work with neck pain.",
        (("back to work", "nothing yes", "present"), ("neck pain", NECK_PAIN, "present")),
    ),
)


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case.text)
def test_words_of_one_sentence(extractor: Extractor, case: Case) -> None:
    """The longest term wins; a quantity stands beside the terms; words in another sense mean nothing."""
    assert told(read(extractor, case.text)) == case.mentions


ACROSS = (
    Case(
        "He reports low  back\npain since Monday and takes ibuprofen.",
        (("low  back\npain", LUMBAR_PAIN, "present"), ("since Monday", "duration since monday", "present")),
    ),
    Case(
        "The patient was seen because of chronic low\r\nback pain that began after a fall at the\r\nstation in May.",
        (
            ("chronic", "course chronic", "present"),
            ("low\r\nback pain", LUMBAR_PAIN, "present"),
            ("fall", "cause fall", "present"),
        ),
    ),
    Case("low\u00a0back\u2011pain", (("low\u00a0back\u2011pain", LUMBAR_PAIN, "present"),)),
    Case(
        "He has a stiff neck. pain in hip came later.",
        (
            ("stiff neck", "problem torticollis, region cervical", "present"),
            ("pain", "problem pain", "present"),
            ("hip", "region elsewhere", "present"),
        ),
    ),
    Case(
        "He turned his neck. pain in the hip came later.",
        (
            ("neck", "region cervical", "present"),
            ("pain", "problem pain", "present"),
            ("hip", "region elsewhere", "present"),
        ),
    ),
    Case(
        "- low back\n- pain in the hip",
        (
            ("low back", "region lumbar", "present"),
            ("pain", "problem pain", "present"),
            ("hip", "region elsewhere", "present"),
        ),
    ),
    Case(
        "Neck\n\nPain in the hip",
        (
            ("Neck", "region cervical", "present"),
            ("Pain", "problem pain", "present"),
            ("hip", "region elsewhere", "present"),
        ),
    ),
)


@pytest.mark.parametrize("case", ACROSS, ids=lambda case: repr(case.text))
def test_a_term_crosses_blanks_and_line_breaks_but_never_a_sentence(extractor: Extractor, case: Case) -> None:
    """``low  back⏎pain`` is one term; ``stiff neck. pain in hip`` holds no neck pain."""
    assert told(read(extractor, case.text)) == case.mentions


SPOKEN = (
    Case(
        "She denies neck pain but has low back pain.",
        (("neck pain", NECK_PAIN, "negated"), ("low back pain", LUMBAR_PAIN, "present")),
    ),
    Case(
        "(-) sciatica, (+) LBP",
        (("sciatica", "problem sciatica", "negated"), ("LBP", LUMBAR_PAIN, "present")),
    ),
    Case(
        "r/o HNP at L4-5",
        (("HNP", "problem disc displacement, type herniation", "uncertain"), ("L4-5", "level L4-L5", "uncertain")),
    ),
    Case("Radiculopathy cannot be excluded.", (("Radiculopathy", "problem radiculopathy", "uncertain"),)),
    Case("No longer has sciatica.", (("sciatica", "problem sciatica", "historical"),)),
    Case("Return if sciatica develops.", (("sciatica", "problem sciatica", "hypothetical"),)),
    Case(
        "His mother has sciatica; he has neck pain.",
        (("sciatica", "problem sciatica", "family"), ("neck pain", NECK_PAIN, "present")),
    ),
    Case("Low back pain: denied", (("Low back pain", LUMBAR_PAIN, "negated"),)),
    Case("No change in low back pain.", (("low back pain", LUMBAR_PAIN, "present"),)),
    Case(
        "Any neck pain? No. Any low back pain? Yes.",
        (("neck pain", NECK_PAIN, "negated"), ("low back pain", LUMBAR_PAIN, "present")),
    ),
    Case("Any neck pain? No.", (("neck pain", NECK_PAIN, "negated"),)),
)


@pytest.mark.parametrize("case", SPOKEN, ids=lambda case: case.text)
def test_cues_of_the_sentence_say_how_it_is_meant(extractor: Extractor, case: Case) -> None:
    """One of each kind; tests/assertions holds the rest."""
    assert told(read(extractor, case.text)) == case.mentions


FORMED = (
    Case(
        "\u2611 Neck pain \u2610 Low back pain \u2610 Sciatica",
        (
            ("Neck pain", NECK_PAIN, "present"),
            ("Low back pain", LUMBAR_PAIN, "negated"),
            ("Sciatica", "problem sciatica", "negated"),
        ),
    ),
    Case(
        "[ ] neck pain\n[x] low back pain",
        (("neck pain", NECK_PAIN, "negated"), ("low back pain", LUMBAR_PAIN, "present")),
    ),
    Case("Sciatica: [ ] yes [x] no", (("Sciatica", "problem sciatica", "negated"),)),
    Case("Sciatica: [x] yes [ ] no", (("Sciatica", "problem sciatica", "present"),)),
    Case(
        "Family history:\nLumbar stenosis.\n\nAssessment:\nNeck pain.",
        (
            ("Lumbar stenosis", "problem stenosis, region lumbar", "family"),
            ("Neck pain", NECK_PAIN, "present"),
        ),
    ),
    Case(
        "Education:\nSciatica follows a nerve.\n\nPlan:\nHeat for neck pain.",
        (("Sciatica", "problem sciatica", "hypothetical"), ("neck pain", NECK_PAIN, "present")),
    ),
    Case("Working diagnosis:\nSciatica.", (("Sciatica", "problem sciatica", "uncertain"),)),
    Case("Working diagnosis: sciatica", (("sciatica", "problem sciatica", "uncertain"),)),
    Case("Diagnosis:\nSciatica.", (("Sciatica", "problem sciatica", "present"),)),
    Case(
        "Denies:\n- neck pain\n- sciatica\n\nComplains of low back pain.",
        (
            ("neck pain", NECK_PAIN, "negated"),
            ("sciatica", "problem sciatica", "negated"),
            ("low back pain", LUMBAR_PAIN, "present"),
        ),
    ),
    Case(
        "Denies: neck pain, sciatica. Has low back pain.",
        (
            ("neck pain", NECK_PAIN, "negated"),
            ("sciatica", "problem sciatica", "negated"),
            ("low back pain", LUMBAR_PAIN, "present"),
        ),
    ),
    Case(
        "PERTINENT NEGATIVES:\n- neck pain\n- sciatica\n\nPLAN:\nHeat for low back pain.",
        (
            ("neck pain", NECK_PAIN, "negated"),
            ("sciatica", "problem sciatica", "negated"),
            ("low back pain", LUMBAR_PAIN, "present"),
        ),
    ),
)


@pytest.mark.parametrize("case", FORMED, ids=lambda case: repr(case.text))
def test_headings_boxes_and_lead_ins_speak_for_what_stands_under_them(extractor: Extractor, case: Case) -> None:
    """And for nothing that stands after it."""
    assert told(read(extractor, case.text)) == case.mentions


def test_a_cue_is_quoted_and_a_heading_is_a_cue(extractor: Extractor) -> None:
    """The words that decide a context are spans of the note; a tick-box has none."""
    text = "No sciatica.\n\nWorking diagnosis:\nStenosis.\n\n[ ] neck pain"
    negated, doubted, unticked = read(extractor, text)
    assert negated.cues == (Span(0, 2, "No"),)
    assert [c.text for c in doubted.cues] == ["Working diagnosis"]
    assert text[doubted.cues[0].start : doubted.cues[0].end] == "Working diagnosis"
    assert (unticked.context.value, unticked.cues) == ("negated", ())


def test_each_mention_knows_its_sentence_and_section(extractor: Extractor) -> None:
    """Sentences are numbered through the note, whether or not they are read."""
    text = "Subjective:\nNeck pain. He paints houses. Low back pain.\n\nAssessment:\nSciatica."
    assert [(m.span.text, m.sentence, m.section) for m in read(extractor, text)] == [
        ("Neck pain", 0, "subjective"),
        ("Low back pain", 2, "subjective"),
        ("Sciatica", 3, "assessment"),
    ]


def test_a_sentence_that_names_no_problem_is_read_too(extractor: Extractor) -> None:
    """A side, a length of time or a level may belong to a problem told before."""
    text = "Low back pain. Worse on the left. It began 3 weeks ago. At L4-5."
    assert told(read(extractor, text)) == (
        ("Low back pain", LUMBAR_PAIN, "present"),
        ("left", "side left", "present"),
        ("3 weeks ago", "duration 3 weeks", "present"),
        ("L4-5", "level L4-L5", "present"),
    )


def test_a_note_that_could_say_nothing_of_the_spine_has_no_mentions_for_the_coder(extractor: Extractor) -> None:
    """Sides, durations, studies and a painful knee: read by the plain extractor, not by the one the coder holds."""
    text = "Right hand dominant. Knee pain began 3 weeks ago. MRI was ordered."
    assert told(read(extractor, text)) == (
        ("Knee", "region elsewhere", "present"),
        ("pain", "problem pain", "present"),
        ("3 weeks ago", "duration 3 weeks", "present"),
        ("MRI", "study mri", "present"),
    )
    assert read(Extractor(spine_only=True), text) == ()


# --- the sieve, and notes of any length -----------------------------------------------------------

IRRELEVANT = "Birds sang loudly. The garden was watered and the letters were read aloud. " * 100
PARTS = (
    "Subjective:\nLow back pain for two years, worse on the right. She denies neck pain.\n",
    "Any sciatica? No. It began 3 weeks ago. Chronic.\nDenies:\n- numbness\n- radiculopathy\n",
    "\nAssessment:\nL4-5 disc herniation, possible S1 radiculopathy. Her mother has sciatica.\n",
)


def moved(mention: Mention, by: int, sentences: int) -> Mention:
    """The mention as it is when that much text, of that many sentences, stands before it."""

    def shift(span: Span) -> Span:
        return Span(span.start + by, span.end + by, span.text)

    return replace(
        mention,
        span=shift(mention.span),
        cues=tuple(shift(c) for c in mention.cues),
        sentence=mention.sentence + sentences,
    )


def test_irrelevant_sentences_before_a_note_change_nothing(extractor: Extractor) -> None:
    """The same mentions, further down."""
    alone, padding = "".join(PARTS), IRRELEVANT + "\n\n"
    expected = tuple(moved(m, len(padding), 200) for m in read(extractor, alone))
    assert len(expected) > 10
    assert read(extractor, padding + alone) == expected


def test_irrelevant_sentences_within_a_note_change_nothing(extractor: Extractor) -> None:
    """What a sentence means does not depend on what stands around it."""
    padding = f"\n{IRRELEVANT}\n\n"
    second, third = len(PARTS[0]), len(PARTS[0] + PARTS[1])
    alone = read(extractor, "".join(PARTS))
    expected = tuple(
        moved(m, 2 * len(padding), 400)
        if m.span.start >= third
        else moved(m, len(padding), 200)
        if m.span.start >= second
        else m
        for m in alone
    )
    assert len(expected) > 10
    assert read(extractor, padding.join(PARTS)) == expected


def test_every_sentence_of_a_long_note_is_read_as_if_alone(extractor: Extractor) -> None:
    """No blank or cue is lost where one sentence ends and the next begins."""
    sentences = ("Low back pain. ", "She denies neck pain. ", "Possible sciatica. ", "Stenosis at L4-5. ")
    text, expected = "", []
    for number in range(13):
        sentence = sentences[number % len(sentences)]
        expected += [moved(m, len(text), number) for m in read(extractor, sentence)]
        text += sentence
    assert len(expected) == 13 + 13 // 4  # a stenosis and its level are two
    assert read(extractor, text) == tuple(expected)


@pytest.mark.parametrize("before", [0, 1, 3])
def test_a_list_under_a_lead_in_is_read_with_it(extractor: Extractor, before: int) -> None:
    """``Denies:`` reaches its last item, and no further."""
    items = 8
    text = "Low back pain. " * before + "\n\nDenies:\n" + "- sciatica\n" * items + "\nNeck pain today."
    contexts = [m.context.value for m in read(extractor, text)]
    assert contexts == ["present"] * before + ["negated"] * items + ["present"]


def test_no_two_cues_say_different_things_of_the_same_words() -> None:
    """A cue with alternatives is many; where two rows meet in the same words, one would be dropped silently."""
    said: dict[tuple[str, ...], tuple[str, str]] = {}
    fights = []
    for cue in load_cues():
        choices = [(*(part.words or (part.kind,)), *([""] if part.optional else [])) for part in parts_of(cue)]
        for words in product(*choices):
            key = tuple(word for word in words if word)
            if said.setdefault(key, (cue.category, cue.direction)) != (cue.category, cue.direction):
                fights.append((" ".join(key), cue.text))
    assert fights == []


def test_a_cue_that_says_how_something_is_meant_shows_by_a_word() -> None:
    """Sentences without a telling word are not searched for cues: no cue that speaks may be without one."""
    telling = telling_words(load_cues())
    for cue in load_cues():
        if cue.category.upper() in SPEAKING:
            assert any(part.words and not part.optional and telling.issuperset(part.words) for part in parts_of(cue))
    assert telling.isdisjoint({"the", "of", "pain", "lumbar", "and"})
