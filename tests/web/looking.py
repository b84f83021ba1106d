"""What is seen on a page: what axe finds, how wide it is, what moves, in every kind of window."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 225}
"""A window of 1280 by 900 at 400 %."""


@dataclass(frozen=True)
class Seen:
    """One page, looked at from all sides."""

    light: list[str]
    dark: list[str]
    narrow: int
    zoomed: int
    moving: int
    without_edge: list[str]


def look(window) -> Seen:
    """Looks at the page that is open, and leaves it unfolded."""
    light = violations(window)
    window.emulate_media(color_scheme="dark")
    dark = violations(window)
    window.emulate_media(color_scheme="light", forced_colors="active", reduced_motion="reduce")
    seen = Seen(
        light, dark, width(window, NARROW), width(window, ZOOMED),
        window.evaluate("document.getAnimations().length"), without_edge(window),
    )  # fmt: skip
    window.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    window.set_viewport_size(DESK)
    return seen


def violations(window) -> list[str]:
    """What axe finds, with everything unfolded."""
    window.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(window, options={"runOnly": RULES}).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def width(window, size) -> int:
    """How wide the page is in a window of some size: more than the window has to be scrolled sideways."""
    window.set_viewport_size(size)
    return window.evaluate("document.documentElement.scrollWidth")


def without_edge(window) -> list[str]:
    """Buttons and entries that one cannot tell from the page when the system sets the colours."""
    return window.evaluate("""
        [...document.querySelectorAll("button.secondary, input[type=text], select")]
            .filter(each => each.offsetParent && getComputedStyle(each).borderTopWidth === "0px")
            .map(each => each.outerHTML.slice(0, 100))
    """)
