"""What is possible but unlikely is asked, not refused."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trabecula import units
from trabecula.person.dates import read_date
from trabecula.person.history import remembered_falls
from trabecula.person.kidney import contradicts, creatinine_clearance
from trabecula.person.limits import LIMITS, Limits, WithinLimits
from trabecula.person.medicines import Medicine
from trabecula.person.problems import did_you_mean, field_name, known_day, nearest, quoted
from trabecula.person.record import Person, age_y, dates_of, events_with_age
from trabecula.person.sclerosis import Disability
from trabecula.person.steroids import SteroidCourse
from trabecula.vocabulary import FRACTURE_SITES, SKELETAL_SITES, medicine_names
from trabecula.words.message import Message, verbatim

_GROWN_Y = 18.0
"""From this age on [y] a height is that of a grown person."""


@dataclass(frozen=True)
class Question:
    """A value that is possible but unlikely: where it stands, and what to ask."""

    path: str
    """The place in the record, `falls[0].count`."""
    message: Message
    """What is unlikely, and what would settle it."""


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
        *_spine(person),
        *_frax(person),
        *_heights(person),
        *_prostheses(person),
        *_kidneys(person),
        *_injections(person),
        *_falls(person),
        *_old_falls(person, on),
        *_repeated(person),
        *_planned(person, on),
        *_death(person, on),
    )


def _unusual_values(part: BaseModel, path: str) -> Iterator[Question]:
    """Numbers outside their usual range, wherever they stand."""
    for name, limits in _limits_by_field(type(part)):
        value, where = getattr(part, name), f"{path}.{name}" if path else name
        if isinstance(value, int | float) and limits is not None and not limits.is_usual(value):
            parts = {"unusual": limits.unusual(value), "todo": limits.hint(value)}
            yield Question(where, Message("question.with_hint", parts))
        if isinstance(value, BaseModel | tuple):
            yield from _unusual_inside(value, where)


@cache
def _limits_by_field(kind: type[BaseModel]) -> tuple[tuple[str, Limits | None], ...]:
    """The fields of a record, each with the table's line for it."""
    return tuple((name, _limits_of(info)) for name, info in kind.model_fields.items())


def _limits_of(info: FieldInfo) -> Limits | None:
    """The table's line for a field, also when the field may be left out."""
    marks = list(info.metadata)
    for choice in getattr(info.annotation, "__args__", ()):
        marks += getattr(choice, "__metadata__", ())
    return next((mark.limits for mark in marks if isinstance(mark, WithinLimits)), None)


def _unusual_inside(value: object, where: str) -> Iterator[Question]:
    """The same for parts and lists of parts."""
    if isinstance(value, BaseModel):
        yield from _unusual_values(value, where)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _unusual_inside(entry, f"{where}[{index}]")


def _body(person: Person) -> Iterator[Question]:
    """Height and weight together, and blood tests."""
    if person.height_cm and person.weight_kg:
        bmi = person.weight_kg / (person.height_cm / 100) ** 2
        if not LIMITS["bmi"].is_usual(bmi):
            yield Question("weight_kg", Message("question.bmi", {"bmi": bmi}))
    blood = ((f"laboratory[{i}]", test.test, test.standard_value) for i, test in enumerate(person.laboratory))
    balance = ((f"balance_tests[{i}]", test.test, test.value) for i, test in enumerate(person.balance_tests))
    for path, test, value in (*blood, *balance):
        limits = LIMITS.get(test)
        if limits is not None and not limits.is_usual(value):
            yield Question(f"{path}.value", Message("question.value_and_unit", {"unusual": limits.unusual(value)}))


def _ages(person: Person, on: datetime.date | None) -> Iterator[Question]:
    """Ages at which things rarely happen."""
    events = list(events_with_age(person))
    if on is not None:
        events.append(("birth_date", "age", on))
    if person.ms is not None and person.ms.onset is not None:
        events.append(("ms.onset", "age_at_onset", person.ms.onset))
    for path, quantity, when in events:
        limits, age = LIMITS[quantity], age_y(person.birth_date, when)
        if not limits.is_usual(age):
            parts = {"what": limits.what, "age": age, "usual": limits.usual_range}
            yield Question(path, Message("question.unusual_age", parts))


def _disability(person: Person) -> Iterator[Question]:
    """Disability that jumps down, does not go with the aid, or relapses before the onset."""
    if person.ms is None:
        return
    order = sorted(enumerate(person.ms.disability), key=lambda numbered: numbered[1].date)
    scored = [(index, measure.edss) for index, measure in order if measure.edss is not None]
    for (_, before), (index, after) in pairwise(scored):
        if not LIMITS["edss_fall"].is_usual(max(0.0, before - after)):
            message = Message("question.edss_falls", {"before": before, "after": after})
            yield Question(f"ms.disability[{index}].edss", message)
    for index, measure in order:
        yield from _aid_against_edss(f"ms.disability[{index}]", measure)
    for index, relapse in enumerate(person.ms.relapses):
        if person.ms.onset is not None and read_date(relapse.date).last < read_date(person.ms.onset).first:
            yield Question(f"ms.relapses[{index}].date", Message("question.relapse_before_onset"))


def _aid_against_edss(path: str, measure: Disability) -> Iterator[Question]:
    """The EDSS says whether a person walks with an aid."""
    if measure.edss is None or measure.aid is None:
        return
    with_aid = LIMITS["edss_with_aid"].is_usual(measure.edss)
    if with_aid and measure.aid == "none":
        yield Question(path, Message("question.edss_without_aid", {"edss": measure.edss}))
    if not with_aid and measure.aid in ("walker", "wheelchair", "bed"):
        parts = {"edss": measure.edss, "aid": Message(f"aid.{measure.aid}")}
        yield Question(path, Message("question.edss_with_aid", parts))


def _steroids(person: Person) -> Iterator[Question]:
    """Very many courses in a year, or dates that do not fit the description."""
    starts = sorted(course.start for course in person.steroids)
    in_a_year = [sum(0 <= (later - start).days < units.DAYS_PER_YEAR for later in starts) for start in starts]
    most = max(in_a_year, default=0)
    if not LIMITS["courses_per_year"].is_usual(most):
        yield Question("steroids", Message("question.many_courses", {"n": most}))
    for index, course in enumerate(person.steroids):
        yield from _length(f"steroids[{index}]", course)
        if any(_may_be_one(course, other) for other in person.steroids[:index]):
            yield Question(
                f"steroids[{index}]", Message("question.same_course_twice", {"day": known_day(course.start)})
            )


def _may_be_one(course: SteroidCourse, other: SteroidCourse) -> bool:
    """Whether two courses are the same in drug, route, dose and schedule, on days that they share.

    Doses on several days of a week are a course for each: they begin on different days and share none.
    """
    same = all(getattr(course, name) == getattr(other, name) for name in ("phases", "as_written"))
    if course.start != other.start and course.every_days > 1:
        return False
    first, last = sorted((course, other), key=lambda each: each.start)
    return (
        same and (first.end is None or last.start <= first.end) and (first.start == last.start or not first.as_written)
    )


def _length(path: str, course: SteroidCourse) -> Iterator[Question]:
    """A course whose parts do not add up to its dates."""
    days, last = [phase.days for phase in course.phases], course.phases[-1]
    if course.end is None or None in days or (last.taper and last.to_mg):
        return
    said, dated = sum(length or 0 for length in days), (course.end - course.start).days + 1
    rough = {read_date(course.end).precision, read_date(course.start).precision} != {"day"}
    if said != dated and not rough:
        yield Question(f"{path}.end", Message("question.course_length", {"n": said, "dated": dated}))


def _medicines(person: Person) -> Iterator[Question]:
    """Medicines that are not known here."""
    groups = {"medicines": person.medicines}
    if person.ms is not None:
        groups["ms.disease_modifying_drugs"] = person.ms.disease_modifying_drugs
    for path, medicines in groups.items():
        for index, medicine in enumerate(medicines):
            if medicine.kind is None:
                yield Question(f"{path}[{index}].drug", _unknown_medicine(medicine))


def _unknown_medicine(medicine: Medicine) -> Message:
    """What to ask about a name that is not known."""
    near = nearest(medicine.generic, medicine_names())
    hint = did_you_mean(near) if near else Message("question.generic_name")
    return Message("question.unknown_medicine", {"drug": quoted(medicine.drug), "todo": hint})


def _spine(person: Person) -> Iterator[Question]:
    """What only the spine has, said of another bone."""
    for index, broken in enumerate(person.fractures):
        for name in ("vertebrae", "grade"):
            if broken.site != "spine" and getattr(broken, name) is not None:
                parts = {"what": field_name(name), "site": FRACTURE_SITES[broken.site].name}
                yield Question(f"fractures[{index}].{name}", Message("question.spine_only", parts))
    for index, scan in enumerate(person.dxa):
        if scan.site != "lumbar_spine" and scan.tbs is not None:
            parts = {"what": field_name("tbs"), "site": SKELETAL_SITES[scan.site].name}
            yield Question(f"dxa[{index}].tbs", Message("question.spine_only", parts))


def _frax(person: Person) -> Iterator[Question]:
    """FRAX at an age that it does not take, or of another country."""
    limits = LIMITS["frax_age"]
    for index, result in enumerate(person.frax):
        age = age_y(person.birth_date, result.date)
        if not limits.is_usual(age):
            yield Question(f"frax[{index}].date", Message("question.frax_age", {"age": age}))
        if result.country and person.country and result.country != person.country:
            parts = {"frax": verbatim(result.country), "country": verbatim(person.country)}
            yield Question(f"frax[{index}].country", Message("question.frax_country", parts))


def _heights(person: Person) -> Iterator[Question]:
    """Heights of a grown person that differ by more than a spine can lose."""
    grown = [
        (f"heights[{index}].height_cm", height.height_cm)
        for index, height in enumerate(person.heights)
        if age_y(person.birth_date, height.date) >= _GROWN_Y
    ]
    if not grown:
        return
    known = [height for _, height in grown] + ([person.height_cm] if person.height_cm else [])
    if not LIMITS["height_difference_cm"].is_usual(max(known) - min(known)):
        path = next(path for path, height in grown if height in (max(known), min(known)))
        yield Question(path, Message("question.heights", {"low": min(known), "high": max(known)}))


def _kidneys(person: Person) -> Iterator[Question]:
    """A creatinine that an eGFR of the same day contradicts: one of the two, or the weight, is wrong."""
    for index, blood in enumerate(person.laboratory):
        if blood.test != "creatinine" or not person.weight_kg:
            continue
        age = age_y(person.birth_date, blood.date)
        clearance = creatinine_clearance(age, person.sex, person.weight_kg, blood.standard_value)
        same_day = [test for test in person.laboratory if test.test == "eGFR" and test.date == blood.date]
        for other in same_day:
            if contradicts(other.standard_value, clearance):
                parts = {"egfr": other.standard_value, "clearance": clearance}
                yield Question(f"laboratory[{index}].value", Message("question.kidneys", parts))


def _prostheses(person: Person) -> Iterator[Question]:
    """A scan of a hip that is artificial, or that broke before and may hold metal."""
    artificial = [(hip.side, hip.date) for hip in person.hip_prostheses]
    broken = [(broken.side, broken.when) for broken in person.fractures if broken.site == "hip" and broken.side]
    for index, scan in enumerate(person.dxa):
        if SKELETAL_SITES[scan.site].breaks_as == "hip" and scan.side is not None:
            parts = {"site": SKELETAL_SITES[scan.site].name, "side": Message(f"choice.{scan.side}")}
            for name, events in (("prosthesis", artificial), ("broken_hip", broken)):
                if any(side == scan.side and (when is None or when <= scan.date) for side, when in events):
                    yield Question(f"dxa[{index}].side", Message(f"question.{name}", parts))


def _injections(person: Person) -> Iterator[Question]:
    """An injection before the medicine began, or of one that is not listed."""
    for index, given in enumerate(person.injections):
        starts = [read_date(medicine.start).first for medicine in person.medicines if medicine.generic == given.generic]
        drug = quoted(given.drug)
        if not starts:
            yield Question(f"injections[{index}].drug", Message("question.injection_unlisted", {"drug": drug}))
        elif read_date(given.date).last < min(starts):
            parts = {"drug": drug, "day": known_day(given.date), "start": known_day(min(starts))}
            yield Question(f"injections[{index}].date", Message("question.injection_before_start", parts))


def _falls(person: Person) -> Iterator[Question]:
    """More falls than a diary would count."""
    for index, fall in enumerate(person.falls):
        if fall.per_year is not None and not LIMITS["falls_per_year"].is_usual(fall.per_year):
            yield Question(f"falls[{index}].count", Message("question.many_falls", {"n": fall.per_year}))


def _old_falls(person: Person, on: datetime.date | None) -> Iterator[Question]:
    """Falls that say nothing of the last year."""
    if on is None or remembered_falls(person.falls, on) is not None:
        return
    for index, fall in enumerate(person.falls):
        when = fall.date or fall.until
        if when is not None and when <= on:
            name = "date" if fall.date is not None else "until"
            yield Question(f"falls[{index}].{name}", Message("question.old_fall", {"day": known_day(when)}))


def _repeated(person: Person) -> Iterator[Question]:
    """Two results for one day."""
    scans = Counter((scan.date, scan.site) for scan in person.dxa)
    for (date, site), count in scans.items():
        if count > 1:
            parts = {"n": count, "site": SKELETAL_SITES[site].name, "day": known_day(date)}
            yield Question("dxa", Message("question.scans_of_one_day", parts))
    visits = Counter(visit.date for visit in (person.ms.disability if person.ms else ()))
    for date, count in visits.items():
        if count > 1:
            parts = {"n": count, "day": known_day(date)}
            yield Question("ms.disability", Message("question.examinations_of_one_day", parts))


def _planned(person: Person, on: datetime.date | None) -> Iterator[Question]:
    """Treatments that start after the assessment, or in its month or year."""
    for path, when in dates_of(person):
        if on is None or not path.endswith(".start"):
            continue
        if when.first > on:
            yield Question(path, Message("question.planned", {"day": known_day(when)}))
        elif when.last > on:
            yield Question(path, Message("question.begun", {"day": known_day(when)}))


def _death(person: Person, on: datetime.date | None) -> Iterator[Question]:
    """A death that lies ahead of the assessment."""
    if person.death_date is not None and on is not None and person.death_date > on:
        yield Question("death_date", Message("question.death_ahead", {"day": known_day(person.death_date)}))
