"""The personal factor: how much denser a person's bones are than the model's course for their history.

The factor varies between people as the reference population does, and in one person it wanders slowly: cohorts find
that density ten years on is close to what it was, not equal, and that the highest and the lowest drift towards the
middle. So the factor p of a site is a stationary process: p(t) = 1 + cv z(t), the correlation of z between two days
falling as exp(-|t - t'| / tracking time), sites going together as between people. On every day people differ as the
table says.

With normal factors and errors of the scanner the factor given the scans is exact: one small linear system a draw
(Matheron's rule: a path drawn from the prior is moved onto the scans).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from trabecula import chance
from trabecula.course import Bones
from trabecula.evidence import Draws, Evidence
from trabecula.skeleton import SITES
from trabecula.skeleton.density import site_correlation
from trabecula.twin.measurements import Scan, error_covariance
from trabecula.twin.wandering import wandering
from trabecula.units import Array, years


@dataclass(frozen=True)
class Path:
    """The personal factor through time."""

    nodes: Array
    """Days on which it was drawn, rising [m, d since birth]."""
    factor: dict[str, Array]
    """By site [n, m]; straight between the nodes."""

    def at(self, site: str, days: Array) -> Array:
        """The factor on any days [n, T], straight between the nodes and level beyond."""
        right = np.clip(np.searchsorted(self.nodes, days), 1, len(self.nodes) - 1)
        left = self.nodes[right - 1]
        share = np.clip((days - left) / (self.nodes[right] - left), 0.0, 1.0)
        return self.factor[site][:, right - 1] * (1.0 - share) + self.factor[site][:, right] * share


def tracking_y(draws: Draws) -> Array:
    """Years over which the correlation of a person's density with itself falls to 1/e [n]."""
    return draws["twin.tracking_time"]


def predicted(bones: Bones, scans: Sequence[Scan]) -> Array:
    """Density of the model's course at each scan [g/cm2, n x k]."""
    return np.stack([bones.typical[scan.site][:, bones.place(scan.day)] for scan in scans], axis=-1)


def scan_covariance(bones: Bones, scans: Sequence[Scan], draws: Draws) -> Array:
    """How scans vary around the model's course in each draw: people, their wandering, and the scanner [n, k, k]."""
    course = predicted(bones, scans)
    days, sites = np.array([scan.day for scan in scans]), [SITES.index(scan.site) for scan in scans]
    people = _between_people(bones, draws.evidence)[np.ix_(sites, sites)] * _alike(days, days, tracking_y(draws))
    return course[:, :, None] * course[:, None, :] * people + error_covariance(scans)


def personal_path(bones: Bones, scans: Sequence[Scan], draws: Draws, until: float = inf) -> Path:
    """The personal factor in each draw, through life or up to a day: from its prior, or from what scans leave of it.

    The same luck is used with and without scans, so that a scan moves a draw no further than it must.
    """
    root = np.linalg.cholesky(_between_people(bones, draws.evidence))
    scanned = np.array([scan.day for scan in scans])
    nodes, wandered = wandering(bones.on, scanned, draws, tracking_y(draws), until)
    factor = 1.0 + np.einsum("st,ntm->nsm", root, wandered)
    if scans:
        factor = _matheron(factor, nodes, bones, scans, draws)
    return Path(nodes, {site: np.maximum(factor[:, i], bones.cv[site]) for i, site in enumerate(SITES)})


def _matheron(factor: Array, nodes: Array, bones: Bones, scans: Sequence[Scan], draws: Draws) -> Array:
    """Prior paths moved onto their scans: exact posterior draws of a linear normal model (Matheron's rule).

    A path and scans made of it are drawn from the prior; the path moves by its regression on what the true scans differ
    from those (Wilson et al. 2021, J Mach Learn Res 22:105) [n, sites, m].
    """
    days, sites = np.array([scan.day for scan in scans]), [SITES.index(scan.site) for scan in scans]
    course = predicted(bones, scans)
    at_scans = course * factor[:, sites, np.searchsorted(nodes, days)]
    measured = np.array([scan.bmd_g_cm2 for scan in scans])
    noise = _noise(scans, draws) @ np.linalg.cholesky(error_covariance(scans)).T
    pull = np.linalg.solve(scan_covariance(bones, scans, draws), (measured - at_scans - noise)[..., None])[..., 0]
    people = _between_people(bones, draws.evidence)[:, sites]
    return factor + np.einsum("sk,nmk,nk->nsm", people, _alike(nodes, days, tracking_y(draws)), course * pull)


def _noise(scans: Sequence[Scan], draws: Draws) -> Array:
    """Standard normal numbers of each scan [n, k]; a scan repeated on a day has its own."""
    keys = [(scan.site, int(scan.day)) for scan in scans]
    noise = [
        chance.normal(draws.seed, f"scan.{site}.{keys[:j].count((site, day))}", day, draws.keys)
        for j, (site, day) in enumerate(keys)
    ]
    return np.stack(noise, axis=-1)


def _alike(days: Array, others: Array, tracking: Array) -> Array:
    """Correlation of the personal factor between days [n, a, b]."""
    apart_y = years(np.abs(days[:, None] - others[None, :]))
    return np.exp(-apart_y[None] / tracking[:, None, None])


def _between_people(bones: Bones, evidence: Evidence) -> Array:
    """How personal factors vary together between people, by site [3, 3]."""
    sd = np.array([bones.cv[site] for site in SITES])
    return site_correlation(evidence) * np.outer(sd, sd)
