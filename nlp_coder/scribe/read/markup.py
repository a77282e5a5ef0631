"""A tree of HTML, XHTML or C-CDA markup → lines of text, each stretch with its XPath and its offset there."""

from __future__ import annotations

import re

from lxml import etree

from nlp_coder.scribe.read.loads import local
from nlp_coder.scribe.read.written import Writer

_HIDDEN = frozenset("script style head template noscript title svg math meta link rendermultimedia".split())
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
_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def write(writer: Writer, root: etree._Element, prefix: str = "", *, base: str = "") -> None:
    """The text of an element, as a reader sees it; blanks run together as browsers do.

    A part's path is ``prefix`` and the XPath of the text node; ``base`` replaces the XPath of ``root`` itself.
    """
    _Walk(writer, root, prefix, base).element(root)


class _Walk:
    """One tree on its way into a writer; knows whether a blank or a list mark is due."""

    def __init__(self, writer: Writer, root: etree._Element, prefix: str, base: str) -> None:
        self._writer = writer
        self._tree = root.getroottree()
        self._prefix = prefix
        self._root, self._base = self._tree.getpath(root), base
        self._due = ""
        self._begun = False

    def element(self, element: etree._Element) -> None:
        """An element with all below it; comments, hidden text and what is no text are left out."""
        name = local(element)
        if name in _HIDDEN or _is_hidden(element):
            return
        self._open(element, name)
        number = 1
        if element.text:
            self._text(element.text, element, number)
            number += 1
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            if child.tail:
                self._text(child.tail, element, number)
                number += 1
        if (name in _BLOCKS or name in _HEADINGS) and not _fills(element):
            self._break()

    def _open(self, element: etree._Element, name: str) -> None:
        if name == "br":
            self._break()
        elif name in _HEADINGS:
            self._break(blank=True)
            self._due = "## "
            self._writer.section = " ".join("".join(map(str, element.itertext())).split())
        elif name in _ITEMS:
            self._break()
            self._due = _mark(element)
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

    def _text(self, text: str, parent: etree._Element, number: int) -> None:
        """A text node, stretch by stretch; a stretch is quoted as it is, a run of blanks between becomes one."""
        found = list(_PIECES.finditer(text))
        if not found:
            self._due = self._due or (" " if self._begun else "")
            return
        path = f"{self._prefix}{self._xpath(parent)}/text()[{number}]"
        for match in found:
            due = self._due
            if self._begun and not due and match.start():
                due = " "
            self._writer.add(due)
            self._due, self._begun = "", True
            self._writer.quote(match.group(), path, match.start())
        if found[-1].end() < len(text):
            self._due = " "

    def _xpath(self, element: etree._Element) -> str:
        path = self._tree.getpath(element)
        return self._base + path.removeprefix(self._root) if self._base else path


def _mark(item: etree._Element) -> str:
    """The list mark of an item: its number in an ordered list, else a dash."""
    parent = item.getparent()
    ordered = parent is not None and (local(parent) == "ol" or parent.get("listType") == "ordered")
    if not ordered or parent is None:
        return "- "
    siblings = [child for child in parent.iterchildren("*") if local(child) == local(item)]
    return f"{siblings.index(item) + 1}. "


def _in_item(element: etree._Element) -> bool:
    return any(local(above) in _ITEMS for above in element.iterancestors())


def _fills(element: etree._Element) -> bool:
    """Whether a block is all that a table's cell holds, so that the row stays one line."""
    parent = element.getparent()
    return parent is not None and local(parent) in _CELLS and len(parent) == 1 and not (parent.text or "").strip()


def _is_hidden(element: etree._Element) -> bool:
    """Whether a browser shows nothing of it."""
    return "hidden" in element.attrib or bool(_NONE.search(element.get("style") or ""))
