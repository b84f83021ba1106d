"""The tolerance rule for falls, fractures and deaths; ratios, rates and risks are compared as logarithms."""

from dataclasses import dataclass
from math import exp, log, sqrt

from trabecula.evidence import Evidence, Finding
from trabecula.lab.studies.fracture_record import FractureTarget
from trabecula.lab.studies.tolerance import NO_CHANGE, WITHIN, Tolerance
from trabecula.units import PER_CENT

_LOG = "log_"


@dataclass(frozen=True)
class Scale:
    """On which scale a class of quantity is compared."""

    logarithm: bool

    def at(self, value: float) -> float:
        """A value on the scale."""
        return log(max(value, _LEAST)) if self.logarithm else value

    def back(self, value: float) -> float:
        """A value of the scale as it is printed."""
        return exp(value) if self.logarithm else value


_LEAST = 1e-9  # keeps a logarithm finite


def scale_of(target: FractureTarget) -> Scale:
    """The scale of a target."""
    return Scale(target.group.startswith(_LOG))


def published_value(target: FractureTarget, finding: Finding) -> float | None:
    """The printed number, a change in per cent as a ratio, or the middle of a printed range; none for a direction."""
    if target.direction is not None:
        return None
    middle = None if finding.lower is None or finding.upper is None else (finding.lower + finding.upper) / 2.0
    value = middle if finding.value is None else finding.value
    return _as_ratio(value) if target.from_change and value is not None else value


def tolerance(target: FractureTarget, finding: Finding, n: int | None, evidence: Evidence) -> Tolerance:
    """How exactly a finding is known on its scale, and how far the model may be from it."""
    tau = evidence.scalar(f"studies.tau.{target.group}")
    if target.direction is not None:
        return Tolerance(0.0, "direction", tau)
    printed = _printed_se(target, finding)
    if printed is not None:
        return Tolerance(printed, "printed", tau)
    return Tolerance(_imputed_se(target, finding, finding.n or n, evidence), "imputed", tau)


def limits(target: FractureTarget, published: float, allowed: Tolerance) -> tuple[float, float]:
    """The 95 % interval of the published number."""
    scale = scale_of(target)
    at, half = scale.at(published), WITHIN * allowed.se
    return scale.back(at - half), scale.back(at + half)


def z(target: FractureTarget, model: float, published: float, allowed: Tolerance) -> float:
    """How far the model lies from what was published, in allowed distances."""
    scale = scale_of(target)
    return allowed.z(scale.at(model), scale.at(published))


def goes_as_printed(target: FractureTarget, model: float, allowed: Tolerance) -> bool:
    """Whether a ratio goes the way that was printed; 'none' means within one tau of no change."""
    change = scale_of(target).at(model)
    if target.direction == "none":
        return abs(change) <= NO_CHANGE * allowed.tau
    return change > 0.0 if target.direction == "up" else change < 0.0


def _as_ratio(change_percent: float) -> float:
    return 1.0 + change_percent / PER_CENT


def _printed_se(target: FractureTarget, finding: Finding) -> float | None:
    """The standard error of a printed 95 % interval, on the scale."""
    if finding.lower is None or finding.upper is None or finding.value is None or finding.interval != "CI95":
        return None
    low, high = (_as_ratio(each) if target.from_change else each for each in (finding.lower, finding.upper))
    scale = scale_of(target)
    return (scale.at(high) - scale.at(low)) / (2.0 * WITHIN)


def _imputed_se(target: FractureTarget, finding: Finding, n: float | None, evidence: Evidence) -> float:
    """The standard error of a bare number, on the scale."""
    if target.group in ("share", "fall_share"):
        share = (finding.value or 0.0) / PER_CENT
        return PER_CENT * sqrt(max(share * (1.0 - share), 0.0) / n) if n else 0.0
    if target.group == "log_falls":
        return evidence.scalar("studies.person_sd.log_falls") / sqrt(n) if n else 0.0
    return evidence.scalar(f"studies.imputed_se.{target.group}")
