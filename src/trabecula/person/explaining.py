"""What pydantic found, in words a clinic understands: found, expected, what to do."""

import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from trabecula.person.draft import Path, written
from trabecula.person.record import Person
from trabecula.person.wording import nearest, show

Words = tuple[str, str, str]
"""Found, expected, what to do."""

_OTHER_FIELDS = {
    "dob": "birth_date", "born": "birth_date", "birthday": "birth_date", "died": "death_date",
    "gender": "sex", "race": "ancestry", "smokes": "smoking", "smoker": "smoking",
    "corticosteroids": "steroids", "text": "as_written", "drugs": "medicines", "medication": "medicines",
    "medications": "medicines", "lab": "laboratory", "labs": "laboratory", "scan": "dxa", "density": "dxa",
    "bmd": "bmd_g_cm2", "t": "t_score", "z": "z_score", "alcohol": "alcohol_units_per_day",
    "from": "start", "until": "end", "stop": "end", "to": "end",
}  # fmt: skip
_OTHER_VALUES = {
    "f": "female", "w": "female", "woman": "female", "m": "male", "man": "male",
    "wrist": "forearm", "radius": "forearm", "vertebra": "spine", "vertebral": "spine", "back": "spine",
    "ankle": "tibia_ankle", "tibia": "tibia_ankle", "femur": "femoral_shaft", "shoulder": "humerus",
    "l1-l4": "lumbar_spine", "spine": "lumbar_spine", "hip": "total_hip", "neck": "femoral_neck",
    "rrms": "relapsing", "relapsing-remitting": "relapsing", "relapsing_remitting": "relapsing",
    "spms": "secondary_progressive", "ppms": "primary_progressive", "cis": "clinically_isolated",
    "stick": "cane", "crutch": "cane", "crutches": "two_canes", "rollator": "walker",
    "usa": "US", "gb": "UK", "sweden": "SE", "vitamin d": "25-OH-D", "25ohd": "25-OH-D", "25(oh)d": "25-OH-D",
    "po": "oral", "intravenous": "iv", "intramuscular": "im", "yes": "current", "no": "never", "ex": "former",
}  # fmt: skip
_NAMES = frozenset(
    {"name", "surname", "first_name", "last_name", "patient", "mrn", "ssn", "address", "email"}
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was found, what was expected, what to do."""

    path: str
    found: str
    expected: str
    todo: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}found {self.found}; expected {self.expected}; {self.todo}"


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


def _missing(_detail: ErrorDetails, path: Path) -> Words:
    """A field that every record of this kind has."""
    return "nothing", _description(path), f"add {path[-1]}"


def _unknown(_detail: ErrorDetails, path: Path) -> Words:
    """A field that is not known; the nearest known one may be meant."""
    part, name = _part_at(path[:-1]), str(path[-1])
    return f'the unknown field "{name}"', "a field of the record", _nearest_field(name, part)


def _nearest_field(name: str, part: type[BaseModel] | None) -> str:
    """What to do about an unknown field."""
    known = list(part.model_fields) if part else []
    plain = name.lower().replace("-", "_").replace(" ", "_")
    if plain in _NAMES:
        return 'leave it out: a record holds no names ("id" takes a pseudonym)'
    other = _OTHER_FIELDS.get(plain, "")
    beginning = next((each for each in known if len(plain) > 2 and each.startswith(plain)), None)
    near = other if other in known else nearest(plain, known) or beginning
    if near:
        return f'did you mean "{near}"?'
    place = _places().get(plain)
    if place is not None:
        return f"it belongs into {place}"
    return 'leave it out ("trabecula schema person" lists the fields)'


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Where in a record each field has its place, by its name."""
    return dict(reversed(list(_fields_in(Person, "the record"))))


def _fields_in(part: type[BaseModel], place: str) -> Iterator[tuple[str, str]]:
    """The fields of a part, then those of the parts in it."""
    yield from ((name, place) for name in part.model_fields)
    for name, info in part.model_fields.items():
        inner = f"{place}.{name}".removeprefix("the record.")
        for kind in [*_parts_in(info.annotation, in_list=False), *_parts_in(info.annotation, in_list=True)]:
            yield from _fields_in(kind, inner)


def _choice(detail: ErrorDetails, _path: Path) -> Words:
    """A word that is not one of those allowed."""
    found, allowed = detail["input"], re.findall(r"'([^']*)'", _context(detail)["expected"])
    meant = _nearest_value(str(found).lower(), allowed)
    todo = f'did you mean "{meant}"?' if meant else "choose one of them"
    return show(found), "one of " + ", ".join(allowed), todo


def _nearest_value(found: str, allowed: list[str]) -> str | None:
    """The allowed word that was probably meant."""
    if _OTHER_VALUES.get(found) in allowed:
        return _OTHER_VALUES[found]
    plain = {each.lower(): each for each in allowed}
    return plain.get(nearest(found, plain) or "")


def _number(detail: ErrorDetails, _path: Path) -> Words:
    """Something that is no number."""
    return show(detail["input"]), "a number", _number_todo(detail["input"])


def _number_todo(found: object) -> str:
    """What to do about a text that should be a number."""
    if not isinstance(found, str):
        return "write a number"
    try:
        float(found)
    except ValueError:
        return "write the number alone, with a decimal point and without its unit"
    return "write it without quotation marks"


def _whole_number(detail: ErrorDetails, _path: Path) -> Words:
    """Something that is no whole number."""
    todo = "round it" if isinstance(detail["input"], float) else _number_todo(detail["input"])
    return show(detail["input"]), "a whole number", todo


def _yes_or_no(detail: ErrorDetails, _path: Path) -> Words:
    """Something that is neither true nor false."""
    return show(detail["input"]), "true or false", "write true or false, without quotation marks"


def _text(detail: ErrorDetails, _path: Path) -> Words:
    """Something that is no text."""
    return show(detail["input"]), "a text", "put it in quotation marks"


def _long_text(detail: ErrorDetails, _path: Path) -> Words:
    """A text that is too long."""
    most = _context(detail)["max_length"]
    return f"{len(detail['input'])} characters", f"at most {most} characters", "shorten it"


def _list(detail: ErrorDetails, _path: Path) -> Words:
    """Something that is no list."""
    todo = 'begin each entry with "- ", also when there is only one'
    return show(detail["input"]), "a list of entries", todo


def _group(detail: ErrorDetails, path: Path) -> Words:
    """Something that is no group of fields."""
    part = _part_at(path)
    fields = ", ".join(list(part.model_fields)[:3]) if part else "its fields"
    return show(detail["input"]), f"a group of fields ({fields}, ...)", "write each field on its own line"


def _finite(detail: ErrorDetails, _path: Path) -> Words:
    """Infinity, or not a number."""
    return show(detail["input"]), "a finite number", "write the number, or leave the field out"


def _key(detail: ErrorDetails, _path: Path) -> Words:
    """A field whose name is no text."""
    return f"the field name {show(detail['input'])}", "a name in letters", "correct or remove it"


def _unexplained(detail: ErrorDetails, _path: Path) -> Words:
    """Anything else, in pydantic's words."""
    return show(detail["input"]), "another value", detail["msg"]


_EXPLAINED = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "float_type": _number,
    "int_type": _whole_number,
    "int_from_float": _whole_number,
    "bool_type": _yes_or_no,
    "string_type": _text,
    "string_too_long": _long_text,
    "tuple_type": _list,
    "model_type": _group,
    "model_attributes_type": _group,
    "dict_type": _group,
    "finite_number": _finite,
    "invalid_key": _key,
}


def _description(path: Path) -> str:
    """What belongs into a field, from its documentation."""
    part = _part_at(path[:-1])
    field = part.model_fields.get(str(path[-1])) if part else None
    text = (field.description if field else None) or "a value"
    sentence = text.split(".")[0].split(":")[0]
    return sentence[0].lower() + sentence[1:]


def _part_at(path: Path) -> type[BaseModel] | None:
    """The kind of record at a place."""
    kind: Any = Person
    for step in path:
        if isinstance(step, str):
            part = next(_parts_in(kind, in_list=False), None)
            field = part.model_fields.get(step) if part else None
            kind = field.annotation if field else None
        else:
            kind = next(_parts_in(kind, in_list=True), None)
    return next(_parts_in(kind, in_list=False), None)


def _parts_in(kind: Any, *, in_list: bool) -> Iterator[type[BaseModel]]:
    """The kinds of record that an annotation allows, directly or as entries of a list."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _parts_in(get_args(kind)[0], in_list=in_list)
    elif origin in (Union, types.UnionType):
        for each in get_args(kind):
            yield from _parts_in(each, in_list=in_list)
    elif origin is tuple and in_list:
        yield from _parts_in(get_args(kind)[0], in_list=False)
    elif not in_list and isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
