"""Short notes read as a careful coder reads them: every case of tests/readings/*.toml has just the codes it says."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from nlp_coder import Coder, Note

DAY = datetime.date(2026, 5, 1)


def _cases() -> list[object]:
    found = []
    for file in sorted((Path(__file__).parent / "readings").glob("*.toml")):
        for number, case in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["case"], 1):
            found.append(pytest.param(case, id=f"{file.stem}-{number}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_the_note_earns_just_these_codes(coder: Coder, case: dict[str, Any]) -> None:
    """Codes in claim order, for an outpatient on one day unless the case says otherwise."""
    coded = coder.code(Note(text=case["note"], date_of_service=DAY, setting=case.get("setting", "outpatient")))
    assert [code.code for code in coded.codes] == case["codes"], case["because"]
