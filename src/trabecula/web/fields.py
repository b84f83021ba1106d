"""The form's questions: which field of the record each one fills, in which step, in which words.

What kind of value a field takes comes from the record itself (`trabecula.person`), so that the two cannot disagree.
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from trabecula.person import Person
from trabecula.web.entries import MOST

Kind = Literal["text", "number", "whole", "yes_no", "choice", "date"]


@dataclass(frozen=True)
class Field:
    """One question. `path` has empty brackets in a list: `steroids[].start`."""

    path: str
    label: str
    unit: str = ""
    hint: str = ""
    default: str = ""
    """What an empty answer means when the rest of its row is filled; "today" is the day of assessment."""
    more: bool = False
    """Another way to say the same, shown when asked for, or when it is filled."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Group:
    """Questions under one heading; `rows` names the list of which they are one row."""

    title: str
    fields: tuple[Field, ...]
    rows: str = ""
    about: str = ""
    each: str = ""
    """What one row is called."""
    folded: bool = False
    """Less often needed: shown when asked for, or when something is in it."""


@dataclass(frozen=True)
class Step:
    """A page of the form."""

    id: str
    title: str
    groups: tuple[Group, ...]
    about: str = ""


_DATE = "form.like_2014_05_02_2014_05"

PERSON = Step("person", "form.about_the_person", (
    Group("form.who_it_is_about", (
        Field("birth_date", "form.date_of_birth", hint=_DATE),
        Field("sex", "form.sex_at_birth", hint="form.it_sets_peak_bone_mass_and"),
        Field("country", "form.country", hint="form.whose_fracture_and_death_rates_are"),
        Field("assessed_on", "form.day_of_assessment", hint="form.empty_means_today", default="today"),
    )),
    Group("form.body", (
        Field("height_cm", "form.height", "cm"),
        Field("weight_kg", "form.weight", "kg"),
        Field("ancestry", "form.ancestry", hint="form.as_the_reference_data_of_bone"),
    )),
    Group("form.menopause_and_pregnancy_women", (
        Field("menopausal", "form.menopause_has_passed", hint="form.leave_empty_when_you_give_the"),
        Field("menopause.age_y", "form.age_at_the_last_period", "form.years"),
        Field("menopause.cause", "form.why"),
        Field("pregnancy_wish", "form.a_pregnancy_is_planned_or_possible"),
    ), folded=True),
), "form.only_the_date_of_birth_and")  # fmt: skip

MS = Step("ms", "form.multiple_sclerosis", (
    Group("form.the_disease", (
        Field("ms.onset", "form.first_symptom", hint=_DATE),
        Field("ms.diagnosis", "form.diagnosis", hint=_DATE),
        Field("ms.course", "form.course_today"),
    )),
    Group("form.disability", (
        Field("ms.disability[].date", "form.date", hint="form.empty_means_the_day_of_assessment", default="today"),
        Field("ms.disability[].edss", "fact.edss", hint="form.0_to_10_in_half_steps"),
        Field("ms.disability[].pdds", "form.pdds", hint="form.0_to_8"),
        Field("ms.disability[].walking_distance_m", "form.walks_without_a_rest", "m"),
        Field("ms.disability[].aid", "form.walks_with"),
    ), "ms.disability", "form.one_measure_for_each_day_edss",
        "form.examination"),
    Group("form.relapses", (
        Field("ms.relapses[].date", "form.began", hint=_DATE),
        Field("ms.relapses[].severity", "form.at_its_worst"),
        Field("ms.relapses[].recovered", "form.full_recovery"),
    ), "ms.relapses", "", "form.relapse", folded=True),
    Group("form.medicines_against_ms", (
        Field("ms.disease_modifying_drugs[].drug", "form.medicine", hint="form.the_generic_name_such_as_ocrelizumab"),
        Field("ms.disease_modifying_drugs[].start", "form.from", hint=_DATE),
        Field("ms.disease_modifying_drugs[].end", "form.until", hint="form.empty_while_it_goes_on"),
    ), "ms.disease_modifying_drugs", "", "form.medicine", folded=True),
), "form.leave_this_page_empty_for_a")  # fmt: skip

STEROIDS = Step("steroids", "page.steroids", (
    Group("form.courses_of_steroids_glucocorticoids", (
        Field("steroids[].start", "form.first_day", hint=_DATE),
        Field("steroids[].end", "form.last_day", hint="form.empty_when_the_text_says_it"),
        Field("steroids[].as_written", "form.as_a_clinic_writes_it",
              hint="form.like_5_x_1_g_iv"),
        Field("steroids[].drug", "form.drug", more=True),
        Field("steroids[].route", "form.route", more=True),
        Field("steroids[].dose_mg", "form.each_dose", "mg", more=True),
        Field("steroids[].days", "form.days_at_this_dose", "form.days", more=True),
    ), "steroids", "form.infusions_and_tablets_one_entry_for",
        "form.course"),
))  # fmt: skip

BONES = Step("bones", "form.bone_scans_fractures_falls", (
    Group("form.bone_density_scans_dxa", (
        Field("dxa[].date", "form.date", hint=_DATE),
        Field("dxa[].site", "form.site"),
        Field("dxa[].bmd_g_cm2", "form.density", "g/cm²"),
        Field("dxa[].t_score", "form.t_score", "SD"),
        Field("dxa[].z_score", "form.z_score", "SD"),
        Field("dxa[].device", "form.make_of_the_scanner"),
    ), "dxa", "form.one_entry_for_each_site_and", "form.scan"),
    Group("form.broken_bones_since_the_age_of", (
        Field("fractures[].site", "picture.bone"),
        Field("fractures[].date", "form.date", hint=_DATE),
        Field("fractures[].trauma", "form.force", hint="form.low_a_fall_from_standing_height"),
    ), "fractures", "", "form.fracture"),
    Group("page.falls", (
        Field("falls[].count", "form.number_of_falls", "form.falls", "form.0_is_worth_writing_down"),
        Field("falls[].period_months", "form.in_the_last", "form.months", "form.empty_means_12", default="12"),
    ), "falls", "", "form.count"),
    Group("form.family_and_height", (
        Field("parental_hip_fracture", "form.mother_or_father_broke_a_hip"),
        Field("height_loss_cm", "form.height_lost_since_the_age_of", "cm"),
    )),
))  # fmt: skip

LIFE = Step("life", "form.activity_medicines_health", (
    Group("form.activity", (
        Field("activity[].date", "form.date", hint="form.empty_means_the_day_of_assessment", default="today"),
        Field("activity[].moderate_minutes_per_week", "form.at_least_moderate_activity", "form.minutes_a_week"),
        Field("activity[].resistance_sessions_per_week", "form.strength_training", "form.sessions_a_week"),
        Field("activity[].impact_sessions_per_week", "form.jumps_running_or_dancing", "form.sessions_a_week"),
        Field("activity[].steps_per_day", "form.steps", "form.a_day"),
    ), "activity", "", "form.time"),
    Group("form.medicines_for_bone_and_any_other", (
        Field("medicines[].drug", "form.medicine",
              hint="form.the_generic_name_such_as_denosumab"),
        Field("medicines[].start", "form.from", hint=_DATE),
        Field("medicines[].end", "form.until", hint="form.empty_while_it_goes_on"),
        Field("medicines[].dose_mg", "form.each_dose", "mg"),
        Field("medicines[].per", "form.one_dose_every", hint="form.like_day_week_6_months"),
    ), "medicines", "", "form.medicine"),
    Group("form.food_and_habits", (
        Field("calcium_mg_per_day", "form.calcium_food_and_tablets", "form.mg_a_day"),
        Field("vitamin_d_ug_per_day", "form.vitamin_d_tablets", "form.µg_a_day", "form.1_µg_is_40_iu"),
        Field("smoking", "form.smoking"),
        Field("alcohol_units_per_day", "form.alcohol", "form.units_a_day", "form.a_unit_is_a_small_glass"),
    )),
    Group("form.other_diseases", (
        Field("rheumatoid_arthritis", "form.rheumatoid_arthritis"),
        Field("diabetes", "form.diabetes"),
        Field("chronic_kidney_disease", "form.kidney_disease_stage_3_or_worse"),
        Field("epilepsy", "form.epilepsy"),
        Field("stroke", "form.stroke"),
        Field("heart_attack", "form.heart_attack"),
        Field("copd", "form.copd"),
        Field("secondary_osteoporosis", "form.another_disease_that_weakens_bone"),
        Field("skeletal_radiation", "form.radiation_that_reached_bones"),
    ), folded=True),
))  # fmt: skip

STEPS = (PERSON, MS, STEROIDS, BONES, LIFE)
REVIEW = "review"
LISTS = frozenset(group.rows for step in STEPS for group in step.groups if group.rows)
MOST_SHOWN = MOST * max(len(group.fields) for step in STEPS for group in step.groups if group.rows)
"""Fields on a page with the longest list: each of its rows may have but one value."""
FIELDS = {field.path: field for step in STEPS for group in step.groups for field in group.fields}
GROUPS = {field.path: group for step in STEPS for group in step.groups for field in group.fields}
STEP_OF = {field.path: step for step in STEPS for group in step.groups for field in group.fields}


@cache
def kind_of(path: str) -> Kind:
    """What kind of value a field takes."""
    annotation = _bare(_annotation(path))
    if get_origin(annotation) is Literal:
        return "choice"
    kinds: dict[Any, Kind] = {bool: "yes_no", int: "whole", float: "number", str: "text"}
    return kinds.get(annotation, "date")


@cache
def choices(path: str) -> tuple[str, ...]:
    """The words a field of choices allows."""
    return get_args(_bare(_annotation(path)))


def _annotation(path: str) -> Any:
    """The annotation of a field of the record."""
    part: type[BaseModel] = Person
    *way, last = path.replace("[]", "").split(".")
    for step in way:
        part = next(_parts(part.model_fields[step].annotation))
    return part.model_fields[last].annotation


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    """The kinds of record within an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _bare(annotation: Any) -> Any:
    """The annotation without what may be left out and without marks."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(each for each in get_args(annotation) if each is not types.NoneType))
    return annotation
