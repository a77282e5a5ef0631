"""Facts in, candidates out: the coding rules of ``knowledge/rules/*.toml``, read, checked and applied.

A rule asks about fields of a fact and answers with codes. It never looks at a fact's context (negated,
uncertain …): the guidelines turn those candidates down and say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from nlp_coder.rules.nouns import FIELDS, Example, Rule, Source
from nlp_coder.rules.read import load_rules, load_sources
from nlp_coder.types import NOT_STATED, Candidate, Evidence, Fact

__all__ = ["FIELDS", "Example", "Rule", "Source", "load_rules", "load_sources", "propose"]


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
