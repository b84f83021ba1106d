"""A mistake at the door gets one sentence of ours, in three languages: what was found, expected, and what to do."""

import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

import trabecula as tb
from trabecula.lab.studies.collection import every_study
from trabecula.words.language import language

ROOT = Path(__file__).parents[2]
RECORD = {"birth_date": "1978-06-02", "sex": "female"}
ON = date(2026, 11, 22)


def refused(kind, call, *arguments, **named):
    """The sentence of a refusal, which is a TrabeculaError and of the usual kind; nothing of pydantic is in sight."""
    with pytest.raises(tb.TrabeculaError) as caught:
        call(*arguments, **named)
    assert isinstance(caught.value, kind)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    said = str(caught.value)
    assert "\n" not in said
    message = getattr(caught.value, "message", None)
    if message is not None:
        translated = {language(code).say(message) for code in ("de", "it")}
        assert len(translated | {said}) == 3
    return said


def test_a_path_for_a_person():
    """Says how a path becomes a person; so does a mapping, and anything else."""
    said = refused(TypeError, tb.assess, "examples/ms_woman_44.yaml")
    assert "person: found 'examples/ms_woman_44.yaml'" in said
    assert 'write tb.read("examples/ms_woman_44.yaml")' in said
    assert "tb.Person.model_validate(fields)" in refused(TypeError, tb.assess, RECORD)
    assert "person: found nothing" in refused(TypeError, tb.causes, None)


def test_a_date_as_text(person):
    """Says how Python writes this date."""
    said = refused(TypeError, tb.assess, person, "2026-11-22")
    assert said == "on: found '2026-11-22' of the type str; expected a datetime.date; write on=date(2026, 11, 22)"
    assert "on=date(2026, 11, 22)" in refused(TypeError, tb.assess, person, "tomorrow")


def test_no_date_at_all():
    """Today is never read: the day is the record's, or is given."""
    said = refused(ValueError, tb.assess, tb.Person.model_validate(RECORD))
    assert said.startswith("on: found nothing; expected the day of assessment")


def test_a_moment_is_its_day(person, assessment):
    """Pandas and clocks give moments; what counts is the day."""
    assert tb.assess(person, datetime(2026, 11, 22, 9, 30), draws=20).to_dict() == assessment.to_dict()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"draws": 0}, "draws: found 0; expected a number from 20 to 10,000; write draws=200"),
        ({"seed": -1}, "seed: found -1; expected a number from 0 to"),
        ({"horizon_y": 200}, "horizon_y: found 200; expected a number from 1 to 65"),
    ],
)
def test_numbers_out_of_range(person, named, said):
    """With the limits."""
    assert said in refused(ValueError, tb.assess, person, **named)


@pytest.mark.parametrize("draws", [True, 50.5, "50", None])
def test_draws_that_are_no_whole_number(person, draws):
    """Of the wrong kind; a whole number of numpy is right."""
    assert "expected a whole number; write draws=200" in refused(TypeError, tb.assess, person, draws=draws)


def test_a_whole_number_of_numpy_is_one(person, assessment):
    """As loops over arrays give it."""
    assert tb.assess(person, draws=np.int64(20)).to_dict() == assessment.to_dict()  # type: ignore[arg-type]


def test_evidence_where_a_model_is_expected(person):
    """Says how evidence becomes a model."""
    said = refused(TypeError, tb.assess, person, model=tb.Evidence.load())
    assert "expected a model, a tb.Model; write tb.Model(evidence)" in said


def test_an_unknown_plan(person):
    """The nearest is suggested, else the list."""
    assert 'did you mean "exercise"?' in refused(ValueError, tb.compare, person, "exercice")
    assert "tb.plans() lists them" in refused(ValueError, tb.compare, person, ["qqq"])
    assert "expected at least one plan" in refused(ValueError, tb.compare, person, [])
    assert "plans: found 3" in refused(TypeError, tb.compare, person, [3])


def test_an_unknown_study_guideline_table_or_language(person, assessment):
    """The nearest is suggested."""
    assert 'did you mean "leblanc_1990"?' in refused(ValueError, tb.reproduce, "leblanc_1991")
    assert 'did you mean "nogg_2024"?' in refused(ValueError, tb.advise, person, guidelines=["nogg_2023"])
    assert 'did you mean "risks"?' in refused(ValueError, assessment.to_frame, "risk")
    assert "language: found" in refused(ValueError, assessment.to_dict, "fr")
    assert "expected one of person, assessment" in refused(ValueError, tb.schema, "plan")
    assert "expected one of .html, .pdf, .md" in refused(ValueError, tb.report, person, "report.doc")


def test_a_record_with_mistakes_is_told_all_of_them():
    """The same sentences as for a file, from the fields as from a mapping."""
    for make in (tb.Person.model_validate, lambda fields: tb.Person(**fields)):
        with pytest.raises(tb.TrabeculaError) as caught:
            make({"birth_date": "1978-06-02", "sex": "woman", "height_cm": "tall"})
        assert str(caught.value).count("expected") == 2
        assert 'sex: found "woman"' in str(caught.value)
        assert caught.value.__context__ is None


def test_a_bundle_without_a_birth_date_or_a_day(tmp_path):
    """Both are needed, and a script is told what a script can do."""
    patient = {"resourceType": "Patient", "gender": "female"}
    bundle = tmp_path / "bundle.json"
    bundle.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}]}))
    assert "write on=date(2026, 11, 22)" in refused(ValueError, tb.read, bundle)
    assert "birth" in refused(ValueError, tb.read, bundle, ON)


def test_a_bundle_is_read_for_a_day_which_becomes_the_records_and_its_loss_can_be_seen(tmp_path):
    """What was read and what was ignored adds up."""
    patient = {"resourceType": "Patient", "gender": "female", "birthDate": "1978-06-02"}
    bundle = tmp_path / "bundle.json"
    entries = [{"resource": patient}, {"resource": {"resourceType": "Claim"}}]
    bundle.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    person, loss = tb.read(bundle, ON, with_loss=True)
    assert person.assessed_on == ON
    assert loss is not None
    assert (loss.n_read, loss.n_ignored) == (1, 1)
    assert tb.read(bundle, ON) == person


def test_a_misspelt_parameter_is_answered_with_the_nearest():
    """By the registry itself."""
    with pytest.raises(tb.TrabeculaError, match=r"fall\.exponent"):
        tb.Model.default().replacing(parameters={"fall.exponnt": 1.0})


def test_what_is_missing_is_named(assessment, monkeypatch):
    """Without the extra it is said before anything is worked out."""
    monkeypatch.setattr("trabecula.installing.find_spec", lambda _: None)
    assert "A data frame needs pandas, not installed here; run: " in refused(ImportError, assessment.to_frame)
    assert "A figure needs matplotlib" in refused(ImportError, assessment.plot_bone)


def test_a_long_list_is_answered_with_the_nearest():
    """Some hundred studies are no sentence."""
    said = refused(ValueError, tb.reproduce, "leblanc")
    assert f"expected one of {len(every_study())}, such as leblanc_1990, leblanc_1987; did you mean" in said
    assert len(said) < 200


def test_no_plan_and_no_values_by_id(person):
    """A thing that holds neither plans nor values is a thing of the wrong kind."""
    assert "plans: found nothing; expected the name of a plan" in refused(TypeError, tb.compare, person, None)
    for given, said in ((["fall.exponent"], "expected values by id"), ({"fall.exponent": "a"}, "by one number")):
        with pytest.raises(tb.TrabeculaError, match=said):
            tb.Model.default().replacing(parameters=given)


def test_an_age_beyond_every_table_is_what_is_said(person):
    """Not a horizon from one year to one year."""
    said = refused(ValueError, tb.assess, person, date(2100, 1, 1))
    assert "available for age 117.8" in said
    assert "write horizon_y=7" in refused(ValueError, tb.assess, person, date(2085, 1, 1))
