"""Answers to "why" and "who says so": reasons and references."""

from collections.abc import Mapping, Sequence, Set

from trabecula.evidence.records import Finding, Parameter, Source, Status


def reason(parameter: Parameter) -> str:
    """Why the value, then why the spread, then how it came about."""
    road = f"[{parameter.method}{f', fit {parameter.fit}' if parameter.fit else ''}]"
    return " ".join(text for text in (parameter.because, parameter.spread_because, road) if text)


def citation(
    parameters: Sequence[Parameter], findings: Mapping[str, Finding], source_of: Mapping[str, Source]
) -> str:
    """The documents behind the parameters, one a line, then what is assumed and why."""
    names = {name for each in parameters for name in each.from_}
    seen = {source_of[name].id for name in names if findings[name].status is not Status.RECALLED}
    sources = {_reference(source_of[name], seen) for name in names}
    assumed = [
        f"{each.id}: {each.because}" for each in sorted(parameters, key=lambda each: each.id) if each.assumed
    ]
    lines = ["References", *sorted(sources, key=str.lower)] if sources else ["References", "none"]
    return "\n".join([*lines, "", "Assumed", *assumed] if assumed else lines)


def _reference(source: Source, seen: Set[str]) -> str:
    """One line for a document, marked when nobody has looked at it."""
    return source.reference if source.id in seen else f"{source.reference} [recalled, not checked]"
