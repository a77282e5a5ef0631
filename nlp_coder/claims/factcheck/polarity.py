"""What words say of two codes on one claim: that they bar each other, may stand together, or nothing of it."""

from __future__ import annotations

import re

_BAD = (
    r"(?:excludes?[ -]?1|mutually exclusive|exclud(?:es?|ed|ing)|conflicts?|clash(?:es)?|incompatible|collides?"
    r"|forbids?|forbidden|prohibits?|prohibited|bars?|barred|blocks?|blocked|prevents?|stops?|keeps?|disallows?"
    r"|rejects?|bounces?|trips?|parts?|separates?|off limits)"
)
_NO = r"(?:not|no|never|nothing|none|neither|nor|without|cannot|hardly|free of|nowhere)\b|n['’]t\b"
_TOGETHER = (
    r"(?:together|(?:on|in) (?:the |a )?(?:same|one|single) (?:claim|visit|encounter|day|date|form|bill)"
    r"|same (?:claim|visit"
    r"|encounter|day)|alongside|along with|beside|next to|in addition to|on top of|side by side|jointly"
    r"|simultaneously"
    r"|at the same time|at once|with|plus|both|paired?|pairing|combined?|combination)"
)
_TURNED = re.compile(
    rf"(?:{_NO})(?:(?!\b(?:because|since|due|as|per|under|but|so)\b)(?:[^.;:,()—–+]|\.\d)){{0,45}}?\b{_BAD}\b(?! ?2)"
    rf"|\bexcludes?[ -]?1\b(?:[^.;:,()]|\.\d){{0,30}}?(?:{_NO})[^.;:,()]{{0,12}}"
    r"\b(?:appl\w+|list\w*|names?|mention\w*|exists?|stands?|reach\w*|covers?|stops?|forbids?|part|there)\b",
    re.I,
)
"""``not mutually exclusive``, ``nothing stops …``, ``no edit bars …``, ``Excludes1 does not apply``."""
_TIED = re.compile(
    r"\b(?:excluded (?:from|at|by|under)|off limits (?:with|beside|next to))\b|\bpick one\b|\bchoose one\b", re.I
)
_DENIED = re.compile(
    r"\b(?:(?:is|are|was|were|should|must|may|might|could|would|does|do|will|wo|ca)(?: not|n['’]t)|cannot|never"
    r"|no longer)\b"
    rf"(?:[^.;]|\.\d){{0,70}}?\b{_TOGETHER}\b(?<!\bwith)",
    re.I,
)
_DENIED_WITH = re.compile(
    r"\b(?:(?:is|are|was|were|should|must|may|might|could|would|does|do|will)(?: not|n['’]t)|cannot|never"
    r"|no longer)\b"
    r"(?:[^.;]|\.\d){0,50}?\bwith (?:\w+ ){0,2}[A-Z]\d",
    re.I,
)
_ORDER = re.compile(
    r"(?:^|[,:;] ?(?:then |so |and )?|\b(?:and|you|we|please|still|always|also|do|ahead and|from|may|can|should|must"
    r"|just) )"
    r"(?:add(?:ing)?|report(?:ing)?|bill(?:ing)?|cod(?:e|ing)|us(?:e|ing)|list(?:ing)?|put(?:ting)?|submit(?:ting)?"
    r"|pair(?:ing)?|combin(?:e|ing)) [A-Z]\d\S+ (?:[a-z]+ ){0,5}?"
    r"(?:with|to|beside|alongside|next to|on top of|in addition to|plus) (?:the )?[A-Z]\d",
    re.I,
)
_ADDED = re.compile(
    r"\b(?:may|can|should|must|is|are|could)(?: also| still| always)?(?: be)? (?:added|coded|reported|billed|listed"
    r"|used)"
    r" (?:\w+ ){0,4}?(?:in addition to|on top of|as (?:a )?secondary (?:to|with)|along with|alongside|beside|next to"
    r"|to) "
    r"|\b(?:play nicely|hand in hand|get along|ride along|travel together|go well|live happily|coexist"
    r"|stand side by side)\b",
    re.I,
)
_BOTH = re.compile(
    r"\b(?:are|is) (?:both |always |often |usually )?(?:reported|coded|billed|listed|used) together\b|"
    r"\bgo(?:es)? (?:on|in|onto) (?:the|one|a|the same) claim together\b|\bgo together\b|\btogether (?:describe"
    r"|report|tell|cover|capture|mean)s?\b"
    r"|\btwo codes[:,]? [A-Z]\d\S+ (?:and|plus|\+) [A-Z]\d|\bcombine [A-Z]\d\S+ (?:with|and)\b"
    r"|\b(?:will|would|to|must|should|always) (?:bill|code|report|use) [A-Z]\d\S+ (?:plus|and|with|\+"
    r"|along with) [A-Z]\d",
    re.I,
)
_PAIR = re.compile(
    r"\b(?:is|are)(?: not|n['’]t)? (?:an? )?(?:legal|allowed|valid|acceptable|good|fine|permitted|legitimate"
    r"|safe) (?:pair|combination|combo)\b"
    r"|\b(?:does not |do not |doesn['’]t |never )?goes? (?:fine |well |along |ok )?(?:together )?with\b(?=.*[A-Z]\d)",
    re.I,
)
_JUDGED = re.compile(
    rf"\b{_TOGETHER}\b(?:[^.;,]|\.\d){{0,45}}?\b(?:is|are)(?P<not> not| never)?(?: always| also| perfectly"
    rf"| quite)? (?:no problem|no issue|fine"
    r"|acceptable|ok|okay|allowed|permitted|legal|possible|all right)\b",
    re.I,
)
_SHARED = re.compile(
    r"\b(?:may|can|could)(?P<not> not|not)? (?:share (?:a|one|the same) (?:claim|visit|encounter|line)|accompany"
    r"|sit (?:beside|next to)"
    r"|join|stand (?:beside|next to))\b",
    re.I,
)
_BARS = re.compile(
    rf"(?<!not )(?<!never )\b(?:bars?|forbids?|prohibits?|blocks|prevents?|disallows?|rejects?"
    rf"|stops) [A-Z]\d(?:[^.;]|\.\d){{0,60}}?\b{_TOGETHER}\b",
    re.I,
)
_FORM = re.compile(
    r"\b(?:put|list|bill|report|code|use) [A-Z]\d\S+ and [A-Z]\d\S+ (?:both )?on (?:the|one|a|the same)"
    r" (?:form|claim|bill)\b",
    re.I,
)
_YES_MARK = re.compile(
    r"\W*(?:no (?:excludes?[ -]?1|conflict|problem|edit|issue)|not (?:an )?excludes?[ -]?1|(?:it['’]s |that['’]s "
    r"|is |are )?(?:ok(?:ay)?|fine|yes|allowed"
    r"|sure|good|fair game|go\b|permitted|legal|safe|both|bill both|compatible|acceptable|all right|can |may )|✓|✔|✅"
    r"|excludes? ?2)",
    re.I,
)
_NO_MARK = re.compile(
    r"\W*(?:no\b|not\b|never|nope|don['’]t|do not|excludes?[ -]?1|stop|✗|✘|❌|conflict|denied|den(?:y|ial)|pick one"
    r"|choose one|illegal|forbidden|barred|cannot|can['’]t|mutually|incompatible|bad\b|one or the other)",
    re.I,
)
_MARKED = re.compile(r"^(?: ?\([^()]*\))? ?(?:=|:|→|->|=>|⇒|—|–|-|\?|\.\.+|…) ?(?P<mark>\S.*)$", re.S)


def turned(text: str) -> bool:
    """Is what bars two codes denied: no note, no conflict, nothing that stops them?"""
    return _TURNED.search(text) is not None


def loosely(text: str) -> bool | None:
    """What a sentence without the set phrases says: True, barred; False, together; None, neither."""
    if (match := _JUDGED.search(text)) or (match := _SHARED.search(text)):
        return match["not"] is not None
    if _BARS.search(text):
        return True
    if _FORM.search(text) or re.search(r"\b(?:pair|combination)\b[^.;]*\bpass(?:es)?\b", text.replace(".", "")):
        return None if re.search(r"\b(?:not|never)\b|n['’]t\b", text, re.I) else False
    if match := _PAIR.search(text):
        return bool(re.search(rf"(?:{_NO})[^.;]{{0,20}}$", text[: match.end()], re.I))
    if _TIED.search(text) or _DENIED.search(text) or _DENIED_WITH.search(text):
        return True
    if _ORDER.search(text) or _ADDED.search(text) or _BOTH.search(text):
        return None if re.search(r"\binstead\b|\brather\b|\bnot\b|n['’]t\b|\bnever\b", text, re.I) else False
    return None


def wondered(text: str) -> bool | None:
    """What a question asks of two codes: True, whether they may stand together; False, whether something bars them."""
    if re.search(rf"\b{_BAD}\b(?! ?2)", text, re.I):
        return False
    return True if re.search(rf"\b{_TOGETHER}\b", text, re.I) else None


def marked(after: str) -> bool | None:
    """The verdict that a sign sets behind a pair: ``→ OK``, ``: never``, ``= Excludes1``."""
    match = _MARKED.match(after)
    if match is None:
        return None
    if _YES_MARK.match(match["mark"]):
        return False
    return True if _NO_MARK.match(match["mark"]) else None
