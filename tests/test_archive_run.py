"""Entries in, results out: their rows and JSON lines, their order, and what becomes of a note that kills."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from nlp_coder import Note
from nlp_coder.archive import Entry, Failure, Result, code_entries
from nlp_coder.archive.run import CHUNK_NOTES, chunks, results
from nlp_coder.archive.work import Code, Way
from nlp_coder.render.as_json import from_dict

HERE = Path(__file__).parent
DAY = datetime.date(2026, 5, 12)
TEXT = "Assessment: Low back pain, right sciatica."


def entry(number: int, text: str, **more: str) -> Entry:
    """An entry whose id is a letter and its number."""
    return Entry(number, f"n{number}", Note(text, id=f"n{number}", date_of_service=DAY), **more)


def sha256(text: str) -> str:
    """What stands for a quotation that is not kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def one(text: str, **options: bool) -> Result:
    """The result of one note of Dr A."""
    return next(code_entries([entry(0, text, provider="Dr A")], **options))


# ------------------------------------------------------------------ rows


def test_the_rows_of_a_note() -> None:
    """Every table, every column, exactly."""
    found = one("Neck pain. Denies sciatica.")
    spec = found.rows
    assert spec["notes"] == [
        (0, "n0", None, "Dr A", DAY, "outpatient", None, 27, sha256("Neck pain. Denies sciatica."))
        + ("FY2026", 1, 1, 0, 0, 2, None)
    ]
    status, _, confidence, weighed = spec["codes"][0][6:10]
    assert status in {"certain", "review"}
    assert 0.5 < confidence < 1
    assert len(weighed.splitlines()) == 3
    assert spec["codes"] == [
        (
            0,
            "n0",
            1,
            "M54.2",
            "Cervicalgia",
            "first-listed",
            status,
            None,
            confidence,
            weighed,
            False,
            "neck-pain",
        )
        + ("Neck pain is M54.2.", "index", "index: Pain, neck NEC", None, None)
    ]
    assert spec["set_aside"] == [
        (0, "n0", 1, "M54.30", "Sciatica, unspecified side", "negated", "The note denies it.", None, "sciatica")
        + ("guideline I.A.19",)
    ]
    assert [row[3:] for row in spec["facts"]] == [
        ("pain", "cervical", *[None] * 11, "presenting", None, None, "present", 10_000_000, None),
        ("sciatica", *[None] * 12, "presenting", None, None, "negated", 10_000_018, None),
    ]
    assert spec["evidence"] == [
        (0, "n0", "facts", 1, 1, "problem", 0, 9, "Neck pain", sha256("Neck pain")),
        (0, "n0", "facts", 1, 2, "region", 0, 9, "Neck pain", sha256("Neck pain")),
        (0, "n0", "facts", 2, 1, "problem", 18, 26, "sciatica", sha256("sciatica")),
        (0, "n0", "facts", 2, 2, "cue", 11, 17, "Denies", sha256("Denies")),
        (0, "n0", "codes", 1, 1, "problem", 0, 9, "Neck pain", sha256("Neck pain")),
        (0, "n0", "codes", 1, 2, "region", 0, 9, "Neck pain", sha256("Neck pain")),
        (0, "n0", "set_aside", 1, 1, "context", 11, 17, "Denies", sha256("Denies")),
        (0, "n0", "set_aside", 1, 2, "problem", 18, 26, "sciatica", sha256("sciatica")),
    ]
    assert set(spec) == {"notes", "facts", "codes", "set_aside", "evidence"}


def test_an_unspecified_code_says_what_was_searched_for() -> None:
    """Its row carries the mark, what is absent, and the question that would settle it."""
    found = one("Assessment: Sciatica.").rows
    assert [(row[3], row[10], row[15]) for row in found["codes"]] == [("M54.30", True, "a side")]
    assert [(row[3], row[6]) for row in found["questions"]] == [("side-of-sciatica", "M54.30")]


def test_a_note_that_fails() -> None:
    """What the reader found stands; what the Coder refuses is told in its words; both have a line."""
    read = Entry(0, "a", failure=Failure("empty", "Give its text."))
    early = Entry(1, "b", Note("Neck pain.", id="b", date_of_service=datetime.date(2015, 9, 30)))
    first, second = code_entries([read, early])
    assert first.rows == {"failures": [(0, "a", "empty", "Give its text.")]}
    assert json.loads(first.json) == {
        "schema": "nlp-coder/failure/1",
        "number": 0,
        "id": "a",
        "reason": "empty",
        "hint": "Give its text.",
    }
    assert second.failure == Failure(
        "refused", "The date of service is before 2015-10-01, when ICD-10-CM came into force."
    )


def test_an_exception_tells_its_kind_only() -> None:
    """A fault of the program in one note is a failure without the exception's words."""
    broken = Note(None, id="b")  # type: ignore[arg-type]  # what no reader gives
    (found,) = code_entries([Entry(0, "b", broken)])
    assert found.rows == {
        "failures": [(0, "b", "fault of the program (AttributeError)", "Please report it, without the note.")]
    }


def test_half_characters_are_written_out() -> None:
    """An id, patient or provider with a lone surrogate can be stored all the same."""
    note = Note("Neck pain.", id="\udc80", patient="p\udc80", date_of_service=DAY)
    (found,) = code_entries([Entry(0, "\udc80", note, provider="\ud800")])
    assert found.rows["notes"][0][1:4] == ("\\udc80", "p\\udc80", "\\ud800")


# ------------------------------------------------------------------ JSON lines and text


def test_the_json_line_is_the_document() -> None:
    """One line, valid by the schema, from which the answer comes back."""
    line = one(TEXT).json
    document = json.loads(line)
    jsonschema.validate(document, json.loads((HERE.parent / "docs/schema-coded-note.json").read_text()))
    assert line.count("\n") == 1
    assert line.isascii()
    assert [code.code for code in from_dict(document).codes] == ["M54.41"]


def test_without_text_no_words_stay() -> None:
    """Offsets and hashes stand where the quotations stood; a misspelling told in a notice and a size go too."""
    text = "Assessment: Lumbar spinal stensois. MRI: L4-L5 disc protrusion of 6 mm, right. Neck pain."
    words = {"stensois", "6 mm", "Neck pain", "protrusion of"}
    kept, bare = one(text), one(text, with_text=False)
    assert {word for word in words if word in kept.json} == words
    assert "stensois" in kept.rows["notes"][0][-1]
    assert {word for word in words if word in bare.json + repr(bare.rows)} == set()
    document = json.loads(bare.json)
    assert (document["schema"], document["note"]["text"]) == ("nlp-coder/coded-note-without-text/1", None)
    for table, rows in kept.rows.items():
        if table == "evidence":
            assert bare.rows[table] == [(*row[:8], None, row[9]) for row in rows]
        elif table == "notes":
            assert bare.rows[table] == [(*row[:-1], None) for row in rows]
        else:
            assert bare.rows[table] == rows


# ------------------------------------------------------------------ order, chunks, processes


def test_results_come_as_they_are_asked_for() -> None:
    """One worker reads an entry when its result is wanted, no sooner."""
    read = []

    def source() -> Iterator[Entry]:
        for number in range(3):
            read.append(number)
            yield entry(number, TEXT)

    found = code_entries(source())
    assert (next(found).number, read) == (0, [0])
    assert (next(found).number, read) == (1, [0, 1])


def test_chunks_keep_to_notes_and_characters() -> None:
    """64 notes, or what reaches 256,000 characters; a failure weighs nothing."""
    assert [len(chunk) for chunk in chunks(entry(n, "x") for n in range(130))] == [CHUNK_NOTES, CHUNK_NOTES, 2]
    large = [entry(n, "x" * 100_000) for n in range(4)]
    failed = [Entry(n, "", failure=Failure("empty", "")) for n in range(4, 8)]
    assert [len(chunk) for chunk in chunks([*large, *failed])] == [3, 5]


def test_two_processes_give_the_same_and_read_a_bounded_way_ahead() -> None:
    """Same results in the same order; at most two chunks for each worker are in flight."""
    read = []

    def source() -> Iterator[Entry]:
        for number in range(400):
            read.append(number)
            yield entry(number, TEXT if number % 3 else "Chronic neck pain.")

    found = code_entries(source(), workers=2)
    first = next(found)
    assert len(read) == 4 * CHUNK_NOTES
    assert [first, *found] == list(code_entries(source()))


def killing(word: str, deaths: Path | None = None, most: int = 1) -> Way:
    """A way of coding whose process dies at a note that says the word; ``deaths`` counts them, up to the most."""

    def load() -> Code:
        def code(entry: Entry) -> Result:
            died = deaths.stat().st_size if deaths and deaths.exists() else 0
            if entry.note and word in entry.note.text and (deaths is None or died < most):
                if deaths:
                    deaths.write_bytes(b"x" * (died + 1))
                os.kill(os.getpid(), signal.SIGKILL)
            return Result(entry.number, entry.id, json="coded")

        return code

    return load  # type: ignore[return-value]  # any function that loads will do


def test_a_note_that_always_kills_is_a_failure_alone() -> None:
    """Its chunk is coded again without harm to the others, in order."""
    entries = [entry(number, "deadly" if number in (3, 150) else "harmless") for number in range(200)]
    found = list(results(entries, killing("deadly"), workers=2))
    assert [result.number for result in found] == list(range(200))
    assert {result.number: result.failure and result.failure.reason for result in found if result.json != "coded"} == {
        3: "killed its worker twice",
        150: "killed its worker twice",
    }


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_note_has_more_than_one_chance(tmp_path: Path, most: int) -> None:
    """A worker that dies, its chunk that dies again, its note that dies once alone: no note fails."""
    entries = [entry(number, "deadly" if number == 70 else "harmless") for number in range(200)]
    deaths = tmp_path / "deaths"
    found = list(results(entries, killing("deadly", deaths, most), workers=2))
    assert deaths.stat().st_size == most
    assert [(result.number, result.json) for result in found] == [(number, "coded") for number in range(200)]


def test_knowledge_that_does_not_load_ends_the_run() -> None:
    """What loading raises is raised, from a worker as well; no note is blamed."""

    def load() -> Code:
        raise RuntimeError("unsound")

    with pytest.raises(RuntimeError, match=r"^unsound$"):
        list(results([entry(0, TEXT)], load, workers=2))
