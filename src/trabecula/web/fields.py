"""The form's questions: which field of the record each one fills, in which step, in which words (`form.yaml`).

What kind of value a field takes comes from the record itself (`trabecula.person`), so that the two cannot disagree;
risk factors, sites and countries come from the vocabulary, so that a row more is a question or a choice more.
Everything that is read is an id of the catalogues, or a message of the vocabulary; units that are signs stand as they
are.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trabecula.data_files import read_mapping
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
    more: str = "web.or_field_by_field"
    """What opens the questions that say more."""
    folded: bool = False
    """Less often needed: shown when asked for, or when something is in it."""
    blank: int = 1
    """Rows that are shown empty at first, so that several can be typed on one page."""
    visit: tuple[str, ...] = ()
    """Names of fields that the rows of one visit share, such as the date; empty where every row stands alone."""
    by: str = ""
    """The name of the field that tells the rows of a visit apart, such as the site."""

    @property
    def shared(self) -> tuple[FormField, ...]:
        """The fields that are asked once for a visit."""
        return tuple(field for field in self.fields if field.name in self.visit)

    @property
    def measured(self) -> tuple[FormField, ...]:
        """The fields that are asked in each row of a visit."""
        return tuple(field for field in self.fields if field.name not in (*self.visit, self.by))


@dataclass(frozen=True)
class FormStep:
    """A page of the form."""

    id: str
    """In addresses of its buttons, never shown."""
    title: str
    groups: tuple[FieldGroup, ...]
    about: str = ""


def _step(id: str, page: Mapping[str, Any]) -> FormStep:
    """A page of the form, as the file has it."""
    return FormStep(id, page["title"], tuple(map(_group, page["groups"])), page.get("about", ""))


def _group(group: Mapping[str, Any]) -> FieldGroup:
    """Questions under one heading, as the file has them."""
    fields = tuple(chain(*map(_asked, group["fields"])))
    return FieldGroup(**{**group, "fields": fields, "visit": tuple(group.get("visit", ()))})


def _asked(row: Mapping[str, Any]) -> Iterator[FormField]:
    """A question of the file, or those about a group of risk factors, in the order of the vocabulary."""
    if "factors" in row:
        factors = (factor for factor in RISK_FACTORS.values() if factor.form == row["factors"])
        yield from (FormField(factor.key, factor.asks, factor.in_unit or "", factor.hints or "") for factor in factors)
    else:
        unit = row.get("unit", "")
        is_sign = unit and not unit.startswith("unit.")
        yield FormField(**{**row, "unit": verbatim(unit) if is_sign else unit})


STEPS = tuple(_step(id, page) for id, page in read_mapping(Path(__file__).with_name("form.yaml")).items())
"""The pages of the form, as `form.yaml` has them, in their order."""
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
    annotation = _bare(_field(path).annotation)
    if get_origin(annotation) is Literal or _table_of(path) is not None:
        return "choice"
    kinds: dict[Any, Kind] = {bool: "yes_no", int: "whole", float: "number", str: "text"}
    return kinds.get(annotation, "date")


@cache
def choices(path: str) -> tuple[str, ...]:
    """The words a field of choices allows."""
    mark = _table_of(path)
    return get_args(_bare(_field(path).annotation)) if mark is None else mark.choices


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
