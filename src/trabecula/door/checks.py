"""Arguments at the door: a mistake gets one sentence of ours, what was found, what was expected, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from trabecula.evidence import Evidence
from trabecula.evidence.registry import DRAWS
from trabecula.installing import missing_packages, set_up_command
from trabecula.person import Person
from trabecula.person.dates import read_date
from trabecula.person.problems import NOTHING, Problem, did_you_mean, nearest, show
from trabecula.units import days_since_birth, years
from trabecula.words.language import LANGUAGES
from trabecula.words.message import Message, MessageError, verbatim

if TYPE_CHECKING:  # brings the compiler
    from trabecula.assessment.patient_state import PatientState
    from trabecula.model import Model

SEED, HORIZON_Y = 1, 10.0
"""What is asked for when nothing is said."""
FEWEST_DRAWS, MOST_DRAWS = 20, 10_000
"""Fewer draws have no 90 % interval, more only take time."""
LARGEST_SEED = 2**32 - 1
"""Keys of the draws fit in 32 bits."""
EXAMPLE_DAY = date(2026, 11, 22)
"""As everywhere in the documentation."""
_SHOWN = 40
"""Characters of a thing of the wrong kind."""
_LISTED, _NEAREST = 40, 3
"""Words that are listed in full; of more than these, the nearest."""


class ArgumentRefused(MessageError):
    """A value that an argument cannot have."""


class WrongKind(MessageError, TypeError):
    """A thing of another kind than the argument takes."""


def refuse(where: str, found: object, expected: str | Message, todo: Message) -> NoReturn:
    """Refuse a value; `expected` is a message or the id of one about the door."""
    raise ArgumentRefused(Problem(where, show(found), _door(expected), todo).message)


def refuse_kind(where: str, found: object, expected: str, todo: Message) -> NoReturn:
    """Refuse a thing of the wrong kind, which is named."""
    shown = NOTHING if found is None else Message("door.of_kind", {"what": _shown(found), "kind": type(found).__name__})
    raise WrongKind(Problem(where, shown, _door(expected), todo).message)


def _door(expected: str | Message) -> Message:
    return Message(f"door.{expected}") if isinstance(expected, str) else expected


def _shown(found: object) -> str:
    """A thing on one line, shortened."""
    text = " ".join(repr(found).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."


def write(code: str) -> Message:
    """What to write instead."""
    return Message("door.write", {"code": verbatim(code)})


def a_person(person: object) -> Person:
    """The person; a path and a mapping are told how they become one."""
    if isinstance(person, Person):
        return person
    if isinstance(person, str | Path):
        refuse_kind("person", person, "a_person", write(f'tb.read("{person}")'))
    is_record = hasattr(person, "keys")
    refuse_kind(
        "person", person, "a_person", write(f"tb.{'Person.model_validate(fields)' if is_record else 'read(path)'}")
    )


def a_path(path: object, example: str) -> Path:
    """The path of a file."""
    if isinstance(path, str | Path):
        return Path(path)
    refuse_kind("path", path, "a_path", write(example))


def a_day(on: object, person: Person | None = None) -> date:
    """The day of assessment: the one given, or that of the record."""
    if isinstance(on, datetime):
        return on.date()
    if isinstance(on, date):
        return on
    if on is None and person is not None:
        if person.assessed_on is None:
            refuse("on", None, "the_day_of_assessment", write(f"on={_as_code(EXAMPLE_DAY)}"))
        return person.assessed_on
    refuse_kind("on", on, "a_date", write(f"on={_as_code(on)}"))


def _as_code(on: object) -> str:
    """A date as Python writes it; an example where what was given holds none."""
    try:
        found = read_date(on)
    except ValueError:
        found = EXAMPLE_DAY
    return f"date({found.year}, {found.month}, {found.day})"


def a_model(model: object) -> "Model":
    """The model: that of the package unless one is given."""
    from trabecula.model import Model

    if model is None:
        return Model.default()
    if isinstance(model, Model):
        return model
    given = "tb.Model(evidence)" if isinstance(model, Evidence) else "tb.Model.default()"
    refuse_kind("model", model, "a_model", write(given))


def a_number(where: str, value: object, low: float, high: float, usual: float, *, whole: bool = True) -> Any:
    """A number between limits, both included; `usual` is the example when another is refused."""
    kinds = (int,) if whole else (int, float)
    index = getattr(value, "__index__", None)  # whole numbers of numpy
    number = index() if whole and index is not None else value
    if isinstance(value, bool) or not isinstance(number, kinds):
        refuse_kind(where, value, "a_whole_number" if whole else "a_number", write(f"{where}={usual:g}"))
    if not low <= number <= high:
        limits = Message("door.a_number_from_to", {"low": low, "high": high})
        refuse(where, value, limits, write(f"{where}={min(usual, high):g}"))
    return number


def one_of(where: str, value: object, known: Iterable[str], todo: Message | None = None) -> str:
    """One of the words that are known; another is answered with the nearest, or with what to do."""
    words = list(known)
    if isinstance(value, str) and value in words:
        return value
    near = nearest(str(value), words)
    listed = Message("expected.one_of_what", {"what": tuple(words)})
    if len(words) > _LISTED:
        alike = get_close_matches(str(value), words, _NEAREST) or words[:_NEAREST]
        listed = Message("door.one_of_many", {"n": len(words), "what": tuple(alike)})
    refuse(where, value, listed, did_you_mean(near) if near else todo or Message("todo.write_one_of_these"))


def a_language(code: object) -> str:
    """A language that has a catalogue."""
    return one_of("language", code, LANGUAGES)


class PartMissing(MessageError, ImportError):
    """A part that not every installation has."""


def needs(what: str, *packages: str) -> None:
    """Say what is missing, and the command that brings it, before anything is worked out."""
    if missing := missing_packages(*packages):
        values = {"what": Message(f"door.{what}"), "packages": missing, "command": set_up_command(missing)}
        raise PartMissing(Message("door.part_missing", values))


# --- The question -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A person, a day, and what the model is asked: the same question gives the same draws."""

    person: Person
    on: date
    model: "Model" = field(compare=False)
    draws: int
    seed: int
    horizon_y: float

    def lived(self) -> "PatientState":
        """The person from whom every future begins."""
        from trabecula.assessment.patient_state import prepare

        return prepare(self.person, self.on, self.model, self.draws, self.seed, self.horizon_y)


def asked_of(person: object, on: object, model: object, draws: object, seed: object, horizon_y: object) -> Asked:
    """The question, if every part of it is one that can be asked."""
    who = a_person(person)
    day, by = a_day(on, who), a_model(model)
    n = a_number("draws", draws, FEWEST_DRAWS, MOST_DRAWS, DRAWS)
    key = a_number("seed", seed, 0, LARGEST_SEED, SEED)
    ahead = a_number("horizon_y", horizon_y, 1.0, years_left(who, day, by.evidence), HORIZON_Y, whole=False)
    return Asked(who, day, by, n, key, float(ahead))


def years_left(person: Person, on: date, evidence: Evidence) -> int:
    """Whole years to the age at which the tables of fracture and death end; beyond it that age, which is refused."""
    last_y = evidence.scalar("mortality.lifetime_until")
    left_y = int(last_y - years(days_since_birth(on, person.birth_date)))
    return left_y if left_y >= 1 else int(last_y)
