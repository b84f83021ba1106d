"""The model as an argument: what is replaced in it changes the answer, and leaves the model itself as it was."""

import json
import re
from datetime import date
from functools import cache

import numpy as np
import pytest
from changed import BY_PARAMETER, HALF_AS_SENSITIVE, LETTER, WITH_A_POOL, half_as_sensitive

from trabecula import course
from trabecula.assessment import assess
from trabecula.assessment.answer import answered
from trabecula.assessment.causes import causes
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.assessment.snapshot import take_snapshot
from trabecula.errors import TrabeculaError
from trabecula.evidence import EvidenceError, Method, Parameter
from trabecula.evidence.registry import UnknownIdError
from trabecula.fracture import HazardParts, falls
from trabecula.lab.calibrate.likelihood import Likelihood, fitted_findings, free_parameters, in_parallel
from trabecula.lab.studies.reproduce import reproduce
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


# --- Equations and hazards -----------------------------------------------------------------------------------------


def fewer_falls(exposure, draws):
    """Falls with MS, halved."""
    return 0.5 * falls.ms_rate(exposure, draws)


CHANGED = MODEL.replacing(equations=HALF_AS_SENSITIVE, parameters={name: v / 2.0 for name, v in BY_PARAMETER.items()})
"""The half effect is held in both, because a parameter that is replaced no longer varies from draw to draw."""
SAME_BY_PARAMETER = MODEL.replacing(parameters=BY_PARAMETER)
FEWER = MODEL.replacing(hazards={"ms_falls": fewer_falls})


@cache
def known(model):
    """The woman, lived through under a model."""
    return prepare(WOMAN, TODAY, model, draws=8)


@cache
def answer(model):
    """The answer about her, with its causes."""
    return answered(known(model)).model_copy(update={"causes": causes(known(model))})


def numbers(result):
    """Every number of a result, in order."""
    found = []

    def visit(value):
        if isinstance(value, dict):
            for name in sorted(value.keys() - {"evidence", "notes", "software", "assumed"}):
                visit(value[name])
        elif isinstance(value, list):
            for part in value:
                visit(part)
        elif isinstance(value, int | float):
            found.append(float(value))

    visit(json.loads(result.model_dump_json()))
    return np.array(found)


def test_an_equation_replaced_gives_the_answer_of_the_parameter_replaced():
    """Density, markers, chances and causes: every number, to the last digit that is printed."""
    assert numbers(answer(CHANGED)) == pytest.approx(numbers(answer(SAME_BY_PARAMETER)), rel=1e-6, abs=1e-9)


def test_a_changed_equation_reaches_density_markers_fractures_and_causes():
    """Bone that feels less of her pulse is denser, forms more after it, and breaks less."""
    shipped, changed = answer(MODEL), answer(CHANGED)
    spine = [of.bone[0].trajectory[of.bone[0].now].bmd_g_cm2.median for of in (shipped, changed)]
    assert spine[1] > spine[0]
    osteocalcin = [min(point.value.median for point in of.markers[2].course) for of in (shipped, changed)]
    assert osteocalcin[1] > osteocalcin[0]
    hip = [next(risk.risk.median for risk in of.risks if risk.site == "hip") for of in (shipped, changed)]
    assert hip[1] < hip[0]
    pulses = [next(s for s in of.causes.bone[0].shares if s.cause == "pulses").share for of in (shipped, changed)]
    assert abs(pulses[1].median) < abs(pulses[0].median)


def test_a_changed_equation_reaches_plans():
    """Plans are lived through under the same equations as the past."""
    plan = [library()["exercise"]]
    found = [numbers(compare(known(model), plan)) for model in (MODEL, CHANGED, SAME_BY_PARAMETER)]
    assert not np.allclose(found[0], found[1], rtol=1e-6)
    assert found[1] == pytest.approx(found[2], rel=1e-6, abs=1e-9)


def test_a_changed_equation_reaches_the_studies():
    """Published studies are lived through under the model that is given."""
    shipped, changed, same = (
        [row.model for row in reproduce(model, ["schwid_1996"], draws=2)]
        for model in (MODEL, CHANGED, SAME_BY_PARAMETER)
    )
    assert changed != shipped
    assert changed == pytest.approx(same, rel=1e-6)


def test_changed_hazards_reach_answer_plans_causes_and_studies():
    """Half the falls: fewer breaks of the hip, a smaller share of falls, fewer falls in a diary."""
    assert answer(FEWER).falls.per_year.median == pytest.approx(0.5 * answer(MODEL).falls.per_year.median, rel=1e-3)
    shares = [next(s for s in of.causes.risk[0].shares if s.cause == "falls") for of in (answer(MODEL), answer(FEWER))]
    assert shares[1].share.median < shares[0].share.median
    plan = [library()["exercise"]]
    risks = [compare(known(model), plan).baseline.falls_per_year.median for model in (MODEL, FEWER)]
    assert risks[1] == pytest.approx(0.5 * risks[0], rel=1e-3)
    for study in ("nilsagard_2015", "denmark_prevalent"):
        rows = [[row.model for row in reproduce(model, [study], draws=2)] for model in (MODEL, FEWER)]
        assert rows[0] != rows[1], study


def test_a_changed_equation_reaches_the_fit():
    """What a calibration asks of fitted findings is asked of the model that it is given; worker processes find it."""
    fitted = fitted_findings(MODEL.evidence, ["acute"])
    goals, free = dict(list(fitted.items())[:1]), free_parameters()
    nowhere = np.zeros((1, len(free)))
    values = [Likelihood(model, free, goals, people=1).values(nowhere) for model in (MODEL, CHANGED)]
    assert np.isfinite(values).all()
    assert not np.allclose(values[0], values[1], rtol=1e-4)
    with in_parallel(Likelihood(CHANGED, free, goals, people=1)) as shared:
        assert shared.values(np.vstack([nowhere, nowhere])) == pytest.approx(np.hstack([values[1], values[1]]))


def test_an_answer_under_a_changed_model_says_so():
    """Nobody takes it for one of the model as it ships."""
    assert answer(MODEL).software.version == MODEL.version
    assert "+changed" not in MODEL.version
    assert answer(CHANGED).software.version.endswith("+changed")
    assert "equations.fast_steroid_effect" in str(answer(CHANGED).notes[0])
    assert "hazards.ms_falls" in str(answer(FEWER).notes[0])
    assert next(iter(BY_PARAMETER)) in str(answer(SAME_BY_PARAMETER).notes[0])
    assert compare(known(CHANGED), []).software.version.endswith("+changed")
    assert "fast_steroid_effect" in str(answer(CHANGED).causes.notes[0])


def test_an_answer_never_comes_from_the_cache_of_another_model():
    """The average person is remembered by equations and registry; what was kept of a life, by the model."""
    when = np.array([365.25 * 60])
    slow = MODEL.replacing(equations={"abandoning": lambda unfilled, p: 2.0 * p.kL * (unfilled - 1.0)})
    densities = [course.average_density("female", model.draws(3), when)["total_hip"] for model in (MODEL, slow, MODEL)]
    assert not np.array_equal(densities[0], densities[1])
    assert np.array_equal(densities[0], densities[2])
    small = take_snapshot(known(MODEL).past.skeleton, known(MODEL).measured, MODEL)
    with pytest.raises(ValueError, match="another person, date, model"):
        prepare(WOMAN, TODAY, CHANGED, draws=8, kept=small)


def test_a_fingerprint_tells_what_functions_do_and_what_they_close_over():
    """The same function has the same one; other code, another constant or another parameter do not."""

    def of(factor):
        return MODEL.replacing(hazards={"ms_falls": lambda exposure, draws: factor * falls.ms_rate(exposure, draws)})

    assert of(2.0).fingerprint == of(2.0).fingerprint
    marks = {of(2.0).fingerprint, of(3.0).fingerprint, FEWER.fingerprint, CHANGED.fingerprint, MODEL.fingerprint}
    marks |= {MODEL.replacing(parameters={"fall.ms.rate": rate}).fingerprint for rate in (1.0, 2.0)}
    assert len(marks) == 7


def test_a_new_parameter_joins_the_registry_under_an_id_of_its_own():
    """So that a letter of a new equation has a source or a reason like every other."""
    mine = {
        "id": "mine.rate", "label": "A rate", "unit": "1/d", "value": 0.1, "symbol": "kMine", "method": Method.ASSUMED,
        "because": "An example.", "spread": {"kind": "lognormal", "sd": 0.2}, "spread_because": "An example.",
        "reviewed": "2026-11-30",
    }  # fmt: skip
    more = MODEL.replacing(parameters={"mine.rate": Parameter.model_validate(mine)})
    assert more.evidence.symbols["kMine"] == "mine.rate"
    assert len(set(more.draws(5)["mine.rate"])) == 5
    assert "mine.rate" in more.changes
    with pytest.raises(EvidenceError, match="symbol"):
        MODEL.replacing(parameters={"mine.rate": Parameter.model_validate({**mine, "symbol": "u50"})})


def test_replacing_keeps_what_was_replaced_before():
    """One change after the other, of the registry, equations and hazards."""
    both = FEWER.replacing(equations={"fast_steroid_effect": half_as_sensitive}, parameters={"fall.ms.rate": 1.0})
    assert both.changes == ("fall.ms.rate", "equations.fast_steroid_effect", "hazards.ms_falls")
    assert both.equations == HALF_AS_SENSITIVE
    assert both.hazards == HazardParts().replacing(ms_falls=fewer_falls)


def test_a_replaced_equation_that_fails_in_a_life_is_named_with_the_day_of_that_life():
    """A hundred days after her skeleton begins to be followed: which equation, which state, which date."""
    model = MODEL.replacing(equations=WITH_A_POOL, parameters={"mine.per_day": LETTER})
    with pytest.raises(TrabeculaError) as stopped:
        prepare(WOMAN, TODAY, model, draws=2)
    said = str(stopped.value)
    assert "perforation gave no number for pre_osteoblasts at the lumbar spine on" in said
    assert re.search(r"\(day [\d,]+ of life\)", said)


@pytest.mark.parametrize("where", ["equations", "hazards"])
def test_a_function_where_functions_by_name_are_expected_is_refused(where):
    """The likeliest slip: the function alone."""
    with pytest.raises(TrabeculaError, match=f"{where}: found function; expected functions by the name"):
        MODEL.replacing(**{where: half_as_sensitive})
