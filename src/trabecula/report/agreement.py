"""How well model and publications agree: findings beside the model, shares within tolerance, misses first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import hypot, inf, isfinite
from typing import Any

from trabecula.evidence import Evidence
from trabecula.studies.record import Statistic, Study, Target
from trabecula.studies.reproduce import Comparison
from trabecula.studies.tolerance import NO_CHANGE, WITHIN, class_of, tolerance
from trabecula.units import PER_CENT

ROLES = ("predicted", "fitted")
SE_KINDS = ("printed", "imputed", "direction")
_AROUND_100 = frozenset({Statistic.PERCENT_OF_BASELINE, Statistic.PERCENT_OF_ARM})


@dataclass(frozen=True)
class Line:
    """A finding beside the model, and how the virtual study measured it."""

    comparison: Comparison
    target: Target
    n_arms: int
    group: str
    """The class of quantity that the tolerance goes by."""
    allowed: float
    """How far the model may lie from the published number, or from no change, in the unit of the finding."""

    @property
    def nothing(self) -> float:
        """What no change would be."""
        return PER_CENT if self.target.statistic in _AROUND_100 else 0.0


@dataclass(frozen=True)
class Reproduced:
    """A study with its findings beside the model."""

    study: Study
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
    comparisons: Iterable[Comparison], studies: Mapping[str, Study], evidence: Evidence
) -> tuple[Reproduced, ...]:
    """The comparisons by study, each study's in the order of its targets."""
    by_study = groupby(comparisons, key=lambda each: each.study)
    return tuple(
        Reproduced(studies[name], tuple(_lines(studies[name], found, evidence))) for name, found in by_study
    )


def _lines(study: Study, comparisons: Iterable[Comparison], evidence: Evidence) -> Iterator[Line]:
    """Comparisons with their targets; both are in the same order, though some targets may have been left out."""
    targets = iter(study.targets)
    for comparison in comparisons:
        name = (comparison.finding, comparison.role)
        target = next(each for each in targets if (each.finding, each.role) == name)
        yield Line(
            comparison,
            target,
            len(study.arms),
            class_of(target),
            _allowed(target, study, evidence),
        )


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
