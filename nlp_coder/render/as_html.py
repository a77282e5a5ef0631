"""A CodedNote in, one self-contained HTML page out: no network, no framework, readable without JavaScript."""

from __future__ import annotations

from nlp_coder.render.marks import Segment, lines_of, marks_of, segments_of
from nlp_coder.render.page import anchors_of, asset, digest, note_lines, quotes, template
from nlp_coder.render.words import bill, by_slot, circumstances, citation, shown, studied, turned_down, verdict
from nlp_coder.types import CodedNote


def as_html(coded: CodedNote, *, lead: str = "") -> str:
    """The page; every text of the note is escaped, and what cannot be seen is written out (``<U+202E>``).

    ``lead`` is a section that a template of ours has rendered, to stand before the codes.
    """
    lines = lines_of(coded.note.text)
    segments = segments_of(marks_of(coded))
    anchors = anchors_of(segments)
    return template(asset("note.html.j2")).render(
        coded=coded,
        lead=lead,
        bill=bill(coded),
        circumstances=circumstances(coded),
        style=asset("note.css"),
        style_hash=digest(asset("note.css")),
        script=asset("note.js"),
        script_hash=digest(asset("note.js")),
        note_lines=list(note_lines(coded.note.text, lines, segments)),
        quotes=lambda key, evidence: quotes(key, evidence, lines, anchors),
        by_slot=by_slot,
        citation=citation,
        verdict=verdict,
        turned_down=turned_down,
        shown=shown,
        studied=studied(coded),
        line_of=lambda item: lines.at(item.evidence[0].start),
        hint=lambda segment: _hint(coded, segment),
        anchor=lambda key: anchors.get(key, ""),
    )


def _hint(coded: CodedNote, segment: Segment) -> str:
    """What a segment says for whom: ``region of M54.50, side of M54.41``."""
    assigned, turned_down = [item.code for item in coded.codes], [item.code for item in coded.set_aside]
    codes = {"code": assigned, "set-aside": turned_down}
    words = []
    for mark in segment.marks:
        group, _, number = mark.key.rpartition("-")
        if group in codes:
            words.append(f"{mark.slot} of {codes[group][int(number) - 1]}")
        else:
            words.append(f"{mark.slot}, cited by {'a question' if group == 'question' else 'an alert'}")
    return "; ".join(dict.fromkeys(words))
