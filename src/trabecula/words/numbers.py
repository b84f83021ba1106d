"""How a number is written for a person: two significant figures, a range with an en dash, a real minus sign.

Text from here has no-break spaces inside a quantity, so that no line ends between a number and its unit.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

DIGITS = 2
"""Significant figures of what a person reads."""
MINUS, DASH, SPACE = "−", "–", "\N{NO-BREAK SPACE}"
_NEARLY_NONE, _NEARLY_ALL = 0.1, 99
"""Per cent beyond which a figure would be false precision."""
_ONE_IN_MOST, _SAYS_LITTLE = 0.4, 0.95
"""From the first on people say "so many in ten"; beyond the second nothing."""
_ONE_BY_ONE, _FIVES = 20, 5
"""Up to the first people count one by one, then in steps of the second."""


def significant(value: float) -> str:
    """Two significant figures, never an exponent: 0.024, 0.24, 2.4, 24, 240."""
    number = Decimal(repr(float(value)))
    if not number:
        return "0"
    for _ in range(2):  # rounding may carry, and is then repeated: 0.996, 1.00, 1.0
        number = number.quantize(Decimal(1).scaleb(number.adjusted() - DIGITS + 1))
    return _with_minus(f"{number:f}")


def _with_minus(text: str) -> str:
    """The figure with a minus sign instead of a hyphen; a rounded nothing has no sign."""
    bare = text.removeprefix("-")
    return MINUS + bare if bare != text and bare.strip("0.") else bare


def signed(value: float) -> str:
    """Two significant figures with the sign of a difference: +2.4, −0.24, 0."""
    figures = significant(value)
    return f"+{figures}" if value > 0 else figures


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals: T-scores have one, densities two."""
    return _with_minus(f"{value:.{decimals}f}")


def span(low: str, high: str | None = None) -> str:
    """From low to high: an en dash, or the word `to` where one has a sign; one figure where both are the same."""
    if high is None or low == high:
        return low
    between = f"{SPACE}to{SPACE}" if {MINUS, "+"} & {*low, *high} else DASH
    return f"{low}{between}{high}"


def share(fraction: float) -> str:
    """A probability in per cent, without the sign: 4.1, 24, <0.1, >99."""
    per_cent = 100 * fraction
    if per_cent < _NEARLY_NONE:
        return f"<{_NEARLY_NONE}"
    if _NEARLY_ALL / 100 < fraction < 1:
        return f">{_NEARLY_ALL}"
    return significant(per_cent)


def percent(fraction: float) -> str:
    """A probability in per cent: 4.1 %."""
    return f"{share(fraction)}{SPACE}%"


def change(per_cent: float) -> str:
    """A change in per cent, without the unit: +1.2, −8.1, −12; a tenth is the finest that is said."""
    rounded = round(per_cent, 1)
    if rounded == 0:
        return "0"
    sign = "+" if rounded > 0 else ""
    return sign + (fixed(rounded, 1) if abs(rounded) < 10 else significant(rounded))


def counted(n: int, noun: str) -> str:
    """A number of things: 1 scan, 2 scans."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def people(fraction: float, many: int) -> str:
    """A probability as people out of so many, two figures: 41, 490, <1, >999."""
    count = fraction * many
    if count < 1:
        return "<1"
    if many - 1 < count < many:
        return f">{many - 1:,}"
    rounded = round(count) if count < 100 else float(significant(count))
    return f"{rounded:,.0f}"


def whole(count: float) -> str:
    """A number of people, two figures and no decimals: 7, 83, 4,300."""
    return f"{float(Decimal(significant(abs(count)))):,.0f}"


def one_in(fraction: float) -> tuple[int, int] | None:
    """A probability as one person in so many, (1, 25); above four in ten, so many in ten; None at the ends."""
    if fraction * 1000 < 1 or fraction > _SAYS_LITTLE:
        return None
    if fraction > _ONE_IN_MOST:  # between one in two and one in three there is nothing
        return round(10 * fraction), 10
    return 1, _round_count(1 / fraction)


def _round_count(count: float) -> int:
    """A count as people say it: 12, then 25, 30, 35, then 110, 120."""
    if count < _ONE_BY_ONE:  # up to here people count one by one
        return round(count)
    step = _FIVES if count < 100 else 10 ** (len(str(round(count))) - DIGITS)
    return round(count / step) * step


def plain(value: float) -> str:
    """A number as a guideline prints it: three significant figures, no exponent, digits grouped from a thousand on."""
    return _with_minus(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}")


def printed(value: float) -> str:
    """A number as a record has it, not rounded: 12.8, 0.392, 5,903."""
    return _with_minus(f"{value:,.10g}")


STYLES: Mapping[str, Callable[[float], str]] = {
    "change": change,
    "hundredths": partial(fixed, decimals=2),
    "people_of_100": partial(people, many=100),
    "people_of_1000": partial(people, many=1000),
    "percent": percent,
    "plain": plain,
    "share": share,
    "signed": signed,
    "significant": significant,
    "tenths": partial(fixed, decimals=1),
    "whole": whole,
}
"""How a text may ask for a number, behind the colon of a place: a probability in per cent, a change with its sign."""
