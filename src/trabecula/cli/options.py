"""Options that several commands share, and values that are checked kindly."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeVar

import click

from trabecula.cli.output import CommandRefused
from trabecula.words import LANGUAGES, SOURCE

FEWEST_DRAWS, MOST_DRAWS = 20, 10_000
"""Fewer draws have no 90 % interval, more only take time."""
HORIZON_Y, DRAWS, SEED = 10, 200, 1
"""What is asked for when nothing is said."""
LARGEST_SEED = 2**32 - 1
"""Keys of the draws fit in 32 bits."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]


@dataclass(frozen=True)
class ModelOptions:
    """What the model is asked about a person, whatever becomes of the answer."""

    horizon_y: int
    """Years ahead."""
    draws: int
    """Size of the sample of all uncertain numbers."""
    seed: int
    """Key of the sample: the same key gives the same people, draw by draw."""
    country: str | None
    """Where the person lives, instead of the record's country."""
    stand_in: str | None
    """Whose rates stand in where there are none for that country."""


class IsoDate(click.ParamType):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        """The day, or why it is none."""
        if isinstance(value, date):
            return value
        if not _ISO.fullmatch(value):
            refuse(param, value, "a day as YYYY-MM-DD, for example 2026-11-22")
        try:
            return date.fromisoformat(value)
        except ValueError:
            refuse(param, value, "a day that is in the calendar, for example 2026-11-22")


class WholeNumber(click.ParamType):
    """A whole number between limits, both included; the upper one may be missing.

    what, example: how a refusal calls it and shows it: `expected a number of draws from 20 to 10,000, for example
    --draws 200`.
    """

    name = "number"

    def __init__(self, what: str, low: int, high: int | None, example: str) -> None:
        self.what, self.low, self.high, self.example = what, low, high, example

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        """The number, or why it can't be used."""
        number = int(value) if _WHOLE.fullmatch(str(value).strip()) else None
        if number is not None and self.low <= number and (self.high is None or number <= self.high):
            return number
        reach = f", {self.low} or more" if self.high is None else f" from {self.low:,} to {self.high:,}"
        refuse(param, value, f"{self.what}{reach}, for example {self.example}")


class CountryName(click.ParamType):
    """A country by its two letters or any of its names; the vocabulary is read when it is asked.

    tables: only one whose rates are in hand, overlays too.
    """

    name = "country"

    def __init__(self, *, tables: bool = False) -> None:
        self.tables = tables

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002
        """The keys of those with tables, or that any will do, as help shows them."""
        if not self.tables:
            return "COUNTRY"
        from trabecula import vocabulary  # a quarter of a second, which other commands need not wait for

        return f"[{'|'.join(vocabulary.COUNTRIES)}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """The key."""
        from trabecula import vocabulary  # see above

        found, known = vocabulary.country_called(value), ", ".join(vocabulary.COUNTRIES)
        if self.tables and found not in vocabulary.COUNTRIES:
            refuse(param, value, f"a country with fracture and death rates: one of {known}")
        if found is None:
            refuse(param, value, f"a country, by its name or two letters; there are rates for {known}")
        return found


def refuse(param: click.Parameter | None, found: object, expected: str) -> NoReturn:
    """Say what was found and what was expected."""
    option = param.opts[0] if param else "option"
    raise CommandRefused(f"{option}: found {found}; expected {expected}")


def together(*options: Option[Any]) -> Option[Any]:
    """Several options as one decorator, in the order in which help lists them.

    click reads decorators from the command upwards, hence the reverse.
    """

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def whole_option(
    name: str, what: str, low: int, high: int | None, default: int, about: str, metavar: str | None = None
) -> Option[Any]:
    """A whole number with a usual value, which is also the example when another is refused."""
    kind = WholeNumber(what, low, high, f"--{name} {default}")
    return click.option(f"--{name}", type=kind, default=default, show_default=True, help=about, metavar=metavar)


def seed_option(about: str) -> Option[Any]:
    """The key of all that is drawn."""
    return whole_option("seed", "a whole number", 0, LARGEST_SEED, SEED, about)


def format_option(*more: str, forms: tuple[str, ...] = ("table", "json", "markdown")) -> Option[Any]:
    """In which form to answer; `more` forms than usual."""
    about = "Output format; ics is the dated plan as a calendar file." if "ics" in more else "Output format."
    return click.option(
        "--format", "form", type=click.Choice([*forms, *more]), default=forms[0], show_default=True, help=about
    )


record_argument = click.argument("file", metavar="FILE")
horizon_option = whole_option(
    "horizon", "a whole number of years", 1, None, HORIZON_Y, "Forecast horizon, in years.", "YEARS"
)
model_options = together(
    click.option(
        "--date", "on", metavar="YYYY-MM-DD", type=IsoDate(),
        help="Assessment date. [default: the record's, else today]",
    ),
    click.option("--country", type=CountryName(), help="Where the person lives, instead of the record's country."),
    click.option(
        "--stand-in", type=CountryName(tables=True),
        help="Whose fracture and death rates stand in where there are none for that country; marked with every figure.",
    ),
    whole_option(
        "draws", "a number of draws", FEWEST_DRAWS, MOST_DRAWS, DRAWS,
        "Number of Monte Carlo draws.",
    ),
    seed_option("Random seed: the same seed gives the same result."),
)  # fmt: skip
"""What every answer of the model depends on beside the record and the horizon."""
language_option = click.option(
    "--language", "--lang", type=click.Choice(LANGUAGES), default=SOURCE, show_default=True,
    help="Language of the output.",
)  # fmt: skip


def answer_options(*more: str) -> Option[Any]:
    """How to answer: in which form (`more` than usual), in which language, and where."""
    output = click.option("--output", metavar="FILE", help="Write the output to a file instead of the screen.")
    return together(format_option(*more), language_option, output)


ACKNOWLEDGED = "TRABECULA_ACKNOWLEDGED"
"""The environment variable that says where what was acknowledged is kept; better than an option for an address."""


def default_place(scores: str) -> str:
    """Where what was acknowledged is kept unless it is said: beside the scores."""
    return f"{scores.removesuffix('.parquet')}.acknowledged.sqlite"
