"""Reading back what Trabecula wrote: parts of a record that nobody has changed, and estimates, which nobody measured.

A field is taken from its parts only while every resource that tells of it is such a part: beside resources of another
program the elements of all of them are read alike, so that nothing counts twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.building import ESTIMATES, OWN
from trabecula.adapters.fhir.bundle import BundleRecord, ResourceReading, named
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.fhir.merging import FieldValue
from trabecula.adapters.fhir.pieces import Piece, piece_of
from trabecula.adapters.fhir.pieces_medicines import MEDICINES
from trabecula.words.message import Message

_TAKEN = frozenset({*MEDICINES, "injections", "intake"})
"""Fields that a medicine may belong to: which one is known only when all of a bundle's are merged."""
_MS = frozenset({"ms", "ms.onset", "ms.diagnosis", "ms.course"})
"""Fields that one diagnosis tells."""


@dataclass(frozen=True)
class OwnRecord:
    """What is left to be read by elements, and the values of the parts that were read whole."""

    outcomes: list[ResourceReading]
    items: tuple[FieldValue, ...]


def own_record(record: BundleRecord, outcomes: Sequence[ResourceReading]) -> OwnRecord:
    """The parts of a record in a bundle, each with the number of its entry; their elements are then not read again."""
    read = [_estimate(entry.resource) or outcome for entry, outcome in zip(record.entries, outcomes, strict=True)]
    found = dict(_pieces(record))
    others = {_group(fact.field) for n, outcome in enumerate(read) if n not in found for fact in outcome.facts}
    whole = {number: piece for number, piece in found.items() if _group(piece.field) not in others}
    for number in whole:
        if record.entries[number] is not record.patient:
            read[number] = ResourceReading(_name(record.entries[number].resource))
    items = (FieldValue(field, value, (n,)) for n, piece in whole.items() for field, value in _fields(piece))
    return OwnRecord(read, tuple(items))


def _pieces(record: BundleRecord) -> Iterator[tuple[int, Piece]]:
    """The part that each entry was written for; what comes again, or is about somebody else, has none."""
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(record.entries):
        is_repeated = bool(entry.id) and (entry.kind, entry.id) in seen
        seen.add((entry.kind, entry.id))
        piece = None if is_repeated or not record.is_about_patient(entry.resource) else piece_of(entry.resource)
        if piece is not None:
            yield number, piece


def _group(field: str) -> str:
    """Fields that stand for each other in a bundle."""
    return "intake" if field in _TAKEN else "ms" if field in _MS else field


def _name(resource: Element) -> Message:
    """What a resource is called."""
    return named(resource.get("code") or resource.get("medicationCodeableConcept") or resource.get("relationship"))


def _fields(piece: Piece) -> list[tuple[str, object]]:
    """The fields of a part: MS has several in one resource."""
    if piece.field == "ms":
        return [(f"ms.{name}", value) for name, value in piece.value.items()] or [("ms", {})]
    return [(piece.field, piece.value)]


def _estimate(resource: Element) -> ResourceReading | None:
    """Why an estimate of ours is not read: it would come back as if somebody had measured it."""
    systems = {coding.system for coding in elements.codings(resource.get("code"))}
    if ESTIMATES not in systems:
        return None
    return ResourceReading(named(resource.get("code")), ignored=Message("fhir.an_estimate_not_a_measurement"))


def is_own_code(concept: object) -> bool:
    """Whether a concept is a field of the record under its own name."""
    return any(coding.system == OWN for coding in elements.codings(concept))
