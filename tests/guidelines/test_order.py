"""The right guideline first, its answer in a word, and no scan asked for just after a scan."""

from datetime import date

import pytest

from guidelines.cases import cases
from trabecula.guidelines import Facts, Truth, advise, category, order_for, shipped

WOMAN = {"age_y": 62, "sex": "female", "postmenopausal": True}
NO_STEROIDS = {"steroid_mg_per_day": 0, "steroid_days": 0, "steroid_pulses_past_year": 0}
NO_FRACTURE = {"fragility_fracture": False, "years_since_vertebral_fracture": 99, "years_since_fracture": 99}
ON = date(2026, 11, 30)


def answer(**facts):
    """The category of a woman of 62 with these facts as well."""
    return category(advise(Facts.model_validate({**WOMAN, **facts})))


@pytest.mark.parametrize(
    ("country", "first"),
    [
        ("UK", ["nogg_2024", "nice_ta464"]),
        ("US", ["bhof_2022", "acr_2022"]),
        ("DE", ["dvo_2023", "european"]),
        ("AT", ["dvo_2023", "european"]),
        ("IT", ["siommms_2016", "aifa_79"]),
        ("SE", ["svos_2021", "european"]),
        ("CA", ["canada_2023", "acr_2022"]),
        ("AU", ["racgp_2024", "acr_2022"]),
        ("FR", ["european", "acr_2022"]),
        ("JP", ["acr_2022", "ects_2021"]),
    ],
)  # fmt: skip
def test_the_guidelines_of_the_persons_own_country_come_first(country, first):
    """Then those of Europe in Europe, then those for all; nothing is left out."""
    order = order_for(country)
    assert list(order[:2]) == first
    assert sorted(order) == sorted(guideline.id for guideline in shipped())
    said = advise(Facts.model_validate({**WOMAN, "country": country}))
    assert list(dict.fromkeys(advice.guideline for advice in said)) == list(order)


def test_without_a_country_the_order_is_as_shipped_and_nothing_is_elsewhere():
    """Nobody said where the person lives."""
    assert order_for(None) == tuple(guideline.id for guideline in shipped())
    assert {advice.place for advice in advise(Facts.model_validate(WOMAN))} == {"shared"}


def test_every_guideline_is_of_some_country_or_for_all():
    """None is another country's for everybody in the world."""
    homes = {
        advice.guideline
        for country in ("UK", "US", "DE", "IT", "SE", "CA", "AU", "FR")
        for advice in advise(Facts.model_validate({**WOMAN, "country": country}))
        if advice.place != "elsewhere"
    }
    assert homes == {guideline.id for guideline in shipped()}


def test_the_category_is_that_of_the_own_country():
    """At 62, FRAX 30 %, T-score -2.6: very high in the UK, high in the US and in Canada, open in Germany."""
    facts = {
        **NO_STEROIDS, **NO_FRACTURE, "frax_mof_percent": 30, "frax_hip_percent": 1, "frax_steroid_adjusted": True,
        "t_score_femoral_neck": -2.6,
    }  # fmt: skip
    found = {country: answer(**facts, country=country) for country in ("UK", "US", "CA", "DE")}
    assert {country: (each.guideline, each.level, each.drug) for country, each in found.items()} == {
        "UK": ("nogg_2024", "very_high", "specialist"),
        "US": ("bhof_2022", "high", "treat"),
        "CA": ("canada_2023", "high", "treat"),
        "DE": ("dvo_2023", None, None),
    }
    assert "dvo_3y_percent" in {item.fact for item in found["DE"].missing}


def test_low_risk_is_said_where_nothing_speaks_for_a_medicine():
    """NOGG below the thresholds, with no fracture and no steroids."""
    facts = {"frax_mof_percent": 3, "frax_hip_percent": 0.3, "frax_steroid_adjusted": True, "t_score_femoral_neck": -1}
    found = answer(**NO_STEROIDS, **NO_FRACTURE, **facts, country="UK")
    assert (found.level, found.drug, found.missing) == ("low", "none", ())


def test_without_frax_the_category_is_open_and_says_what_it_waits_for():
    """Our own probability never decides."""
    own = {"own_mof_percent": {"low": 30, "median": 40, "high": 50}}
    found = answer(**NO_STEROIDS, **NO_FRACTURE, **own, t_score_femoral_neck=-1, country="UK")
    assert (found.rule, found.level, found.drug) == (None, None, None)
    assert "frax_mof_percent" in {item.fact for item in found.missing}


def test_a_woman_of_44_with_a_normal_z_score_is_not_told_to_consider_a_medicine():
    """She is before menopause: the guidance of IOF and ESCEO was not written for her, and ours never decides."""
    facts = {
        "age_y": 44, "sex": "female", "postmenopausal": False, "country": "FR", "ms": True, **NO_STEROIDS,
        **NO_FRACTURE, "own_mof_percent": {"low": 5.4, "median": 7.7, "high": 11}, "z_score_femoral_neck": -0.8,
    }  # fmt: skip
    said = advise(Facts.model_validate(facts))
    assert not [each.rule for each in said if each.verdict is not Truth.FALSE and each.drug in ("treat", "specialist")]


@pytest.mark.parametrize(("measured", "asks"), [("2026-11-11", False), ("2025-11-30", False), ("2025-11-01", True)])
def test_no_scan_is_asked_for_in_the_year_after_a_scan(measured, asks):
    """19 days, a year, a year and a month."""
    facts = Facts.model_validate({**WOMAN, "on": ON, "dxa_on": measured, "ms": True, "edss": 6, "country": "UK"})
    said = {each.rule: each for each in advise(facts) if each.topic == "density" and each.verdict is Truth.TRUE}
    assert {"own_dxa_ms", "ms_5_thresholds"} <= set(said)
    assert all(each.stance.startswith("measure") for each in said.values())
    assert all((each.stance != "measured already") == asks for each in said.values())
    assert any(str(each.recommendation).startswith("Measure bone density") for each in said.values()) == asks


def test_nothing_fires_outside_its_own_scope():
    """Whatever the facts: a rule that applies is in its population."""
    for case in cases()[::7]:
        for each in advise(case.facts):
            assert each.verdict is not Truth.TRUE or each.scope is Truth.TRUE, each.rule
