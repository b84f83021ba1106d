"""What one part of a record says about another: a life has an order, and a body has a sex."""

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from trabecula import units
from trabecula.person.dates import HistoryDate, read_date
from trabecula.person.limits import LIMITS
from trabecula.person.problems import PartProblem, field_name, known_day
from trabecula.words.message import Message

if TYPE_CHECKING:
    from trabecula.person.record import Person

MAY_FOLLOW_DEATH = frozenset({"assessed_on", "end", "death_date", "birth_date"})
WOMEN_ONLY = ("menopause", "menopausal", "depot_progestogen", "pregnancies", "pregnancy_wish")


def contradictions(person: "Person", context: Mapping[str, Any]) -> list[PartProblem]:
    """Everything that cannot be; `context["guessed"]` names fields that stand in for unreadable ones."""
    guessed = context.get("guessed", ())
    found = [] if "sex" in guessed else list(_sex(person))
    if "birth_date" not in guessed:
        found += [*_age(person, context.get("on")), *_before_birth(person), *_ages_at(person)]
    return [*found, *_after_death(person), *_contradictions(person)]


def dates_of(part: BaseModel, path: str = "") -> Iterator[tuple[str, HistoryDate]]:
    """Every date in a record with its path, `ms.relapses[0].date`."""
    for name in type(part).model_fields:
        yield from _dates_in(getattr(part, name), f"{path}.{name}" if path else name)


def _dates_in(value: object, path: str) -> Iterator[tuple[str, HistoryDate]]:
    """The dates in a value: itself, in a part, or in a list of parts."""
    if isinstance(value, datetime.date):
        yield path, read_date(value)
    elif isinstance(value, BaseModel):
        yield from dates_of(value, path)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _dates_in(entry, f"{path}[{index}]")


def age_y(birth: datetime.date, when: datetime.date) -> float:
    """Age on a day [y]."""
    return units.years(units.days_since_birth(when, birth))


def _sex(person: "Person") -> Iterator[PartProblem]:
    """What only women have."""
    if person.sex == "female":
        return
    for name in WOMEN_ONLY:
        if getattr(person, name):
            found = Message("found.what_in_a_man", {"what": field_name(name)})
            expected, todo = (
                Message("expected.this_field_in_women_only"),
                Message("todo.check_sex_or_leave_the_field"),
            )
            yield PartProblem(name, found, expected, todo)


def _age(person: "Person", on: datetime.date | None) -> Iterator[PartProblem]:
    """Nobody is 130."""
    limits = LIMITS["age"]
    last = person.death_date or on or person.assessed_on
    if last is not None and age_y(person.birth_date, last) > limits.possible[1]:
        age = round(age_y(person.birth_date, last))
        found = Message("found.day_an_age_of_age", {"day": known_day(person.birth_date), "age": age})
        yield PartProblem("birth_date", found, limits.possible_range, Message("todo.check_the_year_of_birth"))


def _before_birth(person: "Person") -> Iterator[PartProblem]:
    """Nothing happens before birth."""
    birth = read_date(person.birth_date)
    for path, when in dates_of(person):
        if when.last < birth.first:
            expected = Message("expected.a_day_after_birth_day", {"day": known_day(birth)})
            todo = Message("todo.correct_this_date_or_birth_date")
            yield PartProblem(path, known_day(when), expected, todo)


def _after_death(person: "Person") -> Iterator[PartProblem]:
    """Nothing happens after death, except that a treatment is not recorded as ended."""
    if person.death_date is None:
        return
    death = read_date(person.death_date)
    for path, when in dates_of(person):
        if when.first > death.last and path.rpartition(".")[2] not in MAY_FOLLOW_DEATH:
            expected = Message("expected.a_day_before_death_day", {"day": known_day(death)})
            todo = Message("todo.correct_this_date_or_death_date")
            yield PartProblem(path, known_day(when), expected, todo)


def events_with_age(person: "Person") -> Iterator[tuple[str, str, datetime.date]]:
    """Dated events that have an age of their own: path, quantity in the table, date."""
    if person.menopause is not None and person.menopause.date is not None:
        yield "menopause.date", "age_at_menopause", person.menopause.date
    for index, pregnancy in enumerate(person.pregnancies):
        yield f"pregnancies[{index}].delivery", "age_at_delivery", pregnancy.delivery


def _ages_at(person: "Person") -> Iterator[PartProblem]:
    """Menopause and births have their ages (what is before birth is told elsewhere)."""
    for path, quantity, when in events_with_age(person):
        limits, age = LIMITS[quantity], age_y(person.birth_date, when)
        if age >= 0 and not limits.is_possible(age):
            found = Message("found.day_at_the_age_of_age", {"day": known_day(when), "age": round(age)})
            todo = Message("todo.correct_this_date_or_birth_date")
            yield PartProblem(path, found, limits.possible_range, todo)


def _contradictions(person: "Person") -> Iterator[PartProblem]:
    """Two fields that cannot both be true."""
    todo = Message("todo.leave_one_out")
    if person.menopausal is False and person.menopause is not None:
        found = Message("found.false_beside_a_menopause_that_has")
        yield PartProblem("menopausal", found, Message("expected.either_a_menopause_with_its_time"), todo)
    if person.no_fractures and person.fractures:
        found = Message("found.true_beside_fractures", {"n": len(person.fractures)})
        yield PartProblem("no_fractures", found, Message("expected.either_no_fractures_true_or_a"), todo)
