"""The models this package ships, verified, once each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nlp_coder.classifier.candidates import CandidateModel, from_json
from nlp_coder.errors import ModelError


@cache
def load_candidate_model() -> CandidateModel:
    """The candidate model; ModelError if its file is missing or not the one the manifest describes."""
    path = Path(__file__).resolve().parent.parent.parent / "models" / "candidates.json"
    if not path.exists():
        raise ModelError("There is no candidate model: train it with scripts/train.")
    return from_json(path.read_text(encoding="utf-8"))
