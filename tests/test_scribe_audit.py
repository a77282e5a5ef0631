"""The audit of a scribe's codes: each verdict on a note of its own, exact findings, and the codes printed in a text."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp_coder import Coder, NoteError
from nlp_coder.scribe.audit import audit
from nlp_coder.scribe.nouns import Finding, Proposed, ScribeAudit, ScribeDocument
from nlp_coder.scribe.proposals import printed, proposals
from nlp_coder.types import Span

DAY = datetime.date(2026, 3, 3)
SCIATICA = "Assessment: Low back pain with left sciatica. No radiculopathy."


class Case(NamedTuple):
    """A note and what a scribe proposes; every finding as (id, severity, code, instead), in order."""

    name: str
    note: str
    proposed: str
    findings: tuple[tuple[str, str, str, str], ...]
    day: datetime.date = DAY


CASES = (
    Case("confirmed", SCIATICA, "M54.42", ()),
    Case("written without its dot", SCIATICA, "m5442", ()),
    Case(
        "retired",
        "Assessment: Low back pain.",
        "M54.5",
        (("retired", "error", "M54.5", "M54.50"), ("missing", "info", "M54.50", "")),
    ),
    Case("good in its day", "Assessment: Low back pain.", "M54.5", (), datetime.date(2021, 9, 30)),
    Case(
        "not yet in force",
        "Assessment: Low back pain.",
        "M54.50",
        (("not-yet-valid", "error", "M54.50", "M54.5"), ("missing", "info", "M54.5", "")),
        datetime.date(2021, 9, 30),
    ),
    Case(
        "a header",
        "Assessment: L4-5 disc herniation with radiculopathy.",
        "M51.1",
        (("header", "error", "M51.1", "M51.16"), ("missing", "info", "M51.16", "")),
    ),
    Case(
        "7th character missing",
        "Assessment: Lumbar strain after lifting.",
        "S39.012",
        (("missing-character", "error", "S39.012", "S39.012A"), ("missing", "info", "S39.012A", "")),
    ),
    Case("no such code", SCIATICA, "M54.55 M54.42", (("unknown-code", "error", "M54.55", ""),)),
    Case("no code at all", SCIATICA, "backache M54.42", (("not-a-code", "error", "backache", ""),)),
    Case("outside the scope", SCIATICA, "M54.42 E11.9", (("not-checked", "info", "E11.9", ""),)),
    Case("no rule for it", SCIATICA, "M54.42 M62.838", (("not-checked", "info", "M62.838", ""),)),
    Case("wrong side", SCIATICA, "M54.42 M54.41", (("unsupported", "error", "M54.41", "M54.42"),)),
    Case("side not said", SCIATICA, "M54.42 M54.40", (("unspecified", "error", "M54.40", "M54.42"),)),
    Case(
        "region not said",
        "Assessment: Neck pain.",
        "M54.9",
        (("unspecified", "error", "M54.9", "M54.2"), ("missing", "info", "M54.2", "")),
    ),
    Case(
        "unspecified both, one names the region",
        "Assessment: Low back pain.",
        "M54.9",
        (("unspecified", "error", "M54.9", "M54.50"), ("missing", "info", "M54.50", "")),
    ),
    Case(
        "an Excludes1 pair that the note earns as unrelated",
        "Assessment:\n1. Occipital neuralgia.\n2. Low back pain.",
        "M54.81 M54.50",
        (),
    ),
    Case("denied", SCIATICA, "M54.42 M54.16", (("unsupported", "error", "M54.16", ""),)),
    Case(
        "uncertain",
        "Assessment: Low back pain. Possible lumbar radiculopathy.",
        "M54.50 M54.16",
        (("unsupported", "error", "M54.16", ""),),
    ),
    Case(
        "past",
        "Past medical history: sciatica in 2015, resolved.\n\nAssessment: Neck pain.",
        "M54.2 M54.30",
        (("unsupported", "error", "M54.30", ""),),
    ),
    Case("no words", "Assessment: Neck pain.", "M54.2 M47.816", (("unsupported", "error", "M47.816", ""),)),
    Case(
        "another region",
        "Assessment: Lumbar spondylosis.",
        "M47.812 M47.816",
        (("unsupported", "error", "M47.812", "M47.816"),),
    ),
    Case(
        "explained by a diagnosis",
        "Chief complaint: Low back pain.\n\nAssessment: Lumbar spondylosis.",
        "M47.816 M54.50",
        (("superseded", "error", "M54.50", "M47.816"),),
    ),
    Case(
        "parted by an Excludes1 note",
        SCIATICA,
        "M54.42 M54.50",
        (("superseded", "error", "M54.50", "M54.42"), ("conflict", "error", "M54.50", "M54.42")),
    ),
    Case(
        "an Excludes1 pair of which neither is earned",
        "Assessment: Neck pain.",
        "M54.2 M54.41 M54.50",
        (
            ("unsupported", "error", "M54.41", ""),
            ("unsupported", "error", "M54.50", ""),
            ("conflict", "error", "M54.41", ""),
        ),
    ),
    Case(
        "not proposed", "Assessment: 1. Neck pain. 2. Low back pain.", "M54.2", (("missing", "warning", "M54.50", ""),)
    ),
    Case(
        "in another order",
        "Assessment:\n1. Neck pain.\n2. Low back pain.",
        "M54.50 M54.2",
        (("sequence", "warning", "M54.2", ""),),
    ),
    Case(
        "the first right, the others in another order",
        "Assessment:\n1. Neck pain.\n2. Low back pain.\n3. Thoracic back pain.",
        "M54.2 M54.6 M54.50",
        (("sequence", "info", "M54.50", ""),),
    ),
)


def audited(coder: Coder, note: str, proposed: str, day: datetime.date = DAY) -> ScribeAudit:
    """A note and the codes proposed for it, set apart by blanks → the audit."""
    codes = tuple(Proposed(code) for code in proposed.split())
    return audit(ScribeDocument(note, proposed=codes, date_of_service=day), coder)


def brief(findings: tuple[Finding, ...]) -> tuple[tuple[str, str, str, str], ...]:
    """What a case states of each finding."""
    return tuple((f.id, f.severity, f.code, f.instead) for f in findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_proposal_gets_its_verdict(coder: Coder, case: Case) -> None:
    """All findings of a note, no more and no less, errors first."""
    assert brief(audited(coder, case.note, case.proposed, case.day).findings) == case.findings


def test_the_codes_to_bill_are_the_coders_in_claim_order(coder: Coder) -> None:
    """Whatever is proposed; confirmed are the proposed ones among them, as they were proposed."""
    answer = audited(coder, "Assessment:\n1. Neck pain.\n2. Low back pain.", "M54.50 M54.9 M54.2")
    assert [c.code for c in answer.codes] == ["M54.2", "M54.50"]
    assert answer.confirmed == ("M54.50", "M54.2")


@pytest.mark.parametrize(
    ("note", "proposed", "code", "words"),
    [
        (SCIATICA, "M54.16", "M54.16", ["No", "radiculopathy"]),
        (
            "Assessment: Low back pain. Possible lumbar radiculopathy.",
            "M54.16",
            "M54.16",
            ["Possible", "radiculopathy"],
        ),
        (SCIATICA, "M54.41", "M54.41", ["Low back pain", "left", "sciatica"]),
        ("Assessment: Neck pain (M54.9).", "", "M54.9", ["M54.9", "Neck pain", "Neck pain"]),
    ],
)
def test_a_finding_shows_its_words(coder: Coder, note: str, proposed: str, code: str, words: list[str]) -> None:
    """The denial, the doubt, the other side, the place where the code is printed; each span quotes the text."""
    evidence = next(f.evidence for f in audited(coder, note, proposed).findings if f.code == code)
    assert sorted(e.text for e in evidence) == sorted(words)
    assert [note[e.start : e.end] for e in evidence] == [e.text for e in evidence]


def test_the_text_names_both_sides_and_the_proof(coder: Coder) -> None:
    """What a person reads first."""
    texts = [f.text for f in audited(coder, SCIATICA, "M54.42 M54.41").findings]
    assert texts == ["The note says left, not right: it earns M54.42."]
    conflict = next(f for f in audited(coder, SCIATICA, "M54.42 M54.50").findings if f.id == "conflict")
    assert conflict.text == (
        "M54.50 and M54.42 are not used together: Excludes1 at M54.5: lumbago with sciatica (M54.4-)."
    )
    assert conflict.source == "guideline I.A.12.a; tabular: FY2026"


def test_unsure_codes_ask_for_a_person(coder: Coder) -> None:
    """A code that the note earns with something to confirm is a warning, never an error."""
    note = "Assessment: Low back pain. MRI: Modic type 2 changes, and the pain is concordant with them."
    assert brief(audited(coder, note, "M54.51").findings) == (("review", "warning", "M54.51", ""),)


def test_a_note_of_the_block_is_as_good_as_one_of_the_code(coder: Coder) -> None:
    """Discitis is excluded at M50-M54: an error, though the program has no rule for discitis."""
    findings = audited(coder, SCIATICA, "M54.42 M46.46").findings
    assert brief(findings) == (("conflict", "error", "M46.46", "M54.42"), ("not-checked", "info", "M46.46", ""))


def test_an_injury_and_a_disease_of_another_region_are_only_a_warning(coder: Coder) -> None:
    """The block's injury note means the same region, which an unearned code does not tell."""
    findings = audited(coder, "Assessment: Neck strain after a fall.", "S16.1XXA M54.50").findings
    assert brief(findings) == (
        ("unsupported", "error", "M54.50", ""),
        ("conflict", "warning", "M54.50", "S16.1XXA"),
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A: Neck pain (M54.2), low back pain [M54.50].", ["M54.2", "M54.50"]),
        ("Dx: m54.42. Also S39.012A; M5416 and E11.9", ["m54.42", "S39.012A", "M5416", "E11.9"]),
        ("Billed M54.5- last year.", ["M54.5"]),
        ("Discs at L4-5, C5-C6 and T12-L1; T12 and L45 fractures, C56 fusion.", []),
        ("Vitamin B12, A1C 6.9, H1N1 shot, T12.L1, L12.5 mm, 12.5 mg, SpO2.98", []),
        ("M54 with back pain for a year", []),
        ("ICD-10: M54", ["M54"]),
        ("Diagnosis code G89 was used", ["G89"]),
    ],
)
def test_codes_printed_in_a_text(text: str, codes: list[str]) -> None:
    """A code is a proposal wherever it stands; levels, doses and a man of 54 are none."""
    found = printed(text)
    assert [p.code for p in found] == codes
    assert [text[p.span.start : p.span.end] for p in found if p.span] == codes


def test_a_code_delivered_and_printed_is_one_proposal() -> None:
    """Delivered codes keep their order, printed ones follow; both spellings are one code."""
    text = "Neck pain (M54.2), low back pain M5450."
    document = ScribeDocument(text, proposed=(Proposed("M54.50"), Proposed("m542")))
    assert [(p.code, p.delivered, [s.text for s in p.printed]) for p in proposals(document)] == [
        ("M54.50", True, ["M5450"]),
        ("M54.2", True, ["M54.2"]),
    ]
    alone = proposals(ScribeDocument(text))
    assert [(p.code, p.delivered) for p in alone] == [("M54.2", False), ("M54.50", False)]


def test_a_printed_span_that_the_reader_gives_is_not_found_twice() -> None:
    """A reader may deliver the span itself."""
    text = "Neck pain M54.2."
    given = Proposed("M54.2", span=Span(10, 15, "M54.2"))
    assert [len(p.proposed) for p in proposals(ScribeDocument(text, proposed=(given,)))] == [1]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (ScribeDocument(" \n"), "The note is empty"),
        (ScribeDocument("Neck pain.", date_of_service=datetime.date(2014, 1, 1)), "before 2015-10-01"),
        (ScribeDocument("Neck pain.", setting="hospital"), "outpatient or inpatient"),
    ],
)
def test_what_cannot_be_audited_is_refused(coder: Coder, document: ScribeDocument, says: str) -> None:
    """The coder's own errors, one line each."""
    with pytest.raises(NoteError, match=says):
        audit(document, coder)


def test_transcript_and_earlier_notes_are_heard(coder: Coder) -> None:
    """The guard and the search for copies run where their texts are given."""
    told = "Low back pain for three weeks after moving heavy boxes at work."
    heard = "[patient] my low back hurts and it goes down my right leg\n[doctor] low back pain with right sciatica"
    document = ScribeDocument(
        f"{told}\n\nAssessment: Low back pain with left sciatica.",
        proposed=(Proposed("M54.42"),),
        date_of_service=DAY,
        transcript=heard,
        previous=(told,),
    )
    assert [(f.id, f.severity) for f in audit(document, coder).findings] == [
        ("contradicted", "error"),
        ("cloned", "info"),
    ]


def test_the_page_shows_what_the_program_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """The example of docs/scribe-audit.md, run as it stands there."""
    page = (Path(__file__).parent.parent / "docs" / "scribe-audit.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert example
    exec(example[1], {})  # noqa: S102 our own page
    assert capsys.readouterr().out == example[2]


PIECES = [
    "Low back pain", "left sciatica", "No radiculopathy", "Assessment:", "M54.5", "(M54.41)", "L4-5", "T12", ". ", "\n",
    "[doctor] any numbness", "\n[patient] no", "my right leg", "hurts", "\u200b", "\x00", "😀", "İ", "n't",
    "is that right",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=12).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS.filter(lambda text: bool(text.strip())), transcript=TEXTS, earlier=TEXTS)
def test_any_text_is_audited_and_every_span_quotes_its_source(
    coder: Coder, text: str, transcript: str, earlier: str
) -> None:
    """Whatever is typed or spoken; the same twice; the text audited against itself is copied or too short."""
    document = ScribeDocument(text, transcript=transcript, previous=(earlier, text))
    answer = audit(document, coder)
    spans = [e.span for f in answer.findings for e in f.evidence]
    assert [text[s.start : s.end] for s in spans] == [s.text for s in spans]
    heard = [s for f in answer.findings for s in f.heard]
    assert [transcript[s.start : s.end] for s in heard] == [s.text for s in heard]
    assert audit(document, coder) == answer
