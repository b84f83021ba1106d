"""When the model agrees with a finding: z = (model - published) / sqrt(SE^2 + tau^2), within 1.96 (decision 4).

SE is the standard error of the *published mean*: from its printed interval, from a printed SE, from a printed SD over
the root of n, or, for a bare mean, imputed from a person SD over the root of n (and marked so). A person's SD is
never used as if it were a standard error. tau is what a model may differ beyond chance, one number a class of
quantity (`studies.tau.*`). A finding without a number counts apart, by its direction. Ratios, rates and risks of falls,
fractures and deaths are compared as logarithms.
"""

import re
from dataclasses import dataclass
from math import exp, hypot, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Evidence, Finding
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget
from trabecula.lab.studies.record import Statistic, Study, StudyTarget
from trabecula.units import DAYS_PER_YEAR, PER_CENT

AnyStudy = Study | FractureStudy
AnyTarget = StudyTarget | FractureTarget

SeKind = Literal["printed", "imputed", "direction"]
"""Where the standard error of a finding is from; a direction has none."""
WITHIN = 1.96
"""The two-sided 95 % point of the normal distribution."""
NO_CHANGE = 1.0
"""A direction of 'none' holds when the model lies within one tau of no change."""
TAIL = 0.05
"""The model's band holds 90 % of its draws."""
_LEAST = 1e-9
"""Stands for nothing where a logarithm has to stay finite."""

_SE_IN_NOTE = re.compile(r"\bSEM?\s+(\d+(?:\.\d+)?)")
"""A standard error that stands in the note of a finding: "SE 0.4", "SEM 1.2"."""
_LOG = "log_"
"""How classes that are compared as logarithms begin."""
_CLASS = {
    Statistic.PERCENT_CHANGE: "density_change",
    Statistic.PERCENT_PER_YEAR: "density_percent_rate",
    Statistic.PERCENT_OF_BASELINE: "density_change",
    Statistic.PERCENT_OF_ARM: "density_relative",
    Statistic.PERCENT_ABOVE_ARM: "density_relative",
    Statistic.CHANGE_PER_YEAR: "density_rate",
    Statistic.MEAN: "density",
    Statistic.SMD: "standardised",
    Statistic.Z_CHANGE: "standardised",
    Statistic.PARTIAL_R_EDSS: "standardised",
    Statistic.R_STEROID_DOSE: "standardised",
    Statistic.SHARE_LOW: "share",
    Statistic.SHARE_OSTEOPOROSIS: "share",
    Statistic.SHARE_OSTEOPENIA: "share",
}
"""The class of quantity of a statistic; markers have one of their own."""
_POOLED = frozenset({Statistic.PARTIAL_R_EDSS, Statistic.R_STEROID_DOSE})
"""Statistics over the people of both arms together."""
_AROUND_100 = frozenset({Statistic.PERCENT_OF_BASELINE, Statistic.PERCENT_OF_ARM})
"""Statistics in which no change is 100."""
MARKERS = frozenset({"CTX", "P1NP", "osteocalcin"})
"""Quantities of the serum."""


@dataclass(frozen=True)
class ComparisonScale:
    """On which scale a class of quantity is compared: as it is printed, or as its natural logarithm."""

    logarithm: bool
    """Whether values are compared as logarithms; they are never below nothing."""

    def at(self, value: float) -> float:
        """A value on the scale."""
        return log(max(value, _LEAST)) if self.logarithm else value

    def back(self, value: float) -> float:
        """A value of the scale as it is printed."""
        return exp(value) if self.logarithm else value


@dataclass(frozen=True)
class Tolerance:
    """How exactly a finding is known, and how far the model may be from it, both on the scale of the finding."""

    se: float
    """Standard error of the published number; 0 where only a direction, or a number without a spread, is printed."""
    kind: SeKind
    """Where the standard error is from."""
    tau: float
    """What the model may differ beyond chance."""
    scale: ComparisonScale = ComparisonScale(logarithm=False)
    """The scale of both."""

    def z(self, model: float, published: float) -> float:
        """How far the model lies from what was published, in allowed distances."""
        return (self.scale.at(model) - self.scale.at(published)) / hypot(self.se, self.tau)

    def limits(self, published: float) -> tuple[float, float]:
        """The 95 % interval of the published number, in its own unit."""
        at, half = self.scale.at(published), WITHIN * self.se
        return self.scale.back(at - half), self.scale.back(at + half)

    def covers(self, model: NDArray[np.float64], published: float, tau: float) -> bool:
        """Whether the 90 % interval of the model's draws [n] with a normal error holds what was published.

        tau: the allowance that joins the standard error; 0 for draws and measurement alone. Where nothing is left of
        the error, the share of draws below the published number decides: the limit of an error that becomes small.
        """
        draws = np.array([self.scale.at(float(value)) for value in model])
        gap, error = self.scale.at(published) - draws, hypot(self.se, tau)
        below = chance.normal_cdf(gap / error) if error > 0.0 else np.heaviside(gap, 0.5)
        return TAIL <= float(np.mean(below)) <= 1.0 - TAIL


def tolerance(target: AnyTarget, finding: Finding, study: AnyStudy, evidence: Evidence) -> Tolerance:
    """The tolerance of one target of a study."""
    tau, scale = evidence.scalar(f"studies.tau.{class_of(target)}"), scale_of(target)
    if target.direction is not None:
        return Tolerance(0.0, "direction", tau, scale)
    printed = _printed_se(target, finding, study)
    if printed is not None:
        return Tolerance(printed, "printed", tau, scale)
    return Tolerance(_imputed_se(target, finding, study, evidence), "imputed", tau, scale)


_FACTOR = "studies.allowance_factor"
"""The factor on the allowance that was learnt from fitted findings; some chapters have their own (decision 15)."""
NOT_FITTED_TOGETHER = frozenset({"population", "probabilities", "deaths"})
"""Chapters that the common fit does not move (scripts/fit_fracture.py fits baselines).

They keep the allowance, unless one of them holds too few of its findings: then its factor is learnt from its own fitted
findings (scripts/fit_allowance.py, decision 16).
"""


def allowance_factor(block: str, evidence: Evidence) -> float:
    """How many times the allowance an interval takes that is to keep its promise, by chapter."""
    own = f"{_FACTOR}.{block}"
    if own in evidence:
        return evidence.scalar(own)
    return 1.0 if block in NOT_FITTED_TOGETHER else evidence.scalar(_FACTOR)


def class_of(target: AnyTarget) -> str:
    """The class of quantity that the tolerance goes by."""
    if isinstance(target, FractureTarget):
        return target.group
    group = _CLASS[target.statistic]
    return "marker_change" if target.quantity in MARKERS and group.startswith("density") else group


def scale_of(target: AnyTarget) -> ComparisonScale:
    """The scale on which a target is compared."""
    return ComparisonScale(class_of(target).startswith(_LOG))


def published_value(target: AnyTarget, finding: Finding) -> float | None:
    """The printed number, a change in per cent as a ratio, or the middle of a printed range; none for a direction."""
    if target.direction is not None:
        return None
    middle = None if finding.lower is None or finding.upper is None else (finding.lower + finding.upper) / 2.0
    if isinstance(target, FractureTarget):
        value = middle if finding.value is None else finding.value
        return _as_ratio(value) if target.from_change and value is not None else value
    return middle if target.value_from == "middle" and middle is not None else finding.value


def no_change(target: AnyTarget) -> float:
    """What no change would be, in the unit of the finding."""
    if isinstance(target, FractureTarget):
        return 1.0 if target.group == "log_ratio" else 0.0
    return PER_CENT if target.statistic in _AROUND_100 else 0.0


def goes_as_printed(target: AnyTarget, model: float, allowed: Tolerance) -> bool:
    """Whether the model goes the way that was printed; 'none' means within one tau of no change."""
    still = 0.0 if allowed.scale.logarithm else no_change(target)  # any logarithm counts from a ratio of 1
    change = allowed.scale.at(model) - still
    if target.direction == "none":
        return abs(change) <= NO_CHANGE * allowed.tau
    return change > 0.0 if target.direction == "up" else change < 0.0


# --- The standard error of what was published ---------------------------------------------------------------------


def _as_ratio(change_percent: float) -> float:
    """A change of -40 % is a ratio of 0.6."""
    return 1.0 + change_percent / PER_CENT


def _people_an_arm(study: Study) -> float:
    """How many people an arm had, if they were shared out evenly; two at least."""
    return max(study.population.n / len(study.arms), 2.0)


def _printed_se(target: AnyTarget, finding: Finding, study: AnyStudy) -> float | None:
    """The standard error as printed, on the scale of the target: interval, SE, SD over root n, or an SE in the note.

    Of falls and fractures only a 95 % interval counts: their spreads are between people.
    """
    low, high = finding.lower, finding.upper
    if isinstance(target, FractureTarget) or isinstance(study, FractureStudy):
        if low is None or high is None or finding.value is None or finding.interval != "CI95":
            return None
        if isinstance(target, FractureTarget) and target.from_change:
            low, high = _as_ratio(low), _as_ratio(high)
        scale = scale_of(target)
        return (scale.at(high) - scale.at(low)) / (2.0 * WITHIN)
    if low is not None and high is not None and finding.value is not None:
        widths = {"CI95": WITHIN, "SE": 1.0, "SD": sqrt(_people_an_arm(study))}
        if str(finding.interval) in widths:
            return (high - low) / 2.0 / widths[str(finding.interval)]
    note = _SE_IN_NOTE.search(finding.note or "")
    return float(note.group(1)) if note else None


def _imputed_se(target: AnyTarget, finding: Finding, study: AnyStudy, evidence: Evidence) -> float:
    """The standard error of a bare number, on the scale of the target."""
    if isinstance(target, FractureTarget):
        people = finding.n or (study.n if isinstance(study, FractureStudy) else None)
        return _imputed_of_fractures(target, finding, people, evidence)
    if isinstance(study, FractureStudy):
        raise TypeError(f"{target.finding}: a target of another kind of study")
    return _both_arms(target) * _imputed_of_an_arm(target, finding, _people_an_arm(study), evidence)


def _both_arms(target: StudyTarget) -> float:
    """A difference has the errors of both arms; a correlation over both has the people of both."""
    if target.versus is None:
        return 1.0
    return sqrt(0.5) if target.statistic in _POOLED else sqrt(2.0)


def _imputed_of_an_arm(target: StudyTarget, finding: Finding, n_arm: float, evidence: Evidence) -> float:
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


def _imputed_of_fractures(target: FractureTarget, finding: Finding, n: float | None, evidence: Evidence) -> float:
    """The standard error of a bare share, rate or ratio; 0 where nobody says how many people it is of."""
    if target.group in ("share", "fall_share"):
        share = (finding.value or 0.0) / PER_CENT
        return PER_CENT * sqrt(max(share * (1.0 - share), 0.0) / n) if n else 0.0
    if target.group == "log_falls":
        return evidence.scalar("studies.person_sd.log_falls") / sqrt(n) if n else 0.0
    return evidence.scalar(f"studies.imputed_se.{target.group}")
