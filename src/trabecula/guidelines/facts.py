"""What guideline rules read: one frozen record of facts about a person, every one of which may be unknown."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from trabecula.described import Described
from trabecula.vocabulary import BONE_DRUGS, OneOf, guideline_classes
from trabecula.words.message import Message

Aid = Literal["none", "cane", "two_canes", "walker", "wheelchair", "bed"]
BoneDrugClass = Annotated[str, OneOf(guideline_classes, "none")]
BoneDrugName = Annotated[str, OneOf(BONE_DRUGS, "none")]


WORST_GRADE, BERG_POINTS = 3, 56
"""The ends of two scales: the grade of a vertebral fracture (Genant) and the Berg balance test."""


class ClosedRecord(Described):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(ClosedRecord):
    """A number of our own model: its middle (of a probability the mean) and its 90 % interval."""

    low: float
    median: float
    high: float


class MedicineUse(ClosedRecord):
    """A medicine that is or was taken."""

    drug: str
    """The generic name."""
    kind: str | None = None
    """The class of the medicine, as the record of a person has it."""
    start: date
    end: date | None = None
    """The last day; None while it is going on."""
    every_days: float | None = None
    """Days from dose to dose."""


def _fact(unit: str = "") -> Any:
    """A fact that may be unknown, with its unit; the catalogues have its label under `fact.<name>`."""
    return Field(default=None, json_schema_extra={"unit": unit})


Percent = Annotated[float, Field(ge=0, le=100)]
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]


class Facts(ClosedRecord):
    """The facts on one day. None means unknown; nothing is taken for granted because nobody wrote it down."""

    # The day.
    on: date | None = _fact()
    """Day of the advice."""

    # Who it is.
    age_y: NotNegative | None = _fact("y")
    sex: Literal["female", "male"] | None = _fact()
    postmenopausal: bool | None = _fact()
    age_at_menopause_y: NotNegative | None = _fact("y")
    sex_hormones: bool | None = _fact()
    """Takes oestrogen, tibolone or testosterone now."""
    oestrogen_therapy: bool | None = _fact()
    """Takes oestrogen or tibolone now."""
    gender_affirming_hormones: bool | None = _fact()
    """Takes hormones on record as affirming a gender; false when the record does not say."""
    gonads_removed: bool | None = _fact()
    """Both ovaries or testes removed, on record; false when the record does not say."""
    country: str | None = _fact()
    """Country the person lives in, in two letters."""
    pregnancy_possible: bool | None = _fact()
    bmi_kg_m2: NotNegative | None = _fact("kg/m2")
    weight_kg: NotNegative | None = _fact("kg")

    # What the latest DXA scan says, and when it was.
    t_score_lumbar_spine: float | None = _fact("SD")
    t_score_femoral_neck: float | None = _fact("SD")
    t_score_total_hip: float | None = _fact("SD")
    z_score_lumbar_spine: float | None = _fact("SD")
    z_score_femoral_neck: float | None = _fact("SD")
    z_score_total_hip: float | None = _fact("SD")
    t_score_radius: float | None = _fact("SD")
    """T-score of the 33 % radius; no part of the lowest T-score of spine and hip."""
    z_score_radius: float | None = _fact("SD")
    tbs_measured: bool | None = _fact()
    """A trabecular bone score is on record; false when none is."""
    tbs: NotNegative | None = _fact()
    """Trabecular bone score of the lumbar spine."""
    hip_prosthesis: Literal["none", "left", "right", "both"] | None = _fact()
    """Artificial hips on record; none when none is."""
    dxa_on: date | None = _fact()
    dxa_not_practical: bool | None = _fact()
    """A DXA scan is not available or not practical."""
    dxa_scans: Count | None = _fact()
    """Number of DXA scans of spine or hip so far."""
    bmd_loss_beyond_lsc: bool | None = _fact()
    """Density fell between scans by more than the least significant change."""

    # Low-trauma fractures, and signs of them.
    fragility_fracture: bool | None = _fact()
    """A low-trauma fracture as an adult."""
    fragility_fractures: Count | None = _fact()
    """Number of low-trauma fractures as an adult."""
    fragility_fracture_after_40: bool | None = _fact()
    """A low-trauma fracture at the age of 40 or later."""
    fragility_fracture_after_50: bool | None = _fact()
    """A low-trauma fracture at the age of 50 or later."""
    osteopenic_site_fracture: bool | None = _fact()
    """A low-trauma fracture of pelvis, upper arm or forearm."""
    hip_fracture: bool | None = _fact()
    vertebral_fracture: bool | None = _fact()
    """A low-trauma vertebral fracture, on imaging or clinical."""
    major_fracture: bool | None = _fact()
    """A low-trauma fracture of hip, spine, forearm or upper arm."""
    central_fracture_after_40: bool | None = _fact()
    """A low-trauma hip, vertebral, humerus or pelvic fracture after 40."""
    years_since_fracture: NotNegative | None = _fact("y")
    """Time since the latest low-trauma fracture."""
    years_since_hip_fracture: NotNegative | None = _fact("y")
    years_since_vertebral_fracture: NotNegative | None = _fact("y")
    years_since_major_fracture: NotNegative | None = _fact("y")
    """Time since the latest low-trauma fracture of hip, spine, forearm or upper arm."""
    vertebral_fractures: Count | None = _fact()
    """Number of vertebrae that broke with low trauma."""
    vertebral_grade: Annotated[int, Field(ge=1, le=WORST_GRADE)] | None = _fact()
    """The worst grade of a vertebral fracture (Genant, 1 to 3)."""
    height_loss_cm: NotNegative | None = _fact("cm")
    """Height lost since youth."""
    height_loss_measured_cm: NotNegative | None = _fact("cm")
    """Height lost between two measured heights."""
    kyphosis: bool | None = _fact()
    """Kyphosis (rounded upper back)."""
    back_pain: bool | None = _fact()
    """Acute back pain with osteoporosis risk factors."""

    # Glucocorticoids, in prednisone-equivalents.
    steroid_mg_per_day: NotNegative | None = _fact("mg/d")
    """Dose of daily steroid treatment today, prednisone-equivalent; 0 when there is none (pulses do not count)."""
    steroid_days: NotNegative | None = _fact("d")
    """Length of today's daily steroid treatment, past and planned."""
    steroid_month_mg_per_day: NotNegative | None = _fact("mg/d")
    """Highest daily steroid dose sustained for more than 30 days in the past year, prednisone-equivalent."""
    steroid_g_per_year: NotNegative | None = _fact("g")
    """Total steroids in the past year, including pulses, prednisone-equivalent."""
    steroid_pulses_past_year: Count | None = _fact()
    """Short high-dose steroid courses in the past year."""
    steroid_ever: bool | None = _fact()
    """Any past steroid use, including pulses."""
    steroid_stopped: bool | None = _fact()
    """Daily steroid treatment was taken and has been stopped."""

    # Probabilities of a fracture in 10 years: FRAX, typed in, and our own.
    frax_mof_percent: Percent | None = _fact("%")
    frax_hip_percent: Percent | None = _fact("%")
    frax_steroid_adjusted: bool | None = _fact()
    """The FRAX values are already adjusted for the steroid dose."""
    frax_with_bmd: bool | None = _fact()
    """The FRAX values were calculated with bone density."""
    frax_on: date | None = _fact()
    """Day on which FRAX was calculated."""
    frax_country: str | None = _fact()
    """Country whose FRAX it is, in two letters."""
    own_mof_percent: Range | None = _fact("%")
    own_hip_percent: Range | None = _fact("%")
    near_intervention_threshold: bool | None = _fact()
    """The risk is near the intervention threshold of a treatment that is considered."""
    dvo_3y_percent: Percent | None = _fact("%")
    """Risk of a vertebral or hip fracture in 3 years (DVO), typed in."""

    # Blood tests: the latest result of each, and its day.
    egfr_ml_min: NotNegative | None = _fact("mL/min/1.73m2")
    calcium_mmol_l: NotNegative | None = _fact("mmol/L")
    vitamin_d_nmol_l: NotNegative | None = _fact("nmol/L")
    creatinine_umol_l: NotNegative | None = _fact("umol/L")
    creatinine_clearance_ml_min: NotNegative | None = _fact("mL/min")
    """Creatinine clearance by Cockcroft and Gault."""
    pth_pmol_l: NotNegative | None = _fact("pmol/L")
    alp_u_l: NotNegative | None = _fact("U/L")
    phosphate_mmol_l: NotNegative | None = _fact("mmol/L")
    albumin_g_l: NotNegative | None = _fact("g/L")
    egfr_on: date | None = _fact()
    calcium_on: date | None = _fact()
    vitamin_d_on: date | None = _fact()
    bone_profile: bool | None = _fact()
    """Calcium, albumin, phosphate, alkaline phosphatase and creatinine (or eGFR) of the past year are on record."""
    creatinine_on: date | None = _fact()
    pth_on: date | None = _fact()
    alp_on: date | None = _fact()
    phosphate_on: date | None = _fact()
    albumin_on: date | None = _fact()

    # MS, and falls.
    ms: bool | None = _fact()
    edss: Annotated[float, Field(ge=0, le=10)] | None = _fact()
    aid: Aid | None = _fact()
    """Walking aid used most of the time."""
    new_aid: bool | None = _fact()
    """A walking aid was first needed in the past year."""
    relapse_treated: bool | None = _fact()
    """A relapse is treated with steroids now, or is about to be."""
    falls_past_year: Count | None = _fact()
    balance_tested: bool | None = _fact()
    """A balance or walking test of the past year is on record; false when none is."""
    berg_points: Annotated[float, Field(ge=0, le=BERG_POINTS)] | None = _fact()
    """Berg Balance Scale in the past year."""
    tug_s: NotNegative | None = _fact("s")
    """Timed Up and Go in the past year."""
    t25fw_s: NotNegative | None = _fact("s")
    """Timed 25-Foot Walk in the past year."""
    vitamin_d_for_ms: bool | None = _fact()
    """Vitamin D is requested as a treatment of MS itself."""

    # Habits and diseases.
    smoking: bool | None = _fact()
    """Smokes now."""
    alcohol_units_per_week: NotNegative | None = _fact("units a week")
    parental_hip_fracture: bool | None = _fact()
    """Mother or father broke a hip."""
    rheumatoid_arthritis: bool | None = _fact()
    secondary_osteoporosis: bool | None = _fact()
    """Another disease that weakens bone (MS apart)."""
    type2_diabetes: bool | None = _fact()
    heart_attack_or_stroke_past_year: bool | None = _fact()
    heart_attack: bool | None = _fact()
    """At any time."""
    stroke: bool | None = _fact()
    """At any time."""
    skeletal_radiation: bool | None = _fact()
    """Radiotherapy to bone."""
    antiepileptic: bool | None = _fact()
    """Takes an antiepileptic medicine."""

    # Medicines for bone.
    bone_drug: BoneDrugClass | None = _fact()
    """Class of current bone medicine, or none."""
    bone_drug_considered: bool | None = _fact()
    """A bone medicine is being considered."""
    oral_bisphosphonate_y: NotNegative | None = _fact("y")
    """Time on an oral bisphosphonate, 0 when it is not taken now."""
    zoledronate_y: NotNegative | None = _fact("y")
    """Time on zoledronate, 0 when it is not given now."""
    denosumab_days_since_dose: NotNegative | None = _fact("d")
    zoledronate_days_since_dose: NotNegative | None = _fact("d")
    zoledronate_doses: Count | None = _fact()
    """Infusions of zoledronate that are dated."""
    oral_bisphosphonate_unsuitable: bool | None = _fact()
    """Bisphosphonate tablets not tolerated, not takeable as told, or contraindicated."""
    paused_bisphosphonate: BoneDrugName | None = _fact()
    """The bisphosphonate that was stopped last, with no bone medicine since."""
    pause_y: NotNegative | None = _fact("y")
    """Time since that bisphosphonate was stopped, 0 when there is no pause."""
    denosumab_y: NotNegative | None = _fact("y")
    """Time on denosumab, 0 when it was never given."""
    parathyroid_y: NotNegative | None = _fact("y")
    """Lifetime use of teriparatide or abaloparatide."""
    romosozumab_y: NotNegative | None = _fact("y")
    stopping: BoneDrugClass | None = _fact()
    """A bone medicine being stopped, or stopped in the past year, with no follow-on."""
    bone_drug_change_y: NotNegative | None = _fact("y")
    """Time since a bone medicine was started or changed."""
    medicines: tuple[MedicineUse, ...] | None = _fact()

    # Food and activity.
    calcium_mg_per_day: NotNegative | None = _fact("mg/d")
    """Calcium from food and tablets."""
    vitamin_d_ug_per_day: NotNegative | None = _fact("ug/d")
    """Vitamin D from tablets."""
    moderate_minutes_per_week: NotNegative | None = _fact("min/week")
    """At least moderate activity."""
    resistance_sessions_per_week: NotNegative | None = _fact("a week")
    balance_sessions_per_week: NotNegative | None = _fact("a week")
    steps_per_day: NotNegative | None = _fact()

    @model_validator(mode="before")
    @classmethod
    def _follow_up(cls, given: Any) -> Any:
        """What follows from what is given: a broken hip is a fragility fracture; no fracture at all is no hip."""
        return implied(dict(given)) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """No fracture is denied and described at once."""
        if self.fragility_fracture is False and any(getattr(self, name) for name in _FRACTURES):
            raise ValueError("fragility_fracture is false beside a fracture; correct one of them")
        return self


_COUNTS = ("fragility_fractures", "vertebral_fractures")
_FRACTURES = (
    "hip_fracture", "vertebral_fracture", "major_fracture", "central_fracture_after_40", "osteopenic_site_fracture",
    "fragility_fracture_after_40", "fragility_fracture_after_50", *_COUNTS,
)  # fmt: skip
_STEROIDS = ("steroid_mg_per_day", "steroid_pulses_past_year", "steroid_stopped")


def implied(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with those that follow from them; what is given is never overruled."""
    follows: dict[str, Any] = {}
    if given.get("sex") == "male":
        follows |= {"postmenopausal": False, "pregnancy_possible": False}
    if given.get("hip_fracture") or given.get("vertebral_fracture"):
        follows["major_fracture"] = True
    if any(given.get(name) for name in _STEROIDS):
        follows["steroid_ever"] = True
    if any(given.get(name) for name in _FRACTURES):
        follows["fragility_fracture"] = True
    elif given.get("fragility_fracture") is False or given.get("fragility_fractures") == 0:
        follows |= {**dict.fromkeys(_FRACTURES, False), **dict.fromkeys(_COUNTS, 0), "fragility_fracture": False}
    known = {name: value for name, value in given.items() if value is not None}
    return {**follows, **known}


def lowest(*scores: float | None) -> float | None:
    """The lowest of those that are known."""
    known = [score for score in scores if score is not None]
    return min(known) if known else None


DERIVED: Mapping[str, str] = {
    "t_score": "SD",
    "t_score_hip": "SD",
    "t_score_with_radius": "SD",
    "years_since_dxa": "y",
    "z_score": "SD",
    "spine_below_neck_sd": "SD",
    "clearance_ml_min": "mL/min",
    "mof_percent": "%",
    "hip_percent": "%",
}
"""What rules may also ask, with its unit: read from the facts, FRAX with the factors of the guideline that asks."""
_ALIASES = {"mof_percent": "frax_mof_percent", "hip_percent": "frax_hip_percent"}
"""What has the label of another fact."""


def label(name: str) -> Message:
    """A fact in few words, as it is called in the middle of a sentence."""
    return Message(f"fact.{_ALIASES.get(name, name)}")


def unit(name: str) -> str:
    """The unit of a fact; empty where it has none."""
    if name in DERIVED:
        return DERIVED[name]
    extra = Facts.model_fields[name].json_schema_extra
    assert isinstance(extra, dict), "every fact is described"
    return str(extra["unit"])
