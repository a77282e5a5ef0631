"""Parts of the spine that a note puts a problem in and a dialogue never names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp_coder.types import Context, Mention

_GROUPS = {
    "lumbar": "lumbar", "lumbosacral": "lumbar", "sacral": "lumbar", "sacroiliac": "lumbar", "thoracic": "thoracic",
    "cervical": "cervical", "occipito-atlanto-axial": "cervical",
}  # fmt: skip
_LEVELS = {"L": "lumbar", "S": "lumbar", "T": "thoracic", "C": "cervical"}
_NUMBER = r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_SPOKEN = {
    "lumbar": rf"low(?:er)?|lumb\w*|l ?{_NUMBER}|s ?(?:1|one)|sciatic\w*|waist|belt|butt\w*|tail\w*|coccyx|sacr\w*|bottom"
    r"|beltline|si|s i|pelvi\w*|cauda|(?:three|four|five)[ -](?:four|five|one)",
    "thoracic": rf"thora\w*|mid(?:dle)?(?:[ -]of)?(?: my| your| the)?[ -]?back|upper back|up high|shoulder ?blades?|scapul\w*"
    rf"|ribs?|t ?{_NUMBER}|bra|between (?:my|your|the) shoulders?|flank",
    "cervical": rf"neck\w*|cervic\w*|c ?{_NUMBER}|trap\w*|spurling\w*|skull|arms?|hands?|whiplash",
}
"""How people name a part, or what lies beside it; generous, since a part once named is not missed."""
_BARE_BACK = re.compile(
    r"(?<!low )(?<!lower )(?<!low-)(?<!come )(?<!go )(?<!came )(?<!going )(?<!look )(?<!lean )(?<!wrist )\bback\b(?! (?:in|of|to|then|up|when|from|on|home|with|for|here|ten|two)\b)",
    re.IGNORECASE,
)
NAMES = {"lumbar": "the low back", "thoracic": "the mid back", "cervical": "the neck"}


def unspoken(mentions: Sequence[Mention], spoken: str) -> tuple[str, Mention] | None:
    """The first part that a sentence puts a problem in and ``spoken``, the dialogue, never names while naming another."""
    if not any(m.get("problem") and m.context is Context.PRESENT for m in mentions):
        return None
    for m in mentions:
        group = _GROUPS.get(m.get("region") or "") or _LEVELS.get((m.get("level") or m.get("root") or "")[:1], "")
        elsewhere = any(_named(other, spoken) for other in NAMES if other != group)
        if group and elsewhere and m.context is Context.PRESENT and not _named(group, spoken):
            return group, m
    return None


def _named(group: str, spoken: str) -> bool:
    if re.search(rf"\b(?:{_SPOKEN[group]})\b", spoken, re.IGNORECASE):
        return True
    bare = bool(_BARE_BACK.search(spoken))
    other = {"lumbar": "thoracic", "thoracic": "lumbar"}.get(group, "")
    return bare and bool(other) and not re.search(rf"\b(?:{_SPOKEN[other]})\b", spoken, re.IGNORECASE)
