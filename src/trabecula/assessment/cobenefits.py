"""What an activity plan does beside bone: heart disease, diabetes, some cancers, sleep. Apart from the bone result.

Cohorts, not trials: people who move more differ in other ways too. The ratio against somebody inactive falls with the
minutes a week as RR^((minutes / 150)^p), from inactivity to the plan; what is done already does not count again.
"""

import numpy as np
from numpy.typing import NDArray

from trabecula.assessment.compare_record import Effect
from trabecula.assessment.conditioned import Conditioned
from trabecula.assessment.intervals import interval
from trabecula.assessment.plans import Plan
from trabecula.assessment.plans_overlay import minutes_now
from trabecula.evidence import Evidence
from trabecula.units import PER_CENT

Array = NDArray[np.float64]
_SCALED = {
    "heart_disease": "Disease of heart and vessels, stroke included",
    "diabetes": "Type 2 diabetes",
}
_BREAST_CANCER = "Breast cancer, the same"
_AS_PRINTED = {
    "Colon cancer, the most active (8,000 MET-minutes a week and more of all activity) against the least": "colon",
    _BREAST_CANCER: "breast",
    "Stroke, the same": "stroke",
}
_SLEEP = "activity_benefit.sadeghi_2019.sleep"


def cobenefits(known: Conditioned, plan: Plan) -> list[Effect]:
    """The co-benefits of the activity in a plan; none if it adds none."""
    planned = plan.exercise.moderate_minutes_per_week if plan.exercise else None
    now = minutes_now(known.person, known)
    if planned is None or planned <= now:
        return []
    dose = _met_minutes(now, planned, known)
    return [
        *(_scaled(name, what, dose, now, planned, known) for name, what in _SCALED.items()),
        *(
            _printed(what, name, known.evidence)
            for what, name in _AS_PRINTED.items()
            if known.person.sex == "female" or what != _BREAST_CANCER
        ),
        _sleep(known.evidence),
    ]


def _met_minutes(now: float, planned: float, known: Conditioned) -> str:
    """The activity in MET-minutes a week, now and then."""
    met = float(np.median(known.sample["plans.activity.moderate_met"]))
    return f"{now * met:.0f} to {planned * met:.0f} MET-minutes a week"


def relative_risk(name: str, now: float, planned: float, known: Conditioned) -> Array:
    """The risk at the planned minutes a week over that at today's, in each draw [n]."""
    ratio = np.log(known.sample[f"plans.activity.{name}.ratio"])
    power = known.sample["plans.activity.dose_exponent"]
    full = known.sample["plans.activity.recommended_minutes"]
    return np.exp(ratio * ((planned / full) ** power - (now / full) ** power))


def _scaled(name: str, what: str, dose: str, now: float, planned: float, known: Conditioned) -> Effect:
    """A co-benefit whose dose-response is known."""
    fall = interval(PER_CENT * (1.0 - relative_risk(name, now, planned, known)))
    parameter = known.evidence[f"plans.activity.{name}.ratio"]
    findings = [known.evidence.finding(each) for each in parameter.from_]
    return Effect(
        of="exercise",
        what=f"{what}: lower by this much in people who move from {dose}",
        size=f"{fall.median:.0f} % ({fall.low:.0f} to {fall.high:.0f})",
        findings=list(parameter.from_),
        sources=[known.evidence.source(each.id).reference for each in findings],
        status="read",
    )


def _printed(what: str, name: str, evidence: Evidence) -> Effect:
    """A co-benefit as it was printed, between people far apart: too little is known to scale it."""
    finding = evidence.finding(f"activity_benefit.kyu_2016.{name}_8000_rr")
    assert None not in (finding.value, finding.lower, finding.upper), "the finding has its interval"
    return Effect(
        of="exercise",
        what=what,
        size=f"{PER_CENT * (1 - finding.value):.0f} % ({PER_CENT * (1 - finding.upper):.0f} to "  # type: ignore[operator]
        f"{PER_CENT * (1 - finding.lower):.0f}) lower",  # type: ignore[operator]
        findings=[finding.id],
        sources=[evidence.source(finding.id).reference],
        status="read",
    )


def _sleep(evidence: Evidence) -> Effect:
    """Sleep: better in a small study without a control group."""
    return Effect(
        of="exercise",
        what="Sleep: better after three weeks of daily exercise in 46 people with MS; there was no control group",
        size=None,
        findings=[_SLEEP],
        sources=[evidence.source(_SLEEP).reference],
        status="read",
    )
