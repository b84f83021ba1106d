"""The parts of a hazard go together in people, so their product is too large: this takes it back.

Two things. Each part averages 1 in the population by itself, but people with low density have had more fractures, weigh
less, smoke more, fall more: where several parts are known, their product is divided by its mean in a sampled population
(`population`), as far as those parts are known. And ratios were estimated one at a time, in people who had one or two:
no cohort has seen what their product would be in somebody who has them all. Beside density, which was studied to its
end, the product levels off towards the highest that was seen.

A sampled population in which the parts of the hazard go together, as they do in people.

Everyone has a hidden normal number for each trait; a common one (frailty) has a share in illnesses, falls and earlier
fractures. Who smokes, has arthritis, takes steroids, weighs little or has broken a bone has lower density, by what
the registry says. Keyed draws: the same seed gives the same people in any order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import SEX_GROUP, Draws
from trabecula.fracture import factors, falls
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.record import FallCount, PriorFracture
from trabecula.units import Array
from trabecula.vocabulary import FRACTURE_SITES, factor_effects, fall_effects, simulated_sites

Mask = NDArray[np.bool_]

_PARTS = 5
"""Density, factors, fractures before, steroids and falls: the parts that go together."""
_COUNTS = (0, 1, 2, 4)
"""Falls last year of the sampled, the last one for three and more."""
_LONG_Y = 5.0
"""Long enough for steroids to have their settled effect."""
_TINY = 1e-9
"""Keeps a share away from 0 and 1."""


def known_parts(exposure: Exposure, draws: Draws, *, is_measured: bool) -> Any:
    """How many of the five parts something is known of: density, factors, fractures before, steroids, falls.

    One number, or a number for each of many people [n, 1].
    """
    falling = exposure.falls is not None or any(exposure.present.get(name) is not None for name in fall_effects())
    known = is_measured + (bool(factors.presence(exposure, draws)) or exposure.bmi is not None)
    known += exposure.priors is not None
    return known + _ever(np.asarray(exposure.prednisone_mg) > 0) + (True if falling else _ever(exposure.has_ms))


def _ever(on: Mask) -> Any:
    """Whether a channel [T] is ever on; of each person in one of many [n, T] as [n, 1], as a number."""
    return on.any(axis=1, keepdims=True).astype(np.int64) if on.ndim > 1 else int(on.any())


def effect(site: str, exposure: Exposure, known: Any, beside_density: Array, draws: Draws) -> Array:
    """What the product of the parts is multiplied by [n, T]; `beside_density` is that of all but density."""
    pairs, all_pairs = known * (known - 1) / 2, _PARTS * (_PARTS - 1) / 2
    whose = FRACTURE_SITES[site].joint
    mean = draws.curve(f"fracture.joint.{whose}.{SEX_GROUP[exposure.sex]}", exposure.age_y)
    return mean ** -(pairs / all_pairs) * levelled(beside_density, draws) / beside_density


def levelled(product: Array, draws: Draws) -> Array:
    """A product of ratios, unchanged near 1 and levelling off towards the highest that was seen [n, T]."""
    highest = draws.column("fracture.joint.highest")
    return product * np.sqrt((1 + highest**-2) / (1 + (product / highest) ** 2))


@dataclass(frozen=True)
class SampledGroup:
    """People who share their fractures before, steroids and falls; all else is a row of their own."""

    exposure: Exposure
    z: Mapping[str, Array]
    members: NDArray[np.intp]
    """Their numbers in the sample [n]."""


@dataclass(frozen=True)
class _Traits:
    """One array [size] for each trait of a sample."""

    present: Mapping[str, Mask]
    bmi: Array
    prior: Mask
    steroids: Mask
    count: NDArray[np.intp]
    """Which of `_COUNTS`."""


def population(base: Exposure, size: int, seed: int, draws: Draws) -> Iterator[SampledGroup]:
    """The groups of a sample of `size` people, those who are alike in fractures before, steroids and falls together.

    base: age, sex, country and the time grid; draws: one central draw. Every member is in exactly one group.
    """
    traits = _traits(base, size, seed, draws)
    z = _density(traits, size, seed, draws)
    for prior, steroids, count in np.ndindex(2, 2, len(_COUNTS)):
        alike = (traits.prior == prior) & (traits.steroids == steroids) & (traits.count == count)
        members = np.flatnonzero(alike)
        if len(members):
            exposure = _exposure(base, traits, members, draws)
            yield SampledGroup(exposure, {bone: score[members, None] for bone, score in z.items()}, members)


def _exposure(base: Exposure, traits: _Traits, members: NDArray[np.intp], draws: Draws) -> Exposure:
    """The exposure of people who share their fractures before, steroids and falls."""
    first = members[0]
    since = float(draws.column("fracture.prior.usual_years")[0, 0])
    dose = float(draws.column("fracture.sample.steroid_dose")[0, 0]) if traits.steroids[first] else 0.0
    present = {name: has[members, None] for name, has in traits.present.items() if name != "high_alcohol"}
    return replace(
        base,
        bmi=traits.bmi[members, None],
        alcohol_units_per_day=np.where(traits.present["high_alcohol"][members, None], np.inf, 0.0),
        present=present,
        density_measured=True,
        priors=(PriorFracture("forearm", since),) if traits.prior[first] else (),
        prednisone_mg=dose,
        past_prednisone_mg=np.array([dose]),
        past_dt_y=np.array([_LONG_Y]),
        falls=FallCount(float(_COUNTS[traits.count[first]]), 1.0),
    )


def _traits(base: Exposure, size: int, seed: int, draws: Draws) -> _Traits:
    """Everybody's traits but density."""
    age_y = base.age_y[:1] - base.dt_y[0] / 2
    effects = factor_effects()
    in_the_frail = [name for name, effect in effects.items() if not effect.side_by_side]
    apart = [name for name, effect in effects.items() if effect.side_by_side]
    frail = {name: _latent(name, size, seed, draws) for name in (*in_the_frail, "prior", "falls")}
    latent = {**{name: _normal(name, size, seed) for name in (*apart, "steroids", "bmi")}, **frail}
    present = {name: latent[name] > _above(float(draws.column(effect.share)[0, 0])) for name, effect in effects.items()}
    before = float(draws.curve("fracture.prior.share", age_y)[0, 0])
    mean, sd = (float(draws.column(f"fracture.bmi.{name}")[0, 0]) for name in ("average", "sd"))
    return _Traits(
        present=present,
        bmi=mean + sd * latent["bmi"],
        prior=latent["prior"] > _above(before),
        steroids=latent["steroids"] > _above(float(draws.column("fracture.sample.steroid_share")[0, 0])),
        count=_cut(latent["falls"], _count_shares(base, draws)),
    )


def _count_shares(base: Exposure, draws: Draws) -> Sequence[float]:
    """Shares with none, one, two, and three or more falls in the past year."""
    expected = falls.remembered(falls.population_rate(base.sex, base.age_y, draws)[:, :1], draws)
    all_ = falls.groups(draws)
    few = [float((all_.share * falls.count_share(all_, n, expected)).sum()) for n in _COUNTS[:-1]]
    return [*few, 1 - sum(few)]


def _density(traits: _Traits, size: int, seed: int, draws: Draws) -> Mapping[str, Array]:
    """Z-scores by bone site [size]: standard normal, lower in those whose traits lower it."""
    lower = [
        draws.column(effect.density)[0, 0] * traits.present[name]
        for name, effect in factor_effects().items()
        if effect.density is not None
    ]
    lower += [-draws.column("fracture.bmi.density")[0, 0] * traits.bmi]
    lower += [draws.column("fracture.prior.density")[0, 0] * traits.prior]
    lower += [draws.column("fracture.sample.steroid_density")[0, 0] * traits.steroids]
    shift = -np.sum(lower, axis=0)
    shift = shift - shift.mean()
    left = np.sqrt(max(1 - shift.var(), 0))
    bones = simulated_sites()
    hidden = np.array([_normal(bone, size, seed) for bone in bones])
    return dict(zip(bones, shift + left * (np.linalg.cholesky(_correlation(draws)) @ hidden), strict=True))


def _correlation(draws: Draws) -> Array:
    """How density at the sites goes together [3, 3]."""
    bones = simulated_sites()
    made = np.eye(len(bones))
    for i, one in enumerate(bones):
        for j, other in enumerate(bones[:i]):
            made[i, j] = made[j, i] = draws[f"reference.bmd_correlation.{other}.{one}"][0]
    return made


def _latent(name: str, size: int, seed: int, draws: Draws) -> Array:
    """A hidden number in which frailty has its share [size]."""
    share = draws.column("fracture.sample.frailty")[0, 0]
    return np.sqrt(share) * _normal("frailty", size, seed) + np.sqrt(1 - share) * _normal(name, size, seed)


def _normal(name: str, size: int, seed: int) -> Array:
    """A standard normal number for each person [size]."""
    return chance.normal(seed, f"fracture.sample.{name}", 0, np.arange(size))


def _above(share: float) -> float:
    """What a share of a standard normal lies above."""
    return float(chance.normal_quantile(np.array(1 - share)))


def _cut(latent: Array, shares: Sequence[float]) -> NDArray[np.intp]:
    """The class of each hidden number, in classes of given shares."""
    edges = chance.normal_quantile(np.clip(np.cumsum(shares)[:-1], _TINY, 1 - _TINY))
    return np.searchsorted(edges, latent)
