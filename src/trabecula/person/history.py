"""What happened: hormones, pregnancies, fractures and falls; and which of the falls speak for a day."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ValidationInfo, model_validator

from trabecula.person.dates import HistoryDate, Past, When, read_date, read_past
from trabecula.person.limits import LIMITS, WithinLimits
from trabecula.person.measurements import Side
from trabecula.person.parts import Episode, RecordPart, one_of
from trabecula.person.problems import NOTHING, PartProblem, field_name, require, show
from trabecula.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR
from trabecula.vocabulary import FRACTURE_SITES, OneOf
from trabecula.words.message import Message

FractureSiteKey = Annotated[str, OneOf(FRACTURE_SITES)]
"""A field with a site of a fracture."""


class Menopause(RecordPart):
    """The last period: a date or an age, and why."""

    date: Past | None = None
    """When it was."""
    age_y: Annotated[float, WithinLimits("age_at_menopause")] | None = None
    """The age at which it was, in years."""
    cause: Literal["natural", "surgical", "medical"] | None = None
    """Natural, after removal of the ovaries, or through medicines."""

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        """A date or an age."""
        require(one_of(self, "date", "age_y"))
        return self


class HormoneTherapy(Episode):
    """Sex hormones that are taken: for a loss of one's own, or to affirm the gender a person lives in."""

    kind: Literal["oestrogen", "combined", "tibolone", "testosterone"] | None = None
    """Oestrogen alone, with a progestogen (combined), tibolone or testosterone."""
    gender_affirming: bool | None = None
    """true if they affirm the gender the person lives in; Z-scores are then read against that gender's reference."""


class Immobility(Episode):
    """A time in bed or paralysed, for whatever reason but MS: a fracture, an operation, a spinal cord injury."""

    kind: Literal["bed_rest", "paralysis"]
    """Bed rest or paralysis: the one unloads everything, the other the legs, and the spine less."""


class DepotProgestogen(Episode):
    """Contraceptive injections of medroxyprogesterone."""


class Pregnancy(RecordPart):
    """A pregnancy that ended, or will end, in a birth."""

    delivery: When
    """The date of birth of the child, or the due date."""
    lactation_months: Annotated[float, WithinLimits("lactation_months")] | None = None
    """How many months the child was breastfed."""


def _begun(year: int, info: ValidationInfo) -> int:
    """The year, unless it lies after the assessment."""
    read_past(year, info)
    return year


class Fracture(RecordPart):
    """A broken bone."""

    site: FractureSiteKey
    """The bone."""
    date: Past | None = None
    """When it broke."""
    year: Annotated[int, WithinLimits("year"), AfterValidator(_begun)] | None = None
    """The year in which it broke, when the date is not known; it is kept as a date that is known to the year."""
    date_unknown: bool | None = None
    """true if it broke in the past, at a time that nobody knows; instead of a date."""
    trauma: Literal["low", "high", "unknown"] = "unknown"
    """low: a fall from standing height or less; high: a traffic accident, a fall from a height."""
    found_on_imaging: bool = False
    """Vertebral fracture found on imaging, with no known event."""
    vertebrae: Annotated[int, WithinLimits("vertebrae")] | None = None
    """Of a vertebral fracture, how many vertebrae broke; one when it is not said."""
    grade: Annotated[int, WithinLimits("vertebral_grade")] | None = None
    """Of a vertebral fracture, the worst grade: 1 mild, 2 moderate, 3 severe (Genant)."""
    side: Side | None = None
    """The side of the body."""

    @model_validator(mode="after")
    def _one_time(self, info: ValidationInfo) -> Self:
        """A date or a year; from here on both are a date, which everybody reads (the record is still being made)."""
        if self.date_unknown is False:
            object.__setattr__(self, "date_unknown", None)
        with_date = one_of(self, "date", "date_unknown", at_least_one=False)
        require(with_date if self.date_unknown else one_of(self, "date", "year"))
        if self.year is not None:
            object.__setattr__(self, "date", read_past(self.year, info))
            object.__setattr__(self, "year", None)
        return self

    @property
    def when(self) -> HistoryDate | None:
        """The day on which it broke, as exactly as it is known; None for one in the past at an unknown time."""
        return None if self.date is None else read_date(self.date)


class Fall(RecordPart):
    """A fall on a day, or a number of falls in a period."""

    date: Past | None = None
    """The day of one fall."""
    count: Annotated[int, WithinLimits("falls")] | None = None
    """How many falls in the period; 0 if there were none."""
    period_months: Annotated[float, WithinLimits("period_months")] | None = None
    """The length of the period, in months."""
    until: Past | None = None
    """The last day of the period; a count that ended more than a year before the assessment is not used."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        """One dated fall, or a count with its period."""
        wrong = one_of(self, "date", "count")
        for name in ("period_months", "until"):
            given = getattr(self, name) is not None
            if given and self.date is not None:
                both = {"fields": (field_name("date"), field_name(name))}
                found = Message("found.fields_together", both)
                todo = Message("todo.leave_what_out", {"what": field_name(name)})
                wrong.append(PartProblem(name, found, Message("expected.one_dated_fall_or_count_period"), todo))
        if self.count is not None and self.period_months is None:
            expected = Message("expected.the_number_of_months_in_which")
            todo = Message("todo.add_what", {"what": field_name("period_months")})
            wrong.append(PartProblem("period_months", NOTHING, expected, todo, absent=True))
        require([*wrong, *self._too_many()])
        return self

    def _too_many(self) -> Iterator[PartProblem]:
        """More falls a year than anybody has: a slip in the count or in its period."""
        limits, per_year = LIMITS["falls_per_year"], self.per_year
        if per_year is not None and not limits.is_possible(per_year):
            todo = Message("todo.check_the_number_and_its_period")
            yield PartProblem("count", show(round(per_year)), limits.possible_range, todo)

    @property
    def per_year(self) -> float | None:
        """A count brought to a year [1/y]."""
        if self.count is None or self.period_months is None:
            return None
        return self.count * MONTHS_PER_YEAR / self.period_months


# ---------------------------------------------------------------- the falls of a year


@dataclass(frozen=True)
class RememberedFalls:
    """Falls remembered over some months, which reach into the year before a day."""

    count: int
    months: float


def remembered_falls(falls: Iterable[Fall], on: datetime.date) -> RememberedFalls | None:
    """What the record says of falls up to a day; None when it says nothing, or nothing of the year before.

    The newest count wins; falls that are dated after its last day are added. Without a count, dated falls are taken as
    all falls since the first of them, a year at least.
    """
    entries = [fall for fall in falls if _last(fall, on) <= on]
    days = sorted(fall.date for fall in entries if fall.date is not None)
    counts = [fall for fall in entries if fall.count is not None and is_recent(fall, on)]
    if counts:
        newest = max(counts, key=lambda fall: (_last(fall, on), fall.period_months or 0.0))
        return _and_since(newest, days, on)
    if not days or not _is_recent(days[-1], on):
        return None
    return RememberedFalls(len(days), max(MONTHS_PER_YEAR, _months(days[0], on)))


def falls_past_year(falls: Sequence[Fall], on: datetime.date) -> int | None:
    """Falls in the year before a day: as remembered, brought down to a year when that was longer ago."""
    found = remembered_falls(falls, on)
    if found is None:
        return None
    dated = sum(fall.date is not None and fall.date <= on and _is_recent(fall.date, on) for fall in falls)
    return max(dated, round(found.count * min(1.0, MONTHS_PER_YEAR / found.months)))


def is_recent(fall: Fall, on: datetime.date) -> bool:
    """Whether an entry reaches into the year before a day."""
    return _is_recent(_last(fall, on), on)


def _and_since(newest: Fall, days: Sequence[datetime.date], on: datetime.date) -> RememberedFalls:
    """A count, at least as many as are dated within its period, and the falls that are dated after it."""
    last, months, count = _last(newest, on), newest.period_months or MONTHS_PER_YEAR, newest.count or 0
    within = sum(0 <= _months(day, last) < months for day in days)
    later = sum(day > last for day in days)
    return RememberedFalls(max(count, within) + later, months + (_months(last, on) if later else 0.0))


def _last(fall: Fall, on: datetime.date) -> datetime.date:
    """The last day of an entry; a count without one is told on the day itself."""
    return fall.date or fall.until or on


def _is_recent(when: datetime.date, on: datetime.date) -> bool:
    """Whether a day lies in the year before another."""
    return (on - when).days < DAYS_PER_YEAR


def _months(first: datetime.date, last: datetime.date) -> float:
    """From a day to another [months]."""
    return (last - first).days / DAYS_PER_MONTH
