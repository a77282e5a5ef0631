"""A ScribeAudit in, text for a reader out: the proposed codes, what is wrong with them, the codes to bill."""

from __future__ import annotations

from dataclasses import replace

from nlp_coder.render.as_text import as_text as coded_as_text
from nlp_coder.render.layout import WIDTH, Row, hanging, heading, labelled, page, section, spaced
from nlp_coder.render.marks import Lines, lines_of
from nlp_coder.render.visible import Piece
from nlp_coder.render.words import citation
from nlp_coder.scribe.nouns import Finding, ScribeAudit
from nlp_coder.scribe.told import Verdict, headline, spoken_of, verdicts
from nlp_coder.types import Span

_STYLES = {"error": "error", "warning": "confirm", "": "certain"}
_LEAD = 12


def as_text(audit: ScribeAudit, *, width: int = WIDTH, styled: bool = False) -> str:
    """The audit as text that ends with a line feed: first the scribe's codes and findings, then the final answer."""
    lines = lines_of(audit.document.text)
    blocks = [
        hanging([], [(headline(audit), "bold")], width),
        section("Proposed", (row for one in verdicts(audit) for row in _proposed(one, width))),
        section("Findings", spaced(_finding(one, lines, width) for one in audit.findings)),
    ]
    final = replace(audit.coded, codes=audit.codes)
    return page(blocks, styled=styled) + "\n" + coded_as_text(final, width=width, styled=styled)


def _proposed(one: Verdict, width: int) -> list[Row]:
    instead = f", use {one.instead}" if one.instead else ""
    return hanging(
        [(f"   {one.code}".ljust(_LEAD) + "  ", "bold")],
        [(one.word, _STYLES.get(one.severity, "")), (instead, "")],
        width,
    )


def _finding(one: Finding, lines: Lines, width: int) -> list[Row]:
    rows = heading(spoken_of(one), "", width, lead="   ")
    rows += labelled("severity", [(one.severity, _STYLES.get(one.severity, ""))], width)
    rows += labelled("because", one.text, width)
    rows += labelled("the note", _quoted([item.span for item in one.evidence], lines), width)
    rows += labelled("heard", "; ".join(f"«{span.text}»" for span in one.heard), width)
    return rows + labelled("authority", citation(one.source), width)


def _quoted(spans: list[Span], lines: Lines) -> list[Piece]:
    """The distinct quotations, each with the line it first stands in."""
    pieces: list[Piece] = []
    for span in dict.fromkeys(spans):
        pieces += [("; " if pieces else "", ""), (f"«{span.text}»", "bold"), (f" line {lines.at(span.start)}", "")]
    return pieces
