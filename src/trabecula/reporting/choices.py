"""What is advised, planned and to choose from, as statements: for the clinician's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.plan_tasks import references
from trabecula.reporting.statements import Statement, Writer
from trabecula.words.message import Message

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison
    from trabecula.guidelines.records import Advice


_LABELS = "labels"
NOTHING_TO_CHANGE = "nothing_to_change"
"""Why a plan for somebody else is refused: no smoker, no tablets. It is not worth a line."""


@dataclass(frozen=True)
class Advised:
    """What a guideline says: the recommendation, and how strongly."""

    what: Statement
    guideline: Statement
    strength: Statement | None


@dataclass(frozen=True)
class Open:
    """A recommendation that hangs on something unknown."""

    what: Statement
    guideline: Statement
    missing: tuple[Statement, ...]


@dataclass(frozen=True)
class Outside:
    """A recommendation for other people, and for whom it is."""

    what: Statement
    guideline: Statement
    who: Statement


def advised(assessment: "Assessment", write: Writer) -> Iterator[Advised]:
    """The recommendations whose conditions are met; one that several rules make is said once."""
    for each in _once(assessment, Truth.TRUE):
        yield _advised(each, write)


def undecided(assessment: "Assessment", write: Writer) -> Iterator[Open]:
    """The recommendations that a missing fact leaves open, and which fact."""
    for each in _once(assessment, Truth.UNKNOWN):
        if each.missing:
            missing = tuple(write.model(gap.what) for gap in each.missing)
            yield Open(_what(each, write), write.model(each.title), missing)


def outside(assessment: "Assessment", write: Writer) -> Iterator[Outside]:
    """The recommendations whose conditions are met by somebody whom they were not written for."""
    for each in assessment.advice:
        if each.outside:
            yield Outside(_what(each, write), write.model(each.title), write.model(each.population))


def _once(assessment: "Assessment", verdict: Truth) -> list["Advice"]:
    """The advice with a verdict, each recommendation once; what labels of medicines say comes last."""
    found: dict[Message, Advice] = {}
    for each in assessment.advice:
        if each.verdict is verdict:
            found.setdefault(each.recommendation, each)
    return sorted(found.values(), key=lambda each: each.guideline == _LABELS)


def _advised(advice: "Advice", write: Writer) -> Advised:
    """A recommendation with its reasons."""
    strength = write.model(advice.strength) if advice.strength else None
    return Advised(_what(advice, write), write.model(advice.title), strength)


def _what(advice: "Advice", write: Writer) -> Statement:
    """The recommendation with its source."""
    said = write.model(advice.recommendation)
    return Statement(said.text, said.lang, write.marks.cited(f"{advice.citation}, {advice.section}"))


def tasks(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """The dated plan: what is due when, and who says so."""
    for each in assessment.tasks:
        said = write.model(each.what)
        mark = write.marks.cited(references()[each.rules[0]])
        yield Statement(said.text, said.lang, mark, write.lang.short_day(each.date))


def refusals(comparison: "Comparison | None", write: Writer) -> list[Statement]:
    """Why plans were not worked out, or are dangerous on their own; what holds for several is said once."""
    found: dict[tuple[Message, Message], list[str]] = {}
    for plan in () if comparison is None else comparison.plans:
        for each in (*plan.refused, *plan.warnings):
            if each.rule != NOTHING_TO_CHANGE:
                found.setdefault((each.reason, each.source), []).append(plan.title)
    return [_objection(titles, reason, source, write) for (reason, source), titles in found.items()]


def _objection(titles: list[str], reason: Message, source: Message, write: Writer) -> Statement:
    """Why plans are refused, or what they need beside them."""
    said = write.model(reason)
    marks = write.marks.cited(write.lang.say(source))
    return Statement(said.text, said.lang, marks, "; ".join(write.model(each).text for each in titles))
