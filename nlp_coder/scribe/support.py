"""Whether a dialogue, read loosely, may bear out what a note says; then nothing is held against the note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp_coder.scribe.answers import Told
from nlp_coder.scribe.compared import same_topic
from nlp_coder.scribe.dialogue import Clause
from nlp_coder.scribe.results import Named, Result, named
from nlp_coder.talk import load_spoken

_REPLY = 14
"""Words of a reply that may speak of what was asked."""
_DENIES = re.compile(
    r"\b(?:no|nope|nah|not|never|none|neither|nothing|nobody|without|denies|denied|negative|only|just)\b|n't\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|unless|in case|should|might|could|would|any|ever)\b", re.IGNORECASE)
_HURTS = re.compile(
    r"\b(?:hurt\w*|pain\w*|sore\w*|ach\w+|bother\w*|kill\w*|burn\w*|throb\w*|stab\w*|stiff\w*|tight\w*|worse|worst|bad"
    r"|trouble|shoot\w*|tender\w*|cramp\w*|heavy|dull|sharp|electric\w*|goes|going|went|runs?|travel\w*|down|spread\w*"
    r"|radiat\w*|wraps?|starts?|where)\b",
    re.IGNORECASE,
)
_PART = {
    "low back pain": "lower", "neck pain": "upper", "leg spread": "leg", "arm spread": "arm", "spread": "lower",
}  # fmt: skip
"""Pain topics, and the kind of ``spoken.csv`` with the words for where they are."""


_ILL = {"trouble", "asked", "wide"}
"""Kinds of forms that say themselves that something is wrong."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clause with the topics that it names and was not understood to affirm or deny."""

    clause: Clause
    topics: tuple[Named, ...]


def spoken(found: Sequence[Clause], understood: Sequence[Told]) -> tuple[Spoken, ...]:
    """The clauses of a dialogue, each with the topics of which ``understood`` has no result there."""
    read = {(t.result.topic, at) for t in understood for at in (t.clause.span.start, t.clause.span.end)}
    return tuple(
        Spoken(c, tuple(n for n in named(c.span.text) if not {(n.topic, c.span.start), (n.topic, c.span.end)} & read))
        for c in found
    )


def borne_out(r: Result, against: Told, heard: Sequence[Spoken]) -> bool:
    """Whether any clause that speaks of a result's topic may mean what the note says.

    A denial of the note needs a word of denial, or that all is well, near the topic; what it affirms needs a
    statement without one, or an answer that is no denial. Plans and conditions bear out nothing, and nothing stands
    against what a patient says of their own accord.
    """
    if against.clause.by_patient:
        return False
    return any(_denied(s.clause) if r.denied else _affirmed(s.clause) for s in _about(r, heard))


def _about(r: Result, heard: Sequence[Spoken]) -> Iterator[Spoken]:
    part = _PART.get(r.topic)
    for s in heard:
        words = s.clause.span.text
        if any(same_topic(r.topic, n.topic) and (r.denied or n.kind in _ILL) for n in s.topics) or (
            part and not r.denied and load_spoken()[part].search(words) and _HURTS.search(words)
        ):
            yield s


def _denied(clause: Clause) -> bool:
    words = _answer(clause) if clause.answer else clause.span.text
    return bool(_DENIES.search(words) or load_spoken()["fine"].search(words))


def _affirmed(clause: Clause) -> bool:
    words = _answer(clause) if clause.answer else clause.span.text
    well = load_spoken()["fine"].search(words) or load_spoken()["good"].search(words)
    return bool(words) and not (_DENIES.search(words) or well or (not clause.answer and _IF.search(words)))


def _answer(clause: Clause) -> str:
    return " ".join(clause.reply.text.split()[:_REPLY]) if clause.reply else ""
