"""A plan: what could be done otherwise from the day of assessment on. It names only what it changes.

    name: steroid-sparing
    title: Fewer tablets
    steroids: {taper_to_mg: 0, over_days: 180}
    exercise: {resistance_sessions_per_week: 2}

Whatever a plan does not name goes on as recorded.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticKnownError

from trabecula.person import Medicine, SteroidCourse
from trabecula.person.dates import DosingInterval, days_between
from trabecula.person.limits import WithinLimits
from trabecula.person.parts import Many, RecordPart
from trabecula.person.problems import PartProblem, refusal, require, show
from trabecula.person.steroids import Taper
from trabecula.vocabulary import GlucocorticoidName, Route
from trabecula.words.message import WHOLE, Message, sourced, unpack, verbatim

_FROM_NOW = re.compile(r"now(?:\s*\+\s*(\d+(?:\.\d+)?\s*(?:day|week|month|year)s?))?")
_ANY_DAY = date(2000, 1, 1)  # a plan is checked before anybody says when it begins


def _check_moment(moment: str | date) -> str | date:
    """A day in the calendar, or a time from now; a time that no life has is refused."""
    if isinstance(moment, date):
        return moment
    if match := _FROM_NOW.fullmatch(moment.strip()):
        if match[1]:
            days_between(match[1])
        return moment
    try:
        return date.fromisoformat(moment.strip())
    except ValueError:
        expected = Message("expected.a_day_now_or_later")
        raise refusal(moment, expected, Message("todo.write_one_of_these")) from None


Moment = Annotated[str | date, AfterValidator(_check_moment)]
"""When something happens: a day, `now` (the day of assessment), or `now + 6 months`."""


def day_of(moment: str | date, on: date) -> date:
    """The day of a moment for an assessment `on` a day."""
    moment = _check_moment(moment)
    if isinstance(moment, date):
        return moment
    match = _FROM_NOW.fullmatch(moment.strip())
    ahead = match.group(1) if match else None
    return on + timedelta(days=round(days_between(ahead)) if ahead else 0)


def _check_inner(build: Any) -> None:
    """Complain about what the record's own part (a medicine, a course) would complain about."""
    try:
        build()
    except ValidationError as error:
        found: list[PartProblem] = []
        for detail in error.errors():
            several = detail.get("ctx", {}).get("problems")
            path = ".".join(map(str, detail["loc"]))
            found += several or [
                PartProblem(path, show(detail["input"]), verbatim(detail["msg"]), Message("todo.correct_it"))
            ]
        require(found)


class PlannedMedicine(RecordPart):
    """A medicine that is begun; without an end it goes on."""

    drug: str
    """The generic name, such as zoledronate."""
    start: Moment = "now"
    """When it begins."""
    end: Moment | None = None
    """The last day."""
    dose_mg: Annotated[float, WithinLimits("medicine_dose_mg")] | None = None
    """Each dose, in mg; the usual one when it is left out."""
    every_days: Annotated[float, WithinLimits("medicine_every_days")] | None = None
    """Days from dose to dose; the usual ones when left out."""
    per: DosingInterval | None = None
    """The same in words: "week", "6 months"."""
    adherence: Annotated[float, WithinLimits("adherence")] | None = None
    """The share of the doses that is taken, 0 to 1."""

    @model_validator(mode="after")
    def _is_a_medicine(self) -> Self:
        """What holds for a medicine of a record holds here."""
        _check_inner(lambda: self.medicine(_ANY_DAY))
        return self

    def medicine(self, on: date) -> Medicine:
        """The medicine as a record has it, for a plan that begins `on` a day."""
        fields = self.model_dump(include={"drug", "dose_mg", "every_days", "per", "adherence"})
        end = None if self.end is None else day_of(self.end, on)
        return Medicine(start=day_of(self.start, on), end=end, **fields)


class PlannedCourse(RecordPart):
    """One course of a glucocorticoid, as in a record but with a start that may be `now`."""

    start: Moment = "now"
    """When it begins."""
    as_written: str | None = Field(default=None, max_length=400)
    """The course as a clinic writes it."""
    drug: GlucocorticoidName | None = None
    """The drug (needed unless the text names it)."""
    route: Route | None = None
    """By mouth (oral), into a vein (iv) or a muscle (im)."""
    dose_mg: Annotated[float, WithinLimits("dose_mg")] | None = None
    """Each dose, in mg."""
    days: Annotated[int, WithinLimits("days")] | None = None
    """Days at full dose, before any taper."""
    taper: Taper | None = None
    """How the dose falls afterwards: {to_mg, days}."""

    @model_validator(mode="after")
    def _is_a_course(self) -> Self:
        """What holds for a course of a record holds here."""
        _check_inner(lambda: self.course(_ANY_DAY))
        return self

    def course(self, on: date) -> SteroidCourse:
        """The course as a record has it, for a plan that begins `on` a day."""
        names = ("as_written", "drug", "route", "dose_mg", "days", "taper")
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return SteroidCourse(start=day_of(self.start, on), **given)


_FEWEST, _MOST = 0.1, 12.0  # a course in ten years at least, one a month at most


def _check_courses(a_year: float) -> float:
    """A number of courses that can be planned."""
    if _FEWEST <= a_year <= _MOST:
        return a_year
    what = Message("quantity.courses_per_year")
    expected = Message("quantity.range", {"what": what, "low": _FEWEST, "high": _MOST})
    raise refusal(a_year, expected, Message("todo.choose_a_number_in_this_range"))


class RepeatedCourses(RecordPart):
    """The same course again and again, evenly through the year, beside what is going on."""

    courses_per_year: Annotated[
        float, AfterValidator(_check_courses), Field(json_schema_extra={"minimum": _FEWEST, "maximum": _MOST})
    ]
    """How many courses a year."""
    drug: GlucocorticoidName
    """The drug."""
    route: Route | None = None
    """By mouth (oral), into a vein (iv) or a muscle (im)."""
    dose_mg: Annotated[float, WithinLimits("dose_mg")]
    """Each dose, in mg."""
    days: Annotated[int, WithinLimits("days")]
    """Days at full dose, before any taper."""
    taper: Taper | None = None
    """How the dose falls afterwards: {to_mg, days}."""

    def course(self, on: date) -> SteroidCourse:
        """One of them."""
        given = self.model_dump(exclude={"courses_per_year", "taper"}, exclude_none=True)
        return SteroidCourse(start=on, taper=self.taper, **given)


class TabletTaper(RecordPart):
    """Daily tablets that are going on are tapered."""

    taper_to_mg: Annotated[float, WithinLimits("taper_to_mg")]
    """The dose at which the taper ends, in mg of the drug that is taken; it goes on if it is above 0."""
    over_days: Annotated[int, WithinLimits("days")]
    """How many days the taper takes."""


def _steroid_kind(value: Any) -> str:
    """Which of the four ways to write steroids it is."""
    if isinstance(value, str):
        return "none"
    if isinstance(value, list | tuple):
        return "courses"
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return "repeated" if "courses_per_year" in names else "tapering"


Steroids = Annotated[
    Annotated[Literal["none"], Tag("none")]
    | Annotated[Many[PlannedCourse], Tag("courses")]
    | Annotated[RepeatedCourses, Tag("repeated")]
    | Annotated[TabletTaper, Tag("tapering")],
    Discriminator(_steroid_kind),
]


class Exercise(RecordPart):
    """Training that is added, or that replaces what is recorded."""

    moderate_minutes_per_week: Annotated[float, WithinLimits("moderate_minutes_per_week")] | None = None
    """Minutes of at least moderate activity a week, in all."""
    resistance_sessions_per_week: Annotated[float, WithinLimits("sessions_per_week")] | None = None
    """Sessions of strength training a week."""
    impact_sessions_per_week: Annotated[float, WithinLimits("sessions_per_week")] | None = None
    """Sessions with jumps, running or dancing a week."""


_LONGEST_TITLE, _LONGEST_REASON = 600, 1000
"""Characters; of choices that were put together all titles stand in one."""


def _told(most: int) -> BeforeValidator:
    """Reads a text of a plan: what the library says is known in every language, what a person typed stays as it is."""

    def read(value: Any, info: ValidationInfo) -> Message:
        """A text as a message; one that is too long is refused as pydantic refuses it."""
        if isinstance(value, Message):
            return value
        if not isinstance(value, str):
            raise PydanticKnownError("string_type")
        if info.context == WHOLE:
            return unpack(value)
        if len(value) > most:
            raise PydanticKnownError("string_too_long", {"max_length": most})
        return sourced("plan", value)

    return BeforeValidator(read, json_schema_input_type=str)


class Plan(RecordPart):
    """What is done otherwise from the day of assessment on; what is left out goes on as recorded.

    >>> import trabecula as tb
    >>> walk = {"name": "walk", "title": "Walk more", "exercise": {"moderate_minutes_per_week": 300}}
    >>> tb.Plan.model_validate(walk).exercise.moderate_minutes_per_week
    300.0
    """

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    """A short name in lower-case letters, digits and hyphens."""
    title: Annotated[Message, _told(_LONGEST_TITLE)]
    """What a person reads; of choices that were put together, the titles of all."""
    because: Annotated[Message, _told(_LONGEST_REASON)] | None = None
    """Why somebody would do this."""
    steroids: Steroids | None = None
    """Courses that are added (a list, or {courses_per_year, ...}), or an end to the tablets that are going on: none
    (at once), or {taper_to_mg, over_days}."""
    medicines: Many[PlannedMedicine] = ()
    """Medicines that are begun; one that is taken already goes on at its own days, as the plan says from then on."""
    stop: Many[str] = ()
    """Medicines that are stopped."""
    exercise: Exercise | None = None
    """Training."""
    falls_programme: bool = False
    """Whether a programme of balance exercise against falls is followed."""
    vitamin_d_ug_per_day: Annotated[float, WithinLimits("vitamin_d_ug_per_day")] | None = None
    """Vitamin D from tablets, in all [ug/d]."""
    calcium_mg_per_day: Annotated[float, WithinLimits("calcium_mg_per_day")] | None = None
    """Calcium from food and tablets together [mg/d]."""
    smoking: Literal["never", "former", "current"] | None = None
    """`former`: a smoker stops."""
    edss: Literal["stable", "median", "worse"] | None = None
    """Disability stays as it is, rises as in the average person with MS (as without a plan), or twice as fast."""


RECORDED = Plan(name="as-recorded", title=Message("plan.as_recorded_and_planned"))
"""The plan that changes nothing."""
