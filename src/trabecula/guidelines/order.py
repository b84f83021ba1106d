"""Which guideline is told first: those of the person's own country, those for all, then those of other countries.

Nothing is weighed or left out: the order is only that of what is told.
"""

from functools import lru_cache
from importlib import resources
from pathlib import Path

from trabecula.data_files import load_yaml
from trabecula.guidelines.facts import ClosedRecord
from trabecula.guidelines.reading import shipped
from trabecula.guidelines.records import Place


class _Region(ClosedRecord):
    """Guidelines that several countries share."""

    guidelines: tuple[str, ...]
    countries: tuple[str, ...]


class _Order(ClosedRecord):
    """What the file says."""

    countries: dict[str, tuple[str, ...]]
    """Guidelines of a country's own, by its two letters."""
    europe: _Region
    everywhere: tuple[str, ...]

    def home(self, country: str) -> tuple[str, ...]:
        """The guidelines of a country: its own, else those of Europe in Europe; none elsewhere."""
        if country in self.countries:
            return self.countries[country]
        return self.europe.guidelines if country in self.europe.countries else ()

    def shared(self, country: str) -> tuple[str, ...]:
        """What is written for people of many countries, this one among them."""
        return (*(self.europe.guidelines if country in self.europe.countries else ()), *self.everywhere)


@lru_cache(maxsize=1)
def _order() -> _Order:
    """The file that comes with the package."""
    file = resources.files("trabecula.guidelines").joinpath("data/order/countries.yaml")
    return _Order.model_validate(load_yaml(Path(str(file))))


def order_for(country: str | None) -> tuple[str, ...]:
    """The ids of all guidelines in the order in which they are told; as shipped where the country is not known."""
    ids = tuple(guideline.id for guideline in shipped())
    if country is None:
        return ids
    return tuple(dict.fromkeys((*_order().home(country), *_order().shared(country), *ids)))


@lru_cache(maxsize=1024)
def place_of(guideline: str, country: str | None) -> Place:
    """Whether a guideline is the country's own, one for all, or another country's; for all where nobody said which."""
    if country is None or guideline in (order := _order()).shared(country):
        return "home" if country is not None and guideline in _order().home(country) else "shared"
    return "home" if guideline in order.home(country) else "elsewhere"
