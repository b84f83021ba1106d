"""Pages as they are sent: what they say, what they carry, what they refuse."""

import datetime

import pytest

from trabecula.adapters.files import read_record
from trabecula.person import read_person
from trabecula.web import forms, session
from trabecula.web.examples import EXAMPLES, FOLDER
from trabecula.web.state import Seal, SessionPage, open_page, seal_page

from .conftest import KEY, TODAY, state_in, text_in

SEAL = Seal(KEY)
WOMAN = {"birth_date": "1970-05-01", "sex": "female"}
MINIMAL = {"step": "person", **WOMAN}


def test_the_first_page_offers_an_example_a_form_and_a_file(web):
    """Whoever comes for the first time has three ways in."""
    page = web.get("/").text
    assert all(f'action="/example/{name}"' in page for name in EXAMPLES)
    assert 'href="/form"' in page
    assert 'type="file"' in page


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_answered_in_one_click(web, name):
    """Every shipped example leads to an answer with intervals."""
    answer = web.post(f"/example/{name}")
    assert answer.status_code == 200
    assert "%" in text_in(answer.text)
    assert "Not a medical device" in answer.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_goes_through_the_form_and_comes_back_the_same(name):
    """What a file says is what the form carries: nothing is lost on the way through entries."""
    person = read_record(FOLDER / f"{name}.yaml").person
    assert forms.person_of(forms.entries_of(person), datetime.date(2030, 1, 1)) == person


def test_a_number_of_a_file_comes_through_the_form_to_the_last_digit(web):
    """A weight that was converted from pounds, and one that a form would take for thousands, stay what they are."""
    long = {"birth_date": "1970-05-01", "sex": "female", "weight_kg": 61.23496995, "height_cm": 161.125}
    person = read_person(long)
    carried = forms.entries_of(person)
    assert forms.person_of(carried, TODAY).weight_kg == 61.23496995
    shown = {path: str(each) for path, each in carried.items()}
    page = web.post(
        "/form", data={"state": seal_page(SessionPage(carried), SEAL), "step": "person", **shown, "do": "next"}
    )
    assert page.status_code == 200
    assert open_page(state_in(page.text), SEAL).entries == carried


def test_date_of_birth_and_sex_are_enough(web):
    """A person about whom hardly anything is known gets an answer."""
    answer = web.post("/form", data={**MINIMAL, "do": "assess"})
    assert answer.status_code == 200
    assert "Fracture risk" in answer.text


def test_what_is_missing_is_told_beside_its_field_and_in_the_summary(web):
    """An empty first page names both answers that are needed, twice, and the summary has the focus."""
    page = web.post("/form", data={"step": "person", "do": "next"})
    assert page.status_code == 422
    assert text_in(page.text).count("Required: sex at birth.") == 2
    assert '<a href="#f-birth_date">' in page.text
    assert 'id="problems" tabindex="-1" autofocus' in page.text
    assert page.text.count('aria-invalid="true"') == 2


def test_what_was_typed_is_kept_beside_its_problem(web):
    """Nobody types anything twice: a wrong entry stands there as it was typed."""
    page = web.post("/form", data={**MINIMAL, "height_cm": "one metre", "do": "next"})
    assert page.status_code == 422
    assert 'value="one metre"' in page.text
    assert "a number" in text_in(page.text)


def test_a_slip_is_recognised(web):
    """A height in metres is asked back with the height that was probably meant."""
    page = web.post("/form", data={**MINIMAL, "height_cm": "1.66", "do": "next"})
    assert "did you mean 166 cm?" in page.text


def test_a_problem_of_another_page_leads_there(web):
    """A steroid course that cannot be read opens its page, whatever page the person is on."""
    state = state_in(web.post("/form", data={**MINIMAL, "do": "next"}).text)
    steroids = {"steroids[0].start": "2020-01-01", "steroids[0].as_written": "some cortisone"}
    state = state_in(web.post("/form", data={"state": state, "step": "steroids", **steroids, "do": "back"}).text)
    page = web.post("/form", data={"state": state, "do": "assess"})
    assert page.status_code == 422
    assert "<h1>Steroids</h1>" in page.text
    assert 'value="some cortisone"' in page.text


def test_rows_that_are_emptied_are_gone(web):
    """Emptying a row removes it, and the others move up."""
    rows = {f"steroids[{n}].{name}": text for n, text in enumerate(("2019", "2020")) for name in ("start",)}
    state = state_in(web.post("/form", data={"step": "steroids", **rows, "do": "back"}).text)
    emptied = {**rows, "steroids[0].start": ""}
    page = web.post("/form", data={"state": state, "step": "steroids", **emptied, "do": "add"}).text
    assert 'name="steroids[0].start" value="2020"' in page
    assert "2019" not in page


def test_a_row_can_be_removed(web, example):
    """The button beside a course removes this course, with what the form does not show of it."""
    page = web.post("/form", data={"state": state_in(example), "do": "remove:steroids[0]"}).text
    review = web.post("/form", data={"state": state_in(page), "do": "go:review"}).text
    assert "2014-05-02" not in review
    assert "2015-11-16" in review


@pytest.mark.parametrize(("gone", "left"), [(1, ["2017"]), (2, ["2016"]), (0, ["2016", "2017"])])
def test_a_row_is_removed_beside_one_that_was_emptied(web, gone, left):
    """The button removes the course that it stands beside, whatever else was changed on the page."""
    rows = {f"steroids[{n}].start": year for n, year in enumerate(("2015", "2016", "2017"))}
    state = state_in(web.post("/form", data={"step": "steroids", **rows, "do": "add"}).text)
    typed = {"state": state, "step": "steroids", **rows, "steroids[0].start": ""}
    page = web.post("/form", data={**typed, "do": f"remove:steroids[{gone}]"}).text
    assert list(open_page(state_in(page), SEAL).entries.values()) == left


@pytest.mark.parametrize("row", ["", "[0]", "steroids", "steroids[x]", "sex[0]", "birth_date", "ms[0]"])
def test_a_row_that_is_none_cannot_be_removed(web, row):
    """A button that no page has removes nothing."""
    typed = {"step": "steroids", "steroids[0].start": "2015"}
    page = web.post("/form", data={**typed, "do": f"remove:{row}"})
    assert page.status_code == 200
    assert open_page(state_in(page.text), SEAL).entries == {"steroids[0].start": "2015"}


def test_what_the_form_has_no_field_for_stays_in_the_record(web, example):
    """Blood tests of a file are used although the form does not ask for them."""
    review = web.post("/form", data={"state": state_in(example), "do": "go:review"}).text
    assert "other values in the file" in review
    entries = open_page(state_in(review), SEAL).entries
    assert entries["laboratory[0].value"] == 27


def test_a_page_from_before_a_restart_keeps_what_was_typed(web):
    """Another program's seal is not trusted, but its entries are shown for review instead of being lost."""
    old = seal_page(SessionPage({"birth_date": "1970", "sex": "female", "weight_kg": "61"}), Seal(b"another key"))
    page = web.post("/result", data={"state": old})
    assert "expired" in page.text
    assert "61 kg" in text_in(page.text)
    again = web.post("/form", data={"state": state_in(page.text), "do": "assess"})
    assert again.status_code == 200


@pytest.mark.parametrize(
    "entries", [{"": 1}, {"a": 1, "a.b": 2}, {"sex[0]": 1, "sex": "x"}, {"..": ""}, {"ms[99999].x": 1}]
)
def test_what_another_program_sealed_may_be_anything(web, entries):
    """Entries that contradict each other do no harm, wherever they come from."""
    page = web.post("/form", data={"state": seal_page(SessionPage(entries), Seal(b"another key")), "do": "assess"})
    assert page.status_code in (200, 400, 422)


def test_a_choice_on_a_page_from_before_a_restart_says_so(web):
    """The panel, asked by script, answers with a way to go on instead of a whole page."""
    old = seal_page(SessionPage({"birth_date": "1970", "sex": "female"}), Seal(b"another key"))
    part = web.post("/what-if", data={"state": old, "training": "exercise"}, headers={"HX-Request": "true"})
    assert "expired" in part.text
    assert "<html" not in part.text


NO_PART = {
    "entries with a mistake": ({**WOMAN, "birth_date": "soon"}, 422, "Fix the problems", "Edit entries"),
    "somebody too young": ({**WOMAN, "birth_date": "2015"}, 422, "years", "Edit entries"),
    "a page that was cut": (None, 400, "cut off on the way", ""),
}


@pytest.mark.parametrize("what", NO_PART)
def test_a_choice_without_an_answer_says_so_in_its_place(web, what):
    """What is asked for by script is a part of a page also when there is no answer, and leads on where it can."""
    entries, status, said, way = NO_PART[what]
    state = "x" if entries is None else seal_page(SessionPage(entries), SEAL)
    part = web.post("/what-if", data={"state": state, "training": "exercise"}, headers={"HX-Request": "true"})
    assert part.status_code == status
    assert "<html" not in part.text
    assert said in part.text
    assert way in part.text


@pytest.mark.usefixtures("faulty")
def test_a_choice_that_fails_says_so_in_its_place(web):
    """A fault of ours stands where the answer would, with the way back to what was typed."""
    state = seal_page(SessionPage(WOMAN), SEAL)
    part = web.post("/what-if", data={"state": state, "training": "exercise"}, headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.text) == (500, False)
    assert open_page(state_in(part.text), SEAL).entries == WOMAN


@pytest.mark.parametrize("state", ["x", "x.y", "é", "eJw.abc", "A" * 500_000])
def test_a_page_that_was_cut_on_the_way_is_said_so(web, state):
    """A hidden field that is no sealed text is refused kindly."""
    page = web.post("/result", data={"state": state})
    assert page.status_code in (400, 413)


def test_the_address_of_an_answer_leads_to_the_start(web):
    """Nothing was stored, so an answer cannot be asked for again by its address."""
    assert web.get("/result", follow_redirects=False).headers["location"] == "/"


@pytest.fixture
def faulty(monkeypatch):
    """A program that cannot answer anybody, with the value of an entry in its complaint."""

    def fail(*_):
        raise ValueError("weight 61.7")

    monkeypatch.setattr(session, "prepare", fail)


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(("code", "back"), [("en", "Edit entries"), ("de", "Angaben ändern")])
def test_a_fault_keeps_what_was_typed(web, code, back):
    """When an answer fails, everything typed is there to be looked through, changed and tried again."""
    typed = {**MINIMAL, "weight_kg": "61.7", "do": "assess"}
    page = web.post("/form", params={"lang": code}, data=typed)
    assert page.status_code == 500
    assert back in page.text
    review = web.post("/form", data={"state": state_in(page.text), "do": "go:review"})
    assert "61.7 kg" in text_in(review.text)


@pytest.mark.usefixtures("faulty")
def test_a_fault_is_logged_by_its_place_alone(web, caplog):
    """The log says where the program failed, and nothing of the person."""
    web.post("/form", data={**MINIMAL, "weight_kg": "61.7", "do": "assess"})
    web.post("/api/assess", json={"person": {"birth_date": "1970", "sex": "female", "weight_kg": 61.7}})
    assert len(caplog.messages) == 2
    assert all("ValueError in fail" in each and "61.7" not in each for each in caplog.messages)


def test_there_is_a_kind_page_for_what_is_not_here(web):
    """A wrong address is told in words."""
    page = web.get("/nothing")
    assert page.status_code == 404
    assert "Page not found" in page.text


def test_the_record_can_be_kept_and_read_again(web, example):
    """The entries come back as a file that the app and the command line read."""
    kept = web.post("/download/record.yaml", data={"state": state_in(example)})
    again = web.post("/upload", files={"file": ("record.yaml", kept.content)})
    assert again.status_code == 200
    assert 'filename="trabecula-record-example-woman-44-2026-11-22.yaml"' in kept.headers["content-disposition"]


def test_the_answer_can_be_kept_as_json_and_pdf(web, example):
    """The answer comes as data and as a page to print."""
    data = {"state": state_in(example)}
    assert web.post("/download/assessment.json", data=data).json()["date"] == "2026-11-22"
    assert web.post("/download/report.pdf", data=data).content.startswith(b"%PDF")


def test_causes_are_worked_out_once_and_carried(web, example):
    """Who asks for the causes sees them, and does not wait for them again on the next page."""
    page = web.post("/result", data={"state": state_in(example), "causes": "yes"}).text
    assert "Calculate contributions" in example
    assert "Calculate contributions" not in page
    again = web.post("/result", data={"state": state_in(page), "view": "clinician"}).text
    assert text_in(again) == text_in(page)


def test_causes_of_other_entries_are_forgotten(web, example):
    """An entry that changes leaves no answer of before behind."""
    found = web.post("/result", data={"state": state_in(example), "causes": "yes"}).text
    typed = {"step": "steroids", "steroids[0].start": "2014", "steroids[0].as_written": "5 x 1 g IV methylprednisolone"}
    page = web.post("/form", data={"state": state_in(found), **typed, "do": "assess"}).text
    assert "Calculate contributions" in page


@pytest.mark.parametrize("path", ["/about", "/learn", "/learn/steroids", "/learn/about"])
def test_there_is_something_to_read(web, path):
    """What the information rests on, and articles to learn from, can be read without entering anything."""
    page = web.get(path)
    assert page.status_code == 200
    assert "<h1" in page.text


def test_an_article_that_is_not_there_is_told(web):
    """A wrong name is no fault."""
    assert web.get("/learn/nothing").status_code == 404


def test_a_page_stays_below_300_kilobytes(web, example):
    """Pages are light, with all they carry."""
    person = web.post("/result", data={"state": state_in(example), "view": "person"}).text
    assert max(len(example.encode()), len(person.encode())) < 300_000
