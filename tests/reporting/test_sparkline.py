import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.drawing.characters import BARS, NOW, between, sparkline

widths = st.integers(1, 40)


@given(widths, st.floats(20, 60))
def test_a_course_is_as_wide_as_asked_and_marks_today_once(width, now):
    """One character each, one of them the mark."""
    drawn = sparkline((20, 60), (1.0, 0.8), now, 1.0, width)
    assert len(drawn) == width
    assert drawn.count(NOW) == 1


def test_a_level_course_is_level():
    """Nothing changes, no bar differs."""
    assert sparkline((20, 60), (1.0, 1.0), 60, 1.0, 5) == "████" + NOW


def test_a_small_loss_looks_small():
    """Five per cent of the density is less than one bar."""
    drawn = sparkline((20, 60), (1.0, 0.95), 20, 1.0, 9)
    heights = [BARS.index(each) for each in drawn if each != NOW]
    assert max(heights) - min(heights) <= 1


def test_half_of_the_highest_density_is_the_lowest_bar():
    """The scale is fixed: a bar means the same whatever the course does."""
    assert sparkline((0, 1, 2), (1.0, 0.5, 0.2), 0, 1.0, 3) == NOW + "▁▁"


def test_bars_fall_where_the_course_falls():
    """A falling course never has a higher bar after a lower one."""
    drawn = sparkline((20, 40, 60), (1.0, 0.9, 0.5), 20, 1.0, 20)[1:]
    assert list(drawn) == sorted(drawn, reverse=True)


@pytest.mark.parametrize(("at", "value"), [(0, 1.0), (1, 1.0), (2, 0.5), (3, 0.0), (9, 0.0)])
def test_between_points_a_course_is_straight_and_beyond_them_level(at, value):
    """Linear between the given points, held at the ends."""
    assert between(at, (1, 3), (1.0, 0.0)) == value
