"""Word lists: what a faulty file is told, how text becomes tokens, and that our own lists are sound."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_coder.errors import KnowledgeError
from nlp_coder.lexicon import (
    CATEGORIES,
    DIRECTIONS,
    VOCABULARY,
    Cue,
    Heading,
    Term,
    Token,
    load_cues,
    load_headings,
    load_spellings,
    load_terms,
    normal_tokens,
    raw_places,
    tokens,
)

KNOWLEDGE = Path(__file__).parent.parent / "nlp_coder" / "knowledge"
WORD_LISTS = sorted((KNOWLEDGE / "lexicon").glob("*.csv"))


def knowledge(
    folder: Path,
    terms: str = "",
    more: str = "",
    cues: str = "",
    sections: str = "",
    spellings: str = "disk,disc,\n",
) -> Path:
    """A knowledge folder with two word lists, cues, sections and spellings, headers added."""
    (folder / "lexicon").mkdir()
    for name, header, rows in (
        ("lexicon/a.csv", "term,means,note", terms),
        ("lexicon/b.csv", "term,means,note", more),
        ("cues.csv", "cue,category,direction,reach,stops,note", cues),
        ("sections.csv", "heading,section,note", sections),
        ("spellings.csv", "written,normal,note", spellings),
    ):
        (folder / name).write_text(f"{header}\n{rows}", encoding="utf-8")
    return folder


def faults_of(load: object, folder: Path) -> list[str]:
    """What a loader says against a folder."""
    assert callable(load)
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return list(caught.value.faults)


# --- tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Low-back pain", ["low", "back", "pain"]),
        ("low\u2011back\u2014pain", ["low", "back", "pain"]),
        ("L4-5 L4\u20135", ["l", "4", "-", "5", "l", "4", "-", "5"]),
        ("x 3 wks, (-)", ["x", "3", "wks", ",", "(", "-", ")"]),
        ("patient's PATIENT\u2019S patients'", ["patient", "'s", "patient", "'s", "patients", "'"]),
        ("don't don\u2019t O'Neil's", ["don't", "don't", "o'neil", "'s"]),
        ("'stiff'", ["'", "stiff", "'"]),
        ("b/l R>L s/p", ["b", "/", "l", "r", ">", "l", "s", "/", "p"]),
        ("L4_L5", ["l", "4", "_", "l", "5"]),
        ("low\r\nback\tpain\u00a0today", ["low", "back", "pain", "today"]),
        ("low\x00back", ["low", "back"]),
        ("\ufefflow back", ["low", "back"]),
        ("sci\u00adat\u200bica", ["sciatica"]),
        ("re\ufb02ex \u2161", ["reflex", "ii"]),
        ("Lase\u0301gue \u0130stanbul", ["las\u00e9gue", "i\u0307stanbul"]),
        ("\U0001f600pain \U0001d5f9\U0001d5fc\U0001d604", ["\U0001f600", "pain", "low"]),
        ("10\u00b2 \u00bd", ["10", "2", "1\u20442"]),
        ("a--b a-1 1-a", ["a", "-", "-", "b", "a", "-", "1", "1", "-", "a"]),
        ("", []),
        (" \r\n\u200b", []),
    ],
)
def test_text_becomes_tokens(text: str, expected: list[str]) -> None:
    """Letters, digits, marks; case, dashes, quotes and invisible characters make no difference."""
    assert [token.norm for token in tokens(text, {})] == expected


def test_offsets_count_code_points_of_the_raw_text() -> None:
    """Neither a line end, nor a wide character, nor one that grows in lower case shifts an offset."""
    text = "\U0001f600\r\n\u0130 Disk\u2019s"
    assert tokens(text, {"disk": "disc"}) == [
        Token("\U0001f600", 0, 1),
        Token("i\u0307", 3, 4),
        Token("disc", 5, 9),
        Token("'s", 9, 11),
    ]


awkward = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("aZ\u0130\u00df\u0301'\u2019-\u2013_5\u00b2\r\n\x00\u200b\u00ad\ufeff\U0001f600\ud800"),
    )
)


@given(awkward)
def test_every_token_quotes_the_raw_text_in_order(text: str) -> None:
    """Spans are non-empty, ordered, disjoint, and between them nothing stands that a token should hold."""
    end = 0
    for token in tokens(text, {}):
        assert end <= token.start < token.end <= len(text)
        assert not any(c.isascii() and c.isalnum() for c in text[end : token.start])
        assert not text[token.start : token.end].isspace()
        end = token.end
    assert not any(c.isascii() and c.isalnum() for c in text[end:])


@given(awkward)
def test_case_and_a_second_reading_change_no_ascii_token(text: str) -> None:
    """Tokens of ASCII text joined by blanks are read again as themselves, in whatever case."""
    plain = text.encode("ascii", "ignore").decode()
    norms = [token.norm for token in tokens(plain, {})]
    assert [token.norm for token in tokens(plain.upper(), {})] == norms
    words = [norm for norm in norms if norm.isalnum()]
    assert [token.norm for token in tokens(" ".join(words), {})] == words


@given(st.text(alphabet="aBsS'- _17.:\t\n\x07\x7f", max_size=40))
def test_a_text_of_ascii_alone_is_cut_as_in_any_other(text: str) -> None:
    """It has a pattern of its own, for speed; what stands beyond a blank decides nothing."""
    assert raw_places(text) == raw_places(f"{text} \u00e9")[:-1]


def test_spellings_are_applied_word_by_word() -> None:
    """The shipped spellings turn variants into the word the lists know."""
    assert normal_tokens("Herniated DISKS, siatica, stenois") == [
        "herniated", "discs", ",", "sciatica", ",", "stenosis",
    ]  # fmt: skip


# --- the loaders ----------------------------------------------------------------------------------


def test_terms_come_with_their_tokens_meaning_place_and_plural(tmp_path: Path) -> None:
    """A row means what it says; a problem has a regular plural unless a row of its own gives it."""
    folder = knowledge(
        tmp_path,
        "disk bulge,problem=disc bulge,\nradiculopathy,problem=radiculopathy,why\nright-sided,side=right,\n",
        "bruise,problem=contusion; region=back,\nbruises,problem=contusion,\nstenosis,problem=stenosis,\n",
    )
    a, b = "lexicon/a.csv", "lexicon/b.csv"
    bulge = (("problem", "disc bulge"),)
    radiculopathy = (("problem", "radiculopathy"),)
    assert load_terms(folder) == (
        Term("disk bulge", ("disc", "bulge"), bulge, a, 2),
        Term("radiculopathy", ("radiculopathy",), radiculopathy, a, 3),
        Term("right-sided", ("right", "sided"), (("side", "right"),), a, 4),
        Term("bruise", ("bruise",), (("problem", "contusion"), ("region", "back")), b, 2),
        Term("bruises", ("bruises",), (("problem", "contusion"),), b, 3),
        Term("stenosis", ("stenosis",), (("problem", "stenosis"),), b, 4),
        Term("disc bulges", ("disc", "bulges"), bulge, a, 2),
        Term("radiculopathies", ("radiculopathies",), radiculopathy, a, 3),
    )


def test_all_faults_of_all_word_lists_are_told_at_once(tmp_path: Path) -> None:
    """Each with file, line, what is wrong and what to write."""
    folder = knowledge(
        tmp_path,
        "disc,problem=pain,\nbulge,side=rigth,\nitch,sied=right,\nlow-back,region=lumbar; region=back,\n"
        "neck,nothing=yes; region=cervical,\n(\u200b,side=left,\n",
        "disk,problem=pain,\nLow back,region=lumbar,\nroot,,\nsore,problem=pain\n\u00ad,side=left,\n",
    )
    one_value = "says one slot twice, or 'nothing' beside another. One value a slot."
    assert faults_of(load_terms, folder) == [
        "lexicon/a.csv, line 3 [bulge]: is not in order. Move it before 'disc'.",
        "lexicon/a.csv, line 7 [(\u200b]: is not in order. Move it before 'neck'.",
        "lexicon/a.csv, line 3 [bulge]: side cannot be 'rigth'. Use: right, left, bilateral.",
        "lexicon/a.csv, line 4 [itch]: 'sied' is no slot. Use: " + ", ".join(VOCABULARY) + ".",
        f"lexicon/a.csv, line 5 [low-back]: {one_value}",
        f"lexicon/a.csv, line 6 [neck]: {one_value}",
        "lexicon/b.csv, line 4 [root]: means is empty. Fill it or delete the line.",
        "lexicon/b.csv, line 5 [sore]: has 2 cells, not 3: term,means,note.",
        "lexicon/b.csv, line 2 [disk]: is the same words as 'disc' (lexicon/a.csv, line 2). Keep one.",
        "lexicon/b.csv, line 3 [Low back]: is the same words as 'low-back' (lexicon/a.csv, line 5). Keep one.",
        "lexicon/b.csv, line 6 [\u00ad]: has no letter, digit or mark that a note could be searched for.",
    ]


def test_a_file_that_is_no_csv_or_lacks_its_first_line_is_named(tmp_path: Path) -> None:
    """The other files are still read."""
    folder = knowledge(tmp_path, 'pain,"problem=pain,\n', "sore,problem=pian,\n")
    (folder / "lexicon" / "c.csv").write_text("word,means\n", encoding="utf-8")
    (folder / "lexicon" / "d.csv").write_bytes(b"term,means,note\nR\xfccken,region=back,\n")
    quoted, typo, header, coded = faults_of(load_terms, folder)
    assert quoted == "lexicon/a.csv: cannot be read (unexpected end of data). Save it as CSV in UTF-8."
    assert typo.startswith("lexicon/b.csv, line 2 [sore]: problem cannot be 'pian'. Use: pain, sciatica, ")
    assert header == "lexicon/c.csv, line 1: the first line must be: term,means,note"
    assert coded.startswith("lexicon/d.csv: cannot be read ('utf-8' codec can't decode byte 0xfc")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    """Excel writes both."""
    folder = knowledge(tmp_path)
    (folder / "lexicon" / "a.csv").write_bytes(b"\xef\xbb\xbfterm,means,note\r\nleft,side=left,\r\n")
    assert load_terms(folder) == (Term("left", ("left",), (("side", "left"),), "lexicon/a.csv", 2),)


def test_cues_carry_direction_reach_and_stops(tmp_path: Path) -> None:
    """An empty reach has no limit; empty stops stop nothing."""
    folder = knowledge(tmp_path, cues="( - ),negated,forward,3,present; stop,\nbut,stop,terminate,,,\n")
    assert load_cues(folder) == (
        Cue("( - )", ("(", "-", ")"), "negated", "forward", 3, ("present", "stop"), "cues.csv", 2),
        Cue("but", ("but",), "stop", "terminate", None, (), "cues.csv", 3),
    )


def test_all_faults_of_the_cues_are_told_at_once(tmp_path: Path) -> None:
    """Category, direction, reach and stops are closed lists too."""
    rows = "no,negative,forwards,far,stop; end,\nNo,negated,forward,0,,\nno a*|b pain,negated,forward,,,\n"
    rows += "not,negated,,,,\n"
    folder = knowledge(tmp_path, cues=rows)
    categories, directions = ", ".join(CATEGORIES), ", ".join(DIRECTIONS)
    assert faults_of(load_cues, folder) == [
        "cues.csv, line 5 [not]: direction is empty. Fill it or delete the line.",
        f"cues.csv, line 2 [no]: 'negative' is no category. Use: {categories}.",
        f"cues.csv, line 2 [no]: 'forwards' is no direction. Use: {directions}.",
        f"cues.csv, line 2 [no]: 'end' is no stops. Use: {categories}.",
        "cues.csv, line 2 [no]: reach 'far' is no number of tokens. Use: 1, 2, 3 … or nothing.",
        "cues.csv, line 3 [No]: is the same words as 'no' (cues.csv, line 2). Keep one.",
        "cues.csv, line 3 [No]: reach '0' is no number of tokens. Use: 1, 2, 3 … or nothing.",
        "cues.csv, line 4 [no a*|b pain]: may leave out a whole choice, not one of its words. "
        "Put the * at its end: a|b*.",
    ]


def test_headings_name_their_section(tmp_path: Path) -> None:
    """Two headings of the same words cannot open two sections."""
    folder = knowledge(tmp_path, sections="A/P,assessment and plan,\nHPI,history of present illness,\n")
    assert load_headings(folder) == (
        Heading("A/P", ("a", "/", "p"), "assessment and plan", "sections.csv", 2),
        Heading("HPI", ("hpi",), "history of present illness", "sections.csv", 3),
    )
    (folder / "sections.csv").write_text(
        "heading,section,note\nHPI,history of present illness,\nhpi,plan,\n", encoding="utf-8"
    )
    load_headings.cache_clear()
    assert faults_of(load_headings, folder) == [
        "sections.csv, line 3 [hpi]: is the same words as 'HPI' (sections.csv, line 2). Keep one."
    ]


def test_all_faults_of_the_spellings_are_told_at_once(tmp_path: Path) -> None:
    """One word each side, lower case, and no chain."""
    rows = "back pian,back,\nDisk,disc,\ndisk,disc,\nlumber,disk,\nspaz,Spasm,\n"
    folder = knowledge(tmp_path, spellings=rows)
    assert faults_of(load_spellings, folder) == [
        "spellings.csv, line 2 [back pian]: 'back pian' is not one lower-case word. Use a term instead.",
        "spellings.csv, line 3 [Disk]: 'Disk' is not one lower-case word. Use a term instead.",
        "spellings.csv, line 4 [disk]: is the same words as 'Disk' (spellings.csv, line 3). Keep one.",
        "spellings.csv, line 6 [spaz]: 'Spasm' is not one lower-case word. Use a term instead.",
        "spellings.csv, line 5 [lumber]: 'disk' is itself a misspelling here. Write the normal word.",
    ]


# --- our own lists --------------------------------------------------------------------------------


def test_our_own_lists_load() -> None:
    """No fault in any of the four; every value of the vocabulary is one a rule could meet."""
    assert {pair for term in load_terms() for pair in term.means} <= {
        (slot, value) for slot, values in VOCABULARY.items() for value in values
    }
    assert load_cues()
    assert load_headings()
    assert load_spellings()


def test_every_meaning_has_a_word() -> None:
    """A value no term means could never be found in a note."""
    said = {pair for term in load_terms() for pair in term.means}
    allowed = {(slot, value) for slot, values in VOCABULARY.items() for value in values}
    assert sorted(allowed - said) == []


@pytest.mark.parametrize("file", WORD_LISTS, ids=lambda file: file.stem)
def test_word_lists_are_sorted_plain_words(file: Path) -> None:
    """Sorted by term, no regular expressions, no blanks to trim, no words of a quoted sentence."""
    with file.open(encoding="utf-8", newline="") as handle:
        terms = [row["term"] for row in csv.DictReader(handle)]
    assert terms == sorted(terms, key=str.casefold)
    assert [term for term in terms if set(term) & set("\\[]{}*^$") or term != " ".join(term.split())] == []
    assert [term for term in terms if len(normal_tokens(term)) > 12] == []


def test_no_term_needs_a_misspelt_word() -> None:
    """Spellings are applied to terms as to notes, so a misspelling must never be the normal word."""
    words = {word for term in load_terms() for word in term.tokens}
    assert sorted(words & load_spellings().keys()) == []


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("LBP", {"problem": "pain", "region": "lumbar"}),
        ("CLBP", {"problem": "pain", "region": "lumbar", "course": "chronic"}),
        ("low-back  pain", {"problem": "pain", "region": "lumbar"}),
        ("herniated lumbar disks", {"problem": "disc displacement", "region": "lumbar", "type": "herniation"}),
        ("HNP", {"problem": "disc displacement", "type": "herniation"}),
        ("DDD", {"problem": "disc degeneration"}),
        ("DJD", {"problem": "arthritis"}),
        ("FBSS", {"problem": "postlaminectomy syndrome"}),
        ("RLE", {"region": "leg", "side": "right"}),
        ("R>L", {"side": "bilateral"}),
        ("b/l", {"side": "bilateral"}),
        ("Modick Type II", {"imaging": "modic 2"}),
        ("modec type 1", {"imaging": "modic 1"}),
        ("LSS", {"problem": "stenosis", "region": "lumbar"}),
        ("LSS MRI", {"region": "lumbosacral", "study": "mri"}),
        ("stiff neck", {"problem": "torticollis", "region": "cervical"}),
        ("facet joint syndrome", {"problem": "facet arthropathy"}),
        ("facet syndrome", {"problem": "facet syndrome"}),
        ("muscular sprain", {"problem": "strain"}),
        ("optic disc", {"nothing": "yes"}),
        ("cervical cancer", {"nothing": "yes"}),
        ("left AMA", {"nothing": "yes"}),
        ("right-handed", {"nothing": "yes"}),
    ],
)
def test_words_of_real_notes_mean_what_the_policy_says(words: str, means: dict[str, str]) -> None:
    """One pick of each kind; the examples of the rules hold the rest."""
    found = {term.tokens: term.means for term in load_terms()}
    assert dict(found[tuple(normal_tokens(words))]) == means
