"""The real commands, killed from outside and gone on with: the answer is that of an unbroken run, each note once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from kill_archive import tables, write_archive

PATIENCE = 120.0
"""Seconds until a run that writes nothing is given up."""


def ended(*words: object) -> int:
    """A command of the program, run to its end; its exit code."""
    command = [sys.executable, "-m", "nlp_coder", *map(str, words)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode


def killed(*words: object, when: Callable[[], bool]) -> int:
    """The same, with SIGKILL as soon as what it has written says so; -9 if it was, else its own exit code."""
    command = [sys.executable, "-m", "nlp_coder", *map(str, words)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    given_up = time.monotonic() + PATIENCE
    while process.poll() is None and not when() and time.monotonic() < given_up:
        time.sleep(0.01)
    process.kill()
    return process.wait()


def written(folder: Path, pattern: str) -> int:
    """Bytes of the files of a pattern."""
    return sum(file.stat().st_size for file in folder.glob(pattern))


def test_a_batch_killed_while_it_stores_loses_no_note_and_doubles_none(tmp_path: Path) -> None:
    """Killed when the first notes get into the file's log, in the middle of a transaction or after it."""
    archive = write_archive(tmp_path / "archive.jsonl", 1500)
    whole, broken = tmp_path / "whole.duckdb", tmp_path / "broken.duckdb"
    asked = ("batch", archive, "--workers", 1, "-o")
    assert ended(*asked, whole) == 1  # each seventeenth note is empty
    code = killed(*asked, broken, when=lambda: written(tmp_path, "broken.duckdb.wal") > 100_000)
    assert code == -signal.SIGKILL
    assert ended(*asked, broken, "--resume") == 1
    found = tables(broken)
    assert found == tables(whole)
    assert sorted(row[0] for table in ("notes", "failures") for row in found[table]) == list(range(1500))
    with duckdb.connect(str(broken), read_only=True) as connection:
        runs = connection.execute("SELECT what, finished IS NULL FROM runs ORDER BY run").fetchall()
    assert runs == [("new", True), ("resume", False)]


def test_a_scribes_lines_killed_while_they_are_answered(tmp_path: Path) -> None:
    """Killed after some answers; the output then has the bytes of an unbroken run, an answer for each document."""
    lines, whole, broken = (tmp_path / name for name in ("visits.jsonl", "whole.jsonl", "broken.jsonl"))
    parts = ("Neck pain", "Low back pain with left sciatica", "Gout")
    lines.write_text("".join(f'{{"note_id": "v{n}", "assessment": "{parts[n % 3]}"}}\n' for n in range(900)))
    asked = ("scribe", lines, "--format", "json", "-o")
    assert ended(*asked, whole) == 0
    code = killed(*asked, broken, when=lambda: written(tmp_path, "broken.jsonl.*.part") > 50_000)
    (part,) = tmp_path.glob("broken.jsonl.*.part")
    answered = part.read_bytes().count(b"\n")
    assert (code, 0 < answered < 900, broken.exists()) == (-signal.SIGKILL, True, False)
    assert ended(*asked, broken, "--resume") == 0
    assert broken.read_bytes() == whole.read_bytes()
    ids = [json.loads(line)["document"]["id"] for line in broken.read_bytes().splitlines()]
    assert ids == [f"v{n}" for n in range(900)]
