"""Trabecula: bone health in multiple sclerosis.

A person's record becomes a timeline of exposures; the skeleton answers the timeline; falls and bone together give
fractures. Not a medical device: it informs a conversation, it does not replace one.

    import trabecula as tb

    person = tb.read("examples/ms_woman_44.yaml")
    assessment = tb.assess(person)
    assessment.to_frame("risks")
    assessment.plot_bone("lumbar_spine")

Records
    read        a person from a file: YAML, JSON or a FHIR bundle
    Person      a person, field by field
    schema      the format of a record, or of an assessment, as JSON Schema
    LossReport  what became of the resources of a bundle

Questions about one person
    assess      where the bones are, where they are going, what could break and when
    causes      how much each cause has done to bone, and does to the chance of a fracture
    compare     what each plan would change, all under the same draws
    plans       the named plans
    Plan        a plan of your own, field by field
    advise      what published guidelines say, side by side, and a dated plan
    report      a page to print and hand over
    to_fhir     the record and the answer as FHIR R4

Questions about many people
    population  many virtual lives under scenarios of care

Questions about the model
    reproduce   published studies, lived through by virtual people
    Model       equations, hazards and evidence: what an answer is worked out with, and what a researcher changes
    Evidence    every number with its source

Answers: to_frame() gives pandas, to_dict() plain data, citation() the references, plot...() a figure, and a notebook
shows a page
    PersonAssessment, CauseShares, PlanComparison, GuidelineAdvice, Reproduction, PopulationRun

Mistakes
    TrabeculaError   everything that is refused, in one sentence that says what to do

These names are kept; everything else is private by convention and may change without notice: the rooms below are for
whoever changes Trabecula itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # nothing is imported before it is asked for
    from trabecula.adapters.loss import LossReport as LossReport
    from trabecula.assessment.plans.plan import Plan as Plan
    from trabecula.door.answers import advise as advise
    from trabecula.door.answers import assess as assess
    from trabecula.door.answers import causes as causes
    from trabecula.door.answers import compare as compare
    from trabecula.door.answers import plans as plans
    from trabecula.door.exporting import to_fhir as to_fhir
    from trabecula.door.populations import PopulationRun as PopulationRun
    from trabecula.door.populations import population as population
    from trabecula.door.reading import read as read
    from trabecula.door.reading import schema as schema
    from trabecula.door.results import CauseShares as CauseShares
    from trabecula.door.results import GuidelineAdvice as GuidelineAdvice
    from trabecula.door.results import PersonAssessment as PersonAssessment
    from trabecula.door.results import PlanComparison as PlanComparison
    from trabecula.door.results import Reproduction as Reproduction
    from trabecula.door.studies import reproduce as reproduce
    from trabecula.door.writing import report as report
    from trabecula.errors import TrabeculaError as TrabeculaError
    from trabecula.evidence.registry import Evidence as Evidence
    from trabecula.model import Model as Model
    from trabecula.person.record import Person as Person

__version__ = "0.1.0"
_ROOMS = {
    "adapters.loss": ("LossReport",),
    "assessment.plans.plan": ("Plan",),
    "door.answers": ("advise", "assess", "causes", "compare", "plans"),
    "door.exporting": ("to_fhir",),
    "door.populations": ("PopulationRun", "population"),
    "door.reading": ("read", "schema"),
    "door.results": ("CauseShares", "GuidelineAdvice", "PersonAssessment", "PlanComparison", "Reproduction"),
    "door.studies": ("reproduce",),
    "door.writing": ("report",),
    "errors": ("TrabeculaError",),
    "evidence.registry": ("Evidence",),
    "model": ("Model",),
    "person.record": ("Person",),
}
"""The door: where each name is when it is asked for. No room bears one of these names."""
_PLACES = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """A name of the door."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; dir(trabecula) lists what it has")
    found: object = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The door alone."""
    return sorted([*_PLACES, "__version__"])
