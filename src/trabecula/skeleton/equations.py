"""How bone remodels: read it from top to bottom, like a paper.

Time in days. Every state is 1 in the healthy 30-year-old, and stays there while nothing acts. The equations are
a synthesis (the "S-core") of the cell-population models of Lemaire 2004, Pivonka 2008, Scheiner 2013 and
Joerg 2022, restated in our own notation, with a glucocorticoid arm of our own. What they get wrong is listed in
docs/explanation/skeleton.md.

Three sites (lumbar spine, femoral neck, total hip) share one set of equations and differ by matrix turnover and
load. Two things are there for speed, and double it (docs/decisions/0002-kernel.md). Sclerostin and matrix are
carried as logarithms, because the equations only use their powers. And the sites lie side by side in four lanes
(the fourth is idle), so that the compiler works on all of them at once; for that, `exp` is a polynomial it can
see through (`numerics.exp`).
"""

from math import log
from typing import Any

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.typing import NDArray

from trabecula.skeleton.numerics import exp

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
# ... and six shared ones behind them.
GS, GA, GT, BP, DE, RO = range(STATES_A_SITE * LANES, STATES_A_SITE * LANES + 6)
"""Slow glucocorticoid effect, adaptation of osteoclasts and tolerance of osteoblasts to it, skeletal bisphosphonate,
denosumab [mg], romosozumab [mg]."""
SHARED_STATES = (
    *("steroid_slow", "steroid_adaptation", "steroid_tolerance"),
    *("bisphosphonate", "denosumab_mg", "romosozumab_mg"),
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
    # Glucocorticoids: half-effect occupancy, activity lost, times of slow effect and adaptation [d], habit, adaptation,
    # time [d] and depth of tolerance, boost of osteoclasts, losses of osteoblasts, recruits and osteocytes.
    *("u50", "iA", "tauS", "tauA", "kH", "wA", "tauT", "wT", "zG", "gB", "gQ", "gY"),
    # Dead osteocytes call for replacement; steroids on sclerostin.
    *("gD", "sG"),
    # Denosumab: effect per mg, half-life [d], greatest effect.
    *("E_deno", "T_deno", "bD"),
    # Osteoprotegerin of young osteocytes: renewal [1/d] and share; perforation by fast resorption.
    *("kO", "gO", "gP"),
    # Bisphosphonate: release [1/d], release with resorption [1/d], uptake, loss of osteoclasts.
    *("kBP", "kBP1", "E_bp", "aBP"),
    # Romosozumab: effect per mg, half-life [d]. Teriparatide: resorption, Wnt, osteoblasts and steroids spared.
    *("E_romo", "T_romo", "tR", "tW", "tB", "tGB"),
    # Raloxifene: share of the lack of oestrogen that it makes up.
    "rR",
)
PARAMETERS = np.dtype([(letter, np.float64) for letter in LETTERS])

Vector = NDArray[np.float64]
Letters = Any
"""One record of PARAMETERS."""

LN_2 = log(2.0)
WIDEST_LOG = 7.0  # where the kernel stops
"""Beyond a thousandfold change the polynomial `exp` is no longer exact, and bone no longer bone: the kernel stops."""

_FAST = {"contract", "arcp", "nsz", "reassoc"}


# Parts of the equations that others need too: the markers read them off a finished march, and the step control asks how
# fast things settle. Compiled inside `derivatives`; called from plain Python they take arrays.
equation = register_jitable(inline="always", error_model="numpy")


@equation
def fast_steroid_effect(u: Any, p: Letters) -> Any:
    """Gf: gene-level glucocorticoid effect of receptor occupancy u, 0..1."""
    return u * u / (u * u + p.u50 * p.u50)


@equation
def worn(effect: Any, habit: Any, wear: Any, kH: Any) -> Any:
    """What is left of an effect once the habit of it has grown: all of it at first, 1/(1 + wear) in the end."""
    return effect / (1.0 + wear * habit / (habit + kH))


@equation
def osteoclast_boost(Gf: Any, Ga: Any, p: Letters) -> Any:
    """zf: early steroid boost of osteoclast activity, nearly gone once adapted."""
    return 1.0 + p.zG * worn(Gf, Ga, p.wA, p.kH)


@equation
def osteoblasts_idle(Gf: Any, Gt: Any, p: Letters) -> Any:
    """Share of the work of osteoblasts that steroids stop, less once they are tolerated."""
    return p.iA * worn(Gf, Gt, p.wT, p.kH)


@equation
def formation(osteoblasts: Any, log_S: Any, drive_A: Any, gA: Any) -> Any:
    """F: living osteoblasts times the activity that sclerostin S leaves of their drive."""
    return osteoblasts * (drive_A * exp(-gA * log_S))


@equation
def osteoclast_death(bisphosphonate: Any, p: Letters) -> Any:
    """How much faster osteoclasts die on bone that holds a bisphosphonate."""
    return 1.0 + p.aBP * bisphosphonate / (1.0 + bisphosphonate)


@equation
def bound_sclerostin(romosozumab_mg: Any, p: Letters) -> Any:
    """A_b: how much faster sclerostin goes when romosozumab binds it."""
    return p.E_romo * romosozumab_mg


@equation
def decay(half_life_d: Any) -> Any:
    """Rate of what is halved in a time [1/d]."""
    return LN_2 / half_life_d


@njit(error_model="numpy", fastmath=_FAST)
def lasting_rate(p: Letters) -> float:
    """The fastest of those rates at which something settles that never change [1/d]."""
    drugs = max(decay(p.T_romo), decay(p.T_deno))
    return max(max(p.kB * (1.0 + p.gB), drugs), max(1.0 / p.tauS, 1.0 / p.tauA))


@njit(error_model="numpy", fastmath=_FAST)
def fastest_rate(y: Vector, p: Letters, lasting: float) -> float:
    """The fastest rate at which something settles in a state `y`, the lasting ones included [1/d].

    Fast states hardly act on themselves through others, so that the rate of each is an eigenvalue, or nearly.
    """
    sclerostin = p.kS * (1.0 + bound_sclerostin(y[RO], p))
    return max(max(sclerostin, p.kC * osteoclast_death(y[BP], p)), lasting)


@njit(error_model="numpy", fastmath=_FAST)
def derivatives(y: Vector, x: Vector, kV: Vector, p: Letters, dy: Vector) -> None:
    """Write the time derivatives of the states `y` [N_STATES] into `dy` [1/d].

    x: inputs [N_INPUTS]; kV: matrix turnover of each lane [1/d]; p: one record of PARAMETERS.
    """
    Ga, De, Ro = y[GA], y[DE], y[RO]
    e, tp = x[OESTROGEN], x[TERIPARATIDE]

    # What all sites share.
    Gf = fast_steroid_effect(x[OCCUPANCY], p)
    zf = osteoclast_boost(Gf, Ga, p)
    Gs = worn(y[GS], y[GT], p.wT, p.kH)  # what osteoblasts feel once they tolerate some of it
    D = p.E_deno * De / (1.0 + p.E_deno * De)  # RANKL occupied by denosumab
    A_b = bound_sclerostin(Ro, p)
    lack = (1.0 - e) * (1.0 - p.rR * x[RALOXIFENE])  # of oestrogen, as bone feels it
    drive_R = (1.0 + p.aE * lack) * (1.0 - p.bD * D) * (1.0 + p.tR * tp) * x[CALCIUM_DRIVE]
    drive_W = 1.0 + p.tW * tp
    drive_A = (1.0 - osteoblasts_idle(Gf, y[GT], p)) * x[WORK]
    drive_S = (1.0 + p.sE * lack) * (1.0 + p.sG * Gs)
    recruits = 1.0 - p.gQ * Gs
    death_C = osteoclast_death(y[BP], p)
    death_B = (1.0 + p.gB * Gs * (1.0 - p.tGB * tp)) * (1.0 - p.tB * tp)
    death_Y = p.gY * Gs
    phi, chi, cc, gS, gR, gW, gA, gs, ns, hV = p.phi, p.chi, p.cc, p.gS, p.gR, p.gW, p.gA, p.gs, p.ns, p.hV
    kP, kC, kQ, kB, kY, kS, kE, kL, km, am = p.kP, p.kC, p.kQ, p.kB, p.kY, p.kS, p.kE, p.kL, p.km, p.am
    nE, gD, kO, gO, gP = p.nE, p.gD, p.kO, p.gO, p.gP

    for i in range(len(kV)):
        log_S, log_V = y[LOG_S + i], y[LOG_V + i]
        log_sig = x[LOG_LOAD + i] - ns * log_V  # strain falls when unloaded, rises as bone is lost
        damage = 1.0 + gD * (1.0 - y[Y + i])  # dead osteocytes call for their replacement
        shield = 1.0 + gO * (y[OP + i] - 1.0)  # osteoprotegerin, which catches RANKL
        R = drive_R * damage * exp(gS * log_S - gR * log_sig) / shield  # osteoclastogenic drive
        W = drive_W * exp(-gW * log_S)  # Wnt drive, pre-osteoblast to osteoblast
        F = formation(y[B + i], log_S, drive_A, gA)
        Z = y[C + i] * zf  # resorption
        thinned = 1.0 + gP * (Z - 1.0)  # fast resorption perforates more than it hollows
        hollow = Z / thinned  # what is cut through leaves no surface to fill
        U = 1.0 + 0.5 * nE * (y[E + i] - 1.0)
        U = U * U  # unfilled space recruits those who fill it: slope nE at 1, never negative
        dy[P + i] = kP * (1.0 - (1.0 - phi) * y[P + i] - phi * y[P + i] * R)
        dy[C + i] = kC * (y[P + i] * R - y[C + i] * death_C)
        dy[OP + i] = kO * (F - y[OP + i])  # new bone brings the young osteocytes that make it
        dy[E + i] = kE * (hollow - F * y[E + i]) - kL * (y[E + i] - 1.0)
        dy[Q + i] = kQ * ((1.0 - cc + cc * hollow) * U * recruits - y[Q + i] * (1.0 - chi + chi * W))
        dy[B + i] = kB * (y[Q + i] * W - y[B + i] * death_B)
        dy[Y + i] = kY * (1.0 - y[Y + i]) - death_Y * y[Y + i]
        dy[LOG_S + i] = kS * (drive_S * exp(-gs * log_sig - log_S) - (1.0 + A_b))
        dy[LOG_V + i] = kV[i] * (F * exp(-log_V) - Z * thinned * exp((hV - 1.0) * log_V))
        dy[M + i] = km * (1.0 + am * (1.0 - 0.5 * (F + Z)) - y[M + i])

    dy[GS] = (Gf - y[GS]) / p.tauS
    dy[GT] = (Gf - y[GT]) / p.tauT
    dy[GA] = (Gf - Ga) / p.tauA
    turned_over = 0.5 * (y[C] + y[C + 2]) * zf  # bisphosphonate leaves with the bone that is resorbed
    dy[BP] = p.E_bp * x[ORAL_BISPHOSPHONATE] - (p.kBP + p.kBP1 * turned_over) * y[BP]
    dy[DE] = -decay(p.T_deno) * De
    dy[RO] = -decay(p.T_romo) * Ro


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
