"""Archive notes that only look like notes about the spine: which to take, and which codes of theirs are wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_coder.evaluate.report import Bar, Table, figure

LISTS = ("senses", "incidental")
_SEED = 54
_SENSES = 150
_INCIDENTAL = 100
_FEW = range(1, 4)
_OTHER_SENSE = re.compile(
    r"cervical (?:cancer|carcinoma|dysplasia|dilation|dilatation|os\b|length|lymph|aden|smear|conization|biops|polyp)"
    r"|cervix|optic dis[ck]|dis[ck]s? (?:margins?|sharp|flat|edema)"
    r"|(?:carotid|aortic|mitral|pyloric|renal artery|tracheal|subglottic|urethral|esophageal|ureteral) stenosis"
    r"|stenosis of the (?:carotid|aort|mitral)|eye ?strain|lumbar puncture|neck dissection"
    r"|spinal an(?:a?)esthe|epidural an(?:a?)esthe"
    r"|back to (?:baseline|normal|work|the)|back from|come back|came back|femoral neck|bladder neck|neck of the",
    re.IGNORECASE,
)
"""Words of the spine that here mean something else."""
_SPINE = re.compile(
    r"\b(?:back pain|neck pain|low back|lumbago|cervicalgia|sciatica|radiculopath|radicular|lumbar|dis[ck]s?\b|spondyl"
    r"|stenosis of the (?:spine|canal)|spinal stenosis|herniat|lumbosacral|cervical (?:spine|strain|sprain|disc)"
    r"|backache|sacroiliac|myelopath|compression fracture|back spasm|facet)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The codes a careful coder grants a note, and those he might or might not."""

    right: frozenset[str]
    arguable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The codes of one note judged by its answer; ``unread`` is True if it got a code and has no answer."""

    id: str
    list: str
    got: tuple[str, ...]
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    unread: bool


def lists(notes: Sequence[Mapping[str, Any]], gold: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
    """The archive and the ids of gold notes → the same notes every time, under the names of ``LISTS``.

    senses: words of the spine in another sense. incidental: one to three words of the spine, and none of the first.
    """
    draw = random.Random(_SEED)  # noqa: S311  a sample that anyone can draw again, no secret
    senses = draw.sample([n for n in notes if _OTHER_SENSE.search(n["text"])], _SENSES)
    taken = {n["id"] for n in senses} | set(gold)
    few = [n for n in notes if n["id"] not in taken and len(_SPINE.findall(n["text"])) in _FEW]
    draw = random.Random(_SEED)  # noqa: S311  as above
    return {"senses": senses, "incidental": draw.sample(few, _INCIDENTAL)}


def answers(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], Answer]:
    """Rows of archive-readings.csv → (list, id) → what a careful coder grants; codes stand apart by blanks."""
    return {
        (row["list"], row["id"]): Answer(
            frozenset(row["codes_right"].split()), frozenset(row["codes_arguable"].split())
        )
        for row in rows
    }


def judged(
    coded: Iterable[tuple[str, str, Sequence[str]]], read: Mapping[tuple[str, str], Answer]
) -> tuple[Verdict, ...]:
    """(list, id, codes) of each note and the readers' answers → a verdict on each."""
    found = []
    for name, id_, codes in coded:
        answer = read.get((name, id_))
        granted = answer.right | answer.arguable if answer else frozenset()
        found.append(
            Verdict(
                id=id_,
                list=name,
                got=tuple(codes),
                wrong=tuple(code for code in codes if code not in granted),
                missed=tuple(sorted(answer.right - set(codes))) if answer else (),
                unread=bool(codes) and answer is None,
            )
        )
    return tuple(found)


def table(verdicts: Sequence[Verdict]) -> Table:
    """Verdicts → a row for each list."""
    rows = []
    for name in LISTS:
        part = [v for v in verdicts if v.list == name]
        counts = (
            len(part),
            sum(bool(v.got) for v in part),
            sum(len(v.got) for v in part),
            sum(len(v.wrong) for v in part),
            sum(len(v.missed) for v in part),
            sum(v.unread for v in part),
        )
        rows.append((name, *map(figure, counts)))
    columns = ("list", "notes", "with a code", "codes", "wrong", "missed", "coded but unread")
    return Table("Notes that only look like the spine", columns, tuple(rows))


def bars(verdicts: Sequence[Verdict]) -> tuple[Bar, ...]:
    """Verdicts → no code is wrong; a code of a note that nobody has read counts as wrong."""
    return (Bar("wrong codes", sum(len(v.wrong) for v in verdicts), 0, most=True),)


def faults(verdicts: Iterable[Verdict], words: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """Verdicts and the words quoted for each (id, code) → a line for each code that is wrong or missed."""
    lines = []
    for v in verdicts:
        kind = "not read" if v.unread else "wrong"
        lines += [f"{v.list}  {v.id}  {kind} {code}  {words.get((v.id, code), '')}".rstrip() for code in v.wrong]
        lines += [f"{v.list}  {v.id}  missed {code}" for code in v.missed]
    return tuple(lines)
