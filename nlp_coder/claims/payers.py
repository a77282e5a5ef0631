"""Procedures beside codes: what payers and guides want to see, as alerts that never change a code."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from nlp_coder.claims.claimed import Claim, ClaimFinding
from nlp_coder.errors import InputError, KnowledgeError
from nlp_coder.rules import load_sources
from nlp_coder.rules.sound import check_shape, use, words
from nlp_coder.types import Authority, CodedNote, Context, Evidence, Span

OURS = "payers.toml"
_POLICY = {
    "id": str, "says": str, "cpt": list, "payer?": str, "accepts?": list, "questions?": list, "visits?": int,
    "from?": datetime.date, "to?": datetime.date, "authority": ("payer", "article"), "source": str, "why": str,
    "evidence?": list,
}  # fmt: skip  # in the order a policy is written
_EVIDENCE = {"says": str, "words?": list, "finding?": list}
_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
_DENIED = re.compile(r"\b(?:no|not|denies|denied|without|negative for)\b[^.;\n]{0,25}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a note should show: ``says`` in plain words; ``words`` of the note or a ``finding`` of a study show it."""

    says: str
    words: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One payer's or guide's rule about procedures; codes are stems, ``visits`` None where no number is set."""

    id: str
    says: str
    cpt: tuple[str, ...]
    authority: Authority
    source: str
    why: str
    payer: str = ""
    accepts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    visits: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    evidence: tuple[Wanted, ...] = ()

    def holds(self, claim: Claim) -> bool:
        """Whether the policy speaks of this claim: procedure, payer and day."""
        ours = not self.payer or self.payer.casefold() == claim.payer.casefold()
        day = claim.day
        in_time = day is None or ((self.since or day) <= day <= (self.until or day))
        return bool(ours and in_time and set(self.cpt) & set(claim.cpt))


@cache
def load_policies(own: Path | None = None) -> tuple[Policy, ...]:
    """Our policies, or those of a practice's file; KnowledgeError with all faults, InputError if it cannot be read."""
    try:
        text = (own or files("nlp_coder") / "knowledge" / OURS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError("the policies cannot be read. Give --policies a TOML file in UTF-8.") from None
    name = own.name if own else OURS
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([f"{name}: not valid TOML: {error}"]) from None
    entries = data.get("policy", [])
    found = [f"{name}: unknown entry '{key}'. Use: [[policy]]" for key in data if key != "policy"]
    if not isinstance(entries, list) or not entries or not all(isinstance(raw, dict) for raw in entries):
        found.append(f"{name}: there is no policy. Write [[policy]], in double brackets.")
        raise KnowledgeError(found)
    taken: set[str] = set()
    for raw in entries:
        found += [f"{name}:{_line(text, raw, word)} [{raw.get('id')}]: {fault}" for fault, word in _faults(raw, taken)]
    if found:
        raise KnowledgeError(found)
    return tuple(_policy(raw) for raw in entries)


def _line(text: str, raw: dict[str, Any], word: str) -> int:
    """The line of a word within the policy, else of the policy's id."""
    start = max(0, text.find(f'"{raw.get("id")}"'))
    end = text.find("[[policy]]", start)
    at = text.find(word, start, end if end > 0 else len(text)) if word else -1
    return text.count("\n", 0, max(at, start)) + 1


def _faults(raw: dict[str, Any], taken: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one policy, and the word to look for."""
    yield from check_shape(raw, _POLICY)
    id_ = str(raw.get("id"))
    if id_ in taken:
        yield f"'{id_}' is used twice.", id_
    taken.add(id_)
    for number in raw.get("cpt", ()):
        if not re.fullmatch(r"[0-9]{5}", str(number)):
            yield f"'{number}' is no procedure number of five digits.", str(number)
    for key in ("accepts", "questions"):
        for code in raw.get(key, ()):
            if not _CODE.fullmatch(str(code)):
                yield f"'{code}' is not shaped like an ICD-10-CM code.", str(code)
    keys = [source.key for source in load_sources()]
    if (key := str(raw.get("source", "")).partition(": ")[0]) not in keys:
        yield f"'source' must be a key of sources.toml, ': ' and the place.{use(key, keys)}", "source"
    for wanted in raw.get("evidence", ()):
        for fault, word in check_shape(wanted, _EVIDENCE):
            yield f"evidence: {fault}", word
        if not wanted.get("words") and not wanted.get("finding"):
            yield "evidence: write 'words' or 'finding'.", "evidence"


def _policy(raw: dict[str, Any]) -> Policy:
    shown = tuple(
        Wanted(each["says"], words(each.get("words")), words(each.get("finding"))) for each in raw.get("evidence", ())
    )
    return Policy(
        id=raw["id"],
        says=raw["says"],
        cpt=words(raw["cpt"]),
        source=raw["source"],
        why=raw["why"],
        accepts=words(raw.get("accepts")),
        questions=words(raw.get("questions")),
        authority=Authority(raw["authority"]),
        payer=raw.get("payer", ""),
        visits=raw.get("visits"),
        since=raw.get("from"),
        until=raw.get("to"),
        evidence=shown,
    )


def alerts(
    claim: Claim, codes: Sequence[str], policies: Sequence[Policy], note: CodedNote | None
) -> Iterator[ClaimFinding]:
    """What each policy that holds would object to: codes, visits, and what the note does not show."""
    for policy in policies:
        if not policy.holds(claim):
            continue
        done = ", ".join(number for number in claim.cpt if number in policy.cpt)
        if policy.accepts and not any(code.startswith(policy.accepts) for code in codes):
            text = f"{done}: the claim has none of {', '.join(policy.accepts)}. {policy.says}"
            fix = "Check coverage before the procedure. Never change a code for it."
            yield _alert(policy, "code", "warning", text, fix)
        if doubted := [code for code in codes[:1] if policy.questions and code.startswith(policy.questions)]:
            text = f"{done} beside {doubted[0]} is likely to be questioned. {policy.says}"
            fix = "Look whether the record says more; if it does not, the code stands and the payer may ask."
            yield _alert(policy, "code", "warning", text, fix, doubted[0])
        if policy.visits is not None and claim.visit is not None and claim.visit > policy.visits:
            text = f"Visit {claim.visit} of {done}: the policy names {policy.visits}. {policy.why}"
            yield _alert(policy, "visits", "warning", text, "Show the improvement, or expect a denial.")
        for wanted in policy.evidence:
            yield _evidence(policy, done, wanted, note)


def _evidence(policy: Policy, done: str, wanted: Wanted, note: CodedNote | None) -> ClaimFinding:
    if note is None:
        text = f"{done}: the record should show {wanted.says}. No note was given to look in."
        return _alert(policy, "evidence", "info", text, "Look, or give --note.")
    if shown := _shown(wanted, note):
        text = f"{done}: the record should show {wanted.says}. The note has it."
        return _alert(policy, "evidence", "info", text, "Nothing.", evidence=shown)
    text = f"{done}: the record should show {wanted.says}. The note does not show it."
    return _alert(policy, "evidence", "warning", text, "Ask the provider whether it was so; document what was found.")


def _shown(wanted: Wanted, note: CodedNote) -> tuple[Evidence, ...]:
    """The words of the note that show it, undenied; a finding as the program reads studies."""
    found = [
        evidence
        for finding in note.findings
        if finding.what in wanted.finding and finding.context is Context.PRESENT
        for evidence in finding.evidence
    ]
    text = note.note.text
    for word in wanted.words:
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            if not _DENIED.search(text[: match.start()][-40:]):
                found.append(Evidence("evidence", Span(match.start(), match.end(), match[0])))
                break
    return tuple(found[:3])


def _alert(
    policy: Policy, what: str, severity: str, text: str, fix: str, *codes: str, evidence: tuple[Evidence, ...] = ()
) -> ClaimFinding:
    return ClaimFinding(f"{policy.id}-{what}", severity, text, policy.authority, policy.source, fix, codes, evidence)
