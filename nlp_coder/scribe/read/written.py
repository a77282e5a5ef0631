"""Pieces of a document, one after the other → one text under headings, and where each piece came from."""

from __future__ import annotations

import re

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Part

_SCRIPT = re.compile(r"<\s*(?:script|iframe|object|embed)\b", re.IGNORECASE)


def refuse_scripts(text: str) -> None:
    """NoteError if words of a note hold a script's tag."""
    if _SCRIPT.search(text):
        raise NoteError("the document holds a script or other active content, which no note has. Remove it.")


class Writer:
    """Puts a document's text together; what comes from the source is quoted as it is and keeps its place there.

    Headings, list marks and line breaks are the writer's own and belong to no part.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[str] = []
        self._size = 0
        self._parts: list[Part] = []
        self._heading = ""
        self._number = 0
        self.said = False
        """Whether anything but headings is quoted."""
        self.section = ""
        """What the source calls the section that is being written."""

    @property
    def text(self) -> str:
        """The text so far; it ends with a line feed if there is any."""
        self.line()
        return "".join(self._pieces)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Where the text's quotations come from, in its order."""
        return tuple(self._parts)

    @property
    def heading(self) -> str:
        """The words of the heading that stands above."""
        return self._heading

    def head(self, words: str, *, section: str = "", title: str = "", path: str = "") -> None:
        """A heading on a line of its own; ``title`` is the source's string at ``path`` if the words are its words."""
        self.blank()
        self.add("## ")
        self.section = section or words
        shown = " ".join(words.split())
        if path and title == shown:
            self._quote(title, path, 0)
        else:
            self.add(shown)
        self.close_head(shown)
        self._heading, self._number = shown, 0

    def close_head(self, words: str) -> None:
        """The end of a heading's line; a heading of one letter ("A") is known by its colon."""
        self.add(":\n" if len(words) == 1 else "\n")

    def item(self) -> None:
        """The number of a list's next problem, on a new line."""
        self.line()
        self._number += 1
        self.add(f"{self._number}. ")

    def quote(self, text: str, path: str, offset: int = 0) -> None:
        """Words of the source as they are: the element's text at ``path`` from ``offset`` on."""
        if text:
            self._quote(text, path, offset)
            self.said = True

    def _quote(self, text: str, path: str, offset: int) -> None:
        refuse_scripts(text)
        self._parts.append(Part(self._size, self._size + len(text), path, offset, self.section))
        self.add(text)

    def add(self, text: str) -> None:
        """Something of our own."""
        self._pieces.append(text)
        self._size += len(text)

    def line(self) -> None:
        """Go to the beginning of a line."""
        if self._size and not self._ends("\n"):
            self.add("\n")

    def blank(self) -> None:
        """Leave a line blank, unless nothing stands above."""
        self.line()
        if self._size and not self._ends("\n\n"):
            self.add("\n")

    def _ends(self, end: str) -> bool:
        return "".join(self._pieces[-2:]).endswith(end)
