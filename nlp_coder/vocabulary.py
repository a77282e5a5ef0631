"""The closed vocabulary: what a word of a note may mean, and where on the back each region lies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MEANINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "problem": (
        "pain", "sciatica", "radiculopathy", "radicular pain", "polyradiculopathy", "myelopathy",
        "cord compression", "nerve root compression", "neurogenic claudication", "disc displacement",
        "disc bulge", "disc degeneration", "disc disorder", "disc disruption", "disc osteophyte complex",
        "spondylosis", "arthritis", "facet arthropathy", "facet syndrome", "stenosis", "foraminal stenosis",
        "spondylolisthesis", "spondylolysis", "compression fracture", "fracture", "osteoporosis", "strain",
        "sprain", "strain and sprain", "whiplash", "back injury", "contusion", "sacroiliac pain",
        "sacroiliitis", "coccyx pain", "sacral pain", "muscle spasm", "myofascial pain", "myositis",
        "postlaminectomy syndrome", "chronic pain syndrome", "occipital neuralgia", "panniculitis",
        "psychogenic pain", "psychological factors", "somatic dysfunction", "ankylosing spondylitis",
        "multifidus dysfunction", "sciatic nerve lesion", "spinal instability", "torticollis", "flank pain",
        "other diagnosis",
    ),
    "region": (
        "occipito-atlanto-axial", "cervical", "cervicothoracic", "thoracic", "thoracolumbar", "lumbar",
        "lumbosacral", "sacral", "sacroiliac", "coccyx", "multiple", "back", "leg", "arm", "pelvis",
        "rib cage", "head", "elsewhere",
    ),
    "side": ("right", "left", "bilateral"),
    "course": ("acute", "subacute", "chronic", "acute on chronic", "recurrent", "intermittent", "persistent"),
    "character": (
        "mechanical", "muscular", "musculoskeletal", "myofascial", "facetogenic", "axial", "discogenic",
        "postural", "vertebrogenic", "nonspecific",
    ),
    "radiation": ("yes",),
    "cause": (
        "lifting", "twisting", "bending", "fall", "motor vehicle accident", "work injury", "sports",
        "prolonged sitting", "overuse", "assault", "surgery", "pregnancy", "psychological", "trauma",
        "neoplasm",
    ),
    "phase": ("initial", "subsequent", "sequela"),
    "imaging": (
        "modic", "modic 1", "modic 2", "modic 3", "endplate change", "annular fissure", "disc height loss",
        "edema", "osteophyte", "ligamentum flavum hypertrophy",
    ),
    "type": ("bulge", "protrusion", "extrusion", "sequestration", "herniation"),
    "study": ("x-ray", "mri", "ct", "myelogram", "emg", "bone scan", "discogram"),
    "sign": (
        "slr", "spurling", "spasm", "reflex change", "weakness", "sensory loss", "tenderness",
        "limited motion", "antalgic gait", "faber",
    ),
    "redflag": (
        "cauda equina", "fever", "weight loss", "cancer", "trauma", "steroid use", "iv drug use",
        "night pain", "neurological deficit", "incontinence", "saddle anesthesia",
    ),
    "purpose": ("pain management", "therapy", "independent examination"),
    "procedure": ("injection", "block", "ablation", "pump", "medication management", "surgery"),
    "pregnancy": ("yes", "trimester 1", "trimester 2", "trimester 3", "related"),
    "nothing": ("yes",),
})  # fmt: skip
"""Slot → the values it may have, for word lists and rules alike."""

AREAS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "occipito-atlanto-axial": frozenset({"neck"}),
    "cervical": frozenset({"neck"}),
    "cervicothoracic": frozenset({"neck", "mid"}),
    "thoracic": frozenset({"mid"}),
    "thoracolumbar": frozenset({"mid", "low"}),
    "lumbar": frozenset({"low"}),
    "lumbosacral": frozenset({"low"}),
    "sacral": frozenset({"low"}),
    "sacroiliac": frozenset({"low"}),
    "coccyx": frozenset({"low"}),
})  # fmt: skip
"""Region → the parts of neck and back it lies in: what may explain what."""

SECTIONS: Final = (
    "chief complaint", "history of present illness", "past medical history", "past surgical history",
    "family history", "social history", "review of systems", "medications", "allergies", "vitals",
    "physical exam", "imaging", "labs", "studies", "assessment", "plan", "assessment and plan",
    "instructions", "education", "procedure", "preoperative diagnosis", "postoperative diagnosis",
    "indication", "technique", "findings", "impression", "subjective", "objective", "hospital course",
    "admission diagnosis", "discharge diagnosis", "problem list", "referral", "administrative", "other", "none",
)  # fmt: skip
"""Every section name there is. A row of sections.csv that says ``none`` makes a label, not a section."""

SPINE: Final = frozenset({
    "occipito-atlanto-axial", "cervical", "cervicothoracic", "thoracic", "thoracolumbar", "lumbar", "lumbosacral",
    "sacral", "sacroiliac", "coccyx", "multiple", "back",
})  # fmt: skip
"""Regions of the spine, the unnamed back among them."""
LIMBS: Final = frozenset({"leg", "arm"})
OTHER_PARTS: Final = frozenset({"head", "pelvis", "rib cage", "elsewhere"})
"""Regions of the trunk and head outside the spine; some have codes of somatic dysfunction, ``elsewhere`` none."""
PLACED: Final = frozenset({"pain", "arthritis"})
"""Problems that are of the spine only where a place in the same sentence says so."""
ELSEWHERE: Final = frozenset({"other diagnosis", "fracture", "flank pain", "osteoporosis"})
"""Problems that may explain or accompany a spine problem and are none."""
SITED: Final = frozenset({
    "stenosis", "sprain", "strain", "strain and sprain", "muscle spasm", "contusion", "spondylosis", "panniculitis",
    "compression fracture", "myositis", "back injury", "nerve root compression",
    "cord compression", "foraminal stenosis",
})  # fmt: skip
"""Problems that are of the spine only where the note names a place of it."""
SPINE_NOUN: Final = re.compile(
    r"spin|dis[ck]|canal|vertebr|back|neck|lumb|cervic|thorac|sacr|foramin|facet|annul|nucleus|paraspin|cord|root|whiplash"
    r"|neural|lateral recess|uncovert|modic|endplate|osteop",
    re.IGNORECASE,
)
"""In a problem's own words: they name the spine, or a part of it."""
