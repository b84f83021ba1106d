"""What advice says, why, what it waits for, and where it stands."""

import pytest

from guidelines.cases import cases
from trabecula.guidelines import Facts, Range, Truth, UnknownGuideline, advise, shipped, to_show

ON_STEROIDS = {"age_y": 62, "sex": "female", "steroid_mg_per_day": 10, "steroid_days": 400}
PULSES = {
    "age_y": 44, "sex": "female", "ms": True, "fragility_fracture": False, "steroid_mg_per_day": 0, "steroid_days": 0,
    "steroid_month_mg_per_day": 0, "steroid_g_per_year": 6.25, "steroid_pulses_past_year": 1,
}  # fmt: skip


def rule(name, facts):
    """The advice of one rule."""
    return next(each for each in advise(Facts.model_validate(facts)) if each.rule == name)


@pytest.mark.parametrize(("age_y", "trigger"), [(44, "acr_vh40"), (34, "acr_vh_lt40")])
def test_pulses_show_the_literal_trigger_and_that_the_guideline_is_not_meant(age_y, trigger):
    """Five days of 1 g are 6.25 g of prednisone: more than 5 g a year, and not more than 3 months of daily steroids."""
    shown = {each.rule: each for each in to_show(advise(Facts.model_validate({**PULSES, "age_y": age_y})))}
    assert (shown[trigger].literal, shown[trigger].scope, shown[trigger].verdict) == ("true", "false", "false")
    assert shown[trigger].outside
    assert shown["own_pulses"].verdict == "true"
    assert {"steroid_mg_per_day", "steroid_g_per_year"} <= {each.fact for each in shown[trigger].because}


def test_pulses_below_5_g_show_no_trigger():
    """Three days of 1 g are 3.75 g."""
    shown = {each.rule for each in to_show(advise(Facts.model_validate({**PULSES, "steroid_g_per_year": 3.75})))}
    assert not {"acr_vh40", "acr_vh_lt40"} & shown


def test_somebody_without_steroids_sees_no_trigger_of_the_steroid_guideline():
    """A fracture alone meets the condition literally, but nobody would think of this guideline."""
    facts = {"age_y": 62, "fragility_fracture": True, "steroid_mg_per_day": 0, "steroid_pulses_past_year": 0}
    assert "acr_vh40" not in {each.rule for each in to_show(advise(Facts.model_validate(facts)))}


def test_our_own_probability_is_told_beside_frax_and_triggers_nothing():
    """Far above the threshold, and still the rule waits for FRAX; how near the threshold lies is shown."""
    own = Range(low=31, median=36, high=41)
    found = rule("acr_vh40", {**ON_STEROIDS, "fragility_fracture": False, "own_mof_percent": own})
    told = {(str(each.found), str(each.asked)) for each in found.because if each.fact == "mof_percent"}
    assert found.verdict is Truth.UNKNOWN
    assert "frax_mof_percent" in {each.fact for each in found.missing}
    assert any("Trabecula's own probability (not FRAX), 36 % (31 to 41)" in said for said, _ in told)
    assert "30 % or more" in {asked for _, asked in told}


def test_what_frax_would_settle_is_told():
    """A threshold that lies inside our own interval: each answer and what it leads to."""
    found = rule("nogg_4", {"sex": "male", "age_y": 60, "own_mof_percent": Range(low=8, median=13, high=20)})
    assert found.verdict is Truth.UNKNOWN
    (frax,) = [each for each in found.missing if each.fact == "frax_mof_percent"]
    assert [(str(each.answer), each.verdict) for each in frax.answers] == [
        ("less than 12 %", "unknown"),
        ("12 % or more", "true"),
    ]


@pytest.mark.parametrize(("age_y", "verdict"), [(36, "false"), (40, "unknown"), (90, "unknown"), (91, "false")])
def test_nobody_waits_for_a_frax_that_is_not_made_at_this_age(age_y, verdict):
    """FRAX is made from 40 to 90; the reason says so."""
    found = rule("nogg_4", {"sex": "female", "postmenopausal": True, "age_y": age_y})
    assert found.verdict == verdict
    says = any("FRAX is made for ages 40 to 90" in str(each.found) for each in found.because)
    assert says == (verdict == "false")


@pytest.mark.parametrize(
    ("adjusted", "dose", "verdict"),
    [(False, 10, "true"), (True, 10, "false"), (False, 7.5, "false"), (None, 10, "unknown")],
)
def test_frax_is_adjusted_above_7_5_mg_unless_it_is_already(adjusted, dose, verdict):
    """27 % times 1.15 passes 30 %; where nobody knows whether it is adjusted, the rule stays open."""
    facts = {
        **ON_STEROIDS, "steroid_mg_per_day": dose, "frax_mof_percent": 27, "frax_hip_percent": 1,
        "frax_steroid_adjusted": adjusted, "fragility_fracture": False, "t_score_total_hip": -1,
        "steroid_month_mg_per_day": dose, "steroid_g_per_year": 3,
    }  # fmt: skip
    found = rule("acr_vh40", facts)
    assert found.verdict == verdict
    assert [each.fact for each in found.missing] == (["frax_steroid_adjusted"] if adjusted is None else [])


def test_an_exception_that_holds_replaces_the_recommendation():
    """A pregnancy changes the advice, not the risk category; as long as nobody asked, the exception is open."""
    young = {**ON_STEROIDS, "age_y": 30, "fragility_fracture": True}
    plain, pregnant, unasked = (
        rule("acr_vh_lt40", {**young, **more})
        for more in ({"pregnancy_possible": False}, {"pregnancy_possible": True}, {})
    )
    assert {each.verdict for each in (plain, pregnant, unasked)} == {Truth.TRUE}
    assert plain.recommendation == unasked.recommendation != pregnant.recommendation
    assert [each.fact for each in unasked.exceptions[0].missing] == ["pregnancy_possible"]


def test_guidelines_are_never_merged():
    """Every rule speaks for itself, whatever the others say."""
    everything = [(guideline.id, rule.id) for guideline in shipped() for rule in guideline.rules]
    for case in cases()[::25]:
        assert [(each.guideline, each.rule) for each in advise(case.facts)] == everything


def test_no_advice_without_a_source():
    """Every advice names a document, a place in it, and how well that was checked."""
    for each in advise(Facts()):
        assert all((each.citation, each.section, each.status, each.recommendation, each.condition)), each.rule
        assert all(reason.locator for reason in each.because)


def test_a_verdict_has_its_reasons_and_an_open_one_what_it_waits_for():
    """Nothing is said without saying why."""
    for case in cases()[::20]:
        for each in advise(case.facts):
            assert each.because, each.rule
            assert bool(each.missing) == (each.verdict is Truth.UNKNOWN), each.rule


def test_a_yes_or_a_no_leads_where_the_missing_datum_says():
    """What each answer would lead to is what comes of it when it is given."""
    tried = 0
    for case in cases()[::40]:
        for each in advise(case.facts):
            for missing in each.missing:
                if str(missing.answers[0].answer) != "yes":
                    continue
                for answer in missing.answers:
                    given = {missing.fact: str(answer.answer) == "yes"}
                    answered = Facts.model_validate({**case.facts.model_dump(exclude_none=True), **given})
                    found = {other.rule: other.verdict for other in advise(answered, [each.guideline])}
                    assert found[each.rule] is answer.verdict, (each.rule, missing.fact, answer)
                    tried += 1
    assert tried > 30


def test_only_the_guidelines_asked_for_answer():
    """In the order in which they are shipped; a name that is not known is refused with those that are."""
    assert {each.guideline for each in advise(Facts(), ["nogg_2024", "acr_2022"])} == {"acr_2022", "nogg_2024"}
    with pytest.raises(UnknownGuideline, match="nogg_2024"):
        advise(Facts(), ["nogg"])
