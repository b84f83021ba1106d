"""The ways in which a drug enters the skeleton: a small record for each kind, made from the drug's row.

A row of the vocabulary (`bone_drugs.yaml`) names the kind and the parameters; what the kind does with them stands here.
Calcium, vitamin D and hormone therapy are not among them: they move quantities that have other causes too, and are
computed together with these (`calcium`, `oestrogen`).
"""

from dataclasses import dataclass

import numpy as np

from trabecula.evidence import Draws
from trabecula.skeleton.equations import BP, DE, ORAL_BISPHOSPHONATE, RALOXIFENE, RO, TERIPARATIDE
from trabecula.units import Array
from trabecula.vocabulary import BONE_DRUGS

CHANNELS = {"teriparatide": TERIPARATIDE, "raloxifene": RALOXIFENE}
"""The inputs of the skeleton that a daily drug can fill, as rows name them."""
ANTIBODY_STATES = {"denosumab": DE, "romosozumab": RO}
"""The states that hold an antibody, as rows name them."""


@dataclass(frozen=True)
class Daily:
    """Acts while it is taken: an input of the skeleton as a share of the labelled daily dose."""

    channel: int
    """The input that it fills."""
    unit: str
    """The parameter with the labelled daily dose [mg/d]."""
    potency: str | None = None
    """The parameter with what a labelled dose is worth, for a drug after which the channel is not called."""

    def level(self, mg_per_day: Array, draws: Draws) -> Array:
        """What fills the channel in each segment [n, K]."""
        doses = mg_per_day / draws[self.unit][:, None]
        return doses if self.potency is None else doses * draws[self.potency][:, None]


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


def taken(drug: str) -> Daily | OralBisphosphonate | None:
    """How a drug enters while it is taken day by day; None for one that is not, or is not known here."""
    use = BONE_DRUGS[drug].taken if drug in BONE_DRUGS else None
    if use is None:
        return None
    if use.channel is not None:
        return Daily(CHANNELS[use.channel], use.daily_dose, use.potency)
    return None if use.potency is None else OralBisphosphonate(use.potency)


def given(drug: str) -> Infusion | Antibody | None:
    """How a drug enters with each injection or infusion; None for one that is never injected, or not known here."""
    use = BONE_DRUGS[drug].given if drug in BONE_DRUGS else None
    if use is None:
        return None
    if use.antibody is not None:
        return Antibody(ANTIBODY_STATES[use.antibody], use.most_mg)
    return None if use.per_mg is None else Infusion(use.per_mg, use.most_mg)
