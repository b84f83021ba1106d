"""The forms in which FHIR arrives: a Bundle, NDJSON of a bulk export, XML; and one patient out of several.

Every form becomes a Bundle as JSON has it, about one patient, and is then read like any other.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.bundle import FhirError
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.words.message import Message, verbatim

_FHIR = "{http://hl7.org/fhir}"
_BOOLEANS = re.compile(r".*Boolean|doNotPerform|wasNotTaken|wasNotGiven|notGiven|notDone|notPerformed|active")
_OF_A_PERSON = ("subject", "patient", "for", "beneficiary")
_SHARED = frozenset(
    {"Medication", "Organization", "Practitioner", "PractitionerRole", "Device", "Location", "Substance"}
)
"""Resources that are about nobody, which those of a patient refer to."""
_SHOWN = 5
"""Patients that are named in a message."""


def collected(resources: Iterable[Element]) -> Element:
    """Resources as a Bundle."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": held} for held in resources]}


# ---------------------------------------------------------------- NDJSON


def is_ndjson(said: str) -> bool:
    """Whether a text has one resource on each line."""
    first, _, rest = said.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and "resourceType" in json.loads(first)
    except (ValueError, TypeError):
        return False


def from_ndjson(said: str) -> Element:
    """The resources of a bulk export, one on each line; FhirError names a line that is none."""
    resources = []
    for number, line in enumerate(said.splitlines(), 1):
        if line.strip():
            try:
                resources.append(element(json.loads(line)))
            except ValueError:
                expected, todo = Message("fhir.one_resource_on_each_line"), Message("fhir.export_it_again")
                raise FhirError(f"line {number}", Message("fhir.no_json"), expected, todo) from None
    return collected(resources)


# ---------------------------------------------------------------- XML


def from_xml(said: str) -> Element:
    """A resource in XML as JSON has it, numbers as texts; FhirError for what is no XML, or has entities of its own."""
    try:
        if "<!DOCTYPE" in said or "<!ENTITY" in said:
            raise ElementTree.ParseError
        root = ElementTree.fromstring(said)
    except ElementTree.ParseError:
        todo = Message("fhir.export_it_again")
        raise FhirError("1", Message("fhir.no_xml"), Message("fhir.a_fhir_r4_bundle"), todo) from None
    return _resource(root)


def _resource(node: ElementTree.Element) -> Element:
    """A resource, whose type is the name of its element."""
    held = _of(node)
    return {"resourceType": _name(node)} | (held if isinstance(held, dict) else {})


def _name(node: ElementTree.Element) -> str:
    """The name without its space."""
    return node.tag.removeprefix(_FHIR)


def _of(node: ElementTree.Element) -> Any:
    """An element: its value, or its parts; what stands more than once is a list."""
    parts: dict[str, Any] = {name: held for name, held in node.attrib.items() if name != "value"}
    for part in node:
        name = _name(part)
        if name in ("resource", "contained"):
            held: Any = next((_resource(inner) for inner in part), {})
        else:
            held = None if name.endswith("}div") else _of(part)
        if name in parts:
            parts[name] = [*(parts[name] if isinstance(parts[name], list) else [parts[name]]), held]
        elif held is not None:
            parts[name] = held
    value = node.get("value")
    if value is None:
        return parts
    return value == "true" if value in ("true", "false") and _BOOLEANS.fullmatch(_name(node)) else value


# ---------------------------------------------------------------- one patient of several


def patients_in(bundle: Element) -> list[str]:
    """The ids of the patients, in their order."""
    found = (resource for _, resource in _entries(bundle) if text(resource.get("resourceType")) == "Patient")
    return list(dict.fromkeys(text(held.get("id")) for held in found))


def only(bundle: Element, patient: str) -> Element:
    """The Bundle about one of its patients: what is about another, or about nobody, is left to them.

    Raises FhirError when there is no such patient.
    """
    ids = patients_in(bundle)
    if patient not in ids:
        raise FhirError("entry", verbatim(patient[:40]), one_of(ids), Message("fhir.name_one_of_them"))
    others = {name for entry, held in _entries(bundle) for name in _names_of(entry, held) if _is_other(held, patient)}
    kept = [entry for entry, held in _entries(bundle) if not _is_other(held, patient) and _may_be(held, others)]
    return bundle | {"entry": kept}


def one_of(ids: Iterable[str]) -> Message:
    """The first of the patients, for a message."""
    listed = [patient or "?" for patient in ids]
    more = "" if len(listed) <= _SHOWN else ", ..."
    return Message("fhir.one_of_n_patients", {"n": len(listed), "ids": verbatim(", ".join(listed[:_SHOWN]) + more)})


def _entries(bundle: Element) -> Iterator[tuple[Element, Element]]:
    """Every entry with its resource."""
    for entry in elements.elements(bundle.get("entry")):
        yield entry, element(entry.get("resource"))


def _is_other(held: Element, patient: str) -> bool:
    """Whether a resource is another Patient."""
    return text(held.get("resourceType")) == "Patient" and text(held.get("id")) != patient


def _names_of(entry: Element, held: Element) -> Iterator[str]:
    """What refers to a Patient: by address, by type and id."""
    yield from filter(None, (text(entry.get("fullUrl")), f"Patient/{text(held.get('id'))}"))


def _may_be(held: Element, others: set[str]) -> bool:
    """Whether a resource may be about the one patient: it is about nobody at all, or not about another."""
    kind = text(held.get("resourceType"))
    if kind == "Patient" or kind in _SHARED:
        return True
    who = next((text(element(held.get(name)).get("reference")) for name in _OF_A_PERSON if name in held), "")
    return bool(who) and not any(who == name or who.endswith(f"/{name}") for name in others)
