"""What comes with a plan beside its effect on bone: side effects and burdens, each with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from trabecula.assessment.cobenefits import cobenefits
from trabecula.assessment.compare_record import Effect
from trabecula.assessment.conditioned import Conditioned
from trabecula.assessment.plans import Plan, Tapering
from trabecula.evidence import Evidence
from trabecula.evidence.records import Finding, Status
from trabecula.person import generic_name


@dataclass(frozen=True)
class Effects:
    """What stands beside the result for bone."""

    side_effects: list[Effect]
    burdens: list[Effect]
    cobenefits: list[Effect]


def effects(known: Conditioned, plan: Plan) -> Effects:
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
    yield from (generic_name(each.drug) for each in plan.medicines)
    if "denosumab" in {generic_name(each) for each in plan.stop}:
        yield "stopping_denosumab"
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
        resources.files("trabecula.assessment").joinpath("data", "effects.yaml").read_text(encoding="utf-8")
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
