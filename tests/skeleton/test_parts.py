"""The parts of the equations by themselves: what each does in health, and on which side it stays."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.skeleton import parts

SHARES, POSITIVE = st.floats(0.0, 1.0), st.floats(0.01, 20.0)


@given(uT=SHARES, resorbed=st.floats(0.0, 1.0))
def test_bone_that_is_hardly_resorbed_binds_less_of_a_bisphosphonate(uT, resorbed):
    """All of a dose in health, less under denosumab, never less than nothing."""
    p = SimpleNamespace(uT=uT)
    assert parts.bisphosphonate_bound(1.0, p) == pytest.approx(1.0)
    assert 0.0 <= parts.bisphosphonate_bound(resorbed, p) <= 1.0 + 1e-12


@given(gO=st.floats(0.0, 0.99), hO=POSITIVE, osteoprotegerin=st.floats(0.0, 50.0))
def test_more_osteoprotegerin_never_shields_less_and_ends_at_a_limit(gO, hO, osteoprotegerin):
    """1 in health, above nothing without any, and never beyond what saturation leaves."""
    p = SimpleNamespace(gO=gO, hO=hO)
    assert parts.rankl_shield(1.0, p) == pytest.approx(1.0)
    here, more = (parts.rankl_shield(level, p) for level in (osteoprotegerin, osteoprotegerin + 1.0))
    assert 0.0 < here <= more <= 1.0 + gO * hO + 1e-9


@given(pZ=SHARES, gP=SHARES, zf=st.floats(1.0, 3.0))
def test_the_boost_of_each_osteoclast_perforates_at_most_as_more_of_them_do(pZ, gP, zf):
    """Nothing is cut through in health; a boost lies between no effect and that of as many more osteoclasts."""
    p = SimpleNamespace(pZ=pZ, gP=gP)
    assert parts.perforation(1.0, 1.0, p) == pytest.approx(1.0)
    assert 1.0 <= parts.perforation(1.0, zf, p) <= parts.perforation(zf, 1.0, p) + 1e-12


@given(wW=SHARES, weariness=SHARES, log_S=st.floats(-3.0, 3.0))
def test_weary_bone_feels_sclerostin_nearer_to_usual(wW, weariness, log_S):
    """Never on the other side of usual, and never more than there is."""
    felt = parts.felt_sclerostin(log_S, weariness, SimpleNamespace(wW=wW))
    assert felt * log_S >= 0.0
    assert abs(felt) <= abs(log_S)


@given(hG=st.floats(1.0, 5.0), u=SHARES, u50=st.floats(0.05, 0.95))
def test_the_effect_of_steroids_rises_with_occupancy_and_is_half_at_u50(hG, u, u50):
    """Whatever its steepness."""
    p = SimpleNamespace(hG=hG, u50=u50)
    assert parts.fast_steroid_effect(0.0, p) == 0.0
    assert parts.fast_steroid_effect(u50, p) == pytest.approx(0.5)
    assert parts.fast_steroid_effect(u, p) <= parts.fast_steroid_effect(min(u + 0.1, 1.1), p)
