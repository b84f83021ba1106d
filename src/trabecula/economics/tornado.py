"""One parameter at a time: what the answer is at the ends of each, the greatest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

EndT = TypeVar("EndT")


@dataclass(frozen=True)
class Bar:
    """One bar of a tornado."""

    name: str
    low: float
    """The answer at the lower end of the parameter."""
    high: float
    """At its upper end."""

    @property
    def width(self) -> float:
        """How far the parameter moves the answer."""
        return abs(self.high - self.low)


def tornado(ends: Mapping[str, tuple[EndT, EndT]], answer: Callable[[str, EndT], float]) -> list[Bar]:
    """Bars of every parameter, the widest first.

    ends: what each parameter is set to; answer: a number, such as a net benefit, with one parameter set.
    """
    bars = [Bar(name, answer(name, low), answer(name, high)) for name, (low, high) in ends.items()]
    return sorted(bars, key=lambda bar: -bar.width)
