"""The annotations are sound: quotes stand in their notes, codes in the table of the day, labels in their list."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from nlp_coder import icd10cm
from nlp_coder.evaluate import agreement, archive

FOLDER = Path(__file__).parent.parent / "annotations"
RULES = FOLDER.parent / "nlp_coder" / "knowledge" / "rules"
SIMILAR = 0.10
"""Share of word 5-grams (Jaccard) from which two texts count as near-duplicates; the closest pair has 0.04."""
CONTEXTS = {"present", "negated", "uncertain", "historical", "hypothetical", "family"}


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


NOTES = _rows("notes.jsonl")
REPORTS = _rows("lumbar-mri.jsonl")
SECOND = _rows("second-readings.jsonl")
with (FOLDER / "archive-readings.csv").open(encoding="utf-8", newline="") as _file:
    READINGS = list(csv.DictReader(_file))
with (FOLDER / "splits.csv").open(encoding="utf-8", newline="") as _file:
    SPLITS = list(csv.DictReader(_file))
with (FOLDER / "disagreements.csv").open(encoding="utf-8", newline="") as _file:
    RESOLVED = list(csv.DictReader(_file))
with (FOLDER / "coverage.csv").open(encoding="utf-8", newline="") as _file:
    COVERAGE = list(csv.DictReader(_file))

SEEN = frozenset({
    "disc bulge", "disc protrusion", "disc extrusion", "disc sequestration", "disc herniation", "disc degeneration",
    "canal stenosis", "foraminal stenosis", "nerve root compression", "spondylolisthesis", "spondylolysis",
    "annular fissure", "osteophyte", "modic", "modic 1", "modic 2", "modic 3", "endplate change",
    "compression fracture", "spondylosis", "facet arthropathy", "muscle spasm", "scoliosis",
    "ligamentum flavum hypertrophy",
})  # fmt: skip
DISC = frozenset("T11-T12 T12-L1 L1-L2 L2-L3 L3-L4 L4-L5 L5-S1".split())
NOWHERE = frozenset({"muscle spasm", "scoliosis"})


def test_every_quote_stands_in_its_note() -> None:
    """Evidence and temptations are quoted letter for letter."""
    missing = [
        (note["id"], quote)
        for note in NOTES
        for quote in [
            *(q for code in note["codes"] for q in code["evidence"]),
            *(t["quote"] for t in note["turned_down"] if t.get("quote")),
        ]
        if quote not in note["text"]
    ]
    assert missing == []


def test_every_mention_is_found_where_it_says() -> None:
    """The words around a mention occur once in the note, the mention's own words within them."""
    lost = [
        (note["id"], mention["words"])
        for note in NOTES
        for mention in note.get("mentions", ())
        if note["text"].count(mention["within"]) != 1 or mention["words"] not in mention["within"]
    ]
    assert lost == []


def test_labels_are_of_the_guide() -> None:
    """A code is sure or arguable and quotes something; a mention has a context of the list; no code is given twice."""
    wrong = [
        (note["id"], code["code"])
        for note in NOTES
        for code in note["codes"]
        if code["certainty"] not in {"sure", "arguable"} or not code["evidence"] or not all(code["evidence"])
    ]
    assert wrong == []
    assert {mention["context"] for note in NOTES for mention in note.get("mentions", ())} <= CONTEXTS
    assert [note["id"] for note in NOTES if len({c["code"] for c in note["codes"]}) != len(note["codes"])] == []


def part(group: str) -> str:
    """The rule of the guide: the SHA-256 of the group's name, modulo 10."""
    rest = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 10
    return "test" if rest < 2 else "validation" if rest == 2 else "train"


def test_the_parts_are_of_all_groups_by_the_rule() -> None:
    """A group is a scenario, or the id of a note without one; each once, by name, in the part of its hash."""
    groups = {note.get("scenario") or note["id"] for note in NOTES}
    assert [{"group": group, "split": part(group)} for group in sorted(groups)] == SPLITS


def grams(text: str) -> set[tuple[str, ...]]:
    """The word 5-grams of a text, in small letters."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def similar(texts: Mapping[str, str], limit: float) -> list[tuple[str, str]]:
    """Pairs of texts that share that part of their 5-grams; only texts that share one are compared."""
    found = {name: grams(text) for name, text in texts.items()}
    holders = defaultdict(list)
    for name, some in found.items():
        for gram in some:
            holders[gram].append(name)
    shared = Counter(pair for names in holders.values() for pair in combinations(sorted(names), 2))
    return sorted((a, b) for (a, b), n in shared.items() if n / (len(found[a]) + len(found[b]) - n) >= limit)


def test_similar_texts_are_seen() -> None:
    """The first six of nine words alike: two of eight 5-grams; capitals and punctuation do not hide them."""
    texts = {
        "a": "She has low back pain since May, worse sitting",
        "b": "SHE HAS LOW BACK PAIN since: March, standing still",
        "c": "Neck pain after a fall from a short ladder",
    }
    assert similar(texts, 0.25) == [("a", "b")]
    assert similar(texts, 0.26) == []


def test_no_note_is_a_near_duplicate_of_another_or_of_an_example() -> None:
    """A copied note would be counted twice, a copied example would be known already."""
    texts = {note["id"]: note["text"] for note in NOTES}
    for file in RULES.glob("*.toml"):
        for rule in tomllib.loads(file.read_text(encoding="utf-8")).get("rule", ()):
            texts |= {f"{rule['id']} {n}": example["note"] for n, example in enumerate(rule.get("example", ()))}
    assert len(texts) > len(NOTES)
    ids = {note["id"] for note in NOTES}
    assert [pair for pair in similar(texts, SIMILAR) if ids & {*pair}] == []


def test_second_readings_are_of_notes_here() -> None:
    """One reading a note, from round f on, with codes alone."""
    read = [reading["id"] for reading in SECOND]
    assert read == [note["id"] for note in NOTES if note["id"] in set(read)]
    assert {key for reading in SECOND for key in reading} == {"id", "codes"}


def test_every_difference_of_two_readings_is_resolved_in_writing() -> None:
    """The file holds the differences there are, no more and no less, in the readers' words."""
    there = [agreement.Difference(row["id"], row["code"], row["first"], row["second"]) for row in RESOLVED]
    read = agreement.pairs(NOTES, SECOND)
    assert tuple(there) == agreement.differences(agreement.as_first_said(read, there))
    kept = {*there} & {*agreement.differences(read)}
    corrected = [(row["id"], row["code"]) for row in RESOLVED if row["resolution"].startswith("Corrected to ")]
    assert [(one.id, one.code) for one in there if one not in kept] == corrected
    assert [row["id"] for row in RESOLVED if len(row["resolution"].split()) < 5] == []


def test_every_code_is_billable_on_its_day() -> None:
    """Gold codes within the table can be billed on the note's date of service."""
    wrong = [
        (note["id"], code["code"])
        for note in NOTES
        for code in note["codes"]
        if icd10cm.entry(code["code"])
        and not icd10cm.billable_on(code["code"], datetime.date.fromisoformat(note["date_of_service"]))
    ]
    assert wrong == []


def test_ids_are_used_once() -> None:
    """Two notes never share an id, nor a text."""
    twice = [id_ for id_, count in Counter(note["id"] for note in NOTES).items() if count > 1]
    assert twice == []
    assert len({note["text"] for note in NOTES}) == len(NOTES)


def test_reports_are_labelled_by_number_and_nothing_else() -> None:
    """60 reports in order, each once, with these fields and no text."""
    numbers = [int(report["id"].removeprefix("sudirman-")) for report in REPORTS]
    assert len(numbers) == 60
    assert numbers == sorted(set(numbers))
    assert {tuple(report) for report in REPORTS} == {("id", "findings", "negated", "hedged")}


def test_findings_are_of_the_closed_list_at_a_level() -> None:
    """Each once a report; spasm and scoliosis have no level; what is present is not hedged as well."""
    wrong = [
        (report["id"], level, what)
        for report in REPORTS
        for level, what in report["findings"] + report["hedged"]
        if what not in SEEN
        or not (level in DISC or level == "" or re.fullmatch(r"T1[0-2]|L[1-5]|S1", level))
        or (what in NOWHERE and level)
    ]
    assert wrong == []
    assert [(r["id"], what) for r in REPORTS for what in r["negated"] if what not in SEEN] == []
    twice = [
        r["id"]
        for r in REPORTS
        if len({tuple(f) for f in r["findings"] + r["hedged"]}) != len(r["findings"] + r["hedged"])
    ]
    assert twice == []


def test_readings_are_of_the_lists_each_note_once() -> None:
    """All 100 incidental notes are read, some of the others."""
    assert {tuple(row) for row in READINGS} == {("list", "id", "codes_right", "codes_arguable")}
    assert len({(row["list"], row["id"]) for row in READINGS}) == len(READINGS)
    assert {row["list"] for row in READINGS} == set(archive.LISTS)
    assert Counter(row["list"] for row in READINGS)["incidental"] == 100
    assert [row["id"] for row in READINGS if not re.fullmatch(r"mtsamples-\d+", row["id"])] == []


def test_codes_granted_are_billable_and_right_or_arguable() -> None:
    """On the day the archive is coded; no code is both."""
    day = datetime.date(2026, 5, 1)
    for row in READINGS:
        right, arguable = row["codes_right"].split(), row["codes_arguable"].split()
        assert len({*right, *arguable}) == len(right) + len(arguable), row
        assert [c for c in right + arguable if icd10cm.entry(c) and not icd10cm.billable_on(c, day)] == [], row
        assert [c for c in right + arguable if not re.fullmatch(r"[A-Z]\d\w(?:\.\w{1,4})?", c)] == [], row


def test_every_code_of_the_category_is_given_often_enough() -> None:
    """Each billable code of M54 eight times, the sites of panniculitis twice: fewer say nothing of a code."""
    given = Counter(code["code"] for note in NOTES for code in note["codes"])
    codes = [code for code in icd10cm.billable_codes(datetime.date(2026, 5, 1)) if code.startswith("M54")]
    assert len(codes) > 30
    few = {code: given[code] for code in codes if given[code] < (2 if code.startswith("M54.0") else 8)}
    assert few == {}


def among(pattern: str, items: list[str]) -> bool:
    """An item begins with the pattern; "2*" asks for two items, "^" for the first one."""
    least, rest = (int(pattern[0]), pattern[2:]) if pattern[1:2] == "*" else (1, pattern)
    asked = items[:1] if rest.startswith("^") else items
    return sum(bool(re.match(rest, item, re.IGNORECASE)) for item in asked) >= least


def covering(row: Mapping[str, str], notes: list[dict[str, Any]]) -> set[str]:
    """The notes with every pattern of the row among their codes, and its pattern among what was turned down and why."""
    return {
        note["id"]
        for note in notes
        if all(among(pattern, [code["code"] for code in note["codes"]]) for pattern in row["codes"].split())
        and (
            not row["turned_down"]
            or among(row["turned_down"], [f"{t['code']} {t['why']} {t['quote']}" for t in note["turned_down"]])
        )
    }


def test_a_note_covers_a_row_by_all_its_patterns() -> None:
    """Two discs, the first code, a reason; a code that only one pattern has is not enough."""
    note = {
        "id": "n",
        "codes": [{"code": "G89.4"}, {"code": "M50.021"}, {"code": "M50.022"}],
        "turned_down": [{"code": "M54.12", "why": "Resolved", "quote": "arm pain"}],
    }
    rows = [
        ("2*M50\\.0", ""), ("^G89 M50", ""), ("", r"M54\.1.*resolved"),
        ("3*M50", ""), ("^M50", ""), ("G89 M51", ""), ("G89", "M54.2"),
    ]  # fmt: skip
    assert [bool(covering({"codes": c, "turned_down": t}, [note])) for c, t in rows] == [True] * 3 + [False] * 4


def test_every_neighbour_row_of_the_policy_is_covered_six_times() -> None:
    """Lines of coverage.csv with one name are ways to cover that row: six notes at least."""
    found = defaultdict(set)
    for row in COVERAGE:
        assert row["section"] in {"5", "6"}
        assert row["codes"] or row["turned_down"], row
        found[row["section"], row["row"]] |= covering(row, NOTES)
    assert len(found) > 50
    assert {row: len(ids) for row, ids in found.items() if len(ids) < 6} == {}


def test_a_third_of_the_notes_earn_nothing_though_something_tempts() -> None:
    """Hard negatives: no code at all, and one turned down at least."""
    negatives = sum(not note["codes"] and bool(note["turned_down"]) for note in NOTES)
    assert 3 * negatives >= len(NOTES)
