"""A person as rows of the OMOP common data model 5.4, each part in the table that is made for it.

What a public code says is a row under the concept of that code, for everybody. What no column of OMOP holds (how a
bone broke, a dose that falls) stands in `observation`, in rows that name the row they belong to; the field of the
record is their source concept. So a record comes back as it was, and other programs read what has a code.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trabecula.adapters.fhir.elements import Element, element, elements, number, text
from trabecula.adapters.fhir.pieces import WHO, Piece, pieces, resource_of
from trabecula.adapters.loss import IgnoredLine, LossReport, ReadLine
from trabecula.adapters.omop import concepts
from trabecula.adapters.omop.concepts import NONE, OmopConcept, concept_of, drug_concept, own_concept
from trabecula.adapters.omop.leaves import ALONE, columns, leaves
from trabecula.person import Person, write_person
from trabecula.person.dates import read_date
from trabecula.person.record import SCHEMA_VERSION
from trabecula.words.message import Message, verbatim

EVENTS = 100_000
"""Numbers of events that one person can have."""
_SHORT = 50
"""Characters of most source values."""
STARTS = ("date", "start", "until", "delivery", "onset")
"""Leaves that the first day of a row can hold."""
NUMBERS = ("edss", "value", "height_cm", ALONE)
"""Leaves that value_as_number can hold."""
_DAY = 10
"""Characters of a date that is known to the day."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """How a table of events calls what all of them have."""

    domain: str
    start: str
    source: str
    prefix: str


SHAPES = {
    "condition_occurrence": Shape("Condition", "condition_start_date", "condition", "condition"),
    "drug_exposure": Shape("Drug", "drug_exposure_start_date", "drug", "drug"),
    "measurement": Shape("Measurement", "measurement_date", "measurement", "measurement"),
    "observation": Shape("Observation", "observation_date", "observation", "observation"),
}


@dataclass
class OmopRows:
    """Rows by table, the concepts they name, and what became of the record."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    named: dict[int, OmopConcept] = field(default_factory=dict)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    hidden: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, table: str, **values: Any) -> None:
        """One row more; what has no value is left out."""
        self.tables.setdefault(table, []).append({name: held for name, held in values.items() if held is not None})

    def name(self, concept: OmopConcept) -> int:
        """The number of a concept, which is then among those written."""
        self.named[concept.concept_id] = concept
        return concept.concept_id

    @property
    def loss(self) -> LossReport:
        """What everybody reads, and what only Trabecula reads back."""
        reason = Message("omop_out.under_our_own_concept")
        return LossReport(
            source=Message("omop_out.record"),
            read=tuple(
                ReadLine(resource=table, what=verbatim(name), field=verbatim(table), n=n)
                for (table, name), n in self.read.items()
            ),
            ignored=tuple(
                IgnoredLine(resource=table, what=verbatim(name), reason=reason, n=n)
                for (table, name), n in self.hidden.items()
            ),
            assumed=(),
        )


def write_rows(person: Person, person_id: int, on: date) -> OmopRows:
    """The rows of a person; `on` is the day on which what has no date is taken to have been written down."""
    writer = _Writer(write_person(person), person_id, on)
    writer.who()
    writer.part(Piece("schema_version", SCHEMA_VERSION))  # the sign that the record is ours, also of one without events
    for piece in pieces(writer.record):
        writer.part(piece)
    for name in ("assessed_on", "stand_in"):
        if name in writer.record:
            writer.part(Piece(name, writer.record[name]))
    writer.period()
    return writer.rows


class _Writer:
    """Writes one record; every event has its own number among all of this person's."""

    def __init__(self, record: Mapping[str, Any], person_id: int, on: date) -> None:
        self.record, self.person_id, self.on = record, person_id, on
        self.rows, self.visits = OmopRows(), dict[date, int]()
        self.count = 0

    def _next(self) -> int:
        """The number of the next event."""
        self.count += 1
        return self.person_id * EVENTS + self.count

    def who(self) -> None:
        """The row of `person`, with its country and death."""
        record, birth = self.record, str(self.record["birth_date"])
        parts = [int(part) for part in birth.split("-")]
        place = self._place()
        self.rows.add(
            "person", person_id=self.person_id,
            gender_concept_id={"female": concepts.WOMAN, "male": concepts.MAN}[record["sex"]],
            year_of_birth=parts[0], month_of_birth=parts[1] if len(parts) > 1 else None,
            day_of_birth=parts[2] if len(parts) > 2 else None, race_concept_id=NONE, ethnicity_concept_id=NONE,
            location_id=place, person_source_value=record.get("id"), gender_source_value=record["sex"],
            race_source_value=record.get("ancestry"),
        )  # fmt: skip
        self.rows.read["person", "who"] += 1
        if "death_date" in record:
            self.rows.add("death", person_id=self.person_id, death_date=_day(record["death_date"]),
                          death_type_concept_id=concepts.REGISTRY)  # fmt: skip
            if len(str(record["death_date"])) < _DAY:
                self.part(Piece("death_date", record["death_date"]))

    def _place(self) -> int | None:
        """Where the person lives: a row of `location` for each, as nothing else of an address is known."""
        if "country" not in self.record:
            return None
        self.rows.add("location", location_id=self.person_id, country_source_value=self.record["country"])
        return self.person_id

    def part(self, piece: Piece) -> None:
        """A part of the record: one row under a public concept where there is one, else one under ours."""
        event, resource = self._next(), _resource(piece)
        table, values, concept = _anchor(piece, resource, self.on)
        start, held = _carried(piece, values)
        own = self.rows.name(own_concept(piece.field))
        standard = concept or _by_name(resource)
        number_ = NONE if standard is None else self.rows.name(standard)
        shape = SHAPES[table]
        self.rows.add(
            table, **{f"{table}_id": event}, person_id=self.person_id, **{f"{shape.source}_concept_id": number_},
            **{shape.start: start or self.on}, **{f"{shape.source}_type_concept_id": concepts.REGISTRY},
            **{f"{shape.source}_source_value": f"{piece.field} {' '.join(held)}".strip()},
            **{f"{shape.source}_source_concept_id": own}, visit_occurrence_id=self._visit(start or self.on), **values,
        )  # fmt: skip
        (self.rows.hidden if concept is None else self.rows.read)[table, piece.field] += 1
        self._others(piece, resource, start or self.on)
        for path, value in leaves(piece.value).items():
            if path not in held:
                self._leaf(piece.field, event, table, start or self.on, path, value)

    def _leaf(self, name: str, event: int, table: str, day: date, path: str, value: Any) -> None:
        """What the row of a part has no column for."""
        own, belongs = self.rows.name(own_concept(name)), self.rows.name(own_concept(table))
        for row in columns(path, value):
            self.rows.add(
                "observation", observation_id=self._next(), person_id=self.person_id, observation_concept_id=NONE,
                observation_date=day, observation_type_concept_id=concepts.REGISTRY, value_as_number=row["number"],
                value_as_string=row["text"], observation_source_value=row["path"], observation_source_concept_id=own,
                qualifier_source_value=row["kind"], observation_event_id=event, obs_event_field_concept_id=belongs,
            )  # fmt: skip

    def _others(self, piece: Piece, resource: Element, day: date) -> None:
        """Each number of a scan as a measurement of its own, for programs that know its code."""
        for part in elements(resource.get("component")):
            concept, value = concept_of(element(part.get("code")), "Measurement"), element(part.get("valueQuantity"))
            if concept is not None and value:
                self.rows.add(
                    "measurement", measurement_id=self._next(), person_id=self.person_id,
                    measurement_concept_id=self.rows.name(concept), measurement_date=day,
                    measurement_type_concept_id=concepts.REGISTRY, value_as_number=number(value.get("value")),
                    unit_source_value=text(value.get("unit")), measurement_source_value=f"{piece.field} again",
                    measurement_source_concept_id=self.rows.name(own_concept(AGAIN)),
                    visit_occurrence_id=self._visit(day),
                )  # fmt: skip
                self.rows.read["measurement", piece.field] += 1

    def _visit(self, day: date) -> int:
        """The visit of a day."""
        if day not in self.visits:
            self.visits[day] = self._next()
            self.rows.add(
                "visit_occurrence", visit_occurrence_id=self.visits[day], person_id=self.person_id,
                visit_concept_id=concepts.OUTPATIENT, visit_start_date=day, visit_end_date=day,
                visit_type_concept_id=concepts.REGISTRY,
            )  # fmt: skip
        return self.visits[day]

    def period(self) -> None:
        """From the first event to the day on which the record was written."""
        first = min([*self.visits, self.on])
        self.rows.add(
            "observation_period", observation_period_id=self.person_id, person_id=self.person_id,
            observation_period_start_date=first, observation_period_end_date=max(self.on, first),
            period_type_concept_id=concepts.EHR_PERIOD,
        )  # fmt: skip


AGAIN = "again"
"""The concept of a row that repeats for others what another row holds."""


def _resource(piece: Piece) -> Element:
    """What FHIR makes of a part: its code, its value and its kind; nothing for fields of the patient."""
    return {} if piece.field in WHO else resource_of(piece)


def _anchor(piece: Piece, resource: Element, on: date) -> tuple[str, Row, OmopConcept | None]:
    """The table of a part, the columns that are its own there, and its public concept."""
    kind = resource.get("resourceType")
    if kind in ("MedicationStatement", "MedicationAdministration"):
        return _drug(piece, resource, on)
    code = element(resource.get("code"))
    if kind == "Condition" and not _denied(resource):
        concept = concept_of(code, "Condition")
        if concept is not None:
            return "condition_occurrence", {}, concept
    concept = concept_of(code, "Measurement") if kind == "Observation" else None
    quantity = element(resource.get("valueQuantity"))
    if concept is not None and quantity:
        unit = text(quantity.get("unit"))
        return "measurement", {"value_as_number": number(quantity.get("value")), "unit_source_value": unit}, concept
    return "observation", _plain(piece.value), None


def _denied(resource: Element) -> bool:
    """Whether a diagnosis is said not to hold: a condition in OMOP always does."""
    codes = elements(element(resource.get("verificationStatus")).get("coding"))
    return any(code.get("code") == "refuted" for code in codes)


def _drug(piece: Piece, resource: Element, on: date) -> tuple[str, Row, OmopConcept | None]:
    """What was taken: its days, and how in words."""
    value, coded = piece.value, element(resource.get("medicationCodeableConcept"))
    goes_on = "end" not in value and resource["resourceType"] == "MedicationStatement"
    first = _day(value.get("start", value.get("date")))
    last = value["end"] if len(str(value.get("end", ""))) == _DAY else None
    said = next((text(held.get("text")) for held in elements(resource.get("dosage")) if held.get("text")), None)
    known = None if last is None else _day(last)
    row = {
        "drug_exposure_end_date": known or (max(on, first) if goes_on else first), "verbatim_end_date": known,
        "sig": said, "route_source_value": value.get("route"),
    }  # fmt: skip
    return "drug_exposure", row, concept_of(coded, "Drug")


def _by_name(resource: Element) -> OmopConcept | None:
    """A medicine by its name, for who reads names."""
    name = text(element(resource.get("medicationCodeableConcept")).get("text"))
    return drug_concept(name) if name else None


def _plain(value: Any) -> Row:
    """A value that stands alone, in the row itself."""
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        return {"value_as_number": float(value)}
    return {}


def _carried(piece: Piece, values: Row) -> tuple[date | None, list[str]]:
    """The day of a part, if it has one, and the leaves that the columns of its row hold exactly."""
    held, value = [], piece.value
    if not isinstance(value, Mapping):
        return None, [ALONE] if isinstance(value, float) and "value_as_number" in values else []
    name = next((name for name in STARTS if name in value), None)
    start = None if name is None else _day(value[name])
    if name is not None and len(str(value[name])) == _DAY:
        held.append(name)
    if values.get("verbatim_end_date") is not None:
        held.append("end")
    for leaf in NUMBERS:
        if isinstance(value.get(leaf), float) and values.get("value_as_number") == value[leaf]:
            held.append(leaf)
    if value.get("unit") is not None and value.get("unit") == values.get("unit_source_value"):
        held.append("unit")
    return start, held


def _day(written: object) -> date:
    """A date as a column has it: the middle of what is known."""
    when = read_date(str(written))
    return date(when.year, when.month, when.day)


def rows_together(found: Sequence[OmopRows]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of several people, table by table."""
    for table in dict.fromkeys(name for rows in found for name in rows.tables):
        yield table, [row for rows in found for row in rows.tables.get(table, [])]
