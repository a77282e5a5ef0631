"""A page in, every claim about codes that is recognised out, each answered by the table."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.names import title
from nlp_coder.claims.factcheck.pages import Paragraph, TableRow, blocks
from nlp_coder.claims.factcheck.paired import pairs
from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.spoken import claims
from nlp_coder.claims.factcheck.statements import Statement
from nlp_coder.claims.factcheck.titles import NOTHING_SAID, Answer, absent, exists, named, on_card
from nlp_coder.claims.factcheck.tokens import Token, tokens

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“•])|(?<=[.!?][\"”])\s+")
_SHOWN = 160
_TITLES = (
    "descri",
    "title",
    "name",
    "meaning",
    "diagnosis",
    "condition",
    "narrative",
    "wording",
    "label",
    "term",
    "dx",
)
_YES = ("yes", "y", "true", "billable", "✓", "✔", "✅", "ok", "valid")
_NO = ("no", "n", "false", "not billable", "non-billable", "nonbillable", "✗", "✘", "❌", "header", "invalid")


def factcheck(text: str, ending: str = "", day: datetime.date | None = None) -> list[Statement]:
    """The claims of a page in its order; ``ending`` of its file name, ``day`` whose code set answers (None: newest)."""
    found: list[Statement] = []
    heading = ""
    for block in blocks(text, ending):
        if isinstance(block, TableRow):
            found += _of_row(block, day)
            continue
        heading = block.text if block.heads else heading
        found += _of_paragraph(block, day, heading)
    return list(dict.fromkeys(found))


def _of_paragraph(block: Paragraph, day: datetime.date | None, heading: str = "") -> Iterator[Statement]:
    if block.card:
        token = tokens(block.card)[0]
        yield _statement(
            block.first, f"{block.card}: {block.text}", ("title", token, (token,), on_card(block.text, token))
        )
        return
    for start, sentence in sentences(block.text, heading):
        for said in (*claims(sentence, day), *pairs(sentence, day)):
            yield _statement(block.line(start + said[1].start), _around(sentence.text, said[1]), said)


def sentences(text: str, heading: str = "") -> Iterator[tuple[int, Sentence]]:
    """Offset and sentence, each with its codes and, if it asks, the yes or no that follows."""
    cuts = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    for place, start in enumerate(cuts[:-1]):
        part = text[start : cuts[place + 1]]
        answer = re.match(r"(yes|no)\b", text[cuts[place + 1] :].strip().casefold())
        yield start, Sentence(part, tuple(tokens(part)), answer[1] if answer else "", heading)


def _around(text: str, token: Token) -> str:
    """The sentence, or of a long one the words about the token."""
    text = text.strip()
    if len(text) <= _SHOWN:
        return text
    start = max(0, min(token.start - _SHOWN // 2, len(text) - _SHOWN))
    return ("… " if start else "") + text[start : start + _SHOWN].strip() + (" …" if start + _SHOWN < len(text) else "")


def _statement(line: int, shown: str, said: Said) -> Statement:
    kind, _, about, (verdict, entry, source) = said
    return Statement(line, kind, shown, tuple(token.text for token in about), verdict, entry, source)


def _of_row(row: TableRow, day: datetime.date | None) -> Iterator[Statement]:
    """Title, billing, pairs and sides by the columns; what stands within a cell as in running text."""
    partner = row.column("cannot be", "excludes1", "not with")
    for line, kind, about, shown, answer in _cells(row, partner, day):
        if answer[1] == NOTHING_SAID:
            continue
        yield _statement(line, shown, (kind, about[0], about, answer))
    for cell, line in zip(row.cells, row.lines, strict=True):
        for block in _sentences_of(cell, line):
            yield from _of_paragraph(block, day)


def _sentences_of(cell: str, line: int) -> Iterable[Paragraph]:
    return (Paragraph(cell, line),) if len(tokens(cell)) and len(cell) > len("M54.50/51/59") else ()


_Cell = tuple[int, str, tuple[Token, ...], str, Answer]


def _cells(row: TableRow, partner: int | None, day: datetime.date | None) -> Iterator[_Cell]:
    place = row.column("code", "icd")
    named_in_header = tokens(row.header[0].upper())
    if partner is not None and named_in_header and partner == 0:
        yield from _pair(row, 0, tuple(named_in_header), day)
        place = 0
    elif partner is not None and place is not None and place != partner:
        yield from _pair(row, partner, tuple(tokens(row.cells[place])), day)
    if place is None or place >= len(row.cells):
        return
    own = tokens(row.cells[place])
    if len(own) != 1 or own[0].start > 0:
        return
    token, line = own[0], row.lines[place]
    if not token.family and not exists(token, day):
        yield line, "code", (token,), row.cells[place], absent(token, day)
        return
    yield from _title(row, token, day)
    yield from _sides(row, token, day)
    if partner is None:
        yield from _billing(row, token, day, line)


def _pair(row: TableRow, partner: int, first: tuple[Token, ...], day: datetime.date | None) -> Iterator[_Cell]:
    if partner >= len(row.cells):
        return
    for a in first:
        for b in tokens(row.cells[partner]):
            shown = f"{a.text} cannot be paired with {row.cells[partner]}"
            yield row.lines[partner], "pair", (a, b), shown, told.pair(a, b, day, barred=True)


def _title(row: TableRow, token: Token, day: datetime.date | None) -> Iterator[_Cell]:
    own = row.cells.index(token.text) if token.text in row.cells else -1
    named_so = (at for at, name in enumerate(row.header) if at != own and any(word in name for word in _TITLES))
    column = next(named_so, None)
    if column is None or column >= len(row.cells) or not row.cells[column]:
        return
    name = row.cells[column]
    plain = re.sub(r"\([^)]*\)", " ", name)
    yield row.lines[column], "title", (token,), f"{token.text}: {name}", named(plain, token, day, slot=True)


def _billing(row: TableRow, token: Token, day: datetime.date | None, line: int) -> Iterator[_Cell]:
    column = row.column("bill", "valid")
    if column is None:
        if row.column(*_TITLES) is not None and title(token.code) and not token.family and not token.icd9:
            answer = told.billable(token, day, claimed=True)
            if answer[0] == "contradicted":
                yield line, "billable", (token,), f"{token.text} listed as a code", answer
        return
    cell = row.cells[column].strip("* ").casefold() if column < len(row.cells) else ""
    if cell in (*_YES, *_NO):
        shown = f"{token.text} billable: {row.cells[column]}"
        yield line, "billable", (token,), shown, told.billable(token, day, claimed=cell in _YES)


def _sides(row: TableRow, token: Token, day: datetime.date | None) -> Iterator[_Cell]:
    """A column that asks for laterality, and the columns right and left with a code in each."""
    column = row.column("laterality")
    if column is not None and column < len(row.cells) and row.cells[column].casefold() in (*_YES, *_NO):
        claimed = row.cells[column].casefold() in _YES
        yield (
            row.lines[column],
            "side",
            (token,),
            f"{token.text} has a side: {row.cells[column]}",
            told.sided(token, day, claimed=claimed),
        )
    for side in ("right", "left"):
        if side in row.header and (place := row.header.index(side)) < len(row.cells):
            for other in tokens(row.cells[place]):
                answer = named(side, other, day)
                yield row.lines[place], "title", (other,), f"{other.text}: {side}", answer
