from dataclasses import replace
from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trabecula.evidence import Evidence
from trabecula.lab.studies.record import Statistic, StudyTarget
from trabecula.lab.studies.statistics import YOUNG_Y, _personal_levels, measured
from trabecula.lab.studies.virtual import Readings
from trabecula.skeleton.density import reference_mean, site_correlation

EVIDENCE = Evidence.load()
DAYS = np.array([0.0, 365.25, 730.5])
PEOPLE, DRAWS = 12, 3
SITES = ("lumbar_spine", "femoral_neck", "total_hip", "CTX", "P1NP", "osteocalcin")
FACTORS = st.floats(0.5, 2.0)


def arm(*levels, people=PEOPLE, **fields):
    """An arm in which everybody has these levels on the three days, at every site and marker."""
    one = np.broadcast_to(np.array(levels), (people, DRAWS, len(DAYS)))
    usual = Readings(
        days=DAYS,
        values=dict.fromkeys(SITES, one),
        age_y=np.linspace(50.0, 60.0, people),
        woman=np.arange(people) % 2 == 0,
        edss=np.tile(np.linspace(1.0, 6.0, people)[:, None], len(DAYS)),
        steroid_g=np.tile(np.linspace(0.0, 30.0, people)[::-1, None], len(DAYS)),
        seed=1,
        below_sd=np.zeros(DRAWS),
    )
    return replace(usual, **fields)


def found(statistic, arms, **fields):
    """What the virtual study finds under each draw."""
    usual = {"quantity": "lumbar_spine", "day": 730.5, "arm": "own", "role": "predicted"}
    target = StudyTarget(
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
    """No change of its own comes from comparisons."""
    arms = {"own": arm(1.0, 0.95, 0.9), "other": arm(1.0, 0.95, 0.9)}
    for statistic in ("percent_change", "percent_per_year", "percent_above_arm", "smd"):
        assert one(statistic, arms, versus="other") == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("statistic", ["percent_of_arm", "percent_above_arm", "smd", "r_steroid_dose"])
def test_a_comparison_needs_somebody_to_compare_with(statistic):
    """A study that forgot to say with whom is told so."""
    with pytest.raises(ValueError, match="the arm to compare with"):
        found(statistic, {"own": arm(1.0, 0.95, 0.9)})


def test_a_standardised_difference_counts_spreads_between_people():
    """An eighth less density is about one standard deviation."""
    arms = {"own": arm(1.0, 1.0, 0.875), "other": arm(1.0, 1.0, 1.0)}
    assert -1.5 < one("smd", arms, versus="other") < -0.5


def test_who_keeps_all_bone_while_others_age_rises_in_the_z_score():
    """Women of 50 to 60 lose bone; a loss beyond theirs lowers the score, and two arms alike do not differ."""
    women = np.ones(PEOPLE, dtype=bool)
    kept, lost = (arm(1.0, 1.0, level, woman=women) for level in (1.0, 0.8))
    assert one("z_change", {"own": kept}) > 0.0 > one("z_change", {"own": lost})
    assert one("z_change", {"own": lost}, since_day=365.25, day=365.25) == pytest.approx(0.0, abs=1e-9)
    assert one("z_change", {"own": kept, "other": kept}, versus="other") == pytest.approx(0.0, abs=1e-9)


def test_fewer_people_are_low_where_bone_is_denser():
    """Osteoporosis is rarer than low density, and both grow as bone is lost."""
    shares = [found("share_low", {"own": arm(1.0, 1.0, level)})[0] for level in (1.1, 1.0, 0.9, 0.7)]
    rarer = [found("share_osteoporosis", {"own": arm(1.0, 1.0, level)})[0] for level in (1.1, 1.0, 0.9, 0.7)]
    assert shares == sorted(shares)
    assert rarer == sorted(rarer)
    assert all(0.0 <= low <= any_ <= 100.0 for low, any_ in zip(rarer, shares, strict=True))
    between = [found("share_osteopenia", {"own": arm(1.0, 1.0, level)})[0] for level in (1.1, 1.0, 0.9, 0.7)]
    assert between == pytest.approx(np.subtract(shares, rarer))


def test_the_lowest_site_is_low_at_least_as_often_as_each_site():
    """More places to look in."""
    arms = {"own": arm(1.0, 1.0, 0.9)}
    anywhere = found("share_low", arms, quantity="any_site")
    assert all(np.all(anywhere >= found("share_low", arms, quantity=site)) for site in SITES[:3])


@pytest.mark.parametrize(("statistic", "exposure"), [("partial_r_edss", "edss"), ("r_steroid_dose", "steroid_g")])
def test_who_has_more_of_what_costs_bone_has_less_bone(statistic, exposure):
    """The correlation is negative, whatever age and sex do, over people of both arms."""

    def exposed(least, most):
        burden = np.random.default_rng(1).permutation(np.linspace(least, most, PEOPLE))
        level = np.broadcast_to((1.0 - 0.3 * burden)[:, None, None], (PEOPLE, DRAWS, len(DAYS)))
        fields = {"values": dict.fromkeys(SITES, level), exposure: np.tile(burden[:, None], len(DAYS))}
        return replace(arm(1.0, 1.0, 1.0), **fields)

    r = found(statistic, {"own": exposed(0.5, 1.0), "other": exposed(0.0, 0.5)}, versus="other")
    assert np.all((r >= -1.0) & (r < -0.2))


def test_age_does_not_pass_for_disability():
    """The old have more disability and less bone; with age held, nothing is left."""
    years = np.linspace(40.0, 70.0, PEOPLE)
    level = np.broadcast_to((1.0 - 0.01 * (years - 40.0))[:, None, None], (PEOPLE, DRAWS, len(DAYS)))
    kink = np.where(np.arange(PEOPLE) % 2 == 0, 0.5, -0.5)
    edss = np.tile((years / 10.0 + kink)[:, None], len(DAYS))
    men = np.zeros(PEOPLE, dtype=bool)
    old = replace(arm(1.0, 1.0, 1.0), values=dict.fromkeys(SITES, level), age_y=years, edss=edss, woman=men)
    unknown = replace(old, age_y=np.full(PEOPLE, 55.0))
    assert np.all(found("partial_r_edss", {"own": unknown}, day=0.0) < -0.3)
    assert np.all(np.abs(found("partial_r_edss", {"own": old}, day=0.0)) < 0.15)


def test_who_has_a_dense_spine_tends_to_have_dense_hips():
    """Personal levels of the sites go together as in the registry, and each is a standard normal number."""
    many = arm(1.0, 1.0, 1.0, people=400)
    levels = np.array([_personal_levels(site, many, EVIDENCE).ravel() for site in SITES[:3]])
    assert np.corrcoef(levels) == pytest.approx(site_correlation(EVIDENCE), abs=0.02)
    assert levels.mean(axis=1) == pytest.approx(np.zeros(3), abs=0.03)
    assert levels.std(axis=1) == pytest.approx(np.ones(3), abs=0.03)


def test_people_keep_their_level_and_those_of_another_study_have_others():
    """A level belongs to a person, not to the arm, the day or the number of people beside them."""
    few, more, elsewhere = (
        _personal_levels("femoral_neck", each, EVIDENCE)
        for each in (arm(1.0, 1.0, 1.0), arm(0.5, 0.5, 0.5, people=2 * PEOPLE), arm(1.0, 1.0, 1.0, seed=2))
    )
    assert np.array_equal(few, more[:, :PEOPLE])
    assert not np.isin(few, elsewhere).any()


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


@pytest.mark.parametrize("statistic", Statistic)
def test_every_statistic_is_measured(statistic):
    """A new statistic needs a formula."""
    arms = {"own": arm(1.0, 0.95, 0.9), "other": arm(1.0, 1.0, 1.0)}
    assert np.isfinite(found(statistic, arms, versus="other")).all()


def test_controls_who_were_sent_for_a_scan_make_a_difference_look_smaller():
    """Half a standard deviation of selection among the controls takes half a standard deviation off the difference."""
    own, others = arm(1.0, 0.95, 0.9), arm(1.0, 1.0, 1.0)
    chosen = arm(1.0, 1.0, 1.0, below_sd=np.full(DRAWS, 0.5))
    plain = one("smd", {"own": own, "other": others}, versus="other")
    selected = one("smd", {"own": own, "other": chosen}, versus="other")
    assert selected == pytest.approx(plain + 0.5)
