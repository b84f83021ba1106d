"""Dates as people remember them, a day, a month or only a year; dosing intervals in words ("8 hours", "day")."""

import calendar
import datetime
import re
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import AfterValidator, PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from trabecula import units
from trabecula.person.limits import LIMITS
from trabecula.person.problems import known_day, refusal
from trabecula.words.message import Message

Precision = Literal["day", "month", "year"]
EXPECTED_DATE, YEAR_FIRST = Message("expected.date"), Message("todo.write_the_year_first")
"""What is said of a text that is no date."""
_CHARACTERS = {"year": 4, "month": 7, "day": 10}
"""How much of YYYY-MM-DD is known."""
_DECEMBER = 12
_YEARS = LIMITS["year"]
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class HistoryDate(datetime.date):
    """A date that remembers how exactly it is known: "2014" becomes the middle of 2014.

    It is a calendar date everywhere else, so that the model computes with days and only the edges ask for more.
    """

    precision: Precision

    def __new__(cls, year: int, month: int, day: int, precision: Precision = "day") -> Self:
        """A calendar day, known to the day, the month or the year."""
        new = super().__new__(cls, year, month, day)
        new.precision = precision
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.year, self.month, self.day, self.precision)

    @property
    def first(self) -> datetime.date:
        """The first day it can have been."""
        month = 1 if self.precision == "year" else self.month
        return datetime.date(self.year, month, self.day if self.precision == "day" else 1)

    @property
    def last(self) -> datetime.date:
        """The last day it can have been."""
        if self.precision == "day":
            return datetime.date(self.year, self.month, self.day)
        month = _DECEMBER if self.precision == "year" else self.month
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def written(self) -> str:
        """As it was given: 2014, 2014-05 or 2014-05-02."""
        return self.isoformat()[: _CHARACTERS[self.precision]]

    def between(self, earliest: datetime.date | None, latest: datetime.date | None) -> "HistoryDate":
        """The middle of the part of its period between two days; an exact day, or no such part, stays."""
        first = max(self.first, earliest or self.first)
        last = min(self.last, latest or self.last)
        return self if first > last or self.precision == "day" else _middle(first, last, self.precision)


def read_date(value: object) -> HistoryDate:
    """Read a date from a calendar date, an ISO text ("2014-05-02", "2014-05", "2014"), or a year.

    Raises PydanticCustomError, a ValueError, for anything else and for a year in which nobody alive has lived.
    """
    when = value if isinstance(value, HistoryDate) else _read(value)
    if not _YEARS.is_possible(when.year):
        expected = Message("expected.a_date_in_one", {"one": _YEARS.possible_range})
        raise refusal(when, expected, Message("todo.check_the_year"))
    return when


def _read(value: object) -> HistoryDate:
    """A date in one of the ways in which it can be written."""
    if isinstance(value, datetime.date):
        return HistoryDate(value.year, value.month, value.day)
    is_year = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= datetime.MAXYEAR
    text = str(value) if is_year else value
    match = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        _refuse(value)
    return _from_parts(value, *match.groups())


def _from_parts(value: object, year: str, month: str | None, day: str | None) -> HistoryDate:
    """The date of a year, a month (if known) and a day (if known)."""
    precision: Precision = "day" if day else "month" if month else "year"
    try:
        start = HistoryDate(int(year), int(month or 1), int(day or 1), precision)
    except ValueError:
        _refuse(value)
    return start if day else _middle(start.first, start.last, precision)


def _middle(first: datetime.date, last: datetime.date, precision: Precision) -> HistoryDate:
    """The day in the middle of a period."""
    day = first + (last - first) // 2
    return HistoryDate(day.year, day.month, day.day, precision)


def _refuse(value: object) -> NoReturn:
    """Say what a date looks like."""
    raise refusal(value, EXPECTED_DATE, YEAR_FIRST)


def _write(value: datetime.date) -> str:
    """The date as it was given."""
    return read_date(value).written


def read_past(value: object, info: ValidationInfo) -> HistoryDate:
    """A date that lies before the assessment; of a period that contains it, the part before it."""
    when = read_date(value)
    on = (info.context or {}).get("on")
    if on is not None and when.first > on:
        expected = Message("expected.a_date_up_to_the_date", {"day": known_day(on)})
        raise refusal(when, expected, Message("todo.correct_the_date_or_assess_on"))
    return when.between(None, on)


def begun(start: datetime.date, on: datetime.date | None) -> HistoryDate:
    """The start of something: a period that contains the assessment is cut there, one that is still to come stays."""
    when = read_date(start)
    return when if on is None or when.first > on else when.between(None, on)


_WRITES = PlainSerializer(_write, return_type=str, when_used="json")
_ISO = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_YEAR = {"type": "integer", "minimum": _YEARS.possible[0], "maximum": _YEARS.possible[1]}
_SCHEMA = WithJsonSchema({"anyOf": [_ISO, _YEAR]})
When = Annotated[datetime.date, PlainValidator(read_date), _WRITES, _SCHEMA]
"""A date that may lie in the future (the end of a treatment, a planned start)."""
Past = Annotated[datetime.date, PlainValidator(read_past), _WRITES, _SCHEMA]
"""A date of something that has happened: not after the date of assessment, when that is known (`context["on"]`)."""


# ---------------------------------------------------------------- dosing intervals

_INTERVAL = re.compile(r"(?:every\s+)?(\d+(?:\.\d+)?)?\s*(hour|day|week|month|year)s?")
_INTERVAL_WORDS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_DAYS_IN = {
    "hour": 1.0 / units.HOURS_PER_DAY,
    "day": 1.0,
    "week": units.DAYS_PER_WEEK,
    "month": units.DAYS_PER_MONTH,
    "year": units.DAYS_PER_YEAR,
}


_LONGEST_DAYS = 36_525.0
"""A century: nobody is given a dose after a longer time."""


def days_between(text: str) -> float:
    """Days from dose to dose: "6 months" is 182.6."""
    plain = text.strip().lower()
    match = _INTERVAL.fullmatch(_INTERVAL_WORDS.get(plain, plain))
    days = float(match.group(1) or 1) * _DAYS_IN[match.group(2)] if match else 0.0
    if not 0.0 < days <= _LONGEST_DAYS:
        expected = Message("expected.a_dosing_interval_such_as_8")
        raise refusal(text, expected, Message("todo.write_a_number_and_a_unit"))
    return days


def _check_interval(text: str) -> str:
    """The interval as it was written, if it can be read."""
    days_between(text)
    return text


DosingInterval = Annotated[str, AfterValidator(_check_interval)]
"""A dosing interval in words, checked."""
