"""What a scribe delivers, in any of its shapes → one ScribeDocument whose words keep their place in the source."""

from __future__ import annotations

import re

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Part, ScribeDocument
from nlp_coder.scribe.read.loads import decoded, encoded, html_of, json_of, xml_of
from nlp_coder.scribe.read.written import Writer, refuse_scripts

__all__ = ["FORMS", "read"]

FORMS = ("auto", "text", "soap-json", "fhir", "ccda")

_JSON = re.compile(r'\s*(?:\{\s*["}]|\{\s*\Z|\[\s*[{"\]])')
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|body|div|p|h[1-6]|article|section|table|ul|ol)\b", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|!DOCTYPE|!--|[A-Za-z])")


def read(raw: bytes | str, form: str = "auto", mapping: str | None = None) -> ScribeDocument:
    """A document as a scribe delivers it, read; ``mapping`` is a mapping.toml's text, for JSON of its own shape.

    ``form`` is auto (told by how it begins), text, soap-json, fhir or ccda. NoteError, one line that quotes
    nothing of the document, for all that cannot be read as one encounter's note.
    """
    if form not in FORMS:
        raise NoteError(f"the form of the document must be {', '.join(FORMS[:-1])} or {FORMS[-1]}.")
    data = encoded(raw)
    text = decoded(data)
    if not text.strip():
        raise NoteError("the document is empty. Give a note with text.")
    told = _told(text) if form == "auto" else "xml" if form == "fhir" and _XML.match(text) else form
    if mapping is not None and told not in ("soap-json", "fhir"):
        raise NoteError("a mapping is for JSON, and the document is none. Leave the mapping out.")
    if told in ("soap-json", "fhir"):
        return _from_json(text, form, mapping)
    if told in ("xml", "ccda"):
        return _from_xml(data, form)
    return _page(text) if told == "page" else _plain(text)


def _told(text: str) -> str:
    """The form of a document by how it begins."""
    if _JSON.match(text):
        return "soap-json"
    if _PAGE.match(text):
        return "page"
    return "xml" if _XML.match(text) else "text"


def _from_json(text: str, form: str, mapping: str | None) -> ScribeDocument:
    top = json_of(text)
    if mapping is not None:
        from nlp_coder.scribe.read import mapped

        return mapped.read(top, mapping)
    is_fhir = isinstance(top, dict) and "resourceType" in top
    if is_fhir and not isinstance(top["resourceType"], str):
        raise NoteError("the document's resourceType is no word. Give a FHIR R4 resource.")
    if form == "fhir" and not is_fhir:
        raise NoteError("the document is JSON without a resourceType, so no FHIR. Give a FHIR R4 resource.")
    if is_fhir and form != "soap-json":
        from nlp_coder.scribe.read import fhir

        return fhir.read(top)
    if isinstance(top, list) and any(isinstance(one, dict) and "resourceType" in one for one in top):
        raise NoteError("the document is a list of FHIR resources. Put them into one Bundle.")
    from nlp_coder.scribe.read import shaped

    return shaped.read(top)


def _from_xml(data: bytes, form: str) -> ScribeDocument:
    from nlp_coder.scribe.read import ccda, fhirxml

    root = xml_of(data)
    if form != "ccda" and root.tag.startswith(f"{{{fhirxml.NAMESPACE}}}"):
        from nlp_coder.scribe.read import fhir

        return fhir.read(fhirxml.resource(root))
    if form == "fhir":
        raise NoteError(f"the document is XML without the namespace {fhirxml.NAMESPACE}, so no FHIR. Give FHIR R4.")
    return ccda.read(data)


def _page(text: str) -> ScribeDocument:
    """An HTML page as its reader sees it; paths are XPaths."""
    from nlp_coder.scribe.read import markup

    writer = Writer()
    root = html_of(text)
    if root is not None:
        markup.write(writer, root)
    if not writer.said:
        raise NoteError("the HTML page has no text. Give a note with text.")
    return ScribeDocument(text=writer.text, parts=writer.parts)


def _plain(text: str) -> ScribeDocument:
    refuse_scripts(text)
    return ScribeDocument(text, parts=(Part(0, len(text)),))
