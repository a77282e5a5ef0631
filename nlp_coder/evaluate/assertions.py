"""Marked sentences and the contexts the program gave → figures by context, and by the cue that decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp_coder.evaluate.report import Bar, Table, figure, prf
from nlp_coder.types import Mention

NO_CUE = "(no cue)"
NOT_FOUND = "not found"
_MARK = re.compile(r"\[([^\[\]{}]+)\]\{([a-z]+)\}")
_FEWEST = 400


@dataclass(frozen=True, slots=True)
class Probe:
    """A plain text and the (start, end, context) of each problem marked in it; ``id`` is file and line."""

    id: str
    text: str
    marks: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One mark: what it should be, what it came out as, by which cues, and where."""

    id: str
    words: str
    wanted: str
    got: str
    cues: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the context is the one marked."""
        return self.wanted == self.got


def probes(name: str, source: str) -> Iterator[Probe]:
    """A file of probes, one a line → the probes; blank lines and comments are none."""
    for number, line in enumerate(source.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        written, plain, last = line.replace("\\n", "\n"), "", 0
        marks = []
        for match in _MARK.finditer(written):
            plain += written[last : match.start()]
            marks.append((len(plain), len(plain) + len(match[1]), match[2]))
            plain += match[1]
            last = match.end()
        yield Probe(f"{name}-{number}", plain + written[last:], tuple(marks))


def decided(probe: Probe, mentions: Iterable[Mention]) -> tuple[Decided, ...]:
    """A probe and the mentions found in it → each mark with the context and cues of the problem that covers it."""
    problems = [m for m in mentions if m.get("problem") or m.get("region")]
    found = []
    for start, end, wanted in probe.marks:
        hits = [m for m in problems if m.span.start < end and start < m.span.end]
        head = next((m for m in hits if m.get("problem")), hits[0] if hits else None)
        quoted = (" ".join(cue.text.lower().split()) for cue in (head.cues if head else ()))
        got = head.context.value if head else NOT_FOUND
        found.append(Decided(probe.id, probe.text[start:end], wanted, got, tuple(dict.fromkeys(quoted))))
    return tuple(found)


def by_context(marks: Sequence[Decided]) -> Table:
    """Marks → precision, recall and F1 of each context, and over all."""
    rows = []
    for name in sorted({m.wanted for m in marks} | {m.got for m in marks} - {NOT_FOUND}):
        right = sum(m.wanted == m.got == name for m in marks)
        extra = sum(m.got == name != m.wanted for m in marks)
        missed = sum(m.wanted == name != m.got for m in marks)
        rows.append((name, figure(right + missed), *map(figure, prf(right, extra, missed))))
    return Table("Contexts of marked problems", ("context", "marks", "P", "R", "F1"), tuple(rows))


def by_cue(marks: Iterable[Decided]) -> Table:
    """Marks → for each cue how many it decided, right and wrong; a mark with two cues counts for both."""
    right, wrong = Counter[str](), Counter[str]()
    for mark in marks:
        (right if mark.right else wrong).update(mark.cues or (NO_CUE,))
    cues = sorted(set(right) | set(wrong), key=lambda cue: (-right[cue] - wrong[cue], cue))
    rows = [(cue, figure(right[cue] + wrong[cue]), figure(right[cue]), figure(wrong[cue])) for cue in cues]
    return Table("Marks by the cue that decided them", ("cue", "decided", "right", "wrong"), tuple(rows))


def bars(number: int, marks: Sequence[Decided]) -> tuple[Bar, ...]:
    """How many sentences there are, and the marks → enough sentences, all marks right."""
    wrong = sum(not m.right for m in marks)
    return (Bar("sentences", number, _FEWEST), Bar("marks wrong", wrong, 0, most=True))


def faults(marks: Iterable[Decided]) -> tuple[str, ...]:
    """Marks → a line for each that is wrong."""
    return tuple(
        f"{m.id}  [{m.words}] is {m.wanted}, read as {m.got} by {', '.join(m.cues) or NO_CUE}"
        for m in marks
        if not m.right
    )
