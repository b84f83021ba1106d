"""When the model agrees with a finding: z = (model - published) / sqrt(SE^2 + tau^2), within 1.96.

SE is the standard error of the *published mean*: from its printed interval, from a printed SE, from a printed SD over
the root of n, or, for a bare mean, imputed from a person SD over the root of n (and marked so). A person's SD is
never used as if it were a standard error. tau is what a model may differ beyond chance, one number a class of
quantity (`studies.tau.*`). A finding without a number counts apart, by its direction.
"""

import re
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Literal

from trabecula.evidence import Evidence, Finding
from trabecula.lab.studies.record import Statistic, Study, Target
from trabecula.units import DAYS_PER_YEAR, PER_CENT

SeKind = Literal["printed", "imputed", "direction"]
WITHIN = 1.96  # the two-sided 95 % point of the normal distribution
NO_CHANGE = 1.0
"""A direction of 'none' holds when the model lies within one tau of no change."""

_SE_IN_NOTE = re.compile(r"\bSEM?\s+(\d+(?:\.\d+)?)")

_CLASS = {
    Statistic.PERCENT_CHANGE: "density_change",
    Statistic.PERCENT_PER_YEAR: "density_percent_rate",
    Statistic.PERCENT_OF_BASELINE: "density_change",
    Statistic.PERCENT_OF_ARM: "density_relative",
    Statistic.PERCENT_ABOVE_ARM: "density_relative",
    Statistic.CHANGE_PER_YEAR: "density_rate",
    Statistic.MEAN: "density",
    Statistic.SMD: "standardised",
    Statistic.PARTIAL_R_EDSS: "standardised",
    Statistic.R_STEROID_DOSE: "standardised",
    Statistic.SHARE_LOW: "share",
    Statistic.SHARE_OSTEOPOROSIS: "share",
}
_POOLED = frozenset({Statistic.PARTIAL_R_EDSS, Statistic.R_STEROID_DOSE})
MARKERS = frozenset({"CTX", "P1NP", "osteocalcin"})


@dataclass(frozen=True)
class Tolerance:
    """How exactly a finding is known, and how far the model may be from it."""

    se: float
    kind: SeKind
    tau: float

    def z(self, model: float, published: float) -> float:
        """How far the model lies from what was published, in allowed distances."""
        return (model - published) / hypot(self.se, self.tau)


def tolerance(target: Target, finding: Finding, study: Study, evidence: Evidence) -> Tolerance:
    """The tolerance of one target."""
    group = class_of(target)
    tau = evidence.scalar(f"studies.tau.{group}")
    if target.direction is not None:
        return Tolerance(0.0, "direction", tau)
    n_arm = max(study.population.n / len(study.arms), 2.0)
    printed = _printed_se(finding, n_arm)
    if printed is not None:
        return Tolerance(printed, "printed", tau)
    return Tolerance(_both_arms(target) * _imputed_se(target, finding, n_arm, evidence), "imputed", tau)


def _both_arms(target: Target) -> float:
    """A difference has the errors of both arms; a correlation over both has the people of both."""
    if target.versus is None:
        return 1.0
    return sqrt(0.5) if target.statistic in _POOLED else sqrt(2.0)


def class_of(target: Target) -> str:
    """The class of quantity that the tolerance goes by."""
    group = _CLASS[target.statistic]
    return "marker_change" if target.quantity in MARKERS and group.startswith("density") else group


def _printed_se(finding: Finding, n_arm: float) -> float | None:
    """The standard error as printed: interval, SE, SD over root n, or an SE in the note."""
    if finding.lower is not None and finding.upper is not None and finding.value is not None:
        half = (finding.upper - finding.lower) / 2.0
        width = {"CI95": WITHIN, "SE": 1.0, "SD": sqrt(n_arm)}.get(str(finding.interval))
        if width is not None:
            return half / width
    note = _SE_IN_NOTE.search(finding.note or "")
    return float(note.group(1)) if note else None


def _imputed_se(target: Target, finding: Finding, n_arm: float, evidence: Evidence) -> float:
    """The standard error of a bare mean of one arm, from how much people differ."""
    group = class_of(target)
    if group == "standardised":
        return 1.0 / sqrt(n_arm)
    if group == "share":
        share = (finding.value or 0.0) / PER_CENT
        return PER_CENT * sqrt(max(share * (1.0 - share), 1.0 / n_arm) / n_arm)
    change = evidence.scalar("studies.person_sd.density_change")
    years = max((target.day - target.since_day) / DAYS_PER_YEAR, 1.0)
    person_sd = {"density_percent_rate": change / years, "density_rate": change / PER_CENT / years}.get(group)
    return (person_sd or evidence.scalar(f"studies.person_sd.{group}")) / sqrt(n_arm)
