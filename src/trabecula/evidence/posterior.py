"""The posterior draws that ship with the package: joint values of the parameters that were calibrated together.

`data/posterior/draws.npy` has one row a draw and one column a parameter: how far it moved from where its prior was
centred, on the logarithm, or on the logit for a share. `manifest.json` names the columns and says how the draws
were made.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula import chance

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One calibrated parameter: its place, its prior's centre, and whether it is a share."""

    place: int
    centre: Array
    share: bool


@dataclass(frozen=True)
class PosteriorDraws:
    """All draws: moves [m, d], what each column is, and how they were made."""

    moves: Array
    columns: Mapping[str, Column]
    manifest: Mapping[str, object]

    def values(self, name: str, n: int, seed: int) -> Array:
        """`n` values of one parameter [n] or [n, k]; the same rows for every parameter, so that they stay joint."""
        column = self.columns[name]
        return moved_value(column.centre, column.share, self.moves[self._rows(n, seed), column.place])

    def _rows(self, n: int, seed: int) -> NDArray[np.int64]:
        """Which draws to take: each once before any comes again, in an order keyed by the seed."""
        rounds = -(-n // len(self.moves))
        keys = [
            chance.uniform(seed, "posterior.rows", turn, np.arange(len(self.moves))) for turn in range(rounds)
        ]
        return np.concatenate([np.argsort(each) for each in keys])[:n]


def moved_value(centre: Array, share: bool, move: float | Array) -> Array:
    """The centre moved on its scale: [] or [k] for one move, [n] or [n, k] for n of them; 0 and 1 stay for a share."""
    moves = np.asarray(move, dtype=np.float64)
    factor = np.exp(moves[..., None] if centre.ndim else moves)
    if not share:
        return np.asarray(centre * factor)
    return np.asarray(centre * factor / (1.0 - centre + centre * factor))


def read_posterior(directory: Path) -> PosteriorDraws | None:
    """The draws in a registry's directory, or none if it ships none."""
    folder = directory / "posterior"
    if not (folder / "manifest.json").exists():
        return None
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    columns = {
        each["parameter"]: Column(
            place, np.asarray(each["centre"], dtype=np.float64), each["scale"] == "share"
        )
        for place, each in enumerate(manifest["columns"])
    }
    return PosteriorDraws(np.load(folder / "draws.npy").astype(np.float64), columns, manifest)
