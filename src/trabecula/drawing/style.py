"""The style of pictures: sizes, layers and colours, and the one place that lends matplotlib the style of the house.

Text stays text, and the same data give the same bytes. Needs matplotlib (the extra `report`), which is
imported when the first picture is drawn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.figure import Figure

SMALL, THIN, USUAL, THICK, POINT, CAP = 8.0, 0.8, 1.3, 2.4, 7.0, 4.0
"""Small letters; thin, usual and thick lines; a point, and the cap of a whisker [points]."""
GROUND, GRID, BAND, BAR, MARK = 0.1, 0.5, 1.0, 2.0, 3.0
"""Layers, from the back: whatever is later in the row covers what is earlier."""
INK, QUIET, RULE = "#1d2327", "#545b61", "#d9dee2"
"""Words and what matters, what stands back, and lines that only guide the eye."""
STYLE: dict[Any, Any] = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": SMALL,
    "svg.fonttype": "none",
    "svg.hashsalt": "trabecula",
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "axes.edgecolor": RULE,
}


_ONE_AT_A_TIME = RLock()


@contextmanager
def in_style() -> Iterator[None]:
    """The style of the house. matplotlib keeps it for the whole program: whoever draws has it alone until the end."""
    import matplotlib as mpl

    with _ONE_AT_A_TIME, mpl.rc_context(STYLE):
        yield


def written(figure: "Figure") -> str:
    """A figure as SVG, without a date."""
    text = StringIO()
    nobody = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(text, format="svg", facecolor="white", metadata=nobody)
    return text.getvalue()
