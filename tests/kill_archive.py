"""Kill batch runs and compare what comes out; ``python tests/kill_archive.py`` does it at 30 random moments.

Used by the tests as well, which kill by count and not by time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import psutil

from nlp_coder.archive.tables import TABLES, key

ROOT = Path(__file__).resolve().parent.parent
PHRASES = (
    "Low back pain for two weeks.",
    "Chronic neck pain for 3 years.",
    "Right-sided sciatica.",
    "Sore throat and cough.",
    "Left lumbar radiculopathy.",
    "Hypertension, well controlled.",
    "No evidence of radiculopathy.",
    "Thoracic back pain after lifting.",
)
Tables = dict[str, list[tuple[object, ...]]]


def write_archive(path: Path, notes: int) -> Path:
    """JSON lines of our own words, the same at every call; each seventeenth note is empty and so fails."""
    chosen = random.Random(4)  # noqa: S311  # the same archive each time, no secret
    with path.open("w", encoding="utf-8") as stream:
        for number in range(notes):
            words = " ".join(chosen.sample(PHRASES, 3))
            note = {
                "id": f"visit-{number}",
                "text": f"Assessment: {words}" if number % 17 else "",
                "date_of_service": f"2026-0{1 + number % 6}-11",
                "patient": f"p{number % 5}",
                "provider": f"Dr {'ABC'[number % 3]}",
            }
            stream.write(json.dumps(note) + "\n")
    return path


def tables(path: Path) -> Tables:
    """Every row of every table but ``runs``, in order."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY {key(table)}").fetchall()  # noqa: S608  # ours
            for table in TABLES
        }


def parquet_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a Parquet output."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    """The processes that code for it."""
    found = []
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any("popen_loky" in word for word in child.cmdline()):
                found.append(child)
    return found


def command(archive: Path, out: Path, *more: str) -> list[str]:
    """A batch run on two workers."""
    return [sys.executable, "-m", "nlp_coder", "batch", str(archive), "-o", str(out), "--workers", "2", *more]


def run(archive: Path, out: Path, *more: str) -> float:
    """A run to its end; how long it took."""
    began = time.monotonic()
    done = subprocess.run(command(archive, out, *more), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"kill: the run ended with {done.returncode}: {done.stderr}")
    return time.monotonic() - began


def same(first: Path, second: Path) -> bool:
    """Whether two outputs are equal: table rows of a .duckdb, else bytes."""
    if first.suffix == ".duckdb":
        return tables(first) == tables(second)
    if first.is_dir():
        return parquet_bytes(first) == parquet_bytes(second)
    return first.read_bytes() == second.read_bytes()


def tell(line: str) -> None:
    """A line on stdout, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def kill_at_random(folder: Path, *, notes: int, kills: int, form: str, seed: int) -> bool:
    """One run killed so many times, parent or worker, and resumed each time; whether its output is as if never."""
    archive = write_archive(folder / "archive.jsonl", notes)
    whole, killed = folder / f"whole.{form}", folder / f"killed.{form}"
    lasted = run(archive, whole)
    chosen = random.Random(seed)  # noqa: S311  # moments that can be repeated, no secret
    tell(f"{form}: {notes} notes, uninterrupted {lasted:.1f} s")
    done = {"parent": 0, "worker": 0, "late": 0}
    for _ in range(kills):
        process = subprocess.Popen(
            command(archive, killed, "--resume"), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        whom = chosen.choice(("parent", "parent", "worker"))
        time.sleep(chosen.uniform(0.1, max(lasted * 1.2 / kills, 4.0)))
        workers = workers_of(psutil.Process(process.pid)) if process.poll() is None else []
        if process.poll() is not None:
            done["late"] += 1
        elif whom == "worker" and workers:
            with contextlib.suppress(psutil.Error):
                chosen.choice(workers).kill()
            done["worker"] += 1
            time.sleep(chosen.uniform(0.1, 3.0))
            process.kill()
        else:
            process.kill()
            done["parent"] += 1
        errors = process.communicate()[1]
        if process.returncode == 2:
            tell(f"REFUSED: {errors!r}")
            return False
    run(archive, killed, "--resume")
    equal = same(whole, killed)
    tell(f"{form}: killed {done}; the outputs are {'equal' if equal else 'DIFFERENT'}")
    return equal


def main() -> int:
    """The long kill test; exit 1 if an output differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", nargs="+", default=["duckdb"], choices=["duckdb", "jsonl", "csv", "parquet"])
    chosen = parser.parse_args()
    os.umask(0o077)
    verdicts = []
    for form in chosen.form:
        with tempfile.TemporaryDirectory() as folder:
            verdicts.append(
                kill_at_random(Path(folder), notes=chosen.notes, kills=chosen.kills, form=form, seed=chosen.seed)
            )
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
