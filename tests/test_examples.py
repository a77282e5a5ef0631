"""Every example of every rule, run through the whole program: its codes, in claim order, and the proof of them."""

from __future__ import annotations

import pytest

from nlp_coder import Coder
from nlp_coder.check import earned
from nlp_coder.rules import Example, load_rules

CASES = [
    pytest.param(example, id=f"{rule.id}-{number}")
    for rule in load_rules()
    for number, example in enumerate(rule.examples, 1)
]


@pytest.mark.parametrize("example", CASES)
def test_example_earns_its_codes(coder: Coder, example: Example) -> None:
    """An example states all the codes of its note, first-listed first."""
    assert earned(coder, example) == example.codes
