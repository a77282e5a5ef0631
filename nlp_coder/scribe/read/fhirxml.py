"""FHIR as XML → the same resource as JSON has it, by the models of fhir.resources (R4B)."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from nlp_coder.errors import NoteError
from nlp_coder.scribe.read.resources import KINDS, wrong

NAMESPACE = "http://hl7.org/fhir"
_NAMES = {"f": NAMESPACE}
_READ = KINDS | {"Bundle"}


def resource(root: etree._Element) -> dict[str, Any]:
    """The resource of a root element that was parsed without a DOCTYPE. NoteError for what is not of R4.

    Of a Bundle's entries those are left out that are not read anyway, so that they need not be of R4. Pointers into
    what comes back are those of the resource written as JSON.
    """
    from fhir.resources.R4B import get_fhir_model_class

    kind = etree.QName(root).localname
    if kind not in _READ:
        return {"resourceType": kind}
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for entry in root.findall("f:entry", _NAMES):
        for held in entry.findall("f:resource", _NAMES):
            if not {etree.QName(one).localname for one in held} <= _READ:
                entry.remove(held)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        found = get_fhir_model_class(kind).model_validate_xml(etree.tostring(root), xmlparser=parser)
    except (ValueError, TypeError, AttributeError, AssertionError, LookupError, RecursionError) as error:
        raise NoteError(
            f"the FHIR XML is not of FHIR R4{wrong(error)}. Export it as R4 (STU3 and R5 are not read), or as JSON."
        ) from None
    top: dict[str, Any] = json.loads(found.model_dump_json())
    return top
