"""``nlp-coder batch`` from outside: streams, figures, exit codes, and that no words of a note get where none belong."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from kill_archive import workers_of, write_archive

NAME = "Zwinglifax"
"""No word of ours: where it turns up, text of a note has leaked."""
OURS = [sys.executable, "-m", "nlp_coder", "batch"]
NOTES = [
    {"id": f"{NAME}-1", "text": f"{NAME} has neck pain.", "date_of_service": "2026-05-12", "patient": NAME},
    {"id": f"{NAME}-2", "text": "  ", "patient": NAME},
    {"id": f"{NAME}-1", "text": f"{NAME} has low back pain.", "provider": NAME},
    {"id": f"{NAME}-4", "text": f"{NAME}: right sciatica.", "date_of_service": f"{NAME}"},
    {"id": f"{NAME}-5", "text": "Sore throat.", "date_of_service": "2026-05-12"},
]


def run(*arguments: str | Path, notes: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command with some arguments; ``notes`` are piped in."""
    return subprocess.run([*OURS, *map(str, arguments)], input=notes or "", capture_output=True, text=True, check=False)


def lines(notes: list[dict[str, str]]) -> str:
    """JSON lines."""
    return "".join(json.dumps(note) + "\n" for note in notes)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two good notes and three that fail."""
    path = tmp_path / "archive.jsonl"
    path.write_text(lines(NOTES))
    return path


def test_a_stream_answers_note_by_note() -> None:
    """``batch - -o -``: the answer to a note is there before the next one is sent; one line of figures at the end."""
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([*OURS, "-", "-o", "-"], **pipes, text=True, env=buffered) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        codes = []
        for note in (NOTES[0], NOTES[4], {"id": "c", "text": "Right sciatica.", "date_of_service": "2026-05-12"}):
            process.stdin.write(json.dumps(note) + "\n")
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 60)[0], "no answer before the next note"
            answer = json.loads(process.stdout.readline())
            codes.append((answer["note"]["id"], [code["code"] for code in answer["codes"]]))
        process.stdin.close()
        figures = json.loads(process.stderr.read())
    assert codes == [(f"{NAME}-1", ["M54.2"]), (f"{NAME}-5", []), ("c", ["M54.31"])]
    assert (process.returncode, figures["notes"], figures["by_code"]) == (0, 3, {"M54.2": 1, "M54.31": 1})


def test_figures_and_exit_code(archive: Path, tmp_path: Path) -> None:
    """Failures end with 1 after the whole run; stderr is one line of figures, stdout empty; no word of a note."""
    done = run(archive, "-o", tmp_path / "out.csv", "--report", tmp_path / "report.html", "--workers", "2")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    figures = json.loads(done.stderr)
    assert figures | {"seconds": 0, "notes_per_second": 0} == {
        "schema": "nlp-coder/batch-summary/1",
        "notes": 5,
        "failures": 3,
        "notes_with_codes": 1,
        "notes_with_questions": 0,
        "codes": 1,
        "unspecified_share": 0.0,
        "by_code": {"M54.2": 1},
        "by_failure": {"bad date": 1, "duplicate id": 1, "empty": 1},
        "seconds": 0,
        "notes_per_second": 0,
    }
    assert NAME not in done.stderr
    assert NAME not in (tmp_path / "report.html").read_text()


def test_mended_failures_end_with_0(archive: Path, tmp_path: Path) -> None:
    """The second run codes the three, and all is well."""
    out = tmp_path / "out.duckdb"
    assert run(archive, "-o", out, "--workers", "1").returncode == 1
    mended = [{**note, "id": str(number), "text": "Neck pain."} for number, note in enumerate(NOTES)]
    mended[3]["date_of_service"] = "2026-05-12"
    archive.write_text(lines(mended))
    done = run(archive, "-o", out, "--retry-failures", "--workers", "1")
    assert (done.returncode, json.loads(done.stderr)["by_code"]) == (0, {"M54.2": 4})


def test_ctrl_c_stops_at_once(tmp_path: Path) -> None:
    """One line that says how to go on, exit 130, and no process stays behind."""
    archive, out = write_archive(tmp_path / "archive.jsonl", 50_000), tmp_path / "out.duckdb"
    command = [*OURS, str(archive), "-o", str(out), "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        workers: list[psutil.Process] = []
        while len(workers) < 2 or any(worker.cpu_times().user < 0.5 for worker in workers):  # both are at work
            time.sleep(0.05)
            workers = workers_of(psutil.Process(process.pid))
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate() == (b"", b"nlp-coder: stopped. The same command with --resume goes on.\n")
    assert process.returncode == 130
    assert psutil.wait_procs(workers, timeout=10)[1] == []


def test_workers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    """SIGKILL on the parent: its workers end by themselves, and with them what they hold of notes."""
    archive, out = write_archive(tmp_path / "archive.jsonl", 50_000), tmp_path / "out.duckdb"
    command = [*OURS, str(archive), "-o", str(out), "--workers", "2", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not (out.exists() and len(workers_of(psutil.Process(process.pid))) == 2):
            time.sleep(0.05)
        workers = workers_of(psutil.Process(process.pid))
        process.kill()
    assert psutil.wait_procs(workers, timeout=10)[1] == []


def test_quiet_says_nothing(archive: Path, tmp_path: Path) -> None:
    """Not even figures; the exit code tells."""
    done = run(archive, "-o", tmp_path / "out.jsonl", "--quiet", "--workers", "1")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_without_text_a_stream_quotes_nothing() -> None:
    """Only id and patient, which are the caller's own, are repeated."""
    note = {"id": "a", "text": f"{NAME} has neck pain."}
    done = run("-", "-o", "-", "--no-text", notes=lines([note]))
    assert done.returncode == 0
    assert "neck pain" not in done.stdout.lower().replace("neck-pain", "").replace("neck pain is m54.2", "")
    assert NAME not in done.stdout + done.stderr


def test_columns_of_other_names(tmp_path: Path) -> None:
    """Each column has its option."""
    table, out = tmp_path / "visits.csv", tmp_path / "out.csv"
    table.write_text("no,day,who,by,where,why,words\n7,2026-05-12,p,Dr A,inpatient,therapy,Neck pain.\n")
    named = ["--id-column", "no", "--date-column", "day", "--patient-column", "who", "--provider-column", "by"]
    named += ["--setting-column", "where", "--purpose-column", "why", "--text-column", "words"]
    assert run(table, "-o", out, "--workers", "1", *named).returncode == 0
    assert out.read_text().splitlines()[1].startswith("0,7,2026-05-12,p,Dr A,1,M54.2,Cervicalgia,")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-o", "out.duckdb", "--resume", "--restart"], "--resume, --restart and --retry-failures exclude each other."),
        (["-o", "-", "--resume"], "a stream keeps nothing: --resume, --restart, --retry-failures and --report need"),
        (["-o", "-", "--report", "x.html"], "a stream keeps nothing: --resume, --restart, --retry-failures and"),
        (["-o", "out.pdf"], "-o takes a file that ends in .duckdb, .parquet, .jsonl, .csv, .xlsx; or - for stdout."),
        (["-o", "out.csv", "--workers", NAME], "--workers does not take that value. See nlp-coder batch --help"),
        (["-o", "out.csv", "--limit", "-1"], "--limit does not take that value. See nlp-coder batch --help"),
        ([], "Missing option '-o' / '--output'. See nlp-coder batch --help"),
    ],
)
def test_what_cannot_be_is_refused(archive: Path, arguments: list[str], line: str) -> None:
    """Exit 2, one line, before any work."""
    done = run(archive, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"nlp-coder: {line}")


def test_no_input_is_refused(tmp_path: Path) -> None:
    """A file that is not there makes no output."""
    done = run(tmp_path / "none.csv", "-o", tmp_path / "out.duckdb")
    assert (done.returncode, done.stderr.count("\n"), list(tmp_path.iterdir())) == (2, 1, [])


def test_a_full_disk_is_told() -> None:
    """Where a stream cannot be written, one line says so."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*OURS, "-", "-o", "-"], input=lines(NOTES[:1]).encode(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert (
        done.stderr == b"nlp-coder: cannot write to stdout: No space left on device. What was written so far stands.\n"
    )


def test_a_terminal_sees_a_bar_and_figures(archive: Path, tmp_path: Path) -> None:
    """On a terminal: progress while it runs, then figures for people; no id and no word of a note."""
    ours, theirs = pty.openpty()
    command = [*OURS, str(archive), "-o", str(tmp_path / "out.duckdb"), "--workers", "1"]
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=env) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                seen += os.read(ours, 4096)
            except OSError:
                break
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
    assert process.returncode == 1
    assert "5/5" in text
    assert "1 codes, 3 failed" in text
    assert "5 notes: 1 with codes, 0 with questions, 3 failed; " in text
    assert NAME not in text
