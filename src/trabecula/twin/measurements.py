"""What was measured, on the scales of the model: bone scans as Hologic density, markers as ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np

from trabecula.evidence import SEX_GROUP, Evidence
from trabecula.person import Dxa, Person
from trabecula.person.limits import LIMITS
from trabecula.skeleton import SITES
from trabecula.skeleton.density import reference_mean, reference_sd, young_reference
from trabecula.skeleton.markers import NAMES
from trabecula.units import Array, days_since_birth, years
from trabecula.words.message import Message

_ROUNDING_SD = 0.1 / sqrt(12.0)
"""Error of a number that is printed with one decimal."""


@dataclass(frozen=True)
class Scan:
    """A scan on the scale of the reference population (Hologic, NHANES)."""

    day: float
    """[d since birth]"""
    site: str
    """One of `skeleton.SITES`."""
    bmd_g_cm2: float
    """Areal density, converted if another make measured it [g/cm2]."""
    cv: float
    """Precision, an error of this scan alone, as a share of density."""
    shared_cv: float = 0.0
    """Error of the conversion between makes, the same in every scan by this `device`, as a share of density."""
    device: str = "hologic"
    """The make that measured it."""
    from_score: Message | None = None
    """The score that density was read from, if the record has no density ("T-score -4.1")."""


@dataclass(frozen=True)
class MarkerSample:
    """One sample of a marker of turnover."""

    day: float
    """[d since birth]"""
    test: str
    """One of `skeleton.markers.NAMES`."""
    ratio: float
    """Relative to a healthy 30-year-old of the same sex [1]."""


@dataclass(frozen=True)
class Measurements:
    """All that was measured in a person up to a day."""

    scans: tuple[Scan, ...] = ()
    markers: tuple[MarkerSample, ...] = ()

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which something was measured [d since birth]: the skeleton must be read on them."""
        return tuple(sorted({one.day for one in (*self.scans, *self.markers)}))


def measurements(person: Person, evidence: Evidence, on: float) -> Measurements:
    """Scans of spine and hip, and markers of turnover, up to the day of assessment [d since birth]."""
    return Measurements(scans(person, evidence, on), markers(person, evidence, on))


def scans(person: Person, evidence: Evidence, on: float) -> tuple[Scan, ...]:
    """The scans of spine and hip up to the day of assessment, converted to Hologic density, oldest first."""
    read = (_scan(dxa, person, evidence) for dxa in person.dxa if dxa.site in SITES)
    return tuple(
        sorted((scan for scan in read if scan.day <= on), key=lambda scan: (scan.day, scan.site, scan.bmd_g_cm2))
    )


def markers(person: Person, evidence: Evidence, on: float) -> tuple[MarkerSample, ...]:
    """The markers of turnover up to a day [d since birth], oldest first."""
    read = [
        MarkerSample(day, test.test, test.standard_value / evidence.scalar(_young(test.test, person.sex)))
        for test in person.laboratory
        if test.test in NAMES and (day := days_since_birth(test.date, person.birth_date)) <= on
    ]
    return tuple(sorted(read, key=lambda sample: (sample.day, sample.test, sample.ratio)))


def _young(test: str, sex: str) -> str:
    """The parameter that holds the usual value of a healthy 30-year-old."""
    return f"twin.marker.young.{test.lower()}.{SEX_GROUP[sex]}"


def _scan(dxa: Dxa, person: Person, evidence: Evidence) -> Scan:
    """One scan: a density is converted by device; a T- or Z-score is taken back through its reference."""
    day = days_since_birth(dxa.date, person.birth_date)
    if dxa.bmd_g_cm2 is None:
        return _of_score(dxa, person, day, evidence)
    bmd, conversion = _as_hologic(dxa, evidence)
    return Scan(day, dxa.site, bmd, _precision(dxa.site, evidence), conversion, dxa.device)


def _of_score(dxa: Dxa, person: Person, day: float, evidence: Evidence) -> Scan:
    """The density behind a score. A report rounds it, and every make but Hologic has a reference of its own."""
    if dxa.t_score is not None:
        name, score = "scan.t_score", dxa.t_score
        mean, sd = young_reference(evidence, dxa.site, person.sex)
    else:
        name, score, age_y = "scan.z_score", dxa.z_score or 0.0, years(day)
        mean = float(reference_mean(evidence, dxa.site, person.sex, age_y, person.ancestry))
        sd = float(reference_sd(evidence, dxa.site, person.sex, age_y))
    bmd = max(mean + sd * score, LIMITS["bmd_g_cm2"].possible[0])
    own = hypot(_precision(dxa.site, evidence), _ROUNDING_SD * sd / bmd)
    shared = 0.0 if dxa.device == "hologic" else evidence.scalar("reference.dxa.conversion_cv")
    return Scan(day, dxa.site, bmd, own, shared, dxa.device, Message(name, {"score": score}))


def _precision(site: str, evidence: Evidence) -> float:
    """Error of a scanner in one scan, as a share of density."""
    return evidence.scalar(f"reference.dxa.precision_cv.{site}")


def _as_hologic(dxa: Dxa, evidence: Evidence) -> tuple[float, float]:
    """Density on the scale of the reference population [g/cm2], and what the conversion adds to the error."""
    bmd = dxa.bmd_g_cm2 or 0.0
    if dxa.device == "hologic":
        return bmd, 0.0
    if dxa.device == "unknown":
        name = "reference.dxa.unknown_device"
        return bmd * evidence.scalar(f"{name}.factor.{dxa.site}"), evidence.scalar(f"{name}.cv.{dxa.site}")
    name = f"reference.dxa.to_hologic.{dxa.device}.{dxa.site}"
    converted = evidence.scalar(f"{name}.intercept") + evidence.scalar(f"{name}.slope") * bmd
    return converted, evidence.scalar("reference.dxa.conversion_cv")


def error_covariance(scans: Sequence[Scan]) -> Array:
    """Errors of scans [k, k]: precision is each scan's own; a conversion errs alike in all scans by one make.

    So a change between two scans by the same make is as precise as two scans, and one between makes is not.
    """
    own = np.array([scan.cv * scan.bmd_g_cm2 for scan in scans])
    shared = np.array([scan.shared_cv * scan.bmd_g_cm2 for scan in scans])
    kind = np.array([f"{scan.site} {scan.device}" for scan in scans])
    return np.diag(own**2) + np.outer(shared, shared) * (kind[:, None] == kind[None, :])


def least_significant_change(site: str, evidence: Evidence) -> float:
    """Smallest difference between two scans of a site by one scanner that is no noise, with 95 % confidence [share]."""
    return evidence.scalar("measuring.lsc_factor") * _precision(site, evidence)


def is_loss(before: Scan, after: Scan, evidence: Evidence) -> bool | None:
    """Whether density fell by more than two such scans differ by noise; between two makes nobody can tell."""
    if before.device != after.device:
        return None
    noise = evidence.scalar("measuring.lsc_factor") * hypot(before.cv, after.cv) / sqrt(2.0)
    return 1.0 - after.bmd_g_cm2 / before.bmd_g_cm2 > noise
