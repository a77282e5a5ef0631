"""The rules: what a faulty file is told, what a fact earns, and that no M54 code lacks rule or example."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from pathlib import Path
from typing import NamedTuple

import pytest

from nlp_coder.errors import KnowledgeError
from nlp_coder.rules import FIELDS, Example, Rule, load_rules, load_sources, propose
from nlp_coder.types import Authority, Candidate, Evidence, Fact, Span

SOURCES = """\
[[source]]
key       = "tabular"
title     = "Tabular List"
publisher = "NCHS"
edition   = "2026"
authority = "tabular"

[[source]]
key       = "guideline"
title     = "Official Guidelines"
publisher = "CMS"
edition   = "2026"
authority = "guideline"
sections  = { "I.B.13" = "Laterality" }
"""

RULE = """\
[[rule]]
id        = "sciatica"
says      = "Sciatica is M54.3-, by side."
when      = { problem = "sciatica", course = ["acute", "not stated"] }
split_by  = "side"
code_by   = { right = "M54.31", left = "M54.32", bilateral = ["M54.31", "M54.32"], "not stated" = "M54.30" }
authority = "tabular"
source    = "tabular: M54.3-"
rationale = "By side."

[[rule.example]]
note    = "Left sciatica."
codes   = ["M54.32"]
because = "Stated."

[[rule.example]]
note    = "Left sciatica, resolved."
codes   = []
because = "Resolved."
date    = 2025-03-14
setting = "inpatient"
purpose = "therapy"
"""

BILLABLE = (
    *(f"M54.0{n}" for n in range(10)),
    *(f"M54.1{n}" for n in range(9)),
    "M54.2", "M54.30", "M54.31", "M54.32", "M54.40", "M54.41", "M54.42",
    "M54.50", "M54.51", "M54.59", "M54.6", "M54.81", "M54.89", "M54.9",
)  # fmt: skip  # in the order of the Tabular List


def knowledge(folder: Path, rules: dict[str, str], retired: str = "", sources: str = SOURCES) -> Path:
    """A knowledge folder with these rule files."""
    (folder / "rules").mkdir()
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    (folder / "rules" / "retired.toml").write_text(retired, encoding="utf-8")
    for name, text in rules.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> tuple[str, ...]:
    """What the loader says of a folder."""
    with pytest.raises(KnowledgeError) as caught:
        load_rules(folder)
    return caught.value.faults


# ---------------------------------------------------------------- loading


def test_a_rule_file_becomes_rules(tmp_path: Path) -> None:
    """Every key of the file is in the rule, examples with their date, setting and purpose."""
    assert load_rules(knowledge(tmp_path, {"M54.toml": RULE})) == (
        Rule(
            id="sciatica",
            says="Sciatica is M54.3-, by side.",
            when={"problem": ("sciatica",), "course": ("acute", "not stated")},
            authority=Authority.TABULAR,
            source="tabular: M54.3-",
            rationale="By side.",
            examples=(
                Example("Left sciatica.", ("M54.32",), "Stated."),
                Example(
                    "Left sciatica, resolved.",
                    (),
                    "Resolved.",
                    date=datetime.date(2025, 3, 14),
                    setting="inpatient",
                    purpose="therapy",
                ),
            ),
            split_by="side",
            code_by={
                "right": ("M54.31",),
                "left": ("M54.32",),
                "bilateral": ("M54.31", "M54.32"),
                "not stated": ("M54.30",),
            },
            file="rules/M54.toml",
        ),
    )


def test_rules_come_by_file_and_place(tmp_path: Path) -> None:
    """The order never depends on the folder's."""
    second = RULE.replace('id        = "sciatica"', 'id        = "another"')
    rules = load_rules(knowledge(tmp_path, {"Z.toml": second, "A.toml": RULE}))
    assert [(rule.file, rule.id) for rule in rules] == [
        ("rules/A.toml", "sciatica"),
        ("rules/Z.toml", "another"),
    ]


class Wrong(NamedTuple):
    """A change that spoils the good rule file, and what the loader says of it."""

    name: str
    old: str
    new: str
    says: str


_SIDE = "Use: right, left, bilateral, not stated"
_FIELDS = "Use: " + ", ".join(FIELDS)
_KEYS = "Use: id, says, when, code, split_by, code_by, authority, source, rationale, confirm, example"

WRONG = (
    Wrong("unknown field in when", "course =", "corse =",
          f"4 [sciatica]: 'when' asks about 'corse', which no fact has. Did you mean 'course'? {_FIELDS}"),
    Wrong("unknown value in when", '["acute", "not stated"]', '["acute", "sudden"]',
          "4 [sciatica]: 'when' asks for course 'sudden', which no fact has. "
          "Use: acute, subacute, chronic, acute on chronic, recurrent, intermittent, persistent, not stated"),
    Wrong("no problem in when", '{ problem = "sciatica", course', "{ course",
          "4 [sciatica]: 'when' must name a problem."),
    Wrong("unknown field in split_by", '"side"\n', '"sides"\n',
          f"5 [sciatica]: 'split_by' asks about 'sides', which no fact has. Did you mean 'side'? {_FIELDS}"),
    Wrong("value missing in code_by", 'left = "M54.32", ', "",
          "6 [sciatica]: 'code_by' lacks side 'left'. Write its code, [] for none, or limit 'when'."),
    Wrong("unknown value in code_by", "right =", 'both = "M54.31", right =',
          f"6 [sciatica]: 'code_by' answers for side 'both', which never comes. {_SIDE}"),
    Wrong("no code for a value", 'left = "M54.32"', "left = 54",
          "6 [sciatica]: 'left' must be a code or a list of codes."),
    Wrong("not a code", 'left = "M54.32"', 'left = "5432"',
          "6 [sciatica]: '5432' is not shaped like an ICD-10-CM code."),
    Wrong("code and split_by", 'split_by  =', 'code      = "M54.30"\nsplit_by  =',
          "5 [sciatica]: write either 'code', or 'split_by' together with 'code_by'."),
    Wrong("unknown key", 'rationale =', 'confim = "Ask."\nrationale =',
          f"9 [sciatica]: unknown key 'confim'. Did you mean 'confirm'? {_KEYS}"),
    Wrong("text missing", '"By side."', "3", "9 [sciatica]: 'rationale' must be a text in quotes."),
    Wrong("when no table", '{ problem = "sciatica", course = ["acute", "not stated"] }', '"sciatica"',
          "4 [sciatica]: 'when' must be a table in braces."),
    Wrong("unknown authority", 'authority = "tabular"', 'authority = "tabula"',
          "7 [sciatica]: unknown authority 'tabula'. Did you mean 'tabular'? "
          "Use: tabular, index, guideline, article, house"),
    Wrong("a payer decides no code", 'authority = "tabular"', 'authority = "payer"',
          "7 [sciatica]: unknown authority 'payer'. Use: tabular, index, guideline, article, house"),
    Wrong("unknown source", '"tabular: M54.3-"', '"tabulr: M54.3-"',
          "8 [sciatica]: 'source' must be a key of sources.toml, ': ' and the place. "
          "Did you mean 'tabular'? Use: tabular, guideline"),
    Wrong("source without a place", '"tabular: M54.3-"', '"tabular"',
          "8 [sciatica]: 'source' must be a key of sources.toml, ': ' and the place. "
          "Did you mean 'tabular'? Use: tabular, guideline"),
    Wrong("authority of another source", 'authority = "tabular"', 'authority = "index"',
          "7 [sciatica]: authority is 'index', but 'tabular' is 'tabular'."),
    Wrong("id not in words", 'id        = "sciatica"', 'id        = "Sciatica!"',
          "2 [Sciatica!]: 'Sciatica!' must be lower-case words joined by hyphens."),
    Wrong("unknown key in an example", "setting =", "seting =",
          "21 [sciatica]: example: unknown key 'seting'. Did you mean 'setting'? "
          "Use: note, codes, because, date, setting, purpose"),
    Wrong("date in quotes", "2025-03-14", '"2025-03-14"',
          "20 [sciatica]: example: 'date' must be a date without quotes, such as 2025-03-14."),
    Wrong("unknown purpose", '"therapy"', '"therapies"',
          "22 [sciatica]: example: unknown purpose 'therapies'. Did you mean 'therapy'? "
          "Use: evaluation, pain-management, therapy"),
    Wrong("not a code in an example", '["M54.32"]\nbecause', '["M54.32", "sciatica!"]\nbecause',
          "13 [sciatica]: example: 'sciatica!' is not shaped like an ICD-10-CM code."),
    Wrong("no example gets the code", '["M54.32"]\nbecause', '["M54.2"]\nbecause',
          "11 [sciatica]: no example gets this rule's code."),
    Wrong("no near miss", "codes   = []", 'codes   = ["M54.30"]',
          "11 [sciatica]: no near miss: add an example, one word away, without this rule's codes."),
    Wrong("a code that stood before is no near miss", "codes   = []", 'codes   = ["M54.3"]',
          "11 [sciatica]: no near miss: add an example, one word away, without this rule's codes."),
    Wrong("unknown entry", "[[rule]]", "[[rules]]\nid = 1\n[[rule]]",
          "1: unknown entry 'rules'. Use: [[rule]]"),
    Wrong("single brackets", "[[rule]]", "[rule]", "1: write [[rule]], in double brackets."),
)  # fmt: skip  # one case reads better as a row


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_fault_is_named_with_file_line_and_what_to_write(tmp_path: Path, wrong: Wrong) -> None:
    """One spoilt place, one message, in these words."""
    assert wrong.old in RULE
    spoilt = RULE.replace(wrong.old, wrong.new, 1)
    assert faults(knowledge(tmp_path, {"M54.toml": spoilt})) == (f"rules/M54.toml:{wrong.says}",)


def test_missing_keys_are_all_named(tmp_path: Path) -> None:
    """A rule with nothing but an id hears of each key it lacks."""
    assert faults(knowledge(tmp_path, {"M54.toml": '[[rule]]\nid = "bare"\n'})) == tuple(
        f"rules/M54.toml:2 [bare]: {message}"
        for message in (
            "'says' is missing.",
            "'when' is missing.",
            "'authority' is missing.",
            "'source' is missing.",
            "'rationale' is missing.",
            "'example' is missing.",
            "write either 'code', or 'split_by' together with 'code_by'.",
        )
    )


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Nobody has to mend one typo to hear of the next."""
    first = RULE.replace("course =", "regoin =").replace('left = "M54.32", ', "")
    second = RULE.replace('"sciatica"\nsays', '"again"\nsays').replace("rationale =", "rational =")
    found = faults(knowledge(tmp_path, {"A.toml": first, "B.toml": second}))
    assert [fault.split(":", 2)[:2] + [fault.split(": ")[1][:20]] for fault in found] == [
        ["rules/A.toml", "4 [sciatica]", "'when' asks about 'r"],
        ["rules/A.toml", "6 [sciatica]", "'code_by' lacks side"],
        ["rules/B.toml", "9 [again]", "unknown key 'rationa"],
        ["rules/B.toml", "2 [again]", "'rationale' is missi"],
    ]


def test_the_example_of_the_style_guide(tmp_path: Path) -> None:
    """A mistyped field: the one probably meant is offered, then all of them."""
    (fault,) = faults(knowledge(tmp_path, {"M54.toml": RULE.replace("course =", "regoin =")}))
    assert fault == (
        "rules/M54.toml:4 [sciatica]: 'when' asks about 'regoin', which no fact has. Did you mean 'region'? "
        "Use: problem, region, level, side, course, character, nerve, pain, cause, phase, imaging, "
        "trimester, weeks"
    )


def test_an_id_is_never_used_twice(tmp_path: Path) -> None:
    """Not in another file, not in the same one."""
    found = faults(knowledge(tmp_path, {"A.toml": RULE, "B.toml": RULE}))
    assert found == (
        "rules/B.toml:2 [sciatica]: 'sciatica' is already used in rules/A.toml; ids are never used twice.",
    )


def test_a_retired_id_is_never_used_again(tmp_path: Path) -> None:
    """retired.toml is no rule file, and keeps its ids."""
    retired = '[[retired]]\nid = "sciatica"\ndate = 2026-10-01\nreason = "Split."\n'
    assert faults(knowledge(tmp_path, {"M54.toml": RULE}, retired)) == (
        "rules/M54.toml:2 [sciatica]: 'sciatica' is already used in rules/retired.toml; ids are never used twice.",
    )


def test_a_retired_rule_says_when_and_why(tmp_path: Path) -> None:
    """A retired id without its date is a fault too."""
    retired = '[[retired]]\nid = "old-rule"\nreason = "Split."\n'
    assert faults(knowledge(tmp_path, {"M54.toml": RULE}, retired)) == (
        "rules/retired.toml:2 [old-rule]: 'date' is missing.",
    )


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    """A missing quote is reported where it is."""
    (fault,) = faults(knowledge(tmp_path, {"M54.toml": RULE.replace('"By side."', '"By side.')}))
    assert fault.startswith("rules/M54.toml: not valid TOML: ")
    assert "line 9" in fault


def test_a_guideline_section_must_exist(tmp_path: Path) -> None:
    """Where a source lists its sections, a citation names one of them."""
    guided = RULE.replace('authority = "tabular"', 'authority = "guideline"')
    wrong = guided.replace('"tabular: M54.3-"', '"guideline: I.B.31"')
    assert faults(knowledge(tmp_path, {"M54.toml": wrong})) == (
        "rules/M54.toml:8 [sciatica]: the source 'guideline' has no section 'I.B.31'. "
        "Did you mean 'I.B.13'? Use: I.B.13",
    )


def test_sources_are_checked_too(tmp_path: Path) -> None:
    """A source without an edition, or with a made-up authority, is refused."""
    spoilt = SOURCES.replace('edition   = "2026"\nauthority = "tabular"', 'authority = "law"')
    with pytest.raises(KnowledgeError) as caught:
        load_sources(knowledge(tmp_path, {}, sources=spoilt))
    assert caught.value.faults == (
        "sources.toml:5 [tabular]: unknown authority 'law'. "
        "Use: tabular, index, guideline, article, house, model, payer",
        "sources.toml:2 [tabular]: 'edition' is missing.",
    )


# ---------------------------------------------------------------- what facts earn


class Earns(NamedTuple):
    """A fact and exactly the codes it earns, each with the rule that says so."""

    fact: Fact
    codes: set[tuple[str, str]]


EARNS = (
    Earns(Fact("pain"), {("M54.9", "back-pain")}),
    Earns(Fact("pain", region="multiple"), {("M54.9", "back-pain")}),
    Earns(Fact("pain", character="postural"), {("M54.9", "back-pain")}),
    Earns(Fact("pain", character="musculoskeletal"), {("M54.89", "back-pain-of-stated-character")}),
    Earns(Fact("pain", character="vertebrogenic"), {("M54.89", "vertebrogenic-back-pain")}),
    Earns(Fact("pain", region="thoracolumbar"), {("M54.89", "junction-pain")}),
    Earns(Fact("pain", region="cervical", side="right", course="acute"), {("M54.2", "neck-pain")}),
    Earns(Fact("pain", region="cervicothoracic"), {("M54.2", "neck-pain")}),
    Earns(Fact("pain", region="thoracic", character="mechanical"), {("M54.6", "thoracic-back-pain")}),
    Earns(Fact("pain", region="lumbar", side="left", cause="lifting"), {("M54.50", "low-back-pain")}),
    Earns(Fact("pain", region="lumbosacral", character="nonspecific"), {("M54.50", "low-back-pain")}),
    Earns(Fact("pain", region="lumbar", character="mechanical"), {("M54.59", "mechanical-low-back-pain")}),
    Earns(Fact("pain", region="lumbar", character="facetogenic"), {("M54.59", "muscular-low-back-pain")}),
    Earns(Fact("pain", region="lumbar", character="axial"), {("M54.59", "low-back-pain-of-other-character")}),
    Earns(
        Fact("pain", region="lumbar", character="vertebrogenic", imaging="modic 1", course="chronic"),
        {("M54.51", "vertebrogenic-low-back-pain"), ("G89.29", "chronic-spine-pain")},
    ),
    Earns(
        Fact("pain", region="lumbar", imaging="modic 2"),
        {("M54.50", "low-back-pain"), ("M54.51", "modic-low-back-pain")},
    ),
    Earns(Fact("pain", region="lumbar", imaging="modic 3"), {("M54.50", "low-back-pain")}),
    Earns(Fact("pain", region="leg", course="chronic"), set()),
    Earns(
        Fact("pain", region="cervical", course="acute", cause="trauma"),
        {("M54.2", "neck-pain"), ("G89.11", "acute-pain-due-to-trauma")},
    ),
    Earns(
        Fact("pain", region="cervical", course="acute on chronic", cause="trauma"),
        {("M54.2", "neck-pain"), ("G89.21", "chronic-pain-due-to-trauma")},
    ),
    Earns(
        Fact("pain", region="lumbar", course="chronic", cause="surgery"),
        {("M54.50", "low-back-pain"), ("G89.28", "chronic-pain-after-procedure")},
    ),
    Earns(
        Fact("pain", region="lumbar", course="acute", cause="surgery"),
        {("M54.50", "low-back-pain"), ("G89.18", "acute-pain-after-procedure")},
    ),
    Earns(
        Fact("pain", region="lumbar", course="chronic", cause="neoplasm"),
        {("M54.50", "low-back-pain"), ("G89.3", "neoplasm-related-spine-pain")},
    ),
    Earns(
        Fact("pain", region="lumbar", course="chronic", cause="fall"),
        {("M54.50", "low-back-pain"), ("G89.29", "chronic-spine-pain")},
    ),
    Earns(Fact("sciatica"), {("M54.30", "sciatica")}),
    Earns(Fact("sciatica", side="bilateral"), {("M54.31", "sciatica"), ("M54.32", "sciatica")}),
    Earns(Fact("sciatica", side="left", pain="back"), {("M54.42", "lumbago-with-sciatica")}),
    Earns(
        Fact("sciatica", side="bilateral", pain="back"),
        {("M54.41", "lumbago-with-sciatica"), ("M54.42", "lumbago-with-sciatica")},
    ),
    Earns(Fact("radiculopathy", side="left"), {("M54.10", "radiculopathy")}),
    Earns(Fact("radiculopathy", region="lumbar", level="L5"), {("M54.16", "radiculopathy")}),
    Earns(Fact("radicular pain", region="lumbosacral"), {("M54.17", "radicular-pain")}),
    Earns(Fact("polyradiculopathy"), {("M54.10", "polyradiculopathy")}),
    Earns(Fact("nerve root compression", region="lumbar"), set()),
    Earns(Fact("occipital neuralgia", side="right"), {("M54.81", "occipital-neuralgia")}),
    Earns(Fact("panniculitis", region="multiple"), {("M54.09", "panniculitis")}),
    Earns(Fact("chronic pain syndrome"), {("G89.4", "chronic-pain-syndrome")}),
    Earns(Fact("psychogenic pain", region="lumbar"), {("F45.41", "psychogenic-spine-pain")}),
    Earns(Fact("psychological factors"), {("F45.42", "pain-with-psychological-factors")}),
    Earns(Fact("pregnancy"), {("O99.891", "back-pain-in-pregnancy")}),
    Earns(
        Fact("pregnancy", trimester="2", weeks="20"),
        {("O99.891", "back-pain-in-pregnancy"), ("Z3A.20", "weeks-of-gestation")},
    ),
    Earns(Fact("pregnancy pain"), {("O26.899", "pregnancy-related-back-pain")}),
    Earns(
        Fact("pregnancy pain", trimester="3", weeks="42"),
        {("O26.893", "pregnancy-related-back-pain"), ("Z3A.42", "weeks-of-gestation")},
    ),
    Earns(
        Fact("pregnancy pain", trimester="1", weeks="<8"),
        {("O26.891", "pregnancy-related-back-pain"), ("Z3A.01", "weeks-of-gestation")},
    ),
    Earns(Fact("postlaminectomy syndrome", region="lumbar"), {("M96.1", "postlaminectomy-syndrome")}),
    Earns(Fact("sciatic nerve lesion", side="bilateral"), {("G57.03", "sciatic-nerve-lesion")}),
)


@pytest.mark.parametrize("case", EARNS, ids=lambda case: f"{case.fact.problem} {sorted(case.codes)}")
def test_a_fact_earns_exactly(case: Earns) -> None:
    """No more codes than these, and by these rules."""
    candidates = propose([case.fact], load_rules())
    assert {(c.code, c.rule) for c in candidates} == case.codes
    assert len(candidates) == len(case.codes)


def test_every_spine_pain_has_one_site_code() -> None:
    """Whatever its region and character, pain is one M54 code, and M53.3 below the lumbosacral region."""
    below = {"sacral", "sacroiliac", "coccyx"}
    for region, character in itertools.product(FIELDS["region"], FIELDS["character"]):
        candidates = propose([Fact("pain", region=region, character=character)], load_rules())
        codes = [c.code for c in candidates if c.code.startswith("M54")]
        assert len(codes) == (0 if region in below else 1), (region, character)


@pytest.mark.parametrize("problem", ["sciatica", "sciatic nerve lesion"])
def test_every_side_has_a_code(problem: str) -> None:
    """No side, and no pain beside it, leaves a leg nerve without a code."""
    for side, pain in itertools.product(FIELDS["side"], FIELDS["pain"]):
        assert propose([Fact(problem, side=side, pain=pain)], load_rules()), (side, pain)


def test_context_is_not_a_rule_s_business() -> None:
    """Rules may ask about what a fact says, never about how or where it is said."""
    others = {"context", "standing", "duration", "listed", "order", "evidence", "cues", "confirm"}
    assert set(FIELDS) == {field.name for field in dataclasses.fields(Fact)} - others


# ---------------------------------------------------------------- candidates


def said(slot: str, text: str, start: int) -> Evidence:
    """A quotation for a slot."""
    return Evidence(slot, Span(start, start + len(text), text))


PAIN = said("problem", "low back pain", 18)
REGION = said("region", "low back", 18)
LEVEL = said("level", "L4-L5", 60)
SIDE = said("side", "left", 0)
COURSE = said("course", "chronic", 5)
CHARACTER = said("character", "mechanical", 13)


def evidence(candidates: tuple[Candidate, ...]) -> dict[str, tuple[Evidence, ...]]:
    """The evidence of each candidate's code."""
    return {c.code: c.evidence for c in candidates}


def test_a_candidate_rests_on_the_words_its_rule_needs() -> None:
    """M54.59 on problem, region, level and character, G89.29 on problem and course; the side on neither."""
    fact = Fact(
        "pain",
        region="lumbar",
        side="left",
        course="chronic",
        character="mechanical",
        evidence=(SIDE, COURSE, CHARACTER, PAIN, REGION, LEVEL),
    )
    placed = dataclasses.replace(LEVEL, slot="region")  # the level is asked for its region only
    assert evidence(propose([fact], load_rules())) == {
        "M54.59": (CHARACTER, PAIN, REGION, placed),
        "G89.29": (COURSE, PAIN),
    }


def test_a_slot_said_three_times_has_three_spans() -> None:
    """Every span of a slot is cited."""
    again = said("problem", "lumbago", 90)
    fact = Fact("pain", region="lumbar", evidence=(PAIN, REGION, again))
    assert evidence(propose([fact], load_rules())) == {"M54.50": (PAIN, REGION, again)}


def test_a_word_that_could_be_missing_is_no_evidence() -> None:
    """The word "nonspecific" changes nothing, so M54.50 does not rest on it."""
    nonspecific = said("character", "nonspecific", 0)
    fact = Fact("pain", region="lumbar", character="nonspecific", evidence=(nonspecific, PAIN, REGION))
    assert evidence(propose([fact], load_rules())) == {"M54.50": (PAIN, REGION)}


def test_what_a_person_must_confirm_comes_from_fact_and_rule() -> None:
    """The fact's own doubts first, then the rule's; a rule without adds nothing."""
    rule = next(rule for rule in load_rules() if rule.id == "modic-low-back-pain")
    fact = Fact("pain", region="lumbar", imaging="modic 2", confirm=("The level is read from the study.",))
    assert {c.code: c.confirm for c in propose([fact], load_rules())} == {
        "M54.50": ("The level is read from the study.",),
        "M54.51": ("The level is read from the study.", rule.confirm),
    }
    assert rule.confirm


def test_a_candidate_says_who_says_so() -> None:
    """Rule, authority and source travel with the code, and so does the fact."""
    fact = Fact("pain", region="cervical")
    (candidate,) = propose([fact], load_rules())
    assert (candidate.rule, candidate.says) == ("neck-pain", "Neck pain is M54.2.")
    assert (candidate.authority, candidate.source) == (Authority.INDEX, "index: Pain, neck NEC")
    assert candidate.fact is fact


def test_candidates_come_in_the_order_of_facts_then_rules() -> None:
    """The same facts give the same order, whatever comes of them later."""
    facts = [Fact("sciatica", side="left"), Fact("pain", region="cervical", course="chronic")]
    assert [c.code for c in propose(facts, load_rules())] == ["M54.32", "G89.29", "M54.2"]


# ---------------------------------------------------------------- the rules as shipped


def test_every_billable_m54_code_has_a_rule_and_an_example() -> None:
    """Thirty-three codes; rules give these and no other M54 code."""
    assert len(BILLABLE) == 33
    given = {code for rule in load_rules() for code in rule.codes if code.startswith("M54")}
    shown = {code for rule in load_rules() for example in rule.examples for code in example.codes}
    assert given == set(BILLABLE)
    assert set(BILLABLE) - shown == set()


def test_every_rule_has_a_case_and_a_near_miss() -> None:
    """At least two examples, one with a code of the rule, one with none of them."""
    for rule in load_rules():
        hits = [bool(set(rule.codes) & set(example.codes)) for example in rule.examples]
        assert True in hits, rule.id
        assert False in hits, rule.id


def test_no_note_is_written_twice_with_different_codes() -> None:
    """The same note on the same day, in the same setting and for the same purpose has the same codes."""
    codes: dict[tuple[object, ...], tuple[str, ...]] = {}
    for rule in load_rules():
        for e in rule.examples:
            key = (e.note.split(), e.date, e.setting, e.purpose)
            assert codes.setdefault((*map(str, key),), e.codes) == e.codes, (rule.id, e.note)


def test_sources_as_shipped() -> None:
    """Every authority a rule may have, and the five articles, are there."""
    keys = {source.key: source.authority for source in load_sources()}
    assert keys == {
        "tabular": Authority.TABULAR,
        "index": Authority.INDEX,
        "guideline": Authority.GUIDELINE,
        "article-back-pain-guide": Authority.ARTICLE,
        "article-m545-page": Authority.ARTICLE,
        "article-m549-reference": Authority.ARTICLE,
        "article-m5489-or-m549": Authority.ARTICLE,
        "article-m549-page": Authority.ARTICLE,
        "house": Authority.HOUSE,
        "payer": Authority.PAYER,
    }
