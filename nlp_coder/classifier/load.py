"""The candidate model this package ships, verified, once."""

from __future__ import annotations

from functools import cache

from nlp_coder.classifier.candidates import CandidateModel, from_document
from nlp_coder.classifier.store import load_json

MODEL = "candidates.json"


@cache
def load_candidate_model() -> CandidateModel:
    """The candidate model; ModelError if its file is missing, changed, or made for another program."""
    return from_document(load_json(MODEL))
