"""Plans beside each other: the same draws live through each of them, so that a difference is sharp.

known = prepare(person, on, Model.default())
compare(known, [library()["exercise"], read_plan(data)])
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from trabecula import course, twin
from trabecula.assessment import results, summary
from trabecula.assessment.answer import caution
from trabecula.assessment.figures import INTERVAL, interval, rounded
from trabecula.assessment.measured import above_measured
from trabecula.assessment.patient_state import PatientState, risk_edges
from trabecula.assessment.plans import contraindications
from trabecula.assessment.plans import effects as plan_effects
from trabecula.assessment.plans.overlay import PersonUnderPlan, under_plan
from trabecula.assessment.plans.plan import RECORDED, Plan, day_of
from trabecula.assessment.results import Comparison, PlanResult
from trabecula.course import Bones
from trabecula.evidence import Evidence
from trabecula.fracture import GROUPS, SITES, Exposure, Risks
from trabecula.guidelines.records import Objection
from trabecula.skeleton import SITES as BONES
from trabecula.timeline.disability import examined
from trabecula.units import PER_CENT, Array, date_at, years
from trabecula.units import days as in_days
from trabecula.vocabulary import tables_for

MORE_THAN = 0.01  # a benefit that is asked about unless another is, one fracture fewer in a hundred
_MAJOR = "major_osteoporotic"
_QUARTER_Y = 0.25


@dataclass(frozen=True)
class PlanCourse:
    """One plan under every draw: the bones from today to the horizon, and the chances there."""

    under: PersonUnderPlan
    """The record as it would be, and what acts on the skeleton."""
    bones: Bones
    """On the days that are looked at, today the first [n, T]."""
    risks: Risks
    """At the horizon, the last day, and at the end of the years that are compared."""


@dataclass(frozen=True)
class Judged:
    """A plan laid over the record, and what stands against it."""

    over: PersonUnderPlan
    refused: list[Objection]
    warnings: list[Objection]


def common_years(known: PatientState, plans: Sequence[Plan]) -> float:
    """The years through which every treatment that is begun goes on, to a quarter: for those all are held side by side.

    A course of three years beside one of five would lose two years of treatment, not by being worse. A plan that stops
    something, or begins no medicine, does not shorten the time.
    """
    begun = [plan.medicines for plan in plans if plan.medicines and not plan.stop]
    ends = [max(_years_to(known, medicine.end) for medicine in medicines) for medicines in begun]
    whole = round(min([*ends, known.horizon_y]) / _QUARTER_Y) * _QUARTER_Y
    return min(max(whole, _QUARTER_Y), known.horizon_y)


def _years_to(known: PatientState, end: str | date | None) -> float:
    """Years from today to a day of a plan, the whole horizon without one."""
    return known.horizon_y if end is None else years((day_of(end, known.on) - known.on).days)


def plan_course(known: PatientState, over: PersonUnderPlan, span: float) -> PlanCourse:
    """Live through a plan, from today to the horizon; span: the years that all plans have in common."""
    end = known.today + in_days(known.horizon_y)
    days = known.days.every[(known.days.every >= known.today) & (known.days.every <= end)]
    bones = known.future(over.timeline, days)
    horizons = tuple(sorted({span, known.horizon_y}))
    risks = course.outcomes(bones, known.level, _exposure(known, over), known.sample, horizons)
    return PlanCourse(over, bones, risks)


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
    judged = [_judged(known, plan) for plan in plans]
    span = common_years(known, [one.over.plan for one in judged if force or not one.refused])
    base = plan_course(known, under_plan(known, against), span)
    answered = [_result(known, one, base, span, force=force, more_than=more_than) for one in judged]
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
        baseline=_computed(known, base, base, span, more_than),
        plans=answered,
        common_y=span,
        ranking=ranking(answered),
        left_out=plan_effects.left_out(plans),
        evidence=list(known.evidence.used()),
    )


def _edss(known: PatientState) -> float | None:
    """The EDSS today."""
    return None if known.person.ms is None else float(known.timeline.edss_at(known.today))


def ranking(plans: Sequence[PlanResult]) -> list[str]:
    """Names of the plans by their net benefit, the greatest first: fractures that come less often minus those that come
    more often, within the years in common. Burdens and side effects have no common scale and stand beside it.
    """
    done = [
        (plan.within_common.difference.mean, plan.name) for plan in plans if plan.within_common and not plan.refused
    ]
    return [name for _, name in sorted(done)]


def _judged(known: PatientState, plan: Plan) -> Judged:
    """A plan, and what stands against it."""
    over = under_plan(known, plan)
    return Judged(over, *contraindications.objections(known, over))


def _result(
    known: PatientState, one: Judged, base: PlanCourse, span: float, *, force: bool, more_than: float
) -> PlanResult:
    """One plan, computed or refused."""
    plan = one.over.plan
    if one.refused and not force:
        return PlanResult(
            name=plan.name, title=plan.title, because=plan.because, refused=one.refused, forced=False,
            warnings=one.warnings, notes=[*one.over.notes], bone=[], risks=[], falls_per_year=None, side_effects=[],
            burdens=[], cobenefits=[],
        )  # fmt: skip
    done = _computed(known, plan_course(known, one.over, span), base, span, more_than)
    return done.model_copy(update={"refused": one.refused, "forced": bool(one.refused), "warnings": one.warnings})


def _computed(known: PatientState, planned: PlanCourse, base: PlanCourse, span: float, more_than: float) -> PlanResult:
    """What a plan does, beside another."""
    plan, both = planned.under.plan, (planned, base)
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
        risks=[_risk(site, known.horizon_y, *both, more_than, known.evidence) for site in (*GROUPS, *SITES[1:])],
        within_common=_risk(_MAJOR, span, *both, more_than, known.evidence),
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


def _risk(
    site: str, within_y: float, planned: PlanCourse, base: PlanCourse, more_than: float, evidence: Evidence
) -> results.RiskEffect:
    """The chance of a fracture within some years, under a plan and beside another."""
    mine, theirs = (life.risks.at(site, within_y) for life in (planned, base))
    return results.RiskEffect(
        site=site,
        risk=interval(mine),
        above_measured=above_measured(planned.risks, site, within_y, evidence),
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
