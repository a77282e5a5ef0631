"""A sentence in, plainer ones out: pronouns replaced by the codes they stand for, lists said one code at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from nlp_coder.claims.factcheck.names import features
from nlp_coder.claims.factcheck.sentence import Sentence
from nlp_coder.claims.factcheck.tokens import Token, tokens

_VERB = (
    r"(?:is|are|was|were|has|have|had|can(?:not)?|may|might|must|should|will|would|could|does|do|did|takes?|needs?"
    r"|requires?|wants?|carr(?:y|ies)|covers?|captures?|describes?|means?|stands?|stopped|lost|became|becomes?"
    r"|remains?|stays?"
    r"|includes?|excludes?|belongs?|applies|apply|comes?|came|went|goes?|took|expired?|expires|ended|ends|replaced?"
    r"|replaces|gets?|names?|lists?|reports?|represents?|refers?|denotes?|tells?|works?|begins?|began|start(?:s|ed)?"
    r"|lives?|sits?|falls?|retired|died|changed?|splits?|conflicts?|clash(?:es)?|share|break|bar|trip|used|also|never"
    r"|still|only|no longer|cannot|now|both|always|identif(?:y|ies)|signif(?:y|ies)|stop|marks?|serves?|disappeared"
    r"|vanished)\b"
)
_NT = r"(?=(?:['’](?:s|re)\b|(?:['’]t)?\s+" + _VERB + r"|(?:is|are|was|were|does|do|did|has|can|could)n['’]t\b))"
_START = (
    r"(?:^\W*(?:(?:but|and|so|also|however|still|then|today|now|yes|no|true|remember|note|anyway|besides|fortunately"
    r"|unfortunately|since then|after that|as for sides?|again|in short|of course|sure)\b[,:]? (?:that )?){0,2}"
    r"|^(?:(?:as for|in|on|for|at|by|with)\b[^,.;:]{2,30}), |(?:, (?:and|but|so|because|since|as|although|though"
    r"|while|where|when)|[;:—–]|, yet|,(?= it )|\bbecause|\bthough|\balthough"
    r"|\bsince|\bso|\bbut|\band|\bthat) )"
)
_EXPLETIVE = r"(?!it(?:['’]s| is| was)(?: \w+){1,3} (?:to|that|when|if|for you|whether|how)\b)"
_ONE = re.compile(
    rf"(?P<lead>{_START}){_EXPLETIVE}(?P<it>it|this(?: (?:code|one|entry|header|title|family|subcategory))?"
    rf"|that (?:code|one|entry)|that(?=['’]s| is\b| was\b)|(?:the|the same|our|said) code){_NT}",
    re.I,
)
_SEVERAL = re.compile(
    rf"(?P<lead>{_START})(?P<them>(?:these|those)(?: two| three| four)?(?: codes)?|they"
    r"|the (?:two|three|four|pair|pairing|combination)(?: codes)?(?: of them)?"
    r"|(?:this|that|such a) (?:pair|pairing|combination)|(?:both|each)(?: codes?)?(?: of (?:them|these|those))?"
    r"|all (?:of (?:them|these)|(?:three|four)(?: codes| of them)?)|neither(?: code| one)?(?: of (?:them|these"
    r"|the two))?)" + _NT,
    re.I,
)
_RANKED = re.compile(
    rf"\bthe (?P<which>former|latter|first|second|last)(?: one| code| of (?:them|these|the two))?{_NT}", re.I
)
_HERE = re.compile(
    r"\b(?P<verb>lives?|belongs?|goes?|sits?|lands?|counts?|falls?|codes?|ends? up|stays?|listed|indexed|coded)"
    r"(?: both| all| too| also)? (?:here|there)\b",
    re.I,
)
_OBJECT = re.compile(
    r"\b(?P<by>next to|beside|with|alongside|on top of|along with|in addition to|against|to) (?:it|this one|that one"
    r"|this code"
    r"|that code)\b(?! (?:is|was|has|can)\b)",
    re.I,
)
_NEAR = 4  # words between a code and ``with it``
_HALF = re.compile(
    r"^\W*(?P<is>(?:not |no longer |still |always |never |already )?(?:an? )?"
    r"(?:billable|non-?billable|valid|invalid|accepted|complete|retired|deleted|header|category|payable|active"
    r"|effective|in effect"
    r"|new|introduced|added|released|expired|replaced|split|called|titled)\b)"
    r"|^\W*(?P<has>(?:has|takes|needs|requires|carries|covers|means|became|includes|excludes|replaces|replaced|went"
    r"|took"
    r"|stopped|can|cannot|may|must|does|comes|belongs|applies|is|was)\b)"
    r"|^\W*(?P<no>no (?:laterality|sides?|right or left|left or right|7th character|seventh character|excludes)\b)",
    re.I,
)
_DIGITS = re.compile(r"^\W*\d ?(?:=|→|->|is|means) ?[a-z]|^\W*\d [a-z][a-z -]+? ?[/,;] ?\d [a-z]", re.I)
"""``5 lumbar / 6 lumbosacral``: what the next character of the code last spoken of stands for."""
_SIDE_DIGITS = re.compile(r"(?<![\w.])[12] (?:is|means|=|for|stands for) (?:the )?(?:right|left)\b", re.I)
_NEITHER = re.compile(
    r"\bneither (?:of )?(?P<list>.+?)(?= (?:is|are|was|were|can|may|has|have|takes?|needs?|requires?|carr)\b)", re.I
)
_RESPECTIVE = re.compile(
    r"^ (?P<verb>is|are|means?|stands? for|covers?|describes?|report|code|denote"
    r"|name)(?: the)?(?: codes? for)?(?: the)? (?P<list>[^.;:]+?),? respectively",
    re.I,
)
_SLASHED = re.compile(r"^ ?(?:=|:|are|is|for|–|—|-|→) ?(?P<one>[a-z]+) ?/ ?(?P<two>[a-z]+)\b", re.I)
_WHICH = re.compile(
    r"^(?: \([^()]*\))?,? (?:which|that) (?P<said>(?:is|are|was|were|has|have|can|cannot|may|must|takes?|needs?"
    r"|requires?|covers?|means?"
    r"|became|went|took|expired|ended|stopped|lost|stands?|describes?|includes?|excludes?|carries|replaced|does"
    r"|used)\b[^;—–]*)",
    re.I,
)
_APPOSED = re.compile(r"^(?: ?[—–] ?|, )(?:the|our|your) (?P<what>[a-z][a-z ,/-]{2,50}?) codes?(?= ?[—–,.;]|$)", re.I)
_APPOSED_FOR = re.compile(r"^(?: ?[—–] ?|, )(?P<said>(?:the|our|your) (?:\w+ )?codes? (?:for|of) [^;.—–]+)", re.I)
_ENTITLED = re.compile(r"\b(?:the|our|your|its|an?) (?P<what>[A-Za-z][A-Za-z ,/-]{2,50}?) codes?,? \(?$", re.I)
_SHORT_NOT = re.compile(r"^ (?:is|are|was|does|do|can|has|may|will)(?: not|n['’]t|not)(?= ?[.,;!]|$)", re.I)
_TITLED = re.compile(r"\b(?:icd|diagnosis|this|right|wrong|new|old|not|no|previous|former|retired)\b", re.I)
_CODES = r"(?:(?:family|series|group|set|range|codes?|subcategory|block|branch|entries|header|title)\b)"
_NOUN_AFTER = re.compile(rf"^ {_CODES}(?= {_VERB}| ?\()", re.I)
_NOUN_BEFORE = re.compile(
    r"\b(?:the|this|that|our|your|all|every|each|any|both|all of|each of|all the|every one of the)(?: \w+)? ?"
    rf"(?:{_CODES} (?:of |in |under |with |called )?)?$",
    re.I,
)
_CHARACTERS = re.compile(r"^ codes? \w+(?: of| at least)* \w+[- ]characters?\b", re.I)
_BRACKETED = re.compile(
    r"\b(?:this|the|that|our) (?:icd-10(?:-cm)? |diagnosis )?(?:code|family|header|category) \(([A-Z]\d[^()\s]*)\)",
    re.I,
)
_PLURAL = re.compile(r"family|series|group|set|range|codes|subcategory|block|branch|entries", re.I)
_QUANTIFIED = re.compile(r"\b(?P<verb>are|were|have|carry|share|take|need) (?:both|all|each)(?= \w)", re.I)
_AND = re.compile(r",? (?:and|or|nor|&) |, ?| ?/ ?| ?& ?", re.I)


def plain(sentence: Sentence, context: tuple[Token, ...]) -> Iterator[Sentence]:
    """The sentence and what it says in plainer ones; ``context`` holds the codes last spoken of.

    ``at`` of a plainer sentence is the offset in the first one at which it stands.
    """
    whole = _resolved(sentence, context)
    texts = [whole]
    for way in _WAYS:
        texts = [other for text in texts for other in way(text)]
    for text in dict.fromkeys(texts):
        if text == sentence.text:
            yield sentence
            continue
        found = tuple(tokens(text))
        first = found[0].text if found else ""
        yield replace(sentence, text=text, tokens=found, at=max(0, sentence.text.find(first)))


_SHORT = (
    (re.compile(r"\bcan['’]t\b", re.I), "cannot"),
    (re.compile(r"\bwon['’]t\b", re.I), "will not"),
    (re.compile(r"\b(is|are|was|were|do|does|did|has|have|had|should|would|could|must)n['’]t\b", re.I), r"\1 not"),
)


def _resolved(sentence: Sentence, context: tuple[Token, ...]) -> str:
    """The text with its pronouns replaced, from the last to the first, and its contractions written out."""
    text = _halved(sentence.text, context) if not sentence.tokens else sentence.text
    for short, long in _SHORT:
        text = short.sub(long, text)
    for pattern, said in ((_ONE, _one), (_SEVERAL, _all), (_RANKED, _ranked), (_HERE, _here)):
        found = list(pattern.finditer(text))
        for match in reversed(found[-1:] if pattern is _SEVERAL else found):
            before = tuple(tokens(text[: match.start()]))
            new = said(match, before or context)
            if new:
                text = text[: match.start()] + new + text[match.end() :]
    for match in reversed(list(_OBJECT.finditer(text))):
        texts = list(dict.fromkeys(token.text for token in context))
        mine = tokens(text)
        ahead = [token for token in mine if token.end <= match.start()]
        near = not ahead or len(text[ahead[-1].end : match.start()].split()) <= _NEAR
        if near and len(texts) == 1 and texts[0] not in {token.text for token in mine}:
            text = f"{text[: match.start()]}{match['by']} {texts[0]}{text[match.end() :]}"
    return text.replace("’s ", " is ").replace("'s ", " is ") if text != sentence.text else text


def _halved(text: str, context: tuple[Token, ...]) -> str:
    match = _HALF.match(text)
    if len(context) == 1 and (_DIGITS.search(text) or _SIDE_DIGITS.search(text)):
        return f"{context[0].text}{'' if context[0].family else '-'}: {text}"
    led = re.match(r"\W*effective\b.*?20\d\d,? [a-z]", text, re.I)
    if not match or led or len(context) != 1 or text.rstrip().endswith("?"):
        return text
    verb = " is " if match["is"] else " has " if match["no"] else " "
    rest = text.lstrip(" -•*")
    return context[0].text + verb + rest[:1].lower() + rest[1:]


def _one(match: re.Match[str], known: tuple[Token, ...]) -> str:
    texts = {token.text for token in known}
    return match["lead"] + known[0].text if len(texts) == 1 else ""


def _all(match: re.Match[str], known: tuple[Token, ...]) -> str:
    texts = list(dict.fromkeys(token.text for token in known))
    words = match["them"].casefold()
    wanted = 3 if "three" in words else 4 if "four" in words else 0
    two = re.search(r"\b(?:two|pair|pairing|combination|both|neither)\b", words)
    if len(texts) < 2 or (two and len(texts) != 2) or (wanted and len(texts) != wanted):
        return ""
    if words.startswith("neither"):
        return f"{match['lead']}neither {' nor '.join(texts)}"
    return match["lead"] + ", ".join(texts[:-1]) + " and " + texts[-1]


def _ranked(match: re.Match[str], known: tuple[Token, ...]) -> str:
    texts = list(dict.fromkeys(token.text for token in known))
    which = match["which"].casefold()
    if len(texts) < 2 or (len(texts) > 2 and which in {"former", "latter"}):
        return ""
    return texts[{"former": 0, "first": 0, "second": 1}.get(which, -1)]


def _here(match: re.Match[str], known: tuple[Token, ...]) -> str:
    texts = {token.text for token in known}
    return f"{match['verb']} to {known[0].text}" if len(texts) == 1 else ""


# ------------------------------------------------------------------ lists and clauses


def _neither(text: str) -> Iterator[str]:
    match = _NEITHER.search(text)
    found = tokens(match["list"]) if match else []
    if match and found:
        yield from (f"{token.text} {_denied(text[match.end() :].strip())}" for token in found)
    else:
        yield text


def _denied(said: str) -> str:
    """``is billable`` → ``is not billable``; ``takes a side`` → ``takes no side``."""
    verb, _, rest = said.partition(" ")
    if verb.casefold() in {"is", "are", "was", "were", "can", "may"}:
        return f"{verb} not {rest}"
    return f"{verb} no " + re.sub(r"^(?:an?|any|the) ", "", rest)


def _respective(text: str) -> Iterator[str]:
    """``M54.31 and M54.32 are right and left sciatica, respectively`` as two sentences."""
    found = tokens(text)
    slashed = len(found) == 2 and re.fullmatch(r" ?/ ?", text[found[0].end : found[1].start])
    if slashed and (both := _SLASHED.match(text[found[1].end :])):
        yield from (f"{token.text} is {side}" for token, side in zip(found, both.groups(), strict=True))
        return
    match = _RESPECTIVE.match(text[found[-1].end :]) if len(found) > 1 else None
    parts = [part for part in _AND.split(match["list"]) if part] if match else []
    if not match or len(parts) != len(found):
        yield text
        return
    kept = parts[-1].split(" ", 1)
    shared = f" {kept[1]}" if len(kept) > 1 and all(" " not in part for part in parts[:-1]) else ""
    for token, part in zip(found, (*(part + shared for part in parts[:-1]), parts[-1]), strict=True):
        yield f"{token.text} is {part}"


def _relative(text: str) -> Iterator[str]:
    """``M54.6, which needs …`` and ``M54.6, the code for …`` say it of the code."""
    yield text
    for token in tokens(text):
        after, before = text[token.end :], text[: token.start]
        if match := _WHICH.match(after) or _APPOSED_FOR.match(after):
            said = match["said"]
            yield f"{token.text} {'' if 'which' in match[0] or 'that' in match[0][:8] else 'is '}{said}"
        if match := _APPOSED.match(after):
            yield f"{token.text} is the code for {match['what']}"
        if (match := _ENTITLED.search(before)) and features(match["what"]).says and not _TITLED.search(match["what"]):
            yield f"{token.text} is the code for {match['what']}"


def _elliptic(text: str) -> Iterator[str]:
    """``M54.31 is billable, M54.3 is not`` says the second in full."""
    yield text
    found = tokens(text)
    for first, second in pairwise(found):
        said = text[first.end : second.start]
        if not re.match(rf" {_VERB}", said):
            continue
        said = re.sub(r"[\s,;]*(?:but|and|while|whereas|though|although|—|–)?\s*$", "", said)
        after = text[second.end :]
        if _SHORT_NOT.match(after) and not re.search(r"\bnot\b|n['’]t", said):
            yield f"{second.text} {_denied(said.strip())}"
        elif re.match(r" (?:is )?without\W*$", after) and " with " in said:
            yield second.text + said.replace(" with ", " without ")
        elif re.match(r" (?:is )?with(?: it)?\W*$", after) and " without " in said:
            yield second.text + said.replace(" without ", " with ")


def _nouned(text: str) -> Iterator[str]:
    """``Every code in the M54.3 family takes …``: the nouns around a code left out, a family written as one."""
    text = _BRACKETED.sub(r"\1", text)
    for token in reversed(tokens(text)):
        after = _NOUN_AFTER.match(text[token.end :])
        before = _NOUN_BEFORE.search(text[: token.start])
        if not after and not (before and re.match(rf" {_VERB}", text[token.end :])):
            continue
        if before and re.search(r"\b(?:all|every|each)\b", before[0], re.I) and _CHARACTERS.match(text[token.end :]):
            continue
        nouns = (after[0] if after else "") + (before[0] if before else "")
        many = _PLURAL.search(nouns) and not token.family
        start = before.start() if before else token.start
        end = token.end + (after.end() if after else 0)
        text = text[:start] + token.text + ("-" if many and not token.icd9 else "") + text[end:]
    yield _QUANTIFIED.sub(r"\g<verb>", text)


_WAYS: tuple[Callable[[str], Iterator[str]], ...] = (_neither, _respective, _relative, _elliptic, _nouned)
