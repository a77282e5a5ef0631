"""A doctor-patient dialogue → its clauses in order: who says each, and how the patient answers a question in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp_coder.types import Section, Sentence, Span

_SPEAKER = re.compile(
    r"[ \t]*\[?(?P<who>doctor|dr|doc|physician|clinician|provider|nurse|therapist|physio|surgeon|resident|np|pa|md|d"
    r"|patient|pt|p|interpreter|translator|(?:patient_)?guest(?:_\w+)?|family|caregiver|carer|aide|partner|spouse|friend"
    r"|mother|mom|mum|father|dad|parent|wife|husband|daughter|son|sister|brother|grandmother|grandfather)\.?(?:\]:?|:)"
    r"[ \t]*",
    re.IGNORECASE,
)
_ASKS = {
    "doctor", "dr", "doc", "physician", "clinician", "provider", "nurse", "therapist", "physio", "surgeon", "resident",
    "np", "pa", "md", "d",
}  # fmt: skip
_BREAK = re.compile(
    r"[.?!;\n]+\s*"
    r"|(?<=\s)(?=(?:(?<!'s )(?<!been )(?<!is )(?<!are )(?<!was )(?<!feel )(?<!doing )(?<!going )okay(?! *(?:\n|\Z))"
    r"|alright|all right|so|now|but|because|(?<!doing )(?<!feeling )(?<!very )(?<!as )(?<!really )(?<!pretty )well"
    r"|let's|let me|i'm (?:gon|going)"
    r"|i (?:think|want|would)|and (?:then|so|i|you|it|there|that|this|your|my|he|she|the|we|how|are|do|does|any|have)"
    r"|(?<!time )(?<!often )(?<!when )(?<!where )(?<!long )(?<!far )(?<!which )(?:do you|does it)"
    r"|this is|it's|that's|no(?! *(?:\n|\Z))|are you|is the|is it"
    r"|(?<!where )(?<!what )(?<!how )(?<!which )(?<!okay )(?:(?:is|does) that|(?:does|do|is|are|has|have) your)"
    r"|come sit|go ahead|have you|did you"
    r"|we'll|we will|raising|lifting"
    r"|i've had|i had|i did|i have|i do|i get|i got|you know|(?<!have )(?<!had )(?<!get )(?<!say )(?<!feel )"
    r"(?<!notice )(?<!noticed )(?<!got )(?<!see )(?<!or )(?<!there )(?<!the )(?<!of )(?<!in )(?<!n't )(?<!n't  )"
    r"(?<!not )any)\s)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:think|thought|thinks|believe|believes|guess|say|says|said|sure|if|whether|that|like|doubt|know|knows|feels"
    r"|afraid|worried|wonder|wondering|means?|told me|tells me|hope|swear|figured?|where|when|what|how|because|and|or)"
    r"\s+\Z|\b(?:if|when) (?:you|i) (?:[\w']+ ){1,5}\Z",
    re.IGNORECASE,
)
"""Words after which a clause goes on: "i don't think" "it's sciatica"."""
_THEN_ASKS = re.compile(
    r"(?<=\s)(?:any(?:thing)?|what about|how about|(?:and )?over here|(?:and )?here (?:on|in)"
    r"|(?:and )?(?:on )?(?:this|the other"
    r"|left|right|other) side|legs up|on your (?:back|stomach|side)|have a seat|lie (?:back|down)|sit up)\b",
    re.IGNORECASE,
)
_FINDING = re.compile(
    r"(?:(?:okay|ok|alright|all right|good|great|right|so|and|now)[ ,]+)*(?:no|nothing|not|extension|flexion"
    r"|mild(?:ly)?"
    r"|moderate(?:ly)?|tender\w*|positive|negative|full|normal|it's|that's|there's|you've|you have|it does|she's"
    r"|he's|[\w']+"
    r" (?:hurts|is|are))\b"
    r"|(?:okay |ok |alright )?so (?!(?:any|anything|do|does|did|is|are|have|has|was|were|what|where|when|how"
    r"|which|who|can|could"
    r"|would|will|tell|the|your|you|it|that)\b)\w+",
    re.IGNORECASE,
)
_SPLIT_NOT = re.compile(r"(\w) (n't\b)", re.IGNORECASE)
_FILLER = re.compile(
    r",? ?\b(?:um+|uh+|like|you know)\b ?,|(?<!\] )(?<!: )(?<!\? )\ba little(?: bit)?\b|\blittle(?= (?:toe|finger))"
    r"|(?<![\w-])(?:um+|uh+)(?![\w-]| huh)",
    re.IGNORECASE,
)
_ACKNOWLEDGES = re.compile(
    r"(?:(?:okay|ok|alright|all right|well|good|great|sure|yeah|yes|so|and|now|sorry|thank you|hmm|right)\b[\s,.]*)+\Z",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:um+ |uh+ |oh |well |you know )*(?:no\b|nope|nah\b|none\b|neither\b|never\b|not\b|nothing\b"
    r"|i (?:do ?n't|have ?n't|did ?n't|would ?n't|ca ?n't)|(?:it|that) (?:does|is) ?n't|it isn't)"
    r"|.*\bno[\s.]*\Z|.{0,25}\b(?:it|that|they) (?:does|is|are|do) ?n't\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:um+ |uh+ |oh |well |you know )*(?:yes|yeah|yep|yup|mm-?hmm|uh-?huh|i do\b|it does\b|correct|exactly|definitely"
    r"|some\b|a (?:little|bit)|sometimes|both\b|oh yes|absolutely|of course"
    r"|occasionally|(?:every )?once in a while)|(?:[\w',]+ ){0,7}(?:yes|yeah|yep)\b",
    re.IGNORECASE,
)
_ANSWER_AND_MORE = re.compile(
    r"(?:um+[ ,]+|uh+[ ,]+|oh[ ,]+|well[ ,]+|h?mm+[ ,]+|so[ ,]+)*(?:no|nope|nah|yes|yeah|yep)[ ,]+"
    r"(?=(?:it|i|i'm|i've|my|the|just|that|that's|it's|there|there's|they|we|she|he|you|only|not really|mostly"
    r"|both|and now|now"
    r"|because)\b|[\w-]+(?:'s|'re)\b|[\w-]+ (?:is|are|was|has|have|feels?)\b)",
    re.IGNORECASE,
)
"""A leading yes or no answers the question; what follows it is said for itself."""
_ASKED = re.compile(
    r"(?:(?:okay|ok|alright|all right|and|so|now|well|um+|uh+|but|then|what about|how about|kinda|good|great) )*"
    r"(?:any|anything|do|does|did|is|are|was|were|have|has|had|can|could|how|when|where|which|who|why|will|would)\b"
    r"|(?:(?:okay|ok|so|and|now|well|then) )*what(?! (?:we|i|that means|it means|this|you have)\b)"
    r"|.*\b(?:(?:does|do|did|have|has|are) (?:it|that|you|they|any(?:body|one))|is (?:it|that)|you (?:ever|still))\b",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"(?:(?:and|so|but|okay|ok|yeah|yes|yep|right|alright|all right|good|great|well|wow|oh|now)[ ,]+)*"
    r"(?:you|you're|i|i'm|i'll|this|that|that's|we|we'll|it|it's|there|there's)\b",
    re.IGNORECASE,
)
_PARDON = re.compile(r"(?:huh|what|pardon|sorry|eh|what's (?:he|she) saying)\W*", re.IGNORECASE)
"""A reply that did not hear the question; another person may answer it."""
_NAMES = re.compile(r"(?:and |so |but |okay )*(?:the|your)\b", re.IGNORECASE)
"""A statement begins with its subject; "the right leg" alone, in few words, is a question."""
_ANSWERS = re.compile(
    r"no|nope|nah|none|never|nothing|yes|yeah|yep|(?:all )?good|fine|okay|normal|sometimes",
    re.IGNORECASE,
)
_ROW = re.compile(rf"\W*(?:(?:{_ANSWERS.pattern}|and|to|also)\b(?:[\s,.;]+|\Z))+", re.IGNORECASE)
"""Answers in a row, to questions in a row: "no, no, and yes"."""
_APART = re.compile(r"[,.;]|\band\b", re.IGNORECASE)
"""Between answers to several questions; "yes yes" is one."""
_IN_A_ROW = 6
_WHOLE = 12
_SHORT = 4
"""A clinician's clause of so few words before an answer is a question ("weakness", "numbness or tingling")."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one turn; ``answer`` is yes, no or open where it is a question, else empty.

    ``by_patient`` is True for the patient and those who came along; ``turn`` counts the turns from 0;
    ``lead`` is the yes or no before a patient's first words, which they are without.
    """

    span: Span
    by_patient: bool
    turn: int
    answer: str = ""
    reply: Span | None = None
    lead: str = ""


def as_read(transcript: str) -> str:
    """The transcript as the extraction reads it, of the same length: "do n't" joined, fillers blanked."""
    joined = _SPLIT_NOT.sub(r"\1\2 ", transcript.replace("’", "'"))
    return _FILLER.sub(lambda filler: " " * len(filler.group()), joined)


def clauses(transcript: str) -> tuple[Clause, ...]:
    """The clauses of a transcript whose turns begin with a speaker ("[doctor] …", "Patient: …"), in order.

    A line without a speaker goes on with the turn before it; text before any speaker is the clinician's.
    """
    turns = list(_turns(transcript))
    found: list[Clause] = []
    for number, (by_patient, start, end) in enumerate(turns):
        parts = list(_parts(transcript, start, end))
        if not by_patient:
            parts = [piece for part in parts for piece in _asked_after(transcript, *part)]
        after = [turn for turn in turns[number + 1 : number + 3] if turn[0]] if not by_patient else []
        if len(after) == 2 and _PARDON.fullmatch(transcript[after[0][1] : after[0][2]].strip()):
            after = after[1:]
        reply = after[0] if after and turns[number + 1][0] else None
        replies = _replies(transcript, parts, reply) if reply and parts else [None] * len(parts)
        for part, (begin, stop) in enumerate(parts):
            lead = _ANSWER_AND_MORE.match(transcript, begin, stop) if by_patient and not part else None
            begin = lead.end() if lead else begin
            span = Span(begin, stop, transcript[begin:stop])
            own = replies[part]
            answer = _answered(span.text, own.text) if own else ""
            if not answer and _is_open(span.text, transcript[stop : stop + 1], by_patient):
                answer = "open"
            before = lead.group() if lead else ""
            found.append(Clause(span, by_patient, number, answer, own if answer else None, before))
    return tuple(found)


def _replies(text: str, parts: Sequence[tuple[int, int]], reply: tuple[bool, int, int]) -> list[Span | None]:
    """What the patient's turn says to each part of a clinician's: to the last two, and to all questions in a row.

    As many answers as questions answer one each ("fever? chills?" "no, and yes"); else a "no" answers all.
    """
    whole = _reply(text, reply)
    asking = 0
    while asking < min(_IN_A_ROW, len(parts)) and _asks(text, *parts[-1 - asking]):
        asking += 1
    answers = [Span(m.start(), m.end(), m.group()) for m in _ANSWERS.finditer(text, whole.start, _leading(whole))]
    replies: list[Span | None] = [None] * len(parts)
    apart = answers and _APART.search(text, answers[0].start, answers[-1].end)
    if asking > 1 and len(answers) == asking and apart:
        replies[-asking:] = answers
        return replies
    if asking > 2 and _NO.match(_first(whole.text)):
        replies[-asking:] = [whole] * asking
    asked = text[parts[-1][1] : parts[-1][1] + 1] == "?"
    answered = 1 if asked and not _ROW.match(whole.text) else 2  # an answer that is no yes or no answers the last
    if len(parts) > 1 and _FINDING.match(text, *parts[-2]) and text[parts[-2][1] : parts[-2][1] + 1] != "?":
        answered = 1
    replies[-answered:] = [whole] * min(answered, len(parts))
    return replies


def _leading(reply: Span) -> int:
    """Where the answers end with which a reply begins."""
    match = _ROW.match(reply.text)
    return reply.start + match.end() if match else reply.start


def _asks(text: str, begin: int, stop: int) -> bool:
    words = text[begin:stop]
    says = _STATES.match(words) or _ACKNOWLEDGES.match(words) or _FINDING.match(words)
    return text[stop : stop + 1] == "?" or bool(_ASKED.match(words)) or (len(words.split()) <= _SHORT and not says)


def _is_open(words: str, mark: str, by_patient: bool) -> bool:
    """A question that nobody answers, or a thing named and left ("any numbness")."""
    if words.lower().startswith("any "):
        return True
    return not by_patient and (mark == "?" or bool(_ASKED.match(words)))


def _turns(text: str) -> Iterator[tuple[bool, int, int]]:
    """Whether the patient speaks, and where the words of the turn begin and end."""
    by_patient, start, at = False, 0, 0
    for line in text.splitlines(keepends=True):
        match = _SPEAKER.match(line)
        if match:
            if text[start:at].strip():
                yield by_patient, start, at
            by_patient, start = match["who"].lower() not in _ASKS, at + match.end()
        at += len(line)
    if text[start:at].strip():
        yield by_patient, start, at


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    breaks = (m.span() for m in _BREAK.finditer(text, start, end))
    cuts = [(start, start), *(b for b in breaks if b[0] < b[1] or not _GOES_ON.search(text, start, b[0])), (end, end)]
    for (_, begin), (stop, _) in pairwise(cuts):
        words = text[begin:stop]
        if any(map(str.isalnum, words)):
            lead = len(words) - len(words.lstrip())
            yield begin + lead, begin + len(words.rstrip())


def _first(answer: str) -> str:
    """The words of a reply that say yes or no: all of a short one, else its first sentence."""
    return answer if len(answer.split()) < _WHOLE else re.split(r"[.!?]", answer, maxsplit=1)[0]


def _asked_after(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Words without marks, parted where a question follows a finding ("no midline" "here on the right")."""
    at = next((m.start() for m in _THEN_ASKS.finditer(text, begin + 1, stop)), None)
    if at is None or not _FINDING.match(text, begin, at) or not text[begin:at].strip():
        yield begin, stop
        return
    yield begin, begin + len(text[begin:at].rstrip())
    yield at, stop


def _answered(words: str, answer: str) -> str:
    """How the patient's next turn answers a clinician's last words: yes, no, open; empty if they ask nothing."""
    answer = answer.strip()
    says = _STATES.match(words) or _ACKNOWLEDGES.match(words)
    short = len(words.split()) <= _SHORT and not says
    no = bool(_NO.match(_first(answer)))
    only_no = bool(no and _ROW.fullmatch(answer))
    named = (only_no or len(words.split()) <= 3 * _SHORT) and not (says or (_NAMES.match(words) and not only_no))
    if not (short or _ASKED.match(words) or (named and (no or _YES.match(answer)))):
        return ""
    if no:  # "i would n't say i have any weakness no"
        return "no"
    return "yes" if _YES.match(answer) else "open"


def _reply(text: str, reply: tuple[bool, int, int]) -> Span:
    words = text[reply[1] : reply[2]].rstrip()
    return Span(reply[1], reply[1] + len(words), words)


def as_sentences(found: tuple[Clause, ...], length: int) -> tuple[Sentence, ...]:
    """The clauses as the extraction reads sentences, in one section without a name."""
    section = Section("none", None, 0, length)
    return tuple(Sentence(c.span.start, c.span.end, section) for c in found)
