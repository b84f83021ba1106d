"""Draws: keyed, so that luck depends on nothing but the seed, the parameter and the number of the draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula import chance
from trabecula.evidence import Parameter
from trabecula.evidence.draws import spread_values

from .conftest import CURVE, NUMBER

MANY = 20_000


def parameter(kind, sd=None, **changes):
    """A parameter with this spread."""
    spread = {"kind": kind} | ({"sd": sd} if sd else {})
    return Parameter.model_validate(NUMBER | {"spread": spread} | changes)


def test_the_number_behind_a_draw_is_keyed_by_the_id(evidence):
    """Draw i of a parameter is a pure function of the seed, the id and i."""
    z = chance.normal(7, "parameter.bone.loss.first_year", 0, np.arange(5))
    np.testing.assert_array_equal(3.4 * np.exp(0.2 * z), evidence.draws(n=5, seed=7)["bone.loss.first_year"])


def test_a_new_parameter_never_changes_the_draws_of_another(registry):
    """The registry can grow without changing yesterday's results."""
    before = registry.load(NUMBER).draws(n=20)[NUMBER["id"]]
    after = registry.load(CURVE, NUMBER).draws(n=20)[NUMBER["id"]]
    np.testing.assert_array_equal(before, after)


def test_a_renamed_parameter_is_a_new_key(registry):
    """Two parameters with the same distribution are drawn apart."""
    draws = registry.load(NUMBER, NUMBER | {"id": "bone.loss.second_year", "symbol": "l2"}).draws(n=MANY)
    pair = np.corrcoef(draws["bone.loss.first_year"], draws["bone.loss.second_year"])
    assert abs(pair[0, 1]) < 0.03


@given(n=st.integers(1, 60), more=st.integers(0, 60))
def test_more_draws_keep_the_first_ones(n, more):
    """Going from 200 to 400 draws adds and never replaces."""
    record = parameter("lognormal", 0.2)
    z = chance.normal(1, f"parameter.{record.id}", 0, np.arange(n + more))
    np.testing.assert_array_equal(spread_values(record, z)[:n], spread_values(record, z[:n]))


def test_reading_in_another_order_gives_the_same_draws(evidence):
    """No stream is consumed."""
    one, other = evidence.draws(n=9), evidence.draws(n=9)
    first = (one["bone.loss.first_year"], one["bone.load.edss"])
    second = (other["bone.load.edss"], other["bone.loss.first_year"])
    np.testing.assert_array_equal(first[0], second[1])
    np.testing.assert_array_equal(first[1], second[0])


def test_the_central_draw_is_the_value_itself(evidence):
    """As if nothing were uncertain."""
    central = evidence.draws(n=50).central()
    assert (central.n, central["bone.loss.first_year"].tolist()) == (1, [3.4])
    np.testing.assert_allclose(central["bone.load.edss"], [[1.0, 0.8, 0.3]])


def test_a_what_if_uses_the_luck_of_its_baseline(registry):
    """Replacing one parameter leaves every other draw as it was."""
    evidence = registry.load()
    what_if = evidence.replacing({"bone.loss.first_year": 1.0})
    np.testing.assert_array_equal(evidence.draws(n=20)["bone.load.edss"], what_if.draws(n=20)["bone.load.edss"])


@pytest.mark.parametrize(
    ("kind", "sd", "value"),
    [("lognormal", 0.3, 3.4), ("normal", 0.5, -0.2), ("logitnormal", 0.4, 0.2), ("beta", 0.05, 0.2)],
)
def test_the_median_of_the_draws_is_the_value(kind, sd, value):
    """Whatever the spread, half of the draws lie on each side of the value."""
    z = chance.normal(1, "spread", 0, np.arange(MANY))
    values = spread_values(parameter(kind, sd, value=value), z)
    np.testing.assert_allclose(np.median(values), value, atol=0.02)


@pytest.mark.parametrize(
    ("kind", "scale"), [("lognormal", np.log), ("normal", np.positive), ("logitnormal", lambda p: np.log(p / (1 - p)))]
)
def test_the_sd_is_on_the_scale_that_the_kind_names(kind, scale):
    """lognormal: of the log; normal: in the unit; logitnormal: of the logit."""
    z = chance.normal(1, "spread", 0, np.arange(MANY))
    assert scale(spread_values(parameter(kind, 0.3, value=0.4), z)).std() == pytest.approx(0.3, rel=0.02)


def test_a_beta_spread_has_its_sd_in_the_unit_and_stays_between_zero_and_one():
    """A share of 0.2 with sd 0.05 is spread about that much."""
    z = chance.normal(1, "spread", 0, np.arange(MANY))
    values = spread_values(parameter("beta", 0.05, value=0.2), z)
    assert values.std() == pytest.approx(0.05, rel=0.1)
    assert 0 < values.min() < values.max() < 1


def test_a_fixed_value_is_the_same_in_every_draw():
    """Spread none means none."""
    assert spread_values(parameter("none"), np.array([-3.0, 0.0, 3.0])).tolist() == [3.4] * 3


@pytest.mark.parametrize("kind", ["logitnormal", "beta"])
def test_what_is_certain_in_a_curve_of_shares_stays_certain(kind):
    """Full load stays full load, none stays none, in every draw."""
    curve = Parameter.model_validate(CURVE | {"value": [1.0, 0.5, 0.0], "spread": {"kind": kind, "sd": 0.2}})
    values = spread_values(curve, np.array([-2.0, 2.0]))
    assert (values[:, 0].tolist(), values[:, 2].tolist()) == ([1.0, 1.0], [0.0, 0.0])
    assert values[0, 1] < 0.5 < values[1, 1]


def test_a_curve_moves_as_a_whole(evidence):
    """One factor for all knots: the order of the knots is kept in every draw."""
    values = evidence.draws(n=100)["bone.load.edss"]
    assert values.shape == (100, 3)
    assert (np.diff(values, axis=1) < 0).all()


def test_draws_cannot_be_changed_in_place(evidence):
    """Draws are shared between scenarios, so nobody may write into them."""
    with pytest.raises(ValueError, match="read-only"):
        evidence.draws(n=3)["bone.loss.first_year"][0] = 1.0


def test_no_draws_is_refused(evidence):
    """At least one draw is needed for an answer."""
    with pytest.raises(ValueError, match="n must be at least 1"):
        evidence.draws(n=0)
