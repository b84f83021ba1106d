"""Draws: each parameter as many values as there are draws, keyed so that nothing depends on order.

Parameters that were calibrated together have posterior draws, which ship with the package; a draw takes all of them
from the same row. For every other parameter the normal number behind draw i is a pure function of (seed, parameter
id, i). A new parameter never changes another's draws, and more draws keep the first ones.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence.records import Parameter

if TYPE_CHECKING:
    from trabecula.evidence.registry import Evidence

_PARAMETERS_REMEMBERED = 1024  # size of a cache


class Draws:
    """`n` joint values of every parameter: `draws["id"]` is [n], or [n, k] for a curve with k knots."""

    __slots__ = ("_central", "_values", "evidence", "n", "seed")

    def __init__(self, evidence: "Evidence", n: int, seed: int, *, central: bool = False) -> None:
        if n < 1:
            raise ValueError(f"draws: n must be at least 1, not {n}")
        self.evidence = evidence
        self.n = n
        self.seed = seed
        self._central = central
        self._values: dict[str, NDArray[np.float64]] = {}

    @property
    def is_central(self) -> bool:
        """Whether nothing is drawn: every parameter has its own value."""
        return self._central

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        parameter = self.evidence[name]
        values = self._values.get(parameter.id)
        if values is None:
            values = self._values[parameter.id] = self._drawn(parameter)
        return values

    def _drawn(self, parameter: Parameter) -> NDArray[np.float64]:
        """The parameter itself, its posterior draws, or draws of its own spread."""
        if self._central:
            return spread_values(parameter, np.zeros(self.n))
        joint = self.evidence.posterior_of(parameter.id)
        if joint is not None:
            return joint.values(parameter.id, self.n, self.seed)
        return spread_values(parameter, _standard_normal(self.seed, parameter.id, self.n))

    def knots(self, name: str) -> NDArray[np.float64]:
        """The knots of a curve [k], in the unit `at_unit`."""
        at = self.evidence[name].at
        if at is None:
            raise ValueError(f"{name} is one number, not a curve: it has no knots")
        return np.array(at, dtype=np.float64)

    def central(self) -> "Draws":
        """One draw at the values themselves, as if nothing were uncertain."""
        return Draws(self.evidence, n=1, seed=self.seed, central=True)

    def __repr__(self) -> str:
        return f"Draws(n={self.n}, seed={self.seed})"


def spread_values(parameter: Parameter, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of a parameter at standard normal numbers z [n]; z = 0 gives the value itself.

    One z moves a whole curve: its knots are uncertain together.
    """
    value, sd = np.asarray(parameter.value, dtype=np.float64), parameter.spread.sd or 0.0
    z = z[:, None] if value.ndim else z
    values = np.ascontiguousarray(
        np.broadcast_to(_SPREADS[parameter.spread.kind](value, sd, z), _shape(value, z))
    )
    values.setflags(write=False)
    return values


def _shape(value: NDArray[np.float64], z: NDArray[np.float64]) -> tuple[int, ...]:
    """[n] for a number, [n, k] for a curve."""
    return (len(z), *value.shape)


def _logit_shift(
    value: NDArray[np.float64], sd: float | NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Moves a share by sd * z on the logit scale; 0 and 1 stay what they are."""
    odds_factor = np.exp(sd * z)
    return value * odds_factor / (1.0 - value + value * odds_factor)


def _beta_like(value: NDArray[np.float64], sd: float, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """A share with sd in its own unit: a logit-normal whose sd agrees to first order."""
    slope = value * (1.0 - value)
    return _logit_shift(value, np.divide(sd, slope, out=np.zeros_like(slope), where=slope > 0), z)


_SPREADS = {
    "none": lambda value, sd, z: value,  # noqa: ARG005
    "normal": lambda value, sd, z: value + sd * z,
    "lognormal": lambda value, sd, z: value * np.exp(sd * z),
    "logitnormal": _logit_shift,
    "beta": _beta_like,
}


@lru_cache(maxsize=_PARAMETERS_REMEMBERED)
def _standard_normal(seed: int, name: str, n: int) -> NDArray[np.float64]:
    """The standard normal numbers behind the draws of one parameter [n]."""
    z = chance.normal(seed, f"parameter.{name}", 0, np.arange(n))
    z.setflags(write=False)
    return z
