"""Facts → facts that know of each other, in the order in which one needs the other."""

from __future__ import annotations

from collections.abc import Sequence

from nlp_coder.assemble.beside import pain_beside, pregnancy, side_of_leg, vertebrogenic
from nlp_coder.assemble.nerves import claudication, cord, roots
from nlp_coder.assemble.regions import neighbour_region, root_region
from nlp_coder.types import Fact, Mention, Reading, Sentence


def link(
    facts: Sequence[Fact], reading: Reading, mentions: Sequence[Mention], sentences: Sequence[Sentence], masked: str
) -> list[Fact]:
    """The facts again, their ``nerve``, ``pain``, ``character`` and region filled from one another."""
    out = [neighbour_region(f, facts, mentions) for f in facts]
    out = [root_region(f, out, mentions) for f in out]
    out = vertebrogenic(out, mentions, sentences, masked)
    out = cord(out, masked)
    out = roots(out, reading, masked)
    out = claudication(out)
    if reading.kind != "imaging report":  # the indication of a study is no mention of pain (policy section 5)
        out = [pain_beside(f, out, masked) for f in out]
    out = [side_of_leg(f, out, mentions) for f in out]
    return pregnancy(out, mentions, sentences, masked)
