"""How much load the bones of a site carry, relative to a healthy person of the same age."""

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Draws
from trabecula.skeleton.equations import LANES, SITES
from trabecula.skeleton.oestrogen import curve_at
from trabecula.timeline import Timeline

Array = NDArray[np.float64]
REGION = {"lumbar_spine": "spine", "femoral_neck": "hip", "total_hip": "hip"}


def log_loads(timeline: Timeline, draws: Draws) -> tuple[Array, Array]:
    """Logarithm of the relative load of each lane at the start and end of each segment [n, K, LANES]."""
    active = _activity(timeline, draws)
    regions = {
        region: [_region(timeline, draws, region, end) for end in (0, 1)] for region in ("hip", "spine")
    }
    lanes = [REGION[site] for site in SITES]
    lanes += lanes[-1:] * (LANES - len(lanes))
    with np.errstate(divide="ignore"):  # no load has no logarithm: the kernel refuses it by name
        start, end = (np.stack([np.log(regions[r][i] * active) for r in lanes], axis=-1) for i in (0, 1))
    return start, end


def _region(timeline: Timeline, draws: Draws, region: str, end: int) -> Array:
    """Load left by disability and relapses at one end of each segment [n, K]; 1 without MS."""
    edss = timeline.edss[:, end][None, :] + timeline.edss_sd * _offset(draws)[:, None]
    load = _per_draw(draws, f"skeleton.load.edss_{region}", np.clip(np.nan_to_num(edss, nan=0.0), 0.0, None))
    if region == "hip":  # its curve is that of walking; the spine's holds sitting too
        seated = draws["skeleton.load.seated_hip"][:, None]
        load = seated + (1.0 - seated) * load
    dip = draws[f"skeleton.load.relapse_dip_{region}"][:, None] * np.clip(timeline.relapse[:, end], 0.0, 1.0)
    load = load * (1.0 - dip)
    for name, on in (("bed_rest", timeline.bed_rest), ("paralysis", timeline.paralysis)):
        if on.any():
            load = np.where(on, np.minimum(load, draws[f"skeleton.load.{name}_{region}"][:, None]), load)
    return load


def _offset(draws: Draws) -> Array:
    """How far the true EDSS lies from the estimate, in its standard deviations: one number a draw [n]."""
    return chance.normal(draws.seed, "edss", 0, np.arange(draws.n)) if draws.n > 1 else np.zeros(1)


def _per_draw(draws: Draws, name: str, at: Array) -> Array:
    """A curve of the registry at points that may differ by draw [n, K]."""
    if (at == at[:1]).all():
        return curve_at(draws, name, at[0])
    knots, values = draws.knots(name), draws[name]
    return np.stack([np.interp(x, knots, y) for x, y in zip(at, values, strict=True)])


def _activity(timeline: Timeline, draws: Draws) -> Array:
    """Load by activity and by resistance or impact training, as a factor [n, K]; unknown activity is average."""
    least, most = (
        draws["skeleton.load.activity_least"][:, None],
        draws["skeleton.load.activity_most"][:, None],
    )
    relative = np.clip(np.nan_to_num(timeline.activity, nan=1.0)[None, :], least, most)
    sessions = np.nan_to_num(timeline.resistance + timeline.impact, nan=0.0)
    trained = curve_at(draws, "skeleton.load.exercise_extra", sessions)
    return (1.0 + draws["skeleton.load.activity_effect"][:, None] * (relative - 1.0)) * (1.0 + trained)
