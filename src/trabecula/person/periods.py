"""Dosing intervals in words: "8 hours", "day", "6 months"."""

import re
from typing import Annotated

from pydantic import AfterValidator

from trabecula import units
from trabecula.person.problems import refusal
from trabecula.words.message import Message

_INTERVAL = re.compile(r"(?:every\s+)?(\d+(?:\.\d+)?)?\s*(hour|day|week|month|year)s?")
_WORDS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_DAYS = {
    "hour": 1.0 / units.HOURS_PER_DAY,
    "day": 1.0,
    "week": units.DAYS_PER_WEEK,
    "month": units.DAYS_PER_MONTH,
    "year": units.DAYS_PER_YEAR,
}


def days_between(text: str) -> float:
    """Days from dose to dose: "6 months" is 182.6."""
    plain = text.strip().lower()
    match = _INTERVAL.fullmatch(_WORDS.get(plain, plain))
    if match is None or float(match.group(1) or 1) == 0:
        expected = Message("expected.a_dosing_interval_such_as_8")
        raise refusal(text, expected, Message("todo.write_a_number_and_a_unit"))
    return float(match.group(1) or 1) * _DAYS[match.group(2)]


def _check(text: str) -> str:
    days_between(text)
    return text


Interval = Annotated[str, AfterValidator(_check)]
"""A dosing interval in words, checked."""
