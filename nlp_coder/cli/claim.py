"""``nlp-coder claim``: a claim's codes in, what is wrong with them out; with its note, what the note says instead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp_coder.claims.checked import as_written, check_claim
from nlp_coder.claims.claimed import Claim, ClaimFinding, clean
from nlp_coder.claims.inputs import Read, read_claims
from nlp_coder.claims.payers import Policy, load_policies
from nlp_coder.cli.options import Date, Output, Purpose, choice, day, examples
from nlp_coder.cli.read import read_note
from nlp_coder.cli.write import columns, guard, put, put_answer, styled
from nlp_coder.errors import NoteError
from nlp_coder.icd10cm import entry, newest_release, release_on
from nlp_coder.render.layout import Row, hanging, labelled, page
from nlp_coder.render.marks import lines_of
from nlp_coder.render.words import citation

if TYPE_CHECKING:
    from nlp_coder import CodedNote

EXAMPLES = examples(
    "nlp-coder claim M54.50 M51.16 --date 2026-05-12",
    "nlp-coder claim M54.51 --cpt 64628 --note visit.txt",
    "nlp-coder claim M54.41 --note visit.txt --appeal",
    "nlp-coder claim --claims may.csv --format json -o may.jsonl",
)
SCHEMA = "nlp-coder/claim/1"
_STYLE = {"error": "error", "warning": "confirm", "info": "bold"}

Codes = Annotated[list[str] | None, typer.Argument(metavar="CODE", help="The claim's codes, in order.")]
Cpt = Annotated[list[str] | None, typer.Option("--cpt", metavar="NUMBER", help="A procedure of the claim; repeatable.")]
NoteFile = Annotated[str | None, typer.Option("--note", metavar="FILE", help="The note; - reads stdin.")]
Claims = Annotated[
    str | None, typer.Option("--claims", metavar="FILE", help="Many claims: .csv, .jsonl, or FHIR Claim as .json.")
]
Policies = Annotated[
    list[str] | None, typer.Option("--policies", metavar="FILE", help="Your payers' policies (TOML); repeatable.")
]
Payer = Annotated[str, typer.Option(metavar="NAME", help="The payer, for policies that are one payer's.")]
Visit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Which visit of the treatment this is.")]
Appeal = Annotated[bool, typer.Option("--appeal", help="Print what the note says for the codes, for an appeal.")]
Form = Annotated[
    str,
    choice(
        "--format",
        ("text", "json", "html"),
        "How to answer; html with --appeal only. Many claims as json: one object a line.",
    ),
]


def claim(
    codes: Codes = None,
    date: Date = None,
    purpose: Purpose = None,
    cpt: Cpt = None,
    note: NoteFile = None,
    claims: Claims = None,
    policies: Policies = None,
    payer: Payer = "",
    visit: Visit = None,
    appeal: Appeal = False,
    form: Form = "text",
    output: Output = None,
) -> None:
    """Check a claim: its codes, pairs, order, procedures, and its note."""
    on = day(date)
    guard(output, source=claims or note)
    asked = tuple(policy for path in (None, *map(Path, policies or ())) for policy in load_policies(path))
    if form == "html" and not appeal:
        raise NoteError("--format html goes with --appeal. Use text or json.")
    if claims:
        if codes or note or appeal:
            raise NoteError("--claims takes a file of claims: no codes, --note or --appeal beside it.")
        raise typer.Exit(_many(read_claims(Path(claims)), asked, form, output))
    if not codes:
        raise NoteError("there is no code. Write the claim's codes in order, or --claims FILE.")
    one = Claim(tuple(codes), "", on, purpose, tuple(cpt or ()), payer, visit)
    if appeal and note is None:
        raise NoteError("--appeal wants the note. Give --note FILE.")
    coded = _coded(note, one) if note is not None else None
    if appeal and coded:
        put(_appeal(one, coded, form, output), output)
        return
    findings = check_claim(one, coded, asked)
    put_answer(_answer(one, findings, coded), lambda width: _blocks(one, findings, coded, width), form, output)
    raise typer.Exit(0 if clean(findings) else 1)


def _coded(file: str, one: Claim) -> CodedNote:
    from nlp_coder import Coder, Note

    note = Note(read_note(file, None), date_of_service=one.day, purpose=one.purpose)
    return Coder().code(note)


def _appeal(one: Claim, coded: CodedNote, form: str, output: str | None) -> str:
    from nlp_coder.claims.appeal import appeal
    from nlp_coder.render.as_appeal import appeal_html, appeal_text

    answer = appeal(one, coded)
    if form == "json":
        return json.dumps({"schema": "nlp-coder/appeal/1", **answer}, indent=2, ensure_ascii=True) + "\n"
    if form == "html":
        return appeal_html(answer)
    return appeal_text(answer, columns(output), styled=styled(output))


def _many(reads: Iterator[Read], asked: Sequence[Policy], form: str, output: str | None) -> int:
    """Every claim of a file, one object a line or one block each; 1 if any row has a fault or a finding to act on."""
    parts, code = [], 0
    width = columns(output)
    for read in reads:
        if read.claim is None:
            code = 1
            gone = {"schema": SCHEMA, "row": read.number, "fault": read.fault}
            block = hanging([], [(f"Row {read.number}: {read.fault}.", "error")], width)
            parts.append(json.dumps(gone) + "\n" if form == "json" else page([block], styled=styled(output)))
            continue
        findings = check_claim(read.claim, None, asked)
        code = code if clean(findings) else 1
        if form == "json":
            parts.append(json.dumps({**_answer(read.claim, findings, None), "row": read.number}) + "\n")
        else:
            parts.append(page(_blocks(read.claim, findings, None, width), styled=styled(output)))
    put(("" if form == "json" else "\n").join(parts), output)
    return code


def _answer(one: Claim, findings: Sequence[ClaimFinding], coded: CodedNote | None) -> dict[str, Any]:
    """All that is said of a claim; words of the note only where a note was given."""
    return {
        "schema": SCHEMA,
        "id": one.id,
        "codes": list(as_written(one)),
        "titles": {code: found.title for code in as_written(one) if (found := entry(code))},
        "date_of_service": one.day.isoformat() if one.day else None,
        "release": (release_on(one.day) if one.day else newest_release()).name,
        "cpt": list(one.cpt),
        "clean": clean(findings),
        "findings": [
            {
                **{name: value for name, value in asdict(finding).items() if name != "evidence"},
                "evidence": [
                    {"slot": item.slot, "start": item.start, "end": item.end, "text": item.text}
                    for item in finding.evidence
                ],
            }
            for finding in findings
        ],
        "note": coded is not None,
    }


def _blocks(one: Claim, findings: Sequence[ClaimFinding], coded: CodedNote | None, width: int) -> Iterator[list[Row]]:
    release = release_on(one.day) if one.day else newest_release()
    counts = [
        f"{number} {name}{'s' if number > 1 else ''}"
        for name in ("error", "warning")
        if (number := sum(finding.severity == name for finding in findings))
    ]
    verdict = ", ".join(counts) or "Nothing to change"
    when = one.day.isoformat() if one.day else "no date of service"
    name = f"{one.id} · " if one.id else ""
    head = hanging([], [(f"{name}{verdict}", "bold"), (f" · {when} · ICD-10-CM {release.name}", "")], width)
    for number, code in enumerate(as_written(one), 1):
        found = entry(code)
        head += hanging([(f"{number}  ", ""), (code, "bold"), ("  ", "")], [(found.title if found else "", "")], width)
    yield head
    for finding in findings:
        yield _finding(finding, coded, width)


def _finding(finding: ClaimFinding, coded: CodedNote | None, width: int) -> list[Row]:
    head = [(finding.severity, _STYLE[finding.severity]), (f"  {finding.id}", "")]
    rows = hanging([], head, width) + labelled("what", finding.text, width)
    if coded and finding.evidence:
        lines = lines_of(coded.note.text)
        quoted = (f"«{' '.join(item.text.split())}» line {lines.at(item.start)}" for item in finding.evidence)
        rows += labelled("words", "; ".join(dict.fromkeys(quoted)), width)
    rows += labelled("do", finding.fix, width)
    return rows + labelled("authority", citation(finding.source, finding.authority), width)
