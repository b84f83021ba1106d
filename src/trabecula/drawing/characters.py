"""Characters: a course drawn with small bars, and what is written where a screen or a file can't show a character."""

import unicodedata
from collections.abc import Sequence

from trabecula.words.numbers import DASH, MINUS, SPACE

BARS = "▁▂▃▄▅▆▇█"
NOW = "│"
_STAND_INS = {
    **dict(zip(BARS, "_.:-=+*#", strict=True)),
    NOW: "|",
    MINUS: "-",
    DASH: "-",
    SPACE: " ",
    "─": "-",
    "•": "*",
    "×": "x",
    "²": "2",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
}
"""Each as wide as what it stands for, so that columns stay in line."""


def encodable(text: str, encoding: str | None) -> str:
    """The text in characters that an encoding has."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_stand_in(character, encoding) for character in text)
    except LookupError:  # an encoding that Python doesn't know
        return encodable(text, "ascii")
    return text


def _stand_in(character: str, encoding: str) -> str:
    """The character itself, the one that stands for it, its letter without the accent, or a question mark."""
    base = unicodedata.normalize("NFKD", character)[0]
    for shown in (character, _STAND_INS.get(character, ""), base):
        if shown and _has(encoding, shown):
            return shown
    return "?"


def _has(encoding: str, character: str) -> bool:
    """Whether an encoding has a character."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """The text on one line, without characters that would steer a terminal or turn the reading direction."""
    return "".join(sign if sign.isprintable() or sign == SPACE else " " for sign in text)


def sparkline(x: Sequence[float], y: Sequence[float], now: float, top: float, width: int) -> str:
    """Bars for a course (x rising, y from half of `top` to `top`), with a mark at `now`: `width` characters.

    The bars start at half of the top and not at the lowest value, so that a small loss looks small.
    """
    step = (x[-1] - x[0]) / max(width - 1, 1)
    bars = [_bar(between(x[0] + i * step, x, y), top) for i in range(width)]
    bars[place(now, x, width)] = NOW
    return "".join(bars)


def place(at: float, x: Sequence[float], width: int) -> int:
    """The character that stands for a point of x."""
    whole = x[-1] - x[0]
    return round((at - x[0]) / whole * (width - 1)) if whole else 0


def between(at: float, x: Sequence[float], y: Sequence[float]) -> float:
    """The course at a point, linear between those given and level beyond."""
    right = next((i for i, knot in enumerate(x) if knot >= at), len(x) - 1)
    left = max(right - 1, 0)
    if right == left or x[right] <= at:
        return y[right]
    return y[left] + (at - x[left]) / (x[right] - x[left]) * (y[right] - y[left])


def _bar(value: float, top: float) -> str:
    """The bar of a value: the lowest up to half of the top, the full one at the top."""
    height = int(len(BARS) * (2 * value / top - 1))
    return BARS[min(max(height, 0), len(BARS) - 1)]
