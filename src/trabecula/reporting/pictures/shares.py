"""Causes as bars with their intervals: what each adds to the chance of breaking a bone beyond age."""

from typing import TYPE_CHECKING

from trabecula.drawing import picture as drawing
from trabecula.drawing.picture import PERSON, PERSON_BAND, QUIET, Data, Drawing
from trabecula.reporting.pictures.causes import POINTS, points_text
from trabecula.words.language import Language

if TYPE_CHECKING:
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Causes

WIDTH, ROW, ENDS, WORDS, RIGHT = 4.8, 0.24, 0.5, 0.42, 0.97
"""The picture, a row, head and foot together [inches]; where words end and axes end [shares]."""


def shares(causes: "Causes", lang: Language, site: str = "major_osteoporotic") -> Drawing:
    """What each cause adds at a site within the horizon, in percentage points, the largest first.

    site: a site or group of `beyond_age` (StopIteration for another).
    """
    found = next(found for found in causes.beyond_age if found.of == site)
    rows = sorted(found.shares, key=lambda share: -share.mean)
    height = ROW * max(len(rows), 1) + ENDS
    title = lang.text("picture.what_adds_to_the_chance_beyond", when=lang.in_years(causes.horizon_y))
    said = tuple((lang.heading(share.label), points_text(share.share, lang)) for share in rows)
    with drawing.canvas(WIDTH, height) as figure:
        axes = figure.add_axes((WORDS, ENDS / 2 / height, RIGHT - WORDS, 1 - ENDS / height))
        for place, share in enumerate(rows):
            low, middle, high = _points(share.share)
            axes.barh(place, middle, color=PERSON_BAND, height=0.6)
            axes.hlines(place, low, high, color=PERSON, linewidth=drawing.THIN)
            axes.plot(middle, place, "o", color=PERSON, markersize=4)
        axes.set_yticks(range(len(rows)), [name for name, _ in said])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        drawing.quiet_axes(axes)
        axes.grid(axis="y", visible=False)
        axes.axvline(0, color=QUIET, linewidth=drawing.THIN)
        drawing.marks(axes, lambda value: lang.figures(f"{value:g}"), "x")
        axes.set_title(lang.text("picture.percentage_points"), loc="left", fontsize=drawing.SMALL, color=QUIET, pad=4)
        words = "; ".join(f"{name}: {figures}" for name, figures in said)
        columns = (lang.text("picture.cause"), lang.text("picture.percentage_points"))
        return drawing.finished(figure, f"shares-{site}", title, words, Data(title, columns, said))


def _points(share: "Interval") -> tuple[float, float, float]:
    """A share in percentage points."""
    return POINTS * share.low, POINTS * share.mean, POINTS * share.high
