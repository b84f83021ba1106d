"""Draws: each parameter as many values as there are draws, keyed so that nothing depends on order.

Parameters that were calibrated together have posterior draws, which ship with the package; a draw takes all of them
from the same row. For every other parameter the normal number behind draw i is a pure function of (seed, parameter
id, i). A new parameter never changes another's draws, and more draws keep the first ones.

The posterior draws are `data/posterior/draws.npy`, or those of an overlay: one row a draw and one column a parameter,
how far it moved from where its prior was centred, on the logarithm, or on the logit for a share. `manifest.json` names
the columns and says how the draws were made.
"""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula import chance
from trabecula.evidence.records import Parameter
from trabecula.units import Array

if TYPE_CHECKING:
    from trabecula.evidence.registry import Evidence

T = TypeVar("T")
_PARAMETERS_REMEMBERED = 1024
"""Size of a cache: parameters times sizes and seeds of samples, 8 bytes a draw each."""
_SAMPLES_REMEMBERED = 32
"""Sizes and seeds of samples whose rows among the posterior draws are remembered."""


class Draws:
    """`n` joint values of every parameter: `draws["id"]` is [n], or [n, k] for a curve with k knots.

    Made by `Evidence.draws`; reading a parameter counts as its use. The arrays are shared and can't be written to.
    """

    __slots__ = ("_made", "_values", "evidence", "is_central", "n", "seed")

    def __init__(self, evidence: "Evidence", n: int, seed: int, *, central: bool = False) -> None:
        if n < 1:
            raise ValueError(f"draws: n must be at least 1, not {n}")
        self.evidence = evidence
        self.n = n
        self.seed = seed
        self.is_central = central
        """Whether nothing is drawn: every parameter has its own value."""
        self._values: dict[str, Array] = {}
        self._made: dict[Hashable, Any] = {}

    def __getitem__(self, name: str) -> Array:
        values = self._values.get(name)
        if values is None:  # read for the first time: its use is counted
            values = self._values[name] = self._of(name)
        return values

    def _of(self, name: str) -> Array:
        """The values of a parameter that was not read before."""
        return self._drawn(self.evidence[name])

    def _drawn(self, parameter: Parameter) -> Array:
        """The parameter itself, its posterior draws, or draws of its own spread."""
        if self.is_central:
            return spread_values(parameter, np.zeros(self.n))
        joint = self.evidence.posterior_of(parameter.id)
        if joint is not None:
            return joint.values(parameter.id, self.n, self.seed)
        return spread_values(parameter, _standard_normal(self.seed, parameter.id, self.n))

    @property
    def keys(self) -> NDArray[np.int64]:
        """A key of chance for each draw [n], which it keeps in a larger sample and among those that are left."""
        return np.arange(self.n)

    @property
    def of_many(self) -> bool:
        """Whether draws differ in what is not known of a person; not where nothing is drawn, nor in a single draw."""
        return self.n > 1 and not self.is_central

    def column(self, name: str) -> Array:
        """A parameter that is one number, as a column that fits people and times [n, 1]."""
        return self[name][:, None]

    def curve(self, name: str, at: ArrayLike) -> Array:
        """A curve at points [T] or [n, T], linear between knots and level beyond them [n, T]; nan stays nan."""
        return _read_off(*self._curve(name, logarithm=False), at)

    def log_curve(self, name: str, at: ArrayLike) -> Array:
        """A curve of rates or ratios, log-linear between knots and level beyond them [n, T]."""
        return np.exp(_read_off(*self._curve(name, logarithm=True), at))

    def _curve(self, name: str, *, logarithm: bool) -> tuple[Array, Array]:
        """The knots of a curve and its values at them, or their logarithms."""
        return self.once(
            ("curve", name, logarithm),
            lambda: (self.knots(name), np.log(self[name]) if logarithm else np.array(self[name])),
        )

    def normal(self, purpose: str) -> Array:
        """A standard normal number for each draw [n], keyed by the purpose: how people differ where nothing is known.

        All 0 where draws do not differ in what is not known of a person.
        """
        if not self.of_many:
            return np.zeros(self.n)
        return self.once(("normal", purpose), lambda: chance.normal(self.seed, purpose, 0, np.arange(self.n)))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What follows from these draws alone, made when it is first asked for; nobody may write to it.

        Many people share a sample, and have this in common.
        """
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def by_row(self, key: Hashable, make: Callable[["Draws"], Array]) -> Array:
        """As `once`, for what has a row for each draw that follows from that draw alone [n, ...]."""
        return self.once(key, lambda: make(self))

    def ratios(self, name: str, at: ArrayLike) -> Array:
        """Rates or ratios that may be a curve, read off at points [n, T], or one number for all of them [n, 1]."""
        return self.column(name) if self.evidence[name].at is None else self.log_curve(name, at)

    def knots(self, name: str) -> Array:
        """The knots of a curve [k], in the unit `at_unit`."""
        at = self.evidence[name].at
        if at is None:
            raise ValueError(f"{name} is one number, not a curve: it has no knots")
        return np.array(at, dtype=np.float64)

    def central(self) -> "Draws":
        """One draw at the values themselves, as if nothing were uncertain."""
        return Draws(self.evidence, n=1, seed=self.seed, central=True)

    def __repr__(self) -> str:
        return f"Draws(n={self.n}, seed={self.seed})"


def _read_off(knots: Array, values: Array, at: ArrayLike) -> Array:
    """Linear interpolation of every row of values [n, k] at points [T] or [n, T]."""
    from trabecula.evidence.reading_off import linear  # compiled: whoever reads no curve does not wait for it

    points = np.asarray(at, dtype=np.float64)
    return linear(knots, values, np.ascontiguousarray(points if points.ndim > 1 else points.reshape(1, -1)))


def spread_values(parameter: Parameter, z: Array) -> Array:
    """The values of a parameter at standard normal numbers z [n]; z = 0 gives the value itself.

    One z moves a whole curve: its knots are uncertain together.
    """
    value, sd = np.asarray(parameter.value, dtype=np.float64), parameter.spread.sd or 0.0
    z = z[:, None] if value.ndim else z
    moved = _SPREADS[parameter.spread.kind](value, sd, z)
    values = np.ascontiguousarray(np.broadcast_to(moved, (len(z), *value.shape)))
    values.setflags(write=False)
    return values


def _logit_shift(value: Array, sd: float | Array, z: Array) -> Array:
    """Moves a share by sd * z on the logit scale; 0 and 1 stay what they are."""
    odds_factor = np.exp(sd * z)
    return value * odds_factor / (1.0 - value + value * odds_factor)


def _beta_like(value: Array, sd: float, z: Array) -> Array:
    """A share with sd in its own unit: a logit-normal whose sd agrees to first order."""
    slope = value * (1.0 - value)
    return _logit_shift(value, np.divide(sd, slope, out=np.zeros_like(slope), where=slope > 0), z)


_SPREADS = {
    "none": lambda value, sd, z: value,  # noqa: ARG005
    "normal": lambda value, sd, z: value + sd * z,
    "lognormal": lambda value, sd, z: value * np.exp(sd * z),
    "logitnormal": _logit_shift,
    "beta": _beta_like,
}


@lru_cache(maxsize=_PARAMETERS_REMEMBERED)
def _standard_normal(seed: int, name: str, n: int) -> Array:
    """The standard normal numbers behind the draws of one parameter [n]."""
    z = chance.normal(seed, f"parameter.{name}", 0, np.arange(n))
    z.setflags(write=False)
    return z


@dataclass(frozen=True)
class Column:
    """One calibrated parameter among the posterior draws."""

    place: int
    """Its column in the moves."""
    centre: Array
    """Where its prior was centred: [] or, for a curve, [k]."""
    share: bool
    """Whether it moves on the logit instead of the logarithm."""


@dataclass(frozen=True)
class PosteriorDraws:
    """Joint draws of the parameters that were calibrated together."""

    moves: Array
    """How far each moved from where its prior was centred [m draws, d parameters]."""
    columns: Mapping[str, Column]
    """What each column is, by the id of its parameter."""
    manifest: Mapping[str, object]
    """How the draws were made, as `manifest.json` says."""

    def values(self, name: str, n: int, seed: int) -> Array:
        """`n` values of one parameter [n] or [n, k]; the same rows for every parameter, so that they stay joint."""
        column = self.columns[name]
        return moved_value(column.centre, column.share, self.moves[_rows(len(self.moves), n, seed), column.place])

    def with_moves(self, moves: Mapping[str, Array], columns: Mapping[str, Column], **said: object) -> "PosteriorDraws":
        """The draws with other moves for some parameters, or for more of them; all the rest stays joint.

        moves: [m] by id; columns: what those that are new are, their place aside; said: goes into the manifest.
        """
        own, places = self.moves.copy(), dict(self.columns)
        for name, move in moves.items():
            if name not in places:
                places[name] = replace(columns[name], place=own.shape[1])
                own = np.column_stack([own, np.zeros(len(own))])
            own[:, places[name].place] = move
        return PosteriorDraws(own, places, {**self.manifest, **said})


@lru_cache(maxsize=_SAMPLES_REMEMBERED)
def _rows(known: int, n: int, seed: int) -> NDArray[np.int64]:
    """Which of the known draws to take: each once before any comes again, in an order keyed by the seed."""
    rounds = -(-n // known)
    keys = [chance.uniform(seed, "posterior.rows", turn, np.arange(known)) for turn in range(rounds)]
    found = np.concatenate([np.argsort(key) for key in keys])[:n]
    found.setflags(write=False)
    return found


def moved_value(centre: Array, share: bool, move: float | Array) -> Array:
    """The centre moved on its scale: [] or [k] for one move, [n] or [n, k] for n of them; 0 and 1 stay for a share."""
    moves = np.asarray(move, dtype=np.float64)
    factor = np.exp(moves[..., None] if centre.ndim else moves)
    if not share:
        return np.asarray(centre * factor)
    return np.asarray(centre * factor / (1.0 - centre + centre * factor))


def read_posterior(folder: Path) -> PosteriorDraws | None:
    """The draws in a folder, or none if there are none in it."""
    if not (folder / "manifest.json").exists():
        return None
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    columns = {
        column["parameter"]: Column(place, np.asarray(column["centre"], dtype=np.float64), column["scale"] == "share")
        for place, column in enumerate(manifest["columns"])
    }
    return PosteriorDraws(np.load(folder / "draws.npy").astype(np.float64), columns, manifest)


def write_posterior(draws: PosteriorDraws, folder: Path) -> None:
    """Write draws as `read_posterior` reads them, the manifest last: without it there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "draws.npy", draws.moves.astype(np.float32))
    columns = [
        {"parameter": name, "scale": "share" if column.share else "positive", "centre": column.centre.tolist()}
        for name, column in sorted(draws.columns.items(), key=lambda item: item[1].place)
    ]
    manifest = {**draws.manifest, "columns": columns}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
