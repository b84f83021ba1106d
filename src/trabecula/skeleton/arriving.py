"""What is marched, and how a march ends."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from trabecula.skeleton.equations import Vector
from trabecula.skeleton.inputs import Segments
from trabecula.words.message import Message, MessageError

Places = NDArray[np.int64]


class MarchStatus(IntEnum):
    """How a march ended."""

    ARRIVED = 0
    NOT_FINITE = 1
    STEP_TOO_SMALL = 2


class MarchError(MessageError):
    """A march that could not arrive: which draw, on which day, in which state, and why."""

    def __init__(self, message: Message, draw: int = 0, day: float = 0.0, state: Vector | None = None) -> None:
        super().__init__(message)
        self.draw, self.day, self.state = draw, day, state


@dataclass(frozen=True)
class March:
    """What one life is marched from, as `march` takes it."""

    segments: Segments
    parameters: NDArray[np.void]
    state: NDArray[np.float64]
    save: NDArray[np.int64]


Arrivals = tuple[NDArray[np.float64], tuple[MarchError, ...]]
"""States at the edges that were asked for [n, S, n_states], and whoever did not arrive."""


def all_stopped(outcome: Places, day: Vector, y: Vector) -> tuple[MarchError, ...]:
    """Whoever did not arrive."""
    return tuple(_stopped(int(i), outcome, day, y) for i in np.flatnonzero(outcome))


def _stopped(draw: int, outcome: Places, day: Vector, y: Vector) -> MarchError:
    """Why and when a draw did not arrive."""
    message = Message(f"refusal.march.{MarchStatus(outcome[draw]).name.lower()}", {"draw": draw})
    return MarchError(message, draw, float(day[draw]), y[draw])
