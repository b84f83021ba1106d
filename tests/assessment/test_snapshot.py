"""A life that was lived through once is kept whole: a later question gets the answer of before, to the last digit."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.conftest import DRAWS, NAMES, TODAY, example, known
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.assessment.snapshot import skeleton_of, take_snapshot
from trabecula.model import Model
from trabecula.skeleton import SITES, Skeleton
from trabecula.skeleton.equations import N_STATES
from trabecula.skeleton.markers import NAMES as MARKERS
from trabecula.twin import MarkerSample, Measurements, Scan

finite = st.floats(allow_nan=False, allow_infinity=False)

MODEL = Model.default()


@cache
def again(name):
    """An example taken up where it was kept."""
    first = example(name)
    small = take_snapshot(first.past.skeleton, first.measured, first.model)
    return prepare(first.person, first.on, Model(first.evidence), DRAWS, kept=small)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("plan", ["exercise", "pulses-yearly", "stop-denosumab"])
def test_a_plan_does_the_same_to_somebody_who_was_kept(name, plan):
    """Nothing is rounded on the way: a comparison is equal."""
    first, later = (compare(each(name), [library()[plan]]) for each in (example, again))
    unused = {"evidence": []}  # others have asked the shared examples other things
    assert later.model_copy(update=unused) == first.model_copy(update=unused)


def test_an_answer_names_its_evidence_also_when_the_history_was_kept():
    """The evidence behind a comparison is the same whether the history was lived through for it or not."""
    first = known(20)
    small = take_snapshot(first.past.skeleton, first.measured, first.model)
    later = prepare(first.person, TODAY, Model(first.evidence), 20, kept=small)
    plans = [library()["exercise"]]
    assert compare(later, plans).evidence == compare(first, plans).evidence


@pytest.mark.parametrize("name", NAMES)
def test_what_was_measured_leaves_the_same_draws(name):
    """Scans and markers condition the person who was kept as they did before."""
    first, later = example(name).seen, again(name).seen
    assert np.array_equal(first.who, later.who)
    assert all(np.array_equal(first.level[site], later.level[site]) for site in SITES)


@given(
    numbers=st.lists(finite, min_size=4, max_size=4),
    scans=st.sets(st.integers(1, 9), max_size=3),
    samples=st.sets(st.integers(1, 9), max_size=2),
)
def test_every_number_is_kept_as_it_is(numbers, scans, samples):
    """Whatever the numbers: what was looked at comes back, and the rest is no number."""
    days = np.arange(1.0, 11.0)
    courses = {name: np.outer(numbers, days / 10) for name in (*SITES, *MARKERS)}
    density, markers = ({name: courses[name] for name in names} for names in (SITES, MARKERS))
    past = Skeleton(days, density, markers, {}, np.outer(numbers, np.linspace(0, 1, N_STATES)))
    measured = Measurements(
        tuple(Scan(day, "total_hip", 0.9, 0.01) for day in sorted(scans)),
        tuple(MarkerSample(day, "CTX", 1.0) for day in sorted(samples)),
    )
    found = skeleton_of(take_snapshot(past, measured, MODEL), measured, 10.0, len(numbers), MODEL)
    assert np.array_equal(found.state, past.state)
    assert found.days.tolist() == sorted({*scans, *samples, 10})
    for day, kept_density, kept_marker in zip(
        found.days, found.density["total_hip"].T, found.markers["CTX"].T, strict=True
    ):
        at = int(day) - 1
        assert np.array_equal(kept_density, density["total_hip"][:, at]) == (day in scans)
        assert np.array_equal(kept_marker, markers["CTX"][:, at]) == (day in {*samples, 10})


def test_somebody_else_is_not_taken_up():
    """What was kept with other draws or measurements is refused instead of being misread."""
    few = known(20)
    small = take_snapshot(few.past.skeleton, few.measured, few.model)
    with pytest.raises(ValueError, match="another person, date, model or number of draws"):
        prepare(few.person, TODAY, Model(few.evidence), 21, kept=small)
