"""The command line from outside: what is typed, what comes out, with which exit code, and what never does."""

from __future__ import annotations

import datetime
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nlp_coder import Coder, Note
from nlp_coder.cli.read import decoded
from nlp_coder.render.as_json import from_dict

HERE = Path(__file__).parent
NAME = "Zwinglifax"
"""No word of ours: where it turns up, text of the note has leaked."""
NOTE = f"Patient {NAME} Ottokar.\nAssessment: Low back pain with right sciatica.\n"
OURS = [sys.executable, "-m", "nlp_coder"]


def run(
    *arguments: str | bytes, note: bytes | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The program with some arguments; ``note`` is piped in."""
    given = {"input": note} if note is not None else {"stdin": subprocess.DEVNULL}
    return subprocess.run(
        [*OURS, *arguments], capture_output=True, check=False, env={**os.environ, **(env or {})}, **given
    )


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of a refusal: exit 2, nothing on stdout, one line on stderr, no traceback."""
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, b"", 1), done
    assert lines[0].startswith("nlp-coder: ")
    return lines[0].removeprefix("nlp-coder: ")


# ------------------------------------------------------------------ what bad input gets

MAGIC = [
    (b"%PDF-1.7\n", "a PDF"),
    (b"PK\x03\x04rest", "a zip archive or an Office document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff\xe0", "a JPEG image"),
    (b"\xff\xfeL\x00o\x00w\x00", "UTF-16 text"),
    (b"{\\rtf1 low back pain}", "an RTF document"),
]


@pytest.mark.parametrize(("data", "what"), MAGIC)
def test_binary_by_its_first_bytes(data: bytes, what: str) -> None:
    """A known kind of file is named, and what to do is said."""
    line = refused(run("code", "-", note=data))
    assert line.startswith(f"this is {what}, not a plain text note. Save ")


def test_binary_by_its_control_characters() -> None:
    """More than a tenth control characters is no text; exactly a tenth is."""
    assert refused(run("code", note=b"\x01\x02back pain 123456")).startswith("this is not text: ")
    assert decoded(b"\x01neck pain") == "\x01neck pain"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff \u200b\u00a0".encode(), b"\n" * 20 + b"\x00"])
def test_an_empty_note(data: bytes) -> None:
    """Nothing, blanks, a BOM and what cannot be seen are all empty."""
    assert refused(run("code", note=data)).startswith("the note is empty. Give a file, pipe a note in")


def test_empty_text_option() -> None:
    """An empty --text is an empty note."""
    assert refused(run("code", "--text", "")).startswith("the note is empty.")


def test_files_that_are_none(tmp_path: Path) -> None:
    """A missing file and a directory each get their line."""
    assert refused(run("code", str(tmp_path / "visit.txt"))).startswith(f"there is no file {tmp_path}/visit.txt. Check")
    assert refused(run("code", str(tmp_path))) == f"{tmp_path} is a directory. Give the file of one note."


@pytest.mark.parametrize("words", [f"{NAME} has low back pain", NAME + " x" * 3000, "a\x00b"[:1] + " \n" + NAME])
def test_a_note_typed_as_file_is_not_repeated(words: str) -> None:
    """Who forgets --text does not find the note in the error."""
    line = refused(run("code", words))
    assert NAME not in line
    assert "--text" in line or "text file" in line


def test_two_notes() -> None:
    """A file and --text is one too many."""
    assert refused(run("code", "visit.txt", "--text", NOTE)).startswith("two notes were given")


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "12/05/2026", "20260512", "2026-W20-2", ""])
def test_an_impossible_date(day: str) -> None:
    """Dates are days of the calendar in one form."""
    line = "--date takes a day of the calendar, written as 2026-05-12."
    assert refused(run("code", "--date", day, note=NOTE.encode())) == line


def test_a_date_before_icd10cm() -> None:
    """Before 2015-10-01 there was another book."""
    assert "2015-10-01" in refused(run("code", "--date", "2015-09-30", note=NOTE.encode()))
    assert "2015-10-01" in refused(run("lookup", "M54.2", "--date", "2015-09-30"))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["code", "--setting", "ward"], "--setting takes outpatient or inpatient."),
        (["code", "--purpose", "fun"], "--purpose takes evaluation, pain-management or therapy."),
        (["code", "--format", "pdf"], "--format takes text, json or html."),
        (["lookup", "M54.2", "--format", "html"], "--format takes text or json."),
        (["code", "--colour"], "there is no such option. See nlp-coder code --help"),
        (
            ["code", "a", NAME],
            "more words than expected; put a text with blanks in quotes. See nlp-coder code --help",
        ),
        (
            [NAME],
            "there is no such command; use code, batch, scribe, claim, factcheck, lookup, excludes, questions, audit, "
            "check, evaluate, rules. "
            "See nlp-coder --help",
        ),
        (["rules", NAME], "there is no such command; use list, show. See nlp-coder rules --help"),
        (["lookup"], "Missing argument 'CODE'. See nlp-coder lookup --help"),
        (["code", "--date"], "Option '--date' requires an argument. See nlp-coder --help"),
        (["excludes", "M54.55", "M54.41"], "M54.55 does not exist in ICD-10-CM. Nearest: M54.50, M54.51, M54.59."),
        (
            ["excludes", "724.5", "M54.41"],
            "724.5 cannot be an ICD-10-CM code: it looks like ICD-9-CM, and ICD-10-CM codes begin with a letter; "
            "nearest: M54.89, M54.9.",
        ),
        (
            ["lookup", "97110"],
            "97110 cannot be an ICD-10-CM code: five digits are a procedure (CPT), and a diagnosis begins with a "
            "letter, as in M54.50.",
        ),
        (["excludes", "M54.2", "m542"], "these are one code. Give two different ones."),
        (["lookup", "M54.55"], "M54.55 is not a code of the table. Nearest: M54.50, M54.51, M54.59."),
        (
            ["rules", "show", "siatica"],
            "no rule has that id. Did you mean sciatica? See nlp-coder rules list.",
        ),
    ],
)
def test_a_command_line_that_cannot_be(arguments: list[str], line: str) -> None:
    """Every misuse is one line that says what to write and repeats nothing of the note's."""
    assert refused(run(*arguments, note=NOTE.encode())) == line


@pytest.mark.parametrize("code", ["724.2", "hello", "low back pain " + NAME])
def test_what_cannot_be_a_code(code: str) -> None:
    """Lookup and excludes say how a code looks."""
    assert "cannot be an ICD-10-CM code" in refused(run("lookup", code))
    assert NAME not in refused(run("excludes", code, "M54.2"))


# ------------------------------------------------------------------ what comes out


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n", "\r\n"),
        "\ufeff" + NOTE,
        "\U0001f9b4\u200b " + NOTE,
        NOTE.replace("Ottokar", "Otto\x00kar"),
        "The walk was long and warm.\n" * 36_000 + NOTE,
        "word " * 20_000 + NOTE,
    ],
    ids=["crlf", "bom", "non-bmp and zero-width", "nul", "1 MB", "100,000-character line"],
)
def test_odd_but_good_notes_are_coded_with_right_offsets(coder: Coder, note: str) -> None:
    """Coded as ever; the text is as it was given, but for a BOM, and the evidence stands where it says."""
    text = decoded(note.encode())
    coded = coder.code(Note(text))
    assert text == note.removeprefix("\ufeff")
    assert [code.code for code in coded.codes] == ["M54.41"]
    found = [evidence for code in coded.codes for evidence in code.evidence]
    assert [evidence.text for evidence in found] == [text[evidence.start : evidence.end] for evidence in found]


def test_json_is_an_answer_of_its_schema() -> None:
    """What the command prints is what the library says."""
    done = run("code", "--date", "2026-05-12", "--format", "json", note=NOTE.encode())
    coded = from_dict(json.loads(done.stdout))
    assert (done.returncode, done.stderr) == (0, b"")
    assert coded.note == Note(NOTE, date_of_service=datetime.date(2026, 5, 12))
    assert [code.code for code in coded.codes] == ["M54.41"]


def test_windows_1252_is_read_with_a_notice() -> None:
    """Not UTF-8: decoded all the same, and said on stderr without a word of the note."""
    note = f"{NAME} caf\xe9. Low back pain.".encode("cp1252")
    done = run("code", "--format", "json", note=note)
    assert done.returncode == 0
    assert done.stderr == b"nlp-coder: not UTF-8, read as Windows-1252; look at letters with accents.\n"
    assert json.loads(done.stdout)["note"]["text"] == f"{NAME} café. Low back pain."


def test_text_option_file_and_pipe_agree(tmp_path: Path) -> None:
    """However the note comes in, the answer is the same bytes."""
    file = tmp_path / "visit.txt"
    file.write_bytes(NOTE.encode())
    answers = {
        run("code", "--date", "2026-05-12", *given, note=piped).stdout
        for given, piped in [
            ([str(file)], None),
            (["--text", NOTE], None),
            (["-"], NOTE.encode()),
        ]
    }
    assert len(answers) == 1
    assert answers.pop().decode().startswith("Bill M54.41\n1 code · 2026-05-12 · outpatient · ICD-10-CM FY2026\n")


@pytest.mark.parametrize(
    ("form", "answer"),
    [("text", r"No codable spine problem in this note\.\n"), ("json", r'.*\n  "codes": \[\],\n.*')],
)
def test_no_spine_problem(form: str, answer: str) -> None:
    """Said in a line, exit 0; an empty list in JSON."""
    done = run("code", "--date", "2026-05-12", "--format", form, note=b"Here for a flu shot.")
    assert done.returncode == 0
    assert re.fullmatch(answer, done.stdout.decode(), re.DOTALL)


def test_setting_decides_uncertain_diagnoses() -> None:
    """The options reach the coder: guideline II.H instead of IV.H."""
    note = b"Assessment: Probable right sciatica."
    done = run("code", "--setting", "inpatient", "--date", "2026-05-12", note=note)
    assert done.stdout.decode().startswith("Bill M54.31")


def test_html_comes_whole() -> None:
    """A page, in UTF-8 whatever the locale."""
    done = run("code", "--format", "html", note=NOTE.encode(), env={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.stdout.decode().startswith("<!doctype html>")
    assert done.stdout.decode().endswith("</html>\n")


# ------------------------------------------------------------------ files written


def test_output_is_written_whole_and_quietly(tmp_path: Path) -> None:
    """-o holds what stdout would, nothing else is left beside it, and a file's mode is kept."""
    target = tmp_path / "answer.txt"
    target.write_text("old")
    target.chmod(0o640)
    done = run("lookup", "M54.2", "-o", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert target.read_bytes() == run("lookup", "M54.2").stdout
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    """A missing folder, a directory and the note itself are refused, and leave all as it was."""
    note = tmp_path / "visit.txt"
    note.write_bytes(NOTE.encode())
    lines = {
        tmp_path / "no" / "x.txt": "the output's folder does not exist. Make it, or give -o another file.",
        tmp_path: "the output is a directory. Give -o a file.",
        note: "the output is the note itself. Give -o another file.",
    }
    assert {target: refused(run("code", str(note), "-o", str(target))) for target in lines} == lines
    assert note.read_bytes() == NOTE.encode()
    assert list(tmp_path.iterdir()) == [note]


def test_output_that_fails_when_it_is_written() -> None:
    """A full disk after the work is done is a line too."""
    line = refused(run("code", "-o", "/dev/full", note=NOTE.encode()))
    assert line == "cannot write the output: No space left on device. Give -o a file you may write to."


def test_output_to_a_device_is_not_replaced() -> None:
    """/dev/null stays what it is."""
    assert run("lookup", "M54.2", "-o", os.devnull).returncode == 0
    assert Path(os.devnull).is_char_device()


# ------------------------------------------------------------------ nothing of the note leaks

CRASH = """
import nlp_coder.coder as coder
def crash(self, note):
    raise RuntimeError(note.text)
coder.Coder.code = crash
from nlp_coder.cli.app import main
main()
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "text", "-o", "{tmp}/answer.txt"],
        ["--format", "json", "-o", "{tmp}/answer.json"],
        ["--format", "html", "-o", "{tmp}/answer.html"],
        ["-o", "{tmp}/no/answer.txt"],
        ["-o", "/dev/full"],
        ["-o", "{tmp}"],
        ["--date", NAME],
        ["--setting", NAME],
        ["--" + NAME],
        ["--text", NOTE, NAME],
        [NOTE],
    ],
)
def test_no_word_of_the_note_on_stderr(tmp_path: Path, arguments: list[str]) -> None:
    """On success and on every failure, stderr does not know the patient."""
    done = run("code", *(each.replace("{tmp}", str(tmp_path)) for each in arguments), note=NOTE.encode())
    assert done.returncode in (0, 2)
    assert NAME not in done.stderr.decode()
    assert done.stdout == b""


def test_a_crash_tells_its_kind_and_place_only() -> None:
    """An error that quotes the note ends as one line without it, exit 1."""
    done = subprocess.run([sys.executable, "-c", CRASH, "code"], input=NOTE.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(
        rb"nlp-coder: a fault of the program: RuntimeError at cli/code\.py:\d+\. Please report this line\.\n",
        done.stderr,
    )


def test_a_reader_that_stops_reading() -> None:
    """`| head -0` is no traceback."""
    with subprocess.Popen([*OURS, "rules", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


# ------------------------------------------------------------------ on a terminal


def terminal(*arguments: str, typed: str, env: dict[str, str]) -> str:
    """All that a person at a terminal sees, each line end a line feed."""
    above, below = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", **env}
    environment.pop("NO_COLOR") if not environment.get("NO_COLOR") and "NO_COLOR" in environment else None
    with subprocess.Popen([*OURS, *arguments], stdin=below, stdout=below, stderr=below, env=environment):
        os.close(below)
        os.write(above, typed.encode())
        seen = b""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if select.select([above], [], [], 0.2)[0]:
                try:
                    part = os.read(above, 65536)
                except OSError:  # the program has gone and the terminal with it
                    break
                if not part:
                    break
                seen += part
    os.close(above)
    return seen.decode().replace("\r\n", "\n")


def test_a_note_can_be_pasted() -> None:
    """With nothing given a terminal invites a paste and shows styled text, 80 columns at most."""
    seen = terminal("code", typed="Assessment: Low back pain.\n\x04", env={"NO_COLOR": ""})
    assert "Paste the note, then press Ctrl-D" in seen
    assert re.search(r"\x1b\[1mBill M54\.50(?: \(review\))?\x1b\[0m", seen)
    assert "Assessment: \x1b[1;4mLow back pain\x1b[0m." in seen
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in seen.splitlines()) <= 80


def test_no_color_is_respected() -> None:
    """NO_COLOR on a terminal: no escapes, the cited words in marks."""
    seen = terminal("code", typed="Assessment: Low back pain.\n\x04", env={"NO_COLOR": "1"})
    assert "Assessment: «Low back pain»." in seen
    assert "\x1b" not in seen


# ------------------------------------------------------------------ help and version


@pytest.mark.parametrize(
    "command",
    [[], ["code"], ["batch"], ["evaluate"], ["lookup"], ["excludes"], ["rules"], ["rules", "show"], ["check"]],
)
def test_help_has_a_real_example(command: list[str]) -> None:
    """Each command's help shows itself in use, at 80 columns."""
    done = run(*command, "--help")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert f"\n    {' '.join(['nlp-coder', *command])}" in text
    assert max(map(len, text.splitlines())) <= 80


def test_text_option_warns_of_shell_histories() -> None:
    """Said once, in the help."""
    assert b"Shells keep a history" in run("code", "--help").stdout


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["code", "--help"],
        ["batch", "--help"],
        ["evaluate", "--help"],
        ["lookup", "M54.50"],
        ["excludes", "M54.2", "M50.20"],
    ],
)
def test_light_commands_load_nothing_heavy(command: list[str]) -> None:
    """Help and look-ups import neither spaCy nor scikit-learn."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "nlp_coder", *command],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert loaded & {"spacy", "medspacy", "sklearn", "numpy", "jinja2", "duckdb", "joblib"} == set()


def test_version_names_all_that_decides() -> None:
    """Package, knowledge hash, release, model."""
    assert re.fullmatch(
        r"nlp-coder  \d+\.\d+\.\d+\S*\nknowledge  [0-9a-f]{12,64}\n"
        r"release    FY20\d\d\nmodels     (none|[0-9a-f]{12}) (none|[0-9a-f]{12})\n",
        run("--version").stdout.decode(),
    )


# ------------------------------------------------------------------ lookup, excludes, rules, check


def test_excludes_shows_the_proof() -> None:
    """The note's words, its level, the release, how it resolves, the exception."""
    assert (
        run("excludes", "M54.50", "m5441", "--date", "2026-05-12").stdout.decode()
        == """\
M54.50 and M54.41 exclude each other (ICD-10-CM FY2026).
   M54.50     Low back pain, unspecified
   M54.41     Lumbago with sciatica, right side

   note       Excludes1: lumbago with sciatica (M54.4-)
   at         M54.5, the subcategory above M54.50
   reaches    M54.41, by M54.4
   resolves   Where the record says what the note names, M54.41 stands and
              M54.50 is left out.

   unless     if the two conditions are unrelated to each other, both may be
              billed; if the record does not make that clear, ask the provider
              (guideline I.A.12.a).
"""
    )


def test_excludes_says_when_there_is_none() -> None:
    """No note is an answer too, exit 0."""
    done = run("excludes", "M54.50", "M51.16", "--date", "2026-05-12")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("No Excludes1 note between M54.50 and M51.16 (ICD-10-CM FY2026).\n")


def test_excludes_goes_by_the_day() -> None:
    """M51.360 was no code before 2024-10-01, nor was the note that names it."""
    before = json.loads(run("excludes", "M54.50", "M51.360", "--date", "2024-09-30", "--format", "json").stdout)
    after = json.loads(run("excludes", "M54.50", "M51.360", "--date", "2024-10-01", "--format", "json").stdout)
    assert (before["standing"]["M51.360"], before["excludes1"]) == ("M51.36", False)
    assert (after["standing"]["M51.360"], after["excludes1"], after["release"]) == ("M51.360", True, "FY2025")


def test_lookup_of_a_header_says_what_to_use() -> None:
    """M54.5 is no longer billable: the three that came of it are."""
    now = json.loads(run("lookup", "m54.5", "--date", "2026-05-12", "--format", "json").stdout)
    then = json.loads(run("lookup", "m54.5", "--date", "2021-09-30", "--format", "json").stdout)
    assert (now["billable"], [other["code"] for other in now["use_instead"]]) == (
        False,
        ["M54.50", "M54.51", "M54.59"],
    )
    assert (then["billable"], then["use_instead"]) == (True, [])
    assert (now["valid_from"], now["valid_to"], now["icd9"]) == ("2015-10-01", "2021-09-30", "724.2")


def test_lookup_names_the_level_of_every_excludes() -> None:
    """Own and inherited notes, each with the place it sits at, and the notes elsewhere that name the code."""
    answer = json.loads(run("lookup", "M54.50", "--date", "2026-05-12", "--format", "json").stdout)
    levels = {(note["at"], note["level"]) for note in answer["notes"] if note["kind"] == "Excludes1"}
    assert levels == {("M54.5", "subcategory"), ("M54", "category"), ("M50-M54", "block")}
    assert ("R52", "Excludes1", "lumbar region pain (M54.5-)") in {
        (note["at"], note["kind"], note["text"]) for note in answer["named_by"]
    }
    assert [other["code"] for other in answer["related"]] == ["M54.51", "M54.59"]
    assert "low-back-pain" in {rule["rule"] for rule in answer["documentation"]}


def test_lookup_reads_at_80_columns() -> None:
    """The text form says the same, no line too long."""
    text = run("lookup", "M54.50", "--date", "2026-05-12").stdout.decode()
    assert text.startswith(
        "M54.50  Low back pain, unspecified\n   level      code, ICD-10-CM FY2026\n   billable   yes"
    )
    assert "\nExcludes1: never together, unless the two are unrelated (guideline I.A.12.a)\n   at M54.5, sub" in text
    assert max(map(len, text.splitlines())) <= 80


def test_rules_can_be_listed_and_shown() -> None:
    """Every listed rule can be shown by id, and by the code it gives."""
    listed = run("rules", "list").stdout.decode()
    assert "\n   sciatica   " in listed
    shown = run("rules", "show", "sciatica").stdout.decode()
    assert shown.startswith("sciatica  ")
    assert shown in run("rules", "show", "M54.31").stdout.decode()


def test_check_is_clean() -> None:
    """The knowledge that ships is sound."""
    done = run("check")
    assert (done.returncode, done.stdout.decode()) == (0, "The knowledge is sound.\n")
