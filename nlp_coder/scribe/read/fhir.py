"""FHIR R4 (read as R4B): Bundle, Composition or DocumentReference → the note, its date, its patient, proposed codes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp_coder.errors import NoteError
from nlp_coder.scribe.nouns import ScribeDocument
from nlp_coder.scribe.read import attached, ccda, diagnosed, markup
from nlp_coder.scribe.read.codes import once
from nlp_coder.scribe.read.headings import write_heading
from nlp_coder.scribe.read.loads import encoded, passive, pointer, xml_of
from nlp_coder.scribe.read.resources import Found, of_one_patient, resources
from nlp_coder.scribe.read.shaped import day
from nlp_coder.scribe.read.written import Writer

_NOTES = frozenset({"Composition", "DocumentReference"})
_VOID = frozenset({"entered-in-error", "superseded"})
_TRANSCRIPT = re.compile(r"transcript|dialogue", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_INPATIENT = frozenset({"IMP", "ACUTE", "NONAC"})


def read(top: dict[str, Any]) -> ScribeDocument:
    """A FHIR resource, read. NoteError for another release's shape, two patients, two notes, or none."""
    found = resources(top)
    patient = of_one_patient(found)
    documents = [one for one in found if one.kind in _NOTES and one.resource.get("status") not in _VOID]
    said = [one for one in documents if _is_transcript(one)]
    notes = [one for one in documents if one not in said]
    if len(notes) != 1:
        what = "no note: a Composition or a DocumentReference" if not notes else "several notes"
        raise NoteError(f"the FHIR input holds {what}. Give the resource or Bundle of one encounter's note.")
    note = notes[0]
    document = _composed(note) if note.kind == "Composition" else _referred(note)
    if not document.parts:
        raise NoteError("the FHIR note is empty: no section and no attachment has text. Give a note with text.")
    codes = [*diagnosed.proposed(found), *document.proposed]
    return replace(
        document,
        proposed=once(codes),
        id=str(note.resource.get("id") or top.get("id") or ""),
        date_of_service=_date(found) or document.date_of_service,
        patient=patient or document.patient,
        setting="inpatient" if any(map(_is_inpatient, found)) else "outpatient",
        transcript="\n".join(_referred(one).text for one in said) or None,
        form="fhir",
    )


def _is_transcript(one: Found) -> bool:
    """Whether a DocumentReference says that it is the dialogue and not the note."""
    words = [one.resource.get("description") or "", (one.resource.get("type") or {}).get("text") or ""]
    return one.kind == "DocumentReference" and any(map(_TRANSCRIPT.search, words))


def _is_inpatient(one: Found) -> bool:
    return one.kind == "Encounter" and (one.resource.get("class") or {}).get("code") in _INPATIENT


def _composed(one: Found) -> ScribeDocument:
    """A Composition's sections in order, each under its title or what its LOINC code calls it."""
    writer = Writer()
    for at, section in enumerate(one.resource.get("section") or []):
        _section(writer, section, one.path + pointer("section", at))
    return ScribeDocument(text=writer.text, parts=writer.parts if writer.said else ())


def _section(writer: Writer, section: dict[str, Any], path: str, *, inner: bool = False) -> None:
    title = section.get("title") or ""
    codings = (section.get("code") or {}).get("coding") or []
    loinc = next((one.get("code", "") for one in codings if "loinc" in one.get("system", "")), "")
    div = (section.get("text") or {}).get("div") or ""
    sections = section.get("section") or []
    root = xml_of(_numeric(div), f"the narrative at {path}/text/div") if div else None
    if (root is not None and "".join(map(str, root.itertext())).strip()) or (sections and title):
        write_heading(writer, title, loinc, path + pointer("title"), inner=inner)
    if root is not None:
        passive(root, f"the narrative at {path}/text/div")
        markup.write(writer, root, f"{path}/text/div#")
    for at, one in enumerate(sections):
        _section(writer, one, path + pointer("section", at), inner=True)


def _numeric(div: str) -> bytes:
    """A narrative with HTML's named characters (``&nbsp;``), which XML does not know, written as numbers."""
    from html.entities import html5

    def number(match: re.Match[str]) -> str:
        characters = html5.get(f"{match[1]};", "")
        return match[0] if match[1] in _XML or not characters else "".join(f"&#{ord(c)};" for c in characters)

    return _NAMED.sub(number, div).encode()


def _referred(one: Found) -> ScribeDocument:
    """A DocumentReference's attachment: of several formats of the one note, the first that can be read."""
    contents = one.resource.get("content") or []
    attachments = {at: (content or {}).get("attachment") or {} for at, content in enumerate(contents)}
    ranked = sorted(attachments, key=lambda at: (_rank(attachments[at]), at))
    if not ranked:
        raise NoteError(f"the DocumentReference at {one.path or 'the top'} has no content. Put the note in as base64.")
    attachment = attachments[ranked[0]]
    path = one.path + pointer("content", ranked[0], "attachment", "data")
    what = f"the attachment at {path}"
    if not attachment.get("data"):
        raise NoteError(f"{what} has no data, only a link perhaps; nothing is fetched. Put the note in as base64.")
    data = encoded(attached.unpacked(attachment["data"], what))
    media = attachment.get("contentType") or ""
    if attached.media_of(media)[0] in attached.DOCUMENTS:
        return ccda.read(data, f"{path}#", what)
    writer = Writer()
    attached.write(writer, data, media, path, what)
    return ScribeDocument(text=writer.text, parts=writer.parts)


def _rank(attachment: dict[str, Any]) -> int:
    media = attached.media_of(attachment.get("contentType") or "")[0]
    kinds = (attached.PLAIN, attached.PAGES, attached.DOCUMENTS)
    known = next((rank for rank, kind in enumerate(kinds) if media in kind), len(kinds))
    return known if attachment.get("data") else len(kinds) + 1


_WHEN = (
    ("Encounter", ("period", "start")),
    ("DocumentReference", ("context", "period", "start")),
    ("Claim", ("billablePeriod", "start")),
    ("Composition", ("event", 0, "period", "start")),
    ("Composition", ("date",)),
    ("DocumentReference", ("date",)),
)
"""Where the day of the encounter is told, best first."""


def _date(found: list[Found]) -> Any:
    for kind, steps in _WHEN:
        for one in found:
            value: Any = one.resource if one.kind == kind else None
            for step in steps:
                inside = isinstance(value, dict) and step in value
                value = value[step] if inside or (isinstance(value, list) and value and step == 0) else None
            if isinstance(value, str) and len(value) >= len("2026-05-12"):
                return day(value)
    return None
