"""The equations of receptor occupancy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from trabecula.timeline.occupancy import (
    amount_after,
    dose_amount,
    mean_occupancy,
    mean_occupancy_of_mixture,
    occupied_share,
)

EC_MG = 5.0
ORAL, INTRAVENOUS = 0.231, 0.267
AMOUNTS = st.floats(1e-6, 1e4)


@pytest.mark.parametrize(("dose_mg", "u"), [(5, 0.11), (10, 0.17), (20, 0.26), (60, 0.42)])
def test_a_tablet_occupies_the_receptor_as_the_closed_form_was_printed(dose_mg, u):
    """The four oral doses of the science file, to the two digits that it gives."""
    amount = dose_amount(dose_mg, potency=1.0, bioavailability=0.8)
    assert u == pytest.approx(mean_occupancy(amount, ORAL, 24.0, EC_MG), abs=0.0055)


@pytest.mark.parametrize(("dose_mg", "u"), [(250, 0.63), (1000, 0.81)])
def test_an_infusion_with_one_phase_occupies_as_was_printed(dose_mg, u):
    """The two infusions of the science file: its numbers leave out the slow tail."""
    amount = dose_amount(dose_mg, potency=1.25, bioavailability=1.0)
    assert u == pytest.approx(mean_occupancy(amount, INTRAVENOUS, 24.0, EC_MG), abs=0.005)


@pytest.mark.parametrize(("dose_mg", "u"), [(250, 0.69), (1000, 0.87)])
def test_a_slow_tail_of_two_per_cent_keeps_the_evening_occupied(dose_mg, u):
    """Two per cent with a half-life of ten hours add six points: 20 mg are far above what half occupies."""
    amounts = np.array([[0.98, 0.02]]) * dose_mg * 1.25
    k = np.array([INTRAVENOUS, np.log(2) / 10.0])
    assert u == pytest.approx(mean_occupancy_of_mixture(amounts, k, 24.0, EC_MG)[0], abs=0.005)


@given(AMOUNTS, st.floats(0.05, 0.7), st.sampled_from([24.0, 12.0, 8.0, 6.0]))
def test_the_closed_form_is_the_mean_of_the_occupied_share(amount, k, hours):
    """An adaptive quadrature that knows nothing of the closed form agrees."""
    mean, _ = quad(lambda t: amount * np.exp(-k * t) / (amount * np.exp(-k * t) + EC_MG), 0.0, hours, epsabs=1e-12)
    assert mean / hours == pytest.approx(mean_occupancy(amount, k, hours, EC_MG), abs=1e-10)


@given(AMOUNTS, AMOUNTS, st.floats(0.05, 0.7), st.floats(0.05, 0.7))
def test_mixtures_agree_with_an_independent_quadrature(a, b, k_a, k_b):
    """Two drugs that leave at different rates: the fixed rule is as good as an adaptive one."""

    def share(t: float) -> float:
        amount = a * np.exp(-k_a * t) + b * np.exp(-k_b * t)
        return amount / (amount + EC_MG)

    mean, _ = quad(share, 0.0, 24.0, epsabs=1e-12, limit=200)
    ours = mean_occupancy_of_mixture(np.array([[a, b]]), np.array([k_a, k_b]), 24.0, EC_MG)
    assert mean / 24.0 == pytest.approx(ours[0], abs=1e-7)


@given(AMOUNTS, st.floats(0.05, 0.7))
def test_a_mixture_of_one_drug_with_itself_is_that_drug(amount, k):
    """Two halves of a dose are one dose, whichever road the calculation takes."""
    halves = mean_occupancy_of_mixture(np.full((1, 2), amount / 2.0), np.array([k, k]), 24.0, EC_MG)[0]
    assert halves == pytest.approx(mean_occupancy(amount, k, 24.0, EC_MG), abs=1e-7)


@given(AMOUNTS, AMOUNTS, st.floats(0.05, 0.7))
def test_more_drug_never_occupies_less_and_never_more_than_all(low, more, k):
    """Occupancy rises with the amount and stays below one."""
    u_low, u_high = (mean_occupancy(amount, k, 24.0, EC_MG) for amount in (low, low + more))
    assert 0.0 < u_low <= u_high < 1.0


def test_half_of_the_receptors_are_occupied_by_the_amount_that_defines_it():
    """EC is the amount with half occupancy, and a half-life halves an amount."""
    assert occupied_share(EC_MG, EC_MG) == 0.5
    assert amount_after(8.0, np.log(2) / 3.0, 6.0) == pytest.approx(2.0)
