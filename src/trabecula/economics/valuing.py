"""From events to QALYs and money, draw by draw.

A year is lived at the utility of its EDSS and age. A fracture takes a share of it, one in the first year since and
another for the rest of life; it costs by years since it. Fractures of a year fall on its middle, so that half of the
first year of lower utility lies in the next calendar year. Who breaks a bone is taken to live on as everybody does: the
deaths that follow are those of the table. Shares at several sites are multiplied, as if sites broke independently.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trabecula.economics.discounting import WithinYear, discount_factors, person_years
from trabecula.economics.prices import cost_schedule, unit_cost, unit_costs
from trabecula.economics.tables import YearlyEvents
from trabecula.evidence import Draws
from trabecula.units import Array


@dataclass(frozen=True)
class Rules:
    """How events are valued."""

    country: str
    price_year: int
    discount_costs: float
    discount_qalys: float
    utilities: str
    """The set of utilities by EDSS: `economics.utility.ms.<set>`."""
    fracture_utilities: str
    """The set of factors after a fracture: `economics.utility.fracture.<set>.*`."""
    timing: WithinYear = WithinYear.MIDDLE


@dataclass(frozen=True)
class Valued:
    """QALYs, life years and costs of fractures, per person [S, D]."""

    qalys: Array
    life_years: Array
    """Not discounted."""
    fracture_costs: Mapping[str, Array]
    """Discounted, by site."""


def base_utility(table: YearlyEvents, rules: Rules, draws: Draws) -> Array:
    """Utility of a year without new fractures [S, D, Y].

    With MS: the set by EDSS, moved to the age by the ratio of the general population's utility there and at the age
    for which the sets hold. Without: the general population's.
    """
    general = general_utility(table.age_y, table.male, draws)
    if np.isnan(table.edss).all():
        return np.broadcast_to(general, (len(table.strategies), *general.shape))
    there = general_utility(np.atleast_1d(draws.evidence.scalar("economics.utility.ms.sample_age")), table.male, draws)
    by_edss = np.stack([draws.curve(f"economics.utility.ms.{rules.utilities}", edss) for edss in table.edss])
    return np.minimum(by_edss * general / there, 1.0)


def general_utility(age_y: Array, male: float, draws: Draws) -> Array:
    """Utility of the general population at ages [D, ages] (Ara and Brazier 2010)."""
    constant, men, age, square = (draws.column(f"economics.utility.general.{c}") for c in _COEFFICIENTS)
    return constant + men * male + age * age_y + square * age_y**2


_COEFFICIENTS = ("constant", "male", "age", "age2")


def valued(table: YearlyEvents, rules: Rules, draws: Draws) -> Valued:
    """Value a table under its draws: as many as the table has, and the same ones."""
    lived = person_years(table.alive, rules.timing)
    worth = discount_factors(rules.discount_qalys, table.years, rules.timing)
    utility = base_utility(table, rules, draws) * utility_left(table, rules, draws)
    costs = {site: _site_cost(table, site, rules, draws) for site in table.fractures}
    return Valued((lived * utility) @ worth, lived.sum(axis=-1), costs)


def utility_left(table: YearlyEvents, rules: Rules, draws: Draws) -> Array:
    """Factor that fractures leave of a year's utility, on average over those alive [S, D, Y]."""
    alive = person_years(table.alive, rules.timing)
    left = np.ones_like(alive)
    for site in table.fractures:
        first, later = _factors(site, rules, draws)
        recent, past = _since(table, site)
        share = np.divide(1.0, alive, out=np.zeros_like(alive), where=alive > 0.0)
        lost = (1.0 - first) * np.minimum(recent * share, 1.0) + (1.0 - later) * np.minimum(past * share, 1.0)
        left *= np.clip(1.0 - lost, 0.0, 1.0)
    return left


def _factors(site: str, rules: Rules, draws: Draws) -> tuple[Array, Array]:
    """Factors of utility in the first year since a fracture and later [D, 1]; for a site without its own, of others."""
    room = f"economics.utility.fracture.{rules.fracture_utilities}"
    own = f"{room}.{site}" if f"{room}.{site}.year1" in draws.evidence else f"{room}.other"
    later = f"{own}.later"
    none = np.ones((draws.n, 1))
    return draws.column(f"{own}.year1"), draws.column(later) if later in draws.evidence else none


def _since(table: YearlyEvents, site: str) -> tuple[Array, Array]:
    """People in the first year since a fracture, and people beyond it, on average over each year [S, D, Y].

    Fractures fall on the middle of a year: half of a first year since them is lived in it, half in the next.
    """
    new = table.fractures[site]
    carried = _survivors(table)
    before = np.concatenate([np.zeros_like(new[..., :1]), new[..., :-1] * carried[..., 1:]], axis=-1)
    recent = 0.5 * (new + before)
    return recent, np.maximum(_ever(table, site) - recent, 0.0)


def _survivors(table: YearlyEvents) -> Array:
    """Of those alive in the middle of the year before, the share alive in the middle of a year [S, D, Y]; 1 first."""
    middle = person_years(table.alive)
    ratio = np.divide(middle[..., 1:], middle[..., :-1], out=np.zeros_like(middle[..., 1:]), where=middle[..., :-1] > 0)
    return np.concatenate([np.ones_like(ratio[..., :1]), ratio], axis=-1)


def _ever(table: YearlyEvents, site: str) -> Array:
    """People alive in the middle of a year who have broken the site since the beginning [S, D, Y]."""
    if table.ever is not None:
        given = table.ever[site]
        return 0.5 * (given + np.concatenate([np.zeros_like(given[..., :1]), given[..., :-1]], axis=-1))
    alive = person_years(table.alive)
    rate = np.divide(table.fractures[site], alive, out=np.zeros_like(alive), where=alive > 0.0)
    return alive * -np.expm1(-(np.cumsum(rate, axis=-1) - 0.5 * rate))


def _site_cost(table: YearlyEvents, site: str, rules: Rules, draws: Draws) -> Array:
    """Discounted cost of fractures of a site [S, D]."""
    total = np.zeros(table.alive.shape[:2])
    for name in _cost_names(site, rules.country):
        schedule = cost_schedule(unit_cost(name), draws, rules.price_year)
        total += _spent(table, table.fractures[site], schedule) @ discount_factors(
            rules.discount_costs, table.years, rules.timing
        )
    return total


def _cost_names(site: str, country: str) -> list[str]:
    """The costs on record for a fracture of a site in a country; CostRefused where there is none."""
    own = f"{country.lower()}.{site}"
    first = own if own in unit_costs() else unit_cost(f"{country.lower()}.other").name
    return [first, *([f"{own}.care"] if f"{own}.care" in unit_costs() else [])]


def _spent(table: YearlyEvents, events: Array, schedule: Array) -> Array:
    """What is spent in each year, of events [S, D, Y] that cost by year since them [D, K]; K is cut at the horizon.

    A first year's cost falls on the year of the event, most of it being the stay in hospital; a later year's on those
    who are still alive.
    """
    reach = np.cumprod(_survivors(table)[..., 1:], axis=-1) if table.years > 1 else np.ones((*events.shape[:2], 0))
    alive = np.concatenate([np.ones_like(events[..., :1]), reach], axis=-1)
    spent = np.zeros_like(events)
    for lag in range(min(schedule.shape[1], table.years)):
        part = events[..., : table.years - lag]
        start = alive[..., : table.years - lag]
        living = np.divide(alive[..., lag:], start, out=np.zeros_like(start), where=start > 0.0)
        spent[..., lag:] += part * living * schedule[:, lag][None, :, None]
    return spent
