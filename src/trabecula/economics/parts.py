"""One person's part of an evaluation: what happens under every strategy, valued under every draw."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula.economics.discounting import discount_factors, person_years
from trabecula.economics.prices import price_factor, unit_cost
from trabecula.economics.strategies import Strategy, StrategyCost, StrategyFile
from trabecula.economics.tables import YearlyEvents
from trabecula.economics.valuing import Rules, valued
from trabecula.evidence import Draws
from trabecula.units import Array

FRACTURES = "fractures"
"""The category of what fractures cost, beside those of the file."""

Part = dict[str, NDArray[Any]]
"""Totals per person [S, D], by name: qalys, life_years, cost.<what for>, fractures.<site>."""


def person_part(table: YearlyEvents, file: StrategyFile, rules: Rules, draws: Draws) -> Part:
    """Value one person's table."""
    value = valued(table, rules, draws)
    part: Part = {"qalys": value.qalys, "life_years": value.life_years}
    part[f"cost.{FRACTURES}"] = sum(value.fracture_costs.values(), np.zeros_like(value.qalys))
    for name, cost in strategy_costs(table, file, rules, draws).items():
        part[f"cost.{name}"] = cost
    return part | {f"fractures.{site}": numbers.sum(axis=-1) for site, numbers in table.fractures.items()}


def mean_table(table: YearlyEvents) -> Part:
    """The events on average over the draws, as arrays that can be kept."""
    sites = {f"mean.{site}": numbers.mean(axis=1, keepdims=True) for site, numbers in table.fractures.items()}
    alive = table.alive.mean(axis=1, keepdims=True)
    return sites | {"alive": alive, "edss": table.edss, "age_y": table.age_y, "male": np.array(table.male)}


def table_of(strategies: tuple[str, ...], kept: Part) -> YearlyEvents:
    """The table that `mean_table` kept."""
    fractures = {name.removeprefix("mean."): kept[name] for name in kept if name.startswith("mean.")}
    return YearlyEvents(strategies, kept["alive"], fractures, kept["edss"], kept["age_y"], float(kept["male"]))


def strategy_costs(table: YearlyEvents, file: StrategyFile, rules: Rules, draws: Draws) -> dict[str, Array]:
    """Discounted costs beyond fractures, by what they are for [S, D]."""
    found: dict[str, Array] = {}
    factors = discount_factors(rules.discount_costs, table.years, rules.timing)
    for s, strategy in enumerate(file.strategies):
        for cost in () if strategy.costs == "nothing" else strategy.costs:
            total = found.setdefault(cost.cost or cost.what or "", np.zeros(table.alive.shape[:2]))
            amount = _amount(cost, file, draws)
            if table.counts is not None and cost.per in table.counts:
                total[s] += amount * (table.counts[cost.per][s] @ factors)
            else:
                total[s] += amount * _times(cost, strategy, table.alive[s], factors, rules)
    return found


def _amount(cost: StrategyCost, file: StrategyFile, draws: Draws) -> Array:
    """What it costs once or a year, in the prices of the file [D]."""
    if cost.cost is None:
        factor = price_factor(draws.evidence, file.country, int(cost.price_year or file.price_year), file.price_year)
        return np.full(draws.n, factor * float(cost.amount or 0.0))
    known = unit_cost(cost.cost)
    return price_factor(draws.evidence, known.country, known.price_year, file.price_year) * draws[known.parameter]


def _times(cost: StrategyCost, strategy: Strategy, alive: Array, factors: Array, rules: Rules) -> Array:
    """How often it is paid, discounted, per person at the start [D]; once: by those alive at the start of its year."""
    takers = strategy.taken_by if cost.paid_for == "takers" else 1.0
    years = len(factors)
    if cost.at_year >= years:
        return np.zeros(len(alive))
    if cost.per == "once":
        return takers * alive[:, cost.at_year] * (1.0 + rules.discount_costs) ** -cost.at_year
    end = years if cost.years is None else min(cost.at_year + cost.years, years)
    going_on = np.clip(end - np.arange(years), 0.0, 1.0) * (np.arange(years) >= cost.at_year)
    return takers * (person_years(alive, rules.timing) * going_on) @ factors
