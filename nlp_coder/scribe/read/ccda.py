"""A C-CDA document → the text of its sections under their headings, and the codes of its encounter diagnoses."""

from __future__ import annotations

import datetime

from lxml import etree

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import Proposed, ScribeDocument
from nlp_coder.scribe.read import attached, markup
from nlp_coder.scribe.read.codes import once
from nlp_coder.scribe.read.headings import write_heading
from nlp_coder.scribe.read.loads import passive, xml_of
from nlp_coder.scribe.read.shaped import day
from nlp_coder.scribe.read.written import Writer

NAMESPACE = "urn:hl7-org:v3"
ICD10CM = "2.16.840.1.113883.6.90"
ENCOUNTER_DIAGNOSIS = "2.16.840.1.113883.10.20.22.4.80"
_ASSESSED = frozenset({"51848-0", "51847-2"})
_NAMES = {"c": NAMESPACE}
_CLASS = "c:componentOf/c:encompassingEncounter/c:code/@code"
_WHEN = (
    "c:componentOf/c:encompassingEncounter/c:effectiveTime/c:low/@value",
    "c:componentOf/c:encompassingEncounter/c:effectiveTime/@value",
    "c:documentationOf/c:serviceEvent/c:effectiveTime/c:low/@value",
    "c:effectiveTime/@value",
)


def read(data: bytes, prefix: str = "", what: str = "the document") -> ScribeDocument:
    """A C-CDA document's bytes, read; ``prefix`` leads its parts' paths when it came as an attachment."""
    root = xml_of(data, what)
    if root.tag != f"{{{NAMESPACE}}}ClinicalDocument":
        wanted = (
            "It is FHIR: give it by itself." if "hl7.org/fhir" in str(root.tag) else "Give C-CDA, FHIR, JSON or text."
        )
        raise NoteError(f"{what} is XML, but no ClinicalDocument of {NAMESPACE}. {wanted}")
    passive(root, what)
    patients = {_id(one) for one in _all(root, "c:recordTarget/c:patientRole")}
    if len(patients) > 1:
        raise NoteError(f"{what} is of two patients or more. Give one patient's document.")
    writer = Writer()
    body = _all(root, "c:component/c:structuredBody")
    for section in _all(root, "c:component/c:structuredBody/c:component/c:section"):
        _section(writer, section, prefix)
    if not body:
        _unstructured(writer, root, prefix, what)
    if not writer.said:
        raise NoteError(f"{what} has no text in its sections. Give a note with text.")
    return ScribeDocument(
        text=writer.text,
        parts=writer.parts,
        proposed=once(_codes(root, prefix)),
        id=next(map(_identity, _all(root, "c:id")), ""),
        date_of_service=_day(root),
        patient=next(iter(patients), None) or None,
        setting="inpatient" if "IMP" in _attributes(root, _CLASS) else "outpatient",
        form="ccda",
    )


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    found = element.xpath(path, namespaces=_NAMES)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


def _attributes(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=_NAMES)
    return [str(one) for one in found] if isinstance(found, list) else []


def _identity(element: etree._Element) -> str:
    return "^".join(filter(None, (element.get("root"), element.get("extension"))))


def _id(role: etree._Element) -> str:
    return next(map(_identity, _all(role, "c:id")), "")


def _section(writer: Writer, section: etree._Element, prefix: str, *, inner: bool = False) -> None:
    """A section's heading and text, then the sections inside it; one that says it has no information is left out."""
    text = next(iter(_all(section, "c:text")), None)
    title = next(iter(_all(section, "c:title")), None)
    words = (title.text or "") if title is not None and not len(title) else ""
    loinc = next(iter(_attributes(section, "c:code/@code")), "")
    said = text is not None and section.get("nullFlavor") is None and "".join(map(str, text.itertext())).strip()
    sections = _all(section, "c:component/c:section")
    if said or (sections and words):
        path = f"{prefix}{section.getroottree().getpath(title)}/text()[1]" if title is not None else ""
        write_heading(writer, words, loinc, path, inner=inner)
    if said and text is not None:
        markup.write(writer, text, prefix, lined=not len(text))
    for one in sections:
        _section(writer, one, prefix, inner=True)


def _unstructured(writer: Writer, root: etree._Element, prefix: str, what: str) -> None:
    """The note of a document without sections, text or base64 in its nonXMLBody."""
    for text in _all(root, "c:component/c:nonXMLBody/c:text"):
        path = f"{prefix}{root.getroottree().getpath(text)}/text()[1]"
        data = text.text or ""
        raw = attached.unpacked(data, what) if text.get("representation") == "B64" else data.encode()
        attached.write(writer, raw, text.get("mediaType") or "text/plain", path, what)


def _codes(root: etree._Element, prefix: str) -> list[Proposed]:
    """ICD-10-CM codes (of a value, a code or its translation) of encounter diagnoses and assessed problems."""
    found = []
    for element in _all(root, f".//c:*[@codeSystem='{ICD10CM}'][@code]"):
        above = list(element.iterancestors())
        diagnosed = any(
            ENCOUNTER_DIAGNOSIS in _attributes(one, "c:templateId/@root")
            or (one.tag == f"{{{NAMESPACE}}}section" and _ASSESSED & set(_attributes(one, "c:code/@code")))
            for one in above
        )
        if diagnosed and not any(one.get("negationInd") == "true" for one in above):
            path = f"{prefix}{root.getroottree().getpath(element)}/@code"
            found.append(Proposed((element.get("code") or "").strip(), path))
    return found


def _day(root: etree._Element) -> datetime.date | None:
    """The first day that is told: of the encounter, of the service, of the document."""
    for path in _WHEN:
        for value in _attributes(root, path):
            if len(value) >= 8 and value[:8].isdigit():
                return day(f"{value[:4]}-{value[4:6]}-{value[6:8]}")
    return None
