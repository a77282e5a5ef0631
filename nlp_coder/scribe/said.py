"""Mentions of a note or a dialogue → what is said of the spine: of which part, on which side, affirmed or denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp_coder.types import Context, Mention, Sentence, Span

TOPICS = {
    "pain": "pain",
    "sciatica": "sciatica",
    "radiculopathy": "radiculopathy",
    "radicular pain": "radiculopathy",
    "polyradiculopathy": "radiculopathy",
    "nerve root compression": "nerve root compression",
    "myelopathy": "myelopathy",
    "cord compression": "myelopathy",
    "disc displacement": "disc",
    "disc bulge": "disc",
    "disc degeneration": "disc degeneration",
    "disc disorder": "disc",
    "stenosis": "stenosis",
    "spondylolisthesis": "spondylolisthesis",
    "strain": "strain",
    "sprain": "strain",
    "strain and sprain": "strain",
    "whiplash": "strain",
    "muscle spasm": "spasm",
}
"""Problem of the lexicon → what two texts are compared by; what is not here is only looked for, not compared."""
_SIGNS = {"sensory loss": "numbness", "weakness": "weakness"}
_RAYS = re.compile(r"\b(?:cancer|treated|tumou?r|therapy|radiated)\b", re.IGNORECASE)
"""Beside "radiation": a treatment."""
_TO_BLADE = re.compile(r"\bto (?:(?:the|his|her|my|left|right|l|r) ){1,2}(?:shoulder ?blade|scapula)", re.IGNORECASE)
"""Pain that goes there does not go down the arm."""
_TINGLES = re.compile(r"tingl|pins|paresth|prickl", re.IGNORECASE)
_NUMB = re.compile(r"numb|sens|feeling|hypo?esth", re.IGNORECASE)
_EXAMINED = {"slr", "spurling", "reflex change", "faber", "tenderness", "limited motion"}
PARTS = {
    "lumbar": "low", "lumbosacral": "low", "sacral": "low", "sacroiliac": "low", "thoracic": "mid",
    "thoracolumbar": "mid", "cervical": "neck", "cervicothoracic": "neck", "occipito-atlanto-axial": "neck",
    "back": "back", "leg": "leg", "arm": "arm",
}  # fmt: skip
LIMBS = ("leg", "arm")
_OF_A_LEG = re.compile(r"ankle|heel|shin|groin", re.IGNORECASE)
_OF_AN_ARM = re.compile(r"shoulder(?! ?blade)|elbow|wrist|thumb|finger", re.IGNORECASE)
_BACK_OF = re.compile(r"\s+(?:of|in|at|to|side)\b|\s+(?:then|again|up|when|pain-free)\b", re.IGNORECASE)
NOT_LIMB = re.compile(
    r"\b(?:groin|wip(?:e|ing)|genital|rectal|saddle|between your legs|perine\w*|perianal"
    r"|fac(?:e|ial)|generali[sz]ed)\b",
    re.IGNORECASE,
)
"""Numbness or weakness of these says nothing of a limb."""
_POSITIVE = re.compile(
    r"\bpositive\b|\+|\babnormal\b|\bpain(?:ful)?\b|\btender\b|\bdecreased\b|\breduced\b|\bworst\b", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"\b(?:nothing|none|never|good|great(?! toe)|perfect|wonderful|neg(?:ative)?|normal|fine"
    r"|okay|intact|unremarkable|non-?tender)\b",
    re.IGNORECASE,
)
_NO_SIDE = (
    re.compile(r"(?:\bis that|\bthat's|\ball|\bokay|\byeah|\bjust)\s+\Z", re.IGNORECASE),
    re.compile(
        r"\s+(?:down|now|here|there|away|where|after|around|at|before|behind|up|off|through|over|so|right|on|in|into|from|to|across)\b",
        re.IGNORECASE,
    ),
)
"""Before and after "right" as a word of agreement or place: "is that right", "right down to the foot"."""
_DENIES = re.compile(r"\b(?:denies|denied|no|without)\b[^.;,]*\Z", re.IGNORECASE)
_OF_OLD = re.compile(r"\b(?:replac\w*|surger\w*|operat\w*|fractur\w*|broke|cancer)\b", re.IGNORECASE)
_EXAM_WORDS = re.compile(
    r"\b(?:raise|raising|raised|lifting|slr|straight leg|slump|spurling\w*|faber|tender\w*|reflex\w*"
    r"|strength|motor|sensation|power|palpation|dorsiflexion|exam\w*|flexion|rotation|positive|hypomobile|tension|squeeze|push|press|same)\b",
    re.IGNORECASE,
)
_NEW_PHRASE = re.compile(r"[,;]|\b(?:with|and|so|then|is|it|i|or|but|because|that|has|you|goes)\b", re.IGNORECASE)
"""Between a side and what follows: "sciatica on the right with low back pain"."""
_LIMB_WORDS = {
    "leg": r"legs?|thighs?|calf|calves|foot|feet|toes?|shin|buttocks?|butt|glute|hamstring"
    r"|lower extremit(?:y|ies)|slump",
    "arm": r"arms?|forearms?|hands?|thumb|fingers?|upper extremit(?:y|ies)|spurling\w*",
}
_PLAIN = re.compile(
    r"\b(?:(?P<left>left)|(?P<right>right(?! (?:now|here|there|away|where|after|around|at|before)\b))"
    r"|(?P<bilateral>both)" + "".join(rf"|(?P<{limb}>{words})" for limb, words in _LIMB_WORDS.items()) + r")\b",
    re.IGNORECASE,
)
_SPOKEN_SIGNS = re.compile(
    r"\b(?:(?P<weakness>giv(?:e|es|ing) (?:way|out)|gave (?:way|out)|buckl(?:es?|ed|ing)|dropping stuff)"
    r"|(?P<sensory>f(?:a|e)ll(?:s|ing)? asleep|feels? (?:dead|fuzzy)))\b",
    re.IGNORECASE,
)
"""How people say weakness and numbness."""
_REACH = 60
"""Code points: a side farther from its part in one sentence is another's."""


@dataclass(frozen=True, slots=True)
class Said:
    """A topic affirmed or denied (``denied`` None: neither, as a question left open), of a part of the body.

    ``part`` is low, mid, neck, back (which part is not said), leg, arm, or empty.
    """

    topic: str
    part: str
    denied: bool | None
    span: Span
    sentence: int


@dataclass(frozen=True, slots=True)
class Sided:
    """A side of a part of the body; ``exam`` if it is a sign found on examination rather than felt or diagnosed.

    ``part`` is empty where the sentence names none.
    """

    side: str
    part: str
    exam: bool
    span: Span
    sentence: int


def topics(mentions: Sequence[Mention], text: str) -> Iterator[Said]:
    """What the mentions of one sentence affirm or deny, each with its part of the body; ``text`` is the sentence."""
    elsewhere = NOT_LIMB.search(text)
    for m in mentions:
        for topic in _topics(m, text):
            if elsewhere and m.get("sign"):
                yield Said(f"{elsewhere.group().lower()[:5]} {topic}", "", _denied(m), m.span, m.sentence)
            else:
                yield Said(topic, _part_of(m, topic, mentions), _denied(m), m.span, m.sentence)


def _topics(m: Mention, text: str) -> tuple[str, ...]:
    problem, sign = m.get("problem"), _SIGNS.get(m.get("sign") or "", "")
    if m.get("radiation"):
        return () if _RAYS.search(text) or _TO_BLADE.search(text) else ("pain",)
    if problem:
        return (TOPICS[problem],) if problem in TOPICS else ()
    if sign == "numbness":
        words = m.span.text
        both = ("numbness" if _NUMB.search(words) else "", "tingling" if _TINGLES.search(words) else "")
        return tuple(filter(None, both)) or (sign,)
    return (sign,) if sign else ()


def _denied(m: Mention) -> bool | None:
    return {Context.PRESENT: False, Context.NEGATED: True}.get(m.context)


def part(m: Mention) -> str:
    """The part of the body that a mention names, by its region, level or root; empty for none."""
    region = m.get("region")
    if region == "elsewhere":
        words = m.span.text
        return "leg" if _OF_A_LEG.search(words) else "arm" if _OF_AN_ARM.search(words) else ""
    if region:
        return PARTS.get(region, "")
    level = m.get("root") or m.get("level") or ""
    return {"C": "arm", "L": "leg", "S": "leg"}.get(level[:1], "")


def _part_of(m: Mention, topic: str, mentions: Sequence[Mention]) -> str:
    """The part a topic is of: its own, else the nearest one named in the sentence; nerves lie in their limb."""
    own = part(m)
    if topic == "pain" and not own and m.context is Context.NEGATED:
        ahead = [o for o in mentions if 0 < o.span.start - m.span.end <= _REACH]
        limb = next((o for o in ahead if part(o) in LIMBS), None)
        if limb and any(o.get("sign") and o.span.start <= limb.span.start for o in ahead):
            return part(limb)  # "no pain, tingling or weakness in the legs"
    if m.get("radiation"):
        near = [o for o in mentions if part(o) in LIMBS and o.span.start > m.span.start]
        return part(near[0]) if near else ""
    if own and topic == "pain":
        return own
    limbs = topic in {"numbness", "tingling", "weakness"}
    near = [o for o in mentions if part(o) and (not limbs or part(o) in LIMBS)]
    nearest = min(near, key=lambda o: _gap(m, o), default=None)
    return own or (part(nearest) if nearest else "leg" if topic == "sciatica" else "")


def sides(
    mentions: Sequence[Mention], text: str, *, offset: int, exam: bool | None = None, spoken: bool = False
) -> Iterator[Sided]:
    """The sides of one sentence, each with its part; those found negative ("negative on the left") are left out.

    ``text`` is the sentence, which begins at code point ``offset`` of its source; ``exam`` None: its words tell.
    In ``spoken`` text "right" may be a word of agreement or place.
    """
    marked = [m for m in mentions if m.get("side")]
    signs = any(m.get("sign") in _EXAMINED for m in mentions)
    for number, m in enumerate(marked):
        behind = text[marked[number - 1].span.end - offset if number else 0 : m.span.start - offset]
        ahead = text[m.span.end - offset : marked[number + 1].span.start - offset if number + 1 < len(marked) else None]
        if _OF_OLD.search(text) or (spoken and m.span.text.lower() == "right" and _agrees(behind, ahead)):
            continue
        negative = True if _DENIES.search(behind) else _negative(behind, ahead)
        if m.context is Context.FAMILY or (m.context is Context.NEGATED if negative is None else negative):
            continue
        found = exam if exam is not None else signs or bool(_EXAM_WORDS.search(behind + m.span.text + ahead))
        yield Sided(m.get("side") or "", _named(m, mentions, text, offset), found, m.span, m.sentence)


def _agrees(behind: str, ahead: str) -> bool:
    before, after = _NO_SIDE
    return bool(before.search(behind) or after.match(ahead))


def _negative(behind: str, ahead: str) -> bool | None:
    """Is it the side where nothing was found? The nearest word decides, first after it; None: no word tells."""
    for piece in (ahead.partition(",")[0], behind.rpartition(",")[2]):
        good, bad = _NEGATIVE.search(piece), _POSITIVE.search(piece)
        if good or bad:
            return good is not None and (bad is None or good.start() < bad.start())
    return None


def _named(m: Mention, mentions: Sequence[Mention], text: str, offset: int) -> str:
    """The part a side belongs to: its own, one that follows in the same phrase, else the nearest before it."""
    if part(m):
        return part(m)
    after = [o for o in mentions if o.span.start >= m.span.end and o.span.start - m.span.end <= _REACH]
    before = [o for o in mentions if o.span.end <= m.span.start and m.span.start - o.span.end <= _REACH]
    phrase = [o for o in after if not _NEW_PHRASE.search(text[m.span.end - offset : o.span.start - offset])]
    for o in [*phrase[:2], *reversed(before), *after]:
        if o.get("side") and not part(o):
            continue
        if found := part(o) or _limb_of(o):
            return found
    return ""


def _limb_of(m: Mention) -> str:
    if m.get("problem") == "sciatica" or m.get("sign") == "slr":
        return "leg"
    return "arm" if m.get("sign") == "spurling" else ""


def _gap(a: Mention, b: Mention) -> int:
    return max(a.span.start - b.span.end, b.span.start - a.span.end, 0)


def by_sentence(mentions: Sequence[Mention], sentences: Sequence[Sentence], text: str) -> list[list[Mention]]:
    """The mentions of each sentence, without "the back of my leg"; sides and limbs of a sentence that has no others."""
    found: list[list[Mention]] = [[] for _ in sentences]
    for m in mentions:
        if m.get("region") == "back" and m.span.text.lower() == "back" and _BACK_OF.match(text, m.span.end):
            continue
        found[m.sentence].append(m)
    for number, sentence in enumerate(sentences):
        found[number] += _spoken_signs(number, sentence, text)
        if not found[number]:
            found[number] = list(_plain(number, sentence, text))
    return found


def _spoken_signs(number: int, sentence: Sentence, text: str) -> Iterator[Mention]:
    for match in _SPOKEN_SIGNS.finditer(text, sentence.start, sentence.end):
        sign = "weakness" if match["weakness"] else "sensory loss"
        span = Span(match.start(), match.end(), match.group())
        yield Mention((("sign", sign),), span, number, sentence.section.name)


def _plain(number: int, sentence: Sentence, text: str) -> Iterator[Mention]:
    """Sides and limbs, which the extraction passes over where a sentence says nothing else ("and the left leg")."""
    for match in _PLAIN.finditer(text, sentence.start, sentence.end):
        value = match.lastgroup or ""
        slot = "region" if value in LIMBS else "side"
        span = Span(match.start(), match.end(), match.group())
        yield Mention(((slot, value),), span, number, sentence.section.name)
