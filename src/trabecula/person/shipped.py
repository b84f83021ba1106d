"""The few numbers this room needs, when the caller brings no evidence.

`trabecula.evidence` stands beside this room, so it is passed in. Pass it wherever a result is computed: then
overrides are honoured and the tracer sees what was read. Without it the shipped values are used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Protocol, cast

import yaml

Value = float | tuple[float, ...]


class Number(Protocol):
    """A parameter of the registry, as far as this room needs it."""

    @property
    def value(self) -> Value:
        """The value, or one value for each knot."""
        ...

    @property
    def at(self) -> tuple[float, ...] | None:
        """The knots of a curve."""
        ...


class Numbers(Protocol):
    """The registry: numbers by id."""

    def __getitem__(self, name: str, /) -> Number:
        """The number with this id."""
        ...


@dataclass(frozen=True)
class _Shipped:
    value: Value
    at: tuple[float, ...] | None


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, _Shipped]:
    """The parameters of this room as they come with the package."""
    file = resources.files("trabecula").joinpath("evidence/data/parameters/person.yaml")
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {entry["id"]: _Shipped(_value(entry["value"]), entry.get("at")) for entry in entries}


def _value(value: float | list[float]) -> Value:
    return tuple(value) if isinstance(value, list) else value


def number(name: str, numbers: Numbers | None) -> float:
    """One number from the evidence, or as shipped."""
    return cast(float, (numbers or _shipped())[name].value)


def step_at(name: str, where: float, numbers: Numbers | None) -> float:
    """The value at the last knot that is not beyond `where`: a scale moves in steps."""
    curve = (numbers or _shipped())[name]
    knots, values = cast(tuple[float, ...], curve.at), cast(tuple[float, ...], curve.value)
    return [value for knot, value in zip(knots, values, strict=True) if knot <= where][-1]
