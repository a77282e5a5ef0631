"""Results of a note against results heard: which of them the dialogue contradicts."""

from __future__ import annotations

from collections.abc import Sequence

from nlp_coder.scribe.answers import Told
from nlp_coder.scribe.results import Result

_WIDER = {
    "leg spread": "spread", "arm spread": "spread", "ankle reflex": "reflex", "knee reflex": "reflex",
    "arm reflex": "reflex", "stress fracture": "fracture",
}  # fmt: skip
"""A topic, and a wider one that speaks of it too."""
_FELT = {"strength": "weakness", "sensation": "numbness", "weakness": "strength", "numbness": "sensation"}
"""What is felt and what is found: the one may bear out the other, but does not contradict it."""
_EXAMINED = {
    "midline tenderness", "si tenderness", "paraspinal tenderness", "slr", "crossed slr", "slump", "spurling", "faber",
    "facet loading", "compression test", "hoffmann", "babinski", "clonus", "romberg", "spasm", "strength", "sensation",
    "ankle reflex", "knee reflex", "arm reflex", "reflex", "gait",
}  # fmt: skip
"""Of these what the clinician states counts before what was replied to the manoeuvre."""
_PRESSED = {
    "midline tenderness", "paraspinal tenderness", "si tenderness", "compression test", "faber", "facet loading",
}  # fmt: skip
"""Of these a reply on a side that is not named says nothing of a side of the note."""
_PAST = {"cancer", "surgery", "injury", "fall", "prior trouble", "infection"}
"""Of these the patient tells; a clinician who denies them speaks of a finding."""
_EXPLAINED = {"injury"}
"""Of these a clinician speaks to explain, too."""
_TOLD_SIDES = {"left", "right"}


def contradiction(r: Result, heard: Sequence[Told]) -> Told | None:
    """What was heard against a result of the note, if nothing was heard for it."""
    about = [h for h in heard if _same(r, h.result)]
    stated = [h for h in about if h.result.topic in _EXAMINED and not h.clause.by_patient and not h.clause.answer]
    if stated and (not r.side or any(h.result.side == r.side for h in stated)):
        about = stated
    felt = [h for h in heard if _FELT.get(r.topic) == h.result.topic and not r.denied]
    if any(_supports(r, h.result) for h in (*about, *felt)):
        return None
    return next((h for h in about if _opposes(r, h) and not _explained(h)), None)


def _explained(h: Told) -> bool:
    """Whether a clinician states it of their own accord, as an explanation ("you injured a tendon")."""
    return h.result.topic in _EXPLAINED and not h.result.denied and not h.clause.by_patient and not h.clause.answer


def same_topic(a: str, b: str) -> bool:
    """Whether two topics are one, or one speaks of the other too."""
    return a == b or _WIDER.get(a) == b or _WIDER.get(b) == a


def _same(r: Result, h: Result) -> bool:
    return same_topic(r.topic, h.topic) and (not r.limb or not h.limb or r.limb == h.limb)


def _supports(r: Result, h: Result) -> bool:
    return r.denied is h.denied and _meet(r.side, h.side)


def _meet(a: str, b: str) -> bool:
    """Whether what is said of one side may be said of the other; both and none named meet any."""
    return a == b or not {a, b} <= _TOLD_SIDES


def _opposes(r: Result, told: Told) -> bool:
    """The reverse of the same side, or the same result of the other side only; not a part denied of the whole."""
    h = told.result
    if h.denied and _WIDER.get(h.topic) == r.topic:
        return False
    if h.denied and h.topic in _PAST and not (told.clause.by_patient or told.clause.answer):
        return False  # "no cancer in those bones": of a film
    if r.denied is not h.denied:
        return _meet(r.side, h.side) and not (r.side in _TOLD_SIDES and not h.side and h.topic in _PRESSED)
    return not r.denied and {r.side, h.side} == _TOLD_SIDES
