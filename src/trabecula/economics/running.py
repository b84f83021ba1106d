"""An evaluation from its file to its totals: a few people at a time, so that nothing larger is held.

Each block of people is written down when it is finished, under the hash of everything that decides on it (records,
plans, rules, draws, registry): a run that was stopped goes on where it was, with the same result.
"""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from trabecula import __version__
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.plan import Plan
from trabecula.economics.comparing import CostsAndQalys
from trabecula.economics.expectation import Offered, check_horizon, expected_events
from trabecula.economics.parts import Part, mean_table, person_part, table_of
from trabecula.economics.population import averaged, for_draws
from trabecula.economics.strategies import StrategyFile, UtilityCurve
from trabecula.economics.tables import YearlyEvents
from trabecula.economics.valuing import Rules
from trabecula.evidence import Parameter, Spread
from trabecula.model import Model
from trabecula.person import Person
from trabecula.skeleton.cores import begin_worker
from trabecula.units import Array, days_since_birth, years

OWN_SET = "own"
"""The name of a curve of utilities that stands in the file itself."""


@dataclass(frozen=True)
class Setting:
    """A file of strategies with all that it names, read."""

    file: StrategyFile
    people: Sequence[Person]
    shares: Sequence[float]
    """Of the population, for each person; they add to 1."""
    plans: Mapping[str, Plan]
    """By the name of the strategy; one without is lived as recorded."""

    def first(self, many: int) -> "Setting":
        """The same for the first so many people, who stand for all."""
        whole = sum(self.shares[:many])
        return replace(self, people=self.people[:many], shares=[share / whole for share in self.shares[:many]])


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
    people: int = 0
    """How many of the people were lived through: all, or as many as were enough."""
    half_width: float | None = None
    """Half the 90 % interval, over people, of the net benefit of the best strategy over the next best; None for one."""


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


def evaluate(
    setting: Setting,
    model: Model,
    draws: int,
    seed: int,
    kept: Path | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    workers: int = 1,
    until: float | None = None,
) -> Evaluation:
    """Live every person through every strategy and value it.

    kept: a folder for finished blocks of people; workers: processes. The result is the same for any number of them:
    blocks are summed in their order. until: stop as soon as the best strategy's net benefit over the next best is known
    to that much money, give or take; people come in no order that matters.
    """
    blocks = [range(i, min(i + _BLOCK, len(setting.people))) for i in range(0, len(setting.people), _BLOCK)]
    total: Part = {}
    tables: list[YearlyEvents] = []
    used: set[str] = set()
    worths: list[Array] = []
    with _crew(setting, model, draws, seed, kept, min(workers, len(blocks))) as lived:
        for block, part in zip(blocks, lived(blocks), strict=True):
            used |= {str(name) for name in part.pop("used")}
            tables += [table_of(_names(setting), _own(part, i)) for i in block]
            worths += [part[f"worth/{i}"] for i in block]
            for name in (n for n in part if "/" not in n):
                total[name] = total[name] + part[name] if name in total else part[name]
            progress(block[-1] + 1, len(setting.people))
            if until is not None and len(worths) >= _FEWEST and known_to(worths) <= until:
                break
    whole = sum(setting.shares[: len(worths)])
    lived_through = total if len(worths) == len(setting.people) else {n: v / whole for n, v in total.items()}
    found = _evaluation(setting, lived_through, tables, tuple(sorted(used)))
    return replace(found, people=len(worths), half_width=known_to(worths) if len(worths) > 1 else None)


def known_to(worths: Sequence[Array]) -> float:
    """Half the 90 % interval of the mean net benefit of the best strategy over the next best, from people's own [S]."""
    by_person = np.array(worths)
    if by_person.shape[1] == 1:
        return 0.0
    next_best, best = np.argsort(by_person.mean(axis=0))[-2:]
    more = by_person[:, best] - by_person[:, next_best]
    return float(_NORMAL_95 * more.std(ddof=1) / np.sqrt(len(more)))


def evaluate_counted(setting: Setting, table: YearlyEvents, model: Model, draws: int, seed: int) -> Evaluation:
    """Value the events of virtual people who were counted."""
    model = model_of(setting.file, model.fresh())
    sample = model.draws(draws, seed)
    total = person_part(for_draws(table, draws), setting.file, rules_of(setting.file, model), sample)
    return _evaluation(setting, total, [averaged(table)], model.evidence.used())


Blocks = Sequence[range]
Living = Callable[[Blocks], Iterator[Part]]


@contextmanager
def _crew(setting: Setting, model: Model, draws: int, seed: int, kept: Path | None, workers: int) -> Iterator[Living]:
    """Something that lives through blocks of people: this process, or several of their own."""
    if workers <= 1:
        world = LivedWorld(setting, model, draws, seed, kept)
        yield lambda blocks: map(world.block, blocks)
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when a worker imports numpy
    begin = (setting, model.evidence.replaced() == (), draws, seed, kept)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start, begin) as pool:
        yield lambda blocks: pool.map(_live, blocks)


class LivedWorld:
    """What people are lived through with: draws, rules and plans, made once."""

    def __init__(self, setting: Setting, model: Model, draws: int, seed: int, kept: Path | None) -> None:
        self.setting, self.kept = setting, kept
        self.model = model_of(setting.file, model.fresh())
        self.sample = self.model.draws(draws, seed)
        self.rules = rules_of(setting.file, self.model)
        self.offered = [Offered(s.name, setting.plans.get(s.name), s.taken_by) for s in setting.file.strategies]
        view = self.model.evidence.fresh()
        self._common = {
            "version": __version__, "blocks": _FORMAT, "draws": draws, "seed": seed,
            "registry": [view[n].model_dump_json() for n in view],
            "file": setting.file.model_dump(mode="json", exclude={"people", "title", "question"}),
            "plans": {name: plan.model_dump(mode="json") for name, plan in setting.plans.items()},
        }  # fmt: skip
        self._common_mark = sha256(json.dumps(self._common, sort_keys=True).encode()).hexdigest()

    def block(self, people: range) -> Part:
        """Some people, summed by their shares; read where they were finished before."""
        place = None if self.kept is None else self.kept / f"{self._mark(people)}.npz"
        if place is not None and place.exists():
            return _read(place)
        found: Part = {}
        for i in people:
            share, (part, mean) = self.setting.shares[i], self._person(i)
            found[f"worth/{i}"] = self._worth(part)
            for name, values in part.items():
                found[name] = found[name] + share * values if name in found else share * values
            found |= {f"{i}/{name}": values for name, values in mean.items()}
        found["used"] = np.array(self.model.evidence.used())
        if place is not None:
            _write(place, found)
        return found

    def _person(self, i: int) -> tuple[Part, Part]:
        """One person: totals, and the mean table."""
        file = self.setting.file
        known = prepare(
            self.setting.people[i], file.begin, self.model, horizon_y=float(file.horizon_y), sample=self.sample,
            lifetime=False,
        )  # fmt: skip
        table = expected_events(known, self.offered, file.horizon_y)
        return person_part(table, file, self.rules, self.sample), mean_table(table)

    def _worth(self, part: Part) -> Array:
        """A person's mean net benefit under each strategy [S]."""
        spent = np.sum([values for name, values in part.items() if name.startswith("cost.")], axis=0)
        return (threshold_of(self.setting.file, self.model) * part["qalys"] - spent).mean(axis=1)

    def _mark(self, people: range) -> str:
        """Everything that decides on a block, as a hash."""
        who = [(i, self.setting.shares[i], self.setting.people[i].model_dump(mode="json")) for i in people]
        return sha256(f"{self._common_mark}{json.dumps(who, sort_keys=True)}".encode()).hexdigest()[:_MARK]


_worlds: list[LivedWorld] = []
"""The world of a worker; of this process none."""


def _start(setting: Setting, ships: bool, draws: int, seed: int, kept: Path | None) -> None:
    """A worker begins: one core is its own."""
    if not ships:
        raise ValueError("several processes live by the model as it ships; use one for a model that was changed")
    begin_worker()
    _worlds.append(LivedWorld(setting, Model.default(), draws, seed, kept))


def _live(people: range) -> Part:
    """A block, in a worker."""
    return _worlds[0].block(people)


def check_people(setting: Setting, model: Model) -> None:
    """Refuse a horizon past the life table for any of the people, before the first is lived through."""
    last = model.evidence.scalar("mortality.lifetime_until")
    for person in setting.people:
        age = years(days_since_birth(setting.file.begin, person.birth_date))
        check_horizon(age, setting.file.horizon_y, last)


def _names(setting: Setting) -> tuple[str, ...]:
    """The strategies in their order."""
    return tuple(strategy.name for strategy in setting.file.strategies)


def _own(part: Part, i: int) -> Part:
    """What a block kept of one person alone."""
    begins = f"{i}/"
    return {name.removeprefix(begins): values for name, values in part.items() if name.startswith(begins)}


def _evaluation(setting: Setting, total: Part, tables: Sequence[YearlyEvents], used: tuple[str, ...]) -> Evaluation:
    """The population's totals by what they are."""
    costs = {name.removeprefix("cost."): total[name] for name in total if name.startswith("cost.")}
    fractures = {n.removeprefix("fractures."): total[n] for n in total if n.startswith("fractures.")}
    spent = np.sum(list(costs.values()), axis=0)
    outcomes = CostsAndQalys(_names(setting), spent, total["qalys"])
    return Evaluation(outcomes, total["life_years"], fractures, costs, tables, used)


_FEWEST, _NORMAL_95 = 40, 1.6449
"""The fewest people of whom a spread is taken, and the 95 % quantile of a normal distribution."""
_FORMAT = 2
"""Of a kept block; goes up when it holds something else."""
_BLOCK = 4
"""People that are summed and kept together: what a run that is stopped can lose."""
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
