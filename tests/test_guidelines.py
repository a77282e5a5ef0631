"""The guidelines, one by one: literal candidates in, exact codes and set-asides out; and all of them in order."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from nlp_coder.guidelines import GUIDELINES, judge
from nlp_coder.guidelines.claim import (
    date_of_service,
    obstetric_companions,
    once,
    searched_in_vain,
    sequence,
    without_effect,
)
from nlp_coder.guidelines.docket import Docket
from nlp_coder.guidelines.documented import (
    counted_statements,
    explained_elsewhere,
    present_conditions,
    uncertain_diagnoses,
)
from nlp_coder.guidelines.exact import caused_foraminal_stenosis, collapsed_vertebra, same_level_discs, specificity
from nlp_coder.guidelines.pain import (
    chronic_pain,
    endplate_evidence,
    integral_symptoms,
    neoplasm_pain,
    psychological_pain,
    sciatica_and_root,
    sciatica_with_spondylosis,
    untied_modic,
)
from nlp_coder.guidelines.pairs import excludes1
from nlp_coder.types import Authority, Candidate, Context, Evidence, Fact, Note, Reading, Span

TODAY = datetime.date(2026, 5, 4)
NOTE = Note(text="The guidelines never read it.", date_of_service=TODAY)
PROBLEMS = {
    "G89": "pain",
    "M48.5": "compression fracture",
    "M50": "disc displacement",
    "M51.2": "disc displacement",
    "M51.1": "disc displacement",
    "M51.3": "disc degeneration",
    "M51.9": "disc disorder",
    "M47": "spondylosis",
    "M48.0": "stenosis",
    "M54.1": "radiculopathy",
    "M54.3": "sciatica",
    "M54.4": "sciatica",
    "M99": "foraminal stenosis",
    "O26": "pregnancy pain",
    "S39": "strain",
}
REGIONS = {"M54.2": "cervical", "M54.5": "lumbar", "M54.6": "thoracic", "S39.012": "lumbar", "M54.16": "lumbar"}


class Case(NamedTuple):
    """A guideline, what it is given, which codes it keeps, and what it sets aside: code, reason, for which code."""

    name: str
    guideline: Callable[[Docket], Docket]
    given: Docket
    codes: tuple[str, ...]
    set_aside: tuple[tuple[str, str, str], ...] = ()


def quote(slot: str, start: int = 0, text: str = "words") -> Evidence:
    """Evidence for a slot."""
    return Evidence(slot, Span(start, start + len(text), text))


def fact(problem: str, region: str = "not stated", **more: Any) -> Fact:
    """A present fact, listed in the assessment, unless said otherwise."""
    known: dict[str, Any] = {"standing": "assessed", "evidence": (quote("problem"),)}
    return Fact(problem, region, **{**known, **more})


def code(code: str, region: str = "", problem: str = "", of: Fact | None = None, **more: Any) -> Candidate:
    """A candidate; problem and region are the code's usual ones unless said otherwise."""
    usual = max((p for p in PROBLEMS if code.startswith(p)), key=len, default="")
    where = max((p for p in REGIONS if code.startswith(p)), key=len, default="")
    mine = of or fact(problem or PROBLEMS.get(usual, "pain"), region or REGIONS.get(where, "not stated"), **more)
    return Candidate(code, "a-rule", "It says so.", Authority.INDEX, "index: somewhere", mine, mine.evidence)


def docket(
    *candidates: Candidate,
    facts: Sequence[Fact] = (),
    kind: str = "clinic",
    purpose: str = "evaluation",
    day: datetime.date = TODAY,
    **reading: Any,
) -> Docket:
    """A docket with these candidates, their facts and more facts."""
    known = (*(c.fact for c in candidates), *facts)
    return Docket(NOTE, Reading(kind, purpose, **reading), day, known, candidates)


def by_context(context: Context) -> Docket:
    """A sciatica meant that way, beside a neck pain that is present."""
    cue = Span(20, 26, "a word")
    return docket(code("M54.31", context=context, cues=(cue,)), code("M54.2"))


def by_standing(standing: str, **more: Any) -> Docket:
    """A sciatica stated there, beside an assessed neck pain."""
    return docket(code("M54.31", "lumbar", standing=standing), code("M54.2"), **more)


OSTEOPOROSIS = fact("osteoporosis")
BOTH = fact("pain", "lumbar", course="chronic", cause="neoplasm")
TIED = (quote("problem"), quote("imaging", 10, "Modic type 2"))

DOCUMENTED = (
    Case("negated", present_conditions, by_context(Context.NEGATED), ("M54.2",), (("M54.31", "negated", ""),)),
    Case("past", present_conditions, by_context(Context.HISTORICAL), ("M54.2",), (("M54.31", "historical", ""),)),
    Case(
        "conditional",
        present_conditions,
        by_context(Context.HYPOTHETICAL),
        ("M54.2",),
        (("M54.31", "hypothetical", ""),),
    ),
    Case("another's", present_conditions, by_context(Context.FAMILY), ("M54.2",), (("M54.31", "family", ""),)),
    Case("present", present_conditions, by_context(Context.PRESENT), ("M54.31", "M54.2")),
    Case("uncertain", uncertain_diagnoses, by_context(Context.UNCERTAIN), ("M54.2",), (("M54.31", "uncertain", ""),)),
    Case("certain", uncertain_diagnoses, by_context(Context.PRESENT), ("M54.31", "M54.2")),
    Case("told only", counted_statements, by_standing("presenting"), ("M54.2",), (("M54.31", "not assessed", ""),)),
    Case("told, no assessment", counted_statements, by_standing("presenting", kind="fragment"), ("M54.31", "M54.2")),
    Case("treated", counted_statements, by_standing("planned"), ("M54.31", "M54.2")),
    Case("complaint treated", counted_statements, by_standing("complaint", touched=("lumbar",)), ("M54.31", "M54.2")),
    Case(
        "complaint left alone",
        counted_statements,
        by_standing("complaint", touched=("cervical",)),
        ("M54.2",),
        (("M54.31", "not assessed", ""),),
    ),
    Case("background", counted_statements, by_standing("background"), ("M54.2",), (("M54.31", "not assessed", ""),)),
    Case("sign", counted_statements, by_standing("sign"), ("M54.2",), (("M54.31", "not assessed", ""),)),
    Case(
        "finding",
        counted_statements,
        by_standing("finding"),
        ("M54.2",),
        (("M54.31", "not this provider's diagnosis", ""),),
    ),
    Case(
        "finding of a report that concludes",
        counted_statements,
        by_standing("finding", kind="imaging report", impression=True),
        ("M54.2",),
        (("M54.31", "not this provider's diagnosis", ""),),
    ),
    Case(
        "indication of a report that concludes nothing",
        counted_statements,
        docket(code("M54.50", standing="complaint"), kind="imaging report", impression=True),
        ("M54.50",),
    ),
    Case(
        "plan of an operative report",
        counted_statements,
        by_standing("planned", kind="operative report"),
        ("M54.2",),
        (("M54.31", "not assessed", ""),),
    ),
    Case(
        "explained by a stone",
        explained_elsewhere,
        docket(code("M54.50", evidence=(quote("problem"), quote("explained by", 30, "kidney stone")))),
        (),
        (("M54.50", "superseded", ""),),
    ),
    Case(
        "a stone beside it",
        explained_elsewhere,
        docket(code("M54.50"), facts=(fact("other diagnosis"),)),
        ("M54.50",),
    ),
)

EXACT = (
    Case(
        "collapse with osteoporosis",
        collapsed_vertebra,
        docket(code("M48.56XA"), facts=(OSTEOPOROSIS,)),
        (),
        (("M48.56XA", "superseded", ""),),
    ),
    Case(
        "collapse without",
        collapsed_vertebra,
        docket(code("M48.56XA"), facts=(replace(OSTEOPOROSIS, context=Context.NEGATED),)),
        ("M48.56XA",),
    ),
    Case(
        "collapse by a fall",
        collapsed_vertebra,
        docket(code("M48.56XA", cause="fall")),
        (),
        (("M48.56XA", "superseded", ""),),
    ),
    Case(
        "stenosis after a fall",
        collapsed_vertebra,
        docket(code("M48.061", cause="fall"), facts=(OSTEOPOROSIS,)),
        ("M48.061",),
    ),
    Case(
        "degeneration of the displaced disc",
        same_level_discs,
        docket(code("M51.369", "lumbar", level="L4-L5"), code("M51.26", "lumbar", level="L4-L5")),
        ("M51.26",),
        (("M51.369", "superseded", "M51.26"),),
    ),
    Case(
        "degeneration without a level",
        same_level_discs,
        docket(code("M51.369", "lumbar"), code("M51.26", "lumbar", level="L4-L5")),
        ("M51.26",),
        (("M51.369", "superseded", "M51.26"),),
    ),
    Case(
        "degeneration of another disc",
        same_level_discs,
        docket(code("M51.369", "lumbar", level="L3-L4"), code("M51.26", "lumbar", level="L4-L5")),
        ("M51.369", "M51.26"),
    ),
    Case(
        "foraminal stenosis by the disc",
        caused_foraminal_stenosis,
        docket(code("M99.63", "lumbar", listed="with others"), code("M51.26", "lumbar")),
        ("M51.26",),
        (("M99.63", "superseded", "M51.26"),),
    ),
    Case(
        "foraminal stenosis listed on its own",
        caused_foraminal_stenosis,
        docket(code("M99.63", "lumbar", listed="alone"), code("M51.26", "lumbar")),
        ("M99.63", "M51.26"),
    ),
    Case(
        "foraminal stenosis, disc elsewhere",
        caused_foraminal_stenosis,
        docket(code("M99.63", "lumbar"), code("M50.222", "cervical")),
        ("M99.63", "M50.222"),
    ),
    Case(
        "region named",
        specificity,
        docket(code("M54.9"), code("M54.50")),
        ("M54.50",),
        (("M54.9", "less specific", "M54.50"),),
    ),
    Case("neck named", specificity, docket(code("M54.9"), code("M54.2")), ("M54.9", "M54.2")),
    Case(
        "vertebrogenic named",
        specificity,
        docket(code("M54.50"), code("M54.51")),
        ("M54.51",),
        (("M54.50", "less specific", "M54.51"),),
    ),
    Case(
        "root named",
        specificity,
        docket(code("M54.10"), code("M54.16")),
        ("M54.16",),
        (("M54.10", "less specific", ""),),
    ),
    Case("sciatica is no root", specificity, docket(code("M54.10"), code("M54.31")), ("M54.10", "M54.31")),
    Case(
        "disc named", specificity, docket(code("M51.9"), code("M51.26")), ("M51.26",), (("M51.9", "less specific", ""),)
    ),
    Case("cervical disc named", specificity, docket(code("M51.9"), code("M50.222")), ("M51.9", "M50.222")),
    Case(
        "spondylosis with its root",
        specificity,
        docket(code("M47.816", region="lumbar"), code("M47.26", region="lumbar")),
        ("M47.26",),
        (("M47.816", "less specific", "M47.26"),),
    ),
    Case(
        "spondylosis of another region",
        specificity,
        docket(code("M47.812", region="cervical"), code("M47.26", region="lumbar")),
        ("M47.812", "M47.26"),
    ),
)

PAINS = (
    Case(
        "neoplasm-related",
        neoplasm_pain,
        docket(code("G89.3", of=BOTH), code("M54.50", of=BOTH)),
        ("G89.3",),
        (("M54.50", "superseded", "G89.3"),),
    ),
    Case(
        "another pain beside it",
        neoplasm_pain,
        docket(code("G89.3", of=BOTH), code("M54.2")),
        ("G89.3", "M54.2"),
    ),
    Case(
        "chronic, its cause coded",
        chronic_pain,
        docket(code("G89.29", "lumbar"), code("M51.26", "lumbar")),
        ("M51.26",),
        (("G89.29", "superseded", "M51.26"),),
    ),
    Case(
        "chronic, its cause coded, pain management",
        chronic_pain,
        docket(code("G89.29", "lumbar"), code("M51.26", "lumbar"), purpose="pain-management"),
        ("G89.29", "M51.26"),
    ),
    Case(
        "chronic, a cause elsewhere",
        chronic_pain,
        docket(code("G89.29", "lumbar"), code("M50.222", "cervical")),
        ("G89.29", "M50.222"),
    ),
    Case(
        "chronic, radiculopathy is no cause",
        chronic_pain,
        docket(code("G89.29", "lumbar"), code("M54.16")),
        ("G89.29", "M54.16"),
    ),
    Case(
        "chronic pain syndrome",
        chronic_pain,
        docket(code("G89.29", "lumbar"), code("G89.4", problem="chronic pain syndrome")),
        ("G89.4",),
        (("G89.29", "superseded", "G89.4"),),
    ),
    Case(
        "chronic myofascial",
        chronic_pain,
        docket(code("G89.29", problem="myofascial pain")),
        (),
        (("G89.29", "superseded", ""),),
    ),
    Case(
        "chronic myofascial, pain management",
        chronic_pain,
        docket(code("G89.29", problem="myofascial pain"), purpose="pain-management"),
        ("G89.29",),
    ),
    Case(
        "psychological factors alone",
        psychological_pain,
        docket(code("F45.42", problem="psychological factors"), code("M54.50")),
        ("M54.50",),
        (("F45.42", "superseded", ""),),
    ),
    Case(
        "psychological factors of a chronic pain",
        psychological_pain,
        docket(code("F45.42", problem="psychological factors"), code("G89.29", "lumbar")),
        ("F45.42", "G89.29"),
    ),
    Case(
        "sciatica of the root",
        sciatica_and_root,
        docket(code("M54.31"), code("M54.16")),
        ("M54.16",),
        (("M54.31", "superseded", "M54.16"),),
    ),
    Case(
        "sciatica listed on its own",
        sciatica_and_root,
        docket(code("M54.31", listed="alone"), code("M54.16")),
        ("M54.31", "M54.16"),
    ),
    Case(
        "sciatica, root of the neck",
        sciatica_and_root,
        docket(code("M54.31"), code("M54.12", "cervical")),
        ("M54.31", "M54.12"),
    ),
    Case(
        "pain of a disc",
        integral_symptoms,
        docket(code("M54.50", listed="alone"), code("M51.26", "lumbar")),
        ("M51.26",),
        (("M54.50", "superseded", "M51.26"),),
    ),
    Case(
        "pain of another region",
        integral_symptoms,
        docket(code("M54.2"), code("M51.26", "lumbar")),
        ("M54.2", "M51.26"),
    ),
    Case(
        "pain of a stenosis",
        integral_symptoms,
        docket(code("M54.50", listed="with others"), code("M48.061", "lumbar")),
        ("M48.061",),
        (("M54.50", "superseded", "M48.061"),),
    ),
    Case(
        "pain listed beside a stenosis",
        integral_symptoms,
        docket(code("M54.50", listed="alone"), code("M48.061", "lumbar")),
        ("M54.50", "M48.061"),
    ),
    Case(
        "pain beside a late effect",
        integral_symptoms,
        docket(code("M54.50"), code("S39.012S", phase="sequela")),
        ("M54.50", "S39.012S"),
    ),
    Case(
        "Modic changes nobody ties to the pain",
        untied_modic,
        docket(code("M54.50", evidence=TIED)),
        ("M54.50",),
        (("M54.51", "not documented", "M54.50"),),
    ),
    Case("no Modic changes", untied_modic, docket(code("M54.50")), ("M54.50",)),
    Case("Modic changes tied to the pain", untied_modic, docket(code("M54.51", evidence=TIED)), ("M54.51",)),
)

PAIRS = (
    Case(
        "low back pain with sciatica",
        excludes1,
        docket(code("M54.50"), code("M54.41")),
        ("M54.41",),
        (("M54.50", "Excludes1", "M54.41"),),
    ),
    Case(
        "the same, the other way round",
        excludes1,
        docket(code("M54.41"), code("M54.50")),
        ("M54.41",),
        (("M54.50", "Excludes1", "M54.41"),),
    ),
    Case("neck and low back pain", excludes1, docket(code("M54.2"), code("M54.50")), ("M54.2", "M54.50")),
    Case(
        "radiculopathy of the disc",
        excludes1,
        docket(code("M54.16"), code("M51.16", "lumbar")),
        ("M51.16",),
        (("M54.16", "Excludes1", "M51.16"),),
    ),
    Case("no note between them", excludes1, docket(code("M54.50"), code("M51.16", "lumbar")), ("M54.50", "M51.16")),
    Case(
        "pain of a strain",
        excludes1,
        docket(code("M54.50"), code("S39.012A", phase="initial")),
        ("S39.012A",),
        (("M54.50", "Excludes1", "S39.012A"),),
    ),
    Case(
        "both sides of a sciatica",
        excludes1,
        docket(code("M54.31"), code("M54.32")),
        ("M54.31", "M54.32"),
    ),
)

DAYS = (
    Case("billable that day", date_of_service, docket(code("M54.51"), day=datetime.date(2021, 10, 1)), ("M54.51",)),
    Case("split a day later", date_of_service, docket(code("M54.51"), day=datetime.date(2021, 9, 30)), ("M54.5",)),
    Case(
        "four codes of one",
        date_of_service,
        docket(code("M51.360", "lumbar"), day=datetime.date(2024, 9, 30)),
        ("M51.36",),
    ),
    Case(
        "one became four",
        date_of_service,
        docket(code("M51.360", "lumbar"), day=datetime.date(2024, 10, 1)),
        ("M51.360",),
    ),
    Case(
        "nothing stood before",
        date_of_service,
        docket(code("M62.85", "lumbar"), day=datetime.date(2024, 9, 30)),
        (),
        (("M62.85", "not in force", ""),),
    ),
    Case(
        "an obstetric code beside a spine problem",
        obstetric_companions,
        docket(code("O99.891"), code("M54.50")),
        ("O99.891", "M54.50"),
    ),
    Case(
        "an obstetric code alone",
        obstetric_companions,
        docket(code("O99.891"), code("Z3A.20")),
        (),
        (("O99.891", "not assessed", ""), ("Z3A.20", "not assessed", "")),
    ),
    Case("obstetric", date_of_service, docket(code("O99.891"), day=datetime.date(2020, 9, 30)), ("O99.89",)),
)

CLAIM = (
    Case("the same code twice", once, docket(code("M54.50"), code("M54.2"), code("M54.50")), ("M54.50", "M54.2")),
    Case("two codes", once, docket(code("M54.50"), code("M54.59")), ("M54.50", "M54.59")),
    Case(
        "as the note assesses",
        sequence,
        docket(code("M54.2", order=20), code("M54.50", order=10), code("G89.29", order=0)),
        ("M54.50", "M54.2", "G89.29"),
    ),
    Case(
        "pain management",
        sequence,
        docket(
            code("M54.50", order=10),
            code("F45.42", problem="psychological factors"),
            code("G89.29", order=30),
            purpose="pain-management",
        ),
        ("G89.29", "F45.42", "M54.50"),
    ),
    Case(
        "what an injury left before the injury",
        sequence,
        docket(code("S39.012S", order=5), code("G89.21", order=9)),
        ("G89.21", "S39.012S"),
    ),
    Case(
        "obstetric first, weeks last",
        sequence,
        docket(code("Z3A.20"), code("M54.50"), code("G89.29"), code("O26.892"), purpose="pain-management"),
        ("O26.892", "G89.29", "M54.50", "Z3A.20"),
    ),
)
CASES = [*DOCUMENTED, *EXACT, *PAINS, *PAIRS, *DAYS, *CLAIM]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.guideline.__name__}: {case.name}")
def test_a_guideline_keeps_and_sets_aside(case: Case) -> None:
    """Exactly these codes stand, in this order, and exactly those are turned down, each with reason and winner."""
    left = case.guideline(case.given)
    assert tuple(c.code for c in left.candidates) == case.codes
    assert tuple((s.code, s.reason, s.by) for s in left.set_aside) == case.set_aside


# --- the words and sources of a decision ----------------------------------------------------------


def test_the_cue_and_the_problem_decide_a_context() -> None:
    """Not the side, nor any other slot."""
    given = docket(
        code(
            "M54.31",
            context=Context.NEGATED,
            cues=(Span(0, 2, "no"),),
            evidence=(quote("side", 3, "right"), quote("problem", 9, "sciatica")),
        )
    )
    (aside,) = present_conditions(given).set_aside
    assert [(e.slot, e.text) for e in aside.evidence] == [("context", "no"), ("problem", "sciatica")]


def test_a_symptom_explained_elsewhere_quotes_both() -> None:
    """The words of the pain that is turned down, and those of the diagnosis that explains it."""
    words = (quote("problem", 0, "back pain"), quote("explained by", 30, "kidney stone"))
    judged = explained_elsewhere(docket(code("M54.9", evidence=words)))
    assert [e.text for e in judged.set_aside[0].evidence] == ["back pain", "kidney stone"]


def test_a_cause_is_quoted_against_the_symptom() -> None:
    """The words of the diagnosis that explains it; and the Excludes1 note, where there is one."""
    disc = code("M51.26", "lumbar", evidence=(quote("problem", 40, "herniation"),))
    (aside,) = integral_symptoms(docket(code("M54.50"), disc)).set_aside
    assert [e.text for e in aside.evidence] == ["herniation"]
    assert aside.source.startswith("guideline I.B.5; and Excludes1 at M54.5: ")
    (plain,) = integral_symptoms(docket(code("M54.50"), code("M48.061", "lumbar"))).set_aside
    assert plain.source == "guideline I.B.5"


def test_an_excludes1_note_is_quoted_with_level_and_release() -> None:
    """As the book has it on the day of service."""
    (aside,) = excludes1(docket(code("M54.50"), code("M54.41"))).set_aside
    assert aside.source == "guideline I.A.12.a"
    assert aside.why.startswith("Excludes1 at M54.5: lumbago with sciatica (M54.4-) (FY2026).")


def test_psychological_factors_rest_on_the_pain_they_affect() -> None:
    """F45.42 cites the words of the G89 code it stands beside (I.C.5.a)."""
    given = docket(
        code("F45.42", problem="psychological factors"),
        code("G89.29", "lumbar", evidence=(quote("problem", 50, "back pain"),)),
    )
    first = psychological_pain(given).candidates[0]
    assert [(e.slot, e.text) for e in first.evidence] == [("problem", "words"), ("pain", "back pain")]


def test_a_code_earned_twice_cites_both_places() -> None:
    """In order of place, each once."""
    twice = docket(
        code("M54.50", evidence=(quote("problem", 60, "LBP"),)),
        code("M54.50", evidence=(quote("problem", 5, "lumbago"), quote("problem", 60, "LBP"))),
    )
    (one,) = once(twice).candidates
    assert [e.text for e in one.evidence] == ["lumbago", "LBP"]


def test_a_code_of_the_day_says_what_it_is_today() -> None:
    """And does not cite the character that only today's code asks for."""
    given = docket(
        code("M54.51", evidence=(quote("character", 0, "vertebrogenic"), quote("problem", 14, "low back pain"))),
        day=datetime.date(2021, 9, 30),
    )
    (old,) = date_of_service(given).candidates
    assert old.remarks == ("M54.51 came later: on 2021-09-30 it was M54.5",)
    assert [e.slot for e in old.evidence] == ["problem"]


@pytest.mark.parametrize(
    ("given", "absent"),
    [
        ("M54.9", ("a region", "a character of the pain", "a cause")),
        ("M54.30", ("a side",)),
        ("M54.31", ()),
        ("M51.369", ("low back pain", "leg pain")),
        ("M51.360", ()),
        ("M50.20", ("a level",)),
        ("M50.222", ()),
    ],
)
def test_an_unspecified_code_says_what_was_searched_in_vain(given: str, absent: tuple[str, ...]) -> None:
    """I.A.9.b; a specified one says nothing."""
    (found,) = searched_in_vain(docket(code(given))).candidates
    assert found.absent == absent


@pytest.mark.parametrize(
    ("given", "remarks"),
    [
        (code("M54.50", side="left"), ("side (left) noted: it has no effect on this code",)),
        (code("M54.31", side="right"), ()),
        (code("M54.16", side="right"), ("side (right) noted: it has no effect on this code",)),
        (code("M54.2", course="acute"), ("course (acute) noted: it has no effect on this code",)),
        (code("M54.2", course="chronic"), ()),
        (code("M54.2", duration="2 weeks"), ("duration (2 weeks) noted: it has no effect on this code",)),
        (
            code("M54.2", duration="2 years"),
            (
                "duration (2 years) noted: it has no effect on this code;"
                " length alone is not chronic (guideline I.C.6.b.4)",
            ),
        ),
        (code("M51.26", "lumbar", side="left", duration="2 years"), ()),
    ],
    ids=lambda value: value.code if isinstance(value, Candidate) else "",
)
def test_what_has_no_effect_is_said(given: Candidate, remarks: tuple[str, ...]) -> None:
    """Side, acuity and length of a back pain, so that nobody looks for their code."""
    (found,) = without_effect(docket(given)).candidates
    assert found.remarks == remarks


def test_sciatica_beside_spondylosis_is_for_review() -> None:
    """Both stand; beside a cervical spondylosis nothing is in doubt."""
    low = sciatica_with_spondylosis(docket(code("M47.816", "lumbar"), code("M54.31")))
    assert [(c.code, len(c.confirm)) for c in low.candidates] == [("M47.816", 0), ("M54.31", 1)]
    neck = sciatica_with_spondylosis(docket(code("M47.812", "cervical"), code("M54.31")))
    assert [c.confirm for c in neck.candidates] == [(), ()]


def test_a_payer_may_ask_for_endplate_evidence() -> None:
    """The code stands, an alert says so; none where the note has the imaging, or another code."""
    (alert,) = endplate_evidence(docket(code("M54.51"))).alerts
    assert (alert.id, alert.severity, alert.source) == ("endplate-evidence", "info", "payer")
    assert [c.code for c in endplate_evidence(docket(code("M54.51"))).candidates] == ["M54.51"]
    assert endplate_evidence(docket(code("M54.51", evidence=TIED))).alerts == ()
    assert endplate_evidence(docket(code("M54.59"))).alerts == ()


# --- all of them ----------------------------------------------------------------------------------


def test_every_guideline_is_tested_here() -> None:
    """A new one brings a case that it decides and a near miss that it does not."""
    without_codes = {searched_in_vain, without_effect, sciatica_with_spondylosis, endplate_evidence}
    assert {case.guideline for case in CASES} | without_codes == set(GUIDELINES)


def test_all_guidelines_in_their_order() -> None:
    """What counts, what explains, what is exact, the day, the pairs, the claim; reasons as the first to decide says."""
    pain = fact("pain", "lumbar", course="chronic", listed="with others", order=1)
    candidates = (
        code("M54.50", of=pain),
        code("G89.29", of=pain),
        code("M54.41", listed="with others", order=2),
        code("M51.16", "lumbar", order=3),
        code("M54.2", context=Context.NEGATED),
        code("M54.12", "cervical", context=Context.UNCERTAIN),
        code("M48.061", "lumbar", standing="finding"),
    )
    judged = judge(NOTE, Reading("clinic", "evaluation"), tuple(c.fact for c in candidates), candidates)
    assert [c.code for c in judged.candidates] == ["M51.16"]
    assert [(s.code, s.reason, s.by) for s in judged.set_aside] == [
        ("M54.2", "negated", ""),
        ("M54.12", "uncertain", ""),
        ("M48.061", "not this provider's diagnosis", ""),
        ("G89.29", "superseded", "M51.16"),
        ("M54.50", "superseded", "M51.16"),
        ("M54.41", "Excludes1", "M51.16"),
    ]


def test_a_note_without_a_day_is_judged_by_the_newest_release() -> None:
    """The same as on a day of it."""
    candidates = (code("M54.50"),)
    facts = tuple(c.fact for c in candidates)
    undated = judge(Note(text="x"), Reading("clinic", "evaluation"), facts, candidates)
    assert [c.code for c in undated.candidates] == ["M54.50"]
    old = replace(NOTE, date_of_service=datetime.date(2020, 1, 2))
    assert [c.code for c in judge(old, Reading("clinic", "evaluation"), facts, candidates).candidates] == ["M54.5"]
