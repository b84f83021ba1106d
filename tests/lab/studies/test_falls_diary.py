"""People who keep a fall calendar."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.falls_diary import by_replicate, expected_falls, fall_counts, measure
from trabecula.lab.studies.fracture_record import FallDiary
from trabecula.model import Model
from trabecula.people import TruncatedNormal


@pytest.fixture(scope="module")
def central():
    """One draw at the values themselves."""
    return Model.default().draws(1).central()


@pytest.fixture(scope="module")
def ambulant(central):
    """Two hundred diaries of 537 ambulant people with MS."""
    return fall_counts(fracture_studies()["nilsagard_2015"].setting, central, 200, seed=1)


def diary(**more):
    """A diary of three months."""
    return FallDiary(
        **{
            "n": 2000,
            "months": 3.0,
            "age_y": TruncatedNormal(mean=51.5, sd=0.0),
            "women": 0.7,
            "volunteers": True,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("what", "finding", "near"),
    [("fallers", "fallers", 5), ("fallers_twice", "fallers_2plus", 5), ("mean", "mean_3mo", 0.8)],
)  # fmt: skip
def test_537_people_fall_as_the_diaries_say(ambulant, what, finding, near):
    """The expectation over 200 replicates is within 5 points, or a quarter of the mean."""
    printed = Evidence.load().finding(f"ms_falls.nilsagard_2015.{finding}").value
    assert measure(ambulant, what)[0] == pytest.approx(printed, abs=near)


def test_one_diary_differs_from_the_next(ambulant):
    """As much as 537 people let expect: some two points of the share who fall."""
    spread = float(ambulant.fallers.std())
    assert 0.015 < spread < 0.03


def test_whoever_falls_twice_has_fallen(ambulant):
    """In every replicate."""
    assert np.all(ambulant.fallers_twice < ambulant.fallers)


def test_counts_average_what_was_expected(central):
    """Over many people the mean count is the mean rate, for all that they differ."""
    kept = fall_counts(diary(n=40000, edss=((4.0, 1.0),)), central, 1, seed=2)
    alike = fall_counts(diary(n=2000, edss=((4.0, 1.0),)), central, 20, seed=2)
    assert kept.per_year[0, 0] == pytest.approx(alike.per_year.mean(), rel=0.02)


def test_wheelchair_users_still_fall_and_people_without_ms_fall_least(central):
    """In the order of the EDSS curve."""
    share = {
        name: measure(fall_counts(diary(**more), central, 5, seed=3), "fallers")[0]
        for name, more in {
            "walks": {"edss": ((6.0, 1.0),)},
            "wheelchair": {"edss": ((6.0, 1.0),), "wheelchair": True},
            "without": {"ms": False},
        }.items()
    }
    assert share["walks"] > share["wheelchair"] > share["without"] > 10


def test_the_same_seed_gives_the_same_diary(central):
    """And another seed another."""
    one, same, other = (fall_counts(diary(n=50), central, 2, seed) for seed in (5, 5, 6))
    assert np.array_equal(one.counts, same.counts)
    assert not np.array_equal(one.counts, other.counts)


@pytest.mark.parametrize("what", ["fallers", "fallers_twice", "fallers_thrice", "mean", "per_year", "fallers_count"])
def test_an_expectation_is_what_many_diaries_find_on_average(what, central):
    """The expectation counts nobody, and differs from two hundred diaries by less than those differ."""
    setting = fracture_studies()["nilsagard_2015"].setting
    kept = by_replicate(fall_counts(setting, central, 200, seed=1), what)
    expected = expected_falls(setting, central, seed=1).measure(what)
    assert expected[0] == pytest.approx(kept[0].mean(), abs=kept[0].std())
