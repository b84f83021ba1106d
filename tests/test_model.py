"""The model as an argument: what is replaced in it changes the answer, and leaves the model itself as it was."""

from datetime import date

import pytest

from trabecula.assessment import assess
from trabecula.evidence.registry import UnknownIdError
from trabecula.model import Model
from trabecula.person import read_person

TODAY = date(2026, 11, 22)
MODEL = Model.default()
WOMAN = read_person(
    {
        "birth_date": "1978-06-02",
        "sex": "female",
        "country": "US",
        "ms": {"onset": "2012-03", "course": "relapsing", "disability": [{"date": "2026-10-05", "edss": 4.0}]},
        "steroids": [{"start": "2026-09-11", "as_written": "5 x 1 g IV methylprednisolone"}],
    },
    TODAY,
)


def hip_risk(model):
    """Her chance of a hip fracture within ten years."""
    answer = assess(WOMAN, TODAY, model, draws=10)
    return next(risk.risk.median for risk in answer.risks if (risk.site, risk.horizon_y) == ("hip", 10.0))


def test_a_replaced_parameter_changes_the_answer_and_not_the_model_it_was_replaced_in():
    """Fewer falls with MS, fewer hip fractures; who keeps the first model keeps its answer."""
    before = hip_risk(MODEL)
    assert hip_risk(MODEL.replacing(parameters={"fall.ms.rate": 1.0})) < before
    assert hip_risk(MODEL) == before


def test_an_answer_leaves_no_trace_in_the_model_that_it_was_given():
    """What one answer read is not in the next one's list of evidence."""
    hip_risk(MODEL)
    assert MODEL.evidence.used() == ()


def test_an_unknown_parameter_is_answered_with_the_nearest():
    """A slip of the pen is told what was meant."""
    with pytest.raises(UnknownIdError, match=r"fall\.ms\.rate"):
        MODEL.replacing(parameters={"fall.ms.rat": 1.0})


def test_draws_know_the_model_that_they_are_of():
    """Whoever has a sample has the equations and hazards for it."""
    fewer = MODEL.replacing(parameters={"fall.ms.rate": 1.0})
    assert fewer.draws(3).model is fewer
    assert fewer.draws(3).central().model is fewer
    assert fewer.draws(3).evidence is fewer.evidence
