"""The answers as data: what `--format json` prints and `trabecula schema assessment` describes.

From the small records to the whole ones: an assessment of one person, with its causes, its scans and what changed since
an earlier one; and a comparison of plans.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from trabecula.assessment.conclusion import Conclusion
from trabecula.assessment.figures import Interval, Result
from trabecula.guidelines.medicines import MedicineCheck
from trabecula.guidelines.plan_tasks import Task
from trabecula.guidelines.records import Advice, Objection
from trabecula.words.message import Message

STATEMENT = Message("note.statement")
"""That this is no medical device."""
Site = Literal["lumbar_spine", "femoral_neck", "total_hip"]
Horizon = float | Literal["lifetime"]


class Software(Result):
    """What made the answer."""

    name: Literal["trabecula"] = "trabecula"
    version: str
    """Version of the program, with `+changed` where anything of the model was replaced; the notes say what."""


class Answer(Result):
    """How every answer begins: what made it, for which day, and the sample behind its intervals."""

    schema_version: Literal["1"] = "1"
    software: Software
    statement: Message = Field(default_factory=lambda: STATEMENT)
    date: date
    horizon_y: float = Field(description="The longest horizon asked for, besides the lifetime [y].")
    country: str = Field(description="Country whose fracture and death rates were used.")
    stands_in_for: str | None = None
    """The person's country, where there are no rates of its own and those of `country` stand in; else null."""
    draws: int = Field(description="Number of Monte Carlo draws of all uncertain parameters.")
    seed: int = Field(description="Random seed: the same seed gives the same result.")
    interval: float = Field(description="Probability held by each interval.")


class Explanation(Result):
    """Something that could explain a scan that the model cannot."""

    what: Message
    source: str | None
    """The finding it rests on; `trabecula evidence ID` prints it. Null for what the model itself says."""


class ScanCheck(Result):
    """A recorded DXA against the prediction from the history and earlier scans."""

    date: date
    site: Site
    bmd_g_cm2: float
    """Density as measured, or read from a score, on the Hologic scale [g/cm2]."""
    from_score: Message | None = None
    """The score that density was read from; null where a density was measured."""
    expected: Interval
    """Predicted density for this scan, including measurement error [g/cm2]."""
    earlier_scans: int = Field(description="Scans of the same site before it.")
    tail: float = Field(description="Two-sided tail probability, 0 to 1.")
    surprising: bool = Field(description="Whether the value is flagged as unexplained.")
    sentence: Message
    consider: list[Explanation] = Field(description="Possible explanations; empty unless the scan is flagged.")


class ScanProspect(Result):
    """What a scan at one site on a day could show."""

    site: Site
    date: date
    change_percent: Interval
    """True change since the last scan of the site [%]."""
    beyond_least_significant: float
    """Probability that the true change exceeds the least significant change, 0 to 1."""


class NextMeasurement(Result):
    """When the next DXA is expected to be informative."""

    due: date | None
    """The first day on which it is; null if none is expected within the horizon."""
    site: Site | None = Field(description="The site that changes first; null without an earlier scan.")
    least_significant_percent: dict[Site, float]
    """Least significant change between two scans, 95 % confidence [%]."""
    telling: list[ScanProspect] = Field(description="Year by year, for each site that has been scanned.")
    treatment_t_score: float = Field(description="The T-score at or below which treatment is considered [SD].")
    below_now: float = Field(description="Probability that the lowest T-score is at or below it today, 0 to 1.")
    changes_decision: float
    """Probability that a scan on the due date (or at the horizon) puts the lowest T-score on the other side of that
    threshold from today's estimate, 0 to 1."""
    sentence: Message


class Share(Result):
    """What one cause contributes."""

    cause: str
    """The switch that was turned off."""
    label: Message
    share: Interval
    """In the unit of the total; negative: it protects."""
    mean: float
    """Mean over the draws, not rounded: the means add up to the mean of the total."""


class CausesOf(Result):
    """The contributing factors of one result."""

    of: str = Field(description="The site of the bone, or of the fracture.")
    unit: str
    total: Interval = Field(description="Total of all contributions.")
    mean: float = Field(description="Mean of the total over the draws, not rounded.")
    shares: list[Share]


class Causes(Result):
    """How much each cause has done to density so far, and does to the chance of a fracture."""

    bone: list[CausesOf]
    """Density today relative to the same person as a healthy 30-year-old with no exposures [%]."""
    risk: list[CausesOf]
    """Fracture risk within the horizon minus that of the same person at 30 with no exposures."""
    beyond_age: list[CausesOf]
    """The same risk minus that of the same person at the same age with no other exposures."""
    horizon_y: float
    sentence: Message
    """Contribution attributed to MS, as a sentence."""
    absent: list[Message]
    """Causes that this person does not have: their share is zero."""
    notes: list[Message]


class Reasons(Result):
    """Why the middle of a result changed; the three add up to the change."""

    program_or_record: float
    """Another version of the program, or entries that were corrected or added for the time before."""
    time: float
    """Time alone: the same record at a later date."""
    new_data: float
    """What was recorded since."""


class Change(Result):
    """One result then and now."""

    what: Message
    unit: str
    before: Interval
    now: Interval
    change: float = Field(description="Of what is told: of a probability or falls the mean, of a density the median.")
    beyond_noise: bool = Field(
        description="The change exceeds Monte Carlo error: two samples of this size rarely differ by as much."
    )
    outside_interval: bool = Field(description="The new value lies outside the earlier interval.")
    because: Reasons


class FollowUp(Result):
    """What changed since an earlier answer, by how much beyond noise, and why."""

    date: date
    version: str
    """Version of the program that gave the earlier answer."""
    new_entries: list[Message]
    """What was recorded since."""
    changes: list[Change]
    notes: list[Message]


class PersonSummary(Result):
    """Who it is about, without anything that names the person."""

    line: Message = Field(description="The person in one line.")
    age_y: float = Field(description="Age on the day of assessment [y].")
    sex: Literal["female", "male"] = Field(description="Sex.")
    ms_course: str | None = Field(description="Course of MS; null without MS or when it was not recorded.")
    edss: Interval | None = Field(description="Disability (EDSS) on the day of assessment; null without MS.")
    edss_basis: Message = Field(description="Where the EDSS comes from.")
    steroids: Message = Field(description="All glucocorticoids up to the day of assessment, in a sentence.")


class BonePoint(Result):
    """Density at one site on one day."""

    date: date
    age_y: float = Field(description="Age [y].")
    bmd_g_cm2: Interval = Field(description="Areal bone mineral density on the Hologic scale [g/cm2].")
    t_score: Interval = Field(description="Standard deviations from the young reference [SD].")
    z_score: Interval
    """Standard deviations from the mean of the same age and sex in the reference table [SD]."""
    average_bmd_g_cm2: float
    """Density of the average person of the same age and sex without MS [g/cm2]."""


class BoneSite(Result):
    """The trajectory of density at one site."""

    site: Site
    scans: int = Field(description="Scans of this site used to condition the level.")
    change_percent: Interval = Field(description="Change of density from today to the horizon [%].")
    average_change_percent: float = Field(description="The same for the average person without MS [%].")
    now: int = Field(description="Index of the assessment date in the trajectory (0-based).")
    trajectory: list[BonePoint] = Field(description="Yearly in the past, half-yearly to the horizon.")


class MarkerPoint(Result):
    """A marker on one day."""

    date: date
    value: Interval
    """Relative to a healthy 30-year-old of the same sex [1]."""


class MarkerCourse(Result):
    """The trajectory of one marker of bone turnover."""

    marker: Literal["CTX", "P1NP", "osteocalcin"]
    course: list[MarkerPoint]


class Falls(Result):
    """Falls a year, now."""

    reported_per_year: float | None = None
    """Falls a year as they were reported, which is what is told; null when nobody asked within a year."""
    per_year: Interval = Field(description="Expected falls a year, corrected for falls that are forgotten.")
    average_per_year: float
    """Expected falls a year in the general population of the same age and sex."""
    basis: Message = Field(description="What the rate rests on.")


class Risk(Result):
    """The share of people like this one who break a bone within a horizon, with death as a competing risk."""

    site: str = Field(description="Skeletal site, or a group: major_osteoporotic, any.")
    horizon_y: Horizon
    """Years from the day of assessment, or 'lifetime'."""
    risk: Interval = Field(description="Probability, 0 to 1.")
    average: float = Field(description="The same for the general population of the same age and sex, 0 to 1.")
    above_measured: float | None = None
    """The highest that a cohort has measured, where this risk lies above it: no figure is told then. Else null."""


class Death(Result):
    """The share who die within a horizon."""

    horizon_y: float | Literal["lifetime"]
    risk: Interval = Field(description="Probability, 0 to 1.")
    average: float = Field(description="The same for the general population of the same age and sex, 0 to 1.")


class SiteHazard(Result):
    """Fractures a year at one site on the day of assessment, and the factors that they are the product of."""

    per_year: float
    """Fractures per person-year (geometric mean over draws)."""
    parts: dict[str, float]
    """Factors that multiply back to per_year, each the geometric mean over the draws. `baseline` is the rate
    of the general population; for the others 1 is average."""


class Gap(Result):
    """Something the record does not say."""

    what: Message
    assumed: Message = Field(description="The value assumed instead.")
    cost: Message = Field(description="The effect on the result.")


class UnusualValue(Result):
    """A value that is possible but unusual: worth a second look."""

    path: str
    message: Message


class EvidenceUsed(Result):
    """What the numbers rest on; `trabecula evidence ID` prints each record."""

    parameters: list[str] = Field(description="Every parameter that was read.")
    findings: list[str] = Field(description="Every published number behind them.")
    assumed: list[str] = Field(description="Parameters that are assumed.")
    recalled: list[str] = Field(description="Findings not yet checked in the source (recalled).")


class Assessment(Answer):
    """One person, answered."""

    summary: Conclusion | None = None
    """The conclusion, in at most five sentences: risk, category, main driver, next action, next DXA."""
    person: PersonSummary
    bone: list[BoneSite]
    markers: list[MarkerCourse]
    falls: Falls
    caution: Message | None
    """How to read the risks where they are known to be overestimated."""
    risks: list[Risk]
    deaths: list[Death]
    fracture: dict[str, SiteHazard] = Field(description="Components of today's hazard at each site.")
    scans: list[ScanCheck] = Field(default_factory=list)
    """Each recorded DXA against the prediction from the history and earlier scans."""
    scans_for_rules: list[Message] = Field(default_factory=list)
    """Scans that guidelines read and that narrow no density, since their bone is not followed (the radius)."""
    next_measurement: NextMeasurement | None = None
    """When the next DXA is expected to be informative."""
    missing: list[Gap]
    """Missing data: those affecting bone and its trajectory first, then those affecting fractures only."""
    questions: list[UnusualValue] = Field(description="Unusual values worth a second look.")
    notes: list[Message] = Field(description="What to know when reading the numbers.")
    advice: list[Advice] = Field(default_factory=list)
    """Published guidelines side by side: rules that apply, rules undetermined because data are missing, and rules met
    literally outside their population."""
    tasks: list[Task] = Field(default_factory=list)
    """The dated plan: what is due when, why, who does it, and which rules ask for it."""
    medicines: list[MedicineCheck] = Field(default_factory=list)
    """Every bone medicine with what stands against it for this person: nothing proposes what is refused here."""
    causes: Causes | None = None
    """Shares of each contributing factor, if requested."""
    since: FollowUp | None = None
    """What changed since an earlier answer, if one was given."""
    evidence: EvidenceUsed


class Chance(Result):
    """How likely it is that a plan helps by more than something."""

    by_more_than: float = Field(description="In the unit of the difference; 0: that it helps at all.")
    probability: float = Field(description="Share of the draws, 0 to 1.")


class BoneUnderPlan(Result):
    """Density at one site on one day, under a plan and versus the comparator."""

    date: date
    bmd_g_cm2: Interval = Field(description="Density under the plan [g/cm2].")
    difference_percent: Interval = Field(description="Versus the comparator, in the same draw [%].")


class BoneEffect(Result):
    """What a plan does to density at one site."""

    site: Site
    change_percent: Interval = Field(description="Change from today to the horizon under the plan [%].")
    difference_percent: Interval
    """Density at the horizon versus the comparator, in the same draw [%]."""
    helps: list[Chance] = Field(description="Above 0, and above the least significant change [%].")
    course: list[BoneUnderPlan] = Field(description="From today to the horizon.")


class NumberNeeded(Result):
    """Number needed to treat for one fracture fewer (benefit) or more (harm)."""

    mean: float | None
    """Number needed to treat, one over the mean effect; negative for harm; null when that is zero."""
    best: float | None = Field(description="The favourable end of the interval; negative: even that is harm.")
    worst: float | None = Field(description="The unfavourable end; negative: harm, one fracture more in so many.")
    may_do_nothing: bool = Field(description="The interval includes no effect: it runs through infinity.")


class RiskEffect(Result):
    """What a plan does to the chance of a fracture at one site within the horizon."""

    site: str = Field(description="Skeletal site, or a group: major_osteoporotic, any.")
    risk: Interval = Field(description="Probability under the plan, 0 to 1.")
    above_measured: float | None = None
    """The highest that a cohort has measured, where this risk lies above it: no figure is told then. Else null."""
    difference: Interval = Field(description="Versus the comparator, in the same draw; negative: fewer fractures.")
    ratio: Interval = Field(description="Risk under the plan over that of the comparison.")
    number_needed: NumberNeeded
    helps: list[Chance] = Field(description="That the risk is lower, and lower by more than a given amount.")


class Effect(Result):
    """Something that comes with a plan beside its effect on bone: a side effect, a burden or a co-benefit."""

    of: str = Field(description="The medicine or measure.")
    what: Message
    size: Message | None = Field(description="How often or how much, as the source reports it.")
    findings: list[str] = Field(description="Where it is reported; empty: stated without a source.")
    sources: list[str] = Field(description="The documents behind the findings.")
    status: Literal["read", "recalled", "assumed"]
    """read: checked in the source or its abstract; recalled: quoted from memory."""


class PlanResult(Result):
    """What one plan does."""

    name: str
    title: Message
    because: Message | None
    refused: list[Objection] = Field(description="Not computed because of these, unless forced.")
    forced: bool = Field(description="Computed although it is refused.")
    warnings: list[Objection] = Field(description="Allowed, but unsafe without follow-on treatment or other measures.")
    notes: list[Message]
    bone: list[BoneEffect] = Field(description="Empty when the plan is refused.")
    risks: list[RiskEffect] = Field(description="Empty when the plan is refused.")
    within_common: RiskEffect | None = None
    """Major osteoporotic fractures within the years in common (`Comparison.common_y`), by which plans are ranked."""
    falls_per_year: Interval | None
    side_effects: list[Effect]
    burdens: list[Effect]
    cobenefits: list[Effect] = Field(description="Effects of a plan other than on bone.")


class Comparison(Answer):
    """Plans for one person beside what is recorded, under the same draws."""

    person: Message = Field(description="The person in one line.")
    caution: Message | None = Field(description="How to read the risks where they are known to be overestimated.")
    baseline: PlanResult = Field(description="What the plans are compared with.")
    plans: list[PlanResult]
    common_y: float | None = None
    """Years through which every treatment that is begun goes on, from the same day [y]."""
    ranking: list[str] = Field(default_factory=list)
    """Names of the plans, the greatest net benefit within the years in common first; refused plans are not ranked."""
    left_out: list[Message] = Field(description="Limitations of this comparison.")
    evidence: list[str] = Field(description="Parameters that were read.")
