"""A later year is worth less, and when within a year something happens matters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.economics import WithinYear, discount_factors, person_years

RATES = st.floats(0.0, 0.2)


def test_a_pound_in_a_year_is_worth_less_by_the_rate():
    """1 at the start of years 0, 1 and 2 at 3.5 %: 1, 1/1.035, 1/1.035 squared."""
    assert discount_factors(0.035, 3, WithinYear.START).tolist() == pytest.approx([1.0, 0.9661836, 0.9335107])


def test_half_a_cycle_lies_between_the_ends():
    """The middle of the first year at 3.5 % is worth 1.035 to the power of minus a half: 0.98295."""
    assert discount_factors(0.035, 1, WithinYear.MIDDLE)[0] == pytest.approx(0.9829464)
    assert discount_factors(0.035, 1, WithinYear.END)[0] == pytest.approx(0.9661836)


def test_people_of_a_year_are_the_mean_of_its_ends():
    """Of 1, .9 and .6 alive at the edges, .95 and .75 years are lived with the half-cycle correction."""
    alive = np.array([1.0, 0.9, 0.6])
    assert person_years(alive).tolist() == pytest.approx([0.95, 0.75])
    assert person_years(alive, WithinYear.START).tolist() == pytest.approx([1.0, 0.9])
    assert person_years(alive, WithinYear.END).tolist() == pytest.approx([0.9, 0.6])


@given(RATES, RATES, st.integers(1, 40), st.sampled_from(WithinYear))
def test_more_discounting_never_means_more(one, other, years, timing):
    """Of two rates the greater leaves no year worth more."""
    low, high = sorted((one, other))
    assert (discount_factors(high, years, timing) <= discount_factors(low, years, timing) + 1e-12).all()


def test_a_rate_that_turns_the_future_over_is_refused():
    """At minus 100 % a year a later year would be worth infinitely much."""
    with pytest.raises(ValueError, match="discount rate: found"):
        discount_factors(-1.0, 3)
