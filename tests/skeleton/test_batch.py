"""The kernel of many against the kernel that is read, and that no lane minds its neighbours."""

from dataclasses import replace

import numpy as np
import pytest

import schedules
from trabecula.evidence import Evidence
from trabecula.skeleton import batch
from trabecula.skeleton.equations import LOG_LOAD, LOG_V, OCCUPANCY, SITES, M, healthy_state
from trabecula.skeleton.kernel import MarchError, arrivals, march
from trabecula.skeleton.lanes import LANES_A_GROUP, Hoisted, Level, exp, load, term
from trabecula.skeleton.parameters import individual, kernel_parameters, unknown_person

DRAWS = Evidence.load().draws(37)
PARAMETERS = individual(kernel_parameters(DRAWS), DRAWS, unknown_person(DRAWS))


def lives(schedule, who, **settings):
    """States of some draws at every edge of a schedule."""
    segments = schedule(len(who))
    save = np.arange(len(segments.edges_d))
    return march(segments, PARAMETERS[who], healthy_state(len(who)), save, **settings)


def density(states):
    """Relative density of the three sites."""
    return np.exp(states[..., LOG_V : LOG_V + len(SITES)]) * states[..., M : M + len(SITES)]


@pytest.fixture
def read(monkeypatch):
    """The kernel that is read, in place of that of many."""

    def by_the_other(schedule, who, **settings):
        with monkeypatch.context() as other:
            other.setattr(batch, "takes", lambda *_: False)
            return lives(schedule, who, **settings)

    return by_the_other


@pytest.mark.parametrize("name", schedules.ALL)
def test_agrees_with_the_kernel_that_is_read(name, read):
    """Every draw has the density that the readable kernel gives it, and errs no more."""
    who, schedule = np.arange(20), schedules.ALL[name]
    many, one = lives(schedule, who), read(schedule, who)
    tight = density(read(schedule, who, rtol=1e-6))
    assert np.abs(density(many) - density(one)).max() <= 2e-5
    off, own = (np.abs(density(states) - tight).max() for states in (many, one))
    assert off <= 1.1 * own + 5e-6


def test_a_draw_is_the_same_to_the_last_bit_in_any_batch_and_lane():
    """Whoever else is marched, on however many threads: pulses and quiet years mix both methods in one group."""
    for schedule in (schedules.pulses_and_denosumab, schedules.daily_prednisone):
        whole = lives(schedule, np.arange(37), threads=1)
        assert np.array_equal(whole, lives(schedule, np.arange(37), threads=3))
        assert np.array_equal(whole[::-1], lives(schedule, np.arange(37)[::-1]))
        for who in ([5], [36, 2, 11], list(range(3, 3 + LANES_A_GROUP + 1))):
            assert np.array_equal(whole[who], lives(schedule, np.array(who)))


def test_an_absurd_person_is_named_and_the_others_are_as_without_them():
    """A skeleton that carries nothing stops, says so, and leaves the others as they are to the last bit."""
    n, absurd = 20, 7
    segments = schedules.pulses_and_denosumab(n)
    start = segments.start.copy()
    start[absurd, :, LOG_LOAD:] = -60.0
    start[absurd, :, OCCUPANCY] = 1e9
    given = replace(segments, start=start, end=np.where(start != segments.start, start, segments.end))
    save = np.arange(len(given.edges_d))
    states, stopped = arrivals(given, PARAMETERS[:n], healthy_state(n), save)
    others = np.delete(np.arange(n), absurd)
    assert [error.draw for error in stopped] == [absurd]
    assert np.isnan(states[absurd]).any()
    assert np.array_equal(states[others], lives(schedules.pulses_and_denosumab, others))
    with pytest.raises(MarchError, match=str(absurd)):
        march(given, PARAMETERS[:n], healthy_state(n), save)


def test_a_dose_to_one_does_not_touch_another():
    """A draw without doses is the same beside one that is given some."""
    segments = schedules.denosumab_stopped(2)
    dose = np.repeat(segments.dose, 2, axis=0)
    dose[1] = 0.0
    save = np.arange(len(segments.edges_d))
    both = march(replace(segments, dose=dose), PARAMETERS[:2], healthy_state(2), save)
    alone = replace(segments, start=segments.start[1:], end=segments.end[1:], dose=dose[1:])
    assert np.array_equal(both[1:], march(alone, PARAMETERS[1:2], healthy_state(1), save))


def test_inputs_that_move_within_a_segment_are_for_the_other_kernel():
    """Occupancy is taken as steady; where it is not, and for tight tolerances, the readable kernel marches."""
    segments = schedules.pulses_and_denosumab(1)
    moving = segments.end.copy()
    moving[:, 0, OCCUPANCY] += 0.1
    assert batch.takes(segments, 1e-4, equations=batch.Equations())
    assert not batch.takes(replace(segments, end=moving), 1e-4, batch.Equations())
    assert not batch.takes(segments, 1e-6, batch.Equations())


def test_what_is_computed_twice_is_one_term():
    """The same operation on the same terms is the same term, and numbers are worked out beforehand."""
    x, y = load("work", 0), load("work", 1)
    assert x * y + 1.0 is x * y + 1.0
    assert (term(2.0) * 3.0).operands == (6.0,)
    assert x * 1.0 + 0.0 is x
    with pytest.raises(TypeError, match="decides"):
        bool(x - y)


def test_what_changes_seldom_is_kept():
    """A division by a letter becomes a product with its inverse, which is worked out once a draw."""
    letter, state = load("sums", 0, Level.DRAW), load("work", 0)
    hoisted = Hoisted("work", 10, 2, Level.SEGMENT)
    assert hoisted(state / letter) is state * load("work", 10, Level.DRAW)
    assert list(hoisted.kept) == [1.0 / letter]
    with pytest.raises(ValueError, match="more than 2"):
        hoisted(state * exp(letter) + state * (letter + 1.0))
