"""The fact checker: pages with planted errors, each way of speaking, how pages and codes are read, the command."""

from __future__ import annotations

import csv
import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlp_coder.claims.factcheck.guided import Topic, topics
from nlp_coder.claims.factcheck.names import condition, features, listed_names, words
from nlp_coder.claims.factcheck.pages import Paragraph, TableRow, blocks
from nlp_coder.claims.factcheck.read import factcheck
from nlp_coder.claims.factcheck.tokens import dotted, meant, tokens
from nlp_coder.errors import KnowledgeError
from nlp_coder.evaluate.factcheck import judged, scored

HERE = Path(__file__).parent
SHEETS = HERE / "factcheck"
SEEDS = HERE.parent.parent.parent / "shared" / "seeds"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, comments left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


PLANTED = rows(SHEETS / "planted.csv")


def answers(text: str, ending: str = "", day: datetime.date | None = None) -> list[tuple[str, str, str]]:
    """Verdict, kind and codes of each claim of a page."""
    return [(c.verdict, c.kind, " ".join(c.codes)) for c in factcheck(text, ending, day)]


@pytest.mark.parametrize("name", sorted({row["file"] for row in PLANTED}))
def test_planted_errors_are_found_and_nothing_else(name: str) -> None:
    """Every planted error is contradicted, no other claim is."""
    text = (SHEETS / name).read_text(encoding="utf-8")
    mine = [row for row in PLANTED if row["file"] == name]
    score = scored(name, text, mine, factcheck(text, Path(name).suffix))
    assert (score.missed, score.false) == ((), ())


def test_there_are_enough_planted_errors() -> None:
    """Three sheets and forty errors were the bar; each row is of a file that is there."""
    first = [row for row in PLANTED if row["file"] in {"superbill.csv", "cheat-sheet.md", "article.html"}]
    assert (len(first), len(PLANTED)) == (47, 253)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five articles are no part of the project")
def test_the_five_articles() -> None:
    """Seventeen wrong claims are contradicted, fifteen right ones are not."""
    found = {file.name[:3]: factcheck(file.read_text(encoding="utf-8")) for file in SEEDS.glob("*.txt")}
    assert judged(rows(HERE.parent / "annotations" / "seed-claims.csv"), found) == ()


# ------------------------------------------------------------------ ways of speaking

SAID = [
    ("M54.31 (sciatica, right side) is common.", [("supported", "title", "M54.31")]),
    ("M54.31 (sciatica, left side) is common.", [("contradicted", "title", "M54.31")]),
    ("Look for lumbar strain (S39.012-) first.", [("supported", "title", "S39.012-")]),
    ("Look for lumbar strain (S33.5-) first.", [("contradicted", "title", "S33.5-")]),
    ("Injuries such as fractures (S22.x) differ.", [("contradicted", "title", "S22.x")]),
    ("Injuries such as fractures (S72.x) differ.", [("not checkable", "title", "S72.x")]),
    ("- M54.2 — Cervicalgia", [("supported", "title", "M54.2")]),
    ("- M54.3 — Sciatica", [("supported", "title", "M54.3"), ("contradicted", "billable", "M54.3")]),
    ("- Category: M54 – Dorsalgia", [("supported", "title", "M54")]),
    ("- 724.2 – Lumbago", [("supported", "title", "724.2")]),
    ("- 724.2 – Sciatica", [("contradicted", "title", "724.2")]),
    ("Neck pain codes to M54.2.", [("supported", "title", "M54.2")]),
    ("Sacral pain codes to M54.89.", [("contradicted", "title", "M54.89")]),
    ("Left low back pain codes to M54.50.", [("supported", "title", "M54.50")]),
    ("M54.50 is the code for left low back pain.", [("contradicted", "title", "M54.50")]),
    ("M54.50 is NOT a code for left low back pain.", []),
    ("M47.816, Spondylosis without myelopathy or radiculopathy.", [("supported", "title", "M47.816")]),
    ("The code for lumbar stenosis is M48.06.",
     [("supported", "title", "M48.06"), ("contradicted", "billable", "M48.06")]),
    ("Do not use M54.5 any more.", []),
    ("M54.55 is billable.", [("contradicted", "code", "M54.55")]),
    ("M54.9 is a billable code.", [("supported", "billable", "M54.9")]),
    ("M54 by itself is NOT billable.", [("supported", "billable", "M54")]),
    ("M54.9 is active in the FY2026 code set.", [("supported", "validity", "M54.9")]),
    ("CMS retired M54.5 effective October 1, 2021.", [("supported", "validity", "M54.5")]),
    ("CMS retired M54.5 effective October 1, 2022.", [("contradicted", "validity", "M54.5")]),
    ("CMS retired M54.9 effective October 1, 2022.", [("contradicted", "validity", "M54.9")]),
    ("M54.59 was introduced in FY2022.", [("supported", "validity", "M54.59")]),
    ("M54.59 was introduced in FY2023.", [("contradicted", "validity", "M54.59")]),
    ("M54.5 was split into M54.50, M54.51 and M54.59.", [("supported", "validity", "M54.5 M54.50 M54.51 M54.59")]),
    ("M54.5 was replaced by M54.50 and M54.51.", [("contradicted", "validity", "M54.5 M54.50 M54.51")]),
    ("- M47.817 — Spondylosis without myelopathy, lumbosacral", [("contradicted", "title", "M47.817")]),
    ("- M47.817 — Spondylosis, lumbosacral", [("supported", "title", "M47.817")]),
    ("A lumbosacral strain (S39.012-) is an injury.", [("supported", "title", "S39.012-")]),
    ("Who says that M54.3 is a billable code?", []),
    ("M54.81 (trigeminal neuralgia) is common.", [("not checkable", "title", "M54.81")]),
    ("M54.81 (occipital neuralgia) is common.", [("supported", "title", "M54.81")]),
    ("- M51.362 — Disc degeneration, lumbar, leg pain only", [("contradicted", "title", "M51.362")]),
    ("- M51.361 — Disc degeneration, lumbar, leg pain only", [("supported", "title", "M51.361")]),
    ("M54.9 has four characters.", [("supported", "form", "M54.9")]),
    ("M54.9 is a five-character code.", [("contradicted", "form", "M54.9")]),
    ("The 7th character of S39.012A matters.", [("supported", "form", "S39.012A")]),
    ("The 7th character of O26.891 matters.", [("contradicted", "form", "O26.891")]),
    ("M54.16 has no laterality.", [("supported", "side", "M54.16")]),
    ("M54.31 has no laterality.", [("contradicted", "side", "M54.31")]),
    ("M54.51 requires MRI evidence.", [("not checkable", "title", "M54.51")]),
    ("Payers flag M54.9 more often.", [("not checkable", "coverage", "M54.9")]),
    ("Pairing M54.50 with M51.16 violates Excludes1 rules.", [("contradicted", "pair", "M54.50 M51.16")]),
    ("Pairing M54.50 with M51.26 violates Excludes1 rules.", [("supported", "pair", "M54.50 M51.26")]),
    ("M54.50 has an Excludes1 with M51.36x.", [("contradicted", "pair", "M54.50 M51.36x")]),
    ("M54.3x cannot be reported alongside M51.1-.", [("supported", "pair", "M54.3x M51.1-")]),
    ("M54.5x is an Excludes2 under G89.-.", [("supported", "pair", "M54.5x G89.-")]),
    ("M54.50 and M54.41 may be billed together.", [("contradicted", "pair", "M54.50 M54.41")]),
    ("Can M54.50 and M54.41 be coded together? No.", [("supported", "pair", "M54.50 M54.41")]),
    ("Can M54.50 and M54.41 be coded together? Yes.", [("contradicted", "pair", "M54.50 M54.41")]),
    ("Can M54.50 and M54.41 be coded together?", []),
    # ---- names: verbs, quotation marks, sides, levels, what is left unsaid
    ("Wry neck belongs under M54.2.", [("contradicted", "title", "M54.2")]),
    ("Our template calls M54.31 “sciatica, left side”.", [("contradicted", "title", "M54.31")]),
    ("Our template calls M54.32 “sciatica, left side”.", [("supported", "title", "M54.32")]),
    ("- M54.31 Sciatica, left side", [("contradicted", "title", "M54.31")]),
    ("- M54.2 is on the first page", []),
    ("Pick M54.41 when the sciatica is on the left.", [("contradicted", "title", "M54.41")]),
    ("right → M54.32", [("contradicted", "title", "M54.32")]),
    ("Right: M54.50 is no help here.", []),
    ("Use M54.31 (right) or M54.32 (right).",
     [("supported", "title", "M54.31"), ("contradicted", "title", "M54.32")]),
    ("Sciatica of both legs is coded as M54.30.", [("contradicted", "title", "M54.30")]),
    ("Sciatica whose side is not given is coded as M54.30.", []),
    ("- M54.31 — Sciatica, unspecified side", [("contradicted", "title", "M54.31")]),
    ("- M50.122 — Disc disorder at C6-7 with radiculopathy", [("contradicted", "title", "M50.122")]),
    ("- M50.122 — Disc disorder at C5/6 with radiculopathy", [("supported", "title", "M50.122")]),
    ("Tailbone pain → M54.50", [("contradicted", "title", "M54.50")]),
    ("Neck pain, nothing further → M54.89", [("contradicted", "title", "M54.89")]),
    ("Tailbone pain → M53.3", [("supported", "title", "M53.3")]),
    ("Thoracic pain → M54.9", [("contradicted", "title", "M54.9")]),
    ("Back pain with no region, thoracic or other → M54.9", [("not checkable", "title", "M54.9")]),
    ("Lumbar stenosis is M48.00.", [("contradicted", "title", "M48.00")]),
    ("M51.379 covers disc degeneration with pain of an unstated kind.", [("contradicted", "title", "M51.379")]),
    ("M51.379 covers lumbosacral disc degeneration.", [("supported", "title", "M51.379")]),
    ("M54.41 = right sciatica without back pain", [("contradicted", "title", "M54.41")]),
    ("Lumbar sprain/strain (S33.5-) heals.", [("supported", "title", "S33.5-")]),
    ("M54.31 is for the leg that is never the left.", []),
    ("Instead of M54.31 for the left leg they wrote nothing.", []),
    ("The most common code for neck pain is M54.50.", []),
    ("You may not report M54.51 unless the claim says why.", [("not checkable", "title", "M54.51")]),
    ("M54.32 is right.", []),
    ("M54.32 is right sciatica.", [("contradicted", "title", "M54.32")]),
    ("See M54.31 or M54.32 for right or left.", []),
    ("If both legs hurt, use M54.31 and M54.32.", []),
    ("If both legs hurt, use M54.30.", [("contradicted", "title", "M54.30")]),
    ("Sciatica, both sides → M54.31 + M54.32", []),
    ("Alone it is M54.32 on the left.", [("supported", "title", "M54.32")]),
    ("- M54.89 unspecified dorsalgia", [("contradicted", "title", "M54.89")]),
    ("A neck pain beside a right sciatica also gets M54.2.", []),
    ("Neck pain and low back pain: M54.2, M54.50", [("supported", "title", "M54.2 M54.50")]),
    ("Neck pain and low back pain: M54.6, M54.50", [("contradicted", "title", "M54.6 M54.50")]),
    ("We map “neck pain” to M54.6.", [("contradicted", "title", "M54.6")]),
    ("M51.361 is the code for lumbar disc degeneration with back pain only.", [("contradicted", "title", "M51.361")]),
    ("- M50.120 — Disc disorder at C5-6 with radiculopathy", [("contradicted", "title", "M50.120")]),
    ("Lumbosacral spondylosis with myelopathy is M47.16.", [("supported", "title", "M47.16")]),
    ("Sacroiliac instability is M53.2X8.", []),
    # ---- billing
    ("M54.4 can be billed as is.", [("contradicted", "billable", "M54.4")]),
    ("M54.6 stays payable.", [("supported", "billable", "M54.6")]),
    ("Is M54.3 billable? Yes, of course.", [("contradicted", "billable", "M54.3")]),
    ("Is M54.3 billable? No.", [("supported", "billable", "M54.3")]),
    ("M51.27 is complete.", [("supported", "billable", "M51.27")]),
    ("In 2019 you had to use M54.5.", []),
    ("In 2019 you had to use M54.50.", [("contradicted", "billable", "M54.50")]),
    ("M54.3 is not specific enough to bill.", [("supported", "billable", "M54.3")]),
    ("M54.4 is specific enough for a claim.", [("contradicted", "billable", "M54.4")]),
    ("M54.9 was already active in FY2019.", [("supported", "validity", "M54.9")]),
    # ---- days
    ("M54.50 is valid for visits on or after May 1, 2022.", []),
    ("M54.50 is valid since October 1, 2022.", [("contradicted", "validity", "M54.50")]),
    ("M54.5 was retired in 2021.", [("supported", "validity", "M54.5")]),
    ("M54.5 was retired in 2023.", [("contradicted", "validity", "M54.5")]),
    ("2020: M54.51 is born.", [("contradicted", "validity", "M54.51")]),
    ("In 2022 M54.59 was introduced.", [("supported", "validity", "M54.59")]),
    ("October 1, 2024 brought M51.360 and M51.371.",
     [("supported", "validity", "M51.360"), ("supported", "validity", "M51.371")]),
    ("October 1, 2022 brought M54.50.", [("contradicted", "validity", "M54.50")]),
    ("Two codes replaced M48.06.", [("supported", "validity", "M48.06")]),
    ("Three codes replaced M48.06.", [("contradicted", "validity", "M48.06")]),
    ("M51.16 replaces M54.31 once the disc is known.", []),
    ("M51.37 has not been accepted since 10/01/2024.", [("supported", "validity", "M51.37")]),
    ("M51.37 has not been accepted since 10/01/2023.", [("contradicted", "validity", "M51.37")]),
    ("M48.06 could be billed until Sept 30, 2017.", [("supported", "validity", "M48.06")]),
    ("M48.06 could be billed until Sept 30, 2019.", [("contradicted", "validity", "M48.06")]),
    ("M54.59 was not valid before 1 October 2021.", [("supported", "validity", "M54.59")]),
    ("Since October 1, 2023, M54.5 is a header.",
     [("supported", "billable", "M54.5"), ("contradicted", "validity", "M54.5")]),
    ("For visits in May 2020 M54.5 was right.", [("supported", "validity", "M54.5")]),
    ("For visits in May 2022 M54.5 was right.", [("contradicted", "validity", "M54.5")]),
    ("New since 10/1/2024: M54.51", [("contradicted", "validity", "M54.51")]),
    ("The 2026 edition of M54.50 became effective on October 1, 2025.", []),
    ("M79.1 became M79.10, .11, .12 and .18.", [("supported", "validity", "M79.1 M79.10, .11, .12 and .18")]),
    ("FY2026 brought no new codes in M54.", [("supported", "validity", "M54")]),
    ("FY2022 brought two new codes in M54.", [("contradicted", "validity", "M54")]),
    ("FY2022 brought two new codes in S39.", [("not checkable", "validity", "S39")]),
    # ---- form and sides
    ("M54.4 without its 5th character is rejected.", []),
    ("M54.16 without a 7th character is right.", [("supported", "form", "M54.16")]),
    ("M54.2: add A at the first visit", [("contradicted", "form", "M54.2")]),
    ("S16.1XX ends with A, D or S.", [("supported", "form", "S16.1XX")]),
    ("Put an A on M54.9.", [("contradicted", "form", "M54.9")]),
    ("M54.16 takes no 7th character.", [("supported", "form", "M54.16")]),
    ("S39.012 needs only six characters.", [("contradicted", "form", "S39.012")]),
    ("M54.4 needs five characters.", [("supported", "form", "M54.4")]),
    ("M51.36 ended in 2024, when a six-character family came.", [("supported", "validity", "M51.36")]),
    ("M54.1x: 1 = right, 2 = left", [("contradicted", "side", "M54.1x"), ("contradicted", "side", "M54.1x")]),
    ("M54.4-: 1 right, 2 left", [("supported", "side", "M54.4-"), ("supported", "side", "M54.4-")]),
    ("Low back pain has a left and a right code.", [("contradicted", "side", "M54.5")]),
    ("Sciatica has a left and a right code.", [("supported", "side", "M54.3")]),
    ("The “unspecified” in M54.40 means that the side is not known.", [("supported", "side", "M54.40")]),
    ("The “unspecified” in M54.50 means that the side is not known.", [("contradicted", "side", "M54.50")]),
    ("The last digit of M54.3x shows the region.", [("contradicted", "side", "M54.3x")]),
    # ---- what a page disowns
    ("Myth: M54.3 is a billable code.", []),
    ("It is not true that M54.3 is a billable code.", []),
    ("Some sites wrongly call M54.31 “left sciatica”.", []),
    # ---- pairs
    ("M54.30 and M54.31 with M54.41 break an Excludes1 note.",
     [("supported", "pair", "M54.30 M54.41"), ("supported", "pair", "M54.31 M54.41")]),
    ("Such a patient needs M54.31 and M54.50.", [("contradicted", "pair", "M54.31 M54.50")]),
    ("There is no Excludes1 between M54.31 and M54.50.", [("supported", "pair", "M54.31 M54.50")]),
    ("Such a patient needs M54.41 and M54.50.", [("contradicted", "pair", "M54.41 M54.50")]),
    ("M54.2 excludes M54.6.", [("contradicted", "pair", "M54.2 M54.6")]),
    ("Mistake 2: Coding M54.50 and M54.41 together.", []),
    ("M54.41 does not exclude M54.50.", [("contradicted", "pair", "M54.41 M54.50")]),
    ("For both at one visit: M54.12 and M50.121 together.", [("contradicted", "pair", "M54.12 M50.121")]),
    ("M54.41 and M54.50 can be reported side by side.", [("contradicted", "pair", "M54.41 M54.50")]),
    ("M54.50 beside M51.- or M54.4-, or M54.3- beside M54.4-, where an Excludes1 note says so.", []),
    ("M54.41 stands alone: neither M54.3- nor M54.5- is coded beside it (Excludes1).", []),
    ("M54.50 cannot be billed with a strain (S39.012-), a disc (M51.2-), or lumbago with sciatica (M54.4-).",
     [("supported", "title", "S39.012-"), ("supported", "title", "M51.2-"), ("supported", "title", "M54.4-"),
      ("supported", "pair", "M54.50 S39.012-"), ("supported", "pair", "M54.50 M51.2-"),
      ("supported", "pair", "M54.50 M54.4-")]),
    ("M54.2 conflicts with M50.20.", [("supported", "pair", "M54.2 M50.20")]),
    ("M54.2 conflicts with M54.6.", [("contradicted", "pair", "M54.2 M54.6")]),
    ("It is coded as M54.41 plus M54.50.", [("contradicted", "pair", "M54.41 M54.50")]),
    ("It is fine to add M54.50 and M54.41 on one claim if they are unrelated.", []),
    ("M54.3 and M54.5 each have an Excludes1 for M54.4-.",
     [("supported", "pair", "M54.3 M54.4-"), ("supported", "pair", "M54.5 M54.4-")]),
    ("R52 has an Excludes1 for M54.5- and M54.9.",
     [("supported", "pair", "R52 M54.5-"), ("supported", "pair", "R52 M54.9")]),
    ("M54.50 is dropped beside M51.16, but not because of an Excludes1 note.", []),
    ("M54.2 has an Excludes1 for M50.-; M54.6 has none for M54.2.", [("supported", "pair", "M54.2 M50.-")]),
    ("Do not use M54.50 when the record has sciatica with M54.41 or M51.26.",
     [("supported", "pair", "M54.50 M54.41"), ("supported", "pair", "M54.50 M51.26")]),
]  # fmt: skip


HEADED = [
    ("NEVER TOGETHER\n- M54.2 x M50.20\n- M54.2 x M54.12\n",
     [("supported", "pair", "M54.2 M50.20"), ("contradicted", "pair", "M54.2 M54.12")]),
    ("Fine on one claim: both\n* M54.6 + M54.2\n* M54.31 + M54.41\n* M54.50 + M51.26 (unrelated)\n",
     [("supported", "pair", "M54.6 M54.2"), ("contradicted", "pair", "M54.31 M54.41")]),
    ("Fridays\n* M54.31 + M54.41\n", []),
    ("Retired codes\n- M54.5\n- M54.6\n- M51.36 (10/1/2021)\n",
     [("supported", "billable", "M54.5"), ("contradicted", "billable", "M54.6"),
      ("contradicted", "validity", "M51.36")]),
    ("Retired codes\n- M51.36 on October 1, 2022\n", [("contradicted", "validity", "M51.36")]),
    ("Page 3: Myths\n- M54.3 is a billable code\n", []),
    ("Dx | ICD-10 code | Bill?\n--- | --- | ---\nNeck pain | M54.2 | no\n",
     [("supported", "title", "M54.2"), ("contradicted", "billable", "M54.2")]),
    ("Dx code: M54.41\nShort name: Lumbago with left sciatica\nBillable: yes\n",
     [("contradicted", "title", "M54.41"), ("supported", "billable", "M54.41")]),
    ("2.1 Neck pain ..... M54.6\n", [("contradicted", "title", "M54.6")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HEADED, ids=[text.split("\n")[0] for text, _ in HEADED])
def test_lists_under_headings_and_cards(text: str, expected: list[tuple[str, str, str]]) -> None:
    """A heading says what its list claims; tables without bars at the edge, cards of keys and values, dots."""
    assert answers(text) == expected


TABLES = [
    ("Dx,Descriptor,Eff. date,Term date\nM54.59,Other low back pain,10/1/2021,\nM54.51,,10/1/2019,\n", ".csv",
     [("supported", "title", "M54.59"), ("supported", "validity", "M54.59"), ("contradicted", "validity", "M54.51")]),
    ("Code,Name,Valid to\nM51.37,Disc degeneration,9/30/2024\nM51.36,Disc degeneration,9/30/2023\n", ".csv",
     [("supported", "title", "M51.37"), ("supported", "validity", "M51.37"), ("supported", "title", "M51.36"),
      ("contradicted", "validity", "M51.36")]),
    ("Code,7th char?,Lat.,Chars\nM54.6,Y,N,4\nM54.31,N,N,4\n", ".csv",
     [("supported", "side", "M54.6"), ("contradicted", "form", "M54.6"), ("supported", "form", "M54.6"),
      ("contradicted", "side", "M54.31"), ("supported", "form", "M54.31"), ("contradicted", "form", "M54.31")]),
    ("Pair,Fine on one claim?\nM54.2 + M54.6,yes\nM54.2 / M50.20,yes\nM54.2 / M54.16,no\n", ".csv",
     [("supported", "pair", "M54.2 M54.6"), ("contradicted", "pair", "M54.2 M50.20"),
      ("contradicted", "pair", "M54.2 M54.16")]),
    ("Pair,Note\nM54.2 / M50.20,Excludes1\nM54.2 / M54.6,Excludes1\n", ".csv",
     [("supported", "pair", "M54.2 M50.20"), ("contradicted", "pair", "M54.2 M54.6")]),
    ("Old code,New codes,Since\nM48.06,M48.061,10/1/2017\n", ".csv",
     [("contradicted", "validity", "M48.06 M48.061"), ("supported", "validity", "M48.06")]),
    ("Region,Pain,Radiculopathy\nCervical,M54.2,M54.12\nThoracic,M54.6,M54.12\n", ".csv",
     [("supported", "title", "M54.2"), ("supported", "title", "M54.12"), ("supported", "title", "M54.6"),
      ("contradicted", "title", "M54.12")]),
    ("Problem,Old,New\nLow back pain,M54.5,M54.50\n", ".csv", []),
    ("Condition,Right,Left\nSciatica,M54.31,M54.31\n", ".csv",
     [("supported", "title", "M54.31"), ("contradicted", "title", "M54.31")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ending", "expected"), TABLES, ids=[text.split("\n")[0] for text, *_ in TABLES])
def test_tables_by_their_columns(text: str, ending: str, expected: list[tuple[str, str, str]]) -> None:
    """Days, form, pairs, successors, and a table whose rows and columns together name the code."""
    assert answers(text, ending) == expected


@pytest.mark.parametrize("topic", topics(), ids=[topic.id for topic in topics()])
def test_what_pages_say_of_the_guidelines(topic: Topic) -> None:
    """Each wrong sentence is contradicted by its own topic alone, no right one is contradicted by any."""
    told = {text: [(c.verdict, c.entry) for c in factcheck(text) if c.kind == "guideline"] for text in topic.wrong}
    assert told == {text: [("contradicted", topic.says)] for text in topic.wrong}
    assert [c for text in topic.right for c in factcheck(text) if c.kind == "guideline"] == []


def test_a_faulty_topic_is_told_with_its_name(tmp_path: Path) -> None:
    """Every fault of the file at once."""
    file = tmp_path / "guideline_claims.toml"
    rest = 'source = "I.B"\nall_of = [["a"]]\nnone_of = []\nwrong = ["A."]\nright = []\n'
    file.write_text(f'[[topic]]\nid = "half"\nsays = "No."\n{rest}[[topic]]\nid = "none"\nsay = ""\n{rest}', "utf-8")
    with pytest.raises(KnowledgeError) as error:
        topics(tmp_path)
    known = "id, says, source, all_of, none_of, wrong, right"
    assert error.value.faults == (
        "guideline_claims.toml:8 [half]: 'right' is empty. Write at least one.",
        "guideline_claims.toml:10 [none]: 'says' is missing.",
        f"guideline_claims.toml:11 [none]: unknown key 'say'. Use: {known}.",
        "guideline_claims.toml:16 [none]: 'right' is empty. Write at least one.",
    )


def test_a_condition_by_its_name() -> None:
    """The longest title or Index name counts."""
    assert [condition(text) for text in ("lumbar radiculopathy", "Lumbago with sciatica", "knee pain")] == [
        "M54.16",
        "M54.4",
        "",
    ]


@pytest.mark.parametrize(("text", "expected"), SAID, ids=[text for text, _ in SAID])
def test_each_way_of_speaking(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Exactly these claims, each with its verdict."""
    assert answers(text) == expected


SENTENCES = {name: (SHEETS / f"{name}.txt").read_text(encoding="utf-8").splitlines() for name in ("wrong", "right")}


def test_the_sentences_are_many() -> None:
    """What twenty authors would write, each sentence once."""
    assert [(len(SENTENCES[name]), len(set(SENTENCES[name]))) for name in ("wrong", "right")] == [
        (561, 561),
        (413, 413),
    ]


@pytest.mark.parametrize("text", SENTENCES["wrong"])
def test_a_wrong_sentence_is_contradicted(text: str) -> None:
    """By the table or a guideline."""
    assert [verdict for verdict, *_ in answers(text) if verdict == "contradicted"] != []


@pytest.mark.parametrize("text", SENTENCES["right"])
def test_a_right_sentence_is_not_contradicted(text: str) -> None:
    """A false alarm is worse than a miss."""
    assert [claim for claim in answers(text) if claim[0] == "contradicted"] == []


def test_the_answer_names_the_real_reason() -> None:
    """No Excludes1 note, and why a coder drops the pain all the same."""
    (claim,) = factcheck("Pairing M54.50 with M51.16 violates Excludes1 rules.")
    assert claim.entry.startswith(
        "no Excludes1 note parts M54.50 from M51.16 (the reason to drop one is guideline I.B.5"
    )
    (claim,) = factcheck("M54.50 has an Excludes1 with M51.36x.")
    assert claim.entry.startswith("only M51.360 of it: Excludes1 at M54.5: ")


def test_the_day_decides() -> None:
    """M51.36 was billable in 2024."""
    text = "- M51.36 — Other intervertebral disc degeneration, lumbar region"
    assert ("contradicted", "billable", "M51.36") in answers(text)
    assert answers(text, day=datetime.date(2024, 5, 1)) == [("supported", "title", "M51.36")]


# ------------------------------------------------------------------ pages and codes


def test_the_name_on_a_codes_own_page_is_its_title() -> None:
    """A synonym heads no page; the title does."""
    assert answers("M54.9\nICD-10-CM\nUnspecified Back Pain\n") == [("contradicted", "title", "M54.9")]
    assert answers("M54.9\nICD-10-CM\nDorsalgia, unspecified\n") == [("supported", "title", "M54.9")]


def test_a_table_with_one_cell_a_line() -> None:
    """Rows are put together again; a broken row ends at the next heading."""
    text = (
        "Code\n\nDescription\n\nBillable?\n\nM54.2\n\nCervicalgia\n\nYes\n\nM54.3\n\nSciatica\n\nCode\n\nDescription\n"
    )
    header = ("code", "description", "billable?")
    assert blocks(text, "")[:2] == [
        TableRow(header, ("M54.2", "Cervicalgia", "Yes"), (7, 9, 11)),
        TableRow(header, ("M54.3", "Sciatica"), (13, 15)),
    ]


def test_html_keeps_lines_and_hides_what_is_not_shown() -> None:
    """A code in a style sheet is no claim; a paragraph over two lines knows both."""
    page = (
        "<style>p{M54.55}</style>\n<p>M54.2 is\nM54.6</p><table><tr><th>Code</th></tr><tr><td>M54.9</td></tr></table>"
    )
    paragraph, row = blocks(page, ".html")
    assert isinstance(paragraph, Paragraph)
    assert (paragraph.text, paragraph.line(0), paragraph.line(10)) == ("M54.2 is M54.6", 2, 3)
    assert row == TableRow(("code",), ("M54.9",), (3,))


@pytest.mark.parametrize(
    ("text", "stems", "number"),
    [
        ("M54.50/51/59", ("M54.50", "M54.51", "M54.59"), 3),
        ("M54.40 through M54.42", ("M54.40", "M54.41", "M54.42"), 3),
        ("M54.5x", ("M54.5",), 3),
        ("M54.5-", ("M54.5",), 3),
        ("M51.-", ("M51",), 36),
        ("M51.x4", ("M51.x4",), 7),
        ("S33.5XXA", ("S33.5XXA",), 1),
        ("S22.x", ("S22",), 0),
        ("M54.50, .51 and .59", ("M54.50", "M54.51", "M54.59"), 3),
        ("724.5", ("724.5",), 0),
    ],
)
def test_codes_as_people_write_them(text: str, stems: tuple[str, ...], number: int) -> None:
    """One token, what it stands for, and how many billable codes that is."""
    (token,) = tokens(f"see {text}, today")
    assert (token.text, token.stems, len(meant(token, None))) == (text, stems, number)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("m54.5, M5450 and m5441", "M54.5, M54.50 and M54.41"),
        ("s39.012a, G8929, m54.x, m54.52", "S39.012A, G89.29, M54.x, M54.52"),
        ("M54 point 31, M fifty-four dot five oh", "M54.31, M54.50"),
        ("M54 point fifty-one, S39 point zero one two", "M54.51, S39.012"),
        ("L4-5, S1, T12, 99213, G0283, room M101", "L4-5, S1, T12, 99213, G0283, room M101"),
    ],
)
def test_codes_as_people_type_them_in_haste(typed: str, read: str) -> None:
    """Without the dot, in small letters, as read aloud; what only looks so stays."""
    assert dotted(typed) == read


def test_text_cut_at_one_width_is_one_paragraph() -> None:
    """A sentence may run over three lines, and the claim stands where its code does; a list stays a list."""
    text = (
        "A word on sides, since the year ends soon:\nas you know, the left leg of sciatica is\n"
        "M54.31, whatever the older sheets may say."
    )
    (claim,) = factcheck(text)
    assert (claim.verdict, claim.line) == ("contradicted", 3)
    listed = "M54.2 Cervicalgia, the neck and no side\nM54.6 Pain in thoracic spine, no side there\n"
    assert len(blocks(listed, "")) == 2


def test_a_header_and_its_code_are_no_range() -> None:
    """``M54.5 to M54.50`` tells of a change."""
    assert [token.text for token in tokens("M54.5 to M54.50: what changed")] == ["M54.5", "M54.50"]


@pytest.mark.parametrize("text", ["T12 to L1", "C7", "99213", "FY2026", "V28", "3.5 mg", "L4-L5"])
def test_what_is_no_code(text: str) -> None:
    """Levels, procedures, years, models and doses."""
    assert tokens(text) == []


def test_what_a_phrase_says() -> None:
    """Regions by the longest name, what is denied apart, a side word that says nothing."""
    told = features("Spondylosis without myelopathy or radiculopathy, lumbosacral region, left side")
    assert (told.regions, told.kinds, told.denied, told.sides) == (
        {"lumbosacral"},
        {"spondylosis"},
        {"myelopathy", "radiculopathy"},
        {"left"},
    )
    assert features("Sciatica, unspecified side").exactness == frozenset()
    assert words("Pain in thoracic spine") == words("thoracic spine pain")


def test_every_name_is_of_a_code_of_the_table() -> None:
    """The hand-kept names are read and sound."""
    assert len(listed_names()) == len({(name, code) for name, code, _ in listed_names()})


# ------------------------------------------------------------------ the command


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program with some arguments and no stdin."""
    command = [sys.executable, "-m", "nlp_coder", *arguments]
    return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)


def test_the_command(tmp_path: Path) -> None:
    """Exit 1 and the table's entry where the page is wrong, 0 where it is not."""
    file = tmp_path / "sheet.md"
    file.write_text("- M54.31 — Sciatica, left side\n- M54.2 — Cervicalgia\n", encoding="utf-8")
    done = run("factcheck", str(file))
    text = done.stdout.decode()
    assert (done.returncode, "M54.31 Sciatica, right side: not left" in text, "Cervicalgia" in text) == (1, True, False)
    assert "M54.2 Cervicalgia" in run("factcheck", str(file), "--all").stdout.decode()
    answer = json.loads(run("factcheck", str(file), "--format", "json").stdout)
    assert answer["counts"] == {"contradicted": 1, "supported": 1, "not checkable": 0}
    file.write_text("- M54.2 — Cervicalgia\n", encoding="utf-8")
    assert run("factcheck", str(file)).returncode == 0


def test_a_page_without_claims_is_not_approved(tmp_path: Path) -> None:
    """Silence is said aloud."""
    file = tmp_path / "claims.csv"
    file.write_text("id,codes\n1,M54.50\n", encoding="utf-8")
    done = run("factcheck", str(file))
    assert (done.returncode, b"No claim about a code was recognised." in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "is empty"), (b"%PDF-1.7", "is no text"), (b"M54.2 \xff\xfe", "is not UTF-8"), (None, "no such file")],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, data: bytes | None, says: str) -> None:
    """One line and exit 2."""
    file = tmp_path / "sheet.txt"
    if data is not None:
        file.write_bytes(data)
    done = run("factcheck", str(file))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, b"", 1)
    assert says in done.stderr.decode()
