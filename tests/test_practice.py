"""The audit of a practice: planted problems are found and ranked, near misses are not; claims without notes too."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path

import practice_store
import pytest

from nlp_coder.claims.practice import CHECKS, Audit, audit
from nlp_coder.claims.practice_report import as_html
from nlp_coder.errors import InputError

NAME = "Zwinglifax"
"""No word of ours: where it turns up, something given has leaked."""
HEAD = "patient,date_of_service,code,provider\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, practice_store.Practice]:
    """Some 2,000 visits with every planted problem and every near miss."""
    made = practice_store.practice(2000)
    return practice_store.write(made, tmp_path_factory.mktemp("practice") / "visits.duckdb"), made


def keys(found: Audit) -> set[tuple[str, str]]:
    """Check and patient (or provider) of each item."""
    return {(item.check, item.patient or item.provider) for item in found.items}


def claims(tmp_path: Path, *rows: str, head: str = HEAD) -> Audit:
    """The audit of a CSV of claims."""
    path = tmp_path / "claims.csv"
    path.write_text(head + "\n".join(rows))
    return audit(path)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command from outside."""
    command = [sys.executable, "-m", "nlp_coder", "audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_was_planted_is_found_and_nothing_else(store: tuple[Path, practice_store.Practice]) -> None:
    """Every check has planted problems; each near miss lacks one condition."""
    path, made = store
    assert {check for check, _ in made.planted} == set(CHECKS)
    assert keys(audit(path)) == made.planted


def test_items_are_ranked_by_severity_then_weight(store: tuple[Path, practice_store.Practice]) -> None:
    """Errors first; ranks count from 1 without gaps; the order is the same each time."""
    items = audit(store[0]).items
    assert [item.rank for item in items] == list(range(1, len(items) + 1))
    order = [("error", "warning", "info").index(item.severity) for item in items]
    assert order == sorted(order)
    assert items == audit(store[0]).items


def test_every_item_shows_its_visits_and_evidence(store: tuple[Path, practice_store.Practice]) -> None:
    """What an auditor needs to look it up; the store is only read."""
    path, made = store
    before = path.read_bytes()
    days = {f"v{number}": visit for number, visit in enumerate(made.visits)}
    told = [words for item in audit(path).items for words in item.evidence]
    assert "The note says how long: 5 months." in told
    for item in audit(path).items:
        assert item.evidence
        if item.check != "provider-unspecified":
            assert {days[visit][0] for visit in item.visits} == {item.patient}
            assert days[item.visits[-1]][2] == item.day
    assert path.read_bytes() == before


def test_another_reader_does_not_matter(store: tuple[Path, practice_store.Practice]) -> None:
    """The store is opened for reading only, so a query elsewhere may go on."""
    opening = "c = duckdb.connect(sys.argv[1], read_only=True)"
    hold = f"import duckdb, sys; {opening}; print('open', flush=True); sys.stdin.read()"
    pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    with subprocess.Popen([sys.executable, "-c", hold, str(store[0])], **pipes, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        found = audit(store[0])
        other.communicate()
    assert keys(found) == store[1].planted


def test_since_leaves_out_what_ended_before(store: tuple[Path, practice_store.Practice]) -> None:
    """The history before the day still counts."""
    day = datetime.date(2025, 9, 1)
    whole, late = audit(store[0]), audit(store[0], since=day)
    wanted = {(i.check, i.patient or i.provider) for i in whole.items if i.day is None or i.day >= day}
    assert keys(late) == wanted
    assert len(wanted) < len(whole.items)


def test_more_visits_may_be_allowed(store: tuple[Path, practice_store.Practice]) -> None:
    """With four visits allowed nobody kept an unspecified code too long."""
    assert {check for check, _ in keys(audit(store[0], visits=4))} == set(CHECKS) - {"unspecified-kept"}


def test_by_counts_each_item_once(store: tuple[Path, practice_store.Practice]) -> None:
    """By month all but the provider's item; most first."""
    found = audit(store[0])
    months = found.by("month")
    assert sum(count for _, count, _ in months) == len(found.items) - 1
    assert [count for _, count, _ in months] == sorted((count for _, count, _ in months), reverse=True)
    assert all(count == sum(many for _, many in parts) for _, count, parts in months)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["p,2026-01-05,M54.50,d"], set()),
        (["p,2026-01-05,m5450,d", "p,2026-01-19,M54.50,d", "p,2026-02-02,M54.50,d"], {"unspecified-kept"}),
        (["p,2026-01-05,M54.50 M54.41,d"], {"excludes1-pair"}),
        (["p,2026-01-05,M54.50;M51.16,d"], {"symptom-beside-cause"}),
        (["p,2026-01-05,M54.50;M51.360,d"], {"excludes1-pair"}),
        (["p,2024-01-05,M54.50;M51.26,d"], {"excludes1-pair"}),
        (["p,2026-01-05,M54.31;M54.42,d"], {"excludes1-pair"}),
        (["p,2026-01-05,M54.9,d", "p,2026-02-05,M54.9,d"], {"m549-follow-up"}),
        (["p,2026-01-05,M54.9,d", "p,2026-02-05,M54.6,d"], set()),
        (["p,2026-01-05,E11.9,d", "p,2026-02-05,M54.9,d"], set()),
        (["p,2024-01-05,M54.9,d", "p,2026-02-05,M54.9,d"], {"chronicity-unstated"}),
        (["p,2026-01-05,M54.2,d", "p,2026-04-06,M54.2,d"], {"chronicity-unstated"}),
        (["p,2026-01-05,M54.2,d", "p,2026-04-04,M54.2,d"], set()),
        (["p,2026-01-05,M54.2,d", "p,2026-04-06,M54.2 G89.29,d"], set()),
        (["p,2026-01-05,M54.2,d", "q,2026-04-06,M54.2,d"], set()),
    ],
)
def test_claims_without_notes(tmp_path: Path, rows: list[str], expected: set[str]) -> None:
    """Codes are read in any usual writing; ninety days are three months, eighty-nine are not."""
    found = claims(tmp_path, *rows)
    assert {item.check for item in found.items} == expected
    assert not found.documented


def test_excludes1_is_that_of_the_day(tmp_path: Path) -> None:
    """The Excludes1 note with disc degeneration came in October 2024."""
    assert keys(claims(tmp_path, "p,2024-01-05,M54.50;M51.360,d")) == {("symptom-beside-cause", "p")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the CSV is empty"),
        (
            "code,date\nM54.50,2026-05-12",
            "no column patient. Its first line names the columns: patient, date_of_service",
        ),
        ("patient,code\np,M54.50", "no column date_of_service"),
        (HEAD, "holds no claim"),
        (HEAD + "p,2026-13-01,M54.50,d", "line 2 of the CSV has no day"),
        (HEAD + f"p,2026-01-05,{NAME},d", "line 2 of the CSV has a code that is none"),
        (HEAD + f"{NAME}", "line 2 of the CSV has too few cells"),
        (HEAD + f'p,2026-01-05,"{NAME},d', "line 2 of the CSV is damaged"),
    ],
)
def test_a_csv_that_cannot_be_used_is_one_clear_error(tmp_path: Path, text: str, says: str) -> None:
    """It names the line and repeats nothing of it."""
    with pytest.raises(InputError, match=re.escape(says)) as told:
        claims(tmp_path, head=text)
    assert NAME not in str(told.value)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    """Text, a missing file."""
    other = tmp_path / "other.duckdb"
    other.write_text(NAME * 1000)
    for path, says in ((other, "no DuckDB file"), (tmp_path / "none.duckdb", "no such file")):
        with pytest.raises(InputError, match=says):
            audit(path)


def test_the_page_is_self_contained_and_escapes(tmp_path: Path) -> None:
    """Ids are shown as text; plots are drawn in."""
    page = as_html(claims(tmp_path, "<b>p</b>,2026-01-05,M54.50 M54.41,d"))
    assert "&lt;b&gt;p&lt;/b&gt;" in page
    assert "<b>p</b>" not in page
    assert page.count("<svg") == 3
    assert re.findall(r"""(?:src|href)=["']http""", page) == []


def test_the_command_writes_text_json_and_html(store: tuple[Path, practice_store.Practice], tmp_path: Path) -> None:
    """Exit code 0 whatever is found; 2 and one line for bad input."""
    path, made = store
    shown = run(path, "--limit", "1")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"{len(made.planted)} things to look at in {len(made.visits):,} visits")
    answer = json.loads(run(path, "--format", "json", "--by", "month", "--html", tmp_path / "a.html").stdout)
    assert answer["schema"] == "nlp-coder/audit/1"
    assert {(i["check"], i["patient"] or i["provider"]) for i in answer["items"]} == made.planted
    assert (tmp_path / "a.html").stat().st_mode & 0o777 == 0o600
    for wrong in ((path, "--since", "2026-13-01"), (tmp_path / "none.csv",), (path, "--by", "year")):
        done = run(*wrong)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
