"""Germany and Italy: what was printed about them comes back, and what was not used is not far."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from trabecula.fracture import Exposure, baseline, fracture_risk, mortality, time_grid

SEXES = {"female": "women", "male": "men"}
BAND_AGES = range(40, 105, 5)
LIFE_TABLES = {"DE": "mortality.destatis_2024.e0", "IT": "mortality.istat_2017.e0"}
FINDINGS = "population_fracture."


def people(evidence, where, group):
    """How many there are of each age band, counted by the United Nations."""
    return {age: evidence.finding(f"population.wpp_2019.{where}_{group}_{age}").value for age in BAND_AGES}


def fractures(evidence, central, site, sex, country, where, low, high=200):
    """(fractures a year, people) of an age range, band by band."""
    present = {age: n for age, n in people(evidence, where, SEXES[sex]).items() if low <= age < high}
    rate = {age: baseline.incidence(site, sex, country, age + np.arange(5) + 0.5, central)[0].mean() for age in present}
    return sum(present[age] * rate[age] for age in present), sum(present.values())


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("country", LIFE_TABLES)
def test_life_expectancy_at_birth_is_the_printed_one(country, sex, central, evidence):
    """Added up from the life table, within half a year: 83.2 and 78.5 in Germany, 84.9 and 80.6 in Italy."""
    rate = mortality.background(sex, country, np.arange(110) + 0.5, central)[0]
    alive = np.exp(-np.cumsum(np.append(0, rate)))
    printed = evidence.finding(f"{LIFE_TABLES[country]}_{SEXES[sex]}").value
    assert (alive[:-1] + alive[1:]).sum() / 2 == pytest.approx(printed, abs=0.5)


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("country", LIFE_TABLES)
def test_hip_fractures_rise_with_age(country, sex, central):
    """Older is never safer, from 20 on."""
    assert np.all(np.diff(baseline.incidence("hip", sex, country, np.linspace(20, 110, 91), central)) >= 0)


@pytest.mark.parametrize("country", LIFE_TABLES)
def test_above_65_women_break_their_hips_more_often_than_men(country, central):
    """At every age, as everywhere in Europe."""
    age = np.arange(65, 100) + 0.5
    women, men = (baseline.incidence("hip", sex, country, age, central) for sex in SEXES)
    assert np.all(women > men)


@pytest.mark.parametrize("country", LIFE_TABLES)
def test_what_is_assumed_is_less_certain(country, evidence):
    """Where a country has no count at a site, its spread is wider than where it has one."""
    place = country.lower()
    levels = [evidence.fresh()[name] for name in evidence if name.startswith(f"fracture.level.{place}.")]
    assumed = {level.spread.sd for level in levels if level.assumed}
    counted = {level.spread.sd for level in levels if not level.assumed}
    assert min(assumed) > max(counted)


@pytest.mark.parametrize("sex", SEXES)
def test_germany_breaks_fewer_hips_than_sweden(sex, central):
    """The same people, by age, with the rates of either: Sweden has the most in comparisons of many countries."""
    assert alike("DE", sex, central) < alike("SE", sex, central)


def test_the_script_finds_the_numbers_in_use(evidence):
    """What the arithmetic gives is what the registry has, for every table and level of both countries."""
    script = scale_countries()
    for name, value in {**script.germany(evidence), **script.italy(evidence)}.items():
        assert evidence[name].value == pytest.approx(value, rel=1e-3), name


def scale_countries():
    """The script of the project, loaded as a module."""
    path = Path(__file__).parents[2] / "scripts" / "scale_countries.py"
    spec = importlib.util.spec_from_file_location("scale_countries", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def alike(country, sex, central):
    """Mean hip fracture rate from 50 on over the ages of a stationary Swedish population."""
    age = np.arange(50, 110) + 0.5
    alive = np.exp(-np.cumsum(mortality.background(sex, "SE", age, central)[0]))
    rate = baseline.incidence("hip", sex, country, age, central)[0]
    return (alive * rate).sum() / alive.sum()


# Germany


def test_the_hip_fractures_of_germans_add_up_to_the_printed_people(central, evidence):
    """Of 2010: 128,240 with a first admission, 29 % of them men: what the table is scaled to, so no forecast."""
    women, men = (fractures(evidence, central, "hip", sex, "DE", "de_2010", 40)[0] for sex in SEXES)
    assert women + men == pytest.approx(evidence.finding(f"{FINDINGS}icks_2013.hip_persons_2010").value, rel=0.005)
    share = evidence.finding(f"{FINDINGS}nhdr_lower_2021.femur_share_men_2010").value
    assert 100 * men / (women + men) == pytest.approx(share, abs=0.1)


@pytest.mark.parametrize("sex", SEXES)
def test_pelvic_fractures_of_germans_are_near_those_of_bavaria(sex, central, evidence):
    """From 65 to 90 as many as were printed for an insurance fund there, within a fifth: that was not used."""
    age_y, dt_y = time_grid(65, 90, 25)
    made = fracture_risk(Exposure(sex, "DE", age_y, dt_y), {}, central, (25,)).at("pelvis", 25)[0]
    printed = evidence.finding(f"{FINDINGS}bavaria_pelvis_2013.pelvis_65_to_90_{SEXES[sex]}").value
    assert 100 * made == pytest.approx(printed, rel=0.2)


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize(
    ("site", "kinds"), [("forearm", ["forearm"]), ("humerus", ["proximal_humerus", "distal_humerus"])]
)
def test_more_germans_break_an_arm_than_go_to_hospital_for_it(sex, site, kinds, central, evidence):
    """Inpatients of 2017 are a lower limit, and no small part, of the fractures that the levels give for 2010."""
    made, _ = fractures(evidence, central, site, sex, "DE", "de_2010", 40)
    inpatients = sum(evidence.finding(f"{FINDINGS}nhdr_upper_2020.{k}_{SEXES[sex]}_2017").value for k in kinds)
    assert 0.5 < inpatients / made < 1


# Italy


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize(("band", "low", "high"), [("65_74", 65, 75), ("75_84", 75, 85), ("85plus", 85, 200)])
def test_italian_hip_rates_are_the_printed_admissions_less_the_repeated_ones(sex, band, low, high, central, evidence):
    """In each band of age 0.93 of the admissions of 2014, people over admissions, but for the rounding of the table."""
    cases, present = fractures(evidence, central, "hip", sex, "IT", "it_2008", low, high)
    printed = evidence.finding(f"{FINDINGS}tarantino_2018.hip_{SEXES[sex]}_{band}_2014").value
    assert 10_000 * cases / present == pytest.approx(0.931 * printed, rel=0.02)


@pytest.mark.parametrize("site", ["spine", "humerus", "forearm"])
def test_the_other_fractures_of_italians_add_up_to_the_printed_counts(site, central, evidence):
    """Of 2008, from 40 on, women and men together."""
    made = sum(fractures(evidence, central, site, sex, "IT", "it_2008", 40)[0] for sex in SEXES)
    assert made == pytest.approx(evidence.finding(f"{FINDINGS}piscitelli_2011.{site}_2008").value, rel=0.005)


@pytest.mark.parametrize("sex", SEXES)
def test_italy_breaks_fewer_hips_than_germany(sex, central):
    """The same people, by age: Germany stands between Italy and Sweden, as in comparisons of many countries."""
    assert alike("IT", sex, central) < alike("DE", sex, central) < alike("SE", sex, central)


def test_italian_women_of_the_oldest_ages_break_an_upper_arm_as_often_as_printed(central):
    """Printed for 2006, not used: up to 600 per 100,000 and more between 75 and 95."""
    rates = 100_000 * baseline.incidence("humerus", "female", "IT", np.arange(75, 95) + 0.5, central)[0]
    assert rates.max() > 600
    assert rates.mean() == pytest.approx(700, rel=0.25)
