"""The measuring functions on literals: every figure is worked out by hand beside its case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from nlp_coder.claims.factcheck.statements import Statement, Verdict
from nlp_coder.evaluate import agreement, archive, assertions, factcheck, gold, headings, imaging
from nlp_coder.evaluate.report import Bar, Report, Table, figure, markdown, plain, prf, said, share
from nlp_coder.types import Context, Evidence, Finding, Mention, Section, Sentence, Span


def test_prf_by_hand() -> None:
    """3 right, 1 extra, 2 missed: 3/4, 3/5, and 6/9; nothing wanted and nothing said is perfect."""
    assert prf(3, 1, 2) == pytest.approx((0.75, 0.6, 2 / 3))
    assert prf(0, 0, 0) == (1.0, 1.0, 1.0)
    assert prf(0, 0, 1) == (1.0, 0.0, 0.0)
    assert prf(0, 1, 0) == (0.0, 1.0, 0.0)
    assert prf(0, 1, 1) == (0.0, 0.0, 0.0)


def test_share_of_nothing_is_none() -> None:
    """No whole, no share; a dash in the table and no bar kept."""
    assert (share(1, 4), share(0, 0)) == (0.25, None)
    assert [figure(value) for value in (0.25, 1.0, 3, 0, None)] == ["0.250", "1.000", "3", "0", "-"]


@pytest.mark.parametrize(
    ("bar", "kept", "line"),
    [
        (Bar("F1", 0.93, 0.93), True, "F1 0.930, at least 0.93: kept"),
        (Bar("F1", 0.92, 0.93), False, "F1 0.920, at least 0.93: MISSED"),
        (Bar("wrong", 0, 0, most=True), True, "wrong 0, at most 0: kept"),
        (Bar("wrong", 1, 0, most=True), False, "wrong 1, at most 0: MISSED"),
        (Bar("traps", None, 0.9), False, "traps -, at least 0.9: MISSED"),
    ],
)
def test_a_bar_says_whether_it_is_kept(bar: Bar, kept: bool, line: str) -> None:
    """The bar itself is enough; nothing measured keeps none."""
    assert bar.kept is kept
    assert said(bar) == line


def test_a_report_is_kept_when_all_its_bars_are() -> None:
    """One missed bar is enough."""
    good, bad = Bar("a", 1.0, 0.5), Bar("b", 0.1, 0.5)
    assert [Report((), bars).kept for bars in ((good,), (good, bad), ())] == [True, False, True]


def test_a_table_for_the_terminal_and_for_the_page() -> None:
    """Names flush left, figures right; Markdown escapes the bar that would cut a cell."""
    table = Table("Cues", ("cue", "right"), (("no", "12"), ("+|-", "3")))
    assert plain(table) == "Cues\ncue  right\nno      12\n+|-      3"
    assert markdown(table) == "Cues:\n\n| cue | right |\n| --- | ---: |\n| no | 12 |\n| +\\|- | 3 |"


def code(name: str, certainty: str = "sure", *evidence: str) -> dict[str, Any]:
    """A gold code as the readers write it."""
    return {"code": name, "certainty": certainty, "evidence": list(evidence)}


TEXT = "Neck pain. Low back pain, chronic. " + "x" * 200 + " No sciatica. Low back pain."
NOTE: dict[str, Any] = {
    "id": "n1",
    "slice": "clinic",
    "text": TEXT,
    "codes": [
        code("M54.50", "sure", "Low back pain"),
        code("M54.2", "sure", "Neck pain"),
        code("G89.29", "arguable", "chronic"),
        code("M51.361", "sure"),
    ],
    "turned_down": [{"code": "M54.30"}, {"code": "M54.16"}, {"code": "G89.29"}],
}


def test_codes_are_right_extra_or_missed_and_arguable_ones_are_none_of_these() -> None:
    """Of these a is right, c extra, b missed; d may be there or not."""
    sets = gold.compare({"a", "b"}, {"d"}, {"a", "c", "d"})
    assert sets == gold.Comparison(frozenset("a"), frozenset("c"), frozenset("b"))
    assert not sets.exact
    assert gold.compare({"a"}, {"d"}, {"a"}).exact
    assert gold.compare({"a"}, {"d"}, {"a", "d"}).exact
    assert gold.compare({"a"}, {"a"}, set()).missed == {"a"}  # sure by one fact, arguable by another


@pytest.mark.parametrize(
    ("whole", "folded"),
    [("M51.361", "M51.3"), ("M54.50", "M54.50"), ("G89.29", "G89.29"), ("S39.012A", "S39.0"), ("M53.3", "M53.3")],
)
def test_families_compare_at_the_subcategory(whole: str, folded: str) -> None:
    """M54 and G89 are whole; the region and 7th character of the others fall."""
    assert gold.family(whole) == folded


def test_a_note_is_scored_by_m54_by_family_and_whole() -> None:
    """M54.50 right, M54.2 missed, M54.30 extra; M51.369 has the family right and the code wrong."""
    scored = gold.scored(NOTE, [("M54.50", [(11, 24)]), ("M54.30", []), ("M51.369", []), ("G89.29", [])])
    assert scored.m54 == gold.Comparison(frozenset({"M54.50"}), frozenset({"M54.30"}), frozenset({"M54.2"}))
    assert scored.families == gold.Comparison(
        frozenset({"M54.50", "M51.3"}), frozenset({"M54.30"}), frozenset({"M54.2"})
    )
    assert scored.full == gold.Comparison(
        frozenset({"M54.50"}), frozenset({"M54.30", "M51.369"}), frozenset({"M54.2", "M51.361"})
    )
    assert scored.has_m54
    assert scored.evidence == (1, 1)
    assert scored.traps == (1, 2)  # M54.30 was assigned, M54.16 was not; the arguable G89.29 is no trap


@pytest.mark.parametrize(
    ("spans", "hits"),
    [
        ([(11, 24)], 1),
        ([(23, 30)], 1),  # one letter of the first "Low back pain"
        ([(24, 30)], 0),  # beside it
        ([(0, 161)], 0),  # too long to point at anything
        ([(0, 160)], 1),
        ([(TEXT.rfind("pain"), TEXT.rfind("pain") + 4)], 1),  # the quote stands twice
        ([], 0),
    ],
)
def test_evidence_must_be_short_and_overlap_a_quote(spans: Sequence[tuple[int, int]], hits: int) -> None:
    """A citation of up to 160 characters that shares a letter with a quote of that code."""
    assert gold.scored(NOTE, [("M54.50", spans)]).evidence == (hits, 1)


def test_codes_out_of_scope_and_unlisted_ones_are_not_extra() -> None:
    """M25.5 is not ours; M99.63 is right by the index but was on no reader's list, unless one gave it."""
    note = {"id": "n", "slice": "s", "text": "", "codes": []}
    assert gold.scored(note, [("M25.51", []), ("M99.63", []), ("M48.061", [])]).full.extra == {"M48.061"}
    note = {"id": "n", "slice": "s", "text": "", "codes": [code("M99.63")]}
    assert gold.scored(note, [("M99.63", [])]).full.right == {"M99.63"}


def test_figures_over_notes_and_by_slice() -> None:
    """Three notes: one exact with a code, one exact by silence, one with an extra code."""
    right = gold.scored({"id": "a", "slice": "x", "text": "", "codes": [code("M54.2")]}, [("M54.2", [])])
    silent = gold.scored({"id": "b", "slice": "x", "text": "", "codes": [], "turned_down": [{"code": "M54.9"}]}, [])
    extra = gold.scored({"id": "c", "slice": "y", "text": "", "codes": [code("M54.2")]}, [("M54.2", []), ("M54.6", [])])
    figures = gold.figures([right, silent, extra])
    assert figures["notes"] == 3
    assert (figures["exact"], figures["exact+"]) == (pytest.approx(2 / 3), 0.5)
    assert (figures["P"], figures["R"], figures["F1"]) == pytest.approx((2 / 3, 1.0, 0.8))
    assert (figures["all-exact"], figures["all-F1"], figures["full-F1"]) == pytest.approx((2 / 3, 0.8, 0.8))
    assert (figures["evidence"], figures["traps"]) == (0.0, 1.0)
    assert gold.figures([silent])["exact+"] is None
    assert [row[:3] for row in gold.table([right, silent, extra]).rows] == [
        ("all", "3", "0.667"),
        ("x", "2", "1.000"),
        ("y", "1", "0.000"),
    ]
    assert [bar.what for bar in gold.bars([right, silent, extra]) if bar.kept] == ["full-F1", "traps"]
    assert gold.faults([right, silent, extra], {"c": {"M54.6": ["mid back", "pain", "pain"]}}) == (
        "c  extra M54.6  mid back; pain",
    )


def finding(what: str, level: str = "not stated", kind: str = "not stated", **more: Any) -> Finding:
    """A finding as the program states it."""
    return Finding(what, level=level, type=kind, **more)


def test_findings_take_the_names_of_the_readers() -> None:
    """A displaced disc by its type, stenosis as the canal's, lost height as degeneration; hedged ones fall."""
    found = [
        finding("disc displacement", "L4-L5", "bulge"),
        finding("disc displacement", "L3-L4"),
        finding("stenosis"),
        finding("disc height loss", "L5-S1"),
        finding("edema", "L5"),
        finding("modic 2", "L5-S1", context=Context.UNCERTAIN),
        finding("foraminal stenosis", "L5-S1", context=Context.NEGATED),
    ]
    assert imaging.labelled(found) == {
        ("L4-L5", "disc bulge"),
        ("L3-L4", "disc displacement"),
        ("", "canal stenosis"),
        ("L5-S1", "disc degeneration"),
    }


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Modic type II at L5-S1.", ["modic 2"]),
        ("Modec Type I , noted at L5/S1", ["modic 1"]),
        ("modic changes, type 3", ["modic 3"]),
        ("Type I end plate degeneration noted.", ["modic 1"]),
        ("MODIC CHANGES. Later modic 1 …", ["modic", "modic"]),
        ("moderate stenosis, Modicum, type II fracture", []),
    ],
)
def test_modic_mentions_are_seen_whatever_their_spelling(text: str, mentions: list[str]) -> None:
    """Misspelt ones, and a typed end plate without the word; the type is Roman or not."""
    assert [what for _, _, what in imaging.modic_mentions(text)] == mentions


def test_a_modic_mention_is_found_by_a_finding_of_its_type_that_quotes_it() -> None:
    """Neither another type nor another place will do."""
    text = "Modic type II at L5. Modic type I at L4."

    def quoting(what: str, start: int) -> Finding:
        return finding(what, evidence=(Evidence("problem", Span(start, start + 5, "Modic")),))

    first, second = "Modic type II", "Modic type I"
    assert imaging.modic_missed(text, [quoting("modic 2", 0), quoting("modic 1", 21)]) == ()
    assert imaging.modic_missed(text, [quoting("modic 1", 0), quoting("modic 1", 21)]) == (first,)
    assert imaging.modic_missed(text, [quoting("modic 2", 0), quoting("modic 1", 0)]) == (second,)


def test_findings_are_counted_by_kind_and_over_all() -> None:
    """One bulge right, one missed; one spasm extra: P 1/2, R 1/2."""
    bulge, other, spasm = ("L4-L5", "disc bulge"), ("L5-S1", "disc bulge"), ("", "muscle spasm")
    table, f1 = imaging.table([(frozenset({bulge, other}), frozenset({bulge})), (frozenset(), frozenset({spasm}))])
    assert f1 == 0.5
    assert table.rows == (
        ("all", "2", "0.500", "0.500", "0.500", "1", "1"),
        ("disc bulge", "2", "1.000", "0.500", "0.667", "0", "1"),
        ("muscle spasm", "0", "0.000", "1.000", "0.000", "1", "0"),
    )


CLINIC = "CHIEF COMPLAINT\nNeck pain.\nASSESSMENT AND PLAN\nGERD.\n• Omeprazole.\n\nPatient Agreements: yes.\n"


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("ASSESSMENT AND PLAN", True),
        ("  MSK:", True),
        ("GERD.", False),
        ("L4-L5", False),
        ("Plan", False),
        ("• ", False),
        ("", False),
    ],
)
def test_a_heading_is_a_line_in_capitals(line: str, heading: bool) -> None:
    """Without a digit, and without a full stop at its end."""
    assert headings.is_heading(line) is heading


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("CAPITALS", "HISTORY OF FALLS\nGERD.\nMSK:"),
        ("Title Case", "History of Falls\nGERD.\nMsk:"),
        ("**BOLD**", "**HISTORY OF FALLS**\nGERD.\n**MSK:**"),
        ("COLON:", "HISTORY OF FALLS:\nGERD.\nMSK:"),
        ("BLANKS   ", "HISTORY OF FALLS   \nGERD.\nMSK:   "),
    ],
)
def test_only_headings_are_rewritten(style: str, written: str) -> None:
    """In each of the five styles."""
    assert headings.styled("HISTORY OF FALLS\nGERD.\nMSK:", style) == written


def test_where_headings_problems_and_the_assessment_stand() -> None:
    """The bullet is no problem line; the closing line ends the assessment."""
    note = headings.layout(CLINIC, "**BOLD**")
    quoted = {name: [note.text[slice(*s)] for s in getattr(note, name)] for name in ("headings", "problems")}
    assert quoted == {
        "headings": ["**CHIEF COMPLAINT**", "**ASSESSMENT AND PLAN**"],
        "problems": ["Neck pain.", "GERD."],
    }
    [(start, end, stop)] = note.assessments
    assert (note.text[start:end], note.text[end:stop]) == ("**ASSESSMENT AND PLAN**", "\nGERD.\n• Omeprazole.\n\n")


def test_a_problem_line_is_one_sentence() -> None:
    """Running text, bullets and lines with a label are none."""
    note = headings.layout("Fine. See below.\n- GERD.\nMSK: normal.\nGERD.\nPlan", "CAPITALS")
    assert [note.text[slice(*line)] for line in note.problems] == ["GERD."]


def section(name: str, words: str, stop: int) -> Section:
    """A section of the clinic note under a heading of it; no words: under none."""
    start = CLINIC.index(words) if words else 0
    return Section(name, Span(start, start + len(words), words) if words else None, start, stop)


def sentence(words: str, part: Section, label: str = "") -> Sentence:
    """A sentence of the clinic note."""
    start = CLINIC.index(words)
    return Sentence(start, start + len(words), part, label=label)


COMPLAINT = section("chief complaint", "CHIEF COMPLAINT", 27)
PLAN = section("assessment and plan", "ASSESSMENT AND PLAN", len(CLINIC))
TAKEN = section("other", "GERD.", len(CLINIC))
AGREED = section("administrative", "Patient Agreements", len(CLINIC))
COMPLAINS, REFLUX, DRUG = (("Neck pain.", COMPLAINT), ("GERD.", PLAN), ("Omeprazole.", PLAN))


@pytest.mark.parametrize(
    ("sections", "sentences", "counts", "faults"),
    [
        pytest.param(
            [COMPLAINT, PLAN, AGREED],
            [COMPLAINS, REFLUX, DRUG, ("yes.", AGREED)],
            headings.Reading(headings=2, missed=0, named=2, problems=2, taken=0, sentences=2, strayed=0),
            (),
            id="all right",
        ),
        pytest.param(
            [COMPLAINT],
            [COMPLAINS, ("GERD.", COMPLAINT)],
            headings.Reading(headings=2, missed=1, named=1, problems=2, taken=0, sentences=1, strayed=1),
            (
                "missed heading  ASSESSMENT AND PLAN",
                "unnamed heading  ASSESSMENT AND PLAN",
                "in chief complaint, not the assessment  GERD.",
            ),
            id="a heading overlooked",
        ),
        pytest.param(
            [COMPLAINT, PLAN, TAKEN],
            [COMPLAINS, ("Omeprazole.", TAKEN)],
            headings.Reading(headings=2, missed=0, named=2, problems=2, taken=1, sentences=1, strayed=1),
            ("problem taken for a section  GERD.", "in other, not the assessment  Omeprazole."),
            id="a problem taken for a section",
        ),
        pytest.param(
            [section("other", "CHIEF COMPLAINT", 27), PLAN],
            [REFLUX],
            headings.Reading(headings=2, missed=0, named=1, problems=2, taken=0, sentences=1, strayed=0),
            ("unnamed heading  CHIEF COMPLAINT",),
            id="a heading of no name",
        ),
    ],
)
def test_sections_are_read_right_or_wrong(
    sections: list[Section], sentences: list[tuple[str, Section]], counts: headings.Reading, faults: tuple[str, ...]
) -> None:
    """Each way to be wrong is counted once and named."""
    note = headings.layout(CLINIC, "CAPITALS")
    assert headings.read(note, sections, [sentence(*s) for s in sentences]) == (counts, faults)


def test_a_label_is_a_heading_without_a_section() -> None:
    """``MSK:`` over what it labels is not missed, and names no section; a label further down does not help."""
    note = headings.layout("MSK:\nNormal.\nTender.", "CAPITALS")
    form = Section("physical exam", None, 0, 20)
    plainly, labelled = Sentence(5, 12, form), Sentence(13, 20, form, label="MSK")
    assert headings.read(note, [form], [Sentence(5, 12, form, label="Msk")])[0].missed == 0
    assert headings.read(note, [form], [plainly, labelled])[0].missed == 1
    assert headings.read(note, [form], [Sentence(5, 12, form, label="Msk")])[1] == ("unnamed heading  MSK:",)


def test_counts_of_notes_add_up_and_the_worst_style_decides() -> None:
    """99 of 100 named is enough in each style, one heading missed in any is not."""
    good = headings.Reading(60, 0, 60, 5, 0, 9, 0) + headings.Reading(40, 0, 39, 5, 0, 9, 0)
    assert good == headings.Reading(100, 0, 99, 10, 0, 18, 0)
    assert [bar.kept for bar in headings.bars({"a": good})] == [True, True, True, True]
    bad = headings.Reading(100, 1, 98, 10, 2, 18, 3)
    assert [bar.value for bar in headings.bars({"a": good, "b": bad})] == [1, 0.98, 2, 3]
    assert [bar.value for bar in headings.bars({})] == [0, None, 0, 0]
    assert headings.table({"b": bad}).rows == (("b", "100", "1", "98", "10", "2", "18", "3"),)


ANSWERS = archive.answers(
    [
        {"list": "senses", "id": "n1", "codes_right": "M54.50 G89.29", "codes_arguable": ""},
        {"list": "incidental", "id": "n2", "codes_right": "", "codes_arguable": "M54.2"},
        {"list": "incidental", "id": "n3", "codes_right": "", "codes_arguable": ""},
    ]
)


def test_codes_of_the_archive_are_judged_by_what_was_read() -> None:
    """Arguable codes are free, a code of a note without an answer is wrong, silence on it is not."""
    verdicts = archive.judged(
        [
            ("senses", "n1", ["M54.50", "M54.6"]),
            ("incidental", "n2", ["M54.2"]),
            ("incidental", "n3", []),
            ("incidental", "n1", ["M54.50"]),
            ("senses", "n5", []),
        ],
        ANSWERS,
    )
    assert [(v.wrong, v.missed, v.unread) for v in verdicts] == [
        (("M54.6",), ("G89.29",), False),
        ((), (), False),
        ((), (), False),
        (("M54.50",), (), True),
        ((), (), False),
    ]
    assert archive.table(verdicts).rows == (
        ("senses", "2", "1", "2", "1", "1", "0"),
        ("incidental", "3", "2", "2", "1", "0", "1"),
    )
    assert [bar.value for bar in archive.bars(verdicts)] == [2]
    assert archive.faults(verdicts, {("n1", "M54.6"): "mid back pain"}) == (
        "senses  n1  wrong M54.6  mid back pain",
        "senses  n1  missed G89.29",
        "incidental  n1  not read M54.50",
    )


def test_the_lists_of_the_archive_are_drawn_alike_and_apart() -> None:
    """150 with a word in another sense; 100 others with one to three words of the spine, none of them gold."""
    notes = [
        *({"id": f"sense-{n}", "text": "The cervix is closed. Lumbar lordosis."} for n in range(150)),
        *({"id": f"few-{n}", "text": "Sciatica, discharged after discussion. Lumbar disc, sharp."} for n in range(105)),
        *({"id": f"many-{n}", "text": "Back pain, neck pain, lumbago, sciatica."} for n in range(50)),
        *({"id": f"none-{n}", "text": "Discharged after discussion."} for n in range(50)),
    ]
    gold_notes = {f"few-{n}" for n in range(5)}
    drawn = archive.lists(notes, gold_notes)
    ids = {name: [note["id"] for note in notes] for name, notes in drawn.items()}
    assert {name: len(set(part)) for name, part in ids.items()} == {"senses": 150, "incidental": 100}
    assert {id_.partition("-")[0] for id_ in ids["senses"]} == {"sense"}
    assert sorted(ids["incidental"]) == sorted(f"few-{n}" for n in range(5, 105))
    assert archive.lists(notes, gold_notes) == drawn


def test_marks_are_taken_off_a_probe() -> None:
    """Comments and blank lines are no probes; a written line break is one; brackets alone are text."""
    source = "# negation\n\nNo [sciatica]{negated}.\n[x] FH:\\n[neck pain]{family}"
    assert list(assertions.probes("denial", source)) == [
        assertions.Probe("denial-3", "No sciatica.", ((3, 11, "negated"),)),
        assertions.Probe("denial-4", "[x] FH:\nneck pain", ((8, 17, "family"),)),
    ]


def mention(slot: str, start: int, end: int, context: Context, *cues: str) -> Mention:
    """A mention of a probe with the cues that gave its context."""
    spans = tuple(Span(0, len(cue), cue) for cue in cues)
    return Mention(((slot, "any"),), Span(start, end, ""), 0, "none", context, spans)


def test_the_problem_that_covers_a_mark_decides_it() -> None:
    """A region alone serves only where no problem covers the mark; cues are in small letters and single blanks."""
    probe = assertions.Probe("p", "No low back pain", ((3, 16, "negated"),))
    region = mention("region", 3, 11, Context.PRESENT)
    pain = mention("problem", 9, 16, Context.NEGATED, "No  evidence\nof", "no evidence of")
    elsewhere, side = mention("problem", 0, 3, Context.FAMILY), mention("side", 3, 16, Context.FAMILY)

    def got(*mentions: Mention) -> list[tuple[str, tuple[str, ...], bool]]:
        return [(m.got, m.cues, m.right) for m in assertions.decided(probe, mentions)]

    assert got(elsewhere, side, region, pain) == [("negated", ("no evidence of",), True)]
    assert got(elsewhere, side, region) == [("present", (), False)]
    assert got(elsewhere, side) == [("not found", (), False)]


def test_marks_are_counted_by_context_and_by_cue() -> None:
    """Two negated right by "no", one present read as negated by "no" and "deny", one not found."""
    marks = [
        assertions.Decided("p-1", "sciatica", "negated", "negated", ("no",)),
        assertions.Decided("p-2", "neck pain", "negated", "negated", ("no",)),
        assertions.Decided("p-3", "lumbago", "present", "negated", ("deny", "no")),
        assertions.Decided("p-4", "backache", "present", "not found", ()),
    ]
    assert assertions.by_context(marks).rows == (
        ("negated", "2", "0.667", "1.000", "0.800"),
        ("present", "2", "1.000", "0.000", "0.000"),
    )
    assert assertions.by_cue(marks).rows == (
        ("no", "3", "2", "1"),
        ("(no cue)", "1", "0", "1"),
        ("deny", "1", "0", "1"),
    )
    assert assertions.faults(marks) == (
        "p-3  [lumbago] is present, read as negated by deny, no",
        "p-4  [backache] is present, read as not found by (no cue)",
    )
    assert [bar.value for bar in assertions.bars(400, marks)] == [400, 2]
    assert [bar.kept for bar in assertions.bars(400, marks[:2])] == [True, True]
    assert [bar.kept for bar in assertions.bars(399, marks[:2])] == [False, True]


# ------------------------------------------------------------------ factcheck


def stated(line: int, kind: str, codes: str, verdict: Verdict) -> Statement:
    """A claim of a page as the fact checker answers it."""
    return Statement(line, kind, "", tuple(codes.split()), verdict, "", "")


PAGE = "M54.3 is billable.\nM54.2 is Cervicalgia.\nM54.31 excludes M54.2.\n"
ERRORS = (
    {"words": "M54.3 is", "what": "billable"},
    {"words": "M54.31 excludes M54.2", "what": "pair"},
)


def test_a_page_by_hand() -> None:
    """Both found; another kind, another line, half of a pair, or a right claim contradicted are not the same."""
    right = [stated(1, "billable", "M54.3-", "contradicted"), stated(3, "pair", "M54.31 M54.2", "contradicted")]
    score = factcheck.scored("p", PAGE, ERRORS, right)
    assert score == factcheck.Scored("p", 2, (), ())
    assert factcheck.table([score]).rows == (("p", "2", "2", "0"),)
    wrong = [stated(1, "title", "M54.3", "contradicted"), stated(3, "pair", "M54.31", "contradicted")]
    score = factcheck.scored("p", PAGE, ERRORS, [*wrong, stated(2, "title", "M54.2", "supported")])
    assert score.missed == ("p:1  missed billable: M54.3", "p:3  missed pair: M54.2 M54.31")
    assert score.false == (
        "p:1  contradicted though right: title M54.3",
        "p:3  contradicted though right: pair M54.31",
    )
    assert [bar.value for bar in factcheck.bars([score], None)] == [2, 2]
    assert [bar.value for bar in factcheck.bars([score], ["S01"])] == [2, 2, 1]


def test_judged_rows_by_hand() -> None:
    """A wrong claim must be contradicted on its line with all its codes, a right one must not."""
    rows = [
        {"row": "S1", "article": "a", "line": "3", "codes": "M54.31 M54.32", "expected": "contradicted"},
        {"row": "R1", "article": "a", "line": "5", "codes": "", "expected": "right"},
    ]
    both = [stated(3, "title", "M54.31", "contradicted"), stated(3, "title", "M54.32", "contradicted")]
    assert factcheck.judged(rows, {"a": both}) == ()
    assert factcheck.judged(rows, {"a": both[:1]}) == ("S1  wrong, and not contradicted",)
    false = [*both, stated(5, "pair", "M54.2 M54.6", "contradicted")]
    assert factcheck.judged(rows, {"a": false}) == ("R1  right, and contradicted: M54.2 M54.6",)


def reading(id_: str, **codes: str) -> dict[str, Any]:
    """A reader's codes of a note, as ``M54_2="sure"``."""
    given = [{"code": name.replace("_", "."), "certainty": certainty} for name, certainty in codes.items()]
    return {"id": id_, "codes": given}


def test_kappa_by_hand() -> None:
    """20 yes, 15 no, 5 and 10 split: 35/50 seen, 25*30 + 20*25 of 2500 by chance; nothing but agreed no has none."""
    assert agreement.kappa(20, 5, 10, 15) == pytest.approx((0.7 - 0.5) / (1 - 0.5))
    assert agreement.kappa(0, 3, 2, 0) == pytest.approx((0 - 12 / 25) / (1 - 12 / 25))
    assert agreement.kappa(0, 0, 0, 9) is None
    assert agreement.kappa(0, 0, 0, 0) is None


def test_two_readings_differ_by_code_and_by_certainty() -> None:
    """What both say alike is no difference; a code that only one gives is, and so is sure against arguable."""
    first = [
        reading("n1", M54_2="sure", M54_50="arguable"), reading("n2", M51_26="sure"), reading("n3"), reading("n4"),
    ]  # fmt: skip
    second = [reading("n1", M54_2="sure", M54_50="sure"), reading("n2", M51_26="sure"), reading("n3", M54_6="sure")]
    read = agreement.pairs(first, second)
    assert agreement.differences(read) == (
        agreement.Difference("n1", "M54.50", "arguable", "sure"),
        agreement.Difference("n3", "M54.6", "no", "sure"),
    )
    report = agreement.report(read, {("n1", "M54.50"): "stays arguable"})
    assert report.tables[0].rows == (("all", "3", "1", "0.333"),)
    assert report.tables[1].rows == (
        ("all", "4", "2", "0", "2", "8", "0.571"),
        ("M51", "1", "1", "0", "0", "2", "1.000"),
        ("M54", "3", "1", "0", "2", "6", "0.400"),
    )
    assert report.wrong == ("n1  M54.50  arguable / sure  stays arguable", "n3  M54.6  no / sure  open")
    assert report.bars[2].value == 1
    assert agreement.report(read, {}).bars[2].value == 2
    assert [(bar.what, bar.kept) for bar in report.bars] == [
        ("kappa", False), ("same sure codes", False), ("differences not resolved in writing", False),
    ]  # fmt: skip


def test_a_corrected_label_is_still_counted_as_it_was_first_read() -> None:
    """Else every correction would raise the agreement; a note without a reading is passed over."""
    read = agreement.pairs([reading("n1", M54_2="arguable", M54_6="sure")], [reading("n1", M54_2="arguable")])
    said = [
        agreement.Difference("n1", "M54.2", "sure", "arguable"),
        agreement.Difference("n1", "M54.6", "no", "sure"),
        agreement.Difference("n2", "M54.9", "sure", "no"),
    ]
    assert agreement.as_first_said(read, said) == {"n1": ({"M54.2": "sure"}, {"M54.2": "arguable"})}
