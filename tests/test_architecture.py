"""Who may import whom, how large things may grow, and what a start may load."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "nlp_coder"
NAME = PACKAGE.name

ANYTHING = frozenset({"*"})
PIPELINE = frozenset(
    "types errors lexicon spelling sieve icd10cm segment extract assemble rules classifier guidelines questions".split()
)

# A unit is a module or a folder directly below nlp_coder/. Inside a folder everyone may import everyone.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "types": frozenset(),
    "vocabulary": frozenset(),
    "errors": frozenset(),
    "lexicon": frozenset({"types", "errors", "vocabulary"}),
    "talk": frozenset({"errors"}),
    "icd10cm": frozenset({"types", "errors"}),
    "segment": frozenset({"types", "lexicon", "vocabulary"}),
    "spelling": frozenset({"lexicon"}),
    "sieve": frozenset({"lexicon", "spelling", "vocabulary"}),
    "extract": frozenset({"types", "lexicon", "spelling", "vocabulary"}),
    "assemble": frozenset({"types", "vocabulary"}),
    "rules": frozenset({"types", "errors", "vocabulary"}),
    "classifier": frozenset({"types", "errors", "vocabulary"}),  # which mentions already speak of the spine
    "guidelines": frozenset({"types", "icd10cm", "vocabulary"}),
    "questions": frozenset({"types", "errors", "icd10cm"}),
    "coder": PIPELINE,
    "check": frozenset(
        {"coder", "lexicon", "talk", "rules", "icd10cm", "questions", "claims", "types", "errors"}
    ),  # it reads all knowledge
    "render": frozenset({"types", "errors"}),
    "archive": frozenset({"coder", "types", "errors", "render"}),
    "scribe": frozenset(
        {"coder", "types", "errors", "icd10cm", "render", "archive", "rules", "segment", "extract", "talk"}
    ),
    "claims": frozenset(
        {"coder", "types", "errors", "icd10cm", "render", "archive", "vocabulary", "rules"}
    ),  # rules: how TOML is checked
    "evaluate": frozenset({"coder", "classifier", "types", "errors", "render", "extract", "lexicon"}),  # words withheld
    "cli": ANYTHING,
    "__init__": frozenset({"coder", "types", "errors"}),
    "__main__": frozenset({"cli"}),
}

# Which units, or single modules, may import a library. What is not listed may not be imported at all.
LIBRARIES: dict[str, frozenset[str]] = {
    "spacy": frozenset({"extract"}),
    "medspacy": frozenset({"extract"}),
    "loguru": frozenset({"extract"}),
    "rapidfuzz": frozenset({"spelling"}),
    "ahocorasick_rs": frozenset({"sieve", "extract"}),
    "sklearn": frozenset({"classifier"}),
    "numpy": frozenset({"classifier"}),
    "joblib": frozenset({"classifier", "archive"}),
    "typer": frozenset({"cli"}),
    "rich": frozenset({"cli", "render.as_text"}),
    "jinja2": frozenset({"render", "archive", "claims", "evaluate"}),
    "fhir": frozenset({"scribe"}),
    "lxml": frozenset({"scribe"}),
    "duckdb": frozenset({"archive", "claims"}),
    "openpyxl": frozenset({"archive"}),
    "zstandard": frozenset({"archive"}),
    "matplotlib": frozenset({"render.plot"}),
}

LARGEST_MODULE = 400
MEDIAN_MODULE = 150
LARGEST_FUNCTION = 40


def modules() -> dict[str, Path]:
    """Every module by its dotted name below the package: ``coder``, ``extract.nlp``, ``extract.__init__``."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {".".join(file.relative_to(PACKAGE).with_suffix("").parts): file for file in files}


MODULES = modules()
UNITS = frozenset(name.split(".")[0] for name in MODULES)


def imported(source: str) -> list[tuple[int, str]]:
    """Line and dotted name of all that a source imports, at any depth; relative ones begin with a dot."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return found


def offences(module: str, source: str, units: frozenset[str] = UNITS) -> list[str]:
    """What a module imports and may not, one line each."""
    unit = module.split(".")[0]
    found = []
    for line, name in imported(source):
        top, _, rest = name.partition(".")
        target = rest.split(".")[0] if rest.split(".")[0] in units else "__init__"
        if name.startswith("."):
            wrong = "relative import"
        elif top == NAME:
            allowed = MAY_IMPORT.get(unit, frozenset()) | {unit}
            wrong = "" if target in allowed or allowed >= ANYTHING else f"{unit} may not import {target}"
        elif top in sys.stdlib_module_names or LIBRARIES.get(top, frozenset()) & {unit, module}:
            wrong = ""
        else:
            wrong = f"{module} may not import {top}"
        if wrong:
            found.append(f"{module}:{line}: {wrong}")
    return found


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("types", "from nlp_coder.errors import NoteError", ["types:1: types may not import errors"]),
        ("render.as_json", "import nlp_coder.coder", ["render.as_json:1: render may not import coder"]),
        ("assemble", "from nlp_coder import rules", ["assemble:1: assemble may not import rules"]),
        ("rules", "from nlp_coder import Coder", ["rules:1: rules may not import __init__"]),
        ("coder", "def f():\n    from nlp_coder.cli import app", ["coder:2: coder may not import cli"]),
        ("coder", "from . import types", ["coder:1: relative import"]),
        ("coder", "import spacy.tokens", ["coder:1: coder may not import spacy"]),
        (
            "render.as_html",
            "from rich.text import Text",
            ["render.as_html:1: render.as_html may not import rich"],
        ),
        ("icd10cm", "import simple_icd_10_cm", ["icd10cm:1: icd10cm may not import simple_icd_10_cm"]),
        ("render.as_text", "from rich.text import Text\nfrom nlp_coder.render import words", []),
        ("extract.nlp", "import spacy, logging\nfrom nlp_coder.extract.quantities import levels", []),
        ("cli.app", "from nlp_coder import Coder\nfrom nlp_coder.coder import Coder", []),
    ],
)
def test_the_guard_sees_offences(module: str, source: str, expected: list[str]) -> None:
    """The functions below are worth nothing unless they catch these."""
    units = frozenset(MAY_IMPORT)
    assert offences(module, source, units) == expected


def test_every_unit_has_its_line_in_the_table() -> None:
    """A new module needs a decision on what it may import."""
    assert UNITS - MAY_IMPORT.keys() == frozenset()


@pytest.mark.parametrize("module", MODULES)
def test_imports_keep_to_the_table(module: str) -> None:
    """The tables above hold, at any depth of the source; no import is relative."""
    assert offences(module, MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_one_line_that_says_what_it_is(module: str) -> None:
    """The first lines read in a row are the architecture."""
    first = MODULES[module].read_text(encoding="utf-8").partition("\n")[0]
    assert re.match(r'"""[A-Z`].{15,}[.?:]("""|$)', first), first


@pytest.mark.parametrize("module", MODULES)
def test_nothing_grows_too_large(module: str) -> None:
    """No module over 400 lines, no function over 40, docstrings included."""
    source = MODULES[module].read_text(encoding="utf-8")
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, functions)]
    sizes = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in found}
    assert len(source.splitlines()) <= LARGEST_MODULE
    assert {name: size for name, size in sizes.items() if size > LARGEST_FUNCTION} == {}


def test_the_median_module_is_small() -> None:
    """Size creeps; the median sees it first. Empty package files do not count."""
    sizes = [len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES.values()]
    assert statistics.median(size for size in sizes if size > 1) <= MEDIAN_MODULE


def test_every_library_is_a_declared_dependency() -> None:
    """What the table allows is what pyproject.toml installs, no more and no less."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=!~;\[ ]", line)[0].replace("-", "_") for line in project["dependencies"]}
    assert declared == {{"sklearn": "scikit_learn", "fhir": "fhir.resources"}.get(name, name) for name in LIBRARIES}


def test_help_loads_neither_spacy_nor_scikit_learn() -> None:
    """`nlp-coder --help` answers at once, because nothing heavy is imported for it."""
    command = [sys.executable, "-X", "importtime", "-m", NAME, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0, done.stderr[-500:]
    assert "typer" in loaded
    heavy = "spacy medspacy thinc numpy sklearn scipy joblib nltk duckdb matplotlib openpyxl fhir lxml".split()
    assert loaded & set(heavy) == set()
