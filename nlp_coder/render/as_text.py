"""A CodedNote in, text for a reader out: 80 columns, whole without colour, safe on any terminal.

Without styles the cited words of the note stand in marks: «…» earned a code, ‹…› decided otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

from nlp_coder.render.excerpt import note_lines
from nlp_coder.render.layout import WIDTH, Row, hanging, heading, labelled, page, section, spaced
from nlp_coder.render.marks import Lines, lines_of
from nlp_coder.render.visible import Piece
from nlp_coder.render.words import (
    NOTHING,
    bill,
    by_slot,
    circumstances,
    citation,
    places,
    shown,
    studied,
    turned_down,
    verdict,
)
from nlp_coder.types import Alert, Candidate, CodedNote, Evidence, Finding, Question, SetAside

_SHOWN_LINES = 6
_SEVERITY = {"error": "error", "warning": "confirm"}


def as_text(coded: CodedNote, *, width: int = WIDTH, styled: bool = False) -> str:
    """The whole answer as text that ends with a line feed; ``styled`` adds SGR escapes, nothing else does."""
    lines = lines_of(coded.note.text)
    blocks = [
        _headline(coded, width),
        *(_code(number, code, lines, width) for number, code in enumerate(coded.codes, start=1)),
        section("The note", note_lines(coded, width, styled=styled)),
        section("Studies", (row for item in studied(coded) for row in _finding(item, lines, width))),
        section("Set aside", spaced(_set_aside(item, lines, width) for item in coded.set_aside)),
        section("Ask the provider", spaced(_question(item, lines, width) for item in coded.questions)),
        section("Alerts", (row for item in coded.alerts for row in _alert(item, lines, width))),
        section("Notices", (row for text in coded.notices for row in hanging([("   ", "")], [(text, "")], width))),
    ]
    return page(blocks, styled=styled)


def _headline(coded: CodedNote, width: int) -> list[Row]:
    rows = hanging([], [(bill(coded), "bold")], width)
    if bill(coded) == NOTHING:
        return rows
    return rows + hanging([], [(circumstances(coded), "")], width)


def _code(number: int, code: Candidate, lines: Lines, width: int) -> list[Row]:
    """One assigned code: what it is, then why, label by label."""
    state = "certain" if code.status == "certain" else "confirm"
    rows = heading(code.code, code.title, width, style="bold", lead=f"{number}  ")
    role = f" · {code.role}" if code.role else ""
    rows += labelled("status", [(verdict(code), state), (role, "")], width)
    for text in code.confirm:
        rows += labelled("confirm", text, width)
    quoted: list[Piece] = []
    for slot, evidence in by_slot(code.evidence).items():
        before, quoted = quoted, _quoted(evidence, lines)
        rows += labelled(slot, quoted if quoted != before else "the same words", width)
    rows += labelled("because", code.says, width)
    rows += labelled("authority", citation(code.source, code.authority), width)
    rows += labelled("rule", code.rule, width)
    rows += labelled("not found", ", ".join(code.absent), width)
    rows += labelled("weighed", "; ".join(code.weighed), width)
    for text in code.remarks:
        rows += labelled("noted", text, width)
    return rows


def _finding(item: Finding, lines: Lines, width: int) -> list[Row]:
    """One finding: what and where, whose statement, in which lines."""
    words = [e for e in item.evidence if e.slot == "problem"]
    rest: list[Piece] = [(f" · {item.source} · ", ""), *_quoted(words, lines)]
    return hanging([("   ", "")], [(shown(item), "bold"), *rest], width)


def _set_aside(item: SetAside, lines: Lines, width: int) -> list[Row]:
    rows = heading(item.code, item.title, width, lead="   ")
    rows += labelled("reason", [(turned_down(item), "bold")], width)
    rows += labelled("because", item.why, width)
    rows += labelled("words", _quoted(item.evidence, lines), width)
    return rows + labelled("authority", citation(item.source), width)


def _question(item: Question, lines: Lines, width: int) -> list[Row]:
    rows = hanging([(" ? ", "bold")], [(item.text, "")], width)
    for option in item.options:
        rows += hanging([("   [ ] ", "")], [(option, "")], width)
    rows += labelled("the note", _quoted(item.evidence, lines), width)
    return rows + labelled("about", item.code, width)


def _alert(item: Alert, lines: Lines, width: int) -> list[Row]:
    label = f"   {item.severity}".ljust(14)
    rows = hanging([(label, _SEVERITY.get(item.severity, "bold"))], [(item.text, "")], width)
    rows += labelled("", _quoted(item.evidence, lines), width)
    return rows + labelled("", citation(item.source), width)


def _quoted(evidence: Iterable[Evidence], lines: Lines) -> list[Piece]:
    """The distinct quotations, each with the lines it stands in."""
    pieces: list[Piece] = []
    for text, items in places(evidence).items():
        numbers = sorted({lines.at(item.start) for item in items})
        shown = ", ".join(str(number) for number in numbers[:_SHOWN_LINES])
        more = f" and {len(numbers) - _SHOWN_LINES} more" if len(numbers) > _SHOWN_LINES else ""
        pieces += [("; " if pieces else "", ""), (f"«{text}»", "bold")]
        pieces.append((f" line{'s' if len(numbers) > 1 else ''} {shown}{more}", ""))
    return pieces
