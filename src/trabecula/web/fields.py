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
from trabecula.web.marking import marked as _

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


_DATE = _("Like 2014-05-02; 2014-05 or 2014 when only that is known.")

PERSON = Step("person", _("About the person"), (
    Group(_("Who it is about"), (
        Field("birth_date", _("Date of birth"), hint=_DATE),
        Field("sex", _("Sex at birth"), hint=_("It sets peak bone mass and hormones.")),
        Field("country", _("Country"), hint=_("Whose fracture and death rates are used; empty means the US.")),
        Field("assessed_on", _("Day of assessment"), hint=_("Empty means today."), default="today"),
    )),
    Group(_("Body"), (
        Field("height_cm", _("Height"), "cm"),
        Field("weight_kg", _("Weight"), "kg"),
        Field("ancestry", _("Ancestry"), hint=_("As the reference data of bone density are divided.")),
    )),
    Group(_("Menopause and pregnancy (women)"), (
        Field("menopausal", _("Menopause has passed"), hint=_("Leave empty when you give the age below.")),
        Field("menopause.age_y", _("Age at the last period"), _("years")),
        Field("menopause.cause", _("Why")),
        Field("pregnancy_wish", _("A pregnancy is planned or possible")),
    ), folded=True),
), _(
    "Only the date of birth and the sex are needed. Everything else narrows the answer; leave empty what is not known. "
    "Do not enter names."
))  # fmt: skip

MS = Step("ms", _("Multiple sclerosis"), (
    Group(_("The disease"), (
        Field("ms.onset", _("First symptom"), hint=_DATE),
        Field("ms.diagnosis", _("Diagnosis"), hint=_DATE),
        Field("ms.course", _("Course today")),
    )),
    Group(_("Disability"), (
        Field("ms.disability[].date", _("Date"), hint=_("Empty means the day of assessment."), default="today"),
        Field("ms.disability[].edss", _("EDSS"), hint=_("0 to 10, in half steps.")),
        Field("ms.disability[].pdds", _("PDDS"), hint=_("0 to 8.")),
        Field("ms.disability[].walking_distance_m", _("Walks without a rest"), "m"),
        Field("ms.disability[].aid", _("Walks with")),
    ), "ms.disability", _("One measure for each day: EDSS, PDDS or a walking distance. Older ones help too."),
        _("Examination")),
    Group(_("Relapses"), (
        Field("ms.relapses[].date", _("Began"), hint=_DATE),
        Field("ms.relapses[].severity", _("At its worst")),
        Field("ms.relapses[].recovered", _("Full recovery")),
    ), "ms.relapses", "", _("Relapse"), folded=True),
    Group(_("Medicines against MS"), (
        Field("ms.disease_modifying_drugs[].drug", _("Medicine"), hint=_("The generic name, such as ocrelizumab.")),
        Field("ms.disease_modifying_drugs[].start", _("From"), hint=_DATE),
        Field("ms.disease_modifying_drugs[].end", _("Until"), hint=_("Empty while it goes on.")),
    ), "ms.disease_modifying_drugs", "", _("Medicine"), folded=True),
), _("Leave this page empty for a person without MS."))  # fmt: skip

STEROIDS = Step("steroids", _("Steroids"), (
    Group(_("Courses of steroids (glucocorticoids)"), (
        Field("steroids[].start", _("First day"), hint=_DATE),
        Field("steroids[].end", _("Last day"), hint=_("Empty when the text says it, or while it goes on.")),
        Field("steroids[].as_written", _("As a clinic writes it"),
              hint=_("Like: 5 x 1 g IV methylprednisolone, then prednisone taper")),
        Field("steroids[].drug", _("Drug"), more=True),
        Field("steroids[].route", _("Route"), more=True),
        Field("steroids[].dose_mg", _("Each dose"), "mg", more=True),
        Field("steroids[].days", _("Days at this dose"), _("days"), more=True),
    ), "steroids", _("Infusions and tablets, one entry for each course: in words, or drug and dose field by field."),
        _("Course")),
))  # fmt: skip

BONES = Step("bones", _("Bone scans, fractures, falls"), (
    Group(_("Bone density scans (DXA)"), (
        Field("dxa[].date", _("Date"), hint=_DATE),
        Field("dxa[].site", _("Site")),
        Field("dxa[].bmd_g_cm2", _("Density"), "g/cm²"),
        Field("dxa[].t_score", _("T-score"), "SD"),
        Field("dxa[].z_score", _("Z-score"), "SD"),
        Field("dxa[].device", _("Make of the scanner")),
    ), "dxa", _("One entry for each site and day. The density is worth more than a T-score."), _("Scan")),
    Group(_("Broken bones since the age of 18"), (
        Field("fractures[].site", _("Bone")),
        Field("fractures[].date", _("Date"), hint=_DATE),
        Field("fractures[].trauma", _("Force"), hint=_("Low: a fall from standing height or less.")),
    ), "fractures", "", _("Fracture")),
    Group(_("Falls"), (
        Field("falls[].count", _("Number of falls"), _("falls"), _("0 is worth writing down.")),
        Field("falls[].period_months", _("In the last"), _("months"), _("Empty means 12."), default="12"),
    ), "falls", "", _("Count")),
    Group(_("Family and height"), (
        Field("parental_hip_fracture", _("Mother or father broke a hip")),
        Field("height_loss_cm", _("Height lost since the age of 25"), "cm"),
    )),
))  # fmt: skip

LIFE = Step("life", _("Activity, medicines, health"), (
    Group(_("Activity"), (
        Field("activity[].date", _("Date"), hint=_("Empty means the day of assessment."), default="today"),
        Field("activity[].moderate_minutes_per_week", _("At least moderate activity"), _("minutes a week")),
        Field("activity[].resistance_sessions_per_week", _("Strength training"), _("sessions a week")),
        Field("activity[].impact_sessions_per_week", _("Jumps, running or dancing"), _("sessions a week")),
        Field("activity[].steps_per_day", _("Steps"), _("a day")),
    ), "activity", "", _("Time")),
    Group(_("Medicines for bone, and any other"), (
        Field("medicines[].drug", _("Medicine"),
              hint=_("The generic name, such as denosumab. Steroids belong to their own page.")),
        Field("medicines[].start", _("From"), hint=_DATE),
        Field("medicines[].end", _("Until"), hint=_("Empty while it goes on.")),
        Field("medicines[].dose_mg", _("Each dose"), "mg"),
        Field("medicines[].per", _("One dose every"), hint=_("Like: day, week, 6 months")),
    ), "medicines", "", _("Medicine")),
    Group(_("Food and habits"), (
        Field("calcium_mg_per_day", _("Calcium, food and tablets"), _("mg a day")),
        Field("vitamin_d_ug_per_day", _("Vitamin D tablets"), _("µg a day"), _("1 µg is 40 IU.")),
        Field("smoking", _("Smoking")),
        Field("alcohol_units_per_day", _("Alcohol"), _("units a day"), _("A unit is a small glass.")),
    )),
    Group(_("Other diseases"), (
        Field("rheumatoid_arthritis", _("Rheumatoid arthritis")),
        Field("diabetes", _("Diabetes")),
        Field("chronic_kidney_disease", _("Kidney disease, stage 3 or worse")),
        Field("epilepsy", _("Epilepsy")),
        Field("stroke", _("Stroke")),
        Field("heart_attack", _("Heart attack")),
        Field("copd", _("COPD")),
        Field("secondary_osteoporosis", _("Another disease that weakens bone")),
        Field("skeletal_radiation", _("Radiation that reached bones")),
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
