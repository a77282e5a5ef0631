"""Own sentences and patterns in, the second reader's model out; needs scikit-learn, which reading does not.

The classifier is naive Bayes with a support: each n-gram weighs its log ratio in the two classes, and a logistic
regression on top of that (after Wang and Manning, ACL 2012, P12-2018). Everything random comes from one seed.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Any, NamedTuple

from nlp_coder.classifier.ngrams import GUESSED, Guesser, concepts, lookup, parts, phrases, words

Patterns = Mapping[str, Any]
"""The lists of annotations/second-reader-patterns.toml and second-reader-wordings.toml, and the classes of words."""
SEED = 54
THRESHOLD = -0.18
_FRAMED = 7000
"""Framed places of each kind; and 7 problems for 10 places."""
_DICTATED = 6000
_RAREST = 3
"""Sentences that must hold an n-gram before it counts."""
_COST = 2.0
_LEAST = 0.2
"""Weights smaller than this are left out of the model."""
_DIGITS = 3
_SLOTS = {
    "o": "owners", "h": "persons", "h2": "subjects", "s": "sides", "w": "times", "n": "counts", "r": "ratings",
    "v": "verbs", "a": "activities", "a2": "past", "i": "who", "c": "clauses", "b": "problems_elsewhere",
    "x": "denied_spine",
}  # fmt: skip
_TOLD = (
    ("told_spine", True, 5),
    ("told_elsewhere", False, 4),
    ("dictated_elsewhere", False, 3),
    ("wording_spine", True, 24),
    ("wording_elsewhere", False, 24),
    ("shorthand_spine", True, 250),
    ("shorthand_elsewhere", False, 200),
    ("plain_spine", True, 6),
    ("plain_elsewhere", False, 6),
    ("plain_vague", False, 6),
)
"""Lists of whole sentences: whether they speak of the spine, how often each is written."""
_SLOT = re.compile(r"\{(\w+)\}")
_KEYS = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    "sqz", "vnk", "xvk", "sfe", "wrai", "dg", "fh", "gj", "oue", "hk", "jlc", "kp", "n", "mb", "ipu", "ol", "w", "te",
    "adz", "ry", "iyo", "cb", "qe", "zc", "ti", "xs",
), strict=True))  # fmt: skip
"""What a finger hits beside a key."""
_SOUNDS = (
    "ck>k ck>kk c>k k>ck c>s s>c ea>ee ee>ea ai>a ia>a y>i i>y ph>f ie>ei ou>u er>ar ar>er or>er e> ain>ane ine>yne "
    "sc>s sk>sc isc>isk x>cks ll>l s>z al>le al>el ti>shi c>ck le>el tion>shun a>e e>a o>a a>o i>e e>i u>o n>nn r>rr "
    "b>bb bone>boan ul>ull h>"
).split()
"""What is written as it is heard."""


class Example(NamedTuple):
    """A training sentence, and whether it speaks of a current spine problem."""

    text: str
    spine: bool


class Writer:
    """Writes training sentences from the patterns; the same ones for the same seed."""

    def __init__(self, patterns: Patterns, seed: int = SEED) -> None:
        """Take the lists; nothing is written yet."""
        self._lists = patterns
        self._random = random.Random(seed)  # noqa: S311 - sentences to train on, no secret

    def examples(self, sentences: Sequence[Example]) -> list[Example]:
        """All of them, shuffled: framed, told and dictated ones, and the given sentences, with and without errors."""
        found = [*self._framed(), *self._told()]
        found += [row for one in sentences for row in self._again(one)]
        short = [one.text for one in found if one.spine and len(one.text) < 90]
        found += self._dictated(short)
        self._random.shuffle(found)
        return found

    def _framed(self) -> Iterable[Example]:
        """Places and problems of either kind in the same frames."""
        for spine, kind in ((True, "spine"), (False, "elsewhere")):
            for _ in range(_FRAMED):
                yield Example(self._frame("frames_place", "p", f"places_{kind}"), spine)
            for _ in range(_FRAMED * 7 // 10):
                yield Example(self._frame("frames_problem", "d", f"problems_{kind}"), spine)

    def _frame(self, frames: str, slot: str, things: str) -> str:
        thing = self._pick(things)
        if self._random.random() < 0.75:
            thing = self.mistyped(thing, 0.6)
        frame = self._pick(frames)
        said = self._filled(frame.replace("{" + slot + "}", thing))
        return self._cased(self.mistyped(said, 0.12) if self._random.random() < 0.5 else said)

    def _told(self) -> Iterable[Example]:
        """Whole sentences of both kinds, several times with other fillings."""
        for key, spine, times in _TOLD:
            for line in self._lists[key]:
                for _ in range(times * (4 if "{x}" in line else 1)):
                    said = self._filled(line)
                    said = self.mistyped(said, 0.12) if self._random.random() < 0.3 else said
                    yield Example(self._cased(said), spine)

    def _again(self, one: Example) -> Iterable[Example]:
        """A given sentence as it is, and often with typing errors."""
        yield one
        if one.spine:
            yield Example(self.mistyped(one.text, 0.3), True)
        elif self._random.random() < 0.5:
            yield Example(self.mistyped(one.text, 0.15), False)

    def _dictated(self, spinal: Sequence[str]) -> Iterable[Example]:
        """Long sentences of other trades; some of them go on with one about the spine."""
        for _ in range(_DICTATED):
            said = f"{self._pick('who')} {self._pick('clauses')}"
            for _ in range(self._random.choice((0, 0, 1, 1, 2))):
                said += self._pick("linkers") + self._pick("clauses")
            said = self._filled(said + ".")
            yield Example(self.mistyped(said, 0.06) if self._random.random() < 0.3 else said, False)
        for _ in range(_DICTATED // 4):
            said = self._filled(f"{self._pick('who')} {self._pick('clauses')}{self._pick('linkers')}")
            yield Example(said + self._random.choice(spinal), True)

    def _pick(self, key: str) -> str:
        chosen: str = self._random.choice(self._lists[key])
        return chosen

    def _filled(self, line: str) -> str:
        while _SLOT.search(line):
            line = _SLOT.sub(lambda found: self._pick(_SLOTS.get(found[1], found[1])), line)
        line = re.sub(" +(,?)", r"\1 ", line).replace(" ,", ",").strip(" ,")
        return re.sub(r"[ ,]+\.", ".", line)

    def _cased(self, line: str) -> str:
        return line[:1].upper() + line[1:] if self._random.random() < 0.6 else line

    def mistyped(self, line: str, share: float) -> str:
        """The line with about that share of its words mistyped, and perhaps two of them typed together."""
        found = []
        for word in line.split(" "):
            if word.isalpha() and len(word) > 2 and self._random.random() < share:
                word = self._slip(word)
                if len(word) > 3 and self._random.random() < 0.25:
                    word = self._slip(word)
            found.append(word)
        if len(found) > 2 and self._random.random() < share / 2:
            at = self._random.randrange(len(found) - 1)
            found[at : at + 2] = [found[at] + found[at + 1]]
        return " ".join(found)

    def _slip(self, word: str) -> str:
        """One error: letters swapped, lost, doubled, beside the key, added; or the word as it sounds."""
        kind, at = self._random.random(), self._random.randrange(len(word))
        before, letter, after = word[:at], word[at], word[at + 1 :]
        if kind < 0.25:
            return before + after[:1] + letter + after[1:]
        if kind < 0.4:
            return before + after
        if kind < 0.52:
            return before + letter * 2 + after
        if kind < 0.67:
            return before + self._random.choice(_KEYS.get(letter.lower(), "e")) + after
        if kind < 0.72:
            return before + self._random.choice("etaoinsr") + letter + after
        heard = [pair for pair in _SOUNDS if pair.partition(">")[0] in word]
        if not heard:
            return word
        right, _, wrong = self._random.choice(heard).partition(">")
        return word.replace(right, wrong, 1)


def known_words(patterns: Patterns, sentences: Sequence[Example], guesser: Guesser) -> list[str]:
    """The words that stand for themselves although a target is near: those of our lists, and any of three sentences."""
    lists = [line for key, lines in patterns.items() if isinstance(lines, list) for line in lines]
    sure = {word for line in lists for word in words(_SLOT.sub(" ", line))} | set(patterns["real_words"].split())
    often = Counter(word for one in sentences for word in set(words(one.text)))
    sure |= {word for word, count in often.items() if count >= _RAREST}
    errors = set(patterns["errors"])
    return sorted(word for word in sure - errors if word.isalpha() and guesser.nearest(word))


def train(patterns: Patterns, sentences: Sequence[Example]) -> dict[str, Any]:
    """The model as it is stored: what may be guessed, classes of words, weights by n-gram, bias, threshold."""
    targets, classes, places = list(patterns["targets"]), dict(patterns["classes"]), patterns["places"].split()
    known = known_words(patterns, sentences, Guesser(targets, ()))
    guesser, by_word = Guesser(targets, known), lookup(classes)
    examples = Writer(patterns).examples(sentences)
    rows = [grams(one.text, guesser, by_word, places) for one in examples]
    weights, bias = _fitted([one.spine for one in examples], rows)
    kept = {gram: round(weight, _DIGITS) for gram, weight in sorted(weights.items()) if abs(weight) >= _LEAST}
    return {
        "bias": round(bias, _DIGITS), "threshold": THRESHOLD, "targets": targets, "known": known, "classes": classes,
        "places": places, "weights": kept,
    }  # fmt: skip


def grams(text: str, guesser: Guesser, classes: Mapping[str, Sequence[str]], places: Sequence[str]) -> list[str]:
    """All n-grams of a sentence, each as often as it occurs, as the second reader counts them; ``classes`` by word."""
    written = words(text)
    read = [guesser.read(word) for word in written]
    alone = (part for pair in zip(written, read, strict=True) for part in parts(*pair))
    within = (name for word in read for name in classes.get(word.removeprefix(GUESSED), ()))
    return [*alone, *phrases(read), *concepts(within, places)]


def _fitted(spine: Sequence[bool], rows: Sequence[Sequence[str]]) -> tuple[dict[str, float], float]:
    """Weights and bias of a logistic regression over n-grams scaled by their log ratio in the two classes."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = CountVectorizer(analyzer=list, min_df=_RAREST)
    counts = vectorizer.fit_transform(rows)
    shares = [_shares(counts.sign()[[i for i, one in enumerate(spine) if one is kind]]) for kind in (True, False)]
    ratios = [log(within) - log(without) for within, without in zip(*shares, strict=True)]
    table = counts.multiply([ratios]).multiply([[1 / sqrt(len(row) or 1)] for row in rows]).tocsr()
    fitted = LogisticRegression(C=_COST, solver="liblinear", random_state=SEED).fit(table, spine)
    names, found = vectorizer.get_feature_names_out(), fitted.coef_[0].tolist()
    return {n: w * ratio for n, w, ratio in zip(names, found, ratios, strict=True)}, float(fitted.intercept_[0])


def _shares(present: Any) -> list[float]:
    """A sparse table of which n-gram is in which sentence → each n-gram's share of all, none of them nothing."""
    counts = [count + 1 for count in present.sum(axis=0).tolist()[0]]
    whole = sum(counts)
    return [count / whole for count in counts]
