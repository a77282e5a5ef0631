"""Claims: the guides' mistakes, their Excludes1 table, order, procedures, appeals and bad input."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlp_coder import Coder, Note
from nlp_coder.claims.appeal import appeal
from nlp_coder.claims.checked import as_written, check_claim
from nlp_coder.claims.claimed import Claim, ClaimFinding, clean
from nlp_coder.claims.inputs import Read, read_claims
from nlp_coder.claims.payers import load_policies
from nlp_coder.errors import InputError, KnowledgeError, NoteError
from nlp_coder.types import Authority

DAY = datetime.date(2026, 5, 12)


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program with some arguments and no stdin."""
    command = [sys.executable, "-m", "nlp_coder", *arguments]
    return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of a refusal: exit 2, nothing on stdout, one line on stderr."""
    (line,) = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b""), done
    return line.removeprefix("nlp-coder: ")


def found(
    *codes: str, note: str = "", coder: Coder | None = None, purpose: str | None = None, day: datetime.date | None = DAY
) -> set[tuple[str, str]]:
    """Severity and id of every finding on a claim of these codes, beside a note if one is given."""
    coded = coder.code(Note(note, date_of_service=day, purpose=purpose)) if coder and note else None
    claim = Claim(codes, day=day, purpose=purpose)
    return {(finding.severity, finding.id) for finding in check_claim(claim, coded)}


def one(id_: str, *codes: str, day: datetime.date | None = DAY, purpose: str | None = None) -> ClaimFinding:
    """The finding of that id."""
    (finding,) = [f for f in check_claim(Claim(codes, day=day, purpose=purpose)) if f.id == id_]
    return finding


UNSPECIFIED = ("info", "unspecified-code")

# ------------------------------------------------------------------ the guides' ten mistakes

MISTAKES = [
    ("a retired code", ["M54.5"], "", {("error", "retired-code")}),
    ("unspecified, and the chart says vertebrogenic", ["M54.50"], "Assessment: Vertebrogenic low back pain.",
     {("error", "unspecified-though-documented")}),
    ("unspecified, and the chart says mechanical", ["M54.50"], "Assessment: Mechanical low back pain.",
     {("error", "unspecified-though-documented")}),
    ("an Excludes1 pair", ["M54.50", "M51.360"], "", {("error", "excludes1"), UNSPECIFIED}),
    ("no side, and the chart says left", ["M54.30"], "Assessment: Left-sided sciatica.",
     {("error", "unspecified-though-documented"), ("warning", "side-not-stated")}),
    ("the other side", ["M54.31"], "Assessment: Left-sided sciatica.", {("error", "side-differs")}),
    ("no region, and the chart says low back", ["M54.9"], "Assessment: Low back pain.",
     {("error", "unspecified-though-documented")}),
    ("chronic pain without its code", ["M54.50"], "Assessment: Chronic low back pain.",
     {("warning", "documented-not-claimed")}),
    ("sciatica first and low back pain second: one code", ["M54.31", "M54.50"], "",
     {("error", "combination-code"), UNSPECIFIED}),
    ("the pain code kept after the disc was found", ["M54.50"],
     "Assessment: L4-5 disc herniation causing low back pain.",
     {("error", "set-aside-by-note"), ("warning", "documented-not-claimed")}),
    ("an injury without its 7th character", ["S39.012"], "", {("error", "missing-7th-character")}),
    ("an Excludes1 pair whose one code says both", ["M54.50", "M54.41"], "", {("error", "excludes1"), UNSPECIFIED}),
    ("other dorsalgia, and nothing says what", ["M54.89"], "Assessment: Back pain.", {("error", "differs-from-note")}),
    ("chronic pain added, and nothing says chronic", ["M54.50", "G89.29"], "Assessment: Low back pain.",
     {("info", "excludes2-allowed"), ("warning", "not-documented")}),
    ("more than was documented", ["M54.51"], "Assessment: Back pain.", {("error", "differs-from-note")}),
]  # fmt: skip


@pytest.mark.parametrize(("codes", "note", "expected"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_each_mistake_of_the_guides(codes: list[str], note: str, expected: set[tuple[str, str]], coder: Coder) -> None:
    """Found, with its severity, and nothing else."""
    assert found(*codes, note=note, coder=coder) == expected


@pytest.mark.parametrize(
    ("codes", "note"),
    [
        (["M54.50"], "Assessment: Low back pain."),
        (["M54.51", "G89.29"], "Assessment: Chronic vertebrogenic low back pain."),
        (["M54.32"], "Assessment: Left-sided sciatica."),
        (["M54.9"], "Assessment: Back pain."),
    ],
)
def test_a_right_claim_is_clean(codes: list[str], note: str, coder: Coder) -> None:
    """What the note earns, in its order, has no error and no warning."""
    coded = coder.code(Note(note, date_of_service=DAY))
    assert clean(check_claim(Claim(tuple(codes), day=DAY), coded))


# ------------------------------------------------------------------ pairs

EXCLUDED = [
    ("M54.50", "M54.41"), ("M54.51", "M54.40"), ("M54.59", "M54.42"), ("M54.50", "M51.360"), ("M54.59", "M51.370"),
    ("M54.31", "M54.41"), ("M54.30", "M51.16"), ("M54.32", "M51.17"), ("M54.41", "M51.16"), ("M54.42", "M51.17"),
    ("M54.6", "M51.34"), ("M54.6", "M51.14"), ("M54.50", "M51.26"), ("M54.50", "M54.89"), ("M54.50", "S39.012A"),
    ("M54.50", "S33.5XXA"), ("M54.2", "S16.1XXA"), ("M54.50", "R52"), ("M54.50", "F45.41"), ("M54.31", "M51.361"),
    ("M54.41", "M51.362"), ("M54.31", "G57.01"), ("M54.16", "G57.01"), ("M54.16", "M47.26"), ("M54.16", "M51.16"),
    ("M54.17", "M51.17"), ("M54.16", "G54.4"), ("M54.12", "M50.121"), ("M54.13", "M50.13"), ("M54.2", "M50.322"),
    ("M62.830", "M79.18"), ("M62.85", "M79.18"), ("G89.29", "G89.4"), ("M48.56XA", "M80.08XA"),
]  # fmt: skip
"""The guides' Excludes1 table, code by code, and every YES of the facts page."""

NOT_EXCLUDED = [
    ("M54.50", "M51.361", "symptom-beside-cause"), ("M54.50", "M51.369", "symptom-beside-cause"),
    ("M54.50", "M51.371", "symptom-beside-cause"), ("M54.51", "M51.379", "symptom-beside-cause"),
    ("M54.50", "M51.16", "symptom-beside-cause"), ("M54.50", "M54.16", "symptom-beside-cause"),
    ("M54.50", "M54.9", "less-specific-beside"), ("M54.50", "M47.816", "symptom-beside-cause"),
    ("M54.50", "M48.061", "symptom-beside-cause"), ("M54.50", "M96.1", "symptom-beside-cause"),
    ("M54.31", "M51.26", "symptom-beside-cause"), ("M54.12", "M54.2", "symptom-beside-cause"),
    ("M54.31", "M54.16", "symptom-beside-cause"), ("M54.31", "M47.26", "symptom-beside-cause"),
    ("M54.14", "M54.6", "symptom-beside-cause"), ("M54.9", "M54.89", "less-specific-beside"),
]  # fmt: skip
"""Pairs that guides call Excludes1, or that a coder would stop at, and no note parts: the real reason."""

FREE = [
    ("M54.50", "M54.6"), ("M54.50", "M53.3"), ("M54.50", "M62.830"), ("M54.50", "G89.29"), ("O99.891", "M54.50"),
    ("M54.50", "R10.A1"), ("M54.31", "M54.32"), ("M54.16", "M48.061"), ("M62.85", "M51.360"), ("M54.31", "M47.816"),
]  # fmt: skip


LOW_BACK, SCIATICA, BOTH = (
    ("M54.50", "M54.51", "M54.59"),
    ("M54.30", "M54.31", "M54.32"),
    ("M54.40", "M54.41", "M54.42"),
)
ROOT_DISC = ("M51.16", "M51.17")
MASTER = [
    ("low back pain beside lumbago with sciatica", LOW_BACK, BOTH, set(BOTH)),
    ("low back pain beside lumbar disc degeneration", LOW_BACK, ("M51.360", "M51.361", "M51.362", "M51.369"),
     {"M51.360"}),
    ("low back pain beside lumbosacral disc degeneration", LOW_BACK, ("M51.370", "M51.371", "M51.372", "M51.379"),
     {"M51.370"}),
    ("sciatica beside lumbago with sciatica", SCIATICA, BOTH, set(BOTH)),
    ("sciatica beside a disc with radiculopathy", SCIATICA, ROOT_DISC, set(ROOT_DISC)),
    ("lumbago with sciatica beside a disc with radiculopathy", BOTH, ROOT_DISC, set(ROOT_DISC)),
    ("thoracic pain beside a thoracic disc", ("M54.6",), ("M51.04", "M51.14", "M51.24", "M51.34", "M51.44", "M51.84"),
     {"M51.04", "M51.14", "M51.24", "M51.34", "M51.44", "M51.84"}),
]  # fmt: skip
"""The guides' master table, row by row, with the partners that the Tabular List does exclude."""


@pytest.mark.parametrize(("left", "right", "excluded"), [row[1:] for row in MASTER], ids=[row[0] for row in MASTER])
def test_each_row_of_the_master_table(left: tuple[str, ...], right: tuple[str, ...], excluded: set[str]) -> None:
    """Every pair of a row: an error with its proof, or a warning that no note parts them, and the real reason."""
    told = {(a, b): found(a, b) - {UNSPECIFIED, ("warning", "side-not-stated")} for a in left for b in right}
    barred, real = {("error", "excludes1")}, {("warning", "symptom-beside-cause")}
    assert told == {(a, b): barred if b in excluded else real for a in left for b in right}


@pytest.mark.parametrize(("a", "b"), EXCLUDED)
def test_an_excluded_pair_is_an_error_with_its_proof(a: str, b: str) -> None:
    """Whichever stands first, with the note, its place and the exception for unrelated conditions."""
    for codes in ((a, b), (b, a)):
        finding = one("excludes1", *codes)
        assert (finding.severity, finding.authority, finding.codes) == ("error", Authority.TABULAR, codes)
        assert "Excludes1 at " in finding.text
        assert "unrelated" in finding.fix
        assert "I.A.12.a" in finding.source


@pytest.mark.parametrize(("a", "b", "reason"), NOT_EXCLUDED)
def test_a_pair_that_no_note_parts_is_told_the_real_reason(a: str, b: str, reason: str) -> None:
    """A warning that says so: no Excludes1 note."""
    finding = one(reason, a, b)
    assert (finding.severity, finding.authority) == ("warning", Authority.GUIDELINE)
    assert "No Excludes1 note parts them" in finding.text
    assert finding.source == {"symptom-beside-cause": "guideline I.B.5"}.get(reason, "guideline I.A.9.b")
    assert "excludes1" not in {id_ for _, id_ in found(a, b)}


@pytest.mark.parametrize(("a", "b"), FREE)
def test_a_free_pair_is_free(a: str, b: str) -> None:
    """Neither an error nor a warning is about both."""
    about_both = [f for f in check_claim(Claim((a, b), day=DAY)) if set(f.codes) == {a, b} and f.severity != "info"]
    assert about_both == []


def test_excludes2_is_allowed_aloud() -> None:
    """G89.29 beside M54.50: the note is named, and there is nothing to do."""
    finding = one("excludes2-allowed", "M54.50", "G89.29")
    assert (finding.severity, finding.fix) == ("info", "Nothing, if both are documented.")
    assert "Excludes2 at G89" in finding.text


@pytest.mark.parametrize(("a", "b"), [("M54.2", "S39.012A"), ("M54.81", "M54.50")])
def test_conditions_of_different_places_are_a_warning(a: str, b: str) -> None:
    """An injury of the low back and a neck pain; occipital neuralgia and low back pain: likely unrelated."""
    finding = one("excludes1", a, b)
    assert finding.severity == "warning"
    assert "unrelated" in finding.text


def test_an_injury_beside_a_disease_is_a_warning() -> None:
    """Both are diagnoses; the block note is of the same condition named twice."""
    finding = one("excludes1", "S13.4XXD", "M50.322")
    assert (finding.severity, "a disease of its own" in finding.text) == ("warning", True)


def test_a_note_settles_what_it_can(coder: Coder) -> None:
    """Radiculopathy and back pain listed apart: info. No side in the note: info. Unrelated injury: a warning."""
    listed = "Assessment:\n1. Cervical radiculopathy.\n2. Neck pain."
    coded = coder.code(Note(listed, date_of_service=DAY))
    (finding,) = [f for f in check_claim(Claim(("M54.12", "M54.2"), day=DAY), coded) if f.codes == ("M54.12", "M54.2")]
    assert (finding.id, finding.severity) == ("symptom-beside-cause", "info")
    assert ("info", "side-not-stated") in found("M54.30", note="Assessment: Sciatica.", coder=coder)
    both = "Assessment:\n1. Acute lumbar strain.\n2. Low back pain, unrelated to the strain."
    coded = coder.code(Note(both, date_of_service=DAY))
    (finding,) = [f for f in check_claim(Claim(("S39.012A", "M54.50"), day=DAY), coded) if f.id == "excludes1"]
    assert (finding.severity, "read as giving each of them" in finding.text) == ("warning", True)


def test_a_sequela_is_left_open() -> None:
    """I.B.10 wants both, M54.5 names S39.012 without exempting S: a warning."""
    finding = one("excludes1", "M54.50", "S39.012S")
    assert finding.severity == "warning"
    assert finding.fix.startswith("Keep both, the condition first")


def test_pairs_by_the_day() -> None:
    """M51.36 of 2024 had no Excludes1 with low back pain; M51.360 has one."""
    then = datetime.date(2024, 5, 12)
    assert ("error", "excludes1") not in found("M54.50", "M51.36", day=then)
    assert ("error", "excludes1") in found("M54.50", "M51.360")


# ------------------------------------------------------------------ codes

CODES = [
    (["M54.50"], {UNSPECIFIED}),
    (["m5450 "], {UNSPECIFIED}),
    ([" M54.59"], set()),
    (["M54"], {("error", "header-code")}),
    (["M54.4"], {("error", "header-code")}),
    (["M48.06"], {("error", "retired-code")}),
    (["M54.55"], {("error", "unknown-code")}),
    (["S39.012X"], {("error", "unknown-code")}),
    (["M96.2"], {("info", "outside-the-table")}),
    (["E11.9"], {("info", "outside-the-table")}),
    (["724.5"], {("error", "not-a-code")}),
    (["97110"], {("error", "not-a-code")}),
    (["back pain"], {("error", "not-a-code")}),
    ([], {("error", "no-codes")}),
    (["M54.59", "M5459"], {("error", "duplicate-code")}),
    (["M54.31", "M54.32"], {("info", "both-sides")}),
    (["M54.31", "M54.30"], {("error", "side-stated-and-not"), UNSPECIFIED}),
    (["S39.012A", "S39.012D"], {("error", "two-phases")}),
]


@pytest.mark.parametrize(("codes", "expected"), CODES, ids=[" ".join(row[0]) or "none" for row in CODES])
def test_codes_by_themselves(codes: list[str], expected: set[tuple[str, str]]) -> None:
    """Normalised where safe; else what is wrong."""
    assert {f for f in found(*codes) if f != ("warning", "side-not-stated")} == expected


@pytest.mark.parametrize(
    ("code", "says", "do"),
    [
        ("M54.5", "until 2021-09-30", "M54.50 (Low back pain, unspecified), M54.51"),
        ("724.5", "ICD-9-CM", "M54.89, M54.9"),
        ("97110", "procedure code (CPT)", "--cpt"),
        ("M54.55", "does not exist", "Nearest: M54.50, M54.51, M54.59."),
        ("S39.012", "7th character", "S39.012A"),
        ("M54.4", "header", "M54.40"),
    ],
)
def test_a_bad_code_gets_the_nearest_answer(code: str, says: str, do: str) -> None:
    """What it is, and what to write instead."""
    (finding,) = check_claim(Claim((code,), day=DAY))
    assert says in finding.text
    assert do in finding.fix


@pytest.mark.parametrize(("number", "wrong"), [("97110", False), ("G0283", False), ("M54.50", True), ("9711", True)])
def test_a_procedure_is_a_number(number: str, wrong: bool) -> None:
    """A diagnosis in place of a procedure is told."""
    got = check_claim(Claim(("M54.59",), day=DAY, cpt=(number,)))
    assert [(f.severity, f.id) for f in got] == ([("error", "not-a-procedure")] if wrong else [])


def test_the_day_decides() -> None:
    """M54.5 in 2020 and M54.50 in 2026 are right; the other way round neither is."""
    old = datetime.date(2020, 3, 2)
    assert found("M54.5", day=old) == set()
    assert found("M54.59", day=old) == {("error", "not-yet-in-force")}
    assert "M54.5 (" in one("not-yet-in-force", "M54.59", day=old).fix


def test_codes_as_written() -> None:
    """The book's way; what cannot be a code stays as typed, words are not repeated."""
    typed = Claim((" m5450", "M54.5-", "97110", "Smith has back pain"))
    assert as_written(typed) == ("M54.50", "M54.5", "97110", "(one entry)")


# ------------------------------------------------------------------ order

ORDER = [
    (["O26.892", "M54.59"], None, set()),
    (["M54.59", "O26.892"], None, {("error", "obstetric-first")}),
    (["M54.59", "Z3A.20"], None, {("error", "weeks-alone")}),
    (["M54.59", "G89.29"], None, set()),
    (["G89.29", "M54.59"], None, {("warning", "g89-first")}),
    (["G89.29", "M54.59"], "evaluation", {("error", "g89-first")}),
    (["G89.29", "M54.59"], "pain-management", set()),
    (["M54.59", "G89.29"], "pain-management", {("error", "g89-not-first")}),
    (["M51.26", "G89.29"], "evaluation", {("warning", "g89-beside-cause")}),
    (["G89.29", "M51.26"], "pain-management", set()),
    (["G89.29"], None, set()),
    (["S33.5XXS"], None, {("error", "sequela-alone")}),
    (["S33.5XXS", "M47.816"], None, {("error", "sequela-first")}),
    (["M47.816", "S33.5XXS"], None, set()),
    (["W19.XXXA", "S33.5XXA"], None, {("error", "external-cause-first")}),
    (["M54.59", "F45.42"], None, {("warning", "f45.42-without-g89")}),
]


@pytest.mark.parametrize(("codes", "purpose", "expected"), ORDER)
def test_the_order(codes: list[str], purpose: str | None, expected: set[tuple[str, str]]) -> None:
    """Obstetric first, G89 where allowed, the condition before its sequela."""
    got = {f for f in found(*codes, purpose=purpose) if f[0] != "info" and f[1] != "excludes1"}
    assert got == expected


# ------------------------------------------------------------------ procedures

NOTE_51 = "Assessment: Vertebrogenic low back pain. MRI: Modic type 1 changes at L4-L5."


def alerts(*codes: str, cpt: str, note: str = "", coder: Coder | None = None, **more: object) -> set[tuple[str, str]]:
    """Severity and id of what is said of a procedure."""
    coded = coder.code(Note(note, date_of_service=DAY)) if coder and note else None
    claim = Claim(codes, day=DAY, cpt=(cpt,), **more)  # type: ignore[arg-type]  # payer and visit, by name
    got = check_claim(claim, coded, load_policies())
    outside = (Authority.PAYER, Authority.ARTICLE)
    return {(finding.severity, finding.id) for finding in got if finding.authority in outside}


def test_ablation_wants_its_code_and_its_imaging(coder: Coder) -> None:
    """64628 beside M54.50, beside M54.51 with Modic changes, and without."""
    assert alerts("M54.50", cpt="64628") == {
        ("warning", "basivertebral-ablation-code"),
        ("info", "basivertebral-ablation-evidence"),
    }
    assert alerts("M54.51", cpt="64628", note=NOTE_51, coder=coder) == {("info", "basivertebral-ablation-evidence")}
    bare = "Assessment: Vertebrogenic low back pain. MRI: no Modic changes."
    assert alerts("M54.51", cpt="64628", note=bare, coder=coder) == {("warning", "basivertebral-ablation-evidence")}


@pytest.mark.parametrize("cpt", ["97110", "97140"])
def test_therapy_wants_a_limit_of_function(cpt: str, coder: Coder) -> None:
    """Said, denied, not said."""
    said = "Low back pain. Unable to lift her child. Assessment: low back pain."
    denied = "Low back pain. No difficulty walking. Assessment: low back pain."
    silent = "Assessment: low back pain."
    assert alerts("M54.50", cpt=cpt, note=said, coder=coder) == {("info", "therapy-function-evidence")}
    assert alerts("M54.50", cpt=cpt, note=denied, coder=coder) == {("warning", "therapy-function-evidence")}
    assert alerts("M54.50", cpt=cpt, note=silent, coder=coder) == {("warning", "therapy-function-evidence")}


def test_imaging_of_no_stated_region() -> None:
    """72148 beside M54.9 is questioned, beside M54.16 it is not."""
    assert alerts("M54.9", cpt="72148") == {("warning", "imaging-unspecified-code")}
    assert alerts("M54.16", cpt="72148") == set()


def test_acupuncture_is_one_payers_and_counts_visits() -> None:
    """Only for Medicare, only from visit 13, only since 2020."""
    evidence = ("info", "acupuncture-low-back-evidence")
    assert alerts("M54.50", cpt="97810") == set()
    assert alerts("M54.50", cpt="97810", payer="medicare", visit=12) == {evidence}
    assert alerts("M54.50", cpt="97810", payer="Medicare", visit=13) == {
        evidence,
        ("warning", "acupuncture-low-back-visits"),
    }
    assert alerts("M54.2", cpt="97810", payer="Medicare") == {evidence, ("warning", "acupuncture-low-back-code")}
    old = Claim(("M54.5",), day=datetime.date(2019, 5, 1), cpt=("97810",), payer="Medicare")
    assert [f for f in check_claim(old, None, load_policies()) if f.authority is Authority.PAYER] == []


OWN = """
[[policy]]
id = "our-plan"
says = "Our plan wants a region."
cpt = ["97110"]
questions = ["M54.9"]
authority = "payer"
source = "payer: contract of 2026"
why = "By contract."
"""


def test_a_practice_adds_its_own(tmp_path: Path) -> None:
    """A file of its own is read and checked as ours is."""
    file = tmp_path / "ours.toml"
    file.write_text(OWN, encoding="utf-8")
    (policy,) = load_policies(file)
    got = check_claim(Claim(("M54.9",), day=DAY, cpt=("97110",)), None, (policy,))
    assert [f.id for f in got if f.authority is Authority.PAYER] == ["our-plan-code"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"97110"', '"9711"', "ours.toml:5 [our-plan]: '9711' is no procedure number of five digits."),
        ('"M54.9"', '"M5.9"', "ours.toml:6 [our-plan]: 'M5.9' is not shaped like an ICD-10-CM code."),
        ("payer: contract", "plan: contract", "ours.toml:8 [our-plan]: 'source' must be a key of sources.toml"),
        ('authority = "payer"', 'authority = "tabular"', "ours.toml:7 [our-plan]: unknown authority 'tabular'."),
        ("questions", "question", "ours.toml:6 [our-plan]: unknown key 'question'. Did you mean 'questions'?"),
        ("[[policy]]", "[[polcy]]", "ours.toml: unknown entry 'polcy'. Use: [[policy]]"),
    ],
)
def test_a_typo_in_a_policy_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    """File, line, id, what is wrong and what to write."""
    file = tmp_path / "ours.toml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_policies(file)
    assert any(fault.startswith(says) for fault in error.value.faults), error.value.faults


# ------------------------------------------------------------------ appeal


def test_an_appeal_quotes_the_record(coder: Coder) -> None:
    """Supported: words, lines, authority. Not supported: why, and what the note earns."""
    note = "HPI: right leg pain.\nAssessment: Low back pain with right sciatica.\nNo radiculopathy."
    coded = coder.code(Note(note, date_of_service=DAY))
    answer = appeal(Claim(("M54.41", "M54.16"), day=DAY), coded)
    good, bad = answer["codes"]
    assert (good["code"], good["supported"], bad["code"], bad["supported"]) == ("M54.41", True, "M54.16", False)
    places = [place for slot in good["slots"] for place in slot["places"]]
    assert all(note[place["start"] : place["end"]] == place["text"] for place in places)
    assert {place["line"] for place in places} == {2}
    assert "M54.41: correct the claim rather than appeal it" in bad["says"]


def test_an_appeal_quotes_the_same_words_once(coder: Coder) -> None:
    """One quotation that says what and where stands under both."""
    coded = coder.code(Note("Assessment: Low back pain since May, mechanical.", date_of_service=DAY))
    (code,) = appeal(Claim(("M54.59",), day=DAY), coded)["codes"]
    assert [(slot["slot"], [place["text"] for place in slot["places"]]) for slot in code["slots"]] == [
        ("problem, region", ["Low back pain"]),
        ("character", ["mechanical"]),
    ]


def test_an_appeal_refuses_what_is_no_code(coder: Coder) -> None:
    """An ICD-9-CM code cannot be argued for."""
    coded = coder.code(Note("Assessment: Low back pain.", date_of_service=DAY))
    with pytest.raises(NoteError, match="ICD-9-CM"):
        appeal(Claim(("724.2",)), coded)


# ------------------------------------------------------------------ files of claims


def read(tmp_path: Path, name: str, text: str) -> list[Read]:
    """The claims of a file with that text."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return list(read_claims(file))


def test_csv(tmp_path: Path) -> None:
    """Codes in one cell or in numbered columns; a bad day costs its row only."""
    text = 'id,codes,date,cpt\na,"M54.50 m5416",2026-05-12,97110\nb,M54.2,2026-13-01,\nc,,2026-05-12,\n'
    first, second, third = read(tmp_path, "may.csv", text)
    assert first.claim == Claim(("M54.50", "m5416"), "a", DAY, None, ("97110",))
    assert (second.claim, second.fault) == (None, "date is no day of the calendar; write it as 2026-05-12")
    assert third.claim == Claim((), "c", DAY)
    (numbered,) = read(tmp_path, "june.csv", "dx2,dx1,visit\nM54.2,M54.6,3\n")
    assert numbered.claim == Claim(("M54.6", "M54.2"), "1", visit=3)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("2026-02-30,,", "date is no day of the calendar; write it as 2026-05-12"),
        ("2014-02-03,,", "date is before 2015-10-01, when ICD-10-CM began"),
        (",fun,", "purpose is none of evaluation, pain-management, therapy"),
        (",,three", "visit is no whole number"),
    ],
)
def test_a_bad_cell(tmp_path: Path, cell: str, fault: str) -> None:
    """Each is named, none ends the run."""
    first, second = read(tmp_path, "x.csv", f"codes,date,purpose,visit\nM54.2,{cell}\nM54.2,,,\n")
    assert (first.fault, second.fault) == (fault, "")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "", "empty"),
        ("x.csv", "id,codes\n", "empty"),
        ("x.csv", "id,date\n1,2026-05-12\n", "no column of codes"),
        ("x.jsonl", "\n\n", "empty"),
        ("x.json", "{", "not JSON"),
        ("x.txt", "M54.2", "must be a .csv"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, name: str, text: str, says: str) -> None:
    """One line that says why."""
    with pytest.raises(InputError, match=says):
        read(tmp_path, name, text)


def test_jsonl_and_fhir(tmp_path: Path) -> None:
    """Plain objects, a FHIR Claim with its diagnoses by sequence, another resource, a line that is no JSON."""
    fhir = {
        "resourceType": "Claim",
        "id": "c9",
        "diagnosis": [
            {"sequence": 2, "diagnosisCodeableConcept": {"coding": [{"system": "icd-10-cm", "code": "G89.29"}]}},
            {"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"system": "icd-10-cm", "code": "M54.50"}]}},
        ],
        "item": [{"servicedDate": "2026-05-12", "productOrService": {"coding": [{"code": "97110"}]}}],
    }
    lines = ['{"codes": ["M54.2"], "id": "p"}', json.dumps(fhir), '{"resourceType": "Patient"}', "M54.2", "{"]
    plain, claim, other, code, broken = read(tmp_path, "x.jsonl", "\n".join(lines))
    assert plain.claim == Claim(("M54.2",), "p")
    assert claim.claim == Claim(("M54.50", "G89.29"), "c9", DAY, None, ("97110",))
    assert (other.fault, code.fault, broken.fault) == (
        "it is another FHIR resource; only Claim is read",
        "the line is not JSON",
        "the line is not JSON",
    )
    bundle = {"resourceType": "Bundle", "entry": [{"resource": fhir}]}
    assert [each.claim for each in read(tmp_path, "x.json", json.dumps(bundle))] == [claim.claim]


# ------------------------------------------------------------------ the command


def test_the_command_says_it_in_text_and_json() -> None:
    """Exit 1 where there is something to do, 0 where there is not."""
    done = run("claim", "m5450", "M51.16", "--date", "2026-05-12", "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["codes"], answer["clean"]) == (1, ["M54.50", "M51.16"], False)
    assert [f["id"] for f in answer["findings"]] == ["symptom-beside-cause", "unspecified-code"]
    done = run("claim", "M54.59", "--date", "2026-05-12")
    assert (done.returncode, done.stdout.decode().splitlines()) == (
        0,
        ["Nothing to change · 2026-05-12 · ICD-10-CM FY2026", "1  M54.59  Other low back pain"],
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["claim"], "there is no code. Write the claim's codes in order, or --claims FILE."),
        (["claim", "M54.50", "--date", "2026-13-01"], "--date takes a day of the calendar, written as 2026-05-12."),
        (["claim", "M54.50", "--appeal"], "--appeal wants the note. Give --note FILE."),
        (["claim", "M54.50", "--format", "html"], "--format html goes with --appeal. Use text or json."),
        (["claim", "--claims", "none.csv"], "there is no such file of claims. Check the path."),
        (["claim", "M54.50", "--policies", "x.toml"],
         "the policies cannot be read. Give --policies a TOML file in UTF-8."),
    ],
)  # fmt: skip
def test_refusals(arguments: list[str], line: str) -> None:
    """Exit 2 and one line."""
    assert refused(run(*arguments)) == line


def test_many_claims(tmp_path: Path) -> None:
    """One object a line, faults among them; the sum is exit 1."""
    file = tmp_path / "may.csv"
    file.write_text("id,codes,date\na,M54.59,2026-05-12\nb,M54.5,2026-05-12\nc,M54.2,2026-13-01\n", encoding="utf-8")
    done = run("claim", "--claims", str(file), "--format", "json")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, [row.get("clean") for row in rows]) == (1, [True, False, None])
    assert rows[2]["fault"].startswith("date is no day")


def test_appeal_as_a_page(tmp_path: Path) -> None:
    """Self-contained, every text of the note escaped."""
    file = tmp_path / "visit.txt"
    file.write_text("Assessment: <b>Low back pain</b> with right sciatica.", encoding="utf-8")
    done = run("claim", "M54.41", "--note", str(file), "--appeal", "--format", "html", "--date", "2026-05-12")
    page = done.stdout.decode()
    assert (done.returncode, "<b>Low" in page, "&lt;b&gt;Low back pain" in page) == (0, False, True)
    assert "://" not in page
    text = run("claim", "M54.41", "--note", str(file), "--appeal", "--date", "2026-05-12").stdout.decode()
    assert "«sciatica» line 1:" in text
