"""A published study of falls, fractures or death as data: its setting, and which findings it must reproduce.

One YAML file a study in `data/fractures/`. What the virtual study is asked for is named in `findings` (the id of the
finding, and what to measure); `fracture_measures` says how each kind of setting measures it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from trabecula.data_files import StrictLoader
from trabecula.lab.studies.falls_diary import Diary
from trabecula.lab.studies.record import Medicine, Supplements
from trabecula.lab.studies.register_record import Register
from trabecula.people import Spread

DATA = Path(__file__).parent / "data" / "fractures"

Class = Literal["fall_share", "log_falls", "log_rate", "log_ratio", "share"]
"""The class of quantity that the tolerance goes by; the ones that begin with log are compared as logarithms."""
Block = Literal[
    "falls", "population", "probabilities", "steroid_fractures", "deaths", "drug_fractures", "registers"
]


class _Part(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FallHistory(_Part):
    """People without MS who were asked how often they fell in the past year, and followed for fractures."""

    kind: Literal["fall_history"]
    sex: Literal["female", "male"]
    age_y: float
    country: str = "US"


class Disabled(_Part):
    """People with a disability that is not MS, against people without it."""

    kind: Literal["disabled"]
    country: str = "US"
    age_y: float
    women: float = Field(ge=0.0, le=1.0)
    sits: bool = Field(description="Whether they sit all day.")
    z: dict[str, float] = Field(description="Their density by bone site, from the average of their age [SD].")
    falls: float = Field(gt=0.0, description="Their falls over those of the population of their age.")
    falls_of_others: float = Field(
        default=1.0, gt=0.0, description="The same of those they are compared with."
    )


class General(_Part):
    """The general population of a country."""

    kind: Literal["general"]
    country: str


class Probabilities(_Part):
    """A printed table of 10-year probabilities of people with one risk factor, or with a T-score."""

    kind: Literal["probabilities"]


class DailySteroid(_Part):
    """People on daily tablets, band by band, against the same people without."""

    kind: Literal["daily_steroid"]
    age_y: float
    women: float = Field(ge=0.0, le=1.0)
    dose_mg: dict[str, float] = Field(description="Prednisone-equivalent a day by name of the band.")
    years: float = Field(description="How long the tablets are taken.")
    years_off: float = 0.0


class Trial(_Part):
    """A trial of a medicine against the same people without it."""

    kind: Literal["trial"]
    age_y: Spread
    women: float = Field(default=1.0, ge=0.0, le=1.0)
    z: float = Field(description="How far from average the density of those who took part was [SD].")
    years: float = Field(gt=0.0)
    medicines: tuple[Medicine, ...] = ()
    supplements: Supplements = Supplements()
    hormone_therapy: bool = False


Setting = Annotated[
    Diary | FallHistory | Disabled | General | Probabilities | DailySteroid | Trial | Register,
    Field(discriminator="kind"),
]


class Targets(_Part):
    """Findings of one class with one role."""

    role: Literal["fitted", "predicted"]
    because: str = Field(min_length=8, description="Why they are fitted or predicted.")
    group: Class
    direction: Literal["up", "down", "none"] | None = None
    from_change: bool = Field(
        default=False, description="The findings print a change in per cent: -40 is a ratio of 0.6."
    )
    findings: dict[str, str] = Field(min_length=1, description="What to measure, by the id of the finding.")


class FractureTarget(_Part):
    """One finding, and what the virtual study measures for it."""

    finding: str
    what: str
    group: Class
    role: Literal["fitted", "predicted"]
    because: str
    direction: Literal["up", "down", "none"] | None
    from_change: bool
    seen: bool = False


class FractureStudy(_Part):
    """A published study of falls, fractures or death."""

    id: str
    title: str
    source: str
    block: Block
    n: int | None = Field(default=None, description="People who took part, if one number says it.")
    setting: Setting
    groups: Annotated[tuple[Targets, ...], Field(min_length=1)]
    assumed: tuple[str, ...] = ()
    note: str = ""
    meaning_of_a_miss: str = Field(min_length=20)

    @property
    def targets(self) -> tuple[FractureTarget, ...]:
        """Every finding of every group."""
        return tuple(
            FractureTarget(finding=finding, what=what, **each.model_dump(exclude={"findings"}))
            for each in self.groups
            for finding, what in each.findings.items()
        )

    @model_validator(mode="after")
    def _each_finding_once(self) -> "FractureStudy":
        names = [name for each in self.groups for name in each.findings]
        if len(set(names)) < len(names):
            raise ValueError("a finding stands in two groups")
        return self


@lru_cache(maxsize=1)
def fracture_studies() -> dict[str, FractureStudy]:
    """Every such study of the package by id, in the order of their ids."""
    found = [read_fracture_study(path) for path in sorted(DATA.glob("*.yaml"))]
    return {study.id: study for study in found}


def read_fracture_study(path: Path) -> FractureStudy:
    """One study; the file is named after its id."""
    with path.open(encoding="utf-8") as file:
        study = FractureStudy.model_validate(yaml.load(file, StrictLoader))
    if study.id != path.stem:
        raise ValueError(f"{path.name}: the id is {study.id!r}; name the file {study.id}.yaml")
    return study
