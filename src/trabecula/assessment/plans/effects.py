"""What comes with a plan beside its effect on bone: side effects, burdens and co-benefits, each with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import yaml

from trabecula.assessment.figures import interval
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import minutes_now
from trabecula.assessment.plans.plan import Plan, TabletTaper
from trabecula.assessment.results import Effect
from trabecula.evidence import Evidence
from trabecula.evidence.records import Finding, Status
from trabecula.units import PER_CENT, Array
from trabecula.vocabulary import drug_name, generic_name
from trabecula.words.message import Message, sourced

_UNITS = {
    "%": "percent",
    "per 100 py": "per_100",
    "per 1000 py": "per_1000",
    "per 10,000 py": "per_10000",
    "persons": "persons",
}
"""The units in which side effects are printed, as `effect.size.*` names them."""


@dataclass(frozen=True)
class Effects:
    """What stands beside the result for bone."""

    side_effects: list[Effect]
    """What may go wrong, as often as a source says."""
    burdens: list[Effect]
    """What it asks of a person; common knowledge."""
    cobenefits: list[Effect]
    """What activity does beside bone."""


def effects(known: PatientState, plan: Plan) -> Effects:
    """Everything that comes with a plan."""
    topics = list(dict.fromkeys(_topics(plan)))
    return Effects(
        [effect for topic in topics for effect in _side_effects(topic, known.evidence)],
        [effect for topic in topics for effect in _burdens(topic)],
        cobenefits(known, plan),
    )


def left_out(plans: Sequence[Plan]) -> list[Message]:
    """What nobody has put into these lists; medicines about which nothing is known here are named."""
    begun = dict.fromkeys(generic_name(medicine.drug) for plan in plans for medicine in plan.medicines)
    silent = [drug for drug in begun if drug not in _data()["side_effects"]]
    named = [Message("effect.none_on_file", {"drug": drug_name(drug)}) for drug in silent]
    return [*named, *(sourced("effect", said) for said in _data()["not_known"])]


def _topics(plan: Plan) -> Iterator[str]:
    """What a plan consists of, as the file names it."""
    yield from (generic_name(medicine.drug) for medicine in plan.medicines)
    yield from (f"stopping_{generic_name(drug)}" for drug in plan.stop)
    if plan.steroids == "none" or isinstance(plan.steroids, TabletTaper):
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
    """The file with side effects and burdens by topic."""
    file = resources.files("trabecula.assessment.plans").joinpath("data", "effects.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _side_effects(topic: str, evidence: Evidence) -> Iterator[Effect]:
    """The side effects of a topic, with their size as it was printed."""
    for entry in _data()["side_effects"].get(topic, ()):
        findings = [evidence.finding(name) for name in entry["findings"]]
        yield Effect(
            of=topic.replace("_", " "),
            what=sourced("effect", entry["what"]),
            size=size_of(findings),
            findings=list(entry["findings"]),
            sources=sources_of(findings, evidence),
            status=status_of(findings),
        )


def _burdens(topic: str) -> Iterator[Effect]:
    """What a topic asks of a person: common knowledge, without a source."""
    for burden in _data()["burdens"].get(topic, ()):
        what, of = sourced("burden", burden), topic.replace("_", " ")
        yield Effect(of=of, what=what, size=None, findings=[], sources=[], status="assumed")


def size_of(findings: Sequence[Finding]) -> Message | None:
    """How often with it, and without it if that was printed; None where the source says no number."""
    if not findings or findings[0].value is None:
        return None
    unit = findings[0].unit
    size, *others = (_amount(finding, unit) for finding in findings)
    for other in others:
        size = Message("effect.against", {"one": size, "other": other})
    return size


def _amount(finding: Finding, unit: str) -> Message:
    """A value as it was printed: the number, its unit, its interval."""
    amount = Message("effect.amount", {"value": finding.value})
    if unit != "1":
        amount = Message(f"effect.size.{_UNITS.get(unit, 'other')}", {"amount": amount, "unit": unit})
    if finding.lower is None:
        return amount
    return Message("effect.amount_with_interval", {"amount": amount, "low": finding.lower, "high": finding.upper})


def sources_of(findings: Iterable[Finding], evidence: Evidence) -> list[str]:
    """The documents, each once."""
    return list(dict.fromkeys(evidence.source(finding.id).reference for finding in findings))


def status_of(findings: Sequence[Finding]) -> Literal["read", "recalled", "assumed"]:
    """The weakest way in which a number was seen."""
    if not findings:
        return "assumed"
    return "recalled" if any(finding.status is Status.RECALLED for finding in findings) else "read"


_SCALED = ("heart_disease", "diabetes")
"""Co-benefits whose dose-response is known; their names are those of parameters and of `effect.*`."""
_AS_PRINTED = ("colon", "breast", "stroke")
"""Co-benefits of which only a comparison of people far apart was printed."""
_SLEEP = "activity_benefit.sadeghi_2019.sleep"


def cobenefits(known: PatientState, plan: Plan) -> list[Effect]:
    """What an activity plan does beside bone: heart disease, diabetes, some cancers, sleep; none if it adds none.

    Cohorts, not trials: people who move more differ in other ways too. The ratio against somebody inactive falls with
    the minutes a week as RR^((minutes / 150)^p), from inactivity to the plan; what is done already does not count
    again.
    """
    planned = plan.exercise.moderate_minutes_per_week if plan.exercise else None
    now = minutes_now(known.person, known)
    if planned is None or planned <= now:
        return []
    printed = [name for name in _AS_PRINTED if known.person.sex == "female" or name != "breast"]
    return [
        *(_scaled(name, now, planned, known) for name in _SCALED),
        *(_between_extremes(name, known.evidence) for name in printed),
        _cobenefit(Message("effect.sleep"), None, [_SLEEP], known.evidence),
    ]


def relative_risk(name: str, now: float, planned: float, known: PatientState) -> Array:
    """The risk at the planned minutes a week over that at today's, in each draw [n]."""
    ratio = np.log(known.sample[f"plans.activity.{name}.ratio"])
    power = known.sample["plans.activity.dose_exponent"]
    full = known.sample["plans.activity.recommended_minutes"]
    return np.exp(ratio * ((planned / full) ** power - (now / full) ** power))


def _scaled(name: str, now: float, planned: float, known: PatientState) -> Effect:
    """A co-benefit whose dose-response is known, with the activity in MET-minutes a week, now and then."""
    met = float(np.median(known.sample["plans.activity.moderate_met"]))
    dose = {"low": now * met, "high": planned * met}
    fall = interval(PER_CENT * (1.0 - relative_risk(name, now, planned, known)))
    size = Message("effect.lower_percent", {"value": fall.median, "low": fall.low, "high": fall.high})
    what = Message("effect.with_activity", {"what": Message(f"effect.{name}"), **dose})
    findings = known.evidence[f"plans.activity.{name}.ratio"].from_
    return _cobenefit(what, size, findings, known.evidence)


def _between_extremes(name: str, evidence: Evidence) -> Effect:
    """A co-benefit as it was printed, between people far apart: too little is known to scale it."""
    finding = evidence.finding(f"activity_benefit.kyu_2016.{name}_8000_rr")
    if finding.value is None or finding.lower is None or finding.upper is None:
        raise ValueError(f"{finding.id}: a ratio with its interval was expected")
    ends = {"value": finding.value, "low": finding.upper, "high": finding.lower}
    falls = {end: PER_CENT * (1.0 - ratio) for end, ratio in ends.items()}
    return _cobenefit(Message(f"effect.{name}"), Message("effect.lower_percent", falls), [finding.id], evidence)


def _cobenefit(what: Message, size: Message | None, findings: Sequence[str], evidence: Evidence) -> Effect:
    """A co-benefit of exercise that somebody read in its sources."""
    sources = sources_of([evidence.finding(name) for name in findings], evidence)
    return Effect(of="exercise", what=what, size=size, findings=list(findings), sources=sources, status="read")
