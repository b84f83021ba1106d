"""Plans beside each other: the same draws live through each of them, so that a difference is sharp.

known = prepare(person, on, Model.default())
compare(known, [library()["exercise"], read_plan(data)])
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from trabecula import course, twin
from trabecula.assessment import results, summary
from trabecula.assessment.answer import caution
from trabecula.assessment.figures import INTERVAL, interval, rounded
from trabecula.assessment.measured import above_measured
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans import contraindications
from trabecula.assessment.plans import effects as plan_effects
from trabecula.assessment.plans.overlay import PersonUnderPlan, under_plan
from trabecula.assessment.plans.plan import RECORDED, Plan
from trabecula.assessment.results import Comparison, PlanResult
from trabecula.course import Bones
from trabecula.evidence import Evidence
from trabecula.fracture import GROUPS, SITES, Exposure, Risks
from trabecula.skeleton import SITES as BONES
from trabecula.timeline.disability import examined
from trabecula.units import PER_CENT, Array, date_at
from trabecula.units import days as in_days
from trabecula.vocabulary import tables_for

MORE_THAN = 0.01  # a benefit that is asked about unless another is, one fracture fewer in a hundred
_STEP_Y = 0.25  # a quarter of a year; chances differ from monthly steps in the third digit


@dataclass(frozen=True)
class PlanCourse:
    """One plan under every draw: the bones from today to the horizon, and the chances there."""

    under: PersonUnderPlan
    """The record as it would be, and what acts on the skeleton."""
    bones: Bones
    """On the days that are looked at, today the first [n, T]."""
    risks: Risks
    """At one horizon, the last day."""


def plan_course(known: PatientState, plan: Plan) -> PlanCourse:
    """Live through a plan, from today to the horizon."""
    over = under_plan(known, plan)
    end = known.today + in_days(known.horizon_y)
    days = known.days.every[(known.days.every >= known.today) & (known.days.every <= end)]
    bones = known.future(over.timeline, days)
    risks = course.outcomes(bones, known.level, _exposure(known, over), known.sample, (known.horizon_y,))
    return PlanCourse(over, bones, risks)


def risk_edges(known: PatientState) -> list[float]:
    """Edges of the steps up to the horizon in which fractures and death compete [days since birth]."""
    steps = np.arange(0.0, known.horizon_y, _STEP_Y)
    return (known.today + in_days(np.append(steps, known.horizon_y))).tolist()


def _exposure(known: PatientState, over: PersonUnderPlan) -> Exposure:
    """What the person brings to a fracture under a plan; some of it no record can hold.

    What is taken under the plan stands in its timeline. Whether the other medicines are known is up to the record: a
    plan that adds a tablet to an empty list does not make them known to be absent.
    """
    person = known.person.model_copy(update={"smoking": over.person.smoking})
    exposure = Exposure.from_person(person, over.timeline, risk_edges(known))
    if over.plan.falls_programme:
        exposure = replace(exposure, fall_ratio=known.sample.column("plans.falls_programme.rate_ratio"))
    if known.person.smoking == "current" and over.person.smoking == "former":
        half_y = known.sample.column("plans.smoking.excess_half_life")
        left = 2.0 ** (-exposure.middle_y / half_y)
        exposure = replace(exposure, present={**exposure.present, "current_smoking": left})
    return exposure


def compare(
    known: PatientState,
    plans: Sequence[Plan],
    force: bool = False,
    against: Plan = RECORDED,
    more_than: float = MORE_THAN,
) -> Comparison:
    """Each plan beside `against`, which is what is recorded unless another plan is named.

    The draws are the same under every plan, so that a difference is that of the plan alone (decision 4). A plan that
    contradicts the history or a contraindication is refused: its objections are listed and nothing is computed, unless
    `force`. more_than: the fall in risk that is worth having, a probability.
    """
    base = plan_course(known, against)
    answered = [_result(known, plan, base, force=force, more_than=more_than) for plan in plans]
    person = known.person
    tables = tables_for(person.country, person.stand_in)
    return Comparison(
        software=results.Software(version=known.model.version),
        date=known.on,
        horizon_y=known.horizon_y,
        country=tables.country,
        stands_in_for=tables.stands_in_for,
        draws=known.sample.n,
        seed=known.draws.seed,
        interval=INTERVAL,
        person=summary.person_line(person, known.on, _edss(known), examined(person, known.on, known.evidence)),
        caution=caution(base.risks, known.horizon_y, known.evidence),
        baseline=_computed(known, against, base, base, more_than),
        plans=answered,
        left_out=plan_effects.left_out(plans),
        evidence=list(known.evidence.used()),
    )


def _edss(known: PatientState) -> float | None:
    """The EDSS today."""
    return None if known.person.ms is None else float(known.timeline.edss_at(known.today))


def _result(known: PatientState, plan: Plan, base: PlanCourse, *, force: bool, more_than: float) -> PlanResult:
    """One plan, computed or refused."""
    over = under_plan(known, plan)
    refused, warnings = contraindications.objections(known, over)
    if refused and not force:
        return PlanResult(
            name=plan.name, title=plan.title, because=plan.because, refused=refused, forced=False,
            warnings=warnings, notes=[*over.notes], bone=[], risks=[], falls_per_year=None, side_effects=[], burdens=[],
            cobenefits=[],
        )  # fmt: skip
    done = _computed(known, plan, plan_course(known, plan), base, more_than)
    return done.model_copy(update={"refused": refused, "forced": bool(refused), "warnings": warnings})


def _computed(known: PatientState, plan: Plan, planned: PlanCourse, base: PlanCourse, more_than: float) -> PlanResult:
    """What a plan does, beside another."""
    effects = plan_effects.effects(known, plan)
    return PlanResult(
        name=plan.name,
        title=plan.title,
        because=plan.because,
        refused=[],
        forced=False,
        warnings=[],
        notes=[*planned.under.notes],
        bone=[_bone(site, known, planned, base) for site in BONES],
        risks=[_risk(site, planned, base, more_than, known.evidence) for site in (*GROUPS, *SITES[1:])],
        falls_per_year=interval(planned.risks.falls_per_year),
        side_effects=effects.side_effects,
        burdens=effects.burdens,
        cobenefits=effects.cobenefits,
    )


def _bone(site: str, known: PatientState, planned: PlanCourse, base: PlanCourse) -> results.BoneEffect:
    """Density at one site, under a plan and beside another."""
    mine, theirs = (life.bones.density(site, known.level) for life in (planned, base))
    difference = PER_CENT * (mine / theirs - 1.0)
    thresholds = (0.0, rounded(PER_CENT * twin.least_significant_change(site, known.evidence)))
    return results.BoneEffect(
        site=site,  # type: ignore[arg-type]
        change_percent=interval(PER_CENT * (mine[:, -1] / mine[:, 0] - 1.0)),
        difference_percent=interval(difference[:, -1]),
        helps=[_chance(difference[:, -1], by) for by in thresholds],
        course=[
            results.BoneUnderPlan(
                date=date_at(day, known.person.birth_date),
                bmd_g_cm2=interval(mine[:, t]),
                difference_percent=interval(difference[:, t]),
            )
            for t, day in enumerate(planned.bones.days)
            if day in known.days.printed
        ],
    )


def _chance(benefit: Array, by_more_than: float) -> results.Chance:
    """The share of draws in which a benefit [n] exceeds something, in the unit of the benefit."""
    return results.Chance(by_more_than=by_more_than, probability=rounded(float(np.mean(benefit > by_more_than))))


def _risk(site: str, planned: PlanCourse, base: PlanCourse, more_than: float, evidence: Evidence) -> results.RiskEffect:
    """The chance of a fracture, under a plan and beside another."""
    mine, theirs = planned.risks.fracture[site][:, 0], base.risks.fracture[site][:, 0]
    return results.RiskEffect(
        site=site,
        risk=interval(mine),
        above_measured=above_measured(planned.risks, site, planned.risks.horizons_y[0], evidence),
        difference=interval(mine - theirs),
        ratio=interval(np.divide(mine, theirs, out=np.ones_like(mine), where=theirs > 0.0)),
        number_needed=number_needed(theirs - mine),
        helps=[_chance(theirs - mine, by) for by in (0.0, more_than)],
    )


def number_needed(benefit: Array) -> results.NumberNeeded:
    """One over the fall in risk [n]; the interval of a plan that may do nothing runs through infinity.

    The ends are those of the benefit, so that `best` is the favourable one: an interval of 1/x through 0 has no order.
    """
    tail = (1.0 - INTERVAL) / 2.0
    least, most = np.quantile(benefit, (tail, 1.0 - tail))
    return results.NumberNeeded(
        mean=_inverse(float(benefit.mean())),
        best=_inverse(most),
        worst=_inverse(least),
        may_do_nothing=bool(least <= 0.0 <= most),
    )


def _inverse(benefit: float) -> float | None:
    """People for one event; None for no effect."""
    return None if benefit == 0.0 else rounded(1.0 / benefit)
