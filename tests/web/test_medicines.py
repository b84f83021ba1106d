"""Medicines and courses in the form: what is not known is asked back, and what was understood is said."""

import pytest

from trabecula.web.medicines import meant, offered
from trabecula.web.state import Seal, SessionPage, open_page, seal_page
from trabecula.words.language import LANGUAGES, language
from trabecula.words.message import verbatim

from .conftest import KEY, state_in, text_in

SEAL = Seal(KEY)
WOMAN = seal_page(SessionPage({"birth_date": "1970", "sex": "female"}), SEAL)


def typed(web, drug, do="assess", listed="medicines", step="life", **more):
    """The answer to a medicine that somebody typed."""
    row = {f"{listed}[0].drug": drug, f"{listed}[0].start": "2020"}
    return web.post("/form", data={"state": WOMAN, "step": step, **row, **more, "do": do})


@pytest.mark.parametrize(("drug", "near"), [("denosumap", "denosumab"), ("Zoledronst", "zoledronat"),
                                            ("alendronatt", "alendronat"), ("Proliaa", "prolia")])  # fmt: skip
def test_a_misspelt_medicine_stops_at_its_field(web, drug, near):
    """It is not answered as if it were not taken: the name that was meant is offered."""
    page = typed(web, drug)
    assert page.status_code == 422
    assert near in text_in(page.text).lower().partition("needed")[0]
    assert '<a href="#f-medicines-0-drug">' in page.text


def test_a_misspelt_drug_against_ms_stops_too(web):
    """On the page where it is asked."""
    page = typed(web, "ocrelizumap", listed="ms.disease_modifying_drugs", step="ms", do="next")
    assert page.status_code == 422
    assert "ocrelizumab" in page.text


def test_an_unknown_medicine_can_be_kept_as_it_was_typed(web):
    """Whoever says so once is not asked again on any later page."""
    stopped = typed(web, "Kalzium Müller")
    assert stopped.status_code == 422
    answer = typed(web, "Kalzium Müller", **{"as_typed:medicines[0].drug": "yes"})
    assert answer.status_code == 200
    assert open_page(state_in(answer.text), SEAL).confirmed == {"kalzium müller"}
    assert web.post("/result", data={"state": state_in(answer.text), "view": "person"}).status_code == 200


def test_a_misspelt_medicine_of_a_file_is_asked_about_and_a_foreign_one_is_not(web):
    """A record by hand may be misspelt; a medicine that nobody knows stays a remark."""
    record = "birth_date: 1970\nsex: female\nmedicines:\n  - {{drug: {}, start: 2020}}\n"
    answers = [
        web.post("/upload", files={"file": ("r.yaml", record.format(drug))}) for drug in ("denosumap", "qwertz forte")
    ]
    assert [answer.status_code for answer in answers] == [422, 200]


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_are_offered_in_the_language_and_by_brand(web, code):
    """While somebody types, the browser offers what there is."""
    names = offered("medicines", language(code))
    assert language(code).say(verbatim("")) == ""
    assert {"en": "denosumab", "de": "Denosumab", "it": "denosumab"}[code].lower() in map(str.lower, names)
    assert names["Prolia"].lower() == "denosumab"
    page = web.post("/form", params={"lang": code}, data={"do": "go:life"}).text
    assert 'list="medicines"' in page
    assert '<datalist id="medicines">' in page


def test_a_word_that_is_like_none_has_no_suggestion():
    """Better none than one that nobody meant."""
    assert meant("qwertz forte") is None


def test_the_review_says_how_each_course_was_understood(web):
    """Drug, route, dose, days, the total beside prednisone, and what was assumed."""
    rows = {"steroids[0].start": "2020-01-02", "steroids[0].as_written": "5 Tage 1 g Methylprednisolon i.v.",
            "steroids[1].start": "2021", "steroids[1].as_written": "prednisone 60 mg daily tapering"}  # fmt: skip
    page = web.post("/form", data={"state": WOMAN, "step": "steroids", **rows, "do": "go:review"})
    said = text_in(page.text)
    assert "Understood: methylprednisolone 1000 mg iv daily for 5 days. In all 5,000 mg, as much as 6,250 mg" in said
    assert said.count("Understood:") == 2
    assert "Taper length not given" in said
    again = web.post("/form", data={"state": state_in(page.text), "do": "go:steroids"})
    assert text_in(again.text).count("Understood:") == 2


def test_a_course_is_told_while_something_else_is_wrong(web):
    """As far as its own words go."""
    rows = {"steroids[0].start": "soon", "steroids[0].as_written": "5 x 1 g IV methylprednisolone"}
    page = web.post("/form", data={"state": WOMAN, "step": "steroids", **rows, "do": "next"})
    assert page.status_code == 422
    assert "Understood: methylprednisolone 1000 mg iv daily for 5 days." in text_in(page.text)


def test_a_name_cannot_turn_the_direction_of_a_sentence(web):
    """Neither typed nor in a file."""
    turned = "deno\u202esumab"
    assert str(verbatim(turned)) == "denosumab"
    page = typed(web, turned, do="go:review")
    assert "\u202e" not in page.text
