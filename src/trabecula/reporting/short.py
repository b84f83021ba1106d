"""The answer for a screen of 24 lines: the conclusion, the main figures, and what must never be cut.

Contraindications, values worth a second look and what was not understood of the record are never left out; the rest is
on the full page (`assessment_page`).
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Cell, Item, Page, Paragraph, Row, Section, Table, listed, section
from trabecula.reporting.assessment import asked_for, conclusion, objections, questions, record_read
from trabecula.reporting.risks import above_note, elsewhere
from trabecula.reporting.statements import estimate, falls_told, rare, risk_told
from trabecula.vocabulary import site_name
from trabecula.words.language import Language, language

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment

_SITES = ("major_osteoporotic", "hip")


def short_page(assessment: "Assessment", read: Sequence[str] = (), code: str = "en") -> Page:
    """The page about one person for a screen.

    read: what an adapter has to say about the record, an indented line an entry of a list; code: the language.
    """
    lang = language(code)
    title = f"Trabecula {assessment.software.version}, {assessment.date.isoformat()}"
    who = Paragraph(lang.say(assessment.person.line))
    opening = (who, *conclusion(assessment, lang), Paragraph(""), *_figures(assessment, lang))
    return Page(title, opening, tuple(_sections(assessment, read, lang)), lang=code)


def _sections(assessment: "Assessment", read: Sequence[str], lang: Language) -> Iterator[Section]:
    """What was asked for, and what is never cut."""
    yield from asked_for(assessment, lang)
    yield from section(lang.text("page.worth_a_second_look"), questions(assessment, lang))
    yield from section(lang.text("page.how_the_record_was_read"), record_read(read))


def _figures(assessment: "Assessment", lang: Language) -> Iterator[Block]:
    """Risks beside the average, scores by site, what stands against medicines, and where the rest is."""
    yield from elsewhere(assessment, lang)
    found = {risk.site: risk for risk in assessment.risks if risk.horizon_y == assessment.horizon_y}
    shown = [found[site] for site in _SITES if site in found]
    rows = [
        Row(
            lang.heading(site_name(risk.site)),
            (risk_told(risk, lang, assessment.caution), lang.written(risk.average, "percent")),
        )
        for risk in shown
    ]
    average = lang.figures(rare(assessment.falls.average_per_year))
    rows.append(Row(lang.text("page.falls_a_year"), (falls_told(assessment.falls, lang), average)))
    columns = (lang.text("page.this_person"), lang.text("page.average"))
    yield Table(lang.text("page.within", horizon=lang.years(assessment.horizon_y)), columns, tuple(rows))
    yield from above_note(shown, lang)
    yield _scores(assessment, lang)
    yield from listed(Item("", text) for text in [" ".join(objections(assessment, lang))] if text)
    yield Paragraph(lang.text("page.full_shows_the_rest"), quiet=True)


def _scores(assessment: "Assessment", lang: Language) -> Table:
    """T- and Z-score today at each site."""
    today = [site.trajectory[site.now] for site in assessment.bone]
    names = tuple(lang.heading(site_name(site.site)) for site in assessment.bone)
    lines: dict[str, tuple[Cell, ...]] = {
        "page.t_score": tuple(estimate(point.t_score, "tenths", lang) for point in today),
        "page.z_score": tuple(estimate(point.z_score, "tenths", lang) for point in today),
    }
    return Table("", names, tuple(Row(lang.text(name), cells) for name, cells in lines.items()))
