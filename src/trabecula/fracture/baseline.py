"""How often bones break in the general population, by site, age, sex and country."""

from collections.abc import Iterable, Set

import numpy as np

from trabecula.evidence import SEX_GROUP, Draws, Evidence
from trabecula.units import Array
from trabecula.vocabulary import COUNTRIES, FRACTURE_SITES, country_name
from trabecula.words.message import Message, MessageError, verbatim

ADDING = "docs/how-to/add-a-country.md"
"""Where it is told how a country is added by data."""


class CountryRefused(MessageError):
    """There is no table for a country: its risk is refused, not approximated."""

    def __init__(self, country: str, known: Iterable[str]) -> None:
        in_hand = tuple(verbatim(key) for key in sorted(known))
        values = {"country": country_name(country), "known": in_hand, "page": verbatim(ADDING)}
        super().__init__(Message("refusal.country", values))


class AgeRefused(MessageError):
    """An age for which no table says anything: children, and people beyond the oldest age [y]."""

    def __init__(self, age_y: float, youngest_y: float, oldest_y: float) -> None:
        super().__init__(Message("refusal.age", {"age": age_y, "low": youngest_y, "high": oldest_y}))


def countries(evidence: Evidence) -> Set[str]:
    """The countries that have their tables."""
    return {key for key in COUNTRIES if _has_tables(key, evidence)}


def _has_tables(country: str, evidence: Evidence) -> bool:
    """Whether the registry has what a country needs: life tables, and rates at every site."""
    return all(any(name in evidence for name in names) for names in COUNTRIES[country].tables())


def refuse_ages(age_y: Array, draws: Draws) -> None:
    """Raise AgeRefused when somebody is too young or too old for the tables on the first day; later they hold level."""
    bounds = ("fracture.age.youngest", "mortality.lifetime_until")
    youngest, oldest = (float(draws.column(name)[0, 0]) for name in bounds)
    first = float(np.ravel(age_y)[0])
    if not youngest <= first <= oldest:
        raise AgeRefused(first, youngest, oldest)


def refuse_without_tables(country: str, age_y: Array, draws: Draws) -> None:
    """Raise CountryRefused or AgeRefused where no table says anything: a person is refused before anything is marched.

    age_y: from the first day on [T].
    """
    has_tables = draws.once(("tables", country), lambda: country in COUNTRIES and _has_tables(country, draws.evidence))
    if not has_tables:
        raise CountryRefused(country, countries(draws.evidence))
    refuse_ages(age_y, draws)


def incidence(site: str, sex: str, country: str, age_y: Array, draws: Draws) -> Array:
    """Fractures per person-year of the general population [n, T].

    age_y: at the middle of each step [T]. A printed table by age where the country has one for the site; else a level
    of its own times the shape over age that all countries share, turned where its printed probabilities ask for it
    (decision 6). Raises CountryRefused and AgeRefused.
    """
    refuse_without_tables(country, age_y, draws)
    group, place = SEX_GROUP[sex], COUNTRIES[country].registry
    if f"fracture.baseline.{place}.{site}.{group}" in draws.evidence:
        return _printed(site, group, place, age_y, draws)
    level = draws.column(f"fracture.level.{place}.{site}.{group}")
    return level * shape(site, group, age_y, draws) * _turn(site, group, place, age_y, draws)


def shape(site: str, group: str, age_y: Array, draws: Draws) -> Array:
    """How often bones break at each age over the level of a country, which all countries share [n, T]."""
    found = draws.log_curve(f"fracture.shape.{site}.{group}", age_y)
    young = group == "men" and not FRACTURE_SITES[site].turned
    return found * draws.log_curve("fracture.young.men", age_y) if young else found


def stand_in_ratio(stands_in_for: str | None, draws: Draws) -> Array:
    """Fracture rates of a country without tables over those of the one that stands in [n, 1]; 1 where none does."""
    return np.ones((1, 1)) if stands_in_for is None else draws.column("fracture.stand_in.ratio")


def _printed(site: str, group: str, place: str, age_y: Array, draws: Draws) -> Array:
    """The printed table of a site; at the hip a doubling every so many years below its first age [n, T]."""
    name = f"fracture.baseline.{place}.{site}.{group}"
    rate = draws.log_curve(name, age_y)
    if site != "hip":
        return rate
    years_below = np.maximum(draws.knots(name)[0] - age_y, 0)
    doubling_y = draws.column(f"fracture.baseline.hip.doubling_below_50.{group}")
    return rate * np.exp2(-years_below / doubling_y)


def _turn(site: str, group: str, place: str, age_y: Array, draws: Draws) -> Array:
    """How a country departs from the common shape over age; the shapes are those of the first country."""
    name = f"fracture.turn.{place}.{group}"
    if not FRACTURE_SITES[site].turned or name not in draws.evidence:
        return np.ones((1, 1))
    return draws.log_curve(name, age_y)
