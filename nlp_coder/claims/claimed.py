"""A claim and what is found about it: codes in claim order, procedures, and findings with authority and fix."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from nlp_coder.types import Authority, Evidence

SEVERITIES = ("error", "warning", "info")
"""error: the claim is wrong as it stands. warning: a person must look. info: good to know."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One encounter's claim: diagnosis codes as typed, in order; ``cpt`` are procedure codes, numbers only.

    ``purpose`` is evaluation, pain-management or therapy; None: not known. ``day`` None: the newest release.
    ``payer`` chooses whose policies are asked too; ``visit`` counts the visits of this treatment from 1.
    """

    codes: tuple[str, ...]
    id: str = ""
    day: datetime.date | None = None
    purpose: str | None = None
    cpt: tuple[str, ...] = ()
    payer: str = ""
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """One thing to know about a claim: ``text`` says what is wrong, ``fix`` what to do, ``source`` who says so.

    ``codes`` are the claim's codes it is about; ``evidence`` are words of the note, where one was given.
    """

    id: str
    severity: str
    text: str
    authority: Authority
    source: str
    fix: str
    codes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def ranked(findings: Iterable[ClaimFinding]) -> tuple[ClaimFinding, ...]:
    """Errors first, then warnings, then what is only good to know; otherwise in the order found, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: SEVERITIES.index(finding.severity)))


def clean(findings: Iterable[ClaimFinding]) -> bool:
    """Whether nothing must be changed or looked at: no error and no warning."""
    return all(finding.severity == "info" for finding in findings)
