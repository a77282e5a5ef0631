"""A sentence with the codes in it, and what a way of speaking makes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp_coder.claims.factcheck.titles import Answer
from nlp_coder.claims.factcheck.tokens import Token

Said = tuple[str, Token, tuple[Token, ...], Answer]
"""A kind of claim, the token it stands at, all tokens it is about, and the answer."""

_AND = re.compile(r",? (?:and |or )?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its tokens (offsets within it).

    ``answer`` is what the next sentence says to a question, ``heading`` the heading that it stands under, ``at`` the
    offset at which it stands, if its words are not those of the page.
    """

    text: str
    tokens: tuple[Token, ...]
    answer: str = ""
    heading: str = ""
    at: int | None = None

    def after(self, token: Token) -> str:
        """What follows a token."""
        return self.text[token.end :]

    def predicate(self, token: Token) -> str:
        """What is said of a token: what follows it and the codes listed with it (``M51.36 and M51.37 are …``)."""
        end = token.end
        for other in self.tokens:
            if other.start > end and _AND.fullmatch(self.text[end : other.start]):
                end = other.end
        return self.text[end:]

    def before(self, token: Token) -> str:
        """What stands before a token."""
        return self.text[: token.start]
