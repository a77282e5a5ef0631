"""What happened: falls, crashes, tasks, strains of work and sport, as sentences of a complaint tell them."""

from __future__ import annotations

from typing import Final

from nlp_coder.claims.wording import phrases

_TASK: Final = (
    r"(?:boost|unload|load|shovel|mov|carry|lift|pull|push|drag|rak|mow|garden|weed|dig|paint|reach|bend|twist|throw"
    r"|swing"
    r"|golf|deadlift|squat|wrestl|tackl|ski|snowboard|sledd|row|bowl|surf|jump|div|danc|pick|put|ty|transferr|turn"
    r"|clean|scrubb|vacuum|sneez|cough|help|install|chopp|stack|haul|restrain|catch|hoist|pack|bik|runn|cycl|climb"
    r"|work"
    r"|exercis|sleep|hitt|driv|sitt|typ|play|train|plant|assembl|kneel|crawl|repair|shift|roll|bath|dress|stoop|hik"
    r"|rid|stretch|serv)(?:l)?ing"
)
TASKS: Final = phrases(
    rf"(?:while|when|whilst|after|from|following|since|by|due to|as (?:he|she|they|i) (?:was|were)|(?:he|she|they|i"
    rf"|pt|patient) was"
    rf"|started|began|hurt (?:it|his back|her back)?) (?:\w+ )?{_TASK}(?: (?!with |and |but |about |for |since "
    rf"|x )[\w-]+){{0,4}}",
    r"bent (?:over|down|to|forward)(?: [\w-]+){0,4}|(?:reached|twisted|stooped|leaned|bent) (?:for|to|down|over"
    r"|around|while)"
    r"(?: [\w-]+){0,3}",
    r"picked up (?:an? |the |her |his )?[\w-]+|pulled (?:something|a muscle|his back|her back|it)|slept (?:wrong"
    r"|funny|awkwardly)"
    r"|slid (?:off|down|from) (?:an? |the |his |her )?\w+|tripped (?:over|on) (?:an? |the |his |her )?\w+|t-?boned"
    r"|overdid it"
    r"|(?:a |the )?(?:heavy|hard|long|intense) (?:workout|drive|flight|shift|ride|run)|poor (?:ergonomics|posture)"
    r"|overuse"
    r"|repetitive \w+|stress (?:reaction|fracture)|after (?:childbirth|delivery|giving birth)|rear[- ](?:impact"
    r"|ended?)|belted (?:driver|passenger)|jerked"
    r"|jolted|wrenched",
)
"""A task or a mishap that began it."""
ELSEWHERE: Final = phrases(
    r"pyelonephritis|nephrolithiasis|(?:kidney|ureteral|renal) (?:stones?|colic|calcul\w+)|(?:herpes )?zoster"
    r"|shingles|aortic aneurysm"
    r"|metasta(?:tic|sis|ses)|myeloma|endometriosis|pancreatitis"
)
"""Diseases of other organs that a note gives as the cause of a back pain."""
GOALS: Final = phrases(
    r"goals?(?: \d)?|resume|return(?:ing)? to|hopes? to|wants? to|would like to|able to|plans? to|hold|avoid\w*|no"
    r"|limit\w*|restrict\w*"
    r"|light duty|instruct\w*|taught|demonstrated|education|tips|precautions|mechanics"
)
"""What is hoped for or forbidden, and did not happen."""
