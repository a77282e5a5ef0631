"""Is the knowledge sound? Every fault of every file at once; used by ``nlp-coder check`` and by the tests."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from nlp_coder import icd10cm, lexicon, questions, talk
from nlp_coder.claims.factcheck.guided import topics
from nlp_coder.claims.factcheck.names import listed_names
from nlp_coder.claims.lint import load_queries
from nlp_coder.claims.payers import load_policies
from nlp_coder.coder import Coder
from nlp_coder.errors import KnowledgeError
from nlp_coder.rules import Example, Rule, load_rules, load_sources
from nlp_coder.types import Note


def check_knowledge(examples: bool = True) -> list[str]:
    """Faults of all knowledge files, payers' included; with ``examples``, of the codes that rules' examples earn."""
    found: list[str] = []
    loaders: tuple[Callable[[], object], ...] = (
        lexicon.load_spellings,
        lexicon.load_misspelt,
        lexicon.load_terms,
        lexicon.load_cues,
        lexicon.load_headings,
        talk.load_topics,
        talk.load_spoken,
        load_sources,
        load_rules,
        questions.wordings,
        load_policies,
        listed_names,
        topics,
        load_queries,
    )
    for load in loaders:
        try:
            load()
        except KnowledgeError as error:
            found.extend(f for f in error.faults if f not in found)
    found.extend(icd10cm.faults())
    if found:
        return found
    found.extend(_codes())
    if examples and not found:
        found.extend(_examples())
    return found


def _codes() -> Iterator[str]:
    """Every code of a rule or example is in the table and billable on its day; every M54 code is reachable."""
    today = icd10cm.newest_release().valid_from
    reached: set[str] = set()
    for rule in load_rules():
        reached |= set(rule.codes)
        for code in rule.codes:
            if not icd10cm.billable_on(code, today):
                yield f"{rule.file} [{rule.id}]: {code} is not billable today."
        for example in rule.examples:
            for code in example.codes:
                if not icd10cm.billable_on(code, example.date or today):
                    yield f"{rule.file} [{rule.id}]: example code {code} is not billable on its day."
    billable = {c for c in icd10cm.billable_codes(today) if c.startswith("M54")}
    for code in sorted(billable - reached):
        yield f"rules: no rule reaches {code}."


def _examples() -> Iterator[str]:
    coder = Coder()
    for rule in load_rules():
        for number, example in enumerate(rule.examples, 1):
            got = earned(coder, example)
            if got != example.codes:
                yield _differs(rule, number, example, got)


def earned(coder: Coder, example: Example) -> tuple[str, ...]:
    """The codes an example's note earns on its day, in claim order."""
    day: datetime.date | None = example.date
    note = Note(text=example.note, date_of_service=day, setting=example.setting, purpose=example.purpose)
    return tuple(c.code for c in coder.code(note).codes)


def _differs(rule: Rule, number: int, example: Example, got: tuple[str, ...]) -> str:
    wanted = ", ".join(example.codes) or "no code"
    return f"{rule.file} [{rule.id}]: example {number} earns {', '.join(got) or 'no code'}, it says {wanted}."
