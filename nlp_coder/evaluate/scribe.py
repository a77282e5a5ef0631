"""A scribe's audit measured: wrong codes planted beside the right ones, facts turned round against the dialogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nlp_coder.evaluate.report import Bar, Table, figure, share
from nlp_coder.types import Context, Mention, Sentence

FLIPS_BAR = 0.9
FALSE_BAR = 0.1
SIDED = re.compile(r"M54\.[34][12]\Z")
_OTHER = {"1": "2", "2": "1"}
_PARTNERS = (
    *("M54.50", "M54.42", "M54.16", "M54.12", "M51.26", "M51.16", "M50.122", "F45.41", "M54.6"),
    *("M46.46", "M46.42", "S39.012A"),
)
"""Codes that a scribe might put beside another in spite of an Excludes1 note; the first that fits is planted."""
_ROOTS = ("M54.16", "M54.12", "M54.14")
_REGIONAL = ("M54.2", "M54.3", "M54.4", "M54.5", "M54.6")


@dataclass(frozen=True, slots=True)
class Plant:
    """A wrong proposal: its code, what kind of mistake it is, and the findings that would name it."""

    code: str
    kind: str
    ids: frozenset[str]


def plants(right: Sequence[str], excluded: Callable[[str, str], bool]) -> tuple[Plant, ...]:
    """The mistakes to plant beside the right codes; ``excluded`` says whether an Excludes1 note parts two codes.

    The wrong side only where a code has one. Without any right code the pair is M54.41 with M54.50.
    """
    wrong = frozenset({"unsupported", "superseded"})
    found = [Plant("M54.5", "retired M54.5", frozenset({"retired"}))]
    sided = [c for c in right if SIDED.match(c) and c[:-1] + _OTHER[c[-1]] not in right]
    found += [Plant(c[:-1] + _OTHER[c[-1]], "wrong side", wrong) for c in sided[:1]]
    if "M54.9" not in right:
        vague = frozenset({"unspecified"}) if any(c.startswith(_REGIONAL) for c in right) else wrong | {"unspecified"}
        found.append(Plant("M54.9", "M54.9 for the region", vague))
    taken = {*right, *(p.code for p in found)}
    pair = next((p for c in right for p in _PARTNERS if p not in taken and excluded(c, p)), "")
    found += [Plant(pair, "Excludes1 pair", frozenset({"conflict"}))] if pair else []
    if not right:
        found += [Plant("M54.41", "Excludes1 pair", frozenset({"conflict"})), Plant("M54.50", "its partner", wrong)]
    taken |= {p.code for p in found}
    near = {"M54.16": ("M51.1", "M54.16", "M54.17"), "M54.12": ("M50.1", "M54.12"), "M54.14": ()}
    root = next(c for c in _ROOTS if c not in taken and not any(r.startswith(near[c]) for r in right if near[c]))
    return (*found, Plant(root, "unsupported radiculopathy", wrong))


@dataclass(frozen=True, slots=True)
class Audited:
    """One note's answer: plants and whether each was found, errors on right codes, evidence outside its sections."""

    id: str
    found: tuple[tuple[Plant, bool], ...]
    right: int
    wronged: tuple[str, ...]
    spans: int
    astray: tuple[str, ...]


def audit_table(audited: Sequence[Audited]) -> Table:
    """Planted mistakes by kind: how many, how many found."""
    planted = Counter(plant.kind for a in audited for plant, _ in a.found)
    caught = Counter(plant.kind for a in audited for plant, hit in a.found if hit)
    rows = [(kind, str(n), str(caught[kind]), figure(share(caught[kind], n))) for kind, n in planted.items()]
    right = (
        "errors on right codes",
        str(sum(a.right for a in audited)),
        str(sum(len(a.wronged) for a in audited)),
        "-",
    )
    spans = sum(a.spans for a in audited)
    where = ("evidence outside its sections", str(spans), str(sum(len(a.astray) for a in audited)), "-")
    return Table(f"Proposals of {len(audited)} notes", ("mistake", "planted", "found", "share"), (*rows, right, where))


def audit_bars(audited: Sequence[Audited]) -> tuple[Bar, ...]:
    """Every planted mistake found, no error on a right code, no evidence outside the sections that count."""
    hits = [hit for a in audited for _, hit in a.found]
    return (
        Bar("planted mistakes found", share(sum(hits), len(hits)), 1.0),
        Bar("errors on right codes", sum(len(a.wronged) for a in audited), 0, most=True),
        Bar("evidence outside its sections", sum(len(a.astray) for a in audited), 0, most=True),
    )


def audit_faults(audited: Sequence[Audited]) -> tuple[str, ...]:
    """A line for each mistake missed, each right code called wrong, each span in a wrong section."""
    lines = [f"{a.id}  missed {p.kind}: {p.code}" for a in audited for p, hit in a.found if not hit]
    lines += [f"{a.id}  error on right code: {words}" for a in audited for words in a.wronged]
    return (*lines, *(f"{a.id}  evidence outside its sections: {words}" for a in audited for words in a.astray))


@dataclass(frozen=True, slots=True)
class Flip:
    """A note with one fact turned round: which sentence, the new text, and where in it that sentence stands."""

    kind: str
    sentence: int
    text: str
    start: int
    end: int


_SWAP = {"left": "right", "right": "left", "Left": "Right", "Right": "Left", "LEFT": "RIGHT", "RIGHT": "LEFT"}
_SIDE = re.compile(r"\b(?:left|right)\b(?! (?:away|now|here|hand)\b)", re.IGNORECASE)
_SHORT_SIDE = re.compile(r"(?<![\w'-])[LR](?= (?:leg|foot|buttock|shin|arm|hand|SLR|slump|SI)\b)|(?<=SLR )[LR]\b")
_DENIAL = re.compile(
    r"\b(?P<verb>(?:denies|denied)(?: any)?|(?:has|had|reports|with|are|is|there is|notes) no"
    r"|no(?: new)?|without)\s+",
    re.IGNORECASE,
)
_TURNED = {"denies": "reports", "denied": "reported", "without": "with"}
_ASSERTED = {"sciatica", "radiculopathy", "radicular pain"}
_FELT = {"sensory loss", "weakness"}
_SPINE = {"lumbar", "lumbosacral", "thoracic", "cervical", "back"}


def side_flips(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[Flip]:
    """Each sentence that gives a side to a spine complaint, diagnosis or sign, with right and left exchanged."""
    for number, s in enumerate(sentences):
        here = [m for m in mentions if m.sentence == number]
        if any(m.get("side") in {"left", "right"} for m in here) and any(map(_spinal, here)):
            words = text[s.start : s.end]
            turned = _SIDE.sub(lambda m: _SWAP.get(m.group(), m.group()), words)
            turned = _SHORT_SIDE.sub(lambda m: "R" if m.group() == "L" else "L", turned)
            if turned != words:
                yield Flip("side", number, text[: s.start] + turned + text[s.end :], s.start, s.start + len(turned))


def _spinal(m: Mention) -> bool:
    if m.context is not Context.PRESENT:
        return False
    problem = m.get("problem")
    return bool(m.get("radiation") or m.get("sign") or problem in _ASSERTED or _spine_pain(m) or problem == "pain")


def _spine_pain(m: Mention) -> bool:
    return m.get("problem") == "pain" and m.get("region") in _SPINE


def negation_flips(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[Flip]:
    """Each sentence that affirms or denies a pain of the spine, sciatica, radiculopathy, numbness or weakness, turned.

    A denial loses its cue ("Denies" becomes "Reports"), an affirmation takes "no" before the fact.
    """
    for number, s in enumerate(sentences):
        facts = [m for m in mentions if m.sentence == number and _turnable(m)]
        for m in facts[:1]:
            turned = _turned(text, s, m)
            if turned:
                yield Flip("negation", number, text[: s.start] + turned + text[s.end :], s.start, s.start + len(turned))


def _turnable(m: Mention) -> bool:
    return bool(_spine_pain(m) or m.get("problem") in _ASSERTED or m.get("sign") in _FELT)


def holds(flip: Flip, before: Sequence[Mention], after: Sequence[Mention]) -> bool:
    """Does the note, read again, say the opposite of its first turnable fact? "chronic no back pain" may not.

    ``before`` and ``after`` are the mentions of the sentence as written and as turned round.
    """
    told = [next((m.context for m in mentions if _turnable(m)), None) for mentions in (before, after)]
    return flip.kind == "side" or told in ([Context.PRESENT, Context.NEGATED], [Context.NEGATED, Context.PRESENT])


def _turned(text: str, s: Sentence, m: Mention) -> str:
    before, after = text[s.start : m.span.start], text[m.span.start : s.end]
    if m.context is Context.PRESENT:
        return f"{before}no {after}"
    cues = list(_DENIAL.finditer(before))
    if m.context is not Context.NEGATED or not cues:
        return ""
    cue = cues[-1]
    verb = cue["verb"].lower().split()
    kept = _TURNED.get(verb[0], "" if verb[0] == "no" else verb[0])
    return before[: cue.start()] + (kept + " " if kept else "") + before[cue.end() :] + after


def rewritten(text: str, find: str, replace: str, kind: str) -> Flip:
    """A note with the first ``find`` replaced: a fact turned round by hand, and where the new words stand."""
    start = text.index(find)
    return Flip(kind, -1, text.replace(find, replace, 1), start, start + len(replace))


def widened(flip: Flip, sentences: Sequence[Sentence]) -> tuple[int, int]:
    """The stretch of a flip up to the ends of the sentences it stands in."""
    touched = [s for s in sentences if s.start < flip.end and s.end > flip.start]
    return min([flip.start, *(s.start for s in touched)]), max([flip.end, *(s.end for s in touched)])


@dataclass(frozen=True, slots=True)
class Turned:
    """One flip: of which note, its kind, its words, and whether the guard flagged it."""

    id: str
    kind: str
    words: str
    found: bool


def guard_table(turned: Sequence[Turned], false: Sequence[str], notes: int) -> Table:
    """Flips by kind, and the findings that notes as written raise."""
    rows = []
    for kind in dict.fromkeys(("side", "negation", *(t.kind for t in turned))):
        hits = [t.found for t in turned if t.kind == kind]
        rows.append((f"{kind} flipped", str(len(hits)), str(sum(hits)), figure(share(sum(hits), len(hits)))))
    rows.append(("as written: false flags", str(notes), str(len(false)), figure(share(len(false), notes))))
    return Table(f"The transcript guard on {notes} notes", ("", "number", "flagged", "share"), tuple(rows))


def guard_bars(turned: Sequence[Turned], false: Sequence[str], notes: int) -> tuple[Bar, ...]:
    """Nine flips of ten found, at most one false flag in ten notes."""
    return (
        Bar("flips found", share(sum(t.found for t in turned), len(turned)), FLIPS_BAR),
        Bar("false flags per note", share(len(false), notes), FALSE_BAR, most=True),
    )
