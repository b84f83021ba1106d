"""In a browser: Back, reload and a program that stops lose nothing that was typed; a new patient takes six pages."""

import pytest

from trabecula.web import create_app

from .conftest import FEW_DRAWS, PATIENCE_MS, TODAY
from .serving import served
from .walking import press

COURSES = ("5 x 1 g IV methylprednisolone", "3 x 1 g IV methylprednisolone, then prednisone taper",
           "prednisone 60 mg daily for 5 days")  # fmt: skip


def started(port: int = 0):
    """A program of its own, which can be stopped and started again; another start has another key."""
    return served(create_app(today=lambda: TODAY, draws=FEW_DRAWS), port)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def window(opened, request):
    """A window with scripts, and one without."""
    window = opened(java_script_enabled=request.param)
    yield window
    window.context.close()


def entry(window, path):
    """An entry of the form, by its place in the record."""
    return window.locator(f"[name='{path}']")


def test_a_new_patient_with_three_courses_and_one_scan_takes_six_pages(window):
    """Person, MS, three steroid courses, one DXA of three sites, medicines, answer: each page is loaded once."""
    loads = []
    window.on("load", lambda _: loads.append(window.url))
    window.goto("/form")
    entry(window, "birth_date").fill("1970-05-01")
    entry(window, "sex").select_option("female")
    press(window, "Continue")
    entry(window, "ms.disability[0].edss").fill("4")
    press(window, "Continue")
    for number, course in enumerate(COURSES):
        entry(window, f"steroids[{number}].start").fill(f"{2014 + number}-05-02")
        entry(window, f"steroids[{number}].as_written").fill(course)
    press(window, "Continue")
    entry(window, "dxa[0].date").fill("2025-03-04")
    for number, density in enumerate(("0.95", "0.80", "0.85")):
        entry(window, f"dxa[{number}].bmd_g_cm2").fill(density)
    press(window, "Continue")
    entry(window, "vitamin_d_ug_per_day").fill("20")
    press(window, "Run assessment now")
    assert window.locator("h1").first.inner_text().startswith("Woman of 56")
    assert len(loads) <= 6


def test_back_shows_what_was_typed_and_forward_what_comes_next(window):
    """No error page and no question whether to send a form again, with and without scripts."""
    window.goto("/form")
    entry(window, "birth_date").fill("1970-05-01")
    entry(window, "sex").select_option("female")
    press(window, "Continue")
    entry(window, "ms.disability[0].edss").fill("4")
    press(window, "Continue")
    window.go_back()
    assert entry(window, "ms.disability[0].edss").input_value() == "4"
    window.go_back()
    assert entry(window, "birth_date").input_value() == "1970-05-01"
    window.go_forward()
    window.go_forward()
    assert window.get_by_role("heading", name="Steroids", exact=True).is_visible()


def test_an_answer_can_be_reloaded_and_gone_back_to(window):
    """It is there again at once, at an address that says nothing about anybody."""
    window.goto("/")
    press(window, "Woman of 44")
    told = window.locator("h1").first.inner_text()
    window.reload()
    assert window.locator("h1").first.inner_text() == told
    press(window, "Edit entries")
    window.go_back()
    assert window.locator("h1").first.inner_text() == told
    assert "1982" not in window.url


def test_what_was_typed_and_not_sent_survives_a_reload(page):
    """And whoever closes the window is asked first."""
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/form")
    entry(page, "height_cm").press_sequentially("166")
    page.reload()
    assert entry(page, "height_cm").input_value() == "166"
    assert asked == ["beforeunload"]
    page.goto("/form")
    assert entry(page, "height_cm").input_value() == ""


def test_a_program_that_stops_loses_nothing(browser):
    """The page stays and says so; started again, it takes what was typed; a page asked for again offers it."""
    with started() as address:
        port = int(address.rpartition(":")[2])
        context = browser.new_context(base_url=address)
        context.set_default_timeout(PATIENCE_MS)
        window = context.new_page()
        window.on("dialog", lambda dialog: dialog.accept())
        window.goto("/form")
        entry(window, "birth_date").fill("1970-05-01")
        entry(window, "sex").select_option("female")
        press(window, "Continue")
        entry(window, "ms.disability[0].edss").press_sequentially("4")
    window.get_by_role("button", name="Continue").last.click()
    window.get_by_text("The program cannot be reached").wait_for()
    assert entry(window, "ms.disability[0].edss").input_value() == "4"
    with started(port):
        press(window, "Continue")
        assert window.get_by_role("heading", name="Steroids", exact=True).is_visible()
        press(window, "Multiple sclerosis")
        assert entry(window, "ms.disability[0].edss").input_value() == "4"
        entry(window, "ms.disability[0].edss").fill("4.5")
    with started(port):
        window.reload()
        assert window.get_by_role("heading", name="Page no longer kept").is_visible()
        press(window, "Continue with this record")
        assert entry(window, "ms.disability[0].edss").input_value() == "4.5"
        press(window, "Run assessment now")
        assert window.locator("h1").first.inner_text().startswith("Woman of 56")
    context.close()


def test_a_browser_keeps_a_record_only_for_who_asked(page):
    """Then another visit offers to continue it, and to delete it."""
    kept = "Object.keys(localStorage).length"
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/form")
    entry(page, "height_cm").press_sequentially("166")
    page.goto("/")
    assert page.evaluate(kept) == 0
    assert not page.get_by_text("Unfinished record").is_visible()
    page.goto("/form")
    page.get_by_label("Keep what I type").check()
    entry(page, "height_cm").press_sequentially("167")
    page.goto("/")
    press(page, "Continue with this record")
    assert entry(page, "height_cm").input_value() == "167"
    page.goto("/")
    page.get_by_role("button", name="Delete it").click()
    page.reload()
    assert not page.get_by_text("Unfinished record").is_visible()


def test_a_row_more_needs_no_page_with_scripts(page):
    """It is empty, numbered on, and has the focus; what is typed in it is sent like any other."""
    page.goto("/form")
    entry(page, "birth_date").fill("1970")
    entry(page, "sex").select_option("female")
    press(page, "DXA scans, fractures, falls")
    page.get_by_role("button", name="Add another scan").click()
    assert page.evaluate("document.activeElement.name") == "dxa[3].date"
    page.keyboard.type("2020")
    entry(page, "dxa[4].t_score").fill("−1,2")
    press(page, "Check entries")
    assert "-1.2" in page.locator("main").inner_text().replace("−", "-")


def test_courses_are_bars_that_the_keyboard_moves(page):
    """With scripts a list has a picture over the years: a bar leads to its row, and arrow keys change its date."""
    page.goto("/form")
    entry(page, "birth_date").fill("1970")
    press(page, "Steroids")
    assert not page.locator(".timeline").first.is_visible()
    entry(page, "steroids[0].start").fill("2014-05-02")
    entry(page, "steroids[0].as_written").fill("5 x 1 g IV methylprednisolone")
    bar = page.get_by_role("button", name="Course 1, 5 x 1 g IV methylprednisolone")
    bar.focus()
    page.keyboard.press("ArrowRight")
    assert entry(page, "steroids[0].start").input_value() == "2014-06-01"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "steroids[0].start"
