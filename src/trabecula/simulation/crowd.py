"""Virtual people as columns: who they are, how their MS runs, what they bring to bones, falls and fractures.

Every number is a pure function of seed, purpose and the person's number, so that nobody depends on who else is drawn.
MS is drawn from the same numbers as in the virtual register (`people`), factors as in the sampled population that the
hazards are put together from (`fracture.dependence`): frailty has a share in illnesses, falls and fractures before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.fracture import falls
from trabecula.people import expected_edss
from trabecula.people.luck import Luck
from trabecula.simulation.draw import OneDraw
from trabecula.simulation.scenario import StudiedPeople
from trabecula.skeleton import SITES, TRAITS, Traits
from trabecula.skeleton.density import reference_mean, reference_sd, site_correlation
from trabecula.units import Array
from trabecula.vocabulary import factor_effects

Flags = NDArray[np.bool_]

_AGES_A_YEAR = 12
"""How finely ages are drawn from the survivors of a life table."""
_FRAILTIES = np.exp(np.linspace(np.log(1e-9), np.log(200.0), 4000))
"""Where the distribution of frailty is written down; 1 is the mean."""
_ALMOST = 1e-9
"""Keeps a share away from 0 and 1."""
YEARS_OF_MS = 80
"""No course is longer."""


@dataclass(frozen=True)
class Illness:
    """How MS runs in each of them."""

    onset_age_y: Array
    """Age at the first symptom [n]."""
    speed: Array
    """How fast disability comes on, 1 as in the expected course [n]."""
    primary: Flags
    """Whether it is primary progressive [n]."""
    relapse: Array
    """Luck of each year since onset: whether there is a relapse [n, YEARS_OF_MS]."""
    relapse_day: Array
    """When in the year [n, YEARS_OF_MS]."""
    treated: Array
    """Whether it is treated [n, YEARS_OF_MS]."""
    length: Array
    """How long the treatment is [n, YEARS_OF_MS]."""


@dataclass(frozen=True)
class Crowd:
    """People of one sex, each a row."""

    sex: str
    luck: Luck
    """What else is drawn for them."""
    age_y: Array
    """On the first day [n]."""
    menopause_y: Array
    """Age at the last period; infinite in men [n]."""
    bmi: Array
    """[kg/m2, n]."""
    present: Mapping[str, Flags]
    """Factors beyond density, by name [n]."""
    prior: Flags
    """Whether a bone broke before the first day [n]."""
    fall_frailty: Array
    """How much more a person falls than people alike, 1 on average [n]."""
    level: Mapping[str, Array]
    """Z-score of the personal factor of density by site [n]."""
    cv: Mapping[str, Array]
    """Its spread between people [n]."""
    traits: Traits
    """How their skeletons differ from others."""
    tablets: tuple[Array, Array, Array]
    """Long-term steroids: from when to when [y from the first day], and the dose [mg/d of prednisone; 0: none] [n]."""
    illness: Illness | None
    """None without MS."""

    def __len__(self) -> int:
        return len(self.age_y)

    def edss(self, time_y: Array, draw: OneDraw) -> Array:
        """Disability at times from the first day [y, T]; nan before onset and without MS [n, T]."""
        if self.illness is None:
            return np.full((len(self), len(time_y)), np.nan)
        since = self.age_y[:, None] + time_y - self.illness.onset_age_y[:, None]
        along = since * self.illness.speed[:, None]
        courses = (expected_edss(along, name, draw.evidence) for name in ("primary_progressive", "relapsing"))
        return np.where(since < 0.0, np.nan, np.where(self.illness.primary[:, None], *courses))


def crowds(group: StudiedPeople, who: NDArray[np.int64], seed: int, draw: OneDraw) -> list[Crowd]:
    """The people of some numbers, women and men apart."""
    women = Luck(seed, who).uniform("sex") < _share_of_women(group, draw)
    both = (("female", who[women]), ("male", who[~women]))
    return [_crowd(group, sex, Luck(seed, some), draw) for sex, some in both if len(some)]


def _share_of_women(group: StudiedPeople, draw: OneDraw) -> float:
    """As the scenario says, or as usual."""
    if group.women is not None:
        return group.women
    return draw.evidence.scalar("fall.ms.women.share" if group.who == "ms" else "people.women")


def _crowd(group: StudiedPeople, sex: str, luck: Luck, draw: OneDraw) -> Crowd:
    """People of one sex."""
    age = _ages(group, sex, luck, draw)
    mean, sd = (float(draw[f"menopause.age.{name}"][0]) for name in ("mean", "sd"))
    latent = _Latent(luck, float(draw["fracture.sample.frailty"][0]))
    present = {
        name: latent(name, frail=not effect.side_by_side) > _above(draw[effect.share][0])
        for name, effect in factor_effects().items()
    }
    bmi_z = latent("bmi")
    prior = latent("prior", frail=True) > _above(draw.curve("fracture.prior.share", age[:, None])[:, 0])
    illness = _illness(luck, age, draw) if group.who == "ms" else None
    ratio = {s: reference_mean(draw.evidence, s, sex, age) for s in SITES}
    return Crowd(
        sex, luck, age,
        mean + sd * luck.normal("menopause") if sex == "female" else np.full(len(age), np.inf),
        draw["fracture.bmi.average"][0] + draw["fracture.bmi.sd"][0] * bmi_z,
        present, prior, _frailty(latent("falls", frail=True), draw), _levels(present, bmi_z, prior, age, luck, draw),
        {s: reference_sd(draw.evidence, s, sex, age) / ratio[s] for s in SITES},
        {name: luck.normal(f"trait.{name}") for name in TRAITS}, _tablets(luck, age, illness, draw), illness,
    )  # fmt: skip


def _ages(group: StudiedPeople, sex: str, luck: Luck, draw: OneDraw) -> Array:
    """Ages on the first day: as people with MS have them, or those of the survivors of the life table."""
    low, high = group.age.youngest, group.age.oldest
    if group.who == "ms":
        mean, sd = (draw.evidence.scalar(f"people.age.ms.{name}") for name in ("mean", "sd"))
        return luck.between("age", mean, sd, low, high)
    at = np.arange(low * _AGES_A_YEAR, high * _AGES_A_YEAR + 1) / _AGES_A_YEAR
    rates = draw.model.hazards.background_death(sex, group.country, at, draw)[0]
    alive = np.exp(-np.append(0.0, np.cumsum((rates[1:] + rates[:-1]) / 2.0) / _AGES_A_YEAR))
    share = np.append(0.0, np.cumsum((alive[1:] + alive[:-1]) / 2.0))
    return np.interp(luck.uniform("age"), share / share[-1], at)


@dataclass(frozen=True)
class _Latent:
    """Hidden numbers, in some of which frailty has its share."""

    luck: Luck
    share: float

    def __call__(self, name: str, *, frail: bool = False) -> Array:
        """One standard normal number a person."""
        own = self.luck.normal(f"factor.{name}")
        if not frail:
            return own
        return np.sqrt(self.share) * self.luck.normal("factor.frailty") + np.sqrt(1.0 - self.share) * own


def _above(share: Array | float) -> Array:
    """What a share of a standard normal lies above."""
    return chance.normal_quantile(1.0 - np.asarray(share))


def _frailty(latent: Array, draw: OneDraw) -> Array:
    """The frailty at each place of its distribution: two groups, within each a gamma (`fracture.falls`)."""
    groups = falls.groups(draw)
    k = float(groups.shape[0, 0])
    below = np.zeros_like(_FRAILTIES)
    for share, mean in zip(groups.share[0], groups.mean[0], strict=True):
        x = _FRAILTIES * k / mean
        density = x**k * np.exp(-x)  # of the logarithm
        below += share * np.cumsum(density) / density.sum()
    return np.interp(chance.normal_cdf(latent), below, _FRAILTIES)


def _levels(
    present: Mapping[str, Flags], bmi_z: Array, prior: Flags, age: Array, luck: Luck, draw: OneDraw
) -> Mapping[str, Array]:
    """Personal factors of density: standard normal in all, lower in those whose factors lower it."""
    shift, spread = np.zeros(len(age)), np.zeros(len(age))
    for name, effect in factor_effects().items():
        if effect.density is not None:
            lower, share = draw[effect.density][0], draw[effect.share][0]
            shift -= lower * (present[name] - share)
            spread += lower**2 * share * (1.0 - share)
    lower, share = draw["fracture.prior.density"][0], draw.curve("fracture.prior.share", age[:, None])[:, 0]
    heavy = draw["fracture.bmi.density"][0] * draw["fracture.bmi.sd"][0]
    shift += heavy * bmi_z - lower * (prior - share)
    spread += heavy**2 + lower**2 * share * (1.0 - share)
    own = np.linalg.cholesky(site_correlation(draw.evidence)) @ np.stack([luck.normal(f"level.{s}") for s in SITES])
    left = np.sqrt(np.maximum(1.0 - spread, 0.0))
    return {site: shift + left * own[i] for i, site in enumerate(SITES)}


def _illness(luck: Luck, age: Array, draw: OneDraw) -> Illness:
    """MS, from the same numbers as in the virtual register."""
    scalar = draw.evidence.scalar
    mean, sd, youngest = (scalar(f"people.onset.{name}") for name in ("mean", "sd", "youngest"))
    onset = luck.between("onset", mean, sd, youngest, np.maximum(age - 1.0, youngest + 1.0))
    return Illness(
        np.minimum(onset, age - 1.0),
        np.exp(scalar("people.ms.speed_log_sd") * luck.normal("speed")),
        luck.uniform("ms.primary_progressive") < scalar("fall.ms.primary_progressive.share"),
        *(luck.uniform(f"ms.{name}", YEARS_OF_MS) for name in ("relapse", "day", "treated", "length")),
    )


def _tablets(luck: Luck, age: Array, illness: Illness | None, draw: OneDraw) -> tuple[Array, Array, Array]:
    """Long-term steroids before the first day in MS; in others for five years before it and on."""
    none, scalar = np.zeros(len(age)), draw.evidence.scalar
    if illness is None:
        taken = luck.normal("factor.steroids") > _above(draw["fracture.sample.steroid_share"][0])
        dose = np.where(taken, draw["fracture.sample.steroid_dose"][0], 0.0)
        return none - _LONG_Y, none + np.inf, dose
    begin = -(age - illness.onset_age_y) * luck.uniform("ms.oral_start")
    amount, tablet = luck.uniform("ms.oral_dose"), scalar("people.ms.oral.tablet_mg")
    end = np.minimum(0.0, begin + scalar("people.ms.oral.longest") * amount)
    dose = np.maximum(np.round(scalar("people.ms.oral.most_mg") * amount / tablet) * tablet, tablet)
    return begin, end, np.where(luck.uniform("ms.oral") < scalar("people.ms.oral"), dose, 0.0)


_LONG_Y = 5.0
"""Long enough for steroids to have their settled effect."""
