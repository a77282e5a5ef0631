"""Results in, outputs out: their forms, whom they are readable for, and that no kill loses or doubles a note."""

from __future__ import annotations

import csv
import datetime
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import psutil
import pytest
from kill_archive import parquet_bytes, tables, workers_of, write_archive

from nlp_coder.archive import Entry, Failure, code_entries
from nlp_coder.archive.batch import Batch, run_batch
from nlp_coder.archive.report import as_html
from nlp_coder.archive.resume import Mode
from nlp_coder.archive.store import Store, create
from nlp_coder.archive.store_text import cell
from nlp_coder.archive.summary import Summary, Tally, of_store
from nlp_coder.archive.tables import TABLES
from nlp_coder.errors import NlpCoderError
from nlp_coder.types import Note

NOTES = 40
FAILED = [0, 17, 34]
"""The entries of ``write_archive`` without text."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Forty notes, three of them empty."""
    return write_archive(tmp_path / "archive.jsonl", NOTES)


def batch(archive: Path, out: Path, mode: Mode = Mode.NEW, **more: object) -> Summary:
    """A run on one worker that commits five notes at a time, however slow the machine."""
    options: dict[str, object] = {"together": 5, "seconds": 1e6, "release": "FY2026", "program": "1", **more}
    watch = options.pop("watch", lambda _: None)
    return run_batch(Batch([str(archive)], str(out), mode=mode, **options), watch)  # type: ignore[arg-type]  # as named


def refused(archive: Path, out: Path, mode: Mode = Mode.NEW, **more: object) -> str:
    """What a run that may not be says."""
    with pytest.raises(NlpCoderError) as caught:
        batch(archive, out, mode, **more)
    return str(caught.value)


# ------------------------------------------------------------------ what comes out


def test_each_note_once(archive: Path, tmp_path: Path) -> None:
    """Forty entries: 37 notes and 3 failures, numbered as they stand, with the figures of the summary."""
    out = tmp_path / "out.duckdb"
    summary = batch(archive, out)
    found = tables(out)
    assert [row[0] for row in found["failures"]] == FAILED
    assert [row[0] for row in found["notes"]] == [number for number in range(NOTES) if number not in FAILED]
    assert found["failures"][1][:3] == (17, "visit-17", "empty")
    assert (summary.notes, summary.failed, summary.failures) == (40, 3, {"empty": 3})
    assert summary.assigned == len(found["codes"]) == sum(row[10] for row in found["notes"])
    assert summary.coded == len({row[0] for row in found["codes"]})
    assert summary.questioned == len({row[0] for row in found["questions"]})
    assert summary.unspecified == sum(row[10] for row in found["codes"])


def test_the_columns_are_those_of_the_table(archive: Path, tmp_path: Path) -> None:
    """Names and types in the file are the documented ones."""
    out = tmp_path / "out.duckdb"
    batch(archive, out)
    with duckdb.connect(str(out), read_only=True) as connection:
        for table, columns in TABLES.items():
            described = connection.execute(f"DESCRIBE {table}").fetchall()
            assert {row[0]: row[1] for row in described} == columns


def test_jsonl_is_one_line_for_each_entry(archive: Path, tmp_path: Path) -> None:
    """Coded or failed, in input order: what ``code_entries`` says of them."""
    out = tmp_path / "out.jsonl"
    batch(archive, out)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line.get("number") for line in lines if "number" in line] == FAILED
    assert [line["id"] if "id" in line else line["note"]["id"] for line in lines] == [
        f"visit-{n}" for n in range(NOTES)
    ]


def test_csv_is_one_row_for_each_code(tmp_path: Path) -> None:
    """With the words that earn it; failures beside it; nothing a spreadsheet takes for a formula."""
    archive, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    note = {"id": "=1+1", "text": "Neck pain. =2", "date_of_service": "2026-05-12", "patient": "@x", "provider": "-y"}
    archive.write_text(json.dumps(note) + "\n" + json.dumps({"id": "+2", "text": ""}) + "\n")
    batch(archive, out)
    rows = list(csv.DictReader(out.open()))
    assert rows[0]["status"] in {"certain", "review"}  # as sure as the model is
    assert rows == [
        {
            "number": "0",
            "id": "'=1+1",
            "date_of_service": "2026-05-12",
            "patient": "'@x",
            "provider": "'-y",
            "item": "1",
            "code": "M54.2",
            "title": "Cervicalgia",
            "role": "first-listed",
            "status": rows[0]["status"],
            "unspecified": "false",
            "rule": "neck-pain",
            "authority": "index",
            "source": "index: Pain, neck NEC",
            "confirm": "",
            "absent": "",
            "remarks": "",
            "evidence": "problem 0-9 «Neck pain»; region 0-9 «Neck pain»",
        }
    ]
    (failure,) = csv.DictReader((tmp_path / "out.failures.csv").open())
    assert (failure["id"], failure["reason"]) == ("'+2", "empty")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_is_led_by_an_apostrophe(start: str) -> None:
    """Each of the characters that begin one; numbers, dates and plain words stay."""
    assert cell(f"{start}1") == f"'{start}1"
    assert [cell(value) for value in ("M54.2", -1, None, True)] == ["M54.2", "-1", "", "true"]
    assert cell(datetime.date(2026, 5, 12)) == "2026-05-12"


def test_excel_has_a_sheet_for_each_table(tmp_path: Path) -> None:
    """Text stays text, also where it begins like a formula or holds what XML cannot."""
    archive, out = tmp_path / "in.jsonl", tmp_path / "out.xlsx"
    archive.write_text(json.dumps({"id": "=1\u0001", "text": "Neck pain."}) + "\n")
    batch(archive, out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == list(TABLES)
    assert [value.value for value in book["codes"][1]] == list(TABLES["codes"])
    assert (book["codes"]["B2"].value, book["codes"]["B2"].data_type) == ("=1\ufffd", "s")
    assert book["codes"]["D2"].value == "M54.2"


def test_parquet_holds_the_same_tables(archive: Path, tmp_path: Path) -> None:
    """One file for each, row for row those of a .duckdb."""
    batch(archive, tmp_path / "out.duckdb")
    batch(archive, tmp_path / "out.parquet")
    read = {
        table: duckdb.sql(f"SELECT * FROM read_parquet('{tmp_path}/out.parquet/{table}.parquet')").fetchall()  # noqa: S608  # our own path
        for table in TABLES
    }
    assert read == tables(tmp_path / "out.duckdb")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_the_number_of_workers_does_not_show(archive: Path, tmp_path: Path, form: str) -> None:
    """One and two workers: the same bytes. (A .duckdb: test_killed_workers_cost_nothing.)"""
    outs = [tmp_path / f"one.{form}", tmp_path / f"two.{form}"]
    for workers, out in enumerate(outs, 1):
        batch(archive, out, workers=workers)
    read: Callable[[Path], object] = parquet_bytes if form == "parquet" else Path.read_bytes
    assert read(outs[0]) == read(outs[1])


@pytest.mark.parametrize("form", ["duckdb", "jsonl", "csv", "parquet", "xlsx"])
def test_only_the_owner_may_read(archive: Path, tmp_path: Path, form: str) -> None:
    """Files 0600, folders 0700, whatever the umask; also the half-done ones."""
    out = tmp_path / "out" / f"o.{form}"
    out.parent.mkdir(mode=0o755)
    seen = set()

    def watch(_: Tally) -> None:
        seen.update(stat.S_IMODE(file.stat().st_mode) for file in out.parent.rglob("*"))

    before = os.umask(0)
    try:
        batch(archive, out, watch=watch, report=str(out.parent / "report.html") if form == "csv" else None)
    finally:
        os.umask(before)
    modes = {(file.is_dir(), stat.S_IMODE(file.stat().st_mode)) for file in out.parent.rglob("*")}
    assert seen == {0o600}
    assert modes == ({(False, 0o600), (True, 0o700)} if form == "parquet" else {(False, 0o600)})


def test_without_text_no_output_quotes(archive: Path, tmp_path: Path) -> None:
    """No quotation in any table; the file itself does not hold the words."""
    out = tmp_path / "out.duckdb"
    batch(archive, out, with_text=False)
    found = tables(out)
    assert {row[8] for row in found["evidence"]} == {None}
    assert len(found["evidence"]) > NOTES
    assert b"after lifting" not in out.read_bytes()


def test_the_report_is_one_page_without_network(tmp_path: Path) -> None:
    """Figures, plots, codes and failures; every word of the data escaped; no address outside."""
    note = Note("Assessment: Sciatica.", id="a", date_of_service=datetime.date(2026, 5, 12))
    entries = [Entry(0, "a", note, provider="<b>$x$"), Entry(1, "b", failure=Failure("<b>empty</b>", "Give it."))]
    with create(tmp_path / "store", with_json=False) as store:
        store.add(list(code_entries(entries)))
        summary = of_store(store, Tally(done=2), 1.0)
        page = as_html(store, summary)
        assert as_html(store, summary) == page
    headings = [part.split("</h2>")[0] for part in page.split("<h2>")[1:]]
    assert headings == [
        "Codes by count",
        "Unspecified share by month",
        "Unspecified share by provider",
        "Certain, or for a person",
        "Confidence",
        "Codes",
        "Failures",
    ]
    assert page.count("<svg") == 5
    assert "<td>M54.30</td>" in page
    assert "<b>" not in page
    assert [word for word in ("src=", "url(http", "@import", "<script", 'href="http') if word in page] == []


def test_the_queries_of_the_docs_run(archive: Path, tmp_path: Path) -> None:
    """Each as it stands there, on an output of that name."""
    batch(archive, tmp_path / "OUT.duckdb")
    docs = (Path(__file__).parent.parent / "docs" / "batch.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sh\npython -c '(.*?)'\n```", docs, re.DOTALL)
    found = [
        subprocess.run([sys.executable, "-c", query], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for query in queries
    ]
    assert [" M54.16 " in found[0], " Dr A " in found[1], " problem " in found[2]] == [True, True, True]
    assert len(found) == 3


# ------------------------------------------------------------------ killed and resumed

KILLED = """
import os, signal, sys
from nlp_coder.archive.batch import Batch, run_batch
from nlp_coder.archive.resume import Mode

commits = 0

def watch(tally):
    global commits
    commits += 1
    if commits == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

source, out = sys.argv[1:3]
batch = Batch([source], out, mode=Mode.RESUME, release="FY2026", program="1", together=5, seconds=1e6)
run_batch(batch, watch)
"""


@pytest.mark.parametrize(("form", "kills"), [("duckdb", (1, 3, 4)), ("jsonl", (2, 6))])
def test_killed_again_and_again(archive: Path, tmp_path: Path, form: str, kills: tuple[int, ...]) -> None:
    """SIGKILL after early commits, and after the last of the eight; then the output is as if never."""
    whole, killed = tmp_path / f"whole.{form}", tmp_path / f"killed.{form}"
    batch(archive, whole)
    for commits in kills:
        command = [sys.executable, "-c", KILLED, str(archive), str(killed), str(commits)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
    summary = batch(archive, killed, Mode.RESUME)
    assert (summary.notes, summary.failed) == (40, 3)
    if form == "jsonl":
        assert killed.read_bytes() == whole.read_bytes()
    else:
        assert tables(killed) == tables(whole)
        with duckdb.connect(str(killed), read_only=True) as connection:
            runs = connection.execute("SELECT run, what, notes, finished IS NULL FROM runs ORDER BY run").fetchall()
        assert runs == [(1, "resume", None, True), (2, "resume", None, True), (3, "resume", None, True)] + [
            (4, "resume", 0, False)
        ]


def test_killed_workers_cost_nothing(tmp_path: Path) -> None:
    """A worker killed at two of the commits: no note fails, none is missing."""
    archive = write_archive(tmp_path / "archive.jsonl", 330)
    whole, killed = tmp_path / "whole.duckdb", tmp_path / "killed.duckdb"
    batch(archive, whole, together=64)
    commits = []

    def watch(tally: Tally) -> None:
        commits.append(tally.done)
        if len(commits) in (1, 3):
            workers_of(psutil.Process())[0].kill()

    batch(archive, killed, together=64, workers=2, watch=watch)
    assert len(commits) > 3
    assert tables(killed) == tables(whole)


def test_killed_while_the_store_is_made(archive: Path, tmp_path: Path) -> None:
    """What a kill leaves of a store that is not yet there is no obstacle."""
    out = tmp_path / "out.duckdb"
    (tmp_path / "out.duckdb.new").write_bytes(b"half a file")
    (tmp_path / "out.duckdb.new.wal").write_bytes(b"half a file")
    create(out, with_json=False).__exit__()  # the tables are there, no run has begun
    assert batch(archive, out, Mode.RESUME).notes == NOTES
    assert sorted(file.name for file in tmp_path.iterdir()) == ["archive.jsonl", "out.duckdb"]


def test_a_restart_heeds_no_log_of_a_killed_run(archive: Path, tmp_path: Path) -> None:
    """DuckDB's log of what was not yet written into the file does not get into the new one."""
    live, killed = tmp_path / "live.duckdb", tmp_path / "killed.duckdb"
    batch(archive, live, limit=20)
    with Store(live) as store:
        store.add(list(code_entries([Entry(99, "late", Note("Neck pain.", id="late"))])))
        for suffix in ("", ".wal"):  # a copy of an open file is what a kill leaves
            (tmp_path / f"killed.duckdb{suffix}").write_bytes((tmp_path / f"live.duckdb{suffix}").read_bytes())
    assert [row[0] for row in tables_of_a_copy(killed)][-1] == 99
    batch(archive, killed, Mode.RESTART)
    batch(archive, tmp_path / "whole.duckdb")
    assert tables(killed) == tables(tmp_path / "whole.duckdb")


def tables_of_a_copy(path: Path) -> list[tuple[object, ...]]:
    """The notes of a killed run, read from a copy so that its log stays."""
    copy = path.with_name("copy.duckdb")
    for suffix in ("", ".wal"):
        copy.with_name(copy.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    return tables(copy)["notes"]


def test_a_limit_can_be_lifted(archive: Path, tmp_path: Path) -> None:
    """Ten notes first, the others by resuming: the same as all at once."""
    batch(archive, tmp_path / "whole.duckdb")
    assert batch(archive, tmp_path / "out.duckdb", limit=10).notes == 10
    assert batch(archive, tmp_path / "out.duckdb", Mode.RESUME).notes == NOTES
    assert tables(tmp_path / "out.duckdb") == tables(tmp_path / "whole.duckdb")


def test_a_restart_makes_all_anew(archive: Path, tmp_path: Path) -> None:
    """Nothing of the earlier run stays."""
    out = tmp_path / "out.duckdb"
    batch(archive, out, limit=10)
    assert batch(archive, out, Mode.RESTART, limit=5).notes == 5
    with Store(out) as store:
        assert store.rows("SELECT run, what FROM runs") == [(1, "restart")]


# ------------------------------------------------------------------ failures once more


@pytest.mark.parametrize("form", ["duckdb", "jsonl", "csv", "parquet"])
def test_failures_are_mended(tmp_path: Path, form: str) -> None:
    """The input mended, the failed notes alone are coded: the output equals one of the mended input."""
    archive, out = write_archive(tmp_path / "archive.jsonl", NOTES), tmp_path / f"out.{form}"
    batch(archive, out)
    archive.write_text(archive.read_text().replace('"text": ""', '"text": "Neck pain."'))
    batch(archive, tmp_path / f"whole.{form}")
    seen = []
    summary = batch(archive, out, Mode.RETRY, watch=lambda tally: seen.append(tally.done))
    assert (summary.notes, summary.failed, seen) == (40, 0, [3])
    read: Callable[[Path], object] = {"duckdb": tables, "parquet": parquet_bytes}.get(form, Path.read_bytes)
    assert read(out) == read(tmp_path / f"whole.{form}")
    assert not (tmp_path / "out.failures.csv").exists()
    assert not list(tmp_path.glob("*.progress"))


def test_what_fails_again_stays_a_failure(archive: Path, tmp_path: Path) -> None:
    """A retry without mending changes nothing."""
    out = tmp_path / "out.duckdb"
    batch(archive, out)
    before = tables(out)
    assert batch(archive, out, Mode.RETRY).failed == 3
    assert tables(out) == before


def test_another_note_in_its_place_is_not_taken(archive: Path, tmp_path: Path) -> None:
    """A line taken out shifts all numbers: a note that is coded already is not coded twice."""
    out = tmp_path / "out.duckdb"
    batch(archive, out)
    before = tables(out)
    lines = archive.read_text().splitlines(keepends=True)
    archive.write_text("".join(lines[1:]))
    batch(archive, out, Mode.RETRY)
    assert tables(out) == before


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("form", ["duckdb", "jsonl"])
def test_what_is_there_is_not_overwritten(archive: Path, tmp_path: Path, form: str) -> None:
    """Neither a complete output nor an unfinished one, unless that is said."""
    out = tmp_path / f"out.{form}"
    batch(archive, out)
    line = "the output exists. Give --resume to go on with it, --restart to make it anew, or another -o."
    assert refused(archive, out) == line
    if form == "jsonl":
        out.unlink()
        assert refused(archive, out).startswith("an unfinished run of this output exists. Give --resume")


def test_a_run_is_bound(archive: Path, tmp_path: Path) -> None:
    """Input, release, program and text: the reason is told, all of them at once."""
    out = tmp_path / "out.duckdb"
    batch(archive, out)
    end = ". Give --restart to code all anew, or another -o."
    assert refused(archive, out, Mode.RESUME, release="FY2030") == (
        f"this run cannot go on: the newest ICD-10-CM release was another{end}"
    )
    assert refused(archive, out, Mode.RETRY, with_text=False, program="2") == (
        "this run cannot go on: the program's version was another; it was made with the other choice of --no-text" + end
    )
    with Store(out) as store:
        store.run("UPDATE runs SET knowledge = 'abc'")
    assert refused(archive, out, Mode.RESUME) == f"this run cannot go on: the knowledge has changed{end}"
    with archive.open("a") as stream:
        stream.write("\n")
    assert refused(archive, out, Mode.RESUME) == (
        f"this run cannot go on: its input has changed; the knowledge has changed{end}"
    )


def test_a_run_is_bound_to_its_second_reader(archive: Path, tmp_path: Path) -> None:
    """It changes answers, so it may neither come nor go in between; nor may its model change."""
    out = tmp_path / "out.duckdb"
    batch(archive, out, second_reader=True)
    other = (
        "this run cannot go on: it was made with the other choice of --second-reader, or with another model. "
        "Give --restart to code all anew, or another -o."
    )
    assert refused(archive, out, Mode.RESUME) == other
    batch(archive, out, Mode.RESUME, second_reader=True)
    with Store(out) as store:
        store.run("UPDATE runs SET second_reader = 'abc'")
    assert refused(archive, out, Mode.RESUME, second_reader=True) == other


def test_the_second_reader_asks_in_a_batch(tmp_path: Path) -> None:
    """Also of a note that the sieve stops; without it nothing is asked."""
    notes = tmp_path / "notes.jsonl"
    notes.write_text('{"id": "a", "text": "Complains of neckk painn since Tuesday."}\n', encoding="utf-8")
    assert batch(notes, tmp_path / "without.duckdb").questioned == 0
    assert batch(notes, tmp_path / "with.duckdb", second_reader=True).questioned == 1


def test_outputs_that_cannot_be(archive: Path, tmp_path: Path) -> None:
    """Another suffix, a folder that is missing, a file that is none of ours, an input."""
    assert refused(archive, tmp_path / "out.pdf").startswith("-o takes a file that ends in .duckdb, .parquet,")
    assert refused(archive, tmp_path / "no" / "out.csv").startswith("the output's folder does not exist.")
    (tmp_path / "other.duckdb").write_text("not ours, and long enough to be something")
    assert refused(archive, tmp_path / "other.duckdb", Mode.RESUME).startswith("the output is there and is no DuckDB")
    duckdb.connect(str(tmp_path / "theirs.duckdb")).close()
    assert refused(archive, tmp_path / "theirs.duckdb", Mode.RESUME).startswith("the output is no output of nlp-coder")
    assert refused(archive, archive, Mode.RESTART) == "an output is one of the inputs. Give another -o or --report."
    assert refused(archive, tmp_path / "out.csv", report=str(archive)).startswith("an output is one of the inputs.")
    (tmp_path / "folder.csv").mkdir()
    assert refused(archive, tmp_path / "folder.csv") == "the output is there and is a folder. Give another -o."


def test_nothing_to_go_on_with(archive: Path, tmp_path: Path) -> None:
    """A retry of nothing, of an unfinished run, of a complete one; a first --resume simply starts."""
    out = tmp_path / "out.csv"
    assert refused(archive, out, Mode.RETRY).startswith("there is no such output yet")
    good = tmp_path / "good.jsonl"
    good.write_text('{"text": "Neck pain."}\n')
    assert batch(good, out, Mode.RESUME).notes == 1
    assert refused(good, out, Mode.RETRY).startswith("this output is complete and no note of it failed.")
    create(tmp_path / "half.duckdb", with_json=False).__exit__()
    with Store(tmp_path / "half.duckdb") as store:
        store.begin_run({"what": "new"})
    assert refused(good, tmp_path / "half.duckdb", Mode.RETRY).startswith("this run is not finished. Give --resume")


def test_two_runs_do_not_share_an_output(archive: Path, tmp_path: Path) -> None:
    """The second one is refused while the first is at it."""
    out = tmp_path / "out.duckdb"
    batch(archive, out)
    with Store(out):
        command = [sys.executable, "-m", "nlp_coder", "batch", str(archive), "-o", str(out), "--resume"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "nlp-coder: another run is writing this output. Wait for it, or give another -o.\n",
    )
