"""How people differ: each has their own turnover, menopausal loss and sensitivity to steroids.

A trait multiplies parameters of the equations by exp(sd * z), with z a keyed standard normal number: one a person in
a virtual trial, one a draw for a single person about whom nothing is known.
"""

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
Who = NDArray[np.int64]


def individual(parameters: NDArray[np.void], draws: Draws, who: Who) -> NDArray[np.void]:
    """Kernel parameters [n] with the traits of the people `who` [n]."""
    own = parameters.copy()
    for trait, letters in TRAITS.items():
        deviation = draws[f"skeleton.trait.{trait}"] * chance.normal(draws.seed, f"trait.{trait}", 0, who)
        for letter, power in letters.items():
            own[letter] *= np.exp(power * deviation)
    return own
