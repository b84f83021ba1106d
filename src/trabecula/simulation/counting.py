"""From lives to counts by year and stratum, in whole quanta: sums of whole numbers are the same in any order."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import SEX_GROUP
from trabecula.simulation.life import Year
from trabecula.units import Array

QUANTUM = 2.0**-20
"""What a count is counted in: person-years and falls of a person are rounded to a millionth."""
DECADES = (0, 30, 40, 50, 60, 70, 80, 90)
"""Where the strata of age begin [y]."""
_OSTEOPOROSIS, _OSTEOPENIA = -2.5, -1.0

Row = tuple[int, str, str, int]
"""Year, stratum, measure, and its value in quanta."""


def counted(year: Year, sex: str) -> Iterator[Row]:
    """The rows of a year of a crowd; what did not happen in a stratum has none."""
    decade = np.digitize(year.age_y, DECADES) - 1
    for measure, of_each in _measures(year):
        quanta = np.round(of_each / QUANTUM).astype(np.int64)
        for place in np.unique(decade[quanta != 0]).tolist():
            yield year.number, stratum(sex, place), measure, int(quanta[decade == place].sum())


def stratum(sex: str, place: int) -> str:
    """The name of a stratum: women.60-69."""
    low = DECADES[place]
    name = f"{low}+" if place == len(DECADES) - 1 else f"{low}-{DECADES[place + 1] - 1}"
    return f"{SEX_GROUP[sex]}.{name}"


def _measures(year: Year) -> Iterator[tuple[str, Array | NDArray[np.int64]]]:
    """What each person adds to each measure [n]."""
    yield "people", year.alive.astype(np.int64)
    yield "person_years", year.lived_y
    yield "deaths", year.died.astype(np.int64)
    yield "falls", year.falls
    yield "edss_years", year.lived_y * year.edss
    for site, n in year.fractures.items():
        yield f"fractures.{site}", n
    total = np.sum(list(year.fractures.values()), axis=0)
    yield "fractures.any", total
    yield "people_with_fracture", (total > 0).astype(np.int64)
    for name, came in year.firsts.items():
        yield f"first_fractures.{name}", came.astype(np.int64)
    yield "scans", year.scanned.astype(np.int64)
    yield "treatments_begun", year.begins.astype(np.int64)
    yield "people_treated", year.treated.astype(np.int64)
    lowest = np.min(list(year.t_scores.values()), axis=0)
    neck = year.t_scores["femoral_neck"]
    either = np.minimum(neck, year.t_scores["lumbar_spine"])
    for name, score in (("", lowest), (".femoral_neck", neck), (".neck_or_spine", either)):
        yield f"osteoporosis{name}", (year.alive & (score <= _OSTEOPOROSIS)).astype(np.int64)
        low = (score > _OSTEOPOROSIS) & (score < _OSTEOPENIA)
        yield f"osteopenia{name}", (year.alive & low).astype(np.int64)
