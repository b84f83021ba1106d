"""The work list of a register in the browser: found, opened, acknowledged, by keyboard, by several users, refused."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from register_people import InMemory, person
from scored_rows import many, refused, scores, written

from trabecula.register import Entry
from trabecula.register.columns import schema
from trabecula.register.kept import Acknowledgements
from trabecula.web import create_app
from trabecula.web.registerpages import RegisterSettings
from trabecula.words.language import LANGUAGES, language

from .conftest import FEW_DRAWS, KEY, TODAY, text_in
from .looking import look
from .serving import served

CAUSES = {"causes": ["pulses", "falls"], "cause_shares": [0.02, 0.05], "modifiable_cause": "falls"}
ROWS = [*many(400), scores("Rossi 17", 0.31, dxa_overdue=True, **CAUSES), refused("no birth date")]
PERSON = r'href="(/register/person/[\w-]{22})">'


@pytest.fixture
def clinic(tmp_path):
    """The address of an app with a register, its scores, and what was said."""
    file = written(ROWS, tmp_path / "scores.parquet")
    before = written(ROWS[:200], tmp_path / "before.parquet")
    people = InMemory([Entry("Rossi 17", person(17))])
    settings = RegisterSettings(file, str(tmp_path / "kept.sqlite"), before, lambda on: people)
    with served(create_app(today=lambda: TODAY, key=KEY, draws=FEW_DRAWS, register=settings)) as address:
        yield address, file, Acknowledgements(settings.acknowledged)


def _client(address):
    """A browser that goes where it is led, and has its cookie."""
    client = httpx.Client(base_url=address, follow_redirects=True, timeout=120, headers={"accept-language": "en"})
    client.get("/")
    return client


def _first(pattern, page):
    """What a pattern first finds."""
    found = re.search(pattern, page)
    assert found
    return found[1]


def _sent(page, do, id):
    """What the button of a person sends, the day to which somebody is snoozed with it."""
    forms = re.findall(r"<form[^>]*/register/say.*?</form>", page, re.DOTALL)
    form = next(form for form in forms if f": {id}" in form and f'value="{do}"' in form)
    entries = re.findall(r'name="(\w+)"(?: min="[^"]*")? value="([^"]*)"', form)
    return {name: unescape(value) for name, value in entries} | {"do": do}


def test_by_keyboard_somebody_is_found_snoozed_and_taken_back(clinic, browser):
    """Type, Enter, Tab, Enter: each answer is where the focus is, and nothing of it stands in an address."""
    address, _, kept = clinic
    context = browser.new_context(base_url=address, locale="en-GB")
    window, asked = context.new_page(), []
    window.on("request", lambda request: asked.append(request.url))
    window.goto("/register")
    window.get_by_label("Id contains").focus()
    window.keyboard.type("rossi")
    window.keyboard.press("Enter")
    window.get_by_role("status").filter(has_text="1 person").wait_for()
    row = window.get_by_role("table").get_by_role("row").filter(has_text="Rossi 17")
    row.get_by_text("Snooze").first.focus()
    window.keyboard.press("Enter")
    row.get_by_label("until").focus()
    window.keyboard.press("Enter")
    window.locator("#told").wait_for()
    assert "Rossi 17: snoozed until 20 December 2026" in window.locator("#told").inner_text()
    assert window.evaluate("document.activeElement.id") == "told"
    assert kept()["Rossi 17"].snoozed_until == TODAY + timedelta(days=28)
    window.get_by_label("Show").select_option("quiet")
    window.get_by_role("button", name="Search").press("Enter")
    window.get_by_role("button", name="Take back: Rossi 17").press("Enter")
    window.locator("#told", has_text="open again").wait_for()
    assert dict(kept()) == {}
    assert not [url for url in asked if "ossi" in url or "?" in url.replace("?v=", "")]
    context.close()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_pages_can_be_used_by_everybody(clinic, browser, code):
    """The list and a person: axe in the light and the dark, a narrow window, forced colours; in each language."""
    context = browser.new_context(base_url=clinic[0], locale=code)
    window = context.new_page()
    window.goto("/register")
    seen = [look(window)]
    window.get_by_role("link", name="p00000").click()
    seen.append(look(window))
    context.close()
    for page in seen:
        assert page.light + page.dark + page.without_edge == []
        assert max(page.narrow, page.zoomed) <= 320


def test_a_person_is_opened_with_everything_that_was_scored(clinic):
    """Risks with intervals, causes, gaps, and the whole answer by the one road; the key says nothing."""
    client = _client(clinic[0])
    found = client.post("/register", data={"text": "rossi"}).text
    link = _first(PERSON, found)
    page = client.get(link).text
    told = text_in(page)
    for expected in ("31 %", "average 5.0 %", "DXA overdue", "falls", "bone density scan (DXA)", "T-score"):
        assert expected in told, expected
    answer = client.post("/register/answer", data={"row": link.rpartition("/")[2]})
    assert answer.status_code == 200
    assert language("en").text("page.what_would_change_it") in answer.text
    assert client.post("/register/answer", data={"row": "x"}).status_code == 404
    nobody = client.post("/register", data={"show": "everybody", "text": "birth"}).text
    assert language("en").text("cohort.page.refused") in text_in(client.get(_first(PERSON, nobody)).text)


def test_two_users_and_one_row(clinic):
    """Both have the list open; the second one is told, and what the first one said stands."""
    address, _, kept = clinic
    one, two = _client(address), _client(address)
    pages = [client.get("/register").text for client in (one, two)]
    first, second = one.post("/register/say", data=_sent(pages[0], "acknowledge", "p00000")), two.post(
        "/register/say", data=_sent(pages[1], "snooze", "p00000"))  # fmt: skip
    assert "p00000: acknowledged" in text_in(first.text)
    assert "somebody else was first" in text_in(second.text)
    assert kept()["p00000"].snoozed_until is None
    assert "p00000" not in re.findall(r">(p\d{5})</a>", first.text)
    past = _sent(pages[1], "snooze", "p00200") | {"until": TODAY.isoformat()}
    assert "choose a day after today" in text_in(two.post("/register/say", data=past).text)


def test_the_list_stays_readable_without_its_database_and_with_a_broken_file(clinic, tmp_path):
    """A database that is none, a file that is replaced by nonsense, then by new scores, a key of nobody."""
    address, file, _ = clinic
    client = _client(address)
    (tmp_path / "kept.sqlite").write_text("nonsense " * 500)
    page = client.get("/register").text
    assert "is no database of acknowledgements" in page
    assert "p00000" in page
    said = client.post("/register/say", data=_sent(page, "acknowledge", "p00000"))
    assert "is no database of acknowledgements" in said.text
    file.write_bytes(b"nonsense")
    assert "The file with the scores has changed" in text_in(client.get("/register").text)
    written([scores("newcomer", dxa_due=True)], tmp_path / "new.parquet").replace(file)
    assert re.findall(PERSON.replace("(", "(?:") + r"([^<]*)", client.get("/register").text) == ["newcomer"]
    assert client.get("/register/person/aaaaaaaaaaaaaaaaaaaaaa").status_code == 404
    assert client.post("/register/say", data={"row": "nobody", "do": "acknowledge"}).status_code == 404


def test_scores_of_another_version_never_start(tmp_path):
    """Refused before anybody is served."""
    file = written([], tmp_path / "scores.parquet", schema().with_metadata({"trabecula.scores": "9.0"}))
    with pytest.raises(ValueError, match=r"version 9\.0"):
        create_app(register=RegisterSettings(file, str(tmp_path / "kept.sqlite")))
