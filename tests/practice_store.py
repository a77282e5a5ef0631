"""A practice of our own making: visits of many patients with planted problems, as a DuckDB file of `nlp-coder batch`.

Every row is what the program itself answers to one of the notes below; patients, days and providers are drawn with a
fixed seed. Beside each planted problem stand near misses: the same, short of one condition.
"""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp_coder import Coder, Note
from nlp_coder.archive.nouns import Entry, Result
from nlp_coder.archive.rows import rows
from nlp_coder.archive.store import create

FIRST = datetime.date(2025, 1, 6)
Planted = set[tuple[str, str]]
"""Check and patient (or provider) of each planted problem."""

NOTES = {
    "lbp": "CC: low back pain for 2 weeks.\nExam: lumbar tenderness.\nAssessment: Low back pain.\n",
    "lbp-mechanical": "CC: low back pain for 3 weeks.\nExam: tenderness.\nAssessment: Mechanical low back pain.\n",
    "lbp-chronic": "HPI: chronic low back pain for 3 years.\nAssessment: Chronic mechanical low back pain.\n",
    "lbp-long": "HPI: low back pain for 5 months, worse sitting.\nAssessment: Mechanical low back pain.\n",
    "lbp-mri": "HPI: low back pain for 2 weeks.\nMRI lumbar spine: Disc bulge at L4-5.\nAssessment: Low back pain.\n",
    "lbp-neck-mri": "HPI: low back pain.\nMRI cervical spine: Disc bulge at C5-6.\nAssessment: Low back pain.\n",
    "back": "CC: back pain for 4 days.\nAssessment: Back pain.\n",
    "neck": "CC: neck pain for 10 days.\nExam: cervical tenderness.\nAssessment: Neck pain.\n",
    "mid": "CC: mid back pain for 6 days.\nAssessment: Thoracic back pain.\n",
    "right-sciatica": "CC: right leg pain for 2 weeks.\nExam: SLR positive right.\nAssessment: Right sciatica.\n",
    "left-sciatica": "CC: left leg pain for 2 weeks.\nExam: SLR positive left.\nAssessment: Left sciatica.\n",
    "sciatica": "CC: leg pain for 8 days.\nAssessment: Sciatica.\n",
    "disc": "MRI lumbar spine: L4-5 protrusion.\nAssessment: L4-5 disc herniation with radiculopathy.\n",
    "stenosis": "HPI: legs tire.\nAssessment: Lumbar spinal stenosis with neurogenic claudication.\n",
    "spondylosis": "HPI: stiff neck.\nX-ray cervical spine: spondylosis C5-6.\nAssessment: Cervical spondylosis.\n",
    "full": (
        "HPI: Right low back pain and right sciatica for 3 weeks after lifting, radiating to the right calf.\n"
        "Exam: Right SLR positive, lumbar tenderness, lumbar spasm.\n"
        "MRI lumbar spine: L4-5 disc bulge and L5-S1 disc degeneration.\n"
        "Assessment: Low back pain with right sciatica.\n"
    ),
}  # fmt: skip


@dataclass
class Practice:
    """What was made: one entry a visit (patient, provider, day, note, quirk), and what was planted."""

    visits: list[tuple[str, str, datetime.date, str, str]] = field(default_factory=list)
    planted: Planted = field(default_factory=set)


def practice(number: int, seed: int = 7) -> Practice:
    """A practice of about so many visits."""
    draw, made = random.Random(seed), Practice()  # noqa: S311  # drawn the same each time, nothing secret
    providers = [f"dr-{n:02}" for n in range(1, 25)]
    patient = 0
    scripts = list(_SCRIPTS)
    while len(made.visits) < number:
        patient += 1
        script = scripts[patient % 400] if patient % 400 < len(scripts) else draw.choice(_CLEAN)
        name, provider = f"p{patient:05}", draw.choice(providers)
        start = FIRST + datetime.timedelta(days=draw.randrange(300))
        for gap, note, quirk in script.visits:
            made.visits.append((name, provider, start + datetime.timedelta(days=gap), note, quirk))
        if script.check:
            made.planted.add((script.check, name))
    _vague_provider(made, draw, "dr-vague", 120, patient)
    made.planted.add(("provider-unspecified", "dr-vague"))
    _vague_provider(made, draw, "dr-few", 12, patient + 1000)  # near miss: too few visits to judge
    draw.shuffle(made.visits)
    return made


def _vague_provider(made: Practice, draw: random.Random, name: str, number: int, after: int) -> None:
    """Single visits, three in four of them with an unspecified code."""
    for n in range(number):
        note = "lbp" if n % 4 else "neck"
        made.visits.append((f"q{after + n:05}", name, FIRST + datetime.timedelta(days=draw.randrange(300)), note, ""))


@dataclass(frozen=True)
class Script:
    """A course of visits: days after the first, the note, a quirk; and the problem it plants, if any."""

    visits: Sequence[tuple[int, str, str]]
    check: str = ""


_SCRIPTS = (
    Script([(0, "lbp", ""), (21, "lbp", ""), (44, "lbp", "")], "unspecified-kept"),
    Script([(0, "lbp", ""), (21, "lbp", "")]),
    Script([(0, "sciatica", ""), (14, "sciatica", ""), (30, "sciatica", "")], "unspecified-kept"),
    Script([(0, "lbp-mri", ""), (15, "lbp", "")], "unspecified-after-imaging"),
    Script([(0, "lbp-neck-mri", ""), (15, "lbp", "")]),
    Script([(0, "lbp", ""), (15, "disc", "")]),
    Script([(0, "back", ""), (18, "back", "")], "m549-follow-up"),
    Script([(0, "back", "")]),
    Script([(0, "lbp-mechanical", ""), (18, "back", "")], "m549-follow-up"),
    Script([(0, "back", ""), (18, "lbp-mechanical", "")]),
    Script([(0, "lbp", "M51.16")], "symptom-beside-cause"),
    Script([(0, "lbp", "M54.41")], "excludes1-pair"),
    Script([(0, "lbp", "M62.830")]),
    Script([(0, "lbp", ""), (9, "disc", "")]),
    Script([(0, "lbp-long", "")], "chronicity-unstated"),
    Script([(0, "lbp-mechanical", ""), (120, "lbp-mechanical", "")], "chronicity-unstated"),
    Script([(0, "lbp-mechanical", ""), (60, "lbp-mechanical", "")]),
    Script([(0, "lbp-chronic", ""), (120, "lbp-chronic", "")]),
    Script([(0, "full", "same"), (28, "full", "same")], "copied-forward"),
    Script([(0, "full", ""), (28, "full", "")]),
    Script([(0, "full", "same"), (28, "full", "half")]),
    Script([(0, "neck", ""), (12, "neck", "")]),
    Script([(0, "right-sciatica", ""), (16, "left-sciatica", "codes of before")], "code-unchanged"),
    Script([(0, "right-sciatica", ""), (16, "left-sciatica", "")]),
    Script([(0, "lbp-mechanical", ""), (16, "stenosis", "codes of before")], "code-unchanged"),
)
_CLEAN = (
    Script([(0, "lbp-mechanical", ""), (20, "lbp-mechanical", "")]),
    Script([(0, "neck", ""), (14, "neck", ""), (35, "neck", "")]),
    Script([(0, "right-sciatica", ""), (15, "right-sciatica", ""), (40, "right-sciatica", "")]),
    Script([(0, "lbp-chronic", ""), (90, "lbp-chronic", ""), (180, "lbp-chronic", "")]),
    Script([(0, "lbp", ""), (14, "lbp-mechanical", "")]),
    Script([(0, "lbp", "")]),
    Script([(0, "mid", ""), (10, "mid", "")]),
    Script([(0, "disc", ""), (30, "disc", ""), (75, "disc", "")]),
    Script([(0, "stenosis", ""), (100, "stenosis", "")]),
    Script([(0, "spondylosis", ""), (130, "spondylosis", "")]),
    Script([(0, "lbp", ""), (12, "left-sciatica", ""), (40, "left-sciatica", "")]),
    Script([(0, "back", ""), (9, "mid", "")]),
    Script([(0, "full", ""), (30, "full", ""), (60, "full", "")]),
)


def write(made: Practice, path: Path) -> Path:
    """The practice as a store of `nlp-coder batch`."""
    coder = Coder()
    answers = {name: coder.code(Note(text, date_of_service=FIRST)) for name, text in NOTES.items()}
    parts = {name: rows(Entry(0, ""), coded) for name, coded in answers.items()}
    draw = random.Random(11)  # noqa: S311  # as above
    before: dict[str, str] = {}
    for patient, _, _, note, quirk in sorted(made.visits, key=lambda v: (v[0], v[2])):
        before[f"{patient} {note}"] = before.get(patient, note) if quirk == "codes of before" else note
        before[patient] = note
    with create(path, with_json=False) as store:
        batch = [
            Result(number, f"v{number}", rows=dict(_rows(number, visit, parts, before, draw)))
            for number, visit in enumerate(made.visits)
        ]
        for first in range(0, len(batch), 5000):
            store.add(batch[first : first + 5000])
    return path


def _rows(
    number: int,
    visit: tuple[str, str, datetime.date, str, str],
    parts: dict[str, dict[str, list[tuple[Any, ...]]]],
    before: dict[str, str],
    draw: random.Random,
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of one visit: its note's own, moved by some code points unless it was copied, whole or half."""
    patient, provider, day, note, quirk = visit
    shift = 0 if quirk == "same" else draw.randrange(1, 5000)
    for table, found in parts[note].items():
        if table == "notes":
            row = list(found[0])
            row[:5] = [number, f"v{number}", patient, provider, day]
            row[8] = hashlib.sha256(f"{patient} {number if shift else ''}".encode()).hexdigest()
            yield table, [tuple(row)]
        elif table == "evidence":
            by = [0 if quirk == "half" and n % 2 else shift for n in range(len(found))]
            moved = [(*r[:6], r[6] + s, r[7] + s, *r[8:]) for r, s in zip(found, by, strict=True)]
            yield table, [(number, f"v{number}", *r[2:]) for r in moved]
        elif table == "codes":
            own = parts[before[f"{patient} {note}"]]["codes"] if quirk == "codes of before" else found
            named = [(number, f"v{number}", *r[2:]) for r in own]
            if quirk.startswith("M"):
                named.append((number, f"v{number}", len(own) + 1, quirk, "", "additional", *own[0][6:]))
            yield table, named
        else:
            yield table, [(number, f"v{number}", *r[2:]) for r in found]
