"""How a person's bones wander through life, as numbers that belong to a draw and to a birthday, not to today.

An assessment of tomorrow must differ from today's by what a day changes. So the stationary process behind the personal
factor (`level`) is drawn at birthdays, forward through life, each step keyed by the draw and the age. The days between
two birthdays that are looked at, those of the scans and the day of assessment, are filled in as a bridge, which is
exact: on every day people differ as the table says. The bridge to the day of assessment has one number a draw, and
none of it is left on a birthday or on a scan, so that the day may move without a jump.
"""

from math import ceil, floor, inf

import numpy as np

from trabecula import chance
from trabecula.evidence import Draws
from trabecula.skeleton import SITES
from trabecula.units import Array, years
from trabecula.units import days as in_days


def wandering(today: float, scanned: Array, draws: Draws, tracking_y: Array, until: float = inf) -> tuple[Array, Array]:
    """The days of a path, rising [m, d since birth], and standard normal numbers on them, one a site [n, sites, m].

    The correlation between two days falls as exp(-|t - t'| / tracking time); sites are independent here.
    today, scanned: days that are looked at, whatever the birthdays; until: the last day that matters [d since birth].
    """
    ages = _ages(today, scanned, draws, until)
    nodes, path = in_days(ages), _from_birthday_to_birthday(ages, draws, tracking_y)
    for day in np.unique(scanned):
        nodes, path = _filled_in(nodes, path, day, _luck(f"scan_{day:.0f}", 0, draws), tracking_y)
    return _filled_in(nodes, path, today, _luck("today", 0, draws), tracking_y)


def _ages(today: float, scanned: Array, draws: Draws, until: float) -> Array:
    """The birthdays of a path [y]: from youth to the end of what is looked at."""
    youth, oldest = (draws.evidence.scalar(name) for name in ("skeleton.history.start_age", "course.density_until"))
    looked_at = years(np.append(scanned, today))
    last = max(min(oldest, years(until)), looked_at.max())
    return np.arange(floor(min(youth, looked_at.min())), ceil(last) + 1.0)


def _luck(purpose: str, age_y: Array | int, draws: Draws) -> Array:
    """Standard normal numbers of each draw and site, for one age or several [sites, n] or [sites, ages, n]."""
    step = np.asarray(age_y, dtype=np.int64)[..., None]
    return np.stack([chance.normal(draws.seed, f"level.{site}.{purpose}", step, draws.keys) for site in SITES])


def _from_birthday_to_birthday(ages: Array, draws: Draws, tracking_y: Array) -> Array:
    """A stationary path on birthdays [n, sites, ages]."""
    path = np.moveaxis(_luck("birthday", ages, draws), -1, 0).copy()
    alike = np.exp(-np.diff(ages)[0] / tracking_y)[:, None]
    new = np.sqrt(1.0 - alike**2)
    for t in range(1, len(ages)):
        path[:, :, t] = alike * path[:, :, t - 1] + new * path[:, :, t]
    return path


def _filled_in(nodes: Array, path: Array, day: float, luck: Array, tracking_y: Array) -> tuple[Array, Array]:
    """Days and path with one more day, which lies between two of them: the bridge of the process.

    luck: standard normal numbers of the new day [sites, n].
    """
    right = int(np.searchsorted(nodes, day))
    if nodes[right] == day:
        return nodes, path
    before, after = (np.exp(-years(abs(day - nodes[i])) / tracking_y)[:, None] for i in (right - 1, right))
    whole = 1.0 - (before * after) ** 2
    middle = before * (1.0 - after**2) * path[:, :, right - 1] + after * (1.0 - before**2) * path[:, :, right]
    spread = np.sqrt((1.0 - before**2) * (1.0 - after**2) / whole)
    found = middle / whole + spread * luck.reshape(len(SITES), -1).T
    return np.insert(nodes, right, day), np.insert(path, right, found, axis=2)
