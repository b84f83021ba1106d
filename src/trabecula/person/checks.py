"""What one part of a record says about another: a life has an order, and a body has a sex."""

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from trabecula import units
from trabecula.person.dates import HistoryDate, read_date
from trabecula.person.limits import LIMITS
from trabecula.person.wording import Wrong

if TYPE_CHECKING:
    from trabecula.person.record import Person

MAY_FOLLOW_DEATH = frozenset({"assessed_on", "end", "death_date", "birth_date"})
WOMEN_ONLY = ("menopause", "menopausal", "depot_progestogen", "pregnancies", "pregnancy_wish")


def wrong(person: "Person", context: Mapping[str, Any]) -> list[Wrong]:
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
        for index, each in enumerate(value):
            yield from _dates_in(each, f"{path}[{index}]")


def age_y(birth: datetime.date, when: datetime.date) -> float:
    """Age on a day [y]."""
    return units.years(units.days_since_birth(when, birth))


def _sex(person: "Person") -> Iterator[Wrong]:
    """What only women have."""
    if person.sex == "female":
        return
    for name in WOMEN_ONLY:
        if getattr(person, name):
            yield Wrong(
                name, f"{name} in a man", "this field in women only", "check sex, or leave the field out"
            )


def _age(person: "Person", on: datetime.date | None) -> Iterator[Wrong]:
    """Nobody is 130."""
    limits = LIMITS["age"]
    last = person.death_date or on or person.assessed_on
    if last is not None and age_y(person.birth_date, last) > limits.possible[1]:
        found = f"{read_date(person.birth_date).written}, an age of {age_y(person.birth_date, last):.0f}"
        yield Wrong("birth_date", found, limits.possible_text, "check the year of birth")


def _before_birth(person: "Person") -> Iterator[Wrong]:
    """Nothing happens before birth."""
    birth = read_date(person.birth_date)
    for path, when in dates_of(person):
        if when.last < birth.first:
            todo = "correct this date or birth_date"
            yield Wrong(path, when.written, f"a day after birth, {birth.written}", todo)


def _after_death(person: "Person") -> Iterator[Wrong]:
    """Nothing happens after death, except that a treatment is not recorded as ended."""
    if person.death_date is None:
        return
    death = read_date(person.death_date)
    for path, when in dates_of(person):
        if when.first > death.last and path.rpartition(".")[2] not in MAY_FOLLOW_DEATH:
            yield Wrong(
                path, when.written, f"a day before death, {death.written}", "correct this date or death_date"
            )


def events_with_age(person: "Person") -> Iterator[tuple[str, str, datetime.date]]:
    """Dated events that have an age of their own: path, quantity in the table, date."""
    if person.menopause is not None and person.menopause.date is not None:
        yield "menopause.date", "age_at_menopause", person.menopause.date
    for index, pregnancy in enumerate(person.pregnancies):
        yield f"pregnancies[{index}].delivery", "age_at_delivery", pregnancy.delivery


def _ages_at(person: "Person") -> Iterator[Wrong]:
    """Menopause and births have their ages (what is before birth is told elsewhere)."""
    for path, quantity, when in events_with_age(person):
        limits, age = LIMITS[quantity], age_y(person.birth_date, when)
        if age >= 0 and not limits.is_possible(age):
            found = f"{read_date(when).written}, at the age of {age:.0f}"
            yield Wrong(path, found, limits.possible_text, "correct this date or birth_date")


def _contradictions(person: "Person") -> Iterator[Wrong]:
    """Two fields that cannot both be true."""
    if person.menopausal is False and person.menopause is not None:
        expected = "either a menopause with its time, or menopausal: false"
        yield Wrong("menopausal", "false beside a menopause that has its time", expected, "leave one out")
    if person.no_fractures and person.fractures:
        expected = "either no_fractures: true, or a list of fractures"
        yield Wrong("no_fractures", f"true beside {_count(person)}", expected, "leave one out")


def _count(person: "Person") -> str:
    """How many fractures are listed."""
    n = len(person.fractures)
    return "a fracture" if n == 1 else f"{n} fractures"
