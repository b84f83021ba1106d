"""The named parts of the equations: read them from top to bottom, like a paper; `equations` puts them together.

Each part is a function of numbers: the quantities that it needs, and last the letters `p` (`p.u50` is the parameter of
the registry whose symbol is u50). A part can be replaced by another of the same arguments; the march, its step control
and the markers all read the same one. `p` also holds the states that all sites share, by name (`p.denosumab_mg`), for a
part that has been replaced and wants to know more than its arguments say.

The equations are a synthesis (the "S-core") of the cell-population models of Lemaire 2004, Pivonka 2008, Scheiner 2013
and Joerg 2022, restated in our own notation, with a glucocorticoid arm of our own. What they get wrong is listed in
docs/explanation/skeleton.md. Every state is 1 in the healthy 30-year-old, and stays there while nothing acts.
"""

from math import log
from typing import Any

from numba.extending import register_jitable

from trabecula.skeleton.numerics import exp

# Compiled inside whatever uses them; in plain Python they take numbers or arrays.
part = register_jitable(inline="always", error_model="numpy")

LN_2 = log(2.0)


@part
def decay(half_life_d: Any) -> Any:
    """Rate of what is halved in a time [1/d]."""
    return LN_2 / half_life_d


# --- Glucocorticoids ---------------------------------------------------------------------------------------------


@part
def fast_steroid_effect(u: Any, p: Any) -> Any:
    """Gf: gene-level glucocorticoid effect of receptor occupancy u, 0..1; hG is how steeply it rises."""
    r = (u / p.u50) ** p.hG
    return r / (1.0 + r)


@part
def worn(effect: Any, habit: Any, wear: Any, kH: Any) -> Any:
    """What is left of an effect once the habit of it has grown: all of it at first, 1/(1 + wear) in the end."""
    return effect / (1.0 + wear * habit / (habit + kH))


@part
def slow_effect_rate(Gf: Any, Gs: Any, p: Any) -> Any:
    """Rate at which the slow effect Gs follows the fast one [1/d]."""
    return (Gf - Gs) / p.tauS


@part
def adaptation_rate(Gf: Any, Ga: Any, p: Any) -> Any:
    """Rate at which osteoclasts adapt to steroids [1/d]."""
    return (Gf - Ga) / p.tauA


@part
def tolerance_rate(Gf: Any, Gt: Any, p: Any) -> Any:
    """Rate at which osteoblasts come to tolerate steroids [1/d]."""
    return (Gf - Gt) / p.tauT


@part
def osteoclast_boost(felt: Any, p: Any) -> Any:
    """zf: early steroid boost of osteoclast activity; `felt`, the fast effect on osteoclasts, is nearly gone later."""
    return 1.0 + p.zG * felt


@part
def osteoblasts_idle(felt: Any, p: Any) -> Any:
    """Share of the work of osteoblasts that steroids stop; `felt` is the fast effect, less once it is tolerated."""
    return p.iA * felt


# --- Drugs and hormones ------------------------------------------------------------------------------------------


@part
def lack_of_oestrogen(oestrogen: Any, raloxifene: Any, p: Any) -> Any:
    """What bone misses of oestrogen, of which raloxifene makes up a share."""
    return (1.0 - oestrogen) * (1.0 - p.rR * raloxifene)


@part
def rankl_occupied(denosumab_mg: Any, p: Any) -> Any:
    """D: share of RANKL that denosumab occupies."""
    return p.E_deno * denosumab_mg / (1.0 + p.E_deno * denosumab_mg)


@part
def denosumab_lost(mg: Any, p: Any) -> Any:
    """Denosumab that leaves [mg/d]."""
    return decay(p.T_deno) * mg


@part
def romosozumab_lost(mg: Any, p: Any) -> Any:
    """Romosozumab that leaves [mg/d]."""
    return decay(p.T_romo) * mg


@part
def bisphosphonate_bound(turned_over: Any, p: Any) -> Any:
    """How much of a dose bone takes up: a part of it binds where bone is being resorbed, the rest anywhere."""
    return 1.0 - p.uT + p.uT * turned_over


@part
def bisphosphonate_released(turned_over: Any, p: Any) -> Any:
    """Share of the skeletal bisphosphonate that leaves, more with the bone that is resorbed [1/d]."""
    return p.kBP + p.kBP1 * turned_over


# --- Osteoclasts -------------------------------------------------------------------------------------------------


@part
def resorptive_drive(lack: Any, D: Any, teriparatide: Any, calcium_drive: Any, p: Any) -> Any:
    """What all sites share of the drive on osteoclasts: oestrogen, denosumab, teriparatide, parathyroid hormone."""
    return (1.0 + p.aE * lack) * (1.0 - p.bD * D) * (1.0 + p.tR * teriparatide) * calcium_drive


@part
def bone_damage(osteocytes: Any, p: Any) -> Any:
    """Dead osteocytes call for their replacement."""
    return 1.0 + p.gD * (1.0 - osteocytes)


@part
def rankl_shield(osteoprotegerin: Any, p: Any) -> Any:
    """Osteoprotegerin of young osteocytes, which catches RANKL; more of it than in health shields little more."""
    return 1.0 + p.gO * (osteoprotegerin * (1.0 + p.hO) / (osteoprotegerin + p.hO) - 1.0)


@part
def osteoclastogenesis(drive_R: Any, damage: Any, log_S: Any, log_strain: Any, shield: Any, p: Any) -> Any:
    """R: osteoclastogenic drive at a site, from sclerostin S and strain."""
    return drive_R * damage * exp(p.gS * log_S - p.gR * log_strain) / shield


@part
def osteoclast_death(bisphosphonate: Any, p: Any) -> Any:
    """How much faster osteoclasts die on bone that holds a bisphosphonate."""
    return 1.0 + p.aBP * bisphosphonate / (1.0 + bisphosphonate)


@part
def resorption(osteoclasts: Any, zf: Any, p: Any) -> Any:  # noqa: ARG001
    """Z: what osteoclasts resorb."""
    return osteoclasts * zf


@part
def perforation(osteoclasts: Any, zf: Any, p: Any) -> Any:
    """Fast resorption perforates more than it hollows; what is cut through leaves no surface to fill.

    Many osteoclasts cut through; how much the early steroid boost of each does so is pZ.
    """
    return 1.0 + p.gP * (osteoclasts * (1.0 + p.pZ * (zf - 1.0)) - 1.0)


# --- Sclerostin and load -----------------------------------------------------------------------------------------


@part
def strain(log_load: Any, log_V: Any, p: Any) -> Any:
    """Logarithm of strain: falls when unloaded, rises as bone is lost."""
    return log_load - p.ns * log_V


@part
def sclerostin_drive(lack: Any, Gs: Any, p: Any) -> Any:
    """What all sites share of the drive on sclerostin: a lack of oestrogen, and steroids."""
    return (1.0 + p.sE * lack) * (1.0 + p.sG * Gs)


@part
def sclerostin_made(drive_S: Any, log_strain: Any, log_S: Any, p: Any) -> Any:
    """Production of sclerostin over what there is of it: less under load."""
    return drive_S * exp(-p.gs * log_strain - log_S)


@part
def bound_sclerostin(romosozumab_mg: Any, p: Any) -> Any:
    """A_b: how much faster sclerostin goes when romosozumab binds it."""
    return p.E_romo * romosozumab_mg


# --- Osteoblasts and osteocytes ----------------------------------------------------------------------------------


@part
def weariness_rate(bound: Any, weariness: Any, p: Any) -> Any:
    """Rate at which bone tires of a sclerostin that is bound: other inhibitors of Wnt take its place [1/d]."""
    return (bound / (1.0 + bound) - weariness) / p.tauW


@part
def felt_sclerostin(log_S: Any, weariness: Any, p: Any) -> Any:
    """Logarithm of the sclerostin that osteoblasts feel: nearer to usual once bone has tired of its lack."""
    return log_S * (1.0 - p.wW * weariness)


@part
def wnt(teriparatide: Any, log_S: Any, p: Any) -> Any:
    """W: Wnt drive, pre-osteoblast to osteoblast."""
    return (1.0 + p.tW * teriparatide) * exp(-p.gW * log_S)


@part
def recruits(Gs: Any, p: Any) -> Any:
    """Share of the pre-osteoblasts that steroids leave."""
    return 1.0 - p.gQ * Gs


@part
def coupling(hollow: Any, p: Any) -> Any:
    """Pre-osteoblasts that resorbed surface calls."""
    return 1.0 - p.cc + p.cc * hollow


@part
def call_of_space(unfilled: Any, p: Any) -> Any:
    """Unfilled space turns precursors that are there into those who fill it: slope nE at 1, never negative."""
    U = 1.0 + 0.5 * p.nE * (unfilled - 1.0)
    return U * U


@part
def osteoblast_death(Gs: Any, teriparatide: Any, p: Any) -> Any:
    """How much faster osteoblasts die: of steroids, less with teriparatide."""
    return (1.0 + p.gB * Gs * (1.0 - p.tGB * teriparatide)) * (1.0 - p.tB * teriparatide)


@part
def osteocyte_death(Gs: Any, p: Any) -> Any:
    """Osteocytes that steroids kill [1/d]."""
    return p.gY * Gs


@part
def formation(osteoblasts: Any, log_S: Any, drive_A: Any, p: Any) -> Any:
    """F: living osteoblasts times the activity that sclerostin S leaves of their drive."""
    return osteoblasts * (drive_A * exp(-p.gA * log_S))


# --- Space, matrix and mineral -----------------------------------------------------------------------------------


@part
def filling(F: Any, unfilled: Any, p: Any) -> Any:  # noqa: ARG001
    """Unfilled space that osteoblasts fill, over what they fill in health."""
    return F * unfilled


@part
def abandoning(unfilled: Any, p: Any) -> Any:
    """Unfilled space that is given up, and bone with it [1/d]."""
    return p.kL * (unfilled - 1.0)


@part
def matrix_lost(Z: Any, thinned: Any, log_V: Any, p: Any) -> Any:
    """Matrix that is resorbed, as a share of what there is: by surface, and more where it is perforated."""
    return Z * thinned * exp((p.hV - 1.0) * log_V)


@part
def mineral_goal(F: Any, Z: Any, p: Any) -> Any:
    """Mineralisation that bone of this turnover comes to."""
    return 1.0 + p.am * (1.0 - 0.5 * (F + Z))
