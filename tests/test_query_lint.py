"""Queries to providers: which rule of compliant practice each breaks, and that ours break none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp_coder import Coder, KnowledgeError, Note
from nlp_coder.claims.asking import queries as made
from nlp_coder.claims.lint import RULES, lint, load_queries, queries
from nlp_coder.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = [
    pytest.param(query.text, query.name.partition("|")[2].split(), id=query.name.partition("|")[0].strip())
    for name in ("good", "bad", "second", "third", "fourth", "fifth")
    for query in queries((ROOT / "tests" / "queries" / f"{name}.txt").read_text(encoding="utf-8"))
]
CLEAN = """HPI: "pain for 5 months".
What is the course of the pain?
- acute
- chronic
- other
- unable to determine
"""


def broken(text: str) -> list[str]:
    """The ids of the rules that a query breaks."""
    return [breach.rule for breach in lint(text)]


@pytest.mark.parametrize(("text", "rules"), WRITTEN)
def test_each_written_query_breaks_the_rules_it_names_and_no_other(text: str, rules: list[str]) -> None:
    """30 good, 30 bad, and four sets written after the linter."""
    assert sorted(broken(text)) == sorted(rules)


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("", "", []),
        ('HPI: "pain for 5 months".', "", ["indicators"]),
        ('HPI: "pain for 5 months".', '"pain for 5 months".', ["indicators"]),
        ("- other\n", "", ["options"]),
        ("- chronic\n", "- cauda equina syndrome\n", ["option-support"]),
        ("What is", "Surely you know. What is", ["leading"]),
        ("What is the course of the pain?", "The course is missing.", ["question"]),
        ("pain?", "pain (M54.2)?", ["code"]),
        ("pain?", "pain at C5-6 and T12?", []),
        ("pain?", "pain, as the payer asks?", ["payment"]),
        ("pain for", "patient denied weakness; pain for", []),
    ],
)
def test_one_change_breaks_one_rule(old: str, new: str, rules: list[str]) -> None:
    """From a clean query, one step away in each direction."""
    assert broken(CLEAN.replace(old, new) if old else CLEAN) == rules


def test_a_breach_says_the_rule_the_words_and_the_fix() -> None:
    """The words at fault are quoted as written."""
    breach = lint(CLEAN.replace("What is", "Clearly chronic. What is"))[0]
    assert (breach.rule, breach.words) == ("leading", "Clearly")
    assert breach.says.startswith("A query steers towards no answer")
    assert breach.fix.startswith("Ask openly")


def test_a_file_holds_one_query_or_many() -> None:
    """Rulers, names and JSON lines part queries."""
    assert [q.text for q in queries("a?\n---\nb?\n")] == ["a?", "b?"]
    assert queries("== x\na?\n== y\nb?")[1] == ("b?", "y")
    assert queries('{"id": "q1", "text": "a?"}\n', lines=True) == [("a?", "q1")]


@pytest.mark.parametrize(
    ("text", "lines"), [("", False), ("---\n", False), ("\n", True), ("no json", True), ("[1]", True)]
)
def test_a_file_without_a_query_is_refused(text: str, lines: bool) -> None:
    """One clear error."""
    with pytest.raises(InputError, match="no query"):
        queries(text, lines=lines)


def test_all_faults_of_the_knowledge_are_told_at_once(tmp_path: Path) -> None:
    """An unknown rule, a missing table, a diagnosis without indicators; then the rules that are missing."""
    file = tmp_path / "queries.toml"
    text = '[[rule]]\nid = "leding"\nsays = "x"\nfix = "x"\n[words]\nx = ["y"]\n[[diagnosis]]\nnamed = ["x"]\n'
    file.write_text(text)
    with pytest.raises(KnowledgeError) as told:
        load_queries(tmp_path)
    assert told.value.faults == (
        "queries.toml: 'shapes' is missing.",
        "queries.toml: 'places' is missing.",
        f"queries.toml:2 [leding]: unknown rule. Did you mean 'leading'? Use: {', '.join(RULES)}.",
        "queries.toml, diagnosis 1: 'indicators' is missing.",
    )
    other = tmp_path / "other"
    other.mkdir()
    (other / "queries.toml").write_text(text.replace("leding", "leading"))
    with pytest.raises(KnowledgeError) as told:
        load_queries(other)
    missing = [f"queries.toml: the rule '{rule}' is missing." for rule in RULES if rule != "leading"]
    assert told.value.faults[2:-1] == tuple(missing)


def test_our_own_query_quotes_the_note_and_keeps_every_rule() -> None:
    """A code in a quoted sentence is left out with the sentence."""
    coder = Coder()
    note = Note("HPI: Sciatica for 2 days.\nAssessment: Sciatica (M54.30).\n")
    asked = made(coder.code(note), coder.read(note))
    assert [q.text for q in asked] == [
        "The note says:\n"
        "History of present illness, line 1: «Sciatica for 2 days.»\n"
        "Assessment, line 2: «Sciatica»\n"
        "\n"
        "Sciatica is documented without a side. On which side is the sciatica?\n"
        "[ ] right\n[ ] left\n[ ] both sides\n[ ] other\n[ ] unable to determine\n"
    ]
    assert [lint(q.text) for q in asked] == [()]


def test_a_choice_without_an_indicator_is_not_offered() -> None:
    """Pain that radiates into an arm offers no sciatica."""
    coder = Coder()
    note = Note("Assessment: Neck pain radiating down the right arm.\n")
    offered = {q.id: q.options for q in made(coder.code(note), coder.read(note))}
    assert offered["meaning-of-radiation"] == (
        "pain that radiates, without further diagnosis",
        "radiculopathy (region or root?)",
        "other",
        "unable to determine",
    )


def test_queries_of_our_notes_keep_every_rule() -> None:
    """Every question of every fourth annotated note."""
    coder, seen = Coder(), 0
    for line in (ROOT / "annotations" / "notes.jsonl").read_text(encoding="utf-8").splitlines()[::4]:
        note = Note(json.loads(line)["text"])
        coded = coder.code(note)
        if coded.questions:
            for query in made(coded, coder.read(note)):
                seen += 1
                assert (query.id, lint(query.text)) == (query.id, ())
    assert seen > 30
