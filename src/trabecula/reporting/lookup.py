"""Finds a record of the registry by its id, with what stands behind it and what rests on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from trabecula.evidence import Evidence, Finding, Parameter, Source

_SUGGESTED = 8  # lines of an error message


@dataclass(frozen=True)
class Found:
    """A parameter, finding or source; its findings with their documents; the parameters that rest on it."""

    record: Parameter | Finding | Source
    findings: Mapping[str, Finding]
    sources: Mapping[str, Source]
    """The document of each finding, by the finding's id."""
    used_by: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Which of the three kinds of record it is."""
        return type(self.record).__name__.lower()


def look_up(evidence: Evidence, name: str) -> Found | None:
    """The record with this id, or None."""
    if name in evidence:
        parameter = evidence[name]
        return _found(evidence, parameter, parameter.from_, ())
    findings = evidence.findings()
    if name in findings:
        return _found(evidence, findings[name], (name,), _resting_on(evidence, {name}))
    printed = [each for each in findings if evidence.source(each).id == name]
    if printed:
        return _found(evidence, evidence.source(name), tuple(printed), _resting_on(evidence, {*printed}))
    return None


def _found(
    evidence: Evidence,
    record: Parameter | Finding | Source,
    findings: tuple[str, ...],
    used_by: tuple[str, ...],
) -> Found:
    """A record with its surroundings."""
    return Found(
        record,
        {each: evidence.finding(each) for each in findings},
        {each: evidence.source(each) for each in findings},
        used_by,
    )


def _resting_on(evidence: Evidence, findings: set[str]) -> tuple[str, ...]:
    """The parameters that name one of the findings."""
    return tuple(name for name in evidence if findings & {*evidence[name].from_})


def nearest(evidence: Evidence, name: str) -> list[str]:
    """Ids that may have been meant: those that begin with it, that hold it, that look like it."""
    known = [*evidence, *sorted(evidence.findings()), *_source_ids(evidence)]
    word = name.lower()
    begin = [each for each in known if each.startswith(word)]
    hold = [each for each in known if word in each]
    near = begin or hold or get_close_matches(word, known, n=_SUGGESTED)
    return near[:_SUGGESTED]


def _source_ids(evidence: Evidence) -> list[str]:
    """The ids of all documents that printed a finding."""
    return sorted({evidence.source(each).id for each in evidence.findings()})
