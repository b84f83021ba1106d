"""What was taken, as FHIR says it: a statement for each course, an administration for each injection."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from trabecula.adapters.fhir.building import coded, concept, exact, given, quantity
from trabecula.adapters.fhir.elements import Element
from trabecula.person.dates import days_between, read_date
from trabecula.person.steroids import SteroidCourse
from trabecula.vocabulary import HORMONES, STEROIDS, drug_name, generic_name, medicines

MEDICINES = frozenset({"medicines", "steroids", "hormone_therapy", "depot_progestogen", "ms.disease_modifying_drugs"})
"""Fields with medicines that are taken for a time."""
_HORMONES = {
    "oestrogen": "oestrogen", "combined": "oestrogen with progestogen", "tibolone": "tibolone",
    "testosterone": "testosterone",
}  # fmt: skip

_LONGEST_TAPER = timedelta(days=180)
"""A taper whose length nobody wrote down is over after so long."""


def taken(field: str, value: Mapping[str, Any], asserted: str) -> Element:
    """A medicine from one day to another; without an end, or with one to come, it goes on."""
    course = SteroidCourse.model_validate(value) if field == "steroids" else None
    end = value.get("end") or _last_day(course)
    period = given(start=value["start"], end=end)
    return given(
        resourceType="MedicationStatement",
        status=_status(value["start"], end or _latest(course), asserted),
        medicationCodeableConcept=_medicine(field, value) if course is None else _steroid(course),
        effectivePeriod=period,
        dateAsserted=asserted,
        dosage=[_dosage(field, value)] if _dosage(field, value) else [],
    )


def administered(value: Mapping[str, Any]) -> Element:
    """One injection or infusion."""
    return {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": _named(value["drug"]),
        "effectiveDateTime": value["date"],
    }


def _status(start: str, end: str, asserted: str) -> str:
    """Whether it is to come, goes on, or is over on the day for which the record speaks."""
    if asserted and start > asserted:
        return "intended"
    return "active" if not end or (asserted and end >= asserted[: len(end)]) else "completed"


def _last_day(course: SteroidCourse | None) -> str:
    """The last day of a course that says how long each part lasts and began on a known day; else nothing."""
    lengths = [] if course is None else [phase.days for phase in course.phases]
    if course is None or None in lengths or read_date(course.start).precision != "day":
        return ""
    return (course.start + timedelta(days=sum(length or 0 for length in lengths) - 1)).isoformat()


def _latest(course: SteroidCourse | None) -> str:
    """When a course that ends by itself is surely over, whose days are not all known; nothing for one that goes on."""
    if course is None or course.ongoing:
        return ""
    known = sum(phase.days or 0 for phase in course.phases)
    return (read_date(course.start).last + timedelta(days=known) + _LONGEST_TAPER).isoformat()


def _steroid(course: SteroidCourse) -> Element:
    """The drug of a course, which its text may name."""
    drugs = (phase.drug for phase in course.phases)
    drug = next((name for name in (course.drug, *drugs) if name), None)
    return concept("glucocorticoid") if drug is None else _named(drug)


def _medicine(field: str, value: Mapping[str, Any]) -> Element:
    """What it is."""
    if field == "hormone_therapy":
        return concept(_HORMONES.get(value.get("kind", ""), "sex hormone"))
    if field == "depot_progestogen":
        return coded(HORMONES["medroxyprogesterone"], "medroxyprogesterone injection")
    return _named(value["drug"])


def _named(drug: str) -> Element:
    """A medicine by its name, with the code of its substance where that was looked up."""
    key = generic_name(drug)
    row = {**medicines(), **STEROIDS}.get(key)
    return concept(drug) if row is None else coded(row, str(drug_name(key)))


def _dosage(field: str, value: Mapping[str, Any]) -> Element:
    """How it is taken, as far as the record says; a course as a clinic wrote it stays in its words."""
    if "as_written" in value:
        return given(text=value["as_written"], route=_route(value))
    dose = value.get("dose_mg")
    rate = [{"doseQuantity": quantity(dose, "mg", "mg")}] if dose is not None else []
    timing = _timing(field, value)
    return given(timing={"repeat": timing} if timing else None, route=_route(value), doseAndRate=rate)


def _route(value: Mapping[str, Any]) -> Element | None:
    """The way in, in words."""
    named = {"oral": "oral", "iv": "intravenous", "im": "intramuscular"}.get(value.get("route", ""))
    return concept(named) if named else None


def _timing(field: str, value: Mapping[str, Any]) -> Element:
    """How often, and for how long."""
    if field == "steroids":
        bounds = {"boundsDuration": quantity(value["days"], "days", "d")} if "days" in value else {}
        often = {"frequency": value.get("doses_per_day", 1), "period": value.get("every_days", 1), "periodUnit": "d"}
        return bounds | often
    every = days_between(value["per"]) if "per" in value else value.get("every_days")
    return {"frequency": 1, "period": exact(every), "periodUnit": "d"} if every else {}
