"""The file of strategies: what is compared, for whom, and by which rules; read whole, or refused with every line.

A strategy without a price, currencies that are mixed, a utility above 1, shares that do not add up, a cost that is not
on record: each is named with its line before anything runs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import ConfigDict, Field, ValidationError

from trabecula.data_files import DataError, StrictLoader
from trabecula.described import Described
from trabecula.economics.prices import CostRefused, unit_cost
from trabecula.evidence import Evidence

_ROUNDING = 1e-6
"""What shares of people may miss 1 by."""
_LONGEST_Y = 100
_MOST_VIRTUAL = 100_000
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Path_ = tuple[str | int, ...]


class StrategiesRefused(DataError, ValueError):
    """A file of strategies that cannot be used; `problems` has each with its line."""


class StrategyRecord(Described):
    """A frozen part of the file that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StrategyCost(StrategyRecord):
    """Something that a strategy costs."""

    cost: str | None = None
    """A cost on record, such as `uk.dxa`."""
    what: str | None = None
    """What it is, for an amount of your own."""
    amount: Annotated[float, Field(ge=0.0)] | None = None
    """An amount of your own; it is the same in every draw."""
    currency: str | None = None
    """Of your own amount."""
    price_year: int | None = None
    """Of your own amount; for the UK the financial year that ends in it."""
    per: Literal["year", "once", "scan", "treated_year"] = "year"
    """In each year in which it goes on, or once; of a population also for each scan, or year of treatment, counted."""
    at_year: Annotated[int, Field(ge=0)] = 0
    """The year in which it begins, counted from 0."""
    years: Annotated[float, Field(gt=0.0)] | None = None
    """For how many years; up to the horizon unless given."""
    paid_for: Literal["everybody", "takers"] = "takers"
    """Whether it is paid for all alive, such as a scan, or for those who take what the strategy offers."""


class Strategy(StrategyRecord):
    """One thing that could be done."""

    name: Annotated[str, Field(min_length=1)]
    plan: str | None = None
    """A plan of the library, or a file beside this one; left out: as each record has it."""
    scenario: str | None = None
    """Of a population: the scenario of the run; its name unless given."""
    taken_by: Share = 1.0
    """Share of people who take it, from the first day on; the others live on as recorded."""
    costs: tuple[StrategyCost, ...] | Literal["nothing"]
    """What it costs beyond fractures; the word `nothing` where it costs nothing."""


class RepresentedPeople(StrategyRecord):
    """A record, a register or virtual people, and the share of the population that they stand for."""

    file: str | None = None
    """A record as `trabecula assess` reads it, beside this file."""
    cohort: str | None = None
    """A register as `trabecula cohort score` reads it, beside this file; all its people in equal shares."""
    virtual: Annotated[int, Field(ge=1, le=_MOST_VIRTUAL)] | None = None
    """So many virtual people with MS, as `trabecula cohort synthesise` draws them, in equal shares."""
    share: Share

    @property
    def said(self) -> str:
        """Who they are, for a report."""
        return self.file or self.cohort or f"{self.virtual} virtual people with MS"


class UtilityCurve(StrategyRecord):
    """Utilities by EDSS of your own, straight between knots and level beyond them."""

    at: tuple[Annotated[float, Field(ge=0.0, le=10.0)], ...]
    """EDSS, rising."""
    values: tuple[Annotated[float, Field(ge=-1.0, le=1.0)], ...]
    """Utilities, 1 at most."""


class StrategyDiscount(StrategyRecord):
    """Yearly discount rates."""

    costs: Share
    qalys: Share


class StrategyFile(StrategyRecord):
    """A question of worth: strategies, people, and the rules by which they are valued."""

    schema_version: Literal["1"] = "1"
    title: Annotated[str, Field(min_length=1)]
    question: str = ""
    """In a sentence, for the report."""
    country: str
    """Whose health service pays, and whose unit costs are used."""
    currency: str
    price_year: int
    """All money is brought to the prices of this year."""
    perspective: str = "health service"
    """Whose costs count, for the report."""
    begin: date
    """The day on which the strategies begin."""
    horizon_y: Annotated[int, Field(ge=1, le=_LONGEST_Y)]
    discount: StrategyDiscount | None = None
    """Unless given, the reference case of the country."""
    threshold: Annotated[float, Field(gt=0.0)] | None = None
    """What a QALY may cost; unless given, that of the country."""
    utilities: str | UtilityCurve = "naci_2010"
    """A set by EDSS on record, or a curve of your own."""
    fracture_utilities: str = "dewaure_2014"
    """A set of factors after a fracture on record."""
    people: tuple[RepresentedPeople, ...] = ()
    """Their shares add to 1."""
    population: str | None = None
    """Instead of people: a folder that `trabecula population run` has finished, whose scenarios are the strategies."""
    edss: Annotated[float, Field(ge=0.0, le=10.0)] | None = None
    """Mean EDSS of a population whose run has not counted it; without one its people are valued as without MS."""
    strategies: Annotated[tuple[Strategy, ...], Field(min_length=2)]
    """Each with a name of its own; the first is what the others are named beside."""


def strategies_schema() -> dict[str, object]:
    """JSON Schema of a file of strategies."""
    schema = StrategyFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Strategies", **schema}


def read_strategies(path: Path, evidence: Evidence) -> StrategyFile:
    """Read a file of strategies; StrategiesRefused with every problem and its line."""
    try:
        text = path.read_text(encoding="utf-8")
        data, lines = yaml.load(text, StrictLoader), dict(_lines(yaml.compose(text, StrictLoader), ()))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise StrategiesRefused([f"{path.name}: cannot be read: {error}; expected YAML in UTF-8"]) from None
    if not isinstance(data, Mapping):
        raise StrategiesRefused([f"{path.name}: expected a mapping that begins with title, country and strategies"])
    found, problems = _validated(data, evidence)
    if found is None or problems:
        raise StrategiesRefused([f"{path.name} line {_line(lines, p)}: {_dotted(p)}: {t}" for p, t in problems])
    return found


@contextmanager
def with_lines(path: Path) -> Iterator[None]:
    """Puts the line of the file in front of what is refused later, once its people are known."""
    try:
        yield
    except StrategiesRefused as error:
        lines = dict(_lines(yaml.compose(path.read_text(encoding="utf-8"), StrictLoader), ()))
        places = ((_line(lines, (problem.partition(":")[0],)), problem) for problem in error.problems)
        raise StrategiesRefused([f"{path.name} line {line}: {problem}" for line, problem in places]) from None


def _validated(data: Mapping[str, Any], evidence: Evidence) -> tuple[StrategyFile | None, list[tuple[Path_, str]]]:
    """The file, and what is wrong with it; the file only where every part of it can be read."""
    try:
        found = StrategyFile.model_validate(data)
    except ValidationError as error:
        return None, [(_path(one["loc"]), _said(one)) for one in error.errors()]
    return found, list(_problems(found, evidence))


def _lines(node: yaml.Node | None, path: Path_) -> Iterator[tuple[Path_, int]]:
    """The line of every key and item."""
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield from _lines(item, (*path, i))


def _line(lines: Mapping[Path_, int], path: Path_) -> int:
    """The line of the nearest thing that stands in the file."""
    return next(lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines)


def _path(loc: tuple[str | int, ...]) -> Path_:
    """Pydantic's path without its names for the ways in which something may be written."""
    tags = ("UtilityCurve", "str", "literal['nothing']", "tuple[StrategyCost, ...]")
    return tuple(step for step in loc if step not in tags)


def _dotted(path: Path_) -> str:
    """A path as people write it: strategies[1].costs."""
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".") or "the file"


def _said(error: Any) -> str:
    """One of pydantic's errors in our words."""
    if error["type"] == "missing":
        return "is missing; " + _WHAT_IS_ASKED.get(error["loc"][-1], "add it")
    if error["type"] == "extra_forbidden":
        return "unknown key; remove it, or correct its name"
    return f"found {error['input']!r}; {error['msg'][:1].lower()}{error['msg'][1:]}"


_WHAT_IS_ASKED = {
    "costs": "a strategy needs its price: list its costs, or write `costs: nothing`",
    "currency": "write the currency of all money, such as GBP",
    "price_year": "write the year to whose prices all money is brought",
    "horizon_y": "write for how many years costs and QALYs are counted",
}


def _problems(file: StrategyFile, evidence: Evidence) -> Iterator[tuple[Path_, str]]:
    """What one part of the file asks of another, and of the registry."""
    total = sum(one.share for one in file.people)
    if bool(file.people) == (file.population is not None):
        yield ("people",), "expected people, or a population, and not both"
    elif file.people and abs(total - 1.0) > _ROUNDING:
        yield ("people",), f"found shares that add to {total:g}; expected 1"
    for i, one in enumerate(file.people):
        given = [name for name in ("file", "cohort", "virtual") if getattr(one, name) is not None]
        if len(given) != 1:
            yield ("people", i), f"found {' and '.join(given) or 'nobody'}; expected one of file, cohort or virtual"
    names = [strategy.name for strategy in file.strategies]
    for i, strategy in enumerate(file.strategies):
        if strategy.name in names[:i]:
            yield ("strategies", i, "name"), f"found {strategy.name!r} twice; expected a name of its own"
        yield from ((("strategies", i, field), text) for field, text in _way_problems(strategy, file))
        for k, cost in enumerate(() if strategy.costs == "nothing" else strategy.costs):
            yield from ((("strategies", i, "costs", k), text) for text in _cost_problems(cost, file))
        if strategy.costs == ():
            yield ("strategies", i, "costs"), "found an empty list; " + _WHAT_IS_ASKED["costs"]
    yield from _set_problems(file, evidence)


def _way_problems(strategy: Strategy, file: StrategyFile) -> Iterator[tuple[str, str]]:
    """What a strategy of people has, and of a population, and the other has not."""
    costs = () if strategy.costs == "nothing" else strategy.costs
    if file.population is None:
        if strategy.scenario is not None:
            yield "scenario", "found a scenario without a population; expected a plan"
        if any(cost.per in ("scan", "treated_year") for cost in costs):
            yield ("costs", "found a cost per scan or treated year, which only a population counts; use year or once")
    elif strategy.plan is not None or strategy.taken_by < 1.0:
        yield "plan", "found a plan of people; a population has its scenarios, with who takes what in them"


def _cost_problems(cost: StrategyCost, file: StrategyFile) -> Iterator[str]:
    """A cost on record, or an amount of one's own with its money and year; in the currency of the file."""
    own = {"what": cost.what, "amount": cost.amount, "currency": cost.currency, "price_year": cost.price_year}
    if cost.cost is not None:
        if any(value is not None for value in own.values()):
            yield "found a cost on record and an amount of your own; expected one of them"
            return
        try:
            known = unit_cost(cost.cost)
        except CostRefused as error:
            yield str(error)
            return
        if known.country != file.country:
            yield f"found {cost.cost}, a cost of {known.country}; expected one of {file.country}"
        if known.currency != file.currency:
            yield f"found {known.currency}; expected {file.currency}: currencies are not mixed"
        return
    missing = [name for name, value in own.items() if value is None]
    if missing:
        yield f"found no {', no '.join(missing)}; write `cost: uk.dxa`, or what, amount, currency and price_year"
    elif cost.currency != file.currency:
        yield f"found {cost.currency}; expected {file.currency}: currencies are not mixed"


def _set_problems(file: StrategyFile, evidence: Evidence) -> Iterator[tuple[Path_, str]]:
    """Sets of utilities and rules that are on record, and a curve that rises."""
    if isinstance(file.utilities, UtilityCurve):
        at, values = file.utilities.at, file.utilities.values
        if len(at) != len(values) or list(at) != sorted(set(at)):
            yield ("utilities",), f"found {len(at)} knots and {len(values)} values; expected rising knots, a value each"
    elif f"economics.utility.ms.{file.utilities}" not in evidence:
        yield ("utilities",), f"found {file.utilities!r}; expected {_sets(evidence, 'economics.utility.ms.')}"
    if f"economics.utility.fracture.{file.fracture_utilities}.hip.year1" not in evidence:
        expected = _sets(evidence, "economics.utility.fracture.")
        yield ("fracture_utilities",), f"found {file.fracture_utilities!r}; expected {expected}"
    for given, rule in ((file.discount, "discount"), (file.threshold, "threshold")):
        if given is None and f"economics.{file.country.lower()}.{rule}" not in evidence:
            yield ("country",), f"no {rule} on record for {file.country}; write `{rule}:` into the file"


def _sets(evidence: Evidence, room: str) -> str:
    """The sets on record below some ids."""
    found = {name.removeprefix(room).split(".")[0] for name in evidence if name.startswith(room)}
    return " or ".join(sorted(found - {"sample_age"}))
