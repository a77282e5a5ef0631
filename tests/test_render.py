"""The renderers: two coded notes made by hand, their golden files, and what no reader may ever be shown."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import os
import re
import unicodedata
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_coder.errors import NlpCoderError
from nlp_coder.render.as_chart import as_chart
from nlp_coder.render.as_html import as_html
from nlp_coder.render.as_json import SCHEMA, from_dict, to_dict, to_json
from nlp_coder.render.as_text import as_text
from nlp_coder.render.marks import lines_of, marks_of, segments_of
from nlp_coder.render.visible import cells, fold, visible
from nlp_coder.render.words import AUTHORITIES, citation
from nlp_coder.types import (
    Alert,
    Authority,
    Candidate,
    CodedNote,
    Context,
    Evidence,
    Fact,
    Finding,
    Note,
    Question,
    SetAside,
    Span,
)

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SCHEMA_FILE = HERE.parent / "docs" / "schema-coded-note.json"

MODIC_TEXT = """\
CC: Chronic left-sided low back pain.

HPI: 52-year-old woman with low back pain for six years, worse with bending forward. No sciatica.
She stopped running in spring. Sleep is fair. No fever, no weight loss.

PMH: hypertension, well controlled.
Medications: naproxen as needed.

Exam: Tender over L4-L5. Straight leg raise negative on both sides. Strength full.

Imaging: MRI of 2026-03-02 shows Modic type 1 endplate changes at L4-L5, no disc herniation.

Assessment:
1. Chronic low back pain, vertebrogenic, due to the Modic changes at L4-L5. Possible facet pain.
2. Hypertension, stable.

Plan: Discussed basivertebral nerve ablation. Physical therapy twice a week. Return in six weeks.
"""

SCIATICA_TEXT = (
    "S: Low back pain\tand right leg pain after shovelling.\r\n"
    "O: SLR pos. <script>alert('x')</script> & \x1b[31mred\x1b[0m \u202eesrever\u202c\r\n"
    "A: Low back pain with right sciatica \U0001f9b5.\r\n"
    "P: ice\x00\u200b"
)


def quote(text: str, slot: str, words: str, nth: int = 0) -> Evidence:
    """Evidence for the nth place of some words in a text."""
    start = [match.start() for match in re.finditer(re.escape(words), text)][nth]
    return Evidence(slot, Span(start, start + len(words), words))


def modic_note() -> CodedNote:
    """A pain clinic visit: two codes, three set-asides, a question, two alerts."""

    def q(slot: str, words: str, nth: int = 0) -> Evidence:
        return quote(MODIC_TEXT, slot, words, nth)

    vertebrogenic = Fact(
        problem="pain",
        region="lumbar",
        level="L4-L5",
        side="left",
        course="chronic",
        character="vertebrogenic",
        imaging="modic 1",
        duration="6 years",
        evidence=(
            q("problem", "low back pain"),
            q("problem", "low back pain", 1),
            q("problem", "low back pain", 2),
            q("region", "low back pain"),
            q("region", "low back pain", 1),
            q("region", "low back pain", 2),
            q("side", "left-sided"),
            q("course", "Chronic"),
            q("course", "Chronic", 1),
            q("character", "vertebrogenic"),
            q("imaging", "Modic type 1 endplate changes"),
            q("level", "L4-L5", 2),
        ),
    )
    sciatica = Fact(
        problem="sciatica",
        context=Context.NEGATED,
        evidence=(q("problem", "sciatica"),),
        cues=(q("cue", "No", 0).span,),
    )
    return CodedNote(
        note=Note(
            text=MODIC_TEXT,
            id="visit-0417",
            date_of_service=datetime.date(2026, 4, 17),
            purpose="evaluation",
        ),
        codes=(
            Candidate(
                code="M54.51",
                rule="vertebrogenic-low-back-pain",
                says="Low back pain that the provider calls vertebrogenic is M54.51.",
                authority=Authority.INDEX,
                source="index: Pain, low back, vertebrogenic; tabular: M54.51",
                fact=vertebrogenic,
                evidence=tuple(
                    item
                    for item in vertebrogenic.evidence
                    if item.slot in ("problem", "region", "character", "imaging")
                ),
                title="Vertebrogenic low back pain",
                role="first-listed",
                confirm=("that the pain is concordant with the Modic changes the report describes",),
                remarks=("side (left): noted, no effect on the code",),
            ),
            Candidate(
                code="G89.29",
                rule="chronic-pain",
                says="Pain of the spine that is called chronic adds G89.29 after the site code.",
                authority=Authority.GUIDELINE,
                source="guideline: I.C.6.b.1.b.ii",
                fact=vertebrogenic,
                evidence=tuple(item for item in vertebrogenic.evidence if item.slot in ("problem", "course")),
                title="Other chronic pain",
                role="additional",
                absent=("chronic pain syndrome", "pain due to trauma", "post-procedural pain"),
            ),
        ),
        set_aside=(
            SetAside(
                code="M54.32",
                reason="negated",
                why="The note denies it.",
                source="guideline: III.B",
                evidence=(q("cue", "No sciatica"), q("problem", "sciatica")),
                title="Sciatica, left side",
                rule="sciatica",
            ),
            SetAside(
                code="M54.50",
                reason="less specific",
                why="The same pain has a code that says more.",
                source="guideline: I.B.2",
                title="Low back pain, unspecified",
                rule="low-back-pain",
                by="M54.51",
            ),
            SetAside(
                code="M47.816",
                reason="uncertain",
                why="An uncertain diagnosis is not coded for an outpatient; the symptom is.",
                source="guideline: IV.H",
                evidence=(q("cue", "Possible"), q("problem", "facet pain")),
                title="Spondylosis without myelopathy or radiculopathy, lumbar region",
                rule="spondylosis",
            ),
        ),
        questions=(
            Question(
                id="modic-concordance",
                text="The MRI reports endplate changes at L4-L5. What is the cause of the low back pain?",
                options=(
                    "pain arising from the vertebral end plates",
                    "another cause: ____",
                    "cannot be determined",
                ),
                evidence=(q("imaging", "Modic type 1 endplate changes"),),
                code="M54.51",
            ),
        ),
        alerts=(
            Alert(
                id="ablation-coverage",
                severity="warning",
                text="Payers cover basivertebral nerve ablation only after six months of conservative care; "
                "the note does not say how long it was tried.",
                source="payer: basivertebral nerve ablation",
                evidence=(q("procedure", "basivertebral nerve ablation"),),
            ),
            Alert(id="side", severity="info", text="The side is stated and no code for it exists."),
        ),
        facts=(vertebrogenic, sciatica),
        findings=(
            Finding(
                what="modic 1",
                region="lumbar",
                level="L4-L5",
                evidence=(q("problem", "Modic type 1 endplate changes"), q("level", "L4-L5", 1)),
            ),
            Finding(
                what="disc displacement",
                type="herniation",
                context=Context.NEGATED,
                evidence=(q("problem", "disc herniation"),),
            ),
        ),
        release="FY2026",
        knowledge="3f9a1c0be1d2",
    )


def sciatica_note() -> CodedNote:
    """One line each, CRLF, and everything a terminal or a browser must not be handed raw."""

    def q(slot: str, words: str, nth: int = 0) -> Evidence:
        return quote(SCIATICA_TEXT, slot, words, nth)

    fact = Fact(
        problem="sciatica",
        region="lumbar",
        side="right",
        pain="back",
        evidence=(
            q("problem", "sciatica"),
            q("side", "right", 1),
            q("pain", "Low back pain"),
            q("pain", "Low back pain", 1),
            q("pain", "Low back pain\tand right leg pain"),
        ),
    )
    return CodedNote(
        note=Note(text=SCIATICA_TEXT),
        codes=(
            Candidate(
                code="M54.41",
                rule="lumbago-with-sciatica",
                says="Sciatica with low back pain at one encounter is M54.4-, by side.",
                authority=Authority.TABULAR,
                source="tabular: M54.4-",
                fact=fact,
                evidence=fact.evidence,
                title="Lumbago with sciatica, right side",
                role="first-listed",
            ),
        ),
        set_aside=(
            SetAside(
                code="M54.50",
                reason="Excludes1",
                why="M54.5 excludes “lumbago with sciatica (M54.4-)”.",
                source="tabular: M54.5, Excludes1",
                evidence=(q("problem", "Low back pain"), q("problem", "Low back pain", 1)),
                title="Low back pain, unspecified",
                by="M54.41",
            ),
        ),
        facts=(fact,),
        release="FY2027",
        knowledge="3f9a1c0be1d2",
        notices=("No date of service was given: coded by the newest release, FY2027.",),
    )


def no_spine_note() -> CodedNote:
    """A note with nothing of the spine."""
    return CodedNote(note=Note(text="Here for a flu shot.\n"), release="FY2027", knowledge="3f9a1c0be1d2")


NOTES = {"modic": modic_note, "sciatica": sciatica_note}


@pytest.mark.parametrize("name", NOTES)
def test_every_quotation_of_the_literals_is_exact(name: str) -> None:
    """The notes above are themselves sound: spans quote the text."""
    coded = NOTES[name]()
    assert [coded.note.text[mark.start : mark.end] for mark in marks_of(coded)] == [
        item.text
        for group in (coded.codes, coded.set_aside, coded.questions, coded.alerts)
        for entry in group
        for item in entry.evidence
    ]


@pytest.mark.parametrize("name", NOTES)
@pytest.mark.parametrize("form", ["txt", "ansi", "json", "html"])
def test_golden(name: str, form: str) -> None:
    """Each rendering is the file read in review; `UPDATE_GOLDEN=1` writes them anew."""
    coded = NOTES[name]()
    rendered = {
        "txt": as_text,
        "ansi": lambda note: as_text(note, styled=True),
        "json": to_json,
        "html": as_html,
    }[form](coded)
    path = GOLDEN / f"{name}.{form}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(rendered.encode())
    assert rendered.encode() == path.read_bytes()


@pytest.mark.parametrize("name", NOTES)
@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_wider_than_asked(name: str, width: int) -> None:
    """Text keeps to its columns, wide characters counted as two."""
    assert [line for line in as_text(NOTES[name](), width=width).splitlines() if cells(line) > width] == []


def test_styles_add_escapes_and_take_only_marks() -> None:
    """Styled text without its escapes is the plain text but for the marks around cited words."""
    coded = modic_note()
    bare = re.sub(r"\x1b\[[0-9;]*m", "", as_text(coded, styled=True, width=400))
    assert re.sub("[«»‹›]", "", bare) == re.sub("[«»‹›]", "", as_text(coded, width=400))


@pytest.mark.parametrize("render", [as_text, as_html, to_json])
def test_nothing_raw_reaches_the_reader(render: object) -> None:
    """No control, bidi or zero-width character of a note survives rendering."""
    assert callable(render)
    rendered = render(sciatica_note())
    raw = {c for c in rendered if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    assert raw == set()


def test_hidden_characters_are_written_out() -> None:
    """What is not shown raw is shown by name."""
    assert visible("a\x1b[31m\u202e\u200b\x00\x85b\tc") == "a<U+001B>[31m<U+202E><U+200B><U+0000><U+0085>b c"


def test_no_spine_problem_is_one_line() -> None:
    """Nothing found is said, in one line."""
    assert as_text(no_spine_note()) == "No codable spine problem in this note.\n"


def test_all_set_aside_is_not_the_same_as_nothing_found() -> None:
    """A note whose problems were all turned down says that they were."""
    coded = replace(modic_note(), codes=())
    assert as_text(coded).startswith("Bill nothing: each spine problem of this note was set aside.\n")


def test_long_notes_and_lines_are_cut_to_what_is_cited() -> None:
    """A 100,000-character line is shown as the words around its evidence."""
    filler = "walks the dog every day " * 2_000
    text = f"{filler}has neck pain today {filler}"
    item = quote(text, "problem", "neck pain")
    fact = Fact(problem="pain", region="cervical", evidence=(item,))
    code = Candidate("M54.2", "neck-pain", "Neck pain is M54.2.", Authority.INDEX, "index: Pain, neck", fact, (item,))
    shown = as_text(CodedNote(note=Note(text=text), codes=(code,), facts=(fact,)))
    assert "day has «neck pain» today walks" in " ".join(shown.split())
    assert len(shown) < 900


def test_lines_count_as_editors_do() -> None:
    """CRLF, LF and CR end a line; form feed and line separator do not."""
    lines = lines_of("a\r\nb\nc\rd\x0ce\u2028f\n")
    assert [lines.bounds(number) for number in (1, 2, 3, 4)] == [(0, 1), (3, 4), (5, 6), (7, 12)]
    assert [lines.at(offset) for offset in (0, 2, 3, 5, 11)] == [1, 1, 2, 3, 4]


def test_overlapping_marks_are_cut_into_segments() -> None:
    """Where citations overlap, each piece knows all that cite it."""
    segments = segments_of(marks_of(sciatica_note()))
    assert [(SCIATICA_TEXT[s.start : s.end], s.keys) for s in segments] == [
        ("Low back pain", ("code-1", "set-aside-1")),
        ("\tand right leg pain", ("code-1",)),
        ("Low back pain", ("code-1", "set-aside-1")),
        ("right", ("code-1",)),
        ("sciatica", ("code-1",)),
    ]


@given(st.text(max_size=80), st.integers(8, 40))
def test_folding_loses_only_blanks(text: str, width: int) -> None:
    """Folded lines hold every visible character in order and keep to the width."""
    folded = ["".join(part for part, _ in line) for line in fold([(text, "")], width)]
    assert "".join(folded).replace(" ", "") == visible(text).replace(" ", "")
    assert [line for line in folded if cells(line) > width] == []


def test_the_elements_of_a_note_line_up_and_their_marks_are_explained() -> None:
    """Words begin behind the longest name of their list; each list says what its marks mean."""
    note = "Low back pain.\nNo fever."
    found = [("side", "absent", ()), ("region", "found", (Evidence("region", Span(0, 8, "Low back")),))]
    flags = [("fever", "denied", (Evidence("fever", Span(18, 23, "fever")),))]
    assert as_chart(note, found, flags, ["Which side?"]) == (
        "1 of 2 elements documented (50%)\n\n"
        "Elements: [x] found, [-] denied, [ ] absent\n   [ ] side    absent\n   [x] region  «Low back» line 1\n\n"
        "Red flags: [!] present, [-] denied, [ ] not documented\n   [-] fever  «fever» line 2\n\n"
        "Ask the provider\n   Which side?\n"
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "negated"),
        ({"by": "M54.41"}, "negated, M54.41 stands"),
        ({"outcome": "turned down", "confidence": 0.2}, "negated"),
        ({"outcome": "review", "confidence": 1.0}, "negated; worth a look (99%)"),
        ({"outcome": "review", "by": "M54.41"}, "negated, M54.41 stands; worth a look"),
    ],
)
def test_what_was_turned_down_and_may_be_earned_is_worth_a_look(more: dict[str, Any], expected: str) -> None:
    """On the terminal and on the page alike; the figure only where the model gave one, and never 100 %."""
    aside = SetAside("M54.30", "negated", "Denied.", "guideline: III.B", **more)
    coded = CodedNote(note=Note(text="No sciatica."), set_aside=(aside,))
    assert f"reason     {expected}\n" in as_text(coded)
    assert f'<p class="standing">{expected}</p>' in as_html(coded)


def test_sources_are_read_out_in_plain_words() -> None:
    """Keys become names; every authority has one."""
    assert set(AUTHORITIES) == {authority.value for authority in Authority}
    assert (
        citation("index: Pain, neck; tabular: M54.2")
        == "ICD-10-CM Alphabetic Index: Pain, neck; ICD-10-CM Tabular List: M54.2"
    )
    assert citation("guideline IV.H: not coded") == "ICD-10-CM Official Guidelines IV.H: not coded"
    assert citation("guide-2: M54.51", "article") == "coding article (guide-2): M54.51"
    assert citation("I.A.19", "guideline") == "ICD-10-CM Official Guidelines: I.A.19"
    assert citation("", "house") == "house rule, no official source decides"


@pytest.mark.parametrize("make", [modic_note, sciatica_note, no_spine_note])
def test_json_fits_its_schema_and_comes_back_whole(make: object) -> None:
    """What is written validates, and reads back as the same CodedNote."""
    assert callable(make)
    coded = make()
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(to_json(coded))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert from_dict(document) == coded
    assert from_dict(to_dict(coded)) == coded


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"extra": 1}),
        (("note",), {"extra": 1}),
        (("codes", 0), {"extra": 1}),
        (("codes", 0, "fact"), {"extra": 1}),
        (("codes", 0, "evidence", 0), {"extra": 1}),
        (("set_aside", 0), {"reason": 3}),
        (("questions", 0), {"options": "a"}),
        (("alerts", 0), {"severity": "dire"}),
        (("codes", 0), {"authority": "hearsay"}),
    ],
)
def test_the_schema_refuses_what_it_does_not_know(path: tuple[str | int, ...], value: dict[str, object]) -> None:
    """Nothing additional and nothing of the wrong kind passes, at any depth."""
    document = json.loads(to_json(modic_note()))
    place = document
    for step in path:
        place = place[step]
    place.update(value)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json.loads(SCHEMA_FILE.read_text("utf-8")))


def test_the_schema_knows_every_field_of_a_fact() -> None:
    """A field added to Fact must be described."""
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    assert set(schema["$defs"]["fact"]["properties"]) == {field.name for field in fields(Fact)}


def test_json_can_leave_the_note_out() -> None:
    """Without its text the document still validates and keeps the quotations."""
    document = to_dict(modic_note(), with_text=False)
    jsonschema.validate(document, json.loads(SCHEMA_FILE.read_text("utf-8")))
    assert document["note"]["text"] is None
    assert document["codes"] == to_dict(modic_note())["codes"]


def test_json_is_ascii_for_any_note() -> None:
    """Even a lone surrogate leaves as ASCII."""
    note = to_json(CodedNote(note=Note(text="\ud800 \x7f \x9b é")))
    assert note.isascii()
    assert "\x7f" not in note
    assert json.loads(note)["note"]["text"] == "\ud800 \x7f \x9b é"


def test_another_schema_is_refused() -> None:
    """A document of another version is not guessed at."""
    with pytest.raises(NlpCoderError, match=SCHEMA):
        from_dict({"schema": "nlp-coder/coded-note/2"})


class _Page(HTMLParser):
    """Collects what the tests ask about: tags, their attributes, the note's text, inline style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, str] = {}
        self._open: list[str] = []
        self._note = False
        self.note = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._note = self._note or (tag == "div" and dict(attrs).get("class") == "lines")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note its end."""
        self._note = self._note and tag != "section"
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep the text where it belongs."""
        tag = self._open[-1] if self._open else ""
        self.data[tag] = self.data.get(tag, "") + data
        if self._note and tag in ("div", "mark"):
            self.note += data


def test_html_escapes_the_note_and_shows_all_of_it() -> None:
    """A script in the note is text; the note is there line by line, word by word."""
    page = _Page(as_html(sciatica_note()))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert page.note.strip("\n").split("\n") == [visible(line) for line in SCIATICA_TEXT.split("\r\n")]


def test_html_needs_nothing_from_outside() -> None:
    """No address but anchors of the page itself, and a policy that allows its own style and script only."""
    page = _Page(as_html(modic_note()))
    addresses = [value for _, attrs in page.tags for name, value in attrs.items() if name in ("href", "src", "action")]
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert addresses
    assert {str(address).removeprefix("#") for address in addresses} <= {str(name) for name in ids}
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; style-src '{_sha(page.data['style'])}'; "
        f"script-src '{_sha(page.data['script'])}'; base-uri 'none'; form-action 'none'"
    )
    assert [attrs for _, attrs in page.tags if "style" in attrs or any(name.startswith("on") for name in attrs)] == []


def _sha(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_html_marks_overlaps_for_everyone_who_cites_them() -> None:
    """A segment names each code, set-aside, question and alert that rests on it; ids are unique."""
    page = _Page(as_html(sciatica_note()))
    marks = [attrs for tag, attrs in page.tags if tag == "mark"]
    assert [mark["data-keys"] for mark in marks] == [
        "code-1 set-aside-1",
        "code-1",
        "code-1 set-aside-1",
        "code-1",
        "code-1",
    ]
    assert marks[0]["title"] == "pain of M54.41; problem of M54.50"
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_html_of_a_span_across_lines_marks_both_and_anchors_once() -> None:
    """A quotation over a line break is two marks, one id."""
    text = "mild low\nback pain"
    item = Evidence("problem", Span(5, 18, text[5:18]))
    alert = Alert("wrapped", "info", "Words over two lines.", evidence=(item,))
    page = _Page(as_html(CodedNote(note=Note(text=text), alerts=(alert,))))
    assert [(attrs.get("id"), attrs["data-keys"]) for tag, attrs in page.tags if tag == "mark"] == [
        ("w5", "alert-1"),
        (None, "alert-1"),
    ]


_marks = st.tuples(st.integers(0, 60), st.integers(0, 60))


@given(st.text(max_size=60), st.lists(_marks, max_size=6))
def test_any_note_with_any_citations_renders_in_every_form(text: str, places: list[tuple[int, int]]) -> None:
    """No text and no overlap breaks a renderer, and the page always holds the whole note."""
    evidence = tuple(
        Evidence("problem", Span(start, end, text[start:end])) for start, end in places if start <= end <= len(text)
    )
    fact = Fact(problem="pain", evidence=evidence)
    code = Candidate("M54.9", "back-pain", "", Authority.INDEX, "index: Pain, back", fact, evidence)
    aside = SetAside("M54.2", "negated", "Denied.", "guideline: III.B", evidence[:1])
    coded = CodedNote(note=Note(text=text), codes=(code, code), set_aside=(aside,), facts=(fact,))
    assert as_text(coded).endswith("\n")
    assert as_text(coded, styled=True).endswith("\n")
    assert from_dict(json.loads(to_json(coded))) == coded
    lines = re.split(r"\r\n|\r|\n", text)
    assert _Page(as_html(coded)).note.replace("\n", "") == "".join(map(visible, lines))
