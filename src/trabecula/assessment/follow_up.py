"""What changed since the last visit, by how much beyond noise, and why.

The earlier answer is kept as it was given. To say why something changed, the record without everything that is newer
is assessed again: for the earlier day (what differs comes from the program, or from corrections of the record), and
for today (what differs from that comes from time alone). The rest is what was recorded since.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from math import hypot, sqrt
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from trabecula import chance
from trabecula.assessment.answer import answered
from trabecula.assessment.figures import INTERVAL, Interval, interval, rounded
from trabecula.assessment.patient_state import PatientState, prepare
from trabecula.assessment.results import Assessment, Change, FollowUp, Reasons
from trabecula.person import MultipleSclerosis, Person
from trabecula.person.record import dates_of
from trabecula.units import days_since_birth, years
from trabecula.vocabulary import site_name
from trabecula.words.message import Message, MessageError, verbatim

FORMAT: str = Assessment.model_fields["schema_version"].default
"""The version of the format of an answer."""
_SAME_AGE_Y = 0.15  # ages in an answer have one decimal
_MIDDLE = 1.2533  # standard error of a median over that of a mean, sqrt(pi / 2)
_NOISE = 2.0
"""Standard errors beyond which two samples do not differ by chance."""
_LISTS, _MS_LISTS = (
    tuple(name for name, field in part.model_fields.items() if field.default == ())
    for part in (Person, MultipleSclerosis)
)
_RISKS = ("major_osteoporotic", "hip", "spine")


class FollowUpError(MessageError):
    """An earlier answer that can't be compared with: what was found, what was expected, what to do."""


class _Loose(BaseModel):
    """Read from an answer of any version: what is not needed is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Point(_Loose):
    """Density on one day."""

    bmd_g_cm2: Interval


class _Site(_Loose):
    """The course at one site; `now` is the place of the day of assessment in it."""

    site: str
    now: int
    trajectory: list[_Point]


class _Risk(_Loose):
    """A chance at one site within one horizon."""

    site: str
    horizon_y: float | str
    risk: Interval


class _Software(_Loose):
    """What gave it."""

    version: str


class _Who(_Loose):
    """Whom it was about."""

    age_y: float
    sex: Literal["female", "male"]


class _Falls(_Loose):
    """Falls a year."""

    reported_per_year: float | None = None
    per_year: Interval


class EarlierAnswer(_Loose):
    """What is needed of an earlier answer."""

    software: _Software
    date: date
    horizon_y: float
    country: str
    draws: int
    interval: float
    person: _Who
    bone: list[_Site]
    risks: list[_Risk]
    falls: _Falls


def read_earlier(data: Mapping[str, Any]) -> EarlierAnswer:
    """An earlier answer; raises FollowUpError if it is none, or one in another format."""
    found = data.get("schema_version", FORMAT)
    if found != FORMAT:
        raise FollowUpError(Message("refusal.other_format", {"found": verbatim(str(found)), "ours": FORMAT}))
    try:
        return EarlierAnswer.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise FollowUpError(Message("refusal.no_answer", {"path": where})) from None


def follow_up(earlier: EarlierAnswer, known: PatientState, answer: Assessment) -> FollowUp:
    """What changed between an earlier answer and the one of today.

    Two more answers are worked out under today's draws: the record as it was known then, for then and for today.
    Raises FollowUpError if the earlier one is not about an earlier day of the same person.
    """
    _check(earlier, known)
    then_known = as_known(known.person, earlier.date)
    settings = (known.model, known.draws.n, known.draws.seed, known.horizon_y)
    then_again = answered(prepare(then_known, earlier.date, *settings))
    only_time = answered(prepare(then_known, known.on, *settings))
    rows = zip(*(_results(of) for of in (earlier, then_again, only_time, answer)), strict=True)
    return FollowUp(
        date=earlier.date,
        version=earlier.software.version,
        new_entries=new_entries(known.person, earlier.date),
        changes=[_change(earlier.draws, answer.draws, *row) for row in rows],
        notes=list(_notes(earlier, answer)),
    )


def _check(earlier: EarlierAnswer, known: PatientState) -> None:
    """The same person, earlier, looked at in the same way."""
    if earlier.date >= known.on:
        raise FollowUpError(Message("refusal.not_earlier", {"then": earlier.date, "now": known.on}))
    age_y = years(days_since_birth(earlier.date, known.person.birth_date))
    if earlier.person.sex != known.person.sex or abs(age_y - earlier.person.age_y) > _SAME_AGE_Y:
        found = Message(f"refusal.{earlier.person.sex}", {"age": earlier.person.age_y})
        own = Message(f"refusal.{known.person.sex}", {"age": age_y})
        values = {"found": found, "own": own, "day": earlier.date}
        raise FollowUpError(Message("refusal.another_person", values))
    if earlier.horizon_y != known.horizon_y:
        values = {"then": earlier.horizon_y, "now": known.horizon_y}
        raise FollowUpError(Message("refusal.another_horizon", values))


def as_known(person: Person, day: date) -> Person:
    """The record without everything that begins after a day.

    What has no date of its own (weight, smoking, illnesses) stays: nobody can say when it became known.
    """
    kept = {name: _up_to(getattr(person, name), day) for name in _LISTS}
    ms = person.ms
    if ms is not None:
        ms = ms.model_copy(update={name: _up_to(getattr(ms, name), day) for name in _MS_LISTS})
    return person.model_copy(update={**kept, "ms": ms})


def _up_to(entries: tuple[Any, ...], day: date) -> tuple[Any, ...]:
    """The entries that begin on or before a day; one without any date stays."""
    begun = ((entry, _begin(entry)) for entry in entries)
    return tuple(entry for entry, when in begun if when is None or when <= day)


def _begin(entry: BaseModel) -> date | None:
    """When something was, or began: its first field that is a date (a spell may end later)."""
    return next((when for _, when in dates_of(entry)), None)


def new_entries(person: Person, day: date) -> list[Message]:
    """What the record has since a day: how many of each kind."""
    groups = {name: getattr(person, name) for name in _LISTS}
    groups |= {name: getattr(person.ms, name) for name in _MS_LISTS} if person.ms else {}
    counts = {name: len(entries) - len(_up_to(entries, day)) for name, entries in groups.items()}
    return [Message(f"follow_up.new.{name}", {"n": n}) for name, n in counts.items() if n]


def _results(answer: EarlierAnswer | Assessment) -> Iterator["_Result"]:
    """The results that are compared: name, unit, interval."""
    for bone in answer.bone:
        name = Message("follow_up.density", {"site": site_name(bone.site)})
        yield name, "g/cm2", bone.trajectory[bone.now].bmd_g_cm2
    for site in _RISKS:
        found = next(risk for risk in answer.risks if (risk.site, risk.horizon_y) == (site, answer.horizon_y))
        values = {"years": answer.horizon_y, "site": site_name(site)}
        yield Message("follow_up.risk", values), "1", found.risk
    reported = answer.falls.reported_per_year
    falls = answer.falls.per_year if reported is None else interval(np.array([reported]))
    yield Message("follow_up.falls"), "fall/y", falls


_Result = tuple[Message, str, Interval]


def _change(n_before: int, n_now: int, then: _Result, again: _Result, later: _Result, now: _Result) -> Change:
    """One result: what changed and why.

    then: as the earlier answer has it; again: the old record for the old day, by today's program; later: the old record
    for today; now: the answer of today. Each step changes one thing, so that the reasons add up to the change.
    """
    what, unit, before = then
    after = now[2]
    was, is_again, is_later, is_now = (result[2].told(unit) for result in (then, again, later, now))
    noise = _NOISE * hypot(_standard_error(before, n_before), _standard_error(after, n_now))
    return Change(
        what=what,
        unit=unit,
        before=before,
        now=after,
        change=rounded(is_now - was),
        beyond_noise=abs(is_now - was) > noise,
        outside_interval=not before.low <= is_now <= before.high,
        because=Reasons(program_or_record=is_again - was, time=is_later - is_again, new_data=is_now - is_later),
    )


def _standard_error(of: Interval, draws: int) -> float:
    """Of the middle of a sample (that of a median, the larger), from the width of its interval, as of a normal."""
    reach = float(chance.normal_quantile((1.0 + INTERVAL) / 2.0))
    return _MIDDLE * (of.high - of.low) / (2.0 * reach) / sqrt(draws)


def _notes(earlier: EarlierAnswer, answer: Assessment) -> Iterator[Message]:
    """What to know when comparing."""
    for name, then, now in (
        ("version", earlier.software.version, answer.software.version),
        ("country", earlier.country, answer.country),
    ):
        if then != now:
            yield Message(f"follow_up.note.{name}", {"then": then, "now": now})
    yield Message("follow_up.note.undated")
