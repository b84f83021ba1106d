"""Rows about countries: those whose fracture rates and life table are in the registry.

COUNTRIES["UK"].registry, default_country(), country_called("England")
"""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, ClassVar

from trabecula.vocabulary.rows import Concept, ConceptTable, OneOf, VocabularyError
from trabecula.vocabulary.sites import FRACTURE_SITES, SEXES
from trabecula.words.message import Message, verbatim


class Country(Concept):
    """A country; its key, two capitals, is what records and results write."""

    kind: ClassVar[str] = "country"
    key_form: ClassVar[tuple[str, str]] = ("[A-Z]{2}", "two capital letters")
    registry: str
    """Its part of the ids of its parameters: `fracture.baseline.<registry>.*`, `mortality.<registry>.*`."""
    default: bool = False
    """Whether it stands in, and is named as standing in, where a record says no country."""

    def needs(self) -> Iterator[tuple[str, ...]]:
        """A life table and rates at every followed site, for women and men."""
        for sex in SEXES:
            yield (f"mortality.{self.registry}.{sex}",)
            for key, site in FRACTURE_SITES.items():
                if site.followed:
                    table = f"fracture.baseline.{self.registry}.{key}.{sex}"
                    yield (table,) if key == "hip" else (f"fracture.level.{self.registry}.{key}.{sex}", table)


COUNTRIES = ConceptTable("countries", Country)
"""Countries that can be assessed, the first one first in forms."""

CountryKey = Annotated[str, OneOf(COUNTRIES)]
"""A field with a country."""


@cache
def default_country() -> str:
    """The country that stands in where a record says none."""
    named = [key for key, row in COUNTRIES.items() if row.default]
    if len(named) != 1:
        raise VocabularyError([f"countries: found {len(named)} rows with default; expected one; leave one"])
    return named[0]


def country_called(name: str) -> str | None:
    """The key of a country by any of its names; None for one that is not known."""
    plain = name.strip().lower()
    return next((key for key, row in COUNTRIES.items() if plain in row.aliases), None)


def country_name(key: str) -> Message:
    """What a country is called; one without a row by its key."""
    return COUNTRIES[key].name if key in COUNTRIES else verbatim(key)
