"""``nlp-coder scribe`` from outside: documents, options, exit codes in a shell, and what is never said."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B import get_fhir_model_class
from scribe_sources import CCDA, FLAT, MAPPING, ODD, bundle, composition, condition

from nlp_coder.scribe.batch import Way
from nlp_coder.scribe.stored import part_of

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "docs" / "schema-scribe-audit.json").read_text("utf-8"))
NAME = "Zwinglifax"
OURS = [sys.executable, "-m", "nlp_coder", "scribe"]
NOTE = f"HPI: {NAME} has back pain.\nAssessment: Low back pain with right sciatica.\nPlan: Naproxen."


def run(*arguments: str, document: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command with some arguments; ``document`` is piped in."""
    given: dict[str, Any] = {"input": document} if document is not None else {"stdin": subprocess.DEVNULL}
    return subprocess.run([*OURS, *arguments], capture_output=True, check=False, **given)


def answer(done: subprocess.CompletedProcess[bytes], code: int = 0) -> dict[str, Any]:
    """The JSON of an answer that fits its schema."""
    assert (done.returncode, done.stderr) == (code, b""), done
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def kinds(found: dict[str, Any]) -> set[tuple[str, str]]:
    """The findings' ids with their codes."""
    return {(one["id"], one["code"]) for one in found["findings"]}


def test_a_text_with_proposed_codes() -> None:
    """What is proposed on the command line is judged by the note on stdin."""
    done = run(
        "-",
        "--proposed",
        "M54.5",
        "--proposed",
        "M54.31",
        "--date",
        "2026-05-12",
        "--format",
        "json",
        document=NOTE.encode(),
    )
    found = answer(done)
    assert found["confirmed"] == []
    assert {code["code"] for code in found["codes"]} == {"M54.41"}
    assert kinds(found) == {("retired", "M54.5"), ("superseded", "M54.31"), ("missing", "M54.41")}
    assert found["document"]["date_of_service"] == "2026-05-12"


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("visit.json", json.dumps(FLAT), "soap-json"),
        ("visit.xml", CCDA, "ccda"),
        ("bundle.json", json.dumps(bundle(composition(), condition("d1", "M54.32"))), "fhir"),
        ("visit.md", "## Assessment\n\n* Neck pain", "text"),
    ],
)
def test_the_form_is_told_by_the_document(tmp_path: Path, name: str, content: str, form: str) -> None:
    """Each form by how it begins."""
    (tmp_path / name).write_text(content)
    assert answer(run(str(tmp_path / name), "--format", "json"))["document"]["form"] == form


def test_a_mapping_a_transcript_and_an_earlier_note(tmp_path: Path) -> None:
    """Files given by option are read; a JSON transcript is turns."""
    (tmp_path / "odd.json").write_text(json.dumps(ODD))
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "said.json").write_text(json.dumps([{"speaker": "Patient", "text": "My upper back hurts."}]))
    (tmp_path / "before.txt").write_text("Plan: walk.")
    done = run(
        str(tmp_path / "odd.json"),
        *("--map", str(tmp_path / "mapping.toml"), "--transcript", str(tmp_path / "said.json")),
        *("--previous", str(tmp_path / "before.txt"), "--format", "json"),
    )
    found = answer(done)
    assert found["document"]["id"] == "4711"
    assert found["confirmed"] == ["M54.6"]


def test_fhir_in_and_out(tmp_path: Path) -> None:
    """The output file is a Bundle that validates."""
    (tmp_path / "in.json").write_text(json.dumps(bundle(composition(), condition("d1", "M54.32"))))
    done = run(str(tmp_path / "in.json"), "--format", "fhir", "-o", str(tmp_path / "out.json"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    get_fhir_model_class("Bundle").model_validate(json.loads((tmp_path / "out.json").read_text()))


@pytest.mark.parametrize(("form", "start"), [("text", b"1 code proposed, 0 confirmed"), ("html", b"<!doctype html>")])
def test_text_and_page(form: str, start: bytes) -> None:
    """Text to read, a page to look at."""
    done = run("-", "--proposed", "M54.31", "--format", form, document=NOTE.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(start)


# ------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("words", "proposed", "code"),
    [
        ([], ["M54.5"], 0),
        (["invalid"], ["M54.5"], 1),
        (["unsupported"], ["M54.12"], 1),
        (["unspecified"], ["M54.40"], 1),
        (["conflict"], ["M54.31", "M54.41"], 1),
        (["missing"], ["I10"], 1),
        (["error"], ["I10"], 0),
        (["review"], ["I10"], 1),
        (["review"], ["M54.41"], 0),
    ],
)
def test_fail_on(words: list[str], proposed: list[str], code: int) -> None:
    """1 if one of the named things was found; the answer is written all the same."""
    options = [part for word in words for part in ("--fail-on", word)]
    options += [part for one in proposed for part in ("--proposed", one)]
    done = run("-", "--format", "json", *options, document=NOTE.encode())
    answer(done, code)


def test_fail_on_what_the_dialogue_contradicts_and_what_is_copied(tmp_path: Path) -> None:
    """The other side in the dialogue; the whole note in an earlier one."""
    (tmp_path / "said.txt").write_text("[doctor] Where is it?\n[patient] My lower back hurts and down my left leg.\n")
    (tmp_path / "before.txt").write_text(NOTE)
    heard = ("--transcript", str(tmp_path / "said.txt"), "--fail-on", "unheard")
    copied = ("--previous", str(tmp_path / "before.txt"), "--fail-on", "cloned")
    known = ("--proposed", "M54.41", "--format", "json")
    assert ("contradicted", "M54.41") in kinds(answer(run("-", *heard, *known, document=NOTE.encode()), 1))
    assert ("only-cloned", "M54.41") in kinds(answer(run("-", *copied, *known, document=NOTE.encode()), 1))
    assert kinds(answer(run("-", *copied[2:], *heard[2:], *known, document=NOTE.encode()))) == set()


def test_the_pipeline_of_the_manual(tmp_path: Path) -> None:
    """The shell example of docs/scribe.md, as it stands there, in a shell."""
    manual = (ROOT / "docs" / "scribe.md").read_text("utf-8")
    script = manual.split("```sh gate\n")[1].split("```")[0]
    (tmp_path / "good.txt").write_text("Assessment: Right sciatica, ICD-10 M54.31.")
    (tmp_path / "bad.txt").write_text("Assessment: Right sciatica, ICD-10 M54.32.")
    (tmp_path / "empty.txt").write_text("")
    for folder in ("billing", "review", "repair"):
        (tmp_path / folder).mkdir()
    program = tmp_path / "nlp-coder"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(OURS[:-1])} "$@"\n')
    program.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
    )
    moved = {str(file.relative_to(tmp_path)) for file in tmp_path.glob("*/*.txt")}
    assert moved == {"billing/good.txt", "review/bad.txt", "repair/empty.txt"}, done.stderr


# ------------------------------------------------------------------ bad input

BAD = [
    (b'{"plan": ', (), "the document is malformed JSON at line 1, column 10."),
    (b"<!DOCTYPE x [<!ENTITY a 'b'>]><ClinicalDocument/>", (), "the document has a DOCTYPE"),
    (b"a" * 20_000_000, (), "the document is over 10 MB."),
    (NOTE.encode(), ("--date", "2026-02-30"), "--date takes a day of the calendar"),
    (NOTE.encode(), ("--date", "2014-02-03"), "Date of service 2014-02-03: ICD-10-CM begins"),
    (NOTE.encode(), ("--fail-on", "anything"), "--fail-on takes unsupported, conflict, unspecified, invalid, missing,"),
    (NOTE.encode(), ("--from", "docx"), "--from takes auto, text, soap-json, fhir or ccda."),
    (NOTE.encode(), ("--proposed", " "), "--proposed takes a code"),
    (NOTE.encode(), ("--map", "none.toml"), "cannot read none.toml: no such file or directory."),
    (NOTE.encode(), ("--transcript", "/dev/null"), "the transcript has no words."),
]


@pytest.mark.parametrize(("document", "options", "message"), BAD, ids=range(len(BAD)))
def test_bad_input(document: bytes, options: tuple[str, ...], message: str) -> None:
    """Exit 2, nothing on stdout, one line on stderr; a JSON object with --format json; the same words."""
    done = run("-", *options, document=document)
    line = done.stderr.decode()
    assert (done.returncode, done.stdout, line.count("\n")) == (2, b"", 1), line
    assert NAME not in line
    assert line.startswith(f"nlp-coder: {message}")
    done = run("-", "--format", "json", *options, document=document)
    assert (done.returncode, done.stdout) == (2, b"")
    refusal = json.loads(done.stderr)
    assert refusal == {"schema": "nlp-coder/error/1", "error": line.removeprefix("nlp-coder: ").rstrip("\n")}


def test_nothing_of_the_note_leaves_by_stderr() -> None:
    """Whatever is refused, and whatever is audited."""
    broken = json.dumps({"plan": f"{NAME} <script>"}).encode()
    for document in (broken, NOTE.encode(), f'{{"{NAME}": '.encode(), f"<{NAME}>".encode()):
        assert NAME.encode() not in run("-", document=document).stderr


# ------------------------------------------------------------------ JSON lines


def test_json_lines_lose_nothing(tmp_path: Path) -> None:
    """An answer a line in order: audits, and for what cannot be read a failure with what to do."""
    lines = [
        json.dumps(FLAT),
        '{"plan": ',
        "",
        json.dumps(bundle(composition(), condition("d1", "M54.32"))),
        json.dumps({"resourceType": "Patient", "id": "p1"}),
        json.dumps({"plan": NAME + "<script>"}),
    ]
    (tmp_path / "visits.jsonl").write_bytes("\n".join(lines).encode() + b"\nGout \xff\n")
    done = run(str(tmp_path / "visits.jsonl"), "--format", "json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["schema"], one.get("id")) for one in found] == [
        ("nlp-coder/scribe-audit/1", None),
        ("nlp-coder/failure/1", "line 2"),
        ("nlp-coder/scribe-audit/1", None),
        ("nlp-coder/failure/1", "line 5"),
        ("nlp-coder/failure/1", "line 6"),
        ("nlp-coder/failure/1", "line 7"),
    ]
    jsonschema.validate(found[0], SCHEMA)
    failures = [(one["number"], one["reason"], one["hint"][:38]) for one in found if "reason" in one]
    assert failures == [
        (1, "not audited", "the document is malformed JSON at line"),
        (3, "not audited", "the FHIR input holds no note: a Compos"),
        (4, "not audited", "the document holds a script or other a"),
        (5, "not UTF-8", "The byte at offset 5 of line 7 is no U"),
    ]
    assert (done.returncode, done.stderr) == (
        1,
        b"nlp-coder: 4 of 6 documents were not audited; their lines say why.\n",
    )
    assert NAME.encode() not in done.stdout
    two = run(str(tmp_path / "visits.jsonl"), "--format", "json", "--workers", "2", "-o", str(tmp_path / "out.jsonl"))
    assert (two.returncode, (tmp_path / "out.jsonl").read_bytes()) == (1, done.stdout)


def test_packed_lines_and_a_run_gone_on_with(tmp_path: Path) -> None:
    """A .jsonl.gz is answered as the plain file; a torn answer is completed, and only of the same input and options."""
    lines = [json.dumps({"assessment": problem}) for problem in ("Neck pain", "Low back pain", "Gout")]
    packed, out = tmp_path / "visits.jsonl.gz", tmp_path / "out.jsonl"
    packed.write_bytes(gzip.compress("\n".join([*lines, '{"plan": ']).encode()))
    whole = run(str(packed), "--format", "json")
    assert (whole.returncode, len(whole.stdout.splitlines())) == (1, 4)
    assert whole.stderr == b"nlp-coder: 1 of 4 documents were not audited; their lines say why.\n"
    refused = run(str(packed), "--format", "json", "-o", str(out), "--resume")
    assert (refused.returncode, out.exists()) == (2, False)
    part = part_of(packed, Way(), out)
    first, second = whole.stdout.splitlines(keepends=True)[:2]
    part.write_bytes(first.replace(b"M54.2", b"KEPT!") + second[:50])
    other = run(str(packed), "--format", "json", "-o", str(out), "--resume", "--setting", "inpatient")
    assert (other.returncode, out.exists()) == (2, False)
    done = run(str(packed), "--format", "json", "-o", str(out), "--resume")
    rest = whole.stdout[len(first) :]
    assert (done.returncode, done.stderr, part.exists()) == (1, whole.stderr, False)
    assert out.read_bytes() == first.replace(b"M54.2", b"KEPT!") + rest


def test_damaged_packing_keeps_what_was_answered(tmp_path: Path) -> None:
    """A .gz cut short: the refusal, and no output under its name that would pass for whole."""
    packed, out = tmp_path / "visits.jsonl.gz", tmp_path / "out.jsonl"
    packed.write_bytes(gzip.compress(json.dumps({"assessment": "Neck pain"}).encode())[:-8])
    done = run(str(packed), "--format", "json", "-o", str(out))
    assert (done.returncode, out.exists()) == (2, False)
    assert b"packing is damaged" in done.stderr


def test_json_lines_into_a_pipe(tmp_path: Path) -> None:
    """A named pipe gets the lines and stays a pipe; nothing is left beside it."""
    file, pipe = tmp_path / "visits.jsonl", tmp_path / "pipe"
    file.write_text(2 * (json.dumps({"assessment": "Neck pain"}) + "\n"))
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    try:
        assert run(str(file), "--format", "json", "-o", str(pipe)).returncode == 0
        assert pipe.is_fifo()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe", "visits.jsonl"]
        said = reader.communicate(timeout=30)[0]
        assert [json.loads(line)["codes"][0]["code"] for line in said.splitlines()] == ["M54.2", "M54.2"]
    finally:
        reader.kill()
        reader.wait()


def test_setting_given(tmp_path: Path) -> None:
    """A probable diagnosis is coded of an inpatient, not of an outpatient."""
    document = b"Assessment: Probable right sciatica."
    for setting, wanted in (("outpatient", []), ("inpatient", ["M54.31"])):
        found = json.loads(run("-", "--format", "json", "--setting", setting, document=document).stdout)
        assert [one["code"] for one in found["codes"]] == wanted


def test_json_lines_and_fail_on(tmp_path: Path) -> None:
    """All lines audited, one of them with a wrong code: 1 if asked, else 0; other answers than JSON are refused."""
    good, bad = {"assessment": "Neck pain", "codes": ["M54.2"]}, {"assessment": "Neck pain", "codes": ["M54.12"]}
    file = tmp_path / "visits.jsonl"
    file.write_text(json.dumps(good) + "\n" + json.dumps(bad) + "\n")
    assert run(str(file), "--format", "json").returncode == 0
    assert run(str(file), "--format", "json", "--fail-on", "unsupported").returncode == 1
    file.write_text(json.dumps(good) + "\n")
    assert run(str(file), "--format", "json", "--fail-on", "unsupported").returncode == 0
    assert run(str(file)).stderr == b"nlp-coder: a JSONL file is answered in JSON lines: add --format json.\n"
    alone = run(str(file), "--proposed", "M54.2")
    assert (
        alone.stderr
        == b"nlp-coder: --proposed, --date, --transcript and --previous are of one document, not of many.\n"
    )
