"""One joint draw of every parameter, under which many people live."""

from collections.abc import Mapping

from trabecula.model import ModelDraws
from trabecula.units import Array


class OneDraw(ModelDraws):
    """One row of a sample as a sample of its own: what is drawn is the same for everybody, people differ by themselves.

    A curve read at points [people, T] comes back in that shape.
    """

    __slots__ = ("averages", "number", "sample")

    def __init__(self, sample: ModelDraws, number: int) -> None:
        super().__init__(sample.model, 1, sample.seed)
        self.sample, self.number = sample, number
        self.averages: dict[str, Mapping[str, tuple[Array, Array]]] = {}
        """The average person of each sex under this draw: ages and relative densities, by site."""

    def __getitem__(self, name: str) -> Array:
        return self.sample[name][self.number : self.number + 1]
