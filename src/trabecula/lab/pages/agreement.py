"""How well model and publications agree: findings beside the model, shares within tolerance, misses first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import hypot, inf, isfinite
from typing import Any

from trabecula.evidence import Evidence
from trabecula.lab.pages.document import page_text
from trabecula.lab.studies.fracture_record import FractureTarget
from trabecula.lab.studies.record import Study
from trabecula.lab.studies.reproduce import FindingComparison
from trabecula.lab.studies.tolerance import NO_CHANGE, WITHIN, AnyStudy, AnyTarget, class_of, no_change, tolerance
from trabecula.units import PER_CENT

ROLES = ("predicted", "fitted")
"""In the order of the pages: only predictions say how well the model does where it has not looked."""
SE_KINDS = ("printed", "imputed", "direction")
"""In the order of the pages."""


@dataclass(frozen=True)
class FindingLine:
    """A finding beside the model, and how the virtual study measured it."""

    comparison: FindingComparison
    """The finding beside the model."""
    target: AnyTarget
    """What the study was asked for."""
    n_arms: int
    """How many arms the study has."""
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
        return no_change(self.target)


@dataclass(frozen=True)
class StudyComparison:
    """A study with its findings beside the model."""

    study: AnyStudy
    """The study."""
    lines: tuple[FindingLine, ...]
    """Its findings, in the order of its targets."""

    @property
    def misses(self) -> tuple[FindingLine, ...]:
        """The findings that the model misses, the widest first."""
        return tuple(sorted((line for line in self.lines if not line.comparison.within), key=_rank))


@dataclass(frozen=True)
class AgreementCount:
    """How many findings lie within their tolerance, of how many."""

    within: int
    """Findings that are met."""
    of: int
    """Findings in all."""


def by_study(
    comparisons: Iterable[FindingComparison], studies: Mapping[str, AnyStudy], evidence: Evidence
) -> tuple[StudyComparison, ...]:
    """The comparisons by study, each study's in the order of its targets."""
    grouped = groupby(comparisons, key=lambda comparison: comparison.study)
    return tuple(
        StudyComparison(studies[name], tuple(_lines(studies[name], found, evidence))) for name, found in grouped
    )


def _lines(study: AnyStudy, comparisons: Iterable[FindingComparison], evidence: Evidence) -> Iterator[FindingLine]:
    """Comparisons with their targets; both are in the same order, though some targets may have been left out."""
    targets = iter(study.targets)
    for comparison in comparisons:
        name = (comparison.finding, comparison.role)
        target = next(target for target in targets if (target.finding, target.role) == name)
        yield _line(comparison, target, study, evidence)


def _line(comparison: FindingComparison, target: AnyTarget, study: AnyStudy, evidence: Evidence) -> FindingLine:
    """A finding with the room that the rule gives the model; a ratio may lie farther above than below."""
    finding, group = evidence.finding(target.finding), class_of(target)
    rule = tolerance(target, finding, study, evidence)
    quantity = finding.quantity if isinstance(target, FractureTarget) else ""
    n_arms = len(study.arms) if isinstance(study, Study) else 1
    if comparison.published is None:
        return FindingLine(comparison, target, n_arms, group, NO_CHANGE * rule.tau, quantity)
    half = WITHIN * hypot(rule.se, rule.tau)
    if isinstance(study, Study):
        return FindingLine(comparison, target, n_arms, group, half, quantity)
    at = rule.scale.at(comparison.published)
    above, below = rule.scale.back(at + half), rule.scale.back(at - half)
    room = above - comparison.published, comparison.published - below
    return FindingLine(comparison, target, n_arms, group, room[0], quantity, room[1])


def counts(comparisons: Sequence[FindingComparison]) -> dict[tuple[str, str], AgreementCount]:
    """Findings within tolerance by role and by how their standard error is known; only what occurs."""
    met: dict[tuple[str, str], AgreementCount] = {}
    for role in ROLES:
        for kind in SE_KINDS:
            of = [found for found in comparisons if (found.role, found.se_kind) == (role, kind)]
            if of:
                met[role, kind] = count(of)
    return met


def count(comparisons: Sequence[FindingComparison]) -> AgreementCount:
    """Findings within tolerance."""
    return AgreementCount(sum(comparison.within for comparison in comparisons), len(comparisons))


def coverage(comparisons: Sequence[FindingComparison], role: str) -> str:
    """How many numbers of a role the 90 % intervals hold, in a sentence; nothing without numbers."""
    of = [found for found in comparisons if found.role == role and found.covered is not None]
    if not of:
        return ""
    held, by_rule, by_draws = (
        f"{number} ({PER_CENT * number / len(of):.0f} %)"
        for number in (
            sum(found.covered is True for found in of),
            sum(found.covered_by_rule is True for found in of),
            sum(found.covered_by_draws is True for found in of),
        )
    )
    text = page_text("coverage.md").strip()
    return text.format(of=len(of), role=role, held=held, by_rule=by_rule, by_draws=by_draws)


def missed(studies: Iterable[StudyComparison]) -> list[StudyComparison]:
    """Studies with a miss: those with a missed prediction first, then by their widest miss."""
    return sorted((study for study in studies if study.misses), key=lambda study: _rank(study.misses[0]))


def _rank(line: FindingLine) -> tuple[bool, float]:
    """Predictions before fits, wide misses before narrow ones; a wrong direction comes last."""
    z = line.comparison.z
    width = 0.0 if z is None else abs(z) if isfinite(z) else inf
    return line.comparison.role != "predicted", -width


def as_data(comparison: FindingComparison) -> dict[str, Any]:
    """A comparison for JSON, which has no word for a number that is none."""
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in asdict(comparison).items()
    }
