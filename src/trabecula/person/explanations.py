"""What pydantic found, in words a clinic understands: found, expected, what to do."""

import pathlib
import re
import types
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from trabecula.data_files import by_word, read_mapping
from trabecula.described import Described
from trabecula.person.problems import (
    NOTHING,
    Path,
    Problem,
    description,
    did_you_mean,
    field_name,
    nearest,
    quoted,
    show,
    written,
)
from trabecula.person.record import Person
from trabecula.vocabulary import COUNTRIES, FRACTURE_SITES, LABORATORY, RISK_FACTORS, SKELETAL_SITES, country_called
from trabecula.words.message import Message, verbatim

Parts = tuple[Message, Message, Message]
"""Found, expected, what to do."""

_SLIPS = read_mapping(pathlib.Path(__file__).with_name("slips.yaml"))
_OTHER_FIELDS, _OTHER_VALUES = by_word(_SLIPS["fields"]), by_word(_SLIPS["choices"])
_NAMES = frozenset(_SLIPS["personal"])


def explain(detail: ErrorDetails, path: Path) -> Problem:
    """One of pydantic's errors as a problem."""
    if detail["type"] == "trabecula":
        context = _context(detail)
        return Problem(written(path), context["found"], context["expected"], context["todo"])
    words = _EXPLAINED.get(detail["type"], _unexplained)
    return Problem(written(path), *words(detail, path))


def _context(detail: ErrorDetails) -> dict[str, Any]:
    """What pydantic says beside the message."""
    return detail.get("ctx", {})


def _missing(_detail: ErrorDetails, path: Path) -> Parts:
    """A field that every record of this kind has."""
    return NOTHING, _description(path), Message("todo.add_what", {"what": field_name(str(path[-1]))})


def _unknown(_detail: ErrorDetails, path: Path) -> Parts:
    """A field that is not known; the nearest known one may be meant."""
    part, name = _part_at(path[:-1]), str(path[-1])
    found = Message("found.the_unknown_field_what", {"what": quoted(name)})
    return found, Message("expected.a_field_of_the_record"), _nearest_field(name, part)


def _nearest_field(name: str, part: type[BaseModel] | None) -> Message:
    """What to do about an unknown field."""
    known = list(part.model_fields) if part else []
    plain = name.lower().replace("-", "_").replace(" ", "_")
    if plain in _NAMES:
        return Message("todo.leave_it_out_a_record_holds")
    factor = next((key for key, row in RISK_FACTORS.items() if plain in row.aliases), "")
    other = _OTHER_FIELDS.get(plain, factor)
    beginning = next((field for field in known if len(plain) > 2 and field.startswith(plain)), None)
    near = other if other in known else nearest(plain, known) or beginning
    if near:
        return did_you_mean(near)
    place = _places().get(plain)
    if place is None:
        return Message("todo.leave_it_out_trabecula_schema_person")
    where = {"what": verbatim(place)}
    return Message("todo.it_belongs_into_what", where) if place else Message("todo.it_belongs_into_the_record")


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Where in a record each field has its place ("" for the record itself), by its name."""
    return dict(reversed(list(_fields_in(Person, ""))))


def _fields_in(part: type[BaseModel], place: str) -> Iterator[tuple[str, str]]:
    """The fields of a part, then those of the parts in it."""
    yield from ((name, place) for name in part.model_fields)
    for name, info in part.model_fields.items():
        inner = f"{place}.{name}" if place else name
        for kind in [*parts_in(info.annotation, in_list=False), *parts_in(info.annotation, in_list=True)]:
            yield from _fields_in(kind, inner)


def _choice(detail: ErrorDetails, path: Path) -> Parts:
    """A word that is not one of those allowed."""
    found, allowed = detail["input"], re.findall(r"'([^']*)'", _context(detail)["expected"])
    if path[-1:] == ("country",):  # any of the world, which nobody reads in a list
        meant, expected = country_called(str(found)), Message("expected.a_country")
        return show(found), expected, did_you_mean(meant) if meant else Message("todo.write_its_two_letters")
    meant = _nearest_value(str(found).lower(), allowed)
    todo = did_you_mean(meant) if meant else Message("todo.choose_one_of_them")
    return show(found), Message("expected.one_of_what", {"what": tuple(allowed)}), todo


def _nearest_value(found: str, allowed: list[str]) -> str | None:
    """The allowed word that was probably meant."""
    if _OTHER_VALUES.get(found) in allowed:
        return _OTHER_VALUES[found]
    for table in (FRACTURE_SITES, SKELETAL_SITES, COUNTRIES, LABORATORY):
        for key, row in table.items():
            if key in allowed and found in row.aliases:
                return key
    plain = {word.lower(): word for word in allowed}
    return plain.get(nearest(found, plain) or "")


def _number(detail: ErrorDetails, _path: Path) -> Parts:
    """Something that is no number."""
    return show(detail["input"]), Message("expected.a_number"), _number_todo(detail["input"])


def _number_todo(found: object) -> Message:
    """What to do about a text that should be a number."""
    if not isinstance(found, str):
        return Message("todo.write_a_number")
    try:
        float(found)
    except ValueError:
        return NUMBER_ALONE
    return NUMBER_UNQUOTED


NUMBER_ALONE = Message("todo.write_the_number_alone_with_a")
NUMBER_UNQUOTED = Message("todo.write_it_without_quotation_marks")


def _whole_number(detail: ErrorDetails, _path: Path) -> Parts:
    """Something that is no whole number."""
    found = detail["input"]
    todo = Message("todo.round_it") if isinstance(found, float) else _number_todo(found)
    return show(found), Message("expected.a_whole_number"), todo


def _long_text(detail: ErrorDetails, _path: Path) -> Parts:
    """A text that is too long."""
    found = Message("found.n_characters", {"n": len(detail["input"])})
    expected = Message("expected.at_most_n_characters", {"n": _context(detail)["max_length"]})
    return found, expected, Message("todo.shorten_it")


def _group(detail: ErrorDetails, path: Path) -> Parts:
    """Something that is no group of fields."""
    part = _part_at(path)
    first = tuple(part.model_fields)[:_FIELDS_NAMED] if part else ()
    named = Message("expected.a_group_of_fields_what", {"what": first})
    expected = named if first else Message("expected.a_group_of_fields")
    return show(detail["input"]), expected, Message("todo.write_each_field_on_its_own")


_FIELDS_NAMED = 3
"""So many fields of a group are named as an example."""


def _key(detail: ErrorDetails, _path: Path) -> Parts:
    """A field whose name is no text."""
    found = Message("found.the_field_name_what", {"what": show(detail["input"])})
    return found, Message("expected.a_name_in_letters"), Message("todo.correct_or_remove_it")


def _unexplained(detail: ErrorDetails, _path: Path) -> Parts:
    """Anything else, in pydantic's words."""
    return show(detail["input"]), Message("expected.another_value"), verbatim(detail["msg"])


def _simply(expected: str, todo: str) -> Callable[[ErrorDetails, Path], Parts]:
    """A value of the wrong kind, where nothing depends on which value it is."""
    return lambda detail, _path: (show(detail["input"]), Message(expected), Message(todo))


_EXPLAINED = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "float_type": _number,
    "int_type": _whole_number,
    "int_from_float": _whole_number,
    "bool_type": _simply("expected.true_or_false", "todo.write_true_or_false_without_quotation"),
    "string_type": _simply("expected.a_text", "todo.put_it_in_quotation_marks"),
    "string_too_long": _long_text,
    "tuple_type": _simply("expected.a_list_of_entries", "todo.begin_each_entry_with_also_when"),
    "model_type": _group,
    "model_attributes_type": _group,
    "dict_type": _group,
    "finite_number": _simply("expected.a_finite_number", "todo.write_the_number_or_leave_the"),
    "invalid_key": _key,
}


def _description(path: Path) -> Message:
    """What belongs into a field, from its documentation."""
    part = _part_at(path[:-1])
    name = str(path[-1])
    if part is None or not issubclass(part, Described) or name not in part.model_fields:
        return description(None)
    return description(part.described(name))


def _part_at(path: Path) -> type[BaseModel] | None:
    """The kind of record at a place."""
    kind: Any = Person
    for step in path:
        if isinstance(step, str):
            part = next(parts_in(kind, in_list=False), None)
            field = part.model_fields.get(step) if part else None
            kind = field.annotation if field else None
        else:
            kind = next(parts_in(kind, in_list=True), None)
    return next(parts_in(kind, in_list=False), None)


def parts_in(kind: Any, *, in_list: bool) -> Iterator[type[BaseModel]]:
    """The kinds of record that an annotation allows, directly or as entries of a list."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from parts_in(get_args(kind)[0], in_list=in_list)
    elif origin in (Union, types.UnionType):
        for choice in get_args(kind):
            yield from parts_in(choice, in_list=in_list)
    elif origin is tuple and in_list:
        yield from parts_in(get_args(kind)[0], in_list=False)
    elif not in_list and isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
