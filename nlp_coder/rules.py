"""Facts in, candidates out: the coding rules of ``knowledge/rules/*.toml``, read, checked and applied.

A rule asks about fields of a fact and answers with codes. It never looks at a fact's context (negated,
uncertain …): the guidelines turn those candidates down and say why.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

from nlp_coder.errors import KnowledgeError
from nlp_coder.types import NOT_STATED, Authority, Candidate, Evidence, Fact


def _values(words: str) -> tuple[str, ...]:
    """A field's values, written in rows, and the one every field can have."""
    return (*" ".join(words.split()).split(" | "), NOT_STATED)


_BONES = [f"{part}{n + 1}" for part, count in (("C", 7), ("T", 12), ("L", 5), ("S", 5)) for n in range(count)]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "problem": _values("""
        pain | sciatica | radiculopathy | radicular pain | polyradiculopathy | myelopathy | cord compression |
        nerve root compression | neurogenic claudication | disc displacement | disc bulge |
        disc degeneration | disc disorder | disc disruption | disc osteophyte complex | spondylosis |
        arthritis | facet arthropathy | facet syndrome | stenosis | foraminal stenosis | spondylolisthesis |
        spondylolysis | compression fracture | fracture | osteoporosis | strain | sprain |
        strain and sprain | whiplash | back injury | contusion | sacroiliac pain | sacroiliitis |
        coccyx pain | sacral pain | muscle spasm | myofascial pain | myositis | postlaminectomy syndrome |
        chronic pain syndrome | occipital neuralgia | panniculitis | psychogenic pain |
        psychological factors | somatic dysfunction | ankylosing spondylitis | multifidus dysfunction |
        sciatic nerve lesion | spinal instability | torticollis | flank pain | other diagnosis | pregnancy |
        pregnancy pain | unplaced pain""")[:-1],
    "region": _values("""
        occipito-atlanto-axial | cervical | cervicothoracic | thoracic | thoracolumbar | lumbar |
        lumbosacral | sacral | sacroiliac | coccyx | multiple"""),
    "level": (*(f"{a}-{b}" for a, b in pairwise(["C0", *_BONES])), *_BONES, "C8", NOT_STATED),
    "side": _values("right | left | bilateral"),
    "course": _values("""
        acute | subacute | chronic | acute on chronic | recurrent | intermittent | persistent"""),
    "character": _values("""
        mechanical | muscular | musculoskeletal | myofascial | facetogenic | axial | discogenic |
        postural | vertebrogenic | nonspecific"""),
    "nerve": _values("radiculopathy | myelopathy | myelopathy and radiculopathy | neurogenic claudication"),
    "pain": _values("back | leg | back and leg"),
    "cause": _values("""
        lifting | twisting | bending | fall | motor vehicle accident | work injury | sports | overuse |
        prolonged sitting | assault | surgery | pregnancy | psychological | trauma | neoplasm"""),
    "phase": _values("initial | subsequent | sequela"),
    "imaging": _values("""
        modic | modic 1 | modic 2 | modic 3 | endplate change | annular fissure | disc height loss |
        edema | osteophyte"""),
    "trimester": _values("1 | 2 | 3"),
    "weeks": ("<8", *(str(n) for n in range(1, 46)), NOT_STATED),
}
"""What a rule may ask about, and the values each field can have: the one place that lists them."""

_KNOWLEDGE = files("nlp_coder") / "knowledge"
_SCALES = ("level", "weeks")  # too many values for a rule to answer every one
_DECIDING = tuple(a for a in Authority if a not in (Authority.MODEL, Authority.PAYER))
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")

# The keys of each kind of entry: what each must be (one of a few words, or a type), "?" if it may be absent.
_Shape = Mapping[str, Any]
_RULE: _Shape = {
    "id": str, "says": str, "when": dict, "code?": object, "split_by?": str, "code_by?": dict,
    "authority": _DECIDING, "source": str, "rationale": str, "confirm?": str, "example": list,
}  # fmt: skip  # in the order a rule is written
_EXAMPLE: _Shape = {
    "note": str, "codes": list, "because": str, "date?": datetime.date,
    "setting?": ("outpatient", "inpatient"), "purpose?": ("evaluation", "pain-management", "therapy"),
}  # fmt: skip  # in the order an example is written
_SOURCE: _Shape = {
    "key": str, "title": str, "publisher": str, "edition": str, "authority": tuple(Authority),
    "sections?": dict,
}  # fmt: skip  # in the order a source is written
_RETIRED: _Shape = {"id": str, "date": datetime.date, "reason": str}
_SHAPES = {"rule": _RULE, "source": _SOURCE, "retired": _RETIRED}
_SAY = {
    str: "a text in quotes",
    object: "a code or a list of codes",
    dict: "a table in braces",
    list: "a list in brackets",
    datetime.date: "a date without quotes, such as 2025-03-14",
}

_Table = dict[str, Any]  # what tomllib returns for one entry: anything, until checked
_Fault = tuple[str, str]  # what is wrong, and the word to look for when naming the line
_Sources = Mapping[str, "Source"]
_Check = Callable[[_Table, str], Iterable[_Fault]]  # an entry and its file in, faults out


@dataclass(frozen=True, slots=True)
class Example:
    """A note and all its codes, in claim order: a test and a line of the rule's page at once."""

    note: str
    codes: tuple[str, ...]
    because: str
    date: datetime.date | None = None
    setting: str = "outpatient"
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One coding rule: what it asks of a fact, the codes it answers, and who says so.

    ``when`` holds the accepted values of each field. Either ``code`` is the answer, or ``code_by``
    gives one for each value of the field ``split_by``.
    """

    id: str
    says: str
    when: Mapping[str, tuple[str, ...]]
    authority: Authority
    source: str
    rationale: str
    examples: tuple[Example, ...]
    code: tuple[str, ...] = ()
    split_by: str = ""
    code_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: str = ""
    file: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code this rule can give, once each."""
        return tuple(dict.fromkeys([*self.code, *(code for each in self.code_by.values() for code in each)]))

    def codes_for(self, fact: Fact) -> tuple[str, ...]:
        """The codes a fact earns by this rule; none if the rule does not match."""
        if not all(getattr(fact, name) in values for name, values in self.when.items()):
            return ()
        return self.code_by.get(getattr(fact, self.split_by), ()) if self.split_by else self.code


@dataclass(frozen=True, slots=True)
class Source:
    """A book, guide or page that rules cite; ``sections`` are the only places a citation may name, if any."""

    key: str
    title: str
    publisher: str
    edition: str
    authority: Authority
    sections: Mapping[str, str] = field(default_factory=dict)


def propose(facts: Iterable[Fact], rules: Iterable[Rule]) -> tuple[Candidate, ...]:
    """Facts and rules in, candidates out: one per fact, matching rule and code, in the order given."""
    rules = tuple(rules)
    return tuple(
        Candidate(
            code=code,
            rule=rule.id,
            says=rule.says,
            authority=rule.authority,
            source=rule.source,
            fact=fact,
            evidence=_evidence(code, rule, fact, rules),
            confirm=(*fact.confirm, rule.confirm) if rule.confirm else fact.confirm,
        )
        for fact in facts
        for rule in rules
        for code in rule.codes_for(fact)
    )


def _evidence(code: str, rule: Rule, fact: Fact, rules: tuple[Rule, ...]) -> tuple[Evidence, ...]:
    """The words a code rests on: those of the problem and of every slot it could not do without.

    A slot that could as well be unstated ("nonspecific" before low back pain) is no evidence. A level
    that is only asked for its region is evidence of the region.
    """
    slots = {"problem"}
    for name in {*rule.when, rule.split_by} - {"", "problem"}:
        silent: dict[str, Any] = {name: NOT_STATED}
        unsaid = replace(fact, **silent)
        if getattr(fact, name) != NOT_STATED and not any(code in other.codes_for(unsaid) for other in rules):
            slots.add(name)
    if "level" in slots:
        slots.discard("region")  # the level says the region
        return tuple(e for e in fact.evidence if e.slot in slots)
    named = (replace(e, slot="region") if e.slot == "level" else e for e in fact.evidence)
    return tuple(dict.fromkeys(e for e in named if e.slot in slots))


@cache
def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a knowledge folder (ours if None), by file and place; KnowledgeError with all faults.

    The folder holds ``sources.toml`` and ``rules/``; ``rules/retired.toml`` lists ids never used again.
    """
    root = folder or _KNOWLEDGE
    sources = {source.key: source for source in load_sources(folder)}
    faults: list[str] = []
    taken: dict[str, str] = {}
    rules = []
    names = {f"rules/{file.name}" for file in (root / "rules").iterdir() if file.name.endswith(".toml")}
    _entries(root, "rules/retired.toml", "retired", partial(_check_id, taken=taken), faults)
    for name in sorted(names - {"rules/retired.toml"}):
        check = partial(_check_rule, taken=taken, sources=sources)
        rules += [(raw, name) for raw in _entries(root, name, "rule", check, faults)]
    if faults:
        raise KnowledgeError(faults)
    return tuple(_rule(raw, name) for raw, name in rules)


@cache
def load_sources(folder: Path | None = None) -> tuple[Source, ...]:
    """The sources rules may cite, by ``sources.toml`` of a knowledge folder; KnowledgeError if unsound."""
    faults: list[str] = []
    entries = _entries(folder or _KNOWLEDGE, "sources.toml", "source", partial(_check_id, taken={}), faults)
    if faults:
        raise KnowledgeError(faults)
    return tuple(Source(**{**raw, "authority": Authority(raw["authority"])}) for raw in entries)


def _entries(root: Traversable, name: str, kind: str, check: _Check, faults: list[str]) -> list[_Table]:
    """The ``[[kind]]`` entries of a file, each checked; what is wrong is added to ``faults``."""
    file = root.joinpath(*name.split("/"))
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{name}: not valid TOML: {error}")
        return []
    wrong = [key for key in data if key != kind]
    faults += [f"{name}:{_line(text, '', key)}: unknown entry '{key}'. Use: [[{kind}]]" for key in wrong]
    entries = data.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(raw, dict) for raw in entries):
        faults.append(f"{name}:{_line(text, '', kind)}: write [[{kind}]], in double brackets.")
        return []
    for number, raw in enumerate(entries, 1):
        id_ = str(raw.get("id", raw.get("key", f"{kind} {number}")))
        found = [*_check_shape(raw, _SHAPES[kind])]
        sound = {key: raw[key] for key in raw.keys() - {key for _, key in found}}
        found += check(sound, name)
        faults += [f"{name}:{_line(text, id_, word)} [{id_}]: {message}" for message, word in found]
    return entries


def _line(text: str, id_: str, word: str) -> int:
    """The line that holds a word within the entry of that id, else the line of the id, else the first."""
    named = re.search(rf'^(id|key)\s*=\s*"{re.escape(id_)}"', text, re.MULTILINE)
    start = named.start() if named else 0
    entry = re.split(r"^\[\[\w+\]\]", text[start:], maxsplit=1, flags=re.MULTILINE)[0] if named else text
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", entry) if word else None
    return text.count("\n", 0, start + (found.start() if found else 0)) + 1


def _check_shape(raw: _Table, shape: _Shape) -> Iterator[_Fault]:
    """Known keys only, none missing, each of its kind."""
    kinds = {key.rstrip("?"): kind for key, kind in shape.items()}
    for key, value in raw.items():
        kind = kinds.get(key)
        if kind is None:
            yield f"unknown key '{key}'.{_use(key, kinds)}", key
        elif isinstance(kind, tuple) and value not in kind:
            yield f"unknown {key} '{value}'.{_use(str(value), kind)}", key
        elif isinstance(kind, type) and (not isinstance(value, kind) or value == ""):
            yield f"'{key}' must be {_SAY[kind]}.", key
    yield from ((f"'{key}' is missing.", "") for key in shape if key not in raw and not key.endswith("?"))


def _check_id(raw: _Table, name: str, taken: dict[str, str]) -> Iterator[_Fault]:
    """An id (of a source: key) is words joined by hyphens, used once and never again; kept in ``taken``."""
    id_ = raw.get("id", raw.get("key"))
    if id_ and not _ID.fullmatch(id_):
        yield f"'{id_}' must be lower-case words joined by hyphens.", id_
    if id_ in taken:
        yield f"'{id_}' is already used in {taken[id_]}; ids are never used twice.", id_
    elif id_:
        taken[id_] = name


def _check_rule(raw: _Table, name: str, taken: dict[str, str], sources: _Sources) -> Iterator[_Fault]:
    """What a rule is called, asks, answers, cites and shows; what is missing has been said before."""
    yield from _check_id(raw, name, taken)
    if "when" in raw:
        yield from _check_when(raw["when"])
    yield from _check_answer(raw)
    if "source" in raw:
        yield from _check_source(raw, sources)
    if "example" in raw:
        yield from _check_examples(raw)


def _check_when(when: _Table) -> Iterator[_Fault]:
    """Fields that facts have, values those fields can have, and always a problem."""
    if "problem" not in when:
        yield "'when' must name a problem.", "when"
    for name, value in when.items():
        if name not in FIELDS:
            yield f"'when' asks about '{name}', which no fact has.{_use(name, FIELDS)}", name
            continue
        for word in _words(value) or (str(value),):
            if word not in FIELDS[name]:
                yield f"'when' asks for {name} '{word}', which no fact has.{_use(word, FIELDS[name])}", word


def _check_answer(raw: _Table) -> Iterator[_Fault]:
    """Either one answer, or one for each value of a field that ``when`` lets through."""
    if ("code" in raw) == ("code_by" in raw) or ("split_by" in raw) != ("code_by" in raw):
        yield "write either 'code', or 'split_by' together with 'code_by'.", "code"
        return
    for value, answer in raw.get("code_by", {"code": raw.get("code")}).items():
        if not _words(answer) and ("code" in raw or answer != []):
            yield f"'{value}' must be a code or a list of codes.", value
        for word in _words(answer):
            if not _CODE.fullmatch(word):
                yield f"'{word}' is not shaped like an ICD-10-CM code.", word
    if "code" in raw:
        return
    name, by = raw["split_by"], raw["code_by"]
    if name not in FIELDS:
        yield f"'split_by' asks about '{name}', which no fact has.{_use(name, FIELDS)}", name
        return
    expected = _words(raw.get("when", {}).get(name)) or FIELDS[name]
    for word in by:
        if word not in expected:
            yield f"'code_by' answers for {name} '{word}', which never comes.{_use(word, expected)}", word
    for word in expected if name not in _SCALES else ():
        if word not in by:
            yield f"'code_by' lacks {name} '{word}'. Write its code, [] for none, or limit 'when'.", "code_by"


def _check_source(raw: _Table, sources: _Sources) -> Iterator[_Fault]:
    """``key: place``: a key of sources.toml, the rule's own authority and, where listed, a place there."""
    key, _, place = raw["source"].partition(": ")
    if key not in sources or not place.strip():
        yield f"'source' must be a key of sources.toml, ': ' and the place.{_use(key, sources)}", "source"
        return
    source = sources[key]
    if raw.get("authority", source.authority) != source.authority:
        yield f"authority is '{raw['authority']}', but '{key}' is '{source.authority}'.", "authority"
    section = place.split()[0].rstrip(",;")
    if source.sections and section not in source.sections:
        yield f"the source '{key}' has no section '{section}'.{_use(section, source.sections)}", "source"


def _check_examples(raw: _Table) -> Iterator[_Fault]:
    """Examples are whole; one gets the rule's code, and one is a near miss."""
    examples = [example for example in raw["example"] if isinstance(example, dict)]
    for example in examples:
        yield from ((f"example: {message}", word) for message, word in _check_shape(example, _EXAMPLE))
        codes = example["codes"] if isinstance(example.get("codes"), list) else []
        wrong = [str(code) for code in codes if not _CODE.fullmatch(str(code))]
        yield from ((f"example: '{code}' is not shaped like an ICD-10-CM code.", code) for code in wrong)
    answers = (raw.get("code"), *raw.get("code_by", {}).values())
    own = [code for answer in answers for code in _words(answer)]
    # A code that stood before (M54.5) counts as the ones that came of it (M54.50 …).
    hits = [any(mine.startswith(code) for code in _words(e.get("codes")) for mine in own) for e in examples]
    if not any(hits):
        yield "no example gets this rule's code.", "example"
    if all(hits):
        yield "no near miss: add an example, one word away, without this rule's codes.", "example"


def _words(value: object) -> tuple[str, ...]:
    """One text or a list of texts as a tuple; anything else as none."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) and all(isinstance(word, str) for word in value) else ()


def _use(word: str, allowed: Iterable[str]) -> str:
    """The end of a message: what was probably meant, and everything allowed."""
    allowed = tuple(allowed)
    close = get_close_matches(word, allowed, n=1)
    return (f" Did you mean '{close[0]}'?" if close else "") + f" Use: {', '.join(allowed)}"


def _rule(raw: _Table, name: str) -> Rule:
    """A checked ``[[rule]]`` as a Rule."""
    return Rule(
        id=raw["id"],
        says=raw["says"],
        when={name: _words(value) for name, value in raw["when"].items()},
        authority=Authority(raw["authority"]),
        source=raw["source"],
        rationale=raw["rationale"].strip(),
        examples=tuple(Example(**{**each, "codes": _words(each["codes"])}) for each in raw["example"]),
        code=_words(raw.get("code")),
        split_by=raw.get("split_by", ""),
        code_by={value: _words(answer) for value, answer in raw.get("code_by", {}).items()},
        confirm=raw.get("confirm", ""),
        file=name,
    )
