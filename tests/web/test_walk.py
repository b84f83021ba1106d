"""Every page of the app in a browser, in every language: axe, a narrow window, forced colours, who is asked."""

import re
from dataclasses import dataclass

import pytest

from trabecula.words.language import LANGUAGES

from .looking import Seen, look
from .walking import Walker


@dataclass(frozen=True)
class Walk:
    """Every page, looked at once, and what the browser asked for and complained about on the way."""

    pages: dict[str, Seen]
    asked: list[str]
    complaints: list[str]

    def found(self, what) -> dict[str, object]:
        """What is wrong, by page; pages with nothing wrong are left out."""
        return {name: wrong for name, seen in self.pages.items() if (wrong := what(seen))}


@pytest.fixture(scope="module", params=LANGUAGES)
def walk(request, opened):
    """One walk through the whole app in one language."""
    window = opened()
    pages = {name: look(window) for name in Walker(window, request.param).pages()}
    assert window.locator("html").get_attribute("lang") == request.param
    return Walk(pages, window.asked, window.complaints)


def test_axe_finds_nothing_on_any_page(walk):
    """Every page can be read and used by whoever does not see it well, in the light and in the dark."""
    assert walk.found(lambda seen: seen.light + seen.dark) == {}


def test_no_page_asks_anybody_else(walk, address):
    """Whatever a page needs comes from this machine."""
    assert [url for url in walk.asked if not url.startswith(address)] == []


def test_no_page_breaks_its_own_policy(walk):
    """Scripts, styles and pictures keep to the strict policy, and no script fails."""
    expected = re.compile(r"status of (404|422)")
    assert [told for told in walk.complaints if not expected.search(told)] == []


def test_every_page_fits_320_pixels_and_400_per_cent(walk):
    """Nothing runs out of a narrow page and has to be scrolled sideways."""
    assert walk.found(lambda seen: max(seen.narrow, seen.zoomed) > 320) == {}


def test_buttons_and_entries_keep_an_edge_in_forced_colours(walk):
    """Where the system sets the colours, one still sees what can be pressed and filled."""
    assert walk.found(lambda seen: seen.without_edge) == {}


def test_nothing_moves_for_who_does_not_want_it(walk):
    """With reduced motion no page has an animation."""
    assert walk.found(lambda seen: seen.moving) == {}
