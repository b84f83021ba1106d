"""A course as a row of small bars, with a mark at today."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
NOW = "│"


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
    right = next((i for i, each in enumerate(x) if each >= at), len(x) - 1)
    left = max(right - 1, 0)
    if right == left or x[right] <= at:
        return y[right]
    return y[left] + (at - x[left]) / (x[right] - x[left]) * (y[right] - y[left])


def _bar(value: float, top: float) -> str:
    """The bar of a value: the lowest up to half of the top, the full one at the top."""
    height = int(len(BARS) * (2 * value / top - 1))
    return BARS[min(max(height, 0), len(BARS) - 1)]
