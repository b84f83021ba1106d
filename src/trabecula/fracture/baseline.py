"""How often bones break in the general population, by site, age, sex and country."""

from collections.abc import Iterable, Set

import numpy as np

from trabecula.evidence import Draws, Evidence
from trabecula.fracture.curves import Array, log_curve, number
from trabecula.fracture.sites import SEX_GROUP

_TURNED = ("spine", "forearm", "humerus")
"""Sites whose shape over age a country may turn: those that its printed probabilities speak of."""


class CountryRefused(ValueError):
    """There is no table for a country: its risk is refused, not approximated."""

    def __init__(self, country: str, known: Iterable[str]) -> None:
        super().__init__(
            f"There is no table of fracture rates for country {country!r}."
            f" In hand: {', '.join(sorted(known))}. Rates differ several-fold between countries, so none is"
            " put in another's place: choose one of these knowingly,"
            f" or add fracture.baseline.{country.lower()}.* and its levels to the registry."
        )


class AgeRefused(ValueError):
    """An age for which no table says anything."""

    def __init__(self, age_y: float, youngest_y: float, oldest_y: float) -> None:
        super().__init__(
            f"There is no table of fracture rates at age {age_y:.1f}: those in hand are for"
            f" {youngest_y:g} to {oldest_y:g} years. Check the date of birth and the day of assessment;"
            " children's fractures are another matter, and nothing is said about them."
        )


def countries(evidence: Evidence) -> Set[str]:
    """The countries that have a table."""
    words = [name.split(".") for name in evidence if name.startswith("fracture.baseline.")]
    return {word[2].upper() for word in words if word[3:] == ["hip", "women"]}


def refuse_unknown(country: str, evidence: Evidence) -> None:
    """Raise CountryRefused for a country without a table."""
    if f"fracture.baseline.{country.lower()}.hip.women" not in evidence:
        raise CountryRefused(country, countries(evidence))


def refuse_ages(age_y: Array, draws: Draws) -> None:
    """Raise AgeRefused when somebody is too young or too old for the tables on the first day; later they hold level."""
    youngest, oldest = (
        float(number(draws, name)[0, 0]) for name in ("fracture.age.youngest", "mortality.lifetime_until")
    )
    first = float(np.ravel(age_y)[0])
    if not youngest <= first <= oldest:
        raise AgeRefused(first, youngest, oldest)


def incidence(site: str, sex: str, country: str, age_y: Array, draws: Draws) -> Array:
    """Fractures per person-year of the general population [n, T]."""
    refuse_unknown(country, draws.evidence)
    refuse_ages(age_y, draws)
    group, place = SEX_GROUP[sex], country.lower()
    if site == "hip":
        return _hip(group, place, age_y, draws)
    level = number(draws, f"fracture.level.{place}.{site}.{group}")
    return (
        level
        * log_curve(draws, f"fracture.shape.{site}.{group}", age_y)
        * _turn(site, group, place, age_y, draws)
    )


def _hip(group: str, place: str, age_y: Array, draws: Draws) -> Array:
    """The printed table, and below its first age a doubling every so many years."""
    name = f"fracture.baseline.{place}.hip.{group}"
    years_below = np.maximum(draws.knots(name)[0] - age_y, 0)
    doubling_y = number(draws, f"fracture.baseline.hip.doubling_below_50.{group}")
    return log_curve(draws, name, age_y) * np.exp2(-years_below / doubling_y)


def _turn(site: str, group: str, place: str, age_y: Array, draws: Draws) -> Array:
    """How a country departs from the common shape over age; the shapes are those of the first country."""
    name = f"fracture.turn.{place}.{group}"
    if site not in _TURNED or name not in draws.evidence:
        return np.ones((1, 1))
    return log_curve(draws, name, age_y)
