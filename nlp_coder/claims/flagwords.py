"""Words of red flags: what raises one, what denies one, and what only looks like one."""

from __future__ import annotations

import re
from typing import Final

from nlp_coder.claims.wording import HURT, phrases
from nlp_coder.types import Parsed, Sentence, Span

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
    r"(?:uses?|used|using) (?:iv )?heroin|pwid|skin[- ]popp\w+",
)
_FEVER: Final = phrases(
    r"rigors?|t(?:emp\w*)?:? (?:of |is |was )?(?:38\.[3-9]|39(?:\.\d)?|40(?:\.\d)?|10[1-4](?:\.\d)?)"
)
_NIGHT: Final = phrases(
    r"(?:wak(?:es?|ing|ens?|ened)|woke) (?:up )?(?:her|him|me|pt|the patient|them|up)[^.;]{0,20}"
    r" (?:nights?|\d ?am|sleep)",
    r"pain[^.;]{0,15} keeps? (?:him|her|them|me|pt|the patient) (?:up|awake)|up (?:at|all|most of the) night (?:with"
    r"|from|because of) (?:the )?pain",
    r"(?:wak\w+|woke|up) (?:up )?(?:at \d ?(?:am)? )?(?:from|with|by|due to|because of) (?:the |her |his )?(?:back "
    r"|neck |leg )?(?:pain|ache)"
    r"|(?:back |neck )?pain (?:is |was )?worse (?:at night|at rest|when recumbent|(?:when )?lying (?:down|flat"
    r"|supine))",
)
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
    r"(?:wt|weight)(?: is)? down (?:by )?\d+ ?(?:lbs?|pounds?|kg)?,? (?:unexplained|unintentional\w*|without trying"
    r"|not trying)"
    r"|(?:unexplained|unintentional|unintended|involuntary) (?:wt"
    r"|weight) (?:loss|change)",
)
DENIABLE: Final = (
    ("fever", phrases(r"constitutional (?:sx|symptoms?)")),
    (
        "cauda equina signs",
        phrases(
            r"b/b|bowel/bladder|(?:bowel|bladder) (?:sx|symptoms?|changes?|issues?|trouble|problems?|complaints?"
            r"|dysfunction"
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
