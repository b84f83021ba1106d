"""A course conditioned on what was measured: bone scans pin the personal level of density.

Given a draw, density at a site is the draw's typical course times a personal factor, and a scan is that density
with the scanner's error. With normal factors and errors the factor's distribution given the scans is exact (one
small linear system a draw); a scan of the hip also informs the spine as far as sites go together. The dynamics
are not reweighted yet: of two scans that disagree with the course between them, both pull at the level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.course import Bones, Level
from trabecula.evidence import Draws, Evidence
from trabecula.person import Dxa, Person
from trabecula.skeleton import SITES
from trabecula.skeleton.density import number, reference_mean, reference_sd, site_correlation, young_reference
from trabecula.units import days_since_birth, years

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scan:
    """A scan on the scale of the reference population: density [g/cm2] and its error as a share."""

    day: float
    site: str
    bmd_g_cm2: float
    cv: float


def scans(person: Person, evidence: Evidence, on: float) -> tuple[Scan, ...]:
    """The scans of spine and hip up to the day of assessment, converted to Hologic density."""
    known = (each for each in person.dxa if each.site in SITES)
    read = (_scan(each, person, evidence) for each in known)
    return tuple(sorted((each for each in read if each.day <= on), key=lambda each: each.day))


def _scan(dxa: Dxa, person: Person, evidence: Evidence) -> Scan:
    """One scan: a density is converted by device; a T- or Z-score is taken back through its reference."""
    day = days_since_birth(dxa.date, person.birth_date)
    precision = number(evidence, f"reference.dxa.precision_cv.{dxa.site}")
    if dxa.bmd_g_cm2 is not None:
        bmd, device_cv = _as_hologic(dxa, evidence)
        return Scan(day, dxa.site, bmd, float(np.hypot(precision, device_cv)))
    if dxa.t_score is not None:
        mean, sd = young_reference(evidence, dxa.site, person.sex)
        return Scan(day, dxa.site, mean + sd * dxa.t_score, precision)
    age_y = years(day)
    mean = reference_mean(evidence, dxa.site, person.sex, age_y, person.ancestry)
    sd = reference_sd(evidence, dxa.site, person.sex, age_y)
    return Scan(day, dxa.site, float(mean + sd * (dxa.z_score or 0.0)), precision)


def _as_hologic(dxa: Dxa, evidence: Evidence) -> tuple[float, float]:
    """Density on the scale of the reference population [g/cm2], and what the conversion adds to the error."""
    bmd = dxa.bmd_g_cm2 or 0.0
    if dxa.device == "hologic":
        return bmd, 0.0
    if dxa.device == "unknown":
        name = "reference.dxa.unknown_device"
        return bmd * number(evidence, f"{name}.factor.{dxa.site}"), number(evidence, f"{name}.cv.{dxa.site}")
    name = f"reference.dxa.to_hologic.{dxa.device}.{dxa.site}"
    converted = number(evidence, f"{name}.intercept") + number(evidence, f"{name}.slope") * bmd
    return converted, number(evidence, "reference.dxa.conversion_cv")


def personal_level(bones: Bones, measured: Sequence[Scan], draws: Draws) -> Level:
    """The personal factor of each draw, by site [n]: drawn from its prior, or from what the scans leave of it.

    The same luck is used with and without scans, so that a scan moves a draw no further than it must.
    """
    prior = _prior_covariance(bones, draws.evidence)
    luck = np.stack([chance.normal(draws.seed, f"level.{s}", 0, np.arange(draws.n)) for s in SITES], axis=-1)
    factors = 1.0 + luck @ np.linalg.cholesky(prior).T
    if measured:
        factors = _matheron(factors, prior, bones, measured, draws)
    return {site: np.maximum(factors[:, i], bones.cv[site]) for i, site in enumerate(SITES)}


def _matheron(factors: Array, prior: Array, bones: Bones, measured: Sequence[Scan], draws: Draws) -> Array:
    """Prior draws moved onto their scans: exact posterior draws of a linear normal model (Matheron's rule)."""
    place = [bones.place(scan.day) for scan in measured]
    site = [SITES.index(scan.site) for scan in measured]
    H = np.zeros((draws.n, len(measured), len(SITES)))
    for j, scan in enumerate(measured):
        H[:, j, site[j]] = bones.typical[scan.site][:, place[j]]
    error_sd = np.array([scan.cv * scan.bmd_g_cm2 for scan in measured])
    noise = np.stack(
        [
            chance.normal(draws.seed, f"scan.{scan.site}", int(scan.day), np.arange(draws.n))
            for scan in measured
        ],
        -1,
    )
    surprise = (
        np.array([scan.bmd_g_cm2 for scan in measured]) - (H @ factors[:, :, None])[..., 0] - noise * error_sd
    )
    covariance = H @ prior @ H.transpose(0, 2, 1) + np.diag(error_sd**2)
    return factors + (prior @ H.transpose(0, 2, 1) @ np.linalg.solve(covariance, surprise[..., None]))[..., 0]


def _prior_covariance(bones: Bones, evidence: Evidence) -> Array:
    """How personal factors vary together between people, by site [3, 3]."""
    sd = np.array([bones.cv[site] for site in SITES])
    return site_correlation(evidence) * np.outer(sd, sd)
