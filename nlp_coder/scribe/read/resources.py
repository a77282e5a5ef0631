"""A FHIR input → the resources that matter, each validated as R4B, all of one patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nlp_coder.errors import NoteError
from nlp_coder.scribe.read.loads import pointer, shown

KINDS = frozenset({"Composition", "DocumentReference", "Condition", "Claim", "Encounter", "Patient"})
"""The resources that are read; others of a Bundle are left alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resource, the JSON pointer to it, and all names by which others may refer to it."""

    resource: dict[str, Any]
    path: str
    names: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Its resourceType."""
        return str(self.resource["resourceType"])


def resources(top: dict[str, Any]) -> list[Found]:
    """The resources of an input that are read, validated. NoteError for what is not of R4."""
    if top.get("resourceType") != "Bundle":
        if top.get("resourceType") not in KINDS:
            raise NoteError("the FHIR input is neither a Bundle nor a Composition nor a DocumentReference. Give one.")
        validate(top, "")
        return [_found(top, "", "")]
    validate({key: value for key, value in top.items() if key not in ("entry", "signature")}, "")
    entries = top.get("entry") or []
    if not isinstance(entries, list):
        raise NoteError("the Bundle's entry is no list. Give a Bundle of FHIR R4.")
    found = []
    for at, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        path = pointer("entry", at, "resource")
        kind = str(resource.get("resourceType")) if isinstance(resource, dict) else ""
        if isinstance(resource, dict) and kind in KINDS:
            validate(resource, path)
            found.append(_found(resource, path, str(entry.get("fullUrl") or "")))
        elif kind == "Bundle":
            raise NoteError(f"the Bundle holds a Bundle at {path}. Give the Bundle of one encounter.")
    return found


def _found(resource: dict[str, Any], path: str, url: str) -> Found:
    own = f"{resource['resourceType']}/{resource['id']}" if resource.get("id") else ""
    return Found(resource, path, tuple(name for name in (own, url) if name) or (path,))


def validate(resource: dict[str, Any], path: str) -> None:
    """NoteError, with the place and no value of it, unless the resource has the shape that R4B gives it."""
    from fhir.resources.R4B import get_fhir_model_class

    kind = str(resource["resourceType"])
    try:
        get_fhir_model_class(kind).model_validate(resource)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        what = wrong(error)
        raise NoteError(
            f"the {kind} at {path or 'the top'} is not of FHIR R4{what}. Export it as R4; STU3 and R5 are not read."
        ) from None


def wrong(error: Exception) -> str:
    """Which field the model turned down, and whether R4 has it at all."""
    if not hasattr(error, "errors"):
        return ""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = "/".join(str(step) for step in first["loc"] if step != "root")
    return f": {shown('/' + place)} " + (
        "is no field of it" if first["type"] == "extra_forbidden" else "has not its shape"
    )


def of_one_patient(found: list[Found]) -> str | None:
    """The id of the one patient all resources speak of, None if none is named. NoteError if there are two."""
    names = {name: one.names[0] for one in found if one.kind == "Patient" for name in one.names}
    patients = set(names.values())
    for one in found:
        subject = one.resource.get("patient" if one.kind == "Claim" else "subject") or {}
        said = str(subject.get("reference") or "")
        if said and not said.startswith("#"):
            short = "/".join(said.partition("/_history")[0].split("/")[-2:])
            patients.add(names.get(said) or names.get(short) or short)
    if len(patients) > 1:
        raise NoteError("the FHIR input is of two patients or more. Give one patient's encounter.")
    return next(iter(patients), "").removeprefix("Patient/") or None
