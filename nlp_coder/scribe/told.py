"""What an audit says in words: the verdict on each proposed code, the headline, the findings as alerts of the note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nlp_coder.scribe.nouns import Finding, ScribeAudit
from nlp_coder.scribe.proposals import proposals
from nlp_coder.types import Alert, CodedNote

_ORDER = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A proposed code and what becomes of it: ``word`` is confirmed, the id of its gravest finding, or not judged."""

    code: str
    word: str
    severity: str = ""
    instead: str = ""


def verdicts(audit: ScribeAudit) -> Iterator[Verdict]:
    """The proposed codes, printed ones too, in order, each once, with their verdict."""
    for code in (one.code for one in proposals(audit.document)):
        found = [finding for finding in audit.findings if same(finding.code, code)]
        gravest = min(found, key=lambda finding: _ORDER.index(finding.severity), default=None)
        confirmed = any(same(one, code) for one in audit.confirmed)
        if gravest and not (confirmed and gravest.severity == "info"):
            yield Verdict(code, gravest.id, gravest.severity, gravest.instead)
        else:
            yield Verdict(code, "confirmed" if confirmed else "not judged")


def same(one: str, other: str) -> bool:
    """Whether two codes are one, point and case aside."""
    return one.replace(".", "").strip().upper() == other.replace(".", "").strip().upper()


def headline(audit: ScribeAudit) -> str:
    """The audit in one line: how many codes were proposed and confirmed, how many errors and warnings."""
    count = {severity: sum(one.severity == severity for one in audit.findings) for severity in _ORDER}
    proposed = len(proposals(audit.document))
    parts = [_counted(proposed, "code") + " proposed", f"{len(audit.confirmed)} confirmed"]
    parts += [_counted(count["error"], "error"), _counted(count["warning"], "warning")]
    return ", ".join(parts) + "."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def spoken_of(finding: Finding) -> str:
    """A finding's head: ``M54.5 retired, use M54.59``."""
    return f"{finding.code} {finding.id}".strip() + (f", use {finding.instead}" if finding.instead else "")


def as_coded(audit: ScribeAudit) -> CodedNote:
    """The final codes with the findings as alerts, first, so that pages and excerpts show the words they quote."""
    alerts = tuple(
        Alert(finding.id, finding.severity, f"{spoken_of(finding)}. {finding.text}", finding.source, finding.evidence)
        for finding in audit.findings
    )
    return replace(audit.coded, codes=audit.codes, alerts=alerts + audit.coded.alerts)
