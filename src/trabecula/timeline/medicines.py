"""Medicines through time: tablets as mg a day, injections and infusions as boluses, classes as flags.

Which way a drug is given, its labelled dose and what its label limits stand in its row of the vocabulary.
"""

from dataclasses import dataclass

from trabecula.evidence import Evidence
from trabecula.person import Medicine, Person
from trabecula.timeline.channels import Clock, Span, Spans
from trabecula.vocabulary import BONE_DRUGS, CLASSES, BoneDrug


@dataclass(frozen=True)
class Bolus:
    """One injection or infusion."""

    day: float
    """Days since birth."""
    drug: str
    """The generic name."""
    amount_mg: float
    """The dose, times the share of doses that is taken."""


@dataclass(frozen=True)
class MedicineCourse:
    """The medicines of one person."""

    mg_per_day: dict[str, Spans]
    """Bone medicines taken day by day, what is not taken already subtracted [mg/d]."""
    boluses: tuple[Bolus, ...]
    """Injections and infusions, in order."""
    classes: dict[str, Spans]
    """When a medicine of each class is taken."""

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which anything begins, ends or is injected."""
        return (*self.bone_days, *(day for flags in self.classes.values() for day in flags.days))

    @property
    def bone_days(self) -> tuple[float, ...]:
        """The days on which a bone medicine begins, ends or is injected."""
        return (
            *(day for spans in self.mg_per_day.values() for day in spans.days),
            *(bolus.day for bolus in self.boluses),
        )


def medicine_course(person: Person, clock: Clock, evidence: Evidence) -> MedicineCourse:
    """All medicines of a person, those against MS included."""
    taken = (*person.medicines, *(person.ms.disease_modifying_drugs if person.ms is not None else ()))
    of_class = [(medicine, medicine.kind) for medicine in taken]
    injections = (
        bolus
        for medicine in taken
        if (drug := BONE_DRUGS.get(medicine.generic)) and is_bolus(medicine, evidence)
        for bolus in _injections(medicine, drug, _dated(medicine, person, clock), clock, evidence)
    )
    return MedicineCourse(
        {key: _mg_per_day(drug, taken, clock, evidence) for key, drug in BONE_DRUGS.items() if drug.taken is not None},
        tuple(sorted(injections, key=lambda bolus: (bolus.day, bolus.drug))),
        {key: Spans(tuple(_span(medicine, clock) for medicine, kind in of_class if kind == key)) for key in CLASSES},
    )


def is_bolus(medicine: Medicine, evidence: Evidence) -> bool:
    """Whether a medicine is given as single large doses; of one with two forms the interval tells."""
    drug = BONE_DRUGS.get(medicine.generic)
    if drug is None or drug.given is None:
        return False
    if drug.injected_from is None:
        return True
    return (medicine.interval_days or 0.0) >= evidence.scalar(drug.injected_from)


def adherence_of(medicine: Medicine, evidence: Evidence) -> float:
    """The share of the doses that is taken; as prescribed when nobody asked."""
    return evidence.scalar("timeline.medicine.adherence") if medicine.adherence is None else medicine.adherence


def mg_per_day(medicine: Medicine, label_mg_per_day: float, evidence: Evidence) -> float:
    """Mean daily amount [mg/d]: dose over interval if both are known, else as on the label."""
    dose, interval = medicine.dose_mg, medicine.interval_days
    amount = label_mg_per_day if dose is None or interval is None else dose / interval
    return amount * adherence_of(medicine, evidence)


def _span(medicine: Medicine, clock: Clock, level: float = 1.0, longest_d: float | None = None) -> Span:
    """From the first to the last day; one that is going on ends where its label ends it."""
    start, end = clock.day(medicine.start), clock.first_day_after(medicine)
    if medicine.end is None and longest_d is not None:
        end = min(end, start + longest_d)
    return Span(start, end, level)


def _mg_per_day(drug: BoneDrug, taken: tuple[Medicine, ...], clock: Clock, evidence: Evidence) -> Spans:
    """The mean daily amount of one drug [mg/d]."""
    courses = [medicine for medicine in taken if medicine.generic == drug.key and not is_bolus(medicine, evidence)]
    if not courses or drug.taken is None:
        return Spans()
    label = evidence.scalar(drug.taken.daily_dose)
    longest = evidence.scalar(drug.taken.longest) if drug.taken.longest else None
    return Spans(tuple(_span(course, clock, mg_per_day(course, label, evidence), longest) for course in courses))


def _dated(medicine: Medicine, person: Person, clock: Clock) -> list[float]:
    """The days on which a medicine is known to have been given, in order [d]."""
    first, last = clock.day(medicine.start), clock.first_day_after(medicine)
    days = (clock.day(given.date) for given in clock.known(person.injections) if given.generic == medicine.generic)
    return sorted(day for day in days if first <= day < last)


def _injections(
    medicine: Medicine, drug: BoneDrug, dated: list[float], clock: Clock, evidence: Evidence
) -> list[Bolus]:
    """The doses of one medicine from its start to its last day, at whole days; the label's number at most.

    Where doses are dated, those count up to today; the next is due an interval after the last, today if that is over.
    """
    given = drug.given
    if given is None:
        return []
    dose = medicine.dose_mg or evidence.scalar(given.dose)
    interval = medicine.interval_days or evidence.scalar(given.interval)
    start, end = clock.day(medicine.start), clock.first_day_after(medicine)
    if dated:
        start = max(dated[-1] + round(interval), clock.today)
    count = max(int((end - start - 1.0) // interval) + 1, 0)
    days = [*dated, *(start + round(i * interval) for i in range(count))]
    if given.most_doses is not None:
        days = days[: int(evidence.scalar(given.most_doses))]
    amount = dose * adherence_of(medicine, evidence)
    return [Bolus(day, drug.key, amount) for day in days]
