from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trabecula.evidence import Evidence
from trabecula.people import MsPopulation, Population, TruncatedNormal, sample
from trabecula.units import days_since_birth, years

ON = date(2000, 1, 1)
EVIDENCE = Evidence.load()
MS = MsPopulation(
    years_since_onset=TruncatedNormal(mean=8.0, sd=4.0, low=0.5, high=40.0),
    edss=TruncatedNormal(mean=3.0, sd=1.5, low=0.0, high=8.0),
)


def people(size=40, seed=1, **fields):
    """People of a population, women and men of 40 to 60 unless said otherwise."""
    usual = {"n": 100, "age_y": TruncatedNormal(mean=50.0, sd=5.0, low=20.0, high=90.0), "women": 0.5}
    return sample(Population(**{**usual, **fields}), size, ON, seed, EVIDENCE)


def ages(sampled):
    """How old they are."""
    return np.array([years(days_since_birth(ON, each.birth_date)) for each in sampled])


def test_the_same_seed_gives_the_same_people():
    """And another seed gives others."""
    assert people(ms=MS) == people(ms=MS)
    assert people(ms=MS) != people(ms=MS, seed=2)


@settings(max_examples=20, deadline=None)
@given(size=st.integers(8, 60), seed=st.integers(0, 1000), mean=st.floats(35.0, 70.0), sd=st.floats(0.5, 8.0))
def test_a_few_people_stand_for_many(size, seed, mean, sd):
    """Whatever the luck of the draw, the mean age is that of the population."""
    sampled = ages(people(size, seed, age_y=TruncatedNormal(mean=mean, sd=sd)))
    assert sampled.mean() == pytest.approx(mean, abs=0.01)
    assert 0.75 * sd < sampled.std() <= sd + 0.01


@settings(max_examples=20, deadline=None)
@given(size=st.integers(1, 60), women=st.floats(0.0, 1.0))
def test_as_many_are_women_as_took_part(size, women):
    """To the nearest person."""
    found = sum(each.sex == "female" for each in people(size, women=women))
    assert abs(found - women * size) <= 1


def test_nobody_is_older_or_younger_than_those_who_took_part():
    """The limits of a study hold for its virtual people, to the day."""
    sampled = ages(people(200, age_y=TruncatedNormal(mean=50.0, sd=20.0, low=45.0, high=55.0)))
    assert sampled.min() >= 44.99
    assert sampled.max() <= 55.01


def test_a_spread_of_nothing_gives_everybody_the_mean():
    """A study of people of one age."""
    assert ages(people(5, age_y=TruncatedNormal(mean=62.0, sd=0.0))) == pytest.approx([62.0] * 5, abs=0.01)


def test_women_before_the_menopause_have_it_before_them():
    """At an age they have not reached, and the same whatever is drawn later."""
    sampled = people(women=1.0, menopause="premenopausal")
    assert all(each.menopause.age_y >= age - 0.01 for each, age in zip(sampled, ages(sampled), strict=True))


def test_draws_that_are_alike_give_the_same_study():
    """Nothing in a virtual study is drawn anew by the number of the draw: a fit may tell its draws apart."""
    from trabecula.lab.studies.collection import studies
    from trabecula.lab.studies.virtual import run
    from trabecula.model import Model, ModelDraws

    alike = ModelDraws(Model.default(), 3, 1, central=True)
    arms = run(studies()["okada_2008"], alike, 3)
    for readings in arms.values():
        assert all((values == values[:, :1]).all() for values in readings.values.values())


def test_women_after_the_menopause_have_one_behind_them():
    """At an age they have reached."""
    sampled = people(women=1.0, menopause="postmenopausal")
    assert all(each.menopause is not None for each in sampled)
    assert all(each.menopause.age_y <= age + 0.01 for each, age in zip(sampled, ages(sampled), strict=True))


def test_printed_years_since_menopause_are_met():
    """The mean of those sampled is the printed mean."""
    since = TruncatedNormal(mean=4.0, sd=1.0, low=0.0, high=10.0)
    sampled = people(women=1.0, menopause="postmenopausal", years_since_menopause=since)
    behind = ages(sampled) - np.array([each.menopause.age_y for each in sampled])
    assert behind.mean() == pytest.approx(4.0, abs=0.1)


def test_men_have_no_menopause():
    """Neither one nor the lack of one."""
    assert all(each.menopause is None and each.menopausal is None for each in people(women=0.0))


def test_ms_began_in_the_past_and_was_seen_on_the_day():
    """Disability is on the scale, which has no 0.5."""
    for each in people(ms=MS):
        (visit,) = each.ms.disability
        assert each.birth_date < each.ms.onset < ON
        assert visit.date == ON
        assert (visit.edss * 2).is_integer()
        assert visit.edss != 0.5
        assert 0.0 <= visit.edss <= 8.0


def test_people_of_a_population_without_ms_have_none():
    """MS is not assumed."""
    assert all(each.ms is None for each in people())
