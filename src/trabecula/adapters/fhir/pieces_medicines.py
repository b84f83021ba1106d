"""What was taken, as FHIR says it: a statement for each course, an administration for each injection."""

from collections.abc import Mapping
from typing import Any

from trabecula.adapters.fhir.building import coded, concept, exact, given, quantity
from trabecula.adapters.fhir.elements import Element
from trabecula.person.dates import days_between
from trabecula.vocabulary import HORMONES, STEROIDS, drug_name, generic_name, medicines

MEDICINES = frozenset({"medicines", "steroids", "hormone_therapy", "depot_progestogen", "ms.disease_modifying_drugs"})
"""Fields with medicines that are taken for a time."""
_HORMONES = {
    "oestrogen": "oestrogen", "combined": "oestrogen with progestogen", "tibolone": "tibolone",
    "testosterone": "testosterone",
}  # fmt: skip


def taken(field: str, value: Mapping[str, Any], asserted: str) -> Element:
    """A medicine from one day to another; without an end, or with one to come, it goes on."""
    period = given(start=value["start"], end=value.get("end"))
    return given(
        resourceType="MedicationStatement",
        status=_status(value, asserted),
        medicationCodeableConcept=_medicine(field, value),
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


def _status(value: Mapping[str, Any], asserted: str) -> str:
    """Whether it is to come, goes on, or is over on the day for which the record speaks."""
    if asserted and value["start"] > asserted:
        return "intended"
    end = value.get("end")
    return "active" if end is None or (asserted and end >= asserted[: len(end)]) else "completed"


def _medicine(field: str, value: Mapping[str, Any]) -> Element:
    """What it is."""
    if field == "hormone_therapy":
        return concept(_HORMONES.get(value.get("kind", ""), "sex hormone"))
    if field == "depot_progestogen":
        return coded(HORMONES["medroxyprogesterone"], "medroxyprogesterone injection")
    return _named(value["drug"]) if "drug" in value else concept("glucocorticoid")


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
