"""One person, answered: where the bones are, where they are going, what could break and when."""

from typing import TYPE_CHECKING, Any

from trabecula.assessment.figures import Interval
from trabecula.assessment.results import STATEMENT, Assessment

if TYPE_CHECKING:
    from trabecula.assessment.answer import assess
    from trabecula.assessment.patient_state import NotAssessable


def assessment_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of an assessment."""
    schema = Assessment.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def __getattr__(name: str) -> Any:
    """What needs the kernel is imported when it is asked for: a schema needs no compiler."""
    if name not in ("NotAssessable", "assess"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from trabecula.assessment import answer, patient_state  # numba is slow to start

    return getattr(answer if name == "assess" else patient_state, name)
