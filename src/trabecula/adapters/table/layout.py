"""The sheets and columns of tables, made from the record itself: a field of a record is a column.

People have their single fields in one row; every list of the record is a sheet, one entry a row.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from trabecula.data_files import read_mapping
from trabecula.person import Person
from trabecula.person.history import Menopause
from trabecula.person.parts import RecordPart
from trabecula.person.sclerosis import MultipleSclerosis
from trabecula.vocabulary import SKELETAL_SITES, OneOf

PEOPLE = "people"
_WORDS = read_mapping(Path(__file__).with_name("layout.yaml"))
_GROUPS: Mapping[str, type[BaseModel]] = {"menopause": Menopause, "ms": MultipleSclerosis}
"""Groups of fields whose single ones stand in a person's row."""
_UNITS = ("in", "kg", "cm", "m", "mg", "g/cm2", "g/cm²", "g", "y", "d", "%", "sd")
_NOT_COLUMNS = ("schema_version", "assessed_on")


@dataclass(frozen=True)
class TableField:
    """One column: the field of the record, and what its cells hold."""

    name: str
    """The path in the row's part of the record: `ms.onset`, `dose_mg`."""
    kind: str
    """date, number, whole, yes_no, choice, country, nested or text."""
    choices: tuple[str, ...] = ()
    names: OneOf | None = None
    """Where the choices are rows of the vocabulary: what else they are called."""


@dataclass(frozen=True)
class TableSheet:
    """One sheet: the list of the record that its rows are entries of; of people, the record itself."""

    name: str
    fields: Mapping[str, TableField]


@cache
def sheets() -> Mapping[str, TableSheet]:
    """All sheets by name, that of people first."""
    lists = dict(_lists(Person))
    lists |= {f"ms.{name}": part for name, part in _lists(MultipleSclerosis)}
    found = {PEOPLE: TableSheet(PEOPLE, {field.name: field for field in (*_of_people(), *_shortcuts())})}
    for name, part in lists.items():
        found[name] = TableSheet(name, {field.name: field for field in _fields(part)})
    return found


def plain(word: str) -> str:
    """A word as names are compared: small letters, no units in brackets, no signs between words."""
    without = re.sub(r"[\(\[].*?[\)\]]", " ", word.lower())
    return " ".join(re.sub(r"[^\w/%]+|_", " ", without).split())


def without_unit(word: str) -> str:
    """A name without the units and small words behind it: gewicht in kg is gewicht."""
    parts = word.split()
    while len(parts) > 1 and parts[-1] in _UNITS:
        parts.pop()
    return " ".join(parts)


@cache
def sheet_names() -> Mapping[str, str]:
    """The sheet behind each of its names."""
    own = {plain(short): name for name in sheets() for short in (name, name.rpartition(".")[2])}
    return {**own, **{plain(alias): name for name, words in _WORDS["sheets"].items() for alias in words}}


@cache
def column_names(sheet: str) -> Mapping[str, str]:
    """The field behind each name of a column of a sheet; the field's own name goes before others' aliases."""
    fields = ("id", *sheets()[sheet].fields)
    found: dict[str, str] = {}
    for field in fields:
        found |= {plain(str(alias)): field for alias in _WORDS["columns"].get(field, ())}
    found |= {plain(field): field for field in fields}
    if "start" in fields and "date" not in fields:  # the day of a course is the day on which it began
        found = {plain(str(alias)): "start" for alias in _WORDS["columns"]["date"]} | found
    return found


@cache
def answers(choices: tuple[str, ...]) -> Mapping[str, str]:
    """The choice behind each of its names."""
    slips = read_mapping(Path(__file__).parents[2] / "person" / "slips.yaml")["choices"]
    found = {
        plain(str(alias)) or str(alias): choice
        for words in (slips, _WORDS["choices"])
        for choice in choices
        for alias in words.get(choice, ())
    }
    return found | {plain(choice): choice for choice in choices}


@cache
def words(kind: str) -> frozenset[str]:
    """The words for `yes`, `no` or `unknown`."""
    return frozenset(plain(str(word)) or str(word) for word in _WORDS[kind])


@cache
def country_words() -> Mapping[str, str]:
    """The country behind what clinics write for it beside its names."""
    return {plain(str(word)): country for country, words in _WORDS["countries"].items() for word in words}


def _lists(part: type[BaseModel]) -> Iterator[tuple[str, type[RecordPart]]]:
    """The lists of a part of the record, with what their entries are."""
    for name, field in part.model_fields.items():
        if get_origin(field.annotation) is tuple:
            yield name, get_args(field.annotation)[0]


def _of_people() -> Iterator[TableField]:
    """The single fields of a record, and those of its groups."""
    for field in _fields(Person):
        if field.name in _GROUPS:
            yield from (
                TableField(f"{field.name}.{inner.name}", inner.kind, inner.choices, inner.names)
                for inner in _fields(_GROUPS[field.name])
            )
        elif field.name not in _NOT_COLUMNS:
            yield field


def _shortcuts() -> Iterator[TableField]:
    """What a clinic writes into a person's row and the record has in a list: the last EDSS, DXA, course, falls."""
    yield from (TableField("ms", "yes_no"), TableField("age", "number"))
    yield from (TableField("edss", "number"), TableField("edss.date", "date"))
    yield from (TableField("falls_past_year", "whole"), TableField("scan.date", "date"))
    for site in SKELETAL_SITES:
        yield from (TableField(f"scan.{site}.{name}", "number") for name in ("t_score", "bmd_g_cm2", "z_score"))
    yield from (TableField("steroid.course", "text"), TableField("steroid.start", "date"))
    yield from (TableField("medicine.drug", "text"), TableField("medicine.start", "date"))


def _fields(part: type[BaseModel]) -> Iterator[TableField]:
    """The single fields of a part, with what their cells hold."""
    for name, field in part.model_fields.items():
        if get_origin(field.annotation) is not tuple:
            metadata = [*field.metadata, *_metadata(field.annotation)]
            yield _field(name, field.annotation, metadata)


def _field(name: str, annotation: Any, metadata: list[Any]) -> TableField:
    """What the cells of a column hold, told by the type of its field."""
    kinds = {*_types(annotation)}
    names = next((mark for mark in metadata if isinstance(mark, OneOf)), None)
    choices = tuple(choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind))
    if name == "country":
        return TableField(name, "country")
    if names is not None:
        return TableField(name, "choice", names.choices, names)
    if choices:
        return TableField(name, "choice", choices)
    if any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds):
        return TableField(name, "nested")
    by_type = {datetime.date: "date", bool: "yes_no", int: "whole", float: "number"}
    kind = next((word for type_, word in by_type.items() if type_ in kinds), "text")
    return TableField(name, kind)


def _types(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of, without None."""
    inner = get_args(annotation)
    if get_origin(annotation) is Literal or not inner:
        if annotation is not NoneType:
            yield annotation
        return
    for one in inner:
        yield from _types(one)


def _metadata(annotation: Any) -> Iterator[Any]:
    """What the parts of an annotation are marked with."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _metadata(inner)
