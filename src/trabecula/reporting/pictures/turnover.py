"""Bone turnover around the last steroid course: what is taken away and what is made, day by day."""

from datetime import date
from typing import TYPE_CHECKING

from trabecula.drawing import picture as drawing
from trabecula.drawing.picture import AVERAGE, DRUG, PERSON, QUIET, Data, Drawing
from trabecula.reporting.statements import estimate
from trabecula.vocabulary import LABORATORY
from trabecula.words.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Assessment, MarkerCourse

WIDTH, HEIGHT, PLACE = 5.4, 1.9, (0.075, 0.13, 0.765, 0.74)
"""The picture [inches], and where its axes stand in it: left, bottom, width, height [shares]."""
_LOOKS = {"CTX": (AVERAGE, (0, (4, 2))), "P1NP": (PERSON, "solid"), "osteocalcin": (DRUG, (0, (1.2, 0.8)))}
_SHOWN = 12
"""Rows of the table."""
_MONTH = 31
"""Days around a course that make it worth a picture."""


def turnover(assessment: "Assessment", lang: Language) -> Drawing | None:
    """The markers around the last steroid course [times a healthy 30-year-old]; None when there was no course.

    The days are those that the assessment worked out finely, from before the course to its own day. Each marker has
    its own colour and its own line, and its name at the end of it.
    """
    around = [(marker, _past(marker, assessment.date)) for marker in assessment.markers]
    if not around or min(len(dates) for _, dates in around) < _SHOWN:
        return None
    title = lang.text("picture.bone_turnover_around_the_last_steroid")

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes(PLACE)
        for marker, dates in around:
            _line(axes, marker, dates)
        axes.axhline(1, color=QUIET, linewidth=drawing.THIN)
        drawing.quiet_axes(axes)
        drawing.marks(axes, lambda value: lang.figures(f"{value:.1f}"))
        _days(axes, around[0][1], lang)
        axes.set_title(
            lang.text("picture.times_a_healthy_30_year_old"), loc="left", fontsize=drawing.SMALL, color=QUIET, pad=4
        )
        _names(axes, around, lang)

    words, table = _in_words(around, lang), _table(around, title, lang)
    return drawing.drawn((WIDTH, HEIGHT), draw, "turnover", title, words, table)


Around = list[tuple["MarkerCourse", list[date]]]


def _past(marker: "MarkerCourse", on: date) -> list[date]:
    """The days up to the assessment: those around the last course."""
    return [point.date for point in marker.course if point.date <= on]


def _values(marker: "MarkerCourse", dates: list[date]) -> list["Interval"]:
    """The marker on those days."""
    return [point.value for point in marker.course[: len(dates)]]


def _line(axes: "Axes", marker: "MarkerCourse", dates: list[date]) -> None:
    """A marker with its line."""
    colour, dashes = _LOOKS[marker.marker]
    days = [(day - dates[0]).days for day in dates]
    axes.plot(days, [e.median for e in _values(marker, dates)], color=colour, linestyle=dashes, linewidth=1.6)


def _days(axes: "Axes", dates: list[date], lang: Language) -> None:
    """The first and the last day in words."""
    last = (dates[-1] - dates[0]).days
    axes.set_xticks([0, last / 2, last])
    middle = dates[0] + (dates[-1] - dates[0]) / 2
    axes.set_xticklabels([lang.short_day(day) for day in (dates[0], middle, dates[-1])])
    axes.margins(x=0)


def _names(axes: "Axes", around: Around, lang: Language) -> None:
    """Each marker's name at the end of its line, none over another."""
    low, high = axes.get_ylim()
    at = -float("inf")
    for marker, dates in sorted(around, key=lambda course: _values(*course)[-1].median):
        at = max(_values(marker, dates)[-1].median, at + 0.12 * (high - low))  # a line of text
        beyond = {"textcoords": "offset points", "xytext": (5, 0), "annotation_clip": False}
        end = (dates[-1] - dates[0]).days
        drawing.label(
            axes, (end, at), lang.say(LABORATORY[marker.marker].name), color=_LOOKS[marker.marker][0], **beyond
        )


def _in_words(around: Around, lang: Language) -> str:
    """The lowest and highest of each marker."""
    parts = []
    for marker, dates in around:
        values = [day.median for day in _values(marker, dates)]
        reach = lang.written((min(values), max(values)), "significant")
        parts.append(f"{lang.say(LABORATORY[marker.marker].name)} {reach}")
    return lang.text("picture.times_the_value_of_a_healthy", reaches="; ".join(parts))


def _table(around: Around, title: str, lang: Language) -> Data:
    """Some of the days, evenly picked."""
    dates = around[0][1]
    step = max(len(dates) // _SHOWN, 1)
    places = sorted({*range(0, len(dates), step), len(dates) - 1})
    rows = [
        (lang.short_day(dates[i]), *(_ratio(_values(marker, days)[i], lang) for marker, days in around)) for i in places
    ]
    return Data(
        title,
        (lang.text("picture.day"), *(lang.say(LABORATORY[marker.marker].name) for marker, _ in around)),
        tuple(rows),
    )


def _ratio(value: "Interval", lang: Language) -> str:
    """A ratio with its range."""
    return f"× {estimate(value, 'significant', lang)}"
