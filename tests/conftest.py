"""The pipeline is loaded once for the whole run."""

from __future__ import annotations

import pytest

from nlp_coder import Coder


@pytest.fixture(scope="session")
def coder() -> Coder:
    """The program as a user gets it."""
    return Coder()
