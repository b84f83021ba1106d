"""Medicines as facts: what is taken, since when, when it was last given, what was stopped."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from trabecula.evidence import Evidence
from trabecula.guidelines import MedicineUse
from trabecula.person import Medicine, Person
from trabecula.person.medicines import says_of_others
from trabecula.timeline.medicines import is_bolus
from trabecula.units import DAYS_PER_YEAR
from trabecula.vocabulary import BONE_DRUGS, CLASSES, BoneDrug, ranked_classes


def bone_medicines(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """Medicines with their dates, and what they mean for bone; a list without one that is known here says nothing."""
    against_ms = person.ms.disease_modifying_drugs if person.ms is not None else ()
    taken = [medicine for medicine in (*person.medicines, *against_ms) if medicine.start <= on]
    uses = tuple(medicine_use(medicine) for medicine in taken)
    found: dict[str, Any] = {"medicines": uses if uses or person.no_medicines else None}
    if not says_of_others(person.medicines, person.no_medicines):
        return found
    now = [medicine for medicine in taken if medicine.end is None or medicine.end >= on]
    ranked = ranked_classes()
    changes = [medicine.start for medicine in taken if medicine.kind in ranked]
    kinds_now = {medicine.kind for medicine in now}
    return {
        **found,
        **_doses(person, taken, on, evidence),
        **_pause(person, taken, on, evidence),
        "antiepileptic": "antiepileptic" in kinds_now,
        "bone_drug": next((kind for kind in ranked if kind in kinds_now), "none"),
        **_times(taken, now, on, evidence),
        "stopping": _stopping(taken, kinds_now, on),
        "bone_drug_change_y": (on - max(changes)).days / DAYS_PER_YEAR if changes else None,
    }


def _times(taken: Sequence[Medicine], now: Sequence[Medicine], on: date, evidence: Evidence) -> dict[str, float | None]:
    """The facts that rows name: time in life on a class; time on a form that is taken now; days since a dose."""
    times: dict[str, float | None] = {}
    for drug in BONE_DRUGS.values():
        of_class = [medicine for medicine in now if medicine.kind == drug.drug_class]
        if drug.years_fact:
            form = [medicine for medicine in of_class if _is_form(medicine, drug, evidence)]
            times[drug.years_fact] = max(((on - medicine.start).days / DAYS_PER_YEAR for medicine in form), default=0.0)
    for key, row in CLASSES.items():
        if row.years_fact:
            spells = [(medicine.start, min(medicine.end or on, on)) for medicine in taken if medicine.kind == key]
            times[row.years_fact] = sum((end - start).days for start, end in spells) / DAYS_PER_YEAR
    return times


def _is_form(medicine: Medicine, drug: BoneDrug, evidence: Evidence) -> bool:
    """Whether a medicine is of the form for which a drug stands: any tablet of its class, or this injection."""
    return not is_bolus(medicine, evidence) if drug.taken else medicine.generic == drug.key


def medicine_use(medicine: Medicine) -> MedicineUse:
    """A medicine as the facts have it."""
    return MedicineUse(
        drug=medicine.generic,
        kind=medicine.kind,
        start=medicine.start,
        end=medicine.end,
        every_days=medicine.interval_days,
    )


def _doses(person: Person, taken: Sequence[Medicine], on: date, evidence: Evidence) -> dict[str, Any]:
    """Days since the latest dose of drugs that have a fact for it [d], and how many doses are dated."""
    found: dict[str, Any] = {}
    for drug in BONE_DRUGS.values():
        if drug.days_since_dose_fact:
            last = _last_dose(person, taken, drug, on, evidence)
            found[drug.days_since_dose_fact] = None if last is None else float((on - last).days)
        if drug.doses_fact:
            dated = sum(given.generic == drug.key and given.date <= on for given in person.injections)
            found[drug.doses_fact] = dated or None
    return found


def _last_dose(person: Person, taken: Sequence[Medicine], drug: BoneDrug, on: date, evidence: Evidence) -> date | None:
    """The latest dose on record: by its date; of a course that ended, the last of its regular ones.

    Of a course that is going on only the first is on record, and counts until the next is due: later ones are not
    taken for granted.
    """
    dated = [given.date for given in person.injections if given.generic == drug.key and given.date <= on]
    courses = [medicine for medicine in taken if medicine.generic == drug.key]
    if dated or not courses or drug.given is None:
        return max(dated, default=None)
    last = max(courses, key=lambda medicine: medicine.start)
    interval = last.interval_days or evidence.scalar(drug.given.interval)
    if last.end is not None and last.end < on:
        doses = int((last.end - last.start).days // interval)
        return last.start + timedelta(days=round(doses * interval))
    return last.start if (on - last.start).days <= interval else None


def _pause(person: Person, taken: Sequence[Medicine], on: date, evidence: Evidence) -> dict[str, Any]:
    """The bisphosphonate that was stopped last with no bone medicine since, and for how long [y].

    The pause of an infusion begins when the next would have been due.
    """
    ranked = ranked_classes()
    last = max((row for row in taken if row.kind in ranked), key=lambda row: (row.end or on, row.start), default=None)
    if last is None or last.end is None or last.end >= on or last.kind != "bisphosphonate":
        return {"paused_bisphosphonate": "none", "pause_y": 0.0}
    drug, since = BONE_DRUGS[last.generic], last.end
    if drug.given is not None and is_bolus(last, evidence):
        dose = _last_dose(person, taken, drug, on, evidence) or last.end
        since = dose + timedelta(days=round(last.interval_days or evidence.scalar(drug.given.interval)))
    return {"paused_bisphosphonate": drug.key, "pause_y": max((on - since).days / DAYS_PER_YEAR, 0.0)}


def _stopping(taken: Sequence[Medicine], kinds_now: Collection[str | None], on: date) -> str:
    """What was stopped in the past year with no antiresorptive medicine after it."""
    if any(row.antiresorptive for key, row in CLASSES.items() if key in kinds_now):
        return "none"
    ended = {medicine.kind for medicine in taken if medicine.end and 0 <= (on - medicine.end).days <= DAYS_PER_YEAR}
    return next((kind for kind in ranked_classes() if CLASSES[kind].needs_follow_on and kind in ended), "none")
