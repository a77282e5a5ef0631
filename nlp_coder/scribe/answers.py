"""A dialogue → what it says of each topic: a question with its answer, a statement, a manoeuvre with its response."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nlp_coder.scribe.dialogue import Clause
from nlp_coder.scribe.replies import BADLY, LONG, NOTHING, SHORT, TAKEN_NOTE, answered, reply
from nlp_coder.scribe.results import Named, Result, examined, named, results, side_by, side_in
from nlp_coder.talk import load_spoken
from nlp_coder.types import Span

_OWN_WORDS = 3
_OWN_REACH = 8
"""Code points before a relative that may be of the patient."""
_REPLIES = 3
"""Clauses: a reply so soon after a manoeuvre is the response to it."""
_THEN = 25
"""Code points behind a thing where a condition may still be of it."""
_STEPS = 4
"""Turns after which a manoeuvre is over."""
_PLANNED = {"surgery", "compression test"}
"""What a clinician who states it plans or explains."""
_ACKNOWLEDGED = re.compile(
    r"\A(?:(?:okay|ok|good|great|alright|all right|perfect|nice|and|so|now)\b[\s,.]*)+(?=\w+ \w+)", re.IGNORECASE
)
"""Words of a clinician that take note of an answer."""
_NEXT = re.compile(r"\b(?:other|that|this) (?:one|side|leg)\b", re.IGNORECASE)
_ANY = re.compile(r"\bany(?: \w+){0,2} \Z", re.IGNORECASE)
_ASSERTS = re.compile(
    r"\b(?:you|there|it|that|this|he|she|they|we|i|is|are|was|has|have|had|shows?|do(?:es)?)\b|'(?:s|re|ve|m)\b",
    re.IGNORECASE,
)
_REST = re.compile(r"\b(?:remainder|otherwise|the rest|other than)\b", re.IGNORECASE)
_SPREADS = {"leg spread", "arm spread", "spread", "low back pain", "neck pain"}
_LED_BY = re.compile(
    r"(?:\b(?:has|have|had|having|got|getting|with|some|is|are|was|the|your|that|this|a|an|more|of|to|at|be|been|so|like|feel|feels"
    r"|called|and|bit|little|very|really|mild|moderate)|'s|'ve|'re)\s+(?:\w+ )?\Z",
    re.IGNORECASE,
)
"""Before a thing that is said to be there; at the end of a clinician's words a bare name asks ("fevers weight lo"
"ss")."""
_ABOUT_TO = re.compile(
    r"(?:(?:okay|ok|alright|now|so|and|good|great) )*(?:i'm (?:going to|gonna)|i'll|let me|let's|go ahead"
    r"|can you|could you|just"
    r"|lift|raise|bend|lean|stand|walk|push|pull|lie|sit|turn|hold|keep|try|put|bring)\b",
    re.IGNORECASE,
)
_SUMS_UP = re.compile(
    r" *(?:tender\w*|pain|mild|moderate|some|diminished|decreased|reduced|weak\w*|limited|percussion|spasm)\b",
    re.IGNORECASE,
)
"""A clinician's words to the record after "so": "so tenderness over l two"."""
_RESULT = re.compile(
    r"\b(?:positive|negative|normal|no (?=hoffm|babinski|spurling|romberg|lhermitte)|hurts|gets you|reproduc\w+)",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:one|two|three|four|several|a few|a couple(?: of)?) (?:prior |previous )?\Z", re.IGNORECASE)
"""Before a thing that is counted, and so has been."""
_IS_SIGN = re.compile(
    r"(?:\b(?:that's|that is|this is|there's|there is|that was|called|you have|you've got|i've got)"
    r" (?:a |an |the |your |what we call )*)\Z",
    re.IGNORECASE,
)
"""Before a sign that bears a name: the sign itself is meant ("that's a hoffmann")."""
_NAMED_SIGNS = {"hoffmann", "babinski", "lhermitte", "clonus", "romberg"}
_JOINS = re.compile(r"\A\W*(?:(?:but|and|so|or|well)\b\W*)+", re.IGNORECASE)
_NOT_SO = re.compile(r"\W+(?:not|no|nope|nah|never)\b", re.IGNORECASE)
"""After a thing that a reply takes up: "dizzy, not really"."""
_ONCE = re.compile(r"\b(?:before|then|at the time|back in the day)\W*\Z", re.IGNORECASE)
"""At the end of words: it was so once."""
_GONE = re.compile(
    r"\b(?:it's|that's|it is|that is|all|it) (?:all |completely |totally )?(?:gone|went away|cleared up)\b",
    re.IGNORECASE,
)
"""Of a complaint: it is over."""
_NO_PAIN = re.compile(r"(?:no (?:pain|pulling|trouble)|nothing)\b", re.IGNORECASE)
_BOTHERS = re.compile(r"\b(?:pain|hurts?|bothers?|anything|shoot\w*|zing\w*)\b", re.IGNORECASE)
_GOOD = re.compile(r"(?:good|nice|great)", re.IGNORECASE)
_FOUND = re.compile(r"(?:steady|normal|beautiful|perfect|strong|equal|symmetric|positive|negative|full)", re.IGNORECASE)
_QUESTION = re.compile(
    r"(?:(?:and|so|okay|now|then)\W+)*(?:any|do|does|did|is|are|was|were|have|has|can|could|how|what|when|where|which|who)\b",
    re.IGNORECASE,
)
_SIGNS = {"ankle reflex", "knee reflex", "arm reflex", "reflex", "strength"}
"""What a clinician states on examination even where a reply follows."""
_FELT = {"sensation", "weakness", "numbness"}
_ALONE = 4
"""Words: a side asked for by itself."""
_SAME_TEST = re.compile(
    r"(?:(?:and|now|okay|ok|so|then|the|on|to|this|that|other|one|side|leg|arm|right|left|what|how|about|first|tell|me|when|all"
    r"|three|is|it|same|both|good|is|'s|your|try)\b[\s,.']*)+",
    re.IGNORECASE,
)
"""The same manoeuvre on the other side: "and the right one"."""
_PRESSED = {"midline tenderness", "paraspinal tenderness", "si tenderness", "hip"}
"""Of these the patient tells the result."""
_PRESSED_SO = re.compile(
    r"\A\W*(?:(?:okay|so|and)\W+)*(?:no|nothing|not)\b|\b(?:tender|tenderness|sore|spasm) (?:over|at|along|in|to"
    r"|on|of|right)\b"
    r"|\bno(?:t|n)?[ -]?tender|\bis tender\b|\bare tender\b",
    re.IGNORECASE,
)
"""A clinician's words that give the result of pressing."""
_STATES = re.compile(
    r"(?:(?:and|so|but) )*(?:you|i|i'm|i'll|this|that|that's|we|we'll|it|it's|there|the|your)\b", re.IGNORECASE
)
_IF = re.compile(r"(?<!even )\bif\b|\bwhen you call\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A result heard, and the clause that says it."""

    result: Result
    clause: Clause


@dataclass(slots=True)
class _Examined:
    """The manoeuvres under way: their names, the side last spoken of, and in which turn."""

    tests: list[Named] = field(default_factory=list)
    side: str = ""
    turn: int = -_STEPS
    clause: int = -_STEPS


def told(found: Sequence[Clause]) -> tuple[Told, ...]:
    """All results heard in the clauses of a dialogue."""
    heard: list[Told] = []
    exam, planned_from = _Examined(), (-1, False)
    found = _joined(found)
    last = {clause.turn: number for number, clause in enumerate(found)}
    for number, clause in enumerate(found):
        if clause.answer and not clause.reply and number < last[clause.turn]:  # the patient's turn answers others
            clause = _by_itself(clause, found[number + 1])
        elif not clause.answer and not clause.by_patient and number == last[clause.turn]:
            clause = _unmarked(clause, found[number + 1 : number + 3])
        turn, planned = planned_from
        planned = (planned if clause.turn == turn else False) or bool(_IF.search(clause.span.text))
        planned_from = (clause.turn, planned)
        relative = load_spoken()["family"].search(clause.span.text)
        if relative and relative.start() < _OWN_REACH:
            continue
        if relative:  # "no cancer, my sister had it"
            own = clause.span.text[: relative.start()]
            clause = replace(clause, span=Span(clause.span.start, clause.span.start + len(own), own))
        if clause.by_patient:
            heard += [Told(r, clause) for r in _patient(clause, number, exam)]
        else:
            side = _side_before(found, number)
            heard += [Told(_on(r, side), clause) for r in _clinician(clause, number, exam, planned)]
    return tuple(heard)


def _side_before(found: Sequence[Clause], number: int) -> str:
    """The side that the clause before asks for by itself ("and the left?" "strong, five"); empty for none."""
    before = found[number - 1] if number else None
    if not before or before.by_patient or before.turn != found[number].turn:
        return ""
    words = before.span.text
    return side_in(words) if len(words.split()) <= _ALONE and _SAME_TEST.fullmatch(words + " ") else ""


def _on(r: Result, side: str) -> Result:
    """A result of strength, a reflex or feeling on the side spoken of, if it names none."""
    return replace(r, side=side) if side and not r.side and r.topic in _SIGNS | _FELT else r


def _joined(found: Sequence[Clause]) -> list[Clause]:
    """The clauses, each of a question's parts and a result that follows it as one ("walk for me" "steady")."""
    joined: list[Clause] = []
    for clause in found:
        if joined and not clause.by_patient and clause.turn == joined[-1].turn and _one(joined[-1], clause):
            before = joined[-1].span
            gap = " " * (clause.span.start - before.end)
            span = Span(before.start, clause.span.end, before.text + gap + clause.span.text)
            joined[-1] = replace(clause, span=span)
        else:
            joined.append(clause)
    return joined


def _one(a: Clause, b: Clause) -> bool:
    """Whether two neighbours of a clinician's turn are one question, or words and the result found."""
    short = len(a.span.text.split()) + len(b.span.text.split()) <= LONG and not _PRESSED_SO.match(a.span.text)
    near = b.span.start - a.span.end <= 1
    asked = near and bool(a.answer or len(a.span.text.split()) <= 2) and bool(b.answer)
    walked = a.span.text.lower().startswith("walk") and _GOOD.fullmatch(b.span.text)
    return short and (asked or bool(walked) or bool(_FOUND.fullmatch(b.span.text)))


def _by_itself(clause: Clause, following: Clause) -> Clause:
    """A question amid a clinician's turn with the answer that the clinician gives ("any pain there? no? good")."""
    if len(following.span.text.split()) <= _OWN_WORDS and reply(following.span.text) != "open":
        return replace(clause, reply=following.span)
    return replace(clause, reply=None)


def _unmarked(clause: Clause, following: Sequence[Clause]) -> Clause:
    """A clinician's last words as a question, where they state nothing and an answer follows ("problem to pee?")."""
    words = clause.span.text
    answers = [c for c in following if c.turn == clause.turn + 1 and c.by_patient]
    if not answers or _STATES.match(words) or len(words.split()) > SHORT or TAKEN_NOTE.fullmatch(answers[0].span.text):
        return clause
    kind = reply(" ".join(c.span.text for c in answers))
    return replace(clause, answer=kind, reply=answers[0].span) if kind in {"no", "fine", "yes"} else clause


def _patient(clause: Clause, number: int, exam: _Examined) -> Iterator[Result]:
    words = clause.span.text
    if load_spoken()["before now"].search(words):
        return
    over = bool(_GONE.search(words))
    alone, once = len(_JOINS.sub("", words).split()) <= 1, bool(_ONCE.search(words))
    for r in () if alone else results(words):
        if r.denied or (not once and not _ANY.search(words[: r.start])):
            over_now = over and r.topic not in _SIGNS | _FELT
            yield replace(r, denied=True) if over_now or _NOT_SO.match(words, r.end) else r
    if exam.tests and clause.turn == exam.turn + 1 and number - exam.clause <= _REPLIES:
        answer = reply(clause.lead + words)
        if answer in {"yes", "pain", "no", "fine"}:
            side = side_in(words) or exam.side
            for n in exam.tests:
                yield Result(n.topic, "", side, answer in {"no", "fine"}, n.start, n.end)
            exam.clause -= _STEPS  # answered


def _clinician(clause: Clause, number: int, exam: _Examined, planned: bool) -> Iterator[Result]:
    words = _ACKNOWLEDGED.sub(lambda said: " " * len(said.group()), clause.span.text)
    names = list(named(words))
    tests = [n for n in names if n.kind == "test"]
    stated = [r for r in results(words) if not planned or r.topic in {n.topic for n in tests}]
    if clause.answer == "open" and clause.reply and NOTHING.match(words) and TAKEN_NOTE.fullmatch(clause.reply.text):
        clause = replace(clause, answer="")
    if clause.answer and not _QUESTION.match(words):
        stated_signs = [r for r in stated if r.topic in _SIGNS]
        yield from stated_signs
        names = [n for n in names if n.topic not in {r.topic for r in stated_signs}]
    said = {r.topic for r in stated if r.topic in _of(tests) - _PRESSED and _RESULT.search(words)}
    pressed = set[str]() if clause.answer else _PRESSED
    stated = [r for r in stated if r.topic not in _of(tests) or r.topic in said | pressed]
    if clause.answer and clause.reply:
        yield from _asked(clause, names, clause.reply.text, said)
        yield from (r for r in stated if r.topic in said)
    elif not clause.answer and not load_spoken()["before now"].search(words):
        stated = [] if _REST.search(words) else [r for r in stated if r.topic not in _PLANNED and _asserted(r, words)]
        maybe = load_spoken()["maybe"]
        stated = [r for r in stated if not maybe.search(words[: r.start if r.denied else r.end + _THEN])]
        stated = [r for r in stated if r.denied or not _ONCE.search(words)]
        yield from (r for r in stated if r.denied)
        yield from map(examined, stated)
    if not tests and exam.turn == clause.turn and _BOTHERS.search(words) and _self_answered(clause):
        yield from (Result(n.topic, "", exam.side, True, n.start, n.end) for n in exam.tests)
    if not clause.answer and not planned:
        shown = (n for n in tests if n.topic in _NAMED_SIGNS - said and _IS_SIGN.search(words[: n.start]))
        yield from (Result(n.topic, "", side_in(words), False, n.start, n.end) for n in shown)
    yield from _goes_on(clause, number, tests, exam)
    told_already = not clause.answer and bool(_PRESSED_SO.search(words))
    if any(r.topic in _of(tests) and (told_already or r.topic not in _PRESSED) for r in stated):
        exam.clause = -_STEPS  # the clinician has said it
        exam.tests = [] if told_already else exam.tests


def _asserted(r: Result, words: str) -> bool:
    """Whether words say a thing is so: "chest pain, nausea" alone, "any …" and what is about to be done do not."""
    if r.denied or _RESULT.search(words) or _COUNTED.search(words[: r.start]):
        return True
    if r.topic in _SPREADS and _ABOUT_TO.match(words):
        return False
    listed = _only_names(words, r.end) and not _LED_BY.search(words[: r.start])
    return bool(_ASSERTS.search(words) or _SUMS_UP.match(words)) and not (listed or _ANY.search(words[: r.start]))


def _only_names(words: str, end: int) -> bool:
    """Whether nothing but names of topics follows a place."""
    rest = words[end:]
    for n in named(words):
        if n.start >= end:
            rest = rest.replace(words[n.start : n.end], "", 1)
    return not rest.strip(" ,.")


def _self_answered(clause: Clause) -> bool:
    """Whether a clinician says in the same breath that nothing hurts ("any pain there? no")."""
    here = clause.reply and clause.reply.start - clause.span.end <= 2
    return bool(here and clause.reply and reply(clause.reply.text) in {"no", "fine"})


def _of(tests: Sequence[Named]) -> set[str]:
    return {n.topic for n in tests}


def _goes_on(clause: Clause, number: int, tests: Sequence[Named], exam: _Examined) -> Iterator[Result]:
    """A result of the manoeuvre under way ("that's positive", "and the right one"); remembers what is done now."""
    words = clause.span.text
    side = side_in(words)
    if tests:
        before = exam.tests if exam.turn == clause.turn and number - exam.clause == 1 else []
        exam.tests, exam.side, exam.turn, exam.clause = [*before, *tests], side, clause.turn, number
        return
    if not exam.tests or clause.turn - exam.turn > _STEPS:
        return
    if clause.turn == exam.turn and number - exam.clause == 1 and _NO_PAIN.match(words) and not clause.answer:
        yield from (Result(n.topic, "", exam.side, True, n.start, n.end) for n in exam.tests)
    if _NEXT.search(words) and clause.turn == exam.turn:
        exam.clause = number
    if side and not _SAME_TEST.fullmatch(words) and not re.search(r"\b(?:positive|negative)\b", words, re.IGNORECASE):
        exam.tests = []
        return
    if side and (len(words.split()) <= SHORT or re.search(r"\b(?:positive|negative)\b", words, re.IGNORECASE)):
        exam.side, exam.turn, exam.clause = side, clause.turn, number
    if match := re.search(r"\b(?:(?P<bad>positive)|(?P<good>negative))\b", words, re.IGNORECASE):
        for n in (n for n in exam.tests if n.topic not in _PRESSED):
            yield Result(
                n.topic, "", side_by(words, *match.span()) or exam.side, match.lastgroup == "good", n.start, n.end
            )


def _asked(clause: Clause, names: Sequence[Named], answer: str, known: set[str]) -> Iterator[Result]:
    """Each topic of a question by its answer; those that the answer speaks of itself, it speaks of."""
    words = clause.span.text
    restated = set() if load_spoken()["before now"].search(answer) else {r.topic for r in results(answer)}
    troubles = list[int]()
    for n in names:
        if n.kind in {"trouble", "wide"} and (not troubles or n.start >= troubles[-1]):
            troubles.append(n.end)
    for n in names:
        badly = n.kind == "function" and BADLY.match(answer)
        if (n.topic in restated and not badly) or n.topic in known:
            continue
        denied = answered(n, words, answer, len(troubles) > 1)
        if n.kind == "wide" and not denied:
            denied = None
        if denied is not None:
            stated = next((r for r in results(words) if r.topic == n.topic), None)
            yield Result(n.topic, stated.limb if stated else "", side_in(words), denied, n.start, n.end)
