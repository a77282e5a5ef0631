"""Mentions of a sentence → statements: which place, side, course and character belong to which problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from nlp_coder.assemble.line import DETERMINERS, LIST, PLACE_SLOTS, PREPOSITIONS, TOWARDS, Line, places_of
from nlp_coder.assemble.places import NOT_SPINE
from nlp_coder.assemble.statement import LIMB_PROBLEMS, Statement, make
from nlp_coder.types import Context, Mention, Sentence
from nlp_coder.vocabulary import PLACED

_JOINT = LIST - {"the", "his", "her", "both"}
_FILLERS = {
    "level",
    "levels",
    "disc",
    "space",
    "spine",
    "side",
    "sided",
    "both",
    "mild",
    "moderate",
    "severe",
    "especially",
    "mostly",
    "lesser",
    "extent",
    "degree",
    *"noted seen identified demonstrated evident visualized found observed appreciated present".split(),
    *"noticeably notably mainly predominantly more greater worse than left right".split(),
}
_ALTERNATIVE = {"versus", "vs"}
_VERBS = set(
    "is are was were has have had be been being located localized localised locates localizes mostly primarily mainly "
    "predominantly principally chiefly worse worst felt feels present more most pain symptoms which that in over to at "
    "remains continues it began begins started starts beginning".split()
)
_BREAKERS = (
    PREPOSITIONS
    | TOWARDS
    | set(
        "with without and or is are was were has have had be been that which who but for by due than as not no "
        "from after before because while when if secondary caused related , . ; : ( ) ? / & +".split()
    )
)
_APART_NOUN = re.compile(
    r" (?!(?:is|are|was|were|has|have|with|and|or|on|in|at|to|for|from|that|which|who|when|after|since|but|as|by"
    r"|today|now|goes|comes|came|began|begins|started|starts|radiates|hurts|feels|gets|remains|continues|persists|improved|worsened"
    r"|while|during|than|would|will|could|bilateral(?:ly)?|mostly|especially|mainly|off|due|secondary"
    r"|regions?|areas?|muscles?|sides?|sided|spine|level|levels|again|also|only|both|more|worse|pain|the|this)\b)[a-z]{4,}",
)
"""A noun right after a region: of "chin discomfort and neck irritation" the neck belongs to the irritation."""
_OF_A_FRAGMENT = _FILLERS | set(
    "it this is was on in at the and to into only always currently also side sides sided area region level levels "
    "located localized localised worst mainly mostly primarily predominantly affecting involving felt "
    ", . : - ( )".split()
)
"""Words of a sentence that only says where: ``It is worse on the left.``"""
_HISTORY_OF = {"of", "history", "h", "o", "/", "with", "the", "a", "s", "'s", "'", "known", "duration", "complaint"}
_APART = {"unrelated", "not", "separate", "independent", "distinct", "without"}
_ONSET = set(
    "after following from while when since due caused because started began resulting sustained status post to".split()
)


def bind(
    mentions: Iterable[Mention],
    sentences: Sequence[Sentence],
    masked: str,
    wanted: Callable[[Mention], bool] = lambda mention: mention.get("problem") is not None,
) -> tuple[Statement, ...]:
    """All statements of the sentences that hold a wanted problem, in order.

    A mention that is no problem and binds to none is not lost to callers.
    """
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    found: list[Statement] = []
    label: tuple[Mention, ...] = ()
    title: tuple[Mention, ...] = ()
    for number in range(len(sentences)):
        here = by_sentence.get(number, [])
        same_line = number > 0 and "\n" not in masked[sentences[number - 1].end : sentences[number].start]
        opening = _opening_levels(here, sentences[number], masked)
        if opening and _alone(opening, sentences[number], masked):
            title = opening  # "L4-5:" on a line of its own, for the lines below it
        elif opening or "\n\n" in masked[sentences[number - 1].end : sentences[number].start]:
            title = ()
        label = opening or (label if same_line else title)
        if any(map(wanted, here)):
            after = _said_after(sentences, number, by_sentence.get(number + 1, ()), masked)
            found.extend(_statements(Line(masked, here), sentences[number], number, label, after))
        if opening and masked[opening[-1].span.end : opening[-1].span.end + 3].lstrip()[:1] not in {":", "-", ","}:
            label = title  # "L4-5 disc herniation. Stenosis." says nothing of the next sentence
    return tuple(found)


def _opening_levels(mentions: Sequence[Mention], sentence: Sentence, masked: str) -> tuple[Mention, ...]:
    """Levels that open a sentence (``L4-5: …``, ``C5-6 degenerative …``): they hold for what names none of its own."""
    lead = []
    position = sentence.start
    for m in mentions:
        if not m.get("level") or masked[position : m.span.start].strip(" ,-&") not in {"", "and", "At", "at"}:
            break
        lead.append(m)
        position = m.span.end
    return tuple(lead)


def _alone(levels: Sequence[Mention], sentence: Sentence, masked: str) -> bool:
    """Does the sentence hold levels and nothing else?"""
    return not masked[levels[-1].span.end : sentence.end].lower().replace("level", "").strip(" :.s")


def _said_after(
    sentences: Sequence[Sentence], number: int, following: Sequence[Mention], masked: str
) -> tuple[Mention, ...]:
    """Sides and places of a following fragment that says nothing else: ``Sciatica. Worse on the left.``"""
    if not following or sentences[number + 1].section is not sentences[number].section:
        return ()
    fragment = sentences[number + 1]
    if "\n\n" in masked[sentences[number].end : fragment.start] or not all(map(_says_where, following)):
        return ()
    words = Line(masked, following).gap(fragment.start, fragment.end)
    return tuple(following) if set(words) <= _OF_A_FRAGMENT else ()


def _says_where(m: Mention) -> bool:
    """Is it a side, a place of the spine or a leg, and nothing more?"""
    slots = {slot for slot, _ in m.means}
    limb = m.get("region") in NOT_SPINE - {"leg"}
    return m.context is Context.PRESENT and slots <= {"side", *PLACE_SLOTS} and not limb


def _take_after_the_stop(line: Line, after: Sequence[Mention]) -> None:
    """The one problem of the sentence, or the one of a limb, takes what it lacks from the fragment after it."""
    limbs = [h for h in line.heads if h.get("problem") in LIMB_PROBLEMS]
    for head in (limbs or line.heads) if len(limbs or line.heads) == 1 else ():
        bare = head.get("problem") in PLACED and not head.get("region")  # "Pain. Neck." may be anybody's neck
        sided = head.get("side") or any(m.get("side") for m in line.owned[id(head)])
        placed = places_of(line, head) or head.get("region") not in {None, "back"} or bare
        for m in after:
            leg = m.get("region") in NOT_SPINE and (head not in limbs or not m.get("side"))
            if not leg and not (sided if m.get("side") else placed):
                line.own(m, head)


def _statements(
    line: Line, sentence: Sentence, number: int, label: tuple[Mention, ...], after: Sequence[Mention]
) -> list[Statement]:
    _sides_of_limbs(line)
    for head in line.heads:
        _take_before(line, head)
    for head in line.heads:
        _take_after(line, head)
    _share_in_lists(line)
    for head in line.heads:
        if not places_of(line, head) and head.get("region") in {None, "back"}:
            _reach_out(line, head, label)
    _take_after_the_stop(line, after)
    out: list[Statement] = []
    for head in line.heads:
        out.extend(make(line, head, sentence, number))
    return out


def _sides_of_limbs(line: Line) -> None:
    """``left`` of ``left knee`` belongs to the knee; remember it with the limb."""
    for one, other in zip(line.mentions, line.mentions[1:], strict=False):
        tight = not set(line.gap(one.span.end, other.span.start)) - {"lower", "upper", "sided", "side"}
        if one.get("side") and not one.get("problem") and other.get("region") in NOT_SPINE and tight:
            line.limb_side[id(other)] = one.get("side") or ""
            line.owner[id(one)] = other
        elif one.get("region") in NOT_SPINE and one.get("side"):
            line.limb_side[id(one)] = one.get("side") or ""


def _take_before(line: Line, head: Mention) -> None:
    """Modifiers right before a problem: ``chronic left``, ``C4-5, C5-6 and``, ``neck, mid-back and``."""
    position = head.span.start
    in_list = False
    for m in reversed([m for m in line.mentions if m.span.end <= head.span.start]):
        words = line.gap(m.span.end, position)
        tight = len(words) <= 3 and not set(words) & _BREAKERS
        listed = bool(words) and set(words) <= LIST
        if m.get("problem"):
            break
        if m.get("radiation") or m.get("study") or m.get("procedure") or m.get("sign"):
            break
        is_place = any(m.get(slot) for slot in PLACE_SLOTS)
        if (m.get("phase") and set(words) <= DETERMINERS | {"of", "from", "for"}) or (
            tight and not (in_list and not is_place and not m.get("course") and not m.get("side"))
        ):
            line.own(m, head)
        elif listed and is_place and not _has_other_home(line, head, m):
            in_list = True
            line.own(m, head)
        elif (m.get("duration") and set(words) <= _HISTORY_OF) or (listed and (m.get("course") or m.get("character"))):
            line.own(m, head)
        else:
            break
        position = m.span.start


def _has_other_home(line: Line, head: Mention, place: Mention) -> bool:
    """``pain in the neck and low back pain``: the neck is where the first pain is."""
    bare = [h for h in line.heads if h.span.end <= place.span.start and not h.get("region") and h is not head]
    return bool(bare) and line.before(place.span.start) in PREPOSITIONS | TOWARDS


def _take_after(line: Line, head: Mention) -> None:
    """What follows a problem: ``at L4-5 and L5-S1``, ``in the neck and lower back``, ``, left side``, ``, chronic``."""
    position = head.span.end
    radiating = False
    for m in [m for m in line.mentions if m.span.start >= head.span.end]:
        words = set(line.gap(position, m.span.start))
        if _ends_reach(line, head, m, words, radiating):
            break
        radiating = radiating or _radiates(head, m, words)
        if m.get("problem"):
            pass  # a coordinated problem: "spondylolisthesis and stenosis at L4-5"
        elif _taken(line, head, m, words):
            if not m.get("side"):
                break
            if line.owner[id(m)].get("problem"):
                continue
        elif radiating and (m.get("region") or m.get("side")):
            if m.get("region") in NOT_SPINE and id(m) in line.limb_side:
                line.own(m, head)
        elif m.get("cause"):
            if len(words) <= 8 and (words & _ONSET or not words) and not words & _APART:
                line.own(m, head)
        elif _follows(line, words, m, head):
            line.own(m, head)
        elif words & {"with", "without", "but", "who", "and"}:
            break
        position = m.span.end


def _ends_reach(line: Line, head: Mention, m: Mention, words: set[str], radiating: bool) -> bool:
    """Does a problem's reach end here: at a sign, study or procedure, or at the next problem that is no list item?"""
    if m.get("sign") or m.get("procedure") or m.get("study"):
        return True
    if m.get("level") and line.masked[m.span.end : m.span.end + 1] == ":":
        return True  # the next label: "L4-5: severe stenosis, L5-S1: no stenosis"
    if not m.get("problem"):
        return False
    placed = head.get("region") or places_of(line, head)
    return bool(not words <= _JOINT or m.get("problem") == "pain" or radiating or placed)


def _radiates(head: Mention, m: Mention, words: set[str]) -> bool:
    """Is what follows where the pain goes to, rather than where it is?"""
    if m.get("radiation") or words & {"radiating", "radiates", "shooting", "extending", "spreading"}:
        return True
    return bool(words & {"down", "into"}) and head.get("problem") == "pain" and m.get("region") in NOT_SPINE


def _taken(line: Line, head: Mention, m: Mention, words: set[str]) -> bool:
    """Does the mention belong to another problem or limb, and no preposition ties it to this one?"""
    owner = line.owner.get(id(m))
    if owner is None or owner is head or (owner.get("problem") and owner.span.start < head.span.start):
        return False
    return not (words & PREPOSITIONS and owner.span.start - m.span.end > 1)


def _follows(line: Line, words: set[str], m: Mention, head: Mention) -> bool:
    """May the mention after these words belong to the problem before them?"""
    if any(m.get(slot) for slot in PLACE_SLOTS):
        if _names_another(line, words, m):
            return False
        allowed = PREPOSITIONS | TOWARDS | DETERMINERS | _FILLERS | LIST | _ALTERNATIVE | {"(", ")", "-", ":", "\u2013"}
        if head.get("problem") == "pain" and head.get("region") in {None, "back"}:
            allowed = allowed | _VERBS
        if m.get("level") and head.get("problem") != "pain" and "at" in words:
            return len(words - allowed) <= 2 and not (words - allowed) & _BREAKERS  # "bulges, most marked at L4-5"
        return words <= allowed
    return len(words) <= 6 and not words & {"with", "without", "but", "who", ";", "from"}


def _names_another(line: Line, words: set[str], place: Mention) -> bool:
    """Is a place in a list followed by a noun of its own: ``discomfort and neck irritation``?"""
    return bool(words and words <= LIST and place.get("region") and _APART_NOUN.match(line.masked, place.span.end))


def _share_in_lists(line: Line) -> None:
    """``spondylolisthesis and stenosis at L4-5``: coordinated problems share places and course said once."""
    for one, other in zip(line.heads, line.heads[1:], strict=False):
        words = line.gap(one.span.end, other.span.start)
        if not words or not set(words) <= LIST | {"with", "associated", "disc"} or one.get("problem") == "pain":
            continue
        mine, theirs = places_of(line, one), places_of(line, other)
        if mine and not theirs and not other.get("region"):
            for m in mine:
                if m.span.start < one.span.start:
                    line.own(m, other)
        elif theirs and not mine and not one.get("region") and "with" not in words:
            for m in theirs:
                if m.span.start > other.span.start:
                    line.own(m, one)


def _reach_out(line: Line, head: Mention, label: tuple[Mention, ...]) -> None:
    """A problem without a place takes the nearest one of its sentence, or the label of its line."""
    best: tuple[int, Mention] | None = None
    limit = 8 if head.get("problem") == "pain" else 12
    for m in line.mentions:
        if not any(m.get(slot) for slot in PLACE_SLOTS) or m.get("problem"):
            continue
        if m.get("region") in NOT_SPINE and head.get("problem") != "pain":
            continue
        after = m.span.start >= head.span.end
        if after and _names_another(line, set(line.gap(head.span.end, m.span.start)), m):
            continue  # "swallow discomfort and neck irritation"
        if head.get("problem") == "pain" and m.get("region") == "back" and "back" not in m.span.text.lower():
            continue  # "decompression of the spinal cord and improvement of her pain"
        owner = line.owner.get(id(m))
        if owner is not None and owner.get("problem") and m.get("region") in NOT_SPINE | {None}:
            continue
        if after and any(o.get("radiation") and head.span.end <= o.span.start < m.span.start for o in line.mentions):
            continue  # "pain that radiates to the back" is where it comes from
        if any(o.get("procedure") and m.span.end <= o.span.start < head.span.start for o in line.mentions):
            continue  # "C5-6, C6-7 ACDF given myelopathy": the levels are the operation's
        words = line.gap(*((head.span.end, m.span.start) if after else (m.span.end, head.span.start)))
        crossed = [
            h for h in line.heads if min(head.span.end, m.span.end) <= h.span.start < max(head.span.start, m.span.start)
        ]
        if len(words) > limit or set(words) & {";", "but", "with", "without"} or (after and crossed):
            continue
        distance = len(words) + (0 if after else 2)
        if best is None or distance < best[0]:
            best = (distance, m)
    if best is None and head.get("problem") == "arthritis":
        pains = [h for h in line.heads if h.get("problem") == "pain" and h.get("region") not in NOT_SPINE | {None}]
        best = (0, pains[0]) if pains else None  # "neck pain in the setting of arthritis"
    if best is not None and not any(best[1] is m for m in label):
        line.own(best[1], head)
    else:
        for m in label:  # of "L3-4 and L4-5: mild bulges" both, not the nearer alone
            line.own(m, head)
