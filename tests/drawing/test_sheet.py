import re

import numpy as np
import pytest
from matplotlib.ticker import MaxNLocator

from reporting.conftest import make_assessment
from reporting.pages.conftest import make_comparison, make_scan, plan
from trabecula.drawing.sheet import PictureSheet, round_ticks
from trabecula.drawing.style import in_style, written
from trabecula.reporting import pictures
from trabecula.words.language import language

STEPS = (1, 2, 2.5, 5, 10)


@pytest.mark.parametrize("bins", [2, 3, 5, 9])
@pytest.mark.parametrize("low", [-37.31, -0.123, 0.0, 0.617, 44.43])
def test_ticks_are_where_matplotlib_has_them(low, bins):
    """Within the limits, for narrow data and for wide ones."""
    for wide in np.geomspace(0.0037, 317.0, 40):
        high = low + wide
        theirs = [tick for tick in MaxNLocator(bins, steps=STEPS).tick_values(low, high) if low <= tick <= high]
        ours = [tick for tick in round_ticks(low, high, bins, STEPS) if low <= tick <= high]
        np.testing.assert_allclose(ours, theirs, atol=1e-9 * max(abs(low), abs(high)))


@pytest.mark.parametrize("code", ["en", "de"])
def test_a_picture_says_the_same_on_a_sheet_and_in_the_hands_of_matplotlib(code):
    """Every word and figure, as often."""
    lang = language(code)
    full = make_assessment(scans=[make_scan()])
    drawn = (
        pictures.trajectory(full, lang),
        pictures.risks_over_time(full, lang),
        pictures.plans(make_comparison(plan("x", "X", -0.01, -0.02, 0.01)), lang),
    )
    for picture in drawn:
        with in_style():
            theirs = re.findall(r"<text[^>]*>([^<]+)</text>", written(picture.figure))
        assert sorted(re.findall(r"<text[^>]*>([^<]+)</text>", picture.svg)) == sorted(theirs)


def test_a_sheet_refuses_what_it_cannot_draw():
    """No picture lacks a part silently."""
    axes = PictureSheet(2, 1).add_axes((0.1, 0.1, 0.8, 0.8))
    with pytest.raises(AttributeError):
        axes.scatter([0], [0])


def test_equal_values_have_an_axis():
    """Nothing is divided by nothing."""
    sheet = PictureSheet(2, 1)
    sheet.add_axes((0.1, 0.1, 0.8, 0.8)).plot([1.0, 2.0], [0.0, 0.0], color="#000000")
    assert "nan" not in sheet.svg("x", "x", "x", "serif")
