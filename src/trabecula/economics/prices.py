"""Money with its year: what a price of one year is in the prices of another, and the unit costs of a country.

A cost without a price year, a country or a record is refused by its name: it is never taken for one of today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from trabecula.data_files import DataError, read_mapping
from trabecula.evidence import Draws, Evidence
from trabecula.units import Array

_DATA = Path(__file__).parent / "data"
_FIELDS = frozenset({"parameter", "country", "currency", "price_year", "says"})


class CostRefused(DataError, ValueError):
    """A cost that is not on record, or cannot be brought to the prices that were asked for."""


@dataclass(frozen=True)
class UnitCost:
    """One cost on record: a parameter with its money's country, currency and year."""

    name: str
    parameter: str
    country: str
    currency: str
    price_year: int
    """The financial year that ends in it, for the UK."""
    says: str
    """How the year is known."""


@cache
def unit_costs() -> Mapping[str, UnitCost]:
    """Every cost on record, by name such as `uk.hip`; DataError for a table that is not in order."""
    rows = read_mapping(_DATA / "unit_costs.yaml")
    problems = [f"unit_costs.yaml: {name}: {text}" for name, row in rows.items() for text in _row_problems(row)]
    if problems:
        raise DataError(problems)
    return {name: UnitCost(name, **row) for name, row in rows.items()}


def _row_problems(row: Any) -> list[str]:
    """Fields that are missing or unknown."""
    fields = set(row) if isinstance(row, Mapping) else set()
    missing, more = sorted(_FIELDS - fields), sorted(fields - _FIELDS)
    return [f"missing {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(more)}"] * bool(more)


def unit_cost(name: str) -> UnitCost:
    """A cost by its name; CostRefused with the names of its country where there is none."""
    known = unit_costs()
    if name not in known:
        country = name.split(".")[0]
        near = [other for other in known if other.startswith(f"{country}.")] or sorted({n.split(".")[0] for n in known})
        raise CostRefused([f"{name}: no such cost on record; on record are {', '.join(near)}"])
    return known[name]


def price_factor(evidence: Evidence, country: str, from_year: int, to_year: int) -> float:
    """What prices of one year are multiplied by to be prices of another.

    The index of a country is `economics.index.<country>.*`; without one only the same year is answered.
    """
    if from_year == to_year:
        return 1.0
    index = f"economics.index.{country.lower()}.nhs"
    if index not in evidence:
        raise CostRefused([
            f"prices of {country}: found the years {from_year} and {to_year}, and no price index of this country on"
            f" record; use prices of one year"
        ])  # fmt: skip
    known, values = evidence.curve(index)
    for year in (from_year, to_year):
        if not known[0] <= year <= known[-1]:
            expected = f"from {known[0]:.0f} to {known[-1]:.0f}"
            raise CostRefused([f"prices of {country}: found the year {year}; expected a year {expected}"])
    before, after = np.interp([from_year, to_year], known, values)
    return float(after / before)


def cost_schedule(cost: UnitCost, draws: Draws, to_year: int) -> Array:
    """What an event costs in each year since it, in prices of a year [draws, K]; one column for a single price."""
    factor = price_factor(draws.evidence, cost.country, cost.price_year, to_year)
    values = np.asarray(draws[cost.parameter], dtype=np.float64)
    return factor * (values if values.ndim > 1 else values[:, None])
