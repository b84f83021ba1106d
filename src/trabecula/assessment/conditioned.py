"""One person on the day of assessment: a life that has been lived and measured, from which every future begins.

    known = prepare(person, date(2026, 11, 22), Evidence.load())
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
from numpy.typing import NDArray

from trabecula import course, twin
from trabecula.assessment import words
from trabecula.assessment.days import Days, days_to_read
from trabecula.assessment.keeping import skeleton_of
from trabecula.course import Bones, History, Level
from trabecula.evidence import Draws, Evidence
from trabecula.person import Person
from trabecula.timeline import Timeline, build_timeline
from trabecula.units import date_at, days_since_birth

Array = NDArray[np.float64]


class NotAssessable(ValueError):
    """A person about whose future there is nothing to say."""


@dataclass(frozen=True)
class Conditioned:
    """A person conditioned on a day.

    evidence: with the trace of what was read; draws: the whole sample, in which every march is done; days: on which the
    skeleton is looked at; timeline: as recorded, to the end of life; measured: what the sample was conditioned on;
    seen: the twin, which draws are left and the person's own level; past: the history under all draws, with the state
    of each skeleton on the day.
    """

    person: Person
    on: date
    evidence: Evidence
    draws: Draws
    horizon_y: float
    days: Days
    timeline: Timeline
    measured: twin.Measured
    seen: twin.Twin
    past: History

    @property
    def today(self) -> float:
        """The day of assessment [days since birth]."""
        return self.past.bones.on

    @property
    def sample(self) -> Draws:
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
        ahead = self.days.every[self.days.every >= self.today]
        later = course.ahead(self.past, self.timeline, self.draws, ahead)
        return self.seen.own(self.past.joined(later))


# not a parameter: the size of the sample and the horizon unless asked otherwise
def prepare(
    person: Person,
    on: date,
    evidence: Evidence,
    draws: int = 200,
    seed: int = 1,
    horizon_y: float = 10.0,
    kept: bytes | None = None,
) -> Conditioned:
    """Live and measure one person up to a day; nothing later is known.

    evidence: the registry, from which a fresh tracer is taken; draws, seed: size and key of the sample behind the
    intervals; horizon_y: up to where courses are looked at [y]; kept: what `keeping.kept` made of the same person, day
    and draws before: the history is not marched again, and only what is ahead can be asked for (`future`, not `bones`).
    Raises NotAssessable after death, DoseRefused for absurd doses.
    """
    _check_alive(person, on)
    evidence = evidence.fresh()
    today = days_since_birth(on, person.birth_date)
    measured = twin.measured(person, evidence, today)
    days = days_to_read(
        today, horizon_y, np.array(measured.days), words.last_course_day(person, on), evidence
    )
    end = date_at(ceil(days.end) + 1, person.birth_date)
    timeline = build_timeline(person, evidence, on, end, tuple(days.every))
    sample = evidence.draws(draws, seed)
    if kept is None:
        past = course.history(person, timeline, sample, days.every[days.every <= today])
    else:
        past = course.history_of(person, skeleton_of(kept, measured, today, draws), sample)
    seen = twin.condition(past.bones, measured, sample)
    return Conditioned(person, on, evidence, sample, horizon_y, days, timeline, measured, seen, past)


def _check_alive(person: Person, on: date) -> None:
    """Refuse somebody who has died."""
    if person.death_date is not None and person.death_date <= on:
        raise NotAssessable(
            f"death_date: this person died on {person.death_date.isoformat()}, and {on.isoformat()} is not before; "
            "assess an earlier day, or correct the date."
        )
