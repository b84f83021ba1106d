"""A plan laid over a person: the record as it would be if the plan were followed from the day of assessment on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

import numpy as np

from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.plan import RECORDED, Exercise, Plan, PlannedCourse, RepeatedCourses, TabletTaper
from trabecula.evidence import Evidence
from trabecula.person import Activity, Medicine, Person, SteroidCourse, SteroidStep
from trabecula.person.limits import LIMITS
from trabecula.timeline import EdssFuture, Timeline, build_timeline
from trabecula.units import DAYS_PER_YEAR, UG_PER_MG, Array, date_at
from trabecula.units import days as in_days
from trabecula.vocabulary import generic_name, supplements
from trabecula.words.message import Message

_ONE_DAY = timedelta(days=1)
_SLOPES = ("timeline.edss.slope_women", "timeline.edss.slope_men", "timeline.edss.slope_late")


@dataclass(frozen=True)
class PersonUnderPlan:
    """A person under a plan: the record and what acts on the skeleton, up to the horizon."""

    plan: Plan
    person: Person
    """The record as it would be."""
    timeline: Timeline
    """What would act on the skeleton, up to the horizon."""
    notes: tuple[Message, ...]
    """What of the plan changes nothing, and why."""


def under_plan(known: PatientState, plan: Plan) -> PersonUnderPlan:
    """The record as it would be, and its timeline up to the horizon.

    Each part of the plan changes the record as a clinician would write it down; the timeline is then built as for any
    record, so that a plan needs no road of its own through the model.
    """
    person = known.person
    notes: list[Message] = []
    person = with_steroids(person, plan, known)
    person = with_medicines(person, plan, known.on)
    person = with_nutrition(person, plan, known, notes)
    if plan.exercise is not None:
        person = with_exercise(person, plan.exercise, known)
    if plan.smoking is not None and (person.smoking == "current") != (plan.smoking == "current"):
        person = person.model_copy(update={"smoking": plan.smoking})
    return PersonUnderPlan(plan, person, timeline_of(person, plan, known), tuple(notes))


def is_as_recorded(known: PatientState, over: PersonUnderPlan) -> bool:
    """Whether a plan leaves all that acts on bones and falls as the record has it."""
    person = known.person
    names = [{medicine.generic for medicine in record.medicines} for record in (person, over.person)]
    if over.plan.falls_programme or over.person.smoking != person.smoking or names[0] != names[1]:
        return False
    return over.timeline.acts_like(timeline_of(person, RECORDED, known))


def timeline_of(
    person: Person, plan: Plan, known: PatientState, days: Sequence[float] | Array | None = None
) -> Timeline:
    """What acts on the skeleton up to the horizon; disability may follow a scenario.

    days: on which the skeleton can be read [d since birth]; all those of the answer unless given.
    """
    end = known.today + in_days(known.horizon_y)
    future: EdssFuture = "stable" if plan.edss == "stable" else "expected"
    return build_timeline(
        person,
        _faster(known.evidence) if plan.edss == "worse" else known.evidence,
        known.on,
        date_at(ceil(end) + 1, person.birth_date),
        [float(day) for day in (known.days.every if days is None else days) if day <= end],
        future,
        known.courses,
    )


def _faster(evidence: Evidence) -> Evidence:
    """The registry with a faster rise of the EDSS: each published slope times `plans.edss.worse_ratio`."""
    ratio = evidence.scalar("plans.edss.worse_ratio")
    return evidence.replacing({name: ratio * evidence.scalar(name) for name in _SLOPES})


def with_steroids(person: Person, plan: Plan, known: PatientState) -> Person:
    """Courses are added to what is going on, unless the plan ends or tapers that."""
    if plan.steroids is None:
        return person
    ending = plan.steroids == "none" or isinstance(plan.steroids, TabletTaper)
    before = _until(person, known) if ending else person.steroids
    courses = (*before, *_planned(plan, _going_on(person, known), known))
    return person if courses == person.steroids else person.model_copy(update={"steroids": courses})


def _until(person: Person, known: PatientState) -> list[SteroidCourse]:
    """All courses up to today; one that is going on is written down step by step and cut."""
    kept: list[SteroidCourse] = []
    for course in person.steroids:
        steps = course.steps(known.on, known.evidence)
        over = not course.ongoing and all(_end(step) <= known.on for step in steps)
        kept += [course] if over else [_as_course(_cut(step, known.on)) for step in steps if step.start < known.on]
    return kept


def _end(step: SteroidStep) -> date:
    """The first day after a step."""
    return step.start + timedelta(days=step.days)


def _cut(step: SteroidStep, on: date) -> SteroidStep:
    """A step up to a day."""
    return replace(step, days=min(step.days, (on - step.start).days))


def _as_course(step: SteroidStep) -> SteroidCourse:
    """A step as a course of its own."""
    return SteroidCourse(
        start=step.start, drug=step.drug, route=step.route, dose_mg=step.dose_mg,
        doses_per_day=step.doses_per_day, every_days=step.every_days, days=step.days,
    )  # fmt: skip


def _going_on(person: Person, known: PatientState) -> list[SteroidStep]:
    """The daily tablets of today."""
    steps = (
        step
        for course in person.steroids
        if course.ongoing
        for step in course.steps(known.on + _ONE_DAY, known.evidence)
    )
    return [step for step in steps if step.start <= known.on < _end(step) and step.route == "oral"]


def _planned(plan: Plan, now: list[SteroidStep], known: PatientState) -> Iterator[SteroidCourse]:
    """The courses of a plan."""
    if isinstance(plan.steroids, RepeatedCourses):
        yield from _repeated(plan.steroids, known)
    elif isinstance(plan.steroids, TabletTaper):
        yield from (_tapered(step, plan.steroids, known.on) for step in now)
    elif isinstance(plan.steroids, tuple):
        yield from (course.course(known.on) for course in plan.steroids if isinstance(course, PlannedCourse))


def _repeated(courses: RepeatedCourses, known: PatientState) -> Iterator[SteroidCourse]:
    """The same course evenly through the years up to the horizon, the first half an interval from now."""
    every = DAYS_PER_YEAR / courses.courses_per_year
    for i in range(int(known.horizon_y * courses.courses_per_year)):
        yield courses.course(known.on + timedelta(days=round((i + 0.5) * every)))


def _tapered(step: SteroidStep, taper: TabletTaper, on: date) -> SteroidCourse:
    """Tablets that fall evenly from the dose of today; a dose that is not above the last one stays."""
    if step.dose_mg <= taper.taper_to_mg:
        return SteroidCourse(
            start=on, drug=step.drug, route="oral", dose_mg=step.dose_mg,
            doses_per_day=step.doses_per_day, every_days=step.every_days,
        )  # fmt: skip
    text = f"{step.drug} taper from {step.dose_mg:g} mg to {taper.taper_to_mg:g} mg over {taper.over_days} days"
    return SteroidCourse(start=on, as_written=text)


def with_medicines(person: Person, plan: Plan, on: date) -> Person:
    """Medicines that are stopped end yesterday, those that go on may change, and those of the plan begin."""
    planned = {medicine.generic: medicine for medicine in (medicine.medicine(on) for medicine in plan.medicines)}
    stopped = {generic_name(name) for name in plan.stop}
    kept: list[Medicine] = []
    for medicine in person.medicines:
        new = planned.get(medicine.generic)
        if new is not None and new.start == on and _is_taken(medicine, on):
            kept.append(_changed(medicine, planned.pop(medicine.generic)))
        elif medicine.generic in stopped or new is not None:
            kept += _ended(medicine, on)
        else:
            kept.append(medicine)
    medicines = (*kept, *planned.values())
    return person if medicines == person.medicines else person.model_copy(update={"medicines": medicines})


def _is_taken(medicine: Medicine, on: date) -> bool:
    """Whether a medicine is going on."""
    return medicine.start <= on and (medicine.end is None or medicine.end >= on)


def _changed(taken: Medicine, new: Medicine) -> Medicine:
    """A medicine that goes on at its own days, with what the plan says of it."""
    given = {name: getattr(new, name) for name in ("end", "dose_mg", "every_days", "per", "adherence")}
    return taken.model_copy(update={name: value for name, value in given.items() if value is not None})


def _ended(medicine: Medicine, on: date) -> list[Medicine]:
    """A medicine that is stopped today; nothing of it if it had not begun."""
    if medicine.end is not None and medicine.end < on:
        return [medicine]
    return [] if medicine.start >= on else [medicine.model_copy(update={"end": on - _ONE_DAY})]


def with_nutrition(person: Person, plan: Plan, known: PatientState, notes: list[Message]) -> Person:
    """Calcium and vitamin D as tablets from tomorrow on (today's intake is the one that is recorded)."""
    now = known.timeline.at(known.today)
    tablets = []
    if plan.calcium_mg_per_day is not None:
        taken = float(known.timeline.calcium_mg_per_day[now])
        tablets += _tablets("calcium", plan.calcium_mg_per_day - taken, known.on)
    if plan.vitamin_d_ug_per_day is not None:
        more_ug = plan.vitamin_d_ug_per_day - _vitamin_d_ug(person, known)
        tablets += _tablets("cholecalciferol", more_ug / UG_PER_MG, known.on)
    wanted = [plan.calcium_mg_per_day, plan.vitamin_d_ug_per_day]
    if len(tablets) < sum(amount is not None for amount in wanted):
        notes.append(_ENOUGH if _is_told(person) else _ENOUGH_IN_FOOD)
    return person.model_copy(update={"medicines": (*person.medicines, *tablets)}) if tablets else person


_ENOUGH, _ENOUGH_IN_FOOD = Message("plan.note.enough"), Message("plan.note.enough_in_food")


def _is_told(person: Person) -> bool:
    """Whether anybody wrote down calcium or vitamin D, as an intake or as tablets."""
    intakes = (person.calcium_mg_per_day, person.vitamin_d_ug_per_day)
    tablets = any(medicine.kind in ("calcium", "vitamin_d") for medicine in person.medicines)
    return tablets or any(intake is not None for intake in intakes)


def _tablets(drug: str, dose_mg: float, on: date) -> list[Medicine]:
    """Daily tablets from tomorrow on; nothing if as much is taken already."""
    return [Medicine(drug=drug, start=on + _ONE_DAY, dose_mg=dose_mg, every_days=1.0)] if dose_mg > 0.0 else []


def _vitamin_d_ug(person: Person, known: PatientState) -> float:
    """Vitamin D from tablets today: as stated, else those recorded as medicines, a usual dose where none is [ug/d]."""
    if person.vitamin_d_ug_per_day is not None:
        return person.vitamin_d_ug_per_day
    names = supplements("vitamin_d")
    taken = (tablet for tablet in person.medicines if tablet.generic in names and tablet.start <= known.on)
    now = (tablet for tablet in taken if tablet.end is None or tablet.end >= known.on)
    usual = known.evidence.scalar("timeline.supplement.vitamin_d")
    return UG_PER_MG * sum((tablet.dose_mg or usual) / (tablet.interval_days or 1.0) for tablet in now)


def with_exercise(person: Person, exercise: Exercise, known: PatientState) -> Person:
    """Training from today on. More minutes add to what is done now, however that was measured."""
    given = exercise.model_dump(exclude_none=True)
    if exercise.moderate_minutes_per_week is not None:
        given["moderate_minutes_per_week"] = _equivalent_minutes(person, exercise.moderate_minutes_per_week, known)
    record = Activity(date=known.on, **given)
    return person.model_copy(update={"activity": (*person.activity, record)})


def _equivalent_minutes(person: Person, planned: float, known: PatientState) -> float:
    """Minutes that stand for today's activity (perhaps counted in steps) and what the plan adds to its minutes.

    A plan of fewer minutes than today's takes nothing away [min/wk].
    """
    added = max(planned - minutes_now(person, known), 0.0)
    return min(_active_minutes(known) + added, LIMITS["moderate_minutes_per_week"].possible[1])


def minutes_now(person: Person, known: PatientState) -> float:
    """Minutes of moderate activity a week today: as reported, else those that go with the activity [min/wk]."""
    asked = [
        (record.date, record.moderate_minutes_per_week)
        for record in person.activity
        if record.date <= known.on and record.moderate_minutes_per_week is not None
    ]
    return max(asked)[1] if asked else _active_minutes(known)


def _active_minutes(known: PatientState) -> float:
    """Minutes a week of people as active as this one, who may have counted steps [min/wk]."""
    edss = float(np.nan_to_num(known.timeline.edss_at(known.today)))
    share = known.evidence.curve_at("timeline.activity.share_by_edss", edss)
    usual = share * known.evidence.scalar("activity.reference.moderate_minutes_per_week")
    relative = known.timeline.activity[known.timeline.at(known.today)]
    return float(np.nan_to_num(relative, nan=1.0)) * usual
