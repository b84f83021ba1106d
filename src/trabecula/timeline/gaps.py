"""What the record does not say: what was put in its place and what that costs, the costliest first.

Each gap has three texts under one name: `gap.scan` says what is missing, `gap.scan.assumed` (or one of several) what
was put in its place, `gap.scan.cost` what that costs.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.person import Medicine, Person, SteroidCourse
from trabecula.timeline.channels import Clock
from trabecula.timeline.disability import DisabilityCourse, EdssFuture, examined
from trabecula.timeline.hormones import Hormones
from trabecula.timeline.medicines import is_bolus
from trabecula.timeline.nutrition import usual_calcium_mg, usual_vitamin_d_nmol_l
from trabecula.timeline.record import Assumption
from trabecula.timeline.steroids import drug_kinetics
from trabecula.units import DAYS_PER_YEAR, MG_PER_G, Array
from trabecula.vocabulary import BONE_DRUGS, STEROIDS, BoneDrug, drug_name, medicines
from trabecula.words.message import Message, Value

Doses = tuple[NDArray[np.integer], Array]
Gaps = Iterator[Assumption]


def assumptions_of(
    person: Person,
    clock: Clock,
    disability: DisabilityCourse,
    hormones: Hormones,
    evidence: Evidence,
    future: EdssFuture,
) -> tuple[Assumption, ...]:
    """Every gap that matters, in the order of what it costs."""
    return (
        *_beyond_the_data(person, clock, evidence),
        *_scan(person, clock),
        *_disability(person, clock, disability, evidence, future),
        *_menopause(person, hormones, evidence),
        *_steroids(person),
        *_overlap(person, clock, evidence),
        *_activity(person, clock),
        *_medicines(person, evidence),
        *_nutrition(person, clock, evidence),
        *_pregnancies(person, evidence),
        *_later_records(person, clock),
    )


def gap(name: str, assumed: str = "assumed", cost: str = "cost", **values: Value) -> Assumption:
    """A gap by its name; `assumed` and `cost` where it has several texts; values fill the places of all three."""
    return Assumption(*(Message(f"gap.{text}", values) for text in (name, f"{name}.{assumed}", f"{name}.{cost}")))


def _scan(person: Person, clock: Clock) -> Gaps:
    """No density has been measured at spine or hip."""
    done = clock.known(person.dxa)
    if not any(scan.is_used for scan in done):
        yield gap("scan_elsewhere" if done else "scan", "woman" if person.sex == "female" else "man")


def _disability(person: Person, clock: Clock, course: DisabilityCourse, evidence: Evidence, future: EdssFuture) -> Gaps:
    """The EDSS was not recorded, or long ago, is a translation, or lies in the future."""
    if person.ms is None:
        return
    seen, now = examined(person, clock.on, evidence), course.edss_on(clock.today)
    if seen == "never":
        yield gap("disability", edss=now, sd=course.edss_sd)
    elif seen == "long ago":
        yield gap("recent_examination")
    elif course.edss_sd > 0.0:
        yield gap("edss", edss=now, sd=course.edss_sd)
    if person.ms.onset is None:
        yield gap("onset", "diagnosis" if person.ms.diagnosis is not None else "first_record")
    yield gap("future", future)


def _menopause(person: Person, hormones: Hormones, evidence: Evidence) -> Gaps:
    """The time of menopause is not known: it is drawn, or the usual one if it has passed."""
    if person.sex == "male" or person.menopause is not None:
        return
    if hormones.menopause_age_y is None:
        yield gap("menopause", "drawn", "drawn_cost")
    else:
        usual = evidence.scalar("menopause.age.mean")
        yield gap("menopause", "usual", "usual_cost", age=hormones.menopause_age_y, usual=usual)


def _steroids(person: Person) -> Gaps:
    """Steroids that were not recorded, or are taken in a way whose kinetics are not known here."""
    if person.ms is not None and not person.steroids and not person.no_steroids:
        yield gap("steroids")
    if person.ms is not None and person.steroids and not person.ms.relapses:
        yield gap("relapses")
    ways = {(phase.drug, phase.route) for course in person.steroids for phase in course.phases}
    if any(route == "im" or (drug and STEROIDS[drug].time_course == "assumed") for drug, route in ways):
        yield gap("time_course")


def _beyond_the_data(person: Person, clock: Clock, evidence: Evidence) -> Gaps:
    """More steroids than any study of bone has seen."""
    if not person.steroids:
        return
    very_high = evidence.scalar("timeline.pulse.very_high_dose")
    courses = [_doses(course, clock, evidence) for course in person.steroids]
    days, mg = (np.concatenate(parts) for parts in zip(*courses, strict=True))
    given = np.bincount(days - days.min(), weights=mg).astype(np.float64)  # on each day, first dose to last
    in_a_row, in_a_year = _longest_run(np.flatnonzero(given > very_high), 1.0), _most_in_a_year(given)
    too_long = in_a_row > evidence.scalar("timeline.steroid.longest_studied_very_high")
    if too_long or in_a_year > evidence.scalar("timeline.steroid.most_studied_in_a_year"):
        yield gap("beyond_studies", grams=in_a_year / MG_PER_G, days=in_a_row, mg=very_high)


def _overlap(person: Person, clock: Clock, evidence: Evidence) -> Gaps:
    """Courses that are at their full dose at the same time."""
    if len(person.steroids) < 2:
        return
    courses = [_doses(course, clock, evidence) for course in person.steroids]
    at_full_dose = np.concatenate([np.unique(days[mg == mg.max()]) for days, mg in courses])
    days, count = np.unique(at_full_dose, return_counts=True)
    shared = _longest_run(days[count > 1], evidence.scalar("timeline.pulse.gap"))
    if shared > evidence.scalar("timeline.steroid.longest_overlap"):
        yield gap("overlap", days=shared)


def _doses(course: SteroidCourse, clock: Clock, evidence: Evidence) -> Doses:
    """The days with a dose [days since birth], and what is given on each [mg prednisone equivalents]."""
    steps = course.steps(max(clock.until, course.start) if course.ongoing else None, evidence)
    days = [int(clock.day(step.start)) + np.arange(0, step.days, step.every_days) for step in steps]
    mg = [
        step.dose_mg * step.doses_per_day * drug_kinetics(step.drug, step.route, evidence).prednisone_equivalent
        for step in steps
    ]
    return np.concatenate(days), np.repeat(mg, [len(dose_days) for dose_days in days])


def _most_in_a_year(mg_by_day: Array) -> float:
    """The most that is given in any year [mg]."""
    window = int(DAYS_PER_YEAR)
    total = np.concatenate([np.zeros(window), np.cumsum(mg_by_day)])
    return float(np.max(total[window:] - total[:-window]))


def _longest_run(days: NDArray[np.integer], longest_step: float) -> int:
    """Days from the first to the last of the longest stretch without a wider step between them."""
    stretches = np.split(days, np.flatnonzero(np.diff(days) > longest_step) + 1)
    return max((int(stretch[-1] - stretch[0]) + 1 for stretch in stretches if len(stretch)), default=0)


def _activity(person: Person, clock: Clock) -> Gaps:
    """How active the person is was not recorded."""
    known = clock.known(person.activity)
    if not any(record.steps_per_day is not None or record.moderate_minutes_per_week is not None for record in known):
        yield gap("activity")


def _medicines(person: Person, evidence: Evidence) -> Gaps:
    """Doses, intervals, adherence and ends that were not recorded."""
    unsaid = sorted({medicine.generic for medicine in person.medicines if _dose_unsaid(medicine)})
    if unsaid:
        yield gap("doses", drugs=[drug_name(drug) for drug in unsaid])
    for medicine in person.medicines:
        drug = medicines().get(medicine.generic)
        if drug is None:
            continue
        tablets = isinstance(drug, BoneDrug) and drug.taken is not None and not is_bolus(medicine, evidence)
        if tablets and medicine.adherence is None:
            yield gap("adherence", drug=drug.name)
        if isinstance(drug, BoneDrug) and drug.label_ends_it and medicine.end is None:
            yield gap("end", drug=drug.name)
        if not drug.modelled:
            yield gap("effect", drug=drug.name)


def _dose_unsaid(medicine: Medicine) -> bool:
    """Whether dose or interval of a bone medicine was left out."""
    drug = BONE_DRUGS.get(medicine.generic)
    is_known = drug is not None and drug.modelled
    return is_known and (medicine.dose_mg is None or medicine.interval_days is None)


def _nutrition(person: Person, clock: Clock, evidence: Evidence) -> Gaps:
    """Calcium and vitamin D."""
    today = np.array([clock.today])
    if not any(sample.test == "25-OH-D" for sample in clock.known(person.laboratory)):
        yield gap("vitamin_d", level=float(usual_vitamin_d_nmol_l(person, evidence).at(today)[0]))
    if person.calcium_mg_per_day is None:
        yield gap("calcium", mg=float(usual_calcium_mg(person, evidence).at(today)[0]))


def _pregnancies(person: Person, evidence: Evidence) -> Gaps:
    """How long children were breastfed."""
    if any(pregnancy.lactation_months is None for pregnancy in person.pregnancies):
        yield gap("breastfeeding", months=evidence.scalar("timeline.lactation.usual_months"))


def _later_records(person: Person, clock: Clock) -> Gaps:
    """Measurements after the day of assessment."""
    of_ms = (*person.ms.disability, *person.ms.relapses) if person.ms else ()
    measured = (*person.laboratory, *person.activity, *person.dxa, *of_ms)
    if later := sum(record.date > clock.on for record in measured):
        yield gap("later", n=later, day=clock.on)
