"""The conclusion of an assessment: at most five sentences, and the same for the person in plain words.

What is urgent comes first, then the risk beside the average, the category of the guideline of the person's own country,
what drives the risk or what to ask next, the next action, and the next DXA. Nothing is worked out here: every number,
verdict and date is that of the assessment, so that all faces say the same.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from trabecula.assessment.conclusion_category import Classed, classed
from trabecula.assessment.figures import Interval, Result
from trabecula.guidelines import Advice, Facts
from trabecula.guidelines.plan_tasks import Task
from trabecula.person import Fracture, Person
from trabecula.units import DAYS_PER_YEAR, PER_CENT
from trabecula.vocabulary import sites_of
from trabecula.words.message import Message, Value

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Risk

_MAIN = "major_osteoporotic"
_RECENT_Y = 2.0
"""A fracture is recent so long: the time in which guidelines call its risk imminent."""
_URGENT_SITES = ("hip", "spine")
_LATE = ("late_denosumab", "denosumab_dose", "follow_on")
"""Tasks that are late when they are due on the day of the plan."""
_DXA = "dxa"
_WIDE = 2.5
"""An interval whose upper end is so many times its lower one leaves the risk open."""
_ASKED = ("disability", "fractures", "falls", "recent_examination", "steroids")
"""What to ask next, the most telling first; a scan has a sentence of its own."""
_DRIVERS = ("falls", "density", "prior", "steroids", "factors")
"""The parts of a hazard that say something of a person."""
_CLEAR = math.log(1.2)
"""The logarithm of a ratio from which on a part drives the risk."""
_BESIDE = 0.5
"""A second driver is named from this share of the first one's logarithm on."""
_MANY = 1000
"""The people of whom plain sentences count so many."""


class Conclusion(Result):
    """The answer in at most five sentences, what they rest on, and the same in plain words."""

    sentences: list[Message] = Field(description="At most five, in the order in which they are read.")
    plain: list[Message] = Field(description="The same for the person: second person, plain words.")
    urgent: Message | None
    """What comes before everything else: a recent hip or vertebral fracture, or a late denosumab injection."""
    risk: Message | None
    """The risk of a major osteoporotic fracture within the horizon, beside the average of the same age and sex."""
    category: Message
    """What the guideline of the person's own country calls it; else the class of the lowest measured score."""
    category_key: str
    """One word for it: treated, very_high, treat, consider, low, open, none."""
    driver: Message | None = Field(description="What raises the risk most; null when nothing does clearly.")
    ask: Message | None = Field(description="The one thing to ask next, when the interval is wide.")
    action: Message | None = Field(description="The most urgent task of the plan, with its date.")
    next_dxa: Message | None = Field(description="The next DXA, with its date.")
    chance: Interval | None = Field(description="The risk behind the sentence, 0 to 1; its mean is told.")
    average: float | None = Field(description="The average behind the sentence, 0 to 1.")
    above_measured: float | None = None
    """The most that a cohort has measured, where the risk lies above it and no figure is told; else null."""
    out_of: int = Field(description="The people that the plain sentences count.")
    task: str | None = Field(description="The kind of the task that is the action.")
    due: date | None = Field(description="The date of the action.")
    dxa_on: date | None = Field(description="The one date of the next DXA.")


@dataclass(frozen=True)
class _Known:
    """What a conclusion is drawn from."""

    person: Person
    answer: "Assessment"
    facts: Facts
    advice: Sequence[Advice]
    tasks: Sequence[Task]

    @property
    def main(self) -> "Risk | None":
        """The risk that the conclusion tells."""
        horizon = self.answer.horizon_y
        return next((risk for risk in self.answer.risks if (risk.site, risk.horizon_y) == (_MAIN, horizon)), None)

    @property
    def told(self) -> str:
        """How the risk is told: with its figure, as above what was measured, or as clearly raised."""
        if self.main is not None and self.main.above_measured is not None:
            return "risk_above"
        return "risk_raised" if self.answer.caution else "risk"


def conclude(
    person: Person, answer: "Assessment", facts: Facts, advice: Sequence[Advice], tasks: Sequence[Task]
) -> Conclusion:
    """The conclusion of an answer; advice: of every rule, also of those that are not shown; tasks: the dated plan."""
    known = _Known(person, answer, facts, advice, tasks)
    task, dxa_on = _most_urgent(tasks), _next_dxa(known)
    urgent, driver, ask = _urgent(known), _driver(known), _ask(known)
    found = classed(facts, advice)
    parts = {
        "urgent": urgent,
        "risk": _risk(known),
        "category": found.message,
        "driver": None if urgent or ask else driver,
        "ask": None if urgent else ask,
        "action": _action(task),
        "next_dxa": _dxa(known, dxa_on),
    }
    return Conclusion(
        **{**parts, "driver": driver, "ask": ask},  # type: ignore[arg-type]
        sentences=[sentence for sentence in parts.values() if sentence],
        plain=_plain(known, urgent, found, task, dxa_on),
        category_key=found.key,
        chance=known.main.risk if known.main else None,
        average=known.main.average if known.main else None,
        above_measured=known.main.above_measured if known.main else None,
        out_of=_MANY,
        task=task.task if task else None,
        due=task.date if task else None,
        dxa_on=dxa_on,
    )


def _said(name: str, **values: Value) -> Message:
    """A sentence of the conclusion."""
    return Message(f"conclusion.{name}", values)


# --- What is urgent, and the risk ----------------------------------------------------------------------------------


def _urgent(known: _Known) -> Message | None:
    """A denosumab injection that is late, else a recent fracture of hip or spine."""
    if _is_late(known):
        return _said("urgent.denosumab")
    broken = recent_fracture(known.person, known.answer.date)
    return None if broken is None else _said(f"urgent.{broken.site}", **_fracture(broken, known))


def _is_late(known: _Known) -> bool:
    """Whether denosumab, or what must follow it, should have been given by now."""
    return any(task.task in _LATE and task.date <= known.answer.date for task in known.tasks)


def recent_fracture(person: Person, on: date) -> Fracture | None:
    """The latest fracture of hip or spine within the years in which it is recent, unless its trauma was high."""
    found = [
        fracture
        for fracture in person.fractures
        if fracture.site in _URGENT_SITES and (fracture.trauma != "high" or fracture.found_on_imaging)
        if fracture.when is not None and 0 <= (on - fracture.when).days <= _RECENT_Y * DAYS_PER_YEAR
    ]
    return max(found, key=lambda fracture: fracture.when or on, default=None)


def _fracture(broken: Fracture, known: _Known) -> Mapping[str, Value]:
    """When it was, and whether a bone medicine is taken."""
    when = broken.when
    assert when is not None, "a recent fracture has a date"
    day = Message(f"conclusion.when.{when.precision}", {"day": when, "year": when.year})
    treated = known.facts.bone_drug not in (None, "none")
    return {"when": day, "medicine": _said("with_medicine" if treated else "without_medicine")}


def _risk(known: _Known) -> Message | None:
    """The main risk beside the average."""
    found = known.main
    if found is None:
        return None
    within, held = Message("time.in_years", {"n": known.answer.horizon_y}), round(PER_CENT * known.answer.interval)
    told = {"within": within, "average": found.average}
    if known.told == "risk":
        told |= {"risk": found.risk.mean, "reach": (found.risk.low, found.risk.high), "held": held}
    return _said(known.told, **told, **({"least": found.above_measured} if known.told == "risk_above" else {}))


def _driver(known: _Known) -> Message | None:
    """What raises today's hazard most: the strongest part, and a second one that is not far behind."""
    by_part = {name: _log_ratio(known, name) for name in _DRIVERS}
    ranked = sorted((name for name in by_part if by_part[name] >= _CLEAR), key=lambda name: -by_part[name])
    if not ranked:
        return None
    first, *others = ranked
    second = [name for name in others if by_part[name] >= _BESIDE * by_part[first]][:1]
    names = [_said(f"driver.{name}") for name in (first, *second)]
    return _said(f"drivers.{len(names)}", drivers=names)


def _log_ratio(known: _Known, part: str) -> float:
    """The logarithm of a part of the hazard, over the sites of a major fracture as often as each breaks."""
    hazards = [known.answer.fracture[site] for site in sites_of(_MAIN) if site in known.answer.fracture]
    total = sum(hazard.per_year for hazard in hazards)
    if not total:
        return 0.0
    return sum(hazard.per_year * math.log(hazard.parts.get(part, 1.0)) for hazard in hazards) / total


def _ask(known: _Known) -> Message | None:
    """The most telling of what nobody wrote down, where the interval is wide."""
    found = known.main
    if found is None or found.risk.high < _WIDE * found.risk.low:
        return None
    missing = {gap.what.id.removeprefix("gap."): gap.what for gap in known.answer.missing}
    name = next((name for name in _ASKED if name in missing), None)
    return None if name is None else _said("ask", what=missing[name])


# --- What to do, and when ------------------------------------------------------------------------------------------


def _most_urgent(tasks: Sequence[Task]) -> Task | None:
    """The first task: the plan is in order of time, and of urgency on a day. A scan has a sentence of its own."""
    return next((task for task in tasks if task.task != _DXA), None)


def _action(task: Task | None) -> Message | None:
    """The next action with its date."""
    return None if task is None else _said("action", what=task.what, day=task.date)


def _next_dxa(known: _Known) -> date | None:
    """The day of the plan; where no rule asks for a scan, the day from which on one would tell something."""
    planned = [task.date for task in known.tasks if task.task == _DXA]
    told = known.answer.next_measurement
    return min(planned, default=None) or (told.due if told is not None and known.facts.dxa_scans else None)


def _dxa(known: _Known, on: date | None) -> Message | None:
    """The next DXA, or the first."""
    return None if on is None else _said("dxa.next" if known.facts.dxa_scans else "dxa.first", month=on)


# --- The same in plain words ---------------------------------------------------------------------------------------


def _plain(
    known: _Known, urgent: Message | None, found: Classed, task: Task | None, dxa_on: date | None
) -> list[Message]:
    """The same for the person: what is urgent, the chance, what it means, what comes next, the next scan.

    Of an injection that is late the first sentence says all that is to be done.
    """
    broken = recent_fracture(known.person, known.answer.date)
    first = None if urgent is None else _said(f"plain.{urgent.id.removeprefix('conclusion.')}")
    if first is not None and first.id.endswith(("hip", "spine")) and broken is not None:
        first = Message(first.id, {"when": _fracture(broken, known)["when"]})
    action = None if task is not None and task.task in _LATE and _is_late(known) else _plain_action(task)
    said = (first, _plain_risk(known), _said(f"plain.category.{found.key}"), action, _plain_dxa(dxa_on))
    return [sentence for sentence in said if sentence]


def _plain_risk(known: _Known) -> Message | None:
    """The chance as people."""
    found, reach = known.main, known.main and (known.main.risk.low, known.main.risk.high)
    if found is None or known.told != "risk":
        return None if found is None else _said(f"plain.{known.told}")
    return _said("plain.risk", years=known.answer.horizon_y, n=found.risk.mean, reach=reach, average=found.average)


def _plain_action(task: Task | None) -> Message | None:
    """The next step, in words of its own where the kind of task has some."""
    if task is None:
        return None
    kind = "refer" if task.task == "treat_or_refer" and not task.drugs else task.task
    name = f"plain.action.{kind}" if kind in PLAIN_TASKS else "plain.action"
    return _said(name, what=task.what, day=task.date)


def _plain_dxa(on: date | None) -> Message | None:
    """The next bone scan."""
    return None if on is None else _said("plain.dxa", month=on)


PLAIN_TASKS = (
    "treat_or_refer", "refer", "late_denosumab", "replete_vitamin_d", "stop_bisphosphonate", "physiotherapy",
    "falls_prevention", "vitamin_d", "calcium", "renal_function", "dental_check", "denosumab_dose", "denosumab_check",
    "zoledronate_dose", "follow_on", "falls_question", "fracture_risk", "vertebral_imaging", "bisphosphonate_review",
    "height", "review", "thigh_pain", "contraception", "parathyroid_end", "romosozumab_end", "ckd_mbd",
)  # fmt: skip
"""Kinds of tasks that have plain words."""
