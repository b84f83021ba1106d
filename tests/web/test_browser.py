"""The app in a browser: by keyboard, without JavaScript, on a phone, on paper, in the dark, for a screen reader."""

import io
import re

import pytest
from pypdf import PdfReader

from .walking import choose, listen, press, wait_for_answer


def test_the_language_is_chosen_by_keyboard_and_without_javascript(plain):
    """The switch keeps what was typed, wherever somebody is in the form."""
    plain.goto("/form")
    plain.get_by_role("textbox", name="Height").fill("166")
    plain.get_by_role("button", name="Deutsch").focus()
    enter(plain)
    assert plain.locator("html").get_attribute("lang") == "de"
    assert plain.get_by_role("textbox", name="Größe").input_value() == "166"
    assert "lang=de" in plain.url
    assert "166" not in plain.url


def test_the_dark_is_dark_and_the_light_is_light(page):
    """The page follows the system."""
    brightness = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/")
        colour = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
        brightness[scheme] = sum(map(float, re.findall(r"[\d.]+", colour)[:3]))
    assert brightness["dark"] < 200 < 600 < brightness["light"]


def reach(window, name: str, most: int = 80) -> None:
    """Presses Tab until something with this name has the focus, which must be seen."""
    for _ in range(most):
        window.keyboard.press("Tab")
        if focused(window).startswith(name):
            assert has_outline(window), f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"Tab never reached {name}")


def focused(window) -> str:
    """The name of what has the focus: its label, or its own words."""
    return window.evaluate("""(() => {
        const here = document.activeElement, label = here.labels && here.labels[0];
        return (label || here).textContent.trim();
    })()""")


def has_outline(window) -> bool:
    """Whether one sees what has the focus."""
    style, width = window.evaluate("""(() => {
        const style = getComputedStyle(document.activeElement);
        return [style.outlineStyle, style.outlineWidth];
    })()""")
    return style != "none" and float(width.removesuffix("px")) >= 2


def enter(window) -> None:
    """Presses Enter, which leads to another page."""
    with window.expect_navigation():
        window.keyboard.press("Enter")


def test_the_whole_journey_by_keyboard_alone(page):
    """From the first page through a mistake to the answer and a choice, without a mouse."""
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    reach(page, "Start the form")
    enter(page)
    reach(page, "Date of birth")
    page.keyboard.type("1970-05-01")
    enter(page)
    assert page.evaluate("document.activeElement.id") == "problems"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page).startswith("Sex at birth")
    page.keyboard.press("F")
    reach(page, "Continue")
    enter(page)
    reach(page, "EDSS")
    page.keyboard.type("4")
    reach(page, "Run assessment now")
    enter(page)
    assert page.get_by_role("heading", name="Fracture risk").first.is_visible()
    reach(page, "What would change it?")
    enter(page)
    reach(page, "Training")
    page.keyboard.press("S")
    reach(page, "Show what changes")
    enter(page)
    assert "people in 1,000 would break a bone" in page.locator("#w-answer").inner_text()
    begin_anew(page)
    keep_four(page)
    compared = page.locator("section[aria-labelledby=w-compared] tbody th").all_text_contents()
    assert [each for each in PLANS.values() if not any(each in title for title in compared)] == []
    refuse_a_fifth(page)
    reach(page, "For the clinician")
    enter(page)
    assert all(each in page.content() for each in PLANS.values())


PLANS = {"Training ST": "Strength, balance and impact training", "Bone medicine AL": "Alendronate",
         "Bone medicine Z": "Zoledronate", "Bone medicine D": "Denosumab"}  # fmt: skip
"""What is kept for comparison: a question with the letters that choose, and the title that it leads to."""


def begin_anew(window) -> None:
    """Forgets what was chosen."""
    reach(window, "Start over")
    enter(window)


def pick(window, letters: str) -> None:
    """Chooses by letters, and waits until the panel has answered: on a busy machine that may take seconds."""
    listen(window)
    window.keyboard.type(letters)
    wait_for_answer(window)


def keep_four(window) -> None:
    """Chooses and keeps four plans by keyboard, one after the other."""
    for number, choice in enumerate(PLANS, start=1):
        question, _, letters = choice.rpartition(" ")
        reach(window, question)
        pick(window, letters)
        reach(window, "Add to comparison")
        enter(window)
        assert f"({number}/{len(PLANS)})" in window.locator("#w-answer").inner_text()


def refuse_a_fifth(window) -> None:
    """Four are enough to compare: a fifth is told, and the focus moves to where it is told."""
    reach(window, "Training")
    pick(window, "S")
    reach(window, "Add to comparison")
    enter(window)
    assert window.evaluate("document.activeElement.contains(document.getElementById('problems'))")
    assert "at most 4 plans to compare" in window.get_by_role("alert").inner_text()


@pytest.fixture
def plain(opened):
    """A window of a browser in which scripts are off."""
    window = opened(java_script_enabled=False)
    yield window
    window.context.close()


def test_the_whole_journey_without_javascript(plain):
    """Form, mistake, answer, other view, choice: everything works where scripts are off."""
    plain.goto("/form")
    plain.get_by_label("Date of birth").fill("1970-05-01")
    press(plain, "Continue")
    assert plain.get_by_role("alert").is_visible()
    plain.get_by_label("Sex at birth").select_option("female")
    press(plain, "Run assessment now")
    assert plain.get_by_role("heading", name="Fracture risk").first.is_visible()
    press(plain, "For the patient")
    assert plain.get_by_role("heading", name="Your chance of breaking a bone").first.is_visible()
    press(plain, "What would change it?")
    plain.get_by_label("Training", exact=True).select_option("exercise")
    press(plain, "Show what changes")
    assert "people in 1,000 would break a bone" in plain.locator("#w-answer").inner_text()


def test_a_file_is_opened_in_the_browser(page):
    """Somebody chooses a record and sees the answer."""
    record = b"birth_date: 1970-05-01\nsex: male\n"
    page.goto("/")
    page.set_input_files("input[type=file]", {"name": "r.yaml", "mimeType": "text/yaml", "buffer": record})
    press(page, "Open file")
    assert "Man of 56" in page.locator("h1").first.inner_text()


def test_plans_stand_beside_each_other(page):
    """A choice is answered as soon as it is made; what is kept stays for comparison and comes into the report."""
    page.goto("/")
    press(page, "Woman of 44")
    press(page, "What would change it?")
    choose(page, "Training", "exercise")
    press(page, "Add to comparison")
    assert page.get_by_label("Training", exact=True).input_value() == ""
    choose(page, "Bone medicine", "zoledronate")
    titles = page.locator("#w-answer h2").all_inner_texts()
    assert {"Strength and balance training", "Zoledronate once a year for five years"} <= set(titles)
    assert page.locator("#w-compared").is_visible()
    press(page, "For the clinician")
    assert "Strength and balance training" in page.content()


@pytest.fixture
def panel(page):
    """The panel of choices with one choice answered; the place of the answer is marked."""
    page.goto("/")
    press(page, "Woman of 44")
    press(page, "What would change it?")
    choose(page, "Training", "exercise")
    page.evaluate("document.getElementById('w-answer').marked = true")
    return page


def test_what_was_chosen_is_read_aloud_and_not_the_whole_answer(panel):
    """A region that stays in the page, which a screen reader watches, gets a title and a sentence."""
    panel.evaluate("document.getElementById('w-said').marked = true")
    choose(panel, "Training", "exercise-with-impact")
    said = panel.locator("#w-said").inner_text()
    assert said.startswith("Strength, balance and impact training. ")
    assert len(said) < 200
    assert panel.evaluate("document.getElementById('w-said').marked && document.getElementById('w-answer').marked")


def test_without_a_connection_no_answer_to_another_choice_stays(panel):
    """When the program cannot be reached, the page says so in place of the answer; the next choice is answered."""
    panel.route("**/what-if", lambda route: route.abort())
    panel.get_by_label("Training", exact=True).select_option("exercise-with-impact")
    panel.get_by_text("The program cannot be reached").wait_for()
    assert "Strength" not in panel.locator("#w-answer").inner_text()
    panel.unroute("**/what-if")
    choose(panel, "Training", "exercise")
    assert "Strength and balance training" in panel.locator("#w-answer").inner_text()


def test_a_refusal_takes_the_place_of_the_answer_to_another_choice(panel):
    """A page that was damaged is told where the answer would stand."""
    panel.evaluate("document.querySelector('#page [name=state]').value = 'x'")
    panel.get_by_label("Training", exact=True).select_option("exercise-with-impact")
    panel.get_by_text("cut off on the way").wait_for()
    assert "Strength" not in panel.locator("#w-answer").inner_text()


def test_an_answer_prints_without_buttons(page):
    """On paper there is the report, with the word that this is no medical device, and nothing to press."""
    page.goto("/")
    press(page, "Woman of 44")
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = " ".join(each.extract_text() for each in reader.pages)
    assert "Not a medical device" in text
    assert "Edit entries" not in text


def printed(window) -> list[str]:
    """What the pages say that a printer gives."""
    reader = PdfReader(io.BytesIO(window.pdf(format="A4", prefer_css_page_size=True)))
    return [each.extract_text() for each in reader.pages]


def test_a_short_page_prints_on_one_sheet(page):
    """No empty sheet follows."""
    page.goto("/learn")
    assert len(printed(page)) == 1


def test_what_is_folded_away_is_printed(page):
    """On paper nobody can open the side effects of a choice."""
    page.goto("/")
    press(page, "Woman of 44")
    press(page, "What would change it?")
    choose(page, "Bone medicine", "zoledronate")
    assert "Fever and aches" in " ".join(printed(page))
