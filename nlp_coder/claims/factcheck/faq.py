"""Questions and their answers: a page of Q and A as one text, and what an answer says in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp_coder.claims.factcheck.names import features
from nlp_coder.claims.factcheck.pages import Block, Paragraph
from nlp_coder.claims.factcheck.tokens import tokens

_LABEL = re.compile(r"^\W{0,3}(?:Q\d{0,2}|A|Question(?: \d+)?|Ans(?:wer)?)[.:)] +|^\W{0,3}[QA] (?=[A-Z])")
_ITEM = re.compile(r"^\s*[-*•·◦☐□▪→>]")
_YES = re.compile(
    r"^\W*(?:A(?:ns(?:wer)?)?[:.] *)?(?:yes|yep|yeah|sure|certainly|correct|absolutely(?! not)|of course(?! not)"
    r"|it is(?! not)|it does(?! not)|you (?:can|may)(?! ?not)"
    r"|they (?:can|may|do)(?! ?not)|indeed)\b(?!['’])",
    re.I,
)
_NO = re.compile(
    r"^\W*(?:A(?:ns(?:wer)?)?[:.] *)?(?:no|nope|never|not (?:any ?more|any longer|really|at all|since|on)|(?:it|they"
    r"|you|that|there)"
    r" (?:is|are|does|do|can|may|will|was)(?:n['’]t|not| not|['’]t)|absolutely not|of course not)\b",
    re.I,
)
_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|then|now|also|ok|okay)\b,? )*(?:(?:what|how) about|what if|which (?:code|one)s?(?: is"
    r"| are| do we use"
    r"| should we use| goes)?(?: right)?(?: for| with| when| if)?"
    r"|what(?:['’]s| is) the (?:right |correct )?code (?:for|of|when|if)|how (?:do|should|would|can) (?:i|we"
    r"|you) code"
    r"|what (?:do|should|can) (?:i|we|you) (?:put|use|report|bill|code)(?: on a claim| down)?(?: for| when| if"
    r"| with)?"
    r"|is there a code for|got|code for|where does|need a code for)\b ?",
    re.I,
)
_REPLY = re.compile(
    r"^\W*(?:answer[:.]? )?(?:(?:yes|no|sure|nope|right|simple|easy|one)\b[,.:—–-]* ?)?(?:(?:you |we |then |just "
    r"|still "
    r"|always )*(?:use|report|code|bill|pick|choose"
    r"|assign|put|go with|take|try)|(?:it|that|this)(?:['’]s| is| goes to| would be)|that one is|the code is|→|->|="
    r"|plain)?"
    r" ?(?P<code>[A-TV-Z]\d[0-9A-Z][^\s,;:()]*?)(?=[.,;:]?(?:\s|$))(?! ?(?:is|was|are|has|\+|and|or|plus|with)\b)",
    re.I,
)
_QUOTED = re.compile(r"[“\"](?P<name>[^”\"]{3,60}?)[,.]?[”\"]")
_INVERTED = re.compile(
    r"^(?:\W|\b(?:and|but|so|then|q)\b)*(?P<aux>is|are|was|does|do|can|may|should"
    r"|has)(?P<code> (?:code )?[A-TV-Z]\d\S*(?<![?,]))"
    r" (?P<rest>[^?]{3,90})\?",
    re.I,
)
_UNTIL = re.compile(
    r"^\W*(?:it|that)(?P<aux> (?:was|is|has been))(?P<when> (?:until|till|through|since|before|from) (?:[^,;]"
    r"|, ?20\d\d)*)",
    re.I,
)
_SO = re.compile(
    r"^(?P<code>[A-TV-Z]\d\S*|it)(?P<aux> (?:has been|was|is))(?: (?:one|so|that way|like that))?"
    r"(?P<when> (?:until|till|through|since|from) (?:[^,;]|, ?20\d\d)*)",
    re.I,
)
_IS = re.compile(r" (?:is|are|was|were) (?P<said>(?:not |no longer )?(?:an? )?[a-z][\w -]{2,40}?)(?=[.,;!]|$)")


def merged(found: Iterable[Block]) -> Iterator[Block]:
    """The blocks of a page; a paragraph that asks and the one that answers it as one, without ``Q.`` and ``A.``"""
    asked: Paragraph | None = None
    for block in found:
        if isinstance(block, Paragraph):
            block = _unlabelled(block)
        if asked is not None and isinstance(block, Paragraph) and not _ITEM.match(block.text) and not block.card:
            block = _joined(asked, block)
            asked = None
        if asked is not None:
            yield asked
            asked = None
        if isinstance(block, Paragraph) and block.text.rstrip('”"* ').endswith("?") and not block.card:
            asked = block
        else:
            yield block
    if asked is not None:
        yield asked


def _unlabelled(block: Paragraph) -> Paragraph:
    match = _LABEL.match(block.text)
    if match is None:
        return block
    cut = match.end()
    starts = tuple((max(0, start - cut), line) for start, line in block.starts)
    return Paragraph(block.text[cut:], block.first, starts, block.card)


def _joined(first: Paragraph, second: Paragraph) -> Paragraph:
    shift = len(first.text) + 1
    starts = first.starts or ((0, first.first),)
    more = second.starts or ((0, second.first),)
    return Paragraph(f"{first.text} {second.text}", first.first, (*starts, *((at + shift, line) for at, line in more)))


_QUIZ = re.compile(r"^\W*(?:true or false|true/false|t/f|t or f)\b[:.?–— ]*", re.I)
_TRUE = re.compile(r"^\W*(?:A(?:ns(?:wer)?)?[:.] *)?(?:true|t)\b", re.I)


def quizzed(text: str, following: str) -> str | None:
    """``True or false: …`` with what follows it: the statement if it is true, nothing if it is false; None: no quiz."""
    match = _QUIZ.match(text)
    if match is None:
        return None
    return text[match.end() :] if _TRUE.match(following) else ""


def answer(text: str) -> str:
    """``yes``, ``no``, or nothing: how an answer begins."""
    return "no" if _NO.match(text) else "yes" if _YES.match(text) else ""


def replied(question: str, reply: str) -> str:
    """``Left-sided sciatica? It is M54.31.`` → ``Left-sided sciatica → M54.31``; empty if it is no such answer."""
    match = _REPLY.match(reply)
    found = tokens(match["code"]) if match else []
    if not found or tokens(question):
        return ""
    quoted = _QUOTED.search(question)
    asked = quoted["name"] if quoted else _LEAD.sub("", re.split(r"(?<=[.!])\s", question)[-1].strip().rstrip('?”" '))
    said = features(asked)
    if not (said.says or said.exactness) or len(asked.split()) > 14:
        return ""
    return f"{asked} → {found[0].text}"


def declared(question: str, answered: str) -> str:
    """``Is M54.3 complete?`` with yes → ``M54.3 is complete``; with no → ``M54.3 is not complete``."""
    match = _INVERTED.match(question)
    if match is None or not answered or re.match(r"(?:and|or|plus|with|alongside)\b|[,+]", match["rest"], re.I):
        return ""
    aux, code, rest = match["aux"].casefold(), match["code"].strip(), match["rest"].strip()
    if aux in {"does", "do"}:
        return f"{code} does not {rest}" if answered == "no" else f"{code} {_third(rest)}"
    return f"{code} {aux} {'not ' if answered == 'no' else ''}{rest}"


def _third(said: str) -> str:
    verb, _, rest = said.partition(" ")
    return f"{'has' if verb == 'have' else verb + 's'} {rest}"


def continued(before: str, text: str) -> str:
    """``Is M54.5 billable? It was until …`` and ``It has been one since …`` said in full; empty if there is nothing."""
    asked, until = _INVERTED.match(before), _UNTIL.match(text)
    if asked and until and asked["aux"].casefold() in {"is", "was"}:
        return f"{asked['code'].strip()}{until['aux']} {asked['rest'].strip()}{until['when']}"
    match, found = _SO.match(text.strip()), tokens(before)
    said = _IS.match(before[found[0].end :]) if len(found) == 1 else None
    if match and said:
        return f"{found[0].text}{match['aux']} {said['said']}{match['when']}"
    return ""
