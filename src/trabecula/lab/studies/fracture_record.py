"""A published study of falls, fractures or death as data: its setting, and which findings it must reproduce.

One YAML file a study in `data/fractures/`. What the virtual study is asked for is named in `findings` (the id of the
finding, and what to measure); `fracture_measures` says how each kind of setting measures it.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trabecula.lab.studies.record import ArmMedicine, Direction, PublishedStudy, Role, StudyRecord, Supplements
from trabecula.people import TruncatedNormal
from trabecula.vocabulary import CountryKey

Class = Literal["fall_share", "log_falls", "log_rate", "log_ratio", "share"]
"""The class of quantity that the tolerance goes by; the ones that begin with log are compared as logarithms."""
Block = Literal["falls", "population", "probabilities", "steroid_fractures", "deaths", "drug_fractures", "registers"]
"""The chapter of the validation page."""


# --- Settings: how the study was done -----------------------------------------------------------------------------


class FallDiary(StudyRecord):
    """A study in which people counted their falls (`falls_diary`)."""

    kind: Literal["diary"] = "diary"
    n: int = Field(gt=0)
    """People who kept the diary."""
    months: float = Field(gt=0.0)
    """How long they counted."""
    age_y: TruncatedNormal
    women: float = Field(ge=0.0, le=1.0)
    """Share of women."""
    ms: bool = True
    """Whether they have MS."""
    edss: tuple[tuple[float, float], ...] = ()
    """(EDSS, share of the people); without it, `fall.ms.sample`."""
    primary_progressive: float = Field(default=0.0, ge=0.0, le=1.0)
    """Share with a primary progressive course."""
    wheelchair: bool = False
    """Whether they sit all day."""
    recalled: bool = False
    """Falls were asked for afterwards, not counted day by day."""
    volunteers: bool
    """They came forward for a study of falls, balance or walking, or of how to prevent falls; false where a population
    was sampled or everybody was asked for another reason."""


class FallHistory(StudyRecord):
    """People without MS who were asked how often they fell in the past year, and followed for fractures."""

    kind: Literal["fall_history"]
    sex: Literal["female", "male"]
    age_y: float
    """Mean age."""
    country: str = "US"
    """Whose rates are used."""


class DisabledGroup(StudyRecord):
    """People with a disability that is not MS, against people without it."""

    kind: Literal["disabled"]
    country: str = "US"
    """Whose rates are used."""
    age_y: float
    women: float = Field(ge=0.0, le=1.0)
    """Share of women."""
    sits: bool
    """Whether they sit all day."""
    z: dict[str, float]
    """Their density by bone site, from the average of their age [SD]."""
    falls: float = Field(gt=0.0)
    """Their falls over those of the population of their age."""
    falls_of_others: float = Field(default=1.0, gt=0.0)
    """The same of those they are compared with."""


class GeneralPopulation(StudyRecord):
    """The general population of a country."""

    kind: Literal["general"]
    country: str
    """Whose rates and life table are used."""
    practice: bool = False
    """Counted in records of general practice, which hold few of the spine's fractures."""


class ProbabilityTable(StudyRecord):
    """A printed table of 10-year probabilities of people with one risk factor, or with a T-score."""

    kind: Literal["probabilities"]


class DailySteroid(StudyRecord):
    """People on daily tablets, band by band, against the same people without."""

    kind: Literal["daily_steroid"]
    age_y: float
    """Age when the tablets begin."""
    women: float = Field(ge=0.0, le=1.0)
    """Share of women."""
    dose_mg: dict[str, float]
    """Prednisone-equivalent a day by name of the band."""
    years: float
    """How long the tablets are taken."""
    years_off: float = 0.0
    """How long they are followed after the last tablet."""


class FractureTrial(StudyRecord):
    """A trial of a medicine against the same people without it."""

    kind: Literal["trial"]
    age_y: TruncatedNormal
    """Age on the first day."""
    women: float = Field(default=1.0, ge=0.0, le=1.0)
    """Share of women."""
    z: float
    """How far from average the density of those who took part was [SD]."""
    years: float = Field(gt=0.0)
    """How long both arms are followed."""
    since_y: float = Field(default=0.0, ge=0.0)
    """Fractures are counted from here on, after a medicine has been stopped [y]."""
    medicines: tuple[ArmMedicine, ...] = ()
    """What the treated arm is given, in days from the first."""
    supplements: Supplements = Supplements()
    """Calcium and vitamin D of the treated arm."""
    hormone_therapy: bool = False
    """Whether the treated arm takes hormones throughout."""


class Pulses(StudyRecord):
    """Courses of high-dose steroids for relapses, as long as somebody walks without help."""

    per_year: float = Field(ge=0.0)
    """Share of the years with a course."""
    dose_mg: float = Field(gt=0.0)
    """Methylprednisolone by vein on each day."""
    days: int = Field(gt=0)
    """Days of one course."""
    since: date
    """Relapses were not treated so before."""


class MsHistory(StudyRecord):
    """How MS has run: the expected course of disability, faster in some than in others."""

    onset_age_y: TruncatedNormal
    """Age at the first symptom."""
    since_onset_y: TruncatedNormal | None = None
    """Years since onset on the first day; without it, from age and age at onset."""
    speed_log_sd: float = Field(ge=0.0)
    """Spread of the speed of the course, as a logarithm."""
    primary_progressive: float = Field(ge=0.0, le=1.0)
    """Share with a primary progressive course; the others are relapsing."""
    pulses: Pulses


class RegisterSetting(StudyRecord):
    """A register of people with MS and their matched controls: who is in it, and for how long they are followed."""

    kind: Literal["register"]
    country: CountryKey
    """Whose fracture rates and life table are used."""
    first_day: date
    """Day on which follow-up begins; it dates the steroids."""
    years: float = Field(gt=0.0)
    """How long people are followed, unless they die."""
    age_y: TruncatedNormal
    """Age on the first day."""
    women: float = Field(ge=0.0, le=1.0)
    """Share of women."""
    ms: MsHistory
    antidepressant: float | None = None
    """Share of the people with MS who take an antidepressant; none if unknown."""


Setting = Annotated[
    FallDiary
    | FallHistory
    | DisabledGroup
    | GeneralPopulation
    | ProbabilityTable
    | DailySteroid
    | FractureTrial
    | RegisterSetting,
    Field(discriminator="kind"),
]


# --- Findings, and the study as a whole ---------------------------------------------------------------------------


class FindingGroup(StudyRecord):
    """Findings of one class with one role."""

    role: Role
    because: str = Field(min_length=8)
    """Why they are fitted or predicted."""
    seen: bool = False
    """Whether they had been run before the rule of the split was written."""
    group: Class
    """How they are compared."""
    direction: Direction | None = None
    """For findings without a number: which way they went."""
    from_change: bool = False
    """The findings print a change in per cent: -40 is a ratio of 0.6."""
    findings: dict[str, str] = Field(min_length=1)
    """What to measure, by the id of the finding."""


class FractureTarget(StudyRecord):
    """One finding, and what the virtual study measures for it; the rest as in its `FindingGroup`."""

    finding: str
    """Id of the finding in the registry."""
    what: str
    """Words, the first of which says what is measured: `ratio hip`, `rate hip women 50_54`."""
    group: Class
    role: Role
    because: str
    direction: Direction | None
    from_change: bool
    seen: bool = False


class FractureStudy(PublishedStudy):
    """A published study of falls, fractures or death.

    Raises ValueError where a finding stands in two groups: it would have two roles.
    """

    block: Block
    n: int | None = None
    """People who took part, if one number says it."""
    setting: Setting
    """How the study was done, and in whom."""
    groups: Annotated[tuple[FindingGroup, ...], Field(min_length=1)]
    """What it found, by class and role."""

    @property
    def targets(self) -> tuple[FractureTarget, ...]:
        """Every finding of every group."""
        return tuple(
            FractureTarget(finding=finding, what=what, **group.model_dump(exclude={"findings"}))
            for group in self.groups
            for finding, what in group.findings.items()
        )

    @model_validator(mode="after")
    def _each_finding_once(self) -> Self:
        names = [finding for group in self.groups for finding in group.findings]
        if len(set(names)) < len(names):
            raise ValueError("a finding stands in two groups")
        return self
