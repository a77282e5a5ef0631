"""Bytes of a document → its text, its JSON or its XML, or one clear refusal that repeats none of it."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree

from nlp_coder.errors import NoteError

LARGEST = 10_000_000
"""Bytes of the largest document that is read: one encounter has some ten thousand."""

_BINARY = {
    b"{\\rtf": "RTF",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x1f\x8b": "a gzip archive",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]{0,40}|\d{1,9}|\*")
_ACTIVE = frozenset({"script", "iframe", "frame", "object", "embed", "applet"})


def encoded(raw: bytes | str) -> bytes:
    """A document as bytes, refused above the limit."""
    if isinstance(raw, str):
        try:
            raw = raw.encode()
        except UnicodeEncodeError:
            raise NoteError("the document holds half a character (a lone surrogate): decode it as UTF-8.") from None
    if len(raw) > LARGEST:
        raise NoteError(f"the document is over {LARGEST // 1_000_000} MB. Give the document of one encounter.")
    return raw.removeprefix(b"\xef\xbb\xbf")


def decoded(data: bytes, what: str = "the document", charset: str = "utf-8") -> str:
    """Bytes as text. Refused: what is no text, RTF, or of another encoding than it says."""
    for magic, kind in _BINARY.items():
        if data.startswith(magic):
            wanted = "Save it as UTF-8" if kind == "UTF-16" else "Save its text as plain text or HTML"
            raise NoteError(f"{what} is {kind}, which is not read. {wanted} and give that.")
    try:
        text = data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        shown = charset.upper() if charset.lower() in ("utf-8", "us-ascii", "iso-8859-1", "windows-1252") else "text"
        raise NoteError(f"{what} is not {shown}. Save it as UTF-8.") from None
    if "\0" in text:
        raise NoteError(f"{what} is not text: it holds NUL characters. Give text.")
    return text


def json_of(text: str) -> Any:
    """JSON of the standard: no doubled key, no NaN, no endless nesting."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        raise NoteError(f"the document is malformed JSON at {at}. Export it again, whole.") from None
    except RecursionError:
        raise NoteError("the document's JSON is nested too deeply. Give the note itself.") from None
    except ValueError:
        raise NoteError("the document's JSON holds a number too long to read. Export it again.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NoteError("the document's JSON has the same key twice in one object: one would be lost. Make them one.")
    return found


def _constant(_name: str) -> Any:
    raise NoteError("the document's JSON holds NaN or Infinity, which JSON does not know. Export it again.")


def xml_of(data: bytes, what: str = "the document") -> etree._Element:
    """XML without DOCTYPE: no entity is expanded, nothing is fetched. Its root."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise _doctype(what) from None
        where = f" at line {line}" if line else ""
        raise NoteError(f"{what} is malformed XML{where}. Export it again, whole.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(what)
    return root


def _doctype(what: str) -> NoteError:
    return NoteError(f"{what} has a DOCTYPE (entities, an external DTD), which is refused. Remove it.")


def html_of(text: str, what: str = "the document") -> etree._Element | None:
    """HTML as browsers read it, its root; None without any. Refused: scripts and other active content."""
    parser = etree.HTMLParser(no_network=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root: etree._Element | None = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        passive(root, what)
    return root


def passive(root: etree._Element, what: str) -> None:
    """Refuse markup with scripts, frames, objects or event handlers: a note has none."""
    for element in root.iter(etree.Element):
        names = {str(name).lower() for name in element.attrib}
        if local(element) in _ACTIVE or any(name.startswith("on") for name in names):
            raise NoteError(f"{what} holds a script or other active content, which no note has. Remove it.")


def local(element: etree._Element) -> str:
    """An element's name without its namespace, in small letters."""
    return etree.QName(element).localname.lower()


def pointer(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901) of keys and indexes."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def shown(path: str) -> str:
    """A pointer fit for a message: a step that looks like no name is left out, since it may be patient text."""
    return "/".join(step if _NAME.fullmatch(step) else "…" for step in path.split("/")[1:])
