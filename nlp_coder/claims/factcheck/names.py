"""What a code is called: titles, inclusion terms, the names other notes give it; and what a phrase says it is."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from nlp_coder import icd10cm
from nlp_coder.claims.factcheck.tokens import Token, meant
from nlp_coder.errors import KnowledgeError

_FIRST_THAT_FITS = (
    ("thoracolumbar", "thoracolumbar"), ("lumbosacral", "lumbosacral"), ("cervicothoracic", "cervicothoracic"),
    ("occipito", "occipito-atlanto-axial"), ("sacrococcygeal", "sacral"), ("sacroiliac", "sacroiliac"),
    ("si joint", "sacroiliac"), ("cervic", "cervical"), ("neck", "cervical"), ("thorac", "thoracic"),
    ("mid back", "thoracic"), ("mid-back", "thoracic"), ("upper back", "thoracic"), ("low back", "lumbar"),
    ("lower back", "lumbar"), ("lumb", "lumbar"), ("loin", "lumbar"), ("sacral", "sacral"), ("sacrum", "sacral"),
    ("coccy", "sacral"), ("tailbone", "sacral"), ("tail bone", "sacral"), ("pelvis", "pelvis"),
    ("sternum", "thoracic"), ("midback", "thoracic"), ("between the shoulder blades", "thoracic"),
    ("low-back", "lumbar"), ("nape", "cervical"),
)  # fmt: skip
"""Parts of words → regions; the longer names first, each taken out of the phrase once it is read."""
_TUMOUR = r"(?:neoplasm|tumou?r|cancer|malignancy)[- ](?:related|associated) (?:\w+ )?pain"
_FACET = r"facet (?:joint )?(?:arthropathy|arthritis|arthrosis|osteoarthritis|hypertrophy)"
_KINDS = {
    "degeneration": r"degenerat|\bddd\b", "displacement": r"displace|herniat|protru|extru|bulg|slipped disc",
    "stenosis": r"stenosis", "spondylosis": rf"spondylosis|{_FACET}",
    "spondylolisthesis": r"spondylolisthesis",
    "spondylolysis": r"spondylolysis", "sprain": r"sprain", "strain": r"\bstrain", "fracture": r"fracture",
    "radiculopathy": r"radiculopath|radicular pain|radiculitis|neuritis|\bradic\b", "sciatica": r"sciatic(?!ity)",
    "myelopathy": r"myelopath",
    "claudication": r"claudication", "panniculitis": r"panniculitis", "neuralgia": r"neuralgia",
    "sacroiliitis": r"sacroiliitis", "spasm": r"spasm", "myalgia": r"myalgia|myofascial pain",
    "torticollis": r"torticollis|wry ?neck", "discitis": r"discitis",
    "pain syndrome": r"pain syndrome", "chronic pain": r"chronic pain(?! syndrome)",
    "vertebrogenic": r"vertebrogenic|end ?plate", "discogenic": r"discogenic|degenerat.*with back pain",
    "leg pain": r"leg pain|lower extremity pain", "postlaminectomy": r"laminectomy",
    "postprocedural pain": r"post-?(?:procedural|operative|op|surgical) pain|pain after surgery",
    "pain from a neoplasm": _TUMOUR,
}  # fmt: skip
_BOTH = r"\bbilateral|\bboth (?:sides|legs|limbs|arms|lower (?:limbs|extremities)|buttocks)\b"
NO_SIDE = re.compile(
    r"\bunspecified side|\b(?:no|without an?y?|missing|unknown|unclear) (?:side|laterality)"
    r"|\b(?:side|laterality|left or right|right or left)\b[^.;]{0,25}\b(?:not|un\w+|missing|never|open|absent"
    r"|blank)\b"
)
_LEVEL = re.compile(r"\bc(\d) ?[-–/] ?c?(\d)\b")
_SIDES = {"right": r"\bright\b|\brt\b|\(r\)|, r$", "left": r"\bleft\b|\blt\b|\(l\)|, l$", "bilateral": _BOTH}
_PHASES = {
    "initial": r"\binitial|active (?:treatment|care)",
    "subsequent": r"\bsubsequent|follow-?up|routine (?:healing|care)|(?:healing|recovery) phase|aftercare",
    "sequela": r"\bsequela|late effect",
}
_TRIMESTERS = {"first": r"\b(?:first|1st)\b", "second": r"\b(?:second|2nd)\b", "third": r"\b(?:third|3rd)\b"}
DENIED = re.compile(
    r"(?:\bwithout\b|\bw/o\b|\bno\b|\bexclud(?:es|ing)\b|\bfree of\b|\bminus\b|\bleaves out\b|\babsence of\b"
    r"|\b(?:does not|doesn['’]t|not|never) includ(?:e|ing)\b)(?: (?:any )?mention of)?((?: |[a-z-])+)",
    re.IGNORECASE,
)
_SPELLED = tuple(
    (re.compile(short), long)
    for short, long in (
        (r"(?i)\bw/ ?o(?:ut)?\b", "without"), (r"(?i)\bw/ ?(?=\w)|\bw(?= [a-z])", "with "),
        (r"(?i)\bc-?spine\b", "cervical spine"), (r"(?i)\bt-?spine\b", "thoracic spine"),
        (r"(?i)\bl/?-?s-?spine\b", "lumbosacral spine"), (r"(?i)\bl-?spine\b", "lumbar spine"),
        (r"(?i)\blbp\b", "low back pain"), (r"(?i)\b(?:sij|si joint|si)\b(?= |$)", "sacroiliac joint"),
        (r"(?i)\bhnp\b", "disc herniation"), (r"(?i)\bddd\b", "disc degeneration"), (r"(?i)\bradic\b", "radiculopathy"),
        (r"(?<![\w-])R(?=$|[ ,)/](?!L\b))", "right"), (r"(?<![\w-])L(?=$|[ ,)/](?!R\b|spine))", "left"),
    )
)  # fmt: skip
"""How the trade shortens words, and the words."""
_WORD = re.compile(r"[a-z][a-z-]+")
_EMPTY = frozenset(
    "of in the a an and or to with region due other unspecified site nos nec not elsewhere classified".split()
)


@dataclass(frozen=True, slots=True)
class Features:
    """What a phrase says: regions, kinds of condition, kinds denied, side, phase, trimester, how exact, level."""

    regions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    trimesters: frozenset[str] = frozenset()
    exactness: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()

    @property
    def says(self) -> bool:
        """Whether it says where, what or which side."""
        return bool(self.regions or self.kinds or self.sides or self.phases)

    def shares(self, other: Features) -> bool:
        """Whether both say one thing of the same sort, how exact they are set aside."""
        pairs = ((self.regions, other.regions), (self.kinds, other.kinds), (self.sides, other.sides))
        return any(a & b for a, b in (*pairs, (self.phases, other.phases), (self.trimesters, other.trimesters)))


def features(phrase: str, *, obstetric: bool = False) -> Features:
    """The features of a phrase, in any case; trimesters are only read of obstetric codes."""
    text = spelled(phrase).casefold().replace("regions of neck and back", " ").replace("regions, neck and back", " ")
    denied = frozenset().union(*(_found(_KINDS, match[1]) for match in DENIED.finditer(text)))
    text = DENIED.sub(" ", text)
    exact = {word for word in ("unspecified", "other") if re.search(rf"\b{word}\b", text)}
    if "side" in text or "site" in text:
        exact.discard("unspecified")
    return Features(
        _regions(text),
        _found(_KINDS, text),
        denied,
        frozenset({"unspecified"}) if NO_SIDE.search(phrase.casefold()) else _found(_SIDES, text),
        _found(_PHASES, text),
        _found(_TRIMESTERS, text) if obstetric else frozenset(),
        frozenset(exact),
        frozenset(f"C{match[1]}-C{match[2]}" for match in _LEVEL.finditer(text)),
    )


def spelled(phrase: str) -> str:
    """A phrase with the short forms of the trade written out: ``LBP w/ R sciatica``."""
    for short, long in _SPELLED:
        phrase = short.sub(long, phrase)
    return phrase


def _found(patterns: dict[str, str], text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in patterns.items() if re.search(pattern, text))


def _regions(text: str) -> frozenset[str]:
    found = set()
    for part, region in _FIRST_THAT_FITS:
        if part in text:
            found.add(region)
            text = text.replace(part, " ")
    return frozenset(found)


def words(phrase: str) -> frozenset[str]:
    """The words that carry meaning, without a plural s, in any order."""
    return frozenset(
        word.rstrip("s") if len(word) > 4 else word
        for word in _WORD.findall(spelled(phrase).casefold())
        if word not in _EMPTY
    )


@cache
def listed_names(folder: Path | None = None) -> tuple[tuple[str, str, str], ...]:
    """Name, code and source of ``names.csv`` of a knowledge folder (None: ours); KnowledgeError with every bad line."""
    root = folder or files("nlp_coder").joinpath("knowledge")
    lines = root.joinpath("names.csv").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    reader = csv.DictReader(lines[start:])
    found, faults = [], []
    for row in reader:
        name, code, source = (row.get(key) or "" for key in ("name", "code", "source"))
        place = f"names.csv:{start + reader.line_num}"
        if source not in {"index", "tabular", "icd9"} or not name:
            faults.append(f"{place}: write a name, a code and index, tabular or icd9.")
        elif source == "index" and icd10cm.entry(code) is None:
            faults.append(f"{place}: {code} is not in the code table.")
        found.append((name, code, source))
    if faults:
        raise KnowledgeError(faults)
    return tuple(found)


@cache
def _conditions() -> tuple[tuple[str, str], ...]:
    """What a subcategory of M47, M48, M50, M51 and M54 is titled, longest first, with its stem."""
    stems = {other[: len("M54.1")] for other in icd10cm.billable_codes()}
    found = {(title(stem).casefold(), stem) for stem in stems if stem[:3] in {"M47", "M48", "M50", "M51", "M54"}}
    found |= {(name, code) for name, code, source in listed_names() if source == "index" and code.startswith("M54")}
    return tuple(sorted(((name, code) for name, code in found if name), key=lambda pair: (-len(pair[0]), pair)))


def condition(text: str) -> str:
    """The stem of the spine condition that a text names, by title or Index; empty if it names none."""
    folded = text.casefold()
    return next((code for name, code in _conditions() if re.search(rf"\b{re.escape(name)}\b", folded)), "")


def title(code: str) -> str:
    """A code's official title, also of the few outside the table that names.csv holds; empty if not known."""
    entry = icd10cm.entry(code)
    if entry:
        return entry.title
    return next((name for name, other, source in listed_names() if other == code and source != "index"), "")


@lru_cache(maxsize=4096)
def names(code: str) -> tuple[str, ...]:
    """All names of a code: its title, inclusion terms, what other notes and the Index call it."""
    return tuple(dict.fromkeys(name for name in (title(code), *_terms(code), *_given(code)) if name))


def _terms(code: str) -> Iterator[str]:
    for note in icd10cm.notes_for(code):
        if note.at == code and note.kind in {"Inclusion term", "Includes"}:
            yield note.text


def _given(code: str) -> Iterator[str]:
    for name, other, source in listed_names():
        if source == "index" and code.startswith(other):
            yield name
    yield from _noted().get(code, ())
    if len(code) == len("S39.012A") and icd10cm.entry(code):
        yield from _noted().get(code[:-1].rstrip("X").rstrip("."), ())


@cache
def _noted() -> dict[str, tuple[str, ...]]:
    """What Excludes notes call the one code that they name."""
    found: dict[str, list[str]] = {}
    for code in icd10cm.billable_codes():
        for note in icd10cm.notes_for(code):
            if note.kind.startswith("Excludes") and len(note.names) == 1:
                name = re.sub(r"\s*\([^)]*\)\s*$", "", note.text)
                found.setdefault(note.names[0], []).append(name)
    return {code: tuple(dict.fromkeys(given)) for code, given in found.items()}


def official(token: Token, day: datetime.date | None) -> Features | None:
    """The features of what a token stands for, by all its names; None if nothing is known of it.

    A category (M51) or several codes may be called by any of their conditions, a deeper family only by its own names.
    """
    codes = meant(token, day)
    own = tuple(stem for stem in token.stems if title(stem))
    if len(token.stems) == 1 and own and len(own[0]) > len("M51"):
        return _together(own[0], codes)
    told = tuple(_together(code, codes) for code in (*own, *codes))
    return _merged(told) if told else None


@lru_cache(maxsize=4096)
def _together(code: str, below: tuple[str, ...]) -> Features:
    """One code's features by all its names; a header takes in the regions, sides, phases and trimesters below it."""
    obstetric = code.startswith("O")
    own = _merged(tuple(features(name, obstetric=obstetric) for name in names(code)))
    if any(re.search(r"\blow(?:er)? back\b", name.casefold()) for name in names(code)):
        own = replace(own, regions=own.regions | {"lumbosacral"})  # the low back takes both in
    if "sacral" in own.regions and code.startswith("M"):
        own = replace(own, regions=own.regions | {"sacroiliac"})  # the site "sacral and sacrococcygeal" takes it in
    if "lumbar" in own.regions and not _lumbosacral_beside(code):
        own = replace(own, regions=own.regions | {"lumbosacral"})
    under = [title(other) for other in below if other != code and other.startswith(code)]
    axes = _merged((own, *(features(name, obstetric=obstetric) for name in under)))
    return replace(axes, kinds=own.kinds, denied=own.denied)


def _lumbosacral_beside(code: str) -> bool:
    """Whether the subcategory has a code of its own for the lumbosacral region; else the lumbar one is nearest."""
    stem = code[: len("M47.1")]
    return any("lumbosacral" in title(other) for other in icd10cm.billable_codes() if other.startswith(stem))


def _merged(parts: tuple[Features, ...]) -> Features:
    def of(name: str) -> frozenset[str]:
        return frozenset().union(*(getattr(part, name) for part in parts))

    return Features(**{field.name: of(field.name) for field in fields(Features)})
