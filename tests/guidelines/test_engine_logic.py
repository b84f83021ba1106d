"""Three truth values: what is unknown stays unknown until it no longer matters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines.cases import cases
from trabecula.guidelines import Facts, Truth, advise, shipped
from trabecula.guidelines.conditions import all_of, any_of, opposite, truth_of
from trabecula.guidelines.engine import verdicts

truths = st.sampled_from(Truth)
many = st.lists(truths, max_size=6)
# A score of one more site can lower the lowest; FRAX takes the place of our own probability.
REPLACE = {
    name
    for name in Facts.model_fields
    if name.startswith(("t_score", "z_score", "frax_", "own_")) or name == "creatinine_clearance_ml_min"
}


@given(many)
def test_one_no_settles_all_of_and_one_yes_settles_any_of(found):
    """Whatever is unknown beside it."""
    assert (all_of(found) is Truth.FALSE) == (Truth.FALSE in found)
    assert (any_of(found) is Truth.TRUE) == (Truth.TRUE in found)


@given(many)
def test_not_all_is_any_not(found):
    """De Morgan holds with an unknown as well."""
    assert opposite(all_of(found)) is any_of(opposite(each) for each in found)


@given(many, truths)
def test_an_answer_never_overturns_what_was_settled(found, answer):
    """Filling in an unknown leaves a verdict or settles it."""
    filled = [answer if each is Truth.UNKNOWN else each for each in found]
    for join in (all_of, any_of):
        assert join(found) in (Truth.UNKNOWN, join(filled))


@pytest.mark.parametrize(("value", "truth"), [(True, "true"), (False, "false"), (None, "unknown")])
def test_nothing_known_is_unknown(value, truth):
    """Not a no."""
    assert truth_of(value) == truth


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_forgetting_a_fact_never_turns_a_rule_round(data):
    """A rule that applies, applies or becomes open when something is forgotten; it never stops to apply."""
    told = [case for case in cases() if set(case.facts.model_dump(exclude_none=True)) - REPLACE]
    case = data.draw(st.sampled_from(told))
    known = case.facts.model_dump(exclude_none=True)
    forgotten = data.draw(st.sampled_from(sorted(set(known) - REPLACE)))
    less = Facts.model_validate({name: value for name, value in known.items() if name != forgotten})
    for guideline in shipped():
        before, after = verdicts(case.facts, guideline), verdicts(less, guideline)
        turned = [name for name in before if after[name][0] not in (Truth.UNKNOWN, before[name][0])]
        assert turned == [], forgotten


def test_nothing_known_settles_no_rule():
    """Without a single fact every rule is open."""
    for guideline in shipped():
        assert {found[0] for found in verdicts(Facts(), guideline).values()} == {Truth.UNKNOWN}


def test_where_nothing_broke_no_time_since_is_waited_for():
    """No fracture is an answer to how long ago it was."""
    never = Facts(age_y=70, sex="female", postmenopausal=True, fragility_fracture=False, t_score_total_hip=-2.6)
    waiting = {item.fact for said in advise(never) for item in said.missing}
    assert not {fact for fact in waiting if fact.startswith("years_since") and "dxa" not in fact}
    found = {reason.found for said in advise(never) for reason in said.because if reason.fact == "years_since_fracture"}
    assert {str(said) for said in found} == {"no low-trauma (fragility) fracture"}
