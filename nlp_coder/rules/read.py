"""The TOML files → rules and sources, or all their faults at once."""

from __future__ import annotations

import re
import tomllib
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from nlp_coder.errors import KnowledgeError
from nlp_coder.rules.nouns import Example, Rule, Source
from nlp_coder.rules.sound import SHAPES, Check, Table, check_id, check_rule, check_shape, words
from nlp_coder.types import Authority

KNOWLEDGE = files("nlp_coder") / "knowledge"


@cache
def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a knowledge folder (ours if None), by file and place; KnowledgeError with all faults.

    The folder holds ``sources.toml`` and ``rules/``; ``rules/retired.toml`` lists ids never used again.
    """
    root = folder or KNOWLEDGE
    sources = {source.key: source for source in load_sources(folder)}
    faults: list[str] = []
    taken: dict[str, str] = {}
    rules = []
    names = {f"rules/{file.name}" for file in (root / "rules").iterdir() if file.name.endswith(".toml")}
    _entries(root, "rules/retired.toml", "retired", partial(check_id, taken=taken), faults)
    for name in sorted(names - {"rules/retired.toml"}):
        check = partial(check_rule, taken=taken, sources=sources)
        rules += [(raw, name) for raw in _entries(root, name, "rule", check, faults)]
    if faults:
        raise KnowledgeError(faults)
    return tuple(rule_of(raw, name) for raw, name in rules)


@cache
def load_sources(folder: Path | None = None) -> tuple[Source, ...]:
    """The sources rules may cite, by ``sources.toml`` of a knowledge folder; KnowledgeError if unsound."""
    faults: list[str] = []
    entries = _entries(folder or KNOWLEDGE, "sources.toml", "source", partial(check_id, taken={}), faults)
    if faults:
        raise KnowledgeError(faults)
    return tuple(Source(**{**raw, "authority": Authority(raw["authority"])}) for raw in entries)


def _entries(root: Traversable, name: str, kind: str, check: Check, faults: list[str]) -> list[Table]:
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
        found = [*check_shape(raw, SHAPES[kind])]
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


def rule_of(raw: Table, name: str) -> Rule:
    """A checked ``[[rule]]`` as a Rule."""
    return Rule(
        id=raw["id"],
        says=raw["says"],
        when={name: words(value) for name, value in raw["when"].items()},
        authority=Authority(raw["authority"]),
        source=raw["source"],
        rationale=raw["rationale"].strip(),
        examples=tuple(Example(**{**each, "codes": words(each["codes"])}) for each in raw["example"]),
        code=words(raw.get("code")),
        split_by=raw.get("split_by", ""),
        code_by={value: words(answer) for value, answer in raw.get("code_by", {}).items()},
        confirm=raw.get("confirm", ""),
        file=name,
    )
