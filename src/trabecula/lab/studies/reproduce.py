"""Hold the model against what was published: every study lived through, every finding with its distance."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import every_study
from trabecula.lab.studies.fracture_measures import measure_of
from trabecula.lab.studies.record import Direction, Role, Study
from trabecula.lab.studies.statistics import measured
from trabecula.lab.studies.tolerance import (
    TAIL,
    WITHIN,
    AnyStudy,
    AnyTarget,
    SeKind,
    allowance_factor,
    goes_as_printed,
    published_value,
    tolerance,
)
from trabecula.lab.studies.virtual import run
from trabecula.model import Model, ModelDraws
from trabecula.units import Array

DRAWS = 24
"""Draws behind the band of an arm."""


@dataclass(frozen=True)
class FindingComparison:
    """One finding beside the model; its fields are the columns of `trabecula reproduce --format json`."""

    study: str
    """Id of the study."""
    finding: str
    """Id of the finding."""
    block: str
    """Chapter of the validation page."""
    published: float | None
    """What was printed, in `unit`; none for a direction."""
    published_lower: float | None
    published_upper: float | None
    """The ends of the 95 % interval of the published number."""
    model: float
    """Median of the draws."""
    model_lower: float
    model_upper: float
    """The ends of the 90 % band of the draws."""
    unit: str
    """Of published number and model; 1 for a ratio."""
    z: float | None
    """Distance from model to publication in allowed distances (`tolerance`); none for a direction."""
    se_kind: SeKind
    """Where the standard error of the published number is from."""
    role: Role
    """Whether somebody may adjust the model to it."""
    seen: bool
    """Whether it had been run before the rule of the split was written."""
    direction: Direction | None
    """Which way a finding without a number went."""
    within: bool
    """Whether the finding is met."""
    covered: bool | None
    """Whether the 90 % interval of model (draws and learnt allowance) and measurement holds the published number."""
    covered_by_rule: bool | None
    """The same with the allowance as it was fixed before any fit."""
    covered_by_draws: bool | None
    """The same without an allowance: draws and measurement alone. All three are none for a direction."""


def reproduce(
    model: Model,
    names: Iterable[str] = (),
    draws: int = DRAWS,
    seed: int = 1,
    done: Callable[[AnyStudy], None] = lambda _: None,
    known: Mapping[str, AnyStudy] | None = None,
) -> list[FindingComparison]:
    """Live through studies and compare: those named, or all that are `known` (unless given: the package's).

    `done` is told of each finished study. KeyError for a name that is not known; ValueError where a study asks for
    the number of a finding that prints none.
    """
    known = every_study() if known is None else known
    sample = model.draws(draws, seed)
    found: list[FindingComparison] = []
    for name in [*names] or [*known]:
        found += compare(known[name], sample)
        done(known[name])
    return found


def compare(study: AnyStudy, draws: ModelDraws) -> list[FindingComparison]:
    """Every finding of one study beside the model, in the order of its targets."""
    return [_comparison(study, target, model, draws.evidence) for target, model in found_in(study, draws)]


def found_in(study: AnyStudy, draws: ModelDraws) -> Iterator[tuple[AnyTarget, Array]]:
    """What the virtual study found for each target [n]; it is lived through once."""
    if isinstance(study, Study):
        arms = run(study, draws)
        yield from ((target, measured(target, arms, draws.evidence)) for target in study.targets)
    else:
        measure = measure_of(study, draws)
        yield from ((target, measure(target.what)) for target in study.targets)


def _comparison(study: AnyStudy, target: AnyTarget, model: Array, evidence: Evidence) -> FindingComparison:
    """One finding beside the model's draws [n]."""
    finding = evidence.finding(target.finding)
    allowed, published = tolerance(target, finding, study, evidence), published_value(target, finding)
    median = float(np.median(model))
    low, high = (float(end) for end in np.quantile(model, (TAIL, 1.0 - TAIL)))
    z, ends, by_learnt, by_rule, by_draws = None, (None, None), None, None, None
    if published is not None:
        z, ends = allowed.z(median, published), allowed.limits(published)
        by_rule, by_draws = (allowed.covers(model, published, tau) for tau in (allowed.tau, 0.0))
        by_learnt = allowed.covers(model, published, allowance_factor(study.block, evidence) * allowed.tau)
    elif target.direction is None:
        raise ValueError(f"{study.id}: {finding.id} prints no number; give the target a direction")
    return FindingComparison(
        study=study.id,
        finding=finding.id,
        block=study.block,
        published=published,
        published_lower=ends[0],
        published_upper=ends[1],
        model=median,
        model_lower=low,
        model_upper=high,
        unit="1" if getattr(target, "from_change", False) else str(finding.unit),
        z=z,
        se_kind=allowed.kind,
        role=target.role,
        seen=target.seen,
        direction=target.direction,
        within=goes_as_printed(target, median, allowed) if z is None else abs(z) <= WITHIN,
        covered=by_learnt,
        covered_by_rule=by_rule,
        covered_by_draws=by_draws,
    )
