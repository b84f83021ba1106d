"""What comes with a plan beside its effect on bone: side effects and burdens, each with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import minutes_now
from trabecula.assessment.plans.plan import Plan, Tapering
from trabecula.assessment.results import Effect, interval
from trabecula.evidence import Evidence
from trabecula.evidence.records import Finding, Status
from trabecula.units import PER_CENT
from trabecula.vocabulary import generic_name


@dataclass(frozen=True)
class Effects:
    """What stands beside the result for bone."""

    side_effects: list[Effect]
    burdens: list[Effect]
    cobenefits: list[Effect]


def effects(known: PatientState, plan: Plan) -> Effects:
    """Everything that comes with a plan."""
    topics = list(dict.fromkeys(_topics(plan)))
    return Effects(
        [each for topic in topics for each in _side_effects(topic, known.evidence)],
        [each for topic in topics for each in _burdens(topic)],
        cobenefits(known, plan),
    )


def left_out(plans: Sequence[Plan]) -> list[str]:
    """What nobody has put into these lists; medicines about which nothing is known here are named."""
    silent = [
        generic
        for plan in plans
        for generic in (generic_name(each.drug) for each in plan.medicines)
        if generic not in _data()["side_effects"]
    ]
    named = [f"No side effect of {drug} is on file here." for drug in dict.fromkeys(silent)]
    return [*named, *_data()["not_known"]]


def _topics(plan: Plan) -> Iterator[str]:
    """What a plan consists of, as the file names it."""
    yield from (generic_name(medicine.drug) for medicine in plan.medicines)
    yield from (f"stopping_{generic_name(drug)}" for drug in plan.stop)
    if plan.steroids == "none" or isinstance(plan.steroids, Tapering):
        yield "stopping_steroids"
    parts = {
        "exercise": plan.exercise is not None,
        "falls_programme": plan.falls_programme,
        "calcium": plan.calcium_mg_per_day is not None,
        "smoking": plan.smoking == "former",
    }
    yield from (name for name, present in parts.items() if present)


@cache
def _data() -> Mapping[str, Any]:
    """The file."""
    text = (
        resources.files("trabecula.assessment.plans")
        .joinpath("data", "effects.yaml")
        .read_text(encoding="utf-8")
    )
    return yaml.safe_load(text)


def _side_effects(topic: str, evidence: Evidence) -> Iterator[Effect]:
    """The side effects of a topic, with their size as it was printed."""
    for entry in _data()["side_effects"].get(topic, ()):
        findings = [evidence.finding(name) for name in entry["findings"]]
        yield Effect(
            of=topic.replace("_", " "),
            what=entry["what"],
            size=size_of(findings),
            findings=list(entry["findings"]),
            sources=sources_of(findings, evidence),
            status=status_of(findings),
        )


def _burdens(topic: str) -> Iterator[Effect]:
    """What a topic asks of a person: common knowledge, without a source."""
    for what in _data()["burdens"].get(topic, ()):
        of = topic.replace("_", " ")
        yield Effect(of=of, what=what, size=None, findings=[], sources=[], status="assumed")


def size_of(findings: Sequence[Finding]) -> str | None:
    """How often with it, and without it if that was printed."""
    if not findings or findings[0].value is None:
        return None
    first, *others = (_printed(each) for each in findings)
    unit = "" if findings[0].unit == "1" else f" {findings[0].unit}"
    return f"{first}{unit}" + "".join(f", against {each}{unit}" for each in others)


def _printed(finding: Finding) -> str:
    """The value with its interval."""
    value = f"{finding.value:g}"
    return value if finding.lower is None else f"{value} ({finding.lower:g} to {finding.upper:g})"


def sources_of(findings: Iterable[Finding], evidence: Evidence) -> list[str]:
    """The documents, each once."""
    return list(dict.fromkeys(evidence.source(each.id).reference for each in findings))


def status_of(findings: Sequence[Finding]) -> Literal["read", "recalled", "assumed"]:
    """The weakest way in which a number was seen."""
    if not findings:
        return "assumed"
    return "recalled" if any(each.status is Status.RECALLED for each in findings) else "read"


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


def cobenefits(known: PatientState, plan: Plan) -> list[Effect]:
    """The co-benefits of the activity in a plan; none if it adds none."""
    planned = plan.exercise.moderate_minutes_per_week if plan.exercise else None
    now = minutes_now(known.person, known)
    if planned is None or planned <= now:
        return []
    dose = _met_minutes(now, planned, known)
    return [
        *(_scaled(name, what, dose, now, planned, known) for name, what in _SCALED.items()),
        *(
            _between_extremes(what, name, known.evidence)
            for what, name in _AS_PRINTED.items()
            if known.person.sex == "female" or what != _BREAST_CANCER
        ),
        _sleep(known.evidence),
    ]


def _met_minutes(now: float, planned: float, known: PatientState) -> str:
    """The activity in MET-minutes a week, now and then."""
    met = float(np.median(known.sample["plans.activity.moderate_met"]))
    return f"{now * met:.0f} to {planned * met:.0f} MET-minutes a week"


def relative_risk(name: str, now: float, planned: float, known: PatientState) -> Array:
    """The risk at the planned minutes a week over that at today's, in each draw [n]."""
    ratio = np.log(known.sample[f"plans.activity.{name}.ratio"])
    power = known.sample["plans.activity.dose_exponent"]
    full = known.sample["plans.activity.recommended_minutes"]
    return np.exp(ratio * ((planned / full) ** power - (now / full) ** power))


def _scaled(name: str, what: str, dose: str, now: float, planned: float, known: PatientState) -> Effect:
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


def _between_extremes(what: str, name: str, evidence: Evidence) -> Effect:
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
