"""Disability through time: the EDSS between and beyond visits, the walking aid, and the dips of relapses."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.person import MultipleSclerosis, Person, edss_of
from trabecula.person.sclerosis import Aid
from trabecula.timeline.channels import Clock, LinearCurve, StepCurve, step_curve
from trabecula.units import Array
from trabecula.units import days as days_in

EdssFuture = Literal["expected", "stable"]

AIDS: tuple[Aid, ...] = get_args(Aid)
"""The walking aids in order of need; `Timeline.aid` holds their places in this list."""
WHEELCHAIR = AIDS.index("wheelchair")
_WORST_EDSS = "timeline.edss.greatest"
_UNEXAMINED = "timeline.edss.unexamined_sd"


@dataclass(frozen=True)
class Visit:
    """What an examination says: the EDSS, how uncertain it is as a translation, and the aid if recorded."""

    day: float
    """Days since birth."""
    edss: float
    """As scored, or translated from PDDS, walking distance or aid [EDSS points]."""
    sd: float
    """Standard deviation of a translation; 0 for a scored EDSS [EDSS points]."""
    aid: Aid | None
    """The walking aid; None where it was not recorded."""


@dataclass(frozen=True)
class DisabilityCourse:
    """The course of disability of one person."""

    edss: LinearCurve
    """The EDSS from onset on; unknown before it and without MS."""
    edss_sd: float
    """How uncertain the EDSS is on the day of assessment [SD, EDSS points]."""
    recorded_aid: StepCurve
    """The aid last recorded, as its place in `AIDS`."""
    aid_levels: tuple[float, ...]
    """The EDSS from which on each of `_AID_FROM_EDSS` is needed."""

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which the course bends, an aid was recorded, or an aid becomes necessary."""
        crossings = (day for level in self.aid_levels for day in self.edss.reaches(level))
        return (*self.edss.days, *self.recorded_aid.days, *crossings)

    def edss_on(self, day: float) -> float:
        """The EDSS on one day, 0 before MS and without it."""
        return float(np.nan_to_num(self.edss.at(np.array([day]))[0], nan=0.0))

    def aid(self, days: Array) -> NDArray[np.int64]:
        """The aid on each day: the one that was recorded, or a greater one once the EDSS means it."""
        edss = np.nan_to_num(self.edss.at(days), nan=0.0)
        needed = np.array([AIDS.index(aid) for aid in ("none", *_AID_FROM_EDSS)])
        meant = needed[np.searchsorted(np.array(self.aid_levels), edss, side="right")]
        return np.maximum(meant, self.recorded_aid.at(days).astype(np.int64))


_AID_FROM_EDSS: tuple[Aid, ...] = ("cane", "two_canes", "wheelchair", "bed")


def disability_course(person: Person, clock: Clock, evidence: Evidence, future: EdssFuture) -> DisabilityCourse:
    """The course of a person; without MS there is none."""
    if person.ms is None:
        return DisabilityCourse(LinearCurve((), ()), 0.0, step_curve((), 0.0), ())
    levels = tuple(evidence.scalar(f"timeline.edss.needs_{aid}") for aid in _AID_FROM_EDSS)
    visits = visits_of(person.ms, clock, evidence)
    onset = onset_day(person, clock, evidence)
    aids = step_curve(((visit.day, AIDS.index(visit.aid)) for visit in visits if visit.aid is not None), 0.0)
    if visits:
        line = edss_through(visits, onset, person, evidence, future)
        return DisabilityCourse(line, sd_today(visits[-1], onset, clock, evidence), aids, levels)
    expected = expected_course(person.ms, onset, person.sex, evidence)
    line = expected if future == "expected" else stopped(expected, clock.today)
    return DisabilityCourse(line, evidence.scalar(_UNEXAMINED), aids, levels)


LastExamined = Literal["never", "long ago", "lately"]


def examined(person: Person, on: date, evidence: Evidence) -> LastExamined:
    """When the disability of a person with MS was recorded last, seen from a day.

    `lately`: no longer ago than `person.edss.recent`; guidelines go by such an examination only.
    """
    visits = [visit.date for visit in person.ms.disability if visit.date <= on] if person.ms else []
    if not visits:
        return "never"
    recent = evidence.scalar("person.edss.recent")
    return "lately" if (on - max(visits)).days <= days_in(recent) else "long ago"


def sd_today(last: Visit, onset: float, clock: Clock, evidence: Evidence) -> float:
    """How uncertain the EDSS of the last visit is today [SD, EDSS points].

    While the visit is recent, as it was then. Later people drift apart evenly in time, up to the spread of people of
    whom nothing has been known since onset.
    """
    recent = days_in(evidence.scalar("person.edss.recent"))
    unseen, most = clock.today - last.day - recent, clock.today - onset - recent
    if unseen <= 0.0:
        return last.sd
    share = unseen / most
    return float(np.sqrt((1.0 - share) * last.sd**2 + share * evidence.scalar(_UNEXAMINED) ** 2))


def visits_of(ms: MultipleSclerosis, clock: Clock, evidence: Evidence) -> list[Visit]:
    """The examinations up to the day of assessment, in order; of several on a day the one that counts, and any aid."""
    found: dict[float, Visit] = {}
    for measure in clock.known(ms.examinations):
        day, estimate = clock.day(measure.date), edss_of(measure, evidence)
        aid = estimate.aid or (found[day].aid if day in found else None)
        found[day] = Visit(day, estimate.edss, estimate.sd, aid)
    return list(found.values())


def onset_day(person: Person, clock: Clock, evidence: Evidence) -> float:
    """The first symptom: recorded, else before the diagnosis or the first thing known of the MS."""
    ms = person.ms
    if ms is None:
        raise ValueError("a person without MS has no onset of it")
    traces = [record.date for record in (*clock.known(ms.disability), *clock.known(ms.relapses))]
    traces += [drug.start for drug in ms.disease_modifying_drugs]
    if ms.onset is not None:
        return min(clock.day(trace) for trace in (ms.onset, *traces))
    if ms.diagnosis is not None:
        traces.append(ms.diagnosis)
    if not traces:
        return min(days_in(evidence.scalar("timeline.onset.usual_age")), clock.today)
    delay = days_in(evidence.scalar("timeline.onset.before_diagnosis"))
    return max(0.0, min(clock.day(trace) for trace in traces) - delay)


def edss_through(
    visits: list[Visit], onset: float, person: Person, evidence: Evidence, future: EdssFuture
) -> LinearCurve:
    """From onset through the visits, straight between them, and on at the published slope (or held).

    At onset the EDSS is that of the cohort, unless the first visit found a lower one.
    """
    knots = [(visit.day, visit.edss) for visit in visits]
    if onset < visits[0].day and person.ms is not None:
        _, (at_onset, *_) = evidence.curve(_cohort(person.ms))
        knots.insert(0, (onset, min(at_onset, visits[0].edss)))
    if future == "expected":
        knots += rising(knots[-1], person.sex, evidence)
    return _line(knots)


def rising(last: tuple[float, float], sex: str, evidence: Evidence) -> list[tuple[float, float]]:
    """The knots of a course that rises at the published slope, and more slowly once a cane is needed."""
    day, edss = last
    slopes = ("timeline.edss.slope_women" if sex == "female" else "timeline.edss.slope_men", "timeline.edss.slope_late")
    knots = []
    for name, until in zip(slopes, ("timeline.edss.needs_cane", _WORST_EDSS), strict=True):
        to_go = evidence.scalar(until) - edss
        if to_go > 0.0:
            day, edss = day + days_in(to_go / evidence.scalar(name)), edss + to_go
            knots.append((day, edss))
    return knots


def expected_course(ms: MultipleSclerosis, onset: float, sex: str, evidence: Evidence) -> LinearCurve:
    """The course of cohorts, for a person whom nobody examined; beyond it the published slope."""
    years, edss = evidence.curve(_cohort(ms))
    knots = [(onset + days_in(year), value) for year, value in zip(years, edss, strict=True)]
    return _line(knots + rising(knots[-1], sex, evidence))


def _cohort(ms: MultipleSclerosis) -> str:
    """The parameter with the course of people whose MS runs like this one."""
    progressive = ms.course in ("secondary_progressive", "primary_progressive")
    return f"timeline.edss.course_{ms.course if progressive else 'relapsing'}"


def stopped(line: LinearCurve, day: float) -> LinearCurve:
    """The line held from a day on."""
    before = [knot for knot in zip(line.days, line.values, strict=True) if knot[0] < day]
    return _line([*before, (max(day, line.days[0]), float(np.interp(day, line.days, line.values)))])


def _line(knots: list[tuple[float, float]]) -> LinearCurve:
    """A line through knots."""
    return LinearCurve(tuple(day for day, _ in knots), tuple(value for _, value in knots))


def edss_offset(draws: Draws) -> Array:
    """How far the true EDSS lies from the estimate, in its standard deviations: one number a draw [n].

    Bones, falls, sitting and death all have the same one.
    """
    return draws.normal("edss")


@dataclass(frozen=True)
class Dip:
    """A relapse: a share `depth` of the full dip at the start, gone in a straight line by `end`."""

    start: float
    """The day of the relapse [d since birth]."""
    end: float
    """The day on which nothing of it is left [d since birth]."""
    depth: float
    """Its share of the dip of a severe relapse at the start, 0 to 1."""

    def at(self, days: Array) -> Array:
        """The share that is left on each day from the start on."""
        return np.clip(self.depth * (self.end - days) / (self.end - self.start), 0.0, self.depth)


def relapse_dips(person: Person, clock: Clock, evidence: Evidence) -> tuple[Dip, ...]:
    """The relapses in order. One that begins during another starts from the greater of the two."""
    relapses = clock.known(person.ms.relapses) if person.ms is not None else []
    recovery = evidence.scalar("skeleton.load.relapse_recovery") if relapses else 0.0
    dips: list[Dip] = []
    for relapse in relapses:
        start = clock.day(relapse.date)
        depth = evidence.scalar(f"timeline.relapse.depth_{relapse.severity or 'moderate'}")
        if dips:
            depth = max(depth, float(dips[-1].at(np.array([start]))[0]))
        if dips and dips[-1].start == start:
            dips.pop()
        dips.append(Dip(start, start + recovery, depth))
    return tuple(dips)


def dip_between(dips: tuple[Dip, ...], edges: Array) -> Array:
    """The share of the relapse dip at the start and the end of each segment [K, 2]."""
    share = np.zeros((len(edges) - 1, 2))
    stops = [*(dip.start for dip in dips[1:]), np.inf]
    for dip, stop in zip(dips, stops, strict=False):
        inside = (edges[:-1] >= dip.start) & (edges[:-1] < min(stop, dip.end))
        share[inside, 0] = dip.at(edges[:-1][inside])
        share[inside, 1] = dip.at(edges[1:][inside])
    return share
