"""What a blood test would show: CTX, P1NP and osteocalcin from the rates of resorption and formation.

Nothing feeds back on the bone, so the markers are read off the finished march: each is a linear filter that
follows its source with a lag.
"""

import numpy as np

from trabecula.evidence import Draws
from trabecula.skeleton import equations
from trabecula.skeleton.equations import GA, GT, LOG_S, OCCUPANCY, SITES, WORK, B, C, Letters
from trabecula.skeleton.parameters import kernel_parameters
from trabecula.units import Array

SPINE, HIP = SITES.index("lumbar_spine"), SITES.index("total_hip")
"""Trabecular and cortical bone: blood sees both, by `skeleton.marker.spine_weight`."""
NAMES = ("CTX", "P1NP", "osteocalcin")
"""Of resorption, of formation, and of the osteoblasts themselves, in the order of forms and results."""


def sources(states: Array, inputs: Array, draws: Draws) -> dict[str, Array]:
    """What each marker follows, relative to a healthy 30-year-old: states, inputs [n, T, ...] -> [n, T].

    CTX = Z^qC, P1NP = F^qP, with the resorption Z and formation F of the equations at spine and hip; osteocalcin is
    made by the same osteoblasts, but glucocorticoids silence its gene.
    """
    p: Letters = kernel_parameters(draws).view(np.recarray)[:, None]
    Gf = equations.fast_steroid_effect(inputs[:, :, OCCUPANCY], p)
    zf = equations.osteoclast_boost(Gf, states[:, :, GA], p)
    idle = equations.osteoblasts_idle(Gf, states[:, :, GT], p)
    drive_A = (1.0 - idle) * inputs[:, :, WORK]
    spine = draws["skeleton.marker.spine_weight"][:, None]
    bone = [
        (states[:, :, C + i] * zf, equations.formation(states[:, :, B + i], states[:, :, LOG_S + i], drive_A, p.gA))
        for i in (SPINE, HIP)
    ]
    Z, F = (spine * at_spine + (1.0 - spine) * at_hip for at_spine, at_hip in zip(*bone, strict=True))
    F = np.maximum(F, 0.0)  # the last digits of an integrator may lie below nothing
    return {
        "CTX": Z ** draws["skeleton.marker.ctx_exponent"][:, None],
        "P1NP": F ** draws["skeleton.marker.p1np_exponent"][:, None],
        "osteocalcin": F / (1.0 - idle) * (1.0 - Gf),
    }


def markers(
    days: Array, after: dict[str, Array], before: dict[str, Array], draws: Draws, since: dict[str, Array] | None = None
) -> dict[str, Array]:
    """The course of each marker [n, T]; one that goes on begins with the last value of `since`.

    after, before: the sources just after and just before each of the `days` [T]; between two days a source is
    taken as linear, so that a dose given on a day acts from that day on.
    """
    per_day = {
        "CTX": 1.0 / draws["skeleton.marker.ctx_lag"],
        "P1NP": 1.0 / draws["skeleton.marker.p1np_lag"],
        "osteocalcin": draws["skeleton.marker.osteocalcin_clearance"],
    }
    begin = {name: (before if since is None else since)[name] for name in NAMES}
    at = 0 if since is None else -1
    return {name: follow(days, after[name], before[name], per_day[name], begin[name][:, at]) for name in NAMES}


def follow(days: Array, after: Array, before: Array, per_day: Array, begin: Array) -> Array:
    """A quantity that follows its source at a rate `per_day` [n]: dy/dt = per_day * (source - y), exactly.

    days: rising [T]; after, before: the source just after and just before each day, linear between two days [n, T];
    begin: its value on the first of the days [n]. Returns [n, T]. Exact for any step, so that monthly and yearly days
    give the same value on the days they share.
    """
    y = np.empty_like(after)
    y[:, 0] = begin
    for t in range(1, len(days)):
        k = per_day * (days[t] - days[t - 1])
        left, first, last = np.exp(-k), after[:, t - 1], before[:, t]
        y[:, t] = last + (y[:, t - 1] - first) * left - (last - first) * (1.0 - left) / k
    return y
