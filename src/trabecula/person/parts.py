"""What every part of a record shares: frozen, strict, no field that is not known; a start and an end in order.

What a record leaves open is filled with parameters of the registry. `trabecula.evidence` stands beside this room, so
it is passed in, as a `Registry`: overrides are honoured, and the tracer sees what was read.
"""

from collections.abc import Sequence
from typing import Annotated, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from trabecula.described import Described
from trabecula.person.dates import HistoryDate, When, begun, read_date
from trabecula.person.problems import PartProblem, field_name, known_day, require
from trabecula.words.message import Message

PartType = TypeVar("PartType")
Many = Annotated[tuple[PartType, ...], Field(strict=False)]
"""A list in a file, a tuple in the record."""


class RecordPart(Described):
    """A frozen part of a record; unknown fields and values of the wrong kind are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Registry(Protocol):
    """What this room asks of the registry of evidence."""

    def scalar(self, name: str, /) -> float:
        """A parameter that is one number, in its own unit."""
        ...

    def curve(self, name: str, /) -> tuple[Sequence[float], Sequence[float]]:
        """The knots and the values of a curve, in their own units."""
        ...


def step_at(name: str, where: float, registry: Registry) -> float:
    """The value of a curve at the last knot that is not beyond `where`: a scale moves in steps."""
    knots, values = registry.curve(name)
    return [value for knot, value in zip(knots, values, strict=True) if knot <= where][-1]


def one_of(part: BaseModel, *names: str, at_least_one: bool = True) -> list[PartProblem]:
    """What is wrong unless exactly one of these fields is given (or at most one, with `at_least_one` false).

    Two ways to say the same thing are never added up or weighed against each other: one of them is a mistake.
    """
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) == 1 or not (given or at_least_one):
        return []
    choice = {"fields": tuple(field_name(name) for name in names)}
    expected = Message("expected.one_of_fields", choice)
    if len(given) > 1:
        found = Message("found.fields_together", {"fields": tuple(field_name(name) for name in given)})
        return [PartProblem(given[1], found, expected, Message("todo.keep_the_one_that_was_measured"))]
    found, todo = Message("found.none_of_fields", choice), Message("todo.add_one_of_fields", choice)
    return [PartProblem("", found, expected, todo, absent=True)]


class Episode(RecordPart):
    """Something with a start and perhaps an end; without an end it is going on."""

    start: When
    """The start date."""
    end: When | None = None
    """The last day; left out while it is going on."""

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> Self:
        """The end is not before the start; rough dates are settled between each other.

        What began in the month or year of the assessment has begun: on a later day it would be planned, and the
        infusions of last week would not count.
        """
        on = (info.context or {}).get("on")
        object.__setattr__(self, "start", begun(self.start, on))
        if self.end is None:
            return self
        start, end = read_date(self.start), read_date(self.end)
        if end.last < start.first:
            expected = Message("expected.a_day_on_or_after_the", {"day": known_day(start)})
            todo = Message("todo.exchange_the_two_dates_or_correct")
            require([PartProblem("end", known_day(end), expected, todo)])
        if start > end or (start == end and "day" not in (start.precision, end.precision)):
            self._settle(start, end)
        return self

    def _settle(self, start: HistoryDate, end: HistoryDate) -> None:
        """Move a rough date into what the other leaves possible (the record is still being made)."""
        middle = end if start == end else None
        start = start.between(None, middle or end.last)
        end = end.between(middle or start, None)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)
