"""What was measured: density, blood, activity."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from trabecula.person.dates import Past
from trabecula.person.limits import LIMITS, WithinLimits
from trabecula.person.parts import RecordPart
from trabecula.person.problems import PartProblem, plain, quoted, require
from trabecula.vocabulary import LABORATORY, SKELETAL_SITES, OneOf
from trabecula.words.message import Message, verbatim

DxaSite = Annotated[str, OneOf(SKELETAL_SITES)]
"""A field with a site of a density scan."""
Test = Annotated[str, OneOf(LABORATORY)]
"""A field with a blood test."""


class Dxa(RecordPart):
    """A DXA result at one site; give at least one of BMD, T-score or Z-score."""

    date: Past
    """The scan date."""
    site: DxaSite
    """The site; lumbar_spine is L1-L4."""
    bmd_g_cm2: Annotated[float, WithinLimits("bmd_g_cm2")] | None = None
    """Areal BMD, in g/cm2; preferred over T- or Z-score."""
    t_score: Annotated[float, WithinLimits("t_score")] | None = None
    """T-score: standard deviations from the mean of young adults."""
    z_score: Annotated[float, WithinLimits("z_score")] | None = None
    """Z-score: standard deviations from the mean of the same age."""
    device: Literal["hologic", "lunar", "norland", "unknown"] = "unknown"
    """The make of the scanner; densities differ between makes."""

    @property
    def is_used(self) -> bool:
        """Whether its bone is one whose density is followed: spine and hip, not the forearm."""
        return SKELETAL_SITES[self.site].simulated

    @model_validator(mode="after")
    def _has_a_result(self) -> Self:
        """At least one number."""
        if self.bmd_g_cm2 is None and self.t_score is None and self.z_score is None:
            found, expected = (Message("found.a_scan_without_a_result"), Message("expected.bmd_g_cm2_t_score_or"))
            todo = Message("todo.add_the_number_the_report_prints")
            require([PartProblem("", found, expected, todo, absent=True)])
        return self


class Laboratory(RecordPart):
    """A blood test."""

    date: Past
    """The sample date."""
    test: Test
    """What was measured."""
    value: float
    """The result, in the unit given in `unit`."""
    unit: str
    """The unit of the result, as the laboratory prints it."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """The unit belongs to the test, and the value is possible."""
        test = LABORATORY[self.test]
        if test.factor(self.unit) is None:
            known = tuple(verbatim(unit) for unit in test.units)
            expected = Message("expected.a_unit_of_test", {"test": verbatim(self.test), "units": known})
            todo = Message("todo.check_the_unit_on_the_report")
            require([PartProblem("unit", quoted(self.unit), expected, todo)])
        limits = LIMITS.get(self.test)
        if limits is not None and not limits.is_possible(self.standard_value):
            found = verbatim(f"{plain(self.value)} {self.unit}")
            todo = limits.hint(self.standard_value)
            require([PartProblem("value", found, limits.possible_range, todo)])
        return self

    @property
    def standard_value(self) -> float:
        """The result in the standard unit."""
        return self.value * (LABORATORY[self.test].factor(self.unit) or 1.0)


class Activity(RecordPart):
    """How active the person was at a time."""

    date: Past
    """The date it was asked or measured."""
    moderate_minutes_per_week: Annotated[float, WithinLimits("moderate_minutes_per_week")] | None = None
    """Minutes of at least moderate activity a week."""
    resistance_sessions_per_week: Annotated[float, WithinLimits("sessions_per_week")] | None = None
    """Sessions of strength training a week."""
    impact_sessions_per_week: Annotated[float, WithinLimits("sessions_per_week")] | None = None
    """Sessions with jumps, running or dancing a week."""
    steps_per_day: Annotated[float, WithinLimits("steps_per_day")] | None = None
    """Steps a day, from a pedometer."""
