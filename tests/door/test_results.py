"""What a result can do: data frames that say what the JSON says, references, pictures, a page for a notebook."""

from math import inf
from typing import get_args

import numpy as np
import pandas as pd
import pytest

import trabecula as tb
from trabecula.door import frames
from trabecula.door.results import AssessmentTable, ComparisonTable

_DTYPES = {"text": "string", "number": "float64", "whole": "int64", "day": "datetime64[ns]", "yes_no": "boolean"}
NOT_A_DEVICE = "not a medical device"


@pytest.fixture(scope="module", params=["assessment", "comparison", "shares", "advice", "reproduction"])
def result(request):
    """Each kind of result."""
    return request.getfixturevalue(request.param)


def test_every_table_has_the_columns_and_types_that_are_documented(result):
    """In whatever table: dates are dates, numbers are numbers, also where a table is empty."""
    name = type(result).__name__
    for table in frames.tables()[name]:
        known = frames.columns(name, table)
        frame = frames.to_frame(name, table, result, "en")
        assert list(frame.columns) == list(known)
        assert [str(kind) for kind in frame.dtypes] == [_DTYPES[kind] for kind, _ in known.values()]
        assert all(about for _, about in known.values())


def test_an_empty_table_has_its_types_too(assessment):
    """Somebody without scans has a table of scans."""
    empty = tb.PersonAssessment.model_validate({**assessment.to_dict(), "scans": []}).to_frame("scans")
    assert len(empty) == 0
    assert list(empty.dtypes) == list(assessment.to_frame("scans").dtypes)


def test_the_names_of_tables_are_typed():
    """A type checker knows them all."""
    assert set(get_args(AssessmentTable)) == set(frames.tables()["PersonAssessment"])
    assert set(get_args(ComparisonTable)) == set(frames.tables()["PlanComparison"])


def test_risks_are_those_of_the_json(assessment):
    """Row by row; a lifetime is a horizon of infinity."""
    frame, data = assessment.to_frame("risks"), assessment.to_dict()["risks"]
    assert frame["probability"].to_list() == [risk["risk"]["mean"] for risk in data]
    assert frame["probability_high"].to_list() == [risk["risk"]["high"] for risk in data]
    assert frame["average_probability"].to_list() == [risk["average"] for risk in data]
    assert set(frame["horizon_y"]) == {1.0, 2.0, 5.0, 10.0, inf}


def test_rates_that_stand_in_are_marked_beside_every_chance(person):
    """Also where a row is copied out of its frame, and in the line of a terminal."""
    lent = tb.assess(person.model_copy(update={"country": "FR", "stand_in": "SE"}), draws=20)
    for table in ("risks", "deaths", "hazards"):
        assert set(lent.to_frame(table)["rates_of"]) == {"SE"}
        assert set(lent.to_frame(table)["stands_in_for"]) == {"FR"}
    assert set(lent.draws_to_frame("risks")["stands_in_for"]) == {"FR"}
    plans = tb.compare(person.model_copy(update={"country": "FR", "stand_in": "SE"}), ["exercise"], draws=20)
    assert set(plans.to_frame("risks")["rates_of"]) == {"SE"}
    shares = tb.causes(person.model_copy(update={"country": "FR", "stand_in": "SE"}), draws=20)
    assert "France" in shares._repr_html_()
    for result in (lent, plans):
        assert "rates of SE for FR" in repr(result)


def test_bones_are_those_of_the_json(assessment):
    """Each site day by day, in the order of time."""
    frame = assessment.to_frame("bones")
    spine = frame[frame["site"] == "lumbar_spine"]
    points = assessment.to_dict()["bone"][0]["trajectory"]
    assert spine["bmd_g_cm2"].to_list() == [point["bmd_g_cm2"]["median"] for point in points]
    assert spine["t_score_low"].to_list() == [point["t_score"]["low"] for point in points]
    assert spine["date"].is_monotonic_increasing
    assert spine["date"].iloc[0] == pd.Timestamp(points[0]["date"])


def test_causes_add_up_in_the_frame(shares):
    """The means of an outcome at a site are the mean of all together."""
    frame = shares.to_frame()
    for _, rows in frame.groupby(["outcome", "site"]):
        together = rows["cause"] == "together"
        np.testing.assert_allclose(rows["mean"][~together].sum(), rows["mean"][together].iloc[0], atol=1e-9)


def test_plans_stand_beside_what_is_recorded(comparison):
    """The comparison's own plan comes first and differs from itself by nothing."""
    frame = comparison.to_frame("risks")
    assert frame["plan"].iloc[0] == "as-recorded"
    assert (frame["difference"][frame["plan"] == "as-recorded"] == 0.0).all()


def test_draws_are_what_the_intervals_were_made_of(assessment):
    """Their mean is what the assessment tells of a probability."""
    drawn = assessment.draws_to_frame("risks")
    assert drawn["draw"].nunique() == assessment.draws
    mean = drawn[(drawn["site"] == "hip") & (drawn["horizon_y"] == 10.0)]["probability"].mean()
    risks = assessment.to_frame("risks")
    told = risks[(risks["site"] == "hip") & (risks["horizon_y"] == 10.0)]["probability"].iloc[0]
    np.testing.assert_allclose(mean, told, rtol=1e-3)
    assert len(assessment.draws_to_frame("bones")) == assessment.draws * len(assessment.to_frame("bones"))


def test_an_assessment_read_from_json_is_one_but_has_no_draws(assessment):
    """It says the same; what was asked is not in it."""
    again = tb.PersonAssessment.model_validate_json(assessment.model_dump_json())
    assert again.to_dict() == assessment.to_dict()
    assert again.citation() == assessment.citation()
    with pytest.raises(tb.TrabeculaError, match="read from JSON"):
        again.draws_to_frame()


def test_a_result_says_its_sentences_in_three_languages(assessment):
    """The fields do not change, the sentences do."""
    english, german = assessment.to_dict(), assessment.to_dict("de")
    assert english.keys() == german.keys()
    assert german["person"]["line"].startswith("Frau")
    assert assessment.to_frame("missing", "it")["what"].iloc[0] != assessment.to_frame("missing")["what"].iloc[0]


def test_every_result_cites_what_it_rests_on(result):
    """At least a document, one a line."""
    assert len(result.citation().splitlines()) >= 1


def test_a_notebook_shows_a_page_and_a_terminal_a_line(result):
    """Small, on its own, and nothing that a browser would fetch or run."""
    page = result._repr_html_()
    assert len(page.encode()) < 60_000
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/", "")
    assert len(repr(result)) < 700
    if not isinstance(result, tb.Reproduction):
        assert NOT_A_DEVICE in page


def test_the_page_of_an_assessment_has_sections_tables_and_a_picture(assessment):
    """And folds what comes after the first of them; the picture says of which bone it is."""
    page = assessment._repr_html_()
    assert page.count("<h3>") == 4
    assert "<h3>Bone density over the life course: Total hip</h3><svg" in page
    assert page.count("<table>") >= 3
    assert page.count("<svg") == 1
    assert "<details>" in page


def test_a_page_without_matplotlib_has_no_picture(assessment, monkeypatch):
    """Tables need no extra."""
    monkeypatch.setattr(type(assessment), "_pictures", lambda *_: __import__("no_such_module"))
    assert "<svg" not in assessment._repr_html_()


def test_a_record_is_text_in_a_page(assessment):
    """Whatever a name of a drug holds, it is no markup."""
    gap = assessment.missing[0].model_copy(
        update={"what": assessment.person.line.__class__("verbatim", {"text": "<b>"})}
    )
    assert "&lt;b&gt;" in assessment.model_copy(update={"missing": [gap]})._repr_html_()


def test_pictures_are_figures(assessment, comparison, shares, reproduction):
    """Of matplotlib, to be saved or changed."""
    drawn = [
        assessment.plot_bone("femoral_neck"), assessment.plot_risks(["hip", "spine"]), comparison.plot_risks("hip"),
        shares.plot("spine", "de"), reproduction.plot(),
    ]  # fmt: skip
    assert all(figure.axes for figure in drawn)
    assert "Femoral neck" in drawn[0].texts[-1].get_text()


def test_a_picture_of_nothing_is_refused(assessment):
    """In a sentence."""
    with pytest.raises(tb.TrabeculaError, match="site: found"):
        assessment.plot_bone("skull")
    with pytest.raises(tb.TrabeculaError, match="no steroid course"):
        assessment.plot_markers()


def test_replacing_a_parameter_changes_the_answer_and_its_citation(person, assessment):
    """The model is an argument."""
    model = tb.Model.default().replacing(parameters={"fall.exponent": 0.0})
    other = tb.assess(person, model=model, draws=20)
    assert other.to_frame("risks")["probability"].ne(assessment.to_frame("risks")["probability"]).any()
    assert "fall.exponent" in other.evidence.assumed


def test_a_report_is_written_where_it_was_asked_for(person, tmp_path):
    """The name decides the form."""
    page = tb.report(person, tmp_path / "report.md", quick=True, reader="person", language="de", draws=20)
    assert page.read_text(encoding="utf-8").startswith("# ")
