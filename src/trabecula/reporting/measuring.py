"""Bone scans on a page: those that the history does not explain, and when the next one is worth while."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from babel.dates import format_date

from trabecula.reporting.marks import MODEL
from trabecula.reporting.statements import Statement, Writer
from trabecula.vocabulary import site_name
from trabecula.words.numbers import fixed, percent, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, ScanCheck


def unexplained(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """Scans far from what was foretold, with what to consider."""
    for each in assessment.scans:
        if each.surprising:
            yield _unexplained(each, write)


def _unexplained(scan: "ScanCheck", write: Writer) -> Statement:
    """A scan beside its forecast."""
    lang = write.lang
    marks = dict.fromkeys(
        [*write.marks(MODEL), *write.marks.findings(e.source for e in scan.consider if e.source)]
    )
    text = lang.text(
        "page.site_day_measured_g_cm_measured",
        site=lang.heading(site_name(scan.site)), day=lang.short_day(scan.date),
        measured=lang.figures(fixed(scan.bmd_g_cm2, 2)),
        range=lang.figures(span(fixed(scan.expected.low, 2), fixed(scan.expected.high, 2))),
        reasons=", ".join(write.model(each.what).text for each in scan.consider),
    )  # fmt: skip
    return Statement(text, lang.code, tuple(marks), lang.text("page.not_explained"))


def to_come(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """When the next scan is expected to tell something."""
    found, lang = assessment.next_measurement, write.lang
    if found is None:
        return
    head = lang.text("page.next_scan")
    if found.due is None:
        words = lang.text("page.no_change_beyond_the_noise_of", when=lang.in_years(assessment.horizon_y))  # fmt: skip
    elif found.site is None or found.due <= assessment.date:
        words = lang.text("page.now")
    else:
        telling = next(e for e in found.telling if (e.site, e.date) == (found.site, found.due))
        words = lang.text(
            "page.from_month_on_by_then_the",
            month=format_date(found.due, "MMMM y", locale=lang.locale), site=lang.heading(site_name(found.site)),
            least=lang.figures(fixed(found.least_significant_percent[found.site], 1)),
            chance=lang.figures(percent(telling.beyond_least_significant)),
        )  # fmt: skip
    yield write.own(words, MODEL, head=head)
