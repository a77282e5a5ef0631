"""Is the knowledge sound: what one typo in each kind of file of a copy is told, and that our own has none."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from nlp_coder import Coder, icd10cm
from nlp_coder.check import check_knowledge, earned
from nlp_coder.claims.factcheck.guided import topics
from nlp_coder.claims.factcheck.names import listed_names
from nlp_coder.claims.lint import RULES, load_queries
from nlp_coder.claims.payers import load_policies
from nlp_coder.errors import KnowledgeError
from nlp_coder.lexicon import (
    CATEGORIES,
    DIRECTIONS,
    VOCABULARY,
    load_cues,
    load_headings,
    load_misspelt,
    load_spellings,
    load_terms,
)
from nlp_coder.questions import ASKED, wordings
from nlp_coder.rules import FIELDS, Example, load_rules, load_sources
from nlp_coder.talk import load_spoken, load_topics
from nlp_coder.vocabulary import SECTIONS

KNOWLEDGE = Path(__file__).parent.parent / "nlp_coder" / "knowledge"


class Typo(NamedTuple):
    """A file of the knowledge, a place in it (with its line end), what is mistyped there, and what the loader says.

    ``{line}`` in what it says is the line of the place.
    """

    file: str
    place: str
    old: str
    new: str
    load: Callable[[Path], object]
    says: str


def table(folder: Path) -> None:
    """The code table, its faults raised as the loaders of the other files raise theirs."""
    if found := icd10cm.faults(folder / "icd10cm"):
        raise KnowledgeError(list(found))


def own_policies(folder: Path) -> object:
    """The payers' policies of a folder."""
    return load_policies(folder / "payers.toml")


def words(allowed: Iterable[str]) -> str:
    """The end of a message."""
    return "Use: " + ", ".join(allowed)


TYPOS = (
    Typo("lexicon/problems.csv", "\nLBP,problem=pain; region=lumbar,", "lumbar", "lumbr", load_terms,
         f"lexicon/problems.csv, line {{line}} [LBP]: region cannot be 'lumbr'. {words(VOCABULARY['region'])}."),
    Typo("lexicon/problems.csv", "\nLBP,problem=pain; region=lumbar,", "problem=", "problm=", load_terms,
         f"lexicon/problems.csv, line {{line}} [LBP]: 'problm' is no slot. {words(VOCABULARY)}."),
    Typo("lexicon/sides.csv", "\nleft,side=left,", "=left", "=leftt", load_terms,
         f"lexicon/sides.csv, line {{line}} [left]: side cannot be 'leftt'. {words(VOCABULARY['side'])}."),
    Typo("lexicon/courses.csv", "\nchronic,course=chronic,", "=chronic,", "=chronic", load_terms,
         "lexicon/courses.csv, line {line} [chronic]: has 2 cells, not 3: term,means,note."),
    Typo("cues.csv", "\ndenies,negated,forward,", "negated", "negatd", load_cues,
         f"cues.csv, line {{line}} [denies]: 'negatd' is no category. {words(CATEGORIES)}."),
    Typo("cues.csv", "\ndenies,negated,forward,", "forward", "foward", load_cues,
         f"cues.csv, line {{line}} [denies]: 'foward' is no direction. {words(DIRECTIONS)}."),
    Typo("sections.csv", "\nassessment,assessment,", "assessment,assessment", "assessment,", load_headings,
         "sections.csv, line {line} [assessment]: section is empty. Fill it or delete the line."),
    Typo("sections.csv", "\nassessment,assessment,", ",assessment,", ",assesment,", load_headings,
         f"sections.csv, line {{line}} [assessment]: 'assesment' is no section. {words(SECTIONS)}."),
    Typo("questions.toml", 'id      = "trimester"', "trimester", "trimster", wordings,
         f"questions.toml:{{line}} [trimster]: unknown id. Did you mean 'trimester'? {words(ASKED)}."),
    Typo("queries.toml", 'id   = "leading"', "leading", "leeding", load_queries,
         f"queries.toml:{{line}} [leeding]: unknown rule. Did you mean 'leading'? {words(RULES)}."),
    Typo("misspelt.csv", "\nflavum,flavus,", "flavus", "Flavus", load_misspelt,
         "misspelt.csv, line {line} [flavum]: 'Flavus' is not one lower-case word. Write one word."),
    Typo("payers.toml", 'cpt       = ["64628"]', "64628", "6462", own_policies,
         "payers.toml:{line} [basivertebral-ablation]: '6462' is no procedure number of five digits."),
    Typo("guideline_claims.toml", 'wrong   = ["Switch to D at the second visit."]',
         '"Switch to D at the second visit."', "", topics,
         "guideline_claims.toml:{line} [d-is-the-second-visit]: 'wrong' is empty. Write at least one."),
    Typo("names.csv", "\nlumbago,M54.50,index", "M54.50", "M54.55", listed_names,
         "names.csv:{line}: M54.55 is not in the code table."),
    Typo("topics.csv", "\ndysuria,trouble,dysuria,bladder,", "bladder", "bladdr", load_topics,
         "topics.csv, line {line}: hides 'bladdr', which is no topic of this list."),
    Typo("spoken.csv", "\ndenies,wouldn't,", "wouldn't", "wouldn[t", load_spoken,
         "spoken.csv, line {line}: 'wouldn[t' cannot be read. "
         "Write lower-case words, | between alternatives, * after a beginning, '..' for up to five words."),
    Typo("spellings.csv", "\ndisk,disc,", "disc", "Disc", load_spellings,
         "spellings.csv, line {line} [disk]: 'Disc' is not one lower-case word. Use a term instead."),
    Typo("rules/M54-dorsalgia.toml", '{ problem = "sciatica", pain = ["not stated", "leg"] }', "sciatica", "siatica",
         load_rules,
         "rules/M54-dorsalgia.toml:{line} [sciatica]: 'when' asks for problem 'siatica', which no fact has. "
         f"Did you mean 'sciatica'? {words(FIELDS['problem'])}"),
    Typo("rules/M54-dorsalgia.toml", '{ problem = "sciatica", pain = ["not stated", "leg"] }', "pain =", "pian =",
         load_rules,
         "rules/M54-dorsalgia.toml:{line} [sciatica]: 'when' asks about 'pian', which no fact has. "
         f"Did you mean 'pain'? {words(FIELDS)}"),
    Typo("rules/retired.toml", "\n# [[retired]]\n", "# [[retired]]",
         '[[retired]]\nid = "old-rule"\ndate = "2026-10-01"\nreason = "Gone."', load_rules,
         "rules/retired.toml:{line+2} [old-rule]: 'date' must be a date without quotes, such as 2025-03-14."),
    Typo("sources.toml", 'authority = "index"', "index", "indx", load_sources,
         "sources.toml:{line} [index]: unknown authority 'indx'. Did you mean 'index'? "
         "Use: tabular, index, guideline, article, house, model, payer"),
    Typo("icd10cm/codes.csv", "\nM54.2,Cervicalgia,code,M54,yes,2015-10-01,", "2015-10-01", "2015-10-32", table,
         "icd10cm/codes.csv:{line}: valid_from '2015-10-32'. Write a day such as 2024-10-01, or nothing."),
    Typo("icd10cm/notes.csv", "\nM54.5,Excludes1,lumbago with sciatica (M54.4-),M54.4,", "Excludes1", "Exludes1", table,
         "icd10cm/notes.csv:{line}: kind 'Exludes1'. Write {kinds}."),
    Typo("icd10cm/changes.csv", "\ncode,M62.85,", "code,", "cod,", table,
         "icd10cm/changes.csv:{line}: what 'cod'. Write code | {kinds}."),
    Typo("icd10cm/releases.csv", "\nFY2024,2023-10-01,", "2023-10-01", "2023-10-02", table,
         "icd10cm/releases.csv:{line}: FY2024 must begin on 2023-10-01, no day left out."),
    Typo("icd10cm/injuries.csv", "\nS16,", "S16", "S 16", table,
         "icd10cm/injuries.csv:{line}: prefix 'S 16'. Write a code such as M54.50."),
    Typo("icd10cm/icd9.csv", "\nM54.2,723.1\n", "723.1", "7231", table,
         "icd10cm/icd9.csv:{line}: icd9 '7231'. Write an ICD-9-CM code such as 724.2."),
)  # fmt: skip  # one case reads better as a few rows


@pytest.mark.parametrize("typo", TYPOS, ids=lambda typo: f"{typo.file}: {typo.new.strip()[:20]}")
def test_a_typo_is_told_with_file_line_and_allowed_words(tmp_path: Path, typo: Typo) -> None:
    """One slip in a copy of our knowledge, and exactly its fault; without the slip the copy is sound."""
    folder = shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    typo.load(folder)
    before = (folder / typo.file).read_text(encoding="utf-8")
    assert before.count(typo.place) == 1
    at = before.index(typo.place) + typo.place.index(typo.old)
    (folder / typo.file).write_text(before[:at] + typo.new + before[at + len(typo.old) :], encoding="utf-8")
    spoilt = folder.rename(tmp_path / "spoilt")  # loaders remember a folder they have read
    with pytest.raises(KnowledgeError) as caught:
        typo.load(spoilt)
    line = before.count("\n", 0, at) + 1
    says = typo.says.replace("{line+2}", str(line + 2)).replace("{line}", str(line))
    assert caught.value.faults == (says.replace("{kinds}", " | ".join(icd10cm.KINDS)),)


def test_every_kind_of_file_has_a_typo_here() -> None:
    """A new file of the knowledge brings one; word lists share one loader, as do rules."""
    kinds = {
        typo.file.split("/")[0] if "/" in typo.file and "icd10cm" not in typo.file else typo.file for typo in TYPOS
    }
    files = {f.relative_to(KNOWLEDGE).as_posix() for f in KNOWLEDGE.rglob("*") if f.suffix in {".csv", ".toml"}}
    ours = {name.split("/")[0] if name.startswith(("lexicon/", "rules/")) else name for name in files}
    assert ours == kinds


def test_our_knowledge_is_sound() -> None:
    """Every list, table and rule, every code reachable, every example earning what it says."""
    assert check_knowledge() == []


def test_an_example_is_coded_on_its_day_in_its_setting_for_its_purpose(coder: Coder) -> None:
    """What the check compares with the codes an example states."""
    hedged = "Discharge diagnosis:\nProbable left sciatica."
    assert earned(coder, Example("Low back pain.", (), "")) == ("M54.50",)
    assert earned(coder, Example("Low back pain.", (), "", date=datetime.date(2020, 2, 3))) == ("M54.5",)
    assert earned(coder, Example(hedged, (), "")) == ()
    assert earned(coder, Example(hedged, (), "", setting="inpatient")) == ("M54.32",)
    assert earned(coder, Example("Chronic low back pain.", (), "")) == ("M54.50", "G89.29")
    assert earned(coder, Example("Chronic low back pain.", (), "", purpose="pain-management")) == ("G89.29", "M54.50")
