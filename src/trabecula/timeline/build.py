"""Person to timeline: every part of the record becomes a course, and all changes become common edges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

import numpy as np

from trabecula.evidence import Evidence
from trabecula.person import Person
from trabecula.timeline.activity import ActivityCourse, activity_course
from trabecula.timeline.channels import Clock, Spans
from trabecula.timeline.disability import (
    WHEELCHAIR,
    Dip,
    DisabilityCourse,
    EdssFuture,
    dip_between,
    disability_course,
    relapse_dips,
)
from trabecula.timeline.gaps import assumptions_of
from trabecula.timeline.hormones import Hormones, hormones_of, spells
from trabecula.timeline.medicines import Bolus, MedicineCourse, medicine_course
from trabecula.timeline.nutrition import Nutrition, nutrition_of
from trabecula.timeline.record import Assumption, Timeline
from trabecula.timeline.steroids import Dosing, SteroidDays, steroid_days
from trabecula.units import Array, years
from trabecula.units import days as days_in
from trabecula.words.message import Message, MessageError


def build_timeline(
    person: Person,
    evidence: Evidence,
    on: date,
    until: date,
    grid_days: Sequence[float] = (),
    edss_future: EdssFuture = "expected",
    courses: "Courses | None" = None,
) -> Timeline:
    """What acts on the skeleton of a person from the first exposure `until` a day, as known `on` another.

    `grid_days` (days since birth) become edges to the last digit. Beyond the last examination the EDSS rises
    as "expected", or is "stable". Measurements after `on` are not used; treatments that are planned are.
    courses: of the same person, worked out before for another grid; they are taken where nothing else differs.
    """
    clock = Clock(person.birth_date, on, until)
    if courses is None or not courses.are_of(person, clock, evidence, edss_future):
        courses = courses_of(person, clock, evidence, edss_future)
    start = start_day(courses, clock, grid_days, evidence)
    _check_order(start, clock, grid_days)
    regular = sampling_days(person, courses.hormones.menopause_age_y, start, clock.end, evidence)
    edges = merged((*regular, *courses.days, clock.today), grid_days, start, clock.end)
    return sampled(courses, person, clock, edges, courses.assumptions)


@dataclass(frozen=True)
class Courses:
    """Everything that acts on the skeleton of one person, as functions of time."""

    person: Person
    clock: Clock
    evidence: Evidence
    edss_future: EdssFuture
    steroids: SteroidDays
    disability: DisabilityCourse
    dips: tuple[Dip, ...]
    """Relapses, which unload for a while."""
    activity: ActivityCourse
    hormones: Hormones
    bed_rest: Spans
    """In bed for a reason other than MS."""
    paralysis: Spans
    """Legs paralysed for a reason other than MS."""
    medicines: MedicineCourse
    nutrition: Nutrition
    assumptions: tuple[Assumption, ...]
    """What was not recorded, and what was taken for it."""

    def are_of(self, person: Person, clock: Clock, evidence: Evidence, edss_future: EdssFuture) -> bool:
        """Whether they were worked out from these."""
        same = self.person is person and self.evidence is evidence
        return same and (self.clock, self.edss_future) == (clock, edss_future)

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which anything changes."""
        parts = (self.disability, self.activity, self.hormones, self.medicines, self.nutrition)
        dips = (day for dip in self.dips for day in (dip.start, dip.end))
        rest = (*self.bed_rest.days, *self.paralysis.days)
        return (*self.steroids.edges, *dips, *rest, *(day for part in parts for day in part.days))


def courses_of(person: Person, clock: Clock, evidence: Evidence, edss_future: EdssFuture) -> Courses:
    """The courses of a person."""
    disability, hormones = disability_course(person, clock, evidence, edss_future), hormones_of(person, clock, evidence)
    return Courses(
        person, clock, evidence, edss_future,
        steroids=steroid_days(dosings_of(person, clock, evidence), evidence),
        disability=disability,
        dips=relapse_dips(person, clock, evidence),
        activity=activity_course(person, clock, disability, evidence),
        hormones=hormones,
        bed_rest=spells([spell for spell in person.immobility if spell.kind == "bed_rest"], clock),
        paralysis=spells([spell for spell in person.immobility if spell.kind == "paralysis"], clock),
        medicines=medicine_course(person, clock, evidence),
        nutrition=nutrition_of(person, clock, evidence),
        assumptions=assumptions_of(person, clock, disability, hormones, evidence, edss_future),
    )  # fmt: skip


def dosings_of(person: Person, clock: Clock, evidence: Evidence) -> list[Dosing]:
    """Every step of every steroid course, in days since birth.

    A course that is going on is followed beyond the end, far enough not to be taken for a short one.
    """
    longest = evidence.scalar("timeline.pulse.longest_course") if person.steroids else 0.0
    beyond = timedelta(days=int(longest) + 1)
    return [
        Dosing(
            drug=step.drug,
            route=step.route,
            dose_mg=step.dose_mg,
            doses_per_day=step.doses_per_day,
            every_days=step.every_days,
            start=int(clock.day(step.start)),
            days=step.days,
        )
        for course in person.steroids
        for step in course.steps(max(clock.until, course.start) + beyond if course.ongoing else None, evidence)
    ]


def start_day(courses: Courses, clock: Clock, grid_days: Sequence[float], evidence: Evidence) -> float:
    """The first day that matters: age 25, or the first exposure or question if that is earlier."""
    first = [days_in(evidence.scalar("skeleton.history.start_age")), clock.today, *grid_days]
    first += [*courses.disability.edss.days, *courses.steroids.edges]
    first += [*courses.hormones.days, *courses.medicines.bone_days]
    if courses.hormones.menopause_age_y is not None:
        lead = evidence.scalar("skeleton.oestrogen.women_lead")
        first.append(days_in(courses.hormones.menopause_age_y - lead))
    return max(0.0, min(first))


def _check_order(start: float, clock: Clock, grid_days: Sequence[float]) -> None:
    """Refuse a timeline without length, and questions about days beyond it."""
    if clock.on < clock.birth:
        raise MessageError(Message("refusal.before_birth", {"day": clock.on, "birth": clock.birth}))
    if clock.end <= start:
        raise MessageError(Message("refusal.no_time", {"day": clock.until}))
    if len(grid_days) and max(grid_days) > clock.end:
        raise MessageError(Message("refusal.beyond_the_end", {"day": max(grid_days), "end": clock.end}))


def _on_edges(boluses: tuple[Bolus, ...], edges: Array) -> tuple[Bolus, ...]:
    """The boluses within the timeline, each exactly on its edge."""
    within = [bolus for bolus in boluses if edges[0] <= bolus.day < edges[-1]]
    return tuple(replace(bolus, day=float(edges[np.abs(edges - bolus.day).argmin()])) for bolus in within)


def sampled(
    courses: Courses, person: Person, clock: Clock, edges: Array, assumptions: tuple[Assumption, ...]
) -> Timeline:
    """The courses between common edges."""
    middles = (edges[:-1] + edges[1:]) / 2.0
    steroids, hormones = courses.steroids, courses.hormones
    medicines, nutrition = courses.medicines, courses.nutrition
    aid = courses.disability.aid(middles)
    return Timeline(
        sex=person.sex,
        birth=person.birth_date,
        start_day=float(edges[0]),
        end_day=float(edges[-1]),
        edges_d=edges,
        occupancy=steroids.sample(steroids.occupancy, middles),
        prednisone_mg=steroids.sample(steroids.prednisone_mg, middles),
        pulse=steroids.sample(steroids.pulse, middles),
        edss=courses.disability.edss.between(edges),
        edss_sd=courses.disability.edss_sd,
        wheelchair=aid >= WHEELCHAIR,
        aid=aid,
        relapse=dip_between(courses.dips, edges),
        activity=courses.activity.relative.at(middles),
        resistance=courses.activity.resistance.at(middles),
        impact=courses.activity.impact.at(middles),
        menopause_age_y=hormones.menopause_age_y,
        menopause_cause=hormones.menopause_cause,
        hormone_therapy=hormones.therapy.present(middles).astype(np.float64),
        lactation=hormones.lactation.present(middles).astype(np.float64),
        bed_rest=courses.bed_rest.present(middles),
        paralysis=courses.paralysis.present(middles),
        pregnancy=hormones.pregnancy.present(middles).astype(np.float64),
        depot_progestogen=hormones.depot_progestogen.present(middles).astype(np.float64),
        drug_mg_per_day={drug: spans.total(middles) for drug, spans in medicines.mg_per_day.items()},
        boluses=_on_edges(medicines.boluses, edges),
        calcium_mg_per_day=nutrition.calcium_mg.at(middles),
        vitamin_d_nmol_l=nutrition.vitamin_d_nmol_l(middles),
        medicines={kind: spans.present(middles) for kind, spans in medicines.classes.items()},
        assumptions=assumptions,
        menopause_not_before_y=years(clock.today) if person.menopausal is False else 0.0,
    )


# Two edges closer than this [d] are one: a tenth of a second, the dust of adding fractions of days.
_SAME_MOMENT_D = 1e-6  # the resolution of edges


def sampling_days(
    person: Person, menopause_y: float | None, start: float, end: float, evidence: Evidence
) -> list[float]:
    """Regular edges, close enough that ageing and the fall of oestrogen can be read off at the edges."""
    days = _every(evidence.scalar("timeline.edge.every"), start, end)
    days.append(days_in(evidence.scalar("skeleton.ageing.decline_from")))
    return days if person.sex == "male" else days + _around_menopause(menopause_y, start, end, evidence)


def _around_menopause(menopause_y: float | None, start: float, end: float, evidence: Evidence) -> list[float]:
    """Closer edges around a known menopause, or through all ages at which it may come."""
    if menopause_y is None:
        first, last = (evidence.scalar("timeline.edge.menopause_from"), evidence.scalar("timeline.edge.menopause_to"))
        days = []
    else:
        first = menopause_y - evidence.scalar("timeline.edge.before_menopause")
        last = menopause_y + evidence.scalar("timeline.edge.after_menopause")
        days = [days_in(menopause_y - evidence.scalar("skeleton.oestrogen.women_lead")), days_in(menopause_y)]
    every = evidence.scalar("timeline.edge.every_around_menopause")
    return days + _every(every, max(start, days_in(first)), min(end, days_in(last)))


def _every(step: float, start: float, end: float) -> list[float]:
    """The multiples of a step from birth on that lie within bounds."""
    return [step * i for i in range(ceil(start / step), int(end // step) + 1)]


def merged(changes: Iterable[float], exact: Sequence[float], start: float, end: float) -> Array:
    """All edges from start to end, strictly increasing; `exact` ones are kept to the last digit."""
    fixed = np.unique(np.array([start, end, *exact], dtype=np.float64))
    days = np.unique(np.array([day for day in changes if start < day < end], dtype=np.float64))
    days = days[np.diff(days, append=np.inf) > _SAME_MOMENT_D]
    at = np.searchsorted(fixed, days)
    apart = np.minimum(days - fixed[at - 1], fixed[np.minimum(at, len(fixed) - 1)] - days) > _SAME_MOMENT_D
    return np.union1d(fixed, days[apart])
