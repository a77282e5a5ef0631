"""Parts of the spine that a note puts a problem in and a dialogue never names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp_coder.talk import load_spoken
from nlp_coder.types import Context, Mention

_GROUPS = {
    "lumbar": "lumbar", "lumbosacral": "lumbar", "sacral": "lumbar", "sacroiliac": "lumbar", "thoracic": "thoracic",
    "cervical": "cervical", "occipito-atlanto-axial": "cervical",
}  # fmt: skip
_LEVELS = {"L": "lumbar", "S": "lumbar", "T": "thoracic", "C": "cervical"}
_BARE_BACK = re.compile(
    r"(?<!low )(?<!lower )(?<!low-)(?<!come )(?<!go )(?<!came )(?<!going )(?<!look )(?<!lean )(?<!wrist )\bback\b"
    r"(?! (?:in|of|to|then|up|when|from|on|home|with|for|here|ten|two)\b)",
    re.IGNORECASE,
)
""" "My back", of which the part is not said; not "come back"."""
NAMES = {"lumbar": "the low back", "thoracic": "the mid back", "cervical": "the neck"}


_SAID_AS = {
    "radicular pain": "radiculopathy", "polyradiculopathy": "radiculopathy", "nerve root compression": "radiculopathy",
    "cord compression": "myelopathy", "disc bulge": "disc displacement", "foraminal stenosis": "stenosis",
    "compression fracture": "fracture",
}  # fmt: skip
"""Problem of the lexicon → the kind of ``spoken.csv`` that has the words for it."""


def unspoken(mentions: Sequence[Mention], spoken: str) -> tuple[str, Mention] | None:
    """The first part that a sentence puts a problem in and ``spoken``, the dialogue, never names; it names another."""
    if not any(m.get("problem") and m.context is Context.PRESENT for m in mentions):
        return None
    for m in mentions:
        region = m.get("region") or ""
        group = _GROUPS.get(region) or _LEVELS.get((m.get("level") or m.get("root") or "")[:1], "")
        if m.context is Context.PRESENT and group and elsewhere(region, spoken, group) and not _named(group, spoken):
            return f"The conversation never speaks of {NAMES[group]}.", m
    return None


def unsaid(mentions: Sequence[Mention], spoken: str, *, felt: bool) -> tuple[str, Mention] | None:
    """The first diagnosis of a sentence for which ``spoken``, the dialogue, has no word.

    ``felt``: a limb was said to hurt, tingle, be numb or weak, which may be a radiculopathy or sciatica.
    """
    for m in mentions:
        problem = _SAID_AS.get(m.get("problem") or "", m.get("problem") or "")
        words = said_as(problem)
        if felt and problem in {"radiculopathy", "sciatica"}:
            continue
        if words and m.context is Context.PRESENT and not words.search(spoken):
            return f"The conversation never speaks of {problem}.", m
    return None


def said_as(problem: str) -> re.Pattern[str] | None:
    """What people call a problem of the lexicon, doctors in conversation included; None where no list has it."""
    return load_spoken().get(f"says {_SAID_AS.get(problem, problem)}")


def elsewhere(region: str, spoken: str, group: str = "") -> bool:
    """Whether a dialogue names a part of the spine other than the group (of the region, if none is given)."""
    own = group or _GROUPS.get(region, "")
    return any(_named(other, spoken) for other in NAMES if other != own)


def _named(group: str, spoken: str) -> bool:
    if load_spoken()[group].search(spoken):
        return True
    bare = bool(_BARE_BACK.search(spoken))
    other = {"lumbar": "thoracic", "thoracic": "lumbar"}.get(group, "")
    return bare and bool(other) and not load_spoken()[other].search(spoken)
