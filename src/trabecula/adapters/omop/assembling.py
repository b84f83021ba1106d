"""One person out of their rows: a record that came from us as it was, any other through the reader of FHIR."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trabecula.adapters.fhir.bundle import FhirError
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.fhir.pieces import Piece, marked, resource_of
from trabecula.adapters.fhir.reading import read_bundle
from trabecula.adapters.loss import LossReport
from trabecula.adapters.omop.concepts import OWN_VOCABULARY
from trabecula.adapters.omop.leaves import from_rows, value_of
from trabecula.adapters.omop.resources import ANCESTRIES, Concepts, Event, birth_of, patient, resource_of_event, sex_of
from trabecula.adapters.omop.writing import AGAIN, NUMBERS, STARTS
from trabecula.person import Person, PersonError, read_person
from trabecula.register import Entry
from trabecula.words.message import Message, verbatim

_LISTS = frozenset({"ms.disability", "ms.relapses", "ms.disease_modifying_drugs"})
_PATIENT = ("schema_version", "assessed_on", "stand_in", "death_date")
"""Fields of the person that no column of `person` holds."""
_PLACES = {
    "Condition": "condition_occurrence", "MedicationStatement": "drug_exposure", "Procedure": "procedure_occurrence",
    "Observation": "measurement, observation", "Patient": "person",
}  # fmt: skip


@dataclass(frozen=True)
class PersonRows:
    """Everything of one person."""

    who: Event
    events: Sequence[Event]


@dataclass(frozen=True)
class Assembled:
    """What came of a person: the entry of the register, and the report of their rows where others wrote them."""

    entry: Entry
    report: LossReport | None = None


def assemble(rows: PersonRows, concepts: Concepts, on: date) -> Assembled:
    """The person, or why there is none; never an error: one record that nobody foresaw must not end a night's run."""
    name = _name(rows.who)
    try:
        return _assembled(rows, concepts, on, name)
    except FhirError as error:
        parts = {"path": verbatim("person"), "found": error.found, "expected": error.expected, "todo": error.todo}
        return Assembled(Entry(name, refusal=Message("problem.at_path", parts)))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        kind = {"kind": verbatim(type(error).__name__)}
        return Assembled(Entry(name, refusal=Message("omop.unforeseen", kind)))


def _assembled(rows: PersonRows, concepts: Concepts, on: date, name: str) -> Assembled:
    """The person: a record of ours as it was, unless somebody has changed it so that it no longer is one."""
    own, others = _own(rows.events, concepts)
    if own and not others:
        try:
            return Assembled(Entry(name, person=_person(rows.who, [part.piece for part in own], on)))
        except PersonError:  # read again, value by value: what is wrong is left out, and the rest stays
            pass
    return _read(rows, own, others, concepts, on, name)


def _name(who: Event) -> str:
    """The number of the person in the source: what a source calls them may be a hospital number."""
    return f"person {who['person_id']}"


# ---------------------------------------------------------------- rows of ours


@dataclass(frozen=True)
class OwnPart:
    """A part of a record that we wrote, and its row."""

    piece: Piece
    event: Event


def _own(events: Sequence[Event], concepts: Concepts) -> tuple[list[OwnPart], list[Event]]:
    """The parts of a record that we wrote, and the rows that somebody else did, or that no longer say a part."""
    anchors: list[tuple[str, Event]] = []
    leaves: dict[int, list[Event]] = {}
    others: list[Event] = []
    for event in events:
        source = concepts.get(event["source_concept_id"] or 0)
        if source is None or source.vocabulary != OWN_VOCABULARY:
            others.append(event)
        elif event["belongs_to"] is not None:
            leaves.setdefault(event["belongs_to"], []).append(event)
        elif source.code != AGAIN:
            anchors.append((source.code, event))
    found: list[OwnPart] = []
    for name, event in sorted(anchors, key=lambda anchor: anchor[1]["event_id"] or 0):
        try:
            found.append(OwnPart(_piece(name, event, leaves.get(event["event_id"], [])), event))
        except (ValueError, AttributeError, TypeError):
            others.append(event)
    return found, others


def _piece(name: str, event: Event, leaves: Sequence[Event]) -> Piece:
    """A part out of its row and the rows that belong to it."""
    held = dict(_held(event))
    named = [(row["source_value"] or "", row["qualifier"] or "", row["number"], row["words"]) for row in leaves]
    return Piece(name, value_of(held | from_rows(named)))


def _held(event: Event) -> Iterator[tuple[str, Any]]:
    """The leaves that the columns of a row hold."""
    for leaf in (event["source_value"] or "").split()[1:]:
        if leaf in STARTS:
            yield leaf, event["start_day"].isoformat()
        elif leaf == "end":
            yield leaf, event["last_day"].isoformat()
        elif leaf in NUMBERS:
            yield leaf, event["number"]
        elif leaf == "unit":
            yield leaf, event["unit"]


def _person(who: Event, own: Sequence[Piece], on: date) -> Person:
    """A record of ours."""
    data = _who(who)
    for piece in own:
        node, (*way, last) = data, piece.field.split(".")
        for step in way:
            node = node.setdefault(step, {})
        if piece.field in LISTS or piece.field in _LISTS:
            node.setdefault(last, []).append(piece.value)
        elif isinstance(piece.value, Mapping):
            node[last] = {**piece.value, **node.get(last, {})}
        else:
            node[last] = piece.value
    return read_person(data, on)


def _who(who: Event) -> dict[str, Any]:
    """The fields that `person`, `death` and `location` hold."""
    ancestry = who["race_source_value"]
    fields = {
        "id": who["person_source_value"], "birth_date": birth_of(who), "sex": sex_of(who),
        "ancestry": ancestry if ancestry in ANCESTRIES else None, "country": who["country_source_value"],
        "death_date": None if who["death_day"] is None else who["death_day"].isoformat(),
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def _lists() -> frozenset[str]:
    """Fields of a record with several parts."""
    return frozenset(name for name, field in Person.model_fields.items() if field.default == ())


LISTS = _lists()
"""Fields of the record itself that are lists."""


# ---------------------------------------------------------------- rows of others


def _read(
    rows: PersonRows, own: Sequence[OwnPart], others: Sequence[Event], concepts: Concepts, on: date, name: str
) -> Assembled:
    """Rows of other programs, through the reader of FHIR, with the parts that are ours beside them."""
    resources = [patient(rows.who), *(resource_of_event(event, concepts) for event in others)]
    resources += [_marked(part, concepts) for part in own if part.piece.field not in _PATIENT]
    bundle: Element = {
        "resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]
    }  # fmt: skip
    person, report = read_bundle(bundle, on)
    report = _of_omop(report)
    notes = tuple(
        Message("loss.assumed_line", {n: getattr(line, n) for n in type(line).model_fields}) for line in report.assumed
    )
    return Assembled(Entry(name, person=person, notes=notes), report)


def _marked(part: OwnPart, concepts: Concepts) -> Element:
    """A part of ours as its resource; one that somebody has spoiled as the row that it is."""
    try:
        return resource_of(part.piece) | {"extension": [marked(part.piece)]}
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
        return resource_of_event(part.event, concepts)


def _of_omop(report: LossReport) -> LossReport:
    """The report with the tables in place of the resources."""
    read, ignored = (
        tuple(line.model_copy(update={"resource": _PLACES.get(line.resource, line.resource)}) for line in lines)
        for lines in (report.read, report.ignored)
    )
    return report.model_copy(update={"source": Message("omop.rows"), "read": read, "ignored": ignored})
