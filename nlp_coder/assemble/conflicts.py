"""Where sections contradict each other: the assessment wins, and a person should know (policy section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp_coder.assemble.said import Said
from nlp_coder.assemble.sections import RANK
from nlp_coder.types import Alert, Context, Evidence

_OPPOSITE = {"right": "left", "left": "right"}


def contradictions(groups: Iterable[Sequence[Said]]) -> tuple[Alert, ...]:
    """One alert for each problem whose side, or very presence, the note states both ways."""
    found: list[Alert] = []
    for group in groups:
        current = [s for s in group if RANK[s.standing] > RANK["background"]]
        present = [s for s in current if s.statement.context is Context.PRESENT]
        assessed = [s for s in present if RANK[s.standing] >= RANK["planned"]]
        told = [s for s in present if RANK[s.standing] < RANK["planned"]]
        found.extend(_sides(assessed, told))
        if assessed and not told:
            found.extend(_presence(assessed, current))
    return tuple(found)


def _sides(assessed: Sequence[Said], told: Sequence[Said]) -> Iterable[Alert]:
    first = {one.statement.get("side"): one for one in reversed(assessed)}
    for side, one in reversed(first.items()):
        against = [s for s in told if _OPPOSITE.get(side) in s.statement.values.get("side", ())]
        if against and not any(side in s.statement.values.get("side", ()) for s in told):
            words = f"The assessment says {side}, another section says {_OPPOSITE[side]}: the assessment is followed."
            yield Alert(
                "side-contradiction", "warning", words, "house: policy section 1", _words((one, *against), "side")
            )
            return


def _presence(assessed: Sequence[Said], current: Sequence[Said]) -> Iterable[Alert]:
    denied = [
        s for s in current if s.statement.context is Context.NEGATED and s.standing in {"complaint", "presenting"}
    ]
    if denied:
        words = "The assessment states a problem that the history denies: the assessment is followed."
        yield Alert(
            "presence-contradiction",
            "warning",
            words,
            "house: policy section 1",
            _words((assessed[0], *denied), "problem"),
        )


def _alert(id_: str, text: str, evidence: tuple[Evidence, ...]) -> Alert:
    return Alert(id_, "warning", text, "house: policy section 1", evidence)


def _words(said: Iterable[Said], slot: str) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(e for s in said for e in s.statement.evidence if e.slot == slot))
