"""The spine assertion probe: each marked problem of tests/assertions/*.txt has exactly the context its mark says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from nlp_coder.extract.nlp import Extractor
from nlp_coder.segment import outline

_MARK = re.compile(r"\[([^\[\]{}]+)\]\{([a-z]+)\}")


class Probe(NamedTuple):
    """A plain text and the (start, end, context) of each marked problem in it."""

    text: str
    marks: tuple[tuple[int, int, str], ...]


def _probe(line: str) -> Probe:
    plain, marks, last = "", [], 0
    line = line.replace("\\n", "\n")
    for match in _MARK.finditer(line):
        plain += line[last : match.start()]
        marks.append((len(plain), len(plain) + len(match[1]), match[2]))
        plain += match[1]
        last = match.end()
    return Probe(plain + line[last:], tuple(marks))


def _probes() -> list[object]:
    found = []
    for file in sorted((Path(__file__).parent / "assertions").glob("*.txt")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                found.append(pytest.param(_probe(line), id=f"{file.stem}-{number}"))
    return found


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """The medspaCy pipeline alone."""
    return Extractor()


@pytest.mark.parametrize("probe", _probes())
def test_context_of_each_marked_problem(extractor: Extractor, probe: Probe) -> None:
    """Each mark is covered by a problem mention of just that context."""
    form = outline(probe.text)
    mentions = extractor.mentions(probe.text, form.masked, form.sentences)
    problems = [m for m in mentions if m.get("problem") or m.get("region")]
    got = []
    for start, end, _ in probe.marks:
        hits = [m for m in problems if m.span.start < end and start < m.span.end]
        heads = [m for m in hits if m.get("problem")] or hits
        got.append((start, end, heads[0].context.value if heads else "not found"))
    assert got == list(probe.marks)
