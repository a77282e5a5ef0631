"""Clinical wording that has grammar and decides no code: power grades, onsets, kinds of visit, signs of the cord."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from nlp_coder.types import Parsed, Sentence, Span

_BLANK: Final = re.compile(r"\[[^\]]*\]| \?| ")
_SPACED: Final = {" ": r"\s+", " ?": r"\s*"}


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Alternatives as one pattern that starts and ends at words; a blank in them is any white space, also several."""
    joined = rf"(?<![\w/])(?:{'|'.join(alternatives)})(?!\w)"
    return re.compile(_BLANK.sub(lambda m: _SPACED.get(m[0], m[0].replace(" ", r"\s")), joined), re.IGNORECASE)


_MUSCLE: Final = phrases(
    r"strength|stre?n\w*th|power|motor|muscle|ehl|ta|gs|apb|fdi|fdp\d?|ip|hf|ke|tib\w*(?: ant\w*)?|tricep\w*"
    r"|bicep\w*|delt\w*",
    r"quad\w*|grips?|intrinsics?|flex\w*|exten\w*|abduc\w*|dorsiflex\w*|plantar\w*|iliopsoas|psoas|le|ue|toes?"
    r"|wrist|ankle|neuro|mmt|myotomes?|gastroc\w*|soleus|peroneal\w*|ever[ts]\w*|inver[ts]\w*|hamstrings?|glut\w*",
)
_SPOKEN: Final = re.compile(r"\b(?:one|two|three|four|five)(?:\s(plus|minus))?\s(?:out of|over)\sfive\b", re.IGNORECASE)
_GRADE: Final = re.compile(r"(?<![\d/.])([0-5])\s?([-+\u2212])?\s?/\s?5(?![\d/]|\s*(?:pain|vas))")
_FULL: Final = r"(?:n|nl|normal|full|good|intact|ok|fine|preserved|symmetric\w*|equal)"
_POWER_GOOD: Final = phrases(
    rf"(?:power|strength|motor(?: exam| function)?)(?: (?:is|was|remains))? {_FULL}",
    rf"{_FULL} (?:strength|power|motor\w*)",
    r"(?:thigh|leg|arm|grip) power[^.;]{0,20}=",
    r"strength[^.;]{0,40}normal",
    r"neuro\w*(?: (?:is|exam|status))?:? (?:nonfocal|non-focal|normal|nl|intact)",
    r"(?:toe ?[/ ] ?heel|heel ?[/ ] ?toe)[ -]?walk\w* (?:normal|fine|ok)",
    r"no focal (?:neuro\w* )?deficits?|neuro\w* (?:screen|check|exam)(?: is| was)? (?:neg\w*|clear|unremarkable|wnl)",
    r"(?<![\d.])5/5 (?:in )?(?:both|all|bilateral\w*|throughout)",
)
_CORD: Final = phrases(
    r"hoffmann?'?s? (?:sign )?(?:is |was )?(?:present|positive|b|bilat\w*)(?: bilaterally)?",
    r"bilateral hoffmann?'?s?",
    r"babinski\w* (?:is |are )?(?:upgoing|positive|present)",
    r"toes (?:are |were )?upgoing|upgoing toes?",
    r"(?:beats of|sustained) clonus",
    r"(?:spastic|ataxic|unsteady|broad|wide)[ -]?(?:based)? ?(?:gait|walking)",
    r"gait (?:is |was )?(?:broad|wide|spastic|ataxic|unsteady)[ -]?\w*",
    r"gait difficult\w+|cannot tandem|tone is increased|increased tone|legs? giving (?:out|way)|foot drop",
)
HURT: Final = phrases(
    r"miss(?:ed|ing) (?:a|the|one|her|his) (?:step|stairs?|curb|rung)|lost (?:her|his|their) (?:footing|balance)"
    r"|took a (?:spill|tumble|fall)|tumbled|stumbled|knocked (?:over|down)|thrown (?:off|by)",
    r"slip(?:ped|ping)? (?:and fell|on|down|off)",
    r"fell (?:off|from|down|on|onto|out|while|at|over|backwards?|in)|landed on (?:her|his|the|a)",
    r"(?:was )?(?:thrown from|rear-ended|(?:struck|hit) by (?:an? |the )?(?:car|truck|vehicle|bus|van|bike"
    r"|falling|pallet|ball))",
)
TYPED: Final = phrases(
    r"discitis|osteomyelitis|spondylodiscitis|epidural (?:abscess|phlegmon|hematoma)|arachnoiditis|derangement"
    r"|postural|scoliosis|degenerative|syrinx|syringomyelia|pars (?:defect|fracture)|annular (?:tear|fissure)"
    r"|insidious\w*",
)
"""Diagnoses and characters of the spine that earn none of our codes and still say what it is."""
EXAMINED: Final = re.compile(
    r"\s*(?:back|spine|neck|c-?spine|l-?spine|msk|musculoskeletal|neuro\w*|ext\w*|extremities):", re.IGNORECASE
)
"""A line of an examination, in whatever section it stands."""
NO_FLAGS: Final = phrases(
    r"no (?:other |clinical |any )?red[ -]flags?(?: symptoms| signs)?",
    r"red[ -]flags?:? (?:none|absent|negative|denied)",
)
NEAR: Final = re.compile(
    r"\b(?:trap(?:ezius|s)?|rhomboids?|levator\w*|paraspinals?|ql|quadratus|scalenes?|scm|sternocleidomastoid"
    r"|piriformis"
    r"|glut\w+|erector\w*|multifid\w+)\b",
    re.IGNORECASE,
)
"""Muscles of the spine: their side is that of the spine problem."""
SIDES: Final = re.compile(
    r"(?<![A-Za-z'])"
    r"(?:[Bb]oth (?:legs|sides|arms|thighs|calves|feet|hands|hips|buttocks|shoulders|limbs|(?:lower|upper) \w+)"
    r"|[Ee]ither side|[RL](?=[\s,;.>)]|$)(?!\s+\d{2,3}(?!/))|right|left|bilat\w*|b/l|both sides|both legs|rt"
    r"|lt)(?![A-Za-z])(?![- ]?spine)"
)
SIDE_FIELD: Final = phrases(
    r"(?:side|laterality)(?: affected)? ?[.:…][ .:…_-]*(?:right|left|both(?: sides)?|bilateral|midline|central"
    r"|(?-i:[RL]))"
)
"""A field of a form that asks for it."""
SIGNS: Final = phrases(
    r"(?:muscles? |traps? |hamstrings? |bands? )?(?:are |is )?(?:tight|hard)(?:ness)?|guarding|stiff"
    r"|moves stiffly|(?:increased|straightened|loss of) lordosis|straightening",
    r"kyphosis|schober(?: [\d.]+ cm)?|(?:decreased|limited|restricted|painful) (?:flexion|extension|rotation|rom"
    r"|range of motion)",
    r"(?:flexion|extension|rotation|motion|rom)(?: is)?(?: mildly| moderately)? (?:limited|decreased|restricted"
    r"|reduced)|extension \d+ degrees|rotation r \d+",
    r"(?:pain (?:w/|with|on) |extension-rotation to l )(?:flexion|extension|rotation|reproduces pain)?"
    r"|reproduces? (?:it|the) ?\w*|stork \+|crepitus",
    r"(?:reduced|dec|decreased|less) pin\w*|pin ?prick (?:dec\w*|less|reduced)|(?:sens|sensation) (?:dec\w*"
    r"|reduced|down)|percussion|step[ -]?off|femoral stretch",
    r"(?:rib hump|coronal shift|slump \+ve)|(?:reflex|jerk|jerks) (?:is |are )?(?:absent|down|reduced|diminished)"
    r"|absent [lr]? ?\w+ (?:reflex|jerk)",
    r"slump(?: test)?:? \(?(?:\+|pos\w*)|(?:flex|ext|rot|sb|lat)\w* \d+ ?%"
    r"|(?:dtrs?|reflex\w*|achilles|patellar?)[^.;]{0,20} [01]\+",
    r"(?:rotat|flex|exten|bend)\w* (?:to )?(?:about |only )?\d+ (?:degrees|cm)|restricted|hypomobil\w+",
    r"nodules?|plaques?|denervation|narrowed|spurring|wedge deformit\w+"
    r"|stretching of the nerve painful|fatty lumps?|no wince",
    r"(?:provocation|compression|distraction|thrust|stress|kemp'?s?|patrick'?s?|gaenslen'?s?|faber|fadir"
    r"|thigh thrust|bowstring|stork)"
    r"(?: (?:tests?|signs?|maneuvers?))?(?: (?:is|are|was|were))? (?:positive|pos|\+)|positive (?:provocation"
    r"|compression|distraction"
    r"|thigh thrust|kemp'?s?|bowstring)|lists? to|listing to|(?:cannot|can't|unable to|difficulty) (?:heel|toe"
    r"|tandem)[ -]?walk\w*",
    r"(?:rom|range of motion|arom|flexion|flex|extension|rotation)(?: (?:to|of|is|was|about|limited to|lumbar"
    r"|cervical))* (?:fingertips|hands"
    r"|mid-?shin|knees?|\d{1,3} ?(?:%|percent|degrees?|deg|°))[\w -]{0,20}|hypertonic\w*|segmental restriction"
    r"|trigger points?"
    r"|(?:jerk|reflex)\w* (?:0|1\+|trace|absent|sluggish)|single[- ]leg (?:hyper)?extension painful|guarded",
)
"""Findings of an examination or film that the word lists leave out."""
NORMAL: Final = phrases(
    r"full (?:painless )?(?:rom|range of motion)|non-?tender|gait (?:is |was )?(?:nl|normal|steady|even)"
    r"|(?:dtrs?|reflexes) (?:are |were )?(?:2\+|normal|nl|equal|symmetric\w*)",
    r"(?:x-?rays?|films?|radiographs?|mri|ct|emg)(?: (?:is|are|was|were))? (?:normal|negative|unremarkable)"
    r"|sensation (?:is |was )?(?:intact|normal)"
    r"|(?:neurologic\w*|neuro) (?:is |exam )?(?:intact|normal|nonfocal)|dermatomes[^.;]{0,20}intact|no (?:deformity"
    r"|step-?off|fracture seen)",
)
"""Findings of an examination that are as they should be."""
_DENYING: Final = re.compile(
    r"\b(?:no|not|without|denies|denied|neg(?:ative)? for|nil|never|absence of)\b[^.;:]{0,40}$|\b(?:normal|usual"
    r"|full)\s+$",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"^[\s:]*(?:test\s+)?(?:is|was|are|were)?\s*(?:(?:neg(?:ative)?|absent|none|not|normal)\b|\(-\)|-(?=[\s,.;]|$)"
    r"|[.…]{3,}\s*(?:no|none|neg\w*|denie[sd]|normal)\b)",
    re.IGNORECASE,
)
_UNTICKED: Final = re.compile(r"[\s:]*(?:\[[ _]?\]|☐)\s*y(?:es)?\s+(?:\[x\]|☒|☑)\s*no?\b", re.IGNORECASE)
_SUPPOSED: Final = re.compile(
    r"\b(?:if|unless|should|in case|when comes|call for|return for|watch for|to report)\b[^.;]{0,60}$", re.IGNORECASE
)
PLACES: Final = phrases(
    r"neck|nape|cervic\w*|c-?spine|thorac\w*|t-?spine|(?:mid|upper|lower?|low)[ -]?back|lumb\w*|l-?spine|lumbago"
    r"|sacr\w*|coccy\w*"
    r"|tailbone|(?:si|sacroiliac) joints?|shoulder blades|interscapular"
)
"""A region of the spine in words, not by its level."""
SKULL: Final = phrases(r"base of (?:the |her |his )?skull|small of (?:the|her|his) back")
"""Regions that the word lists leave out."""
BELLY: Final = phrases(r"abd\w*|suprapubic|epigastric|cva|flank|mcburney\w*|murphy\w*|pelvic exam|cmt|adnexal?|calf")
"""Parts whose findings are none of the back."""
USUAL: Final = re.compile(r"\b(?:normal|nl|intact|equal|symmetric\w*|full|5/5|wnl)\b", re.IGNORECASE)
"""Words of an examination that found nothing."""
_CROSS: Final = re.compile(r"\s{2,}([xX])\b")
_YES_NO: Final = re.compile(r"\b(Y(?:es)?)[ \t]+(N(?:o)?)[ \t]*$", re.MULTILINE)


class Grade(NamedTuple):
    """Muscle power as examined: the words, and whether it is less than full."""

    span: Span
    weak: bool


def within(parsed: Parsed, pattern: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    """Where a pattern stands between two offsets, as quotations of the untouched note."""
    for match in pattern.finditer(parsed.masked, start, end):
        yield quotation(parsed, match.start(), match.end())


def quotation(parsed: Parsed, start: int, end: int) -> Span:
    """These code points of the note, without blanks at their ends."""
    text = parsed.note.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return Span(start, start + len(text), text)


def said(parsed: Parsed, pattern: re.Pattern[str], sentence: Sentence) -> Iterator[tuple[Span, bool]]:
    """Where a pattern stands in a sentence, and whether the words around it leave it standing (False: deny it).

    What is only supposed ("MRI if foot drop") is left out.
    """
    for span in within(parsed, pattern, sentence.start, sentence.end):
        before, after = parsed.masked[sentence.start : span.start], parsed.masked[span.end : sentence.end]
        if not _SUPPOSED.search(before):
            box = _UNTICKED.match(parsed.note.text, span.end)
            yield span, not (box or _DENYING.search(before) or _DENIED.search(after))


def failed(parsed: Parsed, span: Span) -> bool:
    """Does a test say itself that it found nothing: ``SLR neg``, ``Spurling -``?"""
    return bool(_DENIED.search(parsed.masked[span.end : span.end + 24]))


def grades(parsed: Parsed, sentence: Sentence) -> Iterator[Grade]:
    """Muscle power in a sentence that names a muscle or movement: ``EHL 4/5``, ``strength 5/5``, ``power normal``."""
    for span in within(parsed, _POWER_GOOD, sentence.start, sentence.end):
        yield Grade(span, weak=False)
    for match in _SPOKEN.finditer(parsed.masked, sentence.start, sentence.end):
        if _MUSCLE.search(parsed.masked, sentence.start, match.start()):
            full = match[0].lower().startswith("five") and match[1] != "minus"
            yield Grade(quotation(parsed, match.start(), match.end()), not full)
    for match in _GRADE.finditer(parsed.masked, sentence.start, sentence.end):
        begin = max(sentence.start, match.start() - 60)
        before = parsed.masked[begin : match.start()]
        named = list(_MUSCLE.finditer(before))
        after = _MUSCLE.search(parsed.masked, match.end(), min(sentence.end, match.end() + 14))
        if "pain" not in before.lower()[-14:] and (named or after):
            start = begin + named[-1].start() if named else match.start()
            yield Grade(quotation(parsed, start, match.end()), match[1] != "5" or match[2] in ("-", "\u2212"))


def cord_signs(parsed: Parsed, sentence: Sentence) -> Iterator[Span]:
    """Signs of the spinal cord that the sentence does not deny."""
    return (span for span, there in said(parsed, _CORD, sentence) if there)


def column(parsed: Parsed, span: Span) -> bool | None:
    """The answer in a form headed ``Y   N``: True where the line's ``x`` stands under Y; None: this is no form."""
    text = parsed.note.text
    start = text.rfind("\n", 0, span.start) + 1
    line = text[start : text.find("\n", span.end) if "\n" in text[span.end :] else len(text)]
    mark = _CROSS.search(line, span.end - start)
    headed = list(_YES_NO.finditer(text, max(0, start - 800), start))
    if mark is None or not headed:
        return None
    begin = text.rfind("\n", 0, headed[-1].start()) + 1
    yes, no = headed[-1].start(1) - begin, headed[-1].start(2) - begin
    return abs(mark.start(1) - yes) <= abs(mark.start(1) - no)
