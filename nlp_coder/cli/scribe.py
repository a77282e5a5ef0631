"""``nlp-coder scribe``: what an AI scribe delivers in, the audit of its note and its codes out."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nlp_coder.cli.options import SETTINGS, Date, Output, choice, day, examples, one_of
from nlp_coder.cli.write import columns, guard, put, say, styled
from nlp_coder.errors import KnowledgeError, NlpCoderError, NoteError

if TYPE_CHECKING:
    from nlp_coder.scribe.nouns import ScribeAudit, ScribeDocument

EXAMPLES = examples(
    "nlp-coder scribe visit.json --date 2026-05-12",
    "nlp-coder scribe visit.txt --proposed M54.5 --format json --fail-on error",
    "nlp-coder scribe bundle.json --format fhir -o audited.json",
    "nlp-coder scribe visits.jsonl --format json -o audits.jsonl",
)

_FORMS = ("auto", "text", "soap-json", "fhir", "ccda")
_FORMATS = ("text", "json", "html", "fhir")
_INVALID = frozenset({"not-a-code", "unknown-code", "retired", "not-yet-valid", "missing-character", "header"})
_FAILS = {
    "unsupported": frozenset({"unsupported", "superseded"}),
    "conflict": frozenset({"conflict"}),
    "unspecified": frozenset({"unspecified"}),
    "invalid": _INVALID,
    "missing": frozenset({"missing"}),
    "unheard": frozenset({"contradicted", "never-mentioned"}),
    "cloned": frozenset({"only-cloned"}),
}
"""What --fail-on takes, and the findings it means; error is any error, review any error or warning."""
_FAIL_ON = (*_FAILS, "error", "review")

_How = tuple[str, str | None, str | None]
"""Form, mapping and setting."""
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_FAILED = '{"schema":"nlp-coder/failure/1"'
"""How the line of a document that was not audited begins."""

Input = Annotated[
    str,
    typer.Argument(
        metavar="INPUT", help="The document's file, - for stdin; a .jsonl file (or .jsonl.gz) holds one a line."
    ),
]
From = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="|".join(_FORMS),
        help="What the document is; auto looks at it.",
    ),
]
Map = Annotated[str | None, typer.Option("--map", metavar="FILE", help="mapping.toml: where things stand in the JSON.")]
Codes = Annotated[list[str] | None, typer.Option("--proposed", metavar="CODE", help="A code the scribe proposes.")]
Transcript = Annotated[str | None, typer.Option(metavar="FILE", help="The dialogue of doctor and patient.")]
Previous = Annotated[list[str] | None, typer.Option(metavar="FILE", help="An earlier note of the same patient.")]
Form = Annotated[str, choice("--format", _FORMATS, "How to answer.")]
Workers = Annotated[int, typer.Option(min=1, metavar="N", help="Processes that read a .jsonl file.")]
Setting = Annotated[
    str | None,
    choice("--setting", SETTINGS, "Where the patient was seen, in place of what the document says."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a .jsonl file whose run was cut off.")]
FailOn = Annotated[
    list[str] | None,
    typer.Option(metavar="|".join(_FAIL_ON), help="Exit with 1 if the audit finds such a thing."),
]


def scribe(
    source: Input,
    form: From = "auto",
    mapping: Map = None,
    proposed: Codes = None,
    date: Date = None,
    transcript: Transcript = None,
    previous: Previous = None,
    answer: Form = "text",
    output: Output = None,
    fail_on: FailOn = None,
    workers: Workers = 1,
    setting: Setting = None,
    resume: Resume = False,
) -> None:
    """Check what an AI scribe wrote and coded.

    Exit codes: 0 audited, 1 something of --fail-on was found (or a line of a JSONL file failed), 2 bad input.
    """
    with _refusals(answer):
        one_of("--from", *_FORMS)(form)
        for word in fail_on or []:
            one_of("--fail-on", *_FAIL_ON)(word)
        guard(output, source=source)
        words = _bytes(mapping).decode("utf-8", "replace") if mapping else None
        if source.lower().endswith(_LINES):
            if proposed or date or transcript or previous:
                raise NoteError("--proposed, --date, --transcript and --previous are of one document, not of many.")
            if answer != "json":
                raise NoteError("a JSONL file is answered in JSON lines: add --format json.")
            failed = _batch(source, (form, words, setting), workers, output, resume, fail_on or [])
        else:
            if resume:
                raise NoteError("--resume is of a .jsonl file.")
            read = _document(source, form, words, setting)
            read = _given(read, proposed or [], day(date), transcript, previous or [])
            failed = _one(read, answer, output, fail_on or [])
    if failed:
        raise typer.Exit(1)


@contextmanager
def _refusals(answer: str) -> Iterator[None]:
    """With --format json a refusal is a JSON object on stderr, else the line that every command gives."""
    try:
        yield
    except KnowledgeError:
        raise
    except NlpCoderError as error:
        if answer != "json":
            raise
        line = {"schema": "nlp-coder/error/1", "error": str(error)}
        sys.stderr.write(json.dumps(line) + "\n")
        raise typer.Exit(2) from None


def _document(source: str, form: str, mapping: str | None, setting: str | None = None) -> ScribeDocument:
    from nlp_coder.scribe.read import read

    document = read(_bytes(source), form, mapping)
    return replace(document, setting=setting or document.setting)


def _given(
    document: ScribeDocument,
    proposed: list[str],
    date: datetime.date | None,
    transcript: str | None,
    previous: list[str],
) -> ScribeDocument:
    """The document with what the command line adds to it."""
    from nlp_coder.scribe.nouns import Proposed

    if any(not code.strip() for code in proposed):
        raise NoteError("--proposed takes a code, such as M54.50.")
    return replace(
        document,
        proposed=(*document.proposed, *(Proposed(code.strip()) for code in proposed)),
        date_of_service=date or document.date_of_service,
        transcript=_dialogue(transcript) if transcript else document.transcript,
        previous=(*document.previous, *(_document(name, "auto", None).text for name in previous)),
    )


def _dialogue(name: str) -> str:
    """A transcript: text, or JSON (a list of turns, or an object that holds one)."""
    from nlp_coder.scribe.read.loads import decoded, encoded, json_of
    from nlp_coder.scribe.read.shaped import transcript_of

    text = decoded(encoded(_bytes(name)), "the transcript")
    said = transcript_of(json_of(text)) if text.lstrip().startswith(("{", '["', "[{")) else text
    if not said.strip():
        raise NoteError(
            "the transcript has no words. Give the dialogue as text, or as JSON turns with speaker and text."
        )
    return said


def _one(document: ScribeDocument, answer: str, output: str | None, fail_on: list[str]) -> bool:
    from nlp_coder.coder import Coder
    from nlp_coder.scribe.audit import audit

    audited = audit(document, Coder())
    put(_rendered(audited, answer, output), output)
    return _fails([(one.id, one.severity) for one in audited.findings], fail_on)


def _fails(findings: list[tuple[str, str]], fail_on: list[str]) -> bool:
    """Whether a finding (its id and severity) is of a kind that --fail-on names."""
    ids = {id_ for id_, _ in findings}
    severities = {severity for _, severity in findings}
    grave = {"error": {"error"}, "review": {"error", "warning"}}
    return any(_FAILS.get(word, frozenset()) & ids or grave.get(word, set()) & severities for word in fail_on)


def _rendered(audit: ScribeAudit, answer: str, output: str | None) -> str:
    if answer == "json":
        from nlp_coder.scribe.as_json import to_json

        return to_json(audit)
    if answer == "fhir":
        from nlp_coder.scribe.as_fhir import to_fhir

        return to_fhir(audit, recorded=datetime.datetime.now(datetime.UTC))
    if answer == "html":
        from nlp_coder.scribe.as_html import as_html

        return as_html(audit)
    from nlp_coder.scribe.as_text import as_text

    return as_text(audit, width=columns(output), styled=styled(output))


def _batch(source: str, how: _How, workers: int, output: str | None, resume: bool, fail_on: list[str]) -> bool:
    """Every line audited and written; a line that fails says why in the answer, and the exit code tells."""
    number, failed, hit = 0, 0, False
    for line in _written(source, how, workers, output, resume):
        number += 1
        answer = json.loads(line) if fail_on or line.startswith(_FAILED) else {}
        failed += answer.get("schema") == "nlp-coder/failure/1"
        hit = hit or _fails([(one["id"], one["severity"]) for one in answer.get("findings", ())], fail_on)
    if failed:
        say(f"{failed} of {number} documents were not audited; their lines say why.")
    return hit or failed > 0


def _written(source: str, how: _How, workers: int, output: str | None, resume: bool) -> Iterator[str]:
    """The lines of the answer, each when it has been written; a device or named pipe gets them all at once."""
    from nlp_coder.scribe.batch import Way
    from nlp_coder.scribe.stored import answers, stored

    with _opened(source):  # a file that is not there is refused by its name
        pass
    target = None if output in (None, "-") else Path(output or "").resolve()
    if target and _is_plain(target):
        yield from stored(Path(source), Way(*how), workers, target, resume=resume)
        return
    if resume:
        raise NoteError("--resume goes on with a file: give -o.")
    found = answers(Path(source), Way(*how), workers)
    if target:
        lines = list(found)
        put("".join(lines), output)
        yield from lines
        return
    for line in found:
        put(line)
        yield line


def _is_plain(path: Path) -> bool:
    """Whether an output may be replaced when it is complete: a device or a named pipe has no neighbour to do so."""
    return not path.exists() or path.is_file()


def _bytes(name: str) -> bytes:
    if name == "-":
        if sys.stdin is None:
            raise NoteError("there is no document: stdin is closed. Give a file.")
        return sys.stdin.buffer.read()
    with _opened(name) as stream:
        return stream.read()


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    shown = name if len(name) <= 200 and not any(c.isspace() for c in name) else "the file"
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(name).open("rb"))
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or "it is no file name").lower()
            raise NoteError(f"cannot read {shown}: {reason}. Check the path.") from None
        yield stream
