"""Tables that other programs read: BCEA and hesim (both R), by their documentation.

BCEA's `bcea(eff, cost)` takes two matrices with a row for each simulation and a column for each strategy, and `evppi`
a matrix of inputs with named columns. hesim's `cea` and `cea_pw` take one long table with columns that hold sample,
strategy, effectiveness and cost; a group is optional, and is 1 here.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from trabecula.economics.comparing import CostsAndQalys
from trabecula.units import Array


def write_bcea(folder: Path, outcomes: CostsAndQalys, inputs: Mapping[str, Array]) -> list[Path]:
    """`bcea_eff.csv`, `bcea_cost.csv` and `bcea_inputs.csv`; inputs: parameters by id [D]."""
    return [
        _written(folder / "bcea_eff.csv", outcomes.strategies, outcomes.qalys.T.tolist()),
        _written(folder / "bcea_cost.csv", outcomes.strategies, outcomes.costs.T.tolist()),
        _written(folder / "bcea_inputs.csv", list(inputs), zip(*(v.tolist() for v in inputs.values()), strict=True)),
    ]


def write_hesim(folder: Path, outcomes: CostsAndQalys) -> Path:
    """`hesim_ce.csv`: a row for each sample and strategy."""
    strategies, draws = outcomes.costs.shape
    rows = (
        (d + 1, outcomes.strategies[s], 1, float(outcomes.qalys[s, d]), float(outcomes.costs[s, d]))
        for d in range(draws)
        for s in range(strategies)
    )
    return _written(folder / "hesim_ce.csv", ("sample", "strategy", "grp", "qalys", "costs"), rows)


def read_outcomes(folder: Path) -> CostsAndQalys:
    """What `write_bcea` wrote."""
    strategies, qalys = _read(folder / "bcea_eff.csv")
    _, costs = _read(folder / "bcea_cost.csv")
    return CostsAndQalys(strategies, costs, qalys)


def _read(path: Path) -> tuple[tuple[str, ...], Array]:
    """The names and values of a table, a row for each name [S, D]."""
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    return tuple(names), np.array(rows, dtype=np.float64).T


def _written(path: Path, names: Sequence[str], rows: Iterable[Iterable[object]]) -> Path:
    """A table with its names in the first line; numbers as they are, to the last digit."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
    return path
