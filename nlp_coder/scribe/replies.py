"""What a reply says to a question, and so of the topics that it asks after."""

from __future__ import annotations

import re

from nlp_coder.scribe.results import AT_A_TIME, Named, negated
from nlp_coder.talk import load_spoken

_FIRST = 12
"""Words of a reply that answer the question; what follows is said for itself."""
LONG = 12
"""Words: a question longer than this asks for more than a part of the body."""
SHORT = 8
"""Words: a reply so short may end with its "no"."""
_EVER_SO = {
    "prior trouble", "surgery", "injury", "fracture", "cancer", "injection", "steroid use", "physical therapy", ""
    "iv drugs",
    "imaging before",
}  # fmt: skip
"""Topics of the past."""
_BARE_NO = {"bladder", "bowel", "dysuria", "saddle"}
"""Functions of which a plain "no" says that nothing is wrong ("and the bladder?")."""
_PAINS = {"low back pain", "neck pain"}
_TELLS = re.compile(
    r"\b(?:once|twice|on and off|off and on|now and again|when i|whenever|at night|in the morning|every"
    r"|last time|most(?:ly)?"
    r"|mainly|usually|lately|(?:years?|months?|weeks?|days?) ago|since|nineteen|two thousand|(?:19|20)\d\d"
    r"|(?:the|my|this|both|these) (?:\w+ )?(?:bottoms?|tops?|soles?|outside|inside|toes?|foot|feet|legs?|thigh"
    r"|calf|arms?"
    r"|hands?|fingers?|thumb|pinky))\b",
    re.IGNORECASE,
)
_I_HAD = re.compile(
    r"(?:(?:oh|well|yeah|um|uh|so)\W+)*(?:i (?:had|have|got|get|lost|did)(?! (?:been|to|no))|i've (?:had|got"
    r"|lost)|back in|in (?:19"
    r"|20)\d\d|when i was)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:no|not|never|none|nothing|neither|just|only)\b|n't\b", re.IGNORECASE)
_WELL = re.compile(
    r"\b(?:in time|mak(?:e|ing) it|fine|okay|ok|normal\w*|alright|all right|usual|working|good|the same|regular|steady"
    r"|like always|well)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:trouble|problems?|issues?|chang\w+|new|different|accidents?|worse|difficulty|hurts?|sore)\b", re.IGNORECASE
)
_PRESUPPOSED = re.compile(r"\b(?:any )?(?:different|better|worse|chang\w+|still|how's|how is)\b", re.IGNORECASE)
BADLY = re.compile(
    r"\W*(?:(?:um|uh|oh)\W+)*(?:not (?:well|great|good)|poorly|badly|bad|terribl[ey]|awful)\b", re.IGNORECASE
)
_WHEN = re.compile(r"\b(?:what time|how (?:often|many|long)|when)\b(?! you)", re.IGNORECASE)
"""A question after the time of a thing takes it for granted."""
_EVER = re.compile(r"\b(?:ever|before|previous|prior|last)\b", re.IGNORECASE)
_FEELS = {"sensation", "saddle"}
_FEELS_WRONG = re.compile(r"\b(?:different|numb\w*|tingl\w*|funny|weird|strange|odd|off)\b", re.IGNORECASE)
_FEEL = re.compile(r"\bfeel(?:ing)?\b", re.IGNORECASE)
TAKEN_NOTE = re.compile(
    r"(?:(?:okay|ok|good|great|alright|all right|sure|right|yes|yeah|thanks|thank you|doctor|doc|sir|sounds|will do)"
    r"\W*)+",
    re.IGNORECASE,
)
NOTHING = re.compile(r"(?:no|nothing|not|there's no|there is no)\b", re.IGNORECASE)
_KNOWN = re.compile(
    r"\b(?:(?:before|after|since|from|during)\s+(?:the |your )?|(?:with|for|of) your )\Z",
    re.IGNORECASE,
)
"""Before a thing that a question takes for granted: "did you have it before surgery"."""
_COUNTED = re.compile(
    r"\b(?:so|that's|was) (?:just |only )?(?:a|one|two|three|four|[1-4]|a couple(?: of)?) \Z",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:did|has|have|is|are)\b.*\b(?:get|got|gotten|all) better\b|\b(?:cleared? up|go(?:ne)? away|resolved?)\b",
    re.IGNORECASE,
)
"""A question whether a thing is over."""
_DEFINITE = re.compile(r"\b(?:the|your|that)\s+(?:\w+ ){0,2}\Z", re.IGNORECASE)
_AS_BEFORE = re.compile(r"\b(?:same|no change|unchanged|no different|still)\b", re.IGNORECASE)
_NO_OTHER = re.compile(
    r"\W*no (?!trouble|problem|issue|complaint|change|difference|worr|more|longer|it|i|the|my|not|just)[a-z]{4,}",
    re.IGNORECASE,
)
"""A denial of something else than what was asked after."""
_LASTS = re.compile(
    r"(?:like |about |maybe |around )?(?:\d+|one|two|three|four|five|ten|fifteen|twenty|thirty|forty|an?"
    r"|half an?|a few|a couple(?: of)?)"
    r" (?:minutes?|hours?|days?|weeks?|times?)\b",
    re.IGNORECASE,
)
"""A reply that tells how long."""
_NO_SOON = re.compile(
    r"(?:in|at|on|with|for|my|the)? ?(?:the |my )?[a-z]+,? no\b(?! (?:longer|doubt|idea|matter|big))",
    re.IGNORECASE,
)
"""A reply that names what was asked after, then denies it: "in bed no"."""


def answered(n: Named, words: str, answer: str, several: bool) -> bool | None:
    """Whether the answer to a question denies what it asks after; None where it does not say."""
    kind = reply(answer)
    if kind == "no" and n.kind in {"function", "good"} and _NO_OTHER.match(answer):
        kind = "open"  # "are you eating okay" "no fevers"
    if n.kind == "test":
        return {"no": True, "fine": True, "pain": False, "yes": False}.get(kind)
    if n.kind in {"trouble", "wide"}:
        return _of_trouble(n, words, answer, kind, several)
    if n.topic in _FEELS and _FEELS_WRONG.search(words):
        return {"no": True, "fine": True, "yes": False}.get(kind)
    if n.topic in _FEELS and _FEEL.search(words) and kind != "open":
        return kind in {"yes", "mixed"} or (kind == "fine" and not NOTHING.match(answer))
    if n.kind == "asked" and (len(words.split()) > LONG or _EVER.search(words)):
        return None
    if n.topic in _PAINS and (AT_A_TIME.search(words) or (kind == "no" and not _WELL.search(words))):
        return None if AT_A_TIME.search(words) else True  # "and the lower back?" "no, just up here"
    if n.kind == "good" or (_WELL.search(words) and not _WRONG.search(words)):
        return True if kind in {"yes", "fine", "mixed"} else False if n.kind == "good" and kind == "no" else None
    if n.kind == "function" and BADLY.match(answer):
        return False
    if _WRONG.search(words):
        return {"no": True, "fine": True, "yes": False}.get(kind)
    return True if kind in {"fine", "mixed"} or (kind == "no" and n.topic in _BARE_NO) else None


def _of_trouble(n: Named, words: str, answer: str, kind: str, several: bool) -> bool | None:
    """The same of a question that names something wrong; ``kind`` is what the reply says."""
    if (n.topic in _PAINS and AT_A_TIME.search(words)) or _KNOWN.search(words[: n.start]):
        return None
    if _COUNTED.search(words[: n.start]):
        return False  # "so one fall, anything else since?"
    if kind == "yes" and _OVER.search(words):
        return True
    as_before = _AS_BEFORE.search(answer) and not load_spoken()["no"].match(answer.strip())
    if _DEFINITE.search(words[: n.start]) and (_PRESUPPOSED.search(words) or as_before):
        return False
    if _WHEN.match(words) and kind not in {"no", "fine"}:
        return False
    if negated(words, n, 0):  # "no numbness?" "correct"
        return True if kind in {"yes", "no", "fine"} else None
    first = " ".join(answer.split()[:_FIRST])
    if n.topic not in _EVER_SO and load_spoken()["before now"].search(words + " | " + first):
        return True if kind == "fine" else None
    if kind == "open" and not several and n.kind == "trouble" and _tells(answer):
        return False  # "do you get any numbness?" "the bottom of the feet when i walk"
    return {"no": True, "fine": True, "yes": None if several else False, "pain": None}.get(kind)


def _tells(answer: str) -> bool:
    """Whether a reply that is no yes tells where or when, and denies nothing."""
    first = " ".join(answer.split()[:_FIRST])
    denies = _DENIAL.search(" ".join(answer.split()[:SHORT])) or load_spoken()["fine"].search(first)
    return not denies and bool(_TELLS.search(first) or _I_HAD.match(first))


def reply(answer: str) -> str:
    """What a reply says to a question: no, yes, fine (nothing is wrong), mixed ("yeah it's okay"), pain, or open."""
    spoken = load_spoken()
    words = answer.strip()
    while (match := spoken["filler"].match(words)) and match.end() < len(words):
        words = words[match.end() :].lstrip(" ,.!?-")
    first = " ".join(re.split(r"\s+", words)[:_FIRST])
    if _LASTS.match(first):
        return "yes"
    fine = spoken["fine"].search(first)
    if fine and re.search(r"(?:\bnot|n't)\s+(?:\w+\s+)?\Z", first[: fine.start()]):
        fine = None
    if fine and not spoken["yes"].match(first):
        return "mixed" if TAKEN_NOTE.match(first) and fine.start() == 0 else "fine"
    if re.match(r"not (?:as|so|quite|too|good|great|well)\b", first, re.IGNORECASE):
        return "open"
    if spoken["no"].match(first) or (_NO_SOON.match(first) and not spoken["yes"].match(first)):
        return "no"
    if spoken["yes"].match(first) or re.fullmatch(r"right\W*", first, re.IGNORECASE):
        if re.match(r"\W*(?:\w+\W+){1,3}nothing\b", first):
            return "fine"
        return "yes" if not fine else "fine" if fine.group().lower().startswith("no") else "mixed"
    if spoken["pain"].match(first):
        return "pain"
    short = len(answer.split()) <= SHORT
    if short and re.search(r"\b(?:yes|yeah)\W*\Z", first, re.IGNORECASE):
        return "yes"
    return "no" if short and re.search(r"\b(?:no|never|none)\b|n't\b", first, re.IGNORECASE) else "open"
