"""How often bones break in the general population, by site, age, sex and country."""

from collections.abc import Iterable, Set

import numpy as np

from trabecula.evidence import Draws, Evidence
from trabecula.fracture.curves import Array, log_curve, number
from trabecula.fracture.sites import SEX_GROUP


class CountryRefused(ValueError):
    """There is no table for a country: its risk is refused, not approximated."""

    def __init__(self, country: str, known: Iterable[str]) -> None:
        super().__init__(
            f"There is no table of fracture rates for country {country!r}."
            f" In hand: {', '.join(sorted(known))}. Rates differ several-fold between countries, so none is"
            " put in another's place: choose one of these knowingly,"
            f" or add fracture.baseline.{country.lower()}.* and its levels to the registry."
        )


def countries(evidence: Evidence) -> Set[str]:
    """The countries that have a table."""
    words = [name.split(".") for name in evidence if name.startswith("fracture.baseline.")]
    return {word[2].upper() for word in words if word[3:] == ["hip", "women"]}


def refuse_unknown(country: str, evidence: Evidence) -> None:
    """Raise CountryRefused for a country without a table."""
    if f"fracture.baseline.{country.lower()}.hip.women" not in evidence:
        raise CountryRefused(country, countries(evidence))


def incidence(site: str, sex: str, country: str, age_y: Array, draws: Draws) -> Array:
    """Fractures per person-year of the general population [n, T]."""
    refuse_unknown(country, draws.evidence)
    group, place = SEX_GROUP[sex], country.lower()
    if site == "hip":
        return _hip(group, place, age_y, draws)
    level = number(draws, f"fracture.level.{place}.{site}.{group}")
    return level * log_curve(draws, f"fracture.shape.{site}.{group}", age_y)


def _hip(group: str, place: str, age_y: Array, draws: Draws) -> Array:
    """The printed table, and below its first age a doubling every so many years."""
    name = f"fracture.baseline.{place}.hip.{group}"
    years_below = np.maximum(draws.knots(name)[0] - age_y, 0)
    doubling_y = number(draws, f"fracture.baseline.hip.doubling_below_50.{group}")
    return log_curve(draws, name, age_y) * np.exp2(-years_below / doubling_y)
