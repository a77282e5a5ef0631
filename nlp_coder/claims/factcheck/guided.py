"""Sentences that say what the Official Guidelines say: held against ``guideline_claims.toml``, topic by topic."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token
from nlp_coder.errors import KnowledgeError

_FIELDS = ("id", "says", "source", "all_of", "none_of", "wrong", "right")


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that pages get wrong: the guideline in our words, and the words of a sentence that contradicts it.

    Of each group of ``all_of`` one phrase must stand in the sentence, of ``none_of`` none. ``wrong`` and ``right``
    are sentences that it must and must not contradict.
    """

    id: str
    says: str
    source: str
    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...]
    wrong: tuple[str, ...]
    right: tuple[str, ...]

    def contradicted(self, text: str) -> bool:
        """Whether a sentence, or a part of it, says otherwise."""
        return all(_any(group, text) for group in self.all_of) and not _any(self.none_of, text)


@cache
def topics(folder: Path | None = None) -> tuple[Topic, ...]:
    """The topics of a knowledge folder (None: ours); KnowledgeError with every fault of the file."""
    root = folder or files("nlp_coder").joinpath("knowledge")
    text = root.joinpath("guideline_claims.toml").read_text(encoding="utf-8")
    try:
        rows = tomllib.loads(text).get("topic", [])
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([f"guideline_claims.toml: not valid TOML: {error}"]) from None
    if faults := [fault for row in rows for fault in _faults(row, text)]:
        raise KnowledgeError(faults)
    return tuple(_topic(row) for row in rows)


def _topic(row: dict[str, Any]) -> Topic:
    groups = tuple(tuple(group) for group in row["all_of"])
    none, wrong, right = (tuple(row[key]) for key in ("none_of", "wrong", "right"))
    return Topic(row["id"], row["says"], row["source"], groups, none, wrong, right)


def _faults(row: dict[str, Any], text: str) -> Iterator[str]:
    """What is wrong with a topic, with the line of the key or, of a missing one, of the id."""
    id_ = str(row.get("id", "?"))
    at = max(0, text.find(f'"{id_}"'))

    def place(key: str = "") -> str:
        line = text.count("\n", 0, text.find(f"\n{key}", at) + 1 if key else at) + 1
        return f"guideline_claims.toml:{line} [{id_}]"

    yield from (f"{place()}: '{key}' is missing." for key in _FIELDS if key not in row)
    unknown = (key for key in row if key not in _FIELDS)
    yield from (f"{place(key)}: unknown key '{key}'. Use: {', '.join(_FIELDS)}." for key in unknown)
    empty = (key for key in ("all_of", "wrong", "right") if key in row and not (row[key] and all(row[key])))
    yield from (f"{place(key)}: '{key}' is empty. Write at least one." for key in empty)


_PART = re.compile(r";|, (?:so|but|and|though|although|while|whereas)\b| ?[—–] ?")
_TURNED = re.compile(
    r"(?<=[\w,] )(?:but|however|in fact|actually|yet|wrong|false|untrue|myth|say|says|claim|claims|thinks?)\b", re.I
)


def _parts(text: str) -> list[str]:
    """A sentence's halves; where nothing in it takes back what is said, also its clauses."""
    return text.split(";") if _TURNED.search(text) else [*text.split(";"), *_PART.split(text)]


def guided(sentence: Sentence) -> Iterator[Said]:
    """The topics that a sentence contradicts."""
    for topic in topics():
        if any(topic.contradicted(part) for part in _parts(sentence.text)):
            token = sentence.tokens[0] if sentence.tokens else Token(0, 0, "", ("",))
            answer: Answer = ("contradicted", topic.says, f"guideline {topic.source}")
            yield "guideline", token, sentence.tokens, answer


def _any(phrases: tuple[str, ...], text: str) -> bool:
    return bool(phrases) and bool(_compiled(phrases).search(text))


@cache
def _compiled(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Phrases as one pattern: whole words, ``*`` at the end for any ending, ``…`` for up to five words between.

    Without letter case, but for a phrase that has a capital of its own.
    """
    return re.compile(
        "|".join(f"(?{'' if phrase != phrase.lower() else 'i'}:{_pattern(phrase)})" for phrase in phrases)
    )


def _pattern(phrase: str) -> str:
    parts = [
        r"\s+".join(re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in part.split())
        for part in phrase.split("…")
    ]
    return r"(?<!\w)" + r"(?:\W+\w+){0,5}?\W+".join(parts) + r"(?!\w)"
