"""Sentences that say what the Official Guidelines say: held against ``guideline_claims.toml``, topic by topic."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from nlp_coder.claims.factcheck.sentence import Said, Sentence
from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token
from nlp_coder.errors import KnowledgeError

_FIELDS = {"id", "says", "source", "all_of", "none_of", "wrong", "right"}


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
    data = tomllib.loads(root.joinpath("guideline_claims.toml").read_text(encoding="utf-8"))
    found, faults = [], []
    for row in data.get("topic", []):
        place = f"guideline_claims.toml [{row.get('id', '?')}]"
        missing = _FIELDS - row.keys()
        if missing or row.keys() - _FIELDS:
            faults.append(f"{place}: write exactly {', '.join(sorted(_FIELDS))}.")
            continue
        groups = tuple(tuple(group) for group in row["all_of"])
        if not groups or not all(groups) or not row["wrong"] or not row["right"]:
            faults.append(f"{place}: write at least one group of words, one wrong and one right sentence.")
        none, wrong, right = (tuple(row[key]) for key in ("none_of", "wrong", "right"))
        found.append(Topic(row["id"], row["says"], row["source"], groups, none, wrong, right))
    if faults:
        raise KnowledgeError(faults)
    return tuple(found)


def guided(sentence: Sentence) -> Iterator[Said]:
    """The topics that a sentence contradicts."""
    for topic in topics():
        if any(topic.contradicted(part) for part in sentence.text.split(";")):
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
