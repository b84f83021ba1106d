"""Yearly events of virtual people who were counted: the long table of `trabecula population run`.

Columns scenario, draw, seed, year, stratum, measure, value; strata such as `women.60-69`. Of the measures are read
people (alive at the beginning of the year), person_years, deaths, fractures.<site>, scans, people_treated and, where it
is there, edss_years (EDSS times years lived). Seeds are pooled; where the evaluation has more draws than the run, the
events of its draws come again in turn.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from trabecula.economics.strategies import StrategiesRefused, StrategyFile
from trabecula.economics.tables import YearlyEvents
from trabecula.evidence import SEX_GROUP
from trabecula.units import Array
from trabecula.vocabulary import followed_sites

WAY = "virtual people, lived through and counted"
_RESULTS, _MANIFEST = "results.parquet", "manifest.json"
_COLUMNS = ("scenario", "draw", "year", "stratum", "measure", "value")
_MEN = f"{SEX_GROUP['male']}."
_OLDEST_BAND = 5.0
"""Half of a decade, for the mean age of a band and of the last, which is open."""
Columns = Mapping[str, Sequence[Any]]


def read_population(folder: Path, file: StrategyFile) -> YearlyEvents:
    """The events of a finished run for the strategies of a file; refused where the two do not fit."""
    import pyarrow.parquet as pq  # an extra

    try:
        table = pq.read_table(folder / _RESULTS, columns=list(_COLUMNS))
        study = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["study"]
    except (OSError, ValueError, KeyError) as error:
        expected = "a folder that `trabecula population run` has finished"
        raise StrategiesRefused([f"population: {folder} cannot be read ({error}); expected {expected}"]) from None
    country = study.get("people", {}).get("country")
    if country not in (None, file.country):
        raise StrategiesRefused([f"population: found people of {country}; expected people of {file.country}"])
    return counted_events({name: table.column(name).to_pylist() for name in _COLUMNS}, file)


def counted_events(columns: Columns, file: StrategyFile) -> YearlyEvents:
    """The events of a long table, per person alive at the beginning."""
    scenarios = sorted(set(columns["scenario"]))
    wanted = [strategy.scenario or strategy.name for strategy in file.strategies]
    if missing := [name for name in wanted if name not in scenarios]:
        found, expected = ", ".join(missing), ", ".join(scenarios)
        raise StrategiesRefused([f"strategies: found no scenario {found}; expected {expected}"])
    years = sorted(set(columns["year"]))
    if file.horizon_y > len(years):
        raise StrategiesRefused([f"horizon_y: found {file.horizon_y}; expected {len(years)} at most, as was counted"])
    sums = _Sums(columns, wanted, years[: file.horizon_y])
    return _events(sums, file)


class _Sums:
    """Sums of a long table by strategy, draw and year."""

    def __init__(self, columns: Columns, wanted: Sequence[str], years: Sequence[int]) -> None:
        draws = sorted(set(columns["draw"]))
        self.shape = (len(wanted), len(draws), len(years))
        self.strata = frozenset(columns["stratum"])
        at_draw, at_year = ({key: i for i, key in enumerate(keys)} for keys in (draws, years))
        self._rows: dict[str, list[tuple[int, int, int, str, float]]] = defaultdict(list)
        for scenario, draw, year, stratum, measure, value in zip(*(columns[c] for c in _COLUMNS), strict=True):
            if year in at_year:
                here = [s for s, name in enumerate(wanted) if name == scenario]
                self._rows[measure] += [(s, at_draw[draw], at_year[year], stratum, value) for s in here]

    def of(self, measure: str, weight: Mapping[str, float] | None = None) -> Array:
        """A measure [S, D, Y], each stratum times a weight."""
        found = np.zeros(self.shape)
        for strategy, draw, year, stratum, value in self._rows.get(measure, ()):
            found[strategy, draw, year] += value * (1.0 if weight is None else weight[stratum])
        return found

    def has(self, measure: str) -> bool:
        """Whether it was counted."""
        return measure in self._rows


def _events(sums: _Sums, file: StrategyFile) -> YearlyEvents:
    """Sums as events per person at the beginning."""
    people, deaths, lived = sums.of("people"), sums.of("deaths"), sums.of("person_years")
    begin = people[..., :1]
    alive = np.concatenate([people, (people - deaths)[..., -1:]], axis=-1) / begin
    strata = {s: _age(s) for s in sums.strata}
    share = {s: float(s.startswith(_MEN)) for s in strata}
    total = np.maximum(lived.sum(axis=(0, 1)), np.finfo(float).tiny)
    age = sums.of("person_years", strata).sum(axis=(0, 1)) / total
    sites = [site for site in followed_sites() if sums.has(f"fractures.{site}")]
    return YearlyEvents(
        strategies=tuple(strategy.name for strategy in file.strategies),
        alive=np.minimum.accumulate(np.clip(alive, 0.0, 1.0), axis=-1),
        fractures={site: sums.of(f"fractures.{site}") / begin for site in sites},
        edss=_edss(sums, lived, file),
        age_y=age,
        male=float(sums.of("people", share)[0, :, 0].sum() / people[0, :, 0].sum()),
        counts={"scan": sums.of("scans") / begin, "treated_year": sums.of("people_treated") / begin},
    )


def _edss(sums: _Sums, lived: Array, file: StrategyFile) -> Array:
    """Mean EDSS of those alive [S, Y]: as counted, or as the file says; nan for people without MS."""
    if sums.has("edss_years"):
        return sums.of("edss_years").sum(axis=1) / np.maximum(lived.sum(axis=1), np.finfo(float).tiny)
    return np.full((lived.shape[0], lived.shape[2]), np.nan if file.edss is None else file.edss)


def _age(stratum: str) -> float:
    """The middle of a band of ages; the open one by its lower end."""
    band = stratum.split(".")[-1]
    low, _, high = band.partition("-")
    return (float(low) + float(high) + 1.0) / 2.0 if high else float(low.rstrip("+")) + _OLDEST_BAND


def for_draws(table: YearlyEvents, draws: int) -> YearlyEvents:
    """The events of so many draws: those that were counted come again in turn."""
    place = np.arange(draws) % table.draws
    taken = {site: values[:, place] for site, values in table.fractures.items()}
    counts = {name: values[:, place] for name, values in (table.counts or {}).items()}
    return replace(table, alive=table.alive[:, place], fractures=taken, counts=counts)


def averaged(table: YearlyEvents) -> YearlyEvents:
    """The mean over the draws, as one."""
    fractures = {site: values.mean(axis=1, keepdims=True) for site, values in table.fractures.items()}
    counts = {name: values.mean(axis=1, keepdims=True) for name, values in (table.counts or {}).items()}
    return replace(table, alive=table.alive.mean(axis=1, keepdims=True), fractures=fractures, counts=counts)
