"""One person, answered: where the bones are, where they are going, what could break and when."""

from typing import TYPE_CHECKING, Any

from trabecula.assessment.record import STATEMENT, Assessment, Interval, assessment_schema

if TYPE_CHECKING:
    from trabecula.assessment.answer import assess
    from trabecula.assessment.conditioned import NotAssessable

__all__ = ["STATEMENT", "Assessment", "Interval", "NotAssessable", "assess", "assessment_schema"]


def __getattr__(name: str) -> Any:
    """What needs the kernel is imported when it is asked for: a schema needs no compiler."""
    if name not in ("NotAssessable", "assess"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from trabecula.assessment import answer, conditioned

    return getattr(answer if name == "assess" else conditioned, name)
