"""An answer for people: one page, shown on a terminal or as Markdown. No simulation here.

page = assessment_page(assessment)
to_terminal(page, width=80), to_markdown(page)

`report.evidence` makes pages of the registry.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trabecula.drawing.characters import encodable, printable
from trabecula.drawing.page import Page, Section, section
from trabecula.reporting import advice, bones, causes, remarks, risks
from trabecula.reporting.markdown import to_markdown
from trabecula.reporting.terminal import USUAL, to_terminal
from trabecula.words.language import Language, language

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.results import Assessment

__all__ = [
    "USUAL",
    "Page",
    "assessment_page",
    "encodable",
    "printable",
    "to_markdown",
    "to_terminal",
]


def assessment_page(assessment: "Assessment", read: Sequence[str] = (), code: str = "en") -> Page:
    """The page about one person, in a language; `read` is what an adapter has to say about the record."""
    return Page(
        title=f"Trabecula {assessment.software.version}, {assessment.date.isoformat()}",
        opening=tuple(remarks.opening(assessment)),
        sections=_sections(assessment, read, language(code)),
    )


def _sections(assessment: "Assessment", read: Sequence[str], lang: Language) -> tuple[Section, ...]:
    """The sections that have something to say, in the order of a conversation."""
    return (
        *section("Bones", bones.bones(assessment)),
        *section("Bone scans", bones.scans(assessment)),
        *section("Chance of breaking a bone", risks.risks(assessment)),
        *section("Falls, and death from any cause", risks.falls(assessment)),
        *section("Bone turnover", bones.markers(assessment)),
        *section("Causes", causes.causes(assessment.causes)),
        *section("Since the last answer", causes.since(assessment.since)),
        *section("What guidelines say", advice.in_short(assessment.advice, lang)),
        *section("What is due", advice.plan(assessment.tasks, lang)),
        *section("Not in the record, and what stands in", remarks.missing(assessment)),
        *section("Worth a second look", remarks.questions(assessment)),
        *section("Notes", remarks.notes(assessment)),
        *section("How the record was read", remarks.record(read)),
        *section("Evidence", remarks.rests_on(assessment)),
    )
