"""Bone on a page: density today and to come beside the average person's, scans that stand out, and turnover."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Cell, Curve, Estimate, Item, Paragraph, Row, Table, listed
from trabecula.reporting.statements import estimate
from trabecula.vocabulary import LABORATORY, site_name
from trabecula.words.language import Language

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.results import Assessment, BonePoint, BoneSite, MarkerCourse, MarkerPoint


def bones(assessment: "Assessment", lang: Language) -> list[Block]:
    """Density today [g/cm2], scores [SD] and the change to the horizon [%], by site, each above the average's."""
    sites = assessment.bone
    if not sites:
        return []
    columns = tuple(lang.heading(site_name(site.site)) for site in sites)
    average = lang.text("picture.average")
    rows = [Row(label, tuple(map(cell, sites)), label == average) for label, cell in _rows(sites[0], lang)]
    points = sites[0].trajectory
    note = lang.text("page.how_to_read_bones", first=int(points[0].age_y), last=int(points[-1].age_y))
    return [Table("", columns, tuple(rows)), Paragraph(note, quiet=True)]


def _rows(any_site: "BoneSite", lang: Language) -> list[tuple[str, Callable[["BoneSite"], Cell]]]:
    """What each line says of a site."""
    average = lang.text("picture.average")
    return [
        (lang.text("picture.density_g_cm"), lambda site: estimate(_now(site).bmd_g_cm2, "hundredths", lang)),
        (average, lambda site: lang.written(_now(site).average_bmd_g_cm2, "hundredths")),
        (lang.text("page.t_score"), lambda site: estimate(_now(site).t_score, "tenths", lang)),
        (lang.text("page.z_score"), lambda site: estimate(_now(site).z_score, "tenths", lang)),
        (
            lang.text("page.change_by_year", year=any_site.trajectory[-1].date.year),
            lambda site: estimate(site.change_percent, "change", lang),
        ),
        (average, lambda site: lang.written(site.average_change_percent, "change")),
        (lang.text("page.course"), lambda site: _curve(site, lambda point: point.bmd_g_cm2.median)),
        (average, lambda site: _curve(site, lambda point: point.average_bmd_g_cm2)),
        (lang.text("page.scans_used"), lambda site: str(site.scans) if site.scans else lang.text("page.none")),
    ]


def _now(site: "BoneSite") -> "BonePoint":
    """The day of assessment."""
    return site.trajectory[site.now]


def _curve(site: "BoneSite", density: "Callable[[BonePoint], float]") -> Curve:
    """A course on the scale of the highest density of this site, the person's or the average."""
    points = site.trajectory
    top = max(max(point.bmd_g_cm2.median, point.average_bmd_g_cm2) for point in points)
    ages = tuple(point.age_y for point in points)
    return Curve(ages, tuple(density(point) for point in points), _now(site).age_y, top)


def scans(assessment: "Assessment", lang: Language) -> list[Block]:
    """Scans that nothing explains, which may be slips of the pen, and when the next one is worth while."""
    items = [
        Item(lang.text("page.not_explained").rstrip(":"), lang.say(scan.sentence))
        for scan in assessment.scans
        if scan.surprising
    ]
    items += [Item(lang.text("page.for_rules_only").rstrip(":"), lang.say(said)) for said in assessment.scans_for_rules]
    ahead = assessment.next_measurement
    if ahead is not None:
        items.append(Item(lang.text("page.next_scan").rstrip(":"), lang.say(ahead.sentence)))
    return listed(items)


def markers(assessment: "Assessment", lang: Language) -> list[Block]:
    """Turnover on the day of assessment, beside a healthy 30-year-old."""
    shown = [marker for marker in assessment.markers if marker.course]
    if not shown:
        return []
    columns = tuple(lang.say(LABORATORY[marker.marker].name) for marker in shown)
    cells = tuple(_ratio(_on(marker, assessment), lang) for marker in shown)
    note = lang.text("page.how_to_read_markers")
    return [Table("", columns, (Row(lang.text("page.today"), cells),)), Paragraph(note, quiet=True)]


def _on(marker: "MarkerCourse", assessment: "Assessment") -> "MarkerPoint":
    """The latest point up to the day of assessment, else the first."""
    past = [point for point in marker.course if point.date <= assessment.date]
    return max(past, key=lambda point: point.date) if past else marker.course[0]


def _ratio(point: "MarkerPoint", lang: Language) -> Estimate:
    """A ratio with its range."""
    ratio = estimate(point.value, "significant", lang)
    return Estimate(f"× {ratio.value}", ratio.range)
