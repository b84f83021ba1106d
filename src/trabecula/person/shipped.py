"""The few numbers of the registry that reading a record needs, also where the caller brings no evidence.

Pass the evidence wherever a result is computed: then overrides are honoured and the tracer sees what was read. Without
it the registry of the package speaks.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trabecula.evidence import Evidence


def number(name: str, evidence: "Evidence | None") -> float:
    """One number of the registry."""
    return _registry(evidence).scalar(name)


def step_at(name: str, where: float, evidence: "Evidence | None") -> float:
    """The value of a curve at the last knot that is not beyond `where`: a scale moves in steps."""
    knots, values = _registry(evidence).curve(name)
    return [value for knot, value in zip(knots, values, strict=True) if knot <= where][-1]


def _registry(evidence: "Evidence | None") -> "Evidence":
    """The evidence that was passed, or the package's."""
    if evidence is not None:
        return evidence
    from trabecula.evidence import Evidence  # a record without gaps needs none of it, and is read at once

    return Evidence.load()
