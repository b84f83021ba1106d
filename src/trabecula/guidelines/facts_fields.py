"""The facts by subject: what each is in few words, its unit, and in more words where that is not clear."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Aid = Literal["none", "cane", "two_canes", "walker", "wheelchair", "bed"]
BoneDrug = Literal["none", "bisphosphonate", "denosumab", "romosozumab", "parathyroid"]
FraxKind = Literal["without_bmd", "with_bmd"]


class Record(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(Record):
    """A number of our own model: the median and its 90 % interval."""

    low: float
    median: float
    high: float


class Taken(Record):
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


def _fact(name: str, unit: str = "", text: str = "") -> Any:
    """A fact that may be unknown: what it is in few words, its unit, and in more words where that is not clear."""
    return Field(default=None, description=text or name, json_schema_extra={"name": name, "unit": unit})


Percent = Annotated[float, Field(ge=0, le=100)]  # a share in per cent
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]


class Day(Record):
    """The day."""

    on: date | None = _fact("day of the advice")


class Who(Record):
    """Who it is."""

    age_y: NotNegative | None = _fact("age", "y")
    sex: Literal["female", "male"] | None = _fact("sex")
    postmenopausal: bool | None = _fact("after menopause", "", "menopause has passed")
    pregnancy_possible: bool | None = _fact("pregnancy possible", "", "a pregnancy is planned or possible")
    bmi_kg_m2: NotNegative | None = _fact("body mass index", "kg/m2")


class Density(Record):
    """What DXA scans say."""

    t_score_lumbar_spine: float | None = _fact(
        "T-score of the lumbar spine", "SD", "T-score of the lumbar spine, latest scan"
    )
    t_score_femoral_neck: float | None = _fact(
        "T-score of the femoral neck", "SD", "T-score of the femoral neck, latest scan"
    )
    t_score_total_hip: float | None = _fact(
        "T-score of the total hip", "SD", "T-score of the total hip, latest scan"
    )
    z_score_lumbar_spine: float | None = _fact(
        "Z-score of the lumbar spine", "SD", "Z-score of the lumbar spine, latest scan"
    )
    z_score_femoral_neck: float | None = _fact(
        "Z-score of the femoral neck", "SD", "Z-score of the femoral neck, latest scan"
    )
    z_score_total_hip: float | None = _fact(
        "Z-score of the total hip", "SD", "Z-score of the total hip, latest scan"
    )
    dxa_on: date | None = _fact("day of the latest DXA scan")
    dxa_not_practical: bool | None = _fact(
        "no DXA scan in practice", "", "a DXA scan is not available or not practical"
    )
    dxa_scans: Count | None = _fact("DXA scans", "", "number of DXA scans of spine or hip so far")
    bmd_loss_beyond_lsc: bool | None = _fact(
        "loss beyond the least significant change",
        "",
        "density fell between scans by more than the least significant change",
    )


class Fractures(Record):
    """Fractures, and signs of them."""

    fragility_fracture: bool | None = _fact("fragility fracture", "", "a low-trauma fracture as an adult")
    fragility_fractures: Count | None = _fact(
        "fragility fractures", "", "number of low-trauma fractures as an adult"
    )
    hip_fracture: bool | None = _fact("hip fracture", "", "a low-trauma fracture of the hip")
    vertebral_fracture: bool | None = _fact(
        "vertebral fracture", "", "a low-trauma fracture of a vertebra, found on an image or by pain"
    )
    major_fracture: bool | None = _fact(
        "major osteoporotic fracture", "", "a low-trauma fracture of hip, spine, forearm or upper arm"
    )
    central_fracture_after_40: bool | None = _fact(
        "fracture of hip, spine, upper arm or pelvis after 40",
        "",
        "a low-trauma fracture of hip, spine, upper arm or pelvis after 40",
    )
    years_since_fracture: NotNegative | None = _fact(
        "latest fracture ago", "y", "time since the latest low-trauma fracture"
    )
    height_loss_cm: NotNegative | None = _fact("lost height", "cm", "height lost since youth")
    kyphosis: bool | None = _fact("kyphosis", "", "a rounded upper back (kyphosis)")
    back_pain: bool | None = _fact("acute back pain", "", "acute back pain with a risk of osteoporosis")


class Steroids(Record):
    """Glucocorticoids, in prednisone-equivalents."""

    steroid_mg_per_day: NotNegative | None = _fact(
        "daily steroids (prednisone)",
        "mg/d",
        "dose of daily steroid treatment today, prednisone-equivalent; 0 when there is none (pulses do not count)",
    )
    steroid_days: NotNegative | None = _fact(
        "daily steroids for", "d", "length of today's daily steroid treatment, past and planned"
    )
    steroid_month_mg_per_day: NotNegative | None = _fact(
        "steroids kept for more than 30 days",
        "mg/d",
        "highest daily steroid dose kept for more than 30 days in the past year, prednisone-equivalent",
    )
    steroid_g_per_year: NotNegative | None = _fact(
        "steroids in a year, pulses too",
        "g",
        "all steroids of the past year together, pulses too, prednisone-equivalent",
    )
    steroid_pulses_past_year: Count | None = _fact(
        "steroid pulses in a year", "", "short high-dose steroid courses in the past year"
    )
    steroid_ever: bool | None = _fact("steroids ever", "", "steroids were taken at some time, pulses too")
    steroid_stopped: bool | None = _fact(
        "daily steroids stopped", "", "daily steroid treatment was taken and has been stopped"
    )


class Risk(Record):
    """Probabilities of a fracture: typed in, and our own."""

    frax_mof_percent: Percent | None = _fact(
        "FRAX, major fracture", "%", "FRAX, major osteoporotic fracture in 10 years, typed in"
    )
    frax_hip_percent: Percent | None = _fact("FRAX, hip", "%", "FRAX, hip fracture in 10 years, typed in")
    frax_steroid_adjusted: bool | None = _fact(
        "FRAX adjusted for the steroid dose", "", "the FRAX values are already adjusted for the steroid dose"
    )
    frax_with_bmd: bool | None = _fact(
        "FRAX with bone density", "", "the FRAX values were calculated with bone density"
    )
    own_mof_percent: Range | None = _fact("our own probability, major osteoporotic fracture in 10 years", "%")
    own_hip_percent: Range | None = _fact("our own probability, hip fracture in 10 years", "%")
    near_intervention_threshold: bool | None = _fact(
        "risk near the threshold of a treatment",
        "",
        "the risk is in the region of the intervention threshold of a treatment that is considered",
    )
    dvo_3y_percent: Percent | None = _fact(
        "DVO 3-year risk", "%", "risk of a vertebral or hip fracture in 3 years (DVO), typed in"
    )


class Blood(Record):
    """Blood tests, the latest of each."""

    egfr_ml_min: NotNegative | None = _fact(
        "eGFR", "mL/min/1.73m2", "estimated glomerular filtration rate, latest"
    )
    calcium_mmol_l: NotNegative | None = _fact("calcium in blood", "mmol/L", "serum calcium, latest")
    vitamin_d_nmol_l: NotNegative | None = _fact(
        "25-hydroxyvitamin D", "nmol/L", "25-hydroxyvitamin D, latest"
    )
    egfr_on: date | None = _fact("day of the latest eGFR")
    calcium_on: date | None = _fact("day of the latest calcium")
    vitamin_d_on: date | None = _fact("day of the latest 25-hydroxyvitamin D")


class Sclerosis(Record):
    """MS, and falls."""

    ms: bool | None = _fact("MS", "", "multiple sclerosis")
    edss: Annotated[float, Field(ge=0, le=10)] | None = _fact("EDSS", "", "disability (EDSS)")
    aid: Aid | None = _fact("walking aid", "", "walking aid used most of the time")
    new_aid: bool | None = _fact(
        "new walking aid", "", "a walking aid was needed for the first time in the past year"
    )
    relapse_treated: bool | None = _fact(
        "relapse treated with steroids", "", "a relapse is treated with steroids now, or is about to be"
    )
    falls_past_year: Count | None = _fact("falls in a year", "", "falls in the past year")
    vitamin_d_for_ms: bool | None = _fact(
        "vitamin D wanted for MS itself", "", "vitamin D is wanted as a treatment of MS itself"
    )


class Conditions(Record):
    """Habits and diseases."""

    smoking: bool | None = _fact("smoking", "", "smokes now")
    alcohol_units_per_week: NotNegative | None = _fact("alcohol", "units a week", "alcohol, units a week")
    parental_hip_fracture: bool | None = _fact("a parent's hip fracture", "", "mother or father broke a hip")
    rheumatoid_arthritis: bool | None = _fact("rheumatoid arthritis")
    secondary_osteoporosis: bool | None = _fact(
        "another disease that weakens bone", "", "another disease that weakens bone (MS apart)"
    )
    type2_diabetes: bool | None = _fact("type 2 diabetes")
    heart_attack_or_stroke_past_year: bool | None = _fact(
        "heart attack or stroke in a year", "", "a heart attack or stroke in the past year"
    )
    skeletal_radiation: bool | None = _fact(
        "radiation of the skeleton", "", "radiation that reached the skeleton"
    )
    antiepileptic: bool | None = _fact("antiepileptic medicine", "", "takes an antiepileptic medicine")


class Treatment(Record):
    """Medicines for bone."""

    bone_drug: BoneDrug | None = _fact(
        "bone medicine", "", "class of the bone medicine taken now; none when there is none"
    )
    bone_drug_considered: bool | None = _fact(
        "bone medicine considered", "", "a bone medicine is being considered"
    )
    oral_bisphosphonate_y: NotNegative | None = _fact(
        "bisphosphonate tablets for", "y", "time on an oral bisphosphonate, 0 when it is not taken now"
    )
    zoledronate_y: NotNegative | None = _fact(
        "zoledronate for", "y", "time on zoledronate, 0 when it is not given now"
    )
    denosumab_days_since_dose: NotNegative | None = _fact(
        "latest denosumab ago", "d", "days since the latest dose of denosumab"
    )
    parathyroid_y: NotNegative | None = _fact(
        "teriparatide or abaloparatide for", "y", "time on teriparatide or abaloparatide in life"
    )
    romosozumab_y: NotNegative | None = _fact("romosozumab for", "y", "time on romosozumab")
    stopping: BoneDrug | None = _fact(
        "being stopped",
        "",
        "a bone medicine being stopped, or stopped in the past year, with nothing after it",
    )
    bone_drug_change_y: NotNegative | None = _fact(
        "bone medicine changed ago", "y", "time since a bone medicine was started or changed"
    )
    medicines: tuple[Taken, ...] | None = _fact("medicines with their dates")


class Living(Record):
    """Food and activity."""

    calcium_mg_per_day: NotNegative | None = _fact("calcium from food and tablets", "mg/d")
    vitamin_d_ug_per_day: NotNegative | None = _fact("vitamin D from tablets", "ug/d")
    moderate_minutes_per_week: NotNegative | None = _fact(
        "moderate activity", "min/week", "at least moderate activity"
    )
    resistance_sessions_per_week: NotNegative | None = _fact(
        "strength training", "a week", "strength training, sessions a week"
    )
    balance_sessions_per_week: NotNegative | None = _fact(
        "balance training", "a week", "balance training, sessions a week"
    )
    steps_per_day: NotNegative | None = _fact("steps a day")
