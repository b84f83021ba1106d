"""The plan: what is to be done for this person, on which day, why, on whose authority, and by whom.

Every task points at a rule. Where the guideline gives no time, the time is ours and the task says so. Nothing is dated
before the day of the plan; what is overdue is due on that day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from trabecula import units
from trabecula.evidence import Evidence
from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.facts import Facts, MedicineUse
from trabecula.guidelines.medicines import MedicineCheck, checks
from trabecula.guidelines.plan_care import LATE_D, MedicineChoice, antiresorptives, care
from trabecula.guidelines.plan_tasks import CourseTask, MedicineTask, Task, Timing, cited, entries, months_after
from trabecula.guidelines.reasons import word
from trabecula.guidelines.records import Advice
from trabecula.vocabulary import BONE_DRUGS, BoneDrug, ranked_classes
from trabecula.words.message import Message, sourced

_SAME_D = 3.0
"""Days by which an interval that was written may fall short of so many months and still mean them."""


def dated_plan(
    facts: Facts, advice: Sequence[Advice], medicines: Mapping[str, MedicineCheck] | None = None
) -> tuple[Task, ...]:
    """Everything to do, in order of time, on one day the most urgent first.

    medicines: what stands against each bone medicine, as the package's registry has it unless given. `facts.on` is the
    day of the plan; ValueError without it.
    """
    if (on := facts.on) is None:
        raise ValueError("a dated plan needs its day: give Facts the field `on`")
    checked = checks(facts, Evidence.load()) if medicines is None else medicines
    choice = MedicineChoice(facts, on, advice, checked, bone_medicines(facts, on), _late(facts, on))
    by_rule = {said.rule: said for said in advice}
    dated = [*courses(choice), *follow_on(choice), *care(choice)]
    found = [*_asked(facts, on, by_rule), *_missing(on, by_rule), *_with_medicine(choice, dated)]
    return tuple(sorted(dict.fromkeys([*_merged(found), *dated]), key=_place))


@cache
def waited_for() -> frozenset[str]:
    """The rules of which the plan asks what they wait for."""
    return frozenset(entry.rule for entry in entries().missing)


def asks_nothing(advice: Sequence[Advice]) -> Message | None:
    """Why the plan has no task of any rule: all that applies was written for other countries. None where it has."""
    applying = [said for said in advice if said.verdict is Truth.TRUE]
    if not applying or any(said.place != "elsewhere" for said in applying):
        return None
    return Message("task.elsewhere", {"guidelines": list(dict.fromkeys(said.title for said in applying))})


def _place(task: Task) -> tuple[date, int, str, str]:
    """Where a task stands: by day, by urgency, by kind."""
    urgent = entries().urgent
    return task.date, urgent.index(task.task) if task.task in urgent else len(urgent), task.task, str(task.what)


def _due(on: date, last: date | None, timing: Timing) -> date:
    """The day by which something is to be done (again)."""
    if last is None or timing.again_months is None:
        return on + timedelta(days=timing.within_days)
    return max(on, months_after(last, timing.again_months))


def _asked(facts: Facts, on: date, by_rule: dict[str, Advice]) -> Iterator[Task]:
    """What rules ask for that apply to this person; another country's guidelines are told, but ask for nothing."""
    for entry in entries().asked:
        last = getattr(facts, entry.last) if entry.last else None
        for rule, timing in entry.rules.items():
            advice = by_rule.get(rule)
            if advice is not None and advice.verdict is Truth.TRUE and advice.place != "elsewhere":
                yield entry.on(_due(on, last, timing), _because("task.rule", advice), (rule,), timing.ours)


def _because(id: str, advice: Advice) -> Message:
    """Why a rule's task is on the list."""
    return Message(id, {"guideline": advice.title, "condition": advice.condition})


def _missing(on: date, by_rule: dict[str, Advice]) -> Iterator[Task]:
    """What a rule would need to know and a visit can find out."""
    for entry in entries().missing:
        advice = by_rule.get(entry.rule)
        if advice is None or advice.verdict is not Truth.UNKNOWN:
            continue
        if any(fact.fact == entry.fact for fact in advice.missing):
            why = _because("task.not_recorded", advice)
            yield entry.on(_due(on, None, entry), why, (entry.rule,), entry.ours)


def _with_medicine(choice: MedicineChoice, dated: Sequence[Task]) -> Iterator[Task]:
    """What goes with a medicine that is taken or considered; what a dose depends on comes before the dose."""
    facts, on, taken = choice.facts, choice.on, {medicine.kind for medicine in choice.taken}
    doses = {course.task for course in entries().courses if course.every_months}
    dose = min((task.date for task in dated if task.task in doses), default=None)
    for entry in entries().with_medicine:
        kinds = [kind for kind in entry.kinds if kind in taken]
        if entry.childbearing and (facts.sex == "male" or facts.postmenopausal is not False):
            continue
        if kinds or (entry.considered and choice.considered):
            last = getattr(facts, entry.last) if entry.last else None
            why = Message("task.with_medicine", {"what": word(kinds[0])}) if kinds else Message("task.before_medicine")
            due = _before(dose, _due(on, last, entry), last, entry, on)
            yield entry.on(due, why, entry.rules, entry.ours)


def _before(dose: date | None, due: date, last: date | None, entry: MedicineTask, on: date) -> date:
    """The due day, but before the next dose unless the last result will still be fresh then."""
    if dose is None or entry.days_before_dose is None or (last is not None and due > dose):
        return due
    return max(on, min(due, dose - timedelta(days=entry.days_before_dose)))


def _merged(tasks: Iterable[Task]) -> Iterator[Task]:
    """One task of each kind: the earliest sets day and words, the other rules are named beside it."""
    by_kind: dict[str, list[Task]] = {}
    for task in tasks:
        by_kind.setdefault(task.task, []).append(task)
    for same in by_kind.values():
        first = min(same, key=lambda task: task.date)
        rules = tuple(dict.fromkeys((*first.rules, *(rule for task in same for rule in task.rules))))
        yield first.model_copy(update={"rules": rules, "source": cited(rules)})


# --- Dates that follow from bone medicines: next doses, reviews, ends, and what must follow ------------------------


def bone_medicines(facts: Facts, on: date) -> tuple[MedicineUse, ...]:
    """The bone medicines that are taken on a day; where none is listed, what the other facts say of them."""
    listed = _listed(facts)
    taken = [medicine for medicine in listed if medicine.start <= on and (medicine.end or on) >= on]
    kinds = {medicine.kind for medicine in listed}
    return (*taken, *(medicine for medicine in _implied(facts, on) if medicine.kind not in kinds))


def _listed(facts: Facts) -> list[MedicineUse]:
    """The bone medicines of the record."""
    ranked = ranked_classes()
    return [medicine for medicine in facts.medicines or () if medicine.kind in ranked]


def _implied(facts: Facts, on: date) -> Iterator[MedicineUse]:
    """Medicines known only by the latest dose, or by the time that was spent on them."""
    now = [drug for drug in BONE_DRUGS.values() if drug.drug_class == facts.bone_drug]
    for drug in now:
        days = _days_since_dose(facts, drug)
        if days is not None:
            yield MedicineUse(drug=drug.key, kind=drug.drug_class, start=on - timedelta(days=int(days)))
    for drug in now:
        years = getattr(facts, drug.years_fact) if drug.years_fact else None
        if years:
            start = on - timedelta(days=round(units.days(years)))
            yield MedicineUse(drug=drug.key, kind=drug.drug_class, start=start)


def _days_since_dose(facts: Facts, drug: BoneDrug | None) -> float | None:
    """Days since the latest dose of a drug, where guidelines have a fact for it."""
    return getattr(facts, drug.days_since_dose_fact) if drug and drug.days_since_dose_fact else None


def courses(choice: MedicineChoice) -> Iterator[Task]:
    """Doses, reviews and ends of the medicines that are taken; of one that is to stop, none."""
    facts, on = choice.facts, choice.on
    for taken in choice.taken:
        check = choice.found.get(taken.drug)
        refused = check is not None and bool(check.refused)
        for course in entries().courses:
            if not course.fits(taken) or (refused and taken.kind == "bisphosphonate"):
                continue
            if course.after_months is not None:
                yield from _followed(choice, course, _ends(course, course.after_months, taken, facts, on))
            elif facts.stopping != taken.kind:
                yield from _given(check, _doses(course, taken, facts, on))


def _followed(choice: MedicineChoice, course: CourseTask, ends: Iterable[Task]) -> Iterator[Task]:
    """The end of a medicine that another must follow: where none can, a specialist decides."""
    alone = course.refused and not choice.open(antiresorptives())
    for task in ends:
        yield task.model_copy(update={"what": sourced("task", course.refused)}) if alone else task


def _given(check: MedicineCheck | None, doses: Iterable[Task]) -> Iterator[Task]:
    """Doses of a medicine: one that something on file refuses, or leaves to a specialist, is not simply given."""
    for task in doses:
        against = (*check.refused, *(check.cautions if check.specialist else ())) if check else ()
        if not against:
            yield task.model_copy(update={"drugs": (check.drug,)} if check else {})
            continue
        values = {"what": task.what, "why": [objection.found for objection in against]}
        yield task.model_copy(update={"what": Message("task.not_before", values)})


def _ends(course: CourseTask, months: int, taken: MedicineUse, facts: Facts, on: date) -> Iterator[Task]:
    """The day on which a course ends or is reviewed; time spent on the medicine before counts."""
    due = months_after(taken.start, months)
    used = getattr(facts, course.used) if course.used else None
    if used is not None:
        left = units.days(months / units.MONTHS_PER_YEAR - used)
        due = min(due, on + timedelta(days=max(0, round(left))))
    if taken.end is not None and taken.end < due and course.used is None:
        return
    due = max(on, min(due, taken.end or due))
    yield course.on(due, sourced("task_reason", course.why), (course.rule,))


def _doses(course: CourseTask, taken: MedicineUse, facts: Facts, on: date) -> Iterator[Task]:
    """The next doses up to the horizon; a late one is due at once, and the next is counted from it."""
    assert course.every_months is not None, "a course has doses or an end"
    due = _next(_latest_dose(taken, course.every_months, facts, on), taken, course.every_months)
    usual = why = sourced("task_reason", course.why)
    if due < on:
        why, due = Message("task.late", {"day": due, "why": usual}), on
    last = min(months_after(on, entries().horizon_months), taken.end or date.max)
    while due <= last:
        yield course.on(due, why, (course.rule,))
        why, due = usual, _next(due, taken, course.every_months)


def _next(latest: date, taken: MedicineUse, every_months: int) -> date:
    """The day of the dose after this one: the written interval, but never beyond the usual one."""
    usual, written = months_after(latest, every_months), taken.every_days
    if not written or written < 1 or written >= units.days(every_months / units.MONTHS_PER_YEAR) - _SAME_D:
        return usual
    return min(usual, latest + timedelta(days=int(written)))


def _latest_dose(taken: MedicineUse, every_months: int, facts: Facts, until: date) -> date:
    """The latest dose: as recorded, else as if given on time since the start; one due on the day is not given yet."""
    days = _days_since_dose(facts, BONE_DRUGS.get(taken.drug))
    if days is not None and facts.on is not None:
        return facts.on - timedelta(days=int(days))
    latest = taken.start
    while _next(latest, taken, every_months) < until:
        latest = _next(latest, taken, every_months)
    return latest


def follow_on(choice: MedicineChoice) -> Iterator[Task]:
    """After a medicine that rebounds, unless another bone medicine has taken over, or the time has passed."""
    entry, facts, on = entries().follow_on, choice.facts, choice.on
    for taken in _stopped(entry.kind, facts, on):
        due = months_after(_latest_dose(taken, entry.every_months, facts, min(on, taken.end or on)), entry.every_months)
        if choice.late is None and on <= months_after(due, entry.window_months - entry.every_months):
            left = choice.open(entry.drugs)
            values = {"drugs": [check.name for check in left], "why": choice.against(entry.drugs)}
            what = Message("task.follow_on" if left else "task.follow_on_refer", values)
            task = entry.on(max(on, due), sourced("task_reason", entry.why), (entry.rule,), what=what)
            yield task.model_copy(update={"drugs": tuple(check.drug for check in left)})
            return


def _late(facts: Facts, on: date) -> date | None:
    """The last dose of denosumab, where it is half a year ago and more, within the time of the rebound."""
    entry = entries().follow_on
    counted = [taken for taken in bone_medicines(facts, on) if _days_since_dose(facts, BONE_DRUGS.get(taken.drug))]
    for taken in (*_stopped(entry.kind, facts, on), *counted):
        last = _latest_dose(taken, entry.every_months, facts, min(on, taken.end or on))
        if taken.kind == entry.kind and last + timedelta(days=LATE_D) <= on <= months_after(last, entry.window_months):
            return last
    return None


def _stopped(kind: str, facts: Facts, on: date) -> Iterator[MedicineUse]:
    """Courses of a class that have ended, or are being stopped, with no bone medicine after or beside them."""
    listed = _listed(facts)
    for taken in (*listed, *_implied(facts, on)):
        ended = taken.end is not None and taken.end < on
        stopped = taken.kind == kind and (ended or facts.stopping == kind)
        beside = [other for other in listed if other.kind != kind and other.start <= on <= (other.end or on)]
        if stopped and not beside and not any(other.start > taken.start for other in listed):
            yield taken
