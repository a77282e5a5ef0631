"""The word lists of the transcript guard: what both texts speak of, and how people affirm, deny and answer."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from nlp_coder.errors import KnowledgeError

KINDS = ("trouble", "good", "function", "test", "asked", "wide", "not")
"""How a form names its topic.

``trouble`` and ``good`` say how it is; ``function`` and ``test`` take the result from the words beside them;
``asked`` counts in a clinician's question only; ``wide`` asks for more than the topic and counts when denied;
``not`` is another thing in the same words.
"""
SPOKEN = (
    "denies", "denied after", "ends", "good", "bad", "no", "yes", "fine", "pain", "filler", "maybe", "before now",
    "family", "arm", "leg", "trunk", "upper", "lower", "middle part", "command", "examines", "motion", "elsewhere",
    "wrong", "more", "lumbar", "thoracic", "cervical", "says radiculopathy", "says sciatica",
    "says myelopathy", "says disc displacement", "says stenosis", "says spondylolisthesis", "says spondylolysis",
    "says fracture", "says disc degeneration", "says spondylosis", "says strain", "says sprain", "says scoliosis",
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9+/'-]+\*?(?:\|[a-z0-9+/'-]+\*?)*\Z")
_DENIAL = re.compile(r"n't\b|\b(?:no|not|never|nothing)\b")
_GAP = r"\W+(?:[\w'/-]+[ ,]+){0,5}?"


@dataclass(frozen=True, slots=True)
class Form:
    """Words that name a topic, as the list has them; ``hides`` are topics that the same stretch then does not name.

    ``denial``: the words themselves deny ("can't get an ankle reflex"); ``begins`` are the alternatives of the first
    word, ``*`` included.
    """

    topic: str
    kind: str
    pattern: re.Pattern[str]
    hides: tuple[str, ...]
    denial: bool
    begins: tuple[str, ...]


@cache
def load_topics(folder: Path | None = None) -> tuple[Form, ...]:
    """The forms of ``topics.csv`` of a folder (None: ours); KnowledgeError with all faults."""
    faults: list[str] = []
    rows = list(_rows(folder, "topics.csv", ("topic", "kind", "words", "hides", "note"), 3, faults))
    topics = {cells[0] for _, cells in rows}
    forms = []
    for where, (topic, kind, words, hides, _) in rows:
        hidden = tuple(filter(None, (part.strip() for part in hides.split(";"))))
        if kind not in KINDS:
            faults.append(f"{where}: '{kind}' is no kind. Use: {', '.join(KINDS)}.")
        denial = bool(_DENIAL.search(words))
        faults += [f"{where}: hides '{t}', which is no topic of this list." for t in hidden if t not in topics]
        pattern = re.compile(_as_regex(words, where, faults), re.IGNORECASE)
        forms.append(Form(topic, kind, pattern, hidden, denial, tuple(words.split()[0].split("|"))))
    _refuse(faults)
    return tuple(forms)


@cache
def forms_by_word(folder: Path | None = None) -> tuple[Mapping[str, tuple[Form, ...]], tuple[Form, ...]]:
    """The forms under each word that may begin them, and those that begin with a stem or a broken word."""
    known, rest = defaultdict[str, list[Form]](list), list[Form]()
    for form in load_topics(folder):
        if any(not word.isalnum() for word in form.begins):
            rest.append(form)
        else:
            for word in form.begins:
                known[word].append(form)
    return {word: tuple(forms) for word, forms in known.items()}, tuple(rest)


@cache
def load_spoken(folder: Path | None = None) -> Mapping[str, re.Pattern[str]]:
    """The words of each kind of ``spoken.csv`` of a folder (None: ours) as one pattern; KnowledgeError as above."""
    faults: list[str] = []
    found = defaultdict[str, list[str]](list)
    for where, (kind, words, _) in _rows(folder, "spoken.csv", ("kind", "words", "note"), 2, faults):
        if kind not in SPOKEN:
            faults.append(f"{where}: '{kind}' is no kind. Use: {', '.join(SPOKEN)}.")
        found[kind].append(_as_regex(words, where, faults))
    faults += [f"spoken.csv: has no words of the kind '{kind}'." for kind in SPOKEN if kind not in found]
    _refuse(faults)
    longest_first = {kind: sorted(words, key=len, reverse=True) for kind, words in found.items()}
    return {kind: re.compile("|".join(words), re.IGNORECASE) for kind, words in longest_first.items()}


def _as_regex(words: str, where: str, faults: list[str]) -> str:
    """``go|goes .. leg*`` → a pattern: either word, up to five words, then one that begins with "leg"."""
    pattern, gap = "", ""
    for word in words.split():
        if word == "..":
            gap = _GAP
            continue
        if not _WORD.match(word):
            what = "Write lower-case words, | between alternatives, * after a beginning, '..' for up to five words."
            faults.append(f"{where}: '{word}' cannot be read. {what}")
        pattern += (gap if pattern else "") + "(?:" + "|".join(map(_as_word, word.split("|"))) + ")"
        gap = r"[\s-]+"
    if not pattern or gap == _GAP:
        faults.append(f"{where}: begin and end with a word.")
    return rf"(?<![\w'+/-]){pattern}(?![\w+/]|-\w|'(?!s\b))"


def _as_word(word: str) -> str:
    return re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word)


def _rows(
    folder: Path | None, name: str, columns: tuple[str, ...], filled: int, faults: list[str]
) -> Iterator[tuple[str, list[str]]]:
    """File and line of each sound row, and its cells, of which the first ``filled`` must not be empty."""
    root: Traversable = resources.files("nlp_coder") / "knowledge" if folder is None else folder
    try:
        text = root.joinpath(name).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{name}: cannot be read ({error}). Save it as CSV in UTF-8.")
        return
    lines = list(csv.reader(io.StringIO(text, newline="")))
    if not lines or tuple(lines[0]) != columns:
        faults.append(f"{name}, line 1: the first line must be: {','.join(columns)}")
        return
    before: list[str] = []
    for number, cells in enumerate(lines[1:], 2):
        where = f"{name}, line {number}"
        if len(cells) != len(columns) or not all(cell.strip() for cell in cells[:filled]):
            faults.append(f"{where}: fill {', '.join(columns[:filled])}; a line has {len(columns)} cells.")
        elif cells[:filled] <= before:
            faults.append(f"{where}: is not in order, or twice. Sort the lines by {', '.join(columns[:filled])}.")
        else:
            yield where, cells
        before = cells[:filled]


def _refuse(faults: list[str]) -> None:
    if faults:
        raise KnowledgeError(faults)
