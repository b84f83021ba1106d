"""How bone remodels: the states and what acts on them, and the named parts (`parts`) put together.

Time in days. Every state is 1 in the healthy 30-year-old, and stays there while nothing acts. What the equations get
wrong is listed in docs/explanation/skeleton.md; how one of them is replaced, in `changes`.

Three sites (lumbar spine, femoral neck, total hip) share one set of equations and differ by matrix turnover and
load. Two things are there for speed, and double it (docs/decisions/0002-kernel.md). Sclerostin and matrix are
carried as logarithms, because the equations only use their powers. And the sites lie side by side in four lanes
(the fourth is idle), so that the compiler works on all of them at once; for that, `exp` is a polynomial it can
see through (`numerics.exp`).
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from trabecula.skeleton.numerics import exp
from trabecula.skeleton.parts import (
    abandoning,
    adaptation_rate,
    bisphosphonate_bound,
    bisphosphonate_released,
    bone_damage,
    bound_sclerostin,
    call_of_space,
    coupling,
    denosumab_lost,
    fast_steroid_effect,
    felt_sclerostin,
    filling,
    formation,
    lack_of_oestrogen,
    matrix_lost,
    mineral_goal,
    osteoblast_death,
    osteoblasts_idle,
    osteoclast_boost,
    osteoclast_death,
    osteoclastogenesis,
    osteocyte_death,
    part,
    perforation,
    rankl_occupied,
    rankl_shield,
    recruits,
    resorption,
    resorptive_drive,
    romosozumab_lost,
    sclerostin_drive,
    sclerostin_made,
    slow_effect_rate,
    strain,
    tolerance_rate,
    weariness_rate,
    wnt,
    worn,
)

SITES = ("lumbar_spine", "femoral_neck", "total_hip")
LANES = 4  # doubles in a vector register
"""Sites in a vector register; the lane behind the last site runs along and is never read."""

# Ten states a site: the states of lane i are y[P + i], y[C + i] ...
STATES_A_SITE = 10
P, C, Q, B, Y, E, OP, LOG_S, LOG_V, M = range(0, STATES_A_SITE * LANES, LANES)
"""Osteoclast precursors, osteoclasts, pre-osteoblasts, osteoblasts, living osteocytes, resorbed space still unfilled,
osteoprotegerin of young osteocytes, logarithms of sclerostin and of matrix, mineralisation."""
SITE_STATES = (
    *("precursors", "osteoclasts", "pre_osteoblasts", "osteoblasts", "osteocytes", "unfilled_space"),
    *("osteoprotegerin", "log_sclerostin", "log_matrix", "mineral"),
)
# ... and seven shared ones behind them.
GS, GA, GT, BP, DE, RO, WE = range(STATES_A_SITE * LANES, STATES_A_SITE * LANES + 7)
"""Slow glucocorticoid effect, adaptation of osteoclasts and tolerance of osteoblasts to it, skeletal bisphosphonate,
denosumab [mg], romosozumab [mg], weariness of its effect."""
SHARED_STATES = (
    *("steroid_slow", "steroid_adaptation", "steroid_tolerance"),
    *("bisphosphonate", "denosumab_mg", "romosozumab_mg", "weariness"),
)
LANE_NAMES = (*SITES, "idle")
STATES = tuple(f"{lane}.{state}" for state in SITE_STATES for lane in LANE_NAMES) + SHARED_STATES
N_STATES = len(STATES)

# What acts on the skeleton: piecewise linear in time.
OCCUPANCY, OESTROGEN, WORK, TERIPARATIDE, RALOXIFENE, CALCIUM_DRIVE, ORAL_BISPHOSPHONATE, LOG_LOAD = range(8)
"""Daily mean receptor occupancy 0..1; oestrogen 0..1; work per osteoblast; teriparatide 0..1; raloxifene 0..1; drive
of parathyroid hormone on resorption (1 = average intake); oral bisphosphonate [mg alendronate/d]; logarithm of the
relative habitual load, one channel a lane from here on."""
INPUTS = (
    *("occupancy", "oestrogen", "work", "teriparatide", "raloxifene", "calcium_drive"),
    "oral_bisphosphonate_mg_per_day",
    *(f"log_load.{lane}" for lane in LANE_NAMES),
)
N_INPUTS = len(INPUTS)

# The parameters by their letter, which is the `symbol` of a parameter of the registry.
LETTERS = (
    # Precursors and osteoclasts: share recruited, turnovers [1/d]; coupling of osteoblasts to what is resorbed.
    *("phi", "kP", "kC", "cc"),
    # Pre-osteoblasts, osteoblasts, sclerostin and osteocytes: turnovers [1/d], and the share that Wnt matures.
    *("kQ", "chi", "kB", "kS", "kY"),
    # Matrix turnover by site, mineralisation [1/d], and what turnover takes from it.
    *("kV_LS", "kV_FN", "kV_TH", "km", "am"),
    # A lack of oestrogen: on resorption and on sclerostin.
    *("aE", "sE"),
    # Exponents: of sclerostin on resorption, Wnt, activity; of load on sclerostin, resorption; of strain on matrix.
    *("gS", "gW", "gA", "gs", "gR", "ns"),
    # Resorption by surface; unfilled space: filling and abandoning [1/d], recruitment.
    *("hV", "kE", "kL", "nE"),
    # Glucocorticoids: half-effect occupancy and steepness, activity lost, times of slow effect and adaptation [d],
    # habit, adaptation, time [d] and depth of tolerance (of the fast and of the slow effect), boost of osteoclasts,
    # losses of osteoblasts, recruits and osteocytes.
    *("u50", "hG", "iA", "tauS", "tauA", "kH", "wA", "tauT", "wT", "wS", "zG", "gB", "gQ", "gY"),
    # Dead osteocytes call for replacement; steroids on sclerostin.
    *("gD", "sG"),
    # Denosumab: effect per mg, half-life [d], greatest effect.
    *("E_deno", "T_deno", "bD"),
    # Osteoprotegerin of young osteocytes: renewal [1/d], share and saturation; perforation by fast resorption, and by
    # the steroid boost.
    *("kO", "gO", "hO", "gP", "pZ"),
    # Bisphosphonate: release [1/d], release with resorption [1/d], uptake, share of it where bone is resorbed, loss of
    # osteoclasts.
    *("kBP", "kBP1", "E_bp", "uT", "aBP"),
    # Romosozumab: effect per mg, half-life [d], weariness: time [d] and depth.
    *("E_romo", "T_romo", "tauW", "wW"),
    # Teriparatide: resorption, Wnt, osteoblasts and steroids spared.
    *("tR", "tW", "tB", "tGB"),
    # Raloxifene: share of the lack of oestrogen that it makes up.
    "rR",
)
PARAMETERS = np.dtype([(letter, np.float64) for letter in LETTERS])

Vector = NDArray[np.float64]
Letters = Any
"""One record of PARAMETERS."""

WIDEST_LOG = 7.0  # where the kernel stops
"""Beyond a thousandfold change the polynomial `exp` is no longer exact, and bone no longer bone: the kernel stops."""
FURTHER_SETTLING = 0.0
"""The fastest rate at which a further state settles [1/d]; there is none unless `changes` adds it."""

_FAST = {"contract", "arcp", "nsz", "reassoc"}


@part
def know(y: Vector, x: Vector, p: Letters) -> None:
    """Write what all sites share into `p`, for parts that were replaced; those that ship have it as arguments."""


@part
def further_states(y: Vector, x: Vector, p: Letters, dy: Vector) -> None:
    """Write the rates of states that `changes` adds; there are none as shipped."""


@part
def surface(y: Vector) -> Any:
    """Osteoclasts of trabecular and cortical bone, half and half: where bone is being resorbed."""
    return 0.5 * (y[C] + y[C + 2])


@njit(error_model="numpy")
def give(y: Vector, dose: Vector, p: Letters) -> None:
    """Add what is injected or infused at an edge to the state: bisphosphonate, denosumab and romosozumab [mg]."""
    y[BP] += dose[0] * bisphosphonate_bound(surface(y), p)
    y[DE] += dose[1]
    y[RO] += dose[2]


@part
def acute(y: Vector, x: Vector, p: Letters) -> tuple[Any, Any, Any]:
    """What the steroids of the day do: fast effect, boost of osteoclasts, share of the osteoblasts that is idle."""
    Gf = fast_steroid_effect(x[OCCUPANCY], p)
    zf = osteoclast_boost(worn(Gf, y[GA], p.wA, p.kH), p)
    idle = osteoblasts_idle(worn(Gf, y[GT], p.wT, p.kH), p)
    return Gf, zf, idle


@njit(error_model="numpy", fastmath=_FAST)
def derivatives(y: Vector, x: Vector, kV: Vector, p: Letters, dy: Vector) -> None:
    """Write the time derivatives of the states `y` [N_STATES] into `dy` [1/d].

    x: inputs [N_INPUTS]; kV: matrix turnover of each lane [1/d]; p: one record of PARAMETERS.
    """
    # What all sites share.
    know(y, x, p)
    tp = x[TERIPARATIDE]
    Gf, zf, idle = acute(y, x, p)
    Gs = worn(y[GS], y[GT], p.wS, p.kH)  # what osteoblasts feel once they tolerate some of it
    lack = lack_of_oestrogen(x[OESTROGEN], x[RALOXIFENE], p)
    drive_R = resorptive_drive(lack, rankl_occupied(y[DE], p), tp, x[CALCIUM_DRIVE], p)
    drive_A = (1.0 - idle) * x[WORK]
    drive_S = sclerostin_drive(lack, Gs, p)
    A_b = bound_sclerostin(y[RO], p)
    recruited = recruits(Gs, p)
    death_C = osteoclast_death(y[BP], p)
    death_B = osteoblast_death(Gs, tp, p)
    death_Y = osteocyte_death(Gs, p)
    phi, chi, kP, kC, kQ, kB = p.phi, p.chi, p.kP, p.kC, p.kQ, p.kB
    kY, kS, kE, kO, km = p.kY, p.kS, p.kE, p.kO, p.km

    for i in range(len(kV)):
        log_S, log_V = y[LOG_S + i], y[LOG_V + i]
        log_sig = strain(x[LOG_LOAD + i], log_V, p)
        damage, shield = bone_damage(y[Y + i], p), rankl_shield(y[OP + i], p)
        R = osteoclastogenesis(drive_R, damage, log_S, log_sig, shield, p)
        felt_S = felt_sclerostin(log_S, y[WE], p)
        W = wnt(tp, felt_S, p)
        F = formation(y[B + i], felt_S, drive_A, p)
        Z = resorption(y[C + i], zf, p)
        thinned = perforation(y[C + i], zf, p)
        hollow = Z / thinned
        U = call_of_space(y[E + i], p)
        dy[P + i] = kP * (1.0 - (1.0 - phi) * y[P + i] - phi * y[P + i] * R)
        dy[C + i] = kC * (y[P + i] * R - y[C + i] * death_C)
        dy[OP + i] = kO * (F - y[OP + i])  # new bone brings the young osteocytes that make it
        dy[E + i] = kE * (hollow - filling(F, y[E + i], p)) - abandoning(y[E + i], p)
        dy[Q + i] = kQ * (coupling(hollow, p) * recruited - y[Q + i] * (1.0 - chi + chi * W))
        dy[B + i] = kB * (y[Q + i] * W * U - y[B + i] * death_B)
        dy[Y + i] = kY * (1.0 - y[Y + i]) - death_Y * y[Y + i]
        dy[LOG_S + i] = kS * (sclerostin_made(drive_S, log_sig, log_S, p) - (1.0 + A_b))
        dy[LOG_V + i] = kV[i] * (F * exp(-log_V) - matrix_lost(Z, thinned, log_V, p))
        dy[M + i] = km * (mineral_goal(F, Z, p) - y[M + i])

    dy[GS] = slow_effect_rate(Gf, y[GS], p)
    dy[GT] = tolerance_rate(Gf, y[GT], p)
    dy[GA] = adaptation_rate(Gf, y[GA], p)
    resorbed = surface(y)
    taken = p.E_bp * x[ORAL_BISPHOSPHONATE] * bisphosphonate_bound(resorbed, p)
    dy[BP] = taken - bisphosphonate_released(resorbed * zf, p) * y[BP]
    dy[DE] = -denosumab_lost(y[DE], p)
    dy[RO] = -romosozumab_lost(y[RO], p)
    dy[WE] = weariness_rate(A_b, y[WE], p)
    further_states(y, x, p, dy)


@njit(error_model="numpy", fastmath=_FAST)
def lasting_rate(p: Letters) -> float:
    """The fastest of those rates at which something settles that never change [1/d].

    A part that gives a rate tells it by how much less it gives for one unit more of the state.
    """
    osteoblasts = p.kB * osteoblast_death(1.0, 0.0, p)  # at most
    drugs = max(romosozumab_lost(1.0, p) - romosozumab_lost(0.0, p), denosumab_lost(1.0, p) - denosumab_lost(0.0, p))
    slow = slow_effect_rate(0.0, 0.0, p) - slow_effect_rate(0.0, 1.0, p)
    adaptation = adaptation_rate(0.0, 0.0, p) - adaptation_rate(0.0, 1.0, p)
    tolerance = tolerance_rate(0.0, 0.0, p) - tolerance_rate(0.0, 1.0, p)
    return max(max(osteoblasts, drugs), max(max(slow, adaptation), max(tolerance, FURTHER_SETTLING)))


@njit(error_model="numpy", fastmath=_FAST)
def fastest_rate(y: Vector, p: Letters, lasting: float) -> float:
    """The fastest rate at which something settles in a state `y`, the lasting ones included [1/d].

    Fast states hardly act on themselves through others, so that the rate of each is an eigenvalue, or nearly.
    """
    sclerostin = p.kS * (1.0 + bound_sclerostin(y[RO], p))
    return max(max(sclerostin, p.kC * osteoclast_death(y[BP], p)), lasting)


TURNOVER = ("resorption_spine", "resorption_hip", "formation_spine", "formation_hip", "fast_steroid", "idle")
"""What `turnover` reads off a state: at trabecular and cortical bone, and what the steroids of the day do."""
SPINE, HIP = SITES.index("lumbar_spine"), SITES.index("total_hip")


@njit(error_model="numpy", fastmath=_FAST)
def turnover(y: Vector, x: Vector, p: Letters, found: Vector) -> None:
    """Write what the markers follow, in a state `y` under inputs `x`, into `found` [TURNOVER]."""
    know(y, x, p)
    Gf, zf, idle = acute(y, x, p)
    drive_A = (1.0 - idle) * x[WORK]
    found[0], found[1] = resorption(y[C + SPINE], zf, p), resorption(y[C + HIP], zf, p)
    found[2] = formation(y[B + SPINE], felt_sclerostin(y[LOG_S + SPINE], y[WE], p), drive_A, p)
    found[3] = formation(y[B + HIP], felt_sclerostin(y[LOG_S + HIP], y[WE], p), drive_A, p)
    found[4], found[5] = Gf, idle


@njit(inline="always")
def turnovers(p: Letters, kV: Vector) -> None:
    """Write the matrix turnover of each lane [1/d] into `kV`; the idle lane copies the last site."""
    kV[0], kV[1], kV[2], kV[3] = p.kV_LS, p.kV_FN, p.kV_TH, p.kV_TH


def healthy_state(n: int) -> NDArray[np.float64]:
    """The healthy 30-year-old, `n` times: every bone state 1, no steroid and no drug; shape [n, N_STATES]."""
    y = np.ones((n, N_STATES))
    y[:, LOG_S:M] = 0.0
    y[:, GS:] = 0.0
    return y
