"""Bone on a page: density today and to come beside the average person's, scans that stand out, and turnover."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Cell, Curve, Estimate, Item, Items, Paragraph, Row, Table
from trabecula.vocabulary import site_name
from trabecula.words.language import language
from trabecula.words.numbers import change, fixed, significant, span

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.results import (
        Assessment,
        BonePoint,
        BoneSite,
        Interval,
        MarkerCourse,
        MarkerPoint,
    )

_AVERAGE = "average"


def bones(assessment: "Assessment") -> list[Block]:
    """Density today and over the horizon, by site."""
    sites = assessment.bone
    if not sites:
        return []
    columns = tuple(language("en").heading(site_name(each.site)) for each in sites)
    rows = [Row(label, tuple(map(cell, sites)), label == _AVERAGE) for label, cell in _rows(sites[0])]
    return [Table("", columns, tuple(rows)), Paragraph(_how_to_read(sites[0]), quiet=True)]


def _rows(any_site: "BoneSite") -> list[tuple[str, Callable[["BoneSite"], Cell]]]:
    """What each line says of a site."""
    until = any_site.trajectory[-1].date.year
    return [
        ("Density, g/cm²", lambda site: _estimate(_now(site).bmd_g_cm2, 2)),
        (_AVERAGE, lambda site: fixed(_now(site).average_bmd_g_cm2, 2)),
        ("T-score", lambda site: _estimate(_now(site).t_score, 1)),
        ("Z-score", lambda site: _estimate(_now(site).z_score, 1)),
        (f"Change by {until}, %", _change),
        (_AVERAGE, lambda site: change(site.average_change_percent)),
        ("Course", _course),
        (_AVERAGE, _average_course),
        ("Scans used", lambda site: str(site.scans) if site.scans else "none"),
    ]


def _how_to_read(site: "BoneSite") -> str:
    """What the lines and bars mean."""
    first, last = int(site.trajectory[0].age_y), int(site.trajectory[-1].age_y)
    return (
        "Average: people of the same age and sex without MS. Bars: age "
        f"{first} to {last}, from half of the highest density to all of it; the line in them is today."
    )


def _now(site: "BoneSite") -> "BonePoint":
    """The day of assessment."""
    return site.trajectory[site.now]


def _estimate(value: "Interval", decimals: int) -> Estimate:
    """A density or a score with its range."""
    low, high = fixed(value.low, decimals), fixed(value.high, decimals)
    return Estimate(fixed(value.median, decimals), span(low, high))


def _change(site: "BoneSite") -> Estimate:
    """From today to the horizon."""
    by = site.change_percent
    return Estimate(change(by.median), span(change(by.low), change(by.high)))


def _course(site: "BoneSite") -> Curve:
    """The person's density through life."""
    return _curve(site, lambda point: point.bmd_g_cm2.median)


def _average_course(site: "BoneSite") -> Curve:
    """The average person's, on the same scale."""
    return _curve(site, lambda point: point.average_bmd_g_cm2)


def _curve(site: "BoneSite", density: "Callable[[BonePoint], float]") -> Curve:
    """A course on the scale of the highest density of this site, the person's or the average."""
    points = site.trajectory
    top = max(max(each.bmd_g_cm2.median, each.average_bmd_g_cm2) for each in points)
    ages = tuple(each.age_y for each in points)
    return Curve(ages, tuple(density(each) for each in points), _now(site).age_y, top)


def scans(assessment: "Assessment") -> list[Block]:
    """Scans that nothing explains, which may be slips of the pen, and when the next one is worth while."""
    odd = [Item("Not explained", each.sentence) for each in assessment.scans if each.surprising]
    ahead = assessment.next_measurement
    to_come = [] if ahead is None else [Item("Next scan", ahead.sentence)]
    return [Items((*odd, *to_come))] if odd or to_come else []


def markers(assessment: "Assessment") -> list[Block]:
    """Turnover on the day of assessment, beside a healthy 30-year-old."""
    shown = [each for each in assessment.markers if each.course]
    if not shown:
        return []
    columns = tuple(each.marker for each in shown)
    cells = tuple(_ratio(_on(each, assessment).value) for each in shown)
    return [Table("", columns, (Row("Today", cells),)), Paragraph(_ABOUT_MARKERS, quiet=True)]


_ABOUT_MARKERS = (
    "Times the value of a healthy 30-year-old of the same sex."
    " CTX follows the bone that is taken away, P1NP and osteocalcin the bone that is made."
)


def _on(marker: "MarkerCourse", assessment: "Assessment") -> "MarkerPoint":
    """The latest point up to the day of assessment, else the first."""
    past = [each for each in marker.course if each.date <= assessment.date]
    return max(past, key=lambda each: each.date) if past else marker.course[0]


def _ratio(value: "Interval") -> Estimate:
    """A ratio with its range."""
    return Estimate(f"× {significant(value.median)}", span(significant(value.low), significant(value.high)))
