"""Rows about countries: those whose fracture rates and life table are in the registry, and the names of all others.

COUNTRIES["UK"].registry, default_country(), country_called("England"), tables_for("FR", stand_in="UK")
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple

from babel import Locale
from babel.core import get_global
from pydantic_core import CoreSchema

from trabecula.vocabulary.rows import Concept, ConceptTable, OneOf, VocabularyError, is_shipped
from trabecula.vocabulary.sites import FRACTURE_SITES, SEXES
from trabecula.words.language import LANGUAGES
from trabecula.words.message import Message


class Country(Concept):
    """A country; its key, two capitals, is what records and results write."""

    kind: ClassVar[str] = "country"
    key_form: ClassVar[tuple[str, str]] = ("[A-Z]{2}", "two capital letters")
    registry: str
    """Its part of the ids of its parameters: `fracture.baseline.<registry>.*`, `mortality.<registry>.*`."""
    default: bool = False
    """Whether it stands in, and is named as standing in, where a record says no country."""

    def needs(self) -> Iterator[tuple[str, ...]]:
        """Its tables. A site of an overlay must have a rate in the country that stands in for none, and in its own.

        Otherwise each country that is added here would break every folder that has a site of its own: a country without
        a rate at such a site is refused where somebody lives in it.
        """
        ours = is_shipped("countries", self.key) and not self.default
        return self._tables([key for key in FRACTURE_SITES if not ours or is_shipped("fracture_sites", key)])

    def tables(self) -> Iterator[tuple[str, ...]]:
        """What an assessment reads: a life table and rates at every followed site, for women and men."""
        return self._tables(FRACTURE_SITES)

    def _tables(self, sites: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """The ids of its tables, with those at some sites; one of the ids of each is enough."""
        for sex in SEXES:
            yield (f"mortality.{self.registry}.{sex}",)
            for key in sites:
                if FRACTURE_SITES[key].followed:
                    table = f"fracture.baseline.{self.registry}.{key}.{sex}"
                    yield (table,) if key == "hip" else (f"fracture.level.{self.registry}.{key}.{sex}", table)


COUNTRIES = ConceptTable("countries", Country)
"""Countries that can be assessed, the first one first in forms."""

CountryKey = Annotated[str, OneOf(COUNTRIES)]
"""A field with a country that has tables."""

_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
"""Two letters of the Unicode territories that are no country: unions, test codes, parts of others."""


@cache
def territories() -> tuple[str, ...]:
    """Where a person may live: the countries that have tables, then every other one (ISO 3166, two letters)."""
    known = map(str, Locale("en").territories)
    taken = {alias.upper() for row in COUNTRIES.values() for alias in row.aliases} | _NO_COUNTRIES | {*COUNTRIES}
    return (*COUNTRIES, *sorted(code for code in known if len(code) == 2 and code.isalpha() and code not in taken))


class Territory(OneOf):
    """Marks a field with any country of the world; in a schema by its form, as a list of all would help nobody."""

    def name_of(self, choice: str) -> Message | None:
        """What the country is called."""
        return country_name(choice)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        """Two capital letters."""
        return {"pattern": f"^{Country.key_form[0]}$", "type": "string"}


TerritoryCode = Annotated[str, Territory(territories)]
"""A field with a country, whether there are tables for it or not."""


class Tables(NamedTuple):
    """Whose rates are used for a person."""

    country: str
    """The country whose tables they are; one without tables is refused where they are read."""
    stands_in_for: str | None
    """The country that has none, where the tables of another stand in because somebody asked for it."""


def tables_for(country: str | None, stand_in: str | None) -> Tables:
    """The tables for a person of a country; a stand-in is used only where there are none of the person's own."""
    if country is None:
        return Tables(stand_in or default_country(), None)
    return Tables(country, None) if stand_in is None or country in COUNTRIES else Tables(stand_in, country)


@cache
def default_country() -> str:
    """The country that stands in where a record says none."""
    named = [key for key, row in COUNTRIES.items() if row.default]
    if len(named) != 1:
        raise VocabularyError([f"countries: found {len(named)} rows with default; expected one; leave one"])
    return named[0]


def country_called(name: str) -> str | None:
    """The key of a country by any of its names, in any language of the program; None for one that is not known.

    A country without tables is known by its code of two or three letters, and as the languages call it.
    """
    plain = name.strip().lower()
    found = next((key for key, row in COUNTRIES.items() if plain in row.aliases), None)
    return found or _territory_names().get(plain)


@cache
def _territory_names() -> dict[str, str]:
    """The codes of the countries without tables by what they are called, in lower case."""
    codes = [code for code in territories() if code not in COUNTRIES]
    names = {Locale(language).territories[code].lower(): code for language in LANGUAGES for code in codes}
    aliases = {old.lower(): new[0] for old, new in get_global("territory_aliases").items() if new[0] in codes}
    return aliases | names | {code.lower(): code for code in codes}


def country_name(key: str) -> Message:
    """What a country is called; one without a row as each language calls it."""
    return COUNTRIES[key].name if key in COUNTRIES else Message("territory", {"code": key})


def rates_of(country: str, stands_in_for: str | None) -> Message:
    """Whose rates an answer rests on, in the middle of a line."""
    if stands_in_for is None:
        return country_name(country)
    return Message("country.standing_in", {"country": country_name(country), "person": country_name(stands_in_for)})


def stand_in_note(country: str, stands_in_for: str | None) -> Message | None:
    """What must be read beside every figure that rests on another country's rates; None where none does."""
    if stands_in_for is None:
        return None
    return Message("note.stand_in", {"country": country_name(country), "person": country_name(stands_in_for)})
