"""A row of a table about codes in, what each cell claims out, by the names of the columns."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final

from nlp_coder.claims.factcheck import told
from nlp_coder.claims.factcheck.names import features, title
from nlp_coder.claims.factcheck.pages import TableRow
from nlp_coder.claims.factcheck.paired import BETWEEN, headed
from nlp_coder.claims.factcheck.titles import Answer, absent, exists, named
from nlp_coder.claims.factcheck.tokens import Token, tokens

Cell = tuple[int, str, tuple[Token, ...], str, Answer]
"""A line of the file, a kind of claim, the codes it is about, the words to show, the answer."""

_TITLES: Final = (
    "descri", "title", "name", "meaning", "diagnosis", "condition", "narrative", "wording", "label", "term", "dx",
    "region", "complaint", "symptom", "body part", "reads",
)  # fmt: skip
_YES: Final = ("yes", "y", "true", "billable", "✓", "✔", "✅", "ok", "valid", "x")
_NO: Final = ("no", "n", "false", "not billable", "non-billable", "nonbillable", "✗", "✘", "❌", "header", "invalid")
_BEGINS: Final = re.compile(r"\beff|\bstart|\bbeg[ai]n|\bfrom\b|\bsince\b|\bintroduced|\badded|\bfirst valid")
_ENDS: Final = re.compile(
    r"\bterm(?:inat\w*| date|ed)\b|\bend|\bexpir|\buntil\b|\bvalid (?:to|thru|through)\b|\bretired|\bdeleted"
)
_SEVENTH: Final = re.compile(r"\b(?:7th|seventh)\b")
_SIDED: Final = re.compile(r"\blat(?:erality|\.)?\b|\bside[sd]?\b")
_SIDE_HEADS: Final = {
    "right": re.compile(r"\W*(?:right|rt|r)(?: side| leg|-sided)?\W*(?:code)?\W*"),
    "left": re.compile(r"\W*(?:left|lt|l)(?: side| leg|-sided)?\W*(?:code)?\W*"),
    "unspecified side": re.compile(r"\W*(?:unsp\w*|unk\w*|no|n/s|u)(?: side)?\W*(?:code)?\W*"),
    "bilateral": re.compile(r"\W*(?:bilat\w*|both|b/l)(?: sides)?\W*(?:code)?\W*"),
}
_LENGTH: Final = re.compile(r"\bchar(?:acter)?s?\b|\blength\b|\bdigits?\b")
_OLD: Final = re.compile(r"\bold\b|\bretired\b|\bprevious\b|\bdeleted\b|\bwas\b|\bformer\b|\bbefore\b")
_NEW: Final = re.compile(r"\bnew\b|\breplac|\bsuccessors?\b|\bnow\b|\buse\b|\binstead\b|\bcurrent\b")
_OK_WITH: Final = re.compile(
    r"\b(?:ok|okay|fine|allowed|may be (?:billed|coded|paired)|can be (?:billed|coded|paired)|compatible|goes"
    r"|pairs?) (?:ok )?with\b"
)
_NEVER_WITH: Final = re.compile(r"^(?:don['’]t|do not|never|not)\b[^|]{0,25}\bwith$")
_META: Final = re.compile(r"code|icd|pair|cpt|note|page|\bold\b|\bnew\b|excludes|instead|with\b|\buse\b|replac")


def cells(row: TableRow, day: datetime.date | None) -> Iterator[Cell]:
    """Every claim of a row: names, billing, days, form, pairs, successors."""
    yield from _paired(row, day)
    if any(head.fullmatch(name) for name in row.header for head in (_SIDE_HEADS["right"], _SIDE_HEADS["left"])):
        yield from _by_side(row, day)
        if any(head.fullmatch(row.header[0]) for head in _SIDE_HEADS.values()):
            return
    yield from _allowed(row, day)
    partner = row.column("cannot be", "excludes1", "not with")
    place = _code_column(row)
    in_header = tokens(row.header[0].upper())
    if partner == 0 and in_header:
        yield from _pair(row, 0, tuple(in_header), day)
        place = 0
    elif partner is not None and place is not None and place != partner:
        yield from _pair(row, partner, tuple(tokens(row.cells[place])), day)
    if place is None:
        yield from _matrix(row, day)
        return
    own = tokens(row.cells[place])
    if len(own) != 1 or own[0].start > 0:
        return
    token, line = own[0], row.lines[place]
    if not token.family and not exists(token, day):
        yield line, "code", (token,), row.cells[place], absent(token, day)
        return
    if (new := _place(row, _NEW)) is not None and _OLD.search(row.header[place]) and new != place:
        yield from _succession(row, token, new, day)
        return
    yield from _title(row, token, place, day)
    yield from _sides(row, token, day)
    yield from _form(row, token, day)
    if partner is None:
        yield from _billing(row, token, day, line)


def _code_column(row: TableRow) -> int | None:
    """The column of codes by its name, else the first whose cell is a code and nothing else."""
    place = row.column("code", "icd")
    if place is not None and place < len(row.cells):
        return place
    alone = (at for at, cell in enumerate(row.cells) if (found := tokens(cell)) and found[0].text == cell)
    first = next(alone, None)
    return first if first is not None and not _is_matrix(row) else None


def _is_matrix(row: TableRow) -> bool:
    """Whether the row has a label that says where or what, and two codes or more in columns of their own."""
    alone = [at for at, cell in enumerate(row.cells) if (found := tokens(cell)) and found[0].text == cell]
    return len(alone) > 1 and alone[0] > 0 and not tokens(row.cells[0]) and features(row.cells[0]).says


def _matrix(row: TableRow, day: datetime.date | None) -> Iterator[Cell]:
    """``Thoracic | M54.6 | M54.14`` under ``Region | Pain | Radiculopathy``: the label and the column name the code."""
    for at, cell in enumerate(row.cells):
        found = tokens(cell)
        if not at or len(found) != 1 or found[0].text != cell or at >= len(row.header) or _META.search(row.header[at]):
            continue
        phrase = f"{row.cells[0]} {row.header[at]}"
        if features(phrase).says:
            yield row.lines[at], "title", tuple(found), f"{cell}: {phrase}", named(phrase, found[0], day)


def _place(row: TableRow, pattern: re.Pattern[str]) -> int | None:
    return next((at for at, name in enumerate(row.header) if pattern.search(name) and at < len(row.cells)), None)


def _answer(row: TableRow, pattern: re.Pattern[str]) -> tuple[int, bool] | None:
    """A column so named and its yes or no."""
    place = _place(row, pattern)
    said = _yes_no(row.cells[place]) if place is not None else None
    return (place, said) if place is not None and said is not None else None


def _yes_no(cell: str) -> bool | None:
    """``yes``, ``✓``, ``N – pick a side``: how a cell answers; None: in no such way."""
    said = cell.strip("* ").casefold()
    first = re.split(r"[\s,;:(–—-]", said)[0] if re.match(r"(?:yes|no|y|n)\b(?! (?:side|lat|longer))", said) else said
    if said in (*_YES, *_NO):
        return said in _YES
    return first in _YES if first in (*_YES, *_NO) else None


def _paired(row: TableRow, day: datetime.date | None) -> Iterator[Cell]:
    """``M54.50 + M54.41 | yes`` under ``Pair | OK on one claim?``, or with ``Excludes1`` in the cell."""
    for at, cell in enumerate(row.cells):
        found = tokens(cell)
        if len(found) != 2 or found[0].start or found[1].end != len(cell):
            continue
        if not BETWEEN.fullmatch(cell[found[0].end : found[1].start]):
            continue
        for other, name in enumerate(row.header[: len(row.cells)]):
            barred = None if other == at else _verdict(name, row.cells[other])
            if barred is not None:
                shown = f"{cell}: {row.cells[other]}"
                yield row.lines[at], "pair", tuple(found), shown, told.pair(found[0], found[1], day, barred=barred)
                break


def _verdict(name: str, cell: str) -> bool | None:
    """What a column says of a pair: by a yes or no under its name, or in the cell's own words."""
    said, under = cell.strip("* ").casefold(), headed(name)
    if under is not None and said in _YES:
        return under
    if under is not None and said in _NO:
        return not under
    return headed(cell)


def _pair(row: TableRow, partner: int, first: tuple[Token, ...], day: datetime.date | None) -> Iterator[Cell]:
    if partner >= len(row.cells):
        return
    for a in first:
        for b in tokens(row.cells[partner]):
            shown = f"{a.text} cannot be paired with {row.cells[partner]}"
            yield row.lines[partner], "pair", (a, b), shown, told.pair(a, b, day, barred=True)


def _allowed(row: TableRow, day: datetime.date | None) -> Iterator[Cell]:
    """``M54.31 | M54.41`` under ``Code | Pairs OK with``, or under ``Don't bill | With``."""
    at = next((at for at, name in enumerate(row.header) if _OK_WITH.search(name)), None)
    barred = at is None and len(row.header) > 1 and bool(_NEVER_WITH.search(" ".join(row.header[:2])))
    at = 1 if barred else at
    first = tokens(row.cells[0])
    if at is None or at >= len(row.cells) or len(first) != 1 or first[0].text != row.cells[0]:
        return
    for other in tokens(row.cells[at]):
        shown = f"{first[0].text} {'not ' if barred else ''}with {other.text}"
        yield row.lines[at], "pair", (first[0], other), shown, told.pair(first[0], other, day, barred=barred)


def _succession(row: TableRow, token: Token, new: int, day: datetime.date | None) -> Iterator[Cell]:
    """Old code, new codes, and since when."""
    line, by = row.lines[new], tuple(tokens(row.cells[new]))
    if by:
        yield line, "validity", (token, *by), f"{token.text}: {row.cells[new]}", told.replaced(token, by, day)
    for at, name in enumerate(row.header[: len(row.cells)]):
        if (_BEGINS.search(name) or re.search(r"\bdate|\bchanged|\bwhen\b|\bas of\b", name)) and (
            date := told.when_in(row.cells[at])
        ):
            shown = f"{token.text} until {row.cells[at]}"
            yield row.lines[at], "validity", (token,), shown, told.ended(token, date, day)


def _title(row: TableRow, token: Token, own: int, day: datetime.date | None) -> Iterator[Cell]:
    named_so = (
        at for at, name in enumerate(row.header)
        if at != own and any(word in name for word in _TITLES) and not _ENDS.search(name)
    )  # fmt: skip
    column = next(named_so, None)
    if column is None and (shared := _shared(row, own)) is not None:
        phrase = f"{row.header[shared].strip(' …').rstrip(',')}, {row.cells[shared]}"
        yield row.lines[shared], "title", (token,), f"{token.text}: {phrase}", named(phrase, token, day, slot=True)
    if column is None or column >= len(row.cells) or not row.cells[column]:
        return
    name = row.cells[column]
    plain = re.sub(r"\([^)]*\)", " ", name)
    yield row.lines[column], "title", (token,), f"{token.text}: {name}", named(plain, token, day, slot=True)


def _shared(row: TableRow, own: int) -> int | None:
    """A column whose head is the beginning of every title in it: ``Disc degeneration, lumbar region, …``."""
    heads = (
        at for at, name in enumerate(row.header[: len(row.cells)])
        if at != own and name.rstrip().endswith(("…", "...", ":", ",", "with")) and features(name).says
    )  # fmt: skip
    at = next(heads, None)
    return at if at is not None and row.cells[at] and not tokens(row.cells[at]) else None


def _billing(row: TableRow, token: Token, day: datetime.date | None, line: int) -> Iterator[Cell]:
    """A column of yes and no, else the offer that a list of titles makes; and the days on which it begins and ends."""
    ends, begins = _place(row, _ENDS), _place(row, _BEGINS)
    over = told.when_in(row.cells[ends]) if ends is not None else None
    if ends is not None and over:
        shown = f"{token.text} until {row.cells[ends]}"
        yield row.lines[ends], "validity", (token,), shown, told.ended(token, over, day)
    if begins is not None and (since := told.when_in(row.cells[begins])):
        shown = f"{token.text} since {row.cells[begins]}"
        yield row.lines[begins], "validity", (token,), shown, told.began(token, since, day)
    column = next(
        (
            at
            for at, name in enumerate(row.header)
            if ("bill" in name or "valid" in name or name in ("y/n", "yes/no", "ok?", "status"))
            and at not in (ends, begins)
        ),
        None,
    )
    if column is None and not over and row.column(*_TITLES) is not None:
        if title(token.code) and not token.family and not token.icd9:
            answer = told.billable(token, day, claimed=True)
            if answer[0] == "contradicted":
                yield line, "billable", (token,), f"{token.text} listed as a code", answer
        return
    said = row.cells[column] if column is not None and column < len(row.cells) else ""
    if (claimed := _yes_no(said)) is not None:
        shown = f"{token.text} billable: {said}"
        yield line, "billable", (token,), shown, told.billable(token, day, claimed=claimed)


def _form(row: TableRow, token: Token, day: datetime.date | None) -> Iterator[Cell]:
    """Columns that ask for a 7th character, and for how many there are."""
    if said := _answer(row, _SEVENTH):
        place, claimed = said
        shown = f"{token.text} 7th character: {row.cells[place]}"
        yield row.lines[place], "form", (token,), shown, told.seventh(token, day, claimed=claimed)
    lengths = (at for at, name in enumerate(row.header) if _LENGTH.search(name) and not _SEVENTH.search(name))
    at = next(lengths, len(row.cells))
    if at < len(row.cells) and row.cells[at].isdigit() and not token.icd9:
        shown = f"{token.text} characters: {row.cells[at]}"
        yield row.lines[at], "form", (token,), shown, told.long(token, int(row.cells[at]), exactly=True)


def _sides(row: TableRow, token: Token, day: datetime.date | None) -> Iterator[Cell]:
    """A column that asks for laterality, and the columns right and left with a code in each."""
    if said := _answer(row, _SIDED):
        place, claimed = said
        shown = f"{token.text} has a side: {row.cells[place]}"
        yield row.lines[place], "side", (token,), shown, told.sided(token, day, claimed=claimed)


def _by_side(row: TableRow, day: datetime.date | None) -> Iterator[Cell]:
    """Columns headed right, left, unspecified, with a code in each; a column of conditions says whose."""
    named_so = (at for at, name in enumerate(row.header[: len(row.cells)]) if any(word in name for word in _TITLES))
    at = next(named_so, None)
    condition = row.cells[at] if at is not None and not tokens(row.cells[at]) else ""
    for place, name in enumerate(row.header[: len(row.cells)]):
        side = next((side for side, head in _SIDE_HEADS.items() if head.fullmatch(name)), "")
        for token in tokens(row.cells[place]) if side else ():
            shown = f"{token.text}: {condition} {side}"
            if not token.family and not exists(token, day):
                yield row.lines[place], "code", (token,), shown, absent(token, day)
            elif side != "unspecified side" or features(title(token.code)).sides:
                yield row.lines[place], "title", (token,), shown, named(f"{condition}, {side}", token, day)
