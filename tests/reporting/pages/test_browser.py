"""The pages in a browser, as files: rules of accessibility, a small screen, paper, the dark, no connection."""

from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

import chromium
from reporting.conftest import make_assessment
from reporting.pages import conftest
from reporting.pages.conftest import make_comparison
from reporting.pages.test_pictures import around_a_course
from trabecula.reporting import html

PAGES = ("clinician", "person", "both", "interactive", "about", "steroids", "learn")
SMALL = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def browser():
    """Chromium without a window."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=chromium.found(), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every page as a file."""
    folder = tmp_path_factory.mktemp("pages")
    full = make_assessment(
        advice=[conftest.advice("ms_8", "At least 150 minutes of exercise a week.")],
        causes=conftest.make_causes(),
        scans=[conftest.make_scan()],
        next_measurement=conftest.make_next(),
        markers=around_a_course(),
    )
    comparison = make_comparison()
    plans = [conftest.plan(f"p{i}", f"Plan number {i} with a long name", -0.01, -0.02, 0.01) for i in range(10)]
    crowded, many = conftest.make_crowded(), make_comparison(*plans)
    made = {
        "crowded": html.page_both(crowded, comparison=many),
        "gedraengt": html.page_both(crowded, "de", comparison=many),
        "clinician": html.page_clinician(full, comparison=comparison),
        "person": html.page_person(full, comparison=comparison),
        "both": html.page_both(full, comparison=comparison),
        "interactive": html.page_interactive(full, comparison),
        "about": html.page_article("about"),
        "steroids": html.page_article("steroids"),
        "learn": html.page_learn(),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    assert set(PAGES) <= set(made)
    return folder


def opened(browser, pages, name, **how):
    """A page, opened as a file in a context of its own."""
    page = browser.new_context(**how).new_page()
    page.goto((Path(pages) / f"{name}.html").as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "crowded", "gedraengt"])
def test_no_rule_of_accessibility_is_broken(browser, pages, name, scheme):
    """Contrast, names, order, tables: axe finds nothing, by day and by night, with everything unfolded."""
    page = opened(browser, pages, name, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_small_screen(browser, pages, name):
    """At 320 pixels nothing has to be pushed sideways but a wide table or picture inside its own frame."""
    page = opened(browser, pages, name, viewport=SMALL)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    page.context.close()


@pytest.mark.parametrize("name", ["clinician", "person", "interactive"])
def test_a_picture_fits_a_small_screen(browser, pages, name):
    """At 320 pixels it stands there as a whole, and need not be pushed."""
    page = opened(browser, pages, name, viewport=SMALL)
    too_wide = (
        "[...document.querySelectorAll('.canvas')].filter(each => each.scrollWidth > each.clientWidth + 1).length"
    )
    assert page.evaluate(too_wide) == 0
    page.context.close()


@pytest.mark.parametrize(("name", "sheets"), [("clinician", 1), ("person", 1), ("crowded", 2), ("gedraengt", 2)])
def test_a_page_is_one_sheet_of_paper(browser, pages, name, sheets):
    """A4, one sheet for each reader, also where there is more to say than it has room for."""
    page = opened(browser, pages, name)
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == sheets
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody(browser, pages, name):
    """No request but for the file itself and what it holds, and no complaint of the browser."""
    page = browser.new_context(offline=True).new_page()
    asked, said = [], []
    page.on("request", lambda each: asked.append(each.url))
    page.on("console", lambda each: said.append(each.text))
    page.goto((Path(pages) / f"{name}.html").as_uri())
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
    assert said == []
    page.context.close()


@pytest.mark.parametrize("name", ["both", "interactive"])
def test_a_page_keeps_its_edges_in_forced_colours_and_stands_still(browser, pages, name):
    """Where the system sets the colours, pictures keep their own on white and choices show their buttons."""
    page = opened(browser, pages, name, forced_colors="active", reduced_motion="reduce")
    grounds = page.evaluate(
        "[...document.querySelectorAll('.picture')].map(each => getComputedStyle(each).backgroundColor)"
    )
    assert set(grounds) == {"rgb(255, 255, 255)"}
    hidden = page.evaluate(
        "[...document.querySelectorAll('.choices input')].filter(each => getComputedStyle(each).opacity === '0')"
    )
    assert hidden == []
    assert page.evaluate("document.getAnimations().length") == 0
    page.context.close()


def test_a_choice_opens_its_panel_without_a_script(browser, pages):
    """By keyboard, with JavaScript switched off."""
    page = opened(browser, pages, "interactive", java_script_enabled=False)
    shown = page.locator(".panel:visible h2")
    assert shown.all_inner_texts() == ["Strength and balance training"]
    page.locator("#w-exercise").focus()
    page.keyboard.press("ArrowDown")
    assert shown.all_inner_texts() == ["Enough calcium and vitamin D"]
    page.context.close()


def test_the_first_stop_of_the_keyboard_leads_to_the_content(browser, pages):
    """Nobody has to walk through a menu."""
    page = opened(browser, pages, "interactive")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.context.close()
