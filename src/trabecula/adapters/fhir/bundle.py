"""The bundle as it arrives: its entries, the one patient, and who refers to whom."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.person import Problem
from trabecula.words.message import Message, verbatim

KINDS = ("transaction", "collection", "searchset", "document", "batch")
READ_WHEN_CONTAINED = frozenset(
    {
        "Condition",
        "FamilyMemberHistory",
        "MedicationAdministration",
        "MedicationRequest",
        "MedicationStatement",
    }
    | {"Observation", "Procedure"}
)
NO_RESOURCE = "(no resource)"
_SHOWN = 40
"""Characters of a code of the bundle that are shown."""


class FhirError(ValueError):
    """A bundle that cannot be read: where, what was found, what was expected and what to do."""

    def __init__(self, path: str, found: Message, expected: Message, todo: Message) -> None:
        self.path, self.found, self.expected, self.todo = path, found, expected, todo
        super().__init__(str(Problem(path, found, expected, todo)))


@dataclass(frozen=True)
class Entry:
    """One resource of a bundle."""

    path: str
    kind: str
    resource: Element
    url: str = ""

    @property
    def id(self) -> str:
        """The resource's own id (used to follow references, never copied)."""
        return text(self.resource.get("id"))


@dataclass(frozen=True)
class Record:
    """All resources about one patient."""

    kind: str
    entries: tuple[Entry, ...]
    patient: Entry
    on: date | None
    has_more: bool = False
    by_reference: dict[str, Element] = field(default_factory=dict)

    def resolve(self, reference: object, inside: Element) -> Element:
        """What a Reference points to: contained, by fullUrl, or by type and id; else an empty resource."""
        target = text(element(reference).get("reference"))
        if target.startswith("#"):
            contained = elements.elements(inside.get("contained"))
            return next((held for held in contained if text(held.get("id")) == target[1:]), {})
        return self.by_reference.get(target) or self.by_reference.get(_type_and_id(target), {})

    def is_about_patient(self, resource: Element) -> bool:
        """Whether a resource is about the patient; without a subject it can be about nobody else."""
        target = text(element(resource.get("subject") or resource.get("patient")).get("reference"))
        if not target or "?" in target:
            return True
        if target.startswith("urn:"):
            return not self.patient.url.startswith("urn:") or target == self.patient.url
        named = _type_and_id(target)
        unknown = not named or (not self.patient.id and named.startswith("Patient/"))
        return unknown or named == f"Patient/{self.patient.id}" or target == self.patient.url


def read_record(bundle: object, on: date | None) -> Record:
    """The entries of a bundle and its patient; refuses what is not a bundle about one patient."""
    kind = _kind(bundle)
    held = element(bundle)
    entries = tuple(_entries(held))
    has_more = any(text(link.get("relation")) == "next" for link in elements.elements(held.get("link")))
    return Record(kind, entries, _only_patient(entries), on, has_more, _index(entries))


def _kind(bundle: object) -> str:
    """The type of a bundle, checked."""
    held = element(bundle)
    if text(held.get("resourceType")) != "Bundle":
        kind = text(held.get("resourceType"))[:_SHOWN]
        found = verbatim(kind) if kind else Message("fhir.no_resource_type")
        raise FhirError(
            "resourceType", found, Message("fhir.a_fhir_r4_bundle"), Message("fhir.give_a_bundle")
        )
    kind = text(held.get("type")) or "collection"
    if kind not in KINDS:
        expected, todo = (
            Message("expected.one_of_what", {"what": KINDS}),
            Message("fhir.export_as_a_collection"),
        )
        raise FhirError("type", verbatim(kind[:_SHOWN]), expected, todo)
    return kind


def _entries(bundle: Element) -> Iterator[Entry]:
    """Every entry, also those without a resource, and contained resources that hold facts of their own."""
    listed = bundle.get("entry")
    listed = listed if isinstance(listed, list) else [listed] if listed else []
    for number, given in enumerate(listed):
        resource = element(element(given).get("resource"))
        kind = text(resource.get("resourceType")) or NO_RESOURCE
        yield Entry(f"entry[{number}].resource", kind, resource, text(element(given).get("fullUrl")))
        yield from _contained(resource, f"entry[{number}].resource")


def _contained(resource: Element, path: str) -> Iterator[Entry]:
    """The contained resources that are facts about the patient."""
    for number, held in enumerate(elements.elements(resource.get("contained"))):
        kind = text(held.get("resourceType"))
        if kind in READ_WHEN_CONTAINED:
            # A contained resource is about the same patient as its container, however it refers to it.
            inner = {name: value for name, value in held.items() if name not in ("subject", "patient")}
            subject = {"subject": resource.get("subject") or resource.get("patient")}
            yield Entry(f"{path}.contained[{number}]", kind, inner | subject)


def _only_patient(entries: tuple[Entry, ...]) -> Entry:
    """The one patient."""
    patients = [entry for entry in entries if entry.kind == "Patient"]
    if not patients:
        _refuse_patients(Message("fhir.no_patient"), Message("fhir.include_the_patient"))
    if len(patients) > 1 and any(entry.id != patients[0].id or not entry.id for entry in patients):
        found = Message("fhir.n_patients", {"n": len(patients)})
        _refuse_patients(found, Message("fhir.give_one_bundle_for_each_person"))
    return patients[0]


def _refuse_patients(found: Message, todo: Message) -> NoReturn:
    """A bundle is about one person."""
    raise FhirError("entry", found, Message("fhir.exactly_one_patient"), todo)


def _index(entries: tuple[Entry, ...]) -> dict[str, Element]:
    """Resources by fullUrl and by type and id."""
    index: dict[str, Element] = {}
    for entry in entries:
        for name in (entry.url, f"{entry.kind}/{entry.id}" if entry.id else ""):
            if name:
                index.setdefault(name, entry.resource)
    return index


def _type_and_id(reference: str) -> str:
    """The last two steps of a reference ("https://server/fhir/Patient/1/_history/2" is Patient/1)."""
    steps = reference.split("/_history/")[0].rstrip("/").split("/")
    return "/".join(steps[-2:]) if len(steps) > 1 else ""
