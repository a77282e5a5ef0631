"""What the studies of a note show: thing, level, type, size, side, whose statement, and how meant."""

from __future__ import annotations

import pytest

from nlp_coder import Coder, Note
from nlp_coder.render.words import shown

CASES = {
    "each level of a list, and what the disc does at each": (
        "MRI LUMBAR SPINE\nDiffuse disc bulges noted at L3-4 and L4-5, compressing the sac and both nerve roots.",
        [
            "L3-L4 disc bulge report",
            "L4-L5 disc bulge report",
            "L3-L4 nerve root compression report",
            "L4-L5 nerve root compression report",
        ],
    ),
    "levels on a line of their own": (
        "MRI LUMBAR SPINE\nL3-4\nMild disc bulge.\nL5-S1\nExtrusion with annular tear, narrowing the neural foramina.",
        [
            "L3-L4 disc bulge report",
            "L5-S1 disc extrusion report",
            "L5-S1 annular fissure report",
            "L5-S1 foraminal stenosis report",
        ],
    ),
    "type, side and size": (
        "IMAGING: MRI shows a 6 mm left paracentral protrusion at L5-S1 and a grade II listhesis of L4 on L5.",
        ["L5-S1 disc protrusion, left, 6 mm report", "L4-L5 spondylolisthesis, grade 2 report"],
    ),
    "denied and hedged": (
        "IMAGING: MRI cervical spine: no disc herniation at C4-5. Possible foraminal stenosis at C5-6.",
        ["C4-C5 no disc herniation report", "C5-C6 ? foraminal stenosis report"],
    ),
    "the provider's own reading": (
        "RESULTS: I personally reviewed the MRI, which shows Modic type 2 changes at L4-5.",
        ["L4-L5 Modic type 2 provider"],
    ),
    "retold by the patient": (
        "HPI: Back pain. She states that an MRI showed a disc herniation at L4-5.",
        ["L4-L5 disc herniation patient"],
    ),
    "no study, no finding": ("ASSESSMENT: L4-5 disc herniation with radiculopathy.", []),
}


@pytest.mark.parametrize("name", CASES)
def test_findings_of_a_note(coder: Coder, name: str) -> None:
    """All findings, in words, each with its source."""
    text, want = CASES[name]
    coded = coder.code(Note(text=text))
    assert [f"{shown(finding)} {finding.source}" for finding in coded.findings] == want


@pytest.mark.parametrize("name", CASES)
def test_findings_quote_the_note(coder: Coder, name: str) -> None:
    """Every span of a finding is a quotation."""
    coded = coder.code(Note(text=CASES[name][0]))
    spans = [e.span for f in coded.findings for e in f.evidence]
    assert [s.text for s in spans] == [coded.note.text[s.start : s.end] for s in spans]
