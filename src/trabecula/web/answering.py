"""The one place where the web app computes: the registry is read once, and every refusal becomes one."""

import datetime
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from trabecula.assessment import Assessment, NotAssessable
from trabecula.assessment.answer import answered
from trabecula.assessment.causes import causes
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import PatientState, prepare
from trabecula.assessment.plans.plan import Plan
from trabecula.assessment.results import Causes, Comparison
from trabecula.evidence import Evidence, EvidenceError
from trabecula.fracture import CountryRefused
from trabecula.fracture.baseline import AgeRefused
from trabecula.person import Person
from trabecula.skeleton import DoseRefused, MarchError
from trabecula.units import days_since_birth, years

DRAWS, SEED, HORIZON_Y = 200, 1, 10.0  # what `trabecula assess` asks when nothing is said
_REFUSALS = (AgeRefused, CountryRefused, DoseRefused, MarchError, EvidenceError, NotAssessable)
Answer = TypeVar("Answer")


class NoAnswer(ValueError):
    """A person for whom the model gives no answer, and why."""


@cache
def evidence() -> Evidence:
    """The registry as shipped."""
    return Evidence.load()


def day_of(person: Person, today: datetime.date) -> datetime.date:
    """The day of assessment: the record's own, else today."""
    return person.assessed_on or today


def known(
    person: Person,
    on: datetime.date,
    draws: int = DRAWS,
    seed: int = SEED,
    horizon_y: float = HORIZON_Y,
    kept: bytes | None = None,
) -> PatientState:
    """One person, lived and measured up to a day, or as `kept` of that day; raises NoAnswer with the reason."""
    furthest_y = min(horizon_y, float(_years_left(person, on)))
    return _made(lambda: prepare(person, on, evidence(), draws, seed, furthest_y, kept))


def answer(of: PatientState) -> Assessment:
    """One person, answered; raises NoAnswer with the reason."""
    return _made(lambda: answered(of))


def causes_of(of: PatientState) -> Causes:
    """How much each cause has done; takes some seconds. Raises NoAnswer with the reason."""
    return _made(lambda: causes(of))


def compared(of: PatientState, plans: Sequence[Plan]) -> Comparison:
    """Plans beside what is recorded; raises NoAnswer with the reason."""
    return _made(lambda: compare(of, plans))


def _made(make: Callable[[], Answer]) -> Answer:
    """What is made; refusals of the rooms below become one."""
    try:
        return make()
    except _REFUSALS as refusal:
        raise NoAnswer(str(refusal)) from None


def _years_left(person: Person, on: datetime.date) -> int:
    """Whole years until the tables of fracture and death end; raises NoAnswer for an age that is in none of them."""
    known = evidence()
    youngest, oldest = known.scalar("fracture.age.youngest"), known.scalar("mortality.lifetime_until")
    age_y = years(days_since_birth(on, person.birth_date))
    if not youngest <= age_y <= oldest - 1:
        raise NoAnswer(str(AgeRefused(age_y, youngest, oldest - 1)))
    return int(oldest - age_y)
