"""What comes in: events by year, for every strategy and draw.

One table for whoever made it: virtual people counted, or the expectation of people on record. Everything is per person
alive at the beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from trabecula.errors import TrabeculaError
from trabecula.units import Array

_ROUNDING = 1e-9
"""What sums of shares may miss by."""


class TableRefused(TrabeculaError, ValueError):
    """A table of events that cannot be: a share outside 0 to 1, the dead who come back, shapes that do not fit."""


@dataclass(frozen=True)
class YearlyEvents:
    """Events of S strategies in D draws over Y years, per person alive at the beginning."""

    strategies: tuple[str, ...]
    """In the order of the first axis."""
    alive: Array
    """Share alive at the edges of the years [S, D, Y + 1]; 1 at the first."""
    fractures: Mapping[str, Array]
    """Expected number in each year by site [S, D, Y]; a person may break the same bone again."""
    edss: Array
    """Mean EDSS of those alive, nan without MS [S, Y]."""
    age_y: Array
    """Mean age in the middle of each year [Y]."""
    male: float
    """Share of men."""
    ever: Mapping[str, Array] | None = None
    """Share who are alive at the end of each year and have broken the site since the beginning [S, D, Y]; worked out
    from the numbers, as if fractures came at random, where it is not given."""

    counts: Mapping[str, Array] | None = None
    """What else was counted and may cost something, by name: `scan`, `treated_year` [S, D, Y]."""

    def __post_init__(self) -> None:
        problems = [*_shape_problems(self), *_share_problems(self)]
        if problems:
            raise TableRefused("; ".join(problems))

    @property
    def years(self) -> int:
        """Y."""
        return self.alive.shape[-1] - 1

    @property
    def draws(self) -> int:
        """D."""
        return self.alive.shape[1]

    def of_draws(self, part: slice) -> "YearlyEvents":
        """Some of the draws, so that many can be valued a few at a time."""
        ever = None if self.ever is None else {site: values[:, part] for site, values in self.ever.items()}
        fractures = {site: values[:, part] for site, values in self.fractures.items()}
        return replace(self, alive=self.alive[:, part], fractures=fractures, ever=ever)


def _shape_problems(table: YearlyEvents) -> list[str]:
    """Axes that do not fit each other."""
    strategies, draws, edges = table.alive.shape
    wanted = (strategies, draws, edges - 1)
    found = [f"fractures of the {s}: shape {v.shape}, expected {wanted}" for s, v in table.fractures.items()
             if v.shape != wanted]  # fmt: skip
    if strategies != len(table.strategies):
        found.append(f"{len(table.strategies)} names for {strategies} strategies")
    if table.edss.shape != (strategies, edges - 1) or table.age_y.shape != wanted[2:]:
        found.append(f"EDSS and age: shapes {table.edss.shape} and {table.age_y.shape}, expected [S, Y] and [Y]")
    return found


def _share_problems(table: YearlyEvents) -> list[str]:
    """Shares and numbers that cannot be."""
    alive, found = table.alive, []
    if not (np.isfinite(alive).all() and alive.min() >= 0.0 and alive.max() <= 1.0 + _ROUNDING):
        found.append("alive: expected shares from 0 to 1")
    elif not np.allclose(alive[..., 0], 1.0):
        found.append("alive: expected 1 at the beginning")
    elif (np.diff(alive, axis=-1) > _ROUNDING).any():
        found.append("alive: expected a share that never rises")
    bad = [site for site, values in table.fractures.items() if not np.isfinite(values).all() or values.min() < 0.0]
    return [*found, *(f"fractures of the {site}: expected numbers of 0 or more" for site in bad)]
