"""Many orders and administrations of the same medicine as the periods in which it was taken."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, zip_longest
from typing import Any

from trabecula.adapters.fhir.dosages import Dosage
from trabecula.adapters.fhir.intakes import DrugIntake
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.person.problems import known_day
from trabecula.vocabulary import BONE_DRUGS, DISEASE_MODIFYING, drug_name
from trabecula.words.message import Message

_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_SOON = timedelta(days=31)
"""What is infused is given so soon after its order."""
_MOST_OF_IT = 0.5
"""Doses that were given over such a share of the days of an order are all of it."""
_RENEWED_WITHIN = timedelta(days=400)
"""Orders without a supply are written anew every year, a little late."""
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
    stopped: bool = False
    """Whether its last order was stopped."""
    bridged: bool = False
    """Whether it holds a gap between two orders."""
    cut: bool = False
    """Whether its order is still active, and a later one of another dose that has ended took its place."""


def _period(entry: int, intake: DrugIntake) -> TreatmentPeriod:
    """One intake as a period."""
    until, is_open = intake.end or intake.start, intake.end is None
    return TreatmentPeriod(intake, (entry,), until, intake.under_way, is_open, intake.stopped, cut=intake.cut)


def periods(intakes: Sequence[NumberedIntake]) -> tuple[tuple[TreatmentPeriod, ...], dict[int, Message]]:
    """The periods of every medicine, and the entries that repeat what others say, with the reason.

    intakes: with the number of the entry that each comes from.
    """
    kept, repeated = _without_given_orders(intakes)
    kept, supplies = _without_supplies(kept)
    repeated |= supplies
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
    """Of an order and the doses that were given on it the one that says more: both would count twice.

    A hospital records the order of a pulse and each of its infusions: what was given is the truth of the two. One dose
    given on a ward says nothing of the years for which the tablets are ordered: then the order is.
    """
    given = [intake for _, intake in intakes if intake.given]
    orders = [intake for _, intake in intakes if not intake.given]
    doses_of = {id(order): [dose for dose in given if _is_of(order, dose)] for order in orders}
    explained = {key for order in orders if _are_whole(order, doses_of[key := id(order)])}
    kept, repeated = [], {}
    for entry, intake in intakes:
        if id(intake) in explained:
            repeated[entry] = Message("fhir.the_doses_given_on_this_order_are_read_instead")
        elif intake.given and any(_repeats(order, intake) for order in orders if id(order) not in explained):
            repeated[entry] = Message("fhir.a_dose_of_an_order_that_is_read")
        else:
            kept.append((entry, intake))
    return kept, repeated


def _is_infused(intake: DrugIntake) -> bool:
    """Whether each order is one dose for months: denosumab, zoledronate."""
    row = BONE_DRUGS.get(intake.drug)
    return row is not None and row.given is not None and row.taken is None


def _is_of(order: DrugIntake, dose: DrugIntake) -> bool:
    """Whether a dose that was given belongs to an order of the same medicine: by its reference, or by its day."""
    routes = {order.dosage.route, dose.dosage.route} - {None}
    if order.drug != dose.drug or len(routes) > 1:
        return False
    last = order.end or (date.max if order.under_way else order.start)
    last = order.start + _SOON if _is_infused(order) else last
    return bool(order.order and order.order == dose.order) or order.start <= dose.start <= last


def _are_whole(order: DrugIntake, doses: Sequence[DrugIntake]) -> bool:
    """Whether the doses that were given are those of the whole order, not one of many."""
    if not doses or _is_infused(order):
        return bool(doses)
    if order.dosage.as_written or (order.end is None and order.under_way):
        return False
    ordered = (order.end or order.start) - order.start + _ONE_DAY
    covered = max(dose.end or dose.start for dose in doses) - min(dose.start for dose in doses) + _ONE_DAY
    return covered >= ordered * _MOST_OF_IT


def _repeats(order: DrugIntake, dose: DrugIntake) -> bool:
    """Whether a dose is one of those that an order already counts; another amount is a dose of its own."""
    if not _is_of(order, dose):
        return False
    is_named = bool(order.order and order.order == dose.order)
    return is_named or bool(order.dosage.as_written) or dose.dosage.dose_mg in (None, order.dosage.dose_mg)


def _without_supplies(intakes: list[NumberedIntake]) -> tuple[list[NumberedIntake], dict[int, Message]]:
    """Without what was supplied, or stated, of a steroid at the dose of an order that goes on: it does not end it."""
    repeated: dict[int, Message] = {}
    for same in _grouped(intakes, lambda intake: (intake.field, intake.drug)):
        going_on: DrugIntake | None = None
        for entry, intake in same:
            if going_on is not None and _is_supply_of(going_on, intake):
                repeated[entry] = Message("fhir.a_dose_of_an_order_that_is_read")
            elif not intake.given:
                going_on = intake if intake.under_way and intake.field == "steroids" else None
    kept = [(entry, intake) for entry, intake in intakes if entry not in repeated]
    return kept, {entry: reason for entry, reason in repeated.items() if all(entry != other for other, _ in kept)}


def _is_supply_of(order: DrugIntake, later: DrugIntake) -> bool:
    """Whether what has ended is some of what an order that goes on says: the same dose by the same route."""
    has_ended = later.end is not None and not (later.stopped or later.on_hold or later.under_way)
    routes = {order.dosage.route, later.dosage.route} - {None}
    is_same = later.dosage.dose_mg == order.dosage.dose_mg or not later.dose_is_written
    return has_ended and is_same and len(routes) < 2 and not (order.dosage.as_written or later.dosage.as_written)


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
    return (dosage.dose_mg, dosage.times, dosage.in_days, dosage.weekdays, dosage.route, dosage.as_written)


def _ended_by_the_next(intakes: list[NumberedIntake]) -> list[NumberedIntake]:
    """An order without an end lasts until the next order of the same steroid begins.

    A taper is written as one order after the other; left open, all of its steps would be taken at once.
    """
    ended = []
    later = [following.start for _, following in intakes[1:]]
    for (entry, intake), next_start in zip_longest(intakes, later):
        if intake.under_way and next_start and next_start > intake.start:
            goes_on = any(following.under_way for _, following in intakes if following.start >= next_start)
            intake = replace(intake, end=next_start - _ONE_DAY, under_way=False, cut=not goes_on)
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
        dosage = replace(intakes[0][1].dosage, times=float(per_day[run[0]]), in_days=1.0)
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
    is_infused = _is_infused(intakes[0][1])
    found: list[TreatmentPeriod] = []
    for same in _grouped(intakes, lambda intake: (intake.dosage.dose_mg, intake.dosage.every_days, intake.hormone)):
        if is_infused:
            *earlier, last = (_period(entry, intake) for entry, intake in same)
            found += [*(replace(period, under_way=False) for period in earlier), last]
        else:
            found += _joined(same, _supply)
    return found


def _supply(period: TreatmentPeriod) -> timedelta:
    """A gap no longer than the supply before it is a late refill; an order that was stopped has ended.

    Without a known supply orders of one year and the next follow each other; what goes on has no gap.
    """
    if period.is_open:
        return timedelta.max if period.under_way else timedelta(0) if period.stopped else _RENEWED_WITHIN
    return timedelta(0) if period.stopped else period.until - period.intake.start + _ONE_DAY


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
    bridged = before.bridged or after.intake.start - before.until > _ONE_DAY
    joined = replace(before, entries=entries, until=ends_later.until, is_open=ends_later.is_open, bridged=bridged)
    # What was supplied of an order that is still active, and has been used up, does not end it.
    goes_on = after.under_way or (before.under_way and not (after.stopped or after.intake.on_hold))
    return replace(joined, under_way=goes_on, stopped=ends_later.stopped, cut=ends_later.cut)


def assumed(period: TreatmentPeriod) -> tuple[AssumedLine, ...]:
    """What a period takes for granted about its end: both ways of guessing are told, with what they do."""
    values = {"drug": drug_name(period.intake.drug), "day": known_day(period.intake.start)}
    until = {**values, "until": known_day(period.until)}
    bridged = (assumption("fhir.orders_with_a_gap", until),) if period.bridged else ()
    if period.under_way:
        return (*bridged, assumption("fhir.no_end_recorded", values))
    if period.cut:
        return (*bridged, assumption("fhir.active_but_followed_by_another", until))
    if period.intake.on_hold:
        return (*bridged, assumption("fhir.paused", until))
    if period.stopped and not period.is_open:
        return (*bridged, assumption("fhir.stopped_before_its_end", until))
    if not period.is_open or period.intake.dosage.as_written:
        return bridged
    return (*bridged, assumption("fhir.ended_without_a_date", until))


# ---------------------------------------------------------------- as the record has them


def field_of(period: TreatmentPeriod, has_ms: bool) -> str:
    """The field of a medicine."""
    is_against_ms = period.intake.drug in DISEASE_MODIFYING
    return "ms.disease_modifying_drugs" if has_ms and is_against_ms else period.intake.field


def values_of(period: TreatmentPeriod) -> Iterator[dict[str, Any]]:
    """A period in the form of its field: plain data, as a record in a file has it.

    A steroid on some days of the week is a course for each of them, every seven days.
    """
    intake = period.intake
    # A course in words says itself how long it lasts.
    ends_itself = bool(intake.dosage.as_written) and intake.end is None
    end = {} if period.under_way or ends_itself else {"end": period.until.isoformat()}
    span = {"start": intake.start.isoformat()} | end
    if intake.field == "steroids":
        yield from (value | end for value in _steroid(period))
    elif intake.field == "hormone_therapy":
        yield span | {"kind": intake.hormone}
    else:
        yield span if intake.field == "depot_progestogen" else span | _medicine(period)


def _steroid(period: TreatmentPeriod) -> Iterator[dict[str, Any]]:
    """Drug, route, dose and schedule of a course, with its first day."""
    intake, dosage = period.intake, period.intake.dosage
    same = {"drug": intake.drug} | ({"route": dosage.route} if dosage.route else {})
    if dosage.as_written:
        yield same | {"start": intake.start.isoformat(), "as_written": dosage.as_written}
        return
    for after, doses, every, dose_mg in _schedule(dosage, intake.start):
        start = intake.start + timedelta(days=after)
        if period.under_way or start <= period.until:
            schedule = {"dose_mg": dose_mg, "doses_per_day": doses, "every_days": every}
            yield same | {"start": start.isoformat()} | schedule


def _schedule(dosage: Dosage, start: date) -> Iterator[tuple[int, int, int, float | None]]:
    """Days after the start, doses on such a day, days to the next such day, and the dose [mg]."""
    times, days = dosage.times or 1.0, dosage.in_days
    if dosage.weekdays:
        a_day = max(1, round(times / len(dosage.weekdays)))
        for after in sorted((weekday - start.weekday()) % _WEEK.days for weekday in dosage.weekdays):
            yield after, a_day, round(days), dosage.dose_mg
    elif times == 1.0:
        yield 0, 1, max(1, round(days)), dosage.dose_mg
    elif (times / days).is_integer():
        yield 0, round(times / days), 1, dosage.dose_mg
    elif times.is_integer() and days.is_integer() and times < days:
        yield from ((int(days * place // times), 1, int(days), dosage.dose_mg) for place in range(int(times)))
    else:  # the same amount a day, in one dose
        yield 0, 1, 1, None if dosage.dose_mg is None else round(dosage.dose_mg * times / days, 6)


def _medicine(period: TreatmentPeriod) -> dict[str, Any]:
    """Drug and, where an interval is known, dose and interval of another medicine."""
    dosage = period.intake.dosage
    per_dose = {"dose_mg": dosage.dose_mg, "every_days": dosage.every_days or 1.0}
    return {"drug": period.intake.drug} | (per_dose if dosage.dose_mg else {})
