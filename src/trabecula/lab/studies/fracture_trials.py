"""A trial of a medicine counted in fractures: the same people with and without it, through density to fractures."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from trabecula import people
from trabecula.evidence import Draws
from trabecula.lab.studies.fracture_record import Trial
from trabecula.lab.studies.one_road import Lived, lived
from trabecula.lab.studies.record import Arm, HormoneTherapy
from trabecula.lab.studies.virtual import DAY_0, person_in
from trabecula.people import Population
from trabecula.person import Person
from trabecula.skeleton import SITES as BONE_SITES
from trabecula.units import days, days_since_birth

Array = NDArray[np.float64]
PEOPLE = 8  # virtual people an arm, the same in both
STEPS_A_YEAR = 4  # steps in which fractures are counted


class Arms:
    """Both arms of a trial, lived through."""

    def __init__(self, setting: Trial, draws: Draws, key: int) -> None:
        who = Population(n=PEOPLE, age_y=setting.age_y, women=setting.women)
        sampled = people.sample(who, PEOPLE, DAY_0, draws.seed + key, draws.evidence)
        self._with = [_life(setting, person_in(_arm(setting), each), draws) for each in sampled]
        self._without = [_life(setting, each, draws) for each in sampled]

    def ratio(self, outcome: str) -> Array:
        """Fractures per year lived with the medicine over those without it [n]."""
        own, theirs = (_rate(lives, outcome) for lives in (self._with, self._without))
        return own / theirs


def _rate(lives: list[Lived], outcome: str) -> Array:
    """Fractures per year lived [n]."""
    found = sum((life.events(outcome).sum(axis=1) for life in lives), np.zeros(1))
    return found / sum((life.alive().sum(axis=1) for life in lives), np.zeros(1))


def _life(setting: Trial, person: Person, draws: Draws) -> Lived:
    """One person of one arm."""
    first = days_since_birth(date.fromordinal(DAY_0.toordinal()), person.birth_date)
    steps = np.arange(round(setting.years * STEPS_A_YEAR) + 1) / STEPS_A_YEAR
    return lived(person, first + days(steps), dict.fromkeys(BONE_SITES, setting.z), draws)


def _arm(setting: Trial) -> Arm:
    """What those in the trial were given."""
    last = round(days(setting.years))
    hormones = (HormoneTherapy(from_day=0, to_day=last),) if setting.hormone_therapy else ()
    return Arm(medicines=setting.medicines, hormone_therapy=hormones, supplements=setting.supplements)
