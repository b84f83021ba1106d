"""The answer as data: what `--format json` prints and `trabecula schema assessment` describes."""

from datetime import date
from typing import Literal

from pydantic import Field

from trabecula.assessment.base import Interval
from trabecula.assessment.base import Record as _Record
from trabecula.assessment.causes_record import Causes
from trabecula.assessment.measuring_record import NextMeasurement, ScanCheck
from trabecula.assessment.since_record import Since
from trabecula.guidelines.plan_tasks import Task
from trabecula.guidelines.records import Advice

SCHEMA_VERSION = "1"
STATEMENT = (
    "Trabecula is not a medical device. Its answers come from a model that is still being calibrated; "
    "they inform a conversation between a person and a clinician and do not replace it."
)


class Software(_Record):
    """What made the answer."""

    name: Literal["trabecula"] = "trabecula"
    version: str = Field(description="Version of the program.")


class PersonSummary(_Record):
    """Who it is about, without anything that names the person."""

    line: str = Field(description="The person in one line.")
    age_y: float = Field(description="Age on the day of assessment [y].")
    sex: Literal["female", "male"] = Field(description="Sex.")
    ms_course: str | None = Field(description="Course of MS; null without MS or when it was not recorded.")
    edss: Interval | None = Field(description="Disability (EDSS) on the day of assessment; null without MS.")
    edss_basis: str = Field(description="Where the EDSS comes from.")
    steroids: str = Field(description="All glucocorticoids up to the day of assessment, in a sentence.")


class BonePoint(_Record):
    """Density at one site on one day."""

    date: date
    age_y: float = Field(description="Age [y].")
    bmd_g_cm2: Interval = Field(description="Areal bone mineral density on the Hologic scale [g/cm2].")
    t_score: Interval = Field(description="Standard deviations from the young reference [SD].")
    z_score: Interval = Field(
        description="Standard deviations from the mean of the same age and sex in the reference table [SD]."
    )
    average_bmd_g_cm2: float = Field(
        description="Density of the average person of the same age and sex without MS [g/cm2]."
    )


class BoneSite(_Record):
    """The course of density at one site."""

    site: Literal["lumbar_spine", "femoral_neck", "total_hip"]
    scans: int = Field(description="Scans of this site that the level was conditioned on.")
    change_percent: Interval = Field(description="Change of density from today to the horizon [%].")
    average_change_percent: float = Field(description="The same for the average person without MS [%].")
    now: int = Field(description="Place of the day of assessment in the trajectory, counted from 0.")
    trajectory: list[BonePoint] = Field(description="Yearly in the past, half-yearly to the horizon.")


class MarkerPoint(_Record):
    """A marker on one day."""

    date: date
    value: Interval = Field(description="Relative to a healthy 30-year-old of the same sex [1].")


class MarkerCourse(_Record):
    """The course of one marker of bone turnover."""

    marker: Literal["CTX", "P1NP", "osteocalcin"]
    course: list[MarkerPoint]


class Falls(_Record):
    """Falls a year, now."""

    per_year: Interval = Field(description="Expected falls a year.")
    average_per_year: float = Field(
        description="Expected falls a year in the general population of the same age and sex."
    )
    basis: str = Field(description="What the rate rests on.")


class Risk(_Record):
    """The share of people like this one who break a bone within a horizon, death competing."""

    site: str = Field(description="Skeletal site, or a group: major_osteoporotic, any.")
    horizon_y: float | Literal["lifetime"] = Field(
        description="Years from the day of assessment, or 'lifetime'."
    )
    risk: Interval = Field(description="Probability, 0 to 1.")
    average: float = Field(description="The same for the general population of the same age and sex, 0 to 1.")


class Death(_Record):
    """The share who die within a horizon."""

    horizon_y: float | Literal["lifetime"]
    risk: Interval = Field(description="Probability, 0 to 1.")
    average: float = Field(description="The same for the general population of the same age and sex, 0 to 1.")


class SiteHazard(_Record):
    """Fractures a year at one site on the day of assessment, and the factors that they are the product of."""

    per_year: float = Field(description="Fractures per person-year, the geometric mean over the draws.")
    parts: dict[str, float] = Field(
        description="Factors that multiply back to per_year, each the geometric mean over the draws. `baseline` is the "
        "rate of the general population; for the others 1 is average."
    )


class Missing(_Record):
    """Something the record does not say."""

    what: str
    assumed: str = Field(description="What was put in its place.")
    cost: str = Field(description="What that costs the answer.")


class AskBack(_Record):
    """A value that is possible but unusual: worth a second look."""

    path: str
    message: str


class EvidenceUsed(_Record):
    """What the numbers rest on; `trabecula evidence ID` prints each record."""

    parameters: list[str] = Field(description="Every parameter that was read.")
    findings: list[str] = Field(description="Every published number behind them.")
    assumed: list[str] = Field(description="Those of the parameters that are assumed.")
    recalled: list[str] = Field(description="Those of the findings that nobody has read in the source yet.")


class Assessment(_Record):
    """One person, answered."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    software: Software
    statement: str = STATEMENT
    date: date
    horizon_y: float = Field(description="The longest horizon asked for, besides the lifetime [y].")
    country: str = Field(description="Country whose fracture and death rates were used.")
    draws: int = Field(description="Draws of all uncertain parameters behind the intervals.")
    seed: int = Field(description="Key of the draws: the same seed gives the same answer.")
    interval: float = Field(description="Probability held by each interval.")
    person: PersonSummary
    bone: list[BoneSite]
    markers: list[MarkerCourse]
    falls: Falls
    caution: str | None = Field(description="How to read the chances where they are known to be too high.")
    risks: list[Risk]
    deaths: list[Death]
    fracture: dict[str, SiteHazard] = Field(description="What the hazard at each site is made of, today.")
    scans: list[ScanCheck] = Field(
        default=[],
        description="Each bone scan on file against what the history and the scans before it foretold.",
    )
    next_measurement: NextMeasurement | None = Field(
        default=None, description="When the next bone scan is expected to tell something."
    )
    missing: list[Missing] = Field(
        description="What the record does not say: bone and course first, then what bears on fractures alone."
    )
    questions: list[AskBack] = Field(description="Unusual values worth a second look.")
    notes: list[str] = Field(description="What to know when reading the numbers.")
    advice: list[Advice] = Field(
        default=[],
        description="What published guidelines say, side by side: rules that apply, that wait for a missing datum, and "
        "that are met literally by somebody they were not written for.",
    )
    tasks: list[Task] = Field(
        default=[],
        description="The dated plan: what is due when, why, who does it, and which rules ask for it.",
    )
    causes: Causes | None = Field(default=None, description="Shares of the causes, when they were asked for.")
    since: Since | None = Field(
        default=None, description="What changed since an earlier answer, if one was given."
    )
    evidence: EvidenceUsed


def assessment_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of an assessment."""
    schema = Assessment.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
