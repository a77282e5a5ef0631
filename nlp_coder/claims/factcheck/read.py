"""A page in, every claim about codes that is recognised out, each answered by the table."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from nlp_coder.claims.factcheck.disowned import DISOWNED
from nlp_coder.claims.factcheck.faq import answer, continued, declared, merged, quizzed, replied
from nlp_coder.claims.factcheck.names import condition
from nlp_coder.claims.factcheck.pages import Paragraph, TableRow, blocks
from nlp_coder.claims.factcheck.paired import pairs
from nlp_coder.claims.factcheck.plain import plain
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.spoken import claims
from nlp_coder.claims.factcheck.statements import Statement
from nlp_coder.claims.factcheck.tables import cells
from nlp_coder.claims.factcheck.titles import NOTHING_SAID, on_card
from nlp_coder.claims.factcheck.tokens import Token, in_full, tokens

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“•→])|(?<=[.!?][\"”])\s+|(?<=\S)\s+(?=[☐□▢○◯☑☒▪] )")
_LABEL = re.compile(r"^\W*(?:billable|valid|laterality|sides?|7th character)\?(?= +[A-Z]\d)", re.I)
_SHOWN = 160


def factcheck(text: str, ending: str = "", day: datetime.date | None = None) -> list[Statement]:
    """The claims of a page in its order; ``ending`` of its file name, ``day`` whose code set answers (None: newest)."""
    found: list[Statement] = []
    heading, scope = "", _scope("")
    for block in merged(blocks(in_full(text), ending)):
        if isinstance(block, TableRow):
            found += _of_row(block, day)
            continue
        heading = block.text if block.heads else heading
        scope = _scope(block.text) if block.captions else scope
        found += _of_paragraph(block, day, heading, scope)
    return list(dict.fromkeys(found))


def _scope(caption: str) -> tuple[Token, ...]:
    """The codes that a caption names, else the family whose name it is."""
    found = tuple(tokens(caption))
    code = "" if found else condition(caption)
    return found or ((Token(0, 0, code, (code,), family=True),) if code else ())


def _of_paragraph(
    block: Paragraph, day: datetime.date | None, heading: str = "", scope: tuple[Token, ...] = ()
) -> Iterator[Statement]:
    if block.card:
        token = tokens(block.card)[0]
        yield _statement(
            block.first, f"{block.card}: {block.text}", ("title", token, (token,), on_card(block.text, token))
        )
        return
    context, before, asked = scope, "", ""
    for start, sentence in sentences(block.text, heading):
        plainer = () if DISOWNED.search(sentence.text) else plain(sentence, context)
        for one in (*plainer, *_in_full(sentence, before, asked)):
            for said in (*claims(one, day), *pairs(one, day)):
                at = said[1].start if one.at is None else one.at
                yield _statement(block.line(start + at), _around(sentence.text, at), said)
        asked = sentence.text if sentence.text.rstrip().endswith("?") else "" if sentence.tokens else asked
        context, before = sentence.tokens or context, sentence.text


def _in_full(sentence: Sentence, before: str, asked: str) -> Iterator[Sentence]:
    """What a question and its answer say together."""
    for text in (
        replied(asked, sentence.text) if asked else "",
        declared(sentence.text, sentence.answer),
        continued(before, sentence.text),
    ):
        if text:
            at = sentence.tokens[0].start if sentence.tokens else 0
            yield Sentence(text, tuple(tokens(text)), heading=sentence.heading, at=at)


def sentences(text: str, heading: str = "") -> Iterator[tuple[int, Sentence]]:
    """Offset and sentence, each with its codes and, if it asks, the yes or no that follows."""
    text = _LABEL.sub(lambda match: match[0].replace("?", ":"), text)
    cuts = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    for place, start in enumerate(cuts[:-1]):
        part = text[start : cuts[place + 1]]
        quiz = quizzed(part, text[cuts[place + 1] :])
        if quiz is not None:
            yield start, Sentence(quiz, tuple(tokens(quiz)), "", heading, len(part))
            continue
        said = answer(text[cuts[place + 1] :]) if part.rstrip().endswith("?") else ""
        yield start, Sentence(part, tuple(tokens(part)), said, heading, len(part) if said else None)


def _around(text: str, at: int) -> str:
    """The sentence, or of a long one the words about an offset."""
    text = text.strip()
    if len(text) <= _SHOWN:
        return text
    start = max(0, min(at - _SHOWN // 2, len(text) - _SHOWN))
    return ("… " if start else "") + text[start : start + _SHOWN].strip() + (" …" if start + _SHOWN < len(text) else "")


def _statement(line: int, shown: str, said: Said) -> Statement:
    kind, _, about, (verdict, entry, source) = said
    return Statement(line, kind, shown, tuple(token.text for token in about), verdict, entry, source)


def _of_row(row: TableRow, day: datetime.date | None) -> Iterator[Statement]:
    """Title, billing, pairs and sides by the columns; what stands within a cell as in running text."""
    for line, kind, about, shown, told in cells(row, day):
        if told[1] != NOTHING_SAID:
            yield _statement(line, shown, (kind, about[0], about, told))
    own = [found[0] for cell in row.cells if (found := tokens(cell)) and found[0].text == cell.strip(" *")]
    for cell, line in zip(row.cells, row.lines, strict=True):
        if tokens(cell) and len(cell) > len("M54.50/51/59"):
            yield from _of_paragraph(Paragraph(cell, line), day, scope=tuple(own) if len(own) == 1 else ())
        elif len(own) == 1 and len(cell.split()) > 1 and not tokens(cell):
            yield from _of_paragraph(Paragraph(cell, line), day, scope=tuple(own))
