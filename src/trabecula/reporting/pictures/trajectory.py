"""Density at one site over a life: the person's with its band, the average beside it, and what happened below."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from trabecula.drawing import picture as drawing
from trabecula.drawing.picture import AVERAGE, DRUG, EVENT, INK, PERSON, PERSON_BAND, QUIET, Data, Drawing
from trabecula.reporting.pictures.events import Events, Period
from trabecula.units import days_since_birth, years
from trabecula.vocabulary import site_name
from trabecula.words.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trabecula.assessment.results import Assessment, BonePoint, BoneSite, ScanCheck

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT, STRIP = 3.6, 1.6, 0.085, 0.7, 0.9, 0.12, 0.085
"""The picture [inches]; its sides, its head, its foot, a row of events [shares of the picture]."""
_EVERY_Y = 5
"""Years between two rows of the table."""
_AHEAD, _AVERAGE = (0, (1.2, 0.8)), (0, (4, 2))
"""Dashes of what is to come, and of the average."""


def trajectory(
    assessment: "Assessment", lang: Language, site: str = "total_hip", happened: Events | None = None
) -> Drawing:
    """The course of density at a site [g/cm2] over age [y], with the interval of the assessment as a band.

    site: a site of the skeleton that the assessment has (StopIteration for another); happened: events of the record,
    drawn as rows under the course on the same axis of age. What is to come is dotted; scans are points, those that the
    model cannot explain hollow diamonds.
    """
    course = next(bone for bone in assessment.bone if bone.site == site)
    scans = [scan for scan in assessment.scans or () if scan.site == site]
    rows = happened.rows if happened is not None else ()
    strip = STRIP * len(rows)
    title = lang.text("picture.bone_density_over_life_site", site=lang.heading(site_name(site)))

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((LEFT, FOOT + strip, RIGHT - LEFT, TOP - FOOT - strip))
        _density(axes, course, lang)
        _scans(axes, scans, course)
        _today(axes, course, lang)
        if happened is not None and rows:
            _happened(axes, figure.add_axes((LEFT, FOOT, RIGHT - LEFT, strip), sharex=axes), happened, lang)
        _age_word(figure, lang)

    words = _in_words(course, scans, lang)
    return drawing.drawn((WIDTH, HEIGHT), draw, f"bmd-{site}", title, words, _table(course, title, lang))


def _density(axes: "Axes", course: "BoneSite", lang: Language) -> None:
    """The band, the person's line and the average's."""
    points = course.trajectory
    age, mine = [point.age_y for point in points], [point.bmd_g_cm2 for point in points]
    axes.fill_between(age, [e.low for e in mine], [e.high for e in mine], color=PERSON_BAND, linewidth=0)
    axes.plot(age, [e.average_bmd_g_cm2 for e in points], color=AVERAGE, linewidth=1.3, linestyle=_AVERAGE)
    for part, dashes in ((points[: course.now + 1], "solid"), (points[course.now :], _AHEAD)):
        values = [point.bmd_g_cm2.median for point in part]
        axes.plot([point.age_y for point in part], values, color=PERSON, linewidth=2, linestyle=dashes)
    drawing.quiet_axes(axes)
    axes.locator_params(axis="y", nbins=5, steps=[1, 2, 5, 10])
    drawing.marks(axes, lambda value: lang.figures(f"{value:g}"))
    drawing.marks(axes, lambda value: f"{value:.0f}", "x")
    axes.set_title(lang.text("picture.density_g_cm"), loc="left", fontsize=drawing.SMALL, color=QUIET, pad=4)
    axes.margins(x=0)
    _named(axes, points[-1], lang)


def _age_word(figure: "Figure", lang: Language) -> None:
    """What the figures at the foot are."""
    figure.text(RIGHT + 0.012, 0.02, lang.text("fact.age_y"), color=QUIET)


def _named(axes: "Axes", last: "BonePoint", lang: Language) -> None:
    """The names of the two lines at their ends, apart from each other."""
    mine, average = last.bmd_g_cm2.median, last.average_bmd_g_cm2
    low, high = axes.get_ylim()
    apart = 0.09 * (high - low)  # the height of a line of text
    push = max(apart - abs(mine - average), 0) / 2 * (1 if mine >= average else -1)
    beyond = {"textcoords": "offset points", "xytext": (5, 0), "annotation_clip": False}
    drawing.label(
        axes, (last.age_y, mine + push), lang.text("picture.this_person"), color=PERSON, fontweight="bold", **beyond
    )
    drawing.label(axes, (last.age_y, average - push), lang.text("picture.average"), color=AVERAGE, **beyond)


def _today(axes: "Axes", course: "BoneSite", lang: Language) -> None:
    """A line at the day of assessment."""
    now = course.trajectory[course.now]
    axes.axvline(now.age_y, color=INK, linewidth=drawing.THIN)
    low, high = axes.get_ylim()
    at = (now.age_y, high - 0.04 * (high - low))  # just below the top
    drawing.label(axes, at, lang.text("picture.today"), textcoords="offset points", xytext=(3, 0))


def _scans(axes: "Axes", found: Sequence["ScanCheck"], course: "BoneSite") -> None:
    """What was measured at this site; what the model cannot explain is a hollow diamond."""
    first = course.trajectory[0]
    for scan in found:
        age = first.age_y + years((scan.date - first.date).days)
        sign, face = ("D", "white") if scan.surprising else ("o", INK)
        axes.plot(age, scan.bmd_g_cm2, sign, color=INK, markerfacecolor=face, markersize=4)


_ROW_WORDS = {
    "courses": ("picture.steroid_course", EVENT),
    "medicines": ("picture.bone_medicine", DRUG),
    "fractures": ("picture.broken_bone", INK),
}


def _happened(above: "Axes", axes: "Axes", happened: Events, lang: Language) -> None:
    """Below the course, a row for each kind of event that occurs, with its name behind."""
    axes.set_ylim(len(happened.rows), 0)
    axes.set_yticks([])
    above.tick_params(labelbottom=False)
    drawing.quiet_axes(axes)
    last = above.get_xlim()[1]
    for row, kind in enumerate(happened.rows):
        name, colour = _ROW_WORDS[kind]
        _row(axes, row + 0.5, kind, happened, last)  # the middle of a row
        beyond = {"textcoords": "offset points", "xytext": (5, 0), "annotation_clip": False}
        drawing.label(axes, (last, row + 0.5), lang.text(name), color=colour, **beyond)


def _row(axes: "Axes", y: float, kind: str, happened: Events, last: float) -> None:
    """A tick and a bar for each steroid course, a bar for each medicine, a diamond for each broken bone."""
    if kind == "courses":
        _bars(axes, y, happened.courses, happened, last, 0.7, EVENT)
        at = [_age(point.start, happened) for point in happened.courses]  # the days of a pulse are too short for a bar
        axes.vlines(at, y - 0.35, y + 0.35, color=EVENT, linewidth=1.4)
    elif kind == "medicines":
        _bars(axes, y, happened.medicines, happened, last, 0.45, DRUG)
    else:
        at = [_age(day, happened) for day in happened.fractures]
        axes.plot(at, [y] * len(at), "D", color=INK, markersize=3.6)


def _bars(
    axes: "Axes", y: float, periods: Sequence[Period], happened: Events, last: float, height: float, colour: str
) -> None:
    """A bar for each period; one without an end is hollow from the day of assessment on: nobody has taken it yet."""
    today = _age(happened.on, happened) if happened.on else last
    for period in periods:
        start, end = _age(period.start, happened), last if period.end is None else _age(period.end, happened)
        taken = min(end, today)
        axes.barh(y, taken - start, height, start, color=colour, linewidth=0)
        if end > taken:
            axes.barh(y, end - taken, height, taken, facecolor="none", edgecolor=colour, linewidth=0.7, linestyle=":")


def _age(day: date, happened: Events) -> float:
    """Age on a day [y]."""
    return years(days_since_birth(day, happened.birth))


def _in_words(course: "BoneSite", scans: Sequence["ScanCheck"], lang: Language) -> str:
    """What the picture shows, in a few sentences."""
    now, last = course.trajectory[course.now], course.trajectory[-1]
    measured = [lang.text("picture.measured_on_day_value_g_cm", day=scan.date, value=scan.bmd_g_cm2) for scan in scans]
    course_words = lang.text(
        "picture.today_now_g_cm_range_average",
        now=now.bmd_g_cm2.median, range=_range(now, lang), average=now.average_bmd_g_cm2, year=last.date.year,
        then=last.bmd_g_cm2.median, then_range=_range(last, lang), then_average=last.average_bmd_g_cm2,
    )  # fmt: skip
    return " ".join([course_words, *measured])


def _table(course: "BoneSite", title: str, lang: Language) -> Data:
    """Today, the horizon, and every few years between."""
    columns = (
        lang.text("picture.age"),
        lang.text("picture.year"),
        lang.text("picture.this_person"),
        lang.text("picture.range"),
        lang.text("picture.average"),
    )
    rows = [
        (f"{int(point.age_y)}", str(point.date.year), _bmd(point.bmd_g_cm2.median, lang), _range(point, lang),
         _bmd(point.average_bmd_g_cm2, lang))
        for point in _picked(course)
    ]  # fmt: skip
    return Data(f"{title}, g/cm²", columns, tuple(rows))


def _picked(course: "BoneSite") -> Sequence["BonePoint"]:
    """The first points of round ages, as birthdays count them, with today and the last."""
    points = course.trajectory
    ages = [point.age_y for point in points]
    round_ages = range(int(ages[0] // _EVERY_Y + 1) * _EVERY_Y, int(ages[-1]) + 1, _EVERY_Y)
    places = {bisect_left(ages, age) for age in round_ages}
    return [points[i] for i in sorted({*places, course.now, len(points) - 1})]


def _range(point: "BonePoint", lang: Language) -> str:
    """The interval of a density."""
    return lang.written((point.bmd_g_cm2.low, point.bmd_g_cm2.high), "hundredths")


def _bmd(value: float, lang: Language) -> str:
    """A density as it is written."""
    return lang.written(value, "hundredths")
