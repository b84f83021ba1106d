"""What is possible but unlikely is asked, not refused."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trabecula import units
from trabecula.person.checks import age_y, dates_of, events_with_age
from trabecula.person.dates import read_date
from trabecula.person.falls import remembered_falls
from trabecula.person.limits import LIMITS, Limits, Within
from trabecula.person.medicines import MEDICINE_CLASSES, OTHER_NAMES, Medicine
from trabecula.person.record import Person
from trabecula.person.sclerosis import Disability
from trabecula.person.steroids import SteroidCourse
from trabecula.person.wording import nearest


@dataclass(frozen=True)
class Question:
    """A value that is possible but unlikely: where it stands, and what to ask."""

    path: str
    message: str


Asked = Iterator[Question]


def questions(person: Person, on: datetime.date | None = None) -> tuple[Question, ...]:
    """What one would ask about this record before relying on it; `on` is the day of assessment."""
    on = on or person.assessed_on
    return (
        *_unusual_values(person, ""),
        *_body(person),
        *_ages(person, on),
        *_disability(person),
        *_steroids(person),
        *_medicines(person),
        *_falls(person),
        *_old_falls(person, on),
        *_repeated(person),
        *_planned(person, on),
        *_death(person, on),
    )


def _unusual_values(part: BaseModel, path: str) -> Asked:
    """Numbers outside their usual range, wherever they stand."""
    for name, info in type(part).model_fields.items():
        value, where = getattr(part, name), f"{path}.{name}" if path else name
        limits = _limits_of(info)
        if isinstance(value, int | float) and limits is not None and not limits.is_usual(value):
            found = f"{limits.written(value)} is unusual ({limits.usual_text})"
            yield Question(where, f"{found}; {limits.hint(value)}")
        yield from _unusual_inside(value, where)


def _limits_of(info: FieldInfo) -> Limits | None:
    """The table's line for a field, also when the field may be left out."""
    marks = list(info.metadata)
    for choice in getattr(info.annotation, "__args__", ()):
        marks += getattr(choice, "__metadata__", ())
    return next((mark.limits for mark in marks if isinstance(mark, Within)), None)


def _unusual_inside(value: object, where: str) -> Asked:
    """The same for parts and lists of parts."""
    if isinstance(value, BaseModel):
        yield from _unusual_values(value, where)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _unusual_inside(each, f"{where}[{index}]")


def _body(person: Person) -> Asked:
    """Height and weight together, and blood tests."""
    if person.height_cm and person.weight_kg:
        bmi = person.weight_kg / (person.height_cm / 100) ** 2
        if not LIMITS["bmi"].is_usual(bmi):
            yield Question("weight_kg", f"height and weight give a BMI of {bmi:.0f} kg/m2; are both right?")
    for index, each in enumerate(person.laboratory):
        limits = LIMITS[each.test]
        if not limits.is_usual(each.standard_value):
            found = f"{limits.written(each.standard_value)} is unusual ({limits.usual_text})"
            yield Question(f"laboratory[{index}].value", f"{found}; are value and unit right?")


def _ages(person: Person, on: datetime.date | None) -> Asked:
    """Ages at which things rarely happen."""
    events = list(events_with_age(person))
    if on is not None:
        events.append(("birth_date", "age", on))
    if person.ms is not None and person.ms.onset is not None:
        events.append(("ms.onset", "age_at_onset", person.ms.onset))
    for path, quantity, when in events:
        limits, age = LIMITS[quantity], age_y(person.birth_date, when)
        if not limits.is_usual(age):
            yield Question(path, f"{limits.what} of {age:.0f} is unusual ({limits.usual_text}); is it right?")


def _disability(person: Person) -> Asked:
    """Disability that jumps down, does not go with the aid, or relapses before the onset."""
    if person.ms is None:
        return
    order = sorted(enumerate(person.ms.disability), key=lambda each: each[1].date)
    scored = [(index, each.edss) for index, each in order if each.edss is not None]
    for (_, before), (index, after) in pairwise(scored):
        if not LIMITS["edss_fall"].is_usual(max(0.0, before - after)):
            message = f"the EDSS falls from {before:.1f} to {after:.1f}; are both right?"
            yield Question(f"ms.disability[{index}].edss", message)
    for index, each in order:
        yield from _aid_against_edss(f"ms.disability[{index}]", each)
    for index, relapse in enumerate(person.ms.relapses):
        if person.ms.onset is not None and read_date(relapse.date).last < read_date(person.ms.onset).first:
            yield Question(f"ms.relapses[{index}].date", "it is before the onset of MS; which is right?")


def _aid_against_edss(path: str, measure: Disability) -> Asked:
    """The EDSS says whether a person walks with an aid."""
    if measure.edss is None or measure.aid is None:
        return
    with_aid = LIMITS["edss_with_aid"].is_usual(measure.edss)
    if with_aid and measure.aid == "none":
        message = f"an EDSS of {measure.edss:.1f} means an aid or a wheelchair, but the aid is none"
        yield Question(path, f"{message}; which is right?")
    if not with_aid and measure.aid in ("walker", "wheelchair", "bed"):
        message = f"an EDSS of {measure.edss:.1f} means walking unaided, but the aid is {measure.aid}"
        yield Question(path, f"{message}; which is right?")


def _steroids(person: Person) -> Asked:
    """Very many courses in a year, or dates that do not fit the description."""
    starts = sorted(course.start for course in person.steroids)
    in_a_year = [sum(0 <= (later - start).days < units.DAYS_PER_YEAR for later in starts) for start in starts]
    most = max(in_a_year, default=0)
    if not LIMITS["courses_per_year"].is_usual(most):
        yield Question("steroids", f"{most} courses within one year; are some of them written down twice?")
    for index, course in enumerate(person.steroids):
        yield from _length(f"steroids[{index}]", course)


def _length(path: str, course: SteroidCourse) -> Asked:
    """A course whose parts do not add up to its dates."""
    days, last = [phase.days for phase in course.phases], course.phases[-1]
    if course.end is None or None in days or (last.taper and last.to_mg):
        return
    said, dated = sum(each or 0 for each in days), (course.end - course.start).days + 1
    rough = {read_date(course.end).precision, read_date(course.start).precision} != {"day"}
    if said != dated and not rough:
        message = f"the course is described as {said} days, but its dates span {dated}"
        yield Question(f"{path}.end", f"{message}; the description is used")


def _medicines(person: Person) -> Asked:
    """Medicines that are not known here."""
    groups = {"medicines": person.medicines}
    if person.ms is not None:
        groups["ms.disease_modifying_drugs"] = person.ms.disease_modifying_drugs
    for path, medicines in groups.items():
        for index, each in enumerate(medicines):
            if each.kind is None:
                yield Question(f"{path}[{index}].drug", _unknown_medicine(each))


def _unknown_medicine(medicine: Medicine) -> str:
    """What to ask about a name that is not known."""
    near = nearest(medicine.generic, [*MEDICINE_CLASSES, *OTHER_NAMES])
    hint = f'did you mean "{near}"?' if near else "is it the generic name?"
    return f'"{medicine.drug[:40]}" is not known here and has no effect on the result; {hint}'


def _falls(person: Person) -> Asked:
    """More falls than a diary would count."""
    for index, each in enumerate(person.falls):
        if each.per_year is not None and not LIMITS["falls_per_year"].is_usual(each.per_year):
            yield Question(f"falls[{index}].count", f"{each.per_year:.0f} falls a year; is the period right?")


def _old_falls(person: Person, on: datetime.date | None) -> Asked:
    """Falls that say nothing of the last year."""
    if on is None or remembered_falls(person.falls, on) is not None:
        return
    for index, each in enumerate(person.falls):
        when = each.date or each.until
        if when is not None and when <= on:
            name = "date" if each.date is not None else "until"
            message = f"{read_date(when).written} is more than a year before the assessment; it is not used"
            yield Question(
                f"falls[{index}].{name}", f"{message}: how many falls were there in the last year?"
            )


def _repeated(person: Person) -> Asked:
    """Two results for one day."""
    scans = Counter((each.date, each.site) for each in person.dxa)
    for (date, site), count in scans.items():
        if count > 1:
            scan = f"{count} scans of the {site.replace('_', ' ')} on {read_date(date).written}"
            yield Question("dxa", f"{scan}; which one counts?")
    visits = Counter(each.date for each in (person.ms.disability if person.ms else ()))
    for date, count in visits.items():
        if count > 1:
            message = f"{count} examinations on {read_date(date).written}; which one counts?"
            yield Question("ms.disability", message)


def _planned(person: Person, on: datetime.date | None) -> Asked:
    """Treatments that start after the assessment, or in its month or year."""
    for path, when in dates_of(person):
        if on is None or not path.endswith(".start"):
            continue
        if when.first > on:
            message = f"it starts on {when.written}, after the assessment; it is read as planned"
            yield Question(path, message)
        elif when.last > on:
            message = f"it starts in {when.written}, the time of the assessment; it is read as begun already"
            yield Question(path, f"{message}: if it is planned, write the day")


def _death(person: Person, on: datetime.date | None) -> Asked:
    """A death that lies ahead of the assessment."""
    if person.death_date is not None and on is not None and person.death_date > on:
        when = read_date(person.death_date).written
        yield Question("death_date", f"{when} is after the assessment; nothing of it is used: is it right?")
