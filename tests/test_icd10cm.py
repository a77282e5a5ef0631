"""The code table against the book: billable codes, Excludes notes, dates of service, and its own files."""

from __future__ import annotations

import datetime
import functools
import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from nlp_coder import icd10cm
from nlp_coder.errors import NlpCoderError, NoteError

ROOT = Path(__file__).parents[1]
KNOWLEDGE = ROOT / "nlp_coder" / "knowledge" / "icd10cm"
TODAY = datetime.date(2026, 11, 22)


def day(text: str) -> datetime.date:
    """A date of service as it is written."""
    return datetime.date.fromisoformat(text)


# What is a code


M54 = [f"M54.{end}" for end in "2 30 31 32 40 41 42 50 51 59 6 81 89 9".split()]
M54 += [f"M54.0{region}" for region in range(10)] + [f"M54.1{region}" for region in range(9)]


def test_the_billable_codes_of_m54_are_these_33() -> None:
    """No M54.19, no bilateral sciatica, no header."""
    assert len(M54) == 33
    assert {code for code in icd10cm.billable_codes(TODAY) if code.startswith("M54")} == set(M54)


@pytest.mark.parametrize("header", ["M54", "M54.0", "M54.1", "M54.3", "M54.4", "M54.5", "M54.8"])
def test_the_headers_of_m54_are_known_and_not_billable(header: str) -> None:
    """A header is an answer of the table, never of a claim."""
    found = icd10cm.entry(header)
    assert found is not None
    assert not found.billable
    assert not icd10cm.billable_on(header, TODAY)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("M54.31", "Sciatica, right side"),
        ("M54.32", "Sciatica, left side"),
        ("M54.9", "Dorsalgia, unspecified"),
        ("M51.26", "Other intervertebral disc displacement, lumbar region"),
        ("M51.A0", "Intervertebral annulus fibrosus defect, lumbar region, unspecified size"),
        ("M47.816", "Spondylosis without myelopathy or radiculopathy, lumbar region"),
        (
            "M48.56XA",
            "Collapsed vertebra, not elsewhere classified, lumbar region, initial encounter for fracture",
        ),
        ("S39.012A", "Strain of muscle, fascia and tendon of lower back, initial encounter"),
        ("S33.5XXD", "Sprain of ligaments of lumbar spine, subsequent encounter"),
        ("R52", "Pain, unspecified"),
        ("Z3A.20", "20 weeks gestation of pregnancy"),
    ],
)
def test_billable_codes_carry_their_full_title(code: str, title: str) -> None:
    """The title of a seventh-character code is composed as the book composes it."""
    found = icd10cm.entry(code)
    assert found is not None
    assert (found.title, found.billable) == (title, True)


@pytest.mark.parametrize(
    "code",
    "M43.16 M45.6 M46.1 M47.26 M48.02 M48.07 M50.121 M51.16 M53.2X8 M53.3 M60.9 M62.5A2 M62.830 M62.85 "
    "M79.18 M80.08XA M96.1 M99.04 M99.63 M99.73 G54.4 G57.01 G89.29 G89.4 F45.41 F45.42 O26.892 O99.891 "
    "Z3A.28 S13.4XXA S13.9XXA S16.1XXA S23.3XXA S29.012A S33.6XXA S33.9XXA S39.92XA R10.A1".split(),
)
def test_neighbours_of_m54_are_in_the_table(code: str) -> None:
    """One of each family the coding policy names."""
    assert icd10cm.billable_on(code, TODAY)


def test_the_table_agrees_with_the_code_list_of_the_package() -> None:
    """Categories held whole have exactly the codes of the list, and no code is ours alone."""
    listed = sorted(_package_file(".txt").read_text(encoding="utf-8").split())
    leaves = {code for code, after in zip(listed, [*listed[1:], ""], strict=True) if not after.startswith(code)}
    ours = {code.replace(".", "") for code in icd10cm.billable_codes(TODAY)}
    assert ours <= leaves
    for category in "M43 M45 M46 M47 M48 M49 M50 M51 M53 M54 M60 M79 M99 G54 G55 G89 Z3A".split():
        family = {code for code in leaves if code.startswith(category) and "-" not in code}
        assert {code for code in ours if code.startswith(category)} == family


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("M54.50", "M54.50"),
        ("m54.50 ", "M54.50"),
        ("m5450", "M54.50"),
        ("\tM54.9\n", "M54.9"),
        ("s39012a", "S39.012A"),
        ("R52", "R52"),
        ("M54.5-", "M54.5"),
        ("M54.-", "M54"),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, code: str) -> None:
    """Lower case, a missing dot, blanks and the dash of a family are forgiven."""
    assert icd10cm.normalise(typed) == code


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "write a letter"),
        ("sciatica", "write a letter"),
        ("M54.50000", "write a letter"),
        ("M5.450", "write a letter"),
        ("724.2", "ICD-9-CM"),
        ("a patient's words that slipped into the column", "^This cannot be"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_a_hint(typed: str, hint: str) -> None:
    """The message says what to write, and repeats nothing that might be text of a note."""
    with pytest.raises(NlpCoderError, match=hint):
        icd10cm.normalise(typed)


def test_ancestors_run_from_subcategory_to_chapter() -> None:
    """A seventh-character code hangs from its stem, without the placeholder X."""
    assert [(above.code, above.level) for above in icd10cm.ancestors("S33.5XXA")] == [
        ("S33.5", "subcategory"),
        ("S33", "category"),
        ("S30-S39", "block"),
        ("S00-T88", "chapter"),
    ]
    assert [(above.code, above.level) for above in icd10cm.ancestors("M54.9")] == [
        ("M54", "category"),
        ("M50-M54", "block"),
        ("M00-M99", "chapter"),
    ]


def test_children_stand_in_book_order() -> None:
    """Directly below, not deeper."""
    assert [below.code for below in icd10cm.children("M54.5")] == ["M54.50", "M54.51", "M54.59"]
    assert [below.code for below in icd10cm.children("S39.012")] == ["S39.012A", "S39.012D", "S39.012S"]
    assert icd10cm.children("M54.50") == ()


@pytest.mark.parametrize(
    ("code", "on", "answers"),
    [
        ("M54.5", TODAY, ("M54.50", "M54.51", "M54.59")),
        ("M54.50", TODAY, ("M54.50",)),
        ("M54.33", TODAY, ("M54.30", "M54.31", "M54.32")),
        ("M54.55", TODAY, ("M54.50", "M54.51", "M54.59")),
        ("S39.012", TODAY, ("S39.012A", "S39.012D", "S39.012S")),
        ("S33.5A", TODAY, ("S33.5XXA",)),
        ("M54.50", day("2021-09-30"), ("M54.5",)),
        ("M54.5", day("2021-09-30"), ("M54.5",)),
        ("R10.A", day("2024-01-01"), ()),
        ("Q99.9", TODAY, ()),
    ],
)
def test_suggestions_can_be_billed_that_day(code: str, on: datetime.date, answers: tuple[str, ...]) -> None:
    """A header gives its codes, a slip the nearest header's, a code of another time the one of its day."""
    assert icd10cm.suggest(code, on) == answers


@pytest.mark.parametrize(
    ("code", "icd9"),
    [("M54.50", "724.2"), ("M54.9", "724.5"), ("M54.2", "723.1"), ("M54.16", "724.4"), ("M54.51", "724.2")],
)
def test_the_icd9_ancestor_is_known(code: str, icd9: str) -> None:
    """A split code inherits the ancestor of the code before it."""
    found = icd10cm.entry(code)
    assert found is not None
    assert found.icd9 == icd9


# Excludes notes


PAIRS = [
    ("M54.50", "M51.360", ["M54.5"]),
    ("M54.50", "M51.361", []),
    ("M54.50", "M51.369", []),
    ("M54.50", "M51.16", []),
    ("M54.50", "M51.26", ["M54.5"]),
    ("M54.50", "M54.41", ["M54.5"]),
    ("M54.50", "M54.16", []),
    ("M54.50", "M54.9", []),
    ("M54.50", "M54.89", ["M54.8"]),
    ("M54.50", "M54.6", []),
    ("M54.50", "M53.3", []),
    ("M54.50", "M62.830", []),
    ("M54.50", "M47.816", []),
    ("M54.50", "M48.061", []),
    ("M54.50", "M96.1", []),
    ("M54.50", "S39.012A", ["M54.5", "M50-M54"]),
    ("M54.50", "S33.5XXA", ["M50-M54"]),
    ("M54.2", "S16.1XXA", ["M50-M54"]),
    ("M54.50", "G89.29", []),
    ("M54.50", "R52", ["R52", "R52"]),
    ("M54.50", "F45.41", ["M54"]),
    ("M54.50", "O99.891", []),
    ("M54.50", "R10.A1", []),
    ("M54.31", "M54.41", ["M54.3"]),
    ("M54.31", "M54.16", []),
    ("M54.31", "M51.16", ["M54.3", "M51.1"]),
    ("M54.31", "M51.26", []),
    ("M54.31", "M51.361", ["M54.3"]),
    ("M54.41", "M51.362", ["M54.4"]),
    ("M54.31", "M47.26", []),
    ("M54.31", "G57.01", ["M54.3", "G57.0"]),
    ("M54.16", "G57.01", ["G50-G59"]),
    ("M54.16", "M47.26", ["M54.1"]),
    ("M54.16", "M51.16", ["M54.1", "M51.1"]),
    ("M54.17", "M51.17", ["M54.1"]),
    ("M54.16", "M48.061", []),
    ("M54.16", "G54.4", ["G54", "G50-G59"]),
    ("M54.12", "M54.2", []),
    ("M54.12", "M50.121", ["M54.1"]),
    ("M54.13", "M50.13", ["M54.1"]),
    ("M54.2", "M50.322", ["M54.2"]),
    ("M54.6", "M51.34", ["M54.6"]),
    ("M54.14", "M54.6", []),
    ("M54.89", "M54.9", []),
    ("M62.830", "M79.18", ["M62"]),
    ("M62.85", "M79.18", ["M62"]),
    ("M62.85", "M51.360", []),
    ("G89.29", "G89.4", ["G89.2"]),
    ("M48.56XA", "M80.08XA", ["M48.5", "M80", "M80"]),
]
"""Each pair that decides most notes, and where its Excludes1 notes sit: none means there is no such note."""


@pytest.mark.parametrize(("one", "other", "places"), PAIRS)
def test_excludes1_pairs(one: str, other: str, places: list[str]) -> None:
    """Exactly these notes, whichever code is named first."""
    assert [proof.at for proof in icd10cm.excludes1(one, other, TODAY)] == places
    assert sorted(proof.at for proof in icd10cm.excludes1(other, one, TODAY)) == sorted(places)


def test_a_proof_quotes_the_note_and_says_where_it_sits() -> None:
    """Words, level, the reference that matched, which code it stands over, which release."""
    (proof,) = icd10cm.excludes1("M51.26", "M54.50", TODAY)
    assert proof == icd10cm.ExcludesProof(
        kind="Excludes1",
        at="M54.5",
        level="subcategory",
        text="lumbago due to intervertebral disc displacement (M51.2-)",
        names="M51.2",
        under="M54.50",
        against="M51.26",
        release="FY2027",
    )


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        ("M54.50", "G89.29", ["lumbar region pain (M54.5-)", "spine pain (M54.-)"]),
        ("M54.50", "R10.A1", ["dorsalgia (M54.-)"]),
        ("M51.16", "M53.3", ["sacral and sacrococcygeal disorders (M53.3)"]),
        (
            "S39.012A",
            "S33.5XXA",
            [
                "sprain of joints and ligaments of lumbar spine and pelvis (S33.-)",
                "strain of muscle of lower back and pelvis (S39.01-)",
            ],
        ),
    ],
)
def test_excludes2_pairs(one: str, other: str, texts: list[str]) -> None:
    """Below the chapters, whose Excludes2 notes reach half the book."""
    found = [proof.text for proof in icd10cm.excludes2(one, other, TODAY) if proof.level != "chapter"]
    assert found == texts


def test_the_stricter_note_wins() -> None:
    """M50.1 has M54.13 as Excludes2, M54.1 has M50.1 as Excludes1."""
    assert icd10cm.excludes1("M50.13", "M54.13", TODAY)
    assert icd10cm.excludes2("M50.13", "M54.13", TODAY) == ()


@pytest.mark.parametrize(("phase", "plain"), [("A", True), ("D", True), ("S", False)])
def test_a_current_injury_bars_the_dorsopathies_and_a_sequela_is_unsettled(phase: str, plain: bool) -> None:
    """The block note names no code; guideline I.B.10 wants a sequela beside what it left."""
    proofs = icd10cm.excludes1("M54.2", f"S13.4XX{phase}", TODAY)
    assert [proof.text for proof in proofs] == ["current injury - see injury of spine by body region"]
    assert [not proof.unsettled for proof in proofs] == [plain]


def test_a_code_is_never_excluded_from_itself() -> None:
    """Nor does any note in scope exclude a code from its own place."""
    assert [code for code in icd10cm.billable_codes(TODAY) if icd10cm.excludes1(code, code, TODAY)] == []


def test_a_code_outside_the_table_is_reached_by_the_notes_inside() -> None:
    """Discitis of a region we know, lupus panniculitis we do not list: the note still names it."""
    assert [proof.at for proof in icd10cm.excludes1("M54.00", "L93.2", TODAY)] == ["M54.0"]
    assert icd10cm.entry("L93.2") is None


def test_notes_are_inherited_from_the_code_to_the_chapter() -> None:
    """Own notes first; each says where it sits."""
    notes = icd10cm.notes_for("M54.50", TODAY)
    assert list(dict.fromkeys(note.at for note in notes)) == ["M54.50", "M54.5", "M54", "M50-M54", "M00-M99"]
    assert [note.text for note in notes if note.kind == "Inclusion term"] == ["Loin pain", "Lumbago NOS"]
    assert [note.text for note in notes if note.at == "M54"] == ["psychogenic dorsalgia (F45.41)"]
    seventh = [note.text for note in icd10cm.notes_for("S39.012", TODAY) if note.kind == "7th character"]
    assert seventh == ["A: initial encounter", "D: subsequent encounter", "S: sequela"]


def test_every_excludes1_pair_of_the_book_is_ours_and_no_other() -> None:
    """All pairs of billable codes, recomputed from the package's XML without our importer or our table."""
    codes = icd10cm.billable_codes(TODAY)
    ours = {(a, b) for a in codes for b in codes if a < b and icd10cm.excludes1(a, b, TODAY)}
    assert len(ours) > 10_000
    assert sorted(ours ^ _excludes1_of_the_book(codes)) == []


def _excludes1_of_the_book(codes: tuple[str, ...]) -> set[tuple[str, str]]:
    """Walk down the XML with the codes barred on the way; at each last diag, pair them with its codes."""
    pairs: set[tuple[str, str]] = set()
    at_diag: dict[str, set[str]] = {}
    for code in codes:
        at_diag.setdefault(code, set()).add(code)
        at_diag.setdefault(re.sub(r"X*[ADGKPS]$", "", code), set()).add(code)

    def walk(element: ET.Element, barred: set[str]) -> None:
        for note in element.findall("excludes1/note"):
            barred = barred | _named_by(note.text or "", codes)
        deeper = element.findall("section") + element.findall("diag")
        for child in deeper:
            walk(child, barred)
        for code in () if deeper else at_diag.get(element.findtext("name", ""), ()):
            pairs.update((min(code, other), max(code, other)) for other in barred)

    tree = ET.parse(_package_file(".xml"))  # noqa: S314 - the pinned package's own data
    for chapter in tree.getroot().findall("chapter"):
        walk(chapter, set())
    return pairs


@functools.cache
def _named_by(text: str, codes: tuple[str, ...]) -> set[str]:
    """The codes the words of a note reach: M51.2-, M50-M51, or "current injury" of the spine."""
    if re.match("current injury - see injury", text, re.IGNORECASE):
        spine = re.compile(r"S13|S16|S23\.[39]|S29\.012|S33|S39\.012|S39\.92")
        return {code for code in codes if spine.match(code)}
    one = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?"
    spans = [] if " with ." in text else re.findall(rf"(?<!\w)({one})(?:\.?-({one}))?", text)
    spans = [(first, last or first) for first, last in spans]
    return {
        code
        for code in codes
        if any(first <= code[: len(first)] and code[: len(last)] <= last for first, last in spans)
    }


def _package_file(suffix: str) -> Path:
    """The tabular XML or the code list as the package ships them."""
    files = metadata.files("simple-icd-10-cm") or []
    (found,) = [file for file in files if file.suffix == suffix and file.parent.name == "data"]
    return Path(str(found.locate()))


# Dates of service


@pytest.mark.parametrize(
    ("code", "on", "stood"),
    [
        ("M54.50", "2021-09-30", "M54.5"),
        ("M54.51", "2021-09-30", "M54.5"),
        ("M54.59", "2021-09-30", "M54.5"),
        ("M54.50", "2021-10-01", "M54.50"),
        ("M54.5", "2021-09-30", "M54.5"),
        ("M54.5", "2021-10-01", None),
        ("M51.360", "2024-09-30", "M51.36"),
        ("M51.379", "2024-09-30", "M51.37"),
        ("M51.360", "2024-10-01", "M51.360"),
        ("M51.36", "2024-10-01", None),
        ("M48.061", "2017-09-30", "M48.06"),
        ("M48.062", "2017-10-01", "M48.062"),
        ("M79.18", "2018-09-30", "M79.1"),
        ("M79.18", "2018-10-01", "M79.18"),
        ("O99.891", "2020-09-30", "O99.89"),
        ("O99.891", "2020-10-01", "O99.891"),
        ("M50.122", "2016-09-30", "M50.12"),
        ("M50.122", "2016-10-01", "M50.122"),
        ("M62.85", "2024-09-30", None),
        ("M62.85", "2024-10-01", "M62.85"),
        ("R10.A1", "2025-09-30", None),
        ("R10.A1", "2025-10-01", "R10.A1"),
        ("G57.03", "2016-09-30", None),
        ("M54.16", "2015-10-01", "M54.16"),
        ("M54.16", "2015-09-30", None),
        ("M99.99", "2026-01-01", None),
    ],
)
def test_a_code_is_mapped_back_to_its_date_of_service(code: str, on: str, stood: str | None) -> None:
    """The code of the day: itself, the one before it, or none."""
    assert icd10cm.in_force(code, day(on)) == stood


@pytest.mark.parametrize(
    ("on", "low_back", "disc"),
    [
        ("2021-09-30", "M54.5", "M51.36"),
        ("2021-10-01", "M54.50", "M51.36"),
        ("2024-09-30", "M54.50", "M51.36"),
        ("2024-10-01", "M54.50", "M51.360"),
        ("2026-11-22", "M54.50", "M51.360"),
    ],
)
def test_the_same_finding_takes_the_code_of_its_day(on: str, low_back: str, disc: str) -> None:
    """Low back pain and lumbar disc degeneration, across both splits."""
    assert icd10cm.in_force("M54.50", day(on)) == low_back
    assert icd10cm.in_force("M51.360", day(on)) == disc
    assert icd10cm.billable_on(low_back, day(on))
    assert icd10cm.billable_on(disc, day(on))


@pytest.mark.parametrize(
    ("one", "other", "since"),
    [
        ("M54.50", "M51.360", "2024-10-01"),
        ("M54.51", "M51.370", "2024-10-01"),
        ("M54.31", "M51.361", "2024-10-01"),
        ("M54.42", "M51.372", "2024-10-01"),
    ],
)
def test_excludes1_notes_have_dates_too(one: str, other: str, since: str) -> None:
    """Since FY2025 disc degeneration with its pain excludes the pain alone; the day before it did not."""
    assert icd10cm.excludes1(one, other, day(since))
    assert icd10cm.excludes1(one, other, day(since) - datetime.timedelta(days=1)) == ()


def test_the_notes_of_a_code_that_was_split_hold_on_its_days() -> None:
    """M54.5 as it was billed in 2021: its Excludes1 notes, its inclusion terms, and R52 against it."""
    on = day("2021-09-30")
    assert [proof.at for proof in icd10cm.excludes1("M54.5", "S39.012A", on)] == ["M54.5", "M50-M54"]
    assert [proof.release for proof in icd10cm.excludes1("M54.5", "M51.26", on)] == ["FY2021"]
    terms = [note.text for note in icd10cm.notes_for("M54.5", on) if note.kind == "Inclusion term"]
    assert terms == ["Loin pain", "Lumbago NOS"]
    assert [note.text for note in icd10cm.notes_for("M54.5", TODAY) if note.kind == "Inclusion term"] == []
    superior = "Code to the most superior level of disorder"
    assert superior in [note.text for note in icd10cm.notes_for("M50.121", day("2022-09-30"))]
    assert superior not in [note.text for note in icd10cm.notes_for("M50.121", day("2022-10-01"))]


@pytest.mark.parametrize(
    ("on", "name", "stands_in"),
    [
        ("2015-10-01", "FY2016", False),
        ("2024-09-30", "FY2024", False),
        ("2024-10-01", "FY2025", False),
        ("2026-11-22", "FY2027", False),
        ("2027-09-30", "FY2027", False),
        ("2027-10-01", "FY2027", True),
    ],
)
def test_each_date_of_service_has_its_release(on: str, name: str, stands_in: bool) -> None:
    """Past the last year stored, that year stands in and says so."""
    release = icd10cm.release_on(day(on))
    assert (release.name, bool(release.notice)) == (name, stands_in)


def test_before_icd10cm_there_is_no_release() -> None:
    """The message names the first day that can be used."""
    with pytest.raises(NoteError, match="2015-10-01"):
        icd10cm.release_on(day("2015-09-30"))


def test_without_a_day_the_newest_release_answers() -> None:
    """The same as today's, as long as today lies in it."""
    assert icd10cm.newest_release() == icd10cm.release_on(TODAY)
    assert icd10cm.billable_codes() == icd10cm.billable_codes(TODAY)


# The files


def _importer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("import_icd10cm", ROOT / "scripts" / "import_icd10cm.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_fresh(tmp_path: Path) -> None:
    """The import, run now, writes the bytes that are kept; the first line says they are generated."""
    assert _importer().main([str(tmp_path)]) == 0
    for name in ("codes.csv", "notes.csv"):
        kept = (KNOWLEDGE / name).read_bytes()
        assert kept.startswith(b"# Generated by scripts/import_icd10cm.py")
        assert (tmp_path / name).read_bytes() == kept


def test_the_files_of_the_table_are_sound() -> None:
    """What ``nlp-coder check`` asks."""
    assert icd10cm.faults() == ()


@pytest.mark.parametrize(
    ("name", "good", "bad", "said"),
    [
        ("changes.csv", "code,M54.50,2021-10-01", "code,M54.50,2021-10-32", "'2021-10-32'. Write a day"),
        ("changes.csv", "code,M54.50,2021-10-01", "cod,M54.50,2021-10-01", "what 'cod'. Write code |"),
        ("changes.csv", "M54.5,2015-10-01,2021-09-30", "M54.5,2015-10-01,2021-08-30", "Run scripts/"),
        ("changes.csv", "code,M62.85,", "code,M62.84,", "M62.84 is not in codes.csv"),
        ("releases.csv", "FY2020,2019-10-01", "FY2020,2019-10-02", "FY2020 must begin on 2019-10-01"),
        ("releases.csv", "FY2020,2019-10-01,", "FY2020,2019-10-01;", "the columns must be name,valid_from"),
        ("injuries.csv", "S16,", "S 16,", "prefix 'S 16'. Write a code"),
        ("icd9.csv", "M54.2,723.1", "M54.2,7231", "icd9 '7231'. Write an ICD-9-CM code"),
    ],
)
def test_a_slip_in_a_hand_kept_file_is_reported_by_line(
    name: str, good: str, bad: str, said: str, tmp_path: Path
) -> None:
    """File, line, what was found, what to write."""
    folder = shutil.copytree(KNOWLEDGE, tmp_path / "icd10cm")
    before = (folder / name).read_text(encoding="utf-8")
    assert before.count(good) == 1
    (folder / name).write_text(before.replace(good, bad), encoding="utf-8")
    line = before[: before.index(good)].count("\n") + 1
    faults = icd10cm.faults(folder)
    assert len(faults) >= 1
    assert any(fault.startswith(f"icd10cm/{name}:{line}: ") and said in fault for fault in faults)
