"""An attachment (bytes and their media type) → text with its parts."""

from __future__ import annotations

import base64
import binascii

from nlp_coder.errors import NoteError
from nlp_coder.scribe.read import markup
from nlp_coder.scribe.read.loads import decoded, html_of
from nlp_coder.scribe.read.written import Writer

PLAIN = frozenset({"", "text/plain", "text/markdown", "text/x-markdown"})
PAGES = frozenset({"text/html", "application/xhtml+xml"})
DOCUMENTS = frozenset({"text/xml", "application/xml", "application/hl7-cda+xml", "application/hl7-sda+xml"})


def media_of(content_type: str) -> tuple[str, str]:
    """``text/html; charset=utf-8`` → the media type and the charset."""
    media, *rest = (part.strip() for part in content_type.lower().split(";"))
    charset = next((part.partition("=")[2].strip('" ') for part in rest if part.startswith("charset=")), "utf-8")
    return media, charset


def unpacked(data: str, what: str) -> bytes:
    """Base64 → bytes."""
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{what} is not base64. Export it again, whole.") from None


def write(writer: Writer, data: bytes, content_type: str, path: str, what: str) -> None:
    """Plain text as it is, HTML as its reader sees it. NoteError for every other type; RTF with what to do."""
    media, charset = media_of(content_type)
    if "rtf" in media:
        raise NoteError(f"{what} is RTF, which is not read. Save its text as plain text or HTML and give that.")
    if media not in PLAIN | PAGES:
        raise NoteError(f"{what} is of a type that is not read. Give text/plain or text/html.")
    text = decoded(data, what, charset)
    if media in PAGES:
        root = html_of(text, what)
        if root is not None:
            markup.write(writer, root, f"{path}#")
    elif text.strip():
        writer.quote(text, path)
