"""A tree of HTML, XHTML or C-CDA markup → lines of text, each stretch with its XPath and its offset there."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from nlp_coder.scribe.read.loads import local
from nlp_coder.scribe.read.written import Writer

_HIDDEN = frozenset(
    "script style head template noscript title svg math meta link rendermultimedia del s strike".split()
)
"""Elements without words of the note: what is not shown, and what is struck out."""
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figure footer form header"
    " hr html li item legend list main nav ol option p paragraph pre section select summary table tbody tfoot thead tr"
    " ul".split()
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_APART = frozenset({"p", "paragraph", "table", "ul", "ol", "list", "dl"})
_CELLS = frozenset({"td", "th"})
_ITEMS = frozenset({"li", "item"})
_PIECES = re.compile(r"\S+(?:[ \u00a0]\S+)*")
_NONE = re.compile(r"display\s*:\s*none|line-through", re.IGNORECASE)
_BOXES = frozenset({"checkbox", "radio"})


def write(writer: Writer, root: etree._Element, prefix: str = "", *, lined: bool = False) -> None:
    """The text of an element, as a reader sees it; blanks run together as browsers do, unless it is ``lined``.

    A part's path is ``prefix`` and the XPath of the text node.
    """
    _Walk(writer, lined=lined).element(root, prefix + root.getroottree().getpath(root), 1)


class _Walk:
    """One tree on its way into a writer; knows whether a blank or a list mark is due, and whether lines count."""

    def __init__(self, writer: Writer, *, lined: bool) -> None:
        self._writer = writer
        self._due = ""
        self._begun = False
        self._owed = False
        self._lined = int(lined)

    def element(self, element: etree._Element, path: str, place: int) -> None:
        """An element with all below it, the ``place``-th of its name; comments and hidden text are left out."""
        name = local(element)
        if name in _HIDDEN or _is_hidden(element):
            return
        self._open(element, name, place)
        self._lined += name == "pre"
        number, places = 1, Counter[str]()
        if element.text:
            self._text(element.text, f"{path}/text()[{number}]")
            number += 1
        for child in element:
            if isinstance(child.tag, str):
                step = "*" if child.tag.startswith("{") else child.tag
                places.update({child.tag, step})
                self.element(child, f"{path}/{step}[{places[step]}]", places[child.tag])
            if child.tail:
                self._text(child.tail, f"{path}/text()[{number}]")
                number += 1
        self._lined -= name == "pre"
        if name in _HEADINGS and self._begun:
            self._writer.close_head(self._writer.section)
        if (name in _BLOCKS or name in _HEADINGS) and not _fills(element):
            self._break()
            self._owed = self._owed or (name in _APART and not _in_item(element))

    def _open(self, element: etree._Element, name: str, place: int) -> None:
        if name == "br":
            self._break(blank=not self._begun)
        elif name == "input" and (element.get("type") or "").lower() in _BOXES:
            self._writer.add(self._due + ("☑" if "checked" in element.attrib else "☐"))
            self._due, self._begun = " ", True
        elif name in _HEADINGS:
            self._break(blank=True)
            self._due = "## "
            self._writer.section = " ".join("".join(map(str, element.itertext())).split())
        elif name in _ITEMS:
            self._break()
            self._due = f"{place}. " if _is_ordered(element) else "- "
        elif name in _BLOCKS and not (_fills(element) or self._due.strip(" |")):
            self._break(blank=name in _APART and not _in_item(element))
        elif name in _CELLS and self._begun:
            self._due = " | "

    def _break(self, *, blank: bool = False) -> None:
        self._due, self._begun = "", False
        if blank:
            self._writer.blank()
        else:
            self._writer.line()

    def _text(self, text: str, path: str) -> None:
        """A text node, stretch by stretch; a stretch is quoted as it is, a run of blanks between becomes one."""
        at = 0
        for match in _PIECES.finditer(text):
            self._gap(text[at : match.start()])
            if self._owed:
                self._writer.blank()
            self._writer.add(self._due)
            self._owed = False
            self._due, self._begun = "", True
            self._writer.quote(match.group(), path, match.start())
            at = match.end()
        self._gap(text[at:])

    def _gap(self, blanks: str) -> None:
        """Blanks between two stretches: a blank, or the lines they are where lines count."""
        if self._lined and "\n" in blanks:
            self._break(blank=blanks.count("\n") > 1)
        elif blanks and self._begun and not self._due:
            self._due = " "


def _is_ordered(item: etree._Element) -> bool:
    """Whether an item is of a numbered list."""
    parent = item.getparent()
    return parent is not None and (local(parent) == "ol" or parent.get("listType") == "ordered")


def _in_item(element: etree._Element) -> bool:
    return any(local(above) in _ITEMS for above in element.iterancestors())


def _fills(element: etree._Element) -> bool:
    """Whether a block is all that a table's cell holds, so that the row stays one line."""
    parent = element.getparent()
    return parent is not None and local(parent) in _CELLS and len(parent) == 1 and not (parent.text or "").strip()


def _is_hidden(element: etree._Element) -> bool:
    """Whether a browser shows nothing of it, or strikes it out; of a choice only what is chosen counts."""
    attributes = element.attrib
    passed_over = local(element) == "option" and "selected" not in attributes
    gone = "hidden" in attributes or attributes.get("revised") == "delete"
    return passed_over or gone or bool(_NONE.search(element.get("style") or ""))
