"""Glucocorticoid courses day by day: receptor occupancy, prednisone-equivalent dose, and pulses.

Any mixture of drugs, routes, divided doses, alternate days and tapers becomes one value a day. Amounts of
different drugs add up in mg prednisolone-equivalent; what is left of yesterday is carried over exactly, each
drug at its own rate. Days with equal values become one segment, so ten years on a steady dose cost a handful
of segments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm, log

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.timeline.occupancy import dose_amount, mean_occupancy, mean_occupancy_of_mixture
from trabecula.units import HOURS_PER_DAY, Array
from trabecula.vocabulary import STEROIDS, unnamed_steroid

Flags = NDArray[np.bool_]

# Numerical choices: what is left of a dose is followed down to this share of it, the resolution of a float,
# and an amount below that share of EC is not there.
_RESOLUTION = 1e-17  # the resolution of a float


@dataclass(frozen=True)
class Dosing:
    """One step of a course: `doses_per_day` doses at equal intervals on every `every_days`-th day."""

    drug: str
    """The glucocorticoid, as the vocabulary calls it."""
    route: str
    """oral, iv or im."""
    dose_mg: float
    """Each dose, in mg of the drug itself."""
    doses_per_day: int
    """Doses on a day with doses."""
    every_days: int
    """1 for every day, 2 for alternate days."""
    start: int
    """The first day [d since birth]."""
    days: int
    """The length of the step, days without a dose included."""

    @cached_property
    def dose_days(self) -> NDArray[np.int64]:
        """The days with doses [days since birth]."""
        return np.arange(self.start, self.end, self.every_days)

    @property
    def end(self) -> int:
        """The first day after the step."""
        return self.start + self.days


@dataclass(frozen=True)
class Kinetics:
    """How a drug arrives and leaves: what is left of a dose is a sum of phases (share, k [1/h])."""

    prednisone_equivalent: float
    """Milligrams of prednisone that one milligram is worth."""
    bioavailability: float
    """The share of a dose that reaches the body."""
    phases: tuple[tuple[float, float], ...]
    """(share, k [1/h]) of each exponential; the shares add up to 1."""


@dataclass(frozen=True)
class SteroidDays:
    """The courses of a person on every day from `first` on; nothing before and after."""

    first: int
    """The day of the first dose [d since birth]."""
    occupancy: Array
    """Daily mean receptor occupancy, 0 to 1 [D]."""
    prednisone_mg: Array
    """Prednisone equivalents [mg/d, D]."""
    pulse: Flags
    """Whether a day belongs to an intermittent high-dose course [D]."""

    def sample(self, values: NDArray, days: Array) -> NDArray:
        """One of the daily series on any days."""
        if not len(values):
            return np.zeros(len(days), dtype=values.dtype)
        index = np.floor(days).astype(np.int64) - self.first
        inside = (index >= 0) & (index < len(values))
        return np.where(inside, values[np.where(inside, index, 0)], np.zeros(1, dtype=values.dtype))

    @property
    def edges(self) -> Array:
        """The days on which anything changes."""
        if not len(self.occupancy):
            return np.empty(0)
        changes = _changes(self.occupancy) | _changes(self.prednisone_mg) | _changes(self.pulse)
        return self.first + np.append(np.flatnonzero(changes), len(changes)).astype(np.float64)


def _changes(values: NDArray) -> Flags:
    """Where a daily series differs from the day before (the first day always does)."""
    return np.append(True, values[1:] != values[:-1])


def steroid_days(dosings: Sequence[Dosing], evidence: Evidence) -> SteroidDays:
    """All courses of a person together."""
    if not dosings:
        return SteroidDays(0, np.empty(0), np.empty(0), np.empty(0, dtype=bool))
    kinetics = {way: drug_kinetics(*way, evidence) for way in {(dosing.drug, dosing.route) for dosing in dosings}}
    slots = doses_by_slot(dosings, kinetics)
    u = settled(occupancy_by_day(slots, evidence.scalar("steroid.receptor.half_occupancy_amount")), evidence)
    prednisone = prednisone_by_day(dosings, kinetics, slots.first, len(u), evidence.scalar("timeline.pulse.gap"))
    return SteroidDays(slots.first, u, prednisone, pulse_days(prednisone, evidence))


def drug_kinetics(drug: str, route: str, evidence: Evidence) -> Kinetics:
    """The kinetics of a drug by a route: its strength is its own, the time course is that of the route."""
    row, unit = STEROIDS[drug], STEROIDS[unnamed_steroid()]
    strength = evidence.scalar(unit.equivalence) / evidence.scalar(row.equivalence)
    if route == "oral":
        k = evidence.scalar(row.oral.elimination)
        return Kinetics(strength, evidence.scalar(row.oral.bioavailability), ((1.0, k),))
    infusion = row.injected
    slow, k_fast = evidence.scalar(infusion.tail_share), evidence.scalar(infusion.elimination)
    k_slow = log(2.0) / evidence.scalar(infusion.tail_half_life)
    return Kinetics(strength, 1.0, ((1.0 - slow, k_fast), (slow, k_slow)))


@dataclass(frozen=True)
class Slots:
    """Every dose in its place: mg prednisolone-equivalent by phase, slot of the day, and day [C, m, D]."""

    first: int
    """The first day [d since birth]."""
    k_per_h: Array
    """Elimination of each phase, increasing [1/h, C]."""
    amount_mg: Array
    """What each slot of each day adds to each phase [mg prednisolone-equivalent, C x m x D]."""

    @property
    def hours(self) -> float:
        """The length of a slot [h]."""
        return HOURS_PER_DAY / self.amount_mg.shape[1]


def doses_by_slot(dosings: Sequence[Dosing], kinetics: dict[tuple[str, str], Kinetics]) -> Slots:
    """The doses of all courses, on a common division of the day, with room for the last residue.

    Where no division of up to 24 parts fits all (five times and seven times a day), doses go to the nearest hour.
    """
    ks = sorted({k for drug in kinetics.values() for _, k in drug.phases})
    parts = min(lcm(*(dosing.doses_per_day for dosing in dosings)), int(HOURS_PER_DAY))
    first = min(dosing.start for dosing in dosings)
    days = max(dosing.end for dosing in dosings) - first + _memory_days(ks[0])
    amount = np.zeros((len(ks), parts, days))
    for dosing in dosings:
        drug = kinetics[dosing.drug, dosing.route]
        d = dose_amount(dosing.dose_mg, drug.prednisone_equivalent, drug.bioavailability)
        slots = [round(i * parts / dosing.doses_per_day) for i in range(dosing.doses_per_day)]
        for share, k in drug.phases:
            amount[ks.index(k)][np.ix_(slots, (dosing.dose_days - first).tolist())] += share * d
    return Slots(first, np.array(ks), amount)


def _memory_days(k_per_h: float) -> int:
    """For how many days something can be left of a dose."""
    return int(-log(_RESOLUTION) / (k_per_h * HOURS_PER_DAY)) + 1


def residue_at_midnight(slots: Slots) -> Array:
    """What earlier days have left at the start of each day, by phase [C, D] (the carry-over, exact)."""
    phases, parts, days = slots.amount_mg.shape
    hours_left = HOURS_PER_DAY - slots.hours * np.arange(parts)
    by_evening = np.einsum("cmd,cm->cd", slots.amount_mg, np.exp(-np.outer(slots.k_per_h, hours_left)))
    residue = np.zeros((phases, days))
    for c, k in enumerate(slots.k_per_h):
        for age in range(min(_memory_days(k), days - 1)):
            residue[c, age + 1 :] += by_evening[c, : days - age - 1] * np.exp(-k * HOURS_PER_DAY * age)
    return residue


def occupancy_by_day(slots: Slots, ec_mg: float) -> Array:
    """Daily mean receptor occupancy [D]: the mean over the slots of each day."""
    amount, total = residue_at_midnight(slots), np.zeros(slots.amount_mg.shape[2])
    decay = np.exp(-slots.k_per_h * slots.hours)[:, None]
    for slot in range(slots.amount_mg.shape[1]):
        amount = amount + slots.amount_mg[:, slot]
        total += _slot_occupancy(amount, slots.k_per_h, slots.hours, ec_mg)
        amount = amount * decay
    return total / slots.amount_mg.shape[1]


def _slot_occupancy(amount: Array, k_per_h: Array, hours: float, ec_mg: float) -> Array:
    """Mean occupancy of one slot on every day: closed form for one phase, quadrature where phases mix."""
    u = np.zeros(amount.shape[1])
    present = amount > ec_mg * _RESOLUTION
    alone = present.sum(axis=0) == 1
    for c, k in enumerate(k_per_h):
        days = alone & present[c]
        u[days] = mean_occupancy(amount[c, days], k, hours, ec_mg)
    mixed = present.sum(axis=0) > 1
    u[mixed] = mean_occupancy_of_mixture(amount[:, mixed].T, k_per_h, hours, ec_mg)
    return u


def settled(u: Array, evidence: Evidence) -> Array:
    """The same without numerical dust: steady days become exactly equal, the end of a tail becomes 0."""
    same = evidence.scalar("timeline.steroid.same_occupancy")
    starts = np.flatnonzero(np.append(True, np.abs(np.diff(u)) > same))
    steady = np.repeat(u[starts], np.diff(np.append(starts, len(u))))
    return np.where(steady < evidence.scalar("timeline.steroid.least_occupancy"), 0.0, steady)


def prednisone_by_day(
    dosings: Sequence[Dosing], kinetics: dict[tuple[str, str], Kinetics], first: int, days: int, gap_days: float
) -> Array:
    """Prednisone equivalents [mg/d] on each day; doses a few days apart are one therapy and spread evenly."""
    total = np.zeros(days)
    for dosing in dosings:
        strength = kinetics[dosing.drug, dosing.route].prednisone_equivalent
        on_a_dose_day = dosing.dose_mg * dosing.doses_per_day * strength
        if dosing.every_days <= gap_days:
            total[dosing.start - first : dosing.end - first] += on_a_dose_day * len(dosing.dose_days) / dosing.days
        else:
            total[dosing.dose_days - first] += on_a_dose_day
    return total


def pulse_days(prednisone_mg: Array, evidence: Evidence) -> Flags:
    """The days of intermittent high-dose courses: a short course by itself, or high days within a therapy.

    A course is a run of treated days with gaps of at most `timeline.pulse.gap`. It is intermittent when it
    is short and reaches the dose of `timeline.pulse.least_dose`; in a longer one only short runs of very
    high days are.
    """
    gap, longest = evidence.scalar("timeline.pulse.gap"), evidence.scalar("timeline.pulse.longest_course")
    pulse = np.zeros(len(prednisone_mg), dtype=bool)
    for start, end in _courses(prednisone_mg > 0.0, gap):
        if end - start <= longest and prednisone_mg[start:end].max() >= evidence.scalar("timeline.pulse.least_dose"):
            pulse[start:end] = prednisone_mg[start:end] > 0.0
    very_high = prednisone_mg >= evidence.scalar("timeline.pulse.very_high_dose")
    for start, end in _runs(very_high):
        pulse[start:end] |= end - start <= evidence.scalar("timeline.pulse.longest_very_high")
    return pulse


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """First and last-plus-one index of each run of True."""
    switches = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in switches.reshape(-1, 2)]


def _courses(treated: Flags, gap_days: float) -> list[tuple[int, int]]:
    """Runs of treated days, joined where the gap between them is short."""
    courses: list[tuple[int, int]] = []
    for start, end in _runs(treated):
        if courses and start - courses[-1][1] <= gap_days:
            start = courses.pop()[0]
        courses.append((start, end))
    return courses
