import re
from html import unescape

import pytest

from reporting.conftest import interval, make_assessment
from reporting.pages.conftest import HOSTILE, advice, make_comparison, make_scan, plan
from trabecula.assessment.results import Objection
from trabecula.guidelines.conditions import Truth
from trabecula.person import read_person
from trabecula.reporting import clinician, html, plain
from trabecula.words.message import verbatim


def text_of(page):
    """What a page says, without markup; no-break spaces as spaces."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace("\xa0", " ")


def test_the_main_chances_stand_with_their_range_beside_the_average(full):
    """A number never stands alone."""
    said = text_of(html.page_clinician(full))
    assert "Major osteoporotic, 10 years" in said
    assert "4.1 % 2.1–8.2 average 1.8 %" in said


def test_a_chance_that_is_known_to_be_too_high_is_not_a_headline(full):
    """The word of caution takes the place of the large figures."""
    careful = full.model_copy(update={"caution": verbatim("Read them as clearly raised.")})
    page = html.page_clinician(careful)
    assert "Read them as clearly raised." in page
    assert 'class="cards"' not in page


def test_every_statement_leads_to_a_source_that_is_there(full, comparison, person):
    """No mark points nowhere, and no source is named without being listed."""
    page = html.page_clinician(full, "en", person, comparison)
    named = set(re.findall(r'href="#(c-source-\d+)"', page))
    listed = set(re.findall(r'id="(c-source-\d+)"', page))
    assert named
    assert named <= listed


def test_it_says_that_it_is_no_medical_device(full, lang):
    """Where a person looks first, in every language."""
    said = text_of(html.page_clinician(full, lang.code))
    assert {"en": "Not a medical device", "de": "Kein Medizinprodukt", "it": "Non è un dispositivo medico"}[
        lang.code
    ] in said


def test_what_guidelines_say_is_shown_with_what_is_open(full):
    """A recommendation that holds, and one that hangs on something unknown."""
    said = text_of(html.page_clinician(full))
    assert "At least 150 minutes of exercise a week." in said
    assert "Not yet decided; needs: FRAX, major osteoporotic fracture." in said


def test_a_recommendation_that_several_rules_make_is_said_once():
    """Two rules, one sentence."""
    twice = make_assessment(advice=[advice("a", "Calculate FRAX."), advice("b", "Calculate FRAX.")])
    assert text_of(html.page_clinician(twice)).count("Calculate FRAX.") == 1


def test_the_next_scan_is_dated(full):
    """When it is worth while, and how sure that is."""
    said = text_of(html.page_clinician(full))
    assert "A change can be measured: from November 2030. By then the" in said
    assert "56 %" in said


def test_a_scan_that_nothing_explains_is_named(full):
    """Measured beside expected."""
    odd = full.model_copy(update={"scans": [make_scan(surprising=True)]})
    assert "Unexplained scan: Total hip, 3 Nov 2026: measured 0.83 g/cm², expected 0.70–1.10." in text_of(
        html.page_clinician(odd)
    )


@pytest.mark.parametrize("gone", ["advice", "scans", "risks", "missing", "questions", "notes", "bone", "markers"])
def test_a_page_without_a_part_is_still_a_page(full, gone):
    """What there is nothing to say about is left out."""
    page = html.page_clinician(full.model_copy(update={gone: []}))
    assert "<h1" in page


def test_a_page_without_causes_and_choices_is_still_a_page(assessment):
    """A quick report has neither."""
    page = html.page_clinician(assessment)
    assert 'id="c-causes"' not in page
    assert 'id="c-choices"' not in page


def test_a_refused_plan_is_shown_with_its_reason(full):
    """What this person must not take is said, not left out."""
    objection = Objection(rule="x", reason="The kidneys are too weak.", found="eGFR 20", source="Label 2020")
    refused = plan("zoledronate", "Zoledronate", 0.0, 0.0, 0.0, risks=[], bone=[], refused=[objection])
    page = html.page_clinician(full, comparison=make_comparison(refused))
    assert "The kidneys are too weak." in text_of(page)


def test_a_plan_for_somebody_else_is_not_worth_a_line(full):
    """Nobody needs to read that a non-smoker cannot stop smoking."""
    objection = Objection(rule="nothing_to_change", reason="There is nothing.", found="", source="the record")
    refused = plan("stop-smoking", "Stop smoking", 0.0, 0.0, 0.0, risks=[], bone=[], refused=[objection])
    assert "There is nothing." not in html.page_clinician(full, comparison=make_comparison(refused))


def test_every_question_about_the_record_is_on_the_page(full):
    """None of them is folded away: the numbers may rest on a slip of the pen."""
    asked = [full.questions[0].model_copy(update={"message": verbatim(f"Question number {n}?")}) for n in range(1, 6)]
    page = html.page_clinician(full.model_copy(update={"questions": asked}))
    section = page.split('id="c-look"')[1].split("</section>")[0]
    assert re.findall(r"number (\d)", section.partition("<details")[0]) == ["1", "2", "3", "4", "5"]


def test_no_contraindication_is_folded_away_or_left_off_paper(full):
    """However many there are, each stands where everybody looks first."""
    objections = [Objection(rule=f"r{n}", reason=f"Reason number {n}.", found="", source="Label") for n in range(1, 7)]
    plans = [
        plan(f"p{n}", f"Drug {n}", 0.0, 0.0, 0.0, risks=[], bone=[], refused=[said])
        for n, said in enumerate(objections)
    ]
    page = html.page_clinician(full, comparison=make_comparison(*plans))
    section = page.split('id="c-refused"')[1].split("</section>")[0]
    assert re.findall(r"number (\d)", section) == ["1", "2", "3", "4", "5", "6"]
    assert "screen" not in section
    assert "<details" not in section
    assert page.index('id="c-refused"') < page.index('id="c-bones"')


def test_the_conclusion_stands_first_and_says_what_the_answer_says(concluded, lang):
    """The same sentences as in the JSON, before any table."""
    found = concluded()
    for make, said in ((html.page_clinician, found.summary.sentences), (html.page_person, found.summary.plain)):
        page = make(found, lang.code)
        box = text_of(page.split('class="conclusion"')[1].split("</section>")[0])
        assert all(lang.say(sentence).replace("\xa0", " ") in box for sentence in said)
        assert page.index('class="conclusion"') < page.index("<table")


def test_a_page_names_its_record_its_day_and_the_program(full, person, lang):
    """Two printed sheets are told apart; the title, which a PDF carries, has the name as well."""
    for make in (html.page_clinician, html.page_person, html.page_both, html.page_sources):
        page = make(full, lang.code, person)
        assert re.search(r"<title>[^<]* · example</title>", page)
        assert "example · Trabecula 0.1.0" in text_of(page)
        assert lang.day(full.date) in text_of(page)


def test_what_is_taken_stands_by_name_and_what_nobody_knows_says_so(full):
    """A misspelt medicine is counted as not taken, which must be seen."""
    record = read_person({
        "birth_date": "1982-03-14", "sex": "female",
        "medicines": [{"drug": "sertraline", "start": "2021-02"}, {"drug": "denosumap", "start": "2021-02"},
                      {"drug": "alendronate", "start": "2015-01", "end": "2020-01"}],
    })  # fmt: skip
    said = text_of(html.page_clinician(full, "en", record))
    assert "Medicines sertraline, denosumap (not recognised: counted as not taken)." in said


def test_other_medicines_are_named_below_the_causes(full, person):
    """What changes the numbers: for bone, or with a risk of its own."""
    said = text_of(html.page_clinician(full, "en", person))
    assert "Other medicines: alendronate, sertraline." in said


def test_the_sources_of_a_printed_page_stand_in_a_file_of_their_own(full, comparison, person, lang):
    """Every number of both pages, in their order, with how to read the numbers."""
    appendix = text_of(html.page_sources(full, lang.code, person, comparison))
    for context in (clinician.context, plain.context):
        for source in context(full, lang, person, comparison)["sources"]:
            assert source.text.replace("\xa0", " ") in appendix
    assert "The skeleton's parameters have not been calibrated yet" in appendix


def test_what_is_met_to_the_letter_alone_is_on_the_page(full):
    """Also where no guideline applies and none is open."""
    other = advice("acr_vh40", "Treat.").model_copy(update={"verdict": Truth.FALSE, "scope": Truth.FALSE})
    page = html.page_clinician(full.model_copy(update={"advice": [other]}))
    assert "Criteria met as written, but outside the guideline population" in page


@pytest.mark.parametrize("make", [html.page_clinician, html.page_person, html.page_both])
def test_nothing_that_somebody_wrote_becomes_markup(hostile, person, make):
    """Not in HTML, not in a picture."""
    planned = make_comparison(plan("exercise", HOSTILE, -0.01, -0.02, -0.005))
    page = make(hostile, "en", person, planned)
    assert "<script" not in page
    assert "<b onclick" not in page


def test_a_page_asks_nobody_for_anything(full, comparison, person, lang):
    """Everything is inside: no address, no script, no import."""
    page = html.page_both(full, lang.code, person, comparison)
    asked = re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\')\s>]+)', page)
    assert all(each.startswith(("#", "data:")) for each in asked), asked
    assert "@import" not in page


def test_the_body_of_a_page_has_no_style_attributes(full, comparison, person):
    """It stands under the strict policy of the web app as it is."""
    page = html.page_both(full, "en", person, comparison)
    assert " style=" not in page.split("<body>")[1]


def test_the_same_assessment_gives_the_same_page(full, comparison, person):
    """Byte for byte."""
    assert html.page_both(full, "en", person, comparison) == html.page_both(full, "en", person, comparison)


def test_figures_are_written_as_the_language_writes_them(full):
    """A comma in German and Italian."""
    assert "4,1 %" in text_of(html.page_clinician(full, "de"))
    assert "4,1 %" in text_of(html.page_clinician(full, "it"))


def test_a_tiny_risk_has_no_figure(full):
    """No false precision on paper either."""
    risk = full.risks[0].model_copy(update={"risk": interval(0.0001), "horizon_y": 10.0})
    assert "<0.1 %" in text_of(html.page_clinician(full.model_copy(update={"risks": [risk]})))


def test_choices_are_panels_that_need_no_script(full, comparison, person):
    """One radio button and one panel for each choice, the first one open."""
    page = html.page_interactive(full, comparison, "en", person)
    assert page.count('type="radio"') == page.count('class="panel ') == 3
    assert page.count(" checked>") == 1
    assert "<script" not in page
    assert "About 12 fewer people in 1,000 would break a bone (4–20)." in text_of(page)
    assert "We cannot tell whether it changes the chance of breaking a bone." in text_of(page)
    assert "About 12 more people in 1,000 would break a bone (4–22)." in text_of(page)
