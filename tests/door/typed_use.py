"""What a researcher writes, for the type checker in strict mode: nothing of the door is unknown to it.

Not run: `make lint` reads it. Every line would be an error if a name of the door lost its types.
"""

from datetime import date
from pathlib import Path
from typing import assert_type

from matplotlib.figure import Figure

import trabecula as tb


def halved(u: float, p: object) -> float:
    """Half of the receptors that are occupied, whatever the parameters."""
    return 0.5 * u if p else 0.0


def use() -> None:
    """Each function, each result."""
    person, loss = tb.read("bundle.json", date(2026, 11, 22), with_loss=True)
    assert_type(loss, tb.LossReport | None)
    assert_type(tb.read(Path("record.yaml")), tb.Person)
    assert_type(tb.Person.model_validate({"birth_date": "1978-06-02", "sex": "female"}), tb.Person)
    model = tb.Model.default().replacing(parameters={"fall.exponent": 0.2})
    assert_type(model, tb.Model)
    assert_type(model.replacing(equations={"fast_steroid_effect": halved}), tb.Model)
    assert_type(model.evidence, tb.Evidence)
    assessment = tb.assess(person, date(2026, 11, 22), model=model, draws=50, seed=2, horizon_y=5)
    assert_type(assessment, tb.PersonAssessment)
    assert_type(assessment.bone[0].trajectory[0].bmd_g_cm2.median, float)
    assert_type(tb.causes(person, model=model), tb.CauseShares)
    comparison = tb.compare(person, ["exercise", {"name": "walk", "title": "Walk"}], against="alendronate")
    assert_type(comparison, tb.PlanComparison)
    assert_type(tb.plans()["exercise"], tb.Plan)
    assert_type(tb.advise(person, guidelines=["nogg_2024"]), tb.GuidelineAdvice)
    assert_type(tb.report(person, "report.html", reader="person", language="de"), Path)
    found = tb.reproduce("leblanc_1990", role="fitted", draws=2)
    assert_type(found, tb.Reproduction)
    assert_type(found.findings[0].z, float | None)
    risks = assessment.to_frame("risks")
    assert_type(list(risks.columns), list[str])
    assert_type(assessment.citation() + comparison.citation(), str)
    assert_type(assessment.plot_bone("lumbar_spine"), Figure)
    print(tb.schema("person")["required"], tb.__version__, assessment.to_dict("de")["date"], risks.shape)


def mistake() -> str:
    """A refusal is a sentence."""
    try:
        use()
    except tb.TrabeculaError as error:
        return str(error)
    return ""
