"""Sentences that claim something of codes: what each pattern of speech claims, and the table's answer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from nlp_coder.claims.factcheck.billing import asked, billable, used
from nlp_coder.claims.factcheck.counted import counted
from nlp_coder.claims.factcheck.dates import dated
from nlp_coder.claims.factcheck.disowned import DISOWNED
from nlp_coder.claims.factcheck.form import named_sides, places, shapes, sides
from nlp_coder.claims.factcheck.guided import guided
from nlp_coder.claims.factcheck.lines import NO_NAME, answered, beside, digits, gathered, listed, run_on
from nlp_coder.claims.factcheck.names import DENIED, NO_SIDE, features, names, words
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.sided import by_side
from nlp_coder.claims.factcheck.titles import NOTHING_SAID, OPEN_KIND, absent, exists, named, of_old, without_region
from nlp_coder.claims.factcheck.tokens import Token, tokens

_MYTH = re.compile(r"\b(?:myths?|misconceptions?|fictions?)\b|^(?:common )?errors?\b", re.I)
_NAMED_SO = re.compile(
    r"^[\s,]*(?:is|=)? ?(?:the |a |an )?(?:[a-z-]+ )?(?:icd-10(?:-cm)? )?(?:diagnosis )?(?:code|one|choice)"
    r" (?:exclusively |(?:you |we )?(?:to )?(?:reach for|use|pick|choose|report|want|need|take) )?(?:for|of|when"
    r"|if) ",
    re.I,
)
_CALLED = re.compile(
    r"^ ?(?:is|=) (?:an? |the )(?!right\b|wrong\b|correct\b|best\b)(?P<what>[a-z][a-z -]{2,30}?) code\b"
    r"(?! (?:for|of|when|if|to)\b)",
    re.I,
)
_COVERS = re.compile(
    r"^ (?:\w+ly )?(?:defines?|classif(?:y|ies)|categori[sz]es?|covers?|captures|handles|serves|describes|denotes"
    r"|represents|identifies|reports|signifies|stands for"
    r"|applies (?:to|when|if|in)|refers to"
    r"|is (?:used|assigned|meant|intended|designed) to (?:capture|report|describe|classify|code|identify|denote"
    r"|document|represent)"
    r"|refers to|is for|are for|for"
    r"|(?:may|can|should|must|is to|will) be (?:used|reported|coded|chosen|assigned|billed|picked|selected)"
    r" (?:for|when|if|in)"
    r"|is (?:used|meant|intended|reserved|kept|right|correct|made|the one) (?:in|for)"
    r"|is what (?:you|we) (?:want|need|use|report|pick) (?:for|when|if|in)|includes|excludes|(?:does not|doesn['’]t"
    r"|never) includes?|leaves out"
    r"|is (?:called|titled|named)|is|=|means|when|if)(?: the)? ",
    re.I,
)
_FOR = re.compile(
    r"^\W*(?!with\b.*\b(?:it|that)(?: is|['’]s) $)(?:for|with|in case of|(?:if|when|where)(?: (?:the )?(?:chart|note"
    r"|provider|record|documentation|patient)s?"
    r" (?:documents?|says|states|shows|writes|has))?) (?P<what>[^.;:]{3,90}?),?"
    r" (?:(?:please|you|we|i|they|then|always|just|simply|the coder|coders|the biller|billers|can|should|must"
    r"|need to|want to|have to|would|will) ){0,3}"
    r"(?:uses?|reports?|codes?|bills?|assigns?|submit|chooses?|picks?|takes?|enters?|selects?|put|(?:go|stick"
    r"|stay) with|reach for|need"
    r"|want"
    r"|opt for|turn to|apply|try|think|it is|it['’]s|that is|that['’]s|(?:our|the|your) \w+ is)(?: code)? $",
    re.I,
)
_BARE = re.compile(
    r"^(?P<what>[A-Za-z][^.;:,()]{3,60})"
    r" (?:is|are|(?:should|must|will|would|has to|have to|ought to|needs to) be|equals|means) $"
)
_MAPPED = re.compile(
    r"(?:[“\"](?P<quoted>[^”\"]{3,90})[”\"],? ?(?:to|as|is|are|goes to|under|in|=|->|→|:)"
    r"|\b(?:(?:map|send|file|list|assign|index|enter|classif|point|direct|route|put|place|lead)(?:y|ie)?(?:s|ed)?"
    r"|(?:we"
    r"|they|you|to) code) (?P<what>[^,;:.“\"]{3,60})"
    r" (?:to|as|under|in)) ?$",
    re.I,
)
_SENT = re.compile(
    r"\b(?:(?:codes?|maps?|indexes|goes|go|points|belongs?|falls?|sits?|lives?|files?|lands?|stays?|remains?)"
    r"(?: \w+ly| back)?"
    r" (?:to|as|under|in|on|at|with)|gets?|takes|needs|wants|earns|is an inclusion term (?:of|under|at|for)"
    r"|is included (?:in|under|at)|calls for|translates (?:to|into)"
    r"|(?:is|are|(?:must|should|can|may|will|has to) be)(?: best| now| usually| always)? (?:coded|reported|billed"
    r"|described|filed|listed|captured"
    r"|indexed|classified|found|assigned)(?: (?:to|as|with|under|by|at|in))?) $",
    re.I,
)
_NEVER = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.I)
_REVERSED = re.compile(
    r"^[\s•*\-☐\d.)]*(?P<name>[A-Za-z][^:=—–→>]{2,80}?)(?::| ?=| ?—| ?–| -|\.{3,}| ?(?:-|=|—|–)>| ?→| ?⇒| ?➔| ?➜)"
    r" ?(?:use |code |bill |report |that['’]s |that is |it['’]s |it is |you want |you need )?$"
)
_IS = re.compile(r"\b(?:codes?|default|choice|answer|pick) for (?P<what>[^.;:]{3,90}?) (?:is|are) $", re.I)
_NOT = re.compile(r"\b(?:not|never|avoid|without|instead of|no longer|retired|deleted|old)\b|n['’]t\b", re.I)
_NO_SIDE = re.compile(
    r"\W*(?:also |still |the )*right"
    r"(?=\W*$| (?:for|in|when|if|here|there|now|only|too|as|code|choice|answer|one|pick)\b)",
    re.I,
)
"""``M54.32 is right``, ``the right code``: true, and no side."""
_EITHER_SIDE = re.compile(
    r"\bboth\b|\bbilateral|\b(?:right|left)\b ?(?:/|or|and|,|vs\.?) ?(?:the )?\b(?:right|left)\b", re.I
)
"""Sides that two codes of one sentence share out between them."""
_LINK = re.compile(r" ?(?:,|/|\+|&|plus|and|, and)? ?", re.I)
_ALSO = re.compile(r"\b(?:also|too|as well|in addition|additional(?:ly)?|add|besides)\b", re.I)
"""One condition among several of a patient: the phrase tells of the others, too."""
_WAS = re.compile(r"^ (?:is|was|=|means|meant|stood for)(?: the (?:old )?code for)? ", re.I)
_SOON = 20  # code points after a code in which ``too`` stands
_SUBJECT = re.compile(r"\b(?:patient|chart|claim|visit|note|record|provider)s?\b", re.I)
_WHEN = re.compile(
    r"^\W*(?:for|if|when)(?: the (?:doctor|provider|note|chart|patient) \w+)? (?P<what>[^.;:]{3,70}?),?[”\"]?,? $", re.I
)
_NOUN = re.compile(r"(?:^|[,;] (?:and )?)(?:the )?(?P<what>[a-z][a-z -]{2,30}?) (?:has |is |gets |takes |= ?)?$", re.I)
_NAMES = re.compile(
    r"(?!.*\b(?:use|code|bill|report|for|if|when|with|not|than|or)\b)(?:\W*|[,;] (?:and )?)(?:the )?"
    r"[a-z][a-z -]{2,30}? (?:has |is |gets |takes |= ?)?",
    re.I,
)
_REFUSED = re.compile(r"\b(?:not|never|cannot|but)\b|n['’]t\b", re.I)
_CHOSEN = re.compile(r" is (?:your|the|our|my) (?:code|choice|pick|answer|default)\b", re.I)
_QUOTES = re.compile(r"[“\"]([^”\"]{3,60}?)[,.]?[”\"]")
_FOLLOWED = re.compile(
    r" ?[:=–-]? ?(?P<what>(?!(?:is|are|was|or|and|with|for|vs|plus|not|no|yes|to)\b)[a-z][a-z -]{2,30}?)"
    r"(?=[,.;]|$)[,.;]?(?: and)?",
    re.I,
)
_MOST = 12  # words of a condition told after a code
_OFTEN = re.compile(r"\b(?:most|more) (?:common|frequent)", re.IGNORECASE)  # how often is no matter of the table
_CUT = re.compile(
    r"[,;:.()\[\]—–]|\b(?:for|is|are|like|as|from|by|when|if|between|than|under|or|use|to|that)\b"
    r"|(?<!\bof )(?<!\bin )(?<!\bdown )\b(?:the|an?)\b",
    re.I,
)
_STOP = re.compile(
    r"[,;:.()—–]|\b(?:while|whereas|but|because|although|unlike|so)\b|\band [A-Z]\d|\bor [A-Z]\d|\bwhen\b|\bif\b", re.I
)
_REMARK = re.compile(
    r":|\b(?:difference|matters?|whichever|regardless|either|unrelated|different|separate|lists?|see|index"
    r"|guidelines?|notes?|per|since|from|until|says?|if|when"
    r"|unless)\b",
    re.I,
)
_PAREN = re.compile(r"^ ?\(([^()]{3,90})\)")
_WANTS = re.compile(
    r"^ (?:requires?|needs?) (?!an? (?:7th|sixth|fifth|[ADS]\b)|[\w ]{0,12}\bcharacter|[ADS]\b|the (?:7th|seventh))",
    re.I,
)
_BARRED = re.compile(
    r"\b(?:may|can|must|should|do)(?: ?not|n['’]t) (?:be )?(?:assign|use|report|cod|bill|pick|choose)\w*\b"
    r".*\b(?:until|unless|without|before)\b",
    re.I,
)
_PAYS = re.compile(r"\b(?:payers?|medicare|cms only|ncd|lcd|coverage|reimburse\w*|den(?:y|ies|ied|ials?))\b", re.I)


_BLAMED = re.compile(
    r"\btoo (?:vague|broad|general|little|weak)|\b(?:mistaken|wrong|incorrect|erroneous|improper|false)(?:ly)?\b"
    r"|\b(?:mis|over)(?:used|coded|reported|applied)\b|\b(?:vague|lazy|poor|bad|insufficient|inappropriate)\b",
    re.I,
)
"""What is said of a use that the page blames, or of a code that it thinks little of."""
_PRACTICE = re.compile(r"\b(?:coding|using|reporting|billing|choosing|picking|assigning|submitting)(?: code)? $", re.I)
"""``Coding M54.50 for … loses the side``: what is done, not what is right."""


def claims(sentence: Sentence, day: datetime.date | None) -> Iterator[Said]:
    """Every claim of a sentence, by each way of speaking."""
    if DISOWNED.search(sentence.text) or _MYTH.search(sentence.heading):
        return
    if sentence.text.rstrip().endswith("?"):
        yield from asked(sentence, day)
        return
    found: list[Said] = []
    for token in sentence.tokens:
        if not token.family and not exists(token, day):
            found.append(("code", token, (token,), absent(token, day)))
            continue
        found += [said for way in _WAYS for said in way(sentence, token, day) if said[3][1] != NOTHING_SAID]
    found += (*shapes(sentence, day), *named_sides(sentence, day))
    if not found and sentence.tokens and _PAYS.search(sentence.text):
        why = "what payers do is no matter of the code table"
        found.append(("coverage", sentence.tokens[0], sentence.tokens, ("not checkable", why, "payer")))
    if not any(said[0] in ("title", "code") for said in found):
        found += by_side(sentence, day)
    yield from found
    if not any(said[0] == "form" and said[3][0] == "contradicted" for said in found):
        yield from guided(sentence)


def _paren(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.50 (low back pain, unspecified)``."""
    match = _PAREN.match(sentence.after(token))
    if match and (_REMARK.search(match[1]) or _NOT.search(sentence.before(token)[-12:])):
        return
    if match and not _NOT.search(match[1]) and not tokens(match[1]) and "exclude" not in match[1].casefold():
        yield "title", token, (token,), named(match[1], token, day)


def _in_paren(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``lumbar strain (S39.012-)``: one or several codes alone in brackets after a name."""
    before, after = sentence.before(token), sentence.after(token)
    if not before.endswith("(") or ")" not in after:
        return
    inside = token.text + after[: after.index(")")]
    codes = tokens(inside)
    if re.sub(r"[\s,/&]|and|or", "", "".join(re.split("|".join(re.escape(c.text) for c in codes), inside))):
        return
    phrase = _tail(re.sub(r"\bcodes?\s*$", "", before[:-1].strip())).strip('“”" ')
    if not phrase or _NOT.search(phrase):
        return
    several = replace(token, stems=tuple(s for c in codes for s in c.stems), family=token.family or len(codes) > 1)
    located = any(other.code.startswith(("M54.2", "M54.5", "M54.6")) for other in sentence.tokens)
    answer = (None if located else without_region(phrase, several)) or named(phrase, several, day)
    yield "title", token, tuple(codes), answer


def _tail(text: str) -> str:
    """The last words of a clause, what it denies left out: what a bracket or a verb after them is about."""
    text = DENIED.sub(" ", text)
    cuts = [match.end() for match in _CUT.finditer(text)]
    return text[cuts[-1] if cuts else 0 :].strip()


def _told(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.31 for left``, ``M54.51 is the code for …``, ``… codes to M53.3``, ``the code for … is M54.2``."""
    before = sentence.before(token)
    if token.icd9:
        if (match := _WAS.match(after := sentence.after(token))) and (
            answer := of_old(_stopped(after[match.end() :]), token)
        ):
            yield "title", token, (token,), answer
        return
    if _NOT.search(re.split(r"[;,:]", before)[-1][-25:]) or _OFTEN.search(before):
        return
    phrase, naming = _phrase(sentence, token)
    if _BLAMED.search(phrase) or (_PRACTICE.search(before) and _COVERS.match(sentence.predicate(token))):
        return
    if (len(sentence.tokens) > 1 and _EITHER_SIDE.search(phrase)) or {"right", "left"} <= features(phrase).sides:
        return
    if (
        not phrase.strip()
        or NO_NAME.search(phrase)
        or tokens(phrase)
        or _NEVER.search(NO_SIDE.sub(" ", OPEN_KIND.sub(" ", phrase)))
    ):
        return
    group = _group(sentence, token)
    if len(group) > 1:
        if token is not group[0]:
            return
        token = replace(token, stems=tuple(stem for one in group for stem in one.stems), family=True)
    answer = named(phrase, token, day, naming=naming)
    if naming or answer[0] != "not checkable":
        yield "title", token, tuple(group), answer


def _group(sentence: Sentence, token: Token) -> list[Token]:
    """The codes listed together (``M54.2, M54.50``) of which a token is one, in their order."""
    found = [token]
    for other in (t for t in sentence.tokens if t.start > token.start):
        if not _LINK.fullmatch(sentence.text[found[-1].end : other.start]):
            break
        found.append(other)
    for other in reversed([t for t in sentence.tokens if t.start < token.start]):
        if not _LINK.fullmatch(sentence.text[other.end : found[0].start]):
            break
        found.insert(0, other)
    return found


def _phrase(sentence: Sentence, token: Token) -> tuple[str, bool]:
    """What a sentence puts beside a token, and whether it names the code or tells a patient's condition."""
    clause = re.split(r";\s*", sentence.before(token))[-1]
    found = _behind(sentence, token, clause)
    return found if found is not None else _ahead(sentence, token, clause)


def _behind(sentence: Sentence, token: Token, clause: str) -> tuple[str, bool] | None:
    """What follows a token as its name or meaning; None if nothing does."""
    after = sentence.predicate(token)
    if match := _NAMED_SO.match(after):
        return _stopped(after[match.end() :]), True
    if (match := _WHEN.match(clause)) and _CHOSEN.match(after):
        return match["what"], False
    if match := _CALLED.match(after):
        return match["what"], True
    if match := _COVERS.match(after):
        phrase = _stopped(after[match.end() :])
        true = match[0].strip().startswith("is") and _NO_SIDE.match(phrase)
        phrase = f"without {phrase}" if re.search(r"exclud|not|n['’]t|never|leaves", match[0], re.I) else phrase
        return ("" if true or len(phrase.split()) > _MOST else phrase), False
    return None


def _ahead(sentence: Sentence, token: Token, clause: str) -> tuple[str, bool]:
    """What stands before a token, or in apposition to it."""
    before, after = sentence.before(token), sentence.after(token)
    if match := _MAPPED.search(before):
        return match["quoted"] or match["what"], False
    if (match := _NOUN.search(before)) and _each_named(sentence):
        return match["what"], False
    if (match := _FOLLOWED.match(after)) and _each_followed(sentence):
        return match["what"], False
    if match := _FOR.match(clause):
        return ("" if _ALSO.search(before) else _condition(match["what"])), False
    if match := _SENT.search(before):
        wanted = match[0].startswith(("needs", "wants", "earns")) and _SUBJECT.search(before)
        others = wanted or _ALSO.search(before) or _ALSO.search(sentence.predicate(token)[:_SOON])
        return ("" if others else _tail(before[: match.start()].strip())), False
    if _apposed(after, token):
        return re.split(r"[.;(]", after[2:])[0], True
    if (match := _REVERSED.match(clause)) and re.match(r"\W*$|\s*[(,;]", after):
        return match["name"], not features(match["name"]).sides  # of a patient, whose side is told
    if match := _IS.search(before) or _BARE.match(re.split(r":\s+", clause)[-1]):
        return ("" if _ALSO.search(before) else re.sub(r"\bicd-10\S*", "", match["what"])), False
    return "", False


def _condition(what: str) -> str:
    """The condition of ``if only "back pain" is documented``: what is quoted, else all; nothing if denied."""
    if _REFUSED.search(NO_SIDE.sub(" ", what)):
        return ""
    quoted = _QUOTES.findall(what)
    return quoted[0] if len(quoted) == 1 else re.sub(r"\bicd-10\S*", "", what)


def _each_named(sentence: Sentence) -> bool:
    """``Neck M54.2, mid back M54.6``: before each code of the sentence stands a short name, and nothing else."""
    ends = [0, *(token.end for token in sentence.tokens)]
    between = (sentence.text[end : token.start] for end, token in zip(ends, sentence.tokens, strict=False))
    return len(sentence.tokens) > 1 and all(_NAMES.fullmatch(part) for part in between)


def _each_followed(sentence: Sentence) -> bool:
    """``M54.2 neck, M54.6 mid back``: behind each code of the sentence stands a short name, and nothing else."""
    coded = [token for token in sentence.tokens if not token.family]
    ends = [*(token.start for token in coded[1:]), len(sentence.text)]
    behind = (sentence.text[token.end : end] for token, end in zip(coded, ends, strict=False))
    return len(coded) > 1 and all(_FOLLOWED.fullmatch(part.rstrip(" ").rstrip(";")) for part in behind)


def _stopped(text: str) -> str:
    """The words up to the end of the clause, and a side that a comma parts from them."""
    phrase = _STOP.split(text)[0]
    side = re.match(r", (?:right|left|bilateral)\b(?: side)?(?=\W|$)", text[len(phrase) :], re.I)
    return phrase + (side[0] if side else "")


def _apposed(after: str, token: Token) -> bool:
    """Whether a comma and a name of the code's own words follow: ``M54.6, Pain in thoracic spine``."""
    match = re.match(r", ([A-Za-z-]+)", after)
    return bool(match and any(words(match[1]) & words(name) for name in names(token.code)))


def _wanted(sentence: Sentence, token: Token, day: datetime.date | None) -> Iterator[Said]:
    """``M54.51 requires MRI evidence``: documentation or coverage, of which no code table speaks."""
    if _WANTS.match(sentence.predicate(token)) or (len(sentence.tokens) == 1 and _BARRED.search(sentence.text)):
        why = "what must be documented is no matter of the table; the provider's statement suffices for the code"
        yield "title", token, (token,), ("not checkable", why, "guideline I.A.19")


_WAYS: tuple[Callable[[Sentence, Token, datetime.date | None], Iterator[Said]], ...] = (
    listed, run_on, beside, answered, gathered, digits, _paren, _in_paren, _told, used, billable, dated, sides, places,
    counted, _wanted,
)  # fmt: skip
