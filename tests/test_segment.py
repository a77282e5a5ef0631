"""Raw note text → sections and sentences: headings, lists, tick-boxes, line breaks, word for word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlp_coder.lexicon import load_headings
from nlp_coder.segment import SECTIONS, outline


def names(text: str) -> list[str]:
    """The section names of a note, in order."""
    return [section.name for section in outline(text).sections]


def laid_out(text: str) -> list[tuple[str, list[str]]]:
    """Section name and sentences, in order."""
    note = outline(text)
    return [
        (section.name, [text[s.start : s.end] for s in note.sentences if s.section is section])
        for section in note.sections
    ]


def sentences(text: str) -> list[str]:
    """The words of each sentence."""
    return [text[s.start : s.end] for s in outline(text).sentences]


def items(text: str) -> list[tuple[int, str]]:
    """List item and words of each sentence."""
    return [(s.item, text[s.start : s.end]) for s in outline(text).sentences]


def labels(text: str) -> list[tuple[str, str]]:
    """Label and words of each sentence."""
    return [(s.label, text[s.start : s.end]) for s in outline(text).sentences]


def ticks(text: str) -> list[tuple[bool | None, str]]:
    """Tick and words of each sentence."""
    return [(s.ticked, text[s.start : s.end]) for s in outline(text).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Back hurts.", [("none", ["Back hurts."])]),
        ("PLAN\n\nRest.", [("plan", ["Rest."])]),
        ("PLAN:\nRest.", [("plan", ["Rest."])]),
        ("PLAN:  Rest.", [("plan", ["Rest."])]),
        ("PLAN   \nRest.", [("plan", ["Rest."])]),
        ("Plan\nRest.", [("plan", ["Rest."])]),
        ("plan: rest", [("plan", ["rest"])]),
        ("plan\nrest", [("plan", ["rest"])]),
        ("Plan - rest\nExam – tender", [("plan", ["rest"]), ("physical exam", ["tender"])]),
        ("**Plan**\nRest.", [("plan", ["Rest."])]),
        ("**Plan:** Rest.", [("plan", ["Rest."])]),
        ("__Plan__: rest", [("plan", ["rest"])]),
        ("## Plan\nRest.", [("plan", ["Rest."])]),
        ("#Plan\nRest.", [("plan", ["Rest."])]),
        ("Plan\n====\nRest.", [("plan", ["Rest."])]),
        ("<h2>Plan</h2>Rest.", [("plan", ["Rest."])]),
        ("<p><b>Plan:</b> Rest.</p>", [("plan", ["Rest."])]),
        ("| Plan | Rest |", [("plan", ["Rest"])]),
        ("2. PLAN\nRest.", [("plan", ["Rest."])]),
        ("- **Plan:** rest", [("plan", ["rest"])]),
        ("> ## Plan\n> Rest.", [("plan", ["Rest."])]),
        ("H&amp;P: sore", [("history of present illness", ["sore"])]),
        ("PLAN\tRest", [("plan", ["Rest"])]),
        ("PLAN Rest at home.", [("plan", ["Rest at home."])]),
    ],
)
def test_a_heading_is_seen_however_it_is_written(text: str, expected: list[tuple[str, list[str]]]) -> None:
    """With or without colon, in capitals or not, as Markdown, HTML, underlined, numbered, in a table."""
    assert laid_out(text) == expected


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("HPI", "history of present illness"),
        ("HX", "history of present illness"),
        ("CC", "chief complaint"),
        ("PMH", "past medical history"),
        ("IMP", "impression"),
        ("Dx", "assessment"),
        ("A/P", "assessment and plan"),
        ("A & P", "assessment and plan"),
        ("Impression/Plan", "assessment and plan"),
        ("Plan and Assessment", "assessment and plan"),
        ("RESULTS", "imaging"),
        ("FINAL DIAGNOSES", "assessment"),
        ("DISCHARGE DIAGNOSIS", "discharge diagnosis"),
        ("PRE-OPERATIVE DIAGNOSIS", "preoperative diagnosis"),
        ("Preop Dx", "preoperative diagnosis"),
        ("PREOPERATIVE DIAGNONSIS", "preoperative diagnosis"),
        ("POSTOPERATIVE DIAGNOSIS (ES)", "postoperative diagnosis"),
        ("BRIEF HPI", "history of present illness"),
        ("INTERVAL PHYSICAL EXAM", "physical exam"),
        ("TODAY’S PLAN", "plan"),
        ("CURRENT MEDICATIONS LIST", "medications"),
        ("VITALS REVIEWED", "vitals"),
        ("FAMILY AND SOCIAL HISTORY", "family history"),
        ("PAST MEDICAL AND SURGICAL HISTORY", "past medical history"),
        ("NEEDLE EMG", "studies"),
        ("CT OF THE PELVIS", "imaging"),
        ("EXAM OF THE KNEE", "physical exam"),
        ("REASON FOR TODAY'S CALL", "chief complaint"),
        ("DENTAL HISTORY", "history of present illness"),
        ("I M P R E S S I O N", "impression"),
        ("GARDENING ADVICE GIVEN", "other"),
        ("Summary of first visit 3/1 (reviewed)", "history of present illness"),
        ("Problem list pulled from EHR", "problem list"),
    ],
)
def test_a_heading_names_its_section(heading: str, name: str) -> None:
    """Abbreviated, misspelt, hyphenated, qualified, joined: the table holds what cannot be put together."""
    note = outline(f"{heading}: Words follow here, as they do in every note.")
    assert [(s.name, s.heading.text if s.heading else "") for s in note.sections] == [(name, heading)]


def test_headings_in_the_middle_of_a_line() -> None:
    """Dictation runs on: capitals with a colon, or any known heading where a sentence begins."""
    text = "Seen today.  PAST MEDICAL HISTORY:  Asthma. FAMILY HISTORY: Mother limps. Plan: rest."
    assert laid_out(text) == [
        ("none", ["Seen today."]),
        ("past medical history", ["Asthma."]),
        ("family history", ["Mother limps."]),
        ("plan", ["rest."]),
    ]


def test_a_note_pasted_into_one_line_without_colons() -> None:
    """Long headings in capitals are found where ordinary words follow."""
    text = "CHIEF COMPLAINT Sore back ASSESSMENT AND PLAN 1. Strain 2. Gout"
    assert laid_out(text) == [("chief complaint", ["Sore back"]), ("assessment and plan", ["Strain", "Gout"])]


def test_single_letters_head_sections_in_both_layouts() -> None:
    """S: O: A: P: on lines of their own and on one line."""
    expected = [
        ("subjective", ["sore back x 3 d."]),
        ("objective", ["tender L4-5."]),
        ("assessment", ["strain."]),
        ("plan", ["ice"]),
    ]
    assert laid_out("S: sore back x 3 d.\nO: tender L4-5.\nA: strain.\nP: ice") == expected
    assert laid_out("S: sore back x 3 d. O: tender L4-5. A: strain. P: ice") == expected


def test_bare_letters_head_lines_only_as_a_set_in_order() -> None:
    """``A`` and ``P`` head lines without colon where S or O stands before them; an article or a pulse does not."""
    assert names("S neck better\nO grip 5/5\nA cervical sprain\nP heat") == [
        "subjective", "objective", "assessment", "plan",
    ]  # fmt: skip
    assert names("A man of 40\nP 72 regular") == ["none"]
    assert names("O grip 5/5\nP heat\nA cervical sprain") == ["none"]


def test_a_full_stop_within_brackets_does_not_close_a_heading() -> None:
    """``Referring dx (Dr. Penhaligon): …`` is headed; words that end a sentence before the colon are not."""
    assert names("Referring dx (Dr. Penhaligon, 1/6): lumbar stenosis") == ["admission diagnosis"]
    assert names("Referring dx. Penhaligon said: lumbar stenosis") == ["none"]


def test_a_pulse_is_no_plan() -> None:
    """``P: 72`` among the vital signs heads nothing."""
    assert names("VITALS\nBP: 120/80\nP: 72\nT: 98.6") == ["vitals"]


@pytest.mark.parametrize(
    "text",
    [
        "ASSESSMENT\nLUMBAR STRAIN.\nGERD.\nGOUT",
        "ASSESSMENT:\n1. ALLERGIES\n2. GOUT",
        "ASSESSMENT\n\nBack sprain.\n• Medical Reasoning: She fell.\n• Plan: Ice.\n• Imaging: None.",
        "ASSESSMENT\n1. Sprain\nImaging: none needed\n2. Gout",
        "ASSESSMENT: Sprain. Imaging: none needed.",
    ],
)
def test_what_stands_in_an_assessment_does_not_end_it(text: str) -> None:
    """Diagnoses in capitals, and headings of a problem's own."""
    assert names(text) == ["assessment"]


def test_what_stands_in_an_examination_does_not_end_it() -> None:
    """Systems, vital signs, wounds; a new section does."""
    text = (
        "PHYSICAL EXAM\nVITAL SIGNS: normal\nMSK: Stiff.\nTINEL TEST: negative\nDressing: dry\n\n"
        "Respiratory\nClear.\n\nLABS:\nNone."
    )
    assert names(text) == ["physical exam", "labs"]


def test_the_systems_after_the_vital_signs_are_the_examination() -> None:
    """Without a heading of its own; figures stay with the vital signs."""
    text = "VITAL SIGNS:\nWeight: 80 kg\nNECK: Supple.\nBACK: Tender."
    assert laid_out(text) == [
        ("vitals", ["Weight: 80 kg"]),
        ("physical exam", ["NECK: Supple.", "BACK: Tender."]),
    ]


def test_a_radiologists_exam_line_is_no_examination() -> None:
    """``EXAM: MRI …`` names the study."""
    assert names("EXAM: MRI of the knee.\n\nFINDINGS: Torn.\n\nCOMPARISON: None.\n\nIMPRESSION: Tear.") == [
        "technique",
        "findings",
        "impression",
    ]


def test_an_unknown_heading_keeps_its_words() -> None:
    """It may be the only place that names the problem."""
    assert laid_out("BACK IN PRACTICE\n\nSore Back Revisited:\n\nSORE BACK:\n\nIt hurts to bend.") == [
        ("other", ["BACK IN PRACTICE", "Sore Back Revisited:"]),
        ("other", ["SORE BACK:", "It hurts to bend."]),
    ]
    assert laid_out("MRI OF THE KNEE: Torn.") == [("imaging", ["MRI OF THE KNEE: Torn."])]


def test_a_note_in_capitals_has_no_headings_but_known_ones() -> None:
    """Capitals say nothing where everything is written in them."""
    assert laid_out("HE HAS A SORE BACK\nIT IS WORSE TODAY\nPLAN: REST.") == [
        ("none", ["HE HAS A SORE BACK", "IT IS WORSE TODAY"]),
        ("plan", ["REST."]),
    ]
    assert laid_out("SORE BACK") == [("none", ["SORE BACK"])]


def test_numbered_headings_and_numbered_problems_do_not_mix() -> None:
    """The list under a numbered heading keeps its own numbers."""
    text = "1. HISTORY\nSore.\n2. ASSESSMENT\n1. Sprain\n2. Gout\n3. PLAN\nRest."
    assert laid_out(text) == [
        ("history of present illness", ["Sore."]),
        ("assessment", ["Sprain", "Gout"]),
        ("plan", ["Rest."]),
    ]


def test_sections_tile_the_note() -> None:
    """Each ends where the next begins; the heading is quoted; nothing before the first means no ``none``."""
    text = "Seen.\n\nPLAN: Rest.\r\n\r\nLABS\r\nNone."
    note = outline(text)
    assert [(s.name, s.start, s.end) for s in note.sections] == [
        ("none", 0, 7),
        ("plan", 7, 22),
        ("labs", 22, len(text)),
    ]
    assert [s.heading and (s.heading.start, s.heading.end, s.heading.text) for s in note.sections] == [
        None,
        (7, 11, "PLAN"),
        (22, 26, "LABS"),
    ]
    assert names("\n\nPLAN: Rest.") == ["plan"]
    assert outline("") == outline("").__class__("", "", (), ())
    assert names(" \n\t\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is sore. She is not.", ["He is sore.", "She is not."]),
        ("sore back. denies fever. no gout", ["sore back.", "denies fever.", "no gout"]),
        ("Dr. Day saw Mr. Lee vs. St. Ann e.g. Monday.", ["Dr. Day saw Mr. Lee vs. St. Ann e.g. Monday."]),
        ("Seen by J. Doe. Well.", ["Seen by J. Doe.", "Well."]),
        ("Takes it p.r.n. at night. Takes it t.i.d. She sleeps.",
         ["Takes it p.r.n. at night.", "Takes it t.i.d.", "She sleeps."]),
        ("Moved 0.5 cm at L4-5. Not 5.6 cm. See No. 5 now.",
         ["Moved 0.5 cm at L4-5.", "Not 5.6 cm.", "See No. 5 now."]),
        ("Sore? Yes! \"Very.\" 2 weeks.", ["Sore?", "Yes!", "\"Very.\"", "2 weeks."]),
        ("? sprain\nGout ? old", ["? sprain", "Gout ? old"]),
        ("Sore; stiff; weak.", ["Sore; stiff; weak."]),
        ("It is sore.Denies falls.", ["It is sore.", "Denies falls."]),
        ("Takes vitamin D. She walks.", ["Takes vitamin D.", "She walks."]),
        ("Wait... Then it eased.", ["Wait...", "Then it eased."]),
        ("A sprain (grade II). Better.", ["A sprain (grade II).", "Better."]),
    ],
)  # fmt: skip
def test_where_a_sentence_ends(text: str, expected: list[str]) -> None:
    """At . ? ! before a new beginning; not at abbreviations, initials, decimals or semicolons."""
    assert sentences(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\f", "\u2028"])
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["He has a sore lower", "back today."], [(0, 2)]),
        (["Sore back x 3 wks", "No fever", "Tender L4-5"], [(0, 1), (1, 2), (2, 3)]),
        (["sore back x 3 wks", "no fever", "stiff neck"], [(0, 1), (1, 2), (2, 3)]),
        (["Sore back,", "Stiff neck"], [(0, 2)]),
        (["He was seen again for the soreness of the back after", "Monday and Tuesday."], [(0, 2)]),
        (["He was seen again for the soreness of the back after", "No fever."], [(0, 1), (1, 2)]),
        (["Sore back", "", "stiff neck"], [(0, 1), (2, 3)]),
        (["Seen by Dr.", "Day again."], [(0, 2)]),
        (["It is sore.", "it is stiff."], [(0, 1), (1, 2)]),
        (["She names these:", "sore back"], [(0, 1), (1, 2)]),
    ],
)
def test_which_line_break_ends_a_sentence(newline: str, lines: list[str], expected: list[tuple[int, int]]) -> None:
    """Wrapped lines go on, telegraphic ones stand alone, whatever the line break is made of."""
    assert sentences(newline.join(lines)) == [newline.join(lines[start:end]) for start, end in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASSESSMENT:\n1.  Sprain.\n2)  Gout.\n(3) Rash", [(1, "Sprain."), (2, "Gout."), (3, "Rash")]),
        ("A: 1. Sprain. 2. Gout; old. 3) Rash", [(1, "Sprain."), (2, "Gout; old."), (3, "Rash")]),
        ("ASSESSMENT: 1. Sprain 2. Gout", [(1, "Sprain"), (2, "Gout")]),
        ("ASSESSMENT: 1. Slip, grade 2. Stable.", [(1, "Slip, grade 2."), (1, "Stable.")]),
        ("PLAN: 1) Sit for two (2) hours only.", [(1, "Sit for two (2) hours only.")]),
        ("PLAN\n1. H. pylori test", [(1, "H. pylori test")]),
        ("1.\nSprain\n2.\nGout", [(1, "Sprain"), (2, "Gout")]),
        ("PLAN\n#1 Sprain\n#2: Gout\nProblem 3: Rash", [(1, "Sprain"), (2, "Gout"), (3, "Rash")]),
        ("A/P:\n# Sprain\nRest.\n# Gout\nDiet.", [(1, "Sprain"), (1, "Rest."), (2, "Gout"), (2, "Diet.")]),
        ("ASSESSMENT\n• Sprain\n◦ Gout\n- Rash\n* Cough",
         [(1, "Sprain"), (2, "Gout"), (3, "Rash"), (4, "Cough")]),
        ("PLAN\n- Sprain\n  - rest\n- Gout", [(1, "Sprain"), (1, "rest"), (2, "Gout")]),
        ("PLAN\n1. Sprain\n   - rest\n   a. ice\n2. Gout",
         [(1, "Sprain"), (1, "rest"), (1, "ice"), (2, "Gout")]),
        ("PLAN\n1. Sprain\n\nRest well.\n\n2. Gout\n\nThat is all.",
         [(1, "Sprain"), (1, "Rest well."), (2, "Gout"), (0, "That is all.")]),
        ("PLAN\nA. Sprain\nB. Gout", [(1, "Sprain"), (2, "Gout")]),
        ("PLAN\nI. Sprain\nII. Gout", [(1, "Sprain"), (2, "Gout")]),
        ("<b>Plan</b><ol><li>Sprain</li><li>Gout</li></ol>", [(1, "Sprain"), (2, "Gout")]),
        ("## Assessment\n### Sprain\nRest.\n### Gout\nDiet.",
         [(1, "Sprain"), (1, "Rest."), (2, "Gout"), (2, "Diet.")]),
        ("ASSESSMENT\n\nShe is 50.\n\nSprain.\n• Rest: yes.\n• Ice.\n\nGout:\nDiet.\n\nShe agrees.",
         [(0, "She is 50."), (1, "Sprain."), (1, "Rest: yes."), (1, "Ice."), (2, "Gout:"), (2, "Diet."),
          (0, "She agrees.")]),
        ("HPI: Back is sore.\n\nNeck is not.", [(0, "Back is sore."), (0, "Neck is not.")]),
    ],
)  # fmt: skip
def test_list_items(text: str, expected: list[tuple[int, str]]) -> None:
    """Numbered problems with what stands below them, bullets, problem headings; prose is item 0."""
    assert items(text) == expected


def test_a_wrapped_line_that_begins_with_a_figure_is_no_item() -> None:
    """Decimals and counts are words of the sentence."""
    text = "The mass in the kidney measures after all these years about\n2.5 cm in length."
    assert items(text) == [(0, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EXAM\nMSK: Stiff. No spasm.\nWalks well.",
         [("MSK", "MSK: Stiff."), ("MSK", "No spasm."), ("", "Walks well.")]),
        ("EXAM\nNeck\n• Palpation: Sore.\n• Supple.",
         [("Neck", "Neck"), ("Palpation", "Palpation: Sore."), ("", "Supple.")]),
        ("EXAM\nRespiratory\nClear.\nQuiet.\n\nAlert.",
         [("Respiratory", "Respiratory"), ("Respiratory", "Clear."), ("Respiratory", "Quiet."),
          ("", "Alert.")]),
        ("EXAM\nMSK:\n\nNo spasm.\n\nAlert.", [("MSK", "MSK:"), ("MSK", "No spasm."), ("", "Alert.")]),
        ("EXAM: Neck: supple. Back: sore.", [("Neck", "Neck: supple."), ("Back", "Back: sore.")]),
        ("A/P\n1. Sprain\n- Patient Education and Counseling: Walk.",
         [("", "Sprain"), ("Patient Education and Counseling", "Patient Education and Counseling: Walk.")]),
        ("She said: it is sore.", [("", "She said: it is sore.")]),
    ],
)  # fmt: skip
def test_labels(text: str, expected: list[tuple[str, str]]) -> None:
    """A lead-in names its sentence and what goes on under it, and stays a part of the sentence."""
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x] sprain [ ] gout [X] rash", [(True, "sprain"), (False, "gout"), (True, "rash")]),
        ("☑ sprain ☐ gout\n☒ rash", [(True, "sprain"), (False, "gout"), (True, "rash")]),
        ("(x) sprain ( ) gout", [(True, "sprain"), (False, "gout")]),
        ("_x_ sprain __ gout", [(True, "sprain"), (False, "gout")]),
        ("- [x] sprain\n- [ ] gout", [(True, "sprain"), (False, "gout")]),
        ("Sprain [x]\nGout [ ]  Rash [x]", [(True, "Sprain"), (False, "Gout"), (True, "Rash")]),
        ("Yes [ ] No [x]", [(False, "Yes"), (True, "No")]),
        ("Sprain: [ ] yes [x] no", [(False, "Sprain:"), (False, "yes"), (True, "no")]),
        ("Sprain: ☑ Yes ☐ No", [(True, "Sprain:"), (True, "Yes"), (False, "No")]),
        ("Seen for [x] sprain", [(None, "Seen for"), (True, "sprain")]),
        ("<input type=\"checkbox\" checked> sprain <input type=\"checkbox\"> gout",
         [(True, "sprain"), (False, "gout")]),
        ("[x] sprain of the\nback\nNo fever", [(True, "sprain of the"), (None, "back"), (None, "No fever")]),
        ("Sore (L4) and [sic] stiff.", [(None, "Sore (L4) and [sic] stiff.")]),
    ],
)  # fmt: skip
def test_tick_boxes(text: str, expected: list[tuple[bool | None, str]]) -> None:
    """Each box begins a sentence, or ends one if it stands at the line's end."""
    assert ticks(text) == expected


def test_boxes_after_a_label_carry_it() -> None:
    """``Back: [x] sore`` says where it is sore."""
    assert labels("Back: [x] sore [ ] stiff") == [("Back", "Back:"), ("Back", "sore"), ("Back", "stiff")]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("<p>Sore</p>", "\n  Sore\n   "),
        ("a<br>b<br/>c", "a\n   b\n    c"),
        ("<b>A</b> <i>x</i>", "   A        x    "),
        ("<tr><td>a</td></tr>", "\n       a     \n    "),
        ("R<L, <5 mm, <Name>, a<b and c>d", "R<L, <5 mm, <Name>, a<b and c>d"),
        ("<script>var a;</script>x", " " * 23 + "x"),
        ("<script>x", "        x"),
        ("<!-- hid --> x <!-- y", "             x      y"),
        ("a&nbsp;b &amp; c &foo; R&D;", "a      b       c &foo; R&D;"),
        ("# A\n**b** __c__ | d", "  A\n  b     c     d"),
        ("- a\n• b\n> c\n> 3 mm", "  a\n  b\n  c\n> 3 mm"),
        ("#1 a 2*3 _x_ -b +c", "#1 a 2*3 _x_ -b +c"),
        ("a\ufeff b\u200b, \u00adc\x00d\x07e", "a  b ,  c d e"),
        ("sci\u00adatica le\u200bft", "sci\u00adatica le\u200bft"),  # the lexicon reads past them
        ("a\fb\u2028c", "a\nb\nc"),
        ("a\r\nb\tc\u00a0d", "a\r\nb\tc\u00a0d"),
    ],
)
def test_marks_are_blanked_in_place(text: str, masked: str) -> None:
    """Tags, entities, Markdown and control characters; everything else stays where it is."""
    assert outline(text).masked == masked


def test_offsets_count_code_points() -> None:
    """Characters beyond the basic plane count one; a letter that grows in lower case moves nothing."""
    text = "\ufeff🙂 İ\r\n\r\nPLAN:\r\nRest 🙂 İ.\r\nIce."
    assert laid_out(text) == [("none", ["🙂 İ"]), ("plan", ["Rest 🙂 İ.", "Ice."])]


def test_every_row_of_sections_csv_names_a_section_and_finds_itself() -> None:
    """A heading typed as it stands in the table opens its section, or becomes a label."""
    wrong = []
    for heading in load_headings():
        assert heading.section in SECTIONS, heading.text
        found = names(f"{heading.text.upper()}: Words follow.")
        if found != [heading.section]:
            wrong.append((heading.text, found))
    assert wrong == []


_LINES = st.sampled_from(
    "PLAN|Plan:|ASSESSMENT AND PLAN|A:|P: 72|MSK: sore|Neck|SORE BACK|SORE BACK:|1. Sprain|2) Gout|• rash"
    "|- ice|[x] sore [ ] stiff|Sore? [ ]|Back is sore.|no fever|## Plan|**Exam:** sore|====|----|<b>Plan</b>"
    "|He was seen again for the soreness of the back after|<li>Gout</li>|Dr. Day. PMH: Gout. PLAN: rest"
    "|it hurts,|🙂 İ|VITALS:|BP: 120/80|NECK: Supple.|<script>|cc: Dr. Day|||\ufeff| \t".split("|")
)
_BREAKS = st.sampled_from(["\n", "\r\n", "\r"])
_NOTES = st.text() | st.builds(lambda lines, end: end.join(lines), st.lists(_LINES), _BREAKS)


@given(_NOTES)
@example("1.")
@example("[x]")
@example("PLAN:")
def test_offsets_hold_for_any_text(text: str) -> None:
    """Spans quote the note; sections tile it; sentences are ordered, apart, trimmed, never empty."""
    note = outline(text)
    assert len(note.masked) == len(text)
    assert all(m in (t, " ", "\n") for m, t in zip(note.masked, text, strict=True))
    for section in note.sections:
        assert section.name in SECTIONS
        if section.heading:
            assert text[section.heading.start : section.heading.end] == section.heading.text
    ends = [section.end for section in note.sections]
    assert [section.start for section in note.sections[1:]] == ends[:-1]
    assert ends[-1:] in ([], [len(text)])
    before = 0
    for sentence in note.sentences:
        words = note.masked[sentence.start : sentence.end]
        assert before <= sentence.start
        assert sentence.section.start <= sentence.start < sentence.end <= sentence.section.end
        assert words == words.strip()
        assert any(map(str.isalnum, words))
        before = sentence.end


@given(st.lists(_LINES), st.sampled_from(["\n", "\r\n"]), st.data())
def test_a_blank_line_more_changes_nothing(lines: list[str], end: str, data: st.DataObject) -> None:
    """Before, after, or at a blank line: the same sections, and the same sentences under them."""
    places = [0, len(lines), *(index for index, line in enumerate(lines) if not line)]
    place = data.draw(st.sampled_from(places))
    more = [*lines[:place], "", *lines[place:]]
    assert laid_out(end.join(more)) == laid_out(end.join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "The back is sore, worse with sitting. No fever. PLAN: Rest.\n\n1. Sprain\n2. Gout: old\n" * 4000,
        "sore " * 20_000,
        "SORE " * 20_000,
        ": " * 100_000,
        "<b " * 100_000,
        "<!--" * 50_000,
        "<script>" * 40_000,
        "." * 300_000,
        "[ ] " * 50_000,
        "1. A " * 50_000,
        " " * 300_000,
        "\n" * 300_000,
        "**" * 100_000,
        "- " * 100_000,
        "(" * 300_000,
        "Sore back. Meds aspirin. A: strain. P: ice. " * 8000,
        "he has a sore back number two plan rest " * 8000,
        "a" + " " * 200_000 + "b" + "\t" * 100_000,
        "RE: Day\nDear Dr Doe,\nI saw him.\n" * 8000,
        "-- copied --\nA: sore\n" * 8000 + "-- end copy --",
        "FINDINGS: a\nIMPRESSION: b\n" * 10_000,
        "1 a 2 b, " * 30_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_any_length_is_laid_out(text: str) -> None:
    """Lines of any length and marks without end: in order and within the text (a quadratic step would never end)."""
    places = [place for sentence in outline(text).sentences for place in (sentence.start, sentence.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30M. sore back x3d. PMH asthma. Meds albuterol. Ex 120/80, stiff. A: strain. P: ice.",
         ["none", "past medical history", "medications", "physical exam", "assessment", "plan"]),
        ("30m sore back. hx: asthma. fh dad gout. meds aspirin. ex 120/80 stiff. A/P 1) strain - ice 2) gout",
         ["none", "past medical history", "family history", "medications", "physical exam", "assessment and plan"]),
        ("Sore back. PSHx appendix. FHx dad gout. SH smokes. ROS neg. PE neck supple. Imp strain. Plan: ice.",
         ["none", "past surgical history", "family history", "social history", "review of systems",
          "physical exam", "impression", "plan"]),
        ("S: 67F sore back. PMH gout. O: T 37. P: 72. A: strain. P: ice. Pt ed: posture.",
         ["subjective", "past medical history", "objective", "assessment", "plan", "education"]),
        ("Seen today. O: stiff. A: 1. Strain 2. Gout P: ice", ["none", "objective", "assessment", "plan"]),
        ("PMH gout\nDx  strain\nTx  ice", ["past medical history", "assessment", "plan"]),
        ("Sore neck. Imp: strain. Rx ice and rest.", ["none", "impression", "plan"]),
        ("45M sore back x3d A: strain P: ice", ["none", "assessment", "plan"]),
        ("S - sore back. O - stiff. A - strain. P - ice", ["subjective", "objective", "assessment", "plan"]),
        ("subjective: sore back. objective: stiff. assessment: strain. plan: ice.",
         ["subjective", "objective", "assessment", "plan"]),
        ("Sore back. Assessment and plan - 1. Strain. 2. Gout.", ["none", "assessment and plan"]),
        ("Sore neck. Medication history: none. Diagnosis 1) strain", ["none", "medications", "assessment"]),
    ],
)  # fmt: skip
def test_headings_without_colon_within_a_line(text: str, expected: list[str]) -> None:
    """A note in one paragraph: abbreviations where a sentence begins, single letters, headings a list follows."""
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sore back. Meds have not helped. Rx was refilled. Exam by Dr. Day. Ex smoker. PE in 2019.",
        "Sore back. Dx C2 block helped. Dx US showed nothing.",
        "Sore back. P: 72. O: negative.",
        "Sore back. Hepatitis A - negative. Group O: negative. Blood A: no.",
        "Sore back, hx of gout, fh of gout.",
        "Plan of care  is unchanged.  He has multiple complaints.  She walks.",
    ],
)
def test_words_that_look_like_headings_within_a_line(text: str) -> None:
    """What is the subject of a sentence, a pulse, a blood group, or only part of a word heads nothing."""
    assert names(text) == ["none"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DIAGNOSES (1) Strain (2) Gout", [(1, "Strain"), (2, "Gout")]),
        ("A: 1 strain, 2 R gout, 3 rash.", [(1, "strain,"), (2, "R gout,"), (3, "rash.")]),
        ("A: #1 strain #2 gout", [(1, "strain"), (2, "gout")]),
        ("A: 1 Strain 2 Gout", [(1, "Strain"), (2, "Gout")]),
        ("A: 1 week of pain, 2 weeks of gout.", [(0, "1 week of pain, 2 weeks of gout.")]),
        ("A/P 1) sprain - rest 2) gout (he knows) - diet.", [(1, "sprain - rest"), (2, "gout (he knows) - diet.")]),
        ("Diagnosis: A. Sprain. B. Gout.", [(1, "Sprain."), (2, "Gout.")]),
        ("ISSUES\nA. Sprain. Rest.\nB. Gout.", [(1, "Sprain."), (1, "Rest."), (2, "Gout.")]),
    ],
)  # fmt: skip
def test_list_items_within_a_line(text: str, expected: list[tuple[int, str]]) -> None:
    """Numbers in brackets or bare, letters: each problem is an item of its own; counted weeks are none."""
    assert items(text) == expected


DICTATED = (
    "this is a forty year old baker here for two things number one a sore back since the plan to move house fell"
    " through he has no fever no weakness we plan to see how he does with the treatment plan from may number two the"
    " rash on his hand it has been there for a week past history gout and asthma family history his father limps"
    " exam one twenty over eighty back stiff to the left assessment back sprain rash of the hand plan rest and ice"
    " call me if it gets worse thank you"
)


def test_dictation_without_punctuation() -> None:
    """Cut at the headings said, at numbers said, and where a sentence plainly begins; phrases head nothing."""
    assert laid_out(DICTATED) == [
        ("none", ["this is a forty year old baker here for two things",
                  "a sore back since the plan to move house fell through",
                  "he has no fever no weakness we plan to see how he does with the treatment plan from may",
                  "the rash on his hand", "it has been there for a week"]),
        ("past medical history", ["gout and asthma"]),
        ("family history", ["his father limps"]),
        ("physical exam", ["one twenty over eighty back stiff to the left"]),
        ("assessment", ["back sprain rash of the hand"]),
        ("plan", ["rest and ice call me if it gets worse", "thank you"]),
    ]  # fmt: skip


def test_my_assessment_is_said() -> None:
    """``my assessment is`` heads what it says, ``the plan`` heads nothing."""
    said = DICTATED.replace("assessment back", "my assessment is back").replace(
        "hand plan rest", "hand my plan is rest"
    )
    assert laid_out(said)[-2:] == [
        ("assessment", ["back sprain rash of the hand"]),
        ("plan", ["rest and ice call me if it gets worse", "thank you"]),
    ]


def test_short_or_punctuated_text_is_no_dictation() -> None:
    """There the words are words."""
    assert names("we talked about assessment and the plan after exam") == ["none"]
    assert names(DICTATED.replace(" the ", ", the ").replace(" he ", ". he ")) == ["none"]


def test_numbers_said_in_a_dictated_assessment_are_items() -> None:
    """``number two`` begins the second problem."""
    text = DICTATED.replace("assessment back sprain rash", "assessment number one back sprain number two rash")
    assert [(n, words) for n, words in items(text) if n] == [(1, "back sprain"), (2, "rash of the hand")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IMAGING\nQuoted: \"Worn discs. Impression: Worn discs.\"\n\nASSESSMENT\nSprain.",
         ["imaging", "imaging", "assessment"]),
        ("RESULTS\nMRI back:\nDiscs worn.\nImpression:\n1. Worn discs.\n\nASSESSMENT AND PLAN\nSprain.",
         ["imaging", "imaging", "assessment and plan"]),
        ("MRI BACK\n\nFINDINGS: Worn.\n\nIMPRESSION: Worn discs.\n\nDIAGNOSIS: Sprain.",
         ["imaging", "findings", "imaging", "assessment"]),
        ("IMAGING\nWorn discs.\n\nIMPRESSION\nSprain.\n\nPLAN\nRest.", ["imaging", "impression", "plan"]),
        ("TECHNIQUE: Axial.\n\nFINDINGS: Worn.\n\nIMPRESSION: Worn discs.", ["technique", "findings", "impression"]),
    ],
)  # fmt: skip
def test_the_impression_of_a_pasted_report_is_not_the_clinicians(text: str, expected: list[str]) -> None:
    """It stays with the study if the clinician concludes later; else it is the conclusion there is."""
    assert names(text) == expected


def test_a_report_of_a_study_has_findings_under_any_heading() -> None:
    """Organs in capitals between indication and impression."""
    text = "INDICATION: Nodule.\n\nBONY CHEST WALL: Worn discs.\n\nIMPRESSION: Nodule."
    assert names(text) == ["indication", "findings", "impression"]


def test_a_problem_list_after_the_examination_concludes() -> None:
    """If nothing else does; a list before it, or beside an assessment, is the background it says it is."""
    assert names("HPI: Sore.\n\nEXAM: Stiff.\n\nISSUES\nA. Sprain\nB. Gout")[-1] == "assessment"
    assert names("PROBLEM LIST\n1. Gout\n\nEXAM: Stiff.")[0] == "problem list"
    assert names("EXAM: Stiff.\n\nPROBLEM LIST\n1. Gout\n\nASSESSMENT: Sprain.")[1] == "problem list"


def test_a_summary_above_the_history_concludes_nothing() -> None:
    """It sums up what was before; below the examination it is the assessment."""
    assert names("Summary: Sprain 2020.\n\nEXAM: Stiff.\n\nISSUES\nA. Gout")[::2] == [
        "history of present illness", "assessment",
    ]  # fmt: skip
    assert names("EXAM: Stiff.\n\nSummary: Sprain.") == ["physical exam", "assessment"]


def test_fields_on_one_line() -> None:
    """Three blanks or a tab part them; each is a sentence under its own label."""
    assert labels("FORM\nBack pain: No     Neck pain: No\tRash: Yes, 2 days") == [
        ("", "FORM"),
        ("Back pain", "Back pain: No"),
        ("Neck pain", "Neck pain: No"),
        ("Rash", "Rash: Yes, 2 days"),
    ]


def test_the_body_of_a_letter() -> None:
    """It begins after the greeting, or after the diagnoses listed above it."""
    assert names("RE: Mr. Day\n\nDear Dr. Doe,\n\nHe is sore.") == ["administrative", "none"]
    assert laid_out("Dear Dr Doe, DIAGNOSES (1) Sprain (2) Gout. I saw this baker again. He had a rash once.") == [
        ("none", ["Dear Dr Doe,"]),
        ("assessment", ["Sprain", "Gout."]),
        ("none", ["I saw this baker again.", "He had a rash once."]),
    ]
    assert names("Dear Dr Doe,\n\nDiagnosis:\nSprain\n\nThank you for sending him.\n\nYours sincerely") == [
        "none", "assessment", "none",
    ]  # fmt: skip


def test_what_is_copied_from_an_earlier_note_is_past() -> None:
    """Its own headings open nothing; after the mark that ends it the note goes on where it was."""
    text = "HPI\nSore.\n-- copied from 2/6 --\nCC neck\nA: strain\nPlan: ice\n-- end copy --\nWell since.\nPLAN: Rest."
    assert laid_out(text) == [
        ("history of present illness", ["Sore."]),
        ("past medical history", ["CC neck", "strain", "ice"]),
        ("history of present illness", ["Well since."]),
        ("plan", ["Rest."]),
    ]
    assert names("HPI\nSore.\n-- copied from 2/6 --\nA: strain") == ["history of present illness", "assessment"]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Impression, pre and post", "postoperative diagnosis"),
        ("PRE-OP AND POST-OP DIAGNOSES", "postoperative diagnosis"),
        ("Diagnoses, before and after", "postoperative diagnosis"),
        ("REFERRED FOR", "referral"),
        ("Diagnoses treated here", "assessment"),
        ("Problems Addressed Today", "assessment"),
        ("Medical decision making (MDM)", "assessment"),
        ("Assess", "assessment"),
        ("AFTER-CARE SHEET (copied to chart)", "instructions"),
        ("AVS", "instructions"),
        ("Return precautions", "education"),
        ("Result letter", "education"),
        ("Standard consent text", "education"),
        ("Told her", "education"),
        ("Technical note", "technique"),
        ("MAR", "medications"),
        ("Interval", "history of present illness"),
        ("To report", "education"),
        ("SUMMARY OF CARE", "hospital course"),
    ],
)
@pytest.mark.parametrize("written", ["{}", "**{}**", "{}:", "{}   ", "## {}"])
def test_general_headings_however_written(heading: str, name: str, written: str) -> None:
    """Headings of physiotherapists, chiropractors, emergency rooms and hand-outs, in each way of writing."""
    assert names(f"PMH: Gout.\n\n{written.format(heading)}\nWords follow.\n\nPLAN: Rest.")[1:2] == [name]


_HEADINGS = ["CHIEF COMPLAINT", "HISTORY OF PRESENT ILLNESS", "PHYSICAL EXAM", "RESULTS", "ASSESSMENT AND PLAN"]


@pytest.mark.parametrize("written", ["{}", "**{}**", "{}:", "{}  ", "## {}"])
@pytest.mark.parametrize("case", [str.upper, str.title, str.capitalize])
def test_problems_of_a_scribe_note_stay_in_its_assessment(case: Callable[[str], str], written: str) -> None:
    """However the headings are written; ``GERD.`` is a problem, ``Patient Agreements:`` a sentence of the plan."""
    bodies = ["Sore.", "Sore since May.", "• Back: Stiff.", "None.",
              "GERD.\n• Plan: Diet.\n\nSprain.\n• Imaging: None.\n\nPatient Agreements: He agrees."]  # fmt: skip
    text = "\n\n".join(f"{written.format(case(h))}\n\n{body}" for h, body in zip(_HEADINGS, bodies, strict=True))
    assert names(text) == [
        "chief complaint", "history of present illness", "physical exam", "imaging", "assessment and plan",
    ]  # fmt: skip
