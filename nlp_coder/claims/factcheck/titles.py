"""Is that what the code is called? A phrase and a code in; supported, contradicted or not checkable out, with why."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from nlp_coder import icd10cm
from nlp_coder.claims.codes import known_absent
from nlp_coder.claims.factcheck.names import DENIED, Features, features, listed_names, names, official, title, words
from nlp_coder.claims.factcheck.statements import Verdict
from nlp_coder.claims.factcheck.tokens import Token, meant

Answer = tuple[Verdict, str, str]
NOTHING_SAID = "nothing that a title could say or deny"
_ENOUGH = 0.5  # of the phrase's words are a name's own
_SHORT_NAME = 4
_COMMON = frozenset(
    "ivd disc disk disease disorder pain back low lower upper mid lumbar side right left code acute unspecified alone "
    "intervertebral condition dysfunction patient joint muscle spine spinal first second third trimester"
    " encounter".split()
)
_ONLY = re.compile(r"\b(?:only|alone)\b", re.IGNORECASE)
_NO_PLACE = re.compile(r"\bsite unspecified$|^Dorsalgia, unspecified$")
_EITHER = re.compile(r"\b(?:sprains?\W{0,2}(?:/|-|or )\W{0,2}strain|strains?\W{0,2}(?:/|-|or )\W{0,2}sprain)s?\b", re.I)
_BARE = re.compile(
    r",? \b(?:no (?:other|further|more) \w+|nothing (?:else|further|more)(?: \w+){0,2}|nos|not otherwise specified"
    r"|unspecified)\b",
    re.IGNORECASE,
)
"""``Lumbago, no further detail`` is lumbago."""
_EXACT = re.compile(r"M51\.3[67]\d")
_BACK = re.compile(r"\bback pain\b", re.IGNORECASE)  # of a degenerated disc it is the discogenic kind
_NO_BACK = re.compile(
    r"\b(?:without|w/o|no)(?: any)? (?:low(?:er)? )?(?:back pain|backache|lumbago|lbp)\b", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:no|not|never|without|w/o|neither|nor|unless|unknown|any|un\w*(?:stated|clear|said|named|documented)|NOS)\b"
    r"|n['’]t\b|\bmissing\b|\babsent\b|\bunspecified\b",
    re.IGNORECASE,
)
"""Words that leave a region or a pain open or deny it."""
OPEN_KIND = re.compile(
    r"\b(?:of )?(?:an? )?un\w+ (?:type|kind|character|cause|sort)s?\b"
    r"|\b(?:whose|of|the)? ?(?:type|kind|character|cause|sort)s?\b[^,;]*?\b(?:not|un\w+|never|n['’]t)\b(?: \w+)?",
    re.IGNORECASE,
)
"""A type left unsaid: ``pain whose type is not stated`` says that there is pain."""
_WITH = re.compile(r"\W*(?:with|without|w/)", re.IGNORECASE)
_COURSE = re.compile(r"\b(?:acute|chronic)\b", re.IGNORECASE)
_FILLING = frozenset({"joint", "spine", "region", "area", "code", "documented", "plain", "simple", "bare", "pure"})
"""Words of a phrase that change nothing for the Index."""
_SOFT = frozenset({"leg pain", "discogenic"})  # told apart only where a disc degenerates


def named(phrase: str, token: Token, day: datetime.date | None, *, slot: bool = False, naming: bool = True) -> Answer:
    """Whether a code may be called so; and the entry of the table, and its source.

    ``slot`` is a place for titles (a table's column, a list): there what the title denies must be complete.
    ``naming`` is False where the phrase tells a patient's condition ("left low back pain codes to …").
    """
    if token.icd9:
        return _of_icd9(phrase, token)
    known = official(token, day)
    entry = _entry(token, day)
    if known is None:
        return "not checkable", "the code is outside the table", "table"
    obstetric = token.code.startswith("O")
    said = features(_EITHER.sub(" ", phrase), obstetric=obstetric)
    if "degeneration" in known.kinds and _EXACT.fullmatch(token.code) and _BACK.search(DENIED.sub(" ", phrase)):
        said = replace(said, kinds=said.kinds | {"discogenic"})
    if (
        wrong := _conflict(said, known, slot=slot, naming=naming)
        or _unplaced(phrase, said, token)
        or _exactly(phrase, said, known, token)
    ):
        return "contradicted", f"{entry}: {wrong}", "tabular"
    if _ONLY.search(phrase) and (more := (known.kinds & _SOFT) - said.kinds) and said.kinds & _SOFT:
        return "contradicted", f"{entry}: {_listed(more)}, too", "tabular"
    if other := _index(phrase, token, day):
        return "contradicted", f"{entry}; the Index sends «{phrase.strip().casefold()}» to {other}", "index"
    told = words(phrase)
    called = (words(name) for stem in _named_stems(token, day) for name in names(stem))
    shared = max((len(told & name) / len(told) for name in called), default=0.0) if told else 0.0
    if strange := _strange(phrase, token, day):
        return "not checkable", f"{entry}: no name of it says {_listed(strange)}", "tabular"
    if shared >= _ENOUGH or said.shares(known):
        return "supported", entry, "tabular"
    return "not checkable", NOTHING_SAID, "tabular"


def _strange(phrase: str, token: Token, day: datetime.date | None) -> frozenset[str]:
    """Words of a short name that no name of the code has and no feature covers (``trigeminal`` neuralgia)."""
    told = words(phrase)
    if not told or len(told) > _SHORT_NAME:
        return frozenset()
    own = frozenset().union(*(words(name) for stem in _named_stems(token, day) for name in names(stem)))
    return frozenset(word for word in told - own - _COMMON if not features(word).says)


def on_card(name: str, token: Token) -> Answer:
    """The name that heads a code's own page must be its title, not a synonym."""
    own = title(token.code)
    if not own:
        return "not checkable", "the code is outside the table", "table"
    if words(name) == words(own) and ("unspecified" in name.casefold()) == ("unspecified" in own.casefold()):
        return "supported", f"{token.code} {own}", "tabular"
    terms = "; ".join(other for other in names(token.code) if other != own)
    return "contradicted", f"{token.code} is titled «{own}»" + (f" (also: {terms})" if terms else ""), "tabular"


def of_old(phrase: str, token: Token) -> Answer | None:
    """What a sentence calls an ICD-9-CM code, if that is the name of one; else None."""
    told, own = words(phrase), words(title(token.code))
    others = [code for name, code, source in listed_names() if source == "icd9" and words(name) == told and told]
    if not own or not others:
        return None
    if token.code in others or told <= own:
        return "supported", f"{token.code} {title(token.code)} (ICD-9-CM)", "ICD-9-CM"
    return "contradicted", f"{token.code} is «{title(token.code)}» (ICD-9-CM)", "ICD-9-CM"


def _of_icd9(phrase: str, token: Token) -> Answer:
    own = title(token.code)
    if not own:
        return "not checkable", "the ICD-9-CM code is outside the table", "table"
    told = words(phrase)
    if told and told <= words(own):
        return "supported", f"{token.code} {own} (ICD-9-CM)", "ICD-9-CM"
    return "contradicted", f"{token.code} is «{own}» (ICD-9-CM)", "ICD-9-CM"


def _entry(token: Token, day: datetime.date | None) -> str:
    """What stands in the table under a token: its own title, or those of the first codes it stands for."""
    stems = [stem for stem in token.stems if title(stem)] or list(meant(token, day))
    shown = "; ".join(f"{stem} {title(stem)}" for stem in stems[:3])
    return shown + (" …" if len(stems) > 3 else "")


def _named_stems(token: Token, day: datetime.date | None) -> tuple[str, ...]:
    return (*token.stems, *meant(token, day)[:12])


def _conflict(said: Features, known: Features, *, slot: bool, naming: bool) -> str:
    """What the phrase says and the code's names do not, in words; empty if nothing."""
    if known.regions and said.regions - known.regions:
        return f"not {_listed(said.regions - known.regions)}"
    soft = frozenset() if "degeneration" in said.kinds | known.kinds else _SOFT
    if extra := said.kinds - known.kinds - soft:
        return f"not {_listed(extra)}"
    if denied := said.denied & known.kinds:
        return f"it does not deny {_listed(denied)}"
    if slot and said.denied and known.denied and said.denied != known.denied:
        return f"the title denies {_listed(known.denied)}, all of it"
    if known.sides and not said.sides <= known.sides:
        return f"not {_listed(said.sides)}"
    if not known.sides and said.sides - {"unspecified"} and naming:
        return "it has no side"
    axes = ((said.phases, known.phases), (said.trimesters, known.trimesters), (said.levels, known.levels))
    for mine, own in axes:
        if own and mine - own:
            return f"not {_listed(mine - own)}"
    if slot and said.exactness and known.exactness and not said.exactness & known.exactness:
        return f"it is {_listed(known.exactness)}, not {_listed(said.exactness)}"
    return ""


def _exactly(phrase: str, said: Features, known: Features, token: Token) -> str:
    """``Unspecified`` said of the code called other, or the other way round; or of a code that has a side."""
    if token.family or not (said.exactness or re.search(r"\bNOS\b", phrase)):
        return ""
    if known.sides in ({"right"}, {"left"}) and not said.sides and "other" not in said.exactness:
        return f"it is the {_listed(known.sides)} side"
    own = words(title(token.code))
    if words(phrase) and words(phrase) <= own and known.exactness and not said.exactness & known.exactness:
        return f"it is {_listed(known.exactness)}, not {_listed(said.exactness)}" if said.exactness else ""
    return ""


def _unplaced(phrase: str, said: Features, token: Token) -> str:
    """A region, or a pain, put under a code whose title says that none is stated."""
    own = title(token.code)
    if re.match("lumbago", own, re.IGNORECASE) and _NO_BACK.search(phrase):
        return "the title says lumbago"
    course = {"acute", "chronic"} & set(re.findall(r"\b(?:acute|chronic)\b", phrase.casefold()))
    told = _COURSE.search(own) if token.code.startswith("G89") and len(course) == 1 else None
    if told and told[0].casefold() not in course:
        return f"it is {told[0].casefold()} pain"
    if token.family or _OPEN.search(OPEN_KIND.sub(" ", phrase)):
        return ""
    if said.levels and "unspecified level" in own:
        return f"it is for a level left unsaid, not {_listed(said.levels)}"
    if own == "Other dorsalgia" and said.regions & {"cervical", "thoracic", "lumbar", "sacral"} and not said.kinds:
        return f"{_listed(said.regions)} pain has a code of its own"
    if said.regions and _NO_PLACE.search(own):
        return f"it is for the site left unsaid, not {_listed(said.regions)}"
    if "without mention of" in own and re.search(r"\bpain\b", phrase, re.IGNORECASE):
        return "the title says: without mention of pain"
    return ""


def _listed(found: frozenset[str]) -> str:
    return " or ".join(sorted(found))


def _index(phrase: str, token: Token, day: datetime.date | None) -> str:
    """Where the Index sends exactly this phrase, if it is somewhere else than the token; else nothing."""
    told = (
        frozenset() if _WITH.match(phrase) or _EXACT.fullmatch(token.code) else words(_BARE.sub(" ", phrase)) - _FILLING
    )
    if any(told == words(name) - _FILLING for stem in _named_stems(token, day) for name in names(stem)):
        return ""
    sent = [
        code for name, code, source in listed_names() if source == "index" and told and words(name) - _FILLING == told
    ]
    if not sent:
        return ""
    codes = (*token.stems, *meant(token, day))
    near = any(code.startswith(other) or other.startswith(code.rstrip("x.")) for code in codes for other in sent)
    return "" if near else ", ".join(dict.fromkeys(sent))


def without_region(phrase: str, token: Token) -> Answer | None:
    """An injury named without its region beside the code of one region: chapter 19 is laid out by region."""
    own = title(token.code)
    if not (token.code.startswith("S") and token.family and own) or len(phrase.split()) > 3:
        return None
    said, known = features(phrase), features(own)
    if said.kinds and not said.regions and known.regions:
        return "contradicted", f"{token.code} is «{own}» only; other regions have codes of their own", "tabular"
    return None


def absent(token: Token, day: datetime.date | None) -> Answer:
    """There is no such code; and what stands nearest."""
    near = icd10cm.suggest(token.code, day)[:4]
    padded = [code for code in near if code.replace("X", "") == token.code]
    nearest = ", ".join(padded or near)
    return "contradicted", f"there is no code {token.code}" + (f"; nearest: {nearest}" if nearest else ""), "tabular"


def exists(token: Token, day: datetime.date | None) -> bool:
    """Whether there is such a code, or the table cannot know."""
    return token.icd9 or bool(meant(token, day)) or not known_absent(token.code)
