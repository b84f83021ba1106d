"""What the dated plan can put on the list, as data: tasks, rules that ask for them, times (`data/plan/tasks.yaml`)."""

from functools import lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

from trabecula.data_files import StrictLoader
from trabecula.guidelines.facts import Taken


class _Entry(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Timing(_Entry):
    """When a task is due."""

    within_days: int
    """From the day of the plan, when it was never done [d]."""
    again_months: int | None = None
    """After the last time [months]."""
    ours: str
    """What of the times is ours, or how the guideline's time was read."""


class _Described(_Entry):
    """A task in words."""

    task: str
    what: str
    who: str


class Asked(_Described):
    """A task that rules ask for, each with its time."""

    last: str | None = None
    """The fact with the day on which it was last done."""
    rules: dict[str, Timing]


class Missing(_Described, Timing):
    """A task that finds out what a rule would need to know."""

    fact: str
    rule: str


class WithMedicine(_Described, Timing):
    """A task that goes with medicines of some classes, taken or considered."""

    kinds: tuple[str, ...]
    considered: bool
    days_before_dose: int | None = None
    """How long before the next dose it must be done [d]."""
    last: str | None = None
    rules: tuple[str, ...]


class Course(_Described):
    """A date that follows from the first or the latest dose."""

    kinds: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    every_months: int | None = None
    after_months: int | None = None
    used: str | None = None
    """The fact with the time already spent on it [y]."""
    rule: str
    why: str

    def fits(self, taken: Taken) -> bool:
        """Whether the medicine is one of these."""
        return taken.drug in self.drugs or taken.kind in self.kinds


class FollowOn(_Described):
    """What must come after denosumab."""

    every_months: int
    window_months: int
    rule: str
    why: str


class Entries(_Entry):
    """All that the plan can put on the list."""

    horizon_months: int
    asked: tuple[Asked, ...]
    missing: tuple[Missing, ...]
    with_medicine: tuple[WithMedicine, ...]
    courses: tuple[Course, ...]
    follow_on: FollowOn

    def rules(self) -> frozenset[str]:
        """Every rule that an entry points at."""
        asked = {rule for each in self.asked for rule in each.rules}
        medicine = {rule for each in self.with_medicine for rule in each.rules}
        single = {each.rule for each in (*self.missing, *self.courses, self.follow_on)}
        return frozenset(asked | medicine | single)


@lru_cache(maxsize=1)
def entries() -> Entries:
    """The entries that come with the package."""
    file = resources.files("trabecula.guidelines").joinpath("data/plan/tasks.yaml")
    return Entries.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=StrictLoader))
