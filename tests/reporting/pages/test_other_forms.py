import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from reporting.conftest import ON, interval
from reporting.pages.conftest import HOSTILE, advice, make_comparison, make_crowded, plan
from trabecula.assessment.results import Objection
from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.plan_tasks import Task
from trabecula.reporting import html
from trabecula.reporting.html import markdown_pages, to_pdf
from trabecula.words.message import verbatim


@pytest.fixture(scope="module")
def printed():
    """Remembers a PDF, which takes a second to make."""
    return {}


def pdf_of(page, printed):
    """A page as PDF, made once."""
    if page not in printed:
        printed[page] = to_pdf(page)
    return printed[page]


def test_a_pdf_is_tagged_for_screen_readers_and_says_so(full, comparison, person, printed, lang):
    """PDF/UA-1, with its language and title."""
    reader = PdfReader(BytesIO(pdf_of(html.page_both(full, lang.code, person, comparison), printed)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang.code
    assert reader.metadata.title
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_a_pdf_has_one_page_for_each_reader(full, comparison, person, printed, lang):
    """A4, and no more than two sheets."""
    reader = PdfReader(BytesIO(pdf_of(html.page_both(full, lang.code, person, comparison), printed)))
    assert len(reader.pages) == 2
    assert [round(float(each)) for each in reader.pages[0].mediabox[2:]] == [595, 842]


def test_a_crowded_pdf_has_one_page_for_each_reader(lang):
    """Also where there is more to say than a sheet has room for, in the longest words."""
    plans = [plan(f"p{i}", f"Plan number {i} with a long name", -0.01, -0.02, 0.01) for i in range(10)]
    page = html.page_both(make_crowded(), lang.code, comparison=make_comparison(*plans))
    assert len(PdfReader(BytesIO(to_pdf(page))).pages) == 2


def test_many_choices_with_many_tasks_have_room_on_one_page(lang):
    """Who is on denosumab has more choices, warnings and tasks than others, and none of them pushes the rest away."""
    warned = [
        Objection(rule=name, reason=f"{name}: bone is lost quickly, and vertebrae may break, unless another"
                  " medicine takes over in time.", found="", source="A label, sections 2 and 5")
        for name in ("One", "Two")
    ]  # fmt: skip
    plans = [
        plan(
            f"p{i}", f"Plan number {i} with a name that needs two lines", -0.01, -0.02, 0.01, warnings=warned[i : i + 1]
        )
        for i in range(9)
    ]
    work = "Look at teeth and gums; finish larger work before a medicine is begun"
    due = Task(date=ON, task="x", what=work, why="", who="", rules=("bhof_2",), source="")
    busy = make_crowded().model_copy(update={"tasks": [due] * 9})
    page = html.page_both(busy, lang.code, comparison=make_comparison(*plans))
    assert len(PdfReader(BytesIO(to_pdf(page))).pages) == 2


def test_what_holds_for_several_plans_is_said_once(full):
    """Two medicines on top of a third have one reason, and the room for another warning is kept."""
    both = Objection(rule="x", reason="Two at once.", found="", source="")
    plans = [plan(name, name, -0.01, -0.02, -0.005, warnings=[both]) for name in ("Alendronate", "Zoledronate")]
    text = markdown_pages(full, "en", None, make_comparison(*plans), ("clinician",))
    assert "- **Alendronate; Zoledronate** Two at once." in text
    assert text.count("Two at once.") == 1


def test_the_fonts_are_inside_a_pdf(full, printed):
    """It looks the same everywhere."""
    reader = PdfReader(BytesIO(pdf_of(html.page_both(full), printed)))
    names = {str(font["/BaseFont"]) for page in reader.pages for font in fonts_of(page)}
    assert names
    assert all("+Inter" in name for name in names)


def fonts_of(page):
    """The fonts of a page."""
    return [each.get_object() for each in page["/Resources"]["/Font"].values()]


def test_pictures_in_a_pdf_have_a_text(full, printed):
    """What cannot be seen can be heard."""
    raw = PdfReader(BytesIO(pdf_of(html.page_both(full), printed)))
    alternatives = [
        each.get_object().get("/Alt")
        for each in (raw.get_object(i) for i in range(1, raw.trailer["/Size"]))
        if hasattr(each, "get") and each.get("/S") == "/Figure"
    ]
    assert alternatives
    assert all(alternatives)


def test_the_same_page_gives_the_same_pdf(full):
    """Byte for byte, whenever it is made."""
    page = html.page_person(full)
    assert to_pdf(page) == to_pdf(page)


def test_a_pdf_fetches_nothing(tmp_path):
    """Not even from this machine."""
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    page = f'<html lang="en"><title>x</title><p>x</p><img alt="x" src="{secret.as_uri()}"></html>'
    without = '<html lang="en"><title>x</title><p>x</p></html>'
    images = [len(PdfReader(BytesIO(to_pdf(each))).pages[0].get("/Resources", {}).get("/XObject", {}))
              for each in (page, without)]  # fmt: skip
    assert images[0] == images[1] == 0


def test_markdown_has_the_tables_and_the_sentences(full, comparison, person):
    """The same content, without the looks."""
    text = markdown_pages(full, "en", person, comparison)
    assert "| Major osteoporotic | 4.1 % (2.1–8.2) | 1.8 % |" in text
    assert "| Strength and balance training |" in text
    assert "# Your bones" in text
    assert "Train for strength and balance." in text


@pytest.fixture
def refused_and_warned():
    """A medicine that must not be taken, and one that is dangerous on top of another."""
    refusal = Objection(rule="x", reason="The kidneys are too weak.", found="eGFR 20", source="A label")
    warning = Objection(rule="y", reason="Two bone medicines at once.", found="denosumab", source="")
    return (
        plan("zoledronate", "Zoledronate", 0.0, 0.0, 0.0, risks=[], bone=[], refused=[refusal]),
        plan("alendronate", "Alendronate", -0.02, -0.03, -0.01, warnings=[warning]),
    )


def test_markdown_names_each_plan_that_is_refused_or_warned_of(full, refused_and_warned):
    """Before any table, since nobody reads on after the plans."""
    text = markdown_pages(full, "en", None, make_comparison(*refused_and_warned), ("clinician",))
    told = text.split("## Not to be given, or only with care")[1].split("## ")[0]
    assert "- **Zoledronate** The kidneys are too weak." in told
    assert "- **Alendronate** Two bone medicines at once." in told


def test_every_source_in_markdown_is_used_and_every_mark_has_its_source(full, refused_and_warned):
    """A number in brackets leads to the list, and nothing is listed for nothing."""
    text = markdown_pages(full, "en", None, make_comparison(*refused_and_warned), ("clinician",))
    body, sources = text.split("## Sources")
    used = {int(n) for n in re.findall(r" \\\[(\d+)\\\]", body)}
    assert used == {int(n) for n in re.findall(r"^(\d+)\. ", sources, re.MULTILINE)}


def test_markdown_says_what_is_met_to_the_letter_by_others(full):
    """As the page in HTML does."""
    other = advice("acr_vh40", "Treat.").model_copy(
        update={"verdict": Truth.FALSE, "scope": Truth.FALSE, "population": verbatim("daily tablets")}
    )
    text = markdown_pages(full.model_copy(update={"advice": [other]}), readers=("clinician",))
    assert "Criteria met as written, but outside the guideline population: daily tablets. Treat." in text


def test_a_figure_without_a_range_has_no_empty_brackets(full):
    """A tiny chance has no range."""
    risks = [each.model_copy(update={"risk": interval(0.0001)}) if each.site == "hip" else each for each in full.risks]
    text = markdown_pages(full.model_copy(update={"risks": risks}), readers=("clinician",))
    assert "| Hip | <0.1 % | " in text
    assert "()" not in text


def test_markdown_is_for_whom_it_was_asked(full):
    """One reader, one page."""
    assert "# Your bones" not in markdown_pages(full, readers=("clinician",))
    assert markdown_pages(full, readers=("person",)).startswith("# Your bones")


def test_nothing_that_somebody_wrote_becomes_markup_in_markdown(hostile):
    """No HTML, no links."""
    text = markdown_pages(hostile)
    assert HOSTILE not in text
    assert "\\<script>" in text
