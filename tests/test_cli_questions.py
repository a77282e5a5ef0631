"""``nlp-coder questions`` from outside: what a note documents, what to ask, and which written queries break a rule."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

NOTE = "Follow-up visit.\nHPI: Sciatica for 3 weeks. No fever.\nAssessment: Sciatica.\n"
GOOD = 'HPI: "sciatica".\nWhich side is affected?\n- right\n- left\n- other\n- unable to determine\n'


def run(*arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """The command; ``given`` is piped in."""
    command = [sys.executable, "-m", "nlp_coder", "questions", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def test_a_note_in_elements_and_queries_out() -> None:
    """Text for a reader, JSON for a program; offsets quote the note."""
    shown = run(given=NOTE)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("4 of 7 elements documented (57%)\n")
    assert "Sciatica is documented without a side. On which side is the sciatica?" in shown.stdout
    answer = json.loads(run("-", "--format", "json", given=NOTE).stdout)
    assert answer["schema"] == "nlp-coder/questions/1"
    assert {e["element"]: e["status"] for e in answer["elements"]} == {
        "region": "absent",
        "side": "absent",
        "onset and duration": "found",
        "cause or type": "found",
        "objective findings": "absent",
        "encounter intent": "found",
        "red flags": "denied",
    }
    assert [f["flag"] for f in answer["red_flags"] if f["status"] == "denied"] == ["fever"]
    (query,) = answer["queries"]
    assert [NOTE[i["start"] : i["end"]] for i in query["indicators"]] == ["Sciatica for 3 weeks.", "Sciatica."]
    assert "M54" not in query["text"]


def test_lint_names_the_rules_and_ends_with_one(tmp_path: Path) -> None:
    """0 where every query keeps the rules, 1 where one does not."""
    file = tmp_path / "queries.txt"
    file.write_text(GOOD)
    assert run("lint", file).returncode == 0
    file.write_text(f"{GOOD}---\n{GOOD.replace('- other', '- M54.30')}")
    done = run("lint", file, "--format", "json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert [[b["rule"] for b in q["breaches"]] for q in answer["queries"]] == [[], ["options", "code"]]
    assert "AHIMA" in answer["source"]
    assert "query 2" in run("lint", file).stdout


def test_bad_input_is_one_line(tmp_path: Path) -> None:
    """No file, two files, an empty one, JSON lines that are none."""
    empty, lines = tmp_path / "empty.txt", tmp_path / "q.jsonl"
    empty.write_text("")
    lines.write_text("Zwinglifax\n")
    for arguments in (("none.txt",), ("a", "b"), (empty,), ("lint", empty), ("lint", lines), ("lint", "none.txt")):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), arguments
        assert "Zwinglifax" not in done.stderr
    assert "more than one file" in run("a", "b").stderr
