"""One thing to do, with the rules that ask for it and where they stand."""

import calendar
import datetime
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from trabecula import units
from trabecula.guidelines.reading import shipped


class Task(BaseModel):
    """One thing to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: datetime.date = Field(description="Do it on or before this day.")
    task: str = Field(description="Kind of task, a permanent word.")
    what: str
    why: str
    who: str = Field(description="Who does it.")
    rules: tuple[str, ...] = Field(description="The rules that ask for it; the first one sets the day.")
    source: str = Field(description="The rules' citations.")
    ours: str = Field(
        default="", description="What of the time is ours, or how the guideline's time was read."
    )


def task_of(
    due: datetime.date, task: str, what: str, why: str, who: str, rules: tuple[str, ...], ours: str = ""
) -> Task:
    """A task with its rules' citations."""
    source = "; ".join(citations()[rule] for rule in rules)
    return Task(date=due, task=task, what=what, why=why, who=who, rules=rules, source=source, ours=ours)


@lru_cache(maxsize=1)
def references() -> dict[str, str]:
    """Where each rule stands, as advice cites it."""
    return {
        rule.id: f"{rule.citation}, {rule.section}" for guideline in shipped() for rule in guideline.rules
    }


@lru_cache(maxsize=1)
def citations() -> dict[str, str]:
    """Where each rule stands and how well it was checked, whether or not its guideline was asked for advice."""
    return {
        rule.id: f"{rule.id}: {rule.citation}, {rule.section} ({rule.status})"
        for guideline in shipped()
        for rule in guideline.rules
    }


def months_after(day: datetime.date, months: float) -> datetime.date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    whole = day.year * int(units.MONTHS_PER_YEAR) + day.month - 1 + int(months)
    year, month = divmod(whole, int(units.MONTHS_PER_YEAR))
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
