"""What acts on many skeletons side by side, between edges that all share: years from the first day of a study.

Nothing about an edge depends on who else is there, so that a person's bones never do. Courses of steroids begin with a
month: the first days of each month have segments of their own where people have MS.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.simulation.crowd import YEARS_OF_MS, Crowd
from trabecula.simulation.draw import OneDraw
from trabecula.simulation.scenario import Relapses
from trabecula.skeleton import SITES, Segments, drivers
from trabecula.skeleton.drugs import Antibody, Infusion, given, taken
from trabecula.skeleton.equations import BP, CALCIUM_DRIVE, LANES, LOG_LOAD, N_INPUTS, OCCUPANCY, OESTROGEN, WORK
from trabecula.skeleton.inputs import work_per_osteoblast
from trabecula.timeline.steroids import Dosing, steroid_days
from trabecula.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR, Array, days
from trabecula.vocabulary import BONE_DRUGS

Flags = NDArray[np.bool_]

QUARTERS = 4
"""Segments of a year in people without MS, and steps of the hazards in all."""
_COURSE_DAYS = (0, 3, 5, 8)
"""Where segments of a month begin that steroids may open: a short course, the end of a long one, what is left of it."""
_LONG_COURSE = 2.0 / 3.0
"""The share of courses that are as short as three days, of the three lengths that are drawn."""
_SETTLED_D, _SHORT_D, _LONG_D = 60, 3, 5
_DOSES = (1.0, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0, 100.0)
"""Daily doses for which the occupancy is worked out; linear between [mg of prednisone]."""


@dataclass(frozen=True)
class Treatment:
    """What a person takes for bone in a year: a drug and who takes it."""

    drug: str | None
    on: Flags


def edges_y(first: int, last: int, *, ms: bool) -> Array:
    """Edges from a year to a year, from the first day on [K + 1]."""
    years = np.arange(first, last)[:, None]
    if not ms:
        return np.append((years + np.arange(QUARTERS) / QUARTERS).ravel(), last)
    months = np.arange(MONTHS_PER_YEAR)[:, None] / MONTHS_PER_YEAR + np.array(_COURSE_DAYS) / DAYS_PER_YEAR
    return np.append((years + months.ravel()).ravel(), last)


def segments(
    crowd: Crowd, edges: Array, relapses: Relapses, begins: int, treatment: Treatment | None, draw: OneDraw
) -> Segments:
    """The kernel's inputs for everybody between some edges [y]."""
    n, k = len(crowd), len(edges) - 1
    start = np.zeros((n, k, N_INPUTS))
    start[:, :, CALCIUM_DRIVE] = 1.0
    if crowd.illness is not None or crowd.tablets[2].any():
        start[:, :, OCCUPANCY] = _occupancy(crowd, edges, relapses, begins, draw)
    dose = _treated(start, edges, treatment, draw) if treatment else np.zeros((1, k, 3))
    end = start.copy()
    ages = crowd.age_y[:, None] + edges
    work = work_per_osteoblast(days(ages), draw)
    oestrogen = _oestrogen(crowd, ages, draw)
    start[:, :, WORK], end[:, :, WORK] = work[:, :-1], work[:, 1:]
    start[:, :, OESTROGEN], end[:, :, OESTROGEN] = oestrogen[:, :-1], oestrogen[:, 1:]
    if crowd.illness is not None:
        _load(start, end, crowd, edges, draw)
    return Segments(days(edges), start, end, dose)


def _oestrogen(crowd: Crowd, ages: Array, draw: OneDraw) -> Array:
    """By age and menopause; as in the healthy before the march of the average begins [n, K + 1]."""
    if crowd.sex == "female":
        return drivers.women_at(ages, crowd.menopause_y, draw, natural=True)
    youth = draw.evidence.scalar("skeleton.history.start_age")
    return np.where(ages < youth, 1.0, draw.curve("skeleton.oestrogen.men", ages))


# Load


def _load(start: Array, end: Array, crowd: Crowd, edges: Array, draw: OneDraw) -> None:
    """What disability and relapses leave of the load of each lane."""
    edss = crowd.edss(edges, draw)
    dips = [relapse_dip(crowd, edges, draw, begun=begun) for begun in (True, False)]
    for region in ("hip", "spine"):
        load = drivers.load_by_edss(region, edss, draw)
        deep = draw[f"skeleton.load.relapse_dip_{region}"][0]
        for lane in range(LANES):
            if drivers.REGION[SITES[min(lane, len(SITES) - 1)]] == region:
                start[:, :, LOG_LOAD + lane] = np.log(load[:, :-1] * (1.0 - deep * dips[0][:, :-1]))
                end[:, :, LOG_LOAD + lane] = np.log(load[:, 1:] * (1.0 - deep * dips[1][:, 1:]))


def relapse_dip(crowd: Crowd, edges: Array, draw: OneDraw, *, begun: bool) -> Array:
    """Share of the dip of a severe relapse at times [n, T]; begun: the one that begins just then counts."""
    ill = crowd.illness
    assert ill is not None
    depth = draw.evidence.scalar("timeline.relapse.depth_moderate")
    recovery = draw.evidence.scalar("skeleton.load.relapse_recovery") / DAYS_PER_YEAR
    at = crowd.age_y[:, None] + edges - ill.onset_age_y[:, None]
    dip = np.zeros(at.shape)
    for back in (0.0, 1.0):
        has, when = _relapse(crowd, np.floor(at) - back, draw)
        since = edges - when
        on = has & ((since > -_SAME if begun else since > _SAME) & (since < recovery))
        dip = np.maximum(dip, np.where(on, depth * (1.0 - np.clip(since / recovery, 0.0, 1.0)), 0.0))
    return dip


_SAME = 1e-9
"""Two times closer than this are one [y]."""


def _relapse(crowd: Crowd, year: Array, draw: OneDraw) -> tuple[Flags, Array]:
    """Whether there is a relapse in a year since onset, and the month it begins [y from the first day, n x T]."""
    ill = crowd.illness
    assert ill is not None
    known = (year >= 0.0) & (year < YEARS_OF_MS)
    place = np.where(known, year, 0.0).astype(np.int64)
    rate = draw.evidence.curve_at("people.relapse.rate", np.where(known, year, 0.0))
    luck, day = (np.take_along_axis(all_, place, axis=1) for all_ in (ill.relapse, ill.relapse_day))
    has = known & (luck < 1.0 - np.exp(-rate)) & ~ill.primary[:, None]
    when = year + day + (ill.onset_age_y - crowd.age_y)[:, None]
    return has, np.floor(when * MONTHS_PER_YEAR) / MONTHS_PER_YEAR


# Steroids


def pulses(crowd: Crowd, months: Array, begins: int, draw: OneDraw) -> tuple[Flags, Flags]:
    """Whether a course of infusions begins in each month (its first moment [y], T), and whether it is long [n, T]."""
    ill = crowd.illness
    assert ill is not None
    since = crowd.age_y[:, None] + months - ill.onset_age_y[:, None]
    begun, long = np.zeros(since.shape, dtype=bool), np.zeros(since.shape, dtype=bool)
    known = begins + months >= draw.evidence.scalar("people.pulse.since")
    share = draw.evidence.scalar("people.pulse.treated")
    for ahead in (0.0, 1.0):
        year = np.floor(since) + ahead
        has, when = _relapse(crowd, year, draw)
        place = np.clip(year, 0, YEARS_OF_MS - 1).astype(np.int64)
        treated = np.take_along_axis(ill.treated, place, axis=1) < share
        now = has & treated & known & (np.abs(when - months) < _SAME)
        begun |= now
        long |= now & (np.take_along_axis(ill.length, place, axis=1) > 1.0 - _LONG_COURSE)
    return begun, long


def long_term_mg(crowd: Crowd, at: Array, relapses: Relapses) -> Array:
    """Daily dose of tablets at times from the first day [mg/d of prednisone, n x T]."""
    begin, end, dose = (one[:, None] for one in crowd.tablets)
    taken_now = np.where((at >= begin) & (at < end), dose, 0.0)
    if relapses.given == "tablets" and crowd.illness is not None:
        whole = np.where((at >= 0.0) & ~crowd.illness.primary[:, None], relapses.tablets_mg, 0.0)
        taken_now = np.maximum(taken_now, whole)
    return taken_now


def _occupancy(crowd: Crowd, edges: Array, relapses: Relapses, begins: int, draw: OneDraw) -> Array:
    """Receptor occupancy of each segment [n, K]."""
    levels, courses = _profiles(draw.evidence)
    doses = long_term_mg(crowd, (edges[:-1] + edges[1:]) / 2.0, relapses)
    daily = np.interp(doses, (0.0, *_DOSES), levels)
    if crowd.illness is None:
        return daily
    parts = len(_COURSE_DAYS)
    months = edges[:-1:parts]
    begun, long = pulses(crowd, months, begins, draw)
    if relapses.given != "pulses":
        begun &= months < 0.0
    pulsed = np.where(long[:, :, None], courses[1], courses[0]) * begun[:, :, None]
    return np.maximum(daily, pulsed.reshape(len(crowd), -1))


def _profiles(evidence: Evidence) -> tuple[Array, Array]:
    """Occupancy of tablets by dose, from none on, and of a short and a long course in the segments of a month."""
    known = _KEPT.get(id(evidence))
    if known is None or known[0] is not evidence:
        tablets = [_settled("prednisone", "oral", mg, evidence) for mg in _DOSES]
        mg = evidence.scalar("people.pulse.dose_mg")
        courses = [_course(length, mg, evidence) for length in (_SHORT_D, _LONG_D)]
        _KEPT.clear()
        known = _KEPT[id(evidence)] = (evidence, np.array([0.0, *tablets]), np.array(courses))
    return known[1], known[2]


_KEPT: dict[int, tuple[Evidence, Array, Array]] = {}
"""What `_profiles` gave for the registry that was used last."""


def _settled(drug: str, route: str, mg: float, evidence: Evidence) -> float:
    """Occupancy under a steady dose once a day."""
    found = steroid_days([Dosing(drug, route, mg, 1, 1, 0, _SETTLED_D)], evidence)
    return float(found.occupancy[_SETTLED_D - 1])


def _course(length: int, mg: float, evidence: Evidence) -> list[float]:
    """Mean occupancy of a course of infusions in each segment of its month."""
    daily = steroid_days([Dosing("methylprednisolone", "iv", mg, 1, 1, 0, length)], evidence).occupancy
    whole = np.zeros(round(DAYS_PER_MONTH))
    whole[: min(len(daily), len(whole))] = daily[: len(whole)]
    return [float(part.mean()) for part in np.split(whole, _COURSE_DAYS[1:])]


# Medicines for bone


def _treated(start: Array, edges: Array, treatment: Treatment, draw: OneDraw) -> Array:
    """Enter a drug into the inputs of those who take it; what is injected [n, K, 3]."""
    dose = np.zeros((len(start), len(edges) - 1, 3))
    if treatment.drug is None or not treatment.on.any():
        return dose[:1]
    row = BONE_DRUGS[treatment.drug]
    way = given(treatment.drug)
    if row.given is not None and isinstance(way, Infusion | Antibody):
        amount = way.amount(draw.evidence.scalar(row.given.dose), draw)[0]
        interval = max(round(draw.evidence.scalar(row.given.interval) / DAYS_PER_MONTH), 1)
        due = [np.abs(edges[:-1] - edges[0] - m / MONTHS_PER_YEAR).argmin() for m in range(0, 12, interval)]
        for place in due:
            dose[treatment.on, place, way.state - BP] += amount
        return dose
    use = taken(treatment.drug)
    if use is not None and row.taken is not None:
        mg = draw.evidence.scalar(row.taken.daily_dose)
        start[treatment.on, :, use.channel] += use.level(np.array([[mg]]), draw)[0, 0]
    return dose[:1]
