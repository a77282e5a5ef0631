"""The README is true: its sample answer is what the program prints for the sample note."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- demo output -->", "<!-- end of demo output -->"


def test_every_page_of_the_manual_can_be_reached() -> None:
    """The README links each page of docs/, and no page that is not there."""
    pages = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    linked = re.findall(r"\]\((docs/[a-z-]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(linked) == pages


def test_the_sample_answer_is_the_programs_own() -> None:
    """``UPDATE_GOLDEN=1`` rewrites the block after a change that was read and meant."""
    command = [sys.executable, "-m", "nlp_coder", "code", "docs/examples/low-back-pain.txt", "--date", "2026-05-12"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "80"}
    )
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    block = f"\n```text\n{done.stdout}```\n"
    if os.environ.get("UPDATE_GOLDEN"):
        rest = f"{block}{END}{after}"
        readme.write_text(f"{before}{BEGIN}{rest}", encoding="utf-8")
    assert rest.split(END)[0] == block
