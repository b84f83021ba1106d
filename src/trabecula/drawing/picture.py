"""What a picture is, and how one is finished: words for whoever cannot see it, no style that a strict page refuses."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from trabecula.drawing.sheet import PictureSheet
from trabecula.drawing.style import INK, QUIET, RULE, SMALL, THIN, in_style, written
from trabecula.drawing.svg import described

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PERSON, PERSON_BAND = "#15507f", "#c8dbec"
AVERAGE = "#9a5200"
EVENT, DRUG = "#8c1d40", "#1f6f6b"
"""Apart for the colour-blind, and in grey; each also has its own shape or line."""

FONTS = "Inter, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_STYLE_TAG = re.compile(r"\s*<defs>\s*<style\b.*?</style>\s*</defs>", re.DOTALL)
_STYLE_ATTRIBUTE = re.compile(r' style="([^"]*)"')
_FONT = re.compile(r"^(?:(?P<weight>bold|\d+) )?(?P<size>[\d.]+)px")
_FAMILY = re.compile(r' font-family="[^"]*"')
_ROOT = re.compile(r"(<svg\b[^>]*?) width=\"[^\"]*\" height=\"[^\"]*\"")


@dataclass(frozen=True)
class Data:
    """The numbers of a picture: a caption, the heads of the columns, and rows that begin with what they are about."""

    caption: str
    """What the numbers are, with their unit."""
    columns: tuple[str, ...]
    """The heads; the first stands above what the rows are about and may be empty."""
    rows: tuple[tuple[str, ...], ...]
    """Figures as the language writes them, as many in a row as there are heads."""


@dataclass(frozen=True)
class Drawing:
    """A picture: its name on the page, its SVG, its title and what it shows in words, its numbers."""

    name: str
    """Its anchor, alone on its page."""
    svg: str
    """The picture itself, its words escaped, without style attributes."""
    title: str
    description: str
    """What it shows, in sentences for whoever cannot see it."""
    table: Data
    """Everything it shows as numbers."""
    inches: float = 0.0
    """Its height in a column of a printed sheet."""
    again: "Callable[[], Figure] | None" = field(default=None, repr=False, compare=False)
    """Draws the same with matplotlib; None for a picture without axes."""

    @property
    def figure(self) -> "Figure | None":
        """The same in matplotlib's hands, drawn when it is asked for; None for a picture without axes."""
        return None if self.again is None else self.again()

    @property
    def high(self) -> float:
        """Its height in a column of a printed sheet [inches]."""
        return self.inches


@contextmanager
def canvas(width: float, height: float) -> Iterator["Figure"]:
    """An empty figure of so many inches, in the style of the house; others wait until it is finished."""
    from matplotlib.figure import Figure

    with in_style():
        yield Figure(figsize=(width, height))


def finished(figure: "Figure", name: str, title: str, description: str, table: Data) -> Drawing:
    """The picture with its words; call inside `canvas`."""
    svg = plain_svg(described(written(figure), name, title, description))
    return Drawing(name, svg, title, description, table, float(figure.get_figheight()), lambda: figure)


def drawn(
    size: tuple[float, float], draw: "Callable[[Figure], None]", name: str, title: str, description: str, table: Data
) -> Drawing:
    """A picture with its words, without matplotlib; `draw` puts it on a figure of so many inches, `size`.

    What it gets is a `PictureSheet`, which answers to those of a figure's names that pictures use; matplotlib's own
    figure only where somebody asks for that.
    """
    sheet = PictureSheet(*size)
    draw(cast("Figure", sheet))

    def again() -> "Figure":
        with canvas(*size) as figure:
            draw(figure)
            figure.draw_without_rendering()  # figures at ticks get the style of the house only here
        return figure

    return Drawing(name, sheet.svg(name, title, description, FONTS), title, description, table, size[1], again)


def plain_svg(svg: str) -> str:
    """SVG without style attributes: a page with a strict policy shows no other."""
    bare = _STYLE_ATTRIBUTE.sub(lambda found: _attributes(found[1]), _STYLE_TAG.sub("", svg))
    bare = _FAMILY.sub("", bare)
    opening = f'\\1 class="picture" font-family="{FONTS}" stroke-linejoin="round"'
    return _without_ground(_ROOT.sub(opening, bare, count=1)).strip()


def _attributes(style: str) -> str:
    """A style, property by property, as attributes."""
    parts = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return "".join(_attribute(name.strip(), value.strip()) for name, value in parts)


def _attribute(name: str, value: str) -> str:
    """A property as an attribute; of a font, its size and weight."""
    if name != "font":
        return f' {name}="{value}"'
    found = _FONT.match(value)
    if found is None:
        return ""
    weight = ' font-weight="600"' if found["weight"] in ("bold", "700", "600") else ""
    return f' font-size="{found["size"]}"{weight}'


def _without_ground(svg: str) -> str:
    """The white ground goes away: a page has its own."""
    return re.sub(r'<g>\s*<path d="[^"]*"\s+fill="#ffffff"\s*/>\s*</g>\s*', "", svg)


def quiet_axes(axes: "Axes") -> None:
    """Level lines from the left, no frame."""
    axes.grid(axis="y", color=RULE, linewidth=THIN)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=QUIET)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)


def label(axes: "Axes", at: tuple[float, float], words: str, **look: Any) -> None:
    """Words beside what they name."""
    axes.annotate(words, at, **{"fontsize": SMALL, "color": INK, "va": "center", **look})


def marks(axes: "Axes", write: Callable[[float], str], which: str = "y") -> None:
    """The figures along an axis as the language writes them."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(lambda value, _: write(value))
