"""Dates that follow from bone medicines: next doses, reviews, ends, and what must come after denosumab."""

from collections.abc import Iterator
from datetime import date, timedelta

from trabecula import units
from trabecula.guidelines.facts import Facts, Taken
from trabecula.guidelines.plan_entries import Course, entries
from trabecula.guidelines.plan_tasks import Task, months_after, task_of

BONE_DRUGS = ("bisphosphonate", "denosumab", "romosozumab", "parathyroid")
_TIMES: tuple[tuple[str, str, str], ...] = (
    ("oral_bisphosphonate_y", "alendronate", "bisphosphonate"),
    ("zoledronate_y", "zoledronate", "bisphosphonate"),
    ("parathyroid_y", "teriparatide", "parathyroid"),
    ("romosozumab_y", "romosozumab", "romosozumab"),
)
"""Where the medicines are not listed: time on a medicine, and what stands for it."""


def bone_medicines(facts: Facts, on: date) -> tuple[Taken, ...]:
    """The bone medicines that are taken on a day; where none is listed, what the other facts say of them."""
    listed = [each for each in facts.medicines or () if each.kind in BONE_DRUGS]
    taken = [each for each in listed if each.start <= on and (each.end is None or each.end >= on)]
    kinds = {each.kind for each in listed}
    return (*taken, *(each for each in _implied(facts, on) if each.kind not in kinds))


def _implied(facts: Facts, on: date) -> Iterator[Taken]:
    """Medicines known only by the time that was spent on them."""
    if facts.bone_drug == "denosumab" and facts.denosumab_days_since_dose is not None:
        start = on - timedelta(days=int(facts.denosumab_days_since_dose))
        yield Taken(drug="denosumab", kind="denosumab", start=start)
    for fact, drug, kind in _TIMES:
        years = getattr(facts, fact)
        if years and facts.bone_drug == kind:
            yield Taken(drug=drug, kind=kind, start=on - timedelta(days=round(units.days(years))))


def courses(facts: Facts, on: date) -> Iterator[Task]:
    """Doses, reviews and ends of the medicines that are taken."""
    for taken in bone_medicines(facts, on):
        for course in entries().courses:
            if not course.fits(taken):
                continue
            if course.after_months is not None:
                yield from _ends(course, course.after_months, taken, facts, on)
            elif facts.stopping != taken.kind:
                yield from _doses(course, taken, facts, on)


def _ends(course: Course, months: int, taken: Taken, facts: Facts, on: date) -> Iterator[Task]:
    """The day on which a course ends or is reviewed; time spent on the medicine before counts."""
    due = months_after(taken.start, months)
    used = getattr(facts, course.used) if course.used else None
    if used is not None:
        left = units.days(months / units.MONTHS_PER_YEAR - used)
        due = min(due, on + timedelta(days=max(0, round(left))))
    if taken.end is not None and taken.end < due and course.used is None:
        return
    due = max(on, min(due, taken.end or due))
    yield task_of(due, course.task, course.what, course.why, course.who, (course.rule,))


def _doses(course: Course, taken: Taken, facts: Facts, on: date) -> Iterator[Task]:
    """The next doses up to the horizon; a late one is due at once, and the next is counted from it."""
    assert course.every_months is not None, "a course has doses or an end"
    due = _next(_latest_dose(taken, course.every_months, facts, on), taken, course.every_months)
    why = course.why
    if due < on:
        why, due = f"Late since {due.isoformat()}: as soon as possible. {why}", on
    last = min(months_after(on, entries().horizon_months), taken.end or date.max)
    while due <= last:
        yield task_of(due, course.task, course.what, why, course.who, (course.rule,))
        why, due = course.why, _next(due, taken, course.every_months)


def _next(latest: date, taken: Taken, every_months: int) -> date:
    """The day of the dose after this one: the written interval, but never beyond the usual one."""
    usual = months_after(latest, every_months)
    written = taken.every_days
    return usual if not written or written < 1 else min(usual, latest + timedelta(days=int(written)))


def _latest_dose(taken: Taken, every_months: int, facts: Facts, until: date) -> date:
    """The latest dose: as recorded, else as if given on time since the start; one due on the day is not given yet."""
    if taken.kind == "denosumab" and facts.denosumab_days_since_dose is not None and facts.on is not None:
        return facts.on - timedelta(days=int(facts.denosumab_days_since_dose))
    latest = taken.start
    while _next(latest, taken, every_months) < until:
        latest = _next(latest, taken, every_months)
    return latest


def follow_on(facts: Facts, on: date) -> Iterator[Task]:
    """After denosumab, unless another bone medicine has taken over."""
    entry = entries().follow_on
    for taken in _stopped_denosumab(facts, on):
        latest = _latest_dose(taken, entry.every_months, facts, min(on, taken.end or on))
        if on <= months_after(latest, entry.window_months):
            due = max(on, months_after(latest, entry.every_months))
            yield task_of(due, entry.task, entry.what, entry.why, entry.who, (entry.rule,))
            return


def _stopped_denosumab(facts: Facts, on: date) -> Iterator[Taken]:
    """Courses of denosumab that have ended, or are being stopped, with no bone medicine after them."""
    listed = [each for each in facts.medicines or () if each.kind in BONE_DRUGS]
    for taken in (*listed, *_implied(facts, on)):
        ended = taken.end is not None and taken.end < on
        stopped = taken.kind == "denosumab" and (ended or facts.stopping == "denosumab")
        if stopped and not any(each.start > taken.start and each.kind != taken.kind for each in listed):
            yield taken
