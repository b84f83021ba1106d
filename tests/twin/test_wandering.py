"""The wandering of bones through life: a stationary process that belongs to a draw, whatever the day of assessment."""

import numpy as np
import pytest
from twin_people import EVIDENCE

from trabecula.model import Model
from trabecula.twin.likelihood import ResampledDraws, resample
from trabecula.twin.wandering import wandering
from trabecula.units import days


def path(today_y, scanned_y=(), draws=None, memory_y=60.0):
    """(nodes, numbers) of a path of a person assessed and scanned at some ages."""
    draws = draws or Model(EVIDENCE).draws(50)
    return wandering(days(today_y), days(np.array(scanned_y, float)), draws, np.full(draws.n, memory_y), days(80.0))


def on(found, age_y):
    """The numbers on one of the days of a path [n, sites]."""
    nodes, numbers = found
    return numbers[:, :, int(np.searchsorted(nodes, days(age_y)))]


@pytest.mark.parametrize("age_y", [30.0, 50.25, 50.5, 61.9])
def test_people_differ_as_the_table_says_also_between_birthdays(age_y):
    """The variance is 1 on birthdays and on every day between them."""
    found = path(age_y, [61.2], Model(EVIDENCE).draws(4000), memory_y=2.0)
    assert on(found, age_y).std(axis=0) == pytest.approx(1.0, abs=0.04)


def test_two_days_are_as_alike_as_the_memory_says():
    """exp(-|t - t'| / memory) between a scan and today, which lie between birthdays."""
    found = path(50.5, [48.25], Model(EVIDENCE).draws(4000), memory_y=4.0)
    alike = np.corrcoef(on(found, 50.5).T, on(found, 48.25).T)[range(3), range(3, 6)]
    assert alike == pytest.approx(np.full(3, np.exp(-2.25 / 4.0)), abs=0.04)


def test_a_day_later_nobody_has_another_life():
    """Birthdays and scans stay what they were, and today moves by what a day moves."""
    before, after = (path(50.5 + shift, [44.3]) for shift in (0.0, 1.0 / 365.25))
    for age_y in (30.0, 44.3, 50.0, 51.0, 79.0):
        assert np.array_equal(on(before, age_y), on(after, age_y))
    assert np.abs(on(before, 50.5) - on(after, 50.5 + 1.0 / 365.25)).max() < 0.01


@pytest.mark.parametrize("passed_y", [50.0, 44.3])
def test_a_birthday_or_a_scan_that_passes_is_no_jump(passed_y):
    """An hour before and an hour after it, today is what it is on the day itself."""
    hour = 1.0 / 365.25 / 24.0
    for shift in (-hour, hour):
        found = path(passed_y + shift, [44.3])
        assert on(found, passed_y + shift) == pytest.approx(on(found, passed_y), abs=0.03)


def test_a_scan_on_a_birthday_is_that_birthday():
    """No day stands twice in a path."""
    nodes, numbers = path(50.0, [44.0, 44.0])
    assert np.array_equal(nodes, np.unique(nodes))
    assert np.array_equal(numbers, path(50.0)[1])


def test_weights_that_move_a_little_leave_nearly_the_same_draws_with_the_same_luck():
    """One in a thousand more or less on a weight changes a few draws of a thousand, and none of the others' keys."""
    whole, share = Model(EVIDENCE).draws(1000), np.random.default_rng(1).dirichlet(np.ones(1000))
    nearly = share * (1.0 + 1e-3 * np.random.default_rng(2).normal(size=1000))
    kept = [set(ResampledDraws(whole, resample(s / s.sum(), 1)).keys.tolist()) for s in (share, nearly)]
    assert len(kept[0] & kept[1]) >= 990


def test_copies_of_a_draw_differ_in_their_luck_and_in_nothing_else():
    """Each copy has a key of its own; what is not known of the person is the draw's."""
    whole = Model(EVIDENCE).draws(10)
    copies = ResampledDraws(whole, np.array([2, 2, 2, 5]))
    assert len(set(copies.keys.tolist())) == 4
    assert copies.keys[3] == 5
    assert np.array_equal(copies.normal("trait"), whole.normal("trait")[[2, 2, 2, 5]])


def test_draws_appear_as_often_as_their_weights_say_on_average():
    """Over many seeds the mean count of a draw is its weight, to a few parts in a hundred."""
    share = np.array([0.31, 0.23, 0.17, 0.13, 0.09, 0.07])
    counts = np.mean([np.bincount(resample(share, seed), minlength=6) for seed in range(2000)], axis=0)
    assert counts == pytest.approx(6 * share, rel=0.06)
