"""What a value can be, and what it usually is: the table (`limits.csv`) behind errors and questions.

These are not model parameters: no result is computed from them. Outside the possible range a value is an
error, because no person has it; outside the usual range it is a question, because a slip is likelier.
"""

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from trabecula.person.problems import refusal
from trabecula.words.message import Message, verbatim

_LOST_POINT = "0.1 10 0.01 100 0.001 1000"
"""What people write by mistake unless the table says otherwise: a lost decimal point, gram for milligram."""


@dataclass(frozen=True)
class Limits:
    """The possible and the usual range of a quantity, ends included."""

    what: Message
    """The quantity, with its article: a height."""
    unit: str
    """A symbol (`cm`), or the id of a unit that is a word (`unit.years`)."""
    possible: tuple[float, float]
    usual: tuple[float, float]
    slips: tuple[float, ...]
    """Factors by which the value is often wrong, the likeliest first."""
    because: str

    def is_possible(self, value: float) -> bool:
        """Whether a person can have this value."""
        return self.possible[0] <= value <= self.possible[1]

    def is_usual(self, value: float) -> bool:
        """Whether nobody would ask twice."""
        return self.usual[0] <= value <= self.usual[1]

    def hint(self, value: float) -> Message:
        """What to do about a value outside the range: the first slip that makes it usual is suggested."""
        meant = (float(f"{value * slip:.6g}") for slip in self.slips)
        usual = next((likely for likely in meant if self.is_usual(likely)), None)
        if usual is None:
            return Message("todo.check_the_value_and_its_unit")
        return Message("todo.did_you_mean_what", {"what": self.written(usual)})

    def written(self, value: float) -> Message:
        """The value with its unit."""
        if self.unit.startswith("unit."):
            return Message(self.unit, {"n": value})
        number = _number(value)
        return Message("quantity.with_unit", {"value": number, "unit": verbatim(self.unit)}) if self.unit else number

    @property
    def possible_range(self) -> Message:
        """The possible range: a height from 60 to 260 cm."""
        low, high = self.possible
        return Message("quantity.range", {"what": self.what, "low": _number(low), "high": self._end(high)})

    @property
    def usual_range(self) -> Message:
        """The usual range: a height is mostly between 140 and 205 cm."""
        low, high = self.usual
        return Message("quantity.usual", {"what": self.what, "low": _number(low), "high": self._end(high)})

    def _end(self, value: float) -> Message:
        """The upper end of a range with its unit; German declines years and months behind "from ... to"."""
        worded = self.unit in ("unit.years", "unit.months")
        return Message(f"{self.unit}_in_a_range", {"n": value}) if worded else self.written(value)

    def unusual(self, value: float) -> Message:
        """What to say of a value that is possible but not usual."""
        return Message("question.unusual", {"value": self.written(value), "usual": self.usual_range})


def _number(value: float) -> Message:
    """A number as people type it, with a plain hyphen before a negative one."""
    return Message("quantity.negative" if value < 0 else "quantity.number", {"number": abs(value)})


def _read_limits() -> dict[str, Limits]:
    """The table."""
    text = resources.files("trabecula.person").joinpath("limits.csv").read_text(encoding="utf-8")
    return {row["quantity"]: _limits(row) for row in csv.DictReader(text.splitlines())}


def _limits(row: dict[str, str]) -> Limits:
    """One line of the table."""
    possible = float(row["possible_low"]), float(row["possible_high"])
    usual = float(row["usual_low"]), float(row["usual_high"])
    slips = tuple(float(slip) for slip in (row["slips"] or _LOST_POINT).split())
    what = Message(f"quantity.{row['quantity']}")
    return Limits(what, row["unit"], possible, usual, slips, row["because"])


LIMITS = _read_limits()
"""The table by quantity."""


class WithinLimits:
    """Marks a number that must be possible: `Annotated[float, WithinLimits("weight_kg")]`."""

    def __init__(self, name: str) -> None:
        self.limits = LIMITS[name]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """The number's own rule, then the table."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The possible range, for other programs."""
        low, high = self.limits.possible
        return {**handler(schema), "minimum": low, "maximum": high}

    def _check(self, value: float) -> float:
        """The value, if it is possible."""
        if self.limits.is_possible(value):
            return value
        raise refusal(value, self.limits.possible_range, self.limits.hint(value))


def _half_step(value: float) -> float:
    """The value, if it is a step of the EDSS: whole and half numbers, but no 0.5."""
    halves = 2 * value
    if halves == round(halves) and halves != 1:
        return value
    near = Message("quantity.edss_step", {"edss": max(1.0, round(halves) / 2)})
    expected, todo = (Message("expected.an_edss_in_half_steps_0"), Message("todo.did_you_mean_what", {"what": near}))
    raise refusal(value, expected, todo)


HALF_STEPS = Field(json_schema_extra={"multipleOf": 1 / 2, "not": {"const": 1 / 2}})
Edss = Annotated[float, WithinLimits("edss"), AfterValidator(_half_step), HALF_STEPS]
"""A score of the Expanded Disability Status Scale: halves, from 0 to 10 (Kurtzke 1983)."""
