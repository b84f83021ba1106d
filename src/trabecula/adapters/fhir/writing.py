"""A person, and what was worked out for them, as a FHIR R4 Bundle, with a report of what others will not read.

    written = write_bundle(person, on)                       # the record alone
    written = write_bundle(person, answered=Answered(assessment, language("de"), report))

The Bundle is a collection: resources refer to each other by their `urn:uuid`, which follow from the record's pseudonym
(from the record itself where it has none), so that the same record gives the same file. No name, number or address is
written: a record has none.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from trabecula.adapters.fhir.building import given
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.fhir.estimates import Estimates, ReportFile
from trabecula.adapters.fhir.own import is_own_code
from trabecula.adapters.fhir.pieces import Piece, marked, pieces, resource_of
from trabecula.adapters.loss import IgnoredLine, LossReport, ReadLine
from trabecula.assessment.results import Assessment
from trabecula.person import Person, write_person
from trabecula.words.language import Language
from trabecula.words.message import Message, verbatim

_NAMESPACE = UUID("6f3d2c6e-4a5b-5d0e-9c1f-7a2b3c4d5e6f")
"""Of the ids; any would do, but it may not change."""
_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
_RACES = {"white": ("2106-3", "White"), "black": ("2054-5", "Black or African American"), "asian": ("2028-9", "Asian")}
_OTHER_RACE = ("2131-1", "Other Race")
_NOT_WRITTEN = ("id", "assessed_on")
"""Fields of a record that stay behind: a pseudonym belongs to who gave it; the day is a question, not a fact."""


@dataclass(frozen=True)
class WrittenBundle:
    """A Bundle as data, with Decimal for every number that is not whole; and what became of the record."""

    bundle: Element
    loss: LossReport


@dataclass(frozen=True)
class Identity:
    """Ids of the resources of one person."""

    seed: str

    @property
    def patient(self) -> Element:
        """The reference to the person."""
        return {"reference": self.url("Patient", 1)}

    def url(self, kind: str, number: int) -> str:
        """The address of a resource within the bundle."""
        return f"urn:uuid:{uuid5(_NAMESPACE, f'{self.seed}/{kind}/{number}')}"


@dataclass(frozen=True)
class Answered:
    """What was worked out for the person, the language of its sentences, and its report."""

    answer: Assessment
    lang: Language
    report: ReportFile | None = None


def write_bundle(person: Person, on: date | None = None, answered: Answered | None = None) -> WrittenBundle:
    """The record of a person as a Bundle, with what was worked out for them.

    on: the day for which the record speaks (whether a medicine goes on); that of the answer where there is one.
    """
    record = write_person(person)
    entries = _Entries(Identity(person.id or json.dumps(record, sort_keys=True)))
    found = [*pieces(record)]
    day = on if answered is None else answered.answer.date
    asserted = "" if day is None else day.isoformat()
    resources = [resource_of(piece, asserted) | {"extension": [marked(piece)]} for piece in found]
    basis = entries.add(_patient(record), *resources)
    if answered is not None:
        _add_answer(entries, answered, basis)
    return WrittenBundle(
        {"resourceType": "Bundle", "type": "collection", "entry": entries.listed}, _loss(record, found, resources)
    )


def _add_answer(entries: "_Entries", answered: Answered, basis: Sequence[Element]) -> None:
    """Everything that was worked out, and where it is from."""
    estimates = Estimates(answered.answer, answered.lang, basis)
    made = entries.add(*estimates.resources())
    requests = made[len(made) - len(estimates.services) :]
    made += entries.add(estimates.plan(requests))
    if answered.report is not None:
        made += entries.add(estimates.document(answered.report))
    entries.add(estimates.origin(made))


_ABOUT = {"FamilyMemberHistory": "patient", "Patient": None, "Provenance": None}
"""The element that tells whose a resource is, where it is not `subject`."""


class _Entries:
    """Resources with their ids, each about the person: the first of a type is number 1."""

    def __init__(self, identity: Identity) -> None:
        self.identity, self.listed, self.counts = identity, list[Element](), Counter[str]()

    def add(self, *resources: Element) -> list[Element]:
        """More of them; the references to them."""
        return [{"reference": self._add(resource)} for resource in resources]

    def _add(self, resource: Element) -> str:
        """One more; its address in the bundle."""
        kind = resource["resourceType"]
        self.counts[kind] += 1
        url, about = self.identity.url(kind, self.counts[kind]), _ABOUT.get(kind, "subject")
        whose = {about: self.identity.patient} if about else {}
        head = {"resourceType": kind, "id": url.removeprefix("urn:uuid:")}
        self.listed.append({"fullUrl": url, "resource": head | resource | whose})
        return url


def _patient(record: Mapping[str, Any]) -> Element:
    """Who the person is; the gender is the sex at birth, which the record keeps."""
    sex = {"url": f"{_CORE}/us-core-birthsex", "valueCode": {"female": "F", "male": "M"}[record["sex"]]}
    kept = [marked(Piece("stand_in", record["stand_in"]))] if "stand_in" in record else []
    return given(
        resourceType="Patient",
        extension=[sex, *_ancestry(record.get("ancestry")), *kept],
        gender=record["sex"],
        birthDate=record["birth_date"],
        deceasedDateTime=record.get("death_date"),
        address=[{"country": record["country"]}] if "country" in record else [],
    )


def _ancestry(ancestry: str | None) -> list[Element]:
    """Race or ethnicity, as US Core has them."""
    if ancestry is None:
        return []
    name, (code, display) = "race", _RACES.get(ancestry, _OTHER_RACE)
    if ancestry == "hispanic":
        name, code, display = "ethnicity", "2135-2", "Hispanic or Latino"
    category = {"system": "urn:oid:2.16.840.1.113883.6.238", "code": code, "display": display}
    said = [{"url": "ombCategory", "valueCoding": category}, {"url": "text", "valueString": display}]
    return [{"url": f"{_CORE}/us-core-{name}", "extension": said}]


# ---------------------------------------------------------------- what becomes of the record


def _loss(record: Mapping[str, Any], found: Iterable[Piece], resources: Iterable[Element]) -> LossReport:
    """Every part once: what everybody reads, what only Trabecula reads back, and what is not written."""
    read: Counter[tuple[str, str]] = Counter({("Patient", "who"): 1})
    hidden: Counter[tuple[str, str]] = Counter()
    for piece, resource in zip(found, resources, strict=True):
        told = hidden if is_own_code(resource.get("code")) else read
        told[resource["resourceType"], piece.field] += 1
    unwritten = [name for name in _NOT_WRITTEN if name in record]
    reason = Message("fhir_out.under_our_own_code")
    lines = [
        IgnoredLine(resource=kind, what=verbatim(field), reason=reason, n=n) for (kind, field), n in hidden.items()
    ]
    lines += [
        IgnoredLine(resource="Person", what=verbatim(name), reason=Message(f"fhir_out.{name}"), n=1)
        for name in unwritten
    ]
    known = tuple(
        ReadLine(resource=kind, what=verbatim(field), field=verbatim(kind), n=n) for (kind, field), n in read.items()
    )
    return LossReport(source=Message("fhir_out.record"), read=known, ignored=tuple(lines), assumed=())
