"""The plan: what is to be done for this person, on which day, why, on whose authority, and by whom.

Every task points at a rule. Where the guideline gives no time, the time is ours and the task says so. Nothing is dated
before the day of the plan; what is overdue is due on that day.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from trabecula.guidelines.facts import Facts
from trabecula.guidelines.logic import Truth
from trabecula.guidelines.plan_entries import Timing, WithMedicine, entries
from trabecula.guidelines.plan_medicines import bone_medicines, courses, follow_on
from trabecula.guidelines.plan_tasks import Task, citations, months_after, task_of
from trabecula.guidelines.records import Advice

__all__ = ["Task", "dated_plan", "rows"]


def dated_plan(facts: Facts, advice: Sequence[Advice]) -> tuple[Task, ...]:
    """Everything to do, in order of time. `facts.on` is the day of the plan; ValueError without it."""
    if facts.on is None:
        raise ValueError("a dated plan needs its day: give Facts the field `on`")
    by_rule = {each.rule: each for each in advice}
    dated = [*courses(facts, facts.on), *follow_on(facts, facts.on)]
    found = [
        *_asked(facts, facts.on, by_rule),
        *_missing(facts.on, by_rule),
        *_with_medicine(facts, facts.on, dated),
    ]
    tasks = dict.fromkeys([*_merged(found), *dated])
    return tuple(sorted(tasks, key=lambda each: (each.date, each.task, each.what)))


def rows(tasks: Iterable[Task]) -> list[dict[str, str]]:
    """The plan as rows of text: date, what, why, who, source."""
    return [
        {
            "date": each.date.isoformat(),
            "what": each.what,
            "why": each.why,
            "who": each.who,
            "source": each.source,
        }
        for each in tasks
    ]


def _due(on: date, last: date | None, timing: Timing) -> date:
    """The day by which something is to be done (again)."""
    if last is None or timing.again_months is None:
        return on + timedelta(days=timing.within_days)
    return max(on, months_after(last, timing.again_months))


def _asked(facts: Facts, on: date, by_rule: dict[str, Advice]) -> Iterator[Task]:
    """What rules ask for that apply to this person."""
    for entry in entries().asked:
        last = getattr(facts, entry.last) if entry.last else None
        for rule, timing in entry.rules.items():
            advice = by_rule.get(rule)
            if advice is not None and advice.verdict is Truth.TRUE:
                why = f"{advice.title}: {advice.condition}."
                yield task_of(
                    _due(on, last, timing), entry.task, entry.what, why, entry.who, (rule,), timing.ours
                )


def _missing(on: date, by_rule: dict[str, Advice]) -> Iterator[Task]:
    """What a rule would need to know and a visit can find out."""
    for entry in entries().missing:
        advice = by_rule.get(entry.rule)
        if advice is None or advice.verdict is not Truth.UNKNOWN:
            continue
        if any(each.fact == entry.fact for each in advice.missing):
            why = f"Nobody has written it down, and {advice.title} asks: {advice.condition}."
            due = _due(on, None, entry)
            yield task_of(due, entry.task, entry.what, why, entry.who, (entry.rule,), entry.ours)


def _with_medicine(facts: Facts, on: date, dated: Sequence[Task]) -> Iterator[Task]:
    """What goes with a medicine that is taken or considered; what a dose depends on comes before the dose."""
    taken = {each.kind for each in bone_medicines(facts, on)}
    doses = {each.task for each in entries().courses if each.every_months}
    dose = min((each.date for each in dated if each.task in doses), default=None)
    for entry in entries().with_medicine:
        kinds = [kind for kind in entry.kinds if kind in taken]
        if kinds or (entry.considered and facts.bone_drug_considered):
            last = getattr(facts, entry.last) if entry.last else None
            why = f"With {kinds[0]}." if kinds else "Before a bone medicine is started."
            due = _before(dose, _due(on, last, entry), last, entry, on)
            yield task_of(due, entry.task, entry.what, why, entry.who, entry.rules, entry.ours)


def _before(dose: date | None, due: date, last: date | None, entry: WithMedicine, on: date) -> date:
    """The due day, but before the next dose unless the last result will still be fresh then."""
    if dose is None or entry.days_before_dose is None or (last is not None and due > dose):
        return due
    return max(on, min(due, dose - timedelta(days=entry.days_before_dose)))


def _merged(tasks: Iterable[Task]) -> Iterator[Task]:
    """One task of each kind: the earliest sets day and words, the other rules are named beside it."""
    by_kind: dict[str, list[Task]] = {}
    for each in tasks:
        by_kind.setdefault(each.task, []).append(each)
    for same in by_kind.values():
        first = min(same, key=lambda each: each.date)
        rules = dict.fromkeys((*first.rules, *(rule for each in same for rule in each.rules)))
        yield first.model_copy(
            update={"rules": tuple(rules), "source": "; ".join(citations()[rule] for rule in rules)}
        )
