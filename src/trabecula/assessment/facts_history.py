"""Fractures and bone medicines as guidelines ask for them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from trabecula.evidence import Evidence
from trabecula.guidelines import Taken
from trabecula.person import Fracture, Medicine, Person
from trabecula.timeline.medicines import is_bolus
from trabecula.units import DAYS_PER_YEAR, days_since_birth, years

MAJOR = frozenset({"hip", "spine", "forearm", "humerus"})
CENTRAL = frozenset({"hip", "spine", "humerus", "pelvis"})
_CENTRAL_FROM_Y = 40.0  # "after the age of 40", as the fact is named
BONE = ("denosumab", "romosozumab", "parathyroid", "bisphosphonate")
"""Classes of bone medicine; the one that matters most for what comes next stands first."""
_NEEDS_FOLLOW_ON = ("denosumab", "romosozumab", "parathyroid")


def fractures(person: Person, on: date) -> dict[str, Any]:
    """Low-trauma fractures; a cause that is not recorded stays unknown, and an empty list says nothing."""
    past = [each for each in person.fractures if each.when <= on]
    if not past:
        return {}
    low = [each for each in past if _is_low(each)]
    after = [
        each for each in past if years(days_since_birth(each.when, person.birth_date)) >= _CENTRAL_FROM_Y
    ]
    latest = max((each.when for each in low), default=None)
    return {
        "fragility_fracture": _any_low(past),
        "fragility_fractures": len(low) if all(_is_low(each) is not None for each in past) else None,
        "hip_fracture": _any_low(each for each in past if each.site == "hip"),
        "vertebral_fracture": _any_low(each for each in past if each.site == "spine"),
        "major_fracture": _any_low(each for each in past if each.site in MAJOR),
        "central_fracture_after_40": _any_low(each for each in after if each.site in CENTRAL),
        "years_since_fracture": None if latest is None else (on - latest).days / DAYS_PER_YEAR,
    }


def _is_low(fracture: Fracture) -> bool | None:
    """Whether it was a low-trauma fracture; one that was only found on an image was."""
    if fracture.found_on_imaging:
        return True
    return {"low": True, "high": False}.get(fracture.trauma)


def _any_low(found: Iterable[Fracture]) -> bool | None:
    """Whether any was a low-trauma fracture."""
    answers = {_is_low(each) for each in found}
    return True if True in answers else None if None in answers else False


def bone_medicines(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """Medicines with their dates, and what they mean for bone; an empty list says nothing."""
    against_ms = person.ms.disease_modifying_drugs if person.ms is not None else ()
    taken = [each for each in (*person.medicines, *against_ms) if each.start <= on]
    found: dict[str, Any] = {"medicines": tuple(_taken(each) for each in taken) or None}
    if not person.medicines:
        return found
    now = [each for each in taken if each.end is None or each.end >= on]
    changes = [each.start for each in taken if each.kind in BONE]
    return {
        **found,
        "antiepileptic": any(each.kind == "antiepileptic" for each in now),
        "bone_drug": next((kind for kind in BONE if any(each.kind == kind for each in now)), "none"),
        "oral_bisphosphonate_y": _since((each for each in now if _is_oral(each, evidence)), on),
        "zoledronate_y": _since((each for each in now if each.generic == "zoledronate"), on),
        "denosumab_days_since_dose": _days_since_first_dose(now, on, evidence),
        "parathyroid_y": _total_y((each for each in taken if each.kind == "parathyroid"), on),
        "romosozumab_y": _total_y((each for each in taken if each.kind == "romosozumab"), on),
        "stopping": _stopping(taken, now, on),
        "bone_drug_change_y": (on - max(changes)).days / DAYS_PER_YEAR if changes else None,
    }


def _taken(medicine: Medicine) -> Taken:
    """A medicine as the facts have it."""
    return Taken(
        drug=medicine.generic,
        kind=medicine.kind,
        start=medicine.start,
        end=medicine.end,
        every_days=medicine.interval_days,
    )


def _is_oral(medicine: Medicine, evidence: Evidence) -> bool:
    """Whether it is a bisphosphonate tablet."""
    return medicine.kind == "bisphosphonate" and not is_bolus(medicine, evidence)


def _since(medicines: Iterable[Medicine], on: date) -> float:
    """Time since the earliest start of what is taken now [y]; 0 when there is none."""
    return max(((on - each.start).days / DAYS_PER_YEAR for each in medicines), default=0.0)


def _total_y(medicines: Iterable[Medicine], on: date) -> float:
    """Time on a medicine in life [y]."""
    return sum((min(each.end or on, on) - each.start).days for each in medicines) / DAYS_PER_YEAR


def _days_since_first_dose(now: Sequence[Medicine], on: date, evidence: Evidence) -> float | None:
    """Days since the first dose of denosumab [d]; later doses are not on record, and are not taken for granted."""
    on_it = [each for each in now if each.kind == "denosumab"]
    if not on_it:
        return None
    last = max(on_it, key=lambda each: each.start)
    days = (on - last.start).days
    interval = last.interval_days or evidence.scalar("timeline.medicine.denosumab.interval")
    return float(days) if days <= interval else None


def _stopping(taken: Sequence[Medicine], now: Sequence[Medicine], on: date) -> str:
    """What was stopped in the past year with no antiresorptive medicine after it."""
    if any(each.kind in ("bisphosphonate", "denosumab") for each in now):
        return "none"
    ended = [each for each in taken if each.end is not None and 0 <= (on - each.end).days <= DAYS_PER_YEAR]
    return next((kind for kind in _NEEDS_FOLLOW_ON if any(each.kind == kind for each in ended)), "none")
