"""The printed pages of the examples: one sheet of A4 for each reader, in letters that can be read."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from reporting.examples import EXAMPLES, on_paper
from trabecula.reporting import html
from trabecula.words.language import LANGUAGES, language

SMALLEST_PT = 7.9
"""Letters of what must be read: about 8 points."""
_A4 = [595, 842]


def sheets(page):
    """The sheets of a page on paper."""
    return PdfReader(BytesIO(html.to_pdf(page))).pages


def letters(page):
    """How many letters of each size stand on a page of a PDF, without pictures and the small numbers of sources."""
    counted = {}

    def visit(text, _, matrix, __, size):
        points = round(abs(size * matrix[3]), 1)
        counted[points] = counted.get(points, 0) + len(text.strip())

    page.extract_text(visitor_text=visit)
    return counted


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("make", [html.page_clinician, html.page_person])
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_reader_has_one_sheet(file, make, code):
    """Clinician and person, in each language; the sources stand elsewhere."""
    person, assessment, comparison = on_paper(file)
    printed = sheets(make(assessment, code, person, comparison))
    assert len(printed) == 1
    assert [round(float(side)) for side in printed[0].mediabox[2:]] == _A4


@pytest.mark.parametrize("make", [html.page_clinician, html.page_person])
def test_what_must_be_read_can_be_read(make):
    """Nothing but the numbers of sources is smaller than about 8 points."""
    person, assessment, comparison = on_paper(EXAMPLES[0])
    found = letters(sheets(make(assessment, "en", person, comparison))[0])
    small = sum(n for size, n in found.items() if size < SMALLEST_PT)
    assert sum(found.values()) > 1000
    assert small < 0.1 * sum(found.values())


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_what_is_never_cut_is_on_the_sheet(file, code):
    """Every contraindication, question and sentence of the conclusion, as printed."""
    person, assessment, comparison = on_paper(file)
    page = html.page_clinician(assessment, code, person, comparison)
    said = re.sub(r"\W+", "", " ".join(sheet.extract_text() for sheet in sheets(page)))
    lang = language(code)
    objections = [objection for plan in comparison.plans for objection in (*plan.refused, *plan.warnings)]
    reasons = [objection.reason for objection in objections if objection.rule != "nothing_to_change"]
    never_cut = [*reasons, *assessment.summary.sentences, *(asked.message for asked in assessment.questions)]
    assert never_cut
    assert [str(text) for text in never_cut if re.sub(r"\W+", "", lang.say(text)) not in said] == []
