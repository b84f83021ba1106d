"""A published study as data: who took part, what each arm lived through, and which findings it must reproduce.

One YAML file a study in `data/`. Days count from the start of the study; a negative day is history. What the paper
does not print and the virtual trial needs anyway is listed in `assumed`. Studies of falls, fractures and death have a
form of their own (`fracture_record`); both forms are read by `collection`, ours and a stranger's.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from trabecula.described import Described
from trabecula.people import Population
from trabecula.vocabulary import GlucocorticoidName

Role = Literal["fitted", "predicted"]
"""Whether the model may be adjusted to a finding; a rule that is older than the fit says it (decision 15)."""
StudyId = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
"""Small letters, digits and underscores: it names files and anchors."""
Direction = Literal["up", "down", "none"]
"""Which way a finding without a number went."""


class StudyRecord(Described):
    """A part of a study as data: frozen, and closed to keys nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ArmSpell(StudyRecord):
    """Something between two days of an arm."""

    from_day: int = 0
    """First day with it."""
    to_day: int
    """First day without it."""


class ArmSteroid(ArmSpell):
    """A glucocorticoid between two days; `taper` as in a person's record."""

    drug: GlucocorticoidName
    route: Literal["oral", "iv", "im"] = "oral"
    dose_mg: float = Field(gt=0.0)
    """Of one dose."""
    doses_per_day: int = 1
    every_days: int = 1
    """Days from one day with doses to the next."""


class ArmMedicine(ArmSpell):
    """A medicine between two days, in the names of a person's record."""

    drug: str
    """Its generic name."""
    dose_mg: float | None = None
    """Of one dose; unless given, the labelled one."""
    every_days: float | None = None
    """Days from dose to dose; unless given, the labelled interval."""
    adherence: float | None = None
    """Share of the doses that are taken; all, unless given."""


class ArmHormoneTherapy(ArmSpell):
    """Hormone therapy between two days."""


class ArmImmobility(ArmSpell):
    """Bed rest or paralysis between two days; it unloads as the same entry of a person's record does."""

    kind: Literal["bed_rest", "paralysis"]


class ArmTraining(ArmSpell):
    """Exercise sessions a week between two days; before and after there are none."""

    resistance_sessions_per_week: float = 0.0
    impact_sessions_per_week: float = 0.0


class Supplements(StudyRecord):
    """Calcium and vitamin D on top of the diet, through the study."""

    calcium_mg_per_day: float | None = None
    """On top of what food gives."""
    vitamin_d_ug_per_day: float | None = None
    """Cholecalciferol."""


class Arm(StudyRecord):
    """What one arm lived through, besides age and hormones.

    The same virtual people live through every arm of a study, so that arms differ in nothing but what stands here.
    """

    steroids: tuple[ArmSteroid, ...] = ()
    medicines: tuple[ArmMedicine, ...] = ()
    hormone_therapy: tuple[ArmHormoneTherapy, ...] = ()
    immobility: tuple[ArmImmobility, ...] = ()
    training: tuple[ArmTraining, ...] = ()
    supplements: Supplements = Supplements()
    edss_mean: tuple[tuple[float, float], ...] = ()
    """(day, mean EDSS) of the arm, from day 0 on, where it was printed."""
    edss_change_sd: float = Field(default=0.0, ge=0.0)
    """Standard deviation between people of the change to the last of those days."""
    without: tuple[Literal["ms"], ...] = ()
    """What the people of this arm do not have."""
    sent_for_scan: bool = False
    """Whether they were chosen by a doctor's wish for a scan, so that their bones are worse than those of others."""


class Statistic(StrEnum):
    """How an arm's readings become the number that the finding printed."""

    PERCENT_CHANGE = "percent_change"
    """Mean change since `since_day` (0 unless said) [%]; with `versus`, the difference of two arms' changes."""
    PERCENT_OF_BASELINE = "percent_of_baseline"
    """Mean level, day 0 = 100 [%]."""
    PERCENT_PER_YEAR = "percent_per_year"
    """Mean change since `since_day` divided by the years between [%/y]; with `versus`, the difference."""
    PERCENT_OF_ARM = "percent_of_arm"
    """Mean level relative to the arm `versus` on the same day, that arm = 100 [%]."""
    PERCENT_ABOVE_ARM = "percent_above_arm"
    """Mean level above the arm `versus` on the same day [%]."""
    CHANGE_PER_YEAR = "change_per_year"
    """Mean change since `since_day` divided by the years between [g/cm2/y]."""
    MEAN = "mean"
    """Mean level [g/cm2]."""
    SMD = "smd"
    """Mean difference to the arm `versus` in standard deviations between people [SD]."""
    Z_CHANGE = "z_change"
    """Mean change of the Z-score since `since_day` [SD]; with `versus`, the difference of two arms' changes."""
    PARTIAL_R_EDSS = "partial_r_edss"
    """Correlation of density with EDSS between people, age and sex held [1]."""
    R_STEROID_DOSE = "r_steroid_dose"
    """Correlation of density with cumulative steroid dose between people [1]."""
    SHARE_LOW = "share_low"
    """Share of people with a T-score below -1 [%]."""
    SHARE_OSTEOPOROSIS = "share_osteoporosis"
    """Share of people with a T-score of -2.5 or less [%]."""
    SHARE_OSTEOPENIA = "share_osteopenia"
    """Share of people with a T-score between the two [%]."""


Quantity = Literal["lumbar_spine", "femoral_neck", "total_hip", "any_site", "CTX", "P1NP", "osteocalcin"]
"""Density at a site, or a marker of the serum."""


class StudyTarget(StudyRecord):
    """One finding, and how the virtual study measures the same thing.

    Raises ValueError where a statistic that compares arms has no second arm.
    """

    finding: str
    """Id of the finding in the registry."""
    arm: str
    """The arm that is read."""
    versus: str | None = None
    """The arm it is compared with; none for a change from day 0."""
    quantity: Quantity
    """What is measured in it; `any_site` is the lowest of the three sites."""
    statistic: Statistic
    """How readings become the printed number."""
    day: float
    """Day of the reading."""
    since_day: float = 0.0
    """Day of the reading that a change counts from."""
    direction: Direction | None = None
    """For a finding without a number: which way it went."""
    value_from: Literal["value", "middle"] = "value"
    """Middle: the middle of lower and upper, when only a range is printed."""
    flip: bool = False
    """The finding prints the loss as a positive number or the reverse."""
    role: Role
    because: str = Field(min_length=8)
    """Why it is fitted or predicted."""
    seen: bool = False
    """Whether it had been run before the rule of the split was written."""

    @model_validator(mode="after")
    def _compares_where_it_must(self) -> Self:
        needs = ("percent_of_arm", "percent_above_arm", "smd", "r_steroid_dose")
        if self.statistic in needs and self.versus is None:
            raise ValueError(f"{self.finding}: {self.statistic} needs `versus`, the arm to compare with")
        return self


class PublishedStudy(StudyRecord):
    """What studies of either kind say of themselves."""

    id: StudyId
    title: str
    """As it stands over its picture."""
    source: str
    """As the findings name it."""
    assumed: tuple[str, ...] = ()
    """What the paper does not print and is assumed here."""
    note: str = ""
    """Anything else a reader should know."""
    meaning_of_a_miss: str = Field(min_length=20)
    """What a miss here means for a user of Trabecula."""


class Study(PublishedStudy):
    """A published study of density, markers or both.

    Raises ValueError where a target names an arm that the study does not have.
    """

    block: Literal["acute", "oral", "ageing", "drugs", "drugs_on_steroids", "unloading", "exercise", "nutrition", "ms"]
    population: Population
    """Who took part; what is printed of them all holds in every arm."""
    established: bool = False
    """Whether all had taken steroids for half a year or more and still did: whom they harmed is not among them."""
    arms: dict[str, Arm]
    """What was done, by name of the arm."""
    targets: Annotated[tuple[StudyTarget, ...], Field(min_length=1)]
    """What it found."""

    @model_validator(mode="after")
    def _arms_exist(self) -> Self:
        for target in self.targets:
            for arm in (target.arm, target.versus):
                if arm is not None and arm not in self.arms:
                    raise ValueError(f"{target.finding}: there is no arm {arm!r} (arms: {', '.join(self.arms)})")
        return self
