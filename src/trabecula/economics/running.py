"""An evaluation from its file to its totals: person by person, so that nothing larger than one of them is held.

Each person's part is written down when it is finished, under the hash of everything that decides on it (records, plans,
rules, draws, registry): a run that was stopped goes on where it was, with the same result.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula import __version__
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.plan import Plan
from trabecula.economics.comparing import CostsAndQalys
from trabecula.economics.discounting import discount_factors, person_years
from trabecula.economics.expectation import Offered, check_horizon, expected_events
from trabecula.economics.prices import price_factor, unit_cost
from trabecula.economics.strategies import Strategy, StrategyCost, StrategyFile, UtilityCurve
from trabecula.economics.tables import YearlyEvents
from trabecula.economics.valuing import Rules, valued
from trabecula.evidence import Draws, Parameter, Spread
from trabecula.model import Model
from trabecula.person import Person
from trabecula.units import Array

OWN_SET = "own"
"""The name of a curve of utilities that stands in the file itself."""
FRACTURES = "fractures"
"""The category of what fractures cost, beside those of the file."""


@dataclass(frozen=True)
class Setting:
    """A file of strategies with all that it names, read."""

    file: StrategyFile
    people: Sequence[Person]
    plans: Mapping[str, Plan]
    """By the name of the strategy; one without is lived as recorded."""


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found."""

    outcomes: CostsAndQalys
    life_years: Array
    """Not discounted [S, D]."""
    fractures: Mapping[str, Array]
    """Expected number over the horizon per person, by site [S, D]."""
    by_category: Mapping[str, Array]
    """Discounted costs per person by what they are for [S, D]."""
    table: Sequence[YearlyEvents]
    """Of each person, the mean over draws, for questions about one parameter at a time."""
    used: tuple[str, ...]
    """Parameters that were read."""


def rules_of(file: StrategyFile, model: Model) -> Rules:
    """How a file values events; what it leaves open is the reference case of its country."""
    evidence, country = model.evidence, file.country.lower()
    both = None if file.discount else evidence.scalar(f"economics.{country}.discount")
    return Rules(
        country=file.country,
        price_year=file.price_year,
        discount_costs=file.discount.costs if file.discount else float(both or 0.0),
        discount_qalys=file.discount.qalys if file.discount else float(both or 0.0),
        utilities=OWN_SET if isinstance(file.utilities, UtilityCurve) else file.utilities,
        fracture_utilities=file.fracture_utilities,
    )


def threshold_of(file: StrategyFile, model: Model) -> float:
    """What a QALY may cost."""
    return file.threshold or model.evidence.scalar(f"economics.{file.country.lower()}.threshold")


def model_of(file: StrategyFile, model: Model) -> Model:
    """The model, with the file's own curve of utilities in its registry."""
    curve = file.utilities
    if not isinstance(curve, UtilityCurve):
        return model
    name = f"economics.utility.ms.{OWN_SET}"
    own = Parameter.model_validate({
        "id": name, "label": "Utility by EDSS, of the file", "unit": "1", "value": curve.values, "at": curve.at,
        "at_unit": "EDSS", "spread": Spread(kind="none"), "method": "assumed", "reviewed": file.begin,
        "because": "Written into the file of strategies.",
    })  # fmt: skip
    return model.replacing(parameters={name: own})


def evaluate(
    setting: Setting,
    model: Model,
    draws: int,
    seed: int,
    kept: Path | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Evaluation:
    """Live every person through every strategy and value it; kept: a folder for finished people."""
    model = model_of(setting.file, model.fresh())
    sample = model.draws(draws, seed)
    parts = []
    for i, person in enumerate(setting.people):
        place = None if kept is None else kept / f"{_mark(setting, person, draws, seed, model)}.npz"
        if place is None or not place.exists():
            known = prepare(person, setting.file.begin, model, horizon_y=float(setting.file.horizon_y), sample=sample)
            table = expected_events(known, _offered(setting), setting.file.horizon_y)
            part = _part(table, setting.file, rules_of(setting.file, model), sample)
            part["used"] = np.array(model.evidence.used())
            if place is not None:
                _write(place, part)
        else:
            part = _read(place)
        parts.append(part)
        progress(i + 1, len(setting.people))
    return _summed(setting, parts)


def check_people(setting: Setting, model: Model) -> None:
    """Refuse a horizon past the life table for any of the people, before the first is lived through."""
    for person in setting.people:
        check_horizon(prepare(person, setting.file.begin, model, draws=1, lifetime=False), setting.file.horizon_y)


def _offered(setting: Setting) -> list[Offered]:
    """The strategies as they are lived."""
    return [Offered(s.name, setting.plans.get(s.name), s.taken_by) for s in setting.file.strategies]


Part = dict[str, NDArray[Any]]
"""One person's totals [S, D] and mean table, by name."""


def _part(table: YearlyEvents, file: StrategyFile, rules: Rules, draws: Draws) -> Part:
    """Value one person's table."""
    value = valued(table, rules, draws)
    part: Part = {"qalys": value.qalys, "life_years": value.life_years}
    part[f"cost.{FRACTURES}"] = sum(value.fracture_costs.values(), np.zeros_like(value.qalys))
    for name, cost in strategy_costs(table, file, rules, draws).items():
        part[f"cost.{name}"] = cost
    for site, numbers in table.fractures.items():
        part[f"fractures.{site}"] = numbers.sum(axis=-1)
        part[f"mean.{site}"] = numbers.mean(axis=1, keepdims=True)
    part["mean alive"] = table.alive.mean(axis=1, keepdims=True)
    return part | {"edss": table.edss, "age_y": table.age_y, "male": np.array(table.male)}


def strategy_costs(table: YearlyEvents, file: StrategyFile, rules: Rules, draws: Draws) -> dict[str, Array]:
    """Discounted costs beyond fractures, by what they are for [S, D]."""
    found: dict[str, Array] = {}
    factors = discount_factors(rules.discount_costs, table.years, rules.timing)
    for s, strategy in enumerate(file.strategies):
        for cost in () if strategy.costs == "nothing" else strategy.costs:
            total = found.setdefault(cost.cost or cost.what or "", np.zeros(table.alive.shape[:2]))
            total[s] += _amount(cost, file, draws) * _times(cost, strategy, table.alive[s], factors, rules)
    return found


def _amount(cost: StrategyCost, file: StrategyFile, draws: Draws) -> Array:
    """What it costs once or a year, in the prices of the file [D]."""
    if cost.cost is None:
        factor = price_factor(draws.evidence, file.country, int(cost.price_year or file.price_year), file.price_year)
        return np.full(draws.n, factor * float(cost.amount or 0.0))
    known = unit_cost(cost.cost)
    return price_factor(draws.evidence, known.country, known.price_year, file.price_year) * draws[known.parameter]


def _times(cost: StrategyCost, strategy: Strategy, alive: Array, factors: Array, rules: Rules) -> Array:
    """How often it is paid, discounted, per person at the start [D]; once: by those alive at the start of its year."""
    takers = strategy.taken_by if cost.paid_for == "takers" else 1.0
    years = len(factors)
    if cost.at_year >= years:
        return np.zeros(len(alive))
    if cost.per == "once":
        return takers * alive[:, cost.at_year] * (1.0 + rules.discount_costs) ** -cost.at_year
    end = years if cost.years is None else min(cost.at_year + cost.years, years)
    going_on = np.clip(end - np.arange(years), 0.0, 1.0) * (np.arange(years) >= cost.at_year)
    return takers * (person_years(alive, rules.timing) * going_on) @ factors


def _summed(setting: Setting, parts: Sequence[Part]) -> Evaluation:
    """The population: people by their shares."""
    shares = np.array([one.share for one in setting.file.people])
    names = [name for name in parts[0] if parts[0][name].ndim == 2 and name != "edss"]
    total = {name: np.tensordot(shares, np.stack([part[name] for part in parts]), axes=1) for name in names}
    costs = {name.removeprefix("cost."): total[name] for name in names if name.startswith("cost.")}
    strategies = tuple(strategy.name for strategy in setting.file.strategies)
    return Evaluation(
        outcomes=CostsAndQalys(strategies, np.sum(list(costs.values()), axis=0), np.asarray(total["qalys"])),
        life_years=np.asarray(total["life_years"]),
        fractures={n.removeprefix("fractures."): np.asarray(total[n]) for n in names if n.startswith("fractures.")},
        by_category={name: np.asarray(cost) for name, cost in costs.items()},
        table=[_mean_table(strategies, part) for part in parts],
        used=tuple(sorted({str(name) for part in parts for name in part["used"]})),
    )


def _mean_table(strategies: tuple[str, ...], part: Part) -> YearlyEvents:
    """One person's events, on average over the draws."""
    fractures = {name.removeprefix("mean."): part[name] for name in part if name.startswith("mean.")}
    return YearlyEvents(strategies, part["mean alive"], fractures, part["edss"], part["age_y"], float(part["male"]))


def _mark(setting: Setting, person: Person, draws: int, seed: int, model: Model) -> str:
    """Everything that decides on one person's part, as a hash."""
    view = model.evidence.fresh()
    said = {
        "version": __version__, "file": setting.file.model_dump(mode="json", exclude={"people", "title", "question"}),
        "plans": {name: plan.model_dump(mode="json") for name, plan in setting.plans.items()},
        "person": person.model_dump(mode="json"), "draws": draws, "seed": seed,
        "registry": [view[name].model_dump_json() for name in view],
    }  # fmt: skip
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:_MARK]


_MARK = 20
"""Characters of a hash in a file's name."""


def _write(place: Path, part: Part) -> None:
    """A finished person, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_suffix(".part")
    with half.open("wb") as file:
        np.savez(file, **part)  # pyright: ignore[reportArgumentType]  # names are those of the parts
    half.replace(place)


def _read(place: Path) -> Part:
    """What `_write` wrote."""
    with np.load(place) as found:
        return {name: found[name] for name in found.files}
