"""The seven elements and the red flags of a note: found, denied or absent, each with its words."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from nlp_coder import Coder, Note
from nlp_coder.claims.elements import NAMES, Chart, chart
from nlp_coder.claims.redflags import FLAGS, alerts
from nlp_coder.evaluate import elements as measure

ROOT = Path(__file__).resolve().parent.parent
FULL = """Follow-up visit.
HPI: Low back pain with right sciatica for 3 weeks after lifting a crate. No fever, no weight loss.
Exam: Lumbar tenderness. Right EHL 4/5.
Assessment: Right sciatica.
"""


@pytest.fixture(scope="module")
def coder() -> Coder:
    """One reader for all."""
    return Coder()


def charted(coder: Coder, text: str) -> Chart:
    """The chart of a text."""
    return chart(coder.read(Note(text)))


def statuses(found: Chart) -> dict[str, str]:
    """Element → status, those that are absent left out."""
    return {e.name: e.status for e in found.elements if e.status != "absent"}


def raised(found: Chart) -> dict[str, str]:
    """Flag → status, those not documented left out."""
    return {f.name: f.status for f in found.flags if f.status != "not documented"}


def test_every_element_of_a_full_note_quotes_its_words(coder: Coder) -> None:
    """The first quotation of each element is the most telling one."""
    found = charted(coder, FULL)
    assert [(e.name, e.status, e.evidence[0].text) for e in found.elements] == [
        ("region", "found", "Low back pain"),
        ("side", "found", "right"),
        ("onset and duration", "found", "for 3 weeks"),
        ("cause or type", "found", "sciatica"),
        ("objective findings", "found", "tenderness"),
        ("encounter intent", "found", "Follow-up visit"),
        ("red flags", "found", "EHL 4/5"),
    ]
    assert found.completeness == 1.0


def test_every_span_quotes_the_note(coder: Coder) -> None:
    """Offsets count code points of the untouched note."""
    found = charted(coder, FULL)
    cited = [e for part in (*found.elements, *found.flags) for e in part.evidence]
    assert len(cited) == 18
    assert [FULL[e.start : e.end] for e in cited] == [e.text for e in cited]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Back pain.", {}),
        ("Neck pain.", {"region": "found"}),
        ("Left sciatica.", {"side": "found", "cause or type": "found"}),
        ("Neck pain since March 2026.", {"region": "found", "onset and duration": "found"}),
        ("Neck pain. Recheck in 3 weeks.", {"region": "found"}),
        ("Neck pain in this man of 58 years old.", {"region": "found"}),
        ("Neck pain. No red flags.", {"region": "found", "red flags": "denied"}),
        ("Neck pain. Return if fever or weakness.", {"region": "found"}),
        ("Neck pain.\nExam: Strength 5/5.", {"region": "found", "objective findings": "denied", "red flags": "denied"}),
        ("Neck pain after missing a stair.", {"region": "found", "cause or type": "found", "red flags": "found"}),
        ("Neck pain. It began early Sunday.", {"region": "found", "onset and duration": "found"}),
        ("Onset date: March 4, 2026. Neck pain.", {"region": "found", "onset and duration": "found"}),
        ("Neck pain since the fusion of 2019.", {"region": "found", "onset and duration": "found"}),
        (
            "Neck pain. He was injured today.",
            {
                "region": "found",
                "onset and duration": "found",
                "cause or type": "found",
            },
        ),
        ("Neck pain at 26 weeks.", {"region": "found"}),
        ("Neck pain since the third trimester.", {"region": "found", "onset and duration": "found"}),
        ("Neck pain.\nExam: Tender L trapezius.", {"region": "found", "side": "found", "objective findings": "found"}),
        ("Neck pain.\nExam: Tender L shoulder.", {"region": "found", "objective findings": "found"}),
        ("Neck pain. Both arms ache.", {"region": "found", "side": "found"}),
        ("Neck pain.\nPMH: HTN.\nNeck: full ROM, nontender.", {"region": "found", "objective findings": "denied"}),
        ("Neck pain.\nPMH: HTN.\nNeck: flexion 30%.", {"region": "found", "objective findings": "found"}),
        (
            "Neck pain.\nImaging: C5-6 discitis.",
            {
                "region": "found",
                "cause or type": "found",
            },
        ),
        (
            "Neck pain, sciatica; reflexes normal both legs.",
            {
                "region": "found",
                "cause or type": "found",
                "objective findings": "denied",
            },
        ),
        ("Session #3. Neck pain.", {"region": "found", "encounter intent": "found"}),
        ("Nurse call: Neck pain.", {"region": "found", "encounter intent": "found"}),
        ("Annual physical. Neck pain.", {"region": "found", "encounter intent": "found"}),
        ("Chief complaint: Neck pain.", {"region": "found", "encounter intent": "found"}),
    ],
)
def test_what_is_said_and_nothing_else(coder: Coder, text: str, expected: dict[str, str]) -> None:
    """A back without a region is no region; an appointment is no duration; a warning is no flag."""
    assert statuses(charted(coder, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Low back pain. Urinary incontinence since Monday.", {"cauda equina signs": "present"}),
        ("Low back pain. She can't urinate.", {"cauda equina signs": "present"}),
        ("Low back pain. Injects heroin daily.", {"intravenous drug use": "present"}),
        ("Low back pain. T 38.9 on arrival.", {"fever": "present"}),
        ("Low back pain. T 37.1 on arrival.", {}),
        ("Low back pain with rigors.", {"fever": "present"}),
        ("Low back pain. Woke her up most nights.", {"night pain": "present"}),
        ("Low back pain. Motor 5/5 both legs.", {"neurological deficit": "denied"}),
        ("Low back pain.\nExam: core weakness.", {}),
        ("Low back pain. Gastroc 4/5.", {"neurological deficit": "present"}),
        ("Low back pain. Foot drop = ED.", {}),
        ("Low back pain. No saddle anesthesia.", {"cauda equina signs": "denied"}),
        ("Low back pain. Denies fever and weight loss.", {"fever": "denied", "weight loss": "denied"}),
        ("Low back pain.\nPMH: breast cancer 2011.", {"cancer history": "present"}),
        ("Low back pain.\nFamily history: breast cancer.", {}),
        ("Low back pain. She slipped on the steps.", {"trauma": "present"}),
        ("Low back pain. Injections last fall.", {}),
        ("Low back pain. Takes methotrexate.", {"steroid use or immune suppression": "present"}),
        ("Low back pain. History of IV drug use.", {"intravenous drug use": "present"}),
        ("Low back pain that awakens her from sleep.", {"night pain": "present"}),
        ("Low back pain. Left EHL 4/5.", {"neurological deficit": "present"}),
        ("Low back pain. Left EHL 5/5.", {"neurological deficit": "denied"}),
        ("Low back pain. No weakness of the right leg. Left EHL 4/5.", {"neurological deficit": "present"}),
        ("Low back pain, pain 4/5.", {}),
        ("Low back pain. MRI if foot drop.", {}),
        ("Low back pain. Discussed cauda equina precautions.", {}),
        ("Low back pain. Red flag sheet given (loss of bladder control).", {}),
        ("Low back pain. Creatinine fell to 1.1.", {}),
        ("Low back pain. Colon cancer screening is due.", {}),
        ("Low back pain. Smoking cessation and weight loss would help.", {}),
        ("Low back pain.\nROS: neg fever, wt loss, night sweats.", {"fever": "denied", "weight loss": "denied"}),
        ("Low back pain. We discussed weight loss.", {}),
        ("Low back pain.\nROS: no cough, positive for fever.", {"fever": "present"}),
        ("Low back pain.\nROS      Y   N\nFever        x\nWt loss  x", {"fever": "denied", "weight loss": "present"}),
    ],
)
def test_red_flags_are_present_denied_or_not_documented(coder: Coder, text: str, expected: dict[str, str]) -> None:
    """Family, warnings, seasons and pain scores are no flags; a form's columns are read."""
    found = charted(coder, text)
    assert [f.name for f in found.flags] == list(FLAGS)
    assert raised(found) == expected


PHRASES = [
    pytest.param(row["element"], row["spoken of"] == "yes", row["note"].replace(" / ", "\n"), id=row["note"])
    for row in csv.DictReader((ROOT / "tests" / "element-phrases.csv").open(encoding="utf-8", newline=""))
]


@pytest.mark.parametrize(("element", "spoken", "text"), PHRASES)
def test_phrases_of_each_element(coder: Coder, element: str, spoken: bool, text: str) -> None:
    """Onsets, events, visits, findings and flags in the words of many authors, and what only looks like them."""
    assert (next(e for e in charted(coder, text).elements if e.name == element).status != "absent") == spoken


def test_a_denied_list_raises_no_flag(coder: Coder) -> None:
    """What stands far down a list of denials is denied; so is a box ticked no, and weight lost on a diet."""
    texts = {
        "Low back pain. Denies fever, chills, weight change, trouble with stairs, bowel or bladder problems.": "denied",
        "Low back pain. Bowel/bladder change: [ ] yes [x] no": "denied",
        "Low back pain. Has bowel and bladder problems.": "present",
    }
    assert {t: raised(charted(coder, t)).get("cauda equina signs") for t in texts} == texts
    assert raised(charted(coder, "Low back pain. Joined a gym and lost 9 pounds.")) == {}
    assert raised(charted(coder, "Low back pain. She lost 9 pounds.")) == {"weight loss": "present"}


def test_a_date_is_no_number_of_a_visit(coder: Coder) -> None:
    """The third session, but not the fourth of March."""
    quoted = [
        charted(coder, text).elements[5].evidence[0].text
        for text in ("Neck pain. Treatment 3 of 8.", "Visit 3/4/2026. Neck pain.")
    ]
    assert quoted == ["Treatment 3 of 8", "Visit"]


def test_a_flag_alerts_and_codes_nothing(coder: Coder) -> None:
    """A red flag is for clinical review."""
    text = "Low back pain. Urinary incontinence since Monday."
    told = alerts(charted(coder, text).flags)
    assert [(a.id, a.severity, a.evidence[0].text) for a in told] == [("red-flag", "warning", "incontinence")]
    assert [c.code for c in coder.code(Note(text)).codes] == ["M54.50"]


def test_reading_changes_no_code(coder: Coder) -> None:
    """What read finds beyond the codes' needs leaves the facts as they are."""
    note = Note(FULL)
    parsed, coded = coder.read(note), coder.code(note)
    assert (parsed.facts, parsed.findings) == (coded.facts, coded.findings)
    assert {m.get("redflag") for m in parsed.mentions} - {None} == {"fever", "weight loss"}


@pytest.mark.parametrize(
    ("file", "number"), [("elements.csv", 60), ("elements-second.csv", 21), ("elements-third.csv", 14)]
)
def test_labels_quote_their_notes(file: str, number: int) -> None:
    """Every labelled quote stands in its note, each element of a note is labelled once."""
    with (ROOT / "annotations" / file).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = (ROOT / "annotations" / "notes.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {row["id"]: row["text"].lower() for row in map(json.loads, lines)}
    assert [r for r in rows for q in r["quotes"].split(" | ") if q.lower() not in texts[r["id"]]] == []
    assert {r["element"] for r in rows} == set(NAMES)
    assert {r["status"] for r in rows} == {"found", "denied"}
    assert len({r["id"] for r in rows}) == number
    assert len({(r["id"], r["element"]) for r in rows}) == len(rows)


def test_elements_of_our_notes_keep_the_bar(coder: Coder) -> None:
    """F1 with spans over the 60 labelled notes."""
    with (ROOT / "annotations" / "elements.csv").open(encoding="utf-8", newline="") as stream:
        wanted = measure.labels(csv.DictReader(stream))
    scored = []
    for row in map(json.loads, (ROOT / "annotations" / "notes.jsonl").read_text(encoding="utf-8").splitlines()):
        if row["id"] in wanted:
            found = charted(coder, row["text"]).elements
            got = {e.name: (e.status, (e.evidence[0].start, e.evidence[0].end) if e.evidence else None) for e in found}
            scored += measure.scored(row["id"], row["text"], wanted[row["id"]], got)
    assert len(scored) == 60 * 7
    assert measure.bars(scored)[0].kept


def test_an_element_counts_only_with_its_place() -> None:
    """The right status with words from elsewhere is one extra and one missed."""
    wanted = measure.labels([{"id": "n", "element": "side", "status": "found", "quotes": "left | both"}])["n"]
    text = "right knee, left leg"
    near = measure.scored("n", text, wanted, {"side": ("found", (12, 16)), "region": ("absent", None)})
    far = measure.scored("n", text, wanted, {"side": ("found", (0, 5))})
    assert [s.right for s in (*near, *far)] == [True, True, False]
    assert measure.table(far).rows[-1] == ("all", "1", "0.000", "0.000", "0.000")
    assert measure.bars(near)[0].value == 1.0
