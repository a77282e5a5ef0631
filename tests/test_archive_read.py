"""Inputs of an archive → entries: every good note read, every bad one a failure, a bad input one clear error."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from nlp_coder.archive import faults
from nlp_coder.archive.ids import Seen
from nlp_coder.archive.nouns import Entry, Failure
from nlp_coder.archive.read import Columns, entries, fingerprint
from nlp_coder.errors import InputError
from nlp_coder.types import Note

NAME = "Zwinglifax"
"""No word of ours: where it turns up, text of a note has leaked."""
DAY = datetime.date(2026, 5, 12)


def read(*inputs: Path | str, columns: Columns | None = None, **options: Any) -> list[Entry]:
    """All entries of some inputs."""
    return list(entries([str(input) for input in inputs], columns, **options))


def good(number: int, id: str, text: str, provider: str = "", **parts: Any) -> Entry:
    """An entry whose note can be coded."""
    return Entry(number, id, Note(text, id=id, **parts), provider)


def bad(number: int, id: str, failure: Failure) -> Entry:
    """An entry that cannot."""
    return Entry(number, id, failure=failure)


def refused(*inputs: Path | str, columns: Columns | None = None, **options: Any) -> str:
    """The message of an input that is refused before the first entry, without the folder and without any note."""
    with pytest.raises(InputError) as caught:
        entries([str(input) for input in inputs], columns, **options)
    message = str(caught.value)
    assert NAME not in message
    assert caught.value.__cause__ is None
    return message.replace(f"{Path(inputs[0]).parent}/", "") if inputs else message


def lines(*records: object) -> bytes:
    """Records as JSONL."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def file(path: Path, data: bytes | str) -> Path:
    """A file with this content; its folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Without the rights of the superuser, who may read everything (containers run tests as root)."""
    folder.chmod(0o755)
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


# ------------------------------------------------------------------ folders


def test_a_folder_with_everything_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bad file is a failure with its own reason; every good one is read, sorted by path, at any depth."""
    notes = tmp_path / "notes"
    file(notes / "a.txt", "Low back pain.\r\n")
    file(notes / "b" / "deep" / "c.md", "\ufeffNeck pain.")
    file(notes / "b" / "D.TXT", "Sciatica.")
    file(notes / "b.txt.gz", gzip.compress(b"Lumbago."))
    file(notes / "c.txt.zst", zstandard.compress(b"Coccyx pain."))
    file(notes / "e-binary.txt", b"\x7fELF\0\0\0")
    file(notes / "f-controls.txt", b"\x01\x02pain")
    file(notes / "g-pdf.txt", b"%PDF-1.7\n")
    file(notes / "h-empty.txt", b"")
    file(notes / "i-blank.txt", "\ufeff \n\u200b")
    file(notes / "j-latin.txt", "Gro\xdfe Schmerzen".encode("cp1252"))
    file(notes / "k-bom-latin.txt", b"\xef\xbb\xbfab\xe9")
    file(notes / "l-utf16.txt", "Pain".encode("utf-16"))
    file(notes / "m-large.txt", b"x" * 5_000_001)
    file(notes / "n-largest.txt", b"x" * 5_000_000)
    file(notes / "o-large.txt.gz", gzip.compress(b"x" * 50_000_000))
    file(notes / "p-cut.txt.gz", gzip.compress(os.urandom(4000))[:2000])
    file(notes / "q-unpacked.txt.gz", "Pain.")
    (notes / "r-locked.txt").write_text("Pain.")
    (notes / "r-locked.txt").chmod(0)
    os.mkfifo(notes / "s-pipe.txt")
    (notes / "t-self.txt").symlink_to("t-self.txt")
    (notes / "u-gone.txt").symlink_to("nowhere.txt")
    (notes / "v-again.txt").symlink_to("a.txt")
    file(tmp_path / "elsewhere.txt", "Thoracic pain.")
    (notes / "w-outside.txt").symlink_to("../elsewhere.txt")
    (notes / "x-loop").symlink_to("..")
    (notes / "y-loop").symlink_to(".")
    file(notes / ".hidden.txt", "Pain.")
    file(notes / "z.pdf", "Pain.")
    monkeypatch.chdir(tmp_path)
    with nobody(tmp_path):
        found = read("notes")
    assert found == [
        good(0, "a.txt", "Low back pain.\r\n"),
        good(1, "b/D.TXT", "Sciatica."),
        good(2, "b/deep/c.md", "Neck pain."),
        good(3, "b.txt.gz", "Lumbago."),
        good(4, "c.txt.zst", "Coccyx pain."),
        bad(5, "e-binary.txt", faults.BINARY),
        bad(6, "f-controls.txt", faults.BINARY),
        bad(7, "g-pdf.txt", faults.BINARY),
        bad(8, "h-empty.txt", faults.EMPTY),
        bad(9, "i-blank.txt", faults.EMPTY),
        bad(10, "j-latin.txt", faults.not_utf8(3, "the note")),
        bad(11, "k-bom-latin.txt", faults.not_utf8(5, "the note")),
        bad(12, "l-utf16.txt", faults.UTF_16),
        bad(13, "m-large.txt", faults.TOO_LARGE),
        good(14, "n-largest.txt", "x" * 5_000_000),
        bad(15, "o-large.txt.gz", faults.TOO_LARGE),
        bad(16, "p-cut.txt.gz", faults.BROKEN_OFF),
        bad(17, "q-unpacked.txt.gz", faults.NOT_PACKED),
        bad(18, "r-locked.txt", unreadable("file", "permission denied")),
        bad(19, "s-pipe.txt", faults.NO_FILE),
        bad(20, "t-self.txt", unreadable("file", "too many levels of symbolic links")),
        bad(21, "u-gone.txt", unreadable("file", "no such file or directory")),
        bad(22, "v-again.txt", faults.TWICE_BY_LINK),
        good(23, "w-outside.txt", "Thoracic pain."),
        good(24, "x-loop/elsewhere.txt", "Thoracic pain."),
    ]


def unreadable(what: str, said: str) -> Failure:
    """The failure of a file or folder the system does not open."""
    return Failure(f"unreadable {what}", f"The system says: {said}. Make it readable, or take it out.")


def test_a_locked_folder_below_is_a_failure_and_the_folder_itself_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be looked into may hold notes, so it is told."""
    file(tmp_path / "a" / "b" / "1.txt", "Pain.").parent.chmod(0)
    file(tmp_path / "a" / "c.txt", "Sciatica.")
    monkeypatch.chdir(tmp_path)
    with nobody(tmp_path):
        assert read("a") == [
            bad(0, "b", unreadable("folder", "permission denied")),
            good(1, "c.txt", "Sciatica."),
        ]
        assert refused("a/b") == "b: it cannot be read: permission denied."
    (tmp_path / "a" / "b").chmod(0o755)


def test_ids_of_several_folders_are_below_the_one_they_share(tmp_path: Path) -> None:
    """The same file name in two folders is two notes; the same folder twice is each note once."""
    file(tmp_path / "2025" / "1.txt", "Pain.")
    file(tmp_path / "2026" / "1.txt", "Sciatica.")
    both = [good(0, "2025/1.txt", "Pain."), good(1, "2026/1.txt", "Sciatica.")]
    assert read(tmp_path / "2025", tmp_path / "2026") == both
    assert read(tmp_path / "2025" / "1.txt", tmp_path / "2026" / "1.txt") == both
    assert read(tmp_path / "20*" / "*.txt") == both
    assert read(tmp_path / "20*") == both
    assert read(tmp_path / "**" / "*.txt") == both
    assert read(tmp_path) == both
    assert read(tmp_path / "2025" / "1.txt") == [good(0, "1.txt", "Pain.")]
    assert read(tmp_path / "2025", tmp_path / "2025") == [
        good(0, "1.txt", "Pain."),
        bad(1, "1.txt", faults.TWICE),
    ]


def test_a_file_name_with_signs_of_a_pattern_is_that_file(tmp_path: Path) -> None:
    """A name is taken as it stands where there is such a file; bytes that are no UTF-8 are written out in the id."""
    file(tmp_path / "a[1].txt", "Pain.")
    file(tmp_path / "a1.txt", "Sciatica.")
    assert read(tmp_path / "a[1].txt") == [good(0, "a[1].txt", "Pain.")]
    (tmp_path / os.fsdecode(b"b\xe9.txt")).write_text("Lumbago.")
    assert read(tmp_path / "b*") == [good(0, "b\\xe9.txt", "Lumbago.")]


# ------------------------------------------------------------------ JSONL


JSONL = [
    (b'{"id": "a", "text": "Pain."}', good(0, "a", "Pain.")),
    (b'{"id": 7, "text": "Pain."}', good(0, "7", "Pain.")),
    (b'{"id": 7.0, "text": "Pain."}', good(0, "7", "Pain.")),
    (b'{"text": "Pain."}', good(0, "#0", "Pain.")),
    (b'{"id": "", "text": "Pain."}', good(0, "#0", "Pain.")),
    (b'{"id": null, "text": "\\u00e9 \\ud83d\\ude00"}', good(0, "#0", "é 😀")),
    (b'{"Text ": "Pain."}', good(0, "#0", "Pain.")),
    (b'{"TEXT": "no", "text": "Pain."}', good(0, "#0", "Pain.")),
    (
        b'{"id": "a", "text": "Pain.", "date_of_service": "2026-05-12", "patient": 4, "provider": " Dr. A ", '
        b'"setting": "Inpatient", "purpose": "therapy"}',
        good(0, "a", "Pain.", "Dr. A", date_of_service=DAY, patient="4", setting="inpatient", purpose="therapy"),
    ),
    (b'{"text": "Pain.", "date_of_service": "2026-05-12T09:30:00+02:00"}', good(0, "#0", "Pain.", date_of_service=DAY)),
    (b'{"text": "Pain.", "date_of_service": "2026-05-12 00:00:00"}', good(0, "#0", "Pain.", date_of_service=DAY)),
    (b'{"text": "Pain.", "date_of_service": " "}', good(0, "#0", "Pain.")),
    (b'{"id": "a", "text": null}', bad(0, "a", faults.NO_TEXT)),
    (b'{"id": "a"}', bad(0, "a", faults.NO_TEXT)),
    (b'{"id": "a", "text": ""}', bad(0, "a", faults.EMPTY)),
    (b'{"id": "a", "text": 5}', bad(0, "a", faults.wrong_type("text", "text"))),
    (b'{"id": "a", "text": ["Pain."]}', bad(0, "a", faults.wrong_type("text", "text"))),
    (b'{"id": true, "text": "Pain."}', bad(0, "#0", faults.wrong_type("id", "text or a whole number"))),
    (b'{"id": 1.5, "text": "Pain."}', bad(0, "#0", faults.wrong_type("id", "text or a whole number"))),
    (b'{"id": Infinity, "text": "Pain."}', bad(0, "#0", faults.wrong_type("id", "text or a whole number"))),
    (b'{"id": NaN, "text": "Pain."}', good(0, "#0", "Pain.")),
    (
        b'{"id": "a", "text": "Pain.", "patient": {}}',
        bad(0, "a", faults.wrong_type("patient", "text or a whole number")),
    ),
    (b'{"id": "%s", "text": "Pain."}' % (b"x" * 201), bad(0, "#0", faults.LONG_ID)),
    (b'{"id": "a", "text": "Pain\\u0000"}', bad(0, "a", faults.BINARY)),
    (b'{"id": "a", "text": "\\ud800 Pain"}', bad(0, "a", faults.HALF_A_CHARACTER)),
    (b'{"id": "\\ud800", "text": "Pain"}', bad(0, "#0", faults.HALF_A_CHARACTER)),
    (b'{"id": "a", "text": "' + b"x" * 5_000_001 + b'"}', bad(0, "a", faults.TOO_LARGE)),
    (b'{"id": "a", "text": "' + "é".encode() * 2_500_001 + b'"}', bad(0, "a", faults.TOO_LARGE)),
    (b'{"id": "a", "text": "' + b"x" * 50_000_000 + b'"}', bad(0, "#0", faults.long_row(1, 1))),
    (b'{"text": "Pain.", "date_of_service": "12.05.2026"}', bad(0, "#0", faults.BAD_DATE)),
    (b'{"text": "Pain.", "date_of_service": "2026-02-30"}', bad(0, "#0", faults.BAD_DATE)),
    (b'{"text": "Pain.", "date_of_service": "20260512"}', bad(0, "#0", faults.BAD_DATE)),
    (b'{"text": "Pain.", "date_of_service": 20260512}', bad(0, "#0", faults.BAD_DATE)),
    (b'{"text": "Pain.", "setting": "ward"}', bad(0, "#0", faults.BAD_SETTING)),
    (b'{"text": "Pain.", "purpose": "pain management"}', bad(0, "#0", faults.BAD_PURPOSE)),
    (b'{"text": "Pain."', bad(0, "#0", faults.bad_line(1, 'one JSON object is wanted, as {"id": …, "text": …}'))),
    (b'"Pain."', bad(0, "#0", faults.bad_line(1, 'one JSON object is wanted, as {"id": …, "text": …}'))),
    (b"[" * 100_000, bad(0, "#0", faults.bad_line(1, 'one JSON object is wanted, as {"id": …, "text": …}'))),
    (b'{"text": "Pa\xefn."}', bad(0, "#0", faults.not_utf8(12, "the input (line 1)"))),
]


@pytest.mark.parametrize(("line", "expected"), JSONL, ids=range(len(JSONL)))
def test_a_line_of_jsonl(line: bytes, expected: Entry) -> None:
    """What one line yields; the one behind it is read whatever it was."""
    after = good(1, "next", "Sciatica.")
    found = read("-", stdin=io.BytesIO(line + b'\n{"id": "next", "text": "Sciatica."}'))
    assert found == [expected, after]


def test_jsonl_in_files_packed_and_not(tmp_path: Path) -> None:
    """BOM, CRLF, blank lines; the same entries from .gz and .zst, of several members or frames; ids over all inputs."""
    data = b"\xef\xbb\xbf" + lines({"id": 1, "text": "Pain."}).replace(b"\n", b"\r\n") + b"\n  \n"
    more = lines({"id": 2, "text": "Sciatica."}, {"id": 1, "text": "Lumbago."})
    expected = [good(0, "1", "Pain."), good(1, "2", "Sciatica."), bad(2, "1", faults.TWICE)]
    assert read(file(tmp_path / "a.jsonl", data), file(tmp_path / "b.ndjson", more)) == expected
    assert read(file(tmp_path / "c.jsonl.gz", gzip.compress(data) + gzip.compress(more))) == expected
    assert read(file(tmp_path / "d.JSONL.ZST", zstandard.compress(data) + zstandard.compress(more))) == expected
    assert read(file(tmp_path / "e.jsonl", b"")) == []


@pytest.mark.parametrize(
    ("ending", "pack"), [(".gz", lambda data: gzip.compress(data)), (".zst", lambda data: zstandard.compress(data))]
)
def test_a_cut_file_yields_what_stands_before(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    """Every whole note before the break is read, and one failure says that more was lost."""
    records = [{"id": n, "text": f"Pain {os.urandom(4000).hex()}"} for n in range(100)]
    whole = pack(lines(*records))
    found = read(file(tmp_path / f"a.jsonl{ending}", whole[: len(whole) // 2]))
    *notes, last = found
    assert last == bad(len(notes), f"#{len(notes)}", faults.BROKEN_OFF)
    assert 20 < len(notes) < 60
    assert notes == [good(n, str(n), str(records[n]["text"])) for n in range(len(notes))]
    cut_at_end = read(file(tmp_path / f"b.jsonl{ending}", whole[:-3]))
    assert cut_at_end[-1] == bad(len(cut_at_end) - 1, f"#{len(cut_at_end) - 1}", faults.BROKEN_OFF)


def test_damage_inside_a_zst_breaks_it_off(tmp_path: Path) -> None:
    """A frame that is whole stands, one that is damaged does not."""
    whole = zstandard.compress(lines({"id": 1, "text": "Pain."}))
    damaged = file(tmp_path / "a.jsonl.zst", whole + whole[:6] + b"\xff" * 40)
    assert read(damaged) == [good(0, "1", "Pain."), bad(1, "#1", faults.BROKEN_OFF)]


def test_stdin_is_a_stream() -> None:
    """An entry is there as soon as its line is, before the next is written."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stdin, os.fdopen(writing, "wb", buffering=0) as other:
        found = entries(["-"], Columns(), stdin=stdin)
        for number in range(3):
            other.write(lines({"id": f"n{number}", "text": "Pain."}))
            assert next(found) == good(number, f"n{number}", "Pain.")


def test_reading_is_lazy_and_limited(tmp_path: Path) -> None:
    """A limit counts entries, good or bad; what lies behind it is not read."""
    endless = file(tmp_path / "a.jsonl.gz", gzip.compress(lines({"text": "Pain."}, 5, {"text": "Pain."}))[:-9])
    assert read(endless, limit=2) == [
        good(0, "#0", "Pain."),
        bad(1, "#1", faults.bad_line(2, 'one JSON object is wanted, as {"id": …, "text": …}')),
    ]
    assert read(endless, limit=0) == []


# ------------------------------------------------------------------ CSV and TSV


RAGGED = "ragged row"
CSV: dict[str, tuple[bytes, list[Entry]]] = {
    "quotes and line breaks in cells": (
        b'id,text\r\na,"He said ""ouch"",\r\nthen left."\r\nb,Neck 5\' 10" tall\r\n',
        [good(0, "a", 'He said "ouch",\r\nthen left.'), good(1, "b", "Neck 5' 10\" tall")],
    ),
    "mark, blank lines, no last line end": (
        b"\xef\xbb\xbf\r\nid,text\n\na,Pain.\n\n\nb,Neck.",
        [good(0, "a", "Pain."), good(1, "b", "Neck.")],
    ),
    "semicolon": (b"id;text\na;Pain, worse.\n", [good(0, "a", "Pain, worse.")]),
    "tab": (b"id\ttext\na\tPain; worse, too.\n", [good(0, "a", "Pain; worse, too.")]),
    "bar": (b"id|text\na|Pain.\n", [good(0, "a", "Pain.")]),
    "one column": (b"text\nPain.\n", [good(0, "#0", "Pain.")]),
    "all columns": (
        b"purpose,setting,provider,patient,date_of_service,text,id,more\n"
        b"evaluation,inpatient,Dr. A,p1,2026-05-12,Pain.,a,x\n,,,,,Neck.,,\n",
        [
            good(
                0, "a", "Pain.", "Dr. A", date_of_service=DAY, patient="p1", setting="inpatient", purpose="evaluation"
            ),
            good(1, "#1", "Neck."),
        ],
    ),
    "ragged": (
        b"id,text,setting\na,Pain, worse,\nb\nc,Neck.,\n",
        [
            bad(0, "a", faults.ragged(2, 4, 3)),
            bad(1, "b", faults.ragged(3, 1, 3)),
            good(2, "c", "Neck."),
        ],
    ),
    "ragged, the id behind the text": (
        b"text,id\nPain, worse,a\nNeck.,b\n",
        [bad(0, "#0", faults.ragged(2, 3, 2)), good(1, "b", "Neck.")],
    ),
    "empty and twice": (
        b"id,text\na,\na,Pain.\na,Neck.\n",
        [bad(0, "a", faults.EMPTY), good(1, "a", "Pain."), bad(2, "a", faults.TWICE)],
    ),
    "cp1252": (
        b"id,text,more\na,Caf\xe9.,\nb,Neck.,caf\xe9\nc,Caf\xc3\xa9.,\n",
        [
            bad(0, "a", faults.not_utf8(18, "the input (line 2)")),
            good(1, "b", "Neck."),
            good(2, "c", "Café."),
        ],
    ),
    "NUL": (b"id,text\na,Pa\0in\nb,Neck.\n", [bad(0, "a", faults.BINARY), good(1, "b", "Neck.")]),
    "a quote never closed, to the end": (
        b'id,text\na,Pain.\nb,"Neck.\nc,Sciatica.\n',
        [good(0, "a", "Pain."), bad(1, "b", faults.bad_quotes(3, 3)), good(2, "c", "Sciatica.")],
    ),
    "a quote never closed, before a quoted row": (
        b'id,text\na,"Pain.\nb,"Neck."\nc,"Sciatica,\nright."\n',
        [bad(0, "a", faults.bad_quotes(2, 2)), good(1, "b", "Neck."), good(2, "c", "Sciatica,\nright.")],
    ),
    "a quote never closed, prose with commas behind it": (
        b'id,text\na,"Pain.\nSleep good, appetite good\nBack, worse\nb,"Neck."\nc d,Sciatica.\n',
        [bad(0, "a", faults.bad_quotes(2, 4)), good(1, "b", "Neck."), good(2, "c d", "Sciatica.")],
    ),
    "ids of two words behind a broken row, prose within one": (
        b'id,text\na,"He said "no"\nb c,Neck.\nd,"Pain.\nSleep good,appetite good\ne,"Back."\n',
        [
            bad(0, "a", faults.bad_quotes(2, 2)),
            good(1, "b c", "Neck."),
            bad(2, "d", faults.bad_quotes(4, 5)),
            good(3, "e", "Back."),
        ],
    ),
    "quotes that are not doubled": (
        b'id,text\na,"He said "ouch", and left"\nb,"It is\n"bad" pain\nsince May"\nc,"Neck."\n',
        [bad(0, "a", faults.bad_quotes(2, 2)), bad(1, "b", faults.bad_quotes(3, 5)), good(2, "c", "Neck.")],
    ),
    "over 5 MB": (
        b"id,text\na,"
        + b"x" * 5_000_001
        + b'\nb,"'
        + (b"x" * 99 + b"\n") * 50_001
        + b'"\nc,'
        + b"x" * 50_000_000
        + b"\nd,Neck.\n",
        [
            bad(0, "a", faults.TOO_LARGE),
            bad(1, "b", faults.TOO_LARGE),
            bad(2, "#2", faults.long_row(50_005, 50_005)),
            good(3, "d", "Neck."),
        ],
    ),
    "50 MB in one quoted cell": (
        b'id,text\na,"' + (b"Pain, worse." + b"x" * 87 + b"\n") * 500_000 + b'"\nb,Neck.\n',
        [bad(0, "a", faults.long_row(2, 500_002)), good(1, "b", "Neck.")],
    ),
}


@pytest.mark.parametrize("name", CSV)
def test_csv(tmp_path: Path, name: str) -> None:
    """Row by row: a row with faults costs itself and no other."""
    data, expected = CSV[name]
    found = read(file(tmp_path / "a.csv", data))
    assert found == expected
    assert NAME not in repr([entry.failure for entry in found])


def test_csv_packed_and_cut(tmp_path: Path) -> None:
    """A cut .csv.gz yields the rows before the break."""
    data = b"id,text\n" + b"".join(b"%d,%s\n" % (n, os.urandom(4000).hex().encode()) for n in range(100))
    assert len(read(file(tmp_path / "a.csv.gz", gzip.compress(data)))) == 100
    *notes, last = read(file(tmp_path / "b.tsv.gz", gzip.compress(data)[:200_000]))
    assert (last.failure, [entry.id for entry in notes]) == (faults.BROKEN_OFF, [str(n) for n in range(len(notes))])
    assert len(notes) > 20


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_as_csv_is_read_as_it_was(rows: list[tuple[str, str]], delimiter: str, end: str) -> None:
    """Any text in any cell, every note character for character."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows(
        [("id", "text", "more"), *((f"n{n}", f"Pain {text}", more) for n, (text, more) in enumerate(rows))]
    )
    with tempfile.TemporaryDirectory() as folder:
        found = read(file(Path(folder) / "a.csv", written.getvalue()))
    texts = [entry.note.text if entry.note else None for entry in found if entry.failure != faults.BINARY]
    binary = [n for n, entry in enumerate(found) if entry.failure == faults.BINARY]
    assert texts == [f"Pain {text}" for n, (text, _) in enumerate(rows) if n not in binary]
    assert [entry.id for entry in found] == [f"n{n}" for n in range(len(rows))]


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.jsonl", "a.txt"]))
def test_any_bytes_are_entries_or_one_error(data: bytes, name: str) -> None:
    """Nothing but InputError is ever raised, and what follows the fault on a line of its own is read."""
    head = b"id,text\n" if name == "a.csv" else b""
    tail = b'\n"last","Pain."' if name == "a.csv" else b'\n{"id": "last", "text": "Pain."}'
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read(file(Path(folder) / name, head + data + tail))
        except InputError:
            assert name != "a.csv"
            return
    assert [entry.number for entry in found] == list(range(len(found)))
    if name != "a.txt":
        assert found[-1] == good(len(found) - 1, "last", "Pain.")


# ------------------------------------------------------------------ Parquet, Excel, databases


def parquet(path: Path, query: str, more: str = "") -> Path:
    """A Parquet file of the rows of a query."""
    duckdb.connect(":memory:").execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{more})")
    return path


def test_parquet(tmp_path: Path) -> None:
    """Nulls, dates, moments and blobs; a column of a wrong type; names in any letter case."""
    path = parquet(
        tmp_path / "a[1].parquet",
        "SELECT * FROM (VALUES"
        " (1, 'Pain.'::BLOB, DATE '2026-05-12', 'x'), (2, NULL, NULL, NULL), (NULL, 'Neck.'::BLOB, NULL, NULL),"
        " (4, '\\xE9'::BLOB, NULL, NULL), (1, 'Sciatica.'::BLOB, NULL, NULL)) t(ID, \"Text\", date_of_service, extra)",
    )
    assert read(path) == [
        good(0, "1", "Pain.", date_of_service=DAY),
        bad(1, "2", faults.NO_TEXT),
        good(2, "#2", "Neck."),
        bad(3, "4", faults.not_utf8(0, "the note")),
        bad(4, "1", faults.TWICE),
    ]
    moments = parquet(
        tmp_path / "b.parquet",
        "SELECT uuid '7703ff0a-8a8b-42ea-a0b2-a9872e952f04' id, 'Pain.' note,"
        " TIMESTAMP '2026-05-12 23:00' AS day, 2.0 pat",
    )
    columns = Columns(text="note", date_of_service="day", patient="pat")
    id = "7703ff0a-8a8b-42ea-a0b2-a9872e952f04"
    assert read(moments, columns=columns) == [good(0, id, "Pain.", date_of_service=DAY, patient="2")]
    numbers = parquet(tmp_path / "c.parquet", "SELECT 5 AS text")
    assert read(numbers) == [bad(0, "#0", faults.wrong_type("text", "text"))]
    assert read(parquet(tmp_path / "d.parquet", "SELECT 'a' AS text WHERE false")) == []


def test_a_parquet_row_that_is_no_utf8_costs_itself(tmp_path: Path) -> None:
    """DuckDB gives up the file for one; the rows around it are read all the same, in order."""
    query = "SELECT 'n' || i AS id, 'Pain ' || i || ' QQQ' AS text FROM range(5000) t(i)"
    path = parquet(tmp_path / "a.parquet", query, ", COMPRESSION uncompressed, ROW_GROUP_SIZE 2048")
    data = path.read_bytes()
    for row in (b"Pain 7 QQQ", b"Pain 3000 QQQ", b"Pain 3001 QQQ"):
        assert data.count(row) == 1
        data = data.replace(row, row[:-3] + b"\xe9QQ")
    path.write_bytes(data)
    assert read(path) == [
        bad(n, f"#{n}", faults.NOT_READ) if n in (7, 3000, 3001) else good(n, f"n{n}", f"Pain {n} QQQ")
        for n in range(5000)
    ]


def test_a_parquet_file_damaged_from_some_row_on_breaks_off(tmp_path: Path) -> None:
    """After 200 rows on end that cannot be read the rest is given up; 250 with good ones between are not."""
    query = "SELECT 'n' || i AS id, 'Pain ' || i || ' QQQ' AS text FROM range(1000) t(i)"
    path = parquet(tmp_path / "a.parquet", query, ", COMPRESSION uncompressed")
    damaged = {n for n in range(1000) if n >= 600 or (n < 500 and n % 2)}
    data = path.read_bytes()
    for n in damaged:
        data = data.replace(f"Pain {n} QQQ".encode(), f"Pain {n} Q".encode() + b"\xe9Q")
    path.write_bytes(data)
    assert read(path) == [
        *(bad(n, f"#{n}", faults.NOT_READ) if n in damaged else good(n, f"n{n}", f"Pain {n} QQQ") for n in range(800)),
        bad(800, "#800", faults.BROKEN_OFF),
    ]


def workbook(path: Path, sheets: Mapping[str, list[list[object]]]) -> Path:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_excel(tmp_path: Path) -> None:
    """Every sheet with a text column; blank rows are none; dates, numbers, line ends, cut cells."""
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Legend": [["what", "it is"], ["x", "y"]],
            "May": [
                [],
                ["id", "Text", "date_of_service", "patient"],
                [1, "Pain.", datetime.datetime(2026, 5, 12, 9, 30), 44],
                [2, "Neck._x000D_\nWorse.", "2026-05-12"],
                [],
                [3, None, DAY],
                [4, "Lumbago.", 46154],
                [5, "x" * 32_767],
                [6, 5],
            ],
            "June": [["text", "id"], ["Sciatica.", "b"], ["Pain.", 1]],
        },
    )
    assert read(path) == [
        good(0, "1", "Pain.", date_of_service=DAY, patient="44"),
        good(1, "2", "Neck.\r\nWorse.", date_of_service=DAY),
        bad(2, "3", faults.NO_TEXT),
        bad(3, "4", faults.BAD_DATE),
        bad(4, "5", faults.CUT_BY_EXCEL),
        bad(5, "6", faults.wrong_type("text", "text")),
        good(6, "b", "Sciatica."),
        bad(7, "1", faults.TWICE),
    ]


def test_a_workbook_that_is_wrong_about_its_size(tmp_path: Path) -> None:
    """Some programs write that the sheet is one cell; every row and column is read all the same."""
    right = workbook(tmp_path / "right.xlsx", {"s": [["id", "text"], ["a", "Pain."], ["b", "Neck."]]})
    with zipfile.ZipFile(right) as whole, zipfile.ZipFile(tmp_path / "wrong.xlsx", "w") as wrong:
        for name in whole.namelist():
            wrong.writestr(name, whole.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
    assert read(tmp_path / "wrong.xlsx") == [good(0, "a", "Pain."), good(1, "b", "Neck.")]


def test_sqlite(tmp_path: Path) -> None:
    """The rows of a query; text that is no UTF-8 costs its note; the file is not written."""
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE visits (n INTEGER, words TEXT, day TEXT)")
        made.executemany(
            "INSERT INTO visits VALUES (?, CAST(? AS TEXT), ?)",
            [(1, "Pain.", "2026-05-12"), (2, b"Caf\xe9", None), (3, None, None), (4, "Neck.", "May"), (5, "Café", "")],
        )
    made.close()
    before = path.read_bytes()
    query = "SELECT n AS id, words AS text, day AS date_of_service FROM visits ORDER BY n; -- all"
    assert read(path, query=query.partition(" --")[0]) == [
        good(0, "1", "Pain.", date_of_service=DAY),
        bad(1, "2", faults.not_utf8(3, "the note")),
        bad(2, "3", faults.NO_TEXT),
        bad(3, "4", faults.BAD_DATE),
        good(4, "5", "Café"),
    ]
    assert [entry.id for entry in read(path, query="SELECT n id, words text FROM visits WHERE n = 1 -- one")] == ["1"]
    for writes in ("DELETE FROM visits", "DROP TABLE visits", "SELECT 1 AS text; DELETE FROM visits"):
        assert "the query cannot be answered" in refused(path, query=writes)
    assert path.read_bytes() == before


def test_duckdb(tmp_path: Path) -> None:
    """The rows of a query; it writes nothing and reads no other file."""
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE TABLE notes AS SELECT i AS id, 'Pain ' || i AS text FROM range(3) t(i)")
        made.execute("INSERT INTO notes VALUES (3, NULL)")
    file(tmp_path / "b.csv", "text\nPain.\n")
    assert read(path, query="SELECT * FROM notes WHERE id > 0 ORDER BY id DESC;") == [
        bad(0, "3", faults.NO_TEXT),
        good(1, "2", "Pain 2"),
        good(2, "1", "Pain 1"),
    ]
    assert "the query cannot be answered" in refused(path, query="DELETE FROM notes")
    assert "the query cannot be answered" in refused(path, query=f"FROM '{tmp_path / 'b.csv'}'")


def test_a_damaged_database_breaks_off(tmp_path: Path) -> None:
    """The rows before the damage are read, and one failure says that more was lost."""
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        made.executemany("INSERT INTO notes VALUES (?, ?)", [(n, f"Pain {'x' * 900}") for n in range(1000)])
    made.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40_960] = b"\xff" * 40_960
    path.write_bytes(data)
    *notes, last = read(path, query="SELECT id, text FROM notes ORDER BY id")
    assert last == bad(len(notes), f"#{len(notes)}", faults.BROKEN_OFF)
    assert [entry.id for entry in notes] == [str(n) for n in range(len(notes))]
    assert len(notes) > 300


def test_several_inputs_of_different_kinds(tmp_path: Path) -> None:
    """One run, one count, one set of ids."""
    made = tmp_path / "e.sqlite"
    with sqlite3.connect(made) as connection:
        connection.execute("CREATE TABLE notes (id TEXT, text TEXT)")
        connection.execute("INSERT INTO notes VALUES ('e', 'Pain e'), ('a', 'Pain')")
    connection.close()
    found = read(
        file(tmp_path / "a.csv", "id,text\na,Pain a\n"),
        file(tmp_path / "b" / "b.txt", "Pain b"),
        "-",
        parquet(tmp_path / "d.parquet", "SELECT 'd' AS id, 'Pain d' AS text"),
        made,
        workbook(tmp_path / "f.xlsx", {"notes": [["id", "text"], ["f", "Pain f"]]}),
        query="SELECT * FROM notes ORDER BY id DESC",
        stdin=io.BytesIO(lines({"id": "c", "text": "Pain c"})),
    )
    assert found == [
        good(0, "a", "Pain a"),
        good(1, "b.txt", "Pain b"),
        good(2, "c", "Pain c"),
        good(3, "d", "Pain d"),
        good(4, "e", "Pain e"),
        bad(5, "a", faults.TWICE),
        good(6, "f", "Pain f"),
    ]


# ------------------------------------------------------------------ inputs that are refused


KINDS = "Give .txt, .md, .jsonl, .csv, .tsv (each also .gz or .zst), .parquet, .xlsx, .duckdb, .sqlite or a folder."
NO_NAMES = "Its first line does not look like names of columns: put them there, then use --text-column."
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "no such kind": ("a.docx", b"x", f"a.docx: this kind of file cannot be read. {KINDS}"),
    "a packed workbook": ("a.xlsx.gz", b"x", f"a.xlsx.gz: this kind of file cannot be read. {KINDS}"),
    "no text column": (
        "a.csv",
        b"id;note;day\n1;Pain.;\n",
        "a.csv: there is no column text. Name it with --text-column; there are: id, note, day.",
    ),
    "no header": ("a.csv", f"1,{NAME} has pain.\n2,Neck.\n".encode(), f"a.csv: there is no column text. {NO_NAMES}"),
    "a column twice": (
        "a.csv",
        b"text,Text ,TEXT\na,b,c\n".replace(b"text", b"Text"),
        "a.csv: the column text stands there 3 times. Rename all but one.",
    ),
    "an empty CSV": ("a.csv", b"\n\n", "a.csv: it is empty. Its first line must name the columns."),
    "UTF-16": ("a.tsv", "id\ttext".encode("utf-16"), "a.tsv: it is UTF-16. Save it as UTF-8."),
    "a workbook under a false name": (
        "a.csv",
        b"PK\x03\x04",
        "a.csv: it is a zip archive, not text. Give it the ending that says so, or unpack it.",
    ),
    "no gzip": (
        "a.jsonl.gz",
        b'{"text": "Pain."}',
        "a.jsonl.gz: it is no .gz file, or empty. Get it again, or take .gz off its name.",
    ),
    "no zstandard": (
        "a.csv.zst",
        b"",
        "a.csv.zst: it is no .zst file, or empty. Get it again, or take .zst off its name.",
    ),
    "a stump of gzip": (
        "a.csv.gz",
        gzip.compress(b"id,text\na,Pain.")[:6],
        "a.csv.gz: it breaks off at its start. Get it again, whole.",
    ),
    "JSONL without text": (
        "a.jsonl",
        b'{"id": 1, "note": "Pain."}\n{"when": 2}\n',
        "a.jsonl: there is no column text. Name it with --text-column; there are: id, note, when.",
    ),
    "no Parquet": (
        "a.parquet",
        b"PAR1 and nothing",
        "a.parquet: it cannot be read as Parquet. Get it again, whole; or give CSV or JSONL.",
    ),
    "no workbook": (
        "a.xlsx",
        b"PK\x03\x04 and nothing",
        "a.xlsx: it cannot be read as an Excel workbook (.xlsx). Open it in Excel and save it again, "
        "without a password.",
    ),
    "a database without a query": (
        "a.db",
        b"x",
        "a database needs a query that yields its notes, as: SELECT id, text FROM notes ORDER BY id.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_input_that_cannot_be_read_is_one_error(tmp_path: Path, name: str) -> None:
    """It is refused at once, with what to do, before any note of any input is read."""
    called, data, message = REFUSED[name]
    assert refused(file(tmp_path / called, data), "-", stdin=io.BytesIO(b"")) == message


def test_other_inputs_that_are_refused(tmp_path: Path) -> None:
    """What is not there, empty, given twice, or asked for in vain."""
    assert refused() == "there is no input. Give a file, a folder, or - for JSONL on stdin."
    assert refused(tmp_path / "a.txt") == "there is no file or folder a.txt. Check the path."
    assert refused(f"{NAME} has low back pain") == "there is no file or folder of that name. Check the path."
    assert refused(NAME.lower() * 100 + "\0") == "there is no file or folder of that name. Check the path."
    assert refused(tmp_path / "*.txt") == "nothing matches the pattern *.txt. Check it."
    assert refused("-", "-") == "stdin (-) is given twice. Give it once."
    assert refused("-", query="SELECT 1") == (
        "a query is given and no database. Give the DuckDB or SQLite file it is for."
    )
    file(tmp_path / "folder" / "a.jsonl", "{}")
    assert refused(tmp_path / "folder", "-") == (
        "folder: there is no .txt or .md file in this folder. Files of other kinds are given by name, or by a "
        "pattern as 'folder/*.jsonl'."
    )
    file(tmp_path / "p" / "a.docx", "x")
    assert refused(tmp_path / "p" / "*") == f"*: some of the files it matches cannot be read. {KINDS}"
    assert refused(file(tmp_path / "a.sqlite", "x" * 100), query="SELECT 1") == (
        "a.sqlite: it is neither a SQLite nor a DuckDB file. Check the path."
    )


def test_a_column_the_user_names_must_be_there(tmp_path: Path) -> None:
    """The usual ones may be missing; a name of the user's own may not, in any kind of table."""
    columns = Columns(provider="doctor", date_of_service="day")
    message = (
        "there is no column day and no column doctor. Name it with --date-column, --provider-column; "
        "there are: id, text."
    )
    query = "SELECT 1 AS id, 'Pain.' AS text"
    made = tmp_path / "a.sqlite"
    sqlite3.connect(made).execute("CREATE TABLE t (x)").connection.close()
    for path in (
        file(tmp_path / "a.csv", "id,text\n1,Pain.\n"),
        file(tmp_path / "a.jsonl", '{"id": 1, "text": "Pain."}\n'),
        parquet(tmp_path / "a.parquet", query),
        workbook(tmp_path / "a.xlsx", {"s": [["id", "text"], [1, "Pain."]]}),
    ):
        assert refused(path, columns=columns) == f"{path.name}: {message}"
        assert read(path) == [good(0, "1", "Pain.")]
    assert refused(made, columns=columns, query=query) == f"a.sqlite: {message}"
    assert read(made, query=query) == [good(0, "1", "Pain.")]


def test_an_error_of_sql_names_what_is_wrong_with_the_query_and_no_value(tmp_path: Path) -> None:
    """The query's own words are told back; the values of a table are not."""
    lite, duck = tmp_path / "a.sqlite", tmp_path / "a.duckdb"
    with sqlite3.connect(lite) as made:
        made.execute("CREATE TABLE notes (id TEXT, text TEXT)")
    made.close()
    with duckdb.connect(str(duck)) as connection:
        connection.execute(f"CREATE TABLE notes AS SELECT '{NAME}' AS id, 'Pain.' AS text")
    wanted = "Give one that yields the notes, as: SELECT id, text FROM notes ORDER BY id."
    assert refused(lite, query="SELECT words FROM notes") == (
        f"a.sqlite: the query cannot be answered: no such column: words. {wanted}"
    )
    assert "Catalog Error: Table with name visits does not exist" in refused(duck, query="SELECT * FROM visits")
    found = entries([str(duck)], query="SELECT CAST(id AS INTEGER) AS id, text FROM notes")
    with pytest.raises(InputError) as caught:
        next(found)
    assert str(caught.value) == f"{duck}: the query cannot be answered: ConversionException. {wanted}"


# ------------------------------------------------------------------ fingerprints and ids


def test_a_fingerprint_changes_with_names_sizes_times_columns_and_query(tmp_path: Path) -> None:
    """The same input has the same one, from wherever it is named; each change gives another."""
    notes = tmp_path / "notes"
    first = file(notes / "a.txt", "Pain.")
    os.utime(first, ns=(1, 1))
    seen = [fingerprint([str(notes)], Columns())]
    assert fingerprint([str(notes) + "/"]) == seen[0]

    def another(*inputs: Path | str, columns: Columns | None = None, query: str = "") -> None:
        digest = fingerprint([str(input) for input in inputs], columns, query)
        assert digest not in seen
        seen.append(digest)

    os.utime(first, ns=(1, 2))
    another(notes)
    file(first, "Pain!!")
    os.utime(first, ns=(1, 2))
    another(notes)
    first.rename(notes / "b.txt")
    another(notes)
    file(notes / "c.txt", "Neck.")
    another(notes)
    another(notes, columns=Columns(text="note"))
    another("-")
    another("-", notes)
    another(notes, "-")
    base = file(tmp_path / "a.db", "x")
    another(base, query="SELECT 1")
    another(base, query="SELECT 2")
    file(tmp_path / "a.db-wal", "x")
    another(base, query="SELECT 2")
    assert {len(digest) for digest in seen} == {64}
    with pytest.raises(InputError):
        fingerprint([str(tmp_path / "gone.txt")])


def test_an_id_is_new_once() -> None:
    """Over many ids, past several enlargements of the table."""
    seen = Seen()
    assert all(seen.new(f"n{number}") for number in range(20_000))
    assert not any(seen.new(f"n{number}") for number in range(20_000))
    assert seen.new("")
    assert not seen.new("")


def test_no_failure_speaks_of_a_note() -> None:
    """Every sentence ends, and every failure says what to do."""
    fixed = [value for value in vars(faults).values() if isinstance(value, Failure)]
    assert len(fixed) == 17
    assert [failure for failure in fixed if not failure.hint.endswith(".") or failure.reason.endswith(".")] == []
