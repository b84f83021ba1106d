"""The people of the examples, worked out once for every test of pages."""

from datetime import date
from functools import cache
from pathlib import Path

from trabecula.adapters.files import read_record
from trabecula.assessment.answer import answered
from trabecula.assessment.causes import causes
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.door.writing import open_to
from trabecula.evidence import Evidence
from trabecula.model import Model

ON = date(2026, 11, 22)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("ms_*.yaml"))
FEW_DRAWS, SEED = 20, 1


@cache
def evidence():
    """The registry that is shipped."""
    return Evidence.load()


@cache
def subject(file):
    """A person of the examples, their assessment with causes, and every choice of the library."""
    person = read_record(str(file), ON).person
    known = prepare(person, ON, Model(evidence()), FEW_DRAWS, SEED, 10.0)
    assessment = answered(known).model_copy(update={"causes": causes(known)})
    return person, assessment, compare(known, list(library().values()))


@cache
def on_paper(file):
    """The same person, assessment, and the choices of a printed page."""
    person, assessment, comparison = subject(file)
    names = {plan.name for plan in open_to(person, ON)}
    plans = [plan for plan in comparison.plans if plan.name in names]
    return person, assessment, comparison.model_copy(update={"plans": plans})
