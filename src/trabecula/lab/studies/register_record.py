"""A register of people with MS and their matched controls, as data: who is in it, and how their MS has run."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trabecula.people import Spread


class _Part(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pulses(_Part):
    """Courses of high-dose steroids for relapses, as long as somebody walks without help."""

    per_year: float = Field(ge=0.0)
    dose_mg: float = Field(gt=0.0, description="Methylprednisolone by vein on each day.")
    days: int = Field(gt=0)
    since: date = Field(description="Relapses were not treated so before.")


class MsHistory(_Part):
    """How MS has run: the expected course of disability, faster in some than in others."""

    onset_age_y: Spread
    since_onset_y: Spread | None = Field(
        default=None, description="Years since onset on the first day; without it, from age and age at onset."
    )
    speed_log_sd: float = Field(ge=0.0, description="Spread of the speed of the course, as a logarithm.")
    primary_progressive: float = Field(ge=0.0, le=1.0)
    pulses: Pulses


class Register(_Part):
    """Who is in a register, and for how long they are followed."""

    kind: Literal["register"]
    country: Literal["US", "UK", "SE"] = Field(description="Whose fracture rates and life table are used.")
    first_day: date = Field(description="Day on which follow-up begins; it dates the steroids.")
    years: float = Field(gt=0.0, description="How long people are followed, unless they die.")
    age_y: Spread
    women: float = Field(ge=0.0, le=1.0)
    ms: MsHistory
    antidepressant: float | None = Field(
        default=None, description="Share of the people with MS who take an antidepressant; none if unknown."
    )
