"""An assessment: complete, described by its schema, the same for the same key, and honest about its sources."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from trabecula.adapters.files import read_record
from trabecula.assessment import Assessment, NotAssessable, assess, assessment_schema
from trabecula.evidence import Evidence
from trabecula.fracture import GROUPS
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.fracture.baseline import CountryRefused
from trabecula.model import Model
from trabecula.person import read_person
from trabecula.words.message import WHOLE

EVIDENCE = Evidence.load()
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
TODAY = date(2026, 11, 22)


def assessed(draws=40, **record):
    """A woman born in 1982, or what the record says, assessed with few draws."""
    person = read_person({"birth_date": "1982-03-01", "sex": "female", "country": "US", **record}, TODAY)
    return assess(person, TODAY, Model(EVIDENCE), draws=draws)


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def example(request):
    """The assessment of a shipped example."""
    person, _ = read_record(request.param, None)
    assert person.assessed_on is not None
    return assess(person, person.assessed_on, Model(EVIDENCE))


def test_every_example_validates_against_the_published_schema(example):
    """What `--format json` prints is what `schema assessment` describes, and reads back to the same record."""
    text = example.model_dump_json()
    jsonschema.Draft202012Validator(assessment_schema()).validate(json.loads(text))
    assert Assessment.model_validate_json(text).model_dump_json() == text


def test_an_answer_can_be_kept_and_told_later_in_another_language(example):
    """Kept exactly, every sentence is still a message."""
    kept = example.model_dump_json(context=WHOLE)
    again = Assessment.model_validate_json(kept, context=WHOLE)
    german = {"language": "de"}
    assert again.model_dump_json(context=german) == example.model_dump_json(context=german)


def test_every_interval_holds_its_median(example):
    """Low, median and high are in order everywhere, and every probability is one."""
    for risk in (*example.risks, *example.deaths):
        assert 0.0 <= risk.risk.low <= risk.risk.median <= risk.risk.high <= 1.0
        assert 0.0 <= risk.average <= 1.0
    for site in example.bone:
        for point in site.trajectory:
            assert 0.0 < point.bmd_g_cm2.low <= point.bmd_g_cm2.median <= point.bmd_g_cm2.high


def test_every_site_and_horizon_is_answered(example):
    """Risks by site and group at 1, 2, 5, 10 years and for life; bones at three sites; three markers."""
    asked = {(site, horizon) for site in (*FRACTURE_SITES, *GROUPS) for horizon in (1, 2, 5, 10, "lifetime")}
    assert asked == {(risk.site, risk.horizon_y) for risk in example.risks}
    assert [bone.site for bone in example.bone] == ["lumbar_spine", "femoral_neck", "total_hip"]
    assert [each.marker for each in example.markers] == ["CTX", "P1NP", "osteocalcin"]


def test_longer_horizons_never_carry_less_risk(example):
    """For each site the risk grows from one horizon to the next."""
    for site in (*FRACTURE_SITES, *GROUPS):
        medians = [risk.risk.median for risk in example.risks if risk.site == site]
        assert medians == sorted(medians)


def test_the_evidence_used_is_named_and_exists(example):
    """Every id in the answer leads to a record, and the assumed ones are among the used ones."""
    used = example.evidence
    assert used.parameters
    assert all(name in EVIDENCE for name in used.parameters)
    assert set(used.assumed) <= set(used.parameters)
    assert all(EVIDENCE.finding(name).status == "recalled" for name in used.recalled)


def test_the_answer_says_that_it_is_no_medical_device(example):
    """The statement is part of the answer and can't be lost on the way."""
    assert "not a medical device" in str(example.statement)


def test_the_same_key_gives_the_same_answer():
    """Seed and number of draws fix every digit; another seed changes some."""
    assert assessed() == assessed()
    assert assessed().risks != assess(read_person(
        {"birth_date": "1982-03-01", "sex": "female", "country": "US"}, TODAY), TODAY, Model(EVIDENCE), draws=40, seed=2
    ).risks  # fmt: skip


def test_a_second_assessment_does_not_inherit_the_first_ones_evidence():
    """What one person's answer used is not counted for the next."""
    ms = {"onset": "2010", "disability": [{"date": "2026-01-01", "edss": 4.0}]}
    with_ms, without = assessed(ms=ms), assessed()
    assert "fall.ms.rate" in with_ms.evidence.parameters
    assert "fall.ms.rate" not in without.evidence.parameters


def test_what_is_missing_is_named_with_what_it_costs():
    """A bare record names the scan first, and every gap says what was assumed and what it costs."""
    missing = assessed().missing
    assert "scan" in str(missing[0].what)
    assert all(gap.assumed and gap.cost for gap in missing)


def test_a_scan_on_file_is_no_longer_missing_and_narrows_the_answer():
    """With a scan today's density is known better, and the gap is gone."""
    scan = {"date": "2026-05-01", "site": "femoral_neck", "t_score": -1.5}
    known, unknown = assessed(dxa=[scan]), assessed()
    assert not any("scan" in str(gap.what) for gap in known.missing)
    width = [
        (point.bmd_g_cm2.high - point.bmd_g_cm2.low) / point.bmd_g_cm2.median
        for point in (each.bone[1].trajectory[each.bone[1].now] for each in (known, unknown))
    ]
    assert width[0] < width[1] / 2


def test_a_country_without_tables_is_refused_and_not_approximated():
    """Denmark has no table: the refusal names the countries that have."""
    swede = read_person({"birth_date": "1982-03-01", "sex": "female", "country": "SE"}, TODAY)
    with pytest.raises(CountryRefused, match="US"):
        assess(swede.model_copy(update={"country": "DK"}), TODAY, Model(EVIDENCE), draws=20)


def test_without_ms_there_is_no_edss():
    """A person without MS is answered too, and no EDSS is made up."""
    answer = assessed()
    assert answer.person.edss is None
    assert answer.person.ms_course is None


def test_the_days_after_a_recent_course_are_shown_one_by_one():
    """Two months after a pulse the markers are printed day by day from its start."""
    answer = assessed(steroids=[{"as_written": "5 x 1 g IV methylprednisolone", "start": "2026-09-20"}])
    osteocalcin = next(each for each in answer.markers if each.marker == "osteocalcin")
    days = [(point.date - date(2026, 9, 20)).days for point in osteocalcin.course]
    assert {0, 1, 2, 3, 4, 5, 7} <= set(days)
    assert osteocalcin.course[3].value.median < 0.7 * osteocalcin.course[0].value.median


@pytest.mark.parametrize("age", [18, 24, 25, 40, 70, 95, 104, 109])
def test_every_adult_age_is_answered(age):
    """Very young and very old adults are answered, with all horizons in order."""
    answer = assessed(birth_date=f"{2026 - age}-01-15", draws=10)
    assert answer.person.age_y == pytest.approx(age + 0.9, abs=0.2)


def test_nobody_is_assessed_after_their_death():
    """A date of death before the day of assessment is said, and nothing is forecast."""
    with pytest.raises(NotAssessable, match="died on 2025-01-01"):
        assessed(death_date="2025-01-01")


@pytest.mark.parametrize("death", ["2026-11-23", "2027-03", "2027"])
def test_somebody_who_died_later_is_assessed_as_on_that_day(death):
    """What was known on the day is answered, as if nobody knew of the death; that it lies ahead is asked about."""
    alive, known = (assessed(**record) for record in ({}, {"death_date": death}))
    assert (known.risks, known.deaths) == (alive.risks, alive.deaths)
    assert "death_date" in [each.path for each in known.questions]


def test_a_death_in_the_year_of_assessment_has_happened():
    """ "2026", told in November: there is no future to answer about."""
    with pytest.raises(NotAssessable, match="assess an earlier day"):
        assessed(death_date="2026")


def test_where_many_strong_risk_factors_meet_the_numbers_come_with_a_caution():
    """A product of risk factors that no register has shown is called too high where it stands."""
    much = assessed(
        ms={"onset": "2000", "disability": [{"date": "2026-01-01", "edss": 6.0}]},
        fractures=[{"date": "2023-01-01", "site": "hip"}],
        steroids=[{"drug": "prednisone", "route": "oral", "dose_mg": 10, "start": "2015-01-01"}],
        smoking="current",
    )
    assert "not as numbers" in str(much.caution)
    assert assessed().caution is None


def test_a_warm_answer_names_the_same_evidence_as_a_cold_one():
    """What was marched for somebody else before is still evidence that this answer used."""
    first, second = assessed(), assessed()
    assert first.evidence == second.evidence
    assert "skeleton.turnover.lumbar_spine" in second.evidence.parameters


def test_another_registry_is_never_answered_from_memory():
    """The average person is marched anew when a parameter is replaced."""
    person = read_person({"birth_date": "1960-03-01", "sex": "male", "country": "US"}, TODAY)
    older = EVIDENCE.replacing({"skeleton.ageing.work_decline": 0.02})
    usual, aged = (assess(person, TODAY, Model(each), draws=20).bone[0] for each in (EVIDENCE, older))
    assert aged.trajectory[-1].average_bmd_g_cm2 < usual.trajectory[-1].average_bmd_g_cm2


def test_what_is_recorded_and_not_used_is_said():
    """Height loss and radiotherapy move no risk, and the answer says so; a record without them is left alone."""
    assert any("not used in the risk: radiotherapy to bone, height loss" in str(note)
               for note in assessed(height_loss_cm=4.0, skeletal_radiation=True).notes)  # fmt: skip
    assert not any("not used in the risk" in str(note) for note in assessed().notes)
