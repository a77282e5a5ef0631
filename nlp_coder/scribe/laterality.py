"""Right, left, both and middle: what each text says of them, and where a side of the note was never heard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp_coder.scribe.dialogue import Clause
from nlp_coder.scribe.replies import reply
from nlp_coder.scribe.results import FULL, THAN, named
from nlp_coder.talk import load_spoken

_PARTS = (
    r"(?:legs?|arms?|sides?|one|foot|feet|hand|thigh|calf|knee|hip|heel|ankle|shoulder|elbow|thumb|buttock|butt|cheek)"
)
_TOKEN = re.compile(
    r"\b(?:(?P<left>(?<!space )(?<!time )(?<!much )(?<!some )(?<!any )(?<!what's )left(?! (?:the|work|me|him|her|my|for"
    r"|over|off|it)\b)(?<!is left(?= at| after| when))(?<!are left(?= at| after| when)))"
    r"|(?P<right>(?:(?<=the )|(?<=my )|(?<=your ))right|right(?! (?:now|here|there|away)\b))"
    r"|(?P<both>(?<!to )both(?! (?:ways|directions|times|of those))|bilateral(?:ly)?|two of them|either side)"
    r"|(?P<middle>middle|cent(?:er|re|ral)|midline|all (?:the way )?across|straight across))\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<![\w/'-])(?<!\d )(?:(?P<left>L)|(?P<right>R))(?![\w/'.-])")
_NO_SIDE = re.compile(
    r"\s+(?:down|now|here|there|away|where|after|around|at|before|behind|up|off|through|over|so|on|in|into|from|to|across"
    r"|then|along|between|back)\b",
    re.IGNORECASE,
)
"""After a spoken "right" that is no side: "right down to the foot"."""
_NIL = re.compile(r"[^,;:.\n]{0,30}: *(?:none|nil|no\b|negative|normal|unremarkable)", re.IGNORECASE)
"""After a side: "right arm: none"."""
_OF_TWO = re.compile(
    r"\b(?:the|your|my|his|her|this|that|that's|its|it's|of|on|to|mostly|is|side|still)[\s,]+\Z", re.IGNORECASE
)
_EXACTLY = re.compile(
    r"\s+(?:down|at(?! (?:about )?\d)|in|on|into|over|where|after|before|behind|beside|above|below|through|under)\b"
)
"""After "right" in a note: "right at the tip" is no side."""
_AGREES = re.compile(
    r"\b(?:is that|that's|(?:say|said|got|get|have|hear|heard|do|did|doing|understand) (?:that|it|this)|all|okay"
    r"|yeah|just"
    r"|alright)\s+\Z",
    re.IGNORECASE,
)
_THE = re.compile(r"\b(?:the|my|your|his|her)\s+\Z", re.IGNORECASE)
_SIDE_AFTER = re.compile(rf"(?:'s\b|\s+{_PARTS}\b|\s+(?:is|was|has|isn't|more|sided)\b|-sided)", re.IGNORECASE)
_ASKS_SIDE = re.compile(r"\b(?:which|sides?|cheek|left|right|middle|one or)\b", re.IGNORECASE)
_ALIKE = re.compile(r"\b(?:feel|same|normal|equal|okay|ok|fine|good|alright|all right)\b", re.IGNORECASE)
_LESS = re.compile(r"\b(?:less|than|not as)\b", re.IGNORECASE)
_ONLY = re.compile(r"\bonly\b|\bneither\b|\bnever\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|no|none|nil|denies|denied|without|nothing|neither|free of)\b|n't\b", re.IGNORECASE)
_DENIED_BEHIND = re.compile(r"\b(?:no|denies|denied|without|not)(?: any| the)?(?: new)?\s*\Z", re.IGNORECASE)
_NEVER = re.compile(r"never|none|nil|nothing|neither|no\b|denie|without|not\b", re.IGNORECASE)
_WINDOW = 5
_WRITTEN = 8
"""Words on each side of a spoken side that may tell whether it is the sound one."""
_ORGAN = 4
"""Words between a side and what it is of."""
_MARK = re.compile(r"[,;:.?!\n]")
_STEM = 5
_SAYS = re.compile(r"[A-Za-z]{4,}")
_SAYS_NOTHING = {
    word[:_STEM]
    for word in (
        "left right side sides sided both with that this your have from there here over down when what then they been"
        " feel feels good okay about little some going goes like just does pain hurt hurts back worse positive negative"
        " still also only more most very well into onto than will were where which while would could should patient"
        " reports denies mild moderate noted present absent normal symptoms week weeks month months year years da"
        "ys last"
        " today time times history ago since"
    ).split()
}
"""Beginnings of words that do not tell what a side is of."""
_BESIDE = 8
_PHRASE = re.compile(r"[,;:.]|\b(?:and|but|with|while|because)\b", re.IGNORECASE)
_ALMOST = 0.4
_ALIKE_AT_LEAST = 1.0
_STILL = {"unchanged", "stable", "same", "present", "usual", "regular", "the same"}
"""Words that all is well of which none says that a side is sound."""
_OPPOSITE = {"left": "right", "right": "left"}
_OFTEN = 3
"""Times that one side must be heard to stand against a note although something else was on both sides."""
_OUTWEIGHS = 4
"""Times that the other side must be heard for each time that a side is named and no word tells what is there."""
_IS_FOUND = re.compile(
    r"\b(?:tender\w*|spasm\w*|positive|decreased|diminished|weak\w*|absent|sciatica|radiculopathy)\b",
    re.IGNORECASE,
)
"""A finding told with a command in one breath."""
_ECHO = 3
"""Words: a reply so short that names the side asked after affirms it."""
_SHORT = 7
"""Words: a clinician's clause so short that names a side asks for it ("and the right one")."""


@dataclass(frozen=True, slots=True)
class Side:
    """A side (left, right, both, middle) named in a text.

    ``found`` is True where something is wrong there, False for a sound side, None where no word tells; ``where`` is
    upper, lower or empty (not said), ``limb`` arm, leg, trunk or empty; ``more`` if it is called the worse one;
    ``exam`` once the clinician examines, ``moved`` in a command ("turn to the left"); ``about`` are the topics and
    the beginnings of the words beside it.
    """

    side: str
    where: str
    limb: str
    found: bool | None
    more: bool
    start: int
    end: int
    clause: int = 0
    exam: bool = False
    moved: bool = False
    about: frozenset[str] = frozenset()


def heard_sides(found: Sequence[Clause]) -> tuple[Side, ...]:
    """All sides named in a dialogue."""
    heard: list[Side] = []
    before, where, limb, exam = "", "", "", False
    turn = -1
    for number, clause in enumerate(found):
        words = clause.span.text
        if clause.turn != turn:
            asked = before if clause.by_patient else ""
            before, turn = "", clause.turn
        before += " " + words
        exam = exam or (not clause.by_patient and bool(load_spoken()["examines"].search(words)))
        where, limb = _where(words) or where, _limb(words) or limb
        follows = found[number + 1] if number + 1 < len(found) else None
        if not clause.by_patient and not clause.answer and follows and follows.by_patient:
            clause = _asking(clause, follows)
        here = _sides(words, number, bool(_ASKS_SIDE.search(asked)), spoken=True)
        behind = found[number - 1].span.text if number else ""
        for side in here:
            about = _about(f"{behind} {_beside(side, words)}")
            told = _as_answered(replace(side, exam=exam, about=about), clause, where, limb)
            heard.append(replace(told, found=False) if _corrected(side, clause, found[number + 1 :]) else told)
    return tuple(heard)


def _corrected(side: Side, clause: Clause, following: Sequence[Clause]) -> bool:
    """Whether the patient sets a clinician's side right at once ("down your right leg" "left leg")."""
    answer = next((c for c in following if c.turn == clause.turn + 1), None)
    if clause.by_patient or not answer or len(answer.span.text.split()) > _ECHO:
        return False
    return {m.lastgroup for m in _TOKEN.finditer(answer.span.text)} == {_OPPOSITE.get(side.side)}


def _asking(clause: Clause, follows: Clause) -> Clause:
    """A clinician's few words that name a side, before a reply, are a question ("and over here on the left")."""
    short = len(clause.span.text.split()) <= _SHORT
    return replace(clause, answer="open", reply=follows.span) if short else clause


def _as_answered(side: Side, clause: Clause, where: str, limb: str) -> Side:
    """A side of a dialogue: of the part last spoken of; a question is as its answer."""
    found, moved = side.found, False
    words = clause.span.text
    if load_spoken()["before now"].search(words):
        found = False
    elif not clause.by_patient:
        moved = found is None and bool(load_spoken()["command"].search(words)) and not _IS_FOUND.search(words)
        if clause.answer and clause.reply and (found is None or len(words.split()) <= _SHORT):
            sound = bool(_ALIKE.search(words))  # "does it feel the same on both sides?" "yes"
            first = re.split(r"[.!?]", clause.reply.text, maxsplit=1)[0]
            again = not sound and len(first.split()) <= _ECHO and re.search(rf"\b{side.side}\b", first, re.IGNORECASE)
            answer = "yes" if again else reply(clause.reply.text)  # "still the right leg?" "right leg"
            found = {"no": False, "fine": False, "yes": not sound, "pain": True}.get(answer, found)
    elif found is None and re.search(r"\bblind spot|\blook\b|\bturn", words, re.IGNORECASE):
        moved = True
    return replace(side, where=side.where or where, limb=side.limb or limb, found=found, moved=moved)


def noted_sides(words: str) -> list[Side]:
    """The sides named in a sentence of a note, those that are letters (L, R) included."""
    return list(_sides(words, 0, True, spoken=False))


def _sides(words: str, clause: int, of_side: bool, *, spoken: bool) -> Iterator[Side]:
    tokens = [m for m in _TOKEN.finditer(words) if not spoken or m.lastgroup != "right" or _is_side(words, m, of_side)]
    if not spoken:
        tokens = [m for m in tokens if not (_EXACTLY.match(words, m.end()) and not _THE.search(words[: m.start()]))]
        tokens = sorted((*tokens, *_LETTER.finditer(words)), key=lambda m: m.start())
    for at, m in enumerate(tokens):
        first = tokens[at - 1].end() if at else 0
        last = tokens[at + 1].start() if at + 1 < len(tokens) else len(words)
        ahead = _MARK.split(words[m.end() : last])[0]
        behind = _MARK.split(words[first : m.start()])[-1]
        if _of_another_organ(words, m):
            continue
        window = _WINDOW if spoken else _WRITTEN
        ahead, behind = " ".join(ahead.split()[:_WINDOW]), " ".join(behind.split()[-window:])
        found = False if FULL.match(words, m.end()) or _NIL.match(words, m.end()) else _grade(ahead)
        if THAN.search(words[: m.start()]):
            found = False
        if found and _DENIED_BEHIND.search(behind):
            found = False
        found = _grade(behind) if found is None else found
        near = words[max(first, m.start() - 25) : m.start()] + "|" + words[m.end() : min(last, m.end() + 25)]
        more = bool(load_spoken()["more"].search(near) or "|>" in near.replace(" ", "")) and not _LESS.search(behind)
        yield Side(m.lastgroup or "", _where(words), _limb(words), found, more, m.start(), m.end(), clause)


def _of_another_organ(words: str, m: re.Match[str]) -> bool:
    """Whether a side is that of an eye, an ear, a replaced joint: the word stands near, in the same stretch."""
    ahead = " ".join(_MARK.split(words[m.start() :])[0].split()[: _ORGAN + 1])
    behind = " ".join(_PHRASE.split(words[: m.start()])[-1].split()[-_ORGAN:])
    return bool(load_spoken()["elsewhere"].search(f"{behind} | {ahead}"))


def _is_side(words: str, m: re.Match[str], of_side: bool) -> bool:
    """Whether a spoken "right" is a side: by itself it is a word of agreement."""
    alone = not words[: m.start()].strip(" ,.") and not words[m.end() :].strip(" ,.")
    if _AGREES.search(words[: m.start()]):
        return bool(re.match(rf"\s+{_PARTS}\b", words[m.end() :], re.IGNORECASE))
    if _NO_SIDE.match(words, m.end()) and not _THE.search(words[: m.start()]):
        return False
    if _OF_TWO.search(words[: m.start()]) or _SIDE_AFTER.match(words, m.end()):
        return True
    return of_side and (alone or not words[: m.start()].strip(" ,."))


def _grade(words: str) -> bool | None:
    """True where the words tell of something wrong, False where of nothing; None where of neither."""
    spoken = load_spoken()
    good = next((m for m in spoken["good"].finditer(words) if m.group().lower() not in _STILL), None)
    bad = spoken["wrong"].search(words) or spoken["bad"].search(words)
    denied = _NOT.search(words)
    if bad and not (denied and denied.start() < bad.start()):
        return not (good and good.start() < bad.start())
    return False if good or (denied and (bad or _NEVER.match(denied.group()))) else None


def _where(words: str) -> str:
    words = load_spoken()["middle part"].sub(" ", words)
    upper, lower = load_spoken()["upper"].search(words), load_spoken()["lower"].search(words)
    return "" if bool(upper) == bool(lower) else "upper" if upper else "lower"


def _limb(words: str) -> str:
    limbs = {limb for limb in ("arm", "leg", "trunk") if load_spoken()[limb].search(words)}
    return limbs.pop() if len(limbs) == 1 else ""


def _about(words: str) -> frozenset[str]:
    """The topics that some words name, and the beginnings of those that say something."""
    stems = {w[:_STEM].lower() for w in _SAYS.findall(words)}
    return frozenset(stems - _SAYS_NOTHING | {n.topic for n in named(words)})


def _beside(s: Side, words: str) -> str:
    """The words on either hand of a side, as far as they may tell what it is of."""
    behind, ahead = _PHRASE.split(words[: s.start])[-1], _PHRASE.split(words[s.end :])[0]
    return " ".join([*behind.split()[-_BESIDE:], *ahead.split()[:_BESIDE]])


def _same_thing(s: Side, words: str, heard: Sequence[Side]) -> Side | None:
    """The side heard of what a note's side is said of, if it is the other and only that: the clauses most alike."""
    if {m.lastgroup for m in _TOKEN.finditer(words)} >= {*_OPPOSITE}:
        return None  # "left 12, right 25": each is of its own
    about = _about(_beside(s, words))
    weights = Counter(word for h in heard for word in h.about & about)
    alike = [(sum(1 / weights[word] for word in h.about & about), h) for h in heard if h.side in {*_OPPOSITE, "both"}]
    most = max((score for score, _ in alike), default=0.0)
    near = [h for score, h in alike if score >= max(most * _ALMOST, _ALIKE_AT_LEAST)]
    of_other = [h for h in near if h.side == _OPPOSITE[s.side] and h.found is not False and not h.moved]
    return of_other[0] if of_other and len(of_other) == len(near) else None


def other_side(s: Side, words: str, *, exam: bool, heard: Sequence[Side]) -> tuple[str, Side] | None:
    """Where a side of a note's sentence was never heard but another was: what is wrong in words, and what was heard."""
    if s.side not in _OPPOSITE or s.found is False:
        return None
    if alike := _same_thing(s, words, heard):
        return f"The note says {s.side}, the conversation {alike.side}.", alike
    if exam and not s.found and any(h.side in {s.side, "both"} for h in heard):
        return None
    about = [h for h in heard if (not h.where or not s.where or h.where == s.where) and h.found is not False]
    worse = [h for h in about if h.more and h.side in _OPPOSITE]
    if s.more and worse and all(h.side != s.side for h in worse):
        return f"The note says {s.side}, the conversation {worse[0].side}.", worse[0]
    known = [h for h in about if not h.moved or (exam and load_spoken()["motion"].search(words))]
    only = bool(_ONLY.search(words))
    same = [
        h
        for h in known
        if (h.side == s.side and (h.found or _one_limb(h, s))) or (h.side == "both" and not only and _one_limb(h, s))
    ]
    other = [h for h in known if h.side == _OPPOSITE[s.side]]
    single = [h for h in same if h.side == s.side]
    if len(other) < _OFTEN or single:
        single = same
    if any(h.found for h in single) or len(single) * _OUTWEIGHS > len(other):
        return None
    known = [h for h in known if h.exam] if exam else known
    against = [h for h in known if h.side == _OPPOSITE[s.side] or _one_limb(h, s)]
    against = [h for h in against if h.side in {_OPPOSITE[s.side], "both"} or (h.side == "middle" and not exam)]
    against.sort(key=lambda h: (h.side != _OPPOSITE[s.side], h.found is None))
    if not against:
        return None
    said = {"both": "both sides", "middle": "the middle"}.get(against[0].side, against[0].side)
    return f"The note says {s.side}, the conversation {said}.", against[0]


def _one_limb(a: Side, b: Side) -> bool:
    return not a.limb or not b.limb or a.limb == b.limb
