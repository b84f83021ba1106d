"""Options whose values are checked kindly."""

import re
from datetime import date
from typing import NoReturn

import click

from trabecula.cli.errors import Refused

FEWEST_DRAWS, MOST_DRAWS = 20, 10_000  # fewer have no 90 % interval, more only take time
HORIZON_Y, DRAWS, SEED = 10, 200, 1  # what is asked when nothing is said
LARGEST_SEED = 2**32 - 1  # what fits everywhere
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)


class IsoDate(click.ParamType):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        """The day, or why it is none."""
        if isinstance(value, date):
            return value
        if not _ISO.fullmatch(value):
            _refuse(param, value, "a day as YYYY-MM-DD, for example 2026-11-22")
        try:
            return date.fromisoformat(value)
        except ValueError:
            _refuse(param, value, "a day that is in the calendar, for example 2026-11-22")


class Whole(click.ParamType):
    """A whole number between limits; the upper one may be missing."""

    name = "number"

    def __init__(self, what: str, low: int, high: int | None, example: str) -> None:
        self.what, self.low, self.high, self.example = what, low, high, example

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        """The number, or why it can't be used."""
        number = int(value) if _WHOLE.fullmatch(str(value).strip()) else None
        if number is not None and self.low <= number and (self.high is None or number <= self.high):
            return number
        reach = f", {self.low} or more" if self.high is None else f" from {self.low:,} to {self.high:,}"
        _refuse(param, value, f"{self.what}{reach}, for example {self.example}")


def _refuse(param: click.Parameter | None, found: object, expected: str) -> NoReturn:
    """Say what was found and what was expected."""
    option = param.opts[0] if param else "option"
    raise Refused(f"{option}: found {found}; expected {expected}")
