"""The trial of Zorzon 2005 done many times over, with as many people as it had, and as much luck.

One virtual study with its mean correlation says what the model expects; it does not say what 43 people with MS and
61 without can show. Here the trial is repeated: each time other people, with other personal levels of density, under
another draw of the uncertain numbers. The same people, luck and draws are used for the model and for its variant in
which unfilled space recruits nobody, so that bone does not recover after a pulse.

`python scripts/make_zorzon_page.py` prints the result as a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import studies
from trabecula.lab.studies.record import Study
from trabecula.lab.studies.statistics import level_of, spread_of
from trabecula.lab.studies.virtual import Readings, run
from trabecula.model import Model
from trabecula.skeleton import SITES
from trabecula.skeleton.density import site_correlation
from trabecula.units import Array

RECOVERY = "skeleton.unfilled_space.recruitment"
"""The parameter without which bone does not recover after a pulse."""
MS_ARMS = ("pulsed", "relapse_only")
"""The arms with MS."""
TOOK_PART = {
    "pulsed": "pulse_bmd.zorzon_2005.lifetime_mp_pulsed",
    "relapse_only": "pulse_bmd.zorzon_2005.lifetime_mp_relapse",
    "controls": "pulse_bmd.zorzon_2005.low_controls",
}
"""The finding that prints how many people an arm had."""
REPLICATES = 1000
"""How often the trial is done."""
PEOPLE, DRAWS = 80, 60
"""People simulated for each arm, and draws of the uncertain numbers."""
TAIL = 0.05
"""The range over replicates holds 90 %."""
SIGNIFICANT = 0.05
"""What a paper calls significant, two-sided."""
_FISHER_LOST = 3.0
"""People that Fisher's z takes off for its standard error: it is 1 / sqrt(n - 3)."""


@dataclass(frozen=True)
class TrialMeasure:
    """One number of the trial, in every replicate."""

    values: Array
    """What each trial finds [replicates]."""
    found: NDArray[np.bool_]
    """Whether this trial would have printed p < 0.05 [replicates]."""

    @property
    def mean(self) -> float:
        """What the trial finds on average."""
        return float(self.values.mean())

    @property
    def monte_carlo_se(self) -> float:
        """How far the mean may be off because there are no more replicates."""
        return float(self.values.std(ddof=1) / np.sqrt(len(self.values)))

    @property
    def range(self) -> tuple[float, float]:
        """Where 90 % of the trials lie."""
        low, high = np.quantile(self.values, (TAIL, 1.0 - TAIL))
        return float(low), float(high)

    @property
    def share_found(self) -> float:
        """Share of trials with p < 0.05."""
        return float(self.found.mean())

    def share_at_or_below(self, value: float) -> float:
        """Share of trials that find this value, or a lower one."""
        return float(np.mean(self.values <= value))


@dataclass(frozen=True)
class ZorzonTrial:
    """The trial under the model and under the variant without recovery: measures by (what, site).

    "dose" and "edss" are correlations of density with age and sex held [1], over both MS arms; "arms" (pulsed minus
    relapse-only) and "ms" (both minus controls) are differences of means in standard deviations between people [SD].
    """

    model: Mapping[tuple[str, str], TrialMeasure]
    """Measures under the model, by (what, site)."""
    without_recovery: Mapping[tuple[str, str], TrialMeasure]
    """The same people, luck and draws under the variant."""
    took_part: Mapping[str, int]
    """People in each arm, as printed."""
    replicates: int
    seed: int
    people: int
    """Simulated for each arm; replicates resample them."""
    draws: int
    """Number of Monte Carlo draws."""

    def told_apart(self, what: str, site: str) -> float:
        """Area under the ROC: the chance that a trial under the model gives the higher number; 0.5 says nothing."""
        return roc_area(self.model[what, site].values, self.without_recovery[what, site].values)


def replicate(
    model: Model, replicates: int = REPLICATES, seed: int = 1, people: int = PEOPLE, draws: int = DRAWS
) -> ZorzonTrial:
    """Do the trial so often, with people resampled from `people` simulated for each arm under `draws` draws."""
    if replicates < 2 or people < 2:
        raise ValueError(f"found {replicates} replicates of {people} people an arm; both must be at least 2")
    took_part = {arm: _counted(model.evidence, finding) for arm, finding in TOOK_PART.items()}
    found, without = (
        _measures(_pools(variant, seed, people, draws), took_part, variant.evidence, replicates, seed)
        for variant in (model, model.replacing(parameters={RECOVERY: 0.0}))
    )
    return ZorzonTrial(found, without, took_part, replicates, seed, people, draws)


def _counted(evidence: Evidence, finding: str) -> int:
    """How many people a finding is about."""
    n = evidence.finding(finding).n
    if n is None:
        raise ValueError(f"{finding}: the number of people is not entered")
    return round(n)


def _measures(
    pools: Mapping[str, "RecruitmentPool"], took_part: Mapping[str, int], evidence: Evidence, replicates: int, seed: int
) -> dict[tuple[str, str], TrialMeasure]:
    trials = {
        arm: recruited(pool, arm, took_part[arm], site_correlation(evidence), replicates, seed)
        for arm, pool in pools.items()
    }
    return measures(trials["pulsed"], trials["relapse_only"], trials["controls"])


# --- Who could take part ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecruitmentPool:
    """People of one arm at the end of the trial, from whom replicates are drawn; traits without a shape: [people]."""

    level: Mapping[str, Array]
    """Density without the personal level, by site [g/cm2, people x draws]."""
    cv: Mapping[str, Array]
    """Spread of the personal level as a share, by site [people]."""
    age_y: Array
    woman: Array
    edss: Array
    steroid_g: Array


def _pools(model: Model, seed: int, people: int, draws: int) -> dict[str, RecruitmentPool]:
    """Live through the trial, with people of its own in every arm."""
    study = studies()["zorzon_2005"]
    day = max(target.day for target in study.targets)
    sample = model.draws(draws, seed)
    lived = {arm: run(_alone(study, arm), sample, people)[arm] for arm in study.arms}
    return {arm: _pool(readings, day, model.evidence) for arm, readings in lived.items()}


def _alone(study: Study, arm: str) -> Study:
    """One arm as a study by itself: people are keyed by the id of their study."""
    return study.model_copy(update={"id": f"{study.id}.{arm}", "arms": {arm: study.arms[arm]}})


def _pool(arm: Readings, day: float, evidence: Evidence) -> RecruitmentPool:
    """The people of an arm as they are on a day."""
    column = int(np.searchsorted(arm.days, day))
    return RecruitmentPool(
        level={site: level_of(site, arm, day, evidence) for site in SITES},
        cv={site: spread_of(site, arm, evidence)[:, 0] for site in SITES},
        age_y=arm.age_y,
        woman=arm.woman.astype(np.float64),
        edss=arm.edss[:, column],
        steroid_g=arm.steroid_g[:, column],
    )


# --- Who took part ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrialGroup:
    """Those who took part in one arm or more, in every replicate [replicates, people]."""

    density: Mapping[str, Array]
    """By site [g/cm2, replicates x people]."""
    age_y: Array
    woman: Array
    edss: Array
    steroid_g: Array

    def and_(self, other: "TrialGroup") -> "TrialGroup":
        """Both groups as one."""
        return TrialGroup(
            {site: np.hstack([self.density[site], other.density[site]]) for site in SITES},
            *(
                np.hstack([getattr(self, trait), getattr(other, trait)])
                for trait in ("age_y", "woman", "edss", "steroid_g")
            ),
        )


def recruited(pool: RecruitmentPool, arm: str, size: int, correlation: Array, replicates: int, seed: int) -> TrialGroup:
    """`size` people of a pool in every replicate, each with a personal level; each replicate under one draw."""
    trial, who = np.arange(replicates)[:, None], np.arange(size)
    person = np.int64(chance.uniform(seed, f"zorzon.person.{arm}", trial, who) * len(pool.age_y))
    luck = np.stack([chance.normal(seed, f"zorzon.level.{arm}.{s}", trial, who) for s in SITES], axis=-1)
    z = luck @ np.linalg.cholesky(correlation).T
    return TrialGroup(
        {
            site: pool.level[site][person, trial % pool.level[site].shape[1]]
            * (1.0 + pool.cv[site][person] * z[:, :, i])
            for i, site in enumerate(SITES)
        },
        *(trait[person] for trait in (pool.age_y, pool.woman, pool.edss, pool.steroid_g)),
    )


# --- What was found -----------------------------------------------------------------------------------------------


def measures(pulsed: TrialGroup, relapse_only: TrialGroup, controls: TrialGroup) -> dict[tuple[str, str], TrialMeasure]:
    """What the trial reports, by (what, site)."""
    ms, neck = pulsed.and_(relapse_only), "femoral_neck"
    return {
        **{("dose", site): _correlation(ms, ms.density[site], ms.steroid_g) for site in SITES},
        **{("arms", site): _difference(pulsed.density[site], relapse_only.density[site]) for site in SITES},
        **{("ms", site): _difference(ms.density[site], controls.density[site]) for site in SITES},
        ("edss", neck): _correlation(ms, ms.density[neck], ms.edss),
    }


def _correlation(group: TrialGroup, density: Array, exposure: Array) -> TrialMeasure:
    """Correlation of density with an exposure, age and sex held."""
    held = np.stack([group.age_y, group.woman], axis=-1)
    r = partial_r(density, exposure, held)
    return TrialMeasure(r, significant(r, density.shape[1], held.shape[2]))


def partial_r(x: Array, y: Array, held: Array) -> Array:
    """Correlation of x with y [replicates, people] where both are cleared of what is held [.., k]; 0 of a constant."""
    design = np.concatenate([np.ones((*x.shape, 1)), held], axis=-1)
    inverse = np.linalg.pinv(design)
    a, b = (values - (design @ (inverse @ values[..., None]))[..., 0] for values in (x, y))
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.divide(np.sum(a * b, axis=1), size, out=np.zeros(len(x)), where=np.ptp(y, axis=1) > 0)


def _difference(a: Array, b: Array) -> TrialMeasure:
    """Difference of the means of two groups over the standard deviation within them [SD]."""
    n, m = a.shape[1], b.shape[1]
    freedom = n + m - 2
    variance = (a.var(axis=1) * n + b.var(axis=1) * m) / freedom
    d = (a.mean(axis=1) - b.mean(axis=1)) / np.sqrt(variance)
    t = d / np.sqrt(1.0 / n + 1.0 / m)
    r_with_group = t / np.sqrt(t**2 + freedom)
    return TrialMeasure(d, significant(r_with_group, n + m, 0))


def significant(r: Array, people: int, held: int) -> NDArray[np.bool_]:
    """Whether correlations differ from none with p < 0.05 (Fisher's z; a comparison of two groups is one, too)."""
    z = np.arctanh(r) * np.sqrt(people - held - _FISHER_LOST)
    return np.abs(z) > chance.normal_quantile(1.0 - SIGNIFICANT / 2.0)


def roc_area(a: Array, b: Array) -> float:
    """The chance that one of `a` is larger than one of `b`, ties counting half."""
    return float(np.mean((a[:, None] > b) + 0.5 * (a[:, None] == b)))
