"""Facts: which place, side, course and character belongs to which problem, and what one fact tells another."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import pytest

from nlp_coder.assemble import assemble
from nlp_coder.assemble.lasting import with_length
from nlp_coder.extract.nlp import Extractor
from nlp_coder.segment import outline
from nlp_coder.types import NOT_STATED, Fact, Note, Reading


class Row(NamedTuple):
    """What a fact of the spine says of itself."""

    problem: str
    region: str = NOT_STATED
    level: str = NOT_STATED
    side: str = NOT_STATED
    course: str = NOT_STATED
    character: str = NOT_STATED
    context: str = "present"


class Bound(NamedTuple):
    """A text and all its facts of the spine."""

    text: str
    rows: set[Row]


class Linked(NamedTuple):
    """A text, a field, and for each problem that fills it (by region or level if stated) its value."""

    text: str
    field: str
    values: dict[str, str]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """The medspaCy pipeline alone."""
    return Extractor()


def understood(extractor: Extractor, text: str, setting: str = "outpatient") -> tuple[tuple[Fact, ...], Reading]:
    """All facts of a note, and what kind of note it is."""
    form = outline(text)
    mentions = extractor.mentions(text, form.masked, form.sentences)
    return assemble(Note(text=text, setting=setting), form.masked, form.sections, form.sentences, mentions)


def facts_of(extractor: Extractor, text: str) -> tuple[Fact, ...]:
    """The facts of a note that are not about a limb or another part of the body."""
    return tuple(f for f in understood(extractor, text)[0] if f.region not in {"leg", "arm", "elsewhere"})


def rows(extractor: Extractor, text: str) -> list[Row]:
    """The same, as rows."""
    return [
        Row(f.problem, f.region, f.level, f.side, f.course, f.character, f.context.value)
        for f in facts_of(extractor, text)
    ]


def place(fact: Fact) -> str:
    """A problem by its name and, where it has one, its level or region."""
    known = [part for part in (fact.level, fact.region) if part != NOT_STATED]
    return " ".join([fact.problem, *known[:1]])


COORDINATED = (
    Bound("Pain in the left knee and lower back.", {Row("pain", "lumbar")}),
    Bound("Pain in the lower back and left knee.", {Row("pain", "lumbar")}),
    Bound("Pain in the right hip, neck and low back.", {Row("pain", "cervical"), Row("pain", "lumbar")}),
    Bound("Pain at the thoracolumbar junction.", {Row("pain", "thoracolumbar")}),
    Bound(
        "Neck, mid-back and low back pain.",
        {Row("pain", "cervical"), Row("pain", "thoracic"), Row("pain", "lumbar")},
    ),
    Bound("Pain in the neck and between the shoulder blades.", {Row("pain", "cervical"), Row("pain", "thoracic")}),
    Bound(
        "Chronic neck and low back pain.",
        {Row("pain", "cervical", course="chronic"), Row("pain", "lumbar", course="chronic")},
    ),
    Bound(
        "Chronic low back, buttock and leg pain.",
        {Row("pain", "lumbar", course="chronic")},
    ),
    Bound(
        "Neck pain, chronic. Low back pain, acute.",
        {Row("pain", "cervical", course="chronic"), Row("pain", "lumbar", course="acute")},
    ),
    Bound("Lumbar and cervical spondylosis.", {Row("spondylosis", "lumbar"), Row("spondylosis", "cervical")}),
    Bound("Thoracic strain and lumbar sprain.", {Row("strain", "thoracic"), Row("sprain", "lumbar")}),
    Bound("Chronic kidney disease and low back pain.", {Row("pain", "lumbar")}),
    Bound("Acute on chronic neck pain.", {Row("pain", "cervical", course="acute on chronic")}),
    Bound(
        "Mechanical low back pain and neck pain.",
        {Row("pain", "lumbar", character="mechanical"), Row("pain", "cervical")},
    ),
    Bound("Pain in the low back which is mechanical.", {Row("pain", "lumbar", character="mechanical")}),
    Bound("Pain in the neck radiating to the left arm.", {Row("pain", "cervical")}),
    Bound("Low back pain radiating to the right leg.", {Row("pain", "lumbar")}),
    Bound("Back pain.", {Row("pain")}),
    Bound("The back pain is worst in the lumbar region.", {Row("pain", "lumbar")}),
)

SIDES = (
    Bound("Left low back pain, right knee pain.", {Row("pain", "lumbar", side="left")}),
    Bound(
        "Right-sided neck pain, left-sided low back pain.",
        {Row("pain", "cervical", side="right"), Row("pain", "lumbar", side="left")},
    ),
    Bound("Low back pain with right sciatica.", {Row("pain", "lumbar"), Row("sciatica", side="right")}),
    Bound("Right low back pain with sciatica.", {Row("pain", "lumbar", side="right"), Row("sciatica")}),
    Bound(
        "Sciatica of the left leg, low back pain worse on the right.",
        {Row("sciatica", side="left"), Row("pain", "lumbar", side="right")},
    ),
    Bound("Sciatica down the right leg.", {Row("sciatica", side="right")}),
    Bound("Lumbago with sciatica, left side.", {Row("pain", "lumbar"), Row("sciatica", side="left")}),
    Bound("Low back pain. The pain is worse on the left.", {Row("pain", "lumbar", side="left")}),
    Bound("Bilateral sciatica.", {Row("sciatica", side="bilateral")}),
    Bound("Sciatica on both sides.", {Row("sciatica", side="bilateral")}),
    Bound("Right and left sciatica.", {Row("sciatica", side="bilateral")}),
    Bound("Pain over the left sacroiliac joint.", {Row("sacroiliac pain", side="left")}),
    Bound("Right-handed man with left sciatica.", {Row("sciatica", side="left")}),
    Bound("The left lung is clear. Sciatica.", {Row("sciatica")}),
)

LEVELS = (
    Bound(
        "C5-6 and C6-7 disc herniations.",
        {Row("disc displacement", "cervical", "C5-C6"), Row("disc displacement", "cervical", "C6-C7")},
    ),
    Bound(
        "Degenerative disc disease at L3-4, L4-5 and L5-S1.",
        {
            Row("disc degeneration", "lumbar", "L3-L4"),
            Row("disc degeneration", "lumbar", "L4-L5"),
            Row("disc degeneration", "lumbosacral", "L5-S1"),
        },
    ),
    Bound("L3 to L5 stenosis.", {Row("stenosis", "lumbar", "L3-L4"), Row("stenosis", "lumbar", "L4-L5")}),
    Bound("C7-T1 disc herniation.", {Row("disc displacement", "cervicothoracic", "C7-T1")}),
    Bound("T12-L1 disc herniation.", {Row("disc displacement", "thoracolumbar", "T12-L1")}),
    Bound("Spondylolisthesis of L5 on S1.", {Row("spondylolisthesis", "lumbosacral", "L5-S1")}),
    Bound("T12 compression fracture.", {Row("compression fracture", "thoracic", "T12")}),
    Bound("Right C6 radiculopathy.", {Row("radiculopathy", "cervical", "C6", "right")}),
    Bound(
        "Left L4-5 disc herniation and right knee osteoarthritis.",
        {Row("disc displacement", "lumbar", "L4-L5", "left")},
    ),
    Bound(
        "L4-5: no stenosis. L5-S1: severe stenosis.",
        {Row("stenosis", "lumbar", "L4-L5", context="negated"), Row("stenosis", "lumbosacral", "L5-S1")},
    ),
    Bound(
        "Severe stenosis at L4-5, no stenosis at L5-S1.",
        {Row("stenosis", "lumbar", "L4-L5"), Row("stenosis", "lumbosacral", "L5-S1", context="negated")},
    ),
    Bound("Discogenic low back pain at L5-S1.", {Row("pain", "lumbar", character="discogenic")}),
    Bound(
        "Bilateral facet arthropathy at L4-5 and L5-S1.",
        {
            Row("facet arthropathy", "lumbar", "L4-L5", "bilateral"),
            Row("facet arthropathy", "lumbosacral", "L5-S1", "bilateral"),
        },
    ),
)

MEANT = (
    Bound(
        "No neck pain but has low back pain.",
        {Row("pain", "cervical", context="negated"), Row("pain", "lumbar")},
    ),
    Bound("Low back pain, possible sciatica.", {Row("pain", "lumbar"), Row("sciatica", context="uncertain")}),
    Bound("Low back pain, no sciatica.", {Row("pain", "lumbar"), Row("sciatica", context="negated")}),
    Bound("His wife has sciatica.", {Row("sciatica", context="family")}),
    Bound("Return if sciatica develops.", {Row("sciatica", context="hypothetical")}),
    Bound("No longer has sciatica.", {Row("sciatica", context="historical")}),
)


@pytest.mark.parametrize("case", [*COORDINATED, *SIDES, *LEVELS, *MEANT], ids=lambda case: case.text)
def test_what_is_said_goes_to_the_right_problem(extractor: Extractor, case: Bound) -> None:
    """One fact for each problem and place, with its own side, course and character and nobody else's."""
    found = rows(extractor, case.text)
    assert set(found) == case.rows
    assert len(found) == len(case.rows)


ROOTS = {
    "C2": "occipito-atlanto-axial",
    "C3": "cervical",
    "C7": "cervical",
    "C8": "cervicothoracic",
    "C8/T1": "cervicothoracic",
    "T1": "thoracic",
    "T11": "thoracic",
    "T12": "thoracolumbar",
    "L1": "lumbar",
    "L5": "lumbar",
    "L5-S1": "lumbosacral",
    "L5 and S1": "lumbosacral",
    "L5 versus S1": "lumbosacral",
    "S1": "lumbosacral",
    "S2": "sacral",
}


@pytest.mark.parametrize(("root", "region"), ROOTS.items(), ids=ROOTS)
def test_a_root_says_the_region_of_its_radiculopathy(extractor: Extractor, root: str, region: str) -> None:
    """Policy section 2; two roots of one process, or in doubt, take the region common to both or the wider one."""
    facts = facts_of(extractor, f"Assessment:\n{root} radiculopathy.")
    assert [(f.problem, f.region, f.context.value) for f in facts] == [("radiculopathy", region, "present")]


def test_pain_of_a_limb_is_a_fact_of_the_limb(extractor: Extractor) -> None:
    """``Left knee`` is where the other pain is; the back gets no side from it."""
    facts, _ = understood(extractor, "Pain in the left knee and lower back.")
    assert [(f.problem, f.region) for f in facts] == [("pain", "elsewhere"), ("pain", "lumbar")]


def test_every_slot_quotes_its_words(extractor: Extractor) -> None:
    """The evidence of a fact, slot by slot, in order of place."""
    (fact,) = facts_of(extractor, "Chronic left-sided mechanical  low\u00a0back pain since May after a fall.")
    assert [(e.slot, e.text) for e in fact.evidence] == [
        ("course", "Chronic"),
        ("side", "left-sided"),
        ("character", "mechanical"),
        ("problem", "low\u00a0back pain"),
        ("region", "low\u00a0back pain"),
        ("duration", "since May"),
        ("cause", "fall"),
    ]


# --- sections -------------------------------------------------------------------------------------

SECTIONS = (
    Bound(
        "HPI:\nRight sciatica.\n\nAssessment:\nLeft sciatica.",
        {Row("sciatica", side="left")},
    ),
    Bound(
        "HPI:\nRight sciatica for two weeks, worse at night.\n\nAssessment:\nSciatica.", {Row("sciatica", side="right")}
    ),
    Bound(
        "HPI:\nPossible sciatica, low back pain.\n\nAssessment:\nRight sciatica with low back pain.",
        {Row("sciatica", side="right"), Row("pain", "lumbar")},
    ),
    Bound("HPI:\nRight sciatica.\n\nAssessment:\nPossible sciatica.", {Row("sciatica", context="uncertain")}),
    Bound("Assessment:\n1. Sciatica.\n2. Possible left sciatica.", {Row("sciatica")}),
    Bound(
        "HPI:\nChronic neck pain.\n\nAssessment:\n1. Neck pain.\n2. Low back pain.",
        {Row("pain", "cervical", course="chronic"), Row("pain", "lumbar")},
    ),
    Bound("HPI:\nThe pain is in the low back.\n\nAssessment:\nBack pain.", {Row("pain", "lumbar")}),
    Bound(
        "Chief complaint: back pain\nExam: tenderness over the lumbar spine.\nAssessment: back pain.",
        {Row("pain", "lumbar")},
    ),
    Bound(
        "Findings:\nL4-5: disc bulge. Mild facet arthropathy.\nL5-S1: disc herniation.\n\n"
        "Impression:\nDisc herniation at L5-S1.",
        {
            Row("disc displacement", "lumbosacral", "L5-S1"),
            Row("disc displacement", "lumbar", "L4-L5"),
            Row("facet arthropathy", "lumbar", "L4-L5"),
        },
    ),
    Bound(
        "Findings:\nL3-4: No stenosis.\nL4-5: Severe stenosis.\nL5-S1: Disc protrusion.\n\n"
        "Impression:\nSevere stenosis at L4-5.",
        {
            Row("stenosis", "lumbar", "L4-L5"),
            Row("stenosis", "lumbar", "L3-L4", context="negated"),
            Row("disc displacement", "lumbosacral", "L5-S1"),
        },
    ),
)


@pytest.mark.parametrize("case", SECTIONS, ids=lambda case: repr(case.text))
def test_a_problem_of_several_sections_is_one_fact(extractor: Extractor, case: Bound) -> None:
    """The assessment wins where they contradict each other; what it leaves out, the others say."""
    found = rows(extractor, case.text)
    assert set(found) == case.rows
    assert len(found) == len(case.rows)


def test_a_side_that_sections_contradict_is_an_alert(extractor: Extractor) -> None:
    """With the words of both; agreeing sections raise none."""
    _, reading = understood(extractor, "HPI:\nRight sciatica.\n\nAssessment:\nLeft sciatica.")
    assert [(a.id, a.severity, [e.text for e in a.evidence]) for a in reading.alerts] == [
        ("side-contradiction", "warning", ["Left", "Right"])
    ]
    _, agreed = understood(extractor, "HPI:\nLeft sciatica.\n\nAssessment:\nLeft sciatica.")
    assert agreed.alerts == ()


def test_facts_come_in_the_order_of_the_assessment(extractor: Extractor) -> None:
    """Whatever the history tells first."""
    text = "HPI:\nLow back pain and neck pain.\n\nAssessment:\n1. Neck pain.\n2. Low back pain."
    assert [f.region for f in facts_of(extractor, text)] == ["cervical", "lumbar"]


STANDINGS = (
    ("Assessment:\nSciatica.", "assessed"),
    ("Plan:\nHeat for sciatica.", "planned"),
    ("Chief complaint: sciatica", "complaint"),
    ("HPI:\nShe presents with sciatica.", "complaint"),
    ("HPI:\nThe sciatica kept her awake.", "presenting"),
    ("Past Medical History:\nSciatica.", "background"),
    ("Instructions:\nSciatica often heals by itself.", "education"),
)


@pytest.mark.parametrize(("text", "standing"), STANDINGS, ids=lambda value: repr(value))
def test_a_fact_stands_where_the_note_states_it(extractor: Extractor, text: str, standing: str) -> None:
    """The section, and the words before, say how much it counts."""
    (fact,) = facts_of(extractor, text)
    assert fact.standing == standing


def test_a_study_finds_and_an_examination_sees(extractor: Extractor) -> None:
    """Neither is a diagnosis."""
    text = "Imaging:\nL4-5 disc herniation.\n\nPhysical exam:\nSacroiliitis.\n\nAssessment:\nNeck pain."
    assert {f.problem: f.standing for f in facts_of(extractor, text)} == {
        "pain": "assessed",
        "disc displacement": "finding",
        "sacroiliitis": "sign",
    }


KINDS = (
    ("Low back pain.", "fragment"),
    ("HPI:\nNeck pain.\n\nAssessment:\nNeck pain.", "clinic"),
    ("Technique:\nPlain films.\n\nFindings:\nStenosis.\n\nImpression:\nStenosis.", "imaging report"),
    (
        "Preoperative diagnosis: stenosis\nPostoperative diagnosis: stenosis\nProcedure: decompression",
        "operative report",
    ),
)


@pytest.mark.parametrize(("text", "kind"), KINDS, ids=lambda value: repr(value))
def test_the_headings_say_what_kind_of_note_it_is(extractor: Extractor, text: str, kind: str) -> None:
    """Statements count by it."""
    assert understood(extractor, text)[1].kind == kind


def test_an_injection_given_today_makes_the_encounter_pain_management(extractor: Extractor) -> None:
    """One that is only planned does not."""
    given = "Chronic low back pain. Lumbar facet injection performed today."
    planned = "Chronic low back pain. Lumbar facet injection next month."
    assert understood(extractor, given)[1].purpose == "pain-management"
    assert understood(extractor, planned)[1].purpose == "evaluation"


def test_listed_alone_or_with_others(extractor: Extractor) -> None:
    """Pain under a diagnosis' heading is not a problem of its own; a separate item is."""
    shared = "Assessment:\nNeck pain with cervical radiculopathy."
    apart = "Assessment:\n1. Cervical radiculopathy.\n2. Neck pain."
    for text, listed in ((shared, "with others"), (apart, "alone")):
        assert {f.problem: f.listed for f in facts_of(extractor, text)}["pain"] == listed


# --- one fact tells another -----------------------------------------------------------------------

LINKS = (
    Linked("L4-5 disc herniation with L5 radiculopathy.", "nerve", {"disc displacement L4-L5": "radiculopathy"}),
    Linked("L4-5 disc herniation with sciatica.", "nerve", {"disc displacement L4-L5": "radiculopathy"}),
    Linked("L4-5 disc herniation. C6 radiculopathy.", "nerve", {}),
    Linked("Possible L5 radiculopathy. L4-5 disc herniation.", "nerve", {}),
    Linked("Lumbar disc degeneration with radiculopathy.", "nerve", {"disc degeneration lumbar": "radiculopathy"}),
    Linked("Lumbar spondylosis with radiculopathy.", "nerve", {"spondylosis lumbar": "radiculopathy"}),
    Linked("Lumbar spondylosis with sciatica.", "nerve", {}),
    Linked(
        "Lumbar disc herniation and lumbar spondylosis with radiculopathy.",
        "nerve",
        {"disc displacement lumbar": "radiculopathy"},
    ),
    Linked("C5-6 disc herniation with myelopathy.", "nerve", {"disc displacement C5-C6": "myelopathy"}),
    Linked("Cervical spondylosis with myelopathy.", "nerve", {"spondylosis cervical": "myelopathy"}),
    Linked("Lumbar stenosis with neurogenic claudication.", "nerve", {"stenosis lumbar": "neurogenic claudication"}),
    Linked("Lumbar stenosis without neurogenic claudication.", "nerve", {}),
    Linked("Low back pain with sciatica.", "pain", {"sciatica": "back"}),
    Linked("Sciatica. No low back pain.", "pain", {}),
    Linked("Neck pain and sciatica.", "pain", {}),
    Linked(
        "Lumbar disc degeneration with low back pain and leg pain.",
        "pain",
        {"disc degeneration lumbar": "back and leg"},
    ),
    Linked("Lumbar disc degeneration with low back pain.", "pain", {"disc degeneration lumbar": "back"}),
    Linked("Lumbar disc degeneration with pain of the right leg.", "pain", {"disc degeneration lumbar": "leg"}),
    Linked("Lumbar disc degeneration. Denies low back pain.", "pain", {}),
    Linked(
        "MRI shows Modic type 2 changes at L4-L5 concordant with her low back pain.",
        "imaging",
        {"pain lumbar": "modic 2"},
    ),
    Linked("Her low back pain is due to Modic type 1 changes.", "imaging", {"pain lumbar": "modic 1"}),
    Linked("MRI shows Modic type 2 changes at L4-L5. Low back pain.", "imaging", {}),
    Linked("Low back pain after lifting a box.", "cause", {"pain lumbar": "lifting"}),
    Linked("Low back pain. Her brother works in lifting equipment sales.", "cause", {}),
    Linked("Acute lumbar strain.", "phase", {"strain lumbar": "initial"}),
    Linked("Follow-up of lumbar strain.", "phase", {"strain lumbar": "subsequent"}),
    Linked("Sequela of lumbar strain.", "phase", {"strain lumbar": "sequela"}),
    Linked("Low back pain, 20 weeks pregnant.", "trimester", {"pregnancy": "2"}),
    Linked("Low back pain, 20 weeks pregnant.", "weeks", {"pregnancy": "20"}),
    Linked("Pregnancy-related low back pain at 28w0d.", "trimester", {"pregnancy pain": "3"}),
    Linked("Pregnancy-related low back pain at 27w6d.", "trimester", {"pregnancy pain": "2"}),
    Linked("Low back pain due to pregnancy, first trimester.", "trimester", {"pregnancy pain": "1"}),
    Linked("Low back pain. Not pregnant.", "trimester", {}),
)


@pytest.mark.parametrize("case", LINKS, ids=lambda case: f"{case.field}: {case.text}")
def test_facts_know_of_each_other(extractor: Extractor, case: Linked) -> None:
    """ICD-10-CM's "with", pain beside a disc, Modic changes tied to the pain, causes, phases, pregnancy."""
    found = {
        place(f): getattr(f, case.field) for f in facts_of(extractor, case.text) if getattr(f, case.field) != NOT_STATED
    }
    assert found == case.values


def test_a_pregnant_patients_pain_is_a_fact_beside_the_pregnancy(extractor: Extractor) -> None:
    """Related only where the note says so; a pregnancy with no pain of the spine is no fact of ours."""
    assert [f.problem for f in facts_of(extractor, "Low back pain at 24 weeks of pregnancy.")] == ["pregnancy", "pain"]
    assert [f.problem for f in facts_of(extractor, "Low back pain due to pregnancy.")] == ["pregnancy pain", "pain"]
    assert [f.problem for f in facts_of(extractor, "24 weeks pregnant, denies low back pain.")] == ["pain"]


def test_a_hedged_discharge_diagnosis_of_an_inpatient_counts_as_if_it_existed(extractor: Extractor) -> None:
    """Guideline II.H, to be confirmed; for an outpatient it stays uncertain (IV.H)."""
    text = "Discharge diagnosis:\nProbable lumbar radiculopathy."
    for setting, context in (("inpatient", "present"), ("outpatient", "uncertain")):
        ((fact,), _) = understood(extractor, text, setting)
        assert (fact.context.value, bool(fact.confirm)) == (context, setting == "inpatient")


def test_what_the_history_of_an_inpatient_hedges_stays_uncertain(extractor: Extractor) -> None:
    """Only what still stands at discharge counts."""
    ((fact,), _) = understood(extractor, "HPI:\nPossible sciatica.\n\nAssessment:\nFever.", "inpatient")
    assert fact.context.value == "uncertain"


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("since 2024-03-04", "8 weeks, since 2024-03-04"),
        ("since 2024-04-27", "4 days, since 2024-04-27"),
        ("since 2024-01", "4 months, since 2024-01"),
        ("since 2019", "5 years, since 2019"),
        ("since 2024", "since 2024"),
        ("since 2024-06-01", "since 2024-06-01"),
        ("since 2024-02-31", "since 2024-02-31"),
        ("3 weeks", "3 weeks"),
        ("since last tuesday", "since last tuesday"),
    ],
)
def test_a_beginning_is_counted_on_the_day_of_service(said: str, counted: str) -> None:
    """To the day where it is said to the day; a day to come, or that never was, is left as written."""
    fact = Fact(problem="pain", duration=said)
    assert with_length(fact, datetime.date(2024, 5, 1)).duration == counted
    assert with_length(fact, None).duration == said
