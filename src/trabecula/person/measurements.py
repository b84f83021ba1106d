"""What was measured: density, blood, activity."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from trabecula import units
from trabecula.person.base import Part
from trabecula.person.dates import Past
from trabecula.person.limits import LIMITS, Within
from trabecula.person.problems import PartProblem, plain, quoted, require
from trabecula.vocabulary import SKELETAL_SITES, OneOf
from trabecula.words.message import Message, verbatim

DxaSite = Annotated[str, OneOf(SKELETAL_SITES)]
"""A field with a site of a density scan."""
Test = Literal["25-OH-D", "calcium", "eGFR", "CTX", "P1NP", "osteocalcin"]

LABORATORY_UNITS: dict[str, dict[str, float]] = {
    "25-OH-D": {"nmol/L": 1.0, "ng/mL": units.NG_ML_TO_NMOL_L_25OHD, "ug/L": units.NG_ML_TO_NMOL_L_25OHD},
    "calcium": {"mmol/L": 1.0, "mg/dL": units.MG_DL_TO_MMOL_L_CALCIUM},
    "eGFR": {"mL/min/1.73m2": 1.0},
    "CTX": {"ng/mL": 1.0, "ug/L": 1.0, "ng/L": 0.001, "pg/mL": 0.001},
    "P1NP": {"ug/L": 1.0, "ng/mL": 1.0},
    "osteocalcin": {"ug/L": 1.0, "ng/mL": 1.0},
}
"""The units a laboratory prints, and what to multiply by to come to the first."""


def _plain_unit(unit: str) -> str:
    """The unit in one spelling: no blanks, u for micro, capital L."""
    plain = unit.replace(" ", "").replace("µ", "u").replace("μ", "u").replace("²", "2").replace("^", "")
    plain = plain.replace("mcg", "ug").replace("mL/min/1,73", "mL/min/1.73")
    known = {name.lower(): name for names in LABORATORY_UNITS.values() for name in names}
    return known.get(plain.lower(), plain)


class Dxa(Part):
    """The result of a DXA scan at one site; what the report prints, one number at least."""

    date: Past
    """The day of the scan."""
    site: DxaSite
    """The site; lumbar_spine is L1-L4."""
    bmd_g_cm2: Annotated[float, Within("bmd_g_cm2")] | None = None
    """Bone mineral density, in g/cm2: the best of the three to give."""
    t_score: Annotated[float, Within("t_score")] | None = None
    """T-score: standard deviations from the mean of young adults."""
    z_score: Annotated[float, Within("z_score")] | None = None
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
            found, expected = (
                Message("found.a_scan_without_a_result"),
                Message("expected.bmd_g_cm2_t_score_or"),
            )
            todo = Message("todo.add_the_number_the_report_prints")
            require([PartProblem("", found, expected, todo, absent=True)])
        return self


class Laboratory(Part):
    """A blood test."""

    date: Past
    """The day of the sample."""
    test: Test
    """What was measured."""
    value: float
    """The result, in `unit`."""
    unit: str
    """The unit of the result, as the laboratory prints it."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """The unit belongs to the test, and the value is possible."""
        factors = LABORATORY_UNITS[self.test]
        if _plain_unit(self.unit) not in factors:
            known = tuple(verbatim(unit) for unit in factors)
            expected = Message("expected.a_unit_of_test", {"test": verbatim(self.test), "units": known})
            todo = Message("todo.check_the_unit_on_the_report")
            require([PartProblem("unit", quoted(self.unit), expected, todo)])
        limits = LIMITS[self.test]
        if not limits.is_possible(self.standard_value):
            found = verbatim(f"{plain(self.value)} {self.unit}")
            todo = limits.hint(self.standard_value)
            require([PartProblem("value", found, limits.possible_range, todo)])
        return self

    @property
    def standard_value(self) -> float:
        """The result in the standard unit."""
        return self.value * LABORATORY_UNITS[self.test][_plain_unit(self.unit)]


class Activity(Part):
    """How active the person was at a time."""

    date: Past
    """The day on which it was asked or measured."""
    moderate_minutes_per_week: Annotated[float, Within("moderate_minutes_per_week")] | None = None
    """Minutes of at least moderate activity a week."""
    resistance_sessions_per_week: Annotated[float, Within("sessions_per_week")] | None = None
    """Sessions of strength training a week."""
    impact_sessions_per_week: Annotated[float, Within("sessions_per_week")] | None = None
    """Sessions with jumps, running or dancing a week."""
    steps_per_day: Annotated[float, Within("steps_per_day")] | None = None
    """Steps a day, from a pedometer."""
