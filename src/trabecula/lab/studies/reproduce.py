"""Hold the model against what was published: every study lived through, every finding with its distance."""

from collections.abc import Callable, Iterable
from math import hypot

import numpy as np

from trabecula.evidence import Draws, Evidence, Finding
from trabecula.lab.studies import fracture_reproduce
from trabecula.lab.studies.comparison import TAIL, Comparison, covers
from trabecula.lab.studies.fracture_record import FractureStudy, fracture_studies
from trabecula.lab.studies.record import Study, Target, studies
from trabecula.lab.studies.statistics import measured
from trabecula.lab.studies.tolerance import NO_CHANGE, WITHIN, Tolerance, tolerance
from trabecula.lab.studies.virtual import run
from trabecula.units import PER_CENT

DRAWS = 24  # draws behind the band of an arm


def reproduce(
    evidence: Evidence,
    names: Iterable[str] = (),
    draws: int = DRAWS,
    seed: int = 1,
    done: Callable[[Study | FractureStudy], None] = lambda _: None,
) -> list[Comparison]:
    """Live through the studies named (all, unless named) and compare; `done` is told of each finished study."""
    known = every_study()
    chosen = list(names) or list(known)
    sample = evidence.draws(draws, seed)
    found: list[Comparison] = []
    for name in chosen:
        study = known[name]
        found += (
            compare(study, sample) if isinstance(study, Study) else fracture_reproduce.compare(study, sample)
        )
        done(study)
    return found


def every_study() -> dict[str, Study | FractureStudy]:
    """Every study of the package by id: of the skeleton first, then of falls, fractures and death."""
    return {**studies(), **fracture_studies()}


def compare(study: Study, draws: Draws) -> list[Comparison]:
    """Every finding of one study beside the model."""
    arms = run(study, draws)
    return [
        _comparison(study, target, measured(target, arms, draws.evidence), draws.evidence)
        for target in study.targets
    ]


def _comparison(study: Study, target: Target, model: np.ndarray, evidence: Evidence) -> Comparison:
    finding = evidence.finding(target.finding)
    allowed = tolerance(target, finding, study, evidence)
    median = float(np.median(model))
    low, high = (float(each) for each in np.quantile(model, (TAIL, 1.0 - TAIL)))
    published, z = published_value(target, finding), None
    learnt = evidence.scalar("studies.allowance_factor") * allowed.tau
    if allowed.kind == "direction":
        within = _goes_as_printed(target, median, allowed)
    else:
        if published is None:
            raise ValueError(f"{study.id}: {finding.id} prints no number; give the target a direction")
        z = allowed.z(median, published)
        within = abs(z) <= WITHIN
    return Comparison(
        study=study.id,
        finding=finding.id,
        block=study.block,
        published=published,
        published_lower=None if published is None else published - WITHIN * allowed.se,
        published_upper=None if published is None else published + WITHIN * allowed.se,
        model=median,
        model_lower=low,
        model_upper=high,
        unit=str(finding.unit),
        z=z,
        se_kind=allowed.kind,
        role=target.role,
        seen=target.seen,
        direction=target.direction,
        within=within,
        covered=None if published is None else covers(model, published, hypot(allowed.se, learnt)),
        covered_by_rule=None
        if published is None
        else covers(model, published, hypot(allowed.se, allowed.tau)),
        covered_by_draws=None if published is None else covers(model, published, allowed.se),
    )


def published_value(target: Target, finding: Finding) -> float | None:
    """The printed number, or the middle of a printed range; none for a direction."""
    if target.direction is not None:
        return None
    if target.value_from == "middle" and finding.lower is not None and finding.upper is not None:
        return (finding.lower + finding.upper) / 2.0
    return finding.value


def _goes_as_printed(target: Target, model: float, allowed: Tolerance) -> bool:
    """Whether the model goes the way that was printed; 'none' means within one tau of no change."""
    change = model - _nothing(target)
    if target.direction == "none":
        return abs(change) <= NO_CHANGE * allowed.tau
    return change > 0.0 if target.direction == "up" else change < 0.0


def _nothing(target: Target) -> float:
    """What no change would be on the scale of a statistic."""
    return PER_CENT if target.statistic in ("percent_of_baseline", "percent_of_arm") else 0.0
