"""One thing to do, and what the dated plan can put on the list, as data (`data/plan/tasks.yaml`)."""

import calendar
import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

from pydantic import Field

from trabecula import units
from trabecula.data_files import load_yaml
from trabecula.guidelines.facts import ClosedRecord, MedicineUse
from trabecula.guidelines.reading import shipped
from trabecula.words.message import Message, sourced, verbatim


class Task(ClosedRecord):
    """One thing to do."""

    date: datetime.date
    """Do it on or before this day."""
    task: str
    """Kind of task, a permanent word."""
    what: Message
    why: Message
    who: Message
    """Who does it."""
    rules: tuple[str, ...]
    """The rules that ask for it; the first one sets the day."""
    source: str
    """The rules' citations."""
    ours: Message = verbatim("")
    """What of the time is ours, or how the guideline's time was read."""
    drugs: tuple[str, ...] = ()
    """Bone medicines that it proposes; none that is refused for this person is among them."""


class Timing(ClosedRecord):
    """When a task is due."""

    within_days: int
    """From the day of the plan, when it was never done [d]."""
    again_months: int | None = None
    """After the last time [months]."""
    ours: str
    """What of the times is ours, or how the guideline's time was read."""


class _Kind(ClosedRecord):
    """A kind of task: its permanent word, what is to be done, and who does it."""

    task: str
    what: str
    who: str

    def on(
        self, due: datetime.date, why: Message, rules: tuple[str, ...], ours: str = "", what: Message | None = None
    ) -> "Task":
        """The task of a day, for rules that ask for it."""
        return Task(
            date=due,
            task=self.task,
            what=what or sourced("task", self.what),
            why=why,
            who=sourced("whose", self.who),
            rules=rules,
            source=cited(rules),
            ours=sourced("task_time", ours),
        )


class RuleTask(_Kind):
    """A task that rules ask for, each with its time."""

    last: str | None = None
    """The fact with the day on which it was last done."""
    rules: dict[str, Timing]


class FactTask(_Kind, Timing):
    """A task that finds out what a rule would need to know."""

    fact: str
    rule: str


class MedicineTask(_Kind, Timing):
    """A task that goes with medicines of some classes, taken or considered."""

    kinds: tuple[str, ...]
    considered: bool
    childbearing: bool = False
    """Only for women who may become pregnant."""
    days_before_dose: int | None = None
    """How long before the next dose it must be done [d]."""
    last: str | None = None
    rules: tuple[str, ...]


class CourseTask(_Kind):
    """A date that follows from the first or the latest dose."""

    kinds: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    every_months: int | None = None
    after_months: int | None = None
    used: str | None = None
    """The fact with the time already spent on it [y]."""
    rule: str
    why: str
    refused: str = ""
    """What is to be done where every antiresorptive medicine is refused."""

    def fits(self, taken: MedicineUse) -> bool:
        """Whether the medicine is one of these."""
        return taken.drug in self.drugs or taken.kind in self.kinds


class FollowOnTask(_Kind):
    """What must come after a class of medicine that rebounds."""

    kind: str
    drugs: tuple[str, ...]
    """Medicines that it may name, the usual first."""
    every_months: int
    window_months: int
    rule: str
    why: str


class CareTask(_Kind):
    """A task about the choice of a medicine, the words of which depend on what stands against each (`task.*`)."""

    what: str = ""
    rules: tuple[str, ...] = ()
    by_objection: Mapping[str, str] = Field(default_factory=dict)
    """The rule behind each objection, where that decides."""
    drugs: tuple[str, ...] = ()
    """Medicines that it may name, the usual first."""
    very_high: tuple[str, ...] = ()
    """The same, at very high risk."""
    within_days: int = 0
    ours: str


class TaskList(ClosedRecord):
    """All that the plan can put on the list."""

    horizon_months: int
    urgent: tuple[str, ...]
    """Kinds of tasks that come first on their day, the most urgent first."""
    care: dict[str, CareTask]
    asked: tuple[RuleTask, ...]
    missing: tuple[FactTask, ...]
    with_medicine: tuple[MedicineTask, ...]
    courses: tuple[CourseTask, ...]
    follow_on: FollowOnTask

    def rules(self) -> frozenset[str]:
        """Every rule that an entry points at."""
        asked = {rule for entry in self.asked for rule in entry.rules}
        medicine = {rule for entry in self.with_medicine for rule in entry.rules}
        single = {entry.rule for entry in (*self.missing, *self.courses, self.follow_on)}
        care = {rule for entry in self.care.values() for rule in (*entry.rules, *entry.by_objection.values())}
        return frozenset(asked | medicine | single | care)


@lru_cache(maxsize=1)
def entries() -> TaskList:
    """The entries that come with the package."""
    file = resources.files("trabecula.guidelines").joinpath("data/plan/tasks.yaml")
    return TaskList.model_validate(load_yaml(Path(str(file))))


@lru_cache(maxsize=1)
def references() -> dict[str, str]:
    """Where each rule stands, as advice cites it."""
    return {rule.id: f"{rule.citation}, {rule.section}" for guideline in shipped() for rule in guideline.rules}


@lru_cache(maxsize=1)
def citations() -> dict[str, str]:
    """Where each rule stands and how well it was checked, whether or not its guideline was asked for advice."""
    return {
        rule.id: f"{rule.id}: {rule.citation}, {rule.section} ({rule.status})"
        for guideline in shipped()
        for rule in guideline.rules
    }


def cited(rules: Iterable[str]) -> str:
    """Where some rules stand, and how well each was checked."""
    return "; ".join(citations()[rule] for rule in rules)


def months_after(day: datetime.date, months: float) -> datetime.date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    whole = day.year * int(units.MONTHS_PER_YEAR) + day.month - 1 + int(months)
    year, month = divmod(whole, int(units.MONTHS_PER_YEAR))
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
