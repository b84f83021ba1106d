"""One person on the day of assessment: a life that has been lived and measured, from which every future begins.

    known = prepare(person, date(2026, 11, 22), Model.default())
    known.future(known.timeline, days)     # the bones ahead, as planned
    known.future(another_timeline, days)   # or otherwise; the history is not marched again

The draws that are left are those that what was measured leaves (`twin`), each with the state of its skeleton on the
day. They are equally weighted, and every plan uses the same ones, so that a difference between plans is sharp.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil

import numpy as np

from trabecula import course, skeleton, twin
from trabecula.assessment.snapshot import skeleton_of
from trabecula.course import Bones, History, Level
from trabecula.evidence import Evidence
from trabecula.evidence.registry import DRAWS
from trabecula.fracture import refuse_without_tables
from trabecula.model import Model, ModelDraws
from trabecula.person import Person
from trabecula.skeleton import Stretch
from trabecula.timeline import Timeline, build_timeline
from trabecula.timeline.build import Courses, courses_of
from trabecula.timeline.channels import Clock
from trabecula.units import MONTHS_PER_YEAR, Array, date_at, days_since_birth, years
from trabecula.units import days as in_days
from trabecula.vocabulary import tables_for
from trabecula.words.message import Message, MessageError

# The shape of the answer, not science: how often a course is printed.
_HISTORY_STEP_Y = 1.0
_HORIZON_STEP_Y = 0.5
_LATER_STEP_Y = 2.0
# days after a steroid course on which the markers are printed
_AFTER_A_COURSE_D = (0, 1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 56, 70, 90, 120, 150, 180)
_RECENT_COURSE_Y = 2.0


@dataclass(frozen=True)
class Days:
    """The days on which the skeleton is looked at [d since birth]."""

    every: Array
    """All of them, increasing [T]."""
    printed: Array
    """Those of the printed course: yearly in the past, half-yearly to the horizon."""
    acute: Array
    """Those around the last steroid course; none unless it is recent."""
    end: float
    """The last one."""


class NotAssessable(MessageError):
    """A person about whose future there is nothing to say."""


@dataclass(frozen=True)
class PatientState:
    """A person conditioned on a day."""

    person: Person
    """The record."""
    on: date
    """The day of assessment: nothing later is known."""
    model: Model
    """The model, with the trace of what was read."""
    draws: ModelDraws
    """The whole sample, in which every march is done."""
    horizon_y: float
    """Up to where courses are looked at [y]."""
    days: Days
    """On which the skeleton is looked at."""
    timeline: Timeline
    """What acts on it, as recorded and planned, to the end of life."""
    measured: twin.Measurements
    """Scans and markers that the sample was conditioned on."""
    seen: twin.Twin
    """Which draws are left, and the person's own level."""
    past: History
    """The history under all draws, with the state of each skeleton on the day."""
    courses: Courses
    """What that timeline was made of, for other grids of the same life."""
    lifetime: bool = True
    """Whether the rest of life is looked at, beyond the horizon."""

    @property
    def evidence(self) -> Evidence:
        """The registry, with the trace of what was read."""
        return self.model.evidence

    @property
    def today(self) -> float:
        """The day of assessment [days since birth]."""
        return self.past.bones.on

    @property
    def sample(self) -> ModelDraws:
        """The draws that are left, equally weighted."""
        return self.seen.sample

    @property
    def level(self) -> Level:
        """The personal factor of each draw that is left, by site."""
        return self.seen.level

    def future(self, timeline: Timeline, days: Array) -> Bones:
        """This person's bones from today on through a timeline; `days` are edges of it, today the first of them."""
        return self.seen.own(course.ahead(self.past, timeline, self.draws, days))

    @cached_property
    def bones(self) -> Bones:
        """This person's bones from youth to the end, as recorded and planned."""
        return self._ahead(skeleton.marched(self.ahead_asked))

    @cached_property
    def ahead_asked(self) -> Stretch:
        """What is marched for their future."""
        return course.ahead_asked(self.past, self.timeline, self.draws, self.days.every[self.days.every >= self.today])

    def with_ahead(self, states: Array) -> "PatientState":
        """The same person, whose future has been marched to some states: `bones` are at hand."""
        vars(self)["bones"] = self._ahead(states)  # where the property keeps what it finds
        return self

    def _ahead(self, states: Array) -> Bones:
        """The bones from youth to the end, once the future has been marched."""
        later = course.ahead_of(self.past, self.ahead_asked, states, self.draws)
        return self.seen.own(self.past.joined(later))


def prepare(
    person: Person,
    on: date,
    model: Model,
    draws: int = DRAWS,
    seed: int = 1,
    horizon_y: float = 10.0,
    kept: bytes | None = None,
    sample: ModelDraws | None = None,
    lifetime: bool = True,
) -> PatientState:
    """Live and measure one person up to a day; nothing later is known.

    model: of which a fresh tracer is taken; draws, seed: size and key of the sample behind the
    intervals; horizon_y: up to where courses are looked at [y]; kept: what `take_snapshot` made of the same person, day
    and draws before: the history is not marched again, and only what is ahead can be asked for (`future`, not `bones`).
    sample: draws that many people share, instead of fresh ones: nothing is drawn twice, and they share one tracer.
    lifetime: whether the rest of life is looked at too, and markers; what is answered up to the horizon is the same
    without.
    Raises NotAssessable after death, CountryRefused and AgeRefused without tables, DoseRefused for absurd doses.
    """
    begun = begin(person, on, model, draws, seed, horizon_y, sample, lifetime=lifetime)
    if kept is None:
        asked = begun.history_asked
        return begun.lived(asked, skeleton.marched(asked))
    past = skeleton_of(kept, begun.measured, begun.today, draws, begun.draws.model)
    return begun.seen(course.history_of(person, past, begun.draws))


@dataclass(frozen=True)
class Begun:
    """A person whose record has been read, and whose history is to be marched."""

    person: Person
    on: date
    draws: ModelDraws
    horizon_y: float
    lifetime: bool
    days: Days
    courses: Courses
    timeline: Timeline
    measured: twin.Measurements

    @property
    def today(self) -> float:
        """The day of assessment [days since birth]."""
        return days_since_birth(self.on, self.person.birth_date)

    @property
    def history_asked(self) -> Stretch:
        """What is marched for the history."""
        return course.history_asked(self.timeline, self.draws, self.days.every[self.days.every <= self.today])

    def lived(self, asked: Stretch, states: Array) -> PatientState:
        """The person on the day of assessment, once the history has been marched to some states."""
        marked = self.lifetime or bool(self.measured.markers)  # whoever looks at less shows no markers
        past = skeleton.read(asked, states, with_markers=marked)
        return self.seen(course.history_of(self.person, past, self.draws))

    def seen(self, past: History) -> PatientState:
        """The person conditioned on what was measured."""
        seen = twin.condition(past.bones, self.measured, self.draws, until=self.days.end)
        return PatientState(
            self.person, self.on, self.draws.model, self.draws, self.horizon_y, self.days, self.timeline,
            self.measured, seen, past, self.courses, self.lifetime,
        )  # fmt: skip


def begin(
    person: Person, on: date, model: Model, draws: int, seed: int, horizon_y: float = 10.0,
    sample: ModelDraws | None = None, *, lifetime: bool = True,
) -> Begun:  # fmt: skip
    """Read the record of a person for `prepare`, which has the arguments and the refusals."""
    if person.death_date is not None and person.death_date <= on:
        raise NotAssessable(Message("refusal.dead", {"death": person.death_date, "day": on}))
    model = model.fresh() if sample is None else sample.model
    evidence = model.evidence
    today = days_since_birth(on, person.birth_date)
    measured = twin.measurements(person, evidence, today)
    days = days_to_read(
        today, horizon_y, np.array(measured.days), last_course_day(person, on), evidence, lifetime=lifetime
    )
    end = date_at(ceil(days.end) + 1, person.birth_date)
    sample = sample or model.draws(draws, seed)
    if not model.hazards.changed_names:  # whoever replaces them may have tables of their own
        tables = tables_for(person.country, person.stand_in)
        refuse_without_tables(tables.country, np.array([years(today)]), sample)
    courses = courses_of(person, Clock(person.birth_date, on, end), evidence, "expected")
    timeline = build_timeline(person, evidence, on, end, tuple(days.every), courses=courses)
    return Begun(person, on, sample, horizon_y, lifetime, days, courses, timeline, measured)


def risk_edges(known: PatientState, until_y: float = 0.0) -> list[float]:
    """Edges of the steps in which fractures and death compete [days since birth]: monthly to the horizon, then yearly.

    The same for an answer and for every plan beside it. until_y: the age up to which a lifetime is counted; the last
    edge is there, or at the horizon if that is later.
    """
    last = max(until_y - years(known.today), known.horizon_y)
    months = np.arange(round(known.horizon_y * MONTHS_PER_YEAR) + 1) / MONTHS_PER_YEAR
    later = np.arange(np.ceil(months[-1]) + 1.0, last)
    return (known.today + in_days(np.unique(np.concatenate([months, later, [last]])))).tolist()


def days_to_read(
    on: float, horizon_y: float, scans: Array, last_course: float | None, evidence: Evidence, *, lifetime: bool = True
) -> Days:
    """History, scans, the weeks after a recent steroid course, the horizon, and perhaps the rest of life."""
    youth = in_days(evidence.scalar("skeleton.history.start_age"))
    oldest = max(in_days(evidence.scalar("course.density_until")) if lifetime else 0.0, on + in_days(horizon_y))
    past = int(max(on - youth, 0.0) / in_days(_HISTORY_STEP_Y))
    history = on - in_days(_HISTORY_STEP_Y) * np.arange(past + 1, dtype=np.float64)
    steps = np.arange(_HORIZON_STEP_Y, horizon_y, _HORIZON_STEP_Y)
    ahead = on + in_days(np.append(steps, horizon_y))
    later = np.append(np.arange(ahead[-1], oldest, in_days(_LATER_STEP_Y)), oldest)
    printed = np.union1d(history, ahead).astype(np.float64)
    acute = _acute(on, last_course)
    return Days(np.unique(np.concatenate([printed, scans, acute, later])), printed, acute, float(oldest))


def _acute(on: float, last_course: float | None) -> Array:
    """The days after the start of the last steroid course, if it is recent."""
    if last_course is None or on - last_course > in_days(_RECENT_COURSE_Y):
        return np.empty(0)
    return last_course + np.array(_AFTER_A_COURSE_D, dtype=np.float64)


def last_course_day(person: Person, on: date) -> float | None:
    """The day on which the latest steroid course up to a day began [days since birth]; None without one."""
    starts = [course.start for course in person.steroids if course.start <= on]
    return days_since_birth(max(starts), person.birth_date) if starts else None
