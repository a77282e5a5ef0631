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
_CANCER: Final = phrases(r"(?:breast|prostate|lung|colon|renal|kidney|thyroid|bladder|ovarian|rectal) ca")
_IMMUNE: Final = phrases(
    r"adalimumab|etanercept|infliximab|golimumab|certolizumab|secukinumab|ixekizumab|tocilizumab|rituximab"
    r"|methotrexate|mtx",
    r"azathioprine|cyclosporine?|tacrolimus|mycophenolate|tofacitinib|upadacitinib|steroid-dependent"
    r"|prednisone-dependent",
    r"(?:on|takes|taking) (?:chronic|long[- ]term|daily|maintenance) (?:oral )?(?:steroids?|prednisone)"
    r"|hiv(?: ?\+|[ -]positive|/aids)|aids(?= on)|immunosuppress\w+|immunocompromised|transplant recipient",
)
_CAUDA: Final = phrases(
    r"(?:can['’]?t|cannot|can not|could ?n['o]t|unable to|not able to|trouble) (?:pee|urinate|urinating|void"
    r"|pass urine"
    r"|empty (?:her|his|the|my) bladder)",
    r"numb\w* (?:between (?:her|his|the|my) legs|in (?:the|her|his|my) (?:seat|groin|privates?|genitals?))"
    r"|(?:groin|genital|perineal|perianal|perirectal) numb\w*|numb (?:groin|genitals?|perineum)",
    r"(?:wet|soiled) (?:him|her|my)self|los(?:t|ing) control of (?:his |her |the )?(?:bowels?|bladder|stools?|urine)",
    r"(?:has|have|had)(?: not|n['’]t) (?:urinated|voided|peed|passed (?:any )?urine|been able to (?:urinate|void"
    r"|pee))|numb(?:ness)? (?:when"
    r"|while|on) (?:he |she |they )?(?:wip\w+|sitting)",
    r"(?:perianal|perineal|saddle|genital|peri-anal|anal) (?:sensation|sensory|area)(?: (?:is|was))? (?:reduced"
    r"|decreased|diminished|absent"
    r"|down|impaired|lost|numb)|(?:reduced|decreased|diminished|absent|lost|impaired) (?:perianal|perineal|saddle"
    r"|genital) sensation",
    r"(?:rectal|anal|sphincter) tone(?: (?:is|was))? (?:reduced|diminished|decreased|absent|lax|poor|low|weak)"
    r"|(?:reduced|diminished"
    r"|decreased|absent|lax|poor|low|weak) (?:rectal|anal|sphincter) tone",
    r"(?:bowel|bladder|b) ?(?:/|and|or|&) ?(?:bowel|bladder|b) (?:sx|symptoms?|changes?|issues?|trouble|problems?"
    r"|complaints?"
    r"|dysfunction|incontinence|disturbances?|difficult\w+|involvement|accidents?)",
)
_DRUGS: Final = phrases(
    r"inject(?:s|ed|ing)? (?:heroin|drugs|meth\w*|fentanyl|cocaine|opioids)|shoot(?:s|ing)? (?:up|heroin)",
    r"pwid|skin[- ]popp\w+",
)
_FEVER: Final = phrases(
    r"rigors?|t(?:emp\w*)?:? (?:of |is |was )?(?:38\.[3-9]|39(?:\.\d)?|40(?:\.\d)?|10[1-4](?:\.\d)?)"
)
_NIGHT: Final = phrases(
    r"(?:wak(?:es?|ing|ens?|ened)|woke) (?:up )?(?:her|him|me|pt|the patient|them|up)[^.;]{0,20}"
    r" (?:nights?|\d ?am|sleep)",
    r"up (?:at|all|most of the) night (?:with|from|because of) (?:the )?pain",
    r"(?:wak\w+|woke|up) (?:up )?(?:at \d ?(?:am)? )?(?:from|with|by|due to|because of) (?:the |her |his )?(?:back "
    r"|neck |leg )?(?:pain|ache)"
    r"|(?:back |neck )?pain (?:is |was )?worse (?:at night|at rest|when recumbent|(?:when )?lying (?:down|flat"
    r"|supine))",
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
    r"|postural|scoliosis|syrinx|syringomyelia|pars (?:defect|fracture)|annular (?:tear|fissure)|insidious\w*",
)
"""Diagnoses and characters of the spine that earn none of our codes and still say what it is."""
EXAMINED: Final = re.compile(
    r"\s*(?:back|spine|neck|c-?spine|l-?spine|msk|musculoskeletal|neuro\w*|ext\w*|extremities):", re.IGNORECASE
)
"""A line of an examination, in whatever section it stands."""
_WARNED: Final = re.compile(
    r"\b(?:precautions?|warn\w*|call(?=[\s:])|return (?:if|for|to)|ed (?:if|for)|sheet|leaflet|handout|card given"
    r"|safety net\w*|risks?"
    r"|worr(?:y|ies|ied)|afraid|read about|to exclude|looked? out for|responses|if he|if she|should)\b[^.;]*$",
    re.IGNORECASE,
)
_WARNING: Final = re.compile(
    r"\s*precautions?\b|\s*,?\s+(?:call|go to|come to|come in|seek)\b|[^.;]{0,30}?(?:=|->|\u2192)\s*(?:ed|er|911"
    r"|call|go)\b",
    re.IGNORECASE,
)
_EXCUSED: Final = {
    "cancer history": (re.compile(r"(?!)"), re.compile(r"\s*screen", re.IGNORECASE)),
    "trauma": (re.compile(r"(?!)"), re.compile(r"\s+(?:to\s+[\d.]|asleep|precaution|risk|prevention)", re.IGNORECASE)),
    "steroid use or immune suppression": (
        re.compile(r"\b(?:preferred|consider\w*|declin\w*|switch to|start)\s+$", re.IGNORECASE),
        re.compile(r"\s+drops", re.IGNORECASE),
    ),
    "weight loss": (
        re.compile(
            r"\b(?:diet\w*|exercis\w*|aerobics|gym|fasting|ozempic|wegovy|lunches|packing)\b[^.;]*$|\b(?:discuss\w*"
            r"|recommend\w*|advis\w*|encourag\w*|cessation(?: and)?|goal\w*|intentional|on)\s+$",
            re.IGNORECASE,
        ),
        re.compile(
            r"[^.;]*\b(?:diet\w*|exercis\w*|fasting|intentional\w*|gym|ozempic|wegovy)\b|\s+(?:would|program|goal"
            r"|counsel|advised|encouraged|as part|surgery)",
            re.IGNORECASE,
        ),
    ),
    "neurological deficit": (
        re.compile(r"\b(?:pelvic floor|core|abdominal|trunk|postural|generali[sz]ed)\s+$", re.IGNORECASE),
        re.compile(r"(?!)"),
    ),
}
"""Words before and after a flag's own words in which they mean something else: ``weight loss would help``."""
_EFFORT: Final = re.compile(r"(?:[\d>]|\bcapacity\b[^.;]*|\bexercise\b[^.;]*)\s*$", re.IGNORECASE)
"""``5 METs`` are no metastases."""
_LISTED: Final = re.compile(
    r"(?:\b(?:neg(?:ative)?\b\.?|denies|denied|no\b|without\b|absence of\b)|\(-\)|Ø)(?P<rest>[^.;]*)$", re.IGNORECASE
)
_TURNED: Final = re.compile(r"\b(?:positive|reports?|but|except|has|admits)\b|\+", re.IGNORECASE)
_WEIGHT: Final = phrases(
    r"(?:lost) (?:about |approx\.? |over |another |nearly )?\d+ ?(?:lbs?|pounds?|kg|kilos?)(?! (?:on|with) (?:an? "
    r"|her |his )?(?:diet"
    r"|ozempic|wegovy|semaglutide|mounjaro|glp))",
    r"(?:unexplained|unintentional|unintended|involuntary) (?:wt|weight) (?:loss|change)",
)
DENIABLE: Final = (
    (
        "cauda equina signs",
        phrases(
            r"(?:bowel|bladder) (?:sx|symptoms?|changes?|issues?|trouble|problems?|complaints?|dysfunction"
            r"|disturbances?|difficult\w+)"
            r"|changes? in (?:bowel|bladder)(?: ?(?:/|and|or) ?(?:bowel|bladder))?|trouble with (?:urine|urination"
            r"|bladder|bowels?)"
        ),
    ),
)
"""Words too wide to raise a flag, which still deny one: ``no bladder trouble``."""
CLEARED: Final = (
    (
        "cauda equina signs",
        phrases(
            r"(?:b/b|b&b|bowels?(?: ?(?:and|or|/|&) ?bladder)?|bladder(?: ?(?:and|or|/|&) ?bowels?)?)(?: function"
            r"| habits| control"
            r"| continence)?[ .:…-]{1,30}(?:is |are |both )?(?:ok|okay|intact|normal|fine|unchanged|wnl|no (?:change"
            r"|issue|problem)s?"
            r"|without (?:change|issue)s?|continent|preserved)|continent of (?:bowel|bladder|urine|stool)[^.;]{0,20}",
            r"(?:rectal|anal|sphincter) tone(?: (?:is|was))? (?:normal|intact|good|preserved)"
            r"|(?:perianal|saddle|perineal) sensation(?: (?:is|was))? (?:normal|intact|preserved)",
        ),
    ),
    (
        "weight loss",
        phrases(
            r"(?:weight|wt)(?: (?:is|has been|remains))? (?:steady|stable|unchanged|constant)|appetite (?:and"
            r"|&) weight \w+"
        ),
    ),
    ("fever", phrases(r"afebrile|(?:no fever|fever)[ .:…-]{2,30}(?:no|none|denied|denies)")),
)
"""Red flags denied by saying that all is well."""
FLAGGED: Final = (
    ("cancer history", _CANCER),
    ("steroid use or immune suppression", _IMMUNE),
    ("trauma", HURT),
    ("cauda equina signs", _CAUDA),
    ("intravenous drug use", _DRUGS),
    ("fever", _FEVER),
    ("night pain", _NIGHT),
    ("weight loss", _WEIGHT),
)
"""Red flags in words that the word lists leave out, since they would mislead elsewhere."""

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


def excused(parsed: Parsed, name: str, span: Span, sentence: Sentence) -> bool:
    """Is a red flag's word a warning given to the patient, or another thing: a screening, a goal, eye drops?"""
    before, after = parsed.masked[sentence.start : span.start], parsed.masked[span.end : sentence.end]
    if span.text.lower() == "mets" and _EFFORT.search(before):
        return True
    ahead, behind = _EXCUSED.get(name, (None, None))
    if (ahead and ahead.search(before)) or (behind and behind.match(after)):
        return True
    return bool(_WARNED.search(before) or _WARNING.match(after))


def list_denied(parsed: Parsed, span: Span, sentence: Sentence) -> bool:
    """Does the list it stands in begin with a denial: ``denies weight loss, night pain, bladder trouble``?"""
    listed = _LISTED.search(parsed.masked, sentence.start, span.start)
    return bool(listed and not _TURNED.search(listed["rest"]))


def listed_as_denied(parsed: Parsed, span: Span, sentence: Sentence) -> bool:
    """Does a system review deny it further up the list: ``neg fever, wt loss, night sweats``?"""
    listed = _LISTED.search(parsed.masked, sentence.section.start, span.start)
    return sentence.section.name == "review of systems" and bool(listed and not _TURNED.search(listed["rest"]))


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
