"""Published studies of falls, fractures and death: their files, their rule, and what the model says of them."""

from math import exp, log

import numpy as np
import pytest
from pydantic import ValidationError

from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import every_study, fracture_studies, read_fracture_study
from trabecula.lab.studies.fracture_measures import SteroidBands, measure_of
from trabecula.lab.studies.fracture_record import DailySteroid, FractureStudy, FractureTarget
from trabecula.lab.studies.reproduce import compare
from trabecula.lab.studies.tolerance import WITHIN, goes_as_printed, published_value, tolerance
from trabecula.model import Model

STUDY = fracture_studies()["van_staa_2000"]


@pytest.fixture(scope="module")
def evidence():
    """The package's own registry."""
    return Evidence.load()


@pytest.fixture(scope="module")
def central(evidence):
    """One draw at the values themselves."""
    return Model(evidence).draws(1).central()


def target(**more):
    """A ratio that nobody printed."""
    fields = {
        "finding": "x", "what": "hip mid", "group": "log_ratio", "role": "predicted", "because": "made up",
        "direction": None, "from_change": False,
    }  # fmt: skip
    return FractureTarget(**{**fields, **more})


def finding(evidence, **more):
    """A ratio of 2 with an interval."""
    known = evidence.finding("gc_fracture.van_staa_2000.hip_ge7_5")
    return known.model_copy(update={"value": 2.0, "lower": 1.0, "upper": 4.0, **more})


# --- The files ----------------------------------------------------------------------------------------------------


def test_every_finding_of_a_study_exists_was_read_and_says_something(evidence):
    """A number, a range or a way it went; never something only recalled."""
    for study in fracture_studies().values():
        for each in study.targets:
            found = evidence.finding(each.finding)
            assert found.status.value != "recalled"
            if each.direction is None:
                assert published_value(each, found) is not None


def test_no_finding_is_counted_twice():
    """Neither within the fractures nor with the studies of the skeleton."""
    names = [target.finding for study in every_study().values() for target in study.targets]
    fracture = [target.finding for study in fracture_studies().values() for target in study.targets]
    assert len(set(fracture)) == len(fracture)
    assert not set(fracture) & {name for name in names if names.count(name) > 1}


def test_a_parameter_that_is_fitted_cites_no_predicted_finding_of_falls_or_of_fractures_in_ms(evidence):
    """Only what the split calls fitted moves a parameter of the common fit, and every residual is 1."""
    studied = [study for study in fracture_studies().values() if study.block in ("falls", "registers")]
    predicted = {target.finding for study in studied for target in study.targets if target.role == "predicted"}
    for name in evidence:
        parameter = evidence[name]
        assert parameter.fit != "posterior_2026_11" or not predicted & set(parameter.from_), name
        if name.startswith("fracture.residual."):
            assert parameter.value == 1.0


def test_a_file_with_an_unknown_field_is_refused(tmp_path):
    """A misspelt field is an error, not silence."""
    study = fracture_studies()["coote_2013"].model_dump()
    with pytest.raises(ValidationError, match="effect"):
        FractureStudy.model_validate({**study, "effect": 1})
    path = tmp_path / "another.yaml"
    path.write_text("id: other\n")
    with pytest.raises(ValidationError):
        read_fracture_study(path)


# --- The rule -----------------------------------------------------------------------------------------------------


def test_ratios_are_as_far_apart_above_as_below(evidence):
    """Half and double lie at the same distance from 1."""
    found = finding(evidence, value=1.0, lower=0.5, upper=2.0)
    allowed = tolerance(target(), found, STUDY, evidence)
    assert allowed.z(2.0, 1.0) == pytest.approx(-allowed.z(0.5, 1.0))


def test_the_standard_error_of_a_ratio_is_that_of_its_logarithm(evidence):
    """From the printed interval, which comes back as it was printed."""
    allowed = tolerance(target(), finding(evidence), STUDY, evidence)
    assert allowed.kind == "printed"
    assert allowed.se == pytest.approx(log(4) / (2 * WITHIN))
    assert allowed.limits(2.0) == pytest.approx((1.0, 4.0))


def test_a_change_in_per_cent_is_a_ratio(evidence):
    """Minus forty per cent is 0.6."""
    printed = finding(evidence, value=-40.0, lower=None, upper=None)
    assert published_value(target(from_change=True), printed) == pytest.approx(0.6)


def test_a_bare_number_has_an_imputed_error_and_a_range_its_middle(evidence):
    """And says so."""
    bare = finding(evidence, lower=None, upper=None)
    assert tolerance(target(), bare, STUDY, evidence).kind == "imputed"
    span = finding(evidence, value=None, lower=3.0, upper=5.0, interval="range")
    assert published_value(target(), span) == 4.0


def test_hip_incidence_is_met_within_fifteen_per_cent(evidence):
    """What issue 5 asks of it is what the tolerance without an error allows."""
    tau = evidence["studies.tau.log_rate"].value
    assert exp(WITHIN * tau) == pytest.approx(1.15, abs=0.01)


@pytest.mark.parametrize(
    ("way", "model", "met"),
    [("down", 0.9, True), ("down", 1.1, False), ("up", 1.1, True), ("none", 1.1, True), ("none", 1.5, False)],
)
def test_a_finding_without_a_number_is_met_by_its_direction(evidence, way, model, met):
    """No change holds within one tau."""
    aimed = target(direction=way)
    allowed = tolerance(aimed, finding(evidence), STUDY, evidence)
    assert allowed.kind == "direction"
    assert goes_as_printed(aimed, model, allowed) is met


# --- The measures -------------------------------------------------------------------------------------------------


def test_every_row_has_the_columns_of_the_other_studies(evidence):
    """A finding of falls stands in the same table as one of density."""
    for row in compare(fracture_studies()["leslie_2019"], Model(evidence).draws(6, 1)):
        assert row.model_lower <= row.model <= row.model_upper
        assert (row.z is None) == (row.published is None)
        assert row.within == (abs(row.z) <= WITHIN)
        assert row.published_lower < row.published < row.published_upper


def test_more_falls_in_the_past_year_are_more_fractures(central):
    """One, two, three and more."""
    measure = measure_of(fracture_studies()["leslie_2019"], central)
    ratios = [float(measure(f"major_osteoporotic {count}")[0]) for count in ("1", "2", "3+")]
    assert 1 < ratios[0] < ratios[1] < ratios[2]


def test_four_fractures_overlap_in_the_same_people(central):
    """The risk of any is at least that of one, and at most the sum."""
    measure = measure_of(fracture_studies()["malmo_overlap"], central)
    assert 0.25 < measure("overlap women 70")[0] <= 1


def test_a_life_has_more_fractures_in_it_than_ten_years(central):
    """And those of women are more than those of men."""
    measure = measure_of(fracture_studies()["us_hip_ettinger_2010"], central)
    assert measure("lifetime hip women 50") > measure("lifetime hip men 50") > 5


def test_a_crude_rate_lies_between_those_of_its_youngest_and_oldest(central):
    """Per as many person-years as asked for, and of both sexes between those of women and men."""
    measure = measure_of(fracture_studies()["us_hip_ettinger_2010"], central)
    first, all_, last = (measure(f"crude hip women {band}")[0] for band in ("50_54", "50", "90"))
    assert first < all_ < last
    assert measure("crude hip women 50 per_100000")[0] == pytest.approx(100 * all_)
    assert measure("crude hip men 50") < measure("crude hip both 50") < all_
    assert measure("sex_ratio hip women 50")[0] == pytest.approx(all_ / measure("crude hip men 50")[0])
    assert first == pytest.approx(measure("rate hip women 50_54")[0], rel=0.05)


def test_a_share_in_ten_years_is_less_than_in_a_lifetime(central):
    """Whatever the bone."""
    measure = measure_of(fracture_studies()["us_hip_ettinger_2010"], central)
    assert 0.0 < measure("ten_years hip women 50") < measure("lifetime hip women 50")


def test_death_in_ms_follows_disability(central):
    """No excess is negative, and whoever lies in bed dies soonest."""
    measure = measure_of(fracture_studies()["us_hip_ettinger_2010"], central)
    ratios = [float(measure(f"ms_death_ratio women 50 {edss}")[0]) for edss in (2, 5, 7, 8, 9)]
    assert ratios == sorted(ratios)
    assert ratios[0] >= 1.0 < ratios[-1]


def test_death_is_more_likely_after_a_hip_fracture(central):
    """The ratio fades with time, the excess does not turn."""
    measure = measure_of(fracture_studies()["haentjens_2010"], central)
    early, late = measure("after_hip_ratio women 80 0.25"), measure("after_hip_ratio women 80 1")
    assert early > late > 1
    assert measure("after_hip_excess men 80 1") > 0


def test_an_unknown_measure_is_an_error(central):
    """A misspelt measure is never silently nothing."""
    with pytest.raises(KeyError):
        measure_of(fracture_studies()["haentjens_2010"], central)("after_hop women 80 1")


# --- Steroids and drugs -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bands(central):
    """Everybody of the British cohort on every dose."""
    setting = fracture_studies()["van_staa_2000"].setting
    assert isinstance(setting, DailySteroid)
    return SteroidBands(setting, central)


def test_a_higher_dose_is_more_fractures_and_the_spine_suffers_most(bands):
    """As a total effect, through density and beyond."""
    for site in ("hip", "spine"):
        ratios = [float(bands.ratio(site, band)[0]) for band in ("lt2_5", "mid", "ge7_5")]
        assert np.all(np.diff(ratios) > 0)
    assert bands.ratio("spine", "mid") > bands.ratio("hip", "mid")


SLOW = pytest.mark.xfail(
    strict=True, reason="0.73 of the hip's excess is there by six months, 0.74 of the spine's (0.76 before decision 16)"
)


@pytest.mark.parametrize("site", [pytest.param("hip", marks=SLOW), pytest.param("spine", marks=SLOW)])
def test_the_excess_is_there_by_six_months_and_half_gone_a_year_after_stopping(bands, site):
    """Fast on, fast off, though density lags behind."""
    assert bands.excess_reached(site, "ge7_5", 0.5) > 0.75
    assert bands.excess_left(site, "ge7_5", 1.0) < 0.5


def test_a_medicine_prevents_fractures_and_nothing_prevents_none(evidence):
    """The same people without the medicine break as much as in the other arm."""
    central = Model(evidence).draws(1).central()
    study = fracture_studies()["freedom_fractures"]
    assert measure_of(study, central)("spine") < 0.9
    without = replace_medicines(study)
    assert measure_of(without, central)("spine")[0] == pytest.approx(1.0)


def test_fractures_after_a_medicine_are_counted_from_its_end(evidence):
    """What a medicine still prevents when it has been stopped is less than what it prevented."""
    central = Model(evidence).draws(1).central()
    study = fracture_studies()["denosumab_stop_long_fractures"]
    during = study.model_copy(update={"setting": study.setting.model_copy(update={"years": 5.0, "since_y": 0.0})})
    assert measure_of(during, central)("spine") < measure_of(study, central)("spine")


def replace_medicines(study):
    """The trial with an empty syringe."""
    return study.model_copy(update={"setting": study.setting.model_copy(update={"medicines": ()})})
