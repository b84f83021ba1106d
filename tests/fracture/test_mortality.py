"""Death: life table, disability, hip fractures."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from trabecula.fracture import LIFETIME, PriorFracture, fracture_risk, mortality

from .conftest import person

SHARED = Path(os.environ.get("SHARED", Path(__file__).parents[3] / "shared"))


@pytest.mark.parametrize(("group", "sex"), [("women", "female"), ("men", "male")])
def test_the_life_table_is_the_printed_one(group, sex, central, evidence):
    """The yearly probability of dying comes back at the ages that the registry also holds one by one."""
    for age in (50, 60, 70, 80, 90):
        rate = mortality.background(sex, "US", np.array([age + 0.5]), central)[0, 0]
        assert 1 - np.exp(-rate) == pytest.approx(evidence.finding(f"mortality.ssa_2015.q{age}_{group}").value)


def test_the_whole_life_table_was_copied(evidence):
    """Every age and sex is the number of the source file."""
    table = SHARED / "science" / "life_table_us_2015.csv"
    if not table.exists():
        pytest.skip("the life table is not on this machine")
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            group = {"female": "women", "male": "men"}[row["sex"]]
            assert evidence[f"mortality.us.{group}"].value[int(row["age"])] == pytest.approx(float(row["q"]))


def test_death_follows_disability_not_the_diagnosis(draws):
    """Hardly disabled nobody's life is shorter; from EDSS 4 to 6.5 the rate lies between the two that are printed."""
    for edss in (0.0, 1.0, 2.0):
        assert np.all(mortality.ms_ratio(person(edss=edss), draws) == 1)
    for edss in (4.0, 6.5):
        first = mortality.ms_ratio(person(edss=edss), draws.central())[:, 0]
        assert 1.0 < first < 1.6


def test_from_edss_7_on_more_disability_is_never_less_death(draws):
    """The ratio rises from 2.1 to 39.5 before age takes some of it away."""
    ratios = np.array([mortality.ms_ratio(person(55, edss=edss), draws)[:, 0] for edss in np.arange(6.5, 10, 0.5)])
    assert np.all(np.diff(ratios, axis=0) >= 0)


def test_the_relative_excess_fades_with_age(central):
    """At 95 much less of it is left than at 55."""
    ratio = mortality.ms_ratio(person(55, edss=8.0), central)[0]
    assert ratio[0] == pytest.approx(3.4)
    assert ratio[-1] < ratio[0] / 2


def test_a_recent_hip_fracture_threatens_life(central):
    """5.75 times the death rate in women and 7.95 in men for three months, little after ten years."""
    for sex, printed in (("female", 5.75), ("male", 7.95)):
        ratio = mortality.after_hip_ratio(sex, (PriorFracture("hip", 0),), np.array([0.1, 1.0, 10.0]), central)[0]
        assert ratio[0] == pytest.approx(printed)
        assert ratio[0] > ratio[1] > ratio[2] >= 1


def test_other_fractures_do_not(central):
    """Only the hip has a printed excess here."""
    assert mortality.after_hip_ratio("female", (PriorFracture("forearm", 0),), np.array([0.1]), central) == 1


def test_competing_death_lowers_lifetime_fracture_risk(central):
    """The same bones and falls with a higher death rate: fewer live to break a hip."""
    less, more = (central.evidence.replacing({"mortality.ms.excess": [0] * 9}), central.evidence)
    risks = [fracture_risk(person(edss=8.0), {}, each.draws(1).central(), (10, LIFETIME)) for each in (less, more)]
    for horizon in (10, LIFETIME):
        assert risks[1].at("hip", horizon) < risks[0].at("hip", horizon)


def test_everybody_dies(central):
    """By the end of the grid, with or without MS."""
    risks = fracture_risk(person(edss=2.0), {}, central, (LIFETIME,))
    assert risks.death[0, 0] > 0.999
