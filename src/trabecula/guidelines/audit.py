"""A clinic's work list and its audit measures: pure questions on the facts of one person on one day.

    work_list(facts)    # what has to be done for this person, and since when
    audit(facts)        # by measure: met, missed, unknown, or not asked of this person

A register asks the same of everybody and counts. What no fact says stays unknown, and is counted as unknown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from trabecula.guidelines.conditions import Truth, all_of, any_of, opposite, truth_of
from trabecula.guidelines.engine import verdicts
from trabecula.guidelines.facts import Facts
from trabecula.guidelines.order import place_of
from trabecula.guidelines.plan_tasks import entries, months_after
from trabecula.guidelines.reading import shipped
from trabecula.units import DAYS_PER_WEEK, DAYS_PER_YEAR
from trabecula.vocabulary import CLASSES, ranked_classes
from trabecula.words.message import Message

DUE_FROM_DAYS, LATE_FROM_DAYS = 152, 184
"""Days since an injection of denosumab: the next is booked from five months on, and late from day 184."""
LEVEL_IS_OLD_DAYS = 365
"""A level of vitamin D this old is measured again (project choice: once a year)."""
ADULT_Y, LONG_TABLETS_Y, LONG_INFUSIONS_Y = 18.0, 5.0, 3.0
"""Of whom the quality standard asks: adults; those with so many years of tablets, or of zoledronate."""
ADULT_FRACTURE_Y = 50.0
"""Fracture liaison services look after people of 50 and over."""
WEEKS_TO_ASSESS, WEEKS_TO_START, WEEKS_TO_FOLLOW = 12, 16, 52
"""Weeks after a fracture: assessed, treatment begun, still treated (Javaid 2020)."""
Work = Literal["untreated_fracture", "denosumab_late", "denosumab_due", "dxa_overdue", "no_vitamin_d_level"]
Outcome = Literal["met", "missed", "unknown", "not_asked"]
Question = Callable[[Facts], Truth]


# --- The work list ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WorkItem:
    """One thing to do for one person."""

    kind: Work
    what: Message
    since: date | None
    """The day from which it was due; None where it was never done or the day is not known."""


def work_list(facts: Facts) -> tuple[WorkItem, ...]:
    """What has to be done, the most urgent first. `facts.on` is the day; ValueError without it."""
    if facts.on is None:
        raise ValueError("a work list needs its day: give Facts the field `on`")
    return tuple(_items(facts, facts.on))


def _items(facts: Facts, on: date) -> Iterator[WorkItem]:
    if untreated_fracture(facts) is Truth.TRUE:
        yield _item("untreated_fracture", _fracture_day(facts))
    days = facts.denosumab_days_since_dose if _never_late(facts) else None
    if days is not None and days >= LATE_FROM_DAYS:
        yield _item("denosumab_late", on - timedelta(days=int(days) - LATE_FROM_DAYS))
    elif days is not None and days >= DUE_FROM_DAYS:
        yield _item("denosumab_due", on - timedelta(days=int(days) - DUE_FROM_DAYS))
    overdue, since = dxa_overdue(facts, on)
    if overdue:
        yield _item("dxa_overdue", since)
    if no_vitamin_d_level(facts) is Truth.TRUE:
        yield _item("no_vitamin_d_level", facts.vitamin_d_on and facts.vitamin_d_on + timedelta(days=LEVEL_IS_OLD_DAYS))


def _never_late(facts: Facts) -> bool:
    """Whether the bone medicine that is taken is one of which no dose may be late."""
    drug = facts.bone_drug
    return drug is not None and drug in CLASSES and CLASSES[drug].never_late


def _item(kind: Work, since: date | None) -> WorkItem:
    return WorkItem(kind, Message(f"audit.{kind}"), since)


def untreated_fracture(facts: Facts) -> Truth:
    """A hip, vertebral or other major fragility fracture, and no bone medicine taken."""
    return all_of((truth_of(facts.major_fracture), opposite(_treated(facts))))


def no_vitamin_d_level(facts: Facts) -> Truth:
    """A bone medicine taken or considered, or a fragility fracture, and no level of vitamin D in the past year."""
    asked = any_of((_treated(facts), truth_of(facts.bone_drug_considered), truth_of(facts.fragility_fracture)))
    measured = facts.vitamin_d_on if facts.on is not None else None
    fresh = facts.on is not None and measured is not None and (facts.on - measured).days <= LEVEL_IS_OLD_DAYS
    return all_of((asked, truth_of(not fresh)))


def dxa_overdue(facts: Facts, on: date) -> tuple[bool, date | None]:
    """Whether a rule of the plan asks for a scan that was never done or is due again, and since when."""
    (scans,) = (entry for entry in entries().asked if entry.task == "dxa")
    asking = [timing for rule, timing in scans.rules.items() if rule in _applying(facts)]
    if not asking:
        return False, None
    if facts.dxa_on is None:
        return True, None
    due = min(months_after(facts.dxa_on, timing.again_months) for timing in asking if timing.again_months)
    return due < on, due if due < on else None


def _applying(facts: Facts) -> frozenset[str]:
    """The rules that apply, without those of other countries."""
    near = (guideline for guideline in shipped() if place_of(guideline.id, facts.country) != "elsewhere")
    said = (item for guideline in near for item in verdicts(facts, guideline).items())
    return frozenset(rule for rule, (verdict, _, _) in said if verdict is Truth.TRUE)


def _treated(facts: Facts) -> Truth:
    """Whether a bone medicine is taken."""
    return truth_of(None if facts.bone_drug is None else facts.bone_drug != "none")


def _fracture_day(facts: Facts) -> date | None:
    """The day of the latest fragility fracture, as far as it is known."""
    years = facts.years_since_fracture
    return None if years is None or facts.on is None else facts.on - timedelta(days=round(years * DAYS_PER_YEAR))


# --- Audit measures --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AuditMeasure:
    """A measure of care: of whom it is asked, and whether it is met."""

    id: str
    source: str
    asked: Question
    met: Question

    @property
    def title(self) -> Message:
        """What is measured, in words."""
        return Message(f"audit.{self.id}")

    def outcome(self, facts: Facts) -> Outcome:
        """For one person; unknown where it is open whether it is asked or whether it is met."""
        asked = self.asked(facts)
        if asked is not Truth.TRUE:
            return "unknown" if asked is Truth.UNKNOWN else "not_asked"
        return {Truth.TRUE: "met", Truth.FALSE: "missed"}.get(self.met(facts), "unknown")  # type: ignore[return-value]


def audit(facts: Facts) -> dict[str, Outcome]:
    """The outcome of every measure for one person."""
    return {measure.id: measure.outcome(facts) for measure in MEASURES}


def _at_risk(facts: Facts) -> Truth:
    """QS149, statement 1: a fragility fracture, systemic steroids, or falls."""
    falls, steroids = facts.falls_past_year, facts.steroid_mg_per_day
    fallen = truth_of(None if falls is None else falls > 0)
    taken = truth_of(None if steroids is None else steroids > 0)
    signs = any_of((truth_of(facts.fragility_fracture), fallen, taken))
    return all_of((_at_least(facts.age_y, ADULT_Y), signs))


def _at_least(value: float | None, least: float) -> Truth:
    """Whether a fact reaches a number; unknown when the fact is."""
    return truth_of(None if value is None else value >= least)


def _high_risk(facts: Facts) -> Truth:
    """High risk as NOGG has it, to which the quality standard points."""
    said = {rule: found for guideline in shipped() if guideline.id == "nogg_2024"
            for rule, (found, _, _) in verdicts(facts, guideline).items()}  # fmt: skip
    return any_of(said[rule] for rule in ("nogg_4", "nogg_5", "nogg_vh"))


def _offered(facts: Facts) -> Truth:
    """A bone medicine is taken, or one is being considered."""
    return any_of((_treated(facts), truth_of(facts.bone_drug_considered)))


def _long_bisphosphonate(facts: Facts) -> Truth:
    """Five years of tablets, or three of zoledronate."""
    tablets, infusions = facts.oral_bisphosphonate_y, facts.zoledronate_y
    return any_of((_at_least(tablets, LONG_TABLETS_Y), _at_least(infusions, LONG_INFUSIONS_Y)))


def _fractured(weeks: float, until_weeks: float) -> Question:
    """A fragility fracture at 50 or over, at least so many weeks ago and not longer ago than the others."""

    def asked(facts: Facts) -> Truth:
        years = facts.years_since_fracture
        days = None if years is None else years * DAYS_PER_YEAR
        within = None if days is None else weeks * DAYS_PER_WEEK <= days <= until_weeks * DAYS_PER_WEEK
        then = None if facts.age_y is None or years is None else facts.age_y - years >= ADULT_FRACTURE_Y
        return all_of((truth_of(facts.fragility_fracture), truth_of(within), truth_of(then)))

    return asked


def _scanned(facts: Facts) -> Truth:
    """A scan within twelve weeks after the fracture; of several, one before the latest may have been it."""
    fracture = _fracture_day(facts)
    if fracture is None or facts.dxa_on is None:
        return truth_of(None if fracture is None else False)
    after = (facts.dxa_on - fracture).days
    if after > WEEKS_TO_ASSESS * DAYS_PER_WEEK and (facts.dxa_scans is None or facts.dxa_scans > 1):
        return Truth.UNKNOWN
    return truth_of(0 <= after <= WEEKS_TO_ASSESS * DAYS_PER_WEEK)


def _taken_at(weeks: float, ever_until: bool) -> Question:
    """A bone medicine taken so many weeks after the fracture, or begun by then."""

    def met(facts: Facts) -> Truth:
        fracture = _fracture_day(facts)
        if fracture is None or facts.medicines is None:
            return truth_of(False if facts.bone_drug == "none" and not ever_until else None)
        by = fracture + timedelta(weeks=weeks)
        ranked = ranked_classes()
        bone = [use for use in facts.medicines if use.kind in ranked and use.start <= by]
        return truth_of(any(use.end is None or use.end >= (fracture if ever_until else by) for use in bone))

    return met


_QS = "NICE QS149 (2017), statement {}"
_KPI = "Javaid 2020 Osteoporos Int 31:1193, patient-level indicators"
_YEAR = 2 * WEEKS_TO_FOLLOW
MEASURES = (
    AuditMeasure("qs149_1", _QS.format(1), _at_risk, lambda facts: truth_of(facts.frax_mof_percent is not None)),
    AuditMeasure("qs149_2", _QS.format(2), _high_risk, _offered),
    AuditMeasure("qs149_4", _QS.format(4), _long_bisphosphonate, lambda _facts: Truth.UNKNOWN),
    AuditMeasure("fls_dxa", _KPI, _fractured(WEEKS_TO_ASSESS, _YEAR), _scanned),
    AuditMeasure("fls_falls", _KPI, _fractured(0, _YEAR), lambda facts: truth_of(facts.falls_past_year is not None)),
    AuditMeasure("fls_started", _KPI, _fractured(WEEKS_TO_START, _YEAR), _taken_at(WEEKS_TO_START, ever_until=True)),
    AuditMeasure("fls_year", _KPI, _fractured(WEEKS_TO_FOLLOW, _YEAR), _taken_at(WEEKS_TO_FOLLOW, ever_until=False)),
)
"""Statement 3 of QS149 (adverse effects and adherence) and the review of statement 4 leave no fact in a record."""
