"""How well model and publications agree: findings beside the model, shares within tolerance, misses first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import hypot, inf, isfinite
from typing import Any

from trabecula.evidence import Evidence
from trabecula.lab.studies import fracture_tolerance
from trabecula.lab.studies.comparison import Comparison
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget
from trabecula.lab.studies.record import Statistic, Study, Target
from trabecula.lab.studies.tolerance import NO_CHANGE, WITHIN, class_of, tolerance
from trabecula.units import PER_CENT

ROLES = ("predicted", "fitted")
SE_KINDS = ("printed", "imputed", "direction")
_AROUND_100 = frozenset({Statistic.PERCENT_OF_BASELINE, Statistic.PERCENT_OF_ARM})


@dataclass(frozen=True)
class Line:
    """A finding beside the model, and how the virtual study measured it."""

    comparison: Comparison
    target: Target | FractureTarget
    n_arms: int
    group: str
    """The class of quantity that the tolerance goes by."""
    allowed: float
    """How far the model may lie from the published number, or from no change, in the unit of the finding."""

    quantity: str = ""
    """What the finding says it measured."""
    allowed_below: float | None = None
    """How far below the published number it may lie, where that is not as far as above (ratios)."""

    @property
    def nothing(self) -> float:
        """What no change would be."""
        if isinstance(self.target, FractureTarget):
            return 1.0 if self.target.group == "log_ratio" else 0.0
        return PER_CENT if self.target.statistic in _AROUND_100 else 0.0


@dataclass(frozen=True)
class Reproduced:
    """A study with its findings beside the model."""

    study: Study | FractureStudy
    lines: tuple[Line, ...]

    @property
    def misses(self) -> tuple[Line, ...]:
        """The findings that the model misses, the widest first."""
        return tuple(sorted((each for each in self.lines if not each.comparison.within), key=_rank))


@dataclass(frozen=True)
class Count:
    """How many findings lie within their tolerance, of how many."""

    within: int
    of: int


def reproduced(
    comparisons: Iterable[Comparison], studies: Mapping[str, Study | FractureStudy], evidence: Evidence
) -> tuple[Reproduced, ...]:
    """The comparisons by study, each study's in the order of its targets."""
    by_study = groupby(comparisons, key=lambda each: each.study)
    return tuple(
        Reproduced(studies[name], tuple(_lines(studies[name], found, evidence))) for name, found in by_study
    )


def _lines(
    study: Study | FractureStudy, comparisons: Iterable[Comparison], evidence: Evidence
) -> Iterator[Line]:
    """Comparisons with their targets; both are in the same order, though some targets may have been left out."""
    targets = iter(study.targets)
    for comparison in comparisons:
        name = (comparison.finding, comparison.role)
        target = next(each for each in targets if (each.finding, each.role) == name)
        if isinstance(study, FractureStudy) or isinstance(target, FractureTarget):
            yield _fracture_line(comparison, target, study, evidence)
        else:
            allowed = _allowed(target, study, evidence)
            yield Line(comparison, target, len(study.arms), class_of(target), allowed)


def _fracture_line(
    comparison: Comparison,
    target: Target | FractureTarget,
    study: Study | FractureStudy,
    evidence: Evidence,
) -> Line:
    """A finding of falls, fractures or death; ratios may lie farther above than below."""
    if not isinstance(target, FractureTarget) or not isinstance(study, FractureStudy):
        raise TypeError(f"{comparison.finding}: a target of another kind of study")
    finding = evidence.finding(target.finding)
    rule = fracture_tolerance.tolerance(target, finding, study.n, evidence)
    scale, half = fracture_tolerance.scale_of(target), WITHIN * hypot(rule.se, rule.tau)
    if comparison.published is None:
        return Line(comparison, target, 1, target.group, NO_CHANGE * rule.tau, finding.quantity)
    at = scale.at(comparison.published)
    above, below = scale.back(at + half) - comparison.published, comparison.published - scale.back(at - half)
    return Line(comparison, target, 1, target.group, above, finding.quantity, below)


def _allowed(target: Target, study: Study, evidence: Evidence) -> float:
    """Half the width of what counts as agreement."""
    rule = tolerance(target, evidence.finding(target.finding), study, evidence)
    return NO_CHANGE * rule.tau if target.direction else WITHIN * hypot(rule.se, rule.tau)


def counts(comparisons: Sequence[Comparison]) -> dict[tuple[str, str], Count]:
    """Findings within tolerance by role and by how their standard error is known; only what occurs."""
    found = {}
    for role in ROLES:
        for kind in SE_KINDS:
            of = [each for each in comparisons if (each.role, each.se_kind) == (role, kind)]
            if of:
                found[role, kind] = count(of)
    return found


def count(comparisons: Sequence[Comparison]) -> Count:
    """Findings within tolerance."""
    return Count(sum(each.within for each in comparisons), len(comparisons))


def coverage(comparisons: Sequence[Comparison], role: str) -> str:
    """How many numbers of a role the 90 % intervals hold, in a sentence; nothing without numbers."""
    of = [each for each in comparisons if each.role == role and each.covered is not None]
    if not of:
        return ""
    held, by_rule, by_draws = (
        f"{number} ({PER_CENT * number / len(of):.0f} %)"
        for number in (
            sum(each.covered is True for each in of),
            sum(each.covered_by_rule is True for each in of),
            sum(each.covered_by_draws is True for each in of),
        )
    )
    return (
        f"Of {len(of)} {role} numbers the 90 % interval of model and measurement holds {held}: the model's part of it"
        " has an allowance for what the model leaves out, learnt from the fitted findings, each predicted without its"
        f" study. With the allowance as it was fixed before any fit it holds {by_rule}; draws and measurement alone"
        f" hold {by_draws}."
    )


def missed(studies: Iterable[Reproduced]) -> list[Reproduced]:
    """Studies with a miss: those with a missed prediction first, then by their widest miss."""
    return sorted((each for each in studies if each.misses), key=lambda each: _rank(each.misses[0]))


def _rank(line: Line) -> tuple[bool, float]:
    """Predictions before fits, wide misses before narrow ones; a wrong direction comes last."""
    z = line.comparison.z
    width = 0.0 if z is None else abs(z) if isfinite(z) else inf
    return line.comparison.role != "predicted", -width


def as_data(comparison: Comparison) -> dict[str, Any]:
    """A comparison for JSON, which has no word for a number that is none."""
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in asdict(comparison).items()
    }
