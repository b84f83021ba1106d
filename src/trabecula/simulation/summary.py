"""What a run found: totals with their intervals, what each scenario changes, by year, age, sex and site."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from trabecula.simulation.cells import PopulationRefused
from trabecula.simulation.running import MANIFEST, RESULTS
from trabecula.simulation.scenario import PopulationStudy
from trabecula.words.message import Message, verbatim

_Z = 1.645
"""Of a 90 % interval."""
_WANTED, _SURE = 0.1, 1.96
"""A difference is known well when its 95 % interval reaches a tenth of it to each side."""
BASELINE = "baseline"


class Reckoned(NamedTuple):
    """A number with its 90 % interval."""

    mean: float
    low: float
    high: float


class ResultRow(NamedTuple):
    """A row of the results."""

    scenario: str
    draw: int
    seed: int
    year: int
    stratum: str
    measure: str
    value: float


@dataclass(frozen=True)
class Results:
    """The table of a run with its study."""

    study: PopulationStudy
    manifest: Mapping[str, Any]
    rows: Sequence[ResultRow]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """All that were compared, the baseline first."""
        return tuple(self.study.cares)

    @property
    def runs(self) -> int:
        """Draws times seeds."""
        ensemble = self.manifest["ensemble"]
        return int(ensemble["draws"]) * int(ensemble["seeds"])

    def totals(
        self, measure: str, kept: Callable[[ResultRow], bool] = lambda _: True
    ) -> Mapping[str, dict[tuple[int, int], float]]:
        """Sums of a measure by scenario, draw and seed."""
        found: dict[str, dict[tuple[int, int], float]] = {name: defaultdict(float) for name in self.scenarios}
        for row in self._of(measure):
            if kept(row):
                found[row.scenario][row.draw, row.seed] += row.value
        return found

    def total(
        self, measure: str, scenario: str = BASELINE, kept: Callable[[ResultRow], bool] = lambda _: True
    ) -> Reckoned:
        """A measure of a scenario, mean over draws and seeds; the interval of a single run is that of chance alone."""
        return _interval(self._values(self.totals(measure, kept)[scenario]), None)

    def rate(self, measure: str, kept: Callable[[ResultRow], bool], per: str = "person_years") -> float:
        """A measure over another one, in the baseline; nan where nobody was."""
        above, below = self.total(measure, kept=kept).mean, self.total(per, kept=kept).mean
        return above / below if below else float("nan")

    def averted(self, measure: str, scenario: str) -> Reckoned:
        """How much less of a measure there is than in the baseline: the same people, draw by draw and seed by seed."""
        found = self.totals(measure)
        keys = sorted({*found[BASELINE], *found[scenario]})
        pairs = [(found[BASELINE].get(key, 0.0), found[scenario].get(key, 0.0)) for key in keys]
        chance = float(np.mean([abs(before - after) for before, after in pairs])) if pairs else 0.0
        return _interval([before - after for before, after in pairs], chance)

    def people_needed(self, measure: str, scenario: str) -> float | None:
        """How many people in all would tell a difference to a tenth of it; None where there is none."""
        found = self.averted(measure, scenario)
        if not found.mean:
            return None
        spread = (found.high - found.low) / (2.0 * _Z) * np.sqrt(self.runs if self.runs > 1 else 1.0)
        people = self.study.people.number
        return float(people * (_SURE * spread / (_WANTED * abs(found.mean))) ** 2)

    def _of(self, measure: str) -> Iterable[ResultRow]:
        """The rows of a measure."""
        return self._by_measure.get(measure, ())

    @cached_property
    def _by_measure(self) -> Mapping[str, Sequence[ResultRow]]:
        """The rows by measure."""
        found: dict[str, list[ResultRow]] = defaultdict(list)
        for row in self.rows:
            found[row.measure].append(row)
        return found

    def _values(self, found: Mapping[tuple[int, int], float]) -> list[float]:
        """One number a run; 0 where nothing happened."""
        return [*found.values(), *[0.0] * (self.runs - len(found))]


def _interval(values: Sequence[float], chance: float | None) -> Reckoned:
    """Mean and 90 % interval of runs; of one alone the interval of a count, or of the `chance` that is given."""
    mean = float(np.mean(values)) if len(values) else 0.0
    if len(values) > 1:
        spread = float(np.std(values, ddof=1))
    else:
        spread = float(np.sqrt(max(abs(mean) if chance is None else chance, 0.0)))
    return Reckoned(mean, mean - _Z * spread, mean + _Z * spread)


def read_results(folder: Path) -> Results:
    """The results of a run in a folder. Raises PopulationRefused where there are none."""
    import json

    import pyarrow as pa  # an extra
    import pyarrow.parquet as pq

    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        table = pq.read_table(folder / RESULTS)
    except (OSError, ValueError, pa.ArrowException):
        raise PopulationRefused(Message("population.no_results", {"folder": verbatim(str(folder))})) from None
    columns = (table.column(name).to_pylist() for name in ResultRow._fields)
    rows = [ResultRow(*row) for row in zip(*columns, strict=True)]
    return Results(PopulationStudy.model_validate(manifest["study"]), manifest, rows)
