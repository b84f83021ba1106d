"""Many orders and administrations of the same medicine as the periods in which it was taken."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, zip_longest
from typing import Any

from trabecula.adapters.fhir.intakes import DrugIntake
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.person.problems import known_day
from trabecula.vocabulary import BONE_DRUGS, DISEASE_MODIFYING, drug_name
from trabecula.words.message import Message

_ONE_DAY = timedelta(days=1)
NumberedIntake = tuple[int, DrugIntake]
"""The number of an entry in the bundle, and what it says was taken."""


@dataclass(frozen=True)
class TreatmentPeriod:
    """A medicine taken from one day to another, and the entries that say so."""

    intake: DrugIntake
    """The first of its intakes: drug, dose and start."""
    entries: tuple[int, ...]
    """The numbers of the entries in the bundle."""
    until: date
    """The last day that is certain."""
    under_way: bool = False
    """Whether it goes on."""
    is_open: bool = False
    """Whether nothing in the record says when it ended."""


def _period(entry: int, intake: DrugIntake) -> TreatmentPeriod:
    """One intake as a period."""
    return TreatmentPeriod(intake, (entry,), intake.end or intake.start, intake.under_way, intake.end is None)


def periods(intakes: Sequence[NumberedIntake]) -> tuple[tuple[TreatmentPeriod, ...], dict[int, Message]]:
    """The periods of every medicine, and the entries that repeat what others say, with the reason.

    intakes: with the number of the entry that each comes from.
    """
    kept, repeated = _without_given_orders(intakes)
    found: list[TreatmentPeriod] = []
    for same in _grouped(kept, lambda intake: (intake.field, intake.drug)):
        merge = _steroid_periods if same[0][1].field == "steroids" else _medicine_periods
        found += merge(same)
    return tuple(found), repeated


def _grouped(intakes: Iterable[NumberedIntake], key: Callable[[DrugIntake], Hashable]) -> list[list[NumberedIntake]]:
    """Intakes with the same key, each group by date."""
    groups: defaultdict[Hashable, list[NumberedIntake]] = defaultdict(list)
    for entry, intake in sorted(intakes, key=lambda numbered: (numbered[1].start, numbered[0])):
        groups[key(intake)].append((entry, intake))
    return list(groups.values())


def _without_given_orders(intakes: Sequence[NumberedIntake]) -> tuple[list[NumberedIntake], dict[int, Message]]:
    """Leave out an order when its doses are recorded as given: they would count twice.

    A hospital records the order of a pulse and each of its infusions; what was given is the truth of the two.
    """
    given = [intake for _, intake in intakes if intake.given]
    kept, repeated = [], {}
    for entry, intake in intakes:
        if not intake.given and any(_is_of(intake, dose) for dose in given):
            repeated[entry] = Message("fhir.the_doses_given_on_this_order_are_read_instead")
        else:
            kept.append((entry, intake))
    return kept, repeated


def _is_of(order: DrugIntake, dose: DrugIntake) -> bool:
    """Whether a dose that was given belongs to an order of the same medicine: by its reference, or by its day."""
    routes = {order.dosage.route, dose.dosage.route} - {None}
    if order.drug != dose.drug or len(routes) > 1:
        return False
    last = order.end or (date.max if order.under_way else order.start)
    return bool(order.order and order.order == dose.order) or order.start <= dose.start <= last


# ---------------------------------------------------------------- steroids


def _steroid_periods(intakes: list[NumberedIntake]) -> list[TreatmentPeriod]:
    """Courses of one steroid: doses given on days in a row, and orders.

    A gap of a day parts two courses: how long the steroid was away matters to the skeleton.
    """
    doses = [(entry, intake) for entry, intake in intakes if _is_single_dose(intake)]
    orders = _ended_by_the_next([(entry, intake) for entry, intake in intakes if not _is_single_dose(intake)])
    found: list[TreatmentPeriod] = []
    for same in _grouped(doses, lambda intake: (intake.dosage.dose_mg, intake.dosage.route)):
        found += _runs(same)
    for same in _grouped(orders, _course_key):
        found += _joined(same, lambda _: _ONE_DAY)
    return found


def _is_single_dose(intake: DrugIntake) -> bool:
    """Whether this is one dose that was given (an infusion may end after midnight)."""
    return intake.given and intake.end is not None and intake.end - intake.start <= _ONE_DAY


def _course_key(intake: DrugIntake) -> Hashable:
    """What makes two orders the same course: another dose or schedule is a step of its own."""
    dosage = intake.dosage
    return (dosage.dose_mg, dosage.doses_per_day, dosage.every_days, dosage.route, dosage.as_written)


def _ended_by_the_next(intakes: list[NumberedIntake]) -> list[NumberedIntake]:
    """An order without an end lasts until the next order of the same steroid begins.

    A taper is written as one order after the other; left open, all of its steps would be taken at once.
    """
    ended = []
    later = [following.start for _, following in intakes[1:]]
    for (entry, intake), next_start in zip_longest(intakes, later):
        if intake.under_way and next_start and next_start > intake.start:
            intake = replace(intake, end=next_start - _ONE_DAY, under_way=False)
        ended.append((entry, intake))
    return ended


def _runs(intakes: list[NumberedIntake]) -> Iterator[TreatmentPeriod]:
    """Doses given on days in a row, as often a day, are one course."""
    per_day: Counter[date] = Counter()
    entries: defaultdict[date, list[int]] = defaultdict(list)
    for entry, intake in intakes:
        per_day[intake.start] += 1
        entries[intake.start].append(entry)
    for run in _in_a_row(per_day):
        dosage = replace(intakes[0][1].dosage, doses_per_day=per_day[run[0]], every_days=1.0)
        intake = replace(intakes[0][1], start=run[0], end=run[-1], dosage=dosage)
        yield TreatmentPeriod(intake, tuple(entry for day in run for entry in entries[day]), run[-1])


def _in_a_row(per_day: Counter[date]) -> Iterator[list[date]]:
    """Days that follow each other with the same number of doses."""
    days = sorted(per_day)
    run = days[:1]
    for before, day in pairwise(days):
        if day - before == _ONE_DAY and per_day[day] == per_day[before]:
            run.append(day)
        else:
            yield run
            run = [day]
    if run:
        yield run


# ---------------------------------------------------------------- other medicines


def _medicine_periods(intakes: list[NumberedIntake]) -> list[TreatmentPeriod]:
    """Periods of one medicine; orders that follow each other are one period, since refills are written late.

    What is infused once for months is one dose for each order without an end, and gaps between them are real; only the
    last may be going on.
    """
    row = BONE_DRUGS.get(intakes[0][1].drug)
    is_infused = row is not None and row.given is not None and row.taken is None
    found: list[TreatmentPeriod] = []
    for same in _grouped(intakes, lambda intake: (intake.dosage.dose_mg, intake.dosage.every_days, intake.hormone)):
        if is_infused:
            *earlier, last = (_period(entry, intake) for entry, intake in same)
            found += [*(replace(period, under_way=False) for period in earlier), last]
        else:
            found += _joined(same, _supply)
    return found


def _supply(period: TreatmentPeriod) -> timedelta:
    """A gap no longer than the supply before it is a late refill; without a known supply, any gap."""
    return timedelta.max if period.is_open else period.until - period.intake.start + _ONE_DAY


def _joined(intakes: list[NumberedIntake], gap: Callable[[TreatmentPeriod], timedelta]) -> list[TreatmentPeriod]:
    """Orders that touch (or leave a gap that is bridged) as one period."""
    found: list[TreatmentPeriod] = []
    for entry, intake in intakes:
        period = _period(entry, intake)
        if found and intake.start - found[-1].until <= gap(found[-1]):
            period = _together(found.pop(), period)
        found.append(period)
    return found


def _together(before: TreatmentPeriod, after: TreatmentPeriod) -> TreatmentPeriod:
    """Two periods as one: the dose is that of the first, and the later order says whether it goes on."""
    ends_later = after if after.until >= before.until else before
    entries = before.entries + after.entries
    return TreatmentPeriod(before.intake, entries, ends_later.until, after.under_way, ends_later.is_open)


def assumed(period: TreatmentPeriod) -> tuple[AssumedLine, ...]:
    """What a period takes for granted about its end: both ways of guessing are told, with what they do."""
    values = {"drug": drug_name(period.intake.drug), "day": known_day(period.intake.start)}
    if period.under_way:
        return (assumption("fhir.no_end_recorded", values),)
    if not period.is_open or period.intake.dosage.as_written:
        return ()
    return (assumption("fhir.ended_without_a_date", {**values, "until": known_day(period.until)}),)


# ---------------------------------------------------------------- as the record has them


def field_of(period: TreatmentPeriod, has_ms: bool) -> str:
    """The field of a medicine."""
    is_against_ms = period.intake.drug in DISEASE_MODIFYING
    return "ms.disease_modifying_drugs" if has_ms and is_against_ms else period.intake.field


def value_of(period: TreatmentPeriod) -> dict[str, Any]:
    """A period in the form of its field: plain data, as a record in a file has it."""
    intake = period.intake
    span = {"start": intake.start.isoformat()}
    # A course in words says itself how long it lasts.
    ends_itself = bool(intake.dosage.as_written) and intake.end is None
    span |= {} if period.under_way or ends_itself else {"end": period.until.isoformat()}
    if intake.field == "steroids":
        return span | _steroid(period)
    if intake.field == "hormone_therapy":
        return span | {"kind": intake.hormone}
    return span if intake.field == "depot_progestogen" else span | _medicine(period)


def _steroid(period: TreatmentPeriod) -> dict[str, Any]:
    """Drug, route, dose and schedule of a course."""
    intake, dosage = period.intake, period.intake.dosage
    route = {"route": dosage.route} if dosage.route else {}
    if dosage.as_written:
        return {"drug": intake.drug, "as_written": dosage.as_written} | route
    every = max(1, round(dosage.every_days or 1))
    schedule = {"doses_per_day": dosage.doses_per_day or 1, "every_days": every}
    return {"drug": intake.drug, "dose_mg": dosage.dose_mg} | schedule | route


def _medicine(period: TreatmentPeriod) -> dict[str, Any]:
    """Drug and, where an interval is known, dose and interval of another medicine."""
    dosage = period.intake.dosage
    every = (dosage.every_days or 1.0) / (dosage.doses_per_day or 1)
    per_dose = {"dose_mg": dosage.dose_mg, "every_days": every}
    return {"drug": period.intake.drug} | (per_dose if dosage.dose_mg else {})
