"""The free parameters: where each starts, how far it may go, and draws that hold given values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.evidence.posterior import moved_value

Array = NDArray[np.float64]
PRIORS = Path(__file__).parent / "data" / "priors.yaml"


@dataclass(frozen=True)
class Free:
    """A parameter that the data may move, on a scale without bounds (logarithm, or logit of a share).

    name: its id; centre: prior median, a number or a curve that moves as one; sd: prior sd on the scale; because:
    why the prior is what it is.
    """

    name: str
    share: bool
    centre: Array
    sd: float
    because: str

    def value(self, move: float | Array) -> Array:
        """The value (or the curve) after moving by so much on the scale; a move of 0 is the centre."""
        return moved_value(self.centre, self.share, move)

    def move_to(self, value: Array) -> float:
        """How far a value (or a curve, by its median knot) lies from the centre on the scale."""
        inside = (self.centre > 0.0) & (self.centre < 1.0) if self.share else self.centre > 0.0
        ratio = self._odds(value[inside]) / self._odds(self.centre[inside])
        return float(np.median(np.log(ratio)))

    def _odds(self, value: Array) -> Array:
        return value / (1.0 - value) if self.share else value


@cache
def free_parameters() -> tuple[Free, ...]:
    """Everything that the calibration may move, in the order of their names."""
    read: Sequence[Mapping[str, object]] = yaml.safe_load(PRIORS.read_text(encoding="utf-8"))
    return tuple(sorted((_free(record) for record in read), key=lambda each: each.name))


def _free(record: Mapping[str, object]) -> Free:
    centre = np.asarray(record["centre"], dtype=np.float64)
    return Free(
        str(record["parameter"]),
        record["scale"] == "share",
        centre,
        float(str(record["sd"])),
        str(record["because"]),
    )


def moves_of(evidence: Evidence, free: Sequence[Free]) -> Array:
    """Where the registry's values lie on the scales of the priors [d]."""
    return np.array([each.move_to(np.asarray(evidence[each.name].value, dtype=np.float64)) for each in free])


class Moved(Draws):
    """Draws that are not random: central values, but for the free parameters one row of moves a draw."""

    __slots__ = ()

    def __init__(self, evidence: Evidence, free: Sequence[Free], moves: Array) -> None:
        super().__init__(evidence, len(moves), 1, central=True)
        for column, each in enumerate(free):
            self._values[each.name] = each.value(moves[:, column])
