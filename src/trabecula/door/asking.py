"""What is asked about one person, checked before anything is worked out."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from trabecula.door.checks import FEWEST_DRAWS, LARGEST_SEED, MOST_DRAWS, a_day, a_model, a_number, a_person
from trabecula.evidence import Evidence
from trabecula.evidence.registry import DRAWS
from trabecula.person import Person
from trabecula.units import days_since_birth, years

if TYPE_CHECKING:  # brings the compiler
    from trabecula.assessment.patient_state import PatientState

SEED, HORIZON_Y = 1, 10.0
"""What is asked for when nothing is said."""


@dataclass(frozen=True)
class Asked:
    """A person, a day, and what the model is asked."""

    person: Person
    on: date
    model: Evidence = field(compare=False)
    draws: int
    seed: int
    horizon_y: float

    def lived(self) -> "PatientState":
        """The person from whom every future begins: the same question gives the same draws."""
        from trabecula.assessment.patient_state import prepare

        return prepare(self.person, self.on, self.model, self.draws, self.seed, self.horizon_y)


def asked_of(
    person: object,
    on: object = None,
    model: object = None,
    draws: object = DRAWS,
    seed: object = SEED,
    horizon_y: object = HORIZON_Y,
) -> Asked:
    """The question, if every part of it is one that can be asked."""
    who = a_person(person)
    day, by = a_day(on, who), a_model(model)
    left_y = by.scalar("mortality.lifetime_until") - years(days_since_birth(day, who.birth_date))
    return Asked(
        who,
        day,
        by,
        a_number("draws", draws, FEWEST_DRAWS, MOST_DRAWS, DRAWS),
        a_number("seed", seed, 0, LARGEST_SEED, SEED),
        float(a_number("horizon_y", horizon_y, 1.0, max(float(int(left_y)), 1.0), HORIZON_Y, whole=False)),
    )
