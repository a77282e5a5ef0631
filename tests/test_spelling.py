"""Typing errors: long words of the trade are recognised, real words and short ones are left alone, and it is said."""

from __future__ import annotations

import datetime

import pytest

from nlp_coder import Coder, Note
from nlp_coder.lexicon import load_misspelt, load_terms, tokens
from nlp_coder.spelling import load_speller

READ_AS = {
    "compresing": "compressing",
    "stensois": "stenosis",
    "protruzion": "protrusion",
    "spondylolisthesiss": "spondylolisthesis",
    "vetrebal": "vertebral",
    "musclespasm": "muscle spasm",
    "thecalsac": "thecal sac",
}
LEFT_ALONE = (
    "myopathy",  # one letter from myelopathy
    "arthroplasty",
    "designation",
    "excursion",
    "osteolytic",
    "transthoracic",
    "pullback",
    "lumbar",
    "zstenosis",  # another first letter
    "dorsl",  # too short
)


@pytest.mark.parametrize("written", READ_AS)
def test_a_misspelt_word_is_read_as_the_one_it_is_nearest_to(written: str) -> None:
    """One edit, two in a long word, or a blank forgotten."""
    assert load_speller().get(written, written) == READ_AS[written]


@pytest.mark.parametrize("word", LEFT_ALONE)
def test_a_real_or_short_word_stands_for_itself(word: str) -> None:
    """Never does a guess turn one word into another."""
    assert load_speller().get(word, word) == word


def test_no_word_of_the_word_lists_is_changed() -> None:
    """Every word of every term is what it is."""
    words = {word for term in load_terms() for word in term.tokens}
    assert {word for word in words if load_speller().get(word, word) != word} == set()


def test_no_real_word_of_the_list_is_changed() -> None:
    """The neighbours named in misspelt.csv are never read as the word they stand beside."""
    speller = load_speller()
    near = {word for words in load_misspelt().values() for word in words}
    changed = {word for word in near if speller.get(word, word) in load_misspelt() and word not in load_misspelt()}
    assert changed == set()


def test_words_typed_together_are_two_tokens_with_their_own_offsets() -> None:
    """Offsets stay those of the raw text."""
    assert [tuple(t) for t in tokens("a musclespasm", load_speller())] == [
        ("a", 0, 1),
        ("muscle", 2, 8),
        ("spasm", 8, 13),
    ]


def test_the_answer_says_what_was_read_through_a_typing_error(coder: Coder) -> None:
    """The code is earned, the quotation is the note's, and a notice names the reading."""
    coded = coder.code(Note(text="ASSESSMENT: lumbar spinal stensois.", date_of_service=datetime.date(2026, 5, 1)))
    assert [code.code for code in coded.codes] == ["M48.061"]
    assert coded.notices == ("Read «stensois» as stenosis.",)
