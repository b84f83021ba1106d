"""How people differ: each has their own turnover, menopausal loss and sensitivity to steroids.

A trait multiplies parameters of the equations by exp(sd * z), with z a standard normal number: one a person in a
virtual trial, one a draw for a single person about whom nothing is known.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Draws

# The letters that a trait multiplies, and the power with which it does.
TRAITS = {
    "turnover": {"kV_LS": 1.0, "kV_FN": 1.0, "kV_TH": 1.0},
    "menopausal_loss": {"aE": 1.0},
    "steroid_sensitivity": {"u50": -1.0},
}
Traits = Mapping[str, NDArray[np.float64]]
"""z of each trait [n]."""


def unknown_person(draws: Draws) -> Traits:
    """The traits of somebody about whom nothing is known: another possible person in each draw."""
    return {name: chance.normal(draws.seed, f"trait.{name}", 0, np.arange(draws.n)) for name in TRAITS}


def individual(parameters: NDArray[np.void], draws: Draws, traits: Traits) -> NDArray[np.void]:
    """Kernel parameters [n] of people with traits."""
    own = parameters.copy()
    for trait, letters in TRAITS.items():
        deviation = draws[f"skeleton.trait.{trait}"] * traits[trait]
        for letter, power in letters.items():
            own[letter] *= np.exp(power * deviation)
    return own
