"""A page of text, Markdown, HTML or CSV → paragraphs and table rows, each word with its line of the file."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from nlp_coder.claims.factcheck.tokens import tokens

_SKIPPED = frozenset("style script head template noscript".split())
_BLOCKS = frozenset(
    "p div li ul ol table tr h1 h2 h3 h4 h5 h6 section article br dt dd dl blockquote header footer main pre".split()
)
_HEADS = re.compile(
    r"(?:icd-?(?:9|10)(?:-cm)? )?code(?: family)?s?|description|title|billable\??|right|left|unspecified"
    r"|has laterality\?|when to use|use when.*|why|reason|code instead|.*cannot be .*with"
    r"|common cpt pairings|documentation required"
    r"|official name|meaning|diagnosis|valid.*",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*\*|__|`|^#+\s")
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){1,3}\.?|\(?\d{1,2}[.)]|\(?[a-h]\)) (?=\S)")
_KEYED = re.compile(r"^(?:[\w-]+ )?code ?(?:[:#] ?(?P<code>\S+)|(?P<bare>(?-i:[A-Z]\d)\S+))$", re.IGNORECASE)
_VALUE = re.compile(
    r"^(?:[\w-]+ )?(?:(?P<title>name|title|descri\w+|meaning|diagnosis)|(?P<billable>billable\??)) ?: (?P<value>.+)$",
    re.IGNORECASE,
)
_LEADER = re.compile(r"\s*(?:\.\s?|…){3,}\s*(?=[A-TV-Z]\d)|\s*…\s*(?=[A-TV-Z]\d)")
_HEADING = 12
_BEGINS = re.compile(r"[-*•·◦▪☐□○>|#→]|\(?\d{1,2}[.)] ")
_ENTRY = re.compile(r"^[A-TV-Z]\d[0-9A-Z]\.|[|=→\t]|^[^.]{2,30}: |\.{4}")
_NARROWEST, _WIDEST, _EVEN = 36, 110, 0.6
"""The widths at which text is cut by hand, and how much of it a line must fill."""
_WRAPPED = 60  # a line this long that ends without a stop goes on below


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``starts`` are the offsets at which a new line of the file begins, ``first`` its first line.

    ``card`` is the code whose page this is, where the paragraph stands as the name under a code of its own line.
    """

    text: str
    first: int
    starts: tuple[tuple[int, int], ...] = ()
    card: str = ""

    @property
    def heads(self) -> bool:
        """Whether it is a heading: at most twelve words, no code, no stop, no item of a list."""
        short = len(self.text.split()) <= _HEADING and not tokens(self.text)
        return short and self.text[:1].isalpha() and not self.text.endswith((".", "?", "!", ","))

    @property
    def captions(self) -> bool:
        """Whether it heads what follows it: short, no sentence, no item of a list; codes may stand in it."""
        short = len(self.text.split()) <= _HEADING and self.text[:1].isalnum() and len(tokens(self.text)) < 2
        plain = not re.search(
            r"[.?!,]$|[=→]|\b(?:is|are|was|has|can|use|codes?|needs?|takes?|became)\b", self.text, re.I
        )
        return short and plain

    def line(self, offset: int) -> int:
        """The line of the file on which an offset of the text stands."""
        place = bisect_right([start for start, _ in self.starts], offset) - 1
        return self.starts[place][1] if place >= 0 else self.first


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its cells, each with its line, under the names of the columns (lower case)."""

    header: tuple[str, ...]
    cells: tuple[str, ...]
    lines: tuple[int, ...]

    def column(self, *words: str) -> int | None:
        """The first column whose name holds one of the words."""
        return next((place for place, name in enumerate(self.header) if any(word in name for word in words)), None)


Block = Paragraph | TableRow


def blocks(text: str, ending: str) -> list[Block]:
    """The blocks of a page; ``ending`` is that of its file name: .html, .htm, .csv, anything else is text."""
    if ending in {".html", ".htm"}:
        return _of_html(text)
    if ending == ".csv":
        return list(_of_csv(text))
    return list(_of_text(text))


def _of_csv(text: str) -> Iterator[Block]:
    reader = csv.reader(io.StringIO(text))
    header: tuple[str, ...] = ()
    for cells in reader:
        if not header:
            header = tuple(cell.strip().casefold() for cell in cells)
        elif any(cell.strip() for cell in cells):
            line = reader.line_num
            yield TableRow(header, tuple(cell.strip() for cell in cells), (line,) * len(cells))


def _of_text(text: str) -> Iterator[Block]:
    lines = [(number, _plain(line)) for number, line in enumerate(text.splitlines(), 1)]
    place = 0
    while place < len(lines):
        line = lines[place][1]
        if line.startswith("|") or (_cells(line) > 1 and _cells(lines[min(place + 1, len(lines) - 1)][1]) > 1):
            rows = []
            while place < len(lines) and _cells(lines[place][1]) > 1:
                rows.append((lines[place][0], [cell.strip() for cell in lines[place][1].strip("|").split("|")]))
                place += 1
            yield from _piped(rows)
        elif (header := _header_at(lines, place)) is not None:
            rows_, place = _upright(lines, place, header)
            yield from rows_
        elif (found := _KEYED.match(line)) and (keyed := _values(lines, place)):
            names, at = zip(*keyed, strict=True)
            cells = (found["code"] or found["bare"], *(lines[other][1].partition(":")[2].strip() for other in at))
            yield TableRow(("code", *names), cells, (lines[place][0], *(lines[other][0] for other in at)))
            place = max(at) + 1
        elif line:
            yield _paragraph(lines, place)
            place += 1 + _more(lines, place)
        else:
            place += 1


def _plain(line: str) -> str:
    """A line without emphasis; tabs part cells, a row of dots before a code leads to it."""
    clean = _NUMBERED.sub("", _EMPHASIS.sub("", line).strip())
    return _LEADER.sub(" → ", clean.replace("\t", " | "))


def _values(lines: Sequence[tuple[int, str]], place: int) -> list[tuple[str, int]]:
    """The lines under ``Code: M54.41`` that give its name or say whether it is billable: which, and where."""
    found = []
    for other in range(place + 1, min(place + 5, len(lines))):
        if match := _VALUE.match(lines[other][1]):
            found.append(("title" if match["title"] else "billable", other))
        elif lines[other][1] and ":" not in lines[other][1]:
            break
    return found


def _cells(line: str) -> int:
    return len(line.strip("|").split("|")) if "|" in line else 0


def _piped(rows: Sequence[tuple[int, list[str]]]) -> Iterator[Block]:
    header = tuple(cell.casefold() for cell in rows[0][1])
    for number, cells in rows[1:]:
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield TableRow(header, tuple(cells), (number,) * len(cells))


def _more(lines: Sequence[tuple[int, str]], place: int) -> int:
    """How many lines below go on with this one: a hard-wrapped paragraph as a whole, else long lines without a stop."""
    if (flowing := _flowing(lines, place)) > 1:
        return flowing - 1
    more = 0
    while place + more + 1 < len(lines):
        here, below = lines[place + more][1], lines[place + more + 1][1]
        if len(here) < _WRAPPED or not below or here[-1] in ".!?:|" or below[0] in "-*•#|>" or below[0].isupper():
            break
        more += 1
    return more


def _flowing(lines: Sequence[tuple[int, str]], place: int) -> int:
    """How many lines from here are running text cut at one width; 0 if they are a list, a form or a table."""
    end = place
    while end < len(lines) and lines[end][1] and not (end > place and _BEGINS.match(lines[end][1])):
        end += 1
    block = [line for _, line in lines[place:end]]
    width = max(map(len, block), default=0)
    if len(block) < 2 or not _NARROWEST <= width <= _WIDEST or _BEGINS.match(block[0]):
        return 0
    even = all(len(line) >= _EVEN * width for line in block[:-1])
    listed = sum(bool(_ENTRY.search(line)) for line in block)
    stops = sum(line[-1] in ".!?" for line in block)
    return len(block) if even and listed * 2 < len(block) and stops < len(block) else 0


def _paragraph(lines: Sequence[tuple[int, str]], place: int) -> Paragraph:
    parts, starts, at = [], [], 0
    for number, line in lines[place : place + 1 + _more(lines, place)]:
        starts.append((at, number))
        parts.append(line)
        at += len(line) + 1
    text = " ".join(parts)
    return Paragraph(text, lines[place][0], tuple(starts), _card(lines, place))


def _card(lines: Sequence[tuple[int, str]], place: int) -> str:
    """The code that heads a page, if this line is the name under it; a name has at most eight words and no stop."""
    text = lines[place][1]
    if len(text.split()) > 8 or text.endswith((".", ":", "?")) or tokens(text) or text.casefold().startswith("icd-"):
        return ""
    above = [line for _, line in lines[max(0, place - 4) : place] if line and not line.casefold().startswith("icd-")]
    found = tokens(above[-1]) if above else []
    return found[0].text if found and found[0].text == above[-1] and len(found) == 1 else ""


def _header_at(lines: Sequence[tuple[int, str]], place: int) -> tuple[str, ...] | None:
    """The names of the columns of an upright table: one a line, the first of them about codes."""
    names: list[str] = []
    first = lines[place][1]
    if not first or not ("code" in first.casefold() or "cannot be" in first.casefold()) or len(first.split()) > 6:
        return None
    for _, line in lines[place:]:
        if not line:
            continue
        if not _HEADS.fullmatch(line):
            break
        names.append(line.casefold())
    return tuple(names) if len(names) > 1 else None


def _upright(lines: Sequence[tuple[int, str]], place: int, header: tuple[str, ...]) -> tuple[list[TableRow], int]:
    """The rows of a table with one cell a line, and where it ends: where a row would not begin with a code."""
    filled = [at for at in range(place, len(lines)) if lines[at][1]]
    at, rows = len(header), []
    while at < len(filled):
        first = lines[filled[at]][1]
        found = tokens(first)
        if not found or found[0].start > 0 or len(first.split()) > 8:
            break
        cells = [filled[at]]
        for other in filled[at + 1 : at + len(header)]:
            if lines[other][1].casefold() == header[0]:
                break
            cells.append(other)
        rows.append(TableRow(header, tuple(lines[c][1] for c in cells), tuple(lines[c][0] for c in cells)))
        at += len(cells)
    return rows, filled[at] if at < len(filled) else len(lines)


class _Reader(HTMLParser):
    """Text by block element, rows by ``tr``; what is not shown is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._pieces: list[tuple[int, str]] = []
        self._row: list[tuple[int, str]] | None = None
        self._header: tuple[str, ...] = ()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins: what came before it is a paragraph."""
        if tag in _SKIPPED:
            self._hidden += 1
        if tag == "table":
            self._header = ()
        if tag in {"td", "th"}:
            self._pieces = []
        elif tag == "tr":
            self._row = []
        elif tag in _BLOCKS and self._row is None:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        """A block ends; a row of headings names the columns."""
        if tag in _SKIPPED:
            self._hidden = max(0, self._hidden - 1)
        if tag in {"td", "th"} and self._row is not None:
            line = self._pieces[0][0] if self._pieces else self.getpos()[0]
            self._row.append((line, " ".join("".join(text for _, text in self._pieces).split())))
            self._pieces = []
        elif tag == "tr" and self._row is not None:
            cells, self._row = self._row, None
            if not self._header:
                self._header = tuple(cell.casefold() for _, cell in cells)
            elif cells:
                self.found.append(
                    TableRow(self._header, tuple(cell for _, cell in cells), tuple(line for line, _ in cells))
                )
        elif tag in _BLOCKS and self._row is None:
            self._flush()

    def handle_data(self, data: str) -> None:
        """Text, with the line it begins on."""
        if not self._hidden:
            line = self.getpos()[0]
            for number, part in enumerate(data.split("\n")):
                self._pieces.append((line + number, f" {part}" if number else part))

    def _flush(self) -> None:
        text, starts = "", []
        for line, piece in self._pieces:
            clean = re.sub(r"\s+", " ", piece)
            clean = clean.lstrip() if not text or text.endswith(" ") else clean
            if clean:
                starts.append((len(text), line))
                text += clean
        if text.strip():
            self.found.append(Paragraph(text.rstrip(), starts[0][1], tuple(starts)))
        self._pieces = []

    def close(self) -> None:
        """The end: what is left is a paragraph."""
        super().close()
        self._flush()


def _of_html(text: str) -> list[Block]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.found
