"""What a value can be, and what it usually is: the table (`limits.csv`) behind errors and questions.

These are not model parameters: no result is computed from them. Outside the possible range a value is an
error, because no person has it; outside the usual range it is a question, because a slip is likelier.
"""

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from trabecula.person.wording import plain, refusal

_LOST_POINT = "0.1 10 0.01 100 0.001 1000"
"""What people write by mistake unless the table says otherwise: a lost decimal point, gram for milligram."""


@dataclass(frozen=True)
class Limits:
    """The possible and the usual range of a quantity, ends included."""

    what: str
    unit: str
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

    def hint(self, value: float) -> str:
        """What to do about a value outside the range."""
        meant = (float(f"{value * slip:.6g}") for slip in self.slips)
        usual = next((each for each in meant if self.is_usual(each)), None)
        return "check the value and its unit" if usual is None else f"did you mean {self.written(usual)}?"

    def written(self, value: float) -> str:
        """The value with its unit."""
        return f"{plain(value)} {self.unit}".rstrip()

    @property
    def possible_text(self) -> str:
        """The possible range in words."""
        return f"{self.what} from {plain(self.possible[0])} to {self.written(self.possible[1])}"

    @property
    def usual_text(self) -> str:
        """The usual range in words."""
        return f"{self.what} is mostly between {plain(self.usual[0])} and {self.written(self.usual[1])}"


def _read_limits() -> dict[str, Limits]:
    """The table."""
    text = resources.files("trabecula.person").joinpath("limits.csv").read_text(encoding="utf-8")
    return {row["quantity"]: _limits(row) for row in csv.DictReader(text.splitlines())}


def _limits(row: dict[str, str]) -> Limits:
    """One line of the table."""
    possible = float(row["possible_low"]), float(row["possible_high"])
    usual = float(row["usual_low"]), float(row["usual_high"])
    slips = tuple(float(slip) for slip in (row["slips"] or _LOST_POINT).split())
    return Limits(row["what"], row["unit"], possible, usual, slips, row["because"])


LIMITS = _read_limits()
"""The table by quantity."""


class Within:
    """Marks a number that must be possible: `Annotated[float, Within("weight_kg")]`."""

    def __init__(self, name: str) -> None:
        self.limits = LIMITS[name]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
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
        raise refusal(value, self.limits.possible_text, self.limits.hint(value))


class HalfSteps:
    """Marks an EDSS: whole and half numbers, but no 0.5."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """The number's own rule, then the steps."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The steps, for other programs."""
        return {**handler(schema), "multipleOf": 1 / 2, "not": {"const": 1 / 2}}

    def _check(self, value: float) -> float:
        """The value, if it is a step of the scale."""
        halves = 2 * value
        if halves == round(halves) and halves != 1:
            return value
        near = max(1.0, round(halves) / 2)
        raise refusal(value, "an EDSS in half steps: 0, 1.0, 1.5, ... 10", f"did you mean {near:.1f}?")
