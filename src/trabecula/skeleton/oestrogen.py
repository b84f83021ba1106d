"""How much oestrogen reaches the skeleton: 1 in a woman before the menopause and a man of 40, 0 at none."""

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Draws
from trabecula.timeline import Timeline
from trabecula.timeline.record import AVERAGE_MENOPAUSE
from trabecula.units import years

Array = NDArray[np.float64]
_NEARLY_ALL = 1.0 - 1e-12  # the quantile of 1 is infinite
_MENOPAUSES = 11  # points of a quadrature over the age at menopause


def menopause_ages(timeline: Timeline, draws: Draws) -> Array:
    """Age at the final menstrual period of each draw [n, y]: the recorded one, or one drawn.

    An age that is not known yet is drawn from the population's, given that it has not come by the day of the
    assessment; men get infinity.
    """
    if timeline.sex == "male":
        return np.full(draws.n, np.inf)
    if timeline.menopause_age_y is not None:
        return np.full(draws.n, timeline.menopause_age_y)
    mean, sd = draws["menopause.age.mean"], draws["menopause.age.sd"]
    luck = (
        chance.uniform(draws.seed, "menopause_age", 0, np.arange(draws.n)) if draws.n > 1 else np.array([0.5])
    )
    not_before = chance.normal_cdf((timeline.menopause_not_before_y - mean) / sd)
    share = np.minimum(
        not_before + (1.0 - not_before) * luck, _NEARLY_ALL
    )  # somebody of 80 may say "not yet"
    return np.maximum(mean + sd * chance.normal_quantile(share), timeline.menopause_not_before_y)


def oestrogen(timeline: Timeline, draws: Draws) -> tuple[Array, Array]:
    """Oestrogen at the start and the end of each segment of the timeline [n, K], 0..1."""
    natural = _without_medicines(timeline, draws)
    kept = _kept(timeline, draws)
    made_up = draws["skeleton.oestrogen.hormone_therapy"][:, None] * timeline.hormone_therapy
    start, end = natural[:, :-1] * kept, natural[:, 1:] * kept
    return start + (1.0 - start) * made_up, end + (1.0 - end) * made_up


def _without_medicines(timeline: Timeline, draws: Draws) -> Array:
    """Oestrogen at each edge by age and menopause alone [n, K+1]."""
    ages = years(timeline.edges_d)
    if timeline.sex == "male":
        return curve_at(draws, "skeleton.oestrogen.men", ages)
    if timeline.menopause_cause == AVERAGE_MENOPAUSE:
        return _average_women(ages, draws)
    natural = timeline.menopause_cause in (None, "natural")
    return _women(ages, menopause_ages(timeline, draws), draws, natural=natural)


def _average_women(ages: Array, draws: Draws) -> Array:
    """The mean over all the ages at which the menopause comes, so that the average woman loses bone as women do."""
    shares = (np.arange(_MENOPAUSES) + 0.5) / _MENOPAUSES
    z = chance.normal_quantile(shares)
    mean, sd = draws["menopause.age.mean"], draws["menopause.age.sd"]
    return np.mean([_women(ages, mean + sd * each, draws, natural=True) for each in z], axis=0)


def _kept(timeline: Timeline, draws: Draws) -> Array:
    """The share of oestrogen left while breast-feeding or on a depot progestogen [n, K]."""
    kept = np.ones((draws.n, len(timeline.edges_d) - 1))
    for name, on in (("lactation", timeline.lactation), ("depot_progestogen", timeline.depot_progestogen)):
        share = draws[f"skeleton.oestrogen.{name}"][:, None]
        kept *= np.where(on > 0, share, 1.0)
    return kept


def _women(ages: Array, menopause: Array, draws: Draws, *, natural: bool) -> Array:
    """e = floor + (1 - floor) / (1 + (time since / tau)^n): natural with a lead before, otherwise at once [n, K+1]."""
    lead = draws["skeleton.oestrogen.women_lead"] if natural else np.zeros(draws.n)
    tau = draws["skeleton.oestrogen.women_fall_time" if natural else "skeleton.oestrogen.surgical_fall_time"]
    floor = draws["skeleton.oestrogen.women_floor"][:, None]
    since = np.maximum(ages - (menopause - lead)[:, None], 0.0)
    fall = (since / tau[:, None]) ** draws["skeleton.oestrogen.women_fall_steepness"][:, None]
    return floor + (1.0 - floor) / (1.0 + fall)


def curve_at(draws: Draws, name: str, at: Array) -> Array:
    """A curve of the registry, linear between its knots and level beyond them, at `at` [m]: [n, m]."""
    knots = draws.knots(name)
    right = np.clip(np.searchsorted(knots, at, side="right"), 1, len(knots) - 1)
    share = np.clip((at - knots[right - 1]) / (knots[right] - knots[right - 1]), 0.0, 1.0)
    values = draws[name]
    return values[:, right - 1] * (1.0 - share) + values[:, right] * share
