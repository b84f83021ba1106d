"""Medicines through time: tablets as mg a day, injections and infusions as boluses, classes as flags."""

from dataclasses import dataclass

from trabecula.evidence import Evidence
from trabecula.person import MEDICINE_CLASSES, Medicine, Person
from trabecula.timeline.channels import Clock, Span, Spans

CLASSES = tuple(dict.fromkeys(MEDICINE_CLASSES.values()))
"""The classes of medicine that a timeline flags."""
CONTINUOUS = ("alendronate", "risedronate", "ibandronate", "raloxifene", "teriparatide")
"""Bone medicines taken day by day (or week by week), as a mean daily amount."""
BOLUS = ("denosumab", "romosozumab", "zoledronate", "ibandronate")
"""Bone medicines given now and then, each dose at its day."""


@dataclass(frozen=True)
class Bolus:
    """One injection or infusion."""

    day: float
    drug: str
    amount_mg: float


@dataclass(frozen=True)
class MedicineCourse:
    """The medicines of one person."""

    mg_per_day: dict[str, Spans]
    boluses: tuple[Bolus, ...]
    classes: dict[str, Spans]

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which anything begins, ends or is injected."""
        spells = (*self.mg_per_day.values(), *self.classes.values())
        return (*(day for each in spells for day in each.days), *(bolus.day for bolus in self.boluses))

    @property
    def bone_days(self) -> tuple[float, ...]:
        """The days on which a bone medicine begins, ends or is injected."""
        return (
            *(day for each in self.mg_per_day.values() for day in each.days),
            *(each.day for each in self.boluses),
        )


def medicine_course(person: Person, clock: Clock, evidence: Evidence) -> MedicineCourse:
    """All medicines of a person, those against MS included."""
    taken = (*person.medicines, *(person.ms.disease_modifying_drugs if person.ms is not None else ()))
    return MedicineCourse(
        {drug: _mg_per_day(drug, taken, clock, evidence) for drug in CONTINUOUS},
        tuple(sorted(_boluses(taken, clock, evidence), key=lambda bolus: (bolus.day, bolus.drug))),
        {kind: Spans(tuple(_span(each, clock) for each in taken if each.kind == kind)) for kind in CLASSES},
    )


def is_bolus(medicine: Medicine, evidence: Evidence) -> bool:
    """Whether a medicine is given as single large doses; ibandronate is both tablet and injection."""
    if medicine.generic != "ibandronate":
        return medicine.generic in BOLUS
    interval = medicine.interval_days or 0.0
    return interval >= evidence.scalar("timeline.medicine.ibandronate.injection_interval_from")


def adherence_of(medicine: Medicine, evidence: Evidence) -> float:
    """The share of the doses that is taken; as prescribed when nobody asked."""
    return (
        evidence.scalar("timeline.medicine.adherence") if medicine.adherence is None else medicine.adherence
    )


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


def _mg_per_day(drug: str, taken: tuple[Medicine, ...], clock: Clock, evidence: Evidence) -> Spans:
    """The mean daily amount of one drug."""
    courses = [each for each in taken if each.generic == drug and not is_bolus(each, evidence)]
    if not courses:
        return Spans()
    label = evidence.scalar(f"timeline.medicine.{drug}.daily_dose")
    longest = evidence.scalar("timeline.medicine.teriparatide.longest") if drug == "teriparatide" else None
    return Spans(tuple(_span(each, clock, mg_per_day(each, label, evidence), longest) for each in courses))


def _boluses(taken: tuple[Medicine, ...], clock: Clock, evidence: Evidence) -> list[Bolus]:
    """Every injection and infusion."""
    return [
        bolus for each in taken if is_bolus(each, evidence) for bolus in _injections(each, clock, evidence)
    ]


def _injections(medicine: Medicine, clock: Clock, evidence: Evidence) -> list[Bolus]:
    """The doses of one medicine from its start to its last day, at whole days."""
    drug = medicine.generic
    dose = medicine.dose_mg or evidence.scalar(f"timeline.medicine.{drug}.dose")
    interval = medicine.interval_days or evidence.scalar(f"timeline.medicine.{drug}.interval")
    start, end = clock.day(medicine.start), clock.first_day_after(medicine)
    count = int((end - start - 1.0) // interval) + 1
    if drug == "romosozumab":
        count = min(count, int(evidence.scalar("timeline.medicine.romosozumab.most_doses")))
    amount = dose * adherence_of(medicine, evidence)
    return [Bolus(start + round(i * interval), drug, amount) for i in range(count)]
