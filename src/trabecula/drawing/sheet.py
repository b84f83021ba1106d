"""A sheet with axes, written as SVG at once: what the pictures of a page need, for a hundredth of matplotlib's time.

A picture with axes is drawn by one function, onto a sheet for a page, or onto a figure of matplotlib for whoever wants
to work on with it (`picture.drawn`). So a sheet answers to matplotlib's names, with matplotlib's meaning, but only to
those that pictures use: another one is an AttributeError, not a picture that lacks something.

Lengths are points; on the sheet they count downwards.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from trabecula.drawing.style import BAND, BAR, GRID, INK, MARK, QUIET, SMALL, THIN, USUAL

_INCH, _PAD, _MARGIN, _LINE = 72.0, 3.5, 0.05, 1.2
"""Points in an inch, between an axis and its figures; what axes leave free around data [share]; from line to line."""
_ASCENT, _MIDDLE, _SECOND = 0.76, 0.36, 1.69
"""From the foot of a letter to its top and to its middle; from the axis to the foot of a second line [its size]."""
_STEPS, _ROOM_OF_A_FIGURE, _MOST_TICKS = (1.0, 2.0, 2.5, 5.0, 10.0), 3.0, 9
"""Steps between ticks; the room of a figure below an axis [its size], and the most ticks where nothing is said."""
_DOTTED = (1.0, 1.65)
_ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
Dashes = str | tuple[float, Sequence[float]]


@dataclass
class Scale:
    """One direction of axes: data, limits and ticks."""

    length: float
    """How long it is on the sheet [points]."""
    margin: float = _MARGIN
    data: list[float] = field(default_factory=list)
    fixed: tuple[float, float] | None = None
    ticks: Sequence[float] | None = None
    """When somebody has said where they are."""
    steps: Sequence[float] = _STEPS
    bins: int = 0
    """The most spaces between ticks; as many as have room when 0."""
    write: Callable[[float, Any], str] = lambda value, _: f"{value:g}"

    def set_major_formatter(self, write: Callable[[float, Any], str]) -> None:
        """How figures are written."""
        self.write = write

    def limits(self) -> tuple[float, float]:
        """Both ends: those that were set, else the data with the margin."""
        if self.fixed is not None:
            return self.fixed
        low, high = (min(self.data), max(self.data)) if self.data else (0.0, 1.0)
        if low == high:
            low, high = low - _MARGIN * (abs(low) or 1.0), high + _MARGIN * (abs(high) or 1.0)
        free = self.margin * (high - low)
        return low - free, high + free

    def at(self, value: float) -> float:
        """Where a value stands, from the beginning of the axis [points]."""
        low, high = self.limits()
        return (value - low) / (high - low) * self.length

    def marks(self) -> list[float]:
        """The ticks within the limits."""
        low, high = sorted(self.limits())
        room = self.bins or max(1, min(_MOST_TICKS, int(self.length / (SMALL * _ROOM_OF_A_FIGURE))))
        ticks = round_ticks(low, high, room, self.steps) if self.ticks is None else self.ticks
        slack = 1e-9 * (high - low)  # rounding
        return [tick for tick in ticks if low - slack <= tick <= high + slack]


def round_ticks(low: float, high: float, bins: int, steps: Sequence[float]) -> list[float]:
    """Round values around a range, with at most so many spaces between them, and at least two values within it."""
    least = (high - low) / bins
    power = 10.0 ** math.floor(math.log10(least))
    sizes = [power * step for step in (*(step / 10 for step in steps[:-1]), *steps)]
    first = next(place for place, size in enumerate(sizes) if size >= least * (1 - 1e-9))
    ticks: list[float] = []
    for size in reversed(sizes[: first + 1]):
        begin, end = math.floor(low / size), math.ceil(high / size)
        ticks = [round(n * size, 12) for n in range(begin, end + 1)]
        if sum(low <= tick <= high for tick in ticks) > 1:
            break
    return ticks


@dataclass
class Spine:
    """The line along a side."""

    color: str = INK
    visible: bool = True

    def set_visible(self, visible: bool) -> None:
        """Whether it is drawn."""
        self.visible = visible

    def set_color(self, color: str) -> None:
        """Its colour."""
        self.color = color


@dataclass
class TickWords:
    """Words at a tick."""

    words: str
    side: str = "center"

    def set_horizontalalignment(self, side: str) -> None:
        """Which side of the words stands at the tick."""
        self.side = side


class SheetAxes:
    """Axes on a sheet; `left`, `top`, `wide`, `high` are where they stand [points]."""

    def __init__(self, left: float, top: float, wide: float, high: float, sharex: "SheetAxes | None") -> None:
        self.left, self.top, self.wide, self.high = left, top, wide, high
        self.xaxis = Scale(wide) if sharex is None else sharex.xaxis
        self.yaxis = Scale(high)
        self.spines = {side: Spine() for side in ("top", "left", "right", "bottom")}
        self._drawn: list[tuple[float, Callable[[], str]]] = []
        self._words: list[TickWords] | None = None
        self._named, self._ticks_color = True, INK

    # --- Axes ------------------------------------------------------------------------------------------------------

    def get_ylim(self) -> tuple[float, float]:
        """The limits so far."""
        return self.yaxis.limits()

    def get_xlim(self) -> tuple[float, float]:
        """The limits so far."""
        return self.xaxis.limits()

    def set_ylim(self, low: float, high: float) -> None:
        """Limits; downwards where the first is larger."""
        self.yaxis.fixed = low, high

    def margins(self, x: float) -> None:
        """What is left free to the left and the right of the data [share]."""
        self.xaxis.margin = x

    def locator_params(self, axis: str, nbins: int, steps: Sequence[float] = _STEPS) -> None:
        """The most spaces between ticks, and which steps they may have."""
        scale = self.yaxis if axis == "y" else self.xaxis
        scale.bins, scale.steps = nbins, steps

    def set_xticks(self, ticks: Sequence[float]) -> None:
        """Where ticks are."""
        self.xaxis.ticks = ticks

    def set_yticks(self, ticks: Sequence[float]) -> None:
        """Where ticks are."""
        self.yaxis.ticks = ticks

    def set_xticklabels(self, words: Iterable[str]) -> list[TickWords]:
        """What stands at the ticks."""
        self._words = [TickWords(said) for said in words]
        return self._words

    def tick_params(self, labelbottom: bool | None = None, labelcolor: str | None = None, **_: float) -> None:
        """Whether figures stand below, and their colour; ticks have no length, and figures one size."""
        self._named = self._named if labelbottom is None else labelbottom
        self._ticks_color = labelcolor or self._ticks_color

    def set_axisbelow(self, _: bool) -> None:
        """Guiding lines are always below."""

    def grid(self, axis: str, color: str, linewidth: float) -> None:
        """Guiding lines from the ticks of an axis."""
        self._add(GRID, lambda: "".join(self._guides(axis, color, linewidth)))

    def _guides(self, axis: str, color: str, linewidth: float) -> Iterable[str]:
        """The guiding lines."""
        for tick in (self.yaxis if axis == "y" else self.xaxis).marks():
            yield self._across(tick, color, linewidth) if axis == "y" else self._down(tick, color, linewidth)

    # --- What is drawn on them -------------------------------------------------------------------------------------

    def _add(self, layer: float, draw: Callable[[], str]) -> None:
        """Something that is written once all limits are known."""
        self._drawn.append((layer, draw))

    def _seen(self, x: Iterable[float] = (), y: Iterable[float] = ()) -> None:
        """Data that the limits hold."""
        self.xaxis.data += map(float, x)
        self.yaxis.data += map(float, y)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """Where data stand on the sheet."""
        return self.left + self.xaxis.at(x), self.top + self.high - self.yaxis.at(y)

    def fill_between(
        self, x: Sequence[float], low: Sequence[float], high: Sequence[float], color: str, linewidth: float
    ) -> None:
        """A band."""
        del linewidth  # it has no border
        self._seen(x, (*low, *high))
        there = [*zip(x, low, strict=True), *reversed([*zip(x, high, strict=True)])]
        self._add(BAND, lambda: f'<path d="{self._path(there)}z" fill="{color}"/>')

    def plot(
        self, x: Any, y: Any, sign: str = "", *, color: str, linewidth: float = USUAL, linestyle: Dashes = "solid",
        markerfacecolor: str = "", markersize: float = 6.0,
    ) -> None:  # fmt: skip
        """A line, or a round sign ("o") or a diamond ("D") at each place."""
        places = [*zip(x, y, strict=True)] if isinstance(x, Sequence) else [(x, y)]
        self._seen((at for at, _ in places), (at for _, at in places))
        if sign:
            face = markerfacecolor or color
            self._add(BAR, lambda: "".join(_sign(*self._place(*at), sign, markersize, color, face) for at in places))
        else:
            look = _stroke(color, linewidth, linestyle)
            self._add(BAR, lambda: f'<path d="{self._path(places)}" fill="none"{look}/>')

    def hlines(self, y: float, low: float, high: float, color: str, linewidth: float) -> None:
        """A level line between two values."""
        self.plot([low, high], [y, y], color=color, linewidth=linewidth)

    def vlines(self, x: Sequence[float], low: float, high: float, color: str, linewidth: float) -> None:
        """Upright lines between two values."""
        for at in x:
            self.plot([at, at], [low, high], color=color, linewidth=linewidth)

    def barh(
        self, y: float, width: float, height: float, left: float, *, color: str = "", linewidth: float,
        facecolor: str = "", edgecolor: str = "", linestyle: Dashes = "solid",
    ) -> None:  # fmt: skip
        """A level bar whose middle is at `y`; hollow with a face of "none"."""
        self._seen((left, left + width), (y - height / 2, y + height / 2))
        border = _stroke(edgecolor, linewidth, linestyle) if edgecolor else ""

        def draw() -> str:
            (x, top), (end, foot) = self._place(left, y - height / 2), self._place(left + width, y + height / 2)
            top, foot = sorted((top, foot))
            size = f'x="{x:.2f}" y="{top:.2f}" width="{end - x:.2f}" height="{foot - top:.2f}"'
            return f'<rect {size} fill="{color or facecolor}"{border}/>'

        self._add(BAND, draw)

    def axhline(self, y: float, color: str, linewidth: float) -> None:
        """A level line from side to side."""
        self._seen(y=(y,))
        self._add(BAR, lambda: self._across(y, color, linewidth))

    def axvline(self, x: float, color: str, linewidth: float) -> None:
        """An upright line from the foot to the head."""
        self._seen((x,))
        self._add(BAR, lambda: self._down(x, color, linewidth))

    def _across(self, y: float, color: str, linewidth: float) -> str:
        """A level line at a value."""
        at = self.top + self.high - self.yaxis.at(y)
        return f'<path d="M{self.left:.2f} {at:.2f}h{self.wide:.2f}"{_stroke(color, linewidth)}/>'

    def _down(self, x: float, color: str, linewidth: float) -> str:
        """An upright line at a value."""
        return (
            f'<path d="M{self.left + self.xaxis.at(x):.2f} {self.top:.2f}v{self.high:.2f}"{_stroke(color, linewidth)}/>'
        )

    def _path(self, places: Iterable[tuple[float, float]]) -> str:
        """A line through data."""
        return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in (self._place(*at) for at in places))

    # --- Words -----------------------------------------------------------------------------------------------------

    def annotate(
        self, words: str, at: tuple[float, float], xytext: tuple[float, float] = (0.0, 0.0),
        xycoords: str | tuple[str, str] = "data", ha: str = "left", **look: Any,
    ) -> None:  # fmt: skip
        """Words whose middle is at a place, or so many points to its right and above it."""
        kinds = (xycoords, xycoords) if isinstance(xycoords, str) else xycoords

        def draw() -> str:
            data = self._place(*at)
            share = self.left + at[0] * self.wide, self.top + (1 - at[1]) * self.high
            x, y = (data[i] if kinds[i] == "data" else share[i] for i in (0, 1))
            return _text(x + xytext[0], y - xytext[1] + _MIDDLE * SMALL, words, look.get("color", INK), ha,
                         bold=look.get("fontweight") == "bold")  # fmt: skip

        self._add(MARK, draw)

    def set_title(self, words: str, loc: str, color: str, pad: float, fontweight: str = "", **_: float) -> None:
        """Words above, on as many lines as they have."""
        lines, bold = words.split("\n"), fontweight == "bold"
        foot = self.top - pad - _LINE * SMALL * (len(lines) - 1)
        for place, line in enumerate(lines):
            said = _text(self.left, foot + place * _LINE * SMALL, line, color, loc, bold=bold)
            self._add(MARK, lambda said=said: said)

    def set_xlabel(self, words: str, color: str, labelpad: float, **_: float) -> None:
        """Words below the figures."""
        y = self.top + self.high + _PAD + labelpad + _SECOND * SMALL
        self._add(MARK, lambda: _text(self.left + self.wide / 2, y, words, color, "center"))

    def _figures(self) -> Iterable[str]:
        """What stands along the two axes."""
        foot = self.top + self.high + _PAD + _ASCENT * SMALL
        for place, tick in enumerate(self.xaxis.marks() if self._named else ()):
            said = TickWords(self.xaxis.write(tick, place)) if self._words is None else self._words[place]
            yield _text(self.left + self.xaxis.at(tick), foot, said.words, self._ticks_color, said.side)
        for place, tick in enumerate(self.yaxis.marks()):
            y = self.top + self.high - self.yaxis.at(tick) + _MIDDLE * SMALL
            yield _text(self.left - _PAD, y, self.yaxis.write(tick, place), self._ticks_color, "right")

    def _sides(self) -> Iterable[str]:
        """The lines along the sides that are drawn."""
        ends = {"left": f"v{self.high:.2f}", "bottom": f"m0 {self.high:.2f}h{self.wide:.2f}",
                "top": f"h{self.wide:.2f}", "right": f"m{self.wide:.2f} 0v{self.high:.2f}"}  # fmt: skip
        for side, spine in self.spines.items():
            if spine.visible:
                yield f'<path d="M{self.left:.2f} {self.top:.2f}{ends[side]}" fill="none"{_stroke(spine.color, THIN)}/>'

    def written(self) -> str:
        """All of it, the lower layers first."""
        layers = sorted(self._drawn, key=lambda drawn: drawn[0])
        return "\n".join((*(draw() for _, draw in layers), *self._sides(), *self._figures()))


class PictureSheet:
    """A picture of so many inches."""

    def __init__(self, width: float, height: float) -> None:
        self.wide, self.high = width * _INCH, height * _INCH
        self._parts: list[SheetAxes] = []
        self._words: list[str] = []

    def add_axes(self, place: tuple[float, float, float, float], sharex: SheetAxes | None = None) -> SheetAxes:
        """Axes at left, bottom, width and height [shares]; with `sharex` they have the level axis of others."""
        left, bottom, wide, high = place
        top = (1 - bottom - high) * self.high
        self._parts.append(SheetAxes(left * self.wide, top, wide * self.wide, high * self.high, sharex))
        return self._parts[-1]

    def text(self, x: float, y: float, words: str, color: str = QUIET) -> None:
        """Words whose foot is at a place [shares]."""
        self._words.append(_text(x * self.wide, (1 - y) * self.high, words, color, "left"))

    def svg(self, name: str, title: str, description: str, fonts: str) -> str:
        """The picture for a page with a strict policy: told in words, no style but in attributes."""
        parts = "\n".join((*(axes.written() for axes in self._parts), *self._words))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" id="{name}"'
            f' aria-labelledby="{name}-title {name}-desc" class="picture" font-family="{fonts}"'
            f' font-size="{SMALL:g}px" stroke-linejoin="round" viewBox="0 0 {self.wide:g} {self.high:g}">\n'
            f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>\n'
            f"{parts}\n</svg>"
        )


def _stroke(color: str, width: float, dashes: Dashes = "solid") -> str:
    """How a line is drawn; dashes grow with its width."""
    pattern = _DOTTED if dashes == ":" else () if isinstance(dashes, str) else dashes[1]
    dashed = f' stroke-dasharray="{" ".join(f"{part * width:.2f}" for part in pattern)}"' if pattern else ""
    return f' stroke="{color}" stroke-width="{width:g}"{dashed}'


def _sign(x: float, y: float, sign: str, size: float, color: str, face: str) -> str:
    """A round sign, or a diamond."""
    look = f'fill="{"#ffffff" if face == "white" else face}" stroke="{color}"'
    half = size / 2 if sign == "o" else size / math.sqrt(2)
    if sign == "o":
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{half:.2f}" {look}/>'
    path = f"M{x:.2f} {y - half:.2f}l{half:.2f} {half:.2f} {-half:.2f} {half:.2f} {-half:.2f} {-half:.2f}z"
    return f'<path d="{path}" {look}/>'


def _text(x: float, y: float, words: str, color: str, side: str, bold: bool = False) -> str:
    """Words that begin, end or have their middle at a place."""
    look = _ANCHORS[side] + (' font-weight="600"' if bold else "")
    return f'<text x="{x:.2f}" y="{y:.2f}" fill="{color}"{look}>{escape(words)}</text>'
