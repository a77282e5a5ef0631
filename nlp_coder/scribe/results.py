"""Words of one sentence → the topics they name, each affirmed or denied, of which limb and on which side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from nlp_coder.talk import Form, forms_by_word, load_spoken

_WORDS = re.compile(r"[a-z0-9]+")
_REMEMBERED = 4096
"""Clauses of which the topics are kept."""
_SENTENCE = re.compile(r"[.;!?\n]+(?=\s|\Z)")
_SEGMENT = re.compile(r"[,;]|\band\b|\bbut\b|\bother (?:side|one)\b|\bthe rest\b", re.IGNORECASE)
_CONTRAST = re.compile(r"\b(?:but|however|although|though|except|because|then|just)\b", re.IGNORECASE)
_SIDES = re.compile(
    r"\b(?:(?P<left>left(?! (?:the|work|me|him|her|my|for|over)\b)|L(?= (?:SLR|arm|leg|hand|foot|lumb|para|leva|trap)))"
    r"|(?P<right>(?:(?<=the )|(?<=your )|(?<=on )|(?<=my ))right|right(?! (?:now|here|there|away|where|after|around"
    r"|at(?! \d)|before|behind|down|in|on|into)\b)|R(?= (?:SLR|arm|leg|hand|foot|lumb|para|leva|trap)))"
    r"|(?P<both>both|bilateral(?:ly)?|B/L|either (?:side|one)|neither))(?!\w)",
    re.IGNORECASE,
)
THAN = re.compile(r"\b(?:than|not) (?:on )?(?:the |in the )?\Z", re.IGNORECASE)
"""Before a side that another is compared with."""
FULL = re.compile(r"(?:'s| is| are|:)? ?(?:five|5(?:/5)?)(?! (?:weeks|days|months|times))\b", re.IGNORECASE)
"""After a side: full strength."""
_OF_VERB = re.compile(r"nothing|nobody|never|no longer|not\b|.*n't", re.IGNORECASE)
"""Denials that a verb follows: "nothing has slipped"."""
_IS = re.compile(r"\b(?:is|was|are|were)\s+(?:\w+ )?\Z|\w's\s+\Z", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:after|before|until|since|when|while)\b", re.IGNORECASE)
"""Between a denied verb and a thing: it tells the time of what is denied."""
AT_A_TIME = re.compile(
    r"\b(?:right (?:off|away|then|after|there and then)|at (?:first|the time|the scene)|initially|immediately"
    r"|straight away"
    r"|that (?:day|night)|before|in your life|in the past|(?:have|had|did) (?:you|he|she|it) ever|previously)\b",
    re.IGNORECASE,
)
"""A question after pain at one time: its "no" denies none of today."""
_NEW = re.compile(r"\bnew\b(?!,)", re.IGNORECASE)
_AND_ON = re.compile(
    r"\b(?:and|but) (?:he|she|they|his|her|their|its|it|there|reports|has|does|still)\b",
    re.IGNORECASE,
)
"""Between a denial and what is said next for itself: "denies falls and his balance is poor"."""
_DENIED_OR_GRADED = re.compile(r"\s(?:not|no|never|without|nothing|negative|positive|normal)\s|n't\s", re.IGNORECASE)
_NEW_CLAUSE = re.compile(
    r"(?:,|\band\b|\bbut\b)\s+(?:and |but )?(?:you|i|he|she|it|they|we|there)\b(?!,)", re.IGNORECASE
)
"""Between a denied verb and a thing: "you're not emptying it, and you're numb"."""
_PAINS = re.compile(r"hurts?|pain|painful|sore|tender|tenderness|ow|ouch", re.IGNORECASE)
_MOVES = re.compile(
    r"full|strong|good|same|equal|even|able to|can|steady|great|is there|are there|all the way",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"[,;:]|\b(?:i|i'm|i've|it|it's|he|he's|she|she's|they|they're|we|you|you're|that's|there's|my|the|her|his)\b",
    re.IGNORECASE,
)
"""Between a denial and a good word: the good word is said for itself."""
_LESS = re.compile(r"\bless\b|\bnot as\b", re.IGNORECASE)
_PREPOSITION = re.compile(r"\b(?:on|in|at|for|of) (?:the |your |that )?\Z", re.IGNORECASE)
_OTHER_WAY = 20
"""Code points by which a result on the unlikely side of a side counts as farther."""
_LIST_CUE = re.compile(r"den|neg|(?:don't|do not) see|no (?:sign|evidence)", re.IGNORECASE)
"""Denials of whole lists, however long."""
_APART = re.compile(r"[,;.]|.:")
_CLOSE_BEHIND = 2
_OF_ANOTHER = re.compile(r"\s+(?:with|and|of)\b", re.IGNORECASE)
_IS_OVER = re.compile(
    r"(?:\s+[\w'-]+){0,8}?\s+(?:is|are|has|have)(?: (?:now|since|completely|fully|all))* (?:gone|resolved"
    r"|cleared|subsided)\b",
    re.IGNORECASE,
)
"""After a complaint: "the leg pain he had before surgery is gone"."""
_LISTED = re.compile(r"\b(?:or|and|nor)\b|/")
_SPECIFIC = re.compile(r"\s*(?:present|at|on|for|since|of|in|grade)\b", re.IGNORECASE)
"""Behind an item of a list: it is told for itself."""
_LIMB_TOPICS = {"numbness", "tingling", "weakness", "strength", "sensation"}
_EXAMINED = {"weakness": "strength", "numbness": "sensation"}
_SIGNED = re.compile(r"pos\b|positive|neg\b|negative", re.IGNORECASE)
_RIGHT_BEFORE = 11
"""Code points: a result so close before a side is of it."""
_NEAR = 10
"""Words: a result farther from what it is of is another's."""
_BEHIND = 4
"""Words by which a result before its topic counts as farther than one after it."""
_DENIAL = re.compile(r"\b(?:not|never|no)\b|n't\b", re.IGNORECASE)
"""In the words of a form that all is well: "no never below the knee"."""
_MISSED = {
    "ankle reflex",
    "knee reflex",
    "arm reflex",
    "reflex",
    "rectal tone",
    "sensation",
    "strength",
    "gait",
    "appetite",
}
"""Of these a plain "no" is bad: "no ankle jerks", "no tandem"."""
_FIRST = 4
_LAST = 14
"""Words before and after a function or test that may belong to its result."""
_VERB_REACH = 8
_GOOD_REACH = 2
"""Words: a denied verb farther from a trouble, or from a word that all is well, denies something else."""
_REACH = 90
"""Code points: a denial farther from what it denies is another's."""


@dataclass(frozen=True, slots=True)
class Named:
    """A topic named in a text, and how its form names it (see ``talk.KINDS``)."""

    topic: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Result:
    """A topic affirmed or denied, of a limb (arm, leg or empty) and a side (left, right, both or empty)."""

    topic: str
    limb: str
    side: str
    denied: bool
    start: int
    end: int


@lru_cache(_REMEMBERED)
def named(text: str) -> tuple[Named, ...]:
    """The topics that a text names, in order, without those that another form in it hides."""
    found: list[Named] = []
    hidden: list[tuple[str, int, int]] = []
    for form in _forms(text):
        for match in form.pattern.finditer(text):
            if not form.denial and _denied_inside(match.group()):
                continue
            if form.kind == "not":
                hidden.append((form.topic, *match.span()))
            else:
                piece = _piece(text, *match.span())
                hidden += [(topic, *piece) for topic in form.hides]
                found.append(Named(form.topic, form.kind, *match.span()))
    shown = [n for n in found if not any(t == n.topic and a < n.end and n.start < b for t, a, b in hidden)]
    single = [n for n in shown if not any(_covers(o, n) for o in shown)]
    return tuple(sorted(single, key=lambda n: (n.start, n.end)))


def _forms(text: str) -> Iterator[Form]:
    """The forms that may stand in a text, by its words."""
    by_word, rest = forms_by_word()
    yield from rest
    yield from dict.fromkeys(form for word in set(_WORDS.findall(text.lower())) for form in by_word.get(word, ()))


def _denied_inside(words: str) -> bool:
    """Whether words that a form passes over deny what it says: "pain does not go to the legs"."""
    return bool(_DENIED_OR_GRADED.search(words[: words.rfind(" ") + 1]))


def _piece(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between commas around some words."""
    commas = [m.start() for m in re.finditer(r"[,;.]", text)]
    return max((c for c in commas if c < start), default=0), min((c for c in commas if c >= end), default=len(text))


def _covers(o: Named, n: Named) -> bool:
    """Whether a longer form of the same topic stands where this one does."""
    longer = (o.end - o.start, o.kind) > (n.end - n.start, n.kind)
    return o is not n and o.topic == n.topic and longer and o.start < n.end and n.start < o.end


def results(text: str) -> Iterator[Result]:
    """What a sentence says of each topic that it names; of some it says nothing."""
    found = named(text)
    for n in found:
        start, end = scope(text, n)
        limb = limb_of(text[start:end], n)
        if n.kind in {"trouble", "good"}:
            denied = negated(text, n, start)
            if denied is not None:
                side = side_in(text[slice(*_piece(text, n.start, n.end))]) or side_in(text[start:end])
                yield Result(n.topic, limb, side, denied != (n.kind == "good"), n.start, n.end)
        elif n.kind in {"function", "test"}:
            for side, denied in graded(text, n, found):
                yield Result(n.topic, limb, side, denied, n.start, n.end)


def examined(r: Result) -> Result:
    """A result as found on examination: strength and sensation, not what the patient feels."""
    return replace(r, topic=_EXAMINED.get(r.topic, r.topic))


def scope(text: str, n: Named) -> tuple[int, int]:
    """The stretch around a topic, up to the end of a sentence or a contrast."""
    cuts = [0, *(m.start() for p in (_SENTENCE, _CONTRAST) for m in p.finditer(text)), len(text)]
    return max(c for c in cuts if c <= n.start), min(c for c in cuts if c >= n.end)


def limb_of(words: str, n: Named) -> str:
    """The one limb a stretch speaks of; empty for both or none, and where the topic is of no limb."""
    if n.topic not in _LIMB_TOPICS:
        return ""
    leg, arm = load_spoken()["leg"].search(words), load_spoken()["arm"].search(words)
    return "" if bool(leg) == bool(arm) else "leg" if leg else "arm"


def side_in(words: str) -> str:
    """The one side a stretch speaks of; empty for none, both for two."""
    found = {match.lastgroup or "" for match in _sides(words, 0, len(words))}
    return found.pop() if len(found) == 1 else "both" if found else ""


def _sides(text: str, first: int, last: int) -> Iterator[re.Match[str]]:
    """The sides of a stretch, without those that another is compared with ("weaker than the right")."""
    return (m for m in _SIDES.finditer(text, first, last) if not THAN.search(text[: m.start()]))


def side_by(words: str, start: int, end: int) -> str:
    """The side named within a few words of a place; empty for none."""
    near = [
        (_words_between(words, m.start(), m.end(), start, end), m.lastgroup or "") for m in _sides(words, 0, len(words))
    ]
    return min((far, side) for far, side in near)[1] if near and min(near)[0] <= _FIRST else ""


def _words_between(words: str, start: int, end: int, first: int, last: int) -> int:
    return len(words[min(end, last) : max(start, first)].split())


def negated(text: str, n: Named, start: int) -> bool | None:
    """Whether a denial reaches a topic from before ("no …", with a list between) or stands right behind it.

    None where a denial may or may not reach it: "no slip, fracture".
    """
    spoken = load_spoken()
    before = text[start : n.start]
    cues = [] if n.kind == "good" and _DENIAL.search(text[n.start : n.end]) else _cues(before)
    if cues and (n.start - start - cues[-1].end() <= _REACH or _LIST_CUE.match(cues[-1].group())):
        rest = text[n.end : scope(text, n)[1]]
        reaches = _reaches(cues[-1].group(), before[cues[-1].end() :], rest, n.kind)
        if reaches is not False:
            return reaches
    if _IS_OVER.match(text, n.end):
        return True
    after = re.match(r":?\s+(?:[\w']+\s+){0,3}?", text[n.end :])
    cue = spoken["denied after"].search(text, n.end, n.end + 30) if after else None
    between = text[n.end : cue.start()] if cue else ""
    if not cue or _OF_ANOTHER.match(text, n.end) or _APART.search(between) or len(between.split()) > _CLOSE_BEHIND:
        return False
    return cue.group().lower() not in {"no", "nah", "nope", "none"} or not text[cue.end() :].strip(" .")


def _cues(before: str) -> list[re.Match[str]]:
    """The denials of a stretch; a "no" with a comma after it is an answer."""
    return [m for m in load_spoken()["denies"].finditer(before) if not re.match(r"\s*,", before[m.end() :])]


def _reaches(cue: str, between: str, rest: str, kind: str) -> bool | None:
    """Whether a denial reaches over the words between: "no fever, chills or sweats", not "no slip, fracture of L4"."""
    if kind == "good":
        return _close(between)
    if _AND_ON.search(between):
        return False
    if _NEW.search(between):
        return None  # "no new numbness" is none of the old
    if _OF_VERB.match(cue) and "," in between and len(between.split()) > _VERB_REACH:
        return None
    if _OF_VERB.match(cue) and (_WHEN.search(between) or _NEW_CLAUSE.search(between)):
        return False
    if _OF_VERB.match(cue):
        return len(between.split()) <= _VERB_REACH and not _CONTRAST.search(between)
    if load_spoken()["ends"].search(between):
        return False
    if "," not in between or _LISTED.search(between + rest) or _LIST_CUE.match(cue):
        return True
    return False if _SPECIFIC.match(rest) else None


def graded(text: str, n: Named, found: Sequence[Named]) -> list[tuple[str, bool]]:
    """The result of a function or test on each side that its stretch names: (side, good or negative)."""
    start, end = scope(text, n)
    first, last = _stretch(text, n, found, start, end)
    grades = list(_grades(text, n, first, last))
    one_side = len({m.lastgroup for m in _sides(text, first, last)}) < 2
    if n.kind == "test" and one_side and (stated := [g for g in grades if _SIGNED.match(text, g[0])]):
        grades = stated  # "produces neck pain, negative for the arm"
    if not grades:
        return [("", n.topic not in _MISSED)] if negated(text, n, start) else []
    sides = [m for m in _sides(text, first, last) if not any(m.end() <= at < n.start for at, _ in grades)]
    if not sides:
        far, good = min((_far(text, n, at), good) for at, good in grades)
        return [("", good)] if far <= _NEAR else []
    return list(_by_side(text, sides, grades, (first, last)))


def _by_side(
    text: str, sides: Sequence[re.Match[str]], grades: Sequence[tuple[int, bool]], stretch: tuple[int, int]
) -> Iterator[tuple[str, bool]]:
    """Each side with the result nearest to it, of its own stretch between commas where that has one."""
    first, last = stretch
    cuts = [first, *(m.start() for m in _SEGMENT.finditer(text, first, last)), last]
    for side in sides:
        start, end = next(((a, b) for a, b in pairwise(cuts) if a <= side.start() < b), stretch)
        within = [g for g in grades if start <= g[0] < end]
        if within or not _LESS.search(text, start, end):
            ahead = not _PREPOSITION.search(text[max(start, side.start() - 12) : side.start()])
            ranked = [(_from_side(side, at, ahead=ahead), good) for at, good in within or grades]
            yield side.lastgroup or "", bool(FULL.match(text, side.end())) or min(ranked)[1]


def _from_side(side: re.Match[str], at: int, *, ahead: bool) -> tuple[int, int]:
    """How far a result is from a side: "positive on the left" has it before, "left gives way" after."""
    gap = _gap(side.start(), side.end(), at)
    if 0 < side.start() - at <= _RIGHT_BEFORE and not re.search(r"[,;]", side.string[at : side.start()]):
        return gap, at  # "absent left ankle jerk"
    return gap + (0 if (at >= side.end()) == ahead else _OTHER_WAY), at


def _stretch(text: str, n: Named, found: Sequence[Named], start: int, end: int) -> tuple[int, int]:
    """From the last comma or topic before to the next topic that follows a result."""
    graders = [o for o in found if (o.kind in {"function", "test"} or "tender" in o.topic) and o.topic != n.topic]
    before = [o.end for o in graders if start <= o.start < n.start and o.end <= n.start]
    commas = [m.end() for m in re.finditer(r"[,:]", text[start : n.start])]
    near = [m.start() for m in re.finditer(r"\S+", text[start : n.start])]
    first = max([start, *before, *(start + c for c in commas), *(start + w for w in near[-_FIRST:][:1])])
    words = [m.end() for m in re.finditer(r"\S+", text[n.end : end])]
    end = n.end + words[_LAST - 1] if len(words) >= _LAST else end
    for o in sorted(graders, key=lambda o: o.start):
        if n.end <= o.start < end and any(True for _ in _grades(text, n, first, o.start)):
            return first, o.start
    return first, end


def _grades(text: str, n: Named, first: int, last: int) -> Iterator[tuple[int, bool]]:
    """Good and bad words of a stretch, outside the topic's own, with where they stand; a denied one is its opposite."""
    spoken = load_spoken()
    for word, good in (("good", True), ("bad", False)):
        for match in spoken[word].finditer(text, first, last):
            if match.start() < n.end and n.start < match.end():
                continue
            said = match.group().lower()
            value = not good if n.kind == "test" and said in {"absent", "present"} else good
            turned = _turned(text, match, good, n.end if good and match.start() >= n.end else scope(text, n)[0])
            if not _fits(n, said):
                continue
            of_another = match.end() <= n.start and _IS.search(text[: match.start()])  # "raise is positive, power …"
            if turned is not None and not of_another:
                yield match.start(), value != turned


def _fits(n: Named, said: str) -> bool:
    """Whether a good or bad word may be a result of a topic: pain is none of strength, "full" none of pressing."""
    if n.topic == "strength":
        return not _PAINS.fullmatch(said)
    return "tender" not in n.topic or not _MOVES.fullmatch(said)


def _turned(text: str, match: re.Match[str], good: bool, start: int) -> bool | None:
    """Whether a good or bad word is denied: "not normal", "denies loss of bladder or bowel control"."""
    behind = text[max(start, match.start() - _REACH) : match.start()]
    cues = _cues(behind)
    if not cues or match.group().lower() in {"nothing", "no trouble"}:
        return False
    between = behind[cues[-1].end() :]
    if good:
        return _close(between)
    return _reaches(cues[-1].group(), between, text[match.end() : match.end() + _REACH], "trouble")


def _close(between: str) -> bool:
    """Whether a denial belongs to a good word: "not very steady", not "no, i'm steady"."""
    return len(between.split()) <= _GOOD_REACH and not _SUBJECT.search(between)


def _far(text: str, n: Named, at: int) -> int:
    """Words between a topic and a result."""
    return len(text[n.end : at].split()) if at >= n.end else len(text[at : n.start].split()) + _BEHIND


def _gap(start: int, end: int, at: int) -> int:
    return at - end if at >= end else start - at if at < start else 0
