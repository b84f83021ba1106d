"""The ways in which a drug enters the skeleton: a few small records, one for each kind of drug."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.equations import BP, ORAL_BISPHOSPHONATE

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Daily:
    """Acts while it is taken: an input of the skeleton as a share of the labelled daily dose."""

    channel: int
    """The input that it fills."""
    unit: str
    """The parameter with the labelled daily dose [mg/d]."""

    def level(self, mg_per_day: Array, draws: Draws) -> Array:
        """What fills the channel in each segment [n, K]."""
        return mg_per_day / draws[self.unit][:, None]


@dataclass(frozen=True)
class OralBisphosphonate:
    """Taken into bone day by day: milligrams of alendronate a day, added to those of other tablets."""

    potency: str
    """The parameter with the milligrams of alendronate that one milligram is worth."""
    channel: int = ORAL_BISPHOSPHONATE
    """The input that it adds to."""

    def level(self, mg_per_day: Array, draws: Draws) -> Array:
        """What it adds to the channel in each segment [n, K]."""
        return mg_per_day * draws[self.potency][:, None]


@dataclass(frozen=True)
class Infusion:
    """A bisphosphonate that reaches bone at once."""

    per_mg: str
    """The parameter with the skeletal bisphosphonate that one milligram leaves [1/mg]."""
    most: str
    """The parameter with the largest dose that is no error of unit [mg]."""
    state: int = BP
    """The state that it adds to."""

    def amount(self, mg: float, draws: Draws) -> Array:
        """What one dose adds to the state [n]."""
        return mg * draws[self.per_mg]


@dataclass(frozen=True)
class Antibody:
    """Injected and then eliminated: the state is what is left of all doses [mg]."""

    state: int
    """The state that it adds to."""
    most: str
    """The parameter with the largest dose that is no error of unit [mg]."""

    def amount(self, mg: float, draws: Draws) -> Array:
        """What one dose adds to the state [n]."""
        return np.full(draws.n, mg)


@dataclass(frozen=True)
class Within:
    """Moves a quantity that has other causes too, and is computed together with them in a module of its own."""

    channel: int
    """The input that it moves."""
    parameters: tuple[str, ...]
    """The parameters of its part."""


@dataclass(frozen=True)
class Drug:
    """One drug: how it enters the skeleton while it is taken, and with each injection or infusion."""

    name: str
    taken: Daily | OralBisphosphonate | Within | None = None
    given: Infusion | Antibody | None = None
    medicines: tuple[str, ...] = ()
    """The generic names under which a record has it, where they are not its name."""
