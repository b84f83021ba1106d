"""What is said of bone scans, done and to come, as data."""

from datetime import date
from typing import Literal

from pydantic import Field

from trabecula.assessment.base import Interval, Record

Site = Literal["lumbar_spine", "femoral_neck", "total_hip"]


class Consider(Record):
    """Something that could explain a scan that the model cannot."""

    what: str
    source: str | None = Field(
        description="The finding it rests on; `trabecula evidence ID` prints it. Null for what the model itself says."
    )


class ScanCheck(Record):
    """A scan on file against what the history and the scans before it foretold."""

    date: date
    site: Site
    bmd_g_cm2: float = Field(
        description="Density as measured, or read from a score, on the Hologic scale [g/cm2]."
    )
    from_score: str | None = Field(
        default=None, description="The score that density was read from; null where a density was measured."
    )
    expected: Interval = Field(
        description="Density foretold for this scan, scanner's error included [g/cm2]."
    )
    earlier_scans: int = Field(description="Scans of the same site before it.")
    tail: float = Field(description="Probability of a value at least as far out on either side, 0 to 1.")
    surprising: bool = Field(description="Whether so far out a value is called unexplained.")
    sentence: str
    consider: list[Consider] = Field(description="What could explain it; empty unless it is surprising.")


class Telling(Record):
    """What a scan at one site on a day could show."""

    site: Site
    date: date
    change_percent: Interval = Field(description="True change since the last scan of the site [%].")
    beyond_least_significant: float = Field(
        description="Probability that the true change exceeds the least significant change, 0 to 1."
    )


class NextMeasurement(Record):
    """When the next bone scan is expected to tell something."""

    due: date | None = Field(
        description="The first day on which it is; null if none is expected within the horizon."
    )
    site: Site | None = Field(description="The site that changes first; null without an earlier scan.")
    least_significant_percent: dict[Site, float] = Field(
        description="Smallest difference of two scans that is no noise, with 95 % confidence [%]."
    )
    telling: list[Telling] = Field(description="Year by year, for each site that has been scanned.")
    treatment_t_score: float = Field(description="The T-score from which treatment is considered [SD].")
    below_now: float = Field(description="Probability that the lowest T-score is there today, 0 to 1.")
    changes_decision: float = Field(
        description="Probability that a scan on the day it is due (or at the horizon) falls on the other side of that "
        "T-score than today's best estimate, 0 to 1."
    )
    sentence: str
