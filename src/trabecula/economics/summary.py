"""What an evaluation says, as one record that is kept as JSON and read by whoever writes a report.

Beside the means: the incremental analysis, acceptability from 0 to three times the threshold, what it would be worth
to know everything or one economic parameter, and each of them at its 5th and 95th percentile.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from trabecula import __version__
from trabecula.economics import running
from trabecula.economics.comparing import CostsAndQalys, acceptability, frontier, net_benefit
from trabecula.economics.expectation import WAY
from trabecula.economics.information import perfect_information, perfect_information_about
from trabecula.economics.parts import strategy_costs
from trabecula.economics.population import WAY as COUNTED
from trabecula.economics.prices import unit_costs
from trabecula.economics.strategies import StrategyFile
from trabecula.economics.tornado import tornado
from trabecula.economics.valuing import valued
from trabecula.evidence import Draws
from trabecula.model import Model
from trabecula.units import Array

_BESIDE = tuple(
    f"economic_result.{name}"
    for name in (
        "mclellan_2011.fractures", "mclellan_2011.hips", "mclellan_2011.saving", "turner_2018.qaly",
        "turner_2018.icer", "turner_2018.per_hip",
    )
)  # fmt: skip
"""Findings of a fracture liaison service and of screening, that a report shows beside its own results."""
ROOM = "economics."
"""Ids of the parameters that are looked at one at a time: those that value, and enter no risk."""
_INTERVAL = (5.0, 95.0)
_CURVE_POINTS = 31
_TIMES_THRESHOLD = 3.0
_FEWEST_FOR_PARTS = 50
_PER_1000 = 1000.0


def summary(setting: running.Setting, found: running.Evaluation, model: Model, draws: int, seed: int) -> dict[str, Any]:
    """Everything that a report needs, of plain numbers and texts."""
    file, threshold = setting.file, running.threshold_of(setting.file, model)
    model = running.model_of(file, model)
    rules, outcomes = running.rules_of(file, model), found.outcomes
    sample, worth = model.evidence.draws(draws, seed), net_benefit(outcomes, threshold)
    thresholds = np.linspace(0.0, _TIMES_THRESHOLD * threshold, _CURVE_POINTS)
    curves = acceptability(outcomes, thresholds)
    return {
        "version": __version__, "title": file.title, "question": file.question, "draws": draws,
        "way": COUNTED if file.population else WAY, "counted": file.population is not None,
        "seed": seed, "country": file.country, "currency": file.currency, "price_year": file.price_year,
        "perspective": file.perspective, "horizon_y": file.horizon_y, "threshold": threshold,
        "discount_costs": rules.discount_costs, "discount_qalys": rules.discount_qalys,
        "utilities": rules.utilities, "fracture_utilities": rules.fracture_utilities,
        "people": _people(file), "lived_through": found.people, "half_width": found.half_width,
        "strategies": [_strategy(s.name, s.taken_by, i, found) for i, s in enumerate(file.strategies)],
        "incremental": [vars(step) for step in _frontier(outcomes)],
        "acceptability": {
            "thresholds": thresholds.tolist(), "optimal": list(curves.optimal), "frontier": curves.frontier.tolist(),
            "best": {name: curves.best[i].tolist() for i, name in enumerate(outcomes.strategies)},
        },
        "information": {"all": perfect_information(worth), "parts": _parts(worth, found, sample)},
        "tornado": _tornado(setting, found, model, sample, threshold),
        "published": _published(model), "costs_used": _costs_used(found, model), "assumed": _assumed(found, model),
    }  # fmt: skip


def _people(file: StrategyFile) -> list[dict[str, Any]]:
    """Who they are, and for what share they stand."""
    if file.population is not None:
        return [{"file": f"the population of {file.population}", "share": 1.0}]
    return [{"file": one.said, "share": one.share} for one in file.people]


def _frontier(outcomes: CostsAndQalys) -> Any:
    """The incremental analysis of the means."""
    return frontier(outcomes.strategies, outcomes.costs.mean(axis=1), outcomes.qalys.mean(axis=1))


def _strategy(name: str, taken_by: float, i: int, found: running.Evaluation) -> dict[str, Any]:
    """One strategy's totals per person, fractures per 1,000, with intervals over the draws."""
    return {
        "name": name,
        "taken_by": taken_by,
        "cost": _spread(found.outcomes.costs[i]),
        "qaly": _spread(found.outcomes.qalys[i]),
        "life_years": _spread(found.life_years[i]),
        "fractures_per_1000": {site: _spread(_PER_1000 * v[i]) for site, v in found.fractures.items()},
        "costs": {what: _spread(v[i]) for what, v in found.by_category.items()},
    }


def _spread(values: Array) -> dict[str, float]:
    """Mean and 90 % interval over the draws."""
    low, high = np.percentile(values, _INTERVAL)
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}


def varying_inputs(found: running.Evaluation, draws: Draws) -> dict[str, Array]:
    """Economic parameters that were read and have a spread, by id [D]; a curve by its first knot that moves."""
    varying: dict[str, Array] = {}
    for name in found.used:
        if name.startswith(ROOM) and draws.evidence[name].spread.kind != "none":
            values = draws[name]
            columns = values[:, None] if values.ndim == 1 else values
            moving = [column for column in columns.T if np.ptp(column) > 0.0]
            varying |= {name: moving[0]} if moving else {}
    return varying


def _parts(worth: Array, found: running.Evaluation, draws: Draws) -> dict[str, float]:
    """What it would be worth to know one economic parameter, the greatest first."""
    if worth.shape[1] < _FEWEST_FOR_PARTS:
        return {}
    parts = {name: perfect_information_about(worth, values) for name, values in varying_inputs(found, draws).items()}
    return dict(sorted(parts.items(), key=lambda part: -part[1]))


def _tornado(
    setting: running.Setting, found: running.Evaluation, model: Model, draws: Draws, threshold: float
) -> dict[str, Any]:
    """Net benefit of what one would choose over the next best, one economic parameter at a time.

    Of the mean events, all other parameters at their values.
    """
    order = np.argsort(net_benefit(found.outcomes, threshold).mean(axis=1), kind="stable")
    chosen, beside = int(order[-1]), int(order[max(len(order) - 2, 0)])
    ends = {}
    for name in varying_inputs(found, draws):
        values = draws[name]
        low, high = np.percentile(values, _INTERVAL, axis=0)
        ends[name] = (low, high)

    def answer(changed: Mapping[str, Any]) -> float:
        evidence = model.evidence.replacing(changed) if changed else model.evidence
        worth = np.zeros(len(found.outcomes.strategies))
        for share, table in zip(setting.shares, found.table, strict=True):
            worth += share * _central_worth(table, setting, evidence.draws(1).central(), threshold, model)
        return float(worth[chosen] - worth[beside])

    bars = tornado(ends, lambda name, end: answer({name: end}))
    return {
        "of": found.outcomes.strategies[chosen],
        "beside": found.outcomes.strategies[beside],
        "base": answer({}),
        "bars": [{"name": bar.name, "low": bar.low, "high": bar.high} for bar in bars],
    }


def _central_worth(table: Any, setting: running.Setting, draws: Draws, threshold: float, model: Model) -> Array:
    """Net benefits of the strategies in the mean events of one person [S]."""
    rules = running.rules_of(setting.file, model)
    value = valued(table, rules, draws)
    costs = sum(value.fracture_costs.values(), np.zeros_like(value.qalys))
    costs = costs + sum(strategy_costs(table, setting.file, rules, draws).values(), np.zeros_like(costs))
    return (threshold * value.qalys - costs)[:, 0]


def _costs_used(found: running.Evaluation, model: Model) -> list[dict[str, Any]]:
    """Costs on record that were read, with their year, country and sources."""
    view = model.evidence.fresh()
    return [
        {
            "name": cost.name, "parameter": cost.parameter, "value": view[cost.parameter].value,
            "unit": view[cost.parameter].unit, "price_year": cost.price_year, "year_known": cost.says,
            "country": cost.country, "sources": sorted({view.source(f).reference for f in view[cost.parameter].from_}),
        }
        for cost in unit_costs().values()
        if cost.parameter in found.used
    ]  # fmt: skip


def _published(model: Model) -> list[dict[str, Any]]:
    """Results of published evaluations, to stand beside the run's own."""
    view = model.evidence
    rows = [view.finding(name) for name in _BESIDE]
    return [
        {"quantity": row.quantity, "value": row.value, "unit": row.unit, "people": row.population, "source": row.source}
        for row in rows
    ]


def _assumed(found: running.Evaluation, model: Model) -> dict[str, str]:
    """What of the valuing is assumed, and why."""
    view = model.evidence.fresh()
    return {name: view[name].because for name in found.used if name.startswith(ROOM) and view[name].assumed}
