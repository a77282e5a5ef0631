"""What a page repeats and calls wrong, and so does not claim."""

from __future__ import annotations

import re

DISOWNED = re.compile(
    r"^\W*(?:myth|false|wrong|incorrect|mistake|error|misconception|fiction|rumou?r|not true|bad|denied)\b"
    r"[^:.]{0,15}[:\-–—]"
    r"|\b(?:it is|it['’]s|is|are) (?:not true|untrue|false|wrong|mistaken|misinformed|in error"
    r"|a (?:myth|mistake|error|misconception))\b"
    r"|\b(?:that|which|this) (?:is|was|were) (?:wrong|incorrect|mistaken|denied|a mistake|an error|not right)\b"
    r"|\bwould be (?:wrong|an? (?:mistake|error)|incorrect)\b|\bused to (?:think|believe|say|assume)\b"
    r"|\bonce (?:thought|believed|assumed)\b"
    r"|\b(?:if|when|whenever) (?:an?|the|your|any|some)(?:one)? (?:\w+ )?(?:tells? you|says?|claims?|insists?"
    r"|asks? for) (?:that )?(?:[A-Z]\d|an?\b)"
    r"|\b(?:watch out|look out|beware|check that)\b"
    r"|\b(?:myth|misconception|rumou?r)s?\b[^.]{0,15} (?:is|that|was|:)|\bcontrary to\b"
    r"|\b(?:incorrectly|wrongly|mistakenly|erroneously|falsely)"
    r" (?:say|call|describe|list|claim|label|show|give|state)\w*\b"
    r"|\b(?:some|many|people|others) (?:\w+ )?(?:say|claim|think|believe|assume)\b"
    r"|\b(?:some|too many|certain|careless|lazy) (?:\w+ )?(?:pick|use|choose|report|bill|default)\b"
    r"|\b(?:don['’]t|do not) (?:assume|believe|confuse|mix up|mistake)\b",
    re.I,
)
"""A page that repeats what it calls wrong does not claim it."""
