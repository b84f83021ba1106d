"""Glucocorticoid courses: as a clinic writes them, or field by field; both become the same steps."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from trabecula.person import notation
from trabecula.person.limits import WithinLimits
from trabecula.person.notation import NotationError, Phase
from trabecula.person.parts import Episode, Many, RecordPart, Registry
from trabecula.person.problems import NOTHING, PartProblem, field_name, require
from trabecula.vocabulary import STEROIDS, GlucocorticoidName, Route, drug_name, unnamed_steroid
from trabecula.words.message import Message, verbatim

Dose = Annotated[float, WithinLimits("dose_mg")]
"""A single dose [mg of the drug]."""
Days = Annotated[int, WithinLimits("days")]


class TaperStep(RecordPart):
    """One level of a taper."""

    dose_mg: Dose
    """The daily dose at this step, in mg."""
    days: Days
    """The number of days at this step."""
    drug: GlucocorticoidName | None = None
    """The drug, if it is not the drug of the course."""


class Taper(RecordPart):
    """A dose that falls evenly, day by day."""

    to_mg: Annotated[float, WithinLimits("taper_to_mg")] = 0.0
    """The daily dose at which the taper ends, in mg."""
    days: Days | None = None
    """How many days the taper takes; a usual length is assumed when it is not given."""
    from_mg: Dose | None = None
    """The daily dose at which it begins, in mg; the dose of the course when it is not given."""
    drug: GlucocorticoidName | None = None
    """The drug, if it is not the drug of the course (tablets after an infusion)."""


def _taper_kind(value: Any) -> str:
    """A list is a taper level by level, everything else an even fall."""
    return "levels" if isinstance(value, list | tuple) else "fall"


TaperPlan = Annotated[
    Annotated[Taper, Tag("fall")] | Annotated[Many[TaperStep], Tag("levels")], Discriminator(_taper_kind)
]
# Fields that say the same as the text; drug and route may stand beside it, where it leaves them out.
_FIELD_BY_FIELD = ("dose_mg", "doses_per_day", "every_days", "days", "taper")


class SteroidCourse(Episode):
    """One course of a glucocorticoid, tablets or infusions: `as_written`, or drug and dose field by field.

    `end` is the last day of the whole course, taper included; `days` counts the days at full dose.
    """

    as_written: str | None = Field(default=None, max_length=400)
    """The course as a clinic writes it: "3 x 1 g IV methylprednisolone, then prednisone taper"."""
    drug: GlucocorticoidName | None = None
    """The drug (needed unless the text names it)."""
    route: Route | None = None
    """By mouth (oral), into a vein (iv) or a muscle (im)."""
    dose_mg: Dose | None = None
    """Each dose, in mg."""
    doses_per_day: Annotated[int, WithinLimits("doses_per_day")] = 1
    """Doses on a treatment day."""
    every_days: Annotated[int, WithinLimits("every_days")] = 1
    """1 is daily, 2 alternate days."""
    days: Days | None = None
    """Days at full dose, before any taper."""
    taper: TaperPlan | None = None
    """How the dose falls afterwards: {to_mg, days}, or a list of {dose_mg, days}."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        """Either the text or the fields, and a text that can be read."""
        require(self._wrong_with_text() if self.as_written is not None else self._wrong_with_fields())
        return self

    def _wrong_with_text(self) -> list[PartProblem]:
        """Fields that say the same as the text, or a text that cannot be read."""
        given = [name for name in _FIELD_BY_FIELD if name in self.model_fields_set]
        if given:
            names = tuple(field_name(name) for name in given)
            found = Message("found.as_written_and_what", {"what": names})
            expected = Message("expected.as_written_alone_or_the_course")
            return [PartProblem(given[0], found, expected, Message("todo.keep_one_of_the_two"))]
        try:
            phases = notation.parse(self.as_written or "", self.drug, self.route)
        except NotationError as error:
            return [PartProblem("as_written", error.found, error.expected, error.todo)]
        if self.end is None and any(phase.days is None for phase in phases[:-1]):
            todo = Message("todo.write_for_example_for_7_days")
            return [PartProblem("as_written", notation.WITHOUT_DAYS, notation.EXPECTED, todo)]
        return []

    def _wrong_with_fields(self) -> list[PartProblem]:
        """A course needs a drug and a dose, and a taper needs to begin."""
        expected = Message("expected.a_drug_and_a_dose_or")
        missing = [name for name in ("drug", "dose_mg") if getattr(self, name) is None]
        todos = {name: Message("todo.add_what", {"what": field_name(name)}) for name in missing}
        wrong = [PartProblem(name, NOTHING, expected, todo, absent=True) for name, todo in todos.items()]
        if self.taper is not None and self.days is None and self.end is None:
            found, todo = (Message("found.a_taper_without_a_beginning"), Message("todo.add_days_at_full_dose_or"))
            expected = Message("expected.a_taper_after_some_days")
            wrong.append(PartProblem("taper", found, expected, todo, absent=True))
        return wrong

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The parts of the course, as far as they are said."""
        if self.as_written is not None:
            return notation.parse(self.as_written, self.drug, self.route)
        route = self.route or ("oral" if notation.is_only_oral(self.drug) else None)
        main = Phase(self.drug, route, self.dose_mg, self.doses_per_day, self.every_days, self.days)
        if self.taper is None:
            return (main,)
        if isinstance(self.taper, Taper):
            return main, _fall(self.taper, main)
        return main, *(
            replace(_after(level.drug, main), dose_mg=level.dose_mg, days=level.days) for level in self.taper
        )

    def written(self) -> Message:
        """The course in the words of a clinic: those it was written in, else in the language of the page.

        The English of a course that was given field by field is a notation that can be read back.
        """
        return verbatim(self.as_written) if self.as_written is not None else written_course(self.phases)

    @property
    def ongoing(self) -> bool:
        """Whether nothing says when it stops."""
        last = self.phases[-1]
        open_end = bool(last.to_mg) if last.taper else last.days is None
        return self.end is None and open_end

    def steps(self, until: datetime.date | None, registry: Registry) -> tuple["SteroidStep", ...]:
        """The course day by day, in steps of one dose; one that is going on lasts to `until`.

        registry: says how a taper without details is taken (`person.steroid.*`).
        """
        layout = CourseLayout(self.phases, self.start, self.end, until or datetime.date.max, registry)
        return tuple(layout.steps())

    def total_mg(self, until: datetime.date | None, registry: Registry) -> dict[str, float]:
        """All doses together [mg], by drug; ValueError without `until` for a course that is going on."""
        if self.ongoing and until is None:
            raise ValueError("a course that is going on has no total yet; say until when")
        total: defaultdict[str, float] = defaultdict(float)
        for step in self.steps(until, registry):
            total[step.drug] += step.total_mg
        return dict(total)

    @property
    def assumptions(self) -> tuple[Message, ...]:
        """What the record leaves open, and how it is read."""
        return tuple(_assumptions(self))


def _after(drug: str | None, main: Phase) -> Phase:
    """What follows keeps drug and route, but after infusions it is tablets, which may be of another drug."""
    if drug is None and (main.route == "oral" or not main.is_pulse):
        return Phase(main.drug, main.route, None)
    return Phase(drug, "oral", None)


def _fall(taper: Taper, main: Phase) -> Phase:
    """An even taper: from the dose of the course, unless that was a pulse or the tablets are another drug."""
    after = _after(taper.drug, main)
    from_mg = taper.from_mg
    if from_mg is None and main.goes_on_as(after.drug, after.route):
        from_mg = main.dose_mg
    return replace(after, dose_mg=from_mg, days=taper.days, taper=True, to_mg=taper.to_mg)


def _assumptions(course: SteroidCourse) -> Iterator[Message]:
    """What the record leaves open, and how it is read."""
    for phase in course.phases:
        if phase.drug is None:
            yield Message("gap.the_tablets_are_not_named_they")
        elif phase.route is None:
            yield Message("gap.the_route_of_drug_is_not", {"drug": drug_name(phase.drug)})
        if phase.taper and phase.dose_mg is None:
            yield Message("gap.the_dose_at_which_the_taper")
        if phase.taper and phase.days is None:
            dated = Message("gap.the_length_of_the_taper_is")
            yield dated if course.end else Message("gap.the_length_of_the_taper_is_not")
    if course.ongoing:
        yield Message("gap.no_end_is_given_the_course")


# ---------------------------------------------------------------- in words


def written_course(phases: tuple[Phase, ...]) -> Message:
    """A course as a message; its English is a notation that `parse` reads back."""
    first, *others = phases
    named = [phase if phase.taper or phase.drug else replace(phase, drug=unnamed_steroid()) for phase in others]
    parts = [_written_taper(phase) if phase.taper else _written_dose(phase) for phase in (first, *named)]
    return reduce(lambda before, after: Message("course.then", {"before": before, "after": after}), parts)


def _written_dose(phase: Phase) -> Message:
    """A repeated dose: prednisone 60 mg oral daily for 5 days."""
    how_often = [] if phase.every_days > 1 and phase.doses_per_day == 1 else [_times_a_day(phase.doses_per_day)]
    if phase.every_days > 1:
        how_often.append(Message("course.every_days", {"n": phase.every_days}))
    return _in_a_row([*_drug(phase), *_mg("dose", phase.dose_mg), *_route(phase), *how_often, *_days("for", phase)])


def _written_taper(phase: Phase) -> Message:
    """A taper: prednisone oral taper from 60 mg to 0 mg over 21 days."""
    doses = (*_mg("from", phase.dose_mg), *_mg("to", phase.to_mg))
    return _in_a_row([*_drug(phase), *_route(phase), Message("course.taper"), *doses, *_days("over", phase)])


def _times_a_day(n: int) -> Message:
    """How often a day; up to four times there is a word for it."""
    return Message(f"course.daily_{n}") if n <= _MOST_IN_WORDS else Message("course.times_daily", {"n": n})


_MOST_IN_WORDS = 4


def _drug(phase: Phase) -> list[Message]:
    """The drug, if it is known."""
    return [drug_name(phase.drug)] if phase.drug else []


def _route(phase: Phase) -> list[Message]:
    """The route, if it is known."""
    return [Message(f"course.route_{phase.route}")] if phase.route else []


def _mg(place: str, dose_mg: float | None) -> list[Message]:
    """A dose, if it is known; the place says whether a taper begins or ends there."""
    return [Message(f"course.{place}_mg", {"mg": dose_mg})] if dose_mg is not None else []


def _days(place: str, phase: Phase) -> list[Message]:
    """The length of a phase, if it is known."""
    return [Message(f"course.{place}_days", {"n": phase.days})] if phase.days is not None else []


def _in_a_row(words: list[Message]) -> Message:
    """Words with a space between them."""
    return reduce(lambda before, after: Message("course.beside", {"before": before, "after": after}), words)


# ---------------------------------------------------------------- day by day


@dataclass(frozen=True)
class SteroidStep:
    """The same dose for a number of days."""

    drug: str
    route: Route
    dose_mg: float
    """Each dose [mg]."""
    doses_per_day: int
    every_days: int
    """2 means alternate days."""
    start: datetime.date
    days: int

    @property
    def end(self) -> datetime.date:
        """The last day."""
        return self.start + datetime.timedelta(days=self.days - 1)

    @property
    def mg_per_day(self) -> float:
        """The mean dose a day [mg of this drug]."""
        return self.dose_mg * self.doses_per_day / self.every_days

    @property
    def total_mg(self) -> float:
        """All doses of the step together [mg of this drug]."""
        return self.dose_mg * self.doses_per_day * (1 + (self.days - 1) // self.every_days)


@dataclass(frozen=True)
class CourseLayout:
    """A course with its dates, ready to be laid out in days."""

    phases: tuple[Phase, ...]
    start: datetime.date
    end: datetime.date | None
    """The last day, None when it is not given."""
    until: datetime.date
    """The last day to lay out."""
    registry: Registry

    def steps(self) -> Iterator[SteroidStep]:
        """The steps in order, as far as `until`."""
        day = 0
        for phase, days in zip(self.phases, self._lengths(), strict=True):
            for dose_mg, length in [*self._levels(phase, days), *self._afterwards(phase, day + days)]:
                step = self._step(phase, dose_mg, day, length)
                if step.start <= self.until:
                    yield replace(step, days=min(step.days, _days_in(step.start, self.until)))
                day += length

    def _step(self, phase: Phase, dose_mg: float, day: int, days: int) -> SteroidStep:
        """One step, `day` days into the course."""
        first = datetime.date(self.start.year, self.start.month, self.start.day)
        start = first + datetime.timedelta(days=min(day, (datetime.date.max - first).days))
        drug, route = phase.drug or unnamed_steroid(), phase.route or self._likely_route(phase)
        return SteroidStep(drug, route, dose_mg, phase.doses_per_day, phase.every_days, start, days)

    def _likely_route(self, phase: Phase) -> Route:
        """What is mostly infused is an infusion from some dose on, unless tablets are named; all else is tablets."""
        limit = None if phase.drug is None else STEROIDS[phase.drug].infused_from
        if limit is None or phase.dose_mg is None:
            return "oral"
        return "iv" if phase.dose_mg >= self.registry.scalar(limit) else "oral"

    def _lengths(self) -> list[int]:
        """Days of each phase: as said; a usual length for a taper; the rest up to the end, at least a day."""
        days = [phase.days for phase in self.phases]
        if days[-1] is None and self.phases[-1].taper:
            days[-1] = self._taper_days(days[:-1])
        known = sum(length or 0 for length in days)
        rest = max(1, _days_in(self.start, self.end or self.until) - known)
        return [rest if length is None else length for length in days]

    def _taper_days(self, before: list[int | None]) -> int:
        """What the dates leave for the taper, else the usual length."""
        usual = int(self.registry.scalar("person.steroid.taper_days"))
        if self.end is None or None in before:
            return usual
        left = _days_in(self.start, self.end) - sum(length or 0 for length in before)
        return left if left > 0 else usual

    def _levels(self, phase: Phase, days: int) -> list[tuple[float, int]]:
        """The doses of a phase with the days of each: one, or the levels of a taper."""
        if not phase.taper:
            return [(phase.dose_mg or 0.0, days)]
        start = phase.dose_mg or self.registry.scalar("person.steroid.taper_from_mg")
        count = max(1, round(days / self.registry.scalar("person.steroid.taper_step_days")))
        edges = [round(level * days / count) for level in range(count + 1)]
        lengths = [after - before for before, after in pairwise(edges)]
        return list(zip(_even_fall(start, phase.to_mg or 0.0, count), lengths, strict=True))

    def _afterwards(self, phase: Phase, day: int) -> list[tuple[float, int]]:
        """A final taper to a dose above zero is followed by this dose, as long as the course lasts."""
        if phase is not self.phases[-1] or not (phase.taper and phase.to_mg):
            return []
        left = _days_in(self.start, self.end or self.until) - day
        return [(phase.to_mg, left)] if left > 0 else []


def _days_in(first: datetime.date, last: datetime.date) -> int:
    """Days from the first to the last, both counted."""
    return (last - first).days + 1


def _even_fall(start: float, end: float, count: int) -> list[float]:
    """`count` falling doses: the last is one step above zero, or the dose at which the taper ends."""
    if count == 1:
        return [(start + end) / 2]
    steps = count - 1 if end else count
    return [start + (end - start) * level / steps for level in range(count)]
