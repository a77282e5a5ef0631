"""One proposed code against what the note earns: unsupported, more specific, superseded, in conflict, or unread."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

from nlp_coder import icd10cm
from nlp_coder.icd10cm import ExcludesProof
from nlp_coder.rules import load_rules
from nlp_coder.scribe.nouns import Finding
from nlp_coder.scribe.proposals import Proposal
from nlp_coder.scribe.validity import invalid, outside
from nlp_coder.types import Candidate, CodedNote, Evidence, SetAside

_GIVES_WAY = {"superseded": "superseded", "Excludes1": "superseded", "less specific": "unspecified"}
"""Reason of a set-aside → the finding it makes; any other reason leaves the code unsupported."""
_ONE_CONDITION = ("M43", "M45", "M47", "M48", "M50", "M51", "S")
"""Categories whose codes tell places or kinds of one condition; those of M54 name different ones."""
_SIDES = ("right", "left", "unspecified")


def verdict(proposal: Proposal, coded: CodedNote, day: datetime.date) -> Iterator[Finding]:
    """What is wrong with a proposed code that the note does not earn; nothing if it earns it surely."""
    code = proposal.code
    earned = {c.code: c for c in coded.codes}
    marks = tuple(Evidence("code", span) for span in proposal.printed)
    if proposal.fault:
        yield Finding("not-a-code", "error", code, proposal.fault, evidence=marks)
    elif code in earned:
        yield from _to_confirm(earned[code])
    elif outside(code):
        text = f"{code} is outside the scope of this program, which reads the spine: not checked."
        yield Finding("not-checked", "info", code, text, evidence=marks)
    elif (fault := invalid(code, day))[0]:
        yield _invalid(code, fault, coded, marks, day)
    else:
        yield _unearned(code, coded, marks, day)


def _to_confirm(c: Candidate) -> Iterator[Finding]:
    if c.confirm:
        text = f"The note earns {c.code}; a person must confirm {' and '.join(c.confirm)}."
        yield Finding("review", "warning", c.code, text, c.source, evidence=c.evidence)


def _invalid(
    code: str, fault: tuple[str, str], coded: CodedNote, marks: tuple[Evidence, ...], day: datetime.date
) -> Finding:
    """A code that cannot be billed on the day, with the one that the note earns in its place, if there is one."""
    better = [c for c in coded.codes if c.code.startswith(code)]
    by = {s.by for s in coded.set_aside if s.code.startswith(code)}
    better = better or [c for c in coded.codes if c.code in by] or _nearest(code, coded)
    nearest = icd10cm.suggest(code, day)
    instead = better[0].code if better else nearest[0] if len(nearest) == 1 else ""
    evidence = better[0].evidence if better else ()
    said = f" The note earns {instead}." if better else f" In force: {', '.join(nearest[:6])}." if nearest else ""
    release = icd10cm.release_on(day).name
    return Finding(fault[0], "error", code, fault[1] + said, f"tabular: {release}", instead, (*marks, *evidence))


def _unearned(code: str, coded: CodedNote, marks: tuple[Evidence, ...], day: datetime.date) -> Finding:
    """A billable code that the note does not earn: set aside by name, vaguer than an earned one, or without words."""
    aside = _set_aside(code, coded)
    if aside and aside.reason in _GIVES_WAY:
        return _gives_way(code, aside, coded, marks)
    exact = _exact(code, coded)
    if exact:
        text = f"{exact.code} is more specific: {exact.title}."
        return Finding("unspecified", "error", code, text, "guideline I.A.9.b", exact.code, (*marks, *exact.evidence))
    if aside:
        instead = next((c.code for c in _nearest(code, coded)), "")
        text = aside.why + (f" The note earns {instead}." if instead else "")
        return Finding("unsupported", "error", code, text, aside.source, instead, (*marks, *aside.evidence))
    stood = _stood_for(code, coded)
    if stood:
        return _gives_way(code, stood, coded, marks)
    return _excluded(code, coded, marks, day) or _without_words(code, coded, marks, day)


def _gives_way(code: str, aside: SetAside, coded: CodedNote, marks: tuple[Evidence, ...]) -> Finding:
    """A code that the note turns down for another; ``instead`` is the one that stands at the end of that chain."""
    by = aside.by
    gone = {s.code: s.by for s in coded.set_aside if s.by}
    for _ in gone:
        by = gone.get(by, by)
    instead = by if any(c.code == by for c in coded.codes) else ""
    id_ = _GIVES_WAY[aside.reason]
    return Finding(id_, "error", code, aside.why, aside.source, instead, (*marks, *aside.evidence))


def _excluded(code: str, coded: CodedNote, marks: tuple[Evidence, ...], day: datetime.date) -> Finding | None:
    """A symptom's own Excludes1 note names an earned diagnosis: that one stands in its place (guideline I.A.12.a)."""
    for c in coded.codes:
        for proof in icd10cm.excludes1(code, c.code, day):
            if proof.under == code and not (proof.unsettled or _of_injury(proof)):
                text = f"{c.code} stands in its place: Excludes1 at {proof.at}: {proof.text} ({proof.release})."
                return Finding("superseded", "error", code, text, "guideline I.A.12.a", c.code, (*marks, *c.evidence))
    return None


def _without_words(code: str, coded: CodedNote, marks: tuple[Evidence, ...], day: datetime.date) -> Finding:
    """No statement of the note leads to the code; where it earns a sibling, that and its words are shown."""
    near = _nearest(code, coded)
    if not near and code not in _reachable(day):
        text = f"The program has no rule for {code}, so it does not say whether the note supports it."
        return Finding("not-checked", "info", code, text, evidence=marks)
    if not near:
        text = f"The note has no words for {code}: {_title(code)}."
        return Finding("unsupported", "error", code, text, "guideline I.A.19", "", marks)
    best = near[0]
    text = f"The note says otherwise: it earns {best.code}, {best.title}."
    if other := _other_side(code, best.code):
        text = f"The note says {other[1]}, not {other[0]}: it earns {best.code}."
    return Finding("unsupported", "error", code, text, "guideline I.A.19", best.code, (*marks, *best.evidence))


def _other_side(code: str, earned: str) -> tuple[str, str] | None:
    """The side of each, where two codes differ in nothing else: (of the code, of the earned one)."""
    one, other = _title(code).lower().split(), _title(earned).lower().split()
    if len(one) != len(other):
        return None
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return apart[0] if len(apart) == 1 and set(apart[0]) <= set(_SIDES) else None


def _set_aside(code: str, coded: CodedNote) -> SetAside | None:
    """What was turned down under this code, the deciding reason first; else under a code of the same condition."""
    same = [s for s in coded.set_aside if s.code == code]
    stem = icd10cm.entry(code)
    parent = stem.parent if stem and stem.level == "code" and len(stem.parent) > len("M54") else ""
    kin = [
        s
        for s in coded.set_aside
        if parent and s.code.startswith(parent) and s.reason not in _GIVES_WAY and _vague(code, s.code)
    ]
    return min(same or kin, key=lambda s: (s.reason not in _GIVES_WAY, not s.by), default=None)


def _vague(*codes: str) -> bool:
    return any("unspecified" in _title(code).lower() for code in codes)


def _exact(code: str, coded: CodedNote) -> Candidate | None:
    """The earned code of the same header that says what this one leaves unspecified, or lies deeper under it."""
    entry = icd10cm.entry(code)
    if entry is None or not _vague(code):
        return None
    before = entry.title.lower().count("unspecified")
    for c in coded.codes:
        if c.code.startswith(entry.parent):
            earned = icd10cm.entry(c.code)
            deeper = earned is not None and earned.parent != entry.parent
            if deeper or _title(c.code).lower().count("unspecified") < before:
                return c
    return None


def _stood_for(code: str, coded: CodedNote) -> SetAside | None:
    """A turned-down code of the same header that gave way to an earned one: the vaguer code does so too."""
    entry = icd10cm.entry(code)
    earned = {c.code for c in coded.codes}
    if entry is None:
        return None
    kin = (s for s in coded.set_aside if s.code.startswith(entry.parent) and s.reason in _GIVES_WAY)
    return next((s for s in kin if s.by in earned), None)


def _nearest(code: str, coded: CodedNote) -> list[Candidate]:
    """The earned codes of the same condition elsewhere or otherwise, those that share most of the code first."""
    alike = len(code[:3]) if code.startswith(_ONE_CONDITION) else len("M54.1")
    near = [c for c in coded.codes if c.code[:alike] == code[:alike]]
    return sorted(near, key=lambda c: -_shared(code, c.code))


def _shared(a: str, b: str) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


@cache
def _reachable(day: datetime.date) -> frozenset[str]:
    """The codes that some rule gives, as they stood on the day."""
    codes = {code for rule in load_rules() for code in rule.codes}
    return frozenset(icd10cm.in_force(code, day) or code for code in codes)


def _title(code: str) -> str:
    entry = icd10cm.entry(code)
    return entry.title if entry else ""


def _of_injury(proof: ExcludesProof) -> bool:
    """The block's note on current injuries means the same region, which an unearned code does not tell."""
    return proof.level == "block" and proof.text.startswith("current injury")


def conflicts(found: Sequence[Proposal], coded: CodedNote, day: datetime.date) -> Iterator[Finding]:
    """Proposed pairs that an Excludes1 note parts (I.A.12.a), unless the note earns both; the unearned one is named."""
    earned = {c.code: c for c in coded.codes}
    valid = [p for p in found if not p.fault and not invalid(p.code, day)[0]]
    for a, b in combinations(valid, 2):
        proofs = icd10cm.excludes1(a.code, b.code, day)
        if not proofs or (a.code in earned and b.code in earned):
            continue
        wrong, kept = (a, b) if b.code in earned or a.code not in earned else (b, a)
        proof = min(proofs, key=lambda p: (bool(p.unsettled), _of_injury(p)))
        text = f"{wrong.code} and {kept.code} are not used together: Excludes1 at {proof.at}: {proof.text}."
        sure = not proof.unsettled and not _of_injury(proof)
        if proof.unsettled:
            text += f" Open: {proof.unsettled}."
        marks = [Evidence("code", span) for span in (*wrong.printed, *kept.printed)]
        words = earned[kept.code].evidence if kept.code in earned else ()
        yield Finding(
            "conflict",
            "error" if sure else "warning",
            wrong.code,
            text,
            f"guideline I.A.12.a; tabular: {proof.release}",
            kept.code if kept.code in earned else "",
            (*marks, *words),
        )
