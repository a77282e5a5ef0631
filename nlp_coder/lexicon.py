"""Word lists in, terms, cues, headings and spellings out; and the one rule by which text becomes tokens."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from nlp_coder.errors import KnowledgeError
from nlp_coder.vocabulary import MEANINGS, SECTIONS

VOCABULARY: Final = MEANINGS
"""Everything a word may mean, slot by slot. Closed: a word list that says anything else is faulty."""

CATEGORIES: Final = (
    "negated", "uncertain", "historical", "hypothetical", "family",
    "present", "current", "subject", "cause", "definite", "alive", "comma", "colon", "with",
    "past", "dated", "surgery", "stop",
)  # fmt: skip
DIRECTIONS: Final = ("forward", "backward", "both", "terminate", "pseudo")

_COUNTED: Final = frozenset({"problem", "imaging", "study", "sign", "procedure"})
"""Slots whose words get a plural; elsewhere ("rights" is not a side) a plural is a row of its own."""
_NO_PLURAL: Final = ("s", "ed", "ing", "al", "ic", "ar", "ful")
"""Endings of plurals, participles and adjectives; a plural of such a word needs a row of its own."""

_ACCENT: Final = "\u0300-\u036f"  # typed apart from its letter
_HIDDEN: Final = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"  # soft hyphen, zero-width, byte-order mark
_LETTER: Final = "[^\\W\\d_\u00aa\u00b2\u00b3\u00b9\u00ba\u00bc-\u00be\u02bc\u2070-\u209c\u2150-\u215f]"
_RUN: Final = f"{_LETTER}+(?:(?:[{_ACCENT}]|[{_HIDDEN}]+(?={_LETTER})){_LETTER}*)*"
_QUOTE: Final = "['\u2018\u2019\u02bc\uff07]"
_DASH: Final = "[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
_TOKEN: Final = re.compile(
    rf"({_RUN}(?:{_QUOTE}(?![sS](?!{_LETTER})){_RUN})*"  # word, its inner apostrophes kept
    rf"|\d+"
    rf"|(?<=\w){_QUOTE}[sS](?!{_LETTER})"  # possessive
    rf"|[^\s\w\x00-\x1f\x7f-\x9f{_ACCENT}{_HIDDEN}]|[^\W\d]|_)"  # any other mark
    rf"(?:{_DASH}(?<=(?:{_LETTER}|[{_ACCENT}]).)(?={_LETTER}))?"  # a hyphen between letters is dropped
)

_ASCII_TOKEN: Final = re.compile(
    r"([A-Za-z]+(?:'(?![sS](?![A-Za-z]))[A-Za-z]+)*|\d+|(?<=\w)'[sS](?![A-Za-z])|[^\s\w\x00-\x1f\x7f]|_)"
    r"(?:-(?<=[A-Za-z].)(?=[A-Za-z]))?",
    re.ASCII,
)
"""The same for a text of ASCII alone, in half the time."""


class Token(NamedTuple):
    """One token: its normal form and where it stands in the raw text (half-open, code points)."""

    norm: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that mean something; ``tokens`` is what is matched, ``file`` and ``line`` say who says so."""

    text: str
    tokens: tuple[str, ...]
    means: tuple[tuple[str, str], ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say how a mention is meant; ``reach`` counts tokens (None: all), ``stops`` categories."""

    text: str
    tokens: tuple[str, ...]
    category: str
    direction: str
    reach: int | None
    stops: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as notes write it, and the section it opens."""

    text: str
    tokens: tuple[str, ...]
    section: str
    file: str
    line: int


class Spellings(Protocol):
    """Says what a lower-case word stands for: a mapping does, and so does a Speller."""

    def get(self, word: str, default: str, /) -> str:
        """The normal form of a word, two words with a blank between where they were typed together."""
        ...


def tokens(text: str, spellings: Spellings) -> list[Token]:
    """Any text in, its tokens out, in order; ``text[start:end]`` is the raw word, ``norm`` its normal form.

    A token is a run of letters (inner apostrophes kept), a possessive 's, a run of digits, or a single
    other mark. Blanks, control and zero-width characters and a hyphen between two letters are none.
    """
    found: list[Token] = []
    normal, make = spellings.get, Token._make  # a megabyte has 200,000 tokens
    for start, end in raw_places(text):
        raw = text[start:end]
        norm = raw.lower() if raw.isascii() else _fold(raw)
        word = normal(norm, norm)
        if word is not norm and " " in word:  # typed together: "neckpain"
            first, second = word.split()
            found += (Token(first, start, start + len(first)), Token(second, start + len(first), end))
        else:
            found.append(make((word, start, end)))
    return found


def raw_words(text: str) -> list[str]:
    """The raw words of any text, in order: what ``tokens`` finds, without places."""
    found: list[str] = (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)
    return found


def raw_places(text: str) -> list[tuple[int, int]]:
    """Where the raw words of any text stand: half-open, code points."""
    return [match.span(1) for match in (_ASCII_TOKEN if text.isascii() else _TOKEN).finditer(text)]


def normal_form(raw: str, spellings: Spellings) -> str:
    """What a raw word stands for: one word, or two with a blank between where they were typed together."""
    norm = raw.lower() if raw.isascii() else _fold(raw)
    return spellings.get(norm, norm)


def normal_tokens(text: str) -> list[str]:
    """Normal forms of the tokens of ``text``, by the shipped spellings."""
    return _norms(text, load_spellings())


@cache
def load_terms(folder: Path | None = None) -> tuple[Term, ...]:
    """Every term of ``lexicon/*.csv`` in a knowledge folder (None: ours), and its regular plural.

    A row's own plural wins. Raises KnowledgeError with all faults of all files.
    """
    spellings, faults = load_spellings(folder), list[str]()
    terms: dict[tuple[str, ...], Term] = {}
    root = _root(folder)
    seen: dict[tuple[str, ...], _Row] = {}
    for file in _word_lists(root):
        for row in _read(root, file, ("term", "means", "note"), faults):
            key = _key(row, spellings, seen, faults)
            means = _means(row, faults)
            terms[key] = Term(row.cells[0], key, means, row.file, row.line)
    _refuse(faults)
    plurals = [plural for term in terms.values() if (plural := _plural(term)) is not None]
    return tuple((terms | {term.tokens: term for term in plurals if term.tokens not in terms}).values())


@cache
def load_cues(folder: Path | None = None) -> tuple[Cue, ...]:
    """Every cue of ``cues.csv`` in a knowledge folder (None: ours); KnowledgeError with all faults."""
    spellings, faults = load_spellings(folder), list[str]()
    columns = ("cue", "category", "direction", "reach", "stops", "note")
    seen: dict[tuple[str, ...], _Row] = {}
    cues = []
    for row in _read(_root(folder), "cues.csv", columns, faults, optional=("reach", "stops", "note")):
        text, category, direction, reach, stopped, _ = row.cells
        stops = tuple(part.strip() for part in stopped.split(";") if part.strip())
        key = _key(row, spellings, seen, faults)
        for said, column, allowed in (
            (category, "category", CATEGORIES),
            (direction, "direction", DIRECTIONS),
            *((stop, "stops", CATEGORIES) for stop in stops),
        ):
            if said and said not in allowed:
                faults.append(row.fault(f"'{said}' is no {column}. Use: {', '.join(allowed)}."))
        if any("*|" in word for word in text.split()):
            faults.append(row.fault("may leave out a whole choice, not one of its words. Put the * at its end: a|b*."))
        whole = reach.isascii() and reach.isdigit() and int(reach) > 0
        if reach and not whole:
            faults.append(row.fault(f"reach '{reach}' is no number of tokens. Use: 1, 2, 3 … or nothing."))
        far = int(reach) if whole else None
        cues.append(Cue(text, key, category, direction, far, stops, row.file, row.line))
    _refuse(faults)
    return tuple(cues)


@cache
def load_headings(folder: Path | None = None) -> tuple[Heading, ...]:
    """Every heading of ``sections.csv`` of a folder (None: ours); KnowledgeError with all faults."""
    spellings, faults = load_spellings(folder), list[str]()
    seen: dict[tuple[str, ...], _Row] = {}
    headings = []
    for row in _read(_root(folder), "sections.csv", ("heading", "section", "note"), faults):
        key = _key(row, spellings, seen, faults)
        if row.cells[1] and row.cells[1] not in SECTIONS:
            faults.append(row.fault(f"'{row.cells[1]}' is no section. Use: {', '.join(SECTIONS)}."))
        headings.append(Heading(row.cells[0], key, row.cells[1], row.file, row.line))
    _refuse(faults)
    return tuple(headings)


@cache
def load_spellings(folder: Path | None = None) -> Mapping[str, str]:
    """Misspelt or variant word → normal word, of ``spellings.csv``; KnowledgeError with all faults."""
    faults = list[str]()
    seen: dict[tuple[str, ...], _Row] = {}
    spellings: dict[str, str] = {}
    rows = _read(_root(folder), "spellings.csv", ("written", "normal", "note"), faults)
    for row in rows:
        _key(row, {}, seen, faults)
        written, normal = row.cells[0], row.cells[1]
        for word in filter(None, (written, normal)):
            if _norms(word, {}) != [word]:
                faults.append(row.fault(f"'{word}' is not one lower-case word. Use a term instead."))
        spellings[written] = normal
    for row in rows:
        if row.cells[1] in spellings:
            faults.append(row.fault(f"'{row.cells[1]}' is itself a misspelling here. Write the normal word."))
    _refuse(faults)
    return MappingProxyType(spellings)


@cache
def load_misspelt(folder: Path | None = None) -> Mapping[str, frozenset[str]]:
    """Word that is often misspelt → real words near it that are not it; KnowledgeError with all faults."""
    faults = list[str]()
    seen: dict[tuple[str, ...], _Row] = {}
    words: dict[str, frozenset[str]] = {}
    for row in _read(_root(folder), "misspelt.csv", ("word", "real words", "note"), faults, ("real words", "note")):
        _key(row, {}, seen, faults)
        real = [part.strip() for part in row.cells[1].split(";") if part.strip()]
        for word in (row.cells[0], *real):
            if _norms(word, {}) != [word]:
                faults.append(row.fault(f"'{word}' is not one lower-case word. Write one word."))
        words[row.cells[0]] = frozenset(real)
    _refuse(faults)
    return MappingProxyType(words)


class _Row(NamedTuple):
    file: str
    line: int
    cells: tuple[str, ...]

    def fault(self, what: str) -> str:
        return f"{self.file}, line {self.line} [{self.cells[0]}]: {what}"


def _root(folder: Path | None) -> Traversable:
    return resources.files("nlp_coder") / "knowledge" if folder is None else folder


def _word_lists(root: Traversable) -> list[str]:
    return sorted(f"lexicon/{file.name}" for file in (root / "lexicon").iterdir() if file.name.endswith(".csv"))


def _read(
    root: Traversable,
    file: str,
    columns: tuple[str, ...],
    faults: list[str],
    optional: tuple[str, ...] = ("note",),
) -> list[_Row]:
    """The rows of a CSV file that have all their cells; what is wrong with the others goes to ``faults``."""
    try:
        text = root.joinpath(*file.split("/")).read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{file}: cannot be read ({error}). Save it as CSV in UTF-8.")
        return []
    if not lines or lines[0][1] != columns:
        faults.append(f"{file}, line 1: the first line must be: {','.join(columns)}")
        return []
    rows: list[_Row] = []
    for line, cells in lines[1:]:
        row = _Row(file, line, cells or ("",))
        if len(cells) != len(columns):
            faults.append(row.fault(f"has {len(cells)} cells, not {len(columns)}: {','.join(columns)}."))
            continue
        empty = [name for name, cell in zip(columns, cells, strict=True) if not cell and name not in optional]
        if empty:
            faults.append(row.fault(f"{' and '.join(empty)} is empty. Fill it or delete the line."))
            continue
        if rows and row.cells[0].casefold() < rows[-1].cells[0].casefold():
            faults.append(row.fault(f"is not in order. Move it before '{rows[-1].cells[0]}'."))
        rows.append(row)
    return rows


def _key(
    row: _Row, spellings: Mapping[str, str], seen: dict[tuple[str, ...], _Row], faults: list[str]
) -> tuple[str, ...]:
    """The tokens of a row's first cell; none at all, or those of an earlier row, is a fault."""
    key = tuple(_norms(row.cells[0], spellings))
    if not key:
        faults.append(row.fault("has no letter, digit or mark that a note could be searched for."))
    elif key in seen:
        first = seen[key]
        where = f"'{first.cells[0]}' ({first.file}, line {first.line})"
        faults.append(row.fault(f"is the same words as {where}. Keep one."))
    seen.setdefault(key, row)
    return key


def _means(row: _Row, faults: list[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of a row's second cell; anything outside VOCABULARY is a fault."""
    pairs, wrong = _pairs(row.cells[1])
    faults.extend(row.fault(what) for what in wrong)
    return pairs


@cache
def _pairs(means: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """``problem=pain; region=lumbar`` → pairs, and what is wrong with them."""
    pairs, wrong = [], []
    for part in means.split(";"):
        slot, _, value = (side.strip() for side in part.partition("="))
        allowed = VOCABULARY.get(slot)
        if allowed is None:
            wrong.append(f"'{slot}' is no slot. Use: {', '.join(VOCABULARY)}.")
        elif value not in allowed:
            wrong.append(f"{slot} cannot be '{value}'. Use: {', '.join(allowed)}.")
        pairs.append((slot, value))
    slots = [slot for slot, _ in pairs]
    if len(set(slots)) < len(slots) or ("nothing" in slots and len(slots) > 1):
        wrong.append("says one slot twice, or 'nothing' beside another. One value a slot.")
    return tuple(pairs), tuple(wrong)


def _plural(term: Term) -> Term | None:
    """The term with its last word in the regular plural; None for words that have none."""
    word = term.tokens[-1]
    if not _COUNTED.intersection(slot for slot, _ in term.means):
        return None
    if not word.isalpha() or len(word) < 2 or word.endswith(_NO_PLURAL):
        return None
    if word.endswith("y") and word[-2] not in "aeiou":
        more = word[:-1] + "ies"
    else:
        more = word + ("es" if word.endswith(("x", "z", "ch", "sh")) else "s")
    key = (*term.tokens[:-1], more)
    return Term(" ".join(key), key, term.means, term.file, term.line)


def _norms(text: str, spellings: Spellings) -> list[str]:
    return [token.norm for token in tokens(text, spellings)]


def _fold(raw: str) -> str:
    """Other than ASCII: one kind of apostrophe and dash, nothing invisible, ligatures undone, lower case."""
    plain = re.sub(_DASH, "-", re.sub(_QUOTE, "'", re.sub(f"[{_HIDDEN}]", "", raw)))
    return unicodedata.normalize("NFKC", plain).lower().replace(" ", "")  # a free-standing accent becomes two


def _refuse(faults: list[str]) -> None:
    if faults:
        raise KnowledgeError(faults)
