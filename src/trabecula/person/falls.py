"""Which of the falls on record speak for a day: those of the year before it, and what leads up to them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trabecula.person.history import Fall
from trabecula.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR


@dataclass(frozen=True)
class Remembered:
    """Falls remembered over some months, which reach into the year before a day."""

    count: int
    months: float


def remembered_falls(falls: Iterable[Fall], on: datetime.date) -> Remembered | None:
    """What the record says of falls up to a day; None when it says nothing, or nothing of the year before.

    The newest count wins; falls that are dated after its last day are added. Without a count, dated falls are taken as
    all falls since the first of them, a year at least.
    """
    entries = [each for each in falls if _last(each, on) <= on]
    days = sorted(each.date for each in entries if each.date is not None)
    counts = [each for each in entries if each.count is not None and is_recent(each, on)]
    if counts:
        newest = max(counts, key=lambda each: (_last(each, on), each.period_months or 0.0))
        return _and_since(newest, days, on)
    if not days or not _is_recent(days[-1], on):
        return None
    return Remembered(len(days), max(MONTHS_PER_YEAR, _months(days[0], on)))


def falls_past_year(falls: Sequence[Fall], on: datetime.date) -> int | None:
    """Falls in the year before a day: as remembered, brought down to a year when that was longer ago."""
    found = remembered_falls(falls, on)
    if found is None:
        return None
    dated = sum(each.date is not None and each.date <= on and _is_recent(each.date, on) for each in falls)
    return max(dated, round(found.count * min(1.0, MONTHS_PER_YEAR / found.months)))


def is_recent(fall: Fall, on: datetime.date) -> bool:
    """Whether an entry reaches into the year before a day."""
    return _is_recent(_last(fall, on), on)


def _and_since(newest: Fall, days: Sequence[datetime.date], on: datetime.date) -> Remembered:
    """A count, at least as many as are dated within its period, and the falls that are dated after it."""
    last, months, count = _last(newest, on), newest.period_months or MONTHS_PER_YEAR, newest.count or 0
    within = sum(0 <= _months(day, last) < months for day in days)
    later = sum(day > last for day in days)
    return Remembered(max(count, within) + later, months + (_months(last, on) if later else 0.0))


def _last(fall: Fall, on: datetime.date) -> datetime.date:
    """The last day of an entry; a count without one is told on the day itself."""
    return fall.date or fall.until or on


def _is_recent(when: datetime.date, on: datetime.date) -> bool:
    """Whether a day lies in the year before another."""
    return (on - when).days < DAYS_PER_YEAR


def _months(first: datetime.date, last: datetime.date) -> float:
    """From a day to another [months]."""
    return (last - first).days / DAYS_PER_MONTH
