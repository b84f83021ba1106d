"""Hold falls, fractures and deaths against what was published, finding by finding, under the tolerance rule."""

from math import hypot

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.lab.studies import fracture_tolerance as rule
from trabecula.lab.studies.comparison import TAIL, Comparison, covers
from trabecula.lab.studies.fracture_measures import measure_of
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget
from trabecula.lab.studies.tolerance import WITHIN

Array = NDArray[np.float64]


def compare(study: FractureStudy, draws: Draws) -> list[Comparison]:
    """Every finding of one study beside the model."""
    measure = measure_of(study, draws)
    return [_comparison(study, target, measure(target.what), draws.evidence) for target in study.targets]


def _comparison(study: FractureStudy, target: FractureTarget, model: Array, evidence: Evidence) -> Comparison:
    finding = evidence.finding(target.finding)
    allowed = rule.tolerance(target, finding, study.n, evidence)
    median = float(np.median(model))
    published = rule.published_value(target, finding)
    if target.direction is None and published is None:
        raise ValueError(f"{study.id}: {finding.id} prints no number; give the target a direction")
    z = None if published is None else rule.z(target, median, published, allowed)
    lower, upper = (None, None) if published is None else rule.limits(target, published, allowed)
    error = hypot(allowed.se, allowed.tau)
    by_rule = None if published is None else _covers(target, model, published, error)
    return Comparison(
        study=study.id,
        finding=finding.id,
        block=study.block,
        published=published,
        published_lower=lower,
        published_upper=upper,
        model=median,
        model_lower=float(np.quantile(model, TAIL)),
        model_upper=float(np.quantile(model, 1.0 - TAIL)),
        unit="1" if target.from_change else str(finding.unit),
        z=z,
        se_kind=allowed.kind,
        role=target.role,
        seen=target.seen,
        direction=target.direction,
        within=rule.goes_as_printed(target, median, allowed) if z is None else abs(z) <= WITHIN,
        covered=by_rule,  # the factor on the allowance is learnt from the skeleton alone
        covered_by_rule=by_rule,
        covered_by_draws=None if published is None else _covers(target, model, published, allowed.se),
    )


def _covers(target: FractureTarget, model: Array, published: float, error: float) -> bool:
    """Whether the interval of model and measurement holds what was published, on the scale of the finding."""
    scale = rule.scale_of(target)
    return covers(np.array([scale.at(float(each)) for each in model]), scale.at(published), error)
