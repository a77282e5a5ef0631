"""The wheel alone, without checkout and without the dev extra, is the whole program."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Runs in the unpacked wheel. A None in sys.modules makes an import fail as if it were not installed.
BARE = """
import sys
for name in ("pytest", "hypothesis", "simple_icd_10_cm", "ruff", "mypy", "build"):
    sys.modules[name] = None
import nlp_coder
from nlp_coder import Coder, Note
print(nlp_coder.__file__)
coded = Coder(second_reader=True).code(Note(text="Assessment: Sciatica, right side. Neckk painn since May."))
print(*(code.code for code in coded.codes), *(question.id for question in coded.questions))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel; built without isolation, so without a network."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("nlp_coder-*.whl"))


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    """Modules, knowledge, templates and py.typed ship, and models/ beside them; nothing else does."""
    found = [*(ROOT / "nlp_coder").rglob("*"), *(ROOT / "models").rglob("*")]
    files = [file for file in found if file.is_file() and "__pycache__" not in file.parts]
    names = [file.relative_to(ROOT).as_posix() for file in files]
    expected = {name if name.startswith("nlp_coder/") else f"nlp_coder/{name}" for name in names}
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert "nlp_coder/py.typed" in shipped
    assert any(name.startswith("nlp_coder/knowledge/rules/") for name in shipped)
    assert shipped == expected


def test_the_wheel_codes_a_note_by_itself(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, it imports itself and not the checkout, needs no dev package, and codes."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)  # our own wheel, built a moment ago
    command = [sys.executable, "-c", BARE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(tmp_path / "nlp_coder" / "__init__.py"), "M54.31 possibly-missed"]
