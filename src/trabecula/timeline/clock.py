"""Dates become days since birth, and what was measured after the assessment is not known yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from trabecula import units


class Dated(Protocol):
    """A record with a date."""

    @property
    def date(self) -> date:
        """When it was."""
        ...


class Lasting(Protocol):
    """Something with a first day and perhaps a last one."""

    @property
    def start(self) -> date:
        """The first day."""
        ...

    @property
    def end(self) -> date | None:
        """The last day."""
        ...


DatedT = TypeVar("DatedT", bound=Dated)


@dataclass(frozen=True)
class Clock:
    """The life of one person: born, assessed `on` a day, followed `until` another."""

    birth: date
    on: date
    until: date

    def day(self, when: date) -> float:
        """Days since birth."""
        return units.days_since_birth(when, self.birth)

    @property
    def today(self) -> float:
        """The day of assessment [days since birth]."""
        return self.day(self.on)

    @property
    def end(self) -> float:
        """The last day of the timeline [days since birth]."""
        return self.day(self.until)

    def first_day_after(self, spell: Lasting) -> float:
        """The day after the last day of a spell; one that is going on lasts beyond the timeline."""
        last = spell.end if spell.end is not None else max(self.until, spell.start)
        return self.day(last + timedelta(days=1))

    def known(self, records: Iterable[DatedT]) -> list[DatedT]:
        """What was measured up to the day of assessment, in order; later measurements are not known yet."""
        return sorted((each for each in records if each.date <= self.on), key=lambda each: each.date)
