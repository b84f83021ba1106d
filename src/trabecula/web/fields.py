"""The form's questions: which field of the record each one fills, in which step, in which words.

What kind of value a field takes comes from the record itself (`trabecula.person`), so that the two cannot disagree;
risk factors, sites and countries come from the vocabulary, so that a row more is a question or a choice more.
Everything that is read is an id of the catalogues, or a message of the vocabulary; units that are signs stand as they
are.
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trabecula.person import Person
from trabecula.vocabulary import RISK_FACTORS, OneOf
from trabecula.web.entries import MOST_VALUES
from trabecula.words.message import Message, verbatim

Kind = Literal["text", "number", "whole", "yes_no", "choice", "date"]


@dataclass(frozen=True)
class FormField:
    """One question."""

    path: str
    """Of the field in the record; a list has empty brackets: `steroids[].start`."""
    label: str | Message
    unit: str | Message = ""
    """Behind the entry: a sign (mg), an id, or a message."""
    hint: str | Message = ""
    """Below the entry; in the rows of a list it is shown once."""
    default: str = ""
    """What an empty answer means when the rest of its row is filled; "today" is the day of assessment."""
    more: bool = False
    """Another way to say the same, shown when asked for, or when it is filled."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class FieldGroup:
    """Questions under one heading."""

    title: str
    fields: tuple[FormField, ...]
    rows: str = ""
    """The list of the record (`ms.relapses`) of which the questions are one row; empty for questions asked once."""
    about: str = ""
    """A sentence below the heading."""
    row_name: str = ""
    """What one row is called."""
    folded: bool = False
    """Less often needed: shown when asked for, or when something is in it."""


@dataclass(frozen=True)
class FormStep:
    """A page of the form."""

    id: str
    """In addresses of its buttons, never shown."""
    title: str
    groups: tuple[FieldGroup, ...]
    about: str = ""


_DATE = "form.date.hint"


def _factors(group: str) -> tuple[FormField, ...]:
    """The questions about risk factors of a group, in the order of the vocabulary."""
    rows = (row for row in RISK_FACTORS.values() if row.form == group)
    return tuple(FormField(row.key, row.asks, row.in_unit or "", row.hints or "") for row in rows)


PERSON = FormStep("person", "form.step.person", (
    FieldGroup("form.group.who", (
        FormField("birth_date", "form.date_of_birth", hint=_DATE),
        FormField("sex", "form.sex", hint="form.sex.hint"),
        FormField("country", "form.country", hint="form.country.hint"),
        FormField("assessed_on", "form.day_of_assessment", hint="form.date.empty_means_today", default="today"),
    )),
    FieldGroup("form.group.body", (
        FormField("height_cm", "form.height", verbatim("cm")),
        FormField("weight_kg", "form.weight", verbatim("kg")),
        FormField("ancestry", "form.ancestry", hint="form.ancestry.hint"),
    )),
    FieldGroup("form.group.menopause", (
        FormField("menopausal", "form.menopausal", hint="form.menopausal.hint"),
        FormField("menopause.age_y", "form.menopause_age", "unit.years"),
        FormField("menopause.cause", "form.menopause_cause"),
        FormField("pregnancy_wish", "form.pregnancy_wish"),
    ), folded=True),
), "form.step.person.about")  # fmt: skip

MS = FormStep("ms", "form.step.ms", (
    FieldGroup("form.group.disease", (
        FormField("ms.onset", "form.first_symptom", hint=_DATE),
        FormField("ms.diagnosis", "form.diagnosis", hint=_DATE),
        FormField("ms.course", "form.course_today"),
    )),
    FieldGroup("form.group.disability", (
        FormField("ms.disability[].date", "form.date", hint="form.date.empty_means_assessment", default="today"),
        FormField("ms.disability[].edss", "fact.edss", hint="form.edss.hint"),
        FormField("ms.disability[].pdds", "form.pdds", hint="form.pdds.hint"),
        FormField("ms.disability[].walking_distance_m", "form.walking_distance", verbatim("m")),
        FormField("ms.disability[].aid", "form.walking_aid"),
    ), "ms.disability", "form.group.disability.about",
        "form.examination"),
    FieldGroup("form.group.relapses", (
        FormField("ms.relapses[].date", "form.began", hint=_DATE),
        FormField("ms.relapses[].severity", "form.at_its_worst"),
        FormField("ms.relapses[].recovered", "form.full_recovery"),
    ), "ms.relapses", "", "form.relapse", folded=True),
    FieldGroup("form.group.ms_medicines", (
        FormField("ms.disease_modifying_drugs[].drug", "form.medicine",
                  hint="form.ms_medicine.hint"),
        FormField("ms.disease_modifying_drugs[].start", "form.from", hint=_DATE),
        FormField("ms.disease_modifying_drugs[].end", "form.until", hint="form.until.hint"),
    ), "ms.disease_modifying_drugs", "", "form.medicine", folded=True),
), "form.step.ms.about")  # fmt: skip

STEROIDS = FormStep("steroids", "page.steroids", (
    FieldGroup("form.group.steroids", (
        FormField("steroids[].start", "form.first_day", hint=_DATE),
        FormField("steroids[].end", "form.last_day", hint="form.last_day.hint"),
        FormField("steroids[].as_written", "form.as_written",
              hint="form.as_written.hint"),
        FormField("steroids[].drug", "form.drug", more=True),
        FormField("steroids[].route", "form.route", more=True),
        FormField("steroids[].dose_mg", "form.each_dose", verbatim("mg"), more=True),
        FormField("steroids[].days", "form.days_at_this_dose", "unit.days", more=True),
    ), "steroids", "form.group.steroids.about",
        "form.course"),
))  # fmt: skip

BONES = FormStep("bones", "form.step.bones", (
    FieldGroup("form.group.scans", (
        FormField("dxa[].date", "form.date", hint=_DATE),
        FormField("dxa[].site", "form.site"),
        FormField("dxa[].bmd_g_cm2", "form.density", verbatim("g/cm²")),
        FormField("dxa[].t_score", "form.t_score", verbatim("SD")),
        FormField("dxa[].z_score", "form.z_score", verbatim("SD")),
        FormField("dxa[].device", "form.make_of_the_scanner"),
    ), "dxa", "form.group.scans.about", "form.scan"),
    FieldGroup("form.group.fractures", (
        FormField("fractures[].site", "picture.bone"),
        FormField("fractures[].date", "form.date", hint=_DATE),
        FormField("fractures[].trauma", "form.trauma", hint="form.trauma.hint"),
    ), "fractures", "", "form.fracture"),
    FieldGroup("page.falls", (
        FormField("falls[].count", "form.number_of_falls", "unit.falls", "form.falls.hint"),
        FormField("falls[].period_months", "form.in_the_last", "unit.months", "form.period.hint", default="12"),
    ), "falls", "", "form.count"),
    FieldGroup("form.group.family_and_height", (
        *_factors("family_and_height"),
        FormField("height_loss_cm", "form.height_loss", verbatim("cm")),
    )),
))  # fmt: skip

LIFE = FormStep("life", "form.step.life", (
    FieldGroup("form.group.activity", (
        FormField("activity[].date", "form.date", hint="form.date.empty_means_assessment", default="today"),
        FormField("activity[].moderate_minutes_per_week", "form.moderate_activity", "unit.minutes_a_week"),
        FormField("activity[].resistance_sessions_per_week", "form.strength_training", "unit.sessions_a_week"),
        FormField("activity[].impact_sessions_per_week", "form.impact_training", "unit.sessions_a_week"),
        FormField("activity[].steps_per_day", "form.steps", "unit.a_day"),
    ), "activity", "", "form.time"),
    FieldGroup("form.group.medicines", (
        FormField("medicines[].drug", "form.medicine",
              hint="form.medicine.hint"),
        FormField("medicines[].start", "form.from", hint=_DATE),
        FormField("medicines[].end", "form.until", hint="form.until.hint"),
        FormField("medicines[].dose_mg", "form.each_dose", verbatim("mg")),
        FormField("medicines[].per", "form.one_dose_every", hint="form.per.hint"),
    ), "medicines", "", "form.medicine"),
    FieldGroup("form.group.food_and_habits", (
        FormField("calcium_mg_per_day", "form.calcium", "unit.mg_a_day"),
        FormField("vitamin_d_ug_per_day", "form.vitamin_d", "unit.ug_a_day", "form.vitamin_d.hint"),
        *_factors("food_and_habits"),
    )),
    FieldGroup("form.group.other_diseases", (
        *_factors("other_diseases"),
    ), folded=True),
))  # fmt: skip

STEPS = (PERSON, MS, STEROIDS, BONES, LIFE)
REVIEW = "review"
LISTS = frozenset(group.rows for step in STEPS for group in step.groups if group.rows)
MOST_SHOWN = MOST_VALUES * max(len(group.fields) for step in STEPS for group in step.groups if group.rows)
"""Fields on a page with the longest list: each of its rows may have but one value."""
FIELDS = {field.path: field for step in STEPS for group in step.groups for field in group.fields}
GROUPS = {field.path: group for step in STEPS for group in step.groups for field in group.fields}
STEP_OF = {field.path: step for step in STEPS for group in step.groups for field in group.fields}


@cache
def kind_of(path: str) -> Kind:
    """What kind of value a field takes, as the record's annotation says.

    A Literal, or the keys of a table of the vocabulary, are choices.
    """
    annotation = _bare(_annotation(path))
    if get_origin(annotation) is Literal or _table_of(path) is not None:
        return "choice"
    kinds: dict[Any, Kind] = {bool: "yes_no", int: "whole", float: "number", str: "text"}
    return kinds.get(annotation, "date")


@cache
def choices(path: str) -> tuple[str, ...]:
    """The words a field of choices allows."""
    mark = _table_of(path)
    return get_args(_bare(_annotation(path))) if mark is None else mark.choices


def choice_name(path: str, word: str) -> Message | None:
    """What one of the choices of a field is called, where the vocabulary has it."""
    mark, factor = _table_of(path), RISK_FACTORS.get(path)
    if factor is not None and word in factor.choices:
        return factor.choice(word)
    return None if mark is None else mark.name_of(word)


def _table_of(path: str) -> OneOf | None:
    """The mark of a field whose answers are the keys of a table."""
    field = _field(path)
    marks = [*field.metadata, *(mark for part in _annotated(field.annotation) for mark in part)]
    return next((mark for mark in marks if isinstance(mark, OneOf)), None)


def _annotated(annotation: Any) -> Iterator[tuple[Any, ...]]:
    """The marks within an annotation."""
    if get_origin(annotation) is Annotated:
        yield get_args(annotation)[1:]
    for inner in get_args(annotation):
        yield from _annotated(inner)


def _annotation(path: str) -> Any:
    """The annotation of a field of the record."""
    return _field(path).annotation


def _field(path: str) -> FieldInfo:
    """A field of the record."""
    part: type[BaseModel] = Person
    *way, last = path.replace("[]", "").split(".")
    for step in way:
        part = next(_parts(part.model_fields[step].annotation))
    return part.model_fields[last]


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
        return _bare(next(kind for kind in get_args(annotation) if kind is not types.NoneType))
    return annotation
