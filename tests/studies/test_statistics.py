from dataclasses import replace
from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trabecula.evidence import Evidence
from trabecula.skeleton.density import reference_mean
from trabecula.studies.record import Target
from trabecula.studies.statistics import YOUNG_Y, measured
from trabecula.studies.virtual import Readings

EVIDENCE = Evidence.load()
DAYS = np.array([0.0, 365.25, 730.5])
PEOPLE, DRAWS = 12, 3
SITES = ("lumbar_spine", "femoral_neck", "total_hip", "CTX", "P1NP", "osteocalcin")
FACTORS = st.floats(0.5, 2.0)


def arm(*levels, people=PEOPLE, **fields):
    """An arm in which everybody has these levels on the three days, at every site and marker."""
    one = np.broadcast_to(np.array(levels), (people, DRAWS, len(DAYS)))
    spread = np.linspace(-1.5, 1.5, people)
    usual = Readings(
        days=DAYS,
        values=dict.fromkeys(SITES, one),
        age_y=np.linspace(50.0, 60.0, people),
        woman=np.arange(people) % 2 == 0,
        edss=np.tile(np.linspace(1.0, 6.0, people)[:, None], len(DAYS)),
        steroid_g=np.tile(np.linspace(0.0, 30.0, people)[::-1, None], len(DAYS)),
        luck=np.stack([spread, spread, spread], 1),
    )
    return replace(usual, **fields)


def found(statistic, arms, **fields):
    """What the virtual study finds under each draw."""
    usual = {"quantity": "lumbar_spine", "day": 730.5, "arm": "own", "role": "predicted"}
    target = Target(
        finding="nowhere.nobody_1990.spine", statistic=statistic, because="By hand.", **{**usual, **fields}
    )
    return measured(target, arms, EVIDENCE)


def one(statistic, arms, **fields):
    """The same where every draw gives the same."""
    values = found(statistic, arms, **fields)
    assert values.shape == (DRAWS,)
    assert np.ptp(values) == pytest.approx(0.0, abs=1e-9)
    return float(values[0])


@pytest.mark.parametrize(
    ("statistic", "fields", "expected"),
    [
        ("percent_change", {}, -10.0),
        ("percent_change", {"day": 365.25}, -5.0),
        ("percent_change", {"since_day": 365.25}, 100 * (0.9 / 0.95 - 1)),
        ("percent_change", {"flip": True}, 10.0),
        ("percent_change", {"versus": "other"}, -14.0),
        ("percent_per_year", {}, -5.0),
        ("percent_per_year", {"versus": "other"}, -7.0),
        ("percent_of_baseline", {}, 90.0),
        ("percent_of_arm", {"versus": "other"}, 100 * 0.9 / 1.04),
        ("percent_above_arm", {"versus": "other"}, 100 * (0.9 / 1.04 - 1)),
    ],
)
def test_a_change_is_what_the_paper_would_have_printed(statistic, fields, expected):
    """A tenth is lost in two years where the other arm gains a twenty-fifth."""
    arms = {"own": arm(1.0, 0.95, 0.9), "other": arm(1.0, 1.02, 1.04)}
    assert one(statistic, arms, **fields) == pytest.approx(expected)


def test_a_density_is_that_of_young_people_times_what_is_left():
    """In grams, for women and men in equal parts."""
    young = [reference_mean(EVIDENCE, "lumbar_spine", sex, YOUNG_Y) for sex in ("female", "male")]
    arms = {"own": arm(1.0, 0.95, 0.9)}
    assert one("mean", arms) == pytest.approx(0.9 * np.mean(young))
    assert one("change_per_year", arms) == pytest.approx(-0.05 * np.mean(young))


def test_two_arms_alike_do_not_differ():
    """No change of its own comes from comparing."""
    arms = {"own": arm(1.0, 0.95, 0.9), "other": arm(1.0, 0.95, 0.9)}
    for statistic in ("percent_change", "percent_per_year", "percent_above_arm", "smd"):
        assert one(statistic, arms, versus="other") == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("statistic", ["percent_of_arm", "percent_above_arm", "smd"])
def test_a_comparison_needs_somebody_to_compare_with(statistic):
    """A study that forgot to say with whom is told so."""
    with pytest.raises(ValueError, match="needs an arm to compare with"):
        found(statistic, {"own": arm(1.0, 0.95, 0.9)})


def test_a_standardised_difference_counts_spreads_between_people():
    """An eighth less density is about one standard deviation."""
    arms = {"own": arm(1.0, 1.0, 0.875), "other": arm(1.0, 1.0, 1.0)}
    assert -1.5 < one("smd", arms, versus="other") < -0.5


def test_fewer_people_are_low_where_bone_is_denser():
    """Osteoporosis is rarer than low density, and both grow as bone is lost."""
    shares = [found("share_low", {"own": arm(1.0, 1.0, level)})[0] for level in (1.1, 1.0, 0.9, 0.7)]
    rarer = [found("share_osteoporosis", {"own": arm(1.0, 1.0, level)})[0] for level in (1.1, 1.0, 0.9, 0.7)]
    assert shares == sorted(shares)
    assert rarer == sorted(rarer)
    assert all(0.0 <= low <= any_ <= 100.0 for low, any_ in zip(rarer, shares, strict=True))


def test_the_lowest_site_is_low_at_least_as_often_as_each_site():
    """More places to look in."""
    arms = {"own": arm(1.0, 1.0, 0.9)}
    anywhere = found("share_low", arms, quantity="any_site")
    assert all(np.all(anywhere >= found("share_low", arms, quantity=site)) for site in SITES[:3])


@pytest.mark.parametrize(
    ("statistic", "exposure"), [("partial_r_edss", "edss"), ("r_steroid_dose", "steroid_g")]
)
def test_who_has_more_of_what_costs_bone_has_less_bone(statistic, exposure):
    """The correlation is negative, whatever age and sex do."""
    plain = arm(1.0, 1.0, 1.0)
    burden = np.random.default_rng(1).permutation(np.linspace(0.0, 1.0, PEOPLE))
    level = np.broadcast_to((1.0 - 0.3 * burden)[:, None, None], (PEOPLE, DRAWS, len(DAYS)))
    exposed = {"values": dict.fromkeys(SITES, level), exposure: np.tile(burden[:, None], len(DAYS))}
    r = found(statistic, {"own": replace(plain, **exposed)})
    assert np.all((r >= -1.0) & (r < -0.2))


def test_age_does_not_pass_for_disability():
    """The old have more disability and less bone; with age held, nothing is left."""
    years = np.linspace(40.0, 70.0, PEOPLE)
    level = np.broadcast_to((1.0 - 0.01 * (years - 40.0))[:, None, None], (PEOPLE, DRAWS, len(DAYS)))
    kink = np.where(np.arange(PEOPLE) % 2 == 0, 0.5, -0.5)
    edss = np.tile((years / 10.0 + kink)[:, None], len(DAYS))
    men = {"woman": np.zeros(PEOPLE, dtype=bool), "luck": np.zeros((PEOPLE, 3))}
    old = replace(arm(1.0, 1.0, 1.0), values=dict.fromkeys(SITES, level), age_y=years, edss=edss, **men)
    assert abs(np.corrcoef(level[:, 0, 0], edss[:, 0])[0, 1]) > 0.8
    assert np.all(np.abs(found("partial_r_edss", {"own": old}, day=0.0)) < 0.3)


@settings(max_examples=25, deadline=None)
@given(scale=FACTORS, last=FACTORS)
def test_a_relative_change_does_not_depend_on_the_level(scale, last):
    """Dense and thin bones that lose a tenth lose the same per cent."""
    own, scaled = ({"own": arm(k, k, k * last)} for k in (1.0, scale))
    assert isclose(one("percent_change", own), one("percent_change", scaled), rel_tol=1e-9, abs_tol=1e-9)


@settings(max_examples=25, deadline=None)
@given(mine=FACTORS, theirs=FACTORS)
def test_whom_is_compared_with_whom_only_turns_the_sign(mine, theirs):
    """A difference of changes is antisymmetric."""
    arms = {"own": arm(1.0, 1.0, mine), "other": arm(1.0, 1.0, theirs)}
    there = one("percent_change", arms, versus="other")
    back = one("percent_change", arms, arm="other", versus="own")
    assert there == pytest.approx(-back)
