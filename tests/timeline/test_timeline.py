"""The timeline as a whole."""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trabecula.timeline import Timeline
from trabecula.units import days as days_in

MS = {
    "onset": "2004-01-01",
    "course": "relapsing",
    "disability": [{"date": "2010-01-01", "edss": 2.0}, {"date": "2020-01-01", "edss": 6.5}],
    "relapses": [{"date": "2012-01-01"}],
}
PULSE = {"as_written": "5 x 1 g IV methylprednisolone", "start": "2010-06-01"}
DAILY = {"drug": "prednisone", "dose_mg": 7.5, "start": "2012-01-01", "end": "2021-12-31"}
MS_CHANNELS = {"edss", "edss_sd", "wheelchair", "aid", "relapse"}

years = st.integers(2000, 2030)
steroids = st.lists(
    st.builds(
        lambda year, dose, days, every: {
            "drug": "prednisone",
            "start": f"{year}-03-01",
            "dose_mg": dose,
            "days": days,
            "every_days": every,
        },
        years,
        st.floats(1.0, 100.0),
        st.integers(1, 2000),
        st.sampled_from([1, 2]),
    ),
    max_size=4,
)
pregnancies = st.lists(st.builds(lambda year: {"delivery": f"{year}-08-01"}, st.integers(2000, 2020)), max_size=2)


def middle_values(timeline: Timeline, name: str, days: np.ndarray) -> np.ndarray:
    """Any channel on any days."""
    channel = getattr(timeline, name)
    return timeline.linear_at(days, channel) if channel.ndim == 2 else timeline.flag_at(days, channel)


@settings(deadline=None, max_examples=60)
@given(steroids, pregnancies, st.booleans(), st.lists(st.floats(16800.0, 20400.0), max_size=8))
def test_edges_cover_the_time_and_every_channel_fits_them(build, steroids, pregnancies, has_ms, grid):
    """Strictly rising from the first day to the last, grid days exact, one value a segment."""
    timeline = build(steroids=steroids, pregnancies=pregnancies, grid_days=grid, **({"ms": MS} if has_ms else {}))
    k = len(timeline.edges_d) - 1
    assert np.all(np.diff(timeline.edges_d) > 0.0)
    assert (timeline.edges_d[0], timeline.edges_d[-1]) == (timeline.start_day, timeline.end_day)
    assert set(grid) <= set(timeline.edges_d)
    for each in fields(timeline):
        value = getattr(timeline, each.name)
        if isinstance(value, np.ndarray) and each.name != "edges_d":
            assert value.shape[0] == k, each.name


@settings(deadline=None, max_examples=40)
@given(steroids)
def test_the_doses_of_all_courses_add_up_to_what_was_prescribed(build, steroids):
    """Nothing is lost between the record and the segments (courses that end before the timeline does)."""
    ended = [each for each in steroids if int(each["start"][:4]) < 2030]
    timeline = build(steroids=ended, until=date(2040, 1, 1))
    prescribed = sum(each["dose_mg"] * len(range(0, each["days"], each["every_days"])) for each in ended)
    assert prescribed == pytest.approx(timeline.prednisone_mg @ timeline.lengths_d)


def test_without_ms_only_the_channels_of_ms_change(build):
    """Steroids, hormones and medicines are what they are, with MS or without it."""
    rest = {"steroids": [PULSE, DAILY], "pregnancies": [{"delivery": "2012-06-01"}], "calcium_mg_per_day": 1000.0}
    with_ms, without = build(ms=MS, **rest), build(**rest)
    days = np.linspace(days_in(25.0), days_in(55.0), 3000)
    for each in fields(with_ms):
        value = getattr(with_ms, each.name)
        if isinstance(value, np.ndarray) and each.name not in MS_CHANNELS | {"edges_d"}:
            a, b = (middle_values(timeline, each.name, days) for timeline in (with_ms, without))
            assert np.array_equal(a, b, equal_nan=value.dtype.kind == "f"), each.name
    assert np.isnan(without.edss).all()
    assert not without.relapse.any()
    assert not without.wheelchair.any()


def test_the_timeline_starts_at_25_or_at_the_first_exposure(build, day):
    """MS at 22 or steroids at 20 come before peak bone mass is taken as reached."""
    assert build().start_day == days_in(25.0)
    assert build(ms={"onset": "2002-05-01"}).start_day == day("2002-05-01")
    assert build(steroids=[{**PULSE, "start": "2000-03-01"}]).start_day == day("2000-03-01")


def test_ten_years_of_daily_tablets_are_few_segments(build):
    """The steady dose itself adds only its beginning and its end."""
    assert len(build(steroids=[DAILY]).edges_d) - len(build().edges_d) < 12


def test_an_ongoing_course_lasts_to_the_end_and_is_chronic_from_its_first_day(build, day):
    """Even when it began the day before the timeline ends, it isn't taken for a pulse."""
    ongoing = {"drug": "prednisone", "dose_mg": 20.0, "start": "2025-12-20"}
    timeline = build(steroids=[ongoing], until=date(2026, 1, 2))
    assert timeline.flag_at([day("2025-12-25"), timeline.end_day], timeline.prednisone_mg) == pytest.approx(
        [20.0, 20.0]
    )
    assert not timeline.pulse.any()


def test_a_day_lies_in_the_segment_that_it_begins(build, day):
    """The first infusion day is the first with occupancy."""
    timeline = build(steroids=[PULSE])
    before, first = timeline.flag_at([day("2010-06-01") - 0.5, day("2010-06-01")], timeline.occupancy)
    assert before == 0.0
    assert first > 0.8


def test_the_same_record_gives_the_same_timeline(build):
    """Nothing is drawn here."""
    a, b = (build(ms=MS, steroids=[PULSE, DAILY]) for _ in range(2))
    assert np.array_equal(a.occupancy, b.occupancy)
    assert np.array_equal(a.edges_d, b.edges_d)


def test_a_missing_scan_is_the_first_thing_that_is_said(build):
    """The costliest gap comes first, and a scan closes it."""
    scan = {"date": "2020-01-01", "site": "total_hip", "t_score": -1.5}
    assert "scan" in str(build().assumptions[0].what)
    assert not any("scan" in str(gap.what) for gap in build(dxa=[scan]).assumptions)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"until": date(2004, 1, 1), "on": date(2004, 1, 1)}, "until"),
        ({"on": date(1970, 1, 1)}, "on"),
        ({"grid_days": [1e6]}, "grid_days"),
    ],
)
def test_a_question_outside_of_a_life_is_refused_with_its_name(build, asked, message):
    """Which argument is wrong, and what to do."""
    with pytest.raises(ValueError, match=f"^{message}:"):
        build(**asked)
