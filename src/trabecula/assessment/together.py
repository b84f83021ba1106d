"""Many people at once: what is marched for them stands side by side in the kernel, and each is answered as if alone.

    for known in prepared_together(people, date(2026, 11, 22), model.draws(20)):
        ...  # a PatientState as `prepare` gives it, or why there is none

Whoever cannot be answered is told in their own place and left out of the rest, which is the same to the last bit.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from trabecula.assessment.causes_off import WithoutCauses
from trabecula.assessment.patient_state import Begun, PatientState, begin
from trabecula.errors import TrabeculaError
from trabecula.model import ModelDraws
from trabecula.person import Person
from trabecula.skeleton import MarchError, Stretch, marched_together
from trabecula.units import Array
from trabecula.words.message import Message, MessageError, verbatim

A = TypeVar("A")
B = TypeVar("B")


class NotWorkedOut(MessageError):
    """Somebody whose record leads to numbers that are none, which no check of records had foreseen."""


def prepared_together(
    people: Sequence[Person], on: date, sample: ModelDraws, *, lifetime: bool = False
) -> list[PatientState | TrabeculaError]:
    """Everybody on the day of assessment, with what is ahead of them up to the horizon; or why somebody is not.

    sample: the draws that all of them share; lifetime: as in `prepare`.
    """

    def begun(person: Person) -> Begun:
        """One of them, before the history is marched."""
        return begin(person, on, sample.model, sample.n, sample.seed, sample=sample, lifetime=lifetime)

    read = [_told(begun, person) for person in people]
    lived = _marched(read, lambda one: one.history_asked, lambda one, asked, states: one.lived(asked, states))
    return _marched(lived, lambda known: known.ahead_asked, lambda known, _, states: known.with_ahead(states))


def risks_without_together(known: Sequence[PatientState]) -> list[float | TrabeculaError]:
    """The chance of a major fracture of everybody without the causes that can be changed, or why there is none."""
    return _marched(
        [WithoutCauses(one) for one in known], lambda one: one.asked, lambda one, _, states: one.risk(states)
    )


def _marched(
    people: Sequence[A | TrabeculaError], ask: Callable[[A], Stretch], go_on: Callable[[A, Stretch, Array], B]
) -> list[B | TrabeculaError]:
    """What each one asks for, marched side by side, and what follows from it; whoever was left out before stays so."""
    asked = [one if isinstance(one, TrabeculaError) else _told(ask, one) for one in people]
    states = iter(marched_together([one for one in asked if isinstance(one, Stretch)]))

    found: list[B | TrabeculaError] = []
    for one, stretch in zip(people, asked, strict=True):
        if isinstance(one, TrabeculaError):
            found.append(one)
        elif isinstance(stretch, TrabeculaError):
            found.append(stretch)
        else:
            found.append(_going_on(go_on, one, stretch, next(states)))
    return found


def _going_on(
    go_on: Callable[[A, Stretch, Array], B], one: A, stretch: Stretch, states: Array | MarchError
) -> B | TrabeculaError:
    """What follows for somebody from the states that were marched, if they were."""
    return states if isinstance(states, MarchError) else _told(lambda person: go_on(person, stretch, states), one)


def _told(step: Callable[[A], B], of: A) -> B | TrabeculaError:
    """A step of somebody's answer, or why it cannot be taken; nothing is said of whom it is about."""
    try:
        return step(of)
    except TrabeculaError as error:
        return error
    except (ValueError, ArithmeticError) as error:
        return NotWorkedOut(Message("refusal.not_worked_out", {"reason": verbatim(str(error))}))
