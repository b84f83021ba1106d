"""What of a life drives bone: how much load it carries, the oestrogen that reaches it, and the calcium it can have.

Each is an input of the equations by segment of a timeline, under every draw [n, K].
"""

import numpy as np

from trabecula import chance
from trabecula.evidence import SEX_GROUP, Draws
from trabecula.skeleton.equations import LANES, SITES
from trabecula.timeline import Timeline
from trabecula.timeline.disability import edss_offset
from trabecula.timeline.record import AVERAGE_MENOPAUSE
from trabecula.units import Array, years

REGION = {"lumbar_spine": "spine", "femoral_neck": "hip", "total_hip": "hip"}
"""The region whose load a site carries."""
_MENOPAUSES = 11
"""Points of a quadrature over the age at menopause."""
_NEARLY_ALL = 1.0 - 1e-12
"""The quantile of 1 is infinite."""
_LEAST_ABSORBED = 0.05
"""Keeps a diet without calcium finite: it is read as this share of what is usual."""


# Load.


def log_loads(timeline: Timeline, draws: Draws) -> tuple[Array, Array]:
    """Logarithm of the relative load of each lane at the start and end of each segment [n, K, LANES].

    Walking ability (EDSS), relapses, bed rest and paralysis by region, times activity and training; 1 in a healthy,
    averagely active person of the same age.
    """
    active = _activity(timeline, draws)
    regions = {region: [_region(timeline, draws, region, end) for end in (0, 1)] for region in ("hip", "spine")}
    lanes = [REGION[site] for site in SITES]
    lanes += lanes[-1:] * (LANES - len(lanes))
    with np.errstate(divide="ignore"):  # no load has no logarithm: the kernel refuses it by name
        start, end = (np.stack([np.log(regions[r][i] * active) for r in lanes], axis=-1) for i in (0, 1))
    return start, end


def _region(timeline: Timeline, draws: Draws, region: str, end: int) -> Array:
    """Load left by disability and relapses at one end of each segment [n, K]; 1 without MS."""
    edss = timeline.edss[:, end][None, :] + timeline.edss_sd * edss_offset(draws)[:, None]
    dip = draws[f"skeleton.load.relapse_dip_{region}"][:, None] * np.clip(timeline.relapse[:, end], 0.0, 1.0)
    load = load_by_edss(region, edss, draws) * (1.0 - dip)
    for name, on in (("bed_rest", timeline.bed_rest), ("paralysis", timeline.paralysis)):
        if on.any():
            load = np.where(on, np.minimum(load, draws[f"skeleton.load.{name}_{region}"][:, None]), load)
    return load


def load_by_edss(region: str, edss: Array, draws: Draws) -> Array:
    """Load left by disability, of draws or of people [n, K]; 1 without MS."""
    load = draws.curve(f"skeleton.load.edss_{region}", np.clip(np.nan_to_num(edss, nan=0.0), 0.0, None))
    if region != "hip":
        return load
    seated = draws["skeleton.load.seated_hip"][:, None]  # the hip's curve is that of walking; the spine's sits too
    return seated + (1.0 - seated) * load


def _activity(timeline: Timeline, draws: Draws) -> Array:
    """Load by activity and by resistance or impact training, as a factor [n, K]; unknown activity is average."""
    least, most = (draws["skeleton.load.activity_least"][:, None], draws["skeleton.load.activity_most"][:, None])
    relative = np.clip(np.nan_to_num(timeline.activity, nan=1.0)[None, :], least, most)
    sessions = np.nan_to_num(timeline.resistance + timeline.impact, nan=0.0)
    trained = draws.curve("skeleton.load.exercise_extra", sessions)
    return (1.0 + draws["skeleton.load.activity_effect"][:, None] * (relative - 1.0)) * (1.0 + trained)


# Oestrogen: 1 in a woman before the menopause and a man of 40, 0 at none.


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
        chance.uniform(draws.seed, "menopause_age", 0, np.arange(draws.n)) if draws.of_many else np.full(draws.n, 0.5)
    )
    not_before = chance.normal_cdf((timeline.menopause_not_before_y - mean) / sd)
    share = np.minimum(not_before + (1.0 - not_before) * luck, _NEARLY_ALL)  # somebody of 80 may say "not yet"
    return np.maximum(mean + sd * chance.normal_quantile(share), timeline.menopause_not_before_y)


def oestrogen(timeline: Timeline, draws: Draws) -> tuple[Array, Array]:
    """Oestrogen at the start and the end of each segment of the timeline [n, K], 0..1.

    Hormone therapy makes up a share of what is missing; breast-feeding and depot progestogens leave a share of what is
    there. In men it falls slowly with age (`skeleton.oestrogen.men`).
    """
    natural = _without_medicines(timeline, draws)
    kept = _kept(timeline, draws)
    made_up = draws["skeleton.oestrogen.hormone_therapy"][:, None] * timeline.hormone_therapy
    start, end = natural[:, :-1] * kept, natural[:, 1:] * kept
    return start + (1.0 - start) * made_up, end + (1.0 - end) * made_up


def _without_medicines(timeline: Timeline, draws: Draws) -> Array:
    """Oestrogen at each edge by age and menopause alone [n, K+1]."""
    ages = years(timeline.edges_d)
    if timeline.sex == "male":
        return draws.curve("skeleton.oestrogen.men", ages)
    if timeline.menopause_cause == AVERAGE_MENOPAUSE:
        return _average_women(ages, draws)
    natural = timeline.menopause_cause in (None, "natural")
    return women_at(ages, menopause_ages(timeline, draws), draws, natural=natural)


def _average_women(ages: Array, draws: Draws) -> Array:
    """The mean over all the ages at which the menopause comes, so that the average woman loses bone as women do."""
    shares = (np.arange(_MENOPAUSES) + 0.5) / _MENOPAUSES
    z = chance.normal_quantile(shares)
    mean, sd = draws["menopause.age.mean"], draws["menopause.age.sd"]
    return np.mean([women_at(ages, mean + sd * one, draws, natural=True) for one in z], axis=0)


def _kept(timeline: Timeline, draws: Draws) -> Array:
    """The share of oestrogen left while breast-feeding or on a depot progestogen [n, K]."""
    kept = np.ones((draws.n, len(timeline.edges_d) - 1))
    for name, on in (("lactation", timeline.lactation), ("depot_progestogen", timeline.depot_progestogen)):
        share = draws[f"skeleton.oestrogen.{name}"][:, None]
        kept *= np.where(on > 0, share, 1.0)
    return kept


def women_at(ages: Array, menopause: Array, draws: Draws, *, natural: bool) -> Array:
    """Oestrogen of women at ages [K+1], or of many at their own [n, K+1]:

    e = floor + (1 - floor) / (1 + (time since / tau)^n): natural with a lead before, otherwise at once [n, K+1]."""
    lead = draws["skeleton.oestrogen.women_lead"] if natural else np.zeros(draws.n)
    tau = draws["skeleton.oestrogen.women_fall_time" if natural else "skeleton.oestrogen.surgical_fall_time"]
    floor = draws["skeleton.oestrogen.women_floor"][:, None]
    since = np.maximum(ages - (menopause - lead)[:, None], 0.0)
    fall = (since / tau[:, None]) ** draws["skeleton.oestrogen.women_fall_steepness"][:, None]
    return floor + (1.0 - floor) / (1.0 + fall)


# Calcium: what is absorbed, against what is usual, drives resorption through parathyroid hormone.


def calcium_drive(timeline: Timeline, draws: Draws) -> Array:
    """Resorptive drive of each segment [n, K]: 1 at the usual intake and vitamin D, more when less is absorbed.

    Absorption is active with vitamin D (half of it at `nutrition.vitamin_d.half_absorption`) on top of a passive share;
    an intake that is not recorded is the usual one for age and sex.
    """
    known = ~np.isnan(timeline.calcium_mg_per_day + timeline.vitamin_d_nmol_l)
    taken, level = (np.nan_to_num(x)[None, :] for x in (timeline.calcium_mg_per_day, timeline.vitamin_d_nmol_l))
    absorbed = taken * _fraction(level, draws) * (1.0 - _steroid_loss(timeline, draws))
    ages = years(timeline.middles_d)
    usual_mg = draws.curve(f"nutrition.reference.calcium_food_mg_per_day.{SEX_GROUP[timeline.sex]}", ages)
    usual = usual_mg * _fraction(draws.curve("nutrition.reference.vitamin_d_nmol_l", ages), draws)
    ratio = np.where(known, usual / np.maximum(absorbed, _LEAST_ABSORBED * usual), 1.0)
    return ratio ** draws["nutrition.calcium.drive_exponent"][:, None]


def _fraction(level_nmol_l: Array, draws: Draws) -> Array:
    """Share of calcium absorbed, relative to plenty of vitamin D [n, K]."""
    passive = draws["nutrition.calcium.absorbed_at_no_vitamin_d"][:, None]
    half = draws["nutrition.vitamin_d.half_absorption"][:, None]
    return passive + (1.0 - passive) * level_nmol_l / (level_nmol_l + half)


def _steroid_loss(timeline: Timeline, draws: Draws) -> Array:
    """Share of absorption lost on glucocorticoids: a steep step of the daily dose [n, K]."""
    half, steep = (draws[f"nutrition.steroid.absorption_{name}"][:, None] for name in ("half_dose", "steepness"))
    risen = timeline.prednisone_mg[None, :] ** steep
    return draws["nutrition.steroid.absorption_loss"][:, None] * risen / (risen + half**steep)
