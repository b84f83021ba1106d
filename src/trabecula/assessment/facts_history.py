"""Fractures and bone medicines as guidelines ask for them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from trabecula.evidence import Evidence
from trabecula.guidelines import Taken
from trabecula.person import Fracture, Medicine, Person
from trabecula.timeline.medicines import is_bolus
from trabecula.units import DAYS_PER_YEAR, days_since_birth, years
from trabecula.vocabulary import BONE_DRUGS, CLASSES, BoneDrug, ranked_classes

MAJOR = frozenset({"hip", "spine", "forearm", "humerus"})
CENTRAL = frozenset({"hip", "spine", "humerus", "pelvis"})
_CENTRAL_FROM_Y = 40.0  # "after the age of 40", as the fact is named


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
    taken = [medicine for medicine in (*person.medicines, *against_ms) if medicine.start <= on]
    found: dict[str, Any] = {"medicines": tuple(_taken(medicine) for medicine in taken) or None}
    if not person.medicines:
        return found
    now = [medicine for medicine in taken if medicine.end is None or medicine.end >= on]
    ranked = ranked_classes()
    changes = [medicine.start for medicine in taken if medicine.kind in ranked]
    kinds_now = {medicine.kind for medicine in now}
    return {
        **found,
        "antiepileptic": "antiepileptic" in kinds_now,
        "bone_drug": next((kind for kind in ranked if kind in kinds_now), "none"),
        **_times(taken, now, on, evidence),
        "stopping": _stopping(taken, kinds_now, on),
        "bone_drug_change_y": (on - max(changes)).days / DAYS_PER_YEAR if changes else None,
    }


def _times(
    taken: Sequence[Medicine], now: Sequence[Medicine], on: date, evidence: Evidence
) -> dict[str, float | None]:
    """The facts that rows name: time in life on a class; time on a form that is taken now; days since a dose."""
    times: dict[str, float | None] = {}
    for drug in BONE_DRUGS.values():
        of_class = [medicine for medicine in now if medicine.kind == drug.drug_class]
        if drug.years_fact:
            times[drug.years_fact] = _since((each for each in of_class if _is_form(each, drug, evidence)), on)
        if drug.days_since_dose_fact and drug.given:
            times[drug.days_since_dose_fact] = _days_since_first_dose(
                of_class, drug.given.interval, on, evidence
            )
    for key, row in CLASSES.items():
        if row.years_fact:
            times[row.years_fact] = _total_y((medicine for medicine in taken if medicine.kind == key), on)
    return times


def _is_form(medicine: Medicine, drug: BoneDrug, evidence: Evidence) -> bool:
    """Whether a medicine is of the form for which a drug stands: any tablet of its class, or this injection."""
    return not is_bolus(medicine, evidence) if drug.taken else medicine.generic == drug.key


def _taken(medicine: Medicine) -> Taken:
    """A medicine as the facts have it."""
    return Taken(
        drug=medicine.generic,
        kind=medicine.kind,
        start=medicine.start,
        end=medicine.end,
        every_days=medicine.interval_days,
    )


def _since(medicines: Iterable[Medicine], on: date) -> float:
    """Time since the earliest start of what is taken now [y]; 0 when there is none."""
    return max(((on - medicine.start).days / DAYS_PER_YEAR for medicine in medicines), default=0.0)


def _total_y(medicines: Iterable[Medicine], on: date) -> float:
    """Time on a medicine in life [y]."""
    return sum((min(medicine.end or on, on) - medicine.start).days for medicine in medicines) / DAYS_PER_YEAR


def _days_since_first_dose(now: Sequence[Medicine], usual: str, on: date, evidence: Evidence) -> float | None:
    """Days since the first dose [d]; later doses are not on record, and are not taken for granted."""
    if not now:
        return None
    last = max(now, key=lambda medicine: medicine.start)
    days = (on - last.start).days
    return float(days) if days <= (last.interval_days or evidence.scalar(usual)) else None


def _stopping(taken: Sequence[Medicine], kinds_now: Collection[str | None], on: date) -> str:
    """What was stopped in the past year with no antiresorptive medicine after it."""
    if any(row.antiresorptive for key, row in CLASSES.items() if key in kinds_now):
        return "none"
    ended = {
        medicine.kind for medicine in taken if medicine.end and 0 <= (on - medicine.end).days <= DAYS_PER_YEAR
    }
    return next(
        (kind for kind in ranked_classes() if CLASSES[kind].needs_follow_on and kind in ended), "none"
    )
