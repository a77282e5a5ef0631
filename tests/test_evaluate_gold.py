"""``nlp-coder evaluate``: gold files are read or refused by line; figures on literals; the page; the command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nlp_coder import Coder
from nlp_coder.errors import InputError
from nlp_coder.evaluate import answers, measured, page
from nlp_coder.evaluate.answers import Answered, Confusion, Weighed
from nlp_coder.evaluate.bootstrap import Draws
from nlp_coder.evaluate.gold import scored
from nlp_coder.evaluate.goldfile import read_gold
from nlp_coder.evaluate.quoted import Quoted, compared, places, table
from nlp_coder.evaluate.report import Table, share
from nlp_coder.types import Context, Evidence, Span

SAID = "Zwinglifax"
"""Where it turns up, text of the note has leaked."""

NECK = {
    "id": "n1", "slice": "one", "text": f"{SAID} <b>. Mother had sciatica. A: Neck pain.",
    "date_of_service": "2025-03-04",
    "codes": [
        {
            "code": "M54.2", "certainty": "sure", "evidence": ["Neck pain"],
            "slots": {"problem": ["pain"], "region": ["Neck"]},
        },
    ],
    "turned_down": [{"code": "M54.30", "quote": "sciatica", "why": "family"}],
    "mentions": [
        {"words": "sciatica", "within": "Mother had sciatica", "context": "family"},
        {"words": "Neck pain", "within": "A: Neck pain", "context": "present"},
    ],
}  # fmt: skip
WRONG = {
    "id": "n2", "slice": "two", "text": "A: Low back pain and left sciatica <now>.", "date_of_service": "2025-03-04",
    "codes": [{"code": "M54.6", "certainty": "sure", "evidence": ["back pain and"]}],
    "turned_down": [{"code": "M54.42", "quote": "sciatica", "why": "wrong on purpose"}],
}  # fmt: skip


def gold_file(folder: Path, *notes: dict[str, Any] | str) -> Path:
    """A gold file of notes, or of lines as they are."""
    file = folder / "gold.jsonl"
    file.write_text("\n".join(n if isinstance(n, str) else json.dumps(n) for n in notes) + "\n", encoding="utf-8")
    return file


# ------------------------------------------------------------------ the file


def changed(**fields: object) -> dict[str, Any]:
    """The first note with other fields."""
    return {**NECK, **fields}


def with_code(**fields: object) -> dict[str, Any]:
    """The first note with other fields of its code."""
    return changed(codes=[{**NECK["codes"][0], **fields}])


BAD = [
    ("{", "it is no JSON"),
    ("[1]", "it is no JSON object"),
    (changed(id=""), "it needs id"),
    (changed(id="n1"), "its id is that of an earlier line"),
    (changed(text=7), "it needs text"),
    (changed(slice=3), "its slice must be words"),
    (changed(codes=None), "its codes must be a list of objects with code, certainty"),
    (changed(codes=[{"code": "M54.2"}]), "its codes must be a list of objects with code, certainty"),
    (changed(codes=NECK["codes"] * 2), "a code stands twice"),
    (with_code(certainty="perhaps"), "the certainty of a code must be sure or arguable"),
    (with_code(evidence=[f"{SAID} walks"]), "the evidence of a code must be a list of quotes"),
    (with_code(evidence="Neck pain"), "the evidence of a code must be a list of quotes"),
    (with_code(slots={"problem": "pain"}), "the slots of a code must be an object of lists of words"),
    (changed(turned_down=["M54.2"]), "its turned_down must be a list of objects with code"),
    (changed(mentions=[{"words": "pain", "within": "leg pain", "context": "present"}]), "the words around a mention"),
    (changed(mentions=[{"words": "Neck", "within": "Neck pain", "context": "now"}]), "the context of a mention"),
    (changed(date_of_service="20250304"), "its date_of_service must be a day"),
    (changed(date_of_service="2025-02-30"), "its date_of_service must be a day"),
]


@pytest.mark.parametrize(("bad", "told"), BAD)
def test_a_bad_line_is_named_by_its_number_and_never_quoted(tmp_path: Path, bad: Any, told: str) -> None:
    """The bad line is the third, a blank one counted."""
    if isinstance(bad, dict) and bad["id"] == "n1" and "earlier" not in told:
        bad = {**bad, "id": "n3"}
    with pytest.raises(InputError) as caught:
        read_gold(gold_file(tmp_path, NECK, "", bad))
    assert str(caught.value).startswith(f"line 3 of the gold file: {told}")
    assert SAID not in str(caught.value)


def test_good_lines_come_with_their_numbers(tmp_path: Path) -> None:
    """Blank lines are none, and count."""
    assert read_gold(gold_file(tmp_path, NECK, "", WRONG)) == ((1, NECK), (3, WRONG))


def test_a_file_without_notes_and_one_that_is_not_there(tmp_path: Path) -> None:
    """Both are refused, neither is named."""
    with pytest.raises(InputError, match="holds no note"):
        read_gold(gold_file(tmp_path, ""))
    with pytest.raises(InputError, match="cannot read the gold file: No such file or directory"):
        read_gold(tmp_path / SAID)


def test_a_note_that_cannot_be_coded_is_named_by_its_line(coder: Coder) -> None:
    """An unknown setting, and a day before ICD-10-CM."""
    with pytest.raises(InputError, match=r"^line 7 of the gold file: The setting must be outpatient or inpatient\.$"):
        answers.answered([(7, changed(setting="ward"))], coder)
    with pytest.raises(InputError, match=r"^line 2 of the gold file: The date of service is before 2015-10-01"):
        answers.answered([(2, changed(date_of_service="2015-09-30"))], coder)


# ------------------------------------------------------------------ figures on literals


def test_intervals_are_of_notes_drawn_again() -> None:
    """50 of 100: about 0.5 ± 0.098; all right leaves no doubt; two of which one is right may come out as either."""
    half = {note: (note % 2, 1) for note in range(100)}
    low, high = Draws(100).interval(half, share)
    assert (low, high) == Draws(100).interval(half, share)
    assert (low, high) == (pytest.approx(0.402, abs=0.02), pytest.approx(0.598, abs=0.02))
    assert Draws(3).interval({0: (1, 1), 1: (1, 1), 2: (1, 1)}, share) == (1.0, 1.0)
    assert Draws(2).interval({0: (1, 1), 1: (0, 1)}, share) == (0.0, 1.0)
    assert Draws(2).interval({0: (0, 0)}, share) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("cited", "quotes", "expected"),
    [
        ([(4, 17)], ["low back pain"], Quoted(True, True, 3, 0, 0)),
        ([(4, 12)], ["low back pain"], Quoted(False, True, 2, 0, 1)),
        ([(0, 3)], ["low back pain"], Quoted(False, False, 0, 1, 3)),
        ([(33, 37)], ["pain"], Quoted(True, True, 1, 0, 0)),
        ([(0, 3)], ["pain"], Quoted(False, False, 0, 1, 1)),
    ],
    ids=["exact", "part", "elsewhere", "the second of two places", "neither of two places"],
)
def test_citations_beside_quotes(cited: Sequence[tuple[int, int]], quotes: list[str], expected: Quoted) -> None:
    """A quote that stands twice counts where it is cited, else once, where it stands first."""
    text = "Has low back pain. Worse sits; a pain."
    assert compared(text, cited, quotes) == expected
    assert places(text, "pain") == [(13, 17), (33, 37)]


def test_evidence_in_a_table() -> None:
    """One exact of two, both overlap; tokens 4 right, 1 extra, 1 missed."""
    found = [Quoted(True, True, 3, 0, 0), Quoted(False, True, 1, 1, 1)]
    assert table({"all": found, "side": []}).rows == (
        ("all", "2", "0.500", "1.000", "0.800", "0.800", "0.800"),
        ("side", "0", "-", "-", "-", "-", "-"),
    )


CODES = (
    Weighed("a", 0.9, True, True),
    Weighed("a", 0.9, False, True),
    Weighed("b", 0.99, True, True),
    Weighed("c", 0.5, False, False),
)


def test_curves_of_confidence() -> None:
    """Bins of equal mass from the least confident on; risk from the most confident on, equal ones together."""
    assert measured.reliability(CODES, bins=2) == (pytest.approx((0.7, 0.5)), pytest.approx((0.945, 0.5)))
    assert measured.risk_coverage(CODES) == ((0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5))
    assert (measured.reliability(()), measured.risk_coverage(())) == ((), ())


def test_rows_as_numbers() -> None:
    """An interval stands by the figure before it, a dash is null, a count whole; names stay words."""
    rows = Table("By code", ("code", "wanted", "P", "95 %"), (("7", "3", "0.500", "0.250-0.750"), ("b", "0", "-", "-")))
    assert measured.records(rows) == [
        {"code": "7", "wanted": 3, "P": 0.5, "P 95 %": [0.25, 0.75]},
        {"code": "b", "wanted": 0, "P": None, "P 95 %": None},
    ]


# ------------------------------------------------------------------ the program's answers


@pytest.fixture(scope="module")
def answered(coder: Coder) -> tuple[Answered, ...]:
    """A note that is right and one whose gold is wrong on purpose."""
    return answers.answered([(1, NECK), (2, WRONG)], coder)


def test_what_is_missed_and_extra_with_its_words(answered: tuple[Answered, ...]) -> None:
    """Missed words are the readers', extra words the program's."""
    found = answers.confusions(answered)
    assert [(c.id, c.slice, c.kind, c.code) for c in found] == [
        ("n2", "two", "missed", "M54.6"), ("n2", "two", "extra", "M54.42"),
    ]  # fmt: skip
    assert (found[0].words, found[0].spans, found[0].said) == (("back pain and",), ((7, 20),), "Never proposed.")
    assert all(WRONG["text"][start:end] in found[1].words for start, end in found[1].spans)
    assert "sciatica is M54.4-" in found[1].said


def test_mentions_have_the_context_of_their_facts(answered: tuple[Answered, ...]) -> None:
    """The mother's sciatica is family, the neck pain present."""
    assert [(d.words, d.wanted, d.got) for d in answers.contexts(answered)] == [
        ("sciatica", "family", "family"), ("Neck pain", "present", "present"),
    ]  # fmt: skip


def test_evidence_is_compared_whole_and_by_slot(answered: tuple[Answered, ...]) -> None:
    """Only codes that are right; a slot only where both fill it."""
    found = answers.evidence(answered)
    assert {name: len(some) for name, some in found.items()} == {"all": 1, "problem": 1, "region": 1}
    assert all(q.overlap for some in found.values() for q in some)


def test_figures_of_two_notes(answered: tuple[Answered, ...]) -> None:
    """One note right; 1 right, 1 extra, 1 missed; one of two traps resisted; all by hand."""
    found = measured.measured(answered)
    assert found.tables["codes"].rows[0][:3] == ("rules alone", "2", "0.500")
    assert [found.tables["codes"].rows[0][place] for place in (4, 6, 8)] == ["0.500", "0.500", "0.500"]
    assert [row[:4] for row in found.tables["by_code"].rows] == [
        ("M54.2", "1", "0", "0"), ("M54.42", "0", "1", "0"), ("M54.6", "1", "0", "1"),
    ]  # fmt: skip
    assert found.tables["traps"].rows == (("all", "2", "1", "0.500"), ("M54.42", "1", "1", "0.000"))
    assert [row[:2] for row in found.tables["contexts"].rows] == [("family", "1"), ("present", "1")]
    assert found.notices == ()


def test_the_model_adds_no_code_and_takes_none(answered: tuple[Answered, ...]) -> None:
    """So one run measures both: what the rules alone give is what is there, outcomes aside."""
    alone = Coder(model=False)
    for answer in answered:
        assert [c.code for c in alone.code(answer.coded.note).codes] == [c.code for c in answer.coded.codes]


def test_only_codes_of_outcome_code_count_as_sure(answered: tuple[Answered, ...]) -> None:
    """A code for review is missed by the rules with the model; its note is not fully decided."""
    neck = answered[0]
    doubted = replace(neck, coded=replace(neck.coded, codes=(replace(neck.coded.codes[0], outcome="review"),)))
    assert (doubted.scored().full.right, doubted.scored(sure=True).full.missed) == ({"M54.2"}, {"M54.2"})
    assert answers.fully_decided([doubted]) == 0
    sure = replace(neck, coded=replace(neck.coded, codes=(replace(neck.coded.codes[0], outcome="code"),)))
    assert (sure.scored(sure=True).full.right, answers.fully_decided([sure, doubted])) == ({"M54.2"}, 1)


def test_without_a_model_there_is_nothing_of_confidence(answered: tuple[Answered, ...]) -> None:
    """No curve, no outcome; what the program says of it stands above the figures."""
    told = "The rules decide alone, without a confidence: gone."
    bare = []
    for answer in answered:
        codes = tuple(replace(c, confidence=None, outcome="") for c in answer.coded.codes)
        bare.append(replace(answer, coded=replace(answer.coded, notices=(told,), codes=codes)))
    found = measured.measured(bare)
    assert (found.notices, found.reliability, found.risk) == ((told,), (), ())
    assert list(found.tables) == ["codes", "slices", "by_code", "evidence", "traps", "contexts"]
    assert [row[0] for row in found.tables["codes"].rows] == ["rules alone"]
    assert measured.as_text(found).startswith(told)


# ------------------------------------------------------------------ the page


def test_a_note_is_cut_where_words_of_confusions_begin_and_end(answered: tuple[Answered, ...]) -> None:
    """The pieces make up the note; a link leads to the first words of each confusion; overlaps are both."""
    text = WRONG["text"]
    some = [
        Confusion("n2", "two", "missed", "M54.6", ((7, 16),), (), ""),
        Confusion("n2", "two", "extra", "M54.50", ((3, 11),), (), ""),
    ]
    (note,) = page.shown(some, answered)
    assert "".join(piece.text for piece in note.pieces) == text
    assert [(p.text, p.anchors, p.kinds) for p in note.pieces] == [
        ("A: ", (), ()), ("Low ", (1,), ("extra",)), ("back", (0,), ("extra", "missed")), (" pain", (), ("missed",)),
        (" and left sciatica <now>.", (), ()),
    ]  # fmt: skip


def test_the_page_stands_alone_and_escapes_notes(answered: tuple[Answered, ...]) -> None:
    """No reference leaves the page, every link finds its place, the same bytes each time; right notes are not shown."""
    found = measured.measured(answered)
    html = page.as_html(found, answered, "0123456789ab")
    assert html == page.as_html(found, answered, "0123456789ab")
    assert "&lt;now&gt;" in html
    assert "<now>" not in html
    assert SAID not in html
    assert html.count("<svg") == 4
    headings = re.findall(r"<h2.*?>(.*?)</h2>", html)
    assert headings[:3] == ["Whole codes, arguable ones neither right nor wrong", "Reliability", "Risk and coverage"]
    assert "<script" not in html
    assert re.findall(r'(?:src|href)="(?!#)', html) == []
    links, ids = set(re.findall(r'<a href="#(c\d+)"', html)), set(re.findall(r'<a id="(c\d+)"', html))
    assert links == ids == {"c0", "c1"}


# ------------------------------------------------------------------ the command


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command with some arguments."""
    command = [sys.executable, "-m", "nlp_coder", "evaluate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_prints_figures_and_writes_the_page(tmp_path: Path) -> None:
    """JSON on stdout, the page beside it, for its owner alone; wrong codes are no failure of the program."""
    html = tmp_path / "report.html"
    done = run(gold_file(tmp_path, NECK, WRONG), "--format", "json", "--html", html)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["notes"] == 2
    assert said["tables"]["codes"][0]["F1"] == 0.5
    assert [(c["kind"], c["code"]) for c in said["confusions"]] == [("missed", "M54.6"), ("extra", "M54.42")]
    assert html.stat().st_mode & 0o777 == 0o600
    assert html.read_text(encoding="utf-8").endswith("</html>")


def test_codes_without_quotes_are_scored_and_in_no_count_of_evidence(tmp_path: Path) -> None:
    """Quotes are optional: a file of codes alone is measured."""
    bare = {"id": "bare", "text": "Assessment: Neck pain.", "codes": [{"code": "M54.2", "certainty": "sure"}]}
    done = run(gold_file(tmp_path, bare))
    assert (done.returncode, done.stderr) == (0, "")
    assert scored(bare, [("M54.2", [(12, 21)])]).evidence == (0, 0)
    quoted = {**bare, "codes": [{"code": "M54.2", "certainty": "sure", "evidence": ["Neck pain"]}]}
    assert scored(quoted, [("M54.2", [(12, 21)])]).evidence == (1, 1)


def test_the_command_prints_tables_and_confusions(tmp_path: Path) -> None:
    """As text: the same every time, what is missed with the readers' words."""
    file = gold_file(tmp_path, NECK, WRONG)
    done = run(file)
    assert (done.returncode, done.stdout) == (0, run(file).stdout)
    assert "\nn2  missed M54.6  back pain and\nn2  extra M54.42  " in done.stdout


def test_the_command_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    """Exit 2, one line, no word of a note; an output that would take the gold file's place too."""
    bad = gold_file(tmp_path, NECK, "{" + SAID)
    for arguments, told in (
        ([bad], "line 2 of the gold file: it is no JSON. Write one object a line, in UTF-8."),
        ([bad, "--html", bad], "the output is the note itself. Give -o another file."),
        ([bad, "--html", "-"], "--html takes a file of its own."),
        ([bad, "-o", tmp_path / "x", "--html", tmp_path / "x"], "--html takes a file of its own."),
        ([tmp_path / "none"], "cannot read the gold file: No such file or directory. Give a file of JSON lines."),
    ):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"nlp-coder: {told}\n")


# ------------------------------------------------------------------ which words, which codes, which notes count


def with_facts(answer: Answered, **fields: object) -> Answered:
    """The neck pain's answer with other fields of its fact, and only that fact."""
    fact = next(f for f in answer.coded.facts if f.region == "cervical")
    return replace(answer, coded=replace(answer.coded, facts=(replace(fact, **fields),)))  # type: ignore[arg-type]


def test_a_mention_is_found_by_the_words_of_its_problem(answered: tuple[Answered, ...]) -> None:
    """Cited for the place alone they are not; a fact of the background is historical unless it is denied."""
    last = replace(answered[0], gold={**NECK, "mentions": NECK["mentions"][1:]})
    fact = with_facts(last).coded.facts[0]
    as_place = tuple(replace(e, slot="region") for e in fact.evidence)
    for fields, got in (
        ({}, "present"),
        ({"evidence": as_place}, "not found"),
        ({"standing": "background"}, "historical"),
        ({"standing": "background", "context": Context.NEGATED}, "negated"),
    ):
        assert [d.got for d in answers.contexts([with_facts(last, **fields)])] == [got]


def test_a_slot_is_compared_with_its_own_words_only(answered: tuple[Answered, ...]) -> None:
    """A level is a region; a slot that the program does not cite, or of words not in the note, is left out."""
    text = NECK["text"]
    start = text.index("Neck")
    cited = (Evidence("problem", Span(start + 5, start + 9, "pain")), Evidence("level", Span(start, start + 4, "Neck")))
    code = {**NECK["codes"][0], "slots": {"problem": ["pain"], "region": ["Neck"], "side": ["A"], "course": ["since"]}}
    coded = replace(answered[0].coded, codes=(replace(answered[0].coded.codes[0], evidence=cited),))
    found = answers.evidence([replace(answered[0], gold={**NECK, "codes": [code]}, coded=coded)])
    exact = Quoted(True, True, 1, 0, 0)
    assert found == {"all": (Quoted(False, True, 2, 0, 0),), "problem": (exact,), "region": (exact,)}


def test_confidence_counts_for_codes_of_the_scope_and_for_those_given(answered: tuple[Answered, ...]) -> None:
    """A code of the knee is none of ours, unless the readers gave it; an arguable one is right."""
    neck = answered[0].coded.codes[0]
    codes = tuple(
        replace(neck, code=code, confidence=0.5, outcome=outcome)
        for code, outcome in (("M54.2", "code"), ("M54.6", "review"), ("M17.0", "code"), ("M17.9", "code"))
    )
    given = [{"code": "M54.2", "certainty": "arguable"}, {"code": "M17.9", "certainty": "sure"}]
    answer = replace(answered[0], gold={**NECK, "codes": given}, coded=replace(answered[0].coded, codes=codes))
    assert answers.weighed([answer]) == (
        Weighed("n1", 0.5, True, True), Weighed("n1", 0.5, False, False), Weighed("n1", 0.5, True, True),
    )  # fmt: skip
    assert answers.fully_decided([answer]) == 0
    assert measured.measured([answer]).tables["outcomes"].rows[0][:5] == ("all", "1", "2", "0", "0.000")


def test_codes_without_a_figure_are_for_review_and_in_no_curve(answered: tuple[Answered, ...]) -> None:
    """Notes longer than the model knows: no code is let through, and there is nothing to calibrate."""
    codes = tuple(replace(c, confidence=None, outcome="review") for c in answered[0].coded.codes)
    found = measured.measured([replace(answered[0], coded=replace(answered[0].coded, codes=codes))])
    assert [row[:2] for row in found.tables["codes"].rows] == [
        ("rules alone", "1"), ("rules and model: outcome code", "1"),
    ]  # fmt: skip
    assert found.tables["outcomes"].rows[0][:4] == ("all", "1", "0", "0")
    assert set(found.tables) & {"calibration", "risk"} == set()
    assert (found.reliability, found.risk) == ((), ())


def test_a_code_of_few_notes_has_no_interval(answered: tuple[Answered, ...]) -> None:
    """Four notes are too few, five are enough; a trap that the readers gave as well is none."""
    given = [*NECK["codes"], {"code": "M54.42", "certainty": "arguable", "evidence": []}]
    neck = replace(answered[0], gold={**NECK, "codes": given, "turned_down": [{"code": "M54.42"}, {"code": "M54.30"}]})
    few, enough = (measured.measured([neck] * times).tables for times in (4, 5))
    assert few["by_code"].rows[0][5] == "-"
    assert enough["by_code"].rows[0][5] == "1.000-1.000"
    assert few["traps"].rows == (("all", "4", "0", "1.000"),)
