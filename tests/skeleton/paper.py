"""The equations once more, as bone_model.md prints them, in plain numpy with scipy's LSODA: the independent oracle.

Nothing of the product is imported; the order of the states and the letters of the parameters are stated here.
State vector: ten states a site (P, C, Q, B, Y, E, O, S, V, m), then Gs, Ga, Gt, BP, De [mg], Ro [mg], We.
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

SITES = ("LS", "FN", "TH")
A_SITE = 10
SHARED = 7
N = A_SITE * len(SITES) + SHARED


@dataclass(frozen=True)
class Inputs:
    """What acts at one moment."""

    u: float
    e: float
    fa: float
    tp: float
    ral: float
    pth: float
    bisphosphonate_mg_per_day: float
    load: np.ndarray


def healthy() -> np.ndarray:
    """All states 1, no steroid, no drug."""
    return np.concatenate([np.ones(A_SITE * len(SITES)), np.zeros(SHARED)])


def bound(osteoclasts: np.ndarray, p: dict[str, float]) -> float:
    """The share of a bisphosphonate that bone takes up: a part of it where osteoclasts of spine and hip sit."""
    return 1 - p["uT"] + p["uT"] * (osteoclasts[0] + osteoclasts[2]) / 2


def right_hand_side(y: np.ndarray, x: Inputs, p: dict[str, float]) -> np.ndarray:
    """Section 2 of the science notes, line by line."""
    P, C, Q, B, Y, E, OPG, S, V, m = y[:-SHARED].reshape(3, A_SITE).T
    Gslow, Ga, Gt, BP, De, Ro, We = y[-SHARED:]
    Gs = Gslow / (1 + p["wS"] * Gt / (Gt + p["kH"]))
    Gf = x.u ** p["hG"] / (x.u ** p["hG"] + p["u50"] ** p["hG"])
    sig = x.load / V ** p["ns"]
    D = p["E_deno"] * De / (1 + p["E_deno"] * De)
    A_b = p["E_romo"] * Ro
    lack = (1 - x.e) * (1 - p["rR"] * x.ral)
    R = (1 + p["aE"] * lack) * S ** p["gS"] * sig ** -p["gR"] * (1 - p["bD"] * D) * (1 + p["tR"] * x.tp)
    R = R * x.pth * (1 + p["gD"] * (1 - Y)) / (1 + p["gO"] * (OPG * (1 + p["hO"]) / (OPG + p["hO"]) - 1))
    felt = S ** (1 - p["wW"] * We)
    W = felt ** -p["gW"] * (1 + p["tW"] * x.tp)
    zf = 1 + p["zG"] * Gf / (1 + p["wA"] * Ga / (Ga + p["kH"]))
    A = felt ** -p["gA"] * (1 - p["iA"] * Gf / (1 + p["wT"] * Gt / (Gt + p["kH"]))) * x.fa
    F, Z = B * A, C * zf
    kV = np.array([p["kV_LS"], p["kV_FN"], p["kV_TH"]])
    dP = p["kP"] * (1 - (1 - p["phi"]) * P - p["phi"] * P * R)
    dC = p["kC"] * (P * R - C * (1 + p["aBP"] * BP / (1 + BP)))
    thinned = 1 + p["gP"] * (C * (1 + p["pZ"] * (zf - 1)) - 1)
    hollow = Z / thinned
    dO = p["kO"] * (F - OPG)
    dE = p["kE"] * (hollow - F * E) - p["kL"] * (E - 1)
    U = (1 + p["nE"] / 2 * (E - 1)) ** 2
    dQ = p["kQ"] * ((1 - p["cc"] + p["cc"] * hollow) * (1 - p["gQ"] * Gs) - Q * ((1 - p["chi"]) + p["chi"] * W))
    dB = p["kB"] * (Q * W * U - B * (1 + p["gB"] * Gs * (1 - p["tGB"] * x.tp)) * (1 - p["tB"] * x.tp))
    dY = p["kY"] * (1 - Y) - p["gY"] * Gs * Y
    dS = p["kS"] * (sig ** -p["gs"] * (1 + p["sE"] * lack) * (1 + p["sG"] * Gs) - S * (1 + A_b))
    dV = kV * (F - Z * thinned * V ** p["hV"])
    dm = p["km"] * (1 + p["am"] * (1 - (F + Z) / 2) - m)
    shared = [
        (Gf - Gslow) / p["tauS"],
        (Gf - Ga) / p["tauA"],
        (Gf - Gt) / p["tauT"],
        p["E_bp"] * x.bisphosphonate_mg_per_day * bound(C, p) - (p["kBP"] + p["kBP1"] * (Z[0] + Z[2]) / 2) * BP,
        -np.log(2) / p["T_deno"] * De,
        -np.log(2) / p["T_romo"] * Ro,
        (A_b / (1 + A_b) - We) / p["tauW"],
    ]
    return np.concatenate([np.stack([dP, dC, dQ, dB, dY, dE, dO, dS, dV, dm], axis=1).ravel(), shared])


def solve(edges, start, end, dose, p, rtol=1e-11, atol=1e-13):
    """States at every edge [K+1, N]; start, end: lists of Inputs; dose [K, 3]: BP, denosumab, romosozumab."""
    y, states = healthy(), [healthy()]
    for k in range(len(edges) - 1):
        y = y.copy()
        osteoclasts = y[:-SHARED].reshape(3, A_SITE)[:, 1]
        y[-4] += dose[k][0] * bound(osteoclasts, p)
        y[-3:-1] += dose[k][1:]
        t0, t1 = edges[k], edges[k + 1]

        def f(t, y, k=k, t0=t0, t1=t1):
            return right_hand_side(y, _between(start[k], end[k], (t - t0) / (t1 - t0)), p)

        solution = solve_ivp(f, (t0, t1), y, method="LSODA", rtol=rtol, atol=atol)
        assert solution.success
        y = solution.y[:, -1]
        states.append(y)
    return np.array(states)


def _between(a: Inputs, b: Inputs, share: float) -> Inputs:
    """Linear in everything but load, which is linear in its logarithm."""
    mix = lambda one, other: one + share * (other - one)  # noqa: E731
    return Inputs(
        mix(a.u, b.u), mix(a.e, b.e), mix(a.fa, b.fa), mix(a.tp, b.tp), mix(a.ral, b.ral), mix(a.pth, b.pth),
        mix(a.bisphosphonate_mg_per_day, b.bisphosphonate_mg_per_day),
        np.exp(mix(np.log(a.load), np.log(b.load))),
    )  # fmt: skip


def density(states: np.ndarray) -> np.ndarray:
    """V * m of each site [..., 3]."""
    sites = states[..., :-SHARED].reshape(*states.shape[:-1], 3, A_SITE)
    return sites[..., 8] * sites[..., 9]
