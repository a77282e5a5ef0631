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


def unspoken(mentions: Sequence[Mention], spoken: str) -> tuple[str, Mention] | None:
    """The first part that a sentence puts a problem in and ``spoken``, the dialogue, never names; it names another."""
    if not any(m.get("problem") and m.context is Context.PRESENT for m in mentions):
        return None
    for m in mentions:
        group = _GROUPS.get(m.get("region") or "") or _LEVELS.get((m.get("level") or m.get("root") or "")[:1], "")
        elsewhere = any(_named(other, spoken) for other in NAMES if other != group)
        if group and elsewhere and m.context is Context.PRESENT and not _named(group, spoken):
            return group, m
    return None


def _named(group: str, spoken: str) -> bool:
    if load_spoken()[group].search(spoken):
        return True
    bare = bool(_BARE_BACK.search(spoken))
    other = {"lumbar": "thoracic", "thoracic": "lumbar"}.get(group, "")
    return bare and bool(other) and not load_spoken()[other].search(spoken)
