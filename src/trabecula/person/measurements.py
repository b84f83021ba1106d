"""What was measured, or read off a calculator: density, blood, height, balance, activity, FRAX."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from trabecula.person.dates import Past
from trabecula.person.limits import LIMITS, WithinLimits
from trabecula.person.parts import RecordPart, one_of
from trabecula.person.problems import PartProblem, plain, quoted, require
from trabecula.vocabulary import LABORATORY, SKELETAL_SITES, OneOf, TerritoryCode
from trabecula.words.message import Message, verbatim

Side = Literal["left", "right"]
"""A side of the body."""
BalanceTestKey = Literal["berg", "tug", "t25fw"]
"""A test of balance or walking."""
DxaSite = Annotated[str, OneOf(SKELETAL_SITES)]
"""A field with a site of a density scan."""
Test = Annotated[str, OneOf(LABORATORY)]
"""A field with a blood test."""


class Dxa(RecordPart):
    """A DXA result at one site; give at least one of BMD, T-score or Z-score."""

    date: Past
    """The scan date."""
    site: DxaSite
    """The site; lumbar_spine is L1-L4. The radius is the 33 % (one-third) radius, by which guidelines diagnose."""
    bmd_g_cm2: Annotated[float, WithinLimits("bmd_g_cm2")] | None = None
    """Areal BMD, in g/cm2; preferred over T- or Z-score."""
    t_score: Annotated[float, WithinLimits("t_score")] | None = None
    """T-score: standard deviations from the mean of young adults."""
    z_score: Annotated[float, WithinLimits("z_score")] | None = None
    """Z-score: standard deviations from the mean of the same age."""
    tbs: Annotated[float, WithinLimits("tbs")] | None = None
    """Trabecular bone score of the lumbar spine; guidelines read it beside FRAX."""
    side: Side | None = None
    """Which hip or forearm; the hip with a prosthesis cannot be scanned."""
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


class FraxResult(RecordPart):
    """FRAX as its calculator printed it: guidelines that ask for FRAX read it; our own chances never stand in."""

    date: Past
    """The day on which it was calculated."""
    mof_percent: Annotated[float, WithinLimits("percent")] | None = None
    """Major osteoporotic fracture within 10 years, in percent."""
    hip_percent: Annotated[float, WithinLimits("percent")] | None = None
    """Hip fracture within 10 years, in percent."""
    with_bmd: bool | None = None
    """Whether femoral neck BMD was entered."""
    steroid_adjusted: bool | None = None
    """Whether it is adjusted for the steroid dose already."""
    country: TerritoryCode | None = None
    """The country whose FRAX it is, in two letters."""

    @model_validator(mode="after")
    def _has_a_result(self) -> Self:
        """At least one of the two probabilities."""
        if self.mof_percent is None and self.hip_percent is None:
            require(one_of(self, "mof_percent", "hip_percent"))
        return self


class DvoRisk(RecordPart):
    """The three-year risk of the DVO guideline, as its tables or its calculator gave it."""

    date: Past
    """The day on which it was calculated."""
    percent: Annotated[float, WithinLimits("percent")]
    """Vertebral or hip fracture within 3 years, in percent."""


class Height(RecordPart):
    """A height that was measured, or remembered, on a day; a loss points at broken vertebrae."""

    date: Past
    """When it was."""
    height_cm: Annotated[float, WithinLimits("height_cm")]
    """The height, in cm."""


class BalanceTest(RecordPart):
    """A test of balance or walking."""

    date: Past
    """The date of the test."""
    test: BalanceTestKey
    """Which test: Berg Balance Scale (berg), Timed Up and Go (tug) or Timed 25-Foot Walk (t25fw)."""
    value: float
    """Points of the Berg scale, else seconds."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """The value is one that the test can give."""
        limits = LIMITS[self.test]
        if not limits.is_possible(self.value):
            todo = limits.hint(self.value)
            require([PartProblem("value", limits.written(self.value), limits.possible_range, todo)])
        return self


class HipProsthesis(RecordPart):
    """An artificial hip: the other one is scanned."""

    side: Side
    """The side."""
    date: Past | None = None
    """When it was put in."""


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
