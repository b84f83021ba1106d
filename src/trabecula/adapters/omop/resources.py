"""Rows of OMOP that other programs wrote, as the resources that FHIR has for them: one reader decides for both.

A row keeps every name that it has: its standard concept, its source concept, the member of the concept set that it
falls under, and the words of the source. Dates, numbers and units are handed on as they stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trabecula.adapters.fhir.building import address, given
from trabecula.adapters.fhir.codes import rows
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.omop.query import KINDS
from trabecula.adapters.omop.sets import concept_set, system_of

_RACES = {8527: ("2106-3", "White"), 8516: ("2054-5", "Black or African American"), 8515: ("2028-9", "Asian")}
_HISPANIC = 38003563
_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
_CATEGORY = "urn:oid:2.16.840.1.113883.6.238"
SEXES = {8532: "female", 8507: "male"}
"""Concepts of the sexes."""
_SEX_WORDS = {"f": "female", "w": "female", "female": "female", "m": "male", "male": "male"}
ANCESTRIES = frozenset({"white", "black", "asian", "hispanic", "other"})
"""Words of a record for race or ethnicity."""
Event = Mapping[str, Any]
"""A row of the query of events, by its columns."""


@dataclass(frozen=True)
class NamedConcept:
    """A concept that rows name."""

    vocabulary: str
    code: str
    name: str
    place: int | None
    """The member of the concept set that it falls under."""


Concepts = Mapping[int, NamedConcept]


def sex_of(row: Event) -> str | None:
    """The sex at birth, by its concept, else by the words of the source; None when neither says it."""
    words = (row["gender_source_value"] or "").strip().lower()
    return SEXES.get(row["gender_concept_id"]) or _SEX_WORDS.get(words)


def birth_of(row: Event) -> str | None:
    """The date of birth as far as it is known; None without a year."""
    if row["year_of_birth"] is None:
        return None if row["birth_day"] is None else row["birth_day"].isoformat()
    parts = [f"{row['year_of_birth']:04d}"]
    for name in ("month_of_birth", "day_of_birth"):
        if row[name] is None:
            break
        parts.append(f"{row[name]:02d}")
    return "-".join(parts)


def patient(row: Event) -> Element:
    """The person."""
    return given(
        resourceType="Patient",
        id="1",
        gender=sex_of(row),
        birthDate=birth_of(row),
        deceasedDateTime=None if row["death_day"] is None else row["death_day"].isoformat(),
        deceasedBoolean=True if row["has_died"] and row["death_day"] is None else None,
        address=[{"country": country}] if (country := row["country_source_value"] or row["country_name"]) else [],
        extension=_ancestry(row),
    )


def _ancestry(row: Event) -> list[Element]:
    """Race or ethnicity, as US Core has them."""
    name, coded = "race", _RACES.get(row["race_concept_id"])
    if row["ethnicity_concept_id"] == _HISPANIC:
        name, coded = "ethnicity", ("2135-2", "Hispanic or Latino")
    if coded is None:
        return []
    category = {"system": _CATEGORY, "code": coded[0], "display": coded[1]}
    return [{"url": f"{_CORE}/us-core-{name}", "extension": [{"url": "ombCategory", "valueCoding": category}]}]


def resource_of_event(event: Event, concepts: Concepts) -> Element:
    """The resource for a row."""
    return _MAKERS[KINDS[event["kind"]]](event, concepts)


def _concept(concepts: Concepts, words: str | None, *numbers: int | None) -> Element:
    """The names of a thing: each concept, what it falls under, and what the source calls it."""
    found = [concepts[number] for number in numbers if number is not None and number in concepts]
    codings = [coding for known in found for coding in _codings(known)]
    names = [known.name for known in found]
    return given(coding=codings, text=next((name for name in [*names, words] if name), None))


def _codings(known: NamedConcept) -> Iterator[Element]:
    """A concept, and the member of the set that it falls under, as codings."""
    if (system := _address(known.vocabulary)) is not None:
        yield {"system": system, "code": known.code, "display": known.name}
    member = None if known.place is None else concept_set()[known.place]
    if member is not None and (member.vocabulary, member.code) != (known.vocabulary, known.code):
        if member.how == "name":
            yield {"display": member.code}
        elif (system := _address(member.vocabulary)) is not None:
            yield {"system": system, "code": member.code}


def _address(vocabulary: str) -> str | None:
    """The address of a vocabulary; None where nobody reads its codes."""
    system = system_of(vocabulary)
    return address(system) if system == "ICD10" or any(row["system"] == system for row in rows("systems.csv")) else None


def _day(value: date | None) -> str | None:
    """A day as FHIR writes it."""
    return None if value is None else value.isoformat()


def _condition(event: Event, concepts: Concepts) -> Element:
    """A diagnosis: that a row has an end says when a visit ended, not that MS did."""
    code = _concept(concepts, event["source_value"], event["concept_id"], event["source_concept_id"])
    return given(resourceType="Condition", code=code, onsetDateTime=_day(event["start_day"]))


def _procedure(event: Event, concepts: Concepts) -> Element:
    """What was done."""
    code = _concept(concepts, event["source_value"], event["concept_id"], event["source_concept_id"])
    return given(resourceType="Procedure", status="completed", code=code, performedDateTime=_day(event["start_day"]))


def _observation(event: Event, concepts: Concepts) -> Element:
    """What was measured or observed: a number, a concept or words."""
    code = _concept(concepts, event["source_value"], event["concept_id"], event["source_concept_id"])
    value = _value(event, concepts)
    return given(
        resourceType="Observation", status="final", code=code, effectiveDateTime=_day(event["start_day"]), **value
    )


def _value(event: Event, concepts: Concepts) -> Element:
    """The value of an observation."""
    if event["number"] is not None:
        unit = concepts.get(event["unit_concept_id"] or 0)
        named = event["unit"] or (unit.code if unit else None)
        return {"valueQuantity": given(value=event["number"], unit=named, code=named)}
    if event["value_concept_id"] in concepts:
        return {"valueCodeableConcept": _concept(concepts, event["words"], event["value_concept_id"])}
    return {"valueString": event["words"]} if event["words"] else {}


def _drug(event: Event, concepts: Concepts) -> Element:
    """What was taken, from the first day to the last that anything says."""
    coded = _concept(concepts, event["source_value"], event["concept_id"], event["source_concept_id"])
    end = event["last_day"] or event["end_day"]
    route = concepts.get(event["route_concept_id"] or 0)
    named = event["route"] or (route.name if route else None)
    dosage = given(text=event["sig"], route={"text": named} if named else None, **_rate(event))
    return given(
        resourceType="MedicationStatement",
        status="completed",
        medicationCodeableConcept=coded,
        effectivePeriod=given(start=_day(event["start_day"]), end=_day(end)),
        dosage=[dosage] if dosage else [],
    )


def _rate(event: Event) -> Element:
    """How many units a day were handed out, where the row says for how long they last and no words say more."""
    quantity, supply = event["quantity"], event["supply"]
    if event["sig"] or not quantity or not supply or quantity <= 0 or supply <= 0:
        return {}
    each, days = (quantity / supply, 1) if quantity >= supply else (1, round(supply / quantity))
    timing = {"repeat": {"frequency": 1, "period": days, "periodUnit": "d"}}
    return {"timing": timing, "doseAndRate": [{"doseQuantity": {"value": each, "unit": "tablet"}}]}


_MAKERS = {
    "condition_occurrence": _condition, "drug_exposure": _drug, "procedure_occurrence": _procedure,
    "measurement": _observation, "observation": _observation,
}  # fmt: skip
