"""What the record does not say: what was put in its place and what that costs, the costliest first."""

from collections.abc import Iterator, Sequence

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
from trabecula.units import DAYS_PER_YEAR, MG_PER_G
from trabecula.vocabulary import BONE_DRUGS, STEROIDS, BoneDrug, medicines

Array = NDArray[np.float64]
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


def _scan(person: Person, clock: Clock) -> Gaps:
    """No density has been measured at spine or hip."""
    if not any(each.is_used for each in clock.known(person.dxa)):
        who = "woman" if person.sex == "female" else "man"
        yield Assumption(
            "bone density scan (DXA)",
            f"the density of an average {who} of this age with this history",
            "people differ widely at the same age; a scan would narrow the interval most",
        )


def _disability(
    person: Person, clock: Clock, course: DisabilityCourse, evidence: Evidence, future: EdssFuture
) -> Gaps:
    """The EDSS was not recorded, or long ago, is a translation, or lies in the future."""
    if person.ms is None:
        return
    seen, now = examined(person, clock.on, evidence), course.edss_on(clock.today)
    if seen == "never":
        yield Assumption(
            "disability (EDSS, PDDS or walking distance)",
            f"the usual course since onset, an EDSS of {now:.1f} today, give or take {course.edss_sd:.1f}",
            _FOLLOWS_DISABILITY,
        )
    elif seen == "long ago":
        yield Assumption(
            "a recent examination (EDSS, PDDS or walking distance)",
            "the last one, carried on at the usual pace",
            _FOLLOWS_DISABILITY,
        )
    elif course.edss_sd > 0.0:
        yield Assumption(
            "EDSS",
            f"translated from what was recorded: {now:.1f} today, give or take {course.edss_sd:.1f}",
            "an examination would narrow falls and load on bone",
        )
    if person.ms.onset is None:
        yield _onset(person.ms.diagnosis is not None)
    yield _future_course(future)


_FOLLOWS_DISABILITY = (
    "load, falls and survival all follow disability; one answer about walking would narrow all three"
)


def _onset(diagnosed: bool) -> Assumption:
    """When MS began is not known."""
    basis = "the diagnosis" if diagnosed else "the first record of the disease"
    return Assumption(
        "onset of MS",
        f"the usual time before {basis}",
        "little: only the disability between onset and the first examination rests on it",
    )


def _future_course(future: EdssFuture) -> Assumption:
    """Nobody knows the disability to come."""
    how = "rises as in the average person with MS" if future == "expected" else "stays as it is"
    return Assumption(
        "disability and treatment to come",
        f"the EDSS {how}; no relapse and no steroid course beyond those recorded",
        "long forecasts rest on it",
    )


def _menopause(person: Person, hormones: Hormones, evidence: Evidence) -> Gaps:
    """The time of menopause is not known."""
    if person.sex == "male" or person.menopause is not None:
        return
    if hormones.menopause_age_y is None:
        yield Assumption(
            "age at menopause",
            "drawn, again and again, from the ages at which menopause usually comes",
            "the decade after menopause costs the most bone; around 50 its date narrows the interval clearly",
        )
    else:
        usual = evidence.scalar("menopause.age.mean")
        yield Assumption(
            "age at menopause",
            f"{hormones.menopause_age_y:.0f} years (the usual {usual:.0f}, or today's age if that is less)",
            "five years more or less without oestrogen change density by several per cent",
        )


def _steroids(person: Person) -> Gaps:
    """Steroids that were not recorded, or are taken in a way whose kinetics are not known here."""
    if person.ms is not None and not person.steroids:
        yield Assumption(
            "steroid courses",
            "none: a recorded relapse does not imply one",
            "little for a few pulses; months of tablets would matter much",
        )
    if person.ms is not None and person.steroids and not person.ms.relapses:
        yield Assumption(
            "relapses",
            "none: a steroid course does not imply one",
            "little: each would unload the hip for some weeks",
        )
    ways = {(phase.drug, phase.route) for course in person.steroids for phase in course.phases}
    if any(route == "im" or (drug and STEROIDS[drug].time_course == "assumed") for drug, route in ways):
        yield Assumption(
            "time course of hydrocortisone, dexamethasone and intramuscular steroids",
            "that of prednisolone tablets, or of an infusion, at the equivalent dose",
            "a few points of the daily effect, in either direction",
        )


def _beyond_the_data(person: Person, clock: Clock, evidence: Evidence) -> Gaps:
    """More steroids than any study of bone has seen."""
    if not person.steroids:
        return
    very_high = evidence.scalar("timeline.pulse.very_high_dose")
    given = _mg_by_day([_doses(course, clock, evidence) for course in person.steroids])
    in_a_row, in_a_year = _longest_run(np.flatnonzero(given > very_high), 1.0), _most_in_a_year(given)
    too_long = in_a_row > evidence.scalar("timeline.steroid.longest_studied_very_high")
    if too_long or in_a_year > evidence.scalar("timeline.steroid.most_studied_in_a_year"):
        yield Assumption(
            "steroids beyond what has been studied",
            "the effect of lower doses, carried on: in prednisone equivalents up to"
            f" {in_a_year / MG_PER_G:.0f} g in a year, and up to {in_a_row} days in a row above {very_high:.0f} mg",
            "unknown: no study of bone comes near it, and the intervals do not hold; check the doses",
        )


def _overlap(person: Person, clock: Clock, evidence: Evidence) -> Gaps:
    """Courses that are at their full dose at the same time."""
    if len(person.steroids) < 2:
        return
    courses = [_doses(course, clock, evidence) for course in person.steroids]
    at_full_dose = np.concatenate([np.unique(days[mg == mg.max()]) for days, mg in courses])
    days, count = np.unique(at_full_dose, return_counts=True)
    shared = _longest_run(days[count > 1], evidence.scalar("timeline.pulse.gap"))
    if shared > evidence.scalar("timeline.steroid.longest_overlap"):
        yield Assumption(
            "steroid courses at the same time",
            f"all of them are taken and their doses add up; {shared} days at the full dose of more than one",
            "much, if one took the place of another or is recorded twice; if so, correct the dates",
        )


def _doses(course: SteroidCourse, clock: Clock, evidence: Evidence) -> Doses:
    """The days with a dose [days since birth], and what is given on each [mg prednisone equivalents]."""
    steps = course.steps(max(clock.until, course.start) if course.ongoing else None, evidence)
    days = [int(clock.day(step.start)) + np.arange(0, step.days, step.every_days) for step in steps]
    mg = [
        step.dose_mg
        * step.doses_per_day
        * drug_kinetics(step.drug, step.route, evidence).prednisone_equivalent
        for step in steps
    ]
    return np.concatenate(days), np.repeat(mg, [len(each) for each in days])


def _mg_by_day(courses: Sequence[Doses]) -> Array:
    """All courses together on each day from the first dose to the last [mg]."""
    days, mg = (np.concatenate(each) for each in zip(*courses, strict=True))
    return np.bincount(days - days.min(), weights=mg).astype(np.float64)


def _most_in_a_year(mg_by_day: Array) -> float:
    """The most that is given in any year [mg]."""
    window = int(DAYS_PER_YEAR)
    total = np.concatenate([np.zeros(window), np.cumsum(mg_by_day)])
    return float(np.max(total[window:] - total[:-window]))


def _longest_run(days: NDArray[np.integer], longest_step: float) -> int:
    """Days from the first to the last of the longest stretch without a wider step between them."""
    stretches = np.split(days, np.flatnonzero(np.diff(days) > longest_step) + 1)
    return max((int(each[-1] - each[0]) + 1 for each in stretches if len(each)), default=0)


def _activity(person: Person, clock: Clock) -> Gaps:
    """How active the person is was not recorded."""
    known = clock.known(person.activity)
    if not any(
        each.steps_per_day is not None or each.moderate_minutes_per_week is not None for each in known
    ):
        yield Assumption(
            "physical activity",
            "the average of people with the same disability",
            "a few per cent of load on bone; a week with a step counter would tell",
        )


def _medicines(person: Person, evidence: Evidence) -> Gaps:
    """Doses, intervals, adherence and ends that were not recorded."""
    if unsaid := sorted({each.generic for each in person.medicines if _dose_unsaid(each)}):
        yield Assumption(
            f"dose or interval of {', '.join(unsaid)}", "as on the label", "little, if taken as usual"
        )
    for medicine in person.medicines:
        name, drug = medicine.generic, medicines().get(medicine.generic)
        if drug is None:
            continue
        tablets = isinstance(drug, BoneDrug) and drug.taken is not None and not is_bolus(medicine, evidence)
        if tablets and medicine.adherence is None:
            yield Assumption(
                f"adherence to {name}",
                "every dose is taken",
                "half of the doses give clearly less than the full effect; ask",
            )
        if isinstance(drug, BoneDrug) and drug.label_ends_it and medicine.end is None:
            yield Assumption(f"end of {name}", "when its label ends it", "little")
        if not drug.modelled:
            yield _without_effect(medicine)


def _dose_unsaid(medicine: Medicine) -> bool:
    """Whether dose or interval of a bone medicine was left out."""
    drug = BONE_DRUGS.get(medicine.generic)
    is_known = drug is not None and drug.modelled
    return is_known and (medicine.dose_mg is None or medicine.interval_days is None)


def _without_effect(medicine: Medicine) -> Assumption:
    """A bone medicine that the skeleton does not know."""
    return Assumption(
        f"effect of {medicine.generic} on bone",
        "none: it is not modelled",
        "the forecast is too dark while it is taken",
    )


def _nutrition(person: Person, clock: Clock, evidence: Evidence) -> Gaps:
    """Calcium and vitamin D."""
    today = np.array([clock.today])
    if not any(each.test == "25-OH-D" for each in clock.known(person.laboratory)):
        level = usual_vitamin_d_nmol_l(person, evidence).at(today)[0]
        yield Assumption(
            "vitamin D in blood (25-OH-D)",
            f"{level:.0f} nmol/L, the average of this age, and more with tablets that are recorded",
            "about one per cent of spine density at most; before denosumab or zoledronate it must be known",
        )
    if person.calcium_mg_per_day is None:
        intake = usual_calcium_mg(person, evidence).at(today)[0]
        yield Assumption(
            "calcium intake",
            f"{intake:.0f} mg a day, the average from food, and tablets that are recorded",
            "about one per cent of spine density at most",
        )


def _pregnancies(person: Person, evidence: Evidence) -> Gaps:
    """How long children were breastfed."""
    if any(each.lactation_months is None for each in person.pregnancies):
        months = evidence.scalar("timeline.lactation.usual_months")
        yield Assumption(
            "months of breastfeeding", f"{months:.0f} after each birth", "little: bone returns after weaning"
        )


def _later_records(person: Person, clock: Clock) -> Gaps:
    """Measurements after the day of assessment."""
    ms = person.ms
    measured = (
        *person.laboratory,
        *person.activity,
        *person.dxa,
        *(ms.disability if ms else ()),
        *(ms.relapses if ms else ()),
    )
    if later := sum(each.date > clock.on for each in measured):
        yield Assumption(
            f"{later} measurements dated after {clock.on.isoformat()}",
            "not used: they were not known on that day",
            "nothing, unless the day of assessment is wrong",
        )
