"""Readings with words withheld: what a note looks like to rules that do not know all of its words."""

from __future__ import annotations

from nlp_coder import Coder
from nlp_coder.evaluate.candidates import labelled_notes
from nlp_coder.evaluate.withheld import READINGS, withheld_readings

CUES = ("denies", "no", "without", "mother had", "if", "possible", "resolved", "rule out", "history of", "not")
RIGHT = [{"code": "M54.2", "certainty": "sure"}]
NOTES = [{"id": cue, "text": f"Assessment: Neck pain. She {cue} sciatica.", "codes": RIGHT} for cue in CUES]


def test_each_reading_lacks_some_cues_and_always_the_same() -> None:
    """What is denied where all words are known is coded in some readings: there are wrong codes to learn from."""
    full = labelled_notes(NOTES, Coder(model=False))
    found = withheld_readings(NOTES)
    assert {(c.note, c.group) for c in found} <= {(c.note, c.group) for c in full}
    assert len([c for c in found if c.code == "M54.2"]) > len(NOTES) * (READINGS - 1)
    wrong = [c.note for c in found if c.assigned and not c.right]
    assert set(wrong) > {c.note for c in full if c.assigned and not c.right}
    assert withheld_readings(NOTES) == found
