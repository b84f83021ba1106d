"""The kernel's parameters: the letters of the equations out of the registry, and how people differ in them.

Each has their own turnover, menopausal loss and sensitivity to steroids. A trait multiplies parameters of the equations
by exp(sd * z), with z a standard normal number: one a person in a virtual trial, one a draw for a single person about
whom nothing is known.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.changes import Equations
from trabecula.skeleton.checks import EquationRefused
from trabecula.skeleton.kernel import SHIPPED
from trabecula.words.message import Message

TRAITS = {
    "turnover": {"kV_LS": 1.0, "kV_FN": 1.0, "kV_TH": 1.0},
    "menopausal_loss": {"aE": 1.0},
    "steroid_sensitivity": {"u50": -1.0},
}
"""The letters that a trait multiplies, and the power with which it does."""
Traits = Mapping[str, NDArray[np.float64]]
"""z of each trait, standard normal between people [n]."""


def kernel_parameters(draws: Draws, equations: Equations = SHIPPED) -> NDArray[np.void]:
    """One record of kernel parameters a draw [n]: a letter is the `symbol` of a parameter of the registry.

    Nobody may write to them. Raises EquationRefused for a further letter that is the symbol of no parameter that is one
    number.
    """
    return draws.once(("kernel_parameters", equations), lambda: _letters(draws, equations))


def _letters(draws: Draws, equations: Equations) -> NDArray[np.void]:
    """The values of all letters."""
    values, symbols = np.ones(draws.n, dtype=equations.parameters), draws.evidence.symbols
    for letter in equations.letters:
        if letter not in symbols or draws.evidence[symbols[letter]].is_curve:
            raise EquationRefused(Message("refusal.equation.no_letter", {"letter": letter}))
        values[letter] = draws[symbols[letter]]
    return values


def unknown_person(draws: Draws) -> Traits:
    """The traits of somebody about whom nothing is known: another possible person in each draw."""
    return {name: draws.normal(f"trait.{name}") for name in TRAITS}


def individual(parameters: NDArray[np.void], draws: Draws, traits: Traits) -> NDArray[np.void]:
    """Kernel parameters [n] of people with traits: each letter times exp(power * sd * z), in a copy."""
    own = parameters.copy()
    for trait, letters in TRAITS.items():
        deviation = draws[f"skeleton.trait.{trait}"] * traits[trait]
        for letter, power in letters.items():
            own[letter] *= np.exp(power * deviation)
    return own
