from math import inf, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.studies.by_hand import STUDY, finding
from trabecula.evidence import Evidence
from trabecula.lab.studies.record import StudyTarget
from trabecula.lab.studies.tolerance import WITHIN, Tolerance, class_of, tolerance

NAME = "nowhere.nobody_1990.spine"
EVIDENCE = Evidence.load()
PEOPLE_IN_AN_ARM = 100
YEAR = 365.25
NUMBERS = st.floats(-1e6, 1e6)
SPREADS = st.floats(0.01, 1e3)


def target(**fields):
    """A change of spine density over two years, unless said otherwise."""
    usual = {"quantity": "lumbar_spine", "statistic": "percent_change", "day": 2 * YEAR, "role": "predicted"}
    return StudyTarget(finding=NAME, arm="tablets", because="Made by hand.", **{**usual, **fields})


def known(asked=None, study=STUDY, **fields):
    """How exactly a finding of the made-up study is known."""
    return tolerance(asked or target(), finding(NAME, **fields), study, EVIDENCE)


@pytest.mark.parametrize(
    ("fields", "se"),
    [
        ({"value": 5.0, "lower": 3.04, "upper": 6.96, "interval": "CI95"}, 1.0),
        ({"value": 5.0, "lower": 4.5, "upper": 5.5, "interval": "SE"}, 0.5),
        ({"value": 5.0, "lower": 1.0, "upper": 9.0, "interval": "SD"}, 4.0 / sqrt(PEOPLE_IN_AN_ARM)),
        ({"value": 5.0, "note": "SE 0.6"}, 0.6),
        ({"value": 5.0, "note": "printed with SEM 1.25 in the table"}, 1.25),
    ],
)
def test_a_printed_standard_error_is_used(fields, se):
    """From its interval, as such, from a standard deviation, or in the note."""
    found = known(**fields)
    assert found.kind == "printed"
    assert isclose(se, found.se, rel_tol=1e-9)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 5.0},
        {"value": 5.0, "note": "SD or SE not stated"},
        {"value": 5.0, "lower": 1.0, "upper": 9.0, "interval": "range"},
        {"value": 5.0, "lower": 4.0, "interval": "CI95"},
    ],
)
def test_a_bare_mean_gets_a_standard_error_and_says_so(fields):
    """A range of people, half an interval, or nothing at all is no standard error."""
    found = known(**fields)
    assert found.kind == "imputed"
    assert 0.0 < found.se < inf


def test_what_was_printed_is_preferred_to_what_would_be_imputed():
    """Even where the printed one is wider."""
    wide = known(value=5.0, lower=-15.0, upper=25.0, interval="CI95")
    bare = known(value=5.0)
    assert wide.kind == "printed"
    assert bare.se < wide.se


def test_a_direction_has_no_standard_error():
    """It counts apart."""
    found = known(target(direction="down"), value=5.0)
    assert (found.kind, found.se) == ("direction", 0.0)


@given(sd=SPREADS)
def test_a_spread_between_people_is_never_taken_for_a_standard_error(sd):
    """A hundred people know their mean ten times better than one."""
    found = known(value=0.0, lower=-sd, upper=sd, interval="SD")
    assert isclose(sd / 10.0, found.se)


def test_more_people_are_known_better():
    """Four times as many people halve an imputed standard error."""
    many = STUDY.model_copy(update={"population": STUDY.population.model_copy(update={"n": 4 * STUDY.population.n})})
    one, four = (known(study=study, value=5.0).se for study in (STUDY, many))
    assert isclose(one / 2.0, four)


@pytest.mark.parametrize(
    ("quantity", "statistic"),
    [
        ("lumbar_spine", "percent_change"),
        ("lumbar_spine", "percent_per_year"),
        ("CTX", "percent_change"),
        ("osteocalcin", "percent_per_year"),
    ],
)
def test_a_difference_of_two_arms_is_known_less_exactly_than_one_arm(quantity, statistic):
    """It has the errors of both."""
    alone, against = (
        known(target(quantity=quantity, statistic=statistic, versus=other), value=5.0) for other in (None, "none")
    )
    assert isclose(sqrt(2.0) * alone.se, against.se)
    assert alone.tau == against.tau


def test_a_printed_standard_error_of_a_difference_has_both_arms_in_it():
    """It is taken as it stands."""
    assert isclose(1.0, known(target(versus="none"), value=5.0, lower=4.0, upper=6.0, interval="SE").se)


def test_a_loss_a_year_is_known_as_exactly_as_the_loss_it_was_divided_from():
    """Four years of follow-up know a rate four times as exactly as one."""
    whole = known(target(day=4 * YEAR), value=-8.0).se
    rate = known(target(statistic="percent_per_year", day=4 * YEAR), value=-2.0).se
    assert isclose(whole, 4.0 * rate)


def test_people_differ_more_than_they_change():
    """A level beside that of other people is known less exactly than a change of the same people."""
    change = known(target(versus="none"), value=-5.0)
    level = known(target(statistic="percent_above_arm", versus="none"), value=-5.0)
    assert level.se > change.se
    assert level.tau > change.tau


@pytest.mark.parametrize(
    ("quantity", "statistic", "group"),
    [
        ("lumbar_spine", "percent_change", "density_change"),
        ("CTX", "percent_change", "marker_change"),
        ("osteocalcin", "percent_of_baseline", "marker_change"),
        ("osteocalcin", "percent_per_year", "marker_change"),
        ("CTX", "percent_of_arm", "marker_change"),
        ("P1NP", "percent_above_arm", "marker_change"),
        ("lumbar_spine", "percent_of_baseline", "density_change"),
        ("lumbar_spine", "percent_per_year", "density_percent_rate"),
        ("lumbar_spine", "percent_of_arm", "density_relative"),
        ("total_hip", "percent_above_arm", "density_relative"),
        ("femoral_neck", "mean", "density"),
        ("femoral_neck", "change_per_year", "density_rate"),
        ("any_site", "share_low", "share"),
        ("total_hip", "partial_r_edss", "standardised"),
        ("lumbar_spine", "z_change", "standardised"),
    ],
)
def test_each_kind_of_quantity_has_its_own_tolerance(quantity, statistic, group):
    """Markers are allowed more than densities."""
    assert group == class_of(target(quantity=quantity, statistic=statistic, versus="none"))
    assert f"studies.tau.{group}" in EVIDENCE


@given(model=NUMBERS, published=NUMBERS, se=SPREADS, tau=SPREADS)
def test_the_distance_changes_its_sign_with_the_side(model, published, se, tau):
    """As far above as below."""
    rule = Tolerance(se, "printed", tau)
    assert rule.z(model, published) == -rule.z(published, model)
    assert (rule.z(model, published) >= 0.0) == (model >= published)


@given(model=NUMBERS, published=NUMBERS, se=SPREADS, more=SPREADS, tau=SPREADS)
def test_a_less_certain_finding_is_never_missed_more(model, published, se, more, tau):
    """Doubt about what was published can only bring the two nearer."""
    certain, doubtful = Tolerance(se, "printed", tau), Tolerance(se + more, "imputed", tau)
    assert abs(doubtful.z(model, published)) <= abs(certain.z(model, published))


@given(published=st.floats(-100, 100), se=SPREADS, tau=SPREADS)
def test_a_model_at_the_edge_of_the_printed_interval_agrees(published, se, tau):
    """Whatever is allowed beyond chance comes on top of the interval."""
    rule = Tolerance(se, "printed", tau)
    assert abs(rule.z(published + WITHIN * se, published)) <= WITHIN
