"""Yearly events of people on record, expected and not drawn: the quick way to a decision model.

Each record is lived through under each strategy's plan with all draws at once, as `trabecula compare` does: fractures
at every site by their hazards, death competing. A fracture of the future raises the death rate (a hip) as the risks of
an answer have it, but does not raise the chance of the next one: who breaks bones twice is counted by the hazards of a
person who has not broken a new one. Costs and losses are therefore rather too small in those at high risk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trabecula.assessment.compare import plan_course
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import under_plan
from trabecula.assessment.plans.plan import RECORDED, Plan
from trabecula.economics.discounting import person_years
from trabecula.economics.strategies import StrategiesRefused
from trabecula.economics.tables import YearlyEvents
from trabecula.units import Array, years
from trabecula.units import days as in_days
from trabecula.vocabulary import followed_sites

WAY = "expectation of people on record"
"""What a report says about how events came about."""


@dataclass(frozen=True)
class Offered:
    """One strategy as it is lived: a plan, and the share of people who take it."""

    name: str
    plan: Plan | None
    taken_by: float


def check_horizon(age_y: float, horizon_y: float, last_y: float) -> None:
    """Refuse a horizon past the life table; named before anything is lived through.

    last_y: the age at which the life table ends.
    """
    if age_y + horizon_y > last_y:
        raise StrategiesRefused([
            f"horizon_y: found {horizon_y:g} years from age {age_y:.0f} on; expected {last_y - age_y:.0f} at most, as"
            f" the life table ends at {last_y:.0f}"
        ])  # fmt: skip


def expected_events(known: PatientState, offered: Sequence[Offered], horizon_y: int) -> YearlyEvents:
    """Events of one person under every strategy; the draws are those of the person."""
    check_horizon(years(known.today), horizon_y, known.evidence.scalar("mortality.lifetime_until"))
    recorded = _lived(known, RECORDED, horizon_y)
    lives = [_mixed(known, one, recorded, horizon_y) for one in offered]
    middle = known.today + in_days(np.arange(horizon_y, dtype=np.float64) + np.float64(0.5))
    return YearlyEvents(
        strategies=tuple(one.name for one in offered),
        alive=np.stack([life.alive for life in lives]),
        fractures={site: np.stack([life.fractures[site] for life in lives]) for site in followed_sites()},
        edss=np.stack([life.edss for life in lives]),
        age_y=np.asarray(years(middle), dtype=np.float64),
        male=1.0 if known.person.sex == "male" else 0.0,
    )


@dataclass(frozen=True)
class _Life:
    """One plan, lived through with all draws."""

    alive: Array
    """Share alive at the edges of the years [D, Y + 1]."""
    fractures: Mapping[str, Array]
    """Expected in each year by site [D, Y]."""
    edss: Array
    """In the middle of each year, nan without MS [Y]."""


def _lived(known: PatientState, plan: Plan, horizon_y: int) -> _Life:
    """A plan from today to the horizon."""
    over = under_plan(known, plan)
    hazards = plan_course(known, over, float(horizon_y)).risks.hazards
    steps = next(iter(hazards.per_year.values())).shape[-1]
    shape, dt = (known.sample.n, steps), horizon_y / steps
    death = np.broadcast_to(hazards.death_of_all, shape)
    alive = np.concatenate([np.ones((shape[0], 1)), np.exp(-np.cumsum(death * dt, axis=1))], axis=1)
    lived = person_years(alive) * dt
    events = {site: np.broadcast_to(rate, shape) * lived for site, rate in hazards.per_year.items()}
    yearly = {site: values.reshape(shape[0], horizon_y, -1).sum(axis=-1) for site, values in events.items()}
    middle = known.today + in_days(np.arange(horizon_y, dtype=np.float64) + np.float64(0.5))
    edss = over.timeline.edss_at(middle) if known.person.ms is not None else np.full(horizon_y, np.nan)
    return _Life(alive[:, :: steps // horizon_y], yearly, np.asarray(edss, dtype=np.float64))


def _mixed(known: PatientState, one: Offered, recorded: _Life, horizon_y: int) -> _Life:
    """Those who take a plan, and those who live on as recorded."""
    if one.plan is None or one.taken_by == 0.0:
        return recorded
    taking, part = _lived(known, one.plan, horizon_y), one.taken_by
    events = {s: part * values + (1.0 - part) * recorded.fractures[s] for s, values in taking.fractures.items()}
    alive = part * taking.alive + (1.0 - part) * recorded.alive
    return _Life(alive, events, part * taking.edss + (1.0 - part) * recorded.edss)
